"""The vendors of one process on their ports, and the control endpoints beside them.

Beside each vendor's own addresses, and outside its limits and faults:

    POST /_sandbox/work?count=N      the company makes N changes, now; answers their names
    GET  /_sandbox/truth             every table as a warehouse must hold it
    GET  /_sandbox/statistics        requests, answers by status, faults so far
    GET  /_sandbox/configuration     a connector configuration that points here
    POST /_sandbox/clear_faults      nothing fails any more
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

from waitress.server import create_server

from sandbox.airtable import Airtable
from sandbox.basecamp import Basecamp
from sandbox.company import Company
from sandbox.copper import Copper
from sandbox.everyaction import EveryAction
from sandbox.faults import Faults
from sandbox.pandadoc import PandaDoc
from sandbox.quickbooks import QuickBooks
from sandbox.vendor import SimulatedVendor
from sandbox.virtuous import Virtuous
from sandbox.web import Answer, Application, Environ, Request, StartResponse, json_answer, send

PORT_BASE = 8701
CONTROL = "/_sandbox/"
THREADS = 16


def basecamp(company: Company, now: Callable[[], float], seed: int, faults: Faults, data: Path | None) -> Basecamp:
    return Basecamp(data or company, now, seed, faults)


def made_up(vendor: Callable[..., SimulatedVendor]) -> Callable[..., SimulatedVendor]:
    """A vendor of whom no folder of example payloads is served: none is published, or none says enough."""

    def make(
        company: Company, now: Callable[[], float], seed: int, faults: Faults, data: Path | None
    ) -> SimulatedVendor:
        return vendor(company, now, seed, faults)

    return make


VENDORS: dict[str, Callable[..., SimulatedVendor]] = {
    "quickbooks": made_up(QuickBooks),
    "copper": made_up(Copper),
    "basecamp": basecamp,
    "pandadoc": made_up(PandaDoc),
    "airtable": made_up(Airtable),
    "virtuous": made_up(Virtuous),
    "everyaction": made_up(EveryAction),
}
"""The vendors that can be played, in the order of their ports: a function of company, clock, seed, faults and folder of
payloads."""
PORTS = {name: place for place, name in enumerate(VENDORS)}
"""Each vendor's distance from the port base."""
ENVIRONMENTS = {"airtable": "AIRTABLE_PUSH_"}
"""Vendors that no connector reads: the environment variables of what does begin so."""


def with_control(vendor: SimulatedVendor, seed: int = 1) -> Application:
    """The vendor's application with the control endpoints in front of it."""
    random = Random(f"work {seed}")

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(CONTROL):
            return vendor.wsgi(environ, start_response)
        return send(_controlled(vendor, random, Request(environ)), environ, start_response)

    return application


def _controlled(vendor: SimulatedVendor, random: Random, request: Request) -> Answer:
    asked = (request.method, request.path.removeprefix(CONTROL))
    if asked == ("POST", "work"):
        count = request.query.get("count", "1")
        if not count.isdigit():
            return json_answer({"error": "count takes a number"}, 400)
        return json_answer({"changes": vendor.work(random, int(count))})
    if asked == ("GET", "truth"):
        return json_answer(vendor.truth())
    if asked == ("GET", "statistics"):
        return json_answer({"answers": vendor.statistics, "faults": vendor.faults.injected})
    if asked == ("GET", "configuration"):
        return json_answer(vendor.configuration(request.origin))
    if asked == ("POST", "clear_faults"):
        vendor.clear_faults()
        return json_answer({})
    return json_answer({"error": f"nothing at {request.method} {request.path}"}, 404)


class Server:
    """One vendor on one port, in a thread of its own; port 0 takes a free one. What it hands out as files is on a free
    port beside it.

    with Server(vendor, port=0) as server:
        requests.get(server.origin + "/_sandbox/statistics")
    """

    def __init__(self, vendor: SimulatedVendor, port: int, host: str = "127.0.0.1", seed: int = 1) -> None:
        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._sockets: dict[int, Any] = {}
        shared = {"map": self._sockets, "host": host, "threads": THREADS, "log_socket_errors": False}
        self._servers = [create_server(with_control(vendor, seed), port=port, **shared)]
        if vendor.hands_out_files:
            self._servers.append(create_server(vendor.wsgi, port=0, **shared))
            vendor.files = f"http://{host}:{self._servers[1].effective_port}"
        self.origin = f"http://{host}:{self._servers[0].effective_port}"
        # One loop serves all sockets of the map.
        self._thread = Thread(target=self._servers[0].run, name=f"sandbox {self.origin}", daemon=True)

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._servers[0].trigger.pull_trigger(self._sockets.clear)
        self._thread.join(timeout=5)
        for server in self._servers:
            server.task_dispatcher.shutdown(cancel_pending=True, timeout=5)
            for channel in list(server.active_channels.values()):
                channel.close()
            server.close()


class Worker:
    """Makes `per_second` changes at each vendor while it is open; 0 makes none."""

    def __init__(self, vendors: Iterable[SimulatedVendor], per_second: float, seed: int) -> None:
        self._vendors = list(vendors)
        self._pause = 1 / per_second if per_second else None
        self._random = Random(f"changes {seed}")
        self._stop = Event()
        self._thread = Thread(target=self._run, name="sandbox changes", daemon=True)

    def __enter__(self) -> "Worker":
        if self._pause is not None:
            self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        if self._pause is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            for vendor in self._vendors:
                vendor.work(self._random)
