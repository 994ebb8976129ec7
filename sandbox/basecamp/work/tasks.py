"""To-dos, cards and their steps."""

from random import Random

from sandbox.basecamp import times, words
from sandbox.basecamp.generate import attachments
from sandbox.basecamp.records import Recording
from sandbox.basecamp.work.hands import TRIES, Hands, on, on_one_of


class Tasks(Hands):
    """Completing a to-do also moves its list, its to-do set and its project."""

    @on("todolist", "todoset")
    def create_todo(self, random: Random, place: Recording) -> None:
        todo = self.make(random, "todo", place, words.title(random))
        todo.fields["description"] = words.rich(random, 1)
        if random.random() < 0.5:
            todo.fields["assignees"] = [self.member(random, todo.bucket)]

    def create_todolist(self, random: Random) -> bool:
        place = self.any(random, "todoset", "todolist")
        if place is None or (place.parent is not None and place.parent.kind == "todolist"):
            return False
        todolist = self.make(random, "todolist", place, random.choice(words.LISTS))
        todolist.fields.update(description="", color=random.choice(words.COLORS))
        return True

    @on("todo")
    def edit_todo(self, random: Random, todo: Recording) -> bool:
        return self.retitle(todo, random, "todo.content_changed")

    @on("todo")
    def describe_todo(self, random: Random, todo: Recording) -> bool:
        todo.fields["description"] = words.rich(random, 2)
        if random.random() < 0.3:
            todo.fields["attachments"] = attachments(self.store, random)
        return self.changed(todo, "description_changed", news="todo.description_changed")

    def complete_todo(self, random: Random) -> bool:
        return self.complete(random, "todo", "todo.completed")

    def complete_card(self, random: Random) -> bool:
        return self.complete(random, "card", "card.completed")

    def complete_step(self, random: Random) -> bool:
        return self.complete(random, "step", None)

    def reopen(self, random: Random) -> bool:
        for _ in range(TRIES):
            recording = self.any(random, random.choice(("todo", "card", "step")))
            if recording is not None and "completed_at" in recording.fields:
                del recording.fields["completed_at"], recording.fields["completed_by"]
                return self.changed(recording, "uncompleted")
        return False

    @on("todolist")
    def complete_a_list_at_once(self, random: Random, todolist: Recording) -> bool:
        """Many rows with the same millisecond."""
        todos = [one for one in self.store.live(todolist, "todo") if "completed_at" not in one.fields]
        for todo in todos:
            self.tick(todo, self.member(random, todo.bucket), "todo.completed")
        return bool(todos)

    @on_one_of("todo", "card", "step")
    def assign(self, random: Random, recording: Recording) -> bool:
        before = list(recording.fields.get("assignees", []))
        after = random.sample(recording.bucket.members, min(len(recording.bucket.members), random.randint(0, 3)))
        if before == after:
            return False
        recording.fields["assignees"] = after
        details = {
            "added_person_ids": [id for id in after if id not in before],
            "removed_person_ids": [id for id in before if id not in after],
        }
        news = f"{recording.kind}.assignment_changed" if recording.kind != "step" else None
        return self.changed(recording, "assignment_changed", details, news)

    @on_one_of("todo", "card", "step")
    def reschedule(self, random: Random, recording: Recording) -> bool:
        before = recording.fields.get("due_on")
        recording.fields["due_on"] = times.date(self.store.now + random.randint(1, 90) * times.DAY)
        news = {"card": "card.due_on_changed", "todo": "todo.rescheduled" if before else "todo.scheduled"}
        return self.changed(recording, "due_on_changed", news=news.get(recording.kind))

    @on("todo")
    def move_todo(self, random: Random, todo: Recording) -> bool:
        """To another list of the same project; the id stays."""
        places = [
            one
            for one in self.store.kinds["todolist"].values()
            if one.bucket is todo.bucket and one is not todo.parent and self.store.status(one) == "active"
        ]
        return bool(places) and self.moved(todo, random.choice(places), "todo.moved")

    def move_card(self, random: Random) -> bool:
        """To another column of the same table; crossing Done completes it."""
        card = self.any(random, "card")
        if card is None or card.parent is None or card.parent.parent is None:
            return False
        columns = self.store.live(card.parent.parent, "card_table_column")
        target = random.choice([one for one in columns if one is not card.parent] or [card.parent])
        if target is card.parent:
            return False
        card.fields.pop("on_hold", None)
        done = target.type == "Kanban::DoneColumn"
        if done and "completed_at" not in card.fields:
            card.fields.update(completed_at=self.store.now - 92, completed_by=self.member(random, card.bucket))
        elif not done and "completed_at" in card.fields:
            del card.fields["completed_at"], card.fields["completed_by"]
        return self.moved(card, target, "card.moved")

    def hold_card(self, random: Random) -> bool:
        """Into the second list of its column, or back."""
        for _ in range(TRIES):
            card = self.any(random, "card")
            if card is not None and card.parent is not None and card.parent.fields.get("on_hold"):
                card.fields["on_hold"] = not card.fields.get("on_hold")
                return self.changed(card, "column_changed")
        return False

    def send_card_through_wormhole(self, random: Random) -> bool:
        """It gets a new id in the other table, and the old id is gone."""
        hole = self.any(random, "card_table_wormhole")
        target = self.store.recordings.get(hole.fields.get("destination", 0)) if hole else None
        if hole is None or hole.parent is None or target is None or self.store.status(target) != "active":
            return False
        columns = self.store.live(hole.parent, "card_table_column")
        cards = [card for column in columns for card in self.store.live(column, "card")]
        if not cards:
            return False
        card = random.choice(cards)
        copy = self.make(random, "card", target, card.title)
        copy.creator = card.creator
        copy.fields.update({key: value for key, value in card.fields.items() if key != "on_hold"})
        self.store.purge(card)
        return True

    @on("card_table_column")
    def create_card(self, random: Random, column: Recording) -> None:
        card = self.make(random, "card", column, words.title(random))
        card.fields["description"] = words.rich(random, 1)

    @on("card")
    def edit_card(self, random: Random, card: Recording) -> bool:
        card.fields["description"] = words.rich(random, 2)
        card.fields.pop("content", None)
        return self.changed(card, "content_changed", news="card.content_changed")

    @on("card")
    def retitle_card(self, random: Random, card: Recording) -> bool:
        return self.retitle(card, random, "card.title_changed")

    @on("card", "todo")
    def add_step(self, random: Random, parent: Recording) -> bool:
        return bool(self.make(random, "step", parent, words.title(random)))

    def reorder(self, random: Random) -> bool:
        """Positions of siblings change; only the one that was dragged moves its time."""
        todolist = self.any(random, "todolist")
        todos = self.store.live(todolist, "todo") if todolist else []
        if len(todos) < 2:
            return False
        for todo in todos:
            todo.position = (todo.position or 0) + 1
            todo.fixed = None
        todos[-1].position = 1
        self.store.touch(todos[-1])
        return True

    @on("card_table_column")
    def rename_column(self, random: Random, column: Recording) -> None:
        column.title = f"Column {random.randint(2, 99)}"
        self.store.touch(column)

    def complete(self, random: Random, kind: str, news: str | None) -> bool:
        for _ in range(TRIES):
            recording = self.any(random, kind)
            if recording is not None and "completed_at" not in recording.fields:
                self.tick(recording, self.member(random, recording.bucket), news)
                return True
        return False

    def tick(self, recording: Recording, by: int, news: str | None) -> None:
        """Complete; everything above up to the project moves with it."""
        recording.fields.update(completed_at=self.store.now - 92, completed_by=by)
        self.changed(recording, "completed", {"notified_recipient_ids": [recording.creator]}, news)
        if recording.kind == "todo":
            above = recording.parent
            while above is not None:
                self.store.touch(above)
                above = above.parent
            self.store.touch_bucket(recording.bucket)

    def move_on_the_hill(self, random: Random) -> bool:
        todosets = [one for one in self.store.kinds["todoset"].values() if one.fields.get("hill", {}).get("dots")]
        if not todosets:
            return False
        chart = random.choice(todosets).fields["hill"]
        chart["dots"] = [(id, color, random.randint(0, 100)) for id, color, _ in chart["dots"]]
        chart["enabled"], chart["updated"] = True, self.store.now
        self.store.version += 1
        return True
