"""The account's memory: records by kind and by parent, ids, statuses, counters, trash.

basecamp.md 6 (domain model) and 9 (archive, trash, purge).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording

TRASH_MILLISECONDS = 30 * 86_400_000
FIRST_ID = 1_069_478_892
FIRST_LARGE_ID = 2**53 + 1_001
NEVER = 2**62
RANKS = {"active": 0, "archived": 1, "trashed": 2}
STATUSES = ("active", "archived", "trashed")
COUNTED = {
    "comments_count": "comment",
    "comment_count": "comment",
    "subtasks_count": "step",
    "todos_count": "todo",
    "todolists_count": "todolist",
    "messages_count": "message",
    "entries_count": "schedule_entry",
    "questions_count": "question",
    "answers_count": "question_answer",
    "documents_count": "document",
    "uploads_count": "upload",
    "vaults_count": "vault",
    "forwards_count": "forward",
}
"""Counters that tell how many live children of a kind there are."""


class Store:
    """Mutations go through `add`, `touch`, `set_status`, `move`, `remove` and `log`, so that `version` tells
    a reader whether a listing it kept is still good. People, buckets, recordings and the rest are separate
    number spaces that all start at the same number, so an id alone names nothing."""

    def __init__(self, now: Callable[[], float], large_ids: Callable[[], bool] = lambda: False) -> None:
        self.version = 0
        self.account: dict[str, Any] = {}
        self.people: dict[int, Person] = {}
        self.buckets: dict[int, Bucket] = {}
        self.recordings: dict[int, Recording] = {}
        self.kinds: dict[str, dict[int, Recording]] = {name: {} for name in KINDS}
        self.boosts: defaultdict[int, list[Item]] = defaultdict(list)
        self.message_types: dict[int, Item] = {}
        self.webhooks: dict[int, Item] = {}
        self.markers: dict[int, Item] = {}
        self.events: list[Event] = []
        self.reader = 0
        self.identities: dict[int, int] = {}
        """The company's people among `people`; `clients` are the firms that projects are for. Both by id."""
        self.clients: dict[int, int] = {}
        self.feed_epoch = 0
        self._events_of: defaultdict[int, list[Event]] = defaultdict(list)
        self._children: dict[tuple[int, str], dict[int, Recording]] = {}
        self._trashed: dict[int, int] = {}
        self._trashed_buckets: dict[int, int] = {}
        self._oldest_trash = NEVER
        self._last_ids: dict[str, int] = {}
        self._now = now
        self._large_ids = large_ids

    @property
    def now(self) -> int:
        """The vendor's clock in milliseconds."""
        return round(self._now() * 1000)

    def next_id(self, space: str) -> int:
        """The next number of `people`, `buckets`, `recordings`, or one of the small spaces."""
        first = FIRST_LARGE_ID if self._large_ids() else FIRST_ID
        self._last_ids[space] = max(self._last_ids.get(space, 0) + 1, first)
        return self._last_ids[space]

    def reserve(self, space: str, id: int) -> None:
        """Never give out numbers up to `id`."""
        self._last_ids[space] = max(self._last_ids.get(space, 0), id)

    def add(self, recording: Recording) -> Recording:
        self.version += 1
        self.recordings[recording.id] = recording
        self.kinds[recording.kind][recording.id] = recording
        self._adopt(recording)
        return recording

    def touch(self, recording: Recording, at: int | None = None) -> None:
        """`recording` changed: its `updated_at` moves, and a documented payload no longer stands for it."""
        self.version += 1
        recording.updated = self.now if at is None else at
        recording.fixed = None

    def touch_bucket(self, bucket: Bucket) -> None:
        self.version += 1
        bucket.updated = self.now
        bucket.fixed = None

    def set_status(self, recording: Recording, status: str) -> None:
        """Archive, trash or restore the recording itself; its descendants follow without moving their
        times."""
        recording.status = status
        self._trashed.pop(recording.id, None)
        if status == "trashed":
            self._trashed[recording.id] = self.now
            self._oldest_trash = min(self._oldest_trash, self.now)
        self.touch(recording)

    def set_bucket_status(self, bucket: Bucket, status: str) -> None:
        bucket.status = status
        self._trashed_buckets.pop(bucket.id, None)
        if status == "trashed":
            self._trashed_buckets[bucket.id] = self.now
            self._oldest_trash = min(self._oldest_trash, self.now)
        self.touch_bucket(bucket)

    def move(self, recording: Recording, parent: Recording) -> None:
        self._abandon(recording)
        recording.parent = parent
        self._adopt(recording)
        self.touch(recording)

    def remove(self, recording: Recording) -> None:
        """Purge: the recording and everything under it are gone, and nothing tells about it."""
        self.version += 1
        for child in list(self.descendants(recording)):
            self._forget(child)
        self._abandon(recording)
        self._forget(recording)

    def remove_bucket(self, bucket: Bucket) -> None:
        self.version += 1
        for recording in [one for one in self.recordings.values() if one.bucket is bucket]:
            self._forget(recording)
        for items in (self.message_types, self.webhooks):
            for item in [one for one in items.values() if one.owner == bucket.id]:
                del items[item.id]
        for kind in KINDS:
            self._children.pop((-bucket.id, kind), None)
        self._trashed_buckets.pop(bucket.id, None)
        del self.buckets[bucket.id]

    def sweep(self) -> None:
        """Purge what has been in the trash for 30 days."""
        limit = self.now - TRASH_MILLISECONDS
        if limit < self._oldest_trash:
            return
        for id, at in list(self._trashed.items()):
            if at <= limit and id in self.recordings:
                self.remove(self.recordings[id])
        for id, at in list(self._trashed_buckets.items()):
            if at <= limit:
                self.remove_bucket(self.buckets[id])
        self._oldest_trash = min([*self._trashed.values(), *self._trashed_buckets.values()], default=NEVER)

    def empty_trash(self) -> None:
        """Purge every trashed recording; trashed projects stay for their 30 days."""
        for id in list(self._trashed):
            if id in self.recordings:
                self.remove(self.recordings[id])

    def since_trashed(self, recording: Recording, at: int) -> None:
        """Put `recording` into the trash as of `at`, without any other sign of change (for building a
        past)."""
        recording.status = "trashed"
        self._trashed[recording.id] = at
        self._oldest_trash = min(self._oldest_trash, at)

    def bucket_since_trashed(self, bucket: Bucket, at: int) -> None:
        bucket.status = "trashed"
        self._trashed_buckets[bucket.id] = at
        self._oldest_trash = min(self._oldest_trash, at)

    def log(
        self,
        recording: Recording,
        action: str,
        creator: int,
        at: int | None = None,
        details: dict[str, Any] | None = None,
        news: str | None = None,
        performed_by: int | None = None,
        boosts: int = 0,
    ) -> None:
        """Append to the recording's history. Ids only grow, so the feed is in order."""
        moment = self.now if at is None else at
        self.append(
            Event(
                self.next_id("events"),
                recording.id,
                action,
                moment,
                creator,
                recording.bucket,
                details or {},
                news,
                performed_by,
                boosts,
            )
        )

    def append(self, event: Event) -> None:
        self.version += 1
        self.events.append(event)
        if event.action != "boosted":
            self._events_of[event.recording].append(event)

    def events_of(self, recording: Recording) -> list[Event]:
        """Newest first."""
        return self._events_of.get(recording.id, [])[::-1]

    def feed(self, after: int, limit: int) -> list[Event]:
        """Events that the account feed carries, in id order, with id above `after`."""
        start = bisect_right(self.events, after, key=lambda event: event.id)
        found = []
        for event in islice(self.events, start, None):
            if event.news and event.bucket.type == "Project" and event.bucket.accessible:
                found.append(event)
                if len(found) == limit:
                    break
        return found

    def children(self, parent: Recording, kind: str) -> list[Recording]:
        """All children of one kind, whatever their status, in a stable order."""
        return list(self._children.get((parent.id, kind), {}).values())

    def live(self, parent: Recording, kind: str) -> list[Recording]:
        """Children that are neither archived, trashed nor drafted themselves."""
        return [child for child in self._children.get((parent.id, kind), {}).values() if child.status == "active"]

    def descendants(self, recording: Recording) -> Iterator[Recording]:
        for kind in KINDS:
            for child in self._children.get((recording.id, kind), {}).values():
                yield child
                yield from self.descendants(child)

    def status(self, recording: Recording) -> str:
        """What `recording` shows: the worst of its own status and those of its ancestors and its bucket."""
        own = recording.status
        if own not in RANKS:
            return own
        worst = max(RANKS[own], RANKS[recording.bucket.status])
        node = recording.parent
        while node is not None:
            worst = max(worst, RANKS.get(node.status, 2))
            node = node.parent
        return STATUSES[worst]

    def projects(self) -> list[Bucket]:
        """The projects that the token's person can see, newest first."""
        found = [one for one in self.buckets.values() if one.type == "Project" and one.accessible]
        return sorted(found, key=lambda bucket: (bucket.created, bucket.id), reverse=True)

    def tools(self, bucket: Bucket) -> list[Recording]:
        """The dock. The example payloads list it by id, hidden tools among the others."""
        found = [
            one
            for kind in KINDS.values()
            if kind.tool
            for one in self._children.get((-bucket.id, kind.name), {}).values()
            if one.status == "active"
        ]
        return sorted(found, key=lambda tool: tool.id)

    def roots(self, bucket: Bucket, kind: str) -> list[Recording]:
        """Recordings of `kind` that hang directly under the bucket: tools, doors, gauges."""
        return list(self._children.get((-bucket.id, kind), {}).values())

    def counter(self, recording: Recording, name: str) -> Any:
        """A derived value as it is shown; nothing about the recording itself moves when it changes."""
        if recording.fixed is not None and name in recording.fixed:
            return recording.fixed[name]
        if name == "replies_count":
            return len(self.live(recording, "forward_reply" if recording.kind == "forward" else "client_reply"))
        if name in COUNTED:
            return len(self.live(recording, COUNTED[name]))
        worked_out: Callable[[Recording], Any] = getattr(self, f"_{name}")
        return worked_out(recording)

    def _boosts_count(self, recording: Recording) -> int:
        return len(self.boosts.get(recording.id, ()))

    def _subtasks_completed_count(self, recording: Recording) -> int:
        return sum("completed_at" in step.fields for step in self.live(recording, "step"))

    def _completed_ratio(self, recording: Recording) -> str:
        done, total = self._ratio(recording)
        return f"{done}/{total}"

    def _completed(self, recording: Recording) -> bool:
        done, total = self._ratio(recording)
        return 0 < total == done

    def _ratio(self, recording: Recording) -> tuple[int, int]:
        todos = self.live(recording, "todo")
        done, total = sum("completed_at" in todo.fields for todo in todos), len(todos)
        for below in self.live(recording, "todolist"):
            part = self._ratio(below)
            done, total = done + part[0], total + part[1]
        return done, total

    def _completed_loose_todos_count(self, recording: Recording) -> int:
        return sum("completed_at" in todo.fields for todo in self.live(recording, "todo"))

    def _cards_count(self, recording: Recording) -> int:
        return sum(not card.fields.get("on_hold") for card in self.live(recording, "card"))

    def on_hold_cards_count(self, column: Recording) -> int:
        return sum(bool(card.fields.get("on_hold")) for card in self.live(column, "card"))

    def _adopt(self, recording: Recording) -> None:
        self._children.setdefault(self._place(recording), {})[recording.id] = recording

    def _abandon(self, recording: Recording) -> None:
        self._children.get(self._place(recording), {}).pop(recording.id, None)

    def _place(self, recording: Recording) -> tuple[int, str]:
        owner = -recording.bucket.id if recording.parent is None else recording.parent.id
        return owner, recording.kind

    def _forget(self, recording: Recording) -> None:
        self.recordings.pop(recording.id, None)
        self.kinds[recording.kind].pop(recording.id, None)
        self.boosts.pop(recording.id, None)
        self._trashed.pop(recording.id, None)
        self._events_of.pop(recording.id, None)
        for kind in KINDS:
            self._children.pop((recording.id, kind), None)

    def find(self, id: int, *kinds: str) -> Recording | None:
        """The recording of this id, of one of `kinds` if any are named."""
        if not kinds:
            return self.recordings.get(id)
        return next((self.kinds[kind][id] for kind in kinds if id in self.kinds[kind]), None)
