"""Change data capture: what changed and what was deleted, of all entities in one request (quickbooks.md 4)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from api import MOST_RESULTS, Faulted, QuickBooks, is_deleted
from queries import always, name_of
from times import OVERLAP, iso, long_ago

from shared.clock import Clock
from shared.errors import Forbidden, RateLimited, Rejected, SourceError, Transient, Unauthorized, Unavailable
from shared.once import Once
from shared.pages import Page

TOGETHER = timedelta(hours=2)
"""Entities whose positions lie no further apart are asked for in one request."""
SAMPLES = 3
"""So many entities whose changes cannot be had even alone, and nothing answers for the others either."""
MOST_SETTLED = 100
"""So many rows are asked for by their names in one query."""
PATIENCE = timedelta(hours=1)
"""So long a trouble of the source is waited for, before each entity is asked for alone to find one that makes it."""


class Silent(Rejected):
    """Change data capture as a whole does not answer: the next sync asks it again."""

    def __init__(self, why: SourceError) -> None:
        super().__init__(
            f"change data capture does not answer: {why.message}", method=why.method, url=why.url, status=why.status
        )
        self.category = why.category  # type: ignore[misc]  # what kind of trouble it is


class SilentAlone(Silent):
    """It does not answer about this entity, even where that is asked for alone."""


Captured = Page | Faulted | Silent | None
"""What changed, or why that is not told; `None` where only a query can tell: the answer was at its cap, or would have
to go back too far."""


class Capture:
    """What changed, for all entities that have come equally far: one request, made when the first stream asks.

    `positions` are those of the streams that will ask: entity and time. An answer at its cap may lack anything, and
    one entity may keep all of them from being told: then each is asked for alone. Where change data capture as a whole
    does not answer, nobody asks again in this sync.
    """

    def __init__(self, quickbooks: QuickBooks, clock: Clock, positions: Iterable[tuple[str, datetime]]) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        since: dict[str, datetime] = {}
        for entity, time in positions:
            since[entity] = min(since.get(entity, time), time)
        self._together = {entity: time for entity, time in since.items() if time >= max(since.values()) - TOGETHER}
        self._joint = Once(self._ask_together, clock)
        self._alone: dict[str, Once[Captured]] = {
            entity: Once(partial(self._ask_alone, entity, time), clock) for entity, time in since.items()
        }

    def of(self, entity: str, since: datetime) -> Captured:
        """What changed since then. Raises what concerns the credential, or the pace."""
        if long_ago(since, self._clock):
            return None
        if entity in self._together:
            found = self._joint().get(entity)
            if found is not None:
                return found
        alone = self._alone.get(entity)
        return alone() if alone is not None else self._ask_alone(entity, since)

    def _ask_together(self) -> dict[str, Captured]:
        entities, since = sorted(self._together), min(self._together.values())
        try:
            return self._split(entities, since)
        except (Rejected, Transient) as error:
            silent = _silent(Silent, error)
            if isinstance(error, Unavailable | Forbidden) and not long_ago(since, self._clock, PATIENCE):
                return dict.fromkeys(entities, silent)
            if len(entities) > SAMPLES and all(isinstance(self._alone[each](), Silent) for each in entities[:SAMPLES]):
                return dict.fromkeys(entities, silent)
            return {}

    def _ask_alone(self, entity: str, since: datetime) -> Captured:
        try:
            return self._ask([entity], since)[entity]
        except Faulted as error:
            return error
        except (Rejected, Transient) as error:
            return _silent(SilentAlone, error)

    def _split(self, entities: Sequence[str], since: datetime) -> dict[str, Captured]:
        """Ask for all in one request; where one of them is refused, without it."""
        try:
            return self._ask(entities, since)
        except Faulted as error:
            if len(entities) == 1:
                return {entities[0]: error}
            named = [each for each in entities if re.search(rf"\b{each}\b", error.message)]
        if not 0 < len(named) < len(entities):
            named = list(entities[: len(entities) // 2])
        others = [each for each in entities if each not in named]
        return {**self._split(named, since), **self._split(others, since)}

    def _ask(self, entities: Sequence[str], since: datetime) -> dict[str, Captured]:
        found = self._quickbooks.changes(entities, iso(since - OVERLAP))
        return {entity: self._settled(entity, page) if page.last else None for entity, page in found.items()}

    def _settled(self, entity: str, page: Page) -> Page:
        """With what a query says of the rows that are shown in part, or as deleted and there at once."""
        names = sorted({str(row["Id"]) for row in page.partial})
        rows: list[Any] = []
        for first in range(0, len(names), MOST_SETTLED):
            wanted = ",".join(f"'{name}'" for name in names[first : first + MOST_SETTLED])
            where = [f"Id IN ({wanted})", *always(entity)]
            rows += self._quickbooks.query(entity, where, most=MOST_RESULTS).records
        gone = {str(row["Id"]) for row in page.partial if is_deleted(row)} - {name_of(row) for row in rows}
        return replace(page, records=[*page.records, *rows], deleted=[*page.deleted, *sorted(gone)], partial=())


def _silent(kind: type[Silent], error: Rejected | Transient) -> Silent:
    """Why nothing is told. Raises the error where that concerns everything that is asked."""
    if isinstance(error, Unauthorized | RateLimited):
        raise error
    return kind(error)
