"""The setup form and its tests, on the SDK's own package."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import fivetran_connector_sdk as sdk
import pytest
from fivetran_connector_sdk import form_field
from requests import ConnectionError, PreparedRequest, Response

from sandbox.clock import VirtualClock
from shared.access import Access
from shared.configuration import Configuration, Setting, url
from shared.errors import Unauthorized, Unavailable
from shared.http import Http
from shared.retry import HASTY_ANSWER_SECONDS, HASTY_ATTEMPTS, HASTY_SECONDS, Breaker, Pace, Retry
from shared.run import Run
from shared.setup import entry_points, form, prepared
from shared.streams import Stream
from shared.transport import Session
from tests.shared.engine import TASK
from tests.shared.test_configuration import CONFIGURATION, GOOD

# The form.


def key_is_valid(access: Access) -> None:
    """A setup test that depends on the key."""
    if access.values["api_key"] != "good-key":
        raise Unauthorized(f"the key {access.values['api_key']} is not accepted: copy it again")


def account_is_reachable(access: Access) -> None:
    """A setup test that depends on no setting."""


CHECKS = (("The key is valid", key_is_valid), ("The account is reachable", account_is_reachable))


class Recorded:
    """The SDK's form, which notes what is added to it before the real one takes it."""

    def __init__(self) -> None:
        self.real = sdk.ConfigurationForm()
        self.fields: dict[str, Any] = {}
        self.tests: dict[str, Any] = {}

    def add_field(self, field: Any) -> None:
        self.real.add_field(field)
        self.fields[field.name] = field

    def add_test(self, *, label: str, func: Any) -> None:
        self.real.add_test(label=label, func=func)
        self.tests[label] = func


@pytest.fixture
def recorded() -> Recorded:
    record = Recorded()

    class Package:
        ConfigurationForm = staticmethod(lambda: record)
        Test = sdk.Test
        form_field = sdk.form_field

    assert form(Package, CONFIGURATION, CHECKS) is record
    return record


def test_the_sdk_takes_the_form() -> None:
    assert isinstance(form(sdk, CONFIGURATION, CHECKS), sdk.ConfigurationForm)


def test_every_setting_has_a_field_of_its_kind(recorded: Recorded) -> None:
    assert list(recorded.fields) == [setting.name for setting in CONFIGURATION.settings]
    options = {name: field.dropdown_options for name, field in recorded.fields.items() if field.dropdown_options}
    assert {name: [option.value for option in each] for name, each in options.items()} == {
        "key_type": ["production", "sandbox"]
    }
    assert [name for name, field in recorded.fields.items() if field.toggle] == ["keep_raw"]


def test_secrets_are_password_fields(recorded: Recorded) -> None:
    password = form_field.TextField("name", "label", field_type=form_field.TextField.password).text_field
    passwords = {name for name, field in recorded.fields.items() if field.text_field == password}
    assert passwords == {"api_key", "second_secret"}


def test_what_has_no_default_is_required(recorded: Recorded) -> None:
    assert {name for name, field in recorded.fields.items() if field.required} == {"account_id", "api_key"}


def test_setup_tests_keep_their_names_and_order(recorded: Recorded) -> None:
    assert [(label, test.__name__) for label, test in recorded.tests.items()] == [
        ("The key is valid", "key_is_valid"),
        ("The account is reachable", "account_is_reachable"),
    ]


def test_a_setup_test_that_passes_is_a_success(recorded: Recorded) -> None:
    result = recorded.tests["The key is valid"]({**GOOD, "api_key": "good-key"})
    assert result.success is True and result.failure is None


def test_what_one_setup_test_keeps_in_the_state_the_next_one_finds() -> None:
    def first(access: Access) -> None:
        access.state["token"] = 1

    def second(access: Access) -> None:
        assert access.state == {"token": 1}

    for test in prepared(CONFIGURATION, (("First", first), ("Second", second)), VirtualClock()).values():
        test(GOOD)


def test_a_setup_test_that_fails_says_what_to_do_without_the_secret(recorded: Recorded) -> None:
    result = recorded.tests["The key is valid"](GOOD)
    assert not result.success
    assert "copy it again" in str(result.failure)
    assert "canary" not in str(result.failure)


