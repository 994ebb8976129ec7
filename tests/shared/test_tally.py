"""Costs are counted for the stream that is being read, whichever thread sends the request."""

from contextvars import Context, copy_context
from datetime import datetime, timezone

from sandbox.clock import VirtualClock
from shared.tally import CURRENT, Tally, current, has_come
from shared.workers import Workers


def count_one() -> None:
    current().requests += 1


def test_a_request_counts_for_the_stream_of_its_context() -> None:
    first, second = Tally(), Tally()

    def read(tally: Tally, requests: int) -> None:
        CURRENT.set(tally)
        for _ in range(requests):
            count_one()

    copy_context().run(read, first, 2)
    copy_context().run(read, second, 3)
    assert (first.requests, second.requests) == (2, 3)


def test_a_request_that_a_worker_sends_counts_for_the_stream_that_asked(clock: VirtualClock) -> None:
    tally = Tally()

    def read() -> None:
        CURRENT.set(tally)
        with Workers(clock, 4) as workers:
            list(workers.map(lambda number: count_one(), range(10)))

    copy_context().run(read)
    assert tally.requests == 10


def test_outside_a_stream_there_is_a_tally_too() -> None:
    def count_twice() -> int:
        count_one()
        count_one()
        return current().requests

    assert Context().run(count_twice) == 2


def test_a_time_that_the_sources_clock_has_not_reached_has_not_come() -> None:
    def look() -> list[bool]:
        tally = Tally()
        CURRENT.set(tally)
        times = [datetime(2026, 1, 1, 12, 0, 0, 900_000, timezone.utc), datetime(2035, 1, 1, tzinfo=timezone.utc)]
        before = [has_come(time) for time in times]
        for date in ("Thu, 01 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 2026 11:00:00 GMT", "not a date", None):
            tally.note_date(date)
        return [*before, *(has_come(time) for time in times)]

    assert Context().run(look) == [True, True, True, False]
