"""Readings that broke off: resumed, or begun again, and what the streams below them get of it."""

import contextlib
import random

import pytest

from sandbox.clock import VirtualClock
from shared.errors import ServiceDown, Unavailable
from shared.workers import Desk, Workers
from tests.depth import stories
from tests.destination import Killed, Stop
from tests.shared.account import Account
from tests.shared.engine import company, errors, sync, warehouse

DAY_SECONDS = 86_400.0


def streams(source):
    return [source.task_stream(), source.note_stream(every_seconds=DAY_SECONDS)]


def test_killed_at_any_moment_of_a_backfill_the_next_sync_brings_the_rest():
    whole, source = warehouse(), company(25, 0)
    source.latency = 61.0
    sync(source, whole, [source.task_stream()])
    for moment in range(whole.operations):
        source, destination = company(25, 0), warehouse()
        source.latency = 61.0
        destination.dies_after = moment
        with pytest.raises(Killed):
            sync(source, destination, [source.task_stream()])
        destination.dies_after = None
        sync(source, destination, [source.task_stream()])
        assert destination.rows["task"] == source.truth()["task"] and errors(destination) == [], moment


def test_nothing_below_a_backfill_that_broke_off_is_deleted_when_it_is_read_again():
    source, destination = company(35, 0), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination)
    assert len(destination.rows["note"]) == 20
    source.fails.clear()
    sync(source, destination)
    assert destination.counts["note"]["delete"] == 0
    assert destination.rows["note"] == source.truth()["note"]


def test_what_is_below_a_parent_that_broke_off_is_due_again_at_the_next_sync():
    source, destination = company(35, 0), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, streams(source))
    source.fails.clear()
    sync(source, destination, streams(source))
    assert destination.rows["note"] == source.truth()["note"]


def test_what_is_below_a_parent_lands_though_the_sync_died_between_the_two():
    source, destination = company(35, 0), warehouse()
    source.latency = 61.0
    destination.dies_after = 60
    with pytest.raises(Killed):
        sync(source, destination, streams(source))
    destination.dies_after = None
    sync(source, destination, streams(source))
    assert destination.rows["note"] == source.truth()["note"]


def test_a_change_made_before_a_backfill_is_resumed_lands_in_that_sync():
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, [source.task_stream()])
    source.fails.clear()
    source.put(3, "changed between the two syncs")
    sync(source, destination, [source.task_stream()])
    assert destination.rows["task"] == source.truth()["task"]


@pytest.mark.parametrize("fails", [None, "tasks after 0"])
def test_where_every_sync_is_a_complete_pass_one_that_resumes_a_backfill_finds_what_is_gone(fails):
    source, destination = company(), warehouse()
    source.fails["tasks after 20"] = Unavailable("down")
    sync(source, destination, [source.task_stream()], full_pass_days=0)
    source.fails = {fails: Unavailable("down")} if fails else {}
    source.remove(3, signal=False)
    source.put(4, "changed between the two syncs")
    sync(source, destination, [source.task_stream()], full_pass_days=0)
    assert (destination.rows["task"] == source.truth()["task"]) == (fails is None)
    source.fails.clear()
    sync(source, destination, [source.task_stream()], full_pass_days=0)
    assert destination.rows["task"] == source.truth()["task"] and errors(destination) == []
    assert destination.state["streams"]["task"].keys() == set("position completed_at looked_at known remembers".split())


def test_a_record_whose_children_cannot_be_found_stops_nothing():
    source, destination = company(), warehouse()
    sync(source, destination, [source.task_stream(keep=lambda record: record["missing"]["x"]), source.note_stream()])
    assert destination.rows["task"] == source.truth()["task"]
    assert errors(destination)


def test_a_part_that_fails_for_days_lands_once_it_is_well_again():
    source, destination = company(), warehouse()
    source.fails["notes of 2"] = Unavailable("down")
    for _ in range(10):
        sync(source, destination, streams(source))
    source.fails.clear()
    source.clock.advance(DAY_SECONDS * 8)
    sync(source, destination, streams(source))
    assert destination.rows["note"] == source.truth()["note"] and errors(destination) == []


def test_tokens_that_cannot_be_saved_end_the_sync_and_are_no_row_in_errors():
    clock = VirtualClock()
    desk = Desk(clock)

    def persist():
        raise OSError("the destination is gone")

    def read():
        yield desk.call(persist)

    with Workers(clock, 1) as workers:
        desk.on_errand = workers.wake
        with pytest.raises(OSError, match="the destination is gone"):
            list(workers.interleave([read()], desk))


