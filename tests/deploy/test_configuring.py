"""The configuration of a connection is sent whole, or not at all."""

import json
from dataclasses import replace

import pytest
import requests

from deploy.configuring import Configuring, SetupFailed, render, variable
from deploy.connectors import connectors, declaration
from deploy.fivetran import ADDRESS, Fivetran, Refused
from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from shared.configuration import Configuration, Setting, url
from shared.errors import Rejected
from shared.http import Http
from shared.oauth import Tokens
from shared.redaction import Secrets
from shared.workers import Desk as Threads
from tests.deploy.conftest import Desk
from tests.deploy.stand_in import DESTINATION, KEY, Account

PLAIN = Configuration(
    (
        Setting("api_key", "Key", "From your profile.", secret=True),
        Setting("base_url", "Address", "Only for tests.", url, default="https://api.source.test"),
        Setting("region", "Region", "Where.", default="", choices=("eu", "us")),
    )
)
ROTATING = Configuration(
    (
        Setting("client_secret", "Secret", "Of the application.", secret=True),
        Setting("refresh_token", "Token", "From authorising once.", secret=True, rotates=True),
    )
)
ENVIRONMENT = {"SFL_COPPER_API_KEY": " canary-4b1d ", "SFL_BASECAMP_API_KEY": "canary-other", "PATH": "/bin"}
TOKENS = {"SFL_COPPER_CLIENT_SECRET": "canary-client", "SFL_COPPER_REFRESH_TOKEN": "canary-token-1"}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def configuring(account: Account, said: list[str]) -> Configuring:
    session = requests.Session()
    session.mount(ADDRESS, WsgiAdapter(account.wsgi))
    fivetran = Fivetran(KEY, clock=VirtualClock(), session=session)
    return Configuring(fivetran, None, DESTINATION, say=said.append)  # type: ignore[arg-type]


