"""The company at work. Each method is one change; what it returns is `False` where nothing could be changed.

Whoever owns an address last is voided rather than deleted: no address is ever without an owner. Nobody deletes what
was deposited, nor voids a credit or a bill that was used, nor takes back what has been sold.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random

from sandbox.changes import given, pick, weights
from sandbox.quickbooks import times
from sandbox.quickbooks.books import ADDRESSES, VOIDED, money
from sandbox.quickbooks.chart import CURRENCIES, HOME
from sandbox.quickbooks.desk import NOTES
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.ledger import currency_of
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.people import phone
from sandbox.quickbooks.store import Fields, Record
from sandbox.quickbooks.trade import Trade

VOIDABLE = "Invoice SalesReceipt Payment BillPayment CreditMemo RefundReceipt Purchase Transfer".split()
DELETABLE = [name for name, entity in ENTITIES.items() if entity.deletable]
NAMED = "Customer Vendor Employee Item Class Department Term PaymentMethod CustomerType".split()
ADDED = {
    "Class": "Events|Research|Retail",
    "Department": "East|Harbor|Online",
    "PaymentMethod": "Wire|Mastercard|Direct debit",
    "CustomerType": "Partner|Public sector",
    "Term": "Net 10|Net 45",
}
"""What lists get, by entity."""
PARTNERS = ("Sons", "Daughters", "Partners", "Company", "Friends")
FEWEST = 2
DAY_SHARE = 40
"""Changes of a working day at scale 1."""
Fits = Callable[["Work", Record], bool]


def on(*entities: str, fits: Fits = lambda work, one: True) -> Callable[[Callable[..., object]], Callable[..., bool]]:
    """Gives a change something of these entities, which it fits."""

    def find(work: "Work") -> Record | None:
        entity = work.trade.some(entities) if len(entities) > 1 else entities[0]
        return work.any(entity, lambda one: fits(work, one))

    return given(find)


def name_of(record: Record) -> str:
    """What its name is called."""
    return "DisplayName" if "DisplayName" in record.fields else "Name"


def is_active(work: "Work", record: Record) -> bool:
    return bool(record.fields["Active"])


def goes(work: "Work", record: Record) -> bool:
    """Whether it may vanish: nothing pays it, or it is an invoice, whose payments are then unapplied."""
    return work.unused(record) or record.entity == "Invoice"


class Work:
    def __init__(self, trade: Trade, scale: float) -> None:
        self.trade = trade
        self.store = trade.store
        self.books = trade.books
        self.scale = scale
        self.random = trade.random

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        return pick(random, CHANGES, lambda name: self.perform(name, random))

    def perform(self, name: str, random: Random) -> bool:
        """Make the change of this name, if there is something to change."""
        self.random = self.trade.random = self.trade.people.random = random
        change: Callable[[], object] = getattr(self.trade if name in TRADES else self, name)
        return change() not in (None, False)

    def day(self, random: Random) -> list[tuple[float, str]]:
        """The plan of a working day: seconds after its beginning, and the name of the change then. Most of it is done
        between eight and six, some invoices are written at once during the night."""
        count = max(4, round(DAY_SHARE * self.scale))
        names, shares = list(CHANGES), list(CHANGES.values())
        plan = [((8 + 10 * random.random()) * 3_600, random.choices(names, shares)[0]) for _ in range(count)]
        return sorted(plan + [(7_200.0, "invoice")] * (count // 10))

    def edit_at_once(self, entity: str, count: int, random: Random) -> list[str]:
        """`count` neighbours change in the same second, as by a batch. Returns their ids."""
        found = list(self.store.kinds[entity].values())
        count = min(count, len(found))
        first = int(random.random() * (len(found) - count + 1))
        field = "PrivateNote" if "TxnDate" in found[0].fields else "Notes"
        for record in found[first : first + count]:
            self.store.edit(record, {field: f"Batch {int(random.random() * 1_000)}"})
        return [record.id for record in found[first : first + count]]

    # People and names

    def new_customer(self) -> Record:
        return self.trade.people.private(mailed=True)

    @on("Customer", fits=lambda work, one: not one.fields["Job"] and one.fields["Active"])
    def new_job(self, parent: Record) -> None:
        self.trade.people.job(parent)

    def new_vendor(self) -> Record:
        return self.trade.people.vendor()

    def hire(self) -> Record:
        return self.trade.people.employee(*self.trade.people.name())

    def new_list_entry(self) -> Record:
        entity = self.trade.some(tuple(ADDED))
        word = self.trade.some(ADDED[entity].split("|"))
        taken = sum(word in one.fields["Name"] for one in self.store.all(entity))
        name = f"{word} {taken + 1}" if taken else word
        full: Fields = {"FullyQualifiedName": name} if entity in ("Class", "Department") else {}
        return self.trade.chart.listed(entity, name, **full)

    def new_item(self) -> Record:
        name, income = f"Service {self.store.number('added')}", ref(self.trade.chart.account("Design Income"))
        money: Fields = {"UnitPrice": 80, "IncomeAccountRef": income}
        return self.trade.chart.listed("Item", name, FullyQualifiedName=name, Taxable=False, Type="Service", **money)

    def new_account(self) -> Record:
        """An expense account."""
        name = f"Project account {self.store.number('added')}"
        kind = {"Classification": "Expense", "AccountType": "Expense", "AccountSubType": "OtherMiscellaneousExpense"}
        currency = {"value": HOME, "name": CURRENCIES[HOME]}
        return self.trade.chart.listed("Account", name, FullyQualifiedName=name, CurrencyRef=currency, **kind)

    @on("Account", fits=lambda work, one: one.fields["Active"] and "Project" in one.fields["Name"])
    def close_account(self, account: Record) -> None:
        """Only accounts that nothing was posted to."""
        self.books.edit(account, Active=False, Name=f"{account.fields['Name']} (deleted)")

    @on("Customer", "Vendor", "Employee")
    def edit_person(self, person: Record) -> None:
        number = phone(100 + self.trade.whole(100))
        changes: Fields = {"PrimaryPhone": number, "Title": self.trade.some(("Dr.", "Ms.", "Mr."))}
        if self.trade.maybe(0.5):
            changes |= {"Mobile": number, "Suffix": "Jr."}
        if self.trade.maybe(0.3):
            changes["PrimaryPhone"] = None
        self.books.edit(person, **changes)

    @on("Customer", "Vendor")
    def rename(self, person: Record) -> None:
        former = person.fields["DisplayName"].removesuffix(" (deleted)")
        name = self.trade.people.unique(f"{former.partition(' & ')[0]} & {self.trade.some(PARTNERS)}")
        full = {"FullyQualifiedName": name} if person.entity == "Customer" and not person.fields["Job"] else {}
        self.books.edit(person, DisplayName=name, **full)

    @on("Customer", "Vendor", fits=lambda work, one: "BillAddr" in one.fields)
    def move_house(self, person: Record) -> None:
        """Where others share the address, the new one has an id of its own."""
        old, new = person.fields["BillAddr"], self.trade.people.address()
        if self.books.options.stale_addresses or self.books.address_owners[old["Id"]] <= {person.key}:
            new = {**new, "Id": old["Id"]}
        self.books.edit(
            person, **{name: new for name in ADDRESSES if person.fields.get(name, {}).get("Id") == old["Id"]}
        )

    @on(*NAMED, fits=lambda work, one: is_active(work, one) and not work.trade.chart.needs(one))
    def deactivate(self, one: Record) -> bool:
        """Somebody is "deleted": inactive, and the name says so."""
        if sum(is_active(self, each) for each in self.store.all(one.entity)) <= FEWEST:
            return False
        name = name_of(one)
        self.books.edit(one, Active=False, **{name: f"{one.fields[name]} (deleted)"})
        return True

    @on(*NAMED, fits=lambda work, one: not is_active(work, one))
    def reactivate(self, one: Record) -> None:
        name = name_of(one)
        self.books.edit(one, Active=True, **{name: one.fields[name].removesuffix(" (deleted)")})

    @on("Customer", fits=lambda work, one: not one.fields["Job"] and not work.books.jobs[one.id])
    def merge_customers(self, loser: Record) -> bool:
        """One vanishes, and its transactions are the other's."""
        if not self.trade.spare(loser):
            return False
        winner = self.any("Customer", lambda one: one.id != loser.id and self._alike(one, loser))
        if winner is None or len(self.store.kinds["Customer"]) <= FEWEST + 2:
            return False
        for record in list(self.store.all(*self.store.kinds)):
            if record.fields.get("CustomerRef", {}).get("value") == loser.id:
                self.books.edit(record, CustomerRef=ref(winner))
        self.books.delete(loser, stub=self.books.options.merge_leaves_stub)
        return True

    # Lists of the company

    @on("Item", fits=lambda work, one: one.fields["Type"] in ("Service", "NonInventory"))
    def reprice(self, item: Record) -> None:
        price = Decimal(int(500 + self.random.random() * 20_000)) / 100
        self.books.edit(item, UnitPrice=price, Description=self.trade.some(NOTES))

    @on("Item", fits=lambda work, one: one.fields["Type"] == "Group")
    def repack(self, kit: Record) -> None:
        """A bundle gets or loses a component."""
        lines = kit.fields["ItemGroupDetail"]["ItemGroupLine"]
        guide = {"ItemRef": ref(self.trade.chart.item("Printed guide")), "Qty": 1 + int(self.random.random() * 5)}
        lines = lines[:-1] if len(lines) > 2 else [*lines, guide]
        self.books.edit(kit, ItemGroupDetail={"ItemGroupLine": lines})

    def change_settings(self) -> Record:
        if self.trade.maybe(0.5):
            company = self.store.kinds["CompanyInfo"]["1"]
            return self.books.edit(company, LegalName=f"Lanternfish & {self.trade.some(PARTNERS)} LLC")
        preferences = self.store.kinds["Preferences"]["1"]
        accounting = {**preferences.fields["AccountingInfoPrefs"], "BookCloseDate": times.day(self.store.now)}
        return self.books.edit(preferences, AccountingInfoPrefs=accounting)

    def new_tax_rate(self) -> Record:
        percent, chart = Decimal(int(self.random.random() * 80)) / 8, self.trade.chart
        name = f"District {self.store.number('added')}"
        return chart.rate(name, percent, chart.agencies[0], times.stamp(self.store.now, 1))

    # Transactions

    @on(*VOIDABLE[:-1])
    def annotate(self, record: Record) -> None:
        before = record.fields.get("PrivateNote", "")
        self.books.edit(record, PrivateNote=VOIDED if before.startswith(VOIDED) else self.trade.some(NOTES))

    @on("Invoice", "Invoice", "Estimate", "Bill", "Purchase", "PurchaseOrder", fits=lambda work, one: work.unused(one))
    def change_lines(self, record: Record) -> bool:
        """Another number of lines on something that nobody has paid."""
        if "GroupLineDetail" in record.fields["Line"][0] or not record.fields["TotalAmt"] or self._stays(record):
            return False
        foreign = currency_of(self.store, record.fields) != HOME
        if record.entity in ("Invoice", "Estimate"):
            customer = self.store.get("Customer", record.fields["CustomerRef"]["value"])
            if customer is None:
                return False
            made = self.trade.sale(customer, self.trade.sales_lines(foreign))
        else:
            made = self.trade.cost(self.trade.cost_lines(foreign), None)
        rate = record.fields.get("ExchangeRate")
        made.pop("HomeTotalAmt", None)
        if rate is not None and "HomeTotalAmt" in record.fields:
            made["HomeTotalAmt"] = money(made["TotalAmt"] * rate)
        self.books.edit(record, **made)
        return True

    @on("Estimate", fits=lambda work, one: one.fields["TxnStatus"] == "Pending")
    def decide_estimate(self, estimate: Record) -> None:
        self.books.edit(estimate, **self.trade.decision(self.trade.some(("Accepted", "Rejected"))))

    @on("TimeActivity")
    def correct_time(self, hours: Record) -> None:
        self.books.edit(hours, Hours=1 + int(self.random.random() * 9), Description=self.trade.some(NOTES))

    @on("Invoice", fits=lambda work, one: one.fields.get("EmailStatus") != "EmailSent")
    def send(self, invoice: Record) -> None:
        delivered = {"DeliveryType": "Email", "DeliveryTime": times.stamp(self.store.now, 1)}
        self.books.edit(invoice, EmailStatus="EmailSent", DeliveryInfo=delivered)

    @on("Payment", fits=lambda work, one: one.fields["UnappliedAmt"] > 0)
    def apply_credit(self, payment: Record) -> bool:
        """What somebody had paid too much settles an invoice."""
        return self.trade.apply(payment)

    @on(*VOIDABLE, fits=goes)
    def void(self, record: Record) -> bool:
        if self._stays(record) or str(record.fields.get("PrivateNote", "")).startswith(VOIDED):
            return False
        self.books.void(record)
        return True

    @on(*DELETABLE, fits=goes)
    def delete(self, record: Record) -> bool:
        if len(self.store.kinds[record.entity]) <= FEWEST or not self.trade.spare(record) or self._stays(record):
            return False
        self.books.delete(record)
        self.trade.deposited = {key: into for key, into in self.trade.deposited.items() if into != record.key}
        return True

    def any(self, entity: str, fits: Callable[[Record], bool]) -> Record | None:
        found: Record | None = self.trade.some([one for one in self.store.all(entity) if fits(one)])
        return found

    def unused(self, record: Record) -> bool:
        return not self.books.applied[record.key]

    def _alike(self, one: Record, other: Record) -> bool:
        """Whether two parties have the same currency."""
        return currency_of(self.store, one.fields) == currency_of(self.store, other.fields)

    def _stays(self, record: Record) -> bool:
        """Whether a transaction must stay: it was deposited, or what it brought into the store has been sold."""
        items, brought = self.store.kinds["Item"], self.books.stored.get(record.key, Counter())
        sold = any(items[id].fields["QtyOnHand"] < count for id, count in brought.items())
        return sold or record.key in self.trade.deposited


TRADES = weights("""
    invoice:10 kit_invoice:2 invoice_of_estimate:2 invoice_of_time:2 invoice_of_charge:1 payment:10 credit_memo:2
    sales_receipt:4 refund_receipt:1 estimate:3 bill:6 restock:1 bill_payment:5 vendor_credit:1 purchase:8
    purchase_order:2 bill_of_order:1 purchase_of_order:0.5 deposit:4 transfer:1 card_payment:1 journal_entry:2
    time_activity:8 reimburse_charge:0.5 attach:1 template:0.3 exchange_rate:0.3
""")
"""The changes that are transactions."""
CHANGES = TRADES | weights("""
    new_customer:1 new_job:1 new_vendor:1 hire:0.3 new_list_entry:0.5 new_item:0.5 new_account:0.3
    close_account:0.3 edit_person:3 rename:1 move_house:2 deactivate:1 reactivate:1 merge_customers:0.5 reprice:1
    repack:0.3 change_settings:0.3 new_tax_rate:0.2 annotate:3 change_lines:6 decide_estimate:1 correct_time:2
    send:3 apply_credit:1 void:2 delete:4
""")
