"""What lands is what the source has, once."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.contract.world import SYSTEM, World
from tests.depth import prove, stories

SLOW_SECONDS = 10.0
"""What an answer takes that lets a first sync of a small account take more than a minute."""


@pytest.fixture(scope="module", params=["whole_scale", prove("great_scale")])
def two_syncs(case, request):
    """What came of the first sync of a whole account, and of a second one with nothing changed."""
    here = World(case, scale=getattr(case, request.param))
    return here, [here.outcome(here.sync()) for _ in range(2)]


def test_the_first_sync_lands_the_truth_row_for_row_and_column_for_column(two_syncs):
    here, (first, _) = two_syncs
    assert first.differences == []
    assert first.open_errors == [] and first.warnings == []
    tables = here.destination.rows.keys() - SYSTEM - here.case.not_compared
    assert [table for table in tables if not here.destination.rows[table]] == []


def test_a_first_sync_takes_little_more_than_its_requests_at_the_documented_rate(two_syncs):
    here, (first, _) = two_syncs
    least = here.case.least_seconds(first.requests)
    print(f"{len(first.requests)} requests, least {least:.0f} s, took {first.seconds:.0f} s")
    assert here.vendor.statistics["429"] == 0
    assert first.seconds <= least * 1.05


def test_a_checkpoint_comes_at_most_once_a_minute_at_the_start_of_a_job_and_at_the_end(two_syncs, world):
    here, (first, _) = two_syncs
    if first.seconds <= 70:
        slow = world(latency=SLOW_SECONDS)
        first = slow.outcome(slow.sync())
    assert first.seconds > 70
    jobs = [path for path in first.requests if here.case.saved_at_once and re.search(here.case.saved_at_once, path)]
    assert 1 <= first.checkpoints <= first.seconds // 60 + 2 + len(jobs)


def test_a_second_sync_with_nothing_changed_sends_no_business_row_and_asks_little(two_syncs):
    here, (first, second) = two_syncs
    by_design = [path for path in second.requests if any(part in path for part in here.case.look_back)]
    apart = [path for path in second.requests if any(part in path for part in here.case.counted_apart)]
    print(
        f"first sync {len(first.requests)} requests, second {len(second.requests)}, "
        f"of which read again by design {len(by_design)}, counted apart {len(apart)}"
    )
    assert second.business == 0
    assert len(second.requests) - len(apart) <= len(first.requests) / 10
    assert second.differences == []


def test_a_complete_pass_over_an_unchanged_source_sends_no_business_row_either(synced):
    here = synced()
    here.sync(full_pass_days="0")
    assert here.destination.business() == 0
    assert here.differences() == []


@pytest.mark.parametrize("seed", stories(range(1, 11), quick=1))
def test_of_a_record_that_changed_only_the_child_tables_that_differ_are_sent(synced, seed):
    here = synced(seed=seed)
    lists = lists_sent(here)
    here.vendor.work(here.random, 60)
    here.sync()
    here.sync(full_pass_days="0")
    assert any(lists.values())
    assert [each for each, differs in lists.items() if not differs] == []


def lists_sent(here):
    """From now on, by child table and parent's key, whether of the rows that are sent or deleted one differs."""
    children = {child.name: len(child.key) or 1 for table in here.case.tables for child in table.children}
    destination, lists = here.destination, Counter()

    def watched(operation):
        def send(table, data):
            key = tuple(data[name] for name in destination.keys[table])
            before = destination.row(table, key)
            operation(table, data)
            if table in children:
                lists[table, key[: -children[table]]] += destination.row(table, key) != before

        return send

    destination.upsert, destination.delete = watched(destination.upsert), watched(destination.delete)
    return lists


@pytest.mark.parametrize("seed", stories(range(1, 21), quick=1))
def test_changes_during_the_sync_are_in_after_a_complete_pass(world, seed):
    here = world(seed=seed, busy=0.4, latency=0.05)
    here.sync()
    here.sync()
    here.busy = 0.0
    here.sync(full_pass_days="0")
    if here.destination.warnings:  # a large deletion waits for the next sync to agree
        here.sync(full_pass_days="0")
    assert here.differences() == []
    assert here.destination.errors == []


@pytest.mark.parametrize("seed", stories(range(1, 11), quick=1))
def test_with_default_settings_whatever_moved_its_change_time_is_in_after_the_next_sync(synced, seed):
    here = synced(seed=seed)
    changed = here.case.change_time
    before = {table: {key: row[changed] for key, row in rows.items()} for table, rows in signalled(here).items()}
    here.vendor.work(here.random, 60)
    here.sync()
    found = here.differences()
    # What comes back under a restored parent with its old time has not moved, though it was not there before.
    newest = max(moment(time) for rows in before.values() for time in rows.values() if time)
    moved = [
        f"{table} {key}:"
        for table, rows in signalled(here).items()
        for key, row in rows.items()
        if row.get(changed) != before.get(table, {}).get(key)
        and (key in before.get(table, {}) or not row.get(changed) or moment(row[changed]) >= newest)
    ]
    assert moved
    assert [each for each in found if each.startswith(tuple(moved))] == []


def moment(time):
    found = datetime.fromisoformat(time)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def signalled(here):
    """The truth of the streams that have changes, by key."""
    feeds = set(here.feeds()) - here.case.edits_unseen
    truth = here.vendor.truth()
    return {
        table: {tuple(row[column] for column in here.destination.keys[table]): row for row in truth[table]}
        for table in feeds
        if here.case.change_time in here.destination.columns[table]
    }
