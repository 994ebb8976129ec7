"""Which records a search finds, and in which order."""

import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

BY_CHANGE = {"sort_by": "date_modified", "sort_direction": "asc"}


def ids(rows: list[Any]) -> list[int]:
    return [row["id"] for row in rows]


def test_times_are_whole_seconds_and_many_share_one(copper: Any) -> None:
    times = Counter(row["date_modified"] for row in copper.all("people", **BY_CHANGE))
    assert all(isinstance(time, int) for time in times)
    assert times.most_common(1)[0][1] > 200


def test_by_change_the_oldest_comes_first_and_ties_follow_no_id(copper: Any) -> None:
    rows = copper.all("people", **BY_CHANGE)
    times = [row["date_modified"] for row in rows]
    assert times == sorted(times)
    tie = Counter(times).most_common(1)[0][0]
    tied = [row["id"] for row in rows if row["date_modified"] == tie]
    assert tied != sorted(tied) and tied != sorted(tied, reverse=True)
    assert ids(copper.all("people", **BY_CHANGE)) == ids(rows)
    assert ids(copper.all("people", sort_by="date_modified", sort_direction="desc")) == ids(rows)[::-1]


def test_bounds_are_inclusive_unless_switched(make: Callable[..., Any]) -> None:
    copper = make()
    times = sorted({row["date_modified"] for row in copper.all("companies", **BY_CHANGE)})
    low, high = times[3], times[9]
    bounds = {"minimum_modified_date": low, "maximum_modified_date": high}
    found = {row["date_modified"] for row in copper.all("companies", **BY_CHANGE, **bounds)}
    assert found == set(times[3:10])
    copper.vendor.options.exclusive_bounds = True
    found = {row["date_modified"] for row in copper.all("companies", **BY_CHANGE, **bounds)}
    assert found == set(times[4:9])


def test_without_an_order_pages_are_not_stable(copper: Any) -> None:
    assert ids(copper.all("people")) != ids(copper.all("people"))


def test_an_order_can_be_unstable_within_a_second_only(make: Callable[..., Any]) -> None:
    copper = make(unstable_ties=True)
    for direction in ("asc", "desc"):
        order = {"sort_by": "date_modified", "sort_direction": direction}
        first, second = copper.all("tasks", **order), copper.all("tasks", **order)
        assert ids(first) != ids(second)
        assert [row["date_modified"] for row in first] == [row["date_modified"] for row in second]
        assert len(copper.found("tasks", **order, page_size=13, page_number=2)) == 13


def test_converted_leads_are_hidden_unless_asked_for(copper: Any) -> None:
    shown, whole = copper.all("leads", **BY_CHANGE), copper.all("leads", include_converted_leads=True, **BY_CHANGE)
    assert 0 < len(shown) < len(whole)
    assert all(row["converted_at"] is None for row in shown)
    converted = next(row for row in whole if row["converted_at"])
    assert copper.ask(f"leads/{converted['id']}").status_code == 404
    assert copper.one(f"people/{converted['converted_contact_id']}")["leads_converted_from"] == [converted["id"]]
    copper.vendor.options.converted_leads_are_gone = False
    assert copper.one(f"leads/{converted['id']}") == converted


def test_filters_select(copper: Any) -> None:
    people = copper.all("people", **BY_CHANGE)
    user = next(row["assignee_id"] for row in people if row["assignee_id"])

    def check(matching: Callable[[Any], bool], **body: Any) -> None:
        wanted = {row["id"] for row in people if matching(row)}
        assert wanted and set(ids(copper.all("people", **BY_CHANGE, **body))) == wanted, body

    check(lambda row: row["assignee_id"] == user, assignee_ids=[user])
    check(lambda row: row["assignee_id"] in (user, None), assignee_ids=[user, -2])
    check(lambda row: "vip" in row["tags"], tags=["vip"])
    check(lambda row: row["id"] in ids(people)[5:9], ids=ids(people)[5:9])
    email = people[3]["emails"][0]["email"]
    check(lambda row: email in [one["email"] for one in row["emails"]], emails=[email])
    check(lambda row: (row["address"] or {}).get("country") == "FI", country="FI")
    middle = sorted(row["date_created"] for row in people)[200]
    check(lambda row: row["date_created"] >= middle, minimum_created_date=middle)
    check(lambda row: row["date_created"] <= middle, maximum_created_date=middle)
    deals = copper.all("opportunities", **BY_CHANGE)
    won = copper.all("opportunities", status_ids=[1], **BY_CHANGE)
    assert ids(won) == [row["id"] for row in deals if row["status"] == "Won"] != []


def test_a_person_is_found_by_e_mail(copper: Any) -> None:
    people = [one for one in copper.all("people", **BY_CHANGE) if one["emails"]]
    shared = Counter(one["emails"][0]["email"] for one in people)
    person = next(one for one in people if shared[one["emails"][0]["email"]] == 1)
    address = person["emails"][0]["email"].upper()
    assert copper.ask("people/fetch_by_email", "POST", json={"email": address}).json() == person
    assert copper.ask("people/fetch_by_email", "POST", json={"email": "nobody@a.example"}).status_code == 404


