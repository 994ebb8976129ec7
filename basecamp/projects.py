"""Projects: what is read of each, and what the streams below must know of all of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import Self

from api import Basecamp, Record
from settings import NO_ACCOUNT, NO_PROJECT
from walks import by_status, times

from shared.clock import Clock
from shared.errors import Forbidden, NotFound, Unauthorized
from shared.once import Once
from shared.pages import Page
from shared.positions import Moment, Position
from shared.records import elements, named, text
from shared.streams import Task

BUCKETS_AT_ONCE = 50
"""Project ids in one address."""
EVERY_ACTIVE: Sequence[str | None] = (None,)
"""A listing that names no projects."""
ARCHIVED = "archived"
LAST = "9999"
"""Later than every time."""


@dataclass(frozen=True)
class Tool:
    """One entry of a project's dock."""

    id: str
    name: str
    enabled: bool


@dataclass(frozen=True)
class Project:
    """What the streams below a project need of it."""

    id: str
    status: str
    created_at: str
    has_clientside: bool
    tools: tuple[Tool, ...]

    @classmethod
    def of(cls, record: Record) -> "Project":
        """Of a record that can be told from others."""
        return cls(
            id=str(record["id"]),
            status=text(record, "status"),
            created_at="".join(times([record], "created_at")),
            has_clientside=bool(record.get("clientside") or record.get("clients_enabled")),
            tools=tuple(
                Tool(str(tool["id"]), text(tool, "name"), tool.get("enabled") is not False)
                for tool in elements(record, "dock")
                if named(tool)
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Covering(Position):
    """A position that says which projects there were: one that comes back, leaves or is archived moves everything in
    it without a signal."""

    projects_until: Moment = ""
    """Those that were made until then; all, where it is empty."""
    projects: str = ""
    """A digest of them, with their status. Earlier releases wrote none: then there were others."""

    def covering(self, projects: Sequence[Project], until: str) -> Self:
        """This position with the projects that were made until then.

        Until the newest change known, it is: what a project made later holds is newer still, and comes as changes.
        """
        return replace(self, projects_until=until, projects=_digest(projects, until))

    def covers(self, projects: Sequence[Project]) -> bool:
        """Whether these are still the same, those made later left aside."""
        return self.projects == _digest(projects, self.projects_until)


def _digest(projects: Sequence[Project], until: str) -> str:
    those = sorted((each.id, each.status) for each in projects if each.created_at <= (until or LAST))
    return blake2b(repr(those).encode(), digest_size=8).hexdigest()


def moved(task: Task) -> bool:
    """Whether the projects that the last reading covered are no longer the same."""
    return task.sound and not task.position.covers(task.parents["project"])


def every_project(basecamp: Basecamp) -> Iterator[Page]:
    """All projects. Without them there is nothing to read, so a refusal is one of the whole account.

    That there is none at all, not even in the trash, proves nothing: access that was withdrawn looks the same.
    """
    found = False
    try:
        for page in by_status(basecamp, "projects.json"):
            found = found or bool(page.records or page.deleted)
            yield page if found else Page()
    except NotFound as error:
        raise Unauthorized(NO_ACCOUNT, method=error.method, url=error.url, status=error.status) from error
    if not found:
        raise Forbidden(NO_PROJECT)


def scope(basecamp: Basecamp, before: Sequence[Project]) -> Iterator[Page]:
    """Whether the projects are still the same, for what was listed without naming them: nothing that seems to be gone
    from a project that came, left or was archived meanwhile is proven to be gone."""
    now = {
        (each.id, each.status)
        for page in every_project(basecamp)
        for each in map(Project.of, filter(named, page.records))
    }
    others = {id for id, _ in now ^ {(each.id, each.status) for each in before}}
    yield Page(whole=not others)
    yield from (Page(partition=id) for id in sorted(others))


def docked(projects: Sequence[Project], name: str) -> list[str]:
    """The ids of the tools of one kind.

    A project may have several, and hidden ones still hold what was in them.
    """
    return [tool.id for project in projects for tool in project.tools if tool.name == name]


def archived(projects: Sequence[Project]) -> list[str]:
    """The archived projects, as many together as one address can name."""
    ids = sorted(each.id for each in projects if each.status == ARCHIVED)
    return [",".join(ids[first : first + BUCKETS_AT_ONCE]) for first in range(0, len(ids), BUCKETS_AT_ONCE)]


def without(projects: Sequence[Project], refused: Collection[str]) -> list[Project]:
    """The projects but for those."""
    return [each for each in projects if each.id not in refused]


class Refusals:
    """Archived projects that Basecamp does not list: servers have answered 404 where one was named. Of many named
    together one is enough for that, so they are asked for in halves, once in a sync for all types that are refused."""

    def __init__(self, basecamp: Basecamp, clock: Clock) -> None:
        self._basecamp = basecamp
        self._clock = clock
        self._asked: dict[tuple[str, ...], Once[frozenset[str]]] = {}

    def among(self, ids: Sequence[str]) -> frozenset[str]:
        """Those among these projects."""
        key = tuple(sorted(ids))
        return self._asked.setdefault(key, Once(partial(self._find, key), self._clock))()

    def _find(self, ids: tuple[str, ...]) -> frozenset[str]:
        refused = frozenset[str]()
        for first in range(0, len(ids), BUCKETS_AT_ONCE):
            refused |= self._split(ids[first : first + BUCKETS_AT_ONCE])
        return refused

    def _split(self, ids: tuple[str, ...]) -> frozenset[str]:
        try:
            next(
                self._basecamp.recordings("Todo", "active", sort="updated_at", direction="desc", buckets=",".join(ids))
            )
        except NotFound:
            half = len(ids) // 2
            return self._split(ids[:half]) | self._split(ids[half:]) if half else frozenset(ids)
        return frozenset()


def together(projects: Sequence[Project]) -> Sequence[str | None]:
    """The projects that one listing each is asked for: active and archived ones at once, where an address has room."""
    ids = sorted(each.id for each in projects)
    if not archived(projects):
        return EVERY_ACTIVE
    return (",".join(ids),) if len(ids) <= BUCKETS_AT_ONCE else (*EVERY_ACTIVE, *archived(projects))


def newest(projects: Sequence[Project]) -> str:
    """When the newest project was made; empty where there is none."""
    return max((each.created_at for each in projects), default="")
