"""What is walked by its ids: its addresses, and by which parameters it can be asked (virtuous.md 3.1, 4 and 5).

Virtuous lists the parameters of a resource, and ignores one that it does not know: it answers everything then.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import models
from api import Condition, Conditions, Virtuous

from shared.errors import Rejected
from shared.pages import Page
from shared.records import elements, text
from shared.tables import Table
from shared.walked import Parameters, Question, number_of
from shared.walks import TOO_MUCH, Gap

CHANGED = ("Last Modified DateTime UTC", "Last Modified Date")
"""What the parameter of change times may be called. It counts in whole days."""
SINCE, ABOVE, UP_TO = "OnOrAfter", "GreaterThan", "LessThanOrEqual"
LONG_AGO, YEAR = date(1900, 1, 1), timedelta(days=366)


@dataclass(frozen=True)
class Resource:
    """One of them."""

    table: Table
    path: str
    full: str = ""
    """The query that answers whole records, where `Query` answers brief ones."""
    called: str = ""
    """What its ids may be called too among its parameters, where not as the table."""

    @property
    def query(self) -> str:
        """The query that shows which records there are."""
        return f"{self.path}/Query"

    @property
    def ids(self) -> tuple[str, ...]:
        """What the parameter of its ids may be called."""
        return tuple(f"{name} Id" for name in (self.table.name.replace("_", " ").title(), self.called) if name)


RESOURCES = (
    Resource(models.CONTACT, "Contact", full="Contact/Query/FullContact"),
    Resource(models.GIFT, "Gift", full="Gift/Query/FullGift"),
    Resource(models.RECURRING_GIFT, "RecurringGift"),
    Resource(models.PLEDGE, "v2/Pledge"),
    Resource(models.PLANNED_GIFT, "PlannedGift"),
    Resource(models.GIFT_ASK, "GiftAsk"),
    Resource(models.GRANT, "Grant"),
    Resource(models.PROJECT, "Project"),
    Resource(models.EVENT, "Event"),
    Resource(models.EVENT_ATTENDEE, "EventAttendee", called="Attendee"),
    Resource(models.CONTACT_NOTE, "ContactNote", called="Note"),
    Resource(models.TASK, "Task"),
    Resource(models.PREMIUM, "Premium"),
)
"""In the order in which they are read."""


@dataclass(frozen=True)
class Queries:
    """How one of them is asked (`shared.walked.Walkable`)."""

    virtuous: Virtuous
    resource: Resource

    def parameters(self, today: date) -> tuple[Parameters, int]:
        """What `QueryOptions` offers. The parameter of change times is believed if it finds nothing in a year to come,
        and something since long ago. Raises `Rejected` where there is no parameter of ids."""
        options = self.virtuous.options(self.resource.path)
        by_id, changed = _offered(options, self.resource.ids, ABOVE), _offered(options, CHANGED, SINCE)
        if not by_id:
            wanted = " or ".join(self.resource.ids)
            raise Rejected(f"Virtuous offers no parameter {wanted} for {self.resource.path}: it is not read")
        if changed and self._query([_since(changed, today + YEAR)], 1).records:
            changed = ""
        newest = self._newest([_since(changed, LONG_AGO)] if changed else [])
        return Parameters(by_id, changed if newest.records else ""), _highest(newest)

    def page(self, question: Question, above: int, size: int) -> Page:
        """The first so many records above an id."""
        path = self.resource.query if question.brief else self.resource.full or self.resource.query
        return self.virtuous.query(path, _conditions(question, above), size, sized=True)

    def behind(self, question: Question, above: int) -> Gap | None:
        """The brief query names a record that cannot be read whole; where there is none, or it cannot be read there
        either, the one behind it is asked for."""
        conditions = _conditions(question, above)
        if self.resource.full:
            with suppress(*TOO_MUCH):
                id = _highest(self._query(conditions, 1, sized=True))
                return Gap(id, id) if id else None
        id = _highest(self._query(conditions, 1, skip=1))
        return Gap(id - 1) if id else None

    def _newest(self, conditions: Conditions) -> Page:
        """The newest record; the oldest one where that cannot be read."""
        with suppress(*TOO_MUCH):
            return self._query(conditions, 1, newest=True, sized=True)
        return self._query(conditions, 1)

    def _query(self, conditions: Conditions, take: int, **how: Any) -> Page:
        return self.virtuous.query(self.resource.query, conditions, take, **how)


def _offered(options: Sequence[Any], names: Sequence[str], operator: str) -> str:
    can = {text(each, "parameter"): elements(each, "operatorOptions") for each in options}
    return next((name for name in names if operator in [text(each, "operator") for each in can.get(name, [])]), "")


def _since(parameter: str, day: date) -> Condition:
    return Condition(parameter, SINCE, day.isoformat())


def _conditions(question: Question, above: int) -> list[Condition]:
    by, up_to = question.by, question.span.up_to
    found = [Condition(by.id, ABOVE, str(above))]
    if up_to is not None:
        found.append(Condition(by.id, UP_TO, str(up_to)))
    return found if question.since is None else [*found, _since(by.changed, question.since)]


def _highest(page: Page) -> int:
    """The highest id on a page."""
    return max((number_of(each) or 0 for each in page.records), default=0)
