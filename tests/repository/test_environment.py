"""The environment is pinned, and its pins are what is declared."""

import re
import tomllib
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement

from deploy.connectors import SDK, locked, requirements
from tests.connectors import ROOT, SOURCES


def pinned(path):
    """What a lock names for this Python on this machine."""
    lines = [line.removesuffix(" \\") for line in path.read_text("utf-8").splitlines() if line[0] not in "# "]
    here = [each for each in map(Requirement, lines) if each.marker is None or each.marker.evaluate()]
    return {each.name: str(each.specifier).removeprefix("==") for each in here}


PINS = pinned(ROOT / "lock.txt")
JOB = ROOT / "airtable_push"
JUDGES = ROOT / "tests" / "judges"
BROUGHT_BY_PYTHON = {"pip", "setuptools"}


def declared(path):
    return [
        re.split(r"[=<>~ \[]", each)[0] for each in tomllib.loads(path.read_text("utf-8"))["project"]["dependencies"]
    ]


def test_everything_that_is_installed_is_pinned():
    installed = {each.metadata["Name"].lower().replace("_", "-"): each.version for each in distributions()}
    assert {name: version for name, version in installed.items() if name not in BROUGHT_BY_PYTHON} == PINS


def test_everything_that_is_declared_is_pinned():
    for path in (ROOT / "pyproject.toml", *(ROOT / source / "pyproject.toml" for source in SOURCES)):
        assert set(declared(path)) <= PINS.keys()


def test_the_job_has_pins_of_its_own_and_reads_local_warehouses_as_the_connectors_write_them():
    pins = pinned(JOB / "lock.txt")
    assert set(declared(JOB / "pyproject.toml")) <= pins.keys()
    assert pins["duckdb"] == PINS["duckdb"]
    assert pins["phonenumbers"] == PINS["phonenumbers"]


def test_the_judges_have_pins_of_their_own():
    assert set(declared(JUDGES / "pyproject.toml")) <= pinned(JUDGES / "lock.txt").keys()


def test_every_file_of_a_package_has_its_hash():
    for path in (ROOT / "lock.txt", JOB / "lock.txt", JUDGES / "lock.txt"):
        packages = re.split(r"\n(?=\S)", path.read_text("utf-8"))[1:]
        assert [each for each in packages if not re.search(r"\n    --hash=sha256:[0-9a-f]{64}\b", each)] == []


def test_what_is_installed_to_deploy_a_connector_is_what_it_needs_and_what_that_brings():
    lines = locked({SDK, *requirements("copper")}).splitlines()
    names = {line.split("==")[0] for line in lines if line[0] != " "}
    assert {"fivetran-connector-sdk", "python-dateutil", "requests", "urllib3"} <= names
    assert not {"pytest", "playwright", "pyairtable"} & names


def test_a_package_that_the_lock_lacks_is_named():
    with pytest.raises(ValueError, match="lock.txt does not know no-such-package: run `make lock`"):
        locked({SDK, "no-such-package"})


def test_a_connector_needs_no_more_than_two_packages_beyond_fivetrans():
    for source in SOURCES:
        assert set(declared(ROOT / source / "pyproject.toml")) <= {"python-dateutil", "cryptography"}


def test_the_checks_are_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    checks = [line for line in script.splitlines() if line.startswith("make")]
    assert checks == ["make lint", "make test", "make prove MINUTES=5 SEED=1"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_no_committed_setting_names_a_package_index():
    names = ("lock.txt", "pyproject.toml", "Makefile", "airtable_push/lock.txt")
    for name in (*names, "airtable_push/pyproject.toml", "tests/judges/lock.txt"):
        assert not re.search(r"index-url|find-links|https?://", (ROOT / name).read_text("utf-8")), name
