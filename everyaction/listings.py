"""What is read by lists: whole, by change, as it is added, and events with their signups (everyaction.md 4 and 6)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from api import EveryAction
from exports import stamp

from shared.crawl import below, crawl
from shared.kinds import BEGINNING, calm_listing
from shared.pages import Page
from shared.pagination import newest_first, until_calm
from shared.records import identity, moment
from shared.streams import Feed, Snapshot, Task
from shared.tables import Table
from shared.tally import has_come
from shared.workers import Workers

MODIFIED = "dateModified"
OVERLAP = timedelta(hours=1)
ADDED_OVERLAP = timedelta(days=1)
YEARS_BACK, YEARS_AHEAD = 1, 2
"""Of events that are looked at again and again."""
FIRST_YEAR, LATER_YEARS = 2000, 4
"""In a complete pass events are listed year by year from then on, up to so many years ahead, and what is before and
behind."""
SIGNUPS_MOVE = timedelta(days=30)
"""For so long after the beginning of an event its signups are looked at again and again."""


def listing(everyaction: EveryAction, path: str, table: Table) -> Snapshot:
    """A list that is read whole, once a day."""
    return calm_listing(table, lambda: everyaction.listed(path), key_of(table))


def modified(everyaction: EveryAction, path: str, table: Table) -> Feed:
    """A list that comes in the order of changes, the newest first."""

    changed = partial(moment, path=MODIFIED)

    def reaching(pages: Iterator[Page], reached: datetime, *, whole: bool) -> Iterator[Page]:
        """The pages, then how far they reach."""
        for page in pages:
            reached = max([reached, *(time for time in map(changed, page.records) if time and has_come(time))])
            yield page
        yield Page(position=reached, partition="(all)", done=whole)

    def everything(task: Task) -> Iterator[Page]:
        pages = until_calm(lambda: everyaction.listed(path), partial(identity, path=key_of(table)))
        return reaching(pages, BEGINNING, whole=True)

    def changes(task: Task) -> Iterator[Page]:
        newest = newest_first(everyaction.listed(path), change=changed, since=task.position - OVERLAP)
        return reaching(newest, task.position, whole=False)

    return Feed(
        table=table, changed_at=MODIFIED, position=datetime.fromisoformat, everything=everything, changes=changes
    )


def added(everyaction: EveryAction, path: str, table: Table, since: str) -> Feed:
    """A list that can be asked for what was added from a time on, by the parameter `since`."""

    def pages(task: Task, *, whole: bool) -> Iterator[Page]:
        now = everyaction.now()
        if whole:
            yield from until_calm(lambda: everyaction.listed(path), partial(identity, path=key_of(table)))
        else:
            yield from everyaction.listed(path, **{since: stamp(task.position - ADDED_OVERLAP)})
        yield Page(position=now, partition="(all)", done=whole)

    return Feed(
        table=table,
        position=datetime.fromisoformat,
        everything=partial(pages, whole=True),
        changes=partial(pages, whole=False),
    )


class Events:
    """Events by the year of their beginning: nothing tells when one changed."""

    def __init__(self, everyaction: EveryAction, calls: Workers) -> None:
        self._everyaction = everyaction
        self._calls = calls

    def feed(self, table: Table) -> Feed:
        """At each look those of the years around this one; all of them in a complete pass."""

        def everything(task: Task) -> Iterator[Page]:
            last = self._everyaction.now().year + LATER_YEARS
            ends = {"before": {"startingBefore": f"{FIRST_YEAR}-01-01"}, "later": {"startingAfter": f"{last}-12-31"}}
            yield from self._read({**ends, **years(FIRST_YEAR, last)})
            yield Page(position=str(last), partition="(all)", done=True)

        def changes(task: Task) -> Iterator[Page]:
            this = self._everyaction.now().year if task.looks else None
            if this is not None:
                yield from self._read(years(this - YEARS_BACK, this + YEARS_AHEAD))

        return Feed(table=table, everything=everything, changes=changes, keep=dict)

    def _read(self, parts: Mapping[str, Mapping[str, str]]) -> Iterator[Page]:
        def read(asked: Mapping[str, str]) -> Iterator[Page]:
            return until_calm(lambda: self._everyaction.listed("events", **asked), partial(identity, path="eventId"))

        return crawl(self._calls, parts.items(), read)

    def signups(self, table: Table) -> Feed:
        """Those of each event that was read, for as long as they move."""

        def pages(task: Task) -> Iterator[Page]:
            now = self._everyaction.now()
            moving = (
                (str(event["eventId"]), event)
                for event in task.parents["event"]
                if task.complete or (moment(event, "startDate") or now) > now - SIGNUPS_MOVE
            )
            return crawl(self._calls, moving, read)

        def read(event: Any) -> Iterator[Page]:
            return until_calm(
                lambda: self._everyaction.listed("signups", eventId=str(event["eventId"])),
                partial(identity, path=key_of(table)),
            )

        return below(table, ("event",), pages, follows=True)


def years(first: int, last: int) -> dict[str, dict[str, str]]:
    """What each of these years is asked for by. Whether a bound is included is not said: so each begins a day early."""
    return {
        str(year): {"startingAfter": f"{year - 1}-12-31", "startingBefore": f"{year + 1}-01-01"}
        for year in range(first, last + 1)
    }


def key_of(table: Table) -> str:
    """The path to what tells the records of a table apart."""
    return table.columns[0].paths[0]
