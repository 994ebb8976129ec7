"""How many requests a minute. pandadoc.md 3."""

from collections.abc import Callable

import pytest

from sandbox.pandadoc.groups import group_of, limit_of
from tests.sandbox.pandadoc.conftest import Reader

ID = "aB3dE5fG7hJ9kL2mN4pQ6r"
UUID = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("path", "group", "limit"),
    [
        ("v1/documents", "list", 2000),
        (f"v1/documents/{ID}", "list", 2000),
        ("v1/templates", "list", 2000),
        (f"v1/documents/{ID}/details", "document details", 600),
        (f"v1/templates/{ID}/details", "blueprint details", 300),
        (f"v1/content-library-items/{ID}/details", "blueprint details", 300),
        (f"v1/documents/{ID}/download", "download", 100),
        ("v1/documents/folders", "/public/v1/documents/folders", 100),
        ("v1/contacts", "/public/v1/contacts", 100),
        (f"v1/documents/{ID}/attachments", "/public/v1/documents/{id}/attachments", 100),
        (f"v2/documents/{ID}/audit-trail", "/public/v2/documents/{id}/audit-trail", 100),
        (f"v2/product-catalog/items/{UUID}", "/public/v2/product-catalog/items/{id}", 100),
        ("v2/product-catalog/items/search", "/public/v2/product-catalog/items/search", 100),
    ],
)
def test_operations_count_in_groups(path: str, group: str, limit: int) -> None:
    assert group_of(f"/public/{path}") == group
    assert limit_of(group, {}, sandbox_key=False) == limit
    assert limit_of(group, {}, sandbox_key=True) == 10


def test_the_minute_slides_and_groups_do_not_add_up(pandadoc: Reader) -> None:
    for _ in range(100):
        assert pandadoc.ask("v1/contacts", pace=0.3).status_code == 200
    assert pandadoc.ask("v1/contacts", pace=0).status_code == 429
    assert pandadoc.ask("v1/members", pace=0).status_code == 200
    pandadoc.clock.time += 60.001 - 99 * 0.3
    assert pandadoc.ask("v1/contacts", pace=0).status_code == 200
    assert pandadoc.ask("v1/contacts", pace=0).status_code == 429


def test_600_details_a_minute_and_no_more(pandadoc: Reader) -> None:
    id = pandadoc.documents(status=2)[0]["id"]
    answers = [pandadoc.ask(f"v1/documents/{id}/details", pace=0.01).status_code for _ in range(620)]
    assert answers.count(200) == 600 and answers.count(429) == 20
    pandadoc.clock.time += 60
    assert pandadoc.ask(f"v1/documents/{id}/details").status_code == 200


def test_a_sandbox_key_has_ten_requests_a_minute_of_each_kind(make: Callable[..., Reader]) -> None:
    reader = make(sandbox_key=True)
    for path in ("v1/documents", "v1/contacts"):
        assert [reader.ask(path, pace=1).status_code for _ in range(12)] == [200] * 10 + [429] * 2


def test_too_many_requests_answer_in_all_shapes_and_promise_nothing(make: Callable[..., Reader]) -> None:
    reader = make(limits={"list": 1, "/public/v2/logs": 1})
    reader.one("v1/documents")
    answers = [reader.ask("v1/documents", pace=1) for _ in range(2)]
    bodies = [answer.json() for answer in answers]
    assert {"type": "throttled", "detail": "Request was throttled."} in bodies
    assert any(body["detail"].startswith("Request was throttled. Expected available in 5") for body in bodies)
    assert not any("Retry-After" in answer.headers for answer in answers)
    reader.one("v2/logs")
    assert reader.refused("v2/logs") == (429, {"code": "too_many_requests", "details": []})
    reader.vendor.options.retry_after = True
    assert 50 < int(reader.ask("v1/documents").headers["Retry-After"]) <= 60


def test_requests_without_credentials_do_not_count(pandadoc: Reader) -> None:
    right = pandadoc.session.headers["Authorization"]
    pandadoc.session.headers["Authorization"] = "API-Key wrong"
    assert {pandadoc.ask("v1/contacts", pace=0).status_code for _ in range(150)} == {401}
    pandadoc.session.headers["Authorization"] = right
    assert pandadoc.ask("v1/contacts", pace=0).status_code == 200
