"""The tables of Basecamp: every column typed and declared once (basecamp.md 6 and 11).

A person inside a record lands as an id; people are a table of their own. Addresses, signed ids and
whatever a record repeats of another one are left out: they change without the record changing.
"""

from collections.abc import Mapping
from typing import Any

from shared.tables import (
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    JSON,
    LONG,
    NAIVE_DATE,
    STRING,
    UTC_DATETIME,
    Child,
    Column,
    Misfit,
    Table,
)

ADDRESSES = ("url", "app_url", "*_url", "*sgid", "bookmarked", "starred")
EMBEDDED = ("creator.*", "parent.*", "bucket.*")
"""What a record repeats of its creator, parent and project."""


def attachments(key: str) -> Column:
    """The files in a rich text: what identifies them, without the links that are signed at every read."""

    def pick(record: Mapping[str, Any]) -> Any:
        files = record.get(key)
        if not isinstance(files, list):
            if files is None:
                return None
            raise Misfit("no list where one belongs")
        return [
            {name: file.get(name) for name in ("id", "filename", "content_type", "byte_size")}
            if isinstance(file, Mapping)
            else file
            for file in files
        ]

    return Column(key, JSON, pick, reads=(key,))


def people(name: str, source: str) -> Child:
    """The people in a list of a record."""
    return Child(name, source, (Column("person_id", STRING, "id"),), left_out=("*",))


TIMES = (Column("created_at", UTC_DATETIME), Column("updated_at", UTC_DATETIME))
ENVELOPE = (
    Column("id", STRING),
    Column("status", STRING),
    Column("visible_to_clients", BOOLEAN),
    *TIMES,
    Column("title", STRING),
    Column("inherits_status", BOOLEAN),
    Column("type", STRING),
    Column("bucket_id", STRING, "bucket.id"),
    Column("bucket_type", STRING, "bucket.type"),
    Column("creator_id", STRING, "creator.id"),
)
PARENT = (Column("parent_id", STRING, "parent.id"), Column("parent_type", STRING, "parent.type"))
POSITION = (Column("position", LONG),)
COMMENTS = (Column("comments_count", LONG),)
BOOSTS = (Column("boosts_count", LONG),)
COMPLETION = (
    Column("completed", BOOLEAN),
    Column("completion_created_at", UTC_DATETIME, "completion.created_at"),
    Column("completion_creator_id", STRING, "completion.creator.id"),
)
SUBTASKS = (Column("subtasks_count", LONG), Column("subtasks_completed_count", LONG))


def recording(name: str, *columns: Column, children: tuple[Child, ...] = (), left_out: tuple[str, ...] = ()) -> Table:
    """A table of recordings: the envelope, then what is particular to this kind."""
    return Table(
        name, key=("id",), columns=(*ENVELOPE, *columns), children=children, left_out=(*ADDRESSES, *EMBEDDED, *left_out)
    )


def dock(name: str) -> Child:
    """The tools of a project or template."""
    return Child(
        name,
        "dock",
        (
            Column("id", STRING),
            Column("title", STRING),
            Column("name", STRING),
            Column("enabled", BOOLEAN),
            Column("dock_position", LONG, "position"),
        ),
        left_out=("url", "app_url"),
    )


def service(record: Mapping[str, Any]) -> Any:
    """The service behind an external link, without the examples for its form."""
    value = record.get("service")
    return {name: value.get(name) for name in ("name", "code")} if isinstance(value, Mapping) else value


def timed(name: str) -> Column:
    """The instant of a schedule entry that is not all day: all-day ones carry dates."""

    def pick(record: Mapping[str, Any]) -> Any:
        return None if record.get("all_day") else record.get(name)

    return Column(f"{name}_utc", UTC_DATETIME, pick, reads=(name, "all_day"))


def date_of(name: str, key: str) -> Column:
    """The calendar date in a text that may go on with a time."""

    def pick(record: Mapping[str, Any]) -> Any:
        value = record.get(key)
        return value[:10] if isinstance(value, str) else value

    return Column(name, NAIVE_DATE, pick, reads=(key,))


ACCOUNT = Table(
    "account",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("name", STRING),
        Column("owner_name", STRING),
        Column("active", BOOLEAN),
        Column("trial", BOOLEAN),
        Column("trial_ends_on", NAIVE_DATE),
        Column("frozen", BOOLEAN),
        Column("paused", BOOLEAN),
        Column("limits", JSON),
        Column("subscription", JSON),
        Column("settings", JSON),
        *TIMES,
    ),
    left_out=(*ADDRESSES, "logo"),
)

