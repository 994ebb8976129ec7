"""Lines of transactions, and the tax and totals that follow from them. quickbooks.md 3.4 and 7."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import count
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


def line(kind: str, detail: Fields, amount: Decimal | int | None = None, description: str | None = None) -> Fields:
    """A line whose detail, without what is None, stands under its kind."""
    found: Fields = {} if description is None else {"Description": description}
    if amount is not None:
        found["Amount"] = money(amount)
    return {**found, "DetailType": kind, kind: {name: value for name, value in detail.items() if value is not None}}


def sale(
    item: Record,
    quantity: Decimal | int,
    price: Decimal | int,
    taxed: bool,
    description: str | None = None,
    **detail: Any,
) -> Fields:
    """A SalesItemLineDetail line; `detail` adds to it what is not None."""
    priced = {"ItemRef": ref(item), "UnitPrice": plain(price), "Qty": plain(quantity)}
    code = {"TaxCodeRef": {"value": TAXED if taxed else UNTAXED}}
    return line("SalesItemLineDetail", {**priced, **code, **detail}, Decimal(quantity) * Decimal(price), description)


def shipping(amount: Decimal, account: Record) -> Fields:
    """What sending costs: its item is one that no list has. quickbooks.md 7."""
    item = {"value": "SHIPPING_ITEM_ID"}
    detail = {"ItemRef": item, "ItemAccountRef": ref(account), "TaxCodeRef": {"value": UNTAXED}}
    return line("SalesItemLineDetail", detail, amount)


def bundle(group: Record, quantity: int, components: list[Fields]) -> Fields:
    """A GroupLineDetail line around the lines of its components."""
    inner = {"GroupItemRef": ref(group), "Quantity": quantity, "Line": components}
    return line("GroupLineDetail", inner, amount_of(components), group.fields["Name"])


def remark(text: str) -> Fields:
    """A line without an amount."""
    return {"Description": text, "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}}


def reimbursed(amount: Decimal, **detail: Any) -> Fields:
    """What the company had laid out for a customer."""
    return line("ReimburseLineDetail", {**detail, "Qty": 1, "UnitPrice": amount}, amount, "Travel for the project")


def amount_of(lines: Iterable[Fields]) -> Decimal:
    return sum((Decimal(each.get("Amount", 0)) for each in lines), ZERO)


def subtotal(lines: Iterable[Fields]) -> Fields:
    """It has neither Id nor LineNum."""
    return line("SubTotalLineDetail", {}, amount_of(lines))


def discount(lines: Iterable[Fields], percent: int | None, amount: Decimal | int, account: Record) -> Fields:
    """Of a percentage of the lines, or else an amount. It has neither Id nor LineNum."""
    detail = {"PercentBased": percent is not None, "DiscountAccountRef": ref(account), "DiscountPercent": percent}
    off = amount if percent is None else amount_of(lines) * percent / 100
    return line("DiscountLineDetail", detail, off)


def expense(
    target: Record, amount: Decimal | int, description: str | None = None, quantity: int = 1, **detail: Any
) -> Fields:
    """A line of a bill or purchase on an account, or on an item at its price."""
    if detail.get("BillableStatus") is None:
        detail["BillableStatus"] = "NotBillable"
    if target.entity == "Account":
        return line("AccountBasedExpenseLineDetail", {"AccountRef": ref(target), **detail}, amount, description)
    price = plain(target.fields["PurchaseCost"])
    inner = {"ItemRef": ref(target), "UnitPrice": price, "Qty": quantity, **detail}
    return line("ItemBasedExpenseLineDetail", inner, Decimal(price) * quantity, description)


def numbered(lines: list[Fields]) -> list[Fields]:
    """Give lines their Ids and numbers, those inside bundles too; subtotals and discounts have none."""
    numbers = count(1)

    def told(each: Fields) -> Fields:
        if each["DetailType"] in ("SubTotalLineDetail", "DiscountLineDetail"):
            return each
        number = next(numbers)
        found = {"Id": str(number), "LineNum": number, **each}
        if bundle := each.get("GroupLineDetail"):
            found["GroupLineDetail"] = {**bundle, "Line": [told(part) for part in bundle["Line"]]}
        return found

    return [told(each) for each in lines]


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
        amount = net * Decimal(percent) / 100
        if gross is not None and rate is rates[-1]:
            amount = gross - net - amount_of(rows)
        rows.append(tax_line(rate, net, amount, gross))
    found: Fields = {"TxnTaxCodeRef": {"value": code.id}} if code and rows else {}
    return {**found, "TotalTax": money(amount_of(rows)), **({"TaxLine": rows} if rows else {})}


def tax_line(rate: Record, net: Decimal, amount: Decimal, gross: Decimal | None = None) -> Fields:
    detail = {
        "TaxRateRef": {"value": rate.id},
        "PercentBased": True,
        "TaxPercent": plain(rate.fields["RateValue"]),
        "NetAmountTaxable": money(net),
        "TaxInclusiveAmount": None if gross is None else money(gross),
    }
    return line("TaxLineDetail", detail, amount)


def total(lines: Iterable[Fields], tax: Fields | None) -> Decimal | int:
    """TotalAmt: lines, less discounts, plus tax."""
    amount = Decimal((tax or {}).get("TotalTax", 0))
    for line in lines:
        if line.get("DetailType") != "SubTotalLineDetail":
            amount += Decimal(line.get("Amount", 0)) * (-1 if line.get("DetailType") == "DiscountLineDetail" else 1)
    return money(amount)
