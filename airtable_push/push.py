"""Making Airtable equal to the flat tables: deletes first (they make room), then parents, then children.

A batch is sent by one of a few threads, at the pace of the base; what came of it is written into the state by the main
thread. So a run that is killed anywhere has at most these few batches unwritten, and sending them again does no harm.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from airtable_push import delivery, schema
from airtable_push.api import BATCH, Client, FieldGone, QuotaSpent, Refused, told
from airtable_push.database import Database
from airtable_push.delivery import Outcome
from airtable_push.flat import Flat
from airtable_push.mapping import Mapping, Table
from airtable_push.plan import NOT_SENDABLE, Change, Directory, Seen, Writer, changes, leaving
from airtable_push.progress import Progress
from airtable_push.report import Done, Report
from airtable_push.schema import Place
from airtable_push.state import MARKED, Pushed, Rejection, State
from shared.clock import Clock
from shared.errors import Forbidden, RateLimited, Rejected, SourceError, Transient, Unauthorized
from shared.tally import CURRENT, Tally
from shared.workers import Workers

IN_FLIGHT = 4
"""Enough to keep the pace with answers of three quarters of a second."""
PASSES = 3
"""A pass more for links in circles, and one for what people delete meanwhile."""
MOST_DELETES = ((100, 0.1), (10, 0.5))
"""Records, and a share of the table. Beyond both of one line, a person has to confirm them: a source may have landed by
half. An empty flat table always needs that."""
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


class TableEnds(Exception):
    """There is no use in going on with this table."""


class RunEnds(Exception):
    """There is no use in going on at all."""


class Push:
    """One run over some tables."""

    def __init__(
        self,
        mapping: Mapping,
        tables: Sequence[Table],
        database: Database,
        state: State,
        client: Client,
        *,
        clock: Clock,
        progress: Progress,
        wishes: Wishes,
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
            for outcome in workers.map(
                lambda batch: delivery.send(self._client, self._place(table), batch), self._batches(table, due)
            ):
                self._settle(table, outcome, reasons)
        done.unlinked = seen.unlinked
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
                "created": done.created,
                "updated": done.updated,
                "deleted": done.deleted,
                "marked": done.marked,
                "rejected": done.rejected,
            }
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
                yield from self._allowed(table, batch)
                batch = []
            if self._halted or self._limited:
                return
        if batch and not self._halted:
            yield from self._allowed(table, batch)

    def _allowed(self, table: Table, batch: list[Change]) -> Iterator[list[Change]]:
        """The batch, or what the limit leaves of it."""
        limit = self._wishes.limit
        if limit is not None and self._written + len(batch) > limit:
            batch = batch[: limit - self._written]
            self._meet_limit(limit)
        self._written += len(batch)
        if batch:
            self._state.begin(table, [change.key for change in batch if change.record_id is None], self._clock.now())
            yield batch

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
        self._state.end(table, [each.key for each in (*outcome.no_room, *(each for each, _ in outcome.rejected))])
        done.rejected += len(outcome.rejected)
        for change, record_id, created in outcome.saved:
            done.created += created
            done.updated += not created
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
        self._halt_after(outcome, reasons)

    def _halt_after(self, outcome: Outcome, reasons: Counter[str]) -> None:
        """Send no more of this table, where that has no use."""
        if outcome.reason:
            reasons[outcome.reason] += 1
            self._halted |= reasons[outcome.reason] >= REFUSED_BATCHES
        if outcome.error is not None:
            self._halted, self._error = True, outcome.error

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
        if isinstance(error, QuotaSpent | Unauthorized | RateLimited) or not isinstance(error, Rejected | Transient):
            self._ended_by(error)
            raise RunEnds
        if isinstance(error, FieldGone):
            raise TableEnds(f"a field was removed or renamed while writing ({error.message}); nothing more was sent")
        if isinstance(error, Transient):
            raise TableEnds(f"Airtable could not be written to: {told(error)}")
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
        act = delivery.mark if marks else delivery.remove
        reasons, kept = Counter[str](), list[tuple[Pushed, Refused]]()
        for outcome in workers.map(
            lambda batch: act(self._client, self._place(table), batch), self._groups(table, gone)
        ):
            if marks:
                at = [Pushed(each.key, each.record_id, MARKED) for each in outcome.removed if each.record_id]
                self._state.save(table, at, [], self._clock.now())
                self._state.forget(table, [each.key for each in outcome.removed if not each.record_id])
                done.marked += len(outcome.removed)
            else:
                self._state.forget(table, [each.key for each in outcome.removed])
                done.deleted += len(outcome.removed)
                for each in outcome.removed:
                    self._directory.remove(table.model, each.key)
            kept += outcome.kept
            self._halt_after(outcome, reasons)
        if kept:
            (one, refused), *_ = kept
            what = f"{len(kept)} records could not be {'marked' if marks else 'deleted'}"
            self._problem(f"{table.name}: {what}, {one.key} for one: {refused.message}")
        self._end_if_halted(table, reasons)

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
            self._problem(f"Airtable could not be written to: {told(error)}")

    def _problem(self, text: str) -> None:
        self._report.problems.append(text)


def held_back(gone: int, total: int, rows: int) -> bool:
    """Whether so many deletes need a person's word."""
    return rows == 0 or any(gone > most and gone > total * share for most, share in MOST_DELETES)


