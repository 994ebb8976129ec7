"""The streams of PandaDoc: which table, which listing, which position (pandadoc.md 5-9).

The list of documents shows little, so each is asked for on its own: first by creation, then by change. Only first pages
are asked for, because the lower bound moves. What the list does not tell, the content of a document, is read again
while the document is open, and by a complete pass.
"""

import base64
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import models
from api import DOCUMENT_DETAILS, MOST_LOGS, PAGE_SIZE, TEMPLATE_DETAILS, Batch, PandaDoc, Record
from settings import CONFIGURATION, connect

from shared.clock import Clock
from shared.errors import (
    BadPayload,
    Forbidden,
    NotFound,
    NotReady,
    Rejected,
    ServiceDown,
    SourceError,
    TimedOut,
    Unauthorized,
    Unavailable,
)
from shared.landed import HASH_BYTES, Entry, Landed, content_hash
from shared.once import Once
from shared.pagination import LONGEST_WINDOW, SHORTEST_WINDOW, Part, UntilCalm, by_keyset
from shared.redaction import redacted
from shared.run import Run, runner
from shared.streams import Failure, Feed, Page, Snapshot, Stream, Task
from shared.tables import Table
from shared.workers import Workers

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
OVERLAP = timedelta(minutes=5)
"""How far below the newest change known the next sync reads again: rows may show late (pandadoc.md 7.3)."""
HISTORY_OVERLAP = timedelta(days=1)
"""The same for what is asked for by the time at which it was made, and shows the time at which it was delivered."""
RESOLUTION = timedelta(microseconds=1)
BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
LOGS_KEPT = timedelta(days=90)
LONGEST_LOG_WINDOW = timedelta(days=10)
SHORTEST_LOG_WINDOW = timedelta(minutes=1)
UPLOADED, FAILED = "document.uploaded", "document.error"
UPLOADING = 3
"""The number of the first in filters."""
STATUSES: Mapping[str, tuple[int, ...]] = {"off": (), "drafts": (0,), "all": (0, 1, 5, 6, 7, 8, 9, 13, 14)}
"""By the setting, the statuses in which the content of a document is looked at again (pandadoc.md 6, 7.2)."""
MOST_RECENT = 50_000
"""So many of the latest rows are told from those that are new; others are read once more. One edit of very many
documents gives all of them the same time. They take half a megabyte of the state."""
GROWN = 1.1
"""What was read lately is written anew where it is so much more: it may be much, and every page has a position."""
MOST_GONE, MOST_GONE_BELOW = 50_000, 10_000
"""So many deleted documents are remembered, to see which of them are restored; fewer by each of the many streams that
are read below documents: a megabyte of the state is 50,000 of them."""
SMALLER_PAGES = (50, 10)
MOST_POISON = 10
"""So many documents in a row that cannot be listed are passed over; the one before them is among these."""
MOST_UNREAD = 1_000
"""So many documents that may just be deleted are looked at again; where it is more, something else is wrong."""
WITNESSES = 8
"""Of so many documents, made over the whole life of the workspace, it is asked whether something is refused of all."""
ROWS_A_POSITION = 50
"""So often what was read lately is written into the position."""

Calls = Callable[[str], Workers]
"""The threads for an operation, by its name."""
Position = dict[str, Any]


def build(run: Run) -> list[Stream]:
    """The streams of one workspace. A token that rotates is saved with everything that has landed by then."""
    connection = connect(
        run.values, run.state, clock=run.clock, desk=run.desk, secrets=run.secrets, session=run.session
    )
    if connection.tokens:
        connection.tokens.persist = run.checkpoint
    return streams(
        connection.pandadoc,
        run.lanes,
        run.clock,
        start_date=run.values["start_date"],
        again=STATUSES[run.values["reread_open_documents"]],
    )


run = runner(CONFIGURATION, build)


