"""The tables are those that accountants' models read, filled from the paths that the columns file names."""

import csv
from dataclasses import replace
from typing import Any

import pytest

from quickbooks import models
from sandbox.quickbooks.columns import TABLES
from shared.exact import Exact
from shared.tables import Drift, Table
from tests.connectors import ROOT

FILE = ROOT / "sandbox" / "quickbooks" / "quickbooks_columns.csv"
"""The columns that accountants' models read, each with its type and its path (quickbooks.md 9)."""
FITTING = {
    "string": ("STRING",),
    "boolean": ("BOOLEAN",),
    "float": ("DECIMAL",),
    "int": ("LONG",),
    "date": ("NAIVE_DATE",),
    "timestamp": ("UTC_DATETIME",),
}
"""By what the file says."""
NOT_AS_THE_FILE_SAYS = {
    "index": "LONG",
    "invoice_line_index": "LONG",
    "item_expense_quantity": "DECIMAL",
    "total_tax": "DECIMAL",
    "accepted_date": "NAIVE_DATE",
    "expiration_date": "NAIVE_DATE",
    "ship_date": "NAIVE_DATE",
    "sales_item_service_date": "NAIVE_DATE",
    "description_service_date": "NAIVE_DATE",
    "service_date": "NAIVE_DATE",
    "delivery_time": "UTC_DATETIME",
    "credit_card_transaction_authorization_time": "UTC_DATETIME",
}
"""What is a number or a date in the API, whatever the package's macro calls it (quickbooks.md 9)."""


def declared() -> dict[str, dict[str, Any]]:
    return {entry["table"]: entry for table in models.TABLES for entry in table.schemas()}


def wanted() -> dict[str, dict[str, dict[str, str]]]:
    """By table and column, the lines of the file; what the platform writes itself is left out."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    with FILE.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            if line["source_path"] != "system":
                found.setdefault(line["table"], {})[line["column"]] = line
    return found


def kind(type: Any) -> str:
    return "DECIMAL" if isinstance(type, dict) else str(type)


def test_every_table_and_column_of_the_file_is_there_with_a_fitting_type() -> None:
    schema, odd = declared(), []
    assert len(wanted()) == 52
    for table, columns in wanted().items():
        for name, line in columns.items():
            fitting = (NOT_AS_THE_FILE_SAYS[name],) if name in NOT_AS_THE_FILE_SAYS else FITTING[line["type"]]
            if kind(schema[table]["columns"].get(name)) not in fitting:
                odd.append((table, name, line["type"], schema[table]["columns"].get(name)))
    assert odd == []


def test_every_table_of_the_file_is_keyed_as_it_says() -> None:
    schema = declared()
    for table, columns in wanted().items():
        key = {name for name, line in columns.items() if line["note"].startswith("pk")}
        assert set(schema[table]["primary_key"]) == key, table


def owner(table: str) -> Table:
    """The table whose records a table's rows come from."""
    return next(each for each in models.TABLES if table in (each.name, *(child.name for child in each.children)))


PLAIN = {"string": "text 7", "boolean": True, "float": Exact("12.50"), "date": "2026-07-01", "timestamp": "2026-07-01"}
TIMES = ("CreateTime", "LastUpdatedTime", "DeliveryTime", "TxnAuthorizationTime")


ELSEWHERE = ("<", "|", "=", "position", "Entity", "ItemGroupLine", "GroupLineDetail.Line", "LinkedTxn[]")
"""Signs of paths that are more than a path: the tests of single columns below see to those."""
ALONE = {"effective_tax_rate", "other_contacts", "id"}


def nested(path: str, value: Any) -> dict[str, Any]:
    """A record with nothing but this value in it."""
    head, _, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {head[:-2]: [inner]} if head.endswith("[]") else {head: inner}


def landed(table: str, column: str, path: str, type: str) -> tuple[Any, Any]:
    """What lands in a column from its path, and what should."""
    parent = owner(table)
    value: Any = "2026-07-01T10:00:00-07:00" if path.endswith(TIMES) else PLAIN[type]
    expected: Any = "2026-07-01T17:00:00.000000Z" if path.endswith(TIMES) else value
    if kind(declared()[table]["columns"][column]) == "DECIMAL":
        value, expected = Exact("12.50"), "12.50"
    line: dict[str, Any] = {"Line": [{}]} if table.endswith("_line") else {}
    drift = Drift()
    rows = parent.rows({"Id": "42", **line, **nested(path, value)}, drift)
    assert drift == Drift()
    row = rows.row if parent.name == table else dict(rows.children)[table][0]
    return row[column], expected


