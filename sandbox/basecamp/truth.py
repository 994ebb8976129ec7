"""What a warehouse must hold: every table of the account, worked out from the store alone.

Ids are text, instants are UTC text, dates are ISO text, hours are the decimal text the entry was made with.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Person, Recording
from sandbox.basecamp.store import Store
from sandbox.columns import Row, Tables, columns, text

MADE = "id:text created_at=created:instant updated_at=updated:instant"
ENVELOPE = f"""{MADE} status visible_to_clients=visible title inherits_status type
    bucket_id=bucket.id:text bucket_type=bucket.type creator_id=creator:text"""
PARENT = "parent_id=parent.id:text parent_type=parent.type"
COUNTED = "comments_count boosts_count"
DESCRIPTION = "description:rich description_attachments=attachments"
CONTENT = "content:rich content_attachments=attachments"
COMPLETION = """completed=done completion_created_at=completed_at:instant completion_creator_id=completed_by:text
    due_on"""
SUBTASKS = "subtasks_count=steps.0 subtasks_completed_count=steps.1"
LETTER = f"{PARENT} subject=title {CONTENT} replies_count"
RECORDINGS = {
    "todoset": """position name=title completed completed_ratio todos_count todolists_count
        completed_loose_todos_count""",
    "todolist": f"{PARENT} position {COUNTED} name=title {DESCRIPTION} completed completed_ratio color",
    "todo": f"""{PARENT} position {COUNTED} content=title {DESCRIPTION} {COMPLETION} starts_on
        repetition_schedule=fixed.repetition_schedule {SUBTASKS}""",
    "step": f"{PARENT} position {COMPLETION}",
    "message_board": "position messages_count",
    "message": f"""{PARENT} {COUNTED} subject=title {CONTENT} category_id=type_of_message.id:text
        category_name=type_of_message.name category_icon=type_of_message.icon""",
    "comment": f"{PARENT} boosts_count {CONTENT}",
    "schedule": "position include_due_assignments:unless_false entries_count",
    "schedule_entry": f"""{PARENT} {COUNTED} summary=title {DESCRIPTION} all_day highlighted:flag
        recurrence_schedule=recurrence starts_at=start.at starts_at_utc=start.utc starts_on=start.on
        ends_at=end.at ends_at_utc=end.utc ends_on=end.on""",
    "questionnaire": "position name=title questions_count",
    "question": f"{PARENT} paused:flag schedule answers_count",
    "question_answer": f"{PARENT} {COUNTED} {CONTENT} group_on",
    "vault": f"{PARENT} position documents_count uploads_count vaults_count",
    "document": f"{PARENT} position {COUNTED} {CONTENT}",
    "upload": f"{PARENT} position {COUNTED} {DESCRIPTION} content_type byte_size filename=title width height",
    "door": "position url service:service description:rich",
    "card_table": "position",
    "card_table_column": f"""{PARENT} position description color cards_count comment_count
        card_table_id=parent.id:text on_hold_id=on_hold.id:text on_hold_status on_hold_title=on_hold.title
        on_hold_cards_count""",
    "card_table_wormhole": f"{PARENT} card_table_id=parent.id:text color linked",
    "card": f"{PARENT} position {COUNTED} {DESCRIPTION} content=text_of_card {COMPLETION} {SUBTASKS}",
    "campfire": "position topic=title",
    "campfire_line": f"{PARENT} boosts_count content",
    "inbox": "position forwards_count",
    "forward": f"{LETTER} from_line=from",
    "forward_reply": f"{PARENT} boosts_count {CONTENT}",
    "client_approval": f"{LETTER} due_on approval_status approver_id=approver:text",
    "client_correspondence": LETTER,
    "client_reply": f"{PARENT} {CONTENT}",
    "timesheet_entry": f"{PARENT} date description:rich hours person_id=person:text",
    "gauge": f"""{DESCRIPTION} enabled:unless_false last_needle_color=last_color last_needle_position=last_position
        previous_needle_position=previous_position""",
    "gauge_needle": f"{PARENT} position {COUNTED} {DESCRIPTION} color",
}
"""By kind: the columns beside those of every recording."""
PEOPLE = {
    "todo_assignee": "assignees",
    "todo_completion_subscriber": "subscribers",
    "step_assignee": "assignees",
    "schedule_entry_participant": "participants",
    "card_table_subscriber": "subscribers",
    "card_table_column_subscriber": "subscribers",
    "card_assignee": "assignees",
    "card_completion_subscriber": "subscribers",
}
ACCOUNT = """id:text name owner_name active trial trial_ends_on frozen paused limits subscription settings created_at
    updated_at"""
COMPANY = "company_id=company.0:text company_name=company.1"
PROJECT = f"""{MADE} status name description purpose clients_enabled timesheet_enabled all_access last_needle_color
    last_needle_position previous_needle_position client_company_id=client_company.0:text
    client_company_name=client_company.1 start_date end_date"""
PERSON = f"""{MADE} name personable_type title tagline=bio location email_address bio admin owner client employee
    time_zone can_ping can_manage_projects can_manage_people can_access_timesheet can_access_hill_charts {COMPANY}
    system_label out_of_office"""
EVENT = """id:text recording_id=recording:text action details created_at=at:instant creator_id=creator:text
    performed_by_id=performed_by:text boosts_count"""
FEED_EVENT = """id:text kind action event_type=news bucket_id=bucket.id:text creator_id=creator:text
    performed_by_id=performed_by:text recording_id=recording:text created_at=at:instant details"""
RESPONSE = f"{MADE} status title type content:rich approved creator_id=creator:text"
FORMS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "instant": lambda at: None if at is None else times.instant(at),
    "rich": lambda value: "" if value is None else value,
    "flag": bool,
    "unless_false": lambda value: value is not False,
    "service": lambda service: {key: service[key] for key in ("name", "code")},
}
TABLES: Iterable[str] = (
    *"account project project_dock project_person person message_type webhook template template_dock".split(),
    *"hill_chart hill_chart_dot campfire_line_attachment client_approval_response lineup_marker".split(),
    *("event", "feed_event", *RECORDINGS, *PEOPLE),
)
RE = ("comment", "forward_reply", "client_reply")


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
        store = self.store
        self.account()
        for bucket in store.projects():
            if bucket.status != "trashed":
                self.add("project", PROJECT, partial(self.of_project, bucket))
                self.dock("project", bucket)
                present = [id for id in bucket.members if not store.people[id].gone]
                self.rows["project_person"] += [{"project_id": str(bucket.id), "person_id": str(id)} for id in present]
        for person in store.people.values():
            if not person.gone:
                self.add("person", PERSON, partial(self.of_person, person))
        for kind, own in RECORDINGS.items():
            declared = f"{ENVELOPE} {own}"
            for one in store.kinds[kind].values():
                if self.landed(one):
                    self.add(kind, declared, partial(self.of_recording, one))
                    self.below(one)
        self.items()
        self.history()
        return self.rows

    def add(self, table: str, declared: str, of: Any, **more: Any) -> None:
        self.rows[table].append({**more, **columns(declared, of, FORMS)})

    def parts(self, table: str, owner: str, id: int, rows: Iterable[Row]) -> None:
        """The rows of a list inside a record."""
        self.rows[table] += [{owner: str(id), "position": position, **row} for position, row in enumerate(rows)]

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

    def of_recording(self, one: Recording, name: str) -> Any:
        """What a recording has under a name: worked out, counted, a field of its own, or an attribute."""
        if name in FACTS:
            return FACTS[name](self, one)
        if name.endswith("_count") or name in ("completed", "completed_ratio"):
            return self.store.counter(one, name)
        return one.fields[name] if name in one.fields else getattr(one, name, None)

    def title(self, one: Recording) -> str:
        if one.fixed is not None and "title" in one.fixed:
            return one.fixed["title"]
        if one.parent is not None and one.kind in RE:
            return "Re: " + self.title(one.parent)
        if one.parent is not None and one.kind == "question_answer":
            return f"Answer to “{one.parent.title}”"
        return f"Answer Re: {one.parent.title}" if one.parent and one.kind == "client_approval_response" else one.title

    def position(self, one: Recording) -> int | None:
        shown = self.store.status(one) == "active" and "completed_at" not in one.fields
        return one.position if shown else None

    def attachments(self, one: Recording) -> list[Row]:
        names = "id=0 filename=1 content_type=2 byte_size=3"
        return [columns(names, file) for file in one.fields.get("attachments", ())]

    def steps(self, one: Recording) -> tuple[Any, Any]:
        shown = one.fixed is None or "subtasks_count" in one.fixed
        if not (self.options.subtask_keys and shown):
            return (None, None)
        return (self.store.counter(one, "subtasks_count"), self.store.counter(one, "subtasks_completed_count"))

    def type_of_message(self, message: Recording) -> Row | None:
        item = self.store.message_types.get(message.fields.get("category", 0))
        return {"id": item.id, **item.fields} if item else None

    def moment(self, end: str, entry: Recording) -> Row:
        """When an entry begins or ends. As it is sent, an instant may carry the offset of whoever made it."""
        moment, offset = entry.fields[end], entry.fields.get("offset")
        if entry.fields["all_day"]:
            return {"at": moment, "utc": None, "on": moment[:10]}
        sent = times.local(moment, offset) if self.options.offsets and offset else times.instant(moment)
        return {"at": sent, "utc": times.instant(moment), "on": sent[:10]}

    def account(self) -> None:
        account = self.store.account
        if "fixed" in account:
            fixed = account["fixed"]
            self.add("account", ACCOUNT, {**fixed, "updated_at": times.instant(times.read(fixed["updated_at"]))})
            return
        never = dict.fromkeys(("trial", "frozen", "paused"), False)
        owner = {"owner_name": self.store.people[account["owner"]].name, "active": True}
        made = {f"{name}_at": times.instant(account[name]) for name in ("created", "updated")}
        self.add("account", ACCOUNT, {**account, **never, **owner, **made})

    def of_project(self, bucket: Bucket, name: str) -> Any:
        fixed = bucket.fixed or {}
        if "needle" in name:
            gauges = self.store.roots(bucket, "gauge")
            return fixed.get(name, gauges[0].fields.get(name.replace("_needle", "")) if gauges else None)
        return "topic" if name == "purpose" else getattr(bucket, name)

    def dock(self, table: str, bucket: Bucket) -> None:
        rows = [
            {
                **columns("id:text title dock_position=position", tool, FORMS),
                "name": KINDS[tool.kind].tool,
                "enabled": tool.position is not None,
            }
            for tool in self.store.tools(bucket)
        ]
        self.parts(f"{table}_dock", f"{table}_id", bucket.id, rows)

    def of_person(self, person: Person, name: str) -> Any:
        if name.startswith("can_"):
            user = person.personable_type == "User"
            may = {"can_ping": user, "can_manage_people": person.admin}.get(name, user and not person.client)
            return (person.fixed or {}).get(name, may)
        if name == "email_address":
            hidden = self.options.redacted_emails and person.id != self.store.reader
            return person.email[0] + "••••@•••••••••.•••" if person.email and hidden else person.email
        away = person.out_of_office
        if name == "out_of_office":
            return {key: away[key] for key in ("start_date", "end_date")} if away else None
        return getattr(person, name)

    def below(self, one: Recording) -> None:
        """The tables of what lies inside a recording."""
        for table, field in PEOPLE.items():
            if table.startswith(one.kind) and table.removeprefix(one.kind) in INSIDE:
                self.parts(
                    table, f"{one.kind}_id", one.id, [{"person_id": str(id)} for id in one.fields.get(field, [])]
                )
        if one.kind == "campfire_line":
            names = "title=0 filename=0 content_type=1 byte_size=2"
            files = [columns(names, file) for file in one.fields.get("files", ())]
            self.parts("campfire_line_attachment", "campfire_line_id", one.id, files)
        if one.kind == "client_approval":
            found = [row for row in self.store.below(one, "client_approval_response") if row.status == "active"]
            rows = [columns(RESPONSE, partial(self.of_recording, row), FORMS) for row in found]
            self.parts("client_approval_response", "client_approval_id", one.id, rows)
        if one.kind == "todoset":
            chart = one.fields["hill"]
            self.add("hill_chart", "enabled stale updated_at=updated:instant", chart, todoset_id=str(one.id))
            shown = [dot for dot in chart["dots"] if self.on_the_hill(dot[0])] if chart["enabled"] else []
            dots = [columns("todolist_id=0:text color=1 dot_position=2", dot, FORMS) for dot in shown]
            dots = [{**dot, "label": self.store.recordings[int(dot["todolist_id"])].title} for dot in dots]
            self.parts("hill_chart_dot", "todoset_id", one.id, dots)

    def on_the_hill(self, id: int) -> bool:
        todolist = self.store.recordings.get(id)
        return todolist is not None and todolist.status == "active"

    def items(self) -> None:
        store = self.store
        of_project = f"{MADE} bucket_id=owner:text"
        for table, items, declared in (
            ("message_type", store.message_types, f"{of_project} name icon"),
            ("webhook", store.webhooks, f"{of_project} active types"),
        ):
            for item in items.values():
                if item.owner in self.buckets:
                    self.add(table, declared, item)
        for item in store.markers.values():
            self.add("lineup_marker", f"{MADE} name date", item)
        for bucket in store.buckets.values():
            if bucket.type == "Template" and bucket.status != "trashed":
                self.add("template", f"{MADE} status name description", bucket)
                self.dock("template", bucket)

    def history(self) -> None:
        """Events of landed recordings of the twelve types, and the whole feed that has been delivered."""
        delivered = self.store.now - times.FEED_DELAY
        for event in self.store.events:
            one = self.store.recordings.get(event.recording)
            told = event.action != "boosted" and one is not None and KINDS[one.kind].listed
            if told and one is not None and self.landed(one):
                boosted = event.action in ("completed", "adopted", "column_changed")
                row = {**event._asdict(), "boosts_count": event.boosts if boosted else None}
                self.add("event", EVENT, row)
            seen = event.bucket.type == "Project" and event.bucket.accessible
            if event.news and seen and event.at <= delivered and not self.options.hidden_feed:
                kind, action = event.news.replace(".", "_"), event.news.rpartition(".")[2]
                row = {**event._asdict(), "kind": kind, "action": action, "details": event.details or None}
                self.add("feed_event", FEED_EVENT, row)


FACTS: dict[str, Callable[[_Truth, Recording], Any]] = {
    "status": lambda truth, one: truth.store.status(one),
    "inherits_status": lambda truth, one: one.status == "active",
    "type": lambda truth, one: one.type,
    "title": _Truth.title,
    "position": _Truth.position,
    "attachments": _Truth.attachments,
    "done": lambda truth, one: "completed_at" in one.fields,
    "steps": _Truth.steps,
    "type_of_message": _Truth.type_of_message,
    "start": lambda truth, one: truth.moment("starts", one),
    "end": lambda truth, one: truth.moment("ends", one),
    "text_of_card": lambda truth, one: one.fields.get("content", one.fields.get("description", "")),
    "linked": lambda truth, one: one.fields.get("destination", 0) in truth.store.recordings,
    "on_hold_status": lambda truth, one: truth.store.status(one) if one.fields.get("on_hold") else None,
    "on_hold_cards_count": lambda truth, one: (
        truth.store.on_hold_cards_count(one) if one.fields.get("on_hold") else None
    ),
}
INSIDE = ("_assignee", "_completion_subscriber", "_participant", "_subscriber")
