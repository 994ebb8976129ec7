"""Pages over several syncs are in `test_reading`; here is what is decided of a record alone."""

from typing import Any

import pytest

from shared.exact import TOO_DEEP
from shared.landing import changed_before
from shared.pages import Page
from tests.shared.engine import company, errors, sync, warehouse


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"at": {"changed": "2025-12-31T23:59:59Z"}}, True),
        ({"at": {"changed": "2026-01-01T00:00:00Z"}}, False),
        ({"at": {"changed": "2026-01-01"}}, False),
        ({"at": {"changed": 1_767_225_599}}, True),
        ({"at": {"changed": 1_767_225_600}}, False),
        ({"at": {"changed": True}}, False),
        ({"at": {"changed": None}}, False),
        ({"at": []}, False),
        ({}, False),
    ],
)
def test_a_record_changed_before_a_date_where_it_says_so(record: dict[str, Any], expected: bool) -> None:
    assert changed_before("2026-01-01", record, "at.changed") is expected


@pytest.mark.parametrize("levels", [1, 700])
def test_a_record_without_a_key_and_nested_too_deeply_is_in_errors_with_its_payload(levels: int) -> None:
    deep: Any = TOO_DEEP
    for _ in range(levels):
        deep = {"a": deep}
    source, destination = company(), warehouse(keep_raw="true")
    records = [{"name": deep}, {"id": 1, "name": "good", "tags": []}]
    stream = source.task_stream(everything=lambda task: iter([Page(records, whole=True), Page(position="", done=True)]))
    sync(source, destination, [stream], keep_raw=True)
    assert list(destination.rows["task"]) == [("1",)]
    assert [category for _, _, category in errors(destination)] == ["schema_drift", "bad_payload"]
