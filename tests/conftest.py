"""Every connector is loaded once, before any test asks for it; then the tests are shared out among the processes.

A run is quick, with every promise in it, unless `-m prove` makes it deep: then it takes what is marked so (see
`tests/depth.py`) and all that hypothesis tries, with many more examples. `--minutes` bounds a deep run. It begins
with the real programs and takes all else in an order that chance decides, so the next one proves others.
"""

import gc
import random
import re
import time
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.connectors import SOURCES, load_all

load_all()
# How long a test takes depends on what else the machine does.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("deep", deadline=None, max_examples=1_000)
# What was imported stays, so nothing is gained by looking through it again and again.
gc.freeze()
gc.set_threshold(50_000, 20, 50)

LONGEST = (
    r"tests/real/",
    r"tests/(repository|docs)/",
    r"tests/airtable_push/flatten/",
    r"tests/\w+/test_(sync|hostile|kills|large)",
    r"tests/contract/",
)
"""Files that take long begin first, so that the processes end together."""
PER_CONNECTOR = r"tests/(contract|repository)/"
"""Files whose tests share nothing between connectors."""
TOGETHER = r"tests/real/"
"""Files whose tests share everything. They mostly wait, so a deep run begins with them."""


DEADLINE = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--minutes", type=float, default=float("inf"), help="begin no test after so many minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prove: only a deep run takes this; a quick form of it is beside it")
    config.stash[DEADLINE] = time.monotonic() + config.getoption("minutes") * 60
    settings.load_profile("deep" if _deep(config) else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    if _deep(item.config) and is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker("prove")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _deep(config):
        random.Random(config.getoption("randomly_seed", 0)).shuffle(items)
        items.sort(key=lambda item: not re.match(TOGETHER, item.nodeid))
    else:
        items.sort(key=lambda item: _rank(item.nodeid))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.monotonic() > item.config.stash[DEADLINE]:
        pytest.skip("no time was left")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, because its tests share what is dear to make, or each connector's part of it.

    In a deep run those of a file stay together that have the same values.
    """
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            if _deep(config) and not re.match(TOGETHER, file):
                return f"{file}[{test.partition('[')[2]}"
            found = re.search(rf"[\[-]({'|'.join(SOURCES)})[\]-]", test)
            return f"{file}::{found[1]}" if found and re.match(PER_CONNECTOR, file) else file

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def _deep(config: pytest.Config) -> bool:
    return config.getoption("markexpr") == "prove"  # type: ignore[no-any-return]


def _rank(nodeid: str) -> int:
    return next((rank for rank, pattern in enumerate(LONGEST) if re.match(pattern, nodeid)), len(LONGEST))
