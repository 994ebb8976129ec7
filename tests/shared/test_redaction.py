"""What is written anywhere holds no secret."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.redaction import Secrets, redacted


def test_a_secret_is_replaced_wherever_it_stands() -> None:
    assert Secrets("canary-1234").hide("token canary-1234, again canary-1234.") == "token ***, again ***."


def test_a_secret_is_replaced_in_the_form_it_takes_in_an_address() -> None:
    assert Secrets("ab+c/d=12").hide("q=ab%2Bc%2Fd%3D12") == "q=***"


def test_no_tail_of_a_longer_secret_remains() -> None:
    assert Secrets("canary", "canary-tail").hide("canary-tail") == "***"


def test_short_values_are_not_looked_for() -> None:
    assert Secrets("true", "").hide("it is true") == "it is true"


def test_the_number_of_secrets_is_all_that_is_shown_of_them() -> None:
    assert "canary" not in repr(Secrets("canary-1234"))


def test_nothing_is_no_secret() -> None:
    secrets = Secrets()
    secrets.add(None)
    assert secrets.hide("None") == "None"


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=6), max_size=4), st.text())
def test_no_secret_survives_in_any_text(values: list[str], text: str) -> None:
    secrets = Secrets(*values)
    hidden = secrets.hide(text.join(["", *values, *(quote(value, safe="") for value in values), ""]))
    assert not any(value in hidden for value in values)


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refresh_token",
        "client_secret",
        "api_key",
        "apikey",
        "password",
        "code",
        "signature",
        "sig",
        "X-Amz-Signature",
        "X-Amz-Credential",
        "auth",
        "Authorization",
    ],
)
def test_the_value_of_a_parameter_that_may_be_secret_is_hidden(name: str) -> None:
    assert redacted(f"https://source.test/a?{name}=canary&page=2") == f"https://source.test/a?{name}=***&page=2"


@pytest.mark.parametrize("name", ["page", "sort", "postcode", "since", "bucket"])
def test_other_parameters_stay_readable(name: str) -> None:
    assert redacted(f"https://source.test/a?{name}=5") == f"https://source.test/a?{name}=5"


def test_user_password_and_fragment_are_removed() -> None:
    assert redacted("https://user:canary@source.test:8443/a#canary") == "https://source.test:8443/a"


def test_an_address_that_cannot_be_read_is_not_shown() -> None:
    assert redacted("https://[canary/") == "(an address that cannot be read)"


def test_a_parameter_that_comes_twice_is_hidden_twice() -> None:
    assert redacted("https://source.test/?token=a&token=b") == "https://source.test/?token=***&token=***"


@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert isinstance(redacted(text), str)
