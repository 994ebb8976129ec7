"""What all tables of one push share."""

from dataclasses import dataclass
from typing import TypeVar

from airtable_push.api import Client
from airtable_push.links import Links
from airtable_push.plan import Wishes
from airtable_push.progress import Progress
from airtable_push.report import Report
from airtable_push.schema import Places
from airtable_push.state import State
from shared.clock import Clock
from shared.workers import Workers

Item = TypeVar("Item")


class Room:
    """What may still be written: so many records as the limit leaves, and new ones unless the base is full."""

    def __init__(self, limit: int | None, report: Report) -> None:
        self._limit = limit
        self._report = report
        self._written = 0
        self.limited = False
        """Whether the limit was met."""
        self.full = False

    def cut(self, batch: list[Item]) -> list[Item]:
        """The batch, or what the limit leaves of it; it counts as written."""
        if self._limit is not None and self._written + len(batch) > self._limit:
            batch = batch[: self._limit - self._written]
            self.limited = True
            self._report.stopped = f"{self._limit:,} records, as --limit says"
        self._written += len(batch)
        return batch

    def fill(self) -> None:
        """The base takes no new record."""
        if not self.full:
            self.full = True
            self._report.stopped = (
                "the base is full, so nothing new was added, and what is there was kept up to date. Make room in it, or"
                " move it to a larger plan"
            )


@dataclass(frozen=True)
class Run:
    """One push over some tables."""

    client: Client
    places: Places
    state: State
    links: Links
    room: Room
    workers: Workers
    clock: Clock
    progress: Progress
    wishes: Wishes
    report: Report

    def problem(self, text: str) -> None:
        """Tell of something that needs a person."""
        self.report.problems.append(text)
