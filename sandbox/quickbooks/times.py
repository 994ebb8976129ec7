"""Instants as Intuit writes and reads them. quickbooks.md 7."""

from datetime import datetime, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY = 86_400
EVERY_SO_MANY_IN_UTC = 11
"""One record in so many has its times with a `Z`."""


@lru_cache(50_000)
def stamp(seconds: int, way: int) -> str:
    """`2026-07-08T14:31:05-07:00`, sometimes `2026-07-08T21:31:05Z`; `way` is the record's number."""
    if way % EVERY_SO_MANY_IN_UTC == 0:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return datetime.fromtimestamp(seconds, PACIFIC).isoformat(timespec="seconds")


def server_time(seconds: float) -> str:
    """`2026-07-08T14:40:00.123-07:00`: the end of every body."""
    return datetime.fromtimestamp(round(seconds, 3), PACIFIC).isoformat(timespec="milliseconds")


def instant(seconds: int) -> str:
    """`2026-07-08T21:31:05Z`"""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> float:
    """Epoch seconds. Without an offset Pacific time is meant, which nothing documents. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)).timestamp()


def utc_day(seconds: float) -> str:
    """The calendar date in Greenwich."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d")


def day(seconds: float) -> str:
    """The calendar date in the company's zone, `2026-07-08`."""
    return datetime.fromtimestamp(seconds, PACIFIC).strftime("%Y-%m-%d")
