"""What the organisation remembers, and what is worked out from many records."""

from collections import Counter
from typing import Any

from sandbox.columns import Form, found
from sandbox.draw import words
from sandbox.store import Record, Store
from sandbox.virtuous.kinds import FIELDS

NAMES = {
    **{kind: (kind, "name") for kind in ("contact", "project", "segment", "premium", "campaign")},
    "grant": ("grant", "title"),
    "individual": ("individual", "firstName"),
    "project_code": ("project", "projectCode"),
    "account": ("project", "externalAccountingCode"),
    "type": ("project", "type"),
    "location": ("project", "location"),
    "code": ("segment", "code"),
}


class Database(Store[Record]):
    """Records by kind. `organization` is what it tells of itself."""

    organization: dict[str, Any]
    _given: tuple[int, Counter[int]] = (-1, Counter())

    def lookups(self) -> dict[str, Form]:
        """Forms that write something of the record whose id is given: nothing where it is gone."""

        def of(kind: str, field: str) -> Form:
            return lambda id: found(self.kinds[kind].get(id), field)

        return {
            **{form: of(*place) for form, place in NAMES.items()},
            "contact_of": lambda id: found(found(self.kinds["individual"].get(id), "parent"), "id"),
            "tags": lambda ids: [self.kinds["tag"][id].fields["tagName"] for id in ids if id in self.kinds["tag"]],
            "groups": lambda ids: [self.kinds["organization_group"][id].fields["name"] for id in ids],
        }

    def custom(self, record: Record) -> list[tuple[str, str, str]]:
        """Type, name and value of a record's custom fields, without those that nobody defines any more."""
        entity = next((word.rest for word in words(FIELDS[record.kind]) if word.name == "custom"), None)
        mine = [one.fields for one in self.kinds["definition"].values() if one.fields["entity"] == entity]
        types = {one["name"]: one["dataType"] for one in mine}
        return [(types[name], name, value) for name, value in record.fields.get("custom", {}).items() if name in types]

    def methods_of(self, individual: Record) -> list[Record]:
        """Telephones and addresses of an individual."""
        every = self.below(individual.parent, "method")
        return [one for one in every if one.fields["individual"] == individual.id]

    def gifts_of(self, contact: Record) -> list[Record]:
        """The oldest first."""
        return sorted(self.below(contact, "gift"), key=lambda one: (one.fields["giftDate"], one.id))

    def address_of(self, contact: Record) -> Record | None:
        return next((one for one in self.below(contact, "contact_address") if one.fields["isPrimary"]), None)

    def given_to(self, project: Record) -> float:
        """What all designations to a project come to: counted once after each change."""
        if self._given[0] != self.version:
            given: Counter[int] = Counter()
            for one in self.kinds["designation"].values():
                given[one.fields["project"]] += one.fields["amountDesignated"]
            self._given = (self.version, given)
        return round(self._given[1][project.id], 2)

    def spent_on(self, project: Record) -> float:
        return round(sum(one.fields["amount"] for one in self.below(project, "project_expense")), 2)
