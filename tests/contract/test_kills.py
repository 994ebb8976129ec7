"""Killed anywhere and resumed: the same warehouse."""

import random

import pytest

from tests.depth import stories
from tests.destination import Killed, KilledHard

KILLS = 6
KILLS_IN_A_ROW = 5
CHECKPOINT_SECONDS = 0.5
"""In place of a minute: the first sync of a small account has then as many checkpoints as that of a large one."""


@pytest.mark.parametrize("group", stories(range(20), quick=1))
def test_a_first_sync_killed_anywhere_and_resumed_lands_the_same(world, group, monkeypatch):
    monkeypatch.setattr("shared.checkpoints.CHECKPOINT_SECONDS", CHECKPOINT_SECONDS)
    whole = world(latency=0.05)
    whole.sync()
    operations, requests = whole.destination.operations, len(whole.requests)
    assert len(whole.destination.checkpoints) > 5
    dice = random.Random(group)
    killed = 0
    while killed < KILLS:
        here = world(latency=0.05)
        for _ in range(KILLS_IN_A_ROW):
            if survives(here, dice, (Killed, KilledHard)[killed % 2], operations // 3, requests // 3):
                break
            killed += 1
            revive(here)
        else:
            here.sync()
        assert here.differences() == [], killed
        assert here.destination.business_rows() == whole.destination.business_rows(), killed


@pytest.mark.parametrize("seed", stories(range(8), quick=1))
def test_a_later_sync_killed_and_resumed_lands_the_same(synced, seed):
    here = synced(seed=seed + 1, latency=0.05)
    dice = random.Random(seed)
    for _ in range(3):
        here.vendor.work(here.random, 20)
        assert not survives(here, dice, KilledHard, here.case.moments, here.case.moments, full_pass_days="0")
        revive(here)
    here.sync(full_pass_days="0")
    if here.destination.warnings:
        assert "kept until the next sync has looked again" in here.destination.warnings[0]
        here.sync()
    assert here.differences() == []


@pytest.mark.prove  # what is killed anywhere does so too, with a checkpoint each half second
@pytest.mark.parametrize("seed", range(2))
def test_a_long_first_sync_killed_again_and_again_goes_on_from_its_checkpoints(world, case, seed):
    scale, earliest, latest = case.long_first_sync
    here = world(seed=seed + 1, scale=scale, latency=case.long_answer_seconds)
    dice = random.Random(seed)
    killed = 0
    for _ in range(3):
        revive(here)
        stop_at = len(here.requests) + dice.randrange(earliest, latest)
        here.interrupt = lambda stop_at=stop_at: die(here, stop_at)
        try:
            here.sync()
        except KilledHard:
            killed += 1
    revive(here)
    here.sync()
    assert killed and here.differences() == []


def survives(here, dice, death, operations, requests, **settings):
    """Sync, and die at one of so many operations or requests. Whether the sync ended before that."""
    if dice.random() < 0.5:
        here.destination.death = death
        here.destination.dies_after = dice.randrange(operations)
    else:
        stop_at = len(here.requests) + dice.randrange(requests)
        here.interrupt = lambda: die(here, stop_at)
    try:
        here.sync(**settings)
    except (Killed, KilledHard):
        return False
    return True


def die(here, stop_at):
    if len(here.requests) >= stop_at:
        raise KilledHard(f"killed at request {stop_at}")


def revive(here):
    """What died starts again."""
    here.destination.dies_after = None
    here.interrupt = lambda: None
