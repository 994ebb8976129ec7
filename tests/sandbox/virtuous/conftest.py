"""A client that reads the simulated Virtuous without a socket."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.transport import WsgiAdapter, session_over
from sandbox.virtuous import Virtuous
from sandbox.virtuous.options import Options
from tests.sandbox.conftest import Clock

ORIGIN = "http://virtuous.test"


def condition(parameter: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"parameter": parameter, "operator": operator, "value": value, **more}


class Reader:
    """Sends what every request needs. `ask` is one request, `one` its answer, `found` the records of a query."""

    def __init__(self, vendor: Virtuous) -> None:
        self.vendor = vendor
        self.session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi))
        self.session.headers["Authorization"] = f"Bearer {vendor.configuration(ORIGIN)['bearer_token']}"

    def ask(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        return self.session.request(method, f"{ORIGIN}/api/{path}", **options)

    def one(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        return answer.json()

    def query(self, path: str, *conditions: dict[str, Any], take: int = 1_000, skip: int = 0, **body: Any) -> Any:
        """The answer of a query, in the order of ids unless the body says otherwise."""
        groups = [{"conditions": list(conditions)}]
        sent = {"groups": groups, "sortBy": "Id", "includeArchived": True, **body}
        return self.ask(f"{path}?skip={skip}&take={take}", "POST", json=sent)

    def found(self, path: str, *conditions: dict[str, Any], **options: Any) -> list[Any]:
        answer = self.query(path, *conditions, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
        records: list[Any] = answer.json()["list"]
        return records

    def ids(self, path: str, *conditions: dict[str, Any], **options: Any) -> list[int]:
        return [each["id"] for each in self.found(path, *conditions, **options)]


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new organisation; keywords are those of `Options`, or `seed`, `scale` and `faults`."""

    def make(scale: float = 0.02, seed: int = 1, faults: Faults | None = None, **options: Any) -> Reader:
        return Reader(Virtuous(Company(seed, scale), clock.now, seed, faults, Options(**options)))

    return make


@pytest.fixture
def virtuous(make: Callable[..., Reader]) -> Reader:
    return make()
