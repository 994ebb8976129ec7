"""Positions: how far a stream has come, as a frozen dataclass with a form in the state.

    @dataclass(frozen=True)
    class Walked(Position):
        since: str
        down_to: str = ""

    Feed(position=Walked.restored, …)    # Task.position and Page.position are `Walked`, the state holds an object

What a dataclass holds is text, numbers, truth values, lists and objects of those, and other positions. What equals its
default is not written. What an earlier release has written in another form is for `restored` to read.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Self, Union, get_args, get_origin, get_type_hints

Moment = Annotated[str, lambda text: text and datetime.fromisoformat(text)]
"""A text that says when, in ISO 8601; empty where that is not known."""
Restore = Callable[[Any], Any]
"""From what the state holds to a position. Raises `ValueError` where it is no such position."""


@dataclass(frozen=True)
class Position:
    """What all positions have in common: their form in the state."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """The position that was saved like this. Raises `ValueError` that names the place where it does not fit."""
        if not isinstance(saved, Mapping):
            raise ValueError("an object was expected")
        hints = get_type_hints(cls, include_extras=True)
        lacking = [each.name for each in fields(cls) if _required(each) and each.name not in saved]
        if lacking:
            raise ValueError(f"{lacking[0]} is missing")
        return cls(
            **{
                each.name: _restored(saved[each.name], hints[each.name], each.name)
                for each in fields(cls)
                if each.name in saved
            }
        )

    def saved(self) -> dict[str, Any]:
        """As the state holds it."""
        held = ((each, getattr(self, each.name)) for each in fields(self))
        return {each.name: saved(value) for each, value in held if _required(each) or value != _default(each)}


def as_it_is(saved: Any) -> Any:
    """Of a position that is JSON of its own: a text, a number."""
    return saved


def by_part(restore: Restore) -> Restore:
    """Positions by the part that they belong to; `None` for a part that is gone."""

    def restored(saved: Any) -> dict[str, Any]:
        if not isinstance(saved, Mapping):
            raise ValueError("an object with a position for each part was expected")
        return {part: None if each is None else restore(each) for part, each in saved.items()}

    return restored


def saved(position: Any) -> Any:
    """A position as the state holds it; a time as ISO 8601, for `datetime.fromisoformat`."""
    if isinstance(position, Position):
        return position.saved()
    if isinstance(position, datetime):
        return position.isoformat()
    if isinstance(position, Mapping):
        return {key: saved(each) for key, each in position.items()}
    if isinstance(position, tuple | list):
        return [saved(each) for each in position]
    return position


def _required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _default(field: Any) -> Any:
    return field.default if field.default is not MISSING else field.default_factory()


def _restored(value: Any, hint: Any, place: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [each for each in inner if each is not NoneType]
        return None if value is None and NoneType in inner else _restored(value, kinds[0], place)
    if origin is Annotated:
        found = _restored(value, inner[0], place)
        try:
            inner[1](found)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None
        return found
    if isinstance(hint, type) and issubclass(hint, Position):
        try:
            return hint.restored(value)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None
    if origin is tuple and isinstance(value, list):
        return tuple(_restored(each, inner[0], place) for each in value)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {str(key): _restored(each, inner[1], f"{place}.{key}") for key, each in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is not Any and (not isinstance(hint, type) or type(value) is not hint):
        raise ValueError(f"{place} does not fit")
    return value
