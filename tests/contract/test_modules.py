"""All connectors in one process, each with modules of its own."""

import importlib
import sys
from pathlib import Path

import shared
from shared.run import Run
from tests.connectors import ROOT

KNOW_REQUESTS = (ROOT / "shared" / "http.py", ROOT / "shared" / "transport.py")


def test_each_module_that_was_imported_is_the_file_in_its_own_folder(case):
    home = case.home
    for file in home.glob("*.py"):
        module = sys.modules[f"{case.source}.{file.stem}"]
        assert Path(module.__file__) == file


def test_all_connectors_share_one_engine(case):
    assert Path(shared.__file__).parent == ROOT / "shared"
    assert importlib.import_module(f"{case.source}.sync").Run is Run


def test_a_connector_folder_holds_only_what_is_deployed(case):
    """Beside the five modules that all have, a connector may have rooms of its own."""
    folder = case.home
    assert (folder / "shared").is_symlink()
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    five = {"connector.py", "api.py", "models.py", "sync.py", "settings.py"}
    rooms = {file.name for file in folder.glob("*.py") if file.is_file() and not file.is_symlink()}
    made = {"configuration.json", "files", "crash-reports", "__pycache__"}
    assert five <= rooms
    assert not {name.removesuffix(".py") for name in rooms} & sys.stdlib_module_names
    assert names - made - {"README.md"} == rooms | {"pyproject.toml", "shared"}


def test_only_the_connector_module_knows_the_sdk_and_only_http_knows_requests(case):
    folders = (case.home, ROOT / "shared")
    for folder in folders:
        for file in folder.glob("*.py"):
            text = file.read_text()
            assert ("import fivetran_connector_sdk" in text) == (file.name == "connector.py"), file
            assert ("import requests" in text) == (file in KNOW_REQUESTS), file


def test_names_stay_as_they_are_in_the_destination(case):
    for entry in case.schema:
        for name in (entry["table"], *entry["columns"]):
            assert (
                name == name.lower()
                and "__" not in name
                and not any(before.isalpha() and after.isdigit() for before, after in zip(name, name[1:], strict=False))
            ), name
