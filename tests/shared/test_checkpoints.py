"""When progress is saved, and what is forgotten where the state is full."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from shared import checkpoints
from shared.checkpoints import CHECKPOINT_SECONDS
from shared.errors import StateError
from shared.pages import Page
from shared.streams import Task
from tests.shared.engine import Source, company, sync, warehouse

DAY = 86_400.0


# Checkpoints.


def test_a_long_stream_is_saved_once_a_minute() -> None:
    source, destination = company(300, 0), warehouse()
    source.latency = 25.0
    times: list[float] = []
    checkpoint = destination.checkpoint

    def timed(state: dict[str, Any]) -> None:
        times.append(source.clock.monotonic())
        checkpoint(state)

    destination.checkpoint = timed  # type: ignore[method-assign]
    sync(source, destination, [source.task_stream()])
    between = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert len(times) >= 10
    assert all(CHECKPOINT_SECONDS <= step < CHECKPOINT_SECONDS + 25.0 for step in between[:-1])


def test_a_short_sync_is_saved_once() -> None:
    destination = warehouse()
    sync(company(), destination)
    assert len(destination.checkpoints) == 1


def test_every_page_of_a_backfill_can_be_resumed_from() -> None:
    source, destination = company(60, 0), warehouse()
    source.latency = 61.0
    sync(source, destination, [source.task_stream()])
    backfills = [(state, state["streams"]["task"].get("backfill")) for state in destination.checkpoints]
    resumable = [(state, backfill["after"]) for state, backfill in backfills if isinstance(backfill, dict)]
    assert [after for _, after in resumable] == [10, 20, 30, 40, 50, 60]
    truth = source.truth()["task"]
    for state, after in resumable:
        again = warehouse()
        again.state = state
        again.rows["task"] = {(str(number),): truth[str(number),] for number in source.tasks if number <= after}
        sync(source, again, [source.task_stream()])
        assert again.rows["task"] == truth
        assert again.counts["task"]["upsert"] == 60 - after


def test_a_complete_pass_sends_nothing_again_of_what_is_only_ever_added() -> None:
    source, destination = company(), warehouse()

    def added(task: Task) -> Iterator[Page]:
        after = task.position or 0
        yield Page([source.tasks[number] for number in sorted(source.tasks) if number > after])
        yield Page(position=max(source.tasks), done=True)

    streams = [source.task_stream(everything=added, changes=added, appends=True)]
    for days in (7, 0, 0):
        sync(source, destination, streams, full_pass_days=days)
    assert destination.business() == 0
    source.put(99)
    sync(source, destination, streams, full_pass_days=0)
    assert destination.counts["task"]["upsert"] == 1 and destination.rows["task"] == source.truth()["task"]


# State.


def test_unknown_keys_of_the_state_are_kept() -> None:
    source, destination = company(), warehouse()
    destination.state = {"later": {"a": 1}, "streams": {"colour": {"hint": 7}, "gone": {"position": 3}}}
    sync(source, destination)
    sync(source, destination)
    assert destination.state["later"] == {"a": 1}
    assert destination.state["streams"]["colour"]["hint"] == 7
    assert destination.state["streams"]["gone"] == {"position": 3}


def test_a_damaged_memory_is_a_clear_error() -> None:
    source, destination = company(), warehouse()
    sync(source, destination)
    destination.state["streams"]["task"]["known"][""] = "damaged"
    with pytest.raises(StateError, match="re-sync"):
        sync(source, destination)


@pytest.fixture
def scattered() -> Source:
    """300 tasks whose ids do not compress."""
    source, random = Source(), Random(1)
    for _ in range(300):
        source.put(random.randint(1, 10**9), tags=["x"])
    return source


def test_a_full_state_forgets_hashes_first_and_still_finds_what_vanished(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    assert len(json.dumps(destination.state)) <= 3_500
    assert destination.state["streams"]["task"]["remembers"] == "ids"
    [warning] = [each for each in destination.warnings if "can be billed" in each]
    assert f"all {len(scattered.tasks)} of them" in warning and "full_pass_days" in warning
    scattered.remove(min(scattered.tasks), signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert destination.rows["task"] == scattered.truth()["task"]
    assert destination.rows["task_tag"] == scattered.truth()["task_tag"]


def test_a_state_without_room_for_ids_stops_comparing_and_says_so(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", 1_000)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    assert [warning for warning in destination.warnings if "too many rows to remember" in warning]
    assert destination.state["streams"]["task"]["remembers"] == "nothing"
    assert len(json.dumps(destination.state)) <= 1_000
    first, second, third = sorted(scattered.tasks)[:3]
    scattered.remove(first)
    scattered.put(second, "changed")
    sync(scattered, destination, streams)
    assert (str(first),) not in destination.rows["task"]
    assert destination.rows["task"][str(second),]["name"] == "changed"
    scattered.remove(third, signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert (str(third),) in destination.rows["task"]


def test_a_full_state_forgets_the_largest_memory_first_though_its_stream_is_not_read_yet(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    scattered.colours = {number: {"id": number, "name": "a colour"} for number in range(20)}
    destination, streams = warehouse(), [scattered.colour_stream(), scattered.task_stream(parents=("colour",))]
    sync(scattered, destination, streams)
    scattered.latency = 61.0
    for _ in range(2):  # The first time it is enough to forget what single tables held.
        assert destination.state["streams"]["task"]["remembers"] == "hashes"
        monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", len(json.dumps(destination.state)) - 100)
        sync(scattered, destination, streams)
    saved = destination.state["streams"]
    assert saved["colour"]["remembers"] == "hashes" and saved["task"]["remembers"] == "ids"
    assert destination.checkpoints[0]["streams"]["task"]["remembers"] == "ids"


def test_a_checkpoint_in_a_complete_pass_over_a_full_state_forgets_the_new_hashes_and_not_the_ids(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    sync(scattered, destination, streams)
    scattered.latency = 61.0
    scattered.remove(min(scattered.tasks), signal=False)
    sync(scattered, destination, streams, full_pass_days=0)
    assert destination.rows["task"] == scattered.truth()["task"] and destination.warnings == []


def test_what_is_read_again_every_time_is_not_sent_again_by_a_full_state_either(
    scattered: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST_STATE_BYTES", 3_500)
    destination, streams = warehouse(), [scattered.task_stream()]
    for _ in range(3):
        sync(scattered, destination, streams)
    assert destination.business() == 0
