"""What stands before the API: limits, the monthly meter, and how they refuse. quickbooks.md 5."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import count

from sandbox.limits import SlidingWindow
from sandbox.quickbooks.answers import refusal
from sandbox.quickbooks.options import Options
from sandbox.web import Answer

COMPANY = "company"
MINUTE, SECOND = 60.0, 1.0
THROTTLES = ((429, "gateway"), (429, "xml"), (403, "api"), (429, "api"))
"""How a refusal looks, in turn: its status and spelling."""
QUOTA = "The monthly CorePlus API call limit of this app has been reached"


class Gateway:
    """One company's windows. What is refused does not count against them, nor against the meter."""

    def __init__(self, options: Options, now: Callable[[], float]) -> None:
        self.options = options
        self.metered: Counter[str] = Counter()
        """Reads by calendar month, `2026-07`."""
        self._now = now
        self._minute = SlidingWindow(options.requests_per_minute, MINUTE)
        self._second = SlidingWindow(options.requests_per_second, SECOND)
        self._busy_until: list[float] = []
        self._refused = count()

    def refuse(self) -> Answer | None:
        """The refusal of a request that comes now, or None; then it counts."""
        now = self._now()
        self._minute.limit, self._second.limit = self.options.requests_per_minute, self.options.requests_per_second
        self._busy_until = [end for end in self._busy_until if end > now]
        if self.metered[self._month()] >= self.options.monthly_reads:
            return self._over_quota(now)
        if len(self._busy_until) >= self.options.requests_at_once:
            return self.throttled()
        if self._second.refuse(COMPANY, now) or self._minute.refuse(COMPANY, now):
            return self.throttled()
        return None

    def occupy(self, seconds: float) -> None:
        """The answer to the request that was let in now takes so long."""
        if seconds > 0:
            self._busy_until.append(self._now() + seconds)

    def meter(self) -> None:
        """Count a read: query, CDC, single object."""
        self.metered[self._month()] += 1

    def throttled(self) -> Answer:
        """Each in turn looks as one of `THROTTLES`."""
        status, spelling = THROTTLES[next(self._refused) % len(THROTTLES)]
        answer = refusal(
            "3001", "ThrottleExceeded", self._now(), "The request limit has been reached.", status, "SERVICE", spelling
        )
        if self.options.retry_after is not None:
            answer.headers["Retry-After"] = str(self.options.retry_after)
        return answer

    def _over_quota(self, now: float) -> Answer:
        if not self.options.quota_named:
            return refusal("3001", "ThrottleExceeded", now, status=429, spelling="gateway")
        return refusal("3001", QUOTA, now, QUOTA, 429, "SERVICE")

    def _month(self) -> str:
        return datetime.fromtimestamp(self._now(), timezone.utc).strftime("%Y-%m")
