"""What the streams that read something of each document have in common: which documents to read, and in which order."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from api import PAGE_SIZE, PandaDoc
from by_time import MODIFIED, by_creation, moved_on
from listings import deleted
from positions import START, ByChange, ByCreation
from times import BEGINNING, moment, moments, since, stamp

from shared.clock import Clock
from shared.errors import BadPayload, TimedOut, Unavailable
from shared.pages import Page
from shared.records import identity, text
from shared.shown import Recent, Shown
from shared.streams import Feed, Task
from shared.tables import Table
from shared.tally import has_come
from shared.workers import Workers

OVERLAP = timedelta(minutes=5)
"""How far below the newest change known the next sync reads again: rows may show late (pandadoc.md 7.3)."""
MOST_GONE = 50_000
"""So many deleted documents are remembered, to see which of them are restored: a megabyte of the state."""
ROWS_A_POSITION = 50
"""So often what was listed lately is written into the position."""


class Walk:
    """Everything by creation, then what changed, then what the list does not tell, then what is deleted."""

    most_gone = MOST_GONE

    def __init__(self, pandadoc: PandaDoc, calls: Workers, table: Table, start_date: str | None, clock: Clock) -> None:
        self.pandadoc = pandadoc
        self.clock = clock
        self._calls = calls
        self._table = table
        self._start_date = start_date
        self._gone = set[str]()
        """What was deleted when this sync last looked."""
        self._live = set[str]()
        """What this sync has seen listed as not deleted."""

    def stream(self) -> Feed:
        return Feed(
            table=self._table,
            everything=self.everything,
            changes=self.changes,
            again=self.again,
            position=ByChange.restored,
            backfill=ByCreation.restored,
            hides=True,
        )

    def everything(self, task: Task) -> Iterator[Page]:
        """All documents, by creation."""
        position: ByCreation = task.position or self._beginning()
        recent = Recent(position.recent)
        oldest = since(position.modified, OVERLAP)

        def listed() -> Iterator[Page]:
            so_far = position.recent
            for number, page in enumerate(by_creation(self.pandadoc, position)):
                for row in page.records:
                    self._live.add(identity(row))
                    if (time := moment(row, "date_modified")) and time >= oldest:
                        recent.put(identity(row), row, time)
                if number % ROWS_A_POSITION == 0:
                    so_far = recent.so_far()
                yield replace(page, position=replace(page.position, recent=so_far)) if page.records else page

        self._begin()
        yield from self.each(listed())
        gone = yield from self._read_deleted(self._gone, task.landed)
        reached = ByChange(recent=recent.all(), modified=position.modified, gone=gone, looked=self.clock.now())
        yield Page(position=reached, whole=True, done=True)

    def changes(self, task: Task) -> Iterator[Page]:
        """Documents that changed, then what the list does not tell."""
        position: ByChange = task.position
        known = since(position.modified)
        recent, newest = Recent(position.recent), known

        def listed() -> Iterator[Page]:
            nonlocal newest
            for page in moved_on(self.pandadoc, MODIFIED, {}, since(position.modified, OVERLAP)):
                newest = max(newest, page.position) if has_come(page.position) else newest
                fresh = [row for row in page.records if not recent.has(identity(row), row)]
                for row in page.records:
                    self._live.add(identity(row))
                    recent.put(identity(row), row, moment(row, "date_modified") or page.position)
                if page.failures:
                    yield Page(failures=page.failures)
                for row in fresh[:-1]:
                    yield Page([row])
                if fresh:
                    yield Page(fresh[-1:], replace(position, modified=stamp(newest), recent=recent.so_far()))
                elif len(page.records) < PAGE_SIZE and page.position >= known:
                    return  # Up to the newest change known all is as it was, and nothing follows.

        self._begin()
        yield from self.each(listed())
        looked = (yield from self._look(position)) if task.looks else position.looked
        gone = yield from self._read_deleted(set(Shown(position.gone)), task.landed)
        reached = ByChange(recent=recent.kept(newest - OVERLAP), modified=stamp(newest), gone=gone, looked=looked)
        yield Page(position=reached)

    def again(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        """Documents that could not be read before."""
        return self._look_at(str(key["id"]) for key in keys)

    def _read_deleted(self, before: set[str], landed: int) -> Generator[Page, None, Mapping[str, str]]:
        """What the list of deleted documents tells, against that of the sync before; returns it for the position."""
        listed = partial(self.pandadoc.document_pages, deleted="true", order_by="date_created")
        found = yield from deleted(
            listed,
            "id",
            before=before,
            live=self._live,
            landed=landed,
            one=lambda document: [self.pandadoc.documents(id=document)],
            signal=self._signal,
        )
        gone = before if found is None else found
        yield from self._finish(gone, before)
        self._gone = gone
        kept = Shown()
        for name in gone if len(gone) <= self.most_gone else ():
            kept.put(name)
        return kept.kept()

    def _beginning(self) -> ByCreation:
        """Noted before anything is read: what changes meanwhile lies above."""
        first = self._end("date_created", 1)
        last = self._end("-date_created", 1)
        changed = self._end("-date_modified", PAGE_SIZE) or last
        return replace(
            START,
            created=stamp(min(moments(first, "date_created"), default=BEGINNING)),
            horizon=stamp(max(moments(last, "date_created"), default=BEGINNING)),
            modified=stamp(max(filter(has_come, moments(changed, "date_modified")), default=BEGINNING)),
        )

    def _end(self, order: str, count: int) -> Sequence[Any]:
        """The first documents in an order; none where they cannot be had: with very many documents only the order of
        creation is fast (pandadoc.md 6), and without this more is read than need be."""
        try:
            return self.pandadoc.documents(order_by=order, count=count).records
        except (TimedOut, Unavailable, BadPayload):
            return ()

    def each(self, listed: Iterable[Page]) -> Iterator[Page]:
        """What is read of each document, in order: a page of `listed` has one, or none."""
        return self._calls.map(
            lambda page: replace(self._one(page.records[0]), position=page.position) if page.records else page, listed
        )

    def _look_at(self, documents: Iterable[str]) -> Iterator[Page]:
        """The same by their ids. What is listed no more, a complete pass finds to be gone, or nothing is missing."""

        def look(document: str) -> Page:
            listed = self.pandadoc.documents(id=document).records
            return next((self._one(row) for row in listed if identity(row) == document), Page(resolved=[document]))

        return self._calls.map(look, documents)

    def _too_old(self, row: Any) -> bool:
        changed = text(row, "date_modified")
        return self._start_date is not None and changed != "" and changed[:10] < self._start_date

    # What the streams differ in.

    def _begin(self) -> None:
        """Forget the reading before."""

    def _one(self, row: Any) -> Page:
        """What is read of one document that is listed."""
        raise NotImplementedError

    def _look(self, position: ByChange) -> Generator[Page, None, float]:
        """Documents of which something may have changed without a sign. Returns when all such were read last, in Unix
        seconds of our clock."""
        yield from ()
        return self.clock.now()

    def _signal(self, documents: list[str]) -> Page:
        """What it means for the table that these documents are deleted."""
        return Page(deleted=documents)

    def _finish(self, gone: set[str], gone_before: set[str]) -> Iterator[Page]:
        """What is left to do once all was listed, the deleted documents too."""
        raise NotImplementedError
