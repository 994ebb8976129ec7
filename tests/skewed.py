"""A clock that is wrong."""

from sandbox.clock import VirtualClock


class Skewed(VirtualClock):
    """Shows a time that is `ahead` seconds later than it is, or earlier. `monotonic` shows the right one."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead
