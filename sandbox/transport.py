"""A `requests` adapter that answers from a WSGI application, without a socket.

session = session_over("https://3.basecampapi.com", WsgiAdapter(vendor.wsgi, sleep=clock.sleep, latency=0.3))
"""

import threading
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.cookies import extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3.response import HTTPResponse

from sandbox.web import Answer, Application, Environ, collect


class WsgiAdapter(BaseAdapter):
    """Half of `latency` passes before the application is called and half after, through `sleep`.

    Delays that the application asks for (faults) are added to the way back. If the whole wait would exceed
    the read timeout, only the timeout passes and `requests.ReadTimeout` is raised. A body shorter than its
    Content-Length fails as it does over a socket, because urllib3 reads it. May be used from several threads;
    `overlap` tells the largest number of requests that were in flight together."""

    def __init__(self, app: Application, sleep: Callable[[float], None] | None = None, latency: float = 0.0) -> None:
        super().__init__()
        self.app = app
        self.latency = latency
        self.overlap = 0
        self._sleep = sleep or (lambda seconds: None)
        self._in_flight = 0
        self._lock = threading.Lock()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        read_timeout = timeout[1] if isinstance(timeout, tuple) else timeout
        with self._lock:
            self._in_flight += 1
            self.overlap = max(self.overlap, self._in_flight)
        try:
            answer = self._ask(request, read_timeout)
        finally:
            with self._lock:
                self._in_flight -= 1
        return respond(request, answer, self)

    def close(self) -> None:
        """Nothing is held open."""

    def _ask(self, request: requests.PreparedRequest, read_timeout: float | None) -> Answer:
        delays: list[float] = []
        environ = environ_of(request)
        environ["sandbox.sleep"] = delays.append
        self._wait(self.latency / 2)
        try:
            answer = collect(self.app, environ)
        except ConnectionError as error:
            self._wait(sum(delays))
            raise requests.ConnectionError(error, request=request) from error
        rest = self.latency / 2 + sum(delays)
        if read_timeout is not None and self.latency / 2 + rest > read_timeout:
            self._wait(read_timeout - self.latency / 2)
            raise requests.ReadTimeout(f"no answer within {read_timeout} s", request=request)
        self._wait(rest)
        return answer

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


def session_over(origin: str, adapter: WsgiAdapter) -> requests.Session:
    """A session that finds `origin` at the adapter. It looks for no proxy in the environment: there is no way to go."""
    session = requests.Session()
    session.trust_env = False
    session.mount(origin, adapter)
    return session


def environ_of(request: requests.PreparedRequest) -> Environ:
    """The WSGI environment of a prepared request; every client is 127.0.0.1."""
    url = urlsplit(request.url or "")
    body = request.body or b""
    if isinstance(body, str):
        body = body.encode()
    port = url.port or (443 if url.scheme == "https" else 80)
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path) or "/",
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": url.netloc.rsplit("@", 1)[-1],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    return environ


def respond(request: requests.PreparedRequest, answer: Answer, adapter: BaseAdapter) -> requests.Response:
    """A `requests.Response` whose body is read by urllib3, exactly as from a connection."""
    raw = HTTPResponse(
        body=BytesIO(b"" if request.method == "HEAD" else answer.body),
        headers=answer.headers,
        status=answer.status,
        preload_content=False,
        decode_content=False,
        request_method=request.method,
        enforce_content_length=True,
    )
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = raw
    response.reason = raw.reason or ""
    response.url = request.url or ""
    extract_cookies_to_jar(response.cookies, request, raw)  # type: ignore[no-untyped-call]
    response.request = request
    response.connection = adapter  # type: ignore[assignment]
    return response
