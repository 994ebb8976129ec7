"""The tables of PandaDoc: every column typed and declared once (pandadoc.md 9, 11 and 13).

Names are the vendor's; what lies in an object lands as `<object>_<key>`. What the customer names (metadata, columns of
pricing tables) lands as rows or as JSON, never as a column.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from shared.records import adding, value, without
from shared.tables import SELF, Child, Column, Table, columns
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, STRING, UTC_DATETIME, UTC_WITHOUT_ZONE, Misfit, Type

SECRETS = ("*shared_link", "*verification_settings", "*passcode", "*shared_key", "*signature_url")
"""What opens a document, or a door: whoever has it need not be who it was made for (pandadoc.md 13.13)."""
LEFT_OUT = (*SECRETS, "*avatar")


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = int(value) if value.strip() else None
        except ValueError:
            raise Misfit("text where a whole number belongs") from None
    return value if value is None else LONG.fit(value)


texts = partial(columns, STRING)
flags = partial(columns, BOOLEAN)
amounts = partial(columns, DECIMAL)
objects = partial(columns, JSON)
numbers = partial(columns, Type(LONG.schema, _whole))
"""Whole numbers, which some answers write as text (pandadoc.md 9.3)."""
instants = partial(columns, UTC_WITHOUT_ZONE)
"""A time without a zone is UTC (pandadoc.md 9.10)."""


def rated(*names: str) -> tuple[Column, ...]:
    """Discounts and taxes: of which type, and how much."""
    return tuple(column for name in names for column in (*texts("type", inside=name), *amounts("value", inside=name)))


def as_text(value: Any) -> Any:
    """What may be of any type, as one text: that of numbers and flags as in JSON, of all else JSON itself."""
    if isinstance(value, bool | list | Mapping):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return value


def elements(record: Any, path: str) -> list[Any]:
    """The elements of a list. What is none is an element itself, so that the table reports it."""
    found = value(record, path)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def bare(path: str, *keys: str) -> Callable[[Mapping[str, Any]], list[Any]]:
    """The elements of a list without what has a table of its own."""
    return lambda record: [without(each, *keys) for each in elements(record, path)]


def entries(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """The entries of an object whose keys are the customer's, by key."""

    def pick(record: Mapping[str, Any]) -> Any:
        found = record.get(name)
        if not isinstance(found, Mapping):
            return found
        return [{"key": key, "value": each} for key, each in sorted(found.items())]

    return pick


# People inside of records.


def author(outer: str = "created_by") -> tuple[Column, ...]:
    return texts("id membership_id email first_name last_name", inside=outer)


# What documents, templates and content library items have in common.


def tokens(table: str) -> Child:
    return Child(
        f"{table}_token",
        "tokens",
        (Column("name", STRING), Column("value", STRING, lambda token: as_text(token.get("value")), reads=("value",))),
    )


def tags(table: str) -> Child:
    return Child(f"{table}_tag", "tags", (Column("tag", STRING, SELF),))


def metadata(table: str) -> Child:
    """One row an entry, in the order of the keys."""
    return Child(
        f"{table}_metadata",
        entries("metadata"),
        (Column("key", STRING), Column("value", STRING, lambda entry: as_text(entry["value"]), reads=("value",))),
        reads=("metadata",),
    )


def fields(table: str) -> Child:
    """The value as text, whatever the type of the field. Where an uploaded file lies is not landed."""

    def filled_in(field: Mapping[str, Any]) -> Any:
        found = field.get("value")
        return as_text([without(each, "url") for each in found] if isinstance(found, list) else without(found, "url"))

    def assigned(name: str) -> Callable[[Mapping[str, Any]], Any]:
        # A field that is nobody's has an empty object, or an empty text (pandadoc.md 9.1).
        return lambda field: (field.get("assigned_to") or {}).get(name)

    return Child(
        f"{table}_field",
        "fields",
        (
            *texts("uuid field_id name title placeholder merge_field type"),
            Column("value", STRING, filled_in, reads=("value",)),
            Column("is_filled", BOOLEAN),
            *(
                Column(f"assigned_to_{name}", STRING, assigned(name), reads=("assigned_to",))
                for name in ("id", "type", "email", "role")
            ),
        ),
        left_out=("value.url", "value[].url"),
    )


