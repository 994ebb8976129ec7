"""Makes records as the company would, at a given time."""

from random import Random
from typing import Any

from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY
from sandbox.pandadoc.records import (
    COMPLETED,
    DECLINED,
    DRAFT,
    PAID,
    UNSENT,
    UPLOADED,
    VIEWED,
    WAITING_PAY,
    Author,
    Blueprint,
    CatalogItem,
    Contact,
    Document,
    Folder,
    Member,
    Price,
    User,
    Variant,
)
from sandbox.pandadoc.store import Store
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.people import Known, stranger

HOUR = DAY // 24
LICENSES = ("Full (Standard)", "Read-only", "eSignature", "Guest", "Creator")
USER_ROLES = ("Admin", "Manager", "Member", "Collaborator")
MEMBER_ROLES = ("Manager", "Member", "Member", "Collaborator", "Deal desk")
"""Members may have a role that the organisation named; users show what it comes down to."""


class Maker:
    def __init__(self, store: Store, random: Random) -> None:
        self.store = store
        self.random = random

    def stranger(
        self, first: str, last: str, email: str | None, company: str | None = None, title: str | None = None
    ) -> Known:
        """Somebody whom only PandaDoc knows."""
        number = stranger("pandadoc", self.store.number("stranger"))
        return Known(number, first, last, email, None, company, None, title, None)

    def contact(self, person: Known) -> Contact:
        random = self.random
        contact = Contact(self.store.new_id("contact"), person)
        if maybe(random, 0.5):
            contact.country = pick(random, words.COUNTRIES)
            contact.state = "" if maybe(random, 0.3) else None
            contact.street = f"{number(random, 1, 90)} {pick(random, words.STREETS)}"
            contact.postal_code = str(number(random, 10_000, 99_999))
        self.store.contacts[contact.id] = contact
        return contact

    def user(self, person: Known, owner: bool) -> User:
        license = LICENSES[0] if owner else pick(self.random, LICENSES)
        user = User(self.store.new_id("user"), person, license, owner, maybe(self.random, 0.05) and not owner, [])
        self.store.users[user.id] = user
        return user

    def member(self, user: User, created: int, role: str | None = None) -> Member:
        """A membership in the key's workspace; what is shown as their workspace is the one they are in right now."""
        random = self.random
        id = self.store.new_id("membership")
        role = role or pick(random, MEMBER_ROLES)
        user.memberships.insert(0, (self.store.workspace, id, role if role in USER_ROLES else "Member"))
        avatar = f"https://avatars.example/{id}" if maybe(random, 0.5) else None
        person = user.person
        author = Author(user.id, id, person.email or "", person.first, person.last, avatar)
        workspace = pick(random, user.memberships)[0]
        modified = created + int(random.random() * 20 * DAY)
        member = Member(
            author,
            person,
            maybe(random, 0.95),
            maybe(random, 0.9),
            role,
            user.license,
            workspace,
            created,
            min(modified, self.store.now),
        )
        self.store.members[id] = member
        return member

    def folder(self, kind: str, parent: str | None, created: int) -> Folder:
        name = f"{pick(self.random, words.FOLDERS)} {number(self.random, 1, 99)}"
        folder = Folder(self.store.new_id(f"{kind} folder"), name, parent, created)
        self.store.folders[kind][folder.uuid] = folder
        return folder

    def some_folder(self, kind: str) -> str | None:
        folders = self.store.folders[kind]
        return None if maybe(self.random, 0.3) or not folders else pick(self.random, list(folders))

    def author(self) -> Author:
        return pick(self.random, list(self.store.members.values())).author

    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(pick(self.random, words.TAGS) for _ in range(number(self.random, 0, 3))))

    def metadata(self) -> dict[str, Any]:
        keys = words.METADATA_KEYS[: number(self.random, 0, len(words.METADATA_KEYS))]
        return {key: str(number(self.random, 1, 9_999)) if maybe(self.random, 0.9) else "true" for key in keys}

    def blueprint(self, kind: str, created: int) -> Blueprint:
        name = f"{pick(self.random, words.DOCUMENT_KINDS)} {'template' if kind == 'template' else 'block'}"
        count = self.store.number(f"{kind} number")
        made = Blueprint(
            kind,
            count,
            self.store.new_id(kind),
            f"{name} {count}",
            self.author(),
            created,
            created,
            created,
            self.some_folder("template"),
            self.tags(),
            self.metadata(),
        )
        self.store.blueprints[kind][made.id] = made
        return made

    def document(self, created: int, status: int, now: int) -> Document:
        """A document that has come to `status` between `created` and `now`."""
        random, store = self.random, self.store
        count = store.number("document number")
        templates = store.living("template")
        template = pick(random, templates) if templates and maybe(random, 0.6) else None
        firm = pick(random, store.book).person.company or "a friend"
        made = Document(
            count,
            self._document_id(count),
            f"{pick(random, words.DOCUMENT_KINDS)} for {firm}",
            status,
            self.author(),
            created,
            created,
            created,
            created,
            created,
            folder=self.some_folder("document"),
            tags=self.tags(),
            metadata=self.metadata(),
            template=(template.id, template.name) if template else None,
        )
        if store.forms and maybe(random, 0.1):
            made.form = pick(random, list(store.forms))
        if status == UPLOADED:
            return store.add(made)
        self._live(made, status, max(HOUR // 60, now - created - HOUR // 60))
        return store.add(made)

    def _live(self, made: Document, status: int, span: int) -> None:
        """Give it the moments of a life that ends in `status` within `span`."""
        random = self.random
        steps = sorted(made.created + int(random.random() * span) for _ in range(4))
        made.content_modified = steps[0]
        made.modified = made.status_changed = made.acted = steps[3] if status != DRAFT else steps[1]
        made.content_edits = number(random, 1, 3) if maybe(random, 0.2) else 0
        made.attachments = number(random, 1, 2) if maybe(random, 0.2) else 0
        if status not in UNSENT:
            made.sent, made.expires = steps[1], steps[1] + 60 * DAY
        if status in (COMPLETED, PAID, WAITING_PAY) or (status == VIEWED and maybe(random, 0.3)):
            made.signatures = (steps[2],) if status == VIEWED else (steps[2], steps[3], steps[3])
        if status in (COMPLETED, PAID):
            made.completed = steps[3]
        if status == DECLINED:
            made.declined = steps[3]
        if status in (DRAFT, VIEWED) and maybe(random, 0.05):
            made.locked = True

    def _document_id(self, count: int) -> str:
        """Now and then one that differs from the one before in case only."""
        id = self.store.new_id("document")
        before = self.store.numbered.get(count - 1)
        return before.id.swapcase() if count % 50 == 3 and before is not None else id

    def price(self, billing: str, currency: str) -> Price:
        random = self.random
        cents = number(random, 0, 500_000)
        amount = cents / 100 if maybe(random, 0.7) else cents // 100
        cycle = pick(random, (1, 3, 12)) if billing == "recurring" else None
        found = Price(
            self.store.new_uuid("price"),
            currency,
            None if maybe(random, 0.05) else amount,
            number(random, 0, 90) / 10 if maybe(random, 0.4) else None,
            billing,
            cycle,
            0,
        )
        if maybe(random, 0.25):
            found.method = number(random, 1, 2)
            found.tiers = [(1, amount), (11, round(amount * 0.9, 2)), (101, 0.07)]
        return found

    def catalog_item(self, created: int) -> CatalogItem:
        """Its times are whole milliseconds: one of the two answers that tell them shows no more."""
        random, store = self.random, self.store
        created -= created % 1000
        billing = "recurring" if maybe(random, 0.4) else "one_time"
        currency = pick(random, words.CURRENCIES)
        category = None
        if maybe(random, 0.6):
            place = int(random.random() * len(words.CATEGORIES))
            category = (f"00000000-0000-4000-a000-{place:012d}", words.CATEGORIES[place])
        prices = [self.price(billing, currency)]
        variants = []
        for _ in range(number(random, 1, 2)):
            fields = [("Colour", "amber"), ("Note", None)] if maybe(random, 0.4) else None
            sku = f"SKU-{number(random, 1, 999)}" if maybe(random, 0.9) else None
            text = "As listed" if maybe(random, 0.6) else None
            more = [self.price(billing, currency) for _ in range(number(random, 1, 2))]
            changed = created + DAY if maybe(random, 0.3) else None
            id = store.new_uuid("variant")
            variants.append(Variant(id, sku, text, number(random, 0, 1), fields, created, changed, more))
        item = CatalogItem(
            store.new_uuid("item"),
            f"{pick(random, words.PRODUCTS)} {number(random, 1, 99)}",
            store.key_owner,
            created,
            None,
            None,
            category,
            prices[0],
            variants,
        )
        store.catalog[item.uuid] = item
        return item

    def bundle(self, created: int) -> CatalogItem:
        parts = list(self.store.catalog)[:3]
        item = self.catalog_item(created)
        item.bundle = [(place + 1, part) for place, part in enumerate(parts)]
        return item
