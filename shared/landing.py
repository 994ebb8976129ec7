"""What comes in a page, and where it goes: rows to the destination, failures to the journal or to be tried again."""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from shared.comparing import Comparison
from shared.content import Content, content_hash
from shared.errors import BadPayload, NotFound, NotReady, Rejected, SourceError
from shared.exact import shallow
from shared.memory import Memory
from shared.obstacles import Obstacles
from shared.order import Order, Sync
from shared.pages import Failure, Page
from shared.pending import MOST_ATTEMPTS, Pending
from shared.state import NOTHING, SavedStream
from shared.streams import Feed
from shared.tables import BadRecord, Drift
from shared.writing import Writing


class Landing:
    """Lands the pages of one stream, in the order in which they were read. Main thread only."""

    def __init__(self, order: Order, sync: Sync, saved: SavedStream, pending: Pending) -> None:
        stream = order.stream
        self.pending = pending
        self.memory = Memory(stream, saved, sync.destination)
        self.comparison = Comparison(self.memory.landed, saved, compares=self.memory.remembers != NOTHING)
        self.obstacles = Obstacles(saved)
        self.writing = Writing(stream.table, self.memory, sync)
        self.drift = Drift()
        self.kept: dict[str, Any] = {}
        """What other streams need of each record, once, however often it was read."""
        self._order = order
        self._stream = stream
        self._journal = sync.journal
        self._start_date = sync.settings.start_date

    @property
    def left_behind(self) -> bool:
        """What is bad now is not read again with what changes."""
        return self.obstacles.gives_up or self._order.left_behind

    def land(self, page: Page, *, changes: bool) -> None:
        """Land one page. Those of `changes` will be read again by the next sync."""
        for record in page.records:
            self._land_record(page.partition, record, changes=changes)
        for record in page.partial:
            self._land_record(page.partition, record, changes=changes, partial=True)
        for identity in page.unchanged:
            self.comparison.see(identity)
        for identity in page.deleted:
            self._delete_signalled(identity)
        for failure in page.failures:
            self._note_failure(page.partition, failure)
        for name in page.resolved:
            self.pending.clear(name)
            self._journal.resolve(self._stream.name, name)
        self.comparison.visit(page.partition, whole=page.whole)

    def _land_record(self, partition: str, record: Any, *, changes: bool, partial: bool = False) -> None:
        table, misfits = self._stream.table, self.drift.misfits
        try:
            rows = table.rows(record, self.drift)
        except BadRecord as error:
            record = shallow(record)
            self._note_lost(partition, BadPayload(str(error)), repr(record), table.kept(record))
            return
        content = Content(rows)
        misfit = self.drift.misfits > misfits
        identity = table.identity(rows.row)
        self.comparison.see(identity)
        if changes:
            self.memory.note_change(identity)
        if not partial:
            self.pending.read(identity)
        if self._order.has_children:
            self._keep(identity, record)
        if not self._order.lands or self._is_too_old(record):
            return
        before = self.memory.landed.get(identity)
        if misfit and (before is None or before.hash != content.hash):
            # What has landed like this before will not be another by being read once more.
            self.obstacles.misfit = True
        if partial:
            only_a_part = before is None or self.pending.is_partial(identity)
            if not only_a_part or self.memory.remembers == NOTHING:
                return  # What has landed of it, or may have, is more.
            self.pending.note_partial(identity)
        self.writing.write(record, identity, rows, content, before, partition)

    def _note_lost(self, partition: str, error: SourceError, known: str, payload: Any = None) -> None:
        self.obstacles.lost = True
        self.comparison.blemish(partition)
        record_id = f"unidentified {content_hash(known).hex()}"
        self._journal.note(self._stream.name, error, record_id=record_id, payload=payload, behind=self.left_behind)

    def _keep(self, identity: str, record: Any) -> None:
        if self._stream.keep is None:
            return
        try:
            self.kept[identity] = self._stream.keep(record)
        except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
            # It lands, but what is below it cannot be found.
            self.obstacles.lost = True
            self._journal.note(
                self._stream.name,
                BadPayload(f"{type(error).__name__} while looking for what is below it"),
                record_id=identity,
                behind=self.left_behind,
            )

    def _is_too_old(self, record: Any) -> bool:
        stream, start = self._stream, self._start_date
        if start is None or not isinstance(stream, Feed) or stream.changed_at is None:
            return False
        return changed_before(start, record, stream.changed_at)

    def _delete_signalled(self, identity: str) -> None:
        self.pending.clear(identity)
        # What was never landed need not be deleted, where that is known.
        if self._order.lands and (identity in self.memory.landed or self.memory.remembers == NOTHING):
            self.writing.delete(identity)

    def _note_failure(self, partition: str, failure: Failure) -> None:
        if failure.record_id is None:
            self._note_lost(partition, failure.error, failure.error.message)
            return
        put_off = False
        if failure.retry_key is not None:
            if isinstance(failure.error, NotFound):
                # Gone between being listed and being read: the next listing will not show it.
                self.pending.clear(failure.record_id)
                return
            self.comparison.see(failure.record_id)
            put_off = self.pending.has_room_for(failure.record_id)
            if put_off:
                attempts = self.pending.put_off(failure.record_id, failure.retry_key)
                if isinstance(failure.error, NotReady) and attempts < MOST_ATTEMPTS:
                    return
        else:
            self.comparison.blemish(partition)
        self.obstacles.failed = True
        # Where the failure is that of the whole part, reading others proves nothing.
        behind = self._order.left_behind or failure.record_id == partition
        self._journal.note(self._stream.name, failure.error, record_id=failure.record_id, behind=behind)
        if not put_off and not isinstance(failure.error, Rejected):
            # What the source refuses it will refuse again: reading everything once more would not help.
            self.obstacles.unread = True


def changed_before(start: str, record: Mapping[str, Any], path: str) -> bool:
    """Whether a record changed before a date (`YYYY-MM-DD`), as the change time at this path says (ISO 8601, or Unix
    seconds). One that says nothing did not."""
    changed: Any = record
    for step in path.split("."):
        changed = changed.get(step) if isinstance(changed, Mapping) else None
    if isinstance(changed, int) and not isinstance(changed, bool):
        return changed < datetime.fromisoformat(start).replace(tzinfo=timezone.utc).timestamp()
    return isinstance(changed, str) and changed[:10] < start
