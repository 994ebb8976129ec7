"""The streams of Basecamp: which table, which listing, which position (basecamp.md 7-11).

Recordings are read account-wide, newest change first, one listing for each type and status. Whatever has
no recordings type is read project by project. A trashed record is a deleted one here; an archived one stays.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from hashlib import blake2b
from typing import Any

import models
from api import Basecamp, Record
from settings import CONFIGURATION, NO_ACCOUNT, NO_PROJECT, connect

from shared.clock import Clock
from shared.crawl import PartedFeed, below, crawl
from shared.errors import Forbidden, NotFound, ServiceDown, SourceError, Unauthorized
from shared.pagination import MOST_READINGS, Part, Tide, UntilCalm, newest_first
from shared.run import Run, runner
from shared.streams import Failure, Feed, Page, Snapshot, Stream, Task
from shared.tables import Table
from shared.workers import Workers

OVERLAP = timedelta(minutes=10)
"""How far below the newest change known the next sync reads again."""
HOUR_SECONDS = 3_600.0
DAY_SECONDS = 24 * HOUR_SECONDS
TIMESHEET_LOOK_BACK = timedelta(days=31)
TIMESHEET_LOOK_AHEAD = timedelta(days=31)
BUCKETS_AT_ONCE = 50
"""Project ids in one address."""
EVERY_ACTIVE: Sequence[str | None] = (None,)
"""A listing that names no projects."""
LAST = "9999"
"""Later than every time."""
GONE = ("trashed", "deleted")
KEPT_STATUSES = ("active", "archived")
STATUSES = (*KEPT_STATUSES, "trashed")
"""In this order a record that moves on while we read is met where it arrives (basecamp.md 10)."""


def build(run: Run) -> list[Stream]:
    """The streams of one account. A token that rotates is saved with everything that has landed by then."""
    connection = connect(
        run.values, run.state, clock=run.clock, desk=run.desk, secrets=run.secrets, session=run.session
    )
    connection.tokens.persist = run.checkpoint
    return streams(connection.basecamp, run.calls, run.clock)


run = runner(CONFIGURATION, build)


def streams(basecamp: Basecamp, calls: Workers, clock: Clock) -> list[Stream]:
    """All streams, parents before their children."""
    return [
        Snapshot(table=models.PROJECT, everything=lambda task: projects(basecamp), keep=Project.of),
        *(
            recordings(basecamp, table, kind)
            for table, kind in (
                (models.TODO, "Todo"),
                (models.COMMENT, "Comment"),
                (models.MESSAGE, "Message"),
                (models.CARD, "Kanban::Card"),
                (models.STEP, "Kanban::Step"),
                (models.TODOLIST, "Todolist"),
                (models.DOCUMENT, "Document"),
                (models.UPLOAD, "Upload"),
                (models.SCHEDULE_ENTRY, "Schedule::Entry"),
                (models.QUESTION_ANSWER, "Question::Answer"),
                (models.DOOR, "Door"),
            )
        ),
        recordings(
            basecamp,
            models.VAULT,
            "Vault",
            also=lambda projects: tools(basecamp, calls, "vault", "vaults", Task(None, {"project": projects})),
        ),
        per_parent(basecamp, calls, models.CAMPFIRE_LINE, chats, sort="created_at"),
        Snapshot(
            table=models.PERSON,
            every_seconds=HOUR_SECONDS,
            everything=lambda task: whole(lambda: basecamp.listing("people.json")),
        ),
        per_project(basecamp, calls, models.PROJECT_PERSON, "projects/{}/people.json", adding="project_id"),
        per_project(basecamp, calls, models.MESSAGE_TYPE, "buckets/{}/categories.json", adding="bucket_id"),
        per_project(basecamp, calls, models.WEBHOOK, "buckets/{}/webhooks.json", adding="bucket_id"),
        *(
            Snapshot(
                table=table,
                every_seconds=DAY_SECONDS,
                parents=("project",),
                keep=keep,
                everything=partial(tools, basecamp, calls, tool, path),
            )
            for table, tool, path, keep in (
                (models.TODOSET, "todoset", "todosets", None),
                (models.MESSAGE_BOARD, "message_board", "message_boards", None),
                (models.SCHEDULE, "schedule", "schedules", None),
                (models.QUESTIONNAIRE, "questionnaire", "questionnaires", None),
                (models.INBOX, "inbox", "inboxes", None),
                (models.CAMPFIRE, "chat", "chats", None),
                (models.CARD_TABLE, "kanban_board", "card_tables", dict),
            )
        ),
        Snapshot(
            table=models.QUESTION,
            every_seconds=DAY_SECONDS,
            parents=("project",),
            everything=lambda task: crawl(
                calls,
                docked(task, "questionnaire"),
                lambda tool: whole(lambda: basecamp.listing(f"questionnaires/{tool}/questions.json")),
            ),
        ),
        inside_card_tables(models.CARD_TABLE_COLUMN, "lists"),
        inside_card_tables(models.CARD_TABLE_WORMHOLE, "wormholes"),
        Snapshot(
            table=models.HILL_CHART,
            every_seconds=DAY_SECONDS,
            parents=("project",),
            everything=lambda task: crawl(
                calls,
                docked(task, "todoset"),
                lambda tool: single(lambda: {"todoset_id": tool, **basecamp.one(f"todosets/{tool}/hill.json")}),
            ),
        ),
        per_parent(basecamp, calls, models.FORWARD, inboxes, sort="updated_at", keep=Replied.of),
        per_parent(
            basecamp,
            calls,
            models.CLIENT_APPROVAL,
            clientsides("approvals"),
            sort="updated_at",
            keep=Replied.of,
            detail="client/approvals/{}.json",
        ),
        per_parent(
            basecamp,
            calls,
            models.CLIENT_CORRESPONDENCE,
            clientsides("correspondences"),
            sort="updated_at",
            keep=Replied.of,
        ),
        replies(basecamp, calls, models.FORWARD_REPLY, "inbox_forwards/{id}/replies.json", ("forward",)),
        replies(
            basecamp,
            calls,
            models.CLIENT_REPLY,
            "buckets/{bucket}/client/recordings/{id}/replies.json",
            ("client_approval", "client_correspondence"),
        ),
        timesheets(basecamp, calls, clock),
        Snapshot(
            table=models.GAUGE,
            every_seconds=DAY_SECONDS,
            keep=lambda record: str(record["bucket"]["id"]),
            everything=lambda task: whole(lambda: basecamp.listing("reports/gauges.json")),
        ),
        Snapshot(
            table=models.GAUGE_NEEDLE,
            every_seconds=DAY_SECONDS,
            parents=("gauge",),
            everything=lambda task: crawl(
                calls,
                ((project, project) for project in task.parents["gauge"]),
                lambda project: whole(lambda: basecamp.listing(f"projects/{project}/gauge/needles.json")),
            ),
        ),
        Snapshot(
            table=models.TEMPLATE,
            every_seconds=DAY_SECONDS,
            everything=lambda task: by_status(basecamp, "templates.json"),
        ),
        Snapshot(
            table=models.LINEUP_MARKER,
            every_seconds=DAY_SECONDS,
            everything=lambda task: whole(lambda: basecamp.listing("lineup/markers.json")),
        ),
        Snapshot(
            table=models.ACCOUNT,
            every_seconds=DAY_SECONDS,
            everything=lambda task: single(lambda: basecamp.one("account.json")),
        ),
        events(basecamp, calls),
        feed_events(basecamp),
    ]


# What other streams need of a record.


@dataclass(frozen=True)
class Tool:
    """One entry of a project's dock."""

    id: str
    name: str
    enabled: bool


