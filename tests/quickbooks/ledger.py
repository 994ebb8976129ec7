"""A general ledger by SQL from what has landed, as the public accounting models compute it (quickbooks.md 9).

One side of each transaction is its total, the other its lines: they are only equal where no line is missing and none
is left over.
"""

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.destination import Destination

TYPES = {
    "STRING": "VARCHAR",
    "LONG": "BIGINT",
    "DOUBLE": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "JSON": "JSON",
    "UTC_DATETIME": "TIMESTAMP",
    "NAIVE_DATE": "DATE",
}
CENT = Decimal("0.01")
SALES = ("invoice", "credit_memo", "sales_receipt", "refund_receipt")
EXPENSES = ("bill", "vendor_credit", "purchase")
TAX_TABLES = {
    "invoice": "invoice_tax_line",
    "credit_memo": "credit_memo_tax_line_detail",
    "bill": "bill_tax_line_detail",
    "sales_receipt": "sales_receipt_tax_line",
    "refund_receipt": "refund_receipt_tax_line",
    "purchase": "purchase_tax_line",
    "deposit": "deposit_tax_line_detail",
}
SIGNS = {
    "invoice": "1",
    "sales_receipt": "1",
    "credit_memo": "-1",
    "refund_receipt": "-1",
    "bill": "-1",
    "vendor_credit": "1",
    "purchase": "CASE WHEN t.credit THEN 1 ELSE -1 END",
    "deposit": "1",
}
"""Of the side that the total is on: 1 where it is debited. The lines have the opposite sign."""
RECEIVABLE = """(
    SELECT min(id) FROM account
    WHERE account_type = 'Accounts Receivable' AND active AND NOT sub_account AND currency_id = t.currency_id
)"""
GAINS = "(SELECT id FROM account WHERE account_sub_type = 'ExchangeGainOrLoss')"
UNDEPOSITED = "(SELECT id FROM account WHERE account_sub_type = 'UndepositedFunds')"
TOTALS_ON = {
    "invoice": RECEIVABLE,
    "credit_memo": RECEIVABLE,
    "sales_receipt": "t.deposit_to_account_id",
    "refund_receipt": "t.deposit_to_account_id",
    "bill": "t.payable_account_id",
    "vendor_credit": "t.payable_account_id",
    "purchase": "t.account_id",
    "deposit": "t.account_id",
}


def ledger(destination: Destination, schema: list[dict[str, Any]], folder: Path) -> duckdb.DuckDBPyConnection:
    """A database of the landed tables, with their postings (`post`)."""
    database = duckdb.connect()
    for table in schema:
        rows = destination.rows[table["table"]].values()
        file = folder / f"{table['table']}.json"
        file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        columns = ", ".join(f"\"{name}\": '{_type(kind)}'" for name, kind in table["columns"].items())
        database.execute(
            f"CREATE TABLE \"{table['table']}\" AS SELECT * FROM read_json('{file}', format = 'newline_delimited', "
            f"columns = {{{columns}}})"
        )
    post(database)
    return database


def post(database: duckdb.DuckDBPyConnection) -> None:
    """Make the table `posting` anew: kind and id of a transaction, account, amount in its own and in the home currency;
    debits are positive. What is posted in the home currency alone is 0 in its own."""
    postings = "\nUNION ALL\n".join(
        [
            *(_total(kind) for kind in TOTALS_ON),
            *(_tax(kind, table) for kind, table in TAX_TABLES.items()),
            *(part for kind in SALES for part in _sold(kind)),
            *(_bought(kind) for kind in EXPENSES),
            f"""
            SELECT 'deposit', t.id, coalesce(l.deposit_account_id, {UNDEPOSITED}), -l.amount, t.exchange_rate
            FROM deposit t JOIN deposit_line l ON l.deposit_id = t.id
        """,
            """
            SELECT 'journal_entry', t.id, l.account_id,
                CASE l.posting_type WHEN 'Debit' THEN l.amount ELSE -l.amount END, t.exchange_rate
            FROM journal_entry t JOIN journal_entry_line l ON l.journal_entry_id = t.id
            WHERE l.posting_type IS NOT NULL
        """,
            *_between("payment", "total_amount", "deposit_to_account_id", "receivable_account_id"),
            *_between(
                "bill_payment",
                "total_amount",
                "payable_account_id",
                "coalesce(t.check_bank_account_id, t.credit_card_account_id)",
            ),
            *_between("transfer", "amount", "to_account_id", "from_account_id"),
            *_between("credit_card_payment_txn", "amount", "credit_card_account_id", "bank_account_id"),
        ]
    )
    at_home = "\nUNION ALL\n".join(
        [
            *_gained("payment", {"invoice": 1, "credit_memo": -1}, "t.receivable_account_id", GAINS),
            *_gained("bill_payment", {"bill": 1, "vendor_credit": -1}, GAINS, "t.payable_account_id"),
            *(part for kind in SALES for part in _cost(kind)),
        ]
    )
    database.execute(f"""
        CREATE OR REPLACE TABLE posting AS
        SELECT kind, id, account, own, CAST(own AS DECIMAL(20, 4)) * CAST(coalesce(rate, 1) AS DECIMAL(18, 12)) AS home
        FROM ({postings}) AS p(kind, id, account, own, rate)
        WHERE own <> 0
        UNION ALL
        SELECT kind, id, account, 0, home FROM ({at_home}) AS p(kind, id, account, home) WHERE home <> 0
    """)


