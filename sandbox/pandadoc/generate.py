"""A workspace as it stands when the sandbox begins."""

from random import Random

from sandbox.company import Client, Company
from sandbox.names import CLIENT_KINDS, FIRST_NAMES, LAST_NAMES, ROLES
from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY, MICROSECONDS, short_id
from sandbox.pandadoc.kinds import FOLDERS, STATUSES
from sandbox.pandadoc.make import USER_ROLES, Maker
from sandbox.pandadoc.store import Store
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.people import Known
from sandbox.store import Record

STATUS_WEIGHTS = (14, 10, 12, 0.3, 1, 10, 4, 3, 2, 3, 5, 5, 3, 1, 0.7)
"""Of the statuses, in their order, for what offers no deal."""
OFFERED = {"Won": "completed", "Open": "sent", "Lost": "declined"}
YEARS = 730 * DAY
OTHER_USERS = 48
"""Users of other workspaces, so that even the smallest company has more than one page of users."""
SAME_MOMENT_SHARE = 0.08
DELETED_SHARE = 0.04
"""Deleted documents come on top of the others."""


def generate(store: Store, company: Company, seed: int) -> None:
    _Generator(store, company, seed).run()


class _Generator:
    def __init__(self, store: Store, company: Company, seed: int) -> None:
        self.store = store
        self.company = company
        self.scale = company.scale
        self.random = Random(f"pandadoc {seed}")
        self.make = Maker(store, self.random)
        self.now = store.now
        self.known = company.known_in("pandadoc")

    def run(self) -> None:
        self.people()
        self.organization()
        self.folders()
        self.blueprints()
        self.forms()
        self.documents()
        for _ in range(self.some(30, 5)):
            self.at(self.past()).catalog_item()
        self.at(self.past()).bundle()
        self.operations()
        self.store.at = None

    def at(self, moment: int) -> Maker:
        """What is made now happened then."""
        self.store.at = moment
        return self.make

    def some(self, count: float, least: int) -> int:
        return max(least, round(count * self.scale))

    def past(self, longest: int = YEARS, shortest: int = DAY // 8) -> int:
        """A moment in the past, with microseconds."""
        return self.now - shortest - int(self.random.random() * (longest - shortest))

    def people(self) -> None:
        """Contacts: the clients' people, and others that nobody else knows. One of them is there twice."""
        random = self.random
        for person in self.known:
            if person.client is not None:
                self.make.contact(person)
        for _ in range(self.some(40, 8)):
            first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
            firm = f"{pick(random, LAST_NAMES)} {pick(random, CLIENT_KINDS)}" if maybe(random, 0.25) else None
            address = f"{first}.{last}.{number(random, 1, 999)}@mail.example".lower() if maybe(random, 0.95) else None
            title = pick(random, ROLES) if maybe(random, 0.5) else None
            person = self.make.stranger(first, last, address, firm, title)
            self.make.contact(person)
        contacts = self.store.kinds["contact"].values()
        self.store.book.extend({"id": one.id, **one.fields} for one in contacts)
        self.make.contact(person)

    def organization(self) -> None:
        store, random = self.store, self.random
        owner = self.company.employees[0].email
        for name in (self.company.name, "Partners", "Playground"):
            self.at(self.past(2 * YEARS, YEARS))
            store.create("workspace", {"name": name, "owner": owner})
        store.workspace = next(iter(store.kinds["workspace"]))
        for place, person in enumerate(one for one in self.known if one.client is None):
            user = self.user(person, place == 0)
            if place < 2 or maybe(random, 0.75):
                self.at(self.past()).member(user, "Admin" if place == 0 else None)
        store.key_owner = next(iter(store.kinds["member"]))
        for _ in range(OTHER_USERS):
            first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
            address = f"{first}.{last}.{number(random, 1, 9_999)}@partner.example".lower()
            self.user(self.make.stranger(first, last, address), False)

    def user(self, person: Known, owner: bool) -> Record:
        user = self.make.user(person, owner)
        for id in list(self.store.kinds["workspace"])[1:]:
            if maybe(self.random, 0.4):
                role = {"role": pick(self.random, USER_ROLES), "workspace_id": id}
                user.fields["workspaces"].append({**role, "membership_id": self.store.next_id("member")})
        return user

    def folders(self) -> None:
        for kind in FOLDERS:
            for _ in range(self.some(6, 3)):
                top = self.folder(kind, None)
                for _ in range(number(self.random, 1, 2)):
                    below = self.folder(kind, top)
                    for _ in range(number(self.random, 0, 2)):
                        self.folder(kind, below)
            first = next(iter(self.store.kinds[kind].values()))
            self.folder(kind, self.folder(kind, first))

    def folder(self, kind: str, parent: Record | None) -> Record:
        return self.at(self.past(2 * YEARS, YEARS)).folder(kind, parent)

    def blueprints(self) -> None:
        for kind, count in (("template", 25), ("content_library_item", 20)):
            for _ in range(self.some(count, 5)):
                created = self.past()
                made = self.at(created).blueprint(kind)
                self.store.touch(made, self.past(self.now - created))
                made.fields["content_modified"] = self.past(self.now - created)
            one = self.at(self.past()).blueprint(kind)
            self.store.put_in_trash(one, self.past(20 * DAY))

    def forms(self) -> None:
        for _ in range(self.some(8, 4)):
            self.store.at = created = self.past()
            name = f"{pick(self.random, words.FORMS)} {number(self.random, 1, 99)}"
            status = pick(self.random, ("active", "draft", "disabled"))
            form = self.store.create("form", {"name": name, "status": status})
            self.store.touch(form, self.past(self.now - created))
            form.fields["responses"] = number(self.random, 0, 300)

    def documents(self) -> None:
        count = self.store.options.documents
        if count is None:
            count = self.some(600, 30)
        deals = [client for client in self.company.clients if client.deal.offered is not None]
        more = self.random.choices(STATUSES, STATUS_WEIGHTS, k=max(0, count - len(STATUSES) - len(deals)))
        made = [self.document(status, self.past()) for status in [*STATUSES, *more][:count]]
        made += [self.offer(client) for client in deals[: count - len(made)]]
        self.same_moment(made)
        for _ in range(1 + round(count * DELETED_SHARE)):
            document = self.document(pick(self.random, ("draft", "sent", "completed")), self.past())
            self.store.put_in_trash(document, self.past(60 * DAY))

    def document(self, status: str, created: int) -> Record:
        if status == "uploaded":
            created = self.now - 2_000_000 + self.store.number("upload")
        return self.at(created).document(status)

    def offer(self, client: Client) -> Record:
        """What was sent to a client's contact when the deal was offered, as it is since the deal was decided."""
        deal = client.deal
        whom = next(one for one in self.store.book if one["person"] == client.contacts[0].number)
        created, decided = (self.now - (ago or 0) * MICROSECONDS for ago in (deal.offered, deal.decided))
        return self.at(created).document(OFFERED[deal.status], whom, deal, decided)

    def same_moment(self, made: list[Record]) -> None:
        """Bulk operations: neighbours that were created, or moved, at one moment."""
        ready = [one for one in made if one.fields["status"] != "uploaded"]
        size = max(3, round(len(ready) * SAME_MOMENT_SHARE))
        moment = self.past(20 * DAY)
        for one in ready[-size:]:
            if one.created <= moment:
                self.store.touch(one, moment)
        first = min(one.created for one in ready[:size])
        for one in ready[:size:2]:
            one.created = first

    def operations(self) -> None:
        store, random = self.store, self.random
        for place in range(self.some(3, 3)):
            subscription = {
                "name": f"Hook {place + 1}",
                "url": f"https://hooks.example/{place}",
                "active": place != 1,
                "status": ("ACTIVE", "INACTIVE", "DEACTIVATED")[place % 3],
                "payload": ["fields", "pricing"] if place else None,
                "triggers": ["document_state_changed", "recipient_completed"],
                "workspace_id": store.workspace,
                "shared_key": f"shared{short_id(store.seed, 'hook', place)}",
            }
            store.create("webhook_subscription", subscription)
        for time in sorted(self.past(60 * DAY) for _ in range(self.some(120, 6))):
            late = number(random, 1, 90) * 60_000_000 if maybe(random, 0.2) else number(random, 100, 900) * 1000
            store.at = time
            event = {
                "name": "Hook 1",
                "type": pick(random, words.TRIGGERS),
                "http_status_code": pick(random, (200, 200, 500, None)),
                "error": pick(random, (None, "TIMEOUT_ERROR")),
                "delivered": time + late,
            }
            store.create("webhook_event", event)
        for store.at in sorted(self.past(89 * DAY) for _ in range(self.some(300, 10))):
            store.record_call("GET", "/public/v1/documents?count=50&page=1", 200, store.at)
        for place in range(4):
            name = f"{pick(random, FIRST_NAMES)} {pick(random, LAST_NAMES)}"
            state = ("ACTIVE", "INVITED", "REJECTED", "UNDER_REVIEW")[place]
            notary = {"email": f"notary{place}@notaries.example", "name": name if place else None, "status": state}
            store.create("notary", {**notary, "commission_state": "FL"})
        for place in range(3):
            store.at = self.past(40 * DAY)
            status = "opt-in" if place == 2 else "opt-out"
            store.create("opt_out", {"status": status}, id=f"+1 312 555 {100 + place:04d}")
