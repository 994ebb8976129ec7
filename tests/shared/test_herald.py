"""Something is said while anything waits."""

from collections.abc import Iterator
from itertools import pairwise

from sandbox.clock import Deadlock, VirtualClock
from shared.herald import EVERY_SECONDS, AudibleClock, Herald
from shared.pages import Page
from shared.streams import Snapshot, Task
from shared.tally import Tally, current
from shared.workers import Workers
from tests.shared.engine import COLOUR, Log, Source, sync, warehouse


class Timed(Log):
    """Keeps when each line was logged."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self.clock = clock
        self.times: list[float] = []

    def info(self, message: str) -> None:
        super().info(message)
        self.times.append(self.clock.now())


def test_what_a_stream_waits_for_is_said_at_least_every_15_seconds_with_how_long_still() -> None:
    source = Source()
    log = Timed(source.clock)

    def everything(task: Task) -> Iterator[Page]:
        current().wait("its turn", source.clock.monotonic() + 100)
        source.clock.sleep(100)
        current().wait()
        yield Page([{"id": 1, "name": "red"}], whole=True)

    sync(source, warehouse(), [Snapshot(table=COLOUR, everything=everything)], log=log)
    assert max(later - earlier for earlier, later in pairwise(log.times)) <= EVERY_SECONDS
    assert log.lines[0] == "reading: colour (0 requests so far; waits for its turn, 85 s still)"
    assert len(log.lines) == 7


def test_nothing_is_said_where_all_goes_fast() -> None:
    source, log = Source(), Log()
    sync(source, warehouse(), [source.colour_stream()], log=log)
    assert [line for line in log.lines if line.startswith("reading")] == []


def test_many_streams_are_told_in_one_short_sentence() -> None:
    clock, lines = VirtualClock(), list[str]()
    herald = Herald(clock, lines.append, lambda: {f"stream_{number}": Tally(requests=3) for number in range(9)})
    assert herald.tick() == EVERY_SECONDS and lines == []
    clock.advance(EVERY_SECONDS)
    herald.tick()
    assert lines[0].startswith("reading: stream_0 (3 requests so far), stream_1") and lines[0].endswith("5 others")


def test_the_main_thread_does_not_sleep_in_silence() -> None:
    clock, ticks = VirtualClock(), list[float]()

    def tick() -> float:
        ticks.append(clock.now())
        return 15.0

    started = clock.now()
    AudibleClock(clock, tick).sleep(40)
    assert [time - started for time in ticks] == [0, 15, 30] and clock.now() - started == 40


def test_threads_that_wait_for_each_other_are_found_though_one_looks_up_now_and_then() -> None:
    clock = VirtualClock()
    never = clock.condition()

    def stuck() -> Iterator[int]:
        never.wait_for(lambda: False)
        yield 1

    [outcome] = Workers(clock, 1).interleave([stuck()], tick=lambda: 15.0)
    assert isinstance(outcome.error, Deadlock)
