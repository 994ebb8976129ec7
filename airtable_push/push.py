"""Making Airtable equal to the flat tables: deletes first (they make room), then parents, then children.

A batch is sent by one of a few threads, at the pace of the base; what came of it is written into the state by the main
thread. So a run that is killed anywhere has at most these few batches unwritten, and sending them again does no harm.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from airtable_push import schema
from airtable_push.api import BATCH, BaseFull, Client, FieldGone, QuotaSpent, Record, Refused
from airtable_push.database import Database
from airtable_push.flat import Flat
from airtable_push.mapping import Mapping, Table
from airtable_push.plan import NOT_SENDABLE, Change, Directory, Seen, Writer, changes, leaving
from airtable_push.progress import Progress
from airtable_push.report import Done, Report
from airtable_push.schema import Place
from airtable_push.state import MARKED, UNKNOWN, Pushed, Rejection, State
from shared.clock import Clock
from shared.errors import Forbidden, RateLimited, Rejected, SourceError, Unauthorized
from shared.tally import CURRENT, Tally
from shared.workers import Workers

IN_FLIGHT = 4
"""Enough to keep the pace with answers of three quarters of a second."""
PASSES = 3
"""A pass more for links in circles, and one for what people delete meanwhile."""
MOST_DELETES, MOST_DELETED_SHARE = 100, 0.1
"""Beyond both, a person has to confirm them. An empty flat table always needs that."""
TRIED_AGAIN_AFTER = timedelta(days=1)
REFUSED_BATCHES = 3
"""So many full batches refused record by record, each for one and the same reason, are the table's trouble."""


@dataclass(frozen=True)
class Wishes:
    """How a run goes about it."""

    marks: bool = False
    """Records are marked instead of deleted."""
    confirm_deletes: bool = False
    limit: int | None = None
    """Records to write at the most."""


