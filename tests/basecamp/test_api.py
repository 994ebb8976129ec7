"""Single requests of the Basecamp client, and what each answer means."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses

from basecamp import api
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
)
from shared.http import Http

ORIGIN = "https://3.basecampapi.example"
BASE = f"{ORIGIN}/4107294"
LAUNCHPAD = "https://launchpad.example"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def basecamp() -> api.Basecamp:
    headers = {"User-Agent": "Tests (tests@example.org)", "Accept": "application/json"}
    http = Http(ORIGIN, bearer=lambda rejected: "access", headers=headers, interpret=api.meaning)
    return api.Basecamp(http, "4107294")


def link(url: str) -> dict[str, str]:
    return {"Link": f'<{url}>; rel="next"'}


def test_a_request_names_the_application_and_carries_the_token(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/account.json", json={"id": 4107294})
    assert basecamp.one("account.json") == {"id": 4107294}
    sent = http.calls[0].request.headers
    assert sent["User-Agent"] == "Tests (tests@example.org)"
    assert sent["Authorization"] == "Bearer access"
    assert sent["Accept"] == "application/json"


def test_a_credential_of_the_machine_is_never_sent_instead(
    http: responses.RequestsMock, basecamp: api.Basecamp, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 3.basecampapi.example login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    http.get(f"{BASE}/account.json", json={})
    basecamp.one("account.json")
    assert http.calls[0].request.headers["Authorization"] == "Bearer access"


def test_a_listing_follows_its_links_as_they_are(http: responses.RequestsMock, basecamp: api.Basecamp) -> None:
    second = f"{BASE}/people.json?page=2&cursor=a%2Fb"
    http.get(f"{BASE}/people.json", json=[{"id": 1}], headers={**link(second), "X-Total-Count": "2"})
    http.get(second, json=[{"id": 2}], headers={"X-Total-Count": "2"})
    pages = list(basecamp.listing("people.json"))
    assert [page.records for page in pages] == [[{"id": 1}], [{"id": 2}]]
    assert [page.total for page in pages] == [2, 2]
    assert pages[1].position == second
    assert http.calls[1].request.url == second


def test_a_link_may_be_relative(http: responses.RequestsMock, basecamp: api.Basecamp) -> None:
    http.get(f"{BASE}/people.json", json=[1], headers=link("/4107294/people.json?page=2"))
    http.get(f"{BASE}/people.json?page=2", json=[2])
    assert [page.records for page in basecamp.listing("people.json")] == [[1], [2]]


def test_a_listing_ends_at_an_empty_page_that_names_a_next_one(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/people.json", json=[], headers=link(f"{BASE}/people.json?page=2"))
    assert [page.records for page in basecamp.listing("people.json")] == [[]]


def test_a_listing_ends_at_a_link_that_was_followed_before(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/people.json?page=1", json=[1], headers=link(f"{BASE}/people.json?page=2"))
    http.get(f"{BASE}/people.json?page=2", json=[2], headers=link(f"{BASE}/people.json?page=1"))
    assert [page.records for page in basecamp.listing_from(f"{BASE}/people.json?page=1")] == [[1], [2]]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/4107294/people.json",
        "http://3.basecampapi.example/4107294/people.json",
        "https://3.basecampapi.example:8443/x.json",
        "//elsewhere.example/x.json",
    ],
)
def test_a_link_to_another_origin_is_refused(
    http: responses.RequestsMock, basecamp: api.Basecamp, elsewhere: str
) -> None:
    http.get(f"{BASE}/people.json", json=[1], headers=link(elsewhere))
    with pytest.raises(BadPayload, match="another origin"):
        list(basecamp.listing("people.json"))
    assert len(http.calls) == 1


def test_the_recordings_are_asked_for_as_documented(http: responses.RequestsMock, basecamp: api.Basecamp) -> None:
    http.get(f"{BASE}/projects/recordings.json", json=[])
    list(basecamp.recordings("Kanban::Card", "archived", sort="updated_at", direction="desc", buckets="1,2"))
    assert http.calls[0].request.params == {  # type: ignore[attr-defined]
        "type": "Kanban::Card",
        "bucket": "1,2",
        "status": "archived",
        "sort": "updated_at",
        "direction": "desc",
    }


def test_without_projects_the_recordings_of_all_active_ones_are_meant(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/projects/recordings.json", json=[])
    list(basecamp.recordings("Todo", "active", sort="created_at", direction="asc"))
    assert "bucket" not in http.calls[0].request.params  # type: ignore[attr-defined]


@pytest.mark.parametrize("total", [None, "", "many", "-1", "1.5", " 7"])
def test_a_total_that_is_no_number_is_none(
    http: responses.RequestsMock, basecamp: api.Basecamp, total: str | None
) -> None:
    http.get(f"{BASE}/people.json", json=[], headers={"X-Total-Count": total} if total is not None else {})
    assert next(basecamp.listing("people.json")).total in (None, 7 if total == " 7" else None)


ANSWERS: list[tuple[int, type[SourceError]]] = [
    (302, SourceError),
    (400, Rejected),
    (401, Unauthorized),
    (403, Forbidden),
    (404, NotFound),
    (408, TimedOut),
    (410, NotFound),
    (415, Rejected),
    (422, Rejected),
    (429, RateLimited),
    (500, Unavailable),
    (502, Unavailable),
    (503, Unavailable),
    (504, TimedOut),
    (507, Rejected),
]


@pytest.mark.parametrize(("status", "kind"), ANSWERS)
def test_each_status_says_what_may_be_done(
    http: responses.RequestsMock, basecamp: api.Basecamp, status: int, kind: type[SourceError]
) -> None:
    http.get(f"{BASE}/people.json", status=status, json={"error": "no"}, headers={"X-Request-Id": "abc-1"})
    with pytest.raises(kind) as caught:
        list(basecamp.listing("people.json"))
    assert caught.value.status == status
    assert "abc-1" in str(caught.value)
    assert len(http.calls) == 1


def test_a_limit_of_the_account_is_no_failure_of_the_server(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/people.json", status=507, json={"error": "The project limit is reached."})
    with pytest.raises(Rejected) as caught:
        basecamp.one("people.json")
    assert not isinstance(caught.value, Unavailable)


def test_an_inactive_account_is_told_from_something_that_is_not_there(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/people.json", status=404, headers={"Reason": "Account Inactive"})
    with pytest.raises(Unauthorized, match="suspended or its trial has ended"):
        basecamp.one("people.json")


def test_the_wait_that_a_refusal_asks_for_is_kept(http: responses.RequestsMock, basecamp: api.Basecamp) -> None:
    http.get(f"{BASE}/people.json", status=429, headers={"Retry-After": "7"})
    with pytest.raises(RateLimited) as caught:
        basecamp.one("people.json")
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("wait", ["", "soon", "0", "-3"])
def test_a_wait_that_makes_no_sense_is_none(http: responses.RequestsMock, basecamp: api.Basecamp, wait: str) -> None:
    http.get(f"{BASE}/people.json", status=429, headers={"Retry-After": wait})
    with pytest.raises(RateLimited) as caught:
        basecamp.one("people.json")
    assert caught.value.retry_after is None


def test_a_request_without_a_name_is_told_by_the_text_of_the_answer(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    http.get(f"{BASE}/account.json", status=400, body="Please identify your app", content_type="text/plain")
    with pytest.raises(Rejected, match="Please identify your app"):
        basecamp.one("account.json")


@pytest.mark.parametrize("body", ["<html></html>", "", "[{", "NaN x", "[nan]"])
def test_a_success_that_is_not_json_is_a_bad_payload(
    http: responses.RequestsMock, basecamp: api.Basecamp, body: str
) -> None:
    http.get(f"{BASE}/account.json", body=body)
    with pytest.raises(BadPayload):
        basecamp.one("account.json")


@pytest.mark.parametrize("body", [[], None, "text", 5])
def test_an_object_is_expected_where_one_is_asked_for(
    http: responses.RequestsMock, basecamp: api.Basecamp, body: Any
) -> None:
    http.get(f"{BASE}/account.json", body=json.dumps(body))
    with pytest.raises(BadPayload, match="an object was expected"):
        basecamp.one("account.json")


@pytest.mark.parametrize("body", [{}, None, "text", 5])
def test_a_list_is_expected_where_one_is_asked_for(
    http: responses.RequestsMock, basecamp: api.Basecamp, body: Any
) -> None:
    http.get(f"{BASE}/people.json", body=json.dumps(body))
    with pytest.raises(BadPayload, match="a list was expected"):
        list(basecamp.listing("people.json"))


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError("token=secret"), requests.exceptions.ChunkedEncodingError()]
)
def test_a_broken_connection_is_unavailable_and_shows_no_address(
    http: responses.RequestsMock, basecamp: api.Basecamp, failure: Exception
) -> None:
    http.get(f"{BASE}/people.json", body=failure)
    with pytest.raises(Unavailable) as caught:
        basecamp.one("people.json")
    assert "secret" not in str(caught.value)


def test_an_answer_that_takes_too_long_is_timed_out(http: responses.RequestsMock, basecamp: api.Basecamp) -> None:
    http.get(f"{BASE}/people.json", body=requests.ReadTimeout())
    with pytest.raises(TimedOut):
        basecamp.one("people.json")


def test_the_feed_yields_its_events_with_the_position_after_them(
    http: responses.RequestsMock, basecamp: api.Basecamp
) -> None:
    following = f"{BASE}/events.json?position=b"
    http.get(f"{BASE}/events.json?since=0", json={"events": [{"id": 1}], "position": "b", "next": following})
    http.get(following, json={"events": [], "position": "c"})
    pages = list(basecamp.feed({"since": "0"}))
    assert [(page.records, page.position) for page in pages] == [([{"id": 1}], "b"), ([], "c")]


@pytest.mark.parametrize("body", [[], {"events": None}, {"position": "a"}, None])
def test_a_feed_without_events_is_a_bad_payload(
    http: responses.RequestsMock, basecamp: api.Basecamp, body: Any
) -> None:
    http.get(f"{BASE}/events.json?since=0", json=body)
    with pytest.raises(BadPayload):
        list(basecamp.feed({"since": "0"}))


# Launchpad.


def test_a_refresh_token_is_exchanged_in_a_form(http: responses.RequestsMock) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "kept", "client_id": "id", "client_secret": "hidden"}
    http.post(
        f"{LAUNCHPAD}/authorization/token",
        json={"access_token": "new", "expires_in": 1_209_600},
        match=[responses.matchers.urlencoded_params_matcher(form)],
    )
    answer = api.exchange(Http(LAUNCHPAD, interpret=api.refusal), "id", "hidden", "kept")
    assert answer.json["access_token"] == "new"


@pytest.mark.parametrize(
    ("status", "body"), [(400, '{"error": "authorization_expired"}'), (401, "Unknown Basecamp ID"), (403, "no")]
)
def test_a_refused_refresh_token_is_final_and_says_what_to_do(
    http: responses.RequestsMock, status: int, body: str
) -> None:
    http.post(f"{LAUNCHPAD}/authorization/token", status=status, body=body)
    with pytest.raises(Unauthorized, match="authorise again") as caught:
        api.exchange(Http(LAUNCHPAD, interpret=api.refusal), "id", "hidden", "kept")
    assert "hidden" not in str(caught.value)
    assert "kept" not in str(caught.value)


def test_a_launchpad_that_fails_is_no_refusal(http: responses.RequestsMock) -> None:
    http.post(f"{LAUNCHPAD}/authorization/token", status=503)
    with pytest.raises(Unavailable):
        api.exchange(Http(LAUNCHPAD, interpret=api.refusal), "id", "hidden", "kept")


def test_only_accounts_of_this_product_count(http: responses.RequestsMock) -> None:
    listed = [{"id": 1, "product": "bcx"}, {"id": 2, "product": "bc3"}, {"id": 3, "product": "hey"}, {"id": 4}, None]
    http.get(f"{LAUNCHPAD}/authorization.json", json={"accounts": listed})
    assert [each["id"] for each in api.accounts(Http(LAUNCHPAD))] == [2, 4]


@pytest.mark.parametrize("body", [[], {}, {"accounts": None}, {"accounts": {}}])
def test_an_authorization_without_accounts_is_a_bad_payload(http: responses.RequestsMock, body: Any) -> None:
    http.get(f"{LAUNCHPAD}/authorization.json", json=body)
    with pytest.raises(BadPayload):
        api.accounts(Http(LAUNCHPAD))
