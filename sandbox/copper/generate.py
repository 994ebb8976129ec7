"""A sales department's past, from the company and a seed.

At scale 1: 8,000 people, 500 companies, 3,000 leads, 4,000 opportunities, 1,000 projects, 6,000 tasks and 20,000
activities, all within two years. The companies are those that the whole company calls its clients: each with a story,
a lead who became a person with an opportunity. Other records come in batches as an import makes them, so many share a
second, and bulk edits have given hundreds, in a large account thousands, the same `date_modified`.
"""

from collections.abc import Sequence
from random import Random
from time import gmtime
from typing import Any

from sandbox.company import CITIES, FIRST_NAMES, LAST_NAMES, ROLES, TIME_ZONES, Client, Company, Known
from sandbox.copper.make import Maker
from sandbox.copper.store import Row, Store
from sandbox.copper.words import pick
from sandbox.store import Record

DAY = 86_400
PAST_SECONDS = 730 * DAY
COUNTS = {"person": 8_000, "lead": 3_000, "opportunity": 4_000, "project": 1_000, "task": 6_000, "activity": 20_000}
FEWEST = 12
LONG_TIE = 230
"""More than a page; where there are fewer records, three fifths of them."""


def generate(store: Store, company: Company, seed: int) -> str:
    """Fill the store; returns the e-mail address of the key's user, an administrator."""
    random = Random(f"copper {seed}")
    store.at = store.now
    zone = store.options.company_zone or random.choice(TIME_ZONES)
    store.account = {"id": 1_840_000 + seed, "name": "Lanternfish and Sons", "primary_timezone": zone}
    _users(store, company)
    _lists(store)
    _definitions(store)
    _Past(store, company, random).happen()
    store.at = None
    return store.users[min(store.users)]["email"]


def _employees(company: Company) -> list[Known]:
    return [known for known in company.known_in("copper") if known.client is None]


def _users(store: Store, company: Company) -> None:
    groups = [{"id": 9_001, "name": "Sales"}, {"id": 9_002, "name": "Service"}, {"id": 9_003, "name": "Everybody"}]
    for place, person in enumerate(_employees(company)):
        id = store.next_id("users")
        store.identities["user", id] = person.person
        mine = [group for number, group in enumerate(groups) if (place + 1) % (number + 2) == 0]
        store.users[id] = {"id": id, "name": person.name, "email": person.email, "groups": mine}


def _rows(store: Store, name: str, rows: Sequence[Row]) -> None:
    for row in rows:
        id = store.next_id(name)
        store.lists[name][id] = {"id": id, **row}


def _named(text: str) -> list[Row]:
    return [{"name": name} for name in text.split("|")]


def _lists(store: Store) -> None:
    _rows(store, "contact_types", _named("Potential Customer|Current Customer|Uncategorized|Other"))
    _rows(store, "customer_sources", _named("Email|Cold Call|Advertising|Fair|Other"))
    _rows(store, "loss_reasons", _named("Price|Timing|Competitor|No answer"))
    statuses = enumerate(_named("New|Unqualified|Contacted|Qualified"))
    _rows(store, "lead_statuses", [{**row, "order": order, "is_default": order == 0} for order, row in statuses])
    for name, kind, revenue, stages in (
        ("Sales", "opportunity", True, (("Qualified", 10), ("Meeting", 25), ("Offer", 50), ("Contract", 80))),
        ("Service", "opportunity", True, (("Asked", 20), ("Planned", 60), ("Confirmed", 90))),
        ("Hiring", "opportunity", False, (("Applied", None), ("Interview", None))),
    ):
        id = store.next_id("pipelines")
        made = [
            {"id": store.next_id("stages"), "name": stage, "pipeline_id": id, "win_probability": chance}
            for stage, chance in stages
        ]
        # Their ids do not tell their order.
        made[0]["id"], made[1]["id"] = made[1]["id"], made[0]["id"]
        store.lists["pipelines"][id] = {"id": id, "name": name, "type": kind, "is_revenue": revenue, "stages": made}
    interaction = {"is_disabled": False, "is_interaction": True}
    for name, icon, default in (("Phone Call", "phone", False), ("Meeting", "meeting", False), ("To Do", "todo", True)):
        custom = {"company_id": store.account["id"], "icon_type": icon, "name": name, **interaction}
        _rows(store, "custom_activity_types", [{**custom, "is_default_task_type": default}])
    hook = {"target": "https://hooks.example/copper", "type": "lead", "event": "new", "created_at": store.now}
    _rows(store, "webhooks", [{**hook, "secret": {"token": "hook-secret-canary"}}])
    user = [_activity_type(0, "user", "Note", False)]
    custom_types = store.lists["custom_activity_types"].values()
    user += [_activity_type(one["id"], "user", one["name"], True) for one in custom_types]
    system = [
        _activity_type(number, "system", name, False)
        for number, name in ((1, "Property Changed"), (2, "Assignee Changed"), (3, "Pipeline Stage Changed"))
    ]
    other = [_activity_type(1, "integration", "Newsletter opened", False)]
    store.activity_types = {"user": user, "system": system, "integration": other}


