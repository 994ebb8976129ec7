"""Field types: what may be declared and what a cell accepts. airtable.md A5.

A cell is kept as it is read back; None is an empty cell, which no reply mentions.
"""

import math
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sandbox.airtable.options import Options
from sandbox.airtable.refusals import computed_field, invalid_value, refuse
from sandbox.airtable.tables import Field, Table
from sandbox.web import Refusal

TEXTS = ("singleLineText", "multilineText", "richText", "email", "phoneNumber", "url")
NUMBERS = ("number", "currency", "percent", "duration")
COMPUTED = (
    "formula",
    "rollup",
    "multipleLookupValues",
    "count",
    "autoNumber",
    "createdTime",
    "lastModifiedTime",
    "createdBy",
    "lastModifiedBy",
    "button",
    "aiText",
)
WRITABLE = (
    *TEXTS,
    *NUMBERS,
    "date",
    "dateTime",
    "checkbox",
    "singleSelect",
    "multipleSelects",
    "multipleRecordLinks",
    "rating",
    "multipleAttachments",
)
PRIMARY = (*TEXTS, *NUMBERS, "date", "dateTime")
"""May be the first field of a table."""
MERGEABLE = ("number", "singleLineText", "multilineText", "singleSelect", "multipleSelects", "date")
"""May be merged on in an upsert."""
DATE_FORMATS = {"local": "l", "friendly": "LL", "us": "M/D/YYYY", "european": "D/M/YYYY", "iso": "YYYY-MM-DD"}
TIME_FORMATS = {"12hour": "h:mma", "24hour": "HH:mm"}
DURATIONS = ("h:mm", "h:mm:ss", "h:mm:ss.S", "h:mm:ss.SS", "h:mm:ss.SSS")
PRECISION = {"number": 8, "percent": 8, "currency": 7}
HUES = "blue cyan teal green yellow orange red pink purple gray".split()
COLORS = {f"{hue}{shade}" for hue in HUES for shade in ("Bright", "Light1", "Light2", "Dark1")}
ICONS = {
    "checkbox": {"check", "xCheckbox", "star", "heart", "thumbsUp", "flag", "dot"},
    "rating": {"star", "heart", "thumbsUp", "flag", "dot"},
}
RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")


def declared(kind: Any, options: Any, tables: dict[str, Table]) -> dict[str, Any]:
    """The options of a new field, complete; refuses what the metadata endpoints refuse."""
    if kind in COMPUTED or kind not in WRITABLE:
        known = isinstance(kind, str) and kind in COMPUTED
        type = "UNSUPPORTED_FIELD_TYPE_FOR_CREATE" if known else "INVALID_REQUEST_UNKNOWN"
        raise refuse(422, type, f"Creating {kind} fields is not supported at this time")
    wanted = {
        **{kind: {"precision"} for kind in ("number", "percent")},
        "currency": {"precision", "symbol"},
        "duration": {"durationFormat"},
        "date": {"dateFormat"},
        "dateTime": {"timeZone", "dateFormat", "timeFormat"},
        "checkbox": {"icon", "color"},
        "rating": {"icon", "color", "max"},
        "singleSelect": {"choices"},
        "multipleSelects": {"choices"},
        "multipleRecordLinks": {"linkedTableId"},
    }.get(kind, set())
    if not wanted:
        if options:
            raise _bad_options(kind)
        return {}
    allowed = wanted | ({"viewIdForRecordSelection"} if kind == "multipleRecordLinks" else set())
    if not isinstance(options, dict) or not wanted <= options.keys() <= allowed:
        raise _bad_options(kind)
    for name, value in options.items():
        if not _acceptable(kind, name, value, tables):
            raise _bad_options(kind)
    complete = dict(options)
    if "dateFormat" in options:
        name = options["dateFormat"]["name"]
        complete["dateFormat"] = {"name": name, "format": DATE_FORMATS[name]}
    if "timeFormat" in options:
        name = options["timeFormat"]["name"]
        complete["timeFormat"] = {"name": name, "format": TIME_FORMATS[name]}
    return complete


