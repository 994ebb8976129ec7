"""Tokens are refreshed once, saved at once, and shown to nobody."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from sandbox.web import Answer as WebAnswer
from sandbox.web import Environ, Request, StartResponse, json_answer, send
from shared.errors import BadPayload, Rejected, SourceError, Transient, Unauthorized, Unavailable
from shared.http import Answer, Http
from shared.oauth import EARLY_SECONDS, STATE_KEY, Standing, Tokens, refused, standing
from shared.redaction import Secrets
from shared.workers import Desk, Workers

CLIENT_SECRET = "canary-client-secret"
LIFETIME = 3_600.0


class Vendor:
    """Rotates the refresh token at every use; each works once."""

    def __init__(self, clock: VirtualClock, *, rotates: bool = True) -> None:
        self.clock = clock
        self.rotates = rotates
        self.valid = {"canary-refresh-0", "canary-pasted"}
        self.used: list[str] = []
        self.issued = 0
        self.threads: set[int] = set()
        self.broken: dict[str, Any] | None = None
        session = requests.Session()
        session.mount("https://vendor.test", WsgiAdapter(self, sleep=clock.sleep, latency=0.3))
        self.http = Http("https://vendor.test", session=session)

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        token = Request(environ).form["refresh_token"]
        self.threads.add(threading.get_ident())
        if self.broken is not None:
            return send(json_answer(self.broken), environ, start_response)
        if token not in self.valid:
            return send(json_answer({"error": "invalid_grant"}, 400), environ, start_response)
        self.used.append(token)
        self.issued += 1
        body: dict[str, Any] = {"access_token": f"canary-access-{self.issued}", "expires_in": LIFETIME}
        if self.rotates:
            self.valid = (self.valid - {token}) | {f"canary-refresh-{self.issued}"}
            body["refresh_token"] = f"canary-refresh-{self.issued}"
        return send(json_answer(body), environ, start_response)

    def exchange(self, token: str) -> Answer:
        return self.http.post("token", data={"refresh_token": token})


@pytest.fixture
def vendor(clock: VirtualClock) -> Iterator[Vendor]:
    yield Vendor(clock)


def tokens(
    vendor: Vendor,
    state: dict[str, Any],
    configured: str = "canary-refresh-0",
    *,
    client_secret: str = CLIENT_SECRET,
    desk: Desk | None = None,
    secrets: Secrets | None = None,
    persist: Callable[[], None] = lambda: None,
) -> Tokens:
    return Tokens(
        state,
        refresh_token=configured,
        client_secret=client_secret,
        exchange=vendor.exchange,
        clock=vendor.clock,
        desk=desk or Desk(vendor.clock),
        secrets=secrets or Secrets(),
        persist=persist,
    )


def test_the_first_access_exchanges_the_configured_token(vendor: Vendor) -> None:
    assert tokens(vendor, {}).access() == "canary-access-1"
    assert vendor.used == ["canary-refresh-0"]


def test_a_rotated_token_is_in_the_state_when_it_is_persisted_and_before_it_is_used(vendor: Vendor) -> None:
    state: dict[str, Any] = {}
    saved: list[dict[str, Any]] = []
    ours = tokens(vendor, state, persist=lambda: saved.append(dict(state)))
    assert saved == []
    ours.access()
    assert len(saved) == 1
    vendor.clock.advance(LIFETIME)
    assert tokens(vendor, saved[0]).access() == "canary-access-2"
    assert vendor.used == ["canary-refresh-0", "canary-refresh-1"]


def test_a_failing_save_is_not_hidden(vendor: Vendor) -> None:
    def persist() -> None:
        raise OSError("no warehouse")

    with pytest.raises(OSError, match="no warehouse"):
        tokens(vendor, {}, persist=persist).access()


def test_an_access_token_is_kept_until_shortly_before_it_expires(vendor: Vendor, clock: VirtualClock) -> None:
    state: dict[str, Any] = {}
    assert tokens(vendor, state).access() == "canary-access-1"
    clock.advance(LIFETIME - EARLY_SECONDS - 1.0)
    assert tokens(vendor, state).access() == "canary-access-1"
    clock.advance(2.0)
    assert tokens(vendor, state).access() == "canary-access-2"


def test_it_can_be_told_whether_the_configured_token_is_no_longer_the_one_that_counts(vendor: Vendor) -> None:
    state: dict[str, Any] = {}
    ours = tokens(vendor, state)
    assert ours.rotated is None
    ours.access()
    assert ours.rotated == "canary-refresh-1"
    assert tokens(vendor, state, "canary-refresh-1").rotated is None


def test_a_refused_refresh_token_is_sent_once_however_many_ask(vendor: Vendor) -> None:
    asked: list[str] = []

    def exchange(token: str) -> Answer:
        asked.append(token)
        raise Unauthorized("authorise again")

    ours = tokens(vendor, {})
    ours._exchange = exchange
    for _ in range(3):
        with pytest.raises(Unauthorized, match="authorise again"):
            ours.access()
    assert len(asked) == 1


def test_a_rejected_token_is_replaced_even_if_it_has_not_expired(vendor: Vendor) -> None:
    ours = tokens(vendor, {})
    first = ours.access()
    assert ours.access(first) == "canary-access-2"


def test_a_token_that_another_thread_has_replaced_meanwhile_is_not_replaced_again(vendor: Vendor) -> None:
    ours = tokens(vendor, {})
    first = ours.access()
    second = ours.access(first)
    assert ours.access(first) == second
    assert vendor.issued == 2


def test_a_newly_configured_token_wins(vendor: Vendor) -> None:
    state: dict[str, Any] = {}
    tokens(vendor, state).access()
    assert tokens(vendor, state, "canary-pasted").access() == "canary-access-2"
    assert vendor.used == ["canary-refresh-0", "canary-pasted"]


def test_an_old_token_that_is_configured_again_does_not_win(vendor: Vendor, clock: VirtualClock) -> None:
    state: dict[str, Any] = {}
    for _ in range(3):
        tokens(vendor, state).access()
        clock.advance(LIFETIME)
    tokens(vendor, state, "canary-pasted").access()
    clock.advance(LIFETIME)
    for old in ("canary-refresh-0", "canary-refresh-1", "canary-refresh-2", "canary-pasted"):
        tokens(vendor, state, old).access()
        clock.advance(LIFETIME)
    assert vendor.used == [
        "canary-refresh-0",
        "canary-refresh-1",
        "canary-refresh-2",
        "canary-pasted",
        "canary-refresh-4",
        "canary-refresh-5",
        "canary-refresh-6",
        "canary-refresh-7",
    ]


def test_another_client_secret_makes_the_stored_tokens_unreadable_and_the_configured_one_count(vendor: Vendor) -> None:
    state: dict[str, Any] = {}
    tokens(vendor, state).access()
    tokens(vendor, state, "canary-pasted", client_secret="another-client-secret").access()
    assert vendor.used == ["canary-refresh-0", "canary-pasted"]


@pytest.mark.parametrize("damaged", ["", "nonsense", None, 7, {}])
def test_a_damaged_store_leaves_the_configured_token(vendor: Vendor, damaged: Any) -> None:
    assert tokens(vendor, {STATE_KEY: damaged}).access() == "canary-access-1"


def test_a_vendor_that_does_not_rotate_keeps_the_refresh_token(clock: VirtualClock) -> None:
    vendor, state = Vendor(clock, rotates=False), dict[str, Any]()
    for _ in range(3):
        tokens(vendor, state).access()
        clock.advance(LIFETIME)
    assert vendor.used == ["canary-refresh-0"] * 3


def test_a_configured_token_that_was_used_up_long_ago_does_not_win(clock: VirtualClock) -> None:
    vendor, state = Vendor(clock), dict[str, Any]()
    for _ in range(100):
        tokens(vendor, state).access()
        clock.advance(LIFETIME)
    assert vendor.issued == 100


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in": 1},
        {"access_token": "a"},
        {"access_token": "", "expires_in": 1},
        {"access_token": 7, "expires_in": 1},
        {"access_token": "a", "expires_in": None},
        {"access_token": "a", "expires_in": "soon"},
        {"access_token": "a", "expires_in": 1, "refresh_token": 7},
    ],
)
def test_a_token_answer_that_is_none_is_a_bad_payload(vendor: Vendor, body: dict[str, Any]) -> None:
    vendor.broken = body
    state: dict[str, Any] = {}
    with pytest.raises(BadPayload):
        tokens(vendor, state).access()
    assert state == {}


def test_a_revoked_token_raises_what_the_vendor_says(vendor: Vendor) -> None:
    with pytest.raises(Rejected, match="invalid_grant"):
        tokens(vendor, {}, "canary-revoked").access()


CLIENT = "copy the client's id and secret"
TOKEN = "authorise again"


@pytest.mark.parametrize("status", [200, 400, 401, 403, 422])
@pytest.mark.parametrize(
    ("error", "said"), [("invalid_grant", TOKEN), ("authorization_expired", TOKEN), ("invalid_client", CLIENT)]
)
def test_a_body_with_an_error_is_a_refusal_whatever_the_status(error: str, said: str, status: int) -> None:
    refusal = meaning_of(json_answer({"error": error}, status))
    assert isinstance(refusal, Unauthorized) and refusal.message == said


@pytest.mark.parametrize("status", [400, 403])
def test_a_page_for_people_in_place_of_an_answer_is_trouble_that_passes(status: int) -> None:
    page = WebAnswer(status, b"\n<html><body>Request blocked</body></html>", {"Content-Type": "text/html"})
    assert isinstance(meaning_of(page), Unavailable)


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, {"error": "temporarily_unavailable"}), (503, {"error": "invalid_grant"}), (429, {"error": "slow_down"})],
)
def test_what_an_endpoint_says_of_itself_is_no_refusal(status: int, body: dict[str, str]) -> None:
    assert isinstance(meaning_of(json_answer(body, status)), Transient)


@pytest.mark.parametrize(("status", "words", "said"), [(401, b"Unknown ID", TOKEN), (400, b"invalid_client", CLIENT)])
def test_a_refusal_may_be_plain_text(status: int, words: bytes, said: str) -> None:
    refusal = meaning_of(WebAnswer(status, words, {"Content-Type": "text/plain"}))
    assert isinstance(refusal, Unauthorized) and refusal.message == said


def meaning_of(answer: WebAnswer) -> SourceError | None:
    """The error that a token endpoint's answer becomes, if any."""
    session = requests.Session()
    session.mount("https://vendor.test", WsgiAdapter(partial(send, answer), sleep=VirtualClock().sleep))
    http = Http("https://vendor.test", session=session, interpret=partial(refused, application=CLIENT, token=TOKEN))
    try:
        http.post("token")
    except SourceError as error:
        return error
    return None


