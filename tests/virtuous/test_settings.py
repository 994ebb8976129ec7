"""The settings, and the setup tests."""

import pytest

from shared.errors import ConfigurationError, SourceError
from shared.setup import prepared
from tests.contract.world import World
from tests.virtuous.organization import organization
from virtuous import settings

GOOD = {"bearer_token": "hidden key"}
VALID, READABLE = "The key is valid", "Every table is readable"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> World:
    found = organization()
    monkeypatch.setattr("shared.http.new_session", lambda: found.session)
    return found


def run_check(here: World, label: str, **changes: str) -> None:
    prepared(settings.CONFIGURATION, settings.CHECKS, here.clock)[label]({**here.configuration, **changes})


def test_the_vendors_own_address_and_a_reserve_for_others_are_the_defaults() -> None:
    values = settings.CONFIGURATION.read(GOOD)
    assert values["base_url"] == "https://api.virtuoussoftware.com" and values["requests_per_hour"] == 4_500


@pytest.mark.parametrize("value", ["0", "5001", "many", "1.5", "-1"])
def test_no_more_requests_than_there_are_may_be_asked_for(value: str) -> None:
    with pytest.raises(ConfigurationError, match="requests_per_hour must be a whole number of requests, 1 to 5000"):
        settings.CONFIGURATION.read({**GOOD, "requests_per_hour": value})


def test_the_key_is_secret() -> None:
    assert settings.CONFIGURATION.secrets(GOOD).hide("with hidden key in it") == "with *** in it"


@pytest.mark.parametrize("label", [VALID, READABLE])
def test_every_setup_test_passes_where_all_is_well(here: World, label: str) -> None:
    run_check(here, label)


@pytest.mark.parametrize("plain", [False, True])
def test_a_key_that_is_wrong_says_what_to_check(here: World, plain: bool) -> None:
    here.vendor.options.plain_401 = plain
    for label in (VALID, READABLE):
        with pytest.raises(SourceError, match="check that bearer_token is all of it") as caught:
            run_check(here, label, bearer_token="canary")
        assert "canary" not in str(caught.value)


def test_what_the_permission_group_refuses_is_named_with_what_to_do(here: World) -> None:
    here.vendor.options.rights = {"grant": 403, "pledge": 403}
    with pytest.raises(ConfigurationError, match="may not read pledge, grant .*streams = -pledge, -grant"):
        run_check(here, READABLE)
    run_check(here, READABLE, streams="-grant, -pledge")
