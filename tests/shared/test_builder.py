"""What is compiled for a table answers what reading its columns one after the other answers, and writes it as JSON."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import types
from shared.builder import Part, builder, list_builder
from shared.encoding import encode, encode_any
from shared.exact import Exact
from shared.types import JSON, LONG, STRING, UNIX_MILLISECONDS, UNIX_SECONDS, Type

TYPES = {name: each for name, each in vars(types).items() if isinstance(each, Type)}
TEXTS = [
    "",
    "Ada",
    'a "b"\\u0000',
    "é \U0001f600",
    "\ud800",
    "\0",
    "2026-01-02",
    "2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.678+02:00",
    "2026-01-02T03:04:05",
    "-0.50",
    "1e3",
]
NUMBERS = [2**63, 2**63 - 1, -(2**63), 10**30, 1_622_174_459, -1, Exact("1.50"), Exact("2.0"), 0.1, float("inf")]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, False, [], {}, 0, *TEXTS, *NUMBERS]),
    st.text(),
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2),
)


def plainly(parts: Sequence[Part], record: Any) -> dict[str, Any]:
    """The same row, column by column."""
    row = {}
    for name, kind, source in parts:
        value = record
        for key in () if callable(source) else source.split("."):
            value = None if value is None else value.get(key)
        value = source(record) if callable(source) else value
        row[name] = None if value is None else kind.fit(value)
    return row


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
@given(value=VALUES)
def test_every_value_becomes_what_its_type_makes_of_it(kind: Type, value: Any) -> None:
    parts = [Part("it", kind, "it")]
    try:
        expected = plainly(parts, {"it": value})
    except Exception as error:
        with pytest.raises(type(error)):
            builder(parts)({"it": value})
    else:
        row, text, _ = builder(parts)({"it": value})
        assert row == expected and type(row["it"]) is type(expected["it"])
        assert text == encode_any(expected)


RECORDS = st.dictionaries(st.sampled_from(sorted(TYPES)), VALUES)
PARTS = [
    *(Part(name.lower(), kind, name) for name, kind in TYPES.items()),
    Part("inside", JSON, "around.inside"),
    Part("deeper", JSON, "around.deeper.inside"),
    Part("picked", JSON, lambda record: record["around"] or None),
]


@given(RECORDS, VALUES)
def test_a_row_and_its_json_are_those_of_its_columns(record: dict[str, Any], inside: Any) -> None:
    record["around"] = {"inside": inside, "deeper": {"inside": inside}} if inside else inside
    try:
        expected = plainly(PARTS, record)
    except (ValueError, AttributeError):
        with pytest.raises((ValueError, AttributeError)):
            builder(PARTS)(record)
    else:
        row, text, _ = builder(PARTS)(record)
        assert row == expected and text == encode_any(expected)


@given(st.lists(RECORDS, max_size=3))
def test_a_list_becomes_a_row_for_each_of_its_records(records: list[dict[str, Any]]) -> None:
    build = list_builder(PARTS[:-3], {"parent_id": STRING, "number": LONG}, "position")
    try:
        expected = [
            {"parent_id": "7", "number": 8, "position": position, **plainly(PARTS[:-3], record)}
            for position, record in enumerate(records, 5)
        ]
    except ValueError:
        with pytest.raises(ValueError):
            build(records, 5, "7", 8)
    else:
        assert build(records, 5, "7", 8) == (expected, [encode_any(row) for row in expected])


def test_what_is_wanted_also_comes_as_it_is() -> None:
    build = builder([Part("id", STRING, "id")], ["tags", "contact.phones", lambda record: record["id"]])
    assert build({"id": 7, "contact": {"phones": 1}})[2] == [None, 1, 7]


def test_a_column_counts_before_a_given_one_of_its_name() -> None:
    build = list_builder([Part("id", STRING, "id"), Part("name", STRING, "id")], {"id": STRING, "other": STRING})
    rows, texts = build([{"id": "own"}], 0, "given", "x")
    assert rows == [{"id": "own", "name": "own", "other": "x"}] and texts == [encode(rows[0])]


def test_names_may_hold_any_characters() -> None:
    name = 'it\'s "{0}" \\n é'
    row, text, _ = builder([Part(name, STRING, f"{name}.{name}")])({name: {name: "x"}})
    assert row == {name: "x"} and text == encode(row)


@given(st.integers(-(10**14), 10**14))
@example(-62_135_596_801)
@example(-62_135_596_800)
@example(253_402_300_799)
@example(253_402_300_800)
@example(10**40)
def test_seconds_and_milliseconds_are_the_same_time(second: int) -> None:
    try:
        expected = UNIX_MILLISECONDS.fit(1_000 * second)
    except ValueError as error:
        with pytest.raises(type(error), match=str(error)):
            UNIX_SECONDS.fit(second)
    else:
        assert UNIX_SECONDS.fit(second) == expected
