"""Faults are met by seed and URL, end where a client's patience may end, and can be cleared."""

from collections.abc import Iterable

import pytest
import requests

from sandbox.faults import FLAKY, ConnectionReset, Faults
from sandbox.transport import WsgiAdapter
from sandbox.web import Environ, StartResponse

BODY = b'[{"id": 1, "name": "a row"}, {"id": 2, "name": "another row"}]'


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]


def session_of(faults: Faults, sleeps: list[float] | None = None) -> requests.Session:
    session = requests.Session()
    waits = sleeps if sleeps is not None else []
    session.mount("http://vendor.test", WsgiAdapter(faults.wrap(application), waits.append))
    return session


def outcome(session: requests.Session, url: str, timeout: float = 30) -> str:
    try:
        answer = session.get(url, timeout=timeout)
    except requests.RequestException as error:
        return type(error).__name__
    if answer.status_code != 200:
        return f"{answer.status_code} {'Retry-After' in answer.headers}"
    try:
        return "good" if answer.json() else "empty"
    except ValueError:
        return answer.headers["Content-Type"].split(";")[0]


def outcomes(profile: str, seed: int = 1, count: int = 1500) -> list[str]:
    session = session_of(Faults(seed, profile))
    return [outcome(session, f"http://vendor.test/list?page={number % 500}") for number in range(count)]


def test_profile_none_never_fails() -> None:
    assert set(outcomes("none", count=300)) == {"good"}


def test_flaky_shows_every_transient_fault() -> None:
    assert set(outcomes("flaky", count=6000)) == {
        "good",
        "429 True",
        "429 False",
        "500 False",
        "502 False",
        "503 False",
        "504 False",
        "ConnectionError",
        "ChunkedEncodingError",
        "text/html",
        "application/json",
    }


def test_the_same_seed_fails_in_the_same_places_and_another_one_elsewhere() -> None:
    assert outcomes("hostile") == outcomes("hostile")
    assert outcomes("hostile") != outcomes("hostile", seed=2)


def test_what_a_url_meets_does_not_depend_on_other_requests() -> None:
    faults, quiet = Faults(3, "hostile"), Faults(3, "hostile")
    faults.broken_share = quiet.broken_share = 0.0
    busy_session, quiet_session = session_of(faults), session_of(quiet)
    busy = []
    for number in range(200):
        outcome(busy_session, f"http://vendor.test/other?page={number}")
        busy.append(outcome(busy_session, "http://vendor.test/list"))
    assert busy == [outcome(quiet_session, "http://vendor.test/list") for _ in range(200)]


def test_no_url_fails_more_than_twice_in_a_row() -> None:
    faults = Faults(1, "flaky")
    faults.shares = dict.fromkeys(FLAKY, 0.11)
    session = session_of(faults)
    results = [outcome(session, "http://vendor.test/list") == "good" for _ in range(300)]
    longest = max(len(run) for run in "".join("." if good else "x" for good in results).split("."))
    assert longest == 2


def test_hostile_urls_that_are_broken_stay_broken_until_cleared() -> None:
    faults = Faults(1, "hostile", spare="/spared")
    faults.broken_share, faults.shares = 1.0, {}
    session = session_of(faults)
    assert [outcome(session, "http://vendor.test/list") for _ in range(5)] == ["500 False"] * 5
    assert outcome(session, "http://vendor.test/spared") == "good"
    faults.clear()
    assert outcome(session, "http://vendor.test/list") == "good"


def test_a_slow_answer_waits_and_a_slower_one_meets_the_timeout() -> None:
    sleeps: list[float] = []
    faults = Faults(1, "flaky")
    faults.shares = {"slow": 1.0}
    session = session_of(faults, sleeps)
    assert outcome(session, "http://vendor.test/list", timeout=60) == "good"
    assert 1 <= sum(sleeps) <= 12
    sleeps.clear()
    assert outcome(session, "http://vendor.test/list", timeout=0.5) == "ReadTimeout"
    assert sum(sleeps) == 0.5


def test_outside_of_the_transport_slow_answers_use_the_sleep_given() -> None:
    sleeps: list[float] = []
    faults = Faults(1, "flaky", sleep=sleeps.append)
    faults.shares = {"slow": 1.0}
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}
    list(faults.wrap(application)(environ, lambda *_: None))
    assert len(sleeps) == 1


def test_a_rule_breaks_a_path_for_a_number_of_times() -> None:
    faults = Faults()
    faults.break_path("/list", status=503, times=2)
    session = session_of(faults)
    assert [outcome(session, "http://vendor.test/list") for _ in range(3)] == ["503 False", "503 False", "good"]
    assert outcome(session, "http://vendor.test/other") == "good"


def test_a_rule_may_reset_the_connection() -> None:
    faults = Faults()
    faults.break_path("page=2", status=0)
    session = session_of(faults)
    assert outcome(session, "http://vendor.test/list?page=2") == "ConnectionError"
    with pytest.raises(ConnectionReset):
        faults.wrap(application)(
            {"REQUEST_METHOD": "GET", "PATH_INFO": "/list", "QUERY_STRING": "page=2"}, lambda *_: None
        )


def test_an_unknown_profile_or_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of none, flaky, hostile"):
        Faults(1, "mean")
    with pytest.raises(ValueError, match="expected one of null"):
        Faults().break_record("todo", 1, "round")
