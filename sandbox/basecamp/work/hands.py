"""What every change needs: picking a record, making one, and saying that one changed."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from sandbox.basecamp import words
from sandbox.basecamp.generate import NEWS, OFTEN_PUT_AWAY, attachments
from sandbox.basecamp.kinds import BY_TOOL, TOOL_TITLES
from sandbox.basecamp.records import Bucket, Item, Person, Recording, flat_hill
from sandbox.basecamp.store import Store
from sandbox.changes import given

TRIES = 12
PUT_AWAY = tuple(OFTEN_PUT_AWAY)
PARENTS = ("todolist", "vault", "card_table_column", "question", "message", "card", "todo")


Act = Callable[[Any, Random, Any], bool | None]
"""A change of one thing that is given: it returns False where that cannot be changed in this way."""
Change = Callable[[Any, Random], bool]


def on(*kinds: str) -> Callable[[Act], Change]:
    """A change of a recording of one of these kinds."""
    return given(lambda hands, random: hands.any(random, *kinds))


def on_one_of(*kinds: str) -> Callable[[Act], Change]:
    """A change of a recording of the one kind that is picked first."""
    return given(lambda hands, random: hands.any(random, random.choice(kinds)))


def among(candidates: Callable[[Any], Iterable[Any]]) -> Callable[[Act], Change]:
    """A change of one of these."""

    def find(hands: Any, random: Random) -> Any:
        found = list(candidates(hands))
        return random.choice(found) if found else None

    return given(find)


on_project = given(lambda hands, random: hands.active_project(random))
"""A change of an active project."""
on_tool = given(lambda hands, random: hands.any_tool(random))
"""A change of a tool in an active project."""


class Hands:
    """The base of all changes: each is a method that returns False where there is nothing to change."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def any(self, random: Random, *kinds: str) -> Recording | None:
        """A recording of one of `kinds` that is active and seen, or None after a few tries."""
        for _ in range(TRIES):
            pool = list(self.store.kinds[random.choice(kinds)].values())
            if pool:
                recording = random.choice(pool)
                bucket = recording.bucket
                if bucket.type == "Project" and bucket.accessible and self.store.status(recording) == "active":
                    return recording
        return None

    def any_tool(self, random: Random) -> Recording | None:
        bucket = self.active_project(random)
        tools = self.store.tools(bucket) if bucket else []
        return random.choice(tools) if tools else None

    def sample(self, random: Random) -> list[Recording]:
        """A shuffled handful of recordings of one kind, of any status."""
        pool = list(self.store.kinds[random.choice((*PUT_AWAY, *PARENTS))].values())
        pool = [one for one in pool if one.status in ("archived", "trashed")]
        return random.sample(pool, min(5, len(pool)))

    def present(self, wanted: Callable[[Person], bool]) -> list[Person]:
        return [person for person in self.store.people.values() if not person.gone and wanted(person)]

    def active_project(self, random: Random) -> Bucket | None:
        buckets = [bucket for bucket in self.store.projects() if bucket.status == "active"]
        return random.choice(buckets) if buckets else None

    def member(self, random: Random, bucket: Bucket) -> int:
        return random.choice(bucket.members) if bucket.members else self.store.reader

    def make(self, random: Random, kind: str, place: Recording | Bucket, title: str) -> Recording:
        """A new recording under a parent, or directly in a bucket."""
        store = self.store
        parent = place if isinstance(place, Recording) else None
        bucket = place.bucket if isinstance(place, Recording) else place
        now, id = store.now, store.next_id("recordings")
        creator = self.member(random, bucket)
        recording = Recording(kind, id, now, now, bucket=bucket, parent=parent, creator=creator, title=title)
        if parent is not None and kind in ("todo", "todolist", "step", "card", "document", "upload", "vault"):
            recording.position = len(store.below(parent, kind)) + 1
        if parent is not None and kind == "comment":
            self.count_up(parent, "comments_count")
        elif parent is not None:
            parent.fixed = None
        store.add(recording)
        store.log(recording, "created", recording.creator, news=NEWS.get(kind))
        return recording

    def count_up(self, recording: Recording, counter: str) -> None:
        """A documented payload goes on standing for its record; only its counter moves."""
        if recording.fixed is not None:
            recording.fixed = {**recording.fixed, counter: recording.fixed.get(counter, 0) + 1}

    def add_tool(self, random: Random, bucket: Bucket, name: str) -> Recording:
        tool = self.make(random, BY_TOOL[name].name, bucket, TOOL_TITLES[name])
        if name == "todoset":
            tool.fields["hill"] = flat_hill(tool.created)
        if name == "kanban_board":
            for title, type_name in (("Triage", "Kanban::Triage"), ("Done", "Kanban::DoneColumn")):
                self.make(random, "card_table_column", tool, title).fields["type"] = type_name
        return tool

    def changed(
        self, recording: Recording, action: str, details: dict[str, Any] | None = None, news: str | None = None
    ) -> bool:
        self.store.touch(recording)
        self.store.log(recording, action, recording.creator, details=details, news=news)
        return True

    def retitle(self, recording: Recording, random: Random, news: str) -> bool:
        recording.title = f"{words.title(random)} ({random.randint(2, 999)})"
        return self.changed(recording, "content_changed", news=news)

    def rewrite(self, random: Random, kind: str, field: str, news: str | None) -> bool:
        recording = self.any(random, kind)
        if recording is None:
            return False
        recording.fields[field] = words.rich(random, random.randint(1, 5))
        if random.random() < 0.2:
            recording.fields["attachments"] = attachments(self.store, random)
        elif random.random() < 0.2:
            recording.fields.pop("attachments", None)
        return self.changed(recording, "content_changed", news=news)

    def moved(self, recording: Recording, target: Recording, news: str | None) -> bool:
        before = recording.parent.id if recording.parent else None
        self.store.move(recording, target)
        details = {"new_parent_id": target.id, "parent_id_was": before}
        self.store.log(recording, "adopted", recording.creator, details=details, news=news)
        return True

    def reply(self, random: Random, parent_kind: str, kind: str) -> bool:
        parent = self.any(random, parent_kind)
        if parent is None:
            return False
        self.make(random, kind, parent, "").fields["content"] = words.rich(random, 2)
        self.store.touch(parent)
        return True

    def shelve(self, recording: Recording, status: str) -> bool:
        self.store.set_status(recording, status)
        self.store.log(recording, status, recording.creator)
        return True

    def delete(self, random: Random, kind: str) -> bool:
        """Gone without a trash."""
        recording = self.any(random, kind)
        if recording is None:
            return False
        self.store.purge(recording)
        return True

    def item(self, items: dict[int, Item], space: str, owner: int, fields: dict[str, Any]) -> None:
        self.store.add_item(items, space, owner, self.store.now, fields)
        self.store.version += 1

    def drop(self, random: Random, items: dict[int, Item]) -> bool:
        if not items:
            return False
        del items[random.choice(list(items))]
        self.store.version += 1
        return True
