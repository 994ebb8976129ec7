"""A running QuickBooks on 127.0.0.1, the command line, and the vendor's own client."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from sandbox.__main__ import main
from sandbox.company import Company
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.options import Options
from sandbox.server import PORT_BASE, PORTS, VENDORS, Server


@pytest.fixture
def running() -> Iterator[Any]:
    # A test has no time for the pace that the vendor demands; limits are tested without a socket.
    options = Options(requests_per_second=1_000, requests_per_minute=10_000, invoices=240)
    vendor = QuickBooks(Company(1, 0.05), time.time, options=options)
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


def test_the_vendors_own_client_authenticates_queries_and_captures(running: Any) -> None:
    vendor, store = running.vendor, running.vendor.store
    since = datetime.fromtimestamp(time.time() - 1, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    gone = next(iter(store.all("Transfer")))
    assert vendor.perform("payment", Random(1))
    vendor.books.delete(gone)
    settings = vendor.configuration(running.origin)
    script = Path(__file__).with_name("vendor_client.py")
    command = [sys.executable, "-I", str(script), running.origin, json.dumps(settings), since]
    plain = {**os.environ, "OAUTHLIB_INSECURE_TRANSPORT": "1"}  # there is no certificate for 127.0.0.1
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=plain).stdout
    found = json.loads(printed)
    assert found["refresh_token"] == settings["refresh_token"] and found["expires_in"] == 3_600
    for entity, ids in found["ids"].items():
        active = [one.id for one in store.all(entity) if one.fields.get("Active", True)]
        assert ids == sorted(active), entity
    assert len(found["ids"]["Invoice"]) > 240
    assert found["count"] == len(found["ids"]["Customer"]) and found["company"] == "Lanternfish & Sons"
    first = store.get("Invoice", found["ids"]["Invoice"][0])
    assert found["total"] == [str(float(first.fields["TotalAmt"])), len(first.fields["Line"])]
    assert found["by_name"] == found["ids"]["Customer"][:1]
    assert found["changed"]["Transfer"][gone.id] == "Deleted"
    assert len(found["changed"]["Payment"]) == 1 and len(found["changed"]["Invoice"]) >= 1
    assert found["refused"] == ["ValidationException", 4001]
    assert found["wrong_token"] == ["AuthClientError", 400]


def test_the_control_endpoints_are_there(running: Any) -> None:
    control = f"{running.origin}/_sandbox"
    assert len(requests.post(f"{control}/work?count=5", timeout=30).json()["changes"]) == 5
    assert requests.get(f"{control}/configuration", timeout=30).json() == running.vendor.configuration(running.origin)
    truth = requests.get(f"{control}/truth", timeout=30).json()
    assert truth == json.loads(json.dumps(running.vendor.truth()))


def test_configure_points_a_connector_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quickbooks").mkdir()
    assert main(["configure", "quickbooks", "--seed", "3"]) == 0
    written = json.loads((tmp_path / "quickbooks" / "configuration.json").read_text())
    assert written == QuickBooks(Company(3, 0.05), time.time, 3).configuration("http://127.0.0.1:8701")
    assert written["token_url"].startswith(written["base_url"]) and "realm_id" in written


def test_it_has_the_first_port() -> None:
    assert PORT_BASE + PORTS["quickbooks"] == 8701
    assert "quickbooks" in VENDORS
