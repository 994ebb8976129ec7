"""Which flat table is which Airtable table, and which column which field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from airtable_push.errors import UsageError

LINK = "multipleRecordLinks"
KEY_TYPE = "singleLineText"
"""Matched exactly in an upsert, and read back as it was written."""
MARK = "Gone from source"
"""The checkbox of records whose row is gone, where they are not deleted."""
PRECISION = {"number": 0, "currency": 2, "percent": 0}
"""Decimal places where the column does not say."""
TYPES = (
    KEY_TYPE,
    "multilineText",
    "email",
    "phoneNumber",
    "url",
    *PRECISION,
    "date",
    "dateTime",
    "checkbox",
    "singleSelect",
    "multipleSelects",
)


@dataclass(frozen=True)
class Field:
    """One column and the field that shows it. `link` is the model whose keys it holds; `many`: as a JSON array."""

    column: str
    name: str
    type: str = KEY_TYPE
    description: str = ""
    link: str | None = None
    many: bool = False
    precision: int = 0
    symbol: str = "$"
    choices: tuple[str, ...] = ()
    time_zone: str = "utc"

    @property
    def options(self) -> dict[str, Any] | None:
        """What Airtable wants to know to make the field, except for links. airtable.md A5."""
        match self.type:
            case "number" | "percent":
                return {"precision": self.precision}
            case "currency":
                return {"precision": self.precision, "symbol": self.symbol}
            case "date":
                return {"dateFormat": {"name": "iso"}}
            case "dateTime":
                return {"timeZone": self.time_zone, "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}}
            case "checkbox":
                return {"icon": "check", "color": "greenBright"}
            case "singleSelect" | "multipleSelects":
                return {"choices": [{"name": choice} for choice in self.choices]}
            case _:
                return None


@dataclass(frozen=True)
class Table:
    """One flat table. The primary field comes first; `key` is among the fields."""

    model: str
    schema: str
    relation: str
    name: str
    key: Field
    fields: tuple[Field, ...]
    description: str = ""

    @property
    def links(self) -> list[Field]:
        return [each for each in self.fields if each.link]


@dataclass(frozen=True)
class Mapping:
    """All tables, parents before children as far as that goes."""

    tables: tuple[Table, ...]
    by_model: dict[str, Table] = field(default_factory=dict)

    def chosen(self, names: Sequence[str]) -> list[Table]:
        """The tables of these names (of the model or in Airtable), in order; all where there is none.

        Raises `UsageError`."""
        if not names:
            return list(self.tables)
        wanted = {name.lower() for name in names}
        found = [table for table in self.tables if {table.model.lower(), table.name.lower()} & wanted]
        known = {one for table in found for one in (table.model.lower(), table.name.lower())}
        if unknown := sorted(wanted - known):
            there = ", ".join(table.model for table in self.tables)
            raise UsageError(f"there is no table {', '.join(unknown)}; there is {there}")
        return found

    def late(self, table: Table) -> bool:
        """Whether it links to records that are written after its own: to itself, or in a circle."""
        models = [each.model for each in self.tables]
        return any(models.index(str(link.link)) >= models.index(table.model) for link in table.links)
