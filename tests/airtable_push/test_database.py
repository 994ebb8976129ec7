"""DuckDB and PostgreSQL, as the job sees them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from airtable_push.database import Database, DatabaseError, open_database
from airtable_push.flat import Flat
from airtable_push.mapping import Field, Table


@pytest.fixture(params=["duckdb", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    with closing(open_database(url or str(tmp_path / "flat.duckdb"), create=True)) as opened:
        opened.write([("drop table if exists things", ())])
        opened.write([("create table things (id varchar, amount decimal(38, 9), seen_at timestamptz)", ())])
        yield opened


def things() -> Table:
    fields = tuple(Field(name, name.title()) for name in ("id", "amount", "seen_at"))
    return Table("things", "main", "things", "Things", fields[0], fields)


def test_a_transaction_is_written_whole_or_not_at_all(database: Database) -> None:
    with pytest.raises(DatabaseError, match="could not be written"):
        database.write([("insert into things (id) values (?)", ["a"]), ("insert into nothing values (1)", ())])
    assert list(database.rows("select * from things")) == []
    database.write([("insert into things (id) values (?)", ["a"])])
    assert [row[0] for row in database.rows("select id from things")] == ["a"]


def test_rows_go_on_coming_while_the_state_is_written(database: Database) -> None:
    values = ", ".join(f"('{number:05d}')" for number in range(5000))
    database.write([(f"insert into things (id) values {values}", ())])
    seen = 0
    for _ in database.rows("select id from things order by id"):
        if seen % 1000 == 0:
            database.write([("insert into things (id) values (?)", [f"new {seen}"])])
        seen += 1
    assert seen == 5000
    assert next(database.rows("select count(*) from things"))[0] == 5005


def test_instants_come_in_utc_and_decimals_whole(database: Database, request: pytest.FixtureRequest) -> None:
    database.write(
        [
            (
                "insert into things values ('a', 12345678901234567890.123456789, timestamp with time zone "
                "'2026-01-02 03:04:05+05')",
                (),
            )
        ]
    )
    schema = "main" if "duckdb" in request.node.name else "public"
    table = Table(**{**vars(things()), "schema": schema})
    [(key, (_, amount, seen_at))] = Flat(database, table).rows()
    assert (key, amount) == ("a", Decimal("12345678901234567890.123456789"))
    assert seen_at.isoformat() == datetime.fromisoformat("2026-01-01T22:04:05").isoformat()


def test_days_that_python_does_not_know_come_as_text_and_stop_no_other_row(database: Database) -> None:
    days = ("0044-03-15 (BC)", "20000-01-01", "2026-01-02")
    if "Postgres" in type(database).__name__:
        days = ("0044-03-15 BC", "infinity", "2026-01-02")
    for kind in ("date", "timestamp"):
        values = ", ".join(f"cast('{day}' as {kind})" for day in days)
        [(*odd, known)] = database.rows(f"select {values}")
        assert [type(one) for one in odd] == [str, str] and known.year == 2026


def test_a_question_that_is_wrong_is_an_error_with_the_warehouses_name(database: Database) -> None:
    with pytest.raises(DatabaseError, match="could not be read"):
        list(database.rows("select nothing from things"))


def test_two_long_sorts_are_read_side_by_side_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airtable_push.database.DUCKDB_MEMORY", "36MB")
    query = "select md5(number::varchar) || repeat('x', 60) as text from range(150000) numbers(number) order by text"
    with closing(open_database(str(tmp_path / "flat.duckdb"), create=True)) as database:
        both = zip(database.sorted_rows(query), database.sorted_rows(query), strict=True)
        assert sum(one == other for one, other in both) == 150_000
