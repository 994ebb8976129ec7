"""What hangs below documents."""

from random import Random

import pytest

from shared import checkpoints
from tests.pandadoc.account import DRAFT, LIST, OPTIONAL, Account, account, any_documents, compare_all, only, synced


@pytest.fixture(scope="module")
def extras() -> Account:
    here = synced(scale=0.2, settings={"streams": ",".join([*OPTIONAL, only("document")])})
    return here


def test_what_hangs_below_documents_lands_where_it_is_asked_for(extras: Account) -> None:
    tables = sorted({name for stream in OPTIONAL for name in extras.family(stream)})
    assert compare_all(extras, tables) == []
    assert extras.open_errors() == [] and extras.vendor.statistics["429"] == 0


def test_it_follows_the_documents() -> None:
    here = synced(scale=0.1, settings={"streams": ",".join([*OPTIONAL, only("document")])})
    first = len(here.requests)
    here.sync()
    assert here.asked("/attachments|/sections|/audit-trail|/settings|/auto-reminders", first) == []
    changed, deleted = any_documents(here, 2)
    here.vendor.store.edit(changed, {"attachments": changed.fields["attachments"] + 1})
    here.vendor.store.trash(deleted)
    here.sync()
    tables = sorted({name for stream in OPTIONAL for name in here.family(stream)})
    assert compare_all(here, tables) == []
    here.vendor.store.restore(deleted)
    here.sync()
    assert compare_all(here, tables) == []


def test_an_audit_trail_that_nobody_may_see_is_one_warning_and_few_requests() -> None:
    here = account(scale=0.2, workspace_admin=False, settings={"streams": only("document_audit_trail")})
    for _ in range(3):
        before = len(here.requests)
        here.sync()
        errors = [(row["stream"], row["category"]) for row in here.open_errors()]
        assert errors == [("document_audit_trail", "permission")]
        assert len(here.destination.warnings) == 1
        assert len(here.asked("/audit-trail", before)) <= 20


def test_one_document_whose_attachments_fail_costs_only_itself_and_heals() -> None:
    here = account(scale=0.1, settings={"streams": only("document_attachment")})
    one = any_documents(here, 1)[0]
    here.refuse(f"/documents/{one.id}/attachments", 500)
    here.sync()
    assert [row["record_id"] for row in here.open_errors()] == [one.id]
    here.heal()
    here.sync()
    assert compare_all(here, ["document_attachment"]) == [] and here.open_errors() == []


@pytest.mark.parametrize("stream", OPTIONAL)
def test_what_has_to_wait_below_a_document_that_is_being_made_keeps_no_other_away(stream: str) -> None:
    here = account(scale=0.1, busy_below=True, settings={"streams": only(stream)})
    store = here.vendor.store
    waiting = [one for one in store.living("document") if one.id in store.uploading]
    # As if it had been a draft already when it was listed.
    here.change_body(LIST, lambda body: {"results": [{**row, "status": "document.draft"} for row in body["results"]]})
    here.sync()
    tables = sorted(here.family(stream))
    assert waiting and compare_all(here, tables) == [] and here.open_errors() == []
    assert here.destination.warnings == []
    here.heal()
    for one in waiting:
        store.edit(one, {"status": DRAFT})
    here.sync()
    assert compare_all(here, tables) == [] and here.open_errors() == []


@pytest.mark.parametrize("path", ["attachments", "sections"])
def test_what_has_to_wait_keeps_what_has_landed_and_the_others_are_read(path: str) -> None:
    stream = f"document_{path[:-1]}"
    here = synced(scale=0.2, settings={"streams": only(stream)})
    landed = dict(here.destination.rows[stream])
    one = landed[min(landed)]["document_id"]
    busy = {"id": one, "status": "document.uploaded", "info_message": "still processing"}
    here.refuse(f"/documents/{one}/{path}", 409, busy)
    made = here.vendor.store.documents[one]
    other = next(each for each in any_documents(here, 10**6) if each.fields["attachments"] and each.id != one)
    for each in (made, other):
        here.vendor.store.edit(each, {"attachments": each.fields["attachments"] - 1})
    here.sync(full_pass_days="0")
    different = {each for each in compare_all(here, [stream]) if one not in each}
    assert different == set() and here.open_errors() == []
    assert {key for key in landed if key[0] == one} <= here.destination.rows[stream].keys()
    here.heal()
    here.sync()
    assert compare_all(here, [stream]) == [] and here.open_errors() == []


