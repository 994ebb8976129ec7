"""What the headers of an answer say of a limit that is shared with others: `X-RateLimit-Limit`, `-Remaining`, `-Reset`.

They are told to the pace, so that what others send slows us down before a refusal does.
"""

from email.utils import parsedate_to_datetime

from shared.http import Answer
from shared.retry import Pace

LONGEST_SECONDS = 86_400.0
MILLISECONDS = 10**11
"""A time beyond this number is written in milliseconds."""


def tell(pace: Pace, answer: Answer, *, reserved: float) -> float | None:
    """In how many seconds the limit is counted anew, by the source's own clock; `None` where that is not said.

    Of all requests this share is left to the others (`reserved`).
    """
    limit, left, reset = (_whole(answer, f"X-RateLimit-{name}") for name in ("Limit", "Remaining", "Reset"))
    try:
        now = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (ValueError, TypeError):
        return None
    if reset is None:
        return None
    seconds = min(max((reset / 1_000 if reset > MILLISECONDS else reset) - now, 1.0), LONGEST_SECONDS)
    if limit is not None and left is not None:
        pace.told(left - round(limit * reserved), seconds)
    return seconds


def _whole(answer: Answer, header: str) -> int | None:
    found = answer.headers.get(header, "").strip()
    return int(found) if found.isascii() and found.isdigit() else None
