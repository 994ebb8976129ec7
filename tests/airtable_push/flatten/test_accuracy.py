"""How well who is who is told, on labelled records that nobody here wrote, on traps, and on pairs of firms."""

import pytest

from tests.airtable_push.flatten.accuracy import UNTOLD, graded_firms, graded_labels, graded_trap, graded_traps
from tests.airtable_push.flatten.firm_pairs import ONE_FIRM, TWO_FIRMS
from tests.airtable_push.flatten.traps import APART, HIDDEN, SCENES


@pytest.mark.parametrize(("most", "recall"), [(1_000, 0.34), (4, 0.40)])
def test_of_labelled_records_none_is_joined_falsely_and_more_than_equal_addresses_are_found(
    most: int, recall: float
) -> None:
    found = graded_labels(most)
    assert found.wrong == frozenset()
    assert found.recall >= recall


@pytest.mark.parametrize("name", sorted(APART.keys() | HIDDEN.keys() - {UNTOLD}))
def test_a_trap_joins_nobody_else(name: str) -> None:
    assert sorted(graded_trap(name).wrong) == []


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_who_is_hardly_recognised_is_found(name: str) -> None:
    assert sorted(graded_trap(name).missed) == []


def test_there_are_traps_enough_and_twenty_scenes_of_each() -> None:
    assert len(APART) >= 15 and SCENES == 20


def test_firms_are_told_apart_and_found() -> None:
    found = graded_firms()
    assert len(ONE_FIRM) + len(TWO_FIRMS) == 200
    assert found.precision >= 0.99, sorted(found.wrong)
    assert found.recall >= 0.90, sorted(found.missed)


def test_over_all_traps_almost_everybody_is_told_apart_and_found() -> None:
    found = graded_traps()
    assert found.precision >= 0.995 and found.recall >= 0.80
