"""The search index of one kind: an order by time that is cheap to change, and versions that lag behind."""

from bisect import bisect_left, insort
from collections import deque

from sandbox.copper.records import Record

Key = tuple[int, int, int]
FEW = 40


def scramble(id: int) -> int:
    """Neither the order of ids nor of creation: records of the same second come in no order to rely on."""
    return id * 2654435761 & 0xFFFFFFFF


class Order:
    """Keys (time, scrambled id, id), sorted. Changes are folded in when somebody looks."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._of: dict[int, Key] = {}
        self._before: dict[int, Key | None] = {}

    def put(self, id: int, time: int) -> None:
        self._before.setdefault(id, self._of.get(id))
        self._of[id] = (time, scramble(id), id)

    def drop(self, id: int) -> None:
        self._before.setdefault(id, self._of.pop(id, None))
        self._of.pop(id, None)

    @property
    def keys(self) -> list[Key]:
        if self._before:
            self._fold()
        return self._keys

    def _fold(self) -> None:
        new = [self._of[id] for id in self._before if id in self._of]
        old = {key for key in self._before.values() if key is not None}
        if len(self._before) <= FEW:
            for key in old:
                del self._keys[bisect_left(self._keys, key)]
            for key in new:
                insort(self._keys, key)
        else:
            kept = [key for key in self._keys if key not in old] if old else self._keys
            self._keys = sorted(kept + sorted(new))
        self._before.clear()


class Index:
    """What searches see: `shown` is the version by id, `order` sorts them by change, or activities by date."""

    def __init__(self) -> None:
        self.shown: dict[int, Record] = {}
        self.order = Order()
        self._waiting: deque[tuple[float, int, Record | None]] = deque()

    def put(self, id: int, record: Record | None, now: float, lag: float) -> None:
        """From `now` + `lag` on, `record` is what searches show; None: nothing."""
        if not lag and not self._waiting:
            self._apply(id, record)
            return
        due = now + lag
        self._waiting.append((max(due, self._waiting[-1][0]) if self._waiting else due, id, record))

    def catch_up(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, id, record = self._waiting.popleft()
            self._apply(id, record)

    def _apply(self, id: int, record: Record | None) -> None:
        if record is None:
            self.shown.pop(id, None)
            self.order.drop(id)
            return
        self.shown[id] = record
        self.order.put(id, record.happened if record.kind == "activity" else record.modified)
