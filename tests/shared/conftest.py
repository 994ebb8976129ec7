"""Time that passes only when everybody waits."""

import pytest

from sandbox.clock import VirtualClock


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()
