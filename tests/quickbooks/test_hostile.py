"""Answers that no documentation promises: the sync ends, everything else lands, and what failed is told."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import pytest

from quickbooks.capture import SAMPLES
from sandbox.quickbooks.work import CHANGES as WORK
from sandbox.web import collect
from shared.errors import BadPayload
from tests.contract.world import World
from tests.quickbooks.company import asked, company, synced, unlanded

INVOICES = r"FROM Invoice "
CHANGES = r"/cdc\?"


def change(here: World, pattern: str, change: Callable[[Any], Any]) -> None:
    """From now on the bodies of answers to such addresses are changed."""
    serve = here.adapter.app

    def changed(environ: Any, start_response: Any) -> Any:
        address = f"{environ['PATH_INFO']}?{unquote_plus(environ.get('QUERY_STRING', ''))}"
        answer = collect(serve, environ)
        if re.search(pattern, address) and answer.status == 200:
            answer.body = json.dumps(change(json.loads(answer.body))).encode()
            answer.headers.pop("Content-Length", None)
        start_response(f"{answer.status} ", list(answer.headers.items()))
        return [answer.body]

    here.adapter.app = changed


def rows(entity: str, each: Callable[[dict[str, Any]], Any]) -> Callable[[Any], Any]:
    """Changes each row of a query."""

    def body(found: Any) -> Any:
        response = found["QueryResponse"]
        if entity in response:
            response[entity] = [each(row) for row in response[entity]]
        return found

    return body


def with_values(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda row: {**row, **values}


def others_landed(here: World, *tables: str) -> None:
    """All tables but these, and but addresses, are as they should be, and the sync has not failed."""
    assert here.destination.errors == []
    found = [each for each in here.differences() if not each.split(" ")[0].startswith((*tables, "address"))]
    assert found == []


def in_turn(changes: list[Callable[[dict[str, Any]], Any]]) -> Callable[[dict[str, Any]], Any]:
    """The first row met is changed in the first way, and so on; rows that are left over stay as they are."""
    ways: dict[str, Callable[[dict[str, Any]], Any]] = {}

    def change(row: dict[str, Any]) -> Any:
        if row["Id"] not in ways:
            ways[row["Id"]] = changes[len(ways)] if len(ways) < len(changes) else lambda row: row
        return ways[row["Id"]](row)

    return change


NO_ROWS = [
    lambda row: None,
    lambda row: "text",
    lambda row: 7,
    lambda row: [row],
    lambda row: {},
    with_values(Id=None),
    with_values(Id={"value": "1"}),
    with_values(Id=""),
    with_values(Id=[]),
]
NO_CHANGE_TIMES = [
    None,
    "x",
    {},
    {"LastUpdatedTime": "yesterday"},
    {"LastUpdatedTime": 7},
    {"LastUpdatedTime": "2026-01-01T00:00:00"},
    {"LastUpdatedTime": "9999-12-31T23:59:59-12:00"},
]
ODD_VALUES: list[dict[str, Any]] = [
    {"Line": None},
    {"Line": {}},
    {"Line": "x"},
    {"Line": [None, "x", 7, []]},
    {"Line": [{"LinkedTxn": "x"}]},
    {"Line": [{"SalesItemLineDetail": []}]},
    {"Line": [{"GroupLineDetail": {"Line": "x"}}]},
    {"Line": [{"GroupLineDetail": {"Line": [None, 7]}}]},
    {"Line": [{"GroupLineDetail": []}]},
    {"LinkedTxn": {"TxnId": "1"}},
    {"LinkedTxn": [None, "x"]},
    {"CustomField": "x"},
    {"CustomField": [None]},
    {"TxnTaxDetail": []},
    {"TxnTaxDetail": {"TaxLine": "x"}},
    {"BillAddr": []},
    {"BillAddr": {"Id": []}},
    {"ShipAddr": "x"},
    {"CurrencyRef": "USD"},
    {"CustomerRef": None},
    {"TotalAmt": True},
    {"TotalAmt": "1e400"},
    {"TotalAmt": 10**60},
    {"TxnDate": "2026-02-30"},
    {"TxnDate": 7},
    {"DocNumber": {"a": 1}},
    {"PrivateNote": "\0\ud800"},
]


def test_rows_that_are_none_are_told_and_stop_no_other() -> None:
    here = company()
    change(here, INVOICES, rows("Invoice", in_turn(NO_ROWS)))
    here.sync()
    others_landed(here, "invoice")
    assert {error["stream"] for error in here.open_errors()} == {"invoice"}
    missing = here.vendor.store.kinds["Invoice"].keys() - {key for (key,) in here.destination.rows["invoice"]}
    assert len(missing) == len(NO_ROWS)


def test_rows_without_a_change_time_land_all_the_same() -> None:
    here = company()
    odd = [with_values(MetaData=value) for value in NO_CHANGE_TIMES]
    change(here, INVOICES, rows("Invoice", in_turn(odd)))
    here.sync()
    others_landed(here, "invoice")
    assert {key for (key,) in here.destination.rows["invoice"]} == here.vendor.store.kinds["Invoice"].keys()


def test_a_page_without_a_single_change_time_lands_too() -> None:
    here = company()
    change(here, INVOICES, rows("Invoice", with_values(MetaData=None)))
    here.sync()
    others_landed(here, "invoice")
    assert {key for (key,) in here.destination.rows["invoice"]} == here.vendor.store.kinds["Invoice"].keys()


def test_values_of_another_kind_are_told_and_stop_nothing_else() -> None:
    here = company(scale=0.05)
    change(here, INVOICES, rows("Invoice", in_turn([with_values(**values) for values in ODD_VALUES])))
    here.sync()
    others_landed(here, "invoice")
    assert {key for (key,) in here.destination.rows["invoice"]} == here.vendor.store.kinds["Invoice"].keys()
    told = {error["record_id"].split(":")[0] for error in here.open_errors()}
    assert {"invoice_line", "invoice.total_amount", "invoice.transaction_date", "invoice.doc_number"} <= told


def test_a_record_that_is_nested_too_deeply_costs_only_itself() -> None:
    def deep(row: dict[str, Any]) -> dict[str, Any]:
        for _ in range(400):
            row = {**row, "Line": [{"Novelty": row}]} if len(row) < 3 else {"Id": row["Id"], "Line": [row]}
        return row

    here = company()
    change(here, INVOICES, rows("Invoice", deep))
    here.sync()
    others_landed(here, "invoice")


@pytest.mark.parametrize(
    "body",
    [
        lambda found: {},
        lambda found: [],
        lambda found: {"CDCResponse": None},
        lambda found: {"CDCResponse": "x"},
        lambda found: {**found, "time": None},
        lambda found: {**found, "time": "x"},
        lambda found: {**found, "time": [7]},
        lambda found: {**found, "CDCResponse": [{"QueryResponse": None}]},
        lambda found: {**found, "CDCResponse": [{"QueryResponse": [None, "x", {"Novelty": [{"Id": "1"}]}]}]},
        lambda found: {**found, "CDCResponse": found["CDCResponse"][0]},
    ],
    ids=range(10),
)
def test_an_odd_answer_about_changes_loses_nothing_in_the_end(body: Callable[[Any], Any]) -> None:
    here = synced()
    here.vendor.work(here.random, 30)
    change(here, CHANGES, body)
    here.sync()
    assert here.destination.errors == []
    here.adapter.app = here._serve
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []


@pytest.mark.parametrize("body", [{"CDCResponse": []}, {"CDCResponse": [{"QueryResponse": []}]}, {"QueryResponse": {}}])
def test_an_answer_about_changes_that_tells_of_no_entity_moves_nothing_and_costs_little(body: Any) -> None:
    here = synced()
    here.vendor.edit_at_once("Invoice", 5, here.random)
    here.vendor.books.delete(here.vendor.store.kinds["Bill"][max(here.vendor.store.kinds["Bill"])])
    change(here, CHANGES, lambda found: {**body, "time": found["time"]})
    before = len(here.requests)
    for _ in range(3):
        here.sync()
    assert len(asked(here, "/cdc?", before)) == 3 * BadPayload.attempts * (1 + SAMPLES)
    assert len(asked(here, "/query?", before)) == 3 and here.destination.errors == []
    here.adapter.app = here._serve
    here.sync()
    assert here.open_errors() == [] and unlanded(here) == []


@pytest.mark.parametrize(
    "each",
    [
        lambda row: None,
        lambda row: "x",
        lambda row: {**row, "Id": int(row["Id"])},
        lambda row: {**row, "status": None},
        lambda row: {**row, "status": "Voided"},
        lambda row: {**row, "status": {}},
        lambda row: {key: value for key, value in row.items() if key != "Id"},
    ],
    ids=range(7),
)
def test_odd_objects_among_changes_stop_no_other(each: Callable[[Any], Any]) -> None:
    def body(found: Any) -> Any:
        for part in found["CDCResponse"][0]["QueryResponse"]:
            for name, value in part.items():
                if isinstance(value, list) and value:
                    part[name] = [each(value[0]), *value[1:]]
        return found

    here = synced()
    here.vendor.work(here.random, 30)
    change(here, CHANGES, body)
    here.sync()
    assert here.destination.errors == []
    here.adapter.app = here._serve
    here.sync(full_pass_days="0")
    assert here.differences() == []


@pytest.mark.parametrize("preferences", [None, [], "x", {"HomeCurrency": "USD"}, {"HomeCurrency": {"value": 7}}, {}])
def test_preferences_that_do_not_tell_the_currency_stop_nothing_and_heal(preferences: Any) -> None:
    here = company()
    change(here, "FROM Preferences", rows("Preferences", with_values(CurrencyPrefs=preferences)))
    here.sync()
    assert here.destination.errors == []
    assert len(here.destination.rows["invoice"]) == len(here.vendor.store.kinds["Invoice"])
    here.adapter.app = here._serve
    here.sync(full_pass_days="0")
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_a_template_lands_whatever_stands_beside_its_wrapper() -> None:
    here = company(scale=0.05)
    change(here, "FROM RecurringTransaction", rows("RecurringTransaction", with_values(domain="QBO", sparse=False)))
    here.sync()
    assert here.open_errors() == [] and here.differences() == []


def test_a_source_that_ignores_where_a_page_starts_is_not_read_for_ever() -> None:
    def body(found: Any) -> Any:
        kept = found["QueryResponse"].setdefault("Purchase", [])
        pages.append(kept if kept else pages[0])
        found["QueryResponse"]["Purchase"] = pages[0][:1000]
        return found

    pages: list[Any] = []
    here = company(bulk=2_500)
    change(here, "FROM Purchase .*STARTPOSITION", body)
    here.sync()
    assert len(asked(here, "FROM Purchase ")) < 40
    assert {error["stream"] for error in here.open_errors()} == {"purchase"}
    others_landed(here, "purchase")


def test_a_source_that_shows_changes_late_loses_none() -> None:
    # A merge gives no signal; new settings are seen at their cadence.
    unseen = {"merge_customers", "change_settings"}
    kinds = sorted(name for name, weight in WORK.items() if weight >= 1 and name not in unseen)
    here = synced(scale=0.05, lag_seconds=300)
    for _ in range(8):
        for name in here.random.choices(kinds, k=15):
            here.vendor.perform(name, here.random)
        here.sync()
    here.sync()
    assert unlanded(here) == []


# What an answer shows is not all there is.


def shortened(body: Any) -> Any:
    """A page of invoices without those at its end."""
    found = body["QueryResponse"].get("Invoice", [])
    del found[len(found) // 2 :]
    return body


@pytest.mark.parametrize("since", ["a first sync", "a complete pass"])
def test_a_page_with_fewer_rows_than_asked_for_hides_and_deletes_nothing(since: str) -> None:
    here = company(invoices=250)
    if since == "a complete pass":
        here.sync()
    times = iter(range(1, 1_000))
    change(here, r"SELECT.*FROM Invoice WHERE", lambda body: shortened(body) if next(times) == 1 else body)
    here.sync(full_pass_days="0")
    assert here.differences("invoice", "invoice_line") == []
    assert here.destination.business("delete") == 0 or since == "a first sync"


def test_pages_that_stay_short_delete_nothing_and_are_told() -> None:
    here = synced()
    before = dict(here.destination.rows["customer"])
    change(here, r"SELECT.*FROM Customer ", lambda body: {**body, "QueryResponse": half_of(body["QueryResponse"])})
    for _ in range(3):
        here.sync(full_pass_days="0")
    assert here.destination.rows["customer"] == before
    [told] = [row for row in here.open_errors() if row["stream"] == "customer"]
    assert told["category"] == "bad_payload" and "fewer" in told["message"]


def half_of(response: Any) -> Any:
    return {"Customer": response["Customer"][::2]} if "Customer" in response else response


def timeless(here: World, entity: str) -> None:
    """From now on most rows of an entity have no change time, so no filter by it shows them."""
    hidden = sorted(here.vendor.store.kinds[entity])[1:]

    def body(found: Any) -> Any:
        rows = [row for row in found["QueryResponse"].get(entity, []) if row["Id"] not in hidden]
        return {**found, "QueryResponse": {entity: rows} if rows else {}}

    change(here, rf"SELECT.*FROM {entity} .*LastUpdatedTime", body)


@pytest.mark.parametrize(
    ("entity", "table"), [("TaxRate", "tax_rate"), ("TaxCode", "tax_code"), ("Term", "term"), ("Vendor", "vendor")]
)
def test_rows_without_a_change_time_land(entity: str, table: str) -> None:
    here = company()
    timeless(here, entity)
    here.sync()
    assert here.differences(table) == [] and len(here.destination.rows[table]) > 1


def test_rows_without_a_change_time_that_an_earlier_release_missed_land_with_the_next_complete_pass() -> None:
    here = company()
    timeless(here, "Term")
    change(here, r"COUNT.*FROM Term", lambda body: {**body, "QueryResponse": {}})
    change(here, r"SELECT.*FROM Term ", lambda body: {**body, "QueryResponse": {}})
    here.sync()
    assert not here.destination.rows["term"]
    here.adapter.app = here.vendor.wsgi
    timeless(here, "Term")
    here.sync(full_pass_days="0")
    assert here.differences("term") == []


def test_a_short_list_whose_page_is_short_deletes_nothing() -> None:
    here = synced()
    times = iter(range(1, 1_000))

    def body(found: Any) -> Any:
        rows = found["QueryResponse"].get("TaxRate", [])
        return {**found, "QueryResponse": {"TaxRate": rows[:-1]}} if rows and next(times) == 1 else found

    change(here, r"SELECT.*FROM TaxRate ", body)
    here.sync(full_pass_days="0")
    assert here.differences("tax_rate") == [] and here.destination.business("delete") == 0
