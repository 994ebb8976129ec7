"""The workspace's memory."""

from collections.abc import Callable
from typing import Any

from sandbox import store
from sandbox.order import scramble
from sandbox.pandadoc.contents import Contents, Drawing
from sandbox.pandadoc.formats import DAY, microseconds, short_id, uuid
from sandbox.pandadoc.kinds import FOLDERS, KINDS
from sandbox.pandadoc.options import Options
from sandbox.store import Fields, Record

KEPT_DELETED = 30 * DAY
"""How long a deleted document stays in the list of deleted ones at the least."""
WITH_UUIDS = ("item", "subscription", "event")


class Store(store.Store[Record]):
    """`book` is who documents are addressed to, `key_owner` the membership whose key it is, `log` the calls of the API:
    created when they were asked, updated when they were answered. `now` gives seconds, the store microseconds."""

    def __init__(self, now: Callable[[], float], options: Options, seed: int, hostile: bool) -> None:
        super().__init__(KINDS, lambda: microseconds(now()), lambda: microseconds(options.index_lag_seconds))
        self.options = options
        self.seed = seed
        self.documents = self.kinds["document"]
        self.log: list[Record] = []
        self.book: list[Fields] = []
        self.key_owner = ""
        self.workspace = ""
        self._drawing = Drawing(seed, self.book, hostile)
        self._latest = 0

    def tick(self) -> int:
        """The moment of a change: now, and later than every change before."""
        if self.at is not None:
            return self.at
        self._latest = max(self.now, self._latest + 1)
        return self._latest

    def count(self, kind: str) -> int:
        """How many there have been."""
        return self._last[self.declared[kind].space or kind]

    def next_id(self, kind: str) -> str:
        space = self.declared[kind].space or kind
        return self.new_uuid(space) if space in WITH_UUIDS else short_id(self.seed, space, self.number(space))

    def new_uuid(self, what: str) -> str:
        return uuid(self.seed, what, self.number(what))

    def touch(self, record: Record, at: int | None = None) -> Record:
        """Of a document the date of the last action moves too."""
        super().touch(record, at)
        if record.kind == "document":
            record.fields["acted"] = record.updated
        return record

    def edit_content(self, document: Record) -> None:
        """One edit of what is written in it; `date_modified` does not tell. pandadoc.md 7.2."""
        time, edits = self.tick(), document.fields["content_edits"] + 1
        self.edit(document, {"content_edits": edits, "content_modified": time, "acted": time}, moves=False)

    def move_to(self, document: Record, status: str, **fields: Any) -> None:
        time = self.tick()
        self.edit(document, {"status": status, "status_changed": time, **fields}, at=time)

    def trash(self, record: Record) -> Record:
        super().trash(record)
        return self.touch(record) if self.options.deleting_moves_date and record.kind == "document" else record

    def restore(self, record: Record) -> Record:
        super().restore(record)
        return self.touch(record) if self.options.restoring_moves_date and record.kind == "document" else record

    @property
    def uploading(self) -> set[str]:
        """The documents that are being made."""
        return {id for id, one in self.documents.items() if one.fields["status"] == "uploaded"}

    def settle(self) -> None:
        """Finish the uploads that are due, and let lists see what they lagged behind."""
        if self.options.upload_seconds is not None:
            for id in sorted(self.uploading):
                document = self.documents[id]
                due = document.created + microseconds(self.options.upload_seconds)
                if due <= self.now and self.alive(document):
                    self.edit(document, {"status": "draft", "status_changed": due}, at=due)
        self.catch_up()

    def contents(self, document: Record) -> Contents:
        return self._drawing.document(document)

    def blueprint_contents(self, blueprint: Record) -> Contents:
        return self._drawing.blueprint(blueprint)

    def has_details(self, document: Record) -> bool:
        """Whether anybody can read what is in it. pandadoc.md 6."""
        status = document.fields["status"]
        return status != "uploaded" and (status != "error" or self.options.error_documents_have_details)

    def forbidden(self, document: Record) -> bool:
        return scramble(document.fields["number"] * 5 + 1) / 2**32 < self.options.forbidden_share

    def hidden(self, document: Record) -> bool:
        return scramble(document.fields["number"] * 7 + 3) / 2**32 < self.options.hidden_share

    def folders_in(self, kind: str, parent: Record | None) -> list[Record]:
        return [folder for folder in self.kinds[kind].values() if folder.parent is parent]

    def has_items(self, folder: Record) -> bool:
        return any(one.fields.get("folder") == folder.id for one in self.living(FOLDERS[folder.kind]))

    def record_call(self, method: str, url: str, status: int, asked: int) -> None:
        """A call of the API becomes an entry of its log."""
        id = short_id(self.seed, "log", self.number("log"))
        fields = {"method": method, "address": url, "status": status}
        self.log.append(Record("api_log", id, asked, max(asked + 40_000, self.now), fields))
