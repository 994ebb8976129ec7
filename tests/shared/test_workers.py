"""Reading ahead on a few threads: in order, bounded, and with nothing lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import VirtualClock
from shared.clock import SystemClock
from shared.errors import Unauthorized
from shared.workers import Desk, Lanes, Outcome, Workers


@given(st.lists(st.floats(0.0, 5.0), max_size=30), st.integers(1, 8))
def test_results_come_in_the_order_of_the_items(delays: list[float], size: int) -> None:
    clock = VirtualClock()

    def call(numbered: tuple[int, float]) -> int:
        clock.sleep(numbered[1])
        return numbered[0]

    with Workers(clock, size) as workers:
        assert list(workers.map(call, enumerate(delays))) == list(range(len(delays)))


def test_as_many_calls_as_there_are_threads_are_under_way_at_once(clock: VirtualClock) -> None:
    under_way = most = 0

    def call(number: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        clock.sleep(1.0)
        under_way -= 1

    started = clock.monotonic()
    with Workers(clock, 8) as workers:
        list(workers.map(call, range(80)))
    assert most == 8
    assert clock.monotonic() - started == pytest.approx(10.0, abs=1.0)


def test_items_are_drawn_only_as_places_become_free(clock: VirtualClock) -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    with Workers(clock, 3) as workers:
        next(workers.map(lambda number: number, items()))
        assert len(drawn) <= 4


def test_slow_calls_do_not_hold_up_those_of_another_lane(clock: VirtualClock) -> None:
    lanes = Lanes(clock, 2)
    slow = lanes("slow").map(clock.sleep, [50.0] * 6)
    next(slow)
    started = clock.monotonic()
    list(lanes("quick").map(clock.sleep, [1.0] * 6))
    assert clock.monotonic() - started < 5.0
    assert lanes("slow") is lanes("slow")
    lanes.close()


def test_lanes_that_are_closed_take_no_more_calls(clock: VirtualClock) -> None:
    lanes = Lanes(clock, 2)
    lane = lanes("call")
    lanes.close()
    with pytest.raises(RuntimeError, match="closed"):
        list(lane.map(clock.sleep, [1.0]))


def test_an_exception_is_raised_in_its_place(clock: VirtualClock) -> None:
    def call(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = []
    with Workers(clock, 4) as workers, pytest.raises(ValueError, match="three"):
        for result in workers.map(call, range(10)):
            results.append(result)
    assert results == [0, 1, 2]


def generator(
    clock: VirtualClock, name: str, amount: int, produced: list[Any] | None = None
) -> Iterator[tuple[str, int]]:
    for number in range(amount):
        clock.sleep(1.0)
        if produced is not None:
            produced.append((name, number))
        yield name, number


def test_generators_are_advanced_side_by_side_and_each_keeps_its_order(clock: VirtualClock) -> None:
    started = clock.monotonic()
    with Workers(clock, 4) as workers:
        outcomes = list(workers.interleave(generator(clock, name, 5) for name in "abcd"))
    items = [outcome.item for outcome in outcomes if outcome.item]
    for name in "abcd":
        assert [number for each, number in items if each == name] == list(range(5))
    assert sum(outcome.ended for outcome in outcomes) == 4
    assert clock.monotonic() - started < 8.0


def test_a_generator_is_never_more_than_one_item_ahead_of_its_reader(clock: VirtualClock) -> None:
    produced: list[Any] = []
    with Workers(clock, 2) as workers:
        seen = 0
        for outcome in workers.interleave(generator(clock, name, 20, produced) for name in "ab"):
            seen += outcome.item is not None
            clock.sleep(10.0)
            assert len(produced) - seen <= 2


def test_no_more_generators_run_than_there_are_threads(clock: VirtualClock) -> None:
    begun: list[str] = []

    def read(name: str) -> Iterator[str]:
        begun.append(name)
        yield name

    with Workers(clock, 2) as workers:
        outcomes = workers.interleave(read(name) for name in "abcdef")
        next(outcomes)
        assert len(begun) <= 3
        list(outcomes)
    assert sorted(begun) == list("abcdef")


def test_an_exception_ends_its_generator_only(clock: VirtualClock) -> None:
    def broken() -> Iterator[tuple[str, int]]:
        yield "broken", 0
        raise KeyError("broken")

    with Workers(clock, 2) as workers:
        outcomes = list(workers.interleave(iter([broken(), generator(clock, "whole", 3)])))
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert [type(error) for error in errors] == [KeyError]
    assert [outcome.item for outcome in outcomes if outcome.item and outcome.item[0] == "whole"] == [
        ("whole", 0),
        ("whole", 1),
        ("whole", 2),
    ]


def test_a_callable_that_has_none_for_now_is_asked_again(clock: VirtualClock) -> None:
    ended: list[Iterator[Any]] = []
    first = generator(clock, "parent", 2)
    supply = [first]

    def draw() -> Iterator[tuple[str, int]] | None:
        if supply:
            return supply.pop()
        if first in ended and len(ended) == 1:
            ended.append(first)
            return generator(clock, "child", 2)
        return None

    names = []
    with Workers(clock, 4) as workers:
        for outcome in workers.interleave(draw):
            if outcome.ended:
                ended.append(outcome.source)
            elif outcome.item:
                names.append(outcome.item[0])
    assert names == ["parent", "parent", "child", "child"]


def test_an_empty_supply_ends_at_once(clock: VirtualClock) -> None:
    with Workers(clock, 4) as workers:
        assert list(workers.interleave(iter([]))) == []


def test_an_item_that_is_none_of_note_is_still_an_item(clock: VirtualClock) -> None:
    with Workers(clock, 1) as workers:
        outcomes = list(workers.interleave([iter([0, "", []])]))
    assert [outcome.item for outcome in outcomes if not outcome.ended] == [0, "", []]


def test_closed_workers_take_nothing_more(clock: VirtualClock) -> None:
    workers = Workers(clock, 2)
    workers.close()
    with pytest.raises(RuntimeError, match="closed"):
        list(workers.map(str, [1]))


def test_closing_ends_the_threads() -> None:
    before = set(threading.enumerate())
    with Workers(SystemClock(), 4) as workers:
        assert list(workers.map(str, range(20))) == [str(number) for number in range(20)]
    assert set(threading.enumerate()) <= before


def test_real_threads_lose_nothing() -> None:
    with Workers(SystemClock(), 8) as workers:
        outcomes: list[Outcome[int]] = list(workers.interleave(iter(range(200)) for _ in range(20)))
    assert Counter(outcome.item for outcome in outcomes if not outcome.ended) == Counter([*range(200)] * 20)


# The desk.


def test_an_errand_is_done_by_the_main_thread_and_answered(clock: VirtualClock) -> None:
    desk = Desk(clock)
    done_by: list[int] = []

    def errand() -> str:
        done_by.append(threading.get_ident())
        return "done"

    def read() -> Iterator[str]:
        yield desk.call(errand)

    with Workers(clock, 4) as workers:
        desk.on_errand = workers.wake
        items = [outcome.item for outcome in workers.interleave((read() for _ in range(6)), desk) if outcome.item]
    assert items == ["done"] * 6
    assert done_by == [threading.get_ident()] * 6


def test_an_errand_of_the_main_thread_is_done_at_once(clock: VirtualClock) -> None:
    assert Desk(clock).call(lambda: "done") == "done"


def test_an_errand_that_the_source_fails_raises_where_it_was_asked_for(clock: VirtualClock) -> None:
    desk = Desk(clock)

    def refuse() -> None:
        raise Unauthorized("not accepted")

    def read() -> Iterator[str]:
        try:
            desk.call(refuse)
        except Unauthorized:
            yield "caught"

    with Workers(clock, 1) as workers:
        desk.on_errand = workers.wake
        assert [outcome.item for outcome in workers.interleave([read()], desk)] == ["caught", None]


def test_who_waits_at_a_desk_that_closes_is_let_go(clock: VirtualClock) -> None:
    desk = Desk(clock)
    ended: list[type] = []

    def ask() -> None:
        try:
            desk.call(lambda: None)
        except RuntimeError as error:
            ended.append(type(error))

    thread = clock.start(ask, "reader")
    clock.sleep(1.0)
    assert desk.waiting
    desk.close()
    thread.join()
    assert ended == [RuntimeError]


def test_real_threads_leave_errands_too() -> None:
    clock = SystemClock()
    desk = Desk(clock)

    def read(number: int) -> Iterator[int]:
        for _ in range(20):
            yield desk.call(lambda: number)

    with Workers(clock, 8) as workers:
        desk.on_errand = workers.wake
        outcomes = list(workers.interleave((read(number) for number in range(8)), desk))
    assert Counter(outcome.item for outcome in outcomes if not outcome.ended) == Counter([*range(8)] * 20)
