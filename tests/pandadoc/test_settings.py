"""The settings, and the setup tests."""

from typing import Any

import fivetran_connector_sdk
import pytest

from pandadoc import settings
from sandbox.clock import VirtualClock
from shared.access import Access
from shared.errors import ConfigurationError, SourceError
from shared.redaction import Secrets
from shared.setup import form, prepared
from shared.workers import Desk
from tests.destination import Stop
from tests.pandadoc.account import Account, account, only

KEY = {"api_key": "hidden key"}
OAUTH = {"client_id": "id", "client_secret": "hidden secret", "refresh_token": "hidden token"}
VALID, READABLE = "The credential is valid", "Documents are readable"
FEW = only("contact", "member")


@pytest.mark.parametrize("given", [KEY, OAUTH, {**KEY, **OAUTH}])
def test_a_key_or_oauth_is_enough(given: dict[str, str]) -> None:
    assert settings.CONFIGURATION.read(given)["region"] == "us"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "api_key is missing"),
        ({"api_key": " "}, "api_key is missing"),
        ({"client_id": "id"}, "client_secret and refresh_token is missing"),
        ({**OAUTH, "client_id": ""}, "client_id is missing"),
    ],
)
def test_without_a_whole_credential_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=missing):
        settings.CONFIGURATION.read(given)


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({}, "https://api.pandadoc.com"),
        ({"region": "us"}, "https://api.pandadoc.com"),
        ({"region": "eu"}, "https://api.pandadoc.eu"),
        ({"region": "eu", "base_url": "https://eu.example"}, "https://eu.example"),
    ],
)
def test_the_region_decides_the_host_unless_one_is_configured(given: dict[str, str], host: str) -> None:
    assert settings.host_of(settings.CONFIGURATION.read({**KEY, **given})) == host


@pytest.mark.parametrize(
    "wrong",
    [
        {"key_type": "test"},
        {"region": "de"},
        {"reread_open_documents": "some"},
        {"base_url": "https://a.example/path"},
        {"base_url": "http://a.example"},
    ],
)
def test_a_value_that_is_none_of_its_kind_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=f"{next(iter(wrong))} must be"):
        settings.CONFIGURATION.read({**KEY, **wrong})


def test_all_credentials_but_the_client_id_are_secret() -> None:
    hidden = settings.CONFIGURATION.secrets({**KEY, **OAUTH})
    assert hidden.hide("hidden key, hidden secret, hidden token") == "***, ***, ***"


def test_the_form_is_one_that_the_sdk_takes() -> None:
    assert form(fivetran_connector_sdk, settings.CONFIGURATION, [])


@pytest.mark.parametrize(
    ("operation", "production"),
    [("list", 2000), ("document details", 600), ("template details", 300), ("contacts", 100)],
)
def test_every_operation_has_the_documented_limit(operation: str, production: int) -> None:
    assert settings.requests_a_minute(operation, "production") == production
    assert settings.requests_a_minute(operation, "sandbox") == 10


def test_operations_do_not_wait_for_each_other() -> None:
    clock, values = VirtualClock(), settings.CONFIGURATION.read({**KEY, "key_type": "sandbox"})
    made = settings.connect(Access(values, Secrets(), clock, Desk(clock)))
    assert made._operation("contacts") is made._operation("contacts") is not made._operation("members")


def test_a_sandbox_key_is_kept_to_ten_requests_a_minute_of_each_operation() -> None:
    here = account(sandbox_key=True, settings={"streams": only("document"), "reread_open_documents": "off"})
    assert here.configuration["key_type"] == "sandbox"
    here.sync()
    assert here.vendor.statistics["429"] == 0
    assert here.differences("document", "document_recipient") == []


# OAuth 2.


def with_oauth(**options: Any) -> Account:
    here = account(**options)
    here.settings = {**here.vendor.oauth_configuration("https://vendor.test"), "api_key": "", "streams": FEW}
    return here


def test_with_oauth_the_same_lands() -> None:
    here = with_oauth()
    here.sync()
    assert here.differences("contact", "member") == []
    assert len(here.asked("/oauth2/access_token")) == 1


def test_an_access_token_is_used_until_it_is_rejected_and_then_replaced_once() -> None:
    here = with_oauth(access_token_requests=3)
    here.sync()
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert here.differences("contact", "member") == []
    assert 1 < len(here.asked("/oauth2/access_token")) <= 4
    assert here.destination.errors == []


def test_a_rotated_refresh_token_is_saved_at_once_and_never_in_the_clear() -> None:
    here = with_oauth()
    here.sync()
    assert here.destination.state["oauth"]
    assert here.settings["refresh_token"] not in str(here.destination.state)
    here.clock.advance(400 * 86_400.0)
    here.sync()
    assert here.destination.errors == [] and len(here.asked("/oauth2/access_token")) == 2


def test_a_refresh_token_that_is_refused_ends_the_sync_with_what_to_do() -> None:
    here = with_oauth()
    with pytest.raises(Stop, match="authorise again"):
        here.sync(refresh_token="canary-4711")


# The setup tests.


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Account:
    found = account()
    monkeypatch.setattr("shared.http.new_session", lambda: found.session)
    return found


def run_check(here: Account, label: str, **changes: str) -> None:
    prepared(settings.CONFIGURATION, settings.CHECKS, here.clock)[label]({**here.configuration, **changes})


@pytest.mark.parametrize("label", [VALID, READABLE])
def test_every_setup_test_passes_where_all_is_well(here: Account, label: str) -> None:
    run_check(here, label)
    assert len(here.requests) == 1


@pytest.mark.parametrize("label", [VALID, READABLE])
def test_no_setup_test_uses_up_a_refresh_token(here: Account, label: str) -> None:
    run_check(here, label, api_key="", **OAUTH)
    assert here.requests == []
    with pytest.raises(ConfigurationError, match="client_id is missing"):
        run_check(here, label, api_key="", **{**OAUTH, "client_id": ""})


def test_a_wrong_key_says_what_to_check(here: Account) -> None:
    for label in (VALID, READABLE):
        with pytest.raises(SourceError, match="check that api_key is a valid key") as caught:
            run_check(here, label, api_key="canary-4711")
        assert "canary" not in str(caught.value)


def test_a_credential_that_may_not_read_documents_is_told_so(here: Account) -> None:
    here.refuse(r"/v1/documents\?", 403)
    run_check(here, VALID)
    with pytest.raises(ConfigurationError, match="may not read documents.*owner is an administrator"):
        run_check(here, READABLE)