@dataclass(frozen=True)
class Project:
    """What the streams below a project need of it."""

    id: str
    status: str
    created_at: str
    has_clientside: bool
    tools: tuple[Tool, ...]

    @classmethod
    def of(cls, record: Record) -> "Project":
        dock = record.get("dock")
        return cls(
            id=str(record["id"]),
            status=str(record.get("status")),
            created_at=created.isoformat() if (created := moment(record, "created_at")) else "",
            has_clientside=bool(record.get("clientside") or record.get("clients_enabled")),
            tools=tuple(
                Tool(str(tool.get("id")), str(tool.get("name")), tool.get("enabled") is not False)
                for tool in dock
                if isinstance(tool, Mapping)
            )
            if isinstance(dock, list)
            else (),
        )


@dataclass(frozen=True)
class Parent:
    """A listing below one project. `quiet`: nothing new is expected in it."""

    id: str
    path: str
    quiet: bool = False


@dataclass(frozen=True)
class Replied:
    """A record that may have replies."""

    id: str
    bucket: str
    replies: int

    @classmethod
    def of(cls, record: Record) -> "Replied":
        bucket = record.get("bucket")
        count = record.get("replies_count")
        return cls(
            str(record["id"]),
            str(bucket.get("id")) if isinstance(bucket, Mapping) else "",
            count if isinstance(count, int) else 1,
        )


