"""Exchange rates, which can only be asked for by currency and day (quickbooks.md 8)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import models
from api import BOTH, MOST_RESULTS, QuickBooks, Refused
from company import Company
from positions import Rates

from shared.clock import Clock
from shared.errors import Forbidden
from shared.pages import Failure, Page
from shared.records import text
from shared.streams import Feed, Task

MOST_DAYS = 31
"""So many days are fetched after a pause, at the most."""


class ExchangeRates:
    """The rates of each day from the first sync on, and once more when the day is over. Those of the past stay."""

    def __init__(self, quickbooks: QuickBooks, clock: Clock, company: Company) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self._company = company
        self._next: date | None = None
        """The first day that is to be read yet, where that is known in this sync."""

    def feed(self) -> Feed:
        """The stream."""
        return Feed(
            table=models.EXCHANGE_RATE,
            parents=self._company.parents,
            everything=lambda task: self._read(self._next or self._today()),
            changes=self._changes,
            position=Rates.restored,
        )

    def _changes(self, task: Task) -> Iterator[Page]:
        today = self._today()
        # A day that has not come yet was written by a clock that was wrong.
        self._next = min(max(date.fromisoformat(task.position.day), today - timedelta(days=MOST_DAYS)), today)
        return self._read(self._next) if date.fromisoformat(task.position.asked_on) != today else iter(())

    def _read(self, first: date) -> Iterator[Page]:
        self._next, last = first, self._today()
        try:
            codes = self._currencies() if self._company.preferences.several else []
            for number in range((last - first).days + 1 if codes else 0):
                self._next = first + timedelta(days=number)
                where = [f"SourceCurrencyCode IN ({', '.join(codes)})", f"AsOfDate = '{self._next}'"]
                yield replace(self._quickbooks.query("ExchangeRate", where, most=MOST_RESULTS), position=None)
            self._next = last
        except (Refused, Forbidden) as error:
            yield Page(failures=[Failure(error, "ExchangeRate")])
        yield Page(position=Rates(self._next.isoformat(), last.isoformat()), done=True)

    def _currencies(self) -> list[str]:
        """Those other than the company's own, as a query wants them."""
        page = self._quickbooks.query("CompanyCurrency", [BOTH], most=MOST_RESULTS)
        codes = {text(row, "Code") for row in page.records} - {self._company.preferences.home}
        return [f"'{code}'" for code in sorted(codes) if re.fullmatch("[A-Z]{3}", code)]

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), timezone.utc).date()
