"""The base's memory: tables, fields, records, and links that hold at both ends."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from sandbox.airtable.tables import Cells, Field, Record, Table

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Store:
    """One base. Records change through `add`, `change` and `remove` only. Nothing here checks a value."""

    def __init__(self, now: Callable[[], float], seed: int) -> None:
        self._now = now
        self._random = Random(f"airtable ids {seed}")
        self.base_id = self.new_id("app")
        self.name = "Operations"
        self.tables: dict[str, Table] = {}

    @property
    def record_count(self) -> int:
        return sum(len(table.records) for table in self.tables.values())

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices(LETTERS, k=14))

    def table(self, name_or_id: str) -> Table | None:
        """By id, else by name."""
        return self.tables.get(name_or_id) or next(
            (one for one in self.tables.values() if one.name == name_or_id), None
        )

    def add_table(self, name: str, description: str | None = None) -> Table:
        table = Table(self.new_id("tbl"), name, description, view=self.new_id("viw"))
        self.tables[table.id] = table
        return table

    def add_field(
        self, table: Table, name: str, type: str, options: dict[str, Any] | None = None, description: str | None = None
    ) -> Field:
        """A link gets its other end in the linked table, named after this one; a link to the own table does not."""
        field = Field(self.new_id("fld"), name, type, dict(options or {}), description)
        if "choices" in field.options:
            field.options["choices"] = [
                {"id": self.new_id("sel"), "name": one["name"], "color": one.get("color", "blueLight2")}
                for one in field.options["choices"]
            ]
        table.fields[field.id] = field
        if type == "multipleRecordLinks":
            field.options.update(isReversed=False, prefersSingleRecordLink=False)
            linked = self.tables[field.options["linkedTableId"]]
            if linked is not table:
                inverse = Field(
                    self.new_id("fld"),
                    _free_name(linked, table.name),
                    type,
                    {"linkedTableId": table.id, "isReversed": False, "prefersSingleRecordLink": False},
                    inverse=field.id,
                )
                linked.fields[inverse.id] = inverse
                field.inverse = inverse.id
                inverse.options["inverseLinkFieldId"] = field.id
                field.options["inverseLinkFieldId"] = inverse.id
        return field

    def remove_field(self, table: Table, field: Field) -> None:
        """As a person does in the application; the other end of a link goes too."""
        del table.fields[field.id]
        table.indexes.pop(field.id, None)
        for record in table.records.values():
            record.cells.pop(field.id, None)
        if field.inverse is not None:
            linked = self.tables[field.options["linkedTableId"]]
            other = linked.fields.get(field.inverse)
            if other is not None:
                other.inverse = None
                self.remove_field(linked, other)

    def add(self, table: Table, cells: Cells) -> Record:
        table.made += 1
        now = self._now()
        record = Record(self.new_id("rec"), table.made, now, now, {})
        table.records[record.id] = record
        self.change(table, record, cells)
        return record

    def matching(self, table: Table, field: Field, value: Any) -> set[str]:
        """Ids of the records whose cell holds this value."""
        if field.id not in table.indexes:
            index: dict[Any, set[str]] = {}
            for record in table.records.values():
                index.setdefault(_hashable(record.cells.get(field.id)), set()).add(record.id)
            table.indexes[field.id] = index
        return table.indexes[field.id].get(_hashable(value), set())

    def change(self, table: Table, record: Record, cells: Cells) -> None:
        """Set these cells; None empties one."""
        record.modified = self._now()
        for id, value in cells.items():
            field = table.fields[id]
            if id in table.indexes:
                table.indexes[id].get(_hashable(record.cells.get(id)), set()).discard(record.id)
                table.indexes[id].setdefault(_hashable(value), set()).add(record.id)
            if field.type == "multipleRecordLinks" and field.inverse is not None:
                self._relink(field, record, record.cells.get(id) or (), value or ())
            _set(record, id, value)

    def remove(self, table: Table, record: Record) -> None:
        """Every link to it goes with it, silently."""
        for field in table.fields.values():
            if field.type == "multipleRecordLinks" and field.inverse is not None:
                self._relink(field, record, record.cells.get(field.id) or (), ())
            elif field.type == "multipleRecordLinks":
                for other in table.records.values():
                    _unlink(other, field.id, record.id)
        for id, index in table.indexes.items():
            index.get(_hashable(record.cells.get(id)), set()).discard(record.id)
        del table.records[record.id]

    def _relink(self, field: Field, record: Record, old: Iterable[str], new: Iterable[str]) -> None:
        """Keep the other end of a link in step."""
        others = self.tables[field.options["linkedTableId"]].records
        assert field.inverse is not None
        before, after = set(old), set(new)
        for id in sorted(before - after):
            if id in others:
                _unlink(others[id], field.inverse, record.id)
        for id in sorted(after - before):
            _set(others[id], field.inverse, [*others[id].cells.get(field.inverse, ()), record.id])


def _set(record: Record, id: str, value: Any) -> None:
    if value is None or value == []:
        record.cells.pop(id, None)
    else:
        record.cells[id] = value


def _hashable(value: Any) -> Any:
    """The type counts: a number is not the text that looks like it."""
    return tuple(value) if isinstance(value, list) else value


def _unlink(record: Record, field: str, id: str) -> None:
    if id in record.cells.get(field, ()):
        _set(record, field, [one for one in record.cells[field] if one != id])


def _free_name(table: Table, name: str) -> str:
    taken = {field.name.lower() for field in table.fields.values()}
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name} {number}"
    return free
