"""The identity step against a warehouse: ids that stay, decisions that can be undone, reasons that can be read."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from airtable_push.database import Database, open_database
from airtable_push.errors import JobError
from airtable_push.flatten.identity.resolve import Result, resolve

SOURCE = (
    "record_id",
    "source",
    "full_name",
    "first_name",
    "last_name",
    "suffix",
    "emails",
    "phones",
    "company",
    "firm_record",
    "same_as",
    "country",
)
FIRM = ("record_id", "source", "name", "domain", "emails")


class Warehouse:
    """What the identity step reads, in a DuckDB file."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.decisions: list[tuple[str, str, str]] = []
        self.records: dict[str, dict[str, Any]] = {}
        self.firms: dict[str, dict[str, Any]] = {}
        texts = ", ".join(f"{name} text" for name in SOURCE)
        database.write(
            [
                ("create schema airtable", ()),
                (f"create table airtable.contact_source ({texts}, created_at timestamptz)", ()),
                (
                    f"create table airtable.firm_source ({', '.join(f'{name} text' for name in FIRM)}, "
                    "own_record boolean, created_at timestamptz)",
                    (),
                ),
                ("create table airtable.contact_overrides (decision text, record text, other_record text)", ()),
            ]
        )

    def record(
        self, id: str, name: str, email: str = "", phone: str = "", created: str = "2025-01-01", **more: str
    ) -> None:
        self.records[id] = {
            "record_id": id,
            "source": id.partition(":")[0],
            "full_name": name,
            "emails": email,
            "phones": phone,
            "created_at": created,
            **more,
        }

    def firm(self, id: str, name: str, own: bool = False, **more: str) -> None:
        self.firms[id] = {"record_id": id, "source": id.partition(":")[0], "name": name, "own_record": own, **more}

    def resolve(self, off: tuple[str, ...] = ()) -> Result:
        statements: list[tuple[str, Any]] = []
        for table, rows in (
            ("contact_source", self.records.values()),
            ("firm_source", self.firms.values()),
            (
                "contact_overrides",
                (dict(zip(("decision", "record", "other_record"), one, strict=True)) for one in self.decisions),
            ),
        ):
            statements.append((f"delete from airtable.{table}", ()))
            for row in rows:
                places = ", ".join("?" for _ in row)
                insert = f"insert into airtable.{table} ({', '.join(row)}) values ({places})"
                statements.append((insert, list(row.values())))
        self.database.write(statements)
        return resolve(self.database, "airtable", "airtable_identity", "US", off)

    def ids(self, kind: str = "contact") -> dict[str, str]:
        self.resolve()
        return dict(self.database.rows(f"select record_id, {kind}_id from airtable_identity.{kind}_link"))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return list(self.database.rows(query))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with closing(open_database(str(tmp_path / "flat.duckdb"), create=True)) as database:
        yield Warehouse(database)


