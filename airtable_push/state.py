"""What was pushed and what was refused, kept beside the flat tables in the schema `airtable_push`.

    pushed    base, table_name, key, record_id, hash, pushed_at          what Airtable holds of ours
    rejected  base, table_name, key, hash, fields_hash, type, message, attempts, first_rejected_at, last_rejected_at

`table_name` is the name of dbt's model. Written after Airtable's answer, a batch at a time. A row that is new is also
written down before it is sent, without a record id: what a killed run has sent is found again by its key, also when its
row is gone by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airtable_push.database import Database, Row, Statement
from airtable_push.mapping import Table
from shared.exact import usable

SCHEMA = "airtable_push"
TABLES = (
    f"create schema if not exists {SCHEMA}",
    f"create table if not exists {SCHEMA}.pushed (base varchar, table_name varchar, key varchar, record_id varchar not "
    "null, hash varchar not null, pushed_at timestamp not null, primary key (base, table_name, key))",
    f"create table if not exists {SCHEMA}.rejected (base varchar, table_name varchar, key varchar, hash varchar not "
    "null, fields_hash varchar not null, type varchar not null, message varchar not null, attempts integer not null, "
    "first_rejected_at timestamp not null, last_rejected_at timestamp not null, primary key (base, table_name, key))",
)
MARKED = "marked"
"""The hash of a record that carries the mark: no row has it, so a row that comes back is written again."""
UNKNOWN = "unknown"
"""The hash of a record that does not hold what was sent: the next run writes it again."""
AT_ONCE = 500
"""Keys in one statement."""
BETWEEN = "\x1f"
"""Stands in no key that is sent."""
TAKEN_APART = "unnest(string_to_array(?, chr(31)))"
SAVE = (
    f"insert into {SCHEMA}.pushed select ?, ?, {TAKEN_APART}, {TAKEN_APART}, {TAKEN_APART}, cast(? as timestamp) on "
    "conflict (base, table_name, key) do update set record_id = excluded.record_id, hash = excluded.hash, pushed_at = "
    "excluded.pushed_at"
)
BEGIN = (
    f"insert into {SCHEMA}.pushed select ?, ?, {TAKEN_APART}, '', '{UNKNOWN}', cast(? as timestamp) on conflict (base, "
    "table_name, key) do nothing"
)
REJECT = (
    f"insert into {SCHEMA}.rejected values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (base, table_name, key) do "
    "update set hash = excluded.hash, fields_hash = excluded.fields_hash, type = excluded.type, message = "
    "excluded.message, attempts = rejected.attempts + 1, last_rejected_at = excluded.last_rejected_at"
)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A row that is in Airtable. Without a record id, it was sent and no answer has come."""

    key: str
    record_id: str
    hash: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that Airtable refuses, or that cannot be sent. `fields_hash` is of the table's fields at that time."""

    key: str
    hash: str
    fields_hash: str
    type: str
    message: str
    attempts: int = 1
    last_rejected_at: datetime | None = None


