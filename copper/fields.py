"""Custom fields: what lands of a value depends on its definition, and of a date on the account."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from functools import cached_property
from typing import Any

import models
from account import day_in, zone_of
from api import LISTINGS, Copper, Record

from shared.errors import Rejected
from shared.records import elements, identity, text, value
from shared.streams import Task
from shared.types import BOOLEAN, DECIMAL, STRING, UNIX_SECONDS, Misfit, Type

Day = Callable[[int], str]
"""From Unix seconds to the calendar day that they mean in the account."""
SINGLE_VALUES: Mapping[str, tuple[str, Type]] = {
    **dict.fromkeys(("String", "Text", "URL"), ("value_text", STRING)),
    **dict.fromkeys(("Float", "Percentage", "Currency"), ("value_number", DECIMAL)),
    "Checkbox": ("value_boolean", BOOLEAN),
    "Dropdown": ("option_id", STRING),
}
"""The column of a value, and what it must fit, by the definition's `data_type`."""


class Fields:
    """The custom fields of one account: what type each has, and what day a date in them means."""

    def __init__(self, copper: Copper, task: Task) -> None:
        self._copper = copper
        self._accounts = task.parents["account"]
        self._types: dict[str, str] = {}
        self._unknown = set[str]()
        self._refused = False
        self._learn(task.parents["custom_field_definition"])

    @cached_property
    def account(self) -> Record:
        """The account; asked for where it could not be read before."""
        return next(iter(self._accounts), None) or self._copper.account()

    def of(self, records: Sequence[Any]) -> list[Any]:
        """The records, each with the values of its custom fields."""
        entries = (entry for record in records for entry in elements(record, models.CUSTOM_FIELDS))
        self._look_up(set(map(definition_of, entries)) - {""})
        return [self._with_values(each) for each in records]

    def _with_values(self, record: Any) -> Any:
        entries = elements(record, models.CUSTOM_FIELDS)
        landing = [
            each for entry in entries for each in values(entry, self._types.get(definition_of(entry)), self._day)
        ]
        return {**record, models.CUSTOM_FIELD_VALUES: landing} if entries else record

    def _look_up(self, definitions: set[str]) -> None:
        """Those made since the definitions were read, or that could not be read then."""
        unknown = definitions - self._types.keys() - self._unknown
        if not unknown or self._refused:
            return
        try:
            self._learn(self._copper.listing(LISTINGS["custom_field_definition"]).records)
        except Rejected:
            self._refused = True  # This key may see no definitions at all: the values land untyped.
        self._unknown |= unknown

    def _learn(self, definitions: Iterable[Any]) -> None:
        self._types |= {identity(each): text(each, "data_type") for each in definitions}

    def _day(self, second: int) -> str:
        """Dates are the account's midnight (copper.md 8)."""
        return day_in(self._zone, second)

    @cached_property
    def _zone(self) -> tzinfo | None:
        return zone_of(self.account)


def definition_of(entry: Any) -> str:
    """Whose value this is; empty where none is set."""
    is_set = value(entry, "value") not in (None, [])
    return str(value(entry, "custom_field_definition_id")) if is_set else ""


def values(entry: Any, data_type: str | None, day: Day) -> Iterator[Any]:
    """What lands of one entry of a record's custom fields: an object a value, none where nothing is set.

    What does not fit its type, or has none, lands as JSON: nothing is lost, and a later release can read it.
    """
    if not isinstance(entry, Mapping):
        yield entry  # The table reports it.
    elif definition_of(entry):
        several = data_type == "MultiSelect" and isinstance(entry["value"], list)
        for each in entry["value"] if several else [entry["value"]]:
            if each is not None:
                typed = _typed(each, "Dropdown" if several else data_type, day)
                yield {"custom_field_definition_id": entry.get("custom_field_definition_id"), **typed}


def _typed(found: Any, data_type: str | None, day: Day) -> dict[str, Any]:
    try:
        if data_type == "Date":
            UNIX_SECONDS.fit(found)
            return {"value_date": day(found)}
        column, kind = SINGLE_VALUES[data_type or ""]
        if _is_held(kind, found):
            return {column: found}
    except (Misfit, KeyError):
        pass
    return {"value_json": found}


def _is_held(kind: Type, found: Any) -> bool:
    """Whether a column of this type holds something of the value. Raises `Misfit` where it cannot hold such a value."""
    try:
        return kind.fit(found) is not None
    except Misfit as misfit:
        if misfit.nearest is None:
            raise
        return True
