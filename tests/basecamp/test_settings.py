"""The settings of the Basecamp connector, and its setup tests."""

from typing import Any

import pytest

from basecamp import settings
from sandbox.basecamp.options import Options
from shared.errors import ConfigurationError, SourceError
from shared.redaction import Secrets
from shared.setup import prepared
from tests.basecamp.account import Account, synced

GOOD = {
    "account_id": "4107294",
    "client_id": "id",
    "client_secret": "hidden secret",
    "refresh_token": "hidden token",
    "user_agent": "Acme reports (data@example.com)",
}
REQUIRED = tuple(GOOD)


def read(**changes: str) -> dict[str, Any]:
    return settings.CONFIGURATION.read({**GOOD, **changes})


def test_what_is_optional_has_its_documented_default() -> None:
    values = read()
    assert values["base_url"] == "https://3.basecampapi.com"
    assert values["launchpad_url"] == "https://launchpad.37signals.com"
    assert (values["full_pass_days"], values["start_date"], values["keep_raw"]) == (7.0, None, False)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "   "])
def test_what_is_required_is_named_when_it_is_missing(name: str, value: str | None) -> None:
    given = {**GOOD, **({} if value is None else {name: value})}
    if value is None:
        del given[name]
    with pytest.raises(ConfigurationError, match=f"{name} is missing: .+"):
        settings.CONFIGURATION.read(given)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings.CONFIGURATION.read({"account_id": "x", "full_pass_days": "soon"})
    for name in ("account_id", "client_id", "client_secret", "refresh_token", "user_agent", "full_pass_days"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account_id", "https://3.basecamp.com/4107294"),
        ("account_id", "-1"),
        ("account_id", "12a"),
        ("user_agent", "Some reports"),
        ("user_agent", "post@example.net"),
        ("base_url", "http://3.basecampapi.com"),
        ("base_url", "https://3.basecampapi.com/4107294"),
        ("base_url", "3.basecampapi.com"),
        ("launchpad_url", "https://user@launchpad.example"),
        ("start_date", "01.02.2026"),
        ("start_date", "2026-02-30"),
        ("full_pass_days", "-1"),
        ("full_pass_days", "nan"),
        ("keep_raw", "yes"),
    ],
)
def test_what_is_malformed_is_named_and_its_form_told_without_the_value(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} must be ") as caught:
        read(**{name: value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "value", ["Acme reports (data@example.com)", "Acme (https://acme.example/contact)", "Acme reports data@example.com"]
)
def test_an_application_with_a_contact_is_taken(value: str) -> None:
    assert read(user_agent=value)["user_agent"] == value


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("base_url", "http://127.0.0.1:8703", "http://127.0.0.1:8703"),
        ("base_url", "https://proxy.example/", "https://proxy.example"),
        ("account_id", " 4107294 ", "4107294"),
        ("full_pass_days", "0", 0.0),
        ("keep_raw", "TRUE", True),
        ("start_date", "2026-01-31", "2026-01-31"),
        ("streams", " event, -comment ,", ("event", "-comment")),
    ],
)
def test_a_good_value_is_read(name: str, value: str, result: object) -> None:
    assert read(**{name: value})[name] == result


@pytest.mark.parametrize(("given", "meant"), [("acount_id", "account_id"), ("refreshtoken", "refresh_token")])
def test_an_unknown_setting_names_the_nearest_known_one(given: str, meant: str) -> None:
    assert settings.CONFIGURATION.unknown({**GOOD, given: "x"}) == [
        f"The setting {given} is not known; did you mean {meant}?"
    ]


def test_an_unknown_setting_is_a_warning_of_the_sync() -> None:
    account = synced(keep_rw="true", streams="-comment")
    assert account.destination.warnings == ["The setting keep_rw is not known; did you mean keep_raw?"]


def test_the_secret_settings_are_hidden() -> None:
    secrets = settings.CONFIGURATION.secrets(GOOD)
    assert isinstance(secrets, Secrets)
    assert secrets.hide("hidden secret, hidden token, 4107294") == "***, ***, 4107294"


