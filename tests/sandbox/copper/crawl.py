"""Reads a whole account in the plainest way, for comparison with its truth. Knows nothing of how either is made."""

from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

Row = dict[str, Any]
ENTITIES = {
    "person": "people",
    "company": "companies",
    "lead": "leads",
    "opportunity": "opportunities",
    "project": "projects",
    "task": "tasks",
}
LISTS = {
    "pipeline_stage": "pipeline_stages",
    "contact_type": "contact_types",
    "customer_source": "customer_sources",
    "loss_reason": "loss_reasons",
    "lead_status": "lead_statuses",
    "custom_activity_type": "custom_activity_types",
}
PARTS = {"emails": "email", "phone_numbers": "phone_number", "websites": "website", "socials": "social"}
TIMES = ("date_", "due_date", "reminder_date", "completed_date", "activity_date", "converted_at")
NUMBERS = ("monetary_value", "converted_value")
OBJECTS = {
    "address": ("street", "city", "state", "postal_code", "country"),
    "email": ("email", "category"),
    "related_resource": ("id", "type"),
    "parent": ("id", "type"),
    "type": ("id", "category", "name"),
    "settings": ("setting_team_permissions_enabled", "setting_enable_leads"),
}
VALUES = ("value_text", "value_number", "value_date", "value_boolean", "option_id", "value_json")