def _activity_type(id: int, category: str, name: str, counts: bool) -> Row:
    return {"id": id, "category": category, "name": name, "is_disabled": False, "count_as_interaction": counts}


def _definitions(store: Store) -> None:
    def define(name: str, data_type: str, on: str, options: str = "", **more: Any) -> Row:
        if options:
            named = enumerate(options.split("|"))
            more["options"] = [{"id": store.next_id("options"), "name": name, "rank": rank} for rank, name in named]
        id = store.next_id("definitions")
        kinds = {"available_on": on.split(), "is_filterable": True}
        store.definitions[id] = {"id": id, "name": name, "data_type": data_type, **kinds, **more}
        return store.definitions[id]

    everything = "lead person opportunity company project task"
    define("Hull", "Dropdown", "person company lead", "Wood|Steel|Glass fibre")
    define("Interests", "MultiSelect", everything, "Sailing|Rowing|Fishing|Repairs|Racing")
    define("Member since", "Date", "person company task project")
    define("Newsletter", "Checkbox", "person lead opportunity")
    define("Nickname", "String", "person project task")
    define("Remarks", "Text", "company opportunity lead")
    define("Rating", "Float", "company lead project task")
    define("Portal", "URL", "company opportunity")
    define("Discount", "Percentage", "opportunity company")
    define("Deposit", "Currency", "opportunity lead", currency="EUR", is_filterable=False)
    one = define("Parent firm", "Connect", "company", is_filterable=False)
    other = define("Daughter firms", "Connect", "company", is_filterable=False, connected_id=one["id"])
    one["connected_id"] = other["id"]


