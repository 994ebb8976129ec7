"""What a company writes: each method makes one transaction as of now and returns it, or None where nothing fits."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.quickbooks import lines as made
from sandbox.quickbooks import times
from sandbox.quickbooks.books import ADDRESSES, Books, money
from sandbox.quickbooks.chart import CURRENCIES, FOREIGN, HOME, SPENDING, Chart
from sandbox.quickbooks.ledger import ZERO, currency_of, payable, receivable, undeposited
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.people import People
from sandbox.quickbooks.store import Fields, Key, Record

NOTES = ("As agreed by telephone.", "Second part.", "Approved by the board.", "See the attached offer.")
REMARKS = ("Thank you for your order.", "Hours as in the attached sheet.", "Delivered in two parts.")
DRAWS = 8
"""So often one is drawn before everybody who fits is listed."""
RATE_DAYS = 30


class Trade:
    """`random` decides everything; whoever works sets it."""

    def __init__(self, books: Books, chart: Chart, people: People, random: Random) -> None:
        self.books = books
        self.store = books.store
        self.chart = chart
        self.people = people
        self.random = random
        self.gains: dict[Key, Key] = {}
        """By payment in a foreign currency: the journal entry for what its rate differs."""
        self.deposited: dict[Key, Key] = {}
        """By what was received into Undeposited Funds: its deposit."""

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def some(self, found: Sequence[Any]) -> Any:
        """One of them, or None."""
        return found[int(self.random.random() * len(found))] if found else None

    def any(self, entity: str) -> Record | None:
        """Any record of an entity."""
        return self.some(list(self.store.records[entity].values()))

    def customer(self, foreign: bool | None = None) -> Record | None:
        """An active customer or job; most of the time a firm that buys often, or a job of one."""
        return self._party("Customer", foreign, regular=self.maybe(0.7))

    def vendor(self, foreign: bool | None = None) -> Record | None:
        return self._party("Vendor", foreign)

    def rate(self, currency: str) -> Decimal | None:
        """What one unit costs in the home currency today; None for the home currency."""
        if currency == HOME:
            return None
        rates = [one for one in self.store.all("ExchangeRate") if one.fields["SourceCurrencyCode"] == currency]
        return max(rates, key=lambda one: str(one.fields["AsOfDate"])).fields["Rate"] if rates else Decimal("1.1")

    def exchange_rate(self) -> Record:
        """Today's rate of the foreign currency, by the calendar of Greenwich; the home currency's own is 1."""
        known = self.rate(FOREIGN) or Decimal("1.1")
        digits = Decimal(1).scaleb(-self.books.options.rate_digits)
        rate = (known * Decimal(1 + (self.random.random() - 0.5) * 0.01)).quantize(digits)
        today = times.utc_day(self.store.now)
        for record in self.store.all("ExchangeRate"):
            if record.fields["AsOfDate"] == today:
                return self.books.edit(record, Rate=rate)
        return self.books.add("ExchangeRate", {
            "SourceCurrencyCode": FOREIGN, "TargetCurrencyCode": HOME, "Rate": rate, "AsOfDate": today,
        })  # fmt: skip

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

    # Sales

    def sales_lines(self, foreign: bool, count: int | None = None) -> list[Fields]:
        """Sales lines with now and then a remark; what is sold abroad bears no tax."""
        names = ["Design hours", "Consulting hours", "Strategy workshop", "Support retainer"]
        names += [] if foreign else ["Printed guide", "Sample box", "Signage panel"]
        found = []
        for number in range(count if count is not None else 1 + int(self.random.random() * 4)):
            item = self.chart.item(self.some(names))
            thing = item.fields["Type"] == "NonInventory"
            quantity = Decimal(1 + int(self.random.random() * 40)) / (1 if thing else 4)
            price = item.fields["UnitPrice"] if self.maybe(0.7) else money(Decimal(item.fields["UnitPrice"]) * 9 / 10)
            account = item.fields["IncomeAccountRef"] if self.maybe(0.3) else None
            found.append(made.sale(
                item, quantity, price, taxed=thing and not foreign, description=f"{item.fields['Name']} {number + 1}",
                ItemAccountRef=account, ServiceDate=self.today if not thing and self.maybe(0.5) else None,
                ClassRef=ref(self.some(self.chart.classes)) if self.maybe(0.4) else None,
            ))  # fmt: skip
        if self.maybe(0.15):
            found.append(made.remark(self.some(REMARKS)))
        if count is None and self.maybe(0.05):
            amount = Decimal(int(self.random.random() * 4_000)) / 100
            found.append(made.shipping(amount, self.chart.account("Sales of Kits")))
        return found

    def kit_lines(self, given_away: bool = False) -> list[Fields]:
        """One bundle, and nothing beside it. Only invoices and estimates have bundles that cost something: the models
        of quickbooks.md 9 post no other bundle."""
        group = self.some(self.chart.kits)
        quantity = 1 + int(self.random.random() * 3)
        parts = []
        for part in group.fields["ItemGroupDetail"]["ItemGroupLine"]:
            item = self.store.records["Item"][part["ItemRef"]["value"]]
            parts.append(made.sale(
                item, part["Qty"] * quantity, 0 if given_away else item.fields["UnitPrice"], taxed=True,
                description=item.fields["Name"], ItemAccountRef=item.fields["IncomeAccountRef"],
            ))  # fmt: skip
        return [made.bundle(group, quantity, parts)]

    def gift(self, foreign: bool = False) -> list[Fields]:
        """Now and then a bundle comes for nothing."""
        return self.kit_lines(given_away=True) if not foreign and self.maybe(0.15) else []

    def sale(self, customer: Record, lines: list[Fields], discounted: bool = False) -> Fields:
        """The part of a sales form that its lines make: lines, tax, totals."""
        foreign = currency_of(self.store, customer.fields) != HOME
        body = made.numbered([*lines, made.subtotal(lines)])
        if discounted:
            percent = 5 * (1 + int(self.random.random() * 3)) if self.maybe(0.5) else None
            amount = money(sum((Decimal(line.get("Amount", 0)) for line in lines), ZERO) / 20)
            body.append(made.discount(lines, percent, Decimal(amount), self.chart.account("Discounts given")))
        tax = None
        if not foreign:
            tax = made.taxes(made.taxable(lines), self.chart.rates[:2], self.chart.codes[0])
        total = self._total(made.total(body, tax), customer)
        return {"Line": body, "TxnTaxDetail": tax, "ApplyTaxAfterDiscount": False, **total}

    def form(self, customer: Record, prefix: str) -> Fields:
        """The head of a sales form. Its addresses are the customer's, a copy under an id of its own, or absent."""
        fields: Fields = {
            "CustomField": self._custom_fields(), "DocNumber": self._number(prefix), "TxnDate": self.today,
            "CustomerRef": ref(customer), "CustomerMemo": {"value": self.some(NOTES)} if self.maybe(0.3) else None,
            "PrintStatus": "NeedToPrint" if self.maybe(0.5) else "NotSet", "EmailStatus": "NotSet",
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.4) else None,
            "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.2) else None,
            **self._currency(currency_of(self.store, customer.fields)),
        }  # fmt: skip
        email = customer.fields.get("PrimaryEmailAddr")
        if email:
            fields["BillEmail"] = email
        if "BillAddr" in customer.fields:
            fields["BillAddr"] = self.people.address() if self.maybe(0.3) else customer.fields["BillAddr"]
        if "ShipAddr" in customer.fields and self.maybe(0.6):
            fields["ShipAddr"] = customer.fields["ShipAddr"]
        return fields

    def invoice(self, count: int | None = None, customer: Record | None = None, kit: bool = False) -> Record | None:
        """`count`: number of sales lines."""
        customer = customer or self.customer(False if kit else None)
        if customer is None:
            return None
        foreign = currency_of(self.store, customer.fields) != HOME
        lines = self.kit_lines() if kit else self.sales_lines(foreign, count)
        terms = self.some(self.chart.terms)
        due = date.fromisoformat(self.today) + timedelta(days=terms.fields["DueDays"])
        return self.books.add("Invoice", {
            **self.form(customer, ""), "SalesTermRef": ref(terms) if self.maybe(0.7) else None,
            "DueDate": due.isoformat(), "ShipDate": self.today if self.maybe(0.1) else None,
            "TrackingNum": f"TR{self.store.now}" if self.maybe(0.1) else None,
            "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": times.stamp(self.store.now, 1)}
            if self.maybe(0.3) else None,
            "AllowIPNPayment": False, "AllowOnlinePayment": False, "AllowOnlineCreditCardPayment": self.maybe(0.5),
            "AllowOnlineACHPayment": False, **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
        })  # fmt: skip

    def kit_invoice(self) -> Record | None:
        """A bundle on an invoice of its own."""
        return self.invoice(kit=True)

    def payment(self) -> Record | None:
        """One customer pays up to three invoices, some in part, a credit memo may help, some pay too much."""
        invoice = self.some([one for one in self.store.all("Invoice") if one.fields["Balance"]])
        if invoice is None:
            return None
        who, currency = invoice.fields["CustomerRef"]["value"], currency_of(self.store, invoice.fields)
        others = [one for one in self._of(who, "Invoice") if one.fields["Balance"] and one.id != invoice.id]
        settled = [(one, Decimal(one.fields["Balance"])) for one in [invoice, *others[: int(self.random.random() * 3)]]]
        if self.maybe(0.15):
            settled[-1] = (settled[-1][0], Decimal(money(settled[-1][1] / 3)))
        credit = self.some([one for one in self._of(who, "CreditMemo") if one.fields["RemainingCredit"]])
        owed = sum((amount for _, amount in settled), ZERO)
        if credit is not None and credit.fields["RemainingCredit"] <= owed:
            used = Decimal(credit.fields["RemainingCredit"])
        else:
            credit, used = None, ZERO
        surplus = Decimal(25) if self.maybe(0.05) and currency == HOME else ZERO
        rows = [self._settles(one, amount) for one, amount in settled if amount]
        if credit is not None:
            rows.append(self._settles(credit, used))
        method = self.some(self.chart.methods)
        bank = self.chart.account("Operating Checking" if currency == HOME else "Euro Account").id
        into = undeposited(self.store) if currency == HOME and self.maybe(0.7) else bank
        total = money(owed - used + surplus)
        payment = self.books.add("Payment", {
            "TxnDate": self.today, **self._currency(currency), "CustomerRef": invoice.fields["CustomerRef"],
            "DepositToAccountRef": {"value": into}, "ARAccountRef": {"value": receivable(self.store, currency)},
            "PaymentMethodRef": ref(method), "PaymentRefNum": self._number("") if self.maybe(0.5) else None,
            "TotalAmt": total, "UnappliedAmt": money(surplus), "ProcessPayment": False, "Line": rows,
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "TxnSource": "QBMobile" if self.maybe(0.1) else None, **self._card(method, total),
        })  # fmt: skip
        self._exchange_gain(payment, [*settled, *([(credit, -used)] if credit is not None else [])])
        return payment

    def credit_memo(self) -> Record | None:
        customer = self.customer()
        if customer is None:
            return None
        foreign = currency_of(self.store, customer.fields) != HOME
        lines = self.sales_lines(foreign, 1) + self.gift(foreign)
        return self.books.add("CreditMemo", {**self.form(customer, "CM-"), **self.sale(customer, lines)})

    def sales_receipt(self) -> Record | None:
        customer = self.customer(foreign=False)
        if customer is None:
            return None
        method = self.some(self.chart.methods)
        sale = self.sale(customer, self.sales_lines(False) + self.gift())
        into = undeposited(self.store) if self.maybe(0.7) else self.chart.account("Operating Checking").id
        return self.books.add("SalesReceipt", {
            "ShipDate": self.today if self.maybe(0.2) else None, "TrackingNum": "TR1" if self.maybe(0.1) else None,
            **self.form(customer, "SR-"), **sale, "Balance": 0, "DepositToAccountRef": {"value": into},
            "PaymentMethodRef": ref(method), "PaymentRefNum": self._number("") if self.maybe(0.4) else None,
            **self._card(method, sale["TotalAmt"]),
        })  # fmt: skip

    def refund_receipt(self) -> Record | None:
        customer = self.customer(foreign=False)
        if customer is None:
            return None
        method = self.some(self.chart.methods)
        sale = self.sale(customer, self.sales_lines(False, 1) + self.gift())
        check: Fields | None = None
        if self.maybe(0.3):
            check = {"CheckNum": self._number(""), "NameOnAcct": "A. Nobody", "AcctNum": "xxxx0123",
                     "BankName": "Quay Bank", "Status": "Completed"}  # fmt: skip
        return self.books.add("RefundReceipt", {
            **self.form(customer, "RR-"), **sale, "Balance": 0, "PaymentMethodRef": ref(method), "CheckPayment": check,
            "DepositToAccountRef": ref(self.chart.account("Operating Checking")),
            "PaymentType": "Check" if check else "Cash", **self._card(method, sale["TotalAmt"]),
        })  # fmt: skip

    def estimate(self) -> Record | None:
        customer = self.customer()
        if customer is None:
            return None
        foreign = currency_of(self.store, customer.fields) != HOME
        status = self.some(("Pending", "Accepted", "Rejected"))
        by = {"AcceptedBy": "A. Nobody", "AcceptedDate": self.today} if status == "Accepted" else {}
        until = date.fromisoformat(self.today) + timedelta(days=30)
        kit = not foreign and self.maybe(0.2)
        lines = self.kit_lines() if kit else self.sales_lines(foreign)
        return self.books.add("Estimate", {
            **self.form(customer, "E-"),
            **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
            "TxnStatus": status, "ExpirationDate": until.isoformat() if self.maybe(0.6) else None, **by,
            "DueDate": until.isoformat() if self.maybe(0.2) else None,
            "ShipDate": self.today if self.maybe(0.2) else None,
            "SalesTermRef": ref(self.some(self.chart.terms)) if self.maybe(0.2) else None,
        })  # fmt: skip

    def invoice_of_estimate(self) -> Record | None:
        """An estimate becomes an invoice, and both name each other."""
        found = [one for one in self.store.all("Estimate") if one.fields["TxnStatus"] in ("Accepted", "Pending")]
        estimate = self.some(found)
        customer = self.store.get("Customer", estimate.fields["CustomerRef"]["value"]) if estimate else None
        if estimate is None or customer is None or estimate.fields["TotalAmt"] == 0:
            return None
        kept = ("Line", "TxnTaxDetail", "ApplyTaxAfterDiscount", "TotalAmt")
        fields = self.form(customer, "")
        fields.update((name, estimate.fields[name]) for name in kept if name in estimate.fields)
        if "ExchangeRate" in fields:
            fields["HomeTotalAmt"] = money(fields["TotalAmt"] * fields["ExchangeRate"])
        invoice = self.books.add("Invoice", {**fields, "DueDate": self.today})
        self.books.edit(estimate, TxnStatus="Closed")
        self.books.link(estimate, invoice)
        return invoice

    # Purchases

    def cost_lines(self, foreign: bool = False) -> list[Fields]:
        found = []
        for number in range(1 + int(self.random.random() * 3)):
            customer = self.customer(False) if self.maybe(0.2) else None
            detail: Fields = {
                "CustomerRef": ref(customer) if customer else None,
                "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.3) else None,
                "BillableStatus": "Billable" if customer and self.maybe(0.5) else None,
            }  # fmt: skip
            if not foreign and self.maybe(0.3):
                item = self.chart.item(self.some(("Freelance day", "Paper stock")))
                quantity = 1 + int(self.random.random() * 9)
                found.append(made.expense(item, 0, None, quantity, TaxCodeRef={"value": made.UNTAXED}, **detail))
            else:
                account = self.chart.account(self.some(SPENDING))
                amount = Decimal(int(20_00 + self.random.random() * 900_00)) / 100
                taxed = made.TAXED if not foreign and self.maybe(0.2) else made.UNTAXED
                text = f"{account.fields['Name']} {number + 1}"
                found.append(made.expense(account, amount, text, TaxCodeRef={"value": taxed}, **detail))
        return made.numbered(found)

    def cost(self, lines: list[Fields], party: Record | None) -> Fields:
        """The part of a bill or purchase that its lines make. What is taxed bears the state's tax only."""
        net = made.taxable(lines)
        tax = made.taxes(net, self.chart.rates[:1], self.chart.codes[0]) if net else None
        return {"Line": lines, "TxnTaxDetail": tax, **self._total(made.total(lines, tax), party)}

    def bill(self) -> Record | None:
        vendor = self.vendor()
        if vendor is None:
            return None
        currency = currency_of(self.store, vendor.fields)
        due = date.fromisoformat(self.today) + timedelta(days=30)
        return self.books.add("Bill", {
            "DocNumber": self._number("B") if self.maybe(0.7) else None, "TxnDate": self.today,
            "DueDate": due.isoformat(), "VendorRef": ref(vendor), **self._currency(currency),
            "APAccountRef": {"value": payable(self.store, currency)}, "VendorAddr": vendor.fields.get("BillAddr"),
            "SalesTermRef": vendor.fields.get("TermRef"), "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.3) else None,
            **self.cost(self.cost_lines(currency != HOME), vendor), "HomeTotalAmt": None,
        })  # fmt: skip

    def bill_payment(self) -> Record | None:
        """One vendor gets up to two bills paid; a vendor credit may be used up with them."""
        bill = self.some([one for one in self.store.all("Bill") if one.fields["Balance"]])
        if bill is None:
            return None
        who, currency = bill.fields["VendorRef"]["value"], currency_of(self.store, bill.fields)
        others = [one for one in self._of(who, "Bill") if one.fields["Balance"] and one.id != bill.id]
        settled = [(one, Decimal(one.fields["Balance"])) for one in [bill, *others[: int(self.random.random() * 2)]]]
        owed = sum((amount for _, amount in settled), ZERO)
        credit = self.some([one for one in self._of(who, "VendorCredit") if one.fields["Balance"]])
        used = Decimal(credit.fields["Balance"]) if credit is not None else ZERO
        if used > owed:
            credit, used = None, ZERO
        rows = [self._settles(one, amount) for one, amount in settled]
        if credit is not None:
            rows.append(self._settles(credit, used))
        by_card = currency == HOME and self.maybe(0.2)
        bank = self.chart.account("Euro Account" if currency != HOME else "Operating Checking")
        how: Fields = (
            {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": ref(self.chart.account("Harbor Card"))}}
            if by_card
            else {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref(bank), "PrintStatus": "NeedToPrint"}}
        )
        paid = self.books.add("BillPayment", {
            "DocNumber": self._number("P") if self.maybe(0.5) else None, "TxnDate": self.today,
            "VendorRef": bill.fields["VendorRef"], **self._currency(currency), **how,
            "APAccountRef": {"value": payable(self.store, currency)}, "TotalAmt": money(owed - used), "Line": rows,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
        })  # fmt: skip
        self._exchange_gain(paid, [*settled, *([(credit, -used)] if credit is not None else [])])
        return paid

    def vendor_credit(self) -> Record | None:
        vendor = self.vendor(foreign=False)
        if vendor is None:
            return None
        lines = [line for line in self.cost_lines() if made.taxable([line]) == ZERO][:2]
        if not lines:
            return None
        total = self._total(made.total(lines, None), vendor)
        return self.books.add("VendorCredit", {
            "DocNumber": self._number("VC") if self.maybe(0.5) else None, "TxnDate": self.today,
            "VendorRef": ref(vendor), **self._currency(HOME), "APAccountRef": {"value": payable(self.store, HOME)},
            "PrivateNote": self.some(NOTES) if self.maybe(0.3) else None, "Line": lines, **total,
        })  # fmt: skip

    def purchase(self) -> Record | None:
        """A cheque, cash or card expense; now and then a refund to the card, or somebody abroad is paid."""
        kind = self.some(("Cash", "Check", "CreditCard"))
        foreign = kind == "Check" and self.maybe(0.2)
        party = self.vendor(foreign) if foreign or self.maybe(0.7) else self.any(self.some(("Customer", "Employee")))
        if party is None or (party.entity == "Customer" and currency_of(self.store, party.fields) != HOME):
            return None
        bank = "Euro Account" if foreign else "Harbor Card" if kind == "CreditCard" else "Operating Checking"
        address = party.fields.get("BillAddr") if kind == "Check" and self.maybe(0.5) else None
        return self.books.add("Purchase", {
            "DocNumber": self._number("") if self.maybe(0.6) else None, "TxnDate": self.today, "PaymentType": kind,
            "AccountRef": ref(self.chart.account(bank)), "EntityRef": ref(party, type=party.entity),
            "Credit": True if kind == "CreditCard" and self.maybe(0.15) else False if self.maybe(0.5) else None,
            "PrintStatus": "NeedToPrint" if kind == "Check" else None, "RemitToAddr": address,
            "PaymentMethodRef": ref(self.some(self.chart.methods)) if self.maybe(0.3) else None,
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
            **self._currency(FOREIGN if foreign else HOME),
            **self.cost(self.cost_lines(foreign), party if foreign else None), "HomeTotalAmt": None,
        })  # fmt: skip

    def purchase_order(self) -> Record | None:
        vendor = self.vendor(foreign=False)
        if vendor is None:
            return None
        lines = self.cost_lines()
        return self.books.add("PurchaseOrder", {
            "CustomField": self._custom_fields(), "DocNumber": self._number("PO-"), "TxnDate": self.today,
            "VendorRef": ref(vendor), "APAccountRef": {"value": payable(self.store, HOME)}, "POStatus": "Open",
            "Memo": self.some(NOTES) if self.maybe(0.3) else None, "VendorAddr": vendor.fields.get("BillAddr"),
            "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.3) else None,
            "DueDate": self.today if self.maybe(0.5) else None, **self._currency(HOME), "Line": lines,
            **self._total(made.total(lines, None), vendor),
        })  # fmt: skip

    def bill_of_order(self) -> Record | None:
        """A purchase order is billed and closed; both name each other."""
        order = self.some([one for one in self.store.all("PurchaseOrder") if one.fields["POStatus"] == "Open"])
        if order is None or self.store.get("Vendor", order.fields["VendorRef"]["value"]) is None:
            return None
        kept = ("VendorRef", "APAccountRef", "CurrencyRef")
        bill = self.books.add("Bill", {
            **{name: order.fields[name] for name in kept if name in order.fields}, "TxnDate": self.today,
            "DueDate": self.today, **self.cost(order.fields["Line"], None),
        })  # fmt: skip
        self.books.edit(order, POStatus="Closed")
        self.books.link(order, bill)
        return bill

    # Bank and books

    def deposit(self) -> Record | None:
        """What lies in Undeposited Funds goes to the bank; interest or a prepayment may come with it."""
        funds = undeposited(self.store)
        waiting = [
            one for one in self.store.all("Payment", "SalesReceipt")
            if one.fields["DepositToAccountRef"]["value"] == funds and one.key not in self.deposited
            and one.fields["TotalAmt"]
        ]  # fmt: skip
        received = waiting[: 1 + int(self.random.random() * 4)]
        rows: list[Fields] = [
            {"Amount": one.fields["TotalAmt"],
             "LinkedTxn": [{"TxnId": one.id, "TxnType": one.entity, "TxnLineId": "0"}]}
            for one in received
        ]  # fmt: skip
        taxed = self.maybe(0.1)
        if self.maybe(0.3) or not rows or taxed:
            customer = self.customer(False)
            account = self.chart.account("Customer Prepayments" if taxed else "Interest Earned")
            detail: Fields = {"AccountRef": ref(account), "PaymentMethodRef": ref(self.some(self.chart.methods))}
            if customer is not None and self.maybe(0.5):
                detail["Entity"] = ref(customer, type=self.some(("CUSTOMER", "Customer")))
            if self.maybe(0.3):
                detail |= {"CheckNum": self._number(""), "ClassRef": ref(self.some(self.chart.classes))}
            if taxed:
                detail |= {"TaxCodeRef": {"value": made.TAXED}, "TaxApplicableOn": "Sales"}
            amount = Decimal(int(2_00 + self.random.random() * 90_00)) / 100
            rows.append({"Id": str(len(rows) + 1), "LineNum": len(rows) + 1, "Amount": amount,
                         "Description": "Received", "DetailType": "DepositLineDetail",
                         "DepositLineDetail": detail})  # fmt: skip
        tax = made.taxes(rows[-1]["Amount"], self.chart.rates[:1], None) if taxed else None
        total = sum((Decimal(row["Amount"]) for row in rows), ZERO) + Decimal((tax or {}).get("TotalTax", 0))
        deposit = self.books.add("Deposit", {
            "TxnDate": self.today, "DepositToAccountRef": ref(self.chart.account("Operating Checking")), "Line": rows,
            "TotalAmt": money(total), "TxnTaxDetail": tax, **self._currency(HOME),
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
            "TxnSource": "QBMobile" if self.maybe(0.1) else None,
        })  # fmt: skip
        self.deposited.update((one.key, deposit.key) for one in received)
        return deposit

    def transfer(self) -> Record | None:
        """Between accounts of the home currency, which it does not name."""
        pair = self.some((("Operating Checking", "Payroll Checking"), ("Operating Checking", "Reserve Savings")))
        one, other = pair if self.maybe(0.8) else pair[::-1]
        return self.books.add("Transfer", {
            "TxnDate": self.today, "Amount": Decimal(int(100 + self.random.random() * 9_000)),
            "FromAccountRef": ref(self.chart.account(one)), "ToAccountRef": ref(self.chart.account(other)),
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
        })  # fmt: skip

    def card_payment(self) -> Record | None:
        return self.books.add("CreditCardPayment", {
            "TxnDate": self.today, "Amount": Decimal(int(50_00 + self.random.random() * 900_00)) / 100,
            "CreditCardAccountRef": ref(self.chart.account(self.some(("Harbor Card", "Travel Card")))),
            "BankAccountRef": ref(self.chart.account("Operating Checking")),
        })  # fmt: skip

    def journal_entry(self) -> Record | None:
        """Wages, depreciation, or an adjustment in several lines; its lines begin with Id 0."""
        amount = Decimal(int(100_00 + self.random.random() * 5_000_00)) / 100
        kind = self.some(("wages", "depreciation", "adjustment"))
        taxed = None
        if kind == "wages":
            held = Decimal(money(amount * Decimal("0.23")))
            rows = [("Wages", "Debit", amount), ("Payroll Liabilities", "Credit", held),
                    ("Payroll Checking", "Credit", amount - held)]  # fmt: skip
        elif kind == "depreciation":
            rows = [("Accumulated Depreciation", "Credit", amount), ("Depreciation", "Debit", amount)]
        else:
            part = Decimal(money(amount / 3))
            rows = [("Insurance", "Debit", part), ("Prepaid Expenses", "Credit", amount),
                    ("Rent", "Debit", amount - part)]  # fmt: skip
            detail = {"TaxRateRef": {"value": self.chart.rates[2].id}, "PercentBased": True, "TaxPercent": 0,
                      "NetAmountTaxable": amount}  # fmt: skip
            taxed = {"TotalTax": 0, "TaxLine": [{"Amount": 0, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}]}
        return self._journal(rows, kind == "adjustment", None, TxnTaxDetail=taxed)

    def time_activity(self) -> Record | None:
        who = self.any(self.some(("Employee", "Employee", "Vendor")))
        customer = self.customer()
        if who is None or customer is None:
            return None
        return self.books.add("TimeActivity", {
            "TxnDate": self.today, "NameOf": who.entity, f"{who.entity}Ref": ref(who), "CustomerRef": ref(customer),
            "ItemRef": ref(self.chart.item("Design hours")), "Taxable": False, "HourlyRate": 95,
            "BillableStatus": "Billable" if self.maybe(0.7) else "NotBillable",
            "Hours": 1 + int(self.random.random() * 8), "Minutes": 15 * int(self.random.random() * 4),
            "Description": self.some(REMARKS) if self.maybe(0.7) else None,
            "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.3) else None,
        })  # fmt: skip

    def invoice_of_time(self) -> Record | None:
        """Billable hours become an invoice that names them."""
        hours = self.some([one for one in self.store.all("TimeActivity") if one.fields["BillableStatus"] == "Billable"])
        customer = self.store.get("Customer", hours.fields["CustomerRef"]["value"]) if hours else None
        if hours is None or customer is None:
            return None
        quantity = hours.fields["Hours"] + Decimal(hours.fields["Minutes"]) / 60
        item = self.chart.item("Design hours")
        line = made.sale(item, quantity, 95, taxed=False, description="Hours", ServiceDate=hours.fields["TxnDate"])
        invoice = self.books.add("Invoice", {
            **self.form(customer, ""), "DueDate": self.today, **self.sale(customer, [line]),
        })  # fmt: skip
        self.books.edit(hours, BillableStatus="HasBeenBilled")
        self.books.link(hours, invoice)
        return invoice

    def reimburse_charge(self) -> Record | None:
        customer = self.customer(foreign=False)
        if customer is None:
            return None
        amount = Decimal(int(10_00 + self.random.random() * 200_00)) / 100
        line = {"Id": "1", "LineNum": 1, "Amount": amount, "Description": "Travel for the project",
                "DetailType": "ReimburseLineDetail",
                "ReimburseLineDetail": {"Qty": 1, "UnitPrice": amount}}  # fmt: skip
        return self.books.add("ReimburseCharge", {
            "TxnDate": self.today, "CustomerRef": ref(customer), "HasBeenInvoiced": False, "Amount": amount,
            **self._currency(HOME), "Line": [line],
        })  # fmt: skip

    def opening(self, rows: list[tuple[str, str, Decimal]]) -> Record:
        """The opening balances, as a journal entry."""
        return self._journal(rows, False, None)

    # Beside the books

    def budget(self, year: int) -> Record:
        rows = [
            {"BudgetDate": f"{year}-{month:02d}-01", "Amount": 1_000 + 10 * month,
             "AccountRef": ref(self.chart.account(name))}
            for name in ("Rent", "Travel") for month in range(1, 13)
        ]  # fmt: skip
        return self.books.add("Budget", {
            "Name": f"Plan {year} {self.store.next_number('budget name')}", "StartDate": f"{year}-01-01",
            "EndDate": f"{year}-12-31", "BudgetType": "ProfitAndLoss", "BudgetEntryType": "Monthly", "Active": True,
            "BudgetDetail": rows,
        })  # fmt: skip

    def attach(self) -> Record | None:
        """A file on an invoice, or a note alone. The link to the file is short-lived and signed."""
        invoice = self.any("Invoice")
        if invoice is None:
            return None
        number = self.store.next_number("file")
        if number % 4 == 0:
            return self.books.add("Attachable", {"Note": self.some(NOTES), "AttachableRef": []})
        signed = f"Signature={number * 7919 % 10**8:08d}&Expires={self.store.now + 900}"
        target = {"EntityRef": {"value": invoice.id, "type": "Invoice"}, "IncludeOnSend": self.maybe(0.3)}
        return self.books.add("Attachable", {
            "FileName": f"offer-{number}.pdf", "Size": 1_000 + number * 37, "ContentType": "application/pdf",
            "Category": "Document", "FileAccessUri": f"/v3/company/files/{number}",
            "TempDownloadUri": f"https://files.sandbox.example/{number}?{signed}",
            "AttachableRef": [target],
        })  # fmt: skip

    def template(self) -> Record | None:
        """A recurring invoice or purchase; it carries what its transactions will carry, a masked card, too."""
        customer = self.customer(foreign=False)
        if customer is None:
            return None
        number = self.store.next_number("template name")
        schedule = {"IntervalType": self.some(("Monthly", "Weekly")), "NumInterval": 1, "DayOfMonth": 1,
                    "NextDate": self.today, "StartDate": self.today}  # fmt: skip
        info = {"Name": f"Template {number}", "RecurType": self.some(("Automated", "Reminder")), "Active": True,
                "ScheduleInfo": schedule}  # fmt: skip
        kind = "Purchase" if number % 3 == 0 else "Invoice"
        if kind == "Purchase":
            lines = self.cost_lines()
            body: Fields = {
                "PaymentType": "CreditCard", "AccountRef": ref(self.chart.account("Harbor Card")), "Line": lines,
                "TotalAmt": made.total(lines, None),
            }  # fmt: skip
        else:
            method = self.chart.methods[-1]
            sale = self.sale(customer, self.sales_lines(False, 1))
            body = {"CustomerRef": ref(customer), **sale, **self._card(method, sale["TotalAmt"])}
        return self.books.add("RecurringTransaction", {
            "makes": kind, "RecurringInfo": info, **body, **self._currency(HOME),
            "RecurDataRef": {"value": str(number)},
        })  # fmt: skip

    def spare(self, record: Record) -> bool:
        """Whether a record may vanish without an address that nobody else has."""
        named = [record.fields[name]["Id"] for name in ADDRESSES if name in record.fields]
        return all(self.books.address_owners[id] - {record.key} for id in named)

    def invoice_of_charge(self) -> Record | None:
        """A charge is put on an invoice or a sales receipt, and both name each other."""
        charge = self.some([one for one in self.store.all("ReimburseCharge") if not one.fields["HasBeenInvoiced"]])
        customer = self.store.get("Customer", charge.fields["CustomerRef"]["value"]) if charge else None
        if charge is None or customer is None:
            return None
        if self.maybe(0.3):
            form = self.sales_receipt()
        else:
            amount = charge.fields["Amount"]
            account = self.chart.account("Billable Expense Income")
            detail = {"ItemAccountRef": ref(account), "Qty": 1, "UnitPrice": amount}
            line = {"Description": "Travel for the project", "Amount": amount, "DetailType": "ReimburseLineDetail",
                    "ReimburseLineDetail": detail}  # fmt: skip
            head = {**self.form(customer, ""), "DueDate": self.today}
            form = self.books.add("Invoice", {**head, **self.sale(customer, [line])})
        if form is not None:
            self.books.edit(charge, HasBeenInvoiced=True)
            self.books.link(charge, form)
        return form

    def purchase_of_order(self) -> Record | None:
        """A purchase order is paid at once by a purchase."""
        order = self.some([one for one in self.store.all("PurchaseOrder") if one.fields["POStatus"] == "Open"])
        purchase = self.purchase() if order is not None else None
        if order is None or purchase is None:
            return None
        self.books.edit(order, POStatus="Closed")
        self.books.link(order, purchase)
        return purchase

    def apply(self, payment: Record) -> bool:
        """Settle an open invoice with what is left of a payment."""
        who = payment.fields["CustomerRef"]["value"]
        invoice = self.some([one for one in self._of(who, "Invoice") if one.fields["Balance"]])
        if invoice is None or "ExchangeRate" in payment.fields or "ExchangeRate" in invoice.fields:
            return False
        amount = min(Decimal(payment.fields["UnappliedAmt"]), Decimal(invoice.fields["Balance"]))
        if any(line["LinkedTxn"][0]["TxnId"] == invoice.id for line in payment.fields["Line"]):
            return False
        rows = [*payment.fields["Line"], self._settles(invoice, amount)]
        self.books.edit(payment, Line=rows, UnappliedAmt=money(Decimal(payment.fields["UnappliedAmt"]) - amount))
        return True

    def home(self, amount: Decimal | int, rate: Decimal) -> Decimal | int:
        """In the home currency, as headers tell it."""
        return money(amount * rate)

    def undo_gain(self, record: Record) -> None:
        """What a payment's rate had gained or lost goes with the payment."""
        gain = self.gains.pop(record.key, None)
        entry = self.store.get(*gain) if gain else None
        if entry is not None:
            self.books.delete(entry)

    def _journal(
        self, rows: list[tuple[str, str, Decimal]], adjustment: bool, party: Record | None, **more: Any
    ) -> Record:
        found = []
        for number, (account, side, amount) in enumerate(rows):
            detail: Fields = {"PostingType": side, "AccountRef": ref(self.chart.account(account))}
            if party is not None and number == 0:
                detail["Entity"] = {"Type": party.entity, "EntityRef": ref(party)}
            elif party is None and self.maybe(0.3):
                detail["ClassRef"] = ref(self.some(self.chart.classes))
                detail["DepartmentRef"] = ref(self.some(self.chart.departments))
            found.append({"Id": str(number), "Description": account, "Amount": money(amount),
                          "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail})  # fmt: skip
        if self.maybe(0.5):
            found.reverse()
        return self.books.add("JournalEntry", {
            "DocNumber": self._number("J") if self.maybe(0.6) else None, "TxnDate": self.today,
            "Adjustment": adjustment, "Line": found, "PrivateNote": self.some(NOTES) if self.maybe(0.3) else None,
            **(self._currency(HOME) if self.maybe(0.7) else {}), **more,
        })  # fmt: skip

    def _exchange_gain(self, paid: Record, settled: list[tuple[Record, Decimal]]) -> None:
        """Take from the receivable or payable account what the rates differ."""
        rate = paid.fields.get("ExchangeRate")
        if rate is None:
            return
        rest = money(sum((amount * (rate - one.fields["ExchangeRate"]) for one, amount in settled), ZERO))
        if not rest:
            return
        customers = paid.entity == "Payment"
        account = "Accounts Receivable (A/R) - EUR" if customers else "Accounts Payable (A/P) - EUR"
        party = self.store.records["Customer" if customers else "Vendor"][
            paid.fields["CustomerRef" if customers else "VendorRef"]["value"]
        ]
        side, other = ("Debit", "Credit") if (rest > 0) == customers else ("Credit", "Debit")
        rows = [(account, side, abs(Decimal(rest))), ("Exchange Gain or Loss", other, abs(Decimal(rest)))]
        entry = self._journal(rows, False, party)
        self.gains[paid.key] = entry.key
        self.books.link(entry, paid)

    def _settles(self, one: Record, amount: Decimal) -> Fields:
        line: Fields = {"Amount": money(amount), "LinkedTxn": [{"TxnId": one.id, "TxnType": one.entity}]}
        if one.entity in ("Invoice", "CreditMemo"):
            value = {"Name": "txnReferenceNumber", "Value": one.fields.get("DocNumber", "")}
            line["LineEx"] = {"any": [{"name": "{http://schema.intuit.com/finance/v3}NameValue", "value": value}]}
        return line

    def _of(self, party: str, entity: str) -> list[Record]:
        kind = "Vendor" if entity in ("Bill", "VendorCredit") else "Customer"
        return [self.store.records[entity][id] for each, id in self.books.dealings_of[kind, party] if each == entity]

    def _party(self, entity: str, foreign: bool | None, regular: bool = False) -> Record | None:
        def fits(one: Record) -> bool:
            return one.fields["Active"] and foreign in (None, currency_of(self.store, one.fields) != HOME)

        records = self.people.regulars() if regular else list(self.store.records[entity].values())
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
        rate = self.rate(currency_of(self.store, party.fields)) if party is not None else None
        return {"TotalAmt": total} if rate is None else {"TotalAmt": total, "HomeTotalAmt": money(total * rate)}

    def _number(self, prefix: str) -> str:
        return f"{prefix}{1000 + self.store.next_number(f'number {prefix}')}"

    def _custom_fields(self) -> list[Fields] | None:
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
        charge = {"Type": "Visa", "Number": "xxxxxxxxxxxx0123", "NameOnAcct": "A. Nobody", "CcExpiryMonth": 4,
                  "CcExpiryYear": 2029, "BillAddrStreet": "1 Mill Row", "PostalCode": "94000", "Amount": amount,
                  "ProcessPayment": False}  # fmt: skip
        response = {"Status": "Completed", "AuthCode": "A10023", "CCTransId": f"CT{self.store.now}",
                    "TxnAuthorizationTime": times.stamp(self.store.now, 1)}  # fmt: skip
        return {"CreditCardPayment": {"CreditChargeInfo": charge, "CreditChargeResponse": response}}
