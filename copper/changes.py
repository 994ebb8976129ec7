"""Records that are searched by their change, and how far they have been read (copper.md 6.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import models
from account import leads_enabled
from api import Copper, TooMany
from bounds import LATEST, Border, passed
from fields import Fields

from shared.clock import Clock
from shared.pages import Page
from shared.pagination import Ties
from shared.positions import Position
from shared.records import identity
from shared.streams import Feed, Task
from shared.tables import Table

OVERLAP_SECONDS = 600
"""How far below the newest change known the next sync reads again: searches lag behind changes (copper.md 6.1)."""
SHORTEST_SLICE_SECONDS = 4


@dataclass(frozen=True)
class Reached(Position):
    """How far the changes of one kind of record have been read.

    Searches lag behind changes, so the last of them are read again, but no more once time enough has passed between
    reaching a second and reading it again. Only how long that was is told by our clock.
    """

    second: int
    """Of the newest change known, as the source tells time."""
    since: float | None = None
    """When that was reached, in Unix seconds of our clock."""
    settled: bool = False
    """It was read again when searches no longer lagged behind it."""
    widen: int | None = None
    """What `Border` has found out."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Releases that saved the second alone had taken bounds to include themselves, without asking."""
        return super().restored({"second": saved} if isinstance(saved, int) else saved)

    @property
    def start(self) -> int:
        """The first second to read."""
        return self.second if self.proven is not None else max(0, self.second - OVERLAP_SECONDS)

    @property
    def proven(self) -> int | None:
        """A second of which all has been read, long after it had passed."""
        return self.second if self.settled and self.widen is not None else None

    def further(self, second: int, now: float) -> Self:
        """What changed up to this second has been read."""
        return replace(self, second=second, since=now, settled=False) if second > self.second else self

    def through(self, started: float) -> Self:
        """Everything from `start` on has been read, beginning at this time."""
        late = self.since is not None and started - self.since >= OVERLAP_SECONDS
        return replace(self, settled=self.settled or late)


def records(copper: Copper, table: Table, clock: Clock, first_second: int) -> Feed:
    """People, companies, leads, opportunities, projects or tasks: by the second of their last change.

    Nothing older than `first_second` is backfilled.
    """

    def read(task: Task, *, whole: bool) -> Iterator[Page]:
        fields = Fields(copper, task)
        position, started = task.position or Reached(0), clock.now()
        if table is models.LEAD and not leads_enabled(fields.account):
            yield Page(position=position)
            return
        border = Border("date_modified", position.widen)
        start = max(position.start, first_second if whole and not task.landed else 0)
        for page in Changes(copper, table.name, clock, border).read(start, position.proven):
            position = replace(position.further(page.position, clock.now()), widen=border.widen)
            yield replace(page, records=fields.of(page.records), position=position)
        yield Page(position=position if whole else position.through(started), whole=whole, done=whole)

    return Feed(
        table=table,
        parents=("account", "custom_field_definition"),
        changed_at="date_modified",
        keep=identity,
        everything=partial(read, whole=True),
        changes=partial(read, whole=False),
        position=Reached.restored,
        hides=True,
    )


class Changes:
    """Reads the records of a kind from a change on, oldest first.

    Only first pages are asked for, because the lower bound moves: records that leave or change meanwhile shift nothing.
    The order is that of the source's index, which lags: a record may stand at its place of before and already show
    the new time. So only times that the index must have caught up with move the bound. Records of one second, and the
    newest ones, are read by page number where they are more than a page, until nothing of them can be missing.
    """

    def __init__(self, copper: Copper, kind: str, clock: Clock, border: Border) -> None:
        self._copper = copper
        self._kind = kind
        self._clock = clock
        self._border = border
        self._widen_upper = 0
        """How many seconds an upper bound of one second must be later to include itself."""
        self._newest = 0
        """A time that has passed at the source."""

    def read(self, start: int, proven: int | None = None) -> Iterator[Page]:
        """Pages of what changed at `start` or later. The position of each is the second that it reaches: 0 where that
        is none.

        What changed in the second that is `proven` is read once more only as far as it comes on the first page.
        """
        bound, reached = start, 0
        while True:
            page = self._first(bound, known=bound > start)
            times = self._noted(page)
            if page.last:
                yield replace(page, position=max([reached, *times]))
                return
            further = self._further(bound, times)
            tied = further == bound and times.count(bound) > len(page.records) // 2
            if tied and bound == proven:
                yield replace(page, position=reached)
                bound += 1
                continue
            if not tied and (further == bound or self._newest == max(times)):
                self._noted(self._copper.newest(self._kind))
                further = self._further(bound, times)
            if further > bound:
                yield replace(page, position=further)
                bound = reached = further
                continue
            if not tied and self._newest < bound:  # What is left has no time that means anything.
                yield from self._steadily(bound, LATEST - 1, reached)
                return
            until = bound if tied else self._newest
            yield from self._steadily(bound, until, reached)
            yield Page(position=until)
            if self._border.widen is None:
                self._first(until, known=True)  # So that the next sync can begin above this.
            bound, reached = until + 1, until

    def _first(self, second: int, *, known: bool) -> Page:
        return self._border.ask(
            lambda widen: self._copper.records(self._kind, minimum_modified_date=max(0, second - widen)),
            second if known else None,
        )

    def _noted(self, page: Page) -> list[int]:
        """When the records changed, where they say a time that can have come by now. The latest is noted."""
        times = passed(page.records, "date_modified", self._clock)
        self._newest = max([self._newest, *times])
        return times

    def _further(self, bound: int, times: Iterable[int]) -> int:
        """How far these times move the bound."""
        until = self._newest - OVERLAP_SECONDS
        return max((second for second in times if bound < second <= until), default=bound)

    def _steadily(self, lower: int, upper: int, reached: int) -> Iterator[Page]:
        """What changed between two seconds, by page number."""
        return (replace(page, position=reached) for page in self._slices(lower, upper, (0, LATEST)))

    def _slices(self, lower: int, upper: int, created: tuple[int, int]) -> Iterator[Page]:
        """By when they were created, where they are too many."""
        try:
            yield from Ties(lambda _: self._pages(lower, upper, created), identity).read(lower)
        except TooMany:
            first, last = created
            middle = (first + last) // 2
            if last - first <= SHORTEST_SLICE_SECONDS:
                raise
            # Each half has the seconds at its bounds, whether or not they are included.
            yield from self._slices(lower, upper, (first, middle + 1))
            yield from self._slices(lower, upper, (middle - 1, last))

    def _pages(self, lower: int, upper: int, created: tuple[int, int]) -> Iterator[Page]:
        widen = self._border.widen or 0
        bounds = {"minimum_modified_date": max(0, lower - widen)}
        if created != (0, LATEST):
            bounds |= {"minimum_created_date": created[0], "maximum_created_date": created[1]}
        widen = max(widen, self._widen_upper or upper > lower)
        found = False
        for page in self._copper.record_pages(self._kind, **bounds, maximum_modified_date=upper + widen):
            found = found or bool(page.records)
            yield page
        if not found and not widen and created == (0, LATEST):
            self._widen_upper = 1
            yield from self._pages(lower, upper, created)
