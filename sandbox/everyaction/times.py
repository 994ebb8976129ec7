"""How EveryAction writes times. everyaction.md 8. The store counts whole seconds."""

from datetime import datetime, timedelta, timezone

HOUR = 3_600
DAY = 24 * HOUR
EASTERN = timezone(timedelta(hours=-5))
"""Of events: the offset is theirs."""


def utc(moment: int) -> str:
    """2026-01-31T12:59:00Z"""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def eastern(moment: int) -> str:
    """2026-01-31T07:59:00-05:00"""
    return datetime.fromtimestamp(moment, EASTERN).isoformat()


def midnight(moment: int | None) -> str | None:
    """A day, dressed as a time."""
    return None if moment is None else utc(moment)[:10] + "T00:00:00Z"


def moment_of(text: str) -> int:
    """Raises `ValueError`, also for a time without an offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return int(found.timestamp())
