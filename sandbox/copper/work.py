"""The company at work: one realistic change at a time, with `date_modified` moving where the real one moves.

copper.md 6.2 and 6.4. It moves for fields, tags, custom fields and, some seconds later, for interactions. It stands
still for files, links, relations, renames of what a record refers to, and for the loss of what it refers to; and
whatever is deleted leaves no trace, except an activity, which leaves a stub. An activity's own `date_modified` is
the time at which it happened, however late it was logged or edited.
"""

from collections.abc import Callable
from random import Random

from sandbox import changes
from sandbox.changes import given
from sandbox.company import FIRST_NAMES, LAST_NAMES
from sandbox.copper import words
from sandbox.copper.kinds import RECORD_KINDS
from sandbox.copper.make import DAY, Maker
from sandbox.copper.store import UNSET, Row, Store
from sandbox.copper.words import pick
from sandbox.store import Record

TITLED = ("person", "lead")
REACHED = ("person", "company", "lead")


def on(*kinds: str) -> Callable[[Callable[..., object]], Callable[..., bool]]:
    """A change of any record of the kind that is picked first; without kinds of any that has a change time."""
    return given(lambda work: work.any(*kinds))


class Work:
    """Each method is one change; it returns False where the company has nothing to change in that way."""

    def __init__(self, store: Store, seed: int = 1) -> None:
        self.store = store
        self.random = Random(f"copper work {seed}")
        self.maker = Maker(store, self.random)

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        self._with(random)
        return changes.pick(random, CHANGES, lambda name: getattr(self, name)())

    def edit_at_once(self, kind: str, count: int, random: Random) -> list[int]:
        """`count` neighbours get the same `date_modified`, as by a bulk edit in the web application."""
        self._with(random)
        records = list(self.store.kinds[kind].values())
        count = min(count, len(records))
        first = int(random.random() * (len(records) - count + 1))
        edited = self.store.edit_at_once(records[first : first + count], {"details": pick(random, words.NOTES)})
        return [record.id for record in edited]

    def _with(self, random: Random) -> None:
        self.random = self.maker.random = random

    def any(self, *kinds: str) -> Record | None:
        return self.maker.some(kinds[int(self.random.random() * len(kinds))] if kinds else self._kind())

    def _kind(self) -> str:
        return RECORD_KINDS[int(self.random.random() * len(RECORD_KINDS))]

    def create(self) -> bool:
        return bool(self.maker.make(self._kind(), self.store.now, self.store.now))

    @on()
    def edit(self, record: Record) -> None:
        changes: Row = {"details": pick(self.random, words.NOTES), "assignee_id": self.maker.user()}
        if record.kind in TITLED:
            first, last = record.fields["first_name"], pick(self.random, LAST_NAMES)
            changes.update(last_name=last, name=f"{first} {last}")
        self.store.edit(record, changes)

    @on(*REACHED)
    def move_house(self, record: Record) -> None:
        self.store.edit(record, {"address": self.maker.address()})

    @on(*REACHED)
    def add_contact_point(self, record: Record) -> None:
        number = {"number": words.phone(self.random), "category": "other"}
        self.store.edit(record, {"phone_numbers": [*record.fields.get("phone_numbers", ()), number]})

    @on(*REACHED)
    def drop_contact_point(self, record: Record) -> bool:
        names = ("phone_numbers", "emails", "websites", "socials")
        name = next((name for name in names if record.fields.get(name)), None)
        return name is not None and bool(self.store.edit(record, {name: record.fields[name][1:]}))

    @on()
    def tag(self, record: Record) -> None:
        tags = [*record.fields.get("tags", ()), f"tag {int(self.random.random() * 50)}"]
        self.store.edit(record, {"tags": list(dict.fromkeys(tags))})

    @on()
    def untag(self, record: Record) -> bool:
        tags = record.fields.get("tags", [])
        return bool(tags) and bool(self.store.edit(record, {"tags": tags[1:]}))

    @on()
    def set_custom_field(self, record: Record) -> bool:
        plain = [one for one in self.store.definitions_on(record.kind) if one["data_type"] != "Connect"]
        if not plain:
            return False
        definition = plain[int(self.random.random() * len(plain))]
        custom = {**record.fields["custom"], definition["id"]: self.maker.value(definition)}
        return bool(self.store.edit(record, {"custom": custom}))

    @on()
    def clear_custom_field(self, record: Record) -> bool:
        custom = list(record.fields["custom"].items())
        return bool(custom) and bool(self.store.edit(record, {"custom": dict(custom[1:])}))

    def edit_some_at_once(self) -> bool:
        return bool(self.edit_at_once(self._kind(), 2 + int(self.random.random() * 25), self.random))

    @on("company")
    def rename_company(self, company: Record) -> None:
        plain, _, form = company.fields["name"].rpartition(" ")
        self.store.edit(company, {"name": plain if form == "Ltd" else f"{company.fields['name']} Ltd"})

    @on("company")
    def name_primary_contact(self, company: Record) -> bool:
        person = self.any("person")
        return person is not None and bool(self.store.edit(company, {"primary_contact_id": person.id}))

    @on("person")
    def change_employer(self, person: Record) -> bool:
        company = self.any("company")
        if company is None:
            return False
        self.store.edit(person, {"company_id": UNSET if self.maker.maybe(0.3) else company.id})
        return True

    @on("opportunity")
    def move_stage(self, deal: Record) -> None:
        stages = self.store.lists["pipelines"][deal.fields["pipeline_id"]]["stages"]
        stage = stages[int(self.random.random() * len(stages))]
        moved = {"pipeline_stage_id": stage["id"], "win_probability": stage["win_probability"]}
        self.store.edit(deal, {**moved, "date_stage_changed": self.store.now})

    @on("opportunity")
    def decide(self, deal: Record) -> None:
        status = pick(self.random, ["Won", "Lost", "Open", "Abandoned"])
        lost = self.maker.one_of("loss_reasons")["id"] if status == "Lost" else UNSET
        self.store.edit(
            deal, {"status": status, "loss_reason_id": lost, **self.maker.money(deal.fields.get("monetary_unit"))}
        )

    @on("lead")
    def convert_lead(self, lead: Record) -> bool:
        return self.maker.convert(lead) is not None

    @on("task", "project")
    def finish(self, record: Record) -> None:
        done = record.fields["status"] == "Open"
        changes: Row = {"status": "Completed" if done else "Open"}
        if record.kind == "task":
            changes["completed_date"] = self.store.now if done else UNSET
        self.store.edit(record, changes)

    def log_activity(self) -> bool:
        """An interaction counts at its parent, whose `date_modified` moves with it."""
        activity = self.maker.activity(self.store.now)
        parent = self.store.kinds[activity.fields["parent"]["type"]].get(activity.fields["parent"]["id"])
        if parent is not None and parent.kind in ("person", "company", "lead", "opportunity"):
            changes: Row = {"interaction_count": parent.fields.get("interaction_count", 0) + 1}
            if parent.kind != "company":
                changes["date_last_contacted"] = self.store.now
            self.store.edit(parent, changes)
        return True

    def log_late(self) -> bool:
        self.maker.activity(self.store.now - int(self.random.random() * 20 * DAY), backdated=True)
        return True

    def log_ahead(self) -> bool:
        self.maker.activity(self.store.now + int(self.random.random() * 90 * DAY))
        return True

    @on("activity")
    def edit_activity(self, activity: Record) -> None:
        self.store.edit(activity, {"details": pick(self.random, words.NOTES)})

    @on("activity")
    def redate_activity(self, activity: Record) -> None:
        self.store.touch(activity, self.store.now - int(self.random.random() * 10 * DAY))

    def delete_activity(self) -> bool:
        return self._delete("activity")

    def delete_record(self) -> bool:
        return self._delete(self._kind())

    def _delete(self, kind: str) -> bool:
        record = self.maker.some(kind)
        if record is None or len(self.store.kinds[kind]) < 3:
            return False
        self.store.delete(record)
        return True

    def attach_file(self) -> bool:
        return self.maker.attach(self.store.now)

    def delete_file(self) -> bool:
        """The file stays in the list, marked; sometimes it is gone."""
        for file in self.store.kinds["file"].values():
            if not file.fields["is_deleted"] and self.maker.maybe(0.1):
                return bool(self.store.edit(file, {"is_deleted": True}))
        return False

    def relate(self) -> bool:
        return self.maker.relate()

    def unrelate(self) -> bool:
        if not self.store.relations:
            return False
        self.store.relations.discard(min(self.store.relations, key=sorted))
        self.store.silent()
        return True

    def connect(self) -> bool:
        return self.maker.connect()

    def disconnect(self) -> bool:
        links = list(self.store.kinds["link"].values())
        return bool(links) and bool(self.store.purge(links[0]))

    def hire(self) -> bool:
        id = self.store.next_id("users")
        name = f"{pick(self.random, FIRST_NAMES)} {pick(self.random, LAST_NAMES)}"
        address = f"{name.replace(' ', '.')}.{id}@lanternfish.example".lower()
        self.store.users[id] = {"id": id, "name": name, "email": address, "groups": []}
        return True

    def leave(self) -> bool:
        """The first user owns the key and stays. Records go on naming who left."""
        ids = list(self.store.users)[1:]
        if len(ids) < 3:
            return False
        del self.store.users[ids[int(self.random.random() * len(ids))]]
        return True

    def change_groups(self) -> bool:
        id = list(self.store.users)[int(self.random.random() * len(self.store.users))]
        user = self.store.users[id]
        groups = user["groups"][1:] if user["groups"] else [{"id": 9_002, "name": "Service"}]
        self.store.users[id] = {**user, "groups": groups}
        return True

    def rename_stage(self) -> bool:
        stages = self.store.stages()
        stages[int(self.random.random() * len(stages))]["name"] = f"Stage {int(self.random.random() * 1_000)}"
        self.store.silent()
        return True

    def add_or_move_stage(self) -> bool:
        pipeline = self.maker.one_of("pipelines")
        if self.maker.maybe(0.5):
            pipeline["stages"].append(pipeline["stages"].pop(0))
        else:
            id = self.store.next_id("stages")
            stage = {"id": id, "name": f"Stage {id}", "pipeline_id": pipeline["id"], "win_probability": 5}
            pipeline["stages"].append(stage)
        self.store.silent()
        return True

    def change_list(self) -> bool:
        """A reference list grows, shrinks, or has something renamed."""
        name = pick(self.random, ["contact_types", "customer_sources", "loss_reasons"])
        rows, way = self.store.lists[name], int(self.random.random() * 3)
        if way == 0 or len(rows) < 3:
            id = self.store.next_id(name)
            rows[id] = {"id": id, "name": f"Added {id}"}
        elif way == 1:
            del rows[list(rows)[-1]]
        else:
            id = list(rows)[0]
            rows[id] = {**rows[id], "name": f"Renamed {int(self.random.random() * 1_000)}"}
        return True

    def rename_lead_status(self) -> bool:
        status = self.maker.one_of("lead_statuses")
        status["name"] = f"Status {int(self.random.random() * 1_000)}"
        self.store.silent()
        return True

    def change_options(self) -> bool:
        """An option is added or renamed; the values that point to it are as they were."""
        fields = [one for one in self.store.definitions.values() if one.get("options")]
        if not fields:
            return False
        options = fields[int(self.random.random() * len(fields))]["options"]
        if self.maker.maybe(0.5):
            id = self.store.next_id("options")
            options.append({"id": id, "name": f"Option {id}", "rank": len(options)})
        else:
            options[0] = {**options[0], "name": f"Option {int(self.random.random() * 1_000)}"}
        self.store.silent()
        return True

    def add_definition(self) -> bool:
        id = self.store.next_id("definitions")
        data_type = pick(self.random, ["String", "Float", "Date", "Checkbox"])
        named = {"id": id, "name": f"Field {id}", "data_type": data_type}
        self.store.definitions[id] = {**named, "available_on": [self._kind()], "is_filterable": True}
        self.store.silent()
        return True

    def delete_definition(self) -> bool:
        """Its values are gone from every record at once, and no record tells."""
        plain = [one for one in self.store.definitions.values() if one["data_type"] != "Connect"]
        if len(plain) < 6:
            return False
        del self.store.definitions[plain[int(self.random.random() * len(plain))]["id"]]
        self.store.silent()
        return True


CHANGES = changes.weights("""
    create:10 edit:12 move_house:3 add_contact_point:4 drop_contact_point:3 tag:5 untag:3 set_custom_field:8
    clear_custom_field:3 edit_some_at_once:2 rename_company:2 name_primary_contact:2 change_employer:2 move_stage:5
    decide:3 convert_lead:3 finish:5 log_activity:8 log_late:2 log_ahead:1 edit_activity:2 redate_activity:1
    delete_activity:2 delete_record:4 attach_file:2 delete_file:1 relate:1 unrelate:0.5 connect:1 disconnect:0.5
    hire:0.5 leave:0.3 change_groups:0.5 rename_stage:0.3 add_or_move_stage:0.3 change_list:0.5
    rename_lead_status:0.2 change_options:0.5 add_definition:0.2 delete_definition:0.1
""")
"""Each change with its weight."""
