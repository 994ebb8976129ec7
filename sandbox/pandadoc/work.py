"""The company works: people write, send and sign, rename and delete. Each change moves the dates that it moves at the
vendor (pandadoc.md 7.2), and no others."""

from collections.abc import Callable
from random import Random

from sandbox import changes
from sandbox.changes import given
from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.pandadoc import extras, words
from sandbox.pandadoc.formats import DAY
from sandbox.pandadoc.kinds import FOLDERS
from sandbox.pandadoc.make import Maker
from sandbox.pandadoc.store import KEPT_DELETED, Store
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.store import Fields, Record

NEXT = {
    status: following.split()
    for status, following in {
        "draft": "sent sent waiting_approval scheduled external_review",
        "waiting_approval": "approved rejected",
        "approved": "sent",
        "rejected": "draft",
        "scheduled": "sent",
        "external_review": "draft",
        "sent": "viewed viewed voided draft",
        "viewed": "completed completed waiting_pay declined voided",
        "waiting_pay": "paid",
        "completed": "draft",
        "declined": "draft",
        "voided": "sent",
    }.items()
}
"""What may follow a status; a finished document comes back only where somebody edits it."""
WRITABLE = "draft waiting_approval approved rejected external_review scheduled".split()
BLUEPRINTS = ("template", "content_library_item")
TRIES = 12
FEWEST = 3
Given = Callable[[Callable[..., object]], Callable[..., bool]]


def on(*kinds: str, fewest: int = 0) -> Given:
    """A change of any living record of the one kind that is picked first, while there are more than the fewest."""
    return given(lambda work: work.any(kinds, fewest))


def on_document(*statuses: str) -> Given:
    """A change of any document that is not deleted nor being made, of these statuses."""
    return given(lambda work: work.document(statuses))


on_upload = given(lambda work: work.upload())
"""A change of a document that is being made."""
on_member = given(lambda work: work.member())
"""A change of a member, but never of the key's owner."""


def edited(of: Given, draw: Callable[["Work", Record], Fields]) -> Callable[..., bool]:
    """It gets these values."""
    return of(lambda work, one: work.store.edit(one, draw(work, one)))


def purged(kind: str) -> Callable[..., bool]:
    """One is gone for good, while there are enough."""
    return on(kind, fewest=FEWEST)(lambda work, one: work.store.purge(one))


