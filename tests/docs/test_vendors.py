"""Every fact that code cites is in docs/vendors, and every heading there is cited."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.connectors import ROOT

PAGES = {path.name: path.read_text("utf-8") for path in (ROOT / "docs/vendors").glob("*.md") if path.stem != "README"}
NAMES = "|".join(map(re.escape, PAGES))
NUMBER = r"(?:[A-F]?\d+(?:\.\d+)*|[A-F])\b"
CITATION = re.compile(rf"\b({NAMES}),? ({NUMBER}(?:(?:, | and |, and | to |-){NUMBER})*)")
"""`copper.md 1-5, 10`, `airtable.md A3 and A4`, `fivetran_sdk.md, 1.9`."""
HEADING = re.compile(rf"^##+ ({NUMBER})", re.MULTILINE)
STAYS = "\nNot cited"
MARK = re.compile(r"[.;:>)]\s+[DSCRA](?=[.,;:]|\s*$|\s\(| for )")


def headings(page: str) -> list[str]:
    return HEADING.findall(PAGES[page])


def section(page: str, number: str) -> str:
    """What stands below a heading, until the next one of any level."""
    below = re.split(rf"^##+ {re.escape(number)}\b(?![.\d]\d)", PAGES[page], flags=re.MULTILINE)[1]
    return re.split("^##", below, flags=re.MULTILINE)[0]


def above(number: str) -> str:
    """The number of the heading that a heading belongs to; nothing at the top."""
    if "." in number:
        return number.rsplit(".", 1)[0]
    return number[0] if number[0].isalpha() and len(number) > 1 else ""


def cited(numbers: str, page: str) -> Iterator[str]:
    """Every number of a citation; what lies between two of them is cited too."""
    for part in re.split(r", and | and |, ", numbers):
        first, *last = re.split(r" to |-", part)
        yield first
        if last:
            there = headings(page)
            between = there[there.index(first) + 1 : there.index(last[0])] if {first, *last} <= {*there} else []
            yield from (number for number in between if above(number) == above(first))
            yield last[0]


def files() -> Iterator[tuple[str, str]]:
    """The project's own text, without the pages that are cited; a line that goes on is one line."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        if name.endswith((".py", ".sql", ".md", ".yml", ".toml")) and not name.startswith("docs/vendors/"):
            path = ROOT / name
            if path.is_file() and not path.is_symlink():
                yield name, re.sub(r"\s*\n\s*(?:# )?", " ", path.read_text("utf-8"))


FILES = dict(files())
CITATIONS = {
    (name, page, number)
    for name, text in FILES.items()
    for page, numbers in CITATION.findall(text)
    for number in cited(numbers, page)
}


def test_every_citation_resolves_to_a_heading() -> None:
    assert {each for each in CITATIONS if each[2] not in headings(each[1])} == set()


def test_every_mention_of_a_page_in_code_names_a_heading() -> None:
    """So that no spelling of a citation is overlooked."""
    mentions = {
        name: (len(re.findall(rf"\b(?:{NAMES})\b", text)), len(CITATION.findall(text)))
        for name, text in FILES.items()
        if name.endswith((".py", ".sql")) and not name.endswith("test_vendors.py")
    }
    assert {name: found for name, found in mentions.items() if found[0] != found[1]} == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_heading_is_cited_or_says_why_it_stays(page: str) -> None:
    numbers = {number for _, name, number in CITATIONS if name == page}
    idle = []
    for heading in headings(page):
        whole = {heading, above(heading), *(number for number in numbers if above(number) == heading)}
        if not whole & numbers and STAYS not in section(page, heading):
            idle.append(heading)
    assert idle == []


@pytest.mark.parametrize("page", PAGES)
def test_no_number_stands_twice_on_a_page(page: str) -> None:
    assert len(headings(page)) == len(set(headings(page)))


@pytest.mark.parametrize("page", PAGES)
def test_every_part_names_where_it_comes_from(page: str) -> None:
    parts = re.split(r"^## ", PAGES[page], flags=re.MULTILINE)[1:]
    assert [part.splitlines()[0] for part in parts if not re.search(r"^Source: ", part, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_fact_says_how_sure_it_is(page: str) -> None:
    """Those in lists; a table has a column for it, a paragraph its marks where it states one."""
    facts = re.findall(r"^- (?:.|\n(?!\n|- |#|\|))*", PAGES[page], re.MULTILINE)
    assert [fact for fact in facts if not MARK.search(fact)] == []
