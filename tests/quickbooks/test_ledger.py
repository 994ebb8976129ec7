"""The books balance in the warehouse as they do in QuickBooks."""

from pathlib import Path

import duckdb
import pytest

from tests.contract.world import World
from tests.depth import stories
from tests.quickbooks.company import synced
from tests.quickbooks.ledger import ledger, post, to_the_cent, trial_balance, unbalanced

DAYS = 20


def books(here: World, folder: Path) -> duckdb.DuckDBPyConnection:
    folder.mkdir(exist_ok=True)
    return ledger(here.destination, here.case.schema, folder)


@pytest.mark.parametrize("seed", stories([1, 2], quick=1))
def test_debits_are_credits_and_the_trial_balance_is_that_of_quickbooks(seed: int, tmp_path: Path) -> None:
    here = synced(seed=seed, scale=0.1)
    first = books(here, tmp_path / "first")
    assert unbalanced(first) == []
    assert trial_balance(first) == to_the_cent(here.vendor.trial_balance())
    assert_accounts_are_what_is_owed(first)
    for _ in range(DAYS):
        here.vendor.working_day(here.random, here.clock.advance)
        here.sync()
    later = books(here, tmp_path / "later")
    assert trial_balance(later) == to_the_cent(here.vendor.trial_balance()) != trial_balance(first)
    assert unbalanced(later) == []
    assert_accounts_are_what_is_owed(later)
    here.sync(full_pass_days="0")  # Names that were merged into others vanish without a signal.
    assert here.differences() == [] and here.open_errors() == []


def assert_accounts_are_what_is_owed(book: duckdb.DuckDBPyConnection) -> None:
    """In each currency, what all documents post to the receivable account is what customers owe, and to the payable one
    what vendors are owed."""
    for kind, account_type, sign in (("customer", "Accounts Receivable", 1), ("vendor", "Accounts Payable", -1)):
        found = book.execute(f"""
            SELECT a.currency_id, {sign} * sum(p.own), (
                SELECT sum(balance) FROM {kind} WHERE currency_id = a.currency_id AND balance IS NOT NULL
            )
            FROM posting p JOIN account a ON a.id = p.account
            WHERE a.account_type = '{account_type}' GROUP BY a.currency_id
        """).fetchall()
        assert {currency for currency, *_ in found} == {"USD", "EUR"}
        assert [row for row in found if row[1] != row[2]] == []


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM invoice_line WHERE index = 0",
        "UPDATE bill_line SET amount = amount + 1",
        "INSERT INTO purchase_line SELECT * REPLACE (index + 1000 AS index) FROM purchase_line",
    ],
)
def test_a_line_that_is_missing_or_left_over_would_be_noticed(harm: str, tmp_path: Path) -> None:
    here = synced()
    book = books(here, tmp_path)
    assert unbalanced(book) == []
    book.execute(harm)
    post(book)
    assert unbalanced(book) != []