def plan(
    mapping: Mapping,
    tables: Sequence[Table],
    database: Database,
    state: State,
    *,
    clock: Clock,
    progress: Progress,
    wishes: Wishes,
) -> Report:
    """What a push would do, and the requests that it would cost; nothing is asked of Airtable and nothing is changed.

    Rows that were refused are counted as rejected, because whether the base was changed since is not known. Tables in a
    circle of links are gone through twice, as in a push."""
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
    first: dict[str, dict[str, str]] = {table.model: {} for table in tables}
    for number, table in [(0, table) for table in tables] + [(1, table) for table in tables if mapping.late(table)]:
        here, rejections, written = done[table.model], state.rejections(table), first[table.model]
        here.rejected, count = 0, 0
        sent: deque[list[str]] = deque([[]])
        """The new keys of each batch that is under way: in a push, rows that link to them are read meanwhile."""
        with progress.table(table.name, flats[table.model].counts()[0]) as advance:
            seen = Seen(progress=advance)
            for change in changes(flats[table.model], state, table, Writer(table, directory), seen):
                refused = rejections.get(change.key)
                waits = (
                    refused is not None
                    and refused.hash == change.hash
                    and (refused.last_rejected_at is not None and now - refused.last_rejected_at < TRIED_AGAIN_AFTER)
                )
                if change.problem is not None or waits:
                    here.rejected += 1
                    continue
                if written.get(change.key) == change.hash:
                    continue
                made = change.record_id is None and change.key not in written
                count += 1
                here.created += made
                here.updated += not made
                if mapping.late(table):
                    written[change.key] = change.hash
                if made and table.model in linked:
                    sent[-1].append(change.key)
                if count % BATCH == 0:
                    sent.append([])
                    _arrive(directory, table, [sent.popleft()] if len(sent) > IN_FLIGHT else [])
        _arrive(directory, table, sent)
        here.rows, here.unlinked = seen.rows, seen.unlinked
        here.requests += -(-count // BATCH)
        if seen.doubles and not number:
            report.problems.append(f'{table.name}: {seen.doubles} keys are on several rows, "{seen.double}" for one')
    for here in done.values():
        here.requests += -(-(here.deleted + here.marked) // BATCH)
    report.tables = list(done.values())
    requests = sum(each.requests for each in report.tables)
    report.requests = requests + bool(requests)
    return report


def _arrive(directory: Directory, table: Table, batches: Iterable[list[str]]) -> None:
    for key in chain.from_iterable(batches):
        directory.of(table.model)
        directory.add(table.model, key, f"rec of {key}")
