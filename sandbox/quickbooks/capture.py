"""Change data capture: what changed since a moment, as much as fits into one answer. quickbooks.md 4."""

from collections.abc import Sequence
from math import ceil

from sandbox.order import scramble
from sandbox.quickbooks.entities import Entity
from sandbox.quickbooks.options import Options
from sandbox.quickbooks.store import Record, Store


def capture(
    store: Store, entities: Sequence[Entity], since: float, options: Options
) -> list[tuple[Entity, list[Record]]]:
    """By entity, in no order to rely on: its changed objects by time, then the stubs of the deleted ones. What is
    past the cap of the whole answer is left out, stubs first, and nothing says so."""
    wanted = sorted(dict.fromkeys(entities), key=lambda one: scramble(len(one.name) * 31 + ord(one.name[0])))
    first = int(since) + 1 if options.cdc_exclusive else ceil(since)
    room, found = options.cdc_cap, {entity: list[Record]() for entity in wanted}
    for changed in (store.by_update, store.stubs):
        for entity in wanted:
            some = changed(entity.name, first)[:room]
            found[entity] += some
            room -= len(some)
    return list(found.items())
