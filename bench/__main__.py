"""`python -m bench`: tables about the project's own code, without Fivetran's runner."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import metered, rows
from bench.world import World
from demo.tables import table
from tests.contract.world import CASES

ROOT = Path(__file__).resolve().parent.parent
REQUESTS_PER_SECOND = 50 / 10
"""Basecamp's documented rate."""
MEMORY_SCALE = 20
MEMORY_LIMIT_MEGABYTES = 250
PLAN_LIMIT_MEGABYTES = 400
PEOPLE = ((20_000, "lists"), (20_000, "plain"), (200_000, "plain"))


def main() -> int:
    print("Rows through the connector, in process: reading, typing, comparing, handing over.")
    print("The simulated Basecamp answers in the same process; the time that it takes is left out.\n")
    print(table(("scale", "rows", "seconds", "rows/s"), [throughput(scale) for scale in (1, 4)]))
    print("\nRequests at scale 1, against the least possible: each page that is read at all, once.\n")
    print(table(("sync", "requests", "least", "above least %", "of the first %"), economy()))
    print("\nFirst sync at scale 1, in virtual seconds: its requests at Basecamp's documented 50 in 10 seconds.\n")
    print(
        table(
            ("answers take ms", "requests", "refused", "least s", "took s", "above least %"),
            [duration(milliseconds) for milliseconds in (0, 300)],
        )
    )
    print(f"\nMemory of a first sync at scale {MEMORY_SCALE}: the connector's whole process, the vendor in another.\n")
    row = memory()
    print(table(("rows", "state MB", "modules alone MB", "peak MB", "limit MB"), [row]))
    print("\nWhat a push to Airtable would do, beside reading the same rows alone: a million, a thousand changed.\n")
    planned = plan()
    head = ("rows", "changed", "requests", "reading s", "plan s", "modules alone MB", "peak MB", "limit MB")
    print(table(head, [planned]))
    print("\nA seeded working day of QuickBooks, synced every 15 minutes. Reads are metered, refreshes are not.\n")
    cost = metered.day()
    limits = metered.MOST_READS, metered.MOST_REFRESHES
    print(
        table(
            ("reading all of it", "syncs", "metered reads", "at most", "refreshes", "at most"),
            [(*cost[:3], limits[0], cost[3], limits[1])],
        )
    )
    print(
        f"\nA working day in which the company makes {rows.CHANGES} changes, at scale {rows.SCALE:g}, with 96 syncs.\n"
    )
    days = [rows.measured(source) for source in sorted(CASES)]
    print(table(rows.HEAD, days))
    print("\nA first sync of Copper people, beside the same requests with `requests` and `json.loads` alone, by CPU.\n")
    head = ("people", "with", "rows", "people/s", "bare people/s", "share", "modules alone MB", "peak MB")
    print(table(head, [people(count, kind) for count, kind in PEOPLE]))
    held = (
        all(day[3] <= rows.MOST_SENT for day in days),
        row[3] < MEMORY_LIMIT_MEGABYTES,
        planned[6] < PLAN_LIMIT_MEGABYTES,
        cost[2] <= limits[0],
        cost[3] <= limits[1],
    )
    return 0 if all(held) else 1


def throughput(scale: float) -> tuple[Any, ...]:
    """Rows a second of a first sync, with the time that the simulated vendor spends in answers taken off."""
    world = World(scale)
    serve, spent = world.adapter.app, 0.0

    def timed(environ: Any, start_response: Any) -> Any:
        nonlocal spent
        started = time.perf_counter()
        try:
            return list(serve(environ, start_response))
        finally:
            spent += time.perf_counter() - started

    world.adapter.app = timed
    started = time.perf_counter()
    world.sync()
    took = time.perf_counter() - started - spent
    return scale, world.destination.rows, took, round(world.destination.rows / took)


def economy() -> list[tuple[Any, ...]]:
    """Requests of a first sync, one without changes, and one after 100 changes.

    The least that a sync can do is to ask for each page once that it asks for at all. What a listing that may
    have moved under the reading costs twice is above that.
    """
    world = World(1)
    rows: list[tuple[Any, ...]] = []
    for label, changes in (("first", 0), ("nothing changed", 0), ("100 changes", 100)):
        world.work(changes)
        before = len(world.vendor.requests)
        world.sync()
        asked = [entry.path for entry in world.vendor.requests[before:]]
        least = len(set(asked))
        first = rows[0][1] if rows else len(asked)
        rows.append((label, len(asked), least, 100 * (len(asked) - least) / least, 100 * len(asked) / first))
    return rows


def duration(milliseconds: int) -> tuple[Any, ...]:
    """How a first sync's virtual time compares with the least that its requests can take."""
    world = World(1, latency=milliseconds / 1000)
    took = world.sync()
    asked = world.vendor.statistics
    least = asked["requests"] / REQUESTS_PER_SECOND
    return milliseconds, asked["requests"], asked["429"], least, took, 100 * (took - least) / least


def memory() -> tuple[Any, ...]:
    """Of a first sync."""
    found = measured("bench.memory", str(MEMORY_SCALE))
    return found["rows"], found["state_bytes"] / 1e6, found["before"], found["peak"], MEMORY_LIMIT_MEGABYTES


def people(count: int, kind: str) -> tuple[Any, ...]:
    """Of a first sync of so many; `lists` are their child rows."""
    found = measured("bench.people", str(count), kind)
    each, bare = count / found["seconds"], count / found["bare_seconds"]
    return count, kind, found["rows"], round(each), round(bare), each / bare, found["bare_peak"], found["peak"]


def plan() -> tuple[Any, ...]:
    """Of a push to Airtable; another process makes the warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        make = "import sys; from pathlib import Path; from bench.plan import prepare; prepare(Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", make, folder], cwd=ROOT, check=True)
        found = measured("bench.plan", folder)
    return (
        found["rows"],
        found["changed"],
        found["requests"],
        found["reading_seconds"],
        found["plan_seconds"],
        found["before"],
        found["peak"],
        PLAN_LIMIT_MEGABYTES,
    )


def measured(module: str, *arguments: str) -> dict[str, Any]:
    """What a module measures in a process of its own, whose memory is nobody else's."""
    ran = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
