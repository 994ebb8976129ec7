"""A workspace as it stands when the sandbox begins."""

from random import Random

from sandbox.company import Company
from sandbox.names import CLIENT_KINDS, FIRST_NAMES, LAST_NAMES, ROLES
from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY, short_id
from sandbox.pandadoc.make import USER_ROLES, Maker
from sandbox.pandadoc.records import (
    COMPLETED,
    DRAFT,
    SENT,
    STATUSES,
    UPLOADED,
    Document,
    Event,
    Folder,
    Form,
    LogEntry,
    Notary,
    OptOut,
    Subscription,
    User,
    Workspace,
)
from sandbox.pandadoc.store import Store
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.people import Known

STATUS_WEIGHTS = (14, 10, 38, 0.3, 1, 10, 4, 3, 2, 3, 5, 5, 3, 1, 0.7)
"""By status code."""
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
        self.store.building = True
        self.people()
        self.organization()
        self.folders()
        self.blueprints()
        self.forms()
        self.documents()
        for _ in range(self.some(30, 5)):
            self.make.catalog_item(self.past())
        self.make.bundle(self.past())
        self.operations()
        self.store.building = False

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
            firm = f"{pick(random, LAST_NAMES)} {pick(random, CLIENT_KINDS)}" if maybe(random, 0.7) else None
            address = f"{first}.{last}.{number(random, 1, 999)}@mail.example".lower() if maybe(random, 0.95) else None
            title = pick(random, ROLES) if maybe(random, 0.5) else None
            self.make.contact(self.make.stranger(first, last, address, firm, title))
        self.store.book.extend(self.store.contacts.values())
        self.make.contact(self.store.book[-1].person)

    def organization(self) -> None:
        store, random = self.store, self.random
        owner = self.company.employees[0].email
        for name in (self.company.name, "Partners", "Playground"):
            id = store.new_id("workspace")
            store.workspaces[id] = Workspace(id, name, self.past(2 * YEARS, YEARS), owner)
        store.workspace = next(iter(store.workspaces))
        for place, person in enumerate(one for one in self.known if one.client is None):
            user = self.user(person, place == 0)
            if place < 2 or maybe(random, 0.75):
                self.make.member(user, self.past(), "Admin" if place == 0 else None)
        store.key_owner = next(iter(store.members))
        for _ in range(OTHER_USERS):
            first, last = pick(random, FIRST_NAMES), pick(random, LAST_NAMES)
            address = f"{first}.{last}.{number(random, 1, 9_999)}@partner.example".lower()
            self.user(self.make.stranger(first, last, address), False)

    def user(self, person: Known, owner: bool) -> User:
        user = self.make.user(person, owner)
        for place, workspace in enumerate(self.store.workspaces):
            if place and maybe(self.random, 0.4):
                role = pick(self.random, USER_ROLES)
                user.memberships.append((workspace, self.store.new_id("membership"), role))
        return user

    def folders(self) -> None:
        for kind in ("document", "template"):
            for _ in range(self.some(6, 3)):
                top = self.folder(kind, None)
                for _ in range(number(self.random, 1, 2)):
                    below = self.folder(kind, top.uuid)
                    for _ in range(number(self.random, 0, 2)):
                        self.folder(kind, below.uuid)
            first = next(iter(self.store.folders[kind].values()))
            self.folder(kind, self.folder(kind, first.uuid).uuid)

    def folder(self, kind: str, parent: str | None) -> Folder:
        return self.make.folder(kind, parent, self.past(2 * YEARS, YEARS))

    def blueprints(self) -> None:
        for kind, count in (("template", 25), ("content_library_item", 20)):
            for _ in range(self.some(count, 5)):
                created = self.past()
                made = self.make.blueprint(kind, created)
                made.modified = self.past(self.now - created)
                made.content_modified = self.past(self.now - created)
            one = self.make.blueprint(kind, self.past())
            one.deleted = self.past(20 * DAY)

    def forms(self) -> None:
        for _ in range(self.some(8, 4)):
            created = self.past()
            id = self.store.new_id("form")
            name = f"{pick(self.random, words.FORMS)} {number(self.random, 1, 99)}"
            status = pick(self.random, ("active", "draft", "disabled"))
            form = Form(id, name, status, created, self.past(self.now - created), number(self.random, 0, 300))
            self.store.forms[id] = form

    def documents(self) -> None:
        count = self.store.options.documents
        if count is None:
            count = self.some(600, 30)
        codes = range(len(STATUSES))
        statuses = [*codes, *self.random.choices(codes, STATUS_WEIGHTS, k=max(0, count - len(codes)))][:count]
        made = [self.document(status, self.past()) for status in statuses]
        self.same_moment(made)
        for _ in range(1 + round(count * DELETED_SHARE)):
            document = self.document(pick(self.random, (DRAFT, SENT, COMPLETED)), self.past())
            self.store.deleted.add(document.id)
            self.store.change(document, False, deleted=self.past(60 * DAY))

    def document(self, status: int, created: int) -> Document:
        if status == UPLOADED:
            created = self.now - 2_000_000 + self.store.number("upload")
        return self.make.document(created, status, self.now)

    def same_moment(self, made: list[Document]) -> None:
        """Bulk operations: neighbours that were created, or moved, at one moment."""
        ready = [one for one in made if one.status != UPLOADED]
        size = max(3, round(len(ready) * SAME_MOMENT_SHARE))
        moment = self.past(20 * DAY)
        for one in ready[-size:]:
            if one.created <= moment:
                self.store.change(one, True, moment)
        first = min(one.created for one in ready[:size])
        for one in ready[:size:2]:
            self.store.change(one, False, created=first)

    def operations(self) -> None:
        store, random = self.store, self.random
        for place in range(self.some(3, 3)):
            id = store.new_uuid("subscription")
            store.subscriptions[id] = Subscription(
                id,
                f"Hook {place + 1}",
                f"https://hooks.example/{place}",
                place != 1,
                ("ACTIVE", "INACTIVE", "DEACTIVATED")[place % 3],
                ["fields", "pricing"] if place else None,
                ["document_state_changed", "recipient_completed"],
                f"shared{short_id(store.seed, 'hook', place)}",
            )
        for time in sorted(self.past(60 * DAY) for _ in range(self.some(120, 6))):
            late = number(random, 1, 90) * 60_000_000 if maybe(random, 0.2) else number(random, 100, 900) * 1000
            trigger, status = pick(random, words.TRIGGERS), pick(random, (200, 200, 500, None))
            error = pick(random, (None, "TIMEOUT_ERROR"))
            store.events.append(Event(store.new_uuid("event"), "Hook 1", trigger, status, error, time, time + late))
        store.log += [
            LogEntry(store.number("log"), "GET", "/public/v1/documents?count=50&page=1", 200, time, time + 81_000)
            for time in sorted(self.past(89 * DAY) for _ in range(self.some(300, 10)))
        ]
        for place in range(4):
            name = f"{pick(random, FIRST_NAMES)} {pick(random, LAST_NAMES)}"
            state = ("ACTIVE", "INVITED", "REJECTED", "UNDER_REVIEW")[place]
            id = store.new_id("notary")
            store.notaries.append(Notary(id, f"notary{place}@notaries.example", name if place else None, state, "FL"))
        store.opt_outs += [
            OptOut(f"+1 312 555 {100 + place:04d}", "opt-in" if place == 2 else "opt-out", self.past(40 * DAY))
            for place in range(3)
        ]