class State:
    """The state of one base. Reading works, and finds nothing, where nothing was ever written."""

    def __init__(self, database: Database, base: str) -> None:
        self._database = database
        self._base = base
        wanted = "select count(*) from information_schema.tables where table_schema = ? and table_name = 'rejected'"
        self._there = next(database.rows(wanted, [SCHEMA]))[0] > 0

    def create(self) -> None:
        """Make the tables, unless they are there."""
        if not self._there:
            self._database.write([(statement, ()) for statement in TABLES])
            self._there = True

    def pushed(self, table: Table) -> Iterator[Pushed]:
        """What is in Airtable, in the order of the keys."""
        return (Pushed(*row) for row in self._in_order(table))

    def record_ids(self, table: Table) -> dict[str, str]:
        """The record of each key."""
        return {key: record for key, record in self._pairs(table) if record}

    def count(self, table: Table) -> int:
        """How many rows are in Airtable."""
        return int(next(iter(self._read(f"select count(nullif(record_id, '')) from {SCHEMA}.pushed", table)), (0,))[0])

    def leaving(self, table: Table, there: str, marked: bool) -> Iterator[Pushed]:
        """What is in Airtable and no row any more; `there` is the condition that `pushed.key` is one.

        With `marked` those are left out that carry the mark already."""
        unmarked = f"and hash <> '{MARKED}' " if marked else ""
        return (Pushed(*row) for row in self._in_order(table, f"{unmarked}and not {there}"))

    def rejections(self, table: Table) -> dict[str, Rejection]:
        """What Airtable refuses, by key."""
        columns = "key, hash, fields_hash, type, message, attempts, last_rejected_at"
        return {row[0]: Rejection(*row) for row in self._read(f"select {columns} from {SCHEMA}.rejected", table)}

    def last_pushed_at(self, table: Table) -> datetime | None:
        """When a row was last written to Airtable, in UTC."""
        rows = self._read(f"select max(case when record_id <> '' then pushed_at end) from {SCHEMA}.pushed", table)
        found: datetime | None = next(iter(rows), (None,))[0]
        return found

    def begin(self, table: Table, keys: Sequence[str], now: float) -> None:
        """These are about to be sent for the first time."""
        at = in_utc(now)
        if keys:
            self._database.write([(BEGIN, [self._base, table.model, _joined(keys), at])])

    def end(self, table: Table, keys: Sequence[str]) -> None:
        """Airtable has said that it took none of these."""
        if keys:
            delete, parameters = self._delete("pushed", table, keys)
            self._database.write([(f"{delete} and record_id = ''", parameters)])

    def save(self, table: Table, rows: Sequence[Pushed], rejected: Sequence[Rejection], now: float) -> None:
        """These are in Airtable now, and those it refused."""
        at = in_utc(now)
        statements: list[Statement] = []
        for some in _chunks(rows):
            columns = [[row.key for row in some], [row.record_id for row in some], [row.hash for row in some]]
            statements.append((SAVE, [self._base, table.model, *map(_joined, columns), at]))
            statements.append(self._delete("rejected", table, columns[0]))
        statements += [
            (
                REJECT,
                [
                    self._base,
                    table.model,
                    each.key,
                    each.hash,
                    each.fields_hash,
                    each.type,
                    usable(each.message),
                    1,
                    at,
                    at,
                ],
            )
            for each in rejected
        ]
        if statements:
            self._database.write(statements)

    def forget(self, table: Table, keys: Iterable[str]) -> None:
        """These are not in Airtable any more."""
        statements = [
            self._delete(name, table, some) for some in _chunks(list(keys)) for name in ("pushed", "rejected")
        ]
        if statements:
            self._database.write(statements)

    def settle(self, table: Table, keys: Iterable[str]) -> None:
        """Nothing is wrong with these any more."""
        if statements := [self._delete("rejected", table, some) for some in _chunks(list(keys))]:
            self._database.write(statements)

    def _pairs(self, table: Table) -> Iterator[tuple[str, str]]:
        return ((row[0], row[1]) for row in self._read(f"select key, record_id from {SCHEMA}.pushed", table))

    def _in_order(self, table: Table, condition: str = "") -> Iterator[Row]:
        if not self._there:
            return iter(())
        return self._database.sorted_rows(
            f"select key, record_id, hash from {SCHEMA}.pushed where base = ? and table_name = ? {condition} "
            f"order by key{self._database.binary_order}",
            [self._base, table.model],
        )

    def _read(self, select: str, table: Table) -> Iterator[Row]:
        if not self._there:
            return iter(())
        return self._database.rows(f"{select} where base = ? and table_name = ?", [self._base, table.model])

    def _delete(self, name: str, table: Table, keys: Sequence[str]) -> Statement:
        return (
            f"delete from {SCHEMA}.{name} where base = ? and table_name = ? and key in (select {TAKEN_APART})",
            [self._base, table.model, _joined(keys)],
        )


def in_utc(now: float) -> datetime:
    """Seconds since 1970 as the tables hold an instant: in UTC, without a zone."""
    return datetime.fromtimestamp(now, UTC).replace(tzinfo=None)


def _joined(texts: Sequence[str]) -> str:
    """Many texts as one parameter: DuckDB takes its time over each."""
    return BETWEEN.join(texts)


def _chunks(items: Sequence[Any]) -> Iterator[Any]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
