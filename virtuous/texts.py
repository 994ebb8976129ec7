"""Types of what Virtuous writes for people: money with its currency, dates in several forms (virtuous.md 7, 8)."""

import re
from datetime import date
from typing import Any

from shared.types import DECIMAL, MIDNIGHT, Misfit, Type, misfit

NOTHING = ("", "Unavailable")
"""How a text says that there is nothing."""
AMOUNT = re.compile(r"[^\d]{0,5}(\d[\d.,' \u00a0\u202f]*)[^\d]{0,5}", re.ASCII)
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 12:00:00 AM)?", re.ASCII)
"""Month, day, year, without leading zeros."""


def _money(value: Any) -> Any:
    if not isinstance(value, str):
        return DECIMAL.fit(value)
    text = value.strip()
    if text in NOTHING:
        return None
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise Misfit("text that is no amount of money")
    # Whether a point or a comma begins the cents is a matter of the account's culture; thousands are three digits.
    *whole, last = re.findall(r"\d+", found[1])
    digits = "".join([*whole, last]) if not whole or len(last) == 3 else f"{''.join(whole)}.{last}"
    return DECIMAL.fit(f"-{digits}" if "-" in text or text.startswith("(") else digits)


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        raise misfit(value, "a date")
    if value.strip() in NOTHING:
        return None
    if found := SLASHED.fullmatch(value):
        month, day, year = map(int, found.groups())
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            raise Misfit("text that is not a date") from None
    return MIDNIGHT.fit(value)


def _day_if_it_is_one(value: Any) -> Any:
    try:
        return _day(value)
    except Misfit:
        return None


MONEY = Type(DECIMAL.schema, _money)
"""An amount: a number, or a text like `$1,250.00`, whose currency is not kept. `Unavailable`, or nothing, is none."""
DAY = Type(MIDNIGHT.schema, _day)
"""A calendar date, written as its midnight or as `3/8/2026`. It is never moved to another zone."""
DAY_OF_TEXT = Type(MIDNIGHT.schema, _day_if_it_is_one)
"""The date of a text that lands beside it: NULL where the text is none."""
