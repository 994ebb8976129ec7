"""One stream over several syncs: what lands, what is deleted, what is tried again, what holds the position."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from shared import pending
from shared.comparing import GUARDED_ROWS
from shared.errors import BadPayload, Forbidden, NotFound, NotReady, SourceError, Unavailable
from shared.landed import Landed
from shared.obstacles import MOST_STAYS
from shared.pages import Failure, Page
from shared.pending import MOST_ATTEMPTS
from shared.streams import Feed, Stream, Task
from tests.depth import stories
from tests.destination import Destination, Killed, KilledHard
from tests.shared.engine import NOTE, TASK, Source, company, errors, sync, warehouse

DAY = 86_400.0


def feed_only(source: Source) -> list[Stream]:
    return [source.task_stream()]


def colours_only(source: Source) -> list[Stream]:
    return [source.colour_stream()]


def business(destination: Destination) -> dict[str, dict[str, int]]:
    """What was sent, but for the connector's own tables."""
    return {table: dict(count) for table, count in destination.counts.items() if table != "sync_metadata"}


def landed(source: Source, **settings: Any) -> Destination:
    """A warehouse after a first sync of the feed."""
    destination = warehouse()
    sync(source, destination, feed_only(source), **settings)
    return destination


# Landing.


def test_a_first_sync_lands_everything() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    assert destination.business_rows() == source.truth()
    assert errors(destination) == [] and destination.warnings == []


def test_an_unchanged_source_is_not_sent_again() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    sync(source, destination)
    sync(source, destination, full_pass_days=0)
    assert destination.business() == 0
    assert destination.business_rows() == source.truth()


def test_only_the_row_that_changed_is_sent() -> None:
    source = company()
    destination = landed(source)
    source.put(7, "another name", source.tasks[7]["tags"])
    sync(source, destination, feed_only(source))
    assert source.tasks[7]["tags"] and destination.rows["task_tag"] == source.truth()["task_tag"]
    assert business(destination) == {"task": {"upsert": 1}}
    assert destination.rows["task"]["7",]["name"] == "another name"
    assert source.asked == ["tasks changed"]


def test_of_a_record_that_changed_only_the_tables_that_differ_are_sent() -> None:
    source = company()
    source.put(1, "one", ["a", "b"])
    destination = landed(source)
    source.tasks[1]["tags"] = ["a", "c"]
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert business(destination) == {"task_tag": {"upsert": 2}}
    assert destination.rows["task_tag"] == source.truth()["task_tag"]
    source.put(1, "two", ["a", "c"])
    sync(source, destination, feed_only(source))
    assert business(destination) == {"task": {"upsert": 1}}


def test_a_state_that_knows_no_single_tables_sends_those_of_a_record_once_with_its_next_change() -> None:
    source = company()
    source.put(1, "one", ["a", "b"])
    destination = landed(source)
    known = Landed.decoded(destination.state["streams"]["task"]["known"])
    assert known.drop_tables()
    destination.state["streams"]["task"]["known"] = known.encoded()
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert business(destination) == {}
    for sent in ({"task": {"upsert": 1}, "task_tag": {"upsert": 2}}, {"task": {"upsert": 1}}):
        source.put(1, f"another name than {source.tasks[1]['name']}", ["a", "b"])
        sync(source, destination, feed_only(source))
        assert business(destination) == sent


def test_a_list_that_becomes_shorter_deletes_exactly_what_it_lost() -> None:
    source = company()
    source.put(1, "one", ["a", "b", "c", "d"])
    destination = landed(source)
    source.put(1, "one", ["a"])
    sync(source, destination, feed_only(source))
    assert destination.counts["task_tag"] == {"upsert": 1, "delete": 3}
    assert destination.rows["task_tag"] == source.truth()["task_tag"]
    metadata = destination.rows["sync_metadata"]["task",]
    assert (metadata["rows"], metadata["deletes"]) == (2, 3)