def docked(task: Task, name: str) -> Iterator[tuple[str, str]]:
    """The tools of one kind, each as partition and id.

    A project may have several, and hidden ones still hold what was in them.
    """
    return ((tool.id, tool.id) for project in task.parents["project"] for tool in project.tools if tool.name == name)


def each_project(task: Task) -> Iterator[tuple[str, str]]:
    """All projects, each as partition and id."""
    return ((project.id, project.id) for project in task.parents["project"])


def chats(task: Task) -> list[Parent]:
    return [
        Parent(tool.id, f"chats/{tool.id}/lines.json", quiet=not tool.enabled or project.status != "active")
        for project in task.parents["project"]
        for tool in project.tools
        if tool.name == "chat"
    ]


def inboxes(task: Task) -> list[Parent]:
    return [
        Parent(tool.id, f"inboxes/{tool.id}/inbox_forwards.json", quiet=not tool.enabled or project.status != "active")
        for project in task.parents["project"]
        for tool in project.tools
        if tool.name == "inbox"
    ]


def clientsides(thing: str) -> Callable[[Task], list[Parent]]:
    return lambda task: [
        Parent(
            project.id,
            f"buckets/{project.id}/client/{thing}.json",
            quiet=not project.has_clientside or project.status != "active",
        )
        for project in task.parents["project"]
    ]


# Listings without change times.


def identity(record: Any) -> str:
    """Tells records apart while a listing is read, malformed ones too."""
    named = isinstance(record, Mapping) and record.get("id") is not None
    return str(record["id"]) if named else repr(record)


def whole(walk: Callable[[], Iterable[Part]], **adding: str) -> Iterator[Page]:
    """A complete listing; each record gets what is known only from the address."""
    listing = UntilCalm(walk, identity)
    for part in listing:
        yield Page([{**record, **adding} if isinstance(record, Mapping) else record for record in part.records])
    yield Page(whole=listing.calm)


def single(read: Callable[[], Record]) -> Iterator[Page]:
    """One object that is a listing of its own."""
    yield Page([read()], whole=True)


def split(records: Sequence[Any]) -> Page:
    """Records by what their status says: landed, or gone."""
    kept: list[Any] = []
    gone: list[Any] = []
    for record in records:
        is_gone = isinstance(record, Mapping) and record.get("status") in GONE and record.get("id")
        (gone if is_gone else kept).append(record)
    return Page(kept, deleted=[str(record["id"]) for record in gone])


def by_status(basecamp: Basecamp, path: str) -> Iterator[Page]:
    """A listing that answers one status at a time; the active ones without being asked."""
    calm, active = True, None
    for status in (None, "archived", "trashed"):
        listing = UntilCalm(partial(basecamp.listing, path, status=status), identity)
        for part in listing:
            active = part.total if status is None else active
            yield split(part.records)
        calm = calm and listing.calm
    # What was restored between the listings is in none of those above.
    again = next(basecamp.listing(path))
    yield split(again.records)
    yield Page(whole=calm and (again.total or 0) <= (active or 0))


def projects(basecamp: Basecamp) -> Iterator[Page]:
    """All projects. Without them there is nothing to read, so a refusal is one of the whole account.

    That there is none at all, not even in the trash, proves nothing: access that was withdrawn looks the same.
    """
    found = False
    try:
        for page in by_status(basecamp, "projects.json"):
            found = found or bool(page.records or page.deleted)
            yield page if found else Page()
    except NotFound as error:
        raise Unauthorized(NO_ACCOUNT, method=error.method, url=error.url, status=error.status) from error
    if not found:
        raise Forbidden(NO_PROJECT)


def tools(basecamp: Basecamp, calls: Workers, name: str, path: str, task: Task) -> Iterator[Page]:
    """The tools of one kind, one request each."""
    return crawl(calls, docked(task, name), lambda tool: single(lambda: basecamp.one(f"{path}/{tool}.json")))


