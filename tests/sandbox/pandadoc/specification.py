"""The vendor's specification, and the places where answers are known to differ from it.

Answers are checked in two ways: a maintained validator says whether each value is of a specified type, and no answer
may have a key that is not specified.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from openapi_schema_validator import OAS30Validator

from tests.connectors import ROOT

FILE = ROOT / "tests" / "examples" / "pandadoc" / "openapi.json"

DEVIATIONS = {
    ".results[].version null": "pandadoc.md 13.7: null while the document is being made",
    ".fields[].assigned_to.redirect.url null": "pandadoc.md 13.7",
    ".fields[].assigned_to.signing_order null": "pandadoc.md 13.7",
    ".recipients[].verification_settings null": "pandadoc.md 13.7: nullable, and yet of what is not",
    ".lock null": "pandadoc.md 13.7: nullable, and yet of what is not",
    ".folder_uuid null": "pandadoc.md 13.7: a template outside of folders",
    ".tokens[].value null": "pandadoc.md 13.7",
    ".error null": "pandadoc.md 13.7: an event that was delivered",
    ".items[].error null": "pandadoc.md 13.7: an event that was delivered",
    ".fields[].value null": "pandadoc.md 13.10: null is a value too",
    ".pricing.tables[].items[].qty type": "pandadoc.md 14: `qty` as a number",
    ".email_verified key": "pandadoc.md 13.8: the schema has `emails_verified`",
    ".results[].email_verified key": "pandadoc.md 13.8: the schema has `emails_verified`",
    ".results[].method key": "pandadoc.md 13.8: logs",
    "[].type key": "pandadoc.md 13.8: attachments",
    ".fields[].settings key": "pandadoc.md 13.8: fields",
    ".fields[].layout.position.offset_x type": "pandadoc.md 9.1: the place on the page as text",
    ".fields[].layout.position.offset_y type": "pandadoc.md 9.1: the place on the page as text",
    ".recipients[] without type": "pandadoc.md 13.23: `type` may be missing",
    ".fields[].assigned_to without type": "pandadoc.md 9.1: nobody is an empty object, or empty texts",
    ".detail type": "pandadoc.md 4: text, where the specification names the answer to a bad request (contacts)",
    ".fields[] of type payment_details": "pandadoc.md 9.1: the schema lists the type, and looks for it as `payment`",
}
"""What deviates (the place in an answer, and how), and the fact behind it."""


@cache
def specification() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return loaded


@cache
def operations() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """What may be read, by path; fixed parts of a path win over identifiers."""
    found = [(path, operation["get"]) for path, operation in specification()["paths"].items() if "get" in operation]
    found.sort(key=lambda one: one[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation) for path, operation in found]


def schema_of(path: str, status: int) -> dict[str, Any] | None:
    """The schema of an answer: None where the specification says nothing of that status."""
    for pattern, operation in operations():
        if pattern.fullmatch(path):
            answer = resolve(operation["responses"].get(str(status), {}))
            schema: dict[str, Any] | None = answer.get("content", {}).get("application/json", {}).get("schema")
            return schema
    raise AssertionError(f"{path} is not specified")


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = specification()
        for part in schema["$ref"].split("/")[1:]:
            found = found[part]
        schema = found
    return schema


@cache
def validator(path: str, status: int) -> Any:
    schema = schema_of(path, status)
    return None if schema is None else OAS30Validator({**schema, "components": specification()["components"]})


def deviations(path: str, status: int, payload: Any) -> set[str]:
    """Everything in an answer that is not as specified, known or not: `.results[].version null`."""
    checked = validator(_shape(path), status)
    if checked is None:
        return set()
    found = {_place(error) for error in checked.iter_errors(payload)}
    return found | {f"{place} key" for place in unspecified(payload, [schema_of(_shape(path), status) or {}])}


def unspecified(payload: Any, schemas: list[dict[str, Any]], place: str = "") -> Iterator[str]:
    """Keys that no schema of this place has; an object of which nothing is specified may have any."""
    schemas = list(_alternatives(schemas))
    if isinstance(payload, list):
        for one in payload:
            yield from unspecified(one, [schema["items"] for schema in schemas if "items" in schema], f"{place}[]")
    if not isinstance(payload, dict):
        return
    known = [schema["properties"] for schema in schemas if "properties" in schema]
    if not known:
        return
    for key, value in payload.items():
        inner = [properties[key] for properties in known if key in properties]
        if not inner:
            yield f"{place}.{key}"
        else:
            yield from unspecified(value, inner, f"{place}.{key}")


def _alternatives(schemas: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for schema in map(resolve, schemas):
        yield schema
        for way in ("allOf", "oneOf", "anyOf"):
            yield from _alternatives(schema.get(way, []))


def _place(error: Any) -> str:
    """`.results[].version null`; where `type` chooses a schema and none is found, `.recipients[] without type`."""
    place = "".join("[]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    if error.instance is None:
        return f"{place} null"
    if error.validator in ("anyOf", "oneOf") and isinstance(error.instance, dict):
        type = error.instance.get("type")
        return f"{place} of type {type}" if type else f"{place} without type"
    return f"{place} {error.validator}"


def _shape(path: str) -> str:
    """Identifiers all look alike, so that a schema is prepared once."""
    return re.sub(r"(?<=/)(?=[^/]*[0-9A-Z])(?!v\d/)[^/]{12,}", "id", path)
