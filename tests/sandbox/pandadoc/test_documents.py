"""The list of documents and their details. pandadoc.md 4 to 7."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.pandadoc.kinds import STATUSES
from tests.sandbox.pandadoc.conftest import Reader, Row

LIST_KEYS = {"id", "name", "status", "date_created", "date_modified", "date_completed", "expiration_date", "version"}


def documents_of(reader: Reader, status: str) -> list[Row]:
    return reader.documents(status=STATUSES.index(status))


def a_document(reader: Reader, status: str = "draft") -> str:
    id: str = documents_of(reader, status)[0]["id"]
    return id


def details(reader: Reader, id: str) -> Any:
    return reader.one(f"v1/documents/{id}/details")


def test_the_list_has_eight_columns_and_a_document_of_each_status(pandadoc: Reader) -> None:
    rows = pandadoc.documents()
    assert set().union(*rows) == LIST_KEYS
    assert {row["status"] for row in rows} == {f"document.{name}" for name in STATUSES}
    assert any("date_completed" not in row for row in rows)


@pytest.mark.parametrize(
    "query",
    [
        {"order_by": "size"},
        {"order_by": "--name"},
        {"q": ""},
        {"tag": ""},
        {"order_by": ""},
        {"status": 15},
        {"status": "draft"},
        {"count": 0},
        {"count": 101},
        {"page": 0},
        {"page": "x"},
        {"created_from": "yesterday"},
        {"modified_from": "2026-01-01T00:00:00+00:00 "},
        {"deleted": "perhaps"},
        {"template_id": "a", "form_id": "b"},
    ],
    ids=str,
)
def test_a_value_that_a_parameter_does_not_have_is_refused(pandadoc: Reader, query: Any) -> None:
    status, body = pandadoc.refused("v1/documents", **query)
    assert status == 400
    assert body["type"] == "validation_error"
    assert all(isinstance(messages, list) for messages in body["detail"].values())


@pytest.mark.parametrize("query", [{"oder_by": "name"}, {"metadata_": "x"}, {"cursor": "x"}], ids=str)
def test_a_parameter_that_the_resource_does_not_have_is_ignored_or_refused(pandadoc: Reader, query: Any) -> None:
    assert pandadoc.one("v1/documents", **query) == pandadoc.one("v1/documents")
    empty: dict[str, Any] = dict.fromkeys(query, "")
    assert pandadoc.ask("v1/documents", **empty).status_code == 400
    pandadoc.vendor.options.unknown_parameters_refused = True
    status, body = pandadoc.refused("v1/documents", **query)
    assert (status, body["type"]) == (400, "validation_error")


def test_large_counts_may_be_clamped(make: Callable[..., Reader]) -> None:
    reader = make(count_clamps=True, documents=130)
    assert len(reader.one("v1/documents", count=500)["results"]) == 100


def test_pages_have_fifty_rows_and_beyond_the_end_there_are_none(make: Callable[..., Reader]) -> None:
    reader = make(documents=130)
    assert len(reader.one("v1/documents")["results"]) == 50
    assert reader.one("v1/documents", page=9)["results"] == []
    pages = list(reader.pages("v1/documents", count=100, order_by="date_created"))
    assert len(pages[0]) == 100 and len(pages) == 2


@pytest.mark.parametrize("by", ["name", "date_created", "date_modified", "date_completed", "status"])
def test_orders_go_both_ways_and_lose_nothing(pandadoc: Reader, by: str) -> None:
    up, down = pandadoc.documents(order_by=by), pandadoc.documents(order_by=f"-{by}")
    assert [row["id"] for row in up] == [row["id"] for row in down][::-1]
    assert len({row["id"] for row in up}) == len(up)
    if by in ("date_created", "date_modified"):
        assert [row[by] for row in up] == sorted(row[by] for row in up)


def test_the_order_is_by_change_of_status_unless_another_is_asked_for(pandadoc: Reader) -> None:
    assert pandadoc.rows("v1/documents") == pandadoc.documents(order_by="date_status_changed")
    assert pandadoc.rows("v1/documents") != pandadoc.documents(order_by="date_modified")


@pytest.mark.parametrize("name", ["created", "modified"])
def test_a_lower_bound_belongs_to_the_window_and_an_upper_one_does_not(pandadoc: Reader, name: str) -> None:
    date = f"date_{name}"
    rows = pandadoc.documents(order_by=date)
    low, high = rows[5][date], rows[-5][date]
    for order in (date, "name"):
        found = pandadoc.documents(**{f"{name}_from": low, f"{name}_to": high, "order_by": order})
        assert {row["id"] for row in found} == {row["id"] for row in rows if low <= row[date] < high}


def test_filters_find_what_they_say(pandadoc: Reader) -> None:
    every = {row["id"]: details(pandadoc, row["id"]) for row in pandadoc.documents(status__ne=3)}

    def found(**query: Any) -> set[str]:
        return {row["id"] for row in pandadoc.documents(**query)} & every.keys()

    one = next(row for row in every.values() if row["tags"] and row["template"] and row["metadata"])
    key, value = next(iter(one["metadata"].items()))
    assert found(id=one["id"]) == {one["id"]}
    assert found(tag=one["tags"][0]) == {id for id, row in every.items() if one["tags"][0] in row["tags"]}
    assert found(template_id=one["template"]["id"]) == {
        id for id, row in every.items() if (row["template"] or {}).get("id") == one["template"]["id"]
    }
    assert found(membership_id=one["created_by"]["membership_id"]) == {
        id for id, row in every.items() if row["created_by"]["membership_id"] == one["created_by"]["membership_id"]
    }
    assert found(**{f"metadata_{key}": value}) == {id for id, row in every.items() if row["metadata"].get(key) == value}
    contact = one["recipients"][0]["contact_id"]
    assert one["id"] in found(contact_id=contact)
    assert found(completed_from="2000-01-01T00:00:00Z") == {
        id for id, row in every.items() if row["date_completed"] is not None
    }
    assert found(q=one["name"]) >= {one["id"]} == found(q=one["ref_number"])


def test_details_of_what_is_still_being_made_answer_409_without_type_and_detail(pandadoc: Reader) -> None:
    row = documents_of(pandadoc, "uploaded")[0]
    assert row["version"] is None
    status, body = pandadoc.refused(f"v1/documents/{row['id']}/details")
    assert status == 409
    assert set(body) == {"id", "status", "info_message"} and body["status"] == "document.uploaded"
    assert pandadoc.one(f"v1/documents/{row['id']}")["uuid"] == row["id"]


def test_an_upload_ends_after_some_seconds_where_that_is_wanted(make: Callable[..., Reader]) -> None:
    reader = make(upload_seconds=4)
    reader.vendor.store.settle()
    while "create" not in reader.vendor.work(Random(1), 5):
        pass
    ids = [row["id"] for row in documents_of(reader, "uploaded")]
    assert ids
    reader.clock.time += 5
    assert documents_of(reader, "uploaded") == []
    row = reader.documents(id=ids[0])[0]
    assert row["status"] == "document.draft" and row["date_modified"] > row["date_created"]
    assert details(reader, ids[0])["id"] == ids[0]


def test_an_upload_may_have_no_date_of_change_and_then_no_filter_by_it_finds_it(make: Callable[..., Reader]) -> None:
    reader = make(uploading_has_no_modified_date=True)
    [row] = documents_of(reader, "uploaded")
    assert row["date_modified"] is None
    assert row["id"] not in {one["id"] for one in reader.documents(modified_from="2000-01-01T00:00:00Z")}


def test_an_edit_of_the_contents_moves_their_own_date_only(pandadoc: Reader) -> None:
    id = a_document(pandadoc)
    before, row = details(pandadoc, id), pandadoc.documents(id=id)
    pandadoc.vendor.edit_content(id)
    after = details(pandadoc, id)
    assert after["date_modified"] == before["date_modified"] and pandadoc.documents(id=id) == row
    assert after["content_date_modified"] > before["content_date_modified"]
    parts = ("tokens", "fields", "pricing")
    assert [after[part] for part in parts] != [before[part] for part in parts]
    assert after["recipients"] == before["recipients"]


def test_any_other_edit_moves_the_date_that_lists_show(pandadoc: Reader) -> None:
    id = a_document(pandadoc)
    before = details(pandadoc, id)
    pandadoc.vendor.rename(id, "Another name")
    after = details(pandadoc, id)
    assert after["name"] == "Another name"
    assert after["date_modified"] > before["date_modified"]
    assert after["content_date_modified"] == before["content_date_modified"]
    assert pandadoc.documents(modified_from=after["date_modified"])[0]["id"] == id


def test_a_deleted_document_is_in_the_other_list_with_its_old_date_and_comes_back_with_it(pandadoc: Reader) -> None:
    store, id = pandadoc.vendor.store, a_document(pandadoc)
    [row] = pandadoc.documents(id=id)
    store.trash(store.documents[id])
    assert id not in {one["id"] for one in pandadoc.documents()}
    assert [one for one in pandadoc.documents(deleted="true") if one["id"] == id] == [row]
    assert pandadoc.refused(f"v1/documents/{id}/details") == (404, {"type": "request_error", "detail": "Not found"})
    pandadoc.vendor.options.details_of_deleted = 403
    assert pandadoc.ask(f"v1/documents/{id}/details").status_code == 403
    store.restore(store.documents[id])
    assert pandadoc.documents(id=id) == [row]
    assert id not in {one["id"] for one in pandadoc.documents(deleted="true")}


def test_deleting_and_restoring_may_move_the_date(make: Callable[..., Reader]) -> None:
    reader = make(deleting_moves_date=True, restoring_moves_date=True)
    store, id = reader.vendor.store, a_document(reader)
    dates = [reader.documents(id=id)[0]["date_modified"]]
    store.trash(store.documents[id])
    dates.append(next(one["date_modified"] for one in reader.documents(deleted="true") if one["id"] == id))
    store.restore(store.documents[id])
    dates.append(reader.documents(id=id)[0]["date_modified"])
    assert dates == sorted(set(dates))


def test_the_list_of_deleted_documents_heeds_no_other_filter_unless_it_is_told_to(pandadoc: Reader) -> None:
    every = pandadoc.documents(deleted="true")
    late = every[-1]["date_created"]
    assert pandadoc.documents(deleted="true", created_from=late) == every
    pandadoc.vendor.options.deleted_combines = True
    assert pandadoc.documents(deleted="true", created_from=late) == every[-1:]


def test_what_is_gone_for_good_is_in_neither_list(pandadoc: Reader) -> None:
    store, id = pandadoc.vendor.store, a_document(pandadoc)
    store.trash(store.documents[id])
    store.purge(store.documents[id])
    assert id not in {one["id"] for one in pandadoc.documents() + pandadoc.documents(deleted="true")}
    assert pandadoc.ask(f"v1/documents/{id}").status_code == 404


def test_a_document_that_is_edited_while_one_pages_pulls_the_others_forward(make: Callable[..., Reader]) -> None:
    reader = make(documents=40)
    everyone = {row["id"] for row in reader.documents()}
    first = reader.one("v1/documents", order_by="date_modified", count=20, page=1)["results"]
    reader.vendor.rename(first[3]["id"], "Changed meanwhile")
    rest = [
        row
        for page in (2, 3)
        for row in reader.one("v1/documents", order_by="date_modified", count=20, page=page)["results"]
    ]
    seen = [row["id"] for row in first + rest]
    assert len(everyone - set(seen)) == 1 and seen.count(first[3]["id"]) == 2


def test_the_company_may_work_between_pages(make: Callable[..., Reader]) -> None:
    reader = make(work_before_page=3)
    before = reader.vendor.truth()
    reader.documents(count=30)
    assert reader.vendor.truth() != before


def test_bulk_operations_leave_more_of_one_moment_than_a_page_holds(make: Callable[..., Reader]) -> None:
    reader = make(documents=1_500)
    rows = reader.documents(order_by="date_modified")
    dates = [row["date_modified"] for row in rows]
    most = max(dates, key=dates.count)
    assert dates.count(most) > 100
    same = [row["id"] for row in rows if row["date_modified"] == most]
    assert same == [row["id"] for row in reader.documents(order_by="date_modified") if row["date_modified"] == most]
    assert same != sorted(same) and [row["date_created"] for row in rows] != sorted(row["date_created"] for row in rows)
    reader.vendor.options.unstable_ties = True
    again = [row["id"] for row in reader.documents(order_by="date_modified") if row["date_modified"] == most]
    assert same != again
    changed = reader.vendor.edit_at_once(200, Random(1))
    assert len({row["date_modified"] for row in reader.documents(order_by="-date_modified")[:200]}) == 1
    assert len(changed) == 200


def test_lists_may_lag_behind_while_details_do_not(make: Callable[..., Reader]) -> None:
    reader = make(index_lag_seconds=30)
    id = a_document(reader)
    [row] = reader.documents(id=id)
    reader.vendor.rename(id, "Changed just now")
    reader.vendor.store.trash(reader.vendor.store.documents[other := a_document(reader, "sent")])
    assert reader.documents(id=id) == [row] and other in {one["id"] for one in reader.documents()}
    assert details(reader, id)["name"] == "Changed just now"
    reader.clock.time += 30
    [row] = reader.documents(id=id)
    assert row["name"] == "Changed just now"
    assert reader.documents(order_by="date_modified")[-1]["id"] == id
    assert other not in {one["id"] for one in reader.documents()}


def test_rows_may_be_listed_whose_details_are_forbidden_or_not_listed_at_all(make: Callable[..., Reader]) -> None:
    reader = make(forbidden_share=0.5)
    answers = {reader.ask(f"v1/documents/{row['id']}/details").status_code for row in reader.documents()}
    assert answers == {200, 403, 409} or answers == {200, 403}
    reader = make(hidden_share=0.5)
    assert 0 < len(reader.documents()) < len(reader.vendor.truth()["document"])


def test_a_document_whose_making_failed_may_have_no_details(make: Callable[..., Reader]) -> None:
    reader = make()
    assert details(reader, a_document(reader, "error"))
    reader = make(error_documents_have_details=False)
    assert reader.ask(f"v1/documents/{a_document(reader, 'error')}/details").status_code == 404


def test_answers_may_have_grown(make: Callable[..., Reader]) -> None:
    reader = make(new_field="health_score")
    assert "health_score" in reader.documents()[0] and "health_score" in details(reader, a_document(reader))


def test_payloads_hold_the_secrets_that_real_ones_hold(make: Callable[..., Reader]) -> None:
    reader = make(scale=0.3)
    text = "".join(reader.ask(f"v1/documents/{row['id']}/details").text for row in reader.documents())
    for secret in ("shared_link", "passcode", "phone_number", "kba_verification", "files.example/signed"):
        assert secret in text
    assert "shared_key" in reader.ask("v1/webhook-subscriptions").text
    assert '"key"' in reader.ask(f"v2/logs/{reader.one('v2/logs')['results'][0]['id']}").text


def test_amounts_come_in_every_form_that_was_seen(make: Callable[..., Reader]) -> None:
    reader = make(scale=0.3)
    lines, pricings = [], []
    for row in reader.documents(status__ne=3):
        pricing = details(reader, row["id"])["pricing"]
        pricings.append(pricing)
        lines += [line for table in pricing.get("tables", []) for line in table["items"]]
    assert {} in pricings
    assert {type(line["qty"]) for line in lines} == {str, int}
    prices = {line["price"] for line in lines}
    assert any(len(price.partition(".")[2]) == 10 for price in prices)
    assert "98765432109876543.21" in prices
    assert {None, ""} <= {line["cost"] for line in lines}
    assert None in {line["id"] for line in lines}


def test_ids_that_differ_in_case_only_are_different_documents(make: Callable[..., Reader]) -> None:
    ids = [row["id"] for row in make(documents=120).documents()]
    assert len({id.lower() for id in ids}) < len(set(ids)) == len(ids)


def test_many_documents_cost_little(make: Callable[..., Reader]) -> None:
    reader = make(documents=20_000)
    rows = reader.one("v1/documents", order_by="date_created", count=100)["results"]
    again = reader.one("v1/documents", order_by="date_modified", count=100, modified_from="2026-09-01T00:00:00Z")
    assert len(rows) == len(again["results"]) == 100
    assert len(reader.vendor.store.living("document")) == 20_000
    assert details(reader, rows[7]["id"])["name"] == rows[7]["name"]


def test_faults_break_a_documents_row_and_its_details(make: Callable[..., Reader]) -> None:
    reader = make()
    id = a_document(reader)
    reader.vendor.faults.break_record("document", id, "text")
    assert any(isinstance(row, str) for row in reader.documents())
    assert isinstance(reader.ask(f"v1/documents/{id}/details").json(), str)
    reader.vendor.clear_faults()
    assert details(reader, id)["id"] == id


def test_other_methods_and_addresses_are_refused_in_the_shape_of_their_version(pandadoc: Reader) -> None:
    assert pandadoc.ask("v1/documents", "POST").status_code == 403
    assert pandadoc.ask("v1/documents", "DELETE").json()["type"] == "permissions_error"
    assert pandadoc.refused("v1/nothing") == (404, {"type": "request_error", "detail": "Not found"})
    assert pandadoc.refused("v2/nothing")[1]["code"] == "not_found"
    assert pandadoc.refused("beta/nothing")[1]["error"]["code"] == "not_found"
    assert pandadoc.ask("v1/documents/").status_code == 200
    ids = {pandadoc.ask("v1/contacts").headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
