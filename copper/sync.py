"""The streams of Copper: which table, which listing, which position (copper.md 3-8).

Records are searched by change, oldest first, first pages only: the lower bound moves. Nothing tells of deletions but
a complete pass, which reads the same searches from the beginning.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from functools import partial
from typing import Any

import models
from api import PAGE_SIZE, SEARCHES, Batch, Copper, Record, TooMany
from dateutil import tz
from settings import CONFIGURATION, LISTINGS, connect, leads_enabled

from shared.clock import Clock
from shared.crawl import below, crawl
from shared.errors import NotFound, Rejected, TimedOut, Unavailable
from shared.pagination import MOST_READINGS, Part, Ties, UntilCalm, by_keyset
from shared.run import Run, runner
from shared.streams import Failure, Feed, Page, Snapshot, Stream, Task, listed
from shared.tables import SEPARATOR, Misfit, Table
from shared.workers import Workers

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS
OVERLAP_SECONDS = 600
"""How far below the newest change known the next sync reads again: searches lag behind changes (copper.md 6.1)."""
LOOK_BACK_SECONDS = 30 * DAY_SECONDS
"""How far below the last activity logged the next sync reads activities again: they are logged late, and edited."""
LATEST = 2**31 - 1
"""The last second that searches know."""
LONGEST_WINDOW_SECONDS = 92 * DAY_SECONDS
SHORTEST_WINDOW_SECONDS = 14 * DAY_SECONDS
SHORTEST_SLICE_SECONDS = 4
HAVE_FILES = ("person", "company", "lead", "opportunity", "project")
SOURCE_TYPES = {
    "person": "people",
    "company": "organization",
    "lead": "lead",
    "opportunity": "opportunity",
    "project": "project",
}
"""What related links call each kind of record."""


def build(run: Run) -> list[Stream]:
    """The streams of one account."""
    copper = connect(run.values, clock=run.clock, secrets=run.secrets, session=run.session)
    start_date = run.values["start_date"]
    first = datetime.fromisoformat(start_date).replace(tzinfo=timezone.utc).timestamp() if start_date else 0
    return streams(copper, run.calls, run.clock, int(first))


run = runner(CONFIGURATION, build)


def streams(copper: Copper, calls: Workers, clock: Clock, first_second: int) -> list[Stream]:
    """All streams, parents before their children. Every one waits for the account: its refusal is that of the key."""
    return [
        Snapshot(table=models.ACCOUNT, everything=lambda task: the_account(copper), keep=dict),
        Snapshot(
            table=models.CUSTOM_FIELD_DEFINITION,
            parents=("account",),
            keep=dict,
            everything=lambda task: definitions(copper),
        ),
        *(
            records(copper, table, clock, first_second)
            for table in (models.PERSON, models.COMPANY, models.LEAD, models.OPPORTUNITY, models.PROJECT, models.TASK)
        ),
        activities(copper, clock),
        Snapshot(
            table=models.USER,
            every_seconds=HOUR_SECONDS,
            parents=("account",),
            everything=lambda task: by_page(copper.users),
        ),
        *(
            listing(table, partial(whole, copper, LISTINGS[table.name]))
            for table in (
                models.PIPELINE,
                models.PIPELINE_STAGE,
                models.CUSTOM_ACTIVITY_TYPE,
                models.CONTACT_TYPE,
                models.CUSTOMER_SOURCE,
                models.LOSS_REASON,
                models.LEAD_STATUS,
            )
        ),
        listing(models.ACTIVITY_TYPE, lambda: [first_of_each(copper.activity_types(), "category", "id")]),
        listing(models.TAG, lambda: copper.tags()),
        related_items(copper, calls),
        related_links(copper, calls),
        files(copper, calls),
    ]


# Listings without change times.


def listing(table: Table, read: Callable[[], Iterable[list[Any]]]) -> Snapshot:
    """A listing that comes without a gap."""
    return Snapshot(
        table=table, every_seconds=DAY_SECONDS, parents=("account",), everything=lambda task: listed(read())
    )


def the_account(copper: Copper) -> Iterator[Page]:
    """The account, and whether dates in custom fields can be told by it."""
    account = copper.account()
    unclear = Rejected(
        f"the account's time zone {account.get('primary_timezone')!r} is not known, so no day can be told from the "
        "dates in custom fields: they land in value_json, as seconds"
    )
    failures = [] if zone_of(account) else [Failure(unclear, "primary_timezone")]
    yield Page([account], failures=failures, whole=True)


def definitions(copper: Copper) -> Iterator[Page]:
    """The definitions of custom fields. Records can be read without: a key that may not see them stops nothing."""
    try:
        yield Page(copper.listing(LISTINGS["custom_field_definition"]), whole=True)
    except Rejected as error:
        yield Page(failures=[Failure(error, "custom_field_definitions")])


def whole(copper: Copper, path: str) -> list[list[Any]]:
    return [copper.listing(path)]


def first_of_each(found: Sequence[Any], *key: str) -> list[Any]:
    """Without those whose key an earlier one has: of the system's activity types some have several names."""
    kept: dict[Any, Any] = {}
    for each in found:
        named = isinstance(each, Mapping)
        kept.setdefault(tuple(str(each.get(name)) for name in key) if named else repr(each), each)
    return list(kept.values())


