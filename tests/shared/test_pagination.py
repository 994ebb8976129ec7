"""Listings are read whole in every style, also while they move."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import BadPayload, Rejected, TimedOut
from shared.pages import Failure, Page
from shared.pagination import (
    MOST_READINGS,
    Tide,
    Ties,
    UntilCalm,
    Windows,
    by_cursor,
    by_keyset,
    by_link,
    by_number,
    by_offset,
    newest_first,
)

# By link.


def test_links_are_followed_to_the_last_page() -> None:
    pages = {"a": Page([1], next="b"), "b": Page(next="c"), "c": Page([2])}
    assert list(by_link(pages.__getitem__, "a")) == list(pages.values())


def test_a_link_that_was_followed_before_ends_the_listing() -> None:
    pages = {"a": Page([1], next="b"), "b": Page([2], next="a")}
    assert list(by_link(pages.__getitem__, "a")) == [pages["a"], pages["b"]]


def test_nothing_is_fetched_before_it_is_asked_for() -> None:
    fetched: list[str] = []

    def fetch(url: str) -> Page:
        fetched.append(url)
        return Page(next=url + "x")

    list(islice(by_link(fetch, "a"), 2))
    assert fetched == ["a", "ax"]


# By cursor, number and offset.


def records_of(pages: Iterable[Page]) -> list[Any]:
    return [record for page in pages for record in page.records]


def test_cursors_are_followed_until_there_is_none() -> None:
    pages = {None: Page([1], next="x"), "x": Page([2], next="y"), "y": Page([3])}
    assert list(by_cursor(pages.__getitem__)) == list(pages.values())


def test_a_listing_can_be_resumed_at_a_cursor() -> None:
    pages = {"x": Page([2], next="y"), "y": Page([3], next="")}
    assert records_of(by_cursor(pages.__getitem__, start="x")) == [2, 3]


@pytest.mark.parametrize("back_to", ["x", "y", None])
def test_a_cursor_that_comes_back_is_an_error(back_to: str | None) -> None:
    pages = {None: "x", "x": "y", "y": back_to or "y"}
    with pytest.raises(BadPayload, match="never end"):
        list(by_cursor(lambda cursor: Page(next=pages[cursor])))


def test_a_source_that_ignores_the_cursor_is_an_error() -> None:
    with pytest.raises(BadPayload, match="never end"):
        list(by_cursor(lambda start: Page([1, 2], next=start + 2), start=1))


def test_a_single_record_may_be_moved_to_the_next_place_while_it_is_read() -> None:
    assert records_of(by_cursor({1: Page([1], next=2), 2: Page([1], next=3), 3: Page()}.__getitem__, 1)) == [1, 1]
    assert records_of(by_number({1: Page([1]), 2: Page([1]), 3: Page()}.__getitem__)) == [1, 1]


def test_a_single_record_that_comes_at_every_place_is_an_error() -> None:
    with pytest.raises(BadPayload, match="never end"):
        list(by_cursor(lambda start: Page([1], next=start + 1), start=1))
    with pytest.raises(BadPayload, match="never end"):
        list(by_offset(lambda offset: Page([1])))


@given(st.lists(st.integers(), unique=True), st.integers(1, 7))
def test_numbered_pages_are_read_to_the_first_empty_one(records: list[int], size: int) -> None:
    def fetch(number: int) -> Page:
        return Page(records[(number - 1) * size : number * size])

    assert records_of(by_number(fetch)) == records


def test_a_short_page_in_the_middle_ends_nothing() -> None:
    pages = {1: Page([1, 2]), 2: Page([3]), 3: Page([4, 5]), 4: Page()}
    assert list(by_number(pages.__getitem__)) == [pages[1], pages[2], pages[3]]


def test_a_page_may_say_that_it_is_the_last() -> None:
    pages = {1: Page([1, 2], last=False), 2: Page([3], last=True)}
    assert list(by_number(pages.__getitem__)) == list(pages.values())
    assert records_of(by_number({1: Page(last=True)}.__getitem__)) == []


def test_an_empty_page_may_say_that_something_follows() -> None:
    pages = {1: Page([1]), 2: Page(last=False), 3: Page([2], last=True)}
    assert records_of(by_number(pages.__getitem__)) == [1, 2]


def test_empty_pages_without_an_end_are_an_error() -> None:
    with pytest.raises(BadPayload, match="never end"):
        list(by_number(lambda number: Page(last=False)))


def test_pages_may_be_numbered_from_zero() -> None:
    assert records_of(by_number({0: Page([1]), 1: Page()}.__getitem__, first=0)) == [1]


def test_a_source_that_ignores_the_page_number_is_an_error() -> None:
    with pytest.raises(BadPayload, match="never end"):
        list(by_number(lambda number: Page([1, 2])))


@given(st.lists(st.integers(), unique=True), st.lists(st.integers(1, 5), min_size=1))
def test_offsets_move_by_what_came(records: list[int], sizes: list[int]) -> None:
    lengths = iter(sizes * 50)

    def fetch(offset: int) -> Page:
        return Page(records[offset : offset + next(lengths)])

    assert records_of(by_offset(fetch)) == records


def test_a_source_that_ignores_the_offset_is_an_error() -> None:
    with pytest.raises(BadPayload, match="never end"):
        list(by_offset(lambda offset: Page([1, 2])))


# By keyset.


@dataclass
class Changes:
    """Records by change time, of which the first `size` at or after a time are shown."""

    records: dict[int, int]
    size: int
    touch: Callable[["Changes"], None] = lambda changes: None
    fetches: int = 0

    def listing(self) -> list[tuple[int, int]]:
        return sorted(self.records.items(), key=lambda record: (record[1], record[0]))

    def fetch(self, since: int) -> Page:
        self.fetches += 1
        page = [record for record in self.listing() if record[1] >= since][: self.size]
        self.touch(self)
        return Page(page)

    def tied(self, time: int) -> Iterator[Page]:
        """Pages by number, so what leaves the tie shifts the rest."""
        for number in range(1000):
            tie = [record for record in self.listing() if record[1] == time]
            page = tie[number * self.size : (number + 1) * self.size]
            self.touch(self)
            if not page:
                return
            yield Page(page)

    def read(self, start: int = 0) -> Iterator[Page]:
        return by_keyset(
            self.fetch,
            start=start,
            size=self.size,
            change=lambda record: record[1],
            identity=lambda record: record[0],
            tied=self.tied,
            after=lambda time: time + 1,
        )


def landed(pages: Iterable[Page]) -> dict[int, int]:
    return dict(records_of(pages))


@given(st.lists(st.integers(1, 40), unique=True), st.integers(1, 6))
def test_changes_at_different_times_are_all_read(times: list[int], size: int) -> None:
    source = Changes(dict(enumerate(times)), size)
    assert landed(source.read()) == source.records


@given(st.lists(st.integers(1, 8), max_size=25), st.integers(2, 30))
def test_ties_across_the_border_of_pages_are_all_read(times: list[int], size: int) -> None:
    widest = max((times.count(time) for time in times), default=0)
    source = Changes(dict(enumerate(times)), max(size, widest + 1))
    assert landed(source.read()) == source.records


def test_a_tie_that_began_on_the_page_before_and_is_longer_than_a_page_is_read_whole() -> None:
    source = Changes({0: 1, **dict.fromkeys(range(1, 12), 2), 12: 3}, size=4)
    assert landed(source.read()) == source.records


@given(st.lists(st.integers(1, 40), min_size=1, unique=True), st.integers(1, 6), st.data())
def test_reading_can_be_resumed_at_any_position(times: list[int], size: int, data: st.DataObject) -> None:
    source = Changes(dict(enumerate(times)), size)
    pages = list(source.read())
    cut = data.draw(st.integers(0, len(pages)))
    position = pages[cut - 1].position if cut else 0
    assert landed(pages[:cut]) | landed(source.read(position)) == source.records


@given(st.lists(st.integers(1, 40), unique=True), st.integers(1, 6))
def test_positions_never_go_back(times: list[int], size: int) -> None:
    positions = [page.position for page in Changes(dict(enumerate(times)), size).read()]
    assert positions == sorted(positions)


@given(st.lists(st.integers(1, 40), unique=True, min_size=5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_records_that_change_while_we_read_shift_nothing(times: list[int], size: int, random: Random) -> None:
    now = 100
    untouched = set(range(len(times)))

    def touch(changes: Changes) -> None:
        nonlocal now
        if now < 110:
            now += 1
            identity = random.choice(list(changes.records))
            changes.records[identity] = now
            untouched.discard(identity)

    source = Changes(dict(enumerate(times)), size, touch)
    found = landed(source.read())
    assert {identity: time for identity, time in enumerate(times) if identity in untouched}.items() <= found.items()
    assert found.keys() == source.records.keys()


def test_records_that_leave_a_long_tie_while_it_is_read_hide_no_others() -> None:
    leaving = iter(range(1, 8))

    def touch(changes: Changes) -> None:
        if changes.fetches >= 2 and (identity := next(leaving, None)) is not None:
            changes.records[identity] = 50 + identity

    source = Changes({0: 1, **dict.fromkeys(range(1, 30), 2)}, size=4, touch=touch)
    assert landed(source.read()).keys() == source.records.keys()


def test_a_record_that_is_newer_than_its_place_in_the_listing_hides_no_others() -> None:
    """A search whose index lags behind its records: found and sorted by the old time, shown with the new one."""
    source = Changes({number: number for number in range(1, 12)}, size=4)

    def shown(since: int) -> Page:
        return Page([(identity, time + 50 * (identity in (2, 5))) for identity, time in source.fetch(since).records])

    found = landed(
        by_keyset(
            shown,
            start=0,
            size=4,
            change=lambda record: record[1],
            identity=lambda record: record[0],
            tied=source.tied,
            after=lambda time: time + 1,
        )
    )
    assert found.keys() == source.records.keys()


def test_what_comes_on_one_page_need_not_be_sorted() -> None:
    page = [(1, 9), (2, 8), (3, 7)]
    pairs = by_keyset(
        lambda since: Page([record for record in page if record[1] >= since]),
        start=0,
        size=4,
        change=lambda record: record[1],
        identity=lambda record: record[0],
        tied=lambda time: [],
        after=lambda time: time + 1,
    )
    assert landed(pairs) == dict(page)


@pytest.mark.parametrize("times", [[9, 8, 7, 6], [3, 9, 1, 8, 2, 7], [5, 1]])
def test_a_source_that_ignores_the_order_is_an_error(times: list[int]) -> None:
    page = list(enumerate(times))
    with pytest.raises(BadPayload, match="not sorted by their change"):
        list(
            by_keyset(
                lambda since: Page(page),
                start=0,
                size=len(page),
                change=lambda record: record[1],
                identity=lambda record: record[0],
                tied=lambda time: [],
                after=lambda time: time + 1,
            )
        )


def test_what_could_not_be_read_of_a_page_is_passed_on_with_it() -> None:
    unread, tied = (Failure(BadPayload(text), None) for text in ("cannot be listed", "nor this"))
    pages = {0: Page([(1, 1)], failures=[unread]), 1: Page([(1, 1), (2, 1)]), 2: Page(failures=[unread])}
    read = by_keyset(
        lambda since: pages.pop(since, Page()),
        start=0,
        size=2,
        change=lambda record: record[1],
        identity=lambda record: record[0],
        tied=lambda time: [Page([(3, time)], failures=[tied])],
        after=lambda time: time + 1,
    )
    found = [(list(page.records), page.position, list(page.failures)) for page in read]
    assert found == [
        ([(1, 1)], 1, [unread]),
        ([(2, 1)], 1, []),
        ([(3, 1)], 1, [tied]),
        ([], 1, [tied]),
        ([], 2, [unread]),
    ]


def test_a_source_without_changes_yields_nothing() -> None:
    assert list(Changes({}, 5).read()) == []


def test_a_source_that_ignores_the_lower_bound_is_an_error() -> None:
    records = [(1, 5), (2, 6)]
    with pytest.raises(BadPayload, match="asked for changes"):
        list(
            by_keyset(
                lambda since: Page(records),
                start=10,
                size=2,
                change=lambda record: record[1],
                identity=lambda record: record[0],
                tied=lambda time: [],
                after=lambda time: time + 1,
            )
        )


def read_lines(source: Changes, broken: int, size: int = 2) -> list[Any]:
    """Reads a source one of whose records, sorted in at its place, does not say when it changed."""

    def shown(page: Page) -> Page:
        return Page([("broken", None) if identity == broken else (identity, time) for identity, time in page.records])

    pairs = by_keyset(
        lambda since: shown(source.fetch(since)),
        start=0,
        size=size,
        change=lambda record: record[1],
        identity=lambda record: record[0],
        tied=lambda time: map(shown, source.tied(time)),
        after=lambda time: time + 1,
    )
    return records_of(pairs)


@pytest.mark.parametrize("broken", range(7))
def test_a_record_without_a_change_time_is_read_and_moves_nothing(broken: int) -> None:
    found = read_lines(Changes({0: 1, 1: 2, 2: 3, 3: 3, 4: 3, 5: 4, 6: 9}, 2), broken)
    assert {identity for identity, _ in found} == {0, 1, 2, 3, 4, 5, 6, "broken"} - {broken}
    assert len(found) <= 8


def test_a_page_full_of_records_without_change_times_is_an_error() -> None:
    with pytest.raises(BadPayload, match="none of which says when it changed"):
        list(
            by_keyset(
                lambda since: Page([(1, None), (2, None)]),
                start=10,
                size=2,
                change=lambda record: record[1],
                identity=lambda record: record[0],
                tied=lambda time: [],
                after=lambda time: time + 1,
            )
        )


def test_after_a_page_that_is_known_to_be_the_last_nothing_is_asked_for() -> None:
    source = Changes(dict.fromkeys(range(3), 5) | {7: 6}, size=4)
    pages = by_keyset(
        lambda since: replace(source.fetch(since), last=True),
        start=0,
        size=4,
        change=lambda record: record[1],
        identity=lambda record: record[0],
        tied=source.tied,
        after=lambda time: time + 1,
    )
    assert list(pages) == [Page(source.listing(), 6)]
    assert source.fetches == 1


# Newest first.


def read_newest(pages: list[list[int]], since: int) -> list[Sequence[int]]:
    found = newest_first(map(Page, pages), change=lambda record: record, since=since)
    return [page.records for page in found]


def test_reading_stops_below_the_last_change_known() -> None:
    assert read_newest([[9, 8], [7, 6], [5, 4], [3, 2]], since=6) == [[9, 8], [7, 6], [5, 4]]


def test_changes_at_the_watermark_itself_are_still_read() -> None:
    assert read_newest([[9, 8], [7, 6], [6, 6], [6, 5], [4]], since=6) == [[9, 8], [7, 6], [6, 6], [6, 5]]


def test_where_the_source_has_not_sorted_everything_is_read() -> None:
    pages = [[9, 8], [3, 7], [2, 1], [9, 5]]
    assert read_newest(pages, since=6) == pages


def test_disorder_on_one_page_is_noticed_before_it_ends_the_reading() -> None:
    pages = [[1, 9, 2], [8, 7]]
    assert read_newest(pages, since=6) == pages


def test_a_page_that_is_empty_in_the_middle_ends_nothing() -> None:
    assert read_newest([[9], [], [8], [2], [1]], since=3) == [[9], [], [8], [2]]


def test_a_page_behind_the_watermark_is_not_asked_for() -> None:
    def pages() -> Iterator[Page]:
        yield Page([9, 1])
        raise AssertionError("one page too many")

    assert list(newest_first(pages(), change=lambda record: record, since=5)) == [Page([9, 1])]


# By window.

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
LONGEST, SHORTEST = timedelta(days=92), timedelta(days=14)


def windows(days: int, heavy: Callable[[datetime, datetime], bool] = lambda start, end: False) -> list[timedelta]:
    asked: list[tuple[datetime, datetime]] = []

    def fetch(start: datetime, end: datetime) -> Page:
        if heavy(start, end):
            raise TimedOut("too much")
        asked.append((start, end))
        return Page([(start, end)])

    made, start, end = Windows(LONGEST, SHORTEST), START, START + timedelta(days=days)
    edges, pages = [START], []
    while start < end:
        start, page = made.read(fetch, start, end)
        edges.append(start)
        pages.append(page)
    assert edges == [START, *(until for _, until in asked)]
    assert records_of(pages) == asked
    assert edges[-1] == end
    assert [start for start, _ in asked] == edges[:-1]
    return [until - start for start, until in asked]


def test_windows_cover_the_time_without_a_gap() -> None:
    assert windows(365) == [*[timedelta(days=92)] * 3, timedelta(days=89)]


def test_a_window_that_times_out_is_halved_and_grows_back() -> None:
    heavy_end = START + timedelta(days=92)
    lengths = windows(365, lambda start, end: start < heavy_end and end - start > timedelta(days=30))
    assert lengths[0] == timedelta(days=23)
    assert max(lengths) == timedelta(days=92)


def test_the_shortest_window_that_times_out_is_an_error() -> None:
    lengths: list[timedelta] = []

    def heavy(start: datetime, end: datetime) -> bool:
        lengths.append(end - start)
        return True

    with pytest.raises(TimedOut):
        windows(365, heavy)
    assert lengths == [timedelta(days=92), timedelta(days=46), timedelta(days=23), timedelta(days=14)]


def test_a_window_that_the_end_cuts_is_halved_and_not_asked_for_twice() -> None:
    lengths: list[timedelta] = []

    def heavy(start: datetime, end: datetime) -> bool:
        lengths.append(end - start)
        return len(lengths) == 1

    windows(60, heavy)
    assert lengths[:2] == [timedelta(days=60), timedelta(days=30)]


def test_nothing_of_a_window_that_failed_is_handed_out() -> None:
    attempts: list[int] = []

    def fetch(start: datetime, end: datetime) -> Iterator[Page]:
        attempts.append(1)
        yield Page(["record"])
        if len(attempts) == 1:
            raise TimedOut("late")

    made, start, end = Windows(LONGEST, SHORTEST), START, START + timedelta(days=60)
    records: list[Any] = []
    while start < end:
        start, pages = made.read(lambda lower, upper: list(fetch(lower, upper)), start, end)
        records += records_of(pages)
    assert len(records) == len(attempts) - 1


def test_another_error_is_not_a_reason_to_halve() -> None:
    attempts: list[int] = []

    def fetch(start: datetime, end: datetime) -> list[Page]:
        attempts.append(1)
        raise Rejected("no")

    with pytest.raises(Rejected):
        Windows(LONGEST, SHORTEST).read(fetch, START, START + timedelta(days=60))
    assert len(attempts) == 1


def test_a_window_may_be_too_much_for_another_reason_than_time() -> None:
    class TooMany(Rejected):
        pass

    def fetch(start: datetime, end: datetime) -> timedelta:
        if end - start > timedelta(days=50):
            raise TooMany("more than can be had")
        return end - start

    _, length = Windows(LONGEST, SHORTEST, TooMany).read(fetch, START, START + timedelta(days=365))
    assert length == timedelta(days=46)


def test_no_time_is_no_window() -> None:
    assert windows(0) == []


# While records move.


class Moving:
    """A listing cut by number; `touch` changes it after every page."""

    def __init__(
        self, records: list[int], size: int, touch: Callable[["Moving"], object] = lambda moving: None
    ) -> None:
        self.records = records
        self.size = size
        self.touch = touch
        self.walks = 0
        self.calm = False

    def walk(self) -> Iterator[Page]:
        self.walks += 1
        number = 0
        while True:
            page = self.records[number * self.size : (number + 1) * self.size]
            total = len(self.records)
            yield Page(list(page), total=total)
            self.touch(self)
            number += 1
            if number * self.size >= total:
                return

    def read(self, new: Callable[[int], bool] = lambda record: False) -> set[int]:
        listing = UntilCalm(self.walk, lambda record: record, new)
        found = {record for page in listing for record in page.records}
        self.calm = listing.calm
        return found


def test_a_listing_that_rests_is_read_once() -> None:
    moving = Moving(list(range(10)), 3)
    assert moving.read() == set(range(10))
    assert moving.walks == 1


def test_one_page_is_one_moment() -> None:
    moving = Moving([1, 2, 3], 5, lambda moving: moving.records.pop() if moving.records else None)
    assert moving.read() == {1, 2, 3}
    assert moving.walks == 1


def test_a_record_that_leaves_hides_no_other() -> None:
    moving = Moving(list(range(10)), 3, lambda moving: moving.records.remove(0) if 0 in moving.records else None)
    assert moving.read() >= set(range(1, 10))
    assert moving.walks == 2


def test_new_records_at_the_end_cost_no_second_reading() -> None:
    arriving = iter([100, 101])

    def touch(moving: Moving) -> None:
        moving.records += list(islice(arriving, 1))

    moving = Moving(list(range(10)), 3, touch)
    assert moving.read(lambda record: record >= 100) == {*range(10), 100, 101}
    assert moving.walks == 1


def test_new_records_in_front_that_push_others_on_hide_none() -> None:
    arriving = iter([100, 101])

    def touch(moving: Moving) -> None:
        moving.records[:0] = list(islice(arriving, 1))

    moving = Moving(list(range(10)), 3, touch)
    assert moving.read() >= set(range(10))


@given(st.integers(0, 30), st.integers(2, 6), st.integers(0, 20), st.integers(0, 8), st.randoms(use_true_random=False))
def test_a_listing_that_calls_itself_calm_has_hidden_nobody(
    amount: int, size: int, leaving: int, arrivals: int, random: Random
) -> None:
    """Records leave anywhere and new ones arrive at the end, any number of them between any two pages."""
    arriving = iter(range(1000, 1000 + arrivals))

    def touch(moving: Moving) -> None:
        nonlocal leaving
        for _ in range(random.randint(0, 4)):
            if leaving and moving.records and random.random() < 0.6:
                leaving -= 1
                moving.records.remove(random.choice(moving.records))
            else:
                moving.records += islice(arriving, 1)

    moving = Moving(list(range(amount)), size, touch)
    found = moving.read(lambda record: record >= 1000)
    assert not moving.calm or {record for record in moving.records if record < 1000} <= found


def test_a_listing_that_never_rests_is_read_a_few_times_and_says_so() -> None:
    moving = Moving(list(range(500)), 3, lambda moving: moving.records.pop(0))
    moving.read()
    assert not moving.calm and moving.walks == MOST_READINGS


def test_without_totals_two_readings_that_agree_are_calm() -> None:
    walks: list[int] = []

    def walk() -> Iterator[Page]:
        walks.append(1)
        yield Page([1, 2])
        yield Page([3])

    listing = UntilCalm(walk, lambda record: record)
    assert {record for page in listing for record in page.records} == {1, 2, 3}
    assert listing.calm and len(walks) == 2


def test_a_record_that_comes_twice_on_one_page_is_a_repeat() -> None:
    seen = set[int]()
    tide = Tide().count([1, 1, 2], [1, 1, 2], seen, lambda record: False, 2)
    assert (tide.records, tide.repeats, seen) == (2, 1, {1, 2})


def test_a_tide_can_be_saved_and_counted_on() -> None:
    tide, seen = Tide(), set[int]()
    for page in ([1, 2], [3]):
        tide = Tide.restored(tide.saved()).count(page, page, seen, lambda record: False, 3)
    assert tide == Tide(first_total=3, last_total=3, records=3, pages=2)
    assert tide.calm


def tide_of(*pages: tuple[list[int], int | None]) -> Tide:
    tide, seen = Tide(), set[int]()
    for records, total in pages:
        tide = tide.count(records, records, seen, lambda record: record >= 1000, total)
    return tide


@pytest.mark.parametrize(
    ("pages", "calm"),
    [
        ([([1, 2, 3], 3)], True),
        ([([1, 2, 3], None)], True),
        ([([1, 2], None), ([3], None)], False),
        ([([1, 2], 3), ([3], None)], False),
        ([([1, 2], None), ([3], 3)], False),
        ([([1, 2], 4), ([3, 4], 4)], True),
        ([([1, 2], 4), ([3], 3)], False),
        ([([1, 2], 4), ([3], 4)], False),
        ([([1, 2], 3), ([2, 3], 4)], False),
        ([([1, 2], 3), ([3, 1000], 4)], True),
    ],
)
def test_calm_is_told_from_totals_repeats_and_arrivals(pages: list[tuple[list[int], int | None]], calm: bool) -> None:
    assert tide_of(*pages).calm is calm


def readings(*each: Sequence[Page], fruitless: int = 2) -> tuple[set[int], int]:
    """What is found in one time of which each reading brings other pages, and how many readings that took."""
    rest = iter(each)
    taken = 0

    def pages(second: int) -> Iterable[Page]:
        nonlocal taken
        taken += 1
        return next(rest)

    ties = Ties(pages, lambda record: record, fruitless)
    found = set(records_of(ties.read(7)))
    assert list(ties.read(7)) == []
    return found, taken


def test_a_tie_is_read_once_where_it_brought_as_many_as_there_are() -> None:
    assert readings([Page([1, 2], total=3), Page([3], total=3)]) == ({1, 2, 3}, 1)


def test_a_tie_in_another_order_each_time_is_read_until_all_have_come() -> None:
    first, second = [Page([1, 2], total=4), Page([2, 3], total=4)], [Page([1, 4], total=4), Page([1, 2], total=4)]
    assert readings(first, second) == ({1, 2, 3, 4}, 2)


def test_a_tie_whose_count_is_not_known_or_not_true_is_read_until_nothing_new_comes() -> None:
    assert readings(*[[Page([1], total=None)]] * 3) == ({1}, 3)
    assert readings(*[[Page([1], total=9)]] * 5, fruitless=4) == ({1}, 5)


def test_windows_are_handed_out_as_they_come_and_what_was_too_much_comes_again_in_halves() -> None:
    asked: list[tuple[datetime, datetime]] = []

    def fetch(start: datetime, end: datetime) -> Iterator[Page]:
        yield Page([(start, end)])
        if end - start > timedelta(days=50):
            raise TimedOut("late")
        asked.append((start, end))

    end = START + timedelta(days=100)
    pages = Windows(LONGEST, SHORTEST).pages(fetch, START, end)
    assert records_of([next(pages)]) == [(START, START + timedelta(days=92))] and asked == []
    assert len(list(pages)) > len(asked)
    assert [start for start, _ in asked] == [START, *(until for _, until in asked[:-1])] and asked[-1][1] == end


def test_a_window_that_cannot_be_halved_is_an_error() -> None:
    def fetch(start: datetime, end: datetime) -> Iterator[Page]:
        raise TimedOut("late")
        yield

    with pytest.raises(TimedOut):
        list(Windows(LONGEST, SHORTEST).pages(fetch, START, START + timedelta(days=60)))
