"""Airtable's Web API, as far as a writer needs it. airtable.md A.

Everything that is sent here may be sent twice without harm, because a lost answer says nothing of what happened.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_push.answers import Refused, interpret
from shared.clock import Clock
from shared.errors import SourceError
from shared.http import Answer, Http
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry
from shared.transport import Session

BATCH = 10
"""Records in one write. airtable.md A2."""
PAGE = 100
PACE = Limit(5, 1.1)
"""Five a second are allowed, on every plan. A tenth of a second more, because requests are counted where they arrive,
some of them late: one second that is too full costs half a minute."""
EXPIRED = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"
ANSWERS = 2
"""How often a write is sent whose answer does not tell of its records."""
LISTINGS = 5
"""How often a listing that has expired is begun again."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record to write: its id where that is known, and its cells by field id."""

    key: str
    record_id: str | None
    cells: Mapping[str, Any]


class Client:
    """Requests to one base, at its pace."""

    def __init__(
        self,
        base_url: str,
        base: str,
        token: str,
        *,
        clock: Clock,
        session: Session | None = None,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        pace = Pace(PACE, clock=clock)
        self._base = base
        self.before_write: Callable[[], None] = lambda: None
        """Raises where nothing may be written any more (`lock.alone`)."""
        self._http = Http(
            f"{base_url}/v0",
            bearer=lambda rejected: token,
            interpret=interpret,
            session=session,
            retry=Retry(clock=clock, pace=pace, breaker=Breaker(), draw=draw),
            secrets=Secrets(token),
        )

    def tables(self) -> list[dict[str, Any]]:
        """The base's tables with their fields. airtable.md A6."""
        answer = self._http.get(f"meta/bases/{self._base}/tables")
        return list(_part(answer, answer.json, "tables", list))

    def create_table(self, name: str, description: str, fields: Sequence[Mapping[str, Any]]) -> None:
        body = {"name": name, "fields": list(fields), **({"description": description} if description else {})}
        self._http.post(f"meta/bases/{self._base}/tables", json=body)

    def create_field(self, table: str, field: Mapping[str, Any]) -> None:
        self._http.post(f"meta/bases/{self._base}/tables/{table}/fields", json=dict(field))

    def upsert(self, table: str, key: str, records: Sequence[Record]) -> tuple[dict[str, str], set[str]]:
        """Write up to ten records: those with an id change, the others are looked for by their key and made if there
        is none. `key` is the id of the key field, which every record fills.

        Returns the record id of each key, and the ids that were created. airtable.md A4."""
        body = {
            "performUpsert": {"fieldsToMergeOn": [key]},
            "returnFieldsByFieldId": True,
            "typecast": False,
            "records": [
                {"fields": record.cells}
                if record.record_id is None
                else {"id": record.record_id, "fields": record.cells}
                for record in records
            ],
        }
        wanted = {record.key for record in records}
        for _ in range(ANSWERS):
            self.before_write()
            answer = self._http.send("PATCH", f"{self._base}/{table}", json=body)
            told = [each for each in _part(answer, answer.json, "records", list) if isinstance(each, dict)]
            found = {str((each.get("fields") or {}).get(key)): str(each.get("id")) for each in told}
            if found.keys() == wanted:
                return found, set(answer.json.get("createdRecords") or ())
        raise answer.bad("the answer does not tell of the records that were sent", Refused)

    def delete(self, table: str, records: Sequence[str]) -> None:
        """Delete up to ten records, all of which are there."""
        self.before_write()
        self._http.send("DELETE", f"{self._base}/{table}", params=[("records[]", each) for each in records])

    def records(self, table: str, fields: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        """Pages of all records, in no order, with these fields by id. A listing that expires begins again, so that a
        record may come more than once. airtable.md A3."""
        for _ in range(LISTINGS):
            try:
                yield from self._pages(table, fields)
                return
            except Refused as refused:
                if refused.type != EXPIRED:
                    raise
        raise SourceError(f"the listing of {table} expired {LISTINGS} times; try again when less is going on")

    def _pages(self, table: str, fields: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        # Asked by POST, because a wide table's fields would not fit into an address. airtable.md A2.
        asked: dict[str, Any] = {"pageSize": PAGE, "returnFieldsByFieldId": True, "fields": list(fields)}
        offset: str | None = None
        seen: set[str | None] = set()
        while offset not in seen:
            seen.add(offset)
            body = {**asked, "offset": offset} if offset else asked
            answer = self._http.post(f"{self._base}/{table}/listRecords", json=body)
            yield _part(answer, answer.json, "records", list)
            offset = answer.json.get("offset")
            if not offset:
                return
        raise answer.bad("the same page came again, so the listing would have no end")


def _part(answer: Answer, body: Any, name: str, kind: type) -> Any:
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, kind):
        raise answer.bad(f"the answer has no {name}")
    return found
