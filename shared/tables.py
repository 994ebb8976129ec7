"""Tables: every column typed and declared once, from which come the schema and the rows.

    PERSON = Table("person", key=("id",), columns=(
        Column("id",         STRING),
        Column("street",     STRING,       "address.street"),
        Column("updated_at", UTC_DATETIME, "date_modified"),
        Column("email",      STRING,       first_email, reads=("emails",)),
    ), children=(
        Child("person_tag", "tags", columns=(Column("tag", STRING, SELF),)),
    ), left_out=("avatar_url", "address.*"))

A source is the column's own name, a dotted path, or a function of the record; a function declares the
paths that it `reads`. A child table holds the elements of a list inside the record, keyed by the parent's
key and the element's position from 0, or by columns of its own. What is neither read nor left out is drift,
and so is a value that does not fit its column, of which lands what is nearest, or NULL: both are reported, neither is
fatal.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from shared.builder import Part, Source, builder, list_builder
from shared.encoding import encode_any
from shared.exact import TOO_DEEP, shallow
from shared.types import JSON, LONG, Misfit, Type, misfit

BARE_KEYS = ("id", "uuid")
"""Names of keys that in a child table say whose key it is: `document_id`, `catalog_item_uuid`."""
SEPARATOR = "\x1f"
"""Between the parts of a key, where it is one text."""
REST = "*"
"""Among the paths of a record: all that is not named."""
SELF = "."
"""The source of a child's column that is the element itself."""
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
"""Where a word begins in a name that has no `_` between its words; `ID` and the like are one."""
MOST_UNKNOWN_KEYS = 200
OTHER_KEYS = "(others)"
"""Where unknown keys beyond that many are counted."""
OBJECTS = {dict}
VALUES = {str, int}
"""What a list of objects and one of values hold, when nothing is odd."""
UNFORESEEN = (TypeError, AttributeError, KeyError, IndexError, ValueError, ArithmeticError, RecursionError)
"""What a function of the record raises when it meets one that it was not written for."""

Record = Mapping[str, Any]
Row = dict[str, Any]


class BadRecord(ValueError):
    """What should be a record is not an object, or has no usable key."""


@dataclass(frozen=True)
class Column:
    """One column: its name in the destination, its type, and where its value comes from."""

    name: str
    type: Type
    source: Source = ""
    """The column's own name by default."""
    reads: tuple[str, ...] = ()
    """The paths that a function reads; beside a path, what it accounts for in its place: a whole object, say."""

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths in the record that this column accounts for."""
        if callable(self.source) or self.reads:
            return self.reads
        return (self.source or self.name,)

    @property
    def part(self) -> Part:
        """What a row is built with."""
        path = self.source or self.name
        return Part(self.name, self.type, self.pick if callable(path) or path == SELF else path)

    @cached_property
    def pick(self) -> Callable[[Any], Any]:
        """From a record to the raw value; raises `Misfit` where the path runs into something else."""
        if callable(self.source):
            return self.source
        path = self.source or self.name
        if path == SELF:
            return lambda record: record
        *outer, last = path.split(".")
        if not outer:
            return lambda record: record.get(last)

        def walk(record: Any) -> Any:
            for step in outer:
                record = record.get(step)
                if record is None:
                    return None
                if not isinstance(record, Mapping):
                    raise misfit(record, "an object")
            return record.get(last)

        return walk


Held = int | tuple[tuple[Any, ...], ...]
"""What is remembered of a record's rows in one child table: how many, or, where they are not keyed by position, the
keys below the parent's."""


def columns(kind: Type, *names: str, inside: str = "") -> tuple[Column, ...]:
    """Columns of one type, named as in the record, in snake case; each text may name several, with spaces between.

    Those of an object `inside` the record are called `<object>_<key>`.
    """
    paths = (f"{inside}.{name}" if inside else name for name in " ".join(names).split())
    return tuple(Column(snake(path), kind, "" if path == snake(path) else path) for path in paths)


def snake(path: str) -> str:
    """A name of the destination: `billTo.address1` becomes `bill_to_address_1`.

    Written otherwise, Fivetran would rename it.
    """
    return CAPITAL.sub("_", path.replace(".", "_")).lower()


