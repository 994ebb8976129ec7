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

from shared.pages import Failure, Page
from shared.positions import Moment, Position
from shared.records import identity, moment, number
from shared.run import Run
from shared.streams import Feed, Task
from shared.tables import Table
from shared.tally import has_come
from shared.walks import LARGEST_PAGE, TOO_MUCH, Gap, Span, by_sized_id, in_ranges, split

OVERLAP = timedelta(days=2)
"""What changed on the last day is read again, whatever the time zone of the source's days, and what changed while all
was read is not missed."""
RANGES = 8
MOST_WALKED_AROUND = 20
"""Each costs a request, whether it is among what is asked for or not; to look for it again costs 13 where it is."""
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
        self._parameters: tuple[Parameters, int] | None = None
        """Those of this sync, once they have been asked for."""
        self._failing: set[int] = set()
        """Records that have failed by themselves in this sync: they are not looked for once more."""

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
        by, highest = self._ask_for_parameters()
        brief = self._is_enough_brief(task)
        read = self._before.read if brief and self._before else self._today.isoformat()
        question, above, size, start = Question(by, brief=brief), 0, LARGEST_PAGE, Walking("", by, read)
        for page in self._walk(question):
            is_much = page.total is None or page.total - len(page.records) > LARGEST_PAGE
            # While a record that fails is looked for, pages become smaller, from the largest one on.
            size = LARGEST_PAGE if page.failures else size
            is_searching, size = len(page.records) < size, len(page.records)
            rest = split(Span(page.position), max(page.position, highest), RANGES if is_much else 1)
            start = replace(start, left=() if page.last else rest)
            for each in self._seen(question, above, page, task):
                self._note(each)
                start = replace(start, since=self._since)
                yield replace(each, position=start)
            above = page.position
            if is_much and not is_searching:
                break
        yield from self._rest(start, task, brief=brief)

    def changes(self, task: Task) -> Iterator[Page]:
        """What changed since the last change that was read; everything where the source cannot tell."""
        position = task.position
        # A name that is no longer known would keep complete passes away, too.
        by = self._ask_for_parameters()[0] if task.complete else position.by
        self._since = position.since
        if by.changed:
            day = date.fromisoformat(position.since) if position.since else date.min
            pages = self._pages(Question(by, since=day - OVERLAP if day - date.min > OVERLAP else None), task)
        else:
            pages = self._rest(replace(ALL, by=by), task)
        for page in pages:
            self._note(page)
            yield replace(page, position=None)
        read = position.read if by.changed else self._today.isoformat()
        yield Page(position=Walked(self._since, by, read))

    def again(self, keys: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
        """Records that failed alone."""
        by = self._before.by if self._before else self._ask_for_parameters()[0]
        for id in (int(key["id"]) for key in keys):
            try:
                page = self._source.page(Question(by, Span(id - 1, id)), id - 1, 1)
                yield replace(page, resolved=() if page.records else (str(id),))
            except TOO_MUCH as error:
                self._failing.add(id)
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
        yield replace(page, records=(), unchanged=[identity(each) for each in page.records])
        if not all(task.has(identity(each)) or number_of(each) in self._failing for each in page.records):
            yield from self._walk(replace(question, span=Span(above, page.position), brief=False))

    def _walk(self, question: Question) -> Iterator[Page]:
        """The pages of a span, from one record to the next of those that are known to fail, where they are few."""
        above, up_to = question.span.above, question.span.up_to
        known = self._failing if len(self._failing) <= MOST_WALKED_AROUND else ()
        for failing in sorted(id for id in known if id > above and (up_to is None or id <= up_to)):
            if failing > above + 1:
                for page in self._walk_through(replace(question, span=Span(above, failing - 1))):
                    yield replace(page, last=False, total=None)
            above = failing
        yield from self._walk_through(replace(question, span=Span(above, up_to)))

    def _walk_through(self, question: Question) -> Iterator[Page]:
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

    def _ask_for_parameters(self) -> tuple[Parameters, int]:
        if self._parameters is None:
            self._parameters = self._source.parameters(self._today)
        return self._parameters

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now(), timezone.utc).date()


ALL = Walking("", Parameters(""), "", (Span(),))


def number_of(record: Any) -> int | None:
    """The id of a record."""
    return number(record, "id")
