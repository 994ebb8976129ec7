"""Airtable equals the flat tables after a push, the people's own work is untouched, and it costs what it must."""

import json
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from airtable_push.cells import CUT, LONGEST_TEXT
from tests.airtable_push.world import COLUMNS, MODELS, World, manifest

WRITES = ("PATCH", "DELETE", "POST", "PUT")


def told(world: World, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints as JSON."""
    capsys.readouterr()
    world.run(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_base_equals_the_flat_tables_after_a_push(world: World) -> None:
    assert world.run("push") == 0
    world.check()


@pytest.mark.parametrize("warehouse", ["duckdb", "postgres"])
def test_it_still_does_after_twenty_rounds_of_changes(
    warehouse: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres") if warehouse == "postgres" else ""
    world = World(tmp_path, seed=7, warehouse=url).ready(clients=15, contacts=40, deals=30)
    for _ in range(20 if warehouse == "duckdb" else 6):
        world.vendor.work(world.random, 5)
        notes = {name: world.vendor.operators.work(table) for name, table in world.tables().items()}
        before = world.held()
        world.work(12)
        assert world.run("push") == 0
        world.check()
        assert before != world.held()
        for name, table in world.tables().items():
            after = world.vendor.operators.work(table)
            kept = {id: cells for id, cells in notes[name].items() if id in table.records}
            assert {id: after[id] for id in kept} == kept
            assert world.vendor.operators.records & notes[name].keys() <= after.keys()
    assert world.vendor.statistics.keys() == {"requests", "200"}


def test_nothing_changed_costs_no_request(pushed: World) -> None:
    sent = pushed.sent()
    pushed.write()
    pushed.vendor.work(pushed.random, 20)
    assert pushed.run("push") == 0
    assert pushed.sent() == sent


@pytest.mark.parametrize("seed", range(2))
def test_changed_rows_cost_a_write_for_ten_of_a_table(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, seed).ready(clients=30, contacts=45, deals=28)
    writes = world.sent(*WRITES)
    assert world.run("push") == 0
    assert world.sent(*WRITES) - writes == ceil(30 / 10) + ceil(45 / 10) + ceil(28 / 10)
    sent, writes, edits = world.sent(), world.sent(*WRITES), {"clients": 11, "contacts": 20, "deals": 1}
    for model, count in edits.items():
        name = {"clients": "client_name", "contacts": "full_name", "deals": "title"}[model]
        for key in world.random.sample(sorted(world.rows[model]), count):
            world.edit(model, key, **{name: "another"})
    world.write()
    assert world.run("push") == 0
    world.check()
    assert world.sent(*WRITES) - writes == 2 + 2 + 1
    assert world.sent() - sent == 2 + 2 + 1 + 1, "and one for the schema"


def test_a_column_that_is_not_mapped_is_no_change(pushed: World) -> None:
    sent = pushed.sent()
    for row in pushed.rows["clients"].values():
        row["loaded_at"] = None
    pushed.write()
    assert pushed.run("push") == 0
    assert pushed.sent() == sent


def test_a_value_that_became_null_is_cleared(pushed: World) -> None:
    for key in pushed.rows["clients"]:
        pushed.edit("clients", key, balance=None, since=None, active=None, notes=None)
    for key in pushed.rows["deals"]:
        pushed.edit("deals", key, client_id=None, contact_ids="[]", status=None, share=None)
    pushed.write()
    assert pushed.run("push") == 0
    pushed.check()
    assert set(pushed.held()["clients"].popitem()[1]) == {"Client ID", "Client"}


def test_links_are_made_in_the_same_push_as_their_ends(world: World) -> None:
    sent = world.sent(*WRITES)
    assert world.run("push") == 0
    assert world.sent(*WRITES) - sent == 2 + 3 + 2
    assert any("Contacts" in row for row in world.held()["deals"].values())


def test_a_link_to_a_row_that_is_not_there_is_left_out_until_it_is(
    pushed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    key = next(iter(pushed.rows["contacts"]))
    pushed.edit("contacts", key, client_id="cl-99999")
    pushed.write()
    report = told(pushed, capsys, "push")
    assert (report["exit_code"], report["tables"][1]["unlinked"]) == (0, 1)
    sent = pushed.sent()
    assert pushed.run("push") == 0 and pushed.sent() == sent
    pushed.rows["clients"]["cl-99999"] = pushed.row("clients", "cl-99999")
    pushed.write()
    assert pushed.run("push") == 0
    pushed.check()


def test_a_row_that_is_gone_is_deleted_with_the_links_to_it(pushed: World) -> None:
    for key in list(pushed.rows["clients"])[:2]:
        pushed.remove("clients", key)
    for key in list(pushed.rows["deals"])[:3]:
        pushed.remove("deals", key)
    pushed.write()
    assert pushed.run("push") == 0
    pushed.check()
    sent = pushed.sent()
    assert pushed.run("push") == 0
    assert pushed.sent() == sent


def test_records_are_marked_instead_where_that_is_set(tmp_path: Path) -> None:
    world = World(tmp_path, settings={"AIRTABLE_PUSH_DELETES": "mark"}).ready()
    assert world.run("push") == 0
    key = next(iter(world.rows["clients"]))
    row = world.rows["clients"][key]
    world.remove("clients", key)
    world.write()
    assert world.run("push") == 0
    marked = world.record("clients", key)
    assert world.cell(world.tables()["clients"], marked, "Gone from source") is True
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent
    world.rows["clients"][key] = row
    world.write()
    assert world.run("push") == 0
    assert world.record("clients", key).id == marked.id
    assert world.cell(world.tables()["clients"], marked, "Gone from source") is None
    world.check()


def test_marked_records_are_deleted_once_deletes_are_wanted(tmp_path: Path) -> None:
    world = World(tmp_path, settings={"AIRTABLE_PUSH_DELETES": "mark"}).ready()
    assert world.run("push") == 0
    world.remove("clients", next(iter(world.rows["clients"])))
    world.write()
    assert world.run("push") == 0
    world.settings["AIRTABLE_PUSH_DELETES"] = "delete"
    assert world.run("push") == 0
    world.check()


def test_many_deletes_wait_for_a_persons_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path).ready(clients=5, contacts=150, deals=3)
    assert world.run("push") == 0
    for key in list(world.rows["contacts"])[:101]:
        world.remove("contacts", key)
    world.write()
    planned = told(world, capsys, "plan")
    assert planned["tables"][1]["held_back"] == 101 and planned["tables"][1]["deleted"] == 0
    report = told(world, capsys, "push")
    assert (report["exit_code"], report["tables"][1]["held_back"], report["tables"][1]["deleted"]) == (1, 101, 0)
    assert "Contacts: 101 of 150 records" in report["problems"][0]
    assert len(world.held()["contacts"]) == 150
    assert world.run("push", "--confirm-deletes") == 0
    world.check()


def test_a_small_table_that_loses_most_of_its_rows_loses_no_record(pushed: World) -> None:
    for key in list(pushed.rows["contacts"])[:14]:
        pushed.remove("contacts", key)
    pushed.write()
    assert pushed.run("push") == 1
    assert len(pushed.held()["contacts"]) == 25
    assert pushed.run("push", "--confirm-deletes") == 0
    pushed.check()


def test_a_flat_table_that_is_empty_empties_nothing(pushed: World) -> None:
    held = pushed.held()["deals"]
    pushed.rows["deals"].clear()
    pushed.write()
    assert pushed.run("push") == 1
    assert pushed.held()["deals"] == held
    assert pushed.run("push", "--confirm-deletes") == 0
    pushed.check()


def test_a_limit_ends_the_run_and_the_next_one_continues(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    codes = []
    for _ in range(4):
        codes.append(world.run("push", "--limit", "15"))
        assert sum(map(len, world.held().values())) <= 15 * len(codes)
    assert codes == [3, 3, 3, 0]
    world.check()
    for key in list(world.rows["deals"])[:3]:
        world.remove("deals", key)
    world.write()
    assert [world.run("push", "--limit", "2") for _ in range(2)] == [3, 0]
    world.check()


def test_one_table_can_be_pushed_alone(world: World) -> None:
    assert world.run("push", "--table", "Contacts") == 0
    assert [len(rows) for rows in world.held().values()] == [0, 25, 0]
    assert world.run("push", "--table", "clients", "--table", "deals") == 0
    assert world.run("push") == 0
    world.check()


def test_a_plan_says_what_a_push_then_does(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        pushed.work(20)
        sent = pushed.sent()
        state = pushed.ask("select * from airtable_push.pushed order by all")
        planned = told(pushed, capsys, "plan")
        assert pushed.sent() == sent
        assert pushed.ask("select * from airtable_push.pushed order by all") == state
        assert told(pushed, capsys, "push") == planned
        assert pushed.sent() - sent == planned["requests"]


def test_the_first_plan_needs_neither_base_nor_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path).ready()
    world.settings |= {"AIRTABLE_PUSH_BASE": "", "AIRTABLE_PUSH_TOKEN": ""}
    planned = told(world, capsys, "plan")
    assert [table["created"] for table in planned["tables"]] == [12, 25, 15]
    assert planned["requests"] == 2 + 3 + 2 + 1


def test_a_long_text_is_cut_with_a_mark(world: World) -> None:
    key = next(iter(world.rows["clients"]))
    world.edit("clients", key, notes="n" * (LONGEST_TEXT + 1))
    world.write()
    assert world.run("push") == 0
    notes = world.cell(world.tables()["clients"], world.record("clients", key), "Notes")
    assert len(notes) == LONGEST_TEXT and notes.endswith(CUT)
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent


def test_a_record_keeps_its_id_when_a_person_changes_its_key(pushed: World) -> None:
    key = next(iter(pushed.rows["clients"]))
    record = pushed.record("clients", key)
    table = pushed.tables()["clients"]
    field = table.field("Client ID")
    assert field is not None
    pushed.vendor.store.change(table, record, {field.id: "scribbled over"})
    pushed.edit("clients", key, client_name="another")
    pushed.write()
    assert pushed.run("push") == 0
    pushed.check()
    assert pushed.record("clients", key).id == record.id


def test_a_state_that_was_lost_makes_no_copies(pushed: World) -> None:
    pushed.execute("drop schema airtable_push cascade")
    pushed.work(10)
    assert pushed.run("push") == 0
    held = pushed.held()
    for model, rows in pushed.expected().items():
        assert {key: held[model][key] for key in rows} == rows


def test_a_key_on_several_rows_is_written_for_none_of_them(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = pushed.held()
    one, two, *_ = pushed.rows["clients"]
    row = dict(pushed.rows["clients"][two], client_name="the other")
    pushed.rows["clients"]["copy"] = row
    pushed.rows["clients"]["without"] = dict(row, client_id=None)
    pushed.edit("clients", one, client_name="another")
    pushed.write()
    report = told(pushed, capsys, "push")
    assert report["exit_code"] == 1
    assert [problem.partition(":")[0] for problem in report["problems"]] == ["Clients", "Clients"]
    assert two in report["problems"][1]
    after = pushed.held()["clients"]
    assert after[two] == before["clients"][two] and after[one]["Client"] == "another" and len(after) == 12


def test_the_pace_of_the_base_is_kept_and_used(tmp_path: Path) -> None:
    for latency in (0.0, 0.6):
        world = World(tmp_path / str(latency), latency=latency).ready(clients=400, contacts=0, deals=0)
        started, sent = world.clock.now() + 60, world.sent()
        assert world.run("push") == 0
        took, sent = world.clock.now() - started, world.sent() - sent
        assert world.vendor.statistics["429"] == 0
        assert (sent - 1) / 5 <= took < 1.2 * (sent - 1) / 5 + 2


def test_requests_that_arrive_late_do_not_fill_a_second(tmp_path: Path) -> None:
    world = World(tmp_path).ready(clients=400, contacts=0, deals=0)
    world.adapter.before = lambda request: world.clock.sleep(world.random.uniform(0.0, 0.1))
    assert world.run("push") == 0
    assert world.vendor.statistics["429"] == 0


FIRMS = {
    "firms": {
        "firm_id": ("varchar", {"name": "Firm ID"}),
        "parent_id": ("varchar", {"name": "Parent", "link": "firms"}),
        "head_id": ("varchar", {"name": "Head", "link": "people"}),
    },
    "people": {
        "person_id": ("varchar", {"name": "Person ID"}),
        "firm_id": ("varchar", {"name": "Firm", "link": "firms"}),
    },
}


def test_links_in_circles_and_to_the_own_table_cost_a_second_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = {"firms": {"name": "Firms", "key": "firm_id"}, "people": {"name": "People", "key": "person_id"}}
    world = World(tmp_path, columns=FIRMS, models=models)
    for number in range(12):
        parent = f"f{(number * 5 + 1) % 12:02d}"
        world.rows["firms"][f"f{number:02d}"] = {
            "firm_id": f"f{number:02d}",
            "parent_id": parent,
            "head_id": f"p{number:02d}",
        }
        world.rows["people"][f"p{number:02d}"] = {"person_id": f"p{number:02d}", "firm_id": f"f{number:02d}"}
    world.write()
    assert world.run("init") == 0
    sent, planned = world.sent(), told(world, capsys, "plan")
    pushed = told(world, capsys, "push")
    assert planned == pushed and planned["tables"][0]["updated"] == 12 and not planned["tables"][0]["unlinked"]
    assert world.sent() - sent == planned["requests"]
    world.check()
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent
    del world.rows["firms"]["f03"]
    for row in world.rows["firms"].values():
        row["parent_id"] = None if row["parent_id"] == "f03" else row["parent_id"]
    world.rows["people"]["p03"]["firm_id"] = None
    world.write()
    assert world.run("push") == 0
    world.check()
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent


def test_another_mapping_is_another_content(pushed: World) -> None:
    columns = json.loads(json.dumps(COLUMNS))
    columns["deals"]["share"][1]["precision"] = 0
    pushed.columns = {model: {name: tuple(each) for name, each in one.items()} for model, one in columns.items()}
    pushed.manifest.write_text(json.dumps(manifest(pushed.columns, MODELS)), "utf-8")
    assert pushed.run("push") == 0
    pushed.check()


@pytest.mark.parametrize("warehouse", ["duckdb", "postgres"])
def test_keys_of_all_kinds_are_found_again(warehouse: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres") if warehouse == "postgres" else ""
    world = World(tmp_path, warehouse=url).ready(clients=0, contacts=0, deals=0)
    for key in ("10", "9", "Z", "a", "A b", "z", "~", "_", "-", "'", '"', "%s", "?", "\u00df", "\U0001f600", "\uffe6"):
        world.rows["clients"][key] = world.row("clients", key)
    world.write()
    assert world.run("push") == 0
    world.check()
    sent = world.sent()
    assert world.run("push") == 0 and world.sent() == sent
    for key in list(world.rows["clients"])[::2]:
        world.remove("clients", key)
    world.write()
    assert world.run("push") == 0
    world.check()
