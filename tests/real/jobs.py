"""What runs for real. Each job paces itself at Basecamp's own rate, so they run side by side, once a session.

A job gets a folder of its own and returns what there is to look at.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.stage import ROOT, Project
from tests.real.stage import basecamp, credentials_sent, differences, kill_at_request, rows_of, tables_of, written_by

SCALE = 0.05
KILL_SCALE = 0.2
KILLED_AT = (8, 60, 130, 210, 330)
"""Requests into each run: while it finds out what there is, in the midst of it, and past its first checkpoint
of a minute."""
CANARY = "canary-5f2b7c9e41"


@dataclass
class Outcome:
    """How one run ended, what it printed and what it left in its folder."""

    code: int
    output: str
    written: dict[str, bytes] = field(default_factory=dict)


@dataclass
class FirstSync:
    """`fivetran debug` from nothing, then `python connector.py` in the same folder."""

    debug: Outcome
    differences: list[str]
    errors: list[dict[str, Any]]
    script: Outcome
    differences_after_script: list[str]
    deletes_and_rows_of_script: list[tuple[str, int]]
    secrets: list[str]
    landed: str


def first_sync(folder: Path) -> FirstSync:
    with basecamp(SCALE) as (vendor, origin):
        project = Project("basecamp", folder / "basecamp")
        configuration = vendor.configuration(origin)
        project.configure(configuration)
        sent = credentials_sent(vendor)
        home = folder / "home"
        debug = Outcome(*project.run("debug", home=home))
        debug.written = written_by(project.folder)
        found = differences(project, vendor)
        errors = rows_of(project, "errors")
        _, [(between,)] = project.query("SELECT max(last_completed_at)::VARCHAR FROM tester.sync_metadata")
        script = Outcome(*_run_script(project, home))
        _, moved = project.query(
            "SELECT stream, rows + deletes FROM tester.sync_metadata WHERE rows + deletes > 0 "
            "AND last_started_at > CAST(? AS TIMESTAMPTZ)",
            [between],
        )
        landed = "\n".join(str(rows_of(project, name)) for name in tables_of(project))
        secrets = [configuration["client_secret"], configuration["refresh_token"], *sent]
        return FirstSync(debug, found, errors, script, differences(project, vendor), moved, secrets, landed)


@dataclass
class Kills:
    """`fivetran debug` killed again and again, then left alone."""

    codes: list[int]
    last: Outcome
    differences: list[str]
    requests_of_last: int
    requests_of_a_whole_sync: int


def kills(folder: Path) -> Kills:
    with basecamp(KILL_SCALE, refresh_rotates=True) as (vendor, origin):
        serve = vendor.wsgi
        project = Project("basecamp", folder / "basecamp")
        project.configure(vendor.configuration(origin))
        codes = []
        for number in KILLED_AT:
            process = project.start("debug", home=folder / "home", start_new_session=True)
            kill_at_request(vendor, number, process)
            process.communicate()
            codes.append(process.returncode)
            vendor.wsgi = serve  # type: ignore[method-assign]
        before = vendor.statistics["requests"]
        last = Outcome(*project.run("debug", home=folder / "home"))
        asked = vendor.statistics["requests"] - before
        return Kills(codes, last, differences(project, vendor), asked, KILLED_AT[-1])


def refusals(folder: Path) -> dict[str, Outcome]:
    """One run for each thing that can be wrong, with canaries in the place of secrets."""
    outcomes = {}
    with basecamp(SCALE) as (vendor, origin):
        good = vendor.configuration(origin)
        cases: dict[str, dict[str, str]] = {
            "missing settings": {**good, "account_id": " ", "user_agent": "nobody", "client_secret": CANARY},
            "wrong refresh token": {**good, "refresh_token": CANARY},
            "wrong client secret": {**good, "client_secret": CANARY},
            "account without access": {**good, "account_id": "4711"},
        }
        for number, (name, configuration) in enumerate(cases.items()):
            outcomes[name] = _refused(folder / str(number), configuration)
        vendor.launchpad.revoke()
        outcomes["revoked token"] = _refused(folder / "revoked", good)
    with basecamp(SCALE, account_inactive=True) as (vendor, origin):
        outcomes["inactive account"] = _refused(folder / "inactive", vendor.configuration(origin))
    return outcomes


def _refused(folder: Path, configuration: dict[str, str]) -> Outcome:
    project = Project("basecamp", folder / "basecamp")
    project.configure(configuration)
    outcome = Outcome(*project.run("debug", home=folder / "home"))
    outcome.written = written_by(project.folder)
    return outcome


def setup_tests(folder: Path) -> dict[str, Outcome]:
    """`fivetran configuration --test` with good settings, and with each thing that it looks for wrong."""
    outcomes = {}
    with basecamp(SCALE) as (vendor, origin):
        good = vendor.configuration(origin)
        cases: dict[str, dict[str, str]] = {
            "good": good,
            "no account": {**good, "account_id": ""},
            "wrong refresh token": {**good, "refresh_token": CANARY},
            "other account": {**good, "account_id": "4711"},
        }
        for number, (name, configuration) in enumerate(cases.items()):
            outcomes[name] = _tested(folder / str(number), configuration)
        vendor.store.buckets.clear()
        outcomes["no project"] = _tested(folder / "empty", good)
    return outcomes


def _tested(folder: Path, configuration: dict[str, str]) -> Outcome:
    project = Project("basecamp", folder / "basecamp")
    project.configure(configuration)
    outcome = Outcome(*project.run("configuration", "--test", home=folder / "home"))
    outcome.written = written_by(project.folder)
    return outcome


def demo(folder: Path) -> Outcome:
    """What `make demo` runs."""
    process = subprocess.run([sys.executable, "-m", "demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    return Outcome(process.returncode, process.stdout + process.stderr)


def _run_script(project: Project, home: Path) -> tuple[int, str]:
    environment = project.environment(home)
    process = subprocess.run(
        [sys.executable, "connector.py"],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return process.returncode, process.stdout + process.stderr


JOBS: dict[str, Callable[[Path], Any]] = {job.__name__: job for job in (kills, demo, first_sync, refusals, setup_tests)}
"""The longest first."""
