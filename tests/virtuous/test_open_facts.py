"""What Virtuous's documentation leaves open goes both ways in the sandbox: what lands is the truth either way."""

from typing import Any

import pytest

from sandbox.virtuous.options import Options
from sandbox.virtuous.resources import PATHS
from tests.contract.world import CASES, World
from tests.depth import prove

EVERY = frozenset(PATHS)
OPEN: dict[str, dict[str, Any]] = {
    "a take above the maximum is cut": {"take_refused": False},
    "an unknown parameter is refused": {"unknown_parameter": 400},
    "an unknown parameter breaks the server": {"unknown_parameter": 500},
    "an unknown order is refused": {"unknown_sort": 400},
    "filters live far ahead": {"filter_hours": 14},
    "filters live far behind": {"filter_hours": -12},
    "filters know the time of day": {"filter_by_time": True},
    "nothing has a parameter of its change time": {"without_modified": EVERY},
    "the parameter of the change time is ignored": {"deaf": EVERY},
    "the answers tell nothing of the limit": {"rate_headers": False, "retry_after": False},
    "segments are paged": {"segments_paged": True},
    "errors have the newer shape": {"new_errors": True, "plain_401": True},
}


def world(**options: Any) -> World:
    """A small organisation of which these facts hold."""
    here = World(CASES["virtuous"], scale=0.02)
    for name, value in options.items():
        assert hasattr(Options(), name)
        setattr(here.vendor.options, name, value)
    return here


@pytest.mark.parametrize(
    "fact",
    [*list(OPEN)[:1], *list(OPEN)[4:6], "the parameter of the change time is ignored", *(prove(each) for each in OPEN)],
)
def test_what_lands_is_the_truth_whatever_holds(fact: str) -> None:
    here = world(**OPEN[fact])
    here.sync()
    assert here.differences() == [] and here.open_errors() == []
    here.clock.advance(86_400.0)
    here.vendor.work(here.random, 40)
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_an_edit_is_in_after_the_next_sync_wherever_the_filters_live() -> None:
    for hours in (14, -12):
        here = world(filter_hours=hours)
        here.sync()
        for _ in range(3):
            here.clock.advance(7 * 3_600.0)
            store = here.vendor.store
            for kind in ("contact", "gift", "pledge"):
                store.edit(store.living(kind)[0], {"by": ["Ida Larkspur", f"Otto {here.clock.now()}"]})
            here.sync()
            assert here.differences("contact", "gift", "pledge") == []


def test_another_client_of_the_organisation_is_left_its_share() -> None:
    here = world(rate_limit=200, other_client_per_hour=120)
    here.sync()
    here.sync()
    here.clock.advance(3_600.0)
    here.sync(full_pass_days="0")
    assert here.destination.errors == []


@pytest.mark.parametrize("status", [500, 520, 0])
def test_records_that_cannot_be_served_cost_only_themselves_and_land_once_they_can(status: int) -> None:
    here, clean = world(poison_status=status), world()
    clean.sync()
    bad = list(here.vendor.store.kinds["gift"])[3:6]
    here.vendor.options.poison.update({("gift", id): "full" for id in bad})
    here.sync()
    assert [each for each in here.differences() if not any(f"('{id}'" in each for id in bad)] == []
    assert {row["stream"] for row in here.open_errors()} == {"gift"} and len(here.open_errors()) == len(bad)
    assert len(here.requests) <= len(clean.requests) + 40
    here.vendor.options.poison.clear()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_of_what_has_no_brief_query_a_bad_record_costs_only_itself_too() -> None:
    here = world()
    bad = list(here.vendor.store.kinds["pledge"])[2]
    here.vendor.options.poison["pledge", bad] = "full"
    here.sync()
    assert {each.partition(",")[0] for each in here.differences()} == {
        f"pledge ('{bad}'",
        f"pledge_custom_field ('{bad}'",
    }
    here.vendor.options.poison.clear()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_record_that_no_query_serves_is_told_and_keeps_no_other_away_and_lands_once_it_can() -> None:
    here = world()
    bad = list(here.vendor.store.kinds["gift"])[99]
    here.vendor.options.poison["gift", bad] = "always"
    here.sync()
    assert {each.split("'")[1] for each in here.differences("gift")} == {str(bad)}
    assert {row["stream"] for row in here.open_errors()} == {"gift"}
    here.vendor.options.poison.clear()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_page_that_is_too_much_is_read_in_smaller_ones() -> None:
    here = world()
    here.vendor.options.poison[("contact", list(here.vendor.store.kinds["contact"])[7])] = "crowd"
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_records_that_come_in_no_order_stop_their_stream_and_nothing_is_lost_in_silence() -> None:
    here = world(unsorted=frozenset({"contact"}))
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {"contact"}
    here.vendor.options.unsorted = frozenset()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_resource_without_a_parameter_of_its_id_is_an_error_of_its_stream() -> None:
    here = world(without_id=frozenset({"pledge"}))
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {"pledge"}
    here.vendor.options.without_id = frozenset()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_what_the_key_may_not_see_any_more_is_told_and_not_deleted_at_once() -> None:
    here = world()
    here.sync()
    gifts = here.destination.rows["gift"].copy()
    here.vendor.options.rights["gift"] = 403
    here.sync(full_pass_days="0")
    assert here.destination.rows["gift"] == gifts and here.open_errors()
    here.vendor.options.rights.clear()
    here.sync(full_pass_days="0")
    assert here.differences() == [] and here.open_errors() == []
