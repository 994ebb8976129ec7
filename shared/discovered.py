"""Columns that a source names at run time.

    Configuration(…, fields=lambda access: connect(access).fields())    # asked before a sync, and for the schema
    discovered(CONTACTS, [Field("FirstName", STRING), …])               # the table with a column for each of them

A field that is new has its column from the next sync on. One that went is sent no longer; its column stays in the
warehouse.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from shared.access import Access
from shared.errors import SourceError, Unauthorized
from shared.tables import Column, Table, snake
from shared.types import Type

Fields = Mapping[str, Mapping[str, str]]
"""By what they are fields of, their names, each with what the source calls its kind."""
STATE_KEY = "fields"
TAKEN = ("raw",)
"""Columns that any table may have."""
NO_WORD = re.compile(r"[^A-Za-z0-9]+")
WORD_AFTER_NUMBER = re.compile(r"(?<=[0-9])(?=[a-z])")


@dataclass(frozen=True)
class Field:
    """A field of a source."""

    name: str
    type: Type
    source: str = ""
    """Its key in a record, where that is not its name. Without a dot."""


def discovered(base: Table, found: Iterable[Field]) -> Table:
    """The table with a column for each field that it does not read yet: in the order of their names, so that they are
    called alike at every sync."""
    read = {path.casefold() for column in base.columns for path in column.paths}
    taken = {*TAKEN, *(column.name for column in base.columns)}
    columns = []
    for field in sorted(found, key=lambda field: field.name):
        source = field.source or field.name
        if source.casefold() not in read:
            columns.append(Column(_free(_fitting(field.name), taken), field.type, source))
            taken.add(columns[-1].name)
    return replace(base, columns=(*base.columns, *columns))


def fields_of(
    ask: Callable[[Access], Fields], access: Access, state: MutableMapping[str, Any], say: Callable[[str], None]
) -> Fields:
    """What the source names now, kept in `state`; what it named last of whatever it does not answer for.

    Raises `Unauthorized`.
    """
    known: Fields = state.get(STATE_KEY, {})
    try:
        found = ask(access)
    except Unauthorized:
        raise
    except SourceError as error:
        say(f"Which columns there are could not be asked, so they are those of the last sync: {error}")
        found = {}
    state[STATE_KEY] = {**known, **found}
    return {**known, **found}


def _fitting(name: str) -> str:
    """As the destination calls it: a name that it would not change."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = NO_WORD.sub("_", plain).strip("_")
    fit = re.sub("__+", "_", WORD_AFTER_NUMBER.sub("_", snake(words)))
    return fit if fit[:1].isalpha() else f"field_{fit}".rstrip("_")


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, or the first one after it with a number behind."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