def cell(field: Field, value: Any, tables: dict[str, Table], options: Options, typecast: bool = False) -> Any:
    """What the cell then holds. With `typecast` text is converted as far as it goes, and choices are made."""
    if field.type in COMPUTED:
        raise computed_field(field.name)
    if value is None:
        return None
    if field.type in TEXTS:
        if typecast and isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str) or len(value) > options.cell_characters:
            raise invalid_value(field.name)
        return value or None
    if field.type in NUMBERS:
        return _number(field, value, typecast)
    if field.type == "rating":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= field.options["max"]:
            raise invalid_value(field.name)
        return value
    if field.type == "checkbox":
        if not isinstance(value, bool):
            raise invalid_value(field.name)
        return value or None
    if field.type == "date":
        return _date(field, value)
    if field.type == "dateTime":
        return _instant(field, value)
    if field.type == "singleSelect":
        if value == "":
            return None
        return _choice(field, value, typecast)
    if not isinstance(value, list):
        raise invalid_value(field.name)
    if field.type == "multipleSelects":
        return list(dict.fromkeys(_choice(field, one, typecast) for one in value)) or None
    if field.type == "multipleRecordLinks":
        return _links(field, value, tables) or None
    if not all(isinstance(one, dict) and ("url" in one or "id" in one) for one in value):
        raise refuse(422, "INVALID_ATTACHMENT_OBJECT", f"Invalid attachment object for field {field.name}")
    return value or None


def _acceptable(kind: str, name: str, value: Any, tables: dict[str, Table]) -> bool:
    if name == "precision":
        return type(value) is int and 0 <= value <= PRECISION[kind]
    if name == "symbol":
        return isinstance(value, str)
    if name == "durationFormat":
        return value in DURATIONS
    if name in ("dateFormat", "timeFormat"):
        known = DATE_FORMATS if name == "dateFormat" else TIME_FORMATS
        return (
            isinstance(value, dict)
            and value.keys() <= {"name", "format"}
            and value.get("name") in known
            and value.get("format", known[value["name"]]) == known[value["name"]]
        )
    if name == "timeZone":
        return value in ("utc", "client") or (value != "UTC" and value in available_timezones())
    if name == "icon":
        return value in ICONS[kind]
    if name == "color":
        return value in COLORS
    if name == "max":
        return type(value) is int and 1 <= value <= 10
    if name == "choices":
        return _choices_fit(value)
    return value in tables if name == "linkedTableId" else isinstance(value, str)


def _choices_fit(choices: Any) -> bool:
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        return False
    names = [one.get("name") for one in choices]
    return (
        all(isinstance(name, str) and name.strip() for name in names)
        and len(set(names)) == len(names)
        and all(one.keys() <= {"name", "color"} and one.get("color", "blueBright") in COLORS for one in choices)
    )


def _bad_options(kind: str) -> Refusal:
    return refuse(422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", f"Invalid options for field of type {kind}")


def _number(field: Field, value: Any, typecast: bool) -> Any:
    if typecast and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise invalid_value(field.name)
    # It is kept as a double.
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def _date(field: Field, value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise invalid_value(field.name) from None


def _instant(field: Field, value: Any) -> str:
    """In UTC with milliseconds; what names no zone is meant in the field's."""
    try:
        if not isinstance(value, str) or len(value) < 16:
            raise ValueError
        found = datetime.fromisoformat(value)
    except ValueError:
        raise invalid_value(field.name) from None
    if found.tzinfo is None:
        zone = field.options["timeZone"]
        found = found.replace(tzinfo=UTC if zone in ("utc", "client") else ZoneInfo(zone))
    return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _choice(field: Field, value: Any, typecast: bool) -> str:
    if not isinstance(value, str):
        raise invalid_value(field.name)
    choices = field.options["choices"]
    if value not in [choice["name"] for choice in choices]:
        if not typecast:
            raise refuse(
                422,
                "INVALID_MULTIPLE_CHOICE_OPTIONS",
                f'Insufficient permissions to create new select option ""{value}""',
            )
        choices.append({"id": f"sel{len(choices):014d}", "name": value, "color": "blueLight2"})
    return value


def _links(field: Field, value: list[Any], tables: dict[str, Table]) -> list[str]:
    linked = tables[field.options["linkedTableId"]]
    found: dict[str, None] = {}
    for one in value:
        id = one.get("id") if isinstance(one, dict) else one
        if not isinstance(id, str) or not RECORD_ID.fullmatch(id):
            raise refuse(422, "INVALID_RECORD_ID", f'Value "{id}" is not a valid record ID.')
        if id not in linked.records:
            raise refuse(422, "ROW_DOES_NOT_EXIST", f"Record ID {id} does not exist in this table")
        found[id] = None
    return list(found)
