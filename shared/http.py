"""One request, one answer: the session, the time limits, and what a status means.

Composed by a connector's `settings`:

    http = Http("https://api.example.com/v1", bearer=tokens.access, retry=retry, headers={"User-Agent": "us"})
    http.get("people.json", params={"page": 2}).json
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin

import requests

from shared.errors import (
    BadPayload,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    SourceError,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unexplained,
)
from shared.exact import parsed
from shared.records import value
from shared.redaction import Secrets, redacted
from shared.retry import Retry, answer_seconds
from shared.tally import current
from shared.transport import Session, TooLong, body_of, new_session, origin_of

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
LARGEST_ANSWER_BYTES = 64_000_000
"""Unpacked. A page of a thousand records is a few megabytes; parsed, it takes eight times as much memory."""
QUOTED = r'"((?:[^"\\]|\\.)*)"'
LINK = re.compile(rf"<([^>]*)>((?:[^\",]|{QUOTED})*)")
"""A target and its parameters."""
LINK_PARAMETER = re.compile(rf";\s*([^=;\s]+)\s*=\s*(?:{QUOTED}|([^;\s]*))")
LONGEST_MESSAGE = 300
"""Characters of an error body that go into an error."""
LONGEST_ID = 100
"""Characters of the source's name of a request that go into an error."""


def path(*steps: Any) -> str:
    """A path of an address, made of its steps: whatever is in an id, it stays one step.

    Raises `BadPayload` for an id that would lead elsewhere, `..` for instance: such ids come from the source.
    """
    names = [str(step) for step in steps]
    if any(name in ("", ".", "..") for name in names):
        raise BadPayload("an id that is no step of an address")
    return "/".join(quote(name, safe="") for name in names)


def filled(template: str, *ids: Any, **named: Any) -> str:
    """The path that a template such as `projects/{}/people.json` makes of ids. Raises `BadPayload` as `path` does."""
    used = {name: each for name, each in named.items() if f"{{{name}}}" in template}
    return template.format(*map(path, ids), **{name: path(each) for name, each in used.items()})


class Answer:
    """A success. `url` is redacted where it is shown, whole where it is followed."""

    def __init__(self, response: requests.Response, content: bytes, secrets: Secrets, id_header: str) -> None:
        self._response = response
        self._content = content
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
        return self._content.decode(self._response.encoding or "utf-8", errors="replace")

    @cached_property
    def json(self) -> Any:
        """The body, as `exact.parsed` reads it; `None` where there is none by intent (204). Raises `BadPayload`."""
        if self.status == 204:
            return None
        try:
            return parsed(self._content)
        except (ValueError, RecursionError) as error:
            raise self.bad(f"the body is not JSON ({len(self._content)} bytes)") from error

    def records(self, path: str = "") -> list[Any]:
        """The list at a dotted path of the body; without a path, the body. An answer without a body is an empty one.

        Raises `BadPayload` where there is something else.
        """
        if self.json is None and self.status == 204:
            return []
        found = value(self.json, path) if path else self.json
        if not isinstance(found, list):
            raise self.bad(f"a list was expected under {path}" if path else "a list was expected", BadPayload)
        return found

    def object(self) -> dict[str, Any]:
        """The body. Raises `BadPayload` where it is no object."""
        if not isinstance(self.json, dict):
            raise self.bad("an object was expected", BadPayload)
        return self.json

    @property
    def excerpt(self) -> str:
        """The beginning of a body that people can read, without secrets."""
        kind = self.headers.get("Content-Type", "")
        if "json" not in kind and "text/plain" not in kind:
            return ""
        return self._secrets.hide(" ".join(self.text.split()))[:LONGEST_MESSAGE]

    def bad(self, message: str, kind: type[SourceError] = BadPayload) -> SourceError:
        """An error about this answer, to raise."""
        request_id = self.headers.get(self._id_header, "")[:LONGEST_ID]
        return kind(
            self._secrets.hide(message + (f" (request {request_id})" if request_id else "")),
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
    says which request it was, for its support. An answer has a bound in time, `read_seconds` for its first piece and
    `transport.WHOLE_ANSWER` times that for all of it, and in size (`most_bytes`).
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
        most_bytes: int = LARGEST_ANSWER_BYTES,
    ) -> None:
        self._base_url = base_url.rstrip("/") + "/"
        self._origin = origin_of(self._base_url)
        self._most_bytes = most_bytes
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
        try:
            url = urljoin(self._base_url, path)
            origin = origin_of(url)
        except ValueError as error:
            raise BadPayload(f"refusing to follow {error}", method=method, url=redacted(path)) from None
        if origin != self._origin:
            raise BadPayload(f"refusing to follow a link to another origin, {origin}", method=method, url=redacted(url))

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
        answer = self._send_once(method, url, token, request)
        current().answers += 1
        return answer

    def _send_once(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Answer:
        shown = self._secrets.hide(redacted(url))
        headers = self._headers if token is None else {**self._headers, "Authorization": f"Bearer {token}"}
        timeout = (CONNECT_SECONDS, answer_seconds(self._read_seconds))
        try:  # The texts of these exceptions hold the URL with its parameters: nothing is chained.
            response = self._session.request(
                method,
                url,
                auth=_as_it_is,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                **request,
            )
            content = body_of(response, self._most_bytes)
        except (requests.Timeout, TimeoutError):
            raise TimedOut(f"no answer within {timeout[1]:g} seconds", method=method, url=shown) from None
        except TooLong:
            raise TooLarge(
                f"the answer is larger than {self._most_bytes:,} bytes: it is not read", method=method, url=shown
            ) from None
        except (OSError, ValueError) as error:  # All that `requests` raises, and what its adapters let through.
            raise Unavailable(f"the connection failed ({type(error).__name__})", method=method, url=shown) from None
        current().note_date(response.headers.get("Date"))
        answer = Answer(response, content, self._secrets, self._id_header)
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


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from looking for a credential of its own in a .netrc file."""
    return request
