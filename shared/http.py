"""One request, one answer: the session, the time limits, and what a status means.

Composed by a connector's `settings`:

    http = Http("https://api.example.com/v1", bearer=tokens.access, retry=retry, headers={"User-Agent": "us"})
    http.get("people.json", params={"page": 2}).json
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit

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
    Transient,
    Unauthorized,
    Unavailable,
    Unclear,
    Unexplained,
)
from shared.exact import parsed
from shared.records import value
from shared.redaction import Secrets, redacted
from shared.retry import Retry, answer_seconds
from shared.tally import current
from shared.transport import PIECE_BYTES, Session, TooLong, body_of, new_session, origin_of, pieces_of

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
LARGEST_ANSWER_BYTES = 64_000_000
"""Unpacked. A page of a thousand records is a few megabytes; parsed, it takes eight times as much memory."""
LARGEST_FILE_BYTES = 2_000_000_000
HELD_BYTES = 1_000_000
"""A file that is larger lies on the disk while it is read."""
LARGEST_REFUSAL_BYTES = 100_000
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


Result = TypeVar("Result")
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
        once: bool = False,
    ) -> Answer:
        """Send `json` or a form.

        What may be done only `once` is sent again only where the source says that it came too fast. Raises `Unclear`
        where it may have been done: the caller looks for what became of it.
        """
        return self.send("POST", path, once=once, params=params, json=json, data=data)

    def download(self, url: str) -> Iterator[bytes]:
        """What is in a file, in pieces, whichever host has it. The address is a secret, and carries its own credential:
        none of ours is sent.

        The file is repeated whole where it breaks off, so that pieces come only of one that is complete: it is held
        until the last of them has been taken. Raises any `SourceError`; `Forbidden` and `NotFound` where the address
        has expired.
        """
        self._secrets.add(url)
        try:
            shown = origin_of(url)
        except ValueError as error:
            raise BadPayload(f"refusing to download from {error}", method="GET") from None
        if urlsplit(shown).scheme not in ("https", urlsplit(self._origin).scheme):
            raise BadPayload(f"refusing to download without encryption from {shown}", method="GET")
        with self._in_turn(lambda: self._file_once(url, shown)) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def send(self, method: str, path: str, *, once: bool = False, **request: Any) -> Answer:
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

        send = self._only_once if once else self._send_once
        token = self._bearer(None) if self._bearer else None
        try:
            return self._in_turn(lambda: send(method, url, token, request))
        except Unauthorized:
            if self._bearer is None or (renewed := self._bearer(token)) == token:
                raise
            return self._in_turn(lambda: send(method, url, renewed, request))

    def _in_turn(self, send: Callable[[], Result]) -> Result:
        if self._retry is not None:
            return self._retry.call(send)
        current().requests += 1
        answer = send()
        current().answers += 1
        return answer

    def _only_once(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Answer:
        try:
            return self._send_once(method, url, token, request)
        except RateLimited:
            raise
        except Transient as error:
            message = f"it may have been done, or not: {error.message}"
            raise Unclear(message, method=error.method, url=error.url, status=error.status) from None

    def _file_once(self, url: str, shown: str) -> IO[bytes]:
        def read(response: requests.Response) -> IO[bytes]:
            if not 200 <= response.status_code < 300:
                content = body_of(response, LARGEST_REFUSAL_BYTES)
                refusal = error_of(Answer(response, content, self._secrets, self._id_header))
                assert refusal is not None
                refusal.url = shown
                raise refusal
            file = SpooledTemporaryFile(max_size=HELD_BYTES)  # noqa: SIM115  whoever takes its pieces closes it
            try:
                for piece in pieces_of(response, LARGEST_FILE_BYTES):
                    file.write(piece)
            except BaseException:
                file.close()
                raise
            file.seek(0)
            return file

        return self._exchange("GET", url, shown, read, headers={"Accept": "*/*"})

    def _send_once(self, method: str, url: str, token: str | None, request: dict[str, Any]) -> Answer:
        shown = self._secrets.hide(redacted(url))
        headers = self._headers if token is None else {**self._headers, "Authorization": f"Bearer {token}"}

        def read(response: requests.Response) -> tuple[requests.Response, bytes]:
            return response, body_of(response, self._most_bytes)

        response, content = self._exchange(method, url, shown, read, headers=headers, **request)
        current().note_date(response.headers.get("Date"))
        answer = Answer(response, content, self._secrets, self._id_header)
        meaning = (self._interpret(answer) if self._interpret else None) or error_of(answer)
        if meaning is not None:
            raise meaning
        answer.json  # noqa: B018  a body that cannot be read is found here, where the request can be repeated
        return answer

    def _exchange(
        self, method: str, url: str, shown: str, read: Callable[[requests.Response], Result], **request: Any
    ) -> Result:
        """What `read` makes of the answer to one request. `shown` is the address as errors show it."""
        timeout = (CONNECT_SECONDS, answer_seconds(self._read_seconds))
        try:  # The texts of these exceptions hold the URL with its parameters: nothing is chained.
            return read(
                self._session.request(
                    method, url, auth=_as_it_is, timeout=timeout, allow_redirects=False, stream=True, **request
                )
            )
        except (requests.Timeout, TimeoutError):
            raise TimedOut(f"no answer within {timeout[1]:g} seconds", method=method, url=shown) from None
        except TooLong as error:
            raise TooLarge(
                f"the answer is larger than {error.most_bytes:,} bytes: it is not read", method=method, url=shown
            ) from None
        except (OSError, ValueError) as error:  # All that `requests` raises, and what its adapters let through.
            raise Unavailable(f"the connection failed ({type(error).__name__})", method=method, url=shown) from None


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
