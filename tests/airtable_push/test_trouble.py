"""What goes wrong at Airtable, or on this machine: the expected outcome of each, and that the next run heals it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from airtable_push.trouble import REFUSED_BATCHES
from sandbox.airtable import Airtable
from sandbox.airtable.fields import WRITABLE
from sandbox.airtable.options import Options
from sandbox.company import Company
from sandbox.server import Server
from tests.airtable_push.world import World

ROOT = Path(__file__).resolve().parents[2]


def told(world: World, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a push prints as JSON."""
    capsys.readouterr()
    world.run("push", "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def change_everything(world: World) -> None:
    for model, name in {"clients": "client_name", "contacts": "full_name", "deals": "title"}.items():
        for number, key in enumerate(world.rows[model]):
            world.edit(model, key, **{name: f"changed {number}"})
    world.write()


@pytest.mark.parametrize("retry_after", [True, False])
def test_after_a_429_the_base_is_left_alone_for_half_a_minute(world: World, retry_after: bool) -> None:
    world.options.retry_after = retry_after
    world.options.refused_extend_penalty = True
    world.options.requests_per_second = 2
    assert world.run("push") == 0
    world.check()
    refused = [entry.time for entry in world.vendor.requests if entry.status == 429]
    assert refused
    for moment in refused:
        after = [entry.time for entry in world.vendor.requests if entry.time > moment and entry.time not in refused]
        assert not [later for later in after if later < moment + 29.0]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
def test_a_failure_in_passing_is_tried_again(world: World, status: int) -> None:
    world.faults.break_path("/v0/app[^/]*/tbl", status, times=3)
    assert world.run("push") == 0
    world.check()


def test_a_write_whose_answer_was_lost_is_repeated_without_harm(world: World) -> None:
    world.faults.shares = {"reset_after": 0.5, "truncated": 0.2, "html": 0.1}
    for _ in range(4):
        world.work(25)
        while world.run("push") != 0:
            pass
        world.check()
    assert world.faults.injected["reset_after"] > 5


def test_a_stuttering_airtable_loses_and_doubles_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, seed=3, latency=0.4).ready(clients=40, contacts=60, deals=60)
    world.faults.profile = "hostile"
    world.faults.shares = {kind: 3 * share for kind, share in world.faults.shares.items()}
    for _ in range(8):
        world.work(40)
        for _ in range(5):
            if world.run("push") == 0:
                break
        world.check()
    assert len(world.faults.injected) >= 6


