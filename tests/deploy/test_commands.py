"""`python -m deploy`: what it takes, what it leaves, how it ends."""

import json
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import requests
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.__main__ import main
from deploy.connectors import ROOT, connectors, requirements
from deploy.fivetran import ADDRESS, Fivetran
from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from tests.deploy.stand_in import DESTINATION, KEY, Account

SETTINGS = {"SFL_COPPER_API_KEY": "canary-4b1d", "SFL_COPPER_USER_EMAIL": "reports@firm.example"}

IMPORTED = """\
import sys
before = set(sys.modules)
import deploy.__main__
for name in set(sys.modules) - before:
    if "site-packages" in str(getattr(sys.modules[name], "__file__", "")):
        print(name.split(".")[0])
"""


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def run(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command without a socket; what GitHub would be told is in `tmp_path`."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    def connect(key: str, clock: VirtualClock) -> Fivetran:
        session = requests.Session()
        session.mount(ADDRESS, WsgiAdapter(account.wsgi))
        return Fivetran(key, clock=clock, session=session)

    def run(*arguments: str, **environment: str) -> int:
        known = {
            "FIVETRAN_API_KEY": KEY,
            "FIVETRAN_DESTINATION_NAME": DESTINATION,
            "GITHUB_SHA": "abc123",
            **environment,
        }
        return main(list(arguments), known, clock=VirtualClock(), connect=connect, records=tmp_path / "records")

    return run


def test_the_id_of_a_package_may_be_pasted_with_blanks_and_have_hyphens(run, account: Account) -> None:
    account.packages["0d3c-9a"] = b"older"
    account.add_connection("copper").package = "0d3c-9a"
    assert run("rollback", "copper", " 0d3c-9a ") == 0


def test_a_rollback_is_summarised_and_kept_with_its_commit(run, account: Account, tmp_path: Path) -> None:
    found = account.add_connection("copper")
    assert run("rollback", "copper", str(found.package)) == 0
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")
    assert "### copper: done" in summary and f"| package before | {found.package} |" in summary
    assert "| commit | abc123 |" in summary and "| at | 2026-01-01T00:00:00+00:00 |" in summary
    record = json.loads((tmp_path / "records" / "copper.json").read_text("utf-8"))
    assert (record["commit"], record["package"], record["good"]) == ("abc123", found.package, True)


def test_what_is_refused_ends_with_1_and_is_in_the_summary(run, account: Account, tmp_path: Path) -> None:
    assert run("rollback", "copper", "package_1") == 1
    assert "there is no connection copper in Finance" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")


def test_what_fivetran_refuses_ends_with_1_and_is_in_the_summary(run, account: Account, tmp_path: Path) -> None:
    account.fail("GET", "^/v1/groups$", 403)
    assert run("rollback", "copper", "package_1") == 1
    assert "the stand-in says 403" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")


def test_a_configuration_is_taken_from_the_environment_and_shown_nowhere(
    run, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = account.add_connection("copper")
    assert run("configure", "copper", "--create", "false", **SETTINGS) == 0
    assert found.secrets["api_key"] == "canary-4b1d"
    shown = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("::add-mask::")]
    assert "canary" not in "\n".join(shown) + (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")


def test_github_is_told_to_hide_the_key_before_anything_is_sent(
    run, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.fail("GET", "^/v1/groups$", 403)
    run("rollback", "copper", "package_1")
    lines = capsys.readouterr().out.splitlines()
    assert {f"::add-mask::{KEY}", f"::add-mask::{KEY[:8]}", "::add-mask::canary-secret-91cd"} <= set(lines)
    assert lines[0].startswith("::add-mask::")


def test_elsewhere_the_key_is_not_printed(
    run, account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    run("rollback", "copper", "package_1")
    assert KEY[:8] not in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["FIVETRAN_API_KEY", "FIVETRAN_DESTINATION_NAME"])
def test_what_is_missing_in_the_environment_is_named(run, tmp_path: Path, missing: str) -> None:
    assert run("deploy", "copper", **{missing: " "}) == 1
    assert f"{missing} is not set" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("deploy", "nothing"),
        ("rollback", "copper", "../connections/1"),
        ("rollback", "copper", "--help-me"),
        ("configure", "copper", "--create", "yes"),
        (),
    ],
)
def test_arguments_that_make_no_sense_are_refused(run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2


def test_the_help_teaches() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "deploy", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0
    assert all(word in ran.stdout for word in ("deploy", "rollback", "configure", "FIVETRAN_API_KEY", "docs/deploying"))


def test_deploying_needs_no_more_than_is_installed_for_it() -> None:
    """On GitHub there is the SDK, and what the connector itself needs (.github/actions/prepare)."""
    ran = subprocess.run([sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True)
    owners = packages_distributions()
    imported = {canonicalize_name(owner) for name in ran.stdout.split() for owner in owners.get(name, ())}
    for connector in connectors():
        assert imported <= brought_by({"fivetran-connector-sdk", *map(name_of, requirements(connector))}), connector


def name_of(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def brought_by(names: set[str]) -> set[str]:
    """These packages and all that they need."""
    found, waiting = set[str](), set(names)
    while waiting:
        found.add(name := waiting.pop())
        needed = [Requirement(text) for text in requires(name) or ()]
        here = [each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
        waiting |= {canonicalize_name(each.name) for each in here} - found
    return found
