"""What is asked for document by document. Edits of the content alone, only a complete pass sees."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from api import PandaDoc, Record
from documents import UPLOADED
from listings import failed
from times import moments, stamp
from walk import Walk

from shared.clock import Clock
from shared.errors import BadPayload, Forbidden, NotFound, NotReady, Rejected, ServiceDown, SourceError, Unauthorized
from shared.once import Once
from shared.pages import Failure, Page
from shared.records import adding, text
from shared.streams import Feed
from shared.tables import Table
from shared.workers import Workers

MOST_GONE_BELOW = 10_000
"""So many deleted documents are remembered by each of the many streams that are read below documents."""
WITNESSES = 8
"""Of so many documents, made over the whole life of the workspace, it is asked whether something is refused of all."""


class Extras(Walk):
    """`read` answers what there is below a document."""

    most_gone = MOST_GONE_BELOW

    def __init__(
        self,
        pandadoc: PandaDoc,
        calls: Workers,
        table: Table,
        read: Callable[[str], Iterable[Page]],
        start_date: str | None,
        clock: Clock,
    ) -> None:
        super().__init__(pandadoc, calls, table, start_date, clock)
        self._read = read
        self._any_other_allowed = Once(self._ask_witnesses, clock)
        self._allowed = False
        self._trying_again = False

    def stream(self) -> Feed:
        return replace(super().stream(), opt_in=True)

    def _one(self, row: Any) -> Page:
        """What there is below a document."""
        name = text(row, "id")
        if not name:
            nobody = BadPayload("a document without an id: what lies below it cannot be asked for")
            return Page(failures=[Failure(nobody, None)])
        if row.get("status") == UPLOADED:
            return Page()
        if self._too_old(row):
            return Page(partition=name)  # What has landed below it stays.
        try:
            found = [adding(each, document_id=name) for page in self._read(name) for each in page.records]
        except (Unauthorized, ServiceDown):
            raise
        except Forbidden as error:
            if not (self._allowed or self._trying_again or self._any_other_allowed()):
                raise
            return Page(partition=name, failures=[failed(error, name)])
        except NotFound:
            return Page(partition=name, resolved=[name])
        except SourceError as error:
            return Page(partition=name, failures=[failed(error, name)])
        self._allowed = True
        return Page(found, partition=name, whole=True, resolved=[name])

    def _ask_witnesses(self) -> bool:
        """Whether it may be read of any document: those at hand may have something in common."""
        ends = [
            time
            for order in ("date_created", "-date_created")
            for time in moments(self.pandadoc.documents(order_by=order, count=1).records, "date_created")
        ]
        for number in range(WITNESSES) if len(ends) == 2 else ():
            made = stamp(ends[0] + (ends[1] - ends[0]) * number / (WITNESSES - 1))
            for row in self.pandadoc.documents(order_by="date_created", created_from=made, count=1).records:
                if name := text(row, "id"):
                    with suppress(Forbidden, NotFound, NotReady):
                        list(self._read(name))
                        return True
        return False

    def again(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        """Documents that failed before: that they are refused once more says nothing of the others."""
        self._trying_again = True
        yield from super().again(keys)
        self._trying_again = False

    def _signal(self, documents: list[str]) -> Page:
        # A key of more parts than the document names none of the rows: those that are remembered, `_finish` finds.
        return Page(deleted=documents) if self._table.key == ("document_id",) else Page()

    def _finish(self, gone: set[str], gone_before: set[str]) -> Iterator[Page]:
        for name in sorted(gone - gone_before):
            yield Page(partition=name, whole=True)
        yield from self._look_at(sorted(gone_before - gone))


def reminders(pandadoc: PandaDoc, document: str) -> list[Page]:
    """How a document's recipients are reminded, and whether they were.

    A draft has only the first, one that is finished has neither: what there is not, is refused (pandadoc.md 4).
    """
    settings: Record | None = None
    sent: Sequence[Any] = []
    try:
        settings = pandadoc.auto_reminders(document)
        sent = pandadoc.auto_reminders_status(document).records
    except Rejected as error:
        if error.status != 400:
            raise
    return [] if settings is None else [Page([{**settings, "reminders": sent}])]
