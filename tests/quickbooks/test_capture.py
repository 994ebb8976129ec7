"""What change data capture says of a row that does not fit together is settled by a query."""

from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from quickbooks import api
from quickbooks.api import QuickBooks
from quickbooks.capture import MOST_SETTLED, Capture
from sandbox.clock import VirtualClock
from shared.http import Http
from shared.pages import Page

COMPANY = "https://quickbooks.test/v3/company/9341"
TIME = "2026-01-01T00:00:00.000Z"
STUB = {"Id": "7", "domain": "QBO", "status": "Deleted", "MetaData": {"LastUpdatedTime": TIME}}
WHOLE = {"Id": "7", "SyncToken": "2", "DocNumber": "1037", "TotalAmt": 5}


def told(vendor: responses.RequestsMock, *rows: dict[str, Any], found: list[dict[str, Any]] | None = None) -> Page:
    """What is made of these changes of an entity, where a query finds those rows."""
    clock = VirtualClock()
    vendor.get(f"{COMPANY}/cdc", json={"time": TIME, "CDCResponse": [{"QueryResponse": [{"Item": list(rows)}]}]})
    if found is not None:
        vendor.get(f"{COMPANY}/query", json={"time": TIME, "QueryResponse": {"Item": found}})
    quickbooks = QuickBooks(Http("https://quickbooks.test", interpret=api.meaning), "9341")
    now = datetime.fromtimestamp(clock.now(), timezone.utc)
    page = Capture(quickbooks, clock, [("Item", now)]).of("Item", now)
    assert isinstance(page, Page)
    return page


@pytest.fixture
def vendor() -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


def queries(vendor: responses.RequestsMock) -> list[str]:
    asked = [parse_qs(urlsplit(str(call.request.url)).query) for call in vendor.calls]
    return [each["query"][0] for each in asked if "query" in each]


@pytest.mark.parametrize("rows", [[WHOLE], [STUB], [{**WHOLE, "sparse": False}, {**STUB, "Id": "8"}]], ids=len)
def test_what_fits_together_costs_no_query(vendor: Any, rows: list[dict[str, Any]]) -> None:
    page = told(vendor, *rows)
    assert len(page.records) + len(page.deleted) == len(rows) and not page.partial


@pytest.mark.parametrize(
    "rows", [[{**WHOLE, "sparse": True}], [{**WHOLE, "status": "Deleted"}], [WHOLE, STUB], [STUB, WHOLE]], ids=len
)
def test_a_part_and_a_contradiction_are_settled_by_what_a_query_finds(vendor: Any, rows: list[dict[str, Any]]) -> None:
    whole = {**WHOLE, "Name": "Pump"}
    page = told(vendor, *rows, found=[whole])
    assert (page.records, page.deleted, page.partial) == ([whole], [], ())
    assert queries(vendor) == [
        "SELECT * FROM Item WHERE Id IN ('7') AND Active IN (true, false) STARTPOSITION 1 MAXRESULTS 1000"
    ]


@pytest.mark.parametrize("rows", [[{**WHOLE, "status": "Deleted"}], [WHOLE, STUB]], ids=len)
def test_what_is_called_deleted_and_not_found_is_deleted(vendor: Any, rows: list[dict[str, Any]]) -> None:
    page = told(vendor, *rows, found=[])
    assert (page.records, page.deleted, page.partial) == ([], ["7"], ())


def test_a_part_of_what_is_not_found_changes_nothing(vendor: Any) -> None:
    page = told(vendor, {**WHOLE, "sparse": True}, found=[])
    assert (page.records, page.deleted, page.partial) == ([], [], ())


def test_many_are_asked_for_in_several_queries(vendor: Any) -> None:
    told(vendor, *({"Id": str(each), "sparse": True} for each in range(MOST_SETTLED + 1)), found=[])
    assert [each.count("','") + 1 for each in queries(vendor)] == [MOST_SETTLED, 1]
