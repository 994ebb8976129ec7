"""docs/deploying.md speaks of what is there."""

import re
import shlex

import yaml

from deploy.__main__ import parser
from deploy.command import PYTHON_VERSION
from deploy.connectors import ROOT
from tests.deploy.test_workflows import WORKFLOWS

PAGE = (ROOT / "docs" / "deploying.md").read_text("utf-8")


def first_cells(heading: str) -> list[str]:
    below = PAGE.split(heading, 1)[1]
    rows = re.search(r"((?:^\|.*\n)+)", below, re.MULTILINE)
    assert rows is not None
    return [row.split("|")[1].strip().strip("*") for row in rows[1].splitlines()[2:]]


def test_the_page_names_every_workflow() -> None:
    assert set(first_cells("# Deploying\n")) == {yaml.safe_load(text)["name"] for text in WORKFLOWS.values()}


def test_the_page_names_every_box() -> None:
    inputs = yaml.safe_load(WORKFLOWS["configure"])[True]["workflow_dispatch"]["inputs"]
    assert first_cells("## Changing settings\n") == [name for name in inputs if name != "connector"]


def test_the_page_names_every_environment_and_what_must_be_in_it() -> None:
    text = "".join(WORKFLOWS.values())
    needed = set(re.findall(r"(?:secrets|vars)\.((?!SFL_)\w+)", text)) | set(re.findall(r"environment: (\w+)", text))
    assert {name for name in needed if f"`{name}`" not in PAGE} == set()


def test_the_commands_of_the_page_are_understood() -> None:
    commands = re.findall(r"python -m deploy (.+)", PAGE)
    assert [parser().parse_args(shlex.split(command)).command for command in commands] == [
        "deploy",
        "rollback",
        "configure",
    ]


def test_the_links_of_the_page_lead_somewhere() -> None:
    assert [path for path in re.findall(r"\]\(([^)#:]+)\)", PAGE) if not (ROOT / "docs" / path).exists()] == []


def test_the_readme_deploys_for_the_same_python() -> None:
    named = re.findall(r"--python-version (\S+)", (ROOT / "README.md").read_text("utf-8"))
    assert set(named) <= {PYTHON_VERSION}
