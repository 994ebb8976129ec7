"""The HTTP client of PandaDoc: addresses, pages of raw JSON, and what its answers mean (pandadoc.md 1-6, 8).

Limits are counted by operation, each on its own (pandadoc.md 3), so each has an `Http` with a pace of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from shared.errors import BadPayload, NotReady, RateLimited, Rejected, SourceError, Unauthorized
from shared.http import Answer, Http, filled
from shared.oauth import refused
from shared.pages import Page
from shared.pagination import by_number, by_offset
from shared.records import number, value

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


class PandaDoc:
    """Reads one workspace. Empty parameters are refused by the source, so none is ever sent (pandadoc.md 5)."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    def current_member(self) -> Record:
        """The credential's own membership: every licence may read it (pandadoc.md 2.3)."""
        return self._object("members", "public/v1/members/current")

    # Documents.

    def documents(self, **parameters: str | int) -> Page:
        """The first page of documents, or the one that `page` names; never deleted ones, unless asked for."""
        return self._page(LIST, "public/v1/documents", {"count": PAGE_SIZE, "page": 1, **parameters})

    def document_pages(self, **parameters: str | int) -> Iterator[Page]:
        """Pages of them by number."""
        return by_number(lambda number: self.documents(page=number, **parameters))

    def document_details(self, identity: str) -> Record:
        """What the list does not show. Raises `NotReady` while the document is being made."""
        return self._details(DOCUMENT_DETAILS, "public/v1/documents/{}/details", identity)

    def attachments(self, document: str) -> Page:
        return self._whole("attachments", filled("public/v1/documents/{}/attachments", document), key="")

    def sections(self, document: str) -> Page:
        return self._whole("sections", filled("public/v1/documents/{}/sections", document))

    def audit_trail(self, document: str) -> Iterator[Page]:
        """Pages of what happened to a document."""
        return self._by_offset("audit trail", filled("public/v2/documents/{}/audit-trail", document))

    def document_settings(self, document: str) -> Record:
        return self._object("settings", filled("public/v2/documents/{}/settings", document))

    def auto_reminders(self, document: str) -> Record:
        return self._object("auto-reminders", filled("public/v1/documents/{}/auto-reminders", document))

    def auto_reminders_status(self, document: str) -> Page:
        path = filled("public/v1/documents/{}/auto-reminders/status", document)
        answer = self._operation("auto-reminders status").get(path)
        return Page(
            answer.records("result" if value(answer.json, "reminders") is None else "reminders")
        )  # pandadoc.md 13.26

    # Templates, the content library, the catalogue.

    def templates(self, **parameters: str) -> Iterator[Page]:
        """Pages of templates, each row with both of its dates."""
        return self._numbered(LIST, "public/v1/templates", {"fields": "content_date_modified", **parameters})

    def template_details(self, identity: str) -> Record:
        return self._details(TEMPLATE_DETAILS, "public/v1/templates/{}/details", identity)

    def content_library_items(self, **parameters: str) -> Iterator[Page]:
        return self._numbered(LIST, "public/v1/content-library-items", parameters)

    def content_library_item_details(self, identity: str) -> Record:
        return self._details(TEMPLATE_DETAILS, "public/v1/content-library-items/{}/details", identity)

    def catalog_items(self) -> Iterator[Page]:
        """Pages of items of both types: nobody says what comes where none is asked for."""
        return by_number(
            lambda number: self._page(
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

    def contacts(self) -> Page:
        return self._whole("contacts", "public/v1/contacts")

    def members(self) -> Page:
        return self._whole("members", "public/v1/members")

    def users(self) -> Iterator[Page]:
        return self._numbered("users", "public/v1/users", {}, size=USERS_PAGE_SIZE)

    def workspaces(self) -> Iterator[Page]:
        return self._numbered("workspaces", "public/v1/workspaces", {})

    def folders(self, kind: str, parent: str | None) -> Iterator[Page]:
        """Pages of the folders of `documents` or `templates` right below one of them, or at the top."""
        parameters = {"count": PAGE_SIZE} if parent is None else {"count": PAGE_SIZE, "parent_uuid": parent}

        def fetch(number: int) -> Page:
            page = self._page(f"{kind} folders", f"public/v1/{kind}/folders", {**parameters, "page": number})
            # Another request for each folder would be as many again.
            return replace(page, last=len(page.records) < PAGE_SIZE)

        return by_number(fetch)

    def forms(self) -> Iterator[Page]:
        return by_number(
            lambda number: self._page(
                "forms", "public/v1/forms", {"count": PAGE_SIZE, "page": number}, more="has_next_page"
            )
        )

    # Operations.

    def webhook_subscriptions(self) -> Page:
        return self._whole("webhook subscriptions", "public/v1/webhook-subscriptions", key="items")

    def webhook_events(self, **since: str) -> Iterator[Page]:
        """Pages of events. Whether they are counted from 1 or from 0 nobody says (pandadoc.md 13.17)."""

        def fetch(number: int) -> Page:
            return self._page(
                "webhook events", "public/v1/webhook-events", {"count": PAGE_SIZE, "page": number, **since}, key="items"
            )

        first = Page()
        for page in by_number(fetch):
            first = first if first.records else page
            yield page
        with suppress(Rejected):  # Then they are counted from 1.
            if before := [event for event in fetch(0).records if event not in first.records]:
                yield Page(before, last=True)

    def logs(self, since: str, to: str | None) -> Iterator[Page]:
        """Pages of API calls in a window, `MOST_LOGS` rows at the most."""
        window = {"since": since} if to is None else {"since": since, "to": to}
        return by_number(
            lambda number: self._page(
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

    def notaries(self) -> Iterator[Page]:
        return self._by_offset("notaries", "public/v2/notary/notaries")

    def notarization_requests(self) -> Iterator[Page]:
        """By default only those of the credential's owner are shown (pandadoc.md 8)."""
        return self._by_offset("notarization requests", "public/v2/notary/notarization-requests")

    def sms_opt_outs(self, since: str) -> Page:
        """The latest change of each number, of those that changed since then."""
        return self._page("SMS opt-outs", "public/v1/sms-opt-outs", {"timestamp_from": since}, last=True)

    # Requests.

    def _by_offset(self, operation: str, path: str) -> Iterator[Page]:
        return by_offset(lambda offset: self._page(operation, path, {"limit": PAGE_SIZE, "offset": offset}))

    def _numbered(
        self, operation: str, path: str, parameters: Mapping[str, str], *, size: int = PAGE_SIZE
    ) -> Iterator[Page]:
        return by_number(lambda number: self._page(operation, path, {"count": size, "page": number, **parameters}))

    def _whole(self, operation: str, path: str, *, key: str = "results") -> Page:
        """A listing that comes in one answer."""
        page = self._page(operation, path, {}, key=key, last=True)
        return replace(page, total=len(page.records))

    def _page(
        self,
        operation: str,
        path: str,
        parameters: Mapping[str, Any],
        *,
        key: str = "results",
        more: str = "",
        last: bool = False,
    ) -> Page:
        """`more` is the key that says whether another page follows; `last` is known without being said."""
        answer = self._operation(operation).get(path, params=parameters or None)
        follows = value(answer.json, more)
        return Page(
            answer.records(key),
            last=last or (not follows if isinstance(follows, bool) else None),
            total=number(answer.json, "total"),
        )

    def _object(self, operation: str, path: str) -> Record:
        return self._operation(operation).get(path).object()

    def _details(self, operation: str, path: str, identity: str, *, key: str = "id") -> Record:
        answer = self._operation(operation).get(filled(path, identity))
        body = answer.object()
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
    """What refusals of a refresh token mean (pandadoc.md 2.2)."""
    return refused(
        answer,
        application="PandaDoc does not know this client_id with this client_secret: copy both from your application's "
        "page; after a new client_secret authorise again too",
        token="PandaDoc does not accept the refresh token: authorise again and put the new refresh_token into the "
        "configuration",
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
