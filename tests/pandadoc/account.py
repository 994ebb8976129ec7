"""A simulated PandaDoc workspace, a warehouse, and the connector between them: in one process, in virtual time."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from sandbox.web import Answer, json_answer
from tests.contract.world import CASES, World, edited

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
        return next(one for one in self.vendor.store.all_shown() if one.id == identity)


def account(*, scale: float = 0.02, settings: dict[str, str] | None = None, **more: Any) -> Account:
    """An account whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy") if name in more}
    case = replace(CASES["pandadoc"], vendor=partial(PandaDoc, options=Options(**more)))
    return Account(case, scale=scale, settings=settings or {}, **own)


def only(*streams: str) -> str:
    """The setting that reads these streams and no others."""
    return ",".join([*(f"-{name}" for name in STREAMS if name not in streams), *(set(streams) - set(STREAMS))])
