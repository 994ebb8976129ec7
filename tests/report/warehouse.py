"""A warehouse as connectors, Fivetran and the job leave it: written by hand, so that every state of the page occurs.

The statements are understood by DuckDB and PostgreSQL.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

Execute = Callable[[str], Any]
NOW = 1_785_000_000.0
HOUR = 3_600.0
MARKUP = "<script>alert('4711')</script>"
BOOKKEEPING = "_fivetran_synced timestamp with time zone, _fivetran_deleted boolean"


def instant(hours_ago: float | None) -> str:
    """A literal of the time so many hours before `NOW`."""
    if hours_ago is None:
        return "null"
    return f"'{datetime.fromtimestamp(NOW, timezone.utc) - timedelta(hours=hours_ago):%Y-%m-%d %H:%M:%S+00}'"


def fill(execute: Execute, schema: str, ages: dict[str, float | None], problems: int = 0) -> None:
    """A source whose streams were read completely so many hours ago. The problems are those of the first of them."""
    for statement in _source(schema, ages, problems):
        execute(statement)


def _source(schema: str, ages: dict[str, float | None], problems: int) -> Iterator[str]:
    yield f"create schema if not exists {schema}"
    yield (
        f"create table {schema}.sync_metadata (stream text, last_started_at timestamp with time zone, "
        "last_completed_at timestamp with time zone, mode text, rows bigint, deletes bigint, requests bigint, "
        f"retries bigint, throttled_seconds double precision, errors bigint, position text, {BOOKKEEPING})"
    )
    yield (
        f"create table {schema}.errors (id text, stream text, record_id text, category text, status bigint, "
        "method text, url text, message text, payload json, attempts bigint, first_seen_at timestamp with time zone, "
        f"last_seen_at timestamp with time zone, resolved_at timestamp with time zone, {BOOKKEEPING})"
    )
    for number, (stream, age) in enumerate(ages.items(), start=1):
        yield (
            f"insert into {schema}.sync_metadata values ('{stream}', {instant(age)}, {instant(age)}, 'changes', "
            f"{number * 37}, {number - 1}, {number * 5}, {number % 2}, {number % 3 * 4.5}, 0, null, "
            f"{instant(age)}, false)"
        )
        yield f"create table {schema}.{stream} (id text, {BOOKKEEPING})"
        for row in range(number * 40):
            yield (
                f"insert into {schema}.{stream} values ('{row}', {instant((row * row * 7) % 330)}, "
                f"{'true' if row % 20 == 19 else 'false'})"
            )
    categories = ("bad_payload", "schema_drift", "bad_payload", "unavailable", "bad_payload")
    stream = next(iter(ages))
    for number in range(problems):
        category = categories[number % len(categories)]
        yield (
            f"insert into {schema}.errors values ('{number}', '{stream}', '{9_000 + number}', '{category}', 200, "
            f"'GET', null, 'the record has no id {MARKUP.replace(chr(39), chr(39) * 2)}', null, {number + 1}, "
            f"{instant(number * 9 + 2)}, {instant(number)}, null, {instant(number)}, false)"
        )
        yield (
            f"insert into {schema}.errors values ('resolved {number}', '{stream}', '{number}', 'timeout', null, 'GET', "
            f"null, 'no answer', null, 1, {instant(number * 30 + 30)}, {instant(number * 30 + 30)}, {instant(1)}, "
            f"{instant(1)}, false)"
        )


def fill_airtable(execute: Execute, rejected: int) -> None:
    """The state of `airtable_push`, with so many rows that Airtable refuses."""
    execute("create schema if not exists airtable_push")
    execute(
        "create table airtable_push.pushed (base text, table_name text, key text, record_id text, hash text, "
        "pushed_at timestamp)"
    )
    execute(
        "create table airtable_push.rejected (base text, table_name text, key text, hash text, fields_hash text, "
        "type text, message text, attempts integer, first_rejected_at timestamp, last_rejected_at timestamp)"
    )
    for number in range(30):
        table = ("clients", "contacts", "invoices")[number % 3]
        execute(f"insert into airtable_push.pushed values ('app', '{table}', '{number}', 'rec', 'hash', {_naive(1)})")
    for number in range(rejected):
        execute(
            f"insert into airtable_push.rejected values ('app', 'contacts', 'contact {number}', 'hash', 'hash', "
            f"'INVALID_VALUE_FOR_COLUMN', 'Field \"E-mail\" cannot accept the value', {number + 1}, {_naive(50)}, "
            f"{_naive(2)})"
        )


def _naive(hours_ago: float) -> str:
    return instant(hours_ago).replace("+00'", "'")