@dataclass(frozen=True)
class Child:
    """A table of the elements of a list inside a record."""

    name: str
    source: Source
    columns: tuple[Column, ...]
    left_out: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    position: str = "position"
    """The column of the element's place in the list, from 0, which with the parent's key is the key."""
    key: tuple[str, ...] = ()
    """Columns that take the place of the position in the key. Of elements that are equal in them the last one counts;
    one that has not got them all is drift."""
    parent: str = ""
    """The column of the parent's key, where that is one column; `<parent>_id` by default."""
    raw_only: tuple[str, ...] = ()

    @cached_property
    def elements(self) -> Column:
        """The list, picked from the parent's record like a column."""
        return Column(self.name, JSON, self.source, self.reads)

    @cached_property
    def accounted(self) -> tuple[str, ...]:
        """The paths in an element that are read, or known and not read."""
        return (*self.raw_only, *(path for column in self.columns for path in column.paths))


@dataclass
class Drift:
    """What did not fit the declarations, counted by where it was met."""

    keys: dict[str, int] = field(default_factory=dict)
    """Path of a key that nobody reads or leaves out, with the table: `todo.completion.reason`."""
    unlanded: dict[str, int] = field(default_factory=dict)
    """What is known and has no row to land in, with the reason: `invoice.BillAddr: a record without id`."""
    values: dict[str, int] = field(default_factory=dict)
    """Column and what was met: `todo.due_on: text that is not a date`. It landed as NULL."""
    changed: dict[str, int] = field(default_factory=dict)
    """The same, where what is nearest to the value landed."""

    misfits: int = 0
    """Values that landed as NULL, in all."""

    def key(self, path: str) -> None:
        """Count a key that is not accounted for."""
        # An object whose keys are data would have a row of errors for each of them, at every sync.
        place = path if path in self.keys or len(self.keys) < MOST_UNKNOWN_KEYS else OTHER_KEYS
        self.keys[place] = self.keys.get(place, 0) + 1

    def leave(self, place: str) -> None:
        """Count what has no row to land in."""
        self.unlanded[place] = self.unlanded.get(place, 0) + 1

    def value(self, place: str) -> None:
        """Count a value that did not fit."""
        self.misfits += 1
        self.values[place] = self.values.get(place, 0) + 1

    def change(self, place: str) -> None:
        """Count a value in whose place another one landed: it is as good as it will be, and nothing waits for it."""
        self.changed[place] = self.changed.get(place, 0) + 1


class Rows(NamedTuple):
    """What one record becomes: its own row, and the rows of each child table in order of position."""

    row: Row
    children: tuple[tuple[str, tuple[Row, ...]], ...]
    texts: Sequence[str]
    """The JSON of the row, and of each child table with its name (`encoding.encode`)."""
    gathered: tuple[tuple["Gathered", Row], ...] = ()
    """Rows for tables that are gathered from the records of several tables."""


@dataclass(frozen=True)
class Gathered:
    """A table whose rows are objects inside the records of several tables.

    The same row may be in many records: the one of the newest counts, and none is ever deleted, because no record
    owns it alone.
    """

    table: "Table"
    sources: tuple[str, ...]
    """Keys of the objects in the record. One that has no key of its own is no row, and is counted."""
    age: Callable[[Record], tuple[int, ...]]
    """How new a record is, the same for the same record always, and no other as new: the greater, the newer. No number
    is negative."""