def by_page(pages: Callable[[], Iterable[Batch]]) -> Iterator[Page]:
    """A listing in pages of a number, again while records moved between them."""
    # The total is no more than an upper bound, so it cannot say whether one was skipped.
    listing = UntilCalm(lambda: (Part(page, None) for page in pages()), identity)
    for part in listing:
        yield Page(part.records)
    yield Page(whole=listing.calm)


def identity(record: Any) -> str:
    """Tells records apart while a listing is read, malformed ones too."""
    return str(record["id"]) if isinstance(record, Mapping) and record.get("id") is not None else repr(record)


def seconds(record: Any, key: str) -> int | None:
    """A time of a record; `None` where it does not say."""
    value = record.get(key) if isinstance(record, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class Border:
    """Whether a bound is itself inside of the bounds, which nobody documents (copper.md 5.3).

    Found out at the first bound that is a time which a record was just seen to have.
    """

    def __init__(self, widen: int | None = None) -> None:
        self.widen = widen
        """Seconds; `None` until it is known."""

    def ask(self, search: Callable[[int], Batch], met: Callable[[Any], bool] | None) -> Batch:
        """Answer `search(widen)`, widened by so many seconds as it takes to include the bound.

        `met` tells records at the bound itself; `None` where none need be there.
        """
        batch = search(self.widen or 0)
        if self.widen is None and met is not None:
            if any(map(met, batch)):
                self.widen = 0
            elif any(map(met, wider := search(1))):
                self.widen, batch = 1, wider
        return batch


# Records.


def records(copper: Copper, table: Table, clock: Clock, first_second: int) -> Feed:
    """People, companies, leads, opportunities, projects or tasks: by the second of their last change.

    The position is that second, when it was reached by our clock, and whether bounds include themselves. Nothing older
    than `first_second` is backfilled.
    """

    def read(task: Task, *, whole: bool) -> Iterator[Page]:
        fields = Fields(copper, task)
        position = Position(clock, task.position)
        if table is models.LEAD and not leads_enabled(fields.account):
            yield Page(position=position.saved)
            return
        bounded = whole and not task.landed
        for reached, found in Changes(copper, table.name, clock, position.border).read(
            max(position.start, first_second if bounded else 0), position.proven
        ):
            position.reach(reached)
            yield Page(fields.of(found), position=position.saved)
        yield Page(position=position.saved if whole else position.settled, whole=whole, done=whole)

    return Feed(
        table=table,
        parents=("account", "custom_field_definition"),
        changed_at="date_modified",
        keep=identity,
        everything=partial(read, whole=True),
        changes=partial(read, whole=False),
        hides=True,
    )


class Position:
    """How far the changes of one kind of record have been read.

    Searches lag behind changes, so the last of them are read again, but no more once time enough has passed between
    reaching a second and reading it again. Only how long that was is told by our clock.
    """

    def __init__(self, clock: Clock, saved: Mapping[str, Any] | int | None) -> None:
        self._clock = clock
        self._started = clock.now()
        # Releases that saved the second alone had taken bounds to include themselves, without asking.
        known: Mapping[str, Any] = {"second": saved} if isinstance(saved, int) else saved or {}
        self._second: int = known.get("second", 0)
        self._since: float | None = known.get("since")
        self._settled: bool = known.get("settled", False)
        self.border = Border(known.get("widen"))

    @property
    def start(self) -> int:
        """The first second to read."""
        return self._second if self.proven is not None else max(0, self._second - OVERLAP_SECONDS)

    @property
    def proven(self) -> int | None:
        """A second of which all has been read, long after it had passed."""
        return self._second if self._settled and self.border.widen is not None else None

    def reach(self, second: int) -> None:
        """What changed up to this second has been read."""
        if second > self._second:
            self._second, self._since, self._settled = second, self._clock.now(), False

    @property
    def saved(self) -> dict[str, Any]:
        return {"second": self._second, "since": self._since, "settled": self._settled, "widen": self.border.widen}

    @property
    def settled(self) -> dict[str, Any]:
        """To save when everything has been read from `start` on."""
        self._settled = self._settled or (self._since is not None and self._started - self._since >= OVERLAP_SECONDS)
        return self.saved


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

    def read(self, start: int, proven: int | None = None) -> Iterator[tuple[int, Sequence[Any]]]:
        """Pages of what changed at `start` or later, each with the second that it reaches: 0 where that is none.

        What changed in the second that is `proven` is read once more only as far as it comes on the first page.
        """
        position, reached = start, 0
        while True:
            page = self._first(position, known=position > start)
            times = [second for each in page if (second := self._changed(each)) is not None]
            self._newest = max([self._newest, *times])
            if page.last:
                yield max([reached, *times]), page
                return
            settled = self._settled(times, position)
            tied = settled == position and times.count(position) > len(page) // 2
            if tied and position == proven:
                yield reached, page
                position += 1
                continue
            if not tied and (settled == position or self._newest == max(times)):
                self._newest = max([self._newest, *filter(None, map(self._changed, self._copper.newest(self._kind)))])
                settled = self._settled(times, position)
            if settled > position:
                yield settled, page
                position = reached = settled
                continue
            if not tied and self._newest < position:  # What is left has no time that means anything.
                for part in self._steadily(position, LATEST - 1):
                    yield reached, part
                return
            until = position if tied else self._newest
            for part in self._steadily(position, until):
                yield reached, part
            yield until, ()
            if self._border.widen is None:
                self._first(until, known=True)  # So that the next sync can begin above this.
            position, reached = until + 1, until

    def _first(self, second: int, *, known: bool) -> Batch:
        return self._border.ask(
            lambda widen: self._copper.records(self._kind, minimum_modified_date=max(0, second - widen)),
            (lambda record: self._changed(record) == second) if known else None,
        )

    def _settled(self, times: Iterable[int], position: int) -> int:
        """How far these times move the bound."""
        until = self._newest - OVERLAP_SECONDS
        return max((second for second in times if position < second <= until), default=position)

    def _steadily(self, lower: int, upper: int, created: tuple[int, int] = (0, LATEST)) -> Iterator[Batch]:
        """Records between two changes by page number; by when they were created, where they are too many."""
        try:
            yield from Ties(lambda _: self._pages(lower, upper, created), identity).read(lower)
        except TooMany:
            first, last = created
            middle = (first + last) // 2
            if last - first <= SHORTEST_SLICE_SECONDS:
                raise
            # Each half has the seconds at its bounds, whether or not they are included.
            yield from self._steadily(lower, upper, (first, middle + 1))
            yield from self._steadily(lower, upper, (middle - 1, last))

    def _pages(self, lower: int, upper: int, created: tuple[int, int]) -> Iterator[Batch]:
        widen = self._border.widen or 0
        bounds = {"minimum_modified_date": max(0, lower - widen)}
        if created != (0, LATEST):
            bounds |= {"minimum_created_date": created[0], "maximum_created_date": created[1]}
        widen = max(widen, self._widen_upper or upper > lower)
        found = False
        for page in self._copper.record_pages(self._kind, **bounds, maximum_modified_date=upper + widen):
            found = found or bool(page)
            yield page
        if not found and not widen and created == (0, LATEST):
            self._widen_upper = 1
            yield from self._pages(lower, upper, created)

    def _changed(self, record: Any) -> int | None:
        """When it changed; `None` where it does not say, or says a time that cannot have come yet."""
        second = seconds(record, "date_modified")
        return second if second is None or second <= self._clock.now() + DAY_SECONDS else None


class Fields:
    """The custom fields of one account: what type each has, and what day a date in them means."""

    def __init__(self, copper: Copper, task: Task) -> None:
        self._copper = copper
        self._account: Record | None = next(iter(task.parents["account"]), None)
        self._types: dict[str, str] = {}
        self._unknown = set[str]()
        self._refused = False
        self._zone: tzinfo | None = None
        self._learn(task.parents["custom_field_definition"])

    @property
    def account(self) -> Record:
        """The account; asked for where it could not be read before."""
        if self._account is None:
            self._account = self._copper.account()
        return self._account

    def of(self, found: Iterable[Any]) -> list[Any]:
        """The records, each with the values of its custom fields."""
        records = list(found)
        self._look_up(
            {
                definition
                for record in records
                for entry in _entries(record) or ()
                if (definition := models.definition_of(entry)) is not None
            }
        )
        return [self._with_values(each) for each in records]

    def _with_values(self, record: Any) -> Any:
        if (entries := _entries(record)) is None:
            return record
        values = [
            each
            for entry in entries
            for each in models.values(entry, self._types.get(models.definition_of(entry) or ""), self._day)
        ]
        return {**record, models.CUSTOM_FIELD_VALUES: values}

    def _look_up(self, definitions: set[str]) -> None:
        """Those made since the definitions were read, or that could not be read then."""
        unknown = definitions - self._types.keys() - self._unknown
        if not unknown or self._refused:
            return
        try:
            self._learn(self._copper.listing(LISTINGS["custom_field_definition"]))
        except Rejected:
            self._refused = True  # This key may see no definitions at all: the values land untyped.
        self._unknown |= unknown

    def _learn(self, definitions: Iterable[Any]) -> None:
        self._types |= {
            str(each.get("id")): str(each.get("data_type")) for each in definitions if isinstance(each, Mapping)
        }

    def _day(self, second: int) -> str:
        """Dates are the account's midnight (copper.md 8)."""
        if self._zone is None:
            self._zone = zone_of(self.account)
        if self._zone is None:
            raise Misfit("a day in an unknown time zone")
        try:
            return datetime.fromtimestamp(second, self._zone).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise Misfit("a time out of range") from None


def zone_of(account: Record) -> tzinfo | None:
    """The account's time zone, where it names one that is known."""
    name = account.get("primary_timezone")
    return tz.gettz(name) if isinstance(name, str) and name else None


def _entries(record: Any) -> list[Any] | None:
    entries = record.get(models.CUSTOM_FIELDS) if isinstance(record, Mapping) else None
    return entries if isinstance(entries, list) else None


# Activities.


def activities(copper: Copper, clock: Clock) -> Feed:
    """Activities by their date, newest first; their `date_modified` tells no changes (copper.md 6.3).

    The position is the newest `date_created`, from which changes look back, and while everything is read also the
    date down to which that has come.
    """

    def read(position: Mapping[str, int], floor: int, *, whole: bool, compares: bool = False) -> Iterator[Page]:
        created = position["created"]
        start = position.get("down_to", LATEST - 1) + 1  # In case bounds do not include themselves.
        seen: set[str] = set()
        for reading in range(MOST_READINGS):
            reader, before = Activities(copper, floor), len(seen)
            for down_to, found in reader.read(start):
                times = [second for each in found if (second := seconds(each, "date_created")) is not None]
                created = max(created, *(each for each in times if each <= clock.now() + DAY_SECONDS), 0)
                stubs = [each for each in found if isinstance(each, Mapping) and each.get("is_deleted") is True]
                seen.update(map(identity, found))
                yield Page(
                    [each for each in found if each not in stubs],
                    deleted=[identity(each) for each in stubs],
                    position={"created": created, "down_to": down_to} if whole and not reading else None,
                )
            # One whose date was moved up while it was read has slipped past. The total is no more than an upper bound:
            # where it proves nothing, a reading that brings nothing new does.
            nothing_slipped = (reader.total is not None and len(seen) >= reader.total) or len(seen) == before
            if nothing_slipped or not compares:
                break
        yield Page(position={"created": created}, whole=whole and nothing_slipped, done=whole)

    def changes(task: Task) -> Iterator[Page]:
        created = task.position["created"]
        return read({"created": created}, max(0, created - LOOK_BACK_SECONDS), whole=False)

    return Feed(
        table=models.ACTIVITY,
        parents=("account",),
        changed_at="activity_date",
        changes=changes,
        hides=True,
        everything=lambda task: read(task.position or {"created": 0}, 0, whole=True, compares=task.landed > 0),
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
        self._border = Border()
        self._ties = Ties(lambda date: self._pages(date, date), identity)
        self._window: int | None = None

    def read(self, start: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Pages of activities, each with the date that it reaches down to."""
        self._start = start
        # The keyset counts upwards, so dates are counted from the end of time. A short page may have successors.
        for reached, found in by_keyset(
            lambda key: self._fetch(-key),
            start=-start,
            size=1,
            change=_counted_down,
            identity=identity,
            tied=lambda key: self._ties.read(-key),
            after=lambda key: key + 1,
            last=lambda page: isinstance(page, Batch) and page.last,
        ):
            yield -reached, found

    def _fetch(self, upper: int) -> Batch:
        """The newest activities up to `upper`: some that have dates, or all that are left."""
        found = Batch([], last=False)
        known = upper != self._start
        while True:
            lower = self._floor if self._window is None else max(self._floor, upper - self._window)
            try:
                batch = self._between(lower, upper, known)
            except (TimedOut, Unavailable, TooMany) as error:
                # What a search says that takes too long is not documented.
                shortest = 1 if isinstance(error, TooMany) else SHORTEST_WINDOW_SECONDS
                if upper - lower <= shortest:
                    raise
                self._window = max(min((upper - lower) // 2, LONGEST_WINDOW_SECONDS), shortest)
                continue
            if upper == self._start and lower == self._floor:
                self.total = batch.total
            if self._window is not None:
                self._window = min(2 * self._window, LONGEST_WINDOW_SECONDS)
            found = Batch([*found, *batch], last=batch.last and lower == self._floor)
            if found.last or not batch.last or (len(found) >= PAGE_SIZE and _dates(found)):
                # Windows that came whole may have come in any order.
                return Batch(sorted(found, key=lambda each: _counted_down(each) or 0), last=found.last)
            upper, known = lower + 1, False

    def _between(self, lower: int, upper: int, known: bool) -> Batch:
        batch = self._border.ask(
            lambda widen: self._copper.activities(**_bounds(lower, upper, widen)),
            (lambda record: seconds(record, "activity_date") == upper) if known else None,
        )
        dates = _dates(batch)
        if batch.last or dates == sorted(dates, reverse=True):
            return batch
        pages = Ties(lambda _: self._pages(lower, upper), identity).read(upper)
        return Batch([record for page in pages for record in page], last=True, total=batch.total)

    def _pages(self, lower: int, upper: int) -> Iterator[Batch]:
        return self._copper.activity_pages(**_bounds(lower, upper, self._border.widen or 0))


def _bounds(lower: int, upper: int, widen: int) -> dict[str, int]:
    return {"minimum_activity_date": max(0, lower - widen), "maximum_activity_date": min(upper + widen, LATEST)}


def _counted_down(record: Any) -> int | None:
    date = seconds(record, "activity_date")
    return None if date is None else -date


def _dates(batch: Batch) -> list[int]:
    return [date for each in batch if (date := seconds(each, "activity_date")) is not None]


# Optional streams: a request for each record that was read.


def each_record(task: Task, kinds: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The records that were read in this sync, each as partition, and as kind and id."""
    return ((f"{kind} {number}", (kind, number)) for kind in kinds for number in task.parents[kind])


def under(copper: Copper, record: tuple[str, str], thing: str) -> list[Any]:
    """A listing below one record. A converted lead is listed, but not found by itself (copper.md 13.4)."""
    kind, number = record
    try:
        return copper.listing(f"{SEARCHES[kind]}/{number}/{thing}")
    except NotFound:
        if kind != "lead":
            raise
        return []


def related_items(copper: Copper, calls: Workers) -> Feed:
    """Which records belong together, from either side."""

    def read(record: tuple[str, str]) -> Iterator[Page]:
        kind, number = record
        found = under(copper, record, "related")
        yield Page(
            [
                {"from_type": kind, "from_id": number, "to_type": each.get("type"), "to_id": each.get("id")}
                if isinstance(each, Mapping)
                else each
                for each in found
            ],
            whole=True,
        )

    return below(
        models.RELATED_ITEM, tuple(SEARCHES), lambda task: crawl(calls, each_record(task, SEARCHES), read), opt_in=True
    )


def related_links(copper: Copper, calls: Workers) -> Feed:
    """What the custom fields of type Connect point to: a request for each such field of each record."""

    def connections(task: Task) -> Iterator[tuple[str, tuple[str, str, str]]]:
        for definition in task.parents["custom_field_definition"]:
            if definition.get("data_type") == "Connect":
                number = str(definition["id"])
                kinds = [kind for kind in SOURCE_TYPES if kind in (definition.get("available_on") or ())]
                for name, (kind, record) in each_record(task, kinds):
                    yield f"{number} {name}", (number, SOURCE_TYPES[kind], record)

    def read(connection: tuple[str, str, str]) -> Iterator[Page]:
        definition, kind, record = connection
        found = copper.listing(
            "related_links", custom_field_definition_id=definition, source_type=kind, source_id=record
        )
        yield Page(found, whole=True)

    parents = ("custom_field_definition", *SOURCE_TYPES)
    return below(models.RELATED_LINK, parents, lambda task: crawl(calls, connections(task), read), opt_in=True)


def files(copper: Copper, calls: Workers) -> Feed:
    """What is attached to records: names, types and sizes."""

    def read(record: tuple[str, str]) -> Iterator[Page]:
        kind, number = record
        found = [
            {**each, "entity_type": kind, "entity_id": number} if isinstance(each, Mapping) else each
            for each in under(copper, record, "files")
        ]
        gone = [each for each in found if isinstance(each, Mapping) and each.get("is_deleted") is True]
        yield Page(
            [each for each in found if each not in gone],
            deleted=[SEPARATOR.join((kind, number, identity(each))) for each in gone],
            whole=True,
        )

    return below(models.FILE, HAVE_FILES, lambda task: crawl(calls, each_record(task, HAVE_FILES), read), opt_in=True)
