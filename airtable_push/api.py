"""Airtable's Web API, as far as a writer needs it. airtable.md A.

    Rejected
    ├── Refused          422, 413, or a record that is not there: about the records, so the request can be split
    ├── FieldGone        the table has no such field
    ├── BaseFull         no room for another record
    └── QuotaSpent       the calls of this month are used up: never tried again

Everything that is sent here may be sent twice without harm, because a lost answer says nothing of what happened.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.clock import Clock
from shared.errors import Forbidden, RateLimited, Rejected, SourceError, TimedOut, Unauthorized, Unavailable
from shared.http import Answer, Http, Session, error_of
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry

BATCH = 10
"""Records in one write. airtable.md A2."""
PAGE = 100
PACE = Limit(5, 1.1)
"""Five a second are allowed, on every plan. A tenth of a second more, because requests are counted where they arrive,
some of them late: one second that is too full costs half a minute."""
PENALTY_SECONDS = 31.0
"""After a 429 nothing succeeds for 30 seconds, and the answer need not say so. A second more, for the same reason."""
ANSWERED = (("records", list), ("tables", list), ("id", str))
"""One of which is in every answer."""
GONE = ("ROW_DOES_NOT_EXIST", "MODEL_ID_NOT_FOUND", "NOT_FOUND")
EXPIRED = "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"
RECORD_ID = re.compile(r"\brec[0-9A-Za-z]{14}\b")
FULL = re.compile(r"RECORD.*LIMIT|LIMIT.*RECORD|RECORDS? (AS ITS|THAN).*PLAN", re.IGNORECASE)
"""What says that a base is full: no source gives the exact type."""
OF_A_RECORD = ("INVALID_VALUE_FOR_COLUMN", "INVALID_MULTIPLE_CHOICE_OPTIONS", "INVALID_RECORDS", *GONE)
QUOTED = re.compile(r'"[^"]*"')
"""Names that people gave, which may say anything."""
ANSWERS = 2
"""How often a write is sent whose answer does not tell of its records."""
LISTINGS = 5
"""How often a listing that has expired is begun again."""
NO_BASE = (
    "the base is unknown or not open to this token: check the id of the base, add the base to the token's access list "
    "at https://airtable.com/create/tokens, and give its owner the right to edit it"
)
NO_RIGHT = (
    "this token may not do that: it needs the scopes data.records:read, data.records:write and schema.bases:read (for "
    "init schema.bases:write too), and its owner the role of an editor (for init a creator) of the base"
)


class Refused(Rejected):
    """Airtable does not take these records. `type` is its error type."""

    type: str = ""

    @classmethod
    def after(cls, error: SourceError) -> "Refused":
        """The same failure, time and again, for one record."""
        refused = cls(error.message, method=error.method, url=error.url, status=error.status)
        refused.type = str(error.status or error.category)
        return refused

    @property
    def records(self) -> set[str]:
        """Ids of the records that the message names."""
        return set(RECORD_ID.findall(self.message))

    @property
    def gone(self) -> bool:
        """Whether it says that a record is not there."""
        return self.type in GONE


class FieldGone(Rejected):
    """A field that the mapping names is not in the table."""


class BaseFull(Rejected):
    """The base has as many records as its plan allows."""


class QuotaSpent(Rejected):
    """The workspace has used up the API calls of this month."""


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
            answer = self._http.send("PATCH", f"{self._base}/{table}", json=body)
            told = [each for each in _part(answer, answer.json, "records", list) if isinstance(each, dict)]
            found = {str((each.get("fields") or {}).get(key)): str(each.get("id")) for each in told}
            if found.keys() == wanted:
                return found, set(answer.json.get("createdRecords") or ())
        raise answer.bad("the answer does not tell of the records that were sent", Refused)

    def delete(self, table: str, records: Sequence[str]) -> None:
        """Delete up to ten records, all of which are there."""
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


def interpret(answer: Answer) -> SourceError | None:
    """What an answer means, by status and error type. airtable.md A7."""
    status = answer.status
    if 200 <= status < 300:
        body = answer.json if isinstance(answer.json, dict) else {}
        whole = any(isinstance(body.get(name), kind) for name, kind in ANSWERED)
        return None if whole else answer.bad("the answer has neither records nor tables")
    if status >= 500:
        return None
    type, message = _error(answer)
    said = " ".join(part for part in (type, message) if part)
    if status == 429:
        if "BILLING_LIMIT" in type or "BILLING" in message.upper():
            return answer.bad("the API calls of this month are used up for this workspace", QuotaSpent)
        limited = answer.bad(f"too many requests to this base: {said}", RateLimited)
        limited.retry_after = limited.retry_after or PENALTY_SECONDS
        return limited
    if status == 401:
        return answer.bad("the token is not accepted: set AIRTABLE_PUSH_TOKEN to a valid one", Unauthorized)
    if status in (402, 403, 422) and type not in OF_A_RECORD and FULL.search(QUOTED.sub("", said)):
        return answer.bad("the base has as many records as its plan allows", BaseFull)
    if status == 403 or type == "TABLE_NOT_FOUND":
        return answer.bad(NO_BASE if "NOT_FOUND" in type else f"{NO_RIGHT}: {said}", Forbidden)
    if status == 422 and type == "UNKNOWN_FIELD_NAME":
        return answer.bad(said, FieldGone)
    if status in (404, 413, 422):
        refused = answer.bad(said or "the request was refused", Refused)
        assert isinstance(refused, Refused)
        refused.type = type or str(status)
        return refused
    return error_of(answer)


def told(error: SourceError) -> str:
    """An error for people, with the setting to look at where nobody answered."""
    nobody = isinstance(error, Unavailable | TimedOut) and error.status is None
    return f"{error}" + ("; is AIRTABLE_PUSH_BASE_URL right, and the network there?" if nobody else "")


def _error(answer: Answer) -> tuple[str, str]:
    """Type and message, of the shapes that a refusal comes in."""
    try:
        body = json.loads(answer.text)
    except ValueError:
        return "", ""
    error = body.get("error") if isinstance(body, dict) else None
    if error is None and isinstance(body, dict) and isinstance(body.get("errors"), list) and body["errors"]:
        error = body["errors"][0]
    if isinstance(error, str):
        return error, ""
    if not isinstance(error, dict):
        return "", ""
    return str(error.get("type") or error.get("error") or ""), str(error.get("message") or "")


def _part(answer: Answer, body: Any, name: str, kind: type) -> Any:
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, kind):
        raise answer.bad(f"the answer has no {name}")
    return found
