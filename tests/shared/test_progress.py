"""Where the next sync goes on: page by page in a first reading, and after a complete one from its last page."""

from typing import Any

from shared.order import Order
from shared.progress import AGAIN, CHANGES, EVERYTHING, Progress
from shared.state import SavedStream
from tests.shared.engine import Source


def progress(complete: bool = False, has_children: bool = False, **saved: Any) -> Progress:
    order = Order(Source().task_stream(), "2026-03-01T09:30:00.000Z", complete=complete, has_children=has_children)
    return Progress(order, SavedStream(**saved))


def test_a_first_reading_can_be_resumed_after_each_page() -> None:
    made = progress()
    assert made.mode == "backfill" and not made.resumed
    made.move(EVERYTHING, 10, moves_on=True)
    assert (made.position, made.backfill) == (None, 10)
    assert progress(backfill=10).resumed


def test_other_streams_are_not_given_the_rest_of_a_listing() -> None:
    assert not progress(backfill=10, has_children=True).resumed


def test_its_last_page_has_the_first_position_for_changes() -> None:
    made = progress()
    made.move(EVERYTHING, 20, moves_on=True)
    made.end_everything(stays=False, sure=True)
    assert (made.position, made.backfill, made.done) == (20, None, True)


def test_a_first_reading_ends_with_its_position_though_it_is_not_done() -> None:
    made = progress()
    made.move(EVERYTHING, 20, moves_on=False)
    made.end_everything(stays=True, sure=True)
    assert (made.position, made.backfill, made.done) == (20, None, False)


def test_changes_move_the_position_unless_something_keeps_it() -> None:
    made = progress(position=5)
    assert made.mode == "changes"
    made.move(CHANGES, 6, moves_on=True)
    made.move(CHANGES, 7, moves_on=False)
    made.move(AGAIN, 8, moves_on=True)
    assert made.position == 6


def test_a_complete_pass_moves_the_position_at_its_end_only() -> None:
    made = progress(complete=True, position=5)
    assert made.mode == "complete"
    made.move(EVERYTHING, 9, moves_on=True)
    assert (made.position, made.backfill) == (5, None)
    made.end_everything(stays=True, sure=True)
    assert (made.position, made.done) == (5, False)
    made.end_everything(stays=False, sure=False)
    assert (made.position, made.done) == (9, False)
