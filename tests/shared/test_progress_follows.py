"""Progress follows what has landed: nothing counts as read before everything below it has been read."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.errors import ServiceDown, Unavailable
from shared.journal import schemas
from shared.obstacles import MOST_STAYS
from shared.pages import Failure, Page
from shared.pending import MOST_ATTEMPTS
from shared.streams import Feed, Stream, Task
from tests.destination import Destination, Killed
from tests.shared.account import Account
from tests.shared.engine import NOTE, TASK, Source, company, errors, sync, warehouse


def changed_with_a_detail_that_fails() -> Account:
    """Task 3 has changed, and its detail could not be read: it is tried again by itself. Others changed later."""
    here = Account()
    here.sync()
    here.change(3)
    here.change(5)
    here.failing = {3}
    here.sync()
    assert set(here.destination.state["pending"]["task"]) == {"3"}
    here.failing = set()
    return here


def test_a_record_that_was_put_off_stays_so_until_what_is_below_it_is_read() -> None:
    here = changed_with_a_detail_that_fails()
    here.fails["notes of 3"] = Unavailable("down")
    here.sync()
    assert set(here.destination.state["pending"]["task"]) == {"3"}
    assert errors(here.destination) == [("note", "3", "unavailable")]
    here.fails.clear()
    here.sync()
    assert here.differences() == [] and errors(here.destination) == []
    assert here.destination.state["pending"] == {}


def test_a_part_that_was_not_read_again_is_not_taken_for_healed() -> None:
    here = changed_with_a_detail_that_fails()
    here.fails["notes of 3"] = Unavailable("down")
    here.sync()
    here.failing = {3}
    here.fails.clear()
    here.sync()
    assert errors(here.destination) == [("note", "3", "unavailable"), ("task", "3", "unavailable")]


@pytest.mark.parametrize("dies_after", range(1, 12))
def test_a_record_that_was_put_off_stays_so_when_the_sync_dies_before_what_is_below_it(dies_after: int) -> None:
    here = changed_with_a_detail_that_fails()
    here.source.latency = 61.0
    here.destination.dies_after = dies_after
    with contextlib.suppress(Killed):
        here.sync()
    here.destination.dies_after = None
    here.sync()
    assert here.differences() == [] and errors(here.destination) == []


def test_what_is_below_a_record_that_was_put_off_is_tried_as_often_as_the_record() -> None:
    here = changed_with_a_detail_that_fails()
    here.fails["notes of 3"] = Unavailable("down")
    for _ in range(MOST_ATTEMPTS + 2):
        here.sync()
    assert here.destination.state["pending"]["task"]["3"]["attempts"] == MOST_ATTEMPTS
    here.sync()
    assert "notes of 3" not in here.source.asked
    here.fails.clear()
    here.sync(full_pass_days=0)
    assert here.differences() == [] and errors(here.destination) == []
    assert here.destination.state["pending"] == {}


# What waits for what is below it.


def test_a_bad_record_below_a_record_is_read_again_before_the_record_counts_as_read() -> None:
    here = Account()
    here.sync()
    here.change(3)
    here.change(5)
    notes, here.source.notes[3] = here.source.notes[3], {"": "says not which one it is"}  # type: ignore[dict-item]
    here.sync()
    assert [category for _, _, category in errors(here.destination)] == ["bad_payload"]
    here.source.notes[3] = notes
    here.sync()
    assert here.differences() == [] and errors(here.destination) == []


def test_a_record_waits_for_what_is_two_levels_below_it() -> None:
    here = Account()

    def streams() -> list[Stream]:
        tasks, notes = here.streams()
        answers = Feed(table=replace(NOTE, name="answer"), parents=("note",), everything=answered, changes=answered)
        return [tasks, replace(notes, keep=lambda record: record["id"]), answers]

    def answered(task: Task) -> Iterator[Page]:
        for note in task.parents["note"]:
            here.source.ask(f"answers to {note}")
            yield Page([{"id": note, "task_id": "", "text": "yes"}], partition=str(note), whole=True)
        yield Page(position="read", partition="(all)", done=True)

    here.destination = Destination(schemas([TASK, NOTE, replace(NOTE, name="answer")], {}))
    sync(here.source, here.destination, streams())
    here.change(3)
    here.change(5)
    new = str(max(here.source.notes[3]))
    here.fails[f"answers to {new}"] = Unavailable("down")
    for _ in range(2):
        sync(here.source, here.destination, streams())
    assert (new,) not in here.destination.rows["answer"]
    here.fails.clear()
    sync(here.source, here.destination, streams())
    assert (new,) in here.destination.rows["answer"]


def test_an_outage_of_many_syncs_makes_nothing_move_on() -> None:
    here = Account()
    here.sync()
    here.change(3)
    here.change(5)
    here.fails["notes of 3"] = ServiceDown("down")
    for _ in range(MOST_STAYS + 3):
        here.sync()
    here.fails.clear()
    here.sync()
    assert here.differences() == [] and errors(here.destination) == []


# Streams and dates that are left out and taken in again.


def test_a_stream_below_others_that_is_taken_in_again_brings_what_changed_meanwhile() -> None:
    here = Account()
    here.sync()
    here.change(3)
    here.sync(left_out=frozenset({"note"}))
    here.sync()
    assert here.differences() == []
    here.sync()
    assert here.source.asked == ["tasks changed", "notes of 3"]


@pytest.mark.parametrize("left_out", ["note", "task"])
@pytest.mark.parametrize("dies_after", range(1, 12))
def test_it_does_so_although_the_sync_dies_in_which_it_comes_back(left_out: str, dies_after: int) -> None:
    here = Account()
    here.sync()
    for number in (1, 3):
        here.change(number)
    here.sync(left_out=frozenset({left_out}))
    here.source.latency = 61.0
    here.destination.dies_after = dies_after
    with contextlib.suppress(Killed):
        here.sync()
    here.destination.dies_after = None
    here.sync()
    assert here.differences() == []


def test_a_stream_that_is_below_no_other_goes_on_where_it_was() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, [source.task_stream()])
    source.put(3, "changed")
    sync(source, destination, [source.task_stream()], left_out=frozenset({"task"}))
    sync(source, destination, [source.task_stream()])
    assert source.asked == ["tasks changed"] and destination.rows["task"] == source.truth()["task"]


def dated() -> tuple[Source, Destination]:
    """A warehouse without the older half of the tasks."""
    source, destination = company(20, 0), warehouse()
    for number in range(1, 11):
        source.tasks[number]["updated_at"] = f"2025-12-{number:02}T00:00:00Z"
    sync(source, destination, [source.task_stream()], start_date="2026-01-01")
    assert len(destination.rows["task"]) == 10
    return source, destination


@pytest.mark.parametrize(("earlier", "rows"), [("2025-12-06", 15), (None, 20)])
def test_an_earlier_start_date_brings_at_the_next_sync_what_became_visible(earlier: str | None, rows: int) -> None:
    source, destination = dated()
    sync(source, destination, [source.task_stream()], start_date=earlier)
    assert len(destination.rows["task"]) == rows
    sync(source, destination, [source.task_stream()], start_date=earlier)
    assert source.asked == ["tasks changed"]


def test_a_later_start_date_reads_nothing_again_and_deletes_nothing() -> None:
    source, destination = dated()
    sync(source, destination, [source.task_stream()], start_date="2026-02-01")
    assert source.asked == ["tasks changed"]
    sync(source, destination, [source.task_stream()], start_date="2026-02-01", full_pass_days=0)
    assert len(destination.rows["task"]) == 10
    source.put(12, "too old now")
    sync(source, destination, [source.task_stream()], start_date="2026-02-01")
    sync(source, destination, [source.task_stream()], start_date="2026-01-01")
    assert destination.rows["task"]["12",]["name"] == "too old now"


def test_an_earlier_start_date_stays_due_until_a_pass_is_through() -> None:
    source, destination = dated()
    source.fails["tasks after 0"] = Unavailable("down")
    sync(source, destination, [source.task_stream()])
    source.fails.clear()
    sync(source, destination, [source.task_stream()])
    assert destination.rows["task"] == source.truth()["task"]


def test_an_earlier_start_date_begins_a_first_reading_anew_once() -> None:
    source, destination = company(35, 0), warehouse()
    for number in range(1, 11):
        source.tasks[number]["updated_at"] = f"2025-12-{number:02}T00:00:00Z"
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, [source.task_stream()], start_date="2026-01-01")
    source.fails = {"tasks after 30": Unavailable("down")}
    sync(source, destination, [source.task_stream()])
    assert "tasks after 0" in source.asked
    source.fails.clear()
    sync(source, destination, [source.task_stream()])
    assert "tasks after 0" not in source.asked
    assert destination.rows["task"] == source.truth()["task"]


# Errors, which only reading that very part again resolves.


def test_what_was_given_up_is_no_more_resolved_by_what_heals_later() -> None:
    source, destination = company(), warehouse()

    def streams() -> list[Stream]:
        def changes(task: Task) -> Iterator[Page]:
            yield from source.changed_tasks(task)
            if "extra" in source.fails:
                yield Page(failures=[Failure(Unavailable("down"), "extra")])

        return [source.task_stream(changes=changes)]

    sync(source, destination, streams())
    source.put(3, ["no text"])  # type: ignore[arg-type]
    for _ in range(MOST_STAYS + 1):
        sync(source, destination, streams())
    source.put(5, "later")
    sync(source, destination, streams())
    drift = ("task", "task.name: a list where text belongs", "schema_drift")
    source.fails["extra"] = Unavailable("down")
    sync(source, destination, streams())
    source.fails.clear()
    sync(source, destination, streams())
    assert errors(destination) == [drift]
    source.put(3, "good")
    sync(source, destination, streams(), full_pass_days=0)
    assert errors(destination) == []


def test_an_error_below_a_record_that_cannot_be_read_now_is_not_resolved_by_a_complete_pass() -> None:
    here = Account()
    here.fails["notes of 3"] = Unavailable("down")
    here.sync()
    here.fails.clear()
    here.failing = {3}
    here.sync(full_pass_days=0)
    assert ("note", "3", "unavailable") in errors(here.destination)
    here.failing = set()
    here.sync(full_pass_days=0)
    assert errors(here.destination) == [] and here.differences() == []
