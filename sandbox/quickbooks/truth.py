"""What a warehouse must hold: every table of the company, worked out from the books alone.

Ids are text, instants are UTC text, amounts are the decimal text that the source writes. Parts of a transaction are
keyed by it and `index`, their place from 0. quickbooks.md 9.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sandbox.quickbooks import columns, times
from sandbox.quickbooks.books import ADDRESSES, Books
from sandbox.quickbooks.ledger import currency_of
from sandbox.quickbooks.options import Options
from sandbox.quickbooks.store import Fields, Record

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Spec = tuple[str, tuple[str, ...], str, bool]
"""Column, path, kind of the record that a reference must refer to, and whether a whole number stays one."""
REFUND_KEY = "refund_id"
IN_BUNDLE_ONLY = ("sales_item_account_id", "sales_item_item_id", "sales_item_quantity", "sales_item_tax_code_id")
"""Columns of the lines in a bundle that nothing fills."""


def truth(books: Books, options: Options) -> Tables:
    """All tables by name. A company has no tables of entities that it refuses."""
    return _Truth(books, options).tables()


def text(value: Any) -> Any:
    """A value as a column holds it: numbers as the text that stands in the JSON, what is not a number as it is."""
    if isinstance(value, Decimal):
        written = repr(float(value))
        return format(Decimal(written), "f") if "e" in written else written
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value, default=float))
    return value


@lru_cache
def specs(declared: str) -> tuple[Spec, ...]:
    words = declared.split()
    found = []
    for column, written in zip(words[::2], words[1::2], strict=True):
        path, _, kind = written.lstrip("#").partition("@")
        found.append((column, tuple(path.split(".")), kind, written.startswith("#")))
    return tuple(found)


def picked(fields: Fields, declared: str) -> Row:
    """The columns of a text like those in `columns`."""
    row: Row = {}
    for column, path, kind, whole in specs(declared):
        value: Any = fields
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if kind:
            value = _of_kind(value, kind)
        row[column] = value if whole else text(value)
    return row


def snake(name: str) -> str:
    """`P.O. Number` becomes `p_o_number`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


