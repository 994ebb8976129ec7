"""The job's README says what is so."""

import re
from pathlib import Path

from airtable_push.commands import COMMANDS
from airtable_push.settings import HOME, SETTINGS

PAGE = (HOME / "README.md").read_text("utf-8")


def test_every_setting_is_named_with_its_default() -> None:
    table = PAGE.partition("| setting | default |")[2].partition("\n\n")[0]
    documented = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*?)`? \| ", table, re.MULTILINE))
    root = str(HOME.parent) + "/"
    assert documented == {setting.name: str(setting.default).replace(root, "") for setting in SETTINGS}


def test_every_command_is_one_and_is_named() -> None:
    assert set(re.findall(r"-m airtable_push ([a-z]+)", PAGE)) <= COMMANDS.keys()
    for command in COMMANDS:
        assert f"`{command}" in PAGE or f"airtable_push {command}" in PAGE


def test_the_state_is_where_it_says() -> None:
    state = (Path(HOME) / "state.py").read_text("utf-8")
    [columns] = re.findall(r"select (.*) from airtable_push.rejected", PAGE)
    for column in columns.split(", "):
        assert f"{column} " in state
