"""What goes wrong is a row that lasts as long as the error, one warning a stream, and holds no secret."""

import json
from typing import Any

import pytest

from shared.errors import BadPayload, Forbidden, NotFound, Unavailable
from shared.journal import (
    LONGEST_PAYLOAD,
    LONGEST_POSITION,
    MOST_OPEN_ERRORS,
    OTHERS,
    SYSTEM_TABLES,
    Journal,
    schemas,
    shown_position,
)
from shared.redaction import Secrets
from shared.tables import Child, Column, Drift, Table
from shared.tally import Tally
from shared.types import STRING
from tests.depth import prove
from tests.destination import Destination

CANARY = "canary-secret-1234"
PERSON = Table("person", ("id",), (Column("id", STRING),), (Child("person_tag", "tags", (Column("tag", STRING),)),))


@pytest.fixture
def destination() -> Destination:
    return Destination([schema for table in SYSTEM_TABLES for schema in table.schemas()])


def journal(destination: Destination, opened: dict[str, Any], now: str = "2026-01-01T00:00:00Z") -> Journal:
    return Journal(destination, opened, lambda: now, Secrets(CANARY))


def rows(destination: Destination) -> list[dict[str, Any]]:
    destination.commit()
    found = destination.rows["errors"].values()
    return sorted(found, key=lambda row: (row["stream"], row["record_id"], row["category"]))


def test_an_error_is_a_row(destination: Destination) -> None:
    error = NotFound("gone", method="GET", url="https://source.test/1", status=404)
    journal(destination, {}).note("person", error, record_id="1", payload={"id": 1})
    (row,) = rows(destination)
    assert row.pop("id")
    assert row == {
        "stream": "person",
        "record_id": "1",
        "category": "not_found",
        "status": 404,
        "method": "GET",
        "url": "https://source.test/1",
        "message": "gone",
        "payload": {"id": 1},
        "attempts": 1,
        "first_seen_at": "2026-01-01T00:00:00Z",
        "last_seen_at": "2026-01-01T00:00:00Z",
        "resolved_at": None,
    }


