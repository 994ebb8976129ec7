"""One request on its way to what answers it, and the pages of a list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sandbox import routes
from sandbox.pandadoc.answers import missing
from sandbox.pandadoc.parameters import Parameters
from sandbox.pandadoc.payloads import Payloads
from sandbox.routes import Route, Routes
from sandbox.store import Record
from sandbox.web import Answer, json_answer

T = TypeVar("T")
DEFAULT_COUNT = 50
LARGEST_COUNT = 100
PAGING = "count page"
ROUTES = Routes()


@dataclass
class Call(routes.Call):
    """`parameters` are those that the resource has."""

    path: str
    parameters: Parameters = field(init=False)

    @cached_property
    def payloads(self) -> Payloads:
        return Payloads(self.store, self.options)

    def one(self, kind: str, id: str) -> Record:
        """The record of this id, if it is not deleted."""
        found: Record | None = self.store.kinds[kind].get(id)
        if found is None or not self.store.alive(found):
            raise missing(self.path)
        return found

    def row(self, record: Record) -> Any:
        """A record as its list shows it, or what the faults make of it."""
        return self.served(record, self.payloads.row(record))

    def served(self, record: Record, payload: Any) -> Any:
        """The payload of a record, or what the faults make of it."""
        return self.faults.record(record.kind, record.id, payload)

    def page(self, rows: Sequence[T]) -> list[T]:
        """The rows of the page that `count` and `page` ask for; beyond the end there are none."""
        count = self.parameters.integer("count", DEFAULT_COUNT, 1, LARGEST_COUNT)
        return self.cut(rows, (self.parameters.integer("page", 1, 1) - 1) * count, count)

    def cut(self, rows: Sequence[T], first: int, count: int) -> list[T]:
        """`count` rows from `first` on, or what a faulty page shows instead."""
        fault = self.faults.page(self.url)
        shifted = {"early": max(0, first - 1), "late": first + 1, "duplicate": max(0, first - count)}
        first = shifted.get(fault or "", first)
        return list(rows[first : first + count])


def get(shape: str, parameters: str = "") -> Callable[[Route], Route]:
    """Register a function for `GET /public` + `shape`; `{}` stands for an identifier, which it is given. `parameters`
    are the ones that the resource has."""

    def register(function: Route) -> Route:
        def route(call: Call, *arguments: str) -> Answer:
            call.parameters = Parameters(call.path, call.request.query_string, parameters.split(), call.options)
            return function(call, *arguments)

        ROUTES.add(f"/public{shape}", route)
        return function

    return register


def results(rows: Iterable[Any], **more: Any) -> Answer:
    return json_answer({"results": list(rows), **more})
