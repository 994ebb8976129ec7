"""The company at work. Each method is one change; it returns False where there is nothing to change in that way.

Whoever owns an address last is voided rather than deleted: no address is ever without an owner. Nobody deletes what
was deposited, nor voids a credit or a bill that was used, nor takes back what has been sold.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random

from sandbox.quickbooks import times
from sandbox.quickbooks.books import ADDRESSES, VOIDED
from sandbox.quickbooks.chart import CURRENCIES, HOME
from sandbox.quickbooks.desk import NOTES
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.ledger import currency_of
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record
from sandbox.quickbooks.trade import Trade

VOIDABLE = ("Invoice", "SalesReceipt", "Payment", "BillPayment", "CreditMemo", "RefundReceipt", "Purchase", "Transfer")
DELETABLE = tuple(name for name, entity in ENTITIES.items() if entity.deletable)
NAMED = ("Customer", "Vendor", "Employee", "Item", "Class", "Department", "Term", "PaymentMethod", "CustomerType")
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


class Work:
    def __init__(self, trade: Trade, scale: float) -> None:
        self.trade = trade
        self.store = trade.store
        self.books = trade.books
        self.scale = scale
        self.random = trade.random

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        names = list(CHANGES)
        weights = [CHANGES[name] for name in names]
        while True:
            name = random.choices(names, weights)[0]
            if self.perform(name, random):
                return name

    def perform(self, name: str, random: Random) -> bool:
        """Make the change of this name, if there is something to change."""
        self.random = self.trade.random = self.trade.people.random = random
        if name in TRADES:
            transact: Callable[[], Record | None] = getattr(self.trade, name)
            return transact() is not None
        change: Callable[[], bool] = getattr(self, name)
        return change()

    def day(self, random: Random) -> list[tuple[float, str]]:
        """The plan of a working day: seconds after its beginning, and the name of the change then. Most of it is done
        between eight and six, some invoices are written at once during the night."""
        count = max(4, round(DAY_SHARE * self.scale))
        names, weights = list(CHANGES), list(CHANGES.values())
        plan = [((8 + 10 * random.random()) * 3_600, random.choices(names, weights)[0]) for _ in range(count)]
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

    def new_customer(self) -> bool:
        first, last = self.trade.people.name()
        mail = {"Address": f"{first}.{last}@client.example".lower()}
        name = self.trade.people.unique(f"{first} {last}")
        self.trade.people.customer(name, CompanyName=None, GivenName=first, FamilyName=last, PrimaryEmailAddr=mail)
        return True

    def new_job(self) -> bool:
        parent = self._any("Customer", lambda one: not one.fields["Job"] and one.fields["Active"])
        return parent is not None and bool(self.trade.people.job(parent))

    def new_vendor(self) -> bool:
        return bool(self.trade.people.vendor())

    def hire(self) -> bool:
        return bool(self.trade.people.employee(*self.trade.people.name()))

    def new_list_entry(self) -> bool:
        entity = self.trade.some(tuple(ADDED))
        word = self.trade.some(ADDED[entity].split("|"))
        taken = sum(word in one.fields["Name"] for one in self.store.all(entity))
        name = f"{word} {taken + 1}" if taken else word
        full: Fields = {"FullyQualifiedName": name} if entity in ("Class", "Department") else {}
        self.books.add(entity, {"Name": name, "Active": True, **full})
        return True

    def new_item(self) -> bool:
        name = f"Service {self.store.number('added')}"
        self.books.add(
            "Item",
            {
                "Name": name,
                "FullyQualifiedName": name,
                "Active": True,
                "Taxable": False,
                "UnitPrice": 80,
                "Type": "Service",
                "IncomeAccountRef": ref(self.trade.chart.account("Design Income")),
            },
        )
        return True

    def new_account(self) -> bool:
        name = f"Project account {self.store.number('added')}"
        self.books.add(
            "Account",
            {
                "Name": name,
                "FullyQualifiedName": name,
                "Active": True,
                "Classification": "Expense",
                "AccountType": "Expense",
                "AccountSubType": "OtherMiscellaneousExpense",
                "CurrencyRef": {"value": HOME, "name": CURRENCIES[HOME]},
            },
        )
        return True

    def close_account(self) -> bool:
        """Only accounts that nothing was posted to."""
        found = self._any("Account", lambda one: one.fields["Active"] and "Project" in one.fields["Name"])
        if found is None:
            return False
        self.books.edit(found, Active=False, Name=f"{found.fields['Name']} (deleted)")
        return True

    def edit_person(self) -> bool:
        person = self._any(self.trade.some(("Customer", "Vendor", "Employee")))
        if person is None:
            return False
        number = f"(312) 555-01{int(self.random.random() * 100):02d}"
        changes: Fields = {"PrimaryPhone": {"FreeFormNumber": number}, "Title": self.trade.some(("Dr.", "Ms.", "Mr."))}
        if self.trade.maybe(0.5):
            changes |= {"Mobile": {"FreeFormNumber": number}, "Suffix": "Jr."}
        if self.trade.maybe(0.3):
            changes["PrimaryPhone"] = None
        self.books.edit(person, **changes)
        return True

    def rename(self) -> bool:
        person = self._any(self.trade.some(("Customer", "Vendor")))
        if person is None:
            return False
        former = person.fields["DisplayName"].removesuffix(" (deleted)")
        name = self.trade.people.unique(f"{former.partition(' & ')[0]} & {self.trade.some(PARTNERS)}")
        full = {"FullyQualifiedName": name} if person.entity == "Customer" and not person.fields["Job"] else {}
        self.books.edit(person, DisplayName=name, **full)
        return True

    def move_house(self) -> bool:
        """Where others share the address, the new one has an id of its own."""
        person = self._any(self.trade.some(("Customer", "Vendor")), lambda one: "BillAddr" in one.fields)
        if person is None:
            return False
        old, new = person.fields["BillAddr"], self.trade.people.address()
        if self.books.options.stale_addresses or self.books.address_owners[old["Id"]] <= {person.key}:
            new = {**new, "Id": old["Id"]}
        changes = {name: new for name in ADDRESSES if person.fields.get(name, {}).get("Id") == old["Id"]}
        self.books.edit(person, **changes)
        return True

    def deactivate(self) -> bool:
        """Somebody is "deleted": inactive, and the name says so."""
        entity = self.trade.some(NAMED)
        name = "DisplayName" if entity in ("Customer", "Vendor", "Employee") else "Name"
        keep = {item.id for item in (*self.trade.chart.items.values(), *self.trade.chart.kits)}
        found = self._any(entity, lambda one: one.fields["Active"] and not (entity == "Item" and one.id in keep))
        if found is None or sum(one.fields["Active"] for one in self.store.all(entity)) <= FEWEST:
            return False
        self.books.edit(found, Active=False, **{name: f"{found.fields[name]} (deleted)"})
        return True

    def reactivate(self) -> bool:
        entity = self.trade.some(NAMED)
        name = "DisplayName" if entity in ("Customer", "Vendor", "Employee") else "Name"
        found = self._any(entity, lambda one: not one.fields["Active"])
        if found is None:
            return False
        self.books.edit(found, Active=True, **{name: found.fields[name].removesuffix(" (deleted)")})
        return True

    def merge_customers(self) -> bool:
        """One vanishes, and its transactions are the other's."""
        parents = {one.fields.get("ParentRef", {}).get("value") for one in self.store.all("Customer")}
        loser = self._any("Customer", lambda one: one.id not in parents and not one.fields["Job"])
        if loser is None or not self.trade.spare(loser):
            return False
        winner = self._any("Customer", lambda one: one.id != loser.id and self._alike(one, loser))
        if winner is None or len(self.store.kinds["Customer"]) <= FEWEST + 2:
            return False
        for record in list(self.store.all(*self.store.kinds)):
            if record.fields.get("CustomerRef", {}).get("value") == loser.id:
                self.books.edit(record, CustomerRef=ref(winner))
        self.books.delete(loser, stub=self.books.options.merge_leaves_stub)
        return True

    # Lists of the company

    def reprice(self) -> bool:
        item = self._any("Item", lambda one: one.fields["Type"] in ("Service", "NonInventory"))
        if item is None:
            return False
        price = Decimal(int(500 + self.random.random() * 20_000)) / 100
        self.books.edit(item, UnitPrice=price, Description=self.trade.some(NOTES))
        return True

    def repack(self) -> bool:
        """A bundle gets or loses a component."""
        kit = self._any("Item", lambda one: one.fields["Type"] == "Group")
        if kit is None:
            return False
        lines = kit.fields["ItemGroupDetail"]["ItemGroupLine"]
        guide = {"ItemRef": ref(self.trade.chart.item("Printed guide")), "Qty": 1 + int(self.random.random() * 5)}
        lines = lines[:-1] if len(lines) > 2 else [*lines, guide]
        self.books.edit(kit, ItemGroupDetail={"ItemGroupLine": lines})
        return True

    def change_settings(self) -> bool:
        if self.trade.maybe(0.5):
            company = self.store.kinds["CompanyInfo"]["1"]
            self.books.edit(company, LegalName=f"Lanternfish & {self.trade.some(PARTNERS)} LLC")
        else:
            preferences = self.store.kinds["Preferences"]["1"]
            accounting = {**preferences.fields["AccountingInfoPrefs"], "BookCloseDate": times.day(self.store.now)}
            self.books.edit(preferences, AccountingInfoPrefs=accounting)
        return True

    def new_tax_rate(self) -> bool:
        agency = self.trade.chart.agencies[0]
        percent = Decimal(int(self.random.random() * 80)) / 8
        self.books.add(
            "TaxRate",
            {
                "Name": f"District {self.store.number('added')}",
                "Active": True,
                "RateValue": percent,
                "AgencyRef": {"value": agency.id},
                "SpecialTaxType": "NONE",
                "DisplayType": "ReadOnly",
                "EffectiveTaxRate": [{"RateValue": percent, "EffectiveDate": times.stamp(self.store.now, 1)}],
            },
        )
        return True

    # Transactions

    def annotate(self) -> bool:
        record = self._any(self.trade.some(VOIDABLE[:-1]))
        if record is None:
            return False
        before = record.fields.get("PrivateNote", "")
        self.books.edit(record, PrivateNote=VOIDED if before.startswith(VOIDED) else self.trade.some(NOTES))
        return True

    def change_lines(self) -> bool:
        """Another number of lines on something that nobody has paid."""
        entity = self.trade.some(("Invoice", "Invoice", "Estimate", "Bill", "Purchase", "PurchaseOrder"))
        record = self._any(entity, self._unused)
        if record is None or "GroupLineDetail" in record.fields["Line"][0] or not record.fields["TotalAmt"]:
            return False
        if self._stays(record):
            return False
        if entity in ("Invoice", "Estimate"):
            customer = self.store.get("Customer", record.fields["CustomerRef"]["value"])
            if customer is None:
                return False
            foreign = currency_of(self.store, record.fields) != HOME
            made = self.trade.sale(customer, self.trade.sales_lines(foreign))
        else:
            made = self.trade.cost(self.trade.cost_lines(currency_of(self.store, record.fields) != HOME), None)
        rate = record.fields.get("ExchangeRate")
        made.pop("HomeTotalAmt", None)
        if rate is not None and "HomeTotalAmt" in record.fields:
            made["HomeTotalAmt"] = self.trade.home(made["TotalAmt"], rate)
        self.books.edit(record, **made)
        return True

    def decide_estimate(self) -> bool:
        estimate = self._any("Estimate", lambda one: one.fields["TxnStatus"] == "Pending")
        if estimate is None:
            return False
        status = self.trade.some(("Accepted", "Rejected"))
        by = {"AcceptedBy": "A. Nobody", "AcceptedDate": self.trade.today} if status == "Accepted" else {}
        self.books.edit(estimate, TxnStatus=status, **by)
        return True

    def correct_time(self) -> bool:
        hours = self._any("TimeActivity")
        if hours is None:
            return False
        self.books.edit(hours, Hours=1 + int(self.random.random() * 9), Description=self.trade.some(NOTES))
        return True

    def send(self) -> bool:
        invoice = self._any("Invoice", lambda one: one.fields.get("EmailStatus") != "EmailSent")
        if invoice is None:
            return False
        self.books.edit(
            invoice,
            EmailStatus="EmailSent",
            DeliveryInfo={"DeliveryType": "Email", "DeliveryTime": times.stamp(self.store.now, 1)},
        )
        return True

    def apply_credit(self) -> bool:
        """What somebody had paid too much settles an invoice."""
        payment = self._any("Payment", lambda one: one.fields["UnappliedAmt"] > 0)
        return payment is not None and self.trade.apply(payment)

    def void(self) -> bool:
        record = self._any(self.trade.some(VOIDABLE), lambda one: self._unused(one) or one.entity == "Invoice")
        if record is None or self._stays(record) or str(record.fields.get("PrivateNote", "")).startswith(VOIDED):
            return False
        self.books.void(record)
        return True

    def delete(self) -> bool:
        entity = self.trade.some(DELETABLE)
        record = self._any(entity, lambda one: self._unused(one) or one.entity == "Invoice")
        if record is None or len(self.store.kinds[entity]) <= FEWEST or not self.trade.spare(record):
            return False
        if self._stays(record):
            return False
        self.books.delete(record)
        self.trade.deposited = {key: into for key, into in self.trade.deposited.items() if into != record.key}
        return True

    def _any(self, entity: str, fits: Callable[[Record], bool] = lambda one: True) -> Record | None:
        found: Record | None = self.trade.some([one for one in self.store.all(entity) if fits(one)])
        return found

    def _alike(self, one: Record, other: Record) -> bool:
        """Whether two parties have the same currency."""
        return currency_of(self.store, one.fields) == currency_of(self.store, other.fields)

    def _unused(self, record: Record) -> bool:
        return not self.books.applied[record.key]

    def _stays(self, record: Record) -> bool:
        """Whether a transaction must stay: it was deposited, or what it brought into the store has been sold."""
        items, brought = self.store.kinds["Item"], self.books.stored.get(record.key, Counter())
        sold = any(items[id].fields["QtyOnHand"] < count for id, count in brought.items())
        return sold or record.key in self.trade.deposited


