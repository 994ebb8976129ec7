"""The query language: text in, a statement out. quickbooks.md 3.1.

    SELECT * | COUNT(*) FROM Entity
      [WHERE property operator value [AND ...]]
      [ORDERBY property [ASC|DESC]]
      [STARTPOSITION n] [MAXRESULTS n]

What does not fit raises `Unparsable` (code 4000). Whether the entity has such properties is `query`'s matter.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\['\\])*')
      | (?P<number>\d+)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<symbol><=|>=|[=<>(),*])
    )""",
    re.VERBOSE,
)
CURLY = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014]")
"""Quotation marks and dashes of a word processor, which the vendor's parser cannot read."""
COMPARISONS = ("=", "<", ">", "<=", ">=")
Value = str | bool


class Unparsable(Exception):
    """The statement is not one; the message says where."""


@dataclass(frozen=True)
class Condition:
    """`operator` is a comparison, `IN` or `LIKE`; only `IN` has several values."""

    property: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Statement:
    """`start` counts from 1. `limit` is None where none was given. `columns`: what stands beside or instead of `*`."""

    entity: str
    counts: bool
    everything: bool
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: str | None
    descending: bool
    start: int
    limit: int | None


def parse(text: str) -> Statement:
    """Raises `Unparsable`."""
    return _Parser(text).statement()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [*_tokens(text), ("end", "<EOF>")]
        self.at = 0

    def statement(self) -> Statement:
        self.need("word", "SELECT", "SELECT")
        counts, everything, columns = self.selection()
        self.need("word", "FROM", "FROM")
        entity = self.need("word", "an entity")
        conditions = self.conditions() if self.take("word", "WHERE") else ()
        order, descending = self.ordering()
        start, limit = self.whole("STARTPOSITION"), self.whole("MAXRESULTS")
        if not self.take("end"):
            raise Unparsable(f'Encountered "{self.tokens[self.at][1]}" where the statement should end')
        first = 1 if start is None else start
        return Statement(entity, counts, everything, columns, conditions, order, descending, first, limit)

    def selection(self) -> tuple[bool, bool, tuple[str, ...]]:
        if self.take("word", "COUNT"):
            for symbol in ("(", "*", ")"):
                self.need("symbol", f'"{symbol}"', symbol)
            return True, False, ()
        everything, columns = False, []
        while True:
            if self.take("symbol", "*"):
                everything = True
            else:
                columns.append(self.need("word", "a property"))
            if not self.take("symbol", ","):
                return False, everything, tuple(columns)

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.take("word", "AND"):
            found.append(self.condition())
        return tuple(found)

    def condition(self) -> Condition:
        name = self.need("word", "a property")
        if self.take("word", "IN"):
            self.need("symbol", '"("', "(")
            values = [self.value()]
            while self.take("symbol", ","):
                values.append(self.value())
            self.need("symbol", '")"', ")")
            return Condition(name, "IN", tuple(values))
        like = self.take("word", "LIKE")
        return Condition(name, like.upper() or self.need("symbol", "an operator", *COMPARISONS), (self.value(),))

    def value(self) -> Value:
        if text := self.take("text"):
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        what = "a value in single quotes, true or false"
        return self.need("word", what, "TRUE", "FALSE").lower() == "true"

    def ordering(self) -> tuple[str | None, bool]:
        if self.take("word", "ORDER"):
            self.need("word", "BY", "BY")
        elif not self.take("word", "ORDERBY"):
            return None, False
        name = self.need("word", "a property")
        return name, self.take("word", "ASC", "DESC").upper() == "DESC"

    def whole(self, keyword: str) -> int | None:
        return int(self.need("number", f"the number of {keyword}")) if self.take("word", keyword) else None

    def take(self, kind: str, *allowed: str) -> str:
        """The next token if it is of this kind, and one of these if any are named; else nothing."""
        found, text = self.tokens[self.at]
        if found != kind or (allowed and text.upper() not in allowed):
            return ""
        self.at += 1
        return text

    def need(self, kind: str, what: str, *allowed: str) -> str:
        found = self.take(kind, *allowed)
        if not found:
            raise Unparsable(f'Encountered "{self.tokens[self.at][1]}" where {what} belongs')
        return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at, end)
        if match is None or match.lastgroup is None:
            raise Unparsable(f'Lexical error at column {at + 1}: "{text[at : at + 20]}"')
        token = match.group(match.lastgroup)
        if CURLY.search(token):
            raise Unparsable(f"Lexical error at column {match.start(match.lastgroup) + 1}: a curly mark in a literal")
        found.append((match.lastgroup, token))
        at = match.end()
    return found
