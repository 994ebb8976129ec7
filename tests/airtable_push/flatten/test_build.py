"""The flat tables, made by the job itself from what four connectors would have landed."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import duckdb
import psycopg
import pytest

from airtable_push import manifest
from airtable_push.database import open_database
from sandbox.cases import HARD_CASES
from sandbox.company import SYSTEMS
from tests.airtable_push.flatten.grading import grade
from tests.airtable_push.flatten.landing import SCHEMA
from tests.airtable_push.flatten.world import MAKE, World, needed
from tests.connectors import ROOT
from tests.depth import stories

SCALE = 0.5
"""At which every hard case occurs ten times."""
FLAT = ("clients", "contacts", "deals", "projects", "invoices", "documents", "sync_health")
IDENTITY = ("contact_identity", "contact_links", "contact_review", "client_links", "client_review", "master_contacts")
BOUGHT = """\
select deals.deal_value, documents.document_value, invoices.total
from airtable.deals as deals
left join airtable.documents as documents
    on documents.client_id = deals.client_id and documents.currency = deals.currency
    and documents.document_name like deals.deal_name || ': %' and documents.status = 'completed'
left join (
    select client_id, currency, memo, sum(total_amount) as total
    from airtable.invoices
    group by client_id, currency, memo
) as invoices
    on invoices.client_id = deals.client_id and invoices.currency = deals.currency and invoices.memo = deals.deal_name
where deals.status = 'Won' and deals.client_id is not null"""
"""What clients have bought, as the deal, the document and the invoices tell."""
MADE_OF = {"copper": "deals", "basecamp": "projects", "quickbooks": "invoices", "pandadoc": "documents"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    needed()
    return World.make(tmp_path_factory.mktemp("world"), SCALE)


@pytest.fixture(scope="module")
def flat(world: World) -> Path:
    """The DuckDB file with the flat tables."""
    path = world.folder / "flat.duckdb"
    ran = world.flatten(path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    copytree(world.project / "target" / "compiled" / "airtable_push" / "models", compiled(world))
    return path


def compiled(world: World) -> Path:
    """The queries by which dbt made the tables of `flat`."""
    return world.folder / "compiled"


@pytest.fixture
def copper(world: World) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What Copper landed, to be changed; it is as it was afterwards."""
    kept = deepcopy(world.tables["copper"])
    yield world.tables["copper"]
    world.tables["copper"] = kept
    world.land("copper")


@pytest.fixture(scope="module")
def tables(flat: Path) -> dict[str, list[tuple[Any, ...]]]:
    return in_duckdb(flat)


@pytest.fixture(scope="module")
def steps(world: World, flat: Path) -> Iterator["Steps"]:
    yield Steps(world, flat)


def in_duckdb(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {
            name: sorted(connection.execute(f"select * from airtable.{name}").fetchall(), key=repr)
            for name in (*FLAT, *IDENTITY)
        }


def column(path: Path, query: str) -> dict[str, Any]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute(query).fetchall())


