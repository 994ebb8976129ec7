"""Fivetran's REST API, as far as deploying meets it (fivetran_sdk.md 1.9, 3.2, 3.3), with one account.

    account = Account()
    account.add_connection("copper")
    with Server(account, port=0) as server: ...          # for the real `fivetran`
    session.mount(ADDRESS, WsgiAdapter(account.wsgi))    # without a socket

It packs everything into `{"code", "message", "data"}`, answers under the addresses of before (`/v1/connectors`) and of
today, hides the values of secrets, deletes keys that are left out, and does not delete a package that is bound.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sandbox.web import Answer, Environ, Refusal, Request, StartResponse, json_answer, send, text_answer

KEY = base64.b64encode(b"canary-key-7f3a:canary-secret-91cd").decode()
DESTINATION = "Finance"
PAGE = 2
"""Items a page: few, so that a client that reads one page only is found out."""
LONGEST_HOLD_SECONDS = 100.0
OLD = b"the code of before"


@dataclass
class Rule:
    """How requests of this kind end."""

    method: str
    path: re.Pattern[str]
    answer: Answer | None
    """`None` leaves the request unanswered until the account is closed."""
    done: bool
    """Whether the request does its work all the same."""
    times: int | None
    meanwhile: Callable[[], None]
    """What happens at the same moment."""


@dataclass
class Connection:
    id: str
    schema: str
    package: str | None
    secrets: dict[str, str]
    service: str = "connector_sdk"
    paused: bool = False
    state: dict[str, Any] = field(default_factory=dict)
    python_version: str | None = None
    group: str = "group_3"
    late: tuple[int, str] | None = None
    """Looks that are left until a package is bound, and which."""


class Account:
    """`requests` are (method, path, JSON body), in the order of arrival."""

    hands_out_files = False

    def __init__(self) -> None:
        self.groups = {f"group_{number}": name for number, name in enumerate(("Test", "Staging", "Old", DESTINATION))}
        self.connections: dict[str, Connection] = {}
        self.packages: dict[str, bytes] = {}
        self.bad: set[str] = set()
        """Packages with which the setup tests fail."""
        self.uploads_are_bad = False
        self.tests_fail = False
        self.old_addresses = True
        self.requests: list[tuple[str, str, Any]] = []
        self.looks_until_bound: int | None = None
        """An update takes effect only after the connection was looked at so often."""
        self.odd_items: list[dict[str, Any]] = []
        """Stand before the others in listings of groups and connections."""
        self._rules: list[Rule] = []
        self._numbers = count(1)
        self._closed = threading.Event()
        self._lock = threading.RLock()

    def add_connection(self, schema: str, *, secrets: dict[str, str] | None = None, **more: Any) -> Connection:
        """A connection that runs a package of before."""
        identity = f"connection_{next(self._numbers)}"
        self.connections[identity] = Connection(identity, schema, self.add_package(OLD), secrets or {}, **more)
        return self.connections[identity]

    def add_package(self, content: bytes) -> str:
        identity = f"package_{next(self._numbers)}"
        self.packages[identity] = content
        if self.uploads_are_bad and content != OLD:
            self.bad.add(identity)
        return identity

    def fail(
        self,
        method: str,
        path: str,
        status: int | None,
        *,
        done: bool = False,
        times: int | None = None,
        html: bool = False,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Let requests end with this status; `None`: without an answer."""
        answer = None
        if status is not None:
            answer = (
                text_answer("<html>Bad gateway</html>", status, "text/html")
                if html
                else json_answer({"code": "Refused", "message": f"the stand-in says {status}"}, status)
            )
        self._rules.append(Rule(method, re.compile(path), answer, done, times, meanwhile))

    def close(self) -> None:
        """Let go of what is held."""
        self._closed.set()

    def sent(self, method: str, path: str) -> list[Any]:
        """The bodies of these requests."""
        return [body for each, where, body in self.requests if each == method and re.fullmatch(path, where)]

    def wsgi(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        with self._lock:
            answer = self._answer(request)
        if answer is None:
            self._closed.wait(LONGEST_HOLD_SECONDS)
            answer = text_answer("", 504)
        return send(answer, environ, start_response)

    def _answer(self, request: Request) -> Answer | None:
        kind = request.environ.get("CONTENT_TYPE", "")
        body = json.loads(request.body) if "json" in kind and request.body else None
        self.requests.append((request.method, request.path, body))
        for rule in self._rules:
            if rule.times != 0 and rule.method == request.method and rule.path.search(request.path):
                rule.times = None if rule.times is None else rule.times - 1
                rule.meanwhile()
                if rule.done:
                    self._work(request, body)
                return rule.answer
        return self._work(request, body)

    def _work(self, request: Request, body: Any) -> Answer:
        try:
            if request.header("Authorization") != f"Basic {KEY}":
                raise _refusal(401, "Invalid authorization credentials")
            for method, pattern, handle in self._routes():
                found = re.fullmatch(pattern, request.path)
                if found and method == request.method:
                    return handle(request, body, *found.groups())
            raise _refusal(404, f"nothing at {request.method} {request.path}")
        except Refusal as refusal:
            return refusal.answer

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        name = "(?:connectors|connections)" if self.old_addresses else "connections"
        return [
            ("GET", r"/v1/groups", self._list_groups),
            ("GET", rf"/v1/groups/(\w+)/{name}", self._list_connections),
            ("GET", r"/v1/destinations/(\w+)", lambda *_: _success({})),
            ("POST", rf"/v1/{name}", self._create),
            ("GET", rf"/v1/{name}/(\w+)", self._show),
            ("PATCH", rf"/v1/{name}/(\w+)", self._update),
            ("POST", r"/v1/connections/(\w+)/test", self._test),
            ("GET", r"/v1/connections/(\w+)/state", self._state),
            ("POST", r"/v1/connector-sdk/packages", self._upload),
            ("GET", r"/v1/connector-sdk/packages", self._list_packages),
            ("GET", r"/v1/connector-sdk/packages/([\w-]+)", self._package),
            ("DELETE", r"/v1/connector-sdk/packages/([\w-]+)", self._delete),
        ]

    def _list_groups(self, request: Request, body: Any) -> Answer:
        named = [{"id": identity, "name": name} for identity, name in self.groups.items()]
        return _page(request, [*self.odd_items, *named])

    def _list_packages(self, request: Request, body: Any) -> Answer:
        return _page(request, [{"id": identity, "connection_ids": self._bound(identity)} for identity in self.packages])

    def _list_connections(self, request: Request, body: Any, group: str) -> Answer:
        if group not in self.groups:
            raise _refusal(404, f"no group {group}")
        wanted = request.query.get("schema")
        return _page(
            request,
            [
                *self.odd_items,
                *(
                    self._shown(each)
                    for each in self.connections.values()
                    if each.group == group and wanted in (None, each.schema)
                ),
            ],
        )

    def _create(self, request: Request, body: Any) -> Answer:
        config = body["config"]
        made = Connection(
            f"connection_{next(self._numbers)}",
            config["schema"],
            self._known(config["package_id"]),
            _secrets(config),
            paused=body["paused"],
            group=body["group_id"],
            python_version=config["python_version"],
        )
        self.connections[made.id] = made
        return _success({**self._shown(made), "setup_tests": self._tests(made)}, 201)

    def _show(self, request: Request, body: Any, identity: str) -> Answer:
        found = self._connection(identity)
        if found.late is not None:
            left, package = found.late
            found.late = (left - 1, package) if left else None
            if not left:
                found.package = package
        return _success(self._shown(found))

    def _update(self, request: Request, body: Any, identity: str) -> Answer:
        found = self._connection(identity)
        config = body.get("config", {})
        if "secrets_list" in config:
            found.secrets = _secrets(config)
        if "package_id" in config:
            package = self._known(config["package_id"])
            if self.looks_until_bound is None:
                found.package = package
            else:
                found.late = (self.looks_until_bound, package)
        found.python_version = config.get("python_version", found.python_version)
        tests = {"setup_tests": self._tests(found)} if body.get("run_setup_tests", True) else {}
        return _success({**self._shown(found), **tests})

    def _test(self, request: Request, body: Any, identity: str) -> Answer:
        found = self._connection(identity)
        return _success({**self._shown(found), "setup_tests": self._tests(found)})

    def _state(self, request: Request, body: Any, identity: str) -> Answer:
        return _success({"state": self._connection(identity).state})

    def _upload(self, request: Request, body: Any) -> Answer:
        assert "multipart/form-data" in request.environ["CONTENT_TYPE"] and b'name="file"' in request.body
        return _success({"id": self.add_package(request.body)}, 201)

    def _package(self, request: Request, body: Any, identity: str) -> Answer:
        if identity not in self.packages:
            raise _refusal(404, f"no package {identity}")
        bound = self._bound(identity)
        return _success({"id": identity, "connection_id": next(iter(bound), None), "connection_ids": bound})

    def _delete(self, request: Request, body: Any, identity: str) -> Answer:
        if self._bound(identity):
            raise _refusal(403, f"{identity} is in use")
        self.packages.pop(identity)
        return _success({})

    def _connection(self, identity: str) -> Connection:
        if identity not in self.connections:
            raise _refusal(404, f"no connection {identity}")
        return self.connections[identity]

    def _known(self, package: str) -> str:
        if package not in self.packages:
            raise _refusal(400, f"no package {package}")
        return package

    def _bound(self, package: str) -> list[str]:
        return [each.id for each in self.connections.values() if each.package == package]

    def _tests(self, connection: Connection) -> list[dict[str, str]]:
        failing = self.tests_fail or connection.package in self.bad
        outcome = {"status": "FAILED", "message": "no such account"} if failing else {"status": "PASSED", "message": ""}
        return [{"title": "The account is reachable", **outcome}, {"title": "Slow", "status": "WARNING", "message": ""}]

    def _shown(self, connection: Connection) -> dict[str, Any]:
        return {
            "id": connection.id,
            "service": connection.service,
            "schema": connection.schema,
            "group_id": connection.group,
            "paused": connection.paused,
            "destination_schema_names": "FIVETRAN_NAMING",
            "config": {
                "schema": connection.schema,
                "package_id": connection.package,
                "python_version": connection.python_version,
                "secrets_list": [{"key": key, "value": "******"} for key in connection.secrets],
            },
        }


def _secrets(config: dict[str, Any]) -> dict[str, str]:
    listed = config["secrets_list"]
    if not all(isinstance(each["value"], str) for each in listed):
        raise _refusal(400, "values are text")
    return {each["key"]: each["value"] for each in listed}


def _page(request: Request, items: list[dict[str, Any]]) -> Answer:
    start = int(request.query.get("cursor", "0"))
    more = {"next_cursor": str(start + PAGE)} if start + PAGE < len(items) else {}
    return _success({"items": items[start : start + PAGE], **more})


def _success(data: Any, status: int = 200) -> Answer:
    return json_answer({"code": "Success", "message": "Operation performed.", "data": data}, status)


def _refusal(status: int, message: str) -> Refusal:
    return Refusal(json_answer({"code": "Refused", "message": message}, status))