def pricing_tables(table: str) -> tuple[Child, ...]:
    """Pricing tables, and their rows: each says the position of its table."""

    def items(record: Mapping[str, Any]) -> Iterator[Any]:
        for position, each in enumerate(elements(record, "pricing.tables")):
            for item in elements(each, "items"):
                yield adding(item, pricing_table_position=position, pricing_table_id=each.get("id"))

    return (
        Child(
            f"{table}_pricing_table",
            bare("pricing.tables", "items"),
            (
                *texts("id name currency"),
                Column("total", DECIMAL),
                Column("is_included_in_total", BOOLEAN),
                *amounts("subtotal discount tax fee total", inside="summary"),
            ),
            reads=("pricing.tables",),
        ),
        Child(
            f"{table}_pricing_table_item",
            lambda record: list(items(record)),
            (
                Column("pricing_table_position", LONG),
                *texts("pricing_table_id id sku name description"),
                *amounts("qty cost price sale_price subtotal"),
                *rated("discount", "tax_first", "tax_second"),
                *objects("discounts taxes fees custom_fields custom_columns merged_data"),
                *flags("optional optional_selected multichoice_enabled multichoice_selected", inside="options"),
            ),
            reads=("pricing.tables",),
        ),
    )


SUMMARY = (
    *amounts(
        "total subtotal one_time_subtotal total_qty total_discount total_tax total_fee total_savings", inside="summary"
    ),
    *objects("recurring_subtotal discounts taxes fees custom_fields", inside="summary"),
)


def quotes(table: str) -> tuple[Child, ...]:
    """Quotes, their sections and their items: each says the position of what it lies in."""

    def all_sections(record: Mapping[str, Any]) -> Iterator[Any]:
        for position, quote in enumerate(elements(record, "pricing.quotes")):
            for section in elements(quote, "sections"):
                yield adding(section, quote_position=position, quote_id=quote.get("id"))

    def sections(record: Mapping[str, Any]) -> list[Any]:
        return [without(each, "items") for each in all_sections(record)]

    def items(record: Mapping[str, Any]) -> Iterator[Any]:
        for position, section in enumerate(all_sections(record)):
            for item in elements(section, "items"):
                yield adding(
                    item,
                    quote_position=section["quote_position"],
                    quote_id=section["quote_id"],
                    quote_section_position=position,
                    quote_section_id=section.get("id"),
                )

    return (
        Child(
            f"{table}_quote",
            bare("pricing.quotes", "sections"),
            (
                *texts("id currency"),
                Column("total", DECIMAL),
                *SUMMARY,
                *amounts("total_contract_value", inside="summary"),
                Column("merge_rules", JSON),
                *texts("selection_type", inside="settings"),
            ),
            reads=("pricing.quotes",),
        ),
        Child(
            f"{table}_quote_section",
            sections,
            (
                Column("quote_position", LONG),
                *texts("quote_id id name"),
                Column("total", DECIMAL),
                *SUMMARY,
                *amounts("total_section_value", inside="summary"),
                Column("columns", JSON),
                *flags("optional selected", inside="settings"),
                *texts("selection_type", inside="settings"),
            ),
            reads=("pricing.quotes",),
        ),
        Child(
            f"{table}_quote_item",
            lambda record: list(items(record)),
            (
                Column("quote_position", LONG),
                Column("quote_id", STRING),
                Column("quote_section_position", LONG),
                Column("quote_section_id", STRING),
                *texts("id sku name description"),
                *amounts("qty price cost"),
                *texts("billing_frequency contract_term pricing_method type reference_type"),
                *amounts("total overall_total"),
                *flags("selected qty_editable", inside="options"),
                *objects("custom_columns external_columns multipliers discounts taxes fees"),
            ),
            reads=("pricing.quotes",),
        ),
    )


def roles(table: str) -> Child:
    return Child(
        f"{table}_role",
        "roles",
        (
            *texts("id name"),
            *numbers("signing_order"),
            *texts("type email first_name last_name placeholder_name placeholder_source", inside="preassigned_person"),
            *objects("members", inside="preassigned_person"),
        ),
    )


