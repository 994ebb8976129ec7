"""Tables and fields of the simulated Airtable, against airtable.md A5 and A6."""

from typing import Any

import pytest

from tests.sandbox.airtable.conftest import CLIENT_FIELDS, Asker

TABLES = "meta/bases/{base}/tables"
FIELDS = f"{TABLES}/Clients/fields"


def test_the_schema_lists_tables_with_their_fields(airtable: Asker) -> None:
    clients, deals = airtable.got("GET", TABLES)["tables"]
    assert [field["name"] for field in clients["fields"]] == [*(one["name"] for one in CLIENT_FIELDS), "Deals"]
    assert clients["primaryFieldId"] == clients["fields"][0]["id"]
    assert clients["fields"][3]["options"] == {"dateFormat": {"name": "iso", "format": "YYYY-MM-DD"}}
    link, inverse = deals["fields"][1], clients["fields"][-1]
    assert link["options"]["inverseLinkFieldId"] == inverse["id"]
    assert inverse["options"]["inverseLinkFieldId"] == link["id"]
    assert all(choice["id"].startswith("sel") for choice in clients["fields"][6]["options"]["choices"])


def test_a_base_is_listed_with_the_permission(airtable: Asker) -> None:
    [base] = airtable.got("GET", "meta/bases")["bases"]
    assert (base["id"], base["permissionLevel"]) == (airtable.base, "create")
    assert airtable.got("GET", "meta/whoami")["id"].startswith("usr")


@pytest.mark.parametrize(
    ("body", "type"),
    [
        ({"name": "clients", "fields": [{"name": "a", "type": "email"}]}, "DUPLICATE_TABLE_NAME"),
        (
            {
                "name": "New",
                "fields": [{"name": "a", "type": "checkbox", "options": {"icon": "check", "color": "greenBright"}}],
            },
            "INVALID_PRIMARY_FIELD_TYPE",
        ),
        ({"name": "New", "fields": []}, "INVALID_REQUEST_UNKNOWN"),
        ({"name": "New", "fields": [{"name": "a", "type": "email"}], "primaryFieldId": "a"}, "INVALID_REQUEST_UNKNOWN"),
        (
            {"name": "New", "fields": [{"name": "a", "type": "email"}, {"name": "A", "type": "url"}]},
            "DUPLICATE_OR_EMPTY_FIELD_NAME",
        ),
        (
            {"name": "New", "fields": [{"name": "a", "type": "email"}], "description": "x" * 20_001},
            "INVALID_REQUEST_UNKNOWN",
        ),
    ],
)
def test_a_table_that_does_not_fit_is_refused_whole(airtable: Asker, body: dict[str, Any], type: str) -> None:
    assert airtable.refused("POST", TABLES, body) == (422, type)
    assert len(airtable.vendor.store.tables) == 2


OPTIONS = "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"


@pytest.mark.parametrize(
    ("field", "type"),
    [
        ({"name": "KEY", "type": "email"}, "DUPLICATE_OR_EMPTY_FIELD_NAME"),
        ({"name": " ", "type": "email"}, "DUPLICATE_OR_EMPTY_FIELD_NAME"),
        ({"name": "x", "type": "number"}, OPTIONS),
        ({"name": "x", "type": "number", "options": {"precision": 9}}, OPTIONS),
        ({"name": "x", "type": "currency", "options": {"precision": 2}}, OPTIONS),
        ({"name": "x", "type": "email", "options": {"precision": 1}}, OPTIONS),
        ({"name": "x", "type": "date", "options": {"dateFormat": {"name": "iso", "format": "LL"}}}, OPTIONS),
        (
            {
                "name": "x",
                "type": "dateTime",
                "options": {"timeZone": "UTC", "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}},
            },
            OPTIONS,
        ),
        ({"name": "x", "type": "checkbox", "options": {"icon": "check", "color": "green"}}, OPTIONS),
        ({"name": "x", "type": "singleSelect", "options": {"choices": [{"name": "a"}, {"name": "a"}]}}, OPTIONS),
        ({"name": "x", "type": "multipleRecordLinks", "options": {"linkedTableId": "tbl" + "0" * 14}}, OPTIONS),
        ({"name": "x", "type": "rating", "options": {"icon": "star", "color": "redBright", "max": 11}}, OPTIONS),
        ({"name": "x", "type": "formula", "options": {"formula": "1"}}, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"),
        ({"name": "x", "type": "nothing"}, "INVALID_REQUEST_UNKNOWN"),
    ],
)
def test_a_field_that_does_not_fit_is_refused(airtable: Asker, field: dict[str, Any], type: str) -> None:
    assert airtable.refused("POST", FIELDS, field) == (422, type)


def test_a_field_changes_its_name_and_description_only(airtable: Asker) -> None:
    id = airtable.table().primary.id
    changed = airtable.got("PATCH", f"{FIELDS}/{id}", {"name": "Title", "description": "What it is called"})
    assert (changed["name"], changed["description"]) == ("Title", "What it is called")
    assert airtable.refused("PATCH", f"{FIELDS}/{id}", {"type": "email"})[0] == 422
    assert airtable.refused("PATCH", f"{FIELDS}/{id}", {"options": {}})[0] == 422
    assert airtable.refused("PATCH", f"{FIELDS}/{id}", {"name": "key"})[0] == 422


def test_a_table_changes_its_name_and_description(airtable: Asker) -> None:
    changed = airtable.got("PATCH", f"{TABLES}/Clients", {"name": "Customers", "description": "Who pays"})
    assert (changed["name"], changed["description"]) == ("Customers", "Who pays")
    assert airtable.refused("PATCH", f"{TABLES}/Customers", {"name": "deals"}) == (422, "DUPLICATE_TABLE_NAME")


def test_a_link_to_the_own_table_has_no_other_end(airtable: Asker) -> None:
    id = airtable.table().id
    made = airtable.got(
        "POST", FIELDS, {"name": "Parent", "type": "multipleRecordLinks", "options": {"linkedTableId": id}}
    )
    assert "inverseLinkFieldId" not in made["options"]
    [parent] = airtable.write({"Key": "p"})
    [child] = airtable.write({"Key": "c", "Parent": [parent["id"]]})
    airtable.got("DELETE", f"{{base}}/Clients?records[]={parent['id']}")
    assert airtable.rows() == [{"id": child["id"], "Key": "c"}]


def test_a_field_that_a_person_deletes_takes_its_cells_and_its_other_end_along(airtable: Asker) -> None:
    [client] = airtable.write({"Key": "k", "Name": "n"})
    airtable.write({"Client": [client["id"]]}, table="Deals")
    deals = airtable.table("Deals")
    link = deals.field("Client")
    assert link is not None
    airtable.vendor.store.remove_field(deals, link)
    assert airtable.table().field("Deals") is None
    assert airtable.rows() == [{"id": client["id"], "Key": "k", "Name": "n"}]
