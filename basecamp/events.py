"""What happened to records: optional, by record or as one feed of the whole account."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import models
from api import Basecamp
from walks import each_listing, joined

from shared.crawl import below
from shared.errors import SourceError
from shared.pages import Page
from shared.positions import Position
from shared.records import identity
from shared.streams import Feed, Task
from shared.workers import Workers

RECORDED = ("todo", "card", "message", "document", "upload", "schedule_entry", "todolist", "question_answer")


def events(basecamp: Basecamp, calls: Workers) -> Feed:
    """The history of each record that was read: a request for each of them."""

    def read(task: Task) -> Iterator[Page]:
        ids = (each for parent in RECORDED for each in task.parents[parent])
        return joined(each_listing(basecamp, calls, "recordings/{}/events.json", ids))

    return below(models.EVENT, RECORDED, read, opt_in=True)


@dataclass(frozen=True)
class Followed(Position):
    """How far the feed has been followed."""

    position: str
    """As the server names it; empty at the beginning."""
    last: str
    """The id of the last event seen."""


def feed_events(basecamp: Basecamp) -> Feed:
    """The account's event feed: oldest first, so every page can be resumed from (basecamp.md 8).

    A position that the server no longer takes is replaced by the last event seen.
    """

    def read(task: Task) -> Iterator[Page]:
        begun = task.position or Followed("", "0")
        last = begun.last
        starts = [{"position": begun.position}] if begun.position else []
        for start in [*starts, {"since": begun.last}]:
            try:
                for page in basecamp.feed(start):
                    last = max([last, *filter(str.isdigit, map(identity, page.records))], key=int)
                    yield replace(page, position=Followed(page.position, last))
                return
            except SourceError as error:
                if "position" not in start or error.status not in (400, 409, 410):
                    raise

    return Feed(
        table=models.FEED_EVENT, everything=read, changes=read, position=Followed.restored, opt_in=True, appends=True
    )
