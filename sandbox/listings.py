"""Plain listings, from a declaration: which records, in which order, cut into which pages, shown how.

    routes.add("/v1/tickets", Listing("ticket", show, Numbered(50), {"status": has_status}))
    routes.add("/v1/tickets/#/replies", Listing("reply", show, Whole(), below="ticket"))

Each part is a plain function or an object with one method, so a listing may do its own in any of them: `rows` finds the
records in another way, `pages` cuts as only this vendor does, `write` puts the answer together.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.routes import Call, refuse
from sandbox.store import Record, Store
from sandbox.web import Answer, json_answer

CACHED_LISTINGS = 32


@dataclass(frozen=True)
class Page:
    """Some of all the rows. `next` is what the page after it is asked for with, None after the last one."""

    rows: Sequence[Any]
    next: int | None
    total: int


class Pages(Protocol):
    """A way of cutting a listing. `parameters` are the names that it reads."""

    @property
    def parameters(self) -> tuple[str, ...]: ...

    def cut(self, call: Call, rows: Sequence[Any]) -> Page: ...


def window(call: Call, rows: Sequence[Any], first: int, size: int) -> tuple[Sequence[Any], bool]:
    """`size` rows from `first` on, or what a faulty page after the first shows instead: one where rows came or went
    since the page before. And whether the page names itself as the next one."""
    fault = call.faults.page(call.url)
    shifted = {"early": first - 1, "late": first + 1, "duplicate": max(0, first - size)}.get(fault or "", first)
    start = shifted if first else 0
    return rows[start : start + size], fault == "repeat"


def number(call: Call, name: str, default: int, least: int, most: int | None = None) -> int:
    """A whole number in the query. One that is none, or lies outside, is refused."""
    text = call.query.get(name, str(default))
    if not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
        refuse(400, f"{name} must be a whole number from {least}" + (f" to {most}" if most is not None else ""))
    return int(text)


@dataclass(frozen=True)
class Whole:
    """Everything in one answer."""

    parameters: tuple[str, ...] = ()

    def cut(self, call: Call, rows: Sequence[Any]) -> Page:
        return Page(rows, None, len(rows))


@dataclass(frozen=True)
class Numbered:
    """Pages numbered from 1, `size` rows each; where `per` is a parameter, up to `largest` as it says."""

    size: int
    page: str = "page"
    per: str = ""
    largest: int | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.page, self.per) if self.per else (self.page,)

    def cut(self, call: Call, rows: Sequence[Any]) -> Page:
        size = number(call, self.per, self.size, 1, self.largest) if self.per else self.size
        asked = number(call, self.page, 1, 1)
        shown, repeated = window(call, rows, (asked - 1) * size, size)
        following = asked if repeated else asked + 1
        return Page(shown, following if asked * size < len(rows) else None, len(rows))


@dataclass(frozen=True)
class Cursor:
    """Pages of rows in the order of their ids; the cursor is the id of the last row before the page. Rows that come and
    go in between shift nothing."""

    size: int
    cursor: str = "cursor"

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.cursor,)

    def cut(self, call: Call, rows: Sequence[Any]) -> Page:
        after = number(call, self.cursor, 0, 0)
        first = bisect_right(rows, after, key=lambda row: row.id)
        shown = rows[first : first + self.size]
        return Page(shown, shown[-1].id if first + self.size < len(rows) else None, len(rows))


Show = Callable[[Call, Any], Any]
"""The payload of one record."""
Filter = Callable[[Any, str], bool]
"""Whether a record is in the listing, by the value of the parameter."""
Write = Callable[[Call, Page, list[Any]], Answer]
"""The answer, from a page and the payloads of its rows."""


class Listings:
    """Sorted listings kept while the store does not change, so that reading page after page does not sort
    each time."""

    def __init__(self, store: Store[Any]) -> None:
        self._store = store
        self._version = -1
        self._rows: dict[object, list[Any]] = {}

    def get(self, key: object, make: Callable[[], list[Any]]) -> list[Any]:
        if self._version != self._store.version or len(self._rows) >= CACHED_LISTINGS:
            self._version = self._store.version
            self._rows.clear()
        if key not in self._rows:
            self._rows[key] = make()
        return self._rows[key]


def ignored(call: Call, names: Iterable[str]) -> None:
    """Unknown parameters change nothing."""


def refused(call: Call, names: Iterable[str]) -> None:
    """Unknown parameters are a mistake of the client."""
    refuse(400, f"unknown parameter {', '.join(sorted(names))}")


def bare(call: Call, page: Page, shown: list[Any]) -> Answer:
    """The list alone."""
    return json_answer(shown)


def under(key: str) -> Write:
    """The list under a key."""
    return lambda call, page, shown: json_answer({key: shown})


@dataclass(frozen=True)
class Listing:
    """A route that lists records of one kind: all the living ones, those below the record whose id the path names
    (`below`), or what `rows` finds of the call and the path's arguments; in the order in which they came unless `order`
    says otherwise."""

    kind: str
    show: Show
    pages: Pages = field(default_factory=Whole)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    write: Write = bare
    order: Callable[[Any], Any] | None = None
    below: str = ""
    rows: Callable[..., Iterable[Any]] | None = None
    parameters: tuple[str, ...] = ()
    """What `rows` and `write` read of the query."""
    unknown: Callable[[Call, Iterable[str]], None] = refused

    def __call__(self, call: Call, *arguments: Any) -> Answer:
        unknown = call.query.keys() - {*self.filters, *self.pages.parameters, *self.parameters}
        if unknown:
            self.unknown(call, unknown)
        tests = [(test, call.query[name]) for name, test in self.filters.items() if name in call.query]
        found = [row for row in self._rows(call, *arguments) if all(test(row, value) for test, value in tests)]
        if self.order is not None:
            found.sort(key=self.order)
        page = self.pages.cut(call, found)
        return self.write(call, page, [served(call, row, self.show) for row in page.rows])

    def _rows(self, call: Call, *arguments: Any) -> Iterable[Any]:
        if self.rows is not None:
            return self.rows(call, *arguments)
        if not self.below:
            found: list[Any] = call.store.living(self.kind)
            return found
        parent = one(call, self.below, arguments[0])
        return [child for child in call.store.below(parent, self.kind) if call.store.alive(child)]


def one(call: Call, kind: str, id: Any) -> Record:
    """The living record of this id; 404 where there is none."""
    record: Record | None = call.store.kinds[kind].get(id)
    if record is None or not call.store.alive(record):
        refuse(404, f"no such {kind}")
    return record


def served(call: Call, record: Record, show: Show) -> Any:
    """The payload of a record, or what the faults make of it."""
    return call.faults.record(record.kind, record.id, show(call, record))
