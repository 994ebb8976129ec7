"""Costs are counted for the stream that is being read, whichever thread sends the request."""

from contextvars import Context, copy_context

from sandbox.clock import VirtualClock
from shared.tally import CURRENT, Tally, current
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
