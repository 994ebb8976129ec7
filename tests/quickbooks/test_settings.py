"""The settings, and the setup test."""

from collections.abc import Iterable

import fivetran_connector_sdk
import pytest

from quickbooks import settings
from sandbox.transport import WsgiAdapter
from sandbox.web import Environ, Request, StartResponse
from shared.access import Access
from shared.clock import SystemClock
from shared.errors import ConfigurationError
from shared.redaction import Secrets
from shared.setup import form, prepared
from shared.workers import Desk
from tests.quickbooks.company import company, metadata, only

GOOD = {
    "client_id": "us",
    "client_secret": "hidden secret",
    "refresh_token": "hidden token",
    "realm_id": "9341000000000001",
}


def access(given: dict[str, str], secrets: Secrets) -> Access:
    """What the client is made of, with these settings."""
    clock = SystemClock()
    return Access(settings.CONFIGURATION.read({**GOOD, **given}), secrets, clock, Desk(clock))


def test_the_settings_have_the_vendors_addresses_as_defaults() -> None:
    values = settings.CONFIGURATION.read(GOOD)
    assert values["environment"] == "production" and values["base_url"] is None
    assert values["token_url"] == "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
    assert values["fivetran_api_key"] is None


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({}, "https://quickbooks.api.intuit.com"),
        ({"environment": "sandbox"}, "https://sandbox-quickbooks.api.intuit.com"),
        ({"environment": "sandbox", "base_url": "http://127.0.0.1:8701"}, "http://127.0.0.1:8701"),
    ],
)
def test_the_environment_says_which_host_is_asked_unless_one_is_configured(given: dict[str, str], host: str) -> None:
    here, asked = company(), set[str]()

    def answered(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked.add(Request(environ).origin)
        return here.vendor.wsgi(environ, start_response)

    for scheme in ("https://", "http://"):
        here.session.mount(scheme, WsgiAdapter(answered, here.clock.sleep))
    here.sync(**{"streams": only("account"), "base_url": "", **given})
    assert asked == {host}


def test_the_source_is_heard_when_it_says_that_it_gives_up_waiting() -> None:
    here = company(slow_lines=40, latency=0.3)
    here.sync(streams=only("invoice"))
    assert here.vendor.statistics["504"] == 2 * metadata(here, "invoice")["retries"] > 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"realm_id": "acme"}, "realm_id must be digits"),
        ({"realm_id": ""}, "realm_id is missing"),
        ({"environment": "test"}, "environment must be one of production, sandbox"),
        ({"base_url": "https://quickbooks.api.intuit.com/v3"}, "base_url must be an address without a path"),
        ({"token_url": "http://elsewhere.example/token"}, "token_url must be an address"),
    ],
)
def test_a_setting_that_is_wrong_is_named(wrong: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        settings.CONFIGURATION.read({**GOOD, **wrong})


def test_secrets_are_hidden_also_as_they_are_sent() -> None:
    secrets = settings.CONFIGURATION.secrets({**GOOD, "fivetran_api_key": "hidden key"})
    settings.connect(access({}, secrets))
    basic = "dXM6aGlkZGVuIHNlY3JldA=="
    assert secrets.hide(f"hidden secret, hidden token, hidden key, {basic}") == "***, ***, ***, ***"


def test_the_setup_test_checks_the_form_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    here = company()
    monkeypatch.setattr("shared.http.new_session", lambda: here.session)
    for check in prepared(settings.CONFIGURATION, settings.CHECKS, here.clock).values():
        check(here.configuration)
        with pytest.raises(ConfigurationError):
            check({**here.configuration, "realm_id": "acme"})
    assert here.requests == []
    assert form(fivetran_connector_sdk, settings.CONFIGURATION, settings.CHECKS)
