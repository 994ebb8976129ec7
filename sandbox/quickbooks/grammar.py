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
        self.tokens = _tokens(text)
        self.at = 0

    def statement(self) -> Statement:
        self.keyword("SELECT")
        counts, everything, columns = self.selection()
        self.keyword("FROM")
        entity = self.word("an entity")
        conditions = self.conditions() if self.take("WHERE") else ()
        order, descending = self.ordering()
        start = self.whole("STARTPOSITION")
        limit = self.whole("MAXRESULTS")
        kind, found = self.peek()
        if kind:
            raise Unparsable(f'Encountered "{found}" where the statement should end')
        return Statement(
            entity, counts, everything, columns, conditions, order, descending, 1 if start is None else start, limit
        )

    def selection(self) -> tuple[bool, bool, tuple[str, ...]]:
        if self.take("COUNT"):
            for symbol in ("(", "*", ")"):
                self.symbol(symbol)
            return True, False, ()
        everything, columns = False, []
        while True:
            if self.take_symbol("*"):
                everything = True
            else:
                columns.append(self.word("a property"))
            if not self.take_symbol(","):
                return False, everything, tuple(columns)

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.take("AND"):
            found.append(self.condition())
        return tuple(found)

    def condition(self) -> Condition:
        name = self.word("a property")
        if self.take("IN"):
            self.symbol("(")
            values = [self.value()]
            while self.take_symbol(","):
                values.append(self.value())
            self.symbol(")")
            return Condition(name, "IN", tuple(values))
        if self.take("LIKE"):
            return Condition(name, "LIKE", (self.value(),))
        kind, found = self.peek()
        if kind != "symbol" or found not in COMPARISONS:
            raise Unparsable(f'Encountered "{found}" where an operator belongs')
        self.at += 1
        return Condition(name, found, (self.value(),))

    def value(self) -> Value:
        kind, found = self.peek()
        if kind == "text":
            self.at += 1
            return re.sub(r"\\(.)", r"\1", found[1:-1])
        if kind == "word" and found.lower() in ("true", "false"):
            self.at += 1
            return found.lower() == "true"
        raise Unparsable(f'Encountered "{found}" where a value in single quotes, true or false belongs')

    def ordering(self) -> tuple[str | None, bool]:
        if self.take("ORDER"):
            self.keyword("BY")
        elif not self.take("ORDERBY"):
            return None, False
        name = self.word("a property")
        if self.take("DESC"):
            return name, True
        self.take("ASC")
        return name, False

    def whole(self, keyword: str) -> int | None:
        if not self.take(keyword):
            return None
        kind, found = self.peek()
        if kind != "number":
            raise Unparsable(f'Encountered "{found}" where the number of {keyword} belongs')
        self.at += 1
        return int(found)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "<EOF>")

    def take(self, keyword: str) -> bool:
        kind, found = self.peek()
        if kind == "word" and found.upper() == keyword:
            self.at += 1
            return True
        return False

    def take_symbol(self, symbol: str) -> bool:
        if self.peek() == ("symbol", symbol):
            self.at += 1
            return True
        return False

    def keyword(self, keyword: str) -> None:
        if not self.take(keyword):
            raise Unparsable(f'Encountered "{self.peek()[1]}" where {keyword} belongs')

    def symbol(self, symbol: str) -> None:
        if not self.take_symbol(symbol):
            raise Unparsable(f'Encountered "{self.peek()[1]}" where "{symbol}" belongs')

    def word(self, wanted: str) -> str:
        kind, found = self.peek()
        if kind != "word":
            raise Unparsable(f'Encountered "{found}" where {wanted} belongs')
        self.at += 1
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
