"""Records: list, create, update, replace, upsert, delete. airtable.md A3 and A4.

A write is all or nothing: everything is checked before anything is kept.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sandbox.airtable.calls import Call, flag
from sandbox.airtable.fields import COMPUTED, MERGEABLE, cell
from sandbox.airtable.formula import Formula
from sandbox.airtable.refusals import (
    computed_field,
    invalid_records,
    invalid_request,
    missing_row,
    refuse,
    unknown_field,
)
from sandbox.airtable.tables import Cells, Field, Record, Table
from sandbox.web import Answer, json_answer

BATCH = 10
PAGE = 100
READ = ("data.records:read", "read", "read records in this table")
WRITE = ("data.records:write", "edit", "edit records in this table")
LISTING = """
    pageSize offset maxRecords fields filterByFormula sort view cellFormat timeZone userLocale returnFieldsByFieldId
    recordMetadata
""".split()
ITERATOR_SECONDS = 300.0
"""So long a listing's offset may lie idle."""


@dataclass
class Iterators:
    """The listings that are under way, by offset; each is a list of record ids and the time of its last page."""

    open: OrderedDict[str, tuple[list[str], float]] = field(default_factory=OrderedDict)
    made: int = 0


@dataclass(frozen=True)
class Write:
    """One record of a request, checked. `record` is None for one that will be created."""

    record: Record | None
    cells: Cells


def listing(call: Call, name: str, iterators: Iterators, asked: dict[str, Any]) -> Answer:
    """A page of records."""
    call.need(*READ)
    table = call.table(name)
    if unknown := asked.keys() - set(LISTING):
        raise invalid_request(f"Invalid request: unknown parameter {sorted(unknown)[0]}")
    size = _whole(asked.get("pageSize", PAGE), 1, PAGE)
    shown = [_field(table, one) for one in asked["fields"]] if asked.get("fields") else None
    by_id = flag(asked.get("returnFieldsByFieldId", False))
    if asked.get("cellFormat", "json") not in ("json", "string"):
        raise invalid_request()
    if asked.get("cellFormat") == "string" and not {"timeZone", "userLocale"} <= asked.keys():
        raise invalid_request("Invalid request: timeZone and userLocale are required with cellFormat string")
    ids = _continued(call, iterators, asked["offset"]) if "offset" in asked else _chosen(table, asked)
    page = [table.records[id] for id in ids[:size] if id in table.records]
    payload: dict[str, Any] = {
        "records": [payload_of(table, record, by_id, shown, asked.get("cellFormat") == "string") for record in page]
    }
    if "commentCount" in asked.get("recordMetadata", ()):
        for row in payload["records"]:
            row["commentCount"] = 0
    if ids[size:]:
        iterators.made += 1
        offset = f"itr{iterators.made:014d}/{ids[size]}"
        iterators.open[offset] = (ids[size:], call.now)
        payload["offset"] = offset
    return json_answer(payload)


def single(call: Call, name: str, id: str) -> Answer:
    call.need(*READ)
    table = call.table(name)
    by_id = flag(call.parameters.get("returnFieldsByFieldId", False))
    return json_answer(payload_of(table, _record(table, id), by_id))


