"""Documents: what no list tells, what is being made, what is deleted."""

import json
from random import Random

import pytest

from pandadoc import documents
from pandadoc.documents import STATUSES
from sandbox.pandadoc.kinds import STATUSES as NAMES
from sandbox.web import Answer, Request
from shared import pending
from shared.pending import MOST_ATTEMPTS
from tests.contract.world import BETWEEN_SYNCS_SECONDS
from tests.pandadoc.account import (
    COMPLETED,
    DAY_SECONDS,
    DETAILS,
    DOCUMENTS,
    DRAFT,
    account,
    any_documents,
    family,
    landed_ids,
    only,
    synced,
)

HOUR_SECONDS = 3_600.0

# What the list does not tell.


@pytest.mark.parametrize(
    ("setting", "status", "seen"),
    [
        ("drafts", DRAFT, True),
        ("drafts", "viewed", False),
        ("off", DRAFT, False),
        ("all", "viewed", True),
        ("all", DRAFT, True),
        ("all", COMPLETED, False),
    ],
)
def test_an_edit_of_the_content_alone_is_seen_at_once_where_the_setting_says_so_and_else_by_the_complete_pass(
    setting: str, status: str, seen: bool
) -> None:
    settings = {"streams": only("document"), "reread_open_documents": setting, "look_hours": "0"}
    here = synced(scale=0.1, settings=settings)
    store = here.vendor.store
    store.edit_content(next(one for one in store.living("document") if one.fields["status"] == status))
    here.sync()
    assert (family(here, "document") == []) is seen
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert family(here, "document") == []


def test_every_status_in_which_the_content_can_move_is_read_again_and_no_other() -> None:
    settings = {"streams": only("document"), "reread_open_documents": "all", "look_hours": "0"}
    here = synced(scale=0.3, settings=settings)
    first = len(here.requests)
    here.sync()
    read = {path.split("/")[-2] for path in here.asked(DETAILS, first)}
    statuses = {one.id: one.fields["status"] for one in here.vendor.store.living("document")}
    assert read == {name for name, status in statuses.items() if NAMES.index(status) in STATUSES["all"]}
    assert here.destination.business() == 0


def test_a_draft_that_changed_in_the_last_day_is_looked_at_every_hour_and_any_other_once_a_day() -> None:
    here = synced(scale=0.3, settings={"streams": only("document")})
    store = here.vendor.store
    still, *_, worked_on = drafts = sorted(
        (one for one in store.living("document") if one.fields["status"] == DRAFT), key=lambda one: one.updated
    )
    store.edit(worked_on, {"name": "another name"})
    here.sync()
    looks: list[set[str]] = []
    for _ in range(24):
        first = len(here.requests)
        here.clock.advance(HOUR_SECONDS - BETWEEN_SYNCS_SECONDS)
        store.edit_content(worked_on)
        store.edit_content(still)
        here.sync()
        looks.append({path.split("/")[-2] for path in here.asked(DETAILS, first)})
        assert [each for each in family(here, "document") if worked_on.id in each] == []
    assert all(worked_on.id in look for look in looks)
    assert [still.id in look for look in looks].count(True) == 1
    assert max(map(len, looks)) >= len(drafts) - 1 > 4 * sorted(map(len, looks))[-2]


def test_where_nothing_changed_no_details_are_asked_for_until_it_is_time_to_look() -> None:
    here = synced(scale=0.3, settings={"streams": only("document")})
    for _ in range(3):
        first = len(here.requests)
        here.sync()
        assert here.asked(DETAILS, first) == []


def test_a_look_that_did_not_come_through_is_made_again_by_the_next_sync() -> None:
    here = synced(scale=0.1, settings={"streams": only("document"), "reread_open_documents": "drafts"})
    here.clock.advance(DAY_SECONDS)
    here.refuse(r"/documents\?.*status=0", 500)
    here.sync()
    here.heal()
    store = here.vendor.store
    store.edit_content(next(one for one in store.living("document") if one.fields["status"] == DRAFT))
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


def test_a_document_that_changed_and_is_open_is_asked_for_once() -> None:
    here = synced(scale=0.1, settings={"streams": only("document"), "look_hours": "0"})
    store = here.vendor.store
    draft = next(one for one in store.living("document") if one.fields["status"] == DRAFT)
    store.edit(draft, {"name": "another name"})
    first = len(here.requests)
    here.sync()
    details = here.asked(DETAILS, first)
    assert len(details) == len(set(details)) and any(draft.id in path for path in details)