def test_a_setting_that_is_no_text_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="account_id must be text"):
        settings.CONFIGURATION.read({**GOOD, "account_id": 4107294})  # type: ignore[dict-item]


# Setup tests.


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    found = Account()
    monkeypatch.setattr("shared.http.new_session", lambda: found.session)
    return found


def run_check(account: Account, label: str, **changes: str) -> None:
    prepared(settings.CONFIGURATION, settings.CHECKS, account.clock)[label]({**account.configuration, **changes})


CREDENTIAL = "The credential is valid"
REACHABLE = "The account is reachable"
VISIBLE = "At least one project is visible"


@pytest.mark.parametrize("label", [CREDENTIAL, REACHABLE, VISIBLE])
def test_every_setup_test_passes_where_all_is_well(account: Account, label: str) -> None:
    run_check(account, label)


def test_the_setup_tests_are_in_the_order_in_which_they_help() -> None:
    assert [label for label, _ in settings.CHECKS] == [CREDENTIAL, REACHABLE, VISIBLE]


@pytest.mark.parametrize("status", [400, 401])
def test_a_dead_refresh_token_says_to_authorise_again(account: Account, status: int) -> None:
    account.vendor.options.invalid_refresh_status = status
    account.vendor.launchpad.revoke()
    with pytest.raises(SourceError, match="authorise again"):
        run_check(account, CREDENTIAL)


def test_a_wrong_client_secret_is_refused(account: Account) -> None:
    with pytest.raises(SourceError, match="[Ll]aunchpad"):
        run_check(account, CREDENTIAL, client_secret="something else")


def test_an_account_that_is_not_the_credentials_names_those_that_are(account: Account) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run_check(account, REACHABLE, account_id="17")
    assert f"account 17: it opens {account.vendor.account_id} (" in str(caught.value)
    assert "Correct account_id" in str(caught.value)


def test_an_account_of_another_product_is_not_offered(account: Account) -> None:
    other = str(account.vendor.account_id + 11)
    with pytest.raises(ConfigurationError) as caught:
        run_check(account, REACHABLE, account_id=other)
    assert str(caught.value).count(other) == 1


@pytest.mark.parametrize("label", [REACHABLE, VISIBLE])
def test_an_inactive_account_says_who_can_reactivate_it(account: Account, label: str) -> None:
    account.vendor.options.account_inactive = True
    with pytest.raises(SourceError, match="an owner has to reactivate it"):
        run_check(account, label)


def test_without_any_project_it_says_whom_to_add(account: Account) -> None:
    for bucket in account.store.buckets.values():
        bucket.accessible = False
    account.store.version += 1
    with pytest.raises(ConfigurationError, match="sees no project: add them"):
        run_check(account, VISIBLE)


def test_no_access_to_the_projects_says_what_to_check(account: Account) -> None:
    with pytest.raises(SourceError, match="check account_id"):
        run_check(account, VISIBLE, account_id="17")


def test_missing_settings_are_told_before_any_request(account: Account) -> None:
    with pytest.raises(ConfigurationError, match="user_agent is missing"):
        run_check(account, CREDENTIAL, user_agent="")
    assert account.vendor.requests == []


def test_no_setup_test_says_a_secret(account: Account) -> None:
    account.vendor.launchpad.revoke()
    for label in (CREDENTIAL, REACHABLE, VISIBLE):
        with pytest.raises(SourceError) as caught:
            run_check(account, label)
        for name in ("client_secret", "refresh_token"):
            assert account.configuration[name] not in str(caught.value)


def test_a_launchpad_that_is_down_is_told_as_such(account: Account) -> None:
    account.vendor.faults.break_path("/authorization/token", 503)
    with pytest.raises(SourceError, match="503"):
        run_check(account, CREDENTIAL)


def test_a_redacted_account_is_reachable_too(account: Account) -> None:
    account.vendor.options = Options(redacted_emails=True)
    run_check(account, REACHABLE)
