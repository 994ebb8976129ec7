"""The streams of Copper: which table, which listing, which position (copper.md 3-8).

Records are searched by change, oldest first, first pages only: the lower bound moves. Nothing tells of deletions but
a complete pass, which reads the same searches from the beginning.
"""

from datetime import datetime, timezone
from functools import partial

import models
from activities import activities
from api import Copper
from attached import files, related_items, related_links
from changes import records
from listings import activity_types, definitions, listing, the_account, users, whole
from settings import connect

from shared.clock import Clock
from shared.run import Run
from shared.streams import Snapshot, Stream
from shared.workers import Workers


def build(run: Run) -> list[Stream]:
    """The streams of one account."""
    start_date = run.values["start_date"]
    first = datetime.fromisoformat(start_date).replace(tzinfo=timezone.utc).timestamp() if start_date else 0
    return streams(connect(run.access), run.calls, run.clock, int(first), run.look_seconds)


def streams(copper: Copper, calls: Workers, clock: Clock, first_second: int, look_seconds: float) -> list[Stream]:
    """All streams, parents before their children. Every one waits for the account: its refusal is that of the key."""
    return [
        Snapshot(table=models.ACCOUNT, everything=lambda task: the_account(copper), keep=dict),
        Snapshot(
            table=models.CUSTOM_FIELD_DEFINITION,
            parents=("account",),
            keep=dict,
            everything=lambda task: definitions(copper),
        ),
        *(records(copper, table, clock, first_second) for table in models.RECORDS),
        activities(copper, clock),
        Snapshot(
            table=models.USER, every_seconds=look_seconds, parents=("account",), everything=lambda task: users(copper)
        ),
        *(
            listing(table, partial(whole, copper, table))
            for table in (
                models.PIPELINE,
                models.PIPELINE_STAGE,
                models.CUSTOM_ACTIVITY_TYPE,
                models.CONTACT_TYPE,
                models.CUSTOMER_SOURCE,
                models.LOSS_REASON,
                models.LEAD_STATUS,
            )
        ),
        listing(models.ACTIVITY_TYPE, lambda: activity_types(copper)),
        listing(models.TAG, copper.tags),
        related_items(copper, calls),
        related_links(copper, calls),
        files(copper, calls),
    ]
