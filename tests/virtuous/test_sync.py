"""What a sync of Virtuous promises, against the simulated organization."""

from datetime import date
from email.utils import formatdate
from functools import partial
from math import ceil
from typing import Any

import pytest

from sandbox.virtuous.entries import make
from shared import walked
from shared.pages import Page
from shared.walked import Parameters
from shared.walks import by_sized_id
from tests.contract.world import World, edited
from tests.depth import prove
from tests.virtuous.organization import Large, asked, ids, only, organization, synced
from virtuous import models
from virtuous.resources import RESOURCES, Queries

REQUESTS_PER_HOUR = 4_500
MOST_MORE = 40
"""Requests that three records which fail alone may cost."""
DAY_SECONDS = 86_400.0
UNFILTERED = ("premium",)
"""Simulated without a parameter of change times."""


def position(here: World, stream: str) -> Any:
    return here.destination.state["streams"][stream]["position"]


# What it costs.


@pytest.mark.parametrize(("contacts", "gifts", "page"), [(2_500, 7_500, 25), prove(100_000, 300_000, 1_000)])
def test_a_first_reading_takes_hardly_more_than_the_least_requests_and_the_least_time(
    contacts: int, gifts: int, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walked, "LARGEST_PAGE", page)
    monkeypatch.setattr(walked, "by_sized_id", partial(by_sized_id, largest=page))
    here = Large(contacts, gifts)
    seconds = here.sync()
    least = ceil(contacts / page) + ceil(gifts / page)
    print(f"{here.asked.total()} requests, least {least}; {seconds:.0f} s")
    assert [len(here.destination.rows[table]) for table in ("contact", "gift")] == [contacts, gifts]
    assert here.asked.total() <= 1.05 * least
    assert seconds <= 1.05 * least * 3_600 / REQUESTS_PER_HOUR


def test_an_unchanged_sync_costs_one_request_a_table() -> None:
    here = synced()
    before = len(here.requests)
    here.sync()
    requests = asked(here, "", before)
    assert len(requests) == len(RESOURCES)
    assert len([path for path in requests if "OnOrAfter" in path]) == len(RESOURCES) - len(UNFILTERED)
    assert here.destination.business() == 0


def test_the_parameters_are_asked_for_in_complete_passes_alone() -> None:
    here = synced()
    before = len(here.requests)
    here.sync()
    assert asked(here, "QueryOptions", before) == []
    here.sync(full_pass_days="0")
    assert len(asked(here, "QueryOptions", before)) == len(RESOURCES)


# Which parameters are believed.


def test_the_newest_record_may_be_one_that_no_query_serves() -> None:
    here = organization()
    here.vendor.options.poison = {("gift", ids(here, "gift")[-1]): "always"}
    here.sync()
    assert position(here, "gift")["by"]["changed"] == "Last Modified Date"


def test_a_parameter_that_works_is_kept_in_the_position() -> None:
    assert position(synced(), "gift")["by"] == {"id": "Gift Id", "changed": "Last Modified Date"}
    assert position(synced(), "pledge")["by"]["changed"] == "Last Modified DateTime UTC"


def test_one_that_is_offered_and_ignored_is_not_believed_and_everything_is_read() -> None:
    here = synced(deaf=frozenset({"gift"}))
    assert position(here, "gift")["by"] == {"id": "Gift Id"}
    here.vendor.work(here.random, 40)
    here.sync()
    assert here.differences("gift", "gift_designation") == []


def test_one_that_finds_nothing_whatever_is_asked_is_not_believed() -> None:
    class Mute:
        def options(self, resource: str) -> list[Any]:
            names = {"Gift Id": "GreaterThan", "Last Modified Date": "OnOrAfter"}
            return [{"parameter": name, "operatorOptions": [{"operator": each}]} for name, each in names.items()]

        def query(self, path: str, conditions: list[Any], take: int, **how: Any) -> Page:
            return Page() if conditions else Page([{"id": 9}])

    gift = next(each for each in RESOURCES if each.table.name == "gift")
    assert Queries(Mute(), gift).parameters(date(2026, 1, 1))[0] == Parameters("Gift Id")  # type: ignore[arg-type]


def test_a_resource_without_a_parameter_for_its_ids_is_refused_and_stops_no_other() -> None:
    here = organization(without_id=frozenset({"grant"}))
    here.sync()
    assert [row["stream"] for row in here.open_errors()] == ["grant"]
    assert "offers no parameter Grant Id" in here.open_errors()[0]["message"]
    assert {each.split(" ")[0] for each in here.differences()} <= here.family("grant")


@pytest.mark.parametrize("status", [400, 500])
def test_a_stricter_vendor_makes_no_difference(status: int) -> None:
    here = organization(unknown_parameter=status, unknown_sort=status, take_refused=False)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize("hours", [-12, 0, 14])
