"""The company at work: what moves `date_modified`, and what nothing tells of."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.copper.kinds import RECORD_KINDS
from sandbox.copper.work import CHANGES, Work

BY_CHANGE = {"sort_by": "date_modified", "sort_direction": "asc"}
SILENT = (
    "attach_file",
    "delete_file",
    "relate",
    "unrelate",
    "connect",
    "disconnect",
    "rename_stage",
    "add_or_move_stage",
    "change_list",
    "rename_lead_status",
    "change_options",
    "add_definition",
    "delete_definition",
    "hire",
    "leave",
    "change_groups",
    "edit_activity",
    "delete_activity",
    "delete_record",
    "log_late",
    "log_ahead",
)
MOVING = (
    "create",
    "edit",
    "move_house",
    "add_contact_point",
    "drop_contact_point",
    "tag",
    "untag",
    "set_custom_field",
    "clear_custom_field",
    "edit_some_at_once",
    "rename_company",
    "name_primary_contact",
    "change_employer",
    "move_stage",
    "decide",
    "convert_lead",
    "finish",
)


def modified(copper: Any) -> dict[tuple[str, int], int]:
    store = copper.vendor.store
    return {(kind, id): one.updated for kind in RECORD_KINDS for id, one in store.kinds[kind].items()}


def act(copper: Any, name: str, seed: int = 3) -> None:
    """Until the company had something to change in that way."""
    work, random = Work(copper.vendor.store), Random(seed)
    work._with(random)
    assert any(getattr(work, name)() for _ in range(200))


@pytest.mark.parametrize("name", MOVING)
def test_a_change_of_a_record_moves_its_time_to_now(copper: Any, name: str) -> None:
    before, rows = modified(copper), copper.vendor.truth()
    copper.clock.time += 5_000
    act(copper, name)
    after = modified(copper)
    moved = {key for key, time in after.items() if before.get(key) != time}
    assert moved and {after[key] for key in moved} == {int(copper.clock.time)}
    assert copper.vendor.truth() != rows


@pytest.mark.parametrize("name", SILENT)
def test_what_a_record_refers_to_changes_silently(copper: Any, name: str) -> None:
    before, rows = modified(copper), copper.vendor.truth()
    copper.clock.time += 5_000
    act(copper, name)
    after = modified(copper)
    assert {key: before[key] for key in after} == after
    assert copper.vendor.truth() != rows


def test_every_change_is_possible_in_the_smallest_company(make: Callable[..., Any]) -> None:
    done = set()
    copper, random = make(scale=0.02), Random(5)
    for _ in range(60):
        copper.clock.time += 3_600
        done |= set(copper.vendor.work(random, 50))
    assert done == set(CHANGES)


def test_renaming_a_company_renames_it_on_its_people_without_moving_them(copper: Any) -> None:
    store = copper.vendor.store
    person = next(one for one in copper.all("people", **BY_CHANGE) if one["company_id"])
    store.edit(store.kinds["company"][person["company_id"]], {"name": "Renamed"})
    assert copper.one(f"people/{person['id']}") == {**person, "company_name": "Renamed"}
    store.delete(store.kinds["company"][person["company_id"]])
    assert copper.one(f"people/{person['id']}") == {**person, "company_name": None, "company_id": None}


def test_an_interaction_moves_its_parent(copper: Any) -> None:
    before = modified(copper)
    for seed in range(10):
        act(copper, "log_activity", seed)
    moved = [key for key, time in modified(copper).items() if before[key] != time]
    assert moved
    for kind, id in moved:
        assert copper.vendor.store.kinds[kind][id].fields["interaction_count"] >= 1


def test_a_conversion_may_move_nothing(make: Callable[..., Any]) -> None:
    copper = make(conversion_moves_date=False)
    before = modified(copper)
    act(copper, "convert_lead")
    after = modified(copper)
    assert {key: after[key] for key in before} == before


def test_a_bulk_edit_gives_thousands_one_time(make: Callable[..., Any]) -> None:
    copper = make(people=6_000)
    chosen = copper.vendor.edit_at_once("person", 3_000, Random(1))
    found = copper.all("people", minimum_modified_date=int(copper.clock.time), **BY_CHANGE)
    assert {row["id"] for row in found} >= set(chosen) and len(set(chosen)) == 3_000


def test_rows_leave_a_tie_while_it_is_read(make: Callable[..., Any]) -> None:
    copper = make(people=1_000)
    copper.vendor.edit_at_once("person", 600, Random(1))
    moment = int(copper.clock.time)
    tie = {"minimum_modified_date": moment, "maximum_modified_date": moment}
    first = copper.found("people", page_size=200, **BY_CHANGE, **tie)
    store = copper.vendor.store
    copper.clock.time += 1
    for row in first[:50]:
        store.edit(store.kinds["person"][row["id"]], {"details": "again"})
    second = copper.found("people", page_size=200, page_number=2, **BY_CHANGE, **tie)
    third = copper.found("people", page_size=200, page_number=3, **BY_CHANGE, **tie)
    assert len({row["id"] for row in first + second + third}) == 550


def test_the_same_seed_works_the_same(make: Callable[..., Any]) -> None:
    one, other = make(), make()
    other.clock.time = one.clock.time
    assert one.vendor.work(Random(9), 60) == other.vendor.work(Random(9), 60)
    assert one.vendor.truth() == other.vendor.truth()
