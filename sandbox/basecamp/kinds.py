"""The kinds of recordings: their wire types, their paths, and which optional envelope parts they carry.

basecamp.md 6 and 11; which parts a kind has is read off the example payloads.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`type` is the wire type ("" where a record carries its own); `path` the collection segment of its
    URL."""

    name: str
    type: str
    path: str
    subscription: bool = False
    comments: bool = False
    boosts: bool = False
    position: bool = False
    listed: bool = False
    tool: str = ""


KINDS = {
    kind.name: kind
    for kind in (
        Kind("todoset", "Todoset", "todosets", subscription=True, position=True, tool="todoset"),
        Kind("todolist", "Todolist", "todolists", True, True, True, True, listed=True),
        Kind("todo", "Todo", "todos", True, True, True, True, listed=True),
        Kind("step", "Kanban::Step", "card_tables/steps", position=True, listed=True),
        Kind("message_board", "Message::Board", "message_boards", position=True, tool="message_board"),
        Kind("message", "Message", "messages", True, True, True, listed=True),
        Kind("comment", "Comment", "comments", boosts=True, listed=True),
        Kind("schedule", "Schedule", "schedules", position=True, tool="schedule"),
        Kind("schedule_entry", "Schedule::Entry", "schedule_entries", True, True, True, listed=True),
        Kind("questionnaire", "Questionnaire", "questionnaires", position=True, tool="questionnaire"),
        Kind("question", "Question", "questions", subscription=True),
        Kind("question_answer", "Question::Answer", "question_answers", True, True, True, listed=True),
        Kind("vault", "Vault", "vaults", position=True, listed=True, tool="vault"),
        Kind("document", "Document", "documents", True, True, True, True, listed=True),
        Kind("upload", "Upload", "uploads", True, True, True, True, listed=True),
        Kind("cloud_file", "CloudFile", "cloud_files", True, True, True, True),
        Kind("google_document", "GoogleDocument", "google_documents", True, True, True, True),
        Kind("door", "Door", "dock/doors", subscription=True, position=True, listed=True),
        Kind("card_table", "Kanban::Board", "card_tables", subscription=True, position=True, tool="kanban_board"),
        Kind("card_table_column", "", "card_tables/columns", subscription=True, position=True),
        Kind("card_table_wormhole", "Kanban::Wormhole", "card_tables"),
        Kind("card", "Kanban::Card", "card_tables/cards", True, True, True, True, listed=True),
        Kind("campfire", "Chat::Transcript", "chats", subscription=True, position=True, tool="chat"),
        Kind("campfire_line", "", "lines", boosts=True),
        Kind("inbox", "Inbox", "inboxes", position=True, tool="inbox"),
        Kind("forward", "Inbox::Forward", "inbox_forwards", subscription=True),
        Kind("forward_reply", "Inbox::Reply", "inbox_replies", boosts=True),
        Kind("client_board", "Client::Board", "client/board"),
        Kind("client_approval", "Client::Approval", "client/approvals", subscription=True),
        Kind("client_approval_response", "Client::Approval::Response", ""),
        Kind("client_correspondence", "Client::Correspondence", "client/correspondences", subscription=True),
        Kind("client_reply", "Client::Reply", "client/replies"),
        Kind("timesheet", "Timesheet", "timesheets"),
        Kind("timesheet_entry", "Timesheet::Entry", "timesheet/entries"),
        Kind("gauge", "Gauge", "gauge"),
        Kind("gauge_needle", "Gauge::Needle", "gauge/needles", True, True, True, True),
    )
}
BY_TYPE = {kind.type: kind for kind in KINDS.values() if kind.type}
BY_TOOL = {kind.tool: kind for kind in KINDS.values() if kind.tool}
LISTED_TYPES = {kind.type: kind.name for kind in KINDS.values() if kind.listed}
COLUMN_TYPES = ("Kanban::Triage", "Kanban::NotNowColumn", "Kanban::Column", "Kanban::DoneColumn")
TOOL_TITLES = {
    "message_board": "Message Board",
    "todoset": "To-dos",
    "vault": "Docs & Files",
    "schedule": "Schedule",
    "chat": "Chat",
    "kanban_board": "Card Table",
    "questionnaire": "Automatic Check-ins",
    "inbox": "Email Forwards",
}


def kind_of(type_name: str) -> str | None:
    """The kind of a wire type, or None for a type that is not simulated."""
    if type_name in BY_TYPE:
        return BY_TYPE[type_name].name
    if type_name in COLUMN_TYPES:
        return "card_table_column"
    return "campfire_line" if type_name.startswith("Chat::Lines::") else None
