"""Change data capture: what it brings, how far back, and what its cap leaves out. quickbooks.md 4."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from sandbox.quickbooks.entities import ENTITIES

UNSUPPORTED = ("TaxAgency", "TaxCode", "TaxRate", "TimeActivity")


def ago(reader: Any, **before: float) -> str:
    moment = datetime.fromtimestamp(reader.clock.time, timezone.utc) - timedelta(**before)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def refused(answer: Any) -> str:
    assert answer.status_code == 400, answer.text[:200]
    return str(answer.json()["Fault"]["Error"][0]["code"])


def test_an_idle_company_answers_an_empty_object_for_each_entity(quickbooks: Any) -> None:
    body = quickbooks.capture("Invoice,Customer,Bill", ago(quickbooks, minutes=5)).json()
    assert body["CDCResponse"] == [{"QueryResponse": [{}, {}, {}]}]
    assert datetime.fromisoformat(body["time"]).timestamp() == pytest.approx(quickbooks.clock.time, abs=0.001)


def test_a_change_comes_as_the_whole_object(quickbooks: Any) -> None:
    since = ago(quickbooks, seconds=0)
    quickbooks.clock.time += 60
    assert quickbooks.vendor.perform("invoice", Random(1))
    found = quickbooks.changes("Invoice,Estimate", since)
    [invoice] = found["Invoice"]
    assert invoice == quickbooks.rows(f"SELECT * FROM Invoice WHERE Id = '{invoice['Id']}'")[0]


def test_what_was_deleted_comes_last_as_a_stub(quickbooks: Any) -> None:
    since = ago(quickbooks, seconds=0)
    books, store = quickbooks.vendor.books, quickbooks.vendor.store
    gone, kept = list(store.all("Transfer"))[:2]
    quickbooks.clock.time += 10
    books.delete(gone)
    quickbooks.clock.time += 10
    books.edit(kept, PrivateNote="later")
    rows = quickbooks.changes("Transfer", since)["Transfer"]
    assert [row["Id"] for row in rows] == [kept.id, gone.id]
    assert set(rows[1]) == {"Id", "domain", "status", "MetaData"} and rows[1]["status"] == "Deleted"
    assert set(rows[1]["MetaData"]) == {"LastUpdatedTime"}
    assert "status" not in rows[0]
    assert quickbooks.rows(f"SELECT * FROM Transfer WHERE Id = '{gone.id}'") == []


def test_a_name_that_became_inactive_is_a_live_object(quickbooks: Any) -> None:
    since = ago(quickbooks, seconds=0)
    vendor = next(iter(quickbooks.vendor.store.all("Vendor")))
    quickbooks.clock.time += 10
    quickbooks.vendor.books.edit(vendor, Active=False)
    [row] = quickbooks.changes("Vendor", since)["Vendor"]
    assert row["Active"] is False and "status" not in row


def test_what_a_payment_settles_changes_with_it(quickbooks: Any) -> None:
    since = ago(quickbooks, seconds=0)
    quickbooks.clock.time += 10
    assert quickbooks.vendor.perform("payment", Random(2))
    found = quickbooks.changes("Payment,Invoice,CreditMemo,Customer", since)
    [payment] = found["Payment"]
    settled = {link["TxnId"] for line in payment["Line"] for link in line["LinkedTxn"] if link["TxnType"] == "Invoice"}
    assert {row["Id"] for row in found["Invoice"]} == settled
    assert all({"TxnId": payment["Id"], "TxnType": "Payment"} in row["LinkedTxn"] for row in found["Invoice"])
    assert payment["CustomerRef"]["value"] in {row["Id"] for row in found["Customer"]}


def test_the_cap_counts_the_whole_answer_and_eats_the_stubs_first(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=120, cdc_cap=60)
    store, since = quickbooks.vendor.store, ago(quickbooks, seconds=0)
    quickbooks.clock.time += 10
    quickbooks.vendor.books.delete(next(iter(store.all("Transfer"))))
    assert len(quickbooks.changes("Invoice,Purchase,Transfer", since)["Transfer"]) == 1
    quickbooks.vendor.edit_at_once("Invoice", 50, Random(1))
    few = len(quickbooks.vendor.edit_at_once("Purchase", 50, Random(1)))
    found = quickbooks.changes("Invoice,Purchase,Transfer", since)
    assert sum(len(rows) for rows in found.values()) == 60 < 50 + few + 1 and "Transfer" not in found
    assert len(quickbooks.changes("Transfer", since)["Transfer"]) == 1


def test_an_answer_at_the_cap_says_nothing_of_what_it_left_out(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=1_100)
    since = ago(quickbooks, seconds=0)
    quickbooks.clock.time += 10
    quickbooks.vendor.edit_at_once("Invoice", 1_050, Random(1))
    [answer] = quickbooks.capture("Invoice", since).json()["CDCResponse"][0]["QueryResponse"]
    assert len(answer["Invoice"]) == answer["maxResults"] == answer["totalCount"] == 1_000


@pytest.mark.parametrize("entity", UNSUPPORTED)
def test_some_entities_are_never_captured(quickbooks: Any, entity: str) -> None:
    assert refused(quickbooks.capture(f"Invoice,{entity}", ago(quickbooks, days=1))) == "500"
    assert not ENTITIES[entity].captured


def test_every_other_entity_is_captured(quickbooks: Any) -> None:
    names = [name for name in ENTITIES if name not in UNSUPPORTED]
    assert quickbooks.capture(",".join(names), ago(quickbooks, days=29)).status_code == 200


def test_a_company_may_refuse_an_entity_and_then_refuses_the_whole_call(make: Callable[..., Any]) -> None:
    quickbooks = make(refused={"Budget": "5030"}, cdc_refused=frozenset({"Attachable"}))
    since = ago(quickbooks, days=1)
    assert refused(quickbooks.capture("Invoice,Budget", since)) == "5030"
    assert refused(quickbooks.capture("Invoice,Attachable", since)) == "500"
    assert quickbooks.code("SELECT * FROM Budget") == "5030"
    assert quickbooks.capture("Invoice", since).status_code == 200


def test_it_looks_back_thirty_days(quickbooks: Any) -> None:
    assert quickbooks.capture("Invoice", ago(quickbooks, days=29, hours=23)).status_code == 200
    assert refused(quickbooks.capture("Invoice", ago(quickbooks, days=30, minutes=1))) == "2030"


@pytest.mark.parametrize(
    ("entities", "since", "code"),
    [
        ("", "2026-09-20T00:00:00Z", "2020"),
        ("Invoice", "", "2030"),
        ("Invoice", "soon", "2030"),
        ("Client", "2026-09-20", "4001"),
    ],
)
def test_a_call_without_sense_is_refused(quickbooks: Any, entities: str, since: str, code: str) -> None:
    assert refused(quickbooks.capture(entities, since)) == code


def test_the_second_of_the_bound_is_in_unless_told_otherwise(make: Callable[..., Any]) -> None:
    quickbooks = make()
    quickbooks.clock.time = 1_790_000_000.0
    quickbooks.vendor.perform("transfer", Random(1))
    assert len(quickbooks.changes("Transfer", "2026-09-21T14:13:20Z")["Transfer"]) == 1
    quickbooks.vendor.options.cdc_exclusive = True
    assert quickbooks.changes("Transfer", "2026-09-21T14:13:20Z") == {}


def test_a_merged_customer_vanishes_with_or_without_a_stub(make: Callable[..., Any]) -> None:
    for stub in (False, True):
        quickbooks = make(merge_leaves_stub=stub)
        since = ago(quickbooks, seconds=0)
        before = set(quickbooks.vendor.store.kinds["Customer"])
        quickbooks.clock.time += 10
        assert any(quickbooks.vendor.perform("merge_customers", Random(seed)) for seed in range(200))
        gone = before - set(quickbooks.vendor.store.kinds["Customer"])
        rows = quickbooks.changes("Customer", since).get("Customer", [])
        assert len(gone) == 1 and {row["Id"] for row in rows if "status" in row} == (gone if stub else set())


def test_a_change_may_be_seen_later_than_it_says(make: Callable[..., Any]) -> None:
    quickbooks = make(lag_seconds=30)
    store, since = quickbooks.vendor.store, ago(quickbooks, seconds=0)
    moment = int(quickbooks.clock.time)
    kept, gone = list(store.all("Transfer"))[:2]
    quickbooks.vendor.books.edit(kept, PrivateNote="late")
    quickbooks.vendor.books.delete(gone)
    quickbooks.clock.time += 20
    assert quickbooks.changes("Transfer", since) == {}
    assert len(quickbooks.rows(f"SELECT * FROM Transfer WHERE Id IN ('{kept.id}', '{gone.id}')")) == 2
    quickbooks.clock.time += 10
    rows = quickbooks.changes("Transfer", since)["Transfer"]
    assert [row["Id"] for row in rows] == [kept.id, gone.id]
    assert {datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]).timestamp() for row in rows} == {moment}
    assert quickbooks.rows(f"SELECT * FROM Transfer WHERE Id = '{gone.id}'") == []
