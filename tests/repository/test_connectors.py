"""What has to know every connector finds them by their folders, or a test says where one is missing."""

import subprocess
import sys
from pathlib import Path

from airtable_push.flatten.options import SOURCES as FLATTENED
from demo.job import Job
from demo.stage import Project
from deploy.connectors import misled
from sandbox.server import VENDORS
from tests.connectors import ROOT, SOURCES
from tests.contract.world import CASES


def test_a_folder_with_a_connector_module_is_one_of_them():
    assert len(SOURCES) >= 4
    assert set(SOURCES) == {path.parent.name for path in ROOT.glob("*/connector.py")}


def test_make_lint_checks_each_of_them():
    planned = subprocess.run(["make", "-n", "lint"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"for connector in {' '.join(SOURCES)};" in planned


def test_a_link_out_of_a_connectors_folder_is_refused_before_anybody_packs_it(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "lighthouse").mkdir()
    (tmp_path / "lighthouse/shared").symlink_to("../shared")
    assert misled("lighthouse", tmp_path) == []
    (tmp_path / "lighthouse/notes").mkdir()
    (tmp_path / "lighthouse/notes/private.txt").symlink_to("/etc/hostname")
    assert misled("lighthouse", tmp_path) == [
        "lighthouse/notes/private.txt is a link: what it leads to would be packed"
    ]
    assert [misled(source) for source in SOURCES] == [[]] * len(SOURCES)


def test_a_checkout_without_links_is_told_what_to_do(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "lighthouse").mkdir()
    (tmp_path / "lighthouse/shared").write_text("../shared")
    [said] = misled("lighthouse", tmp_path)
    assert said.endswith("check the repository out with core.symlinks=true")
    assert "core.symlinks=true" in (ROOT / "README.md").read_text("utf-8")


def test_the_engine_is_linted_once_though_every_connector_links_to_it():
    ruff = [sys.executable, "-m", "ruff", "check", "--show-files", "."]
    shown = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    engine = [file for file in shown if Path(file).resolve().parent == (ROOT / "shared").resolve()]
    assert sorted(Path(file).name for file in engine) == sorted(path.name for path in (ROOT / "shared").glob("*.py"))
    assert {f"{source}.connector" for source in SOURCES} <= {".".join(Path(file).parts[-2:])[:-3] for file in shown}


def test_each_of_them_is_held_to_the_contract_against_a_vendor_that_can_be_played():
    assert set(CASES) == set(SOURCES), "describe it in CASES of tests/contract/world.py"
    assert set(SOURCES) <= VENDORS.keys(), "name its simulated vendor in sandbox/server.py"


def test_the_demo_makes_flat_tables_of_those_that_have_any_and_passes_the_others_over(tmp_path):
    projects = {name: Project.at(tmp_path / name) for name in ("copper", "another")}
    said = [name for name in Job(tmp_path / "demo", {}, projects).environment if "_FLATTEN_" in name]
    assert "another" not in FLATTENED and said == ["AIRTABLE_PUSH_FLATTEN_COPPER"]
