"""What the READMEs say is what the code does."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from importlib import import_module

import pytest

from demo.__main__ import DAYS
from demo.stage import Project
from shared.streams import Snapshot
from tests.connectors import ROOT, SOURCES, load_all
from tests.contract.world import CASES, streams_of

README = (ROOT / "README.md").read_text("utf-8")


def commands():
    """Every command that the README shows to be run here; blocks for an account are marked as text."""
    for language, block in re.findall(r"```(sh|console)\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if language == "sh" and line:
                yield line
            elif line.startswith("$ "):
                yield line[2:]


def cells(document: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading."""
    below = document.split(f"\n## {heading}\n", 1)[1]
    table = re.search(r"((?:^\|.*\n)+)", below, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table[1].splitlines()[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(params=SOURCES)
def source(request):
    load_all()
    return request.param


@pytest.fixture
def page(source):
    return (ROOT / source / "README.md").read_text("utf-8")


def test_the_demo_is_shown_with_a_line_for_every_source_on_both_days_and_two_for_every_flat_table():
    [shown] = re.findall(r"\$ make demo\n(.*?)```", README, re.DOTALL)
    begins = Counter(re.split(r"  +", line)[0] for line in shown.splitlines())
    models = (ROOT / "airtable_push" / "flatten" / "models" / "flat").glob("*.sql")
    tables = [path.stem.replace("_", " ").capitalize() for path in models]
    assert {begins[each] for each in (*SOURCES, *tables)} == {2}
    assert all(begins[day] == begins[f"{day}: Airtable"] == 1 for day in DAYS)


@pytest.mark.parametrize("command", [each for each in commands() if each.startswith("make ")])
def test_every_make_command_of_the_readme_is_one(command):
    made = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def test_every_make_target_that_is_named_in_passing_is_one():
    for target in set(re.findall(r"`make ([a-z]+)", README)):
        made = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr


def test_every_other_command_of_the_readme_is_run_by_a_test():
    others = [each for each in commands() if not each.startswith("make ")]
    assert others == [
        'export PATH="$PWD/.venv/bin:$PATH" DO_NOT_TRACK=1',
        ".venv/bin/python -m sandbox configure basecamp",
        ".venv/bin/fivetran configuration basecamp --test",
        ".venv/bin/fivetran debug basecamp",
        ".venv/bin/fivetran reset basecamp --yes",
    ], "the two tests below run the first and the last, tests/real the others: add what is new, and name it here"


def test_the_sandbox_configures_a_connector_as_the_readme_says(tmp_path):
    (tmp_path / "basecamp").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "sandbox", "configure", "basecamp"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    configuration = json.loads((tmp_path / "basecamp" / "configuration.json").read_text("utf-8"))
    assert configuration["base_url"].startswith("http://127.0.0.1:")


def test_reset_forgets_what_was_landed_as_the_readme_says(tmp_path):
    project = Project("basecamp", tmp_path / "basecamp")
    project.warehouse.parent.mkdir()
    project.warehouse.touch()
    code, output = project.run("reset", "--yes", home=tmp_path / "home")
    assert code == 0, output
    assert not project.warehouse.exists()


def test_every_place_that_the_readme_names_exists():
    for row in cells(README, "Where things are"):
        for name in names(row[0]):
            assert (ROOT / name).is_dir(), name
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`((?:tests|shared|sandbox|basecamp)/[\w./]*)`", README):
        assert (ROOT / path).exists() or path.startswith("basecamp/files") or path.endswith("configuration.json"), path


def test_the_readme_counts_the_tables_right(source):
    tables = import_module(f"{source}.models").TABLES
    counted = {each["table"] for table in tables for each in table.schemas()}
    assert re.search(rf"\*\*{source}[^(]*\({len(counted)} tables", README, re.IGNORECASE), len(counted)


def test_the_sandbox_explains_itself_as_the_readme_says():
    shown = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0
    assert "serve" in shown.stdout and "configure" in shown.stdout


def test_a_connectors_readme_names_every_table_and_no_other(source, page):
    models, schemas = import_module(f"{source}.models"), import_module("shared.journal").schemas
    declared = [entry["table"] for entry in schemas(models.TABLES, {})]
    documented = [name for row in cells(page, "What it lands, and how it stays in step") for name in names(row[0])]
    assert sorted(documented) == sorted(declared)


def test_a_connectors_readme_names_every_setting_with_its_default(source, page):
    declared = {
        setting.name: (
            ("yes" if setting.default is None else "no") + (", secret" if setting.secret else ""),
            setting.default or "",
        )
        for setting in import_module(f"{source}.settings").CONFIGURATION.settings
    }
    documented = {names(row[0])[0]: (row[1], row[2].strip("`")) for row in cells(page, "Settings")}
    assert documented == declared


def test_a_connectors_readme_names_the_optional_streams(source, page):
    optional = {stream.name for stream in streams_of(CASES[source]) if stream.opt_in}
    documented = {
        names(row[0])[0] for row in cells(page, "What it lands, and how it stays in step") if "optional" in row[1]
    }
    assert documented == optional


def test_a_connectors_readme_gives_each_snapshot_its_cadence(source, page):
    words = {0.0: "every sync", 3_600.0: "hourly", 21_600.0: "six hours", 86_400.0: "daily"}
    cadence = {name: row[2] for row in cells(page, "What it lands, and how it stays in step") for name in names(row[0])}
    for stream in streams_of(CASES[source]):
        if isinstance(stream, Snapshot):
            assert cadence[stream.name] == words[stream.every_seconds], stream.name
        else:
            assert cadence[stream.name] not in words.values(), stream.name
