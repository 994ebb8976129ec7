"""Activities: windows of dates, duplicates, stubs, and changes that no date tells of."""

from collections.abc import Callable
from typing import Any

import pytest


def test_they_come_newest_first_within_inclusive_bounds(copper: Any) -> None:
    rows = copper.all("activities")
    dates = [row["activity_date"] for row in rows]
    assert dates == sorted(dates, reverse=True)
    bounds = {"minimum_activity_date": dates[700], "maximum_activity_date": dates[300]}
    found = copper.all("activities", **bounds)
    assert [row["id"] for row in found] == [
        row["id"] for row in rows if dates[700] <= row["activity_date"] <= dates[300]
    ]


def test_ids_are_beyond_32_bits_and_change_times_are_no_cursor(copper: Any) -> None:
    rows = copper.all("activities")
    assert min(row["id"] for row in rows) > 2**31
    assert all(row["date_modified"] == row["activity_date"] for row in rows)
    assert any(row["date_created"] > row["date_modified"] + 86_400 for row in rows)


def test_values_are_null_text_or_objects(copper: Any) -> None:
    rows = copper.all("activities")
    assert {type(row["old_value"]) for row in rows} == {type(None), str, dict}
    changes = [row["type"] for row in rows if (row["type"]["id"], row["type"]["category"]) == (1, "system")]
    assert len({kind["name"] for kind in changes}) > 1


@pytest.mark.parametrize(("hidden_share", "doubles"), [(0.0, True), (0.2, False)])
def test_a_full_result_doubles_some_for_an_administrator_only(
    make: Callable[..., Any], hidden_share: float, doubles: bool
) -> None:
    rows = make(hidden_share=hidden_share).all("activities", full_result=True)
    assert (len({row["id"] for row in rows}) < len(rows)) == doubles


def test_a_deleted_one_stays_as_a_stub(copper: Any) -> None:
    store = copper.vendor.store
    activity = next(iter(store.kinds["activity"].values()))
    store.delete(activity)
    stub = {"id": activity.id, "is_deleted": True}
    bounds = {"minimum_activity_date": activity.updated, "maximum_activity_date": activity.updated}
    assert stub in copper.all("activities", **bounds)
    assert copper.one(f"activities/{activity.id}") == stub
    assert str(activity.id) not in {row["id"] for row in copper.vendor.truth()["activity"]}
    copper.vendor.options.deleted_activities_listed = False
    assert stub not in copper.all("activities", **bounds)


def test_those_of_one_record_can_be_asked_for(copper: Any) -> None:
    rows = copper.all("activities")
    parent = next(row["parent"] for row in rows if row["parent"]["type"] == "person")
    wanted = {row["id"] for row in rows if row["parent"] == parent}
    found = copper.ask(f"people/{parent['id']}/activities", "POST", json={"page_size": 200}).json()
    assert {row["id"] for row in found} == wanted
    assert {row["id"] for row in copper.all("activities", parent=parent)} == wanted
    refused = copper.ask(f"people/{parent['id']}/activities", "POST", json={"minimum_activity_date": 5})
    assert refused.status_code == 422


def test_they_can_be_filtered_by_type(copper: Any) -> None:
    rows = copper.all("activities", activity_types=[{"id": 0, "category": "user"}])
    assert rows and {(row["type"]["id"], row["type"]["category"]) for row in rows} == {(0, "user")}
