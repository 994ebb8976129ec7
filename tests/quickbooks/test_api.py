"""Single requests of the client of QuickBooks, and what its answers mean."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from quickbooks import api
from quickbooks.api import Faulted, Poisoned, QuickBooks, Refused, TooSlow, Unqueryable
from sandbox.clock import VirtualClock
from shared.errors import (
    BadPayload,
    Exhausted,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    SourceError,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unexplained,
)
from shared.http import Http
from shared.oauth import Tokens
from shared.pages import Page
from shared.redaction import Secrets
from shared.retry import Breaker, Pace, Retry
from shared.workers import Desk

BASE = "https://quickbooks.test"
COMPANY = f"{BASE}/v3/company/9341"
TIME = "2026-07-08T14:40:00.123-07:00"
UTC = "2026-07-08T21:40:00.123Z"


@pytest.fixture
def vendor() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


@pytest.fixture
def quickbooks() -> QuickBooks:
    return QuickBooks(Http(BASE, interpret=api.meaning, id_header="intuit_tid"), "9341")


def sent(vendor: responses.RequestsMock) -> dict[str, str]:
    """The parameters of the last request."""
    query = parse_qs(urlsplit(str(vendor.calls[-1].request.url)).query)
    return {name: values[0] for name, values in query.items()}


def answers(vendor: responses.RequestsMock, **response: Any) -> None:
    vendor.get(f"{COMPANY}/query", json={"QueryResponse": response, "time": TIME})


# Queries.


def test_a_query_is_one_statement_with_the_minor_version(vendor: Any, quickbooks: QuickBooks) -> None:
    answers(vendor, Invoice=[{"Id": "1"}], startPosition=1, maxResults=1)
    page = quickbooks.query("Invoice", ["A >= 'x'", "B = true"], order="A", start=3, most=50)
    assert sent(vendor) == {
        "query": "SELECT * FROM Invoice WHERE A >= 'x' AND B = true ORDERBY A ASC STARTPOSITION 3 MAXRESULTS 50",
        "minorversion": "75",
    }
    assert page == Page([{"Id": "1"}], position=UTC, last=True)


def test_an_offset_with_a_plus_arrives_as_it_was_meant(vendor: Any, quickbooks: QuickBooks) -> None:
    answers(vendor)
    quickbooks.query("Invoice", ["A >= '2026-07-08T00:00:00+02:00'"], most=1)
    assert "+02:00" in sent(vendor)["query"]


@pytest.mark.parametrize(
    ("response", "rows", "last"),
    [
        ({}, 0, True),
        ({"Item": [{}] * 2}, 2, False),
        ({"Item": [{}]}, 1, True),
        ({"Item": [{}] * 3}, 3, False),
        ({"Item": {"Id": "1"}}, 1, True),
        ({"item": [{}]}, 1, True),
    ],
)
def test_a_page_is_the_last_if_it_is_shorter_than_asked_for(
    vendor: Any, quickbooks: QuickBooks, response: dict[str, Any], rows: int, last: bool
) -> None:
    answers(vendor, **response)
    page = quickbooks.query("Item", start=5, most=2)
    assert (len(page.records), page.last, page.next) == (rows, last, None if last else 5 + rows)


@pytest.mark.parametrize("key", ["CreditCardPaymentTxn", "CreditCardPayment"])
def test_payments_of_credit_cards_come_under_another_name(vendor: Any, quickbooks: QuickBooks, key: str) -> None:
    answers(vendor, **{key: [{"Id": "1"}]})
    assert quickbooks.query("CreditCardPayment", most=2).records == [{"Id": "1"}]
    assert "FROM CreditCardPayment " in sent(vendor)["query"]


@pytest.mark.parametrize("body", [[], None, "text", {}, {"QueryResponse": None}, {"QueryResponse": {"Item": "x"}}])
def test_an_answer_of_another_shape_is_an_error(vendor: Any, quickbooks: QuickBooks, body: Any) -> None:
    vendor.get(f"{COMPANY}/query", json=body)
    with pytest.raises(BadPayload):
        quickbooks.query("Item", most=2)


def test_an_answer_without_a_time_has_that_of_its_header(vendor: Any, quickbooks: QuickBooks) -> None:
    headers = {"Date": "Wed, 08 Jul 2026 21:40:00 GMT"}
    vendor.get(f"{COMPANY}/query", json={"QueryResponse": {}}, headers=headers)
    assert quickbooks.query("Item", most=2).position == "2026-07-08T21:40:00.000Z"


def test_rows_can_be_counted(vendor: Any, quickbooks: QuickBooks) -> None:
    answers(vendor, totalCount=7)
    assert quickbooks.count("Item", ["A = 1"]) == 7
    assert sent(vendor)["query"] == "SELECT COUNT(*) FROM Item WHERE A = 1"


def test_a_query_for_inactive_rows_too_is_asked_without_them_where_the_entity_takes_no_such_condition(
    vendor: Any, quickbooks: QuickBooks
) -> None:
    vendor.get(f"{COMPANY}/query", status=400, **in_api("4001"))
    answers(vendor, totalCount=7)
    assert quickbooks.count("Item", [api.BOTH]) == quickbooks.count("Item", [api.BOTH]) == 7
    assert [parse_qs(urlsplit(call.request.url).query)["query"][0] for call in vendor.calls] == [
        "SELECT COUNT(*) FROM Item WHERE Active IN (true, false)",
        "SELECT COUNT(*) FROM Item",
        "SELECT COUNT(*) FROM Item",
    ]


def test_a_condition_that_was_taken_before_is_not_dropped_when_it_is_refused(
    vendor: Any, quickbooks: QuickBooks
) -> None:
    answers(vendor, totalCount=7)
    quickbooks.count("Item", [])
    quickbooks.count("Item", [api.BOTH])
    vendor.get(f"{COMPANY}/query", status=400, **in_api("4001"))
    with pytest.raises(Unqueryable):
        quickbooks.count("Item", [api.BOTH])
    assert len(vendor.calls) == 3


# Rates of the past.


def rate(vendor: Any, **answer: Any) -> None:
    vendor.get(f"{COMPANY}/exchangerate", **answer)


def test_a_rate_is_asked_for_by_currency_and_day(vendor: Any, quickbooks: QuickBooks) -> None:
    row = {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "AsOfDate": "2026-01-30", "Rate": 1.1}
    rate(vendor, json={"ExchangeRate": row, "time": TIME})
    [found] = quickbooks.rate("EUR", "2026-01-31").records
    assert (found["AsOfDate"], str(found["Rate"])) == ("2026-01-30", "1.1")
    assert sent(vendor) == {"sourcecurrencycode": "EUR", "asofdate": "2026-01-31", "minorversion": "75"}


def test_a_rate_that_is_not_known_is_none(vendor: Any, quickbooks: QuickBooks) -> None:
    rate(vendor, status=400, **in_api("610"))
    assert quickbooks.rate("EUR", "2001-01-31") == Page()


@pytest.mark.parametrize("body", [{}, {"ExchangeRate": []}, {"ExchangeRate": {"AsOfDate": "2026-02-01"}}])
def test_a_rate_of_a_later_day_and_an_answer_without_one_are_errors(
    vendor: Any, quickbooks: QuickBooks, body: dict[str, Any]
) -> None:
    rate(vendor, json={"time": TIME, **body})
    with pytest.raises(BadPayload):
        quickbooks.rate("EUR", "2026-01-31")


# Changes.


def test_changes_are_told_apart_from_deletions_by_entity(vendor: Any, quickbooks: QuickBooks) -> None:
    vendor.get(
        f"{COMPANY}/cdc",
        json={
            "time": TIME,
            "CDCResponse": [
                {
                    "QueryResponse": [
                        {"Customer": [{"Id": "58", "Active": False}], "startPosition": 1, "maxResults": 1},
                        {
                            "Invoice": [
                                {"Id": "130"},
                                {"Id": "127", "status": "Deleted"},
                                {"Id": "9", "status": "Voided"},
                            ]
                        },
                        {"CreditCardPaymentTxn": [{"Id": "4"}]},
                        {"Bill": {"Id": "5"}},
                        {},
                    ]
                }
            ],
        },
    )
    entities = ["Bill", "Customer", "CreditCardPayment", "Invoice", "Vendor"]
    found = quickbooks.changes(entities, "2026-07-07T00:00:00Z")
    assert sent(vendor) == {
        "entities": ",".join(entities),
        "changedSince": "2026-07-07T00:00:00Z",
        "minorversion": "75",
    }
    assert {entity: [row["Id"] for row in page.records] for entity, page in found.items()} == {
        "Bill": ["5"],
        "Customer": ["58"],
        "CreditCardPayment": ["4"],
        "Invoice": ["130", "9"],
        "Vendor": [],
    }
    assert {entity: page.deleted for entity, page in found.items() if page.deleted} == {"Invoice": ["127"]}
    assert {(page.position, page.last) for page in found.values()} == {(UTC, True)}


@pytest.mark.parametrize(("amount", "capped"), [(999, False), (1000, True), (1001, True)])
def test_the_cap_counts_the_objects_of_the_whole_answer(
    vendor: Any, quickbooks: QuickBooks, amount: int, capped: bool
) -> None:
    rows = [{"Id": str(each)} for each in range(amount - 1)]
    parts = [{"Bill": rows}, {"Invoice": [{"Id": "1", "status": "Deleted"}]}]
    vendor.get(f"{COMPANY}/cdc", json={"time": TIME, "CDCResponse": [{"QueryResponse": parts}]})
    found = quickbooks.changes(["Bill", "Invoice"], "2026-07-07T00:00:00Z")
    assert [page.last for page in found.values()] == [not capped] * 2


@pytest.mark.parametrize("where", ["CDCResponse", "QueryResponse"])
def test_a_fault_inside_of_an_answer_about_changes_is_found(vendor: Any, quickbooks: QuickBooks, where: str) -> None:
    fault = {"Fault": {"Error": [{"Message": "no", "code": "5030"}], "type": "ValidationFault"}}
    outer = [fault] if where == "CDCResponse" else [{"QueryResponse": [{}, fault]}]
    vendor.get(f"{COMPANY}/cdc", json={"time": TIME, "CDCResponse": outer})
    with pytest.raises(Refused):
        quickbooks.changes(["Budget"], "2026-07-07T00:00:00Z")


# What answers mean.


def in_api(code: str, text: str = "no", kind: str = "ValidationFault") -> dict[str, Any]:
    error = {"Message": text, "Detail": "why", "code": code, "element": ""}
    return {"json": {"Fault": {"Error": [error], "type": kind}, "time": TIME}}


def in_gateway(code: str, text: str = "no", kind: str = "SERVICE") -> dict[str, Any]:
    message = f"message={text}; errorCode={code.zfill(6)}; statusCode=429"
    error = {"message": message, "detail": "why", "code": code, "element": None}
    return {"json": {"fault": {"error": [error], "type": kind}, "queryResponse": None, "time": 1783546800000}}


def in_xml(code: str, text: str = "no", kind: str = "SERVICE") -> dict[str, Any]:
    return {
        "content_type": "text/xml",
        "body": (
            f'<?xml version="1.0"?><IntuitResponse time="{TIME}"><Fault type="{kind}"><Error code="{code.zfill(6)}">'
            f"<Message>message={text}</Message><Detail>why</Detail></Error></Fault></IntuitResponse>"
        ),
    }


SPELLINGS = [in_api, in_gateway, in_xml]
MEANINGS = [
    (401, "3200", Unauthorized),
    (401, "100", Unauthorized),
    (401, "130", Unauthorized),
    (403, "120", Unauthorized),
    (403, "3100", Unauthorized),
    (403, "3201", Unauthorized),
    (400, "6190", Unauthorized),
    (403, "3202", Refused),
    (429, "3001", RateLimited),
    (403, "3001", RateLimited),
    (400, "500", Refused),
    (400, "610", NotFound),
    (400, "2010", Faulted),
    (400, "4000", Faulted),
    (400, "4001", Unqueryable),
    (400, "5020", Refused),
    (400, "5030", Refused),
    (400, "10000", Poisoned),
    (500, "10000", Poisoned),
    (400, "6000", Poisoned),
    (403, "7", Forbidden),
    (503, "7", Unavailable),
    (500, "500", Unavailable),
    (504, "7", TooSlow),
]


def failure(vendor: Any, quickbooks: QuickBooks, status: int, **answer: Any) -> SourceError:
    vendor.get(f"{COMPANY}/query", status=status, **answer)
    with pytest.raises(SourceError) as caught:
        quickbooks.query("Item", most=1)
    return caught.value


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("status", "code", "kind"), MEANINGS)
def test_a_fault_means_what_its_code_says_in_each_spelling(
    vendor: Any, quickbooks: QuickBooks, spelling: Any, status: int, code: str, kind: type[SourceError]
) -> None:
    assert type(failure(vendor, quickbooks, status, **spelling(code))) is kind


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("AuthenticationFault", Unauthorized),
        ("AUTHENTICATION", Unauthorized),
        ("AuthorizatonFault", Forbidden),
        ("AuthorizationFault", Forbidden),
        ("ValidationFault", Faulted),
        ("SystemFault", Unavailable),
        ("SERVICE", Unavailable),
        ("Novelty", Unexplained),
    ],
)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_fault_in_a_success_is_found_and_told_by_its_type(
    vendor: Any, quickbooks: QuickBooks, spelling: Any, kind: str, error: type[SourceError]
) -> None:
    assert type(failure(vendor, quickbooks, 200, **spelling("7777", kind=kind))) is error


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_throttling_in_a_success_is_throttling(vendor: Any, quickbooks: QuickBooks, spelling: Any) -> None:
    assert isinstance(failure(vendor, quickbooks, 200, **spelling("3001")), RateLimited)


def test_throttling_waits_a_minute_where_no_wait_is_named(vendor: Any, quickbooks: QuickBooks) -> None:
    wait = failure(vendor, quickbooks, 429, **in_api("3001")).retry_after
    assert wait is not None and 60.0 <= wait <= 65.0


def test_a_wait_that_is_named_is_obeyed(vendor: Any, quickbooks: QuickBooks) -> None:
    assert failure(vendor, quickbooks, 403, headers={"Retry-After": "7"}, **in_gateway("3001")).retry_after == 7.0


@pytest.mark.parametrize(
    "text",
    [
        "monthly CorePlus API call limit",
        "Monthly quota exceeded",
        "the allowance of this month is used up",
        "API quota exceeded",
        "the quota of this month, 10 reads a second at most, is used up",
    ],
)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_monthly_meter_is_told_from_throttling(
    vendor: Any, quickbooks: QuickBooks, spelling: Any, text: str
) -> None:
    error = failure(vendor, quickbooks, 429, **spelling("3001", text))
    assert type(error) is Exhausted and "monthly quota" in str(error)


@pytest.mark.parametrize(
    "text",
    ["ThrottleExceeded", "500 requests per minute", "invalid parameter", "your quota of 500 in a minute is used up"],
)
def test_other_throttling_is_no_monthly_meter(vendor: Any, quickbooks: QuickBooks, text: str) -> None:
    assert type(failure(vendor, quickbooks, 429, **in_api("3001", text))) is RateLimited


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, Unavailable),
        (502, Unavailable),
        (503, Unavailable),
        (504, TimedOut),
        (429, RateLimited),
        (401, Unauthorized),
        (400, Rejected),
        (200, BadPayload),
    ],
)
@pytest.mark.parametrize("body", ["<html><body>trouble</body></html>", "", '{"Fault":'])
def test_a_page_that_is_no_fault_is_told_by_its_status(
    vendor: Any, quickbooks: QuickBooks, status: int, kind: type[SourceError], body: str
) -> None:
    assert isinstance(failure(vendor, quickbooks, status, body=body, content_type="text/html"), kind)


def test_an_error_says_which_request_it_was_for_the_support(vendor: Any, quickbooks: QuickBooks) -> None:
    assert "(request 1-abc)" in str(failure(vendor, quickbooks, 400, headers={"intuit_tid": "1-abc"}, **in_api("4000")))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("3100", "check realm_id"),
        ("130", "environment"),
        ("120", "administrator"),
        ("6190", "subscription"),
        ("3201", "revoked"),
    ],
)
def test_what_a_person_has_to_mend_is_said(vendor: Any, quickbooks: QuickBooks, code: str, words: str) -> None:
    said = str(failure(vendor, quickbooks, 403, **in_api(code)))
    assert words in said and "authorise again" in said


@pytest.mark.parametrize(
    "body",
    [
        {"Fault": {}},
        {"Fault": {"Error": []}},
        {"Fault": {"Error": {"code": 7}}},
        {"fault": {"error": "x"}},
        {"Fault": {"Error": [None]}},
        {"Fault": {"Error": [{"Message": None, "code": None}]}},
    ],
)
def test_a_fault_of_another_shape_is_an_error_too(vendor: Any, quickbooks: QuickBooks, body: Any) -> None:
    assert isinstance(failure(vendor, quickbooks, 200, json={**body, "QueryResponse": {}}), SourceError)


# Tokens.


def tokens(vendor: responses.RequestsMock, **answer: Any) -> Tokens:
    clock = VirtualClock()
    url = "https://oauth.test/oauth2/v1/tokens/bearer"
    vendor.post(url, **answer)
    http = Http(
        url,
        headers={"Authorization": "Basic eA=="},
        interpret=api.refusal,
        retry=Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker()),
    )
    return Tokens(
        {},
        refresh_token="RT1+a/b=",
        client_secret="secret",
        exchange=lambda token: api.exchange(http, url, token),
        lifetime=api.lifetime,
        clock=clock,
        desk=Desk(clock),
        secrets=Secrets(),
    )


def test_a_refresh_is_a_form_that_is_encoded_and_authorised_by_the_app(vendor: Any) -> None:
    ours = tokens(
        vendor,
        json={
            "token_type": "bearer",
            "access_token": "eyJ",
            "expires_in": 3600,
            "refresh_token": "RT2",
            "novelty": 1,
            "x_refresh_token_expires_in": 8726400,
        },
    )
    assert ours.access() == "eyJ" and ours.rotated == "RT2"
    request = vendor.calls[0].request
    assert parse_qs(request.body) == {"grant_type": ["refresh_token"], "refresh_token": ["RT1+a/b="]}
    assert request.url == "https://oauth.test/oauth2/v1/tokens/bearer"
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"x"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, {"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"}, "Authorise again"),
        (400, {"error": "invalid_grant"}, "Authorise again"),
        (401, {"error": "invalid_client"}, "copy both"),
        (200, {"error": "invalid_grant"}, "Authorise again"),
        (400, {"error": "invalid_grant"}, "100 days without a sync, or five years after"),
        (401, {"error": "invalid_client"}, "after a new client_secret authorise again too"),
    ],
)
def test_a_refusal_is_final_and_says_what_to_do(vendor: Any, status: int, body: dict[str, str], words: str) -> None:
    ours = tokens(vendor, status=status, json=body)
    with pytest.raises(Unauthorized, match=words):
        ours.access()
    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"x_refresh_token_expires_in": 8_726_400}, 8_726_400),
        ({"x_refresh_token_expires_in": 8_726_400, "x_refresh_token_hard_expires_in": 86_400}, 86_400),
        ({"x_refresh_token_expires_in": 3_600, "x_refresh_token_hard_expires_in": 86_400}, 3_600),
        ({"x_refresh_token_expires_in": "soon"}, None),
        ({}, None),
    ],
)
def test_a_refresh_token_ends_when_the_nearer_of_its_two_limits_is_reached(
    vendor: Any, answer: dict[str, Any], seconds: float | None
) -> None:
    ours = tokens(vendor, json={"access_token": "eyJ", "expires_in": 3600, **answer})
    assert ours.ends_at is None
    began = ours._clock.now()
    ours.access()
    assert ours.ends_at == (None if seconds is None else began + seconds)


def test_the_page_of_a_firewall_is_trouble_of_the_token_endpoint(vendor: Any) -> None:
    ours = tokens(vendor, status=400, body="<html>Request blocked</html>", content_type="text/html")
    with pytest.raises(Unavailable):
        ours.access()
    assert len(vendor.calls) > 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_trouble_of_the_token_endpoint_is_tried_again(vendor: Any, status: int) -> None:
    ours = tokens(vendor, status=status, json={})
    with pytest.raises((Unavailable, RateLimited)):
        ours.access()
    assert len(vendor.calls) > 2
