"""The HTTP client of QuickBooks Online: queries, changes, and what its answers mean (quickbooks.md 1-6)."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from faults import Fault, fault_of, parts_of

from shared.errors import (
    BadPayload,
    Exhausted,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    SourceError,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unexplained,
)
from shared.http import Answer, Http, path
from shared.oauth import refused
from shared.pages import Page
from shared.records import number, text, value

MINOR_VERSION = "75"
MOST_RESULTS = 1000
"""Rows of one query at most; more is an error, not a cap (quickbooks.md 3.1)."""
CHANGES_PATH = "/cdc"
STUB = frozenset("Id SyncToken domain sparse status MetaData".split())
"""All that is told of a row that was deleted (quickbooks.md 4)."""
RATE_PATH = "/exchangerate"
MOST_CHANGES = 1000
"""Objects of one answer about changes, all entities together (quickbooks.md 4)."""
THROTTLED_SECONDS = 60.0
JITTER_SECONDS = 5.0
"""What Intuit asks for where it names no wait, and what we add to it at the most (quickbooks.md 5)."""
BOTH = "Active IN (true, false)"
"""Name lists answer only active rows unless asked for both (quickbooks.md 3.3)."""
LISTED_AS = {"CreditCardPayment": "CreditCardPaymentTxn"}
"""Entities whose rows come under another name (quickbooks.md 3.4)."""
SWITCHED_OFF = ("500", "3202", "5020", "5030")
"""Faults of an entity that this company, plan or user has not got (quickbooks.md 6)."""
THROTTLED = "3001"
UNKNOWN_TOKEN = ("100", "3200")
NO_ACCESS = {
    "120": "the person who authorised has lost access to the company: authorise again as an administrator of it",
    "130": "the token belongs to another environment: check that realm_id, the keys and the setting environment are "
    "all of production, or all of the sandbox; then authorise again",
    "3100": "the token does not open this company: check realm_id, and that the keys and the setting environment are "
    "all of production, or all of the sandbox; then authorise again",
    "3201": "the authorisation was revoked: authorise again",
    "6190": "the company's subscription has ended, or its trial: renew it in QuickBooks; if it was renewed, authorise "
    "again",
}
"""Faults that a person has to mend."""
POISONED = ("6000", "10000")
MONTHLY = re.compile(
    r"\b(month|monthly|metered|coreplus)\b|^(?!.*\b(minute|second)).*\bquota\b", re.IGNORECASE | re.DOTALL
)
"""How an answer speaks of the monthly meter. Its wording is nowhere documented; a quota may be one of a minute too."""


class Faulted(Rejected):
    """QuickBooks itself refuses the request, and says why."""


class Refused(Faulted):
    """The company, its plan or the user has not got this entity, or it cannot be asked for like this."""


class Unqueryable(Refused):
    """Not an entity, or not a property of it that can be filtered or sorted by."""


class TooSlow(TimedOut):
    """QuickBooks gave up after two minutes: less has to be asked for at once."""

    attempts = 2


class Poisoned(Unexplained):
    """One bad row can keep a whole page from being answered (quickbooks.md 6): a smaller one may be."""

    attempts = 2
    of_the_request = True


class QuickBooks:
    """Reads one company."""

    def __init__(self, http: Http, realm_id: str) -> None:
        self._http = http
        self._path = path("v3", "company", realm_id)
        self._takes_both: dict[str, bool] = {}
        """Whether an entity takes the condition `BOTH`, where it was asked: not all do, whatever is documented."""

    def query(self, entity: str, where: Sequence[str] = (), *, order: str = "", start: int = 1, most: int) -> Page:
        """Up to `most` rows of an entity, from the `start`th on, counted from 1; `next` is where the rest starts.
        `where` are conditions that must all hold, `order` a property to sort by, smallest first. The position is when
        QuickBooks answered, ISO 8601 UTC.

        Raises `Refused` where the company has not got the entity or a property cannot be filtered or sorted by.
        """
        sorting = f" ORDERBY {order} ASC" if order else ""
        answer, response = self._queried("*", entity, where, f"{sorting} STARTPOSITION {start} MAXRESULTS {most}")
        rows = response.get(LISTED_AS.get(entity, entity), response.get(entity))
        if rows is None:
            rows = next((each for each in response.values() if isinstance(each, list)), [])
        if isinstance(rows, Mapping):
            rows = [rows]
        if not isinstance(rows, list):
            raise answer.bad("a list of rows was expected", BadPayload)
        last = len(rows) < most
        return Page(rows, _time(answer), next=None if last else start + len(rows), last=last)

    def count(self, entity: str, where: Sequence[str]) -> int | None:
        """How many rows meet these conditions; `None` where the answer does not say."""
        response = self._queried("COUNT(*)", entity, where)[1]
        return number(response, "totalCount")

    def rate(self, currency: str, day: str) -> Page:
        """What a currency was worth on a day (`YYYY-MM-DD`), or when that was last told before; no record where it is
        not known."""
        asked = {"sourcecurrencycode": currency, "asofdate": day, "minorversion": MINOR_VERSION}
        try:
            answer = self._http.get(f"{self._path}{RATE_PATH}", params=asked)
        except NotFound:
            return Page()
        row = _rate(answer)
        if text(row, "AsOfDate") > day:
            raise answer.bad("asked for the exchange rate of a day, the source sent that of a later one", BadPayload)
        return Page([row])

    def changes(self, entities: Sequence[str], since: str) -> dict[str, Page]:
        """What changed of these entities since then (ISO 8601), and what was deleted: a page for each, all of one
        answer. The position is when QuickBooks made it, ISO 8601 UTC. None is the last where the answer is at its cap:
        what follows, deletions first of all, may be missing. What is shown in part, or as deleted and there at once, is
        `partial`.

        Raises `Refused`, or another `Faulted`, where the company has not got one of them.
        """
        answer = self._http.get(
            f"{self._path}{CHANGES_PATH}",
            params={"entities": ",".join(entities), "changedSince": since, "minorversion": MINOR_VERSION},
        )
        names = {LISTED_AS.get(each, each): each for each in entities} | {each: each for each in entities}
        changed: dict[str, list[Any]] = {each: [] for each in entities}
        for part in _parts(answer):
            for name, found in part.items():
                if name in names:
                    changed[names[name]] += found if isinstance(found, list) else [found]
        time, last = _time(answer), sum(map(len, changed.values())) < MOST_CHANGES
        return {entity: replace(_sorted(rows), position=time, last=last) for entity, rows in changed.items()}

    def _queried(
        self, what: str, entity: str, where: Sequence[str], rest: str = ""
    ) -> tuple[Answer, Mapping[str, Any]]:
        """What a query answers; where the entity does not take `BOTH`, without that condition."""
        takes = self._takes_both.get(entity)
        without = [each for each in where if each != BOTH]
        if takes is False:
            where = without
        try:
            answer = self._sent(f"SELECT {what} FROM {entity}{_conditions(where)}{rest}")
        except Unqueryable:
            if takes or BOTH not in where:
                raise
            answer = self._sent(f"SELECT {what} FROM {entity}{_conditions(without)}{rest}")
            self._takes_both[entity] = False
        else:
            if BOTH in where:
                self._takes_both[entity] = True
        return answer, _response(answer)

    def _sent(self, statement: str) -> Answer:
        return self._http.get(f"{self._path}/query", params={"query": statement, "minorversion": MINOR_VERSION})


def _sorted(rows: Sequence[Any]) -> Page:
    """What changed, what was deleted, and what is neither for certain."""
    changed: list[Any] = []
    deleted: list[str] = []
    unsettled: list[Any] = []
    gone = {str(row["Id"]) for row in rows if is_deleted(row)}
    there = {str(row["Id"]) for row in rows if value(row, "Id") and not is_deleted(row)}
    for row in rows:
        odd = not STUB.issuperset(row) if is_deleted(row) else value(row, "sparse") is True
        if value(row, "Id") and (odd or str(row["Id"]) in gone & there):
            unsettled.append(row)
        elif is_deleted(row):
            deleted.append(str(row["Id"]))
        else:
            changed.append(row)
    return Page(changed, deleted=deleted, partial=unsettled)


def is_deleted(row: Any) -> bool:
    """Whether change data capture says so of a row."""
    return text(row, "status") == "Deleted" and bool(value(row, "Id"))


def _conditions(where: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(where)}" if where else ""


def exchange(http: Http, url: str, refresh_token: str) -> Answer:
    """Ask Intuit for an access token (quickbooks.md 2)."""
    return http.post(url, data={"grant_type": "refresh_token", "refresh_token": refresh_token})


def lifetime(body: Any) -> float | None:
    """For how many seconds a refresh token works, of the body that it came in; `None` where Intuit does not say. Each
    use puts off one of its two ends, but not the other one (quickbooks.md 2)."""
    told = [number(body, name) for name in ("x_refresh_token_expires_in", "x_refresh_token_hard_expires_in")]
    return min((seconds for seconds in told if seconds is not None), default=None)


def refusal(answer: Answer) -> SourceError | None:
    """What the token endpoint's refusals mean (quickbooks.md 2)."""
    return refused(
        answer,
        application="Intuit does not know this client_id with this client_secret: copy both from the Keys page of your "
        "app, those for production or for development as the setting environment says; after a new client_secret "
        "authorise again too",
        token="Intuit does not accept the refresh token: it has expired (after 100 days without a sync, or five years "
        "after the authorisation), was revoked or replaced, or is of another app or environment. Authorise again as an "
        "administrator of the company and put the new refresh_token into the configuration",
    )


