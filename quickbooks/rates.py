"""Exchange rates, which can only be asked for by currency and day (quickbooks.md 8)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import models
from api import BOTH, MOST_RESULTS, QuickBooks, Refused
from company import Company
from positions import Rates

from shared.clock import Clock
from shared.errors import Forbidden, RateLimited, ServiceDown, SourceError, Unauthorized
from shared.pages import Failure, Page
from shared.records import text
from shared.streams import Feed, Task

MOST_DAYS = 31
"""So many days are fetched after a pause, at the most; of the months before them only the ends."""
MOST_MONTHS = 240
"""A transaction that is older than this many months has a date that was mistyped."""
MOST_BLANK = 3
"""So many months in a row without a rate, and there are none of the time before either."""
POSTED = (
    *"""
        Invoice SalesReceipt CreditMemo RefundReceipt Payment Bill BillPayment VendorCredit Purchase Deposit
        JournalEntry
    """.split(),
)
"""Transactions that may be in another currency and move an account."""


class ExchangeRates:
    """The rates of each day from the first sync on, and once more when the day is over; of the time before, back to the
    oldest transaction, those of each month's last day. Whatever has landed stays."""

    def __init__(self, quickbooks: QuickBooks, clock: Clock, company: Company) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self._company = company
        self._next: date | None = None
        """The first day that is to be read yet, where that is known in this sync."""
        self._reached: Rates | None = None
        """How far this sync has come, or the one before it."""

    def feed(self) -> Feed:
        """The stream."""
        return Feed(
            table=models.EXCHANGE_RATE,
            parents=self._company.parents,
            everything=self._everything,
            changes=self._changes,
            position=Rates.restored,
        )

    def _everything(self, task: Task) -> Iterator[Page]:
        self._reached = self._reached or task.position
        return self._read(looks=True)

    def _changes(self, task: Task) -> Iterator[Page]:
        self._reached = task.position
        is_due = date.fromisoformat(task.position.asked_on) < self._today()
        return self._read(looks=not task.position.since) if is_due else iter(())

    def _read(self, *, looks: bool) -> Iterator[Page]:
        """The days that are due, then the past. It `looks` for the oldest transaction before."""
        last = self._today()
        before = self._reached or Rates(last.isoformat(), last.isoformat())
        day = date.fromisoformat(before.day)
        first = self._next = self._next or max(day, last - timedelta(days=MOST_DAYS))
        self._reached = replace(before, asked_on=last.isoformat())
        try:
            codes = self._currencies() if self._company.preferences.several else []
            for end in _ends_of_months(day, first):
                for code in codes:
                    yield self._quickbooks.rate(code, end.isoformat())
            for number in range((last - first).days + 1 if codes else 0):
                self._next = first + timedelta(days=number)
                yield self._of_day(codes, self._next)
            self._next = last
            self._reached = replace(self._reached, day=last.isoformat())
            yield Page(position=self._reached)
            yield from self._past(codes, looks=looks)
        except (Refused, Forbidden) as error:
            yield Page(failures=[Failure(error, "ExchangeRate")])
        self._reached = replace(self._reached, day=self._next.isoformat())
        yield Page(position=self._reached, done=True)

    def _of_day(self, codes: Sequence[str], day: date) -> Page:
        wanted = ", ".join(f"'{code}'" for code in codes)
        where = [f"SourceCurrencyCode IN ({wanted})", f"AsOfDate = '{day}'"]
        return replace(self._quickbooks.query("ExchangeRate", where, most=MOST_RESULTS), position=None)

    def _past(self, codes: Sequence[str], *, looks: bool) -> Iterator[Page]:
        """Month by month, the newest first: one request for each and currency."""
        assert self._reached is not None
        today, since = self._today(), self._reached.since
        if codes and looks:
            oldest, certain = self._oldest_transaction()
            since = min(each for each in (since, _end_of_month(oldest or today).isoformat()) if each)
            if oldest and certain:
                self._reached = replace(self._reached, since=since)
        if not since:
            return
        for code in codes:
            blank = 0
            reached = date.fromisoformat(self._reached.past.get(code) or today.isoformat())
            for end in reversed(_ends_of_months(date.fromisoformat(since), reached)):
                page = self._quickbooks.rate(code, end.isoformat())
                blank = 0 if page.records else blank + 1
                past = since if blank == MOST_BLANK else end.isoformat()
                self._reached = replace(self._reached, past={**self._reached.past, code: past})
                yield replace(page, position=self._reached)
                if blank == MOST_BLANK:
                    break

    def _oldest_transaction(self) -> tuple[date | None, bool]:
        """The day of it, in whatever currency: no query finds those of one. And whether that is certain: a kind that
        cannot be had says so in its own stream."""
        today, days, certain = self._today(), list[date](), True
        for entity in POSTED:
            try:
                rows = self._quickbooks.query(entity, order="TxnDate", most=1).records
            except (Unauthorized, RateLimited, ServiceDown):
                raise
            except SourceError as error:
                certain = certain and isinstance(error, Refused)
                continue
            for row in rows:
                with suppress(ValueError):
                    days.append(date.fromisoformat(text(row, "TxnDate")[:10]))
        return (max(min(days), today - timedelta(days=MOST_MONTHS * 30)) if days else None), certain

    def _currencies(self) -> list[str]:
        """Those other than the company's own."""
        page = self._quickbooks.query("CompanyCurrency", [BOTH], most=MOST_RESULTS)
        codes = {text(row, "Code") for row in page.records} - {self._company.preferences.home}
        return sorted(code for code in codes if re.fullmatch("[A-Z]{3}", code))

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), timezone.utc).date()


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _ends_of_months(first: date, last: date) -> list[date]:
    """The last days of months from one day on, and before another one."""
    found, end = list[date](), _end_of_month(first)
    while end < last:
        found.append(end)
        end = _end_of_month(end + timedelta(days=1))
    return found
