"""truth() is what a complete reading of a quiet workspace finds, at the start and after the company has worked."""

import ast
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sandbox.pandadoc.truth import TABLES
from tests.depth import stories
from tests.sandbox.copper.crawl import differences
from tests.sandbox.pandadoc.conftest import Reader
from tests.sandbox.pandadoc.crawl import Crawl

TRUTH = Path(__file__).parents[3] / "sandbox" / "pandadoc" / "truth.py"


def assert_reading_equals_truth(reader: Reader) -> None:
    truth = reader.vendor.truth()
    truth.pop("api_log")  # each request adds to it
    columns = {table: list(rows[0]) if rows else [] for table, rows in truth.items()}
    wanted = {table: rows for table, rows in truth.items() if rows}
    assert differences(Crawl(reader, columns).run(), wanted) == {}


def test_a_complete_reading_finds_exactly_the_truth(make: Callable[..., Reader]) -> None:
    assert_reading_equals_truth(make(scale=0.2))


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_a_complete_reading_finds_exactly_the_truth_after_months_of_work(
    make: Callable[..., Reader], seed: int
) -> None:
    reader, random = make(seed=seed), Random(seed)
    for _ in range(40):
        reader.clock.time += 3 * 86_400
        reader.vendor.work(random, 15)
    assert_reading_equals_truth(reader)


@pytest.mark.parametrize(
    "options", [{"uploading_has_no_modified_date": True}, {"sandbox_key": True}, {"upload_seconds": 1}], ids=str
)
def test_options_change_truth_and_answers_alike(make: Callable[..., Reader], options: dict[str, Any]) -> None:
    reader = make(**options, limits={"list": 10**6, "document details": 10**6})
    reader.vendor.options.limits.update((entry, 10**6) for entry in OTHERS)
    assert_reading_equals_truth(reader)


OTHERS = (
    "blueprint details",
    "/public/v1/documents/{id}/attachments",
    "/public/v1/documents/{id}/sections",
    "/public/v1/documents/{id}/auto-reminders",
    "/public/v1/documents/{id}/auto-reminders/status",
    "/public/v2/documents/{id}/settings",
    "/public/v2/documents/{id}/audit-trail",
    "/public/v1/documents/folders",
    "/public/v1/templates/folders",
    "/public/v2/product-catalog/items/{id}",
)


def test_truth_has_every_table_and_the_smallest_company_a_row_in_each(make: Callable[..., Reader]) -> None:
    for seed in range(5):
        tables = make(scale=0.02, seed=seed).vendor.truth()
        assert set(tables) == set(TABLES)
        assert [table for table, rows in tables.items() if not rows] == []


def test_the_rows_of_a_table_have_the_same_columns(pandadoc: Reader) -> None:
    for table, rows in pandadoc.vendor.truth().items():
        assert len({frozenset(row) for row in rows}) == 1, table


def test_truth_holds_no_secret(make: Callable[..., Reader]) -> None:
    reader = make(scale=0.3)
    text = repr(reader.vendor.truth())
    for secret in ("token=", "Pass", "shared", "files.example", "signature=", "avatars.example"):
        assert secret not in text


def test_truth_does_not_depend_on_what_the_keys_owner_is_shown(pandadoc: Reader) -> None:
    before = pandadoc.vendor.truth()
    pandadoc.vendor.options.hidden_share = 0.5
    pandadoc.vendor.options.organization_admin = pandadoc.vendor.options.workspace_admin = False
    assert pandadoc.vendor.truth() == before


def test_truth_looks_at_no_payload() -> None:
    tree = ast.parse(TRUTH.read_text("utf-8"))
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {f"sandbox.pandadoc.{name}" for name in ("routes", "listing", "payloads", "calls")} & found


def test_another_seed_is_another_workspace_and_the_same_seed_the_same(make: Callable[..., Reader]) -> None:
    one, again, other = (make(seed=seed).vendor.truth() for seed in (1, 1, 2))
    assert one == again
    assert one["document"] != other["document"]


def test_it_is_told_who_every_person_is(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.vendor.work(Random(1), 100)
    truth, who = reader.vendor.truth(), reader.vendor.identities()
    keys = {"contact": "id", "member": "membership_id", "user": "user_id"}
    assert set(who) == {(table, row[key]) for table, key in keys.items() for row in truth[table]}
    known = [number for number in who.values() if number >= 0]
    assert len(known) > 40
    memberships = {row["membership_id"]: row["user_id"] for row in truth["member"]}
    assert all(who["member", one] == who["user", user] for one, user in memberships.items())
