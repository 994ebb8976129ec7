"""One sync into a destination that only counts."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bench.apart import ROOT
from shared.clock import SystemClock
from shared.journal import SYSTEM_TABLES
from shared.run import runner

SYSTEM = {table.name for table in SYSTEM_TABLES}


class Counting:
    """Takes every operation and keeps how many rows came, by table, and the last state."""

    def __init__(self) -> None:
        self.rows = Counter[str]()
        self.state: dict[str, Any] = {}

    def upsert(self, table: str, data: dict[str, Any]) -> None:
        self.rows[table] += table not in SYSTEM

    def update(self, table: str, modified: dict[str, Any]) -> None:
        pass

    def delete(self, table: str, keys: dict[str, Any]) -> None:
        pass

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


class Hasty(SystemClock):
    """Real threads and time, but nobody waits for the pace."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds


def syncing(source: str) -> Callable[..., None]:
    """The sync of a source: with configuration, state, destination and log.

    Its folder is first on the path, as where it is deployed, so this process is for one source. The SDK is not loaded,
    and takes no memory.
    """
    sys.path.insert(0, str(ROOT / source))
    return runner(import_module("settings").CONFIGURATION, import_module("sync").build)
