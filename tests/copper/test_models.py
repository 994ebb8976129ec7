"""What becomes of one record."""

from typing import Any

import pytest

from copper import fields, models
from shared.tables import Drift


def person(**changes: Any) -> dict[str, Any]:
    return {
        "id": 90210001,
        "name": "Rosa Lindqvist",
        "prefix": None,
        "first_name": "Rosa",
        "middle_name": None,
        "last_name": "Lindqvist",
        "suffix": None,
        "assignee_id": 5512,
        "company_id": 7003344,
        "address": {"street": "4 Quay Rd", "city": "Turku", "state": None, "postal_code": "20100", "country": "FI"},
        "company_name": "Lindqvist Boats",
        "contact_type_id": 61,
        "details": None,
        "title": "Owner",
        "emails": [{"email": "rosa@boats.example", "category": "work"}],
        "phone_numbers": [],
        "socials": [],
        "tags": ["regatta"],
        "websites": [{"url": "http://boats.example", "category": None}],
        "custom_fields": [],
        "date_created": 1735690000,
        "date_modified": 1735693600,
        "date_last_contacted": None,
        "interaction_count": 0,
        "leads_converted_from": [],
        "date_lead_created": None,
        **changes,
    }


def test_a_record_as_documented_is_no_drift() -> None:
    drift = Drift()
    rows = models.PERSON.rows(person(), drift)
    assert (drift.keys, drift.values) == ({}, {})
    assert rows.row["date_modified"] == "2025-01-01T01:06:40.000000Z"
    assert rows.row["address_city"] == "Turku" and rows.row["company_id"] == "7003344"


@pytest.mark.parametrize("value", ["2025-01-01", 1.5, True, 10**18])
def test_a_time_that_is_no_number_of_seconds_is_drift(value: Any) -> None:
    drift = Drift()
    assert models.PERSON.rows(person(date_created=value), drift).row["date_created"] is None
    assert len(drift.values) == 1


def test_custom_fields_that_are_no_list_are_drift() -> None:
    drift = Drift()
    models.PERSON.rows(person(custom_fields={"a": 1}), drift)
    assert list(drift.values) == ["person_custom_field: an object where a list belongs"]


def test_an_entry_of_custom_fields_that_is_no_object_is_drift() -> None:
    drift = Drift()
    entries = list(fields.values("text", "String", lambda second: str(second)))
    models.PERSON.rows(person(custom_field_values=entries), drift)
    assert drift.misfits == 1


def test_no_address_leaves_its_columns_empty() -> None:
    assert models.PERSON.rows(person(address=None), Drift()).row["address_street"] is None


@pytest.mark.parametrize("value", [None, "Open", {"id": 3, "name": "Won"}])
def test_old_and_new_values_of_activities_land_as_they_are(value: Any) -> None:
    record = {
        "id": 4120000009,
        "parent": {"id": 1, "type": "person"},
        "type": {"id": 1, "category": "system"},
        "old_value": value,
        "new_value": value,
    }
    row = models.ACTIVITY.rows(record, Drift()).row
    assert (row["old_value"], row["id"], row["type_name"]) == (value, "4120000009", None)
