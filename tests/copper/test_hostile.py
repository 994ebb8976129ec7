"""What Copper may do that its documentation does not rule out, and that must lose nothing."""

from random import Random
from typing import Any

import pytest

from copper import api
from shared.journal import schemas
from tests.contract.world import World
from tests.copper.account import account, asked, only, synced
from tests.depth import stories
from tests.destination import Destination, Killed

DAY_SECONDS = 86_400


def people(here: World) -> list[Any]:
    return list(here.vendor.store.kinds["person"].values())


def missing(here: World, kind: str) -> set[str]:
    """Ids that the source has, and the destination has not."""
    return {str(number) for number in here.vendor.store.kinds[kind]} - {key for (key,) in here.destination.rows[kind]}


# The order of the index is older than what it shows.


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_a_record_that_shows_its_new_time_at_its_old_place_hides_no_others(seed: int) -> None:
    here = account(people=1_500, seed=seed + 1, index_lag_seconds=300, index_has_order_only=True)
    dice = Random(seed)

    def work() -> None:
        if asked(here, "/people/"):
            here.vendor.store.edit(dice.choice(people(here)), {"details": f"edit {dice.random()}"})

    here.interrupt = work
    here.sync(streams=only("person"))
    here.sync(streams=only("person"), full_pass_days="0")
    assert missing(here, "person") == set()
    assert here.destination.counts["person"]["delete"] == 0
    here.interrupt = lambda: None
    here.clock.advance(600)
    here.sync()
    assert here.differences("person") == []


# Ties.


@pytest.mark.parametrize("bounds", [{}, {"half_open_bounds": True}, {"exclusive_bounds": True}], ids=str)
def test_a_tie_below_younger_records_is_read_whole_however_bounds_are_meant(bounds: dict[str, Any]) -> None:
    here = account(people=1_200, **bounds)
    tie = set(here.vendor.edit_at_once("person", 700, Random(1)))
    here.clock.advance(DAY_SECONDS)
    for person in [each for each in people(here) if each.id not in tie][:300]:
        here.clock.advance(60)
        here.vendor.store.edit(person, {"details": "later"})
    here.sync()
    assert here.differences() == []


def test_a_tie_beyond_what_a_search_reaches_is_read_by_creation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_REACHABLE", 600)
    monkeypatch.setattr(api, "LAST_PAGE", 3)
    here = account(people=1_500, record_cap=600)
    here.vendor.edit_at_once("person", 1_400, Random(1))
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_an_unchanged_account_is_asked_little_although_its_last_change_was_a_large_one() -> None:
    here = account(people=3_000)
    here.vendor.edit_at_once("person", 2_500, Random(1))
    for _ in range(3):
        here.sync(streams=only("person"))
    assert here.destination.business() == 0
    before = len(here.requests)
    here.sync(streams=only("person"))
    assert len(asked(here, "/people/", before)) == 2
    here.vendor.store.edit(people(here)[0], {"details": "new"})
    here.sync()
    assert here.differences() == []


def test_a_record_that_says_it_changed_in_the_last_second_that_was_read_still_lands() -> None:
    here = account(people=450)
    for _ in range(3):
        here.sync(streams=only("person"))
    last = max(person.updated for person in people(here))
    here.vendor.store.edit(people(here)[0], {"details": "late"}, at=last)
    here.sync(streams=only("person"))
    assert here.differences("person") == []


def test_a_position_that_was_saved_as_a_second_alone_is_gone_on_from() -> None:
    here = account(people=20)
    here.sync(streams=only("person"))
    saved = here.destination.state["streams"]["person"]
    saved["position"] = saved["position"]["second"]
    here.vendor.store.edit(people(here)[0], {"details": "new"})
    here.sync(streams=only("person"))
    assert here.differences("person") == [] and here.open_errors() == []
    assert here.destination.counts["person"]["upsert"] == 1


def test_thin_pages_hide_nothing_although_records_are_edited_meanwhile() -> None:
    here = account(people=2_500, hidden_share=0.5, hidden_after_paging=True)
    dice, store = Random(1), here.vendor.store

    def work() -> None:
        if asked(here, "/people/")[-1:] == asked(here, "")[-1:]:
            for person in dice.sample(people(here), 5):
                store.edit(person, {"details": "moved"})

    here.interrupt = work
    here.sync(streams=only("person"))
    shown = {str(each.id) for each in people(here) if not store.hidden(each)}
    assert shown - {key for (key,) in here.destination.rows["person"]} == set()


# Times that mean nothing.


@pytest.mark.parametrize("later", [366 * DAY_SECONDS, 1_700_000_000_000], ids=["next year", "milliseconds"])
def test_a_change_time_that_cannot_have_come_yet_keeps_no_later_change_from_landing(later: int) -> None:
    here = account()
    first, second = people(here)[:2]
    here.vendor.store.edit(first, {}, at=int(here.clock.now()) + later)
    here.sync()
    here.vendor.store.edit(second, {"details": "landed all the same"})
    here.sync()
    assert here.destination.rows["person"][str(second.id),]["details"] == "landed all the same"