def test_a_list_that_becomes_empty_deletes_all_of_it() -> None:
    source = company()
    source.put(1, "one", ["a", "b"])
    destination = landed(source)
    source.put(1, "one", [])
    sync(source, destination, feed_only(source))
    assert destination.rows["task_tag"] == source.truth()["task_tag"]


def test_a_column_that_a_record_gains_is_sent() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, colours_only(source))
    source.colours[3]["extra"] = {"hex": "#fff"}
    sync(source, destination, colours_only(source))
    assert destination.counts["colour"] == {"upsert": 1}


# The first reading of a feed.


def test_a_backfill_that_breaks_off_is_resumed_at_the_page_that_failed() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, feed_only(source))
    assert len(destination.rows["task"]) == 20
    assert errors(destination) == [("task", "", "unavailable")]
    source.fails.clear()
    sync(source, destination, feed_only(source))
    assert [what for what in source.asked if "after" in what] == ["tasks after 20", "tasks after 30", "tasks after 35"]
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == []


def test_what_changes_before_a_backfill_is_resumed_is_landed_by_the_sync_after() -> None:
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, feed_only(source))
    source.put(3, "changed in between")
    source.remove(4)
    source.fails.clear()
    sync(source, destination, feed_only(source))
    sync(source, destination, feed_only(source))
    assert destination.rows["task"] == source.truth()["task"]


@pytest.mark.parametrize("death", [Killed, KilledHard])
def test_killed_anywhere_and_resumed_it_lands_the_same(death: type[BaseException]) -> None:
    whole = warehouse()
    sync(company(12, 3), whole)
    for dies_after in range(0, whole.operations, 3):
        source, broken = company(12, 3), warehouse()
        broken.dies_after, broken.death = dies_after, death
        with pytest.raises(death):
            sync(source, broken)
        broken.dies_after = None
        sync(source, broken)
        assert broken.business_rows() == whole.business_rows(), f"killed after {dies_after}"


def test_killed_in_a_later_sync_and_resumed_it_lands_the_same() -> None:
    def changed() -> tuple[Source, Destination]:
        source, destination = company(25, 3), warehouse()
        sync(source, destination)
        for number in range(1, 6):
            source.put(number, "changed", ["z"])
        source.remove(6)
        source.remove(7, signal=False)
        source.notes[8] = {}
        del source.colours[1]
        return source, destination

    source, whole = changed()
    sync(source, whole, full_pass_days=0)
    assert whole.business_rows() == source.truth()
    for dies_after in range(whole.operations):
        source, broken = changed()
        broken.dies_after = dies_after
        with pytest.raises(Killed):
            sync(source, broken, full_pass_days=0)
        broken.dies_after = None
        sync(source, broken, full_pass_days=0)
        assert broken.business_rows() == source.truth(), f"killed after {dies_after}"


# Deletions.


def test_what_vanished_from_a_complete_listing_is_deleted_with_its_children() -> None:
    source = company()
    destination = landed(source)
    source.remove(5, signal=False)
    sync(source, destination, feed_only(source))
    assert ("5",) in destination.rows["task"]
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert destination.rows["task"] == source.truth()["task"]
    assert destination.rows["task_tag"] == source.truth()["task_tag"]
    assert destination.business("upsert") == 0


def test_a_listing_with_a_gap_deletes_nothing() -> None:
    source = company()
    destination = landed(source)
    source.remove(5, signal=False)
    source.fails["tasks after 31"] = Unavailable("down")
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert "tasks after 31" in source.asked
    assert destination.business("delete") == 0
    source.fails.clear()
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert destination.rows["task"] == source.truth()["task"]


def test_many_deletions_found_by_comparing_wait_for_a_second_look() -> None:
    source = company(tasks=400)
    destination = landed(source)
    for number in range(1, GUARDED_ROWS + 52):
        source.remove(number, signal=False)
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert destination.business("delete") == 0
    assert len(destination.warnings) == 1 and "151 of 400" in destination.warnings[0]
    sync(source, destination, feed_only(source))
    assert "tasks after 0" in source.asked
    assert destination.rows["task"] == source.truth()["task"]
    assert destination.warnings == []
    sync(source, destination, feed_only(source))
    assert source.asked == ["tasks changed"]


