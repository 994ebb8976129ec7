"""Fivetran's REST API, as far as deploying needs it (fivetran_sdk.md 1.9, 3.2, 3.3)."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.github import SHOWN_BY_THE_COMMAND
from shared.clock import Clock
from shared.errors import NotFound, SourceError
from shared.http import Answer, Http
from shared.pages import Page
from shared.pagination import by_cursor
from shared.redaction import Secrets
from shared.retry import Breaker, Pace, Retry
from shared.transport import Session

ADDRESS = "https://api.fivetran.com"
SERVICE = "connector_sdk"
LARGEST_PAGE = 500
TESTS_SECONDS = 600.0
"""Setup tests run while the request waits, and may talk to a slow source."""
FAILURES = ("FAILED", "JOB_FAILED")


class Refused(Exception):
    """Nothing was changed. The message says why, and what to do."""


@dataclass(frozen=True)
class Connection:
    """What Fivetran says of a connection."""

    id: str
    package: str | None
    """The package that the next sync runs."""
    paused: bool
    settings: frozenset[str]
    """The keys of its configuration, as far as Fivetran shows them. Their values are never read."""


class Fivetran:
    """The calls of one account. Raises `SourceError`, whose text is without the key."""

    def __init__(
        self,
        key: str,
        *,
        clock: Clock,
        address: str = ADDRESS,
        session: Session | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self.key = key
        self.address = address
        self.secrets = secrets or Secrets()
        for secret in (*secrets_of(key), key[:SHOWN_BY_THE_COMMAND]):
            self.secrets.add(secret)
        headers = {"Authorization": f"Basic {key}", "Accept": "application/json;version=2"}
        retry = Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker())
        # Asking twice for the same update or test does no harm.
        self._http = Http(
            address, retry=retry, read_seconds=TESTS_SECONDS, headers=headers, secrets=self.secrets, session=session
        )

    def group(self, destination: str) -> str:
        """The id of the destination of this name. Raises `Refused`."""
        names = []
        for item in self._items("v1/groups"):
            if item.get("name") == destination:
                return str(item["id"])
            names.append(str(item.get("name")))
        raise Refused(f"there is no destination {destination}: the key sees {', '.join(names) or 'none'}")

    def find(self, group: str, name: str) -> Connection | None:
        """The connection of this name. Raises `Refused` where it is none of the Connector SDK."""
        try:
            listed = list(self._items(f"v1/groups/{group}/connections", schema=name))
        except NotFound:  # The address of before, which `fivetran deploy` still uses.
            listed = list(self._items(f"v1/groups/{group}/connectors", schema=name))
        for item in listed:
            if item.get("schema") == name:
                if (service := item.get("service", SERVICE)) != SERVICE:
                    raise Refused(f"{name} is a connection of Fivetran's own connector {service}: rename it")
                return self.connection(str(item["id"]))
        return None

    def connection(self, identity: str) -> Connection:
        data = _data(self._http.get(f"v1/connections/{identity}"))
        config = data.get("config") or {}
        return Connection(
            id=identity,
            package=config.get("package_id"),
            paused=bool(data.get("paused")),
            settings=frozenset(str(each["key"]) for each in config.get("secrets_list") or () if "key" in each),
        )

    def packages(self) -> frozenset[str]:
        """The ids of all packages of the account."""
        return frozenset(str(item["id"]) for item in self._items("v1/connector-sdk/packages"))

    def bound_to(self, package: str) -> frozenset[str]:
        """The connections that a package says it is bound to. Raises `NotFound`."""
        data = _data(self._http.get(f"v1/connector-sdk/packages/{package}"))
        several = data.get("connection_ids") or [data.get("connection_id")]
        return frozenset(str(each) for each in several if each)

    def bind(self, identity: str, package: str) -> None:
        """Let the connection run another package from its next sync on. No setup tests."""
        self._http.send(
            "PATCH", f"v1/connections/{identity}", json={"config": {"package_id": package}, "run_setup_tests": False}
        )

    def configure(self, identity: str, values: Mapping[str, str], *, test: bool) -> list[str]:
        """Replace the whole configuration: what is not among the values is deleted. Answers failed tests."""
        listed = [{"key": key, "value": value} for key, value in values.items()]
        answer = self._http.send(
            "PATCH", f"v1/connections/{identity}", json={"config": {"secrets_list": listed}, "run_setup_tests": test}
        )
        return self._failed(answer) if test else []

    def test(self, identity: str) -> list[str]:
        """Run the setup tests; answers a sentence for each that failed."""
        return self._failed(self._http.post(f"v1/connections/{identity}/test", json={}))

    def state(self, identity: str) -> dict[str, Any]:
        """What the connection's last checkpoint said. Not to be shown: it may hold tokens."""
        return dict(_data(self._http.get(f"v1/connections/{identity}/state")).get("state") or {})

    def has_old_addresses(self, group: str, name: str, identity: str) -> bool:
        """Whether `fivetran deploy` finds the addresses that it still uses, as far as can be told."""
        try:
            self._http.get(f"v1/groups/{group}/connectors", params={"schema": name})
            self._http.get(f"v1/connectors/{identity}")
        except SourceError as error:
            return not isinstance(error, NotFound)
        return True

    def upload(self, package: Path) -> str:
        """Upload a zip that `fivetran package` has made; answers the id of the new package."""
        file = (package.name, package.read_bytes())
        answer = self._http.send("POST", "v1/connector-sdk/packages", files={"file": file})
        return _identity(_data(answer), answer)

    def replace(self, identity: str, package: str) -> list[str]:
        """Bind a new package and run the setup tests with it; answers a sentence for each that failed."""
        answer = self._http.send(
            "PATCH", f"v1/connections/{identity}", json={"config": {"package_id": package}, "run_setup_tests": True}
        )
        return self._failed(answer)

    def delete(self, package: str) -> None:
        """Delete a package that nothing is bound to."""
        self._http.send("DELETE", f"v1/connector-sdk/packages/{package}")

    def _items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """What a listing holds, page by page. Raises `BadPayload` where a cursor comes back."""

        def fetch(cursor: str | None) -> Page:
            asked = {"limit": LARGEST_PAGE, **parameters, **({"cursor": cursor} if cursor else {})}
            answer = self._http.get(path, params=asked)
            items = _data(answer).get("items") or ()
            for item in items:
                _identity(item, answer)
            return Page(items, next=_data(answer).get("next_cursor"))

        for page in by_cursor(fetch):
            yield from page.records

    def _failed(self, answer: Answer) -> list[str]:
        tests = _data(answer).get("setup_tests") or ()
        return [
            self.secrets.hide(f"{each.get('title')}: {each.get('message')}")
            for each in tests
            if each.get("status") in FAILURES
        ]


def secrets_of(key: str) -> list[str]:
    """The key and its parts. Raises `Refused` where it is not base64 of `key:secret`."""
    try:
        parts = base64.b64decode(key, validate=True).decode().split(":")
    except (binascii.Error, UnicodeDecodeError):
        parts = []
    if len(parts) != 2 or not all(parts):
        raise Refused(
            "FIVETRAN_API_KEY is not base64 of key:secret: copy the base64-encoded key from the dialog in which "
            "Fivetran shows a new key"
        )
    return [key, *parts]


def _data(answer: Answer) -> dict[str, Any]:
    try:
        return dict(answer.json["data"])
    except (KeyError, TypeError, ValueError):
        raise answer.bad("the answer has no data") from None


def _identity(item: Any, answer: Answer) -> str:
    try:
        return str(item["id"])
    except (KeyError, TypeError):
        raise answer.bad("the answer names no id") from None
