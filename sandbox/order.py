"""An order by time that is cheap to change."""

from bisect import bisect_left, insort
from typing import Any

Key = tuple[int, int, Any]
FEW = 40


def scramble(id: int) -> int:
    """Neither the order of ids nor of creation: records of the same second come in no order to rely on."""
    return id * 2654435761 & 0xFFFFFFFF


class Order:
    """Keys (time, scrambled id, id), sorted; ids are numbers, or text of digits. Changes are folded in when somebody
    looks."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._of: dict[Any, Key] = {}
        self._before: dict[Any, Key | None] = {}

    def put(self, id: Any, time: int) -> None:
        self._before.setdefault(id, self._of.get(id))
        self._of[id] = (time, scramble(int(id)), id)

    def drop(self, id: Any) -> None:
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
