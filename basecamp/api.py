"""The HTTP client of Basecamp: addresses, pages of raw JSON, and what its answers mean (basecamp.md 1-4)."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from shared.errors import BadPayload, SourceError, Unauthorized
from shared.http import Answer, Http
from shared.pagination import Part, by_link

Record = dict[str, Any]

RECORDINGS = "projects/recordings.json"


class Basecamp:
    """Reads one account. Every listing is followed by its links, whatever the size of its pages."""

    def __init__(self, http: Http, account_id: str) -> None:
        self._http = http
        self._account = account_id

    def one(self, path: str) -> Record:
        """One object. Raises `BadPayload` for anything else."""
        answer = self._http.get(f"{self._account}/{path}")
        if not isinstance(answer.json, dict):
            raise answer.bad("an object was expected", BadPayload)
        return answer.json

    def listing(self, path: str, **parameters: str | None) -> Iterator[Part]:
        """The pages of a listing, from the first one on."""
        query = urlencode({name: value for name, value in parameters.items() if value is not None}, safe=":,")
        return self.listing_from(f"{self._account}/{path}{'?' if query else ''}{query}")

    def listing_from(self, url: str) -> Iterator[Part]:
        """The pages of a listing, from one that an earlier page named on.

        Ends at a page without a link, at an empty page (links have been seen that never end), and at a
        link that was followed before.
        """
        for address, answer in by_link(self._http.get, url):
            if not isinstance(answer.json, list):
                raise answer.bad("a list was expected", BadPayload)
            yield Part(answer.json, _total(answer), address)
            if not answer.json:
                return

    def recordings(
        self, kind: str, status: str, *, sort: str, direction: str, buckets: str | None = None
    ) -> Iterator[Part]:
        """Recordings of one type and status: of the active projects, or of the projects named (basecamp.md 7)."""
        return self.listing(RECORDINGS, type=kind, status=status, sort=sort, direction=direction, bucket=buckets)

    def feed(self, start: Mapping[str, str]) -> Iterator[tuple[list[Any], str]]:
        """Pages of the account's event feed, oldest first, each with the position after it (basecamp.md 8)."""
        for _, answer in _feed_pages(self._http, f"{self._account}/events.json?{urlencode(start)}"):
            body = answer.json
            if not isinstance(body, dict) or not isinstance(body.get("events"), list):
                raise answer.bad("an object with events was expected", BadPayload)
            yield body["events"], str(body.get("position") or "")


def meaning(answer: Answer) -> SourceError | None:
    """What Basecamp's answers mean beyond their status (basecamp.md 3)."""
    if answer.status == 404 and answer.headers.get("Reason") == "Account Inactive":
        return answer.bad(
            "this Basecamp account is suspended or its trial has ended: an owner has to reactivate it", Unauthorized
        )
    return None


def refusal(answer: Answer) -> SourceError | None:
    """What Launchpad's refusals of a refresh token mean: all of them are final (basecamp.md 2)."""
    if answer.status in (400, 401, 403) and "invalid_client" in answer.text:
        return answer.bad(
            "Launchpad does not know this client_id with this client_secret: copy both from your integration's page",
            Unauthorized,
        )
    if answer.status in (400, 401, 403):
        return answer.bad(
            "Launchpad does not accept the refresh token (the person may have changed their password or lost access): "
            "authorise again and put the new refresh_token into the configuration",
            Unauthorized,
        )
    return None


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
    answer = http.get("authorization.json")
    body = answer.json
    if not isinstance(body, dict) or not isinstance(body.get("accounts"), list):
        raise answer.bad("an object with accounts was expected", BadPayload)
    return [each for each in body["accounts"] if isinstance(each, dict) and each.get("product", "bc3") == "bc3"]


def _feed_pages(http: Http, url: str) -> Iterator[tuple[str, Answer]]:
    seen: set[str] = set()
    following: Any = url
    while isinstance(following, str) and following not in seen:
        seen.add(following)
        answer = http.get(following)
        yield following, answer
        following = answer.json.get("next")


def _total(answer: Answer) -> int | None:
    total = answer.headers.get("X-Total-Count", "")
    return int(total) if total.isascii() and total.isdigit() else None
