"""The metadata endpoints. airtable.md A6."""

from typing import Any

from sandbox.airtable.calls import Call
from sandbox.airtable.fields import PRIMARY, declared
from sandbox.airtable.refusals import invalid_request, not_found, refuse
from sandbox.airtable.tables import Field, Table
from sandbox.web import Answer, json_answer

FIELDS_PER_TABLE = 500
TABLES_PER_BASE = 1000
DESCRIPTION_CHARACTERS = 20_000
READ = ("schema.bases:read", "read", "read the schema of this base")
WRITE = ("schema.bases:write", "create", "change the schema of this base")


def bases(call: Call) -> Answer:
    call.need("schema.bases:read", "read", "list bases")
    store = call.store
    return json_answer({"bases": [{"id": store.base_id, "name": store.name, "permissionLevel": call.options.role}]})


def tables(call: Call) -> Answer:
    call.need(*READ)
    return json_answer({"tables": [table_payload(table) for table in call.store.tables.values()]})


def create_table(call: Call) -> Answer:
    call.need(*WRITE)
    body = call.read_body("name", "description", "fields")
    name = _name(body.get("name"), "TABLE")
    _free(name, [table.name for table in call.store.tables.values()], "DUPLICATE_TABLE_NAME")
    wanted = body.get("fields")
    if not isinstance(wanted, list) or not wanted or len(wanted) > FIELDS_PER_TABLE:
        raise invalid_request("Invalid request: a table needs at least one field")
    if len(call.store.tables) >= TABLES_PER_BASE:
        raise invalid_request("Invalid request: this base has as many tables as it may")
    taken: list[str] = []
    checked = []
    for each in wanted:
        checked.append(_declaration(call, each, taken))
        taken.append(checked[-1]["name"])
    if checked[0]["type"] not in PRIMARY:
        raise refuse(422, "INVALID_PRIMARY_FIELD_TYPE", "This type cannot be used for the primary field")
    table = call.store.add_table(name, _description(body))
    for each in checked:
        call.store.add_field(table, **each)
    return json_answer(table_payload(table))


def update_table(call: Call, name: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    body = call.read_body("name", "description")
    if "name" in body:
        others = [one.name for one in call.store.tables.values() if one is not table]
        new = _name(body["name"], "TABLE")
        _free(new, others, "DUPLICATE_TABLE_NAME")
        table.name = new
    if "description" in body:
        table.description = _description(body)
    return json_answer(table_payload(table))


def create_field(call: Call, name: str) -> Answer:
    call.need(*WRITE)
    table = call.table(name)
    if len(table.fields) >= FIELDS_PER_TABLE:
        raise invalid_request("Invalid request: this table has as many fields as it may")
    checked = _declaration(call, call.body, [field.name for field in table.fields.values()])
    return json_answer(field_payload(call.store.add_field(table, **checked)))


def update_field(call: Call, name: str, id: str) -> Answer:
    """Name and description, and nothing else that a job could rely on."""
    call.need(*WRITE)
    table = call.table(name)
    field = table.field(id)
    if field is None:
        raise not_found()
    body = call.read_body("name", "description")
    if "name" in body:
        others = [one.name for one in table.fields.values() if one is not field]
        field.name = _field_name(body["name"], others)
    if "description" in body:
        field.description = _description(body)
    return json_answer(field_payload(field))


def table_payload(table: Table) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.primary.id,
        "fields": [field_payload(field) for field in table.fields.values()],
        "views": [{"id": table.view, "name": "Grid view", "type": "grid"}],
    }
    if table.description:
        payload["description"] = table.description
    return payload


def field_payload(field: Field) -> dict[str, Any]:
    payload: dict[str, Any] = {"id": field.id, "name": field.name, "type": field.type}
    if field.options:
        payload["options"] = field.options
    if field.description:
        payload["description"] = field.description
    return payload


def _declaration(call: Call, wanted: Any, taken: list[str]) -> dict[str, Any]:
    """The arguments of `Store.add_field`."""
    if not isinstance(wanted, dict) or not wanted.keys() <= {"name", "type", "options", "description"}:
        raise invalid_request()
    name = _field_name(wanted.get("name"), taken)
    options = declared(wanted.get("type"), wanted.get("options"), call.store.tables)
    return {"name": name, "type": wanted["type"], "options": options, "description": _description(wanted)}


def _field_name(name: Any, taken: list[str]) -> str:
    if not isinstance(name, str) or not name.strip() or name.lower() in [one.lower() for one in taken]:
        raise refuse(422, "DUPLICATE_OR_EMPTY_FIELD_NAME", "Each field needs a name of its own")
    return name.strip()


def _name(name: Any, what: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise refuse(422, f"INVALID_{what}_NAME", "A name is needed")
    return name.strip()


def _free(name: str, taken: list[str], type: str) -> None:
    if name.lower() in [one.lower() for one in taken]:
        raise refuse(422, type, f'The name "{name}" is taken')


def _description(body: dict[str, Any]) -> str | None:
    text = body.get("description")
    if text is not None and (not isinstance(text, str) or len(text) > DESCRIPTION_CHARACTERS):
        raise invalid_request("Invalid request: the description is no text, or too long")
    return text or None
