"""Rows of a truth, from a declaration of columns.

    columns("id:text subject agent_id=agent:text created_at=created:instant", ticket, {"instant": instant})

A column is a name; after `=` where its value is found, if not under its name, a path through attributes and keys; after
`:` how it is written, by the name of a form.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Form = Callable[[Any], Any]


def text(value: Any) -> str | None:
    """An id or a number as the source writes it."""
    return None if value is None else str(value)


def columns(declared: str, of: Any, forms: Mapping[str, Form]) -> Row:
    """The declared columns of a record. What is missing is None, and so is whatever a form would be given of it."""
    row: Row = {}
    for name, path, form in _parsed(declared):
        value = of
        for step in path:
            value = found(value, step)
        row[name] = value if form is None or value is None else forms[form](value)
    return row


def found(of: Any, name: str) -> Any:
    """What something has under a name: a key of a mapping, an attribute, or a field of a record."""
    if of is None:
        return None
    if isinstance(of, Mapping):
        return of.get(name)
    fields = getattr(of, "fields", {})
    return fields[name] if name in fields else getattr(of, name, None)


@cache
def _parsed(declared: str) -> list[tuple[str, list[str], str | None]]:
    parsed = []
    for word in declared.split():
        place, _, form = word.partition(":")
        name, _, path = place.partition("=")
        parsed.append((name, (path or name).split("."), form or None))
    return parsed
