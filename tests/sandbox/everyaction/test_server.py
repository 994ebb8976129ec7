"""The simulated EveryAction over sockets: its two hosts, and clients that nobody wrote for it."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.company import Company
from sandbox.everyaction import EveryAction
from sandbox.everyaction.exports import RESOURCES
from sandbox.everyaction.options import Options
from sandbox.server import VENDORS, Server

JUDGES = Path(__file__).parents[2] / "judges"
PYTHON = JUDGES / ".venv" / "bin" / "python"
AT_ONCE: dict[str, Any] = {"rate_limit": 100_000, "job_seconds": ((0, 0),)}
"""A test has no time for a pace, nor for a job: both are tested without a socket."""


@pytest.fixture
def serve(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Plays an organisation; keywords are those of `Options`."""
    started: list[Server] = []

    def serve(**options: Any) -> Any:
        vendor = EveryAction(Company(1, 0.02), time.time, options=Options(**AT_ONCE, **options))
        server = Server(vendor, port=0).__enter__()
        started.append(server)
        return vendor, server.origin

    yield serve
    for server in started:
        server.__exit__()


def judged(client: str, vendor: EveryAction, origin: str) -> dict[str, Any]:
    """What a client of others finds; the test is skipped where it is not installed."""
    if not PYTHON.exists():
        pytest.skip("the judges' environment is missing: make tests/judges/.venv/installed")
    since = (datetime.now(timezone.utc) - timedelta(days=89)).strftime("%Y-%m-%dT%H:%M:%SZ")
    command = [str(PYTHON), "-I", str(JUDGES / client), json.dumps(vendor.configuration(origin)), since]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    return dict(json.loads(printed))


def ids(vendor: EveryAction, kind: str) -> list[int]:
    return sorted(vendor.store.kinds[kind])


def test_it_is_played_with_its_files_at_another_port(serve: Any) -> None:
    vendor, origin = serve()
    assert "everyaction" in VENDORS and vendor.files.startswith("http://127.0.0.1:") and vendor.files != origin
    settings = requests.get(f"{origin}/_sandbox/configuration").json()
    session = requests.Session()
    session.auth = (settings["username"], settings["password"])
    since = datetime.fromtimestamp(time.time() - 86_400, timezone.utc).isoformat()
    asked = {"resourceType": "Contacts", "dateChangedFrom": since, "requestedIds": ids(vendor, "contact")[:3]}
    number = session.post(f"{settings['base_url']}/changedEntityExportJobs", json=asked).json()["exportJobId"]
    job = session.get(f"{settings['base_url']}/changedEntityExportJobs/{number}").json()
    [link] = [each["downloadUrl"] for each in job["files"]]
    assert link.startswith(vendor.files) and requests.get(link).text.count("\r\n") == 4
    assert session.get(link).status_code == 400


@pytest.mark.parametrize("again", [True, False])
def test_everyaction_client_reads_lists_and_all_files_of_its_exports(serve: Any, again: bool) -> None:
    vendor, origin = serve(kilobyte=0.005, header_again=(again,), byte_order_mark=False)
    found = judged("everyaction_client.py", vendor, origin)
    truth = vendor.truth()
    assert found["refused"] == "INVALID_PARAMETER"
    assert found["types"] == list(RESOURCES) and found["fields"] == list(RESOURCES["Contacts"].words)
    assert found["change_types"] == ["CreatedOrUpdated", "Suppressed"]
    for type, table in {
        "Contacts": "contacts",
        "ContactsActivistCodes": "contacts_activist_codes",
        "RecurringContributions": "recurring_contributions",
    }.items():
        assert found["changed"][type] == sorted(int(next(iter(row.values()))) for row in truth[table])
    for name, kind in {"codes": "code", "events": "event", "custom_fields": "custom_field"}.items():
        assert found[name] == ids(vendor, kind)
    assert found["shifts"] == len(vendor.store.kinds["event_shift"])


def test_parsons_reads_lists_that_name_another_page_for_ever_and_the_one_file_of_its_exports(serve: Any) -> None:
    vendor, origin = serve(byte_order_mark=False)
    found = judged("parsons_van.py", vendor, origin)
    assert found["types"] == list(RESOURCES) and found["committee"] == vendor.committee
    assert found["contacts"] == sorted(row["van_id"] for row in vendor.truth()["contacts"])
    for name in ("events", "codes", "event_types", "folders", "saved_lists", "locations", "scores", "targets"):
        assert found[name] == ids(vendor, name.removesuffix("s"))
    assert len(found["printed_lists"]) == len(ids(vendor, "printed_list"))
    assert len(found["messages"]) == len(ids(vendor, "message"))
    active = [one.id for one in vendor.store.living("activist_code") if one.fields["status"] == "Active"]
    assert found["activist_codes"] == sorted(active)
