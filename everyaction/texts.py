"""What the texts of an export file mean: every value of such a file is text (everyaction.md 5.4)."""

import re
from datetime import datetime

from shared.types import BOOLEAN, DECIMAL, NAIVE_DATETIME, STRING, Misfit, Type, misfit

AMERICAN = ("%m/%d/%Y", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M")
"""Other ways of writing a time than ISO 8601."""
AMOUNT = re.compile(r"\(?-?\$?\s*-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)?", re.ASCII)
"""A comma stands before thousands: elsewhere it may be that of a fraction."""


def _amount(value: object) -> object:
    if not isinstance(value, str):
        return DECIMAL.fit(value)
    if not AMOUNT.fullmatch(value.strip()):
        return DECIMAL.fit(value)
    digits = re.sub(r"[^\d.]", "", value)
    return DECIMAL.fit(f"-{digits}" if "-" in value or value.strip().startswith("(") else digits)


def _truth(value: object) -> object:
    if value == "":
        return None
    found = {"true": True, "false": False, "1": True, "0": False}.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise misfit(value, "true or false")
    return found


def _time(value: object) -> object:
    if not isinstance(value, str):
        raise misfit(value, "a time")
    for form in AMERICAN if "/" in value else ():
        try:
            return datetime.strptime(value, form).isoformat(timespec="microseconds")  # noqa: DTZ007  it has none
        except ValueError:
            continue
    try:
        return NAIVE_DATETIME.fit(value)
    except Misfit as error:
        if error.nearest is None:
            raise
        return error.nearest  # The text itself lands beside it.


AMOUNT_OF_TEXT = Type(DECIMAL.schema, _amount)
"""A number or an amount of money, with or without a currency sign."""
TRUTH_OF_TEXT = Type(BOOLEAN.schema, _truth)
TIME_OF_TEXT = Type(NAIVE_DATETIME.schema, _time)
"""A time whose zone is nowhere said (everyaction.md 8)."""
KINDS = {"T": STRING, "N": AMOUNT_OF_TEXT, "M": AMOUNT_OF_TEXT, "D": TIME_OF_TEXT, "B": TRUTH_OF_TEXT}
"""The type of a column, by what the service calls it."""