def test_every_column_is_filled_from_its_path() -> None:
    odd, filled = [], 0
    for table, columns in wanted().items():
        for column, line in columns.items():
            path = line["source_path"]
            if column in ALONE or path == "Id" or any(sign in path for sign in ELSEWHERE):
                continue
            got, expected = landed(table, column, path, line["type"])
            filled += 1
            if got != expected:
                odd.append((table, column, path, got))
    assert odd == [] and filled > 700


OF_KIND = {
    "STRING": ("text 7", "text 7"),
    "BOOLEAN": (True, True),
    "LONG": (7, 7),
    "DECIMAL": (Exact("12.50"), "12.50"),
    "NAIVE_DATE": ("2026-07-01", "2026-07-01"),
    "UTC_DATETIME": ("2026-07-01T10:00:00-07:00", "2026-07-01T17:00:00.000000Z"),
    "JSON": ({"some": "text"}, {"some": "text"}),
}
"""What comes, and what lands of it."""


def test_every_column_beyond_the_file_is_filled_from_the_field_that_the_simulator_lists_for_it() -> None:
    odd, filled, in_file, schema = [], 0, wanted(), declared()
    for table, listed in TABLES.items():
        parent = owner(table)
        keys = {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "AsOfDate": "2026-07-02"}
        record = keys if table == "exchange_rate" else {"Id": "42"}
        for column in listed.columns:
            beyond = column.name not in in_file.get(table, {}) and column.of_part == bool(listed.parts)
            if not beyond or not column.straight or column.path in (None, ("makes",)):
                continue
            came, expected = OF_KIND[kind(schema[table]["columns"][column.name])]
            path = ".".join((listed.parts, *column.path) if column.of_part else column.path)
            rows = parent.rows({**record, **nested(path, came)}, Drift())
            row = rows.row if parent.name == table else dict(rows.children)[table][0]
            filled += 1
            if row[column.name] != expected:
                odd.append((table, column.name, path, row[column.name]))
    assert odd == [] and filled > 350


# Single columns.


def row(table: Table, **record: Any) -> dict[str, Any]:
    drift = Drift()
    found = table.rows({"Id": "42", **record}, drift).row
    assert drift == Drift()
    return found


def children(table: Table, name: str, **record: Any) -> list[dict[str, Any]]:
    drift = Drift()
    found = dict(table.rows({"Id": "42", **record}, drift).children)[name]
    assert drift == Drift()
    return list(found)


def test_flags_that_models_filter_by_are_false_where_they_are_absent() -> None:
    account = row(models.ACCOUNT)
    assert (account["active"], account["sub_account"], row(models.PURCHASE)["credit"]) == (False, False, False)


def test_a_currency_that_is_not_named_is_the_companys_own() -> None:
    assert row(models.INVOICE, CurrencyRef={"value": "EUR"}, **{models.HOME_CURRENCY: "USD"})["currency_id"] == "EUR"
    assert row(models.INVOICE, **{models.HOME_CURRENCY: "USD"})["currency_id"] == "USD"
    assert row(models.INVOICE)["currency_id"] is None


def test_a_custom_field_is_found_by_its_name_in_snake_case() -> None:
    fields = [
        {"DefinitionId": "1", "Name": "P.O. Number", "Type": "StringType", "StringValue": "PO-7781"},
        {"DefinitionId": "2", "Name": "Sales Rep", "Type": "StringType"},
    ]
    invoice = row(models.INVOICE, CustomField=fields)
    assert (invoice["custom_p_o_number"], invoice["custom_sales_rep"]) == ("PO-7781", None)
    assert [each["value"] for each in children(models.INVOICE, "invoice_custom_field", CustomField=fields)] == [
        "PO-7781",
        None,
    ]


@pytest.mark.parametrize(
    ("reference", "column"),
    [
        ({"value": "7", "type": "Customer"}, "customer_id"),
        ({"value": "7", "type": "VENDOR"}, "vendor_id"),
        ({"value": "7", "type": "employee"}, "employee_id"),
        ({"value": "7", "type": "Other"}, None),
    ],
)
def test_who_was_paid_is_in_the_column_of_its_kind(reference: dict[str, str], column: str | None) -> None:
    purchase = row(models.PURCHASE, EntityRef=reference)
    filled = {name for name in ("customer_id", "vendor_id", "employee_id") if purchase[name] is not None}
    assert filled == ({column} if column else set())


def test_a_journal_line_says_its_customer_beside_the_reference() -> None:
    detail = {"Entity": {"Type": "Customer", "EntityRef": {"value": "7", "name": "Sol"}}, "PostingType": "Debit"}
    [line] = children(models.JOURNAL_ENTRY, "journal_entry_line", Line=[{"JournalEntryLineDetail": detail}])
    assert (line["customer_id"], line["vendor_id"], line["posting_type"]) == ("7", None, "Debit")


