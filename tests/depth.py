"""How deep a run goes: `make test` keeps every promise, `make prove` keeps it more often and at a greater size.

A value that only a deep run takes carries the mark `prove`, and so does a test that has a quick form beside it.
`docs/testing.md` shows both.
"""

from collections.abc import Iterable
from typing import Any

import pytest


def prove(*values: Any) -> Any:
    """One set of values for `parametrize` that only a deep run takes."""
    return pytest.param(*values, marks=pytest.mark.prove)


def stories(values: Iterable[Any], quick: int) -> list[Any]:
    """Values for `parametrize`, such as seeds: a quick run takes the first so many, a deep run the others."""
    return [value if place < quick else prove(value) for place, value in enumerate(values)]
