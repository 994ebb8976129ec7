"""What is in one project, by the listings that go through its tools: the way round where Basecamp refuses to list it by
type (basecamp.md 7 and 11.21).

Most of these listings show only what was not archived by itself, so what they do not show is not proven to be gone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from api import Basecamp
from projects import Project, docked

from shared.clock import Clock
from shared.crawl import crawl
from shared.errors import NotFound
from shared.http import filled
from shared.once import Once
from shared.pages import Failure, Page
from shared.pagination import until_calm
from shared.records import elements, identity, value
from shared.workers import Workers

ACTIVE: Sequence[Mapping[str, str]] = ({},)
EACH_STATUS = (*ACTIVE, {"status": "archived"}, {"status": "trashed"})
OPEN_AND_COMPLETED = (*ACTIVE, {"completed": "true"}, *EACH_STATUS[1:])
"""The parameters of each request for one listing, in the order in which its records move on."""


@dataclass(frozen=True)
class Way:
    """To what lies below the records of a type, or below the tools of a name in a project's dock."""

    above: str
    path: str = ""
    """The address below one of them. Without it they hold what is wanted."""
    asked: Sequence[Mapping[str, str]] = ACTIVE
    by: str = "id"
    """Where they say what stands in the address; one that does not say has no such listing."""
    count: str = ""
    """Where they say how much there is: nothing is asked for where that is 0."""
    inside: str = ""
    """Under which key the answer, or the record above, holds what is wanted. Else the answer is a listing."""
    everywhere: bool = True
    """Where there is no such address, something is out of reach. Else that says no more than that nothing is there."""


def in_vaults(name: str) -> Sequence[Way]:
    """What is in a project's first folder, which its dock names, and in those below it."""
    path, count = f"vaults/{{}}/{name}.json", f"{name}_count"
    return Way("vault", path), Way("Vault", path, count=count)


DISCUSSED = "Todolist Todo Kanban::Card Message Schedule::Entry Question::Answer Document Upload Gauge::Needle".split()
WAYS: Mapping[str, Sequence[Way]] = {
    "Todolist": (
        Way("todoset", "todosets/{}/todolists.json", EACH_STATUS),
        Way("Todolist", "todolists/{}/groups.json", EACH_STATUS),
    ),
    "Todo": (
        Way("todoset", "buckets/{project}/todosets/{}/todos.json", OPEN_AND_COMPLETED, everywhere=False),
        Way("Todolist", "todolists/{}/todos.json", OPEN_AND_COMPLETED),
    ),
    "Kanban::Column": (Way("kanban_board", "card_tables/{}.json", inside="lists"),),
    "Kanban::Card": (
        Way("Kanban::Column", "card_tables/lists/{}/cards.json", count="cards_count"),
        Way("Kanban::Column", "card_tables/lists/{}/cards.json", by="on_hold.id", count="on_hold.cards_count"),
    ),
    "Kanban::Step": (Way("Todo", inside="steps"), Way("Kanban::Card", inside="steps")),
    "Message": (Way("message_board", "message_boards/{}/messages.json"),),
    "Schedule::Entry": (Way("schedule", "schedules/{}/entries.json", EACH_STATUS),),
    "Question": (Way("questionnaire", "questionnaires/{}/questions.json"),),
    "Question::Answer": (Way("Question", "questions/{}/answers.json"),),
    "Vault": in_vaults("vaults"),
    "Document": in_vaults("documents"),
    "Upload": in_vaults("uploads"),
    "Gauge::Needle": (Way("project", "projects/{}/gauge/needles.json", everywhere=False),),
    "Comment": tuple(Way(each, "recordings/{}/comments.json", count="comments_count") for each in DISCUSSED),
    "Door": (),
}
"""By type, also types that are only on the way to others. Nothing leads to a door (basecamp.md 11.14)."""
ON_THE_WAY = "id on_hold steps comments_count cards_count vaults_count documents_count uploads_count".split()
"""What is needed of a record to go on below it, or inside."""


def out_of_reach(kind: str) -> str:
    """What of a type cannot be read like this, in words; empty for nothing."""
    if not WAYS[kind]:
        return "everything"
    return "" if _shows_archived(kind) else "what their tools do not list either"


def _shows_archived(kind: str) -> bool:
    return kind not in WAYS or all(
        len(way.asked) > 1 and (way.above == kind or _shows_archived(way.above)) for way in WAYS[kind]
    )


@dataclass
class Above:
    """The records of a type in one project, as far as is needed to go on below them."""

    records: list[Any] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def add(self, page: Page) -> None:
        """A page of them."""
        self.records += [
            {key: found for key in ON_THE_WAY if (found := value(each, key)) is not None} for each in page.records
        ]
        self.failures += page.failures


class Tools:
    """Reads projects through their tools. What was read of a type is known to those that go on below it."""

    def __init__(self, basecamp: Basecamp, calls: Workers, clock: Clock) -> None:
        self._basecamp = basecamp
        self._calls = calls
        self._clock = clock
        self._known: dict[tuple[str, str], Callable[[], Above]] = {}

    def records(self, kind: str, project: Project) -> Iterator[Page]:
        """Pages of the records of a type, those that are trashed with them; the project is their part. A listing that
        fails costs only itself."""
        read = Above()
        for page in self._records(kind, project):
            read.add(page)
            yield replace(page, partition=project.id, whole=False)
        self._known.setdefault((kind, project.id), lambda: read)

    def _records(self, kind: str, project: Project) -> Iterator[Page]:
        further = [way for way in WAYS[kind] if way.above == kind]
        for way in WAYS[kind]:
            if way.above != kind:
                above = self._above(way.above, project)
                yield Page(failures=above.failures)
                if way.path:
                    yield from self._below(project, way, above.records, further)
                else:
                    yield Page(_inside(above.records, way.inside))

    def _below(self, project: Project, way: Way, above: Sequence[Any], further: Sequence[Way]) -> Iterator[Page]:
        """The pages below some records, and then what lies `further` below what they show."""
        ids = (str(value(each, way.by)) for each in above if value(each, way.by) and value(each, way.count) != 0)
        found: list[Any] = []
        for page in crawl(self._calls, ((id, id) for id in ids), partial(self._listed, project, way)):
            found += page.records if further else ()
            yield page
        for each in further if found else ():
            yield from self._below(project, each, found, further)

    def _listed(self, project: Project, way: Way, id: str) -> Iterator[Page]:
        path = filled(way.path, id, project=project.id)
        try:
            if way.inside:
                yield Page(_inside([self._basecamp.one(path)], way.inside))
                return
            for parameters in way.asked:
                yield from until_calm(partial(self._basecamp.listing, path, **parameters), identity)
        except NotFound as error:
            if way.everywhere:
                yield Page(failures=[Failure(error, id)])

    def _above(self, kind: str, project: Project) -> Above:
        if kind not in WAYS:
            return Above([{"id": id} for id in ([project.id] if kind == "project" else docked([project], kind))])
        once = Once(partial(self._collected, kind, project), self._clock)
        return self._known.setdefault((kind, project.id), once)()

    def _collected(self, kind: str, project: Project) -> Above:
        read = Above()
        for page in self._records(kind, project):
            read.add(page)
        return read


def _inside(found: Sequence[Any], key: str) -> list[Any]:
    return [inner for each in found for inner in elements(each, key)]
