"""What must land, against what a stranger would read from the wire."""

from random import Random

import pytest

from sandbox.everyaction.exports import RESOURCES
from sandbox.everyaction.work import CHANGES
from tests.sandbox.everyaction.conftest import Reader

LISTS = {
    "campaign": "campaigns",
    "code": "codes",
    "activist_code": "activistCodes?statuses=Active,Archived",
    "location": "locations",
    "email_message": "email/messages",
    "online_form": "onlineActionsForms",
    "saved_list": "savedLists",
    "printed_list": "printedLists",
}


@pytest.fixture
def worked(everyaction: Reader) -> Reader:
    """An organisation at which every change has happened."""
    random, names = Random(1), set[str]()
    while len(names) < len(CHANGES):
        names |= set(everyaction.vendor.work(random, 20))
        everyaction.clock.time += 60
    return everyaction


@pytest.mark.parametrize("table", LISTS)
def test_a_table_has_the_rows_of_its_list(worked: Reader, table: str) -> None:
    listed = worked.every(LISTS[table])
    truth = worked.vendor.truth()[table]
    assert sorted(row.get("name") or row["form_name"] for row in truth) == sorted(
        each.get("name") or each["formName"] for each in listed
    )


@pytest.mark.parametrize("type", RESOURCES)
def test_a_table_has_the_rows_of_its_exports(worked: Reader, type: str) -> None:
    rows = worked.rows(type)
    table = "activist_codes_changes" if type == "ActivistCodes" else None
    [found] = [
        rows_of
        for name, rows_of in worked.vendor.truth().items()
        if name == table or name.replace("_", "") == type.lower()
    ]
    key = next(iter(rows[0]))
    assert sorted(row[key] for row in rows) == sorted(next(iter(row.values())) for row in found)
    assert sorted(row["ChangeTypeName"] for row in rows) == sorted(row["change_type_name"] for row in found)


def test_what_has_not_changed_for_90_days_is_in_no_export_and_in_no_truth(everyaction: Reader) -> None:
    every = {str(one.id) for one in everyaction.vendor.store.living("contact")}
    assert {row["VanID"] for row in everyaction.rows()} < every
    assert {row["van_id"] for row in everyaction.vendor.truth()["contacts"]} < every


def test_events_have_what_was_expanded(worked: Reader) -> None:
    events = worked.every("events?$top=50&$expand=locations,codes,shifts,roles")
    truth = worked.vendor.truth()
    for name in ("locations", "codes", "shifts", "roles"):
        assert len(truth[f"event_{name[:-1]}"]) == sum(len(each[name]) for each in events)


def test_what_is_gone_is_named_nowhere(worked: Reader) -> None:
    places = {row["location_id"] for row in worked.vendor.truth()["location"]}
    assert {row["location_id"] for row in worked.vendor.truth()["event_location"]} <= places


def test_the_companys_clients_and_people_are_supporters(everyaction: Reader) -> None:
    fields = [one.fields for one in everyaction.vendor.store.living("contact")]
    assert "Amber Bakeries" in {each.get("commonName") for each in fields}
    assert {"ember-pumps.example"} < {str(each["email"]).partition("@")[2] for each in fields}
