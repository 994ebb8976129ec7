"""The tables of Copper: every column typed and declared once (copper.md 7, 8 and 15).

Names are the vendor's; what lies in an object lands as `<object>_<key>`. Times come as Unix seconds.
"""

from collections.abc import Mapping
from typing import Any

from shared.records import value
from shared.tables import SELF, Child, Column, Table, columns
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, NAIVE_DATE, STRING, UNIX_SECONDS

CUSTOM_FIELDS = "custom_fields"
CUSTOM_FIELD_VALUES = "custom_field_values"
"""What the connector adds to a record: its custom fields, one entry a value, by the type of their definition."""
ADDED = (CUSTOM_FIELD_VALUES,)
"""What is no part of `raw`."""


def contacts(table: str) -> tuple[Child, ...]:
    """Where somebody can be reached."""
    return (
        Child(f"{table}_phone_number", "phone_numbers", columns(STRING, "number category")),
        Child(f"{table}_website", "websites", columns(STRING, "url category")),
        Child(f"{table}_social", "socials", columns(STRING, "url category")),
    )


def labels(table: str) -> tuple[Child, ...]:
    """Tags, and custom fields: one row a value, of which one column is filled, depending on the definition."""

    def pick(record: Mapping[str, Any]) -> Any:
        return record.get(CUSTOM_FIELD_VALUES, record.get(CUSTOM_FIELDS))

    values = (
        *columns(STRING, "custom_field_definition_id value_text"),
        Column("value_number", DECIMAL),
        Column("value_date", NAIVE_DATE),
        Column("value_boolean", BOOLEAN),
        Column("option_id", STRING),
        Column("value_json", JSON),
    )
    return (
        Child(f"{table}_tag", "tags", (Column("tag", STRING, SELF),)),
        Child(f"{table}_custom_field", pick, values, reads=(CUSTOM_FIELDS, CUSTOM_FIELD_VALUES)),
    )


NAMES = columns(STRING, "name prefix first_name middle_name last_name suffix")
ADDRESS = columns(STRING, "street city state postal_code country", inside="address")
RELATED = columns(STRING, "id type", inside="related_resource")
CHANGED = columns(UNIX_SECONDS, "date_created date_modified")
MONEY = (
    Column("monetary_unit", STRING),
    Column("monetary_value", DECIMAL),
    Column("converted_unit", STRING),
    Column("converted_value", DECIMAL),
)
FROM_LEADS = (Column("leads_converted_from", JSON), Column("date_lead_created", UNIX_SECONDS))

ACCOUNT = Table(
    "account",
    key=("id",),
    columns=(
        *columns(STRING, "id name primary_timezone"),
        *columns(BOOLEAN, "setting_team_permissions_enabled setting_enable_leads", inside="settings"),
    ),
)
USER = Table(
    "user",
    key=("id",),
    columns=columns(STRING, "id name email"),
    children=(Child("user_group", "groups", (Column("group_id", STRING, "id"), Column("group_name", STRING, "name"))),),
)

PERSON = Table(
    "person",
    key=("id",),
    columns=(
        Column("id", STRING),
        *NAMES,
        *ADDRESS,
        *columns(STRING, "assignee_id company_id company_name contact_type_id details title"),
        Column("interaction_count", LONG),
        *FROM_LEADS,
        Column("date_last_contacted", UNIX_SECONDS),
        *CHANGED,
    ),
    children=(
        Child("person_email", "emails", columns(STRING, "email category")),
        *contacts("person"),
        *labels("person"),
    ),
    left_out=ADDED,
)
COMPANY = Table(
    "company",
    key=("id",),
    columns=(
        *columns(STRING, "id name"),
        *ADDRESS,
        *columns(STRING, "assignee_id contact_type_id details email_domain primary_contact_id"),
        Column("interaction_count", LONG),
        *CHANGED,
    ),
    children=(*contacts("company"), *labels("company")),
    left_out=ADDED,
)
LEAD = Table(
    "lead",
    key=("id",),
    columns=(
        Column("id", STRING),
        *NAMES,
        *ADDRESS,
        *columns(STRING, "assignee_id company_name customer_source_id details"),
        *columns(STRING, "email category", inside="email"),
        Column("interaction_count", LONG),
        *MONEY,
        *columns(STRING, "status status_id title converted_opportunity_id converted_contact_id"),
        *columns(UNIX_SECONDS, "converted_at date_last_contacted"),
        *CHANGED,
    ),
    children=(*contacts("lead"), *labels("lead")),
    left_out=ADDED,
)
OPPORTUNITY = Table(
    "opportunity",
    key=("id",),
    columns=(
        *columns(STRING, "id name assignee_id close_date company_id company_name customer_source_id details"),
        *columns(STRING, "loss_reason_id pipeline_id pipeline_stage_id"),
        Column("pipeline_is_revenue", BOOLEAN),
        *columns(STRING, "pipeline_type primary_contact_id priority status"),
        Column("interaction_count", LONG),
        *MONEY,
        Column("win_probability", LONG),
        *FROM_LEADS,
        *columns(UNIX_SECONDS, "date_stage_changed date_last_contacted"),
        *CHANGED,
    ),
    children=labels("opportunity"),
    left_out=ADDED,
)
"""`close_date` is as sent: whether the day or the month comes first is a setting that the API does not show."""
PROJECT = Table(
    "project",
    key=("id",),
    columns=(*columns(STRING, "id name"), *RELATED, *columns(STRING, "assignee_id status details"), *CHANGED),
    children=labels("project"),
    left_out=(*ADDED, "company_id", "company_name"),
)
"""The company, where one is repeated, is the related resource."""
TASK = Table(
    "task",
    key=("id",),
    columns=(
        *columns(STRING, "id name"),
        *RELATED,
        Column("assignee_id", STRING),
        *columns(UNIX_SECONDS, "due_date reminder_date completed_date"),
        *columns(STRING, "priority status details custom_activity_type_id"),
        *CHANGED,
    ),
    children=labels("task"),
    left_out=ADDED,
)