PROJECT = Table(
    "project",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("status", STRING),
        Column("name", STRING),
        Column("description", STRING),
        Column("purpose", STRING),
        Column("clients_enabled", BOOLEAN),
        Column("timesheet_enabled", BOOLEAN),
        Column("all_access", BOOLEAN),
        Column("last_needle_color", STRING),
        Column("last_needle_position", LONG),
        Column("previous_needle_position", LONG),
        Column("client_company_id", STRING, "client_company.id"),
        Column("client_company_name", STRING, "client_company.name"),
        Column("start_date", NAIVE_DATE),
        Column("end_date", NAIVE_DATE),
        *TIMES,
    ),
    children=(dock("project_dock"),),
    left_out=(*ADDRESSES, "color", "wallpaper", "people", "clientside"),
)
"""Colours and stars are those of the person who reads; `people` is a sample, see `project_person`."""

PERSON = Table(
    "person",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("name", STRING),
        Column("personable_type", STRING),
        Column("title", STRING),
        Column("tagline", STRING),
        Column("location", STRING),
        Column("email_address", STRING),
        Column("bio", STRING),
        Column("admin", BOOLEAN),
        Column("owner", BOOLEAN),
        Column("client", BOOLEAN),
        Column("employee", BOOLEAN),
        Column("time_zone", STRING),
        Column("can_ping", BOOLEAN),
        Column("can_manage_projects", BOOLEAN),
        Column("can_manage_people", BOOLEAN),
        Column("can_access_timesheet", BOOLEAN),
        Column("can_access_hill_charts", BOOLEAN),
        Column("company_id", STRING, "company.id"),
        Column("company_name", STRING, "company.name"),
        Column("system_label", STRING),
        Column("out_of_office", JSON),
        *TIMES,
    ),
    left_out=ADDRESSES,
)

PROJECT_PERSON = Table(
    "project_person",
    key=("project_id", "person_id"),
    columns=(Column("project_id", STRING), Column("person_id", STRING, "id")),
    left_out=("*",),
)

TODOSET = recording(
    "todoset",
    *POSITION,
    Column("name", STRING),
    Column("completed", BOOLEAN),
    Column("completed_ratio", STRING),
    Column("todos_count", LONG),
    Column("todolists_count", LONG),
    Column("completed_loose_todos_count", LONG),
    left_out=("todolists",),
)
TODOLIST = recording(
    "todolist",
    *PARENT,
    *POSITION,
    *COMMENTS,
    *BOOSTS,
    Column("name", STRING),
    Column("description", STRING),
    attachments("description_attachments"),
    Column("completed", BOOLEAN),
    Column("completed_ratio", STRING),
    Column("color", STRING),
)
"""To-do lists and the groups inside them, which have a list as their parent."""
TODO = recording(
    "todo",
    *PARENT,
    *POSITION,
    *COMMENTS,
    *BOOSTS,
    Column("content", STRING),
    Column("description", STRING),
    attachments("description_attachments"),
    *COMPLETION,
    Column("starts_on", NAIVE_DATE),
    Column("due_on", NAIVE_DATE),
    Column("repetition_schedule", JSON),
    *SUBTASKS,
    children=(people("todo_assignee", "assignees"), people("todo_completion_subscriber", "completion_subscribers")),
    left_out=("steps", "completion.creator.*"),
)
STEP = recording(
    "step",
    *PARENT,
    *POSITION,
    *COMPLETION,
    Column("due_on", NAIVE_DATE),
    children=(people("step_assignee", "assignees"),),
    left_out=("completion.creator.*",),
)
"""Steps of cards and subtasks of to-dos: the same kind."""

MESSAGE_BOARD = recording("message_board", *POSITION, Column("messages_count", LONG))
MESSAGE = recording(
    "message",
    *PARENT,
    *COMMENTS,
    *BOOSTS,
    Column("subject", STRING),
    Column("content", STRING),
    attachments("content_attachments"),
    Column("category_id", STRING, "category.id"),
    Column("category_name", STRING, "category.name"),
    Column("category_icon", STRING, "category.icon"),
    left_out=("category.created_at", "category.updated_at"),
)
MESSAGE_TYPE = Table(
    "message_type",
    key=("bucket_id", "id"),
    columns=(Column("id", STRING), Column("bucket_id", STRING), Column("name", STRING), Column("icon", STRING), *TIMES),
    left_out=ADDRESSES,
)
COMMENT = recording("comment", *PARENT, *BOOSTS, Column("content", STRING), attachments("content_attachments"))

