"""Recordings: everything that Basecamp lists account-wide, by type and status (basecamp.md 7 and 10).

A first reading goes through each listing by creation, which never changes; after that the changes come, newest first.
A trashed record is a deleted one here; an archived one stays.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Self

from api import Basecamp
from projects import (
    ARCHIVED,
    EVERY_ACTIVE,
    Covering,
    Project,
    Refusals,
    archived,
    moved,
    newest,
    scope,
    together,
    without,
)
from tools import Tools, out_of_reach
from walks import by_project, changed_since, passed, project_of, split, times

from shared.errors import NotFound
from shared.pages import Failure, Page
from shared.pagination import MOST_READINGS, Tide
from shared.positions import Moment, Position
from shared.records import identity, moment
from shared.streams import Feed, Task
from shared.tables import Table

KEPT_STATUSES = ("active", "archived")
UNLISTED = "archived projects"
"""Under which the projects that Basecamp refuses to list stand in `errors`, where something in them is out of reach."""
STATUSES = (*KEPT_STATUSES, "trashed")
"""In this order a record that moves on while we read is met where it arrives (basecamp.md 10)."""

Also = Callable[[Sequence[Project]], Iterator[Page]]
"""Reads what belongs to a type, is in some projects, and in no listing of that type."""


@dataclass(frozen=True, kw_only=True)
class Newest(Covering):
    """Between two syncs: the newest change seen of each status."""

    active: Moment
    archived: Moment
    trashed: Moment
    also_until: Moment = ""
    """In projects that were made until then, `Also` has been read."""
    refused: tuple[str, ...] = ()
    """Archived projects that Basecamp does not list: only complete passes ask for them again."""


@dataclass(frozen=True)
class Walk(Position):
    """On the way through a listing by creation: the last page that has landed."""

    url: str
    through: Moment
    """The latest creation in it, and before it."""
    reading: int
    """How often the listing has been begun: again where records moved."""
    tide: Tide


@dataclass(frozen=True)
class Backfill(Position):
    """On the way through all listings of a type."""

    archived: str
    """The archived projects: where others are, there are other listings."""
    newest: Mapping[str, Moment] = field(default_factory=dict)
    """Of each status the newest change when its listing was begun: what changes meanwhile lies above it."""
    listing: int = 0
    """The number of the one to go on with, from 0."""
    walk: Walk | None = None
    """How far that has come; `None` where it has not been begun."""
    refused: tuple[str, ...] = ()
    """Archived projects that Basecamp does not list, as far as they have been asked for."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Earlier releases did not say which projects are archived: nobody knows which listings those were."""
        return super().restored({"archived": "?", **saved} if isinstance(saved, Mapping) else saved)


def recordings(
    basecamp: Basecamp,
    refusals: Refusals,
    tools: Tools,
    table: Table,
    kind: str,
    also: Also = lambda projects: iter(()),
) -> Feed:
    """The recordings of one type, account-wide. Each project is a part of its own."""
    reader = Recordings(basecamp, refusals, tools, kind, also)
    return Feed(
        table=table,
        parents=("project",),
        changed_at="updated_at",
        keep=identity,
        everything=reader.everything,
        changes=reader.changes,
        position=Newest.restored,
        backfill=Backfill.restored,
        overdue=moved,
        proves=lambda task: scope(basecamp, task.parents["project"]),
    )


