"""What is bought: bills, purchases, orders, and what vendors are paid."""

from sandbox.quickbooks import lines as made
from sandbox.quickbooks.books import money
from sandbox.quickbooks.chart import CARDS, FOREIGN, HOME, SPENDING
from sandbox.quickbooks.desk import Desk, about
from sandbox.quickbooks.ledger import ZERO, currency_of, payable
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record

CASH = 400
"""Bills of less than that are paid in cash now and then, from what was received."""


class Costs(Desk):
    """Everything between the company and its vendors."""

    def cost_lines(self, foreign: bool = False) -> list[Fields]:
        found = []
        for number in range(1 + self.whole(3)):
            customer = self.customer(False) if self.maybe(0.2) else None
            detail: Fields = {"CustomerRef": ref(customer) if customer else None, **self.drawn("ClassRef%30:class")}
            detail["BillableStatus"] = "Billable" if customer and self.maybe(0.5) else None
            if not foreign and self.maybe(0.3):
                item = self.chart.item(self.some(("Freelance day", "Paper stock")))
                quantity = 1 + self.whole(9)
                found.append(made.expense(item, 0, None, quantity, TaxCodeRef={"value": made.UNTAXED}, **detail))
            else:
                account = self.chart.account(self.some(SPENDING))
                amount = self.amount(20, 900)
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

    def owed_to(self, vendor: Record) -> Fields:
        """Who it is that is owed, in which currency, and where the books have it."""
        currency = currency_of(self.store, vendor.fields)
        account = {"value": payable(self.store, currency)}
        return {"VendorRef": ref(vendor), **self._currency(currency), "APAccountRef": account}

    @about(lambda desk: desk.vendor(foreign=False))
    def restock(self, vendor: Record) -> Record | None:
        """What is kept in store is bought, most of what there is least of."""
        items = sorted((self.chart.item(name) for name in self.chart.stocked), key=lambda one: one.fields["QtyOnHand"])
        lines = [
            made.expense(item, 0, f"{item.fields['Name']}, for the store", count + self.whole(9))
            for item, count in zip(items, (12, 8, 4), strict=True)
        ]
        return self.bill(vendor, made.numbered(lines))

    @about(Desk.vendor)
    def bill(self, vendor: Record, lines: list[Fields] | None = None) -> Record:
        return self.books.add(
            "Bill",
            {
                **self.drawn("DocNumber%70:bill TxnDate:today PrivateNote%20:note DepartmentRef%30:department"),
                **self.drawn("DueDate:in_a_month"),
                **self.owed_to(vendor),
                "VendorAddr": vendor.fields.get("BillAddr"),
                "SalesTermRef": vendor.fields.get("TermRef"),
                **self.cost(lines or self.cost_lines(self.abroad(vendor)), vendor),
                "HomeTotalAmt": None,
            },
        )

    def bill_payment(self) -> Record | None:
        """One vendor gets up to two bills paid; a vendor credit may be used up with them."""
        bill: Record | None = self.some(self.still_open(self.store.all("Bill")))
        if bill is None:
            return None
        rows, rest = self.settling(bill, "VendorCredit", 1)
        foreign = self.abroad(bill)
        by_card = not foreign and self.maybe(0.2)
        cash = "Undeposited Funds" if rest < CASH and self.maybe(0.5) else "Operating Checking"
        bank = ref(self.chart.account("Euro Account" if foreign else cash))
        how: Fields = (
            {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": ref(self.chart.account("Harbor Card"))}}
            if by_card
            else {"PayType": "Check", "CheckPayment": {"BankAccountRef": bank, "PrintStatus": "NeedToPrint"}}
        )
        return self.books.add(
            "BillPayment",
            {
                **self.drawn("DocNumber%50:bill_payment TxnDate:today"),
                **self._currency(currency_of(self.store, bill.fields)),
                "VendorRef": bill.fields["VendorRef"],
                "APAccountRef": bill.fields["APAccountRef"],
                **how,
                "TotalAmt": money(rest),
                "Line": rows,
                **self.drawn("DepartmentRef%20:department"),
            },
        )

    @about(Desk.vendor)
    def vendor_credit(self, vendor: Record) -> Record | None:
        lines = [line for line in self.cost_lines(self.abroad(vendor)) if made.taxable([line]) == ZERO][:2]
        if not lines:
            return None
        total = self._total(made.total(lines, None), vendor)
        head = self.drawn("DocNumber%50:vendor_credit TxnDate:today PrivateNote%30:note")
        return self.books.add("VendorCredit", {**head, **self.owed_to(vendor), "Line": lines, **total})

    def purchase(self) -> Record | None:
        """A cheque, cash or card expense; now and then a refund to the card, or somebody abroad is paid."""
        kind = self.some(("Cash", "Check", "CreditCard"))
        foreign = kind != "Cash" and self.maybe(0.2)
        party = self.vendor(foreign) if foreign or self.maybe(0.7) else self.any(self.some(("Customer", "Employee")))
        if party is None or (party.entity == "Customer" and self.abroad(party)):
            return None
        card = "Euro Card" if foreign else self.some(CARDS)
        bank = card if kind == "CreditCard" else "Euro Account" if foreign else "Operating Checking"
        return self.books.add(
            "Purchase",
            {
                "RemitToAddr": party.fields.get("BillAddr") if kind == "Check" and self.maybe(0.5) else None,
                **self.drawn("DocNumber%60:number TxnDate:today"),
                "PaymentType": kind,
                "AccountRef": ref(self.chart.account(bank)),
                "EntityRef": ref(party, type=party.entity),
                "Credit": True if kind == "CreditCard" and self.maybe(0.15) else False if self.maybe(0.5) else None,
                "PrintStatus": "NeedToPrint" if kind == "Check" else None,
                **self.drawn("PaymentMethodRef%30:method PrivateNote%20:note DepartmentRef%20:department"),
                **self._currency(FOREIGN if foreign else HOME),
                **self.cost(self.cost_lines(foreign), party if foreign else None),
                "HomeTotalAmt": None,
            },
        )

    @about(Desk.vendor)
    def purchase_order(self, vendor: Record) -> Record:
        return self.books.add(
            "PurchaseOrder",
            {
                **self.drawn("CustomField:custom TxnDate:today Memo%30:note ClassRef%30:class DueDate%50:today"),
                "DocNumber": self.number("PO-"),
                "POStatus": "Open",
                "VendorAddr": vendor.fields.get("BillAddr"),
                **self.owed_to(vendor),
                **self.cost(self.cost_lines(self.abroad(vendor)), vendor),
            },
        )

    def bill_of_order(self) -> Record | None:
        """A purchase order is billed and closed; both name each other."""
        order = self._open_order()
        if order is None or self.store.get("Vendor", order.fields["VendorRef"]["value"]) is None:
            return None
        kept = ("VendorRef", "APAccountRef", "Line", "TxnTaxDetail", "GlobalTaxCalculation", "TotalAmt")
        body = {name: order.fields[name] for name in kept if name in order.fields}
        currency = self._currency(currency_of(self.store, order.fields))
        return self._close(
            order, self.books.add("Bill", {**body, **currency, **self.drawn("TxnDate:today DueDate:today")})
        )

    def purchase_of_order(self) -> Record | None:
        """A purchase order is paid at once by a purchase."""
        order = self._open_order()
        purchase = self.purchase() if order is not None else None
        return self._close(order, purchase) if order is not None and purchase is not None else None

    def _open_order(self) -> Record | None:
        found: Record | None = self.some(
            [one for one in self.store.all("PurchaseOrder") if one.fields["POStatus"] == "Open"]
        )
        return found

    def _close(self, order: Record, by: Record) -> Record:
        self.books.edit(order, POStatus="Closed")
        self.books.link(order, by)
        return by
