"""What a warehouse must hold of an organisation, worked out from its store alone.

Fields land under the vendor's names in snake case, ids and numbers that must be exact as text. Of what is exported,
that is all that has changed since the horizon; nothing goes from there.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any

from sandbox.columns import Form, Row, Tables, columns, text
from sandbox.everyaction.database import Database, inactive
from sandbox.everyaction.exports import RESOURCES, Resource
from sandbox.everyaction.kinds import STATUSES, shown_words
from sandbox.everyaction.payloads import entities, names, sent, tracked
from sandbox.everyaction.routes import FIXED
from sandbox.everyaction.times import HOUR, utc
from sandbox.store import Record

LISTED = """
    activist_code survey_question code custom_field campaign designation financial_batch location event event_type
    event_signup message form supporter_group saved_list folder score score_update target printed_list minivan_export
    district_field
""".split()
TABLES = {"event_signup": "signup", "message": "email_message", "form": "online_form"}
"""By kind, its table, where that is called otherwise."""
KEYS = {"message": "foreign_message_id", "form": "form_tracking_id", "printed_list": "number"}
"""By kind, the key of its table, where that is not the first id."""
NO_COLUMN = {"target": "points are_subgroups_sticky", "event_type": "can_create_events"}
NO_COLUMN |= {"district_field": "is_custom_district", "score_update": "load_status"}
"""What is shown and has no column of its name."""
NEVER = {"printed_list": "list_size", "location": "address_line_2 address_line_3 latitude longitude"}
NEVER |= {"result_code": "result_code_type", "note_category": "assignable_types", "score_update": "update_status"}
NEVER |= {"minivan_export": "canvassers event_signups"}
"""Columns for which there is nothing here."""
WORDS: dict[str, Form] = {
    **dict.fromkeys("TNM", lambda value: None if value is None else str(value)),
    "M": lambda value: None if value is None else f"{value:.2f}",
    "B": bool,
    "D": lambda value: utc(value)[:-1] if isinstance(value, int) else value and value[:-1],
}
"""How a value of an export lands, by the letter of its type."""


def truth(store: Database) -> Tables:
    """Every table, by name."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for kind in LISTED:
        table = TABLES.get(kind, kind)
        for record in store.living(kind):
            tables[table].append(row := _row(store, record))
            key = KEYS.get(kind) or next(name for name in row if name.endswith("id"))
            for name, child in _inside(store, record):
                tables[f"{table}_{name}"].append({key if key != "id" else f"{table}_id": row[key], **child})
    for name, resource in RESOURCES.items():
        table = "activist_codes_changes" if name == "ActivistCodes" else _name(name)
        tables[table] = [_exported(resource, one) for one in store.changed(resource.kind, store.horizon, float("inf"))]
    for table, entries in (each for each in FIXED.values() if each[0] != "-"):
        never = dict.fromkeys(NEVER.get(table, "").split())
        tables[table] = [_snake({name: str(value) for name, value in each.items()}) | never for each in entries]
    return dict(tables)


def _row(store: Database, record: Record) -> Row:
    """What is shown of a record in its own row. Names of others stand beside their ids."""

    row = _snake(columns(shown_words(record.kind), record, {**names(store), **SHOWN}))
    for kind in row.keys() & {"event_type", "score"}:
        id, name = (row.pop(kind) or {"id": None, "name": None}).values()
        row |= {f"{kind}_id": text(id), f"{kind}_name": name}
    row |= MORE[record.kind](store, record) if record.kind in MORE else {}
    row |= dict.fromkeys(NEVER.get(record.kind, "").split())
    return {name: value for name, value in row.items() if name not in NO_COLUMN.get(record.kind, "").split()}


def _time(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, timezone.utc).isoformat()


SHOWN: dict[str, Form] = {
    **dict.fromkeys(("id", "exact"), text),
    **dict.fromkeys(("time", "start"), _time),
    "day": lambda moment: f"{utc(moment)[:10]}T00:00:00Z",
    "end": lambda moment: _time(moment + HOUR),
}


def _name(written: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_", written)
    return re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", spaced).lower()


def _snake(row: Row) -> Row:
    return {_name(written): value for written, value in row.items()}


def _inside(store: Database, record: Record) -> Iterator[tuple[str, Row]]:
    """The rows of what lies in a record, each with its table's name behind the record's."""

    def each(name: str, records: Iterable[Record], declared: str = "") -> Iterator[tuple[str, Row]]:
        for one in records:
            yield name, _snake(columns(declared or shown_words(one.kind), one, SHOWN))

    fields = record.fields
    yield from each("response", store.below(record, "survey_response"))
    yield from each("shift", store.below(record, "event_shift"))
    yield from each("role", store.below(record, "role"))
    yield from each("location", store.those("location", fields.get("places", ())), "locationId=id:id name displayName")
    for position, one in enumerate(store.below(record, "content")):
        [(name, row)] = each("content", [one])
        yield name, {"position": position, **row, "email_message_content_distributions": [sent(one)]}
    if record.kind == "event":
        yield from each("code", store.those("code", fields["tags"]), "codeId=id:id name codeType")
    elif record.kind == "code":
        yield from (("supported_entity", _snake(row)) for row in entities(record))
    elif record.kind == "custom_field":
        for place, name in enumerate(fields["choices"], 1):
            yield "value", {"id": str(place), "name": name, "parent_value_id": None}
    elif record.kind == "form":
        yield from (("activist_code", {"activist_code_id": str(id)}) for id in fields["tags"])
    elif record.kind == "district_field":
        yield "value", {"id": "1", "name": "First", "parent_id": None}


def _signup(store: Database, record: Record) -> Row:
    """Of what is gone, nothing."""

    def of(kind: str, field: str) -> str | None:
        return next((str(one.id) for one in store.those(kind, [record.fields[field]])), None)

    status = record.fields["stage"]
    ids = {"van_id": ("contact", "person"), "event_shift_id": ("event_shift", "shift"), "role_id": ("role", "role")}
    told: Row = {name: of(*place) for name, place in ids.items()} | {
        "location_id": of("location", "place"),
        "notes": [],
    }
    return {**told, "event_id": str(record.parent.id), "status_id": str(status), "status_name": STATUSES[status]}


MORE: dict[str, Callable[[Database, Record], Row]] = {
    "campaign": lambda store, one: {"campaign_type_id": "1", "campaign_type_name": "Fundraising"},
    "location": lambda store, one: (
        _snake(
            columns("addressId=id:id addressLine1=street city stateOrProvince=state zipOrPostalCode=zip", one, SHOWN)
        )
        | {"country_code": "US"}
    ),
    "event_type": lambda store, one: {
        "default_location": None,
        "roles": [],
        "statuses": [{"statusId": id, "name": name} for id, name in STATUSES.items()],
    },
    "event_signup": _signup,
    "message": lambda store, one: {"foreign_message_id": tracked(one)},
    "form": lambda store, one: {"form_tracking_id": tracked(one)},
    "score_update": lambda store, one: {"update_statistics": {"totalRows": one.id}},
    "minivan_export": lambda store, one: {"created_by": {"userId": 9001, "firstName": "Ida", "lastName": "Larkspur"}},
}
"""Columns that are worked out."""


def _exported(resource: Resource, record: Record) -> Row:
    """A row of an export: what the file has no value for is nothing. A time of no zone lands as it came, too."""
    values: dict[str, Any] = {}
    for name, value in resource.values(record, resource.words, WORDS).items():
        values[name] = value
        if resource.words[name].endswith(":D"):
            values[f"{name}Text"] = value
    return {**_snake(values), "is_suppressed": record.kind == "contact" and inactive(record)}
