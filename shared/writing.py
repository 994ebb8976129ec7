"""The rows of one stream on their way to the destination: what changed, what is gone, and the child rows of both."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from shared.content import Content
from shared.landed import Entry
from shared.memory import Memory
from shared.order import Sync
from shared.tables import SEPARATOR, Held, Row, Rows, Table


class Writing:
    """Writes rows, remembers and counts them. Main thread only."""

    def __init__(self, table: Table, memory: Memory, sync: Sync) -> None:
        self.rows = 0
        self.deletes = 0
        self._table = table
        self._memory = memory
        self._landed = memory.landed
        self._destination = sync.destination
        self._gathered = sync.gathered

    def write(
        self, record: Any, identity: str, rows: Rows, content: Content, before: Entry | None, partition: str
    ) -> None:
        """Send the rows of a record in the tables in which they are not as they were, and remember it."""
        held = self._table.held(rows)
        if before is not None and before.hash == content.hash:
            after = before._replace(children=held, partition=partition)
        else:
            after = Entry(content.hash, held, partition, content.tables)
            self._upsert(rows, before, after)
        if before != after:
            self._memory.put(identity, after)
        if rows.gathered:
            self.rows += self._gathered.land(record, rows)

    def delete(self, identity: str) -> None:
        """Delete a record with all that was below it, and forget it."""
        key = dict(zip(self._table.key, identity.split(SEPARATOR, len(self._table.key) - 1), strict=True))
        if before := self._landed.get(identity):
            self._delete_children(key, before, ())
        self._destination.delete(self._table.name, key)
        self.deletes += 1
        self._landed.remove(identity)

    def _upsert(self, rows: Rows, before: Entry | None, after: Entry) -> None:
        filled = [(self._table.name, (rows.row,)), *[child for child in rows.children if child[1]]]
        unchanged = set(before.tables) if before else ()
        for (name, each), content in zip_longest(filled, after.tables):
            if content in unchanged:
                continue
            for row in each:
                self._destination.upsert(name, row)
            self.rows += len(each)
        if before:
            self._delete_children(rows.row, before, after.children)

    def _delete_children(self, key: Row, before: Entry, after: Sequence[Held]) -> None:
        for name, child_key in self._table.gone(key, before.children, after):
            self._destination.delete(name, child_key)
            self.deletes += 1
