"""Airtable equals the flat tables after a push, and costs what it must."""

from pathlib import Path

import pytest

from tests.airtable_push.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).ready()


def test_the_base_equals_the_flat_tables_after_a_push(world: World) -> None:
    assert world.run("push") == 0
    world.check()
