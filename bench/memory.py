"""`python -m bench.memory`: a first sync, and the memory that this process took for it at most.

The simulated Basecamp runs in a process of its own, over real HTTP on 127.0.0.1 and without its rate limit. The
clock's waits are left out, because pacing costs time and no memory. What is printed, as JSON, is the peak before
the sync (the interpreter with all modules loaded) and after it: the whole process, not a share of it.
"""

import json
import sys
from collections.abc import Iterator
from urllib.request import urlopen

from bench.apart import apart, peak_megabytes, served
from bench.counting import Counting, Hasty, Silent, syncing
from bench.figures import Figure

SCALE = 20
MOST_MEGABYTES = 250
SERVE = """\
import sys, time
from sandbox.basecamp import Basecamp
from sandbox.basecamp.options import Options
from sandbox.company import Company
from sandbox.server import Server
vendor = Basecamp(Company(seed=1, scale=float(sys.argv[1])), now=time.time, seed=1, options=Options(rate_limit=10**9))
with Server(vendor, port=0) as server:
    print(server.origin, flush=True)
    sys.stdin.read()
"""


def figures() -> Iterator[Figure]:
    found = apart("bench.memory")
    beside = f"modules alone {found['before']:.0f}; {found['rows']:,} rows, state {found['state_bytes'] / 1e6:.1f} MB"
    yield Figure(
        "peak MB of a first sync", f"basecamp, scale {SCALE}", round(found["peak"]), MOST_MEGABYTES, beside=beside
    )


def main() -> int:
    sync, destination = syncing("basecamp"), Counting()
    with served(SERVE, str(SCALE)) as origin:
        configuration = _asked(origin)
        before = peak_megabytes()
        sync(configuration, {}, destination, Silent(), clock=Hasty())
        print(
            json.dumps(
                {
                    "rows": destination.rows.total(),
                    "before": before,
                    "peak": peak_megabytes(),
                    "state_bytes": len(json.dumps(destination.state)),
                }
            )
        )
    return 0


def _asked(origin: str) -> dict[str, str]:
    with urlopen(f"{origin}/_sandbox/configuration", timeout=60) as answer:
        return dict(json.load(answer))


if __name__ == "__main__":
    sys.exit(main())
