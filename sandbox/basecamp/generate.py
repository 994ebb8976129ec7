"""A past for the account: three years of a company at work, the same for the same seed.

The volumes of scale 1 are in `VOLUMES`; at any scale every kind occurs. Much of it was changed in bulk, so
many rows share one `updated_at` to the millisecond, as they do after imports and drag-and-drop of whole
lists.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.basecamp import times, words
from sandbox.basecamp.kinds import BY_TOOL, TOOL_TITLES
from sandbox.basecamp.records import Bucket, Event, Item, Person, Recording, asked_on, drawings, flat_hill
from sandbox.basecamp.store import Store
from sandbox.company import Company, Known

VOLUMES = {
    "todo": 5000,
    "comment": 3000,
    "message": 1000,
    "card": 500,
    "campfire_line": 4000,
    "document": 300,
    "upload": 450,
    "schedule_entry": 400,
    "question_answer": 900,
    "forward": 150,
    "client": 80,
    "timesheet_entry": 800,
}
PROJECTS = 40
FEWEST_PROJECTS = 9
YEARS_BACK = 3
TOOL_ORDER = ("message_board", "todoset", "vault", "schedule", "chat", "kanban_board", "questionnaire", "inbox")
COMMENTED = ("todo", "message", "card", "document", "upload", "schedule_entry", "question_answer", "todolist")
NEWS = {
    "todo": "todo.created",
    "card": "card.created",
    "message": "message.created",
    "comment": "comment.created",
    "campfire_line": "chat.line.created",
    "question": "question.created",
    "question_answer": "question.answer.created",
}
RARELY_PUT_AWAY = ("todolist", "vault", "question", "forward", "card_table_column", "door")
OFTEN_PUT_AWAY = ("todo message card document upload schedule_entry comment question_answer step").split()
DRAWING = "drawings\\.example(\\/.*)?"
OFFSETS = (0, -300, 60, 0, 540)
LIMITS = "can_create_projects can_pin_projects can_create_users can_upload_files".split()
SUBSCRIPTION = {
    "short_name": "ClientsV1",
    "proper_name": "Basecamp With Clients",
    "project_limit": None,
    "teams": True,
    "clients": True,
    "templates": True,
    "logo": False,
    "timesheet": True,
}


def generate(store: Store, company: Company, seed: int) -> None:
    """Fill `store`; its `reader` becomes the company's owner."""
    _Past(store, company, Random(f"basecamp {seed} {company.seed}")).build()