def per_project(basecamp: Basecamp, calls: Workers, table: Table, path: str, adding: str) -> Snapshot:
    """A listing below each project."""

    def read(project: str) -> Iterator[Page]:
        return whole(lambda: basecamp.listing(path.format(project)), **{adding: project})

    return Snapshot(
        table=table,
        every_seconds=DAY_SECONDS,
        parents=("project",),
        everything=lambda task: crawl(calls, each_project(task), read),
    )


def inside_card_tables(table: Table, key: str) -> Snapshot:
    """What comes with each card table: no request of its own."""

    def everything(task: Task) -> Iterator[Page]:
        for board in task.parents["card_table"]:
            inside = board.get(key) or []
            yield Page(
                [{**each, "card_table_id": board["id"]} if isinstance(each, Mapping) else each for each in inside],
                partition=str(board["id"]),
                whole=True,
            )

    return Snapshot(table=table, every_seconds=DAY_SECONDS, parents=("card_table",), everything=everything)


# Listings of changes.


def moment(record: Any, key: str) -> datetime | None:
    """When a record was created or changed; `None` where it does not say."""
    value = record.get(key) if isinstance(record, Mapping) else None
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return parsed.astimezone(timezone.utc) if parsed is not None and parsed.tzinfo else None


def moments(records: Iterable[Any], key: str) -> list[datetime]:
    """Those of several records, in their order."""
    return [found for record in records if (found := moment(record, key)) is not None]


def from_newest(parts: Iterable[Part], key: str) -> Iterator[tuple[list[Any], str]]:
    """The same for a listing that is read whole."""
    reached = None
    for part in parts:
        if reached is None:
            reached = max((each.isoformat() for each in moments(part.records, key)), default="")
        yield list(part.records), reached


def changed_since(walk: Callable[[], Iterator[Part]], key: str, newest: str) -> Iterator[tuple[list[Any], str]]:
    """Yield the records of a listing, newest change first, down to a little below `newest` ("" for all).

    With each page comes the newest change of the first one: the position once the listing has been read.
    More than one page is read twice, because a record that leaves an earlier page meanwhile takes the first
    one of a later page out of sight.
    """
    since = datetime.fromisoformat(newest) - OVERLAP if newest else datetime.min.replace(tzinfo=timezone.utc)
    reached = newest
    for reading in range(2):
        pages = 0
        for part in newest_first(walk(), changes=lambda part: moments(part.records, key), since=since):
            pages += 1
            if reading == 0 and pages == 1:
                reached = max([newest, *(each.isoformat() for each in moments(part.records, key))])
            yield [each for each in part.records if (moment(each, key) or since) >= since], reached
        if pages <= 1:
            return


def per_parent(
    basecamp: Basecamp,
    calls: Workers,
    table: Table,
    parents: Callable[[Task], list[Parent]],
    *,
    sort: str,
    keep: Callable[[Record], Any] | None = None,
    detail: str | None = None,
) -> Feed:
    """Listings below a project, newest first. `detail` is the address of what only a single record shows."""

    def detailed(records: Sequence[Any]) -> Page:
        if detail is None:
            return Page(records)
        found, failures = [], []
        for record in records:
            try:
                named = isinstance(record, Mapping) and record.get("id")
                found.append(basecamp.one(detail.format(record["id"])) if named else record)
            except (Unauthorized, ServiceDown):
                raise
            except SourceError as error:
                failures.append(Failure(error, str(record["id"]), retry_key={"id": str(record["id"])}))
        return Page(found, failures=failures)

    def read(parent: Parent, position: Any) -> Iterator[Page]:
        before = position or {"newest": "", "recent": {}}
        recent = dict(before["recent"])
        newest = before["newest"]

        def walk() -> Iterator[Part]:
            return basecamp.listing(parent.path, sort=sort, direction="desc")

        listing = UntilCalm(walk, identity)
        pages = changed_since(walk, sort, newest) if position else from_newest(listing, sort)
        for records, reached in pages:
            newest = reached
            # With the same change time it is the same record: neither its detail nor its replies are asked for again.
            fresh = [
                each
                for each in records
                if sort != "updated_at" or not moment(each, sort) or recent.get(identity(each)) != each[sort]
            ]
            yield detailed(fresh)
            recent |= {identity(each): each[sort] for each in fresh if sort == "updated_at" and moment(each, sort)}
        end = datetime.fromisoformat(newest) - OVERLAP if newest else None
        recent = {each: time for each, time in recent.items() if end and datetime.fromisoformat(time) >= end}
        yield Page(position={"newest": newest, "recent": recent}, whole=position is None and listing.calm)

    feed = PartedFeed(
        calls,
        parents,
        partition=lambda parent: parent.id,
        read=read,
        quiet=lambda parent, position: parent.quiet and not position["newest"],
    )
    return Feed(
        table=table,
        parents=("project",),
        keep=keep,
        changed_at=sort,
        everything=feed.everything,
        changes=feed.changes,
        again=(lambda keys: iter([detailed(keys)])) if detail else None,
    )


