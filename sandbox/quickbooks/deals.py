"""How the books tell of the deals that clients made: an estimate when one is won, then its invoices, month by month."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from sandbox.company import Company
from sandbox.quickbooks import lines as made
from sandbox.quickbooks.store import Fields, Record
from sandbox.quickbooks.times import DAY
from sandbox.quickbooks.trade import Trade

MONTH = 30 * DAY


def steps(trade: Trade, company: Company, now: int) -> Iterator[tuple[int, Callable[[], object]]]:
    """What is written about every deal that was won, each with its moment."""
    for firm, number in trade.people.firms.items():
        deal = company.clients[number].deal
        won = now - (deal.decided or 0)
        story = _Story(trade, trade.store.kinds["Customer"][firm[1]], deal.title)
        yield won, partial(story.order, deal.amount)
        for place, part in enumerate(deal.parts):
            yield won + DAY + place * MONTH, partial(story.bill, part)


class _Story:
    """Of one deal."""

    def __init__(self, trade: Trade, customer: Record, title: str) -> None:
        self.trade = trade
        self.customer = customer
        self.title = title
        self.estimate: Record | None = None

    def order(self, amount: Decimal) -> None:
        self.estimate = self.trade.books.add("Estimate", {**self._form("E-", amount), **self.trade.decision("Closed")})

    def bill(self, part: Decimal) -> None:
        invoice = self.trade.books.add("Invoice", {**self._form("", part), "DueDate": self.trade.today})
        assert self.estimate is not None
        self.trade.books.link(self.estimate, invoice)

    def _form(self, prefix: str, amount: Decimal) -> Fields:
        """Head and one line, without tax."""
        line = made.sale(self.trade.chart.item("Design hours"), 1, amount, taxed=False, description=self.title)
        head = {**self.trade.form(self.customer, prefix), "CustomerMemo": {"value": self.title}}
        return {**head, **self.trade.sale(self.customer, [line])}
