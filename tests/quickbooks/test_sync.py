"""What a sync of QuickBooks promises, against the simulated company."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bench import metered
from quickbooks.capture import SAMPLES
from quickbooks.queries import ACTIVE
from quickbooks.rates import POSTED
from shared.pending import MOST_ATTEMPTS
from tests.contract.world import BETWEEN_SYNCS_SECONDS, World
from tests.depth import stories
from tests.destination import KilledHard, Stop
from tests.quickbooks.company import asked, company, metadata, only, synced, unlanded

HOUR_SECONDS = 3_600.0
DAY_SECONDS = 24 * HOUR_SECONDS


def names(paths: list[str]) -> Counter[str]:
    """How often each entity was queried; `cdc` for change data capture, `exchangerate` for a rate of the past."""
    return Counter(
        path.split(" FROM ")[1].split()[0] if " FROM " in path else path.split("?")[0].split("/")[-1] for path in paths
    )


def since(here: World) -> int:
    """The number of requests so far."""
    return len(here.requests)


def delete(here: World, entity: str, identity: str) -> None:
    here.vendor.books.delete(here.vendor.store.kinds[entity][identity])


# The first sync.


def test_a_first_sync_queries_by_change_time_a_thousand_rows_at_a_time_inactive_ones_too() -> None:
    here = synced()
    queries = asked(here, "/query?")
    oldest = [path for path in queries if " ORDERBY TxnDate " in path]
    assert all("ORDERBY TxnDate ASC STARTPOSITION 1 MAXRESULTS 1&" in path for path in oldest)
    assert names(oldest) == dict.fromkeys(POSTED, 1)
    queries = [path for path in queries if path not in oldest]
    changing = [path for path in queries if " ORDERBY " in path]
    assert {path.split("ORDERBY ")[1].split("&")[0] for path in changing} == {
        "MetaData.LastUpdatedTime ASC STARTPOSITION 1 MAXRESULTS 1000"
    }
    assert {path.split(" FROM ")[1].split()[0] for path in changing if "Active IN (true, false)" in path} == ACTIVE - {
        "TaxCode",
        "TaxRate",
    }
    unordered = [path for path in queries if "COUNT(" not in path and path not in changing]
    assert set(names(unordered)) - set(names(changing)) == {
        "TaxAgency",
        "TaxCode",
        "TaxRate",
        "Preferences",
        "CompanyInfo",
        "RecurringTransaction",
        "ExchangeRate",
    }
    assert all("minorversion=75" in path for path in asked(here)) and not asked(here, "/cdc?")


@pytest.mark.parametrize("options", [{}, {"unstable_ties": True}, {"over_delivery": True}], ids=str)
def test_more_rows_of_one_second_than_a_page_holds_all_land(options: dict[str, Any]) -> None:
    here = company(bulk=4_500, **options)
    here.sync(streams=only("purchase"))
    assert len(here.destination.rows["purchase"]) > 4_500
    assert here.differences("purchase", "purchase_line") == []


def test_rows_that_move_while_they_are_read_are_not_lost() -> None:
    here = synced(bulk=3_000, work_before_page=40)
    here.vendor.options.work_before_page = 0
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_a_page_that_takes_too_long_is_asked_for_in_smaller_ones_until_it_comes() -> None:
    here = company(slow_lines=40)
    here.sync(streams=only("invoice"))
    sizes = {int(path.split("MAXRESULTS ")[1].split("&")[0]) for path in asked(here, "* FROM Invoice")}
    assert {1000, 500, 250, 50, 10} <= sizes
    assert here.differences("invoice", "invoice_line") == [] and here.open_errors() == []


def test_a_row_that_cannot_be_had_is_stepped_over_and_told_and_comes_when_it_can() -> None:
    here = company()
    bad = sorted(here.vendor.store.kinds["Bill"], key=int)[3]
    here.vendor.options.poisoned["Bill"] = {bad}
    here.sync()
    assert {each.split(":")[0] for each in here.differences("bill")} == {f"bill ('{bad}',)"}
    [error] = here.open_errors()
    assert error["stream"] == "bill" and "10000" in error["message"]
    here.vendor.options.poisoned.clear()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_row_that_was_stepped_over_before_the_sync_was_killed_is_not_forgotten() -> None:
    here = company(bulk=2_000, latency=40.0)
    bad = min(here.vendor.store.kinds["Purchase"].values(), key=lambda each: (each.updated, each.number))
    here.vendor.options.poisoned["Purchase"] = {bad.id}

    def die() -> None:
        saved = here.destination.state.get("streams", {}).get("purchase", {})
        if saved.get("backfill", {}).get("reached", 0) > bad.updated:
            raise KilledHard("now")

    here.interrupt = die
    with pytest.raises(KilledHard):
        here.sync(streams=only("purchase"))
    here.interrupt = lambda: None
    here.vendor.options.poisoned.clear()
    here.sync(streams=only("purchase"))
    assert [(error["stream"], error["category"]) for error in here.open_errors()] == [("purchase", "unavailable")]
    here.sync(streams=only("purchase"))
    assert here.differences("purchase") == [] and here.open_errors() == []


# Changes.


def test_an_idle_company_costs_one_call_for_changes_and_one_for_time_activities() -> None:
    here = synced()
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
    assert here.destination.business() == 0


def test_a_time_activity_that_cannot_be_had_holds_its_stream_but_not_for_ever() -> None:
    here = synced()
    bad, good = sorted(here.vendor.store.kinds["TimeActivity"], key=int)[:2]
    here.clock.advance(HOUR_SECONDS)
    for each in (bad, good):
        here.vendor.books.edit(here.vendor.store.kinds["TimeActivity"][each], Description="changed")
        here.clock.advance(60)
    here.vendor.options.poisoned["TimeActivity"] = {bad}
    for _ in range(2):
        here.sync()
        assert {each.split(":")[0] for each in here.differences("time_activity")} == {f"time_activity ('{bad}',)"}
    assert [error["attempts"] for error in here.open_errors()] == [2]
    here.vendor.options.poisoned.clear()
    here.sync()
    assert here.differences("time_activity") == [] and here.open_errors() == []
    here.vendor.books.edit(here.vendor.store.kinds["TimeActivity"][bad], Description="changed again")
    here.vendor.options.poisoned["TimeActivity"] = {bad}
    for _ in range(MOST_ATTEMPTS + 1):
        here.sync()
    before = since(here)
    here.sync()
    assert names(asked(here, since=before))["TimeActivity"] == 1 and len(here.open_errors()) == 1


def test_lists_without_a_signal_are_read_every_six_hours() -> None:
    here = synced()
    before = since(here)
    for _ in range(96):
        here.sync()
    found = names(asked(here, since=before))
    assert found["cdc"] == found["TimeActivity"] == 96
    assert {found[each] for each in ("TaxCode", "TaxRate", "TaxAgency", "Preferences", "CompanyInfo")} <= {3, 4}


def test_a_deleted_transaction_goes_at_the_next_sync_with_all_that_is_below_it() -> None:
    here = synced()
    for entity in ("Invoice", "JournalEntry", "Purchase", "Attachable"):
        delete(here, entity, min(here.vendor.store.kinds[entity], key=int))
    before = since(here)
    here.sync()
    assert here.destination.counts["invoice"]["delete"] == 1 and here.destination.counts["invoice_line"]["delete"] > 1
    assert unlanded(here) == [] and names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}


def test_an_answer_that_holds_only_deletions_moves_the_position_on() -> None:
    here = synced()
    positions = []
    for _ in range(2):
        delete(here, "Invoice", min(here.vendor.store.kinds["Invoice"], key=int))
        here.sync()
        positions.append(here.destination.state["streams"]["invoice"]["position"]["since"])
    moments = [datetime.fromisoformat(each) for each in positions]
    assert (moments[1] - moments[0]).total_seconds() >= 900.0


def test_what_is_told_in_part_or_contradicts_itself_is_settled_by_one_query_for_each_entity() -> None:
    here = synced(cdc_sparse=frozenset({"Bill", "Customer"}))
    store, books = here.vendor.store, here.vendor.books
    gone, *bills = sorted(store.kinds["Bill"], key=int)[:4]
    delete(here, "Bill", gone)
    for identity in bills:
        books.edit(store.kinds["Bill"][identity], PrivateNote="edited")
    firm = min(store.kinds["Customer"], key=int)
    books.edit(store.kinds["Customer"][firm], Active=False)
    invoice = min(store.kinds["Invoice"], key=int)
    books.edit(store.kinds["Invoice"][invoice], PrivateNote="edited")
    here.vendor.options.cdc_contradicts["Invoice"] = {invoice}
    before = since(here)
    here.sync()
    assert unlanded(here) == [] and here.open_errors() == []
    assert (gone,) not in here.destination.rows["bill"] and (invoice,) in here.destination.rows["invoice"]
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1, "Bill": 1, "Customer": 1, "Invoice": 1}


def test_a_voided_transaction_stays_with_its_mark() -> None:
    here = synced(scale=0.05)
    while not here.vendor.perform("void", here.random):
        pass
    here.sync()
    voided = [
        row
        for table in ("invoice", "payment", "sales_receipt", "bill_payment", "credit_memo", "purchase")
        for row in here.destination.rows[table].values()
        if (row["private_note"] or "").startswith("Voided")
    ]
    assert voided and {float(row["total_amount"]) for row in voided} == {0.0}
    assert unlanded(here) == []


# The cap of an answer.


@pytest.fixture
def small_cap(monkeypatch: pytest.MonkeyPatch) -> int:
    """As many objects as an answer about changes holds: far fewer than a thousand, to make it cheap."""
    monkeypatch.setattr("quickbooks.api.MOST_CHANGES", 30)
    return 30


def test_an_answer_at_its_cap_is_repeated_entity_by_entity_and_loses_nothing(small_cap: int) -> None:
    here = synced(scale=0.1, cdc_cap=small_cap)
    here.clock.advance(HOUR_SECONDS)
    for entity, amount in (("Invoice", 20), ("Purchase", 15), ("Bill", 10)):
        here.vendor.edit_at_once(entity, amount, here.random)
        delete(here, entity, max(here.vendor.store.kinds[entity], key=int))
    before = since(here)
    here.sync()
    calls = asked(here, "/cdc?", since=before)
    assert "," in calls[0] and all("," not in call.split("entities=")[1].split("&")[0] for call in calls[1:])
    assert len(calls) == 1 + len(set(calls[0].split("entities=")[1].split("&")[0].split(",")))
    assert names(asked(here, "/query?", since=before)) == {"TimeActivity": 1}
    assert unlanded(here) == []


def test_an_entity_that_alone_reaches_the_cap_is_queried_and_compared(small_cap: int) -> None:
    here = synced(scale=0.1, cdc_cap=small_cap)
    here.clock.advance(HOUR_SECONDS)
    here.vendor.edit_at_once("Invoice", small_cap + 5, here.random)
    gone = sorted(here.vendor.store.kinds["Invoice"], key=int)[-3:]
    for identity in gone:
        delete(here, "Invoice", identity)
    before = since(here)
    here.sync()
    assert names(asked(here, "SELECT *", since=before)) == {"TimeActivity": 1, "Invoice": 1}
    assert metadata(here, "invoice")["mode"] == "complete" and metadata(here, "bill")["mode"] == "changes"
    assert not {(each,) for each in gone} & here.destination.rows["invoice"].keys()
    assert unlanded(here) == []


def test_after_a_pause_longer_than_changes_go_back_everything_is_queried_and_compared() -> None:
    here = synced(scale=0.05)
    for _ in range(40):
        here.vendor.working_day(here.random, here.clock.advance)
    before = since(here)
    here.sync(full_pass_days="90")
    assert not asked(here, "/cdc?", since=before)
    assert here.differences() == []
    before = since(here)
    here.sync(full_pass_days="90")
    assert len(asked(here, "/cdc?", since=before)) == 1


def test_a_row_that_spoils_the_answer_about_changes_costs_the_others_nothing() -> None:
    here = synced(scale=0.05)
    bad, *others = sorted(here.vendor.store.kinds["Bill"], key=int)[:3]
    for identity in (bad, *others):
        here.vendor.books.edit(here.vendor.store.kinds["Bill"][identity], PrivateNote="edited")
    here.vendor.edit_at_once("Invoice", 5, here.random)
    here.vendor.options.poisoned["Bill"] = {bad}
    here.sync()
    assert {each.split(":")[0] for each in unlanded(here)} == {f"bill ('{bad}',)"}
    assert {error["stream"] for error in here.open_errors()} == {"bill"}
    assert metadata(here, "bill")["mode"] == metadata(here, "invoice")["mode"] == "changes"
    here.vendor.options.poisoned.clear()
    here.sync()
    assert unlanded(here) == [] and here.open_errors() == []


def test_an_entity_of_which_no_changes_can_be_had_holds_no_other_and_is_queried() -> None:
    here = synced()
    here.vendor.faults.break_path(r"/cdc\?.*\bBill\b", status=503)
    gone = next(iter(here.vendor.store.kinds["Bill"]))
    delete(here, "Bill", gone)
    for _ in range(7):
        here.vendor.work(here.random, 5)
        here.sync()
    assert not [each for each in unlanded(here) if not each.startswith("bill")]
    assert {error["stream"] for error in here.open_errors()} == {"bill"} and here.destination.warnings == []
    before = since(here)
    here.vendor.books.edit(here.vendor.store.kinds["Bill"][max(here.vendor.store.kinds["Bill"])], PrivateNote="new")
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1, "Bill": 1}
    assert {each.partition(": ")[2] for each in unlanded(here)} == {"should not be there"}
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.differences() == [] and metadata(here, "bill")["mode"] == "complete"
    here.vendor.clear_faults()
    here.clock.advance(DAY_SECONDS)
    here.sync()
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
    assert here.open_errors() == [] and here.differences() == []


def test_an_entity_that_fails_altogether_is_left_out_of_the_call_for_changes() -> None:
    here = synced()
    here.vendor.faults.break_path(r"\bBill\b", status=503)
    for _ in range(6):
        for change in ("bill", "bill_payment", "invoice", "change_lines", "annotate"):
            here.vendor.perform(change, here.random)
        here.sync()
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)).keys() == {"cdc", "TimeActivity", "Bill"}
    assert len(asked(here, "/cdc?", since=before)) == 1
    here.vendor.clear_faults()
    here.sync()
    assert unlanded(here) == []


@pytest.mark.parametrize("status", [503, 403])
def test_while_change_data_capture_fails_all_is_queried_every_six_hours_and_deletions_come_afterwards(
    status: int,
) -> None:
    here = synced()
    here.vendor.faults.break_path("/cdc", status=status)
    delete(here, "Bill", next(iter(here.vendor.store.kinds["Bill"])))
    here.vendor.edit_at_once("Invoice", 5, here.random)
    before = since(here)
    for _ in range(28):
        here.sync()
    asked_for = names(asked(here, since=before))
    assert asked_for["Invoice"] == 1 and asked_for["Term"] == 1
    assert asked_for["cdc"] <= 28 * 6 * (1 + SAMPLES)
    assert not [each for each in unlanded(here) if not each.startswith("bill")]
    here.clock.advance(7 * DAY_SECONDS)
    here.sync()
    assert here.differences() == [] and metadata(here, "bill")["mode"] == "complete"
    here.vendor.clear_faults()
    here.sync()
    assert here.open_errors() == []


@pytest.mark.parametrize("status, most", [(503, 6), (0, 6), (504, 8)])
def test_changes_that_nobody_can_have_fail_after_one_request_and_nothing_is_read_again(status: int, most: int) -> None:
    here = synced()
    here.vendor.work(here.random, 30)
    here.vendor.faults.break_path("/cdc", status=status)
    for _ in range(2):
        before = since(here)
        here.sync()
        assert names(asked(here, since=before)) == {"cdc": most, "TimeActivity": 1}
        failed = {error["stream"] for error in here.open_errors()}
        assert {"invoice", "bill", "account"} <= failed and "time_activity" not in failed
        assert sum("invoice:" in each for each in here.destination.warnings) == 1
        assert here.destination.errors == []
    here.vendor.clear_faults()
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
    assert here.open_errors() == [] and unlanded(here) == []


def test_changes_that_take_too_long_together_are_asked_for_entity_by_entity() -> None:
    here = synced()
    here.vendor.work(here.random, 30)
    here.vendor.faults.break_path(r"/cdc\?entities=\w+(,|%2C)", status=504)
    before = since(here)
    here.sync()
    assert names(asked(here, "/query?", since=before)) == {"TimeActivity": 1}
    assert here.open_errors() == [] and unlanded(here) == []


# What a company has not got.


@pytest.mark.parametrize("reference", [{}, {"name": "dollars"}])
def test_a_currency_that_is_an_object_without_a_value_is_the_companys_own(reference: dict[str, str]) -> None:
    here = company()
    invoices = here.vendor.store.all("Invoice")
    invoice = next(one for one in invoices if one.fields["CurrencyRef"]["value"] == "USD")
    here.vendor.books.edit(invoice, CurrencyRef=reference)
    here.sync()
    assert here.destination.rows["invoice"][invoice.id,]["currency_id"] == "USD"


@pytest.mark.parametrize("code", ["500", "5020", "5030", "4001"])
def test_a_refused_entity_is_dropped_from_the_call_and_tried_again_by_the_next_complete_pass(code: str) -> None:
    here = synced()
    here.vendor.options.refused["Budget"] = code
    here.vendor.work(here.random, 5)
    before = since(here)
    here.sync()
    calls = asked(here, "/cdc?", since=before)
    assert "Budget" in calls[0] and [call for call in calls[1:] if "Budget" not in call and "Invoice" in call]
    assert [error["stream"] for error in here.open_errors()] == ["budget"] and len(here.destination.warnings) == 1
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
    assert not asked(here, "Budget", since=before) and here.destination.warnings == []
    here.vendor.options.refused.clear()
    here.clock.advance(8 * DAY_SECONDS)
    here.sync()
    assert here.open_errors() == [] and here.differences() == []
    before = since(here)
    here.sync()
    assert "Budget" in asked(here, "/cdc?", since=before)[0]


@pytest.mark.parametrize("path", ["FROM Bill WHERE", "/cdc"])
def test_a_passing_403_gives_up_no_entity(path: str) -> None:
    here = company()
    if path == "/cdc":
        here.sync()
        here.vendor.work(here.random, 20)
    here.vendor.faults.break_path(path, status=403, times=1)
    here.sync()
    assert {error["category"] for error in here.open_errors()} == {"permission"} and here.destination.errors == []
    here.sync()
    assert here.open_errors() == [] and unlanded(here) == []


def test_an_entity_that_is_refused_from_the_beginning_costs_nothing_afterwards() -> None:
    here = synced(refused={"Class": "5030", "TimeActivity": "5020", "TaxAgency": "500"})
    assert {error["stream"] for error in here.open_errors()} == {"class", "time_activity", "tax_agency"}
    assert here.destination.errors == []
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1}


def test_preferences_that_are_refused_stop_nothing_and_are_asked_for_at_their_cadence() -> None:
    here = synced(refused={"Preferences": "5020"})
    assert [each for each in here.differences() if "currency_id" not in each] == []
    assert {error["stream"] for error in here.open_errors()} == {"preferences"}
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}


def test_preferences_that_are_not_wanted_cost_nothing_but_at_their_cadence() -> None:
    here = company()
    here.sync(streams="-preferences")
    assert here.destination.rows["invoice"] and not here.destination.rows["preferences"]
    before = since(here)
    here.sync(streams="-preferences")
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
    for _ in range(95):
        here.sync(streams="-preferences")
    assert names(asked(here, since=before))["Preferences"] in range(3, 6)
    assert not here.destination.rows["preferences"]
    here.sync()
    assert here.differences("preferences", "invoice") == []


def test_a_company_that_the_token_does_not_open_ends_with_what_to_check() -> None:
    here = company()
    with pytest.raises(Stop) as stop:
        here.sync(realm_id="9341000000000001")
    assert "check realm_id" in str(stop.value) and len(asked(here)) <= 8


def test_one_that_only_change_data_capture_refuses_is_queried_at_a_cadence() -> None:
    here = synced()
    here.vendor.options.cdc_refused = frozenset({"Term"})
    before = since(here)
    for _ in range(96):
        here.sync()
    assert names(asked(here, since=before))["Term"] in (4, 5)
    here.vendor.options.cdc_refused = frozenset()
    here.sync(full_pass_days="0")
    assert here.differences() == [] and here.open_errors() == []


# Lines.


def test_changed_line_counts_leave_no_orphan_and_cost_no_more_deletes_than_lines_that_vanished() -> None:
    here = synced(scale=0.02, invoices=1_000, invoice_lines=5_000)
    children = [table for table in here.family("invoice") if table != "invoice"]
    before = {table: set(here.destination.rows[table]) for table in children}
    assert max(Counter(key[0] for key in before["invoice_line"]).values()) >= 5_000
    for number, record in enumerate(list(here.vendor.store.kinds["Invoice"].values())):
        lines = record.fields["Line"]
        here.vendor.books.edit(record, Line=[*lines, lines[0]] if number % 3 == 0 and len(lines) < 5_000 else lines[:1])
    here.sync()
    assert unlanded(here) == []
    vanished = sum(len(before[table] - here.destination.rows[table].keys()) for table in children)
    assert vanished > 5_000
    assert sum(here.destination.counts[table]["delete"] for table in children) == vanished
    assert here.destination.counts["invoice"]["delete"] == 0


def test_a_bundle_that_is_packed_anew_loses_exactly_what_was_taken_out() -> None:
    here = synced()
    before = set(here.destination.rows["bundle_item"])
    [bundle, *_] = [one for one in here.vendor.store.kinds["Item"].values() if one.fields["Type"] == "Group"]
    detail = bundle.fields["ItemGroupDetail"]
    here.vendor.books.edit(bundle, ItemGroupDetail={**detail, "ItemGroupLine": detail["ItemGroupLine"][1:]})
    here.sync()
    assert len(before - here.destination.rows["bundle_item"].keys()) == 1
    assert here.destination.counts["bundle_item"]["delete"] == 1 and here.differences() == []


# Exchange rates.


def test_a_list_that_does_not_take_the_filter_for_inactive_rows_is_read_without_it_by_all_who_need_it() -> None:
    here = synced(unfiltered=frozenset({"CompanyCurrency"}))
    assert here.destination.rows["currency"] and here.destination.rows["exchange_rate"] and here.open_errors() == []
    refused = [path for path in asked(here, "FROM CompanyCurrency") if "Active IN" in path]
    assert len(refused) == 1


def test_the_rates_of_each_day_land_and_those_of_the_past_stay() -> None:
    here = synced()
    before = since(here)
    for _ in range(3 * 24):
        here.clock.advance(HOUR_SECONDS - BETWEEN_SYNCS_SECONDS)
        here.sync()
    assert rated(here) == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
    assert names(asked(here, since=before))["ExchangeRate"] == 2 * 3
    truth = {
        (row["source_currency_code"], row["target_currency_code"], row["as_of_date"]): row
        for row in here.vendor.truth()["exchange_rate"]
    }
    for key, row in here.destination.rows["exchange_rate"].items():
        assert float(row["rate"]) == float(truth[key]["rate"])
    landed = len(here.destination.rows["exchange_rate"])
    here.sync(full_pass_days="0")
    assert len(here.destination.rows["exchange_rate"]) == landed


def months(here: World) -> list[str]:
    """The last days of the months between the oldest transaction and the first day of the tests."""
    store = here.vendor.store
    oldest = min(str(one.fields["TxnDate"]) for name in POSTED for one in store.kinds[name].values())
    ends = (date(2025 - back // 12, 12 - back % 12, 1) + timedelta(days=31) for back in range(40))
    days = [(end.replace(day=1) - timedelta(days=1)).isoformat() for end in ends]
    return [day for day in reversed(days) if day >= oldest]


def rated(here: World, first: str = "2026-01-01") -> list[str]:
    """The days that rates have landed of, from one on."""
    days = {row["as_of_date"] for row in here.destination.rows["exchange_rate"].values()}
    return sorted(day for day in days if day >= first)


def test_every_month_since_the_oldest_transaction_has_the_rate_of_its_end() -> None:
    here = synced()
    truth = {row["as_of_date"]: row for row in here.vendor.truth()["exchange_rate"]}
    landed = {row["as_of_date"]: row for row in here.destination.rows["exchange_rate"].values()}
    assert len(months(here)) >= 18
    for end in months(here):
        newest = max(day for day in truth if day <= end)
        assert max(day for day in landed if day <= end) == newest
        assert float(landed[newest]["rate"]) == float(truth[newest]["rate"])
        assert landed[newest]["created_at"] is not None
    wanted = asked(here, "/exchangerate?")
    assert len(wanted) == len(set(wanted)) == len(months(here))
    before = since(here)
    for _ in range(2 * 24):
        here.clock.advance(HOUR_SECONDS - BETWEEN_SYNCS_SECONDS)
        here.sync()
    here.sync(full_pass_days="0")
    assert not asked(here, "/exchangerate?", since=before)


def test_rates_of_the_past_go_on_where_a_sync_was_killed_and_are_asked_for_once() -> None:
    here = company()
    settings = {"streams": only("preferences", "exchange_rate")}

    def die() -> None:
        if len(asked(here, "/exchangerate?")) == 9:
            raise KilledHard

    here.interrupt = die
    with pytest.raises(KilledHard):
        here.sync(**settings)
    here.interrupt = lambda: None
    here.sync(**settings)
    wanted = asked(here, "/exchangerate?")
    assert sorted(each.split("asofdate=")[1][:10] for each in set(wanted)) == months(here)
    assert len(wanted) <= len(set(wanted)) + 9 and here.open_errors() == []


def test_a_state_of_before_gets_the_rates_of_the_past_with_those_of_the_next_day() -> None:
    here = synced()
    del here.destination.state["streams"]["exchange_rate"]["position"]["past"]
    del here.destination.state["streams"]["exchange_rate"]["position"]["since"]
    before = since(here)
    here.sync()
    assert not asked(here, "/exchangerate?", since=before)
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert len(asked(here, "/exchangerate?", since=before)) == len(months(here))


def test_while_a_kind_of_transaction_cannot_be_had_the_oldest_one_is_looked_for_every_day() -> None:
    here = company()
    oldest = "FROM Bill ORDERBY TxnDate"
    here.vendor.faults.break_path(oldest, status=403, times=1)
    for looks in (1, 2, 2):
        here.sync()
        here.clock.advance(DAY_SECONDS)
        assert len(asked(here, oldest)) == looks


def test_after_a_long_pause_the_months_in_between_have_the_rate_of_their_end() -> None:
    here = synced()
    for _ in range(9):
        here.clock.advance(10 * DAY_SECONDS)
        here.vendor.trade.keep_rates()
    here.sync()
    assert rated(here)[1:3] == ["2026-01-31", "2026-02-28"] and rated(here)[-1] == "2026-04-01"


def test_where_no_rate_is_known_of_three_months_in_a_row_nobody_asks_for_older_ones() -> None:
    here = company()
    rates = here.vendor.store.kinds["ExchangeRate"]
    for key in [key for key, one in rates.items() if str(one.fields["AsOfDate"]) < "2025-09-15"]:
        del rates[key]
    here.sync()
    assert rated(here, "2025-01-01") and here.open_errors() == []
    known = [end for end in months(here) if end >= "2025-10"]
    assert len(asked(here, "/exchangerate?")) <= len(known) + 1 + 3


@pytest.mark.parametrize("full_pass_days", ["7", "0"])
def test_days_whose_rates_were_refused_come_later(full_pass_days: str) -> None:
    here = company()
    settings = {"streams": only("preferences", "exchange_rate"), "full_pass_days": full_pass_days}
    here.sync(**settings)
    here.vendor.options.refused["ExchangeRate"] = "5020"
    for _ in range(3):
        here.clock.advance(DAY_SECONDS)
        here.sync(**settings)
        here.sync(**settings)
    here.vendor.options.refused.clear()
    here.clock.advance(DAY_SECONDS)
    here.sync(**settings)
    assert rated(here) == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]


# Addresses.


@pytest.mark.parametrize("seed", stories([1, 2, 3], quick=1))
def test_an_address_is_as_its_newest_owner_has_it(seed: int) -> None:
    here = synced(seed=seed, scale=0.05, stale_addresses=True)
    assert here.differences("address") == []
    for _ in range(5):
        here.vendor.work(here.random, 40)
        here.sync()
        assert here.differences("address") == []


def test_an_address_stays_when_all_that_had_it_are_gone() -> None:
    here = synced()
    before = set(here.destination.rows["address"])
    for entity in ("Invoice", "Estimate", "SalesReceipt", "CreditMemo"):
        for identity in list(here.vendor.store.kinds[entity]):
            delete(here, entity, identity)
    here.sync()
    assert here.destination.rows["invoice"] == {}
    assert before <= here.destination.rows["address"].keys()
    assert here.destination.counts["address"]["delete"] == 0


# Limits.


def test_when_the_months_reads_are_used_up_the_sync_ends_with_a_warning_and_goes_on_next_month() -> None:
    here = company(scale=0.05)
    here.vendor.options.monthly_reads = 20
    here.sync()
    assert here.destination.errors == [] and any("monthly quota" in each for each in here.destination.warnings)
    refused = [entry for entry in here.requests if entry.status in (403, 429)]
    assert 0 < len(refused) <= 4
    before = since(here)
    here.sync()
    assert any("monthly quota" in each for each in here.destination.warnings)
    assert since(here) - before <= 4
    here.clock.advance(32 * DAY_SECONDS)
    here.vendor.options.monthly_reads = 500_000
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_throttling_in_all_its_spellings_only_costs_time() -> None:
    here = company(scale=0.05, requests_per_minute=6)
    took = here.sync()
    statistics = here.vendor.statistics
    assert statistics["429"] + statistics["403"] > 3 and took > 60
    assert here.differences() == [] and here.open_errors() == [] and here.destination.warnings == []


@pytest.mark.parametrize("seconds", [0.02, 0.5])
def test_never_more_is_under_way_than_is_allowed(seconds: float) -> None:
    here = synced(scale=0.05, answer_seconds=seconds, latency=seconds)
    assert here.vendor.statistics["429"] == here.vendor.statistics["403"] == 0 and here.adapter.overlap <= 10


def test_a_working_day_costs_no_more_reads_and_refreshes_than_promised() -> None:
    here = synced(scale=0.1)
    here.clock.advance(DAY_SECONDS - here.clock.now() % DAY_SECONDS)

    def sync() -> None:
        here.sync()
        here.clock.advance(-900.0)  # `World.sync` lets a quarter of an hour pass; the day brings its own

    syncs, reads, refreshes = metered.working_day(here.vendor, here.clock, sync)
    print(f"{syncs} syncs, {reads} metered reads, {refreshes} refreshes")
    assert (syncs, reads <= metered.MOST_READS, refreshes <= metered.MOST_REFRESHES) == (96, True, True)
    assert here.differences("invoice", "invoice_line", "payment", "bill") == []


def test_a_start_date_bounds_transactions_and_no_list() -> None:
    here = company(scale=0.05)
    here.sync(start_date="2025-12-01")
    truth = here.vendor.truth()
    recent = {row["id"] for row in truth["invoice"] if row["updated_at"] >= "2025-12-02"}
    landed = {row["id"] for row in here.destination.rows["invoice"].values()}
    assert recent <= landed < {row["id"] for row in truth["invoice"]}
    assert here.differences("account", "customer", "item", "class") == []


def test_what_changed_before_the_start_date_is_not_read_and_never_deleted_when_it_moves() -> None:
    here = company(bulk=3_000)
    here.sync(start_date="2025-12-01")
    assert not asked(here, "FROM Purchase WHERE MetaData.LastUpdatedTime >= '1970")
    few = len(asked(here, "FROM Purchase "))
    before = since(here)
    here.sync(start_date="2025-12-20", full_pass_days="0")
    assert here.destination.business("delete") == 0
    here.sync(full_pass_days="0")
    assert here.differences() == [] and len(asked(here, "FROM Purchase ", since=before)) > 2 * few
    here.sync(start_date="2025-12-20", full_pass_days="0")
    assert here.destination.business() == 0


def test_what_goes_without_a_signal_is_missed_within_a_day() -> None:
    here = synced(scale=0.05)
    delete(here, "TimeActivity", max(here.vendor.store.kinds["TimeActivity"]))
    while not here.vendor.perform("merge_customers", here.random):
        pass
    here.sync()
    assert {each.split()[0] for each in here.differences() if "should not be there" in each} >= {
        "customer",
        "time_activity",
    }
    here.clock.advance(DAY_SECONDS)
    before = since(here)
    here.sync()
    counted = Counter(re.split("[ &]", each.split(" FROM ")[1])[0] for each in asked(here, "COUNT(", since=before))
    # Those of which some are missing are counted once more when they have been read, as is what is read daily.
    assert counted == {"Customer": 2, "Vendor": 1, "TimeActivity": 2, "Account": 1}
    assert not [each for each in here.differences() if "should not be there" in each]
    before = since(here)
    here.sync()
    assert names(asked(here, since=before)) == {"cdc": 1, "TimeActivity": 1}
