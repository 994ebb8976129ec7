"""Names of a row or a payload, and where each has its value."""

import pytest

from sandbox.columns import columns, text
from sandbox.store import Record

TICKET = Record("ticket", 7, 1000, 2000, {"agent": 3, "place": {"city": "Ulm"}, "size": (4, 5)})


def test_values_are_found_in_fields_attributes_keys_and_places() -> None:
    assert columns("id city=place.city height=size.1 created missing far=missing.away", TICKET) == {
        "id": 7,
        "city": "Ulm",
        "height": 5,
        "created": 1000,
        "missing": None,
        "far": None,
    }


def test_a_form_says_how_a_value_is_written() -> None:
    assert columns("id:text agent_id=agent:text closed:text", TICKET, {"text": text}) == {
        "id": "7",
        "agent_id": "3",
        "closed": None,
    }


def test_what_is_missing_is_left_out_where_that_is_declared() -> None:
    assert columns("id closed? agent?", TICKET) == {"id": 7, "agent": 3}


def test_addresses_are_put_together_of_what_is_found() -> None:
    found = {"base": "https://desk.test/v1", "id": 7}
    assert columns("url={base}/tickets/{id}.json", found.get) == {"url": "https://desk.test/v1/tickets/7.json"}


def test_what_is_no_declaration_is_refused() -> None:
    with pytest.raises(ValueError, match="'a-b' is no column"):
        columns("id a-b", TICKET)
