"""Walks by id lose nothing, shrink where a page fails, and cost few requests for a record that fails alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import VirtualClock
from shared.errors import BadPayload, Disordered, Forbidden, TimedOut, Unavailable
from shared.pages import Page
from shared.records import number
from shared.retry import Breaker, Pace, Retry
from shared.walks import LARGEST_PAGE, MOST_IN_A_ROW, Gap, Span, by_sized_id, in_ranges, split
from shared.workers import Workers
from tests.depth import stories

MOST_MORE = 40
"""Requests that three records which fail alone may cost."""
MOST_MORE_FOR_ONE = MOST_MORE // 3


@dataclass
class Source:
    """Records with these ids. A page with one of the `bad` ones fails, and so does one of more than `most` records."""

    ids: list[int]
    bad: set[int] = field(default_factory=set)
    most: int = 10**9
    named: bool = True
    """It can say which record fails."""
    error: Callable[[], Exception] = partial(Unavailable, "the page cannot be served")
    asked: list[int] = field(default_factory=list)
    """The size of each page."""
    looked: int = 0
    down_for: int = 0
    """So many requests more fail, whatever they ask for."""

    def fetch(self, span: Span, above: int, size: int) -> Page:
        self.asked.append(size)
        left = [id for id in self.ids if id > above and (span.up_to is None or id <= span.up_to)]
        shown = left[:size]
        if self.down_for:
            self.down_for -= 1
            raise self.error()
        if self.bad & set(shown) or len(shown) > self.most:
            raise self.error()
        return Page([{"id": id} for id in shown], last=len(shown) == len(left), total=len(left))

    def step_over(self, span: Span, above: int) -> Gap | None:
        self.looked += 1
        self.down_for = 0  # It is asked again and again until an answer comes.
        left = [id for id in self.ids if id > above and (span.up_to is None or id <= span.up_to)]
        if self.named:
            return Gap(left[0], left[0]) if left else None
        return Gap(left[1] - 1) if len(left) > 1 else None

    def walk(self, span: Span = Span(), **more: Any) -> Iterator[Page]:  # noqa: B008
        return by_sized_id(
            partial(self.fetch, span), partial(number, path="id"), partial(self.step_over, span), span, **more
        )

    @property
    def requests(self) -> int:
        return len(self.asked) + self.looked


def read(pages: Iterable[Page]) -> tuple[list[int], list[str | None]]:
    """The ids that came, and the records that failed."""
    found = list(pages)
    return (
        [record["id"] for page in found for record in page.records],
        [failure.record_id for page in found for failure in page.failures],
    )


def cost(ids: list[int], bad: set[int]) -> int:
    """How many requests these records cost more when some are bad."""
    source, sound = Source(ids, bad), Source(ids)
    came, failed = read(source.walk())
    assert came == [id for id in ids if id not in bad] and failed == [str(id) for id in sorted(bad)]
    assert read(sound.walk())[0] == ids
    return source.requests - sound.requests


def test_pages_are_as_large_as_they_may_be_and_their_position_is_the_last_id() -> None:
    source = Source(list(range(5, 12_505, 5)))
    pages = list(source.walk())
    assert source.asked == [LARGEST_PAGE] * 3 and [page.position for page in pages] == [5_000, 10_000, 12_500]
    assert read(pages) == (source.ids, [])


def test_what_was_read_before_is_not_asked_for_again() -> None:
    source = Source(list(range(1, 3_001)))
    assert read(source.walk(Span(2_500)))[0] == list(range(2_501, 3_001)) and source.asked == [LARGEST_PAGE]


def test_records_that_leave_or_come_while_they_are_read_shift_nothing() -> None:
    source, seen = Source(list(range(1, 5_001))), list[int]()
    for page in source.walk():
        seen += [record["id"] for record in page.records]
        source.ids = [id for id in source.ids if id % 7 or id > 4_900]
        source.ids.append(source.ids[-1] + 1)
    assert set(source.ids[:-1]) <= set(seen) and len(seen) == len(set(seen))


def test_a_page_that_is_cut_short_in_silence_is_not_taken_for_the_last() -> None:
    source = Source(list(range(1, 1_001)))
    whole = source.fetch
    source.fetch = lambda span, above, size: whole(span, above, min(size, 100))  # type: ignore[method-assign]
    assert read(source.walk())[0] == source.ids


@pytest.mark.parametrize("bad", [{1}, {500}, {1_000}, {3_000}, {1_234}, {1, 3_000}, {7, 8, 9, 1_500}])
def test_a_record_that_fails_alone_is_stepped_over_and_everything_else_comes(bad: set[int]) -> None:
    source = Source(list(range(1, 3_001)), bad)
    came, failed = read(source.walk())
    assert came == [id for id in source.ids if id not in bad]
    assert failed == [str(id) for id in sorted(bad)]


def test_its_failure_says_by_what_it_is_read_again_and_the_position_passes_over_it() -> None:
    page = next(page for page in Source([3, 5, 9], {5}).walk() if page.failures)
    assert page.failures[0].retry_key == {"id": 5} and page.position == 9


@pytest.mark.parametrize("bad", [{2_345, 6_789, 11_111}, {4_000, 4_001, 4_002}, {1, 2, 12_500}])
@pytest.mark.parametrize("ids", [12_500, 240])
def test_three_records_that_fail_cost_forty_requests_at_the_most(bad: set[int], ids: int) -> None:
    assert cost(list(range(1, ids + 1)), {each % ids + 1 for each in bad}) <= MOST_MORE


@pytest.mark.parametrize("place", stories(range(LARGEST_PAGE // 10), quick=5))
@pytest.mark.parametrize("pages", [0, 1])
def test_wherever_one_record_of_a_page_fails_it_costs_a_third_of_that_at_the_most(pages: int, place: int) -> None:
    ids = list(range(1, 2 * LARGEST_PAGE + 1))
    tenth = range(pages * LARGEST_PAGE + place, (pages + 1) * LARGEST_PAGE, LARGEST_PAGE // 10)
    assert max(cost(ids, {ids[each]}) for each in tenth) <= MOST_MORE_FOR_ONE


@given(data=st.data(), records=st.integers(3, 200) | st.integers(3, 5_000), step=st.integers(1, 7))
def test_wherever_three_records_fail_in_a_table_of_any_size_they_cost_forty_requests_at_the_most(
    data: st.DataObject, records: int, step: int
) -> None:
    ids = list(range(step, step * (records + 1), step))
    near = st.integers(0, min(records, LARGEST_PAGE) - 1)
    places = data.draw(st.sets(near | st.integers(0, records - 1), min_size=3, max_size=3))
    assert cost(ids, {ids[place] for place in places}) <= MOST_MORE


def test_a_total_that_counts_the_page_alone_makes_no_search_longer() -> None:
    source = Source(list(range(1, 5_001)), {1_900})
    whole = source.fetch

    def fetch(span: Span, above: int, size: int) -> Page:
        page = whole(span, above, size)
        return replace(page, total=len(page.records))

    source.fetch = fetch  # type: ignore[method-assign]
    assert read(source.walk())[1] == ["1900"] and source.requests <= 5 + MOST_MORE_FOR_ONE


def test_where_nobody_can_name_it_the_records_around_it_come_and_the_gap_is_told_without_an_id() -> None:
    source = Source([10, 20, 30, 40], {20}, named=False)
    came, failed = read(source.walk())
    assert came == [10, 30, 40] and failed == [None]


def test_the_last_of_all_that_nobody_can_name_ends_the_walk_and_is_told() -> None:
    assert read(Source([10, 20, 30], {30}, named=False).walk()) == ([10, 20], [None])


@pytest.mark.parametrize("error", [TimedOut, Unavailable, BadPayload])
def test_it_shrinks_whatever_way_a_page_fails(error: type[Exception]) -> None:
    source = Source(list(range(1, 2_001)), {777}, error=lambda: error("it fails"))
    assert read(source.walk())[1] == ["777"]


def test_a_refusal_is_no_reason_to_ask_for_less() -> None:
    source = Source([1, 2, 3], {2}, error=lambda: Forbidden("not yours"))
    with pytest.raises(Forbidden):
        read(source.walk())
    assert source.asked == [LARGEST_PAGE]


def test_one_failure_that_passes_costs_a_few_requests_and_pages_grow_back() -> None:
    source = Source(list(range(1, 100_001)), down_for=1)
    assert read(source.walk()) == (source.ids, [])
    assert source.requests <= 100 + 6 and source.asked[-1] == LARGEST_PAGE


@pytest.mark.parametrize(("most", "requests"), [(999, 240), (500, 240), (250, 450)])
def test_a_source_that_cannot_give_large_pages_is_asked_for_smaller_ones(most: int, requests: int) -> None:
    source = Source(list(range(1, 100_001)), most=most)
    assert read(source.walk()) == (source.ids, [])
    assert source.requests <= requests


def test_while_the_source_is_down_no_record_is_blamed() -> None:
    source = Source(list(range(1, 1_001)), down_for=10**6)
    assert read(source.walk()) == (source.ids, [])


def test_more_bad_records_in_a_row_than_there_can_be_are_a_bad_service() -> None:
    source, pages = Source(list(range(1, 1_001)), set(range(501, 1_001))), list[Page]()
    with pytest.raises(Unavailable):
        pages.extend(source.walk())
    assert source.looked == MOST_IN_A_ROW + 1 and source.requests < 100


def test_before_a_good_record_comes_no_record_is_blamed() -> None:
    source, pages = Source(list(range(1, 1_001)), set(range(501, 1_001))), list[Page]()
    with pytest.raises(Unavailable):
        for page in source.walk():
            pages.append(page)  # noqa: PERF402  what came before the error counts
    assert [id for page in pages for id in read([page])[0]] == list(range(1, 501))
    assert all(not page.failures for page in pages)


@pytest.mark.parametrize(
    "ids", [[3, 2, 4], [1, 1, 2], [9, 4, 1], [-3, 5]], ids=["a step back", "twice", "backwards", "below the bound"]
)
def test_disorder_stops_the_walk_at_once_and_is_never_taken_for_a_failure(ids: list[int]) -> None:
    asked: list[int] = []

    def fetch(above: int, size: int) -> Page:
        asked.append(size)
        return Page([{"id": id} for id in ids], last=False)

    with pytest.raises(Disordered):
        read(by_sized_id(fetch, partial(number, path="id"), lambda above: None, Span()))
    assert asked == [LARGEST_PAGE]


def test_ids_beyond_the_end_of_a_span_are_disorder_too() -> None:
    with pytest.raises(Disordered):
        read(
            by_sized_id(
                lambda above, size: Page([{"id": 11}], last=True), lambda record: 11, lambda above: None, Span(0, 10)
            )
        )


def test_records_without_an_id_are_handed_on_and_move_nothing() -> None:
    pages = [Page([{"id": 1}, "nonsense", {"id": 4}, {"id": None}], last=False), Page([{"id": 6}], last=True)]
    asked: list[int] = []

    def fetch(above: int, size: int) -> Page:
        asked.append(above)
        return pages[len(asked) - 1]

    found = list(by_sized_id(fetch, partial(number, path="id"), lambda above: None, Span()))
    assert found[0].records == pages[0].records and asked == [0, 4]


def test_a_failure_that_shrinks_is_sent_once_and_opens_no_breaker() -> None:
    clock, sent = VirtualClock(), list[int]()
    retry = Retry(clock, Pace(clock=clock), Breaker(failures=3))
    source = Source(list(range(1, 3_001)), {5, 6, 7, 1_500})

    def fetch(above: int, size: int) -> Page:
        def send() -> Page:
            sent.append(size)
            return source.fetch(Span(), above, size)

        return retry.shrinking.call(send)

    came, failed = read(by_sized_id(fetch, partial(number, path="id"), partial(source.step_over, Span()), Span()))
    assert failed == ["5", "6", "7", "1500"] and len(came) == 2_996
    assert sent == source.asked


# Several ranges side by side.


@pytest.fixture
def workers() -> Iterable[Workers]:
    with Workers(VirtualClock(), 8) as found:
        yield found


@given(above=st.integers(0, 10**12), length=st.integers(0, 10**6), ranges=st.integers(1, 12))
def test_ranges_have_nothing_in_common_leave_nothing_out_and_the_last_one_has_no_end(
    above: int, length: int, ranges: int
) -> None:
    spans = split(Span(above), above + length, ranges)
    assert 1 <= len(spans) <= ranges
    assert spans[0].above == above and spans[-1].up_to is None
    assert [span.up_to for span in spans[:-1]] == [span.above for span in spans[1:]]


def test_all_ranges_are_read_and_what_is_made_meanwhile_is_in_the_last_one(workers: Workers) -> None:
    source = Source(list(range(1, 5_001)))
    seen = list[int]()
    for page in in_ranges(workers, source.walk, split(Span(), 5_000, 4)):
        seen += [record["id"] for record in page.records]
        if source.ids[-1] == 5_000:
            source.ids.append(5_001)
    assert sorted(seen) == source.ids


def test_from_the_position_of_any_page_the_rest_is_read(workers: Workers) -> None:
    source = Source(list(range(1, 9_001)))
    pages = list(in_ranges(workers, source.walk, split(Span(), 9_000, 8)))
    for end in range(1, len(pages)):
        landed = {record["id"] for page in pages[:end] for record in page.records}
        rest = {
            record["id"] for page in in_ranges(workers, source.walk, pages[end - 1].position) for record in page.records
        }
        assert landed | rest == set(source.ids)


def test_a_range_that_is_through_is_no_part_of_the_position(workers: Workers) -> None:
    source = Source(list(range(1, 4_001)))
    pages = list(in_ranges(workers, partial(source.walk, largest=100), (Span(0, 50), Span(50))))
    assert len(pages[-1].position) == 1


def test_a_range_that_breaks_off_breaks_off_all(workers: Workers) -> None:
    source = Source(list(range(1, 2_001)), {1_500}, error=lambda: Forbidden("not yours"))
    with pytest.raises(Forbidden):
        list(in_ranges(workers, source.walk, split(Span(), 2_000, 4)))


def test_spans_are_saved_as_objects() -> None:
    assert [span.saved() for span in split(Span(3), 9, 2)] == [{"above": 3, "up_to": 6}, {"above": 6}]
    assert Span.restored({"above": 3, "up_to": 6}) == Span(3, 6)