def test_rows_that_are_back_at_the_second_look_are_kept() -> None:
    source = company(tasks=400)
    destination = landed(source)
    hidden = {number: source.tasks.pop(number) for number in range(1, 201)}
    sync(source, destination, feed_only(source), full_pass_days=0)
    source.tasks.update(hidden)
    sync(source, destination, feed_only(source))
    sync(source, destination, feed_only(source))
    assert destination.rows["task"] == source.truth()["task"]
    assert destination.business() == 0


def test_only_what_both_looks_miss_is_deleted() -> None:
    source = company(tasks=600)
    destination = landed(source)
    hidden = {number: source.tasks.pop(number) for number in range(1, 201)}
    sync(source, destination, feed_only(source), full_pass_days=0)
    source.tasks.update({number: hidden[number] for number in range(1, 51)})
    for number in range(300, 310):
        source.remove(number, signal=False)
    sync(source, destination, feed_only(source))
    assert destination.rows["task"] == source.truth()["task"]


@pytest.mark.parametrize("vanished", [GUARDED_ROWS, 35])
def test_few_rows_or_a_small_share_are_deleted_at_once(vanished: int) -> None:
    source = company(tasks=400)
    destination = landed(source)
    for number in range(1, vanished + 1):
        source.remove(number, signal=False)
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert destination.rows["task"] == source.truth()["task"]


def test_a_small_share_of_many_rows_is_deleted_at_once() -> None:
    source = company(tasks=1_500)
    destination = landed(source)
    for number in range(1, 150):
        source.remove(number, signal=False)
    sync(source, destination, feed_only(source), full_pass_days=0)
    assert len(destination.rows["task"]) == 1_351


def test_deletions_that_the_source_signals_are_never_held_back() -> None:
    source = company(tasks=300)
    destination = landed(source)
    for number in range(1, 291):
        source.remove(number)
    sync(source, destination, feed_only(source))
    assert len(destination.rows["task"]) == 10
    assert destination.rows["task_tag"] == source.truth()["task_tag"]
    assert destination.warnings == []


def test_a_signal_of_what_was_never_landed_costs_nothing() -> None:
    source = company()
    destination = landed(source)
    source.put(99)
    source.remove(99)
    sync(source, destination, feed_only(source))
    assert destination.business() == 0


def test_a_record_that_comes_back_is_landed_again() -> None:
    source = company()
    destination = landed(source)
    source.remove(5)
    sync(source, destination, feed_only(source))
    source.put(5, "back", ["x"])
    sync(source, destination, feed_only(source))
    assert destination.rows["task"]["5",]["name"] == "back"


# Partitions.


def test_what_vanished_from_a_part_is_deleted_although_another_part_failed() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    source.notes[1] = {}
    source.notes[2] = {}
    source.fails["notes of 2"] = Unavailable("down")
    sync(source, destination)
    assert ("100",) not in destination.rows["note"]
    assert ("200",) in destination.rows["note"]
    assert errors(destination) == [("note", "2", "unavailable")]
    source.fails.clear()
    sync(source, destination)
    assert destination.business_rows() == source.truth()
    assert errors(destination) == [] and errors(destination, resolved=True) == [("note", "2", "unavailable")]


def test_what_belonged_to_a_part_that_is_gone_is_deleted() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    source.remove(3)
    sync(source, destination)
    assert destination.business_rows() == source.truth()


def test_what_belongs_to_a_part_that_only_seems_gone_is_kept() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    source.fails["tasks after 0"] = Unavailable("down")
    sync(source, destination)
    assert len(destination.rows["note"]) == 35


def following(source: Source) -> list[Stream]:
    """Notes that are read for the tasks that changed, and go with their task."""

    def read(task: Task) -> Iterator[Page]:
        yield from source.all_notes(task)
        yield Page(position="read", partition="(all)", done=True)

    notes = Feed(table=NOTE, parents=("task",), everything=read, changes=read, follows=True)
    return [source.task_stream(), notes]


