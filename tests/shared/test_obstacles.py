"""What keeps a stream from moving on, and that nothing does for ever."""

import pytest

from shared.obstacles import MOST_STAYS, Obstacles
from shared.state import SavedStream


def met(*names: str, stayed: int = 0, waited: int = 0) -> Obstacles:
    """Obstacles of these kinds, after so many syncs."""
    made = Obstacles(SavedStream(stayed=stayed, waited=waited))
    for name in names:
        setattr(made, name, True)
    return made


def test_where_nothing_was_met_the_stream_moves_on() -> None:
    made = met()
    assert made.none and made.moves_on and made.passed and not made.in_the_way
    assert made.counted(ended=True, passed_on=True, tried=True) == (0, 0)


@pytest.mark.parametrize("name", ["misfit", "lost"])
def test_a_bad_record_keeps_the_position_for_a_while(name: str) -> None:
    assert not met(name, stayed=MOST_STAYS - 1).moves_on and met(name, stayed=MOST_STAYS - 1).in_the_way
    assert met(name, stayed=MOST_STAYS).moves_on and not met(name, stayed=MOST_STAYS).in_the_way


def test_what_was_not_read_is_in_the_way_of_a_complete_pass_but_not_of_changes() -> None:
    made = met("failed", "unread")
    assert made.moves_on and made.in_the_way and not made.passed and not made.none


def test_a_failure_that_is_tried_again_by_itself_is_in_nobodys_way() -> None:
    made = met("failed")
    assert made.moves_on and made.passed and not made.in_the_way and not made.none


def test_what_broke_off_has_not_passed() -> None:
    assert not met("failed", "broken_off").passed


def test_syncs_are_counted_once_they_have_ended_and_no_further_than_needed() -> None:
    assert met("lost", stayed=2, waited=3).counted(ended=False, passed_on=False, tried=True) == (2, 3)
    assert met("lost", stayed=2, waited=3).counted(ended=True, passed_on=False, tried=True) == (3, 4)
    assert met("unread", stayed=MOST_STAYS).counted(ended=True, passed_on=True, tried=True) == (MOST_STAYS, 0)
    assert met("failed", stayed=2).counted(ended=True, passed_on=True, tried=True) == (0, 0)


def test_a_sync_that_broke_off_is_no_wait_for_what_it_did_not_come_to() -> None:
    assert met(waited=3).counted(ended=True, passed_on=False, tried=False) == (0, 3)
    assert met(waited=3).counted(ended=True, passed_on=True, tried=False) == (0, 0)


@pytest.mark.parametrize(("stayed", "expected"), [(0, False), (1, True), (MOST_STAYS - 1, True), (MOST_STAYS, False)])
def test_a_stream_that_stayed_reads_the_same_again(stayed: int, expected: bool) -> None:
    assert met(stayed=stayed).stayed_before is expected


def test_nobody_is_waited_for_without_end() -> None:
    assert not met(waited=MOST_STAYS - 1).waited_long_enough and met(waited=MOST_STAYS).waited_long_enough