class Crawl:
    """`run` gives tables by name, as `truth()` does."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.tables: dict[str, list[Row]] = {}

    def run(self, opt_in: bool = False) -> dict[str, list[Row]]:
        account = self.reader.one("account")
        self.zone = ZoneInfo(account["primary_timezone"])
        self.keep("account", flat(account))
        for user in self.reader.all("users"):
            groups = user.pop("groups")
            self.keep("user", flat(user))
            for position, group in enumerate(groups):
                row = {"group_id": str(group["id"]), "group_name": group["name"]}
                self.child("user_group", "user_id", user["id"], position, **row)
        self.definitions()
        for kind, path in ENTITIES.items():
            if kind != "lead" or account["settings"]["setting_enable_leads"]:
                self.entity(kind, path, opt_in)
        for activity in self.reader.all("activities"):
            if "is_deleted" not in activity:
                self.keep("activity", flat(activity))
        self.references()
        return self.tables

    def definitions(self) -> None:
        self.types = {}
        for one in self.reader.one("custom_field_definitions"):
            self.types[one["id"]] = one["data_type"]
            key, id = "custom_field_definition_id", one["id"]
            for position, option in enumerate(one.pop("options", [])):
                self.child("custom_field_definition_option", key, id, position, **{**option, "id": str(option["id"])})
            for position, kind in enumerate(one.pop("available_on")):
                self.child("custom_field_definition_available_on", key, id, position, entity=kind)
            self.keep("custom_field_definition", {"currency": None, "connected_id": None, **flat(one)})

    def entity(self, kind: str, path: str, opt_in: bool) -> None:
        body: dict[str, Any] = {"sort_by": "date_modified", "sort_direction": "asc"}
        if kind == "lead":
            body["include_converted_leads"] = True
        for record in self.reader.all(path, **body):
            id, key = record["id"], f"{kind}_id"
            for part, name in PARTS.items():
                for position, entry in enumerate(record.pop(part, [])):
                    self.child(f"{kind}_{name}", key, id, position, **entry)
            for position, tag in enumerate(record.pop("tags")):
                self.child(f"{kind}_tag", key, id, position, tag=tag)
            values = [value for entry in record.pop("custom_fields") for value in self.values(entry)]
            for position, value in enumerate(values):
                self.child(f"{kind}_custom_field", key, id, position, **value)
            if opt_in and not (kind == "lead" and record["converted_at"] is not None):
                self.beside(kind, path, id)
            self.keep(kind, flat(record))

    def beside(self, kind: str, path: str, id: int) -> None:
        for other in self.reader.one(f"{path}/{id}/related"):
            row = {"from_type": kind, "from_id": str(id), "to_type": other["type"], "to_id": str(other["id"])}
            self.keep("related_item", row)
        if kind == "company":
            for link in self.reader.one(f"related_links?source_type=organization&source_id={id}"):
                ends = {
                    f"{side}_{name}": str(value) if name == "id" else value
                    for side in ("source", "target")
                    for name, value in link.pop(side).items()
                }
                self.keep("related_link", {**flat(link), **ends})
        if kind != "task":
            for file in self.reader.one(f"{path}/{id}/files"):
                if not file.pop("is_deleted"):
                    self.keep("file", {"entity_type": kind, "entity_id": str(id), **flat(file)})

    def values(self, entry: Row) -> list[Row]:
        """One row a value."""
        data_type, value = self.types[entry["custom_field_definition_id"]], entry["value"]
        if value is None or value == []:
            return []
        column = {
            "Float": "value_number",
            "Percentage": "value_number",
            "Currency": "value_number",
            "Date": "value_date",
            "Checkbox": "value_boolean",
            "Dropdown": "option_id",
            "MultiSelect": "option_id",
            "Connect": "value_json",
        }.get(data_type, "value_text")
        if column == "value_date":
            value = datetime.fromtimestamp(value, self.zone).date().isoformat()
        found = [str(one) for one in (value if data_type == "MultiSelect" else [value])]
        if column in ("value_text", "value_boolean", "value_json", "value_date"):
            found = [value]
        id = str(entry["custom_field_definition_id"])
        return [{"custom_field_definition_id": id, **dict.fromkeys(VALUES), column: one} for one in found]

    def references(self) -> None:
        for table, path in LISTS.items():
            for row in self.reader.one(path):
                self.keep(table, flat(row))
        for pipeline in self.reader.one("pipelines"):
            for position, stage in enumerate(pipeline.pop("stages")):
                id = str(stage["id"])
                self.child("pipeline_stage_position", "pipeline_id", pipeline["id"], position, pipeline_stage_id=id)
            self.keep("pipeline", flat(pipeline))
        for types in self.reader.one("activity_types").values():
            for one in types:
                self.keep("activity_type", flat(one))
        self.tags()

    def tags(self) -> None:
        """Until a page brings nothing new."""
        last, seen = "", set[str]()
        while True:
            page = self.reader.one(f"tags?sort_by=name&last_tag_value={quote(last)}")
            new = [row for row in page if row["name"] not in seen]
            if not new:
                return
            for row in new:
                self.keep("tag", row)
                seen.add(row["name"])
            last = page[-1]["name"]

    def keep(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)

    def child(self, table: str, key: str, parent: int, position: int, **columns: Any) -> None:
        self.keep(table, {key: str(parent), "position": position, **columns})


def flat(record: Row) -> Row:
    """Objects become columns, ids and numbers text, times UTC text."""
    row: Row = {}
    for key, value in record.items():
        if key in OBJECTS and (value is None or isinstance(value, dict)):
            for inner in OBJECTS[key]:
                found = (value or {}).get(inner)
                row[f"{key}_{inner}"] = str(found) if inner == "id" and found is not None else found
        elif value is not None and (key == "id" or key.endswith("_id") or key in NUMBERS):
            row[key] = str(value)
        elif value is not None and key.startswith(TIMES) and not key.startswith("close"):
            row[key] = datetime.fromtimestamp(value, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            row[key] = value
    return row


def differences(found: dict[str, list[Row]], truth: dict[str, list[Row]]) -> dict[str, Any]:
    """By table, a few rows that only one side has."""
    result = {}
    for table in found.keys() | truth.keys():
        one, other = ({repr(sorted(row.items())) for row in side.get(table, [])} for side in (found, truth))
        doubled = len(found.get(table, [])) - len(one)
        if one != other or doubled:
            result[table] = (sorted(one - other)[:2], sorted(other - one)[:2], doubled)
    return result