def replies(basecamp: Basecamp, calls: Workers, table: Table, path: str, parents: tuple[str, ...]) -> Feed:
    """The replies to records, read whole whenever the record is."""

    def read(task: Task) -> Iterator[Page]:
        replied = ((each.id, each) for parent in parents for each in task.parents[parent] if each.replies)
        yield from crawl(
            calls, replied, lambda each: whole(lambda: basecamp.listing(path.format(id=each.id, bucket=each.bucket)))
        )

    return below(table, parents, read, follows=True, changed_at="updated_at")


def timesheets(basecamp: Basecamp, calls: Workers, clock: Clock) -> Feed:
    """Time entries: the account's report for a window around today, and complete ones per project.

    The report is one request, unpaged; entries that vanish, or lie outside of it, only a complete pass
    sees (basecamp.md 11.20).
    """

    def everything(task: Task) -> Iterator[Page]:
        yield from crawl(
            calls,
            each_project(task),
            lambda project: whole(lambda: basecamp.listing(f"projects/{project}/timesheet.json")),
        )
        position = {"window_days": TIMESHEET_LOOK_BACK.days, **scope(task, newest_project(task))}
        yield Page(position=position, partition="(all)", done=True)

    def changes(task: Task) -> Iterator[Page]:
        today = datetime.fromtimestamp(clock.now(), timezone.utc)
        window = {
            "start_date": (today - TIMESHEET_LOOK_BACK).date().isoformat(),
            "end_date": (today + TIMESHEET_LOOK_AHEAD).date().isoformat(),
        }
        for part in basecamp.listing("reports/timesheet.json", **window):
            for record in part.records:
                bucket = record.get("bucket") if isinstance(record, Mapping) else None
                yield Page([record], partition=str(bucket.get("id")) if isinstance(bucket, Mapping) else "")

    return Feed(
        table=models.TIMESHEET_ENTRY,
        parents=("project",),
        changed_at="updated_at",
        everything=everything,
        changes=changes,
        overdue=lambda task: task.sound and not knows_projects(task),
    )


# Recordings.


def recordings(
    basecamp: Basecamp,
    table: Table,
    kind: str,
    also: Callable[[Sequence[Project]], Iterator[Page]] = lambda projects: iter(()),
) -> Feed:
    """The recordings of one type, account-wide."""
    reader = Recordings(basecamp, kind, also)
    return Feed(
        table=table,
        parents=("project",),
        changed_at="updated_at",
        keep=lambda record: str(record["id"]),
        everything=reader.everything,
        changes=reader.changes,
        overdue=reader.overdue,
    )


