"""truth() is what a complete reading of a quiet account finds, at the start and after the company has worked."""

import ast
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sandbox.copper.truth import TABLES
from tests.depth import stories
from tests.sandbox.copper.crawl import Crawl, differences

TRUTH = Path(__file__).parents[3] / "sandbox" / "copper" / "truth.py"
OPT_IN = ("related_item", "related_link", "file")


def assert_reading_equals_truth(reader: Any, opt_in: bool = False) -> None:
    wanted = {table: rows for table, rows in reader.vendor.truth().items() if rows and (opt_in or table not in OPT_IN)}
    assert differences(Crawl(reader).run(opt_in), wanted) == {}


def test_a_complete_reading_finds_exactly_the_truth(copper: Any) -> None:
    assert_reading_equals_truth(copper, opt_in=True)


@pytest.mark.parametrize("seed", stories(range(4), quick=1))
def test_a_complete_reading_finds_exactly_the_truth_after_months_of_work(make: Callable[..., Any], seed: int) -> None:
    reader, random = make(seed=seed), Random(seed)
    for _ in range(40):
        reader.clock.time += 3 * 86_400
        reader.vendor.work(random, 15)
    assert_reading_equals_truth(reader, opt_in=seed == 0)


@pytest.mark.parametrize(
    "options",
    [
        {"leads_enabled": False},
        {"other_activity_category": True},
        {"deleted_activities_listed": False},
        {"tag_page": 3},
        {"tags_ignore_last": True},
        {"company_zone": "Pacific/Auckland"},
        {"company_zone": "America/Los_Angeles"},
        {"total_header": False},
    ],
    ids=str,
)
def test_options_change_truth_and_answers_alike(make: Callable[..., Any], options: dict[str, Any]) -> None:
    assert_reading_equals_truth(make(**options))


def test_truth_has_every_table_and_the_smallest_company_a_row_in_each(make: Callable[..., Any]) -> None:
    tables = make(scale=0.02).vendor.truth()
    assert set(tables) == set(TABLES)
    assert [table for table, rows in tables.items() if not rows] == []


def test_the_rows_of_a_table_have_the_same_columns(copper: Any) -> None:
    for table, rows in copper.vendor.truth().items():
        assert len({frozenset(row) for row in rows}) == 1, table


def test_truth_does_not_depend_on_what_the_keys_user_is_shown(make: Callable[..., Any]) -> None:
    reader = make()
    before = reader.vendor.truth()
    reader.vendor.options.hidden_share = 0.5
    assert reader.vendor.truth() == before


def test_truth_looks_at_no_payload() -> None:
    tree = ast.parse(TRUTH.read_text("utf-8"))
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {"sandbox.copper.routes", "sandbox.copper.search", "sandbox.copper.payloads"} & found


def test_another_seed_is_another_account_and_the_same_seed_the_same(make: Callable[..., Any]) -> None:
    one, again, other = (make(seed=seed).vendor.truth() for seed in (1, 1, 2))
    assert one == again
    assert one["person"] != other["person"]
