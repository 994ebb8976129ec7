"""What reading a stream costs, counted where it is spent.

The stream that is being read is a context variable, so a request knows on whose account it goes, on
whichever thread it is sent.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

DATE_SECONDS = 1.0
"""How exact the Date of an answer is."""
SKEW_SECONDS = 3_600.0
"""So far the clocks of one source may differ."""


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

    source_time: float | None = None
    """The latest time that the source's clock showed, in Unix seconds; `None` where its answers show none."""

    ahead: bool = False
    """A record showed a time that has not come yet at the source, by more than clocks differ."""

    def wait(self, what: str = "", until: float = 0.0) -> None:
        """Take note of what is waited for from now on."""
        self.waits_for, self.waits_until = what, until

    def note_date(self, date: str | None) -> None:
        """Take note of the Date of an answer."""
        try:
            shown = parsedate_to_datetime(date or "").timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self.source_time = max(self.source_time or shown, shown)


CURRENT: ContextVar[Tally] = ContextVar("tally")


def current() -> Tally:
    """The tally of whatever is being read; one that nobody looks at where nothing is."""
    try:
        return CURRENT.get()
    except LookupError:
        tally = Tally()
        CURRENT.set(tally)
        return tally


def has_come(time: datetime) -> bool:
    """Whether the source's own clock has reached a time that a record shows, as far as its answers tell.

    One that has not come yet moves no position: what changes until then would lie below it, and be missed.
    """
    return second_has_come(time.timestamp())


def second_has_come(second: float) -> bool:
    """The same of Unix seconds."""
    tally = current()
    if tally.source_time is None:
        return True
    ahead = second - tally.source_time
    tally.ahead = tally.ahead or ahead > SKEW_SECONDS
    return ahead < DATE_SECONDS
