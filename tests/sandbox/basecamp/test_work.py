"""What moves `updated_at` and what does not. basecamp.md 8 and 9."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.work import CHANGES, Work

DAY = 86_400


@pytest.fixture
def work(basecamp: Any) -> Work:
    return Work(basecamp.vendor.store, 1)


def shown(reader: Any, recording: Any) -> dict[str, Any]:
    kind = {"todo": "todos", "todolist": "todolists", "message": "messages", "comment": "comments"}[recording.kind]
    return reader.one(f"{kind}/{recording.id}.json")


def active(reader: Any, kind: str, wanted: Callable[[Any], bool] = lambda one: True) -> Any:
    store = reader.vendor.store
    for one in store.kinds[kind].values():
        seen = one.bucket.type == "Project" and one.bucket.accessible
        if seen and store.status(one) == "active" and wanted(one):
            return one
    raise LookupError(kind)


def test_completing_a_todo_moves_it_its_list_its_todo_set_and_its_project(basecamp: Any, work: Work) -> None:
    todo = active(basecamp, "todo", lambda one: "completed_at" not in one.fields and one.parent.kind == "todolist")
    now = basecamp.vendor.store.now
    work.tick(todo, todo.creator, "todo.completed")
    above = todo.parent
    while above is not None:
        assert above.updated == now
        above = above.parent
    assert todo.bucket.updated == now
    payload = shown(basecamp, todo)
    assert payload["completion"]["created_at"] < payload["updated_at"]
    assert payload["status"] == "active" and "position" not in payload


def test_a_status_that_is_inherited_moves_no_child(basecamp: Any) -> None:
    store = basecamp.vendor.store
    todolist = active(basecamp, "todolist", lambda one: len(store.live(one, "todo")) > 2)
    before = {todo.id: (todo.updated, todo.status) for todo in store.live(todolist, "todo")}
    store.set_status(todolist, "archived")
    for id, (updated, _) in before.items():
        payload = shown(basecamp, store.recordings[id])
        assert (payload["status"], payload["inherits_status"]) == ("archived", True)
        assert store.recordings[id].updated == updated
    own = shown(basecamp, todolist)
    assert (own["status"], own["inherits_status"]) == ("archived", False)
    assert basecamp.all(f"todolists/{todolist.id}/todos.json") == []
    found = {row["id"] for row in basecamp.all(f"todolists/{todolist.id}/todos.json?status=archived")}
    assert set(before) <= found
    store.set_status(todolist, "active")
    for id, (updated, status) in before.items():
        assert store.status(store.recordings[id]) == status == "active"
        assert store.recordings[id].updated == updated


def test_a_restored_project_reappears_with_old_times(basecamp: Any) -> None:
    store = basecamp.vendor.store
    todo = active(basecamp, "todo")
    before = shown(basecamp, todo)["updated_at"]
    query = "projects/recordings.json?type=Todo"
    count = len(basecamp.all(query))
    store.set_bucket_status(todo.bucket, "trashed")
    assert todo.id not in {row["id"] for row in basecamp.all(query)}
    basecamp.clock.time += DAY
    store.set_bucket_status(todo.bucket, "active")
    again = {row["id"]: row["updated_at"] for row in basecamp.all(query)}
    assert (len(again), again[todo.id]) == (count, before)


def test_what_is_restored_itself_does_move(basecamp: Any) -> None:
    store = basecamp.vendor.store
    todo = active(basecamp, "todo")
    store.set_status(todo, "trashed")
    basecamp.clock.time += 60
    store.set_status(todo, "active")
    assert todo.updated == store.now


def test_trash_is_purged_after_thirty_days_with_everything_under_it(basecamp: Any) -> None:
    store = basecamp.vendor.store
    todolist = active(basecamp, "todolist", lambda one: bool(store.live(one, "todo")))
    children = [todo.id for todo in store.live(todolist, "todo")]
    store.set_status(todolist, "trashed")
    basecamp.clock.time += 30 * DAY - 60
    basecamp.renew()
    assert basecamp.ask(f"todolists/{todolist.id}.json").status_code == 200
    basecamp.clock.time += 61
    for path in [f"todolists/{todolist.id}.json", *(f"todos/{id}.json" for id in children)]:
        assert basecamp.ask(path).status_code == 404
    listed = {row["id"] for row in basecamp.all("projects/recordings.json?type=Todolist&status=trashed")}
    assert todolist.id not in listed


def test_a_trashed_project_is_purged_after_thirty_days(basecamp: Any) -> None:
    project = basecamp.all("projects.json?status=trashed")[0]
    basecamp.clock.time += 31 * DAY
    basecamp.renew()
    assert basecamp.ask(f"projects/{project['id']}.json").status_code == 404
    assert not [one for one in basecamp.vendor.store.recordings.values() if one.bucket.id == project["id"]]


def test_a_rename_above_changes_what_comments_show_and_moves_none(basecamp: Any, work: Work) -> None:
    comment = active(basecamp, "comment", lambda one: one.parent.kind == "message")
    before = shown(basecamp, comment)
    comment.parent.title = "Another subject"
    after = shown(basecamp, comment)
    assert after["title"] == "Re: Another subject" != before["title"]
    assert after["updated_at"] == before["updated_at"]


def test_counters_change_and_nothing_moves(basecamp: Any, work: Work) -> None:
    store = basecamp.vendor.store
    message = active(basecamp, "message")
    before = shown(basecamp, message)
    work.make(Random(1), "comment", message, "").fields["content"] = "One more"
    after = shown(basecamp, message)
    assert after["comments_count"] == before["comments_count"] + 1
    assert after["updated_at"] == before["updated_at"]
    store.set_status(store.live(message, "comment")[-1], "trashed")
    assert shown(basecamp, message)["comments_count"] == before["comments_count"]


def test_a_moved_todo_keeps_its_id_and_a_card_in_a_wormhole_gets_another(basecamp: Any, work: Work) -> None:
    store, random = basecamp.vendor.store, Random(3)
    before = {todo.id: todo.parent.id for todo in store.kinds["todo"].values()}
    assert work.move_todo(random)
    assert set(before) == set(store.kinds["todo"])
    moved = [id for id, parent in before.items() if store.recordings[id].parent.id != parent]
    assert len(moved) == 1
    cards = set(store.kinds["card"])
    while not work.send_card_through_wormhole(random):
        pass
    gone, new = cards - set(store.kinds["card"]), set(store.kinds["card"]) - cards
    assert len(gone) == len(new) == 1
    assert basecamp.ask(f"card_tables/cards/{gone.pop()}.json").status_code == 404


def test_a_published_draft_is_new_with_an_old_created_at(basecamp: Any, work: Work) -> None:
    for bucket in basecamp.vendor.store.projects():
        bucket.status = "active"
    listing = "projects/recordings.json?type=Message&sort=updated_at"
    before = {row["id"] for row in basecamp.all(listing)}
    for _ in range(9):
        work.publish_draft(Random(1))
    new = [row for row in basecamp.all(listing) if row["id"] not in before]
    assert new and all(row["created_at"] < row["updated_at"] for row in new)


@pytest.mark.parametrize("kind", ["timesheet_entry", "campfire_line"])
def test_some_things_are_deleted_without_a_trash(basecamp: Any, work: Work, kind: str) -> None:
    before = set(basecamp.vendor.store.kinds[kind])
    assert work.delete(Random(1), kind)
    gone = before - set(basecamp.vendor.store.kinds[kind])
    assert len(gone) == 1


def test_people_who_leave_are_tombstones_or_vanish_but_are_still_named(basecamp: Any, work: Work) -> None:
    random = Random(4)
    before = {person["id"]: person["personable_type"] for person in basecamp.all("people.json")}
    for _ in range(8):
        work.leave(random)
    after = {person["id"]: person["personable_type"] for person in basecamp.all("people.json")}
    vanished = set(before) - set(after)
    tombstones = {id for id in after if after[id] == "Tombstone" != before[id]}
    assert vanished and tombstones
    for project in basecamp.all("projects.json"):
        members = {person["id"] for person in basecamp.all(f"projects/{project['id']}/people.json")}
        assert not members & (vanished | tombstones)
    creators = {row["creator"]["id"] for row in basecamp.all("projects/recordings.json?type=Comment")}
    assert creators & (vanished | tombstones)


def test_completing_a_whole_list_gives_many_rows_one_moment(make: Callable[..., Any]) -> None:
    store, random = make(scale=0.05).vendor.store, Random(2)
    while not Work(store, 1).complete_a_list_at_once(random):
        pass
    assert sum(todo.updated == store.now for todo in store.kinds["todo"].values()) > 1


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_can_happen_and_leaves_an_account_that_answers(make: Callable[..., Any], change: str) -> None:
    reader, random = make(), Random(1)
    work = Work(reader.vendor.store, 1)
    done = 0
    for name in (
        change,
        "put_away",
        "lose_access",
        "trash_project",
        "put_away_a_parent",
        "write_draft",
        change,
        change,
    ):
        done += getattr(work, name)(random) and name == change
    assert done
    for table in ("projects.json", "chats.json", "projects/recordings.json?type=Todo", "people.json"):
        reader.all(table)
    reader.vendor.truth()


def test_work_is_the_same_for_the_same_seed(make: Callable[..., Any]) -> None:
    one, other = make(), make()
    assert one.vendor.work(Random(9), 50) == other.vendor.work(Random(9), 50)
    assert one.vendor.truth() == other.vendor.truth()
