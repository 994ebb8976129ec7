"""What a warehouse must hold: every table of the account, worked out from the store alone.

Ids are text, instants are UTC text, numbers are the decimal text that the source writes. The opt-in tables
(`related_item`, `related_link`, `file`) are there too.
"""

from datetime import datetime, timezone
from typing import Any

from sandbox.copper.kinds import LINK_NAMES, RECORD_KINDS
from sandbox.copper.options import Options
from sandbox.copper.records import Record
from sandbox.copper.store import UNSET, Store

Row = dict[str, Any]
Tables = dict[str, list[Row]]

ADDRESS = ("street", "city", "state", "postal_code", "country")
NAMES = ("name", "prefix", "first_name", "middle_name", "last_name", "suffix")
VALUES = ("value_text", "value_number", "value_date", "value_boolean", "option_id", "value_json")
VALUE_COLUMNS = {
    "String": "value_text",
    "Text": "value_text",
    "URL": "value_text",
    "Float": "value_number",
    "Percentage": "value_number",
    "Currency": "value_number",
    "Date": "value_date",
    "Checkbox": "value_boolean",
    "Dropdown": "option_id",
    "MultiSelect": "option_id",
    "Connect": "value_json",
}
COLUMNS = {
    "person": (
        (*NAMES, "details", "title"),
        ("assignee_id", "contact_type_id"),
        ("date_lead_created", "date_last_contacted"),
        (),
    ),
    "company": (("name", "details", "email_domain"), ("assignee_id", "contact_type_id"), (), ()),
    "lead": (
        (*NAMES, "company_name", "details", "monetary_unit", "converted_unit", "title"),
        ("assignee_id", "customer_source_id", "status_id", "converted_opportunity_id", "converted_contact_id"),
        ("converted_at", "date_last_contacted"),
        ("monetary_value", "converted_value"),
    ),
    "opportunity": (
        ("name", "close_date", "details", "priority", "status", "monetary_unit", "converted_unit", "win_probability"),
        ("assignee_id", "customer_source_id", "loss_reason_id", "pipeline_id", "pipeline_stage_id"),
        ("date_lead_created", "date_stage_changed", "date_last_contacted"),
        ("monetary_value", "converted_value"),
    ),
    "project": (("name", "status", "details"), ("assignee_id",), (), ()),
    "task": (
        ("name", "priority", "status", "details"),
        ("assignee_id", "custom_activity_type_id"),
        ("due_date", "reminder_date", "completed_date"),
        (),
    ),
}
"""By kind: the columns that land as they are, as ids, as instants, as numbers."""
WITH_ADDRESS = ("person", "company", "lead")
WITH_INTERACTIONS = ("person", "company", "lead", "opportunity")
CHILDREN = {
    "person_email": ("emails", ("email", "category")),
    **{f"{kind}_phone_number": ("phone_numbers", ("number", "category")) for kind in WITH_ADDRESS},
    **{f"{kind}_website": ("websites", ("url", "category")) for kind in WITH_ADDRESS},
    **{f"{kind}_social": ("socials", ("url", "category")) for kind in WITH_ADDRESS},
}
REFERENCES = {
    "contact_type": "contact_types",
    "customer_source": "customer_sources",
    "loss_reason": "loss_reasons",
    "lead_status": "lead_statuses",
    "custom_activity_type": "custom_activity_types",
}
TABLES = (
    "account",
    "user",
    "user_group",
    *RECORD_KINDS,
    "activity",
    *CHILDREN,
    *(f"{kind}_tag" for kind in RECORD_KINDS),
    *(f"{kind}_custom_field" for kind in RECORD_KINDS),
    "pipeline",
    "pipeline_stage_position",
    "pipeline_stage",
    "activity_type",
    *REFERENCES,
    "tag",
    "custom_field_definition",
    "custom_field_definition_option",
    "custom_field_definition_available_on",
    "related_item",
    "related_link",
    "file",
)


def truth(store: Store, options: Options) -> Tables:
    """All tables by name; opt-in tables too."""
    return _Truth(store, options).tables()


def instant(seconds: int | None) -> str | None:
    """`2026-05-12T05:24:00Z`"""
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(value: Any) -> str | None:
    """An id or a number as the source writes it."""
    return None if value is None else str(value)