def placeholders(table: str) -> Child:
    return Child(f"{table}_content_placeholder", "content_placeholders", texts("uuid block_id description"))


def images(record: Mapping[str, Any]) -> Any:
    found = record.get("images")
    if isinstance(found, list):
        return [without(each, "urls", "url") for each in found]
    return without(found, "urls", "url")


IMAGES = Column("images", JSON, images, reads=("images",))
IMAGE_ADDRESSES = ("images[].urls", "images[].url")


# Documents.


def group_members(record: Mapping[str, Any]) -> list[Any]:
    """The members of all groups among the recipients: each says the position of its group."""
    return [
        adding(member, recipient_position=position, recipient_id=each.get("id"))
        for position, each in enumerate(elements(record, "recipients"))
        for member in elements(each, "members")
    ]


def approval(record: Mapping[str, Any]) -> Any:
    """Its steps and approvers are not specified, so secrets are looked for at any depth."""
    return DOCUMENT.kept({"approval": record.get("approval_execution")})["approval"]


DOCUMENT = Table(
    "document",
    key=("id",),
    columns=(
        *texts("id name status version ref_number autonumbering_sequence_name_prefix folder_uuid"),
        *instants("date_created date_modified content_date_modified date_sent date_completed expiration_date"),
        *texts("id name", inside="template"),
        *author(),
        *texts("id email first_name last_name", inside="sent_by"),
        *amounts("amount", inside="grand_total"),
        *texts("currency", inside="grand_total"),
        *amounts("total", inside="pricing"),
        Column("approval_execution", JSON, approval, reads=("approval_execution",)),
        *texts("locked_by_user_id lock_type", inside="lock"),
        Column("lock_expires_at", UTC_DATETIME, "lock.expires_at"),
        *objects("tables texts"),
        IMAGES,
    ),
    children=(
        Child(
            "document_recipient",
            bare("recipients", "members"),
            (
                *texts("id type recipient_type contact_id role"),
                Column("roles", JSON),
                *numbers("signing_order"),
                *texts("name first_name last_name email phone"),
                Column("has_completed", BOOLEAN),
                *instants("signature_date"),
                *flags("email sms", inside="delivery_methods"),
                *flags("is_enabled", inside="redirect"),
                *texts("url", inside="redirect"),
                Column("verification_place", STRING, "verification_settings.verification_place"),
            ),
            reads=("recipients",),
            left_out=("verification_settings.*",),
        ),
        Child(
            "document_recipient_group_member",
            group_members,
            (
                Column("recipient_position", LONG),
                *texts("recipient_id id first_name last_name email"),
                *instants("signature_date"),
            ),
            reads=("recipients",),
        ),
        fields("document"),
        tokens("document"),
        tags("document"),
        metadata("document"),
        Child(
            "document_linked_object",
            "linked_objects",
            (
                *texts("id provider entity_type"),
                # An earlier specification wrote `entiry_id` (pandadoc.md 9.1).
                Column(
                    "entity_id",
                    STRING,
                    lambda linked: linked.get("entity_id", linked.get("entiry_id")),
                    reads=("entity_id", "entiry_id"),
                ),
                Column("children", JSON),
            ),
        ),
        *pricing_tables("document"),
        *quotes("document"),
    ),
    left_out=(*LEFT_OUT, *IMAGE_ADDRESSES, "uuid"),
)
"""What the list knows is there also where the details could not be had; the rest is then empty."""

