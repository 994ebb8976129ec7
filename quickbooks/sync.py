"""The streams of QuickBooks, and how they hang together (quickbooks.md 3-5, 8).

A first reading and complete passes query each entity by change time, oldest change first. After that one request for
change data capture brings what changed, and what was deleted, for all entities that have it.
"""

from collections.abc import Callable, Collection
from typing import Any

import models
from api import QuickBooks
from capture import Capture
from changing import Changing
from company import Company
from entities import ENTITIES, TAX_LISTS
from lists import short_list
from positions import Followed, Preferences, entity_position
from rates import ExchangeRates
from settings import connect
from times import CADENCE_SECONDS, at, first_second

from shared.clock import DAY_SECONDS, Clock
from shared.configuration import stream_settings
from shared.oauth import Tokens
from shared.positions import Restore
from shared.run import Run
from shared.streams import Stream
from shared.writeback import WriteBack

WARNED_SECONDS = 30 * DAY_SECONDS
"""So long before the authorisation ends whoever looks after the connection is told."""


def build(run: Run) -> list[Stream]:
    """The streams of one company. A token that rotates is saved with everything that has landed by then, and then
    written into the configuration, where that is wanted."""
    connection = connect(run.access)
    write_back = WriteBack(
        connection.tokens,
        run.configuration,
        api_key=run.values["fivetran_api_key"],
        clock=run.clock,
        secrets=run.secrets,
        warn=run.warn,
        session=run.session,
    )

    last_days = LastDays(connection.tokens, run.clock, run.warn)

    def persist() -> None:
        run.checkpoint()
        write_back()
        last_days()

    connection.tokens.persist = persist
    write_back()
    settings = stream_settings(run.values)
    return streams(
        connection.quickbooks, run.clock, run.position, left_out=settings.left_out, start_date=settings.start_date
    )


class LastDays:
    """Tells, once a sync, that the authorisation ends soon. On the main thread."""

    def __init__(self, tokens: Tokens, clock: Clock, warn: Callable[[str], None]) -> None:
        self._tokens = tokens
        self._clock = clock
        self._warn = warn
        self._told = False

    def __call__(self) -> None:
        """Tell it, where the vendor has just said so."""
        ends_at = self._tokens.ends_at
        if self._told or ends_at is None or ends_at - self._clock.now() > WARNED_SECONDS:
            return
        self._told = True
        day = at(int(ends_at))[:10]
        self._warn(
            f"The authorisation ends on {day}: from then on Intuit does not accept the refresh token, however often it "
            "was used. Before that, authorise again as an administrator of the company and put the new refresh_token "
            "into the configuration."
        )


def streams(
    quickbooks: QuickBooks,
    clock: Clock,
    position: Callable[[str, Restore], Any] = lambda stream, restore: None,
    *,
    left_out: Collection[str] = (),
    start_date: str | None = None,
) -> list[Stream]:
    """All streams, parents before their children. `position` answers what the last sync has saved of a stream."""
    start = first_second(start_date)
    preferences = position("preferences", Preferences.restored)
    company = Company(quickbooks, clock, preferences, only_for_others="preferences" in left_out)
    saved = {entity.table.name: position(entity.table.name, entity_position) for entity in ENTITIES}
    capture = Capture(
        quickbooks,
        clock,
        [
            (entity.name, reached.time)
            for entity in ENTITIES
            if entity.table.name not in left_out
            and isinstance(reached := saved[entity.table.name], Followed)
            and entity.captured
            and not reached.uncaptured
        ],
    )
    return [
        company.feed(),
        ExchangeRates(quickbooks, clock, company).feed(),  # First of all: its requests must wait for each other.
        *(
            Changing(
                quickbooks, clock, company, capture, entity, saved[entity.table.name], start if entity.dated else 0
            ).feed()
            for entity in ENTITIES
        ),
        *(short_list(quickbooks, name, table, every_seconds=CADENCE_SECONDS) for name, table in TAX_LISTS.items()),
        short_list(quickbooks, "CompanyInfo", models.COMPANY_INFO, every_seconds=CADENCE_SECONDS),
        short_list(
            quickbooks,
            "RecurringTransaction",
            models.RECURRING_TRANSACTION,
            every_seconds=DAY_SECONDS,
            parents=company.parents,
            prepare=company.template,
        ),
    ]
