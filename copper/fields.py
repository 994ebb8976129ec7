"""Custom fields: what lands of a value depends on its definition, and of a date on the account."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
        listed = [
            [(entry, definition_of(entry)) for entry in elements(record, models.CUSTOM_FIELDS)] for record in records
        ]
        self._look_up({definition for entries in listed for _, definition in entries} - {""})
        return [self._with_values(record, entries) for record, entries in zip(records, listed, strict=True)]

    def _with_values(self, record: Any, entries: Sequence[tuple[Any, str]]) -> Any:
        types, day = self._types, self._day
        landing = [each for entry, definition in entries for each in values(entry, types.get(definition), day)]
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
        """Dates are the account's midnight (copper.md 8). Many are the same."""
        return self._days(second)

    @cached_property
    def _days(self) -> Day:
        return lru_cache(MOST_DAYS)(partial(day_in, zone_of(self.account)))


def definition_of(entry: Any) -> str:
    """Whose value this is; empty where none is set."""
    if not isinstance(entry, Mapping) or entry.get("value") in (None, []):
        return ""
    return str(entry.get("custom_field_definition_id"))


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
