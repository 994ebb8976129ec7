"""The entities of QuickBooks: the table of each, and how its changes are told (quickbooks.md 3, 4, 8)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import models

from shared.clock import DAY_SECONDS
from shared.records import text
from shared.tables import Table

NAME_LISTS = {
    "Customer": models.CUSTOMER,
    "Vendor": models.VENDOR,
    "Employee": models.EMPLOYEE,
    "Class": models.CLASS,
    "Department": models.DEPARTMENT,
    "CustomerType": models.CUSTOMER_TYPE,
    "Term": models.TERM,
    "PaymentMethod": models.PAYMENT_METHOD,
    "CompanyCurrency": models.CURRENCY,
    "Budget": models.BUDGET,
}
TRANSACTIONS = {
    "Invoice": models.INVOICE,
    "Estimate": models.ESTIMATE,
    "SalesReceipt": models.SALES_RECEIPT,
    "CreditMemo": models.CREDIT_MEMO,
    "RefundReceipt": models.REFUND_RECEIPT,
    "Payment": models.PAYMENT,
    "Bill": models.BILL,
    "BillPayment": models.BILL_PAYMENT,
    "VendorCredit": models.VENDOR_CREDIT,
    "Purchase": models.PURCHASE,
    "PurchaseOrder": models.PURCHASE_ORDER,
    "Deposit": models.DEPOSIT,
    "Transfer": models.TRANSFER,
    "CreditCardPayment": models.CREDIT_CARD_PAYMENT_TXN,
    "JournalEntry": models.JOURNAL_ENTRY,
    "ReimburseCharge": models.REIMBURSE_CHARGE,
    "Attachable": models.ATTACHABLE,
}
TAX_LISTS = {"TaxCode": models.TAX_CODE, "TaxRate": models.TAX_RATE, "TaxAgency": models.TAX_AGENCY}
MERGED = ("Customer", "Vendor")
"""Of two that are merged one is gone, and nothing tells of it (quickbooks.md 10.25)."""


@dataclass(frozen=True)
class Entity:
    """An entity and the table that it is landed in."""

    name: str
    table: Table
    belongs: Callable[[Any], bool] = lambda row: True
    """Which of its rows belong into this table."""
    captured: bool = True
    """Change data capture knows it."""
    dated: bool = False
    """`start_date` bounds it. Lists are always whole: what is bounded refers to them."""
    listed_every: float | None = None
    """Seconds after which all of it is read again, because something in it moves without a signal."""
    counted: bool = False
    """Its rows may go without a signal, so they are counted daily."""

    @property
    def has_currency(self) -> bool:
        return any(models.HOME_CURRENCY in column.reads for column in self.table.columns)


def is_bundle(row: Any) -> bool:
    """Items of type Group have a table of their own (quickbooks.md 8)."""
    return text(row, "Type") == "Group"


ENTITIES = (
    Entity("Account", models.ACCOUNT, listed_every=DAY_SECONDS),
    *(Entity(name, table, counted=name in MERGED) for name, table in NAME_LISTS.items()),
    Entity("Item", models.ITEM, belongs=lambda row: not is_bundle(row)),
    Entity("Item", models.BUNDLE, belongs=is_bundle),
    *(Entity(name, table, dated=True) for name, table in TRANSACTIONS.items()),
    Entity("TimeActivity", models.TIME_ACTIVITY, captured=False, dated=True, counted=True),
)
"""Those whose changes are told."""
