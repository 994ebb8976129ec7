"""One request on its way: what it asks, whoever asks, and how its body and parameters are read."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from sandbox.airtable.options import ROLES, Options
from sandbox.airtable.refusals import forbidden, hidden, invalid_request, refuse
from sandbox.airtable.store import Store
from sandbox.airtable.tables import Table
from sandbox.web import Request

INDEXED = re.compile(r"\[\d*\]$")
SORT = re.compile(r"sort\[(\d+)\]\[(field|direction)\]")


@dataclass
class Call:
    request: Request
    store: Store
    options: Options
    now: float

    @cached_property
    def body(self) -> dict[str, Any]:
        """Numbers that JSON does not have make it unparsable. airtable.md A5, A7."""

        def constant(name: str) -> Any:
            raise refuse(422, "INVALID_REQUEST_BODY", "Could not parse request body")

        try:
            found = json.loads(self.request.body or b"{}", parse_constant=constant)
        except ValueError:
            raise refuse(400, "BAD_REQUEST", "The body is not JSON") from None
        if not isinstance(found, dict):
            raise refuse(422, "INVALID_REQUEST_BODY", "Could not parse request body")
        return found

    def read_body(self, *allowed: str) -> dict[str, Any]:
        """The body, which has no keys but these."""
        if unknown := self.body.keys() - set(allowed):
            raise invalid_request(f"Invalid request: unknown parameter {sorted(unknown)[0]}")
        return self.body

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The query: `name`, `name[]` and `name[0]` are all lists where a list is meant."""
        found: dict[str, Any] = {}
        sorts: dict[int, dict[str, str]] = {}
        for name, value in parse_qsl(self.request.query_string, keep_blank_values=True):
            if sort := SORT.fullmatch(name):
                sorts.setdefault(int(sort[1]), {})[sort[2]] = value
            elif INDEXED.search(name) or name in ("fields", "records", "recordMetadata"):
                found.setdefault(INDEXED.sub("", name), []).append(value)
            else:
                found[name] = value
        if sorts:
            found["sort"] = [sorts[index] for index in sorted(sorts)]
        return found

    def need(self, scope: str, role: str, what: str) -> None:
        """Refuse a token without the scope, and an owner below the role."""
        if ROLES.index(self.options.role) < ROLES.index("read"):
            raise hidden()
        if scope not in self.options.scopes or ROLES.index(self.options.role) < ROLES.index(role):
            raise forbidden(what)

    def table(self, name_or_id: str) -> Table:
        found = self.store.table(name_or_id)
        if found is None:
            raise hidden()
        return found


def flag(value: Any) -> bool:
    """A boolean of a body or of a query."""
    if value in (True, False):
        return bool(value)
    if value in ("true", "false", "1", "0"):
        return value in ("true", "1")
    raise invalid_request()
