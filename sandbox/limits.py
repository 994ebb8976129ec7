"""Request limits as vendors apply them."""

from collections import deque
from collections.abc import Hashable
from math import ceil, inf
from threading import Lock

ROUNDING_SECONDS = 1e-6


class SlidingWindow:
    """At most `limit` accepted requests of one client in any `seconds`; refused ones are not counted."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._accepted: dict[Hashable, deque[float]] = {}
        self._lock = Lock()

    def refuse(self, client: Hashable, now: float) -> int:
        """Count a request at `now` and return 0, or leave it uncounted and return the whole seconds to
        wait."""
        with self._lock:
            times = self._accepted.setdefault(client, deque())
            while times and times[0] <= now - self.seconds + ROUNDING_SECONDS:
                times.popleft()
            if len(times) < self.limit:
                times.append(now)
                return 0
            return max(1, ceil(times[0] + self.seconds - now))

    def remaining(self, client: Hashable) -> int:
        """Requests that `client` may still send in the current window."""
        return self.limit - len(self._accepted.get(client, ()))


class FixedWindow:
    """At most so many accepted requests in a window, which begins with the first one after the one before it."""

    def __init__(self) -> None:
        self.begun = -inf
        self.used = 0

    def take(self, now: float, rate: tuple[int, float]) -> bool:
        """Count a request at `now` and return true, or leave it uncounted. The rate is requests and seconds."""
        limit, seconds = rate
        if now >= self.begun + seconds:
            self.begun, self.used = now, 0
        accepted = self.used < limit
        self.used += accepted
        return accepted


class Windows:
    """Sliding windows by name, each with a limit that may change from one request to the next."""

    def __init__(self) -> None:
        self._windows: dict[Hashable, SlidingWindow] = {}

    def refuse(self, name: Hashable, client: Hashable, rate: tuple[int, float], now: float) -> int:
        """Count a request of the client in the window of this name and rate (requests, seconds), as `SlidingWindow`
        does: 0, or the whole seconds to wait."""
        window = self._windows.setdefault(name, SlidingWindow(*rate))
        window.limit, window.seconds = rate
        return window.refuse(client, now)