class Work:
    """Each method is one change; it returns False where the company has nothing to change in that way."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self._with(Random(f"pandadoc work {seed}"))

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        return changes.pick(random, CHANGES, lambda name: self.let(name, random))

    def let(self, name: str, random: Random) -> bool:
        """Make this change, if there is something to change."""
        self._with(random)
        change: Callable[[], bool] = getattr(self, name)
        return change()

    def edit_at_once(self, count: int, random: Random) -> list[str]:
        """`count` neighbours get the same `date_modified`, as by a bulk operation in the web application."""
        self._with(random)
        ready = [one for one in self.store.living("document") if one.fields["status"] != "uploaded"]
        count = min(count, len(ready))
        first = int(random.random() * (len(ready) - count + 1))
        edited = self.store.edit_at_once(ready[first : first + count], {"author": self.make.author()})
        return [one.id for one in edited]

    def _with(self, random: Random) -> None:
        self.random, self.make = random, Maker(self.store, random)

    def any(self, kinds: tuple[str, ...], fewest: int) -> Record | None:
        found = self.store.living(pick(self.random, kinds) if len(kinds) > 1 else kinds[0])
        return pick(self.random, found) if len(found) > fewest else None

    def document(self, statuses: tuple[str, ...]) -> Record | None:
        ids = list(self.store.documents)
        for _ in range(TRIES):
            found = self.store.documents[pick(self.random, ids)]
            status = found.fields["status"]
            if self.store.alive(found) and (status in statuses if statuses else status != "uploaded"):
                return found
        return None

    def create(self) -> bool:
        """It is being made at first: nobody can read what is in it."""
        return bool(self.make.document("uploaded"))

    def upload(self) -> Record | None:
        living = (id for id in sorted(self.store.uploading) if self.store.alive(self.store.documents[id]))
        return self.store.documents.get(next(living, ""))

    @on_upload
    def finish_upload(self, document: Record) -> None:
        self.store.move_to(document, "error" if maybe(self.random, 0.1) else "draft")

    @on_upload
    def delete_upload(self, document: Record) -> None:
        self.store.trash(document)

    @on_document()
    def move_status(self, document: Record) -> bool:
        status = document.fields["status"]
        if status not in NEXT or (status in ("completed", "declined", "voided") and maybe(self.random, 0.8)):
            return False
        following = pick(self.random, NEXT[status])
        self.store.move_to(document, following, **self._moments(document, following, self.store.tick()))
        return True

    def _moments(self, document: Record, status: str, time: int) -> Fields:
        """What the document remembers of coming to a status."""
        fields = document.fields
        if status == "sent":
            sent = fields.get("sent")
            again = {} if sent is None else {"history": (*fields["history"], (sent, extras.SENT))}
            return {"sent": time, "expires": time + 60 * DAY, **again}
        if status == "draft":
            history = (*extras.happened(document)[1:], (time, extras.REVISED))
            undone = dict.fromkeys(("sent", "expires", "completed", "declined"))
            return {**undone, "signatures": (), "history": history}
        if status in ("completed", "paid"):
            return {"completed": time, "signatures": (*fields["signatures"], time, time, time)[:3]}
        return {"declined": time} if status == "declined" else {}

    @on_document("viewed")
    def sign(self, document: Record) -> bool:
        signatures, time = document.fields["signatures"], self.store.tick()
        if len(signatures) > 1:
            return False
        self.store.edit(document, {"signatures": (*signatures, time)}, at=time)
        return True

    @on_document(*WRITABLE)
    def edit_content(self, document: Record) -> None:
        self.store.edit_content(document)

    @on_document("sent", "viewed", "waiting_pay")
    def fill_field(self, document: Record) -> None:
        """A recipient writes into a document that stays as it is."""
        self.store.edit_content(document)

    edit_people = edited(on_document(), lambda work, one: {"people_edits": one.fields["people_edits"] + 1})
    rename = edited(
        on_document(),
        lambda work, one: {"name": f"{pick(work.random, words.DOCUMENT_KINDS)} {number(work.random, 1, 9_999)}"},
    )
    tag = edited(on_document(), lambda work, one: {"tags": work.make.tags()})
    set_metadata = edited(on_document(), lambda work, one: {"metadata": work.make.metadata()})
    move_to_folder = edited(on_document(), lambda work, one: {"folder": work.make.place("document_folder")})
    lock = edited(on_document(), lambda work, one: {"locked": not one.fields["locked"]})
    attach = edited(on_document(), lambda work, one: {"attachments": one.fields["attachments"] + 1})

    @on_document("sent", "viewed")
    def prolong(self, document: Record) -> bool:
        expires = document.fields.get("expires")
        return expires is not None and bool(self.store.edit(document, {"expires": expires + 30 * DAY}))

    def edit_some_at_once(self) -> bool:
        return bool(self.edit_at_once(number(self.random, 2, 25), self.random))

    @on_document()
    def delete(self, document: Record) -> None:
        self.store.trash(document)

    def _deleted(self) -> list[Record]:
        return [self.store.documents[id] for kind, id in sorted(self.store.trashed) if kind == "document"]

    def restore(self) -> bool:
        deleted = self._deleted()
        return bool(deleted) and bool(self.store.restore(pick(self.random, deleted)))

    def purge(self) -> bool:
        """What was deleted long ago is gone for good."""
        limit = self.store.now - KEPT_DELETED
        old = [one for one in self._deleted() if self.store.trashed[one.key] < limit]
        return bool(old) and bool(self.store.purge(old[0]))

    def create_blueprint(self) -> bool:
        return bool(self.make.blueprint(pick(self.random, BLUEPRINTS)))

    @on(*BLUEPRINTS)
    def edit_blueprint(self, blueprint: Record) -> None:
        """Its contents; of a template the list tells, of a library item only its details."""
        edits = {"content_edits": blueprint.fields["content_edits"] + 1, "content_modified": self.store.tick()}
        self.store.edit(blueprint, edits, moves=False)

    edit_roles = edited(on(*BLUEPRINTS), lambda work, one: {"role_edits": one.fields["role_edits"] + 1})

    @on(*BLUEPRINTS)
    def rename_blueprint(self, blueprint: Record) -> None:
        """Documents go on naming it as it was."""
        self.store.edit(blueprint, {"name": f"Template {number(self.random, 1, 9_999)}", "tags": self.make.tags()})

    @on(*BLUEPRINTS, fewest=FEWEST)
    def delete_blueprint(self, blueprint: Record) -> None:
        self.store.trash(blueprint)

    def restore_blueprint(self) -> bool:
        for kind in BLUEPRINTS:
            for id, one in self.store.kinds[kind].items():
                if (kind, id) in self.store.trashed and maybe(self.random, 0.5):
                    return bool(self.store.restore(one))
        return False

    def add_contact(self) -> bool:
        first, last = pick(self.random, FIRST_NAMES), pick(self.random, LAST_NAMES)
        return bool(self.make.contact(self.make.stranger(first, last, f"{first}.{last}@new.example".lower())))

    @on("contact")
    def edit_contact(self, contact: Record) -> None:
        """Nothing tells of it but the contact itself; documents go on naming who it was."""
        moved = {"last_name": pick(self.random, LAST_NAMES), "city": pick(self.random, CITIES)}
        street = f"{number(self.random, 1, 99)} {pick(self.random, words.STREETS)}"
        self.store.edit(contact, {**moved, "street_address": street})

    delete_contact = purged("contact")

    def hire(self) -> bool:
        first, last = pick(self.random, FIRST_NAMES), pick(self.random, LAST_NAMES)
        address = f"{first}.{last}.{number(self.random, 1, 9_999)}@lanternfish.example".lower()
        return bool(self.make.member(self.make.user(self.make.stranger(first, last, address), False)))

    def member(self) -> Record | None:
        ids = [id for id in self.store.kinds["member"] if id != self.store.key_owner]
        return self.store.kinds["member"][pick(self.random, ids)] if len(ids) >= FEWEST else None

    def user(self, member: Record) -> Record:
        return self.store.kinds["user"][member.fields["user_id"]]

    @on_member
    def change_role(self, member: Record) -> None:
        user, role = self.user(member), pick(self.random, ("Manager", "Member", "Collaborator"))
        first, *others = user.fields["workspaces"]
        self.store.edit(member, {"role": role})
        self.store.edit(user, {"workspaces": [{**first, "role": role}, *others]})

    @on_member
    def switch_workspace(self, member: Record) -> None:
        """A member works elsewhere now. No date tells."""
        workspace = pick(self.random, self.user(member).fields["workspaces"])["workspace_id"]
        self.store.edit(member, {"workspace": workspace}, moves=False)

    @on_member
    def leave(self, member: Record) -> None:
        """The user stays, among those that are removed."""
        user = self.user(member)
        kept = [one for one in user.fields["workspaces"] if one["membership_id"] != member.id]
        self.store.purge(member)
        self.store.edit(user, {"workspaces": kept, "removed": not kept})

    rename_workspace = edited(on("workspace"), lambda work, one: {"name": f"Workspace {number(work.random, 1, 999)}"})

    def add_folder(self) -> bool:
        kind = pick(self.random, list(FOLDERS))
        return bool(self.make.folder(kind, self.make.some_folder(kind)))

    rename_folder = edited(
        on(*FOLDERS), lambda work, one: {"name": f"{pick(work.random, words.FOLDERS)} {number(work.random, 1, 999)}"}
    )

    def _leaves(self, kind: str) -> list[Record]:
        """Folders without folders in them."""
        return [one for one in self.store.living(kind) if not self.store.folders_in(kind, one)]

    def move_folder(self) -> bool:
        kind = pick(self.random, list(FOLDERS))
        leaves = self._leaves(kind)
        if not leaves:
            return False
        folder, parent = pick(self.random, leaves), self.make.some_folder(kind)
        return parent is not folder and bool(self.store.move(folder, parent))

    def delete_folder(self) -> bool:
        """Only an empty one."""
        kind = pick(self.random, list(FOLDERS))
        empty = [one for one in self._leaves(kind) if not self.store.has_items(one)]
        if not empty or len(self.store.kinds[kind]) <= FEWEST:
            return False
        return bool(self.store.purge(pick(self.random, empty)))

    @on("form")
    def edit_form(self, form: Record) -> None:
        status = pick(self.random, ("active", "draft", "disabled"))
        self.store.edit(form, {"status": status, "responses": form.fields["responses"] + 1})

    def add_form(self) -> bool:
        fields = {"name": f"Form {number(self.random, 1, 999)}", "status": "draft", "responses": 0}
        return bool(self.store.create("form", fields))

    delete_form = purged("form")

    def add_catalog_item(self) -> bool:
        return bool(self.make.catalog_item())

    @on("catalog_item")
    def edit_catalog_item(self, item: Record) -> None:
        fields = item.fields
        price = {**fields["price"], "price": number(self.random, 1, 99_999) / 100}
        modified, editor = self.store.tick() // 1000 * 1000, self.make.author()["membership_id"]
        fewer = maybe(self.random, 0.3) and len(fields["variants"]) > 1
        variants = fields["variants"][:-1] if fewer else fields["variants"]
        self.store.edit(item, {"price": price, "modified": modified, "modified_by": editor, "variants": variants})

    delete_catalog_item = purged("catalog_item")
    """Bundles go on naming it."""

    def add_subscription(self) -> bool:
        key = f"shared{self.store.new_uuid('shared key')}"
        name = {"name": f"Hook {number(self.random, 4, 99)}", "url": "https://hooks.example/new", "active": True}
        more = {"status": "ACTIVE", "payload": None, "triggers": ["quote_updated"], "shared_key": key}
        return bool(self.store.create("webhook_subscription", {**name, **more, "workspace_id": self.store.workspace}))

    @on("webhook_subscription")
    def switch_subscription(self, one: Record) -> None:
        active = not one.fields["active"]
        self.store.edit(one, {"active": active, "status": "ACTIVE" if active else "INACTIVE"})

    delete_subscription = purged("webhook_subscription")

    def deliver_event(self) -> bool:
        event = {"name": "Hook 1", "type": pick(self.random, words.TRIGGERS), "http_status_code": 200, "error": None}
        return bool(self.store.create("webhook_event", {**event, "delivered": self.store.tick() + 200_000}))


CHANGES = changes.weights("""
    create:8 finish_upload:8 move_status:14 sign:3 edit_content:8 fill_field:4 edit_people:5 rename:4 tag:4
    set_metadata:3 move_to_folder:3 prolong:1 lock:1 attach:2 edit_some_at_once:2 delete:4 delete_upload:0.5 restore:2
    purge:1 create_blueprint:2 edit_blueprint:4 edit_roles:2 rename_blueprint:2 delete_blueprint:1
    restore_blueprint:0.5 add_contact:2 edit_contact:3 delete_contact:1 hire:0.5 change_role:1 switch_workspace:1
    leave:0.3 rename_workspace:0.2 add_folder:1 rename_folder:1 move_folder:0.5 delete_folder:0.5 edit_form:1
    add_form:0.3 delete_form:0.2 add_catalog_item:1 edit_catalog_item:2 delete_catalog_item:0.5 add_subscription:0.2
    switch_subscription:0.2 delete_subscription:0.1 deliver_event:3
""")
"""Each change with its weight."""
