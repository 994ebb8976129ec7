"""A simulated PandaDoc workspace, a warehouse, and the connector between them: in one process, in virtual time."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from sandbox.web import Answer, json_answer
from tests.contract.world import CASES, World, compare, copies, edited

OPTIONAL = (
    "document_attachment",
    "document_section",
    "document_audit_trail",
    "document_setting",
    "document_auto_reminder",
)
"""The optional streams below documents."""
STREAMS = (
    "document",
    "template",
    "content_library_item",
    "catalog_item",
    "contact",
    "member",
    "user",
    "workspace",
    "form",
    "document_folder",
    "template_folder",
    "webhook_subscription",
    "webhook_event",
)

DAY_SECONDS = 86_400.0
DETAILS = r"/v1/documents/[^/]+/details"
LIST = r"/v1/documents\?"
"""Where details are asked for, and the list."""
DRAFT, UPLOADED, COMPLETED = "draft", "uploaded", "completed"
"""Statuses of documents in the simulator."""


@dataclass
class Account(World):
    """A workspace, and words for what its tests do to it."""

    def change_body(self, pattern: str, edit: Callable[[Any], Any]) -> None:
        """Replace the body of each success at these URLs by `edit(body)`."""
        self.change(pattern, lambda answer, request: edited(answer, edit))

    def answer(self, pattern: str, answer: Answer) -> None:
        """From now on give this answer at these URLs."""
        self.change(pattern, lambda _, request: Answer(answer.status, answer.body, dict(answer.headers)))

    def refuse(self, pattern: str, status: int, body: Any = None) -> None:
        """From now on answer these URLs with this status."""
        self.answer(pattern, json_answer(body or {"type": "x", "detail": "no"}, status))

    def asked(self, path: str, since: int = 0) -> list[str]:
        """The addresses of requests in which `path` is found, from a certain request on."""
        return [entry.path for entry in self.requests[since:] if re.search(path, entry.path)]

    def metadata(self, stream: str) -> dict[str, Any]:
        """The row of a stream in `sync_metadata`."""
        return self.destination.rows["sync_metadata"][stream,]

    def document(self, status: str) -> str:
        """The id of a document in this status."""
        return next(row["id"] for row in self.vendor.truth()["document"] if row["status"] == f"document.{status}")

    def held(self, identity: str) -> Any:
        """A document in the simulator's memory."""
        return self.vendor.store.documents[identity]


def account(*, scale: float = 0.02, settings: dict[str, str] | None = None, **more: Any) -> Account:
    """An account whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy") if name in more}
    case = replace(CASES["pandadoc"], vendor=partial(PandaDoc, options=Options(**more)))
    return Account(case, scale=scale, settings=settings or {}, **own)


synced = copies(account)
"""The same after a first sync."""


def only(*streams: str) -> str:
    """The setting that reads these streams and no others."""
    return ",".join([*(f"-{name}" for name in STREAMS if name not in streams), *(set(streams) - set(STREAMS))])


DOCUMENTS = {"streams": only("document"), "reread_open_documents": "off"}
"""Documents alone, and of them only what changed."""


def family(here: Account, table: str) -> list[str]:
    """How the tables of a stream differ from the truth."""
    return here.differences(*sorted(here.family(table)))


def landed_ids(here: Account, table: str) -> set[str]:
    """The ids of the rows of a table that has no other key."""
    return {key for (key,) in here.destination.rows[table]}


def all_alike(here: Account) -> None:
    """Where it does not matter what is in documents: that costs most of the time."""
    store = here.vendor.store
    same = min((store.contents(each) for each in list(store.documents.values())[:100]), key=lambda one: len(repr(one)))
    store.contents = lambda document: same


def any_documents(here: Account, count: int) -> list[Any]:
    """So many documents of the simulator that are there and made."""
    return [one for one in here.vendor.store.living("document") if one.fields["status"] != UPLOADED][:count]


def compare_all(here: Account, tables: list[str]) -> list[str]:
    """How tables differ from the truth, optional ones too."""
    truth = here.vendor.truth()
    return [
        each
        for name in tables
        for each in compare(name, truth.get(name, []), here.destination.rows[name], here.destination.keys[name])
    ]