def meaning(answer: Answer) -> SourceError | None:
    """What QuickBooks' answers mean beyond their status: the code decides (quickbooks.md 5, 6)."""
    if answer.status == 504:
        return answer.bad("QuickBooks gave up waiting for its own answer", TooSlow)
    fault = fault_of(answer)
    if answer.status == 429 or (fault and fault.code == THROTTLED):
        said = fault.text if fault else answer.text
        if MONTHLY.search(said):
            return answer.bad(
                "Intuit answers no more reads of this app this month: its monthly quota is used up. Syncs go on by "
                "themselves when the next month begins, or when the app's plan allows more",
                Exhausted,
            )
        error = answer.bad(f"too many requests: {said[:200]}", RateLimited)
        if error.retry_after is None:
            error.retry_after = THROTTLED_SECONDS + random.uniform(0.0, JITTER_SECONDS)
        return error
    if fault is None:
        return _oddity(answer) if answer.status < 300 else None
    said = f"{fault.code} {fault.text}".strip()
    return answer.bad(*_meaning(answer.status, fault, said))


def _meaning(status: int, fault: Fault, said: str) -> tuple[str, type[SourceError]]:
    if fault.code in NO_ACCESS:
        return f"{NO_ACCESS[fault.code]} ({said})", Unauthorized
    if fault.code in UNKNOWN_TOKEN or status == 401:
        return f"QuickBooks does not accept the access token, nor a new one: authorise again ({said})", Unauthorized
    if fault.code == "4001" and status < 500:
        return f"this cannot be asked for: {said}", Unqueryable
    if fault.code in SWITCHED_OFF and status < 500:
        return f"not available in this company, or not to this user: {said}", Refused
    if fault.code in POISONED:
        return f"QuickBooks could not process a row: {said}", Poisoned
    if fault.code == "610":
        return f"not there, or inactive: {said}", NotFound
    if status >= 500:
        return f"the source failed: {said}", Unavailable
    if status == 403:
        return f"not permitted: {said}", Forbidden
    if status >= 400:
        return f"the request was refused: {said}", Faulted
    # A fault in a success: only its type says what it is.
    kind = fault.kind.lower()
    if kind.startswith("authenti"):
        return f"QuickBooks does not accept the access token, nor a new one: authorise again ({said})", Unauthorized
    if kind.startswith("authori"):
        return f"not permitted: {said}", Forbidden
    if kind.startswith("validation"):
        return f"the request was refused: {said}", Faulted
    if kind.startswith(("system", "service")):
        return f"the source failed: {said}", Unavailable
    return f"a fault that is not documented: {said}", Unexplained