def test_what_follows_a_record_goes_with_it_before_the_next_complete_pass() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, following(source))
    source.remove(3)
    sync(source, destination, following(source))
    assert ("300",) not in destination.rows["note"] and len(destination.rows["note"]) == 34


@pytest.mark.parametrize("settings", [{"start_date": "2026-01-02"}, {"left_out": frozenset({"task"})}])
def test_what_follows_records_that_are_not_to_land_is_kept(settings: dict[str, Any]) -> None:
    source, destination = company(), warehouse()
    sync(source, destination, following(source), **settings)
    sync(source, destination, following(source), **settings)
    assert len(destination.rows["note"]) == 35 and len(destination.rows["task"]) == 0


def test_a_record_that_moves_to_another_part_is_kept() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    source.notes[5][100] = source.notes[1].pop(100)
    sync(source, destination)
    assert destination.rows["note"]["100",]["task_id"] == "5"
    assert destination.business_rows() == source.truth()


# Records that fail on their own.


class Details:
    """Tasks whose details are read one by one, of which some fail."""

    def __init__(self, source: Source, failing: set[int]) -> None:
        self.source = source
        self.failing = failing
        self.tried: list[int] = []

    def detailed(self, records: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        for record in records:
            number = int(record["id"])
            self.tried.append(number)
            if number not in self.source.tasks:
                yield Page(deleted=[str(number)])
            elif number in self.failing:
                error = Unavailable("no details", method="GET", url=f"https://source.test/{number}", status=500)
                yield Page(failures=[Failure(error, str(number), {"id": number})])
            else:
                yield Page([self.source.tasks[number]])

    def pages(self, pages: Iterator[Page]) -> Iterator[Page]:
        for page in pages:
            yield from self.detailed(page.records)
            yield Page(deleted=page.deleted, position=page.position, whole=page.whole)

    def stream(self, **options: Any) -> Feed:
        return self.source.task_stream(
            **{
                "everything": lambda task: self.pages(self.source.all_tasks(task)),
                "changes": lambda task: self.pages(self.source.changed_tasks(task)),
                "again": self.detailed,
                **options,
            }
        )


def test_however_many_records_fail_only_so_many_stay_in_the_state_and_all_land_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pending, "MOST_PENDING", 2)
    source, destination = company(), warehouse()
    details = Details(source, {5, 6, 7, 8})
    for _ in range(3):
        sync(source, destination, [details.stream()])
        assert len(destination.state["pending"]["task"]) == 2
        assert len(errors(destination)) == 4
    details.failing.clear()
    sync(source, destination, [details.stream()])
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == [] and "task" not in destination.state["pending"]


def test_a_record_that_fails_on_its_own_is_tried_again_at_every_sync_until_it_lands() -> None:
    source, destination = company(), warehouse()
    details = Details(source, {7})
    for attempt in range(1, 4):
        sync(source, destination, [details.stream()])
        assert errors(destination) == [("task", "7", "unavailable")]
        assert destination.state["pending"]["task"]["7"]["attempts"] == attempt
    assert len(destination.rows["task"]) == 34
    details.failing.clear()
    details.tried.clear()
    sync(source, destination, [details.stream()])
    assert 7 in details.tried
    assert destination.rows["task"] == source.truth()["task"]
    assert destination.state["pending"] == {}
    assert errors(destination, resolved=True) == [("task", "7", "unavailable")]


def test_a_pending_record_does_not_hold_the_position() -> None:
    source, destination = company(), warehouse()
    details = Details(source, {7})
    sync(source, destination, [details.stream()])
    sync(source, destination, [details.stream()])
    source.put(8, "changed")
    details.tried.clear()
    sync(source, destination, [details.stream()])
    assert set(details.tried) == {7, 8, 35}
    assert destination.rows["task"]["8",]["name"] == "changed"


def test_a_landed_record_whose_details_fail_is_not_taken_for_gone() -> None:
    source, destination = company(), warehouse()
    details = Details(source, set())
    sync(source, destination, [details.stream()])
    details.failing = {7}
    sync(source, destination, [details.stream()], full_pass_days=0)
    assert destination.business("delete") == 0


