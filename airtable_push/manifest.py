"""The mapping, read from dbt's manifest, where each model and column says what it is in Airtable.

    models:
      - name: clients
        config: {meta: {airtable: {name: Clients, key: client_id, primary: client_name}}}
        columns:
          - name: open_balance
            description: What the client owes us today.
            config: {meta: {airtable: {name: Open balance, type: currency}}}
          - name: account_id
            config: {meta: {airtable: {name: Account, link: accounts}}}

There is no second mapping. airtable.md A5 has the types.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from airtable_push.errors import JobError
from airtable_push.mapping import KEY_TYPE, LINK, MARK, PRECISION, TYPES, Field, Mapping, Table

MOST_DECIMALS = {"number": 8, "currency": 7, "percent": 8}
PRIMARY_TYPES = (KEY_TYPE, "multilineText", "email", "phoneNumber", "url", *PRECISION, "date", "dateTime")
COLUMN_KEYS = {"name", "type", "link", "many", "choices", "precision", "symbol", "time_zone"}
TABLE_KEYS = {"name", "key", "primary"}


def read(path: Path) -> Mapping:
    """The mapping of a manifest. Raises `JobError` that names everything that is wrong with it."""
    try:
        nodes = json.loads(path.read_text("utf-8"))["nodes"].values()
    except FileNotFoundError:
        raise JobError(f"There is no {path}. Make it with: python -m airtable_push flatten") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JobError(f"{path} is not a manifest of dbt: {error}") from error
    return of(node for node in nodes if node.get("resource_type") == "model" and _said(node) is not None)


def of(nodes: Iterable[dict[str, Any]]) -> Mapping:
    """The mapping of the manifest's models that have one."""
    problems: list[str] = []
    tables = [table for node in nodes if (table := _table(node, problems)) is not None]
    models = {table.model: table for table in tables}
    for table in tables:
        problems += [
            f"{table.model}.{link.column} links to {link.link}, which is no table here"
            for link in table.links
            if link.link not in models
        ]
    problems += _doubles("table", [table.name for table in tables])
    if problems:
        raise JobError("The mapping has mistakes:\n- " + "\n- ".join(problems))
    ordered = tuple(_parents_first(tables))
    return Mapping(ordered, {table.model: table for table in ordered})


def _said(node: dict[str, Any]) -> dict[str, Any] | None:
    """`meta.airtable`, where dbt keeps it: under `config` since 1.10, beside it before."""
    for meta in ((node.get("config") or {}).get("meta"), node.get("meta")):
        if meta and meta.get("airtable") is not None:
            said: dict[str, Any] = meta["airtable"]
            return said
    return None


def _table(node: dict[str, Any], problems: list[str]) -> Table | None:
    model, said = node["name"], _said(node) or {}
    mistakes = [f"{model}: {key} is not known" for key in said if key not in TABLE_KEYS]
    columns = node.get("columns", {}).values()
    fields = [_field(model, column, _said(column) or {}, mistakes) for column in columns if _said(column) is not None]
    by_column = {each.column: each for each in fields}
    for wanted in ("name", "key"):
        if not said.get(wanted):
            mistakes.append(f"{model}: {wanted} is missing")
    key = by_column.get(said.get("key", ""))
    primary = by_column.get(said.get("primary", said.get("key", "")))
    if said.get("key") and (key is None or key.type != KEY_TYPE):
        mistakes.append(f"{model}: its key {said['key']} must be a column here, of type {KEY_TYPE}")
    if primary is None or primary.type not in PRIMARY_TYPES:
        mistakes.append(f"{model}: its primary must be a column here, of a type that can be shown in links")
    mistakes += _doubles(f"field of {model}", [*(each.name for each in fields), MARK])
    problems += mistakes
    if mistakes or key is None or primary is None:
        return None
    return Table(
        model,
        node["schema"],
        node.get("alias") or model,
        said["name"],
        key,
        (primary, *(each for each in fields if each is not primary)),
        node.get("description", "").strip(),
    )


def _field(model: str, column: dict[str, Any], said: dict[str, Any], mistakes: list[str]) -> Field:
    name, place = column["name"], f"{model}.{column['name']}"
    mistakes += [f"{place}: {key} is not known" for key in said if key not in COLUMN_KEYS]
    link = said.get("link")
    type = LINK if link else said.get("type", KEY_TYPE)
    if link and "type" in said:
        mistakes.append(f"{place}: a link has no type of its own")
    if not link and type not in TYPES:
        mistakes.append(f"{place}: {type} is not one of {', '.join(TYPES)}")
    if not said.get("name"):
        mistakes.append(f"{place}: name is missing")
    precision = said.get("precision", PRECISION.get(type, 0))
    if not isinstance(precision, int) or not 0 <= precision <= MOST_DECIMALS.get(type, 0):
        mistakes.append(f"{place}: precision must be from 0 to {MOST_DECIMALS.get(type, 0)}")
    return Field(
        name,
        said.get("name", name),
        type,
        (column.get("description") or "").strip(),
        link,
        bool(said.get("many", False)),
        precision,
        said.get("symbol", "$"),
        tuple(str(choice) for choice in said.get("choices", ())),
        said.get("time_zone", "utc"),
    )


def _doubles(what: str, names: list[str]) -> list[str]:
    """Airtable tells names apart without looking at capitals."""
    low = [name.lower() for name in names]
    return [f"there is more than one {what} called {name}" for name in sorted({n for n in low if low.count(n) > 1})]


def _parents_first(tables: list[Table]) -> Iterator[Table]:
    by_model = {table.model: table for table in tables}
    begun: set[str] = set()

    def visit(table: Table) -> Iterator[Table]:
        if table.model in begun:
            return
        begun.add(table.model)
        for link in table.links:
            yield from visit(by_model[str(link.link)])
        yield table

    for table in tables:
        yield from visit(table)
