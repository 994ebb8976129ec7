"""The HTTP client of Basecamp: addresses, pages of raw JSON, and what its answers mean (basecamp.md 1-4)."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from shared.errors import SourceError, Unauthorized
from shared.http import Answer, Http
from shared.oauth import refused
from shared.pages import Page
from shared.pagination import by_link
from shared.records import named, text, value

Record = dict[str, Any]

RECORDINGS = "projects/recordings.json"


class Basecamp:
    """Reads one account. Every listing is followed by its links, whatever the size of its pages."""

    def __init__(self, http: Http, account_id: str) -> None:
        self._http = http
        self._account = account_id

    def one(self, path: str) -> Record:
        """One object. Raises `BadPayload` for anything else."""
        return self._http.get(f"{self._account}/{path}").object()

    def listing(self, path: str, **parameters: str | None) -> Iterator[Page]:
        """The pages of a listing, from the first one on, as `listing_from` yields them."""
        query = urlencode({name: given for name, given in parameters.items() if given is not None}, safe=":,")
        return self.listing_from(f"{self._account}/{path}{'?' if query else ''}{query}")

    def listing_from(self, url: str) -> Iterator[Page]:
        """The pages of a listing, from one that an earlier page named on. The position of a page is its own address.

        Ends at a page without a link, at an empty page (links have been seen that never end), and at a
        link that was followed before. Raises `BadPayload` for a page that is no list.
        """
        return by_link(self._page, url)

    def recordings(
        self, kind: str, status: str, *, sort: str, direction: str, buckets: str | None = None
    ) -> Iterator[Page]:
        """Recordings of one type and status: of the active projects, or of the projects named (basecamp.md 7)."""
        return self.listing(RECORDINGS, type=kind, status=status, sort=sort, direction=direction, bucket=buckets)

    def feed(self, start: Mapping[str, str]) -> Iterator[Page]:
        """Pages of the account's event feed, oldest first, each with the position after it (basecamp.md 8).

        Raises `BadPayload` for a page without events.
        """
        return by_link(self._events, f"{self._account}/events.json?{urlencode(start)}")

    def _page(self, url: str) -> Page:
        answer = self._http.get(url)
        records = answer.records()
        return Page(records, position=url, next=answer.next_url if records else None, total=_total(answer))

    def _events(self, url: str) -> Page:
        answer = self._http.get(url)
        position = str(value(answer.json, "position") or "")
        return Page(answer.records("events"), position=position, next=text(answer.json, "next"))


def meaning(answer: Answer) -> SourceError | None:
    """What Basecamp's answers mean beyond their status (basecamp.md 3)."""
    if answer.status == 404 and answer.headers.get("Reason") == "Account Inactive":
        return answer.bad(
            "this Basecamp account is suspended or its trial has ended: an owner has to reactivate it", Unauthorized
        )
    return None


def refusal(answer: Answer) -> SourceError | None:
    """What Launchpad's refusals of a refresh token mean (basecamp.md 2)."""
    return refused(
        answer,
        application="Launchpad does not know this client_id with this client_secret: copy both from your integration's "
        "page",
        token="Launchpad does not accept the refresh token (the person may have changed their password or lost "
        "access): authorise again and put the new refresh_token into the configuration",
    )


def exchange(http: Http, client_id: str, client_secret: str, refresh_token: str) -> Answer:
    """Ask Launchpad for an access token (basecamp.md 2)."""
    return http.post(
        "authorization/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
    )


def accounts(http: Http) -> list[Record]:
    """The Basecamp accounts that the credential opens. Other products are left out; newer servers name none."""
    listed = http.get("authorization.json").records("accounts")
    return [each for each in listed if named(each) and each.get("product", "bc3") == "bc3"]


def _total(answer: Answer) -> int | None:
    total = answer.headers.get("X-Total-Count", "")
    return int(total) if total.isascii() and total.isdigit() else None
