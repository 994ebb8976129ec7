"""What people enter, drawn with dice from a declaration of a record's fields.

"status=open|waiting|- agent>agent urgent?5 minutes#500 refund$200 subject:text closed_at"

status=open|waiting|-   one of these; `_` stands for a space, `-` for nothing, digits for a number
agent>agent             the id of a record of a kind
urgent?5                true in five of a hundred
minutes#500             a whole number below
refund$200              an amount below, now and then with cents
channel!post            always this, spelled like one of those
subject:text            what a function of this name draws
note%20:text            in twenty of a hundred, and else left out
closed_at               left to others
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, NamedTuple

from sandbox.store import Fields, Store

WORD = re.compile(r"(\w+(?:%\d+)?)(?:([=>?#$:!])(\S*))?")
NOTHING = "-"
Draw = Callable[[Any, Random], Any]


class Word(NamedTuple):
    """One field: its name, maybe with a chance, and how it is drawn; no sign where it is not."""

    name: str
    sign: str
    rest: str


@cache
def words(declared: str) -> tuple[Word, ...]:
    return tuple(Word(*groups) for groups in WORD.findall(declared))


@dataclass(frozen=True)
class Entries:
    """Fields by kind, and the functions that they name: of the store and the dice."""

    fields: Mapping[str, str]
    functions: Mapping[str, Draw]

    def new(self, store: Store[Any], random: Random, kind: str, *names: str) -> Fields:
        """The fields of a new record, or those of these names."""
        return drawn(self.fields[kind], self.functions, store, random, *names)

    def other(self, store: Store[Any], random: Random, kind: str) -> Fields:
        """Another value of one field."""
        return self.new(
            store, random, kind, random.choice([word.name for word in words(self.fields[kind]) if word.sign])
        )


def drawn(declared: str, functions: Mapping[str, Draw], of: Any, random: Random, *names: str) -> Fields:
    """The declared fields in their order, or those of these names. The functions are given `of` and the dice."""
    found = {}
    for word in words(declared):
        name, _, chance = word.name.partition("%")
        if word.sign and (not names or name in names) and (not chance or random.random() < int(chance) / 100):
            found[name] = _draw(functions, of, random, word)
    return found


def _draw(functions: Mapping[str, Draw], of: Any, random: Random, word: Word) -> Any:
    sign, rest = word.sign, word.rest
    if sign in "=!":
        chosen = (random.choice(rest.split("|")) if sign == "=" else rest).replace("_", " ")
        return None if chosen == NOTHING else int(chosen) if chosen.isdigit() else chosen
    if sign == ">":
        return random.choice(list(of.kinds[rest])) if of.kinds[rest] else None
    if sign == "?":
        return random.random() < int(rest) / 100
    if sign == "#":
        return random.randrange(1, int(rest))
    if sign == "$":
        cents = random.randrange(100) if random.random() < 0.3 else 0
        return (100 * random.randrange(1, int(rest)) + cents) / 100
    return functions[rest](of, random)
