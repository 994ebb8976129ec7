"""What QuickBooks refuses to write, code 6000: currencies that do not agree, and entries that do not balance.

| rule | where |
| --- | --- |
| a transaction has the currency of its customer or vendor | every transaction |
| an account has the currency of the transaction, or the home currency | every account that it names |
| a receivable or payable account has the currency of the transaction | every account that it names |
| what a payment settles has the currency of the payment | Payment, BillPayment |
| debits equal credits | JournalEntry |
| a receivable account is posted to for a customer, a payable one for a vendor, of the same currency | JournalEntry |
| foreign receivables and payables meet no account of the balance sheet in the home currency | JournalEntry |
| income, expense and equity are kept in the home currency | Account |
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sandbox.quickbooks.ledger import ZERO, currency_of
from sandbox.quickbooks.store import Fields, Record, Store

PARTIES = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}
"""By type of account: whose it is."""
BALANCE_SHEET = ("Asset", "Liability")
WITHOUT_CURRENCY = ("TimeActivity", "Budget")
"""They have a date or name accounts, but no amounts in a currency."""


class Refused(ValueError):
    """The business validation error; the message says what is wrong."""

    code = "6000"


def check(store: Store, entity: str, fields: Fields) -> None:
    """Raises `Refused` unless QuickBooks would write a record with these fields."""
    if entity == "Account":
        if fields["Classification"] not in BALANCE_SHEET and currency_of(store, fields) != store.home_currency:
            raise Refused("Accounts of income, expense and equity are kept in the home currency.")
    elif "TxnDate" in fields and entity not in WITHOUT_CURRENCY:
        _transaction(store, entity, fields)


def _transaction(store: Store, entity: str, fields: Fields) -> None:
    currency = currency_of(store, fields)
    for party in _parties(store, fields):
        if currency_of(store, party.fields) != currency:
            raise Refused(f"The transaction must be in the currency of the {party.entity.lower()}.")
    for account in _accounts(store, fields):
        allowed = (currency,) if account["AccountType"] in PARTIES else (currency, store.home_currency)
        if currency_of(store, account) not in allowed:
            raise Refused("The currency of the account must be either in home currency or the transaction currency.")
    if entity in ("Payment", "BillPayment"):
        for link in (link for line in fields["Line"] for link in line["LinkedTxn"]):
            if currency_of(store, store.kinds[link["TxnType"]][link["TxnId"]].fields) != currency:
                raise Refused("A payment must be in the currency of what it settles.")
    if entity == "JournalEntry":
        _journal(store, currency, fields["Line"])


def _journal(store: Store, currency: str, lines: list[Fields]) -> None:
    details = [line["JournalEntryLineDetail"] for line in lines]
    signs = [1 if detail["PostingType"] == "Debit" else -1 for detail in details]
    if sum((sign * Decimal(line["Amount"]) for sign, line in zip(signs, lines, strict=True)), ZERO):
        raise Refused("Debits must equal credits.")
    accounts = [store.kinds["Account"][detail["AccountRef"]["value"]].fields for detail in details]
    for detail, account in zip(details, accounts, strict=True):
        kind, entity = PARTIES.get(account["AccountType"]), detail.get("Entity", {})
        if kind is None:
            continue
        if entity.get("Type") != kind:
            raise Refused(f"When you use {account['AccountType']}, you must choose a {kind.lower()} in the Name field.")
        if currency_of(store, store.kinds[kind][entity["EntityRef"]["value"]].fields) != currency:
            raise Refused(f"The transaction must be in the currency of the {kind.lower()}.")
        at_home = (one for one in accounts if currency_of(store, one) == store.home_currency)
        if currency != store.home_currency and any(one["Classification"] in BALANCE_SHEET for one in at_home):
            raise Refused("Only home currency A/R and A/P accounts go with home currency balance sheet accounts.")


def _parties(store: Store, fields: Fields) -> Iterator[Record]:
    """The customer or vendor of a transaction. What has no currency, such as an employee, may be paid in any."""
    for entity, name in (("Customer", "CustomerRef"), ("Vendor", "VendorRef"), ("", "EntityRef")):
        reference = fields.get(name)
        party = store.get(entity or reference["type"], reference["value"]) if reference else None
        if party is not None and "CurrencyRef" in party.fields:
            yield party


def _accounts(store: Store, value: Any) -> Iterator[Fields]:
    """Every account that a transaction names, at any depth."""
    if isinstance(value, list):
        for one in value:
            yield from _accounts(store, one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("AccountRef"):
                yield store.kinds["Account"][inner["value"]].fields
            else:
                yield from _accounts(store, inner)
