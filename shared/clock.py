"""Time and threads, as one argument: tests hand in a virtual clock and never wait.

Whatever waits in this package waits through its clock, for a time (`sleep`) or for another thread
(`condition`), and starts threads through it. A virtual clock can therefore let time pass as soon as
nobody has anything left to do, and run the threads one at a time in a fixed order.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

HOUR_SECONDS = 3_600.0
DAY_SECONDS = 24 * HOUR_SECONDS


class Condition(Protocol):
    """The part of `threading.Condition` that the engine uses."""

    def __enter__(self) -> Any: ...
    def __exit__(self, *exception: Any) -> Any: ...
    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any: ...
    def notify_all(self) -> None: ...


class Thread(Protocol):
    """The part of `threading.Thread` that the engine uses."""

    def join(self, timeout: float | None = None) -> None: ...


class Clock(Protocol):
    """What the engine asks of time."""

    def now(self) -> float:
        """The wall clock, in seconds since 1970 UTC: for the times that people read, never for positions."""

    def monotonic(self) -> float:
        """Seconds that never run backwards: for measuring how long something takes."""

    def sleep(self, seconds: float) -> None:
        """Wait that long."""

    def condition(self) -> Condition:
        """A new condition variable."""

    def start(self, run: Callable[[], None], name: str) -> Thread:
        """Run it on a thread of its own, which does not keep the process alive."""


class SystemClock:
    """The machine's clock and its threads."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def condition(self) -> Condition:
        return threading.Condition()

    def start(self, run: Callable[[], None], name: str) -> Thread:
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        return thread


def due(last: float, clock: Clock, every_seconds: float) -> bool:
    """Whether what was done last at that Unix second is to be done again.

    A second that has not come yet was written by a clock that was wrong, or the clock is: it says nothing.
    """
    return not 0 <= clock.now() - last < every_seconds
