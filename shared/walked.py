"""A feed of records that are walked by their ids, inside of those that changed since a day.

What changes while it is read keeps its id, so nothing slips past. Which parameters the source has for that it is asked,
and it is tried whether they work: a source that ignores what it does not know answers everything, or nothing.

The first reading and complete passes go through ranges of ids side by side. Where a brief query shows which records
there are, complete passes are brief most of the time: that is enough to find what is gone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any, Protocol

from shared.errors import BadPayload, TimedOut, Unavailable
from shared.pages import Failure, Page
from shared.positions import Moment, Position
from shared.records import identity, moment, number
from shared.run import Run
from shared.streams import Feed, Task
from shared.tables import Table
from shared.tally import has_come
from shared.walks import LARGEST_PAGE, Gap, Span, by_sized_id, in_ranges, split

OVERLAP = timedelta(days=2)
"""What changed on the last day is read again, whatever the time zone of the source's days, and what changed while all
was read is not missed."""
RANGES = 8
WHOLE_READING_DAYS = 30
"""So often complete passes read whole records, where others are brief."""


@dataclass(frozen=True)
class Parameters(Position):
    """What the source calls the parameters by which it is asked."""

    id: str
    changed: str = ""
    """Empty where there is none that works: then all records are read to see what changed."""


@dataclass(frozen=True)
class Question:
    """Records of a span, by their id, of those that changed on a day or later."""

    by: Parameters
    span: Span = Span()
    since: date | None = None
    brief: bool = False


class Walkable(Protocol):
    """What can be walked."""

    def parameters(self, today: date) -> tuple[Parameters, int]:
        """The parameters that work, and about the highest id there is. `today` is no more than a rough idea."""

    def page(self, question: Question, above: int, size: int) -> Page:
        """The first so many records above an id. What fails is not asked for again: less is."""

    def behind(self, question: Question, above: int) -> Gap | None:
        """How to go on behind the first record above an id, which cannot be read."""


@dataclass(frozen=True)
class Walked(Position):
    """How far changes have been read, and how to ask for them."""

    since: Moment
    """The day of the last change that was read (UTC); empty where there was none."""
    by: Parameters
    read: Moment
    """The day when whole records were last read, all of them."""


@dataclass(frozen=True)
class Walking(Walked):
    """While everything is read: also what is left of it."""

    left: tuple[Span, ...] = ()


class Walk:
    """Reads one table. A complete pass may be `brief`, and is due each day where something moves without a change time
    (`daily`). `changed_at` is the path to that of a record."""

    def __init__(
        self, run: Run, table: Table, source: Walkable, *, changed_at: str, brief: bool = False, daily: bool = False
    ) -> None:
        self._workers = run.calls
        self._clock = run.clock
        self._table = table
        self._source = source
        self._before: Walked | None = run.position(table.name, Walked.restored)
        self._changed_at = changed_at
        self._brief = brief
        self._daily = daily
        self._since = self._before.since if self._before else ""

    def feed(self) -> Feed:
        """The stream."""
        return Feed(
            table=self._table,
            everything=self.everything,
            changes=self.changes,
            again=self.again,
            position=Walked.restored,
            backfill=Walking.restored,
            changed_at=self._changed_at,
            keep=identity,
            hides=True,
            overdue=(lambda task: task.position.read != self._today.isoformat()) if self._daily else None,
        )

    def everything(self, task: Task) -> Iterator[Page]:
        """All records; once they have landed, those that are there."""
        if task.position is not None:
            # What was read before may have changed since: the days of what comes now say nothing of it.
            yield from self._rest(task.position, task, grows=False)
            return
        by, highest = self._source.parameters(self._today)
        brief = self._is_enough_brief(task)
        read = self._before.read if brief and self._before else self._today.isoformat()
        question, above, start = Question(by, brief=brief), 0, Walking("", by, read)
        for page in self._walk(question):
            is_much = page.total is None or page.total - len(page.records) > LARGEST_PAGE
            rest = split(Span(page.position), max(page.position, highest), RANGES if is_much else 1)
            start = replace(start, left=() if page.last else rest)
            for each in self._seen(question, above, page, task):
                self._note(each)
                start = replace(start, since=self._since)
                yield replace(each, position=start)
            above = page.position
            if is_much:
                break
        yield from self._rest(start, task, brief=brief)

    def changes(self, task: Task) -> Iterator[Page]:
        """What changed since the last change that was read; everything where the source cannot tell."""
        position = task.position
        self._since = position.since
        if position.by.changed:
            since = date.fromisoformat(position.since) - OVERLAP if position.since else None
            pages = self._pages(Question(position.by, since=since), task)
        else:
            pages = self._rest(replace(ALL, by=position.by), task)
        for page in pages:
            self._note(page)
            yield replace(page, position=None)
        read = position.read if position.by.changed else self._today.isoformat()
        yield Page(position=replace(position, since=self._since, read=read))

    def again(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        """Records that failed alone."""
        by = self._before.by if self._before else self._source.parameters(self._today)[0]
        for id in (int(key["id"]) for key in keys):
            try:
                page = self._source.page(Question(by, Span(id - 1, id)), id - 1, 1)
                yield replace(page, resolved=() if page.records else (str(id),))
            except (TimedOut, Unavailable, BadPayload) as error:
                yield Page(failures=(Failure(error, str(id), {"id": id}),))

    def _rest(self, start: Walking, task: Task, *, brief: bool = False, grows: bool = True) -> Iterator[Page]:
        def pages(span: Span) -> Iterator[Page]:
            return self._pages(Question(start.by, span, brief=brief), task)

        for page in in_ranges(self._workers, pages, start.left):
            self._note(page)
            start = replace(start, left=page.position, since=self._since if grows else start.since)
            yield replace(page, position=start)
        yield Page(position=Walked(start.since, start.by, start.read), whole=True, done=True)

    def _pages(self, question: Question, task: Task) -> Iterator[Page]:
        above = question.span.above
        for page in self._walk(question):
            yield from self._seen(question, above, page, task)
            above = page.position

    def _seen(self, question: Question, above: int, page: Page, task: Task) -> Iterator[Page]:
        """A page of records above an id; those of a brief one are there, and are read where they have not landed."""
        if not question.brief:
            yield page
            return
        there = [identity(each) for each in page.records]
        yield replace(page, records=(), unchanged=there)
        if not all(map(task.has, there)):
            yield from self._walk(replace(question, span=Span(above, page.position), brief=False))

    def _walk(self, question: Question) -> Iterator[Page]:
        return by_sized_id(
            partial(self._source.page, question), number_of, partial(self._source.behind, question), question.span
        )

    def _note(self, page: Page) -> None:
        """Take note of the last day on which something on this page changed."""
        times = (moment(each, self._changed_at, zone=timezone.utc) for each in page.records)
        self._since = max([self._since, *(time.date().isoformat() for time in times if time and has_come(time))])

    def _is_enough_brief(self, task: Task) -> bool:
        if not self._brief or self._before is None or not task.landed or task.waits:
            return False
        days = (self._today - date.fromisoformat(self._before.read)).days
        return 0 <= days < WHOLE_READING_DAYS

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), timezone.utc).date()


ALL = Walking("", Parameters(""), "", (Span(),))


def number_of(record: Any) -> int | None:
    """The id of a record."""
    return number(record, "id")
