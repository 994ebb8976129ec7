"""A client that reads the simulated EveryAction without a socket."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.everyaction import EveryAction
from sandbox.everyaction.options import Options
from sandbox.faults import Faults
from sandbox.transport import WsgiAdapter, session_over
from tests.sandbox.conftest import Clock

ORIGIN = "http://everyaction.test"
DAY = 86_400
Row = dict[str, str]


class Reader:
    """Sends what every request needs. `ask` is one request, `one` its answer, `every` all items of a list."""

    def __init__(self, vendor: EveryAction, clock: Clock) -> None:
        self.vendor, self.clock = vendor, clock
        settings = vendor.configuration(ORIGIN)
        self.session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi))
        self.session.auth = (settings["username"], settings["password"])
        self.elsewhere = session_over(vendor.files, WsgiAdapter(vendor.wsgi))

    def ask(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        self.clock.time += 1
        address = path if path.startswith("http") else f"{ORIGIN}/v4/{path}"
        return self.session.request(method, address, **options)

    def one(self, path: str, **options: Any) -> Any:
        answer = self.ask(path, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def every(self, path: str) -> list[Any]:
        """All items, page after page as the vendor says."""
        found, page = list[Any](), self.one(path)
        while page["items"]:
            found += page["items"]
            if page["nextPageLink"] is None:
                break
            page = self.one(page["nextPageLink"])
        return found

    def when(self, days: float) -> str:
        """So many days from now, as the vendor writes times."""
        return datetime.fromtimestamp(self.clock.time + days * DAY, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def start(self, type: str = "Contacts", days: float = -89, **asked: Any) -> requests.Response:
        return self.ask(
            "changedEntityExportJobs",
            "POST",
            json={"resourceType": type, "dateChangedFrom": self.when(days), "includeInactive": True, **asked},
        )

    def job(self, *arguments: Any, **asked: Any) -> Any:
        """A job that is done."""
        started = self.start(*arguments, **asked)
        assert started.status_code == 201, started.text
        while (job := self.one(f"changedEntityExportJobs/{started.json()['exportJobId']}"))["jobStatus"] in (
            "Pending",
            "InProcess",
        ):
            self.clock.time += 5
        return job

    def files(self, job: Any) -> list[requests.Response]:
        return [self.elsewhere.get(each["downloadUrl"]) for each in job["files"]]

    def rows(self, *arguments: Any, **asked: Any) -> list[Row]:
        """What an export has in all of its files."""
        job = self.job(*arguments, **asked)
        lines, header = list[list[str]](), list[str]()
        for file in self.files(job):
            assert file.status_code == 200
            found = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
            header = header or found[0]
            lines += found[1:] if found[0] == header else found
        assert len(lines) == job["exportedRecordCount"]
        return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new organisation; keywords are those of `Options`, or `seed`, `scale` and `faults`."""

    def make(scale: float = 0.02, seed: int = 1, faults: Faults | None = None, **options: Any) -> Reader:
        return Reader(EveryAction(Company(seed, scale), clock.now, seed, faults, Options(**options)), clock)

    return make


@pytest.fixture
def everyaction(make: Callable[..., Reader]) -> Reader:
    return make()
