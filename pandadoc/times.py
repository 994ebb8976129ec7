"""Times as PandaDoc shows them, and as its filters take them (pandadoc.md 6, 9.10)."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from shared import records

BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
RESOLUTION = timedelta(microseconds=1)

moment = partial(records.moment, zone=timezone.utc)
"""A time of a record, UTC where it names no zone; `None` where it does not say."""


def moments(rows: Iterable[Any], path: str) -> list[datetime]:
    """The times that records show, in order, of those that do."""
    return [time for row in rows if (time := moment(row, path))]


def stamp(time: datetime) -> str:
    """A time as filters take it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def since(time: str, less: timedelta = timedelta()) -> datetime:
    """A time from a position, or a little before it."""
    return max(datetime.fromisoformat(time) - less, BEGINNING)
