"""The company's memory: every object of every entity, and the stubs of those that were deleted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import store
from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.options import Options
from sandbox.store import UNSET, Fields, Key, Kind

FIRST_CUSTOMER_TYPE = 1_000_000_000_000_412_761
"""Ids of customer types have 19 digits. quickbooks.md 7."""
DELETED = "deleted"
"""The status of a stub."""
KINDS = [
    Kind(
        entity.name,
        space="transaction" if "TxnDate" in entity.properties else "",
        first_id=FIRST_CUSTOMER_TYPE + 1 if entity.name == "CustomerType" else 1,
    )
    for entity in ENTITIES.values()
]
"""Transactions share one series of ids, each list has its own."""


@dataclass(slots=True, eq=False)
class Record(store.Record):
    """`fields` has Intuit's names and only what is set; amounts are Decimal or int. `token` counts the changes."""

    token: int = 0

    @property
    def entity(self) -> str:
        return self.kind

    @property
    def number(self) -> int:
        return int(self.id)


class Store(store.Store[Record]):
    """Change times have whole seconds."""

    make = Record

    def __init__(self, now: Callable[[], float], options: Options) -> None:
        super().__init__(KINDS, lambda: int(now()), lambda: options.lag_seconds)
        self.home_currency = "USD"
        self._stubs: list[tuple[float, Record]] = []
        """Those of deleted objects, and from when on they are shown."""

    def next_id(self, kind: str) -> str:
        return str(super().next_id(kind))

    def edit(self, record: Record, fields: Mapping[str, Any], moves: bool = True, at: int | None = None) -> Record:
        """None takes a field away. Who has looked at the fields keeps what they were."""
        record.fields = dict(record.fields)
        super().edit(record, {name: UNSET if new is None else new for name, new in fields.items()}, moves, at)
        record.token += moves
        return record

    def delete(self, record: Record, stub: bool = True) -> None:
        """`stub`: CDC tells of it."""
        self.purge(record)
        if stub:
            shown = self.now + (0 if self.at is not None else self._lag())
            gone = Record(record.kind, record.id, record.created, self.now, status=DELETED)
            self._stubs.append((shown, gone))

    def all(self, *entities: str) -> Iterator[Record]:
        for entity in entities:
            yield from self.kinds[entity].values()

    def get(self, entity: str, id: str) -> Record | None:
        return self.kinds[entity].get(id)

    def stubs(self, entity: str, since: float) -> list[Record]:
        """The stubs that are shown of what was deleted since then, in the order in which it was."""
        shown = (stub for from_then, stub in self._stubs if from_then <= self.now)
        return [stub for stub in shown if stub.kind == entity and stub.updated >= since]


def parts(lines: Iterable[Fields]) -> Iterator[Fields]:
    """Lines of a transaction; those inside a bundle take its place."""
    for line in lines:
        yield from line["GroupLineDetail"]["Line"] if "GroupLineDetail" in line else (line,)


__all__ = ["DELETED", "Fields", "Key", "Record", "Store", "parts"]
