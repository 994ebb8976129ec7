"""Pages over several syncs are in `test_reading`; here is what is decided of a record alone."""

from typing import Any

import pytest

from shared.landing import changed_before


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
