"""What the API shows of each record. pandadoc.md 9."""

import json
from collections.abc import Callable
from typing import Any

from sandbox.columns import columns
from sandbox.pandadoc import formats
from sandbox.pandadoc.contents import SIGNATURE_LIKE, Contents, Part
from sandbox.pandadoc.formats import DAY, instant, short_id, uuid
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.store import Store
from sandbox.store import Record

Payload = dict[str, Any]
VERSION = "2"
CREATED = "date_created=created:instant"
DATES = f"{CREATED} date_modified=updated:instant"
LOCAL_DATES = "date_created=created:local date_modified=modified:local"
BLUEPRINT = f"id name {DATES}"
CATALOG_ITEM = "uuid=id title type created_by modified_by category_id category_name"
ROWS = {
    "document": f"""id name status=document.{{status}} {DATES} date_completed=completed:instant
        expiration_date=expires:instant""",
    "template": BLUEPRINT,
    "content_library_item": BLUEPRINT,
    "document_folder": f"uuid=id name {CREATED}",
    "template_folder": f"uuid=id name {CREATED}",
    "contact": """id email first_name last_name company job_title phone country state street_address city
        postal_code""",
    "member": f"user_id membership_id=id email first_name last_name is_active workspace role user_license {DATES}",
    "user": "user_id=id email first_name last_name phone_number license is_organization_owner workspaces",
    "workspace": f"id name {CREATED} owner",
    "form": f"id name status {DATES}",
    "catalog_item": f"""{CATALOG_ITEM} workspace_id date_created=created:offset date_modified=modified:offset
        description=variants.0.description sku=variants.0.sku:or_empty custom_fields=variants.0.custom_fields
        billing_type=price.billing_type billing_cycle=price.billing_cycle cost=price.cost currency=price.currency
        price=price.price pricing_method=price.pricing_method tiers=price.tiers
        image_src=https://images.example/{{id}}.png""",
    "webhook_subscription": "uuid=id name url active status payload triggers workspace_id shared_key",
    "webhook_event": "uuid=id name type http_status_code error delivery_time=delivered:instant",
    "api_log": """id url=https://api.pandadoc.com{address} method status request_time=created:local
        response_time=updated:local""",
    "notary": "id email name status commission_state",
    "opt_out": "phone_number=id status opt_out_changed=updated:second",
}
"""What lists show of each kind."""
GROWING = ("document", "template", "content_library_item", "contact")
DETAILS = """content_date_modified=content_modified:instant date_sent=sent:instant ref_number created_by=author template
    metadata tags"""
PARTS = {
    "attachment": f"uuid name type {CREATED} created_by=author:person",
    "audit": "id user action reason date_created=time:second ip_address",
    "reminders": "enabled delivery_method initial_delay_days is_recurring recurrence_frequency_days",
}
"""What is shown of what hangs at a document."""
VARIANT = f"uuid sku description status custom_fields {LOCAL_DATES} price_configurations=prices:prices"
PRICE = "uuid currency price cost billing_type billing_cycle:text pricing_method tiers"
PART = """title description=variants.0.description price=price.price currency=price.currency sku=variants.0.sku"""
GONE = {"title": "No longer offered", "description": None, "price": None, "currency": "USD"}
FIELD = "uuid field_id name title placeholder type value is_filled"


def person(author: Part) -> Payload:
    """An author whose membership is not told."""
    return {key: value for key, value in author.items() if key != "membership_id"}


FORMS: dict[str, Callable[[Any], Any]] = {
    **formats.FORMS,
    "person": person,
    "prices": lambda prices: [columns(PRICE, price, FORMS) for price in prices],
}


def parts(of: str, found: list[Part]) -> list[Payload]:
    return [columns(PARTS[of], one, FORMS) for one in found]


