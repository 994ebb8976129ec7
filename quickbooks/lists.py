"""Short lists that have no signal of their changes: each is read whole, at a cadence of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from api import QuickBooks, Refused
from queries import Listing, name_of

from shared.errors import Forbidden
from shared.pages import Failure, Page
from shared.pagination import UntilCalm
from shared.streams import Snapshot
from shared.tables import Table


def short_list(
    quickbooks: QuickBooks,
    entity: str,
    table: Table,
    *,
    every_seconds: float,
    parents: tuple[str, ...] = (),
    prepare: Callable[[Any], Any] = lambda row: row,
) -> Snapshot:
    """A list by place: by no filter, and in no order, by a property that a row may lack. `prepare` makes a record of
    each row.

    A page that is short is taken for the last one, but not the first time, nor where rows would be deleted for it.
    """

    def walk(*, to_an_empty_page: bool) -> Iterator[Page]:
        for page in Listing(quickbooks, entity).by_place(to_an_empty_page=to_an_empty_page):
            yield replace(page, records=[prepare(row) for row in page.records])

    def whole(*, to_an_empty_page: bool) -> Iterator[Page]:
        listing = UntilCalm(partial(walk, to_an_empty_page=to_an_empty_page), name_of)
        try:
            yield from listing
        except (Refused, Forbidden) as error:
            yield Page(failures=[Failure(error, entity)])
        else:
            yield Page(whole=listing.calm)

    return Snapshot(
        table=table,
        every_seconds=every_seconds,
        parents=parents,
        everything=lambda task: whole(to_an_empty_page=not task.landed),
        proves=lambda task: whole(to_an_empty_page=True),
    )
