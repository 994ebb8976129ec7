"""The command line: help that teaches, settings, exit codes, and what it prints where."""

import json
import sys
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from airtable_push import settings
from airtable_push.__main__ import main
from airtable_push.commands import COMMANDS
from airtable_push.errors import JobError, UsageError
from tests.airtable_push.world import World


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    for taught in ("AIRTABLE_PUSH_TOKEN", "3 stopped at a limit", "python -m airtable_push init"):
        assert taught in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert " ".join(COMMANDS[command][1].split()) in shown


@pytest.mark.parametrize("arguments", [["pusch"], ["push", "--limit", "0"], ["push", "--nothing"], []])
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_missing_setting_exits_with_two_and_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.settings = {"AIRTABLE_PUSH_TOKEN": "", "AIRTABLE_PUSH_BASE": ""}
    assert world.run("push") == 2
    said = capsys.readouterr().err
    assert "AIRTABLE_PUSH_TOKEN" in said and "AIRTABLE_PUSH_BASE" in said
    assert world.run("push", "--table", "Nothing") == 2


def test_a_table_that_is_not_there_exits_with_two_and_names_those_that_are(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world.run("push", "--table", "Client") == 2
    assert "there is clients, contacts, deals" in capsys.readouterr().err


def test_settings_come_from_the_environment_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        'base = "app00000000000000"\nwarehouse = "postgresql://etl:word@db.example/x"\ndeletes = "mark"\n'
        '[flatten]\ncopper = "one.db"\nbasecamp = "two.db"\n',
        "utf-8",
    )
    read = settings.read(
        {
            "AIRTABLE_PUSH_BASE": "app11111111111111",
            "AIRTABLE_PUSH_FLATTEN_COPPER": "other.db",
            "AIRTABLE_PUSH_FLATTEN_BASECAMP": " ",
        },
        file,
    )
    assert (read.base, read.marks, read.token) == ("app11111111111111", True, "")
    assert read.flatten == {"copper": "other.db", "basecamp": "two.db"}
    assert "word" not in repr(read) and "word" not in settings.shown(read.warehouse)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('token = "pat"', "AIRTABLE_PUSH_TOKEN"),
        ('bass = "x"', "bass is not a setting"),
        ('deletes = "keep"', "deletes"),
        ('base = "tbl"', "AIRTABLE_PUSH_BASE"),
        ('base_url = "http://airtable.example"', "base_url"),
        ("= 1", "cannot be read"),
        ('flatten = "x"', "flatten"),
        ("base = 5", "base"),
    ],
)
def test_a_wrong_settings_file_is_explained(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        settings.read({}, file)


def test_a_settings_file_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--settings", str(tmp_path / "none.toml")], environment={}) == 2
    assert "none.toml" in capsys.readouterr().err


def test_init_makes_tables_and_fields_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path).ready()
    assert [table.name for table in world.vendor.store.tables.values()] == ["Clients", "Contacts", "Deals"]
    clients = world.tables()["clients"]
    assert clients.primary.name == "Client" and clients.description == "All clients."
    assert [field.description for field in clients.fields.values()][:2] == ["The client_name.", "The client_id."]
    sent = world.sent("POST")
    assert world.run("init") == 0
    assert world.sent("POST") == sent and "there already" in capsys.readouterr().out


def test_init_adds_what_is_missing_and_keeps_what_is_there(pushed: World) -> None:
    table = pushed.tables()["deals"]
    own = pushed.vendor.store.add_field(table, "Own", "number", {"precision": 0})
    field = table.field("Share")
    assert field is not None
    pushed.vendor.store.remove_field(table, field)
    assert pushed.run("init") == 0
    assert table.field("Share") is not None and own.id in table.fields
    assert pushed.run("reconcile") == 0
    pushed.check()


def test_init_makes_nothing_where_something_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path)
    store = world.vendor.store
    table = store.add_table("Deals")
    store.add_field(table, "Deal", "singleLineText")
    store.add_field(table, "Share", "number", {"precision": 1})
    assert world.run("init") == 1
    assert '"Share"' in capsys.readouterr().err
    assert world.sent("POST") == 0


def test_init_gets_over_answers_that_are_lost(tmp_path: Path) -> None:
    world = World(tmp_path, seed=5)
    world.grow("clients", 3)
    world.write()
    world.faults.shares = {"reset_after": 0.5}
    assert world.run("init") == 0
    world.faults.clear()
    assert [table.name for table in store_tables(world)] == ["Clients", "Contacts", "Deals"]
    assert world.run("push") == 0
    world.check()


