"""Every connector is loaded once, before any test asks for it."""

from pathlib import Path

import pytest

from tests.connectors import load_all

load_all()

TOGETHER = ("real", "repository")
"""Folders whose tests share what takes long to make: one process runs all of a folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the processes that run the tests side by side which tests belong together."""
    for item in items:
        for folder in TOGETHER:
            if Path(__file__).parent / folder in item.path.parents:
                item.add_marker(pytest.mark.xdist_group(folder))
