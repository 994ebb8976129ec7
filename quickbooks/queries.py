"""Queries of every row of an entity that changed since some second, or how many there are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from api import BOTH, Poisoned, QuickBooks
from entities import NAME_LISTS
from times import CHANGED, at, second_of

from shared.errors import BadPayload, TimedOut, Unavailable
from shared.pages import Failure, Page
from shared.pagination import SIZES, Ties, by_cursor, by_keyset
from shared.records import identity

ACTIVE = {*NAME_LISTS, "Account", "Item", "TaxCode", "TaxRate"}
"""Entities that can be inactive."""
FRUITLESS_READINGS = 6
"""So many readings of one second in a row that bring nothing new are believed, if the count still says otherwise."""
MOST_POISONED = 10
"""More bad rows in a row are no bad rows, but a bad source."""
name_of = partial(identity, path="Id")


def count(quickbooks: QuickBooks, entity: str, start: int) -> int | None:
    """How many rows changed at or after that second, since 1970; `None` where the answer does not say."""
    since = [f"{CHANGED} >= '{at(start)}'"] if start else []
    return quickbooks.count(entity, [*always(entity), *since])


def always(entity: str) -> list[str]:
    """The conditions of every query of an entity."""
    return [BOTH] if entity in ACTIVE else []


class Listing:
    """Reads an entity by change time, oldest change first: only first pages are asked for, because the bound moves.

    A page that cannot be had is asked for in smaller sizes. A row that even alone cannot be had is stepped over, and a
    failure of its page.
    """

    def __init__(self, quickbooks: QuickBooks, entity: str) -> None:
        self._quickbooks = quickbooks
        self._entity = entity
        self._always = always(entity)
        self._level = 0
        self.began = ""
        """When the first answer was made, ISO 8601 UTC."""

    def pages(self, start: int) -> Iterator[Page]:
        """Rows that changed at or after that second (since 1970), each page with the second that it reaches.

        Raises `Refused` where the company has not got this entity.
        """
        return by_keyset(
            lambda second: self._page([f"{CHANGED} >= '{at(second)}'"]),
            start=start,
            size=1,
            change=second_of,
            identity=name_of,
            tied=Ties(self._of_second, name_of, fruitless=FRUITLESS_READINGS).read,
            after=lambda second: second + 1,
        )

    def by_place(self, start: int = 0, *, to_an_empty_page: bool) -> Iterator[Page]:
        """The same rows, and those without a change time too where the start is 0, in an order of QuickBooks' own. They
        have no positions. A page that is short is taken for the last one, unless that is no proof enough."""
        bounds = [f"{CHANGED} >= '{at(start)}'"] if start else []
        for page in by_cursor(lambda place: self._page(bounds, place, order=""), 1):
            if page.records or page.failures:
                yield replace(page, position=None)
            if page.last and not to_an_empty_page:
                return

    def _of_second(self, second: int) -> Iterator[Page]:
        """What changed in one second, by place, each page with how many there are in all."""
        bounds = [f"{CHANGED} >= '{at(second)}'", f"{CHANGED} < '{at(second + 1)}'"]
        total = self._quickbooks.count(self._entity, [*bounds, *self._always])
        for page in by_cursor(lambda start: self._page(bounds, start), 1):
            yield replace(page, total=total)
            if page.last:
                return

    def _page(self, bounds: Sequence[str], start: int = 1, *, order: str = CHANGED) -> Page:
        """A page as large as can be had, and what would follow it."""
        poisoned: list[Failure] = []
        while True:
            try:
                page = self._quickbooks.query(
                    self._entity, [*bounds, *self._always], order=order, start=start, most=SIZES[self._level]
                )
            except (TimedOut, Unavailable, BadPayload, Poisoned) as error:
                if self._level + 1 < len(SIZES):
                    self._level += 1
                    continue
                if not isinstance(error, Poisoned) or len(poisoned) == MOST_POISONED:
                    raise
                poisoned.append(Failure(error, f"{self._entity} {start} where {' and '.join(bounds)}"))
                start += 1
            else:
                self._level = max(0, self._level - 1)
                self.began = self.began or page.position
                return replace(page, failures=poisoned, next=start + len(page.records) if page.records else None)
