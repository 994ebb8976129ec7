"""What is saved of each kind of stream. QuickBooks' own times are ISO 8601 in UTC, ours are Unix seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from shared.positions import Moment, Position


@dataclass(frozen=True)
class Preferences(Position):
    """What the company's preferences said when they were read last."""

    home: str | None = None
    """The currency of the company; `None` while it is not known."""
    several: bool = False
    """Whether it trades in other currencies too."""
    asked: float = 0.0
    """When they were asked for."""
    refused: bool = False
    """They were not answered."""


@dataclass(frozen=True)
class Backfill(Position):
    """How far the reading of an entity's every row has come, oldest change first."""

    began: Moment
    """When QuickBooks made its first answer."""
    reached: int
    """The second, since 1970, of the newest change read."""
    start: int = 0
    """The second that it started at."""
    missed: tuple[str, ...] = ()
    """The names of the rows that could not be had."""
    read: int = 0
    """How many rows came so far. One that changed after it was read counts twice."""


@dataclass(frozen=True)
class Followed(Position):
    """How far an entity has come whose changes are followed."""

    since: Moment
    """When QuickBooks made the last answer that all changes before are known of."""
    listed: float = 0.0
    """When everything was read last."""
    start: int = 0
    """The second, since 1970, that this reading started at."""
    counted: float = 0.0
    """When the rows were counted last."""
    queried: float = 0.0
    """When changes were queried last."""
    tried: int = 0
    """Queries in a row that left a row out, which keeps the position where it is, but not for ever."""
    uncaptured: bool = False
    """Change data capture does not tell of it, so it is queried until the next complete pass."""
    silent: float | None = None
    """Since when: change data capture did not even refuse. It is then queried at every sync, and read whole daily."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Release 1.0 wrote `asked` for `queried`, and `refused` for `uncaptured`."""
        if isinstance(saved, Mapping):
            saved = {"queried": saved.get("asked", 0.0), "uncaptured": saved.get("refused") == "capture", **saved}
        return super().restored(saved)

    @property
    def time(self) -> datetime:
        """Of the last answer."""
        return datetime.fromisoformat(self.since)


@dataclass(frozen=True)
class Absent(Position):
    """An entity that the company has not got, or its user may not see: only a complete pass asks for it again."""

    def saved(self) -> dict[str, Any]:
        """As the state holds it."""
        return {"refused": "query"}


def entity_position(saved: Any) -> Followed | Absent:
    """How far an entity has come. Raises `ValueError` where that is not what was saved."""
    return Absent() if saved == Absent().saved() else Followed.restored(saved)


@dataclass(frozen=True)
class Rates(Position):
    """How far exchange rates have come, which are of a day."""

    day: Moment
    """The last day whose rates were read; where they were refused, the first that is still to be read."""
    asked_on: Moment
    """The day of asking: what is refused is asked for again a day later."""
    since: Moment = ""
    """The end of the month of the oldest transaction, which is the first that wants a rate; empty while it is not
    known."""
    past: Mapping[str, Moment] = field(default_factory=dict)
    """By currency: the end of a month; rates of it, and of the months since, have been asked for."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Release 1.0 wrote `asked` for `asked_on`, and nothing where that was the same day."""
        if isinstance(saved, Mapping):
            saved = {"asked_on": saved.get("asked", saved.get("day")), **saved}
        return super().restored(saved)
