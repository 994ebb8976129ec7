"""The account's memory: records by kind and by parent, ids, statuses, counters, trash.

basecamp.md 6 (domain model) and 9 (archive, trash, purge).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from typing import Any

from sandbox import store
from sandbox.basecamp.kinds import KINDS
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording

TRASH_MILLISECONDS = 30 * 86_400_000
FIRST_ID = 1_069_478_892
FIRST_LARGE_ID = 2**53 + 1_001
RANKS = {"active": 0, "archived": 1, "trashed": 2}
STATUSES = ("active", "archived", "trashed")
COUNTED = dict(
    pair.split(":")
    for pair in (
        "comments_count:comment comment_count:comment subtasks_count:step todos_count:todo todolists_count:todolist "
        "messages_count:message entries_count:schedule_entry questions_count:question answers_count:question_answer "
        "documents_count:document uploads_count:upload vaults_count:vault forwards_count:forward"
    ).split()
)
"""Counters that tell how many live children of a kind there are."""


class Store(store.Store[Recording]):
    """People, buckets, recordings and the rest are separate number spaces that all start at the same number, so an id
    alone names nothing. `now` gives milliseconds."""

    def __init__(self, now: Callable[[], float], large_ids: Callable[[], bool] = lambda: False) -> None:
        super().__init__([store.Kind(name) for name in KINDS], lambda: round(now() * 1000))
        self.account: dict[str, Any] = {}
        self.people: dict[int, Person] = {}
        self.buckets: dict[int, Bucket] = {}
        self.recordings: dict[int, Recording] = {}
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
        self._trashed_buckets: dict[int, int] = {}
        self._large_ids = large_ids

    def next_id(self, space: str) -> int:
        """The next number of `people`, `buckets`, `recordings`, or one of the small spaces."""
        return self.number(space, FIRST_LARGE_ID if self._large_ids() else FIRST_ID)

    def reserve(self, space: str, id: int) -> None:
        """Never give out numbers up to `id`."""
        self._last[space] = max(self._last.get(space, 0), id)

    def add(self, record: Recording) -> Recording:
        self.recordings[record.id] = record
        return super().add(record)

    def touch(self, record: Recording, at: int | None = None) -> Recording:
        """Its `updated_at` moves, and a documented payload no longer stands for it."""
        record.fixed = None
        return super().touch(record, at)

    def add_item(self, items: dict[int, Item], space: str, owner: int, at: int, fields: dict[str, Any]) -> Item:
        id = self.next_id(space)
        items[id] = Item(id, owner, at, at, fields)
        return items[id]

    def touch_bucket(self, bucket: Bucket) -> None:
        self.version += 1
        bucket.updated = self.now
        bucket.fixed = None

    def set_bucket_status(self, bucket: Bucket, status: str) -> None:
        bucket.status = status
        self._trashed_buckets.pop(bucket.id, None)
        if status == "trashed":
            self._trashed_buckets[bucket.id] = self.now
        self.touch_bucket(bucket)

    def remove_bucket(self, bucket: Bucket) -> None:
        self.version += 1
        for recording in [one for one in self.recordings.values() if one.bucket is bucket]:
            self._forget(recording)
        for items in (self.message_types, self.webhooks):
            for item in [one for one in items.values() if one.owner == bucket.id]:
                del items[item.id]
        for kind in KINDS:
            self._below.pop((("bucket", bucket.id), kind), None)
        self._trashed_buckets.pop(bucket.id, None)
        del self.buckets[bucket.id]

    def empty_after(self, milliseconds: int = TRASH_MILLISECONDS) -> None:
        """Purge what has been in the trash for 30 days."""
        limit = self.now - milliseconds
        self.sweep(limit)
        for bucket in [self.buckets[id] for id, at in self._trashed_buckets.items() if at <= limit]:
            self.remove_bucket(bucket)

    def bucket_since_trashed(self, bucket: Bucket, at: int) -> None:
        bucket.status = "trashed"
        self._trashed_buckets[bucket.id] = at

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

    def live(self, parent: Recording, kind: str) -> list[Recording]:
        """Children that are neither archived, trashed nor drafted themselves."""
        return [child for child in self._below.get((parent.key, kind), {}).values() if child.status == "active"]

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
            for one in self.roots(bucket, kind.name)
            if one.status == "active"
        ]
        return sorted(found, key=lambda tool: tool.id)

    def roots(self, bucket: Bucket, kind: str) -> list[Recording]:
        """Recordings of `kind` that hang directly under the bucket: tools, doors, gauges."""
        return list(self._below.get((("bucket", bucket.id), kind), {}).values())

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

    def _place(self, record: Recording) -> tuple[store.Key, str]:
        return (("bucket", record.bucket.id) if record.parent is None else record.parent.key), record.kind

    def _forget(self, record: Recording) -> None:
        super()._forget(record)
        del self.recordings[record.id]
        self.boosts.pop(record.id, None)
        self._events_of.pop(record.id, None)

    def find(self, id: int, *kinds: str) -> Recording | None:
        """The recording of this id, of one of `kinds` if any are named."""
        if not kinds:
            return self.recordings.get(id)
        return next((self.kinds[kind][id] for kind in kinds if id in self.kinds[kind]), None)
