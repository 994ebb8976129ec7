"""The warehouse that the other tests rely on is as strict as it says."""

from typing import Any

import pytest

from tests.destination import Destination, Killed, KilledHard, Refused, Stop

TYPES = ("BOOLEAN", "LONG", "DOUBLE", "STRING", "JSON", "UTC_DATETIME", "NAIVE_DATE")
COLUMNS: dict[str, Any] = {"id": "STRING", **{f"a_{kind.lower()}": kind for kind in TYPES}}
COLUMNS["a_decimal"] = {"type": "DECIMAL", "precision": 38, "scale": 9}
SCHEMA = [{"table": "thing", "primary_key": ["id"], "columns": COLUMNS}]


def row(identity: Any, **values: Any) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "id": identity, **values}


@pytest.fixture
def destination() -> Destination:
    return Destination(SCHEMA)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("a_boolean", 1),
        ("a_boolean", "true"),
        ("a_long", 1.0),
        ("a_long", True),
        ("a_long", 2**63),
        ("a_double", "1"),
        ("a_double", float("nan")),
        ("a_string", 1),
        ("a_string", "\ud800"),
        ("a_string", "\0"),
        ("a_json", float("nan")),
        ("a_json", {1, 2}),
        ("a_utc_datetime", "2026-01-01T00:00:00"),
        ("a_utc_datetime", "2026-01-01T00:00Z"),
        ("a_utc_datetime", "2026-01-01T00:00:00.1234567Z"),
        ("a_utc_datetime", "2026-02-30T00:00:00Z"),
        ("a_naive_date", "2026-01-01T00:00:00"),
        ("a_naive_date", "2026-02-30"),
        ("a_decimal", 1.5),
        ("a_decimal", True),
        ("a_decimal", "ten"),
        ("a_decimal", "1" * 30),
        ("a_decimal", "0.1234567890"),
        ("a_decimal", "1e3"),
    ],
)
def test_a_value_of_another_type_is_refused(destination: Destination, column: str, value: Any) -> None:
    with pytest.raises(Refused):
        destination.upsert("thing", row("1", **{column: value}))


def test_values_of_every_type_are_taken(destination: Destination) -> None:
    destination.upsert(
        "thing",
        row(
            "1",
            a_boolean=True,
            a_long=7,
            a_double=1.5,
            a_string="é",
            a_json={"a": [1]},
            a_decimal="10.50",
            a_utc_datetime="2026-01-01T00:00:00.123456Z",
            a_naive_date="2026-01-01",
        ),
    )
    assert destination.row("thing", ("1",)) is not None


@pytest.mark.parametrize("identity", [None, 1])
def test_a_key_must_be_there_and_of_its_type(destination: Destination, identity: Any) -> None:
    with pytest.raises(Refused):
        destination.upsert("thing", row(identity))


def test_an_upsert_has_exactly_the_declared_columns(destination: Destination) -> None:
    for data in ({"id": "1"}, {**row("1"), "more": 1}):
        with pytest.raises(Refused):
            destination.upsert("thing", data)
    with pytest.raises(Refused):
        destination.upsert("other", row("1"))


def test_rows_count_once_they_are_committed(destination: Destination) -> None:
    def update(state: dict[str, Any]) -> None:
        destination.upsert("thing", row("1"))
        destination.checkpoint({"at": 1})
        destination.upsert("thing", row("2"))
        raise OSError

    with pytest.raises(OSError):
        destination.run(update)
    assert set(destination.rows["thing"]) == {("1",)} and destination.state == {"at": 1}
    destination.run(lambda state: destination.upsert("thing", row("3")))
    assert set(destination.rows["thing"]) == {("1",), ("3",)}


def test_updates_and_deletes_are_those_of_the_sdk(destination: Destination) -> None:
    destination.update("thing", {"id": "1", "a_long": 7})
    destination.delete("thing", {"id": "1"})
    assert destination.row("thing", ("1",)) is None
    destination.upsert("thing", row("1", a_long=1, a_string="kept"))
    destination.update("thing", {"id": "1", "a_long": 7})
    assert destination.row("thing", ("1",)) == row("1", a_long=7, a_string="kept")
    destination.delete("thing", {"id": "1"})
    destination.update("thing", {"id": "1", "a_long": 8})
    assert destination.row("thing", ("1",)) == row("1", a_long=8, a_string="kept")


def test_what_is_handed_in_may_change_afterwards(destination: Destination) -> None:
    value: dict[str, Any] = {"a": [1]}
    state: dict[str, Any] = {"a": {1: 2}}
    destination.upsert("thing", row("1", a_json=value))
    destination.checkpoint(state)
    value["a"].append(2)
    state["a"].clear()
    assert destination.rows["thing"]["1",]["a_json"] == {"a": [1]}
    assert destination.state == {"a": {"1": 2}}


@pytest.mark.parametrize("death", [Killed, KilledHard])
def test_a_dead_destination_stays_dead(destination: Destination, death: type[BaseException]) -> None:
    destination.dies_after, destination.death = 1, death
    destination.upsert("thing", row("1"))
    for _ in range(2):
        with pytest.raises(death):
            destination.checkpoint({})
    destination.drop()
    assert destination.rows["thing"] == {}


def test_an_error_passes_by_except_exception(destination: Destination) -> None:
    with pytest.raises(Stop):
        try:
            destination.error("no")
        except Exception:
            pytest.fail("it was caught")
    assert destination.errors == ["no"]


@pytest.mark.parametrize("name", ["line1", "displayName", "a__b", "_fivetran_deleted", "", "2nd", "a-b"])
def test_a_name_that_fivetran_would_change_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        Destination([{"table": "thing", "primary_key": ["id"], "columns": {"id": "STRING", name: "STRING"}}])


@pytest.mark.parametrize("kind", ["DECIMAL", "TEXT", {"type": "STRING"}, {"type": "DECIMAL"}])
def test_a_type_that_the_sdk_does_not_know_is_refused(kind: Any) -> None:
    with pytest.raises(Refused):
        Destination([{"table": "thing", "primary_key": ["id"], "columns": {"id": kind}}])