@dataclass(frozen=True)
class Recordings:
    """How the recordings of one type are read.

    The position has the newest change seen for each status, and which projects there were: one that comes back,
    leaves or is archived moves everything in it without a signal.
    """

    basecamp: Basecamp
    kind: str
    also: Callable[[Sequence[Project]], Iterator[Page]]
    """Reads what belongs to this type, is in some projects, and in no listing of it."""

    def changes(self, task: Task) -> Iterator[Page]:
        """Newest change first, for each status down to where the last reading began."""
        position = dict(task.position)
        known = knows_projects(task)
        latest = Latest()
        # Where projects came or went everything is read, in archived ones too.
        groups = together(task) if known else EVERY_ACTIVE
        for status in STATUSES:
            since = position[status]
            try:
                position[status] = yield from self._changed(status, since, groups, latest)
            except NotFound:
                if groups == EVERY_ACTIVE:
                    raise
                groups = EVERY_ACTIVE  # Servers have refused archived projects here: complete passes say so.
                position[status] = yield from self._changed(status, since, groups, latest)
            yield Page(position=dict(position))
        if known:
            position |= scope(task, max(position[status] for status in STATUSES))
            yield from self._in_new_projects(task, position)

    def _changed(
        self, status: str, since: str, groups: Sequence[str | None], latest: "Latest"
    ) -> Generator[Page, None, str]:
        """Returns the newest change of the first listing: what changes in the others meanwhile is newer."""
        newest = []
        for buckets in groups:
            for records, reached in changed_since(partial(self._newest, status, buckets), "updated_at", since):
                yield split(latest.of(records))
                newest.append(reached)
        return newest[0]

    def _in_new_projects(self, task: Task, position: dict[str, Any]) -> Iterator[Page]:
        since = position.get("also_until", "")
        failed = False
        for page in self.also([project for project in task.parents["project"] if project.created_at > since]):
            failed = failed or bool(page.failures)
            yield Page(page.records, failures=page.failures)
        yield Page(position=position if failed else position | {"also_until": newest_project(task)})

    def overdue(self, task: Task) -> bool:
        """Whether the projects that the last reading knew are no longer the same."""
        return task.sound and not knows_projects(task)

    def everything(self, task: Task) -> Iterator[Page]:
        """Oldest first by creation, which never changes: this can be resumed at any page.

        What changes meanwhile lies above the newest change of each status, which is noted before.
        """
        together = ",".join(archived(task))
        start = task.position or {}
        if start.get("archived") != together:
            # Begun anew too where projects were archived or restored: the listings are not the same ones.
            start = {"newest": {}, "listing": 0, "walk": None, "archived": together}
        newest: dict[str, str] = dict(start["newest"])
        calm, active = True, None
        for number, (status, buckets) in enumerate(self._listings(task)):
            if number < start["listing"]:
                continue
            if buckets is None and status not in newest:
                first = next(self._newest(status))
                times = (each.isoformat() for each in moments(first.records, "updated_at"))
                newest[status] = max(times, default=newest.get("active", ""))
                active = first.total if status == "active" else active
                if status == "trashed" or first.total == len(first.records):
                    page = split(first.records)
                    following = {**start, "newest": dict(newest), "listing": number + 1, "walk": None}
                    yield Page(page.records, deleted=page.deleted, position=following)
                    continue
            position = {**start, "newest": dict(newest), "listing": number}
            walk = start["walk"] if number == start["listing"] else None
            try:
                calm = (yield from self._oldest(status, buckets, position, walk)) and calm
            except NotFound as error:
                if buckets is None:
                    raise
                # Servers have refused archived projects here: what is in them stays as it was landed.
                yield Page(failures=[Failure(error, f"archived projects, {status}")])
        for page in self.also(task.parents["project"]):
            yield Page(page.records, failures=page.failures)
        # What was restored between the listings is in none of those above.
        again = next(self._newest("active"))
        yield split(again.records)
        made = sum(time.isoformat() > newest["active"] for time in moments(again.records, "created_at"))
        calm = calm and (again.total or 0) <= (active or 0) + made
        position = newest | scope(task, max(newest.values()))
        position["also_until"] = newest_project(task)
        yield Page(position=position, whole=calm and task.sound, done=True)

    def _listings(self, task: Task) -> Iterator[tuple[str, str | None]]:
        """Status and projects of each listing; without projects, all active ones are meant."""
        yield from ((status, None) for status in STATUSES)
        yield from ((status, buckets) for buckets in archived(task) for status in KEPT_STATUSES)

    def _newest(self, status: str, buckets: str | None = None) -> Iterator[Part]:
        return self.basecamp.recordings(self.kind, status, sort="updated_at", direction="desc", buckets=buckets)

    def _oldest(
        self, status: str, buckets: str | None, position: Mapping[str, Any], saved: Mapping[str, Any] | None
    ) -> Generator[Page, None, bool]:
        """The pages of a listing by creation, again while records moved; returns whether one reading was calm.

        A saved reading goes on with the last page that it landed: what it shows again proves that nothing
        slipped past meanwhile.
        """
        newest = "" if buckets else position["newest"].get(status, "")

        def arrived(record: Any) -> bool:
            """Made, or brought back, since the reading began."""
            return bool(newest) and any(
                (time := moment(record, key)) and time.isoformat() > newest for key in ("created_at", "updated_at")
            )

        before: set[str] | None = None
        for reading in range(saved["reading"] if saved else 1, MOST_READINGS + 1):
            tide = Tide(**saved["tide"]) if saved else Tide()
            through = saved["through"] if saved else ""
            seen: set[str] = set()
            parts = (
                self.basecamp.listing_from(saved["url"])
                if saved
                else self.basecamp.recordings(self.kind, status, sort="created_at", direction="asc", buckets=buckets)
            )
            for part in parts:
                created = [time.isoformat() for time in moments(part.records, "created_at")]
                landed_before = 0
                if saved:
                    landed_before = sum(time <= through for time in created)
                    saved = None
                    if not landed_before:
                        # More left than a page holds: what is behind it would be missed.
                        return (yield from self._oldest(status, buckets, position, None))
                ids = [identity(record) for record in part.records]
                tide.part(part.records[landed_before:], ids[landed_before:], seen, arrived, part.total)
                through = max([through, *created])
                walk = {"url": part.url, "through": through, "reading": reading, "tide": asdict(tide)}
                page = split(part.records)
                yield Page(page.records, deleted=page.deleted, position={**position, "walk": walk})
            if tide.settled(seen, before):
                return True
            before = seen
        return False


