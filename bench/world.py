"""A simulated vendor in this process, in virtual time, and a destination that only counts."""

from collections.abc import Callable
from importlib import import_module
from random import Random
from typing import Any

from sandbox.basecamp import Basecamp
from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.transport import WsgiAdapter, session_over
from shared.run import runner
from tests.connectors import load_all

ORIGIN = "https://vendor.test"


class Counting:
    """Takes every operation and keeps how many there were, and the last state."""

    def __init__(self) -> None:
        self.rows = 0
        self.deletes = 0
        self.state: dict[str, Any] = {}

    def upsert(self, table: str, data: dict[str, Any]) -> None:
        self.rows += table not in ("errors", "sync_metadata")

    def update(self, table: str, modified: dict[str, Any]) -> None:
        pass

    def delete(self, table: str, keys: dict[str, Any]) -> None:
        self.deletes += 1

    def checkpoint(self, state: dict[str, Any]) -> None:
        self.state = state

    def warning(self, message: str) -> None:
        raise RuntimeError(message)

    def error(self, message: str) -> None:
        raise RuntimeError(message)


class Silent:
    """A log that nobody reads."""

    def info(self, message: str) -> None:
        pass


class World:
    """A company of some size, answers that take `latency` seconds, and a clock that never really waits."""

    def __init__(
        self, scale: float, latency: float = 0.0, source: str = "basecamp", vendor: Callable[..., Any] = Basecamp
    ) -> None:
        self.clock = VirtualClock()
        self.vendor = vendor(Company(seed=1, scale=scale), now=self.clock.now, seed=1)
        self.source = source
        self.destination = Counting()
        self.adapter = WsgiAdapter(self.vendor.wsgi, sleep=self.clock.sleep, latency=latency)
        self._session = session_over(ORIGIN, self.adapter)

    def sync(self, **settings: str) -> float:
        """One sync; how many virtual seconds it took."""
        started = self.clock.now()
        run(
            {**self.vendor.configuration(ORIGIN), **settings},
            self.destination,
            self.source,
            clock=self.clock,
            session=self._session,
        )
        return self.clock.now() - started

    def work(self, changes: int) -> None:
        """A quarter of an hour passes, in which the company makes this many changes."""
        self.vendor.work(Random(changes), changes)
        self.clock.advance(900)


def run(configuration: dict[str, str], destination: Counting, source: str = "basecamp", **options: Any) -> None:
    """One sync of a source."""
    load_all()
    settings, sync = import_module(f"{source}.settings"), import_module(f"{source}.sync")
    sync_once = runner(settings.CONFIGURATION, sync.build)
    sync_once(configuration, destination.state, destination, Silent(), **options)
