"""A clock that tests move."""

from dataclasses import dataclass, field

import pytest


@dataclass
class Clock:
    time: float = 1_790_000_000.0
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()
