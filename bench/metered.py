"""What a day of QuickBooks costs: Intuit meters reads by the month.

A seeded working day of a simulated company, synced every quarter of an hour, after a first sync that shows what reading
all of it costs.
"""

from functools import partial
from random import Random
from typing import Any

from bench.world import World
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.options import Options

BULK = 64_000
"""Purchases more than the company makes by itself, so that reading all of it costs 120 requests."""
BETWEEN_SYNCS_SECONDS = 900.0
DAY_SECONDS = 86_400.0
MOST_READS = 231
MOST_REFRESHES = 24


def day() -> tuple[Any, ...]:
    """Requests that read everything, syncs of the day, reads that Intuit meters, refreshes of the access token."""
    world = World(1, source="quickbooks", vendor=partial(QuickBooks, options=Options(bulk=BULK)))
    world.sync()
    everything = world.vendor.statistics["metered"]
    world.clock.advance(DAY_SECONDS - world.clock.now() % DAY_SECONDS)
    world.sync()
    return everything, *working_day(world.vendor, world.clock, world.sync)


def working_day(vendor: Any, clock: Any, sync: Any) -> tuple[int, int, int]:
    """Let the company work for a day and sync every quarter of an hour: syncs, metered reads, refreshes."""
    began, before, dice = clock.now(), vendor.statistics, Random(1)
    plan, syncs = vendor.day(Random(1)), 0
    while clock.now() < began + DAY_SECONDS:
        while plan and began + plan[0][0] <= clock.now():
            vendor.perform(plan.pop(0)[1], dice)
        started = clock.now()
        sync()
        syncs += 1
        clock.advance(started + BETWEEN_SYNCS_SECONDS - clock.now())
    after = vendor.statistics
    return syncs, after["metered"] - before["metered"], after["refreshed"] - before["refreshed"]
