"""Reading a listing whole, in every style that sources page in.

Each function is a generator of pages: what the source answered, in order, as fetched by a function that
the caller closes over its request. A page is whatever `fetch` returns. A listing that would never end is
an error or ends; which of the two is said in each docstring.

    for answer in by_link(lambda url: http.get(url), "projects.json"):
        ...
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

from shared.errors import BadPayload, SourceError, TimedOut, Unavailable

Page = TypeVar("Page")
Cursor = TypeVar("Cursor", bound=Hashable)

SIZES = (1000, 500, 250, 50, 10, 1)
"""How a page shrinks when it cannot be had whole."""
LONGEST_WINDOW = timedelta(days=92)
SHORTEST_WINDOW = timedelta(days=14)
MOST_READINGS = 4
"""How often a listing is read when its records keep moving."""


class Linked(Protocol):
    """An answer that may name its successor (see `shared.http.Answer`)."""

    @property
    def next_url(self) -> str | None: ...


Link = TypeVar("Link", bound=Linked)


def by_link(fetch: Callable[[str], Link], start: str) -> Iterator[tuple[str, Link]]:
    """Yield (URL, answer) pairs: `start`, then whatever each answer links to as next.

    Ends at an answer without a link, and at a link that was followed before: such a source would be read
    for ever. Whether the listing was whole then, `Tide` says.
    """
    url: str | None = start
    seen: set[str] = set()
    while url is not None and url not in seen:
        seen.add(url)
        answer = fetch(url)
        yield url, answer
        url = answer.next_url


def by_cursor(fetch: Callable[[Any], Page], next_cursor: Callable[[Page], Any], start: Any = None) -> Iterator[Page]:
    """Yield `fetch(start)`, then `fetch(next_cursor(page))` until that is empty.

    Raises `BadPayload` if a cursor comes back.
    """
    cursor, seen = start, {start}
    while True:
        page = fetch(cursor)
        yield page
        cursor = next_cursor(page)
        if not cursor:
            return
        if cursor in seen:
            raise BadPayload(f"the cursor {cursor!r} came back: this listing would never end")
        seen.add(cursor)


def by_number(
    fetch: Callable[[int], Sequence[Any]], *, first: int = 1, last: Callable[[int, Sequence[Any]], bool] | None = None
) -> Iterator[Sequence[Any]]:
    """Yield `fetch(1)`, `fetch(2)`, … until a page is empty, or `last(number, page)` says that it is the last.

    "Shorter than a page" is for the caller to decide: sources that filter after paging send short pages
    in the middle. Raises `BadPayload` if a page is the same as the one before it.
    """
    number, before = first, None
    while page := fetch(number):
        if page == before:
            raise BadPayload(f"page {number} is the same as the one before it: this listing would never end")
        yield page
        if last and last(number, page):
            return
        number, before = number + 1, page


def by_offset(fetch: Callable[[int], Sequence[Any]], *, start: int = 0) -> Iterator[Sequence[Any]]:
    """Yield `fetch(0)`, `fetch(n)`, … with n the records that came so far, until a page is empty.

    Raises `BadPayload` if a page is the same as the one before it.
    """
    offset, before = start, None
    while page := fetch(offset):
        _check_moved(offset, page, before)
        yield page
        offset, before = offset + len(page), page


def by_keyset(
    fetch: Callable[[Any], Sequence[Any]],
    *,
    start: Any,
    size: int,
    change: Callable[[Any], Any],
    identity: Callable[[Any], Any],
    tied: Callable[[Any], Iterable[Sequence[Any]]],
    after: Callable[[Any], Any],
    last: Callable[[Sequence[Any]], bool] = lambda page: False,
) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Yield (position, records) pairs of a listing that can be asked for "changed at or after".

    Only first pages are asked for, because the lower bound moves: records that leave or change while we
    read shift nothing. `fetch(position)` answers up to `size` records, oldest change first. `tied(change)`
    yields pages of what changed at exactly that time; a tie longer than a page is read until a reading
    brings nothing new, because records leave it while it is read. `after(change)` is the next possible
    time. The position of a pair is safe to resume from once its records have landed. Ends at a page that
    brings nothing new, or after one that is the `last`. A record whose `change` is `None` moves nothing, and one that
    has changed since the source put it in its place moves nothing beyond the last of its page.

    Raises `BadPayload` where the source ignores the lower bound or the order, or fills a page with records without a
    time.
    """
    position, seen = start, set[Any]()
    while page := fetch(position):
        times = [time for record in page if (time := change(record)) is not None]
        if not times and len(page) >= size and not last(page):
            raise BadPayload(f"a page of {len(page)} records, none of which says when it changed")
        if times and max(times) < position:
            raise BadPayload(f"asked for changes from {position!r} on, the source sent {max(times)!r}")
        disorder = sum(later < earlier for earlier, later in pairwise(times))
        if 4 * disorder > len(times) and len(page) >= size and not last(page):
            raise BadPayload(f"a page of {len(page)} records is not sorted by their change, oldest first")
        latest = max([position, *times[-1:]])
        fresh = [record for record in page if identity(record) not in seen]
        if last(page):
            if fresh:
                yield latest, fresh
            return
        if latest > position:
            yield latest, fresh
            position, seen = latest, {identity(record) for record in page if change(record) in (None, latest)}
        elif len(page) < size:
            if not fresh:
                return
            yield position, fresh
            seen.update(map(identity, fresh))
        else:
            while True:
                if fresh:
                    yield position, fresh
                    seen.update(identity(record) for record in fresh)
                fresh = list(
                    {
                        identity(record): record
                        for tie in tied(position)
                        for record in tie
                        if identity(record) not in seen and change(record) in (None, position)
                    }.values()
                )
                if not fresh:
                    break
            position, seen = after(position), {identity(record) for record in page if change(record) is None}


