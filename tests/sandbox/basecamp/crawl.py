"""Everything the account's lists tell, read naively to the end, in the shape of the tables.

It knows the vendor's paths and the columns, and nothing of the store: what it finds must be what `truth()`
says.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
RECORDINGS = {
    "comment": "Comment",
    "document": "Document",
    "door": "Door",
    "card": "Kanban::Card",
    "step": "Kanban::Step",
    "message": "Message",
    "question_answer": "Question::Answer",
    "schedule_entry": "Schedule::Entry",
    "todo": "Todo",
    "todolist": "Todolist",
    "upload": "Upload",
    "vault": "Vault",
}
TOOLS = {
    "todoset": ("todoset", "todosets"),
    "message_board": ("message_board", "message_boards"),
    "schedule": ("schedule", "schedules"),
    "questionnaire": ("questionnaire", "questionnaires"),
    "kanban_board": ("card_table", "card_tables"),
    "inbox": ("inbox", "inboxes"),
    "chat": ("campfire", "chats"),
    "vault": (None, "vaults"),
}
PEOPLE = {
    "todo": {"assignee": "assignees", "completion_subscriber": "completion_subscribers"},
    "card": {"assignee": "assignees", "completion_subscriber": "completion_subscribers"},
    "step": {"assignee": "assignees"},
    "schedule_entry": {"participant": "participants"},
    "card_table": {"subscriber": "subscribers"},
    "card_table_column": {"subscriber": "subscribers"},
}
JSON_COLUMNS = ("limits", "subscription", "settings", "schedule", "recurrence_schedule", "types", "details")
RENAMED = {"from_line": "from"}


class Crawl:
    """`reader` answers `all(path)` and `one(path)`; `columns` are the column names of each table."""

    def __init__(self, reader: Any, columns: Mapping[str, Iterable[str]]) -> None:
        self.reader = reader
        self.columns = columns
        self.tables: Tables = {name: [] for name in columns}

    def run(self, archived_by_bucket: bool = True) -> Tables:
        reader = self.reader
        self.add("account", reader.one("account.json"))
        projects = reader.all("projects.json") + reader.all("projects.json?status=archived")
        for project in projects:
            self.project(project)
        for person in reader.all("people.json"):
            self.add("person", person)
        archived = ",".join(str(project["id"]) for project in projects if project["status"] == "archived")
        for table, type_name in RECORDINGS.items():
            for status in ("active", "archived"):
                self.recordings(table, f"projects/recordings.json?type={type_name}&status={status}")
                if archived:
                    self.recordings(
                        table, f"projects/recordings.json?type={type_name}&status={status}&bucket={archived}"
                    )
        for gauge in reader.all("reports/gauges.json"):
            self.add("gauge", gauge)
        for status in ("active", "archived"):
            for template in reader.all(f"templates.json?status={status}"):
                self.add("template", template)
                self.dock("template", template)
        for marker in reader.one("lineup/markers.json"):
            self.add("lineup_marker", marker)
        self.events()
        return self.tables

    def add(self, table: str, payload: Row, **given: Any) -> None:
        self.tables[table].append({name: given.get(name, self.value(payload, name)) for name in self.columns[table]})
        for suffix, field in PEOPLE.get(table, {}).items():
            for position, person in enumerate(payload[field]):
                row = {f"{table}_id": str(payload["id"]), "position": position, "person_id": str(person["id"])}
                self.tables[f"{table}_{suffix}"].append(row)

    def value(self, payload: Row, name: str) -> Any:
        """A column's value by its name alone: the key itself, or a key of the object that the name starts
        with."""
        key = RENAMED.get(name, name)
        if key in payload:
            return clean(key, payload[key])
        for prefix in sorted(payload, key=len, reverse=True):
            if name.startswith(prefix + "_") and isinstance(payload[prefix], dict):
                inner = name.removeprefix(prefix + "_")
                if inner in payload[prefix] or isinstance(payload[prefix].get(inner.removesuffix("_id")), dict):
                    return self.value(payload[prefix], inner)
        return None

    def recordings(self, table: str, path: str) -> None:
        for row in self.reader.all(path):
            if table == "door" and row["status"] == "deleted":
                continue
            given: Row = {}
            if table == "schedule_entry":
                for end in ("starts", "ends"):
                    sent = row[f"{end}_at"]
                    given.update({f"{end}_at": sent, f"{end}_on": sent[:10]})
                    given[f"{end}_at_utc"] = None if row["all_day"] else instant(sent)
            if table == "door":
                given = {"service": {"name": row["service"]["name"], "code": row["service"]["code"]}}
            self.add(table, row, **given)

    def project(self, project: Row) -> None:
        reader, id = self.reader, project["id"]
        self.add("project", project)
        self.dock("project", project)
        for person in reader.all(f"projects/{id}/people.json"):
            self.tables["project_person"].append({"project_id": str(id), "person_id": str(person["id"])})
        for tool in project["dock"]:
            table, path = TOOLS[tool["name"]]
            payload = reader.one(f"{path}/{tool['id']}.json")
            if table:
                self.add(table, payload)
                getattr(self, table, lambda payload: None)(payload)
        for row in reader.all(f"buckets/{id}/categories.json"):
            self.add("message_type", row, bucket_id=str(id))
        for row in reader.all(f"buckets/{id}/webhooks.json"):
            self.add("webhook", row, bucket_id=str(id))
        for row in reader.all(f"projects/{id}/gauge/needles.json"):
            self.add("gauge_needle", row)
        if project["timesheet_enabled"]:
            for row in reader.all(f"projects/{id}/timesheet.json"):
                self.add("timesheet_entry", row)
        for row in reader.all(f"buckets/{id}/client/approvals.json"):
            self.add("client_approval", row)
            for position, response in enumerate(reader.one(f"client/approvals/{row['id']}.json")["responses"]):
                owner = {"client_approval_id": str(row["id"]), "position": position}
                self.add("client_approval_response", response, **owner)
            self.client_replies(row)
        for row in reader.all(f"buckets/{id}/client/correspondences.json"):
            self.add("client_correspondence", row)
            self.client_replies(row)

    def client_replies(self, parent: Row) -> None:
        for row in self.reader.all(f"buckets/{parent['bucket']['id']}/client/recordings/{parent['id']}/replies.json"):
            self.add("client_reply", row)

    def dock(self, table: str, owner: Row) -> None:
        for position, tool in enumerate(owner["dock"]):
            given = {f"{table}_id": str(owner["id"]), "position": position, "dock_position": tool["position"]}
            self.add(f"{table}_dock", tool, **given)

    def todoset(self, todoset: Row) -> None:
        chart = self.reader.one(f"todosets/{todoset['id']}/hill.json")
        self.add("hill_chart", chart, todoset_id=str(todoset["id"]))
        for position, dot in enumerate(chart["dots"]):
            given = {"todoset_id": str(todoset["id"]), "position": position, "todolist_id": str(dot["id"])}
            self.add("hill_chart_dot", dot, dot_position=dot["position"], **given)

    def questionnaire(self, questionnaire: Row) -> None:
        for row in self.reader.all(f"questionnaires/{questionnaire['id']}/questions.json"):
            self.add("question", row)

    def inbox(self, inbox: Row) -> None:
        for forward in self.reader.all(f"inboxes/{inbox['id']}/inbox_forwards.json"):
            self.add("forward", forward)
            for row in self.reader.all(f"inbox_forwards/{forward['id']}/replies.json"):
                self.add("forward_reply", row)

    def campfire(self, chat: Row) -> None:
        for line in self.reader.all(f"chats/{chat['id']}/lines.json?sort=created_at&direction=desc"):
            self.add("campfire_line", line)
            for position, file in enumerate(line.get("attachments", [])):
                given = {"campfire_line_id": str(line["id"]), "position": position}
                self.add("campfire_line_attachment", file, **given)

    def card_table(self, table: Row) -> None:
        for column in table["lists"]:
            self.add("card_table_column", column, card_table_id=str(table["id"]))
        for hole in table["wormholes"]:
            self.add("card_table_wormhole", hole, card_table_id=str(table["id"]))

    def events(self) -> None:
        for table in RECORDINGS:
            for row in list(self.tables[table]):
                for event in self.reader.all(f"recordings/{row['id']}/events.json"):
                    self.add("event", event, recording_id=row["id"])
        url = "events.json?since=0"
        while url:
            page = self.reader.one(url)
            for event in page["events"]:
                self.add("feed_event", event)
            url = page.get("next", "")


def clean(name: str, value: Any) -> Any:
    if name.endswith("_attachments"):
        kept = ("id", "filename", "content_type", "byte_size")
        return [{key: attachment[key] for key in kept} for attachment in value]
    if name in JSON_COLUMNS:
        return value
    if (name == "id" or name.endswith("_id")) and value is not None:
        return str(value)
    if name.endswith("_at") and isinstance(value, str):
        return instant(value)
    return value


def instant(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def differences(found: Tables, truth: Tables) -> dict[str, list[Any]]:
    """Rows that only one side has, a few of each table."""
    result = {}
    for table, rows in truth.items():
        ours, theirs = [sorted(map(repr, map(_sorted, side))) for side in (found[table], rows)]
        if ours != theirs:
            only_found, only_true = set(ours) - set(theirs), set(theirs) - set(ours)
            result[table] = [len(ours), len(theirs), sorted(only_found)[:2], sorted(only_true)[:2]]
    return result


def _sorted(row: Row) -> list[Any]:
    return sorted((key, repr(value)) for key, value in row.items())
