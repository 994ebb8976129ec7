"""What the API shows of each record. pandadoc.md 9."""

import json
from typing import Any

from sandbox.pandadoc import extras
from sandbox.pandadoc.contents import SIGNATURE_LIKE, Contents, Field, GroupMember, Item, Line, Quote, Recipient
from sandbox.pandadoc.formats import (
    DAY,
    instant,
    instant_or_null,
    short_id,
    uuid,
    whole_second,
    with_offset,
    without_zone,
)
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.records import (
    STATUSES,
    UPLOADED,
    Author,
    Blueprint,
    CatalogItem,
    Contact,
    Document,
    Event,
    Folder,
    Form,
    LogEntry,
    Member,
    OptOut,
    Price,
    Subscription,
    User,
    Variant,
    Workspace,
)
from sandbox.pandadoc.store import Store

Payload = dict[str, Any]
VERSION = "2"
CHECKS = (
    "passcode_verification",
    "phone_verification",
    "kba_verification",
    "id_verification",
    "email_otp_verification",
)


class Payloads:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options

    def document_row(self, document: Document) -> Payload:
        """The eight columns of the list. What was made before 7.13 has no `date_completed`."""
        uploading = document.status == UPLOADED
        undated = uploading and self.options.uploading_has_no_modified_date
        row = {
            "id": document.id,
            "name": document.name,
            "status": f"document.{STATUSES[document.status]}",
            "date_created": instant(document.created),
            "date_modified": None if undated else instant(document.modified),
            "date_completed": instant_or_null(document.completed),
            "expiration_date": instant_or_null(document.expires),
            "version": None if uploading else VERSION,
        }
        if document.completed is None and document.number % 13 == 5:
            del row["date_completed"]
        return self._grown(row)

    def document_status(self, document: Document) -> Payload:
        return {**self.document_row(document), "uuid": document.id}

    def document_details(self, document: Document) -> Payload:
        contents = self.store.contents(document)
        payload = {
            **self.document_row(document),
            "date_completed": instant_or_null(document.completed),
            "autonumbering_sequence_name_prefix": "PD-" if document.number % 10 == 2 else None,
            "content_date_modified": instant(document.content_modified),
            "date_sent": instant_or_null(document.sent),
            "ref_number": document.reference,
            "created_by": {**_author(document.author), "membership_id": document.author.membership_id},
            "sent_by": None if document.sent is None else _author(document.author),
            "template": _named(document.template),
            "metadata": document.metadata,
            "tags": list(document.tags),
            **self._contents(contents, contents.recipients),
            "recipients": [_recipient(one) for one in contents.recipients],
            "grand_total": {"amount": contents.amount, "currency": contents.currency},
            "linked_objects": contents.links,
            "approval_execution": _approval(document),
            "lock": _lock(document),
        }
        if document.number % 8 != 6:
            payload["folder_uuid"] = document.folder
        if contents.texts is not None:
            payload["texts"] = [{"name": f"Text {place}"} for place in range(contents.texts)]
        return payload

    def document_fields(self, document: Document) -> Payload:
        """The fields once more, with where they are on the page."""
        contents = self.store.contents(document)
        return {"fields": [_placed(one, contents.recipients, place) for place, one in enumerate(contents.fields)]}

    def attachment(self, attachment: extras.Attachment) -> Payload:
        return {
            "uuid": attachment.uuid,
            "name": attachment.name,
            "type": attachment.type,
            "date_created": instant(attachment.created),
            "created_by": _author(attachment.author),
        }

    def audit(self, entry: extras.Audit) -> Payload:
        return {
            "id": entry.id,
            "user": {"id": entry.user_id, "email": entry.email},
            "action": entry.action,
            "reason": entry.reason,
            "date_created": whole_second(entry.time),
            "ip_address": entry.address,
        }

    def document_settings(self, settings: extras.Settings) -> Payload:
        return {
            "language": settings.language,
            "qualified_electronic_signature": settings.qualified,
            "expires_in": settings.expires_in,
            "suggest_edits": settings.suggest_edits,
        }

    def reminder_settings(self, reminders: extras.Reminders) -> Payload:
        return {
            "enabled": reminders.enabled,
            "delivery_method": reminders.delivery,
            "initial_delay_days": reminders.first_days,
            "is_recurring": reminders.recurring,
            "recurrence_frequency_days": reminders.every_days,
        }

    def blueprint_row(self, blueprint: Blueprint, with_content_date: bool = False) -> Payload:
        row = {
            "id": blueprint.id,
            "name": blueprint.name,
            "date_created": instant(blueprint.created),
            "date_modified": instant(blueprint.modified),
            "version": VERSION,
        }
        if with_content_date:
            row["content_date_modified"] = instant(blueprint.content_modified)
        return self._grown(row)

    def blueprint_status(self, blueprint: Blueprint) -> Payload:
        prefix = "template" if blueprint.kind == "template" else "cli"
        return {**self.blueprint_row(blueprint), "status": f"{prefix}.PROCESSED"}

    def blueprint_details(self, blueprint: Blueprint) -> Payload:
        contents = self.store.blueprint_contents(blueprint)
        payload = {
            **self.blueprint_row(blueprint, True),
            "created_by": _author(blueprint.author),
            "metadata": blueprint.metadata,
            "tags": list(blueprint.tags),
            **self._contents(contents, []),
            "roles": [
                {"id": role.id, "name": role.name, "signing_order": role.order, "preassigned_person": role.person}
                for role in contents.roles
            ],
            "content_placeholders": [
                {"uuid": id, "block_id": block, "description": text} for id, block, text in contents.placeholders
            ],
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
            payload["folder_uuid"] = blueprint.folder
        return payload

    def contact(self, contact: Contact) -> Payload:
        person = contact.person
        return self._grown(
            {
                "id": contact.id,
                "email": person.email,
                "first_name": person.first,
                "last_name": person.last,
                "company": person.company,
                "job_title": person.title,
                "phone": person.phone,
                "country": contact.country,
                "state": contact.state,
                "street_address": contact.street,
                "city": person.city,
                "postal_code": contact.postal_code,
            }
        )

    def member(self, member: Member) -> Payload:
        return {
            "user_id": member.author.user_id,
            "membership_id": member.author.membership_id,
            "email": member.person.email,
            "first_name": member.person.first,
            "last_name": member.person.last,
            "is_active": member.active,
            "workspace": member.workspace,
            "workspace_name": self.store.workspaces[member.workspace].name,
            self.options.member_verified_key: member.verified,
            "role": member.role,
            "user_license": member.license,
            "date_created": instant(member.created),
            "date_modified": instant(member.modified),
        }

    def user(self, user: User) -> Payload:
        return {
            "user_id": user.id,
            "email": user.person.email,
            "first_name": user.person.first,
            "last_name": user.person.last,
            "phone_number": user.person.phone or "",
            "license": user.license,
            "is_organization_owner": user.owner,
            "workspaces": [
                {"role": role, "workspace_id": workspace, "membership_id": id}
                for workspace, id, role in user.memberships
            ],
        }

    def workspace(self, one: Workspace) -> Payload:
        return {"id": one.id, "name": one.name, "date_created": instant(one.created), "owner": one.owner}

    def folder(self, kind: str, folder: Folder) -> Payload:
        return {
            "uuid": folder.uuid,
            "name": folder.name,
            "date_created": instant(folder.created),
            "has_folders": bool(self.store.children(kind, folder.uuid)),
            "has_items": self.store.has_items(kind, folder),
        }

    def form(self, form: Form) -> Payload:
        return {
            "id": form.id,
            "name": form.name,
            "status": form.status,
            "date_created": instant(form.created),
            "date_modified": instant(form.modified),
        }

    def catalog_row(self, item: CatalogItem) -> Payload:
        price = item.price
        first = item.variants[0]
        return {
            "uuid": item.uuid,
            "title": item.title,
            "sku": first.sku or "",
            "type": _type(item),
            "billing_type": price.billing_type,
            "billing_cycle": price.billing_cycle,
            "bundle_items_count": len(item.bundle or ()),
            "workspace_id": self.store.workspace,
            "category_id": item.category[0] if item.category else None,
            "category_name": item.category[1] if item.category else None,
            "created_by": item.author,
            "modified_by": item.editor or item.author,
            "cost": price.cost,
            "currency": price.currency,
            "custom_fields": _custom(first),
            "date_created": with_offset(item.created),
            "date_modified": None if item.modified is None else with_offset(item.modified),
            "description": first.description,
            "image_src": f"https://images.example/{item.uuid}.png",
            "images": [{"is_main": True, "order": 0, "src": f"https://images.example/{item.uuid}.png"}],
            "max_tier_value": max(value for _, value in price.tiers) if price.tiers else None,
            "min_tier_value": min(value for _, value in price.tiers) if price.tiers else None,
            "price": price.price,
            "pricing_method": price.method,
            "tiers": _tiers(price),
            "highlights": {"title": {"matched": f"<em>{item.title}</em>"}},
        }

    def catalog_details(self, item: CatalogItem) -> Payload:
        return {
            "uuid": item.uuid,
            "title": item.title,
            "date_created": without_zone(item.created),
            "date_modified": None if item.modified is None else without_zone(item.modified),
            "created_by": item.author,
            "modified_by": item.editor or item.author,
            "category_id": item.category[0] if item.category else None,
            "category_name": item.category[1] if item.category else None,
            "type": _type(item),
            "bundle_items": None if item.bundle is None else [self._part(*part) for part in item.bundle],
            "default_price_configuration": _price(item.price),
            "variants": [
                {
                    "uuid": one.uuid,
                    "sku": one.sku,
                    "description": one.description,
                    "status": one.status,
                    "custom_fields": _custom(one),
                    "images": None,
                    "date_created": without_zone(one.created),
                    "date_modified": None if one.modified is None else without_zone(one.modified),
                    "price_configurations": [_price(price) for price in one.prices],
                }
                for one in item.variants
            ],
        }

    def subscription(self, one: Subscription) -> Payload:
        return {
            "uuid": one.uuid,
            "name": one.name,
            "url": one.url,
            "active": one.active,
            "status": one.status,
            "payload": one.payload,
            "triggers": one.triggers,
            "workspace_id": self.store.workspace,
            "shared_key": one.shared_key,
        }

    def event(self, event: Event) -> Payload:
        return {
            "uuid": event.uuid,
            "name": event.name,
            "type": event.type,
            "http_status_code": event.http_status,
            "error": event.error,
            "delivery_time": instant(event.delivered),
        }

    def event_details(self, event: Event) -> Payload:
        return {
            **self.event(event),
            "url": "https://hooks.example/0",
            "signature": short_id(event.uuid, "signature"),
            "request_body": json.dumps([{"event": event.type}]),
            "response_body": None,
            "response_headers": None,
            "event_time": instant(event.created),
        }

    def opt_out(self, one: OptOut) -> Payload:
        return {"phone_number": one.phone, "status": one.status, "opt_out_changed": whole_second(one.changed)}

    def log_entry(self, entry: LogEntry) -> Payload:
        return {
            "id": short_id(self.store.seed, "log", entry.number),
            "url": f"https://api.pandadoc.com{entry.url}",
            "method": entry.method,
            "status": entry.status,
            "request_time": without_zone(entry.asked),
            "response_time": without_zone(entry.answered),
        }

    def log_details(self, entry: LogEntry) -> Payload:
        owner = self.store.members[self.store.key_owner]
        return {
            **self.log_entry(entry),
            "response_body": {"results": []},
            "query_params_string": None,
            "query_params_object": None,
            "request_body": {},
            "token_type": "API-Key",
            "application": None,
            "key": f"{short_id(self.store.seed, 'key in log')}",
            "request_id": uuid("request", entry.number),
            "user_email": owner.person.email,
            "user_id": owner.author.user_id,
        }

    def _contents(self, contents: Contents, recipients: list[Recipient]) -> Payload:
        return {
            "tokens": [{"name": name, "value": value} for name, value in contents.tokens],
            "fields": [_field(one, recipients) for one in contents.fields],
            "pricing": _pricing(contents),
            "tables": [{"name": table.name} for table in contents.tables],
            "images": [{"name": f"Image {place}"} for place in range(contents.images)],
        }

    def _part(self, quantity: int, part: str) -> Payload:
        """A part of a bundle; one that was deleted since is a custom item without a number of its own."""
        item = self.store.catalog.get(part)
        shown: Payload = {
            "uuid": part,
            "title": item.title if item else "No longer offered",
            "description": item.variants[0].description if item else None,
            "image_url": None,
            "images": None,
            "price": item.price.price if item else None,
            "currency": item.price.currency if item else "USD",
        }
        if item is not None:
            shown["sku"] = item.variants[0].sku
        return {"quantity": quantity, "item": shown}

    def _grown(self, payload: Payload) -> Payload:
        if self.options.new_field:
            payload[self.options.new_field] = {"since": "8.25.0"}
        return payload


def _author(author: Author) -> Payload:
    return {
        "id": author.user_id,
        "email": author.email,
        "first_name": author.first,
        "last_name": author.last,
        "avatar": author.avatar,
    }


def _named(found: tuple[str, str] | None) -> Payload | None:
    return None if found is None else {"id": found[0], "name": found[1]}


def _approval(document: Document) -> Payload | None:
    if document.number % 12 != 9:
        return None
    return {"document_uuid": document.id, "revision_number": document.content_edits + 1}


def _lock(document: Document) -> Payload | None:
    if not document.locked:
        return None
    return {
        "locked_by_user_id": document.author.user_id,
        "lock_type": "wopi_editing",
        "expires_at": instant(document.modified + DAY),
    }


def _recipient(one: Recipient) -> Payload:
    payload: Payload = {
        "id": one.id,
        "recipient_type": one.kind,
        "role": one.roles[0],
        "roles": one.roles,
        "signing_order": one.order,
        "email": one.email,
        "has_completed": one.completed,
    }
    if one.members is not None:
        members = [_group_member(member) for member in one.members]
        return {**payload, "type": "recipient_group", "role": None, "name": one.name, "members": members}
    payload |= {
        "first_name": one.first,
        "last_name": one.last,
        "contact_id": one.contact,
        "phone": one.phone,
        "delivery_methods": None if one.delivery is None else {"email": one.delivery[0], "sms": one.delivery[1]},
        "shared_link": one.link,
        "signature_date": instant_or_null(one.signed),
        "verification_settings": _verification(one),
        "avatar": one.avatar,
        "redirect": {"is_enabled": bool(one.redirect), "url": one.redirect},
    }
    if one.typed:
        payload["type"] = "recipient"
    return payload


def _group_member(member: GroupMember) -> Payload:
    return {
        "id": member.id,
        "first_name": member.first,
        "last_name": member.last,
        "email": member.email,
        "shared_link": member.link,
        "avatar": None,
        "signature_date": instant_or_null(member.signed),
    }


def _verification(one: Recipient) -> Payload | None:
    if one.verification is None:
        return None
    unused = dict.fromkeys(CHECKS) if one.nulls else {}
    return {"verification_place": one.verification, **unused, **one.check}


def _field(one: Field, recipients: list[Recipient]) -> Payload:
    payload = {
        "uuid": one.uuid,
        "field_id": one.field_id,
        "name": one.name,
        "title": one.title,
        "placeholder": one.placeholder,
        "type": one.type,
        "value": one.value,
        "is_filled": one.filled,
        "assigned_to": _assigned(one, recipients),
    }
    if one.type not in SIGNATURE_LIKE:
        payload["merge_field"] = one.field_id
    return payload


def _assigned(one: Field, recipients: list[Recipient]) -> Payload:
    if one.recipient is None:
        return {"id": "", "email": "", "first_name": "", "last_name": ""} if one.blank else {}
    person = recipients[one.recipient]
    payload: Payload = {
        "id": person.id,
        "email": person.email,
        "recipient_type": person.kind,
        "roles": person.roles,
        "signing_order": person.order,
        "has_completed": person.completed,
        "type": person.type,
    }
    if person.members is not None:
        payload["name"] = person.name
        payload["members"] = [
            {"id": each.id, "email": each.email or "", "first_name": each.first, "last_name": each.last}
            for each in person.members
        ]
    else:
        payload |= {
            "first_name": person.first,
            "last_name": person.last,
            "phone": person.phone or "",
            "role": person.roles[0],
            "delivery_methods": {"email": True, "sms": False},
            "redirect": {"is_enabled": bool(person.redirect), "url": person.redirect},
        }
    absent = ("email",) if person.nulls else ("email", "signing_order")
    return {key: value for key, value in payload.items() if value is not None or key not in absent}


def _placed(one: Field, recipients: list[Recipient], place: int) -> Payload:
    payload = _field(one, recipients)
    payload.pop("merge_field", None)
    shown = payload["assigned_to"].items()
    payload["assigned_to"] = {key: value for key, value in shown if key not in ("role", "roles", "name", "members")}
    payload["layout"] = {
        "page": 1 + place // 4,
        "position": {"offset_x": f"{40.5 + place}", "offset_y": f"{70 * place}.25", "anchor_point": "topleft"},
        "style": {"width": 120, "height": 24},
    }
    payload["settings"] = {"required": place == 0, "masked": False, "multiline": False, "autofilled": False}
    return payload


def _pricing(contents: Contents) -> Payload:
    if contents.total is None:
        return {}
    return {
        "tables": [
            {
                "id": table.id,
                "name": table.name,
                "total": table.total,
                "currency": table.currency,
                "is_included_in_total": table.included,
                "summary": table.summary,
                "items": [_line(line) for line in table.lines],
            }
            for table in contents.tables
        ],
        "quotes": [_quote(quote) for quote in contents.quotes],
        "total": contents.total,
    }


def _rate(rate: tuple[str | None, str | None] | None) -> Payload | None:
    return None if rate is None else {"type": rate[0], "value": rate[1]}


def _line(line: Line) -> Payload:
    options = None
    if line.options is not None:
        names = ("optional", "optional_selected", "multichoice_enabled", "multichoice_selected")
        options = dict(zip(names, line.options, strict=True))
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "description": line.description,
        "qty": line.qty,
        "cost": line.cost,
        "price": line.price,
        "sale_price": line.sale_price,
        "subtotal": line.subtotal,
        "discount": _rate(line.discount),
        "tax_first": _rate(line.tax_first),
        "tax_second": _rate(line.tax_second),
        "discounts": line.discounts,
        "taxes": line.taxes,
        "fees": line.fees,
        "custom_fields": line.custom_fields,
        "custom_columns": line.custom_columns,
        "merged_data": line.merged,
        "options": options,
    }


