"""Ids that stay the same from run to run, because Airtable knows people and firms by them.

An id belongs to a founder: the record that was the oldest of its group when the group was first seen. The group that
the founder is in has the id, whatever else joins it. So a group that falls apart gives the id to the part with the
founder, and the other part takes back the id of a founder that it has. A founder that is deleted has an heir in its
group. Where two ids meet, the older survives and the
other says what it was merged into; nothing is forgotten.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count

from airtable_push.flatten.identity.groups import Group

ACTIVE, MERGED, GONE = "active", "merged", "gone"
ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One id. `number` counts the ids in the order in which they were given. `status` is `active`, `merged` (then
    `merged_into` says into what) or `gone`: no record of it is left."""

    id: str
    founder: str
    number: int
    status: str = ACTIVE
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    ids: dict[str, str]
    """The id of every record."""
    entries: tuple[Entry, ...]


def assign(
    groups: Iterable[Group],
    age: Callable[[str], tuple[str, ...]],
    prefix: str,
    entries: Iterable[Entry] = (),
    before: Mapping[str, str] | None = None,
) -> Assigned:
    """Give each group its id. `age` sorts records, the oldest first. `entries` and `before` (the id of every record)
    are what the last run left.

    A group whose founder has been deleted keeps its id as long as one of its records is left, which is the founder from
    then on: rather one that founded nothing else."""
    ordered = sorted(groups, key=lambda group: min(map(age, group.records)))
    registry = {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.number)}
    present = {record for group in ordered for record in group.records}
    by_founder: defaultdict[str, set[str]] = defaultdict(set)
    for entry in registry.values():
        by_founder[entry.founder].add(entry.id)
    orphaned = {id for id, entry in registry.items() if entry.founder not in present}
    numbers = count(1 + max((entry.number for entry in registry.values()), default=0))
    ids: dict[str, str] = {}
    taken: dict[str, str] = {}
    """What each claimed id has become."""
    for group in ordered:
        own = {id for record in group.records for id in by_founder.get(record, ())}
        had = {record: (before or {}).get(record, "") for record in group.records}
        left = {id for id in had.values() if id in orphaned and id not in taken}
        for id in left:
            heirs = [record for record in group.records if had[record] == id]
            heir = min(heirs, key=lambda record: (record in by_founder, age(record)))
            registry[id] = replace(registry[id], founder=heir)
        claimed = sorted(own | left, key=lambda id: registry[id].number)
        if claimed:
            id = claimed[0]
        else:
            founder = min(group.records, key=age)
            id = _minted(prefix, founder, registry)
            registry[id] = Entry(id, founder, next(numbers))
        taken |= dict.fromkeys((id, *claimed), id)
        ids |= dict.fromkeys(group.records, id)
    return Assigned(ids, tuple(_settled(entry, taken.get(entry.id)) for entry in registry.values()))


def _settled(entry: Entry, became: str | None) -> Entry:
    if became is None:
        return replace(entry, status=MERGED if entry.status == MERGED else GONE)
    if became == entry.id:
        return replace(entry, status=ACTIVE, merged_into=None)
    return replace(entry, status=MERGED, merged_into=became)


def _minted(prefix: str, founder: str, taken: Mapping[str, Entry]) -> str:
    """An id that follows from its founder, so that even a lost registry gives most groups their ids again."""
    attempt = 0
    while True:
        text = f"{founder} {attempt}" if attempt else founder
        id = f"{prefix}_{blake2b(text.encode(), digest_size=ID_BYTES).hexdigest()}"
        if id not in taken:
            return id
        attempt += 1
