"""How a request becomes an answer: the table of routes, and what a route may ask for.

A route is known by its shape: the path without `.json` and with `#` for each number. A flat path may also be
asked for under `/buckets/#`, the legacy form, and then answers only for that project. basecamp.md 1
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, NoReturn

from sandbox import routes
from sandbox.basecamp.listing import paged
from sandbox.basecamp.options import Options
from sandbox.basecamp.payloads import Payloads
from sandbox.basecamp.records import Bucket, Recording
from sandbox.basecamp.store import STATUSES, Store
from sandbox.listings import Listings
from sandbox.routes import Route, Routes
from sandbox.web import Answer, Refusal, json_answer


def refuse(status: int, error: str, **more: str) -> NoReturn:
    """`more` stands in the body."""
    raise Refusal(json_answer({"error": error, **more}, status))


route = Routes()


@dataclass
class Call(routes.Call):
    """One request on its way to an answer: what a route needs to find, filter, page and render."""

    payloads: Payloads
    listings: Listings
    bucket: int | None

    @property
    def store(self) -> Store:
        return self.vendor.store

    @property
    def options(self) -> Options:
        return self.vendor.options

    def project(self, id: int) -> Bucket:
        """A project of any status that the person can see."""
        bucket = self.store.buckets.get(id)
        if bucket is None or bucket.type != "Project" or not bucket.accessible:
            refuse(404, "Not found")
        return bucket

    def find(self, id: int, *kinds: str) -> Recording:
        """A recording by id, also a trashed one; drafts only for their author."""
        recording = self.store.find(id, *kinds)
        if recording is None or not self.sees(recording.bucket):
            refuse(404, "Not found")
        if self.bucket is not None and recording.bucket.id != self.bucket:
            refuse(404, "Not found")
        if recording.status == "drafted" and recording.creator != self.store.reader:
            refuse(404, "Not found")
        return recording

    def sees(self, bucket: Bucket) -> bool:
        return bucket.accessible and (bucket.type != "Circle" or self.store.reader in bucket.members)

    def visible_projects(self) -> list[Bucket]:
        """Projects of account-wide lists: not trashed, and archived ones unless the option says otherwise."""
        shown = ("active",) if self.options.account_lists_skip_archived else ("active", "archived")
        return [bucket for bucket in self.store.projects() if bucket.status in shown]

    def status(self, default: str | None = "active") -> str | None:
        status = self.query.get("status", default)
        if status is not None and status not in STATUSES:
            refuse(400, f"Unknown status {status}")
        return status

    def showing(self, rows: Iterable[Recording], status: str | None) -> list[Recording]:
        return [row for row in rows if self.store.status(row) == status]

    def ordered(self, rows: list[Recording], sort: str, direction: str) -> list[Recording]:
        """By `created_at` or `updated_at`, ties by id; the request's `sort` and `direction` win over the
        defaults."""
        sort = self.query.get("sort", sort)
        direction = self.query.get("direction", direction)
        if sort not in ("created_at", "updated_at") or direction not in ("asc", "desc"):
            refuse(400, "Unknown sort or direction")
        time = attrgetter(sort.removesuffix("_at"))
        return sorted(rows, key=lambda row: (time(row), row.id), reverse=direction == "desc")

    def page(self, rows: Sequence[Recording]) -> Answer:
        return paged(self.request, rows, self.row, self.options, self.faults)

    def page_of(self, rows: Sequence[Any], render: Callable[[Any], Any]) -> Answer:
        return paged(self.request, rows, render, self.options, self.faults)

    def row(self, recording: Recording) -> Any:
        return self.faults.record(recording.kind, recording.id, self.payloads.recording(recording))

    def one(self, recording: Recording) -> Answer:
        payload = self.payloads.recording(recording, alone=True)
        moment = datetime.fromtimestamp(recording.updated // 1000, UTC)
        modified = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return json_answer(self.faults.record(recording.kind, recording.id, payload), Last_Modified=modified)


def resolve(path: str) -> tuple[Route, list[Any], int | None] | None:
    """The route of a path below the account, its numbers, and the project that a legacy path names."""
    found = route.find("GET", path)
    if found is not None:
        return *found, None
    legacy = re.fullmatch(r"/buckets/(\d+)(/.+)", path)
    flat = route.find("GET", legacy[2]) if legacy else None
    return (*flat, int(legacy[1])) if legacy and flat else None
