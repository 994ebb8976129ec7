"""The decisions in docs/design are listed, whole, and about what is there."""

import re

import pytest

from tests.connectors import ROOT

FOLDER = ROOT / "docs/design"
RECORDS = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")


def text(record: str) -> str:
    return (FOLDER / f"{record}.md").read_text("utf-8")


def test_every_record_is_listed() -> None:
    assert sorted(re.findall(r"^\| \[(\w+)\]\(\1\.md\)", text("README"), re.MULTILINE)) == RECORDS


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_says_what_why_at_which_cost_and_where_under_the_sentence_of_the_list(record: str) -> None:
    assert re.findall(r"^\*\*(\w+)\.\*\*", text(record), re.MULTILINE) == ["Decided", "Why", "Costs", "Where"]
    [sentence] = re.findall(rf"^\| \[{record}\]\(\S+\) \| (.*) \|$", text("README"), re.MULTILINE)
    assert text(record).splitlines()[0] == f"# {sentence}"


@pytest.mark.parametrize("record", RECORDS)
def test_the_places_that_a_record_names_exist(record: str) -> None:
    where = text(record).split("**Where.**")[1]
    named = re.findall(r"`([\w/.]+)`", where)
    assert named and [name for name in named if not (ROOT / name).exists()] == []
    links = re.findall(r"\]\(([^)#]+\.md)", text(record))
    assert [link for link in links if not (FOLDER / link).exists()] == []
