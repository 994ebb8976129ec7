"""Tables gathered from the records of several streams (`tables.Gathered`): the newest record's row counts, none is
deleted.

What was landed is remembered with how new the record was that brought it, so an older one changes nothing, in
whatever order the streams are read, and a row that did not change is not sent again.
"""

from collections.abc import Iterable, MutableMapping

from shared.content import content_hash
from shared.journal import Destination
from shared.landed import Entry, Landed
from shared.streams import Stream
from shared.tables import Record, Row, Rows, Table


class GatheredTables:
    """All such tables of one connector. `saved` is the part of the state that `save` keeps up to date."""

    def __init__(
        self, streams: Iterable[Stream], saved: MutableMapping[str, dict[str, str]], destination: Destination
    ) -> None:
        self._saved = saved
        self._destination = destination
        self._landed = {
            gathered.table.name: Landed.decoded(saved.get(gathered.table.name))
            for stream in streams
            for gathered in stream.table.gathered
        }

    def land(self, record: Record, rows: Rows) -> int:
        """Land what a record brings, where no newer one has brought the same; answers how many rows that were.

        Of a record that has the same row twice, and differently, the first counts: each reading would send both.
        """
        landed = 0
        met = set[tuple[str, str]]()
        for gathered, row in rows.gathered:
            name, identity = gathered.table.name, gathered.table.identity(row)
            memory = self._landed[name]
            before, content = memory.get(identity), content_hash(row)
            age = () if _only_names(gathered.table, row) else gathered.age(record)
            if (name, identity) in met or (before is not None and before.children > age):
                continue
            if age:
                met.add((name, identity))
            if before is None or before.hash != content:
                self._destination.upsert(name, row)
                landed += 1
            memory.put(identity, Entry(content, age))
        return landed

    def save(self) -> None:
        """Bring `saved` up to date."""
        for name, memory in self._landed.items():
            self._saved[name] = memory.encoded()

    @property
    def memory_size(self) -> int:
        """Characters that the memory takes in the state."""
        return sum(len(text) for memory in self._landed.values() for text in memory.encoded().values())

    def forget_tables(self) -> bool:
        """There is no child table to forget."""
        return False

    def forget(self) -> bool:
        """Remember less, because the state is full, and tell what that costs.

        False if there is no less: an older record would take the place of a newer one.
        """
        before = self.memory_size
        for name, memory in self._landed.items():
            if any(entry.hash for _, entry in memory.items()):
                memory.drop_hashes(keep=set())
                self._destination.warning(
                    f"{name}: too many rows to remember what each of them holds. All {len(memory)} of them are sent "
                    "again, each when a record that brings it is read next, which can be billed. Leave streams out "
                    "with streams."
                )
        return self.memory_size < before


def _only_names(table: Table, row: Row) -> bool:
    """Whether a row says nothing but its key. Such a record refers to it, so any that says more is newer."""
    return all(value is None for name, value in row.items() if name not in (*table.key, "raw"))
