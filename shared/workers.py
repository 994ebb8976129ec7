"""Reading ahead on a few threads, while everything that lands happens on one.

A generator that reads a source is advanced on worker threads; what it yields is handed out on the thread
that iterates. Each generator is at most one item ahead of its reader, so memory stays bounded by what is
in flight.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.clock import Clock
from shared.errors import SourceError

Item = TypeVar("Item")
Result = TypeVar("Result")

CLOSING_SECONDS = 5.0
_END = object()


@dataclass(frozen=True)
class Outcome(Generic[Item]):
    """What came of one step of a generator: an item, or its end, or the exception that ended it."""

    source: Iterator[Item]
    item: Item | None = None
    ended: bool = False
    error: BaseException | None = None


class Workers:
    """A few threads that run steps of work. Close it, or use it as a context manager."""

    def __init__(self, clock: Clock, size: int, name: str = "worker") -> None:
        self._clock = clock
        self._size = size
        self._name = name
        self._changed = clock.condition()
        self._steps: deque[Callable[[], None]] = deque()
        self._threads: list[Any] = []
        self._idle = 0
        self._closed = False

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def close(self) -> None:
        """Drop what has not begun, and wait a little for what has."""
        with self._changed:
            self._closed = True
            self._steps.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)

    def map(self, call: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `call(item)` in the order of the items, a few of them under way at once.

        An exception of a call is raised in its place, after which nothing more is yielded.
        """
        waiting: deque[_Slot[Result]] = deque()
        for item in items:
            waiting.append(self._submit(lambda item=item: call(item)))  # type: ignore[misc]
            if len(waiting) >= self._size:
                yield self._result(waiting.popleft())
        while waiting:
            yield self._result(waiting.popleft())

    def interleave(
        self,
        generators: Iterable[Iterator[Item]] | Callable[[], Iterator[Item] | None],
        desk: "Desk | None" = None,
        tick: Callable[[], float | None] = lambda: None,
    ) -> Iterator[Outcome[Item]]:
        """Advance several generators side by side and yield what they yield, as it comes.

        `generators` is drawn from as places become free; a callable may answer `None` for "none for now"
        and is asked again when one has ended. While this thread waits it serves the `desk`, and calls `tick`, which
        answers in how many seconds it wants to be called again.
        """
        draw = generators if callable(generators) else _drawn_from(generators)
        under_way: list[tuple[Iterator[Item], _Slot[Any]]] = []
        while True:
            while len(under_way) < self._size and (generator := draw()) is not None:
                under_way.append((generator, self._advance(generator, copy_context())))
            if not under_way:
                return
            with self._changed:
                came = self._changed.wait_for(
                    lambda: self._closed or (desk and desk.waiting) or any(slot.done for _, slot in under_way), tick()
                )
            if not came:
                continue
            if desk and desk.waiting:
                desk.serve()
                continue
            index = next((index for index, (_, slot) in enumerate(under_way) if slot.done), None)
            if index is None:
                raise RuntimeError("these workers are closed")
            generator, slot = under_way.pop(index)
            if slot.error is not None:
                yield Outcome(generator, ended=True, error=slot.error)
            elif slot.value is _END:
                yield Outcome(generator, ended=True)
            else:
                under_way.append((generator, self._advance(generator, slot.context)))
                yield Outcome(generator, item=slot.value)

    def wake(self) -> None:
        """Let a thread that waits in `interleave` look again at what there is to serve."""
        with self._changed:
            self._changed.notify_all()

    def _advance(self, generator: Iterator[Item], context: Context | None) -> "_Slot[Any]":
        return self._submit(lambda: next(generator, _END), context)

    def _submit(self, work: Callable[[], Result], context: Context | None = None) -> "_Slot[Result]":
        slot: _Slot[Result] = _Slot(work, context or copy_context())
        with self._changed:
            if self._closed:
                raise RuntimeError("these workers are closed")
            self._steps.append(lambda: self._run(slot))
            if not self._idle and len(self._threads) < self._size:
                self._threads.append(self._clock.start(self._work, f"{self._name}-{len(self._threads) + 1}"))
            self._changed.notify_all()
        return slot

    def _run(self, slot: "_Slot[Any]") -> None:
        try:
            slot.value = slot.context.run(slot.work)
        except BaseException as error:  # handed to the thread that waits for it
            slot.error = error
        with self._changed:
            slot.done = True
            self._changed.notify_all()

    def _result(self, slot: "_Slot[Result]") -> Result:
        with self._changed:
            self._changed.wait_for(lambda: slot.done or self._closed)
        if slot.error is not None:
            raise slot.error
        if not slot.done:
            raise RuntimeError("these workers are closed")
        return slot.value  # type: ignore[return-value]

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                self._changed.wait_for(lambda: self._steps or self._closed)
                self._idle -= 1
                if self._closed:
                    return
                step = self._steps.popleft()
            step()


class Lanes:
    """Workers by what they work at: requests that may be sent only now and then do not hold up others."""

    def __init__(self, clock: Clock, size: int) -> None:
        self._clock = clock
        self._size = size
        self._lock = threading.Lock()
        self._lanes: dict[str, Workers] = {}

    def __call__(self, name: str) -> Workers:
        """The workers for this, always the same ones."""
        with self._lock:
            return self._lanes.setdefault(name, Workers(self._clock, self._size, name))

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.close()


class Desk:
    """Where worker threads leave work that only the main thread may do, and wait for it.

    Tokens are persisted this way, because a checkpoint says that everything before it has landed, which
    only the main thread knows.
    """

    def __init__(self, clock: Clock) -> None:
        self._main = threading.get_ident()
        self._changed = clock.condition()
        self._errands: deque[_Slot[Any]] = deque()
        self._closed = False
        self.on_errand: Callable[[], None] = lambda: None
        """Called after an errand was left: wakes the main thread (`Workers.wake`)."""

    def call(self, work: Callable[[], Result]) -> Result:
        """Return `work()`, done by the main thread. Raises what it raises."""
        if threading.get_ident() == self._main:
            return work()
        slot: _Slot[Result] = _Slot(work, copy_context())
        with self._changed:
            self._errands.append(slot)
        self.on_errand()
        with self._changed:
            self._changed.wait_for(lambda: slot.done or self._closed)
        if slot.error is not None:
            raise slot.error
        if not slot.done:
            raise RuntimeError("the sync has ended")
        return slot.value  # type: ignore[return-value]

    @property
    def waiting(self) -> bool:
        """Whether there is work to serve."""
        return bool(self._errands)

    def serve(self) -> None:
        """Do what was left; on the main thread. Errors of the source are the asker's, all others are raised here."""
        while self._errands:
            slot = self._errands.popleft()
            try:
                slot.value = slot.context.run(slot.work)
            except BaseException as error:
                slot.error = error
                if not isinstance(error, SourceError):
                    raise  # Not the source failed, but what the main thread works for.
            finally:
                with self._changed:
                    slot.done = True
                    self._changed.notify_all()

    def close(self) -> None:
        """Nobody serves any more: let those who wait go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class _Slot(Generic[Result]):
    """One step of work and what came of it."""

    def __init__(self, work: Callable[[], Result], context: Context) -> None:
        self.work = work
        self.context = context
        self.value: Result | None = None
        self.error: BaseException | None = None
        self.done = False


def _drawn_from(generators: Iterable[Iterator[Item]]) -> Callable[[], Iterator[Item] | None]:
    supply = iter(generators)
    return lambda: next(supply, None)
