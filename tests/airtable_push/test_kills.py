"""Killed at any moment and started again: no record twice, none missing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from airtable_push import database
from sandbox.airtable import Airtable
from sandbox.airtable.options import Options
from sandbox.company import Company
from sandbox.server import Server
from tests.airtable_push.world import Killed, World
from tests.depth import prove, stories

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 20, 50
"""Kills."""
REAL_MOMENTS = 5
LONGEST_PUSH_SECONDS = 60


@contextmanager
def death(world: World, moment: int, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the process die at the so-manieth moment: before or after a request, before or after a write of the state.

    Yields what it died of, once it did."""
    left, died = moment, list[str]()

    def lives(what: str) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            died.append(what)
            raise Killed(what)

    kind = database.Postgres if world.warehouse.startswith("postgresql") else database.DuckDb
    write = kind.write

    def mortal(self: database.Database, statements: list[database.Statement]) -> None:
        lives("before a write of the state")
        write(self, statements)  # type: ignore[arg-type]
        lives("after a write of the state")

    with patch.context() as patched:
        patched.setattr(kind, "write", mortal)
        patched.setattr(world.adapter, "before", lambda request: lives("before a request"))
        patched.setattr(world.adapter, "after", lambda request: lives("after a request"))
        yield died


@pytest.mark.parametrize(
    ("warehouse", "seed", "moments"),
    [
        ("duckdb", 0, FEW),
        ("postgres", 3, FEW),
        *(prove("duckdb", seed, MANY) for seed in range(3)),
        prove("postgres", 3, MANY),
    ],
)
def test_a_push_killed_at_many_moments_loses_and_doubles_nothing(
    warehouse: str,
    seed: int,
    moments: int,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = request.getfixturevalue("postgres") if warehouse == "postgres" else ""
    world = World(tmp_path, seed, url, latency=0.3).ready(clients=8, contacts=12, deals=8)
    draw, causes = random.Random(seed), set[str]()
    kills = 0
    while kills < moments:
        world.work(12)
        # A run that is killed is continued by one that is killed too, and by one that is not.
        for _ in range(2):
            with death(world, draw.randint(1, 16), monkeypatch) as died:
                try:
                    world.run("push")
                except Killed:
                    causes.update(died)
                    kills += 1
        assert world.run("push") == 0
        world.check()
    assert len(causes) == 4
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent


@pytest.mark.parametrize("deletes", ["delete", "mark"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_row_that_went_after_the_push_of_it_was_killed_leaves_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, deletes: str
) -> None:
    world = World(tmp_path, settings={"AIRTABLE_PUSH_DELETES": deletes}).ready()
    assert world.run("push") == 0
    world.grow("deals", 7)
    new = list(world.rows["deals"])[-7:]
    world.write()

    def dies(request: requests.PreparedRequest) -> None:
        if request.method == "PATCH":
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(world.adapter, moment, dies)
        with pytest.raises(Killed):
            world.run("push")
    for key in new[:4]:
        world.remove("deals", key)
    world.write()
    assert world.run("push") == 0
    if deletes == "mark" and moment == "after":
        assert world.held()["deals"].keys() == world.rows["deals"].keys() | set(new[:4])
    else:
        world.check()
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent


def test_a_push_killed_again_and_again_gets_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path).ready(clients=30, contacts=40, deals=30)
    for _ in range(40):
        with death(world, 14, monkeypatch) as died:
            try:
                if world.run("push") == 0:
                    break
            except Killed:
                assert died
    world.check()


@pytest.mark.parametrize("moment", stories(range(REAL_MOMENTS), quick=2))
def test_a_real_process_killed_and_started_again_loses_and_doubles_nothing(tmp_path: Path, moment: int) -> None:
    world = World(tmp_path, seed=moment).ready(clients=20, contacts=120, deals=60)
    unhurried = Options(requests_per_second=10**6, owner_requests_per_second=10**6)
    vendor = Airtable(Company(1, 0.05), time.time, options=unhurried)
    for table in world.vendor.store.tables.values():
        vendor.store.tables[table.id] = table
    world.vendor = vendor
    wanted, reached = 2 + 4 * moment, Event()
    serve = vendor.wsgi

    def watched(environ: Any, start_response: Any) -> Any:
        answer = serve(environ, start_response)
        if len(vendor.requests) >= wanted:
            reached.set()
        return answer

    vendor.wsgi = watched
    with Server(vendor, port=0) as server:
        environment = {
            **os.environ,
            **world.environment,
            "AIRTABLE_PUSH_BASE_URL": server.origin,
            "PYTHONPATH": str(ROOT),
            "AIRTABLE_PUSH_TOKEN": vendor.token,
        }
        command = [sys.executable, "-m", "airtable_push", "push", "--json"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            reached.wait(LONGEST_PUSH_SECONDS)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert len(vendor.requests) >= wanted
        world.vendor = vendor
        assert sum(map(len, world.held().values())) < 200
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout)["exit_code"] == 0
    world.check()
