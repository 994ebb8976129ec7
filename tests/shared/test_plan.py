"""Which streams one sync reads, and which of them completely."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.errors import ConfigurationError, Forbidden, Unavailable
from shared.obstacles import MOST_STAYS
from shared.pages import Page
from shared.streams import Feed, Stream, Task
from tests.shared.engine import NOTE, Source, company, errors, sync, warehouse

HOUR = 3_600.0
DAY = 24 * HOUR


def daily(source: Source, **feed: Any) -> list[Stream]:
    """Tasks, and what is read once a day."""
    return [source.task_stream(**feed), source.colour_stream(every_seconds=DAY), source.note_stream(every_seconds=DAY)]


# Cadence.


def test_a_listing_is_read_no_more_often_than_its_cadence() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, daily(source))
    source.clock.advance(DAY / 2)
    sync(source, destination, daily(source))
    assert source.asked == ["tasks changed"]
    source.clock.advance(DAY / 2)
    sync(source, destination, daily(source))
    assert "colours from 0" in source.asked and "notes of 1" in source.asked


def test_a_feed_is_read_completely_when_its_days_have_passed() -> None:
    source, destination = company(), warehouse()
    streams = [source.task_stream()]
    sync(source, destination, streams, full_pass_days=3)
    source.clock.advance(2 * DAY)
    sync(source, destination, streams, full_pass_days=3)
    assert source.asked == ["tasks changed"]
    source.clock.advance(DAY)
    sync(source, destination, streams, full_pass_days=3)
    assert "tasks after 0" in source.asked


def test_zero_days_make_every_sync_complete() -> None:
    source, destination = company(), warehouse()
    for _ in range(2):
        sync(source, destination, daily(source), full_pass_days=0)
        assert "tasks after 0" in source.asked and "colours from 0" in source.asked and "notes of 1" in source.asked


def test_a_complete_pass_that_failed_is_due_again_at_once() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, daily(source))
    source.clock.advance(DAY)
    source.fails["colours from 0"] = Unavailable("down")
    sync(source, destination, daily(source))
    source.fails.clear()
    sync(source, destination, daily(source))
    assert "colours from 0" in source.asked
    sync(source, destination, daily(source))
    assert "colours from 0" not in source.asked


def test_a_feed_may_find_that_a_complete_pass_is_due() -> None:
    source, destination = company(), warehouse()
    overdue = False
    streams = [source.task_stream(overdue=lambda task: overdue)]
    sync(source, destination, streams)
    source.remove(5, signal=False)
    sync(source, destination, streams)
    assert ("5",) in destination.rows["task"]
    overdue = True
    sync(source, destination, streams)
    assert destination.rows["task"] == source.truth()["task"]


def test_what_a_feed_asks_first_is_known_when_it_decides_and_when_it_reads() -> None:
    source, destination = company(), warehouse()
    heard: list[tuple[str, Any]] = []

    def overdue(task: Task) -> bool:
        heard.append(("overdue", task.answer))
        return False

    def changes(task: Task) -> Iterator[Page]:
        heard.append(("changes", task.answer))
        return source.changed_tasks(task)

    asking = {"asks": lambda task: task.complete, "overdue": overdue, "changes": changes}
    streams = [source.task_stream(**asking)]
    sync(source, destination, streams)
    assert heard == []
    sync(source, destination, streams)
    assert heard == [("overdue", False), ("changes", False)]
    heard.clear()
    sync(source, destination, streams, full_pass_days=0)
    assert heard == [("changes", True)]


def test_a_first_reading_that_is_resumed_asks_what_changed_from_where_it_ends() -> None:
    source, destination = company(), warehouse()
    asked: list[str] = []
    streams = [source.task_stream(asks=lambda task: asked.append(task.position))]
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, streams)
    source.fails.clear()
    sync(source, destination, streams)
    assert asked == [destination.state["streams"]["task"]["position"]]


# Looks at what the source gives no signal of.


def looking(source: Source, looked: list[bool], **feed: Any) -> list[Stream]:
    """Tasks, that write down whether they are to look."""

    def changes(task: Task) -> Iterator[Page]:
        looked.append(task.looks)
        return source.changed_tasks(task)

    return [source.task_stream(changes=changes, **feed)]


def test_it_is_time_to_look_again_once_the_hours_between_two_looks_have_passed() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()
    streams = looking(source, looked)
    for _ in range(10):
        sync(source, destination, streams, look_hours=1)
        source.clock.advance(HOUR / 4 - 60)  # The minute that `sync` lets pass comes on top.
    assert looked == [False, False, False, True, False, False, False, True, False]


def test_a_sync_an_hour_looks_every_time_though_it_may_begin_a_little_early() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()
    streams = looking(source, looked)
    for early in (0, 60, 0, 60):
        sync(source, destination, streams, look_hours=1)
        source.clock.advance(HOUR - early)
    assert looked == [True, True, True]


def test_without_hours_between_them_every_sync_looks() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()
    streams = looking(source, looked)
    for _ in range(3):
        sync(source, destination, streams, look_hours=0)
    assert looked == [True, True]


def test_a_complete_pass_looks_too_and_is_a_look() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()
    streams = looking(source, looked)
    sync(source, destination, streams)
    source.clock.advance(HOUR / 2)
    sync(source, destination, streams, full_pass_days=0)
    source.clock.advance(HOUR / 2)
    sync(source, destination, streams)
    assert looked == [True, False]


def test_a_look_that_did_not_come_through_is_made_again_by_the_next_sync() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()
    streams = looking(source, looked)
    sync(source, destination, streams)
    source.clock.advance(HOUR)
    source.fails["tasks changed"] = Unavailable("down")
    sync(source, destination, streams)
    source.fails.clear()
    for _ in range(2):
        sync(source, destination, streams)
    assert looked == [True, True, False]


def test_what_was_looked_at_in_vain_below_is_looked_at_again() -> None:
    source, destination, looked = company(), warehouse(), list[bool]()

    def notes(task: Task) -> Iterator[Page]:
        return source.all_notes(task)

    below = Feed(table=NOTE, parents=("task",), everything=notes, changes=notes)
    streams = [*looking(source, looked), below]
    sync(source, destination, streams)
    source.clock.advance(HOUR)
    source.put(1, "changed")
    source.fails["notes of 1"] = Unavailable("down")
    sync(source, destination, streams)
    source.fails.clear()
    for _ in range(2):
        sync(source, destination, streams)
    assert looked == [True, True, False]


# What cannot be had.


def test_a_pass_with_a_bad_record_is_taken_for_done_after_five_syncs() -> None:
    source, destination = company(), warehouse()
    source.colours[3] = {"name": "no id"}
    streams = [source.colour_stream(every_seconds=DAY)]
    reads = []
    for _ in range(MOST_STAYS + 4):
        sync(source, destination, streams)
        reads.append(bool(source.asked))
    assert reads[:MOST_STAYS] == [True] * MOST_STAYS
    assert reads[-1] is False


# Which streams.


def test_an_optional_stream_is_read_where_it_is_wanted_only() -> None:
    source, destination = company(), warehouse()
    streams = [source.task_stream(), source.colour_stream(opt_in=True)]
    sync(source, destination, streams)
    assert destination.rows["colour"] == {}
    sync(source, destination, streams, added=frozenset({"colour"}))
    assert len(destination.rows["colour"]) == 12


def test_a_stream_can_be_left_out() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, left_out=frozenset({"colour"}))
    assert destination.rows["colour"] == {} and len(destination.rows["task"]) == 35
    assert not [what for what in source.asked if what.startswith("colours")]


def test_a_stream_that_is_left_out_from_now_on_is_neither_late_nor_wrong() -> None:
    source, destination = company(), warehouse()
    source.fails["colours from 0"] = Forbidden("closed")
    sync(source, destination)
    assert errors(destination) == [("colour", "", "permission")]
    sync(source, destination, left_out=frozenset({"colour"}))
    assert errors(destination) == [] and ("colour",) not in destination.rows["sync_metadata"]
    assert destination.counts["sync_metadata"]["delete"] == 1
    sync(source, destination, left_out=frozenset({"colour", "task"}))
    assert destination.counts["sync_metadata"]["delete"] == 0, "once is enough, and a parent of others is still read"
    sync(source, destination)
    assert errors(destination) == [("colour", "", "permission")]
    assert {"task", "colour", "note"} == {stream for (stream,) in destination.rows["sync_metadata"]}


def test_a_parent_that_is_left_out_is_read_for_its_children_and_not_landed() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, left_out=frozenset({"task"}))
    assert destination.rows["task"] == {} and destination.rows["task_tag"] == {}
    assert destination.rows["note"] == source.truth()["note"]


def test_a_parent_without_wanted_children_that_is_left_out_is_not_read() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, left_out=frozenset({"task", "note"}))
    assert not [what for what in source.asked if what.startswith("tasks")]


def test_what_others_still_go_through_is_not_taken_for_left_out_at_any_level() -> None:
    source, destination = company(), warehouse()
    colours = source.colour_stream(parents=("note",))
    streams = [source.task_stream(), source.note_stream(keep=lambda record: record["id"]), colours]
    sync(source, destination, streams)
    sync(source, destination, streams, left_out=frozenset({"task", "note"}))
    assert {key for (key,) in destination.rows["sync_metadata"]} == {"task", "note", "colour"}
    assert "delete" not in destination.counts["sync_metadata"]
    sync(source, destination, streams, left_out=frozenset({"task", "note", "colour"}))
    assert destination.rows["sync_metadata"] == {}


def test_a_parent_that_is_wanted_again_is_landed() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, left_out=frozenset({"task"}))
    sync(source, destination)
    sync(source, destination)
    assert destination.business_rows() == source.truth()


@pytest.mark.parametrize("settings", [{"added": frozenset({"colours"})}, {"left_out": frozenset({"colours"})}])
def test_a_stream_that_does_not_exist_is_an_error_before_anything_is_read(settings: dict[str, Any]) -> None:
    source, destination = company(), warehouse()
    with pytest.raises(ConfigurationError, match="no stream called colours.*task, colour, note"):
        sync(source, destination, **settings)
    assert source.asked == [] and destination.operations == 0