@pytest.mark.parametrize("seed", stories(range(100), quick=10))
def test_after_any_story_of_changes_failures_and_kills_the_warehouse_is_right_in_the_end(seed):
    dice = random.Random(seed)
    source, destination = company(dice.randint(0, 40), 5), warehouse()
    source.latency = dice.choice([0.1, 20.0, 61.0])
    for _ in range(5):
        for _ in range(dice.randint(0, 6)):
            number = dice.randint(1, 60)
            if number in source.tasks and dice.random() < 0.4:
                source.remove(number)
            else:
                source.put(number, str(dice.random()), ["a"] * dice.randint(0, 3))
                source.notes.setdefault(number, {number * 100: "x"})
        source.fails = {
            what: Unavailable("down")
            for what in ("tasks changed", "tasks after 0", "tasks after 10", "notes of 3")
            if dice.random() < 0.2
        }
        destination.dies_after = dice.choice([None, dice.randint(0, 150)])
        with contextlib.suppress(Killed):
            sync(source, destination, streams(source))
    source.fails, destination.dies_after = {}, None
    sync(source, destination, streams(source))
    sync(source, destination, streams(source))
    assert [destination.rows[table] for table in ("task", "task_tag")] == [
        source.truth()[table] for table in ("task", "task_tag")
    ]
    sync(source, destination, streams(source), full_pass_days=0)
    assert all(destination.rows[table] == source.truth()[table] for table in ("task", "task_tag", "note"))
    assert errors(destination) == []


@pytest.mark.parametrize("seed", stories(range(2_000), quick=20))
def test_whatever_fails_is_set_or_is_left_out_nothing_is_silently_wrong(seed):
    story = Story(seed)
    for _ in range(6):
        story.live()
        story.disturb()
        with contextlib.suppress(Killed):
            story.sync()
    story.heal()
    story.sync()
    story.sync()
    assert story.differences(but=story.unsignalled) == [] or errors(story.account.destination)
    story.sync(full_pass_days=0)
    story.sync(full_pass_days=0)
    assert story.differences() == [] and errors(story.account.destination) == []
    story.sync(full_pass_days=0)
    assert story.account.destination.business() == 0


class Story:
    """A random one: the source changes, parts of it fail, syncs are killed, and the user changes settings."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.account = Account(self.dice.randint(0, 30))
        self.source, self.destination = self.account.source, self.account.destination
        self.source.seconds_between_changes = 3_600
        self.source.latency = self.dice.choice([0.1, 20.0, 61.0])
        self.unsignalled = set()
        """Tasks of which only a complete pass finds what became of them."""
        self.settings = {}

    def live(self):
        """Tasks are made and changed with their notes, and are deleted, with a sign or without."""
        for _ in range(self.dice.randint(0, 6)):
            number = self.dice.randint(1, 40)
            if number not in self.source.tasks or self.dice.random() < 0.6:
                self.source.put(number, str(self.dice.random()), ["a"] * self.dice.randint(0, 3))
                notes = range(number * 100, number * 100 + self.dice.randint(0, 3))
                self.source.notes[number] = {each: str(self.dice.random()) for each in notes}
                self.unsignalled.discard(number)
            else:
                signal = self.dice.random() < 0.6
                self.source.remove(number, signal=signal)
                if not signal or self.settings.get("start_date"):
                    self.unsignalled.add(number)

    def disturb(self):
        """What fails in the next sync, when it is killed, and what the user has set for it."""
        places = ["tasks changed", "tasks after 0", "tasks after 10", *(f"notes of {number}" for number in range(1, 9))]
        down = self.dice.choice([Unavailable("down"), Unavailable("down"), ServiceDown("down")])
        self.source.fails = {place: down for place in places if self.dice.random() < 0.15}
        self.account.failing = {number for number in range(1, 12) if self.dice.random() < 0.2}
        self.destination.dies_after = self.dice.choice([None, None, self.dice.randint(0, 80)])
        self.settings = {
            "start_date": self.dice.choice([None, None, "2026-01-02", "2026-01-03"]),
            "keep_raw": self.dice.random() < 0.2,
            "left_out": frozenset(name for name in ("task", "note") if self.dice.random() < 0.15),
            "full_pass_days": self.dice.choice([0, 7, 7, 7]),
        }

    def heal(self):
        """Everything works again, and the settings are the usual ones."""
        self.source.fails, self.account.failing, self.destination.dies_after, self.settings = {}, set(), None, {}

    def sync(self, **settings):
        """One sync with the settings of the moment; a source that is down in all of it fails the sync."""
        settings = {**self.settings, **settings}
        self.destination.columns = warehouse(keep_raw=str(settings.get("keep_raw", False))).columns
        with contextlib.suppress(Stop):
            self.account.sync(**settings)

    def differences(self, but=frozenset()):
        """Rows that are other than the source has them, without those of some tasks, and without `raw`."""
        truth, landed = self.source.truth(), self.destination.rows
        found = []
        for table, column in (("task", "id"), ("task_tag", "task_id"), ("note", "task_id")):
            rows = {key: {**row, "raw": None} for key, row in truth[table].items()}
            there = {key: {**row, "raw": None} for key, row in landed[table].items()}
            for key in rows.keys() | there.keys():
                task = (rows.get(key) or there[key])[column]
                if rows.get(key) != there.get(key) and int(task) not in but:
                    found.append((table, key))
        return sorted(found)
