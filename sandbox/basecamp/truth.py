"""What a warehouse must hold: every table of the account, worked out from the store alone.

Ids are text, instants are UTC text, dates are ISO text, hours are the decimal text the entry was made with.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Person, Recording
from sandbox.basecamp.store import Store

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def truth(store: Store, options: Options) -> Tables:
    """All tables by name; opt-in tables too."""
    return _Truth(store, options).tables()


class _Truth:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.rows: Tables = {name: [] for name in TABLES}
        self.buckets = {bucket.id for bucket in store.projects() if bucket.status != "trashed"}

    def tables(self) -> Tables:
        self.account()
        for bucket in self.store.projects():
            if bucket.status != "trashed":
                self.project(bucket)
        for person in self.store.people.values():
            if not person.gone:
                self.rows["person"].append(self.person(person))
        for kind, describe in DESCRIPTIONS.items():
            for recording in self.store.kinds[kind].values():
                if self.landed(recording):
                    row = self.envelope(recording)
                    row.update(describe(self, recording))
                    self.rows[kind].append(row)
        self.lists_of_people()
        self.items()
        self.history()
        return self.rows

    def landed(self, recording: Recording) -> bool:
        """Whether some list shows it: not trashed, not a draft, in a project that is seen and not trashed.
        What has neither a recordings type nor a status parameter vanishes when it is archived itself, and
        with its parent."""
        store, kind = self.store, KINDS[recording.kind]
        if recording.bucket.id not in self.buckets or store.status(recording) not in ("active", "archived"):
            return False
        if kind.listed or recording.parent is None:
            return recording.status == "active" or kind.listed
        if recording.kind == "timesheet_entry":
            return recording.status == "active" and recording.bucket.timesheet_enabled
        return recording.status == "active" and self.reachable(recording.parent)

    def reachable(self, recording: Recording) -> bool:
        return recording.kind == "client_board" or self.landed(recording)

    def envelope(self, recording: Recording) -> Row:
        kind = recording.kind
        parent = recording.parent
        row: Row = {
            "id": str(recording.id),
            "status": self.store.status(recording),
            "visible_to_clients": recording.visible,
            "created_at": times.instant(recording.created),
            "updated_at": times.instant(recording.updated),
            "title": self.title(recording),
            "inherits_status": recording.status == "active",
            "type": recording.type,
            "bucket_id": str(recording.bucket.id),
            "bucket_type": recording.bucket.type,
            "creator_id": str(recording.creator),
        }
        columns = COLUMNS[kind]
        if "parent_id" in columns:
            row["parent_id"] = str(parent.id) if parent else None
            row["parent_type"] = parent.type if parent else None
        if "comments_count" in columns:
            row["comments_count"] = self.store.counter(recording, "comments_count")
        if "boosts_count" in columns:
            row["boosts_count"] = self.store.counter(recording, "boosts_count")
        if "position" in columns:
            open_and_active = row["status"] == "active" and "completed_at" not in recording.fields
            row["position"] = recording.position if open_and_active else None
        return row

    def title(self, recording: Recording) -> str:
        if recording.fixed is not None and "title" in recording.fixed:
            return recording.fixed["title"]
        parent = recording.parent
        if parent is not None and recording.kind in ("comment", "forward_reply", "client_reply"):
            return "Re: " + self.title(parent)
        if parent is not None and recording.kind == "question_answer":
            return f"Answer to “{parent.title}”"
        return recording.title

    def account(self) -> None:
        account = self.store.account
        if "fixed" in account:
            fixed = account["fixed"]
            row = {key: fixed[key] for key in ACCOUNT_COLUMNS}
            row["updated_at"] = times.instant(times.read(fixed["updated_at"]))
            row["id"] = str(fixed["id"])
        else:
            row = {
                "id": str(account["id"]),
                "name": account["name"],
                "owner_name": self.store.people[account["owner"]].name,
                "active": True,
                "trial": False,
                "trial_ends_on": None,
                "frozen": False,
                "paused": False,
                "limits": account["limits"],
                "subscription": account["subscription"],
                "settings": account["settings"],
                "created_at": times.instant(account["created"]),
                "updated_at": times.instant(account["updated"]),
            }
        self.rows["account"].append(row)

    def project(self, bucket: Bucket) -> None:
        gauge = next(iter(self.store.roots(bucket, "gauge")), None)
        needle = gauge.fields if gauge is not None else {}
        company = bucket.client_company
        fixed = bucket.fixed or {}
        self.rows["project"].append(
            {
                "id": str(bucket.id),
                "status": bucket.status,
                "name": bucket.name,
                "description": bucket.description,
                "purpose": "topic",
                "clients_enabled": bucket.clients_enabled,
                "timesheet_enabled": bucket.timesheet_enabled,
                "all_access": bucket.all_access,
                "last_needle_color": fixed.get("last_needle_color", needle.get("last_color")),
                "last_needle_position": fixed.get("last_needle_position", needle.get("last_position")),
                "previous_needle_position": fixed.get("previous_needle_position", needle.get("previous_position")),
                "client_company_id": str(company[0]) if company else None,
                "client_company_name": company[1] if company else None,
                "start_date": bucket.start_date,
                "end_date": bucket.end_date,
                "created_at": times.instant(bucket.created),
                "updated_at": times.instant(bucket.updated),
            }
        )
        self.dock("project", bucket)
        for id in bucket.members:
            if not self.store.people[id].gone:
                self.rows["project_person"].append({"project_id": str(bucket.id), "person_id": str(id)})

    def dock(self, table: str, bucket: Bucket) -> None:
        for position, tool in enumerate(self.store.tools(bucket)):
            self.rows[f"{table}_dock"].append(
                {
                    f"{table}_id": str(bucket.id),
                    "position": position,
                    "id": str(tool.id),
                    "title": tool.title,
                    "name": KINDS[tool.kind].tool,
                    "enabled": tool.position is not None,
                    "dock_position": tool.position,
                }
            )

    def person(self, person: Person) -> Row:
        fixed = person.fixed or {}
        user = person.personable_type == "User"
        inside = user and not person.client
        email = person.email
        if email and self.options.redacted_emails and person.id != self.store.reader:
            email = email[0] + "••••@•••••••••.•••"
        away = person.out_of_office
        row = {
            "id": str(person.id),
            "name": person.name,
            "personable_type": person.personable_type,
            "title": person.title,
            "tagline": person.bio,
            "location": person.location,
            "email_address": email,
            "bio": person.bio,
            "admin": person.admin,
            "owner": person.owner,
            "client": person.client,
            "employee": person.employee,
            "time_zone": person.time_zone,
            "can_ping": user,
            "can_manage_projects": inside,
            "can_manage_people": person.admin,
            "can_access_timesheet": inside,
            "can_access_hill_charts": inside,
            "company_id": str(person.company[0]) if person.company else None,
            "company_name": person.company[1] if person.company else None,
            "system_label": person.system_label,
            "out_of_office": {key: away[key] for key in ("start_date", "end_date")} if away else None,
            "created_at": times.instant(person.created),
            "updated_at": times.instant(person.updated),
        }
        row.update({key: fixed[key] for key in row if key.startswith("can_") and key in fixed})
        return row

    def lists_of_people(self) -> None:
        for table, (kind, field) in PEOPLE_TABLES.items():
            for recording in self.store.kinds[kind].values():
                if self.landed(recording):
                    for position, id in enumerate(recording.fields.get(field, [])):
                        owner = f"{kind}_id"
                        self.rows[table].append({owner: str(recording.id), "position": position, "person_id": str(id)})

    def items(self) -> None:
        store = self.store
        for item in store.message_types.values():
            if item.owner in self.buckets:
                self.rows["message_type"].append(
                    self.item(item, bucket_id=str(item.owner), name=item.fields["name"], icon=item.fields["icon"])
                )
        for item in store.webhooks.values():
            if item.owner in self.buckets:
                self.rows["webhook"].append(
                    self.item(item, bucket_id=str(item.owner), active=item.fields["active"], types=item.fields["types"])
                )
        for item in store.markers.values():
            self.rows["lineup_marker"].append(self.item(item, name=item.fields["name"], date=item.fields["date"]))
        for bucket in store.buckets.values():
            if bucket.type == "Template" and bucket.status != "trashed":
                self.rows["template"].append(
                    {
                        "id": str(bucket.id),
                        "status": bucket.status,
                        "name": bucket.name,
                        "description": bucket.description,
                        "created_at": times.instant(bucket.created),
                        "updated_at": times.instant(bucket.updated),
                    }
                )
                self.dock("template", bucket)
        for todoset in store.kinds["todoset"].values():
            if self.landed(todoset):
                self.hill_chart(todoset)

    def item(self, item: Any, **columns: Any) -> Row:
        moments = {"created_at": times.instant(item.created), "updated_at": times.instant(item.updated)}
        return {"id": str(item.id), **columns, **moments}

    def hill_chart(self, todoset: Recording) -> None:
        chart = todoset.fields["hill"]
        self.rows["hill_chart"].append(
            {
                "todoset_id": str(todoset.id),
                "enabled": chart["enabled"],
                "stale": chart["stale"],
                "updated_at": times.instant(chart["updated"]),
            }
        )
        shown = [dot for dot in chart["dots"] if self.on_the_hill(dot[0])] if chart["enabled"] else []
        for position, (id, color, place) in enumerate(shown):
            self.rows["hill_chart_dot"].append(
                {
                    "todoset_id": str(todoset.id),
                    "position": position,
                    "todolist_id": str(id),
                    "label": self.store.recordings[id].title,
                    "color": color,
                    "dot_position": place,
                }
            )

    def on_the_hill(self, id: int) -> bool:
        todolist = self.store.recordings.get(id)
        return todolist is not None and todolist.status == "active"

    def history(self) -> None:
        """Events of landed recordings of the twelve types, and the whole feed that has been delivered."""
        delivered = self.store.now - round(self.options.feed_delay_seconds * 1000)
        for event in self.store.events:
            recording = self.store.recordings.get(event.recording)
            if (
                event.action != "boosted"
                and recording is not None
                and KINDS[recording.kind].listed
                and self.landed(recording)
            ):
                self.rows["event"].append(self.event(event))
            seen = event.bucket.type == "Project" and event.bucket.accessible
            if event.news and seen and event.at <= delivered and not self.options.hidden_feed:
                self.rows["feed_event"].append(self.feed_event(event))

    def event(self, event: Any) -> Row:
        boosted = event.action in ("completed", "adopted", "column_changed")
        return {
            "id": str(event.id),
            "recording_id": str(event.recording),
            "action": event.action,
            "details": event.details,
            "created_at": times.instant(event.at),
            "creator_id": str(event.creator),
            "performed_by_id": str(event.performed_by) if event.performed_by else None,
            "boosts_count": event.boosts if boosted else None,
        }

    def feed_event(self, event: Any) -> Row:
        return {
            "id": str(event.id),
            "kind": event.news.replace(".", "_"),
            "action": event.news.rpartition(".")[2],
            "event_type": event.news,
            "bucket_id": str(event.bucket.id),
            "creator_id": str(event.creator),
            "performed_by_id": str(event.performed_by) if event.performed_by else None,
            "recording_id": str(event.recording),
            "created_at": times.instant(event.at),
            "details": event.details or None,
        }

    def counters(self, recording: Recording, *names: str) -> Row:
        return {name: self.store.counter(recording, name) for name in names}

    def attachments(self, recording: Recording) -> list[Row]:
        return [
            {"id": row[0], "filename": row[1], "content_type": row[2], "byte_size": row[3]}
            for row in recording.fields.get("attachments", ())
        ]

    def rich(self, recording: Recording, name: str) -> Row:
        return {name: recording.fields.get(name, ""), f"{name}_attachments": self.attachments(recording)}

    def completion(self, recording: Recording) -> Row:
        fields = recording.fields
        done = "completed_at" in fields
        return {
            "completed": done,
            "completion_created_at": times.instant(fields["completed_at"]) if done else None,
            "completion_creator_id": str(fields["completed_by"]) if done else None,
            "due_on": fields.get("due_on"),
        }

    def subtasks(self, recording: Recording) -> Row:
        names = ("subtasks_count", "subtasks_completed_count")
        if not self.options.subtask_keys or (recording.fixed is not None and names[0] not in recording.fixed):
            return dict.fromkeys(names)
        return self.counters(recording, *names)

    def todoset(self, one: Recording) -> Row:
        names = ("completed", "completed_ratio", "todos_count", "todolists_count", "completed_loose_todos_count")
        return {"name": one.title, **self.counters(one, *names)}

    def todolist(self, one: Recording) -> Row:
        counted = self.counters(one, "completed", "completed_ratio")
        return {"name": one.title, **self.rich(one, "description"), **counted, "color": one.fields.get("color")}

    def todo(self, one: Recording) -> Row:
        return {
            "content": one.title,
            **self.rich(one, "description"),
            **self.completion(one),
            "starts_on": one.fields.get("starts_on"),
            "repetition_schedule": (one.fixed or {}).get("repetition_schedule"),
            **self.subtasks(one),
        }

    def card(self, one: Recording) -> Row:
        text = self.rich(one, "description")
        content = one.fields.get("content", text["description"])
        return {**text, "content": content, **self.completion(one), **self.subtasks(one)}

    def message(self, one: Recording) -> Row:
        category = self.store.message_types.get(one.fields.get("category", 0))
        return {
            "subject": one.title,
            **self.rich(one, "content"),
            "category_id": str(category.id) if category else None,
            "category_name": category.fields["name"] if category else None,
            "category_icon": category.fields["icon"] if category else None,
        }

    def schedule_entry(self, one: Recording) -> Row:
        fields = one.fields
        row = {
            "summary": one.title,
            **self.rich(one, "description"),
            "all_day": fields["all_day"],
            "highlighted": fields.get("highlighted", False),
            "recurrence_schedule": fields.get("recurrence"),
        }
        for end in ("starts", "ends"):
            moment = fields[end]
            sent = moment if fields["all_day"] else times.instant(moment)
            if not fields["all_day"] and self.options.offsets and fields.get("offset"):
                sent = times.local(moment, fields["offset"])
            row[f"{end}_at"] = sent
            row[f"{end}_at_utc"] = None if fields["all_day"] else times.instant(moment)
            row[f"{end}_on"] = sent[:10]
        return row

    def question(self, one: Recording) -> Row:
        fields = one.fields
        counted = self.counters(one, "answers_count")
        return {"paused": fields.get("paused", False), "schedule": fields["schedule"], **counted}

    def upload(self, one: Recording) -> Row:
        fields = one.fields
        return {
            **self.rich(one, "description"),
            "content_type": fields["content_type"],
            "byte_size": fields["byte_size"],
            "filename": one.title,
            "width": fields.get("width"),
            "height": fields.get("height"),
        }

    def door(self, one: Recording) -> Row:
        service = {key: one.fields["service"][key] for key in ("name", "code")}
        return {"url": one.fields["url"], "service": service, "description": one.fields.get("description", "")}

    def card_table_column(self, one: Recording) -> Row:
        hold = one.fields.get("on_hold")
        return {
            "description": one.fields.get("description"),
            "color": one.fields.get("color"),
            **self.counters(one, "cards_count", "comment_count"),
            "card_table_id": str(one.parent.id) if one.parent else None,
            "on_hold_id": str(hold["id"]) if hold else None,
            "on_hold_status": self.store.status(one) if hold else None,
            "on_hold_title": hold["title"] if hold else None,
            "on_hold_cards_count": self.store.on_hold_cards_count(one) if hold else None,
        }

    def card_table_wormhole(self, one: Recording) -> Row:
        linked = one.fields.get("destination", 0) in self.store.recordings
        table = str(one.parent.id) if one.parent else None
        return {"card_table_id": table, "color": one.fields.get("color"), "linked": linked}

    def campfire_line(self, one: Recording) -> Row:
        for position, (name, content_type, size) in enumerate(one.fields.get("files", ())):
            self.rows["campfire_line_attachment"].append(
                {
                    "campfire_line_id": str(one.id),
                    "position": position,
                    "title": name,
                    "filename": name,
                    "content_type": content_type,
                    "byte_size": size,
                }
            )
        return {"content": one.fields.get("content")}

    def forward(self, one: Recording) -> Row:
        return {
            "subject": one.title,
            **self.rich(one, "content"),
            "from_line": one.fields.get("from"),
            **self.counters(one, "replies_count"),
        }

    def client_approval(self, one: Recording) -> Row:
        responses = [row for row in self.store.children(one, "client_approval_response") if row.status == "active"]
        for position, response in enumerate(responses):
            self.rows["client_approval_response"].append(self.response(one, position, response))
        approver = one.fields.get("approver")
        return {
            **self.client_correspondence(one),
            "due_on": one.fields.get("due_on"),
            "approval_status": one.fields["approval_status"],
            "approver_id": str(approver) if approver else None,
        }

    def response(self, approval: Recording, position: int, one: Recording) -> Row:
        title = (one.fixed or {}).get("title", f"Answer Re: {approval.title}")
        return {
            "client_approval_id": str(approval.id),
            "position": position,
            "id": str(one.id),
            "status": self.store.status(one),
            "created_at": times.instant(one.created),
            "updated_at": times.instant(one.updated),
            "title": title,
            "type": one.type,
            "content": one.fields.get("content", ""),
            "approved": one.fields["approved"],
            "creator_id": str(one.creator),
        }

    def client_correspondence(self, one: Recording) -> Row:
        return {"subject": one.title, **self.rich(one, "content"), **self.counters(one, "replies_count")}

    def timesheet_entry(self, one: Recording) -> Row:
        fields = one.fields
        return {
            "date": fields["date"],
            "description": fields.get("description", ""),
            "hours": fields["hours"],
            "person_id": str(fields["person"]),
        }

    def gauge(self, one: Recording) -> Row:
        fields = one.fields
        return {
            **self.rich(one, "description"),
            "enabled": fields.get("enabled", True),
            "last_needle_color": fields.get("last_color"),
            "last_needle_position": fields.get("last_position"),
            "previous_needle_position": fields.get("previous_position"),
        }


def _counting(*names: str) -> Callable[[_Truth, Recording], Row]:
    return lambda truth, one: truth.counters(one, *names)


def _named_and_counting(*names: str) -> Callable[[_Truth, Recording], Row]:
    return lambda truth, one: {"name": one.title, **truth.counters(one, *names)}


def _rich(name: str, *fields: str) -> Callable[[_Truth, Recording], Row]:
    return lambda truth, one: {**truth.rich(one, name), **{field: one.fields.get(field) for field in fields}}


DESCRIPTIONS: dict[str, Callable[[_Truth, Recording], Row]] = {
    "todoset": _Truth.todoset,
    "todolist": _Truth.todolist,
    "todo": _Truth.todo,
    "step": _Truth.completion,
    "message_board": _counting("messages_count"),
    "message": _Truth.message,
    "comment": _rich("content"),
    "schedule": lambda truth, one: {
        "include_due_assignments": one.fields.get("include_due_assignments", True),
        **truth.counters(one, "entries_count"),
    },
    "schedule_entry": _Truth.schedule_entry,
    "questionnaire": _named_and_counting("questions_count"),
    "question": _Truth.question,
    "question_answer": _rich("content", "group_on"),
    "vault": _counting("documents_count", "uploads_count", "vaults_count"),
    "document": _rich("content"),
    "upload": _Truth.upload,
    "door": _Truth.door,
    "card_table": lambda truth, one: {},
    "card_table_column": _Truth.card_table_column,
    "card_table_wormhole": _Truth.card_table_wormhole,
    "card": _Truth.card,
    "campfire": lambda truth, one: {"topic": one.title},
    "campfire_line": _Truth.campfire_line,
    "inbox": _counting("forwards_count"),
    "forward": _Truth.forward,
    "forward_reply": _rich("content"),
    "client_approval": _Truth.client_approval,
    "client_correspondence": _Truth.client_correspondence,
    "client_reply": _rich("content"),
    "timesheet_entry": _Truth.timesheet_entry,
    "gauge": _Truth.gauge,
    "gauge_needle": _rich("description", "color"),
}
PARTS = {
    "todoset": "N",
    "todolist": "PNCB",
    "todo": "PNCB",
    "step": "PN",
    "message_board": "N",
    "message": "PCB",
    "comment": "PB",
    "schedule": "N",
    "schedule_entry": "PCB",
    "questionnaire": "N",
    "question": "P",
    "question_answer": "PCB",
    "vault": "PN",
    "document": "PNCB",
    "upload": "PNCB",
    "door": "N",
    "card_table": "N",
    "card_table_column": "PN",
    "card_table_wormhole": "P",
    "card": "PNCB",
    "campfire": "N",
    "campfire_line": "PB",
    "inbox": "N",
    "forward": "P",
    "forward_reply": "PB",
    "client_approval": "P",
    "client_correspondence": "P",
    "client_reply": "P",
    "timesheet_entry": "P",
    "gauge": "",
    "gauge_needle": "PNCB",
}
PART_COLUMNS = {"P": ("parent_id", "parent_type"), "N": ("position",), "C": ("comments_count",), "B": ("boosts_count",)}
COLUMNS = {kind: [column for part in parts for column in PART_COLUMNS[part]] for kind, parts in PARTS.items()}
PEOPLE_TABLES = {
    "todo_assignee": ("todo", "assignees"),
    "todo_completion_subscriber": ("todo", "subscribers"),
    "step_assignee": ("step", "assignees"),
    "schedule_entry_participant": ("schedule_entry", "participants"),
    "card_table_subscriber": ("card_table", "subscribers"),
    "card_table_column_subscriber": ("card_table_column", "subscribers"),
    "card_assignee": ("card", "assignees"),
    "card_completion_subscriber": ("card", "subscribers"),
}
ACCOUNT_COLUMNS = (
    "id",
    "name",
    "owner_name",
    "active",
    "trial",
    "trial_ends_on",
    "frozen",
    "paused",
    "limits",
    "subscription",
    "settings",
    "created_at",
    "updated_at",
)
TABLES: Iterable[str] = (
    "account",
    "project",
    "project_dock",
    "project_person",
    "person",
    *DESCRIPTIONS,
    *PEOPLE_TABLES,
    "message_type",
    "campfire_line_attachment",
    "client_approval_response",
    "hill_chart",
    "hill_chart_dot",
    "webhook",
    "template",
    "template_dock",
    "lineup_marker",
    "event",
    "feed_event",
)
