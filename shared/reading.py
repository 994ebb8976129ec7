"""One stream in one sync: what is asked of it, in which order, and what comes of it in the end.

What was landed is remembered, so a record that did not change is not sent again, and what vanished from a complete
listing is deleted. The parts, each in a module of its own:

    order        what is wanted of a stream
    progress     how far it has come
    landing      what comes in a page, and where it goes: `writing` sends the rows, `memory` knows what has landed,
                 `pending` what is tried again by itself
    comparing    what vanished
    obstacles    what keeps it from moving on
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.errors import BadPayload, ServiceDown, SourceError, Unauthorized
from shared.landing import Landing
from shared.order import Order, Sync
from shared.pages import Page
from shared.pending import Pending
from shared.positions import saved as as_saved
from shared.progress import AFRESH, AGAIN, CHANGES, EVERYTHING, PROOF, Progress
from shared.state import HASHES, NOTHING, SavedStream
from shared.streams import Feed, Task
from shared.tally import CURRENT, Tally


@dataclass(frozen=True)
class Read:
    """A page, and for what it was read. Without a page: everything has been read."""

    phase: str
    page: Page | None


@dataclass(frozen=True)
class Below:
    """What has come in this sync of the streams that go through one stream's records, and of those below them."""

    read: bool
    """All of it has been read and could be used, or will not be had by trying again."""
    tried: bool
    """All of it has been asked for: no sync that broke off kept it away."""


