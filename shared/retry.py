"""When to send, when to send again, and when to give up: `Pace`, `Retry`, `Breaker`.

Each is data and one small method. `Retry.call` ties them together around one request.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

from shared.clock import Clock
from shared.errors import Exhausted, RateLimited, ServiceDown, SourceError, Transient
from shared.tally import current

Answer = TypeVar("Answer")

MARGIN_SECONDS = 0.35
MARGIN_SHARE = 0.05
"""A window is taken for so much longer than it is documented, but for no more than this share of it: it is counted
where the requests arrive, and some of them take longer than others."""
LONGEST_INTERVAL_SECONDS = 60.0
EASING = 0.97
"""What each success leaves of the slowness that a refusal has caused."""
HASTY_ATTEMPTS = 2
HASTY_ANSWER_SECONDS = 10.0
HASTY_SECONDS = 30.0
"""How long somebody waits who only wants to know whether it works: for one answer, and for the last attempt. Who is
told to come again later has been heard, so only the time counts then: a sync may be using the limit up."""
_HASTE: ContextVar[bool] = ContextVar("haste", default=False)


@contextmanager
def haste() -> Iterator[None]:
    """Whatever is sent inside of this is somebody's who watches, as with a setup test: it is soon given up."""
    token = _HASTE.set(True)
    try:
        yield
    finally:
        _HASTE.reset(token)


def answer_seconds(patient: float) -> float:
    """How long to wait for one answer: so many seconds, or fewer in haste."""
    return min(patient, HASTY_ANSWER_SECONDS) if _HASTE.get() else patient


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds, as a vendor documents it."""

    requests: int
    seconds: float

    @property
    def interval(self) -> float:
        """Seconds between two requests that keep inside of it, wherever it is counted."""
        return (self.seconds + min(MARGIN_SECONDS, MARGIN_SHARE * self.seconds)) / self.requests


class Pace:
    """Spaces requests evenly just inside the documented limits, and wider after a refusal.

    One pace serves all the threads of a client. A limit that is shared with other clients shows itself
    by refusals: each doubles the interval, and each success brings it back a little.
    """

    def __init__(self, *limits: Limit, clock: Clock) -> None:
        self._fastest = max((limit.interval for limit in limits), default=0.0)
        self._interval = self._fastest
        # The sync before this one may have ended a moment ago.
        self._next_turn = clock.monotonic() + self._interval
        self._held_until = clock.monotonic()
        self._shared = 0.0
        self._clock = clock
        self._lock = threading.Lock()

    @property
    def interval(self) -> float:
        """Seconds between two requests, as things stand."""
        return max(self._interval, self._shared)

    @property
    def held_seconds(self) -> float:
        """For how long nothing may be sent."""
        return self._held_until - self._clock.monotonic()

    def wait(self) -> None:
        """Wait for this caller's turn; turns are given in the order in which they are asked for."""
        turn = self._take_turn()
        while (left := turn - self._clock.monotonic()) > 0:
            self._clock.sleep(left)
            if turn < self._held_until:
                turn = self._take_turn()

    def refused(self, wait_seconds: float) -> None:
        """The source said "too fast": send nothing for that long, and then more slowly.

        What was under way when the first refusal came is refused too, for the same reason: it does not
        slow us down again.
        """
        with self._lock:
            now = self._clock.monotonic()
            if now >= self._held_until:
                self._interval = min(max(self._interval, 0.01) * 2, LONGEST_INTERVAL_SECONDS)
            self._held_until = max(self._held_until, now + wait_seconds)
            self._next_turn = max(self._next_turn, self._held_until)

    def told(self, left: int, seconds: float) -> None:
        """The source says how many requests it will still answer in the next so many seconds, whoever sends them: they
        are shared out evenly over that time, and where there are none, nothing is sent until then."""
        with self._lock:
            self._shared = min(seconds / left, LONGEST_INTERVAL_SECONDS) if left > 0 else 0.0
            if left <= 0:
                self._held_until = max(self._held_until, self._clock.monotonic() + seconds)
                self._next_turn = max(self._next_turn, self._held_until)

    def succeeded(self) -> None:
        """An answer came: go back towards the documented pace."""
        with self._lock:
            self._interval = max(self._fastest, self._interval * EASING)

    def _take_turn(self) -> float:
        with self._lock:
            turn = max(self._next_turn, self._held_until, self._clock.monotonic())
            self._next_turn = turn + self.interval
            return turn


