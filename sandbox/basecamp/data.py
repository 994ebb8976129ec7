"""An account from a folder of JSON payloads, such as the examples of the vendor's documentation.

Every object with a known wire type is taken, wherever it stands in a file; the fuller of two payloads with
one id wins. People, projects, tools and parents that are only named are made up around them, so that each
payload can be reached through the ordinary lists. A payload is served as it stands until its record changes.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.kinds import BY_TOOL, KINDS, kind_of
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording, flat_hill
from sandbox.basecamp.store import Store

Payload = dict[str, Any]
Key = tuple[str, int]
LEFT_OUT = re.compile(r"error_|my_|timeline_|search_|webhook_payload|oauth_|authorization|chatbot|folder")
ACCOUNT_IN_URL = re.compile(r"https://3\.basecampapi\.com/(\d+)/")
HOMES = dict(
    pair.split(":")
    for pair in (
        "todolist:todoset todo:todoset message:message_board schedule_entry:schedule question:questionnaire "
        "document:vault upload:vault forward:inbox card_table_column:card_table client_correspondence:client_board "
        "client_approval:client_board gauge_needle:gauge cloud_file:vault google_document:vault"
    ).split()
)
"""In which tool a record lies, whose parent is not described."""
KEPT = (
    "due_on starts_on color schedule paused group_on service url document_type approved approval_status date hours "
    "content_type byte_size width height description content from include_due_assignments highlighted enabled all_day "
    "join_url"
).split()
RENAMED = {
    "last_needle_color": "last_color",
    "last_needle_position": "last_position",
    "recurrence_schedule": "recurrence",
    "previous_needle_position": "previous_position",
}


def load(store: Store, directory: Path) -> int:
    """Fill `store` from every `*.json` under `directory` and return the account's id."""
    return _Folder(store, directory).load()


