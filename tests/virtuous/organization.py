"""A simulated organization, a warehouse, and the connector between them: in one process, in virtual time."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter, session_over
from sandbox.virtuous import Virtuous
from sandbox.virtuous.options import Options
from sandbox.web import Answer, Request, json_answer, send
from shared.journal import schemas
from shared.run import runner
from tests.contract.world import CASES, ORIGIN, Log, World, copies
from tests.destination import Destination
from virtuous import models, settings, sync
from virtuous.resources import RESOURCES

STREAMS = (
    *(each.table.name for each in RESOURCES),
    *"campaign communication segment tag organization_group organization_group_member".split(),
    *"volunteer_opportunity volunteer".split(),
    *(each.name for each in models.LISTS),
)
"""Those that are read by default."""


def organization(*, scale: float = 0.02, **more: Any) -> World:
    """An organization whose simulator has these options; what `World` takes may be given too."""
    own = {name: more.pop(name) for name in ("seed", "latency", "faults", "busy", "settings") if name in more}
    case = replace(CASES["virtuous"], vendor=partial(Virtuous, options=Options(**more)))
    return World(case, scale=scale, **own)


synced = copies(organization)
"""The same after a first sync."""


def only(*streams: str) -> str:
    """The setting that leaves out every stream but these."""
    return ",".join(f"-{name}" for name in STREAMS if name not in streams)


def asked(here: World, part: str, since: int = 0) -> list[str]:
    """The addresses of requests that have this in them, from a certain one on."""
    return [entry.path for entry in here.requests[since:] if part in entry.path]


def ids(here: World, kind: str) -> list[int]:
    """The ids that there are of a kind."""
    return sorted(here.vendor.store.kinds[kind])


class Large:
    """So many contacts and gifts, which have little in them, and a sync of them. Answers take `latency` seconds.

    No full query serves what is `bad`."""

    def __init__(self, contacts: int, gifts: int, latency: float = 1.0) -> None:
        self.clock = VirtualClock()
        self.asked = Counter[str]()
        self.destination = Destination(schemas(models.TABLES, {}))
        self.bad: set[int] = set()
        self.ids = {"Contact": range(4_000, 4_000 + 3 * contacts, 3), "Gift": range(9 * 10**9, 9 * 10**9 + gifts)}
        self._session = session_over(ORIGIN, WsgiAdapter(self._serve, sleep=self.clock.sleep, latency=latency))

    def sync(self, **more: str) -> float:
        """Returns how many seconds it took."""
        self.asked.clear()
        started = self.clock.now()
        configuration = {"bearer_token": "key", "base_url": ORIGIN, "streams": only("contact", "gift"), **more}
        self.destination.run(
            lambda state: runner(settings.CONFIGURATION, sync.build)(
                configuration, state, self.destination, Log(), clock=self.clock, session=self._session
            )
        )
        return self.clock.now() - started

    def _serve(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        _, _, resource, *rest = request.path.split("/")
        self.asked[f"{resource} {rest[-1]}"] += 1
        if resource == "Organization":
            return send(json_answer({"organizationId": 1}), environ, start_response)
        if rest[-1] == "QueryOptions":
            names = {f"{resource} Id": ("GreaterThan", "LessThanOrEqual"), "Last Modified Date": ("OnOrAfter",)}
            options = [
                {"parameter": name, "operatorOptions": [{"operator": each} for each in operators]}
                for name, operators in names.items()
            ]
            return send(json_answer({"options": options}), environ, start_response)
        page = self._page(resource, json.loads(request.body), request)
        fails = rest[-1].startswith("Full") and not self.bad.isdisjoint(row["id"] for row in page["list"])
        return send(Answer(500) if fails else json_answer(page), environ, start_response)

    def _page(self, resource: str, body: dict[str, Any], request: Request) -> dict[str, Any]:
        found, take = self.ids[resource], int(request.query["take"])
        low, high = 0, len(found)
        for each in body["groups"][0]["conditions"] if body["groups"] else []:
            match each["operator"]:
                case "GreaterThan":
                    low = bisect_right(found, int(each["value"]))
                case "LessThanOrEqual":
                    high = bisect_right(found, int(each["value"]))
                case "OnOrAfter" if each["value"] > "2026-01-01":
                    low = high
        shown = found[max(low, high - take) : high] if body["descending"] else found[low : min(high, low + take)]
        rows = [{"id": id, "modifiedDateTimeUtc": "2025-06-01T00:00:00"} for id in shown]
        return {"list": rows, "total": high - low}
