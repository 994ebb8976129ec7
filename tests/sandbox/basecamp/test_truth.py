"""truth() is what a complete reading of the account finds, at the start and after the company has worked."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.options import Options
from sandbox.basecamp.truth import TABLES
from tests.depth import stories
from tests.sandbox.basecamp.crawl import Crawl, differences


def columns_of(reader: Any) -> dict[str, Any]:
    return {table: list(rows[0]) if rows else [] for table, rows in reader.vendor.truth().items()}


def assert_crawl_equals_truth(reader: Any) -> None:
    reader.clock.time += 60
    found = Crawl(reader, columns_of(reader)).run()
    assert differences(found, reader.vendor.truth()) == {}


def test_a_complete_reading_finds_exactly_the_truth(basecamp: Any) -> None:
    assert_crawl_equals_truth(basecamp)


@pytest.mark.parametrize("seed", stories(range(4), quick=1))
def test_a_complete_reading_finds_exactly_the_truth_after_months_of_work(make: Callable[..., Any], seed: int) -> None:
    reader, random = make(seed=seed), Random(seed)
    for _ in range(40):
        reader.clock.time += 3 * 86_400
        reader.vendor.work(random, 15)
    reader.renew()
    assert_crawl_equals_truth(reader)


@pytest.mark.parametrize(
    "options",
    [Options(redacted_emails=True), Options(subtask_keys=False), Options(offsets=False), Options(large_ids=True)],
    ids=["redacted", "no subtask keys", "no offsets", "large ids"],
)
def test_options_change_truth_and_answers_alike(make: Callable[..., Any], options: Options) -> None:
    assert_crawl_equals_truth(make(options=options))


def test_truth_has_every_table_even_the_empty_ones(basecamp: Any) -> None:
    assert set(basecamp.vendor.truth()) == set(TABLES)


def test_the_smallest_company_has_a_row_of_every_kind(basecamp: Any) -> None:
    tables = basecamp.vendor.truth()
    assert [table for table, rows in tables.items() if not rows] == []


def test_nothing_trashed_is_in_the_truth(basecamp: Any) -> None:
    for table, rows in basecamp.vendor.truth().items():
        assert {row["status"] for row in rows if "status" in row} <= {"active", "archived"}, table