def newest_first(pages: Iterable[Page], *, changes: Callable[[Page], Sequence[Any]], since: Any) -> Iterator[Page]:
    """Yield pages of a listing that is sorted by change, newest first, until one reaches below `since`.

    `changes(page)` are the change times of its records; a page without any ends nothing. Records changed at `since`
    itself are still read. Where the source turns out not to have sorted, everything is read.
    """
    sorted_so_far, oldest = True, None
    for page in pages:
        yield page
        times = changes(page)
        for time in times:
            sorted_so_far = sorted_so_far and (oldest is None or time <= oldest)
            oldest = time
        if times and sorted_so_far and times[-1] < since:
            return


def by_window(
    fetch: Callable[[datetime, datetime], Iterable[Page]],
    *,
    start: datetime,
    end: datetime,
    longest: timedelta = LONGEST_WINDOW,
    shortest: timedelta = SHORTEST_WINDOW,
) -> Iterator[tuple[datetime, list[Page]]]:
    """Yield (end of window, its pages) for consecutive windows from `start` to `end`, oldest first.

    A window that times out is halved, down to `shortest`, and grows back after each that succeeds. A
    window is read whole before it is yielded, so nothing of one that failed has been handed out.
    """
    length = longest
    while start < end:
        until = min(start + length, end)
        try:
            pages = list(fetch(start, until))
        except TimedOut:
            if length <= shortest:
                raise
            length = max(length / 2, shortest)
            continue
        yield until, pages
        start, length = until, min(length * 2, longest)


@dataclass(frozen=True)
class Poison:
    """The one record at this place cannot be had; `error` is what the source said last."""

    offset: int
    error: SourceError


def by_sized_offset(
    fetch: Callable[[int, int], Sequence[Any]], *, start: int = 0, sizes: Sequence[int] = SIZES, most_poison: int = 10
) -> Iterator[tuple[int, Sequence[Any] | Poison]]:
    """Yield (next offset, records) of `fetch(offset, size)`, with pages that shrink where they fail.

    A page that fails is asked for in smaller sizes, which grow back with success. What fails at the
    smallest size is yielded as `Poison` and stepped over; more than `most_poison` of them in a row are no
    bad records but a bad source: the last error is raised. Ends at an empty page. Raises `BadPayload` if a page is the
    same as the one before it.
    """
    offset, level, poison = start, 0, 0
    before: Sequence[Any] | None = None
    while True:
        try:
            records = fetch(offset, sizes[level])
        except (Unavailable, TimedOut, BadPayload) as error:
            if level + 1 < len(sizes):
                level += 1
                continue
            poison += 1
            if poison > most_poison:
                raise
            offset += 1
            yield offset, Poison(offset - 1, error)
            continue
        if not records:
            return
        _check_moved(offset, records, before)
        before = records
        offset, level, poison = offset + len(records), max(0, level - 1), 0
        yield offset, records


