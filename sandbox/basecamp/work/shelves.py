"""Archive, trash, restore, purge."""

from random import Random

from sandbox.basecamp.records import Recording, drawings
from sandbox.basecamp.work.hands import PARENTS, PUT_AWAY, TRIES, Hands, on


class Shelves(Hands):
    """Only what is put away or restored itself moves; what hangs under it follows unmoved."""

    def put_away(self, random: Random) -> bool:
        """Archive or trash one recording itself."""
        recording = self.any(random, *PUT_AWAY)
        status = "archived" if random.random() < 0.4 and recording and recording.kind != "comment" else "trashed"
        return recording is not None and self.shelve(recording, status)

    def put_away_a_parent(self, random: Random) -> bool:
        """What hangs under it follows, and none of that moves."""
        parent = self.any(random, *PARENTS)
        if parent is None or parent.parent is None:
            return False
        if parent.kind == "card_table_column" and parent.type != "Kanban::Column":
            return False
        return self.shelve(parent, "archived" if random.random() < 0.5 else "trashed")

    def restore(self, random: Random) -> bool:
        """Only what was put away itself; the children come back with their old times."""
        for _ in range(TRIES):
            candidates = [one for one in self.sample(random) if one.status in ("archived", "trashed")]
            if candidates and candidates[0].kind != "door":
                return self.shelve(candidates[0], "active")
        return False

    def empty_trash(self, random: Random) -> bool:
        self.store.sweep(self.store.now)
        return True

    def purge(self, random: Random) -> bool:
        """One thing is gone for good, with everything under it."""
        trashed = [one for kind in PUT_AWAY for one in self.store.kinds[kind].values() if one.status == "trashed"]
        if not trashed:
            return False
        self.store.purge(random.choice(trashed))
        return True

    @on("door")
    def trash_door(self, random: Random, door: Recording) -> bool:
        return self.shelve(door, "trashed")

    def add_door(self, random: Random) -> bool:
        bucket = self.active_project(random)
        door = self.make(random, "door", bucket, "Shared drawings") if bucket else None
        if door is None:
            return False
        door.position = 20
        door.fields.update(url=f"https://drawings.example/{door.id}", description="", service=drawings([]))
        return True
