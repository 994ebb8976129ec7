"""A file comes whole from whichever host has it, without our credential, and its address is a secret. What may be done
only once is sent once."""

import json

import pytest
import requests

from sandbox.transport import WsgiAdapter
from sandbox.web import Answer, Request, json_answer, send, text_answer
from shared.errors import BadPayload, Forbidden, NotFound, RateLimited, TooLarge, Unauthorized, Unavailable, Unclear
from shared.http import Http
from shared.redaction import Secrets
from shared.retry import Breaker, Pace, Retry

ORIGIN, FILES = "https://source.test", "https://files.test"
ADDRESS = f"{FILES}/jobs/9001-1.csv?sig=canary-signature"
CONTENT = bytes(range(256)) * 2_000


class Hosts:
    """The API and the file host: each answers one thing after the other, the last one for ever."""

    def __init__(self, clock, *answers):
        self.answers, self.requests = list(answers), []
        self.secrets = Secrets("canary-credential")
        session = requests.Session()
        for origin in (ORIGIN, FILES, "http://plain.test"):
            session.mount(origin, WsgiAdapter(self, sleep=clock.sleep))
        self.http = Http(
            f"{ORIGIN}/v4",
            headers={"Authorization": "Basic canary-credential"},
            retry=Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker()),
            secrets=self.secrets,
            session=session,
        )

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return send(answer, environ, start_response)

    def download(self, address=ADDRESS):
        return b"".join(self.http.download(address))


def whole(content=CONTENT):
    return Answer(200, content, {"Content-Type": "text/csv"})


def cut():
    return Answer(200, CONTENT[:100_000], {"Content-Length": str(len(CONTENT))})


def test_a_file_comes_from_another_host_without_our_credential(clock):
    hosts = Hosts(clock, whole())
    assert hosts.download() == CONTENT
    [asked] = hosts.requests
    assert asked.header("Host") == "files.test" and asked.header("Authorization") == ""


def test_a_file_that_breaks_off_is_repeated_whole_before_any_piece_of_it_comes(clock):
    hosts = Hosts(clock, cut(), ConnectionResetError(), text_answer("try later", 503), whole())
    assert hosts.download() == CONTENT
    assert len(hosts.requests) == 4


def test_a_file_that_always_breaks_off_is_an_error_and_no_piece_of_it_comes(clock):
    pieces = Hosts(clock, cut()).http.download(ADDRESS)
    with pytest.raises(Unavailable):
        next(pieces)


@pytest.mark.parametrize(("status", "kind"), [(403, Forbidden), (404, NotFound), (401, Unauthorized)])
def test_an_address_that_has_expired_is_told_at_once_and_never_shown(clock, status, kind):
    hosts = Hosts(clock, text_answer(f"expired: {ADDRESS}", status))
    with pytest.raises(kind) as caught:
        hosts.download()
    assert len(hosts.requests) == 1
    assert "canary" not in f"{caught.value} {caught.value.url}" and "9001" not in caught.value.url
    assert "canary" not in hosts.secrets.hide(f"from {ADDRESS} came nothing")


def test_a_file_that_is_larger_than_any_is_not_read(clock, monkeypatch):
    monkeypatch.setattr("shared.http.LARGEST_FILE_BYTES", 100_000)
    with pytest.raises(TooLarge, match="larger than 100,000 bytes"):
        Hosts(clock, whole()).download()


@pytest.mark.parametrize("address", [r"https://files.test\@source.test/a", "http://plain.test/a", "nonsense"])
def test_an_address_that_can_be_read_in_two_ways_or_is_not_encrypted_is_refused(clock, address):
    hosts = Hosts(clock, whole())
    with pytest.raises(BadPayload, match="refusing to download"):
        hosts.download(address)
    assert hosts.requests == []


@pytest.mark.parametrize(
    "answer",
    [text_answer("failed", 500), text_answer("too late", 504), ConnectionResetError(), text_answer("<p>", 200)],
)
def test_what_may_be_done_only_once_is_not_sent_again_where_it_may_have_been_done(clock, answer):
    hosts = Hosts(clock, answer, json_answer({"id": 2}))
    with pytest.raises(Unclear, match="it may have been done, or not"):
        hosts.http.post("jobs", json={"of": "everything"}, once=True)
    assert len(hosts.requests) == 1


def test_what_came_too_fast_has_not_been_done_and_is_sent_again(clock):
    hosts = Hosts(clock, text_answer("slow down", 429, Retry_After="7"), json_answer({"id": 2}, 201))
    began = clock.monotonic()
    assert hosts.http.post("jobs", json={"of": "everything"}, once=True).json == {"id": 2}
    assert clock.monotonic() - began >= 7
    assert [json.loads(each.body) for each in hosts.requests] == [{"of": "everything"}] * 2


def test_what_comes_too_fast_every_time_is_told_as_that(clock):
    with pytest.raises(RateLimited):
        Hosts(clock, text_answer("slow down", 429)).http.post("jobs", json={}, once=True)
