"""Archived projects that Basecamp refuses to list by type: the way round through their tools, and what is told."""

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from sandbox.basecamp.options import Options
from sandbox.basecamp.records import Bucket, Recording
from sandbox.web import Answer, Request, json_answer
from shared import checkpoints
from tests.basecamp.account import Account
from tests.depth import prove, stories
from tests.destination import Killed

TYPES = "todo todolist step card message comment schedule_entry question_answer vault document upload door".split()

DAY_SECONDS = 86_400.0
UNLISTED = ("cloud_file", "google_document")


def refusing(*, only: Sequence[str] = (), scale: float = 0.05) -> tuple[Account, Bucket]:
    """An account in which the largest project has been archived, and is refused."""
    account = Account(scale=scale, options=Options(archived_bucket_404=True), only=only)
    sizes = Counter(one.bucket.id for one in account.store.recordings.values())
    largest = max(account.store.projects(), key=lambda each: sizes[each.id])
    account.store.set_bucket_status(largest, "archived")
    return account, largest


def inside(account: Account, project: Bucket, kind: str) -> list[Recording]:
    """What is in a project of a kind, and neither archived nor trashed by itself."""
    return [one for one in account.store.kinds[kind].values() if one.bucket is project and one.status == "active"]


def landed(account: Account, project: Bucket, table: str) -> set[str]:
    return {id for id, row in account.rows(table).items() if row["bucket_id"] == str(project.id)}


def shown(account: Account, project: Bucket, table: str) -> set[str]:
    return {row["id"] for row in account.vendor.truth()[table] if row["bucket_id"] == str(project.id)}


def out_of_reach(account: Account) -> set[str]:
    """What was archived by itself, or is of a kind that no listing has, and what lies below that."""
    return {
        str(one.id)
        for one in account.store.recordings.values()
        for above in lineage(one)
        if above.status == "archived" or above.kind in UNLISTED
    }


def lineage(one: Recording) -> list[Recording]:
    return [one, *lineage(one.parent)] if one.parent is not None else [one]


def told(account: Account) -> dict[str, str]:
    return {row["stream"]: row["message"] for row in account.errors()}


# What is landed.


def test_a_first_reading_lands_what_the_tools_of_a_refused_project_list() -> None:
    account, project = refusing()
    account.sync()
    for table in set(TYPES) - {"door"}:
        assert landed(account, project, table), table
        missing = shown(account, project, table) - landed(account, project, table)
        assert missing <= out_of_reach(account), table
    assert account.differences("todo", "todo_assignee", "todolist", "schedule_entry") == []
    assert {row["status"] for row in account.rows("todo").values() if row["bucket_id"] == str(project.id)} == {
        "archived"
    }


def test_a_project_that_is_archived_and_refused_is_landed_as_archived_by_the_next_sync() -> None:
    account = Account(scale=0.05, options=Options(archived_bucket_404=True))
    account.sync()
    project = account.project()
    account.store.set_bucket_status(project, "archived")
    account.sync()
    assert landed(account, project, "todo")
    assert account.differences("todo", "todolist", "schedule_entry", "message", "card", "step") == []


def test_what_changes_in_a_refused_project_is_landed_by_the_complete_pass() -> None:
    account, project = refusing()
    account.sync()
    todo, message = inside(account, project, "todo")[0], inside(account, project, "message")[0]
    for one in (todo, message):
        one.title = "Changed though archived"
        account.store.touch(one)
    asked = account.asked()
    assert not [path for path in asked if "/todos.json" in path or "/messages.json" in path]
    account.sync(full_pass_days="0")
    assert account.rows("todo")[str(todo.id)]["title"] == todo.title
    assert account.rows("message")[str(message.id)]["subject"] == message.title


def test_below_a_list_of_to_dos_its_groups_are_read_and_below_the_set_what_is_in_no_list() -> None:
    account, project = refusing(only=("todo", "todolist", "project"))
    account.sync()
    rows = [row for row in account.rows("todo").values() if row["bucket_id"] == str(project.id)]
    groups = {row["id"] for row in account.rows("todolist").values() if row["parent_type"] == "Todolist"}
    assert {row["parent_type"] for row in rows} == {"Todoset", "Todolist"}
    assert any(row["parent_id"] in groups for row in rows)
    assert {row["completed"] for row in rows} == {True, False}


def test_cards_on_hold_are_read_from_the_second_list_of_their_column() -> None:
    account, project = refusing(only=("card", "project"))
    card = inside(account, project, "card")[0]
    column = card.parent
    assert column is not None
    column.fields["on_hold"] = {
        "id": account.store.next_id("recordings"),
        "title": "On hold",
        "created": 0,
        "updated": 0,
    }
    card.fields["on_hold"] = True
    account.sync()
    assert str(card.id) in account.rows("card")


