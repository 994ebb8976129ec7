"""What a warehouse must hold: every table of the account, worked out from the store alone.

Ids are text, instants are UTC text, numbers are the decimal text that the source writes. The opt-in tables
(`related_item`, `related_link`, `file`) are there too.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from sandbox.columns import Row, Tables, columns, text
from sandbox.copper.kinds import LINK_NAMES, RECORD_KINDS
from sandbox.copper.options import Options
from sandbox.copper.store import Store
from sandbox.store import UNSET, Record

NAMES = "name prefix first_name middle_name last_name suffix"
DATES = "date_created=created:instant date_modified=updated:instant"
ADDRESS = " ".join(f"address_{name}=address.{name}" for name in "street city state postal_code country".split())
MONEY = "monetary_unit monetary_value:text converted_unit converted_value:text"
COMPANY = "company_id=company.id:text company_name=company.name"
ABOUT = "related_resource_id=related.1:text related_resource_type=related.0"
TYPE = "id:text name category is_disabled count_as_interaction"
OWN = {
    "person": f"""{NAMES} details title assignee_id:text contact_type_id:text date_lead_created:instant
        date_last_contacted:instant {ADDRESS} interaction_count:count {COMPANY} leads_converted_from:many""",
    "company": f"""name details email_domain assignee_id:text contact_type_id:text {ADDRESS} interaction_count:count
        primary_contact_id=contact.id:text""",
    "lead": f"""{NAMES} company_name details title assignee_id:text customer_source_id:text status_id:text {MONEY}
        converted_opportunity_id:text converted_contact_id:text converted_at:instant date_last_contacted:instant
        {ADDRESS} interaction_count:count email_email=email.email email_category=email.category status=lead_status""",
    "opportunity": f"""name close_date details priority status {MONEY} win_probability assignee_id:text
        customer_source_id:text loss_reason_id:text pipeline_id:text pipeline_stage_id:text date_lead_created:instant
        date_stage_changed:instant date_last_contacted:instant interaction_count:count {COMPANY}
        primary_contact_id=contact.id:text pipeline_is_revenue=pipeline.is_revenue pipeline_type=pipeline.type
        leads_converted_from:many""",
    "project": f"name status details assignee_id:text {ABOUT}",
    "task": f"""name priority status details assignee_id:text custom_activity_type_id:text due_date:instant
        reminder_date:instant completed_date:instant {ABOUT}""",
    "activity": """parent_id=parent.id:text parent_type=parent.type type_id=type.id:text type_category=type.category
        type_name=type.name user_id:text details activity_date=updated:instant old_value new_value""",
}
"""By kind: the columns beside id and dates."""
LISTS = {
    "pipeline": ("pipelines", "id:text name type is_revenue"),
    "contact_type": ("contact_types", "id:text name"),
    "customer_source": ("customer_sources", "id:text name"),
    "loss_reason": ("loss_reasons", "id:text name"),
    "lead_status": ("lead_statuses", "id:text name order is_default"),
    "custom_activity_type": (
        "custom_activity_types",
        "id:text company_id:text name icon_type is_disabled is_interaction is_default_task_type",
    ),
    "custom_field_definition": (
        "custom_field_definitions",
        "id:text name data_type is_filterable currency connected_id:text",
    ),
}
"""The tables of reference lists."""
STAGE = "id:text name pipeline_id:text win_probability"
LINK = """id:text custom_field_definition_id:text source_id=parent.id:text source_entity_type=parent.kind:link_name
    source_name=parent.name target_id=target.id:text target_entity_type=target.kind:link_name target_name=target.name"""
FILE = """entity_type=parent.kind entity_id=parent.id:text id:text file_name file_size content_type creator_id:text
    date_created=created:instant date_modified:instant"""
VALUES = ("value_text", "value_number", "value_date", "value_boolean", "option_id", "value_json")
VALUE_COLUMNS = {
    **dict.fromkeys(("String", "Text", "URL"), "value_text"),
    **dict.fromkeys(("Float", "Percentage", "Currency"), "value_number"),
    **dict.fromkeys(("Dropdown", "MultiSelect"), "option_id"),
    "Date": "value_date",
    "Checkbox": "value_boolean",
    "Connect": "value_json",
}
WITH_ADDRESS = ("person", "company", "lead")
CHILDREN = {
    "person_email": ("emails", "email category"),
    **{f"{kind}_phone_number": ("phone_numbers", "number category") for kind in WITH_ADDRESS},
    **{f"{kind}_website": ("websites", "url category") for kind in WITH_ADDRESS},
    **{f"{kind}_social": ("socials", "url category") for kind in WITH_ADDRESS},
}
TABLES = (
    *("account", "user", "user_group", *OWN, *LISTS, *CHILDREN),
    *(f"{kind}_{child}" for kind in RECORD_KINDS for child in ("tag", "custom_field")),
    *("pipeline_stage_position", "pipeline_stage", "activity_type", "tag", "custom_field_definition_option"),
    *("custom_field_definition_available_on", "related_item", "related_link", "file"),
)


def truth(store: Store, options: Options) -> Tables:
    """All tables by name; opt-in tables too."""
    return _Truth(store, options).tables()


def instant(seconds: int | None) -> str | None:
    """`2026-05-12T05:24:00Z`"""
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


FORMS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "instant": instant,
    "count": lambda value: value or 0,
    "many": lambda value: value or [],
    "link_name": LINK_NAMES.__getitem__,
}


class _Truth:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.rows: Tables = {name: [] for name in TABLES}

    def tables(self) -> Tables:
        self.settings()
        self.references()
        for kind in RECORD_KINDS:
            if kind != "lead" or self.options.leads_enabled:
                for record in self.store.kinds[kind].values():
                    self.add(kind, f"id:text {DATES} {OWN[kind]}", self.facts(record))
                    self.below(record)
        for activity in self.store.kinds["activity"].values():
            if "is_deleted" not in activity.fields:
                self.add("activity", f"id:text {DATES} {OWN['activity']}", self.facts(activity))
        return self.rows

    def add(self, table: str, declared: str, of: Any) -> None:
        self.rows[table].append(columns(declared, of, FORMS))

    def parts(self, table: str, key: str, id: int, declared: str, parts: Iterable[Any]) -> None:
        """The rows of a list inside a record."""
        rows = (columns(declared, one, FORMS) for one in parts)
        self.rows[table] += [{key: str(id), "position": position, **row} for position, row in enumerate(rows)]

    def settings(self) -> None:
        settings = {"teams": True, "leads": self.options.leads_enabled}
        declared = """id:text name primary_timezone settings_setting_team_permissions_enabled=teams
            settings_setting_enable_leads=leads"""
        self.add("account", declared, {**self.store.account, **settings})
        for user in self.store.users.values():
            self.add("user", "id:text name email", user)
            self.parts("user_group", "user_id", user["id"], "group_id=id:text group_name=name", user["groups"])

    def references(self) -> None:
        lists = self.store.lists
        for table, (name, declared) in LISTS.items():
            for row in lists[name].values():
                self.add(table, declared, row)
        for one in lists["pipelines"].values():
            self.parts("pipeline_stage_position", "pipeline_id", one["id"], "pipeline_stage_id=id:text", one["stages"])
        for stage in self.store.stages():
            self.add("pipeline_stage", STAGE, stage)
        for category, types in self.store.activity_types.items():
            if category in ("user", "system") or self.options.other_activity_category:
                for one in types:
                    self.add("activity_type", TYPE, one)
        self.rows["tag"] += [dict(row) for row in self.store.tags()]
        key = "custom_field_definition_id"
        for one in self.store.definitions.values():
            self.parts("custom_field_definition_option", key, one["id"], "id:text name rank", one.get("options", ()))
            kinds = [{"entity": kind} for kind in one["available_on"]]
            self.parts("custom_field_definition_available_on", key, one["id"], "entity", kinds)

    def facts(self, record: Record) -> Row:
        """What is known of a record, and what it names, while that exists."""
        lists, fields = self.store.lists, record.fields
        return {
            "id": record.id,
            "created": record.created,
            "updated": record.updated,
            **fields,
            "company": self.store.kinds["company"].get(fields.get("company_id")),
            "contact": self.store.kinds["person"].get(fields.get("primary_contact_id")),
            "pipeline": lists["pipelines"].get(fields.get("pipeline_id", 0)),
            "lead_status": lists["lead_statuses"].get(fields.get("status_id", 0), {}).get("name"),
        }

    def below(self, record: Record) -> None:
        """The tables of what lies inside a record, and of what is asked for record by record."""
        kind, key, fields = record.kind, f"{record.kind}_id", record.fields
        for table, (name, declared) in CHILDREN.items():
            if table.startswith(f"{kind}_"):
                self.parts(table, key, record.id, declared, fields.get(name, ()))
        self.parts(f"{kind}_tag", key, record.id, "tag", [{"tag": tag} for tag in fields.get("tags", ())])
        values = [row for one in self.store.definitions_on(kind) for row in self.values(record, one)]
        declared = f"custom_field_definition_id:text {' '.join(VALUES)}"
        self.parts(f"{kind}_custom_field", key, record.id, declared, values)
        if "converted_at" in fields and self.options.converted_leads_are_gone:
            return
        for other, id in self.store.related(record):
            row = {"from_type": kind, "from_id": str(record.id), "to_type": other, "to_id": str(id)}
            self.rows["related_item"].append(row)
        for link in self.store.below(record, "link"):
            self.add("related_link", LINK, link)
        for file in self.store.below(record, "file"):
            if not file.fields["is_deleted"]:
                self.add("file", FILE, file)

    def values(self, record: Record, definition: Row) -> list[Row]:
        """A custom field as rows: none where it says nothing, several where it has several options."""
        value, data_type = self.store.custom_value(record, definition), definition["data_type"]
        if value is UNSET or value is None:
            return []
        column = VALUE_COLUMNS[data_type]
        each = value if data_type == "MultiSelect" else [] if value == [] else [value]
        found = [text(one) if column in ("value_number", "option_id") else one for one in each]
        return [{"custom_field_definition_id": definition["id"], column: one} for one in found]