@pytest.mark.parametrize("by_time", [False, True])
def test_whatever_the_zone_of_the_filter_changes_come_with_the_next_sync(hours: float, by_time: bool) -> None:
    here = synced(filter_hours=hours, filter_by_time=by_time)
    for _ in range(3):
        gift = here.vendor.store.living("gift")[0]
        here.vendor.store.edit(gift, {"notes": f"{here.clock.now()}"})
        here.sync()
        assert here.differences("gift") == []
        here.clock.advance(DAY_SECONDS / 3)


def test_a_parameter_that_is_gone_keeps_no_complete_pass_away() -> None:
    here = organization(settings={"streams": only("gift", "task")}, unknown_parameter=400)
    here.sync()
    here.vendor.options.without_modified = frozenset({"gift"})
    here.sync()
    assert [row["stream"] for row in here.open_errors()] == ["gift"]
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert here.open_errors() == [] and position(here, "gift")["by"] == {"id": "Gift Id"}


def test_a_change_time_on_the_first_of_all_days_is_no_reason_to_fail() -> None:
    here = organization(settings={"streams": only("task")})
    here.change("Task/Query", lambda answer, _: told(answer, modifiedDateTimeUtc="0001-01-01T00:00:00"))
    for _ in range(2):
        here.sync()
        assert here.open_errors() == [] and position(here, "task")["since"] == "0001-01-01"


def told(answer: Any, **fields: Any) -> Any:
    """The answer with these fields in each of its records."""
    return edited(
        answer, lambda body: {**body, "list": [{**each, **fields} for each in body["list"]]} if "list" in body else body
    )


def test_a_full_page_is_not_the_last_whatever_its_total(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walked, "by_sized_id", partial(by_sized_id, largest=50))
    here = organization(settings={"streams": only("gift")})
    here.change("FullGift", lambda answer, _: edited(answer, lambda body: {**body, "total": len(body["list"])}))
    here.sync()
    assert here.differences("gift") == [] and here.open_errors() == []


# Order and bad records.


def test_records_out_of_order_stop_their_table_and_never_make_the_pages_smaller() -> None:
    here = organization(unsorted=frozenset({"gift"}))
    here.sync()
    assert [(row["stream"], row["category"]) for row in here.open_errors()] == [("gift", "bad_payload")]
    assert all("take=1000" in path for path in asked(here, "FullGift"))
    assert here.destination.rows["gift"] == {}


@pytest.mark.parametrize("status", [500, 520, 0])
@pytest.mark.parametrize("beside", [False, True])
def test_three_gifts_that_cannot_be_served_cost_little_and_land_once_healed(status: int, beside: bool) -> None:
    streams = {"streams": only("gift")}
    sound, here = organization(settings=streams), organization(settings=streams, poison_status=status)
    sound.sync()
    gifts = ids(here, "gift")
    bad = gifts[50:53] if beside else gifts[7::90][:3]
    here.vendor.options.poison = {("gift", id): "full" for id in bad}
    here.sync()
    assert {each.split("'")[1] for each in here.differences("gift")} == {str(id) for id in bad}
    assert {row["record_id"] for row in here.open_errors()} == {str(id) for id in bad}
    assert len(here.requests) - len(sound.requests) <= MOST_MORE
    here.vendor.options.poison = {}
    here.sync()
    assert here.differences(*sorted(here.family("gift"))) == []
    assert here.open_errors() == []


@pytest.mark.parametrize(
    ("records", "places"),
    [(2_500, (1, 3, 5)), (1_000, (999, 600, 880)), prove(2_500, (0, 1, 2)), prove(6_000, (15, 3_000, 5_999))],
)
def test_three_bad_records_cost_little_in_every_kind_of_sync(records: int, places: tuple[int, ...]) -> None:
    here, sound = (Large(0, records, latency=0.1) for _ in range(2))
    bad = {here.ids["Gift"][place] for place in places}
    here.bad = set(bad)
    for days in (0, 0, 8):  # The first reading, an unchanged sync, a brief complete pass.
        for each in (here, sound):
            each.clock.advance(days * DAY_SECONDS)
            each.sync(streams=only("gift"))
        assert here.asked.total() - sound.asked.total() <= MOST_MORE
        assert len(here.destination.rows["gift"]) == records - len(bad)
    here.bad.clear()
    here.sync(streams=only("gift"))
    assert len(here.destination.rows["gift"]) == records


def test_where_many_records_fail_each_costs_one_request_at_the_next_sync() -> None:
    here = organization(settings={"streams": only("gift")})
    oldest = sorted(here.vendor.store.living("gift"), key=lambda gift: gift.updated)
    bad = [gift.key for gift in oldest[:25]]
    here.vendor.options.poison = dict.fromkeys(bad, "full")
    here.sync()
    before = len(here.requests)
    here.sync()
    assert len(here.requests) - before == len(bad) + 1