@dataclass(frozen=True)
class Recordings:
    """How the recordings of one type are read."""

    basecamp: Basecamp
    refusals: Refusals
    tools: Tools
    kind: str
    also: Also

    def changes(self, task: Task) -> Iterator[Page]:
        """Newest change first, for each status down to where the last reading began."""
        projects, position, latest = task.parents["project"], task.position, Latest()
        ids = {each.id for each in projects}
        known = position.covers(projects)
        # Where projects came or went everything is read, in archived ones too.
        groups = together(without(projects, position.refused)) if known else EVERY_ACTIVE
        for status in STATUSES:
            since = getattr(task.position, status)
            try:
                reached = yield from self._changed(status, since, groups, latest, ids)
            except NotFound:
                if groups == EVERY_ACTIVE:
                    raise
                # Complete passes say so.
                found = self.refusals.among([each.id for each in projects if each.status == ARCHIVED])
                position = replace(position, refused=tuple(sorted(found)))
                groups = together(without(projects, position.refused))
                reached = yield from self._changed(status, since, groups, latest, ids)
            position = replace(position, **{status: reached})
            yield Page(position=position)
        if known:
            newest_change = max(getattr(position, status) for status in STATUSES)
            yield from self._in_new_projects(projects, position.covering(projects, newest_change))

    def _changed(
        self, status: str, since: str, groups: Sequence[str | None], latest: "Latest", projects: Collection[str]
    ) -> Generator[Page, None, str]:
        """Returns the newest change of the first listing: what changes in the others meanwhile is newer."""
        reached = []
        for buckets in groups:
            for page in changed_since(partial(self._newest, status, buckets), "updated_at", since):
                yield from by_project(split(latest.of(page.records)), projects)
                reached.append(page.position)
        return str(reached[0])

    def _in_new_projects(self, projects: Sequence[Project], position: Newest) -> Iterator[Page]:
        failed = False
        for page in self._also([each for each in projects if each.created_at > position.also_until]):
            failed = failed or bool(page.failures)
            yield page
        yield Page(position=position if failed else replace(position, also_until=newest(projects)))

    def _also(self, projects: Sequence[Project]) -> Iterator[Page]:
        home = {tool.id: each.id for each in projects for tool in each.tools}
        for page in self.also(projects):
            yield replace(page, partition=home[page.partition], whole=False)

    def everything(self, task: Task) -> Iterator[Page]:
        """Oldest first by creation, which never changes: this can be resumed at any page.

        What changes meanwhile lies above the newest change of each status, which is noted before.
        """
        projects: Sequence[Project] = task.parents["project"]
        begun = Backfill(archived=",".join(archived(projects)))
        if task.position is not None and task.position.archived == begun.archived:
            begun = task.position
        # Else it is begun anew, because projects were archived or restored: the listings are not the same ones.
        changed, refused = dict(begun.newest), set(begun.refused)
        ids = {each.id for each in projects}
        calm, active = True, None
        for number, (status, buckets) in enumerate(self._listings(projects)):
            if number < begun.listing:
                continue
            walk = begun.walk if number == begun.listing else None
            if buckets is None and status not in changed:
                first = next(self._newest(status))
                changed[status] = max(passed(first.records, "updated_at"), default=changed.get("active", ""))
                active = first.total if status == "active" else active
                if status == "trashed" or first.total == len(first.records):
                    after = replace(begun, newest=dict(changed), listing=number + 1, walk=None)
                    yield from by_project(replace(split(first.records), position=after), ids)
                    calm = calm and all(map(project_of, first.records))
                    continue
            position = replace(begun, newest=dict(changed), listing=number, walk=walk)
            calm = (yield from self._listed(status, buckets, position, ids, refused)) and calm
        yield from self._also(projects)
        # What was restored between the listings is in none of those above.
        again = next(self._newest("active"))
        yield from by_project(split(again.records), ids)
        made = sum(time > changed["active"] for time in times(again.records, "created_at"))
        calm = calm and (again.total or 0) <= (active or 0) + made
        sure = calm and task.sound
        yield from self._through_tools([each for each in projects if each.id in refused])
        for id in sorted(ids) if task.landed else ():
            yield Page(partition=id, whole=sure and id not in refused)
        reached = Newest(**changed, also_until=newest(projects), refused=tuple(sorted(refused)))
        reached = reached.covering(projects, max(changed.values()))
        yield Page(position=reached, whole=sure and not refused, done=True)

    def _through_tools(self, refused: Sequence[Project]) -> Iterator[Page]:
        """What is in projects that Basecamp does not list by type, as far as anything else lists it."""
        for project in refused:
            for page in self.tools.records(self.kind, project):
                yield replace(split(page.records), partition=project.id, failures=page.failures)
        if refused and (unread := out_of_reach(self.kind)):
            names = ", ".join(sorted(each.id for each in refused))
            why = NotFound(f"in archived projects that Basecamp does not list, {unread} is out of reach: {names}")
            yield Page(partition=UNLISTED, failures=[Failure(why, UNLISTED)])

    def _listed(
        self, status: str, buckets: str | None, position: Backfill, projects: Collection[str], refused: set[str]
    ) -> Generator[Page, None, bool]:
        """One listing, as `_oldest`; of the projects that it names, without those that Basecamp refuses. They are added
        to `refused`."""
        while buckets is not None:
            named = [id for id in buckets.split(",") if id not in refused]
            if not named:
                return True
            try:
                known = replace(position, refused=tuple(sorted(refused)))
                return (yield from self._oldest(status, ",".join(named), known, projects))
            except NotFound:
                found = self.refusals.among(named)
                if not found:
                    raise
                refused |= found
                position = replace(position, walk=None)
        return (yield from self._oldest(status, None, position, projects))

    def _listings(self, projects: Sequence[Project]) -> Iterator[tuple[str, str | None]]:
        """Status and projects of each listing; without projects, all active ones are meant."""
        yield from ((status, None) for status in STATUSES)
        yield from ((status, buckets) for buckets in archived(projects) for status in KEPT_STATUSES)

    def _newest(self, status: str, buckets: str | None = None) -> Iterator[Page]:
        return self.basecamp.recordings(self.kind, status, sort="updated_at", direction="desc", buckets=buckets)

    def _oldest(
        self, status: str, buckets: str | None, position: Backfill, projects: Collection[str]
    ) -> Generator[Page, None, bool]:
        """The pages of a listing by creation, again while records moved; returns whether one reading was calm, and
        showed of each record in which project it is: one that does not may have been any other before.

        A reading that was begun before goes on with the last page that it landed: what it shows again proves that
        nothing slipped past meanwhile.
        """
        began = "" if buckets else position.newest.get(status, "")

        def arrived(record: Any) -> bool:
            """Made, or brought back, since the reading began."""
            return bool(began) and any(
                time > began for key in ("created_at", "updated_at") for time in times([record], key)
            )

        walk, before, placed = position.walk, None, True
        for reading in range(walk.reading if walk else 1, MOST_READINGS + 1):
            tide, through, seen = (walk.tide, walk.through, set[str]()) if walk else (Tide(), "", set[str]())
            pages = (
                self.basecamp.listing_from(walk.url)
                if walk
                else self.basecamp.recordings(self.kind, status, sort="created_at", direction="asc", buckets=buckets)
            )
            for page in pages:
                created = times(page.records, "created_at")
                landed_before = sum(time <= through for time in created) if walk else 0
                if walk and not landed_before:
                    # More left than a page holds: what is behind it would be missed.
                    return (yield from self._oldest(status, buckets, replace(position, walk=None), projects))
                ids = [identity(record) for record in page.records]
                tide = tide.count(page.records[landed_before:], ids[landed_before:], seen, arrived, page.total)
                through, walk = max([through, *created]), None
                reached = Walk(str(page.position), through, reading, tide)
                placed = placed and all(map(project_of, page.records))
                yield from by_project(replace(split(page.records), position=replace(position, walk=reached)), projects)
            if tide.believed(seen, before):
                return placed
            before = seen
        return False


class Latest:
    """Records in the newest of the forms that were met: what a listing shows late of one is passed over."""

    def __init__(self) -> None:
        self._changed: dict[str, datetime] = {}

    def of(self, found: Iterable[Any]) -> list[Any]:
        """These records, without those that were met before with a later change time."""
        kept = []
        for record in found:
            if changed := moment(record, "updated_at"):
                if self._changed.setdefault(identity(record), changed) > changed:
                    continue
                self._changed[identity(record)] = changed
            kept.append(record)
        return kept
