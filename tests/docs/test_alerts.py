"""docs/alerts.md lists every warning and error text of the engine and the connectors, and no other."""

import re
from pathlib import Path

import pytest
import requests

from deploy.connectors import ROOT, connectors
from report.page import MEANINGS
from shared.http import Answer, error_of
from shared.redaction import Secrets
from tests.docs.alerts import Lost, Source

PAGE = (ROOT / "docs" / "alerts.md").read_text("utf-8")
LEVELS = {"Warnings": "warning", "Errors": "error"}
LONGEST = 300
"""Characters: an alert is read in a list."""


@pytest.fixture(scope="module")
def written() -> set[tuple[str, str]]:
    folders = [ROOT / "shared", *(ROOT / connector for connector in connectors())]
    return Source(path for folder in folders for path in folder.glob("*.py")).texts()


def rows() -> list[tuple[str, list[str]]]:
    """Each row of the page, with its level."""
    found = []
    for section in PAGE.split("\n## ")[1:]:
        lines = [line for line in section.splitlines() if line.startswith("| ")]
        for line in lines:
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if row[0] not in ("text", "---"):
                found.append((LEVELS[section.split("\n")[0]], row))
    return found


def plain(text: str) -> str:
    """Neighbouring placeholders say no more than one."""
    return re.sub("…+", "…", text)


def test_every_text_of_the_code_is_on_the_page(written: set[tuple[str, str]]) -> None:
    listed = {(level, row[0]) for level, row in rows()}
    assert {(level, plain(text)) for level, text in written} - listed == set()


def test_every_text_of_the_page_is_in_the_code(written: set[tuple[str, str]]) -> None:
    assert {(level, row[0]) for level, row in rows()} - {(level, plain(text)) for level, text in written} == set()


def test_every_text_has_a_cause_and_a_cure() -> None:
    assert [row for _, row in rows() if len(row) != 3 or not all(row)] == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 429, 500, 507, 302])
def test_what_a_request_can_end_with_is_on_the_page(status: int) -> None:
    response = requests.Response()
    response.status_code, response.request = status, requests.Request("GET", "https://source.test").prepare()
    error = error_of(Answer(response, b"", Secrets(), "X-Request-Id"))
    assert error is not None and error.message in PAGE


def test_every_category_of_errors_has_its_cure() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    assert [category for category in MEANINGS if f"`{category}`" not in runbook] == []


def test_texts_are_short(written: set[tuple[str, str]]) -> None:
    assert [text for _, text in written if len(text) > LONGEST] == []


def test_texts_are_found_wherever_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("""\
class Problem(Exception): pass
class Worse(Problem): pass
LAST = "said in a constant"
def run(destination, log, bad, name):
    log.warning("this is only logged")
    destination.warning(f"said at once about {name}" + "!")
    destination.warning("said if so" if name else "said if not")
    for each in sentences():
        destination.warning(each)
    tell(destination, "handed on as a parameter")
    try:
        refuse(bad)
    except Problem as problem:
        destination.error(str(problem))
def tell(destination, text, more=None):
    destination.error(text)
def sentences():
    found = []
    found.append("said in a list")
    return found
def refuse(bad):
    isinstance(bad, Worse)
    problems = []
    problems += more(bad)
    if problems:
        raise Problem("; ".join(problems) + ".")
    raise Worse("raised as it is")
def more(bad):
    return [f"{bad} is joined to others"]
def interpret(answer):
    return answer.bad(LAST, Problem)
""")
    assert Source(tmp_path.glob("*.py")).texts() == {
        ("warning", "said at once about …!"),
        ("warning", "said if so"),
        ("warning", "said if not"),
        ("warning", "said in a list"),
        ("error", "handed on as a parameter"),
        ("error", "raised as it is"),
        ("error", "said in a constant"),
        ("error", "… is joined to others"),
    }


def test_a_text_that_cannot_be_found_is_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("def run(destination, table):\n    destination.warning(table.text)\n")
    with pytest.raises(Lost, match=r"engine.py:2: table\.text"):
        Source(tmp_path.glob("*.py")).texts()