def test_a_pending_record_that_is_deleted_is_forgotten() -> None:
    source, destination = company(), warehouse()
    details = Details(source, {7})
    sync(source, destination, [details.stream()])
    source.remove(7)
    sync(source, destination, [details.stream()])
    assert destination.state["pending"] == {}
    assert errors(destination) == []


def test_a_record_that_is_gone_when_it_is_to_be_read_is_no_failure_and_no_more_there() -> None:
    source, destination = company(), warehouse()
    details = Details(source, {7})
    sync(source, destination, [details.stream()])
    assert errors(destination) == [("task", "7", "unavailable")]

    def gone(records: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        for record in records:
            known = str(record["id"]) in ("7", "8")
            yield Page(failures=[Failure(NotFound("gone"), str(record["id"]), record)]) if known else Page([record])

    def everything(task: Task) -> Iterator[Page]:
        for page in source.all_tasks(task):
            yield from gone(page.records)
            yield Page(position=page.position, whole=page.whole, done=page.done)

    streams = [details.stream(again=gone, everything=everything)]
    sync(source, destination, streams)
    assert destination.state["pending"] == {} and errors(destination) == []
    sync(source, destination, streams, full_pass_days=0)
    assert errors(destination) == [] and destination.state["pending"] == {}
    assert ("8",) not in destination.rows["task"]
    assert destination.state["done"]["task"] == destination.rows["sync_metadata"]["task",]["last_completed_at"]


def test_after_many_attempts_only_complete_passes_try_a_pending_record() -> None:
    source, destination = company(), warehouse()
    details = Details(source, {7})
    for _ in range(MOST_ATTEMPTS + 3):
        sync(source, destination, [details.stream()])
    details.tried.clear()
    sync(source, destination, [details.stream()])
    assert 7 not in details.tried
    source.clock.advance(8 * DAY)
    sync(source, destination, [details.stream()])
    assert 7 in details.tried


# Records that are there in part, or as they were.


class Shown(Details):
    """Tasks whose listing shows a part of them, which lands where the rest cannot be had."""

    def __init__(self, source: Source, failing: set[int], error: SourceError) -> None:
        super().__init__(source, failing)
        self.error = error

    def detailed(self, records: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        for record in records:
            number = int(record["id"])
            shown = {**self.source.tasks[number], "tags": []}
            failed = Page(partial=[shown], failures=[Failure(self.error, str(number), {"id": number})])
            yield failed if number in self.failing else Page([self.source.tasks[number]])


def test_what_is_known_of_a_record_lands_until_the_rest_can_be_had() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, Unavailable("no details"))
    sync(source, destination, [details.stream()])
    assert ("7",) in destination.rows["task"] and ("7", 0) not in destination.rows["task_tag"]
    details.failing.clear()
    sync(source, destination, [details.stream()])
    assert destination.rows["task_tag"] == source.truth()["task_tag"]
    assert destination.state["pending"] == {}


def test_a_part_of_a_record_never_replaces_what_has_landed_of_it() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, set(), Unavailable("no details"))
    sync(source, destination, [details.stream()])
    details.failing = {7}
    source.put(7, "changed", ["x"])
    sync(source, destination, [details.stream()], full_pass_days=0)
    assert destination.business() == 0
    assert destination.rows["task"]["7",]["name"] == "task 7"


def test_a_newer_part_of_a_record_replaces_an_older_one() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, Unavailable("no details"))
    sync(source, destination, [details.stream()])
    source.put(7, "changed", ["x"])
    sync(source, destination, [details.stream()])
    assert destination.rows["task"]["7",]["name"] == "changed"
    details.failing.clear()
    sync(source, destination, [details.stream()])
    details.failing = {7}
    source.put(7, "changed again")
    sync(source, destination, [details.stream()])
    assert destination.rows["task"]["7",]["name"] == "changed"
    assert destination.rows["task_tag"]["7", 0]["tag"] == "x"


