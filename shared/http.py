"""One request, one answer: the session, the time limits, and what a status means.

The only module that imports `requests`. Composed by a connector's `sync`:

    http = Http("https://api.example.com/v1", bearer=tokens.access, retry=retry, headers={"User-Agent": "us"})
    http.get("people.json", params={"page": 2}).json
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from shared.errors import (
    BadPayload,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    SourceError,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unexplained,
)
from shared.exact import parsed
from shared.redaction import Secrets, redacted
from shared.retry import Retry, answer_seconds
from shared.tally import current

Session = requests.Session
CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
CONNECTIONS = 16
QUOTED = r'"((?:[^"\\]|\\.)*)"'
LINK = re.compile(rf"<([^>]*)>((?:[^\",]|{QUOTED})*)")
"""A target and its parameters."""
LINK_PARAMETER = re.compile(rf";\s*([^=;\s]+)\s*=\s*(?:{QUOTED}|([^;\s]*))")
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_MESSAGE = 300
"""Characters of an error body that go into an error."""


class Answer:
    """A success. `url` is redacted where it is shown, whole where it is followed."""

    def __init__(self, response: requests.Response, secrets: Secrets, id_header: str) -> None:
        self._response = response
        self._secrets = secrets
        self._id_header = id_header

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Header by name, in any case of letters."""
        return self._response.headers

    @property
    def url(self) -> str:
        """The address that was asked, with its parameters."""
        return str(self._response.url)

    @property
    def next_url(self) -> str | None:
        """The `rel="next"` of the Link header (RFC 8288), absolute."""
        for target, parameters, _ in LINK.findall(self.headers.get("Link", "")):
            for name, quoted, bare in LINK_PARAMETER.findall(parameters):
                if name.lower() == "rel" and "next" in (quoted or bare).lower().split():
                    return urljoin(self.url, str(target))
        return None

    @property
    def text(self) -> str:
        return self._response.text

    @cached_property
    def json(self) -> Any:
        """The body; numbers with a fraction come as `Exact`, what is none (`NaN`) as text, and
        text without characters that no destination takes. Raises `BadPayload`."""
        content = self._response.content
        try:
            return parsed(content)
        except (ValueError, RecursionError) as error:
            raise self.bad(f"the body is not JSON ({len(content)} bytes)") from error

    @property
    def excerpt(self) -> str:
        """The beginning of a body that people can read, without secrets."""
        kind = self.headers.get("Content-Type", "")
        if "json" not in kind and "text/plain" not in kind:
            return ""
        return self._secrets.hide(" ".join(self.text.split()))[:LONGEST_MESSAGE]

    def bad(self, message: str, kind: type[SourceError] = BadPayload) -> SourceError:
        """An error about this answer, to raise."""
        request_id = self.headers.get(self._id_header)
        return kind(
            self._secrets.hide(message) + (f" (request {request_id})" if request_id else ""),
            method=self._response.request.method or "",
            url=self._secrets.hide(redacted(self.url)),
            status=self.status,
            retry_after=retry_after(self.headers),
        )


Interpreter = Callable[[Answer], SourceError | None]
Bearer = Callable[[str | None], str]
"""Answers an access token; given the one that was just rejected, another one (see `shared.oauth.Tokens`)."""


