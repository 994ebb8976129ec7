"""Queries: what is asked for in the query string and in the body, and what is passed over in silence."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from sandbox.store import Record
from sandbox.virtuous.resources import PATHS, path_of
from tests.sandbox.conftest import Clock
from tests.sandbox.virtuous.conftest import Reader, condition

CONTACTS = "Contact/Query/FullContact"
GIFTS = "Gift/Query/FullGift"


def test_a_walk_by_id_reads_every_contact_once(virtuous: Reader) -> None:
    walked, last = list[int](), 0
    while page := virtuous.ids(CONTACTS, condition("Contact Id", "GreaterThan", str(last)), take=50):
        walked += page
        last = page[-1]
    assert walked == sorted(virtuous.vendor.store.kinds["contact"])


def test_what_is_left_is_counted_with_the_filter(virtuous: Reader) -> None:
    ids = virtuous.ids(CONTACTS)
    left = virtuous.query(CONTACTS, condition("Contact Id", "GreaterThan", str(ids[9])), take=5).json()
    assert (len(left["list"]), left["total"]) == (5, len(ids) - 10)


def test_skip_and_take_count_in_the_query_string_only(virtuous: Reader) -> None:
    answer = virtuous.ask(
        "Contact/Query", "POST", json={"sortBy": "Id", "skip": 5, "take": 50, "includeArchived": True}
    )
    assert [each["id"] for each in answer.json()["list"]] == virtuous.ids(CONTACTS)[:10]


def test_a_take_above_the_maximum_is_refused_or_cut(make: Callable[..., Reader]) -> None:
    refusing, cutting = make(0.2), make(0.2, take_refused=False)
    assert refusing.query(CONTACTS, take=1_001).status_code == 400
    assert len(cutting.found(CONTACTS, take=5_000)) == 1_000


@pytest.mark.parametrize("groups", [None, [], [{"conditions": []}], [{}]])
def test_no_filter_may_be_written_in_several_ways(virtuous: Reader, groups: Any) -> None:
    assert len(virtuous.found(CONTACTS, groups=groups)) == len(virtuous.vendor.store.kinds["contact"])


def test_conditions_of_a_group_hold_together_and_groups_each_by_itself(virtuous: Reader) -> None:
    ids = virtuous.ids(CONTACTS)
    between = [condition("Contact Id", "GreaterThan", ids[2]), condition("Contact Id", "LessThanOrEqual", ids[6])]
    assert virtuous.ids(CONTACTS, *between) == ids[3:7]
    groups = [{"conditions": between}, {"conditions": [condition("Contact Id", "Is", str(ids[0]))]}]
    assert virtuous.ids(CONTACTS, groups=groups) == [ids[0], *ids[3:7]]
    assert virtuous.ids(CONTACTS, condition("Contact Id", "Between", ids[2], secondaryValue=ids[4])) == ids[2:5]


@pytest.mark.parametrize("name", ["Contact ID", "contact id", "Gift Id"])
def test_an_unknown_parameter_is_ignored_and_everything_comes(make: Callable[..., Reader], name: str) -> None:
    everything = len(make().vendor.store.kinds["contact"])
    assert len(make().found(CONTACTS, condition(name, "GreaterThan", "999999999"))) == everything
    for status in (400, 500):
        strict = make(unknown_parameter=status)
        assert strict.query(CONTACTS, condition(name, "GreaterThan", "1")).status_code == status


def test_an_unknown_order_is_ignored_and_ids_come_in_none(make: Callable[..., Reader]) -> None:
    for name in ("Contact Id", "id", "Last Modified Date", ""):
        ids = make().ids(CONTACTS, sortBy=name)
        assert ids != sorted(ids)
    assert make(unknown_sort=400).query(CONTACTS, sortBy="Contact Id").status_code == 400
    shuffled = make(unsorted=frozenset({"contact"})).ids(CONTACTS)
    assert shuffled != sorted(shuffled)
    assert make().ids(CONTACTS, descending="true") == make().ids(CONTACTS)[::-1]


def test_an_operator_has_no_spaces_and_belongs_to_its_type(virtuous: Reader) -> None:
    for name in ("Greater Than", "After", "Contains", "greaterThan"):
        assert virtuous.query(CONTACTS, condition("Contact Id", name, "1")).status_code == 400
    assert virtuous.query(CONTACTS, condition("Contact Id", "GreaterThan", "one")).status_code == 400
    assert virtuous.query(CONTACTS, condition("Contact Id", "GreaterThan")).status_code == 400
    assert virtuous.ask("Contact/Query", "POST", data="no json").status_code == 400


def test_archived_contacts_come_only_when_asked_for(virtuous: Reader) -> None:
    every = virtuous.vendor.store.living("contact")
    archived = {one.id for one in every if one.fields["isArchived"]}
    assert archived
    assert set(virtuous.ids(CONTACTS, includeArchived=False)) == {one.id for one in every} - archived
    assert set(virtuous.ids(CONTACTS, includeArchived="true")) >= archived


def test_a_filter_by_the_change_time_knows_days_of_another_zone(virtuous: Reader, clock: Clock) -> None:
    contact = changed_at(virtuous, clock, "2026-11-19T02:00:00+00:00")
    # It is still the day before where the filter lives, so many hours behind.
    assert contact.id not in virtuous.ids(CONTACTS, condition("Last Modified Date", "OnOrAfter", "2026-11-19"))
    for written in ("2026-11-18", "11/18/2026", "2026-11-18T23:00:00"):
        assert contact.id in virtuous.ids(CONTACTS, condition("Last Modified Date", "OnOrAfter", written)), written
    assert contact.id not in virtuous.ids(CONTACTS, condition("Last Modified Date", "After", "2026-11-18"))
    year_ahead = (datetime.fromtimestamp(clock.time, timezone.utc) + timedelta(days=400)).date().isoformat()
    assert virtuous.ids(CONTACTS, condition("Last Modified Date", "OnOrAfter", year_ahead)) == []


def changed_at(virtuous: Reader, clock: Clock, moment: str) -> Record:
    clock.time = datetime.fromisoformat(moment).timestamp()
    contact: Record = virtuous.vendor.store.living("contact")[3]
    return virtuous.vendor.store.edit(contact, {"description": "Called back"})


def test_the_options_tell_what_a_resource_can_be_asked_for(make: Callable[..., Reader]) -> None:
    def names(reader: Reader, path: str) -> dict[str, str]:
        return {each["parameter"]: each["type"] for each in reader.one(f"{path}/QueryOptions")["options"]}

    virtuous = make()
    assert names(virtuous, "Contact").items() >= {("Contact Id", "Int"), ("Last Modified Date", "Date")}
    assert names(virtuous, "v2/Pledge").items() >= {("Pledge Id", "Int"), ("Last Modified DateTime UTC", "Date")}
    assert names(virtuous, "Premium") == {"Premium Id": "Int"}
    assert "Gift Id" not in names(make(without_id=frozenset({"gift"})), "Gift")
    operators = virtuous.one("Gift/QueryOptions")["options"][0]["operatorOptions"]
    assert {"operator": "GreaterThan", "multipleValuesAllowed": False, "valueRequired": True} in operators


def test_a_parameter_may_be_told_of_and_ignored_all_the_same(make: Callable[..., Reader]) -> None:
    deaf = make(deaf=frozenset({"contact"}))
    ahead = condition("Last Modified Date", "OnOrAfter", "2090-01-01")
    assert len(deaf.found(CONTACTS, ahead)) == len(deaf.vendor.store.kinds["contact"])
    assert "Last Modified Date" in deaf.ask("Contact/QueryOptions").text


@pytest.mark.parametrize("kind", list(PATHS))
def test_every_resource_can_be_walked_by_the_id_that_its_options_name(virtuous: Reader, kind: str) -> None:
    path = path_of(kind)
    [id] = [
        each["parameter"]
        for each in virtuous.one(f"{path}/QueryOptions")["options"]
        if each["type"] == "Int" and each["parameter"].replace(" ", "") == f"{path.rpartition('/')[2]}Id"
    ]
    every = sorted(virtuous.vendor.store.kinds[kind])
    key = f"{kind}Id" if kind in ("campaign", "communication") else "id"
    found = virtuous.found(f"{path}/Query", condition(id, "GreaterThan", every[1]))
    assert [each[key] for each in found] == every[2:]


def test_ids_of_gifts_pass_the_largest_number_of_32_bits(virtuous: Reader) -> None:
    ids = virtuous.ids(GIFTS)
    assert ids[0] < 2**31 < ids[-1]
