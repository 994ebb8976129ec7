"""Both warehouses tell the same facts, and what cannot be read is said."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from report.__main__ import main
from report.facts import Facts
from report.health import Objectives
from report.page import render
from report.places import Place, local
from report.warehouse import SHOWN_PROBLEMS, read
from tests.report.warehouse import HOUR, NOW, fill, fill_airtable

AGES = {"invoice": 55.0, "payment": 2.0, "bill": None}
Fill = Callable[[Callable[[str], Any]], None]


def empty(connection: psycopg.Connection) -> None:
    """Take away what other tests have made."""
    for schema in ("quickbooks", "copper", "odd", "airtable_push"):
        connection.execute(f"drop schema if exists {schema} cascade")


@pytest.fixture(params=["duckdb", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Fill], Place]:
    """Fills a warehouse of each kind."""

    def fill_it(fill: Fill) -> Place:
        if request.param == "duckdb":
            with duckdb.connect(str(tmp_path / "warehouse.db")) as connection:
                fill(connection.execute)
            return Place(str(tmp_path / "warehouse.db"))
        url = request.getfixturevalue("postgres")
        with psycopg.connect(url) as connection:
            empty(connection)
            fill(connection.execute)
        return Place(url)

    return fill_it


@pytest.fixture(params=["duckdb", "postgresql"])
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    """What is read from a warehouse of each kind."""
    if request.param == "duckdb":
        for name, filled in (("warehouse", fill), ("flat", fill_airtable)):
            with duckdb.connect(str(tmp_path / f"{name}.db")) as connection:
                filled(connection.execute, *(("tester", AGES, 13) if filled is fill else (3,)))
        yield read([Place(str(tmp_path / "warehouse.db"), "quickbooks"), Place(str(tmp_path / "flat.db"))])
    else:
        url = request.getfixturevalue("postgres")
        with psycopg.connect(url) as connection:
            empty(connection)
            fill(connection.execute, "quickbooks", AGES, 13)
            fill_airtable(connection.execute, 3)
        yield read([Place(url)])


def test_a_warehouse_tells_its_streams_problems_tables_and_what_airtable_refused(facts):
    assert facts.missing == ()
    (source,) = facts.sources
    assert source.name == "quickbooks"
    streams = {stream.name: stream for stream in source.streams}
    assert {name: stream.completed for name, stream in streams.items()} == {
        "invoice": NOW - 55 * HOUR,
        "payment": NOW - 2 * HOUR,
        "bill": None,
    }
    assert (streams["payment"].rows, streams["payment"].deletes, streams["payment"].requests) == (74, 1, 10)
    assert source.open_by_stream == {"invoice": 13}
    assert source.open_by_category == {"bad_payload": 8, "schema_drift": 3, "unavailable": 2}
    assert source.pending == 10
    assert [problem.record for problem in source.problems] == [str(9_000 + number) for number in range(SHOWN_PROBLEMS)]
    assert sum(source.noted.values()) == 26
    assert {table.name: (table.living, table.deleted) for table in source.tables} == {
        "bill": (114, 6),
        "invoice": (38, 2),
        "payment": (76, 4),
    }
    assert sum(source.tables[0].touched.values()) == 120
    assert facts.airtable is not None
    assert facts.airtable.pushed == {"clients": 10, "contacts": 10, "invoices": 10}
    assert facts.airtable.rejected == 3 and facts.airtable.rejections[0].key == "contact 0"


def test_a_warehouse_that_cannot_be_read_is_said_and_does_not_hide_the_others(tmp_path, capsys):
    (tmp_path / "broken.db").write_bytes(b"this is no database")
    with duckdb.connect(str(tmp_path / "good.db")) as connection:
        fill(connection.execute, "tester", {"person": 1.0})
    arguments = [f"--warehouse=basecamp={tmp_path}/broken.db", f"--warehouse=copper={tmp_path}/good.db"]
    assert main([*arguments, f"--out={tmp_path}/page.html"]) == 1
    written = capsys.readouterr()
    assert "broken.db could not be read" in written.err
    assert f"copper: {tmp_path}/good.db\n" in written.out
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "broken.db could not be read" in page and ">Copper<" in page


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["create table odd.sync_metadata (id integer)"], []),
        (["create table odd.sync_metadata (stream text, last_completed_at text)"], ["odd in "]),
        (["create table odd.sync_metadata (stream text)", "create table odd.errors (id text)"], ["odd in "]),
    ],
)
def test_a_schema_that_cannot_be_read_hides_no_other(filled, statements, said):
    def fill_both(execute):
        execute("create schema odd")
        for statement in statements:
            execute(statement)
        fill(execute, "copper", {"person": 1.0})

    facts = read([filled(fill_both)])
    assert [source.name for source in facts.sources] == ["copper"]
    assert [sentence[: len("odd in ")] for sentence in facts.missing] == said


def test_a_source_of_which_only_the_streams_are_known_is_a_source(filled):
    def fill_little(execute):
        execute("create schema odd")
        execute("create table odd.sync_metadata (stream text)")
        execute("insert into odd.sync_metadata values ('person'), (null)")

    facts = read([filled(fill_little)])
    assert facts.missing == () and {stream.name for stream in facts.sources[0].streams} == {"person", "–"}


def test_rows_that_fivetran_has_marked_as_deleted_tell_nothing(filled):
    def fill_and_delete(execute):
        fill(execute, "copper", {"person": 1.0, "tag": 900.0}, 3)
        execute("update copper.sync_metadata set _fivetran_deleted = true where stream = 'tag'")
        execute("update copper.errors set _fivetran_deleted = true where category <> 'schema_drift'")

    (source,) = read([filled(fill_and_delete)]).sources
    assert [stream.name for stream in source.streams] == ["person"]
    assert source.open_by_category == {"schema_drift": 1}


def test_what_has_no_time_is_shown_without_one(filled):
    def fill_and_forget(execute):
        fill(execute, "copper", {"person": 1.0}, 3)
        execute("update copper.errors set first_seen_at = null, last_seen_at = null")
        execute("update copper.person set _fivetran_synced = null")
        fill_airtable(execute, 2)
        execute("update airtable_push.rejected set first_rejected_at = null, message = null, attempts = null")

    page = render(read([filled(fill_and_forget)]), Objectives(), NOW)
    assert page.count('data-name="Since">–<') == 5


def test_two_sources_of_one_name_are_told_apart(tmp_path):
    for name, ages in (("east", {"person": 1.0}), ("west", {"person": 2.0, "task": 3.0})):
        with duckdb.connect(str(tmp_path / f"{name}.db")) as connection:
            fill(connection.execute, "copper", ages)
    page = render(read([Place(str(tmp_path / "east.db")), Place(str(tmp_path / "west.db"))]), Objectives(), NOW)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("east.db</code>") == page.count("west.db</code>") == 1
    assert len(set(re.findall(r'aria-label="(Rows last written[^"]+)"', page))) == 2


@pytest.mark.parametrize("credential", ["etl:canary%zz", "etl:canary/canary", "etl:canary@canary", "etl:canary#1"])
def test_no_piece_of_a_password_that_breaks_the_address_is_shown(tmp_path, capsys, monkeypatch, credential):
    monkeypatch.setenv("REPORT_WAREHOUSE", f"postgresql://{credential}@127.0.0.1:1/analytics?password=canary")
    assert main([f"--out={tmp_path}/page.html"]) == 1
    assert "canary" not in capsys.readouterr().err + (tmp_path / "page.html").read_text("utf-8")


def test_no_password_of_a_warehouse_is_shown(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("REPORT_WAREHOUSE", "postgresql://etl:canary-4711@127.0.0.1:1/analytics")
    assert main([f"--out={tmp_path}/page.html"]) == 1
    written = capsys.readouterr()
    assert "127.0.0.1:1/analytics could not be read" in written.err
    assert "canary" not in written.err + written.out + (tmp_path / "page.html").read_text("utf-8")


def test_the_files_of_a_checkout_are_found_and_before_them_none_of_the_demo(tmp_path):
    def make(path: str) -> str:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
        return str(tmp_path / path)

    assert local(tmp_path) == []
    demo = make("build/demo/basecamp/files/warehouse.db")
    assert local(tmp_path) == [Place(demo, "basecamp")]
    own, flat = make("copper/files/warehouse.db"), make("airtable_push/files/flat.duckdb")
    assert local(tmp_path) == [Place(own, "copper"), Place(flat)]


def test_without_any_warehouse_the_page_says_how_to_get_one(tmp_path):
    with duckdb.connect(str(tmp_path / "empty.db")):
        pass
    assert main([f"--warehouse={tmp_path}/empty.db", f"--out={tmp_path}/page.html"]) == 0
    assert "Nothing has been landed yet" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("objective", ["soon", "copper=", "-1", "copper=0"])
def test_an_objective_that_is_no_number_of_hours_is_refused(objective, capsys):
    with pytest.raises(SystemExit):
        main([f"--objective={objective}"])
    assert "--objective" in capsys.readouterr().err
