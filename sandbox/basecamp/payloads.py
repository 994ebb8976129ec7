"""Records as JSON. Keys, their order and their absence follow the example payloads and basecamp.md 6 and 11.

Signed values (sgids, bookmark and avatar URLs) are different at every read, as basecamp.md 6 warns: they hold
the `nonce` of the answer. Everything else is the same for the same record.
"""

from collections.abc import Callable
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording
from sandbox.basecamp.store import Store

Payload = dict[str, Any]
DOCUMENTED_ORIGIN = "https://3.basecampapi.com/"
REDACTED = "••••@•••••••••.•••"
LOCAL_LINES = 7
LIVE = ("status", "inherits_status", "lists", "wormholes", "steps")
MAY_BE_ABSENT = (
    "position",
    "completion",
    "category",
    "width",
    "height",
    "recurrence_schedule",
    "on_hold",
    "subtasks_count",
    "subtasks_completed_count",
    "subtasks_url",
    "parent",
)
TOOL_NAMES = {kind.name: kind.tool for kind in KINDS.values() if kind.tool}


class Payloads:
    """Renders for one answer: `base` is the origin with the account id, `nonce` what its signatures hold."""

    def __init__(self, store: Store, options: Options, origin: str, account: int, nonce: str) -> None:
        self.store = store
        self.options = options
        self.origin = origin
        self.base = f"{origin}/{account}"
        self.app = f"{origin}/app/{account}"
        self.nonce = nonce
        self._people: dict[int, Payload] = {}

    def account(self) -> Payload:
        store = self.store
        if "fixed" in store.account:
            return dict(store.account["fixed"])
        updated = store.account["updated"]
        return {
            "id": store.account["id"],
            "name": store.account["name"],
            "owner_name": store.people[store.account["owner"]].name,
            "active": not self.options.account_inactive,
            "created_at": times.instant(store.account["created"]),
            "updated_at": times.local(updated, -300) if self.options.offsets else times.instant(updated),
            "trial": False,
            "trial_ends_on": None,
            "frozen": False,
            "paused": False,
            "limits": store.account["limits"],
            "subscription": store.account["subscription"],
            "settings": store.account["settings"],
        }

    def project(self, bucket: Bucket) -> Payload:
        if bucket.fixed is not None:
            payload = {**self.live(bucket.fixed), "status": bucket.status}
            return payload
        url = f"{self.base}/projects/{bucket.id}"
        payload = {
            "id": bucket.id,
            "status": bucket.status,
            "created_at": times.instant(bucket.created),
            "updated_at": times.instant(bucket.updated),
            "name": bucket.name,
            "description": bucket.description,
            "purpose": "topic",
            "clients_enabled": bucket.clients_enabled,
            "timesheet_enabled": bucket.timesheet_enabled,
            "color": None,
        }
        gauge = next(iter(self.store.roots(bucket, "gauge")), None)
        if gauge is not None and gauge.fields.get("last_color"):
            payload.update(self.needles(gauge))
        if bucket.start_date:
            payload.update(start_date=bucket.start_date, end_date=bucket.end_date)
        payload.update(
            bookmark_url=self.bookmark("Bucket", bucket.id),
            star_url=f"{self.base}/buckets/{bucket.id}/stars.json",
            url=url + ".json",
            app_url=f"{self.app}/projects/{bucket.id}",
        )
        if bucket.client_company:
            payload["client_company"] = {"id": bucket.client_company[0], "name": bucket.client_company[1]}
        if bucket.clientside:
            board = f"buckets/{bucket.id}/client/board"
            payload["clientside"] = {"url": f"{self.base}/{board}.json", "app_url": f"{self.app}/{board}"}
        sample = [self.small_person(id) for id in bucket.members[:5]]
        payload["dock"] = self.dock(bucket)
        payload["people"] = {"team": {"count": len(bucket.members), "sample": sample}}
        payload["all_access"] = bucket.all_access
        payload["bookmarked"] = False
        return payload

    def template(self, bucket: Bucket) -> Payload:
        if bucket.fixed is not None:
            return {**self.live(bucket.fixed), "status": bucket.status}
        return {
            "id": bucket.id,
            "status": bucket.status,
            "created_at": times.instant(bucket.created),
            "updated_at": times.instant(bucket.updated),
            "name": bucket.name,
            "description": bucket.description,
            "url": f"{self.base}/templates/{bucket.id}.json",
            "app_url": f"{self.app}/templates/{bucket.id}",
            "dock": self.dock(bucket),
        }

    def dock(self, bucket: Bucket) -> list[Payload]:
        return [
            {
                "id": tool.id,
                "title": tool.title,
                "name": TOOL_NAMES[tool.kind],
                "enabled": tool.position is not None,
                "position": tool.position,
                "url": self.url(tool),
                "app_url": self.app_url(tool),
            }
            for tool in self.store.tools(bucket)
        ]

    def person(self, id: int) -> Payload:
        """The full person, as embedded everywhere."""
        if id not in self._people:
            self._people[id] = self._person(self.store.people[id])
        return self._people[id]

    def people(self, ids: list[int]) -> list[Payload]:
        return [self.person(id) for id in ids]

    def small_person(self, id: int) -> Payload:
        return {"id": id, "name": self.store.people[id].name, "avatar_url": self.avatar(id)}

    def email(self, person: Person) -> str | None:
        """What the token's person may see of an address; basecamp.md 2."""
        if person.email and self.options.redacted_emails and person.id != self.store.reader:
            return person.email[0] + REDACTED
        return person.email

    def out_of_office(self, person: Person) -> Payload:
        away = person.out_of_office
        payload: Payload = {"person": self.small_person(person.id), "enabled": away is not None}
        if away is not None:
            payload.update(ongoing=True, **away)
        return payload

    def recording(self, recording: Recording, alone: bool = False) -> Payload:
        """As in the kind's own list; `alone` adds what only the single-object endpoint gives."""
        payload = self._envelope(recording)
        own: Callable[[Recording, bool], Payload] | None = getattr(self, f"_{recording.kind}", None)
        if own is not None:
            payload.update(own(recording, alone))
        if recording.fixed is not None:
            return self._documented(recording, payload, alone)
        return payload

    def pointer(self, recording: Recording) -> Payload:
        """`parent` of a child."""
        return {
            "id": recording.id,
            "title": self.title(recording),
            "type": recording.type,
            "url": self.url(recording),
            "app_url": self.app_url(recording),
        }

    def title(self, recording: Recording) -> str:
        """Titles of comments and replies are derived, so a rename above changes them without any sign."""
        parent = recording.parent
        if recording.fixed is not None and "title" in recording.fixed:
            return recording.fixed["title"]
        if parent is not None and recording.kind in ("comment", "forward_reply", "client_reply"):
            return f"Re: {self.title(parent)}"
        if parent is not None and recording.kind == "question_answer":
            return f"Answer to “{parent.title}”"
        if parent is not None and recording.kind == "client_approval_response":
            return f"Answer Re: {parent.title}"
        return recording.title

    def url(self, recording: Recording) -> str:
        kind, bucket, parent = KINDS[recording.kind], recording.bucket, recording.parent
        place = f"{self.base}/buckets/{bucket.id}"
        if recording.kind == "door":
            return recording.fields["url"]
        if recording.kind in ("cloud_file", "google_document"):
            return recording.fields["url"]
        if recording.kind == "campfire_line" and parent is not None:
            return f"{place}/chats/{parent.id}/lines/{recording.id}.json"
        if recording.kind == "client_board":
            return f"{place}/client/board.json"
        if recording.kind == "card_table_wormhole" and parent is not None:
            return self.url(parent)
        if recording.kind == "gauge":
            return f"{self.base}/projects/{bucket.id}/gauge.json"
        if recording.kind in ("gauge_needle", "timesheet_entry"):
            return f"{self.base}/projects/{bucket.id}/{kind.path}/{recording.id}.json"
        return f"{place}/{kind.path}/{recording.id}.json"

    def app_url(self, recording: Recording) -> str:
        place = f"{self.app}/buckets/{recording.bucket.id}"
        if recording.parent is not None and recording.kind in ("comment", "step", "forward_reply", "client_reply"):
            return f"{self.app_url(recording.parent)}#__recording_{recording.id}"
        return f"{place}/{KINDS[recording.kind].path or 'recordings'}/{recording.id}"

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
            if width is not None:
                attachment.update(width=width, height=height)
            found.append(attachment)
        return found

    def needles(self, gauge: Recording) -> Payload:
        return {
            "last_needle_color": gauge.fields.get("last_color"),
            "last_needle_position": gauge.fields.get("last_position"),
            "previous_needle_position": gauge.fields.get("previous_position"),
        }

    def message_type(self, item: Item) -> Payload:
        return self._item(item, ("id", "name", "icon", "created_at", "updated_at"))

    def webhook(self, item: Item, alone: bool = False) -> Payload:
        place = f"buckets/{item.owner}/webhooks/{item.id}"
        payload = self._item(item, ("id", "active", "created_at", "updated_at", "payload_url", "types"))
        payload.update(url=f"{self.base}/{place}.json", app_url=f"{self.app}/{place}")
        if alone:
            payload["recent_deliveries"] = []
        return payload

    def marker(self, item: Item) -> Payload:
        return self._item(item, ("id", "created_at", "date", "name", "updated_at"))

    def boost(self, item: Item, recording: Recording | None = None) -> Payload:
        payload = {
            "id": item.id,
            "content": item.fields["content"],
            "created_at": times.instant(item.created),
            "booster": self.person(item.fields["booster"]),
        }
        if recording is not None:
            payload["recording"] = self.pointer(recording)
        return payload

    def event(self, event: Event) -> Payload:
        payload: Payload = {
            "id": event.id,
            "recording_id": event.recording,
            "action": event.action,
            "details": event.details,
            "created_at": times.instant(event.at),
            "creator": self.person(event.creator),
        }
        if event.performed_by is not None:
            payload["performed_by"] = self.person(event.performed_by)
        if event.action in ("completed", "adopted", "column_changed"):
            place = f"{self.base}/buckets/{event.bucket.id}/recordings/{event.recording}"
            payload.update(boosts_count=event.boosts, boosts_url=f"{place}/events/{event.id}/boosts.json")
        return payload

    def news(self, event: Event) -> Payload:
        """A row of the account's event feed; basecamp.md 8."""
        subject, _, action = (event.news or "").rpartition(".")
        payload: Payload = {
            "id": event.id,
            "kind": f"{subject}.{action}".replace(".", "_"),
            "action": action,
            "created_at": times.instant(event.at),
            "event_type": event.news,
            "bucket_id": event.bucket.id,
            "creator_id": event.creator,
            "performed_by_id": event.performed_by,
            "recording_id": event.recording,
        }
        if event.details:
            payload["details"] = event.details
        return payload

    def hill_chart(self, todoset: Recording) -> Payload:
        chart = todoset.fields["hill"]
        dots = []
        for id, color, position in chart["dots"]:
            todolist = self.store.recordings.get(id)
            if todolist is not None and todolist.status == "active":
                dots.append(
                    {
                        "id": id,
                        "label": todolist.title,
                        "color": color,
                        "position": position,
                        "url": self.url(todolist),
                        "app_url": self.app_url(todolist),
                    }
                )
        return {
            "enabled": chart["enabled"],
            "stale": chart["stale"],
            "updated_at": times.instant(chart["updated"]),
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

    def _person(self, person: Person) -> Payload:
        if person.fixed is not None:
            return self.live(person.fixed)
        payload: Payload = {
            "id": person.id,
            "attachable_sgid": self.signed("Person", person.id),
            "name": person.name,
            "personable_type": person.personable_type,
            "title": person.title,
            "tagline": person.bio,
            "location": person.location,
            "created_at": times.instant(person.created),
            "updated_at": times.instant(person.updated),
            "email_address": self.email(person),
            "bio": person.bio,
            "admin": person.admin,
            "owner": person.owner,
            "client": person.client,
            "employee": person.employee,
            "time_zone": person.time_zone,
            "avatar_url": self.avatar(person.id),
        }
        if person.company:
            payload["company"] = {"id": person.company[0], "name": person.company[1]}
        user = person.personable_type == "User"
        payload.update(
            can_ping=user,
            can_manage_projects=user and not person.client,
            can_manage_people=person.admin,
            can_access_timesheet=user and not person.client,
            can_access_hill_charts=user and not person.client,
        )
        if person.system_label:
            payload["system_label"] = person.system_label
        if person.out_of_office:
            payload["out_of_office"] = {key: person.out_of_office[key] for key in ("start_date", "end_date")}
        return payload

    def _envelope(self, recording: Recording) -> Payload:
        kind, store = KINDS[recording.kind], self.store
        place = f"{self.base}/buckets/{recording.bucket.id}/recordings/{recording.id}"
        status = store.status(recording)
        offset = self._local_line(recording)
        moment: Callable[[int], str] = (lambda at: times.local(at, -300)) if offset else times.instant
        payload: Payload = {
            "id": recording.id,
            "status": "deleted" if recording.kind == "door" and status == "trashed" else status,
            "visible_to_clients": recording.visible,
            "created_at": moment(recording.created),
            "updated_at": moment(recording.updated),
            "title": self.title(recording),
            "inherits_status": recording.status == "active",
            "type": recording.type,
        }
        if kind.path:
            payload["url"] = self.url(recording)
        payload.update(app_url=self.app_url(recording), bookmark_url=self.bookmark("Recording", recording.id))
        if kind.subscription:
            payload["subscription_url"] = f"{place}/subscription.json"
        if kind.comments:
            payload["comments_count"] = store.counter(recording, "comments_count")
            payload["comments_url"] = f"{place}/comments.json"
        if kind.boosts:
            payload["boosts_count"] = store.counter(recording, "boosts_count")
            payload["boosts_url"] = f"{place}/boosts.json"
        if shows_position(store, recording):
            payload["position"] = recording.position
        if recording.parent is not None:
            payload["parent"] = self.pointer(recording.parent)
        bucket = recording.bucket
        payload["bucket"] = {"id": bucket.id, "name": bucket.name, "type": bucket.type}
        payload["creator"] = self.person(recording.creator)
        return payload

    def _local_line(self, recording: Recording) -> bool:
        return self.options.offsets and recording.kind == "campfire_line" and recording.id % LOCAL_LINES == 0

    def _documented(self, recording: Recording, rendered: Payload, alone: bool) -> Payload:
        """The documented payload with the live status. A thin example (a tool, a list row) is completed, but
        what may be absent and is absent there stays so."""
        fixed = recording.fixed or {}
        payload = {key: value for key, value in rendered.items() if key in fixed or key not in MAY_BE_ABSENT}
        payload.update({key: self.live(value) for key, value in fixed.items() if key not in LIVE})
        if recording.kind == "client_approval" and not alone:
            payload.pop("responses", None)
        return payload

    def _rich(self, recording: Recording, name: str) -> Payload:
        return {name: recording.fields.get(name, ""), f"{name}_attachments": self.attachments(recording)}

    def _completion(self, recording: Recording) -> Payload:
        if "completed_at" not in recording.fields:
            return {}
        creator = self.person(recording.fields["completed_by"])
        return {"completion": {"created_at": times.instant(recording.fields["completed_at"]), "creator": creator}}

    def _subtasks(self, recording: Recording) -> Payload:
        payload: Payload = {"steps": [self.recording(step) for step in self.store.live(recording, "step")]}
        if self.options.subtask_keys:
            place = f"{self.base}/buckets/{recording.bucket.id}/recordings/{recording.id}"
            payload["subtasks_count"] = self.store.counter(recording, "subtasks_count")
            payload["subtasks_completed_count"] = self.store.counter(recording, "subtasks_completed_count")
            payload["subtasks_url"] = f"{place}/subtasks.json"
        return payload

    def _todoset(self, todoset: Recording, alone: bool) -> Payload:
        store, url = self.store, self.url(todoset).removesuffix(".json")
        lists = [
            {
                "id": one.id,
                "title": one.title,
                "description": one.fields.get("description") or None,
                "completed": store.counter(one, "completed"),
                "completed_ratio": store.counter(one, "completed_ratio"),
                "url": self.url(one),
                "app_url": self.app_url(one),
            }
            for one in store.live(todoset, "todolist")
        ]
        return {
            "completed": store.counter(todoset, "completed"),
            "completed_ratio": store.counter(todoset, "completed_ratio"),
            "name": todoset.title,
            "todos_count": store.counter(todoset, "todos_count"),
            "todolists_count": store.counter(todoset, "todolists_count"),
            "completed_loose_todos_count": store.counter(todoset, "completed_loose_todos_count"),
            "todolists": lists,
            "todos_url": f"{url}/todos.json",
            "app_todos_url": f"{self.app_url(todoset)}/todos",
            "hill_chart_url": f"{self.base}/todosets/{todoset.id}/hill.json",
            "todolists_url": f"{url}/todolists.json",
            "app_todoslists_url": f"{self.app_url(todoset)}/todolists",
        }

    def _todolist(self, todolist: Recording, alone: bool) -> Payload:
        place, url = f"{self.base}/buckets/{todolist.bucket.id}", self.url(todolist).removesuffix(".json")
        payload = {
            **self._rich(todolist, "description"),
            "completed": self.store.counter(todolist, "completed"),
            "completed_ratio": self.store.counter(todolist, "completed_ratio"),
            "name": todolist.title,
            "color": todolist.fields.get("color"),
        }
        if todolist.parent is not None and todolist.parent.kind == "todolist":
            payload["group_position_url"] = f"{place}/todolists/groups/{todolist.id}/position.json"
        else:
            payload["groups_url"] = f"{url}/groups.json"
        payload.update(
            todos_url=f"{url}/todos.json",
            app_todos_url=f"{self.app_url(todolist)}/todos",
            comments_app_url=f"{self.app}/buckets/{todolist.bucket.id}/recordings/{todolist.id}/comments",
        )
        return payload

    def _todo(self, todo: Recording, alone: bool) -> Payload:
        fields = todo.fields
        return {
            **self._rich(todo, "description"),
            "completed": "completed_at" in fields,
            **self._completion(todo),
            "content": todo.title,
            "starts_on": fields.get("starts_on"),
            "due_on": fields.get("due_on"),
            "assignees": self.people(fields.get("assignees", [])),
            "completion_subscribers": self.people(fields.get("subscribers", [])),
            "completion_url": f"{self.base}/buckets/{todo.bucket.id}/todos/{todo.id}/completion.json",
            **self._subtasks(todo),
        }

    def _step(self, step: Recording, alone: bool) -> Payload:
        account = self.base.removeprefix(self.origin)
        return {
            "completed": "completed_at" in step.fields,
            **self._completion(step),
            "due_on": step.fields.get("due_on"),
            "assignees": self.people(step.fields.get("assignees", [])),
            "completion_url": f"{account}/buckets/{step.bucket.id}/steps/{step.id}/completions.json",
        }

    def _message_board(self, board: Recording, alone: bool) -> Payload:
        return {
            "messages_count": self.store.counter(board, "messages_count"),
            "messages_url": self.url(board).replace(".json", "/messages.json"),
            "app_messages_url": f"{self.app_url(board)}/messages",
        }

    def _message(self, message: Recording, alone: bool) -> Payload:
        payload = {**self._rich(message, "content"), "subject": message.title}
        category = self.store.message_types.get(message.fields.get("category", 0))
        if category is not None:
            payload["category"] = self.message_type(category)
        return payload

    def _comment(self, comment: Recording, alone: bool) -> Payload:
        return self._rich(comment, "content")

    def _schedule(self, schedule: Recording, alone: bool) -> Payload:
        return {
            "include_due_assignments": schedule.fields.get("include_due_assignments", True),
            "entries_count": self.store.counter(schedule, "entries_count"),
            "entries_url": f"{self.base}/schedules/{schedule.id}/entries.json",
        }

    def _schedule_entry(self, entry: Recording, alone: bool) -> Payload:
        fields = entry.fields
        payload = {
            **self._rich(entry, "description"),
            "summary": entry.title,
            "all_day": fields["all_day"],
            "highlighted": fields.get("highlighted", False),
            "starts_at": entry_moment(entry, "starts", self.options),
            "ends_at": entry_moment(entry, "ends", self.options),
            "join_url": fields.get("join_url"),
            "participants": self.people(fields.get("participants", [])),
        }
        if fields.get("recurrence"):
            payload["recurrence_schedule"] = fields["recurrence"]
        return payload

    def _questionnaire(self, questionnaire: Recording, alone: bool) -> Payload:
        return {
            "name": questionnaire.title,
            "questions_count": self.store.counter(questionnaire, "questions_count"),
            "questions_url": f"{self.base}/questionnaires/{questionnaire.id}/questions.json",
        }

    def _question(self, question: Recording, alone: bool) -> Payload:
        return {
            "paused": question.fields.get("paused", False),
            "schedule": question.fields["schedule"],
            "answers_count": self.store.counter(question, "answers_count"),
            "answers_url": f"{self.base}/questions/{question.id}/answers.json",
        }

    def _question_answer(self, answer: Recording, alone: bool) -> Payload:
        return {**self._rich(answer, "content"), "group_on": answer.fields["group_on"]}

    def _vault(self, vault: Recording, alone: bool) -> Payload:
        place = f"{self.base}/vaults/{vault.id}"
        payload: Payload = {}
        for name in ("documents", "uploads", "vaults"):
            payload[f"{name}_count"] = self.store.counter(vault, f"{name}_count")
            payload[f"{name}_url"] = f"{place}/{name}.json"
        return payload

    def _document(self, document: Recording, alone: bool) -> Payload:
        return self._rich(document, "content")

    def _upload(self, upload: Recording, alone: bool) -> Payload:
        fields = upload.fields
        download = f"buckets/{upload.bucket.id}/uploads/{upload.id}/download/{upload.title}"
        payload = {
            **self._rich(upload, "description"),
            "content_type": fields["content_type"],
            "byte_size": fields["byte_size"],
            "filename": upload.title,
            "download_url": f"{self.base}/{download}",
            "app_download_url": f"{self.app}/{download}",
        }
        if fields.get("width") is not None:
            payload.update(width=fields["width"], height=fields["height"])
        return payload

    def _door(self, door: Recording, alone: bool) -> Payload:
        return {"service": door.fields["service"], "description": door.fields.get("description", "")}

    def _card_table(self, table: Recording, alone: bool) -> Payload:
        return {
            "subscribers": self.people(table.fields.get("subscribers", [])),
            "public_link_url": f"{self.base}/buckets/{table.bucket.id}/recordings/{table.id}/publication",
            "lists": [self.recording(one) for one in self.store.live(table, "card_table_column")],
            "wormholes": [self.recording(one) for one in self.store.live(table, "card_table_wormhole")],
        }

    def _card_table_column(self, column: Recording, alone: bool) -> Payload:
        cards = f"{self.base}/buckets/{column.bucket.id}/card_tables/lists"
        payload = {
            "description": column.fields.get("description"),
            "subscribers": self.people(column.fields.get("subscribers", [])),
            "color": column.fields.get("color"),
            "cards_count": self.store.counter(column, "cards_count"),
            "comment_count": self.store.counter(column, "comment_count"),
            "cards_url": f"{cards}/{column.id}/cards.json",
        }
        hold = column.fields.get("on_hold")
        if hold:
            payload["on_hold"] = {
                "id": hold["id"],
                "status": self.store.status(column),
                "inherits_status": True,
                "title": hold["title"],
                "created_at": times.instant(hold["created"]),
                "updated_at": times.instant(hold["updated"]),
                "cards_count": self.store.on_hold_cards_count(column),
                "cards_url": f"{cards}/{hold['id']}/cards.json",
            }
        return payload

    def _card_table_wormhole(self, wormhole: Recording, alone: bool) -> Payload:
        target = self.store.recordings.get(wormhole.fields.get("destination", 0))
        return {
            "color": wormhole.fields.get("color"),
            "linked": target is not None,
            "destination_url": self.url(target) if target is not None else None,
        }

    def _card(self, card: Recording, alone: bool) -> Payload:
        text = self._rich(card, "description")
        return {
            **text,
            "completed": "completed_at" in card.fields,
            **self._completion(card),
            "content": card.fields.get("content", text["description"]),
            "due_on": card.fields.get("due_on"),
            "assignees": self.people(card.fields.get("assignees", [])),
            "completion_subscribers": self.people(card.fields.get("subscribers", [])),
            "completion_url": f"{self.base}/buckets/{card.bucket.id}/todos/{card.id}/completion.json",
            "comment_count": self.store.counter(card, "comments_count"),
            **self._subtasks(card),
        }

    def _campfire(self, campfire: Recording, alone: bool) -> Payload:
        url = f"{self.base}/buckets/{campfire.bucket.id}/chats/{campfire.id}"
        return {"topic": campfire.title, "lines_url": f"{url}/lines.json", "files_url": f"{url}/uploads.json"}

    def _campfire_line(self, line: Recording, alone: bool) -> Payload:
        if "files" not in line.fields:
            return {"content": line.fields["content"]}
        place = f"{self.base}/blobs"
        return {
            "attachments": [
                {
                    "title": name,
                    "url": f"{place}/{line.id}/previews/full",
                    "filename": name,
                    "content_type": content_type,
                    "byte_size": size,
                    "download_url": f"{place}/{line.id}/download/{name}",
                }
                for name, content_type, size in line.fields["files"]
            ]
        }

    def _inbox(self, inbox: Recording, alone: bool) -> Payload:
        return {
            "forwards_count": self.store.counter(inbox, "forwards_count"),
            "forwards_url": self.url(inbox).replace(".json", "/forwards.json"),
        }

    def _forward(self, forward: Recording, alone: bool) -> Payload:
        return {
            **self._rich(forward, "content"),
            "subject": forward.title,
            "from": forward.fields.get("from"),
            "replies_count": self.store.counter(forward, "replies_count"),
            "replies_url": self.url(forward).replace(".json", "/replies.json"),
        }

    def _forward_reply(self, reply: Recording, alone: bool) -> Payload:
        return self._rich(reply, "content")

    def _client_approval(self, approval: Recording, alone: bool) -> Payload:
        payload = self._client_correspondence(approval, alone)
        replies = {key: payload.pop(key) for key in ("replies_count", "replies_url")}
        approver = approval.fields.get("approver")
        payload.update(due_on=approval.fields.get("due_on"), **replies)
        payload["approval_status"] = approval.fields["approval_status"]
        payload["approver"] = self.person(approver) if approver else None
        if alone:
            payload["responses"] = [
                self.recording(one) for one in self.store.live(approval, "client_approval_response")
            ]
        return payload

    def _client_approval_response(self, response: Recording, alone: bool) -> Payload:
        return {"content": response.fields.get("content", ""), "approved": response.fields["approved"]}

    def _client_correspondence(self, correspondence: Recording, alone: bool) -> Payload:
        place = f"{self.base}/buckets/{correspondence.bucket.id}/client/recordings/{correspondence.id}"
        return {
            **self._rich(correspondence, "content"),
            "subject": correspondence.title,
            "replies_count": self.store.counter(correspondence, "replies_count"),
            "replies_url": f"{place}/replies.json",
        }

    def _client_reply(self, reply: Recording, alone: bool) -> Payload:
        return self._rich(reply, "content")

    def _timesheet_entry(self, entry: Recording, alone: bool) -> Payload:
        fields = entry.fields
        return {
            "date": fields["date"],
            "description": fields.get("description", ""),
            "hours": fields["hours"],
            "person": self.person(fields["person"]),
        }

    def _gauge(self, gauge: Recording, alone: bool) -> Payload:
        return {**self._rich(gauge, "description"), "enabled": gauge.fields.get("enabled", True), **self.needles(gauge)}

    def _gauge_needle(self, needle: Recording, alone: bool) -> Payload:
        return {
            **self._rich(needle, "description"),
            "color": needle.fields["color"],
            "comment_count": self.store.counter(needle, "comments_count"),
        }

    def _cloud_file(self, file: Recording, alone: bool) -> Payload:
        return {**self._rich(file, "description"), "service": file.fields["service"]}

    def _google_document(self, document: Recording, alone: bool) -> Payload:
        return {**self._rich(document, "description"), "document_type": document.fields["document_type"]}

    def _item(self, item: Item, order: tuple[str, ...]) -> Payload:
        values = {
            "id": item.id,
            "created_at": times.instant(item.created),
            "updated_at": times.instant(item.updated),
            **item.fields,
        }
        return {key: values[key] for key in order}


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
