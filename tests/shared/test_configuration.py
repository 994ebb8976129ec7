"""One declaration gives validation, the setup form and the secrets."""

from collections.abc import Mapping
from typing import Any

import fivetran_connector_sdk as sdk
import pytest
from fivetran_connector_sdk import form_field
from requests import ConnectionError, PreparedRequest, Response

from sandbox.clock import VirtualClock
from shared import streams
from shared.configuration import (
    COMMON,
    Configuration,
    Setting,
    day,
    flag,
    form,
    number,
    origin,
    stream_names,
    stream_settings,
    url,
    whole_number,
)
from shared.errors import ConfigurationError, Unauthorized, Unavailable
from shared.http import Http, Session
from shared.retry import HASTY_ANSWER_SECONDS, HASTY_ATTEMPTS, HASTY_SECONDS, Breaker, Pace, Retry

CONFIGURATION = Configuration(
    (
        Setting("account_id", "Account", "The number in the address.", whole_number),
        Setting("api_key", "Key", "From your profile.", secret=True),
        Setting("key_type", "Kind of key", "Which it is.", default="production", choices=("production", "sandbox")),
        Setting("base_url", "Address", "Only for tests.", origin, default="https://api.source.test"),
        Setting("second_secret", "Another", "Optional.", secret=True, default=""),
    )
)
GOOD = {"account_id": "7", "api_key": "canary-secret-1234"}


def test_defaults_stand_in_for_what_is_not_given() -> None:
    assert CONFIGURATION.read(GOOD) == {
        "account_id": "7",
        "api_key": "canary-secret-1234",
        "key_type": "production",
        "base_url": "https://api.source.test",
        "second_secret": None,
        "start_date": None,
        "full_pass_days": 7.0,
        "streams": None,
        "keep_raw": False,
    }


def test_every_common_setting_is_optional() -> None:
    assert {setting.name for setting in COMMON} == {"start_date", "full_pass_days", "streams", "keep_raw"}
    assert all(setting.default is not None for setting in COMMON)


def test_values_are_read_as_their_kind_and_without_blanks_around_them() -> None:
    values = CONFIGURATION.read(
        {
            **GOOD,
            "api_key": "  key \n",
            "key_type": " sandbox ",
            "base_url": "http://127.0.0.1:8701/",
            "start_date": "2025-02-28",
            "full_pass_days": "0.5",
            "streams": "a, -b,,",
            "keep_raw": "TRUE",
        }
    )
    assert (
        values["api_key"] == "key" and values["key_type"] == "sandbox" and values["base_url"] == "http://127.0.0.1:8701"
    )
    assert values["start_date"] == "2025-02-28" and values["full_pass_days"] == 0.5
    assert values["streams"] == ("a", "-b") and values["keep_raw"] is True


def test_all_problems_are_in_one_message() -> None:
    with pytest.raises(ConfigurationError) as caught:
        CONFIGURATION.read(
            {
                "account_id": "seven",
                "key_type": "other",
                "base_url": "ftp://x",
                "start_date": "soon",
                "full_pass_days": "-1",
                "keep_raw": "perhaps",
            }
        )
    message = str(caught.value)
    for expected in (
        "account_id must be digits",
        "api_key is missing: From your profile;",
        "key_type must be one of production, sandbox",
        "base_url must be an address",
        "start_date must be a date, `YYYY-MM-DD`",
        "full_pass_days must be a number",
        "keep_raw must be `true` or `false`",
    ):
        assert expected in message


def test_a_blank_value_is_a_missing_one() -> None:
    with pytest.raises(ConfigurationError, match="api_key is missing"):
        CONFIGURATION.read({**GOOD, "api_key": "   "})


@pytest.mark.parametrize("value", [7, True, {"a": 1}, ["x"]])
def test_a_value_that_is_no_text_is_told_so(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="account_id must be text in quotes"):
        CONFIGURATION.read({**GOOD, "account_id": value})


def test_a_malformed_secret_is_not_quoted() -> None:
    configuration = Configuration((Setting("api_key", "Key", "A number.", whole_number, secret=True),))
    with pytest.raises(ConfigurationError) as caught:
        configuration.read({"api_key": "canary-secret-1234"})
    assert "canary" not in str(caught.value)


WAYS = Configuration(
    tuple(Setting(name, name, "A way in.", default="") for name in ("key", "id", "token")), (("key",), ("id", "token"))
)


@pytest.mark.parametrize("given", [{"key": "k"}, {"id": "i", "token": "t"}, {"key": "k", "id": "i"}])
def test_one_whole_set_of_those_of_which_one_is_needed_is_enough(given: dict[str, str]) -> None:
    assert WAYS.read(given)["key"] == given.get("key")


