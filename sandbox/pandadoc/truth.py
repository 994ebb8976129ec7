"""What a warehouse must hold: every table of the workspace, worked out from the store alone.

Ids are text, instants are UTC text, amounts are the text that the source writes, to nine decimals. Deleted records are
not there; a document whose details nobody can read has what the list tells of it. The opt-in tables are there too.
Secrets, and what opens a door, are not: links, passcodes, shared keys, addresses of files.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.pandadoc import extras
from sandbox.pandadoc.contents import SIGNATURE_LIKE, Contents, Item, Line, Quote, Recipient, Section
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
from sandbox.pandadoc.records import STATUSES, UPLOADED, Blueprint, CatalogItem, Document, Price, Variant
from sandbox.pandadoc.store import Store

Row = dict[str, Any]
Tables = dict[str, list[Row]]
DECIMALS = 9
VERSION = "2"
OWN_TABLES = (
    "document",
    "template",
    "content_library_item",
    "contact",
    "member",
    "user",
    "workspace",
    "document_folder",
    "template_folder",
    "form",
    "catalog_item",
    "webhook_subscription",
    "webhook_event",
    "api_log",
    "document_attachment",
    "document_section",
    "document_audit_trail",
    "document_setting",
    "document_auto_reminder",
)
IN_CONTENTS = (
    "field",
    "token",
    "tag",
    "metadata",
    "pricing_table",
    "pricing_table_item",
    "quote",
    "quote_section",
    "quote_item",
)
IN_BLUEPRINT = (*IN_CONTENTS, "role", "content_placeholder")
CHILDREN = {
    "document": (*IN_CONTENTS, "recipient", "recipient_group_member", "linked_object"),
    "template": IN_BLUEPRINT,
    "content_library_item": IN_BLUEPRINT,
    "user": ("workspace",),
    "catalog_item": ("bundle_item", "variant", "price"),
    "document_auto_reminder": ("status",),
}
TABLES = (*OWN_TABLES, *(f"{table}_{child}" for table, children in CHILDREN.items() for child in children))
RATES = ("discount", "tax_first", "tax_second")
OPTIONS = ("optional", "optional_selected", "multichoice_enabled", "multichoice_selected")
PERSON = ("type", "email", "first_name", "last_name", "placeholder_name", "placeholder_source")


def truth(store: Store, options: Options) -> Tables:
    """All tables by name; opt-in tables too."""
    return _Truth(store, options).tables()


def decimal(value: Any) -> str | None:
    """The text of an amount, cut to the decimals that a warehouse holds; an empty one is none."""
    if value is None or value == "":
        return None
    text = str(value)
    whole, dot, fraction = text.partition(".")
    return f"{whole}{dot}{fraction[:DECIMALS]}"


def as_text(value: Any) -> str | None:
    """The value of a field, whatever its type; not the address of a file."""
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key != "url"}
    if isinstance(value, bool | dict):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return None if value is None else str(value)


class _Truth:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.rows: Tables = {name: [] for name in TABLES}
        self.positions: defaultdict[tuple[str, str], int] = defaultdict(int)

    def tables(self) -> Tables:
        for document in self.store.documents.values():
            if document.deleted is None:
                self.document(document)
        for kind in self.store.blueprints:
            for blueprint in self.store.living(kind):
                self.blueprint(blueprint)
        self.people()
        self.folders_and_forms()
        for item in self.store.catalog.values():
            self.catalog_item(item)
        self.operations()
        return self.rows

    def child(self, parent: str, key: str, id: str, thing: str, /, **row: Any) -> None:
        """Children are numbered within their parent."""
        table = f"{parent}_{thing}"
        self.rows[table].append({key: id, "position": self.positions[table, id], **row})
        self.positions[table, id] += 1

    def document(self, document: Document) -> None:
        readable = self.store.has_details(document) and not self.store.forbidden(document)
        row = dict.fromkeys(DETAILS)
        row |= {
            "id": document.id,
            "name": document.name,
            "status": f"document.{STATUSES[document.status]}",
            "date_created": instant(document.created),
            "date_modified": instant(document.modified),
            "date_completed": instant_or_null(document.completed),
            "expiration_date": instant_or_null(document.expires),
            "version": None if document.status == UPLOADED else VERSION,
        }
        if document.status == UPLOADED and self.options.uploading_has_no_modified_date:
            row["date_modified"] = None
        if readable:
            contents = self.store.contents(document)
            row |= self.details(document, contents)
            self.contents("document", document.id, document.tags, document.metadata, contents)
            self.recipients(document, contents)
            self.extras(document, contents)
        self.rows["document"].append(row)

    def details(self, document: Document, contents: Contents) -> Row:
        author = document.author
        return {
            "ref_number": document.reference,
            "autonumbering_sequence_name_prefix": "PD-" if document.number % 10 == 2 else None,
            "folder_uuid": document.folder if document.number % 8 != 6 else None,
            "content_date_modified": instant(document.content_modified),
            "date_sent": instant_or_null(document.sent),
            "template_id": document.template[0] if document.template else None,
            "template_name": document.template[1] if document.template else None,
            "created_by_id": author.user_id,
            "created_by_membership_id": author.membership_id,
            "created_by_email": author.email,
            "created_by_first_name": author.first,
            "created_by_last_name": author.last,
            "sent_by_id": author.user_id if document.sent is not None else None,
            "sent_by_email": author.email if document.sent is not None else None,
            "sent_by_first_name": author.first if document.sent is not None else None,
            "sent_by_last_name": author.last if document.sent is not None else None,
            "grand_total_amount": decimal(contents.amount),
            "grand_total_currency": contents.currency,
            "pricing_total": decimal(contents.total),
            "approval_execution": {"document_uuid": document.id, "revision_number": document.content_edits + 1}
            if document.number % 12 == 9
            else None,
            "lock_locked_by_user_id": author.user_id if document.locked else None,
            "lock_lock_type": "wopi_editing" if document.locked else None,
            "lock_expires_at": instant(document.modified + DAY) if document.locked else None,
            "tables": [{"name": table.name} for table in contents.tables],
            "texts": None if contents.texts is None else [{"name": f"Text {place}"} for place in range(contents.texts)],
            "images": [{"name": f"Image {place}"} for place in range(contents.images)],
        }

    def recipients(self, document: Document, contents: Contents) -> None:
        for place, one in enumerate(contents.recipients):
            self.child("document", "document_id", document.id, "recipient", **_recipient(one))
            for member in one.members or ():
                self.child(
                    "document",
                    "document_id",
                    document.id,
                    "recipient_group_member",
                    recipient_position=place,
                    recipient_id=one.id,
                    id=member.id,
                    first_name=member.first,
                    last_name=member.last,
                    email=member.email,
                    signature_date=instant_or_null(member.signed),
                )
        for link in contents.links:
            self.child("document", "document_id", document.id, "linked_object", **link)

    def contents(self, table: str, id: str, tags: Iterable[str], metadata: Row, contents: Contents) -> None:
        """What documents, templates and content library items have in common."""
        key = f"{table}_id"
        for one in contents.fields:
            person = None if one.recipient is None else contents.recipients[one.recipient]
            blank = "" if person is None and one.blank else None
            self.child(
                table,
                key,
                id,
                "field",
                uuid=one.uuid,
                field_id=one.field_id,
                name=one.name,
                title=one.title,
                placeholder=one.placeholder,
                merge_field=None if one.type in SIGNATURE_LIKE else one.field_id,
                type=one.type,
                value=as_text(one.value),
                is_filled=one.filled,
                assigned_to_id=person.id if person else blank,
                assigned_to_type=person.type if person else None,
                assigned_to_email=person.email if person else blank,
                assigned_to_role=person.roles[0] if person and person.members is None else None,
            )
        for name, value in contents.tokens:
            self.child(table, key, id, "token", name=name, value=value)
        for tag in tags:
            self.child(table, key, id, "tag", tag=tag)
        for name in sorted(metadata):
            self.child(table, key, id, "metadata", key=name, value=as_text(metadata[name]))
        for place, pricing in enumerate(contents.tables):
            summary = pricing.summary or {}
            self.child(
                table,
                key,
                id,
                "pricing_table",
                id=pricing.id,
                name=pricing.name,
                currency=pricing.currency,
                total=decimal(pricing.total),
                is_included_in_total=pricing.included,
                **{f"summary_{name}": decimal(summary.get(name)) for name in TABLE_SUMMARY},
            )
            for line in pricing.lines:
                self.child(
                    table,
                    key,
                    id,
                    "pricing_table_item",
                    pricing_table_position=place,
                    pricing_table_id=pricing.id,
                    **_line(line),
                )
        sections = 0
        for place, quote in enumerate(contents.quotes):
            self.child(table, key, id, "quote", **_quote(quote))
            for section in quote.sections:
                within = {"quote_position": place, "quote_id": quote.id}
                self.child(table, key, id, "quote_section", **within, **_section(section))
                for item in section.items or ():
                    inner = {"quote_section_position": sections, "quote_section_id": section.id}
                    self.child(table, key, id, "quote_item", **within, **inner, **_item(item))
                sections += 1

    def extras(self, document: Document, contents: Contents) -> None:
        for attachment in extras.attachments(document):
            author = attachment.author
            self.rows["document_attachment"].append(
                {
                    "document_id": document.id,
                    "uuid": attachment.uuid,
                    "name": attachment.name,
                    "type": attachment.type,
                    "date_created": instant(attachment.created),
                    "created_by_id": author.user_id,
                    "created_by_email": author.email,
                    "created_by_first_name": author.first,
                    "created_by_last_name": author.last,
                }
            )
        for id, name in extras.sections(document):
            self.rows["document_section"].append({"document_id": document.id, "uuid": id, "name": name})
        settings = extras.settings(document)
        self.rows["document_setting"].append(
            {
                "document_id": document.id,
                "language": settings.language,
                "qualified_electronic_signature": settings.qualified,
                "expires_in": settings.expires_in,
                "suggest_edits": settings.suggest_edits,
            }
        )
        for entry in extras.audit_trail(document, self.options.sandbox_key):
            self.rows["document_audit_trail"].append(
                {
                    "id": entry.id,
                    "document_id": document.id,
                    "user_id": entry.user_id,
                    "user_email": entry.email,
                    "action": entry.action,
                    "reason": entry.reason,
                    "date_created": whole_second(entry.time),
                    "ip_address": entry.address,
                }
            )
        reminders = extras.reminders(document, contents)
        if reminders is None:
            return
        self.rows["document_auto_reminder"].append(
            {
                "document_id": document.id,
                "enabled": reminders.enabled,
                "delivery_method": reminders.delivery,
                "initial_delay_days": reminders.first_days,
                "is_recurring": reminders.recurring,
                "recurrence_frequency_days": reminders.every_days,
            }
        )
        for recipient, status in reminders.recipients or ():
            row = {"recipient_id": recipient, "status": status}
            self.child("document_auto_reminder", "document_id", document.id, "status", **row)

    def blueprint(self, blueprint: Blueprint) -> None:
        contents = self.store.blueprint_contents(blueprint)
        author = blueprint.author
        self.rows[blueprint.kind].append(
            {
                "id": blueprint.id,
                "name": blueprint.name,
                "version": VERSION,
                "folder_uuid": blueprint.folder if blueprint.kind == "template" else None,
                "date_created": instant(blueprint.created),
                "date_modified": instant(blueprint.modified),
                "content_date_modified": instant(blueprint.content_modified),
                "created_by_id": author.user_id,
                "created_by_membership_id": None,
                "created_by_email": author.email,
                "created_by_first_name": author.first,
                "created_by_last_name": author.last,
                "pricing_total": decimal(contents.total),
                "tables": [{"name": table.name} for table in contents.tables],
                "images": [
                    {"name": None if place else "logo", "block_uuid": uuid(blueprint.id, "image", place)}
                    for place in range(contents.images)
                ],
            }
        )
        self.contents(blueprint.kind, blueprint.id, blueprint.tags, blueprint.metadata, contents)
        key = f"{blueprint.kind}_id"
        for role in contents.roles:
            person = role.person or {}
            self.child(
                blueprint.kind,
                key,
                blueprint.id,
                "role",
                id=role.id,
                name=role.name,
                signing_order=None if role.order is None else int(role.order),
                **{f"preassigned_person_{name}": person.get(name) for name in (*PERSON, "members")},
            )
        for id, block, text in contents.placeholders:
            row = {"uuid": id, "block_id": block, "description": text}
            self.child(blueprint.kind, key, blueprint.id, "content_placeholder", **row)

    def people(self) -> None:
        for contact in self.store.contacts.values():
            person = contact.person
            self.rows["contact"].append(
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
        for member in self.store.members.values():
            self.rows["member"].append(
                {
                    "membership_id": member.author.membership_id,
                    "user_id": member.author.user_id,
                    "email": member.person.email,
                    "first_name": member.person.first,
                    "last_name": member.person.last,
                    "is_active": member.active,
                    "workspace": member.workspace,
                    "workspace_name": self.store.workspaces[member.workspace].name,
                    "email_verified": member.verified,
                    "role": member.role,
                    "user_license": member.license,
                    "date_created": instant(member.created),
                    "date_modified": instant(member.modified),
                }
            )
        for user in self.store.users.values():
            person = user.person
            self.rows["user"].append(
                {
                    "user_id": user.id,
                    "email": person.email,
                    "first_name": person.first,
                    "last_name": person.last,
                    "phone_number": person.phone or "",
                    "license": user.license,
                    "is_organization_owner": user.owner,
                }
            )
            for workspace, membership, role in user.memberships:
                row = {"workspace_id": workspace, "membership_id": membership, "role": role}
                self.child("user", "user_id", user.id, "workspace", **row)
        for one in self.store.workspaces.values():
            self.rows["workspace"].append(
                {"id": one.id, "name": one.name, "date_created": instant(one.created), "owner": one.owner}
            )

    def folders_and_forms(self) -> None:
        for kind, folders in self.store.folders.items():
            parents = {folder.parent for folder in folders.values()}
            for folder in folders.values():
                self.rows[f"{kind}_folder"].append(
                    {
                        "uuid": folder.uuid,
                        "name": folder.name,
                        "parent_uuid": folder.parent,
                        "date_created": instant(folder.created),
                        "has_folders": folder.uuid in parents,
                        "has_items": self.store.has_items(kind, folder),
                    }
                )
        for form in self.store.forms.values():
            self.rows["form"].append(
                {
                    "id": form.id,
                    "name": form.name,
                    "status": form.status,
                    "date_created": instant(form.created),
                    "date_modified": instant(form.modified),
                }
            )

    def catalog_item(self, item: CatalogItem) -> None:
        price, first = item.price, item.variants[0]
        tiers = [value for _, value in price.tiers or ()]
        self.rows["catalog_item"].append(
            {
                "uuid": item.uuid,
                "title": item.title,
                "sku": first.sku or "",
                "type": "regular" if item.bundle is None else "bundle",
                "billing_type": price.billing_type,
                "billing_cycle": None if price.billing_cycle is None else str(price.billing_cycle),
                "workspace_id": self.store.workspace,
                "currency": price.currency,
                "created_by": item.author,
                "modified_by": item.editor or item.author,
                "date_created": with_offset(item.created),
                "date_modified": None if item.modified is None else with_offset(item.modified),
                "description": first.description,
                "category_id": item.category[0] if item.category else None,
                "category_name": item.category[1] if item.category else None,
                "bundle_items_count": len(item.bundle or ()),
                "pricing_method": price.method,
                "price": decimal(price.price),
                "cost": decimal(price.cost),
                "min_tier_value": decimal(min(tiers, default=None)),
                "max_tier_value": decimal(max(tiers, default=None)),
                "custom_fields": _custom(first),
                "tiers": _tiers(price),
            }
        )
        for quantity, id in item.bundle or ():
            part = self.store.catalog.get(id)
            self.child(
                "catalog_item",
                "catalog_item_uuid",
                item.uuid,
                "bundle_item",
                quantity=quantity,
                item_uuid=id,
                item_title=part.title if part else "No longer offered",
                item_sku=part.variants[0].sku if part else None,
                item_description=part.variants[0].description if part else None,
                item_currency=part.price.currency if part else "USD",
                item_price=decimal(part.price.price) if part else None,
            )
        self.price(item, price, None, None)
        for place, variant in enumerate(item.variants):
            self.child(
                "catalog_item",
                "catalog_item_uuid",
                item.uuid,
                "variant",
                uuid=variant.uuid,
                sku=variant.sku,
                description=variant.description,
                status=variant.status,
                custom_fields=_custom(variant),
                date_created=f"{without_zone(variant.created)}Z",
                date_modified=None if variant.modified is None else f"{without_zone(variant.modified)}Z",
            )
            for one in variant.prices:
                self.price(item, one, place, variant.uuid)

    def price(self, item: CatalogItem, price: Price, place: int | None, variant: str | None) -> None:
        self.child(
            "catalog_item",
            "catalog_item_uuid",
            item.uuid,
            "price",
            variant_position=place,
            variant_uuid=variant,
            uuid=price.uuid,
            currency=price.currency,
            price=decimal(price.price),
            cost=decimal(price.cost),
            billing_type=price.billing_type,
            billing_cycle=None if price.billing_cycle is None else str(price.billing_cycle),
            pricing_method=price.method,
            tiers=_tiers(price),
        )

    def operations(self) -> None:
        for one in self.store.subscriptions.values():
            self.rows["webhook_subscription"].append(
                {
                    "uuid": one.uuid,
                    "name": one.name,
                    "url": one.url,
                    "workspace_id": self.store.workspace,
                    "status": one.status,
                    "active": one.active,
                    "payload": one.payload,
                    "triggers": one.triggers,
                }
            )
        for event in self.store.events:
            self.rows["webhook_event"].append(
                {
                    "uuid": event.uuid,
                    "name": event.name,
                    "type": event.type,
                    "http_status_code": event.http_status,
                    "error": event.error,
                    "delivery_time": instant(event.delivered),
                }
            )
        for entry in self.store.log:
            self.rows["api_log"].append(
                {
                    "id": short_id(self.store.seed, "log", entry.number),
                    "url": f"https://api.pandadoc.com{entry.url}",
                    "method": entry.method,
                    "status": entry.status,
                    "request_time": f"{without_zone(entry.asked)}Z",
                    "response_time": f"{without_zone(entry.answered)}Z",
                }
            )


DETAILS = (
    "ref_number autonumbering_sequence_name_prefix folder_uuid content_date_modified date_sent template_id "
    "template_name created_by_id created_by_membership_id created_by_email created_by_first_name created_by_last_name "
    "sent_by_id sent_by_email sent_by_first_name sent_by_last_name grand_total_amount grand_total_currency "
    "pricing_total approval_execution lock_locked_by_user_id lock_lock_type lock_expires_at tables texts images"
).split()
"""The columns of a document that only its details tell."""
TABLE_SUMMARY = ("subtotal", "discount", "tax", "fee", "total")
SUMMARY = (
    "total",
    "subtotal",
    "one_time_subtotal",
    "total_qty",
    "total_discount",
    "total_tax",
    "total_fee",
    "total_savings",
)
SUMMARY_OBJECTS = ("recurring_subtotal", "discounts", "taxes", "fees", "custom_fields")


def _recipient(one: Recipient) -> Row:
    single = one.members is None
    return {
        "id": one.id,
        "type": one.type if one.typed or not single else None,
        "recipient_type": one.kind,
        "contact_id": one.contact if single else None,
        "role": one.roles[0] if single else None,
        "roles": one.roles,
        "signing_order": one.order,
        "name": None if single else one.name,
        "first_name": one.first if single else None,
        "last_name": one.last if single else None,
        "email": one.email,
        "phone": one.phone if single else None,
        "has_completed": one.completed,
        "signature_date": instant_or_null(one.signed) if single else None,
        "delivery_methods_email": one.delivery[0] if single and one.delivery else None,
        "delivery_methods_sms": one.delivery[1] if single and one.delivery else None,
        "redirect_is_enabled": bool(one.redirect) if single else None,
        "redirect_url": one.redirect,
        "verification_place": one.verification,
    }


def _line(line: Line) -> Row:
    row: Row = {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "description": line.description,
        "qty": decimal(line.qty),
        "cost": decimal(line.cost),
        "price": decimal(line.price),
        "sale_price": decimal(line.sale_price),
        "subtotal": decimal(line.subtotal),
        "discounts": line.discounts,
        "taxes": line.taxes,
        "fees": line.fees,
        "custom_fields": line.custom_fields,
        "custom_columns": line.custom_columns,
        "merged_data": line.merged,
    }
    for name, rate in zip(RATES, (line.discount, line.tax_first, line.tax_second), strict=True):
        row[f"{name}_type"], row[f"{name}_value"] = (rate[0], decimal(rate[1])) if rate else (None, None)
    for name, option in zip(OPTIONS, line.options or (None,) * len(OPTIONS), strict=True):
        row[f"options_{name}"] = option
    return row


def _summary(summary: Row, *more: str) -> Row:
    amounts = {f"summary_{name}": decimal(summary.get(name)) for name in (*SUMMARY, *more)}
    return amounts | {f"summary_{name}": summary.get(name) for name in SUMMARY_OBJECTS}


def _quote(quote: Quote) -> Row:
    return {
        "id": quote.id,
        "currency": quote.currency,
        "total": decimal(quote.total),
        "merge_rules": quote.rules,
        "settings_selection_type": quote.selection,
        **_summary(quote.summary, "total_contract_value"),
    }


def _section(section: Section) -> Row:
    return {
        "id": section.id,
        "name": section.name,
        "total": decimal(section.total),
        "columns": section.columns,
        "settings_optional": section.optional,
        "settings_selected": section.selected,
        "settings_selection_type": section.selection,
        **_summary(section.summary, "total_section_value"),
    }


def _item(item: Item) -> Row:
    return {
        "id": item.id,
        "sku": item.sku,
        "name": item.name,
        "description": item.description,
        "qty": decimal(item.qty),
        "price": decimal(item.price),
        "cost": decimal(item.cost),
        "billing_frequency": item.billing,
        "contract_term": item.term,
        "pricing_method": item.method,
        "type": item.type,
        "reference_type": item.reference,
        "total": decimal(item.total),
        "overall_total": decimal(item.total),
        "options_selected": item.selected,
        "options_qty_editable": item.qty_editable,
        "custom_columns": item.custom_columns,
        "external_columns": item.external_columns,
        "multipliers": item.multipliers,
        "discounts": item.discounts,
        "taxes": item.taxes,
        "fees": item.fees,
    }


def _custom(variant: Variant) -> list[Row] | None:
    if variant.custom_fields is None:
        return None
    return [{"name": name, "value": value} for name, value in variant.custom_fields]


def _tiers(price: Price) -> list[Row] | None:
    return None if price.tiers is None else [{"min_qty": least, "value": value} for least, value in price.tiers]
