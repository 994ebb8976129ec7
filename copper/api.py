"""The HTTP client of Copper: addresses, searches, and what its answers mean (copper.md 1-5, 10)."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import BadPayload, Forbidden, SourceError, Unauthorized
from shared.http import Answer, Http

Record = dict[str, Any]

PAGE_SIZE = 200
MOST_REACHABLE = 100_000
"""Records of one search that can be had at all, however one pages (copper.md 5.1)."""
SEARCHES = {
    "person": "people", "company": "companies", "lead": "leads", "opportunity": "opportunities", "project": "projects",
    "task": "tasks",
}
"""The name of each kind of record in addresses."""


class Batch(list[Any]):
    """Records of a search. `last`: nothing follows them. `total`: no more than so many match, where that is said."""

    def __init__(self, records: list[Any], *, last: bool, total: int | None = None) -> None:
        super().__init__(records)
        self.last = last
        self.total = total


class Copper:
    """Reads one account. Searches are POSTs, validated strictly: each sends only what is documented for it."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def account(self) -> Record:
        """The account. Raises `Unauthorized` where the key is not accepted: here, and nowhere else, 401 says that."""
        answer = self._http.get("account")
        if not isinstance(answer.json, dict):
            raise answer.bad("an object was expected", BadPayload)
        return answer.json

    def listing(self, path: str, **parameters: str) -> list[Any]:
        """A listing that comes whole."""
        answer = self._http.get(path, params=parameters or None)
        if not isinstance(answer.json, list):
            raise answer.bad("a list was expected", BadPayload)
        return answer.json

    def activity_types(self) -> list[Any]:
        """Those of all categories: they come as an object of lists (copper.md 7)."""
        answer = self._http.get("activity_types")
        if not isinstance(answer.json, dict) or not all(isinstance(each, list) for each in answer.json.values()):
            raise answer.bad("an object of lists was expected", BadPayload)
        return [each for types in answer.json.values() for each in types]

    def tags(self) -> Iterator[list[Any]]:
        """Pages of tags by name, each asked for with the last name before it.

        How long a page is nobody says, nor whether every server knows the parameter: it ends at a page that
        brings nothing new (copper.md 5.5).
        """
        seen: set[str] = set()
        last: dict[str, str] = {}
        while True:
            page = self.listing("tags", sort_by="name", **last)
            names = [str(each["name"]) for each in page if isinstance(each, Mapping) and each.get("name")]
            yield page
            if not set(names) - seen:
                return
            seen.update(names)
            last = {"last_tag_value": names[-1]}

    def records(self, kind: str, **bounds: int) -> Batch:
        """The first records of a kind that lie in these bounds, by their change, oldest first: 200, or all."""
        return self._first(*_search(kind), bounds)

    def record_pages(self, kind: str, **bounds: int) -> Iterator[Batch]:
        """Pages of them by number."""
        return self._pages(*_search(kind), bounds)

    def activities(self, **bounds: int) -> Batch:
        """The first activities in these bounds, newest activity date first: 200, or all (copper.md 5.4)."""
        return self._first("activities/search", {}, bounds)

    def activity_pages(self, **bounds: int) -> Iterator[Batch]:
        """Pages of them by number."""
        return self._pages("activities/search", {}, bounds)

    def users(self) -> Iterator[Batch]:
        """Pages of users by number."""
        return self._pages("users/search", {}, {})

    def one_of(self, path: str) -> None:
        """Ask a search for one record, to see whether this key may."""
        self._http.post(f"{path}/search", json={"page_number": 1, "page_size": 1})

    def _first(self, path: str, fixed: Mapping[str, Any], bounds: Mapping[str, int]) -> Batch:
        """A page that the source has thinned out is filled up from those behind it."""
        found = Batch([], last=True)
        for page in self._pages(path, fixed, bounds):
            found = Batch([*found, *page], last=page.last, total=page.total)
            if len(found) >= PAGE_SIZE:
                break
        return found

    def _pages(self, path: str, fixed: Mapping[str, Any], bounds: Mapping[str, int]) -> Iterator[Batch]:
        number, last = 1, False
        while not last:
            answer = self._http.post(path, json={"page_number": number, "page_size": PAGE_SIZE, **fixed, **bounds})
            if not isinstance(answer.json, list):
                raise answer.bad("a list was expected", BadPayload)
            records = answer.json
            # The total is an upper bound, and records may be left out of a page: only both together say "last".
            total = _total(answer)
            last = not records or (len(records) < PAGE_SIZE and number * PAGE_SIZE >= (total or 0))
            if not last and number * PAGE_SIZE >= MOST_REACHABLE:
                raise answer.bad(f"more than {MOST_REACHABLE} records match: the rest cannot be reached", BadPayload)
            yield Batch(records, last=last, total=total)
            number += 1


def meaning(answer: Answer) -> SourceError | None:
    """What Copper's answers mean beyond their status (copper.md 4, 10)."""
    if answer.status != 401:
        return None
    if answer.url.split("?")[0].rstrip("/").endswith("/account"):
        return answer.bad(
            "Copper does not accept the credential: check that api_key is a valid key and user_email the address of "
            "the user who owns it, or make a new key", Unauthorized,
        )
    return answer.bad("not available to this key", Forbidden)


def _search(kind: str) -> tuple[str, dict[str, Any]]:
    fixed: dict[str, Any] = {"sort_by": "date_modified", "sort_direction": "asc"}
    if kind == "lead":
        fixed["include_converted_leads"] = True  # Otherwise they vanish from every listing (copper.md 13.4).
    return f"{SEARCHES[kind]}/search", fixed


def _total(answer: Answer) -> int | None:
    total = answer.headers.get("X-PW-TOTAL", "")
    return int(total) if total.isascii() and total.isdigit() else None
