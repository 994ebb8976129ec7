"""A client that reads the simulated Copper without a socket, just inside its limit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.copper import BASE, Copper
from sandbox.copper.options import Options
from sandbox.faults import Faults
from sandbox.transport import WsgiAdapter, session_over
from tests.sandbox.conftest import Clock

ORIGIN = "http://copper.test"
PACE_SECONDS = 0.34


class Reader:
    """Sends what every request needs. `ask` is one request, `one` its answer, `pages` goes by page numbers."""

    def __init__(self, vendor: Copper, clock: Clock) -> None:
        self.vendor = vendor
        self.clock = clock
        self.session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi, clock.sleep))
        self.session.headers.update(
            {
                "X-PW-AccessToken": vendor.configuration(ORIGIN)["api_key"],
                "X-PW-Application": "developer_api",
                "X-PW-UserEmail": vendor.configuration(ORIGIN)["user_email"],
                "Content-Type": "application/json",
            }
        )

    def ask(self, path: str, method: str = "GET", pace: float = PACE_SECONDS, **options: Any) -> requests.Response:
        self.clock.time += pace
        return self.session.request(method, f"{ORIGIN}{BASE}/{path}", **options)

    def one(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def search(self, path: str, **body: Any) -> requests.Response:
        return self.ask(f"{path}/search", "POST", json=body)

    def found(self, path: str, **body: Any) -> Any:
        answer = self.search(path, **body)
        assert answer.status_code == 200, (path, body, answer.status_code, answer.text[:200])
        return answer.json()

    def pages(self, path: str, page_size: int = 200, **body: Any) -> Iterator[list[Any]]:
        """Until a page is empty."""
        number = 1
        while page := self.found(path, page_number=number, page_size=page_size, **body):
            yield page
            number += 1

    def all(self, path: str, **body: Any) -> list[Any]:
        return [row for page in self.pages(path, **body) for row in page]


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new account; keywords are those of `Options`, or `seed`, `scale` and `faults`."""

    def make(scale: float = 0.05, seed: int = 1, faults: Faults | None = None, **options: Any) -> Reader:
        return Reader(Copper(Company(seed, scale), clock.now, seed, faults, Options(**options)), clock)

    return make


@pytest.fixture
def copper(make: Callable[..., Reader]) -> Reader:
    return make()
