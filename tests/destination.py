"""A warehouse in memory that is as strict as Fivetran's, and stricter where ours should never come near.

    destination = Destination(schema({}))
    destination.run(lambda state: run(configuration, state, destination, log))
    destination.rows["person"]["1",]

Rows count once a checkpoint or the end of a run has committed them; a run that raises loses the rest. What
each type accepts is written down in fivetran_sdk.md, 1.5; where the SDK would convert a value silently, this
refuses it.
"""

import json
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

LARGEST_STATE_BYTES = 10_000_000
"""Documented (fivetran_sdk.md, 1.9)."""
SYSTEM_TABLES = ("errors", "sync_metadata")
STABLE_NAME = re.compile(r"_?(?:[a-z]+|(?<=_)[0-9]+)(?:_(?:[a-z]+|[0-9]+))*")
"""A name that Fivetran keeps as it is: `line1` would become `line_1` (fivetran_sdk.md, 2.3)."""
UTC_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
NAIVE_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
NAIVE_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)

Row = dict[str, Any]
Key = tuple[Any, ...]
Tables = dict[str, dict[Key, Row]]
Check = Callable[[Any], Any]


class Killed(Exception):
    """The process died here, as an exception that ordinary code may catch."""


class KilledHard(BaseException):
    """The process died here, past `except Exception`."""


class Stop(BaseException):
    """`error()` ended the sync, as the SDK does: past `except Exception`."""


class Refused(AssertionError):
    """The destination would not take this, or not as it was meant."""


class Destination:
    """What the engine takes for the SDK's operations; built from what `schema()` returns."""

    def __init__(
        self, schema: Iterable[Mapping[str, Any]], dies_after: int | None = None, death: type[BaseException] = Killed
    ) -> None:
        self.dies_after = dies_after
        """So many more upserts, updates, deletes and checkpoints succeed; all others raise `death`."""
        self.death = death
        self.keys: dict[str, tuple[str, ...]] = {}
        self.columns: dict[str, dict[str, Check]] = {}
        for table in schema:
            self._declare(table)
        self.rows: Tables = {name: {} for name in self.keys}
        """Committed: by table, by key in the order of the schema."""
        self.state: dict[str, Any] = {}
        """As the last checkpoint left it."""
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        """By table: `upsert`, `update` and `delete` of the last run, committed or not."""
        self.repeated: Counter[str] = Counter()
        """By table: upserts of the last run whose row was there already, exactly like that."""
        self.checkpoints: list[dict[str, Any]] = []
        """The states of the last run."""
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.operations = 0
        """Upserts, updates, deletes and checkpoints of the last run."""
        self._changes: dict[str, dict[Key, Row | None]] = defaultdict(dict)
        self._buried: Tables = defaultdict(dict)
        self._thread = threading.get_ident()

    def run(self, update: Callable[[dict[str, Any]], None]) -> None:
        """Call `update(state)` as Fivetran would: what it left is committed if it returns, else dropped."""
        self._thread = threading.get_ident()
        self._changes.clear()
        self.counts.clear()
        self.repeated.clear()
        self.checkpoints, self.warnings, self.errors, self.operations = [], [], [], 0
        try:
            update(json.loads(json.dumps(self.state)))
        except BaseException:
            self.drop()
            raise
        self.commit()

    def upsert(self, table: str, data: Row) -> None:
        """Insert or replace the whole row, which must have every declared column."""
        self._begin("upsert", table)
        if data.keys() != self.columns[table].keys():
            odd = ", ".join(sorted(data.keys() ^ self.columns[table].keys()))
            raise Refused(f"upsert into {table}: other columns than declared: {odd}")
        row = self._checked(table, data)
        key = self._key(table, row)
        self.repeated[table] += self.row(table, key) == row
        self._changes[table][key] = row

    def update(self, table: str, modified: Row) -> None:
        """Change the given columns of a row. One that is not there is not made; a deleted one is live again."""
        self._begin("update", table)
        row = self._checked(table, modified)
        key = self._key(table, row)
        before = self.row(table, key) or self._buried[table].get(key)
        if before is not None:
            self._changes[table][key] = {**before, **row}

    def delete(self, table: str, keys: Row) -> None:
        """Delete a row; one that is not there is not missed."""
        self._begin("delete", table)
        if keys.keys() != set(self.keys[table]):
            raise Refused(f"{table}: a delete wants exactly {self.keys[table]}, got {sorted(keys)}")
        key = self._key(table, self._checked(table, keys))
        before = self.row(table, key)
        if before is not None:
            self._buried[table][key] = before
            self._changes[table][key] = None

    def checkpoint(self, state: dict[str, Any]) -> None:
        """Commit every operation so far together with the state."""
        self._begin("checkpoint", "")
        if not isinstance(state, dict):
            raise Refused("the state must be an object")
        text = json.dumps(state, allow_nan=False)
        if len(text) >= LARGEST_STATE_BYTES:
            raise Refused(f"a state of {len(text)} bytes")
        self.commit()
        self.state = json.loads(text)
        self.checkpoints.append(json.loads(text))

    def warning(self, message: str) -> None:
        """Note a warning."""
        self.warnings.append(self._said(message))

    def error(self, message: str) -> None:
        """Note an error and end the run."""
        self.errors.append(self._said(message))
        raise Stop(message)

    def row(self, table: str, key: Key) -> Row | None:
        """The row as operations see it now, committed or not."""
        changes = self._changes[table]
        return changes[key] if key in changes else self.rows[table].get(key)

    def commit(self) -> None:
        """Make everything so far count."""
        for table, changes in self._changes.items():
            for key, row in changes.items():
                if row is None:
                    self.rows[table].pop(key, None)
                else:
                    self.rows[table][key] = row
        self._changes.clear()

    def drop(self) -> None:
        """Forget whatever was not committed."""
        self._changes.clear()

    def business(self, *operations: str) -> int:
        """Operations of the last run on tables other than the connector's own; all of them by default."""
        wanted = operations or ("upsert", "update", "delete")
        return sum(
            count[operation]
            for table, count in self.counts.items()
            if table not in SYSTEM_TABLES
            for operation in wanted
        )

    def business_rows(self) -> Tables:
        """The committed rows of all tables but the connector's own."""
        return {table: rows for table, rows in self.rows.items() if table not in SYSTEM_TABLES}

    def _declare(self, table: Mapping[str, Any]) -> None:
        odd = table.keys() - {"table", "primary_key", "columns"}
        if odd:
            raise Refused(f"the SDK ignores {odd} in a schema")
        name, key, columns = table["table"], table["primary_key"], table["columns"]
        if name in self.keys:
            raise Refused(f"{name} is declared twice")
        if not isinstance(key, list) or not key or not set(key) <= columns.keys():
            raise Refused(f"{name}: the key must be a list of declared columns")
        for each in (name, *columns):
            if not STABLE_NAME.fullmatch(each) or each == "_fivetran_deleted":
                raise Refused(f"{name}: Fivetran would rename or ignore {each!r}")
        self.keys[name] = tuple(key)
        self.columns[name] = {column: _check_of(kind) for column, kind in columns.items()}

    def _begin(self, operation: str, table: str) -> None:
        if threading.get_ident() != self._thread:
            raise Refused(f"{operation} on another thread than the one that runs the sync")
        if self.dies_after is not None:
            if self.dies_after <= 0:
                raise self.death(f"killed at {operation} {table}")
            self.dies_after -= 1
        self.operations += 1
        if operation != "checkpoint":
            if table not in self.columns:
                raise Refused(f"{operation} on {table!r}, which is not declared")
            self.counts[table][operation] += 1

    def _checked(self, table: str, data: Row) -> Row:
        if not isinstance(data, dict):
            raise Refused(f"{table}: a row is a dict")
        columns = self.columns[table]
        row = {}
        for name, value in data.items():
            if name not in columns:
                raise Refused(f"{table}.{name} is not declared")
            try:
                row[name] = None if value is None else columns[name](value)
            except (TypeError, ValueError, InvalidOperation) as error:
                raise Refused(f"{table}.{name} does not take {value!r}: {error}") from error
        return row

    def _key(self, table: str, row: Row) -> Key:
        key = tuple(row.get(name) for name in self.keys[table])
        if any(part is None for part in key):
            raise Refused(f"{table}: a key without {self.keys[table]}: {key}")
        return key

    @staticmethod
    def _said(message: str) -> str:
        if not isinstance(message, str):
            raise TypeError("a message is text")
        if not message.strip():
            raise ValueError("a message is not empty")
        return message


