"""What reading a stream costs, counted where it is spent.

The stream that is being read is a context variable, so a request knows on whose account it goes, on
whichever thread it is sent.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """The bill of one stream in one sync."""

    requests: int = 0
    """Requests sent, refused ones included."""
    retries: int = 0
    """Requests among them that repeated one that had failed."""
    throttled_seconds: float = 0.0
    """Time waited because the source said that it was too fast."""
    answers: int = 0
    """Requests that brought what they should."""
    waits_for: str = ""
    """What is waited for right now, in words; empty where nothing is."""
    waits_until: float = 0.0
    """Until when, by the monotonic clock; 0 where nobody knows."""

    def wait(self, what: str = "", until: float = 0.0) -> None:
        """Take note of what is waited for from now on."""
        self.waits_for, self.waits_until = what, until


CURRENT: ContextVar[Tally] = ContextVar("tally")


def current() -> Tally:
    """The tally of whatever is being read; one that nobody looks at where nothing is."""
    try:
        return CURRENT.get()
    except LookupError:
        tally = Tally()
        CURRENT.set(tally)
        return tally
