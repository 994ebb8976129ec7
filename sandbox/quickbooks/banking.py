"""Bank and books: deposits, transfers, card payments and journal entries."""

from decimal import Decimal

from sandbox.quickbooks import lines as made
from sandbox.quickbooks.books import money
from sandbox.quickbooks.chart import HOME
from sandbox.quickbooks.desk import NOTES, Desk
from sandbox.quickbooks.ledger import ZERO, undeposited
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record


class Banking(Desk):
    """Everything that has no other party."""

    def deposit(self) -> Record | None:
        """What lies in Undeposited Funds goes to the bank; interest or a prepayment may come with it."""
        funds = undeposited(self.store)
        waiting = [
            one
            for one in self.store.all("Payment", "SalesReceipt")
            if one.fields["DepositToAccountRef"]["value"] == funds
            and one.key not in self.deposited
            and one.fields["TotalAmt"]
        ]
        received = waiting[: 1 + int(self.random.random() * 4)]
        rows: list[Fields] = [
            {
                "Amount": one.fields["TotalAmt"],
                "LinkedTxn": [{"TxnId": one.id, "TxnType": one.entity, "TxnLineId": "0"}],
            }
            for one in received
        ]
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
            rows.append(
                {
                    "Id": str(len(rows) + 1),
                    "LineNum": len(rows) + 1,
                    "Amount": amount,
                    "Description": "Received",
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": detail,
                }
            )
        tax = made.taxes(rows[-1]["Amount"], self.chart.rates[:1], None) if taxed else None
        total = sum((Decimal(row["Amount"]) for row in rows), ZERO) + Decimal((tax or {}).get("TotalTax", 0))
        deposit = self.books.add(
            "Deposit",
            {
                "TxnDate": self.today,
                "DepositToAccountRef": ref(self.chart.account("Operating Checking")),
                "Line": rows,
                "TotalAmt": money(total),
                "TxnTaxDetail": tax,
                **self._currency(HOME),
                "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
                "DepartmentRef": ref(self.some(self.chart.departments)) if self.maybe(0.2) else None,
                "TxnSource": "QBMobile" if self.maybe(0.1) else None,
            },
        )
        self.deposited.update((one.key, deposit.key) for one in received)
        return deposit

    def transfer(self) -> Record | None:
        """Between accounts of the home currency, which it does not name."""
        pair = self.some((("Operating Checking", "Payroll Checking"), ("Operating Checking", "Reserve Savings")))
        one, other = pair if self.maybe(0.8) else pair[::-1]
        return self.books.add(
            "Transfer",
            {
                "TxnDate": self.today,
                "Amount": Decimal(int(100 + self.random.random() * 9_000)),
                "FromAccountRef": ref(self.chart.account(one)),
                "ToAccountRef": ref(self.chart.account(other)),
                "PrivateNote": self.some(NOTES) if self.maybe(0.2) else None,
            },
        )

    def card_payment(self) -> Record | None:
        return self.books.add(
            "CreditCardPayment",
            {
                "TxnDate": self.today,
                "Amount": Decimal(int(50_00 + self.random.random() * 900_00)) / 100,
                "CreditCardAccountRef": ref(self.chart.account(self.some(("Harbor Card", "Travel Card")))),
                "BankAccountRef": ref(self.chart.account("Operating Checking")),
            },
        )

    def journal_entry(self) -> Record | None:
        """Wages, depreciation, or an adjustment in several lines; its lines begin with Id 0."""
        amount = Decimal(int(100_00 + self.random.random() * 5_000_00)) / 100
        kind = self.some(("wages", "depreciation", "adjustment"))
        taxed = None
        if kind == "wages":
            held = Decimal(money(amount * Decimal("0.23")))
            rows = [
                ("Wages", "Debit", amount),
                ("Payroll Liabilities", "Credit", held),
                ("Payroll Checking", "Credit", amount - held),
            ]
        elif kind == "depreciation":
            rows = [("Accumulated Depreciation", "Credit", amount), ("Depreciation", "Debit", amount)]
        else:
            part = Decimal(money(amount / 3))
            rows = [
                ("Insurance", "Debit", part),
                ("Prepaid Expenses", "Credit", amount),
                ("Rent", "Debit", amount - part),
            ]
            detail = {
                "TaxRateRef": {"value": self.chart.rates[2].id},
                "PercentBased": True,
                "TaxPercent": 0,
                "NetAmountTaxable": amount,
            }
            taxed = {"TotalTax": 0, "TaxLine": [{"Amount": 0, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}]}
        return self._journal(rows, kind == "adjustment", None, TxnTaxDetail=taxed)

    def opening(self, rows: list[tuple[str, str, Decimal]]) -> Record:
        """The opening balances, as a journal entry."""
        return self._journal(rows, False, None)
