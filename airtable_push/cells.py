"""From a warehouse value to what Airtable's cell takes, and what it gives back when it is read again.

An empty text, an empty list and `false` read back as nothing (airtable.md A3), so they are sent as null.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from math import isinf
from typing import Any
from unicodedata import category

from airtable_push.mapping import LINK, Field

LONGEST_TEXT = 100_000
"""Characters of a cell. airtable.md A2."""
CUT = " ... (cut: the whole text is in the warehouse)"
LARGEST_WHOLE = 2**53
"""Numbers travel as doubles, which keep whole ones only up to here: beyond it an id would become another one, while
an amount loses nothing that anybody reads. airtable.md A5."""
EXACTLY = Context(prec=400)
"""Enough for the largest double with all its decimals."""
UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Kinds of characters that no key may have: controls, halves of characters, ends of lines."""
Convert = Callable[[Any], Any]


class Unsendable(Exception):
    """A value that no cell of this type takes. The message names the field."""


def converter(field: Field) -> Convert:
    """The function from the column's value to the cell's; None stays None. A link gives the list of its keys.

    It raises `Unsendable`."""
    match field.type:
        case "number" | "currency" | "percent":
            # A percentage of two decimals is a fraction of four.
            places = field.precision + (2 if field.type == "percent" else 0)
            smallest = Decimal(1).scaleb(-places)
            return _named(field, lambda value: _number(value, smallest))
        case "date":
            return _named(field, _date)
        case "dateTime":
            return _named(field, _instant)
        case "checkbox":
            return _named(field, _checkbox)
        case "multipleSelects":
            return _named(field, lambda value: sorted(dict.fromkeys(_texts(value))) or None)
        case "singleSelect":
            return _named(field, lambda value: str(value).strip() or None)
        case _ if field.type == LINK:
            return _named(field, _texts if field.many else lambda value: _texts([value]))
        case _:
            return _named(field, _text)


def key_problem(key: str) -> str | None:
    """Why this key cannot be matched on; None where it can."""
    if not key.strip():
        return "the key is empty"
    if key != key.strip() or len(key) > LONGEST_TEXT or any(category(one) in UNSEEN for one in key):
        return "the key has blanks at its ends, control characters or line breaks, or is too long"
    return None


def _named(field: Field, convert: Convert) -> Convert:
    def converted(value: Any) -> Any:
        if value is None or value == "":
            return None
        try:
            return convert(value)
        except (ValueError, TypeError, InvalidOperation, OverflowError) as error:
            said = str(error) if isinstance(error, _Reason) else f"{type(value).__name__} does not fit"
            raise Unsendable(f'field "{field.name}" ({field.type}): {said}') from None

    return converted


class _Reason(ValueError):
    """A message that is made for people."""


def _text(value: Any) -> str | None:
    text = value if isinstance(value, str) else _as_text(value)
    if len(text) > LONGEST_TEXT:
        return text[: LONGEST_TEXT - len(CUT)] + CUT
    return text or None


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: Any, smallest: Decimal) -> int | float:
    if isinstance(value, bool):
        raise TypeError
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
    if not number.is_finite():
        raise _Reason(f"{value} is no number")
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise _Reason(f"{value} has more digits than Airtable keeps; show it as text")
    rounded = number.quantize(smallest, ROUND_HALF_EVEN, EXACTLY)
    if rounded == rounded.to_integral_value() and abs(rounded) <= LARGEST_WHOLE:
        return int(rounded)
    if isinf(double := float(rounded)):
        raise _Reason(f"{rounded} is larger than any number in Airtable")
    return double


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date().isoformat()
    return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()


def _instant(value: Any) -> str:
    """In UTC with milliseconds, as it is read back; what names no zone is UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return str(aware.isoformat(timespec="milliseconds")).replace("+00:00", "Z")


def _checkbox(value: Any) -> bool | None:
    if not isinstance(value, bool):
        raise TypeError
    return value or None


def _texts(value: Any) -> list[str]:
    """The texts of a list, or of a JSON array."""
    if isinstance(value, str):
        value = json.loads(value or "[]")
    if not isinstance(value, list | tuple):
        raise _Reason("an array of texts belongs there")
    return [text for one in value if one is not None and (text := str(one).strip())]
