"""A stream is held against its objective, and a source is as well as its worst stream."""

import pytest

from airtable_push.flatten.options import OTHERS
from report.facts import Source, Stream
from report.health import OBJECTIVE_HOURS, Objectives, Status, judge
from report.page import ago, span, verdict

NOW = 1_785_000_000.0


def source(name: str = "copper", problems: int = 0, **hours_ago: float | None) -> Source:
    streams = tuple(
        Stream(stream, None if hours is None else NOW - hours * 3_600, 1, 0, 1, 0, 0.0)
        for stream, hours in hours_ago.items()
    )
    open_by_stream = {next(iter(hours_ago)): problems} if problems else {}
    return Source(name, "warehouse.db", streams, (), open_by_stream, {}, problems, {}, ())


@pytest.mark.parametrize(
    ("hours", "status"),
    [(0.0, Status.FRESH), (30.0, Status.FRESH), (30.1, Status.STALE), (None, Status.NEVER), (-5.0, Status.FRESH)],
)
def test_a_stream_is_stale_once_it_is_older_than_its_objective(hours, status):
    assert judge(source(person=hours), Objectives(), NOW).streams[0].status is status


def test_the_table_in_airtable_calls_a_source_stale_at_the_same_age():
    assert float(OTHERS["stale_after_hours"]) == OBJECTIVE_HOURS


def test_the_narrowest_objective_counts():
    objectives = Objectives(30.0, {"copper": 6.0, "copper.tag": 48.0})
    health = judge(source(person=7.0, tag=47.0), objectives, NOW)
    assert {each.stream.name: each.status for each in health.streams} == {"person": Status.STALE, "tag": Status.FRESH}


def test_a_source_is_as_well_as_its_worst_stream_which_comes_first():
    health = judge(source(account=1.0, company=2.0, person=99.0), Objectives(), NOW)
    assert health.status is Status.STALE and health.stale == 1
    assert [each.stream.name for each in health.streams] == ["person", "account", "company"]


def test_a_stream_that_is_fresh_and_has_open_problems_says_so():
    assert judge(source(problems=2, person=1.0), Objectives(), NOW).status is Status.FAILING


def test_a_source_without_streams_has_no_data():
    assert judge(source(), Objectives(), NOW).status is Status.EMPTY


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ([], "Nothing has been landed yet"),
        ([source(person=1.0)], "Everything is fresh"),
        ([source(person=1.0, problems=1)], "Everything is fresh, with open problems in Copper"),
        ([source(person=99.0)], "Copper is stale"),
        ([source(person=99.0), source("quickbooks", bill=None)], "Copper and QuickBooks are stale"),
        ([source(person=99.0), source("quickbooks")], "Copper is stale, QuickBooks has no data"),
        ([source(), source("quickbooks")], "Copper and QuickBooks have no data"),
    ],
)
def test_the_verdict_is_one_sentence(sources, sentence):
    assert verdict([judge(each, Objectives(), NOW) for each in sources]) == sentence


def test_what_could_not_be_read_is_not_called_fresh():
    healths = [judge(source(person=1.0), Objectives(), NOW)]
    assert verdict(healths, all_read=False) == "Everything is fresh, as far as it could be read"
    assert verdict([], all_read=False) == "Nothing could be read"


@pytest.mark.parametrize(
    ("hours", "words"), [(0.0, "1 min"), (0.5, "30 min"), (1.0, "1 h"), (71.0, "71 h"), (96.0, "4 days")]
)
def test_ages_are_said_in_their_largest_sensible_unit(hours, words):
    assert span(hours) == words and ago(None) == "never"
