"""Tokens: how long they live, when the refresh token is another one, and what is never forgiven. quickbooks.md 2."""

from collections.abc import Callable
from typing import Any

import requests

from tests.sandbox.quickbooks.conftest import ORIGIN

DAY = 86_400


def test_a_refresh_token_buys_an_access_token_for_an_hour(quickbooks: Any) -> None:
    body = quickbooks.refresh().json()
    assert body["token_type"] == "bearer" and body["expires_in"] == 3_600
    assert 8_640_000 <= body["x_refresh_token_expires_in"] <= 8_730_000
    quickbooks.session.headers["Authorization"] = f"Bearer {body['access_token']}"
    quickbooks.clock.time += 3_590
    assert quickbooks.asked("SELECT * FROM Term").status_code == 200
    quickbooks.clock.time += 20
    assert quickbooks.asked("SELECT * FROM Term").status_code == 401


def test_within_a_day_the_same_refresh_token_comes_back(quickbooks: Any) -> None:
    first = quickbooks.settings["refresh_token"]
    for _ in range(23):
        quickbooks.clock.time += 3_600
        assert quickbooks.refresh(first).json()["refresh_token"] == first


def test_after_a_day_it_is_another_one_and_the_old_one_is_dead(quickbooks: Any) -> None:
    first = quickbooks.settings["refresh_token"]
    quickbooks.clock.time += DAY
    second = quickbooks.refresh(first).json()["refresh_token"]
    assert second != first
    for _ in range(2):
        answer = quickbooks.refresh(first)
        assert answer.status_code == 400 and answer.json()["error"] == "invalid_grant"
    assert quickbooks.refresh(second).status_code == 200


def test_the_old_one_may_be_given_grace(make: Callable[..., Any]) -> None:
    quickbooks = make(old_token_grace_seconds=600)
    first = quickbooks.settings["refresh_token"]
    quickbooks.clock.time += DAY
    second = quickbooks.refresh(first).json()["refresh_token"]
    quickbooks.clock.time += 599
    assert quickbooks.refresh(first).json()["refresh_token"] == second
    quickbooks.clock.time += 2
    assert quickbooks.refresh(first).status_code == 400


def test_a_refresh_token_that_is_not_used_dies_after_a_hundred_days(quickbooks: Any) -> None:
    token = quickbooks.settings["refresh_token"]
    for _ in range(3):
        quickbooks.clock.time += 60 * DAY
        token = quickbooks.refresh(token).json()["refresh_token"]
    quickbooks.clock.time += 102 * DAY
    assert quickbooks.refresh(token).json()["error"] == "invalid_grant"


def test_a_new_consent_gives_another_token_and_revoking_ends_all(quickbooks: Any) -> None:
    first, second = quickbooks.settings["refresh_token"], quickbooks.vendor.intuit.consent()
    assert first != second == quickbooks.vendor.configuration(ORIGIN)["refresh_token"]
    assert quickbooks.refresh(second).status_code == 200
    quickbooks.vendor.intuit.revoke()
    assert quickbooks.refresh(second).status_code == 400
    assert quickbooks.asked("SELECT * FROM Term").status_code == 401


def test_a_wrong_secret_is_an_invalid_client(quickbooks: Any) -> None:
    answer = quickbooks.refresh(secret="wrong")
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    naked = requests.Session.post(
        quickbooks.session, quickbooks.settings["token_url"], data={"grant_type": "refresh_token"}
    )
    assert naked.status_code == 401


def test_a_client_may_say_who_it_is_in_the_form_instead_of_the_header_but_not_in_both(quickbooks: Any) -> None:
    settings = quickbooks.settings
    del quickbooks.session.headers["Authorization"]
    who = {name: settings[name] for name in ("client_id", "client_secret")}
    body = {"grant_type": "refresh_token", "refresh_token": settings["refresh_token"]}

    def post(**sent: Any) -> Any:
        return requests.Session.post(quickbooks.session, settings["token_url"], **sent)

    assert post(data=body | who).json()["token_type"] == "bearer"
    wrong = {**who, "client_secret": "wrong"}
    both = tuple(who.values())
    for answer in (post(data=body | wrong), post(data=body, params=who), post(data=body | who, auth=both)):
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    found = quickbooks.session.get(f"{ORIGIN}/.well-known/openid_configuration").json()
    assert set(found["token_endpoint_auth_methods_supported"]) == {"client_secret_post", "client_secret_basic"}
    revoked = requests.Session.post(
        quickbooks.session, f"{ORIGIN}/v2/oauth2/tokens/revoke", data={"token": settings["refresh_token"], **who}
    )
    assert revoked.status_code == 200 and post(data=body | who).json()["error"] == "invalid_grant"


def test_a_consent_ends_however_often_its_tokens_are_used_and_its_rest_is_told_if_asked(quickbooks: Any) -> None:
    quickbooks.vendor.options.grant_lifetime_seconds = 90 * DAY
    token = quickbooks.settings["refresh_token"]
    quickbooks.clock.time += 60 * DAY
    token = quickbooks.refresh(token).json()["refresh_token"]
    quickbooks.session.headers["x-include-refresh-token-hard-expires-in"] = "true"
    body = quickbooks.refresh(token).json()
    assert abs(body["x_refresh_token_hard_expires_in"] - 30 * DAY) < 60
    quickbooks.clock.time += 31 * DAY
    assert quickbooks.refresh(token).json()["error"] == "invalid_grant"


def test_tokens_hold_characters_that_a_form_must_encode(quickbooks: Any) -> None:
    token = quickbooks.settings["refresh_token"]
    assert {"+", "/", "="} <= set(token)
    settings = quickbooks.settings
    raw = requests.Session.post(
        quickbooks.session,
        settings["token_url"],
        data=f"grant_type=refresh_token&refresh_token={token}",
        auth=(settings["client_id"], settings["client_secret"]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert raw.json()["error"] == "invalid_grant"


def test_parameters_in_the_address_are_no_form(quickbooks: Any) -> None:
    settings = quickbooks.settings
    asked = {"grant_type": "refresh_token", "refresh_token": settings["refresh_token"]}
    who = (settings["client_id"], settings["client_secret"])
    answer = requests.Session.post(quickbooks.session, settings["token_url"], params=asked, auth=who)
    assert answer.status_code == 400


def test_the_token_endpoint_is_neither_metered_nor_limited(quickbooks: Any) -> None:
    assert {quickbooks.refresh().status_code for _ in range(40)} == {200}
    assert quickbooks.vendor.statistics["metered"] == 0
    assert quickbooks.vendor.statistics["refreshed"] == 40


def test_the_discovery_document_names_the_endpoints(quickbooks: Any) -> None:
    found = quickbooks.session.get(f"{ORIGIN}/.well-known/openid_configuration").json()
    assert found["token_endpoint"] == quickbooks.settings["token_url"]


def test_the_same_seed_gives_the_same_tokens(make: Callable[..., Any]) -> None:
    one, other, third = make(seed=1), make(seed=1), make(seed=2)
    assert one.settings == other.settings
    assert one.settings["refresh_token"] != third.settings["refresh_token"]
    assert one.settings["realm_id"] != third.settings["realm_id"]
