"""Records as JSON. Keys, their order and their absence follow the example payloads and basecamp.md 6 and 11.

Signed values (sgids, bookmark and avatar URLs) are different at every read, as basecamp.md 6 warns: they hold
the `nonce` of the answer. Everything else is the same for the same record.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording
from sandbox.basecamp.store import Store
from sandbox.columns import columns

Payload = dict[str, Any]
DOCUMENTED_ORIGIN = "https://3.basecampapi.com/"
REDACTED = "••••@•••••••••.•••"
LOCAL_LINES = 7
LIVE = ("status", "inherits_status", "lists", "wormholes", "steps")
MAY_BE_ABSENT = (
    "position completion category width height recurrence_schedule on_hold subtasks_count subtasks_completed_count "
    "subtasks_url parent"
).split()
TIMES = "created_at=created:instant updated_at=updated:instant"
DESCRIPTION = "description:rich description_attachments=attachments"
CONTENT = "content:rich content_attachments=attachments"
ASSIGNED = """assignees:people completion_subscribers=subscribers:people
    completion_url={place}/todos/{id}/completion.json"""
SUBTASKS = "subtasks_count subtasks_completed_count subtasks_url={recordings}/subtasks.json"
LETTER = f"{CONTENT} subject=title"
REPLIES = "replies_count replies_url={place}/client/recordings/{id}/replies.json"
NEEDLES = "last_needle_color=last_color last_needle_position=last_position previous_needle_position=previous_position"
RECORDINGS = {
    "todoset": """completed completed_ratio name=title todos_count todolists_count completed_loose_todos_count todolists
        todos_url={here}/todos.json app_todos_url={app_url}/todos hill_chart_url={base}/todosets/{id}/hill.json
        todolists_url={here}/todolists.json app_todoslists_url={app_url}/todolists""",
    "todolist": f"""{DESCRIPTION} completed completed_ratio name=title color group_position_url? groups_url?
        todos_url={{here}}/todos.json app_todos_url={{app_url}}/todos
        comments_app_url={{app}}/buckets/{{bucket}}/recordings/{{id}}/comments""",
    "todo": f"{DESCRIPTION} completed=done completion? content=title starts_on due_on {ASSIGNED} steps",
    "step": """completed=done completion? due_on assignees:people
        completion_url={account}/buckets/{bucket}/steps/{id}/completions.json""",
    "message_board": "messages_count messages_url={here}/messages.json app_messages_url={app_url}/messages",
    "message": f"{LETTER} category?",
    "comment": CONTENT,
    "schedule": "include_due_assignments:unless_false entries_count entries_url={base}/schedules/{id}/entries.json",
    "schedule_entry": f"""{DESCRIPTION} summary=title all_day highlighted:flag starts_at ends_at join_url
        participants:people recurrence_schedule?=recurrence""",
    "questionnaire": "name=title questions_count questions_url={base}/questionnaires/{id}/questions.json",
    "question": "paused:flag schedule answers_count answers_url={base}/questions/{id}/answers.json",
    "question_answer": f"{CONTENT} group_on",
    "vault": """documents_count documents_url={base}/vaults/{id}/documents.json
        uploads_count uploads_url={base}/vaults/{id}/uploads.json
        vaults_count vaults_url={base}/vaults/{id}/vaults.json""",
    "document": CONTENT,
    "upload": f"""{DESCRIPTION} content_type byte_size filename=title
        download_url={{place}}/uploads/{{id}}/download/{{title}}
        app_download_url={{app}}/buckets/{{bucket}}/uploads/{{id}}/download/{{title}} width? height?""",
    "door": "service description:rich",
    "card_table": "subscribers:people public_link_url={recordings}/publication lists wormholes",
    "card_table_column": """description subscribers:people color cards_count comment_count
        cards_url={place}/card_tables/lists/{id}/cards.json on_hold?=list_on_hold""",
    "card_table_wormhole": "color linked destination_url",
    "card": f"""{DESCRIPTION} completed=done completion? content=text_of_card due_on {ASSIGNED}
        comment_count=comments_count steps""",
    "campfire": "topic=title lines_url={place}/chats/{id}/lines.json files_url={place}/chats/{id}/uploads.json",
    "campfire_line": "content?=line attachments?=files_of_line",
    "inbox": "forwards_count forwards_url={here}/forwards.json",
    "forward": f"{LETTER} from replies_count replies_url={{here}}/replies.json",
    "forward_reply": CONTENT,
    "client_approval": f"{LETTER} due_on {REPLIES} approval_status approver:person",
    "client_approval_response": "content:rich approved",
    "client_correspondence": f"{LETTER} {REPLIES}",
    "client_reply": CONTENT,
    "timesheet_entry": "date description:rich hours person:person",
    "gauge": f"{DESCRIPTION} enabled:unless_false {NEEDLES}",
    "gauge_needle": f"{DESCRIPTION} color comment_count=comments_count",
    "cloud_file": f"{DESCRIPTION} service",
    "google_document": f"{DESCRIPTION} document_type",
}
"""By kind: what comes after the envelope."""


def envelope(kind: str) -> str:
    """What every recording of the kind shows, and what is its own."""
    of, own = KINDS[kind], RECORDINGS.get(kind, "")
    parts = (
        "id status=shown_status visible_to_clients=visible created_at updated_at title inherits_status type",
        "url=own_url" if of.path else "",
        "app_url bookmark_url",
        "subscription_url={recordings}/subscription.json" if of.subscription else "",
        "comments_count comments_url={recordings}/comments.json" if of.comments else "",
        "boosts_count boosts_url={recordings}/boosts.json" if of.boosts else "",
        "position?=shown_position parent?=above bucket=home creator:person",
    )
    return " ".join((*parts, own))


DECLARED = {kind: envelope(kind) for kind in KINDS}
ACCOUNT = """id name owner_name active created_at=created:instant updated_at trial trial_ends_on frozen paused limits
    subscription settings"""
PERSON = f"""id attachable_sgid name personable_type title tagline=bio location {TIMES} email_address bio admin owner
    client employee time_zone avatar_url company?=firm can_ping can_manage_projects can_manage_people=admin
    can_access_timesheet can_access_hill_charts system_label? out_of_office?=away"""
PROJECT = f"id status {TIMES} name description purpose clients_enabled timesheet_enabled color"
IN_PROJECT = """start_date? end_date? bookmark_url star_url={base}/buckets/{id}/stars.json
    url={base}/projects/{id}.json app_url={app}/projects/{id} client_company?=firm clientside?=board dock people
    all_access bookmarked"""
TEMPLATE = f"""id status {TIMES} name description url={{base}}/templates/{{id}}.json app_url={{app}}/templates/{{id}}
    dock"""
TOOL = "id title name=tool enabled=in_dock position url=own_url app_url"
POINTER = "id title type url=own_url app_url"
NEWS = """id kind action created_at=at:instant event_type=news bucket_id creator_id=creator performed_by_id=performed_by
    recording_id=recording"""
RE = ("comment", "forward_reply", "client_reply")


class Payloads:
    """Renders for one answer: `base` is the origin with the account id, `nonce` what its signatures hold."""

    def __init__(self, store: Store, options: Options, origin: str, account: int, nonce: str) -> None:
        self.store = store
        self.options = options
        self.origin = origin
        self.account_path = f"/{account}"
        self.base = f"{origin}/{account}"
        self.app = f"{origin}/app/{account}"
        self.nonce = nonce
        self._people: dict[int, Payload] = {}
        self.forms: dict[str, Callable[[Any], Any]] = {
            "instant": times.instant,
            "rich": lambda value: "" if value is None else value,
            "flag": bool,
            "unless_false": lambda value: value is not False,
            "people": self.people,
            "person": lambda id: self.person(id) if id else None,
        }

    def account(self) -> Payload:
        account = self.store.account
        if "fixed" in account:
            return dict(account["fixed"])
        moved = times.local(account["updated"], -300) if self.options.offsets else times.instant(account["updated"])
        never = dict.fromkeys(("trial", "frozen", "paused"), False)
        owner = self.store.people[account["owner"]].name
        active = not self.options.account_inactive
        shown = {**account, **never, "owner_name": owner, "active": active, "updated_at": moved}
        return columns(ACCOUNT, shown, self.forms)

    def project(self, bucket: Bucket) -> Payload:
        if bucket.fixed is not None:
            return {**self.live(bucket.fixed), "status": bucket.status}
        of = partial(self.of_bucket, bucket)
        gauge = next(iter(self.store.roots(bucket, "gauge")), None)
        shown = gauge is not None and gauge.fields.get("last_color")
        needles = columns(NEEDLES, gauge) if shown else {}
        return {**columns(PROJECT, of, self.forms), **needles, **columns(IN_PROJECT, of, self.forms)}

    def template(self, bucket: Bucket) -> Payload:
        if bucket.fixed is not None:
            return {**self.live(bucket.fixed), "status": bucket.status}
        return columns(TEMPLATE, partial(self.of_bucket, bucket), self.forms)

    def of_bucket(self, bucket: Bucket, name: str) -> Any:
        """What a project or a template has under a name."""
        if name in ("base", "app"):
            return getattr(self, name)
        if name in BUCKET_FACTS:
            return BUCKET_FACTS[name](self, bucket)
        return getattr(bucket, name)

    def dock(self, bucket: Bucket) -> list[Payload]:
        return [columns(TOOL, partial(self.of_recording, tool)) for tool in self.store.tools(bucket)]

    def sample(self, bucket: Bucket) -> Payload:
        return {"team": {"count": len(bucket.members), "sample": [self.small_person(id) for id in bucket.members[:5]]}}

    def person(self, id: int) -> Payload:
        """The full person, as embedded everywhere."""
        if id not in self._people:
            person = self.store.people[id]
            of = partial(self.of_person, person)
            self._people[id] = self.live(person.fixed) if person.fixed else columns(PERSON, of, self.forms)
        return self._people[id]

    def of_person(self, person: Person, name: str) -> Any:
        if name in PERSON_FACTS:
            return PERSON_FACTS[name](self, person)
        if name == "can_ping":
            return person.personable_type == "User"
        if name.startswith("can_"):
            return person.personable_type == "User" and not person.client
        return getattr(person, name)

    def people(self, ids: list[int] | None) -> list[Payload]:
        return [self.person(id) for id in ids or ()]

    def small_person(self, id: int) -> Payload:
        return {"id": id, "name": self.store.people[id].name, "avatar_url": self.avatar(id)}

    def email(self, person: Person) -> str | None:
        """What the token's person may see of an address; basecamp.md 2."""
        if person.email and self.options.redacted_emails and person.id != self.store.reader:
            return person.email[0] + REDACTED
        return person.email

    def recording(self, recording: Recording, alone: bool = False) -> Payload:
        """As in the kind's own list; `alone` adds what only the single-object endpoint gives."""
        payload = columns(DECLARED[recording.kind], partial(self.of_recording, recording), self.forms)
        if "steps" in payload and self.options.subtask_keys:
            payload.update(columns(SUBTASKS, partial(self.of_recording, recording)))
        if recording.kind == "client_approval" and alone:
            payload["responses"] = self.below(recording, "client_approval_response")
        return payload if recording.fixed is None else self._documented(recording, payload, alone)

    def of_recording(self, one: Recording, name: str) -> Any:
        """What a recording has under a name: worked out, counted, a field of its own, or an attribute."""
        if name in FACTS:
            return FACTS[name](self, one)
        if name.endswith("_count") or name in ("completed", "completed_ratio"):
            return self.store.counter(one, name)
        return one.fields[name] if name in one.fields else getattr(one, name, None)

    def below(self, recording: Recording, kind: str) -> list[Payload]:
        return [self.recording(one) for one in self.store.live(recording, kind)]

    def pointer(self, recording: Recording) -> Payload:
        """`parent` of a child."""
        return columns(POINTER, partial(self.of_recording, recording))

    def title(self, recording: Recording) -> str:
        """Titles of comments and replies are derived, so a rename above changes them without any sign."""
        parent = recording.parent
        if recording.fixed is not None and "title" in recording.fixed:
            return recording.fixed["title"]
        if parent is not None and recording.kind in RE:
            return f"Re: {self.title(parent)}"
        if parent is not None and recording.kind == "question_answer":
            return f"Answer to “{parent.title}”"
        if parent is not None and recording.kind == "client_approval_response":
            return f"Answer Re: {parent.title}"
        return recording.title

    def url(self, recording: Recording) -> str:
        kind, bucket, parent = recording.kind, recording.bucket, recording.parent
        place = self.place(recording)
        if kind in ("door", "cloud_file", "google_document"):
            return recording.fields["url"]
        if kind == "campfire_line" and parent is not None:
            return f"{place}/chats/{parent.id}/lines/{recording.id}.json"
        if kind == "client_board":
            return f"{place}/client/board.json"
        if kind == "card_table_wormhole" and parent is not None:
            return self.url(parent)
        if kind == "gauge":
            return f"{self.base}/projects/{bucket.id}/gauge.json"
        if kind in ("gauge_needle", "timesheet_entry"):
            place = f"{self.base}/projects/{bucket.id}"
        return f"{place}/{KINDS[kind].path}/{recording.id}.json"

    def app_url(self, recording: Recording) -> str:
        if recording.parent is not None and recording.kind in (*RE, "step"):
            return f"{self.app_url(recording.parent)}#__recording_{recording.id}"
        return f"{self.app}/buckets/{recording.bucket.id}/{KINDS[recording.kind].path or 'recordings'}/{recording.id}"

    def place(self, recording: Recording) -> str:
        return f"{self.base}/buckets/{recording.bucket.id}"

    def bookmark(self, space: str, id: int) -> str:
        return f"{self.base}/my/bookmarks/{self.signed(space, id)}.json"

    def avatar(self, id: int) -> str:
        return f"{self.base}/people/{self.signed('Person', id)}/avatar"

    def signed(self, space: str, id: int) -> str:
        return f"BAh7{space}{id}--{self.nonce}"

    def attachments(self, recording: Recording) -> list[Payload]:
        found = []
        for id, filename, content_type, size, width, height in recording.fields.get("attachments", ()):
            place = f"{self.base}/blobs/{id:x}"
            attachment = {
                "id": id,
                "sgid": self.signed("Attachment", id),
                "filename": filename,
                "content_type": content_type,
                "byte_size": size,
                "download_url": f"{place}/download/{filename}",
                "previewable": width is not None,
                "preview_url": f"{place}/previews/full",
                "thumbnail_url": f"{place}/previews/card",
            }
            found.append(attachment if width is None else {**attachment, "width": width, "height": height})
        return found

    def message_type(self, item: Item) -> Payload:
        return columns(f"id name icon {TIMES}", item, self.forms)

    def webhook(self, item: Item, alone: bool = False) -> Payload:
        place = f"buckets/{item.owner}/webhooks/{item.id}"
        payload = columns(f"id active {TIMES} payload_url types", item, self.forms)
        payload.update(url=f"{self.base}/{place}.json", app_url=f"{self.app}/{place}")
        return {**payload, "recent_deliveries": []} if alone else payload

    def marker(self, item: Item) -> Payload:
        return columns("id created_at=created:instant date name updated_at=updated:instant", item, self.forms)

    def event(self, event: Event) -> Payload:
        names = "id recording_id=recording action details created_at=at:instant creator:person"
        payload = columns(names, event, self.forms)
        if event.performed_by is not None:
            payload["performed_by"] = self.person(event.performed_by)
        if event.action in ("completed", "adopted", "column_changed"):
            place = f"{self.base}/buckets/{event.bucket.id}/recordings/{event.recording}"
            payload.update(boosts_count=event.boosts, boosts_url=f"{place}/events/{event.id}/boosts.json")
        return payload

    def news(self, event: Event) -> Payload:
        """A row of the account's event feed; basecamp.md 8."""
        subject, _, action = (event.news or "").rpartition(".")
        kind = f"{subject}.{action}".replace(".", "_")
        shown = {**event._asdict(), "kind": kind, "action": action, "bucket_id": event.bucket.id}
        payload = columns(NEWS, shown, self.forms)
        return {**payload, "details": event.details} if event.details else payload

    def hill_chart(self, todoset: Recording) -> Payload:
        chart = todoset.fields["hill"]
        dots = []
        for id, color, position in chart["dots"]:
            todolist = self.store.recordings.get(id)
            if todolist is not None and todolist.status == "active":
                place = {"url": self.url(todolist), "app_url": self.app_url(todolist)}
                dots.append({"id": id, "label": todolist.title, "color": color, "position": position, **place})
        return {
            **columns("enabled stale updated_at=updated:instant", chart, self.forms),
            "app_update_url": f"{self.app_url(todoset)}/hill/edit",
            "dots": dots if chart["enabled"] else [],
        }

    def live(self, value: Any) -> Any:
        """A documented payload with its addresses on this origin, so that a client may follow them."""
        if isinstance(value, dict):
            return {key: self.live(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.live(one) for one in value]
        if isinstance(value, str) and value.startswith(DOCUMENTED_ORIGIN):
            return f"{self.origin}/{value.removeprefix(DOCUMENTED_ORIGIN)}"
        return value

    def moved(self, recording: Recording, at: int) -> str:
        """Some lines of a chat carry the offset of whoever wrote them."""
        line = self.options.offsets and recording.kind == "campfire_line" and recording.id % LOCAL_LINES == 0
        return times.local(at, -300) if line else times.instant(at)

    def status(self, recording: Recording) -> str:
        status = self.store.status(recording)
        return "deleted" if recording.kind == "door" and status == "trashed" else status

    def completion(self, recording: Recording) -> Payload | None:
        names = "created_at=completed_at:instant creator=completed_by:person"
        return columns(names, recording, self.forms) if "completed_at" in recording.fields else None

    def lists_of(self, todoset: Recording) -> list[Payload]:
        names = "id title description=if_described completed completed_ratio url=own_url app_url"
        return [columns(names, partial(self.of_recording, one)) for one in self.store.live(todoset, "todolist")]

    def groups(self, todolist: Recording, name: str) -> str | None:
        """Where the groups of a list are, or a group's position: a group has no groups."""
        group = todolist.parent is not None and todolist.parent.kind == "todolist"
        if group != (name == "position"):
            return None
        place = f"{self.place(todolist)}/todolists/groups/{todolist.id}/position.json"
        return place if group else f"{self.url(todolist).removesuffix('.json')}/groups.json"

    def category(self, message: Recording) -> Payload | None:
        category = self.store.message_types.get(message.fields.get("category", 0))
        return self.message_type(category) if category is not None else None

    def list_on_hold(self, column: Recording) -> Payload | None:
        hold = column.fields.get("on_hold")
        if not hold:
            return None
        return {
            "id": hold["id"],
            "status": self.store.status(column),
            "inherits_status": True,
            **columns(f"title {TIMES}", hold, self.forms),
            "cards_count": self.store.on_hold_cards_count(column),
            "cards_url": f"{self.place(column)}/card_tables/lists/{hold['id']}/cards.json",
        }

    def target(self, wormhole: Recording) -> Recording | None:
        return self.store.recordings.get(wormhole.fields.get("destination", 0))

    def files_of_line(self, line: Recording) -> list[Payload] | None:
        place = f"{self.base}/blobs/{line.id}"
        if "files" not in line.fields:
            return None
        return [
            {
                "title": name,
                "url": f"{place}/previews/full",
                "filename": name,
                "content_type": content_type,
                "byte_size": size,
                "download_url": f"{place}/download/{name}",
            }
            for name, content_type, size in line.fields["files"]
        ]

    def _documented(self, recording: Recording, rendered: Payload, alone: bool) -> Payload:
        """The documented payload with the live status. A thin example (a tool, a list row) is completed, but
        what may be absent and is absent there stays so."""
        fixed = recording.fixed or {}
        payload = {key: value for key, value in rendered.items() if key in fixed or key not in MAY_BE_ABSENT}
        payload.update({key: self.live(value) for key, value in fixed.items() if key not in LIVE})
        if recording.kind == "client_approval" and not alone:
            payload.pop("responses", None)
        return payload


Fact = Callable[[Payloads, Recording], Any]
FACTS: dict[str, Fact] = {
    "base": lambda shown, one: shown.base,
    "app": lambda shown, one: shown.app,
    "account": lambda shown, one: shown.account_path,
    "bucket": lambda shown, one: one.bucket.id,
    "place": Payloads.place,
    "recordings": lambda shown, one: f"{shown.place(one)}/recordings/{one.id}",
    "here": lambda shown, one: shown.url(one).removesuffix(".json"),
    "own_url": Payloads.url,
    "app_url": Payloads.app_url,
    "bookmark_url": lambda shown, one: shown.bookmark("Recording", one.id),
    "shown_status": Payloads.status,
    "created_at": lambda shown, one: shown.moved(one, one.created),
    "updated_at": lambda shown, one: shown.moved(one, one.updated),
    "title": Payloads.title,
    "inherits_status": lambda shown, one: one.status == "active",
    "type": lambda shown, one: one.type,
    "shown_position": lambda shown, one: one.position if shows_position(shown.store, one) else None,
    "above": lambda shown, one: shown.pointer(one.parent) if one.parent is not None else None,
    "home": lambda shown, one: {"id": one.bucket.id, "name": one.bucket.name, "type": one.bucket.type},
    "tool": lambda shown, one: KINDS[one.kind].tool,
    "in_dock": lambda shown, one: one.position is not None,
    "attachments": Payloads.attachments,
    "done": lambda shown, one: "completed_at" in one.fields,
    "completion": Payloads.completion,
    "steps": lambda shown, one: shown.below(one, "step"),
    "todolists": Payloads.lists_of,
    "if_described": lambda shown, one: one.fields.get("description") or None,
    "group_position_url": lambda shown, one: shown.groups(one, "position"),
    "groups_url": lambda shown, one: shown.groups(one, "groups"),
    "category": Payloads.category,
    "starts_at": lambda shown, one: entry_moment(one, "starts", shown.options),
    "ends_at": lambda shown, one: entry_moment(one, "ends", shown.options),
    "lists": lambda shown, one: shown.below(one, "card_table_column"),
    "wormholes": lambda shown, one: shown.below(one, "card_table_wormhole"),
    "list_on_hold": Payloads.list_on_hold,
    "linked": lambda shown, one: shown.target(one) is not None,
    "destination_url": lambda shown, one: shown.url(target) if (target := shown.target(one)) is not None else None,
    "text_of_card": lambda shown, one: one.fields.get("content", one.fields.get("description", "")),
    "line": lambda shown, one: None if "files" in one.fields else one.fields["content"],
    "files_of_line": Payloads.files_of_line,
}
BUCKET_FACTS: dict[str, Callable[[Payloads, Bucket], Any]] = {
    "purpose": lambda shown, bucket: "topic",
    "color": lambda shown, bucket: None,
    "bookmark_url": lambda shown, bucket: shown.bookmark("Bucket", bucket.id),
    "firm": lambda shown, bucket: columns("id=0 name=1", bucket.client_company) if bucket.client_company else None,
    "board": lambda shown, bucket: (
        {
            "url": f"{shown.base}/buckets/{bucket.id}/client/board.json",
            "app_url": f"{shown.app}/buckets/{bucket.id}/client/board",
        }
        if bucket.clientside
        else None
    ),
    "dock": Payloads.dock,
    "people": Payloads.sample,
    "bookmarked": lambda shown, bucket: False,
}
PERSON_FACTS: dict[str, Callable[[Payloads, Person], Any]] = {
    "attachable_sgid": lambda shown, person: shown.signed("Person", person.id),
    "email_address": Payloads.email,
    "avatar_url": lambda shown, person: shown.avatar(person.id),
    "firm": lambda shown, person: columns("id=0 name=1", person.company) if person.company else None,
    "away": lambda shown, person: (
        columns("start_date end_date", person.out_of_office) if person.out_of_office else None
    ),
}


def shows_position(store: Store, recording: Recording) -> bool:
    """Absent for archived, trashed and completed items (basecamp.md 6); hidden tools and kinds without one
    have none."""
    return (
        KINDS[recording.kind].position
        and recording.position is not None
        and "completed_at" not in recording.fields
        and store.status(recording) == "active"
    )


def entry_moment(entry: Recording, end: str, options: Options) -> str:
    """`starts` or `ends` of a schedule entry as it is sent: a date when it takes all day, else an instant
    that may carry the offset of whoever made it (basecamp.md 1 and 11.10)."""
    fields = entry.fields
    if fields["all_day"]:
        return fields[end]
    offset = fields.get("offset", 0)
    return times.local(fields[end], offset) if offset and options.offsets else times.instant(fields[end])