class _Past:
    """Makes the records, clients first, the others in batches of one second."""

    def __init__(self, store: Store, company: Company, random: Random) -> None:
        self.store = store
        self.company = company
        self.random = random
        self.maker = Maker(store, random)
        self.start = store.now - PAST_SECONDS
        self.counts = {kind: max(FEWEST, round(count * company.scale)) for kind, count in COUNTS.items()}
        if store.options.people is not None:
            self.counts["person"] = store.options.people

    def happen(self) -> None:
        contacts, twice = dict[int, Known](), list[Known]()
        for known in self.company.known_in("copper"):
            if known.client is not None and contacts.setdefault(known.person, known) is not known:
                twice.append(known)
        for client in self.company.clients:
            self._story(client, contacts.pop(client.contacts[0].number))
        for kind, count in self.counts.items():
            for moment in self._moments(count - len(self.store.kinds[kind])):
                if kind == "person" and contacts:
                    self._contact(contacts.pop(next(iter(contacts))), moment)
                elif kind == "lead" and twice:
                    self._again(twice.pop(0), moment)
                elif kind == "person":
                    self._person(len(self.store.kinds[kind]), moment)
                elif kind == "activity":
                    self.maker.activity(self._modified(moment), backdated=self.random.random() < 0.15)
                else:
                    self.maker.make(kind, moment, self._modified(moment))
        self._bulk_edits()
        self._convert_leads()
        for _ in range(self.counts["person"] // 12 + 2):
            self.maker.connect()
            self.maker.attach(self.start + int(self.random.random() * PAST_SECONDS))
            self.maker.relate()

    def _moments(self, count: int) -> list[int]:
        """When records were made: alone, or some dozens in one second; the last a day ago."""
        random, moments = self.random, list[int]()
        while len(moments) < count:
            moment = self.start + int(random.random() * (PAST_SECONDS - DAY))
            moments += [moment] * (1 if random.random() < 0.9 else 5 + int(random.random() * 40))
        return sorted(moments[:count])

    def _modified(self, created: int) -> int:
        if self.random.random() < 0.4:
            return created
        return created + int((self.store.now - 60 - created) * self.random.random())

    def _put(self, kind: str, fields: Row, moment: int, modified: int | None = None) -> Record:
        fields = {**fields, "custom": self.maker.custom(kind)}
        return self.store.put(kind, fields, moment, modified or self._modified(moment))

    def _story(self, client: Client, known: Known) -> None:
        """A client's contact was a lead, became a person when asking for something, and that came to an end or not."""
        store, maker, deal = self.store, self.maker, client.deal
        asked = store.now - deal.asked
        met = asked - int((0.1 + self.random.random()) * 7 * DAY)
        decided = store.now - deal.decided if deal.decided is not None else None
        firm = {**maker.company_fields(client.name), "email_domain": client.domain}
        company = self._put("company", firm, met)
        store.clients[company.id] = client.number
        lead = self._again(known, met)
        source = {"leads_converted_from": [lead.id], "date_lead_created": met}
        person = self._contact(known, asked, source)
        sales = next(iter(store.lists["pipelines"].values()))
        stage = sales["stages"][0 if deal.offered is None else 2 if deal.status != "Won" else 3]
        closes = gmtime(store.now + 30 * DAY if decided is None else decided)
        fields = {
            **maker.opportunity(person),
            **maker.worth(int(deal.amount), deal.currency),
            **source,
            "name": deal.title,
            "pipeline_id": sales["id"],
            "pipeline_stage_id": stage["id"],
            "win_probability": stage["win_probability"],
            "status": deal.status,
            "close_date": f"{closes.tm_mon}/{closes.tm_mday}/{closes.tm_year}",
            "company_id": company.id,
            "loss_reason_id": maker.one_of("loss_reasons")["id"] if deal.status == "Lost" else None,
        }
        bought = self._put("opportunity", fields, asked, decided)
        ids = {"converted_contact_id": person.id, "converted_opportunity_id": bought.id}
        store.edit(lead, {"converted_at": asked, **ids}, at=asked)

    def _contact(self, known: Known, moment: int, source: Row | None = None) -> Record:
        company = next(id for id, client in self.store.clients.items() if client == known.client)
        fields = self.maker.person_fields(known.first, known.last, known.email or "")
        fields |= {**self._known(known), "company_id": company, **(source or {})}
        if not known.email:
            fields["emails"] = []
        record = self._put("person", fields, moment)
        self.store.identities["person", record.id] = known.person
        return record

    def _again(self, known: Known, moment: int) -> Record:
        """A lead who is among the people, too."""
        email = {"email": known.email, "category": "work"} if known.email else None
        fields = {**self.maker.lead(), **self._known(known), "company_name": known.company, "email": email}
        record = self._put("lead", fields, moment)
        self.store.identities["lead", record.id] = known.person
        return record

    def _known(self, known: Known) -> Row:
        """What people and leads have in common; the whole name is written in one of three ways."""
        first, last = known.first, known.last
        return {
            "name": (known.name, f"{last}, {first}", f"{first} {last[0]}.")[known.person % 3],
            "first_name": first,
            "last_name": last,
            "suffix": None,
            "title": known.title,
            "phone_numbers": [{"number": known.phone, "category": "work"}] if known.phone else [],
        }

    def _person(self, place: int, moment: int) -> None:
        """Beyond the first thousands, which a large import brought: little more than a name and an address."""
        if place < COUNTS["person"]:
            self.maker.make("person", moment, self._modified(moment))
            return
        first, last = pick(self.random, FIRST_NAMES), pick(self.random, LAST_NAMES)
        address = f"{first}.{last}{place}@import.example".lower()
        fields: Row = {
            "name": f"{first} {last}",
            "first_name": first,
            "last_name": last,
            "title": pick(self.random, ROLES),
            "emails": [{"email": address, "category": "work"}],
        }
        if place % 7 == 0:
            fields["address"] = {
                "street": None,
                "city": pick(self.random, CITIES),
                "state": None,
                "postal_code": "",
                "country": "US",
            }
        self.store.put("person", fields, moment, self._modified(moment))

    def _bulk_edits(self) -> None:
        """Neighbours by id that were edited in one second: one long tie of people, tasks and companies each."""
        for kind in ("person", "task", "company"):
            ids = list(self.store.kinds[kind])
            size = min(len(ids) * 3 // 5, LONG_TIE)
            sizes = [size] + ([len(ids) // 40] * 3 if len(ids) > 20 * LONG_TIE else [])
            for size in sizes:
                first = int(self.random.random() * (len(ids) - size))
                moment = self.store.now - DAY + int(self.random.random() * DAY / 2)
                for id in ids[first : first + size]:
                    self.store.edit(self.store.kinds[kind][id], {"details": "Cleaned up"}, at=moment)

    def _convert_leads(self) -> None:
        leads = [lead for lead in self.store.kinds["lead"].values() if lead.id % 6 == 0]
        for lead in leads:
            self.maker.convert(lead, at=min(lead.updated + 3_600, self.store.now - 60))
