"""Listings whose rows show that a record has changed, and the details of each that has."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from listings import deleted, failed, until_calm
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
        return Feed(table=self._table, everything=self._read, changes=self._read, position=Read.restored, hides=True)

    def _read(self, task: Task) -> Iterator[Page]:
        position: Read = task.position or Read({}, ())
        read, shown = Shown(position.read), Shown()
        failures = dict[str, Failure]()
        listing = until_calm(self._rows, self._key)

        def rows() -> Iterator[tuple[Any, bool]]:
            for page in listing:
                for row in page.records:
                    name, shows = self._identity(row), self._table.kept(row)
                    if not shown.has(name, shows):
                        shown.put(name, shows)
                        yield row, read.has(name, shows)

        for number, (row, page) in enumerate(self._calls.map(self._one, rows())):
            name = text(row, self._key)
            failures.pop(name, None)
            if page.failures:
                failures[name] = page.failures[0]  # Unless it turns out to be deleted.
            elif name:
                read.put(name, self._table.kept(row))
            so_far = replace(position, read=read.kept()) if number % ROWS_A_POSITION == 0 else None
            yield replace(page, failures=(), position=so_far)
        gone = yield from self._read_deleted(set(shown))
        failures = {name: failure for name, failure in failures.items() if name not in gone}
        for name in list(shown):
            if name not in read or name in failures or name in gone:
                shown.remove(name)
        yield Page(
            failures=list(failures.values()),
            resolved=[name for name in position.failed if name not in failures],
            position=Read(shown.kept(), tuple(sorted(failures))),
            whole=listing.calm,
            done=True,
        )

    def _read_deleted(self, live: set[str]) -> Generator[Page, None, set[str]]:
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


def _with_id(rows: Callable[..., Iterable[Page]], name: str) -> Iterable[Page]:
    return rows(id=name)
