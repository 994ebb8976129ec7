"""One entity, in step with its changes."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from api import Faulted, QuickBooks, Refused
from capture import Capture, Captured, Silent, SilentAlone
from company import Company
from entities import Entity
from positions import Absent, Backfill, Followed, entity_position
from queries import Listing, count, name_of
from times import CADENCE_SECONDS, CHANGED, OVERLAP, long_ago

from shared.clock import DAY_SECONDS, Clock, due
from shared.errors import BadPayload, RateLimited, ServiceDown, SourceError, Unauthorized, Unavailable
from shared.pages import Failure, Page
from shared.pending import MOST_ATTEMPTS
from shared.streams import Feed, Task

CAPTURE = "capture"
"""The partition of what is refused where only change data capture is: it says nothing about what is listed."""


@dataclass(frozen=True)
class Answer:
    """What QuickBooks says of an entity before its changes are read."""

    captured: Captured = None
    """What changed, where change data capture is asked."""
    counted: float = 0.0
    """When the rows were counted last, in Unix seconds."""
    fewer: bool = False
    """There were fewer than have landed."""


class Changing:
    """An entity that change data capture tells the changes of, or queries by change time.

    `saved` is how far it had come at the last sync, and `start` the first second, since 1970, of which anything is to
    be read.
    """

    def __init__(
        self,
        quickbooks: QuickBooks,
        clock: Clock,
        company: Company,
        capture: Capture,
        entity: Entity,
        saved: Followed | Absent | None,
        start: int,
    ) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self._company = company
        self._capture = capture
        self._entity = entity
        self._saved = saved if isinstance(saved, Followed) else None
        # What has landed is compared with all there is, so a listing never begins later than an earlier one did.
        self._start = start if self._saved is None else min(start, self._saved.start)

    def feed(self) -> Feed:
        """The stream."""
        return Feed(
            table=self._entity.table,
            parents=self._company.parents if self._entity.has_currency else (),
            changed_at=CHANGED if self._entity.dated else None,
            position=entity_position,
            backfill=Backfill.restored,
            everything=self._everything,
            asks=self._asks,
            changes=self._changes,
            overdue=self._overdue,
        )

    def _everything(self, task: Task) -> Iterator[Page]:
        listing = Listing(self._quickbooks, self._entity.name)
        before = task.position or Backfill(began="", reached=self._start, start=self._start)
        now = before
        # Told at the end: where the reading breaks off, the position has their names.
        failures: list[Failure] = []
        came = set[str]()
        try:
            for page in listing.pages(before.reached):
                came.update(map(name_of, page.records))
                failures += page.failures
                missed = dict.fromkeys([*before.missed, *(each.record_id for each in failures)])
                now = replace(
                    now,
                    began=now.began or listing.began,
                    reached=page.position,
                    missed=tuple(missed),
                    read=before.read + len(came),
                )
                yield replace(page, records=self._own(page.records), position=now, failures=())
            unlisted = yield from self._unlisted(listing, now, came)
        except Refused as error:
            yield self._refused(error)
            return
        missing = Unavailable("a row here could not be had, and then the reading broke off")
        yield Page(
            position=self._listed(now.began or listing.began, now.start),
            failures=[*(Failure(missing, each) for each in before.missed), *failures, *unlisted],
            whole=not now.missed and not unlisted,
            done=True,
        )

    def _unlisted(self, listing: Listing, now: Backfill, came: set[str]) -> Generator[Page, None, list[Failure]]:
        """What else there is, by QuickBooks' own count: a page that is short is no proof that nothing follows, and a
        filter by change time shows no row that has none. Returns the failure to find all of it."""
        there_are = self._count(now.start)
        if there_are is None:
            return []
        before = now.read - len(came)
        for pages in (listing.pages(now.reached), listing.by_place(now.start, to_an_empty_page=True)):
            for page in pages if there_are > before + len(came) + len(now.missed) else ():
                came.update(map(name_of, page.records))
                yield replace(page, records=self._own(page.records), position=None, failures=())
        lacking = there_are - before - len(came) - len(now.missed)
        why = BadPayload(f"QuickBooks counts {there_are} rows and shows {lacking} fewer")
        return [Failure(why, self._entity.name)] if lacking > 0 else []

    def _count(self, start: int) -> int | None:
        try:
            return count(self._quickbooks, self._entity.name, start)
        except (Unauthorized, RateLimited, ServiceDown):
            raise
        except SourceError:
            return None  # What cannot be counted says nothing of what was listed.

    def _listed(self, since: str, start: int) -> Followed:
        """The position after everything. Where change data capture was silent, it is asked whether it still is."""
        position = Followed(since=since, listed=self._clock.now(), start=start)
        was_silent = self._saved is not None and self._saved.silent is not None
        if was_silent and isinstance(self._capture.of(self._entity.name, position.time), Silent):
            return replace(position, uncaptured=True, silent=self._clock.now())
        return position

    def _asks(self, task: Task) -> Answer:
        position = task.position
        if not isinstance(position, Followed):
            return Answer()
        counted, fewer = position.counted, False
        if not task.complete and not self._is_due(position) and self._is_to_be_counted(position):
            counted, fewer = self._clock.now(), self._are_fewer(task.landed)
        if not self._is_captured(position):
            return Answer(counted=counted, fewer=fewer)
        return Answer(self._capture.of(self._entity.name, position.time), counted, fewer)

    def _overdue(self, task: Task) -> bool:
        position, answer = task.position, task.answer
        if not isinstance(position, Followed):
            return False
        unknown = self._is_captured(position) and answer.captured is None
        return self._is_due(position) or answer.fewer or unknown

    def _changes(self, task: Task) -> Iterator[Page]:
        position, answer = task.position, task.answer
        if not isinstance(position, Followed):
            return
        position = replace(position, counted=answer.counted)
        if not self._is_captured(position):
            at_every_sync = not self._entity.captured or position.silent is not None
            if at_every_sync or due(position.queried, self._clock, CADENCE_SECONDS):
                yield from self._queried(position)
            return
        match answer.captured:
            case Page() as page:
                yield replace(page, records=self._own(page.records), position=replace(position, since=page.position))
            case SilentAlone() | Faulted() as why:
                silent = self._clock.now() if isinstance(why, SilentAlone) else None
                position = replace(position, uncaptured=True, silent=silent)
                # Saved before the query, which may fail too.
                yield Page(failures=[Failure(why, self._entity.name)], partition=CAPTURE, position=position)
                yield from self._queried(position)
            case Silent() as why:
                yield Page(failures=[Failure(why, "")], partition=CAPTURE)
                if self._is_behind(position):
                    yield from self._queried(position, stays=True)

    def _queried(self, position: Followed, *, stays: bool = False) -> Iterator[Page]:
        """Changes by query. Whoever is to hear of deletions since then too `stays` where it is."""
        listing, failed = Listing(self._quickbooks, self._entity.name), False
        try:
            for page in listing.pages(max(0, int((position.time - OVERLAP).timestamp()))):
                failed = failed or bool(page.failures)
                yield replace(page, records=self._own(page.records), position=None)
        except Refused as error:
            yield self._refused(error)
            return
        tried = position.tried + 1 if failed else 0
        since = position.since if stays or 0 < tried < MOST_ATTEMPTS else listing.began
        yield Page(position=replace(position, since=since, tried=tried, queried=self._clock.now()))

    def _is_captured(self, position: Followed) -> bool:
        return self._entity.captured and not position.uncaptured

    def _is_due(self, position: Followed) -> bool:
        """Whether everything is to be read again, whatever has changed."""
        every = self._entity.listed_every
        return (
            (every is not None and due(position.listed, self._clock, every))
            or (position.silent is not None and due(position.silent, self._clock, DAY_SECONDS))
            or long_ago(position.time, self._clock)
        )

    def _is_to_be_counted(self, position: Followed) -> bool:
        return self._entity.counted and due(max(position.counted, position.listed), self._clock, DAY_SECONDS)

    def _are_fewer(self, landed: int) -> bool:
        try:
            there_are = count(self._quickbooks, self._entity.name, self._start)
        except Faulted:
            return False
        return there_are is not None and there_are < landed

    def _is_behind(self, position: Followed) -> bool:
        every = timedelta(seconds=CADENCE_SECONDS)
        return long_ago(position.time, self._clock, every) and due(position.queried, self._clock, CADENCE_SECONDS)

    def _refused(self, error: Refused) -> Page:
        return Page(failures=[Failure(error, self._entity.name)], position=Absent(), done=True)

    def _own(self, rows: Sequence[Any]) -> list[Any]:
        own = [row for row in rows if self._entity.belongs(row)]
        return [self._company.at_home(row) for row in own] if self._entity.has_currency else own
