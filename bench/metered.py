"""`python -m bench.metered`: what a day of QuickBooks costs, because Intuit meters reads by the month.

A seeded working day of a simulated company, synced every quarter of an hour, beside a reading of all of it at every one
of these syncs. What is printed is JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from bench.apart import apart
from bench.counting import Counting, Silent, syncing
from bench.figures import Figure
from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.options import Options
from sandbox.transport import WsgiAdapter, session_over
from shared.clock import DAY_SECONDS

BULK = 81_000
"""Purchases more than the company makes by itself, so that a reading of all of it costs 120 requests."""
PAGE_SIZE = 1_000
BETWEEN_SYNCS_SECONDS = 900.0
ORIGIN = "https://vendor.test"
MOST_READS = 231
MOST_REFRESHES = 24


def figures() -> Iterator[Figure]:
    found = apart("bench.metered")
    reads, whole = found["reads"], found["syncs"] * found["pages"]
    beside = f"{whole:,} to read {found['pages']} pages at each of {found['syncs']} syncs: {1 - reads / whole:.1%} less"
    yield Figure("metered calls of a working day", "quickbooks", reads, MOST_READS, beside=beside)
    yield Figure("refreshed tokens of a working day", "quickbooks", found["refreshes"], MOST_REFRESHES)


def main() -> int:
    once, clock, destination = syncing("quickbooks"), VirtualClock(), Counting()
    vendor = QuickBooks(Company(seed=1, scale=1.0), now=clock.now, seed=1, options=Options(bulk=BULK))
    session = session_over(ORIGIN, WsgiAdapter(vendor.wsgi, sleep=clock.sleep, latency=0.0))

    def sync() -> None:
        once(vendor.configuration(ORIGIN), destination.state, destination, Silent(), clock=clock, session=session)

    sync()
    everything = pages(destination)
    clock.advance(DAY_SECONDS - clock.now() % DAY_SECONDS - BETWEEN_SYNCS_SECONDS)
    sync()
    clock.advance(DAY_SECONDS - clock.now() % DAY_SECONDS)
    syncs, reads, refreshes = working_day(vendor, clock, sync)
    print(json.dumps({"pages": everything, "syncs": syncs, "reads": reads, "refreshes": refreshes}))
    return 0


def pages(destination: Counting) -> int:
    """Requests that read everything once: at least one for each kind of record."""
    return sum(max(1, -(-destination.rows[stream] // PAGE_SIZE)) for stream in destination.state["streams"])


def working_day(vendor: Any, clock: Any, sync: Callable[[], None]) -> tuple[int, int, int]:
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


if __name__ == "__main__":
    sys.exit(main())
