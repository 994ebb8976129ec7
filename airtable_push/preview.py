"""What a push would do, and the requests that it would cost; nothing is asked of Airtable and nothing is changed."""

from collections import deque
from collections.abc import Sequence

from airtable_push.api import BATCH
from airtable_push.changes import Change, Seen
from airtable_push.database import Database
from airtable_push.links import Directory
from airtable_push.mapping import Mapping, Table
from airtable_push.plan import IN_FLIGHT, TablePlan, Wishes, batches
from airtable_push.progress import Progress
from airtable_push.report import Done, Report
from airtable_push.state import State
from shared.clock import Clock


def preview(
    mapping: Mapping,
    tables: Sequence[Table],
    database: Database,
    state: State,
    *,
    clock: Clock,
    progress: Progress,
    wishes: Wishes,
) -> Report:
    """The report of that push.

    Rows that were refused are counted as rejected, because whether the base was changed since is not known. Tables in a
    circle of links are gone through twice, as in a push."""
    report = Report([Done(table.name) for table in tables])
    directory = Directory(state, mapping.by_model)
    plans = [TablePlan(database, table, state, directory) for table in tables]
    linked = {str(link.link) for table in mapping.tables for link in table.links}
    imagined = [
        _Imagined(plan, done, directory, plan.table.model in linked, mapping.late(plan.table))
        for plan, done in zip(plans, report.tables, strict=True)
    ]
    for each in imagined:
        each.remove(wishes)
        if without_key := each.plan.counts()[1]:
            report.problems.append(f"{each.plan.table.name}: {without_key} rows have no key and are left out")
    now = clock.now()
    for each in imagined:
        seen = each.write(now, progress)
        if seen.doubles:
            report.problems.append(
                f'{each.plan.table.name}: {seen.doubles} keys are on several rows, "{seen.double}" for one'
            )
    for each in imagined:
        if each.late:
            each.write(now, progress)
    requests = sum(done.requests for done in report.tables)
    report.requests = requests + bool(requests)
    return report


class _Imagined:
    """One table of a push that does not happen. `linked`: others link to it; `late`: it is written twice."""

    def __init__(self, plan: TablePlan, done: Done, directory: Directory, linked: bool, late: bool) -> None:
        self.plan = plan
        self.late = late
        self._done = done
        self._directory = directory
        self._linked = linked
        self._written: dict[str, str] = {}
        """The hash of each key, for the second time."""

    def remove(self, wishes: Wishes) -> None:
        leaving, done = self.plan.leaving(wishes), self._done
        count = len(leaving.records)
        if leaving.held_back:
            done.held_back = count
            return
        if wishes.marks:
            done.marked = count
        else:
            done.deleted = count
            if self._linked and count:
                records = self._directory.of(self.plan.table.model)
                for each in leaving.records:
                    records.pop(each.key, None)
        done.requests += -(-count // BATCH)

    def write(self, now: float, progress: Progress) -> Seen:
        done, under_way = self._done, deque[list[str]]()
        done.rejected = 0
        with progress.table(self.plan.table.name, self.plan.counts()[0]) as advance:
            seen = Seen(progress=advance)
            due = self.plan.due(seen, now, self._left_out)
            for batch in batches(change for change in due if self._written.get(change.key) != change.hash):
                under_way.append(self._sent(batch))
                # In a push, rows that link to the new ones are read while their answer is under way.
                if len(under_way) == IN_FLIGHT:
                    self._arrive(under_way.popleft())
        for keys in under_way:
            self._arrive(keys)
        done.rows, done.unlinked = seen.rows, seen.unlinked
        return seen

    def _left_out(self, change: Change) -> None:
        self._done.rejected += 1

    def _sent(self, batch: list[Change]) -> list[str]:
        """Count the batch; returns the keys that are new."""
        new = [change.key for change in batch if change.record_id is None and change.key not in self._written]
        self._done.created += len(new)
        self._done.updated += len(batch) - len(new)
        self._done.requests += 1
        if self.late:
            self._written |= {change.key: change.hash for change in batch}
        return new

    def _arrive(self, keys: list[str]) -> None:
        if self._linked and keys:
            self._directory.of(self.plan.table.model).update({key: f"rec of {key}" for key in keys})
