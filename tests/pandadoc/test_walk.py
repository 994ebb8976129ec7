"""Going through documents: which are listed and read, in a first sync and later."""

import json
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import pytest

from sandbox.pandadoc.groups import group_of
from sandbox.web import json_answer
from tests.depth import prove, stories
from tests.destination import KilledHard
from tests.pandadoc.account import (
    COMPLETED,
    DAY_SECONDS,
    DETAILS,
    DOCUMENTS,
    LIST,
    Account,
    account,
    all_alike,
    any_documents,
    family,
    landed_ids,
    only,
    synced,
)

MANY, VERY_MANY = 2_000, 20_000
FEW = 3
IN_TEN_YEARS = 3_650 * 86_400 * 1_000_000
"""In microseconds, as the simulator keeps times."""
"""Pages of a list."""

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
    # What each of its tables holds takes a third of that, and is forgotten first where the state is full.
    assert len(json.dumps(large.here.destination.state)) < 1_300_000


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


# Changes.


def test_what_was_read_lately_is_not_asked_for_again() -> None:
    here = synced(scale=0.1, settings=DOCUMENTS)
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
    here = synced(documents=450, unstable_ties=unstable, settings=DOCUMENTS)
    here.vendor.edit_at_once(350, Random(1))
    first = len(here.requests)
    here.sync()
    assert family(here, "document") == []
    assert len(here.asked(DETAILS, first)) == 350


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_documents_that_change_between_pages_are_neither_skipped_nor_lost(seed: int) -> None:
    here = synced(documents=600, seed=seed + 1, work_before_page=3, settings=DOCUMENTS, busy=0.2)
    here.sync()
    here.busy = 0.0
    here.vendor.options.work_before_page = 0
    here.sync(full_pass_days="0")
    assert family(here, "document") == []


@pytest.mark.parametrize("lag", [60, 240])
def test_changes_that_show_late_are_seen(lag: int) -> None:
    here = synced(scale=0.1, index_lag_seconds=lag, settings=DOCUMENTS)
    one, other = [each for each in here.vendor.store.documents.values() if each.fields["status"] == COMPLETED][:2]
    here.vendor.store.edit(one, {"name": "shows late"})
    here.clock.advance(lag - 50)
    here.vendor.store.edit(other, {"name": "shows later"})
    here.clock.advance(55)
    here.sync()
    here.sync()
    assert family(here, "document") == []


@pytest.mark.parametrize(("place", "status"), [(0, 500), (60, 504), (-1, 500)])
def test_a_document_that_no_list_can_show_keeps_no_other_from_being_read(place: int, status: int) -> None:
    here = synced(documents=150, scale=0.05, settings={**DOCUMENTS, "streams": only("document", "document_section")})
    before = here.destination.business_rows()
    bad = sorted(any_documents(here, 150), key=lambda one: one.created)[place]
    here.change(LIST, lambda answer, request: json_answer({}, status) if bad.id.encode() in answer.body else None)
    for each in [each for each in any_documents(here, 150) if each is not bad][::25]:
        here.vendor.store.edit(each, {"name": "changed"})
    here.sync(full_pass_days="0")
    assert [each for each in family(here, "document") if bad.id not in each] == []
    assert here.destination.rows["document_section"] == before["document_section"]
    assert len(here.destination.rows["document"]) == len(before["document"])
    assert any("cannot be listed" in row["message"] for row in here.open_errors())
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
    here = synced(scale=0.2, settings={**DOCUMENTS, "start_date": "2025-11-01"})
    truth = {row["id"] for row in here.vendor.truth()["document"] if row["date_modified"] >= "2025-11-01"}
    assert landed_ids(here, "document") == truth
    assert {path.split("/")[-2] for path in here.asked(DETAILS)} <= truth
    assert 0 < len(truth) < len(here.vendor.truth()["document"])


@pytest.mark.parametrize("stream", ["document", "document_attachment"])
def test_a_start_date_that_is_set_later_deletes_nothing(stream: str) -> None:
    here = synced(scale=0.2, settings={"streams": only(stream), "reread_open_documents": "off"})
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


def test_a_change_time_that_has_not_come_yet_leaves_no_later_change_behind() -> None:
    settings = {"streams": only("document", "webhook_event"), "look_hours": "0", "reread_open_documents": "all"}
    here = account(scale=0.05, settings=settings)
    here.tell_time()
    document = next(iter(here.vendor.store.documents.values()))
    here.vendor.store.touch(document, document.updated + IN_TEN_YEARS)
    here.sync()
    here.sync(full_pass_days="0")
    for _ in range(3):
        here.vendor.work(here.random, 20)
        here.sync()
    assert here.differences("document", "webhook_event") == []


def test_a_time_to_come_that_an_earlier_release_believed_leaves_no_event_behind() -> None:
    here = account(scale=0.05, settings={"streams": only("webhook_event"), "look_hours": "0"})
    here.tell_time()
    here.sync()
    here.destination.state["streams"]["webhook_event"]["position"]["newest"] = "2036-01-01T00:00:00.000000Z"
    here.vendor.work(here.random, 20)
    here.sync()
    assert here.differences("webhook_event") == []
    here.vendor.work(here.random, 20)
    here.sync()
    assert here.differences("webhook_event") == []
