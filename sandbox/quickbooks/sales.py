"""What is sold: invoices, receipts, credits, estimates, and what customers pay for them."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sandbox.quickbooks import lines as made
from sandbox.quickbooks import times
from sandbox.quickbooks.books import money
from sandbox.quickbooks.chart import HOME
from sandbox.quickbooks.desk import NOTES, REMARKS, Desk, about
from sandbox.quickbooks.ledger import ZERO, currency_of, receivable, undeposited
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.stock import enough
from sandbox.quickbooks.store import Fields, Record


class Sales(Desk):
    """Everything between the company and its customers."""

    def sales_lines(self, foreign: bool, count: int | None = None) -> list[Fields]:
        """Sales lines, now and then with a remark. Sold abroad it bears no tax; what is not in store stays unsold."""
        names = ["Design hours", "Consulting hours", "Strategy workshop", "Support retainer"]
        names += [] if foreign else ["Printed guide", "Sample box", "Signage panel"]
        left = {name: self.chart.item(name).fields["QtyOnHand"] for name in self.chart.stocked}
        found = []
        for number in range(count if count is not None else 1 + self.whole(4)):
            name = self.some([*names, *(each for each, there in left.items() if there > 0)])
            item = self.chart.item(name)
            thing = item.fields["Type"] != "Service"
            quantity = Decimal(1 + self.whole(40)) / (1 if thing else 4)
            if name in left:
                quantity = min(quantity, left[name], Decimal(4))
                left[name] -= quantity
            price = item.fields["UnitPrice"] if self.maybe(0.7) else money(Decimal(item.fields["UnitPrice"]) * 9 / 10)
            account = item.fields["IncomeAccountRef"] if self.maybe(0.3) else None
            found.append(
                made.sale(
                    item,
                    quantity,
                    price,
                    taxed=thing and not foreign,
                    description=f"{item.fields['Name']} {number + 1}",
                    ItemAccountRef=account,
                    ServiceDate=self.today if not thing and self.maybe(0.5) else None,
                    **self.drawn("ClassRef%40:class"),
                )
            )
        if self.maybe(0.15):
            found.append(made.remark(self.some(REMARKS)))
        if count is None and self.maybe(0.05):
            found.append(made.shipping(self.amount(0, 40), self.chart.account("Sales of Kits")))
        return found

    def kit_lines(self, given_away: bool = False, beside: Sequence[Fields] = ()) -> list[Fields]:
        """One bundle that is in store after what is `beside` it. One that costs something stands alone, and only
        invoices and estimates have those: the models of quickbooks.md 9 post no other bundle."""
        quantity = 1 + self.whole(3)
        lines = [self._kit(kit, quantity, given_away) for kit in self.chart.kits]
        return [self.some([line for line in lines if enough(self.store, "Invoice", [*beside, line])])]

    def _kit(self, group: Record, quantity: int, given_away: bool) -> Fields:
        parts = []
        for part in group.fields["ItemGroupDetail"]["ItemGroupLine"]:
            item = self.store.kinds["Item"][part["ItemRef"]["value"]]
            parts.append(
                made.sale(
                    item,
                    part["Qty"] * quantity,
                    0 if given_away else item.fields["UnitPrice"],
                    taxed=True,
                    description=item.fields["Name"],
                    ItemAccountRef=item.fields["IncomeAccountRef"],
                )
            )
        return made.bundle(group, quantity, parts)

    def sale(self, customer: Record, lines: list[Fields], discounted: bool = False) -> Fields:
        """The part of a sales form that its lines make: lines, tax, totals."""
        sent, tax = lines, Fields(TxnTaxDetail=None, GlobalTaxCalculation=None)
        if not self.abroad(customer):
            sent, tax = self._tax(lines, self.chart.rates[:2])
        body = made.numbered([*sent, made.subtotal(sent)])
        if discounted:
            percent = 5 * (1 + self.whole(3)) if self.maybe(0.5) else None
            body.append(made.discount(sent, percent, made.amount_of(sent) / 20, self.chart.account("Discounts given")))
        total = self._total(made.total(body, tax["TxnTaxDetail"]), customer)
        return {"Line": body, "ApplyTaxAfterDiscount": False, **tax, **total}

    def form(self, customer: Record, prefix: str) -> Fields:
        """The head of a sales form. Its addresses are the customer's, a copy under an id of its own, or absent."""
        fields: Fields = {
            **self.drawn("CustomField:custom TxnDate:today"),
            "DocNumber": self.number(prefix),
            "CustomerRef": ref(customer),
            "CustomerMemo": {"value": self.some(NOTES)} if self.maybe(0.3) else None,
            "PrintStatus": "NeedToPrint" if self.maybe(0.5) else "NotSet",
            "EmailStatus": "NotSet",
            **self.drawn("PrivateNote%20:note DepartmentRef%40:department ClassRef%20:class"),
            **self._currency(currency_of(self.store, customer.fields)),
        }
        email = customer.fields.get("PrimaryEmailAddr")
        if email:
            fields["BillEmail"] = email
        if "BillAddr" in customer.fields:
            fields["BillAddr"] = self.people.address() if self.maybe(0.3) else customer.fields["BillAddr"]
        if "ShipAddr" in customer.fields and self.maybe(0.6):
            # Some forms only name the address (quickbooks.md 3.4).
            shipping = customer.fields["ShipAddr"]
            fields["ShipAddr"] = {"Id": shipping["Id"]} if customer.number % 2 else shipping
        return fields

    def invoice(self, count: int | None = None, customer: Record | None = None, kit: bool = False) -> Record | None:
        """`count`: number of sales lines."""
        customer = customer or self.customer(False if kit else None)
        if customer is None:
            return None
        lines = self.kit_lines() if kit else self.sales_lines(self.abroad(customer), count)
        terms = self.some(self.chart.terms)
        due = date.fromisoformat(self.today) + timedelta(days=terms.fields["DueDays"])
        delivery = {"DeliveryType": "Email", "DeliveryTime": times.stamp(self.store.now, 1)}
        return self.books.add(
            "Invoice",
            {
                **self.form(customer, ""),
                "SalesTermRef": ref(terms) if self.maybe(0.7) else None,
                "DueDate": due.isoformat(),
                **self.drawn("ShipDate%10:today TrackingNum%10:tracking"),
                "DeliveryInfo": delivery if self.maybe(0.3) else None,
                **dict.fromkeys(("AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineACHPayment"), False),
                **self.drawn("AllowOnlineCreditCardPayment?50"),
                **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
            },
        )

    def kit_invoice(self) -> Record | None:
        """A bundle on an invoice of its own."""
        return self.invoice(kit=True)

    def invoice_of_estimate(self) -> Record | None:
        """An estimate becomes an invoice, and both name each other."""
        estimate, customer = self._of_somebody("Estimate", lambda one: one["TxnStatus"] in ("Accepted", "Pending"))
        if estimate is None or customer is None or estimate.fields["TotalAmt"] == 0:
            return None
        if not enough(self.store, "Invoice", estimate.fields["Line"]):
            return None
        kept = ("Line", "TxnTaxDetail", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "TotalAmt")
        fields = {**self.form(customer, ""), "DueDate": self.today}
        fields.update((name, estimate.fields[name]) for name in kept if name in estimate.fields)
        invoice = self.books.add("Invoice", {**fields, **self._total(fields["TotalAmt"], customer)})
        self.books.edit(estimate, TxnStatus="Closed")
        self.books.link(estimate, invoice)
        return invoice

    def invoice_of_time(self) -> Record | None:
        """Billable hours become an invoice that names them."""
        hours, customer = self._of_somebody("TimeActivity", lambda one: one["BillableStatus"] == "Billable")
        if hours is None or customer is None:
            return None
        quantity = hours.fields["Hours"] + Decimal(hours.fields["Minutes"]) / 60
        item = self.chart.item("Design hours")
        line = made.sale(item, quantity, 95, taxed=False, description="Hours", ServiceDate=hours.fields["TxnDate"])
        invoice = self._invoice(customer, [line])
        self.books.edit(hours, BillableStatus="HasBeenBilled")
        self.books.link(hours, invoice)
        return invoice

    def invoice_of_charge(self) -> Record | None:
        """A charge is put on an invoice or a sales receipt, and both name each other."""
        charge, customer = self._of_somebody("ReimburseCharge", lambda one: not one["HasBeenInvoiced"])
        if charge is None or customer is None:
            return None
        if self.maybe(0.3):
            form = self.sales_receipt(customer)
        else:
            account = self.chart.account("Billable Expense Income")
            form = self._invoice(customer, [made.reimbursed(charge.fields["Amount"], ItemAccountRef=ref(account))])
        if form is not None:
            self.books.edit(charge, HasBeenInvoiced=True)
            self.books.link(charge, form)
        return form

    def _of_somebody(self, entity: str, fits: Callable[[Fields], bool]) -> tuple[Record | None, Record | None]:
        """Something that fits, and its customer, who may be gone."""
        found: Record | None = self.some([one for one in self.store.all(entity) if fits(one.fields)])
        return found, self.store.get("Customer", found.fields["CustomerRef"]["value"]) if found else None

    def _invoice(self, customer: Record, lines: list[Fields]) -> Record:
        """A plain one, due at once."""
        head = {**self.form(customer, ""), "DueDate": self.today}
        return self.books.add("Invoice", {**head, **self.sale(customer, lines)})

    def payment(self) -> Record | None:
        """One customer pays up to three invoices, some in part, a credit memo may help, some pay too much."""
        invoice: Record | None = self.some(self.still_open(self.store.all("Invoice")))
        if invoice is None:
            return None
        rows, rest = self.settling(invoice, "CreditMemo", 2, partly=0.15)
        currency = currency_of(self.store, invoice.fields)
        surplus = Decimal(25) if self.maybe(0.05) and currency == HOME else ZERO
        method = self.some(self.chart.methods)
        total = money(rest + surplus)
        return self.books.add(
            "Payment",
            {
                **self._currency(currency),
                "CustomerRef": invoice.fields["CustomerRef"],
                "DepositToAccountRef": self._into(currency != HOME),
                "ARAccountRef": {"value": receivable(self.store, currency)},
                "PaymentMethodRef": ref(method),
                "TotalAmt": total,
                "UnappliedAmt": money(surplus),
                "ProcessPayment": False,
                "Line": rows,
                **self.drawn("TxnDate:today PaymentRefNum%50:number PrivateNote%20:note TxnSource%10!QBMobile"),
                **self._card(method, total),
            },
        )

    def _into(self, foreign: bool) -> Fields:
        """Where what is received goes: most of it waits to be deposited."""
        bank = self.chart.account("Euro Account" if foreign else "Operating Checking").id
        return {"value": undeposited(self.store) if not foreign and self.maybe(0.7) else bank}

    def apply(self, payment: Record) -> bool:
        """Settle an open invoice with what is left of a payment."""
        who = payment.fields["CustomerRef"]["value"]
        invoice = self.some(self.still_open(self._of(who, "Invoice")))
        if invoice is None:
            return False
        amount = min(Decimal(payment.fields["UnappliedAmt"]), Decimal(invoice.fields["Balance"]))
        if any(line["LinkedTxn"][0]["TxnId"] == invoice.id for line in payment.fields["Line"]):
            return False
        rows = [*payment.fields["Line"], self._settles(invoice, amount)]
        self.books.edit(payment, Line=rows, UnappliedAmt=money(Decimal(payment.fields["UnappliedAmt"]) - amount))
        return True

    @about(Desk.customer)
    def credit_memo(self, customer: Record) -> Record:
        lines = self._with_gift(customer, 1)
        return self.books.add("CreditMemo", {**self.form(customer, "CM-"), **self.sale(customer, lines)})

    @about(Desk.customer)
    def sales_receipt(self, customer: Record) -> Record:
        method = self.some(self.chart.methods)
        sale = self.sale(customer, self._with_gift(customer))
        into = self._into(self.abroad(customer))
        return self.books.add(
            "SalesReceipt",
            {
                **self.drawn("ShipDate%20:today TrackingNum%10!TR1"),
                **self.form(customer, "SR-"),
                **sale,
                "Balance": 0,
                "DepositToAccountRef": into,
                "PaymentMethodRef": ref(method),
                **self.drawn("PaymentRefNum%40:number"),
                **self._card(method, sale["TotalAmt"]),
            },
        )

    @about(Desk.customer)
    def refund_receipt(self, customer: Record) -> Record:
        method = self.some(self.chart.methods)
        sale = self.sale(customer, self._with_gift(customer, 1))
        check = "CheckNum:number NameOnAcct!A._Nobody AcctNum!xxxx0123 BankName!Quay_Bank Status!Completed"
        how = {"CheckPayment": self.drawn(check)} if self.maybe(0.3) else {}
        account = self.chart.account("Euro Account" if self.abroad(customer) else "Operating Checking")
        return self.books.add(
            "RefundReceipt",
            {
                **self.form(customer, "RR-"),
                **sale,
                **how,
                "Balance": 0,
                "PaymentMethodRef": ref(method),
                "DepositToAccountRef": ref(account),
                "PaymentType": "Check" if how else "Cash",
                **self._card(method, sale["TotalAmt"]),
            },
        )

    @about(Desk.customer)
    def estimate(self, customer: Record) -> Record:
        status = self.some(("Pending", "Accepted", "Rejected"))
        kit = not self.abroad(customer) and self.maybe(0.2)
        lines = self.kit_lines() if kit else self.sales_lines(self.abroad(customer))
        return self.books.add(
            "Estimate",
            {
                **self.form(customer, "E-"),
                **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
                **self.decision(status),
                **self.drawn(
                    "ExpirationDate%60:in_a_month DueDate%20:in_a_month ShipDate%20:today SalesTermRef%20:terms"
                ),
            },
        )

    def decision(self, status: str) -> Fields:
        """What an estimate says when it was decided on."""
        by = {"AcceptedBy": "A. Nobody", "AcceptedDate": self.today} if status in ("Accepted", "Closed") else {}
        return {"TxnStatus": status, **by}

    @about(Desk.customer)
    def reimburse_charge(self, customer: Record) -> Record:
        amount = self.amount(10, 200)
        return self.books.add(
            "ReimburseCharge",
            {
                "TxnDate": self.today,
                "CustomerRef": ref(customer),
                "HasBeenInvoiced": False,
                "Amount": amount,
                **self._currency(currency_of(self.store, customer.fields)),
                "HomeTotalAmt": self._total(amount, customer).get("HomeTotalAmt"),
                "Line": made.numbered([made.reimbursed(amount)]),
            },
        )

    def _with_gift(self, customer: Record, count: int | None = None) -> list[Fields]:
        """Sales lines; now and then a bundle comes for nothing."""
        foreign = self.abroad(customer)
        lines = self.sales_lines(foreign, count)
        return lines + (self.kit_lines(True, lines) if not foreign and self.maybe(0.15) else [])
