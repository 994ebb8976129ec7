"""Making Airtable equal to the flat tables: deletes first (they make room), then parents, then children.

A batch is sent by one of a few threads, at the pace of the base; what came of it is written into the state by the main
thread. So a run that is killed anywhere has at most these few batches unwritten, and sending them again does no harm.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from airtable_push.answers import QuotaSpent, told
from airtable_push.api import Client
from airtable_push.database import Database
from airtable_push.links import Directory, Links
from airtable_push.mapping import Mapping, Table
from airtable_push.plan import IN_FLIGHT, NOT_SENDABLE, TablePlan, Wishes
from airtable_push.progress import Progress
from airtable_push.removing import remove
from airtable_push.report import Done, Report
from airtable_push.run import Room, Run
from airtable_push.schema import Places
from airtable_push.state import State
from airtable_push.trouble import TableEnds
from airtable_push.writing import Writing
from shared.clock import Clock
from shared.errors import RateLimited, SourceError
from shared.tally import CURRENT, Tally
from shared.workers import Workers

PASSES = 3
"""A pass more for links in circles, and one for what people delete meanwhile."""


def push(
    mapping: Mapping,
    tables: Sequence[Table],
    database: Database,
    state: State,
    client: Client,
    *,
    clock: Clock,
    progress: Progress,
    wishes: Wishes,
) -> Report:
    """Push what changed. Raises `JobError` where nothing can be written at all."""
    tally = Tally()
    CURRENT.set(tally)
    state.create()
    report = Report([Done(table.name) for table in tables])
    directory = Directory(state, mapping.by_model)
    plans = [TablePlan(database, table, state, directory) for table in tables]
    places = Places(client, tables, mapping, wishes.marks)
    try:
        if any(each.type != NOT_SENDABLE for plan in plans for each in plan.refused.values()):
            # Whether a person has changed a field is what decides about trying them again.
            places.of(tables[0])
        with Workers(clock, IN_FLIGHT, "push") as workers:
            links = Links(tables, mapping, state, directory)
            room = Room(wishes.limit, report)
            _push(Run(client, places, state, links, room, workers, clock, progress, wishes, report), plans)
    except SourceError as error:
        _end(report, error)
    report.requests = tally.requests + sum(done.requests for done in report.tables)
    return report


def _push(run: Run, plans: Sequence[TablePlan]) -> None:
    tables = list(zip(plans, run.report.tables, strict=True))
    for plan, done in reversed(tables):
        with _alone(run, plan.table, done):
            remove(run, plan, done)
    for number in range(PASSES):
        run.links.unfinished = False
        for plan, done in tables:
            with _alone(run, plan.table, done):
                Writing(run, plan, done).all(first=number == 0)
        if not run.links.unfinished:
            return


@contextmanager
def _alone(run: Run, table: Table, done: Done) -> Iterator[None]:
    """Put the requests on the table's account, and go on with the next table if only this one ends."""
    tally = Tally()
    token = CURRENT.set(tally)
    try:
        yield
    except TableEnds as ended:
        run.problem(f"{table.name}: {ended}")
    finally:
        CURRENT.reset(token)
        done.requests += tally.requests


def _end(report: Report, error: SourceError) -> None:
    if isinstance(error, QuotaSpent | RateLimited) or isinstance(error.__cause__, RateLimited):
        report.stopped = error.message
    else:
        report.problems.append(f"Airtable could not be written to: {told(error)}")
