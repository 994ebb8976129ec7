"""A simulated Basecamp account, a warehouse, and the connector between them: in one process, in virtual time."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from basecamp import models, sync
from sandbox.basecamp import Basecamp
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Recording
from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.transport import WsgiAdapter, session_over
from sandbox.web import Answer, Environ, Request, collect, json_answer, send
from shared.journal import SYSTEM_TABLES, schemas
from tests.contract.world import compare
from tests.destination import Destination, Row

ORIGIN = "https://basecamp.test"
BETWEEN_SYNCS_SECONDS = 900.0
SYSTEM = {table.name for table in SYSTEM_TABLES}
OPTIONAL = {"event", "feed_event"}

Change = Callable[[Answer, Request], Answer | None]
"""From an answer of the simulator to the one that is sent in its place."""


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)


STREAMS = {table.name: {table.name, *(child.name for child in table.children)} for table in models.TABLES}
"""The tables of each stream."""


class Account:
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
        self.streams = set(only) or STREAMS.keys() - OPTIONAL
        if only:
            settings["streams"] = ",".join(f"-{name}" for name in sorted(STREAMS.keys() - OPTIONAL - self.streams))
        self.clock = VirtualClock()
        self.vendor = (
            Basecamp(Company(seed=seed, scale=scale), now=self.clock.now, seed=seed, options=options)
            if payloads is None
            else Basecamp.from_payloads(payloads, self.clock.now, seed, options=options)
        )
        self.settings = settings
        self.schema = schemas(models.TABLES, settings)
        self.destination = Destination(self.schema)
        self.log = Log()
        self.before: Callable[[Request], None] = lambda request: None
        """Called before a request reaches the simulator."""
        self.session = session_over(ORIGIN, WsgiAdapter(self._serve, sleep=self.clock.sleep))
        self._changes: list[tuple[re.Pattern[str], Change]] = []

    @property
    def store(self) -> Any:
        """The simulator's memory, to change what the connector will see."""
        return self.vendor.store

    @property
    def configuration(self) -> dict[str, str]:
        return {**self.vendor.configuration(ORIGIN), **self.settings}

    def sync(self, **settings: str) -> list[str]:
        """One sync from the last checkpoint. Returns the paths, with their parameters, that it asked for."""
        asked = len(self.vendor.requests)
        try:
            self.destination.run(
                lambda state: sync.run(
                    {**self.configuration, **settings},
                    state,
                    self.destination,
                    self.log,
                    clock=self.clock,
                    session=self.session,
                )
            )
        finally:
            self.clock.advance(BETWEEN_SYNCS_SECONDS)
        return [entry.path for entry in self.vendor.requests[asked:]]

    def change(self, pattern: str, change: Change) -> None:
        """From now on let `change` see every answer to a URL in which `pattern` is found."""
        self._changes.append((re.compile(pattern), change))

    def change_records(self, pattern: str, change: Callable[[Any], Any]) -> None:
        """Replace each record of the lists at these URLs by `change(record)`."""
        self.change(pattern, lambda answer, request: edited(answer, lambda records: [change(each) for each in records]))

    def heal(self) -> None:
        """From now on answer as the simulator does."""
        self._changes.clear()
        self.vendor.clear_faults()

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

    def differences(self, *tables: str) -> list[str]:
        """How the tables, by default all of the account's streams, differ from the simulator's own truth."""
        truth = self.vendor.truth()
        names = tables or sorted({name for stream in self.streams for name in STREAMS[stream]})
        found: list[str] = []
        for name in names:
            found += compare(name, truth.get(name, []), self.destination.rows[name], self.destination.keys[name])
        return found

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
        busy = {todo.bucket.id for todo in self.store.kinds["todo"].values()}
        return next(
            one
            for one in self.store.buckets.values()
            if one.type == "Project" and one.status == status and one.accessible == seen and one.id in busy
        )

    def _serve(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        self.before(request)
        answer = collect(self.vendor.wsgi, environ)
        url = request.path + (f"?{request.query_string}" if request.query_string else "")
        for pattern, change in self._changes:
            if pattern.search(url):
                answer = change(answer, request) or answer
        return send(answer, environ, start_response)


def edited(answer: Answer, edit: Callable[[Any], Any]) -> Answer:
    """A success with another body; anything else as it is."""
    if answer.status != 200:
        return answer
    body = json_answer(edit(json.loads(answer.body))).body
    return Answer(200, body, {name: value for name, value in answer.headers.items() if name != "Content-Length"})
