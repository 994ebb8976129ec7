"""One declaration gives schema and rows; whatever does not fit is seen and never fatal."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.exact import TOO_DEEP, Exact, usable
from shared.tables import MOST_UNKNOWN_KEYS, SELF, BadRecord, Child, Column, Drift, Held, Rows, Table, columns
from shared.types import (
    BOOLEAN,
    DECIMAL,
    DOUBLE,
    JSON,
    LONG,
    MIDNIGHT,
    NAIVE_DATE,
    RATE,
    REFERENCE,
    STRING,
    UNIX_MILLISECONDS,
    UNIX_SECONDS,
    UTC_DATETIME,
    UTC_WITHOUT_ZONE,
    Misfit,
    Type,
)
from tests.destination import Destination


def first_email(record: Mapping[str, Any]) -> Any:
    return record["emails"][0]["address"] if record.get("emails") else None


PERSON = Table(
    "person",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("name", STRING),
        Column("street", STRING, "address.street"),
        Column("country", STRING, "address.country.code"),
        Column("born_on", NAIVE_DATE),
        Column("updated_at", UTC_DATETIME, "date_modified"),
        Column("balance", DECIMAL),
        Column("score", DOUBLE),
        Column("logins", LONG),
        Column("active", BOOLEAN),
        Column("extra", JSON),
        Column("email", STRING, first_email, reads=("emails",)),
    ),
    children=(
        Child("person_tag", "tags", columns=(Column("tag", STRING, SELF),)),
        Child(
            "person_phone", "contact.phones", (Column("number", STRING), Column("main", BOOLEAN)), left_out=("token",)
        ),
    ),
    left_out=("avatar", "*_url", "address.*", "contact.secret"),
)

WHOLE = {
    "id": 7,
    "name": "Ada",
    "address": {"street": "Elm 1", "country": {"code": "NZ"}},
    "born_on": "1990-02-03",
    "date_modified": "2026-01-02T03:04:05+02:00",
    "balance": Exact("10.10"),
    "score": 1.5,
    "logins": 3,
    "active": True,
    "extra": {"a": [1]},
    "emails": [{"address": "ada@example.com"}],
    "tags": ["x", "y"],
    "contact": {"phones": [{"number": "1", "main": True, "token": "t"}, {"number": "2"}], "secret": "s"},
    "avatar": "a",
    "self_url": "u",
}


def rows(record: Any, table: Table = PERSON) -> tuple[Rows, Drift]:
    drift = Drift()
    return table.rows(record, drift), drift


def with_raw(table: Table = PERSON) -> Table:
    return Table(table.name, table.key, table.columns, table.children, table.left_out, keep_raw=True)


def test_every_column_is_filled_from_its_source() -> None:
    landed, drift = rows(WHOLE)
    assert landed.row == {
        "id": "7",
        "name": "Ada",
        "street": "Elm 1",
        "country": "NZ",
        "born_on": "1990-02-03",
        "updated_at": "2026-01-02T01:04:05.000000Z",
        "balance": "10.10",
        "score": 1.5,
        "logins": 3,
        "active": True,
        "extra": {"a": [1]},
        "email": "ada@example.com",
    }
    assert dict(landed.children) == {
        "person_tag": ({"person_id": "7", "position": 0, "tag": "x"}, {"person_id": "7", "position": 1, "tag": "y"}),
        "person_phone": (
            {"person_id": "7", "position": 0, "number": "1", "main": True},
            {"person_id": "7", "position": 1, "number": "2", "main": None},
        ),
    }
    assert drift == Drift()


def test_what_is_absent_is_null_and_no_drift() -> None:
    landed, drift = rows({"id": "1"})
    assert set(landed.row.values()) == {"1", None}
    assert [each for _, each in landed.children] == [(), ()]
    assert drift == Drift()


ODD = st.one_of(
    st.none(), st.integers(), st.text(), st.lists(st.text(), max_size=2), st.dictionaries(st.text(), st.none())
)


@given(
    st.dictionaries(st.sampled_from(sorted(WHOLE)), ODD), st.dictionaries(st.sampled_from(["street", "country"]), ODD)
)
def test_what_is_odd_in_one_column_changes_no_other(odd: dict[str, Any], address: dict[str, Any]) -> None:
    record = {**WHOLE, "address": {"street": "Elm 1", "country": {"code": "NZ"}, **address}, **odd, "id": 7}
    together, drift = rows(record)
    for column in PERSON.columns[1:]:
        alone, own = rows(record, replace(PERSON, columns=(PERSON.columns[0], column), children=(), left_out=("*",)))
        assert alone.row[column.name] == together.row[column.name]
        mine = {place: count for place, count in drift.values.items() if place.startswith(f"person.{column.name}:")}
        assert own.values == mine


def test_an_object_on_the_way_that_is_null_makes_the_column_null() -> None:
    assert rows({"id": "1", "address": None})[0].row["street"] is None


def test_the_schema_names_exactly_the_columns_of_the_rows() -> None:
    for table in (PERSON, with_raw()):
        landed = table.rows(WHOLE, Drift())
        columns = {each["table"]: set(each["columns"]) for each in table.schemas()}
        assert columns["person"] == set(landed.row)
        for name, children in landed.children:
            assert all(set(child) == columns[name] for child in children)


def test_a_child_table_is_keyed_by_its_parent_and_the_position() -> None:
    keys = {each["table"]: each["primary_key"] for each in PERSON.schemas()}
    by_position = ["person_id", "position"]
    assert keys == {"person": ["id"], "person_tag": by_position, "person_phone": by_position}


def test_money_is_declared_with_thirty_eight_digits_nine_of_them_after_the_point() -> None:
    columns = PERSON.schemas()[0]["columns"]
    assert columns["balance"] == {"type": "DECIMAL", "precision": 38, "scale": 9}


def test_the_parents_key_has_the_parents_name_where_its_own_says_only_what_kind_of_key_it_is() -> None:
    variant = Child("item_variant", "variants", (Column("uuid", STRING),))
    item = Table("item", key=("uuid",), columns=(Column("uuid", STRING),), children=(variant,))
    assert item.schemas()[1]["primary_key"] == ["item_uuid", "position"]
    assert item.rows({"uuid": "a", "variants": [{"uuid": "b"}]}, Drift()).children == (
        ("item_variant", ({"item_uuid": "a", "position": 0, "uuid": "b"},)),
    )


def test_what_a_shorter_list_has_lost_can_be_told() -> None:
    assert list(PERSON.gone({"id": "7"}, before=(4, 1), after=(2, 1))) == [
        ("person_tag", {"person_id": "7", "position": 2}),
        ("person_tag", {"person_id": "7", "position": 3}),
    ]
    assert list(PERSON.gone({"id": "7"}, before=(1,))) == [("person_tag", {"person_id": "7", "position": 0})]


KIT = Table(
    "kit",
    key=("id",),
    columns=(Column("id", STRING),),
    children=(
        Child("kit_part", "parts", (Column("part", STRING), Column("of", LONG)), key=("part",)),
        Child("kit_step", "steps", (Column("text", STRING, SELF),), position="index", parent="made_of"),
    ),
)


def test_a_child_table_may_have_a_key_of_its_own_and_another_name_for_its_parent_and_position() -> None:
    keys = {each["table"]: (each["primary_key"], list(each["columns"])) for each in KIT.schemas()}
    assert keys["kit_part"] == (["kit_id", "part"], ["kit_id", "part", "of"])
    assert keys["kit_step"] == (["made_of", "index"], ["made_of", "index", "text"])


def test_of_elements_with_the_same_key_the_last_counts_and_one_without_is_drift() -> None:
    drift = Drift()
    rows = KIT.rows({"id": 1, "parts": [{"part": "a", "of": 1}, {"of": 2}, {"part": "a", "of": 3}]}, drift)
    assert rows.children[0][1] == ({"kit_id": "1", "part": "a", "of": 3},)
    assert drift.values == {"kit_part: no part": 1}


def test_children_with_a_key_of_their_own_are_remembered_by_it() -> None:
    def held(*parts: str) -> tuple[Held, ...]:
        return KIT.held(KIT.rows({"id": "1", "parts": [{"part": part} for part in parts], "steps": ["x"]}, Drift()))

    assert held("a", "b") == ((("a",), ("b",)), 1) and held() == (0, 1)
    gone = [("kit_part", {"kit_id": "1", "part": "a"})]
    assert list(KIT.gone({"id": "1"}, before=held("a", "b"), after=held("c", "b"))) == gone
    assert list(KIT.gone({"id": "1"}, before=held("a"), after=held())) == gone
    assert list(KIT.gone({"id": "1"}, before=held(), after=held("a"))) == []


def test_what_is_only_in_raw_is_no_drift_and_stays_there() -> None:
    table = Table("kit", key=("id",), columns=(Column("id", STRING),), raw_only=("colour",), left_out=("link",))
    drift = Drift()
    row = replace(table, keep_raw=True).rows({"id": "1", "colour": "red", "link": "x"}, drift).row
    assert row == {"id": "1", "raw": {"id": "1", "colour": "red"}} and drift == Drift()


def test_an_object_may_be_left_out_whole_and_in_part() -> None:
    table = Table("kit", key=("id",), columns=(Column("id", STRING),), left_out=("card", "card.number"))
    drift = Drift()
    row = replace(table, keep_raw=True).rows({"id": "1", "card": {"number": 1, "month": 2}}, drift).row
    assert row["raw"] == {"id": "1"} and drift == Drift()


def test_a_path_may_account_for_the_whole_object_that_it_leads_into() -> None:
    table = Table("kit", key=("id",), columns=(Column("id", STRING, "ref.value", reads=("ref",)),))
    drift = Drift()
    assert table.rows({"ref": {"value": "7", "name": "seven"}}, drift).row == {"id": "7"} and drift == Drift()


def test_rates_keep_eighteen_digits_after_the_point() -> None:
    assert RATE.fit(Exact("0.123456789012345678")) == "0.123456789012345678"
    with pytest.raises(Misfit):
        RATE.fit("0.1234567890123456789")


# Types.

ACCEPTED = [
    (STRING, "text", "text"),
    (STRING, "", ""),
    (STRING, 7, "7"),
    (STRING, 2**80, str(2**80)),
    (STRING, Exact("1.50"), "1.50"),
    (STRING, "a\0b", "ab"),
    (STRING, "é\0", "é"),
    (STRING, "a\ud800b", "a\ufffdb"),
    (STRING, "\U0001f600", "\U0001f600"),
    (BOOLEAN, True, True),
    (BOOLEAN, False, False),
    (LONG, Exact("5.0"), 5),
    (LONG, Exact("9007199254740993.0"), 9007199254740993),
    (LONG, Exact("1e3"), 1000),
    (LONG, 0, 0),
    (LONG, 2**63 - 1, 2**63 - 1),
    (LONG, -(2**63), -(2**63)),
    (DOUBLE, 1, 1.0),
    (DOUBLE, 1.5, 1.5),
    (DOUBLE, Exact("2.5"), 2.5),
    (DECIMAL, "10.50", "10.50"),
    (DECIMAL, 7, "7"),
    (DECIMAL, Exact("0.123456789"), "0.123456789"),
    (DECIMAL, "0.1000000000000", "0.100000000"),
    (DECIMAL, "1e3", "1000"),
    (DECIMAL, "1E-9", "0.000000001"),
    (DECIMAL, Exact("-0.0"), "-0.0"),
    (DECIMAL, "0E-999999999", "0"),
    (DECIMAL, "0e999999999", "0"),
    (DECIMAL, " 5 ", "5"),
    (DECIMAL, "", None),
    (DECIMAL, "-0.5", "-0.5"),
    (DECIMAL, 0.1, "0.1"),
    (DECIMAL, "9" * 29 + "." + "9" * 9, "9" * 29 + "." + "9" * 9),
    (DECIMAL, "000" + "9" * 29, "9" * 29),
    (UTC_DATETIME, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z"),
    (UTC_DATETIME, "2026-01-02T03:04:05.123456+0200", "2026-01-02T01:04:05.123456Z"),
    (UTC_DATETIME, "2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.123456Z"),
    (UTC_DATETIME, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
    (UTC_DATETIME, "2026-01-02T03:04:05+05:30:15", "2026-01-01T21:33:50.000000Z"),
    (UTC_DATETIME, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
    (UTC_DATETIME, "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
    (UTC_DATETIME, "2026-01-02 03:04-08:00", "2026-01-02T11:04:00.000000Z"),
    (UTC_DATETIME, "", None),
    (NAIVE_DATE, "2024-02-29", "2024-02-29"),
    (NAIVE_DATE, "", None),
    (JSON, {"a": [1, None]}, {"a": [1, None]}),
    (JSON, [], []),
    (JSON, "text", "text"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), ACCEPTED)
def test_a_value_that_fits_is_landed_exactly(kind: Type, value: Any, expected: Any) -> None:
    fitted = kind.fit(value)
    assert fitted == expected and type(fitted) is type(expected)


REFUSED: list[tuple[Type, tuple[Any, ...]]] = [
    (STRING, (True, 1.5, [], {}, b"x")),
    (BOOLEAN, (1, 0, "true", "1", [])),
    (LONG, (True, 1.5, "5", 2**63, -(2**63) - 1, Exact("1.5"), Exact("1e300"))),
    (DOUBLE, (True, "1.5", 10**400, [])),
    (
        DECIMAL,
        (
            True,
            [],
            "ten",
            "NaN",
            "sNaN",
            "Infinity",
            "1.2.3",
            "9" * 30,
            "0.0000000001",
            "1e30",
            Exact("1e400"),
            float("inf"),
            "1e99999999999",
            "1_000",
            Exact("1e-400"),
            "9" * 39,
        ),
    ),
    (
        UTC_DATETIME,
        (
            1_700_000_000,
            "2026-01-02",
            "2026-01-02T03:04:05",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            True,
            "0000-00-00T00:00:00Z",
            "2026-01-02T03:60:00Z",
            "9999-12-31T23:59:60Z",
        ),
    ),
    (
        NAIVE_DATE,
        (20260102, "2026-1-2", "2026-02-30", "2026-01-02T00:00:00Z", "20260102", "02/01/2026", "２０２６-01-02"),
    ),
]


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED for value in values])
def test_a_value_that_does_not_fit_is_a_misfit_that_does_not_quote_it(kind: Type, value: Any) -> None:
    with pytest.raises(Misfit) as caught:
        kind.fit(value)
    assert repr(value) not in str(caught.value) or value in (0, 1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", True),
        ("born_on", "soon"),
        ("updated_at", "2026-01-02"),
        ("balance", "much"),
        ("score", "high"),
        ("logins", 1.5),
        ("active", "yes"),
    ],
)
def test_a_value_that_does_not_fit_lands_as_null_and_is_counted(column: str, value: Any) -> None:
    source = "date_modified" if column == "updated_at" else column
    landed, drift = rows({**WHOLE, source: value})
    assert landed.row[column] is None
    assert landed.row["id"] == "7"
    assert drift.misfits == 1 and list(drift.values.values()) == [1]
    assert next(iter(drift.values)).startswith(f"person.{column}: ")


def test_an_exact_number_equals_its_text() -> None:
    assert DECIMAL.fit(Exact("12345678901234567890.123456789")) == "12345678901234567890.123456789"


@pytest.mark.parametrize(
    ("kind", "value", "nearest"),
    [
        (DECIMAL, "1234.5000000001", "1234.500000000"),
        (DECIMAL, Exact("0.30000000000000004"), "0.300000000"),
        (DECIMAL, Exact("0.6666666666667"), "0.666666667"),
        (DECIMAL, "0.0000000005", "0.000000000"),
        (DECIMAL, "0.0000000015", "0.000000002"),
        (DECIMAL, "-0.0000000001", "0.000000000"),
        (DECIMAL, Exact("1e-400"), "0.000000000"),
        (DECIMAL, "9" * 29 + ".9999999994", "9" * 29 + "." + "9" * 9),
        (DECIMAL, "9" * 29 + ".9999999995", None),
        (RATE, "0.1234567890123456785", "0.123456789012345678"),
        (NAIVE_DATE, "2026-01-05-08:00", "2026-01-05"),
        (NAIVE_DATE, "2026-01-05Z", "2026-01-05"),
        (NAIVE_DATE, "2026-01-05T00:00:00-08:00", "2026-01-05"),
        (NAIVE_DATE, "2026-01-05T00:00:00", "2026-01-05"),
        (NAIVE_DATE, "2026-02-30Z", None),
        (NAIVE_DATE, "2026-01-05 or later", None),
        (MIDNIGHT, "2026-03-08T12:00:00", "2026-03-08"),
    ],
)
def test_of_a_value_that_does_not_fit_the_nearest_that_the_column_holds_is_known(
    kind: Type, value: Any, nearest: str | None
) -> None:
    with pytest.raises(Misfit) as caught:
        kind.fit(value)
    assert caught.value.nearest == nearest
    assert nearest is None or kind.fit(nearest) == nearest


def test_what_is_nearest_lands_and_is_counted_apart() -> None:
    landed, drift = rows({**WHOLE, "balance": Exact("0.30000000000000004"), "born_on": "2026-01-05Z"})
    assert (landed.row["balance"], landed.row["born_on"]) == ("0.300000000", "2026-01-05")
    assert drift.misfits == 0 and drift.values == {}
    assert drift.changed == {
        "person.born_on: a date with more behind it": 1,
        "person.balance: more digits than DECIMAL(38, 9) holds": 1,
    }


@pytest.mark.parametrize("deep", [TOO_DEEP, [700]])
def test_of_what_is_nested_too_deeply_lands_what_can_be_told(deep: Any) -> None:
    for _ in range(deep[0] if isinstance(deep, list) else 3):
        deep = {"a": deep}
    record = {**WHOLE, "extra": deep, "name": deep, "tags": ["x", deep]}
    landed, drift = rows(record, with_raw())
    assert landed.row["id"] == "7" and landed.row["name"] is None
    text = json.dumps([landed.row, landed.children])
    assert text.count("(nested too deeply)") == 5
    assert drift.changed == {
        "person.extra: something nested too deeply": 1,
        "person.raw: something nested too deeply": 1,
        "person_tag.raw: something nested too deeply": 1,
    }
    assert drift.values == {
        "person.name: an object where text belongs": 1,
        "person_tag.tag: an object where text belongs": 1,
    }


def test_an_empty_reference_refers_to_nothing() -> None:
    assert REFERENCE.fit("") is None and REFERENCE.fit(7) == "7"


# Drift.


def test_a_key_that_nobody_reads_is_counted_with_its_path() -> None:
    drift = Drift()
    for _ in range(3):
        PERSON.rows({**WHOLE, "nickname": "A", "contact": {"fax": 1, "phones": []}}, drift)
    assert drift.keys == {"person.nickname": 3, "person.contact.fax": 3}


def test_an_object_whose_keys_are_data_is_told_in_a_bounded_number_of_places() -> None:
    drift = Drift()
    for number in range(1_000):
        PERSON.rows({"id": number, f"field_{number}": 1}, drift)
    assert len(drift.keys) == MOST_UNKNOWN_KEYS + 1 and sum(drift.keys.values()) == 1_000


def test_a_key_inside_an_element_is_counted_for_the_child_table() -> None:
    _, drift = rows({"id": 1, "contact": {"phones": [{"number": "1", "kind": "work"}, {"kind": "home"}]}})
    assert drift.keys == {"person_phone.kind": 2}


@pytest.mark.parametrize(
    "record",
    [
        {"avatar": 1},
        {"any_url": 1},
        {"address": {"zip": 1}},
        {"contact": {"secret": 1, "home_url": 2}},
        {"contact": {"phones": [{"token": 1, "dial_url": 2}]}},
    ],
)
def test_what_is_left_out_on_purpose_is_no_drift(record: dict[str, Any]) -> None:
    assert rows({"id": 1, **record})[1] == Drift()


def test_an_object_where_a_path_ends_early_is_counted() -> None:
    landed, drift = rows({"id": 1, "address": "Elm 1", "tags": "x", "contact": {"phones": ["1"]}})
    assert landed.row["street"] is None
    assert sorted(drift.values) == [
        "person.country: text where an object belongs",
        "person.street: text where an object belongs",
        "person_phone: text where an object belongs",
        "person_tag: text where a list belongs",
    ]


def test_a_function_that_meets_what_it_was_not_written_for_is_drift() -> None:
    landed, drift = rows({"id": 1, "emails": [7]})
    assert landed.row["email"] is None
    assert drift.values == {"person.email: TypeError while reading it": 1}


@pytest.mark.parametrize("lines", [7, [None], [{}], [{"cost": "much"}]])
def test_so_is_a_list_that_its_function_was_not_written_for(lines: Any) -> None:
    def dear(record: Mapping[str, Any]) -> list[Any]:
        return [line for line in record["lines"] if Decimal(line["cost"]) > 100]

    order = Table(
        "order",
        key=("id",),
        columns=(Column("id", STRING),),
        children=(Child("order_line", dear, columns=(Column("cost", DECIMAL),), reads=("lines",)),),
    )
    drift = Drift()
    assert order.rows({"id": 1, "lines": lines}, drift).children == (("order_line", ()),)
    assert drift.misfits == 1 and all(place.startswith("order_line: ") for place in drift.values)


def test_an_element_that_is_no_object_keeps_its_position() -> None:
    landed, _ = rows({"id": 1, "contact": {"phones": [{"number": "1"}, None, {"number": "3"}]}})
    assert [row["number"] for row in dict(landed.children)["person_phone"]] == ["1", None, "3"]


# Bad records.


@pytest.mark.parametrize(
    "record", [None, 7, "x", [], [1], True, {}, {"id": None}, {"id": ""}, {"id": []}, {"id": True}]
)
def test_a_record_without_a_key_is_bad(record: Any) -> None:
    with pytest.raises(BadRecord):
        PERSON.rows(record, Drift())


# Raw.


def test_of_a_record_whose_fields_are_not_known_the_rest_is_no_drift_and_stays_in_raw() -> None:
    table = Table("kit", ("id",), (Column("id", STRING),), raw_only=("*",), left_out=("*_url",), keep_raw=True)
    record, drift = {"id": "1", "colour": "red", "box": {"size": 3}, "see_url": "x"}, Drift()
    landed = table.rows(record, drift).row
    assert landed == {"id": "1", "raw": {"id": "1", "colour": "red", "box": {"size": 3}}} and drift == Drift()


def test_a_table_that_keeps_raw_keeps_it_whatever_the_settings_say() -> None:
    kept, other = replace(PERSON, keep_raw=True), PERSON
    assert [each.with_raw(also=False).keep_raw for each in (kept, other)] == [True, False]
    assert [each.with_raw(also=True).keep_raw for each in (kept, other)] == [True, True]


def test_raw_is_the_record_without_what_is_left_out_at_any_depth() -> None:
    record = {
        "id": 1,
        "avatar": "no",
        "my_url": "no",
        "name": "yes",
        "address": {"street": "yes", "zip": "no"},
        "contact": {"secret": "no", "phones": [{"number": "yes", "token": "no", "dial_url": "no"}]},
        "unknown": {"deep": [{"signed_url": "no", "kept": "yes"}], "page_url": "no"},
    }
    landed = with_raw().rows(record, Drift())
    assert "no" not in json.dumps(landed.row["raw"]).replace("unknown", "")
    assert landed.row["raw"] == {
        "id": 1,
        "name": "yes",
        "address": {"street": "yes"},
        "contact": {"phones": [{"number": "yes"}]},
        "unknown": {"deep": [{"kept": "yes"}]},
    }
    assert dict(landed.children)["person_phone"][0]["raw"] == {"number": "yes"}


def test_without_keep_raw_there_is_no_such_column() -> None:
    assert all("raw" not in each["columns"] for each in PERSON.schemas())
    assert "raw" not in rows(WHOLE)[0].row


def test_what_is_shown_of_a_bad_record_is_without_what_is_left_out() -> None:
    assert PERSON.kept({"avatar": "no", "name": "yes"}) == {"name": "yes"}


def test_the_record_itself_is_not_changed() -> None:
    record = json.loads(json.dumps(WHOLE))
    with_raw().rows(record, Drift())
    assert record == json.loads(json.dumps(WHOLE))


# Anything at all.

NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(10**60), 10**60),
    st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**31), max_value=10**31).map(
        lambda number: Exact(str(number))
    ),
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None)),
    st.sampled_from(
        [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05",
            "10.50",
            "NaN",
            "-Infinity",
            "1e9",
            "\ud800",
            "\0",
            "2026-W01-1",
            "24:00",
            "0001-01-01T00:00:00+01:00",
            "true",
            "1_000",
            "٣",
        ]
    ),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.dates().map(str),
    st.decimals().map(str),
)
NAMES = st.one_of(st.text(max_size=3), st.sampled_from(["number", "phones", "token", "street", "a_url"]))
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
KEYS = (
    "id",
    "name",
    "address",
    "born_on",
    "date_modified",
    "balance",
    "score",
    "logins",
    "active",
    "extra",
    "emails",
    "tags",
    "contact",
    "avatar",
    "x_url",
    "unknown",
)
RECORDS = st.one_of(
    ANYTHING,
    st.fixed_dictionaries(
        {"id": st.one_of(st.integers(), st.text(min_size=1), ANYTHING)},
        optional={key: ANYTHING for key in KEYS if key != "id"},
    ),
)


@given(RECORDS, st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_record_becomes_rows_that_the_destination_takes_or_is_bad(record: Any, keep_raw: bool) -> None:
    table = with_raw() if keep_raw else PERSON
    destination = Destination(table.schemas())
    drift = Drift()
    try:
        landed = table.rows(usable(record), drift)
    except BadRecord:
        return
    destination.upsert(table.name, landed.row)
    for name, children in landed.children:
        for row in children:
            destination.upsert(name, row)
    assert sum(drift.values.values()) == drift.misfits


def test_columns_of_one_type_are_named_as_in_the_record_or_in_an_object_inside_it():
    assert columns(STRING, "id", "name") == (Column("id", STRING), Column("name", STRING))
    assert columns(DECIMAL, "net", "tax", inside="price.total") == (
        Column("price_total_net", DECIMAL, "price.total.net"),
        Column("price_total_tax", DECIMAL, "price.total.tax"),
    )


def test_several_columns_may_be_named_in_one_text_and_are_called_in_snake_case():
    found = columns(STRING, "id displayName", "billTo.address1 taxID")
    assert [(column.name, column.paths) for column in found] == [
        ("id", ("id",)),
        ("display_name", ("displayName",)),
        ("bill_to_address_1", ("billTo.address1",)),
        ("tax_id", ("taxID",)),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        (UNIX_SECONDS, 1_772_971_200, "2026-03-08T12:00:00.000000Z"),
        (UNIX_SECONDS, -1, "1969-12-31T23:59:59.000000Z"),
        (UNIX_MILLISECONDS, 1_772_971_200_250, "2026-03-08T12:00:00.250000Z"),
        (UTC_WITHOUT_ZONE, "2026-03-08T12:00:00.5", "2026-03-08T12:00:00.500000Z"),
        (UTC_WITHOUT_ZONE, "2026-03-08T12:00:00+01:00", "2026-03-08T11:00:00.000000Z"),
        (MIDNIGHT, "2026-03-08T00:00:00", "2026-03-08"),
        (MIDNIGHT, "2026-03-08T00:00:00.000Z", "2026-03-08"),
        (MIDNIGHT, "2026-03-08", "2026-03-08"),
    ],
)
def test_times_and_days_in_other_forms_are_fitted(kind, value, fitted):
    assert kind.fit(value) == fitted


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (UNIX_SECONDS, "1772971200"),
        (UNIX_SECONDS, True),
        (UNIX_SECONDS, 10**18),
        (UNIX_MILLISECONDS, 1.5),
        (UTC_WITHOUT_ZONE, "yesterday"),
        (UTC_WITHOUT_ZONE, 7),
        (MIDNIGHT, "2026-03-08T12:00:00"),
        (MIDNIGHT, 7),
    ],
)
def test_other_forms_that_do_not_fit_are_misfits(kind, value):
    with pytest.raises(Misfit):
        kind.fit(value)
