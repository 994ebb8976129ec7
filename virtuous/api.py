"""The HTTP client of Virtuous: addresses, queries, and what its answers mean (virtuous.md 1-5, 9)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import BadPayload, Forbidden, RateLimited, SourceError, Unauthorized
from shared.http import Answer, Http
from shared.pages import Page
from shared.pagination import by_offset
from shared.rate_headers import tell
from shared.records import number
from shared.retry import Pace

LIST_SIZE = 100
"""Records of one page of a listing that is no query: more is refused, or cut (virtuous.md 3.1)."""
QUERY_SIZE = 1_000
EVERYTHING = 100_000
"""What is asked of a listing that cannot be paged."""
RESERVED = 0.1
"""This share of the organization's requests is left to its other programs, like its donation forms."""
REFUSED_SECONDS = 60.0
"""After a refusal that names no wait."""

REFUSED = (
    "Virtuous does not accept the key: check that bearer_token is all of it, and if it was deleted, let an "
    "administrator make a new one"
)
NOT_PERMITTED = "the permission group of the key does not allow this"


@dataclass(frozen=True)
class Condition:
    """One of the conditions of a query that must all hold."""

    parameter: str
    operator: str
    value: str


Conditions = Sequence[Condition]


class Virtuous:
    """Reads one organization. `sized` sends what is asked for in smaller pages where it fails (`Retry.shrinking`)."""

    def __init__(self, http: Http, sized: Http) -> None:
        self._http = http
        self._sized = sized

    def organization(self) -> Any:
        """The organization that the key belongs to. Raises `Unauthorized` where the key is not accepted."""
        return self._http.get("api/Organization/Current").json

    def options(self, resource: str) -> Sequence[Any]:
        """The parameters by which a resource can be queried."""
        return self._http.get(f"api/{resource}/QueryOptions").records("options")

    def query(
        self, path: str, where: Conditions, take: int, *, skip: int = 0, newest: bool = False, sized: bool = False
    ) -> Page:
        """Records that fulfil all conditions, by their id, the archived ones included."""
        body = {
            "groups": [{"conditions": [vars(each) for each in where]}] if where else [],
            "sortBy": "Id",
            "descending": newest,
            **({"includeArchived": True} if path.startswith("Contact/") else {}),
        }
        http = self._sized if sized else self._http
        # Paging counts only in the query string (virtuous.md 4).
        return _page(http.post(f"api/{path}", params={"skip": skip, "take": take}, json=body), skip=skip, take=take)

    def queried(self, path: str) -> Iterator[Page]:
        """All of a resource that is small, by offset."""
        return by_offset(lambda skip: self.query(path, (), QUERY_SIZE, skip=skip))

    def segments(self) -> Iterator[Page]:
        """All segments. The second page has been seen to be the first once more (virtuous.md 12.9)."""
        return _at_once(lambda paging: self._http.post("api/Segment/Search", params=paging, json={"search": ""}))

    def listed(self, path: str) -> Iterator[Page]:
        """A listing in pages, or one that comes whole, as an object or bare."""
        if path.startswith("ProjectExpense"):  # The only one that knows no `skip` (virtuous.md 3.2).
            return _at_once(lambda paging: self._http.get(f"api/{path}", params=paging))
        return by_offset(lambda skip: self._listed(path, skip))

    def _listed(self, path: str, skip: int) -> Page:
        answer = self._http.get(f"api/{path}", params={"skip": skip, "take": LIST_SIZE})
        return _page(answer, skip=skip, take=LIST_SIZE)


def _at_once(ask: Callable[[Mapping[str, int]], Answer]) -> Iterator[Page]:
    """One page; where that is not all, another one of all. Raises `BadPayload` where that is not all either."""
    for take in (QUERY_SIZE, EVERYTHING):
        page = _page(answer := ask({"skip": 0, "take": take}), skip=0, take=take)
        if page.last:
            return iter([page])
    raise answer.bad(f"{page.total} records, of which {len(page.records)} can be had", BadPayload)


def _page(answer: Answer, *, skip: int, take: int) -> Page:
    """A page of `{list, total}`, or a bare list, which is whole.

    It is the last one where it is not full, and reaches the total, which counts what the conditions leave. A page may
    be shorter than what was asked for, and not the last.
    """
    if isinstance(answer.json, list):
        return Page(answer.json, last=True, total=len(answer.json))
    records, total = answer.records("list"), number(answer.json, "total")
    reaches = total is not None and len(records) < take and skip + len(records) >= total
    return Page(records, last=not records or reaches, total=total)


def meaning(pace: Pace) -> Callable[[Answer], SourceError | None]:
    """What answers mean beyond their status. What they say of the limit, which the organization shares, the pace is
    told."""

    def interpret(answer: Answer) -> SourceError | None:
        seconds = tell(pace, answer, reserved=RESERVED)
        match answer.status:
            case 401:
                return answer.bad(REFUSED, Unauthorized)
            case 403:
                return answer.bad(NOT_PERMITTED, Forbidden)
            case 429:
                refusal = answer.bad("too many requests", RateLimited)
                if refusal.retry_after is None:
                    refusal.retry_after = seconds or REFUSED_SECONDS
                return refusal
        return None

    return interpret
