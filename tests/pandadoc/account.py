"""A simulated PandaDoc workspace, a warehouse, and the connector between them: in one process, in virtual time."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from sandbox.web import Answer, Request, collect, json_answer, send
from tests.contract.world import CASES, World

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

Change = Callable[[Answer, Request], Answer | None]
"""From an answer of the simulator to the one that is sent in its place."""


@dataclass
class Account(World):
    """`settings` hold for every sync; those given to `sync` for that one only."""

    settings: dict[str, str] = field(default_factory=dict)
    changes: list[tuple[re.Pattern[str], Change]] = field(default_factory=list)

    @property
    def configuration(self) -> dict[str, str]:
        return {**super().configuration, **self.settings}

    def change(self, pattern: str, change: Change) -> None:
        """From now on let `change` see every answer to a URL in which `pattern` is found."""
        self.changes.append((re.compile(pattern), change))

    def change_body(self, pattern: str, edit: Callable[[Any], Any]) -> None:
        """Replace the body of each success at these URLs by `edit(body)`."""
        self.change(pattern, lambda answer, request: edited(answer, edit))

    def answer(self, pattern: str, answer: Answer) -> None:
        """From now on give this answer at these URLs."""
        self.change(pattern, lambda _, request: Answer(answer.status, answer.body, dict(answer.headers)))

    def refuse(self, pattern: str, status: int, body: Any = None) -> None:
        """From now on answer these URLs with this status."""
        self.answer(pattern, json_answer(body or {"type": "x", "detail": "no"}, status))

    def heal(self) -> None:
        """From now on answer as the simulator does."""
        self.changes.clear()
        self.vendor.clear_faults()

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

    def _serve(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        answer = collect(super()._serve, environ)
        url = request.path + (f"?{request.query_string}" if request.query_string else "")
        for pattern, change in self.changes:
            if pattern.search(url):
                answer = change(answer, request) or answer
        return send(answer, environ, start_response)


def account(*, scale: float = 0.02, settings: dict[str, str] | None = None, **more: Any) -> Account:
    """An account whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy") if name in more}
    case = replace(CASES["pandadoc"], vendor=partial(PandaDoc, options=Options(**more)))
    return Account(case, scale=scale, settings=settings or {}, **own)


def only(*streams: str) -> str:
    """The setting that reads these streams and no others."""
    return ",".join([*(f"-{name}" for name in STREAMS if name not in streams), *(set(streams) - set(STREAMS))])


def edited(answer: Answer, edit: Callable[[Any], Any]) -> Answer:
    """A success with another body; anything else as it is."""
    if answer.status != 200:
        return answer
    body = json_answer(edit(json.loads(answer.body))).body
    return Answer(200, body, {name: value for name, value in answer.headers.items() if name != "Content-Length"})
