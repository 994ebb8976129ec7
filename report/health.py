"""What the facts mean: which stream is fresh enough, and how each source stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from report.facts import Source, Stream, Table

HOUR_SECONDS = 3_600.0
OBJECTIVE_HOURS = 30.0
"""A reference list is due a day after it was last read, and the sync after that comes within six hours: the
frequency with which connections are made (fivetran_sdk.md, 3)."""


class Status(Enum):
    """From the worst to the best; the value is what people read."""

    STALE = "Stale"
    NEVER = "Never complete"
    FAILING = "Problems"
    FRESH = "Fresh"
    EMPTY = "No data"


ORDER = list(Status)


@dataclass(frozen=True)
class Objectives:
    """Within how many hours a stream must have been read completely and without an error. The narrowest name wins:
    `source.stream`, then `source`, then the default."""

    default: float = OBJECTIVE_HOURS
    named: Mapping[str, float] | None = None

    def hours(self, source: str, stream: str) -> float:
        """The objective of one stream."""
        named = self.named or {}
        return named.get(f"{source}.{stream}", named.get(source, self.default))


@dataclass(frozen=True)
class StreamHealth:
    """One stream against its objective."""

    stream: Stream
    status: Status
    age_hours: float | None
    objective_hours: float
    problems: int
    table: Table | None
    """The table that it lands in; its child tables have no stream."""


@dataclass(frozen=True)
class SourceHealth:
    """One source, its worst streams first."""

    source: Source
    status: Status
    streams: tuple[StreamHealth, ...]

    @property
    def stale(self) -> int:
        """Streams that miss their objective."""
        return sum(each.status in (Status.STALE, Status.NEVER) for each in self.streams)

    @property
    def newest_hours(self) -> float | None:
        """Since any stream was last read completely."""
        return min((each.age_hours for each in self.streams if each.age_hours is not None), default=None)


def judge(source: Source, objectives: Objectives, now: float) -> SourceHealth:
    """How a source stands at `now`, in seconds since 1970 UTC: as its worst stream does."""
    tables = {table.name: table for table in source.tables}
    streams = sorted(
        (_judge(stream, source, tables, objectives, now) for stream in source.streams),
        key=lambda each: (ORDER.index(each.status), each.stream.name),
    )
    return SourceHealth(source, streams[0].status if streams else Status.EMPTY, tuple(streams))


def _judge(
    stream: Stream, source: Source, tables: Mapping[str, Table], objectives: Objectives, now: float
) -> StreamHealth:
    hours = objectives.hours(source.name, stream.name)
    age = None if stream.completed is None else max(0.0, (now - stream.completed) / HOUR_SECONDS)
    problems = source.open_by_stream.get(stream.name, 0)
    if age is None:
        status = Status.NEVER
    elif age > hours:
        status = Status.STALE
    else:
        status = Status.FAILING if problems else Status.FRESH
    return StreamHealth(stream, status, age, hours, problems, tables.get(stream.name))
