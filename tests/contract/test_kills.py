"""Killed anywhere and resumed: the same warehouse."""

import random

import pytest

from tests.destination import Killed, KilledHard

KILLS = 200
GROUPS = 10


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_first_sync_killed_anywhere_and_resumed_lands_the_same(world, group):
    whole = world(scale=0.02, latency=0.05)
    whole.sync()
    operations, requests = whole.destination.operations, len(whole.requests)
    for number in range(group, KILLS, GROUPS):
        dice = random.Random(number)
        here = world(scale=0.02, latency=0.05)
        death = KilledHard if number % 2 else Killed
        kill(here, dice, death, operations, requests)
        with pytest.raises((Killed, KilledHard)):
            here.sync()
        revive(here)
        here.sync()
        assert here.differences() == [], number
        assert here.destination.business_rows() == whole.destination.business_rows(), number


@pytest.mark.parametrize("seed", range(8))
def test_a_later_sync_killed_and_resumed_lands_the_same(world, seed):
    here = world(seed=seed + 1, latency=0.05)
    here.sync()
    dice = random.Random(seed)
    for _ in range(3):
        here.vendor.work(here.random, 20)
        kill(here, dice, KilledHard, here.case.moments, here.case.moments)
        with pytest.raises(KilledHard):
            here.sync(full_pass_days="0")
        revive(here)
    here.sync(full_pass_days="0")
    assert here.differences() == []


@pytest.mark.parametrize("seed", range(5))
def test_a_long_first_sync_killed_again_and_again_goes_on_from_its_checkpoints(world, case, seed):
    scale, earliest, latest = case.long_first_sync
    here = world(seed=seed + 1, scale=scale, latency=0.3)
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


def test_a_checkpoint_comes_at_most_once_a_minute_and_at_the_end(world, case):
    here = world(scale=case.long_first_sync[0])
    took = here.sync()
    assert took > 70
    assert 1 <= len(here.destination.checkpoints) <= took // 60 + 2


def kill(here, dice, death, operations, requests):
    """Let the next sync die at an operation or at a request."""
    if dice.random() < 0.5:
        here.destination.death = death
        here.destination.dies_after = dice.randrange(operations)
    else:
        stop_at = len(here.requests) + dice.randrange(requests)
        here.interrupt = lambda: die(here, stop_at)


def die(here, stop_at):
    if len(here.requests) >= stop_at:
        raise KilledHard(f"killed at request {stop_at}")


def revive(here):
    """What died starts again."""
    here.destination.dies_after = None
    here.interrupt = lambda: None
