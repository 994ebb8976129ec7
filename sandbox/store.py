"""What a simulated vendor remembers: records of declared kinds in one store, and the verbs that change them.

What a verb does to change times is declared with the kind, because that is where vendors differ: which edits a
connector is told of. Moments are whole numbers in the unit that the vendor knows; a store is made with its clock.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from sandbox.order import Key as Place
from sandbox.order import Order

Fields = dict[str, Any]
Key = tuple[str, Any]
UNSET: Any = object()
"""Takes a field away, in the fields of an edit."""
NEVER = 2**62
TRASHED = "trashed"
VERBS = "edit move trash restore"


@dataclass(frozen=True)
class Kind:
    """`fields` are the names that a record may have, `parent` is the kind that it hangs under. The verbs in `moved_by`
    move the record's own change time, those in `moves_parent` that of its parent: of `create`, `edit`, `move`,
    `trash`, `restore`, `purge`. Kinds of one `space` share one series of ids, which begins at `first_id`."""

    name: str
    fields: str = ""
    parent: str = ""
    moved_by: str = VERBS
    moves_parent: str = ""
    space: str = ""
    first_id: int = 1

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.fields.split())


@dataclass(slots=True, eq=False)
class Record:
    """One record, which only the verbs of the store change. `fields` has the vendor's names and only what is set."""

    kind: str
    id: Any
    created: int
    updated: int
    fields: Fields = field(default_factory=dict)
    parent: Any = None
    status: str = "active"

    @property
    def key(self) -> Key:
        return (self.kind, self.id)


R = TypeVar("R", bound=Record)


