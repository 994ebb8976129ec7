"""Requests are spaced, repeated and given up as promised, by any number of threads."""

import contextlib
from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import VirtualClock
from shared.errors import (
    BadPayload,
    Forbidden,
    NotFound,
    RateLimited,
    ServiceDown,
    SourceError,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unexplained,
)
from shared.retry import LONGEST_INTERVAL_SECONDS, Breaker, Limit, Pace, Retry, haste
from shared.tally import CURRENT, Tally


def longest(low: float, high: float) -> float:
    return high


def policy(clock: VirtualClock, *limits: Limit, **changes: object) -> Retry:
    parts = {"clock": clock, "pace": Pace(*limits, clock=clock), "breaker": Breaker(), "draw": longest, **changes}
    return Retry(**parts)  # type: ignore[arg-type]


class Source:
    """Fails in the given way for as long as there is one left, and notes when it was asked."""

    def __init__(self, clock: VirtualClock, errors: Iterable[SourceError] = ()) -> None:
        self.clock = clock
        self.errors = iter(errors)
        self.times: list[float] = []

    def __call__(self) -> str:
        self.times.append(self.clock.monotonic())
        error = next(self.errors, None)
        if error is not None:
            raise error
        return "answer"

    @property
    def waits(self) -> list[float]:
        return [round(later - earlier, 6) for earlier, later in zip(self.times, self.times[1:], strict=False)]


def together(clock: VirtualClock, *works: Callable[[], None]) -> None:
    threads = [clock.start(work, f"thread {number}") for number, work in enumerate(works)]
    for thread in threads:
        thread.join()


# Retry.


def test_an_answer_is_returned_at_once(clock: VirtualClock) -> None:
    source = Source(clock)
    assert policy(clock).call(source) == "answer"
    assert len(source.times) == 1


@pytest.mark.parametrize("kind", [RateLimited, Unavailable])
def test_the_wait_that_the_source_asks_for_is_kept_exactly_with_nothing_added(
    clock: VirtualClock, kind: type[SourceError]
) -> None:
    source = Source(clock, [kind("slow down", retry_after=7.0)])
    policy(clock).call(source)
    assert source.waits == [7.0]


def test_without_a_wait_from_the_source_the_ceiling_doubles_up_to_the_longest_wait(clock: VirtualClock) -> None:
    source = Source(clock, [Unavailable("down")] * 5)
    policy(clock, longest_wait_seconds=6.0).call(source)
    assert source.waits == [1.0, 2.0, 4.0, 6.0, 6.0]


def test_waits_are_drawn_between_zero_and_the_ceiling(clock: VirtualClock) -> None:
    bounds: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        bounds.append((low, high))
        return low

    source = Source(clock, [TimedOut("late")] * 4)
    policy(clock, draw=draw).call(source)
    assert bounds == [(0.0, 1.0), (0.0, 2.0), (0.0, 4.0), (0.0, 8.0)]
    assert source.waits == [0.0] * 4


def test_a_wait_that_is_drawn_after_a_refusal_is_kept_too(clock: VirtualClock) -> None:
    source = Source(clock, [RateLimited("slow down")])
    policy(clock, first_wait_seconds=3.0).call(source)
    assert source.waits == [3.0]


def test_attempts_are_bounded_and_the_last_error_is_raised(clock: VirtualClock) -> None:
    source = Source(clock, [Unavailable(str(number)) for number in range(9)])
    with pytest.raises(Unavailable, match="^5$"):
        policy(clock).call(source)
    assert len(source.times) == 6


def test_no_attempt_starts_after_the_deadline(clock: VirtualClock) -> None:
    source = Source(clock, [Unavailable("down")] * 99)
    started = clock.monotonic()
    with pytest.raises(Unavailable):
        policy(clock, attempts=99, deadline_seconds=30.0).call(source)
    assert source.times[-1] - started <= 30.0
    assert source.waits == [1.0, 2.0, 4.0, 8.0]


def test_a_wait_beyond_the_deadline_is_not_begun(clock: VirtualClock) -> None:
    source = Source(clock, [Unavailable("maintenance", retry_after=3_600.0)])
    with pytest.raises(Unavailable):
        policy(clock).call(source)
    assert clock.monotonic() == source.times[0]


@pytest.mark.parametrize("kind", [Unexplained, BadPayload])
def test_what_nobody_expected_is_retried_twice_and_then_permanent(clock: VirtualClock, kind: type[SourceError]) -> None:
    source = Source(clock, [kind("what?")] * 9)
    with pytest.raises(kind):
        policy(clock).call(source)
    assert len(source.times) == 3


