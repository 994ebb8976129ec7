"""The company works: people write, send and sign, rename and delete. Each change moves the dates that it moves at the
vendor (pandadoc.md 7.2), and no others."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.pandadoc import extras, words
from sandbox.pandadoc.formats import DAY
from sandbox.pandadoc.make import Maker
from sandbox.pandadoc.records import (
    APPROVED,
    COMPLETED,
    DECLINED,
    DRAFT,
    ERROR,
    EXTERNAL_REVIEW,
    PAID,
    REJECTED,
    SCHEDULED,
    SENT,
    UPLOADED,
    VIEWED,
    VOIDED,
    WAITING_APPROVAL,
    WAITING_PAY,
    Blueprint,
    Document,
    Event,
    Form,
    Member,
    Subscription,
    Workspace,
)
from sandbox.pandadoc.store import KEPT_DELETED, Store
from sandbox.pandadoc.words import maybe, number, pick

NEXT = {
    DRAFT: (SENT, SENT, WAITING_APPROVAL, SCHEDULED, EXTERNAL_REVIEW),
    WAITING_APPROVAL: (APPROVED, REJECTED),
    APPROVED: (SENT,),
    REJECTED: (DRAFT,),
    SCHEDULED: (SENT,),
    EXTERNAL_REVIEW: (DRAFT,),
    SENT: (VIEWED, VIEWED, VOIDED, DRAFT),
    VIEWED: (COMPLETED, COMPLETED, WAITING_PAY, DECLINED, VOIDED),
    WAITING_PAY: (PAID,),
    COMPLETED: (DRAFT,),
    DECLINED: (DRAFT,),
    VOIDED: (SENT,),
}
"""What may follow a status; a finished document comes back only where somebody edits it."""
TRIES = 12
FEWEST = 3


class Work:
    """Each method is one change; it returns False where the company has nothing to change in that way."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.random = Random(f"pandadoc work {seed}")
        self.make = Maker(store, self.random)

    def one(self, random: Random) -> str:
        """Make one change that `random` picks, and return its name."""
        names, weights = list(CHANGES), list(CHANGES.values())
        while True:
            name = random.choices(names, weights)[0]
            if self.let(name, random):
                return name

    def let(self, name: str, random: Random) -> bool:
        """Make this change, if there is something to change."""
        self._with(random)
        change: Callable[[], bool] = getattr(self, name)
        return change()

    def edit_at_once(self, count: int, random: Random) -> list[str]:
        """`count` neighbours get the same `date_modified`, as by a bulk operation in the web application."""
        self._with(random)
        ids = [one.id for one in self.store.documents.values() if one.deleted is None and one.status != UPLOADED]
        count = min(count, len(ids))
        first = int(random.random() * (len(ids) - count + 1))
        time, owner = self.store.tick(), self.make.author()
        for id in ids[first : first + count]:
            self.store.change(self.store.documents[id], True, time, author=owner)
        return ids[first : first + count]

    def _with(self, random: Random) -> None:
        self.random = self.make.random = random

    def _document(self, *statuses: int) -> Document | None:
        """Any document that is not deleted nor being made, of these statuses."""
        ids = list(self.store.documents)
        for _ in range(TRIES):
            found = self.store.documents[pick(self.random, ids)]
            if found.deleted is None and (found.status in statuses if statuses else found.status != UPLOADED):
                return found
        return None

    def _blueprint(self) -> Blueprint | None:
        living = self.store.living(pick(self.random, list(self.store.blueprints)))
        return pick(self.random, living) if living else None

    def create(self) -> bool:
        """It is being made at first: nobody can read what is in it."""
        self.make.document(self.store.tick(), UPLOADED, self.store.now)
        return True

    def finish_upload(self) -> bool:
        for id in sorted(self.store.uploading):
            if self.store.documents[id].deleted is None:
                self.store.set_status(self.store.documents[id], ERROR if maybe(self.random, 0.1) else DRAFT)
                return True
        return False

    def move_status(self) -> bool:
        document = self._document()
        if document is None or document.status not in NEXT:
            return False
        if document.status in (COMPLETED, DECLINED, VOIDED) and maybe(self.random, 0.8):
            return False
        self._move(document, pick(self.random, NEXT[document.status]))
        return True

    def _move(self, document: Document, status: int) -> None:
        time = self.store.tick()
        changes: dict[str, object] = {}
        if status == SENT:
            if document.sent is not None:
                changes["history"] = (*document.history, (document.sent, extras.SENT))
            changes |= {"sent": time, "expires": time + 60 * DAY}
        elif status == DRAFT:
            changes = {"sent": None, "expires": None, "completed": None, "declined": None, "signatures": ()}
            changes["history"] = (*extras.happened(document)[1:], (time, extras.REVISED))
        elif status in (COMPLETED, PAID):
            changes = {"completed": time, "signatures": (*document.signatures, time, time, time)[:3]}
        elif status == DECLINED:
            changes = {"declined": time}
        self.store.set_status(document, status, **changes)

    def sign(self) -> bool:
        document = self._document(VIEWED)
        if document is None or len(document.signatures) > 1:
            return False
        time = self.store.tick()
        self.store.change(document, True, time, signatures=(*document.signatures, time))
        return True

    def edit_content(self) -> bool:
        document = self._document(DRAFT, WAITING_APPROVAL, APPROVED, REJECTED, EXTERNAL_REVIEW, SCHEDULED)
        if document is None:
            return False
        self.store.edit_content(document)
        return True

    def fill_field(self) -> bool:
        """A recipient writes into a document that stays as it is."""
        document = self._document(SENT, VIEWED, WAITING_PAY)
        if document is None:
            return False
        self.store.edit_content(document, self.store.options.filling_moves_date)
        return True

    def edit_people(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, people_edits=document.people_edits + 1)
        return True

    def rename(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, name=f"{pick(self.random, words.DOCUMENT_KINDS)} {number(self.random, 1, 9_999)}")
        return True

    def tag(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, tags=self.make.tags())
        return True

    def set_metadata(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, metadata=self.make.metadata())
        return True

    def move_to_folder(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, folder=self.make.some_folder("document"))
        return True

    def prolong(self) -> bool:
        document = self._document(SENT, VIEWED)
        if document is None or document.expires is None:
            return False
        self.store.change(document, expires=document.expires + 30 * DAY)
        return True

    def lock(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, locked=not document.locked)
        return True

    def attach(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.change(document, attachments=document.attachments + 1)
        return True

    def edit_some_at_once(self) -> bool:
        self.edit_at_once(number(self.random, 2, 25), self.random)
        return True

    def delete(self) -> bool:
        document = self._document()
        if document is None:
            return False
        self.store.delete(document)
        return True

    def delete_upload(self) -> bool:
        found = [id for id in sorted(self.store.uploading) if self.store.documents[id].deleted is None]
        if not found:
            return False
        self.store.delete(self.store.documents[found[0]])
        return True

    def restore(self) -> bool:
        if not self.store.deleted:
            return False
        self.store.restore(self.store.documents[pick(self.random, sorted(self.store.deleted))])
        return True

    def purge(self) -> bool:
        """What was deleted long ago is gone for good."""
        for id in sorted(self.store.deleted):
            document = self.store.documents[id]
            if document.deleted is not None and document.deleted < self.store.now - KEPT_DELETED:
                self.store.purge(document)
                return True
        return False

    def create_blueprint(self) -> bool:
        self.make.blueprint(pick(self.random, list(self.store.blueprints)), self.store.tick())
        return True

    def edit_blueprint(self) -> bool:
        """Its contents; of a template the list tells, of a library item only its details."""
        blueprint = self._blueprint()
        if blueprint is None:
            return False
        blueprint.content_edits += 1
        blueprint.content_modified = self.store.tick()
        return True

    def edit_roles(self) -> bool:
        blueprint = self._blueprint()
        if blueprint is None:
            return False
        blueprint.role_edits += 1
        blueprint.modified = self.store.tick()
        return True

    def rename_blueprint(self) -> bool:
        """Documents go on naming it as it was."""
        blueprint = self._blueprint()
        if blueprint is None:
            return False
        blueprint.name, blueprint.tags = f"Template {number(self.random, 1, 9_999)}", self.make.tags()
        blueprint.modified = self.store.tick()
        return True

    def delete_blueprint(self) -> bool:
        kind = pick(self.random, list(self.store.blueprints))
        living = self.store.living(kind)
        if len(living) <= FEWEST:
            return False
        pick(self.random, living).deleted = self.store.tick()
        return True

    def restore_blueprint(self) -> bool:
        for blueprints in self.store.blueprints.values():
            for one in blueprints.values():
                if one.deleted is not None and maybe(self.random, 0.5):
                    one.deleted = None
                    return True
        return False

    def add_contact(self) -> bool:
        first, last = pick(self.random, FIRST_NAMES), pick(self.random, LAST_NAMES)
        self.make.contact(self.make.stranger(first, last, f"{first}.{last}@new.example".lower()))
        return True

    def edit_contact(self) -> bool:
        """Nothing tells of it but the contact itself; documents go on naming who it was."""
        contact = pick(self.random, list(self.store.contacts.values()))
        contact.person = replace(contact.person, last=pick(self.random, LAST_NAMES), city=pick(self.random, CITIES))
        contact.street = f"{number(self.random, 1, 99)} {pick(self.random, words.STREETS)}"
        return True

    def delete_contact(self) -> bool:
        if len(self.store.contacts) <= FEWEST:
            return False
        del self.store.contacts[pick(self.random, list(self.store.contacts))]
        return True

    def hire(self) -> bool:
        first, last = pick(self.random, FIRST_NAMES), pick(self.random, LAST_NAMES)
        address = f"{first}.{last}.{number(self.random, 1, 9_999)}@lanternfish.example".lower()
        self.make.member(self.make.user(self.make.stranger(first, last, address), False), self.store.tick())
        return True

    def _member(self) -> Member | None:
        """Any member but the key's owner."""
        ids = [id for id in self.store.members if id != self.store.key_owner]
        return self.store.members[pick(self.random, ids)] if len(ids) >= FEWEST else None

    def change_role(self) -> bool:
        member = self._member()
        if member is None:
            return False
        role = pick(self.random, ("Manager", "Member", "Collaborator"))
        member.role, member.modified = role, self.store.tick()
        memberships = self.store.users[member.author.user_id].memberships
        memberships[0] = (*memberships[0][:2], role)
        return True

    def switch_workspace(self) -> bool:
        """A member works elsewhere now. No date tells."""
        member = self._member()
        if member is None:
            return False
        member.workspace = pick(self.random, self.store.users[member.author.user_id].memberships)[0]
        return True

    def leave(self) -> bool:
        """The user stays, among those that are removed."""
        member = self._member()
        if member is None:
            return False
        user = self.store.users[member.author.user_id]
        del self.store.members[member.author.membership_id]
        user.memberships = [one for one in user.memberships if one[1] != member.author.membership_id]
        user.removed = not user.memberships
        return True

    def rename_workspace(self) -> bool:
        workspace: Workspace = pick(self.random, list(self.store.workspaces.values()))
        workspace.name = f"Workspace {number(self.random, 1, 999)}"
        return True

    def add_folder(self) -> bool:
        kind = self._folder_kind()
        self.make.folder(kind, self.make.some_folder(kind), self.store.tick())
        return True

    def rename_folder(self) -> bool:
        folder = pick(self.random, list(self.store.folders[self._folder_kind()].values()))
        folder.name = f"{pick(self.random, words.FOLDERS)} {number(self.random, 1, 999)}"
        return True

    def move_folder(self) -> bool:
        """A folder without folders in it goes elsewhere."""
        kind = self._folder_kind()
        leaves = self._leaves(kind)
        if not leaves:
            return False
        folder = self.store.folders[kind][pick(self.random, leaves)]
        parent = self.make.some_folder(kind)
        if parent == folder.uuid:
            return False
        folder.parent = parent
        return True

    def delete_folder(self) -> bool:
        """Only an empty one."""
        kind = self._folder_kind()
        folders = self.store.folders[kind]
        empty = [id for id in self._leaves(kind) if not self.store.has_items(kind, folders[id])]
        if not empty or len(folders) <= FEWEST:
            return False
        del folders[pick(self.random, empty)]
        return True

    def _folder_kind(self) -> str:
        return pick(self.random, list(self.store.folders))

    def _leaves(self, kind: str) -> list[str]:
        parents = {folder.parent for folder in self.store.folders[kind].values()}
        return [id for id in self.store.folders[kind] if id not in parents]

    def edit_form(self) -> bool:
        form = pick(self.random, list(self.store.forms.values()))
        form.status, form.modified = pick(self.random, ("active", "draft", "disabled")), self.store.tick()
        form.responses += 1
        return True

    def add_or_delete_form(self) -> bool:
        if len(self.store.forms) > FEWEST and maybe(self.random, 0.4):
            del self.store.forms[pick(self.random, list(self.store.forms))]
            return True
        id, time = self.store.new_id("form"), self.store.tick()
        self.store.forms[id] = Form(id, f"Form {number(self.random, 1, 999)}", "draft", time, time, 0)
        return True

    def add_catalog_item(self) -> bool:
        self.make.catalog_item(self.store.tick())
        return True

    def edit_catalog_item(self) -> bool:
        item = pick(self.random, list(self.store.catalog.values()))
        item.price.price = number(self.random, 1, 99_999) / 100
        item.modified = self.store.tick() // 1000 * 1000
        item.editor = self.make.author().membership_id
        if maybe(self.random, 0.3) and len(item.variants) > 1:
            item.variants.pop()
        return True

    def delete_catalog_item(self) -> bool:
        """Bundles go on naming it."""
        if len(self.store.catalog) <= FEWEST:
            return False
        del self.store.catalog[pick(self.random, list(self.store.catalog))]
        return True

    def change_subscription(self) -> bool:
        rows, random = self.store.subscriptions, self.random
        if len(rows) > FEWEST and maybe(random, 0.3):
            del rows[pick(random, list(rows))]
        elif maybe(random, 0.5):
            one = pick(random, list(rows.values()))
            one.active = not one.active
            one.status = "ACTIVE" if one.active else "INACTIVE"
        else:
            id = self.store.new_uuid("subscription")
            name, key = f"Hook {number(random, 4, 99)}", f"shared{self.store.new_id('shared key')}"
            rows[id] = Subscription(id, name, "https://hooks.example/new", True, "ACTIVE", None, ["quote_updated"], key)
        return True

    def deliver_event(self) -> bool:
        trigger, time = pick(self.random, words.TRIGGERS), self.store.tick()
        event = Event(self.store.new_uuid("event"), "Hook 1", trigger, 200, None, time, time + 200_000)
        self.store.events.append(event)
        return True


CHANGES = {
    "create": 8,
    "finish_upload": 8,
    "move_status": 14,
    "sign": 3,
    "edit_content": 8,
    "fill_field": 4,
    "edit_people": 5,
    "rename": 4,
    "tag": 4,
    "set_metadata": 3,
    "move_to_folder": 3,
    "prolong": 1,
    "lock": 1,
    "attach": 2,
    "edit_some_at_once": 2,
    "delete": 4,
    "delete_upload": 0.5,
    "restore": 2,
    "purge": 1,
    "create_blueprint": 2,
    "edit_blueprint": 4,
    "edit_roles": 2,
    "rename_blueprint": 2,
    "delete_blueprint": 1,
    "restore_blueprint": 0.5,
    "add_contact": 2,
    "edit_contact": 3,
    "delete_contact": 1,
    "hire": 0.5,
    "change_role": 1,
    "switch_workspace": 1,
    "leave": 0.3,
    "rename_workspace": 0.2,
    "add_folder": 1,
    "rename_folder": 1,
    "move_folder": 0.5,
    "delete_folder": 0.5,
    "edit_form": 1,
    "add_or_delete_form": 0.5,
    "add_catalog_item": 1,
    "edit_catalog_item": 2,
    "delete_catalog_item": 0.5,
    "change_subscription": 0.5,
    "deliver_event": 3,
}