def _check_of(kind: Any) -> Check:
    """From a type in a schema to a function that answers the value as it is stored, or raises."""
    if isinstance(kind, dict):
        if kind.keys() != {"type", "precision", "scale"} or kind["type"] != "DECIMAL":
            raise Refused(f"not a type: {kind}")
        return _decimal(kind["precision"], kind["scale"])
    if kind not in CHECKS:
        raise Refused(f"not a type: {kind}")
    return CHECKS[kind]


def _only(*kinds: type) -> Check:
    def check(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError(f"a {type(value).__name__}")
        return value

    return check


def _integer(bits: int) -> Check:
    def check(value: Any) -> Any:
        if type(value) is not int:
            raise TypeError(f"a {type(value).__name__}")
        if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise ValueError(f"more than {bits} bits")
        return value

    return check


def _double(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a {type(value).__name__}")
    if not isfinite(value):
        raise ValueError("it is not finite")
    return float(value)


def _decimal(precision: int, scale: int) -> Check:
    def check(value: Any) -> Any:
        if type(value) not in (str, int):
            raise TypeError(f"a {type(value).__name__}")
        if not NUMBER.fullmatch(str(value)):
            raise ValueError("it is not plain digits")
        whole, _, fraction = str(value).lstrip("+-").partition(".")
        if len(fraction) > scale or len(whole.lstrip("0")) > precision - scale:
            raise ValueError(f"more than DECIMAL({precision}, {scale}) holds")
        Decimal(value)
        return value

    return check


def _string(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(f"a {type(value).__name__}")
    value.encode()
    if "\0" in value:
        raise ValueError("it has a NUL, which would be removed")
    return value


def _json(value: Any) -> Any:
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    _string(text)  # Half a surrogate pair ends `fivetran debug` with exit 1.
    if "\\u0000" in text.replace("\\\\", ""):
        raise ValueError("it has a NUL, which not every warehouse takes in JSON")
    return json.loads(text)


def _text(pattern: re.Pattern[str], parse: Callable[[str], Any]) -> Check:
    def check(value: Any) -> Any:
        if type(value) is not str:
            raise TypeError(f"a {type(value).__name__}")
        if not pattern.fullmatch(value):
            raise ValueError("another form is wanted")
        parse(value)
        return value

    return check


CHECKS: dict[str, Check] = {
    "BOOLEAN": _only(bool),
    "SHORT": _integer(16),
    "INT": _integer(32),
    "LONG": _integer(64),
    "FLOAT": _double,
    "DOUBLE": _double,
    "STRING": _string,
    "JSON": _json,
    "UTC_DATETIME": _text(UTC_DATETIME, datetime.fromisoformat),
    "NAIVE_DATETIME": _text(NAIVE_DATETIME, datetime.fromisoformat),
    "NAIVE_DATE": _text(NAIVE_DATE, date.fromisoformat),
    "BINARY": _only(bytes, bytearray),
    "XML": _only(str),
}
