"""The query language: what it accepts, what it refuses and how, and what a page is. quickbooks.md 3."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.quickbooks.entities import ENTITIES
from sandbox.quickbooks.grammar import Condition, Statement, Unparsable, parse
from tests.sandbox.quickbooks.conftest import ACTIVE


def test_a_whole_statement_is_understood() -> None:
    text = (
        "SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '2026-01-31T08:15:00-08:00' AND Id IN ('1', '2') "
        "ORDERBY MetaData.LastUpdatedTime DESC STARTPOSITION 11 MAXRESULTS 1000"
    )
    assert parse(text) == Statement(
        "Invoice",
        False,
        True,
        (),
        (
            Condition("MetaData.LastUpdatedTime", ">=", ("2026-01-31T08:15:00-08:00",)),
            Condition("Id", "IN", ("1", "2")),
        ),
        "MetaData.LastUpdatedTime",
        True,
        11,
        1_000,
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [(r"'O\'Halloran'", "O'Halloran"), (r"'C:\\temp'", "C:\\temp"), (r"'\\\''", "\\'"), ("' '", " "), ("''", "")],
)
def test_quotes_and_backslashes_are_escaped_by_a_backslash(text: str, meant: str) -> None:
    assert parse(f"select * from Customer where DisplayName = {text}").conditions[0].values == (meant,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM Customer",
        "select * from customer",
        "SELECT COUNT(*) FROM Customer",
        "select count ( * ) from Customer",
        "SELECT *, Sku FROM Item",
        "SELECT * FROM Customer ORDERBY Id",
        "SELECT * FROM Customer ORDER BY DisplayName ASC",
        "SELECT * FROM Customer WHERE Active = true",
        "SELECT * FROM Customer WHERE active in (TRUE,False)",
        "SELECT * FROM Customer WHERE DisplayName LIKE 'A%'",
        "SELECT * FROM Customer WHERE Id='1'",
        "SELECT * FROM Invoice WHERE TxnDate>='2026-01-31' AND TotalAmt > '100.0' AND CustomerRef = '1'",
        "SELECT * FROM Customer STARTPOSITION 1",
        "SELECT * FROM Customer MAXRESULTS 1000",
        "SELECT * FROM Customer WHERE MetaData.CreateTime < '2030-01-01T00:00:00Z'",
        "SELECT * FROM TaxAgency",
        "SELECT * FROM Preferences",
        "SELECT * FROM CreditCardPayment",
        "  SELECT\n*\nFROM Customer  ",
    ],
)
def test_this_is_accepted(quiet: Any, statement: str) -> None:
    assert quiet.asked(statement).status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "SELECT",
        "SELECT * FROM",
        "SELECT Id FROM Customer",
        "SELECT * Customer",
        "SELECT ALL FROM Customer",
        "SELECT * FROM Customer WHERE Id = '1' OR Id = '2'",
        "SELECT * FROM Customer WHERE NOT Active = true",
        "SELECT * FROM Customer WHERE Id != '1'",
        "SELECT * FROM Customer WHERE Id <> '1'",
        "SELECT * FROM Customer WHERE Id = 1",
        'SELECT * FROM Customer WHERE DisplayName = "A"',
        "SELECT * FROM Customer WHERE DisplayName = 'A",
        "SELECT * FROM Customer WHERE DisplayName = 'A\\'",
        "SELECT * FROM Customer WHERE DisplayName = 'O\u2019Hara'",
        "SELECT * FROM Customer WHERE DisplayName = 'A \u2013 B'",
        "SELECT * FROM Customer WHERE DisplayName = 'O'Hara'",
        "SELECT * FROM Customer WHERE DisplayName = 'A\\B'",
        "SELECT * FROM Customer WHERE Id IN '1'",
        "SELECT * FROM Customer WHERE Id IN ()",
        "SELECT * FROM Customer;",
        "SELECT * FROM Customer WHERE",
        "SELECT * FROM Customer MAXRESULTS '10'",
        "SELECT * FROM Customer WHERE Active IN (true false)",
        "SELECT * FROM Customer GROUP BY Id",
        "SELECT * FROM Customer, Vendor",
        "SELECT * FROM Customer MAXRESULTS 10 STARTPOSITION 1",
        "SELECT * FROM Customer MAXRESULTS -1",
        "SELECT * FROM Customer LIMIT 10",
        "SELECT * FROM Customer ORDERBY",
        "DELETE FROM Customer",
        "SELECT * FROM Customer STARTPOSITION 1 ORDERBY Id",
        "SELECT COUNT(Id) FROM Customer",
    ],
)
def test_this_cannot_be_parsed(quiet: Any, statement: str) -> None:
    assert quiet.code(statement) == "4000"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM Client",
        "SELECT * FROM Customer MAXRESULTS 1001",
        "SELECT * FROM Customer MAXRESULTS 0",
        "SELECT * FROM Customer STARTPOSITION 0",
        "SELECT * FROM Customer WHERE Notes = 'x'",
        "SELECT * FROM Invoice WHERE PrivateNote LIKE '%'",
        "SELECT * FROM Invoice WHERE Active = true",
        "SELECT * FROM TimeActivity WHERE Active IN (true, false)",
        "SELECT * FROM TaxAgency WHERE Active = true",
        "SELECT * FROM CompanyInfo WHERE Active = true",
        "SELECT * FROM Preferences WHERE Active = true",
        "SELECT * FROM Attachable WHERE Active = true",
        "SELECT * FROM ExchangeRate WHERE Active = true",
        "SELECT * FROM Customer WHERE Id > '1'",
        "SELECT * FROM Customer WHERE Id LIKE '1%'",
        "SELECT * FROM Customer WHERE Active = 'true'",
        "SELECT * FROM Customer WHERE Active > true",
        "SELECT * FROM Customer WHERE MetaData.LastUpdatedTime >= 'yesterday'",
        "SELECT * FROM Customer WHERE MetaData.LastUpdatedTime >= '2026-01-31T08:15:00 02:00'",
        "SELECT * FROM Invoice WHERE TxnDate >= '31.1.2026'",
        "SELECT * FROM Invoice WHERE TotalAmt > 'much'",
        "SELECT * FROM Invoice WHERE TxnDate LIKE '2026%'",
        "SELECT * FROM Customer ORDERBY Notes",
        "SELECT * FROM Transfer WHERE DocNumber = '1'",
        "SELECT * FROM Invoice WHERE Line.Amount > '1'",
    ],
)
def test_this_can_be_parsed_but_not_asked_for(quiet: Any, statement: str) -> None:
    assert quiet.code(statement) == "4001"


def test_more_than_a_thousand_says_so(quickbooks: Any) -> None:
    detail = quickbooks.asked("SELECT * FROM Invoice MAXRESULTS 1001").json()["Fault"]["Error"][0]["Detail"]
    assert "value 1001 is too large. Max allowed value is 1000" in detail


def test_a_raw_plus_of_an_offset_becomes_a_blank(quickbooks: Any) -> None:
    statement = "SELECT%20*%20FROM%20Term%20WHERE%20MetaData.LastUpdatedTime>='2020-01-01T00:00:00{}02:00'"
    assert quickbooks.ask(f"query?query={statement.format('%2B')}").status_code == 200
    assert quickbooks.ask(f"query?query={statement.format('+')}").status_code == 400


def test_a_page_has_a_hundred_rows_unless_more_are_asked_for(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=150)
    assert len(quickbooks.rows("SELECT * FROM Invoice")) == 100
    page = quickbooks.query("SELECT * FROM Invoice STARTPOSITION 101 MAXRESULTS 1000")
    assert page["startPosition"] == 101 and page["maxResults"] == len(page["Invoice"]) > 50


def test_past_the_end_there_is_no_key_at_all(quickbooks: Any) -> None:
    assert quickbooks.query("SELECT * FROM Invoice STARTPOSITION 5001") == {}


def test_a_count_counts_what_the_statement_matches(quickbooks: Any) -> None:
    names = ("SELECT COUNT(*) FROM Customer", "SELECT COUNT(*) FROM Customer WHERE Active IN (true, false)")
    active, whole = (quickbooks.query(name)["totalCount"] for name in names)
    assert quickbooks.query(names[0]) == {"totalCount": active}
    assert whole == len(quickbooks.vendor.store.kinds["Customer"]) == active + 1


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_entity_can_be_listed_in_full(quiet: Any, entity: str) -> None:
    found = list(quiet.all(entity, size=7))
    assert len(found) == len(quiet.vendor.store.kinds[entity])
    assert ENTITIES[entity].active == (entity in ACTIVE)


@pytest.mark.parametrize("entity", sorted(ACTIVE))
def test_a_list_shows_only_what_is_active_unless_asked(quickbooks: Any, entity: str) -> None:
    record = next(iter(quickbooks.vendor.store.all(entity)))
    quickbooks.vendor.books.edit(record, Active=False)
    assert record.id not in {row["Id"] for row in quickbooks.rows(f"SELECT * FROM {entity} MAXRESULTS 1000")}
    assert {row["Id"] for row in quickbooks.rows(f"SELECT * FROM {entity} WHERE Active = false")} >= {record.id}
    assert record.id in {row["Id"] for row in quickbooks.all(entity)}


def test_card_payments_answer_under_another_name(quickbooks: Any) -> None:
    assert list(quickbooks.query("SELECT * FROM CreditCardPayment"))[0] == "CreditCardPaymentTxn"
    assert quickbooks.code("SELECT * FROM CreditCardPaymentTxn") == "4001"


def test_every_day_has_an_exchange_rate_until_today(quickbooks: Any) -> None:
    for _ in range(3):
        day = datetime.fromtimestamp(quickbooks.clock.time, timezone.utc)
        for asked in (day, day - timedelta(days=1)):
            where = f"SourceCurrencyCode IN ('EUR') AND AsOfDate = '{asked:%Y-%m-%d}'"
            [rate] = quickbooks.rows(f"SELECT * FROM ExchangeRate WHERE {where}")
            assert 0.8 < rate["Rate"] < 1.6 and rate["TargetCurrencyCode"] == "USD" and "Id" not in rate
        quickbooks.clock.time += 86_400
        quickbooks.renew()


def test_templates_stand_in_an_object_named_as_what_they_make(quickbooks: Any) -> None:
    found = quickbooks.rows("SELECT * FROM RecurringTransaction")
    assert {name for row in found for name in row} <= {"Invoice", "Purchase"}
    assert all("RecurringInfo" in next(iter(row.values())) for row in found)


def test_a_statement_may_be_posted_as_text(quickbooks: Any) -> None:
    sent = {"method": "POST", "data": "SELECT * FROM Term", "headers": {"Content-Type": "application/text"}}
    assert len(quickbooks.ask("query", **sent).json()["QueryResponse"]["Term"]) == 4
    assert quickbooks.vendor.requests[-1].path.endswith("/query?query=SELECT * FROM Term")
    sent["headers"] = {"Content-Type": "application/json"}
    assert quickbooks.ask("query", **sent).status_code == 400


def test_bounds_of_time_are_inclusive_and_compare_instants_not_text(quickbooks: Any) -> None:
    rows = list(quickbooks.all("Invoice"))
    moment = rows[len(rows) // 2]["MetaData"]["LastUpdatedTime"]
    inside = quickbooks.rows(f"SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '{moment}' MAXRESULTS 1000")
    after = quickbooks.rows(f"SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime > '{moment}' MAXRESULTS 1000")
    exact = quickbooks.rows(f"SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime = '{moment}' MAXRESULTS 1000")
    times = {row["Id"]: datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]) for row in rows}
    limit = datetime.fromisoformat(moment)
    assert {row["Id"] for row in inside} == {id for id, time in times.items() if time >= limit}
    assert {row["Id"] for row in after} == {id for id, time in times.items() if time > limit}
    assert {row["Id"] for row in exact} == {id for id, time in times.items() if time == limit} != set()


def test_rows_come_in_the_order_that_was_asked_for_and_otherwise_in_none(quickbooks: Any) -> None:
    times = [datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]) for row in quickbooks.all("Invoice")]
    assert times == sorted(times)
    down = quickbooks.rows("SELECT * FROM Invoice ORDERBY TotalAmt DESC MAXRESULTS 1000")
    amounts = [row["TotalAmt"] for row in down]
    assert amounts == sorted(amounts, reverse=True)
    ids = [int(row["Id"]) for row in quickbooks.rows("SELECT * FROM Invoice MAXRESULTS 1000")]
    assert ids != sorted(ids) and ids != sorted(ids, reverse=True)
    assert ids == [int(row["Id"]) for row in quickbooks.rows("SELECT * FROM Invoice MAXRESULTS 1000")]


def test_many_records_share_one_second(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=300)
    ids = quickbooks.vendor.edit_at_once("Invoice", 200, Random(1))
    newest = list(quickbooks.all("Invoice", size=50))[-200:]
    assert {row["Id"] for row in newest} == set(ids)
    assert len({row["MetaData"]["LastUpdatedTime"].rstrip("Z")[:16] for row in newest}) <= 2


def test_ties_can_be_made_to_come_in_another_order_each_time(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=100, unstable_ties=True)
    quickbooks.vendor.edit_at_once("Invoice", 60, Random(1))
    statement = "SELECT * FROM Invoice ORDERBY MetaData.LastUpdatedTime MAXRESULTS 1000"
    one, other = ([row["Id"] for row in quickbooks.rows(statement)] for _ in range(2))
    assert one != other and sorted(one) == sorted(other)


def test_a_row_that_is_edited_while_it_is_paged_makes_the_next_one_be_missed(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=60)
    page = "SELECT * FROM Invoice ORDERBY MetaData.LastUpdatedTime STARTPOSITION {} MAXRESULTS 20"
    whole = [row["Id"] for row in quickbooks.all("Invoice")]
    first = quickbooks.rows(page.format(1))
    quickbooks.vendor.store.edit(quickbooks.vendor.store.get("Invoice", first[3]["Id"]), {"PrivateNote": "moved"})
    second = quickbooks.rows(page.format(21))
    assert whole[20] not in {row["Id"] for row in first + second}


def test_a_page_may_bring_one_row_more_than_asked(make: Callable[..., Any]) -> None:
    assert len(make(invoices=150, over_delivery=True).rows("SELECT * FROM Invoice")) == 101


def test_one_bad_row_spoils_every_page_that_holds_it(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=30)
    ids = [row["Id"] for row in quickbooks.all("Invoice")]
    quickbooks.vendor.options.poisoned["Invoice"] = {ids[5]}
    page = "SELECT * FROM Invoice ORDERBY MetaData.LastUpdatedTime STARTPOSITION {} MAXRESULTS {}"
    answer = quickbooks.asked(page.format(1, 10))
    assert answer.status_code == 500 and answer.json()["Fault"]["Error"][0]["code"] == "10000"
    assert quickbooks.asked(page.format(6, 1)).status_code == 500
    assert [row["Id"] for row in quickbooks.rows(page.format(1, 5)) + quickbooks.rows(page.format(7, 5))] == [
        *ids[:5],
        *ids[6:11],
    ]


def test_a_page_with_too_many_lines_is_not_answered_in_time(make: Callable[..., Any]) -> None:
    quickbooks = make(invoices=40, invoice_lines=500, slow_lines=520)
    before = quickbooks.clock.time
    assert quickbooks.asked("SELECT * FROM Invoice MAXRESULTS 1000").status_code == 504
    assert quickbooks.clock.time - before >= 120
    assert len(list(quickbooks.all("Invoice", size=5))) == len(quickbooks.vendor.store.kinds["Invoice"])


@given(st.text("SELECT*FROMidtxn '\\(),=<>%1a\u2019-", max_size=60))
def test_the_parser_refuses_or_understands_whatever_it_is_given(text: str) -> None:
    try:
        assert parse(text).entity
    except Unparsable as error:
        assert str(error)
