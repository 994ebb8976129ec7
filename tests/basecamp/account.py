"""A simulated Basecamp account, a warehouse, and the connector between them: in one process, in virtual time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.basecamp import Basecamp
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Recording
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.web import Environ, Request
from tests.contract.world import CASES, World, copies, edited
from tests.destination import Row

BASECAMP = CASES["basecamp"]
STREAMS = {table.name: {table.name, *(child.name for child in table.children)} for table in BASECAMP.tables}
"""The tables of each stream."""
USUAL = STREAMS.keys() - BASECAMP.not_compared


class Account(World):
    """`settings` hold for every sync; those given to `sync` for that one only.

    With `only` all other streams are left out, which takes a tenth of the requests."""

    def __init__(
        self,
        *,
        seed: int = 1,
        scale: float = 0.01,
        options: Options | None = None,
        payloads: Path | None = None,
        only: Sequence[str] = (),
        **settings: str,
    ) -> None:
        self.streams = set(only) or USUAL
        if only:
            settings["streams"] = ",".join(
                [*(f"-{name}" for name in sorted(USUAL - self.streams)), *sorted(self.streams - USUAL)]
            )
        vendor = partial(Basecamp, options=options) if payloads is None else partial(_documented, payloads, options)
        self.before: Callable[[Request], None] = lambda request: None
        """Called with each request before it reaches the simulator."""
        super().__init__(replace(BASECAMP, vendor=vendor), seed=seed, scale=scale, settings=settings)

    @property
    def store(self) -> Any:
        """The simulator's memory, to change what the connector will see."""
        return self.vendor.store

    def asked(self, **settings: str) -> list[str]:
        """One sync. Returns the paths, with their parameters, that it asked for."""
        before = len(self.vendor.requests)
        self.sync(**settings)
        return [entry.path for entry in self.vendor.requests[before:]]

    def change_records(self, pattern: str, change: Callable[[Any], Any]) -> None:
        """Replace each record of the lists at these URLs by `change(record)`."""
        self.change(pattern, lambda answer, request: edited(answer, lambda records: [change(each) for each in records]))

    def rows(self, table: str) -> dict[str, Row]:
        """The committed rows of a table by `id`."""
        return {row["id"]: row for row in self.destination.rows[table].values()}

    def children(self, table: str, parent: str) -> list[Row]:
        """The committed rows of a child table below one parent, in order."""
        return [row for key, row in sorted(self.destination.rows[table].items()) if key[0] == parent]

    def errors(self, *, resolved: bool = False) -> list[Row]:
        """The rows of `errors` that are still open, or those that are resolved."""
        return [row for row in self.destination.rows["errors"].values() if (row["resolved_at"] is not None) == resolved]

    def metadata(self, stream: str) -> Row:
        """The row of a stream in `sync_metadata`."""
        return self.destination.rows["sync_metadata"][stream,]

    def compared(self, truth: dict[str, Any]) -> set[str]:
        return {name for stream in self.streams for name in STREAMS[stream]}

    def pick(self, kind: str, wanted: Callable[[Recording], bool] = lambda one: True) -> Recording:
        """The first recording of a kind that is active, in a project that is seen and active."""
        return next(one for one in self.pool(kind) if wanted(one))

    def pool(self, kind: str) -> list[Recording]:
        """Those recordings, in the order of their ids."""
        return [
            one
            for _, one in sorted(self.store.kinds[kind].items())
            if one.bucket.type == "Project" and one.bucket.accessible and self.store.status(one) == "active"
        ]

    def project(self, status: str = "active", *, seen: bool = True) -> Bucket:
        """A project with to-dos in it."""
        return next(self.projects(status, seen=seen))

    def projects(self, status: str = "active", *, seen: bool = True) -> Iterator[Bucket]:
        """Those that there are."""
        busy = {todo.bucket.id for todo in self.store.kinds["todo"].values()}
        return (
            one
            for one in self.store.buckets.values()
            if one.type == "Project" and one.status == status and one.accessible == seen and one.id in busy
        )

    def _serve(self, environ: Environ, start_response: Any) -> Any:
        self.before(Request(environ))
        return super()._serve(environ, start_response)


synced = copies(Account)
"""An account after a first sync, with the values of `Account`."""


def _documented(
    payloads: Path, options: Options | None, company: Company, now: Callable[[], float], seed: int, faults: Faults
) -> Basecamp:
    """The account that a folder of payloads makes, in place of a company's."""
    return Basecamp(payloads, now, seed, options=options)
