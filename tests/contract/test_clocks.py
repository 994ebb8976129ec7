"""A clock that was wrong leaves nothing behind: what was done at a time that has not come yet is due."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.skewed import Skewed

DAY_SECONDS = 86_400.0


@pytest.mark.parametrize("days", [365, -365])
def test_after_a_sync_whose_clock_was_wrong_by_a_year_the_next_one_brings_everything(world, days):
    here = world(clock=Skewed())
    here.clock.ahead = days * DAY_SECONDS
    here.sync()
    assert here.differences() == []
    here.clock.ahead = 0.0
    here.vendor.work(here.random, 60)
    here.sync()
    if here.destination.warnings:  # a large deletion waits for the next sync to agree
        here.sync()
    assert here.differences() == []


def test_a_clock_that_is_set_back_between_two_syncs_skips_nothing(world):
    here = world(clock=Skewed())
    here.sync()
    here.vendor.work(here.random, 60)
    here.clock.ahead = -3 * DAY_SECONDS
    here.sync()
    if here.destination.warnings:
        here.sync()
    assert here.differences() == []


def test_answers_that_show_the_sources_time_cost_no_request_and_no_row_more(world, synced):
    def dated(answer, request):
        date = format_datetime(datetime.fromtimestamp(here.clock.monotonic(), UTC), True)
        return replace(answer, headers={**answer.headers, "Date": date})

    asked = []
    for shows_time in (False, True):
        if shows_time:
            here = world()
            here.change(".", dated)
            here.sync()
        else:
            here = synced()
        here.vendor.work(here.random, 20)
        here.sync()
        here.sync()
        before = len(here.requests)
        here.sync()
        asked.append(len(here.requests) - before)
        assert here.destination.business() == 0
    assert asked[0] == asked[1]