class Http:
    """Sends requests to one source and returns answers or raises a `SourceError`.

    `interpret` is asked first what an answer means; where it has nothing to say, the status decides.
    `retry` is optional, so that a client can be tried out one request at a time. Redirects are not
    followed: an answer is JSON from the address that was asked, or an error. `id_header` is where the source
    says which request it was, for its support.
    """

    def __init__(
        self,
        base_url: str,
        *,
        bearer: Bearer | None = None,
        headers: Mapping[str, str] | None = None,
        retry: Retry | None = None,
        interpret: Interpreter | None = None,
        secrets: Secrets | None = None,
        session: Session | None = None,
        read_seconds: float = READ_SECONDS,
        id_header: str = "X-Request-Id",
    ) -> None:
        self._base_url = base_url.rstrip("/") + "/"
        self._origin = _origin(self._base_url)
        self._bearer = bearer
        # What a person has written may be in any script; left to itself, a header is sent as Latin-1 or not at all.
        self._headers = {name: value if value.isascii() else value.encode() for name, value in (headers or {}).items()}
        self._retry = retry
        self._interpret = interpret
        self._secrets = secrets or Secrets()
        self._session = session or new_session()
        self._read_seconds = read_seconds
        self._id_header = id_header

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Answer:
        """Read `path`: relative to the base URL, or an absolute URL that the source has handed out."""
        return self.send("GET", path, params=params)

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send `json` or a form."""
        return self.send("POST", path, params=params, json=json, data=data)

    def send(self, method: str, path: str, **request: Any) -> Answer:
        """Send the request, and the same again for as long as `retry` sees a use in it.

        Raises any `SourceError`, or `BadPayload` for a URL of another origin: it would be handed the
        credential.
        """
        url = urljoin(self._base_url, path)
        if _origin(url) != self._origin:
            raise BadPayload(
                f"refusing to follow a link to another origin, {_origin(url)}", method=method, url=redacted(url)
            )

        token = self._bearer(None) if self._bearer else None
        try:
            return self._repeatedly(method, url, token, request)
        except Unauthorized:
            if self._bearer is None or (renewed := self._bearer(token)) == token:
                raise
            return self._repeatedly(method, url, renewed, request)

    def _repeatedly(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Answer:
        if self._retry is not None:
            return self._retry.call(lambda: self._send_once(method, url, token, request))
        current().requests += 1
        return self._send_once(method, url, token, request)

    def _send_once(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Answer:
        shown = self._secrets.hide(redacted(url))
        headers = self._headers if token is None else {**self._headers, "Authorization": f"Bearer {token}"}
        timeout = (CONNECT_SECONDS, answer_seconds(self._read_seconds))
        try:  # The texts of these exceptions hold the URL with its parameters: nothing is chained.
            response = self._session.request(
                method, url, auth=_as_it_is, headers=headers, timeout=timeout, allow_redirects=False, **request
            )
        except requests.Timeout:
            raise TimedOut(f"no answer within {timeout[1]:g} seconds", method=method, url=shown) from None
        except requests.RequestException as error:
            raise Unavailable(f"the connection failed ({type(error).__name__})", method=method, url=shown) from None
        answer = Answer(response, self._secrets, self._id_header)
        meaning = (self._interpret(answer) if self._interpret else None) or error_of(answer)
        if meaning is not None:
            raise meaning
        answer.json  # noqa: B018  a body that cannot be read is found here, where the request can be repeated
        return answer


def error_of(answer: Answer) -> SourceError | None:
    """What the status alone says of an answer; `None` for a success."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = f": {answer.excerpt}" if answer.excerpt else ""
    match status:
        case 401:
            return answer.bad(f"the credential was not accepted{said}", Unauthorized)
        case 403:
            return answer.bad(f"not permitted{said}", Forbidden)
        case 404 | 410:
            return answer.bad(f"not found{said}", NotFound)
        case 408 | 504:
            return answer.bad(f"the source gave up waiting{said}", TimedOut)
        case 429:
            return answer.bad(f"too many requests{said}", RateLimited)
        case 507:
            return answer.bad(f"a limit of the account is reached{said}", Rejected)
        case _ if status >= 500:
            return answer.bad(f"the source failed{said}", Unavailable)
        case 400 | 405 | 406 | 409 | 411 | 412 | 413 | 414 | 415 | 422 | 501:
            return answer.bad(f"the request was refused{said}", Rejected)
        case _:
            return answer.bad(f"an unexpected answer{said}", Unexplained)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The wait a source asks for, in seconds; `None` where it asks for none that makes sense.

    A number of seconds, or a date (RFC 9110, 10.2.3) that is held against the answer's own Date.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            until = parsedate_to_datetime(value)
            date = headers.get("Date")
            since = parsedate_to_datetime(date) if date else datetime.now(timezone.utc)
            seconds = (until - since).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 < seconds < 86_400 else None


def new_session() -> Session:
    """A session that keeps its connections, one for each thread that may send."""
    session = Session()
    adapter = requests.adapters.HTTPAdapter(pool_connections=CONNECTIONS, pool_maxsize=CONNECTIONS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from looking for a credential of its own in a .netrc file."""
    return request


def _origin(url: str) -> str:
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, DEFAULT_PORTS.get(parts.scheme)) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}".lower()