SCHEDULE = recording("schedule", *POSITION, Column("include_due_assignments", BOOLEAN), Column("entries_count", LONG))
SCHEDULE_ENTRY = recording(
    "schedule_entry",
    *PARENT,
    *COMMENTS,
    *BOOSTS,
    Column("summary", STRING),
    Column("description", STRING),
    attachments("description_attachments"),
    Column("all_day", BOOLEAN),
    Column("highlighted", BOOLEAN),
    Column("starts_at", STRING),
    Column("ends_at", STRING),
    timed("starts_at"),
    timed("ends_at"),
    date_of("starts_on", "starts_at"),
    date_of("ends_on", "ends_at"),
    Column("recurrence_schedule", JSON),
    children=(people("schedule_entry_participant", "participants"),),
)
"""`starts_at` and `ends_at` are as sent: dates where `all_day`, else times (basecamp.md 11.10)."""

QUESTIONNAIRE = recording("questionnaire", *POSITION, Column("name", STRING), Column("questions_count", LONG))
QUESTION = recording(
    "question", *PARENT, Column("paused", BOOLEAN), Column("schedule", JSON), Column("answers_count", LONG)
)
QUESTION_ANSWER = recording(
    "question_answer",
    *PARENT,
    *COMMENTS,
    *BOOSTS,
    Column("content", STRING),
    attachments("content_attachments"),
    Column("group_on", NAIVE_DATE),
)

VAULT = recording(
    "vault",
    *PARENT,
    *POSITION,
    Column("documents_count", LONG),
    Column("uploads_count", LONG),
    Column("vaults_count", LONG),
)
DOCUMENT = recording(
    "document", *PARENT, *POSITION, *COMMENTS, *BOOSTS, Column("content", STRING), attachments("content_attachments")
)
UPLOAD = recording(
    "upload",
    *PARENT,
    *POSITION,
    *COMMENTS,
    *BOOSTS,
    Column("description", STRING),
    attachments("description_attachments"),
    Column("content_type", STRING),
    Column("byte_size", LONG),
    Column("filename", STRING),
    Column("width", DOUBLE),
    Column("height", DOUBLE),
)
DOOR = Table(
    "door",
    key=("id",),
    columns=(
        *ENVELOPE,
        *POSITION,
        Column("url", STRING),
        Column("service", JSON, service, reads=("service",)),
        Column("description", STRING),
    ),
    left_out=(*ADDRESSES[1:], *EMBEDDED, "description_attachments"),
)
"""`url` is the outside address (basecamp.md 11.14)."""

CARD_TABLE = recording(
    "card_table",
    *POSITION,
    children=(people("card_table_subscriber", "subscribers"),),
    left_out=("lists", "wormholes", "parent"),
)
CARD_TABLE_COLUMN = recording(
    "card_table_column",
    *PARENT,
    *POSITION,
    Column("card_table_id", STRING),
    Column("description", STRING),
    Column("color", STRING),
    Column("cards_count", LONG),
    Column("comment_count", LONG),
    Column("on_hold_id", STRING, "on_hold.id"),
    Column("on_hold_status", STRING, "on_hold.status"),
    Column("on_hold_title", STRING, "on_hold.title"),
    Column("on_hold_cards_count", LONG, "on_hold.cards_count"),
    children=(people("card_table_column_subscriber", "subscribers"),),
    left_out=("comments_count", "on_hold.*"),
)
CARD_TABLE_WORMHOLE = recording(
    "card_table_wormhole",
    *PARENT,
    Column("card_table_id", STRING),
    Column("color", STRING),
    Column("linked", BOOLEAN),
    left_out=("position",),
)
CARD = recording(
    "card",
    *PARENT,
    *POSITION,
    *COMMENTS,
    *BOOSTS,
    Column("content", STRING),
    Column("description", STRING),
    attachments("description_attachments"),
    *COMPLETION,
    Column("due_on", NAIVE_DATE),
    *SUBTASKS,
    children=(people("card_assignee", "assignees"), people("card_completion_subscriber", "completion_subscribers")),
    left_out=("steps", "comment_count", "content_attachments", "completion.creator.*"),
)

CAMPFIRE = recording("campfire", *POSITION, Column("topic", STRING))
CAMPFIRE_LINE = recording(
    "campfire_line",
    *PARENT,
    *BOOSTS,
    Column("content", STRING),
    children=(
        Child(
            "campfire_line_attachment",
            "attachments",
            (
                Column("title", STRING),
                Column("filename", STRING),
                Column("content_type", STRING),
                Column("byte_size", LONG),
            ),
            left_out=("id", "url"),
        ),
    ),
    left_out=("content_attachments",),
)

