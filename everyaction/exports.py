"""What is exported by jobs: records by the time of their change, in files (everyaction.md 5 and 6).

An export has each record as it is now, so windows may be read in any order and again. The position is the end of the
last window that has landed whole, by the service's own clock, with the job under way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import chain, islice
from typing import Any

import models
from api import EveryAction, Export
from positions import Exported, Gap, Job

from shared.delimited import rows
from shared.errors import BadPayload, Forbidden, JobFailed, JobGone, NotFound, Rejected, Unauthorized, Unclear
from shared.jobs import awaited
from shared.pages import Failure, Page
from shared.pagination import Windows
from shared.records import identity, moment, text
from shared.run import Run
from shared.streams import Feed, Task
from shared.tables import Table

KEPT = timedelta(days=90) - timedelta(hours=1)
"""How far back the service exports changes (everyaction.md 5.2), with a margin."""
OVERLAP = timedelta(minutes=30)
LONGEST, SHORTEST = timedelta(days=30), timedelta(hours=1)
PAGE_ROWS = 1_000
READINGS = 3
STARTS = 3
"""How often a job is started of which nobody knows whether it was: the service shows no list of them."""
AGAIN_SECONDS = 30.0


class Exports:
    """One resource type. It is read after another one: the service runs few jobs at once."""

    def __init__(self, run: Run, everyaction: EveryAction, resource: str, after: str | None) -> None:
        self.table: Table = models.export_of(resource, run.fields)
        self.position: Any = run.position(self.table.name, Exported.restored)
        """An `Exported`, once there is one."""
        self.ended: list[dict[str, Any]] = []
        """What came of the jobs of this sync."""
        self.resource = resource
        self._run = run
        self._warn = run.warn
        self._everyaction = everyaction
        self._requested = [name for name, kind in run.fields.get(resource, {}).items() if models.REQUESTED in kind]
        [self._ours] = self.table.columns[0].paths
        self._key = (run.values["key_columns"] or {}).get(resource, self._ours)
        self._deleted = run.values["deleted_change_types"] or frozenset()
        self._given: dict[str, bool] = {}
        """Whether the job gives what it was asked for besides the records: by name, as far as that is known."""
        self._after = after

    def feed(self) -> Feed:
        return Feed(
            table=self.table,
            appends=True,
            position=Exported.restored,
            everything=lambda task: self._pages(task, whole=True),
            changes=lambda task: self._pages(task, whole=False),
            after=(self._after,) if self._after else (),
        )

    def _pages(self, task: Task, *, whole: bool) -> Iterator[Page]:
        if self.resource not in self._run.fields:
            raise Forbidden(
                f"this key may not export {self.resource}, or nobody says its columns: ask EveryAction to permit it"
            )
        now = self._everyaction.now()
        first = self._first(now)
        begun = Exported(stamp(first), stamp(first))
        self.position = task.position or begun
        if self.position.job is not None:
            try:
                yield from self._landed(self.position.job)
            except Unauthorized:
                raise
            except Rejected:  # It failed, is gone, or is of a key that was replaced.
                self._reach(job=None)  # Its window is read anew.
        if self.position.through == self.position.since:
            self.position = begun  # Nothing has landed yet.
        self._note_gap(now)
        start = max(moment_of(self.position.through) - OVERLAP, now - KEPT)
        if first < moment_of(self.position.since):
            start = first  # The start date is an earlier one than before.
        windows = Windows(LONGEST, SHORTEST, JobFailed)
        yield from windows.pages(lambda lower, upper: self._window(lower, None if upper == now else upper), start, now)
        self._reach(since=min(self.position.since, stamp(start)))
        yield Page(position=self.position, done=whole)

    def _tell(self, sentence: str) -> None:
        self._run.desk.call(lambda: self._warn(sentence))

    def _first(self, now: datetime) -> datetime:
        """Where a first reading begins."""
        start_date = self._run.values["start_date"]
        wanted = moment_of(f"{start_date}T00:00:00Z") if start_date else now - KEPT
        return min(max(wanted, now - KEPT), now - OVERLAP)

    def _reach(self, **changes: Any) -> None:
        self.position = replace(self.position, **changes)

    def _note_gap(self, now: datetime) -> None:
        """What the service no longer exports is told, and written down."""
        if moment_of(self.position.through) >= now - KEPT:
            return
        gap = Gap(self.position.through, stamp(now - KEPT))
        name, start, end = self.table.name, gap.start, gap.end
        self._tell(
            f"{name}: what changed from {start} to {end}, and not since, can no longer be exported. It is a row in "
            "sync_gap. Sync at least once in 90 days"
        )
        self._reach(through=gap.end, gaps=(*self.position.gaps, gap))

    def _window(self, lower: datetime, upper: datetime | None) -> Iterator[Page]:
        """The pages of a window. Where its job is lost on the way, another one is started, once."""
        try:
            yield from self._landed(None, lower, upper)
        except JobGone:
            yield from self._landed(None, lower, upper)

    def _landed(self, job: Any, lower: datetime | None = None, upper: datetime | None = None) -> Iterator[Page]:
        """The pages of one job: of one that is known, or of one that is started for a window."""
        known = job.id if job else None

        def start() -> str:
            nonlocal job
            job = self._start(lower, upper)
            return str(job.id)

        for _, export in awaited(start, self._everyaction.ask, clock=self._run.clock, job=known):
            self._reach(job=job)
            yield self._at_position()
            if known is None:  # Whoever dies from here on goes on with this job.
                self._run.desk.call(self._run.access.persist)
                known = job.id
            if export is not None:
                yield from self._read(job, export)
        self._reach(through=max(self.position.through, job.end, key=moment_of), job=None)
        yield self._at_position()

    def _start(self, lower: Any, upper: datetime | None) -> Job:
        """Start a job. The last window has no end: the service says which it took."""
        question: dict[str, Any] = {
            "resourceType": self.resource,
            "dateChangedFrom": stamp(lower),
            **({"dateChangedTo": stamp(upper)} if upper else {}),
            **({"requestedFields": self._requested} if self._requested else {}),
            "includeInactive": True,
        }
        for left in reversed(range(STARTS)):
            try:
                job = self._everyaction.start(question)
            except Unclear:
                if not left:
                    raise
                self._run.clock.sleep(AGAIN_SECONDS)
            else:
                break
        end = moment(job, "dateChangedTo") or upper
        if end is None or moment(job, "dateChangedFrom") != moment_of(stamp(lower)) or (upper and end < upper):
            raise BadPayload(f"the service exports another span of {self.resource} than it was asked for")
        end = min(end, upper or self._everyaction.now())  # Nothing that is still to change has been exported.
        self._given = {"includeInactive": str(job.get("includeInactive")).lower() == "true"}
        return Job(identity(job, "exportJobId"), stamp(lower), stamp(end))

    def _read(self, job: Job, export: Export) -> Iterator[Page]:
        """The rows of all files; from the beginning where one of them is not whole."""
        for left in reversed(range(READINGS)):
            try:
                yield from self._read_once(job, export)
            except BadPayload:
                if not left:
                    self._reach(job=None)
                    yield self._at_position()  # Another job may make better files.
                    raise
            else:
                return

    def _read_once(self, job: Job, export: Export) -> Iterator[Page]:
        """The same, no more and no fewer than the service says that there are."""
        records, amount = self._records(job.id, export), 0
        while some := list(islice(records, PAGE_ROWS)):
            amount += len(some)
            yield self._sorted(some)
        if export.rows is not None and amount != export.rows:
            raise BadPayload(f"the files of job {job.id} have {amount} rows, where the service says {export.rows}")
        told = {"changed_from": job.start, "changed_to": job.end, "files": len(export.files), "rows": amount}
        self.ended.append({"export_job_id": job.id, "resource_type": self.resource, **told})

    def _records(self, job: str, export: Export) -> Iterator[dict[str, Any]]:
        files = (self._file(job, export, place) for place in range(len(export.files)))
        found = rows(files)
        first = next(found, None)
        if first is None:
            return
        names = self._names(first)
        types = {} if models.CHANGE_TYPE_NAME in names.values() else self._everyaction.change_types(self.resource)
        for row in chain((first,), found):
            record: dict[str, Any] = {names[name]: value or None for name, value in row.items() if name in names}
            if types:
                record[models.CHANGE_TYPE_NAME] = types.get(str(record.get(models.CHANGE_TYPE_ID)))
            yield record

    def _names(self, row: Mapping[str, str]) -> dict[str, str]:
        """The columns of the files as the table calls them: their spelling is not the same everywhere."""
        there = {name.casefold() for name in row}
        self._given |= {name: name.casefold() in there for name in self._requested}
        if self._key.casefold() not in there:
            raise BadPayload(
                f"the files of {self.resource} have no column {self._key}: set key_columns to the one that tells their "
                f"rows apart, of {', '.join(row)}"
            )
        ours = {path.casefold(): path for column in self.table.columns for path in column.paths}
        ours[self._key.casefold()] = ours.pop(self._ours.casefold())
        plain = {name: name.replace(".", " ") for name in row}
        names = {name: ours.get(each.casefold(), each) for name, each in plain.items()}
        return {
            name: each for name, each in names.items() if each != self._ours or name.casefold() == self._key.casefold()
        }

    def _file(self, job: str, export: Export, place: int) -> Iterator[bytes]:
        """One file. An address that has expired is asked for anew."""
        try:
            yield from self._everyaction.download(export.files[place])
            return
        except NotFound:
            pass
        try:
            renewed = self._everyaction.ask(job)
            if renewed is not None and len(renewed.files) == len(export.files):
                yield from self._everyaction.download(renewed.files[place])
                return
        except (Forbidden, NotFound):
            pass
        raise JobGone(f"the files of job {job} are gone")

    def _sorted(self, records: Sequence[Mapping[str, Any]]) -> Page:
        """The records, and those that their change type deletes."""
        kept, gone = list[Any](), list[Any]()
        for each in records:
            (gone if text(each, models.CHANGE_TYPE_NAME).casefold() in self._deleted else kept).append(each)
        return Page(kept, deleted=[identity(each, self._ours) for each in gone])

    def _at_position(self) -> Page:
        """No record, how far it has come, and what the job does not give."""
        given, self._given = self._given, {}
        lacking = [
            Failure(Rejected(f"exports of {self.resource} come without {name}, which they were asked for"), name)
            for name, there in given.items()
            if not there
        ]
        return Page(position=self.position, failures=lacking, resolved=[name for name in given if given[name]])


def moment_of(stamped: str) -> datetime:
    """The moment that a position names."""
    return datetime.fromisoformat(stamped)


def stamp(time: datetime) -> str:
    """As the service takes it: in UTC, to the second."""
    return time.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
