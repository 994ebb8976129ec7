"""A running sandbox on 127.0.0.1: control endpoints, real faults, the command line."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.__main__ import main
from sandbox.basecamp import Basecamp
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.server import VENDORS, Server, Worker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def running() -> Iterator[Any]:
    faults = Faults()
    vendor = Basecamp(Company(1, 0.05), time.time, faults=faults)
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


def test_the_control_endpoints_stand_outside_of_limits_and_faults(running: Any) -> None:
    running.vendor.faults.break_path("")
    control = f"{running.origin}/_sandbox"
    for _ in range(60):
        assert requests.get(f"{control}/statistics").status_code == 200
    assert len(requests.post(f"{control}/work?count=7").json()["changes"]) == 7
    assert requests.get(f"{control}/truth").json() == json.loads(json.dumps(running.vendor.truth()))
    assert requests.get(f"{running.origin}/1/projects.json").status_code == 500
    requests.post(f"{control}/clear_faults")
    assert requests.get(f"{running.origin}/1/projects.json").status_code == 400
    assert requests.post(f"{control}/work?count=many").status_code == 400
    assert requests.get(f"{control}/nothing").status_code == 404


def test_a_reset_drops_the_connection_without_an_answer(running: Any) -> None:
    running.vendor.faults.break_path("/people", status=0, times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{running.origin}/1/people.json")
    assert requests.get(f"{running.origin}/1/people.json").status_code == 400


def test_a_truncated_body_ends_before_its_length(running: Any) -> None:
    running.vendor.faults.shares = {"truncated": 1.0}
    headers = {"Authorization": f"Bearer {running.vendor.launchpad.access_token()}", "User-Agent": "T (t@example.org)"}
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{running.origin}/{running.vendor.account_id}/projects.json", headers=headers)


def test_changes_happen_while_a_worker_is_open() -> None:
    vendor = Basecamp(Company(1, 0.05), time.time)
    before, deadline = vendor.store.version, time.monotonic() + 10
    with Worker([vendor], 500, seed=1):
        while vendor.store.version == before:
            assert time.monotonic() < deadline
            os.sched_yield()


def test_configure_points_a_connector_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["configure", "basecamp"]) == 1
    (tmp_path / "basecamp").mkdir()
    assert main(["configure", "basecamp", "--port-base", "9701", "--seed", "3"]) == 0
    written = json.loads((tmp_path / "basecamp" / "configuration.json").read_text())
    assert written["base_url"] == written["launchpad_url"] == "http://127.0.0.1:9703"
    assert written == Basecamp(Company(3, 0.1), time.time, 3).configuration("http://127.0.0.1:9703")


def test_an_unknown_vendor_cannot_be_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--vendors", "basecmap"]) == 2
    assert f"there is {', '.join(VENDORS)}" in capsys.readouterr().err


def test_help_teaches_by_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert "--faults flaky --changes 2" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_says_ready_and_stops_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "sandbox", "serve", "--scale", "0.05", "--port-base", "0", "--changes", "20"]
    command[command.index("0")] = str(free_port_base())
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = re.fullmatch(r"READY (\w+) (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
            assert ready and ready[1] == next(iter(VENDORS))
            assert requests.get(f"{ready[2]}/_sandbox/statistics").status_code == 200
            process.send_signal(number)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
        assert (process.returncode, errors) == (0, "")


def free_port_base() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1] - 2
