"""Listings that are read whole: what few may see, and what is optional."""

import pytest

from tests.pandadoc.account import DAY_SECONDS, account, family, landed_ids, only, synced


@pytest.mark.parametrize("status", [403, 500])
def test_a_folder_that_cannot_be_read_costs_only_what_lies_in_it(status: int) -> None:
    here = account(scale=0.3, settings={"streams": only("document_folder")})
    parents = [row["parent_uuid"] for row in here.vendor.truth()["document_folder"] if row["parent_uuid"]]
    here.refuse(f"parent_uuid={parents[0]}", status)
    here.sync()
    below = {parents[0]}
    truth = here.vendor.truth()["document_folder"]
    while more := {row["uuid"] for row in truth if row["parent_uuid"] in below} - below:
        below |= more
    assert landed_ids(here, "document_folder") == {row["uuid"] for row in truth} - below | {parents[0]}
    assert len(here.open_errors()) == 1
    here.heal()
    here.sync(full_pass_days="0")
    assert family(here, "document_folder") == [] and here.open_errors() == []


def test_what_only_administrators_of_the_organisation_see_is_skipped_with_one_warning_each_a_day() -> None:
    here = synced(organization_admin=False)
    assert sorted(each.split(":")[0] for each in here.destination.warnings) == ["user", "workspace"]
    found = here.differences()
    assert {each.split(" ")[0] for each in found} == {"user", "user_workspace", "workspace"}
    here.destination.warnings.clear()
    first = len(here.requests)
    here.sync()
    assert here.destination.warnings == [] and here.asked("/users|/workspaces", first) == []
    here.vendor.options.organization_admin = True
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_notaries_and_what_people_wish_for_sms_land_where_they_are_asked_for() -> None:
    tables = ("notary", "notarization_request", "sms_opt_out")
    here = synced(scale=0.05, settings={"streams": only(*tables)})
    assert {row["stream"] for row in here.open_errors()} == {"notary", "notarization_request"}  # Only with the add-on.
    here.clock.advance(DAY_SECONDS)
    here.vendor.options.notary = True
    request = {
        "id": "r1",
        "status": "SENT",
        "name": "Deed",
        "document_id": "d1",
        "created_by_user_id": "u1",
        "date_created": "2026-01-01T00:00:00Z",
        "date_started": None,
        "date_completed": None,
    }
    here.change_body("notarization-requests.*offset=0", lambda body: {"results": [request], "count": 1})
    here.sync()
    assert here.open_errors() == []
    store = here.vendor.store
    assert landed_ids(here, "notary") == set(store.kinds["notary"]) != set()
    assert landed_ids(here, "sms_opt_out") == set(store.kinds["opt_out"]) != set()
    assert here.destination.rows["notarization_request"]["r1",]["document_id"] == "d1"
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.destination.business() == 0
