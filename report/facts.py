"""What the page is made of. Times are seconds since 1970 UTC, days are counted from there."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stream:
    """A row of `sync_metadata`; counts are those of the last sync that read the stream."""

    name: str
    completed: float | None
    rows: int
    deletes: int
    requests: int
    retries: int
    throttled_seconds: float


@dataclass(frozen=True)
class Problem:
    """A row of `errors` that is open."""

    stream: str
    record: str
    category: str
    message: str
    attempts: int
    first_seen: float | None


@dataclass(frozen=True)
class Table:
    """A table of the warehouse, by the two columns that Fivetran adds. `touched` has the rows by the day of their
    last write."""

    name: str
    living: int
    deleted: int
    touched: dict[int, int]


@dataclass(frozen=True)
class Source:
    """One schema that a connector lands in. `problems` are the newest of the open ones."""

    name: str
    place: str
    """The warehouse, as people may see it."""
    streams: tuple[Stream, ...]
    problems: tuple[Problem, ...]
    open_by_stream: dict[str, int]
    open_by_category: dict[str, int]
    pending: int
    """Records that failed on their own and are tried again."""
    noted: dict[int, int]
    """Problems by the day on which they were first seen, open and resolved."""
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Rejection:
    """A row that Airtable refuses."""

    table: str
    key: str
    type: str
    message: str
    attempts: int
    first: float | None


@dataclass(frozen=True)
class Airtable:
    """What `airtable_push` has written down. `rejections` are the newest of `rejected`."""

    pushed: dict[str, int]
    rejected: int
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that was found. `missing` says in a sentence what could not be read."""

    sources: tuple[Source, ...] = ()
    airtable: Airtable | None = None
    missing: tuple[str, ...] = field(default=())
