"""Reads a quiet workspace in full, as simply as can be, and lays it out in tables.

The columns are those of `truth()`: each is looked for in the payload by its name, in one object or in an object inside
it (`created_by_email` is `created_by.email`)."""

import json
from collections.abc import Iterator
from typing import Any

from tests.sandbox.pandadoc.conftest import Reader, Row

AMOUNTS = frozenset(
    "qty cost price sale_price subtotal total overall_total amount min_tier_value max_tier_value grand_total_amount "
    "pricing_total discount_value tax_first_value tax_second_value item_price".split()
)
SUMMARY_AMOUNTS = tuple("total subtotal discount tax fee qty savings value".split())
TIMES = (
    "date_",
    "expiration_date",
    "content_date_modified",
    "signature_date",
    "delivery_time",
    "request_time",
    "response_time",
    "lock_expires_at",
)
PRICED = ("document", "template", "content_library_item")


class Crawl:
    def __init__(self, reader: Reader, columns: dict[str, list[str]]) -> None:
        self.reader = reader
        self.columns = columns
        self.tables: dict[str, list[Row]] = {}
        self.positions: dict[tuple[str, str], int] = {}

    def run(self) -> dict[str, list[Row]]:
        for row in self.reader.documents():
            self.document(row)
        for path, table in (("templates", "template"), ("content-library-items", "content_library_item")):
            fields = "content_date_modified" if table == "template" else None
            for row in self.reader.rows(f"v1/{path}", fields=fields):
                self.blueprint(table, {**row, **self.reader.one(f"v1/{path}/{row['id']}/details")})
        self.people()
        for kind in ("document", "template"):
            for row in self.folders(f"v1/{kind}s/folders", None):
                self.keep(f"{kind}_folder", row)
        for row in self.reader.rows("v1/forms"):
            self.keep("form", row)
        self.catalog()
        for row in self.reader.one("v1/webhook-subscriptions")["items"]:
            self.keep("webhook_subscription", row)
        page = 1
        while rows := self.reader.one("v1/webhook-events", count=100, page=page)["items"]:
            for row in rows:
                self.keep("webhook_event", row)
            page += 1
        return self.tables

    def document(self, row: Row) -> None:
        id = row["id"]
        answer = self.reader.ask(f"v1/documents/{id}/details")
        if answer.status_code == 409:
            self.keep("document", row)
            return
        details = {**row, **answer.json()}
        if not details.get("pricing"):
            details["pricing"] = {}
        self.keep("document", details)
        self.contents("document", details)
        for place, recipient in enumerate(details["recipients"]):
            verification = (recipient.get("verification_settings") or {}).get("verification_place")
            self.child("document_recipient", "document_id", id, {**recipient, "verification_place": verification})
            for member in recipient.get("members", ()):
                extra = {"recipient_position": place, "recipient_id": recipient["id"]}
                self.child("document_recipient_group_member", "document_id", id, {**member, **extra})
        for link in details["linked_objects"]:
            self.child("document_linked_object", "document_id", id, link)
        self.extras(id)

    def extras(self, id: str) -> None:
        path = f"v1/documents/{id}"
        for row in self.reader.one(f"{path}/attachments"):
            self.keep("document_attachment", {"document_id": id, **row})
        for row in self.reader.one(f"{path}/sections")["results"]:
            self.keep("document_section", {"document_id": id, **row})
        self.keep("document_setting", {"document_id": id, **self.reader.one(f"v2/documents/{id}/settings")})
        for row in self.reader.one(f"v2/documents/{id}/audit-trail", limit=100)["results"]:
            self.keep("document_audit_trail", {"document_id": id, **row})
        settings = self.reader.ask(f"{path}/auto-reminders")
        if settings.status_code == 200:
            self.keep("document_auto_reminder", {"document_id": id, **settings.json()})
        status = self.reader.ask(f"{path}/auto-reminders/status")
        for row in status.json()["reminders"] if status.status_code == 200 else ():
            self.child("document_auto_reminder_status", "document_id", id, row)

    def blueprint(self, table: str, details: Row) -> None:
        details["images"] = [{key: one[key] for key in ("name", "block_uuid")} for one in details["images"]]
        self.keep(table, details)
        self.contents(table, details)
        for role in details["roles"]:
            order = role["signing_order"]
            row = {**role, "signing_order": None if order is None else int(order)}
            self.child(f"{table}_role", f"{table}_id", details["id"], row)
        for one in details["content_placeholders"]:
            self.child(f"{table}_content_placeholder", f"{table}_id", details["id"], one)

    def contents(self, table: str, record: Row) -> None:
        key, id = f"{table}_id", record["id"]
        for one in record["fields"]:
            value = {"value": as_text(one["value"]), "assigned_to": one["assigned_to"]}
            self.child(f"{table}_field", key, id, {**one, **value})
        for one in record["tokens"]:
            self.child(f"{table}_token", key, id, one)
        for tag in record["tags"]:
            self.child(f"{table}_tag", key, id, {"tag": tag})
        for name, value in sorted(record["metadata"].items()):
            self.child(f"{table}_metadata", key, id, {"key": name, "value": value})
        for place, pricing in enumerate(record["pricing"].get("tables", ())):
            self.child(f"{table}_pricing_table", key, id, pricing)
            for item in pricing["items"]:
                where = {"pricing_table_position": place, "pricing_table_id": pricing["id"]}
                self.child(f"{table}_pricing_table_item", key, id, {**item, **where})
        self.quotes(table, record)

    def quotes(self, table: str, record: Row) -> None:
        key, id, sections = f"{table}_id", record["id"], 0
        for place, quote in enumerate(record["pricing"].get("quotes", ())):
            self.child(f"{table}_quote", key, id, quote)
            where = {"quote_position": place, "quote_id": quote["id"]}
            for section in quote["sections"]:
                self.child(f"{table}_quote_section", key, id, {**section, **where})
                inner = {"quote_section_position": sections, "quote_section_id": section["id"], **where}
                for item in section["items"] or ():
                    self.child(f"{table}_quote_item", key, id, {**item, **inner})
                sections += 1

    def people(self) -> None:
        for row in self.reader.one("v1/contacts")["results"]:
            self.keep("contact", row)
        for row in self.reader.one("v1/members")["results"]:
            self.keep("member", row)
        for row in self.reader.rows("v1/users", count=50):
            self.keep("user", row)
            for one in row["workspaces"]:
                self.child("user_workspace", "user_id", row["user_id"], one)
        for row in self.reader.rows("v1/workspaces"):
            self.keep("workspace", row)

    def folders(self, path: str, parent: str | None) -> Iterator[Row]:
        for row in self.reader.rows(path, parent_uuid=parent):
            yield {**row, "parent_uuid": parent}
            if row["has_folders"]:
                yield from self.folders(path, row["uuid"])

    def catalog(self) -> None:
        page, more = 1, True
        while more:
            query = {"types": ["regular", "bundle"], "order_by": "sku", "per_page": 100, "page": page}
            answer = self.reader.one("v2/product-catalog/items/search", **query)
            page, more = page + 1, answer["has_more_items"]
            for row in answer["items"]:
                self.catalog_item(row)

    def catalog_item(self, row: Row) -> None:
        uuid, key = row["uuid"], "catalog_item_uuid"
        details = self.reader.one(f"v2/product-catalog/items/{uuid}")
        self.keep("catalog_item", row)
        for part in details["bundle_items"] or ():
            self.child("catalog_item_bundle_item", key, uuid, part)
        nowhere = {"variant_position": None, "variant_uuid": None}
        self.child("catalog_item_price", key, uuid, {**details["default_price_configuration"], **nowhere})
        for place, variant in enumerate(details["variants"]):
            self.child("catalog_item_variant", key, uuid, variant)
            for price in variant["price_configurations"]:
                where = {"variant_position": place, "variant_uuid": variant["uuid"]}
                self.child("catalog_item_price", key, uuid, {**price, **where})

    def keep(self, table: str, record: Row) -> None:
        row = {column: fitted(column, picked(record, column)) for column in self.columns[table]}
        self.tables.setdefault(table, []).append(row)

    def child(self, table: str, key: str, parent: str, record: Row) -> None:
        position = self.positions.get((table, parent), 0)
        self.positions[table, parent] = position + 1
        self.keep(table, {**record, key: parent, "position": position})


def picked(record: Row, column: str) -> Any:
    """The value of a column, from the record or from an object inside it."""
    if column in record:
        return record[column]
    for name, inner in record.items():
        if isinstance(inner, dict) and column.startswith(f"{name}_") and column.removeprefix(f"{name}_") in inner:
            return inner[column.removeprefix(f"{name}_")]
    return None


def fitted(column: str, value: Any) -> Any:
    """Amounts as text to nine decimals, numbered cycles as text, times with their zone."""
    amount = column in AMOUNTS or (column.startswith("summary_") and column.endswith(SUMMARY_AMOUNTS))
    if amount and isinstance(value, str | int | float):
        whole, dot, fraction = str(value).partition(".")
        return f"{whole}{dot}{fraction[:9]}" or None
    if column == "billing_cycle" and value is not None:
        return str(value)
    if column.startswith(TIMES) and isinstance(value, str) and value[-1] != "Z" and "+" not in value:
        return f"{value}Z"
    return value


def as_text(value: Any) -> Any:
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key != "url"}
    return json.dumps(value, sort_keys=True, separators=(",", ":")) if isinstance(value, bool | dict) else value
