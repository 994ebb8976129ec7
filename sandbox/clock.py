"""Time that passes only when everybody waits: tests of hours take milliseconds and never sleep.

`VirtualClock` keeps the interface of `shared.clock.Clock`. Threads that it started run one at a time, in
an order that depends on nothing but what they do, so a run with eight threads can be repeated exactly.
The thread that made the clock takes part too.
"""

import heapq
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

DEFAULT_START_SECONDS = 1_767_225_600.0
"""2026-01-01T00:00:00Z."""


class Deadlock(RuntimeError):
    """Every thread waits for another one."""


class _Ticket:
    """One thread's permission to run."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.timed_out = False
        self.sequence = 0
        """Grows at each wait, so that an alarm set for an earlier one is known to be stale."""


class VirtualClock:
    """A clock that jumps to the next thing anybody waits for."""

    def __init__(self, start: float = DEFAULT_START_SECONDS) -> None:
        self._now = start
        self._running = _Ticket()
        self._tickets = {threading.get_ident(): self._running}
        self._ready: deque[_Ticket] = deque()
        self._alarms: list[tuple[float, int, int, _Ticket]] = []
        self._number = count()

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass while nobody waits, as between two syncs."""
        self._now += seconds

    def sleep(self, seconds: float) -> None:
        if not self._ready and (not self._alarms or self._alarms[0][0] > self._now + seconds):
            self._now += max(0.0, seconds)
            return
        self._alarm(max(0.0, seconds))
        self._switch()

    def condition(self) -> "VirtualCondition":
        return VirtualCondition(self)

    def start(self, run: Callable[[], None], name: str) -> "VirtualThread":
        return VirtualThread(self, run, name)

    def _mine(self) -> _Ticket:
        return self._tickets[threading.get_ident()]

    def _alarm(self, seconds: float) -> None:
        ticket = self._mine()
        heapq.heappush(self._alarms, (self._now + seconds, next(self._number), ticket.sequence, ticket))

    def _next_ticket(self) -> _Ticket | None:
        if self._ready:
            return self._ready.popleft()
        while self._alarms:
            due, _, sequence, ticket = heapq.heappop(self._alarms)
            if sequence == ticket.sequence:
                self._now = max(self._now, due)
                ticket.timed_out = True
                return ticket
        return None

    def _switch(self) -> None:
        """Let the next thread run and wait for this one's turn."""
        mine = self._mine()
        mine.timed_out = False
        chosen = self._next_ticket()
        if chosen is None:
            raise Deadlock("every thread waits for another one")
        if chosen is not mine:
            mine.go.clear()
            chosen.go.set()
            mine.go.wait()
        mine.sequence += 1

    def _leave(self) -> None:
        """The running thread has ended."""
        del self._tickets[threading.get_ident()]
        chosen = self._next_ticket()
        if chosen is not None:
            chosen.go.set()


class VirtualCondition:
    """A condition variable among the threads of one virtual clock. Only one of them runs, so it locks nothing."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._waiting: list[_Ticket] = []

    def __enter__(self) -> "VirtualCondition":
        return self

    def __exit__(self, *exception: Any) -> None:
        return None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait to be notified. False if the time ran out first."""
        mine = self._clock._mine()
        self._waiting.append(mine)
        if timeout is not None:
            self._clock._alarm(timeout)
        self._clock._switch()
        if mine in self._waiting:
            self._waiting.remove(mine)
        return not mine.timed_out

    def notify_all(self) -> None:
        self._clock._ready.extend(self._waiting)
        self._waiting.clear()


class VirtualThread:
    """A thread that runs when it is its turn."""

    def __init__(self, clock: VirtualClock, run: Callable[[], None], name: str) -> None:
        self._clock = clock
        self._run = run
        self._ended = VirtualCondition(clock)
        self._alive = True
        self._ticket = _Ticket()
        clock._ready.append(self._ticket)
        self._thread = threading.Thread(target=self._body, name=name, daemon=True)
        self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        while self._alive:
            self._ended.wait()
        self._thread.join()

    def _body(self) -> None:
        self._clock._tickets[threading.get_ident()] = self._ticket
        self._ticket.go.wait()
        self._ticket.sequence += 1
        try:
            self._run()
        finally:
            self._alive = False
            self._ended.notify_all()
            self._clock._leave()