def test_one_refresh_serves_eight_threads_and_the_main_thread_does_it(vendor: Vendor, clock: VirtualClock) -> None:
    desk = Desk(clock)
    state: dict[str, Any] = {}
    persisted_by: list[int] = []
    ours = tokens(vendor, state, desk=desk, persist=lambda: persisted_by.append(threading.get_ident()))
    readers: set[int] = set()

    def read() -> Iterator[str]:
        readers.add(threading.get_ident())
        first = ours.access()
        yield first
        clock.sleep(0.1)
        yield ours.access(first)

    with Workers(clock, 8) as workers:
        desk.on_errand = workers.wake
        found = [outcome.item for outcome in workers.interleave((read() for _ in range(8)), desk) if outcome.item]
    assert sorted(found) == ["canary-access-1"] * 8 + ["canary-access-2"] * 8
    assert vendor.issued == 2
    assert vendor.threads == {threading.get_ident()}
    assert persisted_by == [threading.get_ident()] * 2
    assert len(readers) == 8 and threading.get_ident() not in readers


def test_a_refused_refresh_reaches_every_thread_that_waits(vendor: Vendor, clock: VirtualClock) -> None:
    desk = Desk(clock)
    ours = tokens(vendor, {}, "canary-revoked", desk=desk)

    def read() -> Iterator[str]:
        yield ours.access()

    with Workers(clock, 4) as workers:
        desk.on_errand = workers.wake
        errors = [outcome.error for outcome in workers.interleave((read() for _ in range(4)), desk)]
    assert [type(error) for error in errors] == [Rejected] * 4


