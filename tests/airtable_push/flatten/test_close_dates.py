"""Copper's close dates: texts whose order of day and month its API does not show."""

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import duckdb
import psycopg
import pytest

from airtable_push.database import open_database
from airtable_push.flatten.close_dates import uncertain
from airtable_push.flatten.options import DATE_ORDERS
from tests.airtable_push.flatten.landing import SCHEMA
from tests.airtable_push.flatten.world import LEFT_BEHIND, PROJECT, needed
from tests.connectors import ROOT

LANDED = f'"copper_landed"."{SCHEMA}".'
UNDECIDED, NO_DATE = "day or month first", "no date"
Read = Callable[..., dict[str, tuple[date | None, str | None]]]


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The query of the model `close_dates`, by the setting."""
    folder = tmp_path_factory.mktemp("dates")
    landed = folder / "copper.db"
    with duckdb.connect(str(landed)) as connection:
        connection.execute(f"create schema {SCHEMA}; create table {SCHEMA}.opportunity (id text, close_date text)")
    profile = {
        "type": "duckdb",
        "path": str(folder / "flat.duckdb"),
        "schema": "airtable",
        "attach": [{"path": str(landed), "alias": "copper_landed", "read_only": True}],
    }
    profiles = {"airtable_push": {"target": "here", "outputs": {"here": profile}}}
    (folder / "profiles.yml").write_text(json.dumps(profiles), "utf-8")
    commands = [
        f"--quiet --log-level-file none {what} --project-dir {PROJECT} --profiles-dir {folder} "
        f"--target-path {folder / order} --vars".split()
        + [json.dumps({"landed": {"copper": {"database": "copper_landed", "schema": SCHEMA}}, "close_dates": order})]
        for what, order in [("parse", "detect"), *(("compile --select close_dates", each) for each in DATE_ORDERS)]
    ]
    steps = Path(__file__).with_name("steps.py")
    ran = subprocess.run(
        [needed(), "-P", str(steps), "parsed"], input=json.dumps(commands), text=True, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {
        order: (folder / order / "compiled" / "airtable_push" / "models" / "close_dates.sql").read_text("utf-8")
        for order in DATE_ORDERS
    }


@pytest.fixture(params=["duckdb", "postgresql"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(request.getfixturevalue("postgres") if request.param == "postgresql" else tmp_path / "flat.duckdb")


@pytest.fixture
def told(warehouse: str) -> Callable[[], list[str]]:
    """What `flatten` says of the dates that `read` has read."""

    def told() -> list[str]:
        with closing(open_database(warehouse)) as database:
            return uncertain(database, "airtable")

    return told


@pytest.fixture
def read(warehouse: str, queries: dict[str, str]) -> Read:
    """Make `close_dates` of the texts that are given; answers each text's date, and its problem."""

    def read(*written: str | None, order: str = "detect") -> dict[str, tuple[date | None, str | None]]:
        texts = ["null" if text is None else f"'{text}'" for text in written]
        statements = [
            *(f"drop schema if exists {name} cascade" for name in ("landed", "airtable")),
            "create schema landed",
            "create schema airtable",
            "create table landed.opportunity (id text, close_date text)",
            *(f"insert into landed.opportunity values ('{number}', {text})" for number, text in enumerate(texts)),
            f"create table airtable.close_dates as {queries[order].replace(LANDED, 'landed.')}",
        ]
        postgres = warehouse.startswith("postgresql://")
        connection: Any = psycopg.connect(warehouse, autocommit=True) if postgres else duckdb.connect(warehouse)
        with connection:
            for statement in statements:
                connection.execute(statement)
            found = connection.execute("select written, close_date, problem from airtable.close_dates").fetchall()
        return {text: (day, problem) for text, day, problem in found}

    return read


def test_a_first_part_above_twelve_shows_that_the_day_comes_first(read: Read) -> None:
    assert read("3/4/2026", "14/3/2026", " 05/06/2026 ", None, "") == {
        "3/4/2026": (date(2026, 4, 3), None),
        "14/3/2026": (date(2026, 3, 14), None),
        "05/06/2026": (date(2026, 6, 5), None),
    }


def test_a_second_part_above_twelve_shows_that_the_month_comes_first(read: Read) -> None:
    assert read("3/4/2026", "3/14/2026") == {
        "3/4/2026": (date(2026, 3, 4), None),
        "3/14/2026": (date(2026, 3, 14), None),
    }


