"""JSON as the source wrote it: numbers with all their digits, and text without what no destination takes."""

import json
import re
from math import isinf
from typing import Any

LONE_SURROGATE = re.compile("[\\ud800-\\udfff]")
UNUSABLE_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""What may be half of a surrogate pair, or NUL."""


class Exact(float):
    """A number with a fraction: a float for whoever computes, and in `text` the digits that floats lose."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Exact":
        number = super().__new__(cls, text)
        number.text = text
        return number


def exact(text: str) -> "Exact | str":
    """What JSON's `1.50` becomes; beyond the range of floats the text alone, since infinity is no number."""
    number = Exact(text)
    return text if isinf(number) else number


def parsed(body: bytes) -> Any:
    """What the body says; `NaN` and the like come as text. Raises `ValueError` or `RecursionError`."""
    # A broken character costs itself, not the page.
    text = body.decode(json.detect_encoding(body), errors="replace")
    value = json.loads(text, parse_float=exact, parse_constant=str)
    return usable(value) if UNUSABLE_ESCAPE.search(text) else value


def usable(value: Any) -> Any:
    """The value with no half of a surrogate pair in it, at which a destination ends the sync, and no NUL."""
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value).replace("\0", "")
    if isinstance(value, list):
        return [usable(each) for each in value]
    if isinstance(value, dict):
        return {usable(key): usable(inner) for key, inner in value.items()}
    return value
