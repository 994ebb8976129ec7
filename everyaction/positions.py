"""How far an export has come, as the state holds it."""

from dataclasses import dataclass

from shared.positions import Moment, Position


@dataclass(frozen=True)
class Job(Position):
    """An export under way, with the span of changes that it is for."""

    id: str
    start: Moment
    end: Moment


@dataclass(frozen=True)
class Gap(Position):
    """A span of changes that the service no longer exports."""

    start: Moment
    end: Moment


@dataclass(frozen=True)
class Exported(Position):
    """Every change from `since` to `through` has landed, but for those in `gaps`."""

    since: Moment
    through: Moment
    job: Job | None = None
    gaps: tuple[Gap, ...] = ()
