"""The streams of EveryAction: which table, which list, which export (everyaction.md 4-6).

Exports follow one after the other, and beside them lists are read.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import models
from exports import Exports
from listings import Events, added, listing, modified
from settings import connect

from shared.pages import Page, listed
from shared.run import Run
from shared.streams import Feed, Snapshot, Stream, Task

SINCE = {"scoreUpdates": "createdAfter", "printedLists": "generatedAfter", "minivanExports": "generatedAfter"}
"""By which parameter the later ones of a list are asked for."""


def build(run: Run) -> list[Stream]:
    """The streams of one database."""
    everyaction = connect(run.access)
    events = Events(everyaction, run.calls)
    before = [None, *(table.name for table in models.EXPORTS.values())]
    exports = [Exports(run, everyaction, *each) for each in zip(models.EXPORTS, before, strict=False)]
    return [
        *(each.feed() for each in exports),
        *(listing(everyaction, path, table) for path, table in models.LISTED.items()),
        *(modified(everyaction, path, table) for path, table in models.MODIFIED.items()),
        *(added(everyaction, path, table, SINCE[path]) for path, table in models.ADDED.items()),
        events.feed(models.EVENT),
        events.signups(models.SIGNUP),
        jobs(exports),
        gaps(exports),
    ]


def jobs(exports: Sequence[Exports]) -> Feed:
    """The jobs of this sync that have landed."""

    def pages(task: Task) -> Iterator[Page]:
        yield Page([job for each in exports for job in each.ended], position="told", done=True)

    return Feed(
        table=models.EXPORT_JOB, everything=pages, changes=pages, appends=True, opt_in=True, after=names(exports)
    )


def gaps(exports: Sequence[Exports]) -> Snapshot:
    """The spans that were missed, of which the positions know."""

    def rows() -> Iterator[dict[str, Any]]:
        for each in exports:
            for gap in each.position.gaps if each.position else ():
                yield {"resource_type": each.resource, "missing_from": gap.start, "missing_to": gap.end}

    return Snapshot(table=models.SYNC_GAP, everything=lambda task: listed([Page(list(rows()))]), after=names(exports))


def names(exports: Sequence[Exports]) -> tuple[str, ...]:
    return tuple(each.table.name for each in exports)
