"""The streams of Copper: which table, which listing, which position (copper.md 3-8).

Records are searched by change, oldest first, first pages only: the lower bound moves. Nothing tells of deletions but
a complete pass, which reads the same searches from the beginning.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import models
from api import PAGE_SIZE, SEARCHES, Batch, Copper, Record
from dateutil import tz
from settings import CONFIGURATION, LISTINGS, connect, leads_enabled

from shared.clock import Clock
from shared.crawl import below, crawl
from shared.errors import BadPayload, NotFound, Rejected, TimedOut
from shared.pagination import Part, Ties, UntilCalm, by_keyset
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
HAVE_FILES = ("person", "company", "lead", "opportunity", "project")
SOURCE_TYPES = {
    "person": "people", "company": "organization", "lead": "lead", "opportunity": "opportunity", "project": "project",
}
"""What related links call each kind of record."""


def build(run: Run) -> list[Stream]:
    """The streams of one account."""
    copper = connect(run.values, clock=run.clock, secrets=run.secrets, session=run.session)
    return streams(copper, run.calls, run.clock)


run = runner(CONFIGURATION, build)


def streams(copper: Copper, calls: Workers, clock: Clock) -> list[Stream]:
    """All streams, parents before their children. Every one waits for the account: its refusal is that of the key."""
    return [
        Snapshot(table=models.ACCOUNT, everything=lambda task: listed([[copper.account()]]), keep=dict),
        Snapshot(
            table=models.CUSTOM_FIELD_DEFINITION, parents=("account",), keep=dict,
            everything=lambda task: definitions(copper),
        ),
        *(
            records(copper, table) for table in (
                models.PERSON, models.COMPANY, models.LEAD, models.OPPORTUNITY, models.PROJECT, models.TASK,
            )
        ),
        activities(copper),
        Snapshot(
            table=models.USER, every_seconds=HOUR_SECONDS, parents=("account",),
            everything=lambda task: by_page(copper.users),
        ),
        *(
            listing(table, partial(whole, copper, LISTINGS[table.name])) for table in (
                models.PIPELINE, models.PIPELINE_STAGE, models.CUSTOM_ACTIVITY_TYPE, models.CONTACT_TYPE,
                models.CUSTOMER_SOURCE, models.LOSS_REASON, models.LEAD_STATUS,
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
        table=table, every_seconds=DAY_SECONDS, parents=("account",), everything=lambda task: listed(read()),
    )


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

    def __init__(self) -> None:
        self.widen: int | None = None

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


def records(copper: Copper, table: Table) -> Feed:
    """People, companies, leads, opportunities, projects or tasks: by the second of their last change.

    The position is that second.
    """

    def read(task: Task, *, whole: bool) -> Iterator[Page]:
        fields = Fields(copper, task)
        position = task.position or 0
        if table is models.LEAD and not leads_enabled(fields.account):
            yield Page(position=position)
            return
        for reached, found in by_change(copper, table.name, max(0, position - OVERLAP_SECONDS)):
            position = max(position, reached)
            yield Page(fields.of(found), position=position)
        yield Page(position=position, whole=whole, done=whole)

    return Feed(
        table=table, parents=("account", "custom_field_definition"), changed_at="date_modified", keep=identity,
        everything=partial(read, whole=True), changes=partial(read, whole=False), hides=True,
    )


def by_change(copper: Copper, kind: str, start: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Records changed at or after `start`, oldest change first, each page with the second that it reaches."""
    border = Border()

    def fetch(second: int) -> Batch:
        return border.ask(
            lambda widen: copper.records(kind, minimum_modified_date=max(0, second - widen)),
            None if second == start else lambda record: changed(record) == second,
        )

    def pages(second: int) -> Iterator[Batch]:
        widen = border.widen or 0
        return copper.record_pages(
            kind, minimum_modified_date=max(0, second - widen), maximum_modified_date=second + widen
        )

    def changed(record: Any) -> int | None:
        return seconds(record, "date_modified")

    return by_keyset(
        fetch, start=start, size=PAGE_SIZE, change=changed, identity=identity, tied=Ties(pages, identity).read,
        after=lambda second: second + 1, last=lambda page: isinstance(page, Batch) and page.last,
    )


