"""`python -m bench.rows [SOURCE]`: rows sent on a working day, against the rows that changed.

The company works from eight to six, and every quarter of an hour a sync lands what it did. Rows that changed are those
of the vendor's own truth that differ from one sync to the next, whatever became of them in between; some of them are
seen later, or together. A row was sent in vain where the warehouse had it already, exactly like that.
"""

import sys
from collections import Counter
from random import Random
from typing import Any

from demo.tables import table
from tests.connectors import load_all
from tests.contract.world import BETWEEN_SYNCS_SECONDS, CASES, SYSTEM, World

SCALE = 0.3
CHANGES = 120
"""Of the day."""
SYNCS = 96
MORNING, EVENING = 8 / 24, 18 / 24
MOST_SENT = 1.05
"""For each row that changed."""
SHOWN = 3
HEAD = ("source", "rows changed", "rows sent", "sent / changed", "sent / not in vain", "sent in vain")
Truth = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def main() -> int:
    rows = [measured(source) for source in sys.argv[1:] or sorted(CASES)]
    print(table(HEAD, rows))
    return 0 if all(row[3] <= MOST_SENT for row in rows) else 1


def measured(source: str) -> tuple[Any, ...]:
    """A row of the table above."""
    changed, sent, in_vain = day(source)
    most = ", ".join(f"{name} {count}" for name, count in in_vain.most_common(SHOWN))
    useful = sent - in_vain.total()
    return source, changed, sent, sent / changed, sent / useful, most


def day(source: str, scale: float = SCALE, changes: int = CHANGES) -> tuple[int, int, Counter[str]]:
    """Rows that changed, rows that were sent, and by table those that were sent in vain; deletions count alike."""
    load_all()
    here = World(CASES[source], scale=scale)
    here.sync()
    here.sync()
    dice, before, in_vain = Random(1), _truth(here), Counter[str]()
    moments = sorted(dice.uniform(MORNING, EVENING) * SYNCS for _ in range(changes))
    changed = sent = 0
    for number in range(SYNCS):
        here.vendor.work(dice, sum(number <= moment < number + 1 for moment in moments))
        after = _truth(here)
        changed += sum(
            before[name].get(key) != after[name].get(key)
            for name in after
            for key in before[name].keys() | after[name].keys()
        )
        started = here.clock.now()
        here.sync()
        sent += here.destination.business()
        in_vain += Counter({name: n for name, n in here.destination.repeated.items() if name not in SYSTEM})
        here.clock.advance(started + BETWEEN_SYNCS_SECONDS - here.clock.now())
        before = after
    return changed, sent, in_vain


def _truth(here: World) -> Truth:
    """By table and key, of the tables that a connector lands by default."""
    truth = here.vendor.truth()
    return {
        name: {tuple(row[column] for column in here.destination.keys[name]): row for row in truth.get(name, ())}
        for name in here.compared(truth)
    }


if __name__ == "__main__":
    sys.exit(main())
