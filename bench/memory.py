"""`python -m bench.memory SCALE`: a first sync, and the memory that this process took for it at most.

The simulated vendor runs in a process of its own, over real HTTP on 127.0.0.1 and without its rate limit. The
clock's waits are left out, because pacing costs time and no memory. What is printed, as JSON, is the peak before
the sync (the interpreter with all modules loaded) and after it: the whole process, not a share of it.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.world import Counting, run
from shared.clock import SystemClock
from tests.connectors import load

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
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""Of `ru_maxrss`."""


class Hasty(SystemClock):
    """Real threads and time, but nobody waits for the pace."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds


def peak_megabytes() -> float:
    """The most memory that this process has held so far.

    Linux's own count where there is one: `ru_maxrss` starts at what the parent process held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / 1_000_000


@contextmanager
def served(code: str, *arguments: str) -> Iterator[str]:
    """A vendor in a process of its own, which prints its address and serves until its standard input ends. Yields the
    address."""
    vendor = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert vendor.stdin is not None and vendor.stdout is not None
    try:
        yield vendor.stdout.readline().strip()
    finally:
        vendor.stdin.close()
        vendor.wait()
        vendor.stdout.close()


def main() -> int:
    load("basecamp")
    with served(SERVE, sys.argv[1]) as origin:
        configuration = _asked(origin)
        before = peak_megabytes()
        destination = Counting()
        run(configuration, destination, clock=Hasty())
        print(
            json.dumps(
                {
                    "rows": destination.rows,
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
