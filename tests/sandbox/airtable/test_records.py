"""Records of the simulated Airtable, against airtable.md A3 to A5."""

from typing import Any

import pytest

from tests.sandbox.airtable.conftest import Asker


def test_a_reply_leaves_empty_cells_out(airtable: Asker) -> None:
    [made] = airtable.write({"Name": "", "Active": False, "Tags": [], "Balance": None, "Key": "k"})
    assert made["fields"] == {"Key": "k"}
    assert airtable.got("GET", f"{{base}}/Clients/{made['id']}")["fields"] == {"Key": "k"}
    [bare] = airtable.write({})
    assert bare["fields"] == {}


def test_a_reply_names_fields_by_id_where_asked(airtable: Asker) -> None:
    [made] = airtable.write({"Name": "n"}, returnFieldsByFieldId=True)
    assert made["fields"] == {airtable.table().primary.id: "n"}


def test_one_record_comes_back_alone(airtable: Asker) -> None:
    assert airtable.got("POST", "{base}/Clients", {"fields": {"Name": "n"}})["fields"] == {"Name": "n"}


def test_patch_leaves_other_cells_alone_and_put_clears_them(airtable: Asker) -> None:
    [made] = airtable.write({"Name": "n", "Key": "k", "Balance": 5})
    body = {"records": [{"id": made["id"], "fields": {"Balance": None}}]}
    assert airtable.got("PATCH", "{base}/Clients", body)["records"][0]["fields"] == {"Name": "n", "Key": "k"}
    body = {"records": [{"id": made["id"], "fields": {"Balance": 7}}]}
    assert airtable.got("PUT", "{base}/Clients", body)["records"][0]["fields"] == {"Balance": 7}


def test_a_cell_is_cleared_by_null(airtable: Asker) -> None:
    full = {"Name": "n", "Active": True, "Status": "Open", "Tags": ["a"], "Since": "2026-01-02", "Balance": 1.5}
    [made] = airtable.write(full)
    body = {"records": [{"id": made["id"], "fields": dict.fromkeys(full)}]}
    assert airtable.got("PATCH", "{base}/Clients", body)["records"][0]["fields"] == {}


def test_instants_come_back_in_utc_with_milliseconds(airtable: Asker) -> None:
    [made] = airtable.write({"Seen": "2026-03-01T10:00:00+02:00"})
    assert made["fields"]["Seen"] == "2026-03-01T08:00:00.000Z"


def test_an_instant_without_offset_is_meant_in_the_fields_zone(airtable: Asker) -> None:
    airtable.table().fields[next(id for id, one in airtable.table().fields.items() if one.name == "Seen")].options[
        "timeZone"
    ] = "America/New_York"
    [made] = airtable.write({"Seen": "2026-03-01T10:00:00"})
    assert made["fields"]["Seen"] == "2026-03-01T15:00:00.000Z"


