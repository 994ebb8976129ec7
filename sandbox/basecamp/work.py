"""The company at work: one realistic change at a time, with `updated_at` moving exactly where the real one
moves.

basecamp.md 8 and 9. It moves for edits, completion, assignment, dates, moves to another parent, and for the
recording that is archived, trashed or restored itself. It does not move for what a parent's status does to
its children, for counters, for renames above, and a purge leaves nothing that could move. Completing a to-do
also moves its list, its to-do set and its project."""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.basecamp import times, words
from sandbox.basecamp.generate import COMMENTED, NEWS, attachments
from sandbox.basecamp.kinds import BY_TOOL, TOOL_TITLES
from sandbox.basecamp.records import Bucket, Item, Person, Recording
from sandbox.basecamp.store import Store

TRIES = 12
STANDARD_TOOLS = ("message_board", "todoset", "vault", "schedule", "chat", "kanban_board", "questionnaire")
PUT_AWAY = (
    "todo",
    "message",
    "card",
    "document",
    "upload",
    "schedule_entry",
    "comment",
    "question_answer",
    "step",
)
PARENTS = ("todolist", "vault", "card_table_column", "question", "message", "card", "todo")
FEWEST_PROJECTS = 4


class Work:
    """Each method is one change; it returns False where the company has nothing to change in that way."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.seed = seed

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        names = list(CHANGES)
        weights = [CHANGES[name] for name in names]
        while True:
            name = random.choices(names, weights)[0]
            change: Callable[[Random], bool] = getattr(self, name)
            if change(random):
                return name

    def create_todo(self, random: Random) -> bool:
        place = self.any(random, "todolist", "todoset")
        if place is None:
            return False
        todo = self.make(random, "todo", place, words.title(random))
        todo.fields["description"] = words.rich(random, 1)
        if random.random() < 0.5:
            todo.fields["assignees"] = [self.member(random, todo.bucket)]
        return True

    def create_todolist(self, random: Random) -> bool:
        place = self.any(random, "todoset", "todolist")
        if place is None or (place.parent is not None and place.parent.kind == "todolist"):
            return False
        todolist = self.make(random, "todolist", place, random.choice(words.LISTS))
        todolist.fields.update(description="", color=random.choice(words.COLORS))
        return True

    def edit_todo(self, random: Random) -> bool:
        todo = self.any(random, "todo")
        return todo is not None and self.retitle(todo, random, "todo.content_changed")

    def describe_todo(self, random: Random) -> bool:
        todo = self.any(random, "todo")
        if todo is None:
            return False
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

    def complete_a_list_at_once(self, random: Random) -> bool:
        """Many rows with the same millisecond."""
        todolist = self.any(random, "todolist")
        if todolist is None:
            return False
        todos = [one for one in self.store.live(todolist, "todo") if "completed_at" not in one.fields]
        for todo in todos:
            self.tick(todo, self.member(random, todo.bucket), "todo.completed")
        return bool(todos)

    def assign(self, random: Random) -> bool:
        recording = self.any(random, random.choice(("todo", "card", "step")))
        if recording is None:
            return False
        before = list(recording.fields.get("assignees", []))
        after = random.sample(
            recording.bucket.members, min(len(recording.bucket.members), random.randint(0, 3))
        )
        if before == after:
            return False
        recording.fields["assignees"] = after
        details = {
            "added_person_ids": [id for id in after if id not in before],
            "removed_person_ids": [id for id in before if id not in after],
        }
        news = f"{recording.kind}.assignment_changed" if recording.kind != "step" else None
        return self.changed(recording, "assignment_changed", details, news)

    def reschedule(self, random: Random) -> bool:
        recording = self.any(random, random.choice(("todo", "card", "step")))
        if recording is None:
            return False
        before = recording.fields.get("due_on")
        recording.fields["due_on"] = times.date(self.store.now + random.randint(1, 90) * times.DAY)
        news = {"card": "card.due_on_changed", "todo": "todo.rescheduled" if before else "todo.scheduled"}
        return self.changed(recording, "due_on_changed", news=news.get(recording.kind))

    def move_todo(self, random: Random) -> bool:
        """To another list of the same project; the id stays."""
        todo = self.any(random, "todo")
        if todo is None:
            return False
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
            card.fields.update(
                completed_at=self.store.now - 92, completed_by=self.member(random, card.bucket)
            )
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
        self.store.remove(card)
        return True

    def create_card(self, random: Random) -> bool:
        column = self.any(random, "card_table_column")
        if column is None:
            return False
        card = self.make(random, "card", column, words.title(random))
        card.fields["description"] = words.rich(random, 1)
        return True

    def edit_card(self, random: Random) -> bool:
        card = self.any(random, "card")
        if card is None:
            return False
        card.fields["description"] = words.rich(random, 2)
        card.fields.pop("content", None)
        return self.changed(card, "content_changed", news="card.content_changed")

    def retitle_card(self, random: Random) -> bool:
        card = self.any(random, "card")
        return card is not None and self.retitle(card, random, "card.title_changed")

    def add_step(self, random: Random) -> bool:
        parent = self.any(random, "card", "todo")
        return parent is not None and bool(self.make(random, "step", parent, words.title(random)))

    def comment(self, random: Random) -> bool:
        parent = self.any(random, *COMMENTED)
        if parent is None:
            return False
        self.make(random, "comment", parent, "").fields["content"] = words.rich(random, 2)
        return True

    def edit_comment(self, random: Random) -> bool:
        return self.rewrite(random, "comment", "content", "comment.content_changed")

    def post_message(self, random: Random) -> bool:
        board = self.any(random, "message_board")
        if board is None:
            return False
        message = self.make(random, "message", board, words.title(random))
        message.fields["content"] = words.rich(random, 3)
        own = [item.id for item in self.store.message_types.values() if item.owner == board.bucket.id]
        if own and random.random() < 0.4:
            message.fields["category"] = random.choice(own)
        return True

    def edit_message(self, random: Random) -> bool:
        return self.rewrite(random, "message", "content", "message.content_changed")

    def rename_message(self, random: Random) -> bool:
        """Its comments show the new title, without a sign."""
        message = self.any(random, "message")
        return message is not None and self.retitle(message, random, "message.subject_changed")

    def write_draft(self, random: Random) -> bool:
        board = self.any(random, "message_board")
        if board is None:
            return False
        draft = self.make(random, "message", board, "Not yet finished")
        draft.status, draft.creator = "drafted", self.store.reader
        draft.fields["content"] = words.rich(random, 1)
        return True

    def publish_draft(self, random: Random) -> bool:
        """It appears with a `created_at` that may be long past."""
        drafts = [one for one in self.store.kinds["message"].values() if one.status == "drafted"]
        if not drafts:
            return False
        draft = random.choice(drafts)
        self.store.set_status(draft, "active")
        self.store.log(draft, "active", draft.creator, news="message.created")
        return True

    def write_document(self, random: Random) -> bool:
        vault = self.any(random, "vault")
        if vault is None:
            return False
        self.make(random, "document", vault, words.title(random)).fields["content"] = words.rich(random, 4)
        return True

    def edit_document(self, random: Random) -> bool:
        return self.rewrite(random, "document", "content", None)

    def upload_file(self, random: Random) -> bool:
        vault = self.any(random, "vault")
        if vault is None:
            return False
        name, content_type = random.choice(words.FILES)
        upload = self.make(random, "upload", vault, name)
        upload.fields.update(content_type=content_type, byte_size=random.randint(100, 90_000), description="")
        if content_type.startswith("image/"):
            upload.fields.update(width=random.randint(10, 999), height=random.randint(10, 999))
        return True

    def replace_file(self, random: Random) -> bool:
        upload = self.any(random, "upload")
        if upload is None:
            return False
        upload.fields["byte_size"] = random.randint(100, 90_000)
        return self.changed(upload, "blob_changed")

    def create_vault(self, random: Random) -> bool:
        vault = self.any(random, "vault")
        return vault is not None and bool(
            self.make(random, "vault", vault, f"Folder {random.randint(50, 999)}")
        )

    def move_document(self, random: Random) -> bool:
        document = self.any(random, "document", "upload")
        if document is None:
            return False
        vaults = [
            one
            for one in self.store.kinds["vault"].values()
            if one.bucket is document.bucket
            and one is not document.parent
            and self.store.status(one) == "active"
        ]
        return bool(vaults) and self.moved(document, random.choice(vaults), None)

    def add_entry(self, random: Random) -> bool:
        schedule = self.any(random, "schedule")
        if schedule is None:
            return False
        entry = self.make(random, "schedule_entry", schedule, words.title(random))
        starts = self.store.now + random.randint(1, 500) * times.HOUR
        entry.fields.update(
            all_day=False, starts=starts, ends=starts + times.HOUR, offset=random.choice((0, -300, 60)),
            description="", participants=random.sample(entry.bucket.members, min(2,
            len(entry.bucket.members))),
        )  # fmt: skip
        return True

    def edit_entry(self, random: Random) -> bool:
        entry = self.any(random, "schedule_entry")
        if entry is None:
            return False
        fields = entry.fields
        if fields["all_day"]:
            fields["starts"] = fields["ends"] = times.date(self.store.now + random.randint(1, 60) * times.DAY)
        else:
            fields["starts"] += times.DAY
            fields["ends"] += times.DAY
        members = entry.bucket.members
        fields["participants"] = random.sample(members, min(len(members), random.randint(0, 3)))
        return self.changed(entry, "rescheduled")

    def ask(self, random: Random) -> bool:
        questionnaire = self.any(random, "questionnaire")
        if questionnaire is None:
            return False
        question = self.make(random, "question", questionnaire, random.choice(words.QUESTIONS))
        question.fields.update(
            paused=False,
            schedule={
                "frequency": "every_day",
                "days": [1, 2, 3, 4, 5],
                "hour": 9,
                "minute": 0,
                "week_instance": None,
                "week_interval": None,
                "month_interval": None,
                "start_date": times.date(self.store.now),
                "duration": None,
                "end_date": None,
            },
        )
        return True

    def pause_question(self, random: Random) -> bool:
        question = self.any(random, "question")
        if question is None:
            return False
        question.fields["paused"] = not question.fields.get("paused")
        return self.changed(question, "paused" if question.fields["paused"] else "resumed")

    def answer(self, random: Random) -> bool:
        question = self.any(random, "question")
        if question is None:
            return False
        fields = self.make(random, "question_answer", question, "").fields
        fields.update(content=words.rich(random, 2), group_on=times.date(self.store.now))
        return True

    def edit_answer(self, random: Random) -> bool:
        return self.rewrite(random, "question_answer", "content", None)

    def chat(self, random: Random) -> bool:
        campfire = self.any(random, "campfire")
        if campfire is None:
            return False
        text = words.sentence(random)
        line = self.make(random, "campfire_line", campfire, text)
        line.fields.update(type="Chat::Lines::Text", content=text)
        return True

    def edit_line(self, random: Random) -> bool:
        line = self.any(random, "campfire_line")
        if line is None or "content" not in line.fields:
            return False
        line.title = line.fields["content"] = words.sentence(random) + " (edited)"
        self.store.touch(line)
        return True

    def delete_line(self, random: Random) -> bool:
        return self.delete(random, "campfire_line")

    def rename_chat(self, random: Random) -> bool:
        """The rename is also announced in the chat."""
        campfire = self.any(random, "campfire")
        if campfire is None:
            return False
        campfire.title = f"Chat {random.randint(2, 99)}"
        self.store.touch(campfire)
        line = self.make(random, "campfire_line", campfire, "renamed this chat")
        line.fields.update(type="Chat::Lines::Rename", content="renamed this chat")
        return True

    def receive_forward(self, random: Random) -> bool:
        inbox = self.any(random, "inbox")
        if inbox is None:
            return False
        forward = self.make(random, "forward", inbox, words.title(random))
        forward.fields.update(content=words.rich(random, 3), **{"from": "late@mail.example"})
        return True

    def reply_to_forward(self, random: Random) -> bool:
        return self.reply(random, "forward", "forward_reply")

    def write_to_client(self, random: Random) -> bool:
        board = self.any(random, "client_board")
        if board is None:
            return False
        letter = self.make(random, "client_correspondence", board, words.title(random))
        letter.fields["content"] = words.rich(random, 2)
        return True

    def hear_from_client(self, random: Random) -> bool:
        return self.reply(random, random.choice(("client_correspondence", "client_approval")), "client_reply")

    def approve(self, random: Random) -> bool:
        """A response arrives; the approval moves with it."""
        approval = self.any(random, "client_approval")
        if approval is None:
            return False
        approved = random.random() < 0.7
        response = self.make(random, "client_approval_response", approval, "")
        response.creator = approval.fields.get("approver") or response.creator
        response.fields.update(content=words.rich(random, 1), approved=approved)
        approval.fields["approval_status"] = "approved" if approved else "disapproved"
        return self.changed(approval, "responded")

    def log_time(self, random: Random) -> bool:
        """Often for a day long past."""
        sheets = [one for one in self.store.kinds["timesheet"].values() if self.store.status(one) == "active"]
        if not sheets:
            return False
        entry = self.make(random, "timesheet_entry", random.choice(sheets), "Timesheet entry")
        entry.fields.update(
            date=times.date(self.store.now - random.randint(0, 100) * times.DAY),
            hours=f"{random.randint(1, 30) / 4:g}", description=words.sentence(random),
            person=self.member(random, entry.bucket),
        )  # fmt: skip
        return True

    def correct_time(self, random: Random) -> bool:
        entry = self.any(random, "timesheet_entry")
        if entry is None:
            return False
        entry.fields["hours"] = f"{random.randint(1, 60) / 4:g}"
        self.store.touch(entry)
        return True

    def delete_time(self, random: Random) -> bool:
        return self.delete(random, "timesheet_entry")

    def put_away(self, random: Random) -> bool:
        """Archive or trash one recording itself."""
        recording = self.any(random, *PUT_AWAY)
        status = (
            "archived" if random.random() < 0.4 and recording and recording.kind != "comment" else "trashed"
        )
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
        self.store.empty_trash()
        return True

    def purge(self, random: Random) -> bool:
        """One thing is gone for good, with everything under it."""
        trashed = [
            one for kind in PUT_AWAY for one in self.store.kinds[kind].values() if one.status == "trashed"
        ]
        if not trashed:
            return False
        self.store.remove(random.choice(trashed))
        return True

    def trash_door(self, random: Random) -> bool:
        door = self.any(random, "door")
        return door is not None and self.shelve(door, "trashed")

    def add_door(self, random: Random) -> bool:
        bucket = self.active_project(random)
        door = self.make(random, "door", bucket, "Shared drawings") if bucket else None
        if door is None:
            return False
        door.position = 20
        door.fields.update(
            url=f"https://drawings.example/{door.id}", description="",
            service={"name": "Drawings", "example_url": "https://drawings.example/abc", "code": "drawings",
                     "valid_patterns": [], "supporting_text": "a drawing"},
        )  # fmt: skip
        return True

    def post_needle(self, random: Random) -> bool:
        """The gauge and the project show it at once and move."""
        gauge = self.any(random, "gauge")
        if gauge is None:
            return False
        needle = self.make(random, "gauge_needle", gauge, "Moved the needle")
        needle.position = random.randint(0, 100)
        needle.fields.update(
            color=random.choice(("green", "yellow", "red")), description=words.rich(random, 1)
        )
        self.point(gauge)
        return True

    def delete_needle(self, random: Random) -> bool:
        needle = self.any(random, "gauge_needle")
        if needle is None or needle.parent is None:
            return False
        gauge = needle.parent
        self.store.remove(needle)
        self.point(gauge)
        return True

    def move_on_the_hill(self, random: Random) -> bool:
        todosets = [
            one for one in self.store.kinds["todoset"].values() if one.fields.get("hill", {}).get("dots")
        ]
        if not todosets:
            return False
        chart = random.choice(todosets).fields["hill"]
        chart["dots"] = [(id, color, random.randint(0, 100)) for id, color, _ in chart["dots"]]
        chart["enabled"], chart["updated"] = True, self.store.now
        self.store.version += 1
        return True

    def boost(self, random: Random) -> bool:
        """A counter goes up, and nothing else moves."""
        recording = self.any(random, "todo", "message", "comment", "campfire_line", "card", "question_answer")
        if recording is None:
            return False
        booster = self.member(random, recording.bucket)
        id, now = self.store.next_id("boosts"), self.store.now
        fields = {"content": random.choice(words.BOOSTS), "booster": booster}
        self.store.boosts[recording.id].append(Item(id, recording.id, now, now, fields))
        self.count_up(recording, "boosts_count")
        self.store.log(recording, "boosted", booster, news="boost.created")
        return True

    def take_boost_back(self, random: Random) -> bool:
        boosted = [id for id, items in self.store.boosts.items() if items and id in self.store.recordings]
        if not boosted:
            return False
        self.store.boosts[random.choice(boosted)].pop()
        self.store.version += 1
        return True

    def open_project(self, random: Random) -> bool:
        now, store = self.store.now, self.store
        name = f"{random.choice(words.PROJECTS)} {random.randint(100, 999)}"
        bucket = Bucket(store.next_id("buckets"), "Project", name, now, now, description="")
        staff = [person.id for person in store.people.values() if person.employee and not person.gone]
        others = [id for id in staff if id != store.reader]
        bucket.members = [store.reader, *random.sample(others, min(4, len(others)))]
        bucket.timesheet_enabled = random.random() < 0.3
        store.buckets[bucket.id] = bucket
        for position, tool_name in enumerate(STANDARD_TOOLS):
            self.add_tool(random, bucket, tool_name).position = position + 1
        if bucket.timesheet_enabled:
            self.make(random, "timesheet", bucket, "Timesheet")
        return True

    def rename_project(self, random: Random) -> bool:
        bucket = self.active_project(random)
        if bucket is None:
            return False
        bucket.name = f"{bucket.name.split(' (')[0]} ({random.randint(2, 99)})"
        self.store.touch_bucket(bucket)
        return True

    def archive_project(self, random: Random) -> bool:
        return self.shelve_project(random, ("active",), "archived")

    def trash_project(self, random: Random) -> bool:
        return self.shelve_project(random, ("active", "archived"), "trashed")

    def bring_project_back(self, random: Random) -> bool:
        """Everything in it reappears with its old times."""
        buckets = [one for one in self.store.projects() if one.status != "active"]
        if not buckets:
            return False
        self.store.set_bucket_status(random.choice(buckets), "active")
        return True

    def lose_access(self, random: Random) -> bool:
        """A project is seen no more, exactly as if it had been deleted."""
        buckets = [one for one in self.store.projects() if one.status == "active"]
        if len(buckets) <= FEWEST_PROJECTS:
            return False
        bucket = random.choice(buckets)
        bucket.accessible = False
        self.store.version += 1
        return True

    def gain_access(self, random: Random) -> bool:
        """A project appears, and everything in it has old times."""
        hidden = [one for one in self.store.buckets.values() if one.type == "Project" and not one.accessible]
        if not hidden:
            return False
        bucket = random.choice(hidden)
        bucket.accessible = True
        if self.store.reader not in bucket.members:
            bucket.members.append(self.store.reader)
        self.store.version += 1
        return True

    def show_or_hide_tool(self, random: Random) -> bool:
        tool = self.any_tool(random)
        if tool is None:
            return False
        tool.position = None if tool.position is not None else 9
        self.store.touch(tool)
        return True

    def rename_tool(self, random: Random) -> bool:
        tool = self.any_tool(random)
        if tool is None or tool.kind == "campfire":
            return False
        tool.title = f"{tool.title.split(' (')[0]} ({random.randint(2, 99)})"
        self.store.touch(tool)
        return True

    def add_second_tool(self, random: Random) -> bool:
        bucket = self.active_project(random)
        if bucket is None:
            return False
        self.add_tool(random, bucket, random.choice(("kanban_board", "chat", "message_board"))).position = 8
        return True

    def rename_column(self, random: Random) -> bool:
        column = self.any(random, "card_table_column")
        if column is None:
            return False
        column.title = f"Column {random.randint(2, 99)}"
        self.store.touch(column)
        return True

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

    def hire(self, random: Random) -> bool:
        now = self.store.now
        id = self.store.next_id("people")
        name = f"Joined {random.randint(100, 999)}"
        person = Person(id, name, "User", f"joined{id}@lanternfish.example", now, now, title="Trainee")
        self.store.people[id] = person
        bucket = self.active_project(random)
        if bucket is not None:
            bucket.members.append(id)
        self.store.version += 1
        return True

    def leave(self, random: Random) -> bool:
        """A person becomes a tombstone, or vanishes; what they made still names them."""
        people = self.present(lambda person: not person.owner and person.personable_type == "User")
        if len(people) < 6:
            return False
        person = random.choice(people)
        for bucket in self.store.buckets.values():
            if person.id in bucket.members and len(bucket.members) > 1:
                bucket.members = [id for id in bucket.members if id != person.id]
        if random.random() < 0.5:
            person.gone = True
        else:
            person.personable_type, person.email, person.admin = "Tombstone", None, False
        person.updated, person.fixed = self.store.now, None
        self.store.version += 1
        return True

    def rename_person(self, random: Random) -> bool:
        people = self.present(lambda person: True)
        if not people:
            return False
        person = random.choice(people)
        person.name = f"{person.name.split(' (')[0]} ({random.randint(2, 99)})"
        person.updated, person.fixed = self.store.now, None
        self.store.version += 1
        return True

    def go_on_holiday(self, random: Random) -> bool:
        people = self.present(lambda person: person.personable_type == "User")
        if not people:
            return False
        person, now = random.choice(people), self.store.now
        person.out_of_office = None if person.out_of_office else {
            "start_date": times.date(now), "end_date": times.date(now + 7 * times.DAY),
            "back_on_date": times.date(now + 8 * times.DAY),
        }  # fmt: skip
        person.updated, person.fixed = now, None
        self.store.version += 1
        return True

    def join_or_leave_project(self, random: Random) -> bool:
        bucket = self.active_project(random)
        people = self.present(lambda person: not person.owner)
        if bucket is None or not people:
            return False
        person = random.choice(people).id
        if person in bucket.members:
            if len(bucket.members) < 3:
                return False
            bucket.members = [id for id in bucket.members if id != person]
        else:
            bucket.members.append(person)
        self.store.touch_bucket(bucket)
        return True

    def add_message_type(self, random: Random) -> bool:
        bucket = self.active_project(random)
        if bucket is None:
            return False
        self.item(self.store.message_types, "message_types", bucket.id, {"name": "Recap", "icon": "🗒️"})
        return True

    def rename_message_type(self, random: Random) -> bool:
        """Messages of that type show the new name, without a sign."""
        items = list(self.store.message_types.values())
        if not items:
            return False
        item = random.choice(items)
        item.fields = {**item.fields, "name": f"Type {random.randint(2, 99)}"}
        item.updated = self.store.now
        self.store.version += 1
        return True

    def delete_message_type(self, random: Random) -> bool:
        return self.drop(random, self.store.message_types)

    def add_webhook(self, random: Random) -> bool:
        bucket = self.active_project(random)
        if bucket is None:
            return False
        fields = {"active": True, "payload_url": "https://hooks.example/new", "types": ["Todo"]}
        self.item(self.store.webhooks, "webhooks", bucket.id, fields)
        return True

    def delete_webhook(self, random: Random) -> bool:
        return self.drop(random, self.store.webhooks)

    def add_marker(self, random: Random) -> bool:
        date = times.date(self.store.now + 30 * times.DAY)
        self.item(self.store.markers, "markers", 0, {"name": random.choice(words.MARKERS), "date": date})
        return True

    def delete_marker(self, random: Random) -> bool:
        return self.drop(random, self.store.markers)

    def change_template(self, random: Random) -> bool:
        templates = [one for one in self.store.buckets.values() if one.type == "Template"]
        if not templates:
            return False
        template = random.choice(templates)
        if random.random() < 0.5:
            template.name = f"Template {random.randint(10, 99)}"
            self.store.touch_bucket(template)
        else:
            self.store.set_bucket_status(template, random.choice(("active", "archived", "trashed")))
        return True

    def add_template(self, random: Random) -> bool:
        now = self.store.now
        template = Bucket(self.store.next_id("buckets"), "Template", "New template", now, now)
        self.store.buckets[template.id] = template
        self.store.version += 1
        return True

    def any(self, random: Random, *kinds: str) -> Recording | None:
        """A recording of one of `kinds` that is active and seen, or None after a few tries."""
        for _ in range(TRIES):
            pool = list(self.store.kinds[random.choice(kinds)].values())
            if pool:
                recording = random.choice(pool)
                bucket = recording.bucket
                if (
                    bucket.type == "Project"
                    and bucket.accessible
                    and self.store.status(recording) == "active"
                ):
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
        recording = Recording(id, kind, bucket, parent, self.member(random, bucket), now, now, title)
        if parent is not None and kind in ("todo", "todolist", "step", "card", "document", "upload", "vault"):
            recording.position = len(store.children(parent, kind)) + 1
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
            tool.fields["hill"] = {"enabled": False, "stale": False, "updated": tool.created, "dots": []}
        if name == "kanban_board":
            for title, type_name in (("Triage", "Kanban::Triage"), ("Done", "Kanban::DoneColumn")):
                self.make(random, "card_table_column", tool, title).fields["type"] = type_name
        return tool

    def changed(
        self,
        recording: Recording,
        action: str,
        details: dict[str, Any] | None = None,
        news: str | None = None,
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

    def shelve_project(self, random: Random, before: tuple[str, ...], status: str) -> bool:
        buckets = self.store.projects()
        if sum(bucket.status == "active" for bucket in buckets) <= FEWEST_PROJECTS:
            return False
        candidates = [bucket for bucket in buckets if bucket.status in before]
        self.store.set_bucket_status(random.choice(candidates), status)
        return True

    def point(self, gauge: Recording) -> None:
        """Show the newest needle on the gauge and on the project."""
        needles = sorted(self.store.live(gauge, "gauge_needle"), key=lambda one: (one.created, one.id))
        last = needles[-1] if needles else None
        gauge.fields.update(
            last_color=last.fields["color"] if last else None,
            last_position=last.position if last else None,
            previous_position=needles[-2].position if len(needles) > 1 else None,
        )
        self.store.touch(gauge)
        self.store.touch_bucket(gauge.bucket)

    def delete(self, random: Random, kind: str) -> bool:
        """Gone without a trash."""
        recording = self.any(random, kind)
        if recording is None:
            return False
        self.store.remove(recording)
        return True

    def item(self, items: dict[int, Item], space: str, owner: int, fields: dict[str, Any]) -> None:
        id, now = self.store.next_id(space), self.store.now
        items[id] = Item(id, owner, now, now, fields)
        self.store.version += 1

    def drop(self, random: Random, items: dict[int, Item]) -> bool:
        if not items:
            return False
        del items[random.choice(list(items))]
        self.store.version += 1
        return True


CHANGES = {
    "create_todo": 8, "create_todolist": 2, "edit_todo": 5, "describe_todo": 3, "complete_todo": 8,
    "complete_card": 2, "complete_step": 3, "reopen": 2, "complete_a_list_at_once": 1, "assign": 5,
    "reschedule": 3, "move_todo": 3, "move_card": 4, "hold_card": 1, "send_card_through_wormhole": 1,
    "create_card": 3, "edit_card": 3, "retitle_card": 1, "add_step": 2, "comment": 8, "edit_comment": 2,
    "post_message": 3, "edit_message": 2, "rename_message": 1, "write_draft": 1, "publish_draft": 1,
    "write_document": 2, "edit_document": 2, "upload_file": 2, "replace_file": 1, "create_vault": 1,
    "move_document": 1, "add_entry": 2, "edit_entry": 2, "ask": 1, "pause_question": 1, "answer": 3,
    "edit_answer": 1, "chat": 8, "edit_line": 2, "delete_line": 2, "rename_chat": 1, "receive_forward": 1,
    "reply_to_forward": 1, "write_to_client": 1, "hear_from_client": 1, "approve": 1, "log_time": 3,
    "correct_time": 1, "delete_time": 1, "put_away": 6, "put_away_a_parent": 2, "restore": 3,
    "empty_trash": 0.3, "purge": 2, "trash_door": 0.5, "add_door": 0.5, "post_needle": 1,
    "delete_needle": 0.5, "move_on_the_hill": 1, "boost": 4, "take_boost_back": 1, "open_project": 0.5,
    "rename_project": 0.5, "archive_project": 0.3, "trash_project": 0.3, "bring_project_back": 0.6,
    "lose_access": 0.2, "gain_access": 0.3, "show_or_hide_tool": 0.5, "rename_tool": 0.5,
    "add_second_tool": 0.3, "rename_column": 0.5, "reorder": 1, "hire": 0.5, "leave": 0.3,
    "rename_person": 0.5, "go_on_holiday": 0.5, "join_or_leave_project": 1, "add_message_type": 0.5,
    "rename_message_type": 0.5, "delete_message_type": 0.3, "add_webhook": 0.5, "delete_webhook": 0.3,
    "add_marker": 0.5, "delete_marker": 0.3, "change_template": 0.5, "add_template": 0.2,
}  # fmt: skip
