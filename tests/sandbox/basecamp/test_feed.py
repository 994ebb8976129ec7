"""GET /events.json, the account's event feed."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.options import Options


def walk(reader: Any, url: str) -> tuple[list[Any], str]:
    found = []
    while True:
        page = reader.one(url)
        found += page["events"]
        if "next" not in page:
            return found, page["position"]
        url = page["next"]


def test_the_feed_is_in_strict_id_order_in_pages_of_a_hundred(basecamp: Any) -> None:
    assert len(basecamp.one("events.json?since=0")["events"]) == 100
    events, _ = walk(basecamp, "events.json?since=0")
    ids = [event["id"] for event in events]
    assert ids == sorted(set(ids))


def test_a_position_resumes_where_the_last_reading_ended(basecamp: Any) -> None:
    before, position = walk(basecamp, "events.json?since=0")
    basecamp.vendor.work(Random(1), 30)
    basecamp.clock.time += 31
    after, again = walk(basecamp, f"events.json?position={position}")
    everything, _ = walk(basecamp, "events.json?since=0")
    assert before + after == everything
    assert walk(basecamp, f"events.json?position={again}") == ([], again)


def test_events_take_half_a_minute_to_arrive(basecamp: Any) -> None:
    _, position = walk(basecamp, "events.json?since=0")
    basecamp.vendor.work(Random(1), 30)
    assert walk(basecamp, f"events.json?position={position}")[0] == []
    basecamp.clock.time += 31
    assert walk(basecamp, f"events.json?position={position}")[0]


def test_since_now_begins_empty(basecamp: Any) -> None:
    assert basecamp.one("events.json?since=now")["events"] == []


@pytest.mark.parametrize("query", ["", "?since=yesterday", "?position=nonsense"])
def test_a_malformed_position_is_a_400_with_its_reason(basecamp: Any, query: str) -> None:
    answer = basecamp.ask(f"events.json{query}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "invalid_position")


@pytest.mark.parametrize("query", ["types=nope.created", "buckets=abc", "creators=" + ",".join(map(str, range(101)))])
def test_a_malformed_filter_is_a_400_with_its_reason(basecamp: Any, query: str) -> None:
    answer = basecamp.ask(f"events.json?since=0&{query}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "invalid_filter")


def test_a_position_belongs_to_its_filters(basecamp: Any) -> None:
    _, position = walk(basecamp, "events.json?since=0&types=todo.created")
    assert basecamp.ask(f"events.json?position={position}&types=todo.created").status_code == 200
    assert basecamp.ask(f"events.json?position={position}").status_code == 409


def test_a_position_older_than_the_feed_is_a_410_that_says_where_to_resume(basecamp: Any) -> None:
    position = basecamp.one("events.json?since=0")["position"]
    basecamp.vendor.store.feed_epoch = basecamp.vendor.store.events[-50].id
    answer = basecamp.ask(f"events.json?position={position}")
    assert answer.status_code == 410
    assert basecamp.ask(answer.json()["resume"]).status_code == 200


def test_filters_choose_and_may_leave_pages_empty(basecamp: Any) -> None:
    events, _ = walk(basecamp, "events.json?since=0&types=comment.created,todo.completed")
    assert {event["event_type"] for event in events} == {"comment.created", "todo.completed"}
    project = events[0]["bucket_id"]
    some, _ = walk(basecamp, f"events.json?since=0&buckets={project}")
    assert {event["bucket_id"] for event in some} == {project}


def test_the_feed_says_nothing_of_trash_archive_documents_or_pings(basecamp: Any) -> None:
    basecamp.vendor.work(Random(2), 400)
    basecamp.clock.time += 31
    events, _ = walk(basecamp, "events.json?since=0")
    kinds = {event["event_type"] for event in events}
    assert {kind.split(".")[0] for kind in kinds} == {"todo", "card", "comment", "message", "chat", "boost", "question"}
    assert not {"todo.trashed", "todo.uncompleted", "message.archived"} & kinds
    circles = {bucket.id for bucket in basecamp.vendor.store.buckets.values() if bucket.type == "Circle"}
    assert not circles & {event["bucket_id"] for event in events}


def test_an_older_server_has_no_feed(make: Callable[..., Any]) -> None:
    reader = make(options=Options(hidden_feed=True))
    assert reader.ask("events.json?since=0").status_code == 404
    assert reader.vendor.truth()["feed_event"] == []
