"""A run whose lock on PostgreSQL is lost ends before another one can write beside it."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.airtable_push.test_alone import HELD
from tests.airtable_push.world import World


def test_a_run_whose_lock_was_lost_writes_nothing_more(
    postgres: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "world", warehouse=postgres).ready(clients=30, contacts=3, deals=3)
    writes: list[str] = []

    def drop_the_lock(request: Any) -> None:
        writes.append(request.method)
        if writes.count("PATCH") == 3:
            with psycopg.connect(postgres, autocommit=True) as other:
                other.execute(f"select pg_terminate_backend(pid) from {HELD}")

    world.adapter.after = drop_the_lock
    assert world.run("push") == 1
    assert "held the lock" in capsys.readouterr().err and writes.count("PATCH") == 3
    world.adapter.after = lambda request: None
    assert world.run("push") == 0, "the next run continues"
