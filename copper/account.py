"""What the account says of itself, for those who read the rest: whether it has leads, and which day a second is."""

from datetime import datetime, tzinfo

from api import Record

from shared.records import text, value
from shared.types import Misfit


def leads_enabled(account: Record) -> bool:
    """Whether the account has leads at all: that can be switched off (copper.md 4)."""
    return value(account, "settings.setting_enable_leads") is not False


def zone_of(account: Record) -> tzinfo | None:
    """The account's time zone, where it names one that is known."""
    from dateutil import tz  # It takes long, and only dates in custom fields need it.

    name = text(account, "primary_timezone")
    return tz.gettz(name) if name else None


def day_in(zone: tzinfo | None, second: int) -> str:
    """The calendar day of a time. Raises `Misfit` where there is none, or no zone is known."""
    if zone is None:
        raise Misfit("a day in an unknown time zone")
    try:
        return datetime.fromtimestamp(second, zone).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise Misfit("a time out of range") from None
