"""The HTTP client of PandaDoc: addresses, pages of raw JSON, and what its answers mean (pandadoc.md 1-6, 8).

Limits are counted by operation, each on its own (pandadoc.md 3), so each has an `Http` with a pace of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from shared.errors import BadPayload, NotReady, RateLimited, Rejected, SourceError, Unauthorized
from shared.http import Answer, Http
from shared.pagination import by_number, by_offset

Record = dict[str, Any]
Operation = Callable[[str], Http]
"""The client of an operation, by its name."""

PAGE_SIZE = 100
USERS_PAGE_SIZE = 50
LOGS_PAGE_SIZE = 1_000
MOST_LOGS = 10_000
"""Rows of one query of the logs that can be had at all (pandadoc.md 5)."""

LIST, DOCUMENT_DETAILS, TEMPLATE_DETAILS = "list", "document details", "template details"
"""The operations whose limits are published; all others are named after their address."""


class Batch(list[Any]):
    """Records of one page. `last`: nothing follows them. `more`: something does, even if there are none.
    `total`: so many there are in all, where that is said."""

    def __init__(self, records: list[Any], *, last: bool = False, more: bool = False, total: int | None = None) -> None:
        super().__init__(records)
        self.last = last
        self.more = more
        self.total = total

    def __bool__(self) -> bool:
        return self.more or len(self) > 0


class PandaDoc:
    """Reads one workspace. Empty parameters are refused by the source, so none is ever sent (pandadoc.md 5)."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    def current_member(self) -> Record:
        """The credential's own membership: every licence may read it (pandadoc.md 2.3)."""
        return self._object("members", "public/v1/members/current")

    # Documents.

    def documents(self, **parameters: str | int) -> Batch:
        """The first page of documents, or the one that `page` names; never deleted ones, unless asked for."""
        return self._batch(LIST, "public/v1/documents", {"count": PAGE_SIZE, "page": 1, **parameters})

    def document_pages(self, **parameters: str | int) -> Iterator[Batch]:
        """Pages of them by number."""
        return _pages(lambda number: self.documents(page=number, **parameters))

    def document_details(self, identity: str) -> Record:
        """What the list does not show. Raises `NotReady` while the document is being made."""
        return self._details(DOCUMENT_DETAILS, "public/v1/documents/{}/details", identity)

    def attachments(self, document: str) -> list[Any]:
        answer = self._operation("attachments").get(f"public/v1/documents/{_step(document)}/attachments")
        return _list(answer, answer.json)

    def sections(self, document: str) -> Batch:
        return self._whole("sections", f"public/v1/documents/{_step(document)}/sections")

    def audit_trail(self, document: str) -> Iterator[Batch]:
        """Pages of what happened to a document."""
        return self._by_offset("audit trail", f"public/v2/documents/{_step(document)}/audit-trail")

    def document_settings(self, document: str) -> Record:
        return self._object("settings", f"public/v2/documents/{_step(document)}/settings")

    def auto_reminders(self, document: str) -> Record:
        return self._object("auto-reminders", f"public/v1/documents/{_step(document)}/auto-reminders")

    def auto_reminders_status(self, document: str) -> list[Any]:
        path = f"public/v1/documents/{_step(document)}/auto-reminders/status"
        answer = self._operation("auto-reminders status").get(path)
        body = _mapping(answer)
        return _list(answer, body.get("reminders", body.get("result")))  # Renamed once (pandadoc.md 13.26).

    # Templates, the content library, the catalogue.

    def templates(self, **parameters: str) -> Iterator[Batch]:
        """Pages of templates, each row with both of its dates."""
        return self._numbered(LIST, "public/v1/templates", {"fields": "content_date_modified", **parameters})

    def template_details(self, identity: str) -> Record:
        return self._details(TEMPLATE_DETAILS, "public/v1/templates/{}/details", identity)

    def content_library_items(self, **parameters: str) -> Iterator[Batch]:
        return self._numbered(LIST, "public/v1/content-library-items", parameters)

    def content_library_item_details(self, identity: str) -> Record:
        return self._details(TEMPLATE_DETAILS, "public/v1/content-library-items/{}/details", identity)

    def catalog_items(self) -> Iterator[Batch]:
        """Pages of items of both types: nobody says what comes where none is asked for."""
        return _pages(
            lambda number: self._batch(
                "catalogue",
                "public/v2/product-catalog/items/search",
                {"page": number, "per_page": PAGE_SIZE, "order_by": "sku", "types": ["regular", "bundle"]},
                key="items",
                more="has_more_items",
            )
        )

    def catalog_item_details(self, identity: str) -> Record:
        return self._details("catalogue details", "public/v2/product-catalog/items/{}", identity, key="uuid")

    # People, folders, forms.

    def contacts(self) -> Batch:
        return self._whole("contacts", "public/v1/contacts")

    def members(self) -> Batch:
        return self._whole("members", "public/v1/members")

    def users(self) -> Iterator[Batch]:
        return self._numbered("users", "public/v1/users", {}, size=USERS_PAGE_SIZE)

    def workspaces(self) -> Iterator[Batch]:
        return self._numbered("workspaces", "public/v1/workspaces", {})

    def folders(self, kind: str, parent: str | None) -> Iterator[Batch]:
        """Pages of the folders of `documents` or `templates` right below one of them, or at the top."""
        parameters = {"count": PAGE_SIZE} if parent is None else {"count": PAGE_SIZE, "parent_uuid": parent}

        def fetch(number: int) -> Batch:
            page = self._batch(f"{kind} folders", f"public/v1/{kind}/folders", {**parameters, "page": number})
            page.last = len(page) < PAGE_SIZE  # Another request for each folder would be as many again.
            return page

        return _pages(fetch)

    def forms(self) -> Iterator[Batch]:
        return _pages(
            lambda number: self._batch(
                "forms", "public/v1/forms", {"count": PAGE_SIZE, "page": number}, more="has_next_page"
            )
        )

    # Operations.

    def webhook_subscriptions(self) -> Batch:
        return self._whole("webhook subscriptions", "public/v1/webhook-subscriptions", key="items")

    def webhook_events(self, **since: str) -> Iterator[Batch]:
        """Pages of events. Whether they are counted from 1 or from 0 nobody says (pandadoc.md 13.17)."""

        def fetch(number: int) -> Batch:
            return self._batch(
                "webhook events", "public/v1/webhook-events", {"count": PAGE_SIZE, "page": number, **since}, key="items"
            )

        first: Batch = Batch([])
        for page in _pages(fetch):
            first = first or page
            yield page
        with suppress(Rejected):  # Then they are counted from 1.
            if before := [event for event in fetch(0) if event not in first]:
                yield Batch(before, last=True)

    def logs(self, since: str, to: str | None) -> Iterator[Batch]:
        """Pages of API calls in a window, `MOST_LOGS` rows at the most."""
        window = {"since": since} if to is None else {"since": since, "to": to}
        return _pages(
            lambda number: self._batch(
                "logs",
                "public/v2/logs",
                {**window, "count": LOGS_PAGE_SIZE, "page": number},
                last=number * LOGS_PAGE_SIZE >= MOST_LOGS,
            )
        )

    def now(self) -> datetime | None:
        """The time of the source's clock, to the second; `None` where it does not say."""
        answer = self._operation("logs").get("public/v2/logs", params={"count": 1, "page": 1})
        try:
            found = parsedate_to_datetime(answer.headers["Date"])
        except (KeyError, ValueError, TypeError):
            return None
        return found if found.tzinfo else None

    def notaries(self) -> Iterator[Batch]:
        return self._by_offset("notaries", "public/v2/notary/notaries")

    def notarization_requests(self) -> Iterator[Batch]:
        """By default only those of the credential's owner are shown (pandadoc.md 8)."""
        return self._by_offset("notarization requests", "public/v2/notary/notarization-requests")

    def sms_opt_outs(self, since: str) -> Batch:
        """The latest change of each number, of those that changed since then."""
        return Batch(self._batch("SMS opt-outs", "public/v1/sms-opt-outs", {"timestamp_from": since}), last=True)

    # Requests.

    def _by_offset(self, operation: str, path: str) -> Iterator[Batch]:
        return by_offset(  # type: ignore[return-value]
            lambda offset: self._batch(operation, path, {"limit": PAGE_SIZE, "offset": offset})
        )

    def _numbered(
        self, operation: str, path: str, parameters: Mapping[str, str], *, size: int = PAGE_SIZE
    ) -> Iterator[Batch]:
        return _pages(lambda number: self._batch(operation, path, {"count": size, "page": number, **parameters}))

    def _whole(self, operation: str, path: str, *, key: str = "results") -> Batch:
        """A listing that comes in one answer."""
        found = self._batch(operation, path, {}, key=key, last=True)
        return Batch(found, last=True, total=len(found))

    def _batch(
        self,
        operation: str,
        path: str,
        parameters: Mapping[str, Any],
        *,
        key: str = "results",
        more: str | None = None,
        last: bool = False,
    ) -> Batch:
        answer = self._operation(operation).get(path, params=parameters or None)
        body = _mapping(answer)
        total = body.get("total")
        return Batch(
            _list(answer, body.get(key)),
            last=last or (more is not None and body.get(more) is False),
            more=more is not None and body.get(more) is True,
            total=total if isinstance(total, int) and not isinstance(total, bool) else None,
        )

    def _object(self, operation: str, path: str) -> Record:
        return _mapping(self._operation(operation).get(path))

    def _details(self, operation: str, path: str, identity: str, *, key: str = "id") -> Record:
        answer = self._operation(operation).get(path.format(_step(identity)))
        body = _mapping(answer)
        if body.get(key) != identity:
            raise answer.bad(f"asked for {identity}, the source sent another one, or none", BadPayload)
        return body