def streams(
    pandadoc: PandaDoc,
    calls: Calls,
    clock: Clock,
    *,
    start_date: str | None = None,
    again: Sequence[int] = STATUSES["drafts"],
) -> list[Stream]:
    """All streams. `again` are the statuses in which documents are read at every sync."""

    def extra(table: Table, operation: str, read: Callable[[str], Iterable[Any]]) -> Feed:
        return Extras(pandadoc, calls, table, operation, read, start_date, clock).stream()

    return [
        Documents(pandadoc, calls, again, start_date).stream(),
        Detailed(
            models.TEMPLATE,
            calls,
            TEMPLATE_DETAILS,
            lambda **deleted: pandadoc.templates(**deleted),
            lambda identity: pandadoc.template_details(identity),
        ).stream(),
        Detailed(
            models.CONTENT_LIBRARY_ITEM,
            calls,
            TEMPLATE_DETAILS,
            lambda **deleted: pandadoc.content_library_items(**deleted),
            lambda identity: pandadoc.content_library_item_details(identity),
        ).stream(),
        Detailed(
            models.CATALOG_ITEM,
            calls,
            "catalogue details",
            lambda **deleted: pandadoc.catalog_items(),
            lambda identity: pandadoc.catalog_item_details(identity),
            lists_deleted=False,
        ).stream(),
        listing(models.CONTACT, lambda: [pandadoc.contacts()], HOUR_SECONDS),
        listing(models.MEMBER, lambda: [pandadoc.members()], HOUR_SECONDS),
        listing(models.USER, lambda: pandadoc.users(), DAY_SECONDS),
        listing(models.WORKSPACE, lambda: pandadoc.workspaces(), DAY_SECONDS),
        listing(models.FORM, lambda: pandadoc.forms(), DAY_SECONDS),
        listing(models.DOCUMENT_FOLDER, lambda: folders(pandadoc, "documents"), DAY_SECONDS),
        listing(models.TEMPLATE_FOLDER, lambda: folders(pandadoc, "templates"), DAY_SECONDS),
        listing(models.WEBHOOK_SUBSCRIPTION, lambda: [without_secrets(pandadoc.webhook_subscriptions())], DAY_SECONDS),
        History(models.WEBHOOK_EVENT, "delivery_time", lambda since: events(pandadoc, since)).stream(),
        History(models.API_LOG, "request_time", lambda since: logs(pandadoc, clock, since)).stream(opt_in=True),
        listing(models.NOTARY, lambda: pandadoc.notaries(), DAY_SECONDS, opt_in=True),
        listing(models.NOTARIZATION_REQUEST, lambda: pandadoc.notarization_requests(), DAY_SECONDS, opt_in=True),
        listing(models.SMS_OPT_OUT, lambda: [pandadoc.sms_opt_outs(stamp(BEGINNING))], DAY_SECONDS, opt_in=True),
        extra(models.DOCUMENT_ATTACHMENT, "attachments", lambda document: pandadoc.attachments(document)),
        extra(models.DOCUMENT_SECTION, "sections", lambda document: pandadoc.sections(document)),
        extra(
            models.DOCUMENT_AUDIT_TRAIL,
            "audit trail",
            lambda document: [each for page in pandadoc.audit_trail(document) for each in page],
        ),
        extra(models.DOCUMENT_SETTING, "settings", lambda document: [pandadoc.document_settings(document)]),
        extra(models.DOCUMENT_AUTO_REMINDER, "auto-reminders", lambda document: reminders(pandadoc, document)),
    ]


# Records, and the times that they show.


def identity(record: Any, key: str = "id") -> str:
    """Tells records apart while a listing is read, malformed ones too."""
    return record[key] if named(record, key) else repr(record)


def named(record: Any, key: str = "id") -> bool:
    """Whether a record says which one it is."""
    return isinstance(record, Mapping) and isinstance(record.get(key), str) and bool(record[key])