class Store(Generic[R]):
    """Records by kind and id, and by parent. The verbs return the record that they changed.

    While `at` is set, that is the moment of every change: a past is built. `version` differs after each change. Where
    listings lag, they show each change, and that a record is gone, `lag()` later."""

    make: Callable[..., Any] = Record

    def __init__(self, kinds: Iterable[Kind], now: Callable[[], int], lag: Callable[[], float] = lambda: 0) -> None:
        self.declared = {kind.name: kind for kind in kinds}
        self.kinds: dict[str, dict[Any, R]] = {name: {} for name in self.declared}
        self.trashed: dict[Key, int] = {}
        """When what is in the trash was put there."""
        self.version = 0
        self.at: int | None = None
        self._now = now
        self._lag = lag
        self._last: dict[str, int] = {}
        self._below: dict[tuple[Key, str], dict[Any, R]] = {}
        self._orders: dict[str, Order] = {}
        self._stale: dict[Key, list[tuple[float, R | None]]] = {}
        """The changes that listings do not show yet, oldest first: until when, and the record before the change."""
        self._oldest = NEVER

    @property
    def now(self) -> int:
        return self._now() if self.at is None else self.at

    def tick(self) -> int:
        """The moment of a change."""
        return self.now

    def number(self, series: str, first: int = 1) -> int:
        """The next number of a series."""
        self._last[series] = max(self._last.get(series, 0) + 1, first)
        return self._last[series]

    def next_id(self, kind: str) -> Any:
        declared = self.declared[kind]
        return self.number(declared.space or kind, declared.first_id)

    def create(self, kind: str, fields: Fields, parent: R | None = None, id: Any = None) -> R:
        self._check(self.declared[kind], fields, parent)
        now = self.tick()
        made: R = self.make(kind, self.next_id(kind) if id is None else id, now, now, fields, parent)
        self.add(made)
        self._tell(made, "create")
        return made

    def add(self, record: R) -> R:
        """Take in a record as it is: no change time moves."""
        self.version += 1
        self._remember(record, new=True)
        self.kinds[record.kind][record.id] = record
        self._below.setdefault(self._place(record), {})[record.id] = record
        self._sort(record.key)
        return record

    def edit(self, record: R, fields: Mapping[str, Any], moves: bool = True, at: int | None = None) -> R:
        """Give a record other values; UNSET takes one away. `moves`: the change times do, as declared, to `at`."""
        self._check(self.declared[record.kind], fields, record.parent)
        self._remember(record)
        for name, value in fields.items():
            if value is UNSET:
                record.fields.pop(name, None)
            else:
                record.fields[name] = value
        return self._tell(record, "edit" if moves else "", at)

    def edit_at_once(self, records: Iterable[R], fields: Mapping[str, Any]) -> list[R]:
        """A bulk edit: all change at the same moment."""
        now = self.tick()
        return [self.edit(record, fields, at=now) for record in records]

    def move(self, record: R, parent: R | None) -> R:
        """Hang a record under another parent; both parents are told."""
        self._check(self.declared[record.kind], {}, parent)
        self._remember(record)
        self._tell_parent(record, "move")
        self._below[self._place(record)].pop(record.id)
        record.parent = parent
        self._below.setdefault(self._place(record), {})[record.id] = record
        return self._tell(record, "move")

    def touch(self, record: R, at: int | None = None) -> R:
        """The record's change time moves, and nothing else does."""
        self.version += 1
        self._remember(record)
        record.updated = self.tick() if at is None else at
        self._sort(record.key)
        return record

    def trash(self, record: R) -> R:
        """What hangs under it follows, and its change times stand still."""
        return self.set_status(record, TRASHED)

    def restore(self, record: R) -> R:
        return self.set_status(record, "active")

    def set_status(self, record: R, status: str) -> R:
        """Trash or restore a record, or give it a status that only this vendor knows."""
        self._remember(record)
        record.status = status
        self.trashed.pop(record.key, None)
        if status == TRASHED:
            self.put_in_trash(record, self.now)
        return self._tell(record, "trash" if status == TRASHED else "restore")

    def put_in_trash(self, record: R, at: int) -> None:
        """As of then, with no other sign of change."""
        record.status = TRASHED
        self.trashed[record.key] = at
        self._oldest = min(self._oldest, at)

    def purge(self, record: R) -> R:
        """The record and everything under it are gone for good."""
        self.version += 1
        self._tell_parent(record, "purge")
        for one in [*self.descendants(record), record]:
            self._remember(one)
            self._forget(one)
        return record

    def sweep(self, older_than: int) -> None:
        """Purge what was put into the trash at that moment or before."""
        if older_than < self._oldest:
            return
        for key in [key for key, at in self.trashed.items() if at <= older_than]:
            if key in self.trashed:
                self.purge(self.kinds[key[0]][key[1]])
        self._oldest = min(self.trashed.values(), default=NEVER)

    def below(self, parent: R, kind: str) -> list[R]:
        """All children of one kind, whatever their status, in the order in which they came."""
        return list(self._below.get((parent.key, kind), {}).values())

    def descendants(self, record: R) -> Iterator[R]:
        for kind in self.declared:
            for child in self.below(record, kind):
                yield child
                yield from self.descendants(child)

    def alive(self, record: R) -> bool:
        """Whether neither the record nor anything that it hangs under is in the trash."""
        node: Any = record
        while node is not None and node.status != TRASHED:
            node = node.parent
        return node is None

    def living(self, kind: str) -> list[R]:
        """The records that are alive."""
        return [record for record in self.kinds[kind].values() if self.alive(record)]

    def shown(self, key: Key) -> R | None:
        """A record as listings show it, which may be behind: None where they do not know it, or still do not."""
        return self._stale[key][0][1] if key in self._stale else self.kinds[key[0]].get(key[1])

    def all_shown(self, kind: str) -> list[R]:
        """The records as listings show them, trashed ones too, in the order in which they came."""
        gone = [id for of, id in self._stale if of == kind and id not in self.kinds[kind]]
        shown = [self.shown((kind, id)) for id in (*self.kinds[kind], *gone)]
        return [record for record in shown if record is not None]

    def order(self, kind: str) -> list[Place]:
        """The records as listings show them, trashed ones too, in the order of their change times. Those of one moment
        come in an order that nothing tells."""
        if kind not in self._orders:
            self._orders[kind] = Order()
            for record in self.all_shown(kind):
                self._sort(record.key)
        return self._orders[kind].keys

    def by_update(self, kind: str, first: int = -NEVER, last: int = NEVER) -> list[R]:
        """The living records in that order that changed from `first` to `last`, both included."""
        order = self.order(kind)
        found = order[bisect_left(order, (first,)) : bisect_left(order, (last + 1,))]
        shown = [self.shown((kind, id)) for _, _, id in found]
        return [record for record in shown if record is not None and self.alive(record)]

    def catch_up(self) -> None:
        """Let listings show what is due by now."""
        for key in [key for key, changes in self._stale.items() if changes[0][0] <= self.now]:
            self.version += 1
            self._stale[key] = [change for change in self._stale[key] if change[0] > self.now]
            if not self._stale[key]:
                del self._stale[key]
            self._sort(key)

    def _check(self, kind: Kind, fields: Mapping[str, Any], parent: R | None) -> None:
        if undeclared := kind.names and fields.keys() - kind.names:
            raise ValueError(f"{kind.name} has no {', '.join(sorted(undeclared))}")
        if kind.parent and (parent is None or parent.kind != kind.parent):
            raise ValueError(f"{kind.name} hangs under {kind.parent}")

    def _tell(self, record: R, verb: str, at: int | None = None) -> R:
        """Move the change times that a verb moves."""
        self.version += 1
        if verb in self.declared[record.kind].moved_by.split():
            self.touch(record, at)
        self._tell_parent(record, verb, at)
        return record

    def _tell_parent(self, record: R, verb: str, at: int | None = None) -> None:
        if verb in self.declared[record.kind].moves_parent.split():
            self.touch(record.parent, at)

    def _place(self, record: R) -> tuple[Key, str]:
        return (record.parent.key if record.parent is not None else ("", None), record.kind)

    def _remember(self, record: R, new: bool = False) -> None:
        """Keep what listings go on showing of a record that is about to change."""
        lag = 0 if self.at is not None else self._lag()
        changes = self._stale.get(record.key, [])
        until = self.now + lag
        if not lag or (changes and changes[-1][0] == until):
            return
        before = None if new else copy(record)
        if before is not None:
            before.fields = dict(record.fields)
        self._stale[record.key] = [*changes, (until, before)]

    def _sort(self, key: Key) -> None:
        """Put a record where listings show it."""
        order, shown = self._orders.get(key[0]), self.shown(key)
        if order is not None and shown is not None:
            order.put(key[1], shown.updated)
        elif order is not None:
            order.drop(key[1])

    def _forget(self, record: R) -> None:
        del self.kinds[record.kind][record.id]
        self._below.get(self._place(record), {}).pop(record.id, None)
        for kind in self.declared:
            self._below.pop((record.key, kind), None)
        self.trashed.pop(record.key, None)
        self._sort(record.key)
