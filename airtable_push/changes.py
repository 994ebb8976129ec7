"""What differs: rows against what was pushed, in one pass over both, both in the order of their keys.

Nothing is held in memory but a chunk of each, and of the linked tables the record id of each key.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

from airtable_push.cells import Unsendable, converter, key_problem
from airtable_push.database import Row
from airtable_push.flat import Flat
from airtable_push.links import Directory
from airtable_push.mapping import Table
from airtable_push.state import State

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Change:
    """One row to write. `cells` are in the order of the table's fields; `hash` is of exactly these.

    A row with a `problem` cannot be sent. `unlinked`: so many of its links have no record yet."""

    key: str
    record_id: str | None
    cells: tuple[Any, ...]
    hash: str
    problem: str | None = None
    unlinked: int = 0


@dataclass
class Seen:
    """What the pass over one table met."""

    rows: int = 0
    doubles: int = 0
    """Keys of several rows: none of them is written."""
    double: str = ""
    """One of them."""
    unlinked: int = 0
    """Links to records that are not there."""
    refused: set[str] = field(default_factory=set)
    """Keys of rows that still differ and were refused before."""
    progress: Callable[[int], None] = lambda rows: None


class Writer:
    """Makes cells of rows: converts, resolves links, and hashes what comes out."""

    def __init__(self, table: Table, directory: Directory) -> None:
        self._table = table
        self._directory = directory
        self._converters = [converter(each) for each in table.fields]
        self._links = [(place, str(each.link)) for place, each in enumerate(table.fields) if each.link]
        # Another name or another type is another content.
        self._prefix = json.dumps([[each.name, each.type] for each in table.fields]).encode()

    def change(self, key: str, row: Row, record_id: str | None) -> Change:
        """The change that would write this row."""
        if problem := key_problem(key):
            return Change(key, record_id, (), self.hashed(list(map(str, row))), problem)
        try:
            cells = [convert(value) for convert, value in zip(self._converters, row, strict=True)]
        except Unsendable as unsendable:
            return Change(key, record_id, (), self.hashed(list(map(str, row))), str(unsendable))
        unlinked = 0
        for place, model in self._links:
            keys = cells[place] or ()
            records = self._directory.of(model)
            found = sorted({records[each] for each in keys if each in records})
            unlinked += len(set(keys)) - len(found)
            cells[place] = found or None
        return Change(key, record_id, tuple(cells), self.hashed(cells), unlinked=unlinked)

    def hashed(self, cells: list[Any]) -> str:
        """The hash of what would be sent."""
        told = json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return blake2b(self._prefix + told, digest_size=DIGEST_BYTES).hexdigest()


def changes(flat: Flat, state: State, table: Table, writer: Writer, seen: Seen) -> Iterator[Change]:
    """The rows that Airtable does not hold as they are, in the order of their keys."""
    pushed = state.pushed(table)
    held = next(pushed, None)
    for key, rows in groupby(flat.rows(), key=itemgetter(0)):
        (_, row), *more = rows
        seen.rows += 1 + len(more)
        seen.progress(1 + len(more))
        while held is not None and held.key < key:
            held = next(pushed, None)
        here = held if held is not None and held.key == key else None
        if more:
            seen.doubles, seen.double = seen.doubles + 1, key
            continue
        change = writer.change(key, row, here.record_id or None if here else None)
        seen.unlinked += change.unlinked
        if here is None or here.hash != change.hash:
            yield change
