"""What the connectors would have landed, taken from the simulators' truth: in DuckDB files, or in a PostgreSQL.

The tables and their types are those that the connector declares, with the columns that Fivetran adds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import psycopg

TYPES = {
    "STRING": "text",
    "BOOLEAN": "boolean",
    "INT": "integer",
    "LONG": "bigint",
    "SHORT": "smallint",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "NAIVE_DATE": "date",
    "NAIVE_DATETIME": "timestamp",
    "UTC_DATETIME": "timestamp with time zone",
    "JSON": "text",
}
ADDED = {"_fivetran_deleted": "boolean", "_fivetran_synced": "timestamp with time zone"}
NOTHING = chr(30)
SCHEMA = "tester"
"""As in the files that `fivetran debug` writes."""
SYNCED_AT = "2026-01-05T00:00:00Z"
Schema = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def columns_of(table: Mapping[str, Any]) -> dict[str, str]:
    """SQL types by column."""
    return {name: _type(kind) for name, kind in table["columns"].items()} | ADDED


def _type(kind: Any) -> str:
    if isinstance(kind, Mapping):
        return f"decimal({kind['precision']}, {kind['scale']})"
    return TYPES[kind]


def rows_of(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Iterator[list[str | None]]:
    """Every row as texts, which both databases cast."""
    for row in rows:
        full = {"_fivetran_deleted": False, "_fivetran_synced": SYNCED_AT, **row}
        yield [_text(full.get(name)) for name in columns]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, dict | list | bool) else str(value)


def land_in_file(path: Path, schema: Schema, tables: Tables) -> Path:
    """Write a connector's file anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("begin")
        connection.execute(f"create schema {SCHEMA}")
        for table in schema:
            columns = columns_of(table)
            place = f'{SCHEMA}."{table["table"]}"'
            connection.execute(f"create table {place} ({_declared(columns)})")
            found = list(rows_of(columns, tables.get(table["table"], ())))
            if found:
                names = [f"c{number}" for number in range(len(columns))]
                apart = ", ".join(f"unnest(string_to_array(cast(? as text), chr(31))) as {name}" for name in names)
                values = ", ".join(
                    f"cast(nullif({name}, chr(30)) as {kind})"
                    for name, kind in zip(names, columns.values(), strict=True)
                )
                # One text a column, because DuckDB is slow to take many parameters.
                texts = [
                    chr(31).join(NOTHING if cell is None else cell for cell in each)
                    for each in zip(*found, strict=True)
                ]
                connection.execute(f"insert into {place} select {values} from (select {apart}) as given", texts)
        connection.execute("commit")
    return path


def land_in_postgres(url: str, name: str, schema: Schema, tables: Tables) -> None:
    """Write a connector's schema anew."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'drop schema if exists "{name}" cascade')  # type: ignore[arg-type]
        connection.execute(f'create schema "{name}"')  # type: ignore[arg-type]
        for table in schema:
            columns = columns_of(table)
            place = f'"{name}"."{table["table"]}"'
            connection.execute(f"create table {place} ({_declared(columns)})")  # type: ignore[arg-type]
            names = ", ".join(f'"{column}"' for column in columns)
            with connection.cursor() as cursor, cursor.copy(f"copy {place} ({names}) from stdin") as copy:  # type: ignore[arg-type]
                for row in rows_of(columns, tables.get(table["table"], ())):
                    copy.write_row(row)


def _declared(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
