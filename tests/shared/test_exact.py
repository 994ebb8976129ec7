"""Numbers keep the digits that were written."""

import json

from shared.exact import DEEPEST, TOO_DEEP, Exact, is_deep, parsed, shallow


def nest(levels, innermost=1):
    found = innermost
    for level in range(levels):
        found = [found] if (levels - level) % 2 else {"a": found}
    return found


def test_what_is_nested_up_to_the_deepest_is_kept_as_it_is():
    assert not is_deep(nest(DEEPEST - 1)) and shallow(nest(DEEPEST)) == nest(DEEPEST)


def test_below_the_deepest_stands_a_mark():
    assert is_deep(nest(DEEPEST + 1)) and is_deep({"a": [TOO_DEEP]})
    assert shallow(nest(DEEPEST + 1), mark="…") == nest(DEEPEST, "…")
    assert shallow({"a": [TOO_DEEP, 1]}, mark="…") == {"a": ["…", 1]}


def test_a_broken_character_beside_what_is_nested_deeply_costs_only_itself():
    body = b'[{"id": 1, "x": %s}, {"id": 2, "name": "\\ud800"}]' % (b"[" * 700 + b"]" * 700)
    assert parsed(body)[1] == {"id": 2, "name": "\ufffd"}


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
