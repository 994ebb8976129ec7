"""The tables of Copper: every column typed and declared once (copper.md 7, 8 and 15).

Names are the vendor's; what lies in an object lands as `<object>_<key>`. Times come as Unix seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from shared.tables import (
    BOOLEAN,
    DECIMAL,
    JSON,
    LONG,
    NAIVE_DATE,
    SELF,
    STRING,
    UTC_DATETIME,
    Child,
    Column,
    Misfit,
    Table,
    Type,
    columns,
)

CUSTOM_FIELDS = "custom_fields"
CUSTOM_FIELD_VALUES = "custom_field_values"
"""What the connector adds to a record: its custom fields, one entry a value, by the type of their definition."""
ADDED = (CUSTOM_FIELD_VALUES,)
"""What is no part of `raw`."""

Day = Callable[[int], str]
"""From Unix seconds to the calendar day that they mean in the account."""


def instant(name: str) -> Column:
    """A time in Unix seconds."""

    def pick(record: Mapping[str, Any]) -> Any:
        seconds = record.get(name)
        if seconds is None:
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, int):
            raise Misfit("no whole number of seconds")
        try:
            return datetime.fromtimestamp(seconds, timezone.utc).isoformat()
        except (ValueError, OverflowError, OSError):
            raise Misfit("a time out of range") from None

    return Column(name, UTC_DATETIME, pick, reads=(name,))


def phone_numbers(table: str) -> Child:
    return Child(f"{table}_phone_number", "phone_numbers", columns(STRING, "number", "category"))


def websites(table: str) -> Child:
    return Child(f"{table}_website", "websites", columns(STRING, "url", "category"))


def socials(table: str) -> Child:
    return Child(f"{table}_social", "socials", columns(STRING, "url", "category"))


def tags(table: str) -> Child:
    return Child(f"{table}_tag", "tags", (Column("tag", STRING, SELF),))


def custom_fields(table: str) -> Child:
    """One row a value; one column of each row is filled, which one depends on the definition."""

    def pick(record: Mapping[str, Any]) -> Any:
        return record.get(CUSTOM_FIELD_VALUES, record.get(CUSTOM_FIELDS))

    return Child(
        f"{table}_custom_field",
        pick,
        (
            Column("custom_field_definition_id", STRING),
            Column("value_text", STRING),
            Column("value_number", DECIMAL),
            Column("value_date", NAIVE_DATE),
            Column("value_boolean", BOOLEAN),
            Column("option_id", STRING),
            Column("value_json", JSON),
        ),
        reads=(CUSTOM_FIELDS, CUSTOM_FIELD_VALUES),
    )


NAMES = columns(STRING, "name", "prefix", "first_name", "middle_name", "last_name", "suffix")
ADDRESS = columns(STRING, "street", "city", "state", "postal_code", "country", inside="address")
RELATED = columns(STRING, "id", "type", inside="related_resource")
CHANGED = (instant("date_created"), instant("date_modified"))
MONEY = (
    Column("monetary_unit", STRING),
    Column("monetary_value", DECIMAL),
    Column("converted_unit", STRING),
    Column("converted_value", DECIMAL),
)
FROM_LEADS = (Column("leads_converted_from", JSON), instant("date_lead_created"))

ACCOUNT = Table(
    "account",
    key=("id",),
    columns=(
        *columns(STRING, "id", "name", "primary_timezone"),
        *(
            Column(f"settings_{name}", BOOLEAN, f"settings.{name}")
            for name in ("setting_team_permissions_enabled", "setting_enable_leads")
        ),
    ),
)
USER = Table(
    "user",
    key=("id",),
    columns=columns(STRING, "id", "name", "email"),
    children=(Child("user_group", "groups", (Column("group_id", STRING, "id"), Column("group_name", STRING, "name"))),),
)

PERSON = Table(
    "person",
    key=("id",),
    columns=(
        Column("id", STRING),
        *NAMES,
        *ADDRESS,
        *columns(STRING, "assignee_id", "company_id", "company_name", "contact_type_id", "details", "title"),
        Column("interaction_count", LONG),
        *FROM_LEADS,
        instant("date_last_contacted"),
        *CHANGED,
    ),
    children=(
        Child("person_email", "emails", columns(STRING, "email", "category")),
        phone_numbers("person"),
        websites("person"),
        socials("person"),
        tags("person"),
        custom_fields("person"),
    ),
    left_out=ADDED,
)
COMPANY = Table(
    "company",
    key=("id",),
    columns=(
        *columns(STRING, "id", "name"),
        *ADDRESS,
        *columns(STRING, "assignee_id", "contact_type_id", "details", "email_domain", "primary_contact_id"),
        Column("interaction_count", LONG),
        *CHANGED,
    ),
    children=(
        phone_numbers("company"),
        websites("company"),
        socials("company"),
        tags("company"),
        custom_fields("company"),
    ),
    left_out=ADDED,
)
LEAD = Table(
    "lead",
    key=("id",),
    columns=(
        Column("id", STRING),
        *NAMES,
        *ADDRESS,
        *columns(STRING, "assignee_id", "company_name", "customer_source_id", "details"),
        *columns(STRING, "email", "category", inside="email"),
        Column("interaction_count", LONG),
        *MONEY,
        *columns(STRING, "status", "status_id", "title", "converted_opportunity_id", "converted_contact_id"),
        instant("converted_at"),
        instant("date_last_contacted"),
        *CHANGED,
    ),
    children=(phone_numbers("lead"), websites("lead"), socials("lead"), tags("lead"), custom_fields("lead")),
    left_out=ADDED,
)
OPPORTUNITY = Table(
    "opportunity",
    key=("id",),
    columns=(
        *columns(
            STRING,
            "id",
            "name",
            "assignee_id",
            "close_date",
            "company_id",
            "company_name",
            "customer_source_id",
            "details",
            "loss_reason_id",
            "pipeline_id",
            "pipeline_stage_id",
        ),
        Column("pipeline_is_revenue", BOOLEAN),
        *columns(STRING, "pipeline_type", "primary_contact_id", "priority", "status"),
        Column("interaction_count", LONG),
        *MONEY,
        Column("win_probability", LONG),
        *FROM_LEADS,
        instant("date_stage_changed"),
        instant("date_last_contacted"),
        *CHANGED,
    ),
    children=(tags("opportunity"), custom_fields("opportunity")),
    left_out=ADDED,
)
"""`close_date` is as sent: whether the day or the month comes first is a setting that the API does not show."""
PROJECT = Table(
    "project",
    key=("id",),
    columns=(*columns(STRING, "id", "name"), *RELATED, *columns(STRING, "assignee_id", "status", "details"), *CHANGED),
    children=(tags("project"), custom_fields("project")),
    left_out=(*ADDED, "company_id", "company_name"),
)
"""The company, where one is repeated, is the related resource."""
TASK = Table(
    "task",
    key=("id",),
    columns=(
        *columns(STRING, "id", "name"),
        *RELATED,
        Column("assignee_id", STRING),
        instant("due_date"),
        instant("reminder_date"),
        instant("completed_date"),
        *columns(STRING, "priority", "status", "details", "custom_activity_type_id"),
        *CHANGED,
    ),
    children=(tags("task"), custom_fields("task")),
    left_out=ADDED,
)

ACTIVITY = Table(
    "activity",
    key=("id",),
    columns=(
        Column("id", STRING),
        *columns(STRING, "id", "type", inside="parent"),
        *columns(STRING, "id", "category", "name", inside="type"),
        *columns(STRING, "user_id", "details"),
        instant("activity_date"),
        Column("old_value", JSON),
        Column("new_value", JSON),
        *CHANGED,
    ),
    left_out=("is_deleted",),
)
"""What is deleted comes as its id and `is_deleted`."""

PIPELINE = Table(
    "pipeline",
    key=("id",),
    columns=(*columns(STRING, "id", "name", "type"), Column("is_revenue", BOOLEAN)),
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
    "pipeline_stage",
    key=("id",),
    columns=(*columns(STRING, "id", "name", "pipeline_id"), Column("win_probability", LONG)),
)
ACTIVITY_TYPE = Table(
    "activity_type",
    key=("category", "id"),
    columns=(*columns(STRING, "category", "id", "name"), *columns(BOOLEAN, "is_disabled", "count_as_interaction")),
)
CUSTOM_ACTIVITY_TYPE = Table(
    "custom_activity_type",
    key=("id",),
    columns=(
        *columns(STRING, "id", "company_id", "icon_type", "name"),
        *columns(BOOLEAN, "is_disabled", "is_interaction"),
        Column("is_default_task_type", BOOLEAN),
    ),
)
"""`company_id` is the account's own id, not that of a company in it."""
CONTACT_TYPE, CUSTOMER_SOURCE, LOSS_REASON = (
    Table(name, key=("id",), columns=columns(STRING, "id", "name"))
    for name in ("contact_type", "customer_source", "loss_reason")
)
LEAD_STATUS = Table(
    "lead_status",
    key=("id",),
    columns=(*columns(STRING, "id", "name"), Column("order", LONG), Column("is_default", BOOLEAN)),
)
TAG = Table(
    "tag",
    key=("name",),
    columns=(
        Column("name", STRING),
        *columns(
            LONG,
            "count",
            "count_people",
            "count_leads",
            "count_companies",
            "count_opportunities",
            "count_projects",
            "count_tasks",
        ),
    ),
)
CUSTOM_FIELD_DEFINITION = Table(
    "custom_field_definition",
    key=("id",),
    columns=(
        *columns(STRING, "id", "name", "data_type"),
        Column("is_filterable", BOOLEAN),
        *columns(STRING, "currency", "connected_id"),
    ),
    children=(
        Child("custom_field_definition_option", "options", (*columns(STRING, "id", "name"), Column("rank", LONG))),
        Child("custom_field_definition_available_on", "available_on", (Column("entity", STRING, SELF),)),
    ),
    left_out=("canonical_name",),
)