def test_ids_stay_when_records_join_older_and_newer(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example")
    before = warehouse.ids()
    warehouse.record("basecamp:person:1", "Ada Fernsby", "ada@x.example", created="2020-01-01")
    warehouse.record("pandadoc:contact:1", "Ada Fernsby", "ada@x.example", created="2026-01-01")
    warehouse.record("copper:person:2", "Otto Redfern", "otto@x.example")
    after = warehouse.ids()
    assert {after[id] for id in ("copper:person:1", "basecamp:person:1", "pandadoc:contact:1")} == set(before.values())
    assert after["copper:person:2"] not in before.values()


def test_a_second_run_over_the_same_records_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example", "312-555-0123")
    warehouse.record("copper:lead:1", "Fernsby, Ada", "", "(312) 555-0123")
    warehouse.firm("copper:company:1", "Amber Bakeries", own=True)
    tables = ("contact_identity", "contact_link", "contact_review", "client_link", "client_review", "registry")

    def everything() -> list[Any]:
        warehouse.resolve()
        return [sorted(warehouse.rows(f"select * from airtable_identity.{table}"), key=repr) for table in tables]

    assert everything() == everything()


def test_a_person_keeps_the_id_though_the_first_record_is_gone(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example", created="2020-01-01")
    warehouse.record("basecamp:person:1", "Ada Fernsby", "ada@x.example")
    before = warehouse.ids()
    del warehouse.records["copper:person:1"]
    assert warehouse.ids() == {"basecamp:person:1": before["basecamp:person:1"]}
    assert warehouse.ids() == {"basecamp:person:1": before["basecamp:person:1"]}


def test_a_source_that_has_vanished_ends_the_run_unless_it_is_off(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example")
    for number in range(8):
        warehouse.record(f"basecamp:person:{number}", f"Otto Fernsby {number}", f"otto{number}@x.example")
        warehouse.firm(f"basecamp:company:{number}", f"Firm {number}")
    before = warehouse.ids()
    for id in [id for id in warehouse.records if id.startswith("basecamp")]:
        del warehouse.records[id]
    warehouse.firms.clear()
    with pytest.raises(JobError, match="Nothing of basecamp has landed.*16.*BASECAMP=off"):
        warehouse.resolve()
    assert warehouse.rows("select count(*) from airtable_identity.contact_link") == [(len(before),)]
    assert warehouse.resolve(off=("basecamp",)).records == 1
    warehouse.records.clear()
    warehouse.record("quickbooks:customer:1", "Ada Fernsby", "ada@x.example")
    assert warehouse.resolve().records == 1


def test_two_people_who_turn_out_to_be_one_keep_the_older_id_and_part_with_their_own(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example")
    warehouse.record("basecamp:person:1", "Ada Fernsby", "fernsby@x.example", created="2025-06-01")
    apart = warehouse.ids()
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example; fernsby@x.example")
    assert set(warehouse.ids().values()) == {apart["copper:person:1"]}
    [(status, merged_into)] = warehouse.rows(
        f"select status, merged_into from airtable_identity.registry where id = '{apart['basecamp:person:1']}'"
    )
    assert (status, merged_into) == ("merged", apart["copper:person:1"])
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example")
    assert warehouse.ids() == apart


@pytest.mark.parametrize("newer", ["copper:person:1", "basecamp:person:1"])
def test_undoing_a_decision_undoes_the_merge(warehouse: Warehouse, newer: str) -> None:
    for id, name in (("copper:person:1", "Ada Fernsby"), ("basecamp:person:1", "Augusta Redfern")):
        warehouse.record(id, name, created="2026-01-01" if id == newer else "2020-01-01")
    apart = warehouse.ids()
    assert len(set(apart.values())) == 2
    warehouse.decisions = [("same", "copper:person:1", "basecamp:person:1")]
    assert len(set(warehouse.ids().values())) == 1
    links = warehouse.rows("select rule, evidence from airtable_identity.contact_link")
    assert ("manual", "contact_overrides") in links
    warehouse.decisions = []
    assert warehouse.ids() == apart


def test_undoing_a_decision_gives_both_their_ids_again_though_a_first_record_is_gone(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example", created="2020-01-01")
    warehouse.record("basecamp:person:1", "Ada Fernsby", "ada@x.example", created="2024-01-01")
    warehouse.ids()
    del warehouse.records["copper:person:1"]
    warehouse.record("pandadoc:contact:1", "Otto Redfern", "otto@x.example", created="2021-01-01")
    before = warehouse.ids()
    warehouse.decisions = [("same", "basecamp:person:1", "pandadoc:contact:1")]
    assert set(warehouse.ids().values()) == {before["basecamp:person:1"]}
    warehouse.decisions = []
    assert warehouse.ids() == before


def test_undoing_a_decision_to_part_joins_again(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example", created="2020-01-01")
    warehouse.record("basecamp:person:1", "Ada Fernsby", "ada@x.example")
    together = warehouse.ids()
    warehouse.decisions = [("different", "basecamp:person:1", "copper:person:1")]
    apart = warehouse.ids()
    assert apart["copper:person:1"] == together["copper:person:1"] != apart["basecamp:person:1"]
    assert warehouse.rows("select * from airtable_identity.contact_review") == []
    warehouse.decisions = []
    assert warehouse.ids() == together


def test_a_decision_about_a_record_that_nobody_has_landed_is_told(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby")
    warehouse.decisions = [("same", "copper:person:1", "copper:person:99")]
    assert warehouse.resolve().unknown == ("copper:person:99",)


def test_every_link_says_why_and_to_what(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "ada@x.example", "312-555-0123", created="2020-01-01")
    warehouse.record("basecamp:person:1", "Ada F.", "ADA@x.example")
    warehouse.record("quickbooks:customer:1", "Fernsby, Ada", "", "+1 (312) 555-0123")
    warehouse.resolve()
    assert sorted(
        warehouse.rows("select record_id, rule, evidence, linked_record_id from airtable_identity.contact_link")
    ) == [
        ("basecamp:person:1", "e-mail", "ada@x.example", "copper:person:1"),
        ("copper:person:1", "first record", None, None),
        ("quickbooks:customer:1", "phone and name", "+13125550123", "copper:person:1"),
    ]


def test_what_is_too_ambiguous_to_join_is_listed(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "info@x.example")
    warehouse.record("basecamp:person:1", "A. Fernsby", "info@x.example")
    warehouse.resolve()
    [(one, other, reason)] = warehouse.rows(
        "select record_id, other_record_id, reason from airtable_identity.contact_review"
    )
    assert (one, other) == ("basecamp:person:1", "copper:person:1")
    assert reason == "a shared address, and the names do not tell"


def test_normalised_values_can_be_seen(warehouse: Warehouse) -> None:
    warehouse.record(
        "copper:person:1",
        "Dr. Zoë Fernsby Jr.",
        "info@X.example; Zoe@X.example",
        "312.555.0123 ext. 7",
        company="Amber Bakeries, Inc.",
    )
    warehouse.resolve()
    assert warehouse.rows("select * from airtable_identity.contact_identity") == [
        (
            "copper:person:1",
            "copper",
            "zoe",
            "fernsby",
            "jr",
            "zoe@x.example",
            "info@x.example; zoe@x.example",
            "info@x.example",
            "+13125550123",
            "+13125550123;ext=7",
            "amberbakeries",
            "Dr. Zoë Fernsby Jr.",
            "zoe@x.example",
            "+13125550123",
        )
    ]


def test_what_has_no_normal_form_is_shown_as_it_was_written(warehouse: Warehouse) -> None:
    for number, (email, phone) in enumerate(
        (("tom@berg.example (old)", "1-800-555-0199"), ("", "212-736-5000 (cell)"), ("n/a", "000-000-0000"))
    ):
        warehouse.record(f"copper:person:{number}", "Tom Berg", email, phone)
    warehouse.resolve()
    shown = warehouse.rows("select shown_email, shown_phone from airtable_identity.contact_identity order by record_id")
    assert shown == [("tom@berg.example (old)", "1-800-555-0199"), (None, "212-736-5000 (cell)"), (None, None)]


def test_whoever_decides_is_shown_both_sides_the_best_pair_first(warehouse: Warehouse) -> None:
    warehouse.record("copper:person:1", "Ada Fernsby", "info@x.example", "312-555-0123")
    warehouse.record("basecamp:person:1", "A. Fernsby", "info@x.example")
    warehouse.record("pandadoc:contact:1", "Ada Redfern", "", "312-555-0123")
    warehouse.resolve()
    assert warehouse.rows(
        "select position, one, other, reason from airtable_identity.contact_review order by position"
    ) == [
        (
            "1",
            "A. Fernsby · info@x.example (basecamp person)",
            "Ada Fernsby · info@x.example · +13125550123 (copper person)",
            "a shared address, and the names do not tell",
        ),
        (
            "2",
            "Ada Fernsby · info@x.example · +13125550123 (copper person)",
            "Ada Redfern · +13125550123 (pandadoc contact)",
            "one phone, and the names do not tell",
        ),
    ]


def test_a_firm_of_the_crm_takes_in_what_others_call_it(warehouse: Warehouse) -> None:
    warehouse.firm("copper:company:1", "Amber Bakeries", own=True)
    warehouse.firm("quickbooks:customer:1", "AMBER BAKERIES, Inc.")
    warehouse.firm("pandadoc:company:amberbakeries", "AmberBakeries")
    warehouse.firm("basecamp:company:1", "Basalt Bakeries")
    ids = warehouse.ids("client")
    assert len({ids[id] for id in ids if not id.startswith("basecamp")}) == 1
    assert len(set(ids.values())) == 2


def test_two_firms_of_the_crm_are_two_and_others_join_the_one_that_they_name_whole(warehouse: Warehouse) -> None:
    warehouse.firm("copper:company:1", "Ashby Boats Ltd", own=True, domain="ashby.example")
    warehouse.firm("copper:company:2", "Ashby Boats GmbH", own=True, domain="ashby-boats.example")
    warehouse.firm("quickbooks:customer:1", "Ashby Boats GmbH")
    warehouse.firm("quickbooks:customer:2", "Ashby Boats", emails="ada@ashby.example")
    warehouse.firm("quickbooks:customer:3", "Ashby Boats")
    ids = warehouse.ids("client")
    assert ids["quickbooks:customer:1"] == ids["copper:company:2"] != ids["copper:company:1"]
    assert ids["quickbooks:customer:2"] == ids["copper:company:1"]
    assert ids["quickbooks:customer:3"] not in (ids["copper:company:1"], ids["copper:company:2"])


def test_firms_of_one_name_and_two_web_domains_are_two_and_a_person_is_asked(warehouse: Warehouse) -> None:
    warehouse.firm("copper:company:1", "Summit Consulting Inc", own=True, domain="summit.example")
    warehouse.firm("quickbooks:customer:1", "Summit Consulting LLC", emails="ar@summit-texas.example")
    ids = warehouse.ids("client")
    assert ids["copper:company:1"] != ids["quickbooks:customer:1"]
    [(one, other, shown, reason)] = warehouse.rows(
        "select record_id, other_record_id, other, reason from airtable_identity.client_review"
    )
    assert (one, other) == ("copper:company:1", "quickbooks:customer:1")
    assert shown == "Summit Consulting LLC · summit-texas.example (quickbooks customer)"
    assert reason == "would join what cannot be one"
    warehouse.decisions = [("same", one, other)]
    assert len(set(warehouse.ids("client").values())) == 1


def test_a_web_domain_joins_similar_names_and_asks_about_others(warehouse: Warehouse) -> None:
    warehouse.firm("copper:company:1", "Amber Bakeries", own=True, domain="amber.example")
    warehouse.firm("quickbooks:customer:1", "Amber Bakeries Boston", emails="ar@amber.example")
    warehouse.firm("quickbooks:customer:2", "Basalt Holding", emails="ar@amber.example")
    ids = warehouse.ids("client")
    assert ids["copper:company:1"] == ids["quickbooks:customer:1"] != ids["quickbooks:customer:2"]
    assert [reason for (reason,) in warehouse.rows("select reason from airtable_identity.client_review")] == [
        "one web domain, and two names"
    ]


def test_who_works_for_nobody_is_no_client_and_stays_apart(warehouse: Warehouse) -> None:
    for system, firm in (("pandadoc", "Self-employed"), ("copper", "Self Employed")):
        warehouse.record(f"{system}:contact:1", "John Smith", company=firm)
    warehouse.firm("pandadoc:company:self-employed", "Self-employed")
    assert len(set(warehouse.ids().values())) == 2
    assert warehouse.ids("client") == {}


def test_tables_that_an_earlier_release_made_are_written_too(warehouse: Warehouse) -> None:
    warehouse.database.write(
        [
            ("create schema if not exists airtable_identity", ()),
            ("create table airtable_identity.contact_review (review_id text, record_id text)", ()),
        ]
    )
    warehouse.record("copper:person:1", "Ada Fernsby", "info@x.example")
    warehouse.record("basecamp:person:1", "A. Fernsby", "info@x.example")
    assert warehouse.resolve().reviews == 1


def test_a_persons_firm_counts_by_the_client_that_it_is(warehouse: Warehouse) -> None:
    warehouse.firm("copper:company:1", "Amber Bakeries", own=True)
    warehouse.record("copper:person:1", "Ada Fernsby", firm_record="copper:company:1", company="Amber Bakeries")
    warehouse.record("copper:lead:1", "Ada Fernsby", company="Amber Bakeries LLC")
    assert len(set(warehouse.ids().values())) == 1


def test_odd_characters_do_not_break_the_tables(warehouse: Warehouse) -> None:
    odd = "Ada “Δ” 'quoted' \\ back\x1fslash"
    warehouse.record("copper:person:1", odd, "ada@x.example")
    warehouse.record("copper:lead:1", odd, "ada@x.example")
    assert warehouse.resolve().contacts == 1
