"""What people do at a vendor, one change at a time: the verbs of the store, with what only the vendor knows.

    CHANGES = {create("ticket", new_ticket): 4, purge("ticket"): 1, Change("merge", merge): 1}

The figures are weights. Where a change needs fields, it is given a function of the store and the dice.

Where there are many, they are methods of a class of the vendor: `given` hands each what it changes, and `weights` reads
the figures by the names of the methods.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from random import Random
from typing import Any, TypeVar

from sandbox.store import Fields, Store

T = TypeVar("T")
FEWEST = 5
"""So many records of a kind are never put away."""
SOME = 4
"""How many a bulk edit changes."""
Draw = Callable[[Any, Random], Fields]


@dataclass(frozen=True)
class Change:
    """`perform` makes the change with a store and dice; what it returns is false where there was nothing to change."""

    name: str
    perform: Callable[[Any, Random], object]


def pick(random: Random, weights: Mapping[T, float], perform: Callable[[T], object]) -> T:
    """Do one of these things, the heavier the more often, and return it. What `perform` returns is false where there is
    nothing to do in that way, and another one is picked."""
    while True:
        chosen = random.choices(list(weights), list(weights.values()))[0]
        if perform(chosen):
            return chosen


def weights(declared: str) -> dict[str, float]:
    """Names with their weights: `edit:8 delete:0.5`."""
    return {name: float(weight) for name, _, weight in (word.partition(":") for word in declared.split())}


def given(find: Callable[..., Any]) -> Callable[[Callable[..., object]], Callable[..., bool]]:
    """Makes a method that changes one thing out of one that is given the thing, which `find` is asked for with all that
    the method gets. What is made returns false where nothing is found, or where the method returns `False`."""

    def change(act: Callable[..., object]) -> Callable[..., bool]:
        @wraps(act)
        def perform(*arguments: Any) -> bool:
            one = find(*arguments)
            return one is not None and act(*arguments, one) is not False

        return perform

    return change


def some(store: Store[Any], kind: str, random: Random) -> Any:
    """A living record."""
    return random.choice(store.living(kind))


def create(kind: str, draw: Draw, below: str = "") -> Change:
    def perform(store: Store[Any], random: Random) -> object:
        return store.create(kind, draw(store, random), some(store, below, random) if below else None)

    return Change(f"create_{kind}", perform)


def edit(kind: str, draw: Draw) -> Change:
    def perform(store: Store[Any], random: Random) -> object:
        return store.living(kind) and store.edit(some(store, kind, random), draw(store, random))

    return Change(f"edit_{kind}", perform)


def edit_at_once(kind: str, draw: Draw) -> Change:
    """Several get the same values at the same moment."""

    def perform(store: Store[Any], random: Random) -> object:
        return store.edit_at_once(random.sample(store.living(kind), SOME), draw(store, random))

    return Change(f"edit_{kind}_at_once", perform)


def move(kind: str, below: str) -> Change:
    def perform(store: Store[Any], random: Random) -> object:
        return store.living(kind) and store.move(some(store, kind, random), some(store, below, random))

    return Change(f"move_{kind}", perform)


def trash(kind: str) -> Change:
    def perform(store: Store[Any], random: Random) -> object:
        return len(store.living(kind)) > FEWEST and store.trash(some(store, kind, random))

    return Change(f"trash_{kind}", perform)


def restore(kind: str) -> Change:
    def perform(store: Store[Any], random: Random) -> object:
        trashed = [store.kinds[kind][id] for of, id in store.trashed if of == kind]
        return trashed and store.restore(random.choice(trashed))

    return Change(f"restore_{kind}", perform)


def purge(kind: str) -> Change:
    """One that is alive is gone for good."""

    def perform(store: Store[Any], random: Random) -> object:
        return len(store.living(kind)) > FEWEST and store.purge(some(store, kind, random))

    return Change(f"purge_{kind}", perform)