def _quote(quote: Quote) -> Payload:
    return {
        "id": quote.id,
        "currency": quote.currency,
        "total": quote.total,
        "summary": quote.summary,
        "merge_rules": quote.rules,
        "settings": {"selection_type": quote.selection},
        "sections": [
            {
                "id": one.id,
                "name": one.name,
                "total": one.total,
                "summary": one.summary,
                "columns": one.columns,
                "items": None if one.items is None else [_item(item) for item in one.items],
                "settings": {"optional": one.optional, "selected": one.selected, "selection_type": one.selection},
            }
            for one in quote.sections
        ],
    }


def _item(item: Item) -> Payload:
    return {
        "id": item.id,
        "sku": item.sku,
        "name": item.name,
        "description": item.description,
        "qty": item.qty,
        "price": item.price,
        "cost": item.cost,
        "billing_frequency": item.billing,
        "contract_term": item.term,
        "pricing_method": item.method,
        "type": item.type,
        "reference_type": item.reference,
        "total": item.total,
        "overall_total": item.total,
        "options": {"selected": item.selected, "qty_editable": item.qty_editable},
        "custom_columns": item.custom_columns,
        "external_columns": item.external_columns,
        "multipliers": item.multipliers,
        "discounts": item.discounts,
        "taxes": item.taxes,
        "fees": item.fees,
    }


def _type(item: CatalogItem) -> str:
    return "regular" if item.bundle is None else "bundle"


def _custom(variant: Variant) -> list[Payload] | None:
    if variant.custom_fields is None:
        return None
    return [{"name": name, "value": value} for name, value in variant.custom_fields]


def _tiers(price: Price) -> list[Payload] | None:
    return None if price.tiers is None else [{"min_qty": least, "value": value} for least, value in price.tiers]


def _price(price: Price) -> Payload:
    return {
        "uuid": price.uuid,
        "currency": price.currency,
        "price": price.price,
        "cost": price.cost,
        "billing_type": price.billing_type,
        "billing_cycle": None if price.billing_cycle is None else str(price.billing_cycle),
        "pricing_method": price.method,
        "tiers": _tiers(price),
    }
