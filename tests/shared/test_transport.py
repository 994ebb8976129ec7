"""An answer has a bound in time and in size, and an address is read in one way."""

import gzip
import http.client
import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared import transport
from shared.errors import BadPayload, TimedOut, TooLarge, Unavailable
from shared.http import Http, path
from shared.retry import Breaker, Pace, Retry
from shared.transport import CONNECTIONS, WHOLE_ANSWER, new_session, origin_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Server:
    """Answers each connection with what it was given, keeps it open, and counts the connections."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.connections = 0
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            while connection.recv(65_536):
                connection.sendall(self.answer)
        except OSError:
            return

    def close(self) -> None:
        for each in (self._socket, *self._open):
            each.close()


@pytest.fixture
def served() -> Iterator[Any]:
    servers: list[Server] = []

    def serve(answer: bytes) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


def sized(body: bytes, *headers: bytes) -> bytes:
    return HEAD + b"".join(each + b"\r\n" for each in headers) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_answers_come_over_a_connection_that_is_kept(served: Any) -> None:
    server = served(sized(b"[1.50]"))
    http = Http(server.url)
    assert [http.get("people").json for _ in range(3)] == [[1.5]] * 3
    assert server.connections == 1


def test_an_answer_that_is_larger_than_the_bound_is_asked_for_once(served: Any, clock: VirtualClock) -> None:
    server = served(sized(gzip.compress(b"[" + b" " * 5_000_000 + b"]"), b"Content-Encoding: gzip"))
    retry = Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker())
    with pytest.raises(TooLarge, match="larger than 1,000,000 bytes: it is not read"):
        Http(server.url, retry=retry, most_bytes=1_000_000).get("people")
    assert server.connections == 1
    assert Http(server.url).get("people").json == []


@pytest.mark.parametrize("answer", [HEAD[:20], HEAD, HEAD + b"Content-Length: 5\r\n\r\n[1"])
def test_an_answer_that_stops_on_its_way_is_no_answer_in_time(served: Any, answer: bytes) -> None:
    with pytest.raises(TimedOut):
        Http(served(answer).url, read_seconds=0.05).get("people")


class Trickle(io.RawIOBase):
    """Sends a byte each second of its own clock, and is a socket as far as that is looked at."""

    def __init__(self, answer: bytes) -> None:
        self.seconds = 0.0
        self.patience: float | None = 3.0
        self._answer = io.BytesIO(answer)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.seconds += 1.0
        piece = self._answer.read(1)
        buffer[: len(piece)] = piece
        return len(piece)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def gettimeout(self) -> float | None:
        return self.patience

    def settimeout(self, seconds: float) -> None:
        assert 0 < seconds <= 3.0


@pytest.mark.parametrize("answer", [HEAD * 20, sized(b"[1, 2, 3, 4, 5, 6, 7, 8, 9]")])
def test_a_byte_now_and_then_does_not_keep_anybody_waiting(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    trickle: Any = Trickle(answer)
    monkeypatch.setattr(transport.time, "monotonic", lambda: trickle.seconds)
    with pytest.raises(TimeoutError):
        response = transport._Connection.response_class(trickle, method="GET")
        response.begin()
        response.read()
    assert trickle.seconds <= 3.0 * WHOLE_ANSWER + 1


def test_where_nobody_sets_a_limit_all_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    trickle: Any = Trickle(sized(b"[1]"))
    trickle.patience = None
    response: http.client.HTTPResponse = transport._Connection.response_class(trickle, method="GET")
    response.begin()
    assert response.read() == b"[1]"


def test_a_session_keeps_a_connection_for_each_thread(served: Any) -> None:
    server = served(sized(b"[]"))
    session, together = new_session(), threading.Barrier(CONNECTIONS)

    def ask() -> None:
        for _ in range(2):
            with session.get(server.url, stream=True, timeout=5) as response:
                together.wait(5)
                assert response.content == b"[]"
            together.wait(5)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert server.connections == CONNECTIONS


@pytest.mark.parametrize("error", [OSError("x"), ValueError("x"), UnicodeError("x")])
def test_whatever_an_adapter_raises_is_a_broken_connection_whose_text_is_not_shown(error: Exception) -> None:
    class Broken:
        def request(self, *arguments: Any, **options: Any) -> Any:
            raise error

    session: Any = Broken()
    with pytest.raises(Unavailable) as caught:
        Http("https://source.test", session=session).get("people")
    assert (
        caught.value.message == f"the connection failed ({type(error).__name__})" and caught.value.__suppress_context__
    )


# Addresses.


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://source.test/a?b", "https://source.test"),
        ("HTTPS://Source.Test:443/a", "https://source.test"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080"),
        ("http://user@source.test/a", "http://source.test"),
        ("http://[::1]:8080/", "http://::1:8080"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:23501\\@127.0.0.1:23500/people",
        "http://source.test\\.elsewhere.test/",
        "https://source.test:port/",
        "https://[source.test/",
    ],
)
def test_an_address_that_can_be_read_in_two_ways_or_in_none_is_refused_before_the_token_leaves(url: str) -> None:
    def bearer(rejected: str | None) -> str:
        raise AssertionError("asked for a token")

    with pytest.raises(BadPayload, match="refusing to follow"):
        Http("http://127.0.0.1:23500", bearer=bearer).get(url)


def test_an_id_is_one_step_of_a_path_whatever_is_in_it() -> None:
    assert path("documents", "a/b?c#d e", 7, "details") == "documents/a%2Fb%3Fc%23d%20e/7/details"


@pytest.mark.parametrize("step", ["..", ".", ""])
def test_an_id_that_leads_elsewhere_is_refused(step: str) -> None:
    with pytest.raises(BadPayload, match="no step of an address"):
        path("documents", step)
