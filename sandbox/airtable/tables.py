"""What a base holds."""

from dataclasses import dataclass, field
from typing import Any

Cells = dict[str, Any]
"""Value by field id; an empty cell is not there."""


@dataclass(slots=True)
class Field:
    """`inverse` is the id of the field at the other end of a link."""

    id: str
    name: str
    type: str
    options: dict[str, Any]
    description: str | None = None
    inverse: str | None = None


@dataclass(slots=True)
class Record:
    """Times are epoch seconds; `number` counts the records of its table from 1."""

    id: str
    number: int
    created: float
    modified: float
    cells: Cells


@dataclass(slots=True)
class Table:
    """The first field is the primary one. Fields and records are by id, in the order in which they were made."""

    id: str
    name: str
    description: str | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    view: str = ""
    made: int = 0
    """Records made so far."""
    indexes: dict[str, dict[Any, set[str]]] = field(default_factory=dict)
    """Ids of the records by value, for fields that were merged on."""

    @property
    def primary(self) -> Field:
        return next(iter(self.fields.values()))

    def field(self, name_or_id: str) -> Field | None:
        """By id, else by name."""
        return self.fields.get(name_or_id) or next(
            (one for one in self.fields.values() if one.name == name_or_id), None
        )