# Activities.


def test_pages_full_of_deleted_activities_stop_nothing() -> None:
    here = synced(scale=0.1)
    newest = sorted(here.vendor.store.kinds["activity"].values(), key=lambda one: -one.updated)
    for activity in newest[100:550]:
        here.vendor.store.delete(activity)
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize("status", [408, 503, 504])
def test_activities_are_searched_in_windows_however_a_search_says_that_it_takes_too_long(status: int) -> None:
    here = account(scale=0.02)
    here.vendor.faults.break_path(r"maximum_activity_date=\d{10}&minimum_activity_date=0&", status=status)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize("option", [{"total_surplus": 9}, {"total_header": False}], ids=str)
def test_activities_that_vanished_are_deleted_although_no_total_proves_it(option: dict[str, Any]) -> None:
    here = synced(scale=0.05, deleted_activities_listed=False, **option)
    reads = len(asked(here, "/activities/"))
    for activity in list(here.vendor.store.kinds["activity"].values())[:5]:
        here.vendor.store.delete(activity)
    here.sync(full_pass_days="0")
    assert here.differences("activity") == []
    assert reads <= 1 + len(here.vendor.store.kinds["activity"]) / 190


@pytest.mark.parametrize("exclusive", [False, True])
def test_a_first_reading_of_activities_that_was_killed_goes_on_in_the_midst_of_a_second(exclusive: bool) -> None:
    here = account(scale=0.1, exclusive_bounds=exclusive, latency=40.0)
    store = here.vendor.store
    for place, activity in enumerate(sorted(store.kinds["activity"].values(), key=lambda one: one.id)):
        store.touch(activity, int(here.clock.now()) - 90 * DAY_SECONDS - place // 90)
    for after in (200, 450, 900, None):
        here.destination.dies_after, here.destination.death = after, Killed
        try:
            here.sync(streams=only("activity"))
        except Killed:
            continue
    assert here.differences("activity") == []


# Answers that are not what they should be.


def test_an_answer_of_the_wrong_shape_is_asked_for_again() -> None:
    here = account()
    served, told = here.vendor.wsgi, set[str]()

    def odd_once(environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path in told:
            return served(environ, start_response)
        told.add(path)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"7"]

    here.vendor.wsgi = odd_once
    here.sync()
    assert here.open_errors() == [] and here.differences() == []


# Custom fields.


def test_values_whose_definitions_are_gone_cost_no_request_each() -> None:
    here = account(people=600)
    store = here.vendor.store
    some = next(iter(store.definitions.values()))
    for number, person in enumerate(people(here)[:100]):
        gone = {**some, "id": 10**9 + number, "data_type": "String", "available_on": ["person"]}
        store.definitions[gone["id"]] = gone
        store.edit(person, {"custom": {gone["id"]: "left over"}})
    for number in range(100):
        del store.definitions[10**9 + number]
    here.sync(streams=only("person"))
    assert len(asked(here, "/custom_field_definitions")) <= 2 + len(asked(here, "/people/"))


def test_an_unknown_time_zone_costs_the_days_of_dates_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    here = account(scale=0.05, company_zone="Asia/Tokyo")
    monkeypatch.setattr("dateutil.tz.gettz", lambda name: None)
    here.sync()
    (error,) = here.open_errors()
    assert (error["stream"], error["record_id"]) == ("account", "primary_timezone")
    assert all(missing(here, kind) == set() for kind in ("person", "company", "lead", "opportunity", "project", "task"))
    monkeypatch.undo()
    here.sync(full_pass_days="0")
    assert here.differences() == [] and here.open_errors() == []


# What the user decides.


def test_a_first_sync_with_a_start_date_asks_for_nothing_older() -> None:
    here = account(people=3_000)
    here.clock.advance(400 * DAY_SECONDS)
    here.vendor.store.edit(people(here)[0], {"details": "new"})
    here.sync(start_date="2027-01-01", streams=only("person"))
    assert len(asked(here, "/people/")) == len(here.destination.rows["person"]) == 1


def test_raw_records_hold_nothing_of_ours() -> None:
    here = account()
    here.destination = Destination(schemas(here.case.tables, {"keep_raw": "true"}))
    here.sync(keep_raw="true")
    for kind in ("person", "company", "lead", "opportunity", "project", "task"):
        assert all("custom_field_values" not in row["raw"] for row in here.destination.rows[kind].values())


def test_a_change_time_that_has_not_come_yet_leaves_no_later_change_behind() -> None:
    here = account(scale=0.05)
    here.tell_time()
    early, *others = people(here)[:4]
    here.vendor.store.touch(early, early.updated + 3_650 * DAY_SECONDS)
    here.sync()
    here.sync(full_pass_days="0")
    for number, person in enumerate(others):
        here.vendor.store.edit(person, {"title": f"Number {number}"})
        here.sync()
        assert here.differences("person") == []
