"""The settings, and the setup tests."""

import fivetran_connector_sdk
import pytest

from copper import settings
from shared.errors import ConfigurationError, SourceError
from shared.setup import form, prepared
from tests.contract.world import World
from tests.copper.account import account

GOOD = {"api_key": "hidden key", "user_email": "owner@example.com"}
VALID, READABLE = "The key and the e-mail are valid", "Every table is readable"


@pytest.mark.parametrize("value", ["owner", "a b@example.com", "@", "owner@"])
def test_an_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="user_email must be an e-mail address"):
        settings.CONFIGURATION.read({**GOOD, "user_email": value})


def test_the_vendors_own_address_is_the_default() -> None:
    assert settings.CONFIGURATION.read(GOOD)["base_url"] == "https://api.copper.com/developer_api/v1"


def test_the_key_is_secret() -> None:
    assert settings.CONFIGURATION.secrets(GOOD).hide("hidden key of owner@example.com") == "*** of owner@example.com"


def test_the_form_says_that_the_owner_of_the_key_must_be_an_administrator() -> None:
    key = next(setting for setting in settings.CONFIGURATION.settings if setting.name == "api_key")
    assert "must be an administrator" in key.description
    assert form(fivetran_connector_sdk, settings.CONFIGURATION, [])


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> World:
    found = account()
    monkeypatch.setattr("shared.http.new_session", lambda: found.session)
    return found


def run_check(here: World, label: str, **changes: str) -> None:
    prepared(settings.CONFIGURATION, settings.CHECKS, here.clock)[label]({**here.configuration, **changes})


@pytest.mark.parametrize("label", [VALID, READABLE])
def test_every_setup_test_passes_where_all_is_well(here: World, label: str) -> None:
    run_check(here, label)


@pytest.mark.parametrize("wrong", [{"api_key": "canary"}, {"user_email": "somebody@example.com"}])
def test_a_key_or_an_address_that_is_wrong_says_what_to_check(here: World, wrong: dict[str, str]) -> None:
    for label in (VALID, READABLE):
        with pytest.raises(SourceError, match="check that api_key is a valid key and user_email the address") as caught:
            run_check(here, label, **wrong)
        assert "canary" not in str(caught.value)


def test_every_table_that_is_read_by_default_is_tried(here: World) -> None:
    run_check(here, READABLE)
    tried = {entry.path.split("?")[0].split("/v1/")[1] for entry in here.requests}
    here.sync()
    assert {entry.path.split("?")[0].split("/v1/")[1] for entry in here.requests} == tried


@pytest.mark.parametrize("status", [401, 403, 404])
def test_tables_that_are_refused_are_named_with_what_to_do(here: World, status: int) -> None:
    here.vendor.options.refused = {"pipelines": status, "people": status}
    with pytest.raises(ConfigurationError, match="may not read person, pipeline ") as caught:
        run_check(here, READABLE)
    assert "the key of an administrator" in str(caught.value) and "streams = -person, -pipeline" in str(caught.value)


def test_tables_that_are_left_out_are_not_tried(here: World) -> None:
    here.vendor.options.refused = {"pipelines": 403, "people": 403}
    run_check(here, READABLE, streams="-person, -pipeline")


def test_leads_are_not_tried_where_the_account_has_none(here: World) -> None:
    here.vendor.options.leads_enabled = False
    run_check(here, READABLE)
    assert not [entry for entry in here.requests if "/leads/" in entry.path]


def test_the_setup_tests_keep_to_the_pace(here: World) -> None:
    run_check(here, READABLE)
    assert here.vendor.statistics["429"] == 0
    assert here.clock.now() - here.requests[0].time >= (len(here.requests) - 1) / 3