class Latest:
    """Records in the newest of the forms that were met: what a listing shows late of one is passed over."""

    def __init__(self) -> None:
        self._changed: dict[str, datetime] = {}

    def of(self, records: Iterable[Any]) -> list[Any]:
        """These records, without those that were met before with a later change time."""
        found = []
        for record in records:
            if changed := moment(record, "updated_at"):
                if self._changed.setdefault(identity(record), changed) > changed:
                    continue
                self._changed[identity(record)] = changed
            found.append(record)
        return found


def archived(task: Task) -> list[str]:
    """The archived projects, as many together as one address can name."""
    ids = sorted(each.id for each in task.parents["project"] if each.status == "archived")
    return [",".join(ids[first : first + BUCKETS_AT_ONCE]) for first in range(0, len(ids), BUCKETS_AT_ONCE)]


def together(task: Task) -> Sequence[str | None]:
    """The projects that one listing each is asked for: active and archived ones at once, where an address has room."""
    ids = sorted(each.id for each in task.parents["project"])
    if not archived(task):
        return EVERY_ACTIVE
    return (",".join(ids),) if len(ids) <= BUCKETS_AT_ONCE else (*EVERY_ACTIVE, *archived(task))


def newest_project(task: Task) -> str:
    """When the newest project was made."""
    return max((each.created_at for each in task.parents["project"]), default="")


def scope(task: Task, until: str) -> dict[str, str]:
    """A digest of the projects made until then, with their status; of all where there is no such time.

    Until the newest change known, it is: what a project made later holds is newer still, and comes as changes.
    """
    those = sorted((each.id, each.status) for each in task.parents["project"] if each.created_at <= (until or LAST))
    return {"projects_until": until, "projects": blake2b(repr(those).encode(), digest_size=8).hexdigest()}


def knows_projects(task: Task) -> bool:
    """Whether the projects in the scope of the position are still the same."""
    return bool(scope(task, task.position.get("projects_until", "")).items() <= task.position.items())


# Optional streams.


def events(basecamp: Basecamp, calls: Workers) -> Feed:
    """The history of each record that was read: a request for each of them."""
    parents = ("todo", "card", "message", "document", "upload", "schedule_entry", "todolist", "question_answer")

    def read(task: Task) -> Iterator[Page]:
        recorded = ((each, each) for parent in parents for each in task.parents[parent])
        for page in crawl(
            calls, recorded, lambda each: whole(lambda: basecamp.listing(f"recordings/{each}/events.json"))
        ):
            yield Page(page.records, failures=page.failures)

    return below(models.EVENT, parents, read, opt_in=True)


def feed_events(basecamp: Basecamp) -> Feed:
    """The account's event feed: oldest first, so every page can be resumed from (basecamp.md 8).

    A position that the server no longer takes is replaced by the last event seen.
    """

    def read(task: Task) -> Iterator[Page]:
        position = task.position or {"position": "", "last": "0"}
        last = position["last"]
        starts = [{"position": position["position"]}] if position["position"] else []
        for start in [*starts, {"since": last}]:
            try:
                for records, token in basecamp.feed(start):
                    last = max([last, *(identity(each) for each in records if identity(each).isdigit())], key=int)
                    yield Page(records, position={"position": token, "last": last})
                return
            except SourceError as error:
                if "position" not in start or error.status not in (400, 409, 410):
                    raise

    return Feed(table=models.FEED_EVENT, everything=read, changes=read, opt_in=True, appends=True)
