"""What the demo shows is what a company might have: clients whose stories agree wherever they are told."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from sandbox.basecamp import Basecamp
from sandbox.company import Client, Company
from sandbox.copper import Copper
from sandbox.pandadoc import PandaDoc
from sandbox.quickbooks import QuickBooks
from sandbox.vendor import SimulatedVendor

NOW = 1_790_000_000.0
VENDORS: dict[str, type[SimulatedVendor]] = {
    "quickbooks": QuickBooks,
    "copper": Copper,
    "basecamp": Basecamp,
    "pandadoc": PandaDoc,
}
PLAUSIBLE = 100_000
"""In any currency; what a firm of this size is offered and billed at the most."""
AMOUNTS = {
    "quickbooks": ("invoice.total_amount", "estimate.total_amount", "payment.total_amount"),
    "copper": ("opportunity.monetary_value", "lead.monetary_value"),
    "pandadoc": ("document.grand_total_amount", "document_pricing_table_item.subtotal", "document_quote_item.total"),
}
Tables = dict[str, list[dict[str, Any]]]


def landed(company: Company) -> dict[str, Tables]:
    """What each system would land of the company."""
    return {name: vendor(company, now=lambda: NOW).truth() for name, vendor in VENDORS.items()}


@pytest.fixture(scope="module", params=[(1, 0.05), (2, 0.02), (3, 0.2)], ids=str)
def company(request: pytest.FixtureRequest) -> Company:
    return Company(*request.param)


@pytest.fixture(scope="module")
def world(company: Company) -> dict[str, Tables]:
    return landed(company)


@pytest.fixture(scope="module")
def buyers(company: Company) -> list[Client]:
    """The clients whose deal was won."""
    return [client for client in company.clients if client.deal.status == "Won"]


def firm(name: str) -> str:
    return name.lower().replace(",", "").removesuffix(" inc.").removesuffix(" inc").replace(" ", "")


def deal_of(world: dict[str, Tables], client: Client) -> dict[str, Any]:
    [company] = [row["id"] for row in world["copper"]["company"] if row["name"] == client.name]
    deals = [row for row in world["copper"]["opportunity"] if row["company_id"] == company]
    [found] = [row for row in deals if row["name"] == client.deal.title and row["leads_converted_from"]]
    return found


def document_of(world: dict[str, Tables], client: Client) -> dict[str, Any]:
    name = f"{client.deal.title}: proposal for {client.known_as('pandadoc')}"
    [found] = [row for row in world["pandadoc"]["document"] if row["name"] == name]
    return found


def invoices_of(world: dict[str, Tables], client: Client) -> list[dict[str, Any]]:
    [customer] = [
        row["id"] for row in world["quickbooks"]["customer"] if row["display_name"] == client.known_as("quickbooks")
    ]
    invoices = [row for row in world["quickbooks"]["invoice"] if row["customer_id"] == customer]
    return [row for row in invoices if row["customer_memo"] == client.deal.title]


def test_a_third_of_the_firms_are_known_in_three_systems_or_more_and_others_in_one_or_two(
    world: dict[str, Tables],
) -> None:
    systems: defaultdict[str, set[str]] = defaultdict(set)
    names = {
        "quickbooks": [row["company_name"] or row["display_name"] for row in world["quickbooks"]["customer"]],
        "copper": [row["name"] for row in world["copper"]["company"]],
        "basecamp": [row["company_name"] for row in world["basecamp"]["person"] if row["client"]],
        "pandadoc": [row["company"] for row in world["pandadoc"]["contact"]],
    }
    jobs = {row["display_name"] for row in world["quickbooks"]["customer"] if row["parent_customer_id"]}
    for system, found in names.items():
        for name in found:
            if name and name not in jobs:
                systems[firm(name)].add(system)
    counts = [len(known) for known in systems.values()]
    assert set(counts) == {1, 2, 3, 4}
    assert sum(count > 2 for count in counts) >= len(counts) / 3


def test_the_amounts_of_a_deal_are_the_same_wherever_it_is_told(world: dict[str, Tables], buyers: list[Client]) -> None:
    assert buyers
    for client in buyers:
        deal, document, invoices = deal_of(world, client), document_of(world, client), invoices_of(world, client)
        assert (deal["status"], document["status"]) == ("Won", "document.completed")
        assert deal["monetary_unit"] == document["grand_total_currency"] == client.deal.currency
        assert {row["currency_id"] for row in invoices} == {client.deal.currency}
        assert Decimal(document["grand_total_amount"]) == Decimal(deal["monetary_value"]) == client.deal.amount
        assert sum(Decimal(row["total_amount"]) for row in invoices) == client.deal.amount
        assert client.deal.amount in {Decimal(row["total_amount"]) for row in world["quickbooks"]["estimate"]}


def test_a_deal_takes_its_course_in_order(world: dict[str, Tables], buyers: list[Client]) -> None:
    projects = {row["name"]: row for row in world["basecamp"]["project"]}
    shown = 0
    for client in buyers:
        deal, document, invoices = deal_of(world, client), document_of(world, client), invoices_of(world, client)
        moments = [
            deal["date_lead_created"],
            deal["date_created"],
            document["date_created"],
            document["date_completed"],
        ]
        project = projects.get(f"{client.deal.title} for {client.name}")
        if project is not None:
            shown += 1
            assert project["client_company_name"] == client.known_as("basecamp")
            assert [one for one in world["basecamp"]["todo"] if one["bucket_id"] == project["id"]]
            moments.append(project["created_at"])
        days = [str(moment)[:10] for moment in moments]
        assert days == sorted(days)
        assert days[3] <= min(row["transaction_date"] for row in invoices)
    assert shown >= 3


def test_nobody_is_offered_or_billed_more_than_a_firm_of_this_size_can_be(world: dict[str, Tables]) -> None:
    for system, columns in AMOUNTS.items():
        for table, _, column in (name.partition(".") for name in columns):
            amounts = [abs(Decimal(row[column])) for row in world[system][table] if row[column] not in (None, "")]
            assert amounts and max(amounts) <= PLAUSIBLE, f"{table}.{column}"


def test_a_document_is_addressed_to_the_firm_that_it_names(world: dict[str, Tables]) -> None:
    firms = {row["id"]: row["company"] for row in world["pandadoc"]["contact"]}
    names = {row["id"]: row["name"] for row in world["pandadoc"]["document"]}
    for row in world["pandadoc"]["document_recipient"]:
        company = firms.get(row["contact_id"])
        assert not company or firm(names[row["document_id"]].partition(" for ")[2]) == firm(company)


def test_the_firm_of_a_deal_is_the_firm_of_its_contact(world: dict[str, Tables]) -> None:
    people = {row["id"]: row["company_id"] for row in world["copper"]["person"]}
    for row in world["copper"]["opportunity"]:
        assert row["company_id"] in (None, people.get(row["primary_contact_id"])), row["id"]


def test_what_nobody_would_write_is_there_for_who_asks_for_it_alone() -> None:
    assert not Company().hostile
    lines = {
        hostile: PandaDoc(Company(1, 0.2, hostile), now=lambda: NOW).truth()["document_pricing_table_item"]
        for hostile in (False, True)
    }
    assert all(Decimal(row["qty"]) % 1 == 0 for row in lines[False])
    assert any(Decimal(row["qty"]) % 1 for row in lines[True])
    assert max(Decimal(row["subtotal"]) for row in lines[True]) > 10**16