class Reading:
    """`pages` runs on a worker thread; everything else on the main thread."""

    def __init__(
        self, order: Order, sync: Sync, saved: SavedStream, pending: Mapping[str, Any], parents: "Sequence[Reading]"
    ) -> None:
        self.stream = order.stream
        self.tally = Tally()
        self.progress = Progress(order, saved)
        self.landing = Landing(order, sync, saved, Pending(self.stream.name, pending, sync.journal, order.started_at))
        self.obstacles = self.landing.obstacles
        self.memory = self.landing.memory
        self.interrupted = False
        """The whole sync broke off, and this reading with it."""
        self._order = order
        self._sync = sync
        self._saved = saved
        self._parents = parents
        self._proved = False

    def pages(self) -> Iterator[Read]:
        """Read what is due: failed records again, then changes, then everything."""
        CURRENT.set(self.tally)
        stream, progress = self.stream, self.progress
        task = self._task()
        if stream.again is not None and (due := self.landing.pending.due(progress.complete)):
            yield from (Read(AGAIN, page) for page in stream.again(due))
        if isinstance(stream, Feed) and not progress.backfilling:
            task = stream.asked(task)
            progress.complete = progress.complete or (stream.overdue is not None and stream.overdue(task))
            # Before a complete pass too: should that fail, what changed has landed all the same.
            yield from (Read(CHANGES, page) for page in stream.changes(task))
        if progress.complete or progress.backfilling:
            progress.complete = True
            reached = None
            for page in stream.everything(replace(task, position=progress.backfill if progress.resumed else None)):
                reached = page.position if page.position is not None else reached
                yield Read(EVERYTHING, page)
            yield Read(EVERYTHING, None)
            if progress.resumed and isinstance(stream, Feed):
                # What landed before the reading broke off may have changed since.
                task = stream.asked(replace(task, position=reached, complete=True))
                yield from (Read(CHANGES, page) for page in stream.changes(task))
                if self._sync.settings.full_pass_days == 0:
                    # The rest of a listing is no complete pass: it cannot show what is gone.
                    yield from (Read(AFRESH, page) for page in stream.everything(replace(task, position=None)))
                    yield Read(AFRESH, None)

    def proof(self) -> Iterator[Read] | None:
        """What is to be read before rows are deleted that everything read so far did not show; `None` for nothing."""
        if self.stream.proves is None or self._proved or not self._vanished():
            return None
        self._proved = True
        return self._proof(self.stream.proves(self._task()))

    def _proof(self, pages: Iterator[Page]) -> Iterator[Read]:
        CURRENT.set(self.tally)
        for page in pages:
            yield Read(PROOF, page)

    def _task(self) -> Task:
        return Task(
            self.progress.position,
            {parent.stream.name: list(parent.landing.kept.values()) for parent in self._parents},
            sound=self._parents_are_sound,
            landed=len(self.memory.landed),
            complete=self.progress.complete,
            looks=self._looks,
            has=self.has,
            waits=self.obstacles.stayed_before,
        )

    @property
    def _looks(self) -> bool:
        return self._order.looks or self.progress.complete or self.progress.backfilling

    def land(self, read: Read) -> None:
        """Land one page."""
        page = read.page
        if page is not None:
            self.landing.land(page, changes=read.phase == CHANGES)
            if read.phase == PROOF:
                self.landing.comparison.prove(page.partition, whole=page.whole)
            if page.position is not None:
                self.progress.move(read.phase, page.position, moves_on=self.obstacles.moves_on)
        if page is None or (page.done and read.phase == EVERYTHING):
            sure = all(parent.through for parent in self._parents)
            self.progress.end_everything(stays=self.obstacles.in_the_way, sure=sure)
        if page is None and read.phase == AFRESH:
            self.progress.resumed = False

    def end(self, error: BaseException | None, now: str) -> None:
        """The stream is read, or broke off with `error`: compare, report, and conclude what is saved."""
        name, journal, progress = self.stream.name, self._sync.journal, self.progress
        progress.ended = True
        if error is not None:
            self.obstacles.failed = self.obstacles.broken_off = True
            self.interrupted = isinstance(error, Unauthorized | ServiceDown)
            journal.note(name, _of_the_source(error), behind=self._order.left_behind)
        journal.note_drift(name, self.landing.drift, behind=self.obstacles.moves_on or self._order.left_behind)
        if self.tally.ahead and (progress.complete or (isinstance(self.stream, Feed) and self.stream.appends)):
            journal.note_ahead(name)
        if self.obstacles.none:
            progress.completed_at = now
        if error is None:
            self._delete_vanished()
            self._resolve()
        self.memory.rest()
        journal.warn(name)
        journal.record(
            name,
            mode=progress.mode,
            started_at=self._order.started_at,
            completed_at=progress.completed_at,
            rows=self.landing.writing.rows,
            deletes=self.landing.writing.deletes,
            tally=self.tally,
            position=as_saved(progress.position),
        )

    def saved(self, below: Below) -> SavedStream:
        """What the state keeps of this stream.

        The position waits for what is `below`: a record that is not read again would not be handed on again.
        """
        before, progress, comparison = self._saved, self.progress, self.landing.comparison
        known = self.memory.landed.encoded() or None
        passed_on = below.read or self.obstacles.waited_long_enough
        looked = isinstance(self.stream, Feed) and self._looks and self.passed and self.obstacles.moves_on
        stayed, waited = self.obstacles.counted(ended=progress.ended, passed_on=passed_on, tried=below.tried)
        return replace(
            before,
            unlanded=not self._order.lands,
            off=False,
            position=as_saved(progress.position) if passed_on else before.position,
            backfill=as_saved(progress.backfill) if passed_on else before.backfill,
            completed_at=progress.completed_at,
            looked_at=self._order.started_at if looked and passed_on else before.looked_at,
            start_date=self._sync.settings.start_date or "",
            known=known,
            doubted=comparison.doubted.encoded() or None,
            remembers=self.memory.remembers if known or self.memory.remembers != HASHES else None,
            withheld=comparison.withheld,
            stayed=stayed,
            waited=waited,
        )

    def put_off(self, below: Below) -> dict[str, Any]:
        """The records that the next sync reads by themselves, as the state keeps them."""
        return self.landing.pending.kept(read_below=below.read, tried=below.tried)

    @property
    def passed(self) -> bool:
        """All that this stream was given to go through has been read, or will not be had by trying again."""
        return self.progress.ended and self.obstacles.passed

    @property
    def through(self) -> bool:
        """All has been read and could be used, or the stream waits for the rest no longer."""
        return self.passed and self.obstacles.moves_on

    @property
    def tried(self) -> bool:
        """It has come to an end of its own."""
        return self.progress.ended and not self.interrupted

    @property
    def sound(self) -> bool:
        """All of its records were read and could be used, and so were those that it goes through."""
        return (
            self.progress.complete
            and not self.obstacles.failed
            and not self.obstacles.lost
            and not self.landing.comparison.skipped
            and self._parents_are_sound
        )

    @property
    def summary(self) -> str:
        """What came of it, for the log."""
        writing = self.landing.writing
        return (
            f"{self.stream.name}: {writing.rows} rows, {writing.deletes} deletes, {self.tally.requests} requests "
            f"({self.progress.mode}{', not read to its end' if self.obstacles.broken_off else ''})"
        )

    def has(self, identity: str) -> bool:
        """Whether a record is there, as far as can be told from what has landed."""
        lands_less = not self._order.lands or self._sync.settings.start_date is not None
        return lands_less or self.memory.remembers == NOTHING or identity in self.memory.landed

    @property
    def _parents_are_sound(self) -> bool:
        return all(parent.sound for parent in self._parents)

    @property
    def _fails_above(self) -> bool:
        """Records that this stream goes through could not be read, or not be used: what is below them was not read."""
        return any(parent.obstacles.failed or parent.obstacles.lost or parent._fails_above for parent in self._parents)

    def _delete_vanished(self) -> None:
        comparison, vanished = self.landing.comparison, self._vanished()
        if vanished is None:
            return
        verdict = comparison.judge(vanished, others_doubt=self.stream.hides and self._order.others_doubt)
        if verdict.kept:
            self._sync.destination.warning(verdict.sentence(self.stream.name))
        for identity in verdict.gone:
            self.landing.writing.delete(identity)

    def _vanished(self) -> list[str] | None:
        if self.progress.resumed or not self._order.lands or self.memory.remembers == NOTHING:
            return None
        return self.landing.comparison.vanished(
            complete=self.progress.complete,
            sound=not self.obstacles.lost and self._parents_are_sound,
            has_parent=self._has_parent if self.stream.follows else None,
        )

    def _has_parent(self, partition: str) -> bool:
        return any(parent.has(partition) for parent in self._parents)

    def _resolve(self) -> None:
        name, journal = self.stream.name, self._sync.journal
        clean = self.obstacles.none and not self._fails_above
        if clean and self.progress.complete:
            journal.resolve(name)
            return
        if clean and self.obstacles.stayed_before:
            journal.resolve(name, unless_behind=True)
        journal.resolve(name, "", unless_behind=True)
        for partition in self.landing.comparison.unblemished:
            journal.resolve(name, partition)


def _of_the_source(error: BaseException) -> SourceError:
    """What is reported of an error that broke off a reading. Raises one that is not an ordinary exception."""
    if not isinstance(error, Exception):
        raise error
    if isinstance(error, SourceError):
        return error
    # A payload that the code did not expect must not stop the other streams.
    return BadPayload(f"{type(error).__name__} while reading: {error}")
