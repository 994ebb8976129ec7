"""The tables of Basecamp: every column typed and declared once (basecamp.md 6 and 11).

A person inside a record lands as an id; people are a table of their own. Addresses, signed ids and
whatever a record repeats of another one are left out: they change without the record changing.
"""

from collections.abc import Mapping
from typing import Any

from shared.tables import Child, Column, Table, columns
from shared.types import BOOLEAN, DECIMAL, DOUBLE, JSON, LONG, NAIVE_DATE, STRING, UTC_DATETIME, Misfit

ADDRESSES = ("url", "app_url", "*_url", "*sgid", "bookmarked", "starred")
EMBEDDED = ("creator.*", "parent.*", "bucket.*")
"""What a record repeats of its creator, parent and project."""


def only(value: Any, *names: str) -> Any:
    """These keys of an object; anything else as it came."""
    return {name: value.get(name) for name in names} if isinstance(value, Mapping) else value


def attachments(key: str) -> Column:
    """The files in a rich text: what identifies them, without the links that are signed at every read."""

    def pick(record: Mapping[str, Any]) -> Any:
        files = record.get(key)
        if not isinstance(files, list):
            if files is None:
                return None
            raise Misfit("no list where one belongs")
        return [only(file, "id", "filename", "content_type", "byte_size") for file in files]

    return Column(key, JSON, pick, reads=(key,))


def people(name: str, source: str) -> Child:
    """The people in a list of a record."""
    return Child(name, source, (Column("person_id", STRING, "id"),), left_out=("*",))


TIMES = columns(UTC_DATETIME, "created_at updated_at")
ENVELOPE = (
    *columns(STRING, "id status"),
    Column("visible_to_clients", BOOLEAN),
    *TIMES,
    Column("title", STRING),
    Column("inherits_status", BOOLEAN),
    *columns(STRING, "type bucket.id bucket.type creator.id"),
)
PARENT = columns(STRING, "parent.id parent.type")
POSITION = columns(LONG, "position")
BOOSTS = columns(LONG, "boosts_count")
DISCUSSED = (*columns(LONG, "comments_count"), *BOOSTS)
COMPLETION = (
    Column("completed", BOOLEAN),
    Column("completion_created_at", UTC_DATETIME, "completion.created_at"),
    Column("completion_creator_id", STRING, "completion.creator.id"),
)
CONTENT = (Column("content", STRING), attachments("content_attachments"))
DESCRIPTION = (Column("description", STRING), attachments("description_attachments"))
SUBTASKS = columns(LONG, "subtasks_count subtasks_completed_count")


def recording(name: str, *own: Column, children: tuple[Child, ...] = (), left_out: tuple[str, ...] = ()) -> Table:
    """A table of recordings: the envelope, then what is particular to this kind."""
    return Table(
        name, key=("id",), columns=(*ENVELOPE, *own), children=children, left_out=(*ADDRESSES, *EMBEDDED, *left_out)
    )


def dock(name: str) -> Child:
    """The tools of a project or template."""
    return Child(
        name,
        "dock",
        (*columns(STRING, "id title name"), Column("enabled", BOOLEAN), Column("dock_position", LONG, "position")),
        left_out=("url", "app_url"),
    )


def service(record: Mapping[str, Any]) -> Any:
    """The service behind an external link, without the examples for its form."""
    return only(record.get("service"), "name", "code")


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
        *columns(STRING, "id name owner_name"),
        *columns(BOOLEAN, "active trial"),
        Column("trial_ends_on", NAIVE_DATE),
        *columns(BOOLEAN, "frozen paused"),
        *columns(JSON, "limits subscription settings"),
        *TIMES,
    ),
    left_out=(*ADDRESSES, "logo"),
)