class Fields:
    """The custom fields of one account: what type each has, and what day a date in them means."""

    def __init__(self, copper: Copper, task: Task) -> None:
        self._copper = copper
        self._account: Record | None = next(iter(task.parents["account"]), None)
        self._types: dict[str, str] = {}
        self._unknown = set[str]()
        self._refused = False
        self._zone: Any = None
        self._learn(task.parents["custom_field_definition"])

    @property
    def account(self) -> Record:
        """The account; asked for where it could not be read before."""
        if self._account is None:
            self._account = self._copper.account()
        return self._account

    def of(self, found: Iterable[Any]) -> list[Any]:
        """The records, each with the values of its custom fields."""
        return [self._with_values(each) for each in found]

    def _with_values(self, record: Any) -> Any:
        entries = record.get(models.CUSTOM_FIELDS) if isinstance(record, Mapping) else None
        if not isinstance(entries, list):
            return record
        values = [each for entry in entries for each in models.values(entry, self._type_of(entry), self._day)]
        return {**record, models.CUSTOM_FIELD_VALUES: values}

    def _type_of(self, entry: Any) -> str | None:
        definition = entry.get("custom_field_definition_id") if isinstance(entry, Mapping) else None
        definition = str(definition)
        if definition not in self._types and definition not in self._unknown and not self._refused:
            # Made since the definitions were read, or they could not be read then.
            try:
                self._learn(self._copper.listing(LISTINGS["custom_field_definition"]))
            except Rejected:
                self._refused = True  # This key may see no definitions at all: the values land untyped.
            self._unknown.add(definition)
        return self._types.get(definition)

    def _learn(self, definitions: Iterable[Any]) -> None:
        self._types |= {
            str(each.get("id")): str(each.get("data_type")) for each in definitions if isinstance(each, Mapping)
        }

    def _day(self, second: int) -> str:
        """Dates are the account's midnight (copper.md 8)."""
        if self._zone is None:
            name = self.account.get("primary_timezone")
            self._zone = tz.gettz(name) if isinstance(name, str) and name else None
            if self._zone is None:
                raise BadPayload(f"the account's time zone {name!r} is not known: dates in custom fields mean no day")
        try:
            return datetime.fromtimestamp(second, self._zone).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise Misfit("a time out of range") from None


# Activities.


def activities(copper: Copper) -> Feed:
    """Activities by their date, newest first; their `date_modified` tells no changes (copper.md 6.3).

    The position is the newest `date_created`, from which changes look back, and while everything is read also the
    date down to which that has come.
    """

    def read(position: Mapping[str, int], floor: int, *, whole: bool) -> Iterator[Page]:
        created = position["created"]
        reader = Activities(copper, floor)
        seen: set[str] = set()
        for down_to, found in reader.read(position.get("down_to", LATEST)):
            created = max([created, *(second for each in found if (second := seconds(each, "date_created")))])
            stubs = [each for each in found if isinstance(each, Mapping) and each.get("is_deleted") is True]
            seen.update(map(identity, found))
            yield Page(
                [each for each in found if each not in stubs], deleted=[identity(each) for each in stubs],
                position={"created": created, "down_to": down_to} if whole else None,
            )
        # One whose date was moved up while it was read has slipped past: then nobody can say what has vanished.
        nothing_slipped = reader.calm and reader.total is not None and len(seen) >= reader.total
        yield Page(position={"created": created}, whole=whole and nothing_slipped, done=whole)

    def changes(task: Task) -> Iterator[Page]:
        created = task.position["created"]
        return read({"created": created}, max(0, created - LOOK_BACK_SECONDS), whole=False)

    return Feed(
        table=models.ACTIVITY, parents=("account",), changed_at="activity_date", changes=changes, hides=True,
        everything=lambda task: read(task.position or {"created": 0}, 0, whole=True),
    )


