"""What streams save: its form in the state, and the forms that earlier releases wrote."""

from typing import Any

import pytest

from copper.activities import Descended, Logged
from copper.changes import OVERLAP_SECONDS, Reached


@pytest.mark.parametrize(
    ("position", "saved"),
    [
        (Reached(0), {"second": 0}),
        (Reached(7, since=9.5), {"second": 7, "since": 9.5}),
        (Reached(7, since=9.5, settled=True, widen=0), {"second": 7, "since": 9.5, "settled": True, "widen": 0}),
        (Logged(5), {"created": 5}),
        (Descended(5, 3), {"created": 5, "down_to": 3}),
    ],
)
def test_a_position_is_saved_as_what_is_known_and_restored(position: Any, saved: dict[str, Any]) -> None:
    assert position.saved() == saved
    assert type(position).restored(saved) == position


@pytest.mark.parametrize(
    ("saved", "position"),
    [
        (1_767_164_315, Reached(1_767_164_315)),
        ({"second": 7, "since": None, "settled": False, "widen": None}, Reached(7)),
        ({"second": 7, "since": 9.5, "settled": True, "widen": 1}, Reached(7, 9.5, settled=True, widen=1)),
    ],
)
def test_changes_that_an_earlier_release_had_read_are_gone_on_from(saved: Any, position: Reached) -> None:
    assert Reached.restored(saved) == position


@pytest.mark.parametrize("saved", ["2026-01-01", {"second": "7"}, {"since": 9.5}, {"second": 7, "widen": "1"}, True])
def test_what_is_no_position_is_refused(saved: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|does not fit|missing"):
        Reached.restored(saved)


def test_activities_are_read_from_the_end_of_time_where_it_is_not_said_down_to_where() -> None:
    assert Descended.restored({"created": 5}) == Descended(5)


def test_a_second_is_settled_once_it_was_read_again_long_after_it_was_reached() -> None:
    reached = Reached(7_000, since=100.0, widen=0)
    soon, late = (reached.through(100.0 + seconds) for seconds in (OVERLAP_SECONDS - 1, OVERLAP_SECONDS))
    assert (soon.start, soon.proven) == (7_000 - OVERLAP_SECONDS, None)
    assert (late.start, late.proven) == (7_000, 7_000)
    assert late.further(7_000, now=900.0) == late
    assert late.further(7_001, now=900.0) == Reached(7_001, since=900.0, widen=0)