DOCUMENT_ATTACHMENT = Table(
    "document_attachment",
    key=("document_id", "uuid"),
    columns=(
        *texts("document_id uuid name type"),
        *instants("date_created"),
        *texts("id email first_name last_name", inside="created_by"),
    ),
    left_out=LEFT_OUT,
)
DOCUMENT_SECTION = Table(
    "document_section", key=("document_id", "uuid"), columns=texts("document_id uuid name"), left_out=LEFT_OUT
)
DOCUMENT_AUDIT_TRAIL = Table(
    "document_audit_trail",
    key=("id",),
    columns=(
        *texts("id document_id"),
        *texts("id email", inside="user"),
        *numbers("action"),
        Column("reason", STRING),
        *instants("date_created"),
        Column("ip_address", STRING),
    ),
    left_out=LEFT_OUT,
)
DOCUMENT_SETTING = Table(
    "document_setting",
    key=("document_id",),
    columns=(
        *texts("document_id language"),
        Column("qualified_electronic_signature", BOOLEAN),
        *numbers("expires_in"),
        Column("suggest_edits", BOOLEAN),
    ),
    left_out=LEFT_OUT,
)
DOCUMENT_AUTO_REMINDER = Table(
    "document_auto_reminder",
    key=("document_id",),
    columns=(
        Column("document_id", STRING),
        Column("enabled", BOOLEAN),
        Column("delivery_method", STRING),
        *numbers("initial_delay_days"),
        Column("is_recurring", BOOLEAN),
        *numbers("recurrence_frequency_days"),
    ),
    children=(Child("document_auto_reminder_status", "reminders", texts("recipient_id status")),),
    left_out=LEFT_OUT,
)

# Templates and the content library.

TEMPLATE, CONTENT_LIBRARY_ITEM = (
    Table(
        name,
        key=("id",),
        columns=(
            *texts("id name version folder_uuid"),
            *instants("date_created date_modified content_date_modified"),
            *author(),
            *amounts("total", inside="pricing"),
            Column("tables", JSON),
            IMAGES,
        ),
        children=(
            roles(name),
            fields(name),
            tokens(name),
            tags(name),
            metadata(name),
            *pricing_tables(name),
            *quotes(name),
            placeholders(name),
        ),
        left_out=(*LEFT_OUT, *IMAGE_ADDRESSES),
    )
    for name in ("template", "content_library_item")
)

# People and organisation.

CONTACT = Table(
    "contact",
    key=("id",),
    columns=texts(
        "id email first_name last_name company job_title phone country state street_address city postal_code"
    ),
    left_out=LEFT_OUT,
)
MEMBER = Table(
    "member",
    key=("membership_id",),
    columns=(
        *texts("membership_id user_id email first_name last_name"),
        Column("is_active", BOOLEAN),
        *texts("workspace workspace_name"),
        # The specification and the answers differ (pandadoc.md 13.8).
        Column(
            "email_verified",
            BOOLEAN,
            lambda member: member.get("email_verified", member.get("emails_verified")),
            reads=("email_verified", "emails_verified"),
        ),
        *texts("role user_license"),
        *instants("date_created date_modified"),
    ),
    left_out=LEFT_OUT,
)
"""`workspace` is where the person works right now, not the workspace of the credential (pandadoc.md 13.9)."""
USER = Table(
    "user",
    key=("user_id",),
    columns=(
        *texts("user_id email first_name last_name phone_number license"),
        Column("is_organization_owner", BOOLEAN),
    ),
    children=(Child("user_workspace", "workspaces", texts("workspace_id membership_id role")),),
    left_out=LEFT_OUT,
)
WORKSPACE = Table(
    "workspace",
    key=("id",),
    columns=(*texts("id name"), *instants("date_created"), Column("owner", STRING)),
    left_out=LEFT_OUT,
)

# Folders and forms.

DOCUMENT_FOLDER, TEMPLATE_FOLDER = (
    Table(
        name,
        key=("uuid",),
        columns=(*texts("uuid name parent_uuid"), *instants("date_created"), *flags("has_folders has_items")),
        left_out=LEFT_OUT,
    )
    for name in ("document_folder", "template_folder")
)
"""`parent_uuid` is empty at the top: the root itself is never listed (pandadoc.md 9.6)."""
FORM = Table(
    "form", key=("id",), columns=(*texts("id name status"), *instants("date_created date_modified")), left_out=LEFT_OUT
)

# The catalogue.

PRICE = (
    *texts("uuid currency"),
    *amounts("price cost"),
    *texts("billing_type billing_cycle"),
    *numbers("pricing_method"),
    Column("tiers", JSON),
)


