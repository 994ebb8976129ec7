"""A client that reads the simulated QuickBooks without a socket, just inside its limits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.options import Options
from sandbox.transport import WsgiAdapter, session_over
from tests.sandbox.conftest import Clock

ORIGIN = "https://quickbooks.test"
PACE_SECONDS = 0.13


class Reader:
    """`ask` is one request below the company, `query` the QueryResponse of a statement, `rows` its objects."""

    def __init__(self, vendor: QuickBooks, clock: Clock) -> None:
        self.vendor = vendor
        self.clock = clock
        self.settings = vendor.configuration(ORIGIN)
        self.adapter = WsgiAdapter(vendor.wsgi, clock.sleep)
        self.session = session_over(ORIGIN, self.adapter)
        self.session.headers["Accept"] = "application/json"
        self.renew()

    def renew(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.vendor.intuit.access_token()}"

    def ask(self, path: str, method: str = "GET", pace: float = PACE_SECONDS, **options: Any) -> requests.Response:
        self.clock.time += pace
        return self.session.request(method, f"{ORIGIN}/v3/company/{self.settings['realm_id']}/{path}", **options)

    def asked(self, statement: str, **options: Any) -> requests.Response:
        return self.ask("query", params={"query": statement, "minorversion": "75"}, **options)

    def query(self, statement: str) -> Any:
        answer = self.asked(statement)
        assert answer.status_code == 200, (statement, answer.status_code, answer.text[:300])
        return answer.json()["QueryResponse"]

    def rows(self, statement: str) -> list[Any]:
        return next((value for value in self.query(statement).values() if isinstance(value, list)), [])

    def code(self, statement: str) -> str:
        """The code of the refusal of a statement."""
        answer = self.asked(statement)
        assert answer.status_code == 400, (statement, answer.text[:200])
        return str(answer.json()["Fault"]["Error"][0]["code"])

    def all(self, entity: str, where: str = "", size: int = 1_000) -> Iterator[Any]:
        """Every object of an entity, inactive ones too, of a company in which nothing changes."""
        if entity in ACTIVE:
            where = "WHERE Active IN (true, false)"
        start = 1
        while page := self.rows(
            f"SELECT * FROM {entity} {where} ORDERBY MetaData.LastUpdatedTime STARTPOSITION {start} MAXRESULTS {size}"
        ):
            yield from page
            start += len(page)

    def capture(self, entities: str, since: str, **options: Any) -> requests.Response:
        return self.ask("cdc", params={"entities": entities, "changedSince": since}, **options)

    def changes(self, entities: str, since: str) -> dict[str, list[Any]]:
        """By entity: its objects and stubs."""
        answer = self.capture(entities, since)
        assert answer.status_code == 200, answer.text[:300]
        found: dict[str, list[Any]] = {}
        for one in answer.json()["CDCResponse"][0]["QueryResponse"]:
            found.update({name: value for name, value in one.items() if isinstance(value, list)})
        return found

    def refresh(self, token: str | None = None, secret: str | None = None) -> requests.Response:
        """A request to the token endpoint."""
        settings = self.vendor.configuration(ORIGIN)
        who = (settings["client_id"], secret or settings["client_secret"])
        body = {"grant_type": "refresh_token", "refresh_token": token or settings["refresh_token"]}
        return requests.Session.post(self.session, settings["token_url"], data=body, auth=who)


ACTIVE = frozenset(
    "Account Budget Class CompanyCurrency CustomerType Customer Department Employee Item PaymentMethod TaxCode TaxRate "
    "Term Vendor".split()
)
"""The entities that show only active records unless they are asked for. quickbooks.md 3.3."""


@pytest.fixture
def make(clock: Clock) -> Callable[..., Reader]:
    """A reader of a new company; keywords are those of `Options`, or `seed`, `scale` and `faults`."""

    def make(scale: float = 0.05, seed: int = 1, faults: Faults | None = None, **options: Any) -> Reader:
        return Reader(QuickBooks(Company(seed, scale), clock.now, seed, faults, Options(**options)), clock)

    return make


@pytest.fixture(scope="module")
def quiet() -> Reader:
    """A company that nobody changes, for as many questions as there are; its clock is its own."""
    clock = Clock()
    options = Options(token_lifetime_seconds=1e9)
    return Reader(QuickBooks(Company(1, 0.05), clock.now, 1, None, options), clock)


@pytest.fixture
def quickbooks(make: Callable[..., Reader]) -> Reader:
    return make()
