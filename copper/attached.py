"""Optional streams: what hangs on records, by a request for each of those that were read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import models
from api import SEARCHES, Copper

from shared.crawl import below, crawl
from shared.errors import NotFound
from shared.http import path
from shared.pages import Page
from shared.records import adding, identity, value, without
from shared.streams import Feed, Task
from shared.tables import SEPARATOR
from shared.workers import Workers

HAVE_FILES = ("person", "company", "lead", "opportunity", "project")
SOURCE_TYPES = {
    "person": "people",
    "company": "organization",
    "lead": "lead",
    "opportunity": "opportunity",
    "project": "project",
}
"""What related links call each kind of record."""


def each_record(task: Task, kinds: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The records that were read in this sync, each as partition, and as kind and id."""
    return ((f"{kind} {number}", (kind, number)) for kind in kinds for number in task.parents[kind])


def under(copper: Copper, record: tuple[str, str], thing: str) -> Page:
    """A listing below one record. A converted lead is listed, but not found by itself (copper.md 13.4)."""
    kind, number = record
    try:
        return copper.listing(f"{SEARCHES[kind]}/{path(number)}/{thing}")
    except NotFound:
        if kind != "lead":
            raise
        return Page()


def related_items(copper: Copper, calls: Workers) -> Feed:
    """Which records belong together, from either side."""

    def read(record: tuple[str, str]) -> Iterator[Page]:
        kind, number = record
        found = [
            adding(each, from_type=kind, from_id=number, to_type=value(each, "type"), to_id=value(each, "id"))
            for each in under(copper, record, "related").records
        ]
        yield Page([without(each, "type", "id") for each in found], whole=True)

    return below(
        models.RELATED_ITEM, tuple(SEARCHES), lambda task: crawl(calls, each_record(task, SEARCHES), read), opt_in=True
    )


def related_links(copper: Copper, calls: Workers) -> Feed:
    """What the custom fields of type Connect point to: a request for each such field of each record."""

    def connections(task: Task) -> Iterator[tuple[str, tuple[str, str, str]]]:
        for definition in task.parents["custom_field_definition"]:
            if definition.get("data_type") == "Connect":
                number = str(definition["id"])
                kinds = [kind for kind in SOURCE_TYPES if kind in (definition.get("available_on") or ())]
                for name, (kind, record) in each_record(task, kinds):
                    yield f"{number} {name}", (number, SOURCE_TYPES[kind], record)

    def read(connection: tuple[str, str, str]) -> Iterator[Page]:
        definition, kind, record = connection
        found = copper.listing(
            "related_links", custom_field_definition_id=definition, source_type=kind, source_id=record
        )
        yield replace(found, whole=True)

    parents = ("custom_field_definition", *SOURCE_TYPES)
    return below(models.RELATED_LINK, parents, lambda task: crawl(calls, connections(task), read), opt_in=True)


def files(copper: Copper, calls: Workers) -> Feed:
    """What is attached to records: names, types and sizes."""

    def read(record: tuple[str, str]) -> Iterator[Page]:
        kind, number = record
        found = under(copper, record, "files").records
        yield Page(
            [adding(each, entity_type=kind, entity_id=number) for each in found if not models.is_stub(each)],
            deleted=[SEPARATOR.join((kind, number, identity(each))) for each in found if models.is_stub(each)],
            whole=True,
        )

    return below(models.FILE, HAVE_FILES, lambda task: crawl(calls, each_record(task, HAVE_FILES), read), opt_in=True)
