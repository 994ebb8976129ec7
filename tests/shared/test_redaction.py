"""What is written anywhere holds no secret."""

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.redaction import Secrets, redacted


def test_a_secret_is_replaced_wherever_it_stands() -> None:
    assert Secrets("canary-1234").hide("token canary-1234, again canary-1234.") == "token ***, again ***."


def test_a_secret_is_replaced_in_the_form_it_takes_in_an_address() -> None:
    assert Secrets("ab+c/d=12").hide("q=ab%2Bc%2Fd%3D12") == "q=***"


SECRET = "canary+1/2=\u00e9&<34>"


@pytest.mark.parametrize(
    "written",
    [
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps({"echo": SECRET}, ensure_ascii=False),
        json.dumps(SECRET).replace("/", r"\/"),
        html.escape(SECRET),
        html.escape(SECRET, quote=False),
        *(b64encode(f"{before}{SECRET}".encode()).decode() for before in ("", "a", "ab", "user:")),
        urlsafe_b64encode(f"Bearer {SECRET} and more".encode()).decode(),
    ],
)
def test_a_secret_is_replaced_in_every_form_in_which_it_may_come_back(written: str) -> None:
    hidden = Secrets(SECRET).hide(f"you sent {written}!")
    assert "***" in hidden
    # At its ends a text in base 64 shares a character with what stands beside it.
    assert len(hidden) < 40 and "canary" not in hidden


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
        "jwt",
        "sid",
        "pwd",
        "otp",
        "bearer",
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
