"""What Airtable's answers mean. airtable.md A7.

    Rejected
    ├── Refused          422, 413, or a record that is not there: about the records, so the request can be split
    ├── FieldGone        the table has no such field
    ├── BaseFull         no room for another record
    └── QuotaSpent       the calls of this month are used up: never tried again

All others are errors of `shared`.
"""

import json
import re

from shared.errors import Forbidden, RateLimited, Rejected, SourceError, TimedOut, Unauthorized, Unavailable
from shared.http import Answer, error_of

PENALTY_SECONDS = 31.0
"""After a 429 nothing succeeds for 30 seconds, and the answer need not say so. A second more, because requests are
counted where they arrive, some of them late."""
ANSWERED = (("records", list), ("tables", list), ("id", str))
"""One of which is in every answer."""
GONE = ("ROW_DOES_NOT_EXIST", "MODEL_ID_NOT_FOUND", "NOT_FOUND")
RECORD_ID = re.compile(r"\brec[0-9A-Za-z]{14}\b")
FULL = re.compile(r"RECORD.*LIMIT|LIMIT.*RECORD|RECORDS? (AS ITS|THAN).*PLAN", re.IGNORECASE)
"""What says that a base is full: no source gives the exact type."""
OF_A_RECORD = ("INVALID_VALUE_FOR_COLUMN", "INVALID_MULTIPLE_CHOICE_OPTIONS", "INVALID_RECORDS", *GONE)
QUOTED = re.compile(r'"[^"]*"')
"""Names that people gave, which may say anything."""
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