class Breaker:
    """Opens when request after request has failed for good, with no answer in between."""

    def __init__(self, failures: int = 8) -> None:
        self._limit = failures
        self._failures = 0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise `ServiceDown` once the breaker is open."""
        if self._failures >= self._limit:
            raise ServiceDown(f"the last {self._failures} requests failed, each after several attempts")

    def count(self, failed: bool) -> None:
        """Take note of how a request ended."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0


@dataclass(frozen=True)
class Retry:
    """How often, and with which waits, a request that failed in passing is sent again.

    Waits are drawn between zero and a ceiling that doubles ("full jitter"), unless the source names
    the wait itself. Attempts are bounded, and so is the time until the last of them starts.
    """

    clock: Clock
    pace: Pace
    breaker: Breaker
    attempts: int = 6
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    deadline_seconds: float = 600.0
    draw: Callable[[float, float], float] = random.uniform
    repeats: type[Transient] = Transient
    """What is sent again where it fails like this."""

    @property
    def shrinking(self) -> "Retry":
        """For whoever asks for less where a request fails: that is the repetition, and it says nothing about the health
        of the source. Only what came too fast is sent again as it is."""
        return replace(self, repeats=RateLimited)

    def call(self, send: Callable[[], Answer]) -> Answer:
        """Return `send()`, sent at the pace and repeated while it fails in passing.

        Raises the last error once it is permanent, `ServiceDown` when the breaker is open or the source asks for a
        longer pause than a sync should last, and `Exhausted` when it will answer nothing more for that long.
        """
        started = self.clock.monotonic()
        hasty = _HASTE.get()
        deadline = min(self.deadline_seconds, HASTY_SECONDS) if hasty else self.deadline_seconds
        for attempt in count(1):
            self.breaker.check()
            if (pause := self.pace.held_seconds) > deadline:
                raise Exhausted(f"the source has no requests left for {pause:.0f} seconds: the next sync goes on")
            tally = current()
            if not tally.waits_for:
                tally.wait("its turn")
            self.pace.wait()
            tally.requests += 1
            tally.retries += attempt > 1
            tally.wait("an answer")
            try:
                answer = send()
            except Transient as error:
                if not isinstance(error, self.repeats):
                    raise
                wait = self._wait_after(error, attempt)
                late = self.clock.monotonic() + wait - started > deadline
                if isinstance(error, RateLimited):
                    if wait > deadline:
                        raise ServiceDown(f"the source asks for a pause of {wait:.0f} seconds") from error
                    self.pace.refused(wait)
                most = self.attempts
                if hasty and not isinstance(error, RateLimited):
                    most = min(most, HASTY_ATTEMPTS)
                if attempt >= min(error.attempts or most, most) or late:
                    self.breaker.count(failed=not error.of_the_request)
                    raise
                tally.wait(f"another attempt after {error.message}", self.clock.monotonic() + wait)
                if isinstance(error, RateLimited):
                    tally.throttled_seconds += wait
                else:
                    self.clock.sleep(wait)
            except SourceError:
                self.breaker.count(failed=False)
                raise
            else:
                tally.answers += 1
                tally.wait()
                self.pace.succeeded()
                self.breaker.count(failed=False)
                return answer
        raise AssertionError("unreachable")

    def _wait_after(self, error: SourceError, attempt: int) -> float:
        if error.retry_after is not None:
            return error.retry_after
        ceiling = min(self.longest_wait_seconds, self.first_wait_seconds * 2 ** (attempt - 1))
        return self.draw(0.0, ceiling)
