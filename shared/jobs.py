"""Jobs that a source is asked to do, and asked about until they are done.

    for job, answer in awaited(start, ask, clock=run.clock, job=position.job):
        yield Page(position=replace(position, job=job))    # an empty page: only its position is saved

So the job's id is in the next checkpoint from its first moment on, and whoever is killed goes on with it.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from shared.clock import Clock
from shared.errors import JobGone, NotFound, TimedOut
from shared.tally import current

Answer = TypeVar("Answer")

FIRST_SECONDS, LONGEST_SECONDS, PATIENCE_SECONDS = 5.0, 60.0, 3_600.0


def awaited(
    start: Callable[[], str],
    ask: Callable[[str], Answer | None],
    *,
    clock: Clock,
    job: str | None = None,
    first_seconds: float = FIRST_SECONDS,
    longest_seconds: float = LONGEST_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Iterator[tuple[str, Answer | None]]:
    """Start a job, or go on with one that was started before, and ask for it until it is done.

    `ask` answers `None` while the job is under way; between two questions the time grows from `first_seconds` to
    `longest_seconds`. Yields (id, None) at once and after each question, and (id, answer) last. Raises what `start` and
    `ask` raise, like `JobFailed`; `JobGone` where the source no longer knows the job; and `TimedOut` once it has been
    waited for so long (`patience_seconds`): the job goes on, and so can the next sync.
    """
    started, wait = clock.monotonic(), 0.0
    if job is None:
        job, wait = start(), first_seconds
    while True:
        yield job, None
        if wait:
            current().wait(f"job {job}", clock.monotonic() + wait)
            clock.sleep(wait)
            current().wait()
        try:
            answer = ask(job)
        except NotFound as error:
            raise JobGone(
                f"job {job} is gone: {error.message}", method=error.method, url=error.url, status=error.status
            ) from error
        if answer is not None:
            yield job, answer
            return
        if clock.monotonic() - started >= patience_seconds:
            raise TimedOut(f"job {job} is not done after {patience_seconds:.0f} seconds: the next sync asks again")
        wait = min(max(2 * wait, first_seconds), longest_seconds)
