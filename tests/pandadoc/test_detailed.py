"""Templates, the content library, the catalogue."""

from typing import Any

import pytest

from tests.pandadoc.account import account, family, landed_ids, only, synced


@pytest.mark.parametrize("table", ["template", "content_library_item"])
def test_only_what_changed_of_a_listing_with_dates_is_asked_for(table: str) -> None:
    here = synced(scale=0.3, settings={"streams": only(table)})
    first = len(here.requests)
    here.sync()
    assert here.asked("/details", first) == [] and here.destination.business() == 0
    one = here.vendor.store.living(table)[0]
    here.vendor.store.edit(one, {"name": "another name"})
    here.sync()
    assert [path.split("/")[-2] for path in here.asked("/details", first)] == [one.id]
    assert family(here, table) == []


@pytest.mark.parametrize("table", ["template", "content_library_item"])
def test_deleted_ones_leave_and_restored_ones_come_back(table: str) -> None:
    here = synced(scale=0.3, settings={"streams": only(table)})
    one, other = here.vendor.store.living(table)[:2]
    here.vendor.store.trash(one)
    here.sync()
    assert family(here, table) == []
    here.vendor.store.restore(one)
    here.vendor.store.trash(other)
    here.sync()
    assert family(here, table) == []


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_a_template_whose_details_fail_lands_as_listed_and_heals(status: int) -> None:
    here = account(scale=0.2, settings={"streams": only("template")})
    one = here.vendor.store.living("template")[0]
    here.refuse(f"/templates/{one.id}/details", status)
    here.sync()
    assert landed_ids(here, "template") == {row["id"] for row in here.vendor.truth()["template"]}
    assert bool(here.open_errors()) is (status != 409)
    here.heal()
    here.sync()
    assert family(here, "template") == [] and here.open_errors() == []
    assert here.destination.state["pending"] == {}


def test_a_template_that_fails_and_is_then_deleted_is_forgotten() -> None:
    here = account(scale=0.2, settings={"streams": only("template")})
    one = here.vendor.store.living("template")[0]
    here.refuse(f"/templates/{one.id}/details", 500)
    here.sync()
    here.heal()
    here.vendor.store.purge(one)
    here.sync()
    assert family(here, "template") == [] and here.open_errors() == []
    assert here.destination.state["pending"] == {}


@pytest.mark.parametrize("table", ["template", "content_library_item"])
def test_a_quiet_listing_costs_one_request_and_one_that_lacks_a_record_is_read_whole(table: str) -> None:
    here = synced(scale=0.3, settings={"streams": only(table)})
    first = len(here.requests)
    here.sync()
    assert len(here.requests) - first == 1
    here.vendor.store.purge(here.vendor.store.living(table)[0])
    here.sync()
    assert family(here, table) == [] and here.destination.business("delete") > 0
    assert here.asked("deleted=true", first) != []


def test_where_pages_are_shorter_than_asked_for_what_is_behind_them_is_not_taken_for_gone() -> None:
    here = synced(scale=0.3, settings={"streams": only("template")})
    serve = here.adapter.app

    def few_a_page(environ: Any, start_response: Any) -> Any:
        environ["QUERY_STRING"] = environ.get("QUERY_STRING", "").replace("count=100", "count=3")
        return serve(environ, start_response)

    here.adapter.app = few_a_page
    here.sync()
    assert family(here, "template") == [] and here.destination.business() == 0
