"""Single requests of Copper's client, and what its answers mean."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses

from copper import api
from copper.api import Copper, TooMany
from shared.errors import BadPayload, Forbidden, NotFound, RateLimited, Rejected, SourceError, Unauthorized
from shared.http import Http

BASE = "https://copper.test/developer_api/v1"


@pytest.fixture
def vendor() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


@pytest.fixture
def copper() -> Copper:
    return Copper(Http(BASE, interpret=api.meaning))


def page(vendor: responses.RequestsMock, path: str, records: list[Any], total: int | None = None) -> None:
    headers = {} if total is None else {"X-Pw-Total": str(total)}
    vendor.post(f"{BASE}/{path}/search", json=records, headers=headers)


def bodies(vendor: responses.RequestsMock) -> list[dict[str, Any]]:
    return [json.loads(call.request.body or "") for call in vendor.calls]


def test_a_search_asks_for_the_first_page_of_changes_oldest_first(vendor: Any, copper: Copper) -> None:
    page(vendor, "people", [{"id": 1}], 1)
    assert copper.records("person", minimum_modified_date=5).records == [{"id": 1}]
    assert bodies(vendor) == [
        {
            "page_number": 1,
            "page_size": 200,
            "sort_by": "date_modified",
            "sort_direction": "asc",
            "minimum_modified_date": 5,
        }
    ]


def test_leads_are_asked_for_with_the_converted_ones(vendor: Any, copper: Copper) -> None:
    page(vendor, "leads", [])
    copper.records("lead")
    assert bodies(vendor)[0]["include_converted_leads"] is True


def test_activities_and_users_are_sent_no_sort_which_would_be_refused(vendor: Any, copper: Copper) -> None:
    page(vendor, "activities", [])
    page(vendor, "users", [])
    copper.activities(minimum_activity_date=1, maximum_activity_date=2)
    list(copper.users())
    assert [body.keys() & {"sort_by", "sort_direction"} for body in bodies(vendor)] == [set(), set()]


@pytest.mark.parametrize(
    ("length", "total", "last"),
    [(200, 200, False), (200, None, False), (199, 199, True), (199, None, True), (0, None, True), (150, 200, True)],
)
def test_a_page_is_the_last_if_it_is_short_and_no_more_can_match(
    vendor: Any, copper: Copper, length: int, total: int | None, last: bool
) -> None:
    page(vendor, "tasks", [{"id": number} for number in range(length)], total)
    found = next(copper.record_pages("task"))
    assert (len(found.records), found.last, found.total) == (length, last, total)


def test_activities_are_read_on_until_one_has_a_date(vendor: Any, copper: Copper) -> None:
    page(vendor, "activities", [{"id": 1, "is_deleted": True}] * 200, 450)
    page(vendor, "activities", [{"id": 2, "is_deleted": True}, {"id": 3, "activity_date": 9}], 450)
    found = copper.activities(minimum_activity_date=1, maximum_activity_date=2)
    assert {record["id"] for record in found.records} == {1, 2, 3} and not found.last
    assert [body["page_number"] for body in bodies(vendor)] == [1, 2]


def test_more_than_a_search_reaches_is_an_error_and_no_end(
    vendor: Any, copper: Copper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LAST_PAGE", 2)
    for _ in range(2):
        page(vendor, "tasks", [{"id": number} for number in range(200)], 1_000)
    pages = copper.record_pages("task")
    assert len([next(pages), next(pages)]) == 2
    with pytest.raises(TooMany, match="more than 100000 records match"):
        next(pages)


def test_a_total_beyond_what_can_be_reached_is_checked_at_once(vendor: Any, copper: Copper) -> None:
    page(vendor, "tasks", [{"id": number} for number in range(200)], 130_000)
    page(vendor, "tasks", [{"id": 1}], 130_000)
    with pytest.raises(TooMany):
        list(copper.record_pages("task"))
    assert [body["page_number"] for body in bodies(vendor)] == [1, 500]


@pytest.mark.parametrize("total", ["", "many", "-1", "٣"])
def test_a_total_that_is_no_number_says_nothing(vendor: Any, copper: Copper, total: str) -> None:
    vendor.post(f"{BASE}/tasks/search", json=[{"id": 1}], headers={"X-PW-TOTAL": total.encode().decode("latin-1")})
    found = copper.records("task")
    assert found.last and found.total is None


@pytest.mark.parametrize("body", [{}, "text", 3])
def test_a_search_that_answers_no_list_is_a_bad_payload(vendor: Any, copper: Copper, body: Any) -> None:
    vendor.post(f"{BASE}/people/search", json=body)
    with pytest.raises(BadPayload, match="a list was expected"):
        copper.records("person")


@pytest.mark.parametrize("body", [[], {"user": 1}, {"user": [], "system": {}}])
def test_activity_types_that_are_no_object_of_lists_are_a_bad_payload(vendor: Any, copper: Copper, body: Any) -> None:
    vendor.get(f"{BASE}/activity_types", json=body)
    with pytest.raises(BadPayload, match="an object of lists was expected"):
        copper.activity_types()


def test_activity_types_of_every_category_are_read(vendor: Any, copper: Copper) -> None:
    vendor.get(f"{BASE}/activity_types", json={"user": [{"id": 1}], "system": [{"id": 2}], "new": [{"id": 3}]})
    assert copper.activity_types().records == [{"id": 1}, {"id": 2}, {"id": 3}]


def tags(vendor: Any, names: list[Any], **parameters: str) -> None:
    matcher = responses.matchers.query_param_matcher({"sort_by": "name", **parameters})
    vendor.get(f"{BASE}/tags", json=[{"name": name} for name in names], match=[matcher])


def test_tags_are_read_from_the_last_name_on_until_nothing_new_comes(vendor: Any, copper: Copper) -> None:
    tags(vendor, ["a", "b"])
    tags(vendor, ["c"], last_tag_value="b")
    tags(vendor, [], last_tag_value="c")
    assert [[tag["name"] for tag in found.records] for found in copper.tags()] == [["a", "b"], ["c"], []]


def test_tags_of_a_server_that_does_not_page_end_too(vendor: Any, copper: Copper) -> None:
    tags(vendor, ["a", "b"])
    tags(vendor, ["a", "b"], last_tag_value="b")
    assert len(list(copper.tags())) == 2


def test_a_page_of_nothing_but_malformed_tags_ends_the_listing(vendor: Any, copper: Copper) -> None:
    vendor.get(f"{BASE}/tags", json=[None, "text", {"count": 1}])
    assert len(list(copper.tags())) == 1


@pytest.mark.parametrize("path", ["account", "account/"])
def test_only_the_account_says_that_the_key_is_wrong(vendor: Any, copper: Copper, path: str) -> None:
    vendor.get(f"{BASE}/{path}", status=401)
    with pytest.raises(Unauthorized, match="api_key is a valid key"):
        copper.listing(path)


def test_a_refusal_anywhere_else_is_one_of_that_resource(vendor: Any, copper: Copper) -> None:
    vendor.get(f"{BASE}/pipelines", status=401)
    vendor.post(f"{BASE}/people/search", status=401)
    with pytest.raises(Forbidden, match="not available to this key"):
        copper.listing("pipelines")
    with pytest.raises(Forbidden):
        copper.records("person")


@pytest.mark.parametrize(("status", "kind"), [(403, Forbidden), (404, NotFound), (422, Rejected), (429, RateLimited)])
def test_other_statuses_mean_what_they_say(vendor: Any, copper: Copper, status: int, kind: type[SourceError]) -> None:
    vendor.get(f"{BASE}/pipelines", status=status, json={"success": False, "status": status, "message": "No"})
    with pytest.raises(kind) as caught:
        copper.listing("pipelines")
    assert type(caught.value) is kind


def test_an_account_that_is_no_object_is_a_bad_payload(vendor: Any, copper: Copper) -> None:
    vendor.get(f"{BASE}/account", json=[])
    with pytest.raises(BadPayload, match="an object was expected"):
        copper.account()
