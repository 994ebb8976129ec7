"""How Virtuous writes times and money. virtuous.md 8.

The store counts in hundredths of a second, so that each of the vendor's ways to write a time tells all of it.
"""

from datetime import date, datetime, timedelta, timezone

SECOND = 100
DAY = 86_400 * SECOND


def utc(moment: int, style: int) -> str:
    """A change time: in UTC, mostly without saying so, with 0 to 7 digits of a second."""
    hundredths = moment % SECOND
    short = f".{hundredths:02d}".rstrip("0") if hundredths else ""
    digits = (short, f".{hundredths:02d}0", f".{hundredths:02d}00000", f".{hundredths:02d}00000Z")
    return moment_of(moment) + digits[style % 4]


def moment_of(moment: int, hours: float = 0) -> str:
    """A moment in a zone so many hours from UTC, as text that sorts."""
    local = datetime.fromtimestamp(moment // SECOND, timezone.utc) + timedelta(hours=hours)
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def day_of(moment: int) -> str:
    return moment_of(moment)[:10]


def named_moment(text: str) -> str:
    """The day, or the moment, that a filter names, as `moment_of` writes it. Raises `ValueError`."""
    if "/" in text:
        month, day, year = text.split("/")
        text = f"{year}-{month:0>2}-{day:0>2}"
    return datetime.fromisoformat(text).isoformat()[: 19 if "T" in text else 10]


def midnight(day: str | None) -> str | None:
    """A calendar date, dressed as a time."""
    return None if day is None else f"{day}T00:00:00"


def short_date(day: str | None, nothing: str | None = None) -> str | None:
    """3/9/2026"""
    if day is None:
        return nothing
    found = date.fromisoformat(day)
    return f"{found.month}/{found.day}/{found.year}"


def money(amount: float | None) -> str | None:
    return None if amount is None else f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"
