"""Which streams are due, in which order they are read, when progress is saved, and how a sync ends."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from shared import loop
from shared.errors import ConfigurationError, Exhausted, Forbidden, ServiceDown, StateError, Unauthorized, Unavailable
from shared.loop import CHECKPOINT_SECONDS
from shared.obstacles import MOST_STAYS
from shared.pages import Page
from shared.streams import Stream, Task
from tests.destination import Stop
from tests.shared.engine import TASK, Log, Source, company, errors, sync, warehouse

DAY = 86_400.0


def daily(source: Source, **feed: Any) -> list[Stream]:
    """Tasks, and what is read once a day."""
    return [source.task_stream(**feed), source.colour_stream(every_seconds=DAY), source.note_stream(every_seconds=DAY)]


# Order and cadence.


def test_a_stream_is_read_after_its_parents() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, list(reversed(source.streams())))
    first_note = min(source.asked.index(what) for what in source.asked if what.startswith("notes"))
    assert all(source.asked.index(what) < first_note for what in source.asked if what.startswith("tasks"))
    assert destination.business_rows() == source.truth()


def test_independent_streams_are_read_side_by_side() -> None:
    source = company(100, 100)
    source.latency = 1.0
    started = source.clock.monotonic()
    sync(source, warehouse(), [source.task_stream(), source.colour_stream()])
    assert source.clock.monotonic() - started < 60.0 + 1.5 * 12


def test_one_worker_is_enough() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, workers=1)
    assert destination.business_rows() == source.truth()


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


# Failures.


def test_a_stream_that_fails_does_not_stop_the_others() -> None:
    source, destination = company(), warehouse()
    source.fails["colours from 0"] = Forbidden("closed")
    sync(source, destination)
    assert destination.rows["task"] == source.truth()["task"] and destination.rows["note"] == source.truth()["note"]
    assert errors(destination) == [("colour", "", "permission")]
    assert len(destination.warnings) == 1 and destination.warnings[0].startswith("colour: ")
    source.fails.clear()
    sync(source, destination)
    assert destination.business_rows() == source.truth()
    assert errors(destination) == []


def test_a_defect_in_one_stream_does_not_stop_the_others() -> None:
    source, destination = company(), warehouse()
    source.fails["colours from 0"] = KeyError("unexpected")
    sync(source, destination)
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == [("colour", "", "bad_payload")]


def test_a_rejected_credential_ends_the_sync_with_an_error_after_a_checkpoint() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Unauthorized("authorise again")
    with pytest.raises(Stop, match="authorise again"):
        sync(source, destination, [source.task_stream()])
    assert destination.errors == ["authorise again"]
    assert len(destination.rows["task"]) == 20 and destination.state["streams"]["task"]["backfill"]["after"] == 20
    assert errors(destination) == [("task", "", "auth")]
    source.fails.clear()
    sync(source, destination, [source.task_stream()])
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == []


def test_after_a_rejected_credential_nothing_more_is_begun() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks newest"] = Unauthorized("authorise again")
    with pytest.raises(Stop):
        sync(source, destination, workers=1)
    assert source.asked == ["tasks newest"]


def test_a_source_that_is_down_ends_the_sync_with_a_warning() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = ServiceDown("every request failed")
    sync(source, destination, workers=1)
    assert source.asked == ["tasks newest", "tasks after 0", "tasks after 10", "tasks after 20"]
    assert any("failed again and again. So this sync ended early" in warning for warning in destination.warnings)
    assert destination.errors == []
    source.fails.clear()
    sync(source, destination)
    assert destination.rows["task"] == source.truth()["task"] and len(destination.rows["colour"]) == 12


def test_every_stream_that_was_read_has_a_row_of_metadata() -> None:
    source, destination = company(), warehouse()
    source.fails["colours from 0"] = Unavailable("down")
    sync(source, destination)
    rows = {key[0]: row for key, row in destination.rows["sync_metadata"].items()}
    assert {name: (row["mode"], row["rows"], row["errors"]) for name, row in rows.items()} == {
        "task": ("backfill", 71, 0),
        "colour": ("complete", 0, 1),
        "note": ("complete", 35, 0),
    }
    assert rows["colour"]["last_completed_at"] is None and rows["task"]["last_completed_at"]
    assert json.loads(rows["task"]["position"]) == source.tasks[35]["updated_at"]


def test_every_stream_has_a_line_in_the_log() -> None:
    source, log = company(), Log()
    sync(source, warehouse(), log=log)
    assert sorted(line.split(":")[0] for line in log.lines) == ["colour", "note", "task"]


# Checkpoints.


def test_a_long_stream_is_saved_once_a_minute() -> None:
    source, destination = company(300, 0), warehouse()
    source.latency = 25.0
    times: list[float] = []
    checkpoint = destination.checkpoint

    def timed(state: dict[str, Any]) -> None:
        times.append(source.clock.monotonic())
        checkpoint(state)

    destination.checkpoint = timed  # type: ignore[method-assign]
    sync(source, destination, [source.task_stream()])
    between = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert len(times) >= 10
    assert all(CHECKPOINT_SECONDS <= step < CHECKPOINT_SECONDS + 25.0 for step in between[:-1])


def test_a_short_sync_is_saved_once() -> None:
    destination = warehouse()
    sync(company(), destination)
    assert len(destination.checkpoints) == 1


def test_every_page_of_a_backfill_can_be_resumed_from() -> None:
    source, destination = company(60, 0), warehouse()
    source.latency = 61.0
    sync(source, destination, [source.task_stream()])
    backfills = [(state, state["streams"]["task"].get("backfill")) for state in destination.checkpoints]
    resumable = [(state, backfill["after"]) for state, backfill in backfills if isinstance(backfill, dict)]
    assert [after for _, after in resumable] == [10, 20, 30, 40, 50, 60]
    truth = source.truth()["task"]
    for state, after in resumable:
        again = warehouse()
        again.state = state
        again.rows["task"] = {(str(number),): truth[str(number),] for number in source.tasks if number <= after}
        sync(source, again, [source.task_stream()])
        assert again.rows["task"] == truth
        assert again.counts["task"]["upsert"] == 60 - after


def test_a_complete_pass_sends_nothing_again_of_what_is_only_ever_added() -> None:
    source, destination = company(), warehouse()

    def added(task: Task) -> Iterator[Page]:
        after = task.position or 0
        yield Page([source.tasks[number] for number in sorted(source.tasks) if number > after])
        yield Page(position=max(source.tasks), done=True)

    streams = [source.task_stream(everything=added, changes=added, appends=True)]
    for days in (7, 0, 0):
        sync(source, destination, streams, full_pass_days=days)
    assert destination.business() == 0
    source.put(99)
    sync(source, destination, streams, full_pass_days=0)
    assert destination.counts["task"]["upsert"] == 1 and destination.rows["task"] == source.truth()["task"]


# State.


def test_unknown_keys_of_the_state_are_kept() -> None:
    source, destination = company(), warehouse()
    destination.state = {"later": {"a": 1}, "streams": {"colour": {"hint": 7}, "gone": {"position": 3}}}
    sync(source, destination)
    sync(source, destination)
    assert destination.state["later"] == {"a": 1}
    assert destination.state["streams"]["colour"]["hint"] == 7
    assert destination.state["streams"]["gone"] == {"position": 3}


def test_a_damaged_memory_is_a_clear_error() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    destination.state["streams"]["task"]["known"][""] = "damaged"
    with pytest.raises(StateError, match="re-sync"):
        sync(source, destination)


@pytest.fixture
def scattered() -> Source:
    """300 tasks whose ids do not compress."""
    source, random = Source(), Random(1)
    for _ in range(300):
        source.put(random.randint(1, 10**9), tags=["x"])
    return source


def test_a_full_state_forgets_hashes_first_and_still_finds_what_vanished(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    assert len(json.dumps(destination.state)) <= 3_500
    assert destination.state["streams"]["task"]["remembers"] == "ids"
    [warning] = [each for each in destination.warnings if "can be billed" in each]
    assert f"all {len(scattered.tasks)} of them" in warning and "full_pass_days" in warning
    scattered.remove(min(scattered.tasks), signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert destination.rows["task"] == scattered.truth()["task"]
    assert destination.rows["task_tag"] == scattered.truth()["task_tag"]


def test_a_state_without_room_for_ids_stops_comparing_and_says_so(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", 1_000)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    assert [warning for warning in destination.warnings if "too many rows to remember" in warning]
    assert destination.state["streams"]["task"]["remembers"] == "nothing"
    assert len(json.dumps(destination.state)) <= 1_000
    first, second, third = sorted(scattered.tasks)[:3]
    scattered.remove(first)
    scattered.put(second, "changed")
    sync(scattered, destination, streams)
    assert (str(first),) not in destination.rows["task"]
    assert destination.rows["task"][str(second),]["name"] == "changed"
    scattered.remove(third, signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert (str(third),) in destination.rows["task"]


def test_a_full_state_forgets_the_largest_memory_first_though_its_stream_is_not_read_yet(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    scattered.colours = {number: {"id": number, "name": "a colour"} for number in range(20)}
    destination, streams = warehouse(), [scattered.colour_stream(), scattered.task_stream(parents=("colour",))]
    sync(scattered, destination, streams)
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", len(json.dumps(destination.state)) - 100)
    scattered.latency = 61.0
    sync(scattered, destination, streams)
    saved = destination.state["streams"]
    assert saved["colour"]["remembers"] == "hashes" and saved["task"]["remembers"] == "ids"
    assert destination.checkpoints[0]["streams"]["task"]["remembers"] == "ids"


def test_a_checkpoint_in_a_complete_pass_over_a_full_state_forgets_the_new_hashes_and_not_the_ids(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    scattered.latency = 61.0
    scattered.remove(min(scattered.tasks), signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert destination.rows["task"] == scattered.truth()["task"] and destination.warnings == []


def test_what_is_read_again_every_time_is_not_sent_again_by_a_full_state_either(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    for _ in range(3):
        sync(scattered, destination, streams)
    assert destination.business() == 0


def test_the_page_that_a_stream_never_yields_is_an_empty_stream() -> None:
    def nothing(task: Task) -> Iterator[Page]:
        return iter(())

    source, destination = company(), warehouse()
    sync(source, destination, [source.colour_stream(everything=nothing)])
    assert destination.business() == 0 and errors(destination) == []


def test_a_source_that_answers_no_more_this_month_ends_the_sync_with_a_warning_that_says_so() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Exhausted("the month's quota is used up")
    sync(source, destination, workers=1)
    assert source.asked[-1] == "tasks after 20"
    assert any(warning.startswith("the month's quota is used up. So this") for warning in destination.warnings)
    assert destination.errors == [] and ("task", "", "rate_limit") in errors(destination)


def test_the_change_time_may_lie_inside_an_object() -> None:
    source, destination = company(tasks=0), warehouse()
    source.put(1, "old", meta={"changed": "2025-12-31T23:00:00-08:00"})
    source.put(2, "new", meta={"changed": "2026-01-01T00:00:00-08:00"})
    source.put(3, "neither", meta=[])
    stream = source.task_stream(table=replace(TASK, raw_only=("meta",)), changed_at="meta.changed")
    sync(source, destination, [stream], start_date="2026-01-01")
    assert sorted(row["name"] for row in destination.rows["task"].values()) == ["neither", "new"]


def test_an_id_with_a_separator_in_it_is_deleted_like_any_other() -> None:
    source, destination = company(), warehouse()
    source.colours[99] = {"id": "a\x1fb", "name": "odd"}
    sync(source, destination)
    del source.colours[99]
    sync(source, destination)
    assert destination.rows["colour"] == source.truth()["colour"] and errors(destination) == []