class Payloads:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options

    def row(self, record: Record) -> Payload:
        """A record as its list shows it."""
        found = columns(ROWS[record.kind], record, FORMS)
        if record.kind in MORE:
            MORE[record.kind](self, record, found)
        if record.kind in GROWING and self.options.new_field:
            found[self.options.new_field] = {"since": "8.25.0"}
        return found

    def document(self, document: Record, row: Payload) -> None:
        """What was made before 7.13 has no `date_completed`."""
        uploading = document.fields["status"] == "uploaded"
        row["version"] = None if uploading else VERSION
        if uploading and self.options.uploading_has_no_modified_date:
            row["date_modified"] = None
        if row["date_completed"] is None and document.fields["number"] % 13 == 5:
            del row["date_completed"]

    def folder(self, folder: Record, row: Payload) -> None:
        row["has_folders"] = bool(self.store.folders_in(folder.kind, folder))
        row["has_items"] = self.store.has_items(folder)

    def member(self, member: Record, row: Payload) -> None:
        row["workspace_name"] = self.store.kinds["workspace"][row["workspace"]].fields["name"]
        row[self.options.member_verified_key] = member.fields["email_verified"]

    def catalog_item(self, item: Record, row: Payload) -> None:
        values = [tier["value"] for tier in row["tiers"] or ()]
        row |= {"max_tier_value": max(values, default=None), "min_tier_value": min(values, default=None)}
        row["bundle_items_count"] = len(item.fields["bundle"] or ())
        row["images"] = [{"is_main": True, "order": 0, "src": row["image_src"]}]
        row["highlights"] = {"title": {"matched": f"<em>{row['title']}</em>"}}

    def document_details(self, document: Record) -> Payload:
        fields, contents = document.fields, self.store.contents(document)
        number, author = fields["number"], fields["author"]
        payload = {
            **self.row(document),
            **columns(DETAILS, document, FORMS),
            "date_completed": FORMS["instant"](fields.get("completed")),
            "autonumbering_sequence_name_prefix": "PD-" if number % 10 == 2 else None,
            "sent_by": None if fields.get("sent") is None else person(author),
            **_contents(contents),
            "recipients": contents.recipients,
            "grand_total": {"amount": contents.amount, "currency": contents.currency},
            "linked_objects": contents.links,
            "approval_execution": None,
            "lock": None,
        }
        if number % 12 == 9:
            approval = {"document_uuid": document.id, "revision_number": fields["content_edits"] + 1}
            payload["approval_execution"] = approval
        if fields["locked"]:
            until = instant(document.updated + DAY)
            lock = {"locked_by_user_id": author["id"], "lock_type": "wopi_editing", "expires_at": until}
            payload["lock"] = lock
        if number % 8 != 6:
            payload["folder_uuid"] = fields["folder"]
        if contents.texts is not None:
            payload["texts"] = [{"name": f"Text {place}"} for place in range(contents.texts)]
        return payload

    def document_fields(self, document: Record) -> Payload:
        """The fields once more, with where they are on the page."""
        contents = self.store.contents(document)
        return {"fields": [_placed(one, contents, place) for place, one in enumerate(contents.fields)]}

    def blueprint_row(self, blueprint: Record, with_content_date: bool) -> Payload:
        date = {"content_date_modified": instant(blueprint.fields["content_modified"])} if with_content_date else {}
        return {**self.row(blueprint), **date}

    def blueprint_status(self, blueprint: Record) -> Payload:
        prefix = "template" if blueprint.kind == "template" else "cli"
        return {**self.row(blueprint), "status": f"{prefix}.PROCESSED"}

    def blueprint_details(self, blueprint: Record) -> Payload:
        contents = self.store.blueprint_contents(blueprint)
        fields = blueprint.fields
        payload = {
            **self.blueprint_row(blueprint, True),
            "created_by": person(fields["author"]),
            "metadata": fields["metadata"],
            "tags": fields["tags"],
            **_contents(contents),
            "roles": contents.roles,
            "content_placeholders": contents.placeholders,
        }
        payload["images"] = [
            {
                "name": None if place else "logo",
                "block_uuid": uuid(blueprint.id, "image", place),
                "urls": [f"https://images.example/{short_id(blueprint.id, place)}?signature=y"],
            }
            for place in range(contents.images)
        ]
        if blueprint.kind == "template":
            payload["folder_uuid"] = fields["folder"]
        return payload

    def catalog_details(self, item: Record) -> Payload:
        fields = item.fields
        payload = columns(f"{CATALOG_ITEM} {LOCAL_DATES}", item, FORMS)
        payload["bundle_items"] = None if fields["bundle"] is None else [self._part(one) for one in fields["bundle"]]
        payload["default_price_configuration"] = columns(PRICE, fields["price"], FORMS)
        payload["variants"] = [{**columns(VARIANT, one, FORMS), "images": None} for one in fields["variants"]]
        return payload

    def event_details(self, event: Record) -> Payload:
        return {
            **self.row(event),
            "url": "https://hooks.example/0",
            "signature": short_id(event.id, "signature"),
            "request_body": json.dumps([{"event": event.fields["type"]}]),
            **dict.fromkeys(("response_body", "response_headers")),
            "event_time": instant(event.created),
        }

    def log_details(self, entry: Record) -> Payload:
        owner = self.store.kinds["member"][self.store.key_owner].fields
        return {
            **self.row(entry),
            "response_body": {"results": []},
            "request_body": {},
            **dict.fromkeys(("query_params_string", "query_params_object", "application")),
            "token_type": "API-Key",
            "key": short_id(self.store.seed, "key in log"),
            "request_id": uuid("request", entry.id),
            "user_email": owner["email"],
            "user_id": owner["user_id"],
        }

    def _part(self, part: Part) -> Payload:
        """A part of a bundle; one that was deleted since is a custom item without a number of its own."""
        item = self.store.kinds["catalog_item"].get(part["item"])
        shown = columns(PART, item) if item else GONE
        nowhere = dict.fromkeys(("image_url", "images"))
        return {"quantity": part["quantity"], "item": {"uuid": part["item"], **nowhere, **shown}}


