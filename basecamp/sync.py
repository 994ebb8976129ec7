"""The streams of Basecamp: which table, which listing, how it stays in step (basecamp.md 7-11).

Recordings are read account-wide, newest change first, one listing for each type and status. Whatever has
no recordings type is read project by project. A trashed record is a deleted one here; an archived one stays.
"""

from collections.abc import Iterator
from functools import partial

import models
from api import Basecamp
from below import Replied, below_projects, in_clientsides, in_tools, replies
from events import events, feed_events
from projects import Project, Refusals, docked, every_project
from recordings import recordings
from settings import connect
from timesheets import timesheets
from tools import Tools
from walks import by_status, each_listing, each_record, single, whole

from shared.clock import DAY_SECONDS, Clock
from shared.pages import Page
from shared.records import adding
from shared.run import Run
from shared.streams import Snapshot, Stream, Task
from shared.tables import Table
from shared.workers import Workers

RECORDING_TYPES = (
    (models.TODO, "Todo"),
    (models.MESSAGE, "Message"),
    (models.CARD, "Kanban::Card"),
    (models.TODOLIST, "Todolist"),
    (models.DOCUMENT, "Document"),
    (models.UPLOAD, "Upload"),
    (models.SCHEDULE_ENTRY, "Schedule::Entry"),
    (models.QUESTION_ANSWER, "Question::Answer"),
    (models.DOOR, "Door"),
    (models.STEP, "Kanban::Step"),
    (models.COMMENT, "Comment"),
)
"""Tables, with the type that Basecamp lists their records under. What lies below others comes last: where that is read
through the tools of a project, most of those above it have been read by then."""
IN_PROJECTS = (
    (models.PROJECT_PERSON, "projects/{}/people.json", "project_id"),
    (models.MESSAGE_TYPE, "buckets/{}/categories.json", "bucket_id"),
    (models.WEBHOOK, "buckets/{}/webhooks.json", "bucket_id"),
)
"""With the listing below each project, and the column for the project, which the records do not say."""
TOOLS = (
    (models.TODOSET, "todoset", "todosets/{}.json"),
    (models.MESSAGE_BOARD, "message_board", "message_boards/{}.json"),
    (models.SCHEDULE, "schedule", "schedules/{}.json"),
    (models.QUESTIONNAIRE, "questionnaire", "questionnaires/{}.json"),
    (models.INBOX, "inbox", "inboxes/{}.json"),
    (models.CAMPFIRE, "chat", "chats/{}.json"),
    (models.CARD_TABLE, "kanban_board", "card_tables/{}.json"),
)
"""With the name of the tool in a project's dock."""


def build(run: Run) -> list[Stream]:
    """The streams of one account."""
    return streams(connect(run.access).basecamp, run.calls, run.clock, run.look_seconds)


def streams(basecamp: Basecamp, calls: Workers, clock: Clock, look_seconds: float) -> list[Stream]:
    """All streams, parents before their children."""
    listed = partial(recordings, basecamp, Refusals(basecamp, clock), Tools(basecamp, calls, clock))
    daily = partial(Snapshot, every_seconds=DAY_SECONDS)
    daily_below_projects = partial(daily, parents=("project",))
    return [
        Snapshot(
            table=models.PROJECT,
            everything=lambda task: every_project(basecamp),
            proves=lambda task: every_project(basecamp),
            keep=Project.of,
        ),
        *(listed(table, kind) for table, kind in RECORDING_TYPES),
        listed(
            models.VAULT,
            "Vault",
            # The first folder of a project may be in no listing.
            also=lambda projects: each_record(basecamp, calls, "vaults/{}.json", docked(projects, "vault")),
        ),
        below_projects(
            basecamp, calls, models.CAMPFIRE_LINE, in_tools("chat", "chats/{}/lines.json"), sort="created_at"
        ),
        Snapshot(
            table=models.PERSON, every_seconds=look_seconds, everything=lambda task: whole(basecamp, "people.json")
        ),
        *(
            daily_below_projects(
                table=table,
                everything=lambda task, path=path, column=column: each_listing(
                    basecamp, calls, path, (each.id for each in task.parents["project"]), column
                ),
            )
            for table, path, column in IN_PROJECTS
        ),
        *(
            daily_below_projects(
                table=table,
                keep=dict if table is models.CARD_TABLE else None,
                everything=lambda task, tool=tool, path=path: each_record(
                    basecamp, calls, path, docked(task.parents["project"], tool)
                ),
            )
            for table, tool, path in TOOLS
        ),
        daily_below_projects(
            table=models.QUESTION,
            everything=lambda task: each_listing(
                basecamp, calls, "questionnaires/{}/questions.json", docked(task.parents["project"], "questionnaire")
            ),
        ),
        inside_card_tables(models.CARD_TABLE_COLUMN, "lists"),
        inside_card_tables(models.CARD_TABLE_WORMHOLE, "wormholes"),
        daily_below_projects(
            table=models.HILL_CHART,
            everything=lambda task: each_record(
                basecamp, calls, "todosets/{}/hill.json", docked(task.parents["project"], "todoset"), "todoset_id"
            ),
        ),
        below_projects(
            basecamp, calls, models.FORWARD, in_tools("inbox", "inboxes/{}/inbox_forwards.json"), keep=Replied.of
        ),
        below_projects(
            basecamp,
            calls,
            models.CLIENT_APPROVAL,
            in_clientsides("buckets/{}/client/approvals.json"),
            keep=Replied.of,
            detail="client/approvals/{}.json",
        ),
        below_projects(
            basecamp,
            calls,
            models.CLIENT_CORRESPONDENCE,
            in_clientsides("buckets/{}/client/correspondences.json"),
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
        daily(
            table=models.GAUGE,
            keep=lambda record: str(record["bucket"]["id"]),
            everything=lambda task: whole(basecamp, "reports/gauges.json"),
        ),
        daily(
            table=models.GAUGE_NEEDLE,
            parents=("gauge",),
            everything=lambda task: each_listing(
                basecamp, calls, "projects/{}/gauge/needles.json", task.parents["gauge"]
            ),
        ),
        daily(
            table=models.TEMPLATE,
            everything=lambda task: by_status(basecamp, "templates.json"),
            proves=lambda task: by_status(basecamp, "templates.json"),
        ),
        daily(table=models.LINEUP_MARKER, everything=lambda task: whole(basecamp, "lineup/markers.json")),
        daily(table=models.ACCOUNT, everything=lambda task: single(lambda: basecamp.one("account.json"))),
        events(basecamp, calls),
        feed_events(basecamp),
    ]


def inside_card_tables(table: Table, key: str) -> Snapshot:
    """What comes with each card table: no request of its own."""

    def everything(task: Task) -> Iterator[Page]:
        for board in task.parents["card_table"]:
            inside = [adding(each, card_table_id=board["id"]) for each in board.get(key) or []]
            yield Page(inside, partition=str(board["id"]), whole=True)

    return Snapshot(table=table, every_seconds=DAY_SECONDS, parents=("card_table",), everything=everything)
