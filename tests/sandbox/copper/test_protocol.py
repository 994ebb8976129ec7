"""What every request must be, and how each mistake is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.copper.kinds import KINDS

PATHS = [kind.path for kind in KINDS.values()]
RECORDS = [kind.path for kind in KINDS.values() if kind.name != "activity"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-PW-AccessToken", "wrong"),
        ("X-PW-AccessToken", None),
        ("X-PW-Application", "developer"),
        ("X-PW-Application", None),
        ("X-PW-UserEmail", "other@lanternfish.example"),
        ("X-PW-UserEmail", None),
    ],
)
def test_each_of_the_three_headers_is_checked(copper: Any, header: str, value: str | None) -> None:
    assert copper.ask("account", headers={header: value}).status_code == 401
    assert copper.ask("people/search", "POST", json={}, headers={header: value}).status_code == 401


def test_the_content_type_is_demanded_of_a_get_too(copper: Any) -> None:
    del copper.session.headers["Content-Type"]
    assert copper.ask("account").status_code == 415


@pytest.mark.parametrize("path", ["people/search", "account", "tags", "users/search"])
def test_a_trailing_slash_changes_nothing(copper: Any, path: str) -> None:
    method = "POST" if path.endswith("search") else "GET"
    one, other = copper.ask(path, method, json={}), copper.ask(path + "/", method, json={})
    assert one.status_code == other.status_code == 200
    assert len(one.json()) == len(other.json())


@pytest.mark.parametrize("path", ["people", "nothing", "field_layouts", "people/1/nothing", "tasks/52000001/files", ""])
def test_an_unknown_address_is_not_found(copper: Any, path: str) -> None:
    answer = copper.ask(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


def test_an_address_outside_the_base_url_is_not_found(copper: Any) -> None:
    assert copper.session.get("http://copper.test/people").status_code == 404


@pytest.mark.parametrize("path", ["pipeline_stages/search", "tags/search", "account/search"])
def test_an_invented_search_answers_as_if_the_key_were_wrong(copper: Any, path: str) -> None:
    assert copper.ask(path, "POST", json={}).status_code == 401


def test_an_unknown_record_is_not_found_in_words(copper: Any) -> None:
    for path in (*PATHS, "custom_field_definitions", "pipeline_stages/pipeline"):
        answer = copper.ask(f"{path}/7")
        assert answer.status_code == answer.json()["status"] == 404, path


@pytest.mark.parametrize(("path", "method"), [("people", "POST"), ("people/52000001", "DELETE"), ("leads/1", "PUT")])
def test_nothing_can_be_written(copper: Any, path: str, method: str) -> None:
    assert copper.ask(path, method, json={}).status_code == 403


@pytest.mark.parametrize("path", [*PATHS, "users"])
def test_an_unknown_attribute_is_refused_by_name(copper: Any, path: str) -> None:
    answer = copper.search(path, page_size=1, colour="blue")
    assert answer.status_code == 422
    assert answer.json() == {
        "success": False,
        "status": 422,
        "message": "Invalid input: Validation errors: Base: Unrecognized attributes specified: colour",
    }


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("activities", "minimum_modified_date"),
        ("activities", "sort_by"),
        ("users", "sort_by"),
        ("users", "ids"),
        ("projects", "minimum_interaction_date"),
        ("people", "include_converted_leads"),
        ("tasks", "age"),
        ("companies", "minimum_activity_date"),
        ("people", "pipeline_ids"),
    ],
)
def test_an_attribute_of_another_resource_is_unknown(copper: Any, path: str, attribute: str) -> None:
    assert copper.search(path, **{attribute: 1}).status_code == 422


@pytest.mark.parametrize("size", [0, 201, -1, "many", True, 2.5, []])
@pytest.mark.parametrize("path", ["people", "users", "activities"])
def test_a_page_holds_1_to_200_rows(copper: Any, path: str, size: Any) -> None:
    assert copper.search(path, page_size=size).status_code == 422


def test_pages_are_numbered_from_1(copper: Any) -> None:
    assert copper.search("people", page_number=0).status_code == 422


@pytest.mark.parametrize("path", PATHS)
def test_a_page_holds_20_rows_unless_it_is_told_otherwise(copper: Any, path: str) -> None:
    assert len(copper.found(path)) == 20
    assert len(copper.found(path, page_size=7)) == 7


def test_page_and_size_may_come_in_the_query_and_the_body_wins(copper: Any) -> None:
    assert len(copper.ask("tasks/search?page_size=3", "POST").json()) == 3
    assert len(copper.ask("tasks/search?page_size=3", "POST", json={"page_size": 4}).json()) == 4
    order = {"sort_by": "date_modified"}
    first = copper.found("tasks", page_size=5, **order)
    second = copper.ask("tasks/search?page_number=2&page_size=5", "POST", json=order).json()
    assert not {row["id"] for row in first} & {row["id"] for row in second}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.sorts], ids=lambda kind: kind.path)
def test_only_the_listed_orders_are_known(copper: Any, kind: Any) -> None:
    for sort in kind.sorts:
        for direction in ("asc", "desc"):
            answer = copper.search(kind.path, sort_by=sort, sort_direction=direction)
            assert answer.status_code == 200, (sort, answer.text)
    assert copper.search(kind.path, sort_by="id").status_code == 422
    assert copper.search(kind.path, sort_by="date_modified", sort_direction="up").status_code == 422


@pytest.mark.parametrize("value", ["2026-01-01", 1.5, None, True, -1, 1_767_225_600_000])
def test_a_time_is_a_whole_number_of_seconds(copper: Any, value: Any) -> None:
    assert copper.search("people", minimum_modified_date=value).status_code == 422


@pytest.mark.parametrize("value", [5, "5", ["5"], [None]])
def test_ids_are_a_list_of_numbers(copper: Any, value: Any) -> None:
    assert copper.search("people", ids=value).status_code == 422


@pytest.mark.parametrize("body", [b"{", b"[]", b"page_number=1"])
def test_a_body_that_is_no_object_is_a_bad_request(copper: Any, body: bytes) -> None:
    assert copper.ask("people/search", "POST", data=body).status_code == 400


def test_what_is_not_played_is_refused_rather_than_ignored(copper: Any) -> None:
    assert copper.search("people", custom_fields=[{"custom_field_definition_id": 1}]).status_code == 400


def test_a_search_is_a_bare_list_with_its_total_beside_it(make: Callable[..., Any]) -> None:
    copper = make(total_surplus=7)
    people = len(copper.vendor.store.kinds["person"])
    assert copper.search("people").headers["x-pw-total"] == str(people + 7)
    copper.vendor.options.total_header = False
    assert "X-PW-TOTAL" not in copper.search("people").headers


def test_past_the_cap_nothing_can_be_paged(make: Callable[..., Any]) -> None:
    copper = make(record_cap=100)
    order = {"sort_by": "date_modified", "page_size": 30}
    assert len(copper.found("people", page_number=4, **order)) == 10
    assert copper.search("people", page_number=5, **order).status_code == 422
    copper.vendor.options.cap_refuses = False
    assert copper.found("people", page_number=5, **order) == []
    newest = copper.found("people", sort_by="date_modified", sort_direction="desc", page_size=1)[0]
    assert copper.found("people", minimum_modified_date=newest["date_modified"], **order)


def test_a_page_after_the_last_is_empty_where_the_cap_is_far(copper: Any) -> None:
    assert copper.found("projects", page_number=900, sort_by="date_modified") == []


def test_leads_may_be_switched_off(make: Callable[..., Any]) -> None:
    copper = make(leads_enabled=False, leads_status=404)
    assert copper.one("account")["settings"]["setting_enable_leads"] is False
    assert copper.search("leads").status_code == copper.ask("leads/52000001").status_code == 404
    assert copper.search("people").status_code == 200


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_resource_may_be_refused_to_the_key(make: Callable[..., Any], status: int) -> None:
    copper = make(refused={"pipelines": status})
    assert copper.ask("pipelines").status_code == status
    assert copper.ask("pipeline_stages").status_code == 200


def test_the_ledger_shows_what_a_search_asked_for(copper: Any) -> None:
    copper.search("people", page_size=3, sort_by="date_modified")
    entry = copper.vendor.requests[-1]
    assert entry.path == "/developer_api/v1/people/search?page_size=3&sort_by=date_modified"
    assert (entry.method, entry.status, entry.authenticated) == ("POST", 200, True)
    copper.ask("account", headers={"X-PW-AccessToken": "wrong"})
    assert not copper.vendor.requests[-1].authenticated


def test_a_fault_can_single_out_one_search(copper: Any) -> None:
    copper.vendor.faults.break_path(r"people/search\?.*page_number=2")
    assert copper.search("people", page_number=1).status_code == 200
    assert copper.search("people", page_number=2).status_code == 500
    copper.vendor.faults.break_record("person", copper.found("people", page_size=1)[0]["id"], "null")
    copper.vendor.clear_faults()
    assert copper.search("people", page_number=2).status_code == 200


def test_a_malformed_record_stands_in_a_good_page(copper: Any) -> None:
    id = copper.found("people", page_size=1)[0]["id"]
    copper.vendor.faults.break_record("person", id, "text")
    assert [type(row) for row in copper.found("people", ids=[id])] == [str]


def test_the_account_is_never_broken_for_good(make: Callable[..., Any]) -> None:
    copper = make()
    copper.vendor.faults.broken_share = 1.0
    assert copper.ask("account").status_code == 200
    assert copper.ask("tags").status_code == 500


def test_a_foreign_method_is_not_found(copper: Any) -> None:
    answer: requests.Response = copper.ask("people/search", "GET")
    assert answer.status_code == 404