class _Truth:
    def __init__(self, books: Books, options: Options) -> None:
        self.books = books
        self.store = books.store
        self.options = options
        self.rows: Tables = {}

    def tables(self) -> Tables:
        for table, listing in columns.TABLES.items():
            self.rows[table] = []
            for record in self._records(table, listing.entity):
                self.rows[table].append(self.header(table, listing.columns, record))
        for table in columns.SALES:
            self.sales(table)
        for table in columns.COSTS:
            self.costs(table)
        self.others()
        for table in columns.SETTLING:
            self.settling(table)
        for table, kinds in columns.LINKED.items():
            self.linked(table, kinds)
        for table, name in columns.TAX_TABLES.items():
            self.parts(name, table, "TxnTaxDetail.TaxLine", columns.TAX_LINE)
        for table in columns.CUSTOM_TABLES:
            declared = "definition_id DefinitionId name Name type Type value StringValue"
            self.parts(f"{table}_custom_field", table, "CustomField", declared)
        self.rows["address"] = self.addresses()
        self.rows["exchange_rate"] = self.exchange_rates()
        return self.rows

    def header(self, table: str, declared: str, record: Record) -> Row:
        fields = record.fields
        row: Row = {
            "id": record.id,
            "sync_token": str(record.token),
            "created_at": times.instant(record.created),
            "updated_at": times.instant(record.updated),
            **picked(fields, declared),
        }
        if table == "customer_type":
            del row["sync_token"]
        if table not in columns.WITHOUT_CURRENCY:
            row["currency_id"] = currency_of(self.store, fields)
        for column in columns.NEVER_NULL.get(table, ()):
            row[column] = bool(row[column])
        for column in columns.AS_TEXT & row.keys():
            row[column] = None if row[column] is None else json.dumps(row[column], separators=(",", ":"))
        for column in columns.CUSTOM_COLUMNS.get(table, ()):
            row[column] = _custom(fields, column.removeprefix("custom_"))
        if table == "purchase_order" and row["tax_code_id"] is None:
            row["tax_code_id"] = _dig(fields, "TxnTaxDetail.TxnTaxCodeRef.value")
        if table == "account":
            row["balance"] = text(self.books.ledger.balance(record.id))
            row["balance_with_sub_accounts"] = text(self.books.ledger.with_subaccounts(record.id))
        return row

    def sales(self, table: str) -> None:
        declared = f"{columns.LINE} detail_type DetailType {columns.SALES_LINE}"
        if table in columns.CHARGED:
            declared += columns.REIMBURSED
        key = REFUND_KEY if table == "refund_receipt" else f"{table}_id"
        self.parts(f"{table}_line", table, "Line", declared, key)
        found = self.rows[f"{table}_line_bundle"] = []
        for record in self._owners(table):
            for position, line in enumerate(record.fields.get("Line", ())):
                for index, part in enumerate(line.get("GroupLineDetail", {}).get("Line", ())):
                    found.append(
                        {
                            f"{table}_id": record.id,
                            f"{table}_line_index": position,
                            "index": index,
                            **picked(part, f"{columns.LINE} {columns.BUNDLE_LINE}"),
                            **dict.fromkeys(IN_BUNDLE_ONLY),
                        }
                    )

    def costs(self, table: str) -> None:
        declared = f"{columns.LINE} detail_type DetailType {columns.EXPENSE_LINE}"
        self.parts(f"{table}_line", table, "Line", declared)
        if table == "vendor_credit":
            notes = {record.id: record.fields.get("PrivateNote") for record in self._owners(table)}
            for row in self.rows["vendor_credit_line"]:
                row["private_note"] = notes[row["vendor_credit_id"]]

    def others(self) -> None:
        line = f"{columns.LINE} detail_type DetailType "
        self.parts("journal_entry_line", "journal_entry", "Line", line + columns.JOURNAL_LINE)
        self.parts("reimburse_charge_line", "reimburse_charge", "Line", line + columns.REIMBURSED)
        self.parts(
            "budget_detail",
            "budget",
            "BudgetDetail",
            """
            budget_date BudgetDate amount Amount account_id AccountRef.value class_id ClassRef.value
            customer_id CustomerRef.value department_id DepartmentRef.value
        """,
        )
        self.parts(
            "attachable_ref",
            "attachable",
            "AttachableRef",
            """
            entity_id EntityRef.value entity_type EntityRef.type line_info LineInfo include_on_send IncludeOnSend
            no_ref_only NoRefOnly inactive Inactive
        """,
        )
        self.parts("company_info_name_value", "company_info", "NameValue", "name Name value Value")
        for name, path in (("sales", "SalesTaxRateList"), ("purchase", "PurchaseTaxRateList")):
            self.parts(
                f"tax_code_{name}_tax_rate",
                "tax_code",
                f"{path}.TaxRateDetail",
                """
                tax_rate_id TaxRateRef.value tax_type_applicable TaxTypeApplicable tax_order #TaxOrder
                tax_on_tax_order #TaxOnTaxOrder
            """,
            )
        quantities: dict[tuple[str, str], Decimal | None] = {}
        for record in self._owners("bundle"):
            for part in record.fields["ItemGroupDetail"]["ItemGroupLine"]:
                key = (record.id, part["ItemRef"]["value"])
                before = quantities.get(key)
                quantities[key] = part["Qty"] if before is None else before + part["Qty"]
        self.rows["bundle_item"] = [
            {"bundle_id": bundle, "item_id": item, "item_quantity": text(quantity)}
            for (bundle, item), quantity in quantities.items()
        ]

    def settling(self, table: str) -> None:
        """Lines that say which transaction they settle."""
        declared = f"{columns.LINE} detail_type DetailType " + (columns.DEPOSIT_LINE if table == "deposit" else "")
        name = f"{table}_line"
        self.parts(name, table, "Line", declared)
        lines = [line for record in self._owners(table) for line in record.fields.get("Line", ())]
        for row, line in zip(self.rows[name], lines, strict=True):
            first: Fields = next(iter(line.get("LinkedTxn", ())), {})
            row["transaction_id"], row["transaction_type"] = first.get("TxnId"), first.get("TxnType")
            row.update(_named(line.get("LinkedTxn", ()), columns.SETTLING[table]))

    def linked(self, table: str, kinds: dict[str, list[str]]) -> None:
        """The transactions that a header names."""
        declared = "transaction_id TxnId transaction_type TxnType transaction_line_id TxnLineId"
        self.parts(f"{table}_linked_txn", table, "LinkedTxn", declared)
        links = [link for record in self._owners(table) for link in record.fields.get("LinkedTxn", ())]
        for row, link in zip(self.rows[f"{table}_linked_txn"], links, strict=True):
            row.update(_named([link], kinds))

    def addresses(self) -> list[Row]:
        """Each address as the newest owner has it that says more than its id; where none does any more, as it was
        last."""
        found: dict[str, Fields] = dict(self.books.lost_addresses)
        newest: dict[str, tuple[int, int, int]] = {}
        for rank, entity in enumerate(columns.OWNERS):
            if entity in self.options.refused:
                continue
            for record in self.store.all(entity):
                age = (record.updated, rank, record.number)
                for name in ADDRESSES:
                    address = record.fields.get(name)
                    if address is not None and len(address) == 1:
                        found.setdefault(address["Id"], address)
                    elif address is not None and age >= newest.get(address["Id"], (0, 0, 0)):
                        newest[address["Id"]], found[address["Id"]] = age, address
        return [{"id": id, **picked(address, columns.ADDRESS)} for id, address in found.items()]

    def exchange_rates(self) -> list[Row]:
        declared = "source_currency_code SourceCurrencyCode target_currency_code TargetCurrencyCode"
        return [
            {
                **picked(record.fields, f"{declared} as_of_date AsOfDate rate Rate"),
                "created_at": times.instant(record.created),
                "updated_at": times.instant(record.updated),
            }
            for record in self._records("exchange_rate", "ExchangeRate")
        ]

    def parts(self, name: str, table: str, path: str, declared: str, key: str = "") -> None:
        """The rows of a list inside the records of a table."""
        key = key or f"{table}_id"
        self.rows[name] = [
            {key: record.id, "index": index, **picked(part, declared)}
            for record in self._owners(table)
            for index, part in enumerate(_dig(record.fields, path) or ())
        ]

    def _owners(self, table: str) -> Iterable[Record]:
        return self._records(table, columns.TABLES[table].entity)

    def _records(self, table: str, entity: str) -> Iterable[Record]:
        if entity in self.options.refused:
            return ()
        if entity == "Item":
            return [one for one in self.store.all("Item") if (one.fields["Type"] == "Group") == (table == "bundle")]
        return self.store.all(entity)


def _dig(fields: Fields, path: str) -> Any:
    value: Any = fields
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _of_kind(value: Any, kind: str) -> Any:
    """The id in a reference to a record of this kind; its kind stands in the reference or beside it."""
    if not isinstance(value, dict):
        return None
    reference = value.get("EntityRef", value)
    named = value.get("Type") or reference.get("type") or ""
    return reference["value"] if named.lower() == kind.lower() else None


def _named(links: Iterable[Fields], kinds: dict[str, list[str]]) -> Row:
    """By column: the first linked transaction of its kinds."""
    return {
        column: next((link["TxnId"] for link in links if link["TxnType"] in wanted), None)
        for column, wanted in kinds.items()
    }


def _custom(fields: Fields, name: str) -> str | None:
    """The value of the first custom field of that name."""
    for one in fields.get("CustomField", ()):
        if snake(one["Name"]) == name:
            value: str | None = one.get("StringValue")
            return value
    return None
