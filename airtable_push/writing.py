"""Writing the rows of one table that Airtable does not hold as they are.

A batch is sent by one of a few threads; what came of it is written into the state by the main thread."""

from collections.abc import Iterator

from airtable_push import delivery
from airtable_push.changes import Change, Seen
from airtable_push.delivery import Outcome
from airtable_push.plan import NOT_SENDABLE, TablePlan, batches
from airtable_push.report import Done
from airtable_push.run import Run
from airtable_push.state import Pushed, Rejection
from airtable_push.trouble import Trouble


class Writing:
    """One pass over the rows of one table."""

    def __init__(self, run: Run, plan: TablePlan, done: Done) -> None:
        self._run = run
        self._plan = plan
        self._table = plan.table
        self._done = done
        self._trouble = Trouble()

    def all(self, first: bool) -> None:
        """Write everything that is due. Problems of the rows are told on the first pass alone.

        Raises what `Trouble.end` raises."""
        run, plan, done, name = self._run, self._plan, self._done, self._table.name
        done.rows, without_key = plan.counts()
        if without_key and first:
            run.problem(f"{name}: {without_key} rows have no key and were left out")
        with run.progress.table(name, done.rows) as advance:
            seen = Seen(progress=advance)
            for outcome in run.workers.map(
                lambda batch: delivery.send(run.client, run.places.of(self._table), batch), self._batches(seen)
            ):
                self._settle(outcome)
        done.unlinked = seen.unlinked
        self._trouble.end()
        if seen.doubles and first:
            run.problem(
                f'{name}: {seen.doubles} keys are on several rows, "{seen.double}" for one; none of these was written'
            )
        if not run.room.limited:
            run.state.settle(self._table, plan.refused.keys() - seen.refused)
        if plan.refused or done.rejected:
            plan.read_refused()
            done.rejected = len(plan.refused)
        if done.written:
            run.progress.say(f"{name}: {done.as_line()}")

    def _batches(self, seen: Seen) -> Iterator[list[Change]]:
        run, table = self._run, self._table
        for batch in batches(self._sendable(seen), lambda: self._trouble.ends or run.room.limited):
            if allowed := run.room.cut(batch):
                run.state.begin(table, [each.key for each in allowed if each.record_id is None], run.clock.now())
                yield allowed

    def _sendable(self, seen: Seen) -> Iterator[Change]:
        """The changes that are due, as far as the base has room for them."""
        run, table = self._run, self._table
        for change in self._plan.due(seen, run.clock.now(), self._left_out, lambda: run.places.of(table).fields_hash):
            if run.room.full and change.record_id is None:
                continue
            run.places.of(table)
            yield change

    def _left_out(self, change: Change) -> None:
        if change.problem is not None and not self._plan.knows(change):
            told = Rejection(change.key, change.hash, "", NOT_SENDABLE, change.problem)
            self._run.state.save(self._table, [], [told], self._run.clock.now())
            self._done.rejected += 1

    def _settle(self, outcome: Outcome) -> None:
        """Write down what came of a batch. On the main thread."""
        run, table, done = self._run, self._table, self._done
        fields_hash = run.places.of(table).fields_hash
        run.state.save(
            table,
            [Pushed(change.key, record_id, change.hash) for change, record_id, _ in outcome.saved],
            [
                Rejection(change.key, change.hash, fields_hash, refused.type, refused.message)
                for change, refused in outcome.rejected
            ],
            run.clock.now(),
        )
        run.state.end(table, [each.key for each in (*outcome.no_room, *(each for each, _ in outcome.rejected))])
        done.rejected += len(outcome.rejected)
        for change, record_id, created in outcome.saved:
            done.created += created
            done.updated += not created
            run.links.written(table, change.key, record_id, change.unlinked)
        if outcome.lost:
            run.links.lost(table, outcome.lost)
        if outcome.no_room:
            run.room.fill()
        self._trouble.meet(outcome)
