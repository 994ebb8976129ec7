"""Objects as Intuit sends them. quickbooks.md 3.4 and 4."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.quickbooks import times
from sandbox.quickbooks.entities import WITHOUT_ID
from sandbox.quickbooks.store import Fields, Record

Payload = dict[str, Any]


class Payloads:
    """`balance` tells an account's balance, which no object keeps; `new_field` is a key to add to everything."""

    def __init__(self, balance: Callable[[str], Decimal], new_field: str | None = None) -> None:
        self.balance = balance
        self.new_field = new_field

    def of(self, record: Record) -> Payload:
        """An object, or the stub of one that was deleted."""
        updated = times.stamp(record.updated, record.number)
        if record.deleted:
            meta: Payload = {"LastUpdatedTime": updated}
            return {"domain": "QBO", "status": "Deleted", "Id": record.id, "MetaData": meta}
        meta = {"CreateTime": times.stamp(record.created, record.number), "LastUpdatedTime": updated}
        head: Payload = {"domain": "QBO", "sparse": False}
        if record.entity not in WITHOUT_ID:
            head |= {"Id": record.id, "SyncToken": str(record.token)}
        payload = {**record.fields, **head, "MetaData": meta}
        if record.entity == "Account":
            payload["CurrentBalance"] = payload["CurrentBalanceWithSubAccounts"] = self.balance(record.id)
        if self.new_field:
            payload[self.new_field] = "new"
        if record.entity == "RecurringTransaction":
            return wrapped(payload)
        return payload


def wrapped(payload: Fields) -> Payload:
    """A template stands in an object named as what it makes."""
    kind = payload["makes"]
    return {kind: {name: value for name, value in payload.items() if name != "makes"}}