@pytest.mark.parametrize(("given", "missing"), [({}, "key"), ({"key": " "}, "key"), ({"id": "i"}, "token")])
def test_what_is_missing_of_them_is_named_with_all_of_the_ways(given: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{missing} is missing: needed are key, or id and token.$"):
        WAYS.read(given)


@pytest.mark.parametrize("copied", ["\u201ccanary-secret\u201d", "canary\nsecret", "can\u00e4ry"])
def test_a_secret_that_was_copied_badly_is_told_so_without_quoting_it(copied: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key has a character.*copy it again") as caught:
        CONFIGURATION.read({**GOOD, "api_key": copied})
    assert "can" not in str(caught.value).replace("character", "")


def test_an_unknown_key_is_told_with_the_nearest_one_known() -> None:
    assert CONFIGURATION.unknown({**GOOD, "api_kee": "x", "start-date": "x"}) == [
        "The setting api_kee is not known; did you mean api_key?",
        "The setting start-date is not known; did you mean start_date?",
    ]


def test_an_unknown_key_that_is_like_no_other_is_told_alone() -> None:
    assert CONFIGURATION.unknown({"zzz": ""}) == ["The setting zzz is not known."]


def test_known_keys_are_not_told() -> None:
    assert CONFIGURATION.unknown({setting.name: "" for setting in CONFIGURATION.settings}) == []


def test_secret_values_are_hidden_and_others_are_not() -> None:
    secrets = CONFIGURATION.secrets({**GOOD, "account_id": "1234567", "second_secret": " canary-two "})
    assert secrets.hide("1234567 canary-secret-1234 canary-two") == "1234567 *** ***"


# Kinds of values.


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (number, "7", 7.0),
        (number, "0", 0.0),
        (number, "1.5", 1.5),
        (flag, "true", True),
        (flag, "False", False),
        (day, "2024-02-29", "2024-02-29"),
        (whole_number, "0012", "0012"),
        (stream_names, " a ,,-b ", ("a", "-b")),
        (url, "https://a.test/path/", "https://a.test/path"),
        (url, "http://localhost:1/x", "http://localhost:1/x"),
        (url, "http://[::1]:80", "http://[::1]:80"),
        (origin, "https://a.test:8443/", "https://a.test:8443"),
    ],
)
def test_a_value_of_its_kind_is_taken(kind: Any, value: str, expected: Any) -> None:
    assert kind(value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *[(number, value) for value in ("-1", "nan", "inf", "x", "")],
        *[(flag, value) for value in ("yes", "1", "")],
        *[(day, value) for value in ("2025-02-29", "2025-1-1", "20250101", "01.01.2025", "2025-01-01T00:00")],
        *[(whole_number, value) for value in ("", "-1", "1.0", "٣", "²", "1 2")],
        *[
            (url, value)
            for value in (
                "a.test",
                "http://a.test",
                "ftp://a.test",
                "https://",
                "https://a.test/?x=1",
                "https://a.test/#x",
                "https://user:secret@a.test",
                "http://127.0.0.1.a.test",
            )
        ],
        *[(origin, value) for value in ("https://a.test/path", "https://a.test/v1/")],
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Any, value: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        kind(value)


def test_the_common_settings_are_handed_to_the_engine() -> None:
    values = CONFIGURATION.read(
        {**GOOD, "streams": "event, -person, - note", "start_date": "2025-01-01", "full_pass_days": "0"}
    )
    assert stream_settings(values) == streams.Settings(
        start_date="2025-01-01", full_pass_days=0.0, added=frozenset({"event"}), left_out=frozenset({"person", "note"})
    )
    assert stream_settings(CONFIGURATION.read(GOOD)) == streams.Settings()


# The setup form, built on the SDK's own package.


def key_is_valid(configuration: Mapping[str, str]) -> None:
    """A setup test that depends on the key."""
    if configuration["api_key"] != "good-key":
        raise Unauthorized(f"the key {configuration['api_key']} is not accepted: copy it again")


def account_is_reachable(configuration: Mapping[str, str]) -> None:
    """A setup test that reads the configuration first."""
    CONFIGURATION.read(configuration)


CHECKS = [("The key is valid", key_is_valid), ("The account is reachable", account_is_reachable)]


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


def test_a_setup_test_that_fails_says_what_to_do_without_the_secret(recorded: Recorded) -> None:
    result = recorded.tests["The key is valid"](GOOD)
    assert not result.success
    assert "copy it again" in str(result.failure)
    assert "canary" not in str(result.failure)


def test_a_setup_test_with_a_missing_setting_fails_with_its_name(recorded: Recorded) -> None:
    result = recorded.tests["The account is reachable"]({"api_key": "good-key"})
    assert "account_id is missing" in str(result.failure)


def test_a_credential_that_the_source_may_replace_is_known_where_it_is_set() -> None:
    configuration = Configuration(
        (
            Setting("api_key", "Key", "From your profile.", secret=True, default=""),
            Setting("refresh_token", "Token", "From authorising once.", secret=True, rotates=True, default=""),
        )
    )
    assert configuration.rotating({"api_key": "canary-secret-1234", "refresh_token": " "}) == []
    assert configuration.rotating({"refresh_token": "canary-secret-1234"}) == ["refresh_token"]


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

    def account_is_reachable(configuration: Mapping[str, str]) -> None:
        retry = Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker())
        Http(ADDRESSES.read(configuration)["base_url"], retry=retry, session=session).get("account")

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
            response.url, response.request, response._content = "https://api.example/account", PreparedRequest(), b"{}"
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