class _Folder:
    def __init__(self, store: Store, directory: Path) -> None:
        self.store = store
        self.files = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(directory.glob("*.json"))}
        if not self.files:
            raise ValueError(f"no JSON files in {directory}")
        self.records: dict[Key, Payload] = {}
        self.projects: dict[Key, Payload] = {}
        self.templates: dict[Key, Payload] = {}

    def load(self) -> int:
        for name, content in self.files.items():
            if not LEFT_OUT.match(name):
                for payload in _objects(content):
                    self.sort(payload)
        self.account()
        for payload in self.templates.values():
            self.bucket("Template", payload)
        for payload in self.projects.values():
            self.bucket("Project", payload)
        for payload in self.records.values():
            self.bucket_named(payload)
        for key in self.records:
            self.recording(key)
        self.hill_charts()
        self.items()
        self.history()
        return self.account_id()

    def sort(self, payload: Payload) -> None:
        """Put one object where it belongs; later steps build records from there."""
        if "personable_type" in payload or set(payload) == {"id", "name", "avatar_url"}:
            self.person(payload)
        elif "dock" in payload and "purpose" in payload:
            self.keep(self.projects, payload)
        elif "dock" in payload:
            self.keep(self.templates, payload)
        elif kind_of(payload.get("type", "")) and "created_at" in payload and "bucket" in payload:
            self.keep(self.records, payload)

    def keep(self, kept: dict[Key, Payload], payload: Payload) -> None:
        key = (kind_of(payload.get("type", "")) or "", payload["id"])
        other = kept.get(key)
        if other is not None and (len(other), other["updated_at"]) > (len(payload), payload["updated_at"]):
            payload, other = other, payload
        kept[key] = {**(other or {}), **payload}

    def person(self, payload: Payload) -> None:
        store, known = self.store, self.store.people.get(payload["id"])
        full = "personable_type" in payload
        if known is not None and (not full or (known.fixed or {}).get("updated_at", "") >= payload["updated_at"]):
            return
        person = Person(payload["id"], payload["name"], payload.get("personable_type", "User"), None, 0, 0)
        if full:
            person.fixed = payload
            person.created, person.updated = (times.read(payload["created_at"]), times.read(payload["updated_at"]))
            person.email = payload["email_address"]
            for key in ("title", "location", "bio", "admin", "owner", "client", "employee", "time_zone"):
                setattr(person, key, payload.get(key))
            if payload.get("company"):
                person.company = (payload["company"]["id"], payload["company"]["name"])
            person.out_of_office = payload.get("out_of_office")
        store.people[person.id] = person
        store.reserve("people", person.id)
        if person.owner:
            store.reader = person.id

    def account(self) -> None:
        payload = self.files.get("account.json", {"id": self.account_id(), "name": "Documented account"})
        self.store.account = {"id": payload["id"], "name": payload["name"], "fixed": payload}
        self.store.reader = self.store.reader or min(self.store.people, default=0)

    def account_id(self) -> int:
        """The account in the addresses of the payloads."""
        for content in self.files.values():
            found = ACCOUNT_IN_URL.search(json.dumps(content))
            if found:
                return int(found[1])
        return 1

    def bucket(self, type_name: str, payload: Payload) -> None:
        id = payload["id"]
        created, updated = times.read(payload["created_at"]), times.read(payload["updated_at"])
        bucket = Bucket(id, type_name, payload["name"], created, updated, payload["status"], payload["description"])
        bucket.fixed = payload
        for key in ("clients_enabled", "timesheet_enabled", "all_access"):
            setattr(bucket, key, payload.get(key, False))
        bucket.start_date, bucket.end_date = payload.get("start_date"), payload.get("end_date")
        if payload.get("client_company"):
            bucket.client_company = (payload["client_company"]["id"], payload["client_company"]["name"])
        bucket.clientside = "clientside" in payload
        samples = (payload.get("people") or {}).values()
        bucket.members = [person["id"] for group in samples for person in group["sample"]]
        self.store.buckets[id] = bucket
        self.store.reserve("buckets", id)
        for entry in payload["dock"]:
            kind = BY_TOOL.get(entry["name"])
            if kind is not None:
                tool = self.found((kind.name, entry["id"]))
                tool = tool or self.invent(kind.name, entry["id"], entry["title"], bucket, None)
                tool.position = entry["position"]

    def bucket_named(self, payload: Payload) -> Bucket:
        """The bucket a payload lies in, made up where no example describes it."""
        named = payload["bucket"]
        if named["id"] not in self.store.buckets:
            at = times.read(payload["created_at"])
            bucket = Bucket(
                named["id"], named["type"], named["name"], at, at, members=self.known(payload["creator"]["id"])
            )
            self.store.buckets[bucket.id] = bucket
            self.store.reserve("buckets", bucket.id)
        return self.store.buckets[named["id"]]

    def known(self, person: int) -> list[int]:
        return [person] if person in self.store.people else []

    def found(self, key: Key) -> Recording | None:
        """The record of this kind and id, built now if a payload describes it. The documentation gives one id
        to records of two kinds, so both are needed."""
        if key[1] in self.store.kinds[key[0]]:
            return self.store.kinds[key[0]][key[1]]
        return self.recording(key) if key in self.records else None

    def recording(self, key: Key) -> Recording:
        kind, id = key
        if id in self.store.kinds[kind]:
            return self.store.kinds[kind][id]
        payload = self.records[key]
        bucket = self.bucket_named(payload)
        parent = self.parent(payload, kind, bucket)
        created, updated = times.read(payload["created_at"]), times.read(payload["updated_at"])
        status = "active" if payload["inherits_status"] else payload["status"]
        creator, title = payload["creator"]["id"], payload["title"]
        one = Recording(
            kind, id, created, updated, {}, status=status, bucket=bucket, parent=parent, creator=creator, title=title
        )
        one.visible, one.position = payload["visible_to_clients"], payload.get("position")
        one.fields = self.fields(payload, kind)
        one.fixed = payload
        self.store.reserve("recordings", id)
        return self.store.add(one)

    def parent(self, payload: Payload, kind: str, bucket: Bucket) -> Recording | None:
        pointer = payload.get("parent")
        if pointer is None:
            return None
        above = kind_of(pointer["type"])
        if above is None:
            return self.root(HOMES.get(kind, "todoset"), bucket)
        known = self.found((above, pointer["id"]))
        if known is not None:
            return known
        under = None
        if above in HOMES and not (above == "vault" and kind != "vault"):
            under = self.root(HOMES[above], bucket)
        invented = self.invent(above, pointer["id"], pointer["title"], bucket, under)
        if above == "card_table_column":
            invented.fields["type"] = pointer["type"]
        return invented

    def root(self, kind: str, bucket: Bucket) -> Recording:
        """The first tool of this kind in the bucket, made up if there is none."""
        for key, payload in self.records.items():
            if key[0] == kind and payload["bucket"]["id"] == bucket.id and "parent" not in payload:
                return self.recording(key)
        found = self.store.roots(bucket, kind)
        return found[0] if found else self.invent(kind, 0, kind.replace("_", " ").capitalize(), bucket, None)

    def invent(self, kind: str, id: int, title: str, bucket: Bucket, parent: Recording | None) -> Recording:
        """A record that is only named, or not even that (`id` 0)."""
        number = id or max([*(key[1] for key in self.records), *self.store.recordings]) + 1
        creator = bucket.members[0] if bucket.members else self.store.reader
        fields = {"description": ""}
        one = Recording(
            kind,
            number,
            bucket.created,
            bucket.updated,
            fields,
            bucket=bucket,
            parent=parent,
            creator=creator,
            title=title,
        )
        if KINDS[kind].tool and parent is None:
            one.position = 1
        if kind == "todoset":
            one.fields["hill"] = flat_hill(bucket.created)
        if kind == "question":
            one.fields["schedule"] = {}
        self.store.reserve("recordings", number)
        return self.store.add(one)

    def fields(self, payload: Payload, kind: str) -> Payload:
        fields = {key: payload[key] for key in KEPT if key in payload}
        fields.update({new: payload[old] for old, new in RENAMED.items() if old in payload})
        for field, key in (("assignees",) * 2, ("participants",) * 2, ("completion_subscribers", "subscribers")):
            if payload.get(field):
                fields[key] = [person["id"] for person in payload[field]]
        if "subscribers" in payload:
            fields["subscribers"] = [person["id"] for person in payload["subscribers"]]
        for field in ("approver", "person"):
            if payload.get(field):
                fields[field] = payload[field]["id"]
        if payload.get("completion"):
            fields["completed_at"] = times.read(payload["completion"]["created_at"])
            fields["completed_by"] = payload["completion"]["creator"]["id"]
        files = payload.get("content_attachments") or payload.get("description_attachments") or []
        fields["attachments"] = [
            (one["id"], one["filename"], one["content_type"], one["byte_size"], one.get("width"), one.get("height"))
            for one in files
        ]
        if kind in ("card_table_column", "campfire_line"):
            fields["type"] = payload["type"]
        if kind == "campfire_line" and "attachments" in payload:
            found = payload["attachments"]
            fields["files"] = [(one["filename"], one["content_type"], one["byte_size"]) for one in found]
        if kind == "schedule_entry":
            self.moments(payload, fields)
        if kind == "todoset":
            fields["hill"] = flat_hill(times.read(payload["created_at"]))
        if payload.get("category"):
            fields["category"] = payload["category"]["id"]
        return fields

    def moments(self, payload: Payload, fields: Payload) -> None:
        for end in ("starts", "ends"):
            text = payload[f"{end}_at"]
            fields[end] = text if payload["all_day"] else times.read(text)
            offset = re.search(r"([+-])(\d\d):(\d\d)$", text)
            if offset and not payload["all_day"]:
                fields["offset"] = int(offset[1] + "1") * (int(offset[2]) * 60 + int(offset[3]))

    def hill_charts(self) -> None:
        for content in self.files.values():
            if isinstance(content, dict) and "dots" in content and "app_update_url" in content:
                todoset = self.found(("todoset", int(re.findall(r"todosets/(\d+)", content["app_update_url"])[0])))
                if todoset is not None:
                    chart = flat_hill(times.read(content["updated_at"]))
                    dots = [(dot["id"], dot["color"], dot["position"]) for dot in content["dots"]]
                    shown = {"enabled": content["enabled"], "stale": content["stale"], "dots": dots}
                    todoset.fields["hill"] = {**chart, **shown}

    def items(self) -> None:
        """Things without a wire type: known by the file's name."""
        home = min((key[1] for key in self.projects), default=min(self.store.buckets, default=0))
        for name, content in self.files.items():
            rows = content if isinstance(content, list) else [content]
            if name.startswith("message_type"):
                self.take(self.store.message_types, rows, ("name", "icon"), home)
            elif name in ("webhook.json", "webhooks_list.json"):
                self.take(self.store.webhooks, rows, ("active", "payload_url", "types"), home)
            elif name.startswith("lineup_markers"):
                self.take(self.store.markers, rows, ("name", "date"), 0)

    def take(self, items: dict[int, Item], rows: list[Payload], names: tuple[str, ...], home: int) -> None:
        for row in rows:
            place = re.search(r"/buckets/(\d+)/", row.get("url", ""))
            fields = {key: row[key] for key in names}
            created, updated = times.read(row["created_at"]), times.read(row["updated_at"])
            items[row["id"]] = Item(row["id"], int(place[1]) if place else home, created, updated, fields)
            for space in ("message_types", "webhooks", "markers"):
                self.store.reserve(space, row["id"])

    def history(self) -> None:
        events = []
        for row in self.files.get("events_list.json", []):
            recording = self.store.recordings.get(row["recording_id"])
            if recording is not None:
                performer = row["performed_by"]["id"] if row.get("performed_by") else None
                made = (row["id"], recording.id, row["action"], times.read(row["created_at"]), row["creator"]["id"])
                more = (row["details"], None, performer, row.get("boosts_count", 0))
                events.append(Event(*made, recording.bucket, *more))
        for row in self.files.get("event_feed_poll.json", {}).get("events", []):
            named = {"id": row["bucket_id"], "type": "Project", "name": f"Project {row['bucket_id']}"}
            place = {"bucket": named, "created_at": row["created_at"], "creator": {"id": row["creator_id"]}}
            bucket = self.bucket_named(place)
            made = (row["id"], row["recording_id"], row["action"], times.read(row["created_at"]), row["creator_id"])
            events.append(Event(*made, bucket, row.get("details", {}), row["event_type"], row["performed_by_id"]))
        for event in sorted(events, key=lambda event: event.id):
            self.store.append(event)
            self.store.reserve("events", event.id)


def _objects(value: Any) -> Iterator[Payload]:
    """Every object inside a JSON value, the outer ones first."""
    if isinstance(value, dict):
        if "id" in value:
            yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)
