"""Making the tables and fields that a base lacks."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from airtable_push.answers import Refused
from airtable_push.api import Client
from airtable_push.errors import JobError
from airtable_push.mapping import Field, Mapping, Table
from airtable_push.schema import problem_of, table_called, wanted


def make(client: Client, tables: Sequence[Table], mapping: Mapping, marks: bool, say: Callable[[str], None]) -> int:
    """Make the tables and fields that the base lacks, and nothing else. Returns how many.

    Raises `JobError` where something is there but does not fit, before anything is made."""
    base = client.tables()
    _check_present(base, tables, mapping, marks)
    made = 0
    for table in tables:
        if table_called(base, table.name) is None:
            plain = [_declared(field) for field in wanted(table, marks) if not field.link]
            _once(
                client,
                partial(client.create_table, table.name, table.description, plain),
                lambda base, name=table.name: (  # type: ignore[misc]
                    None if table_called(base, name) else f'There is no table "{name}"'
                ),
            )
            made += 1
            say(f"{table.name}: made, with {len(plain)} fields")
    if made:
        base = client.tables()
    for table in tables:
        there = table_called(base, table.name)
        if there is None:
            raise JobError(f'The table "{table.name}" was made and is not there; run init again.')
        names = {field["name"] for field in there["fields"]}
        for field in wanted(table, marks):
            if field.name in names:
                continue
            body = _declared(field)
            if field.link:
                linked = table_called(base, mapping.by_model[field.link].name)
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
                    problem_of(base, table_called(base, table.name) or {}, table, field, mapping)
                ),
            )
            made += 1
            say(f'{table.name}: field "{field.name}" made')
    return made


def _check_present(base: Sequence[dict[str, Any]], tables: Sequence[Table], mapping: Mapping, marks: bool) -> None:
    problems = []
    for table in tables:
        there = table_called(base, table.name)
        if there is None:
            continue
        names = {field["name"] for field in there["fields"]}
        present = [field for field in wanted(table, marks) if field.name in names]
        problems += [problem for field in present if (problem := problem_of(base, there, table, field, mapping))]
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
