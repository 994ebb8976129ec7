"""A source that misbehaves costs what it breaks, and no more."""

import itertools
from dataclasses import replace

import pytest

from shared.herald import EVERY_SECONDS
from tests.contract.world import BETWEEN_SYNCS_SECONDS
from tests.depth import prove, stories
from tests.destination import Stop

MONSTERS = {
    "digits": b"7" * 5_000,
    "deep": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "half_deep": b"[" * 700 + b"]" * 700,
}
"""What no parser of the usual kind reads, or no column holds."""
NAMING = ("id", "type", "status", "date", "time", "metadata", "_at", "date_created", "date_modified")
"""Endings of the keys by which listings are read."""


@pytest.mark.parametrize("seed", stories(range(1, 6), quick=1))
def test_faults_that_pass_leave_no_trace(world, seed):
    here = world(seed=seed, faults="flaky", latency=0.05)
    here.sync()
    assert here.differences() == []
    assert here.open_errors() == []


@pytest.mark.parametrize("seed", stories(range(1, 13), quick=1))
def test_hostile_faults_are_reported_and_heal_by_themselves(world, seed):
    here = world(seed=seed, faults="hostile", latency=0.05)
    here.sync()
    here.sync()
    broken = here.differences()
    assert here.destination.errors == []
    assert bool(broken) <= bool(here.open_errors())
    here.vendor.clear_faults()
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []
    assert here.open_errors() == []


def test_a_page_that_fails_for_good_is_one_row_in_errors_and_everything_else_lands(world):
    here = world(scale=0.05)
    path, table = here.case.long_listing
    here.vendor.faults.break_path(path)
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {table} and len(here.open_errors()) == 1
    assert {each.split(" ")[0] for each in here.differences()} <= here.family(table)
    assert here.destination.warnings
    position = here.destination.state["streams"][table].get("position")
    here.sync()
    assert here.destination.state["streams"][table].get("position") == position
    assert len(here.open_errors()) == 1 and here.open_errors()[0]["attempts"] == 2
    here.vendor.clear_faults()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


SHAPES = ("null", "text", "no_id", "list")


@pytest.mark.parametrize("shapes", [SHAPES, *(prove((shape,)) for shape in SHAPES)])
def test_malformed_records_in_good_pages_stop_nothing_and_heal(world, shapes):
    here = world()
    kind, table = here.case.breakable
    for shape, identity in zip(shapes, breakable(here, len(shapes)), strict=True):
        here.vendor.faults.break_record(kind, int(identity) if identity.isdigit() else identity, shape)
    here.sync()
    assert {each.split(" ")[0] for each in here.differences()} <= here.family(table)
    assert sum(row["stream"] == table for row in here.open_errors()) >= len(shapes)
    here.vendor.clear_faults()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize(
    "monsters",
    [
        (("known", "deep"), ("new", "half_deep")),
        *(prove(((where, monster),)) for where in ("known", "new") for monster in MONSTERS),
    ],
)
def test_one_record_costs_one_record_whatever_is_in_it_and_heals(world, monsters):
    here = world(settings={"keep_raw": "true"})
    kind, table = here.case.breakable
    broken = dict(zip(breakable(here, len(monsters)), monsters, strict=True))
    served = here.vendor.faults.record

    def record(each, id, payload):
        if each != kind or str(id) not in broken:
            return served(each, id, payload)
        where, monster = broken[str(id)]
        # What says which record it is, and when it changed, is left to other tests.
        keys = ["novelty"] if where == "new" else [key for key in payload if not key.lower().endswith(NAMING)]
        return {**payload, **dict.fromkeys(keys, f"({monster})")}

    def with_monsters(answer, request):
        body = answer.body
        for monster, contents in MONSTERS.items():
            body = body.replace(b'"(%s)"' % monster.encode(), contents)
        return replace(answer, body=body, headers={**answer.headers, "Content-Length": str(len(body))})

    here.vendor.faults.record = record
    here.change(".", with_monsters)
    here.sync()
    assert here.destination.errors == []
    found = without_raw(here.differences())
    assert [each for each in found if not any(f"'{identity}'" in each for identity in broken)] == []
    assert sum(row["stream"] == table for row in here.open_errors()) >= len(broken)
    here.vendor.faults.record = served
    here.heal()
    here.sync()
    here.sync(full_pass_days="0")
    assert without_raw(here.differences()) == [] and here.open_errors() == []


NOTHING = {
    "basecamp": "type=Todo&",
    "copper": "/people/search",
    "everyaction": "/surveyQuestions",
    "lighthouse": r"/tickets\?",
    "pandadoc": r"/documents\?",
    "quickbooks": r"FROM(\+|%20)JournalEntry",
    "virtuous": "/Contact/Query/FullContact",
}
"""By source, what the address of every page of one listing has."""
DATED = {"Date": "Thu, 01 Jan 2026 00:00:00 GMT"}


def test_an_answer_without_a_body_is_an_empty_listing(world):
    here = world()
    _, table = here.case.breakable
    here.change(NOTHING[here.case.source], lambda answer, _: replace(answer, status=204, body=b"", headers=DATED))
    here.sync()
    assert here.destination.errors == [] and here.open_errors() == []
    assert here.destination.rows[table] == {}
    here.heal()
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []


def breakable(here, count):
    """The ids of so many records that can be served malformed, of those below which nothing is, if there are any."""
    truth, (_, table) = here.vendor.truth(), here.case.breakable
    parents = {row.get(f"{table}_id") for name in truth.keys() - here.family(table) for row in truth[name]}
    [key] = here.destination.keys[table]
    return sorted((row[key] for row in truth[table]), key=lambda id: (id in parents, id))[:count]


def without_raw(differences):
    return [each for each in differences if ": raw is " not in each]


def test_a_source_that_goes_down_ends_the_sync_cleanly_and_the_next_one_goes_on(synced):
    here = synced()
    here.vendor.work(here.random, 20)
    answered = len(here.requests) + 5
    here.interrupt = lambda: len(here.requests) >= answered and here.vendor.faults.break_path(".", status=503)
    here.sync(full_pass_days="0")
    assert here.destination.errors == [] and here.destination.warnings
    here.interrupt = lambda: None
    here.vendor.clear_faults()
    here.sync(full_pass_days="0")
    assert here.differences() == []


@pytest.mark.parametrize("first_syncs", [0, 1])
def test_a_sync_in_which_nothing_could_be_read_fails_and_says_what_it_waits_for(
    world, synced, first_syncs, monkeypatch
):
    here = synced() if first_syncs else world()
    before, lines = here.destination.business_rows(), list[tuple[float, str]]()
    monkeypatch.setattr(here.log, "info", lambda line: lines.append((here.clock.now(), line)))

    def unreachable():
        raise ConnectionRefusedError

    here.interrupt = unreachable
    started = here.clock.now()
    with pytest.raises(Stop, match="Nothing could be read in this sync"):
        here.sync()
    ended = here.clock.now() - BETWEEN_SYNCS_SECONDS
    said = [started, *(time for time, _ in lines), ended]
    assert max(later - earlier for earlier, later in itertools.pairwise(said)) <= EVERY_SECONDS + 0.5
    told = any("waits for another attempt after the connection failed" in line for _, line in lines)
    assert told or ended - started < EVERY_SECONDS
    assert here.destination.business_rows() == before
    here.interrupt = lambda: None
    here.sync()
    assert here.differences() == []
