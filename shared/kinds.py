"""Kinds of stream that most sources have. Whatever does not fit is a `Snapshot` or a `Feed` of its own.

listing      a listing without change times, read whole at its own cadence
calm_listing the same in pages of a number, read again while records move between them
by_change    records that can be asked for by the time of their change
appended     records that are only ever added, with a position after each page
below_each   a listing below each record of another stream
below_all    the same, at its own cadence
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from shared.clock import DAY_SECONDS
from shared.crawl import below, crawl
from shared.pages import Page, listed
from shared.pagination import by_keyset, until_calm
from shared.records import identity, moment
from shared.streams import Feed, Snapshot, Task
from shared.tables import Table
from shared.tally import has_come
from shared.workers import Workers

BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)


def listing(table: Table, read: Callable[[], Iterable[Page]], *, every_seconds: float = DAY_SECONDS) -> Snapshot:
    """A listing that comes without a gap; what is missing from it is gone."""
    return Snapshot(table=table, every_seconds=every_seconds, everything=lambda task: listed(read()))


def calm_listing(table: Table, read: Callable[[], Iterable[Page]], key: str = "id") -> Snapshot:
    """A listing in pages that are counted, read once a day: again while records move between them. `key` is the path to
    what tells its records apart, which other streams are given."""
    return Snapshot(
        table=table,
        every_seconds=DAY_SECONDS,
        everything=lambda task: until_calm(read, partial(identity, path=key)),
        keep=partial(identity, path=key),
    )


def by_change(
    table: Table,
    first: Callable[[datetime], Page],
    tied: Callable[[datetime], Iterable[Page]],
    *,
    change: str,
    size: int,
    overlap: timedelta,
    resolution: timedelta = timedelta(milliseconds=1),
    key: str = "id",
) -> Feed:
    """Records by the time of their change, which is the position.

    `first(moment)` answers the first `size` records that changed at that time or later, oldest change first;
    `tied(moment)` the pages of those that changed right then. `change` is the path to the time in a record. Changes may
    show up so much later than they say (`overlap`). Other streams are given the record's `key`.
    """

    def read(task: Task, *, whole: bool) -> Iterator[Page]:
        reached = task.position or BEGINNING
        for page in by_keyset(
            first,
            start=max(BEGINNING, reached - overlap) if task.position else BEGINNING,
            size=size,
            change=partial(moment, path=change),
            identity=partial(identity, path=key),
            tied=tied,
            after=lambda time: time + resolution,
        ):
            reached = max(reached, page.position) if has_come(page.position) else reached
            yield replace(page, position=reached)
        yield Page(position=reached, whole=whole, done=whole)

    return Feed(
        table=table,
        changed_at=change,
        keep=partial(identity, path=key),
        position=datetime.fromisoformat,
        everything=partial(read, whole=True),
        changes=partial(read, whole=False),
    )


def appended(table: Table, read: Callable[[Any], Iterable[Page]]) -> Feed:
    """Records that are only ever added. `read(position)` answers the pages after a position, each with its own; from
    the beginning where that is `None`."""

    def pages(task: Task) -> Iterator[Page]:
        position = task.position
        for page in read(position):
            position = page.position if page.position is not None else position
            yield page
        yield Page(position=position, done=True)

    return Feed(table=table, appends=True, everything=pages, changes=pages)


def below_each(calls: Workers, table: Table, parent: str, read: Callable[[Any], Iterable[Page]]) -> Feed:
    """A listing below each record of the stream `parent`, read whenever that record is. `read` is given what that
    stream keeps of it."""

    def pages(task: Task) -> Iterator[Page]:
        return crawl(calls, ((str(each), each) for each in task.parents[parent]), lambda each: listed(read(each)))

    return below(table, (parent,), pages)


def below_all(calls: Workers, table: Table, parent: str, read: Callable[[Any], Iterator[Page]]) -> Snapshot:
    """A listing below each record of the stream `parent`, once a day. `read` is given what that stream keeps of a
    record, its key, and says itself what it has read whole."""
    return Snapshot(
        table=table,
        every_seconds=DAY_SECONDS,
        parents=(parent,),
        everything=lambda task: crawl(calls, ((str(each), each) for each in task.parents[parent]), read),
        follows=True,
    )
