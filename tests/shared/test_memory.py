"""A state that is full remembers less: hashes go first, then ids, but not of what the next sync reads again."""

from collections.abc import Mapping

import pytest

from shared.content import content_hash
from shared.landed import Entry, Landed
from shared.memory import Memory, Unread
from shared.state import HASHES, IDS, NOTHING, SavedStream
from tests.shared.engine import Source, warehouse


def landed(*tables: bytes) -> Landed:
    """Five records as they have landed."""
    made = Landed()
    for number in range(5):
        made.put(str(number), Entry(content_hash(number), (2,), tables=tables))
    return made


def memory(saved: SavedStream | None = None, **options: bool) -> Memory:
    return Memory(Source().task_stream(**options), saved or SavedStream(known=landed().encoded()), warehouse())


def hashes(of: Landed) -> set[str]:
    return {identity for identity, entry in of.items() if entry.hash is not None}


def test_hashes_are_forgotten_first_but_not_of_what_was_read_as_changes() -> None:
    made = memory()
    made.recent = {"3"}
    assert made.forget()
    assert made.remembers == IDS and len(made.landed) == 5 and hashes(made.landed) == {"3"}


def test_then_ids_are_forgotten_and_it_is_said() -> None:
    destination = warehouse()
    made = Memory(Source().task_stream(), SavedStream(known=landed().encoded()), destination)
    made.recent = {"3"}
    while made.remembers != NOTHING:
        assert made.forget()
    assert [identity for identity, _ in made.landed.items()] == ["3"]
    assert len(destination.warnings) == 1 and "task: too many rows to remember" in destination.warnings[0]
    assert not made.forget() and len(destination.warnings) == 1


def test_what_was_decided_before_holds_for_what_landed_since() -> None:
    made = memory(SavedStream(known=landed().encoded(), remembers=IDS))
    made.landed.put("7", Entry(content_hash(7)))
    made.rest()
    assert len(made.landed) == 6 and hashes(made.landed) == set()


def test_nothing_is_remembered_of_what_is_only_ever_added() -> None:
    made = memory(appends=True)
    made.rest()
    assert made.remembers == NOTHING and len(made.landed) == 0 and made.memory_size == 0


def test_of_what_need_not_be_remembered_only_so_many_changes_are_and_none_where_the_state_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.memory.MOST_RECENT", 2)
    made = memory(SavedStream(), appends=True)
    for number in range(5):
        made.note_change(str(number))
        made.put(str(number), Entry(content_hash(number)))
    made.put("of a first reading", Entry(content_hash(7)))
    assert [identity for identity, _ in made.landed.items()] == ["0", "1"]
    assert made.forget() and len(made.landed) == 0 and not made.forget()


def test_a_stream_that_is_not_read_forgets_its_hashes_only() -> None:
    streams = {"task": SavedStream(position=7, known=landed().encoded()), "empty": SavedStream()}
    unread = Unread(streams, "task")
    size = unread.memory_size
    assert unread.forget() and unread.memory_size < size
    assert streams["task"].remembers == IDS and streams["task"].position == 7
    assert hashes(Landed.decoded(streams["task"].known)) == set()
    assert not unread.forget() and not Unread(streams, "empty").forget()


def test_what_single_tables_held_can_be_forgotten_alone() -> None:
    saved = SavedStream(position=7, known=landed(b"12345", b"67890").encoded())
    streams = {"task": saved, "empty": SavedStream()}
    assert Unread(streams, "task").forget_tables()
    made = memory(saved)
    assert made.forget_tables()
    assert dict(made.landed.items()) == dict(Landed.decoded(streams["task"].known).items()) == dict(landed().items())
    assert made.remembers == HASHES and streams["task"].remembers is None
    assert not made.forget_tables() and not any(Unread(streams, name).forget_tables() for name in streams)


@pytest.mark.parametrize("remembers", [IDS, NOTHING])
def test_what_is_remembered_less_already_is_left_as_it_is(remembers: str) -> None:
    saved = SavedStream(known=landed().encoded(), remembers=remembers)
    streams = {"task": saved}
    assert not Unread(streams, "task").forget() and streams == {"task": saved}


def test_it_is_looked_only_once_whether_a_memory_that_is_not_read_knows_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    unread, looks, decoded = Unread({"task": SavedStream(known=landed(b"12345").encoded())}, "task"), [], Landed.decoded

    def look(known: Mapping[str, str]) -> Landed:
        looks.append(known)
        return decoded(known)

    monkeypatch.setattr(Landed, "decoded", look)
    assert unread.forget_tables() and not unread.forget_tables() and not unread.forget_tables()
    assert len(looks) == 1
