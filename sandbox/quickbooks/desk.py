"""Where a company's papers are written: who and what may be written about, and the parts that papers share.

Each method that makes a transaction, here and in the classes below, makes it as of now and returns it, or None where
nothing fits.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from random import Random
from typing import Any

from sandbox import draw
from sandbox.quickbooks import lines as made
from sandbox.quickbooks import times
from sandbox.quickbooks.books import ADDRESSES, Books, money
from sandbox.quickbooks.chart import CURRENCIES, FOREIGN, HOME, Chart
from sandbox.quickbooks.ledger import ZERO, currency_of
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.people import People
from sandbox.quickbooks.store import Fields, Key, Record

NOTES = ("As agreed by telephone.", "Second part.", "Approved by the board.", "See the attached offer.")
REMARKS = ("Thank you for your order.", "Hours as in the attached sheet.", "Delivered in two parts.")
DRAWS = 8
"""So often one is drawn before everybody who fits is listed."""
RATE_DAYS = 30
RATE_DIGITS = 6
DRAWN: dict[str, draw.Draw] = {
    "today": lambda desk, _: desk.today,
    "in_a_month": lambda desk, _: (date.fromisoformat(desk.today) + timedelta(days=30)).isoformat(),
    "note": lambda desk, _: desk.some(NOTES),
    "remark": lambda desk, _: desk.some(REMARKS),
    "class": lambda desk, _: ref(desk.some(desk.chart.classes)),
    "department": lambda desk, _: ref(desk.some(desk.chart.departments)),
    "method": lambda desk, _: ref(desk.some(desk.chart.methods)),
    "terms": lambda desk, _: ref(desk.some(desk.chart.terms)),
    "custom": lambda desk, _: desk.custom_fields(),
    "number": lambda desk, _: desk.number(""),
    "bill": lambda desk, _: desk.number("B"),
    "bill_payment": lambda desk, _: desk.number("P"),
    "vendor_credit": lambda desk, _: desk.number("VC"),
    "journal": lambda desk, _: desk.number("J"),
    "tracking": lambda desk, _: f"TR{desk.store.now}",
}
"""What fields are drawn with (`sandbox.draw`)."""
Write = Callable[..., Record | None]


def about(find: Callable[["Desk"], Record | None]) -> Callable[[Write], Write]:
    """Makes a method that writes about somebody out of one that is given who. Without one `find` is asked; where it
    finds nobody nothing is written."""

    def change(write: Write) -> Write:
        @wraps(write)
        def written(desk: "Desk", party: Record | None = None, *rest: Any) -> Record | None:
            party = party or find(desk)
            return None if party is None else write(desk, party, *rest)

        return written

    return change


class Desk:
    """`random` decides everything; whoever works sets it."""

    def __init__(self, books: Books, chart: Chart, people: People, random: Random) -> None:
        self.books = books
        self.store = books.store
        self.chart = chart
        self.people = people
        self.random = random
        self.deposited: dict[Key, Key] = {}
        """By what was received into Undeposited Funds: its deposit."""

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def some(self, found: Sequence[Any]) -> Any:
        """One of them, or None."""
        return found[int(self.random.random() * len(found))] if found else None

    def whole(self, below: int) -> int:
        """A number from 0."""
        return int(self.random.random() * below)

    def amount(self, lowest: int, more: int) -> Decimal:
        """From the lowest one up to so much more, to the cent."""
        return Decimal(int(100 * lowest + self.random.random() * (100 * more))) / 100

    def drawn(self, declared: str) -> Fields:
        """Fields as `sandbox.draw` reads them, of what `DRAWN` knows."""
        return draw.drawn(declared, DRAWN, self, self.random)

    def any(self, entity: str) -> Record | None:
        """Any record of an entity."""
        return self.some(list(self.store.kinds[entity].values()))

    def customer(self, foreign: bool | None = None) -> Record | None:
        """An active customer or job; most of the time a firm that buys often, or a job of one."""
        return self._party("Customer", foreign, regular=self.maybe(0.7))

    def vendor(self, foreign: bool | None = None) -> Record | None:
        return self._party("Vendor", foreign)

    def abroad(self, record: Record) -> bool:
        """Whether a customer, a vendor or a transaction has the foreign currency."""
        return currency_of(self.store, record.fields) != HOME

    def rate(self, currency: str) -> Decimal | None:
        """What one unit costs in the home currency today; None for the home currency."""
        if currency == HOME:
            return None
        rates = [one for one in self.store.all("ExchangeRate") if one.fields["SourceCurrencyCode"] == currency]
        return max(rates, key=lambda one: str(one.fields["AsOfDate"])).fields["Rate"] if rates else Decimal("1.1")

    def exchange_rate(self) -> Record:
        """Today's rate of the foreign currency, by the calendar of Greenwich; the home currency's own is 1."""
        known = self.rate(FOREIGN) or Decimal("1.1")
        digits = Decimal(1).scaleb(-RATE_DIGITS)
        rate = (known * Decimal(1 + (self.random.random() - 0.5) * 0.01)).quantize(digits)
        today = times.utc_day(self.store.now)
        for record in self.store.all("ExchangeRate"):
            if record.fields["AsOfDate"] == today:
                return self.books.edit(record, Rate=rate)
        return self.books.add(
            "ExchangeRate", {"SourceCurrencyCode": FOREIGN, "TargetCurrencyCode": HOME, "Rate": rate, "AsOfDate": today}
        )

    def keep_rates(self) -> None:
        """See to it that every day has a rate, from the last one known until today, at most a month back."""
        newest = max(str(one.fields["AsOfDate"]) for one in self.store.all("ExchangeRate"))
        if newest >= times.utc_day(self.store.now):
            return
        random = self.random
        for day in range(RATE_DAYS, -1, -1):
            self.store.at = int(self.store.now) - day * times.DAY
            if times.utc_day(self.store.at) > newest:
                self.random = Random(f"rate {times.utc_day(self.store.at)}")
                self.exchange_rate()
            self.store.at = None
        self.random = random

    @property
    def today(self) -> str:
        return times.day(self.store.now)

    def spare(self, record: Record) -> bool:
        """Whether a record may vanish without an address that nobody else has."""
        named = [record.fields[name]["Id"] for name in ADDRESSES if name in record.fields]
        return all(self.books.address_owners[id] - {record.key} for id in named)

    def _tax(self, lines: list[Fields], rates: list[Record]) -> tuple[list[Fields], Fields]:
        """Lines as they are sent, and the tax on them, which their amounts may include."""
        way, gross = self.random.random(), made.taxable(lines)
        inclusive = bool(gross) and way < 0.2
        sent = [made.without_tax(line, rates) for line in lines] if inclusive else lines
        tax = made.taxes(made.taxable(sent), rates, self.chart.codes[0], gross if inclusive else None)
        kind = made.INCLUSIVE if inclusive else made.EXCLUDED if way > 0.85 else None
        return sent, {"TxnTaxDetail": tax, "GlobalTaxCalculation": kind}

    def settling(self, first: Record, credits: str, most: int, partly: float = 0) -> tuple[list[Fields], Decimal]:
        """Lines that settle an open invoice or bill and up to `most` more of the same customer or vendor, now and then
        one in part; a credit may help. And what is left to pay."""
        who = (first.fields.get("CustomerRef") or first.fields["VendorRef"])["value"]
        others = [one for one in self.still_open(self._of(who, first.entity)) if one.id != first.id]
        settled = [(one, Decimal(one.fields["Balance"])) for one in [first, *others[: self.whole(most + 1)]]]
        if partly and self.maybe(partly):
            settled[-1] = (settled[-1][0], Decimal(money(settled[-1][1] / 3)))
        owed = sum((amount for _, amount in settled), ZERO)
        rows = [self._settles(one, amount) for one, amount in settled if amount]
        # The models of quickbooks.md 9 know no credit in a foreign payment.
        credit = None if self.abroad(first) else self.some(self.still_open(self._of(who, credits)))
        if credit is None or credit.fields["Balance"] > owed:
            return rows, owed
        used = Decimal(credit.fields["Balance"])
        return [*rows, self._settles(credit, used)], owed - used

    def still_open(self, found: Iterable[Record]) -> list[Record]:
        return [one for one in found if one.fields["Balance"]]

    def _settles(self, one: Record, amount: Decimal) -> Fields:
        line: Fields = {"Amount": money(amount), "LinkedTxn": [{"TxnId": one.id, "TxnType": one.entity}]}
        if one.entity in ("Invoice", "CreditMemo"):
            value = {"Name": "txnReferenceNumber", "Value": one.fields.get("DocNumber", "")}
            line["LineEx"] = {"any": [{"name": "{http://schema.intuit.com/finance/v3}NameValue", "value": value}]}
        return line

    def _of(self, party: str, entity: str) -> list[Record]:
        kind = "Vendor" if entity in ("Bill", "VendorCredit") else "Customer"
        return [self.store.kinds[entity][id] for each, id in self.books.dealings_of[kind, party] if each == entity]

    def _party(self, entity: str, foreign: bool | None, regular: bool = False) -> Record | None:
        def fits(one: Record) -> bool:
            return one.fields["Active"] and foreign in (None, self.abroad(one))

        records = self.people.regulars() if regular else list(self.store.kinds[entity].values())
        for _ in range(DRAWS):
            chosen: Record | None = self.some(records)
            if chosen is not None and fits(chosen):
                return chosen
        found: Record | None = self.some([one for one in self.store.all(entity) if fits(one)])
        return found

    def _currency(self, code: str) -> Fields:
        found: Fields = {"CurrencyRef": {"value": code, "name": CURRENCIES[code]}}
        rate = self.rate(code)
        return found if rate is None else {**found, "ExchangeRate": rate}

    def _total(self, total: Decimal | int, party: Record | None) -> Fields:
        return self._in_home(total, currency_of(self.store, party.fields) if party is not None else HOME)

    def _in_home(self, total: Decimal | int, currency: str) -> Fields:
        """The total, and what it is in the home currency if that is another one."""
        rate = self.rate(currency)
        return {"TotalAmt": total} if rate is None else {"TotalAmt": total, "HomeTotalAmt": money(total * rate)}

    def number(self, prefix: str) -> str:
        return f"{prefix}{1000 + self.store.number(f'number {prefix}')}"

    def custom_fields(self) -> list[Fields] | None:
        """At most three; one without a value comes without StringValue."""
        way = self.random.random()
        if way < 0.3:
            return [] if way < 0.1 else None
        order: Fields = {"DefinitionId": "1", "Name": "P.O. Number", "Type": "StringType"}
        person: Fields = {"DefinitionId": "2", "Name": "Sales Rep", "Type": "StringType"}
        if way < 0.8:
            order["StringValue"] = f"PO-{int(way * 10_000)}"
        if way > 0.6:
            person["StringValue"] = self.some(("Ada", "Bram", "Cleo"))
        return [order, person]

    def _card(self, method: Record, amount: Any) -> Fields:
        if method.fields["Type"] != "CREDIT_CARD":
            return {}
        charge = {"PostalCode": "94000", "Amount": amount, "ProcessPayment": False}
        charge |= self.drawn("""
            Type!Visa Number!xxxxxxxxxxxx0123 NameOnAcct!A._Nobody CcExpiryMonth!4 CcExpiryYear!2029
            BillAddrStreet!1_Mill_Row
        """)
        now = self.store.now
        response = {"CCTransId": f"CT{now}", "TxnAuthorizationTime": times.stamp(now, 1)}
        response |= self.drawn("Status!Completed AuthCode!A10023")
        return {"CreditCardPayment": {"CreditChargeInfo": charge, "CreditChargeResponse": response}}
