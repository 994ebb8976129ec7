"""Records as Copper sends them. copper.md 7, 8 and 11."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.copper.kinds import KINDS, LINK_NAMES, LISTS
from sandbox.copper.records import Definition, File, Link, Record
from sandbox.copper.store import UNSET, Row, Store


class Payloads:
    """`computed` adds `computed_value` to custom fields, as `custom_field_computed_values=true` asks for."""

    def __init__(self, store: Store, computed: bool = False) -> None:
        self.store = store
        self.computed = computed
        self.zone = ZoneInfo(store.account["primary_timezone"])

    def record(self, record: Record) -> Row:
        if record.deleted:
            return {"id": record.id, "is_deleted": True}
        fields = record.fields
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
            if definition.data_type == "Date" and value is not None:
                value = self._midnight(value)
            entry = {"custom_field_definition_id": definition.id, "value": value}
            if self.computed:
                entry["computed_value"] = _computed(definition, value)
            entries.append(entry)
        return entries

    def company_id(self, record: Record) -> int | None:
        """The company that a person or opportunity names, while it exists."""
        id = record.fields.get("company_id")
        return id if self.store.alive("company", id) else None

    def company_name(self, record: Record) -> str | None:
        if record.kind == "lead":
            return record.fields.get("company_name")
        company = self.store.kinds["company"].get(record.fields.get("company_id", 0))
        return company.fields["name"] if company else None

    def contact_id(self, record: Record) -> int | None:
        id = record.fields.get("primary_contact_id")
        return id if self.store.alive("person", id) else None

    def related_resource(self, record: Record) -> Row | None:
        kind, id = record.fields.get("related", (None, None))
        if kind is None:
            return {"id": None, "type": None} if record.kind == "task" and record.id % 2 else None
        return {"id": id, "type": kind}

    def status(self, record: Record) -> str:
        if record.kind == "lead":
            status = self.store.lists["lead_statuses"].get(record.fields["status_id"])
            return status["name"] if status else ""
        return record.fields["status"]

    def pipeline_is_revenue(self, record: Record) -> bool:
        return self.store.lists["pipelines"][record.fields["pipeline_id"]]["is_revenue"]

    def pipeline_type(self, record: Record) -> str:
        return self.store.lists["pipelines"][record.fields["pipeline_id"]]["type"]

    def pipeline(self, pipeline: Row) -> Row:
        stages = [
            {"id": stage["id"], "name": stage["name"], "win_probability": stage["win_probability"]}
            for stage in pipeline["stages"]
        ]
        return {**pipeline, "stages": stages}

    def definition(self, definition: Definition) -> Row:
        payload: Row = {
            "id": definition.id,
            "name": definition.name,
            "data_type": definition.data_type,
            "available_on": list(definition.available_on),
            "is_filterable": definition.is_filterable,
        }
        if definition.data_type in ("Dropdown", "MultiSelect"):
            payload["options"] = [dict(option) for option in definition.options]
        if definition.currency is not None:
            payload["currency"] = definition.currency
        if definition.connected_id is not None:
            payload["connected_id"] = definition.connected_id
        return payload

    def link(self, link: Link) -> Row:
        def end(kind: str, id: int) -> Row:
            record = self.store.kinds[kind][id]
            return {"id": id, "entity_type": LINK_NAMES[kind], "name": record.fields["name"]}

        return {
            "id": link.id,
            "custom_field_definition_id": link.definition,
            "source": end(*link.source),
            "target": end(*link.target),
        }

    def file(self, file: File) -> Row:
        return {
            "id": file.id,
            "is_deleted": file.deleted,
            "file_name": file.name,
            "file_size": file.size,
            "content_type": file.content_type,
            "creator_id": file.creator,
            "date_created": file.created,
            "date_modified": file.modified,
        }

    def account(self) -> Row:
        account, options = self.store.account, self.store.options
        settings = {
            "setting_team_permissions_enabled": options.team_permissions,
            "setting_enable_leads": options.leads_enabled,
        }
        return {**account, "settings": settings}

    def activity_types(self) -> dict[str, list[Row]]:
        types = dict(self.store.activity_types)
        if not self.store.options.other_activity_category:
            types.pop("integration", None)
        return types

    def _midnight(self, day: str) -> int:
        return int(datetime.fromisoformat(day).replace(tzinfo=self.zone).timestamp())


SPECIAL: dict[str, Callable[[Payloads, Record], Any]] = {
    "custom_fields": Payloads.custom_fields,
    "company_id": Payloads.company_id,
    "company_name": Payloads.company_name,
    "primary_contact_id": Payloads.contact_id,
    "related_resource": Payloads.related_resource,
    "status": Payloads.status,
    "pipeline_is_revenue": Payloads.pipeline_is_revenue,
    "pipeline_type": Payloads.pipeline_type,
    "date_created": lambda payloads, record: record.created,
    "date_modified": lambda payloads, record: record.modified,
    "activity_date": lambda payloads, record: record.happened,
}


def _computed(definition: Definition, value: Any) -> Any:
    names = {option["id"]: option["name"] for option in definition.options}
    if definition.data_type == "Dropdown":
        return names.get(value)
    if definition.data_type == "MultiSelect":
        return ", ".join(names[id] for id in value or ())
    return None if value is None else str(value)