@pytest.mark.parametrize(
    ("kind", "column"),
    [("Invoice", "invoice_id"), ("CreditMemo", "credit_memo_id"), ("Check", "check_id"), ("Novelty", None)],
)
def test_a_linked_transaction_is_in_the_column_of_its_kind_and_an_unknown_kind_is_kept(
    kind: str, column: str | None
) -> None:
    [line] = children(models.PAYMENT, "payment_line", Line=[{"LinkedTxn": [{"TxnId": "9", "TxnType": kind}]}])
    assert (line["transaction_id"], line["transaction_type"]) == ("9", kind)
    assert {name for name, value in line.items() if value == "9"} == {"transaction_id", *([column] if column else [])}


@pytest.mark.parametrize("table", [models.PAYMENT, models.BILL_PAYMENT])
def test_what_a_payment_as_a_whole_is_linked_to_lands_too(table: Table) -> None:
    link = {"TxnId": "77", "TxnType": "Deposit", "TxnLineId": "1"}
    [row] = children(table, f"{table.name}_linked_txn", LinkedTxn=[link])
    assert (row["transaction_id"], row["transaction_type"], row["transaction_line_id"]) == ("77", "Deposit", "1")


def test_links_of_what_is_never_linked_as_a_whole_are_drift() -> None:
    drift = Drift()
    models.TRANSFER.rows({"Id": "1", "LinkedTxn": [{"TxnId": "77", "TxnType": "Deposit"}]}, drift)
    assert set(drift.keys) == {"transfer.LinkedTxn"}


def test_a_bundle_lands_its_lines_by_their_places_and_itself_as_a_line() -> None:
    inner = [{"LineNum": 3, "Amount": 40, "SalesItemLineDetail": {"ItemRef": {"value": "11"}, "Qty": 2}}]
    lines = [{"Amount": 1}, {"GroupLineDetail": {"GroupItemRef": {"value": "19"}, "Quantity": 1, "Line": inner}}]
    [line] = children(models.INVOICE, "invoice_line_bundle", Line=lines)
    assert (line["invoice_id"], line["invoice_line_index"], line["index"], line["line_num"]) == ("42", 1, 0, "3")
    assert (line["item_id"], line["quantity"], line["sales_item_item_id"]) == ("11", "2", None)
    assert children(models.INVOICE, "invoice_line", Line=lines)[1]["bundle_id"] == "19"


def test_an_item_that_is_twice_in_a_bundle_is_one_row_with_both_quantities() -> None:
    def line(item: str, quantity: Any) -> dict[str, Any]:
        return {"ItemRef": {"value": item, "name": "x"}, "Qty": quantity}

    found = children(
        models.BUNDLE,
        "bundle_item",
        ItemGroupDetail={"ItemGroupLine": [line("1", Exact("0.1")), line("2", 1), line("1", Exact("0.2"))]},
    )
    assert {each["item_id"]: each["item_quantity"] for each in found} == {"1": "0.3", "2": "1"}


def test_a_refund_is_called_so_by_its_lines_and_a_refund_receipt_by_its_taxes() -> None:
    schema = declared()
    assert schema["refund_receipt_line"]["primary_key"] == ["refund_id", "index"]
    assert schema["refund_receipt_tax_line"]["primary_key"] == ["refund_receipt_id", "index"]


def test_the_tax_code_of_an_order_may_be_in_either_place() -> None:
    assert row(models.PURCHASE_ORDER, TaxCodeRef={"value": "5"})["tax_code_id"] == "5"
    assert row(models.PURCHASE_ORDER, TxnTaxDetail={"TxnTaxCodeRef": {"value": "6"}})["tax_code_id"] == "6"


def test_a_long_rate_keeps_all_its_digits() -> None:
    assert row(models.INVOICE, ExchangeRate=Exact("1.123456789012345"))["exchange_rate"] == "1.123456789012345"


def test_what_has_more_digits_or_more_than_a_date_lands_as_near_as_it_can_and_is_told() -> None:
    drift = Drift()
    line = {"SalesItemLineDetail": {"Qty": Exact("0.6666666666667")}}
    record = {"Id": "42", "TotalAmt": Exact("1234.5000000001"), "TxnDate": "2026-01-05-08:00", "Line": [line]}
    rows = models.INVOICE.rows(record, drift)
    assert (rows.row["total_amount"], rows.row["transaction_date"]) == ("1234.500000000", "2026-01-05")
    assert dict(rows.children)["invoice_line"][0]["sales_item_quantity"] == "0.666666667"
    assert len(drift.changed) == 3 and drift.misfits == 0


def test_a_custom_field_of_any_type_lands_as_text() -> None:
    values: list[dict[str, Any]] = [
        {"NumberValue": Exact("12.50")},
        {"DateValue": "2026-03-01"},
        {"BooleanValue": True},
        {"NumberValue": 0},
    ]
    fields = [{"DefinitionId": "1", "Name": "Sales Rep", **each} for each in values]
    found = children(models.INVOICE, "invoice_custom_field", CustomField=fields)
    assert [each["value"] for each in found] == ["12.50", "2026-03-01", "true", "0"]
    assert row(models.INVOICE, CustomField=fields[2:])["custom_sales_rep"] == "true"


