"""What lands of a record, in the shapes that Virtuous writes."""

from typing import Any

import pytest

from shared.tables import Drift, Table
from virtuous import models
from virtuous.texts import DAY, DAY_OF_TEXT, MONEY


def landed(table: Table, record: dict[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[dict[str, Any], ...]], Drift]:
    drift = Drift()
    rows = table.rows(record, drift)
    return rows.row, dict(rows.children), drift


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("$1,250.00", "1250.00"),
        ("$0.00", "0.00"),
        ("-$5.10", "-5.10"),
        ("($1,000,000.25)", "-1000000.25"),
        ("1.250,00 €", "1250.00"),
        ("£12", "12"),
        ("$1,250", "1250"),
        ("", None),
        ("Unavailable", None),
        (40, "40"),
    ],
)
def test_money_that_is_written_for_people_lands_as_a_number(written: Any, amount: str | None) -> None:
    assert MONEY.fit(written) == amount


@pytest.mark.parametrize("written", ["a lot", "12 of 30 dollars", True])
def test_what_is_no_money_is_told(written: Any) -> None:
    with pytest.raises(ValueError, match="amount|number"):
        MONEY.fit(written)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("3/8/2026", "2026-03-08"),
        ("12/31/1999", "1999-12-31"),
        ("2026-03-08T00:00:00", "2026-03-08"),
        ("2026-03-08T00:00:00.0000000Z", "2026-03-08"),
        ("", None),
        ("Unavailable", None),
    ],
)
def test_a_day_is_the_one_that_is_written(written: str, day: str | None) -> None:
    assert DAY.fit(written) == DAY_OF_TEXT.fit(written) == day


@pytest.mark.parametrize("written", ["31/12/2026", "soon"])
def test_a_text_that_is_no_day_is_told_unless_the_text_lands_beside_it(written: str) -> None:
    assert DAY_OF_TEXT.fit(written) is None
    with pytest.raises(ValueError, match="not a date"):
        DAY.fit(written)


@pytest.mark.parametrize("fraction", ["", ".1", ".12", ".123", ".1234567"])
@pytest.mark.parametrize("zone", ["", "Z"])
def test_an_instant_lands_whatever_its_fraction(fraction: str, zone: str) -> None:
    row, _, drift = landed(models.GIFT, {"id": 1, "modifiedDateTimeUtc": f"2026-11-19T17:30:12{fraction}{zone}"})
    assert row["modified_date_time_utc"].startswith("2026-11-19T17:30:12") and drift == Drift()


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        (None, []),
        ([], []),
        ({"Region": "North", "Open": True}, [("Region", "North"), ("Open", "true")]),
        ([{"dataType": "Text", "name": "Size", "value": "M", "displayName": None}], [("Size", "M")]),
    ],
)
def test_custom_fields_land_in_each_of_their_shapes(fields: Any, rows: list[tuple[str, str]]) -> None:
    _, children, drift = landed(models.PROJECT, {"id": 1, "customFields": fields})
    assert [(each["name"], each["value"]) for each in children["project_custom_field"]] == rows and drift == Drift()


def test_methods_and_custom_fields_of_individuals_say_whose_they_are() -> None:
    individuals = [
        {"id": 7, "contactMethods": [{"id": 70}, {"id": 71}], "customFields": [{"name": "Size", "value": "M"}]},
        {"id": 8, "contactMethods": [{"id": 80}], "customFields": None},
    ]
    _, children, drift = landed(models.CONTACT, {"id": 1, "contactIndividuals": individuals})
    assert [(each["contact_individual_id"], each["id"]) for each in children["contact_method"]] == [
        ("7", "70"),
        ("7", "71"),
        ("8", "80"),
    ]
    assert [each["contact_individual_id"] for each in children["contact_individual_custom_field"]] == ["7"]
    assert drift == Drift()


@pytest.mark.parametrize("individuals", ["nobody", [None], [{"id": 1, "contactMethods": "none"}], {"id": 1}])
def test_a_malformed_individual_is_told_and_costs_no_more(individuals: Any) -> None:
    row, _, drift = landed(models.CONTACT, {"id": 1, "contactIndividuals": individuals})
    assert row["id"] == "1" and drift.values


@pytest.mark.parametrize(("written", "landing"), [(123, "123"), ("ch_1", "ch_1")])
def test_a_transaction_is_named_by_text_or_by_number(written: Any, landing: str) -> None:
    assert landed(models.GIFT, {"id": 1, "transactionId": written})[0]["transaction_id"] == landing


@pytest.mark.parametrize("spelt", ["pkannedGiftType", "plannedGiftType"])
def test_the_type_of_a_planned_gift_is_found_however_it_is_spelt(spelt: str) -> None:
    assert landed(models.PLANNED_GIFT, {"id": 1, spelt: "Bequest"})[0]["planned_gift_type"] == "Bequest"


def test_of_a_record_whose_fields_nobody_has_shown_all_is_in_raw_but_addresses() -> None:
    record = {"id": 3, "amount": 5, "inner": {"x": 1}, "pledgeUrl": "https://x", "modifiedDateTimeUtc": None}
    row, _, drift = landed(models.PLEDGE, record)
    assert row["raw"] == {"id": 3, "amount": 5, "inner": {"x": 1}, "modifiedDateTimeUtc": None} and drift == Drift()
