"""Every connector is loaded once, before any test asks for it; then the tests are shared out among the processes."""

import gc
import re
from typing import Any

import pytest
from hypothesis import settings

from tests.connectors import SOURCES, load_all

load_all()
# How long a test takes depends on what else the machine does.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, because its tests share what is dear to make, or each connector's part of it."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            found = re.search(rf"[\[-]({'|'.join(SOURCES)})[\]-]", test)
            return f"{file}::{found[1]}" if found and re.match(PER_CONNECTOR, file) else file

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def _rank(nodeid: str) -> int:
    return next((rank for rank, pattern in enumerate(LONGEST) if re.match(pattern, nodeid)), len(LONGEST))
