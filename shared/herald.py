"""Something is said while anything waits: what is waited for, and how long still.

Without it a sync that waits for a source, for minutes perhaps, cannot be told from one that hangs.
"""

import threading
from collections.abc import Callable, Mapping

from shared.clock import Clock, Condition, Thread
from shared.tally import Tally

EVERY_SECONDS = 15.0
MOST_NAMED = 4
"""Streams in one sentence."""


class Herald:
    """Says what the streams under way wait for. On the main thread, which looks at it whenever it waits itself."""

    def __init__(self, clock: Clock, say: Callable[[str], None], under_way: Callable[[], Mapping[str, Tally]]) -> None:
        self._clock = clock
        self._say = say
        self._under_way = under_way
        self._said_at = clock.monotonic()

    def tick(self) -> float:
        """Say something where it is time; answers the seconds until it is time again."""
        now = self._clock.monotonic()
        left = self._said_at + EVERY_SECONDS - now
        if left > 0:
            return left
        self._said_at = now
        tallies = self._under_way()
        shown = [f"{name} {_told(tally, now)}" for name, tally in list(tallies.items())[:MOST_NAMED]]
        others = f", and {len(tallies) - len(shown)} others" if len(tallies) > len(shown) else ""
        self._say(f"reading: {', '.join(shown)}{others}" if shown else "waiting")
        return EVERY_SECONDS


def _told(tally: Tally, now: float) -> str:
    if not tally.waits_for:
        return f"({tally.requests} requests so far)"
    left = tally.waits_until - now
    still = f", {left:.0f} s still" if left > 0 else ""
    return f"({tally.requests} requests so far; waits for {tally.waits_for}{still})"


class AudibleClock:
    """A clock with which the main thread does not sleep for long without looking at `tick`."""

    def __init__(self, clock: Clock, tick: Callable[[], float]) -> None:
        self._clock = clock
        self._tick = tick
        self._main = threading.get_ident()

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def condition(self) -> Condition:
        return self._clock.condition()

    def start(self, run: Callable[[], None], name: str) -> Thread:
        return self._clock.start(run, name)

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        if threading.get_ident() != self._main:
            self._clock.sleep(seconds)
            return
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, self._tick()))
