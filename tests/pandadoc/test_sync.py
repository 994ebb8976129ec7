"""What a sync of PandaDoc promises, against the simulated workspace."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random
from typing import Any

import pytest

from pandadoc import sync
from pandadoc.sync import STATUSES
from sandbox.pandadoc.groups import group_of
from sandbox.web import Answer, Request, json_answer
from shared import loop, pending
from shared.journal import schemas
from shared.pending import MOST_ATTEMPTS
from tests.contract.world import compare
from tests.depth import prove, stories
from tests.destination import Destination, KilledHard
from tests.pandadoc.account import OPTIONAL, Account, account, only

MANY, VERY_MANY = 2_000, 20_000
FEW = 3
"""Pages of a list."""
DAY_SECONDS = 86_400.0
DETAILS = r"/v1/documents/[^/]+/details"
LIST = r"/v1/documents\?"
DOCUMENTS = {"streams": only("document"), "reread_open_documents": "off"}
DRAFT, UPLOADED, COMPLETED = 0, 3, 2


def family(here: Account, table: str) -> list[str]:
    """How the tables of a stream differ from the truth."""
    return here.differences(*sorted(here.family(table)))


def landed_ids(here: Account, table: str) -> set[str]:
    return {key for (key,) in here.destination.rows[table]}


# A large workspace.


@dataclass
class Large:
    """Very many documents after a first sync, then 50 of them edited, after a second one. Answers take 300 ms."""

    here: Account
    documents: int
    first: list[str]
    took: float
    """Seconds of the first sync."""
    second: list[str]
    refused: int


def all_alike(here: Account) -> None:
    """Where it does not matter what is in documents: that costs most of the time."""
    store = here.vendor.store
    same = min((store.contents(each) for each in list(store.documents.values())[:100]), key=lambda one: len(repr(one)))
    store.contents = lambda document: same


@pytest.fixture(scope="module", params=[MANY, prove(VERY_MANY)])
def large(request: pytest.FixtureRequest) -> Large:
    here = account(documents=request.param, scale=0.01, latency=0.3, settings=DOCUMENTS)
    all_alike(here)
    took = here.sync()
    first = here.asked("")
    here.vendor.edit_at_once(50, Random(1))
    here.sync()
    return Large(here, request.param, first, took, here.asked("", len(first)), here.vendor.statistics["429"])


def test_a_first_sync_takes_little_more_than_its_requests_at_the_documented_rate(large: Large) -> None:
    least = large.here.case.least_seconds(large.first)
    details = sum(group_of(path.split("?")[0]) == "document details" for path in large.first)
    assert details > 0.95 * large.documents and least == details / 10
    assert large.refused == 0
    assert large.took <= 1.05 * least


def test_a_first_sync_asks_for_every_document_once_and_for_little_more_than_its_pages(large: Large) -> None:
    details = [path for path in large.first if path.endswith("/details")]
    assert len(details) == len(set(details))
    assert len(large.first) - len(details) <= 1.5 * large.documents / 100


def test_a_later_sync_asks_for_what_changed_and_little_else(large: Large) -> None:
    lists = [path for path in large.second if "/v1/documents?" in path and "deleted=true" not in path]
    first_lists = [path for path in large.first if "/v1/documents?" in path]
    assert len([path for path in large.second if path.endswith("/details")]) == 50
    assert len(lists) <= max(FEW, 0.02 * len(first_lists))
    assert {path.split("?")[0] for path in large.second if not path.endswith("/details")} == {"/public/v1/documents"}


def test_a_large_workspace_is_landed_whole(large: Large) -> None:
    assert large.here.differences("document") == []
    assert len(json.dumps(large.here.destination.state)) < 1_000_000


def test_a_killed_first_sync_goes_on_after_the_last_document_that_was_saved() -> None:
    here = account(documents=850, latency=0.3, settings=DOCUMENTS)
    saved: list[set[str]] = []
    checkpoint = here.destination.checkpoint

    def remember(state: dict[str, Any]) -> None:
        checkpoint(state)
        saved.append({key[0] for key in here.destination.rows["document"]})

    here.destination.checkpoint = remember  # type: ignore[method-assign]

    def die() -> None:
        if len(here.requests) >= 750:
            raise KilledHard("now")

    here.interrupt = die
    with pytest.raises(KilledHard):
        here.sync()
    here.interrupt = lambda: None
    killed, last = len(here.requests), saved[-1]
    assert len(last) > 500
    here.sync()
    again = {path.split("/")[-2] for path in here.asked(DETAILS, killed)}
    assert again and not again & last
    assert family(here, "document") == []


# What the list does not tell.


@pytest.mark.parametrize(
    ("setting", "status", "seen"),
    [
        ("drafts", DRAFT, True),
        ("drafts", 5, False),
        ("off", DRAFT, False),
        ("all", 5, True),
        ("all", DRAFT, True),
        ("all", COMPLETED, False),
    ],
)
def test_an_edit_of_the_content_alone_is_seen_at_once_where_the_setting_says_so_and_else_by_the_complete_pass(
    setting: str, status: int, seen: bool
) -> None:
    here = account(scale=0.1, settings={"streams": only("document"), "reread_open_documents": setting})
    here.sync()
    store = here.vendor.store
    store.edit_content(next(one for one in store.documents.values() if one.status == status and one.deleted is None))
    here.sync()
    assert (family(here, "document") == []) is seen
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert family(here, "document") == []


def test_every_status_in_which_the_content_can_move_is_read_again_and_no_other() -> None:
    here = account(scale=0.3, settings={"streams": only("document"), "reread_open_documents": "all"})
    here.sync()
    first = len(here.requests)
    here.sync()
    read = {path.split("/")[-2] for path in here.asked(DETAILS, first)}
    statuses = {one.id: one.status for one in here.vendor.store.documents.values() if one.deleted is None}
    assert read == {name for name, status in statuses.items() if status in STATUSES["all"]}
    assert here.destination.business() == 0


def test_a_document_that_changed_and_is_open_is_asked_for_once() -> None:
    here = account(scale=0.1, settings={"streams": only("document")})
    here.sync()
    store = here.vendor.store
    draft = next(one for one in store.documents.values() if one.status == DRAFT and one.deleted is None)
    store.change(draft, name="another name")
    first = len(here.requests)
    here.sync()
    details = here.asked(DETAILS, first)
    assert len(details) == len(set(details)) and any(draft.id in path for path in details)


# Changes.


def test_what_was_read_lately_is_not_asked_for_again() -> None:
    here = account(scale=0.1, settings=DOCUMENTS)
    here.sync()
    here.vendor.edit_at_once(20, Random(1))
    here.sync()
    first = len(here.requests)
    here.sync()
    here.sync()
    assert here.asked(DETAILS, first) == []


@pytest.mark.parametrize("edited", [450, prove(2_100)])
def test_one_edit_of_very_many_documents_is_read_once(edited: int) -> None:
    here = account(documents=edited + 50, scale=0.01, settings=DOCUMENTS)
    all_alike(here)
    here.sync()
    here.vendor.edit_at_once(edited, Random(1))
    first = len(here.requests)
    here.sync()
    here.sync()
    assert len(here.asked(DETAILS, first)) == edited


@pytest.mark.parametrize("unstable", [False, True])
def test_a_tie_longer_than_many_pages_is_read_whole(unstable: bool) -> None:
    here = account(documents=450, unstable_ties=unstable, settings=DOCUMENTS)
    here.sync()
    here.vendor.edit_at_once(350, Random(1))
    first = len(here.requests)
    here.sync()
    assert family(here, "document") == []
    assert len(here.asked(DETAILS, first)) == 350


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_documents_that_change_between_pages_are_neither_skipped_nor_lost(seed: int) -> None:
    here = account(documents=600, seed=seed + 1, work_before_page=3, settings=DOCUMENTS, busy=0.2)
    here.sync()
    here.sync()
    here.busy = 0.0
    here.vendor.options.work_before_page = 0
    here.sync(full_pass_days="0")
    assert family(here, "document") == []


@pytest.mark.parametrize("lag", [60, 240])
def test_changes_that_show_late_are_seen(lag: int) -> None:
    here = account(scale=0.1, index_lag_seconds=lag, settings=DOCUMENTS)
    here.sync()
    one, other = [each for each in here.vendor.store.documents.values() if each.status == COMPLETED][:2]
    here.vendor.store.change(one, name="shows late")
    here.clock.advance(lag - 50)
    here.vendor.store.change(other, name="shows later")
    here.clock.advance(55)
    here.sync()
    here.sync()
    assert family(here, "document") == []


@pytest.mark.parametrize(("place", "status"), [(0, 500), (60, 504), (-1, 500)])
def test_a_document_that_no_list_can_show_keeps_no_other_from_being_read(place: int, status: int) -> None:
    here = account(documents=150, scale=0.05, settings={**DOCUMENTS, "streams": only("document", "document_section")})
    here.sync()
    before = here.destination.business_rows()
    bad = sorted(any_documents(here, 150), key=lambda one: one.created)[place]
    here.change(LIST, lambda answer, request: json_answer({}, status) if bad.id.encode() in answer.body else None)
    for each in [each for each in any_documents(here, 150) if each is not bad][::25]:
        here.vendor.store.change(each, name="changed")
    here.sync(full_pass_days="0")
    assert [each for each in family(here, "document") if bad.id not in each] == []
    assert here.destination.rows["document_section"] == before["document_section"]
    assert len(here.destination.rows["document"]) == len(before["document"])
    assert any("cannot be listed" in str(row["payload"]) for row in here.open_errors())
    here.heal()
    here.sync(full_pass_days="0")
    assert family(here, "document") == [] and here.open_errors() == []


def test_where_only_the_order_of_creation_is_fast_all_documents_land() -> None:
    here = account(scale=0.1, settings=DOCUMENTS)
    here.answer("order_by=-date_modified", json_answer({}, 504))
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []
    here.vendor.edit_at_once(5, Random(1))
    first = len(here.requests)
    here.sync()
    assert family(here, "document") == [] and len(here.asked(DETAILS, first)) == 5


def test_nothing_older_than_the_start_date_is_asked_for() -> None:
    here = account(scale=0.2, settings={**DOCUMENTS, "start_date": "2025-11-01"})
    here.sync()
    truth = {row["id"] for row in here.vendor.truth()["document"] if row["date_modified"] >= "2025-11-01"}
    assert landed_ids(here, "document") == truth
    assert {path.split("/")[-2] for path in here.asked(DETAILS)} <= truth
    assert 0 < len(truth) < len(here.vendor.truth()["document"])


@pytest.mark.parametrize("stream", ["document", "document_attachment"])
def test_a_start_date_that_is_set_later_deletes_nothing(stream: str) -> None:
    here = account(scale=0.2, settings={"streams": only(stream), "reread_open_documents": "off"})
    here.sync()
    before = dict(here.destination.rows[stream])
    here.sync(full_pass_days="0", start_date="2025-11-01")
    here.sync(full_pass_days="0", start_date="2025-11-01")
    assert here.destination.rows[stream] == before


def test_a_window_that_takes_too_long_is_halved() -> None:
    here = account(scale=0.2, settings=DOCUMENTS)
    lengths: list[float] = []

    def slow(answer: Any, request: Any) -> Any:
        query = dict(pair.split("=") for pair in request.query_string.replace("%3A", ":").split("&"))
        if "created_to" in query:
            days = (instant(query["created_to"]) - instant(query["created_from"])) / DAY_SECONDS
            lengths.append(days)
            if days > 30:
                answer.status = 408
        return answer

    here.change(LIST, slow)
    here.sync()
    assert max(lengths) > 90 and 14 <= min(lengths) <= 30
    assert family(here, "document") == []


def instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


# What is being made.


def test_a_document_that_is_being_made_lands_as_listed_and_whole_once_it_is_there() -> None:
    here = account(scale=0.05, settings=DOCUMENTS)
    here.sync()
    store = here.vendor.store
    here.vendor.let("create", Random(1))
    here.sync()
    made = next(name for name in store.uploading if store.documents[name].deleted is None)
    assert here.destination.rows["document"][made,]["ref_number"] is None
    assert made in here.destination.state["pending"]["document"]
    assert here.open_errors() == [] and here.destination.warnings == []
    store.set_status(store.documents[made], DRAFT)
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
        here.vendor.store.set_status(here.vendor.store.documents[name], DRAFT)
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
    here = account(scale=0.3, error_documents_have_details=there, settings=DOCUMENTS)
    here.sync()
    assert here.document("error")
    assert family(here, "document") == [] and here.open_errors() == []


# Deletions.


def any_documents(here: Account, count: int) -> list[Any]:
    documents = here.vendor.store.documents.values()
    return [one for one in documents if one.deleted is None and one.status != UPLOADED][:count]


def test_deletions_and_restorations_are_seen_by_the_next_sync_although_they_move_no_date() -> None:
    here = account(scale=0.1, settings=DOCUMENTS)
    here.sync()
    gone = any_documents(here, 4)
    for one in gone:
        here.vendor.store.delete(one)
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
    here = account(scale=0.3, settings=DOCUMENTS)
    here.sync()
    for one in any_documents(here, 30):
        one.deleted = here.vendor.store.tick()
    here.sync()
    kept, shown = here.destination.state["streams"]["document"]["position"], here.metadata("document")["position"]
    assert len(json.dumps(kept["gone"])) > 200 and len(shown) < 200
    assert json.loads(shown)["modified"] == kept["modified"]


def test_a_document_that_is_restored_while_a_complete_pass_reads_is_back_with_the_next_sync() -> None:
    here = account(scale=0.1, settings=DOCUMENTS)
    here.sync()
    store = here.vendor.store
    first = min(store.documents.values(), key=lambda document: document.created)
    store.delete(first)
    here.sync()

    def restore(answer: Answer, request: Request) -> None:
        if first.id in store.deleted:
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
    here = account(scale=0.1, settings=DOCUMENTS)
    here.sync()
    deleted, kept = any_documents(here, 2)
    here.vendor.store.delete(deleted)
    here.sync()
    here.vendor.store.purge(deleted)
    here.vendor.store.delete(kept)
    here.vendor.store.purge(kept)
    here.sync()
    assert here.open_errors() == []
    here.sync(full_pass_days="0")
    assert family(here, "document") == []


def test_many_deletions_that_the_source_tells_of_are_not_held_back() -> None:
    here = account(documents=300, settings=DOCUMENTS)
    here.sync()
    for one in any_documents(here, 250):
        here.vendor.store.delete(one)
    here.sync()
    assert family(here, "document") == [] and here.destination.warnings == []


@pytest.mark.parametrize("status", [403, 404])
def test_details_that_are_refused_delete_nothing_and_are_told(status: int) -> None:
    here = account(scale=0.1, settings=DOCUMENTS)
    here.sync()
    landed = {key: dict(row) for key, row in here.destination.rows["document"].items()}
    refused = any_documents(here, 1)[0]
    here.refuse(f"/documents/{refused.id}/details", status)
    here.sync(full_pass_days="0")
    assert here.destination.rows["document"] == landed
    assert [(row["record_id"], row["category"]) for row in here.open_errors()] == [
        (refused.id, "permission" if status == 403 else "not_found")
    ]
    here.heal()
    here.vendor.store.change(refused, name="another name")
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


def test_where_all_details_are_refused_every_document_lands_as_listed_and_the_state_stays_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync, "MOST_UNREAD", 3)
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
    here = account(scale=0.1, forbidden_share=0.2, settings=DOCUMENTS)
    here.sync()
    assert landed_ids(here, "document") == {row["id"] for row in here.vendor.truth()["document"]}
    assert {row["category"] for row in here.open_errors()} == {"permission"}
    assert len(here.destination.warnings) == 1
    here.vendor.options.forbidden_share = 0.0
    here.sync()
    assert family(here, "document") == [] and here.open_errors() == []


@pytest.mark.parametrize("status", [404, 403])
def test_a_document_that_is_deleted_between_list_and_details_is_no_error(status: int) -> None:
    here = account(scale=0.1, details_of_deleted=status, settings=DOCUMENTS)
    here.sync()
    touched = any_documents(here, 3)
    for one in touched:
        here.vendor.store.change(one, name="another name")

    def delete() -> None:
        if here.asked("order_by=date_modified&modified_from")[-1:] == here.asked("")[-1:] and touched:
            here.vendor.store.delete(touched.pop())

    here.interrupt = delete
    here.sync()
    here.interrupt = lambda: None
    here.sync()
    assert here.open_errors() == [] and here.destination.warnings == []
    assert family(here, "document") == []


def test_a_credential_that_sees_less_deletes_nothing() -> None:
    here = account(documents=200, settings={"streams": only("document")})
    here.sync()
    rows = len(here.destination.rows["document"])
    here.vendor.options.hidden_share = 0.5
    here.sync(full_pass_days="0")
    assert len(here.destination.rows["document"]) == rows
    assert any("no longer in the source" in each for each in here.destination.warnings)
    here.vendor.options.hidden_share = 0.0
    here.sync()
    assert family(here, "document") == []


# Templates, the content library, the catalogue.


@pytest.mark.parametrize("table", ["template", "content_library_item"])
def test_only_what_changed_of_a_listing_with_dates_is_asked_for(table: str) -> None:
    here = account(scale=0.3, settings={"streams": only(table)})
    here.sync()
    first = len(here.requests)
    here.sync()
    assert here.asked("/details", first) == [] and here.destination.business() == 0
    one = here.vendor.store.living(table)[0]
    one.name, one.modified = "another name", here.vendor.store.tick()
    here.sync()
    assert [path.split("/")[-2] for path in here.asked("/details", first)] == [one.id]
    assert family(here, table) == []


@pytest.mark.parametrize("table", ["template", "content_library_item"])
def test_deleted_ones_leave_and_restored_ones_come_back(table: str) -> None:
    here = account(scale=0.3, settings={"streams": only(table)})
    here.sync()
    one, other = here.vendor.store.living(table)[:2]
    one.deleted = here.vendor.store.tick()
    here.sync()
    assert family(here, table) == []
    one.deleted, other.deleted = None, here.vendor.store.tick()
    here.sync()
    assert family(here, table) == []


@pytest.mark.parametrize("status", [403, 404, 409, 500])
def test_a_template_whose_details_fail_lands_as_listed_and_heals(status: int) -> None:
    here = account(scale=0.2, settings={"streams": only("template")})
    one = here.vendor.store.living("template")[0]
    here.refuse(f"/templates/{one.id}/details", status)
    here.sync()
    assert landed_ids(here, "template") == {row["id"] for row in here.vendor.truth()["template"]}
    assert bool(here.open_errors()) is (status != 409)
    here.heal()
    here.sync()
    assert family(here, "template") == [] and here.open_errors() == []
    assert here.destination.state["pending"] == {}


def test_a_template_that_fails_and_is_then_deleted_is_forgotten() -> None:
    here = account(scale=0.2, settings={"streams": only("template")})
    one = here.vendor.store.living("template")[0]
    here.refuse(f"/templates/{one.id}/details", 500)
    here.sync()
    here.heal()
    del here.vendor.store.blueprints["template"][one.id]
    here.sync()
    assert family(here, "template") == [] and here.open_errors() == []
    assert here.destination.state["pending"] == {}


# What few may see.


@pytest.mark.parametrize("status", [403, 500])
def test_a_folder_that_cannot_be_read_costs_only_what_lies_in_it(status: int) -> None:
    here = account(scale=0.3, settings={"streams": only("document_folder")})
    parents = [row["parent_uuid"] for row in here.vendor.truth()["document_folder"] if row["parent_uuid"]]
    here.refuse(f"parent_uuid={parents[0]}", status)
    here.sync()
    below = {parents[0]}
    truth = here.vendor.truth()["document_folder"]
    while more := {row["uuid"] for row in truth if row["parent_uuid"] in below} - below:
        below |= more
    assert landed_ids(here, "document_folder") == {row["uuid"] for row in truth} - below | {parents[0]}
    assert len(here.open_errors()) == 1
    here.heal()
    here.sync(full_pass_days="0")
    assert family(here, "document_folder") == [] and here.open_errors() == []


def test_what_only_administrators_of_the_organisation_see_is_skipped_with_one_warning_each_a_day() -> None:
    here = account(organization_admin=False)
    here.sync()
    assert sorted(each.split(":")[0] for each in here.destination.warnings) == ["user", "workspace"]
    found = here.differences()
    assert {each.split(" ")[0] for each in found} == {"user", "user_workspace", "workspace"}
    here.destination.warnings.clear()
    first = len(here.requests)
    here.sync()
    assert here.destination.warnings == [] and here.asked("/users|/workspaces", first) == []
    here.vendor.options.organization_admin = True
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


# Optional streams.


def test_notaries_and_what_people_wish_for_sms_land_where_they_are_asked_for() -> None:
    tables = ("notary", "notarization_request", "sms_opt_out")
    here = account(scale=0.05, settings={"streams": only(*tables)})
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {"notary", "notarization_request"}  # Only with the add-on.
    here.clock.advance(DAY_SECONDS)
    here.vendor.options.notary = True
    request = {
        "id": "r1",
        "status": "SENT",
        "name": "Deed",
        "document_id": "d1",
        "created_by_user_id": "u1",
        "date_created": "2026-01-01T00:00:00Z",
        "date_started": None,
        "date_completed": None,
    }
    here.change_body("notarization-requests.*offset=0", lambda body: {"results": [request], "count": 1})
    here.sync()
    assert here.open_errors() == []
    store = here.vendor.store
    assert landed_ids(here, "notary") == {one.id for one in store.notaries} and store.notaries
    assert landed_ids(here, "sms_opt_out") == {one.phone for one in store.opt_outs} and store.opt_outs
    assert here.destination.rows["notarization_request"]["r1",]["document_id"] == "d1"
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.destination.business() == 0


@pytest.fixture(scope="module")
def extras() -> Account:
    here = account(scale=0.2, settings={"streams": ",".join([*OPTIONAL, only("document")])})
    here.sync()
    return here


def test_what_hangs_below_documents_lands_where_it_is_asked_for(extras: Account) -> None:
    tables = sorted({name for stream in OPTIONAL for name in extras.family(stream)})
    assert compare_all(extras, tables) == []
    assert extras.open_errors() == [] and extras.vendor.statistics["429"] == 0


def compare_all(here: Account, tables: list[str]) -> list[str]:
    truth = here.vendor.truth()
    return [
        each
        for name in tables
        for each in compare(name, truth.get(name, []), here.destination.rows[name], here.destination.keys[name])
    ]


def test_it_follows_the_documents() -> None:
    here = account(scale=0.1, settings={"streams": ",".join([*OPTIONAL, only("document")])})
    here.sync()
    first = len(here.requests)
    here.sync()
    assert here.asked("/attachments|/sections|/audit-trail|/settings|/auto-reminders", first) == []
    changed, deleted = any_documents(here, 2)
    here.vendor.store.change(changed, attachments=changed.attachments + 1)
    here.vendor.store.delete(deleted)
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


def test_only_of_reminders_a_refused_request_means_that_there_are_none() -> None:
    here = account(scale=0.1, settings={"streams": only("document_section", "document_auto_reminder")})
    here.sync()
    sections = dict(here.destination.rows["document_section"])
    here.refuse("/sections|/auto-reminders$", 400)
    here.sync(full_pass_days="0")
    assert here.destination.rows["document_section"] == sections != {}
    assert here.destination.rows["document_auto_reminder"] == {}
    assert {error["stream"] for error in here.open_errors()} == {"document_section"}


def test_documents_whose_attachments_are_refused_do_not_keep_others_from_being_read() -> None:
    here = account(scale=0.2, settings={"streams": only("document_attachment")})
    here.sync()
    *refused, other = any_documents(here, 9)
    here.refuse(f"/documents/({'|'.join(each.id for each in refused)})/attachments", 403)
    here.sync(full_pass_days="0")
    here.vendor.store.change(other, attachments=other.attachments + 1)
    here.sync()
    assert {(row["record_id"], row["category"]) for row in here.open_errors()} == {
        (each.id, "permission") for each in refused
    }
    here.heal()
    here.sync()
    assert compare_all(here, ["document_attachment"]) == [] and here.open_errors() == []


def test_changes_that_begin_with_documents_whose_attachments_are_refused_are_read_all_the_same() -> None:
    here = account(scale=0.2, settings={"streams": only("document_attachment")})
    here.sync()
    *refused, other = any_documents(here, 9)
    here.refuse(f"/documents/({'|'.join(each.id for each in refused)})/attachments", 403)
    for each in (*refused, other):
        here.vendor.store.change(each, attachments=each.attachments + 1)
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
    monkeypatch.setattr(loop, "LARGEST_STATE_BYTES", 100)
    here = account(scale=0.05, settings={"streams": only(stream)})
    here.sync()
    deleted, changed = any_documents(here, 2)
    here.vendor.store.delete(deleted)
    here.vendor.store.change(changed, attachments=changed.attachments + 1)
    here.sync()
    assert [each for each in compare_all(here, [stream]) if changed.id in each] == []


# What happened.


def test_the_api_logs_land_once_without_bodies_and_grow() -> None:
    here = account(scale=0.05, settings={"streams": only("api_log", "contact")})
    here.sync()
    first = {key for (key,) in here.destination.rows["api_log"]}
    assert first == {row["id"] for row in here.vendor.truth()["api_log"]} & first and first
    here.sync()
    second = {key for (key,) in here.destination.rows["api_log"]}
    assert first < second
    assert here.destination.counts["api_log"]["upsert"] == len(second - first)


def test_the_api_logs_are_read_once_up_to_a_moment_of_the_sources_clock() -> None:
    here = account(scale=0.05, settings={"streams": only("api_log", "contact")})
    here.change(
        "/v2/logs",
        lambda answer, request: replace(
            answer,
            headers={**answer.headers, "Date": format_datetime(datetime.fromtimestamp(here.clock.now(), UTC), True)},
        ),
    )
    here.sync()
    first = landed_ids(here, "api_log")
    assert first
    for _ in range(2):
        before = len(here.requests)
        here.sync()
        calls = here.asked("/v2/logs", before)
        assert len(calls) == 3 and all("&to=" in each for each in calls[1:])  # The time; a page; and none after it.
    last = here.asked("/v2/logs", before)
    truth = {row["id"] for row in here.vendor.truth()["api_log"]}
    assert first < landed_ids(here, "api_log") < truth and len(truth - landed_ids(here, "api_log")) <= len(last) + 3


def test_webhook_events_are_sent_once_and_never_deleted() -> None:
    here = account(scale=0.3, settings={"streams": only("webhook_event")})
    here.sync()
    kept = len(here.destination.rows["webhook_event"])
    del here.vendor.store.events[: kept // 2]
    for days in ("7", "0"):
        here.sync(full_pass_days=days)
        assert len(here.destination.rows["webhook_event"]) == kept
        assert here.destination.business() == 0


# What never lands.


def secrets_in(body: Any) -> set[str]:
    """What the simulator sends that may open something."""
    found = set[str]()
    if isinstance(body, list):
        found = {each for inner in body for each in secrets_in(inner)}
    elif isinstance(body, dict):
        for key, value in body.items():
            if key in ("shared_link", "passcode", "shared_key", "signature", "request_body", "response_body"):
                found |= {value} if isinstance(value, str) and value else set()
            elif key == "value" and isinstance(value, dict) and value.get("url"):
                found.add(value["url"])
            else:
                found |= secrets_in(value)
    return found


def test_what_opens_documents_is_sent_by_the_source_and_never_lands_not_even_raw() -> None:
    here = account(scale=0.3, settings={"keep_raw": "true", "streams": ",".join([*OPTIONAL, "api_log"])})
    here.destination = Destination(schemas(here.case.tables, {"keep_raw": "true"}))
    sent = set[str]()

    def read(answer: Any, request: Any) -> None:
        if answer.status == 200 and "oauth2" not in request.path:
            sent.update(secrets_in(json.loads(answer.body)))

    here.change("", read)
    here.change_body(
        r"/templates/[^/]+/details", lambda body: {**body, "unknown": {"shared_link": "https://canary.example"}}
    )
    sent.add("https://canary.example")
    here.sync()
    written = json.dumps(
        [{str(key): row for key, row in rows.items()} for rows in here.destination.rows.values()], default=str
    ) + json.dumps(here.destination.state)
    assert len(sent) > 50
    assert [each for each in sent if each in written] == []
    assert all("raw" in row for (_,), row in here.destination.rows["document"].items())
