"""Change data capture: what changed since a moment, as much as fits into one answer. quickbooks.md 4."""

from bisect import bisect_left
from collections.abc import Sequence

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
    room, found = options.cdc_cap, {entity: list[Record]() for entity in wanted}
    for order, records in ((store.order, store.shown), (store.stub_order, store.stubs)):
        for entity in wanted:
            ids = _since(order[entity.name].keys, since, options)[:room]
            found[entity] += [records[entity.name][id] for id in ids]
            room -= len(ids)
    return list(found.items())


def _since(keys: list[tuple[int, int, int]], since: float, options: Options) -> list[str]:
    first = bisect_left(keys, (int(since) + 1 if options.cdc_exclusive else since,))
    return [str(key[2]) for key in keys[first:]]
