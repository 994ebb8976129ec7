"""Listings that are read part by part: one part that fails costs only itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared.crawl import PartedFeed, crawl
from shared.errors import Forbidden, NotFound, ServiceDown, SourceError, Unauthorized, Unavailable
from shared.http import filled
from shared.pages import Page
from shared.streams import Task
from shared.workers import Workers


@pytest.fixture
def workers(clock: VirtualClock) -> Iterator[Workers]:
    with Workers(clock, 4) as workers:
        yield workers


def reader(clock: VirtualClock, *records: Any, error: BaseException | None = None) -> Callable[[], Iterator[Page]]:
    def read() -> Iterator[Page]:
        for record in records:
            clock.sleep(1.0)
            yield Page([record])
        if error is not None:
            raise error
        yield Page(whole=True)

    return read


def read_all(workers: Workers, parts: list[tuple[str, Callable[[], Iterator[Page]]]]) -> list[Page]:
    return list(crawl(workers, parts, lambda read: read()))


def test_a_part_that_cannot_even_be_asked_for_costs_only_itself(workers: Workers, clock: VirtualClock) -> None:
    def read(id: str) -> Iterator[Page]:
        address = filled("projects/{}/people.json", id)
        return iter([Page([address], whole=True)])

    pages = list(crawl(workers, ((id, id) for id in ("7", "..", "8")), read))
    assert sorted(record for page in pages for record in page.records) == [
        "projects/7/people.json",
        "projects/8/people.json",
    ]
    assert [failure.record_id for page in pages for failure in page.failures] == [".."]


def test_every_page_says_which_part_it_belongs_to(workers: Workers, clock: VirtualClock) -> None:
    pages = read_all(workers, [(name, reader(clock, f"{name}1", f"{name}2")) for name in "abcdef"])
    for name in "abcdef":
        mine = [page for page in pages if page.partition == name]
        assert [record for page in mine for record in page.records] == [f"{name}1", f"{name}2"]
        assert [page.whole for page in mine] == [False, False, True]


def test_parts_are_read_side_by_side(workers: Workers, clock: VirtualClock) -> None:
    started = clock.monotonic()
    read_all(workers, [(str(number), reader(clock, 1)) for number in range(16)])
    assert clock.monotonic() - started <= 5.0


def test_nothing_is_nothing(workers: Workers) -> None:
    assert read_all(workers, []) == []


@pytest.mark.parametrize("error", [Unavailable("down"), Forbidden("closed")])
def test_a_part_that_fails_is_reported_and_costs_only_itself(
    workers: Workers, clock: VirtualClock, error: SourceError
) -> None:
    parts = [("a", reader(clock, "a1")), ("b", reader(clock, "b1", error=error)), ("c", reader(clock, "c1"))]
    pages = read_all(workers, parts)
    assert sorted(record for page in pages for record in page.records) == ["a1", "b1", "c1"]
    failures = [(page.partition, failure.record_id, failure.error) for page in pages for failure in page.failures]
    assert failures == [("b", "b", error)]
    assert {page.partition for page in pages if page.whole} == {"a", "c"}


def test_a_part_that_is_gone_is_passed_over_and_proves_nothing(workers: Workers, clock: VirtualClock) -> None:
    pages = read_all(workers, [("a", reader(clock, error=NotFound("gone"))), ("b", reader(clock, "b1"))])
    mine = [page for page in pages if page.partition == "a"]
    assert mine == [Page(partition="a")]


@pytest.mark.parametrize("error", [Unauthorized("no"), ServiceDown("down"), KeyError("a defect")])
def test_what_concerns_the_whole_source_ends_the_crawl(
    workers: Workers, clock: VirtualClock, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        read_all(workers, [("a", reader(clock, error=error)), ("b", reader(clock, "b1"))])


# Feeds by parent.


class Parents:
    """Records by parent, with a time each; a parent may be failing."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.records: dict[str, list[int]] = {"a": [1, 2], "b": [3], "c": []}
        self.failing: set[str] = set()
        self.read_from: list[tuple[str, Any]] = []
        self.at_rest: set[str] = set()

    def read(self, parent: str, position: Any) -> Iterator[Page]:
        self.read_from.append((parent, position))
        if parent in self.failing:
            raise Unavailable("down")
        fresh = [record for record in self.records[parent] if position is None or record > position]
        yield Page(fresh)
        yield Page(position=max(self.records[parent], default=0), whole=position is None)

    @property
    def feed(self) -> PartedFeed[str]:
        return PartedFeed(
            self.workers,
            parents=lambda task: sorted(self.records),
            partition=str,
            read=self.read,
            at_rest=lambda parent, position: parent in self.at_rest,
        )


