"""A source of a few records in memory, and one sync of it in virtual time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.clock import VirtualClock
from shared.errors import ServiceDown, SourceError, Unauthorized
from shared.journal import schemas
from shared.loop import Loop
from shared.pages import Failure, Page
from shared.redaction import Secrets
from shared.state import checked_state
from shared.streams import Feed, Settings, Snapshot, Stream, Task
from shared.tables import SELF, Child, Column, Table
from shared.types import JSON, STRING, UTC_DATETIME
from shared.workers import Desk, Workers
from tests.destination import Destination, Tables

PAGE_SIZE = 10
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
TASK = Table(
    "task",
    ("id",),
    (Column("id", STRING), Column("name", STRING), Column("updated_at", UTC_DATETIME)),
    (Child("task_tag", "tags", (Column("tag", STRING, SELF),)),),
)
COLOUR = Table("colour", ("id",), (Column("id", STRING), Column("name", STRING), Column("extra", JSON)))
NOTE = Table("note", ("id",), (Column("id", STRING), Column("task_id", STRING), Column("text", STRING)))


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)


@dataclass
class Source:
    """Tasks with change times and signs of deletion, colours without, notes listed task by task."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    trash: list[tuple[str, int]] = field(default_factory=list)
    colours: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: dict[int, dict[int, str]] = field(default_factory=dict)
    fails: dict[str, BaseException] = field(default_factory=dict)
    """By what is asked for, as `asked` writes it."""
    asked: list[str] = field(default_factory=list)
    latency: float = 0.1
    changes_made: int = 0
    seconds_between_changes: int = 1

    def put(self, number: int, name: str = "a task", tags: Sequence[str] = (), **more: Any) -> None:
        """Make or change a task."""
        self.tasks[number] = {"id": number, "name": name, "updated_at": self.tick(), "tags": list(tags), **more}

    def remove(self, number: int, *, signal: bool = True) -> None:
        """Delete a task, with or without a sign of it."""
        del self.tasks[number]
        if signal:
            self.trash.append((self.tick(), number))

    def tick(self) -> str:
        """The time of the next change: each has its own."""
        self.changes_made += 1
        return (
            (START + timedelta(seconds=self.changes_made * self.seconds_between_changes))
            .isoformat()
            .replace("+00:00", "Z")
        )

    def ask(self, what: str) -> None:
        """A request: takes its time and may fail."""
        self.asked.append(what)
        self.clock.sleep(self.latency)
        if what in self.fails:
            raise self.fails[what]

    # The streams.

    def task_stream(self, **options: Any) -> Feed:
        return Feed(
            **{
                "table": TASK,
                "everything": self.all_tasks,
                "changes": self.changed_tasks,
                "changed_at": "updated_at",
                "keep": lambda record: record["id"],
                **options,
            }
        )

    def colour_stream(self, **options: Any) -> Snapshot:
        return Snapshot(**{"table": COLOUR, "everything": self.all_colours, **options})

    def note_stream(self, **options: Any) -> Snapshot:
        return Snapshot(**{"table": NOTE, "everything": self.all_notes, "parents": ("task",), **options})

    def streams(self) -> list[Stream]:
        return [self.task_stream(), self.colour_stream(), self.note_stream()]

    def all_tasks(self, task: Task) -> Iterator[Page]:
        """By id, which never changes; what changes meanwhile lies above the newest change noted first."""
        self.ask("tasks newest")
        times = [*(each["updated_at"] for each in self.tasks.values()), *(time for time, _ in self.trash)]
        newest = max(times, default="")
        position = task.position or {"after": 0, "newest": newest}
        while True:
            self.ask(f"tasks after {position['after']}")
            page = [self.tasks[number] for number in sorted(self.tasks) if number > position["after"]][:PAGE_SIZE]
            if not page:
                yield Page(position=position["newest"], whole=True, done=True)
                return
            position = {**position, "after": page[-1]["id"]}
            yield Page(json.loads(json.dumps(page)), position=position)

    def changed_tasks(self, task: Task) -> Iterator[Page]:
        """Oldest change first, from the position on."""
        since = task.position
        self.ask("tasks changed")
        events = sorted(
            [
                *((each["updated_at"], str(number), each) for number, each in self.tasks.items()),
                *((time, str(number), None) for time, number in self.trash),
            ],
            key=lambda event: event[0],
        )
        for time, number, record in [event for event in events if event[0] >= since]:
            if record is None:
                yield Page(deleted=[number], position=time)
            else:
                yield Page([json.loads(json.dumps(record))], position=time)

    def all_colours(self, task: Task) -> Iterator[Page]:
        for first in range(0, max(len(self.colours), 1), PAGE_SIZE):
            self.ask(f"colours from {first}")
            yield Page(json.loads(json.dumps(list(self.colours.values())[first : first + PAGE_SIZE])))
        yield Page(whole=True)

    def all_notes(self, task: Task) -> Iterator[Page]:
        """Task by task; one that fails is reported with its task."""
        for parent in task.parents["task"]:
            try:
                self.ask(f"notes of {parent}")
            except (Unauthorized, ServiceDown):
                raise
            except SourceError as error:
                yield Page(partition=str(parent), failures=[Failure(error, str(parent))])
                continue
            found = self.notes.get(parent, {})
            notes = [{"id": number, "task_id": parent, "text": text} for number, text in found.items()]
            yield Page(notes, partition=str(parent), whole=True)

    def truth(self) -> Tables:
        """What the warehouse must hold, with times as the engine writes them."""
        return {
            "task": {
                (str(number),): {
                    "id": str(number),
                    "name": each["name"],
                    "updated_at": each["updated_at"][:-1] + ".000000Z",
                }
                for number, each in self.tasks.items()
            },
            "task_tag": {
                (str(number), place): {"task_id": str(number), "position": place, "tag": tag}
                for number, each in self.tasks.items()
                for place, tag in enumerate(each["tags"])
            },
            "colour": {
                (str(number),): {"id": str(number), "name": each["name"], "extra": each.get("extra")}
                for number, each in self.colours.items()
            },
            "note": {
                (str(number),): {"id": str(number), "task_id": str(parent), "text": text}
                for parent in self.tasks
                for number, text in self.notes.get(parent, {}).items()
            },
        }


