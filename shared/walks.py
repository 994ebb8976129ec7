"""Walks by id: everything above the last id that was read, however large a page the source can give.

by_sized_id    one walk, whose pages shrink where they fail, down to the record that fails alone
in_ranges      several of them side by side, through ranges of ids that have nothing in common

A record that is changed while it is read keeps its id, so nothing slips past, as it does between pages that are
counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from shared.errors import BadPayload, Disordered, TimedOut, Unavailable
from shared.pages import Failure, Page
from shared.positions import Position
from shared.workers import Workers

LARGEST_PAGE = 1_000
TOO_MUCH = (TimedOut, Unavailable, BadPayload)
"""How a page may fail because of what is in it: then less is asked for."""
BELIEVED = 5
"""After so many parts that came, and none that failed, it is asked whether the rest comes too."""
LONGEST_PATIENCE = 64
"""So many smaller pages at the most come before a larger one is tried again."""
MOST_IN_A_ROW = 20
"""So many records one after the other may fail alone; more of them are no bad records, but a bad service."""


@dataclass(frozen=True)
class Span(Position):
    """Ids above one and up to another; without an end, all above."""

    above: int = 0
    up_to: int | None = None


@dataclass(frozen=True)
class Gap:
    """What a walk steps over."""

    reached: int
    """The walk goes on above this id."""
    id: int | None = None
    """The id of the record in it; `None` where nobody can tell."""


class Sizes:
    """How many records the next page asks for.

    A page that fails is cut in two until the record that fails stands alone. Where one half came, the other is at
    fault, and is cut without being asked for; but once, after a few that came, it is asked for, because most failures
    pass. Where page after page came in parts, and no record failed, they stay half as large for a while, and for twice
    as long each time that a larger one fails at once.

    A record that fails alone costs 13 requests at the most. One is the page of 1,000, one names the record, and 11 find
    it: of 2^n records that fail each is found with n + 1, because the first half is the largest power of two. Only the
    five halves that come first, of 512, 256, 128, 64 and 32, are followed by a request for the rest, and the rest is
    then 8 records, which take 4.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._size = largest
        self._remaining = largest
        """No more than so many records are left, as far as the source has said."""
        self._left = 0
        """Of so many records one fails. 0: of none that is known."""
        self._came_in_a_row = 0
        self._asks_whole = False
        """In this search it may still be asked whether all the rest comes."""
        self._something_came = False
        self._beside = False
        """The record behind some that failed is asked for alone: bad ones lie together."""
        self._good_pages = 1
        self._patience = 1

    @property
    def next(self) -> int:
        """How many to ask for."""
        if not self._left:
            return self._size
        if self._beside:
            return 1
        if self._is_believed:
            return self._left
        return max(1, self._left // 2 if self._is_too_large else largest_power_of_two_below(self._left))

    @property
    def something_came(self) -> bool:
        """Since a page failed, another one has come: the source works."""
        return self._something_came

    def failed(self, *, behind_some: bool) -> None:
        """The page that was asked for did not come; it is the first one `behind_some` that failed alone."""
        asked = self.next
        if self._left:
            self._asks_whole = self._asks_whole and self._is_too_large and not self._is_believed
        else:
            self._asks_whole, self._something_came = True, False
        self._left, self._came_in_a_row, self._beside = max(1, min(asked, self._remaining)), 0, behind_some

    def came(self, page: Page) -> None:
        """The page came."""
        records = len(page.records)
        remaining = (page.total or 0) - records
        self._remaining = remaining if remaining > 0 else self._largest
        if not self._left:
            self._good_pages += 1
            if self._size == self._largest:
                self._patience = 1
            elif self._good_pages >= self._patience:
                self._size, self._good_pages = min(2 * self._size, self._largest), 0
            return
        self._something_came = True
        self._came_in_a_row += not self._beside
        self._beside = False
        self._left = max(0, self._left - records)
        if not self._left:
            self._came_in_parts()

    def found(self) -> None:
        """The record that fails has been found, and is stepped over."""
        self._left, self._beside = 0, False

    def _came_in_parts(self) -> None:
        if not self._good_pages:
            # No page of this size has come since the last try: that is what was wrong, and not a failure that passed.
            self._patience = min(2 * self._patience, LONGEST_PATIENCE)
            self._size = max(1, self._size // 2)
        self._good_pages = 0

    @property
    def _is_too_large(self) -> bool:
        """Pages of this size have failed before, and came in parts."""
        return self._patience > 1

    @property
    def _is_believed(self) -> bool:
        return self._asks_whole and self._came_in_a_row == (1 if self._is_too_large else BELIEVED)


def largest_power_of_two_below(number: int) -> int:
    return 1 << (number - 1).bit_length() >> 1


def by_sized_id(
    fetch: Callable[[int, int], Page],
    number: Callable[[Any], int | None],
    step_over: Callable[[int], Gap | None],
    span: Span,
    *,
    largest: int = LARGEST_PAGE,
) -> Iterator[Page]:
    """Yield the records of a span by their id, in pages whose position is the last id.

    `fetch(above, size)` answers the first `size` records of the span above an id, in ascending order; it should not
    repeat what fails (`Retry.shrinking`), for a smaller page is the repetition. `number(record)` is the id of a record,
    `None` where it has none. Where the first record above an id fails alone, `step_over(id)` says how to go on behind
    it, `None` where nothing follows; it may take its time, because the source may be down. Such a record is a failure
    of the next page that comes: one with a known id is read again by `{"id": …}`, others keep the stream where it is.

    Raises `Disordered` for a page that is not in ascending order, or beyond the span: of pages of one record nobody
    could tell, so it is never shrunk. Raises the last error where one record after the other fails.
    """
    sizes, reached = Sizes(largest), span.above
    gap: Gap | None = None
    failures: list[Failure] = []
    while True:
        size = sizes.next
        try:
            page = fetch(reached, size)
            ids = _ascending([each for each in map(number, page.records) if each is not None], reached, span.up_to)
            if not ids and not page.ends:
                raise BadPayload(f"{len(page.records)} records above {reached}, and none of them says which one it is")
        except Disordered:
            raise
        except TOO_MUCH as error:
            if size > 1:
                sizes.failed(behind_some=len(failures) > 1)
                continue
            looked = gap is not None
            gap = gap or step_over(reached)
            if gap is None:
                yield Page(position=reached, failures=(*failures, Failure(error, None)), last=True)
                return
            if not (looked or failures or sizes.something_came):
                continue  # The source may have been down, and is no longer.
            if len(failures) == MOST_IN_A_ROW:
                raise
            failures.append(_failure(error, gap.id))
            sizes.found()
            reached, gap = gap.reached, None
        else:
            sizes.came(page)
            gap = None
            reached = ids[-1] if ids else reached
            yield replace(page, position=reached, failures=tuple(failures))
            failures.clear()
            if page.ends:
                return


def _ascending(ids: list[int], above: int, up_to: int | None) -> list[int]:
    """The ids. Raises `Disordered`."""
    for earlier, later in pairwise([above, *ids]):
        if later <= earlier:
            raise Disordered(f"asked for records above {above} by their id, the source sent {later} behind {earlier}")
    if up_to is not None and ids and ids[-1] > up_to:
        raise Disordered(f"asked for records up to {up_to}, the source sent {ids[-1]}")
    return ids


def _failure(error: TimedOut | Unavailable | BadPayload, id: int | None) -> Failure:
    return Failure(error, None) if id is None else Failure(error, str(id), {"id": id})


def split(span: Span, top: int, ranges: int) -> tuple[Span, ...]:
    """A span cut into so many of the same length, as if `top` were the highest id. The last one ends where the span
    does, so what is made meanwhile is in it."""
    step = max(1, -(-(top - span.above) // ranges))
    starts = list(range(span.above, max(top, span.above + 1), step))
    return tuple(Span(start, end) for start, end in zip(starts, [*starts[1:], span.up_to], strict=True))


def in_ranges(workers: Workers, walk: Callable[[Span], Iterator[Page]], spans: Sequence[Span]) -> Iterator[Page]:
    """Yield the pages of walks through several spans side by side, as they come. Their position is what is left of all
    of them: a tuple of spans to go on with. Raises what a walk raises."""
    walks: dict[int, tuple[int, Iterator[Page]]] = {}
    left: dict[int, Span] = dict(enumerate(spans))

    def begun() -> Iterator[Iterator[Page]]:
        for index, span in enumerate(spans):
            pages = walk(span)
            walks[id(pages)] = index, pages
            yield pages

    for outcome in workers.interleave(begun()):
        index, _ = walks[id(outcome.source)]
        if outcome.error is not None:
            raise outcome.error
        page = outcome.item
        if outcome.ended or page is None:
            del left[index]
            continue
        if page.position is not None:
            left[index] = replace(left[index], above=page.position)
        yield replace(page, position=tuple(left.values()))
