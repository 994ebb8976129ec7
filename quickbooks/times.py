"""Times: QuickBooks writes ISO 8601 and compares to the second; what is done at a cadence counts Unix seconds."""

from datetime import datetime, timedelta, timezone
from typing import Any

from shared.clock import DAY_SECONDS, HOUR_SECONDS, Clock
from shared.records import moment

CHANGED = "MetaData.LastUpdatedTime"
CADENCE_SECONDS = 6 * HOUR_SECONDS
"""How often lists are read that have no signal of their changes."""
OVERLAP = timedelta(minutes=10)
"""How far below the last answer the next request begins: an answer may not hold yet what was saved that second."""
LOOK_BACK = timedelta(days=29)
"""How far changes are asked for; QuickBooks goes back 30 days (quickbooks.md 4)."""


def iso(when: datetime) -> str:
    """To the second, which is as precise as change times are."""
    return when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(second: int) -> str:
    """A second since 1970, as QuickBooks writes it."""
    return iso(datetime.fromtimestamp(second, timezone.utc))


def second_of(row: Any) -> int | None:
    """The second of a row's last change, since 1970; `None` where it does not say."""
    changed = moment(row, CHANGED)
    return None if changed is None else int(changed.timestamp())


def first_second(start_date: str | None) -> int:
    """The first second, since 1970, of which anything is to be read: a day early, because it is a day in any zone."""
    if start_date is None:
        return 0
    return max(0, int(datetime.fromisoformat(f"{start_date}T00:00:00Z").timestamp() - DAY_SECONDS))


def long_ago(since: datetime, clock: Clock, span: timedelta = LOOK_BACK) -> bool:
    """Whether that is longer ago; by default: whether changes since then can no longer be had, so that only a
    comparison of everything tells what is gone."""
    return since < datetime.fromtimestamp(clock.now(), timezone.utc) - span
