"""Listings that a source offers only part by part: per project, per record, per folder.

The parts are read side by side, and one that fails costs only itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from shared.errors import NotFound, ServiceDown, SourceError, Unauthorized
from shared.pages import Failure, Page
from shared.streams import Feed, Task
from shared.tables import Table
from shared.workers import Workers

Parent = TypeVar("Parent")


def crawl(
    workers: Workers, parts: Iterable[tuple[str, Parent]], read: Callable[[Parent], Iterator[Page]]
) -> Iterator[Page]:
    """Yield the pages that `read` yields for each of many parts, given by partition and what to read it by.

    A part that is gone between being named and being read is passed over: that proves nothing about what
    was in it. Any other failure of a part is reported with the part as its record.
    """
    names: dict[int, tuple[str, Iterator[Page]]] = {}

    def reading(parent: Parent) -> Iterator[Page]:
        yield from read(parent)  # An id that leads nowhere is found here, where it costs its part.

    def generators() -> Iterator[Iterator[Page]]:
        for partition, parent in parts:
            generator = reading(parent)
            names[id(generator)] = (partition, generator)
            yield generator

    for outcome in workers.interleave(generators()):
        partition, generator = names[id(outcome.source)]
        if outcome.item is not None:
            yield replace(outcome.item, partition=partition)
        if outcome.ended:
            del names[id(generator)]
        error = outcome.error
        if isinstance(error, NotFound):
            yield Page(partition=partition)
        elif isinstance(error, SourceError) and not isinstance(error, Unauthorized | ServiceDown):
            yield Page(partition=partition, failures=(Failure(error, partition),))
        elif error is not None:
            raise error


def below(
    table: Table,
    parents: tuple[str, ...],
    read: Callable[[Task], Iterator[Page]],
    *,
    opt_in: bool = False,
    follows: bool = False,
    changed_at: str | None = None,
) -> Feed:
    """What hangs below the records of other streams, and is read whenever they are.

    `read` goes through those that were read in this sync (`Task.parents`): all of them in a complete pass. The
    parts of a stream that `follows` are named by their keys.
    """

    def everything(task: Task) -> Iterator[Page]:
        yield from read(task)
        yield Page(position={"of": list(parents)}, partition="(all)", done=True)

    return Feed(
        table=table,
        parents=parents,
        everything=everything,
        changes=everything,
        opt_in=opt_in,
        follows=follows,
        changed_at=changed_at,
    )


@dataclass(frozen=True)
class PartedFeed(Generic[Parent]):
    """`everything` and `changes` of a feed whose changes are listed per parent. Its position is one for each, `None`
    for one that is gone: what was in it goes too.

    `read(parent, position)` yields the pages of one parent, from its position on, everything where that
    is `None`; the last page has the new position.
    """

    workers: Workers
    parents: Callable[[Task], Iterable[Parent]]
    partition: Callable[[Parent], str]
    read: Callable[[Parent, Any], Iterator[Page]]
    at_rest: Callable[[Parent, Any], bool] = lambda parent, position: False
    """Parents, with their positions, in which nothing is expected to change: only complete passes read them."""
    signals: bool = True
    """What changed in a parent shows a new change time there. Else parents are asked only when it is time to look."""

    def everything(self, task: Task) -> Iterator[Page]:
        """All parents, without those that were through when an earlier reading broke off."""
        positions = dict(task.position or {})
        rest = [parent for parent in self.parents(task) if self.partition(parent) not in positions]
        yield from self._read(rest, positions, {})

    def changes(self, task: Task) -> Iterator[Page]:
        """What changed in each parent; a parent that is new is read whole."""
        positions = dict(task.position)
        parents = {self.partition(parent): parent for parent in self.parents(task)}
        if task.sound:
            for partition in positions.keys() - parents.keys():
                positions[partition] = None
                yield Page(partition=partition, whole=True)
        asks = self.signals or task.looks
        moving = [
            parent
            for partition, parent in parents.items()
            if positions.get(partition) is None or (asks and not self.at_rest(parent, positions[partition]))
        ]
        yield from self._read(moving, positions, dict(positions))

    def _read(self, parents: list[Parent], positions: dict[str, Any], starts: dict[str, Any]) -> Iterator[Page]:
        def read(parent: Parent) -> Iterator[Page]:
            return self.read(parent, starts.get(self.partition(parent)))

        for page in crawl(self.workers, ((self.partition(parent), parent) for parent in parents), read):
            if page.position is not None:
                positions[page.partition] = page.position
            yield replace(page, position=dict(positions))
        yield Page(position=positions, partition="(all)", done=True)