@dataclass
class Outcome:
    """What came of one batch."""

    batch: int
    saved: list[tuple[Change, str, bool]] = field(default_factory=list)
    """With the record id, and whether it was created."""
    rejected: list[tuple[Change, Refused]] = field(default_factory=list)
    removed: list[Pushed] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Ids of linked records that are not there."""
    no_room: int = 0
    error: SourceError | None = None

    @property
    def one_reason(self) -> bool:
        """Whether all records of a full batch were refused for the same reason."""
        reasons = {re.sub(r"\brec\w{14}\b", "", refused.message) for _, refused in self.rejected}
        return len(self.rejected) == self.batch >= BATCH and len(reasons) == 1


class TableEnds(Exception):
    """There is no use in going on with this table."""


class RunEnds(Exception):
    """There is no use in going on at all."""


class Push:
    """One run over some tables."""

    def __init__(
        self, mapping: Mapping, tables: Sequence[Table], database: Database, state: State, client: Client, *,
        clock: Clock, progress: Progress, wishes: Wishes,
    ) -> None:
        self._mapping = mapping
        self._tables = tables
        self._database = database
        self._state = state
        self._client = client
        self._clock = clock
        self._progress = progress
        self._wishes = wishes
        self._report = Report([Done(table.name) for table in tables])
        self._done = {table.model: done for table, done in zip(tables, self._report.tables, strict=True)}
        self._flats: dict[str, Flat] = {}
        self._places: dict[str, Place] | None = None
        self._refused: dict[str, dict[str, Rejection]] = {}
        self._directory = Directory(state, mapping.by_model)
        self._written = 0
        self._full = False
        self._again = False
        self._limited = False
        self._halted = False
        self._error: SourceError | None = None
        self._tally = Tally()

    def run(self) -> Report:
        """Push what changed. Raises `JobError` where nothing can be written at all."""
        CURRENT.set(self._tally)
        self._state.create()
        self._flats = {table.model: Flat(self._database, table) for table in self._tables}
        try:
            refused = [each for table in self._tables for each in self._rejections(table).values()]
            if any(each.type != NOT_SENDABLE for each in refused):
                # Whether a person has changed a field is what decides about trying them again.
                self._place(self._tables[0])
            with Workers(self._clock, IN_FLIGHT, "push") as workers:
                self._push(workers)
        except RunEnds:
            pass
        except SourceError as error:
            self._ended_by(error)
        self._report.requests = self._tally.requests + sum(done.requests for done in self._report.tables)
        return self._report

    def _push(self, workers: Workers) -> None:
        for table in reversed(self._tables):
            with self._counted(table):
                self._delete(table, workers)
        for number in range(PASSES):
            self._again = False
            for table in self._tables:
                with self._counted(table):
                    self._write(table, workers, first=number == 0)
            if not self._again:
                return

    @contextmanager
    def _counted(self, table: Table) -> Iterator[None]:
        """Put the requests on the table's account, and go on with the next table if only this one ends."""
        tally = Tally()
        token = CURRENT.set(tally)
        try:
            yield
        except TableEnds as ended:
            self._problem(f"{table.name}: {ended}")
        finally:
            CURRENT.reset(token)
            self._done[table.model].requests += tally.requests

    def _write(self, table: Table, workers: Workers, first: bool) -> None:
        flat, done = self._flats[table.model], self._done[table.model]
        done.rows, without_key = flat.counts()
        if without_key and first:
            self._problem(f"{table.name}: {without_key} rows have no key and were left out")
        rejections, met = self._rejections(table), set[str]()
        reasons: Counter[str] = Counter()
        with self._progress.table(table.name, done.rows) as advance:
            seen = Seen(progress=advance)
            found = changes(flat, self._state, table, Writer(table, self._directory), seen)
            due = self._due(table, found, rejections, met)
            for outcome in workers.map(lambda batch: self._send(table, batch), self._batches(table, due)):
                self._settle(table, outcome, reasons)
        self._end_if_halted(table, reasons)
        if seen.doubles and first:
            self._problem(
                f'{table.name}: {seen.doubles} keys are on several rows, "{seen.double}" for one; none of these was '
                "written"
            )
        if not self._limited:
            self._state.settle(table, rejections.keys() - met)
        if rejections or done.rejected:
            self._refused[table.model] = self._state.rejections(table)
            done.rejected = len(self._refused[table.model])
        if done.written:
            counts = {
                "created": done.created, "updated": done.updated, "deleted": done.deleted, "marked": done.marked,
                "rejected": done.rejected,
            }  # fmt: skip
            self._progress.say(f"{table.name}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items() if n))

    def _due(
        self, table: Table, found: Iterable[Change], rejections: dict[str, Rejection], met: set[str]
    ) -> Iterator[Change]:
        """The changes to send: without those that were refused as they are, and those that never can be sent."""
        now = datetime.fromtimestamp(self._clock.now(), UTC).replace(tzinfo=None)
        for change in found:
            refused = rejections.get(change.key)
            if refused is not None:
                met.add(change.key)
            same = refused is not None and refused.hash == change.hash
            if change.problem is not None:
                if not same:
                    told = Rejection(change.key, change.hash, "", NOT_SENDABLE, change.problem)
                    self._state.save(table, [], [told], self._clock.now())
                    self._done[table.model].rejected += 1
                continue
            if same and refused is not None:
                recent = refused.last_rejected_at is not None and now - refused.last_rejected_at < TRIED_AGAIN_AFTER
                if recent and refused.fields_hash == self._place(table).fields_hash:
                    continue
            if self._full and change.record_id is None:
                continue
            yield change

    def _batches(self, table: Table, due: Iterator[Change]) -> Iterator[list[Change]]:
        batch: list[Change] = []
        for change in due:
            self._place(table)
            batch.append(change)
            if len(batch) == BATCH:
                yield from self._allowed(batch)
                batch = []
            if self._halted or self._limited:
                return
        if batch and not self._halted:
            yield from self._allowed(batch)

    def _allowed(self, batch: list[Change]) -> Iterator[list[Change]]:
        """The batch, or what the limit leaves of it."""
        limit = self._wishes.limit
        if limit is not None and self._written + len(batch) > limit:
            batch = batch[: limit - self._written]
            self._meet_limit(limit)
        self._written += len(batch)
        if batch:
            yield batch

    def _send(self, table: Table, batch: list[Change]) -> Outcome:
        """Write a batch; what is refused is split until the bad record stands alone. On a worker thread."""
        place = self._place(table)
        outcome = Outcome(len(batch))
        parts = [batch]
        while parts:
            part = parts.pop()
            try:
                ids, created = self._client.upsert(place.id, place.key, [_record(place, change) for change in part])
            except Refused as refused:
                mended = self._without_gone(part, refused, outcome) if refused.gone else None
                if mended is not None:
                    parts.append(mended)
                elif len(part) == 1:
                    outcome.rejected.append((part[0], refused))
                else:
                    parts += [part[len(part) // 2 :], part[: len(part) // 2]]
            except BaseFull:
                there = [change for change in part if change.record_id is not None]
                outcome.no_room += len(part) - len(there)
                if there and len(there) < len(part):
                    parts.append(there)
            except SourceError as error:
                outcome.error = error
                return outcome
            else:
                outcome.saved += [(change, ids[change.key], ids[change.key] in created) for change in part]
        return outcome

    def _without_gone(self, part: list[Change], refused: Refused, outcome: Outcome) -> list[Change] | None:
        """The same records without the ids that are not there: they are looked for by key, and links left out.

        None where the refusal does not tell which, so that the batch has to be split."""
        gone = set(refused.records)
        own = {change.record_id for change in part}
        if not gone and len(part) == 1:
            gone = {part[0].record_id} - {None}  # type: ignore[assignment]
        linked = {
            one for change in part for cell in change.cells if isinstance(cell, list) for one in cell if one in gone
        }
        if not gone & (own | linked):
            return None
        outcome.lost |= linked
        return [self._mended(change, gone) for change in part]

    def _mended(self, change: Change, gone: set[str]) -> Change:
        cells = tuple(
            ([one for one in cell if one not in gone] or None) if isinstance(cell, list) else cell
            for cell in change.cells
        )
        record_id = None if change.record_id in gone else change.record_id
        # What was sent is not what the row says, so the next pass has to find a difference.
        return replace(change, record_id=record_id, cells=cells, hash=change.hash if cells == change.cells else UNKNOWN)

    def _settle(self, table: Table, outcome: Outcome, reasons: Counter[str]) -> None:
        """Write down what came of a batch. On the main thread."""
        done, place = self._done[table.model], self._place(table)
        self._state.save(
            table,
            [Pushed(change.key, record_id, change.hash) for change, record_id, _ in outcome.saved],
            [
                Rejection(change.key, change.hash, place.fields_hash, refused.type, refused.message)
                for change, refused in outcome.rejected
            ],
            self._clock.now(),
        )
        done.rejected += len(outcome.rejected)
        for change, record_id, created in outcome.saved:
            done.created += created
            done.updated += not created
            done.unlinked += change.unlinked
            self._directory.add(table.model, change.key, record_id)
            # In a circle of links, the other end may be there only now.
            self._again |= bool(change.unlinked) and self._mapping.late(table)
        if outcome.lost:
            self._forget_lost(table, outcome.lost)
        if outcome.no_room and not self._full:
            self._full = True
            self._report.stopped = (
                "the base is full, so nothing new was added, and what is there was kept up to date. Make room in it, or"
                " move it to a larger plan"
            )
        if outcome.one_reason:
            refused = outcome.rejected[0][1]
            reasons[refused.message] += 1
            if reasons[refused.message] >= REFUSED_BATCHES:
                self._halted = True
        if outcome.error is not None:
            self._halted = True
            self._error = outcome.error

    def _end_if_halted(self, table: Table, reasons: Counter[str]) -> None:
        """What was under way is written down; now say why it ends."""
        if not self._halted:
            return
        self._halted = False
        error, self._error = self._error, None
        if error is None:
            message, _ = reasons.most_common(1)[0]
            raise TableEnds(
                f"one batch after the other was refused for the same reason, so the rest was not sent: {message}"
            )
        if isinstance(error, QuotaSpent | Unauthorized) or not isinstance(error, Rejected):
            self._ended_by(error)
            raise RunEnds
        if isinstance(error, FieldGone):
            raise TableEnds(f"a field was removed or renamed while writing ({error.message}); nothing more was sent")
        raise TableEnds(str(error) if not isinstance(error, Forbidden) else error.message)

    def _rejections(self, table: Table) -> dict[str, Rejection]:
        """What was refused when this pass began."""
        if table.model not in self._refused:
            self._refused[table.model] = self._state.rejections(table)
        return self._refused[table.model]

    def _forget_lost(self, table: Table, lost: set[str]) -> None:
        """Linked records that somebody deleted: their rows are written again, and the links after them."""
        for link in table.links:
            parent = self._mapping.by_model[str(link.link)]
            keys = [key for key, record in self._directory.of(parent.model).items() if record in lost]
            self._state.forget(parent, keys)
            for key in keys:
                self._directory.remove(parent.model, key)
            self._again |= bool(keys) and parent in self._tables

    def _delete(self, table: Table, workers: Workers) -> None:
        done, marks = self._done[table.model], self._wishes.marks
        flat = self._flats[table.model]
        gone = list(leaving(flat, self._state, table, marks))
        if not gone:
            return
        total, (rows, _) = self._state.count(table), flat.counts()
        if not self._wishes.confirm_deletes and held_back(len(gone), total, rows):
            done.held_back = len(gone)
            self._problem(
                f"{table.name}: {len(gone):,} of {total:,} records have lost their row, which is too many to believe; "
                "none was removed. If it is right, push with --confirm-deletes"
            )
            return
        act: Callable[[Place, list[Pushed]], Outcome] = self._mark if marks else self._remove
        for outcome in workers.map(lambda batch: act(self._place(table), batch), self._groups(table, gone)):
            if marks:
                at = [Pushed(each.key, each.record_id, MARKED) for each in outcome.removed]
                self._state.save(table, at, [], self._clock.now())
                done.marked += len(outcome.removed)
            else:
                self._state.forget(table, [each.key for each in outcome.removed])
                done.deleted += len(outcome.removed)
                for each in outcome.removed:
                    self._directory.remove(table.model, each.key)
            if outcome.error is not None:
                self._halted, self._error = True, outcome.error
        self._end_if_halted(table, Counter())

    def _groups(self, table: Table, gone: list[Pushed]) -> Iterator[list[Pushed]]:
        limit = self._wishes.limit
        for start in range(0, len(gone), BATCH):
            group = gone[start : start + BATCH]
            self._place(table)
            if self._halted:
                return
            if limit is not None and self._written + len(group) > limit:
                group = group[: limit - self._written]
                self._meet_limit(limit)
            self._written += len(group)
            if group:
                yield group
            if self._limited:
                return

    def _meet_limit(self, limit: int) -> None:
        self._limited = True
        self._report.stopped = f"{limit:,} records, as --limit says"

    def _remove(self, place: Place, batch: list[Pushed]) -> Outcome:
        """Delete a batch; what somebody has deleted before is as good. On a worker thread."""
        return self._splitting(batch, lambda part: self._client.delete(place.id, [each.record_id for each in part]))

    def _mark(self, place: Place, batch: list[Pushed]) -> Outcome:
        """Mark a batch. On a worker thread."""

        def mark(part: list[Pushed]) -> None:
            cells = [{place.key: each.key, str(place.mark): True} for each in part]
            self._client.upsert(place.id, place.key, [
                Record(each.key, each.record_id, cell) for each, cell in zip(part, cells, strict=True)
            ])

        return self._splitting(batch, mark)

    def _splitting(self, batch: list[Pushed], act: Callable[[list[Pushed]], None]) -> Outcome:
        outcome, parts = Outcome(len(batch)), [batch]
        while parts:
            part = parts.pop()
            try:
                act(part)
            except Refused as refused:
                if len(part) > 1:
                    parts += [part[len(part) // 2 :], part[: len(part) // 2]]
                elif refused.gone:
                    outcome.removed += part
                else:
                    outcome.error = refused
                    return outcome
            except SourceError as error:
                outcome.error = error
                return outcome
            else:
                outcome.removed += part
        return outcome

    def _place(self, table: Table) -> Place:
        """Where the table is. The first call reads the schema and holds all tables of the run against it."""
        if self._places is None:
            # On nobody's account: it is asked once for all tables.
            token = CURRENT.set(self._tally)
            try:
                base = self._client.tables()
            finally:
                CURRENT.reset(token)
            self._places = schema.places(base, self._tables, self._mapping, self._wishes.marks)
        return self._places[table.model]

    def _ended_by(self, error: SourceError) -> None:
        limit = isinstance(error, QuotaSpent | RateLimited) or isinstance(error.__cause__, RateLimited)
        if limit:
            self._report.stopped = error.message
        else:
            self._problem(f"Airtable could not be written to: {error}")

    def _problem(self, text: str) -> None:
        self._report.problems.append(text)


def held_back(gone: int, total: int, rows: int) -> bool:
    """Whether so many deletes need a person's word."""
    return rows == 0 or (gone > MOST_DELETES and gone > total * MOST_DELETED_SHARE)


def plan(
    mapping: Mapping, tables: Sequence[Table], database: Database, state: State, *, clock: Clock, progress: Progress,
    wishes: Wishes,
) -> Report:
    """What a push would do, and the requests that it would cost; nothing is asked of Airtable and nothing is changed.

    Rows that were refused are counted as rejected, because whether the base was changed since is not known. In a circle
    of links, the second pass is left out."""
    report = Report()
    directory = Directory(state, mapping.by_model)
    now = datetime.fromtimestamp(clock.now(), UTC).replace(tzinfo=None)
    linked = {str(link.link) for table in mapping.tables for link in table.links}
    flats = {table.model: Flat(database, table) for table in tables}
    done = {table.model: Done(table.name) for table in tables}
    for table in tables:
        here = done[table.model]
        rows, without_key = flats[table.model].counts()
        gone = list(leaving(flats[table.model], state, table, wishes.marks))
        if gone and not wishes.confirm_deletes and held_back(len(gone), state.count(table), rows):
            here.held_back = len(gone)
        elif wishes.marks:
            here.marked = len(gone)
        else:
            here.deleted = len(gone)
            for each in gone if table.model in linked else ():
                directory.of(table.model)
                directory.remove(table.model, each.key)
        if without_key:
            report.problems.append(f"{table.name}: {without_key} rows have no key and are left out")
    for table in tables:
        here, rejections = done[table.model], state.rejections(table)
        with progress.table(table.name, flats[table.model].counts()[0]) as advance:
            seen = Seen(progress=advance)
            for change in changes(flats[table.model], state, table, Writer(table, directory), seen):
                refused = rejections.get(change.key)
                waits = refused is not None and refused.hash == change.hash and (
                    refused.last_rejected_at is not None and now - refused.last_rejected_at < TRIED_AGAIN_AFTER
                )
                if change.problem is not None or waits:
                    here.rejected += 1
                    continue
                here.created += change.record_id is None
                here.updated += change.record_id is not None
                here.unlinked += change.unlinked
                if change.record_id is None and table.model in linked:
                    directory.of(table.model)
                    directory.add(table.model, change.key, f"rec of {change.key}")
        here.rows = seen.rows
        if seen.doubles:
            report.problems.append(f'{table.name}: {seen.doubles} keys are on several rows, "{seen.double}" for one')
        here.requests = -(-(here.created + here.updated) // BATCH) - (-(here.deleted + here.marked) // BATCH)
        report.tables.append(here)
    requests = sum(each.requests for each in report.tables)
    report.requests = requests + bool(requests)
    return report


def _record(place: Place, change: Change) -> Record:
    cells = dict(zip(place.fields, change.cells, strict=True))
    if place.mark is not None:
        cells[place.mark] = None
    return Record(change.key, change.record_id, cells)
