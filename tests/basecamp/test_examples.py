"""Examples in the shapes that the vendor documents: each fits the tables, and an account made of them lands whole."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from basecamp import models
from shared.tables import Drift, Table
from tests.basecamp.account import Account
from tests.basecamp.examples import FOLDER
from tests.contract.world import canonical

FILES: dict[str, tuple[str, ...]] = {
    "account": ("account",),
    "campfire": ("campfire", "campfires_list"),
    "campfire_line": ("campfire_line", "campfire_line_rich_text", "campfire_lines_list", "campfire_uploads_list"),
    "card": ("card_table_card", "card_table_cards_list"),
    "card_table": ("card_table",),
    "card_table_column": ("card_table_column",),
    "client_approval": ("client_approval", "client_approvals_list"),
    "client_correspondence": ("client_correspondence", "client_correspondences_list"),
    "client_reply": ("client_reply", "client_replies_list"),
    "comment": ("comment", "comments_list", "everything_comments_list"),
    "document": ("document", "documents_list"),
    "door": ("recordings_door_list",),
    "event": ("events_list",),
    "forward": ("forward", "forwards_list", "everything_forwards_list"),
    "forward_reply": ("inbox_reply", "inbox_replies_list"),
    "gauge": ("gauges_list",),
    "gauge_needle": ("gauge_needle", "gauge_needles_list"),
    "hill_chart": ("hill_chart",),
    "inbox": ("inbox",),
    "lineup_marker": ("lineup_markers_list",),
    "message": ("message", "messages_list", "everything_messages_list"),
    "message_board": ("message_board",),
    "message_type": ("message_type", "message_types_list"),
    "person": ("person", "people_list"),
    "project": ("project", "projects_list"),
    "question": ("question", "questions_list"),
    "question_answer": ("question_answer", "question_answers_list", "everything_checkins_list"),
    "questionnaire": ("questionnaire",),
    "schedule": ("schedule",),
    "schedule_entry": ("schedule_entry", "schedule_entries_list"),
    "template": ("template", "templates_list"),
    "timesheet_entry": (
        "timesheet_entry",
        "timesheet_project_list",
        "timesheet_recording_list",
        "timesheet_report_list",
    ),
    "todo": ("todo", "todos_list"),
    "todolist": ("todolist", "todolist_group", "todolist_groups_list", "todolists_list"),
    "todoset": ("todoset",),
    "upload": ("upload", "uploads_list"),
    "vault": ("vault", "vaults_list"),
    "webhook": ("webhook", "webhooks_list"),
}
"""The examples of each table. `step` and `card_table_wormhole` come inside others."""
OTHER_SHAPES = re.compile("webhook|search|timeline|my_")
FROM_THE_ADDRESS = {
    "message_type": "bucket_id",
    "webhook": "bucket_id",
    "hill_chart": "todoset_id",
    "card_table_column": "card_table_id",
}
"""What a record gets from the address that it was asked for at."""
NOT_IN_THEIR_LISTING = {"account", "hill_chart", "event", "webhook", "message_type", "card_table_column"}


def tables() -> dict[str, Table]:
    return {table.name: table for table in models.TABLES}


def examples(table: str) -> Iterator[tuple[str, Any]]:
    """The records of the files of one table, with what only the address would tell."""
    for name in FILES[table]:
        content = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        for record in content if isinstance(content, list) else [content]:
            yield name, {**record, **({FROM_THE_ADDRESS[table]: 1} if table in FROM_THE_ADDRESS else {})}


def inside(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner)


@pytest.fixture(scope="module")
def landed() -> Account:
    account = Account(payloads=FOLDER, streams="event,feed_event")
    account.sync()
    return account


@pytest.mark.parametrize("table", FILES)
def test_an_example_fits_its_table_without_drift(table: str) -> None:
    drift = Drift()
    for _, record in examples(table):
        rows = tables()[table].rows(record, drift)
        assert rows.row
    assert (drift.keys, drift.values) == ({}, {})


@pytest.mark.parametrize(
    ("table", "kind", "extra"),
    [
        ("step", "Kanban::Step", {}),
        ("card_table_wormhole", "Kanban::Wormhole", {"card_table_id": 1}),
        ("card", "Kanban::Card", {}),
        ("comment", "Comment", {}),
        ("message", "Message", {}),
        ("document", "Document", {}),
        ("upload", "Upload", {}),
        ("question_answer", "Question::Answer", {}),
        ("schedule_entry", "Schedule::Entry", {}),
    ],
)
def test_what_comes_inside_others_fits_its_table_too(table: str, kind: str, extra: dict[str, Any]) -> None:
    drift, met = Drift(), 0
    for path in sorted(FOLDER.glob("*.json")):
        for record in inside(json.loads(path.read_text("utf-8"))):
            if record.get("type") == kind and "inherits_status" in record and not OTHER_SHAPES.match(path.name):
                tables()[table].rows({**record, **extra}, drift)
                met += 1
    assert met
    assert (drift.keys, drift.values) == ({}, {})


def test_the_events_of_the_feed_fit_their_table() -> None:
    drift = Drift()
    for record in json.loads((FOLDER / "event_feed_poll.json").read_text("utf-8"))["events"]:
        models.FEED_EVENT.rows(record, drift)
    assert (drift.keys, drift.values) == ({}, {})


def test_the_extra_of_a_recurring_entry_fits_its_table() -> None:
    extra = json.loads((FOLDER / "schedule_entry_recurrence_fragment.json").read_text("utf-8"))
    drift = Drift()
    for _, record in examples("schedule_entry"):
        row = models.SCHEDULE_ENTRY.rows({**record, **extra}, drift).row
        assert row["recurrence_schedule"] == extra["recurrence_schedule"]
    assert (drift.keys, drift.values) == ({}, {})


def test_an_account_of_the_examples_lands_without_an_error(landed: Account) -> None:
    assert landed.errors() == [] and landed.destination.warnings == []
    assert landed.destination.errors == []


def test_an_account_of_the_examples_lands_as_it_is(landed: Account) -> None:
    assert landed.differences() == []


def test_an_account_of_the_examples_that_did_not_change_sends_no_row() -> None:
    account = Account(payloads=FOLDER)
    account.sync()
    account.sync()
    assert account.destination.business() == 0


@pytest.mark.parametrize("table", sorted(FILES.keys() - NOT_IN_THEIR_LISTING))
def test_every_example_arrives_with_every_value_of_its_file(landed: Account, table: str) -> None:
    ids = Counter(str(record["id"]) for _, record in examples(table))
    for name, record in examples(table):
        if ids[str(record["id"])] > 1 and not newest(table, record):
            continue
        wanted = tables()[table].rows(record, Drift())
        row = landed.rows(table).get(str(record["id"]))
        assert row is not None, f"{name}.json {record['id']} did not arrive"
        values = {column: value for column, value in wanted.row.items() if value is not None}
        if table == "person":
            # Other examples hold the same people, at other times.
            del values["created_at"], values["updated_at"]
        assert canonical({column: row[column] for column in values}) == canonical(values), name


def newest(table: str, record: Mapping[str, Any]) -> bool:
    """Whether no other example of the same record is fuller or newer: one id has one payload in an account."""
    others = [other for _, other in examples(table) if other["id"] == record["id"]]
    return max(others, key=lambda other: (len(other), other["updated_at"])) == record
