"""Every path the account answers, and what each list holds. basecamp.md 7, 8 and 11.

What a list shows, where the documentation leaves room:
- a list with a `status` parameter is strict about the status a recording shows, whether its own or its
  parent's;
- a list without one shows what was not archived or trashed itself, so the tools of an archived project stay
  readable.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.basecamp import times
from sandbox.basecamp.calls import Call, refuse, route
from sandbox.basecamp.kinds import KINDS, LISTED_TYPES
from sandbox.basecamp.listing import whole
from sandbox.basecamp.records import Item, Recording
from sandbox.routes import Route
from sandbox.web import Answer, json_answer, text_answer

GROUPS_PER_PAGE = 5
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@route("/projects")
def projects(call: Call) -> Answer:
    status = call.status()
    rows = [bucket for bucket in call.store.projects() if bucket.status == status]
    return call.page_of(rows, lambda row: call.faults.record("project", row.id, call.payloads.project(row)))


@route("/people")
def people(call: Call) -> Answer:
    rows = [person for person in call.store.people.values() if not person.gone]
    rows.sort(key=lambda person: (person.name, person.id))
    return call.page_of(rows, lambda row: call.faults.record("person", row.id, call.payloads.person(row.id)))


def _person(call: Call, id: int) -> int:
    if id not in call.store.people or call.store.people[id].gone:
        refuse(404, "Not found")
    return id


@route("/projects/recordings")
def recordings(call: Call) -> Answer:
    kind = LISTED_TYPES.get(call.query.get("type", ""))
    if kind is None:
        refuse(400, "Unknown or missing type")
    status = call.status()
    buckets = _asked_buckets(call)
    sort, direction = call.query.get("sort", "created_at"), call.query.get("direction", "desc")

    def rows() -> list[Recording]:
        found = [one for one in call.store.kinds[kind].values() if one.bucket.id in buckets]
        return call.ordered(call.showing(found, status), sort, direction)

    return call.page(call.listings.get((kind, status, sort, direction, frozenset(buckets)), rows))


def _asked_buckets(call: Call) -> set[int]:
    """Ids of the projects to look in: those asked for, else all active ones."""
    asked = call.query.get("bucket", "")
    if not asked:
        return {bucket.id for bucket in call.store.projects() if bucket.status == "active"}
    found = set()
    for text in asked.split(","):
        if not text.strip().isdigit():
            refuse(400, "bucket takes project ids")
        bucket = call.project(int(text))
        if bucket.status == "archived" and call.options.archived_bucket_404:
            refuse(404, "Not found")
        found.add(bucket.id)
    return found


def by_position(call: Call, rows: list[Recording]) -> list[Recording]:
    return sorted(rows, key=lambda row: (row.position is None, row.position or 0, row.id))


def newest(call: Call, rows: list[Recording]) -> list[Recording]:
    return call.ordered(rows, "created_at", "desc")


def oldest(call: Call, rows: list[Recording]) -> list[Recording]:
    return sorted(rows, key=lambda row: (row.created, row.id))


def by_start(call: Call, rows: list[Recording]) -> list[Recording]:
    return sorted(rows, key=lambda row: (str(row.fields["starts"]), row.id))


def as_made(call: Call, rows: list[Recording]) -> list[Recording]:
    return rows


Order = Callable[[Call, list[Recording]], list[Recording]]
BELOW: dict[str, tuple[str, str, Order, bool]] = {
    "todosets/#/todolists todolists/#/groups": ("todoset todolist", "todolist", by_position, True),
    "recordings/#/subtasks recordings/#/steps": ("todo card", "step", by_position, False),
    "message_boards/#/messages": ("message_board", "message", newest, False),
    "recordings/#/comments": ("", "comment", oldest, False),
    "schedules/#/entries": ("schedule", "schedule_entry", by_start, True),
    "questionnaires/#/questions": ("questionnaire", "question", as_made, False),
    "vaults/#/vaults": ("vault", "vault", by_position, False),
    "vaults/#/documents": ("vault", "document", by_position, False),
    "vaults/#/uploads": ("vault", "upload", by_position, False),
    "inboxes/#/inbox_forwards inboxes/#/forwards": ("inbox", "forward", newest, False),
    "inbox_forwards/#/replies": ("forward", "forward_reply", as_made, False),
}
"""What is listed below one recording: its kinds, the kind of the rows, their order, whether there is a `status`."""
SINGLES = (
    "todoset todolist todo step message_board message comment schedule questionnaire question question_answer vault "
    "document upload cloud_file google_document card_table card card_table_column campfire inbox forward "
    "client_approval client_correspondence"
).split()
ALIASES = {"subtasks": "step", "timesheet_entries": "timesheet_entry", "gauge_needles": "gauge_needle"}


@route("/todolists/#/todos", "/todosets/#/todos")
def todos(call: Call, id: int) -> Answer:
    """Open active ones; `completed=true` the completed ones; another `status` both, unless `completed` is
    given."""
    parent = call.find(id, "todoset", "todolist")
    rows = call.showing(call.store.below(parent, "todo"), call.status())
    completed = call.query.get("completed")
    if completed == "true":
        rows = [row for row in rows if "completed_at" in row.fields]
    elif completed == "false" or call.query.get("status", "active") == "active":
        rows = [row for row in rows if "completed_at" not in row.fields]
    return call.page(by_position(call, rows))


@route("/schedule_entries/#")
def entry(call: Call, id: int) -> Answer:
    """A recurring entry is found at its first occurrence, not always under an address that ends in .json."""
    found = call.find(id, "schedule_entry")
    if not found.fields.get("recurrence"):
        return call.one(found)
    day = found.fields["recurrence"]["start_date"].replace("-", "")
    place = f"{call.payloads.base}/buckets/{found.bucket.id}/schedule_entries/{id}/occurrences/{day}"
    return text_answer("", 302, Location=place + (".json" if id % 2 else ""))


@route("/questions/#/answers")
def answers(call: Call, id: int) -> Answer:
    rows = call.store.live(call.find(id, "question"), "question_answer")
    if "date" in call.query:
        rows = [row for row in rows if row.fields["group_on"] == call.query["date"]]
    if "creator_id" in call.query:
        rows = [row for row in rows if str(row.creator) == call.query["creator_id"]]
    return call.page(sorted(rows, key=lambda row: (row.fields["group_on"], row.id), reverse=True))


@route("/card_tables/lists/#/cards")
def cards(call: Call, id: int) -> Answer:
    """Cards of a column, or those on hold in it under the id of its second list."""
    held = call.store.find(id, "card_table_column") is None
    column = call.find(_holder(call, id).id if held else id, "card_table_column")
    rows = [card for card in call.store.live(column, "card") if bool(card.fields.get("on_hold")) == held]
    return call.page(by_position(call, rows))


def _holder(call: Call, id: int) -> Recording:
    for column in call.store.kinds["card_table_column"].values():
        if (column.fields.get("on_hold") or {}).get("id") == id:
            return column
    refuse(404, "Not found")


@route("/chats")
def chats(call: Call) -> Answer:
    shown = {bucket.id for bucket in call.visible_projects()}
    rows = [
        chat
        for chat in call.store.kinds["campfire"].values()
        if chat.status == "active"
        and (chat.bucket.id in shown or (chat.bucket.type == "Circle" and call.sees(chat.bucket)))
    ]
    return call.page(sorted(rows, key=lambda row: (-row.created, row.id)))


@route("/chats/#/lines")
def lines(call: Call, id: int) -> Answer:
    chat = call.find(id, "campfire")
    sort, direction = call.query.get("sort", "created_at"), call.query.get("direction", "asc")

    def rows() -> list[Recording]:
        return call.ordered(call.store.live(chat, "campfire_line"), sort, direction)

    found = call.listings.get((chat.id, sort, direction), rows)
    if call.options.chats_with_rename_fail and any(line.type == "Chat::Lines::Rename" for line in found):
        refuse(500, "Internal Server Error")
    return call.page(found)


@route("/buckets/#/client/recordings/#/replies")
def client_replies(call: Call, bucket: int, id: int) -> Answer:
    call.bucket = bucket
    parent = call.find(id, "client_approval", "client_correspondence")
    return call.page(call.store.live(parent, "client_reply"))


@route("/reports/timesheet")
def timesheet_report(call: Call) -> Answer:
    """Unpaginated. Without `start_date` and `end_date` only the last month."""
    start, end = call.query.get("start_date"), call.query.get("end_date")
    if (start is None) != (end is None) or (start and end and not (ISO_DATE.match(start) and ISO_DATE.match(end))):
        refuse(400, "start_date and end_date belong together")
    if start is None or end is None:
        today = datetime.fromtimestamp(call.store.now // 1000, UTC)
        start, end = (today - timedelta(days=31)).strftime("%Y-%m-%d"), today.strftime("%Y-%m-%d")
    shown = {bucket.id for bucket in call.visible_projects()}
    rows = [one for one in _timesheet(call, None) if one.bucket.id in shown and start <= one.fields["date"] <= end]
    return whole(rows, call.row)


@route("/projects/#/timesheet")
def project_timesheet(call: Call, id: int) -> Answer:
    if not call.project(id).timesheet_enabled:
        refuse(404, "Not found")
    return call.page(_timesheet(call, id))


def _timesheet(call: Call, bucket: int | None) -> list[Recording]:
    """Newest day first; what hangs under something trashed is not listed unless the whole project is
    trashed."""
    rows = [
        one
        for one in call.store.kinds["timesheet_entry"].values()
        if one.status == "active"
        and one.bucket.timesheet_enabled
        and (one.bucket.id == bucket if bucket is not None else True)
        and (call.store.status(one) != "trashed" or one.bucket.status == "trashed")
    ]
    return sorted(rows, key=lambda row: (row.fields["date"], row.id), reverse=True)


@route("/reports/gauges")
def gauges(call: Call) -> Answer:
    asked = call.query.get("bucket_ids")
    if asked:
        shown = [call.project(int(text)) for text in asked.split(",") if text.strip().isdigit()]
    else:
        shown = call.visible_projects()
    return call.page([gauge for bucket in shown for gauge in call.store.roots(bucket, "gauge")])


@route("/projects/#/gauge/needles")
def needles(call: Call, id: int) -> Answer:
    rows = [one for one in call.store.roots(call.project(id), "gauge") for one in call.store.live(one, "gauge_needle")]
    return call.page(sorted(rows, key=lambda row: (row.created, row.id), reverse=True))


@route("/templates")
def templates(call: Call) -> Answer:
    status = call.status()
    rows = [one for one in call.store.buckets.values() if one.type == "Template" and one.status == status]
    return call.page_of(rows, call.payloads.template)


@route("/dock/tools/#")
def tool(call: Call, id: int) -> Answer:
    """The envelope alone, also of a door."""
    found = call.find(id)
    if found.parent is not None:
        refuse(404, "Not found")
    payload = call.payloads.recording(found)
    parts = list(payload)
    return json_answer({key: payload[key] for key in parts[: parts.index("creator") + 1]})


@route("/messages", "/comments", "/checkins", "/forwards", "/files")
def account_wide(call: Call) -> Answer:
    """Flat, newest created first, active things of active projects. basecamp.md 7."""
    last = call.request.path.removesuffix(".json").rpartition("/")[2]
    kinds = {
        "messages": ("message",),
        "comments": ("comment",),
        "checkins": ("question_answer",),
        "forwards": ("forward",),
        "files": ("upload", "document"),
    }[last]
    shown = {bucket.id for bucket in call.store.projects() if bucket.status == "active"}
    rows = [one for kind in kinds for one in call.store.kinds[kind].values() if one.bucket.id in shown]
    return call.page(sorted(call.showing(rows, "active"), key=lambda row: (row.created, row.id), reverse=True))


@route("/todos/open", "/todos/completed", "/todos/unassigned", "/todos/no_due_date", "/todos/overdue")
@route("/cards/open", "/cards/completed", "/cards/unassigned", "/cards/no_due_date", "/cards/overdue", "/cards/not_now")
def tasks(call: Call) -> Answer:
    """Grouped by project, a few groups a page; `overdue` flat and whole. Tasks under hidden tools are left
    out."""
    plural, which = call.request.path.removesuffix(".json").split("/")[-2:]
    today = times.date(call.store.now)
    chosen: dict[str, Callable[[Recording], bool]] = {
        "open": lambda row: True,
        "completed": lambda row: True,
        "unassigned": lambda row: not row.fields.get("assignees"),
        "no_due_date": lambda row: not row.fields.get("due_on"),
        "overdue": lambda row: (row.fields.get("due_on") or today) < today,
        "not_now": lambda row: row.parent is not None and row.parent.type == "Kanban::NotNowColumn",
    }
    groups: dict[int, list[Recording]] = {b.id: [] for b in call.store.projects() if b.status == "active"}
    for row in call.store.kinds[plural.removesuffix("s")].values():
        done = "completed_at" in row.fields
        if row.bucket.id in groups and done == (which == "completed") and chosen[which](row) and _under_shown(row):
            groups[row.bucket.id].append(row)
    groups = {id: call.showing(rows, "active") for id, rows in groups.items()}
    if which == "overdue":
        return whole([row for rows in groups.values() for row in rows], call.row)
    page = int(call.query.get("page", "1") or 1)
    start = GROUPS_PER_PAGE * (page - 1)
    listed = list(groups.items())
    payload = [
        {"bucket": _bucket(call, id), plural: [call.row(row) for row in rows]}
        for id, rows in listed[start : start + GROUPS_PER_PAGE]
    ]
    if start + GROUPS_PER_PAGE < len(listed):
        return json_answer(payload, Link=f'<{call.request.url_with(page=page + 1)}>; rel="next"')
    return json_answer(payload)


def _bucket(call: Call, id: int) -> dict[str, Any]:
    bucket = call.store.buckets[id]
    return {"id": bucket.id, "name": bucket.name, "type": bucket.type}


def _under_shown(row: Recording) -> bool:
    root = row
    while root.parent is not None:
        root = root.parent
    return root.position is not None


@route("/inbox")
def agent_inbox(call: Call) -> Answer:
    refuse(403, "Only agents have an inbox.")


def _owned(call: Call, items: dict[int, Item], bucket: int) -> list[Item]:
    owner = call.project(bucket).id
    return [item for item in items.values() if item.owner == owner]


def _item(call: Call, items: dict[int, Item], id: int, bucket: int | None) -> Item:
    item = items.get(id)
    if item is None or (bucket is not None and item.owner != bucket):
        refuse(404, "Not found")
    call.project(item.owner)
    return item


def below(parents: str, kind: str, order: Order, by_status: bool) -> Route:
    def listed(call: Call, id: int) -> Answer:
        parent = call.find(id, *parents.split())
        children = call.store.below(parent, kind)
        rows = call.showing(children, call.status()) if by_status else call.store.live(parent, kind)
        return call.page(order(call, rows))

    return listed


def single(kind: str) -> Route:
    return lambda call, id: call.one(call.find(id, kind))


def client_side(kind: str) -> Route:
    """What lies on the client boards of a project."""

    def listed(call: Call, bucket: int) -> Answer:
        boards = call.store.roots(call.project(bucket), "client_board")
        return call.page(newest(call, [row for board in boards for row in call.store.live(board, kind)]))

    return listed


OBJECTS: dict[str, Callable[..., Any]] = {
    "/account": lambda call: call.payloads.account(),
    "/projects/#": lambda call, id: call.payloads.project(call.project(id)),
    "/people/#": lambda call, id: call.payloads.person(_person(call, id)),
    "/my/profile": lambda call: call.payloads.person(call.store.reader),
    "/todosets/#/hill": lambda call, id: call.payloads.hill_chart(call.find(id, "todoset")),
    "/webhooks/#": lambda call, id: call.payloads.webhook(
        _item(call, call.store.webhooks, id, call.bucket), alone=True
    ),
    "/lineup/markers": lambda call: [call.payloads.marker(item) for item in call.store.markers.values()],
}
"""The payload that an address answers."""
PAGES: dict[str, tuple[Callable[..., Sequence[Any]], Callable[[Call, Any], Any]]] = {
    "/projects/#/people": (
        lambda call, id: [one for one in call.project(id).members if not call.store.people[one].gone],
        lambda call, row: call.payloads.person(row),
    ),
    "/buckets/#/categories": (
        lambda call, bucket: _owned(call, call.store.message_types, bucket),
        lambda call, row: call.payloads.message_type(row),
    ),
    "/buckets/#/webhooks": (
        lambda call, bucket: _owned(call, call.store.webhooks, bucket),
        lambda call, row: call.payloads.webhook(row),
    ),
    "/recordings/#/events": (
        lambda call, id: call.store.events_of(call.find(id)),
        lambda call, row: call.payloads.event(row),
    ),
}
"""The rows of a list, and what is shown of each."""


def an_object(payload: Callable[..., Any]) -> Route:
    return lambda call, *numbers: json_answer(payload(call, *numbers))


def a_list(rows: Callable[..., Sequence[Any]], show: Callable[[Call, Any], Any]) -> Route:
    return lambda call, *numbers: call.page_of(rows(call, *numbers), lambda row: show(call, row))


for shape, payload in OBJECTS.items():
    route(shape)(an_object(payload))
for shape, parts in PAGES.items():
    route(shape)(a_list(*parts))
for shapes, declared in BELOW.items():
    route(*(f"/{shape}" for shape in shapes.split()))(below(*declared))
for name in SINGLES:
    route(f"/{KINDS[name].path}/#")(single(name))
for path, name in ALIASES.items():
    route(f"/{path}/#")(single(name))
route("/schedule_entries/#/occurrences/#")(lambda call, id, day: call.one(call.find(id, "schedule_entry")))
route("/buckets/#/client/approvals")(client_side("client_approval"))
route("/buckets/#/client/correspondences")(client_side("client_correspondence"))
