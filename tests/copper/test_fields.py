"""What lands of a custom field's value."""

from datetime import datetime, timezone
from typing import Any

import pytest

from copper import fields
from shared.exact import exact
from shared.types import Misfit


def day(second: int) -> str:
    if second < 0:
        raise Misfit("a time out of range")
    return datetime.fromtimestamp(second, timezone.utc).date().isoformat()


def values(value: Any, data_type: str | None) -> list[dict[str, Any]]:
    found = list(fields.values({"custom_field_definition_id": 7, "value": value}, data_type, day))
    assert all(each.pop("custom_field_definition_id") == 7 for each in found)
    return found


@pytest.mark.parametrize(
    ("data_type", "value", "column"),
    [
        ("String", "", "value_text"),
        ("Text", "long", "value_text"),
        ("URL", "https://a.example", "value_text"),
        ("Float", exact("3.10"), "value_number"),
        ("Percentage", 95, "value_number"),
        ("Currency", 0, "value_number"),
        ("Checkbox", False, "value_boolean"),
        ("Dropdown", 880012, "option_id"),
    ],
)
def test_a_value_lands_in_the_column_of_its_type(data_type: str, value: Any, column: str) -> None:
    assert values(value, data_type) == [{column: value}]


def test_a_date_is_the_day_in_the_account() -> None:
    assert values(1_736_064_000, "Date") == [{"value_date": "2025-01-05"}]


def test_several_options_are_several_rows() -> None:
    assert values([3, None, 1], "MultiSelect") == [{"option_id": 3}, {"option_id": 1}]


@pytest.mark.parametrize("data_type", ["String", "MultiSelect", "Connect", "Date", "Checkbox", None])
@pytest.mark.parametrize("value", [None, []])
def test_what_is_not_set_has_no_row(data_type: str | None, value: Any) -> None:
    assert values(value, data_type) == []


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("Connect", [4, 5]),
        (None, "unknown"),
        ("Brand new", {"a": 1}),
        ("Float", "many"),
        ("Checkbox", "yes"),
        ("Date", "2025-01-05"),
        ("Date", True),
        ("Date", -1),
        ("Dropdown", {"id": 1}),
        ("MultiSelect", 7),
        ("Float", ""),
    ],
)
def test_what_has_no_type_or_does_not_fit_it_lands_as_json(data_type: str | None, value: Any) -> None:
    (found,) = values(value, data_type)
    assert found == ({"option_id": 7} if value == 7 else {"value_json": value}) or found == {"value_json": value}
