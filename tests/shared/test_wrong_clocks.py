"""Our clock may be ahead, behind, or set back: no sync believes of it what cannot be, and nothing stays behind."""

import contextlib
import random

import pytest

from shared.clock import due
from shared.errors import Unavailable
from tests.depth import stories
from tests.destination import Killed
from tests.shared.engine import company, errors, sync, warehouse
from tests.skewed import Skewed

DAY_SECONDS = 86_400.0
TABLES = ("task", "task_tag", "colour", "note")


def skewed_company(tasks=35, colours=12, *, ahead=0.0):
    source = company(tasks, colours)
    source.clock = Skewed()
    source.clock.ahead = ahead
    return source


def streams(source):
    return [
        source.task_stream(),
        source.colour_stream(every_seconds=3_600.0),
        source.note_stream(every_seconds=DAY_SECONDS),
    ]


def differing(source, destination):
    return [table for table in TABLES if destination.rows[table] != source.truth()[table]]


@pytest.mark.parametrize(
    ("ago", "every", "is_due"),
    [
        (0.0, 60.0, False),
        (59.0, 60.0, False),
        (60.0, 60.0, True),
        (0.0, 0.0, True),
        (-30.0, 0.0, True),
        (-1.0, 60.0, True),
    ],
)
def test_what_was_done_at_a_time_that_has_not_come_yet_is_due(ago, every, is_due):
    clock = Skewed()
    assert due(clock.now() - ago, clock, every) is is_due


def test_a_stream_without_a_cadence_is_read_though_the_clock_was_set_back():
    source, destination = skewed_company(), warehouse()
    sync(source, destination)
    source.colours[1]["name"] = "another"
    source.clock.ahead -= 90.0
    sync(source, destination)
    assert differing(source, destination) == []


def test_a_first_sync_a_year_ahead_leaves_nothing_behind():
    source, destination = skewed_company(ahead=365 * DAY_SECONDS), warehouse()
    sync(source, destination, streams(source))
    source.clock.ahead = 0.0
    source.remove(5, signal=False)
    source.colours[1]["name"] = "another"
    source.notes[6] = {600: "changed"}
    sync(source, destination, streams(source))
    assert differing(source, destination) == []


def test_once_the_clock_is_right_again_nothing_is_read_more_often_than_it_should_be():
    source, destination = skewed_company(ahead=DAY_SECONDS), warehouse()
    sync(source, destination, streams(source))
    source.clock.ahead = 0.0
    sync(source, destination, streams(source))
    sync(source, destination, streams(source))
    assert source.asked == ["tasks changed"]


@pytest.mark.parametrize("seed", stories(range(100), quick=10))
def test_whatever_the_clock_shows_the_warehouse_is_right_a_week_after_it_is_right_again(seed):
    dice = random.Random(seed)
    source, destination = skewed_company(dice.randint(0, 40), 5), warehouse()
    source.latency = dice.choice([0.1, 20.0, 61.0])
    for _ in range(6):
        source.clock.ahead = dice.choice([0.0, 0.0, 1.0, -1.0]) * dice.choice([30.0, 3_600.0, 9 * DAY_SECONDS, 4e7])
        for _ in range(dice.randint(0, 6)):
            number = dice.randint(1, 60)
            if number in source.tasks and dice.random() < 0.4:
                source.remove(number, signal=dice.random() < 0.5)
            else:
                source.put(number, str(dice.random()), ["a"] * dice.randint(0, 3))
                source.notes.setdefault(number, {number * 100: "x"})
            source.colours[dice.randint(1, 5)]["name"] = str(dice.random())
        asked = ("tasks changed", "tasks after 0", "tasks after 10", "colours from 0", "notes of 3")
        source.fails = {what: Unavailable("down") for what in asked if dice.random() < 0.15}
        destination.dies_after = dice.choice([None, None, dice.randint(0, 150)])
        with contextlib.suppress(Killed):
            sync(source, destination, streams(source))
    source.fails, destination.dies_after = {}, None
    source.clock.ahead = 0.0
    sync(source, destination, streams(source))
    source.clock.advance(8 * DAY_SECONDS)  # What has no sign is found when the cadences are over.
    sync(source, destination, streams(source))
    sync(source, destination, streams(source))
    assert differing(source, destination) == []
    assert errors(destination) == []