def test_what_is_not_ready_is_no_error_but_is_read_again() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, NotReady("still being made"))
    sync(source, destination, [details.stream()])
    assert errors(destination) == [] and destination.warnings == []
    assert destination.state["pending"]["task"]["7"]["attempts"] == 1
    details.failing.clear()
    sync(source, destination, [details.stream()])
    assert destination.rows["task_tag"] == source.truth()["task_tag"]


def test_what_never_gets_ready_is_an_error_in_the_end() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, NotReady("still being made"))
    for _ in range(MOST_ATTEMPTS):
        sync(source, destination, [details.stream()])
    assert errors(destination) == [("task", "7", "rejected")]


def test_what_is_settled_is_neither_tried_again_nor_an_error() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, Unavailable("no details"))
    sync(source, destination, [details.stream()])
    settling = details.stream(again=lambda keys: iter([Page(resolved=[str(key["id"]) for key in keys])]))
    sync(source, destination, [settling])
    assert destination.state["pending"] == {}
    assert errors(destination) == []


def test_failing_twice_in_one_sync_counts_once() -> None:
    source, destination = company(), warehouse()
    details = Shown(source, {7}, Unavailable("no details"))
    sync(source, destination, [details.stream()])
    sync(source, destination, [details.stream()], full_pass_days=0)
    assert destination.state["pending"]["task"]["7"]["attempts"] == 2


def test_what_is_said_to_be_unchanged_is_not_taken_for_gone() -> None:
    source, destination = company(colours=3), warehouse()
    sync(source, destination, colours_only(source))
    stream = source.colour_stream(everything=lambda task: iter([Page(unchanged=["1", "3"], whole=True)]))
    sync(source, destination, [stream])
    assert sorted(destination.rows["colour"]) == [("1",), ("3",)]


# Records that are bad.


def test_a_bad_record_stops_none_of_the_others() -> None:
    source = company()
    source.tasks[7] = {"updated_at": source.tick(), "name": "no id"}
    destination = landed(source)
    assert len(destination.rows["task"]) == 34
    ((stream, _, category),) = errors(destination)
    assert (stream, category) == ("task", "bad_payload")
    assert len(destination.warnings) == 1


@pytest.mark.parametrize("record", [None, 7, "text", [1], {}])
def test_whatever_a_record_is_instead_it_is_reported(record: Any) -> None:
    source = company()
    destination = warehouse()

    def everything(task: Task) -> Iterator[Page]:
        yield Page([*source.colours.values(), record])
        yield Page(whole=True)

    sync(source, destination, [source.colour_stream(everything=everything)])
    assert len(destination.rows["colour"]) == 12
    assert len(errors(destination)) == 1


def test_a_bad_change_holds_the_position_until_it_is_good() -> None:
    source = company()
    destination = landed(source)
    before = destination.state["streams"]["task"]["position"]
    source.put(8, "good")
    source.put(7, "bad")
    del source.tasks[7]["id"]
    source.put(9, "good")
    sync(source, destination, feed_only(source))
    held = destination.state["streams"]["task"]["position"]
    assert before <= held <= source.tasks[7]["updated_at"]
    assert destination.rows["task"]["9",]["name"] == "good"
    source.tasks[7]["id"] = 7
    sync(source, destination, feed_only(source))
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == []
    assert destination.state["streams"]["task"]["position"] == source.tasks[9]["updated_at"]


def test_a_bad_change_holds_the_position_for_five_syncs_at_most() -> None:
    source = company()
    destination = landed(source)
    source.put(7, "bad")
    del source.tasks[7]["id"]
    source.put(9, "good")
    positions = []
    for _ in range(MOST_STAYS + 2):
        sync(source, destination, feed_only(source))
        positions.append(destination.state["streams"]["task"]["position"])
    assert positions[MOST_STAYS - 1] < source.tasks[9]["updated_at"]
    assert positions[MOST_STAYS] == source.tasks[9]["updated_at"]
    assert MOST_STAYS == 5


