"""Numbers keep the digits that were written."""

import json

from shared.exact import Exact


def test_digits_that_a_float_loses_are_kept() -> None:
    number = json.loads("12345678901234567.123456789", parse_float=Exact)
    assert number.text == "12345678901234567.123456789"


def test_it_computes_like_a_float() -> None:
    assert Exact("1.50") == 1.5
    assert Exact("1.50") + 1 == 2.5


def test_it_is_written_to_json_as_a_number() -> None:
    assert json.dumps({"hours": Exact("1.50")}) == '{"hours": 1.5}'


def test_two_spellings_of_one_number_are_equal() -> None:
    assert Exact("1.5") == Exact("1.50")
    assert hash(Exact("1.5")) == hash(1.5)


def test_a_whole_number_stays_an_int() -> None:
    assert type(json.loads("7", parse_float=Exact)) is int
