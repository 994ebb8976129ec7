"""The company's memory: every object of every entity, and the stubs of those that were deleted."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.order import Order
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.options import Options

Fields = dict[str, Any]
Key = tuple[str, str]
FIRST_CUSTOMER_TYPE = 1_000_000_000_000_412_761
"""Ids of customer types have 19 digits. quickbooks.md 7."""


def parts(lines: Iterable[Fields]) -> Iterator[Fields]:
    """Lines of a transaction; those inside a bundle take its place."""
    for line in lines:
        yield from line["GroupLineDetail"]["Line"] if "GroupLineDetail" in line else (line,)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One version of an object. `fields` has Intuit's names and only what is set; amounts are Decimal or int.

    `number` is the id as a number; `token` counts the changes; `deleted`: only the stub is left."""

    entity: str
    number: int
    created: int
    updated: int
    token: int
    fields: Fields
    deleted: bool = False

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def key(self) -> Key:
        return (self.entity, str(self.number))


class Store:
    """Objects change through `add`, `change` and `delete` only. While `at` is set, that is the moment at which they
    do; without it, the vendor's clock. Answers are made of what is `shown`, which may be behind."""

    def __init__(self, now: Callable[[], float], options: Options) -> None:
        self.options = options
        self.at: int | None = None
        self.records: dict[str, dict[str, Record]] = {name: {} for name in ENTITIES}
        self.shown: dict[str, dict[str, Record]] = {name: {} for name in ENTITIES}
        self.stubs: dict[str, dict[str, Record]] = {name: {} for name in ENTITIES}
        self.order: dict[str, Order] = {name: Order() for name in ENTITIES}
        self.stub_order: dict[str, Order] = {name: Order() for name in ENTITIES}
        self.home_currency = "USD"
        self._now = now
        self._waiting: deque[tuple[float, Record, bool]] = deque()
        self._last: defaultdict[str, int] = defaultdict(int, {"CustomerType": FIRST_CUSTOMER_TYPE})

    @property
    def now(self) -> int:
        """Change times have whole seconds."""
        return int(self._now()) if self.at is None else self.at

    def next_number(self, space: str) -> int:
        self._last[space] += 1
        return self._last[space]

    def add(self, entity: str, fields: Fields, number: int | None = None) -> Record:
        """A new object; transactions share one series of ids, each list has its own."""
        if number is None:
            number = self.next_number("transaction" if "TxnDate" in fields else entity)
        record = Record(entity, number, self.now, self.now, 0, fields)
        self._keep(record)
        return record

    def change(self, record: Record, fields: Fields, moves: bool = True) -> Record:
        """Another version with exactly these fields. `moves`: its change time becomes now."""
        current = self.records[record.entity][record.id]
        updated = self.now if moves else current.updated
        new = Record(record.entity, record.number, current.created, updated, current.token + moves, fields)
        self._keep(new)
        return new

    def edit(self, record: Record, moves: bool = True, **changes: Any) -> Record:
        """Another version with some fields replaced; None takes one away."""
        fields = {**self.records[record.entity][record.id].fields, **changes}
        return self.change(record, {name: value for name, value in fields.items() if value is not None}, moves)

    def delete(self, record: Record, stub: bool = True) -> None:
        """`stub`: CDC tells of it."""
        del self.records[record.entity][record.id]
        gone = Record(record.entity, record.number, record.created, self.now, record.token, {}, deleted=True)
        self._soon(gone, stub)

    def all(self, *entities: str) -> Iterator[Record]:
        for entity in entities:
            yield from self.records[entity].values()

    def get(self, entity: str, id: str) -> Record | None:
        return self.records[entity].get(id)

    def catch_up(self) -> None:
        """Show what is due by now."""
        now = self._now()
        while self._waiting and self._waiting[0][0] <= now:
            _, record, stub = self._waiting.popleft()
            self._show(record, stub)

    def _keep(self, record: Record) -> None:
        self.records[record.entity][record.id] = record
        self._soon(record, stub=True)

    def _soon(self, record: Record, stub: bool) -> None:
        if self.at is not None or not (self.options.lag_seconds or self._waiting):
            self._show(record, stub)
        else:
            self._waiting.append((self._now() + self.options.lag_seconds, record, stub))

    def _show(self, record: Record, stub: bool) -> None:
        entity, id = record.key
        if not record.deleted:
            self.shown[entity][id] = record
            self.order[entity].put(record.number, record.updated)
            return
        self.shown[entity].pop(id, None)
        self.order[entity].drop(record.number)
        if stub:
            self.stubs[entity][id] = record
            self.stub_order[entity].put(record.number, record.updated)
