"""What runs for real. Each job paces itself at Basecamp's own rate, so they run side by side, once a session.

A job gets a folder of its own and returns what there is to look at.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from demo.stage import ROOT, Project
from sandbox.basecamp import Basecamp
from tests.real.stage import basecamp, credentials_sent, differences, kill_at_request, rows_of, tables_of, written_by

SCALE = 0.05
KILL_SCALE = 0.25
KILLED_AT = (60, 330)
"""Requests into each run: in the midst of it, and past its first checkpoint of a minute (a whole one has 380)."""
KILLED_OFTEN_AT = (8, 60, 130, 210, 330)
"""Also while it finds out what there is."""
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

    moments: tuple[int, ...]
    codes: list[int]
    last: Outcome
    differences: list[str]
    requests_of_last: int
    requests_of_a_whole_sync: int


def kills(folder: Path, moments: tuple[int, ...] = KILLED_AT) -> Kills:
    with basecamp(KILL_SCALE, refresh_rotates=True) as (vendor, origin):
        serve = vendor.wsgi
        project = Project("basecamp", folder / "basecamp")
        project.configure(vendor.configuration(origin))
        codes = []
        for number in moments:
            process = project.start("debug", home=folder / "home", start_new_session=True)
            kill_at_request(vendor, number, process)
            process.communicate()
            codes.append(process.returncode)
            vendor.wsgi = serve  # type: ignore[method-assign]
        before = vendor.statistics["requests"]
        last = Outcome(*project.run("debug", home=folder / "home"))
        asked = vendor.statistics["requests"] - before
        return Kills(moments, codes, last, differences(project, vendor), asked, moments[-1])


Settings = dict[str, str]


def _revoked(vendor: Basecamp, good: Settings) -> Settings:
    vendor.launchpad.revoke()
    return good


def _inactive(vendor: Basecamp, good: Settings) -> Settings:
    vendor.options.account_inactive = True
    return good


def _empty(vendor: Basecamp, good: Settings) -> Settings:
    vendor.store.buckets.clear()
    return good


REFUSED: dict[str, Callable[[Basecamp, Settings], Settings]] = {
    "refused: missing settings": lambda vendor, good: {
        **good,
        "account_id": " ",
        "user_agent": "nobody",
        "client_secret": CANARY,
    },
    "refused: wrong refresh token": lambda vendor, good: {**good, "refresh_token": CANARY},
    "refused: wrong client secret": lambda vendor, good: {**good, "client_secret": CANARY},
    "refused: revoked token": _revoked,
    "refused: account without access": lambda vendor, good: {**good, "account_id": "4711"},
    "refused: inactive account": _inactive,
}
"""What can be wrong with a sync, with canaries in the place of secrets."""
TESTED: dict[str, Callable[[Basecamp, Settings], Settings]] = {
    "tested: good": lambda vendor, good: good,
    "tested: no account": lambda vendor, good: {**good, "account_id": ""},
    "tested: wrong refresh token": lambda vendor, good: {**good, "refresh_token": CANARY},
    "tested: other account": lambda vendor, good: {**good, "account_id": "4711"},
    "tested: no project": _empty,
}
"""Good settings, and each thing that the setup tests look for wrong."""


def refused(case: str, folder: Path) -> Outcome:
    """`fivetran debug` where this is wrong."""
    return _run(folder, REFUSED[case], "debug")


def tested(case: str, folder: Path) -> Outcome:
    """`fivetran configuration --test` where this is so."""
    return _run(folder, TESTED[case], "configuration", "--test")


def _run(folder: Path, settings: Callable[[Basecamp, Settings], Settings], *command: str) -> Outcome:
    with basecamp(SCALE) as (vendor, origin):
        project = Project("basecamp", folder / "basecamp")
        project.configure(settings(vendor, vendor.configuration(origin)))
        outcome = Outcome(*project.run(*command, home=folder / "home"))
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


JOBS: dict[str, Callable[[Path], Any]] = {
    "many kills": partial(kills, moments=KILLED_OFTEN_AT),
    "kills": kills,
    "demo": demo,
    "first_sync": first_sync,
    **{case: partial(refused, case) for case in REFUSED},
    **{case: partial(tested, case) for case in TESTED},
}
"""The longest first."""
