"""truth() is what the answers hold, column for column, and nothing of a connector."""

import ast
import csv
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sandbox.company import Company
from sandbox.quickbooks.columns import REFERENCE, TABLES, named
from sandbox.quickbooks.truth import text
from tests.depth import stories

ROOT = Path(__file__).parents[3]
FORBIDDEN = ("payloads", "routes", "query", "capture", "answers", "gateway")
HEADERS = set(
    """
        account bill bill_payment credit_card_payment_txn credit_memo customer customer_type department deposit
        estimate invoice journal_entry payment purchase_order refund_receipt sales_receipt tax_agency transfer
        vendor vendor_credit
    """.split()
)
FALSE_WHERE_ABSENT = {("account", "active"), ("account", "sub_account")}


def declared() -> Iterator[dict[str, str]]:
    with REFERENCE.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def worked(make: Callable[..., Any], seed: int = 1) -> Any:
    quickbooks, random = make(scale=0.3, seed=seed), Random(seed)
    for _ in range(10):
        quickbooks.clock.time += 40_000
        quickbooks.vendor.work(random, 20)
    quickbooks.renew()
    return quickbooks


def found_at(payload: Any, path: str) -> Any:
    for step in path.split("."):
        payload = payload.get(step) if isinstance(payload, dict) else None
    return payload


def written(value: Any) -> Any:
    """As it stands in the JSON."""
    return value if value is None or isinstance(value, bool | str) else json.dumps(value)


def test_every_column_of_the_list_is_there_with_what_the_answers_hold(make: Callable[..., Any]) -> None:
    quickbooks = worked(make)
    truth, compared = quickbooks.vendor.truth(), 0
    payloads = {
        table: {payload["Id"]: payload for payload in quickbooks.all(TABLES[table].entity)} for table in HEADERS
    }
    for column in declared():
        table, name, path = column["table"], column["column"], column["source_path"]
        if name.startswith("_fivetran"):
            continue
        assert all(name in row for row in truth[table]), (table, name)
        odd = not path.replace(".", "").isalnum() or "MetaData" in path or name in ("currency_id", "other_contacts")
        if table not in HEADERS or odd or (table, name) == ("purchase_order", "tax_code_id"):
            continue
        for row in truth[table]:
            value = written(found_at(payloads[table][row["id"]], path))
            if value is None and (table, name) in FALSE_WHERE_ABSENT:
                value = False
            assert row[name] == value, (table, name, row["id"])
            compared += value is not None
    assert compared > 10_000


def test_there_is_a_row_for_every_object_and_every_line(make: Callable[..., Any]) -> None:
    quickbooks = worked(make, seed=2)
    truth = quickbooks.vendor.truth()
    odd = ("item", "bundle", "recurring_transaction", "company_info", "preferences", "exchange_rate")
    for table, declared in TABLES.items():
        if not declared.parts and table not in odd:
            ids = sorted(payload["Id"] for payload in quickbooks.all(declared.entity))
            assert sorted(row["id"] for row in truth[table]) == ids, table
    invoices = list(quickbooks.all("Invoice"))
    lines = [(one["Id"], index, line) for one in invoices for index, line in enumerate(one["Line"])]
    rows = {(row["invoice_id"], row["index"]): row for row in truth["invoice_line"]}
    assert rows.keys() == {(id, index) for id, index, _ in lines}
    for id, index, line in lines:
        row = rows[id, index]
        assert row["amount"] == written(line.get("Amount")) and row["detail_type"] == line["DetailType"]
        assert row["sales_item_quantity"] == written(found_at(line, "SalesItemLineDetail.Qty"))
        assert row["bundle_id"] == found_at(line, "GroupLineDetail.GroupItemRef.value")
        assert row["line_num"] == written(line.get("LineNum"))
    inside = [part for *_, line in lines for part in line.get("GroupLineDetail", {}).get("Line", ())]
    assert len(truth["invoice_line_bundle"]) == len(inside) > 0
    linked = sum(len(one.get("LinkedTxn", ())) for one in invoices)
    assert len(truth["invoice_linked_txn"]) == linked > 0
    paid = [row["payment_id"] for row in truth["invoice_linked_txn"] if row["transaction_type"] == "Payment"]
    assert paid and None not in paid


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("TxnDate", "transaction_date"),
        ("HomeTotalAmt", "home_total_amount"),
        ("CustomerRef.value", "customer_id"),
        ("LegalAddr.Id", "legal_address_id"),
        ("Email.Address", "email"),
        ("AccountingInfoPrefs.ClassTrackingPerTxn", "class_tracking_per_transaction"),
        ("TaxPrefs", "tax"),
    ],
)
def test_a_column_beyond_the_reference_is_called_as_its_field(field: str, column: str) -> None:
    assert named(field) == column


