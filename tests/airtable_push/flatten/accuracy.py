"""Labelled records, traps and pairs of firms, and how well who is who is told on them."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence

from airtable_push.flatten.identity import firms, people
from airtable_push.flatten.identity.normal import firm_of
from airtable_push.flatten.identity.rows import record_of_row
from tests.airtable_push.flatten.firm_pairs import ONE_FIRM, TWO_FIRMS
from tests.airtable_push.flatten.grading import Grade, grade
from tests.airtable_push.flatten.traps import APART, HIDDEN, SYSTEMS, trap
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


def graded_labels(most: int) -> Grade:
    """Of the records of `fake_1000`, at most so many a person."""
    rows, truth = labelled(most)
    return grade(who(rows), truth)


def graded_trap(name: str) -> Grade:
    """Of the scenes of one trap."""
    scenes = trap(name)
    return grade(who(scenes.rows), scenes.truth)


def graded_traps() -> Grade:
    """Of all traps but the one that nobody can tell, each scene apart."""
    graded = [graded_trap(name) for name in (*APART, *HIDDEN) if name != UNTOLD]
    found, true = set[tuple[str, str]](), set[tuple[str, str]]()
    for number, each in enumerate(graded):
        found |= {(f"{number} {one}", other) for one, other in each.found}
        true |= {(f"{number} {one}", other) for one, other in each.true}
    return Grade(frozenset(found), frozenset(true))


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
