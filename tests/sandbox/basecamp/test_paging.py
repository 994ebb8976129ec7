"""Pages: geared sizes, absolute links, and what happens to them while the company works."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from sandbox.basecamp.listing import window
from sandbox.basecamp.options import Options

TODOS = "projects/recordings.json?type=Todo"


def test_pages_hold_15_30_50_and_then_100_rows(make: Callable[..., Any]) -> None:
    sizes = [len(answer.json()) for answer in make(scale=0.5).pages(TODOS)]
    assert sizes[:5] == [15, 30, 50, 100, 100]


@pytest.mark.parametrize(
    ("page", "rows"), [(1, (0, 15)), (2, (15, 30)), (3, (45, 50)), (4, (95, 100)), (5, (195, 100))]
)
def test_each_page_begins_where_the_one_before_ended(page: int, rows: tuple[int, int]) -> None:
    assert window(page) == rows


def test_links_are_absolute_on_the_own_origin_and_keep_the_query(basecamp: Any) -> None:
    answer = basecamp.ask(TODOS + "&sort=updated_at&direction=desc")
    url = answer.links["next"]["url"]
    assert url.startswith(f"{basecamp.base}/projects/recordings.json?")
    assert "type=Todo&sort=updated_at&direction=desc&page=2" in url


def test_the_last_page_has_no_link_and_every_page_has_the_size_of_the_whole(basecamp: Any) -> None:
    pages = list(basecamp.pages(TODOS))
    assert ["Link" in answer.headers for answer in pages] == [True] * (len(pages) - 1) + [False]
    total = sum(len(answer.json()) for answer in pages)
    assert {answer.headers["X-Total-Count"] for answer in pages} == {str(total)}


def test_a_page_after_the_end_is_empty(basecamp: Any) -> None:
    answer = basecamp.ask(TODOS + "&page=99")
    assert (answer.status_code, answer.json()) == (200, [])
    assert "Link" not in answer.headers


def test_unpaginated_lists_ignore_the_page(basecamp: Any) -> None:
    for path in ("lineup/markers.json", "reports/timesheet.json", "todos/overdue.json"):
        first, second = basecamp.ask(path), basecamp.ask(path, params={"page": 2})
        assert [row["id"] for row in first.json()] == [row["id"] for row in second.json()]
        assert "Link" not in first.headers


def test_next_links_can_be_made_endless_for_archived_things(make: Callable[..., Any]) -> None:
    reader = make(options=Options(endless_next_links=True))
    url = f"{TODOS}&status=archived"
    for _ in range(10):
        answer = reader.ask(url)
        url = answer.links["next"]["url"]
    assert answer.json() == []
    assert "Link" not in list(reader.pages(TODOS))[-1].headers


def test_the_last_page_can_be_followed_by_an_empty_one(make: Callable[..., Any]) -> None:
    pages = list(make(options=Options(empty_page_with_next=True)).pages(TODOS))
    assert pages[-1].json() == [] and pages[-2].json()


def test_a_row_touched_while_paging_is_seen_twice_going_down_and_skipped_going_up(make: Callable[..., Any]) -> None:
    for direction in ("desc", "asc"):
        reader = make()
        store = reader.vendor.store
        query = f"{TODOS}&sort=updated_at&direction={direction}"
        everything = [row["id"] for row in reader.all(query)]
        pages = reader.pages(query)
        seen = [row["id"] for row in next(pages).json()]
        touched = everything[20] if direction == "desc" else everything[3]
        store.touch(store.recordings[touched])
        seen += [row["id"] for answer in pages for row in answer.json()]
        if direction == "desc":
            assert seen.count(everything[14]) == 2
            assert touched not in seen
        else:
            assert everything[15] not in seen


def test_a_row_that_leaves_while_paging_makes_another_one_be_skipped(basecamp: Any) -> None:
    store = basecamp.vendor.store
    everything = [row["id"] for row in basecamp.all(TODOS)]
    pages = basecamp.pages(TODOS)
    first = next(pages)
    store.set_status(store.recordings[everything[0]], "trashed")
    rest = list(pages)
    assert everything[15] not in [row["id"] for answer in rest for row in answer.json()]
    assert int(rest[0].headers["X-Total-Count"]) == int(first.headers["X-Total-Count"]) - 1


def test_the_company_can_be_made_to_work_before_every_further_page(make: Callable[..., Any]) -> None:
    reader = make(options=Options(work_before_page=5))
    before = len(reader.vendor.store.events)
    pages = list(reader.pages(TODOS))
    assert len(reader.vendor.store.events) > before + len(pages)


def test_many_rows_share_one_moment_across_page_edges(make: Callable[..., Any]) -> None:
    rows = make(scale=0.5).all(TODOS + "&sort=updated_at")
    moments = [row["updated_at"] for row in rows]
    assert max(moments.count(moment) for moment in set(moments)) > 5


def test_lists_keep_their_order_between_two_readings(basecamp: Any) -> None:
    for path in ("people.json", "chats.json", "files.json"):
        assert [row["id"] for row in basecamp.all(path)] == [row["id"] for row in basecamp.all(path)]


def test_work_between_pages_never_breaks_an_answer(make: Callable[..., Any]) -> None:
    reader, random = make(), Random(7)
    for number in range(60):
        reader.vendor.work(random, 10)
        reader.clock.time += 86_400
        reader.renew()
        kind = ("Todo", "Comment", "Kanban::Card", "Message")[number % 4]
        for row in reader.all(f"projects/recordings.json?type={kind}&status=archived"):
            assert row["status"] == "archived"