def moment(record: Any, key: str) -> datetime | None:
    """A time of a record, UTC where it names no zone (pandadoc.md 9.10); `None` where it does not say."""
    value = record.get(key) if isinstance(record, Mapping) else None
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if parsed is None:
        return None
    return parsed.astimezone(timezone.utc) if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def stamp(time: datetime) -> str:
    """A time as filters take it (pandadoc.md 6)."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def since(time: str, less: timedelta = timedelta()) -> datetime:
    """A time from a position, or a little before it."""
    return max(datetime.fromisoformat(time) - less, BEGINNING)


class Recent:
    """What lists showed lately, as hashes: what they show again the same has been read."""

    def __init__(self, kept: Any = None, key: str = "id") -> None:
        """`kept` is what an earlier sync kept; anything else counts as nothing, so that more is read once more."""
        before = base64.b85decode(kept) if isinstance(kept, str) else b""
        self._before = {before[start : start + HASH_BYTES] for start in range(0, len(before), HASH_BYTES)}
        self._rows: dict[str, tuple[datetime, bytes]] = {}
        self._key = key
        self._written: tuple[int, str] = (0, kept if isinstance(kept, str) else "")

    def has(self, row: Any) -> bool:
        name, content = identity(row, self._key), content_hash(row)
        return self._rows[name][1] == content if name in self._rows else content in self._before

    def put(self, row: Any, time: datetime) -> None:
        self._rows[identity(row, self._key)] = (time, content_hash(row))

    def kept(self, oldest: datetime) -> str:
        """What of it is needed from now on, where rows before `oldest` are not listed again."""
        return self._text(set(), oldest)

    def all(self) -> str:
        """That, and what was kept before."""
        return self._text(self._before, BEGINNING)

    def so_far(self) -> str:
        """The same while rows are still being read: written anew only where it has grown by a good part."""
        if len(self._rows) > self._written[0] * GROWN:
            self._written = (len(self._rows), self.all())
        return self._written[1]

    def _text(self, others: set[bytes], oldest: datetime) -> str:
        rows = sorted((time, content) for time, content in self._rows.values() if time >= oldest)
        return base64.b85encode(b"".join(sorted({*others, *(content for _, content in rows[-MOST_RECENT:])}))).decode()


class Unreadable(Rejected):
    """It is listed, but its own address says that it is not there: no proof that it is gone (pandadoc.md 7.4)."""

    category = "not_found"


def failed(error: SourceError, name: str) -> Failure:
    """The failure to read one record that is listed."""
    if isinstance(error, NotFound):
        error = Unreadable(
            f"listed, but not to be read by itself: {error.message}",
            method=error.method,
            url=error.url,
            status=error.status,
        )
    return Failure(error, name, {"id": name})


# Listings.


def parts(pages: Iterable[Batch]) -> Iterator[Part]:
    """Pages that are cut by number. After a full one there is another, if only an empty one."""
    page = Batch([], last=True)
    for page in pages:
        yield Part(page, page.total)
    if page.total is None and not page.last and len(page) >= PAGE_SIZE:
        yield Part([], None)


def listing(table: Table, read: Callable[[], Iterable[Batch]], every_seconds: int, *, opt_in: bool = False) -> Snapshot:
    """A listing that comes whole or in pages. A refusal is believed until it is due again: some are for few to see."""

    def everything(task: Task) -> Iterator[Page]:
        found = UntilCalm(lambda: parts(read()), lambda record: identity(record, table.key[0]))
        try:
            for part in found:
                yield Page(part.records)
        except Unauthorized:
            raise
        except Rejected as error:
            yield Page(failures=[Failure(error, table.name)])
        else:
            yield Page(whole=found.calm)

    return Snapshot(table=table, every_seconds=every_seconds, everything=everything, hides=True, opt_in=opt_in)


def folders(pandadoc: PandaDoc, kind: str) -> Iterator[Batch]:
    """Pages of all folders, level by level, each with the one that it lies in (pandadoc.md 9.6)."""
    waiting: list[str | None] = [None]
    met = set[str | None]()
    unread: SourceError | None = None
    while waiting:
        parent = waiting.pop(0)
        try:
            for page in pandadoc.folders(kind, parent):
                rows = [{**each, "parent_uuid": parent} if isinstance(each, Mapping) else each for each in page]
                yield Batch(rows, last=page.last)
                inside = [each["uuid"] for each in rows if named(each, "uuid") and each.get("has_folders") is not False]
                waiting += [each for each in inside if each not in met]
                met.update(inside)
        except (Unauthorized, ServiceDown):
            raise
        except SourceError as error:
            if parent is None:
                raise
            if not isinstance(error, NotFound):  # Else it was deleted meanwhile.
                unread = unread or error
    if unread is not None:
        raise unread  # The folders beside that one have been read.


def without_secrets(page: Batch) -> Batch:
    """Records whose address is shown without what may be secret in it."""
    return Batch(
        [
            {**each, "url": redacted(each["url"])}
            if isinstance(each, Mapping) and isinstance(each.get("url"), str)
            else each
            for each in page
        ],
        last=page.last,
        total=page.total,
    )


class Detailed:
    """A listing whose rows show that a record has changed, and the details of each that has.

    The position is the hash of every row whose details have landed.
    """

    def __init__(
        self,
        table: Table,
        calls: Calls,
        operation: str,
        pages: Callable[..., Iterator[Batch]],
        details: Callable[[str], Record],
        *,
        lists_deleted: bool = True,
    ) -> None:
        self.table = table
        self._calls = calls
        self._operation = operation
        self._pages = pages
        self._details = details
        self._lists_deleted = lists_deleted
        self._key = table.key[0]

    def stream(self) -> Feed:
        return Feed(table=self.table, everything=self._read, changes=self._read, hides=True)

    def _read(self, task: Task) -> Iterator[Page]:
        position = task.position or {}
        read = Landed.decoded(position.get("read"))
        shown, failures = dict[str, bytes](), dict[str, SourceError]()
        listing = UntilCalm(lambda: parts(self._pages()), self._identity)

        def rows() -> Iterator[tuple[Any, bytes, bool]]:
            for part in listing:
                for row in part.records:
                    name, content = self._identity(row), content_hash(self.table.kept(row))
                    if shown.get(name) != content:
                        shown[name] = content
                        before = read.get(name)
                        yield row, content, before is not None and before.hash == content

        results = self._calls(self._operation).map(self._one, rows())
        for number, (name, content, page, error) in enumerate(results):
            if error is not None:
                failures[name] = error
            elif name:
                failures.pop(name, None)
                read.put(name, Entry(content))
            saved = number % ROWS_A_POSITION == 0
            yield replace(page, position={**position, "read": read.encoded()}) if saved else page
        gone = set[str]()
        if self._lists_deleted:
            gone = yield from deleted(partial(self._pages, deleted="true"), self._key)
        failures = {name: error for name, error in failures.items() if name not in gone}
        kept = Landed()
        for name, content in shown.items():
            if name in read and name not in failures and name not in gone:
                kept.put(name, Entry(content))
        yield Page(
            failures=[failed(error, name) for name, error in failures.items()],
            settled=[name for name in position.get("failed", ()) if name not in failures],
            position={"read": kept.encoded(), "failed": sorted(failures)},
            whole=listing.calm,
            done=True,
        )

    def _one(self, item: tuple[Any, bytes, bool]) -> tuple[str, bytes, Page, SourceError | None]:
        """The name of a record, if it has one, what there is of it, and why it is not all of it."""
        row, content, unchanged = item
        if not named(row, self._key):
            return "", content, Page([row]), None
        name = self._identity(row)
        if unchanged:
            return name, content, Page(unchanged=[name]), None
        try:
            return name, content, Page([{**row, **self._details(name)}]), None
        except (Unauthorized, ServiceDown):
            raise
        except SourceError as error:
            return name, content, Page(partial=[row]), error

    def _identity(self, row: Any) -> str:
        return identity(row, self._key)


def deleted(
    pages: Callable[[], Iterable[Batch]],
    key: str = "id",
    page: Callable[[list[str]], Page] = lambda names: Page(deleted=names),
) -> Generator[Page, None, set[str]]:
    """Pages of what a listing of deleted records shows; returns all of it."""
    gone = set[str]()
    for part in UntilCalm(lambda: parts(pages()), lambda record: identity(record, key)):
        these = [record[key] for record in part.records if named(record, key)]
        gone.update(these)
        yield page(these)
    return gone


# Documents.


CREATED, MODIFIED = "created", "modified"
"""What documents can be put in order by, and asked for from a time on."""


def moved_on(
    pandadoc: PandaDoc,
    by: str,
    start: datetime,
    filters: Mapping[str, str | int],
    fetch: Callable[[datetime], Sequence[Any]] | None = None,
) -> Iterator[tuple[datetime, Sequence[Any]]]:
    """Documents created or modified at or after a time, oldest first, each page with the time that it reaches."""

    def shows(row: Any) -> datetime | None:
        return moment(row, f"date_{by}")

    def tied(time: datetime) -> Iterator[Sequence[Any]]:
        # Documents of one time come in any order, so they are read in another one, in which they are not equal.
        these = {**filters, f"{by}_from": stamp(time), f"{by}_to": stamp(time + RESOLUTION)}
        other = MODIFIED if by == CREATED else CREATED
        if f"{other}_from" not in filters:
            yield from (rows for _, rows in moved_on(pandadoc, other, BEGINNING, these))
        yield from pandadoc.document_pages(order_by=f"date_{by}", **these)

    def first(time: datetime) -> Sequence[Any]:
        return beginning(pandadoc, by, time, filters)

    return by_keyset(
        fetch or first,
        start=start,
        size=PAGE_SIZE,
        change=shows,
        identity=identity,
        tied=tied,
        after=lambda time: time + RESOLUTION,
    )


def beginning(
    pandadoc: PandaDoc, by: str, start: datetime, filters: Mapping[str, str | int], *, patient: bool = True
) -> Sequence[Any]:
    """The first documents created or modified at or after a time: fewer where they cannot be had together, or, unless
    `patient`, `TimedOut` where that takes too long.

    One that cannot be had by itself is passed over where what follows it can be had. In its place stands a text that
    says why, which is no record: so it is reported, and nothing is taken for gone.
    """

    def ask(count: int, number: int = 1) -> Sequence[Any]:
        bounds = {**filters, f"{by}_from": stamp(start)}
        return pandadoc.documents(order_by=f"date_{by}", **bounds, count=count, page=number)

    def leads_on(rows: Sequence[Any]) -> bool:
        times = [time for row in rows if (time := moment(row, f"date_{by}"))]
        return bool(times) and times[-1] > start

    try:
        return ask(PAGE_SIZE)
    except TimedOut as error:
        if not patient:
            raise
        failure: SourceError = error
    except (Unavailable, BadPayload) as error:
        failure = error
    for size in SMALLER_PAGES:
        with suppress(TimedOut, Unavailable, BadPayload):
            if leads_on(rows := ask(size)):
                return rows
    found: list[Any] = []
    for number in range(1, MOST_POISON + 1):
        try:
            row = ask(1, number)
        except (TimedOut, Unavailable, BadPayload) as error:
            found.append(f"a document that cannot be listed: {error}")
        else:
            found += row
            if not row or leads_on(row):
                return found
    raise failure


def by_creation(
    pandadoc: PandaDoc, position: Position, *, horizon: datetime | None = None, **filters: int
) -> Iterator[tuple[Any, Position]]:
    """Documents by creation, each with the position after it.

    Until `horizon` they are asked for in windows, which halve when one takes too long and grow back (pandadoc.md 7.3).
    """
    reached, done = since(position["created"]), list(position["at"])
    length = LONGEST_WINDOW

    def created(row: Any) -> datetime | None:
        return moment(row, "date_created")

    def fetch(start: datetime) -> list[Any]:
        nonlocal length
        found: list[Any] = []
        lower = start
        while True:
            upper = lower + length
            bounds: dict[str, str | int] = {}
            if horizon is not None and upper <= horizon:
                bounds["created_to"] = stamp(upper)
            shorter = bool(bounds) and length > SHORTEST_WINDOW
            try:
                page = beginning(pandadoc, CREATED, lower, {**bounds, **filters}, patient=not shorter)
            except TimedOut:
                if not shorter:
                    raise
                length = max(length / 2, SHORTEST_WINDOW)
                continue
            length = min(length * 2, LONGEST_WINDOW)
            found += page
            later = any(time is not None and time > start for time in map(created, found))
            if later or len(found) >= PAGE_SIZE or not bounds:
                return found
            lower = upper

    for _, rows in moved_on(pandadoc, CREATED, reached, filters, fetch):
        for row in sorted(rows, key=lambda row: created(row) or reached):
            time = created(row) or reached
            if time > reached:
                reached, done = time, []
            if identity(row) not in done:
                done = [*done, identity(row)]
                yield row, {**position, "created": stamp(reached), "at": done}


START: Position = {"created": stamp(BEGINNING), "at": []}


class Walk:
    """Goes through documents and reads something of each: everything by creation, then what changed.

    The position while everything is read is the creation of the last document, with those created right then; later
    the newest change, what was listed shortly before it, and which documents are deleted.
    """

    most_gone = MOST_GONE

    def __init__(self, pandadoc: PandaDoc, calls: Calls, operation: str, start_date: str | None) -> None:
        self.pandadoc = pandadoc
        self._calls = calls
        self._operation = operation
        self._start_date = start_date
        self._gone = set[str]()
        """What was deleted when this sync last looked."""

    def everything(self, task: Task) -> Iterator[Page]:
        """All documents, by creation."""
        position = task.position or self._beginning()
        recent = Recent(position["recent"])
        oldest = since(position["modified"], OVERLAP)

        def rows() -> Iterator[tuple[Any, Position]]:
            horizon = since(position["horizon"])
            for number, (row, after) in enumerate(by_creation(self.pandadoc, position, horizon=horizon)):
                if (time := moment(row, "date_modified")) and time >= oldest:
                    recent.put(row, time)
                if number % ROWS_A_POSITION == 0:
                    position["recent"] = recent.so_far()
                yield row, {**after, "recent": position["recent"]}

        self._begin()
        yield from self._each(rows())
        gone = yield from self._deleted(self._gone)
        yield Page(
            position={"modified": position["modified"], "recent": recent.all(), "gone": gone}, whole=True, done=True
        )

    def changes(self, task: Task) -> Iterator[Page]:
        """Documents that changed, then what the list does not tell."""
        position: Position = dict(task.position)
        recent, newest = Recent(position["recent"]), since(position["modified"])

        def rows() -> Iterator[tuple[Any, Position | None]]:
            nonlocal newest
            start = since(position["modified"], OVERLAP)
            for reached, found in moved_on(self.pandadoc, MODIFIED, start, {}):
                newest = max(newest, reached)
                fresh = [row for row in found if not recent.has(row)]
                for row in found:
                    recent.put(row, moment(row, "date_modified") or reached)
                for left, row in zip(range(len(fresh) - 1, -1, -1), fresh, strict=True):
                    after = None if left else {**position, "modified": stamp(newest), "recent": recent.so_far()}
                    yield row, after

        self._begin()
        yield from self._each(rows())
        yield from self._each((row, None) for row in self._unsignalled())
        gone = yield from self._deleted({name for name, _ in Landed.decoded(position["gone"]).items()})
        yield Page(position={"modified": stamp(newest), "recent": recent.kept(newest - OVERLAP), "gone": gone})

    def again(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        """Documents that could not be read before."""
        return self._look_at(str(key["id"]) for key in keys)

    def _deleted(self, before: set[str]) -> Generator[Page, None, dict[str, str]]:
        """What the list of deleted documents tells, against that of the sync before; returns it for the position."""
        gone = yield from deleted(
            partial(self.pandadoc.document_pages, deleted="true", order_by="date_created"), page=self._signal
        )
        yield from self._finish(gone, before)
        self._gone = gone
        kept = Landed()
        for name in gone if len(gone) <= self.most_gone else ():
            kept.put(name, Entry(None))
        return kept.encoded()

    def _signal(self, documents: list[str]) -> Page:
        """What it means for the table that these documents are deleted."""
        return Page(deleted=documents)

    @property
    def _lane(self) -> Workers:
        return self._calls(self._operation)

    def _beginning(self) -> Position:
        """Noted before anything is read: what changes meanwhile lies above."""
        first = self._end("date_created", 1)
        last = self._end("-date_created", 1)
        changed = self._end("-date_modified", PAGE_SIZE) or last
        first_created = min((time for row in first if (time := moment(row, "date_created"))), default=BEGINNING)
        horizon = max((time for row in last if (time := moment(row, "date_created"))), default=BEGINNING)
        modified = max((time for row in changed if (time := moment(row, "date_modified"))), default=BEGINNING)
        return {
            "created": stamp(first_created),
            "at": [],
            "horizon": stamp(horizon),
            "modified": stamp(modified),
            "recent": "",
        }

    def _end(self, order: str, count: int) -> Sequence[Any]:
        """The first documents in an order; none where they cannot be had: with very many documents only the order of
        creation is fast (pandadoc.md 6), and without this more is read than need be."""
        try:
            return self.pandadoc.documents(order_by=order, count=count)
        except (TimedOut, Unavailable, BadPayload):
            return []

    def _begin(self) -> None:
        """Forget the reading before."""

    def _each(self, rows: Iterable[tuple[Any, Position | None]]) -> Iterator[Page]:
        """What is read of each document, in order."""
        for page, position in self._lane.map(lambda item: (self._one(item[0]), item[1]), rows):
            yield page if position is None else replace(page, position=position)

    def _one(self, row: Any) -> Page:
        """What is read of one document that is listed."""
        raise NotImplementedError

    def _look_at(self, documents: Iterable[str]) -> Iterator[Page]:
        """The same by their ids. What is listed no more, a complete pass finds to be gone, or nothing is missing."""

        def look(document: str) -> Page:
            listed = self.pandadoc.documents(id=document)
            return next((self._one(row) for row in listed if identity(row) == document), Page(settled=[document]))

        return self._lane.map(look, documents)

    def _unsignalled(self) -> Iterator[Any]:
        """Documents of which something may have changed without a sign."""
        return iter(())

    def _finish(self, gone: set[str], gone_before: set[str]) -> Iterator[Page]:
        """What is left to do once all was listed, the deleted documents too."""
        raise NotImplementedError

    def _too_old(self, row: Any) -> bool:
        changed = row.get("date_modified")
        return self._start_date is not None and isinstance(changed, str) and changed[:10] < self._start_date


class Documents(Walk):
    """Documents with their details. `again` are the statuses in which they are read at every sync."""

    def __init__(self, pandadoc: PandaDoc, calls: Calls, again: Sequence[int], start_date: str | None) -> None:
        super().__init__(pandadoc, calls, DOCUMENT_DETAILS, start_date)
        self._again = again
        self._read = set[str]()
        self._unread: list[str] = []
        self._last_look = False

    def stream(self) -> Feed:
        return Feed(
            table=models.DOCUMENT,
            everything=self.everything,
            changes=self.changes,
            again=self.again,
            changed_at="date_modified",
            hides=True,
        )

    def _begin(self) -> None:
        self._read.clear()
        self._unread.clear()
        self._last_look = False

    def _one(self, row: Any) -> Page:
        """The details of a document.

        One that is not there, or refused, may be deleted right now: once the deleted ones are known it is looked at
        again. Until then it is only remembered, so that it is not forgotten should the sync die.
        """
        if not named(row):
            return Page([row])
        name: str = row["id"]
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
            return Page(partial=[row], settled=[row["id"]])  # It could not be made, so there may be no more of it.

    def _unsignalled(self) -> Iterator[Any]:
        for status in self._again:
            for row, _ in by_creation(self.pandadoc, START, status=status):
                if identity(row) not in self._read:
                    yield row

    def _finish(self, gone: set[str], gone_before: set[str]) -> Iterator[Page]:
        """What was restored shows nowhere else: it keeps its old change time."""
        again = [*(name for name in self._unread if name not in gone), *sorted(gone_before - gone)]
        yield from self._look_at(dict.fromkeys(again))

    def _look_at(self, documents: Iterable[str]) -> Iterator[Page]:
        """Those that are still being made come in one listing, however many they are."""
        self._last_look = True
        names = list(documents)
        made = self.pandadoc.documents(status=UPLOADING) if names else []
        being_made = {row["id"]: row for row in made if named(row)}
        yield from map(self._one, (being_made[name] for name in names if name in being_made))
        yield from super()._look_at(name for name in names if name not in being_made)


class Extras(Walk):
    """What is asked for document by document. Edits of the content alone, only a complete pass sees."""

    most_gone = MOST_GONE_BELOW

    def __init__(
        self,
        pandadoc: PandaDoc,
        calls: Calls,
        table: Table,
        operation: str,
        read: Callable[[str], Iterable[Any]],
        start_date: str | None,
        clock: Clock,
    ) -> None:
        super().__init__(pandadoc, calls, operation, start_date)
        self._table = table
        self._read = read
        self._any_other_allowed = Once(self._ask_witnesses, clock)
        self._allowed = False
        self._trying_again = False

    def stream(self) -> Feed:
        return Feed(
            table=self._table,
            everything=self.everything,
            changes=self.changes,
            again=self.again,
            opt_in=True,
            hides=True,
        )

    def _one(self, row: Any) -> Page:
        """What there is below a document."""
        if not named(row):
            return Page([f"what lies below {row!r}"])  # It is not known whose is left out, so that none is gone.
        if row.get("status") == UPLOADED:
            return Page()
        name: str = row["id"]
        if self._too_old(row):
            return Page(partition=name)  # What has landed below it stays.
        try:
            found = [{**each, "document_id": name} if isinstance(each, Mapping) else each for each in self._read(name)]
        except (Unauthorized, ServiceDown):
            raise
        except Forbidden as error:
            if not (self._allowed or self._trying_again or self._any_other_allowed()):
                raise
            return Page(partition=name, failures=[failed(error, name)])
        except NotFound:
            return Page(partition=name, settled=[name])
        except SourceError as error:
            return Page(partition=name, failures=[failed(error, name)])
        self._allowed = True
        return Page(found, partition=name, whole=True, settled=[name])

    def _ask_witnesses(self) -> bool:
        """Whether it may be read of any document: those at hand may have something in common."""
        ends = [
            time
            for order in ("date_created", "-date_created")
            for row in self.pandadoc.documents(order_by=order, count=1)
            if (time := moment(row, "date_created"))
        ]
        for number in range(WITNESSES) if len(ends) == 2 else ():
            made = stamp(ends[0] + (ends[1] - ends[0]) * number / (WITNESSES - 1))
            for row in self.pandadoc.documents(order_by="date_created", created_from=made, count=1):
                if not named(row):
                    continue
                with suppress(Forbidden, NotFound, NotReady):
                    self._read(row["id"])
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


def reminders(pandadoc: PandaDoc, document: str) -> list[Record]:
    """How a document's recipients are reminded, and whether they were.

    A draft has only the first, one that is finished has neither: what there is not, is refused (pandadoc.md 4).
    """
    settings: Record | None = None
    sent: list[Any] = []
    try:
        settings = pandadoc.auto_reminders(document)
        sent = pandadoc.auto_reminders_status(document)
    except Rejected as error:
        if error.status != 400:
            raise
    return [] if settings is None else [{**settings, "reminders": sent}]


# What happened, and stays as it is.


class History:
    """A listing of what happened, which the source keeps for a while only. Nothing of it is deleted.

    The position is the newest time shown, with the rows a little before it: those are read again, and not sent again.
    """

    def __init__(self, table: Table, shows: str, read: Callable[[datetime | None], Iterable[Part]]) -> None:
        self._table = table
        self._shows = shows
        self._read = read
        self._position: Position | None = None

    def stream(self, *, opt_in: bool = False) -> Feed:
        return Feed(table=self._table, everything=self._everything, changes=self._changes, appends=True, opt_in=opt_in)

    def _everything(self, task: Task) -> Iterator[Page]:
        if self._position is None:
            yield from self._from(None, Recent(key=self._table.key[0]), BEGINNING)
        # Else the changes have just been read, and what is older has not changed.
        yield Page(position=self._position, done=True)

    def _changes(self, task: Task) -> Iterator[Page]:
        newest = since(task.position["newest"])
        recent = Recent(task.position["recent"], self._table.key[0])
        yield from self._from(newest - HISTORY_OVERLAP, recent, newest)
        yield Page(position=self._position)

    def _from(self, start: datetime | None, recent: Recent, newest: datetime) -> Iterator[Page]:
        for part in self._read(start):
            fresh = [row for row in part.records if not recent.has(row)]
            for row in part.records:
                recent.put(row, moment(row, self._shows) or newest)
            newest = max([newest, *(time for row in fresh if (time := moment(row, self._shows)))])
            yield Page(fresh)
        self._position = {"newest": stamp(newest), "recent": recent.kept(newest - HISTORY_OVERLAP)}


def events(pandadoc: PandaDoc, start: datetime | None) -> Iterable[Part]:
    bound = {} if start is None else {"since": stamp(start)}
    key = models.WEBHOOK_EVENT.key[0]
    return UntilCalm(lambda: parts(pandadoc.webhook_events(**bound)), lambda row: identity(row, key))


def logs(pandadoc: PandaDoc, clock: Clock, start: datetime | None) -> Iterable[Part]:
    """API calls. Our own are among them, so what is listed grows as it is read: it is read up to a moment of the
    source's clock, where that is told. Below it nothing moves, and one reading is enough."""
    end = pandadoc.now()
    if end is not None and (start is None or start < end):
        return parts(windows(pandadoc, start or end - LOGS_KEPT, end, open_ended=False))
    now = datetime.fromtimestamp(clock.now(), timezone.utc)
    return UntilCalm(
        lambda: parts(windows(pandadoc, start or now - LOGS_KEPT, now, open_ended=True)),
        lambda row: identity(row, models.API_LOG.key[0]),
    )


def windows(pandadoc: PandaDoc, lower: datetime, end: datetime, *, open_ended: bool) -> Iterator[Batch]:
    """API calls in windows, which are cut where they hold more than can be had (pandadoc.md 13.14).

    `open_ended`: the last of them has no upper bound.
    """
    length = LONGEST_LOG_WINDOW
    while True:
        upper = min(lower + length, end)
        found = list(pandadoc.logs(stamp(lower), None if open_ended and upper == end else stamp(upper)))
        if sum(map(len, found)) >= MOST_LOGS:
            if length <= SHORTEST_LOG_WINDOW:
                raise BadPayload(f"{MOST_LOGS} API calls and more within {length}: the rest of them cannot be had")
            length = min(length, end - lower) / 2
            continue
        for page in found:
            yield without_secrets(page)
        if upper == end:
            return
        lower, length = upper, min(length * 2, LONGEST_LOG_WINDOW)