def unbalanced(database: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Transactions whose debits are not their credits, or that post to no account."""
    return database.execute("""
        SELECT kind, id, sum(own), count(*) - count(account) FROM posting
        GROUP BY kind, id HAVING sum(own) <> 0 OR sum(home) <> 0 OR count(account) <> count(*)
    """).fetchall()


def trial_balance(database: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    """By account, debits less credits, to the cent; those that are zero are left out."""
    found = database.execute("SELECT account, sum(home) FROM posting GROUP BY account").fetchall()
    return to_the_cent(dict(found))


def to_the_cent(balances: dict[str, Decimal]) -> dict[str, Decimal]:
    rounded = {account: amount.quantize(CENT, ROUND_HALF_UP) for account, amount in balances.items()}
    return {account: amount for account, amount in rounded.items() if amount}


def _type(kind: Any) -> str:
    return f"DECIMAL({kind['precision']}, {kind['scale']})" if isinstance(kind, dict) else TYPES[kind]


def _total(kind: str) -> str:
    return f"SELECT '{kind}', t.id, {TOTALS_ON[kind]}, {SIGNS[kind]} * t.total_amount, t.exchange_rate FROM {kind} t"


def _tax(kind: str, table: str) -> str:
    return f"""
        SELECT '{kind}', t.id, a.id, -({SIGNS[kind]}) * l.amount, t.exchange_rate
        FROM {kind} t JOIN {table} l ON l.{kind}_id = t.id
        LEFT JOIN tax_rate r ON r.id = l.tax_rate_id
        LEFT JOIN tax_agency g ON g.id = r.tax_agency_id
        LEFT JOIN account a ON a.name = g.display_name || ' Payable'
    """


def _sold(kind: str) -> list[str]:
    parent = "refund_id" if kind == "refund_receipt" else f"{kind}_id"
    reimbursed = "l.account_id" if kind == "invoice" else "NULL"
    return [
        f"""
            SELECT '{kind}', t.id, coalesce(l.discount_account_id, l.sales_item_account_id, {reimbursed},
                i.income_account_id),
                ({SIGNS[kind]}) * CASE l.detail_type WHEN 'DiscountLineDetail' THEN l.amount ELSE -l.amount END,
                t.exchange_rate
            FROM {kind} t JOIN {kind}_line l ON l.{parent} = t.id LEFT JOIN item i ON i.id = l.sales_item_item_id
            WHERE l.detail_type IN ('SalesItemLineDetail', 'ReimburseLineDetail', 'DiscountLineDetail')
        """,
        f"""
            SELECT '{kind}', t.id, coalesce(l.account_id, i.income_account_id), -({SIGNS[kind]}) * l.amount,
                t.exchange_rate
            FROM {kind} t JOIN {kind}_line_bundle l ON l.{kind}_id = t.id LEFT JOIN item i ON i.id = l.item_id
        """,
    ]


def _bought(kind: str) -> str:
    return f"""
        SELECT '{kind}', t.id, coalesce(l.account_expense_account_id, i.asset_account_id, i.expense_account_id),
            -({SIGNS[kind]}) * l.amount, t.exchange_rate
        FROM {kind} t JOIN {kind}_line l ON l.{kind}_id = t.id LEFT JOIN item i ON i.id = l.item_expense_item_id
        WHERE l.account_expense_account_id IS NOT NULL OR l.item_expense_item_id IS NOT NULL
    """


def _between(kind: str, amount: str, debit: str, credit: str) -> list[str]:
    return [
        f"SELECT '{kind}', t.id, {account}, {sign}t.{amount}, t.exchange_rate FROM {kind} t"
        for account, sign in ((debit, ""), (credit, "-"))
    ]


def _gained(kind: str, signs: dict[str, int], debit: str, credit: str) -> list[str]:
    """What a payment settles leaves the account at the rate at which it came."""
    return [
        f"""
            SELECT '{kind}', t.id, {account}, {sign * way} * CAST(l.amount AS DECIMAL(20, 4))
                * CAST(coalesce(t.exchange_rate, 1) - coalesce(s.exchange_rate, 1) AS DECIMAL(18, 12))
            FROM {kind} t JOIN {kind}_line l ON l.{kind}_id = t.id JOIN {settled} s ON s.id = l.{settled}_id
        """
        for settled, sign in signs.items()
        for account, way in ((debit, 1), (credit, -1))
    ]


def _cost(kind: str) -> list[str]:
    """What was sold from the store has cost."""
    parent = "refund_id" if kind == "refund_receipt" else f"{kind}_id"
    sources = (
        (f"{kind}_line", parent, "sales_item_item_id", "sales_item_quantity"),
        (f"{kind}_line_bundle", f"{kind}_id", "item_id", "quantity"),
    )
    sign = 1 if kind in ("invoice", "sales_receipt") else -1
    return [
        f"""
            SELECT '{kind}', l.{key}, i.{account}, {sign * way} * CAST(l.{quantity} AS DECIMAL(20, 4))
                * CAST(i.purchase_cost AS DECIMAL(20, 4))
            FROM {table} l JOIN item i ON i.id = l.{item}
            WHERE i.type = 'Inventory'
        """
        for table, key, item, quantity in sources
        for account, way in (("expense_account_id", 1), ("asset_account_id", -1))
    ]
