"""A running PandaDoc on 127.0.0.1, the command line, and the vendor's own client."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from sandbox.__main__ import main
from sandbox.company import Company
from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from sandbox.server import PORT_BASE, PORTS, VENDORS, Server


@pytest.fixture
def running() -> Iterator[Any]:
    vendor = PandaDoc(Company(1, 0.05), time.time, options=Options(limits={"document details": 10_000}))
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


def test_the_vendors_own_client_reads_documents_templates_people_and_folders(running: Any) -> None:
    vendor = running.vendor
    vendor.work(Random(1), 100)
    script = Path(__file__).with_name("official_client.py")
    command = [sys.executable, "-I", str(script), running.origin, vendor.access.api_key]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
    truth = {table: {row.get("id") or row.get("uuid"): row for row in rows} for table, rows in vendor.truth().items()}
    assert sorted(found["documents"]) == sorted(truth["document"])
    for id, row in truth["document"].items():
        details = found["details"][id]
        if row["status"] == "document.uploaded":
            assert details == {"refused": 409}
        else:
            assert details["grand_total"]["currency"] == row["grand_total_currency"]
            recipients = [one for one in vendor.truth()["document_recipient"] if one["document_id"] == id]
            assert [one["id"] for one in details["recipients"]] == [one["id"] for one in recipients]
    assert len(found["documents"]) / 3 < found["typed"] < len(found["documents"])
    assert found["templates"] == {id: row["name"] for id, row in truth["template"].items()}
    assert sorted(found["contacts"]) == sorted(truth["contact"])
    assert sorted(found["members"]) == sorted(row["membership_id"] for row in vendor.truth()["member"])
    for table in ("document_folder", "template_folder"):
        top = [uuid for uuid, row in truth[table].items() if row["parent_uuid"] is None]
        assert sorted(found[f"{table}s"]) == sorted(top)


def test_the_control_endpoints_are_there(running: Any) -> None:
    control = f"{running.origin}/_sandbox"
    assert len(requests.post(f"{control}/work?count=5", timeout=30).json()["changes"]) == 5
    configuration = requests.get(f"{control}/configuration", timeout=30).json()
    assert configuration == {"api_key": running.vendor.access.api_key, "base_url": running.origin}
    truth = requests.get(f"{control}/truth", timeout=30).json()
    assert truth == json.loads(json.dumps(running.vendor.truth()))


def test_configure_points_a_connector_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pandadoc").mkdir()
    assert main(["configure", "pandadoc", "--seed", "3"]) == 0
    written = json.loads((tmp_path / "pandadoc" / "configuration.json").read_text())
    assert written == PandaDoc(Company(3, 0.05), time.time, 3).configuration("http://127.0.0.1:8704")


def test_it_has_the_fourth_port() -> None:
    assert PORT_BASE + PORTS["pandadoc"] == 8704
    assert "pandadoc" in VENDORS
