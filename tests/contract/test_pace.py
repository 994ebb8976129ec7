"""The documented rate is used, and never passed. At zero latency: see `test_landing`."""

import pytest

from tests.depth import prove


@pytest.mark.parametrize("size", ["paced_scale", prove("great_scale")])
def test_where_answers_take_long_a_first_sync_takes_little_more_than_its_requests_at_that_rate(world, case, size):
    here = world(scale=getattr(case, size), latency=0.3)
    took = here.sync()
    least = case.least_seconds(entry.path for entry in here.requests)
    print(f"{len(here.requests)} requests, least {least:.0f} s, took {took:.0f} s")
    assert here.vendor.statistics["429"] == 0
    assert took <= least * 1.15


def test_independent_streams_overlap_where_answers_are_slow(world, case):
    here = world(latency=1.5 / case.requests_per_second)
    here.sync()
    assert here.adapter.overlap >= 2


def test_syncs_one_after_the_other_stay_inside_the_limit(synced):
    here = synced()
    here.clock.advance(-900.0)
    here.sync()
    assert here.vendor.statistics["429"] == 0
