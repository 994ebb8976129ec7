"""A small part of Airtable's formulas, for `filterByFormula`: what clients build to find records.

Field references in braces, texts, numbers, comparisons, AND, OR, NOT, IF, LOWER, UPPER, LEN, FIND, BLANK, TRUE, FALSE,
RECORD_ID, and `&`. Everything else is refused as a formula that is not valid.
"""

import re
from collections.abc import Callable
from typing import Any

from sandbox.airtable.refusals import refuse
from sandbox.airtable.tables import Record, Table
from sandbox.web import Refusal

TOKEN = re.compile(
    r"""\s*(?:(?P<field>\{(?:[^}\\]|\\.)*\})|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign><=|>=|!=|[=<>&(),-]))"""
)
NOTHING: tuple[Any, ...] = (0, False, "", None, [])
Value = Callable[[Record], Any]


class Formula:
    """Parsed once, asked for each record."""

    def __init__(self, text: str, table: Table) -> None:
        self._table = table
        self._tokens = _tokens(text)
        self._place = 0
        self._value = self._comparison()
        if self._place < len(self._tokens):
            raise _invalid()

    def passes(self, record: Record) -> bool:
        return self._value(record) not in NOTHING

    def _comparison(self) -> Value:
        left = self._joined()
        while (sign := self._next("=", "!=", "<", ">", "<=", ">=")) is not None:
            left = _compared(sign, left, self._joined())
        return left

    def _joined(self) -> Value:
        left = self._operand()
        while self._next("&") is not None:
            right = self._operand()
            left = lambda record, a=left, b=right: _text(a(record)) + _text(b(record))  # type: ignore[misc]  # noqa: E731
        return left

    def _operand(self) -> Value:
        if self._place >= len(self._tokens):
            raise _invalid()
        kind, token = self._tokens[self._place]
        self._place += 1
        if kind == "field" or (kind == "name" and self._peek() != "("):
            name = re.sub(r"\\(.)", r"\1", token.strip("{}"))
            found = self._table.field(name)
            if found is None:
                raise _invalid()
            return lambda record: record.cells.get(found.id)
        if kind == "text":
            literal = re.sub(r"\\(.)", r"\1", token[1:-1])
            return lambda record: literal
        if kind == "number":
            number = float(token)
            return lambda record: number
        if kind == "name":
            return _function(token.upper(), self._arguments())
        if token == "(":
            inner = self._comparison()
            self._expect(")")
            return inner
        if token == "-":
            operand = self._operand()
            return lambda record: -operand(record)
        raise _invalid()

    def _arguments(self) -> list[Value]:
        self._expect("(")
        found: list[Value] = []
        if self._next(")") is not None:
            return found
        while True:
            found.append(self._comparison())
            if self._next(",") is None:
                self._expect(")")
                return found

    def _peek(self) -> str | None:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else None

    def _next(self, *signs: str) -> str | None:
        token = self._peek()
        if token in signs and self._tokens[self._place][0] == "sign":
            self._place += 1
            return token
        return None

    def _expect(self, sign: str) -> None:
        if self._next(sign) is None:
            raise _invalid()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _invalid()
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def _function(name: str, values: list[Value]) -> Value:
    known: dict[str, tuple[int | None, Callable[..., Any]]] = {
        "AND": (None, lambda *found: all(one not in NOTHING for one in found)),
        "OR": (None, lambda *found: any(one not in NOTHING for one in found)),
        "NOT": (1, lambda one: one in NOTHING),
        "IF": (3, lambda one, then, other: then if one not in NOTHING else other),
        "LOWER": (1, lambda one: _text(one).lower()),
        "UPPER": (1, lambda one: _text(one).upper()),
        "LEN": (1, lambda one: len(_text(one))),
        "FIND": (2, lambda needle, text: _text(text).find(_text(needle)) + 1),
        "BLANK": (0, lambda: None),
        "TRUE": (0, lambda: True),
        "FALSE": (0, lambda: False),
    }
    if name == "RECORD_ID" and not values:
        return lambda record: record.id
    if name not in known or known[name][0] not in (None, len(values)):
        raise _invalid()
    act = known[name][1]
    return lambda record: act(*(value(record) for value in values))


def _compared(sign: str, left: Value, right: Value) -> Value:
    def compare(record: Record) -> bool:
        one, other = left(record), right(record)
        if sign in ("=", "!="):
            same = (one or "") == (other or "") if isinstance(one, str | None) else one == other
            return same == (sign == "=")
        if not isinstance(one, int | float) or not isinstance(other, int | float):
            one, other = _text(one), _text(other)
        return bool({"<": one < other, ">": one > other, "<=": one <= other, ">=": one >= other}[sign])

    return compare


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _invalid() -> Refusal:
    return refuse(
        422,
        "INVALID_FILTER_BY_FORMULA",
        "The formula for filtering records is invalid: Invalid formula. Please check your formula text.",
    )
