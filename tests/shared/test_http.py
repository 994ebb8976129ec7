"""What an answer means, what is sent again, and what never leaves."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from sandbox.web import Answer, Environ, Request, StartResponse, json_answer, send, text_answer
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
from shared.exact import DEEPEST, TOO_DEEP, Exact
from shared.http import Http, filled, retry_after
from shared.redaction import Secrets
from shared.retry import Breaker, Pace, Retry

ORIGIN = "https://source.test"
CANARY = "canary-secret-1234"


class Source:
    """Answers one after the other, the last one for ever, and keeps the requests."""

    def __init__(self, clock: VirtualClock, *answers: Answer | Callable[[Request], Answer]) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.session = requests.Session()
        self.session.mount(ORIGIN, WsgiAdapter(self, sleep=clock.sleep))

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        request = Request(environ)
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return send(answer if isinstance(answer, Answer) else answer(request), environ, start_response)

    def http(self, **options: Any) -> Http:
        return Http(f"{ORIGIN}/api", session=self.session, **options)


@pytest.fixture
def retry(clock: VirtualClock) -> Iterator[Retry]:
    yield Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker())


def error_after(source: Source, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        source.http(**options).get("people")
    return caught.value


def test_a_path_is_relative_to_the_base_address(clock: VirtualClock) -> None:
    source = Source(clock, json_answer([1]))
    assert source.http().get("people/1.json", params={"page": 2}).json == [1]
    assert (source.requests[0].path, source.requests[0].query) == ("/api/people/1.json", {"page": "2"})


def test_a_header_may_be_in_any_script(clock: VirtualClock) -> None:
    name = "\u017b\u00f3\u0142w (post@example.net)"
    source = Source(clock, json_answer([]))
    source.http(headers={"User-Agent": name}).get("people")
    assert source.requests[0].environ["HTTP_USER_AGENT"].encode("latin-1").decode() == name


def test_a_body_is_sent_as_json_or_as_a_form(clock: VirtualClock) -> None:
    source = Source(clock, lambda request: json_answer(request.body.decode()))
    assert source.http().post("search", json={"page": 1}).json == '{"page": 1}'
    assert source.http().post("token", data={"type": "refresh"}).json == "type=refresh"


# What an answer means.


@pytest.mark.parametrize(
    ("status", "kind", "category"),
    [
        (400, Rejected, "rejected"),
        (401, Unauthorized, "auth"),
        (403, Forbidden, "permission"),
        (404, NotFound, "not_found"),
        (410, NotFound, "not_found"),
        (408, TimedOut, "timeout"),
        (504, TimedOut, "timeout"),
        (409, Rejected, "rejected"),
        (422, Rejected, "rejected"),
        (429, RateLimited, "rate_limit"),
        (500, Unavailable, "unavailable"),
        (502, Unavailable, "unavailable"),
        (503, Unavailable, "unavailable"),
        (507, Rejected, "rejected"),
        (302, Unexplained, "rejected"),
        (418, Unexplained, "rejected"),
    ],
)
def test_a_status_becomes_an_error_of_its_kind(
    clock: VirtualClock, status: int, kind: type[SourceError], category: str
) -> None:
    error = error_after(Source(clock, json_answer({"error": "because"}, status)))
    assert type(error) is kind
    assert (error.status, error.category, error.method, error.url) == (status, category, "GET", f"{ORIGIN}/api/people")
    assert "because" in error.message


def test_a_redirect_is_not_followed(clock: VirtualClock) -> None:
    source = Source(clock, text_answer("", 302, Location="https://elsewhere.test/"))
    assert isinstance(error_after(source), Unexplained)
    assert len(source.requests) == 1


def test_a_connector_may_know_better_what_an_answer_means(clock: VirtualClock) -> None:
    source = Source(clock, json_answer({"fault": "expired"}))
    error = error_after(
        source, interpret=lambda answer: answer.bad("a fault inside", Rejected) if "fault" in answer.json else None
    )
    assert type(error) is Rejected
    assert error.status == 200


def test_where_the_connector_has_nothing_to_say_the_status_decides(clock: VirtualClock) -> None:
    assert isinstance(error_after(Source(clock, json_answer({}, 404)), interpret=lambda answer: None), NotFound)


def test_a_web_page_instead_of_json_is_asked_for_three_times(clock: VirtualClock, retry: Retry) -> None:
    source = Source(clock, text_answer("<html>Sign in</html>", 200, "text/html"))
    assert isinstance(error_after(source, retry=retry), BadPayload)
    assert len(source.requests) == 3


def test_a_web_page_that_gives_way_to_json_costs_one_more_request(clock: VirtualClock, retry: Retry) -> None:
    source = Source(clock, text_answer("<html>Sign in</html>", 200, "text/html"), json_answer([1]))
    assert source.http(retry=retry).get("people").json == [1]
    assert len(source.requests) == 2


def test_the_markup_of_an_error_page_is_not_quoted(clock: VirtualClock) -> None:
    error = error_after(Source(clock, text_answer("<html>oops</html>", 502, "text/html")))
    assert "html" not in error.message


def test_a_truncated_body_is_a_broken_connection(clock: VirtualClock, retry: Retry) -> None:
    whole = json_answer([1, 2, 3])
    cut = Answer(200, whole.body[:3], {**whole.headers, "Content-Length": str(len(whole.body))})
    assert isinstance(error_after(Source(clock, cut)), Unavailable)
    assert Source(clock, cut, whole).http(retry=retry).get("people").json == [1, 2, 3]


@pytest.mark.parametrize("body", ["[nan]", "", "[1", "\xff", "null x"])
def test_what_is_not_json_is_refused(clock: VirtualClock, body: str) -> None:
    answer = Answer(200, body.encode("latin-1"), {"Content-Type": "application/json"})
    assert isinstance(error_after(Source(clock, answer)), BadPayload)


def test_a_number_that_is_none_costs_itself_not_the_page(clock: VirtualClock) -> None:
    answer = Answer(200, b'[{"id": 1, "total": NaN}, {"id": 2, "total": -Infinity}]', {})
    assert Source(clock, answer).http().get("people").json == [
        {"id": 1, "total": "NaN"},
        {"id": 2, "total": "-Infinity"},
    ]


def test_a_broken_character_costs_itself_not_the_page(clock: VirtualClock) -> None:
    body = (
        b'[{"name": "Caf\xe9"}, {"name": "\xed\xa0\x80", '
        b'"\\ud83d": ["\\uDE00 \\u0000", "\\ud83d\\ude00", "\\\\ud800"]}]'
    )
    assert Source(clock, Answer(200, body, {})).http().get("people").json == [
        {"name": "Caf\ufffd"},
        {"name": "\ufffd\ufffd\ufffd", "\ufffd": ["\ufffd ", "\U0001f600", "\\ud800"]},
    ]


def test_a_body_nested_without_end_is_refused(clock: VirtualClock) -> None:
    assert isinstance(error_after(Source(clock, Answer(200, b"[" * 100_000, {}))), BadPayload)


def test_a_number_longer_than_any_costs_itself_not_the_page(clock: VirtualClock) -> None:
    answer = Answer(200, b'[{"id": 1, "total": %s}, {"id": 2.50}]' % (b"1" * 5_000), {})
    assert Source(clock, answer).http().get("people").json == [{"id": 1, "total": "1" * 5_000}, {"id": 2.5}]


def test_what_is_nested_too_deeply_costs_its_record_not_the_page(clock: VirtualClock) -> None:
    deep = b'{"a":' * 2_000 + b'"]}"' + b"}" * 2_000
    body = b'[{"id": 1, "x": [%s, "{[", %s]}, {"id": 2, "n": 1.10}]' % (deep, b"[" * 2_000 + b"]" * 2_000)
    first, second = Source(clock, Answer(200, body, {})).http().get("people").json
    assert first["id"] == 1 and first["x"][1] == "{["
    assert second == {"id": 2, "n": 1.1} and second["n"].text == "1.10"
    found, depth = first["x"][0], 3
    while found is not TOO_DEEP:
        found, depth = found["a"], depth + 1
    assert depth == DEEPEST


def test_a_template_is_filled_with_ids_each_one_step() -> None:
    assert filled("projects/{}/people.json", "7/../8") == "projects/7%2F..%2F8/people.json"
    assert filled("replies/{id}.json", id=7, bucket="") == "replies/7.json"
    with pytest.raises(BadPayload):
        filled("projects/{}/people.json", "..")


def test_an_answer_without_a_body_is_an_empty_listing(clock: VirtualClock) -> None:
    answer = Source(clock, Answer(204, b"", {})).http().get("people")
    assert answer.json is None and answer.records() == [] and answer.records("data") == []


def test_numbers_keep_their_digits(clock: VirtualClock) -> None:
    answer = Answer(200, b'{"total": 10.10, "id": 12345678901234567890}', {})
    body = Source(clock, answer).http().get("invoice").json
    assert isinstance(body["total"], Exact) and body["total"].text == "10.10"
    assert body["id"] == 12345678901234567890


def test_no_answer_in_time_is_told_as_such(clock: VirtualClock) -> None:
    def slow(request: Request) -> Answer:
        request.environ["sandbox.sleep"](500.0)
        return json_answer([])

    started = clock.monotonic()
    assert isinstance(error_after(Source(clock, slow), read_seconds=30.0), TimedOut)
    assert clock.monotonic() - started == pytest.approx(30.0)


def test_a_connection_that_breaks_is_unavailable(clock: VirtualClock) -> None:
    def broken(request: Request) -> Answer:
        raise ConnectionResetError("reset")

    assert isinstance(error_after(Source(clock, broken)), Unavailable)


# Retry-After.


def test_the_wait_a_source_asks_for_reaches_the_retry(clock: VirtualClock, retry: Retry) -> None:
    source = Source(clock, json_answer({}, 429, Retry_After="11"), json_answer([1]))
    started = clock.monotonic()
    assert source.http(retry=retry).get("people").json == [1]
    assert clock.monotonic() - started == pytest.approx(11.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT", "Date": "Thu, 01 Jan 2026 00:00:10 GMT"}, 20.0),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:10 GMT", "Date": "Thu, 01 Jan 2026 00:00:30 GMT"}, None),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "9999999"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:30", "Date": "Thu, 01 Jan 2026 00:00:10 GMT"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_a_wait_is_read_from_seconds_or_from_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


# Credentials.


def test_the_token_is_sent_with_every_request(clock: VirtualClock) -> None:
    source = Source(clock, json_answer([]))
    source.http(bearer=lambda rejected: "first").get("people")
    assert source.requests[0].header("Authorization") == "Bearer first"


def renewing(asked: list[str | None]) -> Callable[[str | None], str]:
    def bearer(rejected: str | None) -> str:
        asked.append(rejected)
        return "second" if rejected == "first" else "first"

    return bearer


def test_a_rejected_token_is_renewed_and_the_request_sent_once_more(clock: VirtualClock) -> None:
    asked: list[str | None] = []
    source = Source(clock, json_answer({}, 401), json_answer([1]))
    assert source.http(bearer=renewing(asked)).get("people").json == [1]
    assert [request.header("Authorization") for request in source.requests] == ["Bearer first", "Bearer second"]
    assert asked == [None, "first"]


def test_a_renewed_token_that_is_rejected_too_is_the_end(clock: VirtualClock, retry: Retry) -> None:
    source = Source(clock, json_answer({}, 401))
    assert isinstance(error_after(source, bearer=renewing([]), retry=retry), Unauthorized)
    assert len(source.requests) == 2


def test_a_token_that_cannot_be_renewed_is_not_sent_again(clock: VirtualClock) -> None:
    source = Source(clock, json_answer({}, 401))
    assert isinstance(error_after(source, bearer=lambda rejected: "only"), Unauthorized)
    assert len(source.requests) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.test/api/people",
        "http://source.test/api/people",
        "//elsewhere.test/api/people",
        "https://source.test@elsewhere.test/",
        "https://source.test:8443/api/people",
    ],
)
def test_a_link_to_another_origin_is_refused_before_the_token_leaves(clock: VirtualClock, link: str) -> None:
    source, asked = Source(clock, json_answer([])), []

    def bearer(rejected: str | None) -> str:
        asked.append(rejected)
        return CANARY

    with pytest.raises(BadPayload, match="another origin"):
        source.http(bearer=bearer).get(link)
    assert source.requests == [] and asked == []


def test_a_link_of_the_same_origin_is_followed(clock: VirtualClock) -> None:
    source = Source(clock, json_answer([1], Link=f'<{ORIGIN}/api/people?page=2>; rel="next"'))
    answer = source.http().get("people")
    assert answer.next_url == f"{ORIGIN}/api/people?page=2"
    assert source.http().get(answer.next_url).json == [1]


def test_a_relative_link_is_made_absolute(clock: VirtualClock) -> None:
    answer = Source(clock, json_answer([], Link='</api/people?page=2>; rel="next"')).http().get("people")
    assert answer.next_url == f"{ORIGIN}/api/people?page=2"


@pytest.mark.parametrize(
    "link",
    [
        "</b>; rel=next",
        '</b>;rel="NEXT"',
        '</b>; Rel="next"',
        '</b>; title="a, <c>; rel=prev"; rel="last next"',
        '</a>; rel="prev"; title="next", </b?x=1,2;3> ; rel = "next"',
        '</a>; rel="nextish", </b>; rel="next"',
    ],
)
def test_a_link_is_understood_in_every_form_that_the_standard_allows(clock: VirtualClock, link: str) -> None:
    answer = Source(clock, json_answer([], Link=link)).http().get("people")
    assert (answer.next_url or "").startswith(f"{ORIGIN}/b")


def test_a_link_that_names_the_usual_port_is_of_the_same_origin(clock: VirtualClock) -> None:
    assert Source(clock, json_answer([1])).http().get(f"{ORIGIN}:443/api/people").json == [1]


def test_an_answer_without_a_link_has_no_next(clock: VirtualClock) -> None:
    assert Source(clock, json_answer([], Link='</a>; rel="prev"')).http().get("people").next_url is None


def test_an_error_names_the_request_by_the_header_that_the_source_uses(clock: VirtualClock) -> None:
    answer = json_answer({}, 400, tid="1-abc")
    assert "(request 1-abc)" in str(error_after(Source(clock, answer), id_header="tid"))
    assert "1-abc" not in str(error_after(Source(clock, answer)))


def test_a_netrc_file_is_not_read(clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine source.test login somebody password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    source = Source(clock, json_answer([]))
    source.http(headers={"X-Key": "ours"}).get("people")
    assert source.requests[0].header("Authorization") == ""
    assert source.requests[0].header("X-Key") == "ours"


# Nothing secret in any error.


def test_a_secret_that_an_error_body_echoes_is_hidden(clock: VirtualClock) -> None:
    error = error_after(Source(clock, json_answer({"you_sent": CANARY}, 400)), secrets=Secrets(CANARY))
    assert CANARY not in str(error) and "you_sent" in str(error)


def test_secret_parameters_are_hidden_in_the_address_of_an_error(clock: VirtualClock) -> None:
    with pytest.raises(Unavailable) as caught:
        Source(clock, json_answer({}, 500)).http().get("people", params={"api_key": CANARY, "page": 2})
    assert CANARY not in str(caught.value) and "page=2" in str(caught.value)


def test_a_secret_in_any_place_of_the_address_is_hidden(clock: VirtualClock) -> None:
    with pytest.raises(Unavailable) as caught:
        Source(clock, json_answer({}, 500)).http(secrets=Secrets(CANARY)).get(f"people/{CANARY}", params={"q": CANARY})
    assert CANARY not in str(caught.value)


def test_what_a_broken_connection_says_is_not_shown(clock: VirtualClock) -> None:
    def broken(request: Request) -> Answer:
        raise ConnectionResetError(f"reset while asking {CANARY}")

    with pytest.raises(Unavailable) as caught:
        Source(clock, broken).http().get("people", params={"token": CANARY})
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_an_error_body_is_quoted_in_part_only(clock: VirtualClock) -> None:
    error = error_after(Source(clock, json_answer({"message": "long " * 1000}, 400)))
    assert len(error.message) < 400


def test_the_request_id_is_told(clock: VirtualClock) -> None:
    assert "(request abc-1)" in str(error_after(Source(clock, json_answer({}, 500, X_Request_Id="abc-1"))))


def test_json_is_read_from_bytes_in_any_unicode_encoding(clock: VirtualClock) -> None:
    answer = Answer(200, json.dumps({"name": "Zoë"}, ensure_ascii=False).encode(), {"Content-Type": "application/json"})
    assert Source(clock, answer).http().get("person").json == {"name": "Zoë"}