def test_the_same_error_of_the_next_sync_touches_the_same_row(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    journal(destination, opened, "2026-01-01T00:00:00Z").note("person", BadPayload("odd"), record_id="1")
    journal(destination, opened, "2026-01-02T00:00:00Z").note("person", BadPayload("still odd"), record_id="1")
    (row,) = rows(destination)
    assert (row["attempts"], row["message"]) == (2, "still odd")
    assert (row["first_seen_at"], row["last_seen_at"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")


def test_an_error_that_is_met_twice_in_one_sync_is_one_attempt(destination: Destination) -> None:
    ours = journal(destination, {})
    ours.note("person", BadPayload("odd"), record_id="1")
    ours.note("person", BadPayload("odd"), record_id="1")
    (row,) = rows(destination)
    assert row["attempts"] == 1
    assert ours.count("person") == 2


def test_other_streams_records_and_categories_are_other_rows(destination: Destination) -> None:
    ours = journal(destination, {})
    ours.note("person", BadPayload("odd"), record_id="1")
    ours.note("person", BadPayload("odd"), record_id="2")
    ours.note("person", NotFound("gone"), record_id="1")
    ours.note("task", BadPayload("odd"), record_id="1")
    assert len(rows(destination)) == 4


def test_an_error_that_did_not_come_back_is_resolved(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    first = journal(destination, opened)
    first.note("person", BadPayload("odd"), record_id="1")
    first.note("person", BadPayload("odd"), record_id="2")
    second = journal(destination, opened, "2026-01-02T00:00:00Z")
    second.note("person", BadPayload("odd"), record_id="2")
    second.resolve("person")
    assert [row["resolved_at"] for row in rows(destination)] == ["2026-01-02T00:00:00Z", None]
    assert len(opened) == 1


def test_one_record_can_be_resolved_alone(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    first = journal(destination, opened)
    for record in ("1", "2"):
        first.note("person", BadPayload("odd"), record_id=record)
    journal(destination, opened).resolve("person", "1")
    assert [row["resolved_at"] is None for row in rows(destination)] == [False, True]


def test_the_errors_of_another_stream_stay_open(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    journal(destination, opened).note("person", BadPayload("odd"))
    journal(destination, opened).resolve("task")
    assert rows(destination)[0]["resolved_at"] is None


def test_an_error_that_comes_back_after_it_was_resolved_is_open_again(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    journal(destination, opened).note("person", BadPayload("odd"))
    journal(destination, opened).resolve("person")
    journal(destination, opened, "2026-01-03T00:00:00Z").note("person", BadPayload("odd"))
    (row,) = rows(destination)
    assert row["resolved_at"] is None and row["attempts"] == 1


def test_a_stream_is_warned_of_once_with_the_count_of_each_category(destination: Destination) -> None:
    ours = journal(destination, {})
    for number in range(30):
        ours.note("person", BadPayload("odd"), record_id=str(number))
    ours.note("person", Forbidden("closed"))
    ours.warn("person")
    ours.warn("task")
    assert len(destination.warnings) == 1
    assert "31 problems (bad_payload 30, permission 1)" in destination.warnings[0]
    assert "odd" in destination.warnings[0]


def test_no_secret_is_in_any_row_or_warning(destination: Destination) -> None:
    ours = journal(destination, {})
    error = Unavailable(f"broke at {CANARY}", url=f"https://source.test/{CANARY}", method="GET")
    ours.note("person", error, payload={"a": [{"b": CANARY}], "c": (CANARY,)})
    ours.note("task", error, payload=f"text with {CANARY}")
    ours.warn("person")
    assert CANARY not in repr(rows(destination)) + repr(destination.warnings)


def test_a_payload_is_cut_where_it_is_endless(destination: Destination) -> None:
    ours = journal(destination, {})
    ours.note("person", BadPayload("odd"), payload="x" * 100_000)
    ours.note("task", BadPayload("odd"), payload={"text": "x" * 100_000})
    assert all(len(row["payload"]["text"]) == LONGEST_PAYLOAD for row in rows(destination))


def test_drift_is_a_row_for_each_place_with_how_often_it_was_met(destination: Destination) -> None:
    drift = Drift()
    for _ in range(3):
        drift.key("person.nickname")
    drift.value("person.born_on: text that is not a date")
    drift.change("person.balance: more digits")
    drift.leave("person.address: a record without id")
    journal(destination, {}).note_drift("person", drift)
    found = {row["record_id"]: row for row in rows(destination)}
    told = {each: row["message"].partition("records")[2] for each, row in found.items()}
    assert told == {
        "person.nickname": ": it is not landed",
        "person.born_on: text that is not a date": ": landed as NULL",
        "person.balance: more digits": ": what is nearest to it landed",
        "person.address: a record without id": ": it is not landed",
    }
    assert {row["category"] for row in found.values()} == {"schema_drift"}
    assert "3 records" in found["person.nickname"]["message"]


def test_drift_of_every_sync_is_one_row(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    for times in (3, 5):
        drift = Drift(keys={"person.nickname": times})
        journal(destination, opened).note_drift("person", drift)
    assert len(rows(destination)) == 1


def test_what_is_remembered_of_open_errors_is_bounded(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    ours = journal(destination, opened)
    for number in range(MOST_OPEN_ERRORS + 50):
        ours.note("person", BadPayload("odd"), record_id=str(number))
    assert len(opened) == MOST_OPEN_ERRORS
    assert len(rows(destination)) == MOST_OPEN_ERRORS + 50


def with_further(destination: Destination, opened: dict[str, Any], further: dict[str, str], day: int) -> Journal:
    saved = json.loads(json.dumps(further))
    return Journal(destination, opened, lambda: f"2026-01-0{day}T00:00:00.250Z", Secrets(CANARY), saved)


@pytest.mark.parametrize("amount", [MOST_OPEN_ERRORS + 500, prove(100_000)])
def test_however_many_errors_heal_each_gets_its_time_and_nothing_is_remembered(
    destination: Destination, amount: int
) -> None:
    opened: dict[str, Any] = {}
    first = with_further(destination, opened, {}, 1)
    for number in range(amount):
        first.note("person", BadPayload("odd"), record_id=str(number))
    first.note("task", BadPayload("odd"), record_id="7")
    assert len(json.dumps(first.further)) < 30 * amount
    second = with_further(destination, opened, first.further, 2)
    for number in range(amount - 100, amount):
        second.note("person", BadPayload("odd"), record_id=str(number))
    second.resolve("person", str(amount - 200))
    found = {row["record_id"]: row for row in rows(destination)}
    assert [number for number, row in found.items() if row["resolved_at"]] == [str(amount - 200)]
    assert found[str(amount - 1)]["attempts"] == 2
    assert found[str(amount - 1)]["first_seen_at"] == "2026-01-01T00:00:00.250Z"
    third = with_further(destination, opened, second.further, 3)
    third.resolve("person")
    assert [row["stream"] for row in rows(destination) if row["resolved_at"] is None] == ["task"]
    assert opened == {} and len(third.further) == 1


def test_what_is_left_behind_of_the_further_ones_is_known_too(destination: Destination) -> None:
    opened: dict[str, Any] = {}
    first = with_further(destination, opened, {}, 1)
    for number in range(MOST_OPEN_ERRORS + 2):
        first.note("person", BadPayload("odd"), record_id=str(number), behind=number > MOST_OPEN_ERRORS)
    with_further(destination, opened, first.further, 2).resolve("person", unless_behind=True)
    assert [row["record_id"] for row in rows(destination) if row["resolved_at"] is None] == [str(MOST_OPEN_ERRORS + 1)]


def test_beyond_all_that_the_others_of_one_kind_are_one_row_that_heals(
    destination: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.journal.MOST_OPEN_ERRORS", 3)
    monkeypatch.setattr("shared.journal.MOST_FURTHER_ERRORS", 4)
    opened: dict[str, Any] = {}
    first = with_further(destination, opened, {}, 1)
    for number in range(10):
        first.note("person", BadPayload("odd"), record_id=str(number), payload={"id": number})
    first.note("person", NotFound("gone"), record_id="1")
    assert first.count("person") == 11
    found = [(row["record_id"], row["category"]) for row in rows(destination)]
    assert found == [(OTHERS, "bad_payload"), (OTHERS, "not_found"), *((str(each), "bad_payload") for each in range(7))]
    assert rows(destination)[0]["message"] == "this and others beside: odd" and rows(destination)[0]["attempts"] == 1
    with_further(destination, opened, first.further, 2).resolve("person")
    assert all(row["resolved_at"] for row in rows(destination))


def test_a_stream_has_one_row_of_metadata(destination: Destination) -> None:
    for number in (1, 2):
        ours = journal(destination, {})
        ours.note("person", BadPayload("odd"))
        ours.record(
            "person",
            mode="changes",
            started_at="2026-01-01T00:00:00Z",
            completed_at=None,
            rows=number,
            deletes=0,
            tally=Tally(requests=4, retries=1, throttled_seconds=0.12345),
            position=7,
        )
    destination.commit()
    assert destination.rows["sync_metadata"]["person",] == {
        "stream": "person",
        "last_started_at": "2026-01-01T00:00:00Z",
        "last_completed_at": None,
        "mode": "changes",
        "rows": 2,
        "deletes": 0,
        "requests": 4,
        "retries": 1,
        "throttled_seconds": 0.123,
        "errors": 1,
        "position": "7",
    }


@pytest.mark.parametrize(
    "position, shown",
    [
        (None, None),
        ("2026-01-01", '"2026-01-01"'),
        ({"b": {"ids": "x" * 500}, "a": 7}, '{"a": 7, "b": {"ids": "..."}}'),
        ({"missed": ["1"] * 500}, '{"missed": "..."}'),
        ("x" * 200, '"..."'),
    ],
)
def test_a_position_is_shown_without_its_long_parts(position: Any, shown: str | None) -> None:
    assert shown_position(position) == shown


def test_a_position_of_many_parts_is_cut() -> None:
    assert len(shown_position({str(number): "x" for number in range(1_000)}) or "") == LONGEST_POSITION


def test_the_schema_has_every_table_with_its_children_and_the_system_tables() -> None:
    names = [table["table"] for table in schemas([PERSON], {})]
    assert names == ["person", "person_tag", "errors", "sync_metadata"]


@pytest.mark.parametrize(("value", "raw"), [("true", True), (" TRUE ", True), ("false", False), ("", False)])
def test_the_raw_columns_are_in_the_schema_where_they_are_wanted(value: str, raw: bool) -> None:
    tables = {table["table"]: table["columns"] for table in schemas([PERSON], {"keep_raw": value})}
    assert ("raw" in tables["person"], "raw" in tables["person_tag"], "raw" in tables["errors"]) == (raw, raw, False)
