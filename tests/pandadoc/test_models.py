"""What a record of PandaDoc's becomes."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pandadoc import models
from shared.exact import Exact, exact
from shared.tables import Drift, Row, Table

DOCUMENT: dict[str, Any] = {"id": "d1", "name": "Proposal", "status": "document.sent"}


def rows(table: Table, record: Any) -> tuple[Row, dict[str, list[Row]], Drift]:
    drift = Drift()
    found = table.rows(record, drift)
    return found.row, {name: list(children) for name, children in found.children}, drift


def children(name: str, table: Table = models.DOCUMENT, **record: Any) -> list[Row]:
    """The rows of a child table, without the key; nothing may be drift."""
    _, found, drift = rows(table, {"id": "d1", **record})
    assert not drift.keys and not drift.values
    return [{key: value for key, value in row.items() if key != f"{table.name}_id"} for row in found[name]]


def filled(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def test_what_the_list_shows_is_a_document() -> None:
    row, found, drift = rows(
        models.DOCUMENT,
        {
            **DOCUMENT,
            "date_created": "2026-02-03T10:00:00.000001Z",
            "date_modified": None,
            "expiration_date": None,
            "version": None,
        },
    )
    assert filled(row) == {**DOCUMENT, "date_created": "2026-02-03T10:00:00.000001Z"}
    assert not any(found.values()) and not drift.keys and not drift.values


@pytest.mark.parametrize(
    ("written", "landed"),
    [
        ("2026-03-01T09:30:00.123456Z", "2026-03-01T09:30:00.123456Z"),
        ("2026-03-01T09:30:00Z", "2026-03-01T09:30:00.000000Z"),
        ("2026-03-01T09:30:00.5+00:00", "2026-03-01T09:30:00.500000Z"),
        ("2026-03-01T09:30:00.123", "2026-03-01T09:30:00.123000Z"),
        ("2026-03-01T11:30:00+02:00", "2026-03-01T09:30:00.000000Z"),
        ("2026-03-01T04:30:00-05:00", "2026-03-01T09:30:00.000000Z"),
        ("2026-03-01T09:30:00", "2026-03-01T09:30:00.000000Z"),
        ("", None),
        (None, None),
    ],
)
def test_every_spelling_of_a_time_is_utc(written: str | None, landed: str | None) -> None:
    row, _, drift = rows(models.DOCUMENT, {**DOCUMENT, "date_sent": written})
    assert row["date_sent"] == landed and not drift.values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("PO-1", "PO-1"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        ({}, "{}"),
        (None, None),
        (7, "7"),
        (exact("1.50"), "1.50"),
        (["b", "a"], '["b","a"]'),
        ({"name": "a.pdf", "url": "https://x.example/signed"}, '{"name":"a.pdf"}'),
        ({"b": "é", "a": 1}, '{"a":1,"b":"é"}'),
    ],
)
def test_the_value_of_a_field_is_text_whatever_its_type(value: Any, text: str | None) -> None:
    [row] = children("document_field", fields=[{"uuid": "f", "type": "text", "value": value}])
    assert row["value"] == text


def test_where_uploaded_files_lie_is_not_landed_however_many_they_are() -> None:
    files = [{"name": "a.pdf", "url": "https://files.example/a"}, {"name": "b.pdf", "url": "https://files.example/b"}]
    field = {"uuid": "f", "type": "collect_file", "value": files}
    row, found, _ = rows(replace(models.DOCUMENT, keep_raw=True), {**DOCUMENT, "fields": [field]})
    assert found["document_field"][0]["value"] == '[{"name":"a.pdf"},{"name":"b.pdf"}]'
    assert "files.example" not in json.dumps([row, found])


@pytest.mark.parametrize("nobody", [{}, "", None, {"id": None}])
def test_a_field_may_be_nobodys(nobody: Any) -> None:
    [row] = children("document_field", fields=[{"uuid": "f", "assigned_to": nobody}])
    assert row["assigned_to_id"] is None


def test_a_field_says_whose_it_is() -> None:
    assigned = {"type": "recipient", "id": "r1", "email": "a@example.com", "role": "Client", "roles": ["Client"]}
    [row] = children("document_field", fields=[{"uuid": "f", "assigned_to": assigned}])
    assert {key: row[f"assigned_to_{key}"] for key in ("id", "type", "email", "role")} == {
        "id": "r1",
        "type": "recipient",
        "email": "a@example.com",
        "role": "Client",
    }


def test_metadata_is_a_row_an_entry_in_the_order_of_its_keys() -> None:
    assert children("document_metadata", metadata={"b.c": "1", "a": None, "Ä": {"x": 1}}) == [
        {"position": 0, "key": "a", "value": None},
        {"position": 1, "key": "b.c", "value": "1"},
        {"position": 2, "key": "Ä", "value": '{"x":1}'},
    ]


def test_recipients_without_a_type_and_groups_with_their_members() -> None:
    recipients = [
        {"id": "r1", "first_name": "Nora", "signing_order": 1, "delivery_methods": None, "redirect": {"url": None}},
        {
            "type": "recipient_group",
            "id": "r2",
            "name": "Legal",
            "signing_order": None,
            "members": [{"id": "m1", "email": None, "signature_date": "2026-01-01T00:00:00Z"}, {"id": "m2"}],
        },
    ]
    landed = children("document_recipient", recipients=recipients)
    assert [filled(row) for row in landed] == [
        {"position": 0, "id": "r1", "first_name": "Nora", "signing_order": 1},
        {"position": 1, "id": "r2", "type": "recipient_group", "name": "Legal"},
    ]
    members = children("document_recipient_group_member", recipients=recipients)
    assert [(row["position"], row["recipient_position"], row["recipient_id"], row["id"]) for row in members] == [
        (0, 1, "r2", "m1"),
        (1, 1, "r2", "m2"),
    ]


def test_money_is_exact_from_text_and_from_numbers() -> None:
    tables = [
        {
            "id": "t",
            "total": "33.0000000000",
            "items": [
                {
                    "qty": 3,
                    "price": "0.1",
                    "cost": "",
                    "subtotal": exact("12345678901234567.89"),
                    "discount": None,
                    "tax_first": {"type": "percent", "value": "9"},
                }
            ],
        }
    ]
    [table] = children("document_pricing_table", pricing={"tables": tables, "total": "1"})
    [item] = children("document_pricing_table_item", pricing={"tables": tables})
    assert table["total"] == "33.000000000"
    assert (item["qty"], item["price"], item["cost"], item["subtotal"]) == ("3", "0.1", None, "12345678901234567.89")
    assert (item["tax_first_type"], item["tax_first_value"], item["discount_type"]) == ("percent", "9", None)


def test_rows_of_pricing_tables_say_which_table_they_lie_in() -> None:
    tables = [
        {"id": "t1", "items": [{"id": None, "name": "a"}, {"name": "b"}]},
        {"id": "t2", "items": None},
        {"id": "t3", "items": [{"name": "c", "custom_columns": {"Region": "EMEA"}}]},
    ]
    items = children("document_pricing_table_item", pricing={"tables": tables})
    shown = ("position", "pricing_table_position", "pricing_table_id", "name")
    assert [tuple(each[name] for name in shown) for each in items] == [
        (0, 0, "t1", "a"),
        (1, 0, "t1", "b"),
        (2, 2, "t3", "c"),
    ]
    assert items[2]["custom_columns"] == {"Region": "EMEA"}


def test_items_of_quotes_say_which_section_and_quote_they_lie_in() -> None:
    quotes = [
        {"id": "q1", "sections": [{"id": "s1", "items": None}]},
        {"id": "q2", "sections": [{"id": "s2", "items": [{"name": "a"}]}, {"id": "s3", "items": [{"name": "b"}]}]},
    ]
    sections = children("document_quote_section", pricing={"quotes": quotes})
    items = children("document_quote_item", pricing={"quotes": quotes})
    assert [(each["quote_position"], each["id"]) for each in sections] == [(0, "s1"), (1, "s2"), (1, "s3")]
    assert [(each["quote_position"], each["quote_section_position"], each["name"]) for each in items] == [
        (1, 1, "a"),
        (1, 2, "b"),
    ]


def test_pricing_that_is_empty_is_nothing() -> None:
    row, found, drift = rows(models.DOCUMENT, {**DOCUMENT, "pricing": {}})
    assert row["pricing_total"] is None and not any(found.values()) and not drift.keys


def test_an_earlier_spelling_of_linked_objects_is_understood() -> None:
    [row] = children("document_linked_object", linked_objects=[{"id": "l", "entiry_id": "4711"}])
    assert row["entity_id"] == "4711"


def test_signing_orders_of_roles_are_numbers_although_they_are_sent_as_text() -> None:
    landed = children(
        "template_role",
        models.TEMPLATE,
        roles=[{"id": "a", "signing_order": "2"}, {"id": "b", "signing_order": None}, {"id": "c", "signing_order": ""}],
    )
    assert [each["signing_order"] for each in landed] == [2, None, None]


def test_a_member_is_verified_under_either_spelling() -> None:
    for key in ("email_verified", "emails_verified"):
        row, _, drift = rows(models.MEMBER, {"membership_id": "m", key: True})
        assert row["email_verified"] is True and not drift.keys


def test_the_prices_of_an_item_come_before_those_of_its_variants() -> None:
    row, found, drift = rows(
        models.CATALOG_ITEM,
        {
            "uuid": "i",
            "billing_cycle": 1,
            "price": exact("9.99"),
            "highlights": {"a": 1},
            "image_src": "https://x.example",
            "default_price_configuration": {"uuid": "p", "billing_cycle": "monthly", "tiers": None},
            "variants": [{"uuid": "v", "status": 1, "price_configurations": [{"uuid": "w", "price": Exact("1.5")}]}],
            "bundle_items": [{"quantity": 2, "item": {"uuid": "o", "images": [], "image_url": "https://x.example"}}],
        },
    )
    assert not drift.keys and not drift.values
    assert (row["billing_cycle"], row["price"]) == ("1", "9.99")
    assert [
        (each["catalog_item_uuid"], each["uuid"], each["variant_position"], each["variant_uuid"])
        for each in found["catalog_item_price"]
    ] == [("i", "p", None, None), ("i", "w", 0, "v")]
    assert found["catalog_item_bundle_item"][0]["item_uuid"] == "o"


SECRETS: list[tuple[Table, dict[str, Any]]] = [
    (models.DOCUMENT, {"recipients": [{"id": "r", "shared_link": "canary"}]}),
    (models.DOCUMENT, {"recipients": [{"id": "r", "members": [{"id": "m", "shared_link": "canary"}]}]}),
    *(
        (models.DOCUMENT, {"recipients": [{"id": "r", "verification_settings": settings}]})
        for settings in ({"passcode_verification": {"passcode": "canary"}}, {"kba_verification": {"answer": "canary"}})
    ),
    (models.DOCUMENT, {"fields": [{"uuid": "f", "value": {"name": "a", "url": "canary"}}]}),
    (models.DOCUMENT, {"fields": [{"uuid": "f", "assigned_to": {"id": "r", "shared_link": "canary"}}]}),
    (models.DOCUMENT, {"approval_execution": {"steps": [{"approvers": [{"id": "a", "shared_link": "canary"}]}]}}),
    (models.DOCUMENT, {"images": [{"name": "i", "urls": ["canary"]}]}),
    (models.DOCUMENT, {"something_new": [{"deep": {"shared_link": "canary", "passcode": "canary"}}]}),
    (models.TEMPLATE, {"images": [{"name": "i", "urls": ["canary"]}]}),
    (models.TEMPLATE, {"fields": [{"uuid": "f", "value": {"name": "a", "url": "canary"}}]}),
    (models.WEBHOOK_SUBSCRIPTION, {"uuid": "w", "shared_key": "canary"}),
    (models.WEBHOOK_EVENT, {"uuid": "w", "signature": "canary", "request_body": "canary", "response_body": "canary"}),
    (models.API_LOG, {"key": "canary", "request_body": {"a": "canary"}, "response_body": {"a": "canary"}}),
]


@pytest.mark.parametrize(("table", "part"), SECRETS)
def test_what_opens_something_lands_neither_in_columns_nor_raw_nor_errors(table: Table, part: dict[str, Any]) -> None:
    record = {"id": "d1", **part}
    found = replace(table, keep_raw=True).rows(record, Drift())
    assert "canary" in json.dumps(record)
    assert "canary" not in json.dumps([found.row, found.children])
    assert "canary" not in json.dumps(table.kept(record))


@pytest.mark.parametrize(
    "broken",
    [
        {"recipients": "x"},
        {"recipients": [1, None, []]},
        {"fields": {"a": 1}},
        {"fields": [{"value": [], "assigned_to": "x"}]},
        {"tokens": [[]]},
        {"metadata": ["a"]},
        {"metadata": "x"},
        {"pricing": []},
        {"pricing": {"tables": {"items": 1}}},
        {"pricing": {"tables": [{"items": {"a": 1}}, 7, {"items": [None]}]}},
        {"linked_objects": [3]},
        {"images": [1]},
        {"pricing": {"quotes": [{"sections": [3]}]}},
        {"pricing": {"quotes": [{"sections": [{"items": "x"}]}]}},
        {"images": "x"},
        {"tags": {"a": "b"}},
        {"tags": [{}]},
        {"created_by": "me"},
        {"grand_total": []},
        {"date_created": 7},
        {"template": "t"},
        {"lock": []},
        {"approval_execution": "x"},
    ],
)
def test_whatever_is_broken_inside_of_a_document_the_rest_lands_and_it_is_told(broken: dict[str, Any]) -> None:
    row, found, drift = rows(models.DOCUMENT, {**DOCUMENT, "tokens": [{"name": "a", "value": "b"}], **broken})
    assert row["name"] == "Proposal"
    if "tokens" not in broken:
        assert len(found["document_token"]) == 1
    if broken not in ({"approval_execution": "x"}, {"images": [1]}, {"images": "x"}):  # JSON, whatever it is.
        assert drift.keys or drift.values