class Activities:
    """Reads activities from a date down to `floor`.

    As with changes only first pages are asked for, because the upper bound moves. Where a search takes too long it is
    cut into windows; where one does not come newest first, which is nowhere promised, a window is read by page number.
    """

    def __init__(self, copper: Copper, floor: int) -> None:
        self.calm = True
        """No page was cut by number while records moved."""
        self.total: int | None = None
        """How many there are, as the first answer says, if that was about all of them."""
        self._copper = copper
        self._floor = floor
        self._border = Border()
        self._ties = Ties(self._on, identity)
        self._window: int | None = None

    def read(self, start: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Pages of activities, each with the date that it reaches down to."""
        self._start = start
        # The keyset counts upwards, so dates are counted from the end of time.
        for reached, found in by_keyset(
            lambda key: self._fetch(-key), start=-start, size=PAGE_SIZE, change=_counted_down, identity=identity,
            tied=lambda key: self._ties.read(-key), after=lambda key: key + 1,
            last=lambda page: isinstance(page, Batch) and page.last,
        ):
            yield -reached, found

    def _fetch(self, upper: int) -> Batch:
        """The newest activities up to `upper`: at least a page of them, or all that are left."""
        found = Batch([], last=False)
        known = upper != self._start
        while not found.last and len(found) < PAGE_SIZE:
            lower = self._floor if self._window is None else max(self._floor, upper - self._window)
            try:
                batch = self._search(lower, upper, known)
            except TimedOut:
                if self._window is not None and self._window <= SHORTEST_WINDOW_SECONDS:
                    raise
                self._window = max((self._window or 2 * LONGEST_WINDOW_SECONDS) // 2, SHORTEST_WINDOW_SECONDS)
                continue
            if not (batch.last or _newest_first(batch)):
                if self._window is None:
                    self._window = LONGEST_WINDOW_SECONDS
                    continue
                batch = self._by_number(lower, upper)
            if upper == self._start and lower == self._floor:
                self.total = batch.total
            if self._window is not None:
                self._window = min(2 * self._window, LONGEST_WINDOW_SECONDS)
            found = Batch([*found, *batch], last=batch.last and lower == self._floor)
            upper, known = lower, False
        # Windows that came whole may have come in any order.
        return Batch(sorted(found, key=lambda each: _counted_down(each) or 0), last=found.last)

    def _search(self, lower: int, upper: int, known: bool) -> Batch:
        return self._border.ask(
            lambda widen: self._copper.activities(**_between(lower, upper, widen)),
            (lambda record: seconds(record, "activity_date") == upper) if known else None,
        )

    def _by_number(self, lower: int, upper: int) -> Batch:
        """A window by page number, again while records moved between the pages."""
        bounds = _between(lower, upper, self._border.widen or 0)
        listing = UntilCalm(lambda: (Part(page, None) for page in self._copper.activity_pages(**bounds)), identity)
        found = [record for part in listing for record in part.records]
        self.calm = self.calm and listing.calm
        return Batch(found, last=True)

    def _on(self, date: int) -> Iterator[Batch]:
        return self._copper.activity_pages(**_between(date, date, self._border.widen or 0))


def _between(lower: int, upper: int, widen: int) -> dict[str, int]:
    return {"minimum_activity_date": max(0, lower - widen), "maximum_activity_date": min(upper + widen, LATEST)}


def _counted_down(record: Any) -> int | None:
    date = seconds(record, "activity_date")
    return None if date is None else -date


def _newest_first(batch: Batch) -> bool:
    dates = [date for each in batch if (date := seconds(each, "activity_date")) is not None]
    return bool(dates) and dates == sorted(dates, reverse=True)


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
        yield Page([
            {"from_type": kind, "from_id": number, "to_type": each.get("type"), "to_id": each.get("id")}
            if isinstance(each, Mapping) else each for each in found
        ], whole=True)

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
            deleted=[SEPARATOR.join((kind, number, identity(each))) for each in gone], whole=True,
        )

    return below(
        models.FILE, HAVE_FILES, lambda task: crawl(calls, each_record(task, HAVE_FILES), read), opt_in=True
    )
