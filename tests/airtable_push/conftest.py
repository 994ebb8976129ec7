"""What the tests of the job share."""

from pathlib import Path

import pytest

from tests.airtable_push.world import World
from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Fifty rows, and their tables in an otherwise empty base."""
    return World(tmp_path).ready()


@pytest.fixture
def pushed(world: World) -> World:
    """The same, pushed."""
    assert world.run("push") == 0
    return world
