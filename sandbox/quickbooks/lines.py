"""Lines of transactions, and the tax and totals that follow from them. quickbooks.md 3.4 and 7."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sandbox.quickbooks.books import money
from sandbox.quickbooks.ledger import ZERO
from sandbox.quickbooks.store import Fields, Record, parts

TAXED, UNTAXED = "TAX", "NON"
INCLUSIVE, EXCLUDED = "TaxInclusive", "TaxExcluded"
"""`GlobalTaxCalculation`. Only companies outside the United States have it; this one shows everything."""
UNIT_PRICE = Decimal("1E-10")
"""The digits of a price that is a quotient."""


def ref(record: Record, **more: Any) -> Fields:
    """`{"value": "58", "name": "Sol Bikes"}`"""
    fields = record.fields
    return {"value": record.id, "name": fields.get("DisplayName") or fields["Name"], **more}


def plain(amount: Decimal | int) -> Decimal | int:
    """Whole numbers without a point, as prices are sent."""
    return int(amount) if amount == int(amount) else Decimal(amount)


def sale(
    item: Record,
    quantity: Decimal | int,
    price: Decimal | int,
    taxed: bool,
    description: str | None = None,
    **detail: Any,
) -> Fields:
    """A SalesItemLineDetail line; `detail` adds to it what is not None."""
    inner: Fields = {
        "ItemRef": ref(item),
        "UnitPrice": plain(price),
        "Qty": plain(quantity),
        "TaxCodeRef": {"value": TAXED if taxed else UNTAXED},
        **_set(detail),
    }
    amount = money(Decimal(quantity) * Decimal(price))
    return {
        **_set({"Description": description}),
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": inner,
    }


def shipping(amount: Decimal, account: Record) -> Fields:
    """What sending costs: its item is one that no list has. quickbooks.md 7."""
    item = {"value": "SHIPPING_ITEM_ID"}
    detail = {"ItemRef": item, "ItemAccountRef": ref(account), "TaxCodeRef": {"value": UNTAXED}}
    return {"Amount": money(amount), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def bundle(group: Record, quantity: int, components: list[Fields]) -> Fields:
    """A GroupLineDetail line around the lines of its components."""
    total = sum((Decimal(line["Amount"]) for line in components), ZERO)
    inner = {"GroupItemRef": ref(group), "Quantity": quantity, "Line": components}
    return {
        "Description": group.fields["Name"],
        "Amount": money(total),
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": inner,
    }


def remark(text: str, **detail: Any) -> Fields:
    """A line without an amount."""
    return {"Description": text, "DetailType": "DescriptionOnly", "DescriptionLineDetail": detail}


def subtotal(lines: Iterable[Fields]) -> Fields:
    """It has neither Id nor LineNum."""
    total = sum((Decimal(line.get("Amount", 0)) for line in lines), ZERO)
    return {"Amount": money(total), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}


def discount(lines: Iterable[Fields], percent: int | None, amount: Decimal | None, account: Record) -> Fields:
    """Of a percentage of the lines, or an amount. It has neither Id nor LineNum."""
    total = sum((Decimal(line.get("Amount", 0)) for line in lines), ZERO)
    detail: Fields = {"PercentBased": percent is not None, "DiscountAccountRef": ref(account)}
    if percent is not None:
        detail["DiscountPercent"] = percent
        amount = total * percent / 100
    return {"Amount": money(amount or ZERO), "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}


def expense(
    target: Record, amount: Decimal | int, description: str | None = None, quantity: int | None = None, **detail: Any
) -> Fields:
    """A line of a bill or purchase on an account or on an item."""
    if target.entity == "Account":
        kind, inner = "AccountBasedExpenseLineDetail", {"AccountRef": ref(target), **_set(detail)}
    else:
        kind = "ItemBasedExpenseLineDetail"
        price = plain(target.fields["PurchaseCost"])
        amount = Decimal(price) * (quantity or 1)
        inner = {"ItemRef": ref(target), "UnitPrice": price, "Qty": quantity or 1, **_set(detail)}
    inner.setdefault("BillableStatus", "NotBillable")
    return {**_set({"Description": description}), "Amount": money(amount), "DetailType": kind, kind: inner}


def numbered(lines: list[Fields]) -> list[Fields]:
    """Give lines their Ids and numbers, those inside bundles too; subtotals and discounts have none."""
    found, number = [], 0
    for line in lines:
        if line["DetailType"] in ("SubTotalLineDetail", "DiscountLineDetail"):
            found.append(line)
            continue
        number += 1
        line = {"Id": str(number), "LineNum": number, **line}
        if "GroupLineDetail" in line:
            inner = []
            for part in line["GroupLineDetail"]["Line"]:
                number += 1
                inner.append({"Id": str(number), "LineNum": number, **part})
            line["GroupLineDetail"] = {**line["GroupLineDetail"], "Line": inner}
        found.append(line)
    return found


def taxable(lines: Iterable[Fields]) -> Decimal:
    """The amount of the lines that bear sales tax."""
    return sum((Decimal(part["Amount"]) for part in parts(lines) if _bears_tax(part)), ZERO)


def _bears_tax(line: Fields) -> bool:
    detail = line.get("SalesItemLineDetail") or line.get("AccountBasedExpenseLineDetail") or {}
    return bool(detail.get("TaxCodeRef", {}).get("value") == TAXED)


def net(gross: Decimal, rates: list[Record]) -> Decimal:
    """What is left of an amount without the tax that it includes, to the cent."""
    percent = sum((Decimal(rate.fields["RateValue"]) for rate in rates), ZERO)
    return Decimal(money(gross * 100 / (100 + percent)))


def without_tax(line: Fields, rates: list[Record]) -> Fields:
    """A line whose amount includes the tax, as it is sent: the amount is net, and what it was stands beside it."""
    kind = line["DetailType"]
    if kind == "GroupLineDetail":
        inner = [without_tax(part, rates) for part in line[kind]["Line"]]
        amount = money(sum((Decimal(part["Amount"]) for part in inner), ZERO))
        return {**line, "Amount": amount, kind: {**line[kind], "Line": inner}}
    if not _bears_tax(line):
        return line
    gross = Decimal(line["Amount"])
    rest = net(gross, rates)
    detail = {**line[kind], "TaxInclusiveAmt": line["Amount"]}
    if "UnitPrice" in detail:
        detail["UnitPrice"] = plain((rest / detail["Qty"]).quantize(UNIT_PRICE).normalize())
    if kind == "AccountBasedExpenseLineDetail":
        detail["TaxAmount"] = money(gross - rest)
    return {**line, "Amount": money(rest), kind: detail}


def taxes(net: Decimal, rates: list[Record], code: Record | None, gross: Decimal | None = None) -> Fields:
    """TxnTaxDetail: each rate's tax is rounded to the cent, half up. Of amounts that include it (`gross`), the last
    one takes what is left."""
    rows: list[Fields] = []
    for rate in rates if net else ():
        percent = rate.fields["RateValue"]
        detail = {
            "TaxRateRef": {"value": rate.id},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": money(net),
        }
        amount = money(net * Decimal(percent) / 100)
        if gross is not None:
            detail["TaxInclusiveAmount"] = money(gross)
            if rate is rates[-1]:
                amount = money(gross - net - sum((Decimal(row["Amount"]) for row in rows), ZERO))
        rows.append({"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": detail})
    total = money(sum((Decimal(row["Amount"]) for row in rows), ZERO))
    return {
        **({"TxnTaxCodeRef": {"value": code.id}} if code and rows else {}),
        "TotalTax": total,
        **({"TaxLine": rows} if rows else {}),
    }


def total(lines: Iterable[Fields], tax: Fields | None) -> Decimal | int:
    """TotalAmt: lines, less discounts, plus tax."""
    amount = Decimal((tax or {}).get("TotalTax", 0))
    for line in lines:
        if line.get("DetailType") != "SubTotalLineDetail":
            amount += Decimal(line.get("Amount", 0)) * (-1 if line.get("DetailType") == "DiscountLineDetail" else 1)
    return money(amount)


def _set(values: Fields) -> Fields:
    return {name: value for name, value in values.items() if value is not None}