def state_after(*tokens: str) -> dict[str, object]:
    """The state of a connection whose source has given these tokens, one after the other."""
    state: dict[str, object] = {}
    given = iter(tokens[1:])

    def answer(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        body = {"access_token": "canary-access", "expires_in": 0, "refresh_token": next(given)}
        return [json.dumps(body).encode()]

    session, clock = requests.Session(), VirtualClock()
    session.mount("https://source.test", WsgiAdapter(answer))
    http = Http("https://source.test", session=session)
    kept = Tokens(
        state,
        refresh_token=tokens[0],
        client_secret="canary-client",
        clock=clock,
        desk=Threads(clock),
        secrets=Secrets(),
        exchange=lambda token: http.post("token"),
    )
    for _ in tokens[1:]:
        kept.access()
    return state


def test_every_declared_setting_that_has_a_value_is_sent() -> None:
    rendered = render("copper", PLAIN, ENVIRONMENT)
    assert rendered.values == {
        "api_key": "canary-4b1d",
        "base_url": "https://api.source.test",
        "full_pass_days": "7",
        "look_hours": "1",
        "keep_raw": "false",
    }
    assert rendered.defaults == ("base_url", "full_pass_days", "look_hours", "keep_raw")
    assert rendered.unset == ("region", "start_date", "streams")


def test_missing_wrong_and_unknown_settings_are_refused_in_one_message_by_the_names_of_their_variables() -> None:
    with pytest.raises(Refused) as refused:
        render(
            "copper",
            PLAIN,
            {"SFL_COPPER_API_KEY": " ", "SFL_COPPER_REGION": "moon", "SFL_COPPER_START_DATES": "2026-01-01"},
        )
    lines = str(refused.value).splitlines()
    assert lines[0] == "the configuration of copper is not complete, nothing was sent:"
    assert sorted(line.split(":")[0] for line in lines[1:]) == [
        "SFL_COPPER_API_KEY",
        "SFL_COPPER_REGION",
        "SFL_COPPER_START_DATES",
    ]
    assert "did you mean start_date?" in str(refused.value)


def test_a_secret_that_is_malformed_is_not_shown() -> None:
    declared = Configuration((Setting("api_key", "Key", "A key.", url, secret=True),))
    with pytest.raises(Refused) as refused:
        render("copper", declared, {"SFL_COPPER_API_KEY": "canary-4b1d"})
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("connector", connectors())
def test_every_connector_says_what_it_needs(connector: str) -> None:
    declared = declaration(connector)
    needed = {variable(connector, each.name) for each in declared.settings if each.default is None}
    with pytest.raises(Refused) as refused:
        render(connector, declared, {variable(connector, "streams"): "-nothing"})
    assert needed <= {line.split(":")[0] for line in str(refused.value).splitlines()}


def test_where_there_are_several_ways_to_sign_in_one_of_them_is_needed_whole() -> None:
    declared = Configuration(
        tuple(replace(setting, default="") for setting in (PLAIN.own[0], *ROTATING.own)),
        either=(("api_key",), ("client_secret", "refresh_token")),
    )
    for environment in ({}, {"SFL_COPPER_CLIENT_SECRET": "canary-client"}):
        with pytest.raises(Refused, match=r"SFL_COPPER_\*: .* is missing: needed are api_key, or client_secret and"):
            render("copper", declared, environment)
    assert render("copper", declared, TOKENS).values["refresh_token"] == "canary-token-1"


def test_the_configuration_is_replaced_whole(configuring: Configuring, account: Account) -> None:
    found = account.add_connection("copper", secrets={"api_key": "canary-old"})
    told = configuring.configure("copper", PLAIN, ENVIRONMENT)
    assert found.secrets == dict(render("copper", PLAIN, ENVIRONMENT).values)
    [body] = account.sent("PATCH", f"/v1/connections/{found.id}")
    assert body["run_setup_tests"] is True and set(body["config"]) == {"secrets_list"}
    assert "canary" not in told
    assert (
        "Set: api_key; as the connector has it: base_url, full_pass_days, look_hours, keep_raw; not set: region" in told
    )


def test_settings_that_would_be_deleted_are_refused(configuring: Configuring, account: Account) -> None:
    found = account.add_connection("copper", secrets={"api_key": "canary-old", "start_date": "2026-01-01"})
    with pytest.raises(Refused, match=r"would be deleted \(start_date\), nothing was sent: set SFL_COPPER_START_DATE"):
        configuring.configure("copper", PLAIN, ENVIRONMENT)
    assert found.secrets["api_key"] == "canary-old"
    configuring.configure("copper", PLAIN, ENVIRONMENT, delete=True)
    assert "start_date" not in found.secrets and found.secrets["api_key"] == "canary-4b1d"


def test_setup_tests_that_fail_are_told(configuring: Configuring, account: Account) -> None:
    account.add_connection("copper")
    account.tests_fail = True
    with pytest.raises(SetupFailed, match="its tests fail: The account is reachable: no such account"):
        configuring.configure("copper", PLAIN, ENVIRONMENT)


def test_a_refusal_of_fivetrans_is_told(configuring: Configuring, account: Account) -> None:
    account.add_connection("copper")
    account.fail("PATCH", "^/v1/connections/", 409)
    with pytest.raises(Rejected, match="the stand-in says 409"):
        configuring.configure("copper", PLAIN, ENVIRONMENT)


def test_a_connection_that_is_not_there_is_only_made_on_demand(configuring: Configuring, account: Account) -> None:
    with pytest.raises(Refused, match='tick the box "create"'):
        configuring.configure("copper", PLAIN, ENVIRONMENT)
    account.add_connection("copper")
    with pytest.raises(Refused, match='leave the box "create" unticked'):
        configuring.configure("copper", PLAIN, ENVIRONMENT, create=True)


def test_a_new_connection_gets_a_credential_that_rotates_only_if_it_is_said_to_be_fresh(desk: Desk) -> None:
    with pytest.raises(Refused, match="nothing was sent: authorise again, store the token that gives, and tick"):
        desk.configuring.configure("copper", ROTATING, TOKENS, create=True)
    assert {method for method, _, _ in desk.account.requests} == {"GET"}
    desk.configuring.configure("copper", ROTATING, TOKENS, create=True, fresh=True)
    [made] = desk.account.connections.values()
    assert made.secrets["refresh_token"] == "canary-token-1"


@pytest.mark.parametrize("state", [{}, {"version": 1, "oauth": "damaged"}, {"version": 1, "streams": {}}])
def test_a_credential_that_rotates_is_refused_where_nothing_shows_that_it_works(
    configuring: Configuring, account: Account, state: dict[str, object]
) -> None:
    found = account.add_connection("copper", state=state)
    with pytest.raises(Refused, match="the source may replace SFL_COPPER_REFRESH_TOKEN at any time"):
        configuring.configure("copper", ROTATING, TOKENS)
    assert found.secrets == {} and account.sent("PATCH", ".*") == []


def test_a_credential_that_rotates_is_sent_when_it_is_said_to_be_fresh_and_no_test_uses_it_up(
    configuring: Configuring, account: Account
) -> None:
    found = account.add_connection("copper")
    configuring.configure("copper", ROTATING, TOKENS, fresh=True)
    assert found.secrets["refresh_token"] == "canary-token-1"
    [body] = account.sent("PATCH", f"/v1/connections/{found.id}")
    assert body["run_setup_tests"] is False


def test_a_credential_that_was_replaced_is_refused_even_if_it_is_said_to_be_fresh(
    configuring: Configuring, account: Account
) -> None:
    account.add_connection("copper", state=state_after("canary-token-1", "canary-token-2"))
    with pytest.raises(Refused, match="a token that the source has replaced since, nothing was sent: authorise again"):
        configuring.configure("copper", ROTATING, TOKENS, fresh=True)
    assert account.sent("PATCH", ".*") == []


@pytest.mark.parametrize("token", ["canary-token-2", "canary-token-3"], ids=["in use", "new"])
def test_a_credential_that_is_in_use_or_new_is_sent(configuring: Configuring, account: Account, token: str) -> None:
    found = account.add_connection("copper", state=state_after("canary-token-1", "canary-token-2"))
    configuring.configure("copper", ROTATING, {**TOKENS, "SFL_COPPER_REFRESH_TOKEN": token})
    assert found.secrets["refresh_token"] == token


def test_where_the_state_cannot_be_read_freshness_must_be_said(
    configuring: Configuring, account: Account, said: list[str]
) -> None:
    account.add_connection("copper", state=state_after("canary-token-1", "canary-token-2"))
    account.fail("GET", "/state$", 403)
    with pytest.raises(Refused, match="nothing shows that this one still works"):
        configuring.configure("copper", ROTATING, TOKENS)
    assert any("cannot be read" in each for each in said)


def test_a_connector_that_may_rotate_needs_nothing_said_where_it_uses_a_key(
    configuring: Configuring, account: Account
) -> None:
    either = Configuration(
        (Setting("api_key", "Key", "Either this.", secret=True, default=""), replace(ROTATING.own[1], default=""))
    )
    found = account.add_connection("copper")
    configuring.configure("copper", either, ENVIRONMENT)
    assert found.secrets["api_key"] == "canary-4b1d"


def test_the_refresh_token_of_every_connector_that_has_one_is_declared_to_rotate() -> None:
    for connector in connectors():
        for setting in declaration(connector).settings:
            assert setting.rotates == (setting.name == "refresh_token"), (connector, setting.name)


def test_a_new_connection_is_made_paused_by_the_command_with_the_whole_configuration(desk: Desk) -> None:
    declared = declaration("copper")
    environment = {"SFL_COPPER_API_KEY": "canary-4b1d", "SFL_COPPER_USER_EMAIL": "reports@firm.example"}
    told = desk.configuring.configure("copper", declared, environment, create=True)
    [made] = desk.account.connections.values()
    assert made.paused and made.schema == "copper"
    assert made.secrets == dict(render("copper", declared, environment).values)
    assert f"made {made.id}, paused" in told
    shown = "\n".join([told, *desk.said])
    assert "--configuration /dev/fd/" in shown and "canary" not in shown


def test_a_new_connection_whose_tests_fail_is_there_and_told(desk: Desk) -> None:
    desk.account.tests_fail = True
    environment = {"SFL_COPPER_API_KEY": "canary-4b1d", "SFL_COPPER_USER_EMAIL": "reports@firm.example"}
    with pytest.raises(SetupFailed, match="was made"):
        desk.configuring.configure("copper", declaration("copper"), environment, create=True)
    assert len(desk.account.connections) == 1


def test_a_new_connection_that_is_refused_is_not_there_and_told(desk: Desk) -> None:
    desk.account.fail("POST", "^/v1/connectors$", 400)
    environment = {"SFL_COPPER_API_KEY": "canary-4b1d", "SFL_COPPER_USER_EMAIL": "reports@firm.example"}
    with pytest.raises(SetupFailed, match="there is no connection copper so far"):
        desk.configuring.configure("copper", declaration("copper"), environment, create=True)
    assert desk.account.connections == {} and desk.account.packages == {}


def test_settings_that_were_sent_without_an_answer_are_to_be_sent_again(
    account: Account, configuring: Configuring
) -> None:
    connection = account.add_connection("copper", secrets={"api_key": "old"})
    account.fail("PATCH", "", 502, done=True, html=True)
    with pytest.raises(SetupFailed, match="may have been replaced all the same: run this again"):
        configuring.configure("copper", PLAIN, ENVIRONMENT)
    assert connection.secrets["api_key"] == "canary-4b1d"


def test_a_request_that_comes_too_fast_is_sent_again(account: Account, configuring: Configuring) -> None:
    connection = account.add_connection("copper", secrets={"api_key": "old"})
    account.fail("PATCH", "", 429, times=1)
    configuring.configure("copper", PLAIN, ENVIRONMENT)
    assert connection.secrets["api_key"] == "canary-4b1d"


def test_what_is_listed_without_a_name_is_none_of_ours(account: Account, configuring: Configuring) -> None:
    connection = account.add_connection("copper", secrets={"api_key": "old"})
    account.odd_items = [{"id": "nameless"}]
    configuring.configure("copper", PLAIN, ENVIRONMENT)
    assert connection.secrets["api_key"] == "canary-4b1d"
