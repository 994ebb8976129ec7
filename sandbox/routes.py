"""Which function answers a path, and what it may ask for."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from sandbox.faults import Faults
from sandbox.web import Answer, Refusal, Request, json_answer

Route = Callable[..., Answer]
PLACEHOLDER = re.compile(r"#|\{\}")


class Routes:
    """The routes of a vendor. A shape is a path in which `#` stands for a number and `{}` for any one part; both become
    arguments of the route, numbers as such. What else stands there is a regular expression, and its groups become
    arguments too. The first that matches answers."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], list[int], Route]] = []

    def __call__(self, *shapes: str, method: str = "GET") -> Callable[[Route], Route]:
        """Register the function below for these shapes."""

        def register(route: Route) -> Route:
            for shape in shapes:
                self.add(shape, route, method)
            return route

        return register

    def add(self, shape: str, route: Route, method: str = "GET") -> None:
        named = PLACEHOLDER.sub(lambda found: f"(?P<n{found.start()}>\\d+)" if found[0] == "#" else "([^/]+)", shape)
        pattern = re.compile(named)
        self._routes.append((method, pattern, [place - 1 for place in pattern.groupindex.values()], route))

    def find(self, method: str, path: str) -> tuple[Route, list[Any]] | None:
        """The route of a request and its arguments. HEAD is answered as GET."""
        wanted = "GET" if method == "HEAD" else method
        for declared, pattern, numbers, route in self._routes:
            found = pattern.fullmatch(path) if declared == wanted else None
            if found is not None:
                arguments: list[Any] = list(found.groups())
                for place in numbers:
                    arguments[place] = int(arguments[place])
                return route, arguments
        return None


@dataclass
class Call:
    """One request on its way to a route. `number` differs for each."""

    vendor: Any
    request: Request
    number: int

    @property
    def store(self) -> Any:
        return self.vendor.store

    @property
    def options(self) -> Any:
        return self.vendor.options

    @property
    def faults(self) -> Faults:
        faults: Faults = self.vendor.faults
        return faults

    @property
    def query(self) -> dict[str, str]:
        return self.request.query

    @cached_property
    def body(self) -> Any:
        """What was sent as JSON; None where nothing was. Raises `ValueError`."""
        return json.loads(self.request.body) if self.request.body else None

    @property
    def url(self) -> str:
        """What faults of pages go by."""
        return f"{self.request.path}?{self.request.query_string}"


def refuse(status: int, error: str, **headers: str) -> NoReturn:
    """End the request with `{"error": …}`."""
    raise Refusal(json_answer({"error": error}, status, **headers))
