"""What a stream is, before anything is read."""

from dataclasses import FrozenInstanceError

import pytest

from shared.pages import Page
from shared.streams import Feed, Settings, Snapshot, Task
from tests.shared.engine import COLOUR, TASK, Source


def test_a_stream_is_named_after_its_table() -> None:
    source = Source()
    assert (source.task_stream().name, source.colour_stream().name) == (TASK.name, COLOUR.name)


def test_declarations_cannot_be_changed() -> None:
    for each in (Page(), Task(position=None), Settings(), Source().task_stream()):
        with pytest.raises(FrozenInstanceError):
            setattr(each, "position", 1)  # noqa: B010


def test_by_default_everything_is_read_once_a_week() -> None:
    assert Settings() == Settings(
        start_date=None, full_pass_days=7.0, look_hours=1.0, added=frozenset(), left_out=frozenset(), keep_raw=False
    )


def test_a_feed_must_say_what_changes() -> None:
    with pytest.raises(TypeError, match="changes"):
        Feed(table=TASK, everything=lambda task: iter(()))  # type: ignore[call-arg]
    assert Snapshot(table=TASK, everything=lambda task: iter(())).every_seconds == 0.0
