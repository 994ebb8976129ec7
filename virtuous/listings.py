"""Listings below records, and those whose records are made of something else. None of them has change times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api import Virtuous

from shared.clock import DAY_SECONDS
from shared.crawl import below, crawl
from shared.http import filled
from shared.kinds import below_all, calm_listing
from shared.pages import Page
from shared.pagination import until_calm
from shared.records import identity
from shared.streams import Feed, Snapshot
from shared.tables import SEPARATOR, Table
from shared.workers import Workers


@dataclass(frozen=True)
class Below:
    """A listing below each record of the stream `parent`."""

    table: Table
    parent: str
    path: str
    adds: str = ""
    """The name under which each record is given the id of the one that it is below; empty where it has it anyway."""
    key: str = "id"
    """What tells its records apart."""

    def read(self, virtuous: Virtuous, parent: str) -> Iterator[Page]:
        """What is below one record."""
        path, known = filled(self.path, *parent.split(SEPARATOR)), {self.adds: parent} if self.adds else {}
        return until_calm(lambda: _adding(virtuous.listed(path), known), partial(identity, path=self.key))

    def daily(self, virtuous: Virtuous, calls: Workers) -> Snapshot:
        """All of it, once a day."""
        names = [name for name in (self.adds, self.key) if name]
        return replace(
            below_all(calls, self.table, self.parent, partial(self.read, virtuous)),
            keep=lambda record: SEPARATOR.join(str(record[name]) for name in names),
        )

    def each_time(self, virtuous: Virtuous, calls: Workers) -> Feed:
        """Whenever the record above is read: a request for each."""
        return below(
            self.table,
            (self.parent,),
            lambda task: crawl(
                calls, ((each, each) for each in task.parents[self.parent]), partial(self.read, virtuous)
            ),
            opt_in=True,
            follows=True,
        )


def names(table: Table, virtuous: Virtuous, path: str) -> Snapshot:
    """A reference list: of objects, or of bare texts, which are names."""
    return calm_listing(table, lambda: map(_named, virtuous.listed(path)), table.key[0])


def definitions(table: Table, virtuous: Virtuous, calls: Workers, paths: Sequence[str]) -> Snapshot:
    """The custom fields of each kind of record, which is called as in its address."""

    def read(path: str) -> Iterator[Page]:
        known = {"entity": path.rpartition("/")[2]}
        return until_calm(
            lambda: _adding(virtuous.listed(f"{path}/CustomFields"), known), partial(identity, path="name")
        )

    return Snapshot(
        table=table,
        every_seconds=DAY_SECONDS,
        everything=lambda task: crawl(calls, ((path, path) for path in paths), read),
    )


def _adding(pages: Iterable[Page], known: dict[str, Any]) -> Iterator[Page]:
    """With what is known of each record, where it does not say it itself."""
    for page in pages:
        yield replace(page, records=[{**known, **each} if isinstance(each, dict) else each for each in page.records])


def _named(page: Page) -> Page:
    return replace(page, records=[{"name": each} if isinstance(each, str) else each for each in page.records])
