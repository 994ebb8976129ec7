"""Columns that a source names at run time have names that fit, each its own, and are there where it does not answer."""

from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared.configuration import Configuration, Setting
from shared.discovered import Field, Fields, discovered
from shared.errors import StateError, Unavailable
from shared.run import Run, runner
from shared.setup import entry_points
from shared.state import checked_state
from shared.tables import Drift, Table, columns
from shared.types import DECIMAL, STRING
from tests.destination import Destination
from tests.shared.engine import Log, warehouse

BASE = Table("person", ("van_id",), columns(STRING, "VanID FirstName"))


def names(*fields: str) -> list[str]:
    return [column.name for column in discovered(BASE, [Field(each, STRING) for each in fields]).columns[2:]]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("DateCreated", "date_created"),
        ("Custom Field: Höhe (cm)", "custom_field_hohe_cm"),
        ("address1", "address_1"),
        ("2nd phone", "field_2_nd_phone"),
        ("日本", "field"),
        ("raw", "raw_2"),
        ("First Name", "first_name_2"),
        ("__x__", "x"),
    ],
)
def test_a_column_is_called_so_that_the_destination_leaves_it(field: str, column: str) -> None:
    assert names(field) == [column]
    made = discovered(BASE, [Field(field, STRING)])
    Destination(made.schemas())  # It refuses a name that would be changed.


def test_names_that_come_to_the_same_are_told_apart_alike_in_any_order() -> None:
    assert names("a b", "a-b", "A_B") == names("A_B", "a-b", "a b") == ["a_b", "a_b_2", "a_b_3"]


def test_what_the_table_reads_already_has_no_second_column_however_it_is_spelled() -> None:
    assert names("VanID", "vanId", "FIRSTNAME") == []


def test_a_record_lands_in_the_columns_that_were_found() -> None:
    table = discovered(BASE, [Field("Amount", DECIMAL), Field("Amount text", STRING, "Amount")])
    drift = Drift()
    row = table.rows({"VanID": "1", "FirstName": "Ada", "Amount": "2.50", "New": "x"}, drift).row
    assert row == {"van_id": "1", "first_name": "Ada", "amount": "2.50", "amount_text": "2.50"}
    assert drift.keys == {"person.New": 1}


class Service:
    """Names its columns, unless it is down."""

    def __init__(self) -> None:
        self.found: Fields = {"person": {"Email": "T"}}
        self.down = False
        self.built: list[Fields] = []

    def ask(self, access: Any) -> Fields:
        if self.down:
            raise Unavailable("the source failed")
        return self.found

    @property
    def declared(self) -> Configuration:
        return Configuration((Setting("api_key", "Key", "From your profile."),), fields=self.ask)

    def sync(self, state: dict[str, Any]) -> Log:
        destination, log = warehouse(), Log()

        def build(run: Run) -> list[Any]:
            self.built.append(run.fields)
            return []

        destination.state = state
        run = runner(self.declared, build)
        destination.run(lambda state: run({"api_key": "k"}, state, destination, log, clock=VirtualClock()))
        state.update(destination.state)
        return log


def test_a_sync_asks_for_them_and_takes_the_last_ones_where_nobody_answers() -> None:
    service, state = Service(), dict[str, Any]()
    service.sync(state)
    service.down = True
    log = service.sync(state)
    assert service.built == [{"person": {"Email": "T"}}] * 2
    assert any("those of the last sync: the source failed" in line for line in log.lines)


def test_what_it_answers_for_is_new_and_the_rest_stays() -> None:
    service, state = Service(), dict[str, Any]()
    service.sync(state)
    service.found = {"gift": {"Amount": "M"}}
    service.sync(state)
    service.found = {"person": {"Phone": "T"}}
    service.sync(state)
    assert service.built[1:] == [
        {"person": {"Email": "T"}, "gift": {"Amount": "M"}},
        {"person": {"Phone": "T"}, "gift": {"Amount": "M"}},
    ]


def test_the_schema_has_them_and_without_an_answer_those_that_are_declared() -> None:
    def tables(fields: Fields) -> list[Table]:
        return [discovered(BASE, [Field(name, STRING) for name in fields.get("person", {})])]

    service = Service()
    schema, _, _ = entry_points(None, tables, service.declared, (), lambda run: [])
    assert list(schema({"api_key": "k"})[0]["columns"]) == ["van_id", "first_name", "email"]
    service.down = True
    assert list(schema({"api_key": "k"})[0]["columns"]) == list(schema({})[0]["columns"]) == ["van_id", "first_name"]


def test_a_damaged_list_of_columns_is_refused_by_name() -> None:
    with pytest.raises(StateError, match=r"fields\.person\.Email"):
        checked_state({"fields": {"person": {"Email": 7}}})
