"""Positions have a form in the state, and what is no such position is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.positions import Moment, Position, as_it_is, by_part, saved


@dataclass(frozen=True)
class Inner(Position):
    page: int = 0


@dataclass(frozen=True)
class Walked(Position):
    since: str
    ratio: float = 0.0
    widen: int | None = None
    seen: tuple[str, ...] = ()
    newest: Mapping[str, str] = field(default_factory=dict)
    inner: Inner | None = None
    began: Moment = ""


FULL = Walked("2026", 0.5, 1, ("a", "b"), {"active": "2025"}, Inner(3))
FORM = {
    "since": "2026",
    "ratio": 0.5,
    "widen": 1,
    "seen": ["a", "b"],
    "newest": {"active": "2025"},
    "inner": {"page": 3},
}


def test_a_position_comes_back_as_it_was_saved() -> None:
    assert FULL.saved() == FORM
    assert Walked.restored(FORM) == FULL


def test_what_equals_its_default_is_not_written() -> None:
    assert Walked("2026").saved() == {"since": "2026"}
    assert Walked.restored({"since": "2026"}) == Walked("2026")


def test_what_an_earlier_release_wrote_besides_is_passed_over() -> None:
    assert Walked.restored({"since": "2026", "left": 1}) == Walked("2026")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (None, "an object was expected"),
        ([], "an object was expected"),
        ({}, "since is missing"),
        ({"since": 7}, "since does not fit"),
        ({"since": "x", "began": 7}, "began does not fit"),
        ({"since": "x", "began": "banana"}, "began: Invalid isoformat string: 'banana'"),
        ({"since": "x", "widen": "1"}, "widen does not fit"),
        ({"since": "x", "widen": True}, "widen does not fit"),
        ({"since": "x", "seen": ["a", 1]}, "seen does not fit"),
        ({"since": "x", "seen": "a"}, "seen does not fit"),
        ({"since": "x", "newest": {"active": 1}}, "newest.active does not fit"),
        ({"since": "x", "inner": {"page": "3"}}, "inner: page does not fit"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(form: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        Walked.restored(form)


def test_a_whole_number_may_stand_for_a_fraction() -> None:
    assert Walked.restored({"since": "x", "ratio": 1}).ratio == 1.0


def test_positions_by_part_may_lack_those_of_parts_that_are_gone() -> None:
    restore = by_part(Inner.restored)
    assert restore({"7": {"page": 1}, "8": None}) == {"7": Inner(1), "8": None}
    assert saved({"7": Inner(1), "8": None}) == {"7": {"page": 1}, "8": None}
    with pytest.raises(ValueError, match="for each part"):
        restore([])


def test_a_position_may_be_json_of_its_own() -> None:
    assert as_it_is("x") == saved("x") == "x"
    assert saved({"since": ["x", 1]}) == {"since": ["x", 1]}