def test_a_single_record_is_as_in_the_search(copper: Any) -> None:
    for path in ("people", "companies", "opportunities", "projects", "tasks", "activities"):
        row = copper.found(path, page_size=1)[0]
        assert copper.one(f"{path}/{row['id']}") == row


def test_computed_values_come_when_asked_for(copper: Any) -> None:
    rows = copper.ask("people/search?custom_field_computed_values=true", "POST", json={"page_size": 50}).json()
    names = {
        option["id"]: option["name"]
        for one in copper.one("custom_field_definitions")
        for option in one.get("options", [])
    }
    entries = [entry for row in rows for entry in row["custom_fields"] if type(entry["value"]) is int]
    entries = [entry for entry in entries if entry["value"] in names]
    assert entries and all(entry["computed_value"] == names[entry["value"]] for entry in entries)


def test_the_index_lags_behind_what_it_indexes(make: Callable[..., Any]) -> None:
    copper = make(index_lag_seconds=30)
    store = copper.vendor.store
    person, other, third = list(store.kinds["person"].values())[:3]
    before = copper.found("people", ids=[person.id])[0]
    store.edit(person, {"details": "first"})
    store.delete(other)
    added = store.put("person", {"name": "New"})
    copper.clock.time += 20
    store.edit(store.kinds["person"][person.id], {"details": "second"})
    assert copper.found("people", ids=[person.id]) == [before]
    assert ids(copper.found("people", ids=[other.id, added.id])) == [other.id]
    assert copper.one(f"people/{person.id}")["details"] == "second"
    assert copper.ask(f"people/{other.id}").status_code == 404
    copper.clock.time += 10
    assert copper.found("people", ids=[person.id])[0]["details"] == "first"
    assert ids(copper.found("people", ids=[other.id, added.id])) == [added.id]
    copper.clock.time += 20
    assert copper.found("people", ids=[person.id])[0]["details"] == "second"
    assert copper.found("people", ids=[third.id])


@pytest.mark.parametrize("after_paging", [False, True])
def test_a_key_without_administration_sees_fewer_records_and_is_not_told(
    make: Callable[..., Any], after_paging: bool
) -> None:
    copper = make(hidden_after_paging=after_paging)
    whole = {row["id"] for row in copper.all("people", **BY_CHANGE)}
    copper.vendor.options.hidden_share = 0.4
    answers = [copper.search("people", page_number=number, page_size=50, **BY_CHANGE) for number in range(1, 10)]
    seen = {row["id"] for answer in answers for row in answer.json()}
    assert 0.4 < len(seen) / len(whole) < 0.8 and seen < whole
    assert (len(answers[0].json()) < 50) == after_paging
    assert (int(answers[0].headers["X-PW-TOTAL"]) == len(whole)) == after_paging
    assert copper.ask(f"people/{min(whole - seen)}").status_code == 404


def test_records_grow_new_fields(make: Callable[..., Any]) -> None:
    assert make(new_field="pronouns").found("people", page_size=1)[0]["pronouns"] == "new"


def test_paging_while_others_edit_loses_rows_and_a_moving_lower_bound_does_not(make: Callable[..., Any]) -> None:
    copper = make(scale=0.3, work_before_page=40)
    before = {row.id for row in copper.vendor.store.kinds["person"].values()}
    paged = set(ids(copper.all("people", **BY_CHANGE)))
    assert (before & copper.vendor.store.kinds["person"].keys()) - paged


def five_rounds(copper: Any) -> float:
    """Seconds that five edits, each with a search for what changed, take."""
    moment = int(copper.clock.time)
    copper.found("people", page_size=200, minimum_modified_date=0, **BY_CHANGE)
    started = time.perf_counter()
    for _ in range(5):
        copper.vendor.edit_at_once("person", 1, Random(2))
        copper.found("people", page_size=200, minimum_modified_date=moment - 5, **BY_CHANGE)
    return time.perf_counter() - started


def test_130_000_people_are_searched_without_sorting_them(make: Callable[..., Any]) -> None:
    small, copper = make(people=1_300), make(people=130_000)
    small.vendor.edit_at_once("person", 500, Random(1))
    chosen = copper.vendor.edit_at_once("person", 5_000, Random(1))
    moment = int(copper.clock.time)
    # A hundred times the people: sorting them would take more than a hundred times as long.
    assert five_rounds(copper) < 30 * five_rounds(small)
    tie = {"minimum_modified_date": moment, "maximum_modified_date": moment}
    assert set(ids(copper.all("people", **BY_CHANGE, **tie))) == set(chosen)
    assert copper.search("people", page_number=501, page_size=200, **BY_CHANGE).status_code == 422
    newest = copper.found("people", page_size=1, sort_by="date_modified", sort_direction="desc")[0]
    assert newest["date_modified"] >= moment
