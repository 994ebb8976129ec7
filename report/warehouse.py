"""Reads the facts: from the connectors' DuckDB files, which are only read, or from PostgreSQL.

A schema with a table `sync_metadata` is a source. All of a table is counted in the warehouse, so little is sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from report.facts import Airtable, Facts, Problem, Rejection, Source, Stream, Table

Ask = Callable[[str], list[tuple[Any, ...]]]
SHOWN_PROBLEMS = 10
"""The newest of each source."""
DAY_SECONDS = 86_400
SYSTEM_TABLES = ("errors", "sync_metadata")
STATE = "airtable_push"


class Unreadable(Exception):
    """A warehouse that cannot be opened or read, in a sentence."""


@dataclass(frozen=True)
class Place:
    """Where sources are: a DuckDB file, or PostgreSQL by its URL. `name` is that of its only source, if it has one."""

    address: str
    name: str | None = None


def local(root: Path) -> list[Place]:
    """The DuckDB files below a checkout, one of each connector and the job's; where there are none, the demo's."""
    demo = root / "build" / "demo"
    for folder, flat in ((root, root / "airtable_push" / "files" / "flat.duckdb"), (demo, demo / "flat.duckdb")):
        found = [Place(str(path), path.parent.parent.name) for path in sorted(folder.glob("*/files/warehouse.db"))]
        if found:
            return [*found, *([Place(str(flat))] if flat.exists() else [])]
    return []


def read(places: Sequence[Place]) -> Facts:
    """All that these places hold, the sources by name."""
    facts = Facts()
    for place in places:
        try:
            with _opened(place.address) as ask:
                found, airtable = [_source(ask, schema) for schema in _schemas(ask)], _airtable(ask)
        except Unreadable as error:
            facts = replace(facts, missing=(*facts.missing, str(error)))
            continue
        if place.name is not None and len(found) == 1:
            found = [replace(found[0], name=place.name)]
        facts = replace(facts, sources=(*facts.sources, *found), airtable=airtable or facts.airtable)
    return replace(facts, sources=tuple(sorted(facts.sources, key=lambda source: source.name)))


@contextmanager
def _opened(address: str) -> Iterator[Ask]:
    postgres = address.startswith(("postgresql://", "postgres://"))
    shown = address.rsplit("@", 1)[-1] if postgres else address
    with ExitStack() as stack:
        try:
            connection: Any = stack.enter_context(
                psycopg.connect(address) if postgres else duckdb.connect(address, read_only=True)
            )
            yield lambda query: connection.execute(query).fetchall()
        except (duckdb.Error, psycopg.Error) as error:
            reason = str(error).strip().partition("\n")[0]
            raise Unreadable(f"{shown} could not be read: {reason}") from error


def _schemas(ask: Ask) -> list[str]:
    return [schema for (schema,) in ask(
        "select table_schema from information_schema.tables where table_name = 'sync_metadata' order by 1"
    )]


def _columns(ask: Ask, schema: str) -> Mapping[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for table, column in ask(
        f"select table_name, column_name from information_schema.columns where table_schema = {_literal(schema)}"
    ):
        columns.setdefault(table, set()).add(column)
    return columns


def _source(ask: Ask, schema: str) -> Source:
    columns = _columns(ask, schema)
    problems: dict[str, Any] = {
        "problems": (), "open_by_stream": {}, "open_by_category": {}, "pending": 0, "noted": {},
    }
    if "errors" in columns:
        problems = _problems(ask, _named(schema, "errors"))
    return Source(
        name=schema, streams=_streams(ask, _named(schema, "sync_metadata")),
        tables=tuple(
            _table(ask, schema, name, "_fivetran_deleted" in columns[name])
            for name in sorted(columns) if name not in SYSTEM_TABLES and "_fivetran_synced" in columns[name]
        ),
        **problems,
    )


def _streams(ask: Ask, table: str) -> tuple[Stream, ...]:
    return tuple(Stream(*row) for row in ask(
        f"select stream, {_seconds('last_completed_at')}, coalesce(mode, ''), coalesce(rows, 0), coalesce(deletes, 0), "
        f"coalesce(requests, 0), coalesce(retries, 0), coalesce(throttled_seconds, 0) from {table} order by stream"
    ))


def _problems(ask: Ask, table: str) -> dict[str, Any]:
    still = "resolved_at is null"
    return {
        "problems": tuple(Problem(*row) for row in ask(
            f"select stream, coalesce(record_id, ''), category, coalesce(message, ''), coalesce(attempts, 0), "
            f"{_seconds('first_seen_at')} from {table} where {still} order by last_seen_at desc, id "
            f"limit {SHOWN_PROBLEMS}"
        )),
        "open_by_stream": dict(ask(f"select stream, count(*) from {table} where {still} group by 1 order by 1")),
        "open_by_category": dict(ask(
            f"select category, count(*) from {table} where {still} group by 1 order by 2 desc, 1"
        )),
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
    if "rejected" not in _columns(ask, STATE):
        return None
    return Airtable(
        pushed=dict(ask(f"select table_name, count(*) from {STATE}.pushed group by 1 order by 1")),
        rejected=ask(f"select count(*) from {STATE}.rejected")[0][0],
        rejections=tuple(Rejection(*row) for row in ask(
            f"select table_name, key, type, message, attempts, {_seconds('first_rejected_at')} from {STATE}.rejected "
            f"order by last_rejected_at desc, table_name, key limit {SHOWN_PROBLEMS}"
        )),
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _seconds(column: str) -> str:
    return f"cast(extract(epoch from {column}) as double precision)"


def _day(column: str) -> str:
    return f"cast(floor(extract(epoch from {column}) / {DAY_SECONDS}) as integer)"
