"""dbt's manifest is the only mapping: what it may say, and what is said of its mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest

from airtable_push.errors import JobError
from airtable_push.manifest import of, read
from tests.airtable_push.world import manifest


def node(model: str = "clients", said: dict[str, Any] | None = None, **columns: Any) -> dict[str, Any]:
    columns = columns or {"id": {"name": "ID"}}
    return {
        "resource_type": "model",
        "name": model,
        "schema": "main",
        "alias": model,
        "config": {"meta": {"airtable": {"name": model.title(), "key": "id"} if said is None else said}},
        "columns": {name: {"name": name, "config": {"meta": {"airtable": meta}}} for name, meta in columns.items()},
    }


def test_tables_come_parents_first_with_their_primary_field_first(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest()), "utf-8")
    mapping = read(path)
    assert [table.model for table in mapping.tables] == ["clients", "contacts", "deals"]
    assert [field.name for field in mapping.tables[2].fields] == [
        "Deal",
        "Deal ID",
        "Share",
        "Status",
        "Client",
        "Contacts",
    ]
    assert [mapping.late(table) for table in mapping.tables] == [False, False, False]


def test_what_dbt_says_in_the_older_place_counts_too() -> None:
    old = node()
    old["meta"] = old.pop("config")["meta"]
    for column in old["columns"].values():
        column["meta"] = column.pop("config")["meta"]
    assert of([old]).tables[0].name == "Clients"


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ([node(said={"name": "Clients"})], "key is missing"),
        ([node(said={"name": "Clients", "key": "nothing"})], "its key nothing must be a column"),
        ([node(said={"name": "Clients", "key": "id", "prymary": "id"})], "prymary is not known"),
        ([node(id={"name": "ID", "type": "number"})], "must be a column here, of type singleLineText"),
        ([node(id={"name": "ID"}, x={"name": "id"})], "more than one field of clients called id"),
        ([node(id={"name": "ID"}, x={"name": "X", "type": "colour"})], "colour is not one of"),
        ([node(id={"name": "ID"}, x={"type": "url"})], "clients.x: name is missing"),
        ([node(id={"name": "ID"}, x={"name": "X", "link": "nobody"})], "links to nobody"),
        ([node(id={"name": "ID"}, x={"name": "X", "link": "clients", "type": "url"})], "a link has no type"),
        (
            [node(id={"name": "ID"}, x={"name": "X", "type": "currency", "precision": 8})],
            "precision must be from 0 to 7",
        ),
        ([node(id={"name": "ID"}, x={"name": "X", "typ": "url"})], "clients.x: typ is not known"),
        ([node(id={"name": "ID"}, x={"name": "Gone from source"})], "more than one field of clients"),
        (
            [
                node(
                    said={"name": "Clients", "key": "id", "primary": "x"},
                    id={"name": "ID"},
                    x={"name": "X", "type": "checkbox"},
                )
            ],
            "its primary must be",
        ),
        ([node(), node("others", {"name": "clients", "key": "id"})], "more than one table called clients"),
    ],
)
def test_a_mistake_is_named(nodes: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(JobError) as raised:
        of(nodes)
    assert said in str(raised.value)


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(JobError) as raised:
        of([node(said={"name": "Clients"}), node("deals", {"key": "id"})])
    assert len(str(raised.value).splitlines()) >= 3


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_file_that_is_no_manifest_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, "utf-8")
    with pytest.raises(JobError, match="is not a manifest"):
        read(path)
