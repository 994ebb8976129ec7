"""Messages, comments, files, dates, check-ins, chat, mail, clients and hours."""

from random import Random

from sandbox.basecamp import times, words
from sandbox.basecamp.generate import COMMENTED
from sandbox.basecamp.records import Item, Recording, asked_on
from sandbox.basecamp.work.hands import Hands, among, on


class Writing(Hands):
    """Counters and derived titles of what is above change without a sign."""

    @on(*COMMENTED)
    def comment(self, random: Random, parent: Recording) -> None:
        self.make(random, "comment", parent, "").fields["content"] = words.rich(random, 2)

    def edit_comment(self, random: Random) -> bool:
        return self.rewrite(random, "comment", "content", "comment.content_changed")

    @on("message_board")
    def post_message(self, random: Random, board: Recording) -> None:
        message = self.make(random, "message", board, words.title(random))
        message.fields["content"] = words.rich(random, 3)
        own = [item.id for item in self.store.message_types.values() if item.owner == board.bucket.id]
        if own and random.random() < 0.4:
            message.fields["category"] = random.choice(own)

    def edit_message(self, random: Random) -> bool:
        return self.rewrite(random, "message", "content", "message.content_changed")

    @on("message")
    def rename_message(self, random: Random, message: Recording) -> bool:
        """Its comments show the new title, without a sign."""
        return self.retitle(message, random, "message.subject_changed")

    @on("message_board")
    def write_draft(self, random: Random, board: Recording) -> None:
        draft = self.make(random, "message", board, "Not yet finished")
        draft.status, draft.creator = "drafted", self.store.reader
        draft.fields["content"] = words.rich(random, 1)

    @among(lambda hands: (one for one in hands.store.kinds["message"].values() if one.status == "drafted"))
    def publish_draft(self, random: Random, draft: Recording) -> None:
        """It appears with a `created_at` that may be long past."""
        self.store.set_status(draft, "active")
        self.store.log(draft, "active", draft.creator, news="message.created")

    @on("vault")
    def write_document(self, random: Random, vault: Recording) -> None:
        self.make(random, "document", vault, words.title(random)).fields["content"] = words.rich(random, 4)

    def edit_document(self, random: Random) -> bool:
        return self.rewrite(random, "document", "content", None)

    @on("vault")
    def upload_file(self, random: Random, vault: Recording) -> None:
        name, content_type = random.choice(words.FILES)
        upload = self.make(random, "upload", vault, name)
        upload.fields.update(content_type=content_type, byte_size=random.randint(100, 90_000), description="")
        if content_type.startswith("image/"):
            upload.fields.update(width=random.randint(10, 999), height=random.randint(10, 999))

    @on("upload")
    def replace_file(self, random: Random, upload: Recording) -> bool:
        upload.fields["byte_size"] = random.randint(100, 90_000)
        return self.changed(upload, "blob_changed")

    @on("vault")
    def create_vault(self, random: Random, vault: Recording) -> bool:
        return bool(self.make(random, "vault", vault, f"Folder {random.randint(50, 999)}"))

    @on("document", "upload")
    def move_document(self, random: Random, document: Recording) -> bool:
        vaults = [
            one
            for one in self.store.kinds["vault"].values()
            if one.bucket is document.bucket and one is not document.parent and self.store.status(one) == "active"
        ]
        return bool(vaults) and self.moved(document, random.choice(vaults), None)

    @on("schedule")
    def add_entry(self, random: Random, schedule: Recording) -> None:
        entry = self.make(random, "schedule_entry", schedule, words.title(random))
        starts = self.store.now + random.randint(1, 500) * times.HOUR
        entry.fields.update(
            all_day=False,
            starts=starts,
            ends=starts + times.HOUR,
            offset=random.choice((0, -300, 60)),
            description="",
            participants=random.sample(entry.bucket.members, min(2, len(entry.bucket.members))),
        )

    @on("schedule_entry")
    def edit_entry(self, random: Random, entry: Recording) -> bool:
        fields = entry.fields
        if fields["all_day"]:
            fields["starts"] = fields["ends"] = times.date(self.store.now + random.randint(1, 60) * times.DAY)
        else:
            fields["starts"] += times.DAY
            fields["ends"] += times.DAY
        members = entry.bucket.members
        fields["participants"] = random.sample(members, min(len(members), random.randint(0, 3)))
        return self.changed(entry, "rescheduled")

    @on("questionnaire")
    def ask(self, random: Random, questionnaire: Recording) -> None:
        question = self.make(random, "question", questionnaire, random.choice(words.QUESTIONS))
        asked = asked_on("every_day", [1, 2, 3, 4, 5], 9, times.date(self.store.now), None)
        question.fields.update(paused=False, schedule=asked)

    @on("question")
    def pause_question(self, random: Random, question: Recording) -> bool:
        question.fields["paused"] = not question.fields.get("paused")
        return self.changed(question, "paused" if question.fields["paused"] else "resumed")

    @on("question")
    def answer(self, random: Random, question: Recording) -> None:
        fields = self.make(random, "question_answer", question, "").fields
        fields.update(content=words.rich(random, 2), group_on=times.date(self.store.now))

    def edit_answer(self, random: Random) -> bool:
        return self.rewrite(random, "question_answer", "content", None)

    @on("campfire")
    def chat(self, random: Random, campfire: Recording) -> None:
        text = words.sentence(random)
        line = self.make(random, "campfire_line", campfire, text)
        line.fields.update(type="Chat::Lines::Text", content=text)

    def edit_line(self, random: Random) -> bool:
        line = self.any(random, "campfire_line")
        if line is None or "content" not in line.fields:
            return False
        line.title = line.fields["content"] = words.sentence(random) + " (edited)"
        self.store.touch(line)
        return True

    def delete_line(self, random: Random) -> bool:
        return self.delete(random, "campfire_line")

    @on("campfire")
    def rename_chat(self, random: Random, campfire: Recording) -> None:
        """The rename is also announced in the chat."""
        campfire.title = f"Chat {random.randint(2, 99)}"
        self.store.touch(campfire)
        line = self.make(random, "campfire_line", campfire, "renamed this chat")
        line.fields.update(type="Chat::Lines::Rename", content="renamed this chat")

    @on("inbox")
    def receive_forward(self, random: Random, inbox: Recording) -> None:
        forward = self.make(random, "forward", inbox, words.title(random))
        forward.fields.update(content=words.rich(random, 3), **{"from": "late@mail.example"})

    def reply_to_forward(self, random: Random) -> bool:
        return self.reply(random, "forward", "forward_reply")

    @on("client_board")
    def write_to_client(self, random: Random, board: Recording) -> None:
        letter = self.make(random, "client_correspondence", board, words.title(random))
        letter.fields["content"] = words.rich(random, 2)

    def hear_from_client(self, random: Random) -> bool:
        return self.reply(random, random.choice(("client_correspondence", "client_approval")), "client_reply")

    @on("client_approval")
    def approve(self, random: Random, approval: Recording) -> bool:
        """A response arrives; the approval moves with it."""
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
            hours=f"{random.randint(1, 30) / 4:g}",
            description=words.sentence(random),
            person=self.member(random, entry.bucket),
        )
        return True

    @on("timesheet_entry")
    def correct_time(self, random: Random, entry: Recording) -> None:
        entry.fields["hours"] = f"{random.randint(1, 60) / 4:g}"
        self.store.touch(entry)

    def delete_time(self, random: Random) -> bool:
        return self.delete(random, "timesheet_entry")

    @on("todo", "message", "comment", "campfire_line", "card", "question_answer")
    def boost(self, random: Random, recording: Recording) -> None:
        """A counter goes up, and nothing else moves."""
        booster = self.member(random, recording.bucket)
        id, now = self.store.next_id("boosts"), self.store.now
        fields = {"content": random.choice(words.BOOSTS), "booster": booster}
        self.store.boosts[recording.id].append(Item(id, recording.id, now, now, fields))
        self.count_up(recording, "boosts_count")
        self.store.log(recording, "boosted", booster, news="boost.created")

    def take_boost_back(self, random: Random) -> bool:
        boosted = [id for id, items in self.store.boosts.items() if items and id in self.store.recordings]
        if not boosted:
            return False
        self.store.boosts[random.choice(boosted)].pop()
        self.store.version += 1
        return True
