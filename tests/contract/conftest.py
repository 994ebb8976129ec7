"""Every test of the contract runs for every connector."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.contract.world import CASES, Case, World


@pytest.fixture(params=list(CASES.values()), ids=list(CASES), scope="session")
def case(request: pytest.FixtureRequest) -> Case:
    """One connector."""
    chosen: Case = request.param
    return chosen


@pytest.fixture
def world(case: Case) -> Callable[..., World]:
    """Makes worlds for this connector."""
    made: Any = partial(World, case)
    return made  # type: ignore[no-any-return]
