"""What happened, and stays as it is."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from functools import partial

import models
from api import MOST_LOGS, PandaDoc
from listings import to_an_empty_page, without_secrets
from positions import Happened
from times import BEGINNING, moment, moments, since, stamp

from shared.clock import Clock
from shared.errors import BadPayload
from shared.pages import Page
from shared.pagination import Windows
from shared.records import identity
from shared.shown import Recent
from shared.streams import Feed, Task
from shared.tables import Table
from shared.tally import has_come

OVERLAP = timedelta(days=1)
"""How far below the newest time known the next sync reads again: what is asked for by the time at which it was made
shows the time at which it was delivered."""
LOGS_KEPT = timedelta(days=90)
LONGEST_WINDOW, SHORTEST_WINDOW = timedelta(days=10), timedelta(minutes=1)


class History:
    """A listing of what happened, which the source keeps for a while only. Nothing of it is deleted.

    `shows` is the time of a record, `read` answers pages from a time on. The position is the newest time shown, with
    the rows a little before it: those are read again, and not sent again.
    """

    def __init__(self, table: Table, shows: str, read: Callable[[datetime | None], Iterable[Page]]) -> None:
        self._table = table
        self._shows = shows
        self._read = read
        self._identity = partial(identity, path=table.key[0])
        self._position: Happened | None = None

    def stream(self, *, opt_in: bool = False) -> Feed:
        return Feed(
            table=self._table,
            everything=self._everything,
            changes=self._changes,
            position=Happened.restored,
            appends=True,
            opt_in=opt_in,
        )

    def _everything(self, task: Task) -> Iterator[Page]:
        if self._position is None:
            yield from self._from(None, Recent(), BEGINNING)
        # Else the changes have just been read, and what is older has not changed.
        yield Page(position=self._position, done=True)

    def _changes(self, task: Task) -> Iterator[Page]:
        if not task.looks:
            return
        newest = since(task.position.newest)
        yield from self._from(newest - OVERLAP, Recent(task.position.recent), newest)
        if not has_come(newest):
            # A release from before believed it, and everything since then lies below it.
            yield from self._from(None, Recent(), BEGINNING)
        yield Page(position=self._position)

    def _from(self, start: datetime | None, recent: Recent, newest: datetime) -> Iterator[Page]:
        for page in self._read(start):
            fresh = [row for row in page.records if not recent.has(self._identity(row), row)]
            for row in page.records:
                recent.put(self._identity(row), row, moment(row, self._shows) or newest)
            newest = max([newest, *filter(has_come, moments(fresh, self._shows))])
            yield Page(fresh)
        self._position = Happened(recent=recent.kept(newest - OVERLAP), newest=stamp(newest))


def events(pandadoc: PandaDoc, start: datetime | None) -> Iterable[Page]:
    """Webhook events."""
    bound = {} if start is None else {"since": stamp(start)}
    return to_an_empty_page(lambda: pandadoc.webhook_events(**bound), models.WEBHOOK_EVENT.key[0])


def logs(pandadoc: PandaDoc, clock: Clock, start: datetime | None) -> Iterable[Page]:
    """API calls. Our own are among them, so what is listed grows as it is read: it is read up to a moment of the
    source's clock, where that is told. Below it nothing moves, and one reading is enough."""
    end = pandadoc.now()
    if end is not None and (start is None or start < end):
        return _windows(pandadoc, start or end - LOGS_KEPT, end, open_ended=False)
    now = datetime.fromtimestamp(clock.now(), timezone.utc)
    return to_an_empty_page(
        lambda: _windows(pandadoc, start or now - LOGS_KEPT, now, open_ended=True), models.API_LOG.key[0]
    )


class TooMany(BadPayload):
    """A window of the logs holds more than can be had (pandadoc.md 13.14)."""


def _windows(pandadoc: PandaDoc, lower: datetime, end: datetime, *, open_ended: bool) -> Iterator[Page]:
    """API calls. `open_ended`: the last window has no upper bound."""
    windows = Windows(LONGEST_WINDOW, SHORTEST_WINDOW, TooMany)

    def window(start: datetime, until: datetime) -> list[Page]:
        found = list(pandadoc.logs(stamp(start), None if open_ended and until == end else stamp(until)))
        if sum(len(page.records) for page in found) >= MOST_LOGS:
            raise TooMany(f"{MOST_LOGS} API calls and more within {until - start}: the rest of them cannot be had")
        return found

    while True:
        lower, found = windows.read(window, lower, end)
        yield from map(without_secrets, found)
        if lower >= end:
            return
