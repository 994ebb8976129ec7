"""Makes records, links and files as the company would, at a given time."""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.company import CITIES, FIRST_NAMES, LAST_NAMES, ROLES
from sandbox.copper import words
from sandbox.copper.kinds import RECORD_KINDS
from sandbox.copper.store import Row, Store
from sandbox.copper.words import pick
from sandbox.deals import currency_of
from sandbox.store import Key, Record

DAY = 86_400
RATES = {"USD": 1.0, "EUR": 1.08, "GBP": 1.25}
RELATED = (("person", "task"), ("company", "project"), ("opportunity", "person"), ("project", "opportunity"))


class Maker:
    def __init__(self, store: Store, random: Random) -> None:
        self.store = store
        self.random = random

    def make(self, kind: str, created: int, modified: int) -> Record:
        fields: Row = self.FIELDS[kind](self)
        return self.store.put(kind, {**fields, "custom": self.custom(kind)}, created, modified)

    def some(self, kind: str) -> Record | None:
        """Any live record of a kind."""
        ids = self.store.kinds[kind]
        first = next(iter(ids), None)
        if first is None:
            return None
        span = max(1, next(reversed(ids)) - first + 1)
        for _ in range(12):
            found = ids.get(first + int(self.random.random() * span))
            if found is not None and "is_deleted" not in found.fields:
                return found
        return next((one for one in ids.values() if "is_deleted" not in one.fields), None)

    def one_of(self, name: str) -> Row:
        rows = list(self.store.lists[name].values())
        return rows[int(self.random.random() * len(rows))]

    def user(self) -> int | None:
        ids = list(self.store.users)
        return ids[int(self.random.random() * len(ids))] if self.random.random() < 0.85 else None

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def tags(self) -> list[str]:
        return list(dict.fromkeys(pick(self.random, words.TAGS) for _ in range(int(self.random.random() * 4))))

    def address(self) -> Row | None:
        if self.maybe(0.3):
            return None
        if self.maybe(0.1):
            return dict.fromkeys(("street", "city", "state", "postal_code", "country"))
        random = self.random
        return {
            "street": f"{1 + int(random.random() * 90)} {pick(random, words.STREETS)}",
            "city": pick(random, CITIES),
            "state": None if self.maybe(0.5) else "",
            "postal_code": f"{10_000 + int(random.random() * 80_000)}",
            "country": pick(random, words.COUNTRIES),
        }

    def contact_points(self, name: str) -> Row:
        """Telephone numbers, social profiles and websites."""
        found: Row = {}
        if self.maybe(0.6):
            found["phone_numbers"] = [
                {"number": words.phone(self.random), "category": category}
                for category in (("mobile",), ("work", None), ("home",))[int(self.random.random() * 3)]
            ]
        if self.maybe(0.2):
            found["socials"] = [{"url": f"https://social.example/{name}", "category": "linkedin"}]
        if self.maybe(0.25):
            found["websites"] = [{"url": f"http://{name}.example", "category": None if self.maybe(0.3) else "work"}]
        return found

    def person_fields(self, first: str, last: str, address: str) -> Row:
        fields: Row = {
            "name": f"{first} {last}",
            "first_name": first,
            "last_name": last,
            "address": self.address(),
            "assignee_id": self.user(),
            "contact_type_id": self.one_of("contact_types")["id"],
            "emails": [{"email": address, "category": "work"}],
            "tags": self.tags(),
            "title": pick(self.random, ROLES),
            **self.contact_points(last.lower()),
        }
        if self.maybe(0.15):
            address = f"{first}.{last}.{int(self.random.random() * 10_000)}@home.example"
            fields["emails"].append({"email": address.lower(), "category": None})
        if self.maybe(0.1):
            fields.update(prefix="Dr.", middle_name=pick(self.random, FIRST_NAMES), suffix="jr.")
        if self.maybe(0.2):
            fields["details"] = pick(self.random, words.NOTES)
        return fields

    def person(self) -> Row:
        random = self.random
        first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
        number = int(random.random() * 10_000)
        fields = self.person_fields(first, last, f"{first}.{last}.{number}@mail.example".lower())
        company = self.some("company")
        if company is not None and self.maybe(0.7):
            fields["company_id"] = company.id
        return fields

    def company_fields(self, name: str) -> Row:
        domain = "".join(letter for letter in name.lower() if letter.isalnum())
        fields: Row = {
            "name": name,
            "address": self.address(),
            "assignee_id": self.user(),
            "tags": self.tags(),
            "email_domain": f"{domain}.example",
            **self.contact_points(domain),
        }
        if self.maybe(0.5):
            fields["contact_type_id"] = self.one_of("contact_types")["id"]
        if self.maybe(0.2):
            fields["details"] = pick(self.random, words.NOTES)
        return fields

    def company(self) -> Row:
        return self.company_fields(words.firm(self.random))

    def money(self, unit: str | None = None) -> Row:
        """Between 500 and 60,000, mostly little; sometimes nothing is said."""
        if self.maybe(0.2):
            return {}
        cents = 50_000 + int(self.random.random() ** 3 * 5_950_000)
        return self.worth(cents // 100 if self.maybe(0.4) else cents / 100, unit or pick(self.random, list(RATES)))

    def worth(self, value: float, unit: str) -> Row:
        return {
            "monetary_unit": unit,
            "monetary_value": value,
            "converted_unit": "USD",
            "converted_value": round(value * RATES[unit], 2),
        }

    def lead(self) -> Row:
        random = self.random
        first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
        fields: Row = {
            "name": f"{first} {last}",
            "first_name": first,
            "last_name": last,
            "address": self.address(),
            "assignee_id": self.user(),
            "company_name": words.firm(random) if self.maybe(0.7) else None,
            "status_id": self.one_of("lead_statuses")["id"],
            "tags": self.tags(),
            "title": pick(random, ROLES),
            **self.contact_points(last.lower()),
            **self.money(),
        }
        if self.maybe(0.8):
            category = "work" if self.maybe(0.8) else None
            address = f"{first}.{int(random.random() * 10_000)}@{last}.example"
            fields["email"] = {"email": address.lower(), "category": category}
        if self.maybe(0.6):
            fields["customer_source_id"] = self.one_of("customer_sources")["id"]
        return fields

    def opportunity(self, person: Record | None = None) -> Row:
        """A deal with somebody and their firm. Whatever firms have bought is told by the company's own deals."""
        random = self.random
        pipeline = self.one_of("pipelines")
        sells = pipeline["is_revenue"]
        person = person or (self.some("person") if self.maybe(0.85) else None)
        company = person.fields.get("company_id") if person is not None and sells else None
        statuses = ("Open", "Open", "Open", "Lost", "Abandoned", "Won" if company is None else "Open")
        status = pick(random, statuses)
        stage = pipeline["stages"][-1] if status == "Won" else pick(random, pipeline["stages"])
        client = self.store.clients.get(company or 0)
        fields: Row = {
            "name": pick(random, words.DEALS if sells else ROLES),
            "assignee_id": self.user(),
            "pipeline_id": pipeline["id"],
            "pipeline_stage_id": stage["id"],
            "status": status,
            "tags": self.tags(),
            **(self.money(None if client is None else currency_of(client)) if sells else {}),
            "win_probability": stage["win_probability"],
            "priority": ("None", "Low", "Medium", "High", None)[int(random.random() * 5)],
        }
        if self.maybe(0.7):
            fields["close_date"] = f"{1 + int(random.random() * 12)}/{1 + int(random.random() * 28)}/2026"
        if company is not None:
            fields["company_id"] = company
        if person is not None:
            fields["primary_contact_id"] = person.id
        if status == "Lost":
            fields["loss_reason_id"] = self.one_of("loss_reasons")["id"]
        if self.maybe(0.4):
            fields["customer_source_id"] = self.one_of("customer_sources")["id"]
        return fields

    def related(self, *kinds: str) -> Key | None:
        record = self.some(kinds[int(self.random.random() * len(kinds))])
        return record.key if record is not None and self.maybe(0.7) else None

    def project(self) -> Row:
        fields: Row = {
            "name": pick(self.random, words.PROJECTS),
            "assignee_id": self.user(),
            "tags": self.tags(),
            "status": "Completed" if self.maybe(0.3) else "Open",
        }
        related = self.related("company", "person", "opportunity")
        return {**fields, "related": related} if related else fields

    def task(self) -> Row:
        fields: Row = {
            "name": pick(self.random, words.TASKS),
            "assignee_id": self.user(),
            "tags": self.tags(),
            "status": "Completed" if self.maybe(0.4) else "Open",
            "priority": "High" if self.maybe(0.2) else "None",
        }
        now = self.store.now
        if self.maybe(0.6):
            fields["due_date"] = now + int((self.random.random() - 0.7) * 90 * DAY)
        if self.maybe(0.2):
            fields["reminder_date"] = now - int(self.random.random() * 90 * DAY)
        if fields["status"] == "Completed":
            fields["completed_date"] = now - int(self.random.random() * 90 * DAY)
        if self.maybe(0.5):
            fields["custom_activity_type_id"] = self.one_of("custom_activity_types")["id"]
        if self.maybe(0.2):
            fields["details"] = pick(self.random, words.NOTES)
        related = self.related("lead", "company", "person", "opportunity", "project")
        return {**fields, "related": related} if related else fields

    def activity(self, happened: int, backdated: bool = False) -> Record:
        """Logged when it happened, or days later; its `date_modified` says nothing about that."""
        random = self.random
        parent = None
        while parent is None:
            parent = self.some(RECORD_KINDS[int(random.random() * len(RECORD_KINDS))])
        fields: Row = {"parent": {"id": parent.id, "type": parent.kind}, "user_id": self.user()}
        if self.maybe(0.75):
            types = self.store.activity_types["user"]
            fields["type"] = {"id": types[int(random.random() * len(types))]["id"], "category": "user"}
            fields["details"] = pick(random, words.NOTES)
        else:
            fields.update(self._change_of_property())
        logged = min(self.store.now, happened + int(random.random() * 5 * DAY)) if backdated else happened
        return self.store.put("activity", fields, logged, happened)

    def _change_of_property(self) -> Row:
        way = int(self.random.random() * 4)
        if way == 0:
            changed: Row = {"id": 1, "category": "system", "name": "Status Change"}
            return {"type": changed, "old_value": "Open", "new_value": "Won"}
        if way == 1:
            changed = {"id": 1, "category": "system", "name": "Value Change"}
            return {"type": changed, "old_value": None, "new_value": "18500.50"}
        if way == 2:
            user = self.store.users[min(self.store.users)]
            changed = {"id": 2, "category": "system"}
            return {"type": changed, "old_value": None, "new_value": {"id": user["id"], "name": user["name"]}}
        stages = [{"id": stage["id"], "name": stage["name"]} for stage in self.store.stages()]
        return {"type": {"id": 3, "category": "system"}, "old_value": stages[0], "new_value": stages[1]}

    def custom(self, kind: str) -> dict[int, Any]:
        """Values for some of the fields of a kind."""
        definitions = self.store.definitions_on(kind)
        plain = [one for one in definitions if one["data_type"] != "Connect"]
        return {one["id"]: self.value(one) for one in plain if self.random.random() < 0.35}

    def value(self, definition: Row) -> Any:
        random, kind = self.random, definition["data_type"]
        ids = [option["id"] for option in definition.get("options", ())]
        if kind == "Dropdown":
            return ids[int(random.random() * len(ids))] if ids else None
        if kind == "MultiSelect":
            return random.sample(ids, int(random.random() * (min(3, len(ids)) + 1)))
        if kind == "Date":
            year, month, day = (1 + int(random.random() * largest) for largest in (7, 12, 28))
            return f"{2019 + year}-{month:02d}-{day:02d}"
        if kind == "Checkbox":
            return self.maybe(0.5)
        if kind == "Float":
            return int(random.random() * 100) / 10
        if kind == "Percentage":
            return int(random.random() * 101)
        if kind == "Currency":
            return int(random.random() * 1_000_000) / 100
        if kind == "URL":
            return f"https://portal.example/{int(random.random() * 1_000)}"
        return "" if self.maybe(0.05) else pick(random, words.NOTES)

    def convert(self, lead: Record, at: int | None = None) -> Record | None:
        """A lead becomes a person, often with an opportunity; searches hide it from then on."""
        if "converted_at" in lead.fields:
            return None
        now = self.store.now if at is None else at
        fields = lead.fields
        email = fields.get("email")
        person = self.store.put(
            "person",
            {
                "name": fields["name"],
                "first_name": fields["first_name"],
                "last_name": fields["last_name"],
                "emails": [email] if email else [],
                "tags": fields["tags"],
                "leads_converted_from": [lead.id],
                "date_lead_created": lead.created,
                "contact_type_id": self.one_of("contact_types")["id"],
            },
            created=now,
        )
        changes: Row = {"converted_at": now, "converted_contact_id": person.id}
        if self.maybe(0.6):
            deal = {**self.opportunity(person), "leads_converted_from": [lead.id], "date_lead_created": lead.created}
            changes["converted_opportunity_id"] = self.store.put("opportunity", deal, created=now).id
        return self.store.edit(lead, changes, moves=self.store.options.conversion_moves_date, at=now)

    def connect(self) -> bool:
        """Join two companies through the Connect field."""
        fields = [one for one in self.store.definitions.values() if one["data_type"] == "Connect"]
        one, other = self.some("company"), self.some("company")
        if not fields or one is None or other is None or one is other:
            return False
        id = fields[int(self.random.random() * len(fields))]["id"]
        self.store.create("link", {"custom_field_definition_id": id, "target": other}, one)
        return True

    def attach(self, at: int) -> bool:
        record = self.some(("person", "company", "lead", "opportunity", "project")[int(self.random.random() * 5)])
        if record is None:
            return False
        name, content_type = words.FILES[int(self.random.random() * len(words.FILES))]
        fields = {
            "file_name": name,
            "file_size": 1_000 + int(self.random.random() * 3_000_000),
            "content_type": content_type,
            "creator_id": min(self.store.users),
            "date_modified": at if self.maybe(0.5) else None,
            "is_deleted": False,
        }
        self.store.add(Record("file", self.store.next_id("file"), at, at, fields, record))
        return True

    def relate(self) -> bool:
        kinds = RELATED[int(self.random.random() * len(RELATED))]
        one, other = self.some(kinds[0]), self.some(kinds[1])
        if one is None or other is None:
            return False
        self.store.relations.add(frozenset({one.key, other.key}))
        self.store.silent()
        return True

    FIELDS: dict[str, Callable[["Maker"], Row]] = {
        "person": person,
        "company": company,
        "lead": lead,
        "opportunity": opportunity,
        "project": project,
        "task": task,
    }
