"""The examples of the vendor's own specification: each fits the tables."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pandadoc import models
from shared.tables import Drift, Table
from tests.connectors import ROOT

SPECIFICATION = ROOT / "tests" / "examples" / "pandadoc" / "openapi.json"

ANSWERS: tuple[tuple[str, str, Table], ...] = (
    ("/public/v1/documents", "results", models.DOCUMENT),
    ("/public/v1/documents/{id}/details", "", models.DOCUMENT),
    ("/public/v1/documents/{id}/attachments", ".", models.DOCUMENT_ATTACHMENT),
    ("/public/v1/documents/{document_id}/sections", "results", models.DOCUMENT_SECTION),
    ("/public/v2/documents/{document_id}/audit-trail", "results", models.DOCUMENT_AUDIT_TRAIL),
    ("/public/v2/documents/{document_id}/settings", "", models.DOCUMENT_SETTING),
    ("/public/v1/documents/{document_id}/auto-reminders", "", models.DOCUMENT_AUTO_REMINDER),
    ("/public/v1/templates", "results", models.TEMPLATE),
    ("/public/v1/templates/{id}/details", "", models.TEMPLATE),
    ("/public/v1/content-library-items", "results", models.CONTENT_LIBRARY_ITEM),
    ("/public/v1/content-library-items/{id}/details", "", models.CONTENT_LIBRARY_ITEM),
    ("/public/v2/product-catalog/items/search", "items", models.CATALOG_ITEM),
    ("/public/v2/product-catalog/items/{item_uuid}", "", models.CATALOG_ITEM),
    ("/public/v1/contacts", "results", models.CONTACT),
    ("/public/v1/members", "results", models.MEMBER),
    ("/public/v1/users", "results", models.USER),
    ("/public/v1/workspaces", "results", models.WORKSPACE),
    ("/public/v1/forms", "results", models.FORM),
    ("/public/v1/documents/folders", "results", models.DOCUMENT_FOLDER),
    ("/public/v1/templates/folders", "results", models.TEMPLATE_FOLDER),
    ("/public/v1/webhook-subscriptions", "items", models.WEBHOOK_SUBSCRIPTION),
    ("/public/v1/webhook-events", "items", models.WEBHOOK_EVENT),
    ("/public/v2/logs", "results", models.API_LOG),
)
"""Where the records of a table are: the key of the list, `.` for a list, nothing for an object."""
PLACEHOLDERS = {"text that is not a number", "text that is not a time", "text where a whole number belongs"}
"""What becomes of the word `string`, which stands in the examples for any value."""


def examples(path: str) -> Iterator[Any]:
    """The bodies of all examples of an address."""
    operation = json.loads(SPECIFICATION.read_text("utf-8"))["paths"][path]["get"]
    content = operation["responses"]["200"]["content"]["application/json"]
    yield from (each["value"] for each in content.get("examples", {}).values() if "value" in each)
    if "example" in content:
        yield content["example"]


@pytest.mark.parametrize(("path", "key", "table"), ANSWERS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_example_fits_its_table(path: str, key: str, table: Table) -> None:
    for body in examples(path):
        records = [body] if not key else body if key == "." else body[key]
        for record in records:
            drift = Drift()
            named = (
                {"document_id": "d", **record}
                if "document_id" in table.key + tuple(column.name for column in table.columns)
                else record
            )
            table.rows(named, drift)
            assert drift.keys == {}
            assert {place.split(": ")[1] for place in drift.values} <= PLACEHOLDERS, drift.values


def test_most_answers_have_examples() -> None:
    assert sum(bool(list(examples(path))) for path, _, _ in ANSWERS) >= 15


def test_the_documented_secrets_are_in_the_examples_and_do_not_land() -> None:
    for body in examples("/public/v1/documents/{id}/details"):
        found = models.DOCUMENT.rows(body, Drift())
        landed = json.dumps([found.row, found.children])
        for word in ("SimpleCode1", "app.pandadoc.com/document/", "collect_files"):
            assert word not in landed
