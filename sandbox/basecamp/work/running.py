"""Projects, their tools, people, and what belongs to the account."""

from random import Random

from sandbox.basecamp import times, words
from sandbox.basecamp.records import Bucket, Item, Person, Recording
from sandbox.basecamp.work.hands import Hands, among, on, on_project, on_tool

STANDARD_TOOLS = ("message_board", "todoset", "vault", "schedule", "chat", "kanban_board", "questionnaire")
FEWEST_PROJECTS = 4


class Running(Hands):
    """What comes back with a project has its old times."""

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

    @on_project
    def rename_project(self, random: Random, bucket: Bucket) -> None:
        bucket.name = f"{bucket.name.split(' (')[0]} ({random.randint(2, 99)})"
        self.store.touch_bucket(bucket)

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

    @among(lambda hands: (one for one in hands.store.buckets.values() if one.type == "Project" and not one.accessible))
    def gain_access(self, random: Random, bucket: Bucket) -> None:
        """A project appears, and everything in it has old times."""
        bucket.accessible = True
        if self.store.reader not in bucket.members:
            bucket.members.append(self.store.reader)
        self.store.version += 1

    @on_tool
    def show_or_hide_tool(self, random: Random, tool: Recording) -> None:
        tool.position = None if tool.position is not None else 9
        self.store.touch(tool)

    @on_tool
    def rename_tool(self, random: Random, tool: Recording) -> bool:
        if tool.kind == "campfire":
            return False
        tool.title = f"{tool.title.split(' (')[0]} ({random.randint(2, 99)})"
        self.store.touch(tool)
        return True

    @on_project
    def add_second_tool(self, random: Random, bucket: Bucket) -> None:
        self.add_tool(random, bucket, random.choice(("kanban_board", "chat", "message_board"))).position = 8

    @on("gauge")
    def post_needle(self, random: Random, gauge: Recording) -> None:
        """The gauge and the project show it at once and move."""
        needle = self.make(random, "gauge_needle", gauge, "Moved the needle")
        needle.position = random.randint(0, 100)
        needle.fields.update(color=random.choice(("green", "yellow", "red")), description=words.rich(random, 1))
        self.point(gauge)

    def delete_needle(self, random: Random) -> bool:
        needle = self.any(random, "gauge_needle")
        if needle is None or needle.parent is None:
            return False
        gauge = needle.parent
        self.store.purge(needle)
        self.point(gauge)
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

    def shelve_project(self, random: Random, before: tuple[str, ...], status: str) -> bool:
        buckets = self.store.projects()
        if sum(bucket.status == "active" for bucket in buckets) <= FEWEST_PROJECTS:
            return False
        candidates = [bucket for bucket in buckets if bucket.status in before]
        self.store.set_bucket_status(random.choice(candidates), status)
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

    def changed_person(self, person: Person) -> bool:
        person.updated, person.fixed = self.store.now, None
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
        self.changed_person(person)
        return True

    @among(lambda hands: hands.present(lambda person: True))
    def rename_person(self, random: Random, person: Person) -> None:
        person.name = f"{person.name.split(' (')[0]} ({random.randint(2, 99)})"
        self.changed_person(person)

    def go_on_holiday(self, random: Random) -> bool:
        people = self.present(lambda person: person.personable_type == "User")
        if not people:
            return False
        person, now = random.choice(people), self.store.now
        days = {"start_date": 0, "end_date": 7, "back_on_date": 8}
        away = {name: times.date(now + day * times.DAY) for name, day in days.items()}
        person.out_of_office = None if person.out_of_office else away
        return self.changed_person(person)

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

    @on_project
    def add_message_type(self, random: Random, bucket: Bucket) -> None:
        self.item(self.store.message_types, "message_types", bucket.id, {"name": "Recap", "icon": "🗒️"})

    @among(lambda hands: list(hands.store.message_types.values()))
    def rename_message_type(self, random: Random, item: Item) -> None:
        """Messages of that type show the new name, without a sign."""
        item.fields = {**item.fields, "name": f"Type {random.randint(2, 99)}"}
        item.updated = self.store.now
        self.store.version += 1

    def delete_message_type(self, random: Random) -> bool:
        return self.drop(random, self.store.message_types)

    @on_project
    def add_webhook(self, random: Random, bucket: Bucket) -> None:
        fields = {"active": True, "payload_url": "https://hooks.example/new", "types": ["Todo"]}
        self.item(self.store.webhooks, "webhooks", bucket.id, fields)

    def delete_webhook(self, random: Random) -> bool:
        return self.drop(random, self.store.webhooks)

    def add_marker(self, random: Random) -> bool:
        date = times.date(self.store.now + 30 * times.DAY)
        self.item(self.store.markers, "markers", 0, {"name": random.choice(words.MARKERS), "date": date})
        return True

    def delete_marker(self, random: Random) -> bool:
        return self.drop(random, self.store.markers)

    @among(lambda hands: (one for one in hands.store.buckets.values() if one.type == "Template"))
    def change_template(self, random: Random, template: Bucket) -> None:
        if random.random() < 0.5:
            template.name = f"Template {random.randint(10, 99)}"
            self.store.touch_bucket(template)
        else:
            self.store.set_bucket_status(template, random.choice(("active", "archived", "trashed")))

    def add_template(self, random: Random) -> bool:
        now = self.store.now
        template = Bucket(self.store.next_id("buckets"), "Template", "New template", now, now)
        self.store.buckets[template.id] = template
        self.store.version += 1
        return True
