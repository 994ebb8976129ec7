"""How far a run is: a bar on a terminal, a line a table elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from tqdm import tqdm

Advance = Callable[[int], None]


class Progress(Protocol):
    """What the commands tell of their progress."""

    def say(self, line: str) -> None:
        """A line of its own."""

    @contextmanager
    def table(self, name: str, rows: int) -> Iterator[Advance]:
        """Count the rows of a table, as they are looked at."""


class Bars:
    """For a terminal."""

    def say(self, line: str) -> None:
        tqdm.write(line, file=sys.stderr)

    @contextmanager
    def table(self, name: str, rows: int) -> Iterator[Advance]:
        with tqdm(total=rows, desc=name, unit=" rows", file=sys.stderr, leave=False) as bar:
            yield bar.update


class Lines:
    """For a log file."""

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    @contextmanager
    def table(self, name: str, rows: int) -> Iterator[Advance]:
        self.say(f"{name}: comparing {rows:,} rows")
        yield lambda count: None


class Silent:
    """For nobody."""

    def say(self, line: str) -> None:
        pass

    @contextmanager
    def table(self, name: str, rows: int) -> Iterator[Advance]:
        yield lambda count: None


def progress() -> Progress:
    """The one that fits where the errors go."""
    return Bars() if sys.stderr.isatty() else Lines()
