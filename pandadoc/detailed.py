"""Listings whose rows show that a record has changed, and the details of each that has."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from listings import DELETED, deleted, failed, to_a_short_page, to_an_empty_page
from positions import Read

from shared.errors import ServiceDown, SourceError, Unauthorized
from shared.pages import Failure, Page
from shared.records import identity, text
from shared.shown import Shown
from shared.streams import Feed, Task
from shared.tables import Table
from shared.workers import Workers

ROWS_A_POSITION = 50
"""So often what was read is written into the position."""


class Detailed:
    """`deleted` lists the records that are deleted, where they have a list."""

    def __init__(
        self,
        table: Table,
        calls: Workers,
        rows: Callable[..., Iterable[Page]],
        details: Callable[[str], Mapping[str, Any]],
        deleted: Callable[[], Iterable[Page]] | None = None,
    ) -> None:
        self._table = table
        self._calls = calls
        self._rows = rows
        self._details = details
        self._deleted = deleted
        self._key = table.key[0]
        self._identity = partial(identity, path=self._key)

    def stream(self) -> Feed:
        return Feed(
            table=self._table, everything=self._everything, changes=self._changes, position=Read.restored, hides=True
        )

    def _changes(self, task: Task) -> Iterator[Page]:
        """What the listing shows. Everything where it lacks a record that is known, or something failed before."""
        position: Read = task.position
        pages = list(to_a_short_page(self._rows()))
        there = {self._identity(row) for page in pages for row in page.records}
        if position.failed or not there.issuperset(Shown(position.read)):
            yield from self._everything(task)
        else:
            listed = Listed(position)
            yield from self._read(pages, listed)
            yield listed.reached()

    def _everything(self, task: Task) -> Iterator[Page]:
        listing, listed = to_an_empty_page(self._rows, self._key), Listed(task.position or Read({}, ()))
        yield from self._read(listing, listed)
        gone = yield from self._read_deleted(set(listed.shown))
        yield replace(listed.reached(gone or (), doubted=gone is None), whole=listing.calm, done=True)

    def _read(self, listing: Iterable[Page], listed: "Listed") -> Iterator[Page]:
        def rows() -> Iterator[tuple[Any, bool]]:
            for page in listing:
                for row in page.records:
                    name, shows = self._identity(row), self._table.kept(row)
                    if not listed.shown.has(name, shows):
                        listed.shown.put(name, shows)
                        yield row, listed.read.has(name, shows)

        for number, (row, page) in enumerate(self._calls.map(self._one, rows())):
            name = text(row, self._key)
            listed.failures.pop(name, None)
            if page.failures:
                listed.failures[name] = page.failures[0]  # Unless it turns out to be deleted.
            elif name:
                listed.read.put(name, self._table.kept(row))
            yield replace(page, failures=(), position=listed.so_far if number % ROWS_A_POSITION == 0 else None)

    def _read_deleted(self, live: set[str]) -> Generator[Page, None, set[str] | None]:
        if self._deleted is None:
            return set()
        one = partial(_with_id, self._rows)
        # All that is live has been listed: that so many are new proves nothing more.
        return (yield from deleted(self._deleted, self._key, before=set(), live=live, landed=0, one=one))

    def _one(self, item: tuple[Any, bool]) -> tuple[Any, Page]:
        """What there is of a record that is listed; its row comes along."""
        row, unchanged = item
        name = text(row, self._key)
        if not name:
            return row, Page([row])
        if unchanged:
            return row, Page(unchanged=[name])
        try:
            return row, Page([{**row, **self._details(name)}])
        except (Unauthorized, ServiceDown):
            raise
        except SourceError as error:
            return row, Page(partial=[row], failures=[failed(error, name)])


class Listed:
    """What one reading of a listing has come to. `before` is what was known."""

    def __init__(self, before: Read) -> None:
        self._before = before
        self.read = Shown(before.read)
        """The rows whose details have been read, now or before."""
        self.shown = Shown()
        """The rows that came."""
        self.failures: dict[str, Failure] = {}
        """Why the details of some could not be read."""

    @property
    def so_far(self) -> Read:
        """The position on the way."""
        return replace(self._before, read=self.read.kept())

    def reached(self, gone: Collection[str] = (), *, doubted: bool = False) -> Page:
        """The last page, with what failed. `gone` are deleted; that there are such may be `doubted`."""
        failures = {name: failure for name, failure in self.failures.items() if name not in gone}
        for name in list(self.shown):
            if name not in self.read or name in failures or name in gone:
                self.shown.remove(name)
        failed = sorted([*failures, *([DELETED] if doubted else [])])
        return Page(
            failures=list(failures.values()),
            resolved=[name for name in self._before.failed if name not in failed],
            position=Read(self.shown.kept(), tuple(failed)),
        )


def _with_id(rows: Callable[..., Iterable[Page]], name: str) -> Iterable[Page]:
    return rows(id=name)
