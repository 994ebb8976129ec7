"""Answers that no documentation promises: the sync ends, everything else lands, and what failed is told."""

import re
from typing import Any

import pytest

from sandbox.web import Answer, json_answer, text_answer
from tests.depth import pairs
from tests.destination import Stop
from tests.pandadoc.account import Account, account, only, synced

JUNK: list[Any] = [None, "Internal error", 5, [], [1], True, {}]
LISTS = {
    "document": r"/v1/documents\?",
    "template": r"/v1/templates\?",
    "content_library_item": r"/content-library-items\?",
    "catalog_item": r"/items/search",
    "contact": r"/contacts",
    "member": r"/members",
    "user": r"/users",
    "workspace": r"/workspaces",
    "form": r"/forms",
    "document_folder": r"/documents/folders",
    "template_folder": r"/templates/folders",
    "webhook_subscription": r"/webhook-subscriptions",
    "webhook_event": r"/webhook-events",
}
DETAILED = {"document": "documents", "template": "templates", "content_library_item": "content-library-items"}


def key_of(path: str) -> str:
    return "items" if re.search("search|webhook", path) else "results"


def categories(here: Account) -> set[str]:
    return {row["category"] for row in here.open_errors()}


def whole(here: Account) -> None:
    """After the source has healed, two complete passes put everything right."""
    here.heal()
    here.clock.advance(86_400.0)
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert here.differences() == []
    assert here.open_errors() == []


@pytest.mark.parametrize(
    ("table", "page"),
    pairs(
        LISTS,
        [json_answer(None), json_answer({"error": "later"}), json_answer(7), text_answer("<html>", 200, "text/html")],
    ),
)
def test_a_listing_that_is_no_list_is_an_error_of_its_stream_alone_and_deletes_nothing(
    table: str, page: Answer
) -> None:
    here = synced()
    before = here.destination.business_rows()
    here.answer(LISTS[table], page)
    here.sync(full_pass_days="0")
    assert {(row["stream"], row["category"]) for row in here.open_errors()} == {(table, "bad_payload")}
    assert here.destination.business_rows() == before
    whole(here)


@pytest.mark.parametrize("table", LISTS)
def test_junk_between_good_records_costs_only_itself(table: str) -> None:
    here = account(settings={"streams": only(table)})
    key = key_of(LISTS[table])
    here.change_body(LISTS[table], lambda body: {**body, key: [*JUNK, *body[key], *JUNK]} if body[key] else body)
    here.sync()
    assert here.destination.errors == []
    assert categories(here) == {"bad_payload"}
    assert here.differences(*sorted(here.family(table))) == []


@pytest.mark.parametrize(
    ("table", "body"), pairs(DETAILED, [None, [], "text", {}, {"name": "of nobody"}, {"id": "another"}, 7])
)
def test_details_that_are_none_leave_what_is_landed_and_heal(table: str, body: Any) -> None:
    here = synced(settings={"streams": only(table)})
    before = here.destination.business_rows()
    here.answer(rf"/{DETAILED[table]}/[^/]+/details", json_answer(body))
    here.sync(full_pass_days="0")
    assert categories(here) == {"bad_payload"}
    assert here.destination.business_rows() == before
    here.heal()
    here.sync()
    assert set(here.destination.state["pending"].get(table, ())) <= here.vendor.store.uploading
    here.sync(full_pass_days="0")
    assert here.open_errors() == []
    assert here.differences(*sorted(here.family(table))) == []


@pytest.mark.parametrize(
    ("key", "null"),
    pairs(
        [
            "date_created",
            "date_modified",
            "name",
            "status",
            "recipients",
            "fields",
            "pricing",
            "tokens",
            "metadata",
            "tags",
            "template",
            "created_by",
            "grand_total",
            "linked_objects",
            "texts",
            "lock",
            "date_completed",
        ],
        [True, False],
    ),
)
def test_a_key_of_the_details_that_is_missing_or_null_is_no_drift(key: str, null: bool) -> None:
    here = account(settings={"streams": only("document")})

    def change(body: Any) -> Any:
        return {**body, key: None} if null else {name: value for name, value in body.items() if name != key}

    here.change_body("/details", change)
    here.sync()
    assert len(here.destination.rows["document"]) == len(here.vendor.truth()["document"])
    assert here.open_errors() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date_created", None),
        ("date_created", "yesterday"),
        ("date_created", 7),
        ("date_modified", None),
        ("date_modified", "2026-13-01T00:00:00Z"),
        ("status", None),
        ("status", 4),
        ("version", 2),
    ],
)
def test_a_document_whose_list_row_is_odd_lands_and_costs_no_other(key: str, value: Any) -> None:
    here = account(settings={"streams": only("document")})
    odd = here.document("completed")
    here.change_body(
        LISTS["document"],
        lambda body: {"results": [{**row, key: value} if row["id"] == odd else row for row in body["results"]]},
    )
    here.sync()
    here.sync()
    assert here.destination.errors == []
    assert here.differences(*sorted(here.family("document"))) == []


def test_keys_that_nobody_knows_are_told_and_everything_lands() -> None:
    here = synced(new_field="something_new")
    assert {row["record_id"] for row in here.open_errors()} == {
        f"{table}.something_new" for table in ("document", "template", "content_library_item", "contact")
    }
    assert here.differences() == []