INBOX = recording("inbox", *POSITION, Column("forwards_count", LONG))
FORWARD = recording(
    "forward",
    *PARENT,
    Column("subject", STRING),
    Column("content", STRING),
    attachments("content_attachments"),
    Column("from_line", STRING, "from"),
    Column("replies_count", LONG),
)
FORWARD_REPLY = recording(
    "forward_reply", *PARENT, *BOOSTS, Column("content", STRING), attachments("content_attachments")
)

CLIENT_APPROVAL = recording(
    "client_approval",
    *PARENT,
    Column("subject", STRING),
    Column("content", STRING),
    attachments("content_attachments"),
    Column("due_on", NAIVE_DATE),
    Column("replies_count", LONG),
    Column("approval_status", STRING),
    Column("approver_id", STRING, "approver.id"),
    children=(
        Child(
            "client_approval_response",
            "responses",
            (
                Column("id", STRING),
                Column("status", STRING),
                *TIMES,
                Column("title", STRING),
                Column("type", STRING),
                Column("content", STRING),
                Column("approved", BOOLEAN),
                Column("creator_id", STRING, "creator.id"),
            ),
            left_out=(
                "app_url",
                "visible_to_clients",
                "inherits_status",
                "parent",
                "bucket",
                "content_attachments",
                "creator.*",
            ),
        ),
    ),
    left_out=("approver.*",),
)
CLIENT_CORRESPONDENCE = recording(
    "client_correspondence",
    *PARENT,
    Column("subject", STRING),
    Column("content", STRING),
    attachments("content_attachments"),
    Column("replies_count", LONG),
)
CLIENT_REPLY = recording("client_reply", *PARENT, Column("content", STRING), attachments("content_attachments"))

TIMESHEET_ENTRY = recording(
    "timesheet_entry",
    *PARENT,
    Column("date", NAIVE_DATE),
    Column("description", STRING),
    Column("hours", DECIMAL),
    Column("person_id", STRING, "person.id"),
    left_out=("person.*",),
)

GAUGE = recording(
    "gauge",
    Column("description", STRING),
    attachments("description_attachments"),
    Column("enabled", BOOLEAN),
    Column("last_needle_color", STRING),
    Column("last_needle_position", LONG),
    Column("previous_needle_position", LONG),
)
GAUGE_NEEDLE = recording(
    "gauge_needle",
    *PARENT,
    *POSITION,
    *COMMENTS,
    *BOOSTS,
    Column("description", STRING),
    attachments("description_attachments"),
    Column("color", STRING),
    left_out=("comment_count",),
)
HILL_CHART = Table(
    "hill_chart",
    key=("todoset_id",),
    columns=(
        Column("todoset_id", STRING),
        Column("enabled", BOOLEAN),
        Column("stale", BOOLEAN),
        Column("updated_at", UTC_DATETIME),
    ),
    children=(
        Child(
            "hill_chart_dot",
            "dots",
            (
                Column("todolist_id", STRING, "id"),
                Column("label", STRING),
                Column("color", STRING),
                Column("dot_position", LONG, "position"),
            ),
            left_out=("url", "app_url"),
        ),
    ),
    left_out=ADDRESSES,
)

WEBHOOK = Table(
    "webhook",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("bucket_id", STRING),
        Column("active", BOOLEAN),
        Column("types", JSON),
        *TIMES,
    ),
    left_out=(*ADDRESSES, "recent_deliveries"),
)
"""The receiver's address may hold secrets: it ends in `_url` and is left out like all of them."""
TEMPLATE = Table(
    "template",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("status", STRING),
        Column("name", STRING),
        Column("description", STRING),
        *TIMES,
    ),
    children=(dock("template_dock"),),
    left_out=ADDRESSES,
)
LINEUP_MARKER = Table(
    "lineup_marker",
    key=("id",),
    columns=(Column("id", STRING), Column("name", STRING), Column("date", NAIVE_DATE), *TIMES),
    left_out=ADDRESSES,
)

EVENT = Table(
    "event",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("recording_id", STRING),
        Column("action", STRING),
        Column("details", JSON),
        Column("created_at", UTC_DATETIME),
        Column("creator_id", STRING, "creator.id"),
        Column("performed_by_id", STRING, "performed_by.id"),
        Column("boosts_count", LONG),
    ),
    left_out=(*ADDRESSES, "creator.*", "performed_by.*"),
)
FEED_EVENT = Table(
    "feed_event",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("kind", STRING),
        Column("action", STRING),
        Column("event_type", STRING),
        Column("bucket_id", STRING),
        Column("creator_id", STRING),
        Column("performed_by_id", STRING),
        Column("recording_id", STRING),
        Column("created_at", UTC_DATETIME),
        Column("details", JSON),
    ),
)

TABLES = tuple(value for value in globals().values() if isinstance(value, Table))
