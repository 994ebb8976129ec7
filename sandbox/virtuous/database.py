"""What the organisation remembers."""

from collections import Counter
from typing import Any

from sandbox.columns import Form
from sandbox.store import Record, Store
from sandbox.virtuous.kinds import words

NAMES = {"tag": "tagName", "grant": "title", "individual": "firstName"}
"""The field that names a record, where it is not `name`."""


class Database(Store[Record]):
    """Records by kind; and what is worked out from many of them, once after each change."""

    organization: dict[str, Any]
    _given: tuple[int, Counter[int]] = (-1, Counter())

    def of(self, kind: str, field: str = "") -> Form:
        """Writes a field, or the name, of the record whose id is given: None where it is gone."""
        name, records = field or NAMES.get(kind, "name"), self.kinds[kind]
        return lambda id: records[id].fields.get(name) if id in records else None

    def of_all(self, kind: str) -> Form:
        """Writes the names of the records whose ids are given, without those that are gone."""
        one = self.of(kind)
        return lambda ids: [one(id) for id in ids or () if id in self.kinds[kind]]

    def custom(self, record: Record) -> list[tuple[str, str, str]]:
        """Type, name and value of a record's custom fields, without those that nobody defines any more."""
        entity = next((rest for name, _, rest in words(record.kind) if name == "custom"), None)
        types = {
            one.fields["name"]: one.fields["dataType"]
            for one in self.kinds["definition"].values()
            if one.fields["entity"] == entity
        }
        return [(types[name], name, value) for name, value in record.fields.get("custom", {}).items() if name in types]

    def methods_of(self, individual: Record) -> list[Record]:
        """Telephones and addresses of an individual."""
        every = self.below(individual.parent, "method")
        return [one for one in every if one.fields["individual"] == individual.id]

    def contact_of(self, individual: int) -> Any:
        """The id of the contact that an individual is in."""
        found = self.kinds["individual"].get(individual)
        return found.parent.id if found else None

    def given_to(self, project: Record) -> float:
        """What all designations to a project come to."""
        if self._given[0] != self.version:
            given: Counter[int] = Counter()
            for one in self.kinds["designation"].values():
                given[one.fields["project"]] += one.fields["amountDesignated"]
            self._given = (self.version, given)
        return round(self._given[1][project.id], 2)
