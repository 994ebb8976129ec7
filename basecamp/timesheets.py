"""Time entries: the account's report for a window around today, and complete ones per project."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import models
from api import Basecamp
from projects import Covering, moved, newest
from walks import each_listing

from shared.clock import Clock
from shared.pages import Page
from shared.records import value
from shared.streams import Feed, Task
from shared.workers import Workers

LOOK_BACK = timedelta(days=31)
LOOK_AHEAD = timedelta(days=31)


def timesheets(basecamp: Basecamp, calls: Workers, clock: Clock) -> Feed:
    """The report is one request, unpaged; entries that vanish, or lie outside of it, only a complete pass sees
    (basecamp.md 11.20)."""

    def everything(task: Task) -> Iterator[Page]:
        projects = task.parents["project"]
        yield from each_listing(basecamp, calls, "projects/{}/timesheet.json", (each.id for each in projects))
        yield Page(position=Covering().covering(projects, newest(projects)), partition="(all)", done=True)

    def changes(task: Task) -> Iterator[Page]:
        if not task.looks:
            return
        today = datetime.fromtimestamp(clock.now(), timezone.utc)
        first, last = (today - LOOK_BACK).date().isoformat(), (today + LOOK_AHEAD).date().isoformat()
        for page in basecamp.listing("reports/timesheet.json", start_date=first, end_date=last):
            for record in page.records:
                yield Page([record], partition=str(value(record, "bucket.id") or ""))

    return Feed(
        table=models.TIMESHEET_ENTRY,
        parents=("project",),
        changed_at="updated_at",
        everything=everything,
        changes=changes,
        position=Covering.restored,
        overdue=moved,
    )
