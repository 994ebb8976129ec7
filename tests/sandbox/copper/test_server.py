"""A running Copper on 127.0.0.1, the command line, and a client that nobody wrote for it."""

import ast
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.__main__ import main
from sandbox.company import Company
from sandbox.copper import Copper
from sandbox.copper.kinds import BY_PATH
from sandbox.copper.options import Options
from sandbox.server import PORT_BASE, PORTS, VENDORS, Server

SANDBOX = Path(__file__).parents[3] / "sandbox"
SERVES_ALL = ("company", "web", "limits", "ledger", "faults", "transport", "clock")


@pytest.fixture
def running() -> Iterator[Any]:
    vendor = Copper(Company(1, 0.05), time.time, options=Options(people=2_500))
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


@pytest.mark.parametrize("collection", ["people", "companies", "opportunities", "projects", "tasks"])
def test_a_foreign_client_reads_a_quiet_collection_in_full(running: Any, collection: str) -> None:
    settings = running.vendor.configuration(running.origin)
    script = Path(__file__).with_name("foreign_client.py")
    who = (settings["base_url"], settings["api_key"], settings["user_email"])
    command = [sys.executable, "-I", str(script), *who, collection, "date_modified"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    table = BY_PATH[collection].name
    wanted = sorted(int(row["id"]) for row in running.vendor.truth()[table])
    assert sorted(json.loads(printed)) == wanted
    assert len(wanted) > 2_400 or table != "person"


def test_the_control_endpoints_are_there(running: Any) -> None:
    control = f"{running.origin}/_sandbox"
    assert len(requests.post(f"{control}/work?count=5", timeout=30).json()["changes"]) == 5
    configuration = requests.get(f"{control}/configuration", timeout=30).json()
    assert configuration["base_url"] == f"{running.origin}/developer_api/v1"
    truth = requests.get(f"{control}/truth", timeout=30).json()
    assert truth == json.loads(json.dumps(running.vendor.truth()))


def test_configure_points_a_connector_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copper").mkdir()
    assert main(["configure", "copper", "--seed", "3"]) == 0
    written = json.loads((tmp_path / "copper" / "configuration.json").read_text())
    assert written == Copper(Company(3, 0.05), time.time, 3).configuration("http://127.0.0.1:8702")
    assert set(written) == {"api_key", "user_email", "base_url"}


def test_it_has_the_port_after_the_first(running: Any) -> None:
    assert PORT_BASE + PORTS["copper"] == 8702
    assert "copper" in VENDORS


def test_what_serves_every_vendor_does_not_know_it() -> None:
    for name in SERVES_ALL:
        tree = ast.parse((SANDBOX / f"{name}.py").read_text("utf-8"))
        found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not [one for one in found if one.startswith("sandbox.copper")], name