def test_where_nothing_shows_the_order_it_is_told(read: Read, told: Callable[[], list[str]]) -> None:
    assert read("3/4/2026", "5/5/2026") == {
        "3/4/2026": (date(2026, 3, 4), UNDECIDED),
        "5/5/2026": (date(2026, 5, 5), None),
    }
    [sentence] = told()
    assert sentence.startswith("WARNING: 1 close dates of Copper may be another day: they were read as month/day/year")
    assert "AIRTABLE_PUSH_FLATTEN_CLOSE_DATES" in sentence


def test_where_dates_of_both_orders_are_there_it_is_told(read: Read) -> None:
    assert read("3/4/2026", "3/14/2026", "14/3/2026") == {
        "3/4/2026": (date(2026, 4, 3), UNDECIDED),
        "3/14/2026": (date(2026, 3, 14), None),
        "14/3/2026": (date(2026, 3, 14), None),
    }


@pytest.mark.parametrize("order", ["month_first", "day_first"])
def test_the_setting_decides(read: Read, told: Callable[[], list[str]], order: str) -> None:
    months = {"month_first": (3, 4), "day_first": (4, 3)}
    month, day = months[order]
    assert read("3/4/2026", "3/14/2026", "14/3/2026", order=order) == {
        "3/4/2026": (date(2026, month, day), None),
        "3/14/2026": (date(2026, 3, 14), None),
        "14/3/2026": (date(2026, 3, 14), None),
    }
    assert told() == []


def test_a_setting_that_every_date_speaks_against_is_told(read: Read) -> None:
    assert read("3/4/2026", "14/3/2026", order="month_first")["3/4/2026"] == (date(2026, 3, 4), UNDECIDED)


def test_what_fits_neither_order_is_told(read: Read, told: Callable[[], list[str]]) -> None:
    texts = ("soon", "2/30/2026", "31/31/2026", "3/14/26", "2026-03-14", "0/5/2026")
    assert read("3/14/2026", *texts) == {
        "3/14/2026": (date(2026, 3, 14), None),
        **dict.fromkeys(texts, (None, NO_DATE)),
    }
    [sentence] = told()
    assert sentence.startswith("WARNING: 6 close dates of Copper are no date")
    assert '1 ("soon"), 2 ("2/30/2026")' in sentence and "0/5/2026" not in sentence


def test_an_account_without_close_dates_has_nothing_to_tell(read: Read, told: Callable[[], list[str]]) -> None:
    assert read(None) == {} and told() == []


def test_a_run_tells_what_is_not_certain_and_so_does_sync_health(tmp_path: Path) -> None:
    landed, flat = tmp_path / "copper.db", tmp_path / "flat.duckdb"
    with duckdb.connect(str(landed)) as connection:
        connection.execute(f"create schema {SCHEMA}")
        connection.execute(
            f"create table {SCHEMA}.opportunity as from (values ('1', 'A', '3/4/2026'), ('2', 'B', 'soon'), "
            "('3', 'C', '5/5/2026')) deal(id, name, close_date)"
        )
        connection.execute(
            f"create table {SCHEMA}.sync_metadata as select 'opportunity' as stream, now() as last_completed_at"
        )
    project = tmp_path / "project"
    copytree(PROJECT, project, ignore=ignore_patterns(*LEFT_BEHIND))
    options = {"project": str(project), "copper": str(landed)}
    options |= dict.fromkeys(("quickbooks", "basecamp", "pandadoc"), "off")
    ran = subprocess.run(
        [needed(), "-m", "airtable_push", "flatten"],
        cwd=ROOT,
        env={
            **os.environ,
            **{f"AIRTABLE_PUSH_FLATTEN_{name.upper()}": value for name, value in options.items()},
            "AIRTABLE_PUSH_WAREHOUSE": str(flat),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "WARNING: 1 close dates of Copper may be another day" in ran.stderr
    assert 'WARNING: 1 close dates of Copper are no date and stay empty in Deals: 2 ("soon")' in ran.stderr
    with duckdb.connect(str(flat), read_only=True) as connection:
        deals = dict(connection.execute("select deal_id, close_date from airtable.deals").fetchall())
        health = connection.execute("select status, open_problems, problem_kinds from airtable.sync_health").fetchall()
    assert deals == {"1": date(2026, 3, 4), "2": None, "3": date(2026, 5, 5)}
    assert health == [("Problems", 2, "close date: day or month first, close date: no date")]
