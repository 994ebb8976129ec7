"""Rows and payloads from a declaration: which names there are, and where each has its value.

    columns("id:text subject agent_id=agent:text closed_at?:instant url={base}/tickets/{id}", ticket, {"text": text, …})

A word is one name. After `=` stands where its value is found, if not under its own name: a path through attributes,
keys and places, or an address in which the parts in braces are found in the same way. After `:` stands how it is
written, by the name of a form. With `?` at its end a name is left out where the value is None.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Form = Callable[[Any], Any]
WORD = re.compile(r"(?P<name>\w+)(?P<optional>\??)(=(?P<place>(\{\w+\}|[^:]|://)+))?(:(?P<form>\w+))?")


def text(value: Any) -> str | None:
    """An id or a number as the source writes it."""
    return None if value is None else str(value)


def columns(declared: str, of: Any, forms: Mapping[str, Form] | None = None) -> Row:
    """The declared names of a record, in their order. `of` may be a function that finds a value by its name."""
    row: Row = {}
    find: Form = of if callable(of) else partial(found, of)
    for name, first, path, template, form, optional in _parsed(declared):
        value = template.format_map(_Parts(find)) if template else find(first)
        for step in path:
            value = found(value, step)
        if form is not None:
            value = (forms or {})[form](value)
        if value is not None or not optional:
            row[name] = value
    return row


def found(of: Any, name: str) -> Any:
    """What something has under a name: a key, a place, a field of a record or an attribute."""
    if of is None:
        return None
    if isinstance(of, dict):
        return of.get(name)
    if isinstance(of, list | tuple) and name.isdigit():
        return of[int(name)]
    fields = getattr(of, "fields", {})
    return fields[name] if name in fields else getattr(of, name, None)


class _Parts(dict[str, Any]):
    """The parts of an address."""

    def __init__(self, find: Form) -> None:
        self._find = find

    def __missing__(self, name: str) -> Any:
        return self._find(name)


@cache
def _parsed(declared: str) -> list[tuple[str, str, list[str], str, str | None, bool]]:
    parsed = []
    for word in declared.split():
        parts = WORD.fullmatch(word)
        if parts is None:
            raise ValueError(f"{word!r} is no column")
        place = parts["place"] or parts["name"]
        template = place if "{" in place else ""
        first, *path = [""] if template else place.split(".")
        parsed.append((parts["name"], first, path, template, parts["form"], bool(parts["optional"])))
    return parsed