class _Truth:
    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.rows: Tables = {name: [] for name in TABLES}

    def tables(self) -> Tables:
        self.settings()
        self.references()
        self.fields()
        for kind in RECORD_KINDS:
            if kind == "lead" and not self.options.leads_enabled:
                continue
            for record in self.store.kinds[kind].values():
                self.record(record)
        for activity in self.store.kinds["activity"].values():
            if not activity.deleted:
                self.rows["activity"].append(self.activity(activity))
        return self.rows

    def settings(self) -> None:
        account = self.store.account
        self.rows["account"].append(
            {
                "id": str(account["id"]),
                "name": account["name"],
                "primary_timezone": account["primary_timezone"],
                "settings_setting_team_permissions_enabled": self.options.team_permissions,
                "settings_setting_enable_leads": self.options.leads_enabled,
            }
        )
        for user in self.store.users.values():
            self.rows["user"].append({"id": str(user["id"]), "name": user["name"], "email": user["email"]})
            for position, group in enumerate(user["groups"]):
                row = {"group_id": str(group["id"]), "group_name": group["name"]}
                self.child("user_group", "user_id", user["id"], position, **row)

    def references(self) -> None:
        for pipeline in self.store.lists["pipelines"].values():
            row = {name: pipeline[name] for name in ("name", "type", "is_revenue")}
            self.rows["pipeline"].append({"id": str(pipeline["id"]), **row})
            for position, stage in enumerate(pipeline["stages"]):
                id = str(stage["id"])
                self.child("pipeline_stage_position", "pipeline_id", pipeline["id"], position, pipeline_stage_id=id)
                self.rows["pipeline_stage"].append(
                    {
                        "id": id,
                        "name": stage["name"],
                        "pipeline_id": str(pipeline["id"]),
                        "win_probability": stage["win_probability"],
                    }
                )
        for category, types in self.store.activity_types.items():
            if category in ("user", "system") or self.options.other_activity_category:
                self.rows["activity_type"] += [{**one, "id": str(one["id"])} for one in types]
        for table, name in REFERENCES.items():
            for row in self.store.lists[name].values():
                ids = {column: str(value) for column, value in row.items() if column in ("id", "company_id")}
                self.rows[table].append({**row, **ids})
        self.rows["tag"] += [dict(row) for row in self.store.tags()]

    def fields(self) -> None:
        for one in self.store.definitions.values():
            self.rows["custom_field_definition"].append(
                {
                    "id": str(one.id),
                    "name": one.name,
                    "data_type": one.data_type,
                    "is_filterable": one.is_filterable,
                    "currency": one.currency,
                    "connected_id": text(one.connected_id),
                }
            )
            key = "custom_field_definition_id"
            for position, option in enumerate(one.options):
                row = {"name": option["name"], "rank": option["rank"]}
                self.child("custom_field_definition_option", key, one.id, position, id=str(option["id"]), **row)
            for position, kind in enumerate(one.available_on):
                self.child("custom_field_definition_available_on", key, one.id, position, entity=kind)

    def record(self, record: Record) -> None:
        kind, fields = record.kind, record.fields
        plain, ids, instants, numbers = COLUMNS[kind]
        row: Row = {"id": str(record.id)}
        row.update((name, fields.get(name)) for name in plain)
        row.update((name, text(fields.get(name))) for name in ids)
        row.update((name, instant(fields.get(name))) for name in instants)
        row.update((name, text(fields.get(name))) for name in numbers)
        row["date_created"], row["date_modified"] = instant(record.created), instant(record.modified)
        if kind in WITH_ADDRESS:
            address = fields.get("address") or {}
            row.update((f"address_{name}", address.get(name)) for name in ADDRESS)
        if kind in WITH_INTERACTIONS:
            row["interaction_count"] = fields.get("interaction_count", 0)
        row.update(SPECIAL[kind](self, record))
        self.rows[kind].append(row)
        self.children(record)
        if not (record.converted and self.options.converted_leads_are_gone):
            self.beside(record)

    def person(self, record: Record) -> Row:
        return {**self.company_of(record), "leads_converted_from": record.fields.get("leads_converted_from", [])}

    def company(self, record: Record) -> Row:
        return {"primary_contact_id": self.contact_of(record)}

    def lead(self, record: Record) -> Row:
        email = record.fields.get("email") or {}
        status = self.store.lists["lead_statuses"][record.fields["status_id"]]["name"]
        return {"email_email": email.get("email"), "email_category": email.get("category"), "status": status}

    def opportunity(self, record: Record) -> Row:
        pipeline = self.store.lists["pipelines"][record.fields["pipeline_id"]]
        return {
            **self.company_of(record),
            "primary_contact_id": self.contact_of(record),
            "pipeline_is_revenue": pipeline["is_revenue"],
            "pipeline_type": pipeline["type"],
            "leads_converted_from": record.fields.get("leads_converted_from", []),
        }

    def about(self, record: Record) -> Row:
        """What a project or task is about."""
        kind, id = record.fields.get("related", (None, None))
        return {"related_resource_id": text(id), "related_resource_type": kind}

    def company_of(self, record: Record) -> Row:
        company = self.store.kinds["company"].get(record.fields.get("company_id", 0))
        return {
            "company_id": str(company.id) if company else None,
            "company_name": company.fields["name"] if company else None,
        }

    def contact_of(self, record: Record) -> str | None:
        id = record.fields.get("primary_contact_id")
        return str(id) if self.store.alive("person", id) else None

    def children(self, record: Record) -> None:
        kind, key = record.kind, f"{record.kind}_id"
        for table, (name, columns) in CHILDREN.items():
            if table.startswith(kind + "_"):
                for position, entry in enumerate(record.fields.get(name, ())):
                    self.child(table, key, record.id, position, **{column: entry[column] for column in columns})
        for position, tag in enumerate(record.fields.get("tags", ())):
            self.child(f"{kind}_tag", key, record.id, position, tag=tag)
        position = 0
        for definition in self.store.definitions_on(kind):
            value = self.store.custom_value(record, definition)
            if value is UNSET or value is None or value == []:
                continue
            column = VALUE_COLUMNS[definition.data_type]
            for each in value if definition.data_type == "MultiSelect" else [value]:
                found = text(each) if column in ("value_number", "option_id") else each
                row: Row = {**dict.fromkeys(VALUES), column: found}
                id = str(definition.id)
                self.child(f"{kind}_custom_field", key, record.id, position, custom_field_definition_id=id, **row)
                position += 1

    def beside(self, record: Record) -> None:
        """What is asked for record by record: relations, links and files."""
        kind, id = record.kind, str(record.id)
        for other, other_id in self.store.related(record):
            row = {"from_type": kind, "from_id": id, "to_type": other, "to_id": str(other_id)}
            self.rows["related_item"].append(row)
        for link in self.store.links_from(record):
            ends = {}
            for side, (linked, linked_id) in (("source", link.source), ("target", link.target)):
                ends[f"{side}_id"] = str(linked_id)
                ends[f"{side}_entity_type"] = LINK_NAMES[linked]
                ends[f"{side}_name"] = self.store.kinds[linked][linked_id].fields["name"]
            row = {"id": str(link.id), "custom_field_definition_id": str(link.definition)}
            self.rows["related_link"].append({**row, **ends})
        for file in self.store.files_of(record):
            if not file.deleted:
                self.rows["file"].append(
                    {
                        "entity_type": kind,
                        "entity_id": id,
                        "id": str(file.id),
                        "file_name": file.name,
                        "file_size": file.size,
                        "content_type": file.content_type,
                        "creator_id": str(file.creator),
                        "date_created": instant(file.created),
                        "date_modified": instant(file.modified),
                    }
                )

    def activity(self, record: Record) -> Row:
        fields = record.fields
        parent, kind = fields["parent"], fields["type"]
        return {
            "id": str(record.id),
            "parent_id": str(parent["id"]),
            "parent_type": parent["type"],
            "type_id": str(kind["id"]),
            "type_category": kind["category"],
            "type_name": kind.get("name"),
            "user_id": text(fields.get("user_id")),
            "details": fields.get("details"),
            "activity_date": instant(record.happened),
            "old_value": fields.get("old_value"),
            "new_value": fields.get("new_value"),
            "date_created": instant(record.created),
            "date_modified": instant(record.modified),
        }

    def child(self, table: str, key: str, parent: int, position: int, **columns: Any) -> None:
        self.rows[table].append({key: str(parent), "position": position, **columns})


SPECIAL = {
    "person": _Truth.person,
    "company": _Truth.company,
    "lead": _Truth.lead,
    "opportunity": _Truth.opportunity,
    "project": _Truth.about,
    "task": _Truth.about,
}