PROJECT = Table(
    "project",
    key=("id",),
    columns=(
        *columns(STRING, "id status name description purpose"),
        *columns(BOOLEAN, "clients_enabled timesheet_enabled all_access"),
        Column("last_needle_color", STRING),
        *columns(LONG, "last_needle_position previous_needle_position"),
        *columns(STRING, "client_company.id client_company.name"),
        *columns(NAIVE_DATE, "start_date end_date"),
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
        *columns(STRING, "id name personable_type title tagline location email_address bio"),
        *columns(BOOLEAN, "admin owner client employee"),
        Column("time_zone", STRING),
        *columns(BOOLEAN, "can_ping can_manage_projects can_manage_people can_access_timesheet can_access_hill_charts"),
        *columns(STRING, "company.id company.name system_label"),
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
    *columns(LONG, "todos_count todolists_count completed_loose_todos_count"),
    left_out=("todolists",),
)
TODOLIST = recording(
    "todolist",
    *PARENT,
    *POSITION,
    *DISCUSSED,
    Column("name", STRING),
    *DESCRIPTION,
    Column("completed", BOOLEAN),
    *columns(STRING, "completed_ratio color"),
)
"""To-do lists and the groups inside them, which have a list as their parent."""
TODO = recording(
    "todo",
    *PARENT,
    *POSITION,
    *DISCUSSED,
    Column("content", STRING),
    *DESCRIPTION,
    *COMPLETION,
    *columns(NAIVE_DATE, "starts_on due_on"),
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
    *DISCUSSED,
    Column("subject", STRING),
    *CONTENT,
    *columns(STRING, "category.id category.name category.icon"),
    left_out=("category.created_at", "category.updated_at"),
)
MESSAGE_TYPE = Table(
    "message_type",
    key=("bucket_id", "id"),
    columns=(Column("id", STRING), Column("bucket_id", STRING), Column("name", STRING), Column("icon", STRING), *TIMES),
    left_out=ADDRESSES,
)
COMMENT = recording("comment", *PARENT, *BOOSTS, *CONTENT)

SCHEDULE = recording("schedule", *POSITION, Column("include_due_assignments", BOOLEAN), Column("entries_count", LONG))
SCHEDULE_ENTRY = recording(
    "schedule_entry",
    *PARENT,
    *DISCUSSED,
    Column("summary", STRING),
    *DESCRIPTION,
    *columns(BOOLEAN, "all_day highlighted"),
    *columns(STRING, "starts_at ends_at"),
    timed("starts_at"),
    timed("ends_at"),
    date_of("starts_on", "starts_at"),
    date_of("ends_on", "ends_at"),
    Column("recurrence_schedule", JSON),
    children=(people("schedule_entry_participant", "participants"),),
    left_out=("join_url",),
)
"""`starts_at` and `ends_at` are as sent: dates where `all_day`, else times (basecamp.md 11.10). Whoever has `join_url`
can join the meeting."""

QUESTIONNAIRE = recording("questionnaire", *POSITION, Column("name", STRING), Column("questions_count", LONG))
QUESTION = recording(
    "question", *PARENT, Column("paused", BOOLEAN), Column("schedule", JSON), Column("answers_count", LONG)
)
QUESTION_ANSWER = recording("question_answer", *PARENT, *DISCUSSED, *CONTENT, Column("group_on", NAIVE_DATE))

VAULT = recording("vault", *PARENT, *POSITION, *columns(LONG, "documents_count uploads_count vaults_count"))
DOCUMENT = recording("document", *PARENT, *POSITION, *DISCUSSED, *CONTENT)
UPLOAD = recording(
    "upload",
    *PARENT,
    *POSITION,
    *DISCUSSED,
    *DESCRIPTION,
    Column("content_type", STRING),
    Column("byte_size", LONG),
    Column("filename", STRING),
    *columns(DOUBLE, "width height"),
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
    *columns(STRING, "card_table_id description color"),
    *columns(LONG, "cards_count comment_count"),
    *columns(STRING, "on_hold.id on_hold.status on_hold.title"),
    Column("on_hold_cards_count", LONG, "on_hold.cards_count"),
    children=(people("card_table_column_subscriber", "subscribers"),),
    left_out=("comments_count", "on_hold.*"),
)
CARD_TABLE_WORMHOLE = recording(
    "card_table_wormhole",
    *PARENT,
    *columns(STRING, "card_table_id color"),
    Column("linked", BOOLEAN),
    left_out=("position",),
)
CARD = recording(
    "card",
    *PARENT,
    *POSITION,
    *DISCUSSED,
    Column("content", STRING),
    *DESCRIPTION,
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
            (*columns(STRING, "title filename content_type"), Column("byte_size", LONG)),
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
    *CONTENT,
    Column("from_line", STRING, "from"),
    Column("replies_count", LONG),
)
FORWARD_REPLY = recording("forward_reply", *PARENT, *BOOSTS, *CONTENT)

CLIENT_APPROVAL = recording(
    "client_approval",
    *PARENT,
    Column("subject", STRING),
    *CONTENT,
    Column("due_on", NAIVE_DATE),
    Column("replies_count", LONG),
    *columns(STRING, "approval_status approver.id"),
    children=(
        Child(
            "client_approval_response",
            "responses",
            (
                *columns(STRING, "id status"),
                *TIMES,
                *columns(STRING, "title type content"),
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
    "client_correspondence", *PARENT, Column("subject", STRING), *CONTENT, Column("replies_count", LONG)
)
CLIENT_REPLY = recording("client_reply", *PARENT, *CONTENT)

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
    *DESCRIPTION,
    Column("enabled", BOOLEAN),
    Column("last_needle_color", STRING),
    *columns(LONG, "last_needle_position previous_needle_position"),
)
GAUGE_NEEDLE = recording(
    "gauge_needle", *PARENT, *POSITION, *DISCUSSED, *DESCRIPTION, Column("color", STRING), left_out=("comment_count",)
)
HILL_CHART = Table(
    "hill_chart",
    key=("todoset_id",),
    columns=(Column("todoset_id", STRING), *columns(BOOLEAN, "enabled stale"), Column("updated_at", UTC_DATETIME)),
    children=(
        Child(
            "hill_chart_dot",
            "dots",
            (
                Column("todolist_id", STRING, "id"),
                *columns(STRING, "label color"),
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
    columns=(*columns(STRING, "id bucket_id"), Column("active", BOOLEAN), Column("types", JSON), *TIMES),
    left_out=(*ADDRESSES, "recent_deliveries"),
)
"""The receiver's address may hold secrets: it ends in `_url` and is left out like all of them."""
TEMPLATE = Table(
    "template",
    key=("id",),
    columns=(*columns(STRING, "id status name description"), *TIMES),
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
        *columns(STRING, "id recording_id action"),
        Column("details", JSON),
        Column("created_at", UTC_DATETIME),
        *columns(STRING, "creator.id performed_by.id"),
        Column("boosts_count", LONG),
    ),
    left_out=(*ADDRESSES, "creator.*", "performed_by.*"),
)
FEED_EVENT = Table(
    "feed_event",
    key=("id",),
    columns=(
        *columns(STRING, "id kind action event_type bucket_id creator_id performed_by_id recording_id"),
        Column("created_at", UTC_DATETIME),
        Column("details", JSON),
    ),
)

TABLES = tuple(value for value in globals().values() if isinstance(value, Table))
