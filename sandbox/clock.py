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
        self.go = threading.Lock()
        """Held while the thread may not run; released once for each turn that it is given."""
        self.go.acquire()


class VirtualClock:
    """A clock that jumps to the next thing anybody waits for."""

    def __init__(self, start: float = DEFAULT_START_SECONDS) -> None:
        self._now = start
        self._tickets = {threading.get_ident(): _Ticket()}
        self._ready: deque[Callable[[], _Ticket | None]] = deque()
        """In the order of their turns; each answers who may run, or nobody: what it waits for is not so yet."""
        self._alarms: list[tuple[float, int, _Ticket]] = []
        self._impatient: set[int] = set()
        """The numbers of alarms that only end a wait for another thread."""
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
        heapq.heappush(self._alarms, (self._now + max(0.0, seconds), next(self._number), self._mine()))
        self._switch()

    def condition(self) -> "VirtualCondition":
        return VirtualCondition(self)

    def start(self, run: Callable[[], None], name: str) -> "VirtualThread":
        return VirtualThread(self, run, name)

    def _mine(self) -> _Ticket:
        return self._tickets[threading.get_ident()]

    def _next_ticket(self) -> _Ticket | None:
        while self._ready:
            ticket = self._ready.popleft()()
            if ticket is not None:
                return ticket
        if len(self._alarms) == len(self._impatient):
            return None  # Whoever is left waits for another thread, if not for ever: nobody will come.
        due, _, ticket = heapq.heappop(self._alarms)
        self._now = max(self._now, due)
        return ticket

    def _switch(self) -> None:
        """Let the next thread run and wait for this one's turn."""
        mine = self._mine()
        chosen = self._next_ticket()
        if chosen is None:
            raise Deadlock("every thread waits for another one")
        if chosen is not mine:
            chosen.go.release()
            mine.go.acquire()

    def _leave(self) -> None:
        """The running thread has ended."""
        del self._tickets[threading.get_ident()]
        chosen = self._next_ticket()
        if chosen is not None:
            chosen.go.release()


class VirtualCondition:
    """A condition variable among the threads of one virtual clock. Only one of them runs, so it locks nothing."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._waiting: list[Callable[[], _Ticket | None]] = []

    def __enter__(self) -> "VirtualCondition":
        return self

    def __exit__(self, *exception: Any) -> None:
        return None

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until `predicate()` holds, or for so many seconds. It is asked when this thread's turn has come after a
        notification, by whichever thread then runs: one that would only wait again is not woken."""
        clock, mine, waits = self._clock, self._clock._mine(), True

        def turn() -> _Ticket | None:
            if waits and predicate():
                return mine
            if waits:
                self._waiting.append(turn)
            return None

        if not predicate():
            alarm = (clock._now + (timeout or 0), next(clock._number), mine)
            if timeout is not None:
                heapq.heappush(clock._alarms, alarm)
                clock._impatient.add(alarm[1])
            self._waiting.append(turn)
            try:
                clock._switch()
            finally:
                waits = False
                clock._impatient.discard(alarm[1])
                if alarm in clock._alarms:
                    clock._alarms.remove(alarm)
                    heapq.heapify(clock._alarms)
        return predicate()

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
        clock._ready.append(lambda: self._ticket)
        self._thread = threading.Thread(target=self._body, name=name, daemon=True)
        self._thread.start()

    def join(self, timeout: float | None = None) -> None:
        self._ended.wait_for(lambda: not self._alive)
        self._thread.join()

    def _body(self) -> None:
        self._clock._tickets[threading.get_ident()] = self._ticket
        self._ticket.go.acquire()
        try:
            self._run()
        finally:
            self._alive = False
            self._ended.notify_all()
            self._clock._leave()
