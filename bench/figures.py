"""What was measured, what it should be, and what it is compared with."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.tables import table

HEAD = ("figure", "of", "now", "wanted", "in the same run")


@dataclass(frozen=True)
class Figure:
    """A number that was measured."""

    what: str
    of: str
    now: float
    at_most: float | None = None
    at_least: float | None = None
    beside: str = ""
    """What was measured in the same run, to compare it with."""

    @property
    def is_held(self) -> bool:
        """Whether it is what it should be."""
        at_most, at_least = self.at_most, self.at_least
        return (at_most is None or self.now <= at_most) and (at_least is None or self.now >= at_least)

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows it; `!` marks what is not as it should be."""
        now = written(self.now) + ("" if self.is_held else " !")
        bounds = [f"≤ {written(self.at_most)}"] if self.at_most is not None else []
        bounds += [f"≥ {written(self.at_least)}"] if self.at_least is not None else []
        return self.what, self.of, now, ", ".join(bounds), self.beside


def written(number: float) -> str:
    """Counts with thousands apart, ratios with two digits."""
    return f"{number:,}" if isinstance(number, int) else f"{number:.2f}"


def shown(figures: Iterable[Figure]) -> str:
    """For a terminal."""
    return table(HEAD, [figure.cells for figure in figures])


def as_markdown(figures: Iterable[Figure]) -> str:
    """For a page."""
    rows = [HEAD, ["---"] * len(HEAD), *(figure.cells for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