def test_a_setup_test_with_a_missing_setting_fails_with_its_name(recorded: Recorded) -> None:
    result = recorded.tests["The account is reachable"]({"api_key": "good-key"})
    assert "account_id is missing" in str(result.failure)


# Setup tests that nobody answers.


ADDRESSES = Configuration(
    (
        Setting("token_url", "Tokens", "Only for tests.", url, default="https://tokens.example/v1"),
        Setting("base_url", "The source", "Only for tests.", url, default="https://api.example/v1"),
    )
)


class Nobody(Session):
    """Answers nothing; keeps how long it was given for that."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def request(self, *arguments: Any, timeout: Any = None, **options: Any) -> Any:
        self.waits.append(timeout[1])
        raise ConnectionError


def asked(session: Session, clock: VirtualClock, configuration: Mapping[str, str]) -> Any:
    """What comes of a setup test that asks for the account."""

    def account_is_reachable(access: Access) -> None:
        here = replace(access, clock=clock, session=session)
        here.http(access.values["base_url"], here.retry()).get("account")

    record = Recorded()

    class Package:
        ConfigurationForm = staticmethod(lambda: record)
        Test = sdk.Test
        form_field = sdk.form_field

    form(Package, ADDRESSES, [("The account is reachable", account_is_reachable)])
    return record.tests["The account is reachable"](dict(configuration))


def test_a_setup_test_that_nobody_answers_is_soon_given_up() -> None:
    clock, nobody = VirtualClock(), Nobody()
    started = clock.now()
    asked(nobody, clock, {})
    assert len(nobody.waits) == HASTY_ATTEMPTS
    assert max(nobody.waits) <= HASTY_ANSWER_SECONDS and clock.now() - started <= HASTY_SECONDS


def test_a_setup_test_beside_a_sync_that_uses_the_limit_up_comes_again_later() -> None:
    clock, refusals = VirtualClock(), iter(range(4))

    class Busy(Session):
        def request(self, *arguments: Any, **options: Any) -> Any:
            response = Response()
            response.status_code = 200 if next(refusals, None) is None else 429
            response.url, response.request, response.raw = (
                "https://api.example/account",
                PreparedRequest(),
                BytesIO(b"{}"),
            )
            response.headers["Retry-After"] = "5"
            return response

    started = clock.now()
    assert asked(Busy(), clock, {}).success is True
    refusals = iter(range(100))
    assert "too many requests" in str(asked(Busy(), clock, {}).failure)
    assert clock.now() - started <= 2 * HASTY_SECONDS


def test_outside_of_setup_tests_nothing_is_given_up_so_soon() -> None:
    nobody, clock = Nobody(), VirtualClock()
    with pytest.raises(Unavailable):
        Http(
            "https://api.example", retry=Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker()), session=nobody
        ).get("account")
    assert len(nobody.waits) == 6 and min(nobody.waits) > HASTY_ANSWER_SECONDS


def test_a_setup_test_that_nobody_answers_names_the_address_and_its_setting() -> None:
    result = asked(Nobody(), VirtualClock(), {"base_url": "http://127.0.0.1:9/v1"})
    assert "127.0.0.1:9 (the setting base_url)" in str(result.failure)
    assert "api.example (the setting base_url)" in str(asked(Nobody(), VirtualClock(), {}).failure)


# What Fivetran calls.


def test_the_entry_points_hand_on_what_the_connector_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Mapping[str, Any]] = []
    said: list[str] = []

    def build(run: Run) -> list[Stream]:
        built.append(run.values)
        return []

    monkeypatch.setattr(sdk.Operations, "checkpoint", lambda state: said.append(f"checkpoint {state['version']}"))
    monkeypatch.setattr(sdk.Operations, "error", said.append)
    schema, update, configuration_form = entry_points(sdk, (TASK,), CONFIGURATION, CHECKS, build)
    assert [each["table"] for each in schema({})][0] == TASK.name
    assert "raw" in schema({"keep_raw": "true"})[0]["columns"]
    update(dict(GOOD), {})
    assert built == [CONFIGURATION.read(GOOD)] and said == ["checkpoint 1"]
    update({}, {})
    assert "account_id is missing" in said[1]
    assert isinstance(configuration_form(), sdk.ConfigurationForm)