def test_a_bad_record_of_a_listing_deletes_nothing_that_it_may_be() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, colours_only(source))
    source.colours[3] = {"name": "no id"}
    sync(source, destination, colours_only(source))
    assert ("3",) in destination.rows["colour"]
    source.colours[3] = {"id": 3, "name": "back"}
    sync(source, destination, colours_only(source))
    assert destination.rows["colour"] == source.truth()["colour"]
    assert errors(destination) == []


def test_a_failure_of_which_nobody_knows_whose_it_is_deletes_nothing_in_any_part() -> None:
    source, destination = company(5, 0), warehouse()
    missing = False

    def notes(task: Task) -> Iterator[Page]:
        *others, last = source.all_notes(task)
        yield from others
        yield Page(failures=[Failure(BadPayload("no list shows it"), None)]) if missing else last

    both = [source.task_stream(), source.note_stream(everything=notes)]
    sync(source, destination, both)
    before = dict(destination.rows["note"])
    missing = True
    for _ in range(2):
        sync(source, destination, both, full_pass_days=0)
        assert destination.rows["note"] == before
        ((stream, _, category),) = errors(destination)
        assert (stream, category) == ("note", "bad_payload")
    missing = False
    sync(source, destination, both, full_pass_days=0)
    assert errors(destination) == []


def test_a_failure_of_which_nobody_knows_whose_it_is_holds_the_position() -> None:
    source = company()
    destination = landed(source)
    source.put(7, "unseen")
    source.put(9, "good")
    unseen = True

    def changes(task: Task) -> Iterator[Page]:
        for page in source.changed_tasks(task):
            failed = [Failure(BadPayload("no list shows it"), None)]
            yield replace(page, records=(), failures=failed) if unseen and page.records[0]["id"] == 7 else page

    stream = [source.task_stream(changes=changes)]
    sync(source, destination, stream)
    assert destination.state["streams"]["task"]["position"] < source.tasks[7]["updated_at"]
    unseen = False
    sync(source, destination, stream)
    assert destination.rows["task"] == source.truth()["task"] and errors(destination) == []


def test_a_value_that_does_not_fit_is_null_reported_and_heals() -> None:
    source = company()
    destination = landed(source)
    good = source.tasks[7]["updated_at"]
    source.put(7, name=["no", "text"])  # type: ignore[arg-type]
    sync(source, destination, feed_only(source))
    assert destination.rows["task"]["7",]["name"] is None
    assert [category for _, _, category in errors(destination)] == ["schema_drift"]
    source.put(7, name="text")
    sync(source, destination, feed_only(source))
    assert destination.rows["task"]["7",]["name"] == "text" and source.tasks[7]["updated_at"] > good
    assert errors(destination) == []


def test_a_value_that_never_fits_is_read_once_more_and_then_taken_as_it_is() -> None:
    source, destination = company(), warehouse()
    source.put(7, name=["no", "text"])  # type: ignore[arg-type]
    modes = []
    for _ in range(4):
        sync(source, destination, feed_only(source))
        modes.append(destination.rows["sync_metadata"]["task",]["mode"])
    assert modes == ["backfill", "complete", "changes", "changes"]
    for _ in range(2):
        sync(source, destination, feed_only(source), full_pass_days=0.0)
    sync(source, destination, feed_only(source))
    assert destination.rows["sync_metadata"]["task",]["mode"] == "changes"
    assert [category for _, _, category in errors(destination)] == ["schema_drift"]


def test_an_unknown_key_is_reported_once_and_stops_nothing() -> None:
    source = company()
    for number in (3, 4, 5):
        source.put(number, nickname="x")
    destination = landed(source)
    assert errors(destination) == [("task", "task.nickname", "schema_drift")]
    assert destination.rows["task"] == source.truth()["task"]
    position = destination.state["streams"]["task"]["position"]
    assert position == source.tasks[5]["updated_at"]


def test_a_refused_part_is_reported_and_the_rest_is_landed() -> None:
    source, destination = company(), warehouse()
    source.fails["notes of 2"] = Forbidden("closed")
    sync(source, destination)
    assert len(destination.rows["note"]) == 34
    assert errors(destination) == [("note", "2", "permission")]


