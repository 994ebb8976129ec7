"""A state is used as it was saved, or refused with what to do: never begun anew in silence."""

import json
from datetime import datetime
from typing import Any

import pytest

from shared.errors import StateError, Unavailable
from shared.pages import Failure, Page
from shared.state import IDS, STREAM, SavedStream, checked_state
from shared.streams import Stream
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


@pytest.mark.parametrize("version", [2, 99])
def test_a_state_of_a_newer_release_is_refused_with_what_to_do(version: int) -> None:
    with pytest.raises(StateError, match=f"version {version}, .*deploy the release that wrote it, or re-sync"):
        checked_state({"version": version})


@pytest.mark.parametrize("version", [0, -1, "2", "1", None, True, 1.0, {}])
def test_a_version_that_no_release_wrote_is_damage(version: Any) -> None:
    with pytest.raises(StateError, match="damaged at version .*put back what was there, or re-sync"):
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
        "streams.task.quiet",
        "streams.task.off",
        "streams.task.withheld",
        "streams.task.completed_at",
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
    if instead is True and path.endswith(("quiet", "off", "withheld")):
        instead = 1
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


@pytest.mark.parametrize("key", [{}, {"id": None}, {"id": ""}, {"id": True}, {"id": []}, {"id": 3, "of": {}}])
def test_a_pending_key_that_says_nothing_is_a_clear_error(key: Any) -> None:
    state = saved().state
    state["pending"]["task"]["3"]["key"] = key
    with pytest.raises(StateError, match=r"damaged at pending\.task\.3\.key .*put back what was there"):
        checked_state(state)


@pytest.mark.parametrize("instead", [None, {}])
def test_that_what_has_landed_was_taken_away_is_a_clear_error(instead: Any) -> None:
    state = saved().state
    if instead is None:
        del state["streams"]["task"]["known"]
    else:
        state["streams"]["task"]["known"] = instead
    with pytest.raises(StateError, match=r"damaged at streams\.task\.known"):
        checked_state(state)


def test_a_stream_of_which_nothing_has_landed_is_not_taken_for_a_damaged_one() -> None:
    source, destination = company(0, 3), warehouse()
    sync(source, destination)
    source.colours.clear()
    sync(source, destination)
    sync(source, destination)
    assert "known" not in destination.state["streams"]["colour"] and destination.rows["colour"] == {}


@pytest.mark.parametrize("part", ["position", "backfill"])
def test_a_position_of_a_wrong_type_is_refused_before_anything_is_read(part: str) -> None:
    source, destination = company(), warehouse()

    def streams() -> list[Stream]:
        task = source.task_stream(position=datetime.fromisoformat, everything=lambda task: iter([Page(done=True)]))
        return [source.colour_stream(), task]

    destination.state = {"streams": {"task": {part: 1772357400}}}
    with pytest.raises(StateError, match=rf"damaged at streams\.task\.{part} .*put back what was there"):
        sync(source, destination, streams())
    assert source.asked == [] and destination.operations == 0


# What is saved of a stream.

WRITTEN: dict[str, Any] = {
    "streams": {
        "ticket": {
            "position": {"since": "2026-03-01T09:30:00Z", "seen": ["7", "8"]},
            "completed_at": "2026-03-01T09:45:00.123Z",
            "known": {"": "c${NqW{_ZGWMu5`xMZn$XLin~g*&e_I$q@35S#e*bo1*FMi5{C00Vdq2m"},
        },
        "ticket_event": {
            "backfill": {"after": 40},
            "known": {"4": "c${NoWZ+<8|Mtg;dHyc*GDao<A2$S4", "5": "c${NkVCN8wR!U4tR*GeS0s)2whUjPmo#<$#Y^7Kr003n#2EG"},
            "waited": 2,
        },
        "agent": {
            "quiet": True,
            "position": 1772357400,
            "completed_at": "2026-03-01T09:45:00.123Z",
            "doubted": {"": "c${NoWET)-k5)=dN>+;f_Q#2N{x0(}1}I=;5@2Xxh>kYUiH=svR*D4z00*oK5d"},
            "remembers": "ids",
            "withheld": True,
            "held": 5,
            "of a later release": {"kept": None},
        },
        "topic": {"off": True, "completed_at": "2026-02-01T00:00:00.000Z", "remembers": "nothing"},
    },
    "pooled": {"address": {"": "c${NmVh~_pWL)#m>HL{#k21=1=AFoF&o~YMRj>(&"}},
    "pending": {
        "ticket": {
            "9": {"first_seen_at": "2026-03-01T09:30:00.000Z", "attempts": 2, "partial": True, "key": {"id": "9"}}
        }
    },
    "errors": {
        "f00d": {"stream": "ticket", "record_id": "9", "attempts": 2, "first_seen_at": "2026-03-01T09:30:00.000Z"}
    },
    "done": {"ticket": "2026-03-01T09:45:00.123Z"},
    "version": 1,
    "oauth": "Z0FBQUFB",
}
"""As the first release wrote it, with every key that it may hold."""
LATER = {"start_date", "looked_at"}
"""Keys of a stream that a later release added."""


def test_a_state_as_the_first_release_wrote_it_is_read_and_written_back_unchanged() -> None:
    state = checked_state(json.loads(json.dumps(WRITTEN)))
    state["streams"] = {name: SavedStream.read(form).form for name, form in state["streams"].items()}
    assert json.dumps(state) == json.dumps(WRITTEN)


def test_a_sync_writes_back_unchanged_what_it_does_not_read() -> None:
    source, destination = company(), warehouse()
    destination.state = json.loads(json.dumps(WRITTEN))
    sync(source, destination, [source.colour_stream()])
    assert destination.state["streams"].pop("colour") and destination.state["done"].pop("colour")
    assert json.dumps(destination.state) == json.dumps(WRITTEN)


def test_it_has_every_key_that_there_is() -> None:
    assert {key for form in WRITTEN["streams"].values() for key in form} == {*STREAM, "of a later release"} - LATER


def test_what_is_saved_of_a_stream_says_what_it_is() -> None:
    saved = SavedStream.read(WRITTEN["streams"]["agent"])
    assert (saved.unlanded, saved.off, saved.withheld) == (True, False, True)
    assert (saved.position, saved.backfill, saved.remembers) == (1772357400, None, IDS)
    assert (saved.stayed, saved.waited) == (5, 0)
    assert saved.others == {"of a later release": {"kept": None}}


def test_of_a_stream_that_is_as_at_the_beginning_nothing_is_saved() -> None:
    assert SavedStream().form == {} and SavedStream.read({}) == SavedStream()
    nothing = {"quiet": False, "position": None, "remembers": None, "held": 0, "known": None}
    assert SavedStream.read(nothing).form == {}


@pytest.mark.parametrize("position", [0, "", [], {}, False])
def test_a_position_is_whatever_its_stream_says(position: Any) -> None:
    assert SavedStream.read(checked_state({"streams": {"task": {"position": position}}})["streams"]["task"]).form == {
        "position": position
    }


@pytest.mark.parametrize("key", sorted(STREAM.keys() - {"position", "backfill"}))
def test_whatever_is_damaged_of_a_stream_its_place_is_named(key: str) -> None:
    with pytest.raises(StateError, match=rf"damaged at streams\.task\.{key}:"):
        checked_state({"streams": {"task": {key: ["damaged"]}}})
