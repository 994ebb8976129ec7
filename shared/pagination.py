"""Reading a listing whole, in every style that sources page in.

Each function is a generator of pages, in order, as fetched by a function that the caller closes over its request. A
listing that would never end is an error or ends; which of the two is said in each docstring.

    for page in by_link(lambda url: page_of(http.get(url)), "projects.json"):
        ...
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from shared.errors import BadPayload, SourceError, TimedOut
from shared.pages import Page
from shared.positions import Position

Result = TypeVar("Result")

SIZES = (1000, 500, 250, 50, 10, 1)
"""How a page shrinks when it cannot be had whole."""
MOST_READINGS = 4
"""How often a listing is read when its records keep moving."""


def by_link(fetch: Callable[[str], Page], start: str) -> Iterator[Page]:
    """Yield `fetch(start)`, then what each page names as `next`.

    Ends at a page that names none, and at a link that was followed before: such a source would be read for ever.
    Whether the listing was whole then, `Tide` says.
    """
    url: Any = start
    seen: set[Any] = set()
    while url and url not in seen:
        seen.add(url)
        page = fetch(url)
        yield page
        url = page.next


def by_cursor(fetch: Callable[[Any], Page], start: Hashable = None) -> Iterator[Page]:
    """Yield `fetch(start)`, then what each page names as `next`, until one names none.

    Raises `BadPayload` if a cursor comes back, or the same records at the next one: the source ignores it. (A single
    record may come at the next one too.)
    """
    cursor, seen, repeats = start, {start}, _Repeats()
    while True:
        page = fetch(cursor)
        if page.records:
            repeats.check(page.records, f"the page at {cursor!r}")
        yield page
        cursor = page.next
        if not cursor:
            return
        if cursor in seen:
            raise BadPayload(f"the cursor {cursor!r} came back: this listing would never end")
        seen.add(cursor)


def by_number(fetch: Callable[[int], Page], *, first: int = 1) -> Iterator[Page]:
    """Yield `fetch(1)`, `fetch(2)`, … up to the page that is the `last`, or to an empty one that does not say.

    "Shorter than a page" is for the caller to decide: sources that filter after paging send short pages in the
    middle. Raises `BadPayload` if the records of a page are the same as those of the one before it.
    """
    return _counted(fetch, first, lambda page: 1, "page {}")


def by_offset(fetch: Callable[[int], Page], *, start: int = 0) -> Iterator[Page]:
    """Yield `fetch(0)`, `fetch(n)`, … with n the records that came so far; it ends, and raises, as `by_number`."""
    return _counted(fetch, start, lambda page: len(page.records), "the page at {}")


def _counted(fetch: Callable[[int], Page], place: int, step: Callable[[Page], int], name: str) -> Iterator[Page]:
    repeats = _Repeats()
    while (page := fetch(place)).records or not page.ends:
        repeats.check(page.records, name.format(place))
        yield page
        if page.last:
            return
        place += step(page)


class _Repeats:
    """Notices that a source ignores where it is asked to go on.

    A page of one record may come once more: another that was put before it, while they were read, moves it by a place.
    """

    def __init__(self) -> None:
        self._before: Sequence[Any] | None = None
        self._times = 0

    def check(self, records: Sequence[Any], name: str) -> None:
        self._times = self._times + 1 if records == self._before else 0
        self._before = records
        if self._times > (len(records) == 1):
            raise BadPayload(f"{name} is the same as the one before it: this listing would never end")


def by_keyset(
    fetch: Callable[[Any], Page],
    *,
    start: Any,
    size: int,
    change: Callable[[Any], Any],
    identity: Callable[[Any], Any],
    tied: Callable[[Any], Iterable[Page]],
    after: Callable[[Any], Any],
) -> Iterator[Page]:
    """Yield the pages of a listing that can be asked for "changed at or after", each with its position.

    Only first pages are asked for, because the lower bound moves: records that leave or change while we
    read shift nothing. `fetch(position)` answers up to `size` records, oldest change first. `tied(change)`
    yields pages of what changed at exactly that time; a tie longer than a page is read until a reading
    brings nothing new, because records leave it while it is read. `after(change)` is the next possible
    time. The position of a page is safe to resume from once its records have landed. Ends at a page that
    brings nothing new, or after one that says that it is the `last`; what failed of a page is passed on. A record
    whose `change` is `None` moves nothing, and one that has changed since the source put it in its place moves nothing
    beyond the last of its page.

    Raises `BadPayload` where the source ignores the lower bound or the order, or fills a page with records without a
    time.
    """
    position, seen = start, set[Any]()
    while (page := fetch(position)).records or page.failures:
        records, full = page.records, len(page.records) >= size and not page.last
        times = [time for record in records if (time := change(record)) is not None]
        if not times and full:
            raise BadPayload(f"a page of {len(records)} records, none of which says when it changed")
        if times and max(times) < position:
            raise BadPayload(f"asked for changes from {position!r} on, the source sent {max(times)!r}")
        disorder = sum(later < earlier for earlier, later in pairwise(times))
        if 4 * disorder > len(times) and full:
            raise BadPayload(f"a page of {len(records)} records is not sorted by their change, oldest first")
        latest = max([position, *times[-1:]])
        fresh = [record for record in records if identity(record) not in seen]
        if fresh or page.failures or (latest > position and not page.last):
            yield Page(fresh, latest, failures=page.failures)
        if page.last:
            return
        if latest > position:
            position, seen = latest, {identity(record) for record in records if change(record) in (None, latest)}
        elif len(records) < size:
            if not fresh:
                return
            seen.update(map(identity, fresh))
        else:
            while True:
                seen.update(map(identity, fresh))
                ties = list(tied(position))
                fresh = list(
                    {
                        identity(record): record
                        for tie in ties
                        for record in tie.records
                        if identity(record) not in seen and change(record) in (None, position)
                    }.values()
                )
                failures = [failure for tie in ties for failure in tie.failures]
                if fresh or failures:
                    yield Page(fresh, position, failures=failures)
                if not fresh:
                    break
            position, seen = after(position), {identity(record) for record in records if change(record) is None}


def newest_first(pages: Iterable[Page], *, change: Callable[[Any], Any], since: Any) -> Iterator[Page]:
    """Yield pages of a listing that is sorted by change, newest first, until one reaches below `since`.

    `change(record)` is its change time; a page without any ends nothing. Records changed at `since` itself are still
    read. Where the source turns out not to have sorted, everything is read.
    """
    sorted_so_far, oldest = True, None
    for page in pages:
        yield page
        times = [time for record in page.records if (time := change(record)) is not None]
        for time in times:
            sorted_so_far = sorted_so_far and (oldest is None or time <= oldest)
            oldest = time
        if times and sorted_so_far and times[-1] < since:
            return


class Windows:
    """Windows of time, one after the other: halved where one is too much for the source, and growing back after that.

    while start < end:
        start, pages = windows.read(fetch, start, end)

    """

    def __init__(self, longest: timedelta, shortest: timedelta, too_much: type[SourceError] = TimedOut) -> None:
        """`too_much` is raised by the reading of a window that has to be halved."""
        self.length = longest
        """How long the next one is at the most."""
        self._longest = longest
        self._shortest = shortest
        self._too_much = too_much

    def read(
        self, fetch: Callable[[datetime, datetime], Result], start: datetime, end: datetime
    ) -> tuple[datetime, Result]:
        """The end of the window that begins at `start`, and `fetch(start, until)` of it. `end` is its latest end.

        Raises what `fetch` raises for the shortest window.
        """
        while True:
            until = min(start + self.length, end)
            try:
                found = fetch(start, until)
            except self._too_much:
                self._halve(until - start)
            else:
                self.length = min(self.length * 2, self._longest)
                return until, found

    def pages(
        self, fetch: Callable[[datetime, datetime], Iterator[Page]], start: datetime, end: datetime
    ) -> Iterator[Page]:
        """What `fetch` yields of each window between the two, as it comes: records of a window that has to be halved
        come again. Raises as `read` does."""
        while start < end:
            until = min(start + self.length, end)
            try:
                yield from fetch(start, until)
            except self._too_much:
                self._halve(until - start)
            else:
                self.length = min(self.length * 2, self._longest)
                start = until

    def _halve(self, length: timedelta) -> None:
        """In the handler of what was too much, which is raised where there is nothing to halve."""
        if length <= self._shortest:
            raise  # noqa: PLE0704
        self.length = max(length / 2, self._shortest)


@dataclass(frozen=True)
class Tide(Position):
    """Whether records moved between the pages of a listing while it was read, told from what can be counted.

    Pages that are cut by number skip a record when an earlier one leaves, and repeat one when an earlier
    one arrives. Every page says how long the listing is at that moment: with the arrivals at the end
    (`new`) and the repeats this tells how many left. As a part of a position it is kept until the reading goes on.
    """

    first_total: int | None = None
    last_total: int | None = None
    records: int = 0
    repeats: int = 0
    new: int = 0
    pages: int = 0

    def count(
        self, records: Sequence[Any], ids: Sequence[Any], seen: set[Any], new: Callable[[Any], bool], total: int | None
    ) -> "Tide":
        """With one more page, whose records have these `ids`; `seen` are those of the pages before, and is added to."""
        fresh = {each: record for record, each in zip(records, ids, strict=True) if each not in seen}
        seen.update(fresh)
        return Tide(
            first_total=self.first_total if self.pages else total,
            last_total=total,
            records=self.records + len(fresh),
            repeats=self.repeats + len(ids) - len(fresh),
            new=self.new + sum(map(new, fresh.values())),
            pages=self.pages + 1,
        )

    @property
    def calm(self) -> bool:
        """Nothing can have been skipped. A single page is one moment; without totals nobody can know."""
        if self.first_total is None or self.last_total is None:
            return self.pages <= 1
        left = self.first_total + self.new + self.repeats - self.last_total
        return left == 0 and self.records >= self.last_total

    def believed(self, seen: set[Any], before: set[Any] | None) -> bool:
        """Calm, or the same records as in the reading before; but never fewer than the source says there are."""
        return self.calm or (seen == before and self.records >= (self.last_total or 0))


class UntilCalm:
    """The pages of a listing; all of them again while records moved as they were read.

    listing = UntilCalm(lambda: client.listing("people.json"), identity)
    for page in listing: ...
    listing.calm    # nothing can have been skipped: what did not come is not there

    """

    def __init__(
        self,
        walk: Callable[[], Iterable[Page]],
        identity: Callable[[Any], Any],
        new: Callable[[Any], bool] = lambda record: False,
    ) -> None:
        """`new` tells records that came into the listing after its first page was read."""
        self._walk = walk
        self._identity = identity
        self._new = new
        self.calm = False

    def __iter__(self) -> Iterator[Page]:
        before: set[Any] | None = None
        for _ in range(MOST_READINGS):
            tide, seen = Tide(), set[Any]()
            for page in self._walk():
                ids = [self._identity(record) for record in page.records]
                tide = tide.count(page.records, ids, seen, self._new, page.total)
                yield page
            self.calm = tide.believed(seen, before)
            if self.calm:
                return
            before = seen


def until_calm(walk: Callable[[], Iterable[Page]], identity: Callable[[Any], Any]) -> Iterator[Page]:
    """The pages of a listing, again while records moved as they were read; the last one says whether it was whole."""
    listing = UntilCalm(walk, identity)
    yield from listing
    yield Page(whole=listing.calm)


class Ties:
    """Reads what changed at one time by page number, until nothing can be missing: for the `tied` of `by_keyset`.

    Records leave while they are read, and the source may order what is equal anew at each request. A reading is
    proven that brought as many records as each of its pages says that there are, and so are several together. Else so
    many in a row that brought nothing new (`fruitless`) are believed, because what a page says may be an upper bound.
    """

    def __init__(
        self, pages: Callable[[int], Iterable[Page]], identity: Callable[[Any], Any], fruitless: int = 2
    ) -> None:
        self._pages = pages
        self._identity = identity
        self._enough = fruitless
        self._read_last: int | None = None

    def read(self, second: int) -> Iterator[Page]:
        """Yield the pages of all readings that it takes; none for the time that was read last."""
        seen = set[Any]()
        fruitless = 0
        while second != self._read_last:
            this, totals, before = set[Any](), set[int | None](), len(seen)
            for page in self._pages(second):
                this.update(map(self._identity, page.records))
                totals.add(page.total)
                yield page
            seen |= this
            fruitless = fruitless + 1 if len(seen) == before else 0
            if totals in ({len(this)}, {len(seen)}) or fruitless == self._enough:
                self._read_last = second
