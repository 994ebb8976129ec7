"""A simulated Copper account, a warehouse, and the connector between them: in one process, in virtual time."""

from dataclasses import replace
from functools import partial
from typing import Any

from sandbox.copper import Copper
from sandbox.copper.options import Options
from tests.contract.world import CASES, World, copies

OPTIONAL = ("related_item", "related_link", "file")
STREAMS = (
    "person",
    "company",
    "lead",
    "opportunity",
    "project",
    "task",
    "activity",
    "user",
    "pipeline",
    "pipeline_stage",
    "activity_type",
    "custom_activity_type",
    "contact_type",
    "customer_source",
    "loss_reason",
    "lead_status",
    "tag",
)
"""Those that can be left out; the account and the definitions of custom fields are read for the others."""


def account(*, scale: float = 0.02, **more: Any) -> World:
    """An account whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy") if name in more}
    case = replace(CASES["copper"], vendor=partial(Copper, options=Options(**more)))
    return World(case, scale=scale, **own)


synced = copies(account)
"""The same after a first sync."""


def only(*streams: str) -> str:
    """The setting that leaves out every stream but these."""
    return ",".join(f"-{name}" for name in STREAMS if name not in streams)


def asked(here: World, path: str, since: int = 0) -> list[str]:
    """The addresses of requests, with what they asked for, from a certain one on."""
    return [entry.path for entry in here.requests[since:] if path in entry.path]


def metadata(here: World, stream: str) -> dict[str, Any]:
    """The row of a stream in `sync_metadata`."""
    return here.destination.rows["sync_metadata"][stream,]
