"""A client that reads the simulated Basecamp without a socket."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.basecamp import Basecamp
from sandbox.basecamp.options import Options
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.transport import WsgiAdapter, session_over
from tests.sandbox.conftest import Clock

ORIGIN = "http://basecamp.test"
PACE_SECONDS = 0.21


class Reader:
    """Asks as a well-behaved client does: with a token, a contact, and just inside the rate limit."""

    def __init__(self, vendor: Basecamp, clock: Clock) -> None:
        self.vendor = vendor
        self.clock = clock
        self.base = f"{ORIGIN}/{vendor.account_id}"
        self.session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi, clock.sleep))
        self.session.headers["User-Agent"] = "Tests (tests@example.org)"
        self.session.headers["Accept"] = "application/json"
        self.renew()

    def renew(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.vendor.launchpad.access_token()}"

    def ask(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        """One request; `path` is below the account, or a whole URL."""
        self.clock.time += PACE_SECONDS
        url = path if path.startswith("http") else f"{self.base}/{path}"
        return self.session.request(method, url, allow_redirects=False, **options)

    def one(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def pages(self, path: str) -> Iterator[requests.Response]:
        url: str | None = path
        while url:
            answer = self.ask(url)
            assert answer.status_code == 200, (url, answer.status_code, answer.text[:200])
            yield answer
            url = answer.links.get("next", {}).get("url")

    def all(self, path: str) -> list[Any]:
        return [row for answer in self.pages(path) for row in answer.json()]


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new account; `options` and `faults` as for `Basecamp`."""

    def make(
        scale: float = 0.02, seed: int = 1, options: Options | None = None, faults: Faults | None = None
    ) -> Reader:
        return Reader(Basecamp(Company(seed, scale), clock.now, seed, faults, options), clock)

    return make


@pytest.fixture
def basecamp(make: Callable[..., Reader]) -> Reader:
    return make()
