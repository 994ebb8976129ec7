"""Work that is done once for many: by whoever asks first, while all others wait for what comes of it."""

from collections.abc import Callable
from typing import Generic, TypeVar

from shared.clock import Clock

Result = TypeVar("Result")


class Once(Generic[Result]):
    """`work()`, done when it is first asked for.

    One request may bring what many streams need; they are read on threads of their own, and each asks for it.
    """

    def __init__(self, work: Callable[[], Result], clock: Clock) -> None:
        self._work = work
        self._changed = clock.condition()
        self._begun = False
        self._outcome: Callable[[], Result] | None = None

    def __call__(self) -> Result:
        """What came of it. Raises what it raised, to everybody."""
        with self._changed:
            mine = not self._begun
            self._begun = True
            if not mine:
                self._changed.wait_for(lambda: self._outcome is not None)
        if mine:
            outcome = self._do()
            with self._changed:
                self._outcome = outcome
                self._changed.notify_all()
        assert self._outcome is not None
        return self._outcome()

    def _do(self) -> Callable[[], Result]:
        try:
            result = self._work()
        except BaseException as error:  # handed to all who ask
            raised = error

            def fail() -> Result:
                raise raised

            return fail
        return lambda: result
