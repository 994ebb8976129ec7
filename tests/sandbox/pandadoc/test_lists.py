"""Everything that is not a document: the styles of paging, and what each list is known for. pandadoc.md 5, 8, 13."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.pandadoc.formats import moment
from tests.sandbox.pandadoc.conftest import Reader, Row


def test_folders_are_listed_one_level_at_a_time_three_deep_and_name_no_parent(pandadoc: Reader) -> None:
    for kind in ("documents", "templates"):
        depths: list[int] = []

        def walk(parent: str | None, depth: int, kind: str = kind, depths: list[int] = depths) -> None:
            for row in pandadoc.rows(f"v1/{kind}/folders", parent_uuid=parent):
                assert set(row) == {"uuid", "name", "date_created", "has_folders", "has_items"}
                below = pandadoc.rows(f"v1/{kind}/folders", parent_uuid=row["uuid"])
                assert row["has_folders"] == bool(below)
                depths.append(depth)
                walk(row["uuid"], depth + 1)

        walk(None, 1)
        assert max(depths) == 3
        assert len(depths) == len(pandadoc.vendor.truth()[f"{kind[:-1]}_folder"])
    assert pandadoc.ask("v1/documents/folders", parent_uuid="nowhere").status_code == 404


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("v1/templates", 100),
        ("v1/content-library-items", 100),
        ("v1/forms", 100),
        ("v1/documents/folders", 100),
        ("v1/workspaces", 100),
        ("v1/users", 50),
        ("v2/logs", 1000),
    ],
)
def test_pages_are_no_larger_than_documented(make: Callable[..., Reader], path: str, largest: int) -> None:
    reader = make()
    assert reader.ask(path, count=largest).status_code == 200
    assert reader.ask(path, count=largest + 1).status_code == 400
    assert reader.ask(path, count=0).status_code == (200 if path == "v1/users" else 400)
    assert reader.one(path, page=9, count=10 if path != "v2/logs" else 100)["results"] == []
    reader.vendor.options.count_clamps = True
    assert len(reader.one(path, count=largest + 1)["results"]) <= largest


def test_users_have_more_than_one_page_and_page_0_is_page_1(pandadoc: Reader) -> None:
    answer = pandadoc.one("v1/users")
    assert len(answer["results"]) == 50 < answer["total"] == len(pandadoc.rows("v1/users", count=50))
    assert pandadoc.one("v1/users", page=0) == answer
    next(iter(pandadoc.vendor.store.kinds["user"].values())).fields["removed"] = True
    assert pandadoc.one("v1/users", show_removed="false")["total"] < answer["total"]
    id = answer["results"][0]["user_id"]
    assert pandadoc.one(f"v1/users/{id}") == answer["results"][0]


def test_forms_say_whether_there_is_more(make: Callable[..., Reader]) -> None:
    reader = make(scale=1)
    pages = [reader.one("v1/forms", count=3, page=number) for number in (1, 2, 3)]
    assert [page["has_next_page"] for page in pages] == [True, True, False]
    names = [row["name"] for page in pages for row in page["results"]]
    assert names == sorted(names)
    drafts = reader.one("v1/forms", status=["draft", "disabled"], order_by="modified_date", asc="false")["results"]
    assert {row["status"] for row in drafts} <= {"draft", "disabled"}
    assert [row["date_modified"] for row in drafts] == sorted((row["date_modified"] for row in drafts), reverse=True)
    assert reader.ask("v1/forms", status="open").status_code == 400


def test_templates_show_the_date_of_their_contents_on_request_and_deleted_ones_apart(pandadoc: Reader) -> None:
    plain = pandadoc.rows("v1/templates")
    dated = pandadoc.rows("v1/templates", fields="content_date_modified")
    assert plain == [{key: row[key] for key in row if key != "content_date_modified"} for row in dated]
    assert all("content_date_modified" in row for row in dated)
    assert pandadoc.ask("v1/templates", fields="everything").status_code == 400
    for path in ("v1/templates", "v1/content-library-items"):
        [gone] = pandadoc.rows(path, deleted="true")
        assert gone["id"] not in {row["id"] for row in pandadoc.rows(path)}
        assert pandadoc.ask(f"{path}/{gone['id']}/details").status_code == 404


def test_templates_come_last_change_first_so_that_an_edit_shifts_the_pages(make: Callable[..., Reader]) -> None:
    reader = make(scale=1)
    first = reader.one("v1/templates", count=5)["results"]
    assert [row["date_modified"] for row in first] == sorted((row["date_modified"] for row in first), reverse=True)
    last = reader.rows("v1/templates")[-1]
    blueprint = reader.vendor.store.kinds["template"][last["id"]]
    reader.vendor.store.touch(blueprint)
    second = reader.one("v1/templates", count=5, page=2)["results"]
    assert second[0] == first[-1]


def test_contacts_come_all_at_once_and_an_address_may_be_there_twice(make: Callable[..., Reader]) -> None:
    reader = make(scale=1)
    rows = reader.one("v1/contacts")["results"]
    assert len(rows) > 100
    assert reader.one("v1/contacts", page=2)["results"] == rows
    addresses = [row["email"] for row in rows]
    twice = next(address for address in addresses if address and addresses.count(address) > 1)
    assert len(reader.one("v1/contacts", email=twice)["results"]) == addresses.count(twice)
    assert reader.one(f"v1/contacts/{rows[0]['id']}") == rows[0]


def test_members_show_where_they_work_and_whether_their_address_is_verified(make: Callable[..., Reader]) -> None:
    reader = make(scale=1)
    rows = reader.one("v1/members")["results"]
    assert len({row["workspace"] for row in rows}) > 1
    assert all("email_verified" in row for row in rows)
    assert reader.one("v1/members/current") in rows
    reader.vendor.options.member_verified_key = "emails_verified"
    assert all("emails_verified" in row for row in reader.one("v1/members")["results"])


def test_the_catalogue_lists_bundles_on_request_and_counts_everything(make: Callable[..., Reader]) -> None:
    reader = make(scale=1)

    def pages(**query: Any) -> list[Row]:
        rows: list[Row] = []
        while True:
            answer = reader.one("v2/product-catalog/items/search", per_page=10, page=1 + len(rows) // 10, **query)
            rows += answer["items"]
            if not answer["has_more_items"]:
                assert answer["total"] == len(rows)
                return rows

    regular, every = pages(order_by="sku"), pages(order_by="sku", types=["regular", "bundle"])
    assert {row["type"] for row in regular} == {"regular"}
    assert len(every) == len(regular) + 1 == len(reader.vendor.truth()["catalog_item"])
    assert [row["sku"] for row in every] == sorted(row["sku"] for row in every)
    assert all(row["date_created"].endswith("+00:00") for row in every)
    details = reader.one(f"v2/product-catalog/items/{next(row['uuid'] for row in every if row['type'] == 'bundle')}")
    assert details["bundle_items"] and "+" not in details["date_created"] and "Z" not in details["date_created"]
    assert {type(row["price"]) for row in every} >= {int, float}
    assert reader.ask("v2/product-catalog/items/search", per_page=101).json()["code"] == "bad_request"


def test_logs_hold_our_own_calls_and_reach_ten_thousand_deep(pandadoc: Reader) -> None:
    before = len(pandadoc.one("v2/logs", count=1000)["results"])
    pandadoc.one("v1/contacts")
    rows = pandadoc.one("v2/logs", count=1000)["results"]
    assert len(rows) == before + 2
    assert rows[0]["url"].endswith("/public/v1/contacts") and rows[0]["method"] == "GET"
    assert "Z" not in rows[0]["request_time"] and len(rows[0]["request_time"]) == 23
    assert pandadoc.ask("v2/logs", count=1000, page=10).status_code == 200
    assert pandadoc.ask("v2/logs", count=1000, page=11).status_code == 400
    since = moment(pandadoc.vendor.store.now - 60_000_000).isoformat()
    assert len(pandadoc.one("v2/logs", since=since, count=1000)["results"]) < len(rows)
    assert pandadoc.one("v2/logs", since="-1m", to="now", statuses=[400], methods=["GET", "POST"])["results"]
    assert pandadoc.ask("v2/logs", since="lately").status_code == 400


def test_refused_calls_without_credentials_are_in_no_log(pandadoc: Reader) -> None:
    entries = len(pandadoc.vendor.store.log)
    pandadoc.session.headers["Authorization"] = "API-Key wrong"
    pandadoc.ask("v1/contacts")
    assert len(pandadoc.vendor.store.log) == entries


def test_webhook_events_need_count_and_page_and_begin_at_page_0_or_1(pandadoc: Reader) -> None:
    queries: tuple[dict[str, Any], ...] = ({}, {"count": 10}, {"page": 1})
    for query in queries:
        assert pandadoc.ask("v1/webhook-events", **query).status_code == 400
    first = pandadoc.one("v1/webhook-events", count=4, page=1)["items"]
    assert pandadoc.one("v1/webhook-events", count=4, page=0)["items"] == first
    second = pandadoc.one("v1/webhook-events", count=4, page=2)["items"]
    assert not {row["uuid"] for row in first} & {row["uuid"] for row in second}


def test_webhook_events_are_found_by_when_they_happened_and_show_when_they_were_delivered(pandadoc: Reader) -> None:
    every = pandadoc.one("v1/webhook-events", count=100, page=1)["items"]
    details = [pandadoc.one(f"v1/webhook-events/{row['uuid']}") for row in every]
    happened = [one["event_time"] for one in details]
    assert happened == sorted(happened, reverse=True)
    assert all(one["delivery_time"] > one["event_time"] for one in details)
    found = pandadoc.one("v1/webhook-events", count=100, page=1, since=happened[2], to=happened[1])["items"]
    assert found == every[1:3]


def test_subscriptions_show_their_shared_key(pandadoc: Reader) -> None:
    rows = pandadoc.one("v1/webhook-subscriptions")["items"]
    assert all(row["shared_key"] for row in rows)
    assert {row["status"] for row in rows} == {"ACTIVE", "INACTIVE", "DEACTIVATED"}


def test_opt_outs_are_those_of_the_last_hour_unless_a_time_is_named(pandadoc: Reader) -> None:
    assert pandadoc.one("v1/sms-opt-outs")["results"] == []
    rows = pandadoc.one("v1/sms-opt-outs", timestamp_from="2020-01-01T00:00:00Z")["results"]
    assert len(rows) == 3 and all("." not in row["opt_out_changed"] for row in rows)


def test_notaries_need_the_add_on_and_go_by_offset(make: Callable[..., Reader]) -> None:
    reader = make(notary=True)
    answer = reader.one("v2/notary/notaries", limit=3, offset=2)
    assert len(answer["results"]) == 2 and answer["count"] == 4
    assert reader.ask("v2/notary/notaries", limit=101).status_code == 400


def test_audit_trails_go_by_offset_in_no_order(make: Callable[..., Reader]) -> None:
    reader = make()
    trails = [
        reader.one(f"v2/documents/{row['id']}/audit-trail", limit=100)["results"]
        for row in reader.documents(status__ne=3)
    ]
    dates = [[one["date_created"] for one in trail] for trail in trails]
    assert any(each != sorted(each) for each in dates)
    id = reader.documents(status=2)[0]["id"]
    trail = reader.one(f"v2/documents/{id}/audit-trail", limit=2, offset=1)
    assert len(trail["results"]) == 2 < trail["count"]
    reader.vendor.options.sandbox_key = True
    reader.clock.time += 60
    assert reader.one(f"v2/documents/{id}/audit-trail")["results"][0]["ip_address"] == "hidden"


def test_reminders_of_what_is_finished_unsent_or_off_are_400(make: Callable[..., Reader]) -> None:
    reader = make(scale=0.3)
    limits = ("/public/v1/documents/{id}/auto-reminders", "/public/v1/documents/{id}/auto-reminders/status")
    reader.vendor.options.limits.update(dict.fromkeys(limits, 10**6))
    seen = set()
    for row in reader.documents(status__ne=3):
        settings = reader.ask(f"v1/documents/{row['id']}/auto-reminders")
        status = reader.ask(f"v1/documents/{row['id']}/auto-reminders/status")
        seen.add((row["status"], settings.status_code, status.status_code))
    assert {("document.completed", 400, 400), ("document.draft", 200, 400), ("document.sent", 200, 200)} <= seen
    assert ("document.sent", 200, 400) in seen and ("document.completed", 200, 400) not in seen
    reader.vendor.options.reminders_key = "result"
    sent = next(row for row in reader.vendor.truth()["document_auto_reminder_status"])["document_id"]
    assert set(reader.one(f"v1/documents/{sent}/auto-reminders/status")) == {"result"}


def test_of_a_document_that_is_being_made_some_has_to_wait_or_all(pandadoc: Reader) -> None:
    below = f"documents/{pandadoc.documents(status=3)[0]['id']}"
    waits = ("v1/{}/details", "v1/{}/fields", "v1/{}/attachments", "v1/{}/linked-objects")
    others = ("v1/{}/sections", "v1/{}/auto-reminders", "v2/{}/settings", "v2/{}/audit-trail")

    def statuses(paths: tuple[str, ...]) -> set[int]:
        return {pandadoc.ask(path.format(below)).status_code for path in paths}

    assert statuses(waits) == {409} and statuses(others) == {200}
    pandadoc.vendor.options.busy_below = True
    assert statuses((*waits, *others)) == {409}
    assert pandadoc.ask(f"v1/{below}").status_code == 200


def test_linked_objects_attachments_sections_and_fields_can_be_read_alone(make: Callable[..., Reader]) -> None:
    reader = make()
    truth = reader.vendor.truth()
    link = truth["document_linked_object"][0]
    query = {name: link[name] for name in ("provider", "entity_type", "entity_id")}
    assert link["document_id"] in {row["id"] for row in reader.one("v1/documents/linked-objects", **query)}
    assert reader.ask("v1/documents/linked-objects", provider="hubspot").status_code == 400
    attachment, section = truth["document_attachment"][0], truth["document_section"][0]
    path = f"v1/documents/{attachment['document_id']}/attachments/{attachment['uuid']}"
    assert reader.one(path)["type"] == attachment["type"]
    path = f"v1/documents/{section['document_id']}/sections/{section['uuid']}"
    assert reader.one(path)["document_uuid"] == section["document_id"]
    field = truth["document_field"][0]
    fields = reader.one(f"v1/documents/{field['document_id']}/fields")["fields"]
    assert fields[0]["uuid"] == field["uuid"] and isinstance(fields[0]["layout"]["position"]["offset_x"], str)


def test_faulty_pages_repeat_or_lose_rows(make: Callable[..., Reader]) -> None:
    reader = make(documents=300)
    reader.vendor.faults.page_shares = {"late": 1.0}
    assert len(reader.documents(count=20)) < len(reader.vendor.truth()["document"])
    reader.vendor.faults.page_shares = {"duplicate": 0.4}
    ids = [row["id"] for row in reader.documents(count=20)]
    assert len(ids) > len(set(ids))


def test_slow_and_broken_answers_come_from_the_same_faults_as_elsewhere(make: Callable[..., Reader]) -> None:
    reader = make()
    reader.vendor.faults.break_path("/contacts", status=503, times=1)
    assert [reader.ask("v1/contacts").status_code for _ in range(2)] == [503, 200]
    reader.vendor.faults.break_record("contact", reader.one("v1/contacts")["results"][0]["id"], "null")
    assert reader.one("v1/contacts")["results"][0] is None
    for path, kind, key in (("documents/folders", "document_folder", "uuid"), ("members", "member", "membership_id")):
        reader.vendor.faults.break_record(kind, reader.one(f"v1/{path}")["results"][0][key], "no_id")
        assert key not in reader.one(f"v1/{path}")["results"][0]


def test_the_company_goes_on_working_while_templates_are_paged(make: Callable[..., Reader]) -> None:
    reader = make(scale=1, work_before_page=5)
    reader.rows("v1/templates", count=10)
    assert reader.vendor.work(Random(1), 3)
