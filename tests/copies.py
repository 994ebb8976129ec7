"""A whole simulated world kept as it is, to be made once more as often as a test needs one.

It is pickled, with what pickle does not do by itself: functions that hold on to something, locks, and the clock, of
which a copy has its own. Classes, code and plain functions are no part of a world and stay the same.
"""

import pickle
import threading
from io import BytesIO
from itertools import count
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, Generic, TypeVar

from sandbox.clock import VirtualClock

T = TypeVar("T")
LOCKS = {type(threading.Lock()): threading.Lock, type(threading.RLock()): threading.RLock}


class Kept(Generic[T]):
    """Something as it is now."""

    def __init__(self, thing: T) -> None:
        written = BytesIO()
        writer = _Writer(written)
        writer.dump(thing)
        self._bytes, self._same = written.getvalue(), writer.same

    def copy(self) -> T:
        """It once more: what happens to one copy does not happen to another."""
        copied: T = _Reader(BytesIO(self._bytes), self._same).load()
        return copied


class _Same:
    """Stands for something that a copy shares."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing


class _Writer(pickle.Pickler):
    def __init__(self, file: BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.same: list[Any] = []
        self._places: dict[int, int] = {}

    def persistent_id(self, thing: Any) -> int | None:
        if isinstance(thing, _Same):
            thing = thing.thing
        elif not isinstance(thing, type | ModuleType | CodeType) and not _is_plain(thing):
            return None
        if id(thing) not in self._places:
            self._places[id(thing)] = len(self.same)
            self.same.append(thing)
        return self._places[id(thing)]

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, FunctionType):
            return _function, (_Same(thing), thing.__defaults__, thing.__closure__)
        if isinstance(thing, CellType):
            return CellType, (), (thing.cell_contents,), None, None, _fill  # None alone would fill nothing.
        if isinstance(thing, VirtualClock):
            return VirtualClock, (thing.now(),)
        if isinstance(thing, count):  # later versions of Python do not pickle it
            return count, (int(repr(thing)[len("count(") : -1]),)
        made = LOCKS.get(type(thing))
        return NotImplemented if made is None else (made, ())


class _Reader(pickle.Unpickler):
    def __init__(self, file: BytesIO, same: list[Any]) -> None:
        super().__init__(file)
        self._same = same

    def persistent_load(self, place: int) -> Any:
        return self._same[place]


def _is_plain(thing: Any) -> bool:
    return isinstance(thing, FunctionType) and not thing.__closure__ and not thing.__defaults__


def _function(original: FunctionType, defaults: Any, closure: Any) -> FunctionType:
    return FunctionType(original.__code__, original.__globals__, original.__name__, defaults, closure)


def _fill(cell: CellType, contents: tuple[Any]) -> None:
    [cell.cell_contents] = contents
