"""A requests session over a WSGI application behaves like one over a socket."""

from collections.abc import Iterable
from threading import Barrier, Thread

import pytest
import requests

from sandbox.transport import WsgiAdapter
from sandbox.web import Environ, StartResponse


def session_of(adapter: WsgiAdapter) -> requests.Session:
    session = requests.Session()
    session.mount("http://vendor.test", adapter)
    return session


def echo(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    said = [environ[key] for key in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "REMOTE_ADDR")]
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("X-Agent", environ["HTTP_USER_AGENT"])])
    return [" ".join(said).encode(), b" ", body]


def short(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100")])
    return [b"[1, 2"]


def test_the_application_sees_the_request_as_it_was_sent() -> None:
    session = session_of(WsgiAdapter(echo))
    answer = session.post("http://vendor.test:81/a b?x=1", data={"k": "v"}, headers={"User-Agent": "me"})
    assert answer.status_code == 200
    assert answer.headers["X-Agent"] == "me"


def test_method_path_query_and_body_arrive() -> None:
    session = session_of(WsgiAdapter(echo))
    answer = session.post("http://vendor.test/a?x=1&y=%20", data={"k": "v"})
    assert answer.text == "POST /a x=1&y=%20 vendor.test 127.0.0.1 k=v"
    assert answer.encoding == "utf-8"


def test_half_of_the_latency_passes_on_each_way() -> None:
    sleeps: list[float] = []
    session_of(WsgiAdapter(echo, sleeps.append, latency=0.5)).get("http://vendor.test/")
    assert sleeps == [0.25, 0.25]


def test_a_body_that_ends_early_fails_as_it_does_over_a_socket() -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        session_of(WsgiAdapter(short)).get("http://vendor.test/")


def test_a_streamed_body_that_ends_early_fails_when_it_is_read() -> None:
    answer = session_of(WsgiAdapter(short)).get("http://vendor.test/", stream=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        list(answer.iter_content(10))


def test_an_answer_later_than_the_read_timeout_is_a_timeout() -> None:
    sleeps: list[float] = []
    session = session_of(WsgiAdapter(echo, sleeps.append, latency=4))
    with pytest.raises(requests.ReadTimeout):
        session.get("http://vendor.test/", timeout=(1, 3))
    assert sum(sleeps) == 3
    assert session.get("http://vendor.test/", timeout=5).status_code == 200


def test_redirects_are_followed_through_the_same_application() -> None:
    def moved(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/old":
            start_response("302 Found", [("Location", "http://vendor.test/new")])
            return []
        return echo(environ, start_response)

    answer = session_of(WsgiAdapter(moved)).get("http://vendor.test/old")
    assert answer.url == "http://vendor.test/new"
    assert len(answer.history) == 1


def test_several_threads_may_ask_at_once() -> None:
    barrier = Barrier(4, timeout=10)

    def together(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        barrier.wait()
        return echo(environ, start_response)

    adapter = WsgiAdapter(together)
    threads = [Thread(target=session_of(adapter).get, args=("http://vendor.test/",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert adapter.overlap == 4
