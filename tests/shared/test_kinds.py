"""The kinds of stream that most sources have."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from shared.kinds import appended, below_each, by_change, listing
from shared.pages import Page
from shared.streams import Feed, Stream
from shared.tally import current
from shared.workers import Workers
from tests.destination import Destination
from tests.shared.engine import COLOUR, NOTE, START, TASK, Source, errors, sync, warehouse

SIZE = 3


class Tasks(Source):
    """Tasks by change, three a page, as times that are compared."""

    def first(self, since: datetime) -> Page:
        self.ask(f"since {since.isoformat()}")
        return Page([each for each in self.by_time() if datetime.fromisoformat(each["updated_at"]) >= since][:SIZE])

    def tied(self, moment: datetime) -> Iterator[Page]:
        self.ask(f"tied at {moment.isoformat()}")
        yield Page([each for each in self.by_time() if datetime.fromisoformat(each["updated_at"]) == moment])

    def by_time(self) -> list[dict[str, Any]]:
        return sorted(self.tasks.values(), key=lambda each: (each["updated_at"], each["id"]))

    def stream(self) -> Feed:
        return by_change(TASK, self.first, self.tied, change="updated_at", size=SIZE, overlap=timedelta(seconds=2))


def landed(source: Source, streams: list[Stream], destination: Destination, **settings: Any) -> set[str]:
    """The ids in the table of the first stream after one more sync."""
    sync(source, destination, streams, **settings)
    return {key[0] for key in destination.rows[streams[0].name]}


def test_records_by_change_land_and_only_their_changes_are_asked_for_afterwards() -> None:
    source, destination = Tasks(), warehouse()
    for number in range(1, 9):
        source.put(number)
    assert landed(source, [source.stream()], destination) == set("12345678")
    assert destination.state["streams"]["task"]["position"] == "2026-01-01T00:00:08+00:00"
    source.asked.clear()
    source.put(3, "changed")
    landed(source, [source.stream()], destination)
    assert source.asked[0] == "since 2026-01-01T00:00:06+00:00"
    assert destination.rows["task"][("3",)]["name"] == "changed"
    assert destination.counts["task"]["upsert"] == 1


def test_records_of_one_time_are_read_whole_and_those_that_are_gone_go_with_a_complete_pass() -> None:
    source, destination = Tasks(), warehouse()
    time = source.tick()
    for number in range(1, 9):
        source.put(number)
        source.tasks[number]["updated_at"] = time
    assert landed(source, [source.stream()], destination) == set("12345678")
    del source.tasks[5]
    assert landed(source, [source.stream()], destination, full_pass_days=0.0) == set("1234678")


def test_what_is_missing_from_a_listing_is_gone() -> None:
    source, destination = Source(), warehouse()
    source.colours = {number: {"id": number, "name": "red"} for number in (1, 2)}
    streams: list[Stream] = [listing(COLOUR, lambda: [Page(list(source.colours.values()))], every_seconds=0)]
    assert landed(source, streams, destination) == {"1", "2"}
    del source.colours[1]
    assert landed(source, streams, destination) == {"2"}


def test_what_is_only_added_is_read_from_the_last_position_on() -> None:
    source, destination, asked = Source(), warehouse(), []

    def read(position: Any) -> Iterator[Page]:
        asked.append(position)
        for number in range(position or 0, 4):
            yield Page([{"id": number + 1, "name": "red"}], position=number + 1)

    for _ in range(2):
        assert landed(source, [appended(COLOUR, read)], destination) == {"1", "2", "3", "4"}
    assert asked == [None, 4]
    assert destination.counts["colour"]["upsert"] == 0


def test_what_is_below_a_record_is_read_whenever_the_record_is() -> None:
    source, destination = Tasks(), warehouse()
    source.put(2)
    for _ in range(5):
        source.tick()
    source.put(1)
    source.notes = {1: {10: "a"}, 2: {20: "b"}}

    def notes(task: str) -> Iterator[Page]:
        source.ask(f"notes of {task}")
        yield Page([{"id": key, "task_id": task, "text": text} for key, text in source.notes[int(task)].items()])

    with Workers(source.clock, 2) as calls:
        streams: list[Stream] = [source.stream(), below_each(calls, NOTE, "task", notes)]
        landed(source, streams, destination)
        assert {key[0] for key in destination.rows["note"]} == {"10", "20"}
        source.asked.clear()
        source.notes[1] = {11: "new"}
        source.put(1)
        landed(source, streams, destination)
    assert {key[0] for key in destination.rows["note"]} == {"11", "20"}
    assert [each for each in source.asked if each.startswith("notes")] == ["notes of 1"]


class Dated(Tasks):
    """The same with answers that show their time."""

    def ask(self, what: str) -> None:
        super().ask(what)
        current().note_date(format_datetime(START + timedelta(seconds=self.changes_made)))


def test_a_change_time_that_has_not_come_yet_at_the_source_moves_no_position() -> None:
    source, destination = Dated(), warehouse()
    for number in range(1, 9):
        source.put(number)
    source.tasks[9] = {"id": 9, "name": "of 2035", "updated_at": "2035-01-01T00:00:00Z", "tags": []}
    assert landed(source, [source.stream()], destination) == set("123456789")
    assert destination.state["streams"]["task"]["position"] < "2026-01-01T00:00:09"
    assert errors(destination) == [("task", "a time to come", "schema_drift")]
    landed(source, [source.stream()], destination, full_pass_days=0)
    for number in range(1, 9):
        source.put(number, "changed")
        landed(source, [source.stream()], destination)
    assert destination.rows["task"] == source.truth()["task"]
    landed(source, [source.stream()], destination)
    assert destination.business() == 0 and destination.warnings == []
    source.put(9, "of today")
    landed(source, [source.stream()], destination, full_pass_days=0)
    assert errors(destination) == []