def test_comments_on_all_that_can_be_discussed_are_read() -> None:
    account, project = refusing()
    account.sync()
    parents = {row["parent_type"] for row in account.rows("comment").values() if row["bucket_id"] == str(project.id)}
    within = [one.parent for one in inside(account, project, "comment") if str(one.id) not in out_of_reach(account)]
    assert parents == {parent.type for parent in within if parent is not None}
    assert len(parents) > 3


@pytest.mark.parametrize("seed", stories(range(12), quick=1))
def test_whatever_happens_a_complete_pass_lands_all_that_is_in_reach_and_nothing_else_suffers(seed: int) -> None:
    account = Account(seed=seed, scale=0.03, options=Options(archived_bucket_404=True))
    dice = Random(seed)
    for _ in range(3):
        account.sync()
        account.vendor.work(dice, 40)
        account.clock.advance(2 * DAY_SECONDS)
        for _ in range(2):
            account.sync(full_pass_days="0")  # A second one, because large deletions wait for it.
        archived = [each for each in account.store.projects() if each.status == "archived"]
        for table in set(TYPES) - {"door"}:
            missing = {id for each in archived for id in shown(account, each, table) - landed(account, each, table)}
            assert missing <= out_of_reach(account), table
        within = {str(one.id) for one in account.store.recordings.values() if one.bucket in archived}
        assert [each for each in account.differences() if not any(id in each for id in within)] == []


# What is not shown, and what is gone.


def test_what_is_trashed_in_a_refused_project_is_deleted_where_a_listing_shows_the_trash() -> None:
    account, project = refusing()
    account.sync()
    gone = [inside(account, project, kind)[0] for kind in ("todo", "todolist", "schedule_entry")]
    for one in gone:
        account.store.set_status(one, "trashed")
    account.sync(full_pass_days="0")
    for one in gone:
        assert str(one.id) not in account.rows(one.kind), one.kind


def test_what_the_tools_of_a_refused_project_do_not_show_stays() -> None:
    account, project = refusing()
    account.sync()
    before = {table: landed(account, project, table) for table in TYPES}
    for table in ("message", "document", "todo"):
        account.store.purge(inside(account, project, table)[0])
    account.sync(full_pass_days="0")
    assert {table: landed(account, project, table) for table in TYPES} == before
    account.vendor.options.archived_bucket_404 = False
    account.sync(full_pass_days="0")
    assert account.differences() == [] and account.errors() == []


def test_where_a_project_is_refused_what_was_purged_elsewhere_is_deleted() -> None:
    account, _ = refusing(only=("todo", "project"))
    todo = account.pool("todo")[0]
    account.sync()
    kept = set(account.rows("todo")) - {str(todo.id)}
    account.store.purge(todo)
    account.sync(full_pass_days="0")
    assert set(account.rows("todo")) == kept


@pytest.mark.parametrize("refused", [False, True])
def test_what_is_in_a_project_that_is_archived_while_the_rest_is_read_stays(refused: bool) -> None:
    account = Account(scale=0.05, options=Options(archived_bucket_404=refused), only=("todo", "project"))
    account.sync()
    project = account.project()
    before = landed(account, project, "todo")

    def archive(request: Request) -> None:
        if "recordings.json" in request.path:
            account.before = lambda request: None
            account.store.set_bucket_status(project, "archived")

    account.before = archive
    account.sync(full_pass_days="0")
    assert landed(account, project, "todo") == before and account.destination.business("delete") == 0
    account.sync()
    assert landed(account, project, "todo") == before


# What is told.


def test_errors_names_what_is_out_of_reach_and_nothing_else() -> None:
    account, project = refusing()
    account.sync()
    said = told(account)
    assert said.keys() == set(TYPES) - {"todo", "todolist", "schedule_entry"}
    assert all(str(project.id) in message for message in said.values())
    assert {stream for stream, message in said.items() if "everything" in message} == {"door"}
    assert {row["category"] for row in account.errors()} == {"not_found"}


def test_once_archived_projects_can_be_asked_for_again_everything_is_right() -> None:
    account, _ = refusing()
    account.sync()
    account.vendor.options.archived_bucket_404 = False
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


