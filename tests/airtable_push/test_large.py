"""A large table is planned in bounded memory; `make bench` measures a million rows, this a sixteenth of them."""

from pathlib import Path
from typing import Any

from bench.apart import apart
from bench.plan import MOST_MEGABYTES, PARENTS, prepare


def planned(folder: Path, rows: int, changed: int) -> dict[str, Any]:
    folder.mkdir()
    prepare(folder, rows, changed)
    return apart("bench.plan", str(folder))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    small, large = planned(tmp_path / "small", 10_000, 20), planned(tmp_path / "large", 60_000, 60)
    assert (small["rows"], large["rows"]) == (10_000 + PARENTS, 60_000 + PARENTS)
    assert (small["changed"], large["changed"], large["created"], large["requests"]) == (20, 60, 0, 7)
    # Each stream holds a chunk of rows; the rest is the engine's, which has a limit of its own.
    assert large["peak"] - small["peak"] < 50
    assert large["peak"] < MOST_MEGABYTES / 2
