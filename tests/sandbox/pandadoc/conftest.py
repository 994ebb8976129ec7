"""A client that reads the simulated PandaDoc without a socket, just inside its limits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from sandbox.transport import WsgiAdapter, session_over
from tests.sandbox.conftest import Clock

ORIGIN = "http://pandadoc.test"
PACE_SECONDS = 0.61
Row = dict[str, Any]


class Reader:
    """Sends the API key. `ask` is one request, `one` its answer, `rows` goes by page numbers."""

    def __init__(self, vendor: PandaDoc, clock: Clock) -> None:
        self.vendor = vendor
        self.clock = clock
        self.session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi, clock.sleep))
        self.session.headers["Authorization"] = f"API-Key {vendor.access.api_key}"

    def ask(self, path: str, method: str = "GET", pace: float = PACE_SECONDS, **query: Any) -> requests.Response:
        """`path` is below /public/."""
        self.clock.time += pace
        return self.session.request(method, f"{ORIGIN}/public/{path}", params=query)

    def one(self, path: str, **query: Any) -> Any:
        answer = self.ask(path, **query)
        assert answer.status_code == 200, (path, query, answer.status_code, answer.text[:200])
        return answer.json()

    def refused(self, path: str, **query: Any) -> tuple[int, Any]:
        answer = self.ask(path, **query)
        return answer.status_code, answer.json()

    def rows(self, path: str, count: int = 100, **query: Any) -> list[Row]:
        """Until a page is empty."""
        return [row for page in self.pages(path, count, **query) for row in page]

    def pages(self, path: str, count: int = 100, **query: Any) -> Iterator[list[Row]]:
        number = 1
        while page := self.one(path, count=count, page=number, **query)["results"]:
            yield page
            number += 1

    def documents(self, **query: Any) -> list[Row]:
        return self.rows("v1/documents", **{"order_by": "date_created", **query})


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new workspace; keywords are those of `Options`, or `seed`, `scale` and `faults`."""

    def make(scale: float = 0.02, seed: int = 1, faults: Faults | None = None, **options: Any) -> Reader:
        return Reader(PandaDoc(Company(seed, scale, hostile=True), clock.now, seed, faults, Options(**options)), clock)

    return make


@pytest.fixture
def pandadoc(make: Callable[..., Reader]) -> Reader:
    return make()
