"""What the company has in store: how a transaction moves it, and what was sold has cost.

QuickBooks takes what was bought first for what is sold first. The company buys each thing at one price for all time,
its `PurchaseCost`: all of it has cost the same, and no order matters.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from sandbox.quickbooks.store import Fields, Store, parts

SIGNS = {"Invoice": -1, "SalesReceipt": -1, "CreditMemo": 1, "RefundReceipt": 1}
"""Of what is sold, and of what comes back."""
BOUGHT = {"Bill": 1, "Purchase": 1, "VendorCredit": -1}
DETAILS = ("SalesItemLineDetail", "ItemBasedExpenseLineDetail")


def in_store(store: Store, detail: Fields) -> bool:
    """Whether a line names a thing of which the company keeps count."""
    item = store.get("Item", detail["ItemRef"]["value"])
    return item is not None and item.fields["Type"] == "Inventory"


def moved(store: Store, entity: str, fields: Fields) -> Counter[str]:
    """By id of an item, how many a transaction brings in; below 0 what it takes out."""
    found: Counter[str] = Counter()
    sign = (SIGNS | BOUGHT).get(entity, 0) * (-1 if fields.get("Credit") else 1)
    for line in parts(fields.get("Line", ())) if sign else ():
        for detail in (line[name] for name in DETAILS if name in line):
            if in_store(store, detail):
                found[detail["ItemRef"]["value"]] += sign * detail["Qty"]
    return found


def enough(store: Store, entity: str, lines: Iterable[Fields]) -> bool:
    """Whether what these lines take out is in store."""
    items = store.kinds["Item"]
    return all(
        items[id].fields["QtyOnHand"] + count >= 0 for id, count in moved(store, entity, {"Line": lines}).items()
    )


def cost_of_sales(store: Store, entity: str, fields: Fields) -> Iterator[tuple[str, str, Decimal]]:
    """Account to debit, account to credit, and what was sold has cost in the home currency; below 0 what came back."""
    for id, count in moved(store, entity, fields).items() if entity in SIGNS else ():
        item = store.kinds["Item"][id].fields
        cost = -count * Decimal(item["PurchaseCost"])
        yield item["ExpenseAccountRef"]["value"], item["AssetAccountRef"]["value"], cost
