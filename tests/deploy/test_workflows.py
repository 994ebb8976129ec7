"""The workflows do what they say with as little as they need; what they decide is tested by running it."""

import ast
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.command import LONGEST_SECONDS, PYTHON_VERSION
from deploy.configuring import variable
from deploy.connectors import ROOT, connectors, declaration
from deploy.fivetran import TESTS_SECONDS
from deploy.rollout import SETTLING_SECONDS
from report.__main__ import PAGE, VARIABLE

WORKFLOWS = {path.stem: path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
ACTION = (ROOT / ".github" / "actions" / "prepare" / "action.yml").read_text("utf-8")
ON_FIVETRAN = ("deploy", "rollback", "configure")


def parsed(name: str) -> dict[str, Any]:
    workflow = yaml.safe_load(WORKFLOWS[name])
    workflow["on"] = workflow.pop(True)  # YAML takes a bare `on` for a truth value
    return workflow


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{name}: {key}", job) for name in WORKFLOWS for key, job in parsed(name)["jobs"].items()]


def steps() -> list[tuple[str, dict[str, Any]]]:
    found = [(where, step) for where, job in jobs() for step in job.get("steps", [])]
    return [*found, *(("prepare", step) for step in yaml.safe_load(ACTION)["runs"]["steps"])]


def test_every_workflow_of_the_documentation_is_there() -> None:
    assert set(WORKFLOWS) == {"ci", *ON_FIVETRAN, "airtable_push"}


def test_every_action_is_pinned_by_a_commit_and_says_its_version() -> None:
    for text in (*WORKFLOWS.values(), ACTION):
        for used in re.findall(r"uses: (.+)", text):
            assert re.fullmatch(r"\$/\S+|actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


def test_one_version_of_an_action_is_used_everywhere() -> None:
    used = {line for text in (*WORKFLOWS.values(), ACTION) for line in re.findall(r"uses: (actions/.+)", text)}
    assert len({line.split("@")[0] for line in used}) == len(used)


def test_a_workflow_has_no_permission_but_what_a_job_asks_for_and_that_is_to_read() -> None:
    for name in WORKFLOWS:
        assert parsed(name)["permissions"] == {}, name
    for where, job in jobs():
        more = {"actions": "read"} if where == "deploy: changes" else {}
        assert job["permissions"] == {"contents": "read", **more}, where


def test_no_checkout_leaves_its_credential_behind() -> None:
    for where, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, where


def test_every_job_has_a_time_limit() -> None:
    assert [where for where, job in jobs() if "uses" not in job and "timeout-minutes" not in job] == []


@pytest.mark.parametrize("name", ON_FIVETRAN)
def test_a_job_outlasts_what_it_may_have_to_wait_for(name: str) -> None:
    there_and_back = 2 * (LONGEST_SECONDS + SETTLING_SECONDS) + TESTS_SECONDS
    assert parsed(name)["jobs"][name]["timeout-minutes"] * 60 > there_and_back


def test_no_script_holds_an_expression() -> None:
    assert [(where, step["run"]) for where, step in steps() if "${{" in step.get("run", "")] == []


def test_secrets_are_in_the_environment_of_single_steps_of_protected_jobs() -> None:
    for where, job in jobs():
        text = str({key: value for key, value in job.items() if key != "steps"})
        assert "secrets" not in text, where
        for step in job.get("steps", []):
            for key, value in step.items():
                assert key == "env" or "secrets." not in str(value), where
            if "secrets." in str(step.get("env")):
                assert job["environment"] in ("fivetran", "airtable"), where
    assert "secrets: inherit" not in "".join(WORKFLOWS.values())


def test_only_main_is_deployed() -> None:
    assert parsed("deploy")["on"]["push"] == {"branches": ["main"]}
    for name in (*ON_FIVETRAN, "airtable_push"):
        first = next(iter(parsed(name)["jobs"].values()))
        assert first["if"] == "github.ref == 'refs/heads/main'", name
        assert set(parsed(name)["on"]) <= {"push", "workflow_dispatch", "schedule"}, name


@pytest.mark.parametrize("name", ON_FIVETRAN)
def test_one_connector_is_worked_on_by_one_job_at_a_time_and_that_is_never_cancelled(name: str) -> None:
    job = parsed(name)["jobs"][name]
    group = job["concurrency"].pop("group")
    assert re.fullmatch(r"fivetran-\$\{\{ (matrix|inputs)\.connector \}\}", group)
    assert job["concurrency"] == {"cancel-in-progress": False, "queue": "max"}


def test_merges_are_deployed_in_their_order_and_after_the_checks() -> None:
    workflow = parsed("deploy")
    assert workflow["concurrency"] == {"group": "deploy", "cancel-in-progress": False, "queue": "max"}
    assert workflow["jobs"]["deploy"]["needs"] == ["changes", "checks"]
    assert workflow["jobs"]["deploy"]["strategy"]["fail-fast"] is False


@pytest.mark.parametrize("name", ON_FIVETRAN)
def test_every_connector_can_be_chosen(name: str) -> None:
    options = parsed(name)["on"]["workflow_dispatch"]["inputs"]["connector"]["options"]
    wanted = [*(["all"] if name == "deploy" else []), *connectors()]
    assert options == wanted, f"{name}.yml must have this line:\n        options: [{', '.join(wanted)}]"


@pytest.mark.parametrize("connector", connectors())
def test_configuring_hands_a_connector_its_own_settings_and_no_others(connector: str) -> None:
    names = [variable(connector, each.name) for each in declaration(connector).settings]
    step = "\n".join(
        [
            f"      - if: inputs.connector == '{connector}'",
            "        env:",
            *(f"          {name}: ${{{{ secrets.{name} }}}}" for name in ("FIVETRAN_API_KEY", *names)),
            '        run: python -m deploy configure "$CONNECTOR" --create "$CREATE" --fresh "$FRESH" '
            '--delete "$DELETE"',
        ]
    )
    assert step in WORKFLOWS["configure"], f"configure.yml must have this step:\n{step}"


def test_connectors_run_on_a_python_that_they_are_tested_on() -> None:
    assert PYTHON_VERSION in parsed("ci")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert {"3.11", "3.13"} == set(parsed("ci")["jobs"]["test"]["strategy"]["matrix"]["python"])
    assert f'python-version: "{PYTHON_VERSION}"' in ACTION


def test_the_checks_are_those_of_everybody() -> None:
    run = [step["run"] for step in parsed("ci")["jobs"]["test"]["steps"] if "run" in step]
    checks = [command.removesuffix(" PYTHON=python") for command in run]
    assert checks == ["make lint", "make test", "make prove MINUTES=5 SEED=1"]


@pytest.mark.parametrize(("answer", "expected"), [("echo abc", "abc"), ("true", ""), ("exit 4", None)])
def test_what_was_deployed_whole_is_asked_of_github(tmp_path: Path, answer: str, expected: str | None) -> None:
    [script] = [step["run"] for step in parsed("deploy")["jobs"]["changes"]["steps"] if "run" in step]
    for name, does in (("gh", f"[ \"$1 $2\" = 'run list' ] || exit 99\n{answer}"), ("python3", 'printf "%s|" "$@"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_SHA": "def", "CHOSEN": ""}
    ran = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert ran.stdout == ("" if expected is None else f"-m|deploy.changes|{expected}|def||")
    assert (ran.returncode == 0) is (expected is not None)


def test_a_job_that_is_run_again_can_keep_what_it_made() -> None:
    for where, step in steps():
        if step.get("uses", "").startswith("actions/upload-artifact@"):
            assert "run_attempt" in step["with"]["name"] or step["with"].get("overwrite") is True, where


def test_the_page_about_health_is_written_once() -> None:
    runs = [step.get("run", "") for step in parsed("airtable_push")["jobs"]["push"]["steps"]]
    assert sum(run.endswith(" -m report") for run in runs) == 1


@pytest.mark.parametrize(("code", "expected", "noticed"), [(0, 0, False), (1, 1, False), (2, 2, False), (3, 0, True)])
def test_a_push_that_stopped_at_a_limit_is_no_failure(tmp_path: Path, code: int, expected: int, noticed: bool) -> None:
    [script] = [
        step["run"]
        for step in parsed("airtable_push")["jobs"]["push"]["steps"]
        if "-m airtable_push" in step.get("run", "")
    ]
    python = tmp_path / "airtable_push" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n[ \"$*\" = '-m airtable_push run' ] || exit 99\nexit {code}\n")
    python.chmod(0o755)
    ran = subprocess.run(  # as GitHub runs it
        ["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert (ran.returncode, "::notice::" in ran.stdout) == (expected, noticed)


def test_the_page_about_health_is_written_however_the_push_ended() -> None:
    *_, writing, keeping = parsed("airtable_push")["jobs"]["push"]["steps"]
    assert writing["if"] == keeping["if"] == "always()"
    assert writing["run"].endswith(" -m report") and list(writing["env"]) == [VARIABLE]
    assert ROOT / keeping["with"]["path"] == PAGE


def test_what_writes_the_page_is_installed_where_the_push_runs() -> None:
    tree = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "report").glob("*.py")]
    nodes = [node for module in tree for node in ast.walk(module)]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    owners = packages_distributions()
    needed = {owner.lower() for name in imported for owner in owners.get(name.split(".")[0], ())}
    pins = set(re.findall(r"^[\w-]+", (ROOT / "airtable_push" / "lock.txt").read_text("utf-8"), re.MULTILINE))
    assert {"jinja2", "duckdb"} <= needed
    assert needed - pins == set()


@pytest.mark.parametrize(
    ("change", "program"),
    [
        (("@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3", "@v6"), "zizmor"),
        (('run: python -m deploy rollback "$CONNECTOR" "$PACKAGE"', "run: echo ${{ inputs.package }}"), "zizmor"),
        (("inputs.connector }}\n    if:", "inputs.conector }}\n    if:"), "actionlint"),
        (("runs-on: ubuntu-24.04", "runs_on: ubuntu-24.04"), "actionlint"),
    ],
)
def test_the_linters_of_make_lint_see_what_is_wrong(tmp_path: Path, change: tuple[str, str], program: str) -> None:
    [command] = re.findall(rf"\$\(BIN\)/({program}.*)", (ROOT / "Makefile").read_text("utf-8"))
    assert change[0] in WORKFLOWS["rollback"]
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    codes = []
    for text in (WORKFLOWS["rollback"], WORKFLOWS["rollback"].replace(*change)):
        (folder / "rollback.yml").write_text(text, "utf-8")
        codes.append(
            subprocess.run(
                [str(Path(sys.executable).parent / program), *command.split()[1:]],
                cwd=tmp_path,
                capture_output=True,
                check=False,
            ).returncode
        )
    assert codes[0] == 0 != codes[1]
