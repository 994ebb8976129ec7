"""What is bought: bills, purchases, orders, and what vendors are paid."""

from datetime import date, timedelta
from decimal import Decimal

from sandbox.quickbooks import lines as made
from sandbox.quickbooks.books import money
from sandbox.quickbooks.chart import CARDS, FOREIGN, HOME, SPENDING
from sandbox.quickbooks.desk import NOTES, Desk
from sandbox.quickbooks.ledger import ZERO, currency_of, payable
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record

CASH = 400
"""Bills of less than that are paid in cash now and then, from what was received."""


class Costs(Desk):
    """Everything between the company and its vendors."""

    def cost_lines(self, foreign: bool = False) -> list[Fields]:
        found = []
        for number in range(1 + int(self.random.random() * 3)):
            customer = self.customer(False) if self.maybe(0.2) else None
            detail: Fields = {
                "CustomerRef": ref(customer) if customer else None,
                "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.3) else None,
                "BillableStatus": "Billable" if customer and self.maybe(0.5) else None,
            }
            if not foreign and self.maybe(0.3):
                item = self.chart.item(self.some(("Freelance day", "Paper stock")))
                quantity = 1 + int(self.random.random() * 9)
                found.append(made.expense(item, 0, None, quantity, TaxCodeRef={"value": made.UNTAXED}, **detail))
            else:
                account = self.chart.account(self.some(SPENDING))
                amount = Decimal(int(20_00 + self.random.random() * 900_00)) / 100
                taxed = made.TAXED if not foreign and self.maybe(0.3) else made.UNTAXED
                text = f"{account.fields['Name']} {number + 1}"
                found.append(made.expense(account, amount, text, TaxCodeRef={"value": taxed}, **detail))
        return made.numbered(found)

    def cost(self, lines: list[Fields], party: Record | None) -> Fields:
        """The part of a bill or purchase that its lines make. What is taxed bears the state's tax only."""
        sent, tax = self._tax(lines, self.chart.rates[:1])
        if not made.taxable(sent):
            tax["TxnTaxDetail"] = None
        return {"Line": sent, **tax, **self._total(made.total(sent, tax["TxnTaxDetail"]), party)}

    def restock(self) -> Record | None:
        """What is kept in store is bought, most of what there is least of."""
        vendor = self.vendor(foreign=False)
        items = sorted((self.chart.item(name) for name in self.chart.stocked), key=lambda one: one.fields["QtyOnHand"])
        lines = [
            made.expense(item, 0, f"{item.fields['Name']}, for the store", count + int(self.random.random() * 9))
            for item, count in zip(items, (12, 8, 4), strict=True)
        ]
        return self.bill(vendor, made.numbered(lines)) if vendor is not None else None

    def bill(self, vendor: Record | None = None, lines: list[Fields] | None = None) -> Record | None:
        vendor = vendor or self.vendor()
        if vendor is None:
            return None
        currency = currency_of(self.store, vendor.fields)
        due = date.fromisoformat(self.today) + timedelta(days=30)
        return self.books.add(
            "Bill",
            {
                "DocNumber": self._number("B") if self.maybe(0.7) else None,
                "TxnDate": self.today,
                "DueDate": due.isoformat(),
                "VendorRef": ref(vendor),
                **self._currency(currency),
                "APAccountRef": {"value": payable(self.store, currency)},
                "VendorAddr": vendor.fields.get("BillAddr"),
                "SalesTermRef": vendor.fields.get("TermRef"),
                "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
                "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.3) else None,
                **self.cost(lines or self.cost_lines(currency != HOME), vendor),
                "HomeTotalAmt": None,
            },
        )

    def bill_payment(self) -> Record | None:
        """One vendor gets up to two bills paid; a vendor credit may be used up with them."""
        bill = self.some([one for one in self.store.all("Bill") if one.fields["Balance"]])
        if bill is None:
            return None
        who, currency = bill.fields["VendorRef"]["value"], currency_of(self.store, bill.fields)
        others = [one for one in self._of(who, "Bill") if one.fields["Balance"] and one.id != bill.id]
        settled = [(one, Decimal(one.fields["Balance"])) for one in [bill, *others[: int(self.random.random() * 2)]]]
        owed = sum((amount for _, amount in settled), ZERO)
        # The models of quickbooks.md 9 know no credit in a foreign payment.
        credits = self._of(who, "VendorCredit") if currency == HOME else []
        credit = self.some([one for one in credits if one.fields["Balance"]])
        used = Decimal(credit.fields["Balance"]) if credit is not None else ZERO
        if used > owed:
            credit, used = None, ZERO
        rows = [self._settles(one, amount) for one, amount in settled]
        if credit is not None:
            rows.append(self._settles(credit, used))
        by_card = currency == HOME and self.maybe(0.2)
        cash = "Undeposited Funds" if owed - used < CASH and self.maybe(0.5) else "Operating Checking"
        bank = self.chart.account("Euro Account" if currency != HOME else cash)
        how: Fields = (
            {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": ref(self.chart.account("Harbor Card"))}}
            if by_card
            else {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref(bank), "PrintStatus": "NeedToPrint"}}
        )
        return self.books.add(
            "BillPayment",
            {
                "DocNumber": self._number("P") if self.maybe(0.5) else None,
                "TxnDate": self.today,
                "VendorRef": bill.fields["VendorRef"],
                **self._currency(currency),
                **how,
                "APAccountRef": {"value": payable(self.store, currency)},
                "TotalAmt": money(owed - used),
                "Line": rows,
                "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
            },
        )

    def vendor_credit(self, vendor: Record | None = None) -> Record | None:
        vendor = vendor or self.vendor()
        if vendor is None:
            return None
        currency = currency_of(self.store, vendor.fields)
        lines = [line for line in self.cost_lines(currency != HOME) if made.taxable([line]) == ZERO][:2]
        if not lines:
            return None
        total = self._total(made.total(lines, None), vendor)
        return self.books.add(
            "VendorCredit",
            {
                "DocNumber": self._number("VC") if self.maybe(0.5) else None,
                "TxnDate": self.today,
                "VendorRef": ref(vendor),
                **self._currency(currency),
                "APAccountRef": {"value": payable(self.store, currency)},
                "PrivateNote": self.some(NOTES) if self.maybe(0.3) else None,
                "Line": lines,
                **total,
            },
        )

    def purchase(self) -> Record | None:
        """A cheque, cash or card expense; now and then a refund to the card, or somebody abroad is paid."""
        kind = self.some(("Cash", "Check", "CreditCard"))
        foreign = kind != "Cash" and self.maybe(0.2)
        party = self.vendor(foreign) if foreign or self.maybe(0.7) else self.any(self.some(("Customer", "Employee")))
        if party is None or (party.entity == "Customer" and currency_of(self.store, party.fields) != HOME):
            return None
        card = "Euro Card" if foreign else self.some(CARDS)
        bank = card if kind == "CreditCard" else "Euro Account" if foreign else "Operating Checking"
        address = party.fields.get("BillAddr") if kind == "Check" and self.maybe(0.5) else None
        return self.books.add(
            "Purchase",
            {
                "DocNumber": self._number("") if self.maybe(0.6) else None,
                "TxnDate": self.today,
                "PaymentType": kind,
                "AccountRef": ref(self.chart.account(bank)),
                "EntityRef": ref(party, type=party.entity),
                "Credit": True if kind == "CreditCard" and self.maybe(0.15) else False if self.maybe(0.5) else None,
                "PrintStatus": "NeedToPrint" if kind == "Check" else None,
                "RemitToAddr": address,
                "PaymentMethodRef": ref(self.some(self.chart.methods)) if self.maybe(0.3) else None,
                "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
                "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
                **self._currency(FOREIGN if foreign else HOME),
                **self.cost(self.cost_lines(foreign), party if foreign else None),
                "HomeTotalAmt": None,
            },
        )

    def purchase_order(self, vendor: Record | None = None) -> Record | None:
        vendor = vendor or self.vendor()
        if vendor is None:
            return None
        currency = currency_of(self.store, vendor.fields)
        return self.books.add(
            "PurchaseOrder",
            {
                "CustomField": self._custom_fields(),
                "DocNumber": self._number("PO-"),
                "TxnDate": self.today,
                "VendorRef": ref(vendor),
                "APAccountRef": {"value": payable(self.store, currency)},
                "POStatus": "Open",
                "Memo": self.some(NOTES) if self.maybe(0.3) else None,
                "VendorAddr": vendor.fields.get("BillAddr"),
                "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.3) else None,
                "DueDate": self.today if self.maybe(0.5) else None,
                **self._currency(currency),
                **self.cost(self.cost_lines(currency != HOME), vendor),
            },
        )

    def bill_of_order(self) -> Record | None:
        """A purchase order is billed and closed; both name each other."""
        order = self.some([one for one in self.store.all("PurchaseOrder") if one.fields["POStatus"] == "Open"])
        if order is None or self.store.get("Vendor", order.fields["VendorRef"]["value"]) is None:
            return None
        kept = ("VendorRef", "APAccountRef", "Line", "TxnTaxDetail", "GlobalTaxCalculation", "TotalAmt")
        bill = self.books.add(
            "Bill",
            {
                **{name: order.fields[name] for name in kept if name in order.fields},
                **self._currency(currency_of(self.store, order.fields)),
                "TxnDate": self.today,
                "DueDate": self.today,
            },
        )
        self.books.edit(order, POStatus="Closed")
        self.books.link(order, bill)
        return bill

    def purchase_of_order(self) -> Record | None:
        """A purchase order is paid at once by a purchase."""
        order = self.some([one for one in self.store.all("PurchaseOrder") if one.fields["POStatus"] == "Open"])
        purchase = self.purchase() if order is not None else None
        if order is None or purchase is None:
            return None
        self.books.edit(order, POStatus="Closed")
        self.books.link(order, purchase)
        return purchase
