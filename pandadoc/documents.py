"""Documents with their details.

What no list tells, the content of a document, is looked at again while the document is open: the more often, the later
somebody has worked on it. Of all others a complete pass reads it.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import models
from api import PAGE_SIZE, PandaDoc, Record
from by_time import MODIFIED, by_creation, moved_on
from listings import failed
from positions import START, ByChange
from times import since
from walk import Walk

from shared.clock import Clock, due
from shared.errors import Forbidden, NotFound, NotReady, Rejected, ServiceDown, SourceError, Unauthorized
from shared.pages import Page
from shared.records import identity, text
from shared.streams import Feed
from shared.workers import Workers

UPLOADED, FAILED = "document.uploaded", "document.error"
UPLOADING = 3
"""The number of the first in filters."""
STATUSES: Mapping[str, tuple[int, ...]] = {"off": (), "drafts": (0,), "all": (0, 1, 5, 6, 7, 8, 9, 13, 14)}
"""By the setting, the statuses in which the content of a document is looked at again (pandadoc.md 6, 7.2)."""
LATELY = timedelta(days=1)
"""An open document that changed so lately before the newest change known is read at every look."""
STILL = 24
"""The others at one look of so many: once a day, where looks are hourly."""
MOST_UNREAD = 1_000
"""So many documents that may just be deleted are looked at again; where it is more, something else is wrong."""


class Documents(Walk):
    """`open_statuses` are those in which documents are looked at again, every so many seconds."""

    def __init__(
        self,
        pandadoc: PandaDoc,
        calls: Workers,
        open_statuses: Sequence[int],
        start_date: str | None,
        clock: Clock,
        look_seconds: float,
    ) -> None:
        super().__init__(pandadoc, calls, models.DOCUMENT, start_date, clock)
        self._open_statuses = open_statuses
        self._look_seconds = look_seconds
        self._read = set[str]()
        self._unread: list[str] = []
        self._last_look = False

    def stream(self) -> Feed:
        return replace(super().stream(), changed_at="date_modified")

    def _begin(self) -> None:
        self._read.clear()
        self._unread.clear()
        self._last_look = False

    def _one(self, row: Any) -> Page:
        """The details of a document.

        One that is not there, or refused, may be deleted right now: once the deleted ones are known it is looked at
        again. Until then it is only remembered, so that it is not forgotten should the sync die.
        """
        name = text(row, "id")
        if not name:
            return Page([row])
        if self._too_old(row):
            return Page(unchanged=[name])  # It may have landed before there was a start date: it is there still.
        self._read.add(name)
        try:
            return self._with_details(row)
        except (Unauthorized, ServiceDown):
            raise
        except (NotFound, Forbidden) as error:
            if self._last_look or len(self._unread) >= MOST_UNREAD:
                return Page(partial=[row], failures=[failed(error, name)])
            self._unread.append(name)
            return Page(failures=[failed(NotReady(error.message), name)])
        except NotReady as error:
            if not self._last_look:
                self._unread.append(name)
            return Page(partial=[row], failures=[failed(error, name)])
        except SourceError as error:
            return Page(partial=[row], failures=[failed(error, name)])

    def _with_details(self, row: Record) -> Page:
        if row.get("status") == UPLOADED:
            raise NotReady("the document is still being made")
        try:
            return Page([{**row, **self.pandadoc.document_details(row["id"])}])
        except (Unauthorized, Forbidden):
            raise
        except Rejected:
            if row.get("status") != FAILED:
                raise
            return Page(partial=[row], resolved=[row["id"]])  # It could not be made, so there may be no more of it.

    def _look(self, position: ByChange) -> Generator[Page, None, float]:
        now = self.clock.now()
        all_of_them = due(position.looked, self.clock, STILL * self._look_seconds)
        listed = self._open() if all_of_them else self._open_lately(since(position.modified, LATELY))
        yield from self.each(page for page in listed if page.failures or identity(page.records[0]) not in self._read)
        return now if all_of_them else position.looked

    def _open(self) -> Iterator[Page]:
        for status in self._open_statuses:
            for page in by_creation(self.pandadoc, START, status=status):
                yield replace(page, position=None)

    def _open_lately(self, start: datetime) -> Iterator[Page]:
        for status in self._open_statuses:
            for page in moved_on(self.pandadoc, MODIFIED, {"status": status}, start):
                if page.failures:
                    yield Page(failures=page.failures)
                yield from (Page([row]) for row in page.records)
                if len(page.records) < PAGE_SIZE:
                    break  # What it may hide comes when all of them are read.

    def _finish(self, gone: set[str], gone_before: set[str]) -> Iterator[Page]:
        """What was restored shows nowhere else: it keeps its old change time."""
        again = [*(name for name in self._unread if name not in gone), *sorted(gone_before - gone)]
        yield from self._look_at(dict.fromkeys(again))

    def _look_at(self, documents: Iterable[str]) -> Iterator[Page]:
        """Those that are still being made come in one listing, however many they are."""
        self._last_look = True
        names = list(documents)
        made = self.pandadoc.documents(status=UPLOADING).records if names else ()
        being_made = {name: row for row in made if (name := text(row, "id"))}
        yield from (self._one(being_made[name]) for name in names if name in being_made)
        yield from super()._look_at(name for name in names if name not in being_made)
