"""What the people who work in the base do there: fields, records and notes of their own."""

from random import Random
from typing import Any

from sandbox.airtable.store import Store
from sandbox.airtable.tables import Field, Table

NOTES = "Called back|Waiting for an answer|Ask again in spring|Prefers e-mail|Done|Check the address".split("|")
OWN_FIELDS = {"Notes of the team": "multilineText", "Priority": "number", "Followed up": "checkbox"}
OPTIONS: dict[str, dict[str, Any]] = {"number": {"precision": 0}, "checkbox": {"icon": "check", "color": "greenBright"}}


class Operators:
    """They never touch a field that they did not make."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.records: set[str] = set()
        """Ids of the records that they made."""

    def one(self, random: Random) -> str:
        """One change; its name. Nothing happens in a base without tables."""
        tables = list(self._store.tables.values())
        if not tables:
            return "nothing"
        table = random.choice(tables)
        own = [field for field in table.fields.values() if field.name in OWN_FIELDS]
        if len(own) < len(OWN_FIELDS) and (not own or random.random() < 0.2):
            name = next(name for name in OWN_FIELDS if name not in [field.name for field in own])
            self._store.add_field(table, name, OWN_FIELDS[name], OPTIONS.get(OWN_FIELDS[name]))
            return "add a field"
        field = random.choice(own)
        if not table.records or random.random() < 0.2:
            record = self._store.add(table, {field.id: _value(field, random)})
            self.records.add(record.id)
            return "add a record"
        self._store.change(table, random.choice(list(table.records.values())), {field.id: _value(field, random)})
        return "fill a cell"

    def work(self, table: Table) -> dict[str, dict[str, Any]]:
        """What they have written in a table: their cells by record."""
        own = [field for field in table.fields.values() if field.name in OWN_FIELDS]
        return {
            record.id: {field.name: record.cells[field.id] for field in own if field.id in record.cells}
            for record in table.records.values()
            if record.id in self.records or any(field.id in record.cells for field in own)
        }


def _value(field: Field, random: Random) -> Any:
    if field.type == "number":
        return random.randint(1, 5)
    return True if field.type == "checkbox" else f"{random.choice(NOTES)} ({random.randint(1, 999)})"
