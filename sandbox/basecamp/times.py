"""Times as Basecamp writes them. basecamp.md 1: milliseconds, almost always UTC, sometimes with a local
offset.
"""

from datetime import UTC, datetime, timedelta, timezone

DAY = 86_400_000
HOUR = 3_600_000
MINUTE = 60_000
SECOND = 1_000
FEED_DELAY = 30 * SECOND
"""How long an event takes to reach the feed of the account."""


def instant(milliseconds: int) -> str:
    """`2026-05-12T05:24:00.000Z`"""
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{rest:03d}Z"


def local(milliseconds: int, offset_minutes: int) -> str:
    """`2026-05-12T00:24:00.000-05:00`"""
    zone = timezone(timedelta(minutes=offset_minutes))
    seconds, rest = divmod(milliseconds, 1000)
    moment = datetime.fromtimestamp(seconds, zone)
    offset = moment.strftime("%z")
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{rest:03d}{offset[:3]}:{offset[3:]}"


def date(milliseconds: int) -> str:
    """The UTC day, `2026-05-12`."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%d")


def read(text: str) -> int:
    """Milliseconds of an ISO 8601 instant; a plain date is its midnight in UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = moment.replace(microsecond=0)
    return round(whole.timestamp()) * 1000 + moment.microsecond // 1000