class _Past:
    def __init__(self, store: Store, company: Company, random: Random) -> None:
        self.store = store
        self.company = company
        self.random = random
        self.scale = company.scale
        self.customers = [client for client in company.clients if "basecamp" in client.systems]
        self.now = store.now
        self.texts = words.pool(random, 400)
        self.staff: list[int] = []
        self.outsiders: list[int] = []
        self.client_people: dict[int, list[int]] = {}
        self.legacy_clients: list[int] = []
        self.firms: dict[int, tuple[int, str]] = {}
        self.history: list[tuple[int, int, Recording, str, int, dict[str, Any], str | None]] = []
        self.bulk: dict[int, int] = {}
        self.weights: dict[int, float] = {}

    def build(self) -> None:
        self.hire()
        self.open_account()
        projects = [self.project(index) for index in range(self.project_count)]
        self.spread(projects)
        self.templates_and_pings(projects)
        self.put_away(projects)
        self.write_history()
        self.invite()

    @property
    def project_count(self) -> int:
        return max(FEWEST_PROJECTS, round(PROJECTS * self.scale))

    def volume(self, kind: str, fewest: int) -> int:
        return max(fewest, round(VOLUMES[kind] * self.scale))

    def hire(self) -> None:
        start = self.now - YEARS_BACK * 365 * times.DAY
        own_firm = (self.store.next_id("companies"), self.company.name)
        known = self.company.known_in("basecamp")
        own = [human for human in known if human.client is None]
        zones = {human.number: human.time_zone for human in self.company.people}
        for index, human in enumerate(own):
            person = self.known(human, start)
            person.title, person.location, person.time_zone = human.title, human.city, zones[human.person]
            person.bio = words.sentence(self.random) if index % 3 == 0 else None
            person.owner, person.admin = index == 0, index % 9 == 0
            person.company = own_firm if index % 5 else None
            self.staff.append(person.id)
        self.store.reader = self.staff[0]
        self.store.people[self.staff[1]].out_of_office = {
            "start_date": times.date(self.now),
            "end_date": times.date(self.now + 5 * times.DAY),
            "back_on_date": times.date(self.now + 6 * times.DAY),
        }
        for firm in self.customers:
            self.firms[firm.number] = (self.store.next_id("companies"), firm.known_as("basecamp"))
            self.client_people[firm.number] = []
        for human in known:
            if human.client is not None and human.person not in self.company.cases:
                self.client_people[human.client].append(self.guest(human, human.client, start).id)
        for index in range(max(2, round(4 * self.scale))):
            person = self.person(
                f"Guest {words.THINGS[index % 40][4:]}", "Client", f"guest{index}@visitor.example", start
            )
            person.employee = False
            self.legacy_clients.append(person.id)
        for kind, name in (
            ("Integration", "Deploy Bot"),
            ("Integration", "Mail Robot"),
            ("Outsider", "Noor Fernsby"),
            ("Outsider", "Pax Tidewell"),
            ("Agent", "Helper"),
            ("DummyUser", "Sample Person"),
            ("Tombstone", "Former Colleague"),
            ("Tombstone", "Imre Woodrush"),
        ):
            person = self.person(name, kind, None if kind != "Outsider" else f"{name[:4].lower()}@away.example", start)
            person.employee = False
            person.system_label = "integration" if kind == "Integration" else None
            self.outsiders.append(person.id)

    def guest(self, human: Known, client: int, start: int) -> Person:
        """Somebody of a client."""
        person = self.known(human, start)
        person.client, person.employee, person.company = True, False, self.firms[client]
        return person

    def invite(self) -> None:
        """People of clients who are in no project yet."""
        for human in self.company.known_in("basecamp"):
            if human.client is not None and human.person in self.company.cases:
                self.guest(human, human.client, self.now - YEARS_BACK * 365 * times.DAY)

    def known(self, human: Known, start: int) -> Person:
        """Somebody of the company or of a client; some of the clients are written with the last name first."""
        turned = human.client is not None and human.person % 3 == 1
        person = self.person(f"{human.last}, {human.first}" if turned else human.name, "User", human.email, start)
        self.store.identities[person.id] = human.person
        return person

    def person(self, name: str, personable_type: str, email: str | None, start: int) -> Person:
        created = self.between(start, start + 200 * times.DAY)
        updated = self.between(created, self.now - times.DAY)
        person = Person(self.store.next_id("people"), name, personable_type, email, created, updated)
        self.store.people[person.id] = person
        return person

    def open_account(self) -> None:
        start = self.now - YEARS_BACK * 365 * times.DAY
        self.store.account = {
            "id": 4_107_293 + self.company.seed,
            "name": self.company.name,
            "owner": self.staff[0],
            "created": start,
            "updated": self.now - 3 * times.DAY,
            "limits": dict.fromkeys(LIMITS, True),
            "subscription": SUBSCRIPTION,
            "settings": {"company_hq_enabled": False, "teams_enabled": True, "projects_enabled": True},
        }
        for index in range(max(2, round(6 * self.scale))):
            at = self.between(start, self.now - times.DAY)
            fields = {"name": words.MARKERS[index % 5], "date": times.date(at + 90 * times.DAY)}
            self.store.add_item(self.store.markers, "markers", 0, at, fields)

    def project(self, index: int) -> Bucket:
        """Two of five are what a client ordered, and begin a day after the order."""
        random, store = self.random, self.store
        place = index * 2 // 5
        client = self.customers[place] if index % 5 in (0, 3) and place < len(self.customers) else None
        created = self.between(self.now - YEARS_BACK * 360 * times.DAY, self.now - 20 * times.DAY)
        name = f"{words.PROJECTS[index % len(words.PROJECTS)]}{self.series(index // len(words.PROJECTS))}"
        if client is not None:
            created = self.now - (client.deal.decided or 0) * times.SECOND + times.DAY
            name = f"{client.deal.title} for {client.name}"
        updated = self.between(created, self.now - times.HOUR)
        bucket = Bucket(store.next_id("buckets"), "Project", name, created, updated)
        guests: list[int] = []
        if client is not None:
            bucket.client_company, guests = self.firms[client.number], self.client_people[client.number]
            store.clients[bucket.id] = client.number
        bucket.description = words.sentence(random) if index % 3 else None
        bucket.timesheet_enabled = index % 4 == 0
        bucket.all_access = index % 7 == 3
        bucket.clientside = client is not None and index % 5 == 0
        bucket.clients_enabled = client is not None and not bucket.clientside
        if index % 8 == 2:
            bucket.start_date, bucket.end_date = times.date(created), times.date(created + 200 * times.DAY)
        bucket.members = self.members(index, guests)
        store.buckets[bucket.id] = bucket
        self.bulk[bucket.id] = self.between(created, self.now - times.HOUR)
        self.weights[bucket.id] = 0.3 + random.random() * 1.7
        self.tools(bucket, index)
        for category in words.CATEGORIES[: 3 + index % 3]:
            fields = {"name": category[0], "icon": category[1]}
            store.add_item(store.message_types, "message_types", bucket.id, created, fields)
        if index % 3 == 0:
            hook: dict[str, Any] = {"active": index % 2 == 0, "types": ["all"] if index % 2 else ["Todo", "Todolist"]}
            added = store.add_item(store.webhooks, "webhooks", bucket.id, created, hook)
            hook["payload_url"] = f"https://hooks.example/{added.id}"
        return bucket

    def members(self, index: int, guests: list[int]) -> list[int]:
        random = self.random
        others = random.sample(self.staff[1:], min(len(self.staff) - 1, random.randint(3, 12)))
        extra = [self.outsiders[index % len(self.outsiders)]] if index % 4 == 1 else []
        return [self.staff[0], *others, *guests, *extra]

    def tools(self, bucket: Bucket, index: int) -> None:
        """Twelve of forty have an inbox, one of seven two card tables or two chats, one of nine hides a
        tool."""
        names = list(TOOL_ORDER)
        if index % 10 not in (0, 3, 6):
            names.remove("inbox")
        if index % 7 == 0:
            names.insert(6, "kanban_board")
        if index % 7 in (0, 4):
            names.insert(5, "chat")
        hidden = {0: ("questionnaire",), 4: ("kanban_board",), 7: ("vault", "message_board")}.get(index % 9, ())
        position = 0
        for name in names:
            tool = self.make(BY_TOOL[name].name, bucket, None, TOOL_TITLES[name], at=bucket.created + 40 + position)
            if name not in hidden:
                position += 1
                tool.position = position
            if name == "todoset":
                tool.fields["hill"] = {**flat_hill(tool.created), "enabled": index % 3 == 0}
            if name == "kanban_board":
                tool.fields["subscribers"] = bucket.members[:2]
                self.columns(tool)
        if index % 4 == 1:
            self.door(bucket, position + 1)
        if index % 3 == 0:
            self.gauge(bucket)

    def columns(self, table: Recording) -> None:
        names = (
            ("Triage", "Kanban::Triage"),
            ("Not now", "Kanban::NotNowColumn"),
            ("Figuring it out", "Kanban::Column"),
            ("In progress", "Kanban::Column"),
            ("Done", "Kanban::DoneColumn"),
        )
        for number, (title, type_name) in enumerate(names):
            column = self.make("card_table_column", table.bucket, table, title, at=table.created + number)
            plain = type_name == "Kanban::Column"
            column.position = number - 1 if plain else None
            column.fields.update(
                type=type_name, color="orange" if plain else None, subscribers=table.bucket.members[: number % 3]
            )
            if title == "In progress":
                column.fields["on_hold"] = {
                    "id": self.store.next_id("recordings"),
                    "title": "On hold",
                    "created": column.created,
                    "updated": column.created,
                }

    def door(self, bucket: Bucket, position: int) -> None:
        door = self.make("door", bucket, None, "Shared drawings", position=position)
        door.fields.update(
            url=f"https://drawings.example/{bucket.id}",
            description=words.rich(self.random, 1),
            service=drawings([DRAWING]),
        )

    def gauge(self, bucket: Bucket) -> None:
        gauge = self.make("gauge", bucket, None, "How far along are we?")
        gauge.fields.update(description=words.rich(self.random, 1), enabled=self.random.random() < 0.8)
        previous = None
        for number in range(self.random.randint(1, 4)):
            needle = self.make(
                "gauge_needle",
                bucket,
                gauge,
                "Moved the needle",
                at=gauge.created + number * times.DAY,
                position=10 + number * 25,
            )
            needle.fields.update(color=self.random.choice(("green", "yellow", "red")), description=self.text())
            gauge.fields.update(
                last_color=needle.fields["color"], last_position=needle.position, previous_position=previous
            )
            previous = needle.position

    def spread(self, projects: list[Bucket]) -> None:
        """Fill the tools, each project in proportion to its weight."""
        makers: list[tuple[str, int, Callable[[Bucket, int], None]]] = [
            ("todo", 6, self.todos),
            ("message", 3, self.messages),
            ("card", 4, self.cards),
            ("document", 3, self.documents),
            ("schedule_entry", 4, self.entries),
            ("question_answer", 3, self.check_ins),
            ("campfire_line", 5, self.lines),
            ("forward", 2, self.forwards),
            ("client", 2, self.client_side),
            ("timesheet_entry", 3, self.timesheets),
        ]
        for kind, fewest, make in makers:
            able = [bucket for bucket in projects if self.able(kind, bucket)]
            total = sum(self.weights[bucket.id] for bucket in able)
            for bucket in able:
                share = self.volume(kind, 0) * self.weights[bucket.id] / total
                make(bucket, max(fewest, round(share)))
        self.comments()
        self.link_tables()

    def able(self, kind: str, bucket: Bucket) -> bool:
        if kind == "forward":
            return bool(self.store.roots(bucket, "inbox"))
        if kind == "client":
            return bucket.clientside
        return bucket.timesheet_enabled if kind == "timesheet_entry" else True

    def todos(self, bucket: Bucket, count: int) -> None:
        random = self.random
        todoset = self.store.roots(bucket, "todoset")[0]
        places: list[Recording] = []
        for number in range(max(3, count // 12)):
            todolist = self.make(
                "todolist", bucket, todoset, f"{words.LISTS[number % 8]}{self.series(number // 8)}", position=number + 1
            )
            todolist.fields.update(description=self.text() if number % 2 else "", color=random.choice(words.COLORS))
            places.append(todolist)
            if number % 5 == 1:
                for letter in "AB":
                    group = self.make("todolist", bucket, todolist, f"Group {letter}", position=1 + (letter == "B"))
                    places.append(group)
            if number < 3:
                todoset.fields["hill"]["dots"].append((todolist.id, "blue", 20 * number))
        places.append(todoset)
        for number in range(count):
            place = todoset if number % 25 == 0 else random.choice(places)
            todo = self.make("todo", bucket, place, words.title(random), position=number + 1)
            fields = todo.fields
            if random.random() < 0.5:
                fields["description"] = self.text()
            if random.random() < 0.4:
                fields["due_on"] = times.date(todo.created + random.randint(1, 60) * times.DAY)
                if random.random() < 0.3:
                    fields["starts_on"] = times.date(todo.created)
            if random.random() < 0.6:
                fields["assignees"] = random.sample(bucket.members, random.choice((1, 1, 2, 3)))
                self.note(
                    todo, "assignment_changed", {"added_person_ids": fields["assignees"], "removed_person_ids": []}
                )
            if random.random() < 0.1:
                fields["subscribers"] = random.sample(bucket.members, 2)
            if random.random() < 0.45:
                self.complete(todo, "todo.completed")
            self.maybe_attach(todo)
            if number % 15 == 2:
                self.steps(todo)
            self.boost(todo)

    def steps(self, parent: Recording) -> None:
        for number in range(self.random.randint(1, 4)):
            step = self.make("step", parent.bucket, parent, words.title(self.random), position=number + 1)
            if self.random.random() < 0.3:
                step.fields["assignees"] = [self.random.choice(parent.bucket.members)]
            if self.random.random() < 0.3:
                step.fields["due_on"] = times.date(step.created + 5 * times.DAY)
            if self.random.random() < 0.4:
                self.complete(step, None)

    def messages(self, bucket: Bucket, count: int) -> None:
        board = self.store.roots(bucket, "message_board")[0]
        categories = [item.id for item in self.store.message_types.values() if item.owner == bucket.id]
        for number in range(count):
            message = self.make("message", bucket, board, words.title(self.random))
            message.fields["content"] = self.text()
            message.visible = bucket.clients_enabled and number % 3 == 0
            if number % 3 == 0:
                message.fields["category"] = self.random.choice(categories)
            self.maybe_attach(message)
            self.boost(message)
        draft = self.make("message", bucket, board, "Not yet finished", at=self.now - 9 * times.DAY)
        draft.status, draft.creator = "drafted", self.store.reader
        draft.fields["content"] = self.text()

    def cards(self, bucket: Bucket, count: int) -> None:
        tables = self.store.roots(bucket, "card_table")
        columns = [column for table in tables for column in self.store.below(table, "card_table_column")]
        for number in range(count):
            column = columns[number % len(columns)]
            card = self.make("card", bucket, column, words.title(self.random), position=number + 1)
            card.fields["description"] = self.text()
            if self.random.random() < 0.5:
                card.fields["assignees"] = self.random.sample(bucket.members, 1)
            if self.random.random() < 0.3:
                card.fields["due_on"] = times.date(card.created + 30 * times.DAY)
            if column.title == "Done" or number % 17 == 3:
                self.complete(card, "card.completed")
            if column.fields.get("on_hold") and number % 3 == 0:
                card.fields["on_hold"] = True
            if number % 4 == 1:
                card.fields["subscribers"] = self.random.sample(bucket.members, 2)
            if number % 3 == 0:
                self.steps(card)
            self.maybe_attach(card)
            self.boost(card)

    def documents(self, bucket: Bucket, count: int) -> None:
        """Documents and half as many uploads again, spread over a tree of vaults three deep."""
        root = self.store.roots(bucket, "vault")[0]
        vaults = [root]
        for number in range(3 + count // 10):
            vault = self.make("vault", bucket, vaults[number // 2], f"Folder {number + 1}", position=number + 1)
            vaults.append(vault)
        for number in range(count):
            document = self.make(
                "document", bucket, self.random.choice(vaults), words.title(self.random), position=number + 1
            )
            document.fields["content"] = self.text()
            self.maybe_attach(document)
        for number in range(count + count // 2):
            name, content_type = words.FILES[number % len(words.FILES)]
            upload = self.make(
                "upload", bucket, self.random.choice(vaults), f"{number + 1}-{name}", position=count + number + 1
            )
            upload.fields.update(content_type=content_type, byte_size=self.random.randint(200, 4_000_000))
            upload.fields["description"] = self.text() if number % 4 == 0 else ""
            if content_type.startswith("image/"):
                upload.fields.update(width=self.random.randint(10, 4000), height=self.random.randint(10, 3000))
        link = self.make("cloud_file", bucket, root, "Brand book", position=count * 3)
        service, text = drawings([DRAWING]), words.rich(self.random, 1)
        link.fields.update(url="https://drawings.example/brand", service=service, description=text)
        paper = self.make("google_document", bucket, root, "Road map", position=count * 3 + 1)
        paper.fields.update(url="https://papers.example/roadmap", document_type="doc", description="")

    def entries(self, bucket: Bucket, count: int) -> None:
        random = self.random
        schedule = self.store.roots(bucket, "schedule")[0]
        schedule.fields["include_due_assignments"] = random.random() < 0.5
        for number in range(count):
            entry = self.make("schedule_entry", bucket, schedule, words.title(random))
            starts = entry.created + random.randint(-20, 60) * times.DAY
            entry.fields.update(all_day=number % 4 == 0, description=self.text() if number % 2 else "")
            if number % 4 == 0:
                entry.fields.update(
                    starts=times.date(starts), ends=times.date(starts + random.randint(0, 3) * times.DAY)
                )
            else:
                entry.fields.update(starts=starts, ends=starts + 2 * times.HOUR, offset=OFFSETS[number % len(OFFSETS)])
            if number % 6 == 1:
                entry.fields["recurrence"] = {
                    "frequency": "every_week",
                    "days": [1 + number % 5],
                    "hour": 10,
                    "minute": 30,
                    "week_instance": None,
                    "start_date": times.date(starts),
                    "end_date": None,
                }
            entry.fields["participants"] = random.sample(bucket.members, random.choice((0, 1, 2, 3)))
            entry.fields["highlighted"] = number % 9 == 0
            if number % 5 == 0:
                entry.fields["join_url"] = f"https://meet.example/{entry.id}"

    def check_ins(self, bucket: Bucket, count: int) -> None:
        questionnaire = self.store.roots(bucket, "questionnaire")[0]
        questions = []
        for number in range(1 + min(3, count // 10)):
            question = self.make(
                "question", bucket, questionnaire, words.QUESTIONS[number], at=bucket.created + times.DAY
            )
            asked = asked_on("every_week", [5], 16, times.date(question.created), 1)
            question.fields.update(paused=number == 2, schedule=asked)
            questions.append(question)
        for number in range(count):
            answer = self.make("question_answer", bucket, questions[number % len(questions)], "")
            answer.fields.update(content=self.text(), group_on=times.date(answer.created))
            self.boost(answer)

    def lines(self, bucket: Bucket, count: int) -> None:
        chats = self.store.roots(bucket, "campfire")
        for number in range(count):
            chat = chats[0 if number % 3 else -1]
            self.line(chat, number)
        if bucket.id % 3 == 0:
            line = self.make("campfire_line", bucket, chats[0], "renamed this chat")
            line.fields.update(type="Chat::Lines::Rename", content="renamed this chat")

    def line(self, chat: Recording, number: int) -> None:
        text = words.sentence(self.random)
        line = self.make("campfire_line", chat.bucket, chat, text)
        line.updated = line.created if number % 20 else line.created + times.MINUTE
        if number % 11 == 4:
            name, content_type = words.FILES[number % len(words.FILES)]
            line.title = name
            line.fields.update(type="Chat::Lines::Upload", files=[(name, content_type, 1000 + number)])
        elif number % 2:
            line.fields.update(type="Chat::Lines::RichText", content=f"<strong>{text}</strong>")
        else:
            line.fields.update(type="Chat::Lines::Text", content=text)
        if number % 30 == 0:
            self.boost(line)

    def forwards(self, bucket: Bucket, count: int) -> None:
        inbox = self.store.roots(bucket, "inbox")[0]
        for number in range(count):
            forward = self.make("forward", bucket, inbox, words.title(self.random))
            forward.fields.update(
                content=self.text(), **{"from": None if number % 4 == 0 else f"sender{number}@mail.example"}
            )
            self.maybe_attach(forward)
            for _ in range(number % 3):
                reply = self.make("forward_reply", bucket, forward, "")
                reply.fields["content"] = self.text()

    def client_side(self, bucket: Bucket, count: int) -> None:
        board = self.make("client_board", bucket, None, "The Clientside", at=bucket.created + 60)
        for number in range(count):
            letter = self.make("client_correspondence", bucket, board, words.title(self.random))
            letter.fields["content"] = self.text()
            self.client_replies(letter, number % 4)
            approval = self.make("client_approval", bucket, board, words.title(self.random))
            approver = self.legacy_clients[number % len(self.legacy_clients)]
            approval.fields.update(content=self.text(), approver=approver, approval_status="pending")
            if number % 2 == 0:
                approval.fields["due_on"] = times.date(approval.created + 7 * times.DAY)
                self.client_replies(approval, 1)
                approved = number % 4 == 0
                approval.fields["approval_status"] = "approved" if approved else "disapproved"
                response = self.make("client_approval_response", bucket, approval, "")
                response.creator = approver
                response.fields.update(content=words.rich(self.random, 1), approved=approved)

    def client_replies(self, parent: Recording, count: int) -> None:
        for _ in range(count):
            reply = self.make("client_reply", parent.bucket, parent, "")
            reply.fields["content"] = self.text()

    def timesheets(self, bucket: Bucket, count: int) -> None:
        random = self.random
        sheet = self.make("timesheet", bucket, None, "Timesheet", at=bucket.created + 70)
        todos = self.store.below(self.store.roots(bucket, "todoset")[0], "todo")
        for number in range(count):
            parent = sheet if number % 3 == 0 or not todos else random.choice(todos)
            entry = self.make("timesheet_entry", bucket, parent, "Timesheet entry")
            entry.fields.update(
                date=times.date(entry.created - random.randint(0, 40) * times.DAY),
                description=words.sentence(random),
                hours=f"{random.randint(1, 32) / 4:g}" if number % 2 else f"{random.randint(1, 8)}.0",
                person=random.choice(bucket.members),
            )

    def comments(self) -> None:
        pools = [recording for kind in COMMENTED for recording in self.store.kinds[kind].values()]
        links = list(self.store.kinds["cloud_file"].values())
        for number in range(self.volume("comment", 40)):
            parent = links[number % len(links)] if number % 60 == 0 else self.random.choice(pools)
            if parent.status != "active":
                continue
            comment = self.make("comment", parent.bucket, parent, "", after=parent.created)
            comment.fields["content"] = self.text()
            self.maybe_attach(comment)
            self.boost(comment)

    def link_tables(self) -> None:
        """Wormholes from each second card table to the first one of another project."""
        tables = list(self.store.kinds["card_table"].values())
        for number, table in enumerate(tables[::3]):
            target = tables[(number * 3 + 1) % len(tables)]
            column = self.store.below(target, "card_table_column")[0]
            title = f"{target.bucket.name} › {target.title} › {column.title}"
            hole = self.make("card_table_wormhole", table.bucket, table, title)
            hole.fields.update(destination=column.id if number % 4 else 0, color=None)

    def templates_and_pings(self, projects: list[Bucket]) -> None:
        store = self.store
        for number, status in enumerate(("active", "archived", "trashed", "active")):
            created = self.between(self.now - 900 * times.DAY, self.now - 40 * times.DAY)
            template = Bucket(store.next_id("buckets"), "Template", f"Template {number + 1}", created, created, status)
            template.description = "How we start" if number % 2 else None
            store.buckets[template.id] = template
            if status == "trashed":
                store.bucket_since_trashed(template, self.now - 5 * times.DAY)
            for position, name in enumerate(TOOL_ORDER):
                tool = self.make(
                    BY_TOOL[name].name,
                    template,
                    None,
                    TOOL_TITLES[name],
                    at=created + position,
                    position=position + 1 if name != "inbox" else None,
                )
                tool.fields.setdefault("hill", flat_hill(created))
        for number in range(max(2, round(6 * self.scale))):
            created = self.between(self.now - 300 * times.DAY, self.now - times.DAY)
            circle = Bucket(store.next_id("buckets"), "Circle", "Ping", created, created)
            circle.members = [store.reader, self.staff[1 + number % (len(self.staff) - 1)]]
            store.buckets[circle.id] = circle
            chat = self.make("campfire", circle, None, "Ping", at=created)
            for index in range(4):
                self.line(chat, index)
        created = self.now - 1000 * times.DAY
        calendar = Bucket(store.next_id("buckets"), "Calendar", f"{self.company.name} Calendar", created, created)
        store.buckets[calendar.id] = calendar
        self.make("schedule", calendar, None, "Calendar", at=created)

    def put_away(self, projects: list[Bucket]) -> None:
        """Archive, trash and hide: single records, whole lists, whole projects; none of it in the first."""
        random, store = self.random, self.store
        for kind in (*OFTEN_PUT_AWAY, *RARELY_PUT_AWAY):
            candidates = [one for one in store.kinds[kind].values() if one.parent is not None or kind == "door"]
            candidates = [one for one in candidates if one.status == "active" and one.bucket is not projects[0]]
            rare = kind in RARELY_PUT_AWAY
            if kind == "card_table_column":
                candidates = [one for one in candidates if one.type == "Kanban::Column"]
            share = len(candidates) // (25 if rare else 30)
            chosen = random.sample(candidates, min(len(candidates), max(2, share)))
            for number, recording in enumerate(chosen):
                at = self.between(max(recording.updated, self.now - 28 * times.DAY), self.now - times.HOUR)
                recording.updated = at
                if number % 2:
                    store.put_in_trash(recording, at)
                elif kind not in ("door", "comment"):
                    recording.status = "archived"
        archived = max(1, len(projects) // 13)
        for bucket in projects[-archived:]:
            bucket.status = "archived"
        for bucket in projects[-archived - max(1, len(projects) // 40) : -archived]:
            store.bucket_since_trashed(bucket, self.between(self.now - 20 * times.DAY, self.now - times.DAY))
        projects[1 + len(projects) // 3].accessible = False
        projects[1 + len(projects) // 3].members.remove(store.reader)

    def write_history(self) -> None:
        """Give the events their ids in the order of time."""
        self.history.sort(key=lambda row: row[:2])
        for at, _, recording, action, creator, details, news in self.history:
            self.store.append(
                Event(self.store.next_id("events"), recording.id, action, at, creator, recording.bucket, details, news)
            )
        self.history.clear()

    def make(
        self,
        kind: str,
        bucket: Bucket,
        parent: Recording | None,
        title: str,
        at: int | None = None,
        after: int | None = None,
        position: int | None = None,
    ) -> Recording:
        random = self.random
        floor = max(bucket.created, parent.created if parent is not None else 0, after or 0)
        created = self.between(floor, self.now - times.HOUR) if at is None else at
        updated = created
        luck = random.random()
        if luck < 0.12 and bucket.id in self.bulk:
            updated = max(created, self.bulk[bucket.id])
        elif luck < 0.5:
            updated = self.between(created, min(created + 30 * times.DAY, self.now - times.MINUTE))
        creator = bucket.members[int(random.random() * len(bucket.members))] if bucket.members else self.store.reader
        id = self.store.next_id("recordings")
        recording = Recording(kind, id, created, updated, bucket=bucket, parent=parent, creator=creator, title=title)
        recording.position = position
        self.store.add(recording)
        if bucket.type == "Project":
            self.note(recording, "created", {}, NEWS.get(kind), at=created)
        return recording

    def complete(self, recording: Recording, news: str | None) -> None:
        at = self.between(recording.created, self.now - times.MINUTE)
        recording.updated = max(recording.updated, at + 92)
        by = self.random.choice(recording.bucket.members)
        recording.fields.update(completed_at=at, completed_by=by)
        self.note(recording, "completed", {"notified_recipient_ids": [recording.creator]}, news, at=at + 92)

    def note(
        self, recording: Recording, action: str, details: dict[str, Any], news: str | None = None, at: int | None = None
    ) -> None:
        moment = recording.created if at is None else at
        self.history.append((moment, len(self.history), recording, action, recording.creator, details, news))

    def boost(self, recording: Recording) -> None:
        if self.random.random() < 0.08:
            at = self.between(recording.created, self.now - times.MINUTE)
            booster = self.random.choice(recording.bucket.members)
            fields = {"content": self.random.choice(words.BOOSTS), "booster": booster}
            id = self.store.next_id("boosts")
            self.store.boosts[recording.id].append(Item(id, recording.id, at, at, fields))
            self.history.append((at, len(self.history), recording, "boosted", booster, {}, "boost.created"))

    def maybe_attach(self, recording: Recording) -> None:
        if self.random.random() < 0.05:
            recording.fields["attachments"] = attachments(self.store, self.random)

    def text(self) -> str:
        return self.texts[int(self.random.random() * len(self.texts))]

    def series(self, number: int) -> str:
        return f" {number + 1}" if number else ""

    def between(self, first: int, last: int) -> int:
        return first + int(self.random.random() * (last - first)) if last > first else first


def attachments(store: Store, random: Random) -> list[tuple[int, str, str, int, float | None, float | None]]:
    """One to three files inside a rich text: id, name, content type, size, width, height."""
    found = []
    for _ in range(random.randint(1, 3)):
        name, content_type = random.choice(words.FILES)
        image = content_type.startswith("image/")
        width, height = (random.randint(10, 900) + 0.5, float(random.randint(10, 900))) if image else (None, None)
        found.append((store.next_id("attachments"), name, content_type, random.randint(50, 900_000), width, height))
    return found
