"""Ways through a listing: all of it, until nothing moved meanwhile, or newest change first, down to what is known."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from api import Basecamp, Record

from shared import records
from shared.crawl import crawl
from shared.http import filled
from shared.pages import Page
from shared.pagination import UntilCalm, newest_first, until_calm
from shared.records import identity, moment
from shared.tally import has_come
from shared.workers import Workers

OVERLAP = timedelta(minutes=10)
"""How far below the newest change known the next sync reads again."""
LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)
GONE = ("trashed", "deleted")


def times(found: Iterable[Any], key: str) -> list[str]:
    """When several records were created or changed, in their order, as texts that sort like the times. One that does
    not say is passed over."""
    return [time.isoformat() for record in found if (time := moment(record, key)) is not None]


def passed(found: Iterable[Any], key: str) -> list[str]:
    """Those of these times that have come by now at the source: the others move no position."""
    return [time for time in times(found, key) if has_come(datetime.fromisoformat(time))]


def split(found: Sequence[Any]) -> Page:
    """Records by what their status says: landed, or gone."""
    kept = [each for each in found if not _is_gone(each)]
    return Page(kept, deleted=[str(each["id"]) for each in found if _is_gone(each)])


def _is_gone(record: Any) -> bool:
    return records.value(record, "status") in GONE and records.named(record)


def whole(basecamp: Basecamp, path: str, **known: str) -> Iterator[Page]:
    """A complete listing; each record gets what is known only from the address."""
    for page in until_calm(partial(basecamp.listing, path), identity):
        yield Page([records.adding(each, **known) for each in page.records], whole=page.whole)


def single(read: Callable[[], Record]) -> Iterator[Page]:
    """One object that is a listing of its own."""
    yield Page([read()], whole=True)


def by_status(basecamp: Basecamp, path: str) -> Iterator[Page]:
    """A listing that answers one status at a time; the active ones without being asked.

    What was restored between the listings is in none of them: whatever is missing must be looked for once more."""
    calm = True
    for status in (None, "archived", "trashed"):
        listing = UntilCalm(partial(basecamp.listing, path, status=status), identity)
        yield from (split(page.records) for page in listing)
        calm = calm and listing.calm
    yield Page(whole=calm)


def each_listing(basecamp: Basecamp, calls: Workers, path: str, ids: Iterable[str], adding: str = "") -> Iterator[Page]:
    """The listings below many ids, each whole and a part of its own. `adding` is a column for the id, where the
    records do not say it."""

    def read(id: str) -> Iterator[Page]:
        return whole(basecamp, filled(path, id), **({adding: id} if adding else {}))

    return crawl(calls, ((id, id) for id in ids), read)


def each_record(basecamp: Basecamp, calls: Workers, path: str, ids: Iterable[str], adding: str = "") -> Iterator[Page]:
    """The same for single records, one request each."""

    def read(id: str) -> Iterator[Page]:
        known = {adding: id} if adding else {}
        return single(lambda: {**basecamp.one(filled(path, id)), **known})

    return crawl(calls, ((id, id) for id in ids), read)


def by_project(page: Page, projects: Collection[str]) -> Iterator[Page]:
    """A page in parts: the records of each of these projects, then what else there is."""
    parts: dict[str, list[Any]] = {}
    for record in page.records:
        project = project_of(record)
        parts.setdefault(project if project in projects else page.partition, []).append(record)
    rest = parts.pop(page.partition, [])
    for project, found in parts.items():
        yield Page(found, partition=project)
    yield replace(page, records=rest)


def project_of(record: Any) -> str:
    """The id of the project that a record is in; empty where it does not say."""
    return str(records.value(record, "bucket.id") or "")


def joined(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages of many parts, for a stream that has none: nothing of it is whole."""
    return (replace(page, partition="", whole=False) for page in pages)


def from_newest(pages: Iterable[Page], key: str) -> Iterator[Page]:
    """Pages of a listing that is read whole, newest change first, each with the newest change of the first one as
    position."""
    newest = None
    for page in pages:
        if newest is None:
            newest = max(passed(page.records, key), default="")
        yield Page(page.records, position=newest)


def changed_since(walk: Callable[[], Iterator[Page]], key: str, newest: str) -> Iterator[Page]:
    """The same for a listing that is read down to a little below `newest` ("" for all).

    More than one page is read twice, because a record that leaves an earlier page meanwhile takes the first
    one of a later page out of sight.
    """
    since = datetime.fromisoformat(newest) - OVERLAP if newest else LONG_AGO
    reached = newest
    for reading in range(2):
        amount = 0
        for page in newest_first(walk(), change=partial(moment, path=key), since=since):
            amount += 1
            if reading == 0 and amount == 1:
                reached = max([newest, *passed(page.records, key)])
            recent = [each for each in page.records if (moment(each, key) or since) >= since]
            yield Page(recent, position=reached)
        if amount <= 1:
            return
