"""A clock that was wrong leaves nothing behind: what was done at a time that has not come yet is due."""

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