def meaning(answer: Answer) -> SourceError | None:
    """What PandaDoc's answers mean beyond their status (pandadoc.md 3, 4)."""
    match answer.status:
        case 401:
            return answer.bad(
                "PandaDoc does not accept the credential: check that api_key is a valid key whose owner still belongs "
                "to the workspace, or authorise again and put the new refresh_token into the configuration",
                Unauthorized,
            )
        case 409:
            return answer.bad("the source is still making it", NotReady)
        case 429:
            error = answer.bad("too many requests", RateLimited)
            if error.retry_after is None and (named := re.search(r"(\d{1,4}) second", answer.text)):
                error.retry_after = float(named[1])
            return error
    return None


def refusal(answer: Answer) -> SourceError | None:
    """What refusals of a refresh token mean: all of them are final (pandadoc.md 2.2)."""
    if answer.status not in (400, 401, 403):
        return None
    if "invalid_client" in answer.text:
        return answer.bad(
            "PandaDoc does not know this client_id with this client_secret: copy both from your application's page",
            Unauthorized,
        )
    return answer.bad(
        "PandaDoc does not accept the refresh token: authorise again and put the new refresh_token into the "
        "configuration",
        Unauthorized,
    )


def exchange(http: Http, client_id: str, client_secret: str, refresh_token: str) -> Answer:
    """Ask for an access token (pandadoc.md 2.2)."""
    return http.post(
        "oauth2/access_token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
    )


def _pages(fetch: Callable[[int], Batch]) -> Iterator[Batch]:
    """Until a page is empty, as the vendor says, or one says itself that it is the last."""
    return by_number(fetch, last=lambda number, page: isinstance(page, Batch) and page.last)  # type: ignore[return-value]


def _step(identity: str) -> str:
    """An id as one step of a path, whatever is in it."""
    return quote(identity, safe="")


def _mapping(answer: Answer) -> Record:
    if not isinstance(answer.json, dict):
        raise answer.bad("an object was expected", BadPayload)
    return answer.json


def _list(answer: Answer, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise answer.bad("a list was expected", BadPayload)
    return value