def test_a_list_that_fails_on_the_way_costs_only_itself_and_heals() -> None:
    account, project = refusing(only=("todo", "project"))
    failing = next(one for one in inside(account, project, "todolist") if account.store.live(one, "todo"))
    account.vendor.faults.break_path(rf"/todolists/{failing.id}/todos\.json", 500)
    account.sync()
    missing = {str(one.id) for one in account.store.live(failing, "todo")}
    assert shown(account, project, "todo") - landed(account, project, "todo") == missing
    assert [row["record_id"] for row in account.errors()] == [str(failing.id)]
    account.heal()
    account.sync()
    assert account.differences("todo") == [] and account.errors() == []


def test_a_failure_on_the_way_is_told_of_all_that_lies_below() -> None:
    account, project = refusing(only=("todo", "todolist", "project"))
    account.vendor.faults.break_path(r"/todosets/\d+/todolists\.json", 500)
    account.sync()
    assert told(account).keys() == {"todo", "todolist"}
    account.heal()
    account.sync()
    assert account.differences("todo", "todolist") == [] and account.errors() == []


def test_a_tool_that_is_refused_too_is_told() -> None:
    account, project = refusing(only=("todolist", "project"))
    account.vendor.faults.break_path(r"/todosets/\d+/todolists\.json", 404)
    account.sync()
    assert landed(account, project, "todolist") == set()
    assert {(row["stream"], row["category"]) for row in account.errors()} == {("todolist", "not_found")}


def test_a_type_that_is_listed_all_the_same_is_read_and_compared_as_ever() -> None:
    account = Account(scale=0.05)
    doors = account.pool("door")[:2]
    for each in doors:
        account.store.set_bucket_status(each.bucket, "archived")
    account.change(
        r"recordings\.json\?type=(?!Door).*bucket=",
        lambda answer, request: json_answer({"status": 404, "error": "Not Found"}, 404),
    )
    account.sync()
    assert {str(each.id) for each in doors} <= account.rows("door").keys()
    account.store.purge(doors[0])
    account.sync(full_pass_days="0")
    assert account.differences("door", "todo", "todolist", "schedule_entry") == []
    assert "door" not in told(account)


# What it costs.


def test_between_complete_passes_nothing_of_a_refused_project_is_asked_for_again() -> None:
    account, project = refusing()
    account.sync()
    account.sync()
    asked = account.asked()
    assert not [path for path in asked if re.search(rf"bucket=[\d,]*{project.id}", path)]
    assert len(asked) == len(account.asked())


def test_each_listing_on_the_way_is_asked_for_twice_at_most() -> None:
    account, project = refusing()
    ids = {str(one.id) for one in account.store.recordings.values() if one.bucket is project}
    asked = Counter(path for path in account.asked() if ids & set(re.findall(r"\d+", path)))
    assert max(asked.values()) <= 2


def test_an_archived_project_that_is_refused_costs_no_other_and_is_asked_for_again_by_a_complete_pass() -> None:
    account = Account(scale=0.05, only=("todo", "message", "project"))
    first, second = account.project(), account.project("archived")
    account.sync()
    account.store.set_bucket_status(first, "archived")
    refused = {str(first.id)}

    def refuse(answer: Answer, request: Request) -> Answer | None:
        named = set(request.query.get("bucket", "").split(","))
        return json_answer({"status": 404, "error": "Not Found"}, 404) if named & refused else None

    account.change(r"recordings\.json", refuse)
    account.sync(full_pass_days="0")
    assert landed(account, first, "todo") and landed(account, second, "todo")
    edited = next(each for each in account.store.kinds["todo"].values() if each.bucket is second)
    edited.title = "Changed though archived, beside one that is refused"
    account.store.touch(edited)
    asked = account.asked()
    assert account.rows("todo")[str(edited.id)]["title"] == edited.title
    assert not [path for path in asked if str(first.id) in path]
    refused.clear()
    account.sync(full_pass_days="0")
    assert account.differences() == [] and account.errors() == []


@pytest.mark.parametrize("every", [120, prove(7)])
def test_a_first_reading_that_is_killed_on_the_way_is_made_whole_by_the_next(
    monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setattr(checkpoints, "CHECKPOINT_SECONDS", 0.0)
    whole, _ = refusing(only=("todo", "project"))
    whole.sync()
    for death in range(0, whole.destination.operations, every):
        account, project = refusing(only=("todo", "project"))
        account.destination.dies_after = death
        with pytest.raises(Killed):
            account.sync()
        account.destination.dies_after = None
        account.sync()
        assert landed(account, project, "todo") == shown(account, project, "todo"), death
        account.sync(full_pass_days="0")
        assert account.differences("todo") == [] and account.destination.business("delete") == 0, death
