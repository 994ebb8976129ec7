"""Answers that no documentation promises: the sync ends, everything else lands, and what failed is told."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.work import Work
from sandbox.web import Answer, Request, json_answer, text_answer
from tests.basecamp.account import Account, synced
from tests.contract.world import edited
from tests.depth import pairs, prove

TODOS = r"/recordings\.json\?type=Todo&"
PAGE = 15
IN_TEN_YEARS_MILLISECONDS = 3_650 * 86_400_000
TODO = ("todo", "project", "person")
"""To-dos, and some streams that are none of their business."""


def without(*keys: str) -> Callable[[Any], Any]:
    """A record that lacks these keys."""
    return lambda record: {key: value for key, value in record.items() if key not in keys}


def with_values(**values: Any) -> Callable[[Any], Any]:
    """A record with other values."""
    return lambda record: {**record, **values}


def answered(body: Any, answer: Answer, request: Request) -> Answer:
    """Another answer in place of the one that there is."""
    return json_answer(body)


def header_less(*names: str) -> Callable[[Answer, Request], Answer]:
    return lambda answer, request: Answer(
        answer.status, answer.body, {name: value for name, value in answer.headers.items() if name not in names}
    )


def together(patterns: list[str]) -> list[Any]:
    """Addresses for `parametrize`: a quick run takes all of them at once, a deep run each alone."""
    return ["|".join(patterns), *map(prove, patterns)]


def drift(account: Account) -> set[str]:
    return {row["record_id"] for row in account.errors() if row["category"] == "schema_drift"}


# Headers and links.


def test_answers_without_a_total_are_read_to_the_end() -> None:
    account = Account(scale=0.05)
    account.change("", header_less("X-Total-Count"))
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


def test_answers_without_entity_tags_dates_and_request_ids_are_as_good() -> None:
    account = Account()
    account.change("", header_less("ETag", "Last-Modified", "X-Request-Id", "Date"))
    account.sync()
    assert account.differences() == []


TOTALS = ("-1", "many", "", "1e9", "٣")


@pytest.mark.parametrize("totals", [TOTALS, *(prove((each,)) for each in TOTALS)])
def test_a_total_that_is_no_number_is_not_believed(totals: tuple[str, ...]) -> None:
    account, turns = Account(), cycle(totals)

    def change(answer: Answer, request: Request) -> Answer:
        if "X-Total-Count" in answer.headers:
            answer.headers["X-Total-Count"] = next(turns).encode().decode("latin-1")
        return answer

    account.change("", change)
    account.sync()
    assert account.differences() == []


def test_next_links_that_never_end_end() -> None:
    account = Account(scale=0.05)
    account.vendor.options.endless_next_links = True
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_an_empty_page_after_the_last_one_changes_nothing() -> None:
    account = Account(scale=0.05)
    account.vendor.options.empty_page_with_next = True
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_a_link_back_to_the_first_page_ends_the_listing() -> None:
    account = Account(scale=0.05, only=("todo", "project"))

    def change(answer: Answer, request: Request) -> Answer:
        if "Link" not in answer.headers and "page=" in request.query_string:
            first = request.url_with(page=2)
            answer.headers["Link"] = f'<{first}>; rel="next"'
        return answer

    account.change(TODOS, change)
    account.sync()
    assert account.differences("todo") == []


def test_a_link_to_another_origin_is_not_followed_and_gets_no_token() -> None:
    account = Account(scale=0.05)

    def change(answer: Answer, request: Request) -> Answer:
        if "Link" in answer.headers:
            answer.headers["Link"] = '<https://elsewhere.test/steal.json>; rel="next"'
        return answer

    account.change(TODOS, change)
    account.sync()
    told = [row for row in account.errors() if row["stream"] == "todo"]
    assert len(told) == 1
    assert "another origin" in told[0]["message"]
    assert [each for each in account.differences() if not each.startswith(("todo ", "todo_"))] == []
    account.heal()
    account.sync()
    assert account.differences() == []
    assert account.errors() == []


def test_a_page_that_fails_for_good_is_one_error_and_its_position_does_not_move() -> None:
    account = synced(scale=0.05)
    position = account.metadata("todo")["position"]
    todo = account.pool("todo")[0]
    todo.fields["due_on"] = "2031-01-01"
    account.store.touch(todo)
    account.vendor.faults.break_path(r"type=Todo&status=archived", 500)
    account.sync()
    assert [row["stream"] for row in account.errors()] == ["todo"]
    assert account.errors()[0]["category"] == "unavailable"
    assert account.errors()[0]["status"] == 500
    before, after = (json.loads(each)["archived"] for each in (position, account.metadata("todo")["position"]))
    assert before == after
    account.heal()
    account.sync()
    assert account.errors() == []
    assert account.differences() == []


# Bodies.


@pytest.mark.parametrize(
    "body",
    [
        json_answer(None),
        json_answer({"error": "later"}),
        json_answer("nothing"),
        json_answer(7),
        text_answer("<html></html>", 200, "text/html"),
        text_answer("", 200),
    ],
    ids=["null", "an object", "text", "a number", "html", "nothing"],
)
@pytest.mark.parametrize("path", [r"type=Comment&", r"/(people|markers)\.json"])
def test_a_listing_that_is_no_list_is_an_error_of_its_stream_alone(path: str, body: Answer) -> None:
    account = synced(only=("comment", "person", "lineup_marker", "project", "todo"))
    before = account.destination.business_rows()
    account.change(path, lambda answer, request: Answer(200, body.body, dict(body.headers)))
    account.sync(full_pass_days="0")
    assert {row["category"] for row in account.errors()} == {"bad_payload"}
    assert account.destination.business_rows() == before
    account.heal()
    account.sync(full_pass_days="0")
    assert account.errors() == []
    assert account.differences() == []


@pytest.mark.parametrize(
    "path",
    together(
        [
            r"/account\.json",
            r"/todosets/\d+\.json",
            r"/hill\.json",
            r"/card_tables/\d+\.json",
            r"/client/approvals/\d+\.json",
        ]
    ),
)
def test_a_list_where_an_object_belongs_is_an_error_and_deletes_nothing(path: str) -> None:
    account = synced()
    before = account.destination.business_rows()
    account.change(path, lambda answer, request: edited(answer, lambda record: [record]))
    for approval in account.pool("client_approval"):
        account.store.touch(approval)
    account.sync(full_pass_days="0")
    assert {row["category"] for row in account.errors()} == {"bad_payload"}
    assert {name: set(rows) for name, rows in account.destination.business_rows().items()} == {
        name: set(rows) for name, rows in before.items()
    }
    account.heal()
    account.sync(full_pass_days="0")
    assert account.errors() == []
    assert account.differences() == []


JUNK: list[Any] = [None, "Internal error", 5, [], [1], True, {}]


@pytest.mark.parametrize(
    "path",
    together(
        [
            r"/projects\.json$",
            r"/people\.json",
            r"type=Todo&",
            r"type=Vault&",
            r"/lines\.json",
            r"/categories\.json",
            r"/replies\.json",
            r"/timesheet\.json",
            r"/gauges\.json",
            r"/needles\.json",
            r"/templates\.json",
            r"/markers\.json",
            r"/questions\.json",
            r"/inbox_forwards\.json",
            r"/client/approvals\.json",
            r"/correspondences\.json",
        ]
    ),
)
def test_junk_between_good_records_costs_only_itself(path: str) -> None:
    account = Account()
    account.change(path, lambda answer, request: edited(answer, lambda records: [*JUNK, *records, *JUNK]))
    account.sync()
    assert account.destination.errors == []
    assert {row["category"] for row in account.errors()} == {"bad_payload"}
    assert account.differences() == []
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


MALFORMED = [
    ("todo", "null"),
    ("todo", "list"),
    ("comment", "no_id"),
    ("vault", "text"),
    ("vault", "list"),
    ("person", "null"),
    ("person", "list"),
    ("campfire_line", "text"),
    ("card_table", "list"),
    ("client_approval", "text"),
    ("timesheet_entry", "null"),
    ("forward", "list"),
    ("gauge", "no_id"),
]
PROJECTS = [("project", "no_id"), ("project", "list")]
"""Apart from the others, because nothing below them is read."""


@pytest.mark.parametrize("malformed", [MALFORMED, PROJECTS, *(prove([each]) for each in MALFORMED + PROJECTS)])
def test_a_record_that_is_malformed_is_told_and_heals(malformed: list[tuple[str, str]]) -> None:
    account = Account()
    people = [one for one in account.store.people.values() if not one.gone]
    records: dict[str, Iterator[Any]] = {"person": iter(people), "project": account.projects()}
    for kind, shape in malformed:
        if kind not in records:
            records[kind] = iter(account.pool(kind))
        account.vendor.faults.break_record(kind, next(records[kind]).id, shape)
    account.sync()
    assert {kind for kind, _ in malformed} <= {row["stream"] for row in account.errors()}
    assert account.destination.errors == []
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("todo", "null"),
        ("comment", "no_id"),
        ("person", "text"),
        ("campfire_line", "no_id"),
        ("client_approval", "null"),
        ("forward", "text"),
    ],
)
def test_a_record_that_turns_malformed_is_not_deleted(kind: str, shape: str) -> None:
    account = synced(only=(kind, "project", "todolist"))
    if kind == "person":
        broken = next(one for one in account.store.people.values() if not one.gone).id
    else:
        one = account.pick(kind)
        broken = one.id
        account.store.touch(one)
    account.vendor.faults.break_record(kind, broken, shape)
    account.clock.advance(3_600)
    account.sync()
    account.sync(full_pass_days="0")
    assert str(broken) in account.rows(kind)
    account.heal()
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


def test_a_record_whose_own_detail_always_fails_is_pending_and_heals_by_itself() -> None:
    account = Account(scale=0.05)
    broken = account.pick("client_approval").id
    account.vendor.faults.break_path(rf"/client/approvals/{broken}\.json", 500)
    account.sync()
    assert [(row["stream"], row["record_id"]) for row in account.errors()] == [("client_approval", str(broken))]
    assert list(account.destination.state["pending"]) == ["client_approval"]
    assert [each for each in account.differences() if not each.startswith(("client_approval", "client_reply"))] == []
    account.heal()
    account.sync()
    assert account.errors() == []
    assert account.differences() == []
    assert account.destination.state["pending"] == {}


def test_a_reply_lands_though_its_letter_could_not_be_read_and_then_its_replies_could_not() -> None:
    account = Account(scale=0.05)
    account.sync()
    assert Work(account.store, 1).reply(Random(1), "client_approval", "client_reply")
    detail, replies = r"/client/approvals/\d+\.json", r"/client/recordings/\d+/replies\.json"
    account.vendor.faults.break_path(detail, 503)
    account.sync()
    account.heal()
    account.vendor.faults.break_path(replies, 503)
    account.sync()
    assert [row["stream"] for row in account.errors()] == ["client_reply"]
    account.heal()
    account.sync()
    assert account.differences("client_approval", "client_reply") == [] and account.errors() == []


# Keys and values.


@pytest.mark.parametrize(
    "key",
    [
        "parent",
        "bucket",
        "creator",
        "position",
        "title",
        "assignees",
        "completion",
        "comments_count",
        "description_attachments",
        "type",
        "visible_to_clients",
    ],
)
def test_a_key_that_is_missing_is_null_and_no_drift(key: str) -> None:
    account = Account(only=TODO)
    account.change_records(TODOS, without(key))
    account.sync()
    assert len(account.rows("todo")) == len(account.vendor.truth()["todo"])
    assert account.errors() == []


@pytest.mark.parametrize(
    "key",
    [
        "parent",
        "bucket",
        "creator",
        "assignees",
        "completion",
        "completion_subscribers",
        "description_attachments",
        "due_on",
        "content",
        "steps",
    ],
)
def test_a_key_that_is_null_is_null_and_no_drift(key: str) -> None:
    account = Account(only=TODO)
    account.change_records(TODOS, with_values(**{key: None}))
    account.sync()
    assert len(account.rows("todo")) == len(account.vendor.truth()["todo"])
    assert account.errors() == []


@pytest.mark.parametrize(
    ("key", "value", "column"),
    [
        ("completed", "true", "todo.completed: text where true or false belongs"),
        ("completed", 1, "todo.completed: a whole number where true or false belongs"),
        ("due_on", "next week", "todo.due_on: text that is not a date"),
        ("due_on", "2026-02-30", "todo.due_on: text that is not a date"),
        ("created_at", "2026-01-01T00:00:00", "todo.created_at: a time without a zone"),
        ("comments_count", "3", "todo.comments_count: text where a whole number belongs"),
        ("comments_count", 2**70, "todo.comments_count: a whole number beyond 64 bits"),
        ("parent", [], "todo.parent_id: a list where an object belongs"),
        ("bucket", "Project", "todo.bucket_id: text where an object belongs"),
        ("assignees", {}, "todo_assignee: an object where a list belongs"),
        ("description_attachments", {"id": 1}, "todo.description_attachments: no list where one belongs"),
    ],
)
def test_a_value_that_does_not_fit_is_told_and_costs_only_itself(key: str, value: Any, column: str) -> None:
    account = Account(only=TODO)
    one = account.pool("todo")[0].id
    account.change_records(TODOS, lambda record: {**record, key: value} if record["id"] == one else record)
    account.sync()
    assert column in drift(account)
    assert str(one) in account.rows("todo")
    assert [each for each in account.differences() if f"{one}" not in each] == []
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


def test_keys_that_nobody_knows_are_told_once_and_everything_lands() -> None:
    account = Account(only=TODO)
    account.change_records(TODOS, with_values(priority="high", estimate={"hours": 3}))
    account.sync()
    assert drift(account) == {"todo.priority", "todo.estimate"}
    assert account.differences() == []
    account.sync(full_pass_days="0")
    assert account.destination.business() == 0
    assert drift(account) == {"todo.priority", "todo.estimate"}
    account.heal()
    account.sync(full_pass_days="0")
    assert account.errors() == []


@pytest.mark.parametrize("value", [None, "", "yesterday", 1_700_000_000, "2026-01-01"], ids=repr)
def test_a_record_whose_change_time_cannot_be_read_is_landed(value: Any) -> None:
    account = Account(scale=0.05, only=TODO)
    one = account.pool("todo")[0].id
    account.change_records(TODOS, lambda record: {**record, "updated_at": value} if record["id"] == one else record)
    account.sync()
    assert str(one) in account.rows("todo")
    account.heal()
    account.store.touch(account.store.recordings[one])
    account.sync()
    account.sync(full_pass_days="0")
    assert account.differences() == []


@pytest.mark.parametrize("key", ["created_at", "updated_at"])
def test_an_account_without_change_times_is_landed_all_the_same(key: str) -> None:
    account = Account()
    listings = r"(recordings|lines|inbox_forwards|approvals|correspondences)\.json"
    account.change_records(listings, with_values(**{key: None}))
    account.sync()
    truth = account.vendor.truth()
    for table in ("todo", "comment", "campfire_line", "forward", "client_approval"):
        assert len(account.rows(table)) == len(truth[table]), table
    account.sync()
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []


def test_a_change_time_in_the_far_future_does_not_hide_later_changes() -> None:
    account = Account(only=TODO)
    one, other = account.pool("todo")[:2]
    account.change_records(
        TODOS, lambda record: {**record, "updated_at": "2999-01-01T00:00:00.000Z"} if record["id"] == one.id else record
    )
    account.sync()
    account.heal()
    other.title = "Changed afterwards"
    account.store.touch(other)
    account.sync(full_pass_days="0")
    assert account.rows("todo")[str(other.id)]["title"] == "Changed afterwards"


@pytest.mark.parametrize(
    "dock", [None, {}, "none", [None, 5, {"id": None, "name": None}], [{"name": "chat"}]], ids=repr
)
def test_a_dock_that_makes_no_sense_costs_only_the_tools_of_its_project(dock: Any) -> None:
    account = Account()
    one = account.project().id
    account.change_records(
        r"/projects\.json", lambda record: {**record, "dock": dock} if record["id"] == one else record
    )
    account.sync()
    assert account.destination.errors == []
    assert len(account.rows("todo")) == len(account.vendor.truth()["todo"])
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


@pytest.mark.parametrize(
    ("key", "value"), pairs(["lists", "wormholes", "subscribers"], [None, {}, "x", [None], [{"id": None}]])
)
def test_a_card_table_with_something_else_inside_costs_only_that(key: str, value: Any) -> None:
    account = Account(only=("card_table", "card_table_column", "card_table_wormhole", "card", "project"))
    account.change(r"/card_tables/\d+\.json", lambda answer, request: edited(answer, with_values(**{key: value})))
    account.sync()
    assert account.destination.errors == []
    assert len(account.rows("card_table")) == len(account.vendor.truth()["card_table"])
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.errors() == []


LETTERS = ("forward", "forward_reply", "client_approval", "client_correspondence", "client_reply", "project")


@pytest.mark.parametrize("value", [None, "many", "2", -1, True], ids=repr)
def test_a_count_of_replies_that_says_nothing_does_not_hide_the_replies(value: Any) -> None:
    account = Account(only=LETTERS)
    account.change_records(r"(inbox_forwards|correspondences)\.json", with_values(replies_count=value))
    change = with_values(replies_count=value)
    account.change(r"/client/approvals/\d+\.json", lambda answer, request: edited(answer, change))
    account.sync()
    assert len(account.rows("forward_reply")) == len(account.vendor.truth()["forward_reply"])
    assert len(account.rows("client_reply")) == len(account.vendor.truth()["client_reply"])


def test_a_person_without_a_name_or_with_the_minimal_shape_is_landed() -> None:
    account = Account(only=("person", "project"))
    account.change_records(
        r"/people\.json", lambda record: {"id": record["id"], "name": record["name"], "avatar_url": "x"}
    )
    account.sync()
    assert account.rows("person").keys() == {row["id"] for row in account.vendor.truth()["person"]}
    assert account.errors() == []


def test_ids_that_come_as_text_are_the_same_ids() -> None:
    account = Account(only=TODO)
    account.change_records(TODOS, lambda record: {**record, "id": str(record["id"])})
    account.sync()
    account.heal()
    account.sync(full_pass_days="0")
    assert account.differences() == []
    assert account.destination.business() == 0


def test_texts_that_a_warehouse_refuses_are_mended() -> None:
    account = Account(only=TODO)
    one = account.pool("todo")[0].id

    def change(answer: Answer, request: Request) -> Answer:
        text = json.dumps(
            [{**each, "content": "a\0b\ud800c"} if each["id"] == one else each for each in json.loads(answer.body)]
        )
        return Answer(200, text.encode(), {**answer.headers, "Content-Length": str(len(text))})

    account.change(TODOS, change)
    account.sync()
    assert account.rows("todo")[str(one)]["content"] == "ab\ufffdc"


def test_the_feed_may_send_anything() -> None:
    bodies: tuple[Any, ...] = (
        {"events": None},
        {"events": [None, "x", {}]},
        [],
        {"events": [], "next": 5},
        {"events": [], "position": None},
    )
    for body in bodies:
        account = Account(only=("feed_event", *TODO))
        account.change(r"/events\.json", partial(answered, body))
        account.sync()
        assert account.destination.errors == []
        assert account.differences(*TODO) == []
        account.heal()
        account.sync()
        assert account.differences("feed_event") == [], body
        assert account.errors() == [], body


def test_secrets_that_the_vendor_echoes_are_in_no_row_and_no_message() -> None:
    account = Account(scale=0.05, keep_raw="true")
    secret = account.configuration["refresh_token"]
    account.change(r"type=Comment&", lambda answer, request: text_answer(f"token {secret} is no good", 400))
    account.change(r"type=Message&", lambda answer, request: json_answer([{"id": None, "content": secret}]))
    account.change(r"/people\.json", lambda answer, request: json_answer({"error": request.header("Authorization")}))
    tokens: set[str] = set()
    account.before = lambda request: tokens.add(request.header("Authorization").removeprefix("Bearer "))
    account.sync()
    said = repr(
        [
            account.destination.rows,
            account.destination.warnings,
            account.destination.errors,
            account.log.lines,
            account.destination.state,
        ]
    )
    for each in {secret, account.configuration["client_secret"], *tokens} - {""}:
        assert each not in said


# Parents that cannot be read, and listings that break off.


@pytest.mark.parametrize(("kind", "shape"), pairs(["gauge", "card_table", "forward"], ["null", "no_id", "list"]))
def test_a_parent_that_is_malformed_neither_stops_the_sync_nor_deletes_what_is_below_it(kind: str, shape: str) -> None:
    account = synced(scale=0.05)
    before = {name: set(rows) for name, rows in account.destination.business_rows().items()}
    account.vendor.faults.break_record(kind, account.pick(kind).id, shape)
    account.sync(full_pass_days="0")
    after = {name: set(rows) for name, rows in account.destination.business_rows().items()}
    assert {name: len(before[name] - after[name]) for name in before if before[name] - after[name]} == {}


@pytest.mark.parametrize("broken", ["repeated link", "empty page"])
def test_a_listing_that_breaks_off_before_its_total_deletes_nothing(broken: str) -> None:
    account = synced(scale=1.5, only=("person", "project"))
    before = set(account.rows("person"))
    assert len(before) > 95

    def change(answer: Answer, request: Request) -> Answer | None:
        if "page=2" not in request.query_string:
            return None
        if broken == "empty page":
            return edited(answer, lambda records: [])
        answer.headers["Link"] = f'<{request.url_with(page=2)}>; rel="next"'
        return answer

    account.change(r"/people\.json", change)
    account.sync(full_pass_days="0")
    assert before - set(account.rows("person")) == set()


@pytest.mark.parametrize("shape", ["null", "no_id"])
def test_a_project_that_is_malformed_deletes_nothing_below_it(shape: str) -> None:
    account = synced(scale=0.05)
    before = {name: set(rows) for name, rows in account.destination.business_rows().items()}
    account.vendor.faults.break_record("project", account.project().id, shape)
    account.sync(full_pass_days="0")
    after = {name: set(rows) for name, rows in account.destination.business_rows().items()}
    assert {name: len(before[name] - after[name]) for name in before if before[name] - after[name]} == {}


@pytest.mark.parametrize("status", ["archived", "active"])
def test_projects_that_cannot_be_listed_delete_nothing_below_them_and_cost_no_complete_pass(status: str) -> None:
    account = synced(scale=0.05)
    before = account.destination.business_rows()
    unchanged = len(account.asked())
    pattern = r"/projects\.json\?status=archived" if status == "archived" else r"/projects\.json$"
    account.change(pattern, lambda answer, request: json_answer({"error": "later"}))
    assert len(account.asked()) <= unchanged
    assert account.destination.business_rows() == before
    account.sync(full_pass_days="0")
    assert account.destination.business_rows() == before
    account.heal()
    account.sync()
    account.sync()
    assert len(account.asked()) == unchanged
    assert account.differences() == [] and account.errors() == []


def test_a_change_time_that_has_not_come_yet_leaves_no_later_change_behind() -> None:
    account = Account(scale=0.2, only=TODO)
    account.tell_time()
    early, *others = account.pool("todo")
    assert len(others) > 3 * PAGE
    account.store.touch(early, at=early.updated + IN_TEN_YEARS_MILLISECONDS)
    account.sync()
    account.sync(full_pass_days="0")
    for todo in others:
        account.store.touch(todo)
    account.sync()
    assert account.differences(*TODO) == []
