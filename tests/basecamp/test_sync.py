"""What a sync of Basecamp promises, against the simulated account."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.options import Options
from sandbox.basecamp.work import Work
from sandbox.web import Answer, Request
from shared import checkpoints
from shared.landed import Landed
from tests.basecamp.account import Account, synced
from tests.contract.world import edited
from tests.depth import prove
from tests.destination import Destination, Stop

HOUR_SECONDS = 3_600.0
DAY_SECONDS = 24 * HOUR_SECONDS
LARGEST_EXACT_DOUBLE = 2**53


# As a whole.


def test_a_complete_pass_comes_when_it_is_due_and_not_before() -> None:
    account = synced(full_pass_days="2")
    account.sync()
    assert account.metadata("todo")["mode"] == "changes"
    account.clock.advance(2 * DAY_SECONDS)
    account.sync()
    assert account.metadata("todo")["mode"] == "complete"


def test_every_request_carries_the_user_agent_and_is_a_read() -> None:
    account = Account()
    agents: set[str] = set()
    account.before = lambda request: agents.add(request.header("User-Agent"))
    account.sync()
    assert agents == {account.configuration["user_agent"]}
    assert {entry.method for entry in account.vendor.requests if "/authorization" not in entry.path} == {"GET"}


# Rows that move while they are read.


def many_todos(seed: int = 1) -> Account:
    """An account with more to-dos than two pages hold, of which only they and their projects are read."""
    return Account(scale=0.05, seed=seed, only=("todo", "project"))


def between_pages(account: Account, pattern: str, happening: Callable[[], object]) -> list[str]:
    """Let something happen before the first request for page 2 of a listing. Returns those requests."""
    met: list[str] = []

    def before(request: Request) -> None:
        url = f"{request.path}?{request.query_string}"
        if pattern in url and "page=2" in url:
            met.append(url)
            if len(met) == 1:
                happening()

    account.before = before
    return met


def forget_what_landed(account: Account, stream: str) -> None:
    """Let every record be sent again: which there are is known, and not what they were like."""
    saved = account.destination.state["streams"][stream]
    landed = Landed.decoded(saved["known"])
    landed.drop_hashes(keep=set())
    saved["known"] = landed.encoded()


@pytest.mark.parametrize("reading", ["backfill", "complete"])
def test_a_record_that_leaves_an_earlier_page_hides_no_other(reading: str) -> None:
    account = many_todos()
    if reading == "complete":
        account.sync()
        account.destination.rows["todo"].clear()
        forget_what_landed(account, "todo")
    oldest = min(account.pool("todo"), key=lambda one: (one.created, one.id))
    met = between_pages(account, "status=active&sort=created_at", lambda: account.store.purge(oldest))
    account.sync(full_pass_days="0")
    account.before = lambda request: None
    assert met
    assert [each for each in account.differences("todo") if "missing" in each] == []


@pytest.mark.parametrize("reading", ["backfill", "complete"])
def test_a_record_that_leaves_while_another_arrives_hides_no_other(reading: str) -> None:
    account = many_todos()
    if reading == "complete":
        account.sync()
        account.destination.rows["todo"].clear()
        forget_what_landed(account, "todo")
    work = Work(account.store, 1)
    oldest = min(account.pool("todo"), key=lambda one: (one.created, one.id))

    def happening() -> None:
        account.store.purge(oldest)
        assert work.create_todo(Random(3))

    met = between_pages(account, "status=active&sort=created_at", happening)
    account.sync(full_pass_days="0")
    account.before = lambda request: None
    account.sync()
    assert met
    assert [each for each in account.differences("todo") if "missing" in each] == []


def test_a_record_that_leaves_the_listing_of_changes_hides_no_other() -> None:
    account = many_todos()
    account.sync()
    todos = account.pool("todo")[:40]
    for number, todo in enumerate(todos):
        account.clock.advance(1)
        todo.title = f"Changed {number}"
        account.store.touch(todo)
    met = between_pages(account, "status=active&sort=updated_at", lambda: account.store.purge(todos[-1]))
    account.sync()
    assert met
    assert [each for each in account.differences("todo") if str(todos[-1].id) not in each] == []


def test_a_record_that_is_archived_while_we_read_is_met_where_it_arrives() -> None:
    account = many_todos()
    account.sync()
    todos = account.pool("todo")[:40]
    for todo in todos:
        account.store.touch(todo)
    between_pages(account, "status=active&sort=updated_at", lambda: account.store.set_status(todos[0], "archived"))
    account.sync()
    assert account.rows("todo")[str(todos[0].id)]["status"] == "archived"
    assert account.differences("todo") == []


def test_projects_that_move_between_pages_are_all_landed() -> None:
    account = Account(only=("project",))
    work = Work(account.store, 1)
    for number in range(20):
        assert work.open_project(Random(number))
    newest = account.store.projects()[0]
    met = between_pages(account, "/projects.json", lambda: account.store.remove_bucket(newest))
    account.sync()
    assert met
    assert [each for each in account.differences("project") if str(newest.id) not in each] == []


@pytest.mark.parametrize("days", ["7", "0"])
def test_a_project_that_is_restored_between_two_listings_is_not_taken_for_gone(days: str) -> None:
    account = Account(scale=0.05)
    project = account.project()
    account.sync()
    account.store.set_bucket_status(project, "archived")
    account.sync()

    def restore(request: Request) -> None:
        if "status=archived" in request.query_string and "/projects.json" in request.path:
            project.status = "active"
            account.store.version += 1

    account.before = restore
    account.sync(full_pass_days=days)
    assert account.rows("project")[str(project.id)]["status"] == "active"
    account.before = lambda request: None
    for _ in range(2):
        account.sync()
    assert account.differences("project", "todo", "comment", "message", "campfire_line", "todolist") == []


def test_people_that_move_between_pages_are_neither_missed_nor_deleted() -> None:
    account = Account(only=("person", "project"))
    work = Work(account.store, 1)
    for number in range(30):
        work.hire(Random(number))
    account.sync()
    first = min((one for one in account.store.people.values() if not one.gone), key=lambda one: (one.name, one.id))

    def happening() -> None:
        first.gone = True

    met = between_pages(account, "/people.json", happening)
    account.sync(full_pass_days="0")
    account.before = lambda request: None
    assert met
    assert [each for each in account.differences("person") if str(first.id) not in each] == []


def test_changes_with_one_and_the_same_time_are_all_landed() -> None:
    account = many_todos()
    account.sync()
    for number, todo in enumerate(account.pool("todo")[:60]):
        todo.title = f"Moved by hand {number}"
        account.store.touch(todo)
    account.sync()
    assert account.differences("todo") == []


def test_a_change_at_the_time_of_the_position_itself_is_landed() -> None:
    account = many_todos()
    one, other = account.pool("todo")[:2]
    account.store.touch(one)
    account.sync()
    other.title = "The same millisecond"
    account.store.touch(other, one.updated)
    account.sync()
    assert account.rows("todo")[str(other.id)]["title"] == "The same millisecond"


def test_a_change_that_shows_up_some_minutes_late_is_landed() -> None:
    account = many_todos()
    one, other = account.pool("todo")[:2]
    account.store.touch(one)
    account.sync()
    other.title = "Written by a slow server"
    account.store.touch(other, one.updated - 9 * 60_000)
    account.sync()
    assert account.rows("todo")[str(other.id)]["title"] == "Written by a slow server"


def test_a_listing_of_changes_that_is_not_sorted_is_read_to_its_end() -> None:
    account = many_todos()
    account.sync()
    todo = account.pool("todo")[0]
    todo.title = "Changed long after it was made"
    account.store.touch(todo)

    def before(request: Request) -> None:
        query = request.environ["QUERY_STRING"]
        request.environ["QUERY_STRING"] = query.replace("sort=updated_at", "sort=created_at")

    account.before = before
    account.sync()
    assert account.rows("todo")[str(todo.id)]["title"] == "Changed long after it was made"


# Broken off, and resumed.


class Snapshots(Destination):
    """Keeps what was committed with each position of the to-dos."""

    def __init__(self, schema: list[dict[str, Any]]) -> None:
        super().__init__(schema)
        self.moments: dict[str, tuple[Any, dict[str, Any]]] = {}

    def checkpoint(self, state: dict[str, Any]) -> None:
        super().checkpoint(state)
        position = repr(self.state["streams"].get("todo"))
        if position not in self.moments:
            self.moments[position] = (deepcopy(self.rows), deepcopy(self.state))


@pytest.mark.parametrize("every", [8, prove(1)])
@pytest.mark.parametrize("meanwhile", ["early records are purged", "records come and go"])
def test_a_first_reading_can_be_resumed_from_any_position_that_was_saved(
    monkeypatch: pytest.MonkeyPatch, meanwhile: str, every: int
) -> None:
    monkeypatch.setattr(checkpoints, "CHECKPOINT_SECONDS", 0.0)
    account = many_todos()
    account.destination = snapshots = Snapshots(account.case.schema)
    account.sync()
    work, random = Work(account.store, 1), Random(7)
    for todo in sorted(account.pool("todo"), key=lambda one: (one.created, one.id))[:70:2]:
        account.store.purge(todo)
    if meanwhile == "records come and go":
        for _ in range(40):
            work.create_todo(random)
            work.put_away(random)
    assert len(snapshots.moments) > 8
    for rows, state in list(snapshots.moments.values())[::every]:
        account.destination = Destination(account.case.schema)
        account.destination.rows, account.destination.state = deepcopy(rows), deepcopy(state)
        account.sync()
        account.sync()
        missing = [each for each in account.differences("todo") if "missing" in each]
        assert missing == [], state["streams"].get("todo")
        assert account.errors() == []
        account.sync(full_pass_days="0")
        assert account.differences("todo", "todo_assignee") == [], state["streams"].get("todo")


def test_a_state_that_a_newer_release_wrote_is_refused() -> None:
    account = Account()
    account.destination.state = {"version": 2}
    with pytest.raises(Stop, match="version 2.*deploy"):
        account.sync()


# Projects that come, go and change.


def test_what_is_in_archived_projects_is_landed_as_archived() -> None:
    account = Account()
    project = account.project("archived")
    account.sync()
    statuses = {row["status"] for row in account.rows("todo").values() if row["bucket_id"] == str(project.id)}
    assert statuses == {"archived"}


def test_a_project_that_is_archived_takes_what_is_in_it_along_at_the_next_sync() -> None:
    account = synced(scale=0.05)
    account.store.set_bucket_status(account.project(), "archived")
    account.sync()
    assert account.differences("project", "todo", "comment", "message", "card", "vault") == []


def test_what_was_in_a_trashed_project_is_deleted() -> None:
    account = synced(scale=0.05)
    project = account.project()
    account.store.set_bucket_status(project, "trashed")
    account.sync()
    assert str(project.id) not in account.rows("project")
    assert account.differences("project", "project_dock", "todo", "todo_assignee", "comment", "message", "card") == []
    account.sync(full_pass_days="0")
    assert account.differences() == []


BELOW_PROJECTS = (
    "campfire_line",
    "campfire_line_attachment",
    "forward",
    "forward_reply",
    "client_approval",
    "client_approval_response",
    "client_correspondence",
    "client_reply",
    "timesheet_entry",
)
"""What is listed project by project, and has changes."""


def test_what_is_listed_below_a_trashed_project_goes_and_comes_back_with_it() -> None:
    account = synced(scale=0.05)
    project = max(
        account.store.projects(),
        key=lambda each: sum(
            1
            for table in BELOW_PROJECTS
            for row in account.destination.rows[table].values()
            if row.get("bucket_id") == str(each.id)
        ),
    )
    account.store.set_bucket_status(project, "trashed")
    for _ in range(2):
        account.sync()  # A second one, because large deletions wait for it.
    assert account.differences(*BELOW_PROJECTS) == []
    account.store.set_bucket_status(project, "active")
    account.sync()
    assert account.differences(*BELOW_PROJECTS) == []
    assert any(row["bucket_id"] == str(project.id) for row in account.rows("campfire_line").values())


def test_what_changes_in_an_archived_project_is_landed_by_the_next_sync() -> None:
    account = Account(scale=0.05, only=("todo", "project"))
    project = account.project("archived")
    account.sync()
    edited, trashed, restored = [each for each in account.store.kinds["todo"].values() if each.bucket is project][:3]
    account.store.set_status(restored, "trashed")
    account.store.touch(restored)
    account.sync()
    assert account.differences("todo", "todo_assignee") == []
    edited.title = "Changed though archived"
    account.store.touch(edited)
    account.store.set_status(trashed, "trashed")
    account.store.touch(trashed)
    account.store.set_status(restored, "active")
    account.store.touch(restored)
    account.sync()
    assert account.differences("todo", "todo_assignee") == []
    account.sync()
    assert account.destination.business() == 0


def test_what_a_listing_shows_late_does_not_undo_what_another_has_shown() -> None:
    account = synced(only=("todo", "project"))
    todo = account.pool("todo")[0]
    account.store.set_status(todo, "trashed")
    account.store.touch(todo)
    late: list[Answer] = []
    account.change("type=Todo&status=trashed", lambda answer, request: late.append(answer))
    account.sync()
    account.heal()
    account.store.set_status(todo, "active")
    account.store.touch(todo)
    account.change("type=Todo&status=trashed", lambda answer, request: late[0])
    account.sync()
    assert str(todo.id) in account.rows("todo")


def test_where_no_project_can_be_seen_any_more_nothing_is_deleted_and_errors_says_why() -> None:
    account = synced(scale=0.05)
    before = account.destination.business_rows()
    account.change("/projects.json", lambda answer, request: edited(answer, lambda records: []))
    account.sync(full_pass_days="0")
    account.sync()
    assert account.destination.business_rows() == before
    assert ["sees no project" in row["message"] for row in account.errors()] == [True]
    account.heal()
    account.sync()
    assert account.errors() == [] and account.differences() == []


@pytest.mark.parametrize("status", ["archived", "trashed"])
def test_a_project_that_is_restored_comes_back_though_everything_in_it_is_old(status: str) -> None:
    account = Account(scale=0.05)
    project = account.project()
    account.sync()
    account.store.set_bucket_status(project, status)
    account.sync()
    account.sync()
    account.clock.advance(3 * 3_600)
    project.status = "active"
    account.store.version += 1
    account.sync()
    account.sync()
    assert account.differences("project", "todo", "comment", "message", "campfire_line", "todolist") == []


def test_a_project_that_becomes_visible_is_read_whole_at_the_next_sync() -> None:
    account = Account(scale=0.05)
    project = account.project(seen=False)
    account.sync()
    project.accessible = True
    account.store.version += 1
    account.sync()
    assert account.differences("project", "todo", "comment", "message", "campfire_line", "card", "upload") == []
    assert any(row["bucket_id"] == str(project.id) for row in account.rows("todo").values())


def test_a_project_that_is_new_is_landed_by_the_next_sync_with_all_that_is_in_it() -> None:
    account = synced()
    work, random = Work(account.store, 1), Random(5)
    known = set(account.store.buckets)
    assert work.open_project(random)
    project = next(bucket for id, bucket in account.store.buckets.items() if id not in known)
    todoset = next(tool for tool in account.store.tools(project) if tool.kind == "todoset")
    work.make(random, "todo", todoset, "The first one")
    account.sync()
    assert account.differences("project", "project_dock", "todo") == []


def test_the_first_folder_of_a_new_project_is_landed_by_the_next_sync_and_read_once() -> None:
    account = Account(only=("vault", "project"))
    account.change(
        "type=Vault",
        lambda answer, request: edited(  # Servers may leave out the first folder of a project.
            answer, lambda records: [each for each in records if each.get("parent")]
        ),
    )
    account.sync()
    assert Work(account.store, 1).open_project(Random(5))
    account.sync()
    assert account.differences("project", "vault") == []
    assert not [path for path in account.asked() if "/vaults/" in path]


def test_a_project_of_which_access_was_withdrawn_is_deleted_with_all_that_was_in_it() -> None:
    account = synced(scale=0.05)
    project = account.project()
    project.accessible = False
    account.store.version += 1
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []


# Kinds of records that are easily forgotten.


def test_groups_are_to_do_lists_with_a_list_above_them() -> None:
    account = synced(scale=0.05)
    groups = [row for row in account.rows("todolist").values() if row["parent_type"] == "Todolist"]
    assert groups
    assert all(row["parent_id"] in account.rows("todolist") for row in groups)
    inside = [row for row in account.rows("todo").values() if row["parent_id"] in {group["id"] for group in groups}]
    assert inside


def test_loose_to_dos_are_landed_below_their_to_do_set() -> None:
    account = synced(scale=0.05)
    loose = [row for row in account.rows("todo").values() if row["parent_type"] == "Todoset"]
    assert loose
    assert {row["parent_id"] for row in loose} <= account.rows("todoset").keys()


def test_subtasks_of_to_dos_are_steps_like_those_of_cards() -> None:
    account = synced(scale=0.05)
    assert {row["parent_type"] for row in account.rows("step").values()} == {"Todo", "Kanban::Card"}


def test_hidden_tools_and_what_is_in_them_are_landed() -> None:
    account = Account(scale=0.05)
    chat = account.pick("campfire", lambda one: bool(account.store.live(one, "campfire_line")))
    chat.position = None
    account.store.touch(chat)
    account.sync()
    assert str(chat.id) in account.rows("campfire")
    assert any(row["parent_id"] == str(chat.id) for row in account.rows("campfire_line").values())
    hidden = [row for row in account.destination.rows["project_dock"].values() if row["id"] == str(chat.id)]
    assert [row["enabled"] for row in hidden] == [False]


def test_what_is_written_into_a_hidden_chat_arrives_at_the_next_sync_or_the_next_complete_pass() -> None:
    account = Account()
    chat = account.pick("campfire", lambda one: bool(account.store.live(one, "campfire_line")))
    chat.position = None
    account.store.touch(chat)
    account.sync()
    line = Work(account.store, 1).make(Random(1), "campfire_line", chat, "Still here")
    line.fields.update(type="Chat::Lines::Text", content="Still here")
    account.sync(full_pass_days="0")
    assert str(line.id) in account.rows("campfire_line")


def test_a_project_with_several_chats_and_card_tables_has_all_of_them() -> None:
    account = Account()
    work, random = Work(account.store, 1), Random(2)
    project = account.project()
    for name in ("chat", "kanban_board", "message_board"):
        work.add_tool(random, project, name)
    account.sync()
    for table in ("campfire", "card_table", "message_board"):
        assert sum(row["bucket_id"] == str(project.id) for row in account.rows(table).values()) >= 2, table
    assert account.differences() == []


def test_private_chats_are_left_out() -> None:
    account = Account()
    pings = {str(one.id) for one in account.store.kinds["campfire"].values() if one.bucket.type == "Circle"}
    account.sync()
    assert pings
    assert not pings & account.rows("campfire").keys()
    assert {row["bucket_type"] for row in account.rows("campfire_line").values()} == {"Project"}


def test_people_who_left_stay_as_tombstones_while_the_vendor_lists_them() -> None:
    account = synced()
    assert "Tombstone" in {row["personable_type"] for row in account.rows("person").values()}
    person = next(one for one in account.store.people.values() if one.personable_type == "User" and not one.owner)
    person.personable_type, person.email, person.fixed = "Tombstone", None, None
    account.clock.advance(3_600)
    account.sync()
    row = account.rows("person")[str(person.id)]
    assert (row["personable_type"], row["email_address"]) == ("Tombstone", None)


def test_people_who_vanish_are_deleted_and_what_they_made_still_names_them() -> None:
    account = synced()
    todo = account.pick("todo", lambda one: not account.store.people[one.creator].owner)
    account.store.people[todo.creator].gone = True
    account.store.version += 1
    account.clock.advance(3_600)
    account.sync()
    assert str(todo.creator) not in account.rows("person")
    assert account.rows("todo")[str(todo.id)]["creator_id"] == str(todo.creator)


def test_redacted_addresses_are_landed_as_the_vendor_sends_them() -> None:
    account = synced(options=Options(redacted_emails=True))
    assert any("•" in (row["email_address"] or "") for row in account.rows("person").values())
    assert account.differences("person") == []
    assert account.errors() == []


def test_ids_beyond_what_a_double_holds_are_exact() -> None:
    account = synced(options=Options(large_ids=True))
    ids = {int(id) for id in account.rows("todo")}
    assert min(ids) > LARGEST_EXACT_DOUBLE
    assert any(id % 2 for id in ids)
    assert account.differences() == []
    account.sync()
    assert account.destination.business() == 0


def test_times_with_an_offset_are_the_same_instants() -> None:
    account = synced(options=Options(offsets=True), scale=0.05)
    timed = [row for row in account.rows("schedule_entry").values() if not row["all_day"]]
    assert any(not row["starts_at"].endswith("Z") for row in timed)
    assert all(row["starts_at_utc"].endswith("Z") for row in timed)
    assert account.differences("schedule_entry", "account", "campfire_line") == []


def test_all_day_entries_have_dates_and_no_instants() -> None:
    account = synced(scale=0.05)
    rows = [row for row in account.rows("schedule_entry").values() if row["all_day"]]
    assert rows
    for row in rows:
        assert (row["starts_at_utc"], row["ends_at_utc"]) == (None, None)
        assert (row["starts_on"], row["ends_on"]) == (row["starts_at"][:10], row["ends_at"][:10])


def test_recurring_entries_are_taken_from_the_listing_where_they_do_not_redirect() -> None:
    account = Account(scale=0.05)
    paths = account.asked()
    recurring = [row for row in account.rows("schedule_entry").values() if row["recurrence_schedule"]]
    assert recurring
    assert account.vendor.statistics["302"] == 0
    assert not any("/schedule_entries/" in path for path in paths)


def test_drafts_are_not_landed_and_arrive_when_they_are_published() -> None:
    account = Account()
    work, random = Work(account.store, 1), Random(1)
    assert work.write_draft(random)
    draft = next(one for one in account.store.kinds["message"].values() if one.status == "drafted")
    account.sync()
    assert str(draft.id) not in account.rows("message")
    account.clock.advance(30 * DAY_SECONDS)
    account.store.set_status(draft, "active")
    account.sync()
    assert str(draft.id) in account.rows("message")


# What is signalled, and what only a complete pass finds.


def test_a_trashed_record_is_deleted_with_its_children_and_an_archived_one_is_kept() -> None:
    account = synced(scale=0.05)
    gone, kept = [one for one in account.pool("todo") if one.fields.get("assignees")][:2]
    account.store.set_status(gone, "trashed")
    account.store.set_status(kept, "archived")
    account.sync()
    assert str(gone.id) not in account.rows("todo")
    assert account.children("todo_assignee", str(gone.id)) == []
    assert account.rows("todo")[str(kept.id)]["status"] == "archived"
    assert account.differences("todo", "todo_assignee") == []


def test_a_restored_record_comes_back() -> None:
    account = Account()
    todo = account.pool("todo")[0]
    account.sync()
    account.store.set_status(todo, "trashed")
    account.sync()
    account.store.set_status(todo, "active")
    account.sync()
    assert account.differences("todo", "todo_assignee") == []


def test_a_trashed_door_is_deleted() -> None:
    account = synced(scale=0.05)
    door = account.pick("door")
    account.store.set_status(door, "trashed")
    account.sync()
    assert str(door.id) not in account.rows("door")


def test_a_shorter_list_of_people_deletes_exactly_what_it_lost() -> None:
    account = Account(scale=0.05)
    todo = account.pick("todo", lambda one: len(one.bucket.members) >= 3)
    todo.fields["assignees"] = todo.bucket.members[:3]
    account.store.touch(todo)
    account.sync()
    todo.fields["assignees"] = todo.bucket.members[2:3]
    account.store.touch(todo)
    account.sync()
    left = account.children("todo_assignee", str(todo.id))
    assert [(row["position"], row["person_id"]) for row in left] == [(0, str(todo.bucket.members[2]))]


def test_what_hangs_below_something_archived_or_trashed_follows_at_the_complete_pass() -> None:
    account = synced(scale=0.05)
    lists = [one for one in account.pool("todolist") if account.store.live(one, "todo")]
    account.store.set_status(lists[0], "archived")
    account.store.set_status(lists[1], "trashed")
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_what_was_purged_is_deleted_by_the_complete_pass() -> None:
    account = synced(scale=0.05)
    account.store.purge(account.pool("message")[0])
    account.store.purge(account.pool("card")[0])
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_new_lines_of_a_chat_arrive_with_the_next_look() -> None:
    account = synced()
    assert Work(account.store, 1).chat(Random(1))
    assert not [path for path in account.asked() if "/lines.json" in path]
    account.clock.advance(HOUR_SECONDS)
    account.sync()
    assert account.differences("campfire_line") == []


def test_without_hours_between_looks_new_lines_and_time_arrive_at_the_next_sync() -> None:
    account = synced(scale=0.05, look_hours="0")
    assert Work(account.store, 1).chat(Random(1))
    entry = account.pool("timesheet_entry")[0]
    entry.fields.update(date=date(account.clock.now()), hours="7.25")
    account.store.touch(entry)
    account.sync()
    assert account.differences("campfire_line", "timesheet_entry") == []


def test_a_chat_that_could_not_be_read_is_asked_for_again_by_the_next_sync() -> None:
    account = synced()
    account.clock.advance(HOUR_SECONDS)
    account.change("/lines.json", lambda answer, request: Answer(500, b"", {}))
    account.sync()
    account.heal()
    assert Work(account.store, 1).chat(Random(1))
    account.sync()
    assert account.differences("campfire_line") == [] and account.errors() == []


def test_edited_and_deleted_lines_of_a_chat_are_found_by_the_complete_pass() -> None:
    account = synced(scale=0.05)
    edited, deleted = [one for one in account.pool("campfire_line") if "content" in one.fields][:2]
    edited.title = edited.fields["content"] = "Said differently"
    account.store.touch(edited)
    account.store.purge(deleted)
    account.sync(full_pass_days="0")
    assert account.rows("campfire_line")[str(edited.id)]["content"] == "Said differently"
    assert str(deleted.id) not in account.rows("campfire_line")
    assert account.differences("campfire_line", "campfire_line_attachment") == []


@pytest.mark.parametrize("kind", ["forward", "client_approval", "client_correspondence"])
def test_a_changed_record_of_a_project_listing_arrives_at_the_next_sync(kind: str) -> None:
    account = synced(scale=0.05)
    account.clock.advance(DAY_SECONDS / 2)
    one = account.pick(kind)
    one.title = "Another subject"
    account.store.touch(one)
    account.sync()
    assert account.rows(kind)[str(one.id)]["subject"] == "Another subject"
    assert account.differences(kind) == []


@pytest.mark.parametrize("kind", ["forward", "client_approval", "client_correspondence"])
def test_a_new_reply_arrives_at_the_next_sync(kind: str) -> None:
    account = synced(scale=0.05)
    reply = "forward_reply" if kind == "forward" else "client_reply"
    before = set(account.rows(reply))
    assert Work(account.store, 1).reply(Random(1), kind, reply)
    account.sync()
    assert len(account.rows(reply).keys() - before) == 1
    assert account.differences(reply, kind) == []


def test_a_response_to_an_approval_arrives_at_the_next_sync() -> None:
    account = synced(scale=0.05)
    assert Work(account.store, 1).approve(Random(1))
    account.sync()
    assert account.differences("client_approval", "client_approval_response") == []


def test_a_deleted_reply_is_found_by_the_complete_pass() -> None:
    account = synced(scale=0.05)
    account.store.purge(account.pool("forward_reply")[0])
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_time_is_landed_by_the_next_look_also_for_days_of_the_last_month() -> None:
    account = synced(scale=0.05)
    today = account.clock.now()
    entry = account.pool("timesheet_entry")[0]
    entry.fields.update(date=date(today - 20 * DAY_SECONDS), hours="7.25")
    account.store.touch(entry)
    account.clock.advance(HOUR_SECONDS)
    account.sync()
    assert account.rows("timesheet_entry")[str(entry.id)]["hours"] == "7.25"


def test_time_entered_for_a_day_long_past_and_time_deleted_are_found_by_the_complete_pass() -> None:
    account = synced(scale=0.05)
    late, deleted = account.pool("timesheet_entry")[:2]
    late.fields.update(date=date(account.clock.now() - 200 * DAY_SECONDS), hours="0.1")
    account.store.touch(late)
    account.store.purge(deleted)
    account.sync(full_pass_days="0")
    assert account.rows("timesheet_entry")[str(late.id)]["hours"] == "0.1"
    assert account.differences("timesheet_entry") == []


def date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def test_webhooks_are_landed_without_the_address_that_they_call() -> None:
    account = synced(keep_raw="true")
    rows = account.rows("webhook")
    assert rows
    assert all("hooks.example" not in repr(row) and "payload_url" not in repr(row) for row in rows.values())


# Refusals.


def test_webhooks_that_may_not_be_read_cost_only_themselves() -> None:
    account = Account()
    account.vendor.faults.break_path(r"/webhooks\.json", 403)
    account.sync()
    told = account.errors()
    assert {(row["stream"], row["category"], row["status"]) for row in told} == {("webhook", "permission", 403)}
    assert len(account.destination.warnings) == 1
    assert [each for each in account.differences() if not each.startswith("webhook ")] == []


def test_webhooks_that_could_be_read_stay_when_they_no_longer_can_and_heal() -> None:
    account = synced()
    before = account.rows("webhook")
    account.vendor.faults.break_path(r"/webhooks\.json", 403)
    account.sync(full_pass_days="0")
    assert account.rows("webhook") == before
    account.heal()
    account.sync(full_pass_days="0")
    assert account.errors() == []
    assert account.differences("webhook") == []


def test_an_account_that_is_inactive_ends_the_sync_with_one_clear_error() -> None:
    account = Account(options=Options(account_inactive=True))
    with pytest.raises(Stop):
        account.sync()
    assert len(account.destination.errors) == 1
    assert "suspended or its trial has ended" in account.destination.errors[0]


def test_an_account_that_becomes_inactive_loses_no_row() -> None:
    account = synced()
    before = deepcopy(account.destination.business_rows())
    account.vendor.options.account_inactive = True
    with pytest.raises(Stop):
        account.sync(full_pass_days="0")
    assert account.destination.business_rows() == before
    account.vendor.options.account_inactive = False
    account.sync(full_pass_days="0")
    assert account.errors() == []
    assert account.differences() == []


def test_an_account_that_the_credential_does_not_open_ends_the_sync_with_one_clear_error() -> None:
    account = Account(account_id="1")
    with pytest.raises(Stop):
        account.sync()
    assert len(account.destination.errors) == 1
    assert "account_id" in account.destination.errors[0]


@pytest.mark.parametrize("status", [400, 401])
def test_a_revoked_token_ends_the_sync_with_one_clear_error_and_no_secret(status: int) -> None:
    account = Account(options=Options(invalid_refresh_status=status))
    account.vendor.launchpad.revoke()
    with pytest.raises(Stop):
        account.sync()
    assert len(account.destination.errors) == 1
    assert "authorise again" in account.destination.errors[0]
    said = repr([account.destination.errors, account.destination.warnings, account.log.lines, account.destination.rows])
    for secret in ("client_secret", "refresh_token"):
        assert account.configuration[secret] not in said


def test_a_token_revoked_in_the_middle_ends_the_sync_and_the_next_one_goes_on_with_a_new_one() -> None:
    account = Account()
    asked: list[str] = []

    def before(request: Request) -> None:
        asked.append(request.path)
        if len(asked) == 60:
            account.vendor.launchpad.revoke()

    account.before = before
    with pytest.raises(Stop):
        account.sync()
    account.before = lambda request: None
    account.vendor.launchpad.renew_refresh_token()
    account.sync()
    assert account.differences() == []
    assert account.errors() == []


@pytest.mark.parametrize("rotates", [False, True])
def test_a_token_that_expires_in_the_middle_of_a_sync_is_renewed(rotates: bool) -> None:
    account = Account(options=Options(refresh_rotates=rotates))
    asked: list[str] = []

    def before(request: Request) -> None:
        asked.append(request.path)
        if len(asked) in (40, 90, 91, 150):
            account.vendor.launchpad.expire_access_tokens()

    account.before = before
    account.sync(refresh_token=account.vendor.launchpad.refresh_token)
    assert account.differences() == []
    assert account.errors() == []


def test_an_access_token_is_kept_for_the_next_sync() -> None:
    account = synced()
    assert not any("/authorization/token" in path for path in account.asked())


def test_a_project_that_is_refused_is_passed_over_and_deletes_nothing() -> None:
    account = synced(scale=0.05)
    project = account.project()
    account.vendor.faults.break_path(rf"/{project.id}/(people|categories|webhooks)\.json", 404)
    account.sync(full_pass_days="0")
    assert account.differences("project_person", "message_type", "webhook") == []


# Chats that fail.


def test_a_chat_whose_pages_always_fail_is_missed_alone_and_heals() -> None:
    account = Account(options=Options(chats_with_rename_fail=True), scale=0.05)
    renamed = {
        str(one.parent.id)
        for one in account.store.kinds["campfire_line"].values()
        if one.type == "Chat::Lines::Rename" and one.parent.bucket.accessible
    }
    assert renamed
    account.sync()
    assert renamed.isdisjoint({row["parent_id"] for row in account.rows("campfire_line").values()})
    told = account.errors()
    assert {row["stream"] for row in told} == {"campfire_line"}
    assert {row["record_id"] for row in told} <= renamed
    assert [each for each in account.differences() if not each.startswith("campfire_line")] == []
    account.vendor.options.chats_with_rename_fail = False
    account.sync()
    assert account.differences("campfire_line", "campfire_line_attachment") == []
    assert account.errors() == []


# Optional streams, and streams that are left out.


def test_events_are_read_only_where_they_are_asked_for() -> None:
    account = Account()
    assert not any("/events.json" in path for path in account.asked())


def test_events_of_the_records_are_landed_where_they_are_asked_for() -> None:
    account = synced(streams="event")
    assert account.differences() == []
    read = {"todo", "card", "message", "document", "upload", "schedule_entry", "todolist", "question_answer"}
    landed = set().union(*(account.rows(table) for table in read))
    wanted = {row["id"]: row for row in account.vendor.truth()["event"] if row["recording_id"] in landed}
    assert account.rows("event").keys() == wanted.keys()


def test_new_events_of_a_changed_record_arrive_at_the_next_sync() -> None:
    account = synced(streams="event")
    before = set(account.rows("event"))
    assert Work(account.store, 1).edit_todo(Random(1))
    account.sync()
    assert len(account.rows("event").keys() - before) == 1


def test_the_event_feed_is_landed_where_it_is_asked_for_and_goes_on_where_it_ended() -> None:
    account = synced(streams="feed_event", scale=0.05)
    assert account.differences("feed_event") == []
    assert Work(account.store, 1).comment(Random(1))
    account.clock.advance(60)
    paths = [path for path in account.asked() if "/events.json" in path]
    assert len(paths) == 1
    assert "position=" in paths[0]
    assert account.differences("feed_event") == []


def test_a_position_of_the_feed_that_is_no_longer_taken_is_replaced_by_the_last_event_seen() -> None:
    for status in (400, 409, 410):
        account = synced(streams="feed_event")
        assert Work(account.store, 1).comment(Random(1))
        account.clock.advance(60)
        account.vendor.faults.break_path(r"/events\.json\?position=", status, times=1)
        account.sync()
        assert account.differences("feed_event") == [], status
        assert account.errors() == [], status


def test_a_feed_that_begins_later_than_the_position_goes_on_from_its_beginning() -> None:
    account = synced(streams="feed_event")
    for number in range(5):
        assert Work(account.store, 1).comment(Random(number))
    account.store.feed_epoch = max(event.id for event in account.store.events) - 1
    account.clock.advance(60)
    account.sync()
    assert str(account.store.events[-1].id) in account.rows("feed_event")


def test_an_older_server_without_a_feed_costs_only_that_stream() -> None:
    account = synced(streams="feed_event", options=Options(hidden_feed=True))
    assert [(row["stream"], row["category"]) for row in account.errors()] == [("feed_event", "not_found")]
    assert account.differences() == []


def test_a_stream_that_is_left_out_is_not_read() -> None:
    account = Account(streams="-campfire_line, -comment")
    paths = account.asked()
    assert account.destination.rows["campfire_line"] == {}
    assert account.destination.rows["comment"] == {}
    assert not any("lines.json" in path or "type=Comment" in path for path in paths)


def test_a_stream_whose_parents_are_left_out_is_still_landed() -> None:
    account = synced(streams="-forward,-card_table,-gauge,-project")
    for table in ("forward", "card_table", "gauge", "project", "card_table_subscriber", "project_dock"):
        assert account.destination.rows[table] == {}, table
    assert account.differences("forward_reply", "card_table_column", "gauge_needle", "todo") == []


def test_a_stream_that_is_added_later_is_backfilled() -> None:
    account = Account()
    account.sync(streams="-comment")
    account.sync()
    assert account.differences("comment") == []


def test_a_stream_that_does_not_exist_is_a_clear_error() -> None:
    account = Account(streams="todos")
    with pytest.raises(Stop, match="no stream called todos.*todo"):
        account.sync()


# start_date and keep_raw.


def test_nothing_that_changed_before_the_start_date_is_landed() -> None:
    account = synced(scale=0.05, start_date="2025-07-01")
    truth = {row["id"] for row in account.vendor.truth()["todo"] if row["updated_at"] >= "2025-07-01"}
    assert 0 < len(truth) < len(account.vendor.truth()["todo"])
    assert account.rows("todo").keys() == truth
    account.sync(full_pass_days="0")
    assert account.rows("todo").keys() == truth


def test_replies_that_changed_before_the_start_date_are_not_landed_either() -> None:
    account = synced(scale=0.05, start_date="2025-11-01", only=("project", "forward", "forward_reply"))
    truth = {row["id"] for row in account.vendor.truth()["forward_reply"] if row["updated_at"] >= "2025-11-01"}
    assert 0 < len(truth) < len(account.vendor.truth()["forward_reply"])
    assert account.rows("forward_reply").keys() == truth


def test_something_older_than_the_start_date_is_landed_once_it_changes() -> None:
    account = synced(scale=0.05, start_date="2025-07-01")
    old = account.pick("todo", lambda one: str(one.id) not in account.rows("todo"))
    account.store.touch(old)
    account.sync()
    assert str(old.id) in account.rows("todo")


def test_with_keep_raw_every_record_is_there_as_it_came_without_links_and_secrets() -> None:
    account = synced(keep_raw="true", scale=0.05)
    for table, rows in account.destination.business_rows().items():
        for row in rows.values():
            assert row["raw"] is not None, table
            found = {key for key in keys(row["raw"]) if forbidden(key)}
            assert not found - ({"url"} if table == "door" else set()), (table, found)
    todo = next(iter(account.rows("todo").values()))
    assert str(todo["raw"]["id"]) == todo["id"]
    assert todo["raw"]["content"] == todo["content"]


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(inner) for inner in value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def forbidden(key: str) -> bool:
    return key.endswith(("url", "sgid"))


def test_with_keep_raw_an_unchanged_account_sends_no_row_either() -> None:
    account = synced(keep_raw="true")
    account.sync(full_pass_days="0")
    assert account.destination.business() == 0
