"""The HTTP client of Copper: addresses, searches, and what its answers mean (copper.md 1-5, 10)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from shared.errors import BadPayload, Forbidden, SourceError, Unauthorized
from shared.http import Answer, Http
from shared.pages import Page
from shared.records import value

Record = dict[str, Any]

PAGE_SIZE = 200
MOST_REACHABLE = 100_000
"""Records of one search that can be had at all, however one pages (copper.md 5.1)."""
LAST_PAGE = MOST_REACHABLE // PAGE_SIZE
SEARCHES = {
    "person": "people",
    "company": "companies",
    "lead": "leads",
    "opportunity": "opportunities",
    "project": "projects",
    "task": "tasks",
}
"""The name of each kind of record in addresses."""
LISTINGS = {
    "pipeline": "pipelines",
    "pipeline_stage": "pipeline_stages",
    "custom_activity_type": "custom_activity_types",
    "contact_type": "contact_types",
    "customer_source": "customer_sources",
    "loss_reason": "loss_reasons",
    "lead_status": "lead_statuses",
    "custom_field_definition": "custom_field_definitions",
}
"""The addresses of the listings that come whole, by table."""


class TooMany(BadPayload):
    """More records match than one search reaches."""


class Copper:
    """Reads one account. Searches are POSTs, validated strictly: each sends only what is documented for it.

    The `total` of a page is an upper bound: no more than so many match.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    def account(self) -> Record:
        """The account. Raises `Unauthorized` where the key is not accepted: here, and nowhere else, 401 says that."""
        account: Record = self._http.get("account").json
        return account

    def listing(self, path: str, **parameters: str) -> Page:
        """A listing that comes whole."""
        return Page(self._http.get(path, params=parameters or None).records(), last=True)

    def activity_types(self) -> Page:
        """Those of all categories: they come as an object of lists (copper.md 7)."""
        categories = self._http.get("activity_types").json or {}
        return Page([each for types in categories.values() for each in types], last=True)

    def tags(self) -> Iterator[Page]:
        """Pages of tags by name, each asked for with the last name before it.

        How long a page is nobody says, nor whether every server knows the parameter: it ends at a page that
        brings nothing new (copper.md 5.5).
        """
        seen: set[str] = set()
        last: dict[str, str] = {}
        while True:
            page = self.listing("tags", sort_by="name", **last)
            names = [str(name) for each in page.records if (name := value(each, "name"))]
            yield page
            if not set(names) - seen:
                return
            seen.update(names)
            last = {"last_tag_value": names[-1]}

    def records(self, kind: str, **bounds: int) -> Page:
        """The first page of the records of a kind that lie in these bounds, by their change, oldest first."""
        return next(self.record_pages(kind, **bounds))

    def record_pages(self, kind: str, **bounds: int) -> Iterator[Page]:
        """Pages of them by number. Raises `TooMany` where they are more than can be reached."""
        return self._pages(*_search(kind), bounds)

    def newest(self, kind: str) -> Page:
        """The record that was changed last, or none."""
        path, fixed = _search(kind)
        body = {"page_number": 1, "page_size": 1, **fixed, "sort_direction": "desc"}
        return Page(self._http.post(path, json=body).records())

    def activities(self, **bounds: int) -> Page:
        """The first activities in these bounds, newest activity date first (copper.md 5.4).

        A page, and those behind it up to one that has any dates: what was deleted comes without.
        """
        found = Page(last=True)
        for page in self.activity_pages(**bounds):
            found = replace(page, records=[*found.records, *page.records])
            if any(value(each, "activity_date") is not None for each in page.records):
                break
        return found

    def activity_pages(self, **bounds: int) -> Iterator[Page]:
        """Pages of them by number. Raises `TooMany` where they are more than can be reached."""
        return self._pages("activities/search", {}, bounds)

    def users(self) -> Iterator[Page]:
        """Pages of users by number."""
        return self._pages("users/search", {}, {})

    def one_of(self, path: str) -> None:
        """Ask a search for one record, to see whether this key may."""
        self._http.post(f"{path}/search", json={"page_number": 1, "page_size": 1})

    def _pages(self, path: str, fixed: Mapping[str, Any], bounds: Mapping[str, int]) -> Iterator[Page]:
        number, last = 1, False
        while not last:
            answer = self._page(path, number, {**fixed, **bounds})
            records = answer.records()
            # The total is an upper bound, and records may be left out of a page: only both together say "last".
            total = _total(answer)
            last = not records or (len(records) < PAGE_SIZE and number * PAGE_SIZE >= (total or 0))
            yield Page(records, last=last, total=total)
            # An upper bound again: what is too much shows itself on the last page that can be had.
            doubtful = number == 1 and total is not None and total > MOST_REACHABLE
            beyond = number == LAST_PAGE or (doubtful and self._page(path, LAST_PAGE, {**fixed, **bounds}).records())
            if beyond and not last:
                raise answer.bad(f"more than {MOST_REACHABLE} records match: the rest cannot be reached", TooMany)
            number += 1

    def _page(self, path: str, number: int, body: Mapping[str, Any]) -> Answer:
        return self._http.post(path, json={"page_number": number, "page_size": PAGE_SIZE, **body})


def meaning(answer: Answer) -> SourceError | None:
    """What Copper's answers mean beyond their status (copper.md 1, 4, 10)."""
    path = answer.url.split("?")[0].rstrip("/")
    if 200 <= answer.status < 300:
        expected, wanted = _shape(path)
        nothing = answer.status == 204 and not path.endswith("/account")
        return None if nothing or expected(answer.json) else answer.bad(f"{wanted} was expected", BadPayload)
    if answer.status != 401:
        return None
    if path.endswith("/account"):
        return answer.bad(
            "Copper does not accept the credential: check that api_key is a valid key and user_email the address of "
            "the user who owns it, or make a new key",
            Unauthorized,
        )
    return answer.bad("not available to this key", Forbidden)


def _shape(path: str) -> tuple[Callable[[Any], bool], str]:
    """Whether a body is what comes from this address, and what that is."""
    if path.endswith("/account"):
        return lambda body: isinstance(body, dict), "an object"
    if path.endswith("/activity_types"):
        return _is_object_of_lists, "an object of lists"
    return lambda body: isinstance(body, list), "a list"


def _is_object_of_lists(body: Any) -> bool:
    return isinstance(body, dict) and all(isinstance(each, list) for each in body.values())


def _search(kind: str) -> tuple[str, dict[str, Any]]:
    fixed: dict[str, Any] = {"sort_by": "date_modified", "sort_direction": "asc"}
    if kind == "lead":
        fixed["include_converted_leads"] = True  # Otherwise they vanish from every listing (copper.md 13.4).
    return f"{SEARCHES[kind]}/search", fixed


def _total(answer: Answer) -> int | None:
    total = answer.headers.get("X-PW-TOTAL", "")
    return int(total) if total.isascii() and total.isdigit() else None
