"""Requests and answers of a simulated vendor, and their way in and out of WSGI."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from http.client import responses
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Request:
    """One request, read from a WSGI environment. `query` keeps the last value of a repeated parameter."""

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"].upper()
        self.path: str = environ.get("PATH_INFO", "/") or "/"
        self.query_string: str = environ.get("QUERY_STRING", "")
        self.origin = f"{environ.get('wsgi.url_scheme', 'http')}://{host_of(environ)}"
        self.client: str = environ.get("REMOTE_ADDR", "")

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def body(self) -> bytes:
        length = int(self.environ.get("CONTENT_LENGTH") or 0)
        return self.environ["wsgi.input"].read(length) if length else b""

    @cached_property
    def form(self) -> dict[str, str]:
        """Parameters of the query string and of a form body together; the body wins."""
        values = dict(self.query)
        if "x-www-form-urlencoded" in self.environ.get("CONTENT_TYPE", ""):
            values.update(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return values

    def header(self, name: str) -> str:
        value: str = self.environ.get("HTTP_" + name.upper().replace("-", "_"), "")
        return value

    @property
    def as_sent(self) -> "Request":
        """The same request with its own query string, behind `described`."""
        return Request({**self.environ, "QUERY_STRING": self.environ["sandbox.query"]})

    def url_with(self, **changes: object) -> str:
        """This request's absolute URL with query parameters added or replaced."""
        query = {**self.query, **{name: str(value) for name, value in changes.items()}}
        return f"{self.origin}{self.path}?{urlencode(query)}"


@dataclass
class Answer:
    """What goes back. `body` is bytes; use `json_answer` and `text_answer` to build one."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(payload: Any, status: int = 200, **headers: str) -> Answer:
    """Header names are given with underscores: `Retry_After="3"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    # Half a surrogate pair, which somebody sent, goes back as the escape that JSON has for it.
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8", **named})


def text_answer(text: str, status: int, content_type: str = "text/plain; charset=utf-8", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, text.encode(), {"Content-Type": content_type, **named})


class Refusal(Exception):
    """Raised anywhere below a route to end the request with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def send(answer: Answer, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """Write `answer`; HEAD keeps the headers of the GET and drops the body."""
    headers = list(answer.headers.items())
    if answer.status not in (204, 304) and "Content-Length" not in answer.headers:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(f"{answer.status} {responses.get(answer.status, 'Unknown')}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" or answer.status == 304 else [answer.body]


def collect(application: Application, environ: Environ) -> Answer:
    """Call a WSGI application and gather its whole answer."""
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started.update(status=int(status.split(" ", 1)[0]), headers=dict(headers))

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    return Answer(started["status"], body, started["headers"])


def described(application: Application, told: Callable[[Environ, bytes], str] | None = None) -> Application:
    """Show what a body asks for as if it were in the query, for the ledger and the faults, which go by addresses: of a
    JSON body, or what `told` makes of query and body.

    What was really sent as the query is `Request.as_sent`."""

    def shown(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = told(environ, body) if told else "&".join(part for part in (query, _as_query(body)) if part)
        kept = {"wsgi.input": BytesIO(body), "sandbox.query": query, "sandbox.asked": asked}
        return application({**environ, **kept, "QUERY_STRING": asked}, start_response)

    return shown


def _as_query(body: bytes) -> str:
    try:
        asked = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(asked, dict):
        return ""
    values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    return urlencode(sorted(values.items()))


def host_of(environ: Environ) -> str:
    return environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', '127.0.0.1')}:{environ.get('SERVER_PORT', '80')}"
