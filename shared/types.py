"""Types of columns: how the destination calls each, and how a value of a source is fitted to it.

A value that does not fit raises `Misfit`: what is nearest to it lands, or NULL, and it is told. `None` is nobody's
misfit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import lru_cache, partial
from math import inf, isfinite
from typing import Any

from shared.exact import TOO_DEEP, Deep, Exact, is_deep, shallow, usable

DECIMAL_PRECISION = 38
DECIMAL_SCALE = 9
RATE_SCALE = 18
PLAIN = {
    scale: re.compile(rf"-?(?:0|[1-9]\d{{0,{DECIMAL_PRECISION - scale - 1}}})(?:\.\d{{1,{scale}}})?", re.ASCII)
    for scale in (DECIMAL_SCALE, RATE_SCALE)
}
"""Numbers that land as they are written, by scale."""
ROUNDING = Context(prec=DECIMAL_PRECISION + 1, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)
LARGEST_LONG = 2**63 - 1
EPOCH = datetime.fromtimestamp(0, timezone.utc).replace(tzinfo=None)
UTC_CHARACTERS = 26
"""Of a time in UTC with microseconds, before its zone."""
DAY_MINUTES = 24 * 60
TWO_DIGITS = [f"{number:02}" for number in range(60)]
MOST_DAYS = 4_096
"""So many are remembered as text: eleven years."""
LEAP_SECOND = re.compile(r"(T\d\d:\d\d:)60", re.ASCII)
ZONE = r"(?:Z|[+-]\d\d:?\d\d)"
DAY_IN_FRONT = re.compile(rf"(\d{{4}}-\d\d-\d\d)(?:[T ]\d\d(?::?\d\d){{1,2}}(?:\.\d+)?)?{ZONE}?$", re.ASCII)
NO_ZONE = re.compile(r"T[\d:.]+$", re.ASCII)


class Misfit(ValueError):
    """A value that its column cannot hold as it is. The message names the kind of value, not the value."""

    def __init__(self, message: str, nearest: Any = None) -> None:
        super().__init__(message)
        self.nearest = nearest
        """What the column holds in its place; `None` where nothing comes near it."""


@dataclass(frozen=True)
class Type:
    """A destination type: how the schema names it and how a value is fitted to it."""

    schema: str | dict[str, Any]
    fit: Callable[[Any], Any]
    """From a value that is not `None` to what the destination takes; raises `Misfit`."""
    as_it_is: str = "False"
    """A condition on a `value`, as Python says it. Where it holds, `fit` answers the value itself: nobody need ask."""


def _string(value: Any) -> str:
    if type(value) is not str:
        if type(value) is int:
            return str(value)
        if isinstance(value, Exact):
            return value.text
        raise misfit(value, "text")
    if value.isascii():
        return value.replace("\0", "") if "\0" in value else value
    return str(usable(value))


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise misfit(value, "true or false")


def _long(value: Any) -> int:
    if isinstance(value, Exact) and value.is_integer():
        value = int(Decimal(value.text))
    if isinstance(value, bool) or not isinstance(value, int):
        raise misfit(value, "a whole number")
    if not -LARGEST_LONG - 1 <= value <= LARGEST_LONG:
        raise Misfit("a whole number beyond 64 bits")
    return value


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise misfit(value, "a number")
    try:
        number = float(value)
    except OverflowError:
        number = inf
    if not isfinite(number):
        raise Misfit("a number beyond the range of a double")
    return number


def _decimal(value: Any, scale: int = DECIMAL_SCALE) -> str | None:
    if isinstance(value, Exact):
        text = value.text
    elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        text = str(value).strip()
    elif isinstance(value, float):
        text = repr(value)
    else:
        raise misfit(value, "an exact number")
    if PLAIN[scale].fullmatch(text):
        return text
    if not text:
        return None
    try:
        if "_" in text:  # Python's own spelling.
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        raise Misfit("text that is not a number") from None
    if not number.is_finite():
        raise Misfit("not a finite number")
    if not number and not -DECIMAL_PRECISION * 2 < number.adjusted() < DECIMAL_PRECISION:
        return "0"  # Written out, 0e-999999999 would fill the memory.
    too_long = f"more digits than DECIMAL({DECIMAL_PRECISION}, {scale}) holds"
    if number and number.adjusted() >= DECIMAL_PRECISION - scale:
        raise Misfit(too_long)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -scale:
        return format(number, "f")
    rounded = number.quantize(Decimal(1).scaleb(-scale), context=ROUNDING)
    plain = format(rounded if rounded else abs(rounded), "f")
    if rounded == number:
        return plain
    raise Misfit(too_long, None if rounded.adjusted() >= DECIMAL_PRECISION - scale else plain)


def _says(value: Any, wanted: str) -> bool:
    """Whether a text says something. Raises `Misfit` for what is no text."""
    if not isinstance(value, str):
        raise misfit(value, wanted)
    return value != ""


def _utc_datetime(value: Any) -> str | None:
    if not _says(value, "a time"):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        from dateutil.parser import isoparse  # It takes long, and hardly any text needs it.

        try:
            whole = LEAP_SECOND.sub(r"\g<1>59", value)
            moment = isoparse(whole) + timedelta(seconds=whole != value)
        except (ValueError, OverflowError):
            raise Misfit("text that is not a time") from None
    if moment.tzinfo is None:
        raise Misfit("a time without a zone")
    try:
        moment = moment.astimezone(timezone.utc)
    except OverflowError:
        raise Misfit("a time out of range") from None
    return moment.isoformat(timespec="microseconds")[:UTC_CHARACTERS] + "Z"


def _naive_date(value: Any) -> str | None:
    if not _says(value, "a date"):
        return None
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        day = _day_in_front(value)
        raise Misfit("a date with more behind it" if day else "text that is not a date", day) from None


def _day_in_front(text: str) -> str | None:
    """The calendar date before a zone or a time of day: whatever they say, somebody has written this date."""
    found = DAY_IN_FRONT.match(text)
    try:
        return date.fromisoformat(found[1]).isoformat() if found else None
    except ValueError:
        return None


def _unix_seconds(value: Any) -> str:
    if type(value) is not int:
        raise Misfit("no whole number of seconds")
    minute, second = divmod(value, 60)
    day, minute = divmod(minute, DAY_MINUTES)
    try:
        return f"{_day_of(day)}T{TWO_DIGITS[minute // 60]}:{TWO_DIGITS[minute % 60]}:{TWO_DIGITS[second]}.000000Z"
    except (ValueError, OverflowError):
        raise Misfit("a time out of range") from None


@lru_cache(MOST_DAYS)
def _day_of(number: int) -> str:
    """The day that is so many days after the first of 1970."""
    return date.fromordinal(EPOCH.toordinal() + number).isoformat()


def _unix_milliseconds(value: Any) -> str:
    if type(value) is not int:
        raise Misfit("no whole number of milliseconds")
    try:
        return (EPOCH + timedelta(milliseconds=1) * value).isoformat(timespec="microseconds") + "Z"
    except OverflowError:
        raise Misfit("a time out of range") from None


def _zoneless(value: Any) -> str | None:
    return _utc_datetime(f"{value}Z" if isinstance(value, str) and NO_ZONE.search(value) else value)


def _naive_datetime(value: Any) -> str | None:
    if not _says(value, "a time"):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Misfit("text that is not a time") from None
    wall = moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    if moment.tzinfo is not None:
        raise Misfit("a time with a zone behind it", wall)
    return wall


def _midnight(value: Any) -> str | None:
    day, _, clock = value.partition("T") if isinstance(value, str) else (value, "", "")
    if clock.strip("0:.Z"):
        raise Misfit("a time of day where a date belongs", _day_in_front(value))
    return _naive_date(day)


def _json(value: Any) -> Any:
    if isinstance(value, Mapping | list | tuple | Deep) and is_deep(value):
        raise Misfit("something nested too deeply", shallow(value, mark=repr(TOO_DEEP)))
    return value


def misfit(value: Any, wanted: str) -> Misfit:
    """The misfit of a value where a value of another kind belongs."""
    kinds = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
        Deep: "something nested too deeply",
    }
    kind = float if isinstance(value, Exact) else type(value)
    return Misfit(f"{kinds.get(kind, kind.__name__)} where {wanted} belongs")


STRING = Type("STRING", _string, r"type(value) is str and value.isascii() and '\0' not in value")
REFERENCE = Type("STRING", lambda value: _string(value) or None, f"{STRING.as_it_is} and value")
"""The id of another record: an empty one refers to none."""
BOOLEAN = Type("BOOLEAN", _boolean, "type(value) is bool")
LONG = Type("LONG", _long, f"type(value) is int and {-LARGEST_LONG} <= value <= {LARGEST_LONG}")
DOUBLE = Type("DOUBLE", _double)
DECIMAL = Type({"type": "DECIMAL", "precision": DECIMAL_PRECISION, "scale": DECIMAL_SCALE}, _decimal)
"""Money and quantities: exact, as text. What has more digits after the point is rounded, half to even, and drift."""
RATE = Type(
    {"type": "DECIMAL", "precision": DECIMAL_PRECISION, "scale": RATE_SCALE}, partial(_decimal, scale=RATE_SCALE)
)
"""Prices of one unit, rates and percentages: quotients, which have more digits after the point than money."""
UTC_DATETIME = Type("UTC_DATETIME", _utc_datetime)
"""An instant: ISO 8601 with a zone. A text without one is drift."""
UNIX_SECONDS = Type("UTC_DATETIME", _unix_seconds)
"""An instant that the source writes as whole seconds since 1970."""
UNIX_MILLISECONDS = Type("UTC_DATETIME", _unix_milliseconds)
UTC_WITHOUT_ZONE = Type("UTC_DATETIME", _zoneless)
"""An instant whose text names no zone, where the source means UTC. One that names a zone is taken at its word."""
NAIVE_DATETIME = Type("NAIVE_DATETIME", _naive_datetime)
"""A time on the wall of a place whose zone stands elsewhere. Where a zone stands behind it, it is drift."""
NAIVE_DATE = Type("NAIVE_DATE", _naive_date)
"""A calendar date, `YYYY-MM-DD`. Where a time or a zone stands behind it, the date lands, and it is drift."""
MIDNIGHT = Type("NAIVE_DATE", _midnight)
"""A calendar date that the source writes as its midnight, `2026-03-08T00:00:00`: it is never moved to another zone."""
JSON = Type("JSON", _json, "type(value) is str or value == []")
