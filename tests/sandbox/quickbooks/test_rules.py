"""What QuickBooks refuses to write is not written: currencies that do not agree, entries that do not balance."""

from decimal import Decimal
from typing import Any

import pytest

from sandbox.company import Company
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.rules import Refused
from tests.sandbox.conftest import Clock

RECEIVABLE, PAYABLE = "Accounts Receivable (A/R)", "Accounts Payable (A/P)"
EURO = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": Decimal("1.1")}
HOME = {"CurrencyRef": {"value": "USD"}}


@pytest.fixture(scope="module")
def vendor() -> QuickBooks:
    return QuickBooks(Company(1, 0.1), Clock().now)


def account(vendor: QuickBooks, name: str) -> dict[str, Any]:
    return {"value": vendor.trade.chart.account(name).id}


def party(vendor: QuickBooks, kind: str, foreign: bool) -> dict[str, Any]:
    record = vendor.trade.customer(foreign) if kind == "Customer" else vendor.trade.vendor(foreign)
    assert record is not None
    return {"value": record.id}


def journal(vendor: QuickBooks, *rows: tuple[str, str, int, str], foreign: bool = False) -> dict[str, Any]:
    """Rows of account, side, amount, and `Customer` or `Vendor`, abroad if it ends with `EUR`."""
    lines = []
    for name, side, amount, who in rows:
        detail: dict[str, Any] = {"PostingType": side, "AccountRef": account(vendor, name)}
        if who:
            kind = who.removesuffix("EUR")
            detail["Entity"] = {"Type": kind, "EntityRef": party(vendor, kind, who.endswith("EUR"))}
        lines.append({"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail})
    return {"TxnDate": "2026-01-05", "Line": lines, **(EURO if foreign else HOME)}


def test_a_transaction_has_the_currency_of_its_customer_or_vendor(vendor: QuickBooks) -> None:
    for entity, kind, name in (("Invoice", "Customer", RECEIVABLE), ("Bill", "Vendor", PAYABLE)):
        for foreign, currency in ((True, HOME), (False, EURO)):
            form = {"TxnDate": "2026-01-05", "Line": [], "TotalAmt": 0, **currency}
            form |= {f"{kind}Ref": party(vendor, kind, foreign)}
            if entity == "Bill":
                form["APAccountRef"] = account(vendor, name + (" - EUR" if foreign else ""))
            refused(vendor, entity, form, f"in the currency of the {kind.lower()}")


def test_an_account_has_the_currency_of_the_transaction_or_the_home_currency(vendor: QuickBooks) -> None:
    deposit = {"TxnDate": "2026-01-05", "Line": [], "TotalAmt": 0}
    into = {"DepositToAccountRef": account(vendor, "Euro Account")}
    refused(vendor, "Deposit", {**deposit, **HOME, **into}, "home currency or the transaction currency")
    assert vendor.books.add("Deposit", {**deposit, **EURO, **into})
    assert vendor.books.add("Deposit", {**deposit, **EURO, "DepositToAccountRef": account(vendor, "Reserve Savings")})


def test_a_payment_goes_to_the_receivables_of_its_currency_and_settles_nothing_else(vendor: QuickBooks) -> None:
    of_home, abroad = (
        next(one for one in vendor.store.all("Invoice") if one.fields["CurrencyRef"]["value"] == code)
        for code in ("USD", "EUR")
    )
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": of_home.id, "TxnType": "Invoice"}]}
    payment = {
        "TxnDate": "2026-01-05",
        "CustomerRef": abroad.fields["CustomerRef"],
        "DepositToAccountRef": account(vendor, "Euro Account"),
        "TotalAmt": 1,
        "UnappliedAmt": 0,
        "Line": [],
        **EURO,
    }
    refused(vendor, "Payment", {**payment, "ARAccountRef": account(vendor, RECEIVABLE)}, "transaction currency")
    right = {**payment, "ARAccountRef": account(vendor, f"{RECEIVABLE} - EUR")}
    refused(vendor, "Payment", {**right, "Line": [line]}, "in the currency of what it settles")


@pytest.mark.parametrize(
    ("foreign", "rows", "why"),
    [
        (False, [("Rent", "Debit", 5, ""), ("Insurance", "Credit", 4, "")], "Debits must equal credits"),
        (False, [("Rent", "Debit", 5, ""), ("Euro Account", "Credit", 5, "")], "transaction currency"),
        # A gain in the home currency on a foreign receivable: it belongs to the payment.
        (
            False,
            [(f"{RECEIVABLE} - EUR", "Debit", 5, "CustomerEUR"), ("Exchange Gain or Loss", "Credit", 5, "")],
            "transaction currency",
        ),
        (False, [(RECEIVABLE, "Debit", 5, ""), ("Rent", "Credit", 5, "")], "you must choose a customer"),
        (False, [(PAYABLE, "Debit", 5, "Customer"), ("Rent", "Credit", 5, "")], "you must choose a vendor"),
        (
            True,
            [(f"{RECEIVABLE} - EUR", "Debit", 5, "Customer"), ("Rent", "Credit", 5, "")],
            "currency of the customer",
        ),
        (
            True,
            [(f"{PAYABLE} - EUR", "Debit", 5, "VendorEUR"), ("Operating Checking", "Credit", 5, "")],
            "home currency balance sheet accounts",
        ),
    ],
)
def test_entries_that_quickbooks_refuses(vendor: QuickBooks, foreign: bool, rows: Any, why: str) -> None:
    refused(vendor, "JournalEntry", journal(vendor, *rows, foreign=foreign), why)


def test_an_entry_on_receivables_changes_what_the_customer_owes(vendor: QuickBooks) -> None:
    entry = journal(vendor, (f"{RECEIVABLE} - EUR", "Debit", 5, "CustomerEUR"), ("Rent", "Credit", 5, ""), foreign=True)
    id = entry["Line"][0]["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"]
    before = vendor.store.kinds["Customer"][id].fields["Balance"]
    written = vendor.books.add("JournalEntry", entry)
    assert vendor.store.kinds["Customer"][id].fields["Balance"] == before + 5
    vendor.books.delete(written)
    assert vendor.store.kinds["Customer"][id].fields["Balance"] == before


def test_income_is_kept_in_the_home_currency(vendor: QuickBooks) -> None:
    fields = {**vendor.trade.chart.account("Design Income").fields, "CurrencyRef": {"value": "EUR"}}
    refused(vendor, "Account", {**fields, "Name": "Design Income - EUR"}, "kept in the home currency")


def test_an_edit_is_refused_like_a_new_transaction(vendor: QuickBooks) -> None:
    invoice = next(one for one in vendor.store.all("Invoice") if one.fields["CurrencyRef"]["value"] == "USD")
    before = vendor.truth()
    with pytest.raises(Refused):
        vendor.books.edit(invoice, CustomerRef=party(vendor, "Customer", True))
    assert vendor.truth() == before


def refused(vendor: QuickBooks, entity: str, fields: dict[str, Any], why: str) -> None:
    before, balance = vendor.truth(), vendor.trial_balance()
    with pytest.raises(Refused, match=why):
        vendor.books.add(entity, fields)
    assert vendor.truth() == before and vendor.trial_balance() == balance
