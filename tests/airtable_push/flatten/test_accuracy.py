"""How well who is who is told, on labelled records that nobody here wrote, on traps, and on pairs of firms."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest

from airtable_push.flatten.identity import firms, people
from airtable_push.flatten.identity.normal import firm_of
from airtable_push.flatten.identity.rows import record_of_row
from tests.airtable_push.flatten.firm_pairs import ONE_FIRM, TWO_FIRMS
from tests.airtable_push.flatten.grading import Grade, grade
from tests.airtable_push.flatten.traps import APART, HIDDEN, SCENES, SYSTEMS, trap
from tests.connectors import ROOT

UNTOLD = "a_father_and_a_son_of_one_telephone"
"""Nobody can tell whose record it is that does not say senior or junior."""


def who(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """The number of the person behind each row of `contact_source`."""
    records = [record_of_row(row, "US", lambda _, company: firm_of(company)) for row in rows]
    groups = people.decide(records).groups
    return {record: number for number, group in enumerate(groups) for record in group.records}


def labelled(most: int) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """The records of `fake_1000`, at most so many a person, spread over the systems; and who they are."""
    clusters: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with (ROOT / "tests/examples/fake_1000/fake_1000.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            clusters[row["cluster"]].append(row)
    rows, truth = [], {}
    for cluster, records in clusters.items():
        records.sort(key=lambda row: int(row["unique_id"]))
        for number, each in enumerate(records[:most]):
            id = f"{SYSTEMS[number % len(SYSTEMS)]}:person:{each['unique_id']}"
            rows.append((id, "", each["first_name"], each["surname"], "", each["email"], *[""] * 6))
            truth[id] = cluster
    return rows, truth


@pytest.mark.parametrize(("most", "recall"), [(1_000, 0.34), (4, 0.40)])
def test_of_labelled_records_none_is_joined_falsely_and_more_than_equal_addresses_are_found(
    most: int, recall: float
) -> None:
    rows, truth = labelled(most)
    found = grade(who(rows), truth)
    assert found.wrong == frozenset()
    assert found.recall >= recall


@pytest.mark.parametrize("name", sorted(APART.keys() | HIDDEN.keys() - {UNTOLD}))
def test_a_trap_joins_nobody_else(name: str) -> None:
    scenes = trap(name)
    found = grade(who(scenes.rows), scenes.truth)
    assert sorted(found.wrong) == []


@pytest.mark.parametrize("name", sorted(HIDDEN))
def test_who_is_hardly_recognised_is_found(name: str) -> None:
    scenes = trap(name)
    found = grade(who(scenes.rows), scenes.truth)
    assert sorted(found.missed) == []


def test_there_are_traps_enough_and_twenty_scenes_of_each() -> None:
    assert len(APART) >= 15 and SCENES == 20


def graded_firms() -> Grade:
    """Each pair apart from all others."""
    found: dict[str, object] = {}
    truth: dict[str, object] = {}
    for same, pairs in ((True, ONE_FIRM), (False, TWO_FIRMS)):
        for number, (one, other) in enumerate(pairs):
            two = [
                firms.Firm(f"{'copper' if side == 0 else 'quickbooks'}:{same}:{number}", name, domain, own=side == 0)
                for side, (name, domain) in enumerate((one, other))
            ]
            groups = firms.decide(two).groups
            for group_number, group in enumerate(groups):
                found |= dict.fromkeys(group.records, (same, number, group_number))
            truth |= {firm.id: (same, number, "" if same else firm.id) for firm in two}
    return grade(found, truth)


def test_firms_are_told_apart_and_found() -> None:
    found = graded_firms()
    assert len(ONE_FIRM) + len(TWO_FIRMS) == 200
    assert found.precision >= 0.99, sorted(found.wrong)
    assert found.recall >= 0.90, sorted(found.missed)