def test_an_airtable_that_is_down_fails_the_run_and_the_next_one_continues(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.break_path("/v0/app")
    report = told(world, capsys)
    assert report["exit_code"] == 1 and "Airtable could not be written to" in report["problems"][0]
    world.faults.clear()
    assert world.run("push") == 0
    world.check()


def answering(
    world: World, patch: pytest.MonkeyPatch, answer: Callable[[requests.PreparedRequest], tuple[int, str] | None]
) -> None:
    """Let Airtable carry out each request and say `answer` of it; None leaves its own answer."""
    send = world.adapter.send

    def sent(request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        response = send(request, *arguments, **options)
        if (said := answer(request)) is not None:
            response.status_code, response.raw = said[0], BytesIO(said[1].encode())
        return response

    patch.setattr(world.adapter, "send", sent)


def test_a_record_at_which_airtable_fails_time_and_again_stands_alone_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = sorted(world.rows["contacts"])[7]
    answering(world, monkeypatch, lambda request: (500, "") if bad.encode() in (request.body or b"") else None)
    world.run("push")
    [(key, type)] = world.ask("select key, type from airtable_push.rejected")
    assert (key, type) == (bad, "500")
    assert {model: len(rows) for model, rows in world.held().items()} == {"clients": 12, "contacts": 25, "deals": 15}


@pytest.mark.parametrize("body", ["[]", "null", "{}", '{"records": null}', '{"records": [null]}', '{"records": []}'])
def test_an_answer_of_another_shape_is_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    writes: list[str] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, str] | None:
        if request.method != "PATCH":
            return None
        writes.append(request.url or "")
        return (200, body) if len(writes) == 1 else None

    answering(world, monkeypatch, answer)
    assert world.run("push") == 0
    world.check()


def test_a_record_that_cannot_be_deleted_stops_no_other(
    pushed: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = sorted(pushed.rows["deals"])[:6]
    stays = pushed.record("deals", gone[0])
    send = pushed.adapter.send

    def refusing(request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        if request.method != "DELETE" or stays.id not in (request.url or ""):
            return send(request, *arguments, **options)
        response = requests.Response()
        response.status_code, response.request, response.url = 422, request, request.url or ""
        response._content = b'{"error": {"type": "INVALID_REQUEST_UNKNOWN"}}'
        return response

    monkeypatch.setattr(pushed.adapter, "send", refusing)
    for key in gone:
        pushed.remove("deals", key)
    pushed.write()
    report = told(pushed, capsys)
    assert report["exit_code"] == 1 and f"1 records could not be deleted, {gone[0]} for one" in report["problems"][0]
    assert pushed.held()["deals"].keys() == pushed.rows["deals"].keys() | {gone[0]}


def test_a_reason_that_quotes_what_no_warehouse_takes_is_written_down(pushed: World) -> None:
    one, other = list(pushed.rows["contacts"])[:2]
    pushed.edit("contacts", one, tags='["a\\u0000b"]')
    pushed.edit("contacts", other, tags='["\\ud800"]')
    pushed.write()
    assert pushed.run("push") == 0
    assert sorted(pushed.ask("select key from airtable_push.rejected")) == [(one,), (other,)]


@pytest.mark.parametrize("status", [402, 403, 422])
def test_a_full_base_is_known_by_what_it_says(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    said = json.dumps({"error": {"type": "EXCEEDED_LIMIT", "message": "This base has exceeded its record limit"}})
    answering(world, monkeypatch, lambda request: (status, said) if request.method == "PATCH" else None)
    report = told(world, capsys)
    assert report["exit_code"] == 3 and "full" in report["stopped"]


def test_a_bad_record_stands_alone_and_the_others_are_written(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    bad = sorted(world.rows["deals"])[4]
    world.edit("deals", bad, status="Unheard of")
    world.write()
    sent = world.sent("PATCH")
    report = told(world, capsys)
    assert (report["exit_code"], report["tables"][2]["rejected"], report["tables"][2]["created"]) == (0, 1, 14)
    assert world.sent("PATCH") - sent <= 2 + 3 + 2 + 8
    [(key, type, message, attempts)] = world.ask("select key, type, message, attempts from airtable_push.rejected")
    assert (key, type, attempts) == (bad, "INVALID_MULTIPLE_CHOICE_OPTIONS", 1) and "Unheard of" in message
    assert world.run("status") == 0
    assert "Unheard of" in capsys.readouterr().out
    kept = world.rows["deals"].pop(bad)
    world.check()
    world.rows["deals"][bad] = kept


def test_a_refused_record_is_tried_again_when_it_changed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    bad = next(iter(world.rows["deals"]))
    world.edit("deals", bad, status="Unheard of")
    world.write()
    assert world.run("push") == 0
    sent = world.sent("PATCH")
    assert told(world, capsys)["tables"][2]["rejected"] == 1
    assert world.sent("PATCH") == sent, "not before something changed"
    world.edit("deals", bad, status="Won")
    world.write()
    assert told(world, capsys)["tables"][2]["rejected"] == 0
    world.check()
    assert world.ask("select * from airtable_push.rejected") == []


def test_a_refused_record_is_tried_again_when_the_base_changed(world: World) -> None:
    bad = next(iter(world.rows["deals"]))
    world.edit("deals", bad, status="Unheard of")
    world.write()
    assert world.run("push") == 0
    field = world.tables()["deals"].field("Status")
    assert field is not None
    field.options["choices"].append({"id": "selXXXXXXXXXXXXXX", "name": "Unheard of", "color": "blueLight2"})
    assert world.run("push") == 0
    world.check()


def test_a_refused_record_is_tried_again_once_a_day(world: World) -> None:
    world.edit("deals", next(iter(world.rows["deals"])), status="Unheard of")
    world.write()
    assert world.run("push") == 0
    tries = []
    for _ in range(9):
        sent = world.sent("PATCH")
        world.clock.advance(6 * 3600)
        assert world.run("push") == 0
        tries.append(world.sent("PATCH") - sent)
    assert sum(tries) == 2
    assert world.ask("select attempts from airtable_push.rejected") == [(3,)]


def test_a_row_that_is_gone_is_not_refused_any_more(world: World) -> None:
    bad = next(iter(world.rows["deals"]))
    world.edit("deals", bad, status="Unheard of")
    world.write()
    assert world.run("push") == 0
    world.remove("deals", bad)
    world.write()
    assert world.run("push") == 0
    assert world.ask("select * from airtable_push.rejected") == []


def test_a_value_that_no_cell_takes_is_refused_without_asking(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.columns = {
        **world.columns,
        "clients": {**world.columns["clients"], "balance": ("double", world.columns["clients"]["balance"][1])},
    }
    bad, other = list(world.rows["clients"])[:2]
    world.write()
    world.execute(f"update clients set balance = 'nan'::double where client_id = '{bad}'")
    world.execute(f"update clients set client_id = ' blanks ' where client_id = '{other}'")
    report = told(world, capsys)
    assert (report["tables"][0]["rejected"], report["tables"][0]["created"]) == (2, 10)
    found = dict(world.ask("select key, message from airtable_push.rejected where type = 'NOT_SENDABLE'"))
    assert "Open balance" in found[bad] and "blanks" in found[" blanks "]
    sent = world.sent()
    assert told(world, capsys)["tables"][0]["rejected"] == 2
    assert world.sent() == sent


def test_a_trouble_of_the_whole_table_is_not_paid_for_row_by_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path).ready(clients=200, contacts=5, deals=5)
    field = world.tables()["clients"].field("Client")
    assert field is not None
    world.vendor.options.cell_characters = 3
    sent = world.sent("PATCH")
    report = told(world, capsys, "--table", "clients")
    assert report["exit_code"] == 1 and "one batch after the other" in report["problems"][0]
    # A full batch costs 19 requests to refuse, and four are under way at a time.
    assert world.sent("PATCH") - sent <= 19 * (REFUSED_BATCHES + 4)
    world.vendor.options.cell_characters = 100_000
    world.clock.advance(90_000)
    assert world.run("push") == 0
    world.check()


@pytest.mark.parametrize("harm", ["removed", "renamed", "retyped", "table"])
def test_a_field_that_a_person_changed_is_named_before_anything_is_written(
    pushed: World, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change_everything(pushed)
    key = next(iter(pushed.rows["deals"]))
    pushed.remove("deals", key)
    pushed.write()
    table = pushed.tables()["clients"]
    field = table.field("Open balance")
    assert field is not None
    kept = dict(table.fields), field.name, field.type, table.name
    match harm:
        case "removed":
            del table.fields[field.id]
        case "renamed":
            field.name = "Owed"
        case "retyped":
            field.type = "number"
            assert field.type in WRITABLE
        case "table":
            table.name = "Customers"
    sent = pushed.sent("PATCH", "DELETE", "POST")
    capsys.readouterr()
    assert pushed.run("push") == 1
    said = capsys.readouterr().err
    assert ('"Clients"' if harm == "table" else "Open balance") in said and "nothing was written" in said
    assert ("Owed" in said) == (harm == "renamed")
    assert pushed.sent("PATCH", "DELETE", "POST") == sent
    table.fields, field.name, field.type, table.name = kept
    assert pushed.run("push") == 0
    pushed.check()


def test_a_field_that_is_deleted_while_the_job_writes_ends_its_table(
    pushed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    change_everything(pushed)
    table = pushed.tables()["contacts"]
    field = table.field("E-mail")
    assert field is not None
    kept, written = dict(table.fields), 0

    def delete_it(request: Any) -> None:
        nonlocal written
        written += request.method == "PATCH"
        if written == 4:
            table.fields.pop(field.id, None)

    pushed.adapter.before = delete_it
    report = told(pushed, capsys)
    assert report["exit_code"] == 1
    [problem] = report["problems"]
    assert problem.startswith("Contacts: a field was removed or renamed while writing")
    assert report["tables"][2]["updated"] == 15, "other tables are written"
    table.fields = kept
    assert pushed.run("push") == 0
    pushed.check()


def test_a_base_without_permission_says_what_to_do(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.options.role = "none"
    report = told(world, capsys)
    assert report["exit_code"] == 1 and "access list" in report["problems"][0]
    world.options.role = "read"
    report = told(world, capsys)
    assert report["exit_code"] == 1 and "data.records:write" in report["problems"][0]
    world.options.role = "edit"
    assert world.run("push") == 0
    world.check()


def test_a_wrong_token_says_what_to_do_and_shows_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.settings["AIRTABLE_PUSH_TOKEN"] = "patWrong.0123456789"
    report = told(world, capsys)
    assert report["exit_code"] == 1 and "AIRTABLE_PUSH_TOKEN" in report["problems"][0]
    assert "0123456789" not in json.dumps(report)
    assert world.sent() - 8 <= 1, "asked once"


def test_the_monthly_limit_is_met_once_and_the_next_month_continues(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.options.monthly_calls = 3
    report = told(world, capsys)
    assert (report["exit_code"], report["problems"]) == (3, [])
    assert "this month" in report["stopped"]
    assert world.vendor.statistics["429"] <= 4, "what was under way, and nothing again"
    assert sum(map(len, world.held().values())) <= 30
    world.options.monthly_calls = 1000
    world.clock.advance(32 * 86_400)
    assert world.run("push") == 0
    world.check()


@pytest.mark.parametrize("told_so", [True, False])
def test_a_full_base_takes_changes_and_deletes_and_the_rest_later(
    pushed: World, told_so: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    pushed.options.record_limit = pushed.vendor.store.record_count
    if not told_so:
        pushed.options.full_base = ("INVALID_REQUEST_UNKNOWN", "Invalid request: check your request data.")
    change_everything(pushed)
    pushed.remove("deals", next(iter(pushed.rows["deals"])))
    pushed.grow("clients", 15)
    pushed.write()
    report = told(pushed, capsys)
    assert report["exit_code"] == (3 if told_so else 0)
    assert [table["updated"] for table in report["tables"]] == [12, 25, 14]
    assert report["tables"][0]["created"] == (0 if told_so else 1), "a deletion had made room for one"
    assert report["tables"][0]["rejected"] == (0 if told_so else 14)
    pushed.options.record_limit = 1000
    pushed.clock.advance(90_000)
    assert pushed.run("push") == 0
    pushed.check()


def test_a_record_that_a_person_deleted_is_made_again_when_its_row_changes(pushed: World) -> None:
    for model in pushed.rows:
        for key in list(pushed.rows[model])[:2]:
            record = pushed.record(model, key)
            pushed.vendor.store.remove(pushed.tables()[model], record)
    change_everything(pushed)
    for _ in range(2):
        assert pushed.run("push") == 0
    pushed.check()
    sent = pushed.sent()
    assert pushed.run("push") == 0 and pushed.sent() == sent


@pytest.mark.parametrize("missing", [(422, "ROW_DOES_NOT_EXIST"), (404, "NOT_FOUND"), (404, "MODEL_ID_NOT_FOUND")])
def test_a_record_that_a_person_deleted_first_is_as_good_as_deleted(
    pushed: World, missing: tuple[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    pushed.options.missing_in_delete = missing
    keys = list(pushed.rows["contacts"])[:7]
    pushed.vendor.store.remove(pushed.tables()["contacts"], pushed.record("contacts", keys[3]))
    for key in keys:
        pushed.remove("contacts", key)
    pushed.write()
    report = told(pushed, capsys)
    assert (report["exit_code"], report["tables"][1]["deleted"]) == (0, 7)
    pushed.check()


def test_records_with_the_same_key_are_told_apart_by_id(pushed: World) -> None:
    key = next(iter(pushed.rows["clients"]))
    record = pushed.record("clients", key)
    table = pushed.tables()["clients"]
    copy = pushed.vendor.store.add(table, dict(record.cells))
    change_everything(pushed)
    assert pushed.run("push") == 0
    assert pushed.cell(table, record, "Client").startswith("changed")
    assert not pushed.cell(table, copy, "Client").startswith("changed"), "a person's copy is that person's"


def test_bodies_that_are_too_large_are_sent_in_parts(world: World) -> None:
    world.options.body_bytes = 3000
    for key in world.rows["clients"]:
        world.edit("clients", key, notes="n" * 900)
    world.write()
    assert world.run("push") == 0
    world.check()


FULL_DISK = """\
import resource, sys
from airtable_push.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(["push", "--json"]))
"""


def test_a_full_local_disk_ends_the_run_and_the_next_one_finds_what_was_written(tmp_path: Path) -> None:
    world = World(tmp_path).ready(clients=20, contacts=60, deals=20)
    vendor = Airtable(
        Company(1, 0.05), time.time, options=Options(requests_per_second=10**6, owner_requests_per_second=10**6)
    )
    vendor.store.tables.update(world.vendor.store.tables)
    world.vendor = vendor
    with Server(vendor, port=0) as server:
        environment = {
            **os.environ,
            **world.environment,
            "AIRTABLE_PUSH_BASE_URL": server.origin,
            "PYTHONPATH": str(ROOT),
        }
        ran = subprocess.run(
            [sys.executable, "-c", FULL_DISK, "6000"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1
        assert "could not be written" in ran.stderr and "Traceback" not in ran.stderr, ran.stderr
        assert vendor.store.record_count > 0
        ran = subprocess.run(
            [sys.executable, "-m", "airtable_push", "push"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    world.check()


def test_a_deleted_parent_is_made_again_when_a_child_is_refused_for_it(pushed: World) -> None:
    key, row = next((key, row) for key, row in pushed.rows["deals"].items() if row["client_id"])
    pushed.vendor.store.remove(pushed.tables()["clients"], pushed.record("clients", row["client_id"]))
    pushed.edit("deals", key, title="changed")
    pushed.write()
    assert pushed.run("push") == 0
    held = pushed.held()
    assert held["deals"][key] == pushed.expected()["deals"][key]
    assert held["clients"] == pushed.expected()["clients"]
    sent = pushed.sent("PATCH")
    for _ in range(2):
        assert pushed.run("push") == 0
    pushed.check()
    assert pushed.sent("PATCH") == sent, "and once is enough"
