"""The company works, and what tells of a change is what tells of it at the vendor. pandadoc.md 7 and 9."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.pandadoc.extras import audit_trail
from sandbox.pandadoc.work import CHANGES, NEXT, Work
from tests.sandbox.pandadoc.conftest import Reader

DAY = 86_400
SILENT = {"edit_content", "fill_field"}
"""Changes of a document that its `date_modified` does not tell."""
ABSENCE = {"delete", "delete_upload", "restore", "purge"}
DOCUMENTS = SILENT | {
    "create",
    "finish_upload",
    "move_status",
    "sign",
    "edit_people",
    "rename",
    "tag",
    "set_metadata",
    "move_to_folder",
    "prolong",
    "lock",
    "attach",
    "edit_some_at_once",
}
CONTENTS = ("document_token", "document_field", "document_pricing_table_item", "document_pricing_table")


def once(reader: Reader, name: str, tries: int = 400) -> None:
    """Let the company make this one change."""
    random = Random(name)
    for _ in range(tries):
        if reader.vendor.let(name, random):
            return
        if name in ("purge", "sign"):
            reader.clock.time += DAY
            reader.vendor.work(random)
    raise AssertionError(f"{name} found nothing to change")


def by_id(reader: Reader, table: str, key: str = "id") -> dict[Any, Any]:
    return {row[key]: row for row in reader.vendor.truth()[table]}


def test_every_kind_of_change_happens(make: Callable[..., Reader]) -> None:
    reader, random, seen = make(), Random(1), Counter[str]()
    for _ in range(120):
        reader.clock.time += 2 * DAY
        seen.update(reader.vendor.work(random, 20))
    assert set(seen) == set(CHANGES)


@pytest.mark.parametrize("name", sorted(DOCUMENTS - SILENT - {"edit_some_at_once"}))
def test_a_document_that_changed_says_so_in_the_list(pandadoc: Reader, name: str) -> None:
    before, started = by_id(pandadoc, "document"), pandadoc.vendor.store.tick()
    once(pandadoc, name)
    after = by_id(pandadoc, "document")
    changed = [id for id, row in after.items() if row != before.get(id)]
    assert changed
    moved = {id for id, one in pandadoc.vendor.store.documents.items() if one.updated > started}
    assert set(changed) <= moved
    since = min(after[id]["date_modified"] for id in changed)
    assert set(changed) <= {row["id"] for row in pandadoc.documents(modified_from=since)}


@pytest.mark.parametrize("name", sorted(SILENT))
def test_what_is_written_in_a_document_changes_without_a_word_in_the_list(pandadoc: Reader, name: str) -> None:
    rows, truth = pandadoc.documents(), pandadoc.vendor.truth()
    once(pandadoc, name)
    assert pandadoc.documents() == rows
    after = pandadoc.vendor.truth()
    [id] = [one["id"] for one, was in zip(after["document"], truth["document"], strict=True) if one != was]
    assert any(after[table] != truth[table] for table in CONTENTS)
    row = next(one for one in after["document"] if one["id"] == id)
    assert row["content_date_modified"] > row["date_modified"] or row["content_date_modified"] > row["date_created"]


@pytest.mark.parametrize("name", sorted(ABSENCE))
def test_deleting_moves_a_document_between_the_lists(pandadoc: Reader, name: str) -> None:
    def lists() -> tuple[dict[str, Any], dict[str, Any]]:
        live, deleted = pandadoc.documents(), pandadoc.documents(deleted="true")
        return {row["id"]: row for row in live}, {row["id"]: row for row in deleted}

    if name == "purge":
        pandadoc.clock.time += 90 * DAY
    live, deleted = lists()
    once(pandadoc, name)
    now_live, now_deleted = lists()
    if name.startswith("delete"):
        [id] = live.keys() - now_live.keys()
        assert now_deleted == {**deleted, id: live[id]}
    elif name == "restore":
        [id] = deleted.keys() - now_deleted.keys()
        assert now_live == {**live, id: deleted[id]}
    else:
        [id] = deleted.keys() - now_deleted.keys()
        assert now_live == live


def test_what_was_deleted_lately_is_not_gone_for_good(pandadoc: Reader) -> None:
    store = pandadoc.vendor.store
    for key in store.trashed:
        store.trashed[key] = store.now
    assert not pandadoc.vendor.let("purge", Random(1))


def test_a_bulk_edit_gives_all_of_them_one_moment(pandadoc: Reader) -> None:
    ids = pandadoc.vendor.edit_at_once(9, Random(1))
    rows = by_id(pandadoc, "document")
    assert len({rows[id]["date_modified"] for id in ids}) == 1 and len(ids) == 9


def test_two_changes_of_one_moment_have_different_dates(pandadoc: Reader) -> None:
    ids = [row["id"] for row in pandadoc.documents(status=2)[:5]]
    for id in ids:
        pandadoc.vendor.rename(id, "At the same time")
    rows = by_id(pandadoc, "document")
    assert len({rows[id]["date_modified"] for id in ids}) == 5


def test_only_templates_tell_the_date_of_their_contents_in_the_list(pandadoc: Reader) -> None:
    random, seen = Random(1), set[str]()
    while len(seen) < 2:
        before, truth = rows_of_blueprints(pandadoc), pandadoc.vendor.truth()
        assert pandadoc.vendor.let("edit_blueprint", random)
        after, now = rows_of_blueprints(pandadoc), pandadoc.vendor.truth()
        [kind] = [table for table in ("template", "content_library_item") if now[table] != truth[table]]
        assert (after[0] != before[0]) == (kind == "template")
        assert after[1:] == before[1:]
        seen.add(kind)


def rows_of_blueprints(reader: Reader) -> tuple[Any, Any, Any]:
    """The list of templates with and without the date of their contents, and that of library items."""
    dated = reader.rows("v1/templates", fields="content_date_modified")
    return dated, reader.rows("v1/templates"), reader.rows("v1/content-library-items")


def test_audit_entries_stay_whatever_becomes_of_the_document(pandadoc: Reader) -> None:
    store, random = pandadoc.vendor.store, Random(3)
    seen: dict[str, set[str]] = {}
    for _ in range(100):
        pandadoc.clock.time += DAY
        pandadoc.vendor.work(random, 6)
        for id, document in store.documents.items():
            entries = {entry["id"] for entry in audit_trail(document, hidden_address=False)}
            assert entries >= seen.get(id, set())
            seen[id] = entries
    assert max(len(document.fields["history"]) for document in store.documents.values()) > 2


def test_the_next_statuses_are_those_of_a_life(pandadoc: Reader) -> None:
    assert all(status not in following for status, following in NEXT.items())
    assert all(callable(getattr(Work, name)) for name in CHANGES)
