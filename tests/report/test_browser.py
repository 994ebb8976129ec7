"""The page as people see it: in a browser, on a desk and on a phone, in light and dark, without JavaScript."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from report.health import Objectives
from report.page import render
from report.places import Place
from report.warehouse import read
from tests.report.warehouse import MARKUP, NOW, fill, fill_airtable

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SOURCES: dict[str, tuple[dict[str, float | None], int]] = {
    "basecamp": ({"todo": 0.4, "project": 0.4}, 3),
    "copper": ({"person": 1.2, "company": 22.0}, 0),
    "quickbooks": ({"invoice": 55.0, "payment": 2.0, "bill": None}, 13),
}
VIEWS = [((1280, 900), "light"), ((1280, 900), "dark"), ((360, 740), "light"), ((360, 740), "dark")]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of three sources, of which one is stale, and of Airtable."""
    folder = tmp_path_factory.mktemp("report")
    places = []
    for name, (ages, problems) in SOURCES.items():
        with duckdb.connect(str(folder / f"{name}.db")) as connection:
            fill(connection.execute, "tester", ages, problems)
        places.append(Place(str(folder / f"{name}.db"), name))
    with duckdb.connect(str(folder / "flat.db")) as connection:
        fill_airtable(connection.execute, 2)
    page = folder / "report.html"
    page.write_text(render(read([*places, Place(str(folder / "flat.db"))]), Objectives(), NOW), "utf-8")
    return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"there is no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        # Chromium's own sandbox cannot be had as root, and what it opens is ours.
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


def opened(browser: Browser, html: Path, **options: Any) -> tuple[Page, list[str]]:
    """The page in a new context, and what it asked for and complained of."""
    page, heard = browser.new_context(**options).new_page(), list[str]()
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(html.as_uri())
    return page, [each for each in heard if each != html.as_uri()]


@pytest.mark.parametrize(("size", "scheme"), VIEWS)
def test_it_renders_loads_nothing_fits_and_can_be_used_by_everybody(browser, html, size, scheme):
    page, heard = opened(browser, html, viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    assert page.get_by_role("heading", level=1).inner_text() == "QuickBooks is stale"
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["QuickBooks", "Basecamp", "Copper", "Airtable"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert heard == []


def test_whatever_a_source_says_the_page_fits_a_phone_and_runs_nothing(browser, tmp_path):
    words = f"{MARKUP}{'W' * 300}{{{{7*7}}}}".replace("'", "''")
    with duckdb.connect(str(tmp_path / "odd.db")) as connection:
        fill(connection.execute, '"we ird""<b>"', {"person": 1.0}, 3)
        connection.execute('create table "we ird""<b>".' + "T" * 200 + " (_fivetran_synced timestamptz)")
        connection.execute('update "we ird""<b>".sync_metadata set throttled_seconds = 1e12, rows = 9e15')
        for column in ("stream", "record_id", "category", "message"):
            connection.execute(f'update "we ird""<b>".errors set {column} = \'{words}\' || id')
        connection.execute('insert into "we ird""<b>".sync_metadata (stream) values (\'' + words + "')")
    page = tmp_path / "page.html"
    page.write_text(render(read([Place(str(tmp_path / "odd.db"))]), Objectives(), NOW), "utf-8")
    shown, heard = opened(browser, page, viewport={"width": 320, "height": 700})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(shown).violations_count == 0 and heard == []


def test_a_stale_source_is_shown_as_stale_and_a_fresh_one_as_fresh(browser, html):
    page, _ = opened(browser, html)
    states = {
        name: page.get_by_role("region", name=name).locator(".pill").first.inner_text()
        for name in ("Basecamp", "Copper", "QuickBooks")
    }
    assert states == {"Basecamp": "Problems", "Copper": "Fresh", "QuickBooks": "Stale"}
    streams = page.get_by_role("region", name="QuickBooks").locator("table").first.locator("tbody tr").all_inner_texts()
    assert [re.split(r"\s+", text)[:2] for text in streams] == [
        ["invoice", "Stale"],
        ["bill", "Never"],
        ["payment", "Fresh"],
    ]


def test_without_javascript_everything_is_there_and_what_a_source_said_is_only_text(browser, html):
    page, heard = opened(browser, html, java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert MARKUP in text
    for words in ("55 h ago", "10 pending", "bad_payload", "INVALID_VALUE_FOR_COLUMN", "contact 1"):
        assert words in text, words
    assert heard == []
    assert "<script" not in html.read_text("utf-8")