def store_tables(world: World) -> list[Any]:
    return list(world.vendor.store.tables.values())


def test_both_sides_of_one_link_are_not_mapped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = {
        "firms": {
            "firm_id": ("varchar", {"name": "Firm ID"}),
            "head_id": ("varchar", {"name": "People", "link": "people"}),
        },
        "people": {
            "person_id": ("varchar", {"name": "Person ID"}),
            "firm_id": ("varchar", {"name": "Firm", "link": "firms"}),
        },
    }
    models = {"firms": {"name": "Firms", "key": "firm_id"}, "people": {"name": "People", "key": "person_id"}}
    world = World(tmp_path, columns=columns, models=models)
    assert world.run("init") == 1
    assert 'is the other side of "Firm" of "People": map only one of them' in capsys.readouterr().err
    assert world.run("init") == 1


@pytest.mark.parametrize("command", ["init", "push"])
def test_where_nobody_answers_the_address_and_the_setting_are_named(
    world: World, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    world.settings["AIRTABLE_PUSH_BASE_URL"] = "http://127.0.0.1:9"
    assert world.run(command) == 1
    printed = capsys.readouterr()
    for said in ("http://127.0.0.1:9/v0/meta", "AIRTABLE_PUSH_BASE_URL"):
        assert said in printed.out + printed.err


def test_init_without_the_right_says_which_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path)
    world.options.scopes.discard("schema.bases:write")
    assert world.run("init") == 1
    assert "schema.bases:write" in capsys.readouterr().err


def test_a_push_before_init_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path)
    world.grow("clients", 1)
    world.write()
    assert world.run("push") == 1
    assert "python -m airtable_push init" in capsys.readouterr().err


def test_a_push_before_flatten_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path)
    world.manifest.rename(tmp_path / "elsewhere")
    assert world.run("push") == 1
    assert "python -m airtable_push flatten" in capsys.readouterr().err
    (tmp_path / "elsewhere").rename(world.manifest)
    world.execute("drop table deals")
    assert world.run("push") == 1
    assert "deals" in capsys.readouterr().err
    Path(world.warehouse).unlink()
    assert world.run("push") == 1
    assert "flat.duckdb" in capsys.readouterr().err


def test_a_column_that_the_table_lacks_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.execute("alter table deals drop column title")
    assert world.run("push") == 1
    assert "no column title" in capsys.readouterr().err


def test_run_flattens_and_then_pushes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    flatten = ModuleType("airtable_push.flatten")

    def build(warehouse: str, options: Any, say: Any) -> None:
        asked.append((warehouse, dict(options)))
        world.work(3)

    flatten.build = build  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "airtable_push.flatten", flatten)
    world.settings = {"AIRTABLE_PUSH_FLATTEN_SOURCES": "copper"}
    assert world.run("run") == 0
    assert asked == [(world.warehouse, {"sources": "copper"})]
    world.check()
    assert world.run("flatten") == 0
    assert len(asked) == 2


def test_a_flatten_that_fails_pushes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flatten = ModuleType("airtable_push.flatten")

    def build(warehouse: str, options: Any, say: Any) -> None:
        raise JobError("dbt found two clients with one key")

    flatten.build = build  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "airtable_push.flatten", flatten)
    sent = world.sent()
    assert world.run("run") == 1
    assert "two clients with one key" in capsys.readouterr().err
    assert world.sent() == sent


def test_progress_goes_to_the_errors_as_lines_and_the_report_to_the_output(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert world.run("push") == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0].split() == [
        "table",
        "rows",
        "created",
        "updated",
        "deleted",
        "marked",
        "rejected",
        "held",
        "back",
        "requests",
    ]
    assert "Clients: 12 created" in shown.err.splitlines()
    assert "\r" not in shown.err


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_there_are_bars(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert world.run("push") == 0
    assert "\r" in terminal.getvalue() and "Clients" in terminal.getvalue() and "/12 [" in terminal.getvalue()


def test_json_is_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    for command in ("plan", "push", "status", "reconcile", "init"):
        assert world.run(command, "--json") == 0
        assert len(capsys.readouterr().out.splitlines()) == 1
    world.run("status", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["tables"][0]["records"] == 12 and told["rejected"]["Clients"] == []


def test_no_token_is_ever_shown(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.faults.break_path("/v0/", 500)
    for command in ("init", "push", "reconcile"):
        assert world.run(command) == 1
    shown = capsys.readouterr()
    assert world.vendor.token not in shown.out + shown.err
