"""From a warehouse value to what a cell takes, and gives back."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from airtable_push.cells import CUT, LONGEST_TEXT, Unsendable, converter, key_problem
from airtable_push.mapping import LINK, TYPES, Field
from sandbox.airtable.fields import cell
from sandbox.airtable.options import Options
from sandbox.airtable.tables import Field as Column

EAST = timezone(timedelta(hours=5))


def converted(type: str, value: Any, **more: Any) -> Any:
    return converter(Field("column", "Field", type, **more))(value)


@pytest.mark.parametrize(
    ("type", "value", "wanted"),
    [
        ("singleLineText", "a", "a"),
        ("singleLineText", "", None),
        ("singleLineText", 5, "5"),
        ("singleLineText", Decimal("1.500000000"), "1.5"),
        ("singleLineText", Decimal("100"), "100"),
        ("singleLineText", date(2026, 1, 2), "2026-01-02"),
        ("singleLineText", {"a": [1]}, '{"a": [1]}'),
        ("singleLineText", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("number", 5, 5),
        ("number", Decimal("0"), 0),
        ("number", Decimal("2.5"), 2),
        ("number", 3.7, 4),
        ("currency", Decimal("1.005"), 1.0),
        ("currency", Decimal("-12.349999"), -12.35),
        ("currency", "7.1", 7.1),
        ("currency", 0.1, 0.1),
        ("currency", Decimal("12345678901234567.89"), 12345678901234568.0),
        ("percent", Decimal("0.12345"), 0.12),
        ("date", date(2026, 1, 2), "2026-01-02"),
        ("date", "2026-01-02", "2026-01-02"),
        ("date", datetime(2026, 1, 2, 1, tzinfo=EAST), "2026-01-01"),
        ("dateTime", datetime(2026, 1, 2, 3, 4, 5, 678_999, tzinfo=UTC), "2026-01-02T03:04:05.678Z"),
        ("dateTime", datetime(2026, 1, 2, 3, tzinfo=EAST), "2026-01-01T22:00:00.000Z"),
        ("dateTime", datetime(2026, 1, 2, 3, tzinfo=UTC).replace(tzinfo=None), "2026-01-02T03:00:00.000Z"),
        ("dateTime", date(2026, 1, 2), "2026-01-02T00:00:00.000Z"),
        ("dateTime", "2026-01-02T03:00:00+05:00", "2026-01-01T22:00:00.000Z"),
        ("number", Decimal("1e90"), 1e90),
        ("number", 1e300, 1e300),
        ("number", "", None),
        ("date", "", None),
        ("checkbox", True, True),
        ("checkbox", False, None),
        ("singleSelect", "Open", "Open"),
        ("singleSelect", "", None),
        ("multipleSelects", '["b", "a", "b"]', ["a", "b"]),
        ("multipleSelects", ["b"], ["b"]),
        ("multipleSelects", "", None),
        ("multipleSelects", "[]", None),
        (LINK, "key", ["key"]),
        (LINK, "", None),
    ],
)
def test_a_value_becomes_a_cell(type: str, value: Any, wanted: Any) -> None:
    found = converted(type, value, precision=2 if type == "currency" else 0)
    assert found == wanted and isinstance(found, bool) == isinstance(wanted, bool)
    assert converted(type, None) is None


def test_links_may_be_many() -> None:
    assert converted(LINK, '["a", null, "b"]', many=True) == ["a", "b"]
    assert converted(LINK, ("a", "b"), many=True) == ["a", "b"]


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("number", math.nan),
        ("currency", math.inf),
        ("number", True),
        ("number", "five"),
        ("number", 2**53 + 2),
        ("number", Decimal("1e400")),
        ("currency", 10**400),
        ("date", "2026-02-30"),
        ("dateTime", 5),
        ("checkbox", "true"),
        ("multipleSelects", "a, b"),
        ("multipleSelects", 5),
        ("number", [1]),
        ("number", Decimal("NaN")),
    ],
)
def test_a_value_that_no_cell_takes_is_refused_with_the_fields_name(type: str, value: Any) -> None:
    with pytest.raises(Unsendable, match='"Field"'):
        converted(type, value, precision=2 if type == "currency" else 0)


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert converted("multilineText", "x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    cut = converted("multilineText", "x" * (LONGEST_TEXT + 1))
    assert len(cut) == LONGEST_TEXT and cut.endswith("x" + CUT)


@pytest.mark.parametrize("key", ["", " ", " a", "a ", "a\nb", "a\x1fb", "x" * (LONGEST_TEXT + 1)])
def test_a_key_that_cannot_be_matched_on_is_none(key: str) -> None:
    assert key_problem(key)
    assert key_problem("cl-1") is None


@pytest.mark.parametrize("key", ["a\u00a0b", "a\u00adb", "\U0001f469\u200d\U0001f4bb", "\u202ba", "a\u3000b", "\ue000"])
def test_a_key_may_have_characters_that_are_no_letters(key: str) -> None:
    assert key_problem(key) is None


VALUES: dict[str, Any] = {
    "number": some.one_of(some.integers(), some.floats(), some.decimals()),
    "currency": some.one_of(some.integers(), some.floats(), some.decimals()),
    "percent": some.decimals(allow_nan=False, allow_infinity=False),
    "date": some.dates(),
    "dateTime": some.datetimes(timezones=some.just(UTC)),
    "checkbox": some.booleans(),
}


@pytest.mark.parametrize("type", [each for each in TYPES if "Select" not in each])
@given(some.data())
def test_what_comes_out_is_accepted_and_read_back_as_it_was_sent(type: str, data: some.DataObject) -> None:
    field = Field("column", "Field", type, precision=2 if type in ("number", "currency") else 0)
    try:
        sent = converter(field)(data.draw(VALUES.get(type, some.text())))
    except Unsendable:
        return
    column = Column("fld", "Field", type, {**(field.options or {}), "timeZone": "utc"})
    assert cell(column, sent, {}, Options()) == sent
