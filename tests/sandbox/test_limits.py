"""A sliding window counts what it accepted."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.limits import FixedWindow, SlidingWindow


def test_a_client_just_inside_the_limit_is_never_refused() -> None:
    window = SlidingWindow(50, 10)
    assert [window.refuse("client", number * 0.2) for number in range(1000)] == [0] * 1000


def test_clients_do_not_share_a_window() -> None:
    window = SlidingWindow(1, 10)
    assert [window.refuse("one", 0), window.refuse("other", 0), window.refuse("one", 0)] == [0, 0, 10]


@given(st.lists(st.floats(0, 5), min_size=1, max_size=80))
def test_no_window_ever_holds_more_than_the_limit_and_waiting_as_told_is_enough(gaps: list[float]) -> None:
    window, now, accepted = SlidingWindow(5, 10), 0.0, []
    for gap in gaps:
        now += gap
        wait = window.refuse("client", now)
        if wait:
            now += wait
            assert window.refuse("client", now) == 0
        accepted.append(now)
    assert all(sum(end - 10 + 1e-5 < time <= end for time in accepted) <= 5 for end in accepted)


def test_a_fixed_window_begins_with_the_first_request_after_the_one_before_it() -> None:
    window = FixedWindow()
    assert [window.take(now, (2, 10)) for now in (5, 6, 7, 14.9, 15, 16, 24)] == [
        True,
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    assert (window.begun, window.used) == (15, 2)