@pytest.mark.parametrize(("kind", "requests"), [(Unavailable, 2), (TimedOut, 2), (RateLimited, 4)])
def test_in_haste_what_does_not_answer_is_asked_twice(
    clock: VirtualClock, kind: type[SourceError], requests: int
) -> None:
    source = Source(clock, [kind("no")] * 3)
    with haste(), contextlib.suppress(kind):
        policy(clock).call(source)
    assert len(source.times) == requests


def test_a_policy_with_fewer_attempts_bounds_the_unknown_too(clock: VirtualClock) -> None:
    source = Source(clock, [BadPayload("what?")] * 9)
    with pytest.raises(BadPayload):
        policy(clock, attempts=2).call(source)
    assert len(source.times) == 2


@pytest.mark.parametrize("kind", [Unauthorized, Forbidden, NotFound])
def test_a_refusal_is_not_repeated(clock: VirtualClock, kind: type[SourceError]) -> None:
    source = Source(clock, [kind("no")] * 9)
    with pytest.raises(kind):
        policy(clock).call(source)
    assert len(source.times) == 1


def test_a_defect_of_ours_is_not_repeated(clock: VirtualClock) -> None:
    calls: list[int] = []

    def send() -> None:
        calls.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        policy(clock).call(send)
    assert calls == [1]


def test_requests_retries_and_waits_are_counted(clock: VirtualClock) -> None:
    tally = Tally()
    token = CURRENT.set(tally)
    try:
        policy(clock).call(Source(clock, [RateLimited("slow down", retry_after=7.0), Unavailable("down")]))
    finally:
        CURRENT.reset(token)
    assert tally == Tally(requests=3, retries=2, throttled_seconds=7.0, answers=1)


# The breaker.


def fail(retry: Retry, clock: VirtualClock, times: int, kind: type[SourceError] = Unavailable) -> None:
    for _ in range(times):
        with pytest.raises(kind):
            retry.call(Source(clock, [kind("down")] * 99))


def test_after_repeated_failures_nothing_more_is_sent(clock: VirtualClock) -> None:
    retry = policy(clock, breaker=Breaker(failures=3))
    fail(retry, clock, 3)
    source = Source(clock)
    with pytest.raises(ServiceDown):
        retry.call(source)
    assert source.times == []


@pytest.mark.parametrize("answer", [[], [NotFound("no")]])
def test_an_answer_in_between_closes_the_count(clock: VirtualClock, answer: list[SourceError]) -> None:
    retry = policy(clock, breaker=Breaker(failures=3))
    fail(retry, clock, 2)
    with contextlib.suppress(NotFound):
        retry.call(Source(clock, answer))
    fail(retry, clock, 2)
    assert retry.call(Source(clock)) == "answer"


def test_a_breaker_that_opens_ends_the_attempts_of_the_other_threads(clock: VirtualClock) -> None:
    retry = policy(clock, breaker=Breaker(failures=3))
    outcomes: list[type] = []

    def work() -> None:
        try:
            retry.call(Source(clock, [Unavailable("down")] * 99))
        except SourceError as error:
            outcomes.append(type(error))

    together(clock, *[work] * 8)
    assert len(outcomes) == 8
    assert outcomes.count(Unavailable) >= 3
    fresh = Source(clock)
    with pytest.raises(ServiceDown):
        retry.call(fresh)
    assert fresh.times == []


# The pace.


def send_times(clock: VirtualClock, pace: Pace, threads: int, each: int) -> list[float]:
    times: list[float] = []

    def work() -> None:
        for _ in range(each):
            pace.wait()
            times.append(clock.monotonic())

    together(clock, *[work] * threads)
    return times


def assert_inside(times: list[float], limit: Limit) -> None:
    for first in times:
        assert sum(1 for time in times if first <= time < first + limit.seconds) <= limit.requests


@given(
    st.lists(st.builds(Limit, st.integers(1, 60), st.floats(1.0, 60.0)), min_size=1, max_size=3),
    st.integers(1, 4),
    st.integers(2, 12),
)
def test_requests_are_evenly_spaced_just_inside_every_limit(limits: list[Limit], threads: int, each: int) -> None:
    clock = VirtualClock()
    started = clock.monotonic()
    times = send_times(clock, Pace(*limits, clock=clock), threads, each)
    tightest = max(limit.interval for limit in limits)
    steps = [later - earlier for earlier, later in zip([started, *times], times, strict=False)]
    assert all(abs(step - tightest) < 1e-4 for step in steps)
    for limit in limits:
        assert_inside(times, limit)


