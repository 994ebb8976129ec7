"""`python -m bench.day [SOURCE]`: a working day of every source: what is asked for, and what is sent.

The company works from eight to six, and every quarter of an hour a sync lands what it did.

Requests are compared with as many syncs as quiet as wanted; those for tokens are not counted. Rows that changed are
those of the vendor's own truth that differ from one sync to the next, whatever became of them in between; some of them
are seen later, or together. A row was sent in vain where the warehouse had it already, exactly like that.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.figures import Figure, shown
from tests.connectors import load_all
from tests.contract.world import BETWEEN_SYNCS_SECONDS, CASES, SYSTEM, World

SCALES = {"virtuous": (0.02, 0.1)}
"""At the same scale it has many times more records than the others."""
OTHER_SCALES = (0.3, 1.0)
CHANGES = 60
"""Of the day."""
SYNCS = 96
MORNING, EVENING = 8 / 24, 18 / 24
MOST_SENT = 1.05
"""For each row that changed."""
SHOWN = 2
"""Tables of which most was sent in vain."""
QUIET = {"basecamp": 40, "copper": 8, "pandadoc": 8, "quickbooks": 2}
"""Requests of a sync in which nothing happened, as wanted, at any scale. Virtuous has none to compare with."""
MOST_ASKED = 1.3
"""Times what a day of such syncs would cost."""
TOKENS = re.compile("/(oauth2|authorization|token)")
Truth = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@dataclass(frozen=True)
class Day:
    """What was counted of one source."""

    source: str
    first: int
    """Requests of the first sync."""
    quiet: int
    """Requests of a sync in which nothing happened."""
    quiet_when_large: int
    asked: int
    """Requests of the day."""
    changed: int
    """Rows; deletions count alike."""
    sent: int
    in_vain: Counter[str]
    """By table."""


def main() -> int:
    print(shown(figures(sys.argv[1:] or sorted(CASES))))
    return 0


def figures(sources: Iterable[str] = tuple(sorted(CASES))) -> Iterator[Figure]:
    """Of these sources, measured side by side."""
    with ProcessPoolExecutor() as pool:
        days = list(pool.map(measured, sources))
    for day in days:
        ratio, useful = day.sent / day.changed, day.sent - day.in_vain.total()
        most = "".join(f", {table} {count}" for table, count in day.in_vain.most_common(SHOWN))
        beside = f"{day.sent:,} / {day.changed:,}; sent / not in vain {day.sent / useful:.2f}{most}"
        yield Figure("rows sent / changed, a working day", day.source, ratio, MOST_SENT, beside=beside)
    for day in days:
        small, large = scales_of(day.source)
        wanted, beside = QUIET.get(day.source), f"first sync {day.first:,}"
        yield Figure("calls of a quiet sync", f"{day.source}, scale {small:g}", day.quiet, wanted, beside=beside)
        yield Figure("calls of a quiet sync", f"{day.source}, scale {large:g}", day.quiet_when_large, wanted)
    for day in days:
        wanted = QUIET.get(day.source)
        least = SYNCS * (wanted or day.quiet)
        ratio, at_most = day.asked / least, MOST_ASKED if wanted else None
        beside = f"{day.asked:,} / {least:,}"
        yield Figure("calls of a working day / of quiet syncs", day.source, ratio, at_most, beside=beside)


def measured(source: str) -> Day:
    """A day of this source, after three syncs in which the company rests."""
    load_all()
    small, large = (World(CASES[source], scale=scale) for scale in scales_of(source))
    first, _, quiet = asked(small), asked(small), asked(small)
    _, _, quiet_when_large = asked(large), asked(large), asked(large)
    return Day(source, first, quiet, quiet_when_large, *worked(small))


def scales_of(source: str) -> tuple[float, float]:
    """Of a small company and a large one."""
    return SCALES.get(source, OTHER_SCALES)


def worked(here: World) -> tuple[int, int, int, Counter[str]]:
    """Let the company work for a day: requests, rows that changed, rows that were sent, those sent in vain."""
    dice, before, in_vain = Random(1), truth_of(here), Counter[str]()
    moments = sorted(dice.uniform(MORNING, EVENING) * SYNCS for _ in range(CHANGES))
    requests = changed = sent = 0
    for number in range(SYNCS):
        work = sum(number <= moment < number + 1 for moment in moments)
        if work:
            here.vendor.work(dice, work)
            after = truth_of(here)
            changed += sum(
                before[name].get(key) != after[name].get(key)
                for name in after
                for key in before[name].keys() | after[name].keys()
            )
            before = after
        started = here.clock.now()
        requests += asked(here)
        sent += here.destination.business()
        in_vain += Counter({name: n for name, n in here.destination.repeated.items() if name not in SYSTEM})
        here.clock.advance(started + BETWEEN_SYNCS_SECONDS - here.clock.now())
    return requests, changed, sent, in_vain


def asked(here: World) -> int:
    """Requests of the next sync."""
    before = len(here.requests)
    here.sync()
    return sum(not TOKENS.search(entry.path) for entry in here.requests[before:])


def truth_of(here: World) -> Truth:
    """By table and key, of the tables that a connector lands by default."""
    truth = here.vendor.truth()
    return {
        name: {tuple(row[column] for column in here.destination.keys[name]): row for row in truth.get(name, ())}
        for name in here.compared(truth)
    }


if __name__ == "__main__":
    sys.exit(main())