@pytest.fixture
def parents(workers: Workers) -> Parents:
    return Parents(workers)


def outcome(pages: Iterator[Page]) -> tuple[list[int], Any]:
    pages_read = list(pages)
    return sorted(record for page in pages_read for record in page.records), pages_read[-1].position


def test_a_first_reading_reads_every_parent_and_notes_a_position_for_each(parents: Parents) -> None:
    records, position = outcome(parents.feed.everything(Task(position=None)))
    assert records == [1, 2, 3]
    assert position == {"a": 2, "b": 3, "c": 0}


@pytest.mark.parametrize("records", [{}, {"a": [1]}])
def test_a_reading_is_done_with_its_last_page_though_there_is_no_parent(
    parents: Parents, records: dict[str, list[int]]
) -> None:
    parents.records = records
    pages = list(parents.feed.everything(Task(position=None)))
    assert [page.done for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1] == Page(position=dict.fromkeys(records, 1), partition="(all)", done=True)


def test_changes_are_read_from_the_position_of_each_parent(parents: Parents) -> None:
    parents.records["b"].append(4)
    records, position = outcome(parents.feed.changes(Task(position={"a": 2, "b": 3, "c": 0})))
    assert records == [4]
    assert position == {"a": 2, "b": 4, "c": 0}


def test_a_parent_that_is_new_is_read_whole(parents: Parents) -> None:
    parents.records["d"] = [7]
    assert outcome(parents.feed.changes(Task(position={"a": 2, "b": 3, "c": 0})))[0] == [7]
    assert ("d", None) in parents.read_from


def test_a_first_reading_that_broke_off_goes_on_with_the_parents_that_were_not_through(parents: Parents) -> None:
    outcome(parents.feed.everything(Task(position={"a": 2})))
    assert sorted(parents.read_from) == [("b", None), ("c", None)]


def test_a_parent_that_failed_keeps_its_position(parents: Parents) -> None:
    parents.failing = {"a"}
    pages = list(parents.feed.changes(Task(position={"a": 1, "b": 3, "c": 0})))
    assert [failure.record_id for page in pages for failure in page.failures] == ["a"]
    assert pages[-1].position["a"] == 1


def test_a_parent_that_failed_at_first_has_no_position_and_is_read_whole_next_time(parents: Parents) -> None:
    parents.failing = {"a"}
    _, position = outcome(parents.feed.everything(Task(position=None)))
    assert "a" not in position
    parents.failing = set()
    assert outcome(parents.feed.changes(Task(position=position)))[0] == [1, 2]


def test_a_quiet_parent_is_left_to_complete_passes(parents: Parents) -> None:
    parents.at_rest = {"a"}
    outcome(parents.feed.changes(Task(position={"a": 2, "b": 3, "c": 0})))
    assert sorted(parent for parent, _ in parents.read_from) == ["b", "c"]
    parents.read_from.clear()
    outcome(parents.feed.everything(Task(position=None)))
    assert sorted(parent for parent, _ in parents.read_from) == ["a", "b", "c"]


def test_parents_that_give_no_signal_are_asked_when_it_is_time_to_look_and_a_new_one_at_once(parents: Parents) -> None:
    feed = replace(parents.feed, signals=False)
    parents.records["b"].append(4)
    parents.records["d"] = [7]
    records, position = outcome(feed.changes(Task(position={"a": 2, "b": 3, "c": 0}, looks=False)))
    assert records == [7] and position == {"a": 2, "b": 3, "c": 0, "d": 7}
    records, position = outcome(feed.changes(Task(position=position, looks=True)))
    assert records == [4] and position == {"a": 2, "b": 4, "c": 0, "d": 7}


def test_what_was_in_a_parent_that_is_gone_goes_and_comes_back_with_it(parents: Parents) -> None:
    found = parents.records.pop("a")
    pages = list(parents.feed.changes(Task(position={"a": 2, "b": 3, "c": 0})))
    assert [page.partition for page in pages if page.whole] == ["a"]
    assert pages[-1].position["a"] is None
    parents.records["a"] = found
    assert outcome(parents.feed.changes(Task(position=pages[-1].position)))[0] == [1, 2]


def test_a_parent_that_only_seems_gone_keeps_its_position_and_what_is_in_it(parents: Parents) -> None:
    del parents.records["a"]
    pages = list(parents.feed.changes(Task(position={"a": 2, "b": 3, "c": 0}, sound=False)))
    assert not any(page.whole for page in pages) and pages[-1].position["a"] == 2


def test_positions_that_were_handed_out_do_not_change_later(parents: Parents) -> None:
    pages = list(parents.feed.everything(Task(position=None)))
    sizes = [len(page.position) for page in pages]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1] == 3
