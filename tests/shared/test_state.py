"""A state is used as it was saved, or refused with what to do: never begun anew in silence."""

import json
from typing import Any

import pytest

from shared.errors import StateError, Unavailable
from shared.state import checked_state
from shared.streams import Failure, Page
from tests.destination import Destination
from tests.shared.engine import company, sync, warehouse


def saved() -> Destination:
    """A warehouse whose state has something of everything that the engine keeps."""
    source, destination = company(), warehouse()
    again = [Page(failures=[Failure(Unavailable("down"), "3", {"id": 3})])]
    stream = source.task_stream(again=lambda keys: iter(again))
    source.fails["notes of 2"] = Unavailable("down")
    sync(source, destination, [stream, source.note_stream()])
    destination.state["pending"] = {"task": {"3": {"key": {"id": 3}, "attempts": 1, "first_seen_at": "2026-01-01"}}}
    assert all(destination.state[part] for part in ("streams", "pending", "errors", "done"))
    return destination


def test_a_new_state_has_a_version() -> None:
    assert checked_state({})["version"] == 1


@pytest.mark.parametrize("version", [2, 99, "2", None, 0, {}])
def test_a_state_of_another_version_is_refused_with_what_to_do(version: Any) -> None:
    with pytest.raises(StateError, match="deploy the release that wrote it, or re-sync"):
        checked_state({"version": version})


def test_the_state_that_was_handed_in_is_not_changed() -> None:
    state: dict[str, Any] = {"streams": {}}
    checked_state(state)["version"] = 7
    assert state == {"streams": {}}


def test_what_was_saved_is_taken_back_whole() -> None:
    state = saved().state
    assert checked_state(json.loads(json.dumps(state))) == state


@pytest.mark.parametrize(
    "path",
    [
        "streams",
        "streams.task",
        "streams.task.known",
        "streams.task.known.",
        "streams.task.held",
        "streams.task.waited",
        "streams.task.remembers",
        "streams.task.doubted",
        "pooled",
        "pooled.person",
        "pending",
        "pending.task",
        "pending.task.3",
        "pending.task.3.key",
        "pending.task.3.attempts",
        "errors",
        "errors.*",
        "errors.*.attempts",
        "done",
        "done.task",
    ],
)
@pytest.mark.parametrize("instead", [None, [], "damaged", 1.5, True])
def test_wherever_a_state_is_damaged_it_is_a_clear_error_before_anything_is_sent(path: str, instead: Any) -> None:
    destination = saved()
    *outer, last = path.split(".")
    part = destination.state
    for step in outer:
        part = part[next(iter(part)) if step == "*" else step]
    part[next(iter(part)) if last == "*" else last] = instead
    before = json.dumps(destination.state)
    with pytest.raises(StateError, match="damaged.*re-sync this connection from the beginning"):
        sync(company(), destination)
    assert json.dumps(destination.state) == before


@pytest.mark.parametrize("key", ["key", "attempts", "first_seen_at"])
def test_a_pending_record_that_lacks_something_is_a_clear_error(key: str) -> None:
    state = saved().state
    del state["pending"]["task"]["3"][key]
    with pytest.raises(StateError, match=r"damaged at pending\.task\.3"):
        checked_state(state)
