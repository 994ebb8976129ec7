"""`python -m bench.calls [SOURCE]`: requests of a sync in which nothing happened, and of a working day.

The company works from eight to six, and every quarter of an hour a sync lands what it did. What the day costs is
compared with as many syncs as quiet as wanted. Requests for tokens are not counted.
"""

import re
import sys
from random import Random
from typing import Any

from demo.tables import table
from tests.connectors import load_all
from tests.contract.world import BETWEEN_SYNCS_SECONDS, CASES, World

SCALES = (0.3, 1.0)
CHANGES = 60
"""Of the day, at the smaller scale."""
SYNCS = 96
MORNING, EVENING = 8 / 24, 18 / 24
WANTED = {"basecamp": 40, "copper": 8, "pandadoc": 8, "quickbooks": 2}
"""Requests of a quiet sync, at any scale."""
MOST_OF_A_DAY = 1.3
"""Times what a day of such syncs would cost."""
TOKENS = re.compile("/(oauth2|authorization)/")


def main() -> int:
    head = ("source", *(f"quiet, scale {scale:g}" for scale in SCALES), "wanted", "day", "day / wanted")
    rows = [measured(source) for source in sys.argv[1:] or sorted(WANTED)]
    print(table(head, rows))
    return 0 if all(max(row[1:3]) <= row[3] and row[5] <= MOST_OF_A_DAY for row in rows) else 1


def measured(source: str) -> tuple[Any, ...]:
    """A row of the table above."""
    wanted, cost = WANTED[source], day(source)
    return source, *(quiet(source, scale) for scale in SCALES), wanted, cost, cost / (SYNCS * wanted)


def quiet(source: str, scale: float) -> int:
    """Requests of a sync a quarter of an hour after one that was as quiet."""
    load_all()
    here = World(CASES[source], scale=scale)
    here.sync()
    here.sync()
    return asked(here)


def day(source: str, scale: float = SCALES[0], changes: int = CHANGES) -> int:
    """Requests of a working day."""
    load_all()
    here = World(CASES[source], scale=scale)
    here.sync()
    here.sync()
    dice, cost = Random(1), 0
    moments = sorted(dice.uniform(MORNING, EVENING) * SYNCS for _ in range(changes))
    for number in range(SYNCS):
        here.vendor.work(dice, sum(number <= moment < number + 1 for moment in moments))
        started = here.clock.now()
        cost += asked(here)
        here.clock.advance(started + BETWEEN_SYNCS_SECONDS - here.clock.now())
    return cost


def asked(here: World) -> int:
    """Requests of the next sync."""
    before = len(here.requests)
    here.sync()
    return sum(not TOKENS.search(entry.path) for entry in here.requests[before:])


if __name__ == "__main__":
    sys.exit(main())
