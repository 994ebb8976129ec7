"""Starts every job that the chosen tests look at, side by side, and hands out what came of it."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from demo.stage import ROOT
from tests.real.jobs import JOBS


@pytest.fixture(scope="session")
def running(request, tmp_path_factory):
    """The jobs under way, by name."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ThreadPoolExecutor(len(JOBS)) as pool:
        yield {name: pool.submit(job, tmp_path_factory.mktemp(name)) for name, job in JOBS.items() if name in wanted}


def outcome_of(name: str) -> Any:
    @pytest.fixture(scope="session", name=name)
    def outcome(running: dict[str, Future[Any]]) -> Any:
        return running[name].result()

    return outcome


kills = outcome_of("kills")
demo = outcome_of("demo")
first_sync = outcome_of("first_sync")
refusals = outcome_of("refusals")
setup_tests = outcome_of("setup_tests")


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
