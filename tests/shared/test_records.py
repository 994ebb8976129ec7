"""What a record says is read without knowing whether it is one."""

from datetime import datetime, timezone
from typing import Any

import pytest

from shared.records import adding, elements, identity, moment, named, number, text, value, without

MALFORMED = ("text", 7, None, ["list"], {"id": {"deeper": "x"}})


def test_a_value_stands_at_a_dotted_path() -> None:
    record = {"a": {"b": {"c": 7}}, "list": [1]}
    assert value(record, "a.b.c") == 7
    assert value(record, "a.b") == {"c": 7}
    assert value(record, "list.0") is None
    assert value(record, "a.x.c") is None


@pytest.mark.parametrize("record", MALFORMED)
def test_a_malformed_record_says_nothing_and_raises_nothing(record: Any) -> None:
    assert value(record, "name.first") is None
    assert text(record, "name") == ""
    assert number(record, "id") is None
    assert moment(record, "at") is None
    assert elements(record, "tags") == []
    assert identity(record, "name") == repr(record)
    assert not named(record)


def test_a_text_and_a_number_are_of_their_kind_or_nothing() -> None:
    record = {"text": "x", "number": 7, "flag": True, "fraction": 1.5}
    assert [text(record, key) for key in record] == ["x", "", "", ""]
    assert [number(record, key) for key in record] == [None, 7, None, None]


NOON = datetime(2026, 3, 8, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("written", ["2026-03-08T12:00:00Z", "2026-03-08T13:00:00+01:00", "2026-03-08T12:00:00.000Z"])
def test_a_moment_is_utc(written: str) -> None:
    found = moment({"at": written}, "at")
    assert found == NOON and found.tzinfo is timezone.utc


def test_a_moment_without_a_zone_is_of_the_zone_that_is_given_or_none() -> None:
    record = {"at": "2026-03-08T12:00:00"}
    assert moment(record, "at") is None
    assert moment(record, "at", zone=timezone.utc) == NOON


@pytest.mark.parametrize("written", ["yesterday", "", 7, None, "0001-01-01T00:00:00+05:00"])
def test_what_is_no_moment_is_none(written: Any) -> None:
    assert moment({"at": written}, "at") is None


def test_records_are_told_apart_by_their_key_or_else_by_all_they_are() -> None:
    assert identity({"id": 7}) == identity({"id": "7"}) == "7"
    assert identity({"uuid": "x"}, "uuid") == "x"
    assert identity({"id": ""}) == repr({"id": ""})
    assert identity({"name": "a"}) != identity({"name": "b"})


def test_what_is_known_besides_is_added_to_records_and_to_nothing_else() -> None:
    assert adding({"id": 1}, parent="7") == {"id": 1, "parent": "7"}
    assert without({"id": 1, "url": "x"}, "url", "other") == {"id": 1}
    for record in ("text", 7, None):
        assert adding(record, parent="7") is record
        assert without(record, "url") is record