MORE = {
    "document": Payloads.document,
    "template": lambda payloads, one, row: row.update(version=VERSION),
    "content_library_item": lambda payloads, one, row: row.update(version=VERSION),
    "document_folder": Payloads.folder,
    "template_folder": Payloads.folder,
    "member": Payloads.member,
    "catalog_item": Payloads.catalog_item,
}


def _contents(contents: Contents) -> Payload:
    pricing = {"tables": contents.tables, "quotes": contents.quotes, "total": contents.total}
    return {
        "tokens": contents.tokens,
        "fields": [_field(one, contents) for one in contents.fields],
        "pricing": {} if contents.total is None else pricing,
        "tables": [{"name": table["name"]} for table in contents.tables],
        "images": [{"name": f"Image {place}"} for place in range(contents.images)],
    }


def _field(one: Part, contents: Contents) -> Payload:
    payload = {**columns(FIELD, one), "assigned_to": _assigned(one, contents)}
    if one["type"] not in SIGNATURE_LIKE:
        payload["merge_field"] = one["field_id"]
    return payload


def _assigned(one: Part, contents: Contents) -> Payload:
    if one["recipient"] is None:
        return dict.fromkeys(("id", "email", "first_name", "last_name"), "") if one["blank"] else {}
    recipient = contents.recipients[one["recipient"]]
    payload = columns("id email? recipient_type roles signing_order has_completed", recipient)
    if payload["signing_order"] is None and ("members" in recipient or not contents.nulls):
        del payload["signing_order"]
    if "members" in recipient:
        named = "id email:or_empty first_name last_name"
        members = [columns(named, each, FORMS) for each in recipient["members"]]
        return {**payload, "type": "recipient_group", "name": recipient["name"], "members": members}
    payload |= columns("first_name last_name phone:or_empty role redirect", recipient, FORMS)
    return {**payload, "type": "recipient", "delivery_methods": {"email": True, "sms": False}}


def _placed(one: Part, contents: Contents, place: int) -> Payload:
    payload = _field(one, contents)
    payload.pop("merge_field", None)
    for name in ("role", "roles", "name", "members"):
        payload["assigned_to"].pop(name, None)
    payload["layout"] = {
        "page": 1 + place // 4,
        "position": {"offset_x": f"{40.5 + place}", "offset_y": f"{70 * place}.25", "anchor_point": "topleft"},
        "style": {"width": 120, "height": 24},
    }
    payload["settings"] = {"required": place == 0, "masked": False, "multiline": False, "autofilled": False}
    return payload
