"""The workspace's memory. Documents change through `change` only, so that lists can lag behind and stay in order."""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from sandbox.order import Order, scramble
from sandbox.pandadoc.contents import Contents, Drawing
from sandbox.pandadoc.formats import DAY, microseconds, short_id, uuid
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.records import (
    DRAFT,
    ERROR,
    UPLOADED,
    Blueprint,
    CatalogItem,
    Contact,
    Document,
    Event,
    Folder,
    Form,
    LogEntry,
    Member,
    Notary,
    OptOut,
    Subscription,
    User,
    Workspace,
)

KEPT_DELETED = 30 * DAY
"""How long a deleted document stays in the list of deleted ones at the least."""


class Store:
    """Everything by its id. `book` is who documents are addressed to, `key_owner` whose key it is."""

    def __init__(self, now: Callable[[], float], options: Options, seed: int) -> None:
        self.options = options
        self.seed = seed
        self.documents: dict[str, Document] = {}
        self.blueprints: dict[str, dict[str, Blueprint]] = {"template": {}, "content_library_item": {}}
        self.folders: dict[str, dict[str, Folder]] = {"document": {}, "template": {}}
        self.contacts: dict[str, Contact] = {}
        self.members: dict[str, Member] = {}
        self.users: dict[str, User] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.forms: dict[str, Form] = {}
        self.catalog: dict[str, CatalogItem] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.events: list[Event] = []
        self.log: list[LogEntry] = []
        self.notaries: list[Notary] = []
        self.opt_outs: list[OptOut] = []
        self.book: list[Contact] = []
        self.key_owner = ""
        self.workspace = ""
        self.by_creation = Order()
        self.by_change = Order()
        self.numbered: dict[int, Document] = {}
        self.uploading: set[str] = set()
        self.deleted: set[str] = set()
        self.building = False
        self._drawing = Drawing(seed, self.book)
        self._stale: dict[int, tuple[int, Document | None]] = {}
        self._made: dict[str, int] = {}
        self._last = 0
        self._now = now

    @property
    def now(self) -> int:
        """The vendor's clock in microseconds."""
        return microseconds(self._now())

    def tick(self) -> int:
        """The moment of a change: now, and later than every change before."""
        self._last = max(self.now, self._last + 1)
        return self._last

    def number(self, kind: str) -> int:
        self._made[kind] = self._made.get(kind, 0) + 1
        return self._made[kind]

    def new_id(self, kind: str) -> str:
        return short_id(self.seed, kind, self.number(kind))

    def new_uuid(self, kind: str) -> str:
        return uuid(self.seed, kind, self.number(kind))

    def add(self, document: Document) -> Document:
        self._remember(document, new=True)
        self.documents[document.id] = self.numbered[document.number] = document
        if document.status == UPLOADED:
            self.uploading.add(document.id)
        self._place(document)
        return document

    def change(self, document: Document, moves: bool = True, at: int | None = None, **fields: Any) -> None:
        """Give a document other values; `moves`: its `date_modified` becomes `at`, or now."""
        self._remember(document)
        if moves:
            document.modified = document.acted = self.tick() if at is None else at
        for name, value in fields.items():
            setattr(document, name, value)
        self._place(document)

    def edit_content(self, document: Document, moves: bool = False) -> None:
        """One edit of what is written in it; `date_modified` does not tell. pandadoc.md 7.2."""
        time = self.tick()
        edits = document.content_edits + 1
        self.change(document, moves, time, content_edits=edits, content_modified=time, acted=time)

    def set_status(self, document: Document, status: int, **fields: Any) -> None:
        time = self.tick()
        self.uploading.discard(document.id)
        if status == UPLOADED:
            self.uploading.add(document.id)
        self.change(document, True, time, status=status, status_changed=time, **fields)

    def delete(self, document: Document) -> None:
        self.deleted.add(document.id)
        self.change(document, self.options.deleting_moves_date, deleted=self.tick())

    def restore(self, document: Document) -> None:
        self.deleted.discard(document.id)
        self.change(document, self.options.restoring_moves_date, deleted=None)

    def purge(self, document: Document) -> None:
        """The document is gone for good, and no list shows it."""
        self._remember(document)
        self.deleted.discard(document.id)
        self.uploading.discard(document.id)
        del self.documents[document.id], self.numbered[document.number]
        self.by_creation.drop(document.number)
        self.by_change.drop(document.number)

    def settle(self) -> None:
        """Finish the uploads that are due, and let lists see what they lagged behind."""
        now = self.now
        if self.options.upload_seconds is not None:
            for id in sorted(self.uploading):
                due = self.documents[id].created + microseconds(self.options.upload_seconds)
                if due <= now and self.documents[id].deleted is None:
                    self.uploading.discard(id)
                    self.change(self.documents[id], True, due, status=DRAFT, status_changed=due)
        for number in [number for number, (until, _) in self._stale.items() if until <= now]:
            del self._stale[number]
            if number in self.numbered:
                self._place(self.numbered[number])

    def shown(self, number: int) -> Document | None:
        """A document as lists show it: None where they do not know it yet."""
        return self._stale[number][1] if number in self._stale else self.numbered.get(number)

    def all_shown(self) -> Iterator[Document]:
        """Every document that lists know, deleted ones too."""
        for number, document in self.numbered.items():
            if number not in self._stale:
                yield document
        yield from (old for _, old in self._stale.values() if old is not None)

    def identities(self) -> dict[tuple[str, str], int]:
        """Who stands behind the records of people, by landed table and id."""
        found = {("contact", id): one.person.person for id, one in self.contacts.items()}
        found |= {("member", id): one.person.person for id, one in self.members.items()}
        return found | {("user", id): one.person.person for id, one in self.users.items()}

    def contents(self, document: Document) -> Contents:
        return self._drawing.document(document)

    def blueprint_contents(self, blueprint: Blueprint) -> Contents:
        return self._drawing.blueprint(blueprint)

    def living(self, kind: str) -> list[Blueprint]:
        """The templates, or content library items, that are not deleted."""
        return [one for one in self.blueprints[kind].values() if one.deleted is None]

    def has_details(self, document: Document) -> bool:
        """Whether anybody can read what is in it. pandadoc.md 6."""
        if document.status == UPLOADED:
            return False
        return document.status != ERROR or self.options.error_documents_have_details

    def forbidden(self, document: Document) -> bool:
        return scramble(document.number * 5 + 1) / 2**32 < self.options.forbidden_share

    def hidden(self, document: Document) -> bool:
        return scramble(document.number * 7 + 3) / 2**32 < self.options.hidden_share

    def children(self, kind: str, parent: str | None) -> list[Folder]:
        return [folder for folder in self.folders[kind].values() if folder.parent == parent]

    def has_items(self, kind: str, folder: Folder) -> bool:
        if kind == "document":
            return any(one.folder == folder.uuid and one.deleted is None for one in self.documents.values())
        return any(one.folder == folder.uuid for one in self.living("template"))

    def record_call(self, method: str, url: str, status: int, asked: int) -> None:
        """A call of the API becomes an entry of its log."""
        entry = LogEntry(self.number("log"), method, url, status, asked, max(asked + 40_000, self.now))
        self.log.append(entry)

    def _remember(self, document: Document, new: bool = False) -> None:
        """Keep what lists go on showing of a document that is about to change."""
        if self.options.index_lag_seconds and not self.building:
            until = self.now + microseconds(self.options.index_lag_seconds)
            self._stale.setdefault(document.number, (until, None if new else copy(document)))

    def _place(self, document: Document) -> None:
        shown = self.shown(document.number)
        if shown is None or shown.deleted is not None:
            self.by_creation.drop(document.number)
            self.by_change.drop(document.number)
            return
        self.by_creation.put(document.number, shown.created)
        self.by_change.put(document.number, shown.modified)