# What is being made.


def test_a_document_that_is_being_made_lands_as_listed_and_whole_once_it_is_there() -> None:
    here = synced(scale=0.05, settings=DOCUMENTS)
    store = here.vendor.store
    here.vendor.let("create", Random(1))
    here.sync()
    made = next(name for name in store.uploading if store.alive(store.documents[name]))
    assert here.destination.rows["document"][made,]["ref_number"] is None
    assert made in here.destination.state["pending"]["document"]
    assert here.open_errors() == [] and here.destination.warnings == []
    store.move_to(store.documents[made], DRAFT)
    here.sync()
    assert here.destination.rows["document"][made,]["ref_number"] is not None
    assert made not in here.destination.state.get("pending", {}).get("document", {})
    assert family(here, "document") == []


def test_one_that_no_filter_by_change_finds_is_found_by_its_creation_and_looked_at_again() -> None:
    here = account(scale=0.05, uploading_has_no_modified_date=True, settings=DOCUMENTS)
    here.vendor.let("create", Random(1))
    here.sync()
    assert family(here, "document") == []
    here.vendor.work(Random(1), 0)
    for name in sorted(here.vendor.store.uploading):
        here.vendor.store.move_to(here.vendor.store.documents[name], DRAFT)
    here.sync()
    assert family(here, "document") == []


def test_documents_that_are_being_made_cost_one_request_however_many_they_are() -> None:
    here = account(scale=0.02, settings=DOCUMENTS)
    dice = Random(1)
    for _ in range(30):
        here.vendor.let("create", dice)
    here.sync()
    first = len(here.requests)
    here.sync()
    assert here.asked(DETAILS, first) == []
    assert len(here.asked("status=3|[?&]id=", first)) == 1


def test_a_document_that_is_never_made_is_an_error_in_the_end() -> None:
    here = account(scale=0.01, settings=DOCUMENTS)
    here.vendor.let("create", Random(1))
    for _ in range(MOST_ATTEMPTS):
        here.sync()
    assert {row["category"] for row in here.open_errors()} == {"rejected"}


@pytest.mark.parametrize("there", [True, False])
def test_a_document_that_could_not_be_made_is_no_error(there: bool) -> None:
    here = synced(scale=0.3, error_documents_have_details=there, settings=DOCUMENTS)
    assert here.document("error")
    assert family(here, "document") == [] and here.open_errors() == []


# Deletions.


def test_deletions_and_restorations_are_seen_by_the_next_sync_although_they_move_no_date() -> None:
    here = synced(scale=0.1, settings=DOCUMENTS)
    gone = any_documents(here, 4)
    for one in gone:
        here.vendor.store.trash(one)
    here.sync()
    assert family(here, "document") == []
    for one in gone[:2]:
        here.vendor.store.restore(one)
    here.sync()
    assert family(here, "document") == []
    first = len(here.requests)
    here.sync()
    assert here.asked(DETAILS, first) == []


def test_what_is_remembered_of_deleted_documents_stays_in_the_state() -> None:
    here = synced(scale=0.3, settings=DOCUMENTS)
    for one in any_documents(here, 30):
        here.vendor.store.trash(one)
    here.sync()
    kept, shown = here.destination.state["streams"]["document"]["position"], here.metadata("document")["position"]
    assert len(json.dumps(kept["gone"])) > 200 and len(shown) < 200
    assert json.loads(shown)["modified"] == kept["modified"]


def test_a_document_that_is_restored_while_a_complete_pass_reads_is_back_with_the_next_sync() -> None:
    here = synced(scale=0.1, settings=DOCUMENTS)
    store = here.vendor.store
    first = min(store.documents.values(), key=lambda document: document.created)
    store.trash(first)
    here.sync()

    def restore(answer: Answer, request: Request) -> None:
        if not store.alive(first):
            store.restore(first)

    here.change("created_from=", restore)  # What was made first is passed by then.
    here.sync(full_pass_days="0")
    here.heal()
    here.sync()
    assert family(here, "document") == []