def test_every_table_has_rows_and_the_rows_of_a_table_the_same_columns(make: Callable[..., Any]) -> None:
    tables = make(scale=1.0).vendor.truth()
    assert [table for table, rows in tables.items() if not rows] == []
    for table, rows in tables.items():
        assert len({frozenset(row) for row in rows}) == 1, table
    assert {column["table"] for column in declared()} <= set(tables)


def test_the_home_currency_stands_where_the_api_leaves_it_out(quickbooks: Any) -> None:
    silent = [one["Id"] for one in quickbooks.all("Transfer") if "CurrencyRef" not in one]
    rows = {row["id"]: row["currency_id"] for row in quickbooks.vendor.truth()["transfer"]}
    assert silent and {rows[id] for id in silent} == {"USD"}


def test_an_address_has_one_row_as_its_newest_owner_has_it(make: Callable[..., Any]) -> None:
    quickbooks = make(stale_addresses=True, invoices=80)
    store, books = quickbooks.vendor.store, quickbooks.vendor.books
    invoice = next(
        one
        for one in store.all("Invoice")
        if "BillAddr" in one.fields
        and ("Customer", one.fields["CustomerRef"]["value"]) in books.address_owners[one.fields["BillAddr"]["Id"]]
        and store.kinds["Customer"][one.fields["CustomerRef"]["value"]].fields["ShipAddr"] != one.fields["BillAddr"]
    )
    id, old = invoice.fields["BillAddr"]["Id"], invoice.fields["BillAddr"]["Line1"]
    customer = store.get("Customer", invoice.fields["CustomerRef"]["value"])

    def line() -> str:
        return next(row["line_1"] for row in quickbooks.vendor.truth()["address"] if row["id"] == id)

    quickbooks.clock.time += 10
    books.edit(customer, BillAddr={**customer.fields["BillAddr"], "Line1": "1 New Street"})
    assert line() == "1 New Street"
    quickbooks.clock.time += 10
    books.edit(invoice, PrivateNote="touched")
    assert line() == old


def test_an_address_stays_when_its_last_owner_is_gone(make: Callable[..., Any]) -> None:
    vendor = make(invoices=80).vendor
    owner = next(one for one in vendor.store.all("Invoice") if not vendor.trade.spare(one))
    before = {row["id"] for row in vendor.truth()["address"]}
    vendor.books.delete(owner)
    assert {row["id"] for row in vendor.truth()["address"]} == before
    assert vendor.books.lost_addresses


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_work_leaves_no_address_without_an_owner(make: Callable[..., Any], seed: int) -> None:
    vendor, random = make(seed=seed).vendor, Random(seed)
    ids = {row["id"] for row in vendor.truth()["address"]}
    for _ in range(20):
        vendor.work(random, 20)
        after = {row["id"] for row in vendor.truth()["address"]}
        assert ids <= after
        ids = after
    assert vendor.books.lost_addresses == {}


def test_a_refused_entity_has_no_rows(make: Callable[..., Any]) -> None:
    truth = make(refused={"Budget": "5030"}).vendor.truth()
    assert truth["budget"] == truth["budget_detail"] == []


def test_numbers_are_the_text_that_stands_in_the_json() -> None:
    written_so = {"12.50": "12.5", "1.105166": "1.105166", "0.000001": "0.000001", "300": "300.0"}
    assert {one: text(Decimal(one)) for one in written_so} == written_so
    assert [text(one) for one in (0, 7, True, "7", None)] == ["0", "7", True, "7", None]


def test_truth_looks_at_no_payload() -> None:
    tree = ast.parse((ROOT / "sandbox" / "quickbooks" / "truth.py").read_text("utf-8"))
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {f"sandbox.quickbooks.{name}" for name in FORBIDDEN} & found


def test_the_same_seed_is_the_same_company(make: Callable[..., Any]) -> None:
    one, again, other = (make(seed=seed).vendor.truth() for seed in (1, 1, 2))
    assert one == again and one["invoice"] != other["invoice"]


def test_who_somebody_really_is_is_told_for_every_person(make: Callable[..., Any]) -> None:
    vendor = make(scale=0.3).vendor
    truth, found, firms = vendor.truth(), vendor.identities(), vendor.clients()
    tables = ("customer", "vendor", "employee")
    named = {(table, row["id"]) for table in tables for row in truth[table] if row["given_name"]}
    assert found.keys() == named and firms.keys() <= {("customer", row["id"]) for row in truth["customer"]}
    strangers = [number for number in found.values() if number < 0]
    assert len(set(strangers)) == len(strangers) > 0
    known = [one.number for one in Company(1, 0.3).clients if "quickbooks" in one.systems]
    assert sorted(firms.values()) == known
