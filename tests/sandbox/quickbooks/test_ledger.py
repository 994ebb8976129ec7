"""The books balance: every transaction that posts, at any time, whatever happened to it."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest

from sandbox.company import Company
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.books import VOIDED
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.ledger import RULES, ZERO
from sandbox.quickbooks.store import parts
from sandbox.quickbooks.times import utc_day
from tests.depth import stories
from tests.sandbox.conftest import Clock
from tests.sandbox.quickbooks import documents

USED = {"Invoice": 1, "CreditMemo": -1}
ALIASES = {"BillPaymentCheck": "BillPayment", "BillPaymentCreditCard": "BillPayment"}
SETTLED = {"Invoice": "Balance", "Bill": "Balance", "VendorCredit": "Balance", "CreditMemo": "RemainingCredit"}


def assert_books_are_right(vendor: Any) -> None:
    """Debits equal credits; accounts are the sum of their postings; what is open is what nothing has paid; nothing
    names a transaction that is gone; and the ledger is what the documents say."""
    assert_the_ledger_is_what_the_documents_say(vendor)
    books, store = vendor.books, vendor.store
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, entries in books.ledger.entries.items():
        assert sum(home for _, home, _ in entries) == sum(own for _, _, own in entries) == 0, key
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


def assert_the_ledger_is_what_the_documents_say(vendor: Any) -> None:
    """No document is untrue. In each currency, what the lines of all documents leave open is what customers owe and
    vendors are owed, one by one and together, and so say the accounts, in that currency and in the home currency. What
    was bought and not sold is in store, at its cost."""
    tables, balance = vendor.truth(), vendor.trial_balance()
    assert documents.untrue(tables) == []
    accounts = tables["account"]
    for kind, (account_type, side) in documents.LEDGERS.items():
        open_to: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        own: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        home: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        currencies = {row["id"]: row["currency_id"] for row in tables[kind]}
        for party, currency, amount, at_home in documents.owed(tables, kind):
            assert currencies[party] == currency, (kind, party)
            open_to[party] += amount
            own[currency] += amount
            home[currency] += at_home
        assert {row["id"]: Decimal(row["balance"]) for row in tables[kind] if open_to[row["id"]]} == {
            party: amount for party, amount in open_to.items() if amount
        }
        of_currency = {row["currency_id"]: row for row in accounts if row["account_type"] == account_type}
        assert {currency: Decimal(row["balance"]) for currency, row in of_currency.items()} == own
        sign = 1 if side == "Debit" else -1
        assert {currency: sign * balance[row["id"]] for currency, row in of_currency.items()} == home
    items = {row["id"]: row for row in tables["item"] if row["type"] == "Inventory"}
    left = documents.in_store(tables)
    assert {id: Decimal(row["quantity_on_hand"]) for id, row in items.items()} == left and min(left.values()) >= 0
    [asset] = {row["asset_account_id"] for row in items.values()}
    assert balance[asset] == sum(count * Decimal(items[id]["purchase_cost"]) for id, count in left.items())


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


@pytest.mark.parametrize(("entity", "account"), [("Payment", "ARAccountRef"), ("BillPayment", "APAccountRef")])
def test_what_a_payment_gains_by_its_rate_belongs_to_the_payment(vendor: QuickBooks, entity: str, account: str) -> None:
    """What it settles leaves the account at the rate at which it came, to the last digit; no entry of the journal is
    needed, nor does one touch the account of gains."""
    store, ledger = vendor.store, vendor.books.ledger
    gains = vendor.trade.chart.account("Exchange Gain or Loss").id
    seen = 0
    for record in store.all(entity):
        posted = {each: home for each, home, own in ledger.entries[record.key] if own == 0}
        if "ExchangeRate" not in record.fields:
            assert posted == {}
            continue
        rest = ZERO
        for line in record.fields["Line"]:
            settled = store.kinds[line["LinkedTxn"][0]["TxnType"]][line["LinkedTxn"][0]["TxnId"]]
            rest += line["Amount"] * (record.fields["ExchangeRate"] - settled.fields["ExchangeRate"])
        if entity == "BillPayment":
            rest = -rest
        assert posted == ({record.fields[account]["value"]: rest, gains: -rest} if rest else {})
        seen += bool(rest)
    assert seen > 10 and ledger.balance(gains) != 0
    assert all(each != gains for one in store.all("JournalEntry") for each, _, _ in ledger.entries[one.key])


def test_a_foreign_payment_that_uses_a_credit_gains_on_both(make: Callable[..., Any]) -> None:
    reader = make(scale=0.1)
    vendor, trade = reader.vendor, reader.vendor.trade
    customer = trade.customer(foreign=True)
    made = []
    for write, rate in ((partial(trade.invoice, None), "1.10"), (trade.credit_memo, "1.05")):
        set_rate(reader, rate)
        made.append(write(customer))
    set_rate(reader, "1.20")
    invoice, credit = made
    paid = vendor.books.add(
        "Payment",
        {
            "TxnDate": trade.today,
            **trade._currency("EUR"),
            "CustomerRef": invoice.fields["CustomerRef"],
            "DepositToAccountRef": {"value": trade.chart.account("Euro Account").id},
            "ARAccountRef": {"value": trade.chart.account("Accounts Receivable (A/R) - EUR").id},
            "TotalAmt": invoice.fields["TotalAmt"] - credit.fields["TotalAmt"],
            "UnappliedAmt": 0,
            "Line": [trade._settles(one, one.fields["TotalAmt"]) for one in made],
        },
    )
    gains = trade.chart.account("Exchange Gain or Loss").id
    gained = sum(-home for each, home, _ in vendor.books.ledger.entries[paid.key] if each == gains)
    assert gained == invoice.fields["TotalAmt"] * Decimal("0.10") - credit.fields["TotalAmt"] * Decimal("0.15")
    assert_books_are_right(vendor)
    vendor.books.void(vendor.store.get("Invoice", invoice.id))
    assert_books_are_right(vendor)


def set_rate(reader: Any, rate: str) -> None:
    """From tomorrow on."""
    reader.clock.time += 86_400
    vendor = reader.vendor
    vendor.books.add(
        "ExchangeRate",
        {
            "SourceCurrencyCode": "EUR",
            "TargetCurrencyCode": "USD",
            "Rate": Decimal(rate),
            "AsOfDate": utc_day(vendor.store.now),
        },
    )


def test_a_void_leaves_the_row_with_nothing_in_it(make: Callable[..., Any]) -> None:
    vendor = make(scale=0.3).vendor
    invoice = next(one for one in vendor.store.all("Invoice") if vendor.books.applied[one.key])
    payers = list(vendor.books.applied[invoice.key])
    unapplied = {key: vendor.store.get(*key).fields["UnappliedAmt"] for key in payers}
    lines = len(invoice.fields["Line"])
    voided = vendor.books.void(invoice)
    assert voided.fields["TotalAmt"] == voided.fields["Balance"] == 0 and "LinkedTxn" not in voided.fields
    assert voided.fields["PrivateNote"].startswith(VOIDED) and len(voided.fields["Line"]) == lines
    assert vendor.books.ledger.entries[invoice.key] == []
    assert all(vendor.store.get(*key).fields["UnappliedAmt"] > unapplied[key] for key in payers)
    assert_books_are_right(vendor)


def test_a_voided_payment_loses_its_lines_and_opens_what_it_had_paid(make: Callable[..., Any]) -> None:
    vendor = make(scale=0.3).vendor
    payment = next(one for one in vendor.store.all("Payment") if len(one.fields["Line"]) > 1)
    line = payment.fields["Line"][0]
    invoice = vendor.store.get("Invoice", line["LinkedTxn"][0]["TxnId"])
    balance, token = invoice.fields["Balance"], invoice.token
    voided = vendor.books.void(payment)
    assert voided.fields["Line"] == [] and voided.fields["TotalAmt"] == voided.fields["UnappliedAmt"] == 0
    assert invoice.fields["Balance"] - balance == line["Amount"]
    assert invoice.token > token
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
    span = max(one.created for one in invoices) - min(one.created for one in invoices)
    assert 500 * 86_400 < span < 550 * 86_400


def test_there_are_documents_of_every_kind_in_both_currencies_and_with_the_tax_included(vendor: QuickBooks) -> None:
    store = vendor.store
    for entity in (*RULES, "Estimate", "PurchaseOrder", "ReimburseCharge"):
        currencies = {one.fields.get("CurrencyRef", {}).get("value", "USD") for one in store.all(entity)}
        assert currencies == {"USD", "EUR"}, entity
    taxed = "Invoice Estimate SalesReceipt CreditMemo RefundReceipt Bill Purchase PurchaseOrder Deposit".split()
    kinds = {one.entity for one in store.all(*taxed) if one.fields.get("GlobalTaxCalculation") == "TaxInclusive"}
    assert kinds == set(taxed)


def test_amounts_that_include_the_tax_are_sent_net_and_come_to_what_they_were(vendor: QuickBooks) -> None:
    """quickbooks.md 7: the line has what it was beside the net amount; the tax has what all of it was."""
    seen = 0
    for record in vendor.store.all("Invoice", "Estimate", "SalesReceipt", "Bill", "Purchase"):
        if record.fields.get("GlobalTaxCalculation") != "TaxInclusive" or not record.fields["TotalAmt"]:
            continue
        gross = net = ZERO
        for line in parts(record.fields["Line"]):
            detail = line.get(line["DetailType"], {})
            if "TaxInclusiveAmt" in detail:
                gross, net = gross + detail["TaxInclusiveAmt"], net + line["Amount"]
                assert 0 <= line["Amount"] <= detail["TaxInclusiveAmt"]
                if "UnitPrice" in detail:
                    assert abs(detail["UnitPrice"] * detail["Qty"] - line["Amount"]) < Decimal("0.00001")
        tax = record.fields["TxnTaxDetail"]
        assert gross == net + tax["TotalTax"] and tax["TotalTax"] == sum(row["Amount"] for row in tax["TaxLine"])
        assert {row["TaxLineDetail"]["TaxInclusiveAmount"] for row in tax["TaxLine"]} == {gross}
        assert {row["TaxLineDetail"]["NetAmountTaxable"] for row in tax["TaxLine"]} == {net}
        seen += 1
    assert seen > 50


def test_what_is_sold_from_the_store_leaves_it_at_its_cost(vendor: QuickBooks) -> None:
    chart, ledger, store = vendor.trade.chart, vendor.books.ledger, vendor.store
    assert len(chart.stocked) > 1
    costs, asset = chart.account("Cost of Goods Sold").id, chart.account("Inventory Asset").id
    kinds = set()
    for key, brought in vendor.books.stored.items():
        cost = sum(count * store.kinds["Item"][id].fields["PurchaseCost"] for id, count in brought.items())
        posted = sum(home for each, home, _ in ledger.entries[key] if each == asset)
        assert posted == cost
        if key[0] != "Bill":
            assert sum(home for each, home, _ in ledger.entries[key] if each == costs) == -cost
        kinds.add(key[0])
    assert kinds >= {"Bill", "Invoice", "SalesReceipt", "CreditMemo"}


def test_the_accounts_are_those_of_a_company_with_two_currencies(quickbooks: Any) -> None:
    accounts = list(quickbooks.all("Account"))
    assert len(accounts) >= 40
    for kind in ("Accounts Receivable", "Accounts Payable"):
        found = [one for one in accounts if one["AccountType"] == kind and not one.get("SubAccount")]
        assert sorted(one["CurrencyRef"]["value"] for one in found) == ["EUR", "USD"]
    parent = next(one for one in accounts if one["Name"] == "Software")
    assert parent["CurrentBalanceWithSubAccounts"] != parent["CurrentBalance"]
