"""The listings of a source whose answers hold their records at one place, in the plain ways of paging.

    listings = access.listings(base_url, retry, at="data", headers=…)
    listings.by_number("agents")            # agents?page=1, agents?page=2, …
    listings.by_link("tickets/7/replies")   # whatever the Link header names as next

Where a source pages otherwise, its client calls `pagination` with a `fetch` of its own.
"""

from collections.abc import Iterator
from typing import Any

from shared import pagination
from shared.http import Http
from shared.pages import Page
from shared.records import value


class Listings:
    """Reads listings of one source. `at` is the dotted path to the list in an answer; empty where the answer is one.

    Every method raises what `Http.get` raises, and `BadPayload` for an answer without a list there.
    """

    def __init__(self, http: Http, at: str = "") -> None:
        self._http = http
        self._at = at

    def page(self, path: str, **parameters: Any) -> Page:
        """One page. `next` is what the Link header names."""
        answer = self._http.get(path, params=parameters or None)
        return Page(answer.records(self._at), next=answer.next_url)

    def by_number(self, path: str, **parameters: Any) -> Iterator[Page]:
        """Pages by the parameter `page`, from 1 to the first empty one."""
        return pagination.by_number(lambda number: self.page(path, **parameters, page=number))

    def by_link(self, path: str) -> Iterator[Page]:
        """Pages by the Link header."""
        return pagination.by_link(self.page, path)

    def by_cursor(self, path: str, after: str | None = None, *, cursor: str, more: str = "") -> Iterator[Page]:
        """Pages by a cursor that stands in each answer at the path `cursor`, from the one `after` another on.

        The cursor is the position of its page. `more` is the path to whether another page follows; without it, the
        last page is the one that names no cursor. It is sent back under the name under which it came.
        """

        def fetch(reached: str | None) -> Page:
            answer = self._http.get(path, params={cursor.rpartition(".")[2]: reached} if reached else None)
            position = value(answer.json, cursor)
            follows = value(answer.json, more) if more else True
            return Page(answer.records(self._at), position=position, next=position if follows else None)

        return pagination.by_cursor(fetch, after)
