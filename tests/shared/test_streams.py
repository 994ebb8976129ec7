"""What a stream is, before anything is read."""

from dataclasses import FrozenInstanceError

import pytest

from shared.streams import Feed, Page, Settings, Snapshot, Task, listed
from tests.shared.engine import COLOUR, TASK, Source


def test_a_listing_without_a_gap_is_whole_at_its_end() -> None:
    assert list(listed([[1, 2], [3]])) == [Page([1, 2]), Page([3]), Page(whole=True)]


def test_an_empty_listing_is_whole_too() -> None:
    assert list(listed([])) == [Page(whole=True)]


def test_a_listing_that_breaks_off_is_not_whole() -> None:
    def parts() -> object:
        yield [1]
        raise ConnectionError

    pages = listed(parts())  # type: ignore[arg-type]
    assert next(pages) == Page([1])
    with pytest.raises(ConnectionError):
        next(pages)


def test_a_stream_is_named_after_its_table() -> None:
    source = Source()
    assert (source.task_stream().name, source.colour_stream().name) == (TASK.name, COLOUR.name)


def test_a_page_moves_no_position_unless_it_says_so() -> None:
    page = Page([1])
    assert page.position is None and not page.whole and page.partition == ""


def test_declarations_cannot_be_changed() -> None:
    for each in (Page(), Task(position=None), Settings(), Source().task_stream()):
        with pytest.raises(FrozenInstanceError):
            setattr(each, "position", 1)  # noqa: B010


def test_by_default_everything_is_read_once_a_week() -> None:
    assert Settings() == Settings(
        start_date=None, full_pass_days=7.0, added=frozenset(), left_out=frozenset(), keep_raw=False
    )


def test_a_feed_must_say_what_changes() -> None:
    with pytest.raises(TypeError, match="changes"):
        Feed(table=TASK, everything=lambda task: iter(()))  # type: ignore[call-arg]
    assert Snapshot(table=TASK, everything=lambda task: iter(())).every_seconds == 0.0