def create(call: Call, name: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    body = call.read_body("records", "fields", "typecast", "returnFieldsByFieldId")
    alone = "fields" in body
    sent = [{"fields": body["fields"]}] if alone else _sent(body)
    if any(one.keys() != {"fields"} for one in sent):
        raise invalid_records("A new record has fields and nothing else")
    writes = [Write(None, _cells(call, table, one, body)) for one in sent]
    records = _keep(call, table, writes)
    return _reply(table, records, body, alone)


def update(call: Call, name: str) -> Answer:
    """PATCH changes the named fields, PUT empties all others, performUpsert creates what is not there."""
    call.need(*WRITE)
    table = call.table(name)
    body = call.read_body("records", "typecast", "returnFieldsByFieldId", "performUpsert")
    sent = _sent(body)
    if any(not one.keys() <= {"id", "fields"} or "fields" not in one for one in sent):
        raise invalid_records("Every record needs fields")
    ids = [one["id"] for one in sent if "id" in one]
    if len(set(ids)) < len(ids):
        raise invalid_records("A record can be named once in a request")
    merge = _merge_fields(table, body["performUpsert"]) if "performUpsert" in body else None
    if merge is None and len(ids) < len(sent):
        raise invalid_records("Every record needs an id")
    writes = []
    for one in sent:
        cells = _cells(call, table, one, body)
        if "id" in one:
            found = table.records.get(one["id"])
            if found is None:
                raise missing_row(one["id"])
        else:
            assert merge is not None
            found = _match(call, table, merge, cells)
        if call.request.method == "PUT":
            cells = {**_cleared(table), **cells}
        writes.append(Write(found, cells))
    records = _keep(call, table, writes)
    if merge is None:
        return _reply(table, records, body)
    created = [record.id for record, write in zip(records, writes, strict=True) if write.record is None]
    changed = [record.id for record in records if record.id not in created]
    # An upsert is answered in another order than it was sent.
    records.sort(key=lambda record: blake2b(record.id.encode(), digest_size=4).digest())
    return _reply(table, records, body, createdRecords=created, updatedRecords=changed)


def update_one(call: Call, name: str, id: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    body = call.read_body("fields", "typecast", "returnFieldsByFieldId")
    record = _record(table, id)
    cells = _cells(call, table, body, body)
    if call.request.method == "PUT":
        cells = {**_cleared(table), **cells}
    return _reply(table, _keep(call, table, [Write(record, cells)]), body, alone=True)


def delete(call: Call, name: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    ids = call.parameters.get("records", [])
    if not 1 <= len(ids) <= BATCH:
        raise invalid_records(f"Between 1 and {BATCH} records can be deleted in a request; {len(ids)} were given")
    for id in ids:
        if id not in table.records:
            raise missing_row(id, *call.options.missing_in_delete)
    for id in dict.fromkeys(ids):
        call.store.remove(table, table.records[id])
    return json_answer({"records": [{"id": id, "deleted": True} for id in ids]})


def delete_one(call: Call, name: str, id: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    call.store.remove(table, _record(table, id))
    return json_answer({"id": id, "deleted": True})


def payload_of(
    table: Table, record: Record, by_id: bool = False, shown: list[Field] | None = None, as_text: bool = False
) -> dict[str, Any]:
    """A record as replies show it: without its empty cells."""
    cells = {}
    for one in table.fields.values() if shown is None else shown:
        value = value_of(record, one)
        if value is not None:
            cells[one.id if by_id else one.name] = _as_text(value) if as_text else value
    return {"id": record.id, "createdTime": _time(record.created), "fields": cells}


def value_of(record: Record, one: Field) -> Any:
    """What the cell shows; computed fields included."""
    if one.type == "createdTime":
        return _time(record.created)
    if one.type == "lastModifiedTime":
        return _time(record.modified)
    if one.type == "autoNumber":
        return record.number
    return record.cells.get(one.id)


def _sent(body: dict[str, Any]) -> list[dict[str, Any]]:
    sent = body.get("records")
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent) or not sent:
        raise invalid_records("The value of records must be an array of 1 to 10 records")
    if len(sent) > BATCH:
        raise invalid_records(
            f"A maximum of {BATCH} records can be written per request, but {len(sent)} were provided."
        )
    return sent


def _cells(call: Call, table: Table, one: dict[str, Any], body: dict[str, Any]) -> Cells:
    values = one.get("fields")
    if not isinstance(values, dict):
        raise invalid_records("The value of fields must be an object")
    typecast = flag(body.get("typecast", False))
    cells: Cells = {}
    for name, value in values.items():
        found = _field(table, name)
        if found.id in cells:
            raise invalid_request(f'Invalid request: field "{found.name}" is given twice')
        cells[found.id] = cell(found, value, call.store.tables, call.options, typecast)
    return cells


def _merge_fields(table: Table, upsert: Any) -> list[Field]:
    names = upsert.get("fieldsToMergeOn") if isinstance(upsert, dict) else None
    if not isinstance(names, list) or not 1 <= len(names) <= 3 or not all(isinstance(one, str) for one in names):
        raise invalid_request("Invalid request: fieldsToMergeOn takes one to three fields")
    fields = [_field(table, name) for name in names]
    for one in fields:
        if one.type in COMPUTED:
            raise computed_field(one.name)
        if one.type not in MERGEABLE:
            raise invalid_request(f'Invalid request: field "{one.name}" cannot be merged on')
    return fields


def _match(call: Call, table: Table, merge: list[Field], cells: Cells) -> Record | None:
    """The one record with these values, of the same type; several are an error."""
    if any(cells.get(one.id) is None for one in merge):
        raise invalid_request("Invalid request: every record needs a value in each of fieldsToMergeOn")
    found = set.intersection(*(call.store.matching(table, one, cells[one.id]) for one in merge))
    if len(found) > 1:
        raise invalid_request("Invalid request: several records match fieldsToMergeOn")
    return table.records[next(iter(found))] if found else None


def _cleared(table: Table) -> Cells:
    return {one.id: None for one in table.fields.values() if one.type not in COMPUTED}


def _keep(call: Call, table: Table, writes: list[Write]) -> list[Record]:
    created = sum(write.record is None for write in writes)
    if created and call.store.record_count + created > call.options.record_limit:
        raise refuse(422, *call.options.full_base)
    records = []
    for write in writes:
        if write.record is None:
            records.append(call.store.add(table, write.cells))
        else:
            call.store.change(table, write.record, write.cells)
            records.append(write.record)
    return records


def _reply(table: Table, records: list[Record], body: dict[str, Any], alone: bool = False, **more: list[str]) -> Answer:
    by_id = flag(body.get("returnFieldsByFieldId", False))
    shown = [payload_of(table, record, by_id) for record in records]
    return json_answer(shown[0] if alone else {"records": shown, **more})


def _field(table: Table, name: Any) -> Field:
    found = table.field(name) if isinstance(name, str) else None
    if found is None:
        raise unknown_field(str(name))
    return found


def _record(table: Table, id: str) -> Record:
    if id not in table.records:
        raise refuse(404, "MODEL_ID_NOT_FOUND", "Record not found")
    return table.records[id]


def _whole(value: Any, least: int, most: int | None = None) -> int:
    number = int(value) if str(value).isdigit() else -1
    if number < least or (most is not None and number > most):
        raise invalid_request()
    return number


def _chosen(table: Table, asked: dict[str, Any]) -> list[str]:
    """Ids of the records that a listing shows, in its order. Without `sort` and `view` the order means nothing."""
    records = list(table.records.values())
    view = asked.get("view")
    if view is not None and view not in (table.view, "Grid view"):
        type = "VIEW_ID_NOT_FOUND" if str(view).startswith("viw") else "VIEW_NAME_NOT_FOUND"
        raise refuse(422, type, f"View {view} not found")
    if view is None:
        records.sort(key=lambda record: blake2b(record.id.encode(), digest_size=8).digest())
    if asked.get("filterByFormula"):
        formula = Formula(asked["filterByFormula"], table)
        records = [record for record in records if formula.passes(record)]
    for rule in reversed(asked.get("sort") or []):
        if not isinstance(rule, dict) or rule.get("direction", "asc") not in ("asc", "desc"):
            raise invalid_request()
        found = _field(table, rule.get("field"))
        records.sort(
            key=lambda record, found=found: _rank(value_of(record, found)),  # type: ignore[misc]
            reverse=rule.get("direction") == "desc",
        )
    ids = [record.id for record in records]
    return ids[: _whole(asked["maxRecords"], 1)] if "maxRecords" in asked else ids


def _continued(call: Call, iterators: Iterators, offset: str) -> list[str]:
    if not str(offset).startswith("itr"):
        raise refuse(422, "INVALID_OFFSET_VALUE", "The value of offset is not valid")
    ids, used = iterators.open.get(offset, ([], float("-inf")))
    if call.now - used > ITERATOR_SECONDS:
        raise refuse(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "The listing has expired; begin it again")
    return ids


def _rank(value: Any) -> tuple[int, Any]:
    """Empty cells first, numbers before texts."""
    if value is None:
        return 0, 0
    return (1, value) if isinstance(value, int | float) else (2, str(value))


def _as_text(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
