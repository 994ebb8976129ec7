"""Every test of the contract runs for every connector."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import pytest

from tests.contract.world import CASES, Case, World, copies
from tests.docs.lighthouse import BLOCKS, loaded, write

EXAMPLE = "lighthouse"
"""The source of docs/adding_a_source.md, which is held to the same."""


@pytest.fixture(params=[*CASES, EXAMPLE], scope="session")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """One connector."""
    if request.param != EXAMPLE:
        yield CASES[request.param]
        return
    root = tmp_path_factory.mktemp("page")
    write(root)
    with loaded(root):
        described: dict[str, Any] = {}
        exec(compile(BLOCKS["case.py"], "docs/adding_a_source.md", "exec"), described)
        yield described["CASE"]


@pytest.fixture
def world(case: Case) -> Callable[..., World]:
    """Makes worlds for this connector."""
    made: Any = partial(World, case)
    return made  # type: ignore[no-any-return]


@pytest.fixture
def synced(case: Case) -> Callable[..., World]:
    """The same after a first sync."""
    return _synced(case)


@cache
def _synced(case: Case) -> Callable[..., World]:
    return copies(partial(World, case))