def warehouse(**configuration: str) -> Destination:
    """An empty one with the tables of `Source`."""
    return Destination(schemas([TASK, COLOUR, NOTE], configuration))


def sync(
    source: Source,
    destination: Destination,
    streams: Sequence[Stream] | None = None,
    *,
    workers: int = 3,
    log: Log | None = None,
    **settings: Any,
) -> None:
    """One sync a minute later, as Fivetran would run it."""

    def update(state: dict[str, Any]) -> None:
        Loop(
            source.streams() if streams is None else streams,
            state=checked_state(state),
            destination=destination,
            clock=source.clock,
            workers=Workers(source.clock, workers),
            desk=Desk(source.clock),
            settings=Settings(**settings),
            secrets=Secrets("canary-secret-1234"),
            log=log or Log(),
        ).run()

    source.asked.clear()
    source.clock.advance(60.0)
    destination.run(update)


def company(tasks: int = 35, colours: int = 12) -> Source:
    """A source with something in every table."""
    source = Source()
    for number in range(1, tasks + 1):
        source.put(number, f"task {number}", ["x", "y"][: number % 3])
        source.notes[number] = {number * 100: f"note of {number}"}
    for number in range(1, colours + 1):
        source.colours[number] = {"id": number, "name": f"colour {number}"}
    return source


def errors(destination: Destination, *, resolved: bool = False) -> list[tuple[str, str, str]]:
    """Stream, record and category of the errors that are open, or of those that are resolved."""
    return sorted(
        (row["stream"], row["record_id"], row["category"])
        for row in destination.rows["errors"].values()
        if (row["resolved_at"] is not None) == resolved
    )
