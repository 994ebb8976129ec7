"""Messages, comments, files, dates, check-ins, chat, mail, clients and hours."""

from random import Random

from sandbox.basecamp import times, words
from sandbox.basecamp.generate import COMMENTED
from sandbox.basecamp.records import Item
from sandbox.basecamp.work.hands import Hands


class Writing(Hands):
    """Counters and derived titles of what is above change without a sign."""

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
        return vault is not None and bool(self.make(random, "vault", vault, f"Folder {random.randint(50, 999)}"))

    def move_document(self, random: Random) -> bool:
        document = self.any(random, "document", "upload")
        if document is None:
            return False
        vaults = [
            one
            for one in self.store.kinds["vault"].values()
            if one.bucket is document.bucket and one is not document.parent and self.store.status(one) == "active"
        ]
        return bool(vaults) and self.moved(document, random.choice(vaults), None)

    def add_entry(self, random: Random) -> bool:
        schedule = self.any(random, "schedule")
        if schedule is None:
            return False
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
            hours=f"{random.randint(1, 30) / 4:g}",
            description=words.sentence(random),
            person=self.member(random, entry.bucket),
        )
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
