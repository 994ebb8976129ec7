"""What is sold: invoices, receipts, credits, estimates, and what customers pay for them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sandbox.quickbooks import lines as made
from sandbox.quickbooks import times
from sandbox.quickbooks.books import money
from sandbox.quickbooks.chart import HOME
from sandbox.quickbooks.desk import NOTES, REMARKS, Desk
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
        for number in range(count if count is not None else 1 + int(self.random.random() * 4)):
            name = self.some([*names, *(each for each, there in left.items() if there > 0)])
            item = self.chart.item(name)
            thing = item.fields["Type"] != "Service"
            quantity = Decimal(1 + int(self.random.random() * 40)) / (1 if thing else 4)
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
                    ClassRef=ref(self.some(self.chart.classes)) if self.maybe(0.4) else None,
                )
            )
        if self.maybe(0.15):
            found.append(made.remark(self.some(REMARKS)))
        if count is None and self.maybe(0.05):
            amount = Decimal(int(self.random.random() * 4_000)) / 100
            found.append(made.shipping(amount, self.chart.account("Sales of Kits")))
        return found

    def kit_lines(self, given_away: bool = False, beside: Sequence[Fields] = ()) -> list[Fields]:
        """One bundle that is in store after what is `beside` it. One that costs something stands alone, and only
        invoices and estimates have those: the models of quickbooks.md 9 post no other bundle."""
        quantity = 1 + int(self.random.random() * 3)
        lines = [self._kit(kit, quantity, given_away) for kit in self.chart.kits]
        return [self.some([line for line in lines if enough(self.store, "Invoice", [*beside, line])])]

    def gift(self, beside: Sequence[Fields], foreign: bool) -> list[Fields]:
        """Now and then a bundle comes for nothing."""
        return self.kit_lines(True, beside) if not foreign and self.maybe(0.15) else []

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
            percent = 5 * (1 + int(self.random.random() * 3)) if self.maybe(0.5) else None
            amount = money(sum((Decimal(line.get("Amount", 0)) for line in sent), ZERO) / 20)
            body.append(made.discount(sent, percent, Decimal(amount), self.chart.account("Discounts given")))
        total = self._total(made.total(body, tax["TxnTaxDetail"]), customer)
        return {"Line": body, "ApplyTaxAfterDiscount": False, **tax, **total}

    def form(self, customer: Record, prefix: str) -> Fields:
        """The head of a sales form. Its addresses are the customer's, a copy under an id of its own, or absent."""
        fields: Fields = {
            "CustomField": self._custom_fields(),
            "DocNumber": self._number(prefix),
            "TxnDate": self.today,
            "CustomerRef": ref(customer),
            "CustomerMemo": {"value": self.some(NOTES)} if self.maybe(0.3) else None,
            "PrintStatus": "NeedToPrint" if self.maybe(0.5) else "NotSet",
            "EmailStatus": "NotSet",
            "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.4) else None,
            "ClassRef": ref(self.some(self.chart.classes)) if self.maybe(0.2) else None,
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
        return self.books.add(
            "Invoice",
            {
                **self.form(customer, ""),
                "SalesTermRef": ref(terms) if self.maybe(0.7) else None,
                "DueDate": due.isoformat(),
                "ShipDate": self.today if self.maybe(0.1) else None,
                "TrackingNum": f"TR{self.store.now}" if self.maybe(0.1) else None,
                "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": times.stamp(self.store.now, 1)}
                if self.maybe(0.3)
                else None,
                "AllowIPNPayment": False,
                "AllowOnlinePayment": False,
                "AllowOnlineCreditCardPayment": self.maybe(0.5),
                "AllowOnlineACHPayment": False,
                **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
            },
        )

    def kit_invoice(self) -> Record | None:
        """A bundle on an invoice of its own."""
        return self.invoice(kit=True)

    def invoice_of_estimate(self) -> Record | None:
        """An estimate becomes an invoice, and both name each other."""
        found = [one for one in self.store.all("Estimate") if one.fields["TxnStatus"] in ("Accepted", "Pending")]
        estimate = self.some(found)
        customer = self.store.get("Customer", estimate.fields["CustomerRef"]["value"]) if estimate else None
        if estimate is None or customer is None or estimate.fields["TotalAmt"] == 0:
            return None
        if not enough(self.store, "Invoice", estimate.fields["Line"]):
            return None
        kept = ("Line", "TxnTaxDetail", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "TotalAmt")
        fields = self.form(customer, "")
        fields.update((name, estimate.fields[name]) for name in kept if name in estimate.fields)
        if "ExchangeRate" in fields:
            fields["HomeTotalAmt"] = money(fields["TotalAmt"] * fields["ExchangeRate"])
        invoice = self.books.add("Invoice", {**fields, "DueDate": self.today})
        self.books.edit(estimate, TxnStatus="Closed")
        self.books.link(estimate, invoice)
        return invoice

    def invoice_of_time(self) -> Record | None:
        """Billable hours become an invoice that names them."""
        hours = self.some([one for one in self.store.all("TimeActivity") if one.fields["BillableStatus"] == "Billable"])
        customer = self.store.get("Customer", hours.fields["CustomerRef"]["value"]) if hours else None
        if hours is None or customer is None:
            return None
        quantity = hours.fields["Hours"] + Decimal(hours.fields["Minutes"]) / 60
        item = self.chart.item("Design hours")
        line = made.sale(item, quantity, 95, taxed=False, description="Hours", ServiceDate=hours.fields["TxnDate"])
        invoice = self.books.add(
            "Invoice", {**self.form(customer, ""), "DueDate": self.today, **self.sale(customer, [line])}
        )
        self.books.edit(hours, BillableStatus="HasBeenBilled")
        self.books.link(hours, invoice)
        return invoice

    def invoice_of_charge(self) -> Record | None:
        """A charge is put on an invoice or a sales receipt, and both name each other."""
        charge = self.some([one for one in self.store.all("ReimburseCharge") if not one.fields["HasBeenInvoiced"]])
        customer = self.store.get("Customer", charge.fields["CustomerRef"]["value"]) if charge else None
        if charge is None or customer is None:
            return None
        if self.maybe(0.3):
            form = self.sales_receipt(customer)
        else:
            amount = charge.fields["Amount"]
            account = self.chart.account("Billable Expense Income")
            detail = {"ItemAccountRef": ref(account), "Qty": 1, "UnitPrice": amount}
            line = {
                "Description": "Travel for the project",
                "Amount": amount,
                "DetailType": "ReimburseLineDetail",
                "ReimburseLineDetail": detail,
            }
            head = {**self.form(customer, ""), "DueDate": self.today}
            form = self.books.add("Invoice", {**head, **self.sale(customer, [line])})
        if form is not None:
            self.books.edit(charge, HasBeenInvoiced=True)
            self.books.link(charge, form)
        return form

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
        owed = sum((amount for _, amount in settled), ZERO)
        # The models of quickbooks.md 9 know no credit in a foreign payment.
        credits = self._of(who, "CreditMemo") if currency == HOME else []
        credit = self.some([one for one in credits if one.fields["RemainingCredit"]])
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
        return self.books.add(
            "Payment",
            {
                "TxnDate": self.today,
                **self._currency(currency),
                "CustomerRef": invoice.fields["CustomerRef"],
                "DepositToAccountRef": {"value": into},
                "ARAccountRef": {"value": receivable(self.store, currency)},
                "PaymentMethodRef": ref(method),
                "PaymentRefNum": self._number("") if self.maybe(0.5) else None,
                "TotalAmt": total,
                "UnappliedAmt": money(surplus),
                "ProcessPayment": False,
                "Line": rows,
                "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
                "TxnSource": "QBMobile" if self.maybe(0.1) else None,
                **self._card(method, total),
            },
        )

    def apply(self, payment: Record) -> bool:
        """Settle an open invoice with what is left of a payment."""
        who = payment.fields["CustomerRef"]["value"]
        invoice = self.some([one for one in self._of(who, "Invoice") if one.fields["Balance"]])
        if invoice is None:
            return False
        amount = min(Decimal(payment.fields["UnappliedAmt"]), Decimal(invoice.fields["Balance"]))
        if any(line["LinkedTxn"][0]["TxnId"] == invoice.id for line in payment.fields["Line"]):
            return False
        rows = [*payment.fields["Line"], self._settles(invoice, amount)]
        self.books.edit(payment, Line=rows, UnappliedAmt=money(Decimal(payment.fields["UnappliedAmt"]) - amount))
        return True

    def credit_memo(self, customer: Record | None = None) -> Record | None:
        customer = customer or self.customer()
        if customer is None:
            return None
        foreign = self.abroad(customer)
        lines = self.sales_lines(foreign, 1)
        lines += self.gift(lines, foreign)
        return self.books.add("CreditMemo", {**self.form(customer, "CM-"), **self.sale(customer, lines)})

    def sales_receipt(self, customer: Record | None = None) -> Record | None:
        customer = customer or self.customer()
        if customer is None:
            return None
        foreign = self.abroad(customer)
        method = self.some(self.chart.methods)
        lines = self.sales_lines(foreign)
        sale = self.sale(customer, lines + self.gift(lines, foreign))
        bank = self.chart.account("Euro Account" if foreign else "Operating Checking").id
        into = undeposited(self.store) if not foreign and self.maybe(0.7) else bank
        return self.books.add(
            "SalesReceipt",
            {
                "ShipDate": self.today if self.maybe(0.2) else None,
                "TrackingNum": "TR1" if self.maybe(0.1) else None,
                **self.form(customer, "SR-"),
                **sale,
                "Balance": 0,
                "DepositToAccountRef": {"value": into},
                "PaymentMethodRef": ref(method),
                "PaymentRefNum": self._number("") if self.maybe(0.4) else None,
                **self._card(method, sale["TotalAmt"]),
            },
        )

    def refund_receipt(self, customer: Record | None = None) -> Record | None:
        customer = customer or self.customer()
        if customer is None:
            return None
        foreign = self.abroad(customer)
        method = self.some(self.chart.methods)
        lines = self.sales_lines(foreign, 1)
        sale = self.sale(customer, lines + self.gift(lines, foreign))
        check: Fields | None = None
        if self.maybe(0.3):
            check = {
                "CheckNum": self._number(""),
                "NameOnAcct": "A. Nobody",
                "AcctNum": "xxxx0123",
                "BankName": "Quay Bank",
                "Status": "Completed",
            }
        return self.books.add(
            "RefundReceipt",
            {
                **self.form(customer, "RR-"),
                **sale,
                "Balance": 0,
                "PaymentMethodRef": ref(method),
                "CheckPayment": check,
                "DepositToAccountRef": ref(self.chart.account("Euro Account" if foreign else "Operating Checking")),
                "PaymentType": "Check" if check else "Cash",
                **self._card(method, sale["TotalAmt"]),
            },
        )

    def estimate(self, customer: Record | None = None) -> Record | None:
        customer = customer or self.customer()
        if customer is None:
            return None
        foreign = self.abroad(customer)
        status = self.some(("Pending", "Accepted", "Rejected"))
        by = {"AcceptedBy": "A. Nobody", "AcceptedDate": self.today} if status == "Accepted" else {}
        until = date.fromisoformat(self.today) + timedelta(days=30)
        kit = not foreign and self.maybe(0.2)
        lines = self.kit_lines() if kit else self.sales_lines(foreign)
        return self.books.add(
            "Estimate",
            {
                **self.form(customer, "E-"),
                **self.sale(customer, lines, discounted=not kit and self.maybe(0.2)),
                "TxnStatus": status,
                "ExpirationDate": until.isoformat() if self.maybe(0.6) else None,
                **by,
                "DueDate": until.isoformat() if self.maybe(0.2) else None,
                "ShipDate": self.today if self.maybe(0.2) else None,
                "SalesTermRef": ref(self.some(self.chart.terms)) if self.maybe(0.2) else None,
            },
        )

    def reimburse_charge(self, customer: Record | None = None) -> Record | None:
        customer = customer or self.customer()
        if customer is None:
            return None
        amount = Decimal(int(10_00 + self.random.random() * 200_00)) / 100
        line = {
            "Id": "1",
            "LineNum": 1,
            "Amount": amount,
            "Description": "Travel for the project",
            "DetailType": "ReimburseLineDetail",
            "ReimburseLineDetail": {"Qty": 1, "UnitPrice": amount},
        }
        return self.books.add(
            "ReimburseCharge",
            {
                "TxnDate": self.today,
                "CustomerRef": ref(customer),
                "HasBeenInvoiced": False,
                "Amount": amount,
                **self._currency(currency_of(self.store, customer.fields)),
                "HomeTotalAmt": self._total(amount, customer).get("HomeTotalAmt"),
                "Line": [line],
            },
        )
