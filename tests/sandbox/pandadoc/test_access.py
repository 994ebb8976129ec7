"""Who may ask: API keys and OAuth 2.0. pandadoc.md 2 and 4."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.pandadoc.conftest import ORIGIN, Reader

FORM = "application/x-www-form-urlencoded"


def token(reader: Reader, **form: str) -> requests.Response:
    settings = reader.vendor.oauth_configuration(ORIGIN)
    known = {name: settings[name] for name in ("client_id", "client_secret")}
    return reader.session.post(f"{ORIGIN}/oauth2/access_token", data={**known, **form})


def refreshed(reader: Reader, refresh_token: str | None = None) -> requests.Response:
    return token(reader, grant_type="refresh_token", refresh_token=refresh_token or reader.vendor.access.refresh_token)


def by_token(reader: Reader) -> dict[str, Any]:
    answer: dict[str, Any] = refreshed(reader).json()
    reader.session.headers["Authorization"] = f"Bearer {answer['access_token']}"
    return answer


@pytest.mark.parametrize("header", [None, "", "API-Key", "API-Key ", "API-Key wrong", "Bearer wrong", "Basic eDp5"])
def test_without_a_key_or_token_everything_is_refused(pandadoc: Reader, header: Any) -> None:
    pandadoc.session.headers["Authorization"] = header
    status, body = pandadoc.refused("v1/documents")
    assert (status, body["type"]) == (401, "authentication_error")
    status, body = pandadoc.refused("v2/logs")
    assert (status, body["code"]) == (401, "unauthorized")
    assert not any(entry.authenticated for entry in pandadoc.vendor.requests)


def test_the_word_before_the_key_is_api_key_and_nothing_else(pandadoc: Reader) -> None:
    for scheme in ("Bearer", "api-key", "Key"):
        pandadoc.session.headers["Authorization"] = f"{scheme} {pandadoc.vendor.access.api_key}"
        assert pandadoc.ask("v1/documents").status_code == 401


def test_a_key_whose_owner_left_is_refused(pandadoc: Reader) -> None:
    assert pandadoc.ask("v1/members/current").status_code == 200
    pandadoc.vendor.access.deactivate_key()
    assert pandadoc.refused("v1/members/current") == (401, {"type": "authentication_error", "detail": "Invalid key."})


def test_a_refresh_gives_a_token_for_a_year_and_another_refresh_token(pandadoc: Reader) -> None:
    old = pandadoc.vendor.access.refresh_token
    answer = by_token(pandadoc)
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 31_535_999, "read+write")
    assert answer["refresh_token"] != old
    assert pandadoc.ask("v1/documents").status_code == 200
    assert (refreshed(pandadoc, old).status_code, refreshed(pandadoc, old).json()) == (400, {"error": "invalid_grant"})
    assert refreshed(pandadoc, answer["refresh_token"]).status_code == 200


def test_the_old_refresh_token_may_live_on_for_a_while_or_for_ever(make: Callable[..., Reader]) -> None:
    reader = make(old_token_grace_seconds=60)
    old = reader.vendor.access.refresh_token
    assert [refreshed(reader, old).status_code for _ in range(2)] == [200, 200]
    reader.clock.time += 61
    assert refreshed(reader, old).status_code == 400
    reader = make(refresh_rotates=False)
    assert refreshed(reader).json()["refresh_token"] == reader.vendor.access.refresh_token


def test_a_token_dies_of_age_and_of_use(make: Callable[..., Reader]) -> None:
    reader = make(access_token_seconds=600)
    by_token(reader)
    assert reader.ask("v1/documents").status_code == 200
    reader.clock.time += 600
    assert reader.ask("v1/documents").status_code == 401
    reader = make(access_token_requests=3)
    by_token(reader)
    assert [reader.ask("v1/contacts").status_code for _ in range(4)] == [200, 200, 200, 401]
    by_token(reader)
    assert reader.ask("v1/contacts").status_code == 200


def test_consent_that_was_taken_back_is_final(pandadoc: Reader) -> None:
    by_token(pandadoc)
    pandadoc.vendor.access.revoke()
    assert pandadoc.ask("v1/contacts").status_code == 401
    assert refreshed(pandadoc).status_code == 400


def test_a_code_can_be_exchanged_once(pandadoc: Reader) -> None:
    code = pandadoc.vendor.access.consent()
    assert token(pandadoc, grant_type="authorization_code", code=code).status_code == 200
    again = token(pandadoc, grant_type="authorization_code", code=code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


def test_the_token_endpoint_reads_a_form_body_only(pandadoc: Reader) -> None:
    settings = pandadoc.vendor.oauth_configuration(ORIGIN)
    form = {name: settings[name] for name in ("client_id", "client_secret", "refresh_token")}
    form["grant_type"] = "refresh_token"
    url = f"{ORIGIN}/oauth2/access_token"
    assert pandadoc.session.post(url, json=form).status_code == 400
    assert pandadoc.session.post(url, params=form).status_code == 400
    assert pandadoc.session.get(url, params=form).status_code == 404
    assert pandadoc.session.post(url, data={**form, "client_secret": "x"}).json() == {"error": "invalid_client"}
    assert pandadoc.session.post(url, data={**form, "grant_type": "password"}).json() == {
        "error": "unsupported_grant_type"
    }
    assert pandadoc.session.post(url, data=form).status_code == 200


def test_organization_and_administrator_endpoints_refuse_others(make: Callable[..., Reader]) -> None:
    reader = make(organization_admin=False, workspace_admin=False)
    for path in ("v1/users", "v1/workspaces"):
        status, body = reader.refused(path)
        assert (status, body["type"]) == (403, "permissions_error") and body["links"]
    id = reader.documents(status=2)[0]["id"]
    assert reader.refused(f"v2/documents/{id}/audit-trail")[1]["code"] == "forbidden"
    assert reader.ask("v2/notary/notaries").status_code == 403


def test_any_resource_can_be_refused(make: Callable[..., Reader]) -> None:
    reader = make(refused={"contacts": 403, "forms": 404})
    assert [reader.ask(f"v1/{path}").status_code for path in ("contacts", "forms", "members")] == [403, 404, 200]


def test_the_configuration_says_of_which_kind_the_key_is(make: Callable[..., Reader]) -> None:
    reader = make(sandbox_key=True)
    assert reader.vendor.configuration(ORIGIN) == {
        "api_key": reader.vendor.access.api_key,
        "base_url": ORIGIN,
        "key_type": "sandbox",
    }
    assert set(make().vendor.oauth_configuration(ORIGIN)) == {"client_id", "client_secret", "refresh_token", "base_url"}
