"""The search index of one kind: its order, and versions that lag behind."""

from collections import deque

from sandbox.copper.records import Record
from sandbox.order import Order


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
