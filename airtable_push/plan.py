"""What a run has to do to one table, worked out once: `preview` prints it, `push` carries it out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from airtable_push.api import BATCH
from airtable_push.changes import Change, Seen, Writer, changes
from airtable_push.database import Database
from airtable_push.flat import Flat
from airtable_push.links import Directory
from airtable_push.mapping import Table
from airtable_push.state import Pushed, Rejection, State, in_utc

Item = TypeVar("Item")
IN_FLIGHT = 4
"""Batches under way at once: enough to keep the pace with answers of three quarters of a second."""
MOST_DELETES = ((100, 0.1), (10, 0.5))
"""Records, and a share of the table. Beyond both of one line, a person has to confirm them: a source may have landed by
half. An empty flat table always needs that."""
TRIED_AGAIN_AFTER = timedelta(days=1)
NOT_SENDABLE = "NOT_SENDABLE"
"""The type of what Airtable was never asked."""


@dataclass(frozen=True)
class Wishes:
    """How a run goes about it."""

    marks: bool = False
    """Records are marked instead of deleted."""
    confirm_deletes: bool = False
    limit: int | None = None
    """Records to write at the most."""


@dataclass(frozen=True)
class Leaving:
    """The records of a table whose row is gone, out of how many; `held_back`: they wait for a person's word."""

    records: list[Pushed]
    total: int = 0
    held_back: bool = False


class TablePlan:
    """One table of a run: the records that leave it, and the rows that are to be written into it."""

    def __init__(self, database: Database, table: Table, state: State, directory: Directory) -> None:
        self.table = table
        self._flat = Flat(database, table)
        self._state = state
        self._writer = Writer(table, directory)
        self.refused: dict[str, Rejection] = state.rejections(table)
        """By key, as it was at the beginning or after the last pass."""

    def counts(self) -> tuple[int, int]:
        """Rows, and rows without a key."""
        return self._flat.counts()

    def leaving(self, wishes: Wishes) -> Leaving:
        """The records whose row is gone; where records are marked, those that do not carry the mark yet."""
        records = list(self._state.leaving(self.table, self._flat.has_pushed_key, wishes.marks))
        if not records:
            return Leaving([])
        total, (rows, _) = self._state.count(self.table), self.counts()
        return Leaving(records, total, not wishes.confirm_deletes and held_back(len(records), total, rows))

    def due(
        self, seen: Seen, now: float, left_out: Callable[[Change], None], fields_hash: Callable[[], str] | None = None
    ) -> Iterator[Change]:
        """The changes to send, in the order of the keys; `left_out` is told of each of the others.

        Those are rows that cannot be sent, and rows that were refused as they are less than a day ago, by the fields
        as they are: `fields_hash` tells; without it they count as unchanged."""
        at = in_utc(now)
        for change in changes(self._flat, self._state, self.table, self._writer, seen):
            if change.key in self.refused:
                seen.refused.add(change.key)
            if change.problem is not None or self._waits(change, at, fields_hash):
                left_out(change)
            else:
                yield change

    def knows(self, change: Change) -> bool:
        """Whether this row was refused as it is."""
        refused = self.refused.get(change.key)
        return refused is not None and refused.hash == change.hash

    def read_refused(self) -> None:
        self.refused = self._state.rejections(self.table)

    def _waits(self, change: Change, at: datetime, fields_hash: Callable[[], str] | None) -> bool:
        refused = self.refused.get(change.key)
        if refused is None or refused.hash != change.hash or refused.last_rejected_at is None:
            return False
        recent = at - refused.last_rejected_at < TRIED_AGAIN_AFTER
        return recent and (fields_hash is None or refused.fields_hash == fields_hash())


def batches(items: Iterable[Item], ended: Callable[[], bool] = lambda: False) -> Iterator[list[Item]]:
    """As many at a time as one write takes, until the items or the run have ended."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
        if ended():
            return
    if batch:
        yield batch


def held_back(gone: int, total: int, rows: int) -> bool:
    """Whether so many deletes need a person's word."""
    return rows == 0 or any(gone > most and gone > total * share for most, share in MOST_DELETES)
