"""A large table is planned in bounded memory; `make bench` measures a million rows, this a sixteenth of them."""

import json
import subprocess
import sys
from pathlib import Path

from bench.__main__ import PLAN_LIMIT_MEGABYTES
from bench.plan import PARENTS, prepare

ROOT = Path(__file__).resolve().parents[2]


def measured(folder: Path, rows: int, changed: int) -> dict[str, float]:
    folder.mkdir()
    prepare(folder, rows, changed)
    ran = subprocess.run(
        [sys.executable, "-m", "bench.plan", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    small, large = measured(tmp_path / "small", 10_000, 20), measured(tmp_path / "large", 60_000, 60)
    assert (small["rows"], large["rows"]) == (10_000 + PARENTS, 60_000 + PARENTS)
    assert (small["changed"], large["changed"], large["created"], large["requests"]) == (20, 60, 0, 7)
    # Each stream holds a chunk of rows; the rest is the engine's, which has a limit of its own.
    assert large["peak"] - small["peak"] < 50
    assert large["peak"] < PLAN_LIMIT_MEGABYTES / 2