@pytest.mark.parametrize(
    ("field", "value", "type"),
    [
        ("Name", 5, "INVALID_VALUE_FOR_COLUMN"),
        ("Name", "x" * 100_001, "INVALID_VALUE_FOR_COLUMN"),
        ("Balance", "5", "INVALID_VALUE_FOR_COLUMN"),
        ("Balance", True, "INVALID_VALUE_FOR_COLUMN"),
        ("Since", "2026-13-01", "INVALID_VALUE_FOR_COLUMN"),
        ("Since", "yesterday", "INVALID_VALUE_FOR_COLUMN"),
        ("Seen", "10:00", "INVALID_VALUE_FOR_COLUMN"),
        ("Active", "true", "INVALID_VALUE_FOR_COLUMN"),
        ("Status", "Lost", "INVALID_MULTIPLE_CHOICE_OPTIONS"),
        ("Tags", ["a", "c"], "INVALID_MULTIPLE_CHOICE_OPTIONS"),
        ("Tags", "a", "INVALID_VALUE_FOR_COLUMN"),
        ("Nothing", 1, "UNKNOWN_FIELD_NAME"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(airtable: Asker, field: str, value: Any, type: str) -> None:
    assert airtable.refused("POST", "{base}/Clients", {"records": [{"fields": {field: value}}]}) == (422, type)


def test_a_computed_field_is_refused(airtable: Asker) -> None:
    airtable.vendor.store.add_field(airtable.table(), "Changed", "lastModifiedTime")
    answer = airtable.ask("POST", "{base}/Clients", {"records": [{"fields": {"Changed": "x"}}]})
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "INVALID_VALUE_FOR_COLUMN")
    assert "computed" in answer.json()["error"]["message"]


def test_typecast_converts_text_and_makes_choices(airtable: Asker) -> None:
    [made] = airtable.write({"Balance": "5.5", "Status": "Lost", "Name": 7}, typecast=True)
    assert made["fields"] == {"Balance": 5.5, "Status": "Lost", "Name": "7"}
    assert airtable.write({"Status": "Lost"})


def test_one_bad_record_refuses_the_whole_batch(airtable: Asker) -> None:
    records = [{"fields": {"Name": str(number)}} for number in range(9)]
    bad = {"records": [*records, {"fields": {"Balance": "much"}}]}
    answer = airtable.ask("POST", "{base}/Clients", bad)
    assert answer.json()["error"]["message"] == 'Field "Balance" cannot accept the provided value'
    assert airtable.rows() == []


def test_a_request_takes_ten_records(airtable: Asker) -> None:
    eleven: dict[str, Any] = {"records": [{"fields": {}}] * 11}
    assert airtable.refused("POST", "{base}/Clients", eleven) == (422, "INVALID_RECORDS")
    assert airtable.refused("POST", "{base}/Clients", {"records": []}) == (422, "INVALID_RECORDS")
    query = "&".join(f"records[]=rec{number:014d}" for number in range(11))
    assert airtable.refused("DELETE", f"{{base}}/Clients?{query}") == (422, "INVALID_RECORDS")


def test_an_upsert_creates_then_updates(airtable: Asker) -> None:
    first = airtable.upsert({"fields": {"Key": "k", "Name": "one"}}).json()
    second = airtable.upsert({"fields": {"Key": "k", "Name": "two"}}, {"fields": {"Key": "l"}}).json()
    assert first["createdRecords"] == [first["records"][0]["id"]] and first["updatedRecords"] == []
    assert second["updatedRecords"] == first["createdRecords"] and len(second["createdRecords"]) == 1
    assert {row["Key"]: row.get("Name") for row in airtable.rows()} == {"k": "two", "l": None}


def test_an_upsert_that_matches_several_fails_whole(airtable: Asker) -> None:
    airtable.write({"Key": "k"}, {"Key": "k"})
    assert airtable.upsert({"fields": {"Key": "new"}}, {"fields": {"Key": "k"}}).status_code == 422
    assert len(airtable.rows()) == 2


def test_a_number_does_not_match_the_text_that_looks_like_it(airtable: Asker) -> None:
    airtable.vendor.store.add_field(airtable.table(), "Number", "number", {"precision": 0})
    airtable.write({"Key": "5", "Number": 5})
    assert airtable.upsert({"fields": {"Number": 5.0}}, on=("Number",)).json()["createdRecords"] == []
    assert airtable.upsert({"fields": {"Key": 5}}).status_code == 422
    assert airtable.upsert({"fields": {"Number": "5"}}, on=("Number",)).status_code == 422


def test_an_upsert_by_id_ignores_the_merge_fields_and_creates_nothing(airtable: Asker) -> None:
    [made] = airtable.write({"Key": "k"})
    changed = airtable.upsert({"id": made["id"], "fields": {"Key": "renamed"}}).json()
    assert changed["updatedRecords"] == [made["id"]]
    answer = airtable.upsert({"id": "rec" + "0" * 14, "fields": {"Key": "k"}}, {"fields": {"Key": "new"}})
    assert answer.json()["error"]["type"] == "ROW_DOES_NOT_EXIST"
    assert len(airtable.rows()) == 1


@pytest.mark.parametrize("on", [("Mail",), ("Active",), (), ("Key", "Name", "Balance", "Since"), ("Nothing",)])
def test_only_some_fields_can_be_merged_on(airtable: Asker, on: tuple[str, ...]) -> None:
    record = {"fields": {"Key": "k", "Mail": "a@b.example", "Active": True}}
    assert airtable.upsert(record, on=on).status_code == 422


def test_every_upserted_record_needs_the_merge_field(airtable: Asker) -> None:
    assert airtable.upsert({"fields": {"Name": "n"}}).status_code == 422
    assert airtable.upsert({"fields": {"Key": None}}).status_code == 422


def test_an_upsert_that_is_repeated_changes_nothing_more(airtable: Asker) -> None:
    for _ in range(2):
        assert airtable.upsert({"fields": {"Key": "k", "Name": "n"}}).status_code == 200
    assert len(airtable.rows()) == 1


def test_a_link_shows_at_both_ends(airtable: Asker) -> None:
    [client] = airtable.write({"Name": "c"})
    [deal] = airtable.write({"Name": "d", "Client": [client["id"]]}, table="Deals")
    assert airtable.rows()[0]["Deals"] == [deal["id"]]
    airtable.got("DELETE", f"{{base}}/Clients?records[]={client['id']}")
    assert airtable.rows("Deals") == [{"id": deal["id"], "Name": "d"}]


def test_a_link_replaces_the_whole_cell(airtable: Asker) -> None:
    one, two = airtable.write({"Name": "1"}, {"Name": "2"})
    [deal] = airtable.write({"Client": [one["id"]]}, table="Deals")
    body = {"records": [{"id": deal["id"], "fields": {"Client": [two["id"]]}}]}
    airtable.got("PATCH", "{base}/Deals", body)
    assert ["Deals" in row for row in airtable.rows()] == [False, True]


def test_a_link_to_what_is_not_there_is_refused(airtable: Asker) -> None:
    body = {"records": [{"fields": {"Client": ["rec" + "0" * 14]}}]}
    answer = airtable.ask("POST", "{base}/Deals", body)
    assert answer.json()["error"] == {
        "type": "ROW_DOES_NOT_EXIST",
        "message": f"Record ID rec{'0' * 14} does not exist in this table",
    }
    body = {"records": [{"fields": {"Client": ["a client's name"]}}]}
    assert airtable.refused("POST", "{base}/Deals", body) == (422, "INVALID_RECORD_ID")


def test_a_deletion_is_all_or_nothing(airtable: Asker) -> None:
    [made] = airtable.write({"Name": "n"})
    path = f"{{base}}/Clients?records[]={made['id']}&records[]=rec{'0' * 14}"
    assert airtable.refused("DELETE", path) == (422, "ROW_DOES_NOT_EXIST")
    assert len(airtable.rows()) == 1
    assert airtable.got("DELETE", f"{{base}}/Clients/{made['id']}") == {"id": made["id"], "deleted": True}
    assert airtable.refused("GET", f"{{base}}/Clients/{made['id']}") == (404, "MODEL_ID_NOT_FOUND")


@pytest.mark.parametrize(
    "spelling", ["fields[]=Key&fields[]=Name", "fields=Key&fields=Name", "fields[0]=Key&fields[1]=Name"]
)
def test_a_listing_shows_the_fields_that_are_asked_for(airtable: Asker, spelling: str) -> None:
    airtable.write({"Key": "k", "Name": "n", "Balance": 1})
    [row] = airtable.got("GET", f"{{base}}/Clients/?{spelling}")["records"]
    assert row["fields"] == {"Key": "k", "Name": "n"}


def test_a_listing_has_pages_of_a_hundred_at_most(airtable: Asker) -> None:
    keys = [str(number) for number in range(25)]
    for start in range(0, 25, 10):
        airtable.write(*({"Key": key} for key in keys[start : start + 10]))
    seen, offset, pages = [], "", 0
    while offset is not None:
        page = airtable.got("GET", "{base}/Clients", params={"pageSize": 10, **({"offset": offset} if offset else {})})
        seen += [row["fields"]["Key"] for row in page["records"]]
        offset, pages = page.get("offset"), pages + 1
    assert (sorted(seen, key=int), pages) == (keys, 3)
    assert seen != keys, "without a sort the order means nothing"
    assert airtable.refused("GET", "{base}/Clients?pageSize=101")[0] == 422


def test_a_listing_expires(airtable: Asker) -> None:
    airtable.write(*({"Key": str(number)} for number in range(4)))
    offset = airtable.got("GET", "{base}/Clients?pageSize=2")["offset"]
    airtable.time += 301
    path = f"{{base}}/Clients?pageSize=2&offset={offset}"
    assert airtable.refused("GET", path) == (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
    offset = airtable.got("GET", "{base}/Clients?pageSize=2")["offset"]
    airtable.vendor.restart()
    path = f"{{base}}/Clients?offset={offset}"
    assert airtable.refused("GET", path) == (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
    assert airtable.refused("GET", "{base}/Clients?offset=x") == (422, "INVALID_OFFSET_VALUE")


def test_a_listing_can_be_sorted_limited_and_filtered(airtable: Asker) -> None:
    airtable.write({"Key": "b", "Balance": 2}, {"Key": "a", "Balance": 1}, {"Key": "c", "Balance": 3})
    body = {"sort": [{"field": "Key", "direction": "desc"}], "maxRecords": 2, "filterByFormula": "{Balance} < 3"}
    rows = airtable.got("POST", "{base}/Clients/listRecords", body)["records"]
    assert [row["fields"]["Key"] for row in rows] == ["b", "a"]
    path = "{base}/Clients?sort[0][field]=Key&sort[0][direction]=asc"
    assert [row["fields"]["Key"] for row in airtable.got("GET", path)["records"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("formula", "keys"),
    [
        ("{Key}='a'", "a"),
        ("OR({Key}='a', {Balance}>=2)", "ab"),
        ("NOT(Active)", "b"),
        ("LOWER({Name})='bee'", "b"),
        ("FIND('x', {Name})", "a"),
        ("{Key}&'!'='b!'", "b"),
        ("IF({Active}, 1, 0)", "a"),
        ("LEN({Name})=0", ""),
        ("{Mail}=BLANK()", "ab"),
        ("RECORD_ID()!=''", "ab"),
        ("-{Balance}<-1", "b"),
    ],
)
def test_a_formula_chooses_records(airtable: Asker, formula: str, keys: str) -> None:
    airtable.write({"Key": "a", "Name": "fox", "Balance": 1, "Active": True}, {"Key": "b", "Name": "BEE", "Balance": 2})
    rows = airtable.got("GET", "{base}/Clients", params={"filterByFormula": formula})["records"]
    assert sorted(row["fields"]["Key"] for row in rows) == list(keys)


@pytest.mark.parametrize("formula", ["{Nothing}=1", "AND(", "Key ==", "EVIL('x')", "{Key}='a", "1 2"])
def test_a_formula_that_is_none_is_refused(airtable: Asker, formula: str) -> None:
    path = "{base}/Clients"
    refused = airtable.refused("GET", path, params={"filterByFormula": formula})
    assert refused == (422, "INVALID_FILTER_BY_FORMULA")


def test_views_and_formats_are_checked(airtable: Asker) -> None:
    airtable.write({"Key": "k", "Tags": ["a", "b"]})
    assert airtable.got("GET", "{base}/Clients?view=Grid%20view")["records"]
    assert airtable.refused("GET", "{base}/Clients?view=Mine") == (422, "VIEW_NAME_NOT_FOUND")
    assert airtable.refused("GET", f"{{base}}/Clients?view=viw{'0' * 14}") == (422, "VIEW_ID_NOT_FOUND")
    assert airtable.refused("GET", "{base}/Clients?cellFormat=string")[0] == 422
    path = "{base}/Clients?cellFormat=string&timeZone=utc&userLocale=en"
    assert airtable.got("GET", path)["records"][0]["fields"] == {"Key": "k", "Tags": "a, b"}
    assert airtable.refused("GET", "{base}/Clients?pagesize=3")[0] == 422
    assert airtable.got("GET", "{base}/Clients?recordMetadata[]=commentCount")["records"][0]["commentCount"] == 0


def test_a_body_that_is_no_json_is_refused(airtable: Asker) -> None:
    headers = {"Content-Type": "application/json"}
    assert airtable.refused("POST", "{base}/Clients", data="{", headers=headers)[0] == 400
    data = '{"records":[{"fields":{"Balance":NaN}}]}'
    assert airtable.refused("POST", "{base}/Clients", data=data, headers=headers) == (422, "INVALID_REQUEST_BODY")
    assert airtable.refused("POST", "{base}/Clients", {"records": [{"fields": {}}], "more": 1})[0] == 422


def test_computed_fields_show_their_values(airtable: Asker) -> None:
    store, table = airtable.vendor.store, airtable.table()
    for type in ("createdTime", "lastModifiedTime", "autoNumber"):
        store.add_field(table, type, type)
    [made] = airtable.write({"Key": "k"})
    airtable.got("PATCH", f"{{base}}/Clients/{made['id']}", {"fields": {"Name": "n"}})
    fields = airtable.got("GET", f"{{base}}/Clients/{made['id']}")["fields"]
    assert fields["autoNumber"] == 1 and fields["createdTime"] < fields["lastModifiedTime"]


def test_one_record_is_changed_and_replaced_alone(airtable: Asker) -> None:
    [made] = airtable.write({"Key": "k", "Name": "n"})
    path = f"{{base}}/Clients/{made['id']}"
    assert airtable.got("PATCH", path, {"fields": {"Name": "m"}})["fields"] == {"Key": "k", "Name": "m"}
    assert airtable.got("PUT", path, {"fields": {"Name": "m"}})["fields"] == {"Name": "m"}
