"""The base's tables and fields: held against the mapping before anything is written, and made by `init`."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

from airtable_push.api import Client, Refused
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
        there = _table(base, table.name)
        if there is None:
            problems.append(f'There is no table "{table.name}"')
            continue
        fields = wanted(table, marks)
        problems += [problem for field in fields if (problem := _problem(base, there, table, field, mapping))]
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


def make(client: Client, tables: Sequence[Table], mapping: Mapping, marks: bool, say: Callable[[str], None]) -> int:
    """Make the tables and fields that the base lacks, and nothing else. Returns how many.

    Raises `JobError` where something is there but does not fit, before anything is made."""
    base = client.tables()
    _check_present(base, tables, mapping, marks)
    made = 0
    for table in tables:
        if _table(base, table.name) is None:
            plain = [_declared(field) for field in wanted(table, marks) if not field.link]
            _once(
                client,
                partial(client.create_table, table.name, table.description, plain),
                lambda base, name=table.name: (  # type: ignore[misc]
                    None if _table(base, name) else f'There is no table "{name}"'
                ),
            )
            made += 1
            say(f"{table.name}: made, with {len(plain)} fields")
    if made:
        base = client.tables()
    for table in tables:
        there = _table(base, table.name)
        if there is None:
            raise JobError(f'The table "{table.name}" was made and is not there; run init again.')
        names = {field["name"] for field in there["fields"]}
        for field in wanted(table, marks):
            if field.name in names:
                continue
            body = _declared(field)
            if field.link:
                linked = _table(base, mapping.by_model[field.link].name)
                if linked is None:
                    raise JobError(
                        f'"{field.name}" of {table.name} links to {mapping.by_model[field.link].name}, which is not in '
                        "the base; run init without --table."
                    )
                body["options"] = {"linkedTableId": linked["id"]}
            _once(
                client,
                partial(client.create_field, there["id"], body),
                lambda base, table=table, field=field: (  # type: ignore[misc]
                    _problem(base, _table(base, table.name) or {}, table, field, mapping)
                ),
            )
            made += 1
            say(f'{table.name}: field "{field.name}" made')
    return made


def _check_present(base: Sequence[dict[str, Any]], tables: Sequence[Table], mapping: Mapping, marks: bool) -> None:
    problems = []
    for table in tables:
        there = _table(base, table.name)
        if there is None:
            continue
        names = {field["name"] for field in there["fields"]}
        present = [field for field in wanted(table, marks) if field.name in names]
        problems += [problem for field in present if (problem := _problem(base, there, table, field, mapping))]
    if problems:
        raise JobError("The base has fields that do not fit, so nothing was made:\n- " + "\n- ".join(problems))


def _declared(field: Field) -> dict[str, Any]:
    body: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.description:
        body["description"] = field.description
    if field.options is not None:
        body["options"] = field.options
    return body


def _once(client: Client, create: Callable[[], None], wrong: Callable[[Sequence[dict[str, Any]]], str | None]) -> None:
    """Make something; where Airtable refuses, an attempt whose answer was lost may have made it already. `wrong` says
    what is wrong with the base if not."""
    try:
        create()
    except Refused as refused:
        if problem := wrong(client.tables()):
            raise JobError(f"{problem}. Airtable refuses to make it: {refused}") from refused


def _table(base: Sequence[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((each for each in base if each["name"].lower() == name.lower()), None)


def _problem(
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
        linked = _table(base, mapping.by_model[field.link].name)
        if linked is None or options.get("linkedTableId") != linked["id"]:
            return f'The {place} does not link to "{mapping.by_model[field.link].name}"'
        mapped = {each.name for each in mapping.by_model[field.link].fields}
        for back in linked["fields"]:
            if back["id"] == options.get("inverseLinkFieldId") != found["id"] and back["name"] in mapped:
                return f'The {place} is the other side of "{back["name"]}" of "{linked["name"]}": map only one of them'
    return None
