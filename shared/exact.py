"""JSON as the source wrote it: numbers with all their digits, and text without what no destination takes."""

import json
import re
from collections.abc import Mapping
from math import isinf
from typing import Any

LONE_SURROGATE = re.compile("[\\ud800-\\udfff]")
UNUSABLE_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""What may be half of a surrogate pair, or NUL."""


MOST_DIGITS = 4_000
"""Longer whole numbers are not turned into numbers by Python."""
DEEPEST = 200
"""How deep arrays and objects may be nested in a column, and where the whole could not be read at once."""
DEEP_MARK = "0.0e00000000"
"""Stands for what is nested deeper while the text is read: nobody writes a number like this."""
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')


class Deep:
    """What is nested too deeply to be read. No column holds it; where it was, its text lands."""

    def __repr__(self) -> str:
        return "(nested too deeply)"


TOO_DEEP = Deep()


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
    """What the body says; `NaN` and the like come as text, and so do numbers of thousands of digits. What is nested
    deeper than `DEEPEST` may come as `TOO_DEEP`: it costs itself, not the page. Raises `ValueError`."""
    # A broken character costs itself, not the page.
    text = body.decode(json.detect_encoding(body), errors="replace")
    try:
        value = json.loads(text, parse_float=exact, parse_constant=str)
        return usable(value) if UNUSABLE_ESCAPE.search(text) else value
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):  # Only then, since both cost time: what follows reads the same and more.
        value = json.loads(_shallow(text), parse_float=_exact_or_deep, parse_int=_whole, parse_constant=str)
    return usable(value) if UNUSABLE_ESCAPE.search(text) else value


def is_deep(value: Any) -> bool:
    """Whether something in it is nested deeper than `DEEPEST`, or was."""
    level = [value]
    for _ in range(DEEPEST):
        if TOO_DEEP in level:
            return True
        below: list[Any] = []
        for each in level:
            if isinstance(each, Mapping):
                below += each.values()
            elif isinstance(each, list | tuple):
                below += each
        if not below:
            return False
        level = below
    return True


def shallow(value: Any, mark: Any = TOO_DEEP, levels: int = DEEPEST) -> Any:
    """The value, with the `mark` in place of whatever is nested deeper than that."""
    if value is TOO_DEEP:
        return mark
    if not isinstance(value, Mapping | list | tuple):
        return value
    if not levels:
        return mark
    if isinstance(value, Mapping):
        return {key: shallow(inner, mark, levels - 1) for key, inner in value.items()}
    return [shallow(inner, mark, levels - 1) for inner in value]


def _whole(text: str) -> int | str:
    return int(text) if len(text) < MOST_DIGITS else text


def _exact_or_deep(text: str) -> Any:
    return TOO_DEEP if text == DEEP_MARK else exact(text)


def _shallow(text: str) -> str:
    """The text with `DEEP_MARK` in place of what is nested too deeply."""
    kept, depth, start = list[str](), 0, 0
    for token in TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept += (text[start : token.start()], DEEP_MARK)
        elif token[0] in "]}":
            depth -= 1
            if depth == DEEPEST:
                start = token.end()
    return "".join(kept) + text[start:] if depth <= DEEPEST else text


def usable(value: Any) -> Any:
    """The value with no half of a surrogate pair in it, at which a destination ends the sync, and no NUL."""
    if isinstance(value, str):
        return LONE_SURROGATE.sub("\ufffd", value).replace("\0", "")
    if isinstance(value, list):
        return [usable(each) for each in value]
    if isinstance(value, dict):
        return {usable(key): usable(inner) for key, inner in value.items()}
    return value