class Steps:
    """Several runs of dbt in one process, on a copy of the flat tables."""

    def __init__(self, world: World, flat: Path) -> None:
        self.world = world
        self.file = world.folder / "steps.duckdb"
        self.file.write_bytes(flat.read_bytes())
        profile = {
            "type": "duckdb",
            "path": str(self.file),
            "schema": "airtable",
            "threads": 2,
            "attach": [
                {"path": str(world.file(source)), "alias": f"{source}_landed", "read_only": True} for source in MAKE
            ],
        }
        self.profiles = world.folder / "profiles"
        self.profiles.mkdir()
        (self.profiles / "profiles.yml").write_text(
            json.dumps({"airtable_push": {"target": "here", "outputs": {"here": profile}}}), "utf-8"
        )

    def command(self, *words: str, without: str = "") -> list[str]:
        landed = {source: {"database": f"{source}_landed", "schema": SCHEMA} for source in MAKE if source != without}
        return [
            "--quiet",
            "--log-level-file",
            "none",
            *words,
            "--project-dir",
            str(self.world.project),
            "--profiles-dir",
            str(self.profiles),
            "--target-path",
            str(self.world.folder / f"target-{without}"),
            "--vars",
            json.dumps({"landed": landed, "identity_schema": "airtable_identity"}),
        ]

    def run(self, *commands: list[str], arguments: Sequence[str] = ()) -> list[dict[str, str]]:
        ran = subprocess.run(
            [needed(), "-P", str(Path(__file__).with_name("steps.py")), *arguments],
            input=json.dumps(commands),
            text=True,
            capture_output=True,
            cwd=self.world.folder,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return list(json.loads(ran.stdout[ran.stdout.rindex("\n[") + 1 :] if "\n[" in ran.stdout else ran.stdout))


def test_nobody_is_taken_for_somebody_else_and_few_are_missed(
    world: World, flat: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = column(flat, "select record_id, contact_id from airtable.contact_links")
    assert found.keys() == world.people.keys()
    result = grade(found, world.people)
    cases = {
        record: world.company.cases[number] for record, number in world.people.items() if number in world.company.cases
    }
    # The standard error is shown however many processes run the tests.
    with capsys.disabled():
        print(
            f"\nwho is who: {len(found)} records, precision {result.precision:.3f}, recall {result.recall:.3f}, "
            f"missed pairs: {result.by_case(cases)}",
            file=sys.stderr,
        )
    assert not result.wrong
    assert result.recall >= 0.95


def test_every_hard_case_is_graded_ten_times(world: World) -> None:
    cases = world.company.cases
    rounds = Counter(case for number, case in cases.items() if cases.get(number - 1) != case)
    assert rounds.keys() == {case.__name__ for case in HARD_CASES}
    assert min(rounds.values()) >= 10
    landed = {number for number in world.people.values() if number >= 0}
    assert landed == {known.person for system in SYSTEMS for known in world.company.known_in(system)}


def test_a_client_is_one_firm_whoever_writes_its_name(world: World, flat: Path) -> None:
    found = column(flat, "select record_id, client_id from airtable.client_links")
    found |= {
        f"basecamp:project:{project}": client
        for project, client in column(flat, "select project_id, client_id from airtable.projects").items()
    }
    result = grade({record: found[record] for record in world.firms}, world.firms)
    assert not result.wrong
    assert not result.missed


def test_a_third_of_the_clients_are_in_three_systems_or_more(flat: Path) -> None:
    sources = column(flat, "select client_id, sources from airtable.clients").values()
    assert sum(len(systems.split(", ")) > 2 for systems in sources) >= len(sources) / 3


def test_what_a_client_has_bought_is_worth_the_same_as_a_deal_as_a_document_and_as_invoices(
    world: World, flat: Path
) -> None:
    with duckdb.connect(str(flat), read_only=True) as connection:
        found = connection.execute(BOUGHT).fetchall()
    assert len(found) == sum(client.deal.status == "Won" for client in world.company.clients)
    assert [row for row in found if len(set(row)) != 1] == []


def test_the_rules_cannot_see_the_truth() -> None:
    for module in (ROOT / "airtable_push").rglob("*.py"):
        if ".venv" not in module.parts:
            assert "sandbox" not in module.read_text("utf-8").replace("sandbox configure", ""), module


def test_each_row_of_a_source_is_one_row_of_its_flat_table(world: World, tables: dict[str, list[Any]]) -> None:
    assert len(tables["deals"]) == len(world.tables["copper"]["opportunity"])
    assert len(tables["projects"]) == len(world.tables["basecamp"]["project"])
    assert len(tables["invoices"]) == len(world.tables["quickbooks"]["invoice"])
    assert len(tables["documents"]) == len(world.tables["pandadoc"]["document"])
    assert len(tables["sync_health"]) == 4


def test_money_is_exact(world: World, flat: Path) -> None:
    landed = {row["id"]: row for row in world.tables["quickbooks"]["invoice"]}
    balances = column(flat, "select invoice_id, open_balance from airtable.invoices")
    assert balances == {
        id: Decimal(row["balance"]) if row["balance"] is not None else None for id, row in landed.items()
    }
    with duckdb.connect(str(flat), read_only=True) as connection:
        [(of_clients, of_invoices)] = connection.execute(
            "select (select sum(open_balance) from airtable.clients), "
            "(select sum(open_in_home_currency) from airtable.invoices where client_id is not null)"
        ).fetchall()
    assert of_clients == of_invoices


def test_the_manifest_maps_every_flat_table_to_airtable(world: World, flat: Path) -> None:
    path = world.project / "target" / "manifest.json"
    mapped = {table.model: table for table in manifest.read(path).tables}
    assert mapped.keys() == set(FLAT)
    with closing(open_database(str(flat))) as database:
        for name, table in mapped.items():
            list(database.rows(f"select {', '.join(one.column for one in table.fields)} from airtable.{name}"))


def test_every_column_is_described_and_nothing_else(world: World, flat: Path) -> None:
    models = {
        node["name"]: node for node in world.manifest()["nodes"].values() if node["resource_type"] in ("model", "seed")
    }
    with duckdb.connect(str(flat), read_only=True) as connection:
        for name, node in models.items():
            found = connection.execute(f"select * from airtable.{name} limit 0").description or ()
            described = {column["name"] for column in node["columns"].values() if column["description"]}
            assert {one[0] for one in found} == described, name
            assert node["description"], name


def test_every_key_and_link_is_tested(world: World, flat: Path) -> None:
    tested: dict[str, set[str]] = {}
    for node in world.manifest()["nodes"].values():
        if node["resource_type"] == "test" and (attached := node.get("attached_node")):
            column_name = node.get("column_name") or ""
            tested.setdefault(f"{attached.rpartition('.')[2]}.{column_name}", set()).add(node["test_metadata"]["name"])
    for table in manifest.read(world.project / "target" / "manifest.json").tables:
        assert tested[f"{table.model}.{table.key.column}"] >= {"unique", "not_null"}
        for field in table.fields:
            if field.link:
                assert tested[f"{table.model}.{field.column}"] & {"relationships", "linked_keys"}


def test_postgresql_makes_the_same_tables(world: World, tables: dict[str, list[Any]], postgres: str) -> None:
    world.land_in_postgres(postgres)
    ran = world.flatten(postgres)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with psycopg.connect(postgres) as connection:
        connection.execute("set time zone 'UTC'")
        for name, rows in tables.items():
            found = connection.execute(f"select * from airtable.{name}").fetchall()  # type: ignore[call-overload]
            assert sorted(found, key=repr) == rows, name


def test_a_table_is_read_though_another_thread_is_still_listing_its_schema(world: World, steps: Steps) -> None:
    [statuses] = steps.run(steps.command("run", "--select", "contact_source"), arguments=["half"])
    assert set(statuses.values()) == {"success"}, statuses
    found = column(steps.file, "select record_id, source from airtable.contact_source")
    assert found.keys() == world.people.keys()


@pytest.mark.parametrize("source", stories(MAKE, quick=1))
def test_a_source_that_is_not_there_switches_off_what_is_made_of_it_alone(steps: Steps, source: str) -> None:
    [statuses] = steps.run(steps.command("run", without=source))
    made = {node.rpartition(".")[2] for node in statuses}
    assert set(statuses.values()) == {"success"}, statuses
    of_deals = {"close_dates"} if source != "copper" else set()
    assert made == {*FLAT, *IDENTITY, "contact_source", "firm_source", *of_deals} - {MADE_OF[source]}


def test_health_moves_when_health_moves_and_not_with_every_sync(
    world: World, flat: Path, copper: dict[str, list[dict[str, Any]]]
) -> None:
    query = "select source, (status, open_problems, problem_kinds, affected_tables) from "
    made_by = (compiled(world) / "flat" / "sync_health.sql").read_text("utf-8")
    metadata, errors = copper["sync_metadata"], copper["errors"]

    def health() -> dict[str, Any]:
        """What the next run would put into the table."""
        world.land("copper")
        with duckdb.connect() as connection:
            for source in MAKE:
                connection.execute(f"attach '{world.file(source)}' as {source}_landed (read_only)")
            connection.execute(f"attach '{flat}' (read_only)")
            return dict(connection.execute(f"{query} ({made_by})").fetchall())

    before = column(flat, query + "airtable.sync_health")
    assert health() == before
    assert before["copper"] == ("Healthy", 0, None, None)

    for row in metadata:
        row.update(last_completed_at="2100-01-01T00:00:00Z", requests=12, rows=3, position="later")
    assert health() == before

    seen = {"first_seen_at": "2026-02-01T00:00:00Z", "last_seen_at": "2026-02-01T00:00:00Z"}
    errors += [
        {"id": "1", "stream": "person", "category": "schema_drift", **seen},
        {"id": "2", "stream": "lead", "category": "timeout", **seen, "resolved_at": "2026-02-02T00:00:00Z"},
    ]
    assert health() == {**before, "copper": ("Problems", 1, "schema drift", "person")}

    for row in metadata:
        row["last_completed_at"] = "2020-01-01T00:00:00Z"
    assert health()["copper"][0] == "Not synced lately"


def test_a_decision_that_is_neither_same_nor_different_is_named(world: World) -> None:
    seed = world.project / "seeds" / "contact_overrides.csv"
    kept = seed.read_text("utf-8")
    seed.write_text(kept + "smae,copper:person:1,copper:person:2,\n", "utf-8")
    try:
        ran = world.flatten(world.folder / "refused.duckdb")
    finally:
        seed.write_text(kept, "utf-8")
    assert ran.returncode == 1
    assert "contact_overrides_decision" in ran.stderr + ran.stdout
    assert "Traceback" not in ran.stderr
