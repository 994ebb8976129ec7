"""Single requests of PandaDoc's client, and what its answers mean."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest
import responses

from pandadoc import api
from pandadoc.api import PandaDoc
from shared.errors import BadPayload, Forbidden, NotFound, NotReady, RateLimited, SourceError, Unauthorized, Unavailable
from shared.http import Http
from shared.pages import Page

BASE = "https://pandadoc.test"
V1 = f"{BASE}/public/v1"


@pytest.fixture
def vendor() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


@pytest.fixture
def pandadoc() -> PandaDoc:
    return PandaDoc(lambda operation: Http(BASE, interpret=api.meaning))


def asked(vendor: responses.RequestsMock) -> list[dict[str, Any]]:
    return [dict(call.request.params) for call in vendor.calls]  # type: ignore[attr-defined]


def records(pages: Iterable[Page]) -> list[Sequence[Any]]:
    return [page.records for page in pages]


def test_documents_are_asked_for_with_a_page_and_the_largest_count(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/documents", json={"results": [{"id": "a"}]})
    assert pandadoc.documents(order_by="date_created").records == [{"id": "a"}]
    assert asked(vendor) == [{"count": "100", "page": "1", "order_by": "date_created"}]


def test_a_listing_ends_at_an_empty_page(vendor: Any, pandadoc: PandaDoc) -> None:
    for rows in ([{"id": "a"}], [{"id": "b"}], []):
        vendor.get(f"{V1}/templates", json={"results": rows})
    assert records(pandadoc.templates()) == [[{"id": "a"}], [{"id": "b"}]]
    assert [each["page"] for each in asked(vendor)] == ["1", "2", "3"]
    assert all(each["fields"] == "content_date_modified" for each in asked(vendor))


def test_forms_and_the_catalogue_say_themselves_what_the_last_page_is(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/forms", json={"results": [{"id": "a"}], "has_next_page": False})
    search = f"{BASE}/public/v2/product-catalog/items/search"
    vendor.get(search, json={"items": [{"uuid": "u"}], "has_more_items": False, "total": 1})
    assert records(pandadoc.forms()) == [[{"id": "a"}]]
    assert [(page.records, page.total) for page in pandadoc.catalog_items()] == [([{"uuid": "u"}], 1)]


def test_an_empty_page_that_says_that_more_follow_is_not_the_end(vendor: Any, pandadoc: PandaDoc) -> None:
    for rows, more in (([{"id": "a"}], True), ([], True), ([{"id": "b"}], False)):
        vendor.get(f"{V1}/forms", json={"results": rows, "has_next_page": more})
    assert records(pandadoc.forms()) == [[{"id": "a"}], [], [{"id": "b"}]]


def test_the_catalogue_is_asked_for_both_types(vendor: Any, pandadoc: PandaDoc) -> None:
    search = f"{BASE}/public/v2/product-catalog/items/search"
    vendor.get(search, json={"items": [], "has_more_items": False, "total": 0})
    list(pandadoc.catalog_items())
    assert "types=regular&types=bundle" in vendor.calls[0].request.url


def test_no_more_users_are_asked_for_than_a_page_may_have(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/users", json={"results": [], "total": 0})
    list(pandadoc.users())
    assert asked(vendor)[0]["count"] == "50"


def test_the_top_of_the_folders_is_asked_for_without_an_empty_parameter(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/documents/folders", json={"results": []})
    list(pandadoc.folders("documents", None))
    assert asked(vendor) == [{"count": "100", "page": "1"}]


def test_webhook_events_are_counted_from_one_and_else_from_zero(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/webhook-events", json={"items": []})
    vendor.get(f"{V1}/webhook-events", json={"items": [{"uuid": "a"}]})
    assert records(pandadoc.webhook_events()) == [[{"uuid": "a"}]]
    assert [each["page"] for each in asked(vendor)] == ["1", "0"]


def test_of_webhook_events_that_are_counted_from_zero_the_first_page_is_not_missing(
    vendor: Any, pandadoc: PandaDoc
) -> None:
    for page in ([{"uuid": "b"}], [], [{"uuid": "a"}]):
        vendor.get(f"{V1}/webhook-events", json={"items": page})
    assert records(pandadoc.webhook_events()) == [[{"uuid": "b"}], [{"uuid": "a"}]]
    assert [each["page"] for each in asked(vendor)] == ["1", "2", "0"]


@pytest.mark.parametrize("there", [True, False])
def test_where_a_page_of_number_zero_is_refused_webhook_events_are_counted_from_one(
    vendor: Any, pandadoc: PandaDoc, there: bool
) -> None:
    for page in ([{"uuid": "a"}], []) if there else ([],):
        vendor.get(f"{V1}/webhook-events", json={"items": page})
    vendor.get(f"{V1}/webhook-events", json={"type": "validation_error", "detail": {"page": ["no"]}}, status=400)
    assert records(pandadoc.webhook_events()) == ([[{"uuid": "a"}]] if there else [])


def test_logs_are_asked_for_no_further_than_they_can_be_had(vendor: Any, pandadoc: PandaDoc) -> None:
    for number in range(10):
        vendor.get(f"{BASE}/public/v2/logs", json={"results": [{"id": f"{number}"}]})
    assert len(list(pandadoc.logs("2026-01-01T00:00:00Z", None))) == 10


def test_the_status_of_reminders_is_found_under_either_of_its_names(vendor: Any, pandadoc: PandaDoc) -> None:
    path = f"{V1}/documents/d/auto-reminders/status"
    vendor.get(path, json={"reminders": [{"status": "sent"}]})
    vendor.get(path, json={"result": [{"status": "error"}]})
    found = records(pandadoc.auto_reminders_status("d") for _ in range(2))
    assert found == [[{"status": "sent"}], [{"status": "error"}]]


def test_an_audit_trail_is_read_by_offset_until_it_ends(vendor: Any, pandadoc: PandaDoc) -> None:
    for rows in ([{"id": "a"}, {"id": "b"}], [{"id": "c"}], []):
        vendor.get(f"{BASE}/public/v2/documents/d/audit-trail", json={"count": 3, "results": rows})
    assert len(list(pandadoc.audit_trail("d"))) == 2
    assert [each["offset"] for each in asked(vendor)] == ["0", "2", "3"]


def test_an_id_is_one_step_of_the_path_whatever_is_in_it(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/documents/a%2Fb%3Fc/details", json={"id": "a/b?c"})
    assert pandadoc.document_details("a/b?c") == {"id": "a/b?c"}


def test_the_details_of_another_document_are_not_believed(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/documents/a/details", json={"id": "b"})
    with pytest.raises(BadPayload, match="asked for a"):
        pandadoc.document_details("a")


@pytest.mark.parametrize("body", [[], "x", None, 1, {"results": None}, {"results": {}}, {"result": []}])
def test_a_page_that_is_none_is_a_bad_payload(vendor: Any, pandadoc: PandaDoc, body: Any) -> None:
    vendor.get(f"{V1}/documents", json=body)
    with pytest.raises(BadPayload):
        pandadoc.documents()


ANSWERS: list[tuple[int, Any, type[SourceError]]] = [
    (401, {"type": "authentication_error", "detail": "Invalid key."}, Unauthorized),
    (403, {"type": "permissions_error", "detail": {"x": ["no"]}, "info_message": "no", "links": []}, Forbidden),
    (403, {"code": "forbidden", "details": [{"code": "x", "pointer": None, "data": None}]}, Forbidden),
    (404, {"type": "request_error", "detail": "Not found"}, NotFound),
    (409, {"id": "a", "status": "document.uploaded", "info_message": "still processing"}, NotReady),
    (500, "<html>", Unavailable),
]


@pytest.mark.parametrize(("status", "body", "kind"), ANSWERS)
def test_every_shape_of_error_is_understood(
    vendor: Any, pandadoc: PandaDoc, status: int, body: Any, kind: type[SourceError]
) -> None:
    vendor.get(f"{V1}/documents/a/details", json=body, status=status)
    with pytest.raises(kind) as caught:
        pandadoc.document_details("a")
    assert type(caught.value) is kind and caught.value.status == status


def test_a_rejected_credential_is_told_with_what_to_do(vendor: Any, pandadoc: PandaDoc) -> None:
    vendor.get(f"{V1}/members/current", json={"type": "authentication_error", "detail": "Invalid key."}, status=401)
    with pytest.raises(Unauthorized, match="check that api_key is a valid key.*or authorise again"):
        pandadoc.current_member()


@pytest.mark.parametrize(
    ("body", "headers", "wait"),
    [
        ({"type": "throttled", "detail": "Request was throttled."}, {}, None),
        ({"type": "request_error", "detail": "Request was throttled. Expected available in 13 seconds."}, {}, 13.0),
        ({"type": "request_error", "detail": "Expected available in 1 second."}, {"Retry-After": "7"}, 7.0),
        ({"code": "too_many_requests", "details": []}, {}, None),
    ],
)
def test_the_wait_after_too_many_requests_is_taken_from_wherever_it_is_said(
    vendor: Any, pandadoc: PandaDoc, body: Any, headers: dict[str, str], wait: float | None
) -> None:
    vendor.get(f"{V1}/documents", json=body, status=429, headers=headers)
    with pytest.raises(RateLimited) as caught:
        pandadoc.documents()
    assert caught.value.retry_after == wait


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (400, {"error": "invalid_grant"}, "authorise again"),
        (401, {"error": "invalid_client"}, "copy both"),
        (403, {}, "authorise again"),
    ],
)
def test_a_refused_refresh_token_is_final(vendor: Any, status: int, body: Any, advice: str) -> None:
    vendor.post(f"{BASE}/oauth2/access_token", json=body, status=status)
    with pytest.raises(Unauthorized, match=advice):
        api.exchange(Http(BASE, interpret=api.refusal), "id", "secret", "token")
    assert vendor.calls[0].request.body == (
        "grant_type=refresh_token&refresh_token=token&client_id=id&client_secret=secret"
    )


def test_requests_of_each_operation_go_to_the_client_of_that_operation(vendor: Any) -> None:
    operations: list[str] = []

    def operation(name: str) -> Http:
        operations.append(name)
        return Http(BASE)

    calls: list[tuple[str, Any, Callable[[PandaDoc], Any]]] = [
        ("documents", {"results": []}, lambda client: client.documents()),
        ("documents/a/details", {"id": "a"}, lambda client: client.document_details("a")),
        ("templates/a/details", {"id": "a"}, lambda client: client.template_details("a")),
        ("content-library-items/a/details", {"id": "a"}, lambda client: client.content_library_item_details("a")),
        ("contacts", {"results": []}, lambda client: client.contacts()),
    ]
    for path, body, call in calls:
        vendor.get(f"{V1}/{path}", json=body)
        call(PandaDoc(operation))
    assert operations == ["list", "document details", "template details", "template details", "contacts"]
