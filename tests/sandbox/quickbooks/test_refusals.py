"""Limits, the monthly meter, and the three spellings of a refusal. quickbooks.md 1, 5 and 6."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from sandbox.faults import Faults
from tests.sandbox.quickbooks.conftest import ORIGIN


def code_of(answer: Any) -> str:
    """The code of a refusal in any spelling."""
    if answer.text.startswith("<?xml"):
        error = ElementTree.fromstring(answer.text).find(".//{*}Error")
        assert error is not None
        return str(error.get("code"))
    body = answer.json()
    return str(body["Fault"]["Error"][0]["code"] if "Fault" in body else body["fault"]["error"][0]["code"])


def test_ten_a_second_and_no_more(quickbooks: Any) -> None:
    statuses = [quickbooks.asked("SELECT * FROM Term", pace=0.01).status_code for _ in range(12)]
    assert statuses[:10] == [200] * 10 and set(statuses[10:]) <= {429, 403}
    quickbooks.clock.time += 1
    assert quickbooks.asked("SELECT * FROM Term").status_code == 200


def test_five_hundred_a_minute_and_no_more(quickbooks: Any) -> None:
    statuses = Counter(quickbooks.asked("SELECT * FROM Term", pace=0.105).status_code for _ in range(520))
    assert statuses[200] == 500


def test_ten_at_once_where_answers_take_time(make: Callable[..., Any]) -> None:
    quickbooks = make(answer_seconds=5.0)
    statuses = [quickbooks.asked("SELECT * FROM Term", pace=0.2).status_code for _ in range(11)]
    assert statuses[:10] == [200] * 10 and statuses[10] in (429, 403)


def test_throttling_is_told_in_every_spelling_and_as_403_too(make: Callable[..., Any]) -> None:
    quickbooks = make(requests_at_once=0)
    answers = [quickbooks.asked("SELECT * FROM Term") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 403, 429]
    assert [code_of(answer) for answer in answers] == ["3001"] * 4
    assert [answer.headers["Content-Type"].split(";")[0] for answer in answers] == [
        "application/json",
        "application/xml",
        "application/json",
        "application/json",
    ]
    assert "errorCode=003001" in answers[0].text and "errorCode=003001" in answers[1].text
    assert not any("Retry-After" in answer.headers for answer in answers)


def test_a_retry_after_can_be_added(make: Callable[..., Any]) -> None:
    assert make(requests_at_once=0, retry_after=7).asked("SELECT * FROM Term").headers["Retry-After"] == "7"


def test_what_is_refused_counts_against_nothing(make: Callable[..., Any]) -> None:
    quickbooks = make(requests_per_minute=5)
    for _ in range(30):
        quickbooks.asked("SELECT * FROM Term")
    assert quickbooks.vendor.statistics["metered"] == 5
    quickbooks.clock.time += 60
    assert quickbooks.asked("SELECT * FROM Term").status_code == 200


def test_reads_are_metered_by_the_month_and_then_blocked_until_the_next(make: Callable[..., Any]) -> None:
    quickbooks = make(monthly_reads=3)
    for path in ("query?query=SELECT * FROM Term", "term/1", "cdc?entities=Term&changedSince=2026-09-21T00:00:00Z"):
        assert quickbooks.ask(path).status_code == 200
    refused = quickbooks.asked("SELECT * FROM Term")
    assert refused.status_code == 429 and code_of(refused) == "3001" and "monthly" in refused.text
    quickbooks.clock.time += 9 * 86_400
    quickbooks.renew()
    assert quickbooks.asked("SELECT * FROM Term").status_code == 429
    quickbooks.clock.time += 86_400
    quickbooks.renew()
    assert quickbooks.asked("SELECT * FROM Term").status_code == 200


def test_the_meter_need_not_be_named(make: Callable[..., Any]) -> None:
    answer = make(monthly_reads=0, quota_named=False).asked("SELECT * FROM Term")
    assert answer.status_code == 429 and "month" not in answer.text


def test_a_dead_token_is_told_in_three_ways(quickbooks: Any) -> None:
    quickbooks.vendor.intuit.expire_access_tokens()
    answers = [quickbooks.asked("SELECT * FROM Term") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {401}
    assert Counter(code_of(answer) for answer in answers) == {"3200": 2, "100": 1}
    del quickbooks.session.headers["Authorization"]
    assert quickbooks.asked("SELECT * FROM Term").status_code == 401


def test_another_company_is_not_covered_by_the_token(quickbooks: Any) -> None:
    answer = quickbooks.session.get(f"{ORIGIN}/v3/company/9341000000000001/query?query=SELECT * FROM Term")
    assert answer.status_code == 403 and code_of(answer) == "3100"


@pytest.mark.parametrize("version", ["", "&minorversion=1", "&minorversion=75", "&minorversion=99", "&minorversion=x"])
def test_every_minor_version_is_75(quickbooks: Any, version: str) -> None:
    answer = quickbooks.ask(f"query?query=SELECT * FROM Customer MAXRESULTS 1{version}")
    assert answer.status_code == 200
    assert "Source" not in answer.json()["QueryResponse"]["Customer"][0]


def test_without_accept_the_answer_is_xml(quickbooks: Any) -> None:
    quickbooks.session.headers["Accept"] = "*/*"
    answer = quickbooks.asked("SELECT * FROM Term")
    tree = ElementTree.fromstring(answer.text)
    assert len(tree.findall(".//{*}Term")) == 4 and tree.find(".//{*}Term/{*}DueDays") is not None


def test_every_answer_carries_a_transaction_id_of_its_own(quickbooks: Any) -> None:
    answers = [quickbooks.asked("SELECT * FROM Term"), quickbooks.asked("SELECT"), quickbooks.refresh(secret="x")]
    assert len({answer.headers["intuit_tid"] for answer in answers}) == 3


def test_single_objects_and_what_is_not_there(quickbooks: Any) -> None:
    invoice = next(iter(quickbooks.vendor.store.all("Invoice")))
    found = quickbooks.ask(f"invoice/{invoice.id}").json()["Invoice"]
    assert found["Id"] == invoice.id and found["SyncToken"] == str(invoice.token)
    assert quickbooks.ask(f"companyinfo/{quickbooks.settings['realm_id']}").json()["CompanyInfo"]["Id"] == "1"
    assert quickbooks.ask("preferences").json()["Preferences"]["CurrencyPrefs"]["HomeCurrency"] == {"value": "USD"}
    assert quickbooks.ask("exchangerate?sourcecurrencycode=EUR").json()["ExchangeRate"]["TargetCurrencyCode"] == "USD"
    gone = quickbooks.ask("invoice/999999")
    assert gone.status_code == 400 and code_of(gone) == "610"
    assert code_of(quickbooks.ask("nothing/1")) == "500"
    assert quickbooks.session.get(f"{ORIGIN}/v3/elsewhere").status_code == 404


def test_nothing_can_be_written(quickbooks: Any) -> None:
    assert quickbooks.ask("invoice", "POST", json={"Line": []}).status_code == 403


def test_a_batch_brings_a_fault_beside_answers(quickbooks: Any) -> None:
    items = [{"bId": "a", "Query": "SELECT * FROM Term"}, {"bId": "b", "Query": "SELECT * FROM Nothing"}]
    answer = quickbooks.ask("batch", "POST", json={"BatchItemRequest": items})
    found = {item["bId"]: item for item in answer.json()["BatchItemResponse"]}
    assert answer.status_code == 200 and len(found["a"]["QueryResponse"]["Term"]) == 4
    assert found["b"]["Fault"]["Error"][0]["code"] == "4001"
    assert quickbooks.ask("batch", "POST", json={"BatchItemRequest": items * 16}).status_code == 400


def test_faults_look_as_intuits_do(make: Callable[..., Any]) -> None:
    faults = Faults(3, "hostile")
    faults.broken_share = faults.poisoned_share = 0
    faults.shares = {"throttled": 0.3, "unavailable": 0.4}
    quickbooks = make(faults=faults)
    inside, seen = 0, Counter[int]()
    for number in range(60):
        answer = quickbooks.asked(f"SELECT * FROM Term WHERE Id = '{number}'")
        seen[answer.status_code] += 1
        if answer.status_code in (429, 403):
            assert code_of(answer) == "3001"
        if answer.status_code == 200 and "Fault" in answer.text:
            inside += 1
            assert code_of(answer) == "10000"
    assert inside and seen[403] and seen[429] and {500, 503, 504} & set(seen) and 502 not in seen


def test_a_broken_record_is_served_broken_and_a_broken_path_by_its_statement(quickbooks: Any) -> None:
    quickbooks.vendor.faults.break_record("Term", 2, "no_id")
    assert sorted(row.get("Id", "") for row in quickbooks.rows("SELECT * FROM Term")) == ["", "1", "3", "4"]
    quickbooks.vendor.faults.break_path(r"FROM Invoice .*STARTPOSITION 3")
    assert quickbooks.asked("SELECT * FROM Invoice ORDERBY Id STARTPOSITION 3").status_code == 500
    assert quickbooks.asked("SELECT * FROM Invoice ORDERBY Id STARTPOSITION 4").status_code == 200


def test_what_was_asked_is_kept_as_people_read_it(quickbooks: Any) -> None:
    quickbooks.asked("SELECT * FROM Term WHERE Name = 'Net 15'")
    kept = quickbooks.vendor.requests[-1]
    assert re.search(r"/query\?query=SELECT \* FROM Term WHERE Name = 'Net 15'&minorversion=75$", kept.path)
    assert kept.authenticated and kept.status == 200


def test_an_address_may_answer_a_fault_inside_200_for_good(quickbooks: Any) -> None:
    quickbooks.vendor.faults.break_path("FROM Term", 502)
    answer = quickbooks.asked("SELECT * FROM Term")
    assert answer.status_code == 200 and code_of(answer) == "10000"
    assert quickbooks.asked("SELECT * FROM Class").status_code == 200
