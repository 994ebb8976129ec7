"""What the store holds. Times are Unix seconds, dates are ISO text."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One version of a record; a change makes another one, so that a search can go on showing this one.

    `fields` has the vendor's names and only what is set. `custom` has the value by definition; a date as ISO text.
    A deleted activity stays as a record whose only field is `is_deleted`, with the date it had."""

    kind: str
    id: int
    created: int
    modified: int
    fields: dict[str, Any]
    custom: dict[int, Any]
    happened: int = 0
    """The `activity_date` of an activity."""

    @property
    def deleted(self) -> bool:
        return "is_deleted" in self.fields

    @property
    def converted(self) -> bool:
        return "converted_at" in self.fields


@dataclass(slots=True, eq=False)
class Definition:
    """A custom field. `connected_id` is the definition at the other end of a Connect field."""

    id: int
    name: str
    data_type: str
    available_on: list[str]
    options: list[dict[str, Any]] = field(default_factory=list)
    is_filterable: bool = True
    currency: str | None = None
    connected_id: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Two records joined through a Connect field; both ends are (kind, id)."""

    id: int
    definition: int
    source: tuple[str, int]
    target: tuple[str, int]


@dataclass(frozen=True, slots=True)
class File:
    """What is known of an attached file; `owner` is (kind, id)."""

    id: int
    owner: tuple[str, int]
    name: str
    size: int
    content_type: str
    creator: int
    created: int
    modified: int | None
    deleted: bool = False
