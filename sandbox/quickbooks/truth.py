"""What a warehouse must hold: every table of the company, worked out from the books alone.

Ids are text, instants are UTC text, amounts are the decimal text that the source writes. Parts of a transaction are
keyed by it and `index`, their place from 0. quickbooks.md 9.
"""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from sandbox.quickbooks import times
from sandbox.quickbooks.books import ADDRESSES, Books
from sandbox.quickbooks.columns import ADDRESS, TABLES, Column, Table
from sandbox.quickbooks.options import Options
from sandbox.quickbooks.store import Fields, Record

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Places = tuple[int, ...]
OWNERS = """
    Customer Vendor Employee CompanyInfo Invoice Estimate SalesReceipt CreditMemo RefundReceipt Payment Bill
    VendorCredit Purchase PurchaseOrder
""".split()
"""What has addresses. Of two owners that changed in the same second the later one here is the newer."""


def truth(books: Books, options: Options) -> Tables:
    """All tables by name. A company has no tables of entities that it refuses."""
    return _Truth(books, options).tables()


def text(value: Any) -> Any:
    """A value as a column holds it: numbers as the text that stands in the JSON, what is not a number as it is."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal):
        written = repr(float(value))
        return format(Decimal(written), "f") if "e" in written else written
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value, default=float))
    return value


def picked(column: Column, whole: Fields, places: Places, part: Fields) -> Any:
    """What a column holds for a part of a record."""
    if column.depth is not None:
        return places[column.depth]
    if column.path is None:
        return None
    of = part if column.of_part else whole
    found = plain(of, column.path) if column.straight else dug(of, column.path, column)
    if found is None and column.otherwise is not None:
        found = plain(whole, column.otherwise)
    if found is None:
        return column.absent
    if column.as_json:
        return json.dumps(text(found), separators=(",", ":"))
    return found if column.whole else text(found)


def dug(value: Any, path: tuple[str, ...], column: Column, fits: bool = False) -> Any:
    """What a path leads to; of a list the first. None unless it is of the column's kinds, where it has some."""
    if isinstance(value, dict) and column.kind and (kind := plain(value, column.kind)) is not None:
        fits = snake(kind) in column.kinds
    if not path:
        return value if fits or not column.kinds else None
    if not isinstance(value, dict):
        return None
    inner = value.get(path[0].removesuffix("[]"))
    if not path[0].endswith("[]"):
        return dug(inner, path[1:], column, fits)
    return next((one for each in inner or () if (one := dug(each, path[1:], column, fits)) is not None), None)


def plain(value: Any, path: tuple[str, ...]) -> Any:
    """What a path through objects alone leads to."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def parts(of: Any, path: str) -> Iterator[tuple[Places, Any]]:
    """Every element of a list, with its place; of a list in another one, with the places in both."""
    if not path:
        yield (), of
        return
    outer, _, inner = path.partition("[]")
    for place, each in enumerate(plain(of, tuple(outer.split("."))) or ()):
        for places, part in parts(each, inner.removeprefix(".")):
            yield (place, *places), part


def snake(name: str) -> str:
    """`P.O. Number` becomes `p_o_number`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


class _Truth:
    def __init__(self, books: Books, options: Options) -> None:
        self.books = books
        self.store = books.store
        self.options = options

    def tables(self) -> Tables:
        rows = {name: list(self._rows(table)) for name, table in TABLES.items()}
        return rows | {"bundle_item": self.bundle_items(), "address": self.addresses()}

    def _rows(self, table: Table) -> Iterator[Row]:
        for record in self._records(table):
            whole = self._told(record)
            for places, part in parts(whole, table.parts):
                yield {column.name: picked(column, whole, places, part) for column in table.columns}

    def _told(self, record: Record) -> Fields:
        """A record with what QuickBooks adds to its fields, and the home currency where it leaves that out."""
        balances: Fields = {}
        if record.entity == "Account":
            ledger = self.books.ledger
            balances = {"CurrentBalance": ledger.balance(record.id)}
            balances["CurrentBalanceWithSubAccounts"] = ledger.with_subaccounts(record.id)
        return {
            "CurrencyRef": {"value": self.store.home_currency},
            **record.fields,
            **balances,
            "Id": record.id,
            "SyncToken": str(record.token),
            "MetaData": {"CreateTime": times.instant(record.created), "LastUpdatedTime": times.instant(record.updated)},
        }

    def _records(self, table: Table) -> Iterable[Record]:
        if table.entity in self.options.refused:
            return ()
        if table.entity == "Item":
            return [
                one for one in self.store.all("Item") if (one.fields["Type"] == "Group") == (table.owner == "bundle")
            ]
        return self.store.all(table.entity)

    def bundle_items(self) -> list[Row]:
        """What is in a bundle, added up: an item that is in it twice is one row."""
        quantities: dict[tuple[str, str], Decimal | None] = {}
        for record in self._records(TABLES["bundle"]):
            for part in record.fields["ItemGroupDetail"]["ItemGroupLine"]:
                key = (record.id, part["ItemRef"]["value"])
                before = quantities.get(key)
                quantities[key] = part["Qty"] if before is None else before + part["Qty"]
        return [
            {"bundle_id": bundle, "item_id": item, "item_quantity": text(quantity)}
            for (bundle, item), quantity in quantities.items()
        ]

    def addresses(self) -> list[Row]:
        """Each address as the newest owner has it that says more than its id; where none does any more, as it was
        last."""
        found: dict[str, Fields] = dict(self.books.lost_addresses)
        newest: dict[str, tuple[int, int, int]] = {}
        for rank, entity in enumerate(OWNERS):
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
        return [
            {"id": id, **{column.name: picked(column, address, (), address) for column in ADDRESS}}
            for id, address in found.items()
        ]