@dataclass
class Tide:
    """Whether records moved between the pages of a listing while it was read, told from what can be counted.

    Pages that are cut by number skip a record when an earlier one leaves, and repeat one when an earlier
    one arrives. Every page says how long the listing is at that moment: with the arrivals at the end
    (`new`) and the repeats this tells how many left.
    """

    first_total: int | None = None
    last_total: int | None = None
    records: int = 0
    repeats: int = 0
    new: int = 0
    pages: int = 0

    def part(
        self, records: Sequence[Any], ids: Sequence[Any], seen: set[Any], new: Callable[[Any], bool], total: int | None
    ) -> None:
        """Count a page whose records have these `ids`; `seen` are those of the pages before, and is added to."""
        self.pages += 1
        fresh = {each: record for record, each in zip(records, ids, strict=True) if each not in seen}
        self.records += len(fresh)
        self.repeats += len(ids) - len(fresh)
        self.new += sum(map(new, fresh.values()))
        self.first_total = total if self.pages == 1 else self.first_total
        self.last_total = total
        seen.update(fresh)

    @property
    def calm(self) -> bool:
        """Nothing can have been skipped. A single page is one moment; without totals nobody can know."""
        if self.first_total is None or self.last_total is None:
            return self.pages <= 1
        left = self.first_total + self.new + self.repeats - self.last_total
        return left == 0 and self.records >= self.last_total

    def settled(self, seen: set[Any], before: set[Any] | None) -> bool:
        """Calm, or the same records as in the reading before; but never fewer than the source says there are."""
        return self.calm or (seen == before and self.records >= (self.last_total or 0))


@dataclass(frozen=True)
class Part:
    """A page of a listing that is cut by number: its records, and how long the whole listing is."""

    records: Sequence[Any]
    total: int | None
    url: str = ""


class UntilCalm:
    """The parts of a listing; all of them again while records moved as they were read.

    listing = UntilCalm(lambda: client.listing("people.json"), identity)
    for part in listing: ...
    listing.calm    # nothing can have been skipped: what did not come is not there

    """

    def __init__(
        self,
        walk: Callable[[], Iterable[Part]],
        identity: Callable[[Any], Any],
        new: Callable[[Any], bool] = lambda record: False,
    ) -> None:
        """`new` tells records that came into the listing after its first page was read."""
        self._walk = walk
        self._identity = identity
        self._new = new
        self.calm = False

    def __iter__(self) -> Iterator[Part]:
        before: set[Any] | None = None
        for _ in range(MOST_READINGS):
            tide, seen = Tide(), set[Any]()
            for part in self._walk():
                ids = [self._identity(record) for record in part.records]
                tide.part(part.records, ids, seen, self._new, part.total)
                yield part
            self.calm = tide.settled(seen, before)
            if self.calm:
                return
            before = seen


class Counted(Protocol):
    """A page of records that says how many there are in all, where that is known."""

    total: int | None

    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: Any) -> Any: ...


CountedPage = TypeVar("CountedPage", bound=Counted)


class Ties(Generic[CountedPage]):
    """Reads what changed at one time by page number, until nothing can be missing: for the `tied` of `by_keyset`.

    Records leave while they are read, and the source may order what is equal anew at each request. A reading is
    proven that brought as many records as each of its pages says that there are, and so are several together. Else so
    many in a row that brought nothing new (`fruitless`) are believed, because what a page says may be an upper bound.
    """

    def __init__(
        self, pages: Callable[[int], Iterable[CountedPage]], identity: Callable[[Any], Any], fruitless: int = 2
    ) -> None:
        self._pages = pages
        self._identity = identity
        self._enough = fruitless
        self._settled: int | None = None

    def read(self, second: int) -> Iterator[CountedPage]:
        """Yield the pages of all readings that it takes; none for the time that was read last."""
        seen = set[Any]()
        fruitless = 0
        while second != self._settled:
            this, totals, before = set[Any](), set[int | None](), len(seen)
            for page in self._pages(second):
                this.update(map(self._identity, page))
                totals.add(page.total)
                yield page
            seen |= this
            fruitless = fruitless + 1 if len(seen) == before else 0
            if totals in ({len(this)}, {len(seen)}) or fruitless == self._enough:
                self._settled = second


def _check_moved(offset: int, page: Sequence[Any], before: Sequence[Any] | None) -> None:
    if page == before:
        raise BadPayload(f"the page at {offset} is the same as the one before it: this listing would never end")
