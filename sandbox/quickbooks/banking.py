"""Bank and books: deposits, transfers, card payments and journal entries."""

from decimal import Decimal
from typing import Any

from sandbox.quickbooks import lines as made
from sandbox.quickbooks.books import money, type_of
from sandbox.quickbooks.chart import CARDS, FOREIGN, HOME
from sandbox.quickbooks.desk import Desk
from sandbox.quickbooks.ledger import ZERO, currency_of, undeposited
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record


class Banking(Desk):
    """Everything that has no other party."""

    def deposit(self, foreign: bool | None = None) -> Record | None:
        """What lies in Undeposited Funds goes to the bank; interest or a prepayment may come with it. The euro account
        gets interest and prepayments only: what comes from abroad is paid into it at once."""
        if self.maybe(0.1) if foreign is None else foreign:
            return self._deposit("Euro Account", FOREIGN, [self._received(1, "Interest Earned", True)], None)
        received = self._waiting()[: 1 + self.whole(4)]
        if sum((amount for _, amount in received), ZERO) <= 0:
            received = [(one, amount) for one, amount in received if amount > 0]
        rows: list[Fields] = [
            {"Amount": amount, "LinkedTxn": [{"TxnId": one.id, "TxnType": type_of(one), "TxnLineId": "0"}]}
            for one, amount in received
        ]
        taxed, gross = self.maybe(0.1), None
        if self.maybe(0.3) or not rows or taxed:
            row = self._received(len(rows) + 1, "Customer Prepayments" if taxed else "Interest Earned", False)
            if taxed:
                row["DepositLineDetail"] |= {"TaxCodeRef": {"value": made.TAXED}, "TaxApplicableOn": "Sales"}
            if taxed and self.maybe(0.3):
                gross, row["Amount"] = row["Amount"], made.net(row["Amount"], self.chart.rates[:1])
            rows.append(row)
        tax = made.taxes(rows[-1]["Amount"], self.chart.rates[:1], None, gross) if taxed else None
        deposit = self._deposit("Operating Checking", HOME, rows, tax, made.INCLUSIVE if gross is not None else None)
        for one, _ in received:
            self.deposited[one.key] = deposit.key
            self.books.link(one, deposit)
        return deposit

    def _waiting(self) -> list[tuple[Record, Decimal]]:
        """What lies in Undeposited Funds, the oldest first, and how much; below 0 what was taken out to pay a bill."""
        funds, found = undeposited(self.store), []
        kinds = self.store.all("Payment", "SalesReceipt", "JournalEntry", "BillPayment")
        for one in sorted(kinds, key=lambda record: record.number):
            amount = sum((own for id, _, own in self.books.ledger.entries[one.key] if id == funds), ZERO)
            if amount and one.key not in self.deposited:
                found.append((one, amount))
        return found

    def _deposit(
        self, account: str, currency: str, rows: list[Fields], tax: Fields | None, calculation: str | None = None
    ) -> Record:
        return self.books.add(
            "Deposit",
            {
                "DepositToAccountRef": ref(self.chart.account(account)),
                "Line": rows,
                "TxnTaxDetail": tax,
                "GlobalTaxCalculation": calculation,
                **self._currency(currency),
                **self._in_home(made.total(rows, tax), currency),
                **self.drawn("TxnDate:today PrivateNote%20:note DepartmentRef%20:department TxnSource%10!QBMobile"),
            },
        )

    def _received(self, number: int, account: str, foreign: bool) -> Fields:
        """A line of a deposit that no receipt stands behind."""
        customer = self.customer(foreign)
        detail: Fields = {"AccountRef": ref(self.chart.account(account)), **self.drawn("PaymentMethodRef:method")}
        if customer is not None and self.maybe(0.5):
            detail["Entity"] = ref(customer, type=self.some(("CUSTOMER", "Customer")))
        if self.maybe(0.3):
            detail |= self.drawn("CheckNum:number ClassRef:class")
        told = {"Amount": self.amount(2, 90), "Description": "Received", "DetailType": "DepositLineDetail"}
        return {"Id": str(number), "LineNum": number, **told, "DepositLineDetail": detail}

    def transfer(self, foreign: bool | None = None) -> Record | None:
        """Between accounts of the home currency, which it then does not name, or to the euro account, in euros."""
        foreign = self.maybe(0.1) if foreign is None else foreign
        pair = self.some((("Operating Checking", "Payroll Checking"), ("Operating Checking", "Reserve Savings")))
        pair = ("Operating Checking", "Euro Account") if foreign else pair
        one, other = pair if self.maybe(0.8) else pair[::-1]
        return self.books.add(
            "Transfer",
            {
                **(self._currency(FOREIGN) if foreign else {}),
                "Amount": Decimal(100 + self.whole(9_000)),
                "FromAccountRef": ref(self.chart.account(one)),
                "ToAccountRef": ref(self.chart.account(other)),
                **self.drawn("TxnDate:today PrivateNote%20:note"),
            },
        )

    def card_payment(self, foreign: bool | None = None) -> Record | None:
        """Most of what a card owes is paid."""
        foreign = self.maybe(0.1) if foreign is None else foreign
        card = self.chart.account("Euro Card" if foreign else self.some(CARDS))
        owed = max(Decimal(100), self.books.ledger.balance(card.id))
        return self.books.add(
            "CreditCardPayment",
            {
                "TxnDate": self.today,
                "Amount": money(owed * Decimal(1 - self.random.random() / 2)),
                "CreditCardAccountRef": ref(card),
                "BankAccountRef": ref(self.chart.account("Euro Account" if foreign else "Operating Checking")),
                **(self._currency(FOREIGN) if foreign else {}),
            },
        )

    def journal_entry(self, kind: str | None = None) -> Record | None:
        """Wages, depreciation, an adjustment in several lines, cash that came in, charges of the euro account, or what
        a customer or vendor is let off; its lines begin with Id 0."""
        kinds = ("wages", "wages", "depreciation", "adjustment", "cash", "charges", "Customer", "Vendor")
        kind = kind or self.some(kinds)
        amount = self.amount(100, 5_000)
        if kind == "wages":
            held = Decimal(money(amount * Decimal("0.23")))
            rest = ("Payroll Checking", "Credit", amount - held)
            return self._journal([("Wages", "Debit", amount), ("Payroll Liabilities", "Credit", held), rest])
        if kind == "depreciation":
            return self._journal([("Accumulated Depreciation", "Credit", amount), ("Depreciation", "Debit", amount)])
        if kind == "adjustment":
            return self._adjustment(amount)
        amount = Decimal(money(amount / 100))
        if kind == "cash":
            return self._journal([("Undeposited Funds", "Debit", amount), ("Customer Prepayments", "Credit", amount)])
        if kind == "charges":
            return self._journal([("Bank Charges", "Debit", amount), ("Euro Account", "Credit", amount)], FOREIGN)
        return self._let_off(kind, amount)

    def opening(self) -> None:
        """The balances with which the company came to QuickBooks, in each currency."""
        rows = [
            ("Operating Checking", "Debit", Decimal(250_000)),
            ("Payroll Checking", "Debit", Decimal(50_000)),
            ("Computers", "Debit", Decimal("18432.55")),
            ("Studio Loan", "Credit", Decimal(60_000)),
            ("Opening Balance Equity", "Credit", Decimal("258432.55")),
        ]
        self._journal(rows)
        euros = Decimal(40_000)
        self._journal([("Euro Account", "Debit", euros), ("Opening Balance Equity", "Credit", euros)], FOREIGN)

    def _adjustment(self, amount: Decimal) -> Record:
        part = Decimal(money(amount / 3))
        prepaid = ("Prepaid Expenses", "Credit", amount)
        tax = {"TotalTax": 0, "TaxLine": [made.tax_line(self.chart.rates[2], amount, ZERO)]}
        rows = [("Insurance", "Debit", part), prepaid, ("Rent", "Debit", amount - part)]
        return self._journal(rows, Adjustment=True, TxnTaxDetail=tax)

    def _let_off(self, kind: str, amount: Decimal) -> Record | None:
        """A little of what one of them owes, or is owed, is written off."""
        owing = [one for one in self.store.all(kind) if self.books.of_party[one.key] > amount]
        party: Record | None = self.some(owing)
        if party is None:
            return None
        account, side, other = {
            "Customer": ("Accounts Receivable (A/R)", "Credit", ("Bad Debts", "Debit", amount)),
            "Vendor": ("Accounts Payable (A/P)", "Debit", ("Purchase Discounts", "Credit", amount)),
        }[kind]
        currency = currency_of(self.store, party.fields)
        account += "" if currency == HOME else f" - {currency}"
        return self._journal([(account, side, amount), other], currency, party)

    def _journal(
        self, rows: list[tuple[str, str, Decimal]], currency: str = HOME, party: Record | None = None, **more: Any
    ) -> Record:
        """Rows of account, side and amount; the first one is about `party`."""
        found = []
        for number, (account, side, amount) in enumerate(rows):
            detail: Fields = {"PostingType": side, "AccountRef": ref(self.chart.account(account))}
            if party is not None and number == 0:
                detail["Entity"] = {"Type": party.entity, "EntityRef": ref(party)}
            elif party is None and self.maybe(0.3):
                detail |= self.drawn("ClassRef:class DepartmentRef:department")
            line = made.line("JournalEntryLineDetail", detail, amount, account)
            found.append({"Id": str(number), **line})
        if self.maybe(0.5):
            found.reverse()
        head = {
            **self.drawn("DocNumber%60:journal TxnDate:today PrivateNote%30:note"),
            "Adjustment": False,
            "Line": found,
        }
        named = self._currency(currency) if currency != HOME or self.maybe(0.7) else {}
        return self.books.add("JournalEntry", {**head, **named, **more})
