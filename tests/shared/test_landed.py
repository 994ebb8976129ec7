"""What was landed is remembered exactly, compactly, and damage is noticed."""

import base64
import contextlib
import json
import zlib
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.content import HASH_BYTES, TABLE_HASH_BYTES, content_hash
from shared.errors import StateError
from shared.landed import Entry, Landed

IDENTITIES = st.one_of(
    st.integers(0, 2**70).map(str),
    st.text(),
    st.sampled_from(["", "0", "00", "007", "-1", "٣", "²", "1\x1f2", "\ud800"]),
)
HASHES = st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES).filter(any)
TABLE_HASHES = st.binary(min_size=TABLE_HASH_BYTES, max_size=TABLE_HASH_BYTES)
KEYS = st.tuples(st.one_of(st.text(), st.integers(-(2**63), 2**63)), st.text())
HELD = st.one_of(st.integers(0, 2**20), st.lists(KEYS, min_size=1, max_size=3).map(tuple))


@st.composite
def memories(draw: st.DrawFn) -> Landed:
    width = draw(st.integers(0, 3))
    entries = st.builds(
        Entry,
        st.one_of(st.none(), HASHES),
        st.tuples(*[HELD] * width),
        st.sampled_from(["", "7", "é\ud800"]),
        st.lists(TABLE_HASHES, max_size=width).map(tuple),
    )
    landed = Landed()
    for identity, entry in draw(st.dictionaries(IDENTITIES, entries)).items():
        landed.put(identity, entry)
    return landed


def through_the_state(landed: Landed) -> Landed:
    return Landed.decoded(json.loads(json.dumps(landed.encoded())))


@given(memories())
def test_everything_comes_back_from_the_state(landed: Landed) -> None:
    assert dict(through_the_state(landed).items()) == dict(landed.items())


@given(memories())
def test_the_same_memory_is_written_the_same_way(landed: Landed) -> None:
    assert through_the_state(landed).encoded() == landed.encoded()
    again = Landed()
    for identity, entry in reversed(list(landed.items())):
        again.put(identity, entry)
    assert again.encoded() == landed.encoded()


def test_where_each_of_many_parts_holds_little_they_share_a_text_that_is_much_smaller() -> None:
    draw = Random(1)
    landed, alone = Landed(), 0
    for number in range(1_000):
        part, one = f"{draw.getrandbits(120):x}" if number else "é\ud800", Landed()
        for memory in (landed, one):
            memory.put(f"{part}\x1fsettings", Entry(draw.randbytes(HASH_BYTES), (number, (("a", "b"),)), part))
        alone += len(json.dumps(one.encoded()))
    again = through_the_state(landed)
    assert dict(again.items()) == dict(landed.items())
    assert again.encoded() == landed.encoded() and len(landed.encoded()) == 1
    assert len(json.dumps(landed.encoded())) < alone / 2
    again.remove("é\ud800\x1fsettings")
    assert len(through_the_state(again)) == 999


@given(memories(), st.data())
def test_changes_after_writing_are_written_too(landed: Landed, data: st.DataObject) -> None:
    landed.encoded()
    for identity in data.draw(st.sets(st.sampled_from(sorted(dict(landed.items())) or [""]))):
        landed.remove(identity)
    landed.put("another", Entry(b"12345678", (), "a part of its own"))
    assert dict(through_the_state(landed).items()) == dict(landed.items())


def test_nothing_is_remembered_as_nothing() -> None:
    assert Landed().encoded() == {}
    assert len(Landed.decoded({})) == len(Landed.decoded(None)) == 0


def test_a_hundred_thousand_ids_take_about_ninety_kilobytes() -> None:
    random, number, landed = Random(1), 1_000_000_000, Landed()
    for _ in range(100_000):
        number += random.randint(1, 60)
        landed.put(str(number), Entry(None))
    assert len(json.dumps(landed.encoded())) < 110_000
    assert len(through_the_state(landed)) == 100_000


def test_a_hash_costs_ten_characters() -> None:
    random, landed = Random(1), Landed()
    for number in range(10_000):
        landed.put(str(number), Entry(random.randbytes(8)))
    assert len(json.dumps(landed.encoded())) < 10_000 * 10.5


def test_hashes_can_be_forgotten_for_all_but_some() -> None:
    landed = Landed()
    for identity in ("1", "2", "x"):
        landed.put(identity, Entry(b"12345678", (2,), "part"))
    landed.encoded()
    landed.drop_hashes(keep={"2"})
    assert dict(through_the_state(landed).items()) == {
        "1": Entry(None, (2,), "part"),
        "2": Entry(b"12345678", (2,), "part"),
        "x": Entry(None, (2,), "part"),
    }


def test_what_single_tables_held_is_forgotten_first() -> None:
    landed, without = Landed(), Landed()
    for memory, tables in ((landed, (b"12345", b"67890")), (without, ())):
        memory.put("1", Entry(b"12345678", (2, (("a",),)), "part", tables))
        memory.put("x", Entry(b"12345678", (0, 0)))
    again = through_the_state(landed)
    assert again.drop_tables() and not again.drop_tables()
    assert dict(again.items()) == dict(without.items()) and again.encoded() == without.encoded()
    landed.drop_hashes(keep=set())
    assert [entry.tables for _, entry in through_the_state(landed).items()] == [(), ()]


def test_release_1_0_reads_all_that_it_knew() -> None:
    landed, without = Landed(), Landed()
    for memory, tables in ((landed, (b"12345", b"67890")), (without, ())):
        memory.put("1", Entry(b"12345678", (2,), "part", tables))
    written, known = (zlib.decompress(base64.b85decode(each.encoded()["part"])) for each in (landed, without))
    assert written.startswith(known) and len(written) > len(known)


def test_all_but_some_can_be_forgotten() -> None:
    landed = Landed()
    for identity in ("1", "2", "x"):
        landed.put(identity, Entry(b"12345678"))
    landed.encoded()
    landed.keep_only({"x"})
    assert "x" in landed and "1" not in landed
    assert [identity for identity, _ in through_the_state(landed).items()] == ["x"]


def test_a_record_that_moves_to_another_part_is_in_that_part_only() -> None:
    landed = Landed()
    landed.put("1", Entry(None, (), "a"))
    landed.put("1", Entry(None, (), "b"))
    assert list(landed.encoded()) == ["b"]


def saved() -> dict[str, str]:
    landed = Landed()
    for number in range(50):
        landed.put(str(number * 7), Entry(content_hash(number), (number,)))
    landed.put("text", Entry(content_hash("text"), (0,)))
    return landed.encoded()


@pytest.mark.parametrize("text", ["", "nonsense", "0 0", "é", " ", None, 7, {}])
def test_damaged_text_is_told_with_what_to_do(text: Any) -> None:
    with pytest.raises(StateError, match="re-sync"):
        Landed.decoded({"": text})


@given(st.data())
def test_a_text_that_was_cut_off_is_damaged(data: st.DataObject) -> None:
    text = saved()[""]
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(StateError):
        Landed.decoded({"": text[:cut]})


@given(st.data())
def test_damage_is_told_as_such_or_harmless(data: st.DataObject) -> None:
    text = saved()[""]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii"))
    with contextlib.suppress(StateError):
        Landed.decoded({"": text[:place] + other + text[place + 1 :]})


def test_the_records_of_a_partition_are_told() -> None:
    landed = Landed()
    for identity, partition in (("7", "a"), ("x", "a"), ("8", "b"), ("9", "")):
        landed.put(identity, Entry(None, (), partition))
    assert sorted(Landed.decoded(landed.encoded()).within("a")) == ["7", "x"]
