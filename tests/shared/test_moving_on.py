"""When a stream may move on past something bad, and what that means for its errors and for the streams below it."""

from dataclasses import replace

from shared.errors import Forbidden, Unavailable
from shared.journal import schemas
from shared.pages import Failure, Page
from shared.tables import Column
from shared.types import DECIMAL
from tests.destination import Destination
from tests.shared.engine import TASK, company, errors, sync, warehouse

DAY_SECONDS = 86_400.0


def streams(source, **options):
    return [source.task_stream(**options), source.note_stream(every_seconds=DAY_SECONDS)]


def test_a_value_that_never_fits_does_not_make_every_sync_a_complete_one_for_ever():
    source, destination = company(), warehouse()
    source.put(3, ["no text"])
    for _ in range(8):
        sync(source, destination, streams(source))
    sync(source, destination, streams(source))
    assert not any(asked.startswith(("tasks after", "notes of")) for asked in source.asked)


def test_a_value_that_landed_rounded_is_told_and_holds_nothing():
    priced = replace(TASK, columns=(*TASK.columns, Column("price", DECIMAL)))
    source, destination = company(), Destination(schemas([priced], {}))
    sync(source, destination, [source.task_stream(table=priced)])
    source.put(3, "good", price=0.30000000000000004)
    for _ in range(2):
        sync(source, destination, [source.task_stream(table=priced)])
    assert destination.rows["task"]["3",]["price"] == "0.300000000"
    assert errors(destination) == [("task", "task.price: more digits than DECIMAL(38, 9) holds", "schema_drift")]
    for name in (["no text"], "good"):  # What keeps the stream, and heals, has nothing to do with the other one.
        source.put(4, name)
        sync(source, destination, [source.task_stream(table=priced)])
    assert errors(destination) == [("task", "task.price: more digits than DECIMAL(38, 9) holds", "schema_drift")]
    saved = destination.state["streams"]["task"]
    assert saved["position"] == source.tasks[4]["updated_at"] and "held" not in saved


def test_errors_beyond_those_that_are_written_out_are_saved_and_resolved(monkeypatch):
    monkeypatch.setattr("shared.journal.MOST_OPEN_ERRORS", 2)
    source, destination = company(), warehouse()
    for number in range(1, 7):
        source.fails[f"notes of {number}"] = Unavailable("down")
    sync(source, destination)
    assert len(errors(destination)) == 6 and len(destination.state["errors"]) == 2
    assert destination.state["further_errors"]
    source.fails = {"notes of 6": Unavailable("down")}
    sync(source, destination, full_pass_days=0)
    assert errors(destination) == [("note", "6", "unavailable")]
    source.fails = {}
    sync(source, destination, full_pass_days=0)
    assert errors(destination) == [] and "further_errors" not in destination.state


def test_a_pass_that_was_due_for_a_reason_of_the_source_is_repeated_if_a_part_of_it_failed():
    source, destination = company(), warehouse()
    moved = {"is": False}

    def everything(task):
        yield from source.all_tasks(task)
        source.ask("an extra part")

    options = {"everything": everything, "overdue": lambda task: moved["is"]}
    sync(source, destination, streams(source, **options))
    moved["is"] = True
    source.fails["an extra part"] = Unavailable("down")
    sync(source, destination, streams(source, **options))
    moved["is"] = False
    assert errors(destination) == [("task", "", "unavailable")]


def test_giving_up_on_a_bad_value_is_not_taken_for_its_healing():
    source, destination = company(), warehouse()
    source.put(3, ["no text"])
    for _ in range(10):
        sync(source, destination, streams(source))
    assert ("task", "task.name: a list where text belongs", "schema_drift") in errors(destination)
    source.put(3, "good")
    sync(source, destination, streams(source), full_pass_days=0)
    assert errors(destination) == []


def test_a_stream_that_was_left_out_is_read_from_the_beginning_when_it_is_wanted_again():
    source, destination = company(), warehouse()
    sync(source, destination, streams(source), left_out=frozenset({"task"}))
    assert destination.rows["task"] == {} and destination.rows["note"]
    sync(source, destination, streams(source))
    assert destination.rows["task"] == source.truth()["task"]


def test_a_part_that_is_refused_for_ever_does_not_keep_what_is_gone_elsewhere():
    source, destination = company(5, 0), warehouse()

    def notes(task):
        for page in source.all_notes(task):
            refused = page.partition == "2"
            yield Page(partition="2", failures=(Failure(Forbidden("no"), "2"),)) if refused else page

    def both():
        return [source.task_stream(), source.note_stream(everything=notes)]

    sync(source, destination, both())
    assert len(destination.rows["note"]) == 4
    source.remove(4)
    sync(source, destination, both(), full_pass_days=0)
    assert len(destination.rows["note"]) == 3


def test_a_doubt_is_kept_when_the_sync_that_should_confirm_it_breaks_off():
    source, destination = company(500, 0), warehouse()
    sync(source, destination, streams(source))
    for number in range(1, 201):
        source.remove(number, signal=False)
    sync(source, destination, streams(source), full_pass_days=0)
    source.fails["tasks after 300"] = Unavailable("down")
    sync(source, destination, streams(source))
    assert len(destination.rows["task"]) == 500
    source.fails.clear()
    sync(source, destination, streams(source))
    assert destination.rows["task"] == source.truth()["task"]


def test_a_record_that_is_read_twice_is_gone_through_once():
    source, destination = company(5, 0), warehouse()

    def twice(task):
        for page in source.all_tasks(task):
            yield Page(page.records)
            yield page

    sync(source, destination, [source.task_stream(everything=twice), source.note_stream()])
    assert [asked for asked in source.asked if asked.startswith("notes of")] == [f"notes of {n}" for n in range(1, 6)]