def test_nothing_secret_is_in_the_state_or_in_a_repr(vendor: Vendor, clock: VirtualClock) -> None:
    state: dict[str, Any] = {}
    ours = tokens(vendor, state)
    for _ in range(3):
        ours.access()
        clock.advance(LIFETIME)
    assert "canary" not in json.dumps(state)
    assert "canary" not in repr(ours)


def test_every_token_is_hidden_from_texts_as_soon_as_it_is_known(vendor: Vendor) -> None:
    secrets = Secrets()
    ours = tokens(vendor, {}, secrets=secrets)
    assert secrets.hide("canary-refresh-0") == "***"
    first = ours.access()
    second = ours.access(first)
    for token in ("canary-refresh-1", "canary-refresh-2", first, second):
        assert secrets.hide(token) == "***"


def test_a_state_tells_the_token_in_use_from_one_that_was_replaced_and_from_a_new_one(vendor: Vendor) -> None:
    state: dict[str, Any] = {}
    tokens(vendor, state).access()

    def of(refresh_token: str, client_secret: str = CLIENT_SECRET) -> Standing:
        return standing(state, refresh_token=refresh_token, client_secret=client_secret)

    assert of("canary-refresh-1") is Standing.CURRENT
    assert of("canary-refresh-0") is Standing.REPLACED
    assert of("canary-pasted") is Standing.NEW
    assert of("canary-refresh-1", client_secret="canary-another-one") is Standing.UNKNOWN
    assert standing({}, refresh_token="canary-refresh-0", client_secret=CLIENT_SECRET) is Standing.UNKNOWN
