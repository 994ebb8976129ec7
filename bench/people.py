"""`python -m bench.people`: a first sync of very many Copper people, beside others who read the same.

Each person has 17.5 rows, every column of them typed; or, where they are plain, a row alone. `bench.crowd` serves them
over real HTTP on 127.0.0.1. Compared are CPU seconds and the peak of memory, each in a process of its own: of bare
parsing (the same pages with `requests`, and `json.loads`), of our sync, and of other engines (`bench.peers`).
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import requests

from bench.apart import ROOT, apart, peak_megabytes, served
from bench.counting import Counting, Hasty, Silent, syncing
from bench.figures import Figure, shown

PAGE_SIZE = 200
PEERS = ROOT / ".cache" / "peers" / "bin" / "python"
"""Of an environment that has the other engines, where somebody has made one: README.md."""
MANY, VERY_MANY = 20_000, 200_000
TRIES = 3
"""The quickest of so many counts: other programs cost a try time, and never save it any."""

Measured = dict[str, dict[str, Any]]
"""By whom people were read: CPU seconds, and the peak of memory."""


def main() -> int:
    if sys.argv[1:]:
        reading, origin, count = sys.argv[1:]
        print(json.dumps(READINGS[reading](origin, int(count))))
        return 0
    print(shown(figures()))
    return 0


def figures() -> Iterator[Figure]:
    lists, plain = dict(measured(MANY, "lists")), dict(measured(MANY, "plain"))
    yield share(lists, "copper, 20,000 with child rows", at_least=0.25)
    yield share(plain, "copper, 20,000 without", at_least=0.45)
    yield peak(plain, "copper, 20,000 without", at_most=55)
    yield peak(dict(measured(VERY_MANY, "plain")), "copper, 200,000 without", at_most=90)


def share(found: Measured, of: str, *, at_least: float) -> Figure:
    """How many people are read in a CPU second, of those that bare parsing reads."""
    bare = found["bare"]["seconds"]
    others = [f"{name} {bare / each['seconds']:.2f}" for name, each in found.items() if name not in READINGS]
    beside = "; ".join([*others, f"bare {MANY / bare:,.0f} people a second"])
    return Figure("people a CPU second / of bare parsing", of, bare / found["ours"]["seconds"], None, at_least, beside)


def peak(found: Measured, of: str, *, at_most: int) -> Figure:
    """The most memory."""
    beside = "; ".join(f"{name} {each['peak']:.0f}" for name, each in found.items() if name != "ours")
    return Figure("peak MB", of, round(found["ours"]["peak"]), at_most, beside=beside)


def measured(count: int, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """`Measured`, one after the other."""
    tries = TRIES if count == MANY else 1
    with served("from bench.crowd import serve_all; serve_all()", str(count), kind) as origin:
        for reading in READINGS:
            yield reading, quickest(tries, partial(apart, "bench.people", reading, origin, str(count)))
        for peer in peers():
            yield peer, quickest(tries, partial(apart, "bench.peers", peer, origin, str(count), python=str(PEERS)))


def peers() -> list[str]:
    """The engines that there are to be compared with."""
    return apart("bench.peers", python=str(PEERS)) if PEERS.exists() else []


def quickest(tries: int, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return min((read() for _ in range(tries)), key=lambda found: float(found["seconds"]))


def bare(origin: str, count: int) -> dict[str, Any]:
    """What it takes to have the same pages, and to parse them."""
    began = time.process_time()
    with requests.Session() as session:
        for number in range(count // PAGE_SIZE):
            body = {"page_number": number + 1, "page_size": PAGE_SIZE}
            assert len(json.loads(session.post(f"{origin}/people/search", json=body).content)) == PAGE_SIZE
    return {"seconds": time.process_time() - began, "peak": peak_megabytes()}


def ours(origin: str, count: int) -> dict[str, Any]:
    """A first sync."""
    sync, destination = syncing("copper"), Counting()
    others = (table.name for table in import_module("models").TABLES)
    configuration = {
        "api_key": "key",
        "user_email": "ann@example.com",
        "base_url": origin,
        "streams": ",".join(f"-{name}" for name in others if name not in WANTED),
    }
    began = time.process_time()
    sync(configuration, {}, destination, Silent(), clock=Hasty())
    assert destination.rows["person"] == count
    return {"seconds": time.process_time() - began, "peak": peak_megabytes(), "rows": destination.rows.total()}


WANTED = ("person", "account", "custom_field_definition")
READINGS = {"bare": bare, "ours": ours}

if __name__ == "__main__":
    sys.exit(main())
