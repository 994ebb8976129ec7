"""The base's tables and fields, held against the mapping before anything is written."""

import json
from collections.abc import Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from airtable_push.api import Client
from airtable_push.errors import JobError
from airtable_push.mapping import MARK, Field, Mapping, Table

MARK_FIELD = Field("", MARK, "checkbox", "Its row is not in the warehouse any more.")


@dataclass(frozen=True)
class Place:
    """Where a table is in the base: its id, the field ids in the order of the mapping, and the mark's.

    `fields_hash` changes when a person changes one of these fields."""

    id: str
    fields: tuple[str, ...]
    key: str
    mark: str | None
    fields_hash: str


def wanted(table: Table, marks: bool) -> list[Field]:
    """The fields that the job writes."""
    return [*table.fields, *([MARK_FIELD] if marks else [])]


def places(base: Sequence[dict[str, Any]], tables: Iterable[Table], mapping: Mapping, marks: bool) -> dict[str, Place]:
    """Each table's place, by model. Raises `JobError` that names everything that does not fit."""
    problems: list[str] = []
    found: dict[str, Place] = {}
    for table in tables:
        there = table_called(base, table.name)
        if there is None:
            problems.append(f'There is no table "{table.name}"')
            continue
        fields = wanted(table, marks)
        problems += [problem for field in fields if (problem := problem_of(base, there, table, field, mapping))]
        by_name = {each["name"]: each for each in there["fields"]}
        shown = [by_name.get(field.name) or {} for field in fields]
        if any(not each for each in shown):
            continue
        told = json.dumps([[each["name"], each["type"], each.get("options")] for each in shown], sort_keys=True)
        ids = {field.name: each["id"] for field, each in zip(fields, shown, strict=True)}
        found[table.model] = Place(
            there["id"],
            tuple(ids[field.name] for field in table.fields),
            ids[table.key.name],
            ids.get(MARK),
            blake2b(told.encode(), digest_size=16).hexdigest(),
        )
    if problems:
        raise JobError(
            "The base is not as it should be, so nothing was written:\n- " + "\n- ".join(problems) + "\nUndo the change"
            " in Airtable, or change the mapping. What is missing altogether is made by: python -m airtable_push init"
        )
    return found


class Places:
    """Where the tables of a run are. The schema is read when one is first asked for, and all are held against it."""

    def __init__(self, client: Client, tables: Iterable[Table], mapping: Mapping, marks: bool) -> None:
        self._client = client
        self._tables = tables
        self._mapping = mapping
        self._marks = marks
        # The request is on nobody's account but the run's: it is sent once for all tables.
        self._context = copy_context()
        self._places: dict[str, Place] | None = None

    def of(self, table: Table) -> Place:
        """Raises `JobError` where the base is not as it should be."""
        if self._places is None:
            base = self._context.run(self._client.tables)
            self._places = places(base, self._tables, self._mapping, self._marks)
        return self._places[table.model]


def table_called(base: Sequence[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((each for each in base if each["name"].lower() == name.lower()), None)


def problem_of(
    base: Sequence[dict[str, Any]], there: dict[str, Any], table: Table, field: Field, mapping: Mapping
) -> str | None:
    """What is wrong with a field of a table, as a person would say it."""
    fields = there.get("fields") or ()
    found = next((each for each in fields if each["name"] == field.name), None)
    place = f'field "{field.name}" of table "{table.name}"'
    if found is None:
        known = {each.name for each in table.fields}
        like = [f'"{each["name"]}"' for each in fields if each["type"] == field.type and each["name"] not in known]
        guess = f"; if it was renamed, it is one of {', '.join(like)}" if like else ""
        return f"There is no {place}, of type {field.type}{guess}"
    if found["type"] != field.type:
        return f"The {place} is of type {found['type']} and should be {field.type}"
    options = found.get("options") or {}
    if field.link:
        linked = table_called(base, mapping.by_model[field.link].name)
        if linked is None or options.get("linkedTableId") != linked["id"]:
            return f'The {place} does not link to "{mapping.by_model[field.link].name}"'
        mapped = {each.name for each in mapping.by_model[field.link].fields}
        for back in linked["fields"]:
            if back["id"] == options.get("inverseLinkFieldId") != found["id"] and back["name"] in mapped:
                return f'The {place} is the other side of "{back["name"]}" of "{linked["name"]}": map only one of them'
    return None
