"""Removing, or marking, the records of one table whose row is gone."""

from collections.abc import Iterator

from airtable_push import delivery
from airtable_push.answers import Refused
from airtable_push.delivery import Outcome
from airtable_push.plan import TablePlan, batches
from airtable_push.report import Done
from airtable_push.run import Run
from airtable_push.state import MARKED, Pushed
from airtable_push.trouble import Trouble


def remove(run: Run, plan: TablePlan, done: Done) -> None:
    """Remove what has to go, unless that is too much to believe. Raises what `Trouble.end` raises."""
    table, leaving = plan.table, plan.leaving(run.wishes)
    if leaving.held_back:
        done.held_back = len(leaving.records)
        run.problem(
            f"{table.name}: {len(leaving.records):,} of {leaving.total:,} records have lost their row, which is too "
            "many to believe; none was removed. If it is right, push with --confirm-deletes"
        )
        return
    act = delivery.mark if run.wishes.marks else delivery.remove
    trouble, kept = Trouble(), list[tuple[Pushed, Refused]]()
    for outcome in run.workers.map(
        lambda batch: act(run.client, run.places.of(table), batch), _batches(run, plan, leaving.records, trouble)
    ):
        _settle(run, plan, done, outcome)
        kept += outcome.kept
        trouble.meet(outcome)
    if kept:
        (one, refused), *_ = kept
        what = f"{len(kept)} records could not be {'marked' if run.wishes.marks else 'deleted'}"
        run.problem(f"{table.name}: {what}, {one.key} for one: {refused.message}")
    trouble.end()


def _batches(run: Run, plan: TablePlan, records: list[Pushed], trouble: Trouble) -> Iterator[list[Pushed]]:
    for batch in batches(records, lambda: trouble.ends or run.room.limited):
        run.places.of(plan.table)
        if allowed := run.room.cut(batch):
            yield allowed


def _settle(run: Run, plan: TablePlan, done: Done, outcome: Outcome) -> None:
    """Write down what came of a batch."""
    table, keys = plan.table, [each.key for each in outcome.removed]
    if run.wishes.marks:
        marked = [Pushed(each.key, each.record_id, MARKED) for each in outcome.removed if each.record_id]
        run.state.save(table, marked, [], run.clock.now())
        run.state.forget(table, [each.key for each in outcome.removed if not each.record_id])
        done.marked += len(keys)
    else:
        run.state.forget(table, keys)
        run.links.deleted(table, keys)
        done.deleted += len(keys)
