"""Documents in the order of their creation or of their change.

Only first pages are asked for, because the lower bound moves: documents that change while they are read shift nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from api import PAGE_SIZE, PandaDoc
from positions import ByCreation
from times import BEGINNING, RESOLUTION, moment, moments, since, stamp

from shared.errors import BadPayload, SourceError, TimedOut, Unavailable
from shared.pages import Failure, Page
from shared.pagination import Windows, by_keyset
from shared.records import identity

CREATED, MODIFIED = "created", "modified"
"""What documents can be put in order by, and asked for from a time on."""
LONGEST_WINDOW, SHORTEST_WINDOW = timedelta(days=92), timedelta(days=14)
SMALLER_PAGES = (50, 10)
MOST_POISON = 10
"""So many documents in a row that cannot be listed are passed over; the one before them is among these."""

Filters = Mapping[str, str | int]


def moved_on(
    pandadoc: PandaDoc, by: str, filters: Filters, start: datetime, fetch: Callable[[datetime], Page] | None = None
) -> Iterator[Page]:
    """Documents created or modified at or after a time, oldest first. The position of a page is the time it reaches."""

    def tied(time: datetime) -> Iterator[Page]:
        # Documents of one time come in any order, so they are read in another one, in which they are not equal.
        these = {**filters, f"{by}_from": stamp(time), f"{by}_to": stamp(time + RESOLUTION)}
        other = MODIFIED if by == CREATED else CREATED
        if f"{other}_from" not in filters:
            yield from moved_on(pandadoc, other, these, BEGINNING)
        yield from pandadoc.document_pages(order_by=f"date_{by}", **these)

    return by_keyset(
        fetch or partial(beginning, pandadoc, by, filters),
        start=start,
        size=PAGE_SIZE,
        change=partial(moment, path=f"date_{by}"),
        identity=identity,
        tied=tied,
        after=lambda time: time + RESOLUTION,
    )


def beginning(pandadoc: PandaDoc, by: str, filters: Filters, start: datetime, *, patient: bool = True) -> Page:
    """The first documents created or modified at or after a time: fewer where they cannot be had together, or, unless
    `patient`, `TimedOut` where that takes too long.

    One that cannot be had by itself is a failure of the page where what follows it can be had.
    """

    def ask(count: int, number: int = 1) -> Page:
        bounds = {**filters, f"{by}_from": stamp(start)}
        return pandadoc.documents(order_by=f"date_{by}", **bounds, count=count, page=number)

    def leads_on(page: Page) -> bool:
        times = moments(page.records, f"date_{by}")
        return bool(times) and times[-1] > start

    try:
        return ask(PAGE_SIZE)
    except TimedOut as error:
        if not patient:
            raise
        failure: SourceError = error
    except (Unavailable, BadPayload) as error:
        failure = error
    for size in SMALLER_PAGES:
        with suppress(TimedOut, Unavailable, BadPayload):
            if leads_on(page := ask(size)):
                return page
    found = Page()
    for number in range(1, MOST_POISON + 1):
        try:
            page = ask(1, number)
        except (TimedOut, Unavailable, BadPayload) as error:
            unlisted = Failure(BadPayload(f"a document that cannot be listed: {error}"), None)
            found = _together(found, Page(failures=[unlisted]))
        else:
            found = _together(found, page)
            if not page.records or leads_on(page):
                return found
    raise failure


def by_creation(pandadoc: PandaDoc, position: ByCreation, **filters: int) -> Iterator[Page]:
    """Documents by creation, each a page with the position after it; what failed is a page without any.

    Until the horizon they are asked for in windows: one that takes too long is halved (pandadoc.md 7.3).
    """
    reached, done = since(position.created), position.at
    horizon = since(position.horizon)
    windows = Windows(LONGEST_WINDOW, SHORTEST_WINDOW)
    created = partial(moment, path="date_created")

    def window(lower: datetime, upper: datetime) -> Page:
        bounds: Filters = {"created_to": stamp(upper), **filters}
        return beginning(pandadoc, CREATED, bounds, lower, patient=upper - lower <= SHORTEST_WINDOW)

    def fetch(start: datetime) -> Page:
        found, lower = Page(), start
        while lower + windows.length <= horizon:
            lower, page = windows.read(window, lower, horizon)
            found = _together(found, page)
            if len(found.records) >= PAGE_SIZE or any(time > start for time in moments(found.records, "date_created")):
                return found
        return _together(found, beginning(pandadoc, CREATED, filters, lower))

    for page in moved_on(pandadoc, CREATED, filters, reached, fetch):
        if page.failures:
            yield Page(failures=page.failures)
        for row in sorted(page.records, key=lambda row: created(row) or reached):
            time = created(row) or reached
            if time > reached:
                reached, done = time, ()
            if identity(row) not in done:
                done = (*done, identity(row))
                yield Page([row], replace(position, created=stamp(reached), at=done))


def _together(*pages: Page) -> Page:
    return Page(
        [record for page in pages for record in page.records],
        failures=[failure for page in pages for failure in page.failures],
    )
