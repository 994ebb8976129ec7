"""The simulated Airtable over a real socket: pyairtable, the control endpoints, the people who work in the base."""

import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pyairtable
import pytest
import requests
from pyairtable.formulas import match

from sandbox.__main__ import main
from sandbox.airtable import Airtable
from sandbox.airtable.options import Options
from sandbox.company import Company
from sandbox.server import Server
from tests.sandbox.airtable.conftest import CLIENT_FIELDS


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    options = Options(requests_per_second=10_000, owner_requests_per_second=10_000)
    vendor = Airtable(Company(1, 0.05), time.time, options=options)
    with Server(vendor, port=0) as server:
        server.vendor = vendor  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def base(running: Any) -> pyairtable.Base:
    api = pyairtable.Api(running.vendor.token, endpoint_url=running.origin)
    return api.base(running.vendor.store.base_id)


@pytest.fixture
def table(base: pyairtable.Base, running: Any) -> Iterator[pyairtable.Table]:
    running.vendor.store.tables.clear()
    yield base.create_table("Clients", CLIENT_FIELDS)


def test_pyairtable_writes_and_reads_records(table: pyairtable.Table) -> None:
    made = table.batch_create([{"Key": str(number), "Name": f"n {number}"} for number in range(120)])
    assert len(table.all()) == len(made) == 120
    assert table.get(made[7]["id"])["fields"] == {"Key": "7", "Name": "n 7"}
    assert table.first(formula=match({"Key": "11"}))["id"] == made[11]["id"]  # type: ignore[index]
    assert [row["fields"]["Key"] for row in table.all(sort=["-Key"], max_records=2, fields=["Key"])] == ["99", "98"]
    assert table.update(made[0]["id"], {"Balance": 12.5})["fields"]["Balance"] == 12.5
    assert table.update(made[0]["id"], {"Balance": 1}, replace=True)["fields"] == {"Balance": 1}
    assert all(one["deleted"] for one in table.batch_delete([one["id"] for one in made]))
    assert table.all() == []


def test_pyairtable_upserts(table: pyairtable.Table) -> None:
    rows = [{"fields": {"Key": str(number), "Balance": number}} for number in range(15)]
    assert len(table.batch_upsert(rows, ["Key"])["createdRecords"]) == 15
    again = table.batch_upsert(rows, ["Key"], use_field_ids=True)
    assert (len(again["updatedRecords"]), again["createdRecords"]) == (15, [])


def test_a_long_question_is_asked_by_post(table: pyairtable.Table, running: Any) -> None:
    table.create({"Key": "k"})
    formula = "OR(" + ",".join(f"{{Key}}='{'k' if number == 900 else number}'" for number in range(1200)) + ")"
    assert len(table.all(formula=formula)) == 1
    assert running.vendor.requests[-1].method == "POST"


def test_pyairtable_reads_and_makes_the_schema(base: pyairtable.Base, table: pyairtable.Table) -> None:
    deals = base.create_table("Deals", [{"name": "Name", "type": "singleLineText"}])
    deals.create_field("Client", "multipleRecordLinks", options={"linkedTableId": table.id})
    schema = base.schema(force=True)
    assert [each.type for each in schema.table("Clients").fields] == [
        *(one["type"] for one in CLIENT_FIELDS),
        "multipleRecordLinks",
    ]
    assert schema.table("Deals").field("Client").options.linked_table_id == table.id  # type: ignore[union-attr]


def test_pyairtable_understands_a_refusal(table: pyairtable.Table) -> None:
    with pytest.raises(requests.HTTPError, match="INVALID_MULTIPLE_CHOICE_OPTIONS"):
        table.create({"Status": "Unheard of"})


def test_pyairtable_knows_who_it_is(base: pyairtable.Base) -> None:
    assert base.api.whoami()["id"].startswith("usr")
    assert [one.id for one in base.api.bases()] == [base.id]


def test_the_control_endpoints_show_the_base(running: Any, table: pyairtable.Table) -> None:
    table.create({"Key": "k"})
    control = f"{running.origin}/_sandbox"
    assert [row["Key"] for row in requests.get(f"{control}/truth").json()["Clients"]] == ["k"]
    assert requests.get(f"{control}/configuration").json()["base"] == running.vendor.store.base_id
    assert len(requests.post(f"{control}/work?count=3").json()["changes"]) == 3


def test_the_people_of_the_base_touch_only_what_is_theirs(table: pyairtable.Table, running: Any) -> None:
    for number in range(5):
        table.create({"Key": str(number), "Name": "n"})
    vendor = running.vendor
    before = {row["id"]: row for row in vendor.truth()["Clients"]}
    assert {"add a field", "add a record", "fill a cell"} == set(vendor.work(Random(1), 60))
    after = {row["id"]: row for row in vendor.truth()["Clients"]}
    assert len(after) > 5
    for id, row in before.items():
        assert {name: value for name, value in after[id].items() if name in ("id", "Key", "Name")} == row
    assert vendor.operators.work(vendor.store.table("Clients"))


def test_work_in_an_empty_base_is_none() -> None:
    vendor = Airtable(Company(1, 0.05), time.time)
    assert vendor.work(Random(1), 2) == ["nothing", "nothing"]


def test_configure_prints_the_environment_of_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["configure", "airtable", "--port-base", "9701", "--seed", "3"]) == 0
    vendor = Airtable(Company(3, 0.05), time.time, 3)
    assert capsys.readouterr().out.splitlines() == [
        f"export AIRTABLE_PUSH_BASE={vendor.store.base_id}",
        "export AIRTABLE_PUSH_BASE_URL=http://127.0.0.1:9705",
        f"export AIRTABLE_PUSH_TOKEN={vendor.token}",
    ]
