"""Activities, by their date, newest first; their `date_modified` tells no changes (copper.md 6.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import models
from api import PAGE_SIZE, Copper, TooMany
from bounds import DAY_SECONDS, LATEST, Border, passed, seconds

from shared.clock import Clock
from shared.errors import TimedOut, Unavailable
from shared.pages import Page
from shared.pagination import MOST_READINGS, Ties, by_keyset
from shared.positions import Position
from shared.records import identity, number
from shared.streams import Feed, Task

LOOK_BACK_SECONDS = 30 * DAY_SECONDS
"""How far below the last activity logged the next sync reads activities again: they are logged late, and edited."""
LONGEST_WINDOW_SECONDS = 92 * DAY_SECONDS
SHORTEST_WINDOW_SECONDS = 14 * DAY_SECONDS


@dataclass(frozen=True)
class Logged(Position):
    """When the last activity was logged, from which changes look back."""

    created: int
    """The newest `date_created`, in Unix seconds."""


@dataclass(frozen=True)
class Descended(Logged):
    """While everything is read: also the date down to which that has come."""

    down_to: int = LATEST - 1


def activities(copper: Copper, clock: Clock) -> Feed:
    """Activities: as changes the first page of those of the last days and of the future, all of them where it is time
    to look."""

    def read(created: int, start: int, floor: int, *, whole: bool, compares: bool = False) -> Iterator[Page]:
        seen: set[str] = set()
        for reading in range(MOST_READINGS):
            reader, before = Activities(copper, floor), len(seen)
            for page in reader.read(start):
                created = max([created, *passed(page.records, "date_created", clock)])
                seen.update(map(identity, page.records))
                reached = Descended(created, page.position) if whole and not reading else None
                yield replace(without_stubs(page), position=reached)
            # One whose date was moved up while it was read has slipped past. The total is no more than an upper bound:
            # where it proves nothing, a reading that brings nothing new does.
            nothing_slipped = (reader.total is not None and len(seen) >= reader.total) or len(seen) == before
            if nothing_slipped or not compares:
                break
        yield Page(position=Logged(created), whole=whole and nothing_slipped, done=whole)

    def newest(floor: int) -> Iterator[Page]:
        for page in islice(Activities(copper, floor).read(LATEST), 1):
            yield without_stubs(page)

    def everything(task: Task) -> Iterator[Page]:
        position = task.position or Descended(0)
        # From a second above, in case bounds do not include themselves.
        return read(position.created, position.down_to + 1, 0, whole=True, compares=task.landed > 0)

    def changes(task: Task) -> Iterator[Page]:
        created = task.position.created
        floor = max(0, created - LOOK_BACK_SECONDS)
        return read(created, LATEST, floor, whole=False) if task.looks else newest(floor)

    return Feed(
        table=models.ACTIVITY,
        parents=("account",),
        changed_at="activity_date",
        everything=everything,
        changes=changes,
        position=Logged.restored,
        backfill=Descended.restored,
        hides=True,
    )


def without_stubs(page: Page) -> Page:
    """A page of activities, without what it shows of deleted ones."""
    return replace(
        page,
        records=[each for each in page.records if not models.is_stub(each)],
        deleted=[identity(each) for each in page.records if models.is_stub(each)],
        position=None,
    )


class Activities:
    """Reads activities from a date down to `floor`.

    Only first pages are asked for, because the upper bound moves. Where a search takes too long, or finds too many, it
    is cut into windows; one that does not come newest first, which is nowhere promised, is read by page number.
    """

    def __init__(self, copper: Copper, floor: int) -> None:
        self.total: int | None = None
        """How many there are, as the first answer says, if that was about all of them."""
        self._copper = copper
        self._floor = floor
        self._border = Border("activity_date")
        self._ties = Ties(lambda date: self._pages(date, date), identity)
        self._window: int | None = None

    def read(self, start: int) -> Iterator[Page]:
        """Pages of activities. The position of each is the date that it reaches down to."""
        self._start = start
        # The keyset counts upwards, so dates are counted from the end of time. A short page may have successors.
        for page in by_keyset(
            lambda key: self._fetch(-key),
            start=-start,
            size=1,
            change=_counted_down,
            identity=identity,
            tied=lambda key: self._ties.read(-key),
            after=lambda key: key + 1,
        ):
            yield replace(page, position=-page.position)

    def _fetch(self, upper: int) -> Page:
        """The newest activities up to `upper`: some that have dates, or all that are left."""
        found: list[Any] = []
        known = upper != self._start
        while True:
            lower = self._floor if self._window is None else max(self._floor, upper - self._window)
            try:
                page = self._between(lower, upper, known)
            except (TimedOut, Unavailable, TooMany) as error:
                # What a search says that takes too long is not documented.
                shortest = 1 if isinstance(error, TooMany) else SHORTEST_WINDOW_SECONDS
                if upper - lower <= shortest:
                    raise
                self._window = max(min((upper - lower) // 2, LONGEST_WINDOW_SECONDS), shortest)
                continue
            if upper == self._start and lower == self._floor:
                self.total = page.total
            if self._window is not None:
                self._window = min(2 * self._window, LONGEST_WINDOW_SECONDS)
            found += page.records
            last = bool(page.last) and lower == self._floor
            if last or not page.last or (len(found) >= PAGE_SIZE and seconds(found, "activity_date")):
                # Windows that came whole may have come in any order.
                return Page(sorted(found, key=lambda each: _counted_down(each) or 0), last=last)
            upper, known = lower + 1, False

    def _between(self, lower: int, upper: int, known: bool) -> Page:
        page = self._border.ask(
            lambda widen: self._copper.activities(**_bounds(lower, upper, widen)), upper if known else None
        )
        dates = seconds(page.records, "activity_date")
        if page.last or dates == sorted(dates, reverse=True):
            return page
        pages = Ties(lambda _: self._pages(lower, upper), identity).read(upper)
        return replace(page, records=[record for each in pages for record in each.records], last=True)

    def _pages(self, lower: int, upper: int) -> Iterator[Page]:
        return self._copper.activity_pages(**_bounds(lower, upper, self._border.widen or 0))


def _bounds(lower: int, upper: int, widen: int) -> dict[str, int]:
    return {"minimum_activity_date": max(0, lower - widen), "maximum_activity_date": min(upper + widen, LATEST)}


def _counted_down(record: Any) -> int | None:
    date = number(record, "activity_date")
    return None if date is None else -date
