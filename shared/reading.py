"""One stream in one sync: what is asked of it, what lands, what is compared, what will be saved.

What was landed is remembered, so a record that did not change is not sent again, and what vanished from a
complete listing is deleted. Large deletions that only a comparison found wait until a second one agrees.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from shared.errors import BadPayload, NotFound, NotReady, Rejected, SourceError
from shared.gathered import GatheredTables
from shared.journal import Destination, Journal
from shared.landed import Entry, Landed, content_hash
from shared.state import HASHES, IDS, NOTHING, SavedStream
from shared.streams import Failure, Feed, Page, Settings, Stream, Task
from shared.tables import SEPARATOR, BadRecord, Drift, Held, Row, Rows
from shared.tally import CURRENT, Tally

GUARDED_SHARE = 0.1
GUARDED_ROWS = 100
"""A comparison that would delete more than both waits for the next one to agree."""
MOST_HOLDS = 5
"""How many syncs in a row a bad record may keep its stream from moving on."""
MOST_ATTEMPTS = 10
"""How often a record that fails on its own is tried at every sync; after that complete passes try it."""
MOST_PENDING = 5_000
"""Records of one stream that are tried again by themselves. Where more fail they have failed for one reason, and the
state could not hold them: the others wait for the next complete pass."""
AGAIN, CHANGES, EVERYTHING = "again", "changes", "everything"


@dataclass(frozen=True)
class Read:
    """A page, and for what it was read. Without a page: everything has been read."""

    phase: str
    page: Page | None


class Reading:
    """`pages` runs on a worker thread; everything else on the main thread."""

    def __init__(
        self,
        stream: Stream,
        saved: SavedStream,
        *,
        pending: Mapping[str, Any],
        complete: bool,
        quiet: bool,
        has_children: bool,
        others_doubt: bool,
        parents: "Sequence[Reading]",
        settings: Settings,
        destination: Destination,
        journal: Journal,
        gathered: GatheredTables,
        started_at: str,
    ) -> None:
        self.stream = stream
        self.complete = complete
        """Whether everything is read. A stream may find out only when it begins (`Feed.overdue`)."""
        self._kept: dict[str, Any] = {}
        self.ended = False
        self.clean = True
        """Nothing failed."""
        self.tally = Tally()
        self.pending = dict(pending)
        self.done = False
        """A complete pass is through."""
        self._saved = saved
        self._quiet = quiet
        self._has_children = has_children
        self._others_doubt = others_doubt
        self._parents = parents
        self._settings = settings
        self._destination = destination
        self._journal = journal
        self._gathered = gathered
        self._started_at = started_at
        self._completed_at: str | None = saved.completed_at
        self._position = saved.position
        self._backfill = saved.backfill
        self._backfilling = isinstance(stream, Feed) and self._position is None
        # What other streams go through must be all there is, so they are not given the rest of a listing.
        self._resumed = self._backfilling and self._backfill is not None and not has_children
        self._landed = Landed.decoded(saved.known)
        self._compares = len(self._landed) > 0
        self._doubted = Landed.decoded(saved.doubted)
        self._newly_doubted: Landed | None = None
        self._withheld = False
        appends = isinstance(stream, Feed) and stream.appends
        self._remembers: str = NOTHING if appends else saved.remembers
        self._recent: set[str] = set()
        self._reached: Any = None
        self._misfit = False
        """A record landed with a value that did not fit, and had not landed like that before."""
        self._lost = False
        """A record could not be told from others, or what is below it could not be found."""
        self._unread = False
        """A part could not be read, and may be another time."""
        self._broken_off = False
        self._drift = Drift()
        self._seen: set[str] = set()
        self._tried: set[str] = set()
        self._partial: set[str] = set()
        self._visited: set[str] = set()
        self._whole: set[str] = set()
        self._blemished: set[str] = set()
        self._rows = 0
        self._deletes = 0

    def pages(self) -> Iterator[Read]:
        """Read what is due: failed records again, then changes, then everything."""
        CURRENT.set(self.tally)
        stream = self.stream
        parents = {parent.stream.name: parent.kept for parent in self._parents}
        task = Task(
            self._position, parents, sound=all(parent.sound for parent in self._parents), landed=len(self._landed)
        )
        if stream.again is not None:
            due = [each["key"] for each in self.pending.values() if self.complete or each["attempts"] < MOST_ATTEMPTS]
            if due:
                yield from (Read(AGAIN, page) for page in stream.again(due))
        if isinstance(stream, Feed) and not self._backfilling:
            self.complete = self.complete or (stream.overdue is not None and stream.overdue(task))
            # Before a complete pass too: should that fail, what changed has landed all the same.
            yield from (Read(CHANGES, page) for page in stream.changes(task))
        if self.complete or self._backfilling:
            self.complete = True
            reached = None
            for page in stream.everything(replace(task, position=self._backfill if self._resumed else None)):
                reached = page.position if page.position is not None else reached
                yield Read(EVERYTHING, page)
            yield Read(EVERYTHING, None)
            if self._resumed and isinstance(stream, Feed):
                # What landed before the reading broke off may have changed since.
                yield from (Read(CHANGES, page) for page in stream.changes(replace(task, position=reached)))

    def land(self, read: Read) -> None:
        """Land one page."""
        page = read.page
        if page is None:
            self._end_everything()
            return
        for record in page.records:
            self._land_record(read.phase, page.partition, record)
        for record in page.partial:
            self._land_record(read.phase, page.partition, record, partial=True)
        for identity in page.unchanged:
            self._see(identity)
        for identity in page.deleted:
            self._delete_signalled(identity)
        for failure in page.failures:
            self._note_failure(page.partition, failure)
        for name in page.settled:
            self.pending.pop(name, None)
            self._journal.resolve(self.stream.name, name)
        self._visited.add(page.partition)
        if page.whole:
            self._whole.add(page.partition)
        if page.position is not None:
            self._move(read.phase, page.position)
        if page.done and read.phase == EVERYTHING:
            self._end_everything()

    def end(self, error: BaseException | None, now: str) -> None:
        """The stream is read, or broke off with `error`: compare, report, and settle what is saved."""
        self.ended = True
        if error is not None:
            self.clean = False
            self._broken_off = True
            self._note_end(error)
        self._journal.note_drift(self.stream.name, self._drift)
        if self.clean and not self._hold:
            self._completed_at = now
        if error is None:
            self._delete_vanished()
            self._resolve()
        self._remember_less()
        self._landed.rest()
        self._journal.warn(self.stream.name)
        self._journal.record(
            self.stream.name,
            mode=self.mode,
            started_at=self._started_at,
            completed_at=self._completed_at,
            rows=self._rows,
            deletes=self._deletes,
            tally=self.tally,
            position=self._position,
        )

    def saved(self, children: "Sequence[Reading | None]") -> SavedStream:
        """What the state keeps of this stream. `children` are the streams that go through its records in this sync.

        The position waits for them: a record that is not read again would not be handed to them again.
        """
        before = self._saved
        passed_on = before.waited >= MOST_HOLDS or all(child is not None and child.passed for child in children)
        doubted = self._doubted if self._newly_doubted is None else self._newly_doubted
        return replace(
            before,
            unlanded=self._quiet,
            off=False,
            position=self._position if passed_on else before.position,
            backfill=self._backfill if passed_on else before.backfill,
            completed_at=self._completed_at,
            known=self._landed.encoded() or None,
            doubted=doubted.encoded() or None,
            remembers=self._remembers,
            withheld=before.withheld if self._newly_doubted is None else self._withheld,
            stayed=self._counted(before.stayed, self._hold or self._unread),
            waited=self._counted(before.waited, not passed_on),
        )

    @property
    def kept(self) -> list[Any]:
        """What other streams need of each record, once, however often it was read."""
        return list(self._kept.values())

    @property
    def passed(self) -> bool:
        """All that this stream was given to go through has been read, or will not be had by trying again."""
        return self.ended and not self._unread and not self._broken_off

    def has(self, identity: str) -> bool:
        """Whether a record is there, as far as can be told from what has landed."""
        lands_less = self._quiet or self._settings.start_date is not None or self._remembers == NOTHING
        return lands_less or identity in self._landed

    @property
    def mode(self) -> str:
        """How the stream was read, for people."""
        return "backfill" if self._backfilling else "complete" if self.complete else "changes"

    @property
    def sound(self) -> bool:
        """All of its records were read and could be used, and so were those that it goes through."""
        skipped = "" in self._visited and "" not in self._whole
        return (
            self.complete
            and self.clean
            and not self._lost
            and not skipped
            and all(parent.sound for parent in self._parents)
        )

    @property
    def summary(self) -> str:
        """What came of it, for the log."""
        return (
            f"{self.stream.name}: {self._rows} rows, {self._deletes} deletes, {self.tally.requests} requests "
            f"({self.mode})"
        )

    @property
    def memory_size(self) -> int:
        """Characters that the memory of what was landed takes in the state."""
        return sum(map(len, self._landed.encoded().values()))

    def forget(self) -> bool:
        """Remember less, because the state is full: ids without hashes, then nothing. False if there is no less.

        What this sync read as changes is remembered all the same: the next one reads it again.
        """
        before = self.memory_size
        if self._remembers == HASHES:
            self._remembers = IDS
        self._remember_less()  # A pass under way has brought hashes again.
        if self._remembers == IDS and self.memory_size >= before:
            self._remembers = NOTHING
            self._destination.warning(
                f"{self.stream.name}: too many rows to remember in the state. From now on, rows that vanish from the "
                "source without a signal stay in the warehouse."
            )
            self._remember_less()
        return self.memory_size < before

    def _remember_less(self) -> None:
        if self._remembers == IDS:
            self._landed.drop_hashes(keep=self._recent)
        elif self._remembers == NOTHING:
            self._landed.keep_only(self._recent)

    def _land_record(self, phase: str, partition: str, record: Any, *, partial: bool = False) -> None:
        stream = self.stream
        misfits = self._drift.misfits
        try:
            rows = stream.table.rows(record, self._drift)
            content = content_hash((rows.row, rows.children))
        except (BadRecord, RecursionError) as error:
            self._lost = True
            self._blemished.add(partition)
            self._journal.note(
                stream.name,
                BadPayload(str(error)),
                record_id=f"unidentified {content_hash(repr(record)).hex()}",
                payload=self._payload(record),
            )
            return
        misfit = self._drift.misfits > misfits
        identity = stream.table.identity(rows.row)
        self._see(identity)
        if phase == CHANGES:
            self._recent.add(identity)
        if not partial and self.pending.pop(identity, None) is not None:
            self._journal.resolve(stream.name, identity)
        if stream.keep is not None and self._has_children:
            self._keep(identity, record, stream.keep)
        if self._quiet or self._too_old(record):
            return
        before = self._landed.get(identity)
        # What has landed like this before will not be another by being read once more.
        self._misfit = self._misfit or (misfit and (before is None or before.hash != content))
        if partial:
            only_a_part = before is None or self.pending.get(identity, {}).get("partial", False)
            if not only_a_part or self._remembers == NOTHING:
                return  # What has landed of it, or may have, is more.
            self._partial.add(identity)
        after = Entry(content, stream.table.held(rows), partition)
        if before is None or before.hash != after.hash:
            self._upsert(rows, before, after)
        if before != after:
            self._landed.put(identity, after)
        self._rows += self._gathered.land(record, rows)

    def _keep(self, identity: str, record: Any, keep: Callable[[Any], Any]) -> None:
        try:
            self._kept[identity] = keep(record)
        except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
            # It lands, but what is below it cannot be found.
            self._lost = True
            self._journal.note(
                self.stream.name,
                BadPayload(f"{type(error).__name__} while looking for what is below it"),
                record_id=identity,
            )

    def _payload(self, record: Any) -> Any:
        try:
            return self.stream.table.kept(record)
        except RecursionError:
            return repr(record)

    def _upsert(self, rows: Rows, before: Entry | None, after: Entry) -> None:
        table = self.stream.table
        self._destination.upsert(table.name, rows.row)
        self._rows += 1
        for name, children in rows.children:
            for row in children:
                self._destination.upsert(name, row)
            self._rows += len(children)
        self._delete_children(rows.row, before, after.children)

    def _delete(self, identity: str) -> None:
        table = self.stream.table
        key = dict(zip(table.key, identity.split(SEPARATOR, len(table.key) - 1), strict=True))
        self._delete_children(key, self._landed.get(identity), ())
        self._destination.delete(table.name, key)
        self._deletes += 1
        self._landed.remove(identity)

    def _delete_children(self, key: Row, before: Entry | None, after: Sequence[Held]) -> None:
        for name, child_key in self.stream.table.gone(key, before.children if before else (), after):
            self._destination.delete(name, child_key)
            self._deletes += 1

    def _delete_signalled(self, identity: str) -> None:
        if self.pending.pop(identity, None) is not None:
            self._journal.resolve(self.stream.name, identity)
        # What was never landed need not be deleted, where that is known.
        if not self._quiet and (identity in self._landed or self._remembers == NOTHING):
            self._delete(identity)

    def _note_failure(self, partition: str, failure: Failure) -> None:
        if failure.retry_key is not None and isinstance(failure.error, NotFound):
            # Gone between being listed and being read: the next listing will not show it.
            if self.pending.pop(failure.record_id, None) is not None:
                self._journal.resolve(self.stream.name, failure.record_id)
            return
        waits = False
        if failure.retry_key is not None:
            self._see(failure.record_id)
            waits = failure.record_id in self.pending or len(self.pending) < MOST_PENDING
        if failure.retry_key is not None and waits:
            attempts = self._put_off(failure.record_id, failure.retry_key)
            if isinstance(failure.error, NotReady) and attempts < MOST_ATTEMPTS:
                return
        self.clean = False
        self._journal.note(self.stream.name, failure.error, record_id=failure.record_id)
        if failure.retry_key is None:
            self._blemished.add(partition)
        if not waits:
            # What the source refuses it will refuse again: reading everything once more would not help.
            self._unread = self._unread or not isinstance(failure.error, Rejected)

    def _put_off(self, identity: str, retry_key: Mapping[str, Any]) -> int:
        """Read this record again at the next sync. Returns in how many syncs it was tried."""
        before = self.pending.get(identity, {"first_seen_at": self._started_at, "attempts": 0})
        attempts: int = before["attempts"] + (identity not in self._tried)
        self._tried.add(identity)
        partial = {"partial": True} if identity in self._partial else {}
        self.pending[identity] = {**before, **partial, "key": dict(retry_key), "attempts": attempts}
        return attempts

    def _note_end(self, error: BaseException) -> None:
        if not isinstance(error, Exception):
            raise error
        if not isinstance(error, SourceError):
            # A payload that the code did not expect must not stop the other streams.
            error = BadPayload(f"{type(error).__name__} while reading: {error}")
        self._journal.note(self.stream.name, error)

    def _see(self, identity: str) -> None:
        if self._compares:
            self._seen.add(identity)

    def _too_old(self, record: Mapping[str, Any]) -> bool:
        start, stream = self._settings.start_date, self.stream
        if start is None or not isinstance(stream, Feed) or stream.changed_at is None:
            return False
        changed: Any = record
        for step in stream.changed_at.split("."):
            changed = changed.get(step) if isinstance(changed, Mapping) else None
        if isinstance(changed, int) and not isinstance(changed, bool):
            first_second = datetime.fromisoformat(start).replace(tzinfo=timezone.utc).timestamp()
            return changed < first_second
        return isinstance(changed, str) and changed[:10] < start

    def _move(self, phase: str, position: Any) -> None:
        if phase == EVERYTHING:
            self._reached = position
            if self._backfilling:
                self._backfill = position
        elif phase == CHANGES and self.moves_on:
            self._position = position

    def _end_everything(self) -> None:
        held_back = (self._hold or self._unread) and not self._held_long
        self.done = not held_back and all(parent.passed and parent.moves_on for parent in self._parents)
        if self._backfilling or not held_back:
            self._position = self._reached
            self._backfill = None

    @property
    def moves_on(self) -> bool:
        """Nothing was bad, or it has been waited for long enough."""
        return not self._hold or self._held_long

    @property
    def _hold(self) -> bool:
        return self._misfit or self._lost

    @property
    def _held_long(self) -> bool:
        return self._saved.stayed >= MOST_HOLDS

    def _counted(self, before: int, again: bool) -> int:
        """How many syncs in a row, this one included once it has ended, there was this reason not to move on."""
        if not self.ended:
            return before
        return min(before + 1, MOST_HOLDS) if again else 0

    def _delete_vanished(self) -> None:
        if not self._compares or self._resumed or self._quiet or self._remembers == NOTHING:
            return
        if not (self.complete or self._whole or self.stream.follows):
            return
        self._newly_doubted = Landed()
        vanished = self._vanished()
        if self.stream.hides and self._others_doubt and self._is_large(vanished):
            self._destination.warning(
                f"{self.stream.name}: {len(vanished)} rows are gone, and many of other tables with them, as when a "
                "credential may see less than before. They are kept. Give the credential its rights back; if they were "
                "deleted, re-sync this connection."
            )
            self._doubt(self._newly_doubted, vanished)
            self._withheld = True
            return
        agreed = [identity for identity in vanished if identity in self._doubted]
        new = [identity for identity in vanished if identity not in self._doubted]
        if self._is_large(new):
            self._destination.warning(
                f"{self.stream.name}: {len(new)} of {len(self._landed)} rows are no longer in the source. They are "
                "kept until the next sync has looked again. If nobody deleted them, check what the credential may see."
            )
            self._doubt(self._newly_doubted, new)
            new = []
        for identity in [*agreed, *new]:
            self._delete(identity)

    def _is_large(self, vanished: Sequence[str]) -> bool:
        return len(vanished) > GUARDED_ROWS and len(vanished) > GUARDED_SHARE * len(self._landed)

    @staticmethod
    def _doubt(doubted: Landed, vanished: Sequence[str]) -> None:
        for identity in vanished:
            doubted.put(identity, Entry(None))

    def _vanished(self) -> list[str]:
        """What was landed and is missing from a part that was listed completely, or from all parts there are."""
        whole = self._whole - self._blemished
        nothing_is_left_out = self.complete and not self._lost and all(parent.sound for parent in self._parents)
        return [
            identity
            for identity, entry in self._landed.items()
            if identity not in self._seen
            and (
                entry.partition in whole
                or (nothing_is_left_out and entry.partition not in self._visited)
                or (self.stream.follows and not any(parent.has(entry.partition) for parent in self._parents))
            )
        ]

    def _resolve(self) -> None:
        name = self.stream.name
        if self.clean and not self._hold and (self.complete or 0 < self._saved.stayed < MOST_HOLDS):
            self._journal.resolve(name)
            return
        self._journal.resolve(name, "")
        for partition in self._visited - self._blemished:
            self._journal.resolve(name, partition)
