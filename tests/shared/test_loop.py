"""In which order streams are read, and how a sync ends."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.errors import Exhausted, Forbidden, ServiceDown, Unauthorized, Unavailable
from shared.pages import Page
from shared.streams import Stream, Task
from tests.destination import Stop
from tests.shared.engine import TASK, Log, Source, company, errors, sync, warehouse

DAY = 86_400.0


# Order.


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


def test_a_stream_after_another_is_not_read_beside_it_but_once_it_has_ended_well_or_not() -> None:
    def streams(source: Source) -> list[Stream]:
        return [replace(source.colour_stream(), after=("task", "unknown")), source.task_stream()]

    source, destination = company(), warehouse()
    sync(source, destination, streams(source))
    first = source.asked.index("colours from 0")
    assert all(each.startswith("colours") for each in source.asked[first:])
    source.fails["tasks newest"] = Unavailable("down")
    sync(source, destination, streams(source), full_pass_days=0)
    assert "colours from 0" in source.asked
    source.fails.clear()
    sync(source, destination, streams(source), left_out=frozenset({"task"}), full_pass_days=0)
    assert source.asked[0] == "colours from 0"


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
