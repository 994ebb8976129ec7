"""The process gives back what it no longer needs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = """\
import sys
from pathlib import Path
from shared.allocation import give_back_large_blocks

def resident_kilobytes():
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1])

give_back_large_blocks()
bytes(8_000_000)  # the first large block would raise the threshold
before = resident_kilobytes()
blocks, pins = [], []
for _ in range(60):
    blocks.append(b"x" * 1_000_000)
    pins.append(b"y" * 1_000)
blocks.clear()
print(resident_kilobytes() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by /proc, which is not here")
def test_large_blocks_leave_no_holes_behind():
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 10_000
