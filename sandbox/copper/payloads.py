"""Records as Copper sends them. copper.md 7, 8 and 11."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.columns import columns
from sandbox.copper.kinds import KINDS, LINK_NAMES, LISTS
from sandbox.copper.store import Row, Store
from sandbox.store import UNSET, Record

FILE = "id is_deleted file_name file_size content_type creator_id date_created=created date_modified"


class Payloads:
    """`computed` adds `computed_value` to custom fields, as `custom_field_computed_values=true` asks for."""

    def __init__(self, store: Store, computed: bool = False) -> None:
        self.store = store
        self.computed = computed
        self.zone = ZoneInfo(store.account["primary_timezone"])

    def record(self, record: Record) -> Row:
        fields = record.fields
        if "is_deleted" in fields:
            return {"id": record.id, "is_deleted": True}
        payload: Row = {"id": record.id}
        for name in KINDS[record.kind].fields:
            special = SPECIAL.get(name)
            if special is not None:
                payload[name] = special(self, record)
            elif name in fields:
                payload[name] = fields[name]
            else:
                payload[name] = [] if name in LISTS else 0 if name == "interaction_count" else None
        if self.store.options.new_field:
            payload[self.store.options.new_field] = "new"
        return payload

    def custom_fields(self, record: Record) -> list[Row]:
        entries = []
        for definition in self.store.definitions_on(record.kind):
            value = self.store.custom_value(record, definition)
            if value is UNSET:
                continue
            if definition["data_type"] == "Date" and value is not None:
                value = int(datetime.fromisoformat(value).replace(tzinfo=self.zone).timestamp())
            entry = {"custom_field_definition_id": definition["id"], "value": value}
            if self.computed:
                entry["computed_value"] = _computed(definition, value)
            entries.append(entry)
        return entries

    def company(self, record: Record) -> Record | None:
        """The company that a person or opportunity names, while it exists."""
        return self.store.kinds["company"].get(record.fields.get("company_id"))

    def company_id(self, record: Record) -> int | None:
        company = self.company(record)
        return company.id if company else None

    def company_name(self, record: Record) -> str | None:
        if record.kind == "lead":
            return record.fields.get("company_name")
        company = self.company(record)
        return company.fields["name"] if company else None

    def contact_id(self, record: Record) -> int | None:
        id = record.fields.get("primary_contact_id")
        return id if id in self.store.kinds["person"] else None

    def related_resource(self, record: Record) -> Row | None:
        kind, id = record.fields.get("related", (None, None))
        if kind is None:
            return {"id": None, "type": None} if record.kind == "task" and record.id % 2 else None
        return {"id": id, "type": kind}

    def status(self, record: Record) -> Any:
        if record.kind == "lead":
            return self.store.lists["lead_statuses"].get(record.fields["status_id"], {}).get("name", "")
        return record.fields["status"]

    def pipeline_of(self, record: Record) -> Row:
        return self.store.lists["pipelines"][record.fields["pipeline_id"]]

    def pipeline(self, pipeline: Row) -> Row:
        return {**pipeline, "stages": [columns("id name win_probability", stage) for stage in pipeline["stages"]]}

    def link(self, link: Record) -> Row:
        def end(record: Record) -> Row:
            return {"id": record.id, "entity_type": LINK_NAMES[record.kind], "name": record.fields["name"]}

        ends = {"source": end(link.parent), "target": end(link.fields["target"])}
        return {"id": link.id, "custom_field_definition_id": link.fields["custom_field_definition_id"], **ends}

    def file(self, file: Record) -> Row:
        return columns(FILE, file)

    def account(self) -> Row:
        leads = self.store.options.leads_enabled
        settings = {"setting_team_permissions_enabled": True, "setting_enable_leads": leads}
        return {**self.store.account, "settings": settings}

    def activity_types(self) -> dict[str, list[Row]]:
        types = dict(self.store.activity_types)
        if not self.store.options.other_activity_category:
            types.pop("integration", None)
        return types


SPECIAL: dict[str, Callable[[Payloads, Record], Any]] = {
    "custom_fields": Payloads.custom_fields,
    "company_id": Payloads.company_id,
    "company_name": Payloads.company_name,
    "primary_contact_id": Payloads.contact_id,
    "related_resource": Payloads.related_resource,
    "status": Payloads.status,
    "pipeline_is_revenue": lambda payloads, record: payloads.pipeline_of(record)["is_revenue"],
    "pipeline_type": lambda payloads, record: payloads.pipeline_of(record)["type"],
    "date_created": lambda payloads, record: record.created,
    "date_modified": lambda payloads, record: record.updated,
    "activity_date": lambda payloads, record: record.updated,
}


def _computed(definition: Row, value: Any) -> Any:
    names = {option["id"]: option["name"] for option in definition.get("options", ())}
    if definition["data_type"] == "Dropdown":
        return names.get(value)
    if definition["data_type"] == "MultiSelect":
        return ", ".join(names[id] for id in value or ())
    return None if value is None else str(value)
