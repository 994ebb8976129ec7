"""Custom fields: what lands of a value depends on its definition, and of a date on the account."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

import models
from account import day_in, zone_of
from api import LISTINGS, Copper, Record

from shared.errors import Rejected
from shared.records import elements, identity, text
from shared.streams import Task
from shared.types import BOOLEAN, DECIMAL, STRING, UNIX_SECONDS, Misfit, Type

Day = Callable[[int], str]
"""From Unix seconds to the calendar day that they mean in the account."""
MOST_DAYS = 4_096
"""So many times are remembered with the day that they mean."""
SINGLE_VALUES: Mapping[str, tuple[str, Type]] = {
    **dict.fromkeys(("String", "Text", "URL"), ("value_text", STRING)),
    **dict.fromkeys(("Float", "Percentage", "Currency"), ("value_number", DECIMAL)),
    "Checkbox": ("value_boolean", BOOLEAN),
    "Dropdown": ("option_id", STRING),
}
"""The column of a value, and what it must fit, by the definition's `data_type`."""


ALWAYS_HELD = {("option_id", int), ("option_id", str), ("value_text", str), ("value_boolean", bool)}
"""Columns and kinds of values of which they hold every one: those need not be fitted to be known to fit."""


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
        listed = [elements(record, models.CUSTOM_FIELDS) for record in records]
        self._look_up({definition_of(entry) for entries in listed for entry in entries} - {""})
        return [self._with_values(record, entries) for record, entries in zip(records, listed, strict=True)]

    def _with_values(self, record: Any, entries: Sequence[Any]) -> Any:
        if not entries:
            return record
        types, day, landing = self._types, self._day, list[Any]()
        for entry in entries:
            landing += values(entry, types.get(definition_of(entry)), day)
        return {**record, models.CUSTOM_FIELD_VALUES: landing}

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
        """Dates are the account's midnight (copper.md 8). Many are the same."""
        return self._days(second)

    @cached_property
    def _days(self) -> Day:
        return lru_cache(MOST_DAYS)(partial(day_in, zone_of(self.account)))


def definition_of(entry: Any) -> str:
    """Whose value this is; empty where none is set."""
    if type(entry) is not dict or (value := entry.get("value")) is None or value == []:
        return ""
    return str(entry.get("custom_field_definition_id"))


def values(entry: Any, data_type: str | None, day: Day) -> Sequence[Any]:
    """What lands of one entry of a record's custom fields: an object a value, none where nothing is set.

    What does not fit its type, or has none, lands as JSON: nothing is lost, and a later release can read it.
    """
    if type(entry) is not dict:
        return [entry]  # The table reports it.
    found, definition = entry.get("value"), entry.get("custom_field_definition_id")
    if found is None or found == []:
        return ()
    if data_type == "MultiSelect" and isinstance(found, list):
        return [_typed(definition, each, "Dropdown", day) for each in found if each is not None]
    return [_typed(definition, found, data_type, day)]


def _typed(definition: Any, found: Any, data_type: str | None, day: Day) -> dict[str, Any]:
    column, value = "value_json", found
    try:
        if data_type == "Date":
            UNIX_SECONDS.fit(found)
            column, value = "value_date", day(found)
        elif data_type is not None and data_type in SINGLE_VALUES:
            single, kind = SINGLE_VALUES[data_type]
            if (single, type(found)) in ALWAYS_HELD or _is_held(kind, found):
                column = single
    except Misfit:
        pass
    return {"custom_field_definition_id": definition, column: value}


def _is_held(kind: Type, found: Any) -> bool:
    """Whether a column of this type holds something of the value. Raises `Misfit` where it cannot hold such a value."""
    try:
        return kind.fit(found) is not None
    except Misfit as misfit:
        if misfit.nearest is None:
            raise
        return True