RELATED_ITEM = Table(
    "related_item",
    key=("from_type", "from_id", "to_type", "to_id"),
    columns=columns(STRING, "from_type", "from_id", "to_type", "to_id"),
)
RELATED_LINK = Table(
    "related_link",
    key=("id",),
    columns=(
        *columns(STRING, "id", "custom_field_definition_id"),
        *columns(STRING, "id", "entity_type", "name", inside="source"),
        *columns(STRING, "id", "entity_type", "name", inside="target"),
    ),
)
FILE = Table(
    "file",
    key=("entity_type", "entity_id", "id"),
    columns=(
        *columns(STRING, "entity_type", "entity_id", "id", "file_name"),
        Column("file_size", LONG),
        *columns(STRING, "content_type", "creator_id"),
        *CHANGED,
    ),
    left_out=("is_deleted",),
)

TABLES = (
    ACCOUNT,
    USER,
    PERSON,
    COMPANY,
    LEAD,
    OPPORTUNITY,
    PROJECT,
    TASK,
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

# Values of custom fields.

SINGLE_VALUES: Mapping[str, tuple[str, Type]] = {
    "String": ("value_text", STRING),
    "Text": ("value_text", STRING),
    "URL": ("value_text", STRING),
    "Float": ("value_number", DECIMAL),
    "Percentage": ("value_number", DECIMAL),
    "Currency": ("value_number", DECIMAL),
    "Checkbox": ("value_boolean", BOOLEAN),
    "Dropdown": ("option_id", STRING),
}
"""The column of a value, and what it must fit, by the definition's `data_type`."""


def definition_of(entry: Any) -> str | None:
    """Whose value this is; `None` where there is none."""
    if not isinstance(entry, Mapping) or entry.get("value") in (None, []):
        return None
    return str(entry.get("custom_field_definition_id"))


def values(entry: Any, data_type: str | None, day: Day) -> Iterator[Any]:
    """What lands of one entry of a record's custom fields: an object a value, none where nothing is set.

    What does not fit its type, or has none, lands as JSON: nothing is lost, and a later release can read it.
    """
    if not isinstance(entry, Mapping):
        yield entry  # The table reports it.
        return
    if definition_of(entry) is None:
        return
    value = entry.get("value")
    options = value if data_type == "MultiSelect" and isinstance(value, list) else None
    for each in [value] if options is None else options:
        if each is not None:
            kind = "Dropdown" if options is not None else data_type
            yield {"custom_field_definition_id": entry.get("custom_field_definition_id"), **_typed(each, kind, day)}


def _typed(value: Any, data_type: str | None, day: Day) -> dict[str, Any]:
    try:
        if data_type == "Date":
            if isinstance(value, bool) or not isinstance(value, int):
                raise Misfit("no whole number of seconds")
            return {"value_date": day(value)}
        column, kind = SINGLE_VALUES[data_type or ""]
        if kind.fit(value) is not None:
            return {column: value}
    except (Misfit, KeyError):
        pass
    return {"value_json": value}