def test_the_lines_of_a_bundle_inside_a_bundle_land_behind_the_others_and_the_bundle_is_told() -> None:
    inner = {"GroupItemRef": {"value": "19"}, "Quantity": 2, "Line": [{"Id": "3"}, {"Id": "4"}]}
    lines = [{"Amount": 1}, {"GroupLineDetail": {"Line": [{"Id": "1", "GroupLineDetail": inner}, {"Id": "2"}]}}]
    drift = Drift()
    found = dict(models.INVOICE.rows({"Id": "42", "Line": lines}, drift).children)["invoice_line_bundle"]
    assert [(each["invoice_line_index"], each["index"], each["line_id"]) for each in found] == [
        (1, 0, "1"),
        (1, 1, "2"),
        (1, 2, "3"),
        (1, 3, "4"),
    ]
    assert drift.keys == {
        "invoice_line_bundle.GroupLineDetail.GroupItemRef": 1,
        "invoice_line_bundle.GroupLineDetail.Quantity": 1,
    }


def test_an_address_without_an_id_is_told_and_an_empty_one_is_none() -> None:
    drift = Drift()
    rows = models.PURCHASE.rows({"Id": "42", "RemitToAddr": {"Line1": "12 Quay Rd"}, "ShipAddr": {}}, drift)
    assert rows.gathered == ()
    assert drift == Drift(unlanded={"purchase.RemitToAddr: a record without id": 1})


def test_an_empty_reference_is_null() -> None:
    empty = {"value": ""}
    assert row(models.INVOICE, CustomerRef=empty, DepartmentRef=empty)["customer_id"] is None
    assert row(models.PURCHASE, EntityRef={**empty, "type": "Vendor"})["vendor_id"] is None


@pytest.mark.parametrize(
    ("table", "record"),
    [
        (models.INVOICE, {"InvoiceLink": "canary", "InvoiceLinkSecurityCode": "canary"}),
        (models.PAYMENT, {"CreditCardPayment": {"CreditChargeInfo": {"Number": "canary", "Type": "VISA"}}}),
        (
            models.ATTACHABLE,
            {"TempDownloadUri": "canary", "FileAccessUri": "canary", "ThumbnailTempDownloadUri": "canary"},
        ),
        (models.EMPLOYEE, {"SSN": "canary", "BirthDate": "canary"}),
        (models.VENDOR, {"VendorPaymentBankDetail": {"BankAccountNumber": "canary"}}),
        (models.RECURRING_TRANSACTION, {"CreditCardPayment": {"CreditChargeInfo": {"CcToken": "canary"}}}),
    ],
)
def test_what_pays_downloads_or_identifies_lands_nowhere(table: Table, record: dict[str, Any]) -> None:
    drift = Drift()
    rows = replace(table, keep_raw=True).rows({"Id": "42", **record}, drift)
    assert "canary" not in repr(rows) and "canary" not in repr(table.kept(record)) and drift == Drift()


def test_an_unknown_key_is_drift_at_any_depth() -> None:
    drift = Drift()
    models.INVOICE.rows(
        {
            "Id": "42",
            "Novelty": 1,
            "Line": [{"SalesItemLineDetail": {"Novelty": 1}}],
            "BillAddr": {"Id": "7", "Novelty": 1},
        },
        drift,
    )
    assert set(drift.keys) == {"invoice.Novelty", "invoice_line.SalesItemLineDetail.Novelty", "address.Novelty"}


@pytest.mark.parametrize(
    "older",
    [
        {"changed": "2026-07-08T14:31:04-07:00", "Id": "99"},
        {"changed": "2026-07-08T20:31:05+00:00", "Id": "99"},
        {"changed": None, "Id": "99"},
        {"changed": "2026-07-08T14:31:05-07:00", "Id": "9"},
    ],
)
def test_the_newest_owner_is_told_by_the_instant_of_its_change_then_by_its_id(older: dict[str, Any]) -> None:
    def record(changed: Any, Id: str) -> dict[str, Any]:
        return {"Id": Id, "MetaData": {"LastUpdatedTime": changed}}

    age = models.age("invoice")
    assert age(record(**older)) < age(record("2026-07-08T14:31:05-07:00", "10"))


def test_of_two_owners_of_one_second_the_later_kind_is_newer() -> None:
    record = {"Id": "9", "MetaData": {"LastUpdatedTime": "2026-07-08T14:31:05-07:00"}}
    ages = [models.age(owner)(record) for owner in models.OWNERS]
    assert ages == sorted(ages) and len(set(ages)) == len(ages)