@dataclass(frozen=True)
class Table:
    """A table of the destination, with the tables of the lists inside its records."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    children: tuple[Child, ...] = ()
    left_out: tuple[str, ...] = ()
    """Paths that are not landed on purpose; `creator.*` leaves out whatever else an object holds,
    `*_url` every key with that ending, at any depth that is looked into."""
    raw_only: tuple[str, ...] = ()
    """Paths that no column reads: they are no drift, and stay in `raw`. `*` stands for all others."""
    keep_raw: bool = False
    """Whether this table and its children have a column `raw` with the record, without what is left out."""
    gathered: tuple[Gathered, ...] = ()

    def with_raw(self, *, also: bool) -> "Table":
        """This table with the column `raw` where it is wanted, beside the tables that have it in any case."""
        return replace(self, keep_raw=self.keep_raw or also)

    def schemas(self) -> list[dict[str, Any]]:
        """The tables as `schema()` of the SDK returns them: this one and its children."""
        own = {column.name: column.type.schema for column in self.columns}
        if self.keep_raw:
            own["raw"] = JSON.schema
        tables = [{"table": self.name, "primary_key": list(self.key), "columns": own}]
        types = {column.name: column.type.schema for column in self.columns}
        for child in self.children:
            parent = self._parent_key(child)
            columns = {name: types[key] for name, key in zip(parent, self.key, strict=True)}
            if not child.key:
                columns[child.position] = LONG.schema
            columns.update((column.name, column.type.schema) for column in child.columns)
            if self.keep_raw:
                columns["raw"] = JSON.schema
            key = [*parent, *(child.key or (child.position,))]
            tables.append({"table": child.name, "primary_key": key, "columns": columns})
        return tables

    def rows(self, record: Any, drift: Drift) -> Rows:
        """The rows of one raw record. Of what does not fit lands what is nearest, or NULL: `drift` counts it.

        Raises `BadRecord` where the record is no object or has no key.
        """
        if not isinstance(record, Mapping):
            raise BadRecord(f"{misfit(record, 'a record')}")
        self._known.check(record, self.name, drift)
        try:
            row, text, lists = self._build(record)
        except UNFORESEEN:
            row = self._values.of(record, drift)
            self._check_key(row)
            row |= self._raw.of(record, drift)
            text, lists = encode_any(row), [each.elements(record, drift) for each in self._lists]
        else:
            self._check_key(row)
        children, texts = list[tuple[str, tuple[Row, ...]]](), [text]
        for child, elements in zip(self._lists, lists, strict=True):
            found, written = child.none if elements is None or elements == [] else child.rows(elements, row, drift)
            children.append(found)
            texts.append(written)
        gathered = tuple(self._gathered_rows(record, drift)) if self.gathered else ()
        return Rows(row, tuple(children), texts, gathered)

    def identity(self, row: Row) -> str:
        """The key of a row as one text."""
        return SEPARATOR.join(row[name] for name in self.key)

    def held(self, rows: Rows) -> tuple[Held, ...]:
        """What must be remembered of the child rows, to find later which of them are gone."""
        return tuple(
            [
                len(each)
                if not each or not child.key
                else tuple(tuple(row[name] for name in child.key) for row in each)
                for child, (_, each) in zip(self.children, rows.children, strict=True)
            ]
        )

    def gone(self, key: Row, before: Sequence[Held], after: Sequence[Held] = ()) -> Iterator[tuple[str, Row]]:
        """Table and key of each child row of this parent that was there before and is not after."""
        for index, (child, was) in enumerate(zip(self.children, before, strict=False)):
            now = after[index] if index < len(after) else 0
            parent = dict(zip(self._parent_key(child), (key[name] for name in self.key), strict=True))
            if isinstance(was, tuple):
                kept = set(now) if isinstance(now, tuple) else set()
                gone = [dict(zip(child.key, own, strict=True)) for own in was if own not in kept]
            else:
                gone = [{child.position: position} for position in range(now if isinstance(now, int) else 0, was)]
            for own_key in gone:
                yield child.name, {**parent, **own_key}

    def kept(self, record: Any) -> Any:
        """The record without what is left out, as far down as it can be told, for the column `payload`."""
        return self._known.without_left_out(shallow(record, mark=repr(TOO_DEEP)))

    def _parent_key(self, child: Child) -> tuple[str, ...]:
        return (child.parent,) if child.parent else self._child_key

    @cached_property
    def _child_key(self) -> tuple[str, ...]:
        return tuple(f"{self.name}_{name}" if name in BARE_KEYS else name for name in self.key)

    def _check_key(self, row: Row) -> None:
        for name in self.key:
            if row[name] is None or row[name] == "":
                raise BadRecord(f"a record without {name}")

    @cached_property
    def _build(self) -> Callable[[Any], tuple[Row, str, list[Any]]]:
        columns = (*self.columns, *self._raw.columns)
        return builder([column.part for column in columns], [child.elements.part.source for child in self.children])

    @cached_property
    def _values(self) -> "_Values":
        return _Values(self.name, self.columns)

    @cached_property
    def _raw(self) -> "_Values":
        return _Values(self.name, [self._known.raw] if self.keep_raw else [])

    @cached_property
    def _lists(self) -> "tuple[_List, ...]":
        types = {column.name: column.type for column in self.columns}
        return tuple(
            _List(
                child,
                [(name, types[key], key) for name, key in zip(self._parent_key(child), self.key, strict=True)],
                self._endings,
                self.keep_raw,
            )
            for child in self.children
        )

    @cached_property
    def _known(self) -> "_Keys":
        read = [path for column in self.columns for path in column.paths]
        read += (*self.raw_only, *(source for gathered in self.gathered for source in gathered.sources))
        left_out = list(self.left_out)
        for child in self.children:
            for path in child.elements.paths:
                read.append(path)
                read += (f"{path}[].{inner}" for inner in child.accounted)
                left_out += (f"{path}[].{inner}" for inner in child.left_out)
        return _Keys.of(read, left_out)

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        return tuple(path for path in self.left_out if path.startswith("*"))

    def _gathered_rows(self, record: Record, drift: Drift) -> Iterator[tuple[Gathered, Row]]:
        for gathered, table in zip(self.gathered, self._gathered_tables, strict=True):
            for source in gathered.sources:
                if inner := record.get(source):  # An empty one says nothing.
                    try:
                        yield gathered, table.rows(inner, drift).row
                    except BadRecord as error:
                        drift.leave(f"{self.name}.{source}: {error}")

    @cached_property
    def _gathered_tables(self) -> "tuple[Table, ...]":
        return tuple(replace(gathered.table, keep_raw=self.keep_raw) for gathered in self.gathered)


@dataclass(frozen=True)
class _Values:
    """From an object to the values of its columns, one by one: what is odd in one of them does not touch the others."""

    table: str
    columns: Sequence[Column]

    def of(self, record: Any, drift: Drift) -> Row:
        """By column. Of what does not fit lands what is nearest, or NULL: `drift` counts it."""
        return {column.name: self._one(column, record, drift) for column in self.columns}

    def _one(self, column: Column, record: Any, drift: Drift) -> Any:
        try:
            value = column.pick(record)
            return None if value is None else column.type.fit(value)
        except Misfit as error:
            place = f"{self.table}.{column.name}: {error}"
            if error.nearest is not None:
                drift.change(place)
                return error.nearest
            drift.value(place)
        except UNFORESEEN as error:
            drift.value(f"{self.table}.{column.name}: {type(error).__name__} while reading it")
        return None


class _List:
    """From a list in a record to the rows of one child table."""

    def __init__(
        self, child: Child, parent: Sequence[tuple[str, Type, str]], endings: Sequence[str], keep_raw: bool
    ) -> None:
        """`parent` is its key: how each column is called here, its type, and how it is called there. `endings` are left
        out."""
        self._child = child
        self._parent = parent
        self._known = _Keys.of(child.accounted, [*child.left_out, *endings])
        self._values = _Values(child.name, (*child.columns, self._known.raw) if keep_raw else child.columns)
        self._build = list_builder(
            [column.part for column in self._values.columns],
            {name: kind for name, kind, _ in parent},
            "" if child.key else child.position,
        )
        self._takes_anything = all(column.paths == (SELF,) for column in child.columns)
        self._head = f"[{encode_any(child.name)},["
        self.none: tuple[tuple[str, tuple[Row, ...]], str] = (child.name, ()), f"{self._head}]]"
        """What `rows` answers where there are none."""

    def elements(self, record: Record, drift: Drift) -> Any:
        """The list, where something of the record is odd."""
        try:
            return self._child.elements.pick(record)
        except Misfit as error:
            drift.value(f"{self._child.name}: {error}")
        except UNFORESEEN as error:
            drift.value(f"{self._child.name}: {type(error).__name__} while reading it")
        return None

    def rows(self, elements: Any, parent: Row, drift: Drift) -> tuple[tuple[str, tuple[Row, ...]], str]:
        """The table's name and its rows in the list's order, and the JSON of both. `parent` is the record's row."""
        name = self._child.name
        if type(elements) is not list and (not isinstance(elements, Sequence) or isinstance(elements, str)):
            drift.value(f"{name}: {misfit(elements, 'a list')}")
            return self.none
        key = [parent[column] for _, _, column in self._parent]
        kinds = {*map(type, elements)}
        try:
            if kinds != OBJECTS and not (self._takes_anything and kinds <= VALUES):
                raise TypeError
            rows, texts = self._build(elements, 0, *key)
        except UNFORESEEN:
            rows, texts = self._one_by_one(elements, key, drift)
        else:
            if kinds == OBJECTS and not self._known.covers(elements):
                for element in elements:
                    self._known.check(element, name, drift)
        if self._child.key:
            rows, texts = self._by_key(rows, texts, drift)
        return (name, tuple(rows)), f"{self._head}{','.join(texts)}]]"

    def _one_by_one(self, elements: Sequence[Any], key: Sequence[Any], drift: Drift) -> tuple[list[Row], list[str]]:
        child, rows = self._child, list[Row]()
        for position, element in enumerate(elements):
            if isinstance(element, Mapping):
                self._known.check(element, child.name, drift)
            elif not self._takes_anything:
                drift.value(f"{child.name}: {misfit(element, 'an object')}")
                element = {}
            row: Row = {} if child.key else {child.position: position}
            row |= {name: value for (name, _, _), value in zip(self._parent, key, strict=True)}
            rows.append(row | self._values.of(element, drift))
        return rows, [encode_any(row) for row in rows]

    def _by_key(self, rows: Sequence[Row], texts: Sequence[str], drift: Drift) -> tuple[list[Row], list[str]]:
        child = self._child
        found: dict[tuple[Any, ...], tuple[Row, str]] = {}
        for row, text in zip(rows, texts, strict=True):
            key = tuple(row[name] for name in child.key)
            if None in key:
                drift.value(f"{child.name}: no {' and '.join(child.key)}")
            else:
                found[key] = row, text
        return [row for row, _ in found.values()], [text for _, text in found.values()]


