"""Streams: a table and how to read it.

`everything` yields a complete listing, `changes` only what moved since a position.

    Feed      has changes. Its first reading may be resumed page by page; after that it reads changes, and
              everything again when a complete pass is due (`full_pass_days`).
    Snapshot  has none. It is read whole, at its own cadence.

How they are landed, and what is remembered of them, is in `reading`; in which order, in `loop`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.pages import Page
from shared.positions import Restore, as_it_is
from shared.tables import Table


@dataclass(frozen=True)
class Task:
    """What a stream is asked to read."""

    position: Any
    """The one saved last, as `Feed.position` restores it; `None` at the beginning. In a first reading that is resumed,
    the one to go on from."""
    parents: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """What each parent stream kept of the records that it read in this sync, by the parent's name."""
    landed: int = 0
    """How many records have landed before, as far as that is remembered."""
    sound: bool = True
    """These are all the records that the parent streams have: none failed, and nothing was skipped."""
    complete: bool = False
    """Everything is read in this sync anyway: nobody need ask whether it should be."""
    looks: bool = True
    """It is time to look at what the source gives no signal of (`look_hours`). Else only signals are read."""
    has: Callable[[str], bool] = lambda identity: True
    """Whether a record has landed, as far as that is remembered."""
    waits: bool = False
    """The last reading waits for something that did not come, or did not fit: what has landed may be wrong."""
    answer: Any = None
    """What the source said when it was asked what changed (`Feed.asks`)."""


Pages = Callable[[Task], Iterator[Page]]


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What both kinds have in common. A stream is named after its table."""

    table: Table
    everything: Pages
    parents: tuple[str, ...] = ()
    """Streams that are read before this one, because it goes through their records."""
    after: tuple[str, ...] = ()
    """Streams that are not read beside this one, but before it, where they are read at all: nothing of theirs is
    needed."""
    keep: Callable[[Any], Any] | None = None
    """What other streams need of each record of this one."""
    again: Callable[[Sequence[Mapping[str, Any]]], Iterator[Page]] | None = None
    """Reads records that failed before, by their `retry_key`."""
    opt_in: bool = False
    """Read only where the configuration asks for it."""
    follows: bool = False
    """Its parts are named by the keys of its parents' records: what belongs to one that has been deleted goes too."""
    proves: Pages | None = None
    """Asks the source again before records are deleted that a complete listing did not show: a record that comes now
    stays, and so does all of a part that is touched and, in the end, not `whole`."""
    hides: bool = False
    """The source leaves out, without a sign, what the credential may not see: where several such streams lose
    much at once, nothing of it is deleted."""

    @property
    def name(self) -> str:
        return self.table.name


@dataclass(frozen=True, kw_only=True)
class Snapshot(Stream):
    """A listing without change times."""

    every_seconds: float = 0.0
    """Read no more often than this."""


@dataclass(frozen=True, kw_only=True)
class Feed(Stream):
    """A stream that can tell what changed.

    The position of the page of `everything` that is `done` is the first one for `changes`. Those before it
    are positions to resume `everything` from.
    """

    changes: Pages
    position: Restore = as_it_is
    """From what the state holds to a position: those after `everything`, for `changes`."""
    backfill: Restore | None = None
    """The same for those from which `everything` is resumed, where they are others."""
    asks: Callable[[Task], Any] | None = None
    """Asks the source what changed, before `overdue` and `changes` look at it (`Task.answer`)."""
    changed_at: str | None = None
    """The path to a record's change time (ISO 8601, or Unix seconds), which `start_date` bounds."""
    appends: bool = False
    """Records are only ever added, or come again whole where they change, and the position is exact: none of them need
    be remembered, and complete passes leave it out, unless they go through its records."""
    overdue: Callable[[Task], bool] | None = None
    """Whether something happened that moves records without a signal, so that a complete pass is due. It asks nobody:
    the task holds what is known."""

    def asked(self, task: Task) -> Task:
        """The task with the answer to what is asked first."""
        return task if self.asks is None else replace(task, answer=self.asks(task))


@dataclass(frozen=True)
class Settings:
    """What the user decides about every connector."""

    start_date: str | None = None
    """Nothing that changed before this date (`YYYY-MM-DD`) is backfilled."""
    full_pass_days: float = 7.0
    """Days between complete passes; 0 makes every sync one."""
    look_hours: float = 1.0
    """Hours between looks at what the source gives no signal of; 0 means at every sync."""
    added: frozenset[str] = frozenset()
    """Opt-in streams that are wanted."""
    left_out: frozenset[str] = frozenset()
    """Streams that are not wanted."""
    keep_raw: bool = False
    """Whether every table has a column `raw`."""
