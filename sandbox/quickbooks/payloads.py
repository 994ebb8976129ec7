"""Objects as Intuit sends them. quickbooks.md 3.4 and 4."""

from typing import Any

from sandbox.quickbooks import times
from sandbox.quickbooks.entities import WITHOUT_ID
from sandbox.quickbooks.ledger import Ledger
from sandbox.quickbooks.store import DELETED, Fields, Record

Payload = dict[str, Any]


class Payloads:
    """`ledger` knows the balances of accounts, which no object keeps; `new_field` is a key to add to everything."""

    def __init__(self, ledger: Ledger, new_field: str | None = None) -> None:
        self.ledger = ledger
        self.new_field = new_field

    def of(self, record: Record) -> Payload:
        """An object, or the stub of one that was deleted."""
        updated = times.stamp(record.updated, record.number)
        if record.status == DELETED:
            meta: Payload = {"LastUpdatedTime": updated}
            return {"domain": "QBO", "status": "Deleted", "Id": record.id, "MetaData": meta}
        meta = {"CreateTime": times.stamp(record.created, record.number), "LastUpdatedTime": updated}
        head: Payload = {"domain": "QBO", "sparse": False}
        if record.entity not in WITHOUT_ID:
            head |= {"Id": record.id, "SyncToken": str(record.token)}
        payload = {**record.fields, **head, "MetaData": meta}
        if record.entity == "Account":
            payload["CurrentBalance"] = self.ledger.balance(record.id)
            payload["CurrentBalanceWithSubAccounts"] = self.ledger.with_subaccounts(record.id)
        if self.new_field:
            payload[self.new_field] = "new"
        if record.entity == "RecurringTransaction":
            return wrapped(payload)
        return payload


def wrapped(payload: Fields) -> Payload:
    """A template stands in an object named as what it makes."""
    kind = payload["makes"]
    return {kind: {name: value for name, value in payload.items() if name != "makes"}}
