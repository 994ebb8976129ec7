"""What a sync of Copper promises, against the simulated account."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from math import ceil
from random import Random
from typing import Any

import pytest

from copper import api
from copper.api import Copper
from shared.journal import schemas
from shared.pages import Page
from tests.contract.world import World, compare
from tests.copper.account import OPTIONAL, account, asked, metadata, only, synced
from tests.depth import prove, stories
from tests.destination import Destination, Stop

REQUESTS_PER_SECOND = 3.0
DAY_SECONDS = 86_400.0
MANY, CAP = 13_000, 10_000
VERY_MANY, DOCUMENTED_CAP = 130_000, 100_000


def in_seconds(row: dict[str, Any], column: str = "date_modified") -> float:
    return datetime.fromisoformat(row[column]).timestamp()


def tied(paths: list[str]) -> list[str]:
    """Those of requests for one second alone."""
    return [path for path in paths if "maximum_modified_date" in path]


def people(here: World) -> list[Any]:
    return list(here.vendor.store.kinds["person"].values())


# A large account.


@dataclass
class Large:
    """More people than a search reaches after a first sync, during which one of them was edited each second."""

    here: World
    cap: int
    took: float
    """Seconds."""
    asked: list[str]


@pytest.fixture(scope="module", params=[(MANY, CAP), prove((VERY_MANY, DOCUMENTED_CAP))], ids=str)
def large(request: pytest.FixtureRequest) -> Iterator[Large]:
    many, cap = request.param
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "MOST_REACHABLE", cap)
        patched.setattr(api, "LAST_PAGE", cap // api.PAGE_SIZE)
        yield after_a_first_sync(many, cap)


def after_a_first_sync(many: int, cap: int) -> Large:
    here = account(scale=0.01, people=many, record_cap=cap)
    dice, edited, numbers = Random(1), [here.clock.now()], list(here.vendor.store.kinds["person"])

    def work() -> None:
        people = here.vendor.store.kinds["person"]
        while edited[-1] < here.clock.now() - 1:
            edited.append(edited[-1] + 1)
            here.vendor.store.edit(people[dice.choice(numbers)], {"details": f"edit {len(edited)}"})

    here.interrupt = work
    took = here.sync(streams=only("person"))
    here.interrupt = lambda: None
    return Large(here, cap, took, asked(here, ""))


def test_more_people_than_a_search_reaches_all_land_although_some_are_edited_meanwhile(large: Large) -> None:
    people = large.here.vendor.store.kinds["person"]
    assert len(people) > large.cap
    assert set(large.here.destination.rows["person"]) == {(str(number),) for number in people}
    assert large.here.open_errors() == []


def test_a_first_sync_takes_little_more_than_its_requests_at_the_documented_rate(large: Large) -> None:
    assert large.here.vendor.statistics["429"] == 0
    assert large.took <= 1.05 * len(large.asked) / REQUESTS_PER_SECOND


def test_a_first_sync_asks_for_little_more_than_its_pages(large: Large) -> None:
    ties = {path.split("maximum_modified_date=")[1].split("&")[0] for path in tied(large.asked)}
    others = [path for path in large.asked if "/people/" not in path]
    pages = ceil(len(large.here.destination.rows["person"]) / 200)
    # The account is asked for once more: whose it is, before anything is read.
    assert len(others) == len({path.split("?")[0] for path in others}) + 1
    # A tie longer than a page costs three more: where it begins, where it is found to be long, and what is left over.
    assert len(large.asked) - len(others) <= 1.02 * pages + 1 + 3 * len(ties)


def test_what_was_edited_meanwhile_is_in_after_the_next_sync(large: Large) -> None:
    large.here.sync(streams=only("person"))
    people = large.here.vendor.store.kinds["person"].values()
    landed = {key: row["details"] for (key,), row in large.here.destination.rows["person"].items()}
    assert landed == {str(one.id): one.fields.get("details") for one in people}


# Ties.


def test_ties_across_the_border_of_pages_are_all_read() -> None:
    here = account(people=1_300)
    people = list(here.vendor.store.kinds["person"].values())
    for number in range(0, len(people), 130):
        here.clock.advance(1)
        for person in people[number : number + 130]:
            here.vendor.store.edit(person, {"details": "one of 130"})
    here.sync()
    assert here.differences() == []


@pytest.mark.parametrize("unstable", [False, True])
def test_a_tie_longer_than_many_pages_is_read_whole(unstable: bool) -> None:
    here = account(people=1_000, unstable_ties=unstable)
    here.vendor.edit_at_once("person", 900, Random(1))
    here.sync()
    assert here.differences() == []


@pytest.mark.parametrize("seed", stories(range(5), quick=1))
def test_a_tie_from_which_records_leave_while_it_is_read_loses_none(seed: int) -> None:
    here, dice = account(people=1_500, seed=seed + 1), Random(seed)
    tie = here.vendor.edit_at_once("person", 1_100, dice)

    def leave() -> None:
        if tied(asked(here, "/people/")[-1:]) and tie:
            for number in [tie.pop(dice.randrange(len(tie))) for _ in range(min(20, len(tie)))]:
                here.vendor.store.edit(here.vendor.store.kinds["person"][number], {"title": "left the tie"})

    here.interrupt = leave
    here.sync(streams=only("person"))
    here.interrupt = lambda: None
    assert {key for (key,) in here.destination.rows["person"]} == set(map(str, here.vendor.store.kinds["person"]))
    here.sync()
    assert here.differences() == []


def test_a_tie_whose_size_is_proven_is_read_once() -> None:
    here = account(people=2_000)
    tie, second = set(here.vendor.edit_at_once("person", 1_000, Random(1))), int(here.clock.now())
    here.clock.advance(3_600)
    here.vendor.store.edit(next(each for each in people(here) if each.id not in tie), {"details": "later"})
    here.sync(streams=only("person"))
    pages = [path for path in tied(asked(here, "/people/")) if f"minimum_modified_date={second}&" in path]
    assert len(pages) == len(set(pages)) == 6


# What the vendor does not document.


@pytest.mark.parametrize(
    "option",
    [
        {"exclusive_bounds": True},
        {"half_open_bounds": True},
        {"unstable_ties": True},
        {"total_surplus": 37},
        {"total_header": False},
        {"tag_page": 5},
        {"tags_ignore_last": True},
        {"other_activity_category": True},
        {"company_zone": "Asia/Tokyo"},
        {"company_zone": "America/St_Johns"},
        {"conversion_moves_date": False},
    ],
    ids=str,
)
def test_whichever_way_the_vendor_turns_out_to_behave_everything_lands(option: dict[str, Any]) -> None:
    here = synced(**option)
    assert here.differences() == []
    assert here.open_errors() == []
    here.vendor.work(here.random, 60)
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_pages_that_were_thinned_out_after_they_were_cut_hide_nothing_that_may_be_seen() -> None:
    here = synced(scale=0.1, hidden_share=0.5, hidden_after_paging=True)
    store = here.vendor.store
    for kind in ("person", "company", "lead", "opportunity", "project", "task"):
        shown = {(str(one.id),) for one in store.kinds[kind].values() if not store.hidden(one)}
        assert set(here.destination.rows[kind]) == shown, kind


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_a_search_that_lags_behind_the_changes_loses_none_of_them(seed: int) -> None:
    here = account(scale=0.05, seed=seed + 1, index_lag_seconds=240, busy=0.5)
    for _ in range(3):
        here.sync()
    here.busy = 0.0
    here.clock.advance(600)
    here.sync()
    truth = here.vendor.truth()
    for kind in ("person", "company", "opportunity", "project", "task"):
        found = compare(kind, truth[kind], here.destination.rows[kind], ("id",))
        # What moved no change time waits for the complete pass.
        assert [each for each in found if "missing" in each or "date_modified" in each] == []
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_a_change_that_the_search_shows_later_than_younger_ones_is_not_lost() -> None:
    here = synced()
    late, early = list(here.vendor.store.kinds["company"].values())[:2]
    happened = int(here.clock.now())
    here.clock.advance(300)
    here.vendor.store.edit(early, {"details": "shown at once"})
    here.sync()
    here.vendor.store.edit(late, {"details": "shown only now"}, at=happened)
    here.sync()
    assert here.differences() == []


def test_bounds_are_asked_as_they_are_where_they_include_themselves() -> None:
    here = synced()
    before = len(here.requests)
    here.sync(streams=only("company"))
    (path,) = asked(here, "/companies/", before)
    latest = int(max(map(in_seconds, here.destination.rows["company"].values())))
    assert f"minimum_modified_date={latest - 600}&" in path


# A limit that others use too.


@pytest.mark.parametrize("many", [6_000, prove(25_000)])
@pytest.mark.parametrize("retry_after", [False, True])
def test_a_limit_that_another_client_eats_half_of_costs_time_and_no_row(retry_after: bool, many: int) -> None:
    here = account(people=many, other_client_per_minute=90, retry_after=retry_after)
    took = here.sync(streams=only("person"))
    refused = here.vendor.statistics["429"]
    print(f"{len(here.requests)} requests in {took:.0f} s, {refused} refused")
    assert set(here.destination.rows["person"]) == {(str(number),) for number in here.vendor.store.kinds["person"]}
    assert here.open_errors() == []
    assert refused <= 0.08 * len(here.requests)


# Deletions.


def test_deleted_records_are_found_by_the_complete_pass_and_not_before() -> None:
    here = synced()
    victim = next(iter(here.vendor.store.kinds["company"].values()))
    here.vendor.store.delete(victim)
    here.sync()
    assert (str(victim.id),) in here.destination.rows["company"]
    here.clock.advance(7 * DAY_SECONDS)
    here.sync()
    assert metadata(here, "company")["mode"] == "complete"
    assert here.differences() == []


def test_a_deleted_activity_leaves_with_the_next_sync_where_the_look_back_shows_its_stub() -> None:
    here = synced(scale=0.05)
    newest = max(here.vendor.store.kinds["activity"].values(), key=lambda one: one.updated)
    here.vendor.store.delete(newest)
    here.sync()
    assert (str(newest.id),) not in here.destination.rows["activity"]
    assert here.open_errors() == []


def test_an_older_activity_that_is_deleted_leaves_with_the_next_look_and_other_syncs_ask_once() -> None:
    here = synced(scale=0.3)
    store = here.vendor.store
    dated = sorted(store.kinds["activity"].values(), key=lambda one: one.updated, reverse=True)
    older = next(one for one in dated[200:] if one.updated > dated[0].updated - 20 * DAY_SECONDS)
    store.delete(older)
    before = len(here.requests)
    here.sync()
    assert len(asked(here, "/activities/search", before)) == 1
    here.clock.advance(DAY_SECONDS / 24)
    here.sync()
    assert (str(older.id),) not in here.destination.rows["activity"] and here.differences("activity") == []


@pytest.mark.parametrize("after_paging", [False, True])
def test_a_key_that_lost_rights_does_not_empty_the_warehouse(after_paging: bool) -> None:
    here = synced(scale=0.3)
    rows = {kind: len(here.destination.rows[kind]) for kind in ("person", "company", "lead", "task")}
    here.vendor.options.hidden_share, here.vendor.options.hidden_after_paging = 0.7, after_paging
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert {kind: len(here.destination.rows[kind]) for kind in rows} == rows
    assert any("Give the credential its rights back" in each for each in here.destination.warnings)
    here.vendor.options.hidden_share = 0.0
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_an_activity_whose_date_is_moved_up_past_the_reading_is_not_taken_for_deleted() -> None:
    here = synced(scale=0.1)
    store = here.vendor.store
    oldest = min(store.kinds["activity"].values(), key=lambda one: one.updated)
    later = int(here.clock.now() - 60 * DAY_SECONDS)
    start = len(here.requests)

    def redate() -> None:
        reading = [path for path in asked(here, "/activities/", start) if "minimum_activity_date=0&" in path]
        if len(reading) == 4 and store.kinds["activity"][oldest.id].updated != later:
            store.touch(store.kinds["activity"][oldest.id], later)

    here.interrupt = redate
    here.sync(full_pass_days="0")
    assert store.kinds["activity"][oldest.id].updated == later
    assert (str(oldest.id),) in here.destination.rows["activity"]
    here.sync(full_pass_days="0")
    assert here.differences() == []


# Activities.


def test_activities_logged_late_or_ahead_are_in_after_the_next_sync() -> None:
    here = synced(scale=0.05)
    store = here.vendor.store
    some = list(store.kinds["activity"].values())[:3]
    for activity, days in zip(some, (-29, -1, 300), strict=True):
        store.touch(activity, int(here.clock.now() + days * DAY_SECONDS))
    here.sync()
    assert here.differences("activity") == []


def test_activities_that_take_too_long_are_searched_in_windows() -> None:
    here = account(scale=0.05)
    # Only windows that end before 2001 reach down to the beginning of time.
    here.vendor.faults.break_path(r"maximum_activity_date=\d{10}&minimum_activity_date=0&", status=408)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []
    bounds = [re.findall(r"imum_activity_date=(\d+)", path) for path in asked(here, "/activities/")]
    lengths = sorted({int(until) - int(since) for until, since in bounds})
    assert lengths[-2] == 92 * DAY_SECONDS


def test_activities_that_do_not_come_newest_first_are_read_by_page_number(monkeypatch: pytest.MonkeyPatch) -> None:
    here = account(scale=0.05)

    def oldest_first(self: Copper, **bounds: int) -> Page:
        found = [record for page in self.activity_pages(**bounds) for record in page.records]
        found.sort(key=lambda record: record.get("activity_date", 0))
        return Page(found[:200], last=len(found) <= 200, total=len(found))

    monkeypatch.setattr(Copper, "activities", oldest_first)
    here.sync()
    assert here.differences() == []


# Leads, and what the key may not read.


def test_converted_leads_land() -> None:
    here = synced(scale=0.05)
    assert [row for row in here.destination.rows["lead"].values() if row["converted_at"]]
    assert all("include_converted_leads=true" in path for path in asked(here, "/leads/"))


def test_where_leads_are_switched_off_they_are_not_asked_for_and_what_was_landed_stays() -> None:
    here = synced()
    leads = dict(here.destination.rows["lead"])
    assert leads
    here.vendor.options.leads_enabled = False
    start = len(here.requests)
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert asked(here, "/leads/", start) == []
    assert here.destination.rows["lead"] == leads
    here.vendor.options.leads_enabled = True
    here.sync(full_pass_days="0")
    assert here.differences() == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_resource_that_the_key_may_not_read_stops_nothing_else_and_stays_as_it_was(status: int) -> None:
    here = synced()
    here.vendor.options.refused = {"pipelines": status, "people": status}
    here.vendor.work(here.random, 30)
    here.sync(full_pass_days="0")
    assert here.destination.errors == []
    assert {row["stream"] for row in here.open_errors()} == {"pipeline", "person"}
    assert here.destination.rows["pipeline"] and here.destination.rows["person"]
    broken = here.family("person") | here.family("pipeline")
    assert {each.split(" ")[0] for each in here.differences()} <= broken
    here.vendor.options.refused = {}
    here.sync(full_pass_days="0")
    assert here.differences() == [] and here.open_errors() == []


def test_a_key_that_is_revoked_ends_the_sync_before_anything_else_is_asked() -> None:
    here = synced()
    start = len(here.requests)
    here.vendor.api_key = "another"
    with pytest.raises(Stop, match="check that api_key is a valid key and user_email the address"):
        here.sync(api_key="the old one")
    assert [path.split("/")[-1] for path in asked(here, "", start)] == ["account"]


# Custom fields.


def test_every_kind_of_custom_field_lands_in_its_column() -> None:
    here = synced(scale=0.05)
    rows = [
        row for name, table in here.destination.rows.items() if name.endswith("_custom_field") for row in table.values()
    ]
    columns = ("value_text", "value_number", "value_date", "value_boolean", "option_id", "value_json")
    assert all(sum(row[column] is not None for column in columns) == 1 for row in rows)
    assert all(any(row[column] is not None for row in rows) for column in columns[:-1])


def test_a_field_that_is_made_while_records_are_read_is_looked_up() -> None:
    here = account()
    store = here.vendor.store
    made: list[Any] = []

    def make() -> None:
        if not made and asked(here, "/custom_field_definitions"):
            original = next(each for each in store.definitions.values() if each["data_type"] == "Date")
            made.append({**original, "id": original["id"] + 1_000, "available_on": ["company"]})
            store.definitions[made[0]["id"]] = made[0]
            store.edit(next(iter(store.kinds["company"].values())), {"custom": {made[0]["id"]: "2025-07-01"}})

    here.interrupt = make
    here.sync()
    landed = [
        row
        for row in here.destination.rows["company_custom_field"].values()
        if row["custom_field_definition_id"] == str(made[0]["id"])
    ]
    assert [row["value_date"] for row in landed] == ["2025-07-01"]


def test_a_key_that_may_not_see_the_definitions_gets_the_values_untyped() -> None:
    here = synced(refused={"custom_field_definitions": 403})
    rows = here.destination.rows["person_custom_field"].values()
    assert rows and all(row["value_json"] is not None for row in rows)
    assert {row["stream"] for row in here.open_errors()} == {"custom_field_definition"}
    here.vendor.options.refused = {}
    here.sync(full_pass_days="0")
    assert here.differences() == []


# What the user decides.


def test_nothing_that_changed_before_the_start_date_is_landed() -> None:
    here = account(scale=0.05)
    times = sorted(map(in_seconds, here.vendor.truth()["person"]))
    start = datetime.fromtimestamp(times[len(times) // 2], timezone.utc).date()
    here.sync(start_date=start.isoformat())
    first = datetime.combine(start, datetime.min.time(), timezone.utc).timestamp()
    assert {key for (key,) in here.destination.rows["person"]} == {
        row["id"] for row in here.vendor.truth()["person"] if in_seconds(row) >= first
    }
    here.sync(start_date=start.isoformat(), full_pass_days="0")
    assert here.destination.business() == 0


def test_the_optional_tables_land_where_they_are_asked_for() -> None:
    here = account()
    here.sync(streams=",".join(OPTIONAL))
    assert here.differences(*OPTIONAL) == []
    assert all(here.destination.rows[name] for name in OPTIONAL)
    here.sync(streams=",".join(OPTIONAL))
    assert here.destination.business() == 0
    here.vendor.work(here.random, 40)
    here.sync(streams=",".join(OPTIONAL), full_pass_days="0")
    assert here.differences() == [] and here.differences(*OPTIONAL) == []


def test_raw_records_are_kept_as_they_came() -> None:
    here = account()
    here.destination = Destination(schemas(here.case.tables, {"keep_raw": "true"}))
    here.sync(keep_raw="true")
    raw = next(iter(here.destination.rows["person"].values()))["raw"]
    assert {"custom_fields", "date_modified", "emails"} <= raw.keys()
