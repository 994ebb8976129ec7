"""Lists that have no signal of their changes: each is read whole, at a cadence of its own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from api import MOST_RESULTS, QuickBooks, Refused
from queries import Listing, name_of
from times import CADENCE_SECONDS

from shared.errors import Forbidden
from shared.pages import Failure, Page
from shared.pagination import UntilCalm, by_cursor
from shared.streams import Snapshot, Task
from shared.tables import Table


def tax_list(quickbooks: QuickBooks, entity: str, table: Table) -> Snapshot:
    """A list by change time that change data capture does not know."""

    def everything(task: Task) -> Iterator[Page]:
        return _whole(entity, Listing(quickbooks, entity).pages(0))

    return Snapshot(table=table, every_seconds=CADENCE_SECONDS, everything=everything)


def short_list(
    quickbooks: QuickBooks,
    entity: str,
    table: Table,
    *,
    every_seconds: float,
    parents: tuple[str, ...] = (),
    prepare: Callable[[Any], Any] = lambda row: row,
) -> Snapshot:
    """A list by place, without any property that might not be there to filter or sort by. `prepare` makes a record of
    each row."""

    def walk() -> Iterator[Page]:
        for page in by_cursor(lambda start: quickbooks.query(entity, start=start, most=MOST_RESULTS), 1):
            yield replace(page, records=[prepare(row) for row in page.records])

    def everything(task: Task) -> Iterator[Page]:
        listing = UntilCalm(walk, name_of)
        return _whole(entity, listing, lambda: listing.calm)

    return Snapshot(table=table, every_seconds=every_seconds, parents=parents, everything=everything)


def _whole(entity: str, pages: Iterable[Page], calm: Callable[[], bool] = lambda: True) -> Iterator[Page]:
    """All of a list; one failure where the company has not got it. There is no position to go on from."""
    try:
        for page in pages:
            yield replace(page, position=None)
    except (Refused, Forbidden) as error:
        yield Page(failures=[Failure(error, entity)])
    else:
        yield Page(whole=calm())