def test_a_record_that_fails_only_in_a_crowd_lands() -> None:
    here = organization(settings={"streams": only("gift")}, poison={})
    here.vendor.options.poison = {("gift", ids(here, "gift")[3]): "crowd"}
    here.sync()
    assert here.differences("gift") == [] and here.open_errors() == []


def test_a_bad_record_that_nobody_can_name_keeps_no_other_away_and_lands_once_healed() -> None:
    here = organization(settings={"streams": only("event_attendee")})
    here.vendor.options.poison = {("event_attendee", ids(here, "event_attendee")[3]): "always"}
    here.sync()
    assert len({each.split("'")[1] for each in here.differences("event_attendee")}) == 1
    here.vendor.options.poison = {}
    here.sync()
    assert here.differences("event_attendee") == [] and here.open_errors() == []


# Complete passes.


def test_a_complete_pass_over_gifts_is_brief_deletes_what_is_gone_and_keeps_the_day_of_the_whole_one() -> None:
    here = synced()
    before, read = len(here.requests), position(here, "gift")["read"]
    gone = here.vendor.store.living("gift")[5]
    here.vendor.store.purge(gone)
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    full = [path for path in asked(here, "FullGift", before) if "OnOrAfter" not in path]
    assert full == [] and position(here, "gift")["read"] == read
    assert (str(gone.id),) not in here.destination.rows["gift"]


def test_once_in_thirty_days_it_reads_whole_records_which_heals_what_moved_without_a_sign() -> None:
    here = synced()
    here.destination.rows["gift"][str(ids(here, "gift")[0]),]["contact_name"] = "what nobody told"
    before = len(here.requests)
    here.clock.advance(31 * DAY_SECONDS)
    here.sync()
    assert [path for path in asked(here, "FullGift", before) if "OnOrAfter" not in path]
    assert position(here, "gift")["read"] == "2026-02-01"


def test_a_record_that_a_brief_pass_shows_and_that_never_landed_is_read() -> None:
    here = organization(settings={"streams": only("gift")})
    hidden = here.vendor.store.living("gift")[3]
    kept = here.vendor.store.kinds["gift"].pop(hidden.id)
    here.sync()
    here.vendor.store.kinds["gift"][kept.id] = kept
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert (str(kept.id),) in here.destination.rows["gift"]


def test_balances_of_projects_that_move_without_a_sign_are_there_a_day_later() -> None:
    here = synced()
    project = here.vendor.store.living("project")[0]
    here.vendor.store.living("designation")[0].fields["project"] = project.id
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.differences("project") == []


def test_contacts_are_read_whole_in_every_pass_where_something_below_them_is_wanted() -> None:
    here = organization(settings={"streams": "contact_address, relationship"})
    here.sync()
    assert here.differences("contact_address", "relationship") == []
    before = len(here.requests)
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert [path for path in asked(here, "FullContact", before) if "OnOrAfter" not in path]
    assert here.differences("contact_address", "relationship") == []


def test_of_a_listing_that_knows_no_skip_all_comes_however_long_it_is() -> None:
    here = organization(settings={"streams": f"{only()}, project_expense"})
    here = organization(settings={"streams": f"{only('project')}, project_expense"})
    store = here.vendor.store
    for _ in range(1_100):
        make(store, here.random, "project_expense", store.living("project")[0])
    here.sync()
    assert here.differences("project_expense") == [] and here.open_errors() == []


def test_what_is_optional_lands_where_it_is_asked_for() -> None:
    optional = sorted(each.name for each in models.OPTIONAL)
    here = organization(settings={"streams": ", ".join(optional)})
    here.sync()
    assert here.differences(*optional) == []
    assert all(here.destination.rows[table] for table in optional)


# The limit.


@pytest.mark.parametrize("told", [True, False])
def test_what_another_client_sends_slows_us_down_before_anything_is_refused(told: bool) -> None:
    here = organization(rate_limit=100, rate_seconds=72, other_client_per_hour=2_000, rate_headers=told)
    here.change(".", lambda answer, _: dated(answer, here.clock.monotonic()))
    here.sync()
    assert (here.vendor.statistics["429"] == 0) == told
    assert here.differences() == []


def dated(answer: Any, now: float) -> Any:
    answer.headers["Date"] = formatdate(now, usegmt=True)
    return answer


def test_a_refusal_without_a_wait_is_waited_for() -> None:
    here = organization(rate_limit=20, rate_seconds=60, rate_headers=False, retry_after=False)
    here.sync()
    assert here.vendor.statistics["429"] > 0
    assert here.differences() == []
