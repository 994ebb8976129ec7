"""Starts every job that the chosen tests look at, side by side, and hands out what came of it."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from demo.stage import ROOT
from tests.depth import prove
from tests.real.jobs import JOBS

AT_ONCE = 5
"""Jobs. They mostly wait."""


@pytest.fixture(scope="session")
def running(request, tmp_path_factory):
    """The jobs under way, by name: those that a test names as a fixture or as a value."""
    named = [name for item in request.session.items for name in getattr(item, "fixturenames", ())]
    values = [each for item in request.session.items if hasattr(item, "callspec") for each in values_of(item)]
    wanted = {name for name in (*named, *values) if name in JOBS}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(job, tmp_path_factory.mktemp("job")) for name, job in JOBS.items() if name in wanted}


def values_of(item: Any) -> list[str]:
    return [each for each in item.callspec.params.values() if isinstance(each, str)]


@pytest.fixture(scope="session", params=["kills", prove("many kills")])
def kills(running: dict[str, Future[Any]], request: pytest.FixtureRequest) -> Any:
    return running[request.param].result()


@pytest.fixture(scope="session")
def demo(running: dict[str, Future[Any]]) -> Any:
    return running["demo"].result()


@pytest.fixture(scope="session")
def first_sync(running: dict[str, Future[Any]]) -> Any:
    return running["first_sync"].result()


@pytest.fixture
def outcome(running: dict[str, Future[Any]], case: str) -> Any:
    """What came of the job that the test is about."""
    return running[case].result()


@pytest.fixture
def readme_demo_table():
    """The lines that the README says `make demo` prints, without their figures."""
    shown = re.search(r"```console\n\$ make demo\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert shown is not None
    return without_figures(shown[1])


def without_figures(text: str) -> list[str]:
    """The lines that say something, with every number left out and spaces made one."""
    lines = (re.sub(r"[\d,]+(?=\s|$)|-{2,}", "", line).split() for line in text.splitlines())
    return [" ".join(line) for line in lines if line]


@pytest.fixture
def demo_lines(demo):
    """What the demo has printed, in the same form."""
    return without_figures(demo.output)
