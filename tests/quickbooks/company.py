"""A simulated QuickBooks company, a warehouse, and the connector between them: in one process, in virtual time."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from quickbooks import sync
from sandbox.clock import VirtualClock
from sandbox.quickbooks import QuickBooks
from sandbox.quickbooks.options import Options
from tests.contract.world import CASES, World, copies

STREAMS = tuple(stream.name for stream in sync.streams(None, VirtualClock()))


def company(*, scale: float = 0.02, **more: Any) -> World:
    """A company whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy") if name in more}
    case = replace(CASES["quickbooks"], vendor=partial(QuickBooks, options=Options(**more)))
    return World(case, scale=scale, **own)


synced = copies(company)
"""The same after a first sync."""


def only(*streams: str) -> str:
    """The setting that leaves out every stream but these."""
    return ",".join(f"-{name}" for name in STREAMS if name not in streams)


def asked(here: World, part: str = "/v3/", since: int = 0) -> list[str]:
    """The addresses of requests in which this occurs, from a certain one on."""
    return [entry.path for entry in here.requests[since:] if part in entry.path]


def metadata(here: World, stream: str) -> dict[str, Any]:
    """The row of a stream in `sync_metadata`."""
    return here.destination.rows["sync_metadata"][stream,]


def unlanded(here: World) -> list[str]:
    """What differs, but for what gives no signal: balances of accounts, and time activities that were deleted."""
    return [
        each
        for each in here.differences()
        if not re.match(r"account .*balance|time_activity .*should not be there", each)
    ]
