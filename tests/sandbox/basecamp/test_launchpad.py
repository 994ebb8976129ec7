"""Consent, tokens and the list of accounts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.basecamp.options import Options

TOKEN = "http://basecamp.test/authorization/token"


def secrets(reader: Any, **more: str) -> dict[str, str]:
    launchpad = reader.vendor.launchpad
    own = {"client_id": launchpad.client_id, "client_secret": launchpad.client_secret}
    return {"grant_type": "refresh_token", "refresh_token": launchpad.refresh_token, **own, **more}


def test_a_refresh_answers_a_token_of_two_weeks(basecamp: Any) -> None:
    payload = basecamp.ask(TOKEN, "POST", data=secrets(basecamp)).json()
    assert payload["token_type"] == "Bearer"
    assert payload["expires_in"] == 1_209_600
    assert payload["refresh_token"] == basecamp.vendor.launchpad.refresh_token


def test_parameters_may_stand_in_the_query_string_and_in_old_spellings(basecamp: Any) -> None:
    assert basecamp.ask(TOKEN, "POST", params=secrets(basecamp)).status_code == 200
    old = {key: value for key, value in secrets(basecamp, type="refresh").items() if key != "grant_type"}
    assert basecamp.ask(TOKEN, "POST", data=old).status_code == 200


@pytest.mark.parametrize("status", [400, 401])
def test_a_dead_refresh_token_is_refused_for_good(make: Callable[..., Any], status: int) -> None:
    reader = make(options=Options(invalid_refresh_status=status))
    reader.vendor.launchpad.revoke()
    answer = reader.ask(TOKEN, "POST", data=secrets(reader))
    assert answer.status_code == status
    if status == 400:
        assert answer.json() == {"error": "authorization_expired"}
    else:
        assert "Unknown Basecamp ID" in answer.text


def test_a_wrong_client_secret_is_refused(basecamp: Any) -> None:
    assert basecamp.ask(TOKEN, "POST", data=secrets(basecamp, client_secret="wrong")).status_code == 401
    assert basecamp.ask(TOKEN, "POST", data=secrets(basecamp, grant_type="password")).status_code == 400


def test_the_refresh_token_can_be_made_to_rotate(make: Callable[..., Any]) -> None:
    reader = make(options=Options(refresh_rotates=True))
    old = secrets(reader)
    new = reader.ask(TOKEN, "POST", data=old).json()["refresh_token"]
    assert new != old["refresh_token"]
    assert reader.ask(TOKEN, "POST", data=old).status_code == 400
    assert reader.ask(TOKEN, "POST", data={**old, "refresh_token": new}).status_code == 200


def test_a_rotated_token_works_on_for_the_grace_time(make: Callable[..., Any]) -> None:
    reader = make(options=Options(refresh_rotates=True, old_token_grace_seconds=60))
    old = secrets(reader)
    reader.ask(TOKEN, "POST", data=old)
    assert reader.ask(TOKEN, "POST", data=old).status_code == 200
    reader.clock.time += 60
    assert reader.ask(TOKEN, "POST", data=old).status_code == 400


def test_the_answer_may_lack_a_refresh_token(make: Callable[..., Any]) -> None:
    reader = make(options=Options(refresh_answer_has_token=False))
    assert "refresh_token" not in reader.ask(TOKEN, "POST", data=secrets(reader)).json()


def test_consent_gives_a_code_that_works_once(basecamp: Any) -> None:
    query = {"client_id": basecamp.vendor.launchpad.client_id, "redirect_uri": "http://here.test/back", "state": "s"}
    answer = basecamp.ask("http://basecamp.test/authorization/new", params=query)
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    form = secrets(basecamp, grant_type="authorization_code", code=back["code"][0], redirect_uri=query["redirect_uri"])
    tokens = basecamp.ask(TOKEN, "POST", data=form).json()
    assert basecamp.ask(TOKEN, "POST", data=form).status_code == 400
    renewed = basecamp.ask(TOKEN, "POST", data=secrets(basecamp, refresh_token=tokens["refresh_token"]))
    assert renewed.status_code == 200


def test_the_account_stands_among_other_products(basecamp: Any) -> None:
    payload = basecamp.one("http://basecamp.test/authorization.json")
    ours = [account for account in payload["accounts"] if account["product"] == "bc3"]
    assert [account["id"] for account in ours] == [basecamp.vendor.account_id]
    assert ours[0]["href"] == basecamp.base
    assert len(payload["accounts"]) > 1
    assert "Z" not in payload["expires_at"]
    assert payload["identity"]["id"] not in basecamp.vendor.store.people


def test_the_list_of_accounts_needs_a_token(basecamp: Any) -> None:
    answer = basecamp.ask("http://basecamp.test/authorization.json", headers={"Authorization": ""})
    assert answer.status_code == 401


def test_tokens_can_be_made_to_live_shorter_and_to_end_at_once(make: Callable[..., Any]) -> None:
    reader = make(options=Options(token_lifetime_seconds=3600))
    reader.clock.time += 3600
    assert reader.ask("account.json").status_code == 401
    reader.renew()
    assert reader.ask("account.json").status_code == 200
    reader.vendor.launchpad.expire_access_tokens()
    assert reader.ask("account.json").status_code == 401


def test_launchpad_has_a_window_of_its_own(basecamp: Any) -> None:
    for _ in range(51):
        answer = basecamp.session.post(TOKEN, data=secrets(basecamp))
    assert answer.status_code == 429
    assert basecamp.session.get(f"{basecamp.base}/account.json").status_code == 200
