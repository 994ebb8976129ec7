"""Listings of deleted records, and what speaks against them."""

from collections.abc import Collection
from typing import Any

import pytest

from shared.signals import LOOKED_AT, contradiction

MANY = [str(number) for number in range(300)]


def doubted(
    gone: Collection[str],
    *,
    before: Collection[str] = (),
    live: Collection[str] = (),
    landed: int = 1_000,
    there: Collection[str] = (),
) -> tuple[bool, int]:
    """Whether the listing is not to be believed, and how many records were looked at."""
    looked: list[str] = []

    def is_there(name: str) -> bool:
        looked.append(name)
        return name in there

    error = contradiction(gone, before=before, live=live, landed=landed, is_there=is_there)
    return error is not None, len(looked)


def test_a_few_deletions_are_believed_at_no_cost() -> None:
    assert doubted(MANY[:100]) == (False, 0)


def test_many_at_once_are_believed_where_those_that_are_looked_at_are_not_there() -> None:
    assert doubted(MANY) == (False, LOOKED_AT)


def test_many_at_once_are_not_believed_where_one_is_there() -> None:
    assert doubted(MANY, there=MANY) == (True, 1)


@pytest.mark.parametrize("known", [{"before": MANY}, {"landed": 0}, {"landed": 10_000}], ids=str)
def test_nobody_is_asked_where_they_are_not_new_or_no_large_share(known: dict[str, Any]) -> None:
    assert doubted(MANY, there=MANY, **known) == (False, 0)


def test_what_was_seen_live_and_is_not_there_any_more_was_deleted_meanwhile() -> None:
    assert doubted(["1", "2"], live=["1"]) == (False, 1)


def test_what_was_seen_live_and_is_there_makes_the_listing_one_of_live_records() -> None:
    assert doubted(["1", "2"], live=["1"], there=["1"]) == (True, 1)
