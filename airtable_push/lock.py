"""One run at a time on a warehouse."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg

from airtable_push.database import is_postgres, named
from airtable_push.errors import JobError
from airtable_push.settings import shown
from shared.clock import Clock

LOCK_NAME = "airtable_push"
LOCK_POLL_SECONDS = 1.0


Held = Callable[[], None]
"""Raises `JobError` where the lock is no longer held: another run may have begun."""


@contextmanager
def alone(warehouse: str, clock: Clock, wait_seconds: float = 0.0) -> Iterator[Held]:
    """Hold the lock of this warehouse's job; it ends with the process, however that ends.

    Yields what is asked before each write. Raises `JobError` if another run holds it for longer than `wait_seconds`."""
    taking = _lock_in_database(warehouse) if is_postgres(warehouse) else _lock_beside(Path(warehouse))
    until = clock.monotonic() + wait_seconds
    with taking as (take, held):
        while not take():
            if clock.monotonic() >= until:
                raise JobError(
                    f"Another run of airtable_push is at work on {shown(warehouse)}. Let it end, or wait for it with "
                    "--wait SECONDS. Nothing was changed."
                )
            clock.sleep(LOCK_POLL_SECONDS)
        yield held


@contextmanager
def _lock_beside(path: Path) -> Iterator[Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{path}.lock").open("a") as file:
        yield lambda: _flocked(file), lambda: None


def _flocked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _lock_in_database(url: str) -> Iterator[Any]:
    with named(url, (psycopg.Error,), "opened"):
        connection = psycopg.connect(url, autocommit=True)

    def take() -> bool:
        row = connection.execute("select pg_try_advisory_lock(hashtext(%s))", [LOCK_NAME]).fetchone()
        return bool(row and row[0])

    def held() -> None:
        try:
            connection.execute("select 1")
        except psycopg.Error as error:
            raise JobError(
                f"The connection that held the lock of {shown(url)} broke, so another run may have begun. This one "
                "ends here; the next run continues."
            ) from error

    with closing(connection):
        try:
            yield take, held
        finally:  # Closing alone lets go of it a moment later.
            with suppress(psycopg.Error):
                connection.execute("select pg_advisory_unlock_all()")
