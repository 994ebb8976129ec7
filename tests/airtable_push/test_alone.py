"""Two runs at once: the second waits, or leaves with a sentence."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from airtable_push.database import DatabaseError, is_postgres, open_database
from airtable_push.errors import JobError
from airtable_push.lock import alone
from sandbox.clock import VirtualClock
from tests.airtable_push.world import World

ROOT = Path(__file__).resolve().parents[2]
HELD = """\
pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"""
HOLD = """\
import sys
from airtable_push.lock import alone
from shared.clock import SystemClock
with alone(sys.argv[1], SystemClock()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url: str = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    return url or str(tmp_path / "flat.duckdb")


def holder(warehouse: str) -> "subprocess.Popen[str]":
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, warehouse], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]", warehouse: str) -> None:
    """Kill it, and wait until the server has noticed: that takes longer than many tries on a virtual clock."""
    process.kill()
    process.communicate()
    if is_postgres(warehouse):
        with psycopg.connect(warehouse, autocommit=True) as other:
            for _ in range(100_000):
                if other.execute(f"select 1 from {HELD}").fetchone() is None:
                    return


def test_the_second_run_leaves_with_a_sentence(
    warehouse: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path / "world", warehouse=warehouse).ready(clients=3, contacts=3, deals=3)
    process = holder(warehouse)
    try:
        for command in ("push", "plan", "status", "reconcile", "flatten", "run"):
            assert world.run(command) == 1
            assert "Another run of airtable_push is at work" in capsys.readouterr().err
        assert world.vendor.store.record_count == 0
    finally:
        end(process, warehouse)
    assert world.run("push", "--wait", "60") == 0, "a lock ends with its process"
    world.check()


def test_the_second_run_waits_where_it_is_told_to(warehouse: str) -> None:
    clock = VirtualClock()
    with ExitStack() as first:
        first.enter_context(alone(warehouse, clock))
        sleep, slept = clock.sleep, list[float]()

        def until_it_ends(seconds: float) -> None:
            slept.append(seconds)
            sleep(seconds)
            if len(slept) == 3:
                first.close()

        clock.sleep = until_it_ends  # type: ignore[method-assign]
        with alone(warehouse, clock, wait_seconds=60):
            assert slept == [1.0, 1.0, 1.0]


def test_waiting_has_an_end(warehouse: str) -> None:
    clock = VirtualClock()
    started = clock.monotonic()
    with alone(warehouse, clock), pytest.raises(JobError, match="--wait"), alone(warehouse, clock, wait_seconds=5):
        pass
    assert clock.monotonic() - started == 5


def test_a_file_that_somebody_else_has_open_is_an_error_with_a_name(tmp_path: Path) -> None:
    path = tmp_path / "flat.duckdb"
    hold = "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        with pytest.raises(DatabaseError, match="could not be opened"):
            open_database(str(path))
    finally:
        end(process, str(path))


def test_a_server_that_is_not_there_is_an_error_without_the_password() -> None:
    with pytest.raises(DatabaseError) as raised:
        open_database("postgresql://etl:hidden-word@127.0.0.1:9/nothing")
    assert "hidden-word" not in str(raised.value) and "127.0.0.1:9" in str(raised.value)
    with pytest.raises(DatabaseError), alone("postgresql://etl:hidden-word@127.0.0.1:9/nothing", VirtualClock()):
        pass
