"""What has to be known of the company to read everything else: its currencies."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import models
from api import MOST_RESULTS, QuickBooks, Refused
from positions import Preferences
from times import CADENCE_SECONDS

from shared.clock import Clock, due
from shared.errors import Forbidden
from shared.pages import Failure, Page
from shared.records import adding, text, value
from shared.streams import Feed, Task


class Company:
    """The company as its preferences show it. `preferences` is what the last sync has saved of them.

    `only_for_others`: the preferences are not wanted themselves, so they are read only where others need them.
    """

    def __init__(
        self, quickbooks: QuickBooks, clock: Clock, preferences: Preferences | None, *, only_for_others: bool = False
    ) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self.preferences = preferences or Preferences()
        """As they were read last."""
        unread = only_for_others and due(self.preferences.asked, clock, CADENCE_SECONDS)
        self.parents = ("preferences",) if self.preferences.home is None or unread else ()
        """What must be read before anything that has a currency."""

    def feed(self) -> Feed:
        """The preferences, at a cadence of their own."""

        def changes(task: Task) -> Iterator[Page]:
            unknown = self.preferences.home is None and not task.position.refused
            return self._read() if unknown or due(task.position.asked, self._clock, CADENCE_SECONDS) else iter(())

        return Feed(
            table=models.PREFERENCES,
            everything=lambda task: self._read(),
            changes=changes,
            position=Preferences.restored,
        )

    def at_home(self, row: Any) -> Any:
        """The row, with the company's currency in case that it names none."""
        home = self.preferences.home
        return row if home is None else adding(row, **{models.HOME_CURRENCY: home})

    def template(self, row: Any) -> Any:
        """A recurring template without its wrapper, which says what kind of transaction it makes (quickbooks.md 8)."""
        if isinstance(row, Mapping) and row.get("Id") is None:
            wrapped = [(kind, inner) for kind, inner in row.items() if isinstance(inner, Mapping)]
            if len(wrapped) == 1:
                [(kind, inner)] = wrapped
                return self.at_home({**inner, models.TEMPLATE_OF: kind})
        return row

    def _read(self) -> Iterator[Page]:
        try:
            page = self._quickbooks.query("Preferences", most=MOST_RESULTS)
        except (Refused, Forbidden) as error:
            self.preferences = replace(self.preferences, asked=self._clock.now(), refused=True)
            yield Page(failures=[Failure(error, "Preferences")], position=self.preferences, done=True)
            return
        for row in page.records:
            several = value(row, "CurrencyPrefs.MultiCurrencyEnabled")
            self.preferences = replace(
                self.preferences,
                home=text(row, "CurrencyPrefs.HomeCurrency.value") or self.preferences.home,
                several=several if isinstance(several, bool) else self.preferences.several,
            )
        self.preferences = replace(self.preferences, asked=self._clock.now(), refused=False)
        yield replace(page, position=self.preferences, whole=True, done=True)