@dataclass(frozen=True)
class _Keys:
    """Which keys of an object are accounted for: a tree made of dotted paths."""

    read: frozenset[str]
    inner: Mapping[str, "_Keys"]
    left_out: frozenset[str]
    endings: tuple[str, ...]
    anything: bool

    @classmethod
    def of(cls, read: Sequence[str], left_out: Sequence[str]) -> "_Keys":
        endings = tuple(path[1:] for path in left_out if path.startswith("*") and path != REST)
        branches: dict[str, tuple[list[str], list[str]]] = {}
        for paths, side in ((read, 0), (left_out, 1)):
            for path in paths:
                head, _, rest = path.partition(".")
                if head and rest:
                    branches.setdefault(head, ([], []))[side].append(rest)
        everywhere = [f"*{ending}" for ending in endings]
        return cls(
            read=frozenset(path for path in read if "." not in path),
            inner={head: cls.of(inner, [*left, *everywhere]) for head, (inner, left) in branches.items()},
            left_out=frozenset(path for path in left_out if "." not in path and not path.startswith("*")),
            endings=endings,
            anything=REST in left_out,
        )

    def check(self, record: Record, place: str, drift: Drift) -> None:
        """Count each key that is not accounted for."""
        if not self._accounted.issuperset(record):
            for key in record.keys() - self._accounted:
                if REST not in self.read and not self._left_out_by_pattern(key):
                    drift.key(f"{place}.{key}")
        for key, keys in self._looked_into:
            value = record.get(key)
            if isinstance(value, Mapping):
                keys.check(value, f"{place}.{key}", drift)

    def covers(self, records: Iterable[Record]) -> bool:
        """Whether each key of all of them is accounted for, as far as that is told at once."""
        return not self._looked_into and self._accounted.issuperset(chain.from_iterable(records))

    @cached_property
    def _looked_into(self) -> "tuple[tuple[str, _Keys], ...]":
        """The objects inside that are accounted for key by key; elements of lists are, where they become rows."""
        whole = self.read | self.left_out
        return tuple((key, keys) for key, keys in self.inner.items() if key not in whole and not key.endswith("[]"))

    @cached_property
    def raw(self) -> Column:
        """The column of what an object holds, without what is left out."""
        return Column("raw", JSON, self._raw)

    def _raw(self, value: Any) -> Any:
        try:
            return self.without_left_out(value)
        except RecursionError:
            return self.without_left_out(shallow(value))

    def without_left_out(self, value: Any) -> Any:
        """The value without what is left out; endings are looked for in everything below it."""
        if isinstance(value, list):
            return [self.without_left_out(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        return {
            key: self.inner.get(f"{key}[]" if isinstance(inner, list) else key, self._below).without_left_out(inner)
            for key, inner in value.items()
            if not (key in self.left_out or (key not in self._accounted and self._left_out_by_pattern(key)))
        }

    def _left_out_by_pattern(self, key: str) -> bool:
        return self.anything or key.endswith(self.endings)

    @cached_property
    def _below(self) -> "_Keys":
        return _Keys(frozenset(), {}, frozenset(), self.endings, anything=False)

    @cached_property
    def _accounted(self) -> frozenset[str]:
        return self.read | self.left_out | self.inner.keys()
