"""What lands is what the source has, once."""

import pytest

from tests.contract.world import SYSTEM


def test_the_first_sync_lands_the_truth_row_for_row_and_column_for_column(world):
    here = world(scale=1.0)
    here.sync()
    assert here.differences() == []
    assert here.open_errors() == [] and here.destination.warnings == []
    tables = here.destination.rows.keys() - SYSTEM - here.case.not_compared
    assert [table for table in tables if not here.destination.rows[table]] == []


def test_a_second_sync_with_nothing_changed_sends_no_business_row_and_asks_little(world):
    here = world(scale=1.0)
    here.sync()
    first = len(here.requests)
    here.sync()
    again = [entry.path for entry in here.requests[first:]]
    by_design = [path for path in again if any(part in path for part in here.case.look_back)]
    print(f"first sync {first} requests, second {len(again)}, of which read again by design {len(by_design)}")
    assert here.destination.business() == 0
    assert len(again) <= first / 10
    assert here.differences() == []


def test_a_complete_pass_over_an_unchanged_source_sends_no_business_row_either(world):
    here = world(scale=0.2)
    here.sync()
    here.sync(full_pass_days="0")
    assert here.destination.business() == 0
    assert here.differences() == []


@pytest.mark.parametrize("seed", range(1, 21))
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


@pytest.mark.parametrize("seed", range(1, 11))
def test_with_default_settings_whatever_moved_its_change_time_is_in_after_the_next_sync(world, seed):
    here = world(seed=seed, scale=0.1)
    here.sync()
    changed = here.case.change_time
    before = {table: {key: row[changed] for key, row in rows.items()} for table, rows in signalled(here).items()}
    here.vendor.work(here.random, 60)
    here.sync()
    found = here.differences()
    moved = [
        f"{table} {key}:"
        for table, rows in signalled(here).items() for key, row in rows.items()
        if row.get(changed) != before.get(table, {}).get(key)
    ]
    assert moved
    assert [each for each in found if each.startswith(tuple(moved))] == []


def signalled(here):
    """The truth of the streams that have changes, by key."""
    feeds = set(here.feeds()) - here.case.edits_unseen
    truth = here.vendor.truth()
    return {
        table: {tuple(row[column] for column in here.destination.keys[table]): row for row in truth[table]}
        for table in feeds if here.case.change_time in here.destination.columns[table]
    }
