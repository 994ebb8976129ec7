"""Makes records as the company would, at the moment of a change."""

from random import Random
from typing import Any

from sandbox.deals import Deal
from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY, short_id
from sandbox.pandadoc.kinds import UNSENT
from sandbox.pandadoc.store import Store
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.people import Known, stranger
from sandbox.store import Fields, Record

HOUR = DAY // 24
LICENSES = ("Full (Standard)", "Read-only", "eSignature", "Guest", "Creator")
USER_ROLES = ("Admin", "Manager", "Member", "Collaborator")
MEMBER_ROLES = ("Manager", "Member", "Member", "Collaborator", "Deal desk")
"""Members may have a role that the organisation named; users show what it comes down to."""


class Maker:
    """`now` is the end of what is told of a record."""

    def __init__(self, store: Store, random: Random) -> None:
        self.store = store
        self.random = random
        self.now = store.now

    def stranger(
        self, first: str, last: str, email: str | None, company: str | None = None, title: str | None = None
    ) -> Known:
        """Somebody whom only PandaDoc knows."""
        number = stranger("pandadoc", self.store.number("stranger"))
        return Known(number, first, last, email, None, company, None, title, None)

    def contact(self, person: Known) -> Record:
        random = self.random
        fields = {
            "email": person.email,
            "first_name": person.first,
            "last_name": person.last,
            "company": person.company,
            "job_title": person.title,
            "phone": person.phone,
            "city": person.city,
            "person": person.person,
            "client": person.client,
        }
        if maybe(random, 0.5):
            fields["country"] = pick(random, words.COUNTRIES)
            fields["state"] = "" if maybe(random, 0.3) else None
            fields["street_address"] = f"{number(random, 1, 90)} {pick(random, words.STREETS)}"
            fields["postal_code"] = str(number(random, 10_000, 99_999))
        return self.store.create("contact", fields)

    def user(self, person: Known, owner: bool) -> Record:
        fields: Fields = {
            "email": person.email,
            "first_name": person.first,
            "last_name": person.last,
            "phone_number": person.phone or "",
            "license": LICENSES[0] if owner else pick(self.random, LICENSES),
            "is_organization_owner": owner,
            "removed": maybe(self.random, 0.05) and not owner,
            "workspaces": [],
            "person": person.person,
        }
        return self.store.create("user", fields)

    def member(self, user: Record, role: str | None = None) -> Record:
        """A membership in the key's workspace; what is shown as their workspace is the one they are in right now."""
        random, store = self.random, self.store
        id = store.next_id("member")
        role = role or pick(random, MEMBER_ROLES)
        shown = role if role in USER_ROLES else "Member"
        workspaces = [{"role": shown, "workspace_id": store.workspace, "membership_id": id}, *user.fields["workspaces"]]
        store.edit(user, {"workspaces": workspaces})
        named = {name: user.fields[name] for name in ("email", "first_name", "last_name")}
        avatar = f"https://avatars.example/{id}" if maybe(random, 0.5) else None
        author = {**named, "id": user.id, "membership_id": id, "email": named["email"] or "", "avatar": avatar}
        fields = {
            **named,
            "user_id": user.id,
            "author": author,
            "workspace": pick(random, workspaces)["workspace_id"],
            "role": role,
            "user_license": user.fields["license"],
            "person": user.fields["person"],
        }
        made = store.create("member", fields, id=id)
        modified = min(made.created + int(random.random() * 20 * DAY), self.now)
        verified = {"is_active": maybe(random, 0.95), "email_verified": maybe(random, 0.9)}
        return store.edit(made, verified, at=modified)

    def folder(self, kind: str, parent: Record | None) -> Record:
        name = f"{pick(self.random, words.FOLDERS)} {number(self.random, 1, 99)}"
        return self.store.create(kind, {"name": name}, parent)

    def some_folder(self, kind: str) -> Record | None:
        folders = list(self.store.kinds[kind].values())
        return None if maybe(self.random, 0.3) or not folders else pick(self.random, folders)

    def place(self, kind: str) -> str | None:
        """The id of the folder that something is in."""
        folder = self.some_folder(kind)
        return None if folder is None else folder.id

    def author(self) -> Fields:
        author: Fields = pick(self.random, list(self.store.kinds["member"].values())).fields["author"]
        return author

    def tags(self) -> list[str]:
        return list(dict.fromkeys(pick(self.random, words.TAGS) for _ in range(number(self.random, 0, 3))))

    def metadata(self) -> dict[str, Any]:
        keys = words.METADATA_KEYS[: number(self.random, 0, len(words.METADATA_KEYS))]
        return {key: str(number(self.random, 1, 9_999)) if maybe(self.random, 0.9) else "true" for key in keys}

    def blueprint(self, kind: str) -> Record:
        name = f"{pick(self.random, words.DOCUMENT_KINDS)} {'template' if kind == 'template' else 'block'}"
        id = self.store.next_id(kind)
        count, now = self.store.count(kind), self.store.tick()
        fields = {
            "number": count,
            "name": f"{name} {count}",
            "author": self.author(),
            "content_modified": now,
            "folder": self.place("template_folder"),
            "tags": self.tags(),
            "metadata": self.metadata(),
            "content_edits": 0,
            "role_edits": 0,
        }
        return self.store.create(kind, fields, id=id)

    def document(
        self, status: str, whom: Fields | None = None, deal: Deal | None = None, until: int | None = None
    ) -> Record:
        """A document that has come to `status` between the moment of the store and `until`, or now; to the firm of
        `whom`, or to somebody else's."""
        random, store = self.random, self.store
        id = store.next_id("document")
        count, now = store.count("document"), store.tick()
        if count % 50 == 3:  # It differs from the one before in case only.
            id = short_id(store.seed, "document", count - 1).swapcase()
        templates = store.living("template")
        template = pick(random, templates) if templates and maybe(random, 0.6) else None
        whom = whom or pick(random, store.book)
        firm = whom["client"]
        addressees = [whom] if firm is None else [one for one in store.book if one["client"] == firm]
        named = addressees[0]["company"] or f"{addressees[0]['first_name']} {addressees[0]['last_name']}"
        kind = f"{deal.title}: proposal" if deal else pick(random, words.DOCUMENT_KINDS)
        fields = {
            "number": count,
            "ref_number": f"{id[:5].upper()}-{count:05d}",
            "name": f"{kind} for {named}",
            "status": status,
            "author": self.author(),
            **dict.fromkeys(("content_modified", "status_changed", "acted"), now),
            "folder": self.place("document_folder"),
            "tags": self.tags(),
            "metadata": self.metadata(),
            "template": {"id": template.id, "name": template.fields["name"]} if template else None,
            **dict.fromkeys(("content_edits", "people_edits", "attachments"), 0),
            **dict.fromkeys(("signatures", "history"), ()),
            "locked": False,
            "addressees": addressees,
            "deal": deal,
        }
        forms = list(store.kinds["form"])
        if forms and maybe(random, 0.1):
            fields["form"] = pick(random, forms)
        made = store.create("document", fields, id=id)
        if status != "uploaded":
            self._live(made, status, max(HOUR // 60, (until or self.now) - made.created - HOUR // 60))
        return made

    def _live(self, made: Record, status: str, span: int) -> None:
        """Give it the moments of a life that ends in `status` within `span`."""
        random = self.random
        steps = sorted(made.created + int(random.random() * span) for _ in range(4))
        moved = steps[3] if status != "draft" else steps[1]
        fields: Fields = {"content_modified": steps[0], "status_changed": moved}
        fields["content_edits"] = number(random, 1, 3) if maybe(random, 0.2) and not made.fields["deal"] else 0
        fields["attachments"] = number(random, 1, 2) if maybe(random, 0.2) else 0
        if status not in UNSENT:
            fields |= {"sent": steps[1], "expires": steps[1] + 60 * DAY}
        if status in ("completed", "paid", "waiting_pay") or (status == "viewed" and maybe(random, 0.3)):
            fields["signatures"] = (steps[2],) if status == "viewed" else (steps[2], steps[3], steps[3])
        if status in ("completed", "paid"):
            fields["completed"] = steps[3]
        if status == "declined":
            fields["declined"] = steps[3]
        if status in ("draft", "viewed") and maybe(random, 0.05):
            fields["locked"] = True
        self.store.edit(made, fields, at=moved)

    def price(self, billing: str, currency: str) -> Fields:
        random = self.random
        cents = number(random, 0, 500_000)
        amount = cents / 100 if maybe(random, 0.7) else cents // 100
        cycle = pick(random, (1, 3, 12)) if billing == "recurring" else None
        found: Fields = {
            "uuid": self.store.new_uuid("price"),
            "currency": currency,
            "price": None if maybe(random, 0.05) else amount,
            "cost": number(random, 0, 90) / 10 if maybe(random, 0.4) else None,
            "billing_type": billing,
            "billing_cycle": cycle,
            "pricing_method": 0,
            "tiers": None,
        }
        if maybe(random, 0.25):
            found["pricing_method"] = number(random, 1, 2)
            tiers = ((1, amount), (11, round(amount * 0.9, 2)), (101, 0.07))
            found["tiers"] = [{"min_qty": least, "value": value} for least, value in tiers]
        return found

    def variant(self, created: int, billing: str, currency: str) -> Fields:
        random = self.random
        fields = [{"name": "Colour", "value": "amber"}, {"name": "Note", "value": None}]
        return {
            "uuid": self.store.new_uuid("variant"),
            "custom_fields": fields if maybe(random, 0.4) else None,
            "sku": f"SKU-{number(random, 1, 999)}" if maybe(random, 0.9) else None,
            "description": "As listed" if maybe(random, 0.6) else None,
            "prices": [self.price(billing, currency) for _ in range(number(random, 1, 2))],
            "created": created,
            "modified": created + DAY if maybe(random, 0.3) else None,
            "status": number(random, 0, 1),
        }

    def catalog_item(self) -> Record:
        """Its times are whole milliseconds: one of the two answers that tell them shows no more."""
        random, store = self.random, self.store
        created = store.tick() // 1000 * 1000
        billing = "recurring" if maybe(random, 0.4) else "one_time"
        currency = pick(random, words.CURRENCIES)
        fields: Fields = {"type": "regular", "workspace_id": store.workspace, "modified": None, "bundle": None}
        if maybe(random, 0.6):
            place = int(random.random() * len(words.CATEGORIES))
            category = {"category_id": f"00000000-0000-4000-a000-{place:012d}"}
            fields |= {**category, "category_name": words.CATEGORIES[place]}
        fields["price"] = self.price(billing, currency)
        fields["variants"] = [self.variant(created, billing, currency) for _ in range(number(random, 1, 2))]
        fields["title"] = f"{pick(random, words.PRODUCTS)} {number(random, 1, 99)}"
        fields |= dict.fromkeys(("created_by", "modified_by"), store.key_owner)
        return store.add(Record("catalog_item", store.next_id("catalog_item"), created, created, fields))

    def bundle(self) -> Record:
        parts = enumerate(list(self.store.kinds["catalog_item"])[:3])
        bundle = [{"quantity": place + 1, "item": part} for place, part in parts]
        return self.store.edit(self.catalog_item(), {"type": "bundle", "bundle": bundle})
