"""A source whose records are read one by one, with others below each of them, and its warehouse."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.errors import Unavailable
from shared.pages import Failure, Page
from shared.streams import Feed, Stream, Task
from tests.shared.engine import NOTE, company, sync, warehouse


class Account:
    """Tasks, of which each has a detail, and below each of them notes, read whenever the task is."""

    def __init__(self, tasks: int = 5) -> None:
        self.source = company(tasks, 0)
        self.destination = warehouse()
        self.failing: set[int] = set()

    @property
    def fails(self) -> dict[str, BaseException]:
        return self.source.fails

    def change(self, number: int) -> None:
        """Change a task, and give it another note."""
        self.source.put(number, f"changed {self.source.changes_made}")
        self.source.notes[number][number * 100 + self.source.changes_made] = "new"

    def sync(self, **settings: Any) -> None:
        sync(self.source, self.destination, self.streams(), **settings)

    def streams(self) -> list[Stream]:
        def notes(task: Task) -> Iterator[Page]:
            yield from self.source.all_notes(task)
            yield Page(position="read", partition="(all)", done=True)

        tasks = self.source.task_stream(
            everything=lambda task: self._each(self.source.all_tasks(task)),
            changes=lambda task: self._each(self.source.changed_tasks(task)),
            again=self._details,
        )
        return [tasks, Feed(table=NOTE, parents=("task",), everything=notes, changes=notes, follows=True)]

    def differences(self) -> list[str]:
        truth, rows = self.source.truth(), self.destination.rows
        return [name for name in ("task", "task_tag", "note") if rows[name] != truth[name]]

    def _each(self, pages: Iterator[Page]) -> Iterator[Page]:
        for page in pages:
            yield from self._details(page.records)
            yield Page(deleted=page.deleted, position=page.position, whole=page.whole, done=page.done)

    def _details(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        for key in keys:
            number = int(key["id"])
            self.source.clock.sleep(self.source.latency)
            if number not in self.source.tasks:
                yield Page(deleted=[str(number)])
            elif number in self.failing:
                yield Page(failures=[Failure(Unavailable("no detail"), str(number), {"id": number})])
            else:
                yield Page([self.source.tasks[number]])
