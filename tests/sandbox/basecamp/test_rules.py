"""What the real service refuses, hides and leaves out, the simulated one refuses, hides and leaves out."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.basecamp.options import Options

LISTED = (
    "Comment",
    "Document",
    "Door",
    "Kanban::Card",
    "Kanban::Step",
    "Message",
    "Question::Answer",
    "Schedule::Entry",
    "Todo",
    "Todolist",
    "Upload",
    "Vault",
)


def first(reader: Any, kind: str, **wanted: Any) -> Any:
    """Any active record of this kind in an active project, straight from the store."""
    store = reader.vendor.store
    for recording in store.kinds[kind].values():
        seen = recording.bucket.type == "Project" and recording.bucket.accessible
        if (
            seen
            and store.status(recording) == "active"
            and all(recording.fields.get(name) == value for name, value in wanted.items())
        ):
            return recording
    raise LookupError(kind)


def project_with_status(reader: Any, status: str) -> Any:
    return next(bucket for bucket in reader.vendor.store.projects() if bucket.status == status)


def test_a_request_without_a_contact_in_its_user_agent_is_a_plain_text_400(basecamp: Any) -> None:
    for agent in ("", "python-requests/2.32", "My Integration"):
        answer = basecamp.ask("projects.json", headers={"User-Agent": agent})
        assert answer.status_code == 400
        assert answer.headers["Content-Type"].startswith("text/plain")
    for agent in ("App (someone@example.org)", "App (https://example.org/contact)"):
        assert basecamp.ask("projects.json", headers={"User-Agent": agent}).status_code == 200


def test_a_missing_or_unknown_token_is_a_json_401(basecamp: Any) -> None:
    for value in (None, "Bearer nonsense", "Basic abc"):
        answer = basecamp.ask("projects.json", headers={"Authorization": value})
        assert answer.status_code == 401
        assert "error" in answer.json()


def test_a_token_dies_of_old_age_after_two_weeks(basecamp: Any) -> None:
    basecamp.clock.time += 1_209_600 - 1
    assert basecamp.ask("projects.json").status_code == 200
    basecamp.clock.time += 1
    answer = basecamp.ask("projects.json")
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("OAuth token expired (old age)")


def test_another_account_is_not_found(basecamp: Any) -> None:
    answer = basecamp.ask("http://basecamp.test/1/projects.json")
    assert answer.status_code == 404


def test_a_suspended_account_says_so_in_a_header(make: Callable[..., Any]) -> None:
    answer = make(options=Options(account_inactive=True)).ask("projects.json")
    assert (answer.status_code, answer.headers["Reason"]) == (404, "Account Inactive")


def test_the_fifty_first_request_in_ten_seconds_is_refused_with_the_seconds_to_wait(basecamp: Any) -> None:
    url, headers = f"{basecamp.base}/lineup/markers.json", {"Authorization": "Bearer wrong"}
    for number in range(50):
        answer = basecamp.session.get(url, headers=headers if number % 2 else {})
        assert answer.status_code in (200, 401)
    refused = basecamp.session.get(url)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "10"
    assert '"remaining": 0' in refused.headers["X-Ratelimit"]
    basecamp.clock.time += 10
    assert basecamp.session.get(url).status_code == 200


def test_unchanged_answers_count_against_the_limit_too(basecamp: Any) -> None:
    url = f"{basecamp.base}/account.json"
    tag = basecamp.session.get(url).headers["ETag"]
    for _ in range(49):
        assert basecamp.session.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert basecamp.session.get(url, headers={"If-None-Match": tag}).status_code == 429


def test_etags_do_not_see_signed_values_but_see_changes(basecamp: Any) -> None:
    answer = basecamp.ask("projects.json")
    again = basecamp.ask("projects.json")
    assert answer.text != again.text
    assert answer.headers["ETag"] == again.headers["ETag"]
    project_with_status(basecamp, "active").name = "Renamed"
    changed = basecamp.ask("projects.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200


def test_if_modified_since_answers_304_for_a_record_that_did_not_move(basecamp: Any) -> None:
    path = f"todos/{first(basecamp, 'todo').id}.json"
    moment = basecamp.ask(path).headers["Last-Modified"]
    answer = basecamp.ask(path, headers={"If-Modified-Since": moment})
    assert (answer.status_code, answer.content) == (304, b"")


def test_signed_values_differ_at_every_read_and_nothing_else_does(basecamp: Any) -> None:
    path = f"todos/{first(basecamp, 'todo').id}.json"
    one, other = basecamp.one(path), basecamp.one(path)
    assert {key for key in one if one[key] != other[key]} >= {"bookmark_url", "creator"}
    different = {key for key in one["creator"] if one["creator"][key] != other["creator"][key]}
    assert different == {"attachable_sgid", "avatar_url"}
    assert {key for key in one if one[key] != other[key]} <= {
        "bookmark_url",
        "creator",
        "assignees",
        "completion",
        "completion_subscribers",
        "steps",
        "description_attachments",
    }


def test_every_answer_has_a_request_id_of_its_own(basecamp: Any) -> None:
    answers = [basecamp.ask(path) for path in ("projects.json", "nothing.json", "projects.json")]
    answers.append(basecamp.ask("projects.json", headers={"User-Agent": ""}))
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(basecamp: Any, method: str) -> None:
    assert basecamp.ask("projects.json", method, data="name=x").status_code == 415
    refused = basecamp.ask("projects.json", method, json={"name": "x"})
    assert refused.status_code == 507
    assert "error" in refused.json()


def test_head_is_a_get_without_a_body(basecamp: Any) -> None:
    answer = basecamp.ask("projects.json", "HEAD")
    assert answer.status_code == 200
    assert answer.content == b""
    assert "X-Total-Count" in answer.headers


def test_a_path_needs_its_json_ending_or_the_accept_header(basecamp: Any) -> None:
    assert basecamp.ask("projects").status_code == 200
    plain = basecamp.ask("projects", headers={"Accept": "*/*"})
    assert plain.status_code == 406
    assert plain.headers["Content-Type"].startswith("text/html")


def test_flat_and_project_scoped_paths_answer_the_same_record(basecamp: Any) -> None:
    todo = first(basecamp, "todo")
    flat = basecamp.ask(f"todos/{todo.id}.json")
    legacy = basecamp.ask(f"buckets/{todo.bucket.id}/todos/{todo.id}.json")
    assert flat.headers["ETag"] == legacy.headers["ETag"]
    other = next(one for one in basecamp.vendor.store.projects() if one is not todo.bucket)
    assert basecamp.ask(f"buckets/{other.id}/todos/{todo.id}.json").status_code == 404


@pytest.mark.parametrize(
    "path", ["categories.json", "webhooks.json", "client/approvals.json", "client/correspondences.json"]
)
def test_some_collections_exist_only_under_their_project(basecamp: Any, path: str) -> None:
    project = project_with_status(basecamp, "active")
    assert basecamp.ask(f"buckets/{project.id}/{path}").status_code == 200
    assert basecamp.ask(path).status_code == 404


@pytest.mark.parametrize("path", ["todos.json", "cards.json", "documents.json", "boosts.json", "inbox.json"])
def test_collections_that_do_not_exist_are_not_made_up(basecamp: Any, path: str) -> None:
    assert basecamp.ask(path).status_code in (403, 404)


@pytest.mark.parametrize("query", ["", "type=Todos", "type=Question", "type=Todo&status=gone", "type=Todo&sort=name"])
def test_recordings_refuse_what_they_do_not_know(basecamp: Any, query: str) -> None:
    assert basecamp.ask(f"projects/recordings.json?{query}").status_code == 400


@pytest.mark.parametrize("type_name", LISTED)
def test_recordings_know_twelve_types(basecamp: Any, type_name: str) -> None:
    rows = basecamp.all(f"projects/recordings.json?type={type_name}")
    assert {row["type"] for row in rows} == {type_name}
    assert {row["status"] for row in rows} == {"active"}


@pytest.mark.parametrize("sort", ["created_at", "updated_at"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_recordings_are_sorted_as_asked(basecamp: Any, sort: str, direction: str) -> None:
    rows = basecamp.all(f"projects/recordings.json?type=Todo&sort={sort}&direction={direction}")
    keys = [(row[sort], row["id"]) for row in rows]
    assert keys == sorted(keys, reverse=direction == "desc")


def test_recordings_come_newest_created_first_by_default(basecamp: Any) -> None:
    created = [row["created_at"] for row in basecamp.all("projects/recordings.json?type=Comment")]
    assert created == sorted(created, reverse=True)


def test_recordings_of_archived_and_trashed_projects_are_not_in_the_default_listing(basecamp: Any) -> None:
    active = {bucket.id for bucket in basecamp.vendor.store.projects() if bucket.status == "active"}
    for status in ("active", "archived", "trashed"):
        for row in basecamp.all(f"projects/recordings.json?type=Todo&status={status}"):
            assert row["bucket"]["id"] in active


def test_recordings_of_an_archived_project_are_archived_and_found_by_its_id(make: Callable[..., Any]) -> None:
    reader = make()
    project = project_with_status(reader, "archived")
    query = f"projects/recordings.json?type=Todo&bucket={project.id}"
    assert reader.all(query) == []
    rows = reader.all(query + "&status=archived")
    assert rows and {row["inherits_status"] for row in rows} >= {True}
    old = make(options=Options(archived_bucket_404=True))
    assert old.ask(f"projects/recordings.json?type=Todo&status=archived&bucket={project.id}").status_code == 404


def test_recordings_of_several_buckets_can_be_asked_for_at_once(basecamp: Any) -> None:
    ids = [bucket.id for bucket in basecamp.vendor.store.projects() if bucket.status == "active"][:2]
    rows = basecamp.all(f"projects/recordings.json?type=Todo&bucket={ids[0]},{ids[1]}")
    assert {row["bucket"]["id"] for row in rows} == set(ids)
    assert basecamp.ask(f"projects/recordings.json?type=Todo&bucket={ids[0]},7").status_code == 404


def test_completed_and_loose_todos_and_groups_are_in_the_recordings(basecamp: Any) -> None:
    todos = basecamp.all("projects/recordings.json?type=Todo")
    assert {todo["completed"] for todo in todos} == {True, False}
    assert {todo["parent"]["type"] for todo in todos} == {"Todolist", "Todoset"}
    lists = basecamp.all("projects/recordings.json?type=Todolist")
    groups = [one for one in lists if one["parent"]["type"] == "Todolist"]
    assert groups
    for one in lists:
        assert ("group_position_url" in one) == (one in groups)
        assert ("groups_url" in one) != (one in groups)


def test_a_todo_list_shows_open_todos_unless_completed_ones_are_asked_for(make: Callable[..., Any]) -> None:
    reader = make(scale=0.5)
    store = reader.vendor.store
    todolist = max(
        (one for one in store.kinds["todolist"].values() if one.bucket.accessible and store.status(one) == "active"),
        key=lambda one: len({(todo.status, "completed_at" in todo.fields) for todo in store.below(one, "todo")}),
    )
    path = f"todolists/{todolist.id}/todos.json"
    assert {todo["completed"] for todo in reader.all(path)} == {False}
    assert {todo["completed"] for todo in reader.all(path + "?completed=true")} == {True}
    for status in ("archived", "trashed"):
        rows = reader.all(f"{path}?status={status}")
        assert {todo["status"] for todo in rows} <= {status}


def test_todos_of_a_group_are_not_in_the_list_above(basecamp: Any) -> None:
    store = basecamp.vendor.store
    group = next(
        one.parent
        for one in store.kinds["todo"].values()
        if one.parent.parent is not None
        and one.parent.parent.kind == "todolist"
        and store.status(one) == "active"
        and one.bucket.accessible
        and "completed_at" not in one.fields
    )
    above = {todo["id"] for todo in basecamp.all(f"todolists/{group.parent.id}/todos.json")}
    below = {todo["id"] for todo in basecamp.all(f"todolists/{group.id}/todos.json")}
    assert below and not above & below
    assert group.id in {one["id"] for one in basecamp.all(f"todolists/{group.parent.id}/groups.json")}


def test_position_and_completion_are_absent_rather_than_null(basecamp: Any) -> None:
    for todo in basecamp.all("projects/recordings.json?type=Todo"):
        assert ("position" in todo) == (not todo["completed"])
        assert ("completion" in todo) == todo["completed"]
    for status in ("archived", "trashed"):
        for todo in basecamp.all(f"projects/recordings.json?type=Todo&status={status}"):
            assert "position" not in todo


def test_optional_keys_are_there_only_when_they_mean_something(basecamp: Any) -> None:
    for upload in basecamp.all("projects/recordings.json?type=Upload"):
        assert ("width" in upload) == upload["content_type"].startswith("image/")
    messages = basecamp.all("projects/recordings.json?type=Message")
    assert {"category" in message for message in messages} == {True, False}
    entries = basecamp.all("projects/recordings.json?type=Schedule::Entry")
    assert {"recurrence_schedule" in entry for entry in entries} == {True, False}
    assert {"company" in person for person in basecamp.all("people.json")} == {True, False}
    columns = basecamp.one(f"card_tables/{first(basecamp, 'card_table').id}.json")["lists"]
    assert {"on_hold" in column for column in columns} == {True, False}


def test_all_day_entries_have_dates_and_others_instants_some_with_an_offset(basecamp: Any) -> None:
    entries = basecamp.all("projects/recordings.json?type=Schedule::Entry")
    assert {len(entry["starts_at"]) for entry in entries if entry["all_day"]} == {10}
    timed = [entry["starts_at"] for entry in entries if not entry["all_day"]]
    assert {text.endswith("Z") for text in timed} == {True, False}
    assert not basecamp.one("account.json")["updated_at"].endswith("Z")


def test_a_recurring_entry_redirects_to_its_first_occurrence(basecamp: Any) -> None:
    entry = next(
        one
        for one in basecamp.vendor.store.kinds["schedule_entry"].values()
        if one.fields.get("recurrence") and basecamp.vendor.store.status(one) == "active" and one.bucket.accessible
    )
    answer = basecamp.ask(f"schedule_entries/{entry.id}.json")
    assert answer.status_code == 302
    target = answer.headers["Location"]
    assert target.startswith(f"{basecamp.base}/buckets/{entry.bucket.id}/schedule_entries/{entry.id}/occurrences/")
    assert basecamp.one(target)["id"] == entry.id
    plain = first(basecamp, "schedule_entry", recurrence=None)
    assert basecamp.ask(f"schedule_entries/{plain.id}.json").status_code == 200


def test_cards_on_hold_are_in_a_second_list_and_not_in_their_column(basecamp: Any) -> None:
    card = first(basecamp, "card", on_hold=True)
    column = basecamp.one(f"card_tables/columns/{card.parent.id}.json")
    held = {row["id"] for row in basecamp.all(column["on_hold"]["cards_url"])}
    shown = {row["id"] for row in basecamp.all(column["cards_url"])}
    assert card.id in held and card.id not in shown
    assert len(held) == column["on_hold"]["cards_count"] and len(shown) == column["cards_count"]


def test_lists_without_a_status_parameter_ignore_it(basecamp: Any) -> None:
    card = first(basecamp, "card")
    path = f"card_tables/lists/{card.parent.id}/cards.json"
    assert [row["id"] for row in basecamp.all(path)] == [row["id"] for row in basecamp.all(path + "?status=archived")]


def test_lines_come_oldest_first_unless_a_direction_is_given(basecamp: Any) -> None:
    chat = first(basecamp, "campfire")
    plain = [line["id"] for line in basecamp.all(f"chats/{chat.id}/lines.json")]
    down = [line["id"] for line in basecamp.all(f"chats/{chat.id}/lines.json?sort=created_at&direction=desc")]
    assert plain == down[::-1]


def test_upload_lines_have_attachments_instead_of_content(basecamp: Any) -> None:
    chats = basecamp.all("chats.json")
    lines = [line for chat in chats for line in basecamp.all(f"chats/{chat['id']}/lines.json")]
    assert {line["type"] for line in lines} >= {"Chat::Lines::Text", "Chat::Lines::RichText", "Chat::Lines::Upload"}
    for line in lines:
        assert ("attachments" in line) == (line["type"] == "Chat::Lines::Upload") != ("content" in line)


def test_pings_stand_among_the_chats(basecamp: Any) -> None:
    assert {chat["bucket"]["type"] for chat in basecamp.all("chats.json")} == {"Project", "Circle"}


def test_a_chat_with_a_rename_can_be_made_to_fail(make: Callable[..., Any]) -> None:
    reader = make(scale=0.2, options=Options(chats_with_rename_fail=True))
    line = next(one for one in reader.vendor.store.kinds["campfire_line"].values() if one.type.endswith("Rename"))
    line.bucket.accessible = True
    assert reader.ask(f"chats/{line.parent.id}/lines.json").status_code == 500


def test_drafts_are_seen_by_nobody_but_their_author_and_never_in_lists(basecamp: Any) -> None:
    store = basecamp.vendor.store
    draft = next(one for one in store.kinds["message"].values() if one.status == "drafted" and one.bucket.accessible)
    listed = {row["id"] for row in basecamp.all(f"message_boards/{draft.parent.id}/messages.json")}
    assert draft.id not in listed
    assert basecamp.one(f"messages/{draft.id}.json")["status"] == "drafted"
    draft.creator = next(person for person in store.people if person != store.reader)
    assert basecamp.ask(f"messages/{draft.id}.json").status_code == 404


def test_projects_the_person_is_not_in_do_not_exist(basecamp: Any) -> None:
    store = basecamp.vendor.store
    hidden = next(bucket for bucket in store.buckets.values() if not bucket.accessible)
    assert basecamp.ask(f"projects/{hidden.id}.json").status_code == 404
    todo = next(one for one in store.kinds["todo"].values() if one.bucket is hidden)
    assert basecamp.ask(f"todos/{todo.id}.json").status_code == 404
    for status in ("active", "archived", "trashed"):
        assert hidden.id not in {row["id"] for row in basecamp.all(f"projects.json?status={status}")}


def test_each_project_list_shows_one_status(basecamp: Any) -> None:
    for status in ("active", "archived", "trashed"):
        rows = basecamp.all(f"projects.json?status={status}")
        assert rows and {row["status"] for row in rows} == {status}
    assert [row["id"] for row in basecamp.all("projects.json")] == [
        row["id"] for row in basecamp.all("projects.json?status=active")
    ]
    assert basecamp.ask("projects.json?status=gone").status_code == 400


def test_hidden_tools_stay_in_the_dock_and_readable(make: Callable[..., Any]) -> None:
    reader = make(scale=0.3)
    projects = reader.all("projects.json")
    hidden = [tool for project in projects for tool in project["dock"] if not tool["enabled"]]
    assert hidden
    for tool in hidden:
        assert tool["position"] is None
        assert reader.ask(f"dock/tools/{tool['id']}.json").status_code == 200
    boards = {tool["id"] for tool in hidden if tool["name"] == "message_board"}
    assert any(row["parent"]["id"] in boards for row in reader.all("projects/recordings.json?type=Message"))


def test_a_project_may_have_several_tools_of_one_name(basecamp: Any) -> None:
    names = [[tool["name"] for tool in project["dock"]] for project in basecamp.all("projects.json")]
    assert any(one.count("kanban_board") > 1 for one in names)
    assert any(one.count("chat") > 1 for one in names)


def test_emails_are_redacted_for_who_is_no_admin(make: Callable[..., Any]) -> None:
    reader = make(options=Options(redacted_emails=True))
    addresses = [person["email_address"] for person in reader.all("people.json") if person["email_address"]]
    assert sum("•" in address for address in addresses) == len(addresses) - 1


def test_people_of_all_sorts_are_listed_over_several_pages(basecamp: Any) -> None:
    people = basecamp.all("people.json")
    assert len(list(basecamp.pages("people.json"))) > 1
    assert {person["personable_type"] for person in people} == {
        "User",
        "Client",
        "Integration",
        "Outsider",
        "Agent",
        "DummyUser",
        "Tombstone",
    }
    legacy = [person for person in people if person["personable_type"] == "Client"]
    assert {person["client"] for person in legacy} == {False}


def test_numbers_of_persons_projects_and_recordings_collide(basecamp: Any) -> None:
    store = basecamp.vendor.store
    assert set(store.people) & set(store.recordings)
    assert set(store.buckets) & set(store.recordings)
    assert set(store.people) & set(store.buckets)


def test_ids_can_be_beyond_what_a_double_holds(make: Callable[..., Any]) -> None:
    reader = make(options=Options(large_ids=True))
    assert all(row["id"] > 2**53 for row in reader.all("projects/recordings.json?type=Message"))


def test_the_timesheet_report_covers_a_month_unless_told_otherwise_and_is_one_answer(basecamp: Any) -> None:
    recent = basecamp.ask("reports/timesheet.json")
    assert "Link" not in recent.headers
    everything = basecamp.one("reports/timesheet.json?start_date=2000-01-01&end_date=2100-01-01")
    assert 0 <= len(recent.json()) < len(everything)
    assert isinstance(everything[0]["hours"], str)
    assert basecamp.ask("reports/timesheet.json?start_date=2000-01-01").status_code == 400


def test_the_project_timesheet_is_paginated_and_missing_where_switched_off(basecamp: Any) -> None:
    projects = basecamp.all("projects.json")
    on = next(project for project in projects if project["timesheet_enabled"])
    off = next(project for project in projects if not project["timesheet_enabled"])
    assert basecamp.ask(f"projects/{on['id']}/timesheet.json").headers["X-Total-Count"]
    assert basecamp.ask(f"projects/{off['id']}/timesheet.json").status_code == 404


def test_approvals_show_their_responses_only_alone(basecamp: Any) -> None:
    response = first(basecamp, "client_approval_response")
    bucket = response.bucket.id
    listed = basecamp.all(f"buckets/{bucket}/client/approvals.json")
    assert all("responses" not in row for row in listed)
    alone = basecamp.one(f"client/approvals/{response.parent.id}.json")
    assert response.id in {row["id"] for row in alone["responses"]}
    assert "url" not in alone["responses"][0]


def test_webhook_deliveries_are_only_in_the_single_webhook(basecamp: Any) -> None:
    webhook = next(iter(basecamp.vendor.store.webhooks.values()))
    basecamp.vendor.store.buckets[webhook.owner].accessible = True
    rows = basecamp.all(f"buckets/{webhook.owner}/webhooks.json")
    assert all("recent_deliveries" not in row for row in rows)
    assert "recent_deliveries" in basecamp.one(f"webhooks/{webhook.id}.json")


def test_events_of_a_recording_come_newest_first(basecamp: Any) -> None:
    todo = next(one for one in basecamp.vendor.store.kinds["todo"].values() if "completed_at" in one.fields)
    todo.bucket.accessible = True
    rows = basecamp.all(f"recordings/{todo.id}/events.json")
    assert rows[0]["action"] == "completed" and "boosts_count" in rows[0]
    assert rows[-1]["action"] == "created" and "boosts_count" not in rows[-1]


def test_a_trashed_door_is_deleted(basecamp: Any) -> None:
    door = first(basecamp, "door")
    basecamp.vendor.store.set_status(door, "trashed")
    rows = basecamp.all("projects/recordings.json?type=Door&status=trashed")
    assert {row["status"] for row in rows if row["id"] == door.id} == {"deleted"}


def test_doors_have_the_outside_address_in_the_recordings_and_a_reduced_form_among_the_tools(basecamp: Any) -> None:
    row = basecamp.all("projects/recordings.json?type=Door")[0]
    assert row["url"].startswith("https://drawings.example/")
    assert "service" in row and "service" not in basecamp.one(f"dock/tools/{row['id']}.json")


@pytest.mark.parametrize(
    "path", ["messages", "comments", "checkins", "forwards", "files", "todos/open", "cards/not_now", "todos/overdue"]
)
def test_account_wide_lists_show_active_things_of_active_projects(basecamp: Any, path: str) -> None:
    active = {bucket.id for bucket in basecamp.vendor.store.projects() if bucket.status == "active"}
    rows = basecamp.all(f"{path}.json")
    flat = [one for row in rows for one in (row.get("todos", row.get("cards", [row])))]
    assert {row["status"] for row in flat} <= {"active"}
    assert {row["bucket"]["id"] for row in flat} <= active


def test_chats_and_gauges_of_archived_projects_can_be_left_out(make: Callable[..., Any]) -> None:
    shown, hidden = make(), make(options=Options(account_lists_skip_archived=True))
    for reader in (shown, hidden):
        reader.vendor.store.set_bucket_status(first(reader, "gauge").bucket, "archived")
    for path in ("chats.json", "reports/gauges.json"):
        statuses = [{row["status"] for row in reader.all(path)} for reader in (shown, hidden)]
        assert statuses == [{"active", "archived"}, {"active"}]


def test_the_ledger_tells_what_was_asked(basecamp: Any) -> None:
    basecamp.ask("projects.json?status=archived")
    basecamp.ask("nothing.json", headers={"Authorization": ""})
    good, bad = basecamp.vendor.requests
    assert (good.method, good.status, good.authenticated) == ("GET", 200, True)
    assert good.path.endswith("/projects.json?status=archived")
    assert (bad.status, bad.authenticated) == (401, False)
    assert basecamp.vendor.statistics == {"requests": 2, "200": 1, "401": 1}


def test_the_same_seed_gives_the_same_bytes(make: Callable[..., Any]) -> None:
    one, other, different = make(), make(), make(seed=2)
    paths = ["projects.json", "people.json", "projects/recordings.json?type=Todo", "chats.json"]
    assert [one.ask(path).text for path in paths] == [other.ask(path).text for path in paths]
    assert one.ask("people.json").text != different.ask("people.json").text


def test_the_configuration_works_as_it_stands(basecamp: Any) -> None:
    configuration = basecamp.vendor.configuration("http://basecamp.test")
    session = requests.Session()
    session.mount("http://basecamp.test", basecamp.session.get_adapter("http://basecamp.test"))
    keys = ("client_id", "client_secret", "refresh_token")
    form = {"grant_type": "refresh_token", **{key: configuration[key] for key in keys}}
    token = session.post(f"{configuration['launchpad_url']}/authorization/token", data=form).json()["access_token"]
    answer = session.get(
        f"{configuration['base_url']}/{configuration['account_id']}/my/profile.json",
        headers={"Authorization": f"Bearer {token}", "User-Agent": configuration["user_agent"]},
    )
    assert answer.json()["owner"] is True