def test_documents_that_fail_for_good_do_not_make_a_source_that_is_down() -> None:
    here = account(scale=0.2, settings=DOCUMENTS)
    broken = any_documents(here, 12)
    here.refuse(f"/documents/({'|'.join(each.id for each in broken)})/details", 500)
    here.sync()
    here.vendor.edit_at_once(10, Random(1))
    for settings in ({}, {"full_pass_days": "0"}):
        here.sync(**settings)
        assert not any("ended early" in warning for warning in here.destination.warnings)
    assert {error["record_id"] for error in here.open_errors()} == {each.id for each in broken}
    here.heal()
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


def test_what_is_deleted_for_good_leaves_with_the_next_complete_pass_at_the_latest() -> None:
    here = synced(scale=0.1, settings=DOCUMENTS)
    deleted, kept = any_documents(here, 2)
    here.vendor.store.trash(deleted)
    here.sync()
    here.vendor.store.purge(deleted)
    here.vendor.store.trash(kept)
    here.vendor.store.purge(kept)
    here.sync()
    assert here.open_errors() == []
    here.sync(full_pass_days="0")
    assert family(here, "document") == []


def test_many_deletions_that_the_source_tells_of_are_not_held_back() -> None:
    here = synced(documents=300, settings=DOCUMENTS)
    for one in any_documents(here, 250):
        here.vendor.store.trash(one)
    here.sync()
    assert family(here, "document") == [] and here.destination.warnings == []


@pytest.mark.parametrize("status", [403, 404])
def test_details_that_are_refused_delete_nothing_and_are_told(status: int) -> None:
    here = synced(scale=0.1, settings=DOCUMENTS)
    landed = {key: dict(row) for key, row in here.destination.rows["document"].items()}
    refused = any_documents(here, 1)[0]
    here.refuse(f"/documents/{refused.id}/details", status)
    here.sync(full_pass_days="0")
    assert here.destination.rows["document"] == landed
    assert [(row["record_id"], row["category"]) for row in here.open_errors()] == [
        (refused.id, "permission" if status == 403 else "not_found")
    ]
    here.heal()
    here.vendor.store.edit(refused, {"name": "another name"})
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


def test_where_all_details_are_refused_every_document_lands_as_listed_and_the_state_stays_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MOST_UNREAD", 3)
    monkeypatch.setattr(pending, "MOST_PENDING", 10)
    here = account(scale=0.1, settings=DOCUMENTS)
    here.refuse(DETAILS, 403)
    for _ in range(2):
        here.sync()
        assert landed_ids(here, "document") == {row["id"] for row in here.vendor.truth()["document"]}
        assert len(here.destination.state["pending"]["document"]) == 10
    here.heal()
    here.sync(full_pass_days="0")
    assert family(here, "document") == [] and here.open_errors() == []


def test_a_new_document_whose_details_are_refused_lands_as_listed() -> None:
    here = synced(scale=0.1, forbidden_share=0.2, settings=DOCUMENTS)
    assert landed_ids(here, "document") == {row["id"] for row in here.vendor.truth()["document"]}
    assert {row["category"] for row in here.open_errors()} == {"permission"}
    assert len(here.destination.warnings) == 1
    here.vendor.options.forbidden_share = 0.0
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


@pytest.mark.parametrize("status", [404, 403])
def test_a_document_that_is_deleted_between_list_and_details_is_no_error(status: int) -> None:
    here = synced(scale=0.1, details_of_deleted=status, settings=DOCUMENTS)
    touched = any_documents(here, 3)
    for one in touched:
        here.vendor.store.edit(one, {"name": "another name"})

    def delete() -> None:
        if here.asked("order_by=date_modified&modified_from")[-1:] == here.asked("")[-1:] and touched:
            here.vendor.store.trash(touched.pop())

    here.interrupt = delete
    here.sync()
    here.interrupt = lambda: None
    here.sync()
    assert here.open_errors() == [] and here.destination.warnings == []
    assert family(here, "document") == []


def test_a_credential_that_sees_less_deletes_nothing() -> None:
    here = synced(documents=200, settings={"streams": only("document")})
    rows = len(here.destination.rows["document"])
    here.vendor.options.hidden_share = 0.5
    here.sync(full_pass_days="0")
    assert len(here.destination.rows["document"]) == rows
    assert any("no longer in the source" in each for each in here.destination.warnings)
    here.vendor.options.hidden_share = 0.0
    here.sync()
    assert family(here, "document") == []
