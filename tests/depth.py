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
    """Values for `parametrize`, such as seeds: a quick run takes the first so many, a deep run the others.

    A tuple is a set of values."""
    sets = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pytest.param(*each) if place < quick else prove(*each) for place, each in enumerate(sets)]


def pairs(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Every pair of two values, for `parametrize`: a quick run takes as many as it needs to have each value once."""
    left, right = list(first), list(second)
    quick = {(turn % len(left), turn % len(right)) for turn in range(max(len(left), len(right)))}
    return [
        (one, other) if (place, beside) in quick else prove(one, other)
        for place, one in enumerate(left)
        for beside, other in enumerate(right)
    ]
