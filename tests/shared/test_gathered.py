"""A table gathered from the records of several streams: the newest counts in whatever order, and none is deleted."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from shared.gathered import GatheredTables
from shared.journal import schemas
from shared.pages import Page
from shared.streams import Snapshot, Stream
from shared.tables import Column, Drift, Gathered, Table
from shared.types import STRING
from tests.destination import Destination
from tests.shared.engine import Source, errors, sync

PLACE = Table("place", ("id",), (Column("id", STRING), Column("town", STRING)))


def owner(name: str, records: list[dict[str, Any]]) -> Snapshot:
    """A stream of records, each with its places `home` and `work`, and a number that says how new it is."""
    gathered = Gathered(PLACE, ("home", "work"), lambda record: (record["changed"],))
    table = Table(name, ("id",), (Column("id", STRING),), gathered=(gathered,), raw_only=("changed",))
    return Snapshot(table=table, everything=lambda task: iter([Page(records), Page(whole=True)]))


def record(number: int, changed: int, **places: Any) -> dict[str, Any]:
    return {"id": number, "changed": changed, **places}


def place(number: int | None, town: str) -> dict[str, Any]:
    return {"id": number, "town": town}


def warehouse(streams: Sequence[Stream]) -> Destination:
    return Destination(schemas([PLACE, *(stream.table for stream in streams)], {}))


def towns(destination: Destination) -> dict[str, str]:
    return {number: row["town"] for (number,), row in destination.rows["place"].items()}


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_the_newest_record_counts_in_whatever_order_they_are_read(order: tuple[int, ...]) -> None:
    streams = [owner(f"owner{'abc'[each - 1]}", [record(each, each, home=place(7, f"town {each}"))]) for each in order]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    assert towns(destination) == {"7": "town 3"}


def test_a_record_that_only_names_it_takes_nothing_from_it() -> None:
    full, bare = owner("full", [record(1, 4, home=place(7, "Ayr"))]), owner("bare", [record(1, 5, home={"id": 7})])
    for order in ([full, bare], [bare, full]):
        destination = warehouse(order)
        for each in (*order, order[0]):
            sync(Source(), destination, [each])
        assert towns(destination) == {"7": "Ayr"}
    destination = warehouse([bare])
    sync(Source(), destination, [bare])
    assert towns(destination) == {"7": None}


def test_an_older_record_changes_nothing_in_a_later_sync_either() -> None:
    new, old = owner("new", [record(1, 5, home=place(7, "Ayr"))]), owner("old", [record(1, 4, home=place(7, "Ely"))])
    destination = warehouse([new, old])
    sync(Source(), destination, [new])
    sync(Source(), destination, [old])
    assert towns(destination) == {"7": "Ayr"}


def test_a_row_that_did_not_change_is_not_sent_again() -> None:
    records = [record(1, 5, home=place(7, "Ayr")), record(2, 6, work=place(7, "Ayr"))]
    streams = [owner("owner", records)]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    assert destination.counts["place"]["upsert"] == 1
    records[0]["changed"] = 7
    sync(Source(), destination, streams)
    assert destination.counts["place"]["upsert"] == 0


def test_a_record_that_has_the_same_row_twice_and_differently_sends_one_of_them_once() -> None:
    records = [record(1, 5, home=place(7, "Ayr"), work=place(7, "Ely"))]
    streams = [owner("owner", records)]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    assert destination.counts["place"]["upsert"] == 1 and towns(destination) == {"7": "Ayr"}
    records[0]["changed"] = 7
    sync(Source(), destination, streams)
    assert destination.counts["place"]["upsert"] == 0


def test_a_full_state_forgets_what_its_rows_hold_and_tells_what_that_costs() -> None:
    records = [record(each, 5, home=place(each, f"town {each}")) for each in range(50)]
    stream, destination = owner("owner", records), warehouse([owner("owner", [])])
    gathered = GatheredTables([stream], {}, destination)

    def landed() -> int:
        return sum(gathered.land(each, stream.table.rows(each, Drift())) for each in records)

    assert (landed(), landed()) == (50, 0)
    assert gathered.forget() and not gathered.forget()
    [warning] = destination.warnings
    assert warning.startswith("place: ") and "All 50 of them" in warning and "which can be billed" in warning
    assert (landed(), landed()) == (50, 0)


def test_it_stays_when_its_owner_is_gone() -> None:
    records = [record(1, 5, home=place(7, "Ayr"))]
    streams = [owner("owner", records)]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    records.clear()
    sync(Source(), destination, streams)
    assert destination.rows["owner"] == {} and towns(destination) == {"7": "Ayr"}


def test_one_without_a_key_is_no_row_and_is_told_and_an_empty_one_is_nothing() -> None:
    streams = [owner("owner", [record(1, 5, home=place(None, "Ayr"), work=None), record(2, 5, work={})])]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    assert towns(destination) == {}
    assert errors(destination) == [("owner", "owner.home: a record without id", "schema_drift")]
    assert "held" not in destination.state["streams"]["owner"]


def test_what_does_not_fit_it_is_drift() -> None:
    streams = [owner("owner", [record(1, 5, home={"id": 7, "town": ["Ayr"], "street": "Elm 1"})])]
    destination = warehouse(streams)
    sync(Source(), destination, streams)
    found = {row["record_id"] for row in destination.rows["errors"].values()}
    assert found == {"place.street", "place.town: a list where text belongs"}
