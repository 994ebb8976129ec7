"""The books balance: every transaction that posts, at any time, whatever happened to it."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from sandbox.company import Company
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.books import VOIDED
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.ledger import RULES, ZERO
from tests.depth import stories
from tests.sandbox.conftest import Clock

OWED = (("Invoice", "Balance", 1), ("CreditMemo", "RemainingCredit", -1), ("Payment", "UnappliedAmt", -1))
USED = {"Invoice": 1, "CreditMemo": -1}
ALIASES = {"BillPaymentCheck": "BillPayment", "BillPaymentCreditCard": "BillPayment"}
SETTLED = {"Invoice": "Balance", "Bill": "Balance", "VendorCredit": "Balance", "CreditMemo": "RemainingCredit"}


def assert_books_are_right(vendor: Any) -> None:
    """Debits equal credits; accounts are the sum of their postings; what is open is what nothing has paid; nothing
    names a transaction that is gone."""
    books, store = vendor.books, vendor.store
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, entries in books.ledger.entries.items():
        assert sum(home for _, home, _ in entries) == 0, key
        assert store.get(*key) is not None, key
        for account, home, _ in entries:
            sums[account] += home
    balance = vendor.trial_balance()
    assert {account: amount for account, amount in balance.items() if amount} == {
        account: amount for account, amount in sums.items() if amount
    }
    assert sum(balance.values()) == 0
    for entity, field in SETTLED.items():
        for record in store.all(entity):
            applied = sum(books.applied[record.key].values(), ZERO)
            assert record.fields["TotalAmt"] - applied == record.fields[field] >= 0, record.key
    for payment in store.all("Payment"):
        used = sum((USED[line["LinkedTxn"][0]["TxnType"]] * line["Amount"] for line in payment.fields["Line"]), ZERO)
        assert payment.fields["TotalAmt"] - used == payment.fields["UnappliedAmt"] >= 0, payment.key
    for record in store.all(*ENTITIES):
        for line in (record.fields, *record.fields.get("Line", ())):
            for link in line.get("LinkedTxn", ()):
                named = ALIASES.get(link["TxnType"], link["TxnType"])
                assert store.get(named, link["TxnId"]) is not None, (record.key, link)
    owed: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for entity, field, sign in OWED:
        for record in store.all(entity):
            owed[record.fields["CustomerRef"]["value"]] += sign * record.fields[field]
    assert [one.id for one in store.all("Customer") if one.fields["Balance"] != owed[one.id]] == []


@pytest.fixture(scope="module")
def vendor() -> QuickBooks:
    """A company of the usual size, which nobody changes."""
    return QuickBooks(Company(1, 1.0), Clock().now)


def test_the_books_balance_after_eighteen_months(vendor: QuickBooks) -> None:
    assert_books_are_right(vendor)
    kinds = {key[0] for key in vendor.books.ledger.entries}
    assert kinds == set(RULES)


@pytest.mark.parametrize("seed", stories(range(1, 5), quick=1))
def test_the_books_balance_after_twenty_days_of_work(make: Callable[..., Any], seed: int) -> None:
    quickbooks = make(seed=seed, scale=0.3)
    random, done = Random(seed), []
    before = quickbooks.clock.time
    for _ in range(20):
        done += quickbooks.vendor.working_day(random, quickbooks.clock.sleep)
    assert quickbooks.clock.time - before == pytest.approx(20 * 86_400)
    assert {"void", "delete", "payment", "change_lines", "invoice"} <= set(done)
    assert_books_are_right(quickbooks.vendor)


def test_an_invoice_posts_its_total_to_the_receivable_account_of_its_currency(vendor: QuickBooks) -> None:
    seen = set()
    for invoice in vendor.store.all("Invoice"):
        currency = invoice.fields["CurrencyRef"]["value"]
        name = "Accounts Receivable (A/R)" + (" - EUR" if currency == "EUR" else "")
        account = vendor.trade.chart.account(name).id
        posted = sum((own for each, _, own in vendor.books.ledger.entries[invoice.key] if each == account), ZERO)
        assert posted == invoice.fields["TotalAmt"]
        seen.add(currency)
    assert seen == {"USD", "EUR"}


@pytest.mark.parametrize(
    ("entity", "account"),
    [
        ("Bill", "APAccountRef"),
        ("Purchase", "AccountRef"),
        ("SalesReceipt", "DepositToAccountRef"),
        ("RefundReceipt", "DepositToAccountRef"),
        ("Deposit", "DepositToAccountRef"),
        ("VendorCredit", "APAccountRef"),
    ],
)
def test_the_other_side_of_the_lines_is_the_total(vendor: QuickBooks, entity: str, account: str) -> None:
    for record in vendor.store.all(entity):
        entries = vendor.books.ledger.entries[record.key]
        posted = sum((own for each, _, own in entries if each == record.fields[account]["value"]), ZERO)
        assert abs(posted) == record.fields["TotalAmt"]


def test_a_payment_at_another_rate_leaves_nothing_on_what_it_settled(vendor: QuickBooks) -> None:
    """Of foreign invoices that are paid in full, to the cent per payment; the rest lies on Exchange Gain or Loss."""
    store, ledger = vendor.store, vendor.books.ledger
    account = vendor.trade.chart.account("Accounts Receivable (A/R) - EUR").id
    rest, payments = ZERO, 0
    for record in store.all("Invoice", "CreditMemo", "Payment", "JournalEntry"):
        if record.entity == "Payment" and any(each == account for each, _, _ in ledger.entries[record.key]):
            payments += 1
        rest += sum((home for each, home, _ in ledger.entries[record.key] if each == account), ZERO)
    still_open = sum(
        (
            sign * record.fields[field] * record.fields["ExchangeRate"]
            for entity, field, sign in OWED[:2]
            for record in store.all(entity)
            if "ExchangeRate" in record.fields
        ),
        ZERO,
    )
    assert payments > 20 and abs(rest - still_open) <= Decimal("0.01") * payments
    assert ledger.balance(vendor.trade.chart.account("Exchange Gain or Loss").id) != 0


def test_a_void_leaves_the_row_with_nothing_in_it(make: Callable[..., Any]) -> None:
    vendor = make(scale=0.3).vendor
    invoice = next(one for one in vendor.store.all("Invoice") if vendor.books.applied[one.key])
    payers = list(vendor.books.applied[invoice.key])
    unapplied = {key: vendor.store.get(*key).fields["UnappliedAmt"] for key in payers}
    voided = vendor.books.void(invoice)
    assert voided.fields["TotalAmt"] == voided.fields["Balance"] == 0 and "LinkedTxn" not in voided.fields
    assert voided.fields["PrivateNote"].startswith(VOIDED) and len(voided.fields["Line"]) == len(invoice.fields["Line"])
    assert vendor.books.ledger.entries[invoice.key] == []
    assert all(vendor.store.get(*key).fields["UnappliedAmt"] > unapplied[key] for key in payers)
    assert_books_are_right(vendor)


def test_a_voided_payment_loses_its_lines_and_opens_what_it_had_paid(make: Callable[..., Any]) -> None:
    vendor = make(scale=0.3).vendor
    payment = next(one for one in vendor.store.all("Payment") if len(one.fields["Line"]) > 1)
    invoice = vendor.store.get("Invoice", payment.fields["Line"][0]["LinkedTxn"][0]["TxnId"])
    voided = vendor.books.void(payment)
    assert voided.fields["Line"] == [] and voided.fields["TotalAmt"] == voided.fields["UnappliedAmt"] == 0
    after = vendor.store.get("Invoice", invoice.id)
    assert after.fields["Balance"] - invoice.fields["Balance"] == payment.fields["Line"][0]["Amount"]
    assert after.token > invoice.token
    assert_books_are_right(vendor)


def test_bundles_stand_alone_and_cost_something_only_on_invoices_and_estimates(vendor: QuickBooks) -> None:
    """What the models of quickbooks.md 9 make of bundles must be right."""
    seen = set()
    for record in vendor.store.all("Invoice", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt"):
        bundles = [line for line in record.fields["Line"] if "GroupLineDetail" in line]
        if not bundles:
            continue
        seen.add(record.entity)
        if record.entity == "Invoice":
            assert [line["DetailType"] for line in record.fields["Line"]] == ["GroupLineDetail", "SubTotalLineDetail"]
        if record.entity not in ("Invoice", "Estimate"):
            assert all(line["Amount"] == 0 for line in bundles)
    assert len(seen) == 5


def test_there_is_of_everything_that_makes_books_hard(vendor: QuickBooks) -> None:
    store = vendor.store
    payments = list(store.all("Payment"))
    kinds = [[line["LinkedTxn"][0]["TxnType"] for line in one.fields["Line"]] for one in payments]
    assert sum(kind.count("Invoice") > 1 for kind in kinds) > 50 and sum("CreditMemo" in kind for kind in kinds) > 5
    assert sum(one.fields["UnappliedAmt"] > 0 for one in payments) > 5
    invoices = list(store.all("Invoice"))
    assert sum(0 < one.fields["Balance"] < one.fields["TotalAmt"] for one in invoices) > 5
    assert sum(str(one.fields.get("PrivateNote")).startswith(VOIDED) for one in invoices) > 3
    details = {line["DetailType"] for one in invoices for line in one.fields["Line"]}
    assert details == {
        "SalesItemLineDetail",
        "SubTotalLineDetail",
        "DiscountLineDetail",
        "DescriptionOnly",
        "GroupLineDetail",
        "ReimburseLineDetail",
    }
    for entity in ("Invoice", "Bill", "Payment", "BillPayment", "Purchase"):
        assert {one.fields["CurrencyRef"]["value"] for one in store.all(entity)} == {"USD", "EUR"}
    span = max(one.created for one in invoices) - min(one.created for one in invoices)
    assert 500 * 86_400 < span < 550 * 86_400


def test_the_accounts_are_those_of_a_company_with_two_currencies(quickbooks: Any) -> None:
    accounts = list(quickbooks.all("Account"))
    assert len(accounts) >= 40
    for kind in ("Accounts Receivable", "Accounts Payable"):
        found = [one for one in accounts if one["AccountType"] == kind and not one.get("SubAccount")]
        assert sorted(one["CurrencyRef"]["value"] for one in found) == ["EUR", "USD"]
    parent = next(one for one in accounts if one["Name"] == "Software")
    assert parent["CurrentBalanceWithSubAccounts"] != parent["CurrentBalance"]