@pytest.mark.parametrize("limit", [Limit(50, 10.0), Limit(180, 60.0), Limit(500, 60.0), Limit(60, 60.0)])
def test_a_window_that_is_counted_where_requests_arrive_is_kept_though_some_take_longer(limit: Limit) -> None:
    clock, dice = VirtualClock(), Random(1)
    sent = send_times(clock, Pace(limit, clock=clock), 1, 5 * limit.requests)
    arrived = sorted(time + dice.uniform(0.05, 0.33) for time in sent)
    for first, last in zip(arrived, arrived[limit.requests :], strict=False):
        assert last - first >= limit.seconds


@pytest.mark.parametrize("limit", [Limit(50, 10.0), Limit(180, 60.0), Limit(5, 1.0), Limit(10_000, 3600.0)])
def test_the_margin_costs_a_twentieth_of_the_time_at_the_most(limit: Limit) -> None:
    assert limit.seconds / limit.requests < limit.interval <= 1.05 * limit.seconds / limit.requests


def test_two_syncs_in_a_row_stay_inside_the_limit_together(clock: VirtualClock) -> None:
    limit = Limit(50, 10.0)
    times = [time for _ in range(4) for time in send_times(clock, Pace(limit, clock=clock), 2, 20)]
    assert_inside(times, limit)


def test_without_limits_nobody_waits(clock: VirtualClock) -> None:
    times = send_times(clock, Pace(clock=clock), 3, 10)
    assert len(set(times)) == 1


def test_a_refusal_holds_every_thread(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    times: list[float] = []
    refused_at = clock.monotonic() + 5.5

    def work() -> None:
        for _ in range(5):
            pace.wait()
            times.append(clock.monotonic())

    def refuse() -> None:
        clock.sleep(5.5)
        pace.refused(30.0)

    together(clock, *[work] * 4, refuse)
    assert len(times) == 20
    assert not [time for time in times if refused_at < time < refused_at + 30.0]
    after = sorted(time for time in times if time > refused_at)
    assert after[0] == pytest.approx(refused_at + 30.0)
    assert all(later - earlier > 1.9 for earlier, later in zip(after, after[1:], strict=False))


def test_a_refusal_doubles_the_interval(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    before = pace.interval
    pace.refused(5.0)
    assert pace.interval == 2 * before


def test_what_was_under_way_and_is_refused_too_does_not_double_it_again(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    before = pace.interval
    pace.refused(5.0)
    clock.advance(1.0)
    pace.refused(5.0)
    assert pace.interval == 2 * before
    clock.advance(5.1)
    pace.refused(5.0)
    assert pace.interval == 4 * before


def test_a_later_refusal_prolongs_the_hold(clock: VirtualClock) -> None:
    pace = Pace(clock=clock)
    started = clock.monotonic()
    pace.refused(5.0)
    clock.advance(3.0)
    pace.refused(5.0)
    pace.wait()
    assert clock.monotonic() == started + 8.0


def test_an_earlier_end_does_not_shorten_the_hold(clock: VirtualClock) -> None:
    pace = Pace(clock=clock)
    started = clock.monotonic()
    pace.refused(30.0)
    pace.refused(1.0)
    pace.wait()
    assert clock.monotonic() == started + 30.0


def test_success_eases_back_to_the_documented_pace_and_no_further(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    documented = pace.interval
    pace.refused(1.0)
    intervals = []
    for _ in range(50):
        pace.succeeded()
        intervals.append(pace.interval)
    assert intervals == sorted(intervals, reverse=True)
    assert documented < intervals[0] < 2 * documented
    assert intervals[-1] == documented


def test_the_interval_is_bounded(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    for _ in range(30):
        pace.refused(1.0)
        clock.advance(2.0)
    assert pace.interval == LONGEST_INTERVAL_SECONDS


def test_a_refused_request_of_one_thread_leaves_the_others_at_the_new_pace(clock: VirtualClock) -> None:
    pace = Pace(Limit(10, 10.0), clock=clock)
    retry = policy(clock, pace=pace)
    refusal = RateLimited("slow down", retry_after=10.0)
    sources = [Source(clock, [refusal] if number == 0 else []) for number in range(4)]
    together(clock, *[lambda source=source: retry.call(source) for source in sources])  # type: ignore[misc]
    sent = sorted(time for source in sources for time in source.times)
    assert len(sent) == 5
    assert sent[1] - sent[0] >= 10.0
    assert sum(len(source.times) for source in sources) == 5


def test_a_failure_of_what_was_asked_for_does_not_open_it(clock: VirtualClock) -> None:
    class TooMuch(Unexplained):
        of_the_request = True

    retry = policy(clock, breaker=Breaker(failures=2))
    for _ in range(5):
        with pytest.raises(TooMuch):
            retry.call(Source(clock, [TooMuch("bad row")] * 9))
