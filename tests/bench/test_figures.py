"""What `make bench` prints, and that its parts run."""

from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import identity, people
from bench.figures import Figure, as_markdown, shown

CALLS = Figure("calls", "copper", 9, at_most=8, beside="first sync 1,093")
SHARE = Figure("share", "copper", 0.256, at_least=0.25)


def test_what_is_not_as_wanted_is_marked() -> None:
    assert [figure.cells[2:4] for figure in (CALLS, SHARE)] == [("9 !", "≤ 8"), ("0.26", "≥ 0.25")]
    assert "9 !" in shown([CALLS, SHARE])


def test_the_table_takes_the_place_of_the_last_one_in_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before\n{bench.BEGIN}old\n{bench.END}after\n", "utf-8")
    monkeypatch.setattr(bench, "PAGE", page)
    bench.write([CALLS])
    bench.write([SHARE])
    text = page.read_text("utf-8")
    assert text.startswith(f"before\n{bench.BEGIN}On ") and text.endswith(f"{as_markdown([SHARE])}\n{bench.END}after\n")
    assert "old" not in text and "copper | 9" not in text


def test_people_are_read_by_bare_parsing_and_by_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PEERS", Path("nowhere"))
    found = dict(people.measured(people.PAGE_SIZE, "lists"))
    assert found.keys() == {"bare", "ours"} and found["ours"]["rows"] > 17 * people.PAGE_SIZE


def test_the_invented_people_are_the_same_in_every_run_and_have_crowds_among_them() -> None:
    made = list(identity.rows(2_000))
    assert made == list(identity.rows(2_000)) and len(made) >= 2_000
    phones = [row[6] for row in made if row[6]]
    assert max(map(phones.count, set(phones))) == identity.CROWD
