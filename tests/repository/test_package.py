"""What `fivetran package` makes of a connector is complete, holds nothing else, and runs by itself."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from demo.stage import Project, Sandbox
from deploy.connectors import SDK, locked, requirements
from tests.connectors import ROOT, SOURCES
from tests.contract.world import CASES, streams_of

OWN = {"pyproject.toml", "README.md", "configuration_form.pb"}
"""Beside its modules."""
SHARED = {file.name for file in (ROOT / "shared").glob("*.py")}
IMPORT = """\
import connector, json, sys
from pathlib import Path
here = Path.cwd()
print(json.dumps(sorted(
    name for name, module in sys.modules.items()
    if getattr(module, "__file__", None) and here in Path(module.__file__).resolve().parents
)))"""


@pytest.fixture(scope="module", params=SOURCES)
def source(request):
    return request.param


@pytest.fixture(scope="module")
def package(source, tmp_path_factory):
    """The zip of a copy of the connector, in which somebody has worked."""
    folder = tmp_path_factory.mktemp("package")
    project = Project(source, folder / source)
    project.configure({"client_secret": "canary-5f2b7c9e41"})
    (project.folder / "files").mkdir()
    (project.folder / "files" / "state.json").write_text("{}", "utf-8")
    code, output = project.run("package", "--yes", home=folder / "home")
    assert code == 0, output
    return project.folder / "files" / f"{source}.zip"


@pytest.fixture(scope="module")
def clean_python(source):
    """A Python with nothing but what the connector's pyproject.toml lists, and the SDK. Kept in .cache/, for all
    connectors that need the same."""
    wanted = locked({SDK, *requirements(source)})
    key = hashlib.sha256(f"{wanted}{sys.version}{ROOT}".encode()).hexdigest()[:16]
    home = ROOT / ".cache" / f"deployed-{key}"
    python = home / "bin" / "python"
    home.parent.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (home / "installed").exists():
            venv.create(home, clear=True)
            (home / "requirements.txt").write_text(wanted, "utf-8")
            options = ["--quiet", "--no-input", "--no-compile", "--requirement", home / "requirements.txt"]
            command = [sys.executable, "-m", "pip", "--python", python, "install", *options]
            subprocess.run(command, check=True, capture_output=True)
            (home / "installed").touch()
    return python


@pytest.fixture
def unpacked(package, tmp_path):
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def test_the_package_holds_exactly_what_is_deployed(package, source):
    own = OWN | {file.name for file in (ROOT / source).glob("*.py")}
    with zipfile.ZipFile(package) as archive:
        assert set(archive.namelist()) == own | {f"shared/{name}" for name in SHARED}


def test_the_package_imports_where_only_its_dependencies_are_installed(unpacked, clean_python):
    ran = subprocess.run(
        [clean_python, "-c", IMPORT],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(unpacked.parent), "DO_NOT_TRACK": "1"},
    )
    assert ran.returncode == 0, ran.stderr
    own = {Path(name).stem for name in OWN if name.endswith(".py")}
    assert own | {"shared.http", "shared.run"} <= set(json.loads(ran.stdout))


def test_the_package_syncs_where_only_its_dependencies_are_installed(source, unpacked, clean_python):
    few = CASES[source].few
    left_out = [f"-{each.name}" for each in streams_of(CASES[source]) if not each.opt_in and each.name not in few]
    project = Project.at(unpacked)
    with Sandbox(source, scale=0.05) as sandbox:
        project.configure({**sandbox[source].configuration(), "streams": ",".join(left_out)})
        environment = project.environment(unpacked.parent / "home")
        environment["PATH"] = os.pathsep.join(
            [environment["PATH"].split(os.pathsep)[0], str(clean_python.parent), os.defpath]
        )
        ran = subprocess.run(
            [clean_python.parent / "fivetran", "debug", unpacked],
            cwd=unpacked,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        truth = sandbox[source].truth()
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr
    for table in few:
        _, [(count,)] = project.query(f"SELECT count(*) FROM tester.{table} WHERE NOT _fivetran_deleted")
        assert count == len(truth[table]) > 0, table
