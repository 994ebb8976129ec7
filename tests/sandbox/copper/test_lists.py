"""Reference lists, custom fields, tags, relations, links and files."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest


def test_activity_types_are_an_object_of_lists(make: Callable[..., Any]) -> None:
    assert list(make().one("activity_types")) == ["user", "system"]
    types = make(other_activity_category=True).one("activity_types")
    assert types["integration"][0]["category"] == "integration"


def test_stages_stand_in_their_pipelines_and_alone(copper: Any) -> None:
    pipelines, stages = copper.one("pipelines"), copper.one("pipeline_stages")
    assert [stage["id"] for one in pipelines for stage in one["stages"]] == [stage["id"] for stage in stages]
    ids = [stage["id"] for stage in pipelines[0]["stages"]]
    assert ids != sorted(ids)
    alone = copper.one(f"pipeline_stages/pipeline/{pipelines[0]['id']}")
    assert [stage["id"] for stage in alone] == ids


def test_users_are_paged_and_single(copper: Any) -> None:
    users = copper.all("users", page_size=4)
    assert len(users) == len(copper.found("users")) and users[0]["groups"] is not None
    assert copper.one(f"users/{users[0]['id']}") == users[0]
    assert copper.vendor.user_email == users[0]["email"]


def test_tags_come_page_by_page_after_the_last_one(make: Callable[..., Any]) -> None:
    copper = make(tag_page=5)
    whole = [row["name"] for row in copper.vendor.store.tags()]
    first = copper.one("tags?sort_by=name")
    second = copper.one(f"tags?sort_by=name&last_tag_value={first[-1]['name']}")
    assert [row["name"] for row in first + second] == whole[:10]
    assert copper.one("tags?tag_names_only=true") == whole[:5]
    row = first[0]
    assert row["count"] == sum(value for key, value in row.items() if key.startswith("count_"))
    counts = [one["count"] for one in copper.one("tags?sort_by=count")]
    assert counts == sorted(counts, reverse=True)
    assert copper.ask("tags?sort_by=id").status_code == 422


def test_the_last_tag_may_be_ignored(make: Callable[..., Any]) -> None:
    copper = make(tag_page=5, tags_ignore_last=True)
    assert copper.one("tags") == copper.one("tags?last_tag_value=vip")
    assert len(copper.one("tags")) > 5


def test_custom_values_have_the_types_of_their_definitions(copper: Any) -> None:
    types = {one["id"]: one for one in copper.one("custom_field_definitions")}
    kinds: dict[str, set[type]] = {}
    for path in ("people", "companies", "leads", "opportunities", "projects", "tasks"):
        for row in copper.all(path, sort_by="date_modified"):
            for entry in row["custom_fields"]:
                definition = types[entry["custom_field_definition_id"]]
                kinds.setdefault(definition["data_type"], set()).add(type(entry["value"]))
    nothing = type(None)
    assert kinds == {
        "Dropdown": {int, nothing},
        "MultiSelect": {list, nothing},
        "Date": {int, nothing},
        "Checkbox": {bool, nothing},
        "String": {str, nothing},
        "Text": {str, nothing},
        "URL": {str, nothing},
        "Float": {float, nothing},
        "Percentage": {int, nothing},
        "Currency": {float, nothing},
        "Connect": {list},
    }
    assert all(("options" in one) == (one["data_type"] in ("Dropdown", "MultiSelect")) for one in types.values())


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_custom_date_is_midnight_in_the_accounts_zone(make: Callable[..., Any], zone: str) -> None:
    copper = make(company_zone=zone)
    dates = {one["id"] for one in copper.one("custom_field_definitions") if one["data_type"] == "Date"}
    times = {
        datetime.fromtimestamp(entry["value"], ZoneInfo(zone)).time().isoformat()
        for row in copper.all("people")
        for entry in row["custom_fields"]
        if entry["custom_field_definition_id"] in dates and entry["value"] is not None
    }
    assert times == {"00:00:00"}


def test_relations_go_both_ways(copper: Any) -> None:
    task = next(one for one in copper.all("tasks") if (one["related_resource"] or {}).get("type") == "company")
    company = task["related_resource"]
    assert company in copper.one(f"tasks/{task['id']}/related")
    assert {"id": task["id"], "type": "task"} in copper.one(f"companies/{company['id']}/related")
    assert {"id": task["id"], "type": "task"} in copper.one(f"companies/{company['id']}/related/tasks")


def test_links_are_asked_for_by_their_source(copper: Any) -> None:
    link = next(iter(copper.vendor.store.kinds["link"].values()))
    definition = link.fields["custom_field_definition_id"]
    query = f"related_links?custom_field_definition_id={definition}&source_id={link.parent.id}"
    found = copper.one(f"{query}&source_type=organization")
    assert link.id in [one["id"] for one in found]
    assert {one["source"]["entity_type"] for one in found} == {"organization"}
    assert copper.one(f"{query}&source_type=company") == found
    assert copper.ask("related_links").status_code == 422
    assert copper.ask(f"{query}&source_type=planet").status_code == 422


def test_a_deleted_file_may_stay_listed_and_marked(copper: Any) -> None:
    store = copper.vendor.store
    file = next(one for one in store.kinds["file"].values() if one.parent.kind == "person")
    path = f"people/{file.parent.id}/files"
    assert file.id in [one["id"] for one in copper.one(path)]
    assert copper.one(f"{path}/{file.id}")["file_name"] == file.fields["file_name"]
    before = copper.vendor.truth()["file"]
    store.edit(file, {"is_deleted": True})
    assert [one["is_deleted"] for one in copper.one(path) if one["id"] == file.id] == [True]
    assert len(copper.vendor.truth()["file"]) == len(before) - 1


def test_webhooks_hold_secrets(copper: Any) -> None:
    assert "secret" in copper.one("webhooks")[0]