TRADES = {
    "invoice": 10,
    "kit_invoice": 2,
    "invoice_of_estimate": 2,
    "invoice_of_time": 2,
    "invoice_of_charge": 1,
    "payment": 10,
    "credit_memo": 2,
    "sales_receipt": 4,
    "refund_receipt": 1,
    "estimate": 3,
    "bill": 6,
    "restock": 1,
    "bill_payment": 5,
    "vendor_credit": 1,
    "purchase": 8,
    "purchase_order": 2,
    "bill_of_order": 1,
    "purchase_of_order": 0.5,
    "deposit": 4,
    "transfer": 1,
    "card_payment": 1,
    "journal_entry": 2,
    "time_activity": 8,
    "reimburse_charge": 0.5,
    "attach": 1,
    "template": 0.3,
    "exchange_rate": 0.3,
}
CHANGES = {
    **TRADES,
    "new_customer": 1,
    "new_job": 1,
    "new_vendor": 1,
    "hire": 0.3,
    "new_list_entry": 0.5,
    "new_item": 0.5,
    "new_account": 0.3,
    "close_account": 0.3,
    "edit_person": 3,
    "rename": 1,
    "move_house": 2,
    "deactivate": 1,
    "reactivate": 1,
    "merge_customers": 0.5,
    "reprice": 1,
    "repack": 0.3,
    "change_settings": 0.3,
    "new_tax_rate": 0.2,
    "annotate": 3,
    "change_lines": 6,
    "decide_estimate": 1,
    "correct_time": 2,
    "send": 3,
    "apply_credit": 1,
    "void": 2,
    "delete": 4,
}
