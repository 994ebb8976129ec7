"""One declaration gives validation and the secrets."""

from typing import Any

import pytest

from shared import streams
from shared.configuration import (
    COMMON,
    Configuration,
    Setting,
    day,
    flag,
    number,
    origin,
    stream_names,
    stream_settings,
    url,
    whole_number,
)
from shared.errors import ConfigurationError

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
        "look_hours": 1.0,
        "streams": None,
        "keep_raw": False,
    }


def test_every_common_setting_is_optional() -> None:
    assert {setting.name for setting in COMMON} == {"start_date", "full_pass_days", "look_hours", "streams", "keep_raw"}
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
        {
            **GOOD,
            "streams": "event, -person, - note",
            "start_date": "2025-01-01",
            "full_pass_days": "0",
            "look_hours": "4",
        }
    )
    assert stream_settings(values) == streams.Settings(
        start_date="2025-01-01",
        full_pass_days=0.0,
        look_hours=4.0,
        added=frozenset({"event"}),
        left_out=frozenset({"person", "note"}),
    )
    assert stream_settings(CONFIGURATION.read(GOOD)) == streams.Settings()


def test_a_credential_that_the_source_may_replace_is_known_where_it_is_set() -> None:
    configuration = Configuration(
        (
            Setting("api_key", "Key", "From your profile.", secret=True, default=""),
            Setting("refresh_token", "Token", "From authorising once.", secret=True, rotates=True, default=""),
        )
    )
    assert configuration.rotating({"api_key": "canary-secret-1234", "refresh_token": " "}) == []
    assert configuration.rotating({"refresh_token": "canary-secret-1234"}) == ["refresh_token"]
