"""The documented rate is used, and never passed."""

import pytest


@pytest.mark.parametrize(("latency", "allowance"), [(0.0, 1.05), (0.3, 1.15)])
def test_a_first_sync_takes_little_more_than_its_requests_at_the_documented_rate(world, latency, allowance):
    here = world(scale=1.0, latency=latency)
    took = here.sync()
    least = len(here.requests) / here.case.requests_per_second
    print(f"latency {latency} s: {len(here.requests)} requests, least {least:.0f} s, took {took:.0f} s")
    assert here.vendor.statistics["429"] == 0
    assert took <= least * allowance


def test_independent_streams_overlap_where_answers_are_slow(world, case):
    here = world(scale=0.1, latency=1.5 / case.requests_per_second)
    here.sync()
    assert here.adapter.overlap >= 2


def test_syncs_one_after_the_other_stay_inside_the_limit(world):
    here = world(scale=0.05)
    here.sync()
    here.clock.advance(-900.0)
    here.sync()
    assert here.vendor.statistics["429"] == 0