def test_a_failing_page_is_one_row_and_the_position_does_not_move() -> None:
    source = company()
    destination = landed(source)
    position = destination.state["streams"]["task"]["position"]
    source.put(7, "changed")
    source.fails["tasks changed"] = BadPayload("not JSON")
    for _ in range(3):
        sync(source, destination, feed_only(source))
    assert errors(destination) == [("task", "", "bad_payload")]
    assert destination.state["streams"]["task"]["position"] == position
    source.fails.clear()
    sync(source, destination, feed_only(source))
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination) == []


# What the user decides.


def test_nothing_older_than_the_start_date_is_landed() -> None:
    source = company(5)
    source.tasks[2]["updated_at"] = "2025-12-31T23:59:59Z"
    destination = landed(source, start_date="2026-01-01")
    assert set(destination.rows["task"]) == {("1",), ("3",), ("4",), ("5",)}
    source.put(2, "changed since")
    sync(source, destination, feed_only(source), start_date="2026-01-01")
    assert destination.rows["task"] == source.truth()["task"]


@pytest.mark.parametrize(("seconds", "lands"), [(1_767_225_599, False), (1_767_225_600, True)])
def test_the_start_date_bounds_change_times_in_unix_seconds_too(seconds: int, lands: bool) -> None:
    source, destination = Source(), warehouse()
    source.put(1, seconds=seconds)
    stream = source.task_stream(changed_at="seconds", table=replace(TASK, left_out=("seconds",)))
    sync(source, destination, [stream], start_date="2026-01-01")
    assert bool(destination.rows["task"]) == lands


def test_the_start_date_does_not_bound_what_has_no_change_times() -> None:
    source, destination = company(), warehouse()
    sync(source, destination, start_date="2030-01-01")
    assert len(destination.rows["colour"]) == 12 and destination.rows["task"] == {}


def test_every_table_has_the_raw_record_where_it_is_wanted() -> None:
    source, destination = company(), warehouse(keep_raw="true")
    sync(source, destination, keep_raw=True)
    assert destination.rows["task"]["7",]["raw"] == source.tasks[7]
    assert destination.rows["task_tag"]["7", 0]["raw"] == "x"
    assert destination.rows["colour"]["1",]["raw"] == source.colours[1]


# Over a long time.


@pytest.mark.parametrize("seed", stories(range(20), quick=3))
def test_after_any_changes_a_complete_pass_makes_the_warehouse_equal(seed: int) -> None:
    random = Random(seed)
    source, destination = company(random.randint(0, 40), random.randint(0, 15)), warehouse()
    for _ in range(8):
        for _ in range(random.randint(0, 8)):
            number = random.randint(1, 60)
            match random.randint(0, 5):
                case 0 if number in source.tasks:
                    source.remove(number)
                case 1 if number in source.tasks:
                    source.remove(number, signal=False)
                case 2:
                    source.colours[number] = {"id": number, "name": f"colour {random.random()}"}
                case 3:
                    source.colours.pop(number, None)
                case 4:
                    amount = random.randint(0, 3)
                    source.notes[number] = {number * 100 + each: str(random.random()) for each in range(amount)}
                case _:
                    source.put(number, f"task {random.random()}", ["a", "b", "c"][: random.randint(0, 3)])
        source.fails = {
            what: Unavailable("down")
            for what in ("tasks changed", "tasks after 0", "colours from 0", "notes of 3")
            if random.random() < 0.15
        }
        destination.dies_after = random.randint(0, 200)
        with contextlib.suppress(Killed):
            sync(source, destination, full_pass_days=random.choice([0, 7]))
        source.clock.advance(random.choice([60.0, DAY, 8 * DAY]))
    source.fails, destination.dies_after = {}, None
    sync(source, destination, full_pass_days=0)
    sync(source, destination, full_pass_days=0)
    assert destination.business_rows() == source.truth()
    assert errors(destination) == []
    assert destination.business() == 0


def test_the_table_of_a_stream_is_its_name() -> None:
    assert company().task_stream().name == TASK.name
