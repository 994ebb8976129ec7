"""What an organisation remembers, and when each record has changed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.store import Key, Record, Store


class Database(Store[Record]):
    """`history` has every moment at which a record changed: an export looks for one in its window. Changes from the
    `horizon` on can still be exported when the organisation is first played."""

    def __init__(self, *arguments: Any, horizon: int) -> None:
        super().__init__(*arguments)
        self.horizon = horizon
        self.history: defaultdict[Key, list[int]] = defaultdict(list)

    def touch(self, record: Record, at: int | None = None) -> Record:
        super().touch(record, at)
        self.history[record.key].append(record.updated)
        return record

    def add(self, record: Record) -> Record:
        self.history[record.key].append(record.created)
        return super().add(record)

    def changed(self, kind: str, first: int, last: float) -> list[Record]:
        """Those that changed in a window, both ends included, each once, as they are now."""
        return [one for one in self.living(kind) if any(first <= at <= last for at in self.history[one.key])]

    def those(self, kind: str, ids: Iterable[Any]) -> list[Record]:
        """The records of these ids that are still there."""
        return [self.kinds[kind][id] for id in ids if id in self.kinds[kind]]


def inactive(record: Record) -> bool:
    """Suppressed, removed or archived: exports leave it out unless they are asked for it."""
    return bool(record.fields.get("inactive")) or record.fields.get("status") == "Archived"