def test_a_listing_that_comes_again_and_again_ends() -> None:
    here = account()
    pages: dict[str, Any] = {}

    def repeat(answer: Answer, request: Any) -> Answer:
        return pages.setdefault(request.path, answer)

    here.change(r"/(templates|content-library-items|users|workspaces|forms|webhook-events)\?", repeat)
    here.change_body("/forms", lambda body: {**body, "has_next_page": True})
    here.sync()
    assert here.destination.errors == [] and len(here.requests) < 1_000
    whole(here)


def test_folders_that_lie_in_each_other_are_read_once() -> None:
    here = account(settings={"streams": only("document_folder")})
    rows = [{"uuid": name, "name": name, "has_folders": True, "has_items": False} for name in ("a", "b")]
    here.change_body("/documents/folders", lambda body: {"results": rows})
    here.sync()
    assert {key for (key,) in here.destination.rows["document_folder"]} == {"a", "b"}
    assert len(here.requests) < 30


def test_pages_in_another_order_lose_nothing_for_good() -> None:
    here = synced(scale=0.3)

    def reverse(body: Any) -> Any:
        return {"results": body["results"][::-1]}

    here.change_body(r"order_by=date_modified", reverse)
    for one in list(here.vendor.store.documents.values())[:5]:
        here.vendor.store.edit(one, {"name": "changed"})
    here.sync()
    whole(here)


@pytest.mark.parametrize(
    ("table", "status"),
    pairs(
        ["document", "template", "contact", "user", "document_folder", "webhook_event"],
        [400, 403, 404, 409, 429, 500, 502],
    ),
)
def test_a_refused_listing_stops_no_other_and_heals(table: str, status: int) -> None:
    here = synced(settings={"streams": ""})
    before = here.destination.business_rows()
    here.clock.advance(86_400.0)
    here.refuse(LISTS[table], status)
    here.sync()
    assert here.destination.errors == []
    assert {row["stream"] for row in here.open_errors()} == {table}
    assert here.destination.business_rows() == before
    whole(here)


def test_a_key_that_is_revoked_in_the_midst_ends_the_sync_and_keeps_what_has_landed() -> None:
    here = account(scale=0.1)
    here.interrupt = lambda: here.refuse("", 401) if len(here.requests) == 60 and not here.changes else None
    with pytest.raises(Stop, match="check that api_key is a valid key"):
        here.sync()
    here.interrupt = lambda: None
    whole(here)


def test_both_shapes_of_too_many_requests_are_waited_for() -> None:
    for shape in ("plain", "expected"):
        limits = {"document details": 10}
        here = synced(throttled_shapes=(shape,), limits=limits, settings={"streams": only("document")})
        assert here.vendor.statistics["429"] > 0
        assert here.differences(*sorted(here.family("document"))) == [] and here.open_errors() == []


def test_ids_that_differ_in_case_alone_are_two_documents() -> None:
    here = account(scale=0.2, settings={"streams": only("document")})
    one, other = list(here.vendor.store.documents.values())[:2]
    twin = one.id.swapcase()

    def rename(text: str) -> str:
        return text.replace(other.id, twin)

    def change(answer: Answer, request: Any) -> Answer:
        return Answer(
            answer.status,
            rename(answer.body.decode()).encode(),
            {name: value for name, value in answer.headers.items() if name != "Content-Length"},
        )

    here.change(LISTS["document"], change)
    here.answer(rf"/documents/{twin}/details", json_answer({"id": twin, "name": "twin"}))
    here.sync()
    rows = here.destination.rows["document"]
    assert rows[twin,]["name"] == "twin" and rows[one.id,]["name"] != "twin"


# A listing of deleted records that shows others.


def ignore_deleted(here: Account) -> None:
    """From now on the filter for deleted records does nothing: the live ones come."""
    serve = here.adapter.app

    def served(environ: Any, start_response: Any) -> Any:
        environ["QUERY_STRING"] = environ.get("QUERY_STRING", "").replace("deleted=true", "deleted=false")
        return serve(environ, start_response)

    here.adapter.app = served


@pytest.mark.parametrize(
    ("documents", "days", "asked"),
    [(180, "7", {"document"}), (180, "0", {"document", "template", "content_library_item"}), (40, "7", {"document"})],
)
def test_live_records_that_are_listed_as_deleted_stay_and_errors_says_so(
    documents: int, days: str, asked: set[str]
) -> None:
    """The list of those that are deleted is asked for at every sync, or only where something is missing."""
    streams = ("document", "template", "content_library_item")
    here = synced(documents=documents, scale=0.3, settings={"streams": only(*streams)})
    serve = here.adapter.app
    ignore_deleted(here)
    here.sync(full_pass_days=days)
    assert here.destination.business("delete") == 0
    assert {row["stream"] for row in here.open_errors() if row["record_id"] == "deleted"} == asked
    here.adapter.app = serve
    one = here.vendor.store.living("template")[0]
    here.vendor.store.trash(one)
    here.sync()
    assert here.differences(*streams) == [] and here.open_errors() == []
