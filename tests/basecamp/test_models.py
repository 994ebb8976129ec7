"""The tables of Basecamp, without any request."""

from typing import Any

import pytest

from basecamp import models
from shared.tables import Drift, Rows, Table

PERSON = {"id": 7, "name": "Ida Quill", "avatar_url": "https://files.example/7"}
ENVELOPE = {
    "id": 1,
    "status": "active",
    "visible_to_clients": False,
    "created_at": "2026-01-02T03:04:05.678Z",
    "updated_at": "2026-01-03T03:04:05.678Z",
    "title": "One",
    "inherits_status": True,
    "type": "Todo",
    "url": "https://api.example/1.json",
    "app_url": "https://app.example/1",
    "bookmark_url": "https://app.example/b",
    "parent": {"id": 2, "title": "List", "type": "Todolist", "url": "u", "app_url": "a"},
    "bucket": {"id": 3, "name": "Garden", "type": "Project"},
    "creator": PERSON,
}


def rows(table: Table, **values: Any) -> Rows:
    """The rows of a record with this envelope; whatever does not fit fails the test."""
    drift = Drift()
    found = table.rows({**ENVELOPE, **values}, drift)
    assert (drift.keys, drift.values) == ({}, {})
    return found


def test_the_envelope_lands_ids_as_text_and_times_in_utc() -> None:
    row = rows(models.TODO).row
    assert (row["id"], row["bucket_id"], row["parent_id"], row["creator_id"]) == ("1", "3", "2", "7")
    assert (row["bucket_type"], row["parent_type"]) == ("Project", "Todolist")
    assert row["created_at"] == "2026-01-02T03:04:05.678000Z"


def test_a_time_with_an_offset_becomes_utc() -> None:
    row = rows(models.TODO, created_at="2026-01-02T03:04:05.678-06:00").row
    assert row["created_at"] == "2026-01-02T09:04:05.678000Z"


def test_an_id_above_what_a_double_holds_is_exact() -> None:
    assert rows(models.TODO, id=9_007_199_254_740_993).row["id"] == "9007199254740993"


@pytest.mark.parametrize("key", ["parent", "bucket", "creator", "completion", "position"])
def test_what_is_missing_or_null_lands_as_null(key: str) -> None:
    columns = [name for name in rows(models.TODO).row if name.startswith(key)]
    assert columns
    row = rows(models.TODO, **{key: None}).row
    assert {row[name] for name in columns} == {None}


def test_completion_is_flattened() -> None:
    row = rows(models.TODO, completed=True, completion={"created_at": "2026-02-01T00:00:00Z", "creator": PERSON}).row
    assert (row["completion_created_at"], row["completion_creator_id"]) == ("2026-02-01T00:00:00.000000Z", "7")


def test_people_in_a_list_are_rows_of_their_own_in_the_order_of_the_list() -> None:
    children = dict(rows(models.TODO, assignees=[{**PERSON, "id": 9}, PERSON]).children)
    assert children["todo_assignee"] == (
        {"todo_id": "1", "position": 0, "person_id": "9"},
        {"todo_id": "1", "position": 1, "person_id": "7"},
    )


def test_attachments_keep_what_identifies_a_file_and_no_signed_link() -> None:
    file = {
        "id": 5,
        "sgid": "signed",
        "filename": "plan.png",
        "content_type": "image/png",
        "byte_size": 12,
        "width": 3.5,
        "height": None,
        "download_url": "https://files.example/secret",
        "previewable": True,
    }
    assert rows(models.COMMENT, content="", content_attachments=[file]).row["content_attachments"] == [
        {"id": 5, "filename": "plan.png", "content_type": "image/png", "byte_size": 12}
    ]


@pytest.mark.parametrize(("value", "landed"), [([], []), (None, None)])
def test_no_attachments_are_an_empty_list_or_null_as_sent(value: Any, landed: Any) -> None:
    assert rows(models.COMMENT, content_attachments=value).row["content_attachments"] == landed


def test_an_entry_with_times_has_instants_and_the_dates_of_its_own_zone() -> None:
    row = rows(
        models.SCHEDULE_ENTRY,
        all_day=False,
        starts_at="2026-03-01T23:30:00.000-05:00",
        ends_at="2026-03-02T00:30:00.000-05:00",
    ).row
    assert (row["starts_at"], row["starts_at_utc"]) == ("2026-03-01T23:30:00.000-05:00", "2026-03-02T04:30:00.000000Z")
    assert (row["starts_on"], row["ends_on"]) == ("2026-03-01", "2026-03-02")


def test_an_all_day_entry_has_dates_only() -> None:
    row = rows(models.SCHEDULE_ENTRY, all_day=True, starts_at="2026-03-01", ends_at="2026-03-03").row
    assert (row["starts_at"], row["starts_on"], row["ends_on"]) == ("2026-03-01", "2026-03-01", "2026-03-03")
    assert (row["starts_at_utc"], row["ends_at_utc"]) == (None, None)


def test_hours_are_exact() -> None:
    assert rows(models.TIMESHEET_ENTRY, hours="0.1").row["hours"] == "0.1"


def test_the_sender_of_a_forward_has_a_column_whose_name_is_no_keyword() -> None:
    row = rows(models.FORWARD, **{"from": "Pell Orchard <pell@mail.example>"}).row
    assert row["from_line"] == "Pell Orchard <pell@mail.example>"
    assert "from" not in row


def test_a_webhook_lands_without_the_address_that_it_calls() -> None:
    found = models.WEBHOOK.rows(
        {
            "id": 1,
            "bucket_id": "3",
            "active": True,
            "types": ["all"],
            "payload_url": "https://hooks.example/secret",
            "recent_deliveries": [{"request": {}}],
        },
        Drift(),
    )
    assert "secret" not in repr(found)


def test_a_door_lands_the_address_outside_and_only_the_name_of_its_service() -> None:
    service = {"name": "Drawings", "code": "d", "example_url": "x"}
    row = rows(models.DOOR, url="https://drawings.example/1", service=service).row
    assert (row["url"], row["service"]) == ("https://drawings.example/1", {"name": "Drawings", "code": "d"})


def test_a_key_that_nobody_knows_is_drift() -> None:
    drift = Drift()
    models.TODO.rows({**ENVELOPE, "priority": 3}, drift)
    assert drift.keys == {"todo.priority": 1}


def test_no_two_tables_share_a_name_and_none_has_a_link_among_its_columns() -> None:
    schemas = [each for table in models.TABLES for each in table.schemas()]
    names = [each["table"] for each in schemas]
    assert len(names) == len(set(names))
    links = {(each["table"], name) for each in schemas for name in each["columns"] if name.endswith(("url", "sgid"))}
    assert links == {("door", "url")}


def test_every_row_has_exactly_the_columns_of_its_schema() -> None:
    for table in models.TABLES:
        record = {**ENVELOPE, **dict.fromkeys(table.key, "1")}
        found = table.rows(record, Drift())
        schema = {each["table"]: set(each["columns"]) for each in table.schemas()}
        assert found.row.keys() == schema[table.name]