def test_every_parameter_that_is_sent_is_one_that_the_resource_has() -> None:
    here = account(scale=0.05, unknown_parameters_refused=True, settings={"streams": ",".join(OPTIONAL)})
    for _ in range(2):
        here.sync(full_pass_days="0")
        assert here.open_errors() == []
        here.vendor.work(Random(1), 20)


def test_a_document_without_an_id_keeps_what_lies_below_all_that_are_not_listed() -> None:
    here = synced(scale=0.1, settings={"streams": only("document_section")})
    sections = dict(here.destination.rows["document_section"])
    one = sections[min(sections)]["document_id"]
    here.change_body(
        LIST, lambda body: {"results": [{**row, "id": None} if row["id"] == one else row for row in body["results"]]}
    )
    here.sync(full_pass_days="0")
    assert here.destination.rows["document_section"] == sections
    assert [(row["category"], "without an id" in row["message"]) for row in here.open_errors()] == [
        ("bad_payload", True)
    ]
    here.heal()
    here.sync(full_pass_days="0")
    assert compare_all(here, ["document_section"]) == [] and here.open_errors() == []


def test_only_of_reminders_a_refused_request_means_that_there_are_none() -> None:
    here = synced(scale=0.1, settings={"streams": only("document_section", "document_auto_reminder")})
    sections = dict(here.destination.rows["document_section"])
    here.refuse("/sections|/auto-reminders$", 400)
    for _ in range(2):  # That a whole table is gone is believed the second time.
        here.sync(full_pass_days="0")
    assert here.destination.rows["document_section"] == sections != {}
    assert here.destination.rows["document_auto_reminder"] == {}
    assert {error["stream"] for error in here.open_errors()} == {"document_section"}


def test_documents_whose_attachments_are_refused_do_not_keep_others_from_being_read() -> None:
    here = synced(scale=0.2, settings={"streams": only("document_attachment")})
    *refused, other = any_documents(here, 9)
    here.refuse(f"/documents/({'|'.join(each.id for each in refused)})/attachments", 403)
    here.sync(full_pass_days="0")
    here.vendor.store.edit(other, {"attachments": other.fields["attachments"] + 1})
    here.sync()
    assert {(row["record_id"], row["category"]) for row in here.open_errors()} == {
        (each.id, "permission") for each in refused
    }
    here.heal()
    here.sync()
    assert compare_all(here, ["document_attachment"]) == [] and here.open_errors() == []


def test_changes_that_begin_with_documents_whose_attachments_are_refused_are_read_all_the_same() -> None:
    here = synced(scale=0.2, settings={"streams": only("document_attachment")})
    *refused, other = any_documents(here, 9)
    here.refuse(f"/documents/({'|'.join(each.id for each in refused)})/attachments", 403)
    for each in (*refused, other):
        here.vendor.store.edit(each, {"attachments": each.fields["attachments"] + 1})
        here.clock.advance(1.0)
    here.sync()
    different = compare_all(here, ["document_attachment"])
    assert not [each for each in different if other.id in each]
    assert {row["record_id"] for row in here.open_errors()} <= {each.id for each in refused}
    here.heal()
    here.sync()
    assert compare_all(here, ["document_attachment"]) == []


@pytest.mark.parametrize("stream", OPTIONAL)
def test_a_deleted_document_stops_no_sync_whose_state_is_full(stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", 100)
    here = account(scale=0.05, settings={"streams": only(stream)})
    here.sync()
    deleted, changed = any_documents(here, 2)
    here.vendor.store.trash(deleted)
    here.vendor.store.edit(changed, {"attachments": changed.fields["attachments"] + 1})
    here.sync()
    assert [each for each in compare_all(here, [stream]) if changed.id in each] == []