def _oddity(answer: Answer) -> SourceError | None:
    """What is wrong with the shape of a success: found here, where the request can be repeated."""
    path = urlsplit(answer.url).path
    try:
        if path.endswith(CHANGES_PATH):
            _parts(answer)
        elif path.endswith(RATE_PATH):
            _rate(answer)
        else:
            _response(answer)
        _time(answer)
    except BadPayload as error:
        return error
    return None


def _response(answer: Answer) -> Mapping[str, Any]:
    if answer.status == 204:
        return {}
    response = value(answer.json, "QueryResponse")
    if not isinstance(response, Mapping):
        raise answer.bad("an object with a QueryResponse was expected", BadPayload)
    return response


def _rate(answer: Answer) -> Mapping[str, Any]:
    found = value(answer.json, "ExchangeRate")
    if not isinstance(found, Mapping):
        raise answer.bad("an object with an ExchangeRate was expected", BadPayload)
    return found


def _parts(answer: Answer) -> list[Mapping[str, Any]]:
    parts = parts_of(answer.json)
    if not any("QueryResponse" not in part for part in parts):
        # An entity of which nothing changed is an empty object, so no answer is without any (quickbooks.md 4).
        raise answer.bad("a CDCResponse with a QueryResponse for each entity was expected", BadPayload)
    return parts


def _time(answer: Answer) -> str:
    """When the source answered: what the body says, else the header."""
    told = value(answer.json, "time")
    try:
        if isinstance(told, str):
            moment = datetime.fromisoformat(told)
        else:
            moment = parsedate_to_datetime(answer.headers["Date"])
        if moment.tzinfo is None:
            raise ValueError
    except (KeyError, ValueError, TypeError):
        raise answer.bad("an answer that does not say when it was made", BadPayload) from None
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
