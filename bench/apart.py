"""Measuring in a process of its own, whose time and memory are nobody else's."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""Of `ru_maxrss`."""


def apart(module: str, *arguments: str, python: str = sys.executable) -> Any:
    """What a module measures and prints, as JSON, in its last line."""
    command = [python, "-m", module, *arguments]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.splitlines()[-1])


@contextmanager
def served(code: str, *arguments: str) -> Iterator[str]:
    """A vendor in a process of its own, which prints its address and serves until its standard input ends. Yields the
    address."""
    vendor = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert vendor.stdin is not None and vendor.stdout is not None
    try:
        yield vendor.stdout.readline().strip()
    finally:
        vendor.stdin.close()
        vendor.wait()
        vendor.stdout.close()


def peak_megabytes() -> float:
    """The most memory that this process has held so far.

    Linux's own count where there is one: `ru_maxrss` starts at what the parent process held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / 1_000_000
