"""One request on its way to what answers it, and the pages of a list."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sandbox.faults import Faults
from sandbox.pandadoc.answers import missing, refused
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.parameters import Parameters
from sandbox.pandadoc.payloads import Payloads
from sandbox.pandadoc.store import Store
from sandbox.web import Answer, Request, json_answer

T = TypeVar("T")
DEFAULT_COUNT = 50
LARGEST_COUNT = 100
PAGING = "count page"


@dataclass
class Call:
    """`number` differs for each request; `parameters` are those that the resource has."""

    request: Request
    path: str
    store: Store
    options: Options
    faults: Faults
    number: int
    parameters: Parameters

    @cached_property
    def payloads(self) -> Payloads:
        return Payloads(self.store, self.options)

    def served(self, kind: str, id: str, payload: Any) -> Any:
        """The payload of a record, or what the faults make of it."""
        return self.faults.record(kind, id, payload)

    def page(self, rows: Sequence[T], default: int = DEFAULT_COUNT, largest: int = LARGEST_COUNT) -> list[T]:
        """The rows of the page that `count` and `page` ask for; beyond the end there are none."""
        count = self.parameters.integer("count", default, 1, largest)
        return self.cut(rows, (self.parameters.integer("page", 1, 1) - 1) * count, count)

    def cut(self, rows: Sequence[T], first: int, count: int) -> list[T]:
        """`count` rows from `first` on, or what a faulty page shows instead."""
        fault = self.faults.page(f"{self.request.path}?{self.request.query_string}")
        if fault == "early":
            first = max(0, first - 1)
        elif fault == "late":
            first += 1
        elif fault == "duplicate":
            first = max(0, first - count)
        return list(rows[first : first + count])


Route = Callable[..., Answer]
ROUTES: list[tuple[re.Pattern[str], tuple[str, ...], Route]] = []


def get(shape: str, parameters: str = "") -> Callable[[Route], Route]:
    """Register a function for `GET /public` + `shape`; `{}` stands for an identifier, which it is given. `parameters`
    are the ones that the resource has."""

    def register(function: Route) -> Route:
        pattern = re.compile("/public" + shape.replace("{}", "([^/]+)"))
        ROUTES.append((pattern, tuple(parameters.split()), function))
        return function

    return register


def answer(request: Request, path: str, store: Store, options: Options, faults: Faults, number: int) -> Answer:
    """Find who answers a path; the first that was registered wins."""
    for pattern, names, function in ROUTES:
        found = pattern.fullmatch(path)
        if found is None:
            continue
        if request.method != "GET":
            return refused(path, 403, "The sandbox is not written to.")
        parameters = Parameters(path, request.query_string, names, options)
        return function(Call(request, path, store, options, faults, number, parameters), *found.groups())
    raise missing(path)


def results(rows: list[Any], **more: Any) -> Answer:
    return json_answer({"results": rows, **more})