def prices(record: Mapping[str, Any]) -> list[Any]:
    """The item's own price first, then those of its variants: each says the position of its variant."""
    own = elements(record, "default_price_configuration")
    return [
        *(adding(price, variant_position=None, variant_uuid=None) for price in own),
        *(
            adding(price, variant_position=position, variant_uuid=each.get("uuid"))
            for position, each in enumerate(elements(record, "variants"))
            for price in elements(each, "price_configurations")
        ),
    ]


CATALOG_ITEM = Table(
    "catalog_item",
    key=("uuid",),
    columns=(
        *texts("uuid title sku type billing_type billing_cycle workspace_id currency created_by modified_by"),
        *instants("date_created date_modified"),
        *texts("description category_id category_name"),
        *numbers("bundle_items_count pricing_method"),
        *amounts("price cost min_tier_value max_tier_value"),
        *objects("custom_fields tiers"),
    ),
    children=(
        Child(
            "catalog_item_bundle_item",
            "bundle_items",
            (
                *numbers("quantity"),
                *texts("uuid title sku description currency", inside="item"),
                *amounts("price", inside="item"),
            ),
            left_out=("item.image_url", "item.images"),
        ),
        Child(
            "catalog_item_variant",
            bare("variants", "price_configurations"),
            (
                *texts("uuid sku description"),
                *numbers("status"),
                *instants("date_created date_modified"),
                Column("custom_fields", JSON),
            ),
            reads=("variants",),
            left_out=("images",),
        ),
        Child(
            "catalog_item_price",
            prices,
            (Column("variant_position", LONG), Column("variant_uuid", STRING), *PRICE),
            reads=("default_price_configuration", "variants"),
        ),
    ),
    left_out=(*LEFT_OUT, "images", "image_src", "highlights"),
)

# Operations.

WEBHOOK_SUBSCRIPTION = Table(
    "webhook_subscription",
    key=("uuid",),
    columns=(*texts("uuid name url workspace_id status"), Column("active", BOOLEAN), *objects("payload triggers")),
    left_out=LEFT_OUT,
)
WEBHOOK_EVENT = Table(
    "webhook_event",
    key=("uuid",),
    columns=(
        *texts("uuid name type"),
        *numbers("http_status_code"),
        Column("error", STRING),
        *instants("delivery_time"),
    ),
    left_out=(*LEFT_OUT, "url", "signature", "request_body", "response_body", "response_headers"),
)
API_LOG = Table(
    "api_log",
    key=("id",),
    columns=(*texts("id url method"), *numbers("status"), *instants("request_time response_time")),
    left_out=(
        *LEFT_OUT,
        "request_body",
        "response_body",
        "query_params_object",
        "query_params_string",
        "key",
        "token_type",
    ),
)
NOTARY = Table("notary", key=("id",), columns=texts("id email name commission_state status"), left_out=LEFT_OUT)
NOTARIZATION_REQUEST = Table(
    "notarization_request",
    key=("id",),
    columns=(
        *texts("id status name document_id created_by_user_id"),
        *instants("date_created date_started date_completed"),
    ),
    left_out=LEFT_OUT,
)
SMS_OPT_OUT = Table(
    "sms_opt_out",
    key=("phone_number",),
    columns=(*texts("phone_number status"), *instants("opt_out_changed")),
    left_out=LEFT_OUT,
)

TABLES = (
    DOCUMENT,
    DOCUMENT_ATTACHMENT,
    DOCUMENT_SECTION,
    DOCUMENT_AUDIT_TRAIL,
    DOCUMENT_SETTING,
    DOCUMENT_AUTO_REMINDER,
    TEMPLATE,
    CONTENT_LIBRARY_ITEM,
    CONTACT,
    MEMBER,
    USER,
    WORKSPACE,
    DOCUMENT_FOLDER,
    TEMPLATE_FOLDER,
    FORM,
    CATALOG_ITEM,
    WEBHOOK_SUBSCRIPTION,
    WEBHOOK_EVENT,
    API_LOG,
    NOTARY,
    NOTARIZATION_REQUEST,
    SMS_OPT_OUT,
)
