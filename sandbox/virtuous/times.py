"""How Virtuous writes times and money. virtuous.md 8.

The store counts in hundredths of a second, so that each of the vendor's ways to write a time tells all of it.
"""

import re
from datetime import date, datetime, timedelta, timezone

SECOND = 100
DAY = 86_400 * SECOND
AGO = re.compile(r"(\d+) Days Ago")


def utc(moment: int, style: int) -> str:
    """A change time: in UTC, mostly without saying so, with 0 to 7 digits of a second."""
    whole, hundredths = divmod(moment, SECOND)
    digits = f"{hundredths:02d}"
    written = datetime.fromtimestamp(whole, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    short = f".{digits.rstrip('0')}" if hundredths else ""
    return written + (short, f".{digits}0", f".{digits}00000", f".{digits}00000Z")[style % 4]


def day_of(moment: int, hours: float = 0) -> str:
    """The day of a moment, in a zone so many hours from UTC."""
    return moment_of(moment, hours)[:10]


def moment_of(moment: int, hours: float) -> str:
    """A moment in a zone so many hours from UTC, as text that sorts."""
    local = datetime.fromtimestamp(moment / SECOND, timezone.utc) + timedelta(hours=hours)
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def midnight(day: str | None) -> str | None:
    """A calendar date, dressed as a time."""
    return None if day is None else f"{day}T00:00:00"


def short_date(day: str) -> str:
    """3/9/2026"""
    found = date.fromisoformat(day)
    return f"{found.month}/{found.day}/{found.year}"


def money(amount: float | None) -> str | None:
    return None if amount is None else f"${amount:,.2f}"


def asked(text: str, now: int, hours: float) -> str:
    """The day or moment that a filter names, as `moment_of` writes it. Raises `ValueError`."""
    ago = AGO.fullmatch(text) or {"Today": "0", "Yesterday": "1"}.get(text)
    if ago is not None:
        days = int(ago if isinstance(ago, str) else ago[1])
        return day_of(now - days * DAY, hours)
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text):
        month, day, year = text.split("/")
        text = f"{year}-{month:0>2}-{day:0>2}"
    return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%S" if "T" in text else "%Y-%m-%d")
