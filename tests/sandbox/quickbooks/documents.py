"""What the landed documents say, worked out from their lines alone: what they come to, what is owed, what is in store.

Rows are those of `truth()`, whose columns are the landed ones. Nothing here asks the simulated ledger.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Tables = dict[str, list[dict[str, Any]]]
ZERO = Decimal(0)
SALES = ("invoice", "estimate", "sales_receipt", "credit_memo", "refund_receipt")
COSTS = ("bill", "purchase", "vendor_credit", "purchase_order", "deposit")
TAXES = {
    "invoice": "invoice_tax_line",
    "estimate": "estimate_tax_line",
    "sales_receipt": "sales_receipt_tax_line",
    "credit_memo": "credit_memo_tax_line_detail",
    "refund_receipt": "refund_receipt_tax_line",
    "bill": "bill_tax_line_detail",
    "purchase": "purchase_tax_line",
    "deposit": "deposit_tax_line_detail",
}
SIGNS = {"invoice": 1, "credit_memo": -1, "bill": 1, "vendor_credit": -1}
PAYMENTS = {"payment": ("customer", "invoice", "credit_memo"), "bill_payment": ("vendor", "bill", "vendor_credit")}
"""By table: whose it is, what adds to what they owe, and what takes from it."""
LEDGERS = {"customer": ("Accounts Receivable", "Debit"), "vendor": ("Accounts Payable", "Credit")}
NO_AMOUNT = ("SubTotalLineDetail", "DescriptionOnly")


def number(text: str | None) -> Decimal:
    return Decimal(text or 0)


def by_id(tables: Tables, table: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in tables[table]}


def sums(tables: Tables, table: str) -> dict[str, Decimal]:
    """By id of a document: its lines, less discounts, and its tax."""
    found = {row["id"]: ZERO for row in tables[table]}
    parent = "refund_id" if table == "refund_receipt" else f"{table}_id"
    for line in tables[f"{table}_line"]:
        if line["detail_type"] not in NO_AMOUNT:
            found[line[parent]] += number(line["amount"]) * (-1 if line["detail_type"] == "DiscountLineDetail" else 1)
    for line in tables.get(TAXES.get(table, ""), ()):
        found[line[f"{table}_id"]] += number(line["amount"])
    if table == "purchase_order":  # Its tax has no table.
        for row in tables[table]:
            found[row["id"]] += number(row["total_tax"])
    return found


def untrue(tables: Tables) -> list[tuple[Any, ...]]:
    """Documents whose total is not their lines, bundles that are not their parts, entries that do not balance."""
    found: list[tuple[Any, ...]] = []
    for table in (*SALES, *COSTS):
        documents = by_id(tables, table)
        for id, amount in sums(tables, table).items():
            if amount != number(documents[id]["total_amount"]):
                found.append((table, id, amount))
    for table in SALES:
        parts: defaultdict[tuple[str, int], Decimal] = defaultdict(lambda: ZERO)
        for part in tables[f"{table}_line_bundle"]:
            parts[part[f"{table}_id"], part[f"{table}_line_index"]] += number(part["amount"])
        parent = "refund_id" if table == "refund_receipt" else f"{table}_id"
        lines = {(line[parent], line["index"]): number(line["amount"]) for line in tables[f"{table}_line"]}
        found += [(table, *key) for key, amount in parts.items() if lines[key] != amount]
    entries: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in tables["journal_entry_line"]:
        entries[line["journal_entry_id"]] += number(line["amount"]) * (1 if line["posting_type"] == "Debit" else -1)
    return found + [("journal_entry", id, amount) for id, amount in entries.items() if amount]


def owed(tables: Tables, kind: str) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """What each document adds to what customers owe, or is owed to vendors: whose it is, the currency, the amount in it
    and in the home currency. What is paid goes at the rate at which it came."""
    payments = next(table for table, (party, *_) in PAYMENTS.items() if party == kind)
    _, *settled = PAYMENTS[payments]
    for table in settled:
        rows, amounts = by_id(tables, table), sums(tables, table)
        for id, row in rows.items():
            amount = SIGNS[table] * amounts[id]
            yield row[f"{kind}_id"], row["currency_id"], amount, amount * rate(row)
    paid = by_id(tables, payments)
    left = {id: number(row["total_amount"]) for id, row in paid.items()}
    for line in tables[f"{payments}_line"]:
        row = paid[line[f"{payments}_id"]]
        for table in settled:
            if line[f"{table}_id"]:
                amount = SIGNS[table] * number(line["amount"])
                left[row["id"]] -= amount
                came = by_id(tables, table)[line[f"{table}_id"]]
                yield row[f"{kind}_id"], row["currency_id"], -amount, -amount * rate(came)
    for id, amount in left.items():
        yield paid[id][f"{kind}_id"], paid[id]["currency_id"], -amount, -amount * rate(paid[id])
    account_type, side = LEDGERS[kind]
    accounts, entries = by_id(tables, "account"), by_id(tables, "journal_entry")
    for line in tables["journal_entry_line"]:
        if accounts[line["account_id"]]["account_type"] == account_type:
            entry = entries[line["journal_entry_id"]]
            amount = number(line["amount"]) * (1 if line["posting_type"] == side else -1)
            yield line[f"{kind}_id"], entry["currency_id"], amount, amount * rate(entry)


def rate(row: dict[str, Any]) -> Decimal:
    return Decimal(row["exchange_rate"] or 1)


def in_store(tables: Tables) -> dict[str, Decimal]:
    """How many there are of each item of which count is kept: bought, less sold."""
    found = {row["id"]: ZERO for row in tables["item"] if row["type"] == "Inventory"}

    def count(rows: list[dict[str, Any]], item: str, quantity: str, sign: int) -> None:
        for row in rows:
            if row[item] in found:
                found[row[item]] += sign * number(row[quantity])

    for table, sign in (("bill", 1), ("purchase", 1), ("vendor_credit", -1)):
        count(tables[f"{table}_line"], "item_expense_item_id", "item_expense_quantity", sign)
    for table, sign in (("invoice", -1), ("sales_receipt", -1), ("credit_memo", 1), ("refund_receipt", 1)):
        count(tables[f"{table}_line"], "sales_item_item_id", "sales_item_quantity", sign)
        count(tables[f"{table}_line_bundle"], "item_id", "quantity", sign)
    return found
