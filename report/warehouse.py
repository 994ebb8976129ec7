"""Reads the facts: from the connectors' DuckDB files, which are only read, or from PostgreSQL.

A schema with a table `sync_metadata` is a source. All of a table is counted in the warehouse, so little is sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import duckdb
import psycopg

from report.facts import Airtable, Facts, Problem, Rejection, Source, Stream, Table
from report.places import Place

Ask = Callable[[str], list[tuple[Any, ...]]]
SHOWN_PROBLEMS = 10
"""The newest of each source."""
DAY_SECONDS = 86_400
SYSTEM_TABLES = ("errors", "sync_metadata")
STATE = "airtable_push"
FAILURES = (duckdb.Error, psycopg.Error)


def read(places: Sequence[Place]) -> Facts:
    """All that these places hold, the sources by name. What cannot be read hides nothing else."""
    sources, airtable, missing = list[Source](), None, list[str]()
    for place in places:
        try:
            with _opened(place) as ask:
                found = list[Source]()
                for schema in _schemas(ask):
                    try:
                        found.append(_source(ask, schema, place))
                    except FAILURES as error:
                        missing.append(f"{schema} in {place.shown} could not be read: {place.reason(error)}")
                airtable = _airtable(ask) or airtable
        except FAILURES as error:
            missing.append(f"{place.shown} could not be read: {place.reason(error)}")
            continue
        if place.name is not None and len(found) == 1:
            found = [replace(found[0], name=place.name)]
        sources += found
    return Facts(tuple(sorted(sources, key=lambda source: source.name)), airtable, tuple(missing))


@contextmanager
def _opened(place: Place) -> Iterator[Ask]:
    opened: Any = (
        psycopg.connect(place.address, autocommit=True)
        if place.is_postgres
        else duckdb.connect(place.address, read_only=True)
    )
    with opened as connection:
        yield lambda query: connection.execute(query).fetchall()


def _schemas(ask: Ask) -> list[str]:
    return [
        schema
        for (schema,) in ask(
            "select distinct table_schema from information_schema.columns where table_name = 'sync_metadata' "
            "and column_name = 'stream' order by 1"
        )
    ]


def _columns(ask: Ask, schema: str) -> Mapping[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for table, column in ask(
        f"select table_name, column_name from information_schema.columns where table_schema = {_literal(schema)}"
    ):
        columns.setdefault(table, set()).add(column)
    return columns


def _source(ask: Ask, schema: str, place: Place) -> Source:
    columns = _columns(ask, schema)
    problems: dict[str, Any] = {"problems": (), "open_by_stream": {}, "open_by_category": {}, "pending": 0, "noted": {}}
    if "errors" in columns:
        problems = _problems(ask, _living(schema, "errors", columns["errors"]))
    return Source(
        name=schema,
        place=place.shown,
        streams=_streams(ask, _living(schema, "sync_metadata", columns["sync_metadata"]), columns["sync_metadata"]),
        tables=tuple(
            _table(ask, schema, name, "_fivetran_deleted" in columns[name])
            for name in sorted(columns)
            if name not in SYSTEM_TABLES and "_fivetran_synced" in columns[name]
        ),
        **problems,
    )


def _streams(ask: Ask, table: str, columns: set[str]) -> tuple[Stream, ...]:
    completed = _seconds("last_completed_at") if "last_completed_at" in columns else "null"
    numbers = ", ".join(
        f"coalesce({name}, 0)" if name in columns else "0"
        for name in ("rows", "deletes", "requests", "retries", "throttled_seconds")
    )
    return tuple(
        Stream(*row) for row in ask(f"select coalesce(stream, '–'), {completed}, {numbers} from {table} order by 1")
    )


def _problems(ask: Ask, table: str) -> dict[str, Any]:
    still = "resolved_at is null"
    return {
        "problems": tuple(
            Problem(*row)
            for row in ask(
                f"select coalesce(stream, '–'), coalesce(record_id, ''), coalesce(category, ''), "
                f"coalesce(message, ''), coalesce(attempts, 0), {_seconds('first_seen_at')} from {table} where {still} "
                f"order by last_seen_at desc nulls last, id limit {SHOWN_PROBLEMS}"
            )
        ),
        "open_by_stream": dict(
            ask(f"select coalesce(stream, '–'), count(*) from {table} where {still} group by 1 order by 1")
        ),
        "open_by_category": dict(
            ask(f"select coalesce(category, ''), count(*) from {table} where {still} group by 1 order by 2 desc, 1")
        ),
        # Drift is a column's, not a record's.
        "pending": ask(
            f"select count(*) from {table} where {still} and record_id <> '' and category <> 'schema_drift'"
        )[0][0],
        "noted": dict(ask(f"select {_day('first_seen_at')}, count(*) from {table} group by 1")),
    }


def _table(ask: Ask, schema: str, name: str, marks: bool) -> Table:
    gone = "coalesce(_fivetran_deleted, false)" if marks else "false"
    found = ask(f"select {_day('_fivetran_synced')}, {gone}, count(*) from {_named(schema, name)} group by 1, 2")
    touched: dict[int, int] = {}
    for day, _, count in found:
        touched[day] = touched.get(day, 0) + count
    deleted = sum(count for _, was_deleted, count in found if was_deleted)
    return Table(name, sum(touched.values()) - deleted, deleted, touched)


def _airtable(ask: Ask) -> Airtable | None:
    if not {"pushed", "rejected"} <= _columns(ask, STATE).keys():
        return None
    return Airtable(
        pushed=dict(ask(f"select table_name, count(*) from {STATE}.pushed group by 1 order by 1")),
        rejected=ask(f"select count(*) from {STATE}.rejected")[0][0],
        rejections=tuple(
            Rejection(*row)
            for row in ask(
                f"select table_name, key, coalesce(type, ''), coalesce(message, ''), coalesce(attempts, 0), "
                f"{_seconds('first_rejected_at')} from {STATE}.rejected "
                f"order by last_rejected_at desc nulls last, table_name, key limit {SHOWN_PROBLEMS}"
            )
        ),
    )


def _living(schema: str, table: str, columns: set[str]) -> str:
    """The rows that Fivetran has not marked as deleted, to select from."""
    name = _named(schema, table)
    if "_fivetran_deleted" not in columns:
        return name
    return f"(select * from {name} where not coalesce(_fivetran_deleted, false)) as living"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _seconds(column: str) -> str:
    return f"cast(extract(epoch from {column}) as double precision)"


def _day(column: str) -> str:
    return f"cast(floor(extract(epoch from {column}) / {DAY_SECONDS}) as integer)"
