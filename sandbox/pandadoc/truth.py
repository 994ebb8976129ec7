"""What a warehouse must hold: every table of the workspace, worked out from the store alone.

Ids are text, instants are UTC text, amounts are the text that the source writes, to nine decimals. Deleted records are
not there; a document whose details nobody can read has what the list tells of it. The opt-in tables are there too.
Secrets, and what opens a door, are not: links, passcodes, shared keys, addresses of files.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sandbox.columns import Row, Tables, columns, text
from sandbox.pandadoc import extras, formats
from sandbox.pandadoc.contents import SIGNATURE_LIKE, Contents, Part
from sandbox.pandadoc.formats import DAY, uuid
from sandbox.pandadoc.kinds import FOLDERS
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.store import Store
from sandbox.store import Record

DECIMALS = 9
VERSION = "2"
CREATED = "date_created=created:instant"
DATES = f"{CREATED} date_modified=updated:instant"
LOCAL_DATES = "date_created=created:local date_modified=modified:local"
CREATED_BY = """created_by_id=author.id created_by_email=author.email created_by_first_name=author.first_name
    created_by_last_name=author.last_name"""
FOLDER = f"uuid=id name parent_uuid=parent.id {CREATED} has_folders has_items"
BLUEPRINT = f"""id name version folder_uuid=in_folder {DATES} content_date_modified=content_modified:instant
    {CREATED_BY} created_by_membership_id=nobody pricing_total=contents.total:decimal tables images"""
OWN = {
    "document": f"""id name status=document.{{status}} {CREATED} date_modified=modified:instant
        date_completed=completed:instant expiration_date=expires:instant version""",
    "template": BLUEPRINT,
    "content_library_item": BLUEPRINT,
    "contact": """id email first_name last_name company job_title phone country state street_address city
        postal_code""",
    "member": f"""membership_id=id user_id email first_name last_name is_active workspace workspace_name email_verified
        role user_license {DATES}""",
    "user": "user_id=id email first_name last_name phone_number license is_organization_owner",
    "workspace": f"id name {CREATED} owner",
    "document_folder": FOLDER,
    "template_folder": FOLDER,
    "form": f"id name status {DATES}",
    "catalog_item": """uuid=id title sku=variants.0.sku:or_empty type billing_type=price.billing_type
        billing_cycle=price.billing_cycle:text workspace_id currency=price.currency created_by modified_by
        date_created=created:offset date_modified=modified:offset description=variants.0.description category_id
        category_name bundle_items_count pricing_method=price.pricing_method price=price.price:decimal
        cost=price.cost:decimal min_tier_value=least:decimal max_tier_value=most:decimal
        custom_fields=variants.0.custom_fields tiers=price.tiers""",
    "webhook_subscription": "uuid=id name url workspace_id status active payload triggers",
    "webhook_event": "uuid=id name type http_status_code error delivery_time=delivered:instant",
    "api_log": """id url=https://api.pandadoc.com{address} method status request_time=created:local
        response_time=updated:local""",
    "document_attachment": f"uuid name type {CREATED} {CREATED_BY}",
    "document_section": "uuid name",
    "document_audit_trail": """id user_id=user.id user_email=user.email action reason date_created=time:second
        ip_address""",
    "document_setting": "language qualified_electronic_signature expires_in suggest_edits",
    "document_auto_reminder": """enabled delivery_method initial_delay_days is_recurring recurrence_frequency_days""",
}
"""The columns of the tables of records, and of those of what hangs at a document beside `document_id`."""
DETAILS = f"""ref_number autonumbering_sequence_name_prefix=prefix folder_uuid=in_folder
    content_date_modified=content_modified:instant date_sent=sent:instant template_id=template.id
    template_name=template.name {CREATED_BY} created_by_membership_id=author.membership_id
    sent_by_id=sender.id sent_by_email=sender.email sent_by_first_name=sender.first_name
    sent_by_last_name=sender.last_name grand_total_amount=contents.amount:decimal
    grand_total_currency=contents.currency pricing_total=contents.total:decimal approval_execution=approval
    lock_locked_by_user_id=lock.by lock_lock_type=lock.type lock_expires_at=lock.until:instant tables texts images"""
"""The columns of a document that only its details tell."""
AMOUNTS = "total subtotal one_time_subtotal total_qty total_discount total_tax total_fee total_savings".split()
OBJECTS = "recurring_subtotal discounts taxes fees custom_fields".split()


def summary(*amounts: str, objects: list[str] | None = None) -> str:
    declared = [f"summary_{name}=summary.{name}:decimal" for name in amounts]
    return " ".join([*declared, *(f"summary_{name}=summary.{name}" for name in objects or ())])


RATES = " ".join(
    f"{name}_type={name}.type {name}_value={name}.value:decimal" for name in ("discount", "tax_first", "tax_second")
)
PERSON = " ".join(
    f"preassigned_person_{name}=preassigned_person.{name}"
    for name in "type email first_name last_name placeholder_name placeholder_source members".split()
)
IN_CONTENTS = {
    "field": """uuid field_id name title placeholder merge_field type value:value is_filled assigned_to_id=to.id
        assigned_to_type=to.type assigned_to_email=to.email assigned_to_role=to.role""",
    "token": "name value",
    "tag": "tag",
    "metadata": "key value:value",
    "pricing_table": f"""id name currency total:decimal is_included_in_total
        {summary("subtotal", "discount", "tax", "fee", "total")}""",
    "pricing_table_item": f"""pricing_table_position pricing_table_id id sku name description qty:decimal cost:decimal
        price:decimal sale_price:decimal subtotal:decimal discounts taxes fees custom_fields custom_columns merged_data
        {RATES} options_optional=options.optional options_optional_selected=options.optional_selected
        options_multichoice_enabled=options.multichoice_enabled
        options_multichoice_selected=options.multichoice_selected""",
    "quote": f"""id currency total:decimal merge_rules settings_selection_type=settings.selection_type
        {summary(*AMOUNTS, "total_contract_value", objects=OBJECTS)}""",
    "quote_section": f"""quote_position quote_id id name total:decimal columns settings_optional=settings.optional
        settings_selected=settings.selected settings_selection_type=settings.selection_type
        {summary(*AMOUNTS, "total_section_value", objects=OBJECTS)}""",
    "quote_item": """quote_position quote_id quote_section_position quote_section_id id sku name description qty:decimal
        price:decimal cost:decimal billing_frequency contract_term pricing_method type reference_type total:decimal
        overall_total:decimal options_selected=options.selected options_qty_editable=options.qty_editable
        custom_columns external_columns multipliers discounts taxes fees""",
}
IN_BLUEPRINT = {
    **IN_CONTENTS,
    "role": f"id name signing_order:integer {PERSON}",
    "content_placeholder": "uuid block_id description",
}
CHILDREN = {
    "document": {
        **IN_CONTENTS,
        "recipient": """id type recipient_type contact_id role roles signing_order name first_name last_name email phone
            has_completed signature_date delivery_methods_email=delivery_methods.email
            delivery_methods_sms=delivery_methods.sms redirect_is_enabled=redirect.is_enabled redirect_url=redirect.url
            verification_place=verification_settings.verification_place""",
        "recipient_group_member": "recipient_position recipient_id id first_name last_name email signature_date",
        "linked_object": "id provider entity_type entity_id children",
    },
    "template": IN_BLUEPRINT,
    "content_library_item": IN_BLUEPRINT,
    "user": {"workspace": "workspace_id membership_id role"},
    "catalog_item": {
        "bundle_item": """quantity item_uuid=item item_title=title item_sku=part.variants.0.sku
            item_description=part.variants.0.description item_currency=currency item_price=part.price.price:decimal""",
        "variant": f"uuid sku description status custom_fields {LOCAL_DATES}",
        "price": """variant_position variant_uuid uuid currency price:decimal cost:decimal billing_type
            billing_cycle:text pricing_method tiers""",
    },
    "document_auto_reminder": {"status": "recipient_id status"},
}
"""The columns of the tables of what lies in a record, which is numbered there, beside its id and `position`."""
KEYS = {"user": "user_id", "catalog_item": "catalog_item_uuid", "document_auto_reminder": "document_id"}
"""What the id of the record is called in those, if not after its table."""
TABLES = (*OWN, *(f"{table}_{child}" for table, children in CHILDREN.items() for child in children))


def truth(store: Store, options: Options) -> Tables:
    """All tables by name; opt-in tables too."""
    return _Truth(store, options).tables()


def decimal(value: Any) -> str | None:
    """The text of an amount, cut to the decimals that a warehouse holds; an empty one is none."""
    if value is None or value == "":
        return None
    whole, dot, fraction = str(value).partition(".")
    return f"{whole}{dot}{fraction[:DECIMALS]}"


def as_text(value: Any) -> str | None:
    """The value of a field, whatever its type; not the address of a file."""
    if isinstance(value, dict):
        value = {key: each for key, each in value.items() if key != "url"}
    if isinstance(value, bool | dict):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text(value)


FORMS: dict[str, Callable[[Any], Any]] = {
    **formats.FORMS,
    "decimal": decimal,
    "value": as_text,
    "integer": lambda value: None if value is None else int(value),
    "local": formats.if_set(lambda time: f"{formats.without_zone(time)}Z"),
}


class _Truth:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.rows: Tables = {name: [] for name in TABLES}
        self.positions: defaultdict[tuple[str, str], int] = defaultdict(int)

    def tables(self) -> Tables:
        store = self.store
        for document in store.living("document"):
            self.document(document)
        for kind in ("template", "content_library_item"):
            for blueprint in store.living(kind):
                self.blueprint(blueprint)
        for kind in ("contact", "workspace", "form", "webhook_subscription", "webhook_event"):
            for record in store.living(kind):
                self.own(kind, record)
        for entry in store.log:
            self.own("api_log", entry)
        for member in store.living("member"):
            name = store.kinds["workspace"][member.fields["workspace"]].fields["name"]
            self.own("member", facts(member, workspace_name=name))
        for user in store.living("user"):
            self.own("user", user)
            for one in user.fields["workspaces"]:
                self.child("user", user.id, "workspace", one)
        for kind in FOLDERS:
            folders = store.living(kind)
            parents = [folder.parent for folder in folders]
            for one in folders:
                self.own(kind, facts(one, has_folders=one in parents, has_items=store.has_items(one)))
        for item in store.living("catalog_item"):
            self.catalog_item(item)
        return self.rows

    def own(self, table: str, of: Any, **more: Any) -> None:
        self.rows[table].append({**more, **columns(OWN[table], of, FORMS)})

    def child(self, parent: str, id: str, thing: str, of: Any) -> None:
        """Children are numbered within their parent."""
        table = f"{parent}_{thing}"
        where = {KEYS.get(parent, f"{parent}_id"): id, "position": self.positions[table, id]}
        self.rows[table].append({**where, **columns(CHILDREN[parent][thing], of, FORMS)})
        self.positions[table, id] += 1

    def document(self, document: Record) -> None:
        fields, id = document.fields, document.id
        uploading = fields["status"] == "uploaded"
        undated = uploading and self.options.uploading_has_no_modified_date
        dated = {"modified": None if undated else document.updated, "version": None if uploading else VERSION}
        self.own("document", facts(document, **dated))
        row = self.rows["document"][-1]
        if not self.store.has_details(document) or self.store.forbidden(document):
            row |= columns(DETAILS, {}, FORMS)
            return
        contents, author, number = self.store.contents(document), fields["author"], fields["number"]
        lock = {"by": author["id"], "type": "wopi_editing", "until": document.updated + DAY}
        approval = {"document_uuid": id, "revision_number": fields["content_edits"] + 1}
        found = facts(
            document,
            contents=contents,
            prefix="PD-" if number % 10 == 2 else None,
            in_folder=fields["folder"] if number % 8 != 6 else None,
            sender=author if fields.get("sent") is not None else None,
            approval=approval if number % 12 == 9 else None,
            lock=lock if fields["locked"] else None,
            tables=[{"name": table["name"]} for table in contents.tables],
            texts=None if contents.texts is None else [{"name": f"Text {place}"} for place in range(contents.texts)],
            images=[{"name": f"Image {place}"} for place in range(contents.images)],
        )
        row |= columns(DETAILS, found, FORMS)
        self.contents(document, contents)
        for place, one in enumerate(contents.recipients):
            self.child("document", id, "recipient", one)
            for member in one.get("members", ()):
                where = {"recipient_position": place, "recipient_id": one["id"]}
                self.child("document", id, "recipient_group_member", {**member, **where})
        for link in contents.links:
            self.child("document", id, "linked_object", link)
        self.extras(document, contents)

    def contents(self, record: Record, contents: Contents) -> None:
        """What documents, templates and content library items have in common."""
        kind, id, fields = record.kind, record.id, record.fields
        for one in contents.fields:
            merged = None if one["type"] in SIGNATURE_LIKE else one["field_id"]
            self.child(kind, id, "field", {**one, "to": assigned(one, contents), "merge_field": merged})
        for token in contents.tokens:
            self.child(kind, id, "token", token)
        for tag in fields["tags"]:
            self.child(kind, id, "tag", {"tag": tag})
        for name in sorted(fields["metadata"]):
            self.child(kind, id, "metadata", {"key": name, "value": fields["metadata"][name]})
        for place, table in enumerate(contents.tables):
            self.child(kind, id, "pricing_table", table)
            where = {"pricing_table_position": place, "pricing_table_id": table["id"]}
            for line in table["items"]:
                self.child(kind, id, "pricing_table_item", {**line, **where})
        sections = 0
        for place, quote in enumerate(contents.quotes):
            self.child(kind, id, "quote", quote)
            for section in quote["sections"]:
                within = {"quote_position": place, "quote_id": quote["id"]}
                self.child(kind, id, "quote_section", {**section, **within})
                within |= {"quote_section_position": sections, "quote_section_id": section["id"]}
                for item in section["items"] or ():
                    self.child(kind, id, "quote_item", {**item, **within})
                sections += 1

    def extras(self, document: Record, contents: Contents) -> None:
        reminders = extras.reminders(document, contents)
        for table, found in (
            ("document_attachment", extras.attachments(document)),
            ("document_section", extras.sections(document)),
            ("document_setting", [extras.settings(document)]),
            ("document_audit_trail", extras.audit_trail(document, self.options.sandbox_key)),
            ("document_auto_reminder", [] if reminders is None else [reminders]),
        ):
            for one in found:
                self.own(table, one, document_id=document.id)
        for one in (reminders or {}).get("recipients") or ():
            self.child("document_auto_reminder", document.id, "status", one)

    def blueprint(self, blueprint: Record) -> None:
        contents = self.store.blueprint_contents(blueprint)
        kind, id = blueprint.kind, blueprint.id
        found = facts(
            blueprint,
            contents=contents,
            version=VERSION,
            in_folder=blueprint.fields["folder"] if kind == "template" else None,
            tables=[{"name": table["name"]} for table in contents.tables],
            images=[
                {"name": None if place else "logo", "block_uuid": uuid(id, "image", place)}
                for place in range(contents.images)
            ],
        )
        self.own(kind, found)
        self.contents(blueprint, contents)
        for role in contents.roles:
            self.child(kind, id, "role", role)
        for placeholder in contents.placeholders:
            self.child(kind, id, "content_placeholder", placeholder)

    def catalog_item(self, item: Record) -> None:
        fields, id = item.fields, item.id
        values = [tier["value"] for tier in fields["price"]["tiers"] or ()]
        count, bundle = {"bundle_items_count": len(fields["bundle"] or ())}, fields["bundle"] or ()
        self.own("catalog_item", facts(item, **count, least=min(values, default=None), most=max(values, default=None)))
        for one in bundle:
            part = self.store.kinds["catalog_item"].get(one["item"])
            title, currency = "No longer offered", "USD"
            if part is not None:
                title, currency = part.fields["title"], part.fields["price"]["currency"]
            self.child("catalog_item", id, "bundle_item", {**one, "part": part, "title": title, "currency": currency})
        self.child("catalog_item", id, "price", fields["price"])
        for place, variant in enumerate(fields["variants"]):
            self.child("catalog_item", id, "variant", variant)
            where = {"variant_position": place, "variant_uuid": variant["uuid"]}
            for price in variant["prices"]:
                self.child("catalog_item", id, "price", {**price, **where})


def facts(record: Record, **more: Any) -> Row:
    """What is known of a record, and what was worked out."""
    own = {"id": record.id, "created": record.created, "updated": record.updated, "parent": record.parent}
    return {**own, **record.fields, **more}


def assigned(field: Part, contents: Contents) -> Row:
    """Whose a field is; nobody is nothing, or empty texts."""
    if field["recipient"] is None:
        return {"id": "", "email": ""} if field["blank"] else {}
    one = contents.recipients[field["recipient"]]
    return {"type": "recipient_group" if "members" in one else "recipient", **columns("id email role", one)}
