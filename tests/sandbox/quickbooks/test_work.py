"""The company at work: every change is possible, moves what it should, and nothing else."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.store import FIRST_CUSTOMER_TYPE
from sandbox.quickbooks.work import CHANGES, TRADES

NEEDS = {
    "reactivate": "deactivate",
    "close_account": "new_account",
    "decide_estimate": "estimate",
    "bill_of_order": "purchase_order",
    "purchase_of_order": "purchase_order",
    "invoice_of_charge": "reimburse_charge",
}


def versions(vendor: Any) -> dict[tuple[str, str], tuple[int, int]]:
    store = vendor.store
    return {one.key: (one.updated, one.token) for one in store.all(*ENTITIES)}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_change_moves_the_time_of_what_it_changes(make: Callable[..., Any], name: str) -> None:
    quickbooks = make()
    vendor = quickbooks.vendor
    prepare(vendor, name)
    truth, before = vendor.truth(), versions(vendor)
    quickbooks.clock.time += 5_000
    assert any(vendor.perform(name, Random(seed)) for seed in range(60)), name
    after = versions(vendor)
    moved = {key for key, version in after.items() if before.get(key) != version}
    gone = before.keys() - after.keys()
    assert moved or gone
    assert {after[key][0] for key in moved} <= {int(quickbooks.clock.time)}
    assert all(key not in before or after[key][1] > before[key][1] for key in moved)
    assert vendor.truth() != truth


def prepare(vendor: Any, name: str) -> None:
    """Some changes need another one first."""
    for seed in range(10):
        if name in NEEDS:
            vendor.perform(NEEDS[name], Random(seed))
    if name == "apply_credit":
        invoice = next(
            one
            for one in vendor.store.all("Invoice")
            if vendor.books.applied[one.key] and "ExchangeRate" not in one.fields
        )
        vendor.books.void(invoice)
        vendor.trade.random = vendor.trade.people.random = Random(1)
        vendor.trade.invoice(customer=vendor.store.get("Customer", invoice.fields["CustomerRef"]["value"]))


def test_every_change_happens_in_the_smallest_company(make: Callable[..., Any]) -> None:
    quickbooks, random, done = make(scale=0.02), Random(5), set[str]()
    for _ in range(60):
        quickbooks.clock.time += 3_600
        done |= set(quickbooks.vendor.work(random, 50))
    assert done == set(CHANGES)


def test_an_account_that_is_posted_to_does_not_move_unless_told_to(make: Callable[..., Any]) -> None:
    for moves in (False, True):
        quickbooks = make(account_balances_move_time=moves)
        before = {row["Id"]: row for row in quickbooks.all("Account")}
        quickbooks.clock.time += 1_000
        assert quickbooks.vendor.perform("transfer", Random(1))
        after = {row["Id"]: row for row in quickbooks.all("Account")}
        changed = [id for id in after if after[id]["CurrentBalance"] != before[id]["CurrentBalance"]]
        assert len(changed) == 2
        assert all((after[id]["MetaData"] != before[id]["MetaData"]) == moves for id in changed)


def test_a_customers_balance_may_change_silently(make: Callable[..., Any]) -> None:
    for moves in (True, False):
        quickbooks = make(customer_balances_move_time=moves)
        before = {row["Id"]: row for row in quickbooks.all("Customer")}
        quickbooks.clock.time += 1_000
        assert quickbooks.vendor.perform("payment", Random(1))
        after = {row["Id"]: row for row in quickbooks.all("Customer")}
        changed = [id for id in after if after[id]["Balance"] != before[id]["Balance"]]
        assert changed and all((after[id]["MetaData"] != before[id]["MetaData"]) == moves for id in changed)


def test_lines_become_fewer_and_more(make: Callable[..., Any]) -> None:
    quickbooks, random = make(scale=0.3), Random(1)
    store = quickbooks.vendor.store
    ways = set()
    for _ in range(60):
        before = {one.id: len(one.fields["Line"]) for one in store.all("Invoice")}
        quickbooks.vendor.perform("change_lines", random)
        ways |= {
            (len(one.fields["Line"]) > before[one.id]) - (len(one.fields["Line"]) < before[one.id])
            for one in store.all("Invoice")
        }
    assert ways == {-1, 0, 1}


def test_a_large_company_is_made_cheaply_and_its_invoices_can_all_change(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=1_000, invoice_lines=5_000)
    largest = max(quickbooks.vendor.store.all("Invoice"), key=lambda one: len(one.fields["Line"]))
    assert len(largest.fields["Line"]) >= 5_001
    assert len(quickbooks.vendor.store.kinds["Invoice"]) >= 1_001
    page = quickbooks.rows(f"SELECT * FROM Invoice WHERE Id = '{largest.id}'")
    assert len(page[0]["Line"]) == len(largest.fields["Line"])
    assert len(quickbooks.vendor.edit_at_once("Invoice", 1_001, Random(1))) == 1_001


def test_bulk_purchases_fill_many_pages_and_post(make: Callable[..., Any]) -> None:
    quickbooks = make(bulk=3_000)
    found = quickbooks.query("SELECT COUNT(*) FROM Purchase")["totalCount"]
    assert found >= 3_000
    assert len(quickbooks.rows("SELECT * FROM Purchase STARTPOSITION 2001 MAXRESULTS 1000")) == 1_000
    assert sum(quickbooks.vendor.trial_balance().values()) == 0


def test_a_day_is_planned_by_the_seed_and_ends_a_day_later(make: Callable[..., Any]) -> None:
    quickbooks = make(scale=1.0)
    plan = quickbooks.vendor.day(Random(3))
    assert plan == quickbooks.vendor.day(Random(3)) != quickbooks.vendor.day(Random(4))
    assert [moment for moment, _ in plan] == sorted(moment for moment, _ in plan)
    assert len(plan) > 30 and all(0 <= moment < 86_400 for moment, _ in plan)
    before = quickbooks.clock.time
    assert set(quickbooks.vendor.working_day(Random(3), quickbooks.clock.sleep)) <= set(CHANGES)
    assert quickbooks.clock.time == pytest.approx(before + 86_400)


def test_the_same_seed_works_the_same(make: Callable[..., Any]) -> None:
    one, other = make(), make()
    other.clock.time = one.clock.time
    assert one.vendor.work(Random(9), 80) == other.vendor.work(Random(9), 80)
    assert one.vendor.truth() == other.vendor.truth()
    assert one.vendor.trial_balance() == other.vendor.trial_balance()


def test_times_are_whole_seconds_with_an_offset_that_follows_the_season(quickbooks: Any) -> None:
    stamps = [row["MetaData"]["LastUpdatedTime"] for row in quickbooks.all("Invoice")]
    assert {stamp[19:] for stamp in stamps} == {"-08:00", "-07:00", "Z"}


def test_customer_types_have_ids_of_nineteen_digits(quickbooks: Any) -> None:
    ids = [row["Id"] for row in quickbooks.all("CustomerType")]
    assert {len(id) for id in ids} == {19} and int(min(ids)) > FIRST_CUSTOMER_TYPE


def test_nothing_is_null_in_an_answer(quickbooks: Any) -> None:
    for entity in ENTITIES:
        for row in quickbooks.all(entity):
            assert not nulls(row), (entity, row)


def nulls(value: Any) -> bool:
    if isinstance(value, dict):
        return any(nulls(inner) for inner in value.values())
    if isinstance(value, list):
        return any(nulls(inner) for inner in value)
    return value is None


def test_trades_are_methods_of_trade_and_the_rest_of_work(quickbooks: Any) -> None:
    assert all(hasattr(quickbooks.vendor.trade, name) for name in TRADES)


def test_work_may_go_on_between_pages(make: Callable[..., Any]) -> None:
    quickbooks = make(work_before_page=3)
    before = versions(quickbooks.vendor)
    quickbooks.rows("SELECT * FROM Invoice MAXRESULTS 5")
    assert versions(quickbooks.vendor) == before
    quickbooks.rows("SELECT * FROM Invoice STARTPOSITION 6 MAXRESULTS 5")
    assert versions(quickbooks.vendor) != before
