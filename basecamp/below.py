"""Listings below a project: chats, forwards, what clients were sent, and the replies to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self

from api import Basecamp, Record
from walks import LONG_AGO, OVERLAP, changed_since, from_newest, whole

from shared.crawl import PartedFeed, below, crawl
from shared.errors import ServiceDown, SourceError, Unauthorized
from shared.http import filled
from shared.pages import Failure, Page
from shared.pagination import UntilCalm
from shared.positions import Moment, Position, by_part
from shared.records import identity, moment, named, number, value
from shared.shown import Recent
from shared.streams import Feed, Task
from shared.tables import Table
from shared.workers import Workers

CHANGED = "updated_at"


@dataclass(frozen=True)
class Listing:
    """A listing below one project. `at_rest`: nothing new is expected in it."""

    id: str
    path: str
    at_rest: bool


ListingsOf = Callable[[Task], list[Listing]]


def in_tools(name: str, path: str) -> ListingsOf:
    """One listing in each tool of a kind."""
    return lambda task: [
        Listing(tool.id, path, at_rest=not tool.enabled or project.status != "active")
        for project in task.parents["project"]
        for tool in project.tools
        if tool.name == name
    ]


def in_clientsides(path: str) -> ListingsOf:
    """One listing in what each project shows to clients."""
    return lambda task: [
        Listing(each.id, path, at_rest=not each.has_clientside or each.status != "active")
        for each in task.parents["project"]
    ]


@dataclass(frozen=True)
class Seen(Position):
    """How far a listing is known."""

    newest: Moment
    """The newest change, or creation, in it; empty where it was empty."""
    recent: str = ""
    """The records that changed a little before that, as `Recent` keeps them: each shows its id and that time."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Earlier releases wrote those records as an object from id to time."""
        before = value(saved, "recent")
        if isinstance(before, Mapping):
            recent = Recent()
            for id, time in before.items():
                recent.put(id, (id, time), datetime.fromisoformat(str(time)))
            saved = {**saved, "recent": recent.all()}
        return super().restored(saved)


def below_projects(
    basecamp: Basecamp,
    calls: Workers,
    table: Table,
    listings: ListingsOf,
    *,
    sort: str = CHANGED,
    keep: Callable[[Record], Any] | None = None,
    detail: str = "",
) -> Feed:
    """Listings below each project, newest first. `detail` is the address of what only a single record shows."""
    reader = Reader(basecamp, sort, detail)
    feed = PartedFeed(
        calls,
        listings,
        partition=lambda listing: listing.id,
        read=reader.read,
        at_rest=lambda listing, position: listing.at_rest and not position.newest,
        signals=sort == CHANGED,
    )
    return Feed(
        table=table,
        parents=("project",),
        keep=keep,
        changed_at=sort,
        everything=feed.everything,
        changes=feed.changes,
        position=by_part(Seen.restored),
        again=(lambda keys: iter([reader.detailed(keys)])) if detail else None,
    )


@dataclass(frozen=True)
class Reader:
    """Reads one such listing."""

    basecamp: Basecamp
    sort: str
    detail: str

    def read(self, listing: Listing, position: Seen | None) -> Iterator[Page]:
        """From its position on; all of it where there is none."""
        newest, recent = (position.newest, Recent(position.recent)) if position else ("", Recent())
        walk = partial(self.basecamp.listing, filled(listing.path, listing.id), sort=self.sort, direction="desc")
        everything = UntilCalm(walk, identity)
        pages = changed_since(walk, self.sort, newest) if position else from_newest(everything, self.sort)
        for page in pages:
            newest = page.position
            yield self.detailed([each for each in page.records if self._is_new(each, recent)])
        oldest = datetime.fromisoformat(newest) - OVERLAP if newest else LONG_AGO
        yield Page(position=Seen(newest, recent.kept(oldest)), whole=position is None and everything.calm)

    def detailed(self, found: Sequence[Any]) -> Page:
        """These records, each in full."""
        if not self.detail:
            return Page(found)
        full, failures = [], []
        for record in found:
            try:
                full.append(self.basecamp.one(filled(self.detail, record["id"])) if named(record) else record)
            except (Unauthorized, ServiceDown):
                raise
            except SourceError as error:
                failures.append(Failure(error, str(record["id"]), retry_key={"id": str(record["id"])}))
        return Page(full, failures=failures)

    def _is_new(self, record: Any, recent: Recent) -> bool:
        """Whether this is another form of a record than those that were met lately; it is one of them from now on."""
        # With the same change time it is the same record: neither its detail nor its replies are asked for again.
        time = moment(record, CHANGED) if self.sort == CHANGED else None
        if time is None:
            return True
        name = identity(record)
        shown = (name, record[CHANGED])
        known = recent.has(name, shown)
        recent.put(name, shown, time)
        return not known


@dataclass(frozen=True)
class Replied:
    """A record that may have replies."""

    id: str
    bucket: str
    replies: int

    @classmethod
    def of(cls, record: Record) -> "Replied":
        """Of a record that can be told from others; one that does not say how many may have some."""
        count = number(record, "replies_count")
        return cls(str(record["id"]), str(value(record, "bucket.id") or ""), 1 if count is None else count)


def replies(basecamp: Basecamp, calls: Workers, table: Table, path: str, parents: tuple[str, ...]) -> Feed:
    """The replies to records, read whole whenever the record is."""

    def read(task: Task) -> Iterator[Page]:
        replied = ((each.id, each) for parent in parents for each in task.parents[parent] if each.replies)
        yield from crawl(calls, replied, lambda each: whole(basecamp, filled(path, id=each.id, bucket=each.bucket)))

    return below(table, parents, read, follows=True, changed_at=CHANGED)