ACTIVITY = Table(
    "activity",
    key=("id",),
    columns=(
        Column("id", STRING),
        *columns(STRING, "id type", inside="parent"),
        *columns(STRING, "id category name", inside="type"),
        *columns(STRING, "user_id details"),
        Column("activity_date", UNIX_SECONDS),
        *columns(JSON, "old_value new_value"),
        *CHANGED,
    ),
    left_out=("is_deleted",),
)


def is_stub(record: Any) -> bool:
    """Whether this is all that is left of an activity or a file that was deleted: its id and `is_deleted`."""
    return value(record, "is_deleted") is True


PIPELINE = Table(
    "pipeline",
    key=("id",),
    columns=(*columns(STRING, "id name type"), Column("is_revenue", BOOLEAN)),
    children=(
        Child(
            "pipeline_stage_position",
            "stages",
            (Column("pipeline_stage_id", STRING, "id"),),
            left_out=("name", "win_probability"),
        ),
    ),
)
"""The order of the stages is that of the list inside their pipeline."""
PIPELINE_STAGE = Table(
    "pipeline_stage", key=("id",), columns=(*columns(STRING, "id name pipeline_id"), Column("win_probability", LONG))
)
ACTIVITY_TYPE = Table(
    "activity_type",
    key=("category", "id"),
    columns=(*columns(STRING, "category id name"), *columns(BOOLEAN, "is_disabled count_as_interaction")),
)
CUSTOM_ACTIVITY_TYPE = Table(
    "custom_activity_type",
    key=("id",),
    columns=(
        *columns(STRING, "id company_id icon_type name"),
        *columns(BOOLEAN, "is_disabled is_interaction is_default_task_type"),
    ),
)
"""`company_id` is the account's own id, not that of a company in it."""
CONTACT_TYPE, CUSTOMER_SOURCE, LOSS_REASON = (
    Table(name, key=("id",), columns=columns(STRING, "id name"))
    for name in ("contact_type", "customer_source", "loss_reason")
)
LEAD_STATUS = Table(
    "lead_status",
    key=("id",),
    columns=(*columns(STRING, "id name"), Column("order", LONG), Column("is_default", BOOLEAN)),
)
TAG = Table(
    "tag",
    key=("name",),
    columns=(
        Column("name", STRING),
        *columns(LONG, "count count_people count_leads count_companies count_opportunities count_projects count_tasks"),
    ),
)
CUSTOM_FIELD_DEFINITION = Table(
    "custom_field_definition",
    key=("id",),
    columns=(
        *columns(STRING, "id name data_type"),
        Column("is_filterable", BOOLEAN),
        *columns(STRING, "currency connected_id"),
    ),
    children=(
        Child("custom_field_definition_option", "options", (*columns(STRING, "id name"), Column("rank", LONG))),
        Child("custom_field_definition_available_on", "available_on", (Column("entity", STRING, SELF),)),
    ),
    left_out=("canonical_name",),
)

RELATED_ITEM = Table(
    "related_item",
    key=("from_type", "from_id", "to_type", "to_id"),
    columns=columns(STRING, "from_type from_id to_type to_id"),
)
RELATED_LINK = Table(
    "related_link",
    key=("id",),
    columns=(
        *columns(STRING, "id custom_field_definition_id"),
        *columns(STRING, "id entity_type name", inside="source"),
        *columns(STRING, "id entity_type name", inside="target"),
    ),
)
FILE = Table(
    "file",
    key=("entity_type", "entity_id", "id"),
    columns=(
        *columns(STRING, "entity_type entity_id id file_name"),
        Column("file_size", LONG),
        *columns(STRING, "content_type creator_id"),
        *CHANGED,
    ),
    left_out=("is_deleted",),
)

RECORDS = (PERSON, COMPANY, LEAD, OPPORTUNITY, PROJECT, TASK)
"""Those that can be searched by their change."""

TABLES = (
    ACCOUNT,
    USER,
    *RECORDS,
    ACTIVITY,
    PIPELINE,
    PIPELINE_STAGE,
    ACTIVITY_TYPE,
    CUSTOM_ACTIVITY_TYPE,
    CONTACT_TYPE,
    CUSTOMER_SOURCE,
    LOSS_REASON,
    LEAD_STATUS,
    TAG,
    CUSTOM_FIELD_DEFINITION,
    RELATED_ITEM,
    RELATED_LINK,
    FILE,
)
