"""Queries: what a statement may ask of an entity, which objects match, and one page of them. quickbooks.md 3."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from math import floor
from operator import eq, ge, gt, le, lt
from random import Random
from typing import Any

from sandbox.order import scramble
from sandbox.quickbooks import times
from sandbox.quickbooks.entities import (
    BOOLEAN,
    BY_LOWER_NAME,
    CREATED,
    DATE,
    IDENTITY,
    NUMBER,
    REFERENCE,
    TEXT,
    TIME,
    UPDATED,
    Entity,
)
from sandbox.quickbooks.grammar import Condition, Statement
from sandbox.quickbooks.store import Record, Store
from sandbox.store import NEVER

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1_000
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
Matches = Callable[[Record], bool]


class Invalid(Exception):
    """The statement asks for something that cannot be asked for (code 4001); the message says what."""


class Query:
    """One statement against the store. `nonce`, if not None, orders the records of one second differently."""

    def __init__(self, store: Store, statement: Statement, nonce: int | None = None) -> None:
        self.store = store
        self.statement = statement
        self.entity = entity_of(statement.entity)
        self.nonce = nonce
        if statement.start < 1:
            raise Invalid(f"value {statement.start} of STARTPOSITION is too small. Min allowed value is 1")
        limit = DEFAULT_LIMIT if statement.limit is None else statement.limit
        if limit > LARGEST_LIMIT:
            raise Invalid(f"value {limit} is too large. Max allowed value is {LARGEST_LIMIT}")
        if limit < 1:
            raise Invalid(f"value {limit} is too small. Min allowed value is 1")
        self.limit = limit
        self._matches = [_test(self.entity, condition) for condition in statement.conditions]
        if self.entity.active and not any(one.property.lower() == "active" for one in statement.conditions):
            self._matches.append(lambda record: record.fields["Active"] is True)
        self._sort = self._property(statement.order) if statement.order else None

    def found(self) -> list[Record]:
        """Every record that matches, in order."""
        chosen = self.store.by_update(self.entity.name, *self._window())
        found = [record for record in chosen if all(matches(record) for matches in self._matches)]
        return self._sorted(found)

    def _window(self) -> tuple[int, int]:
        """The seconds of LastUpdatedTime between which everything lies that can match."""
        low, high = 0, NEVER
        for condition in self.statement.conditions:
            if condition.property.lower() == UPDATED.lower() and condition.operator != "IN":
                moment = _moment(UPDATED, str(condition.values[0]))
                if condition.operator in (">", ">=", "="):
                    low = max(low, floor(moment))
                if condition.operator in ("<", "<=", "="):
                    high = min(high, floor(moment))
        return low, high

    def _sorted(self, found: list[Record]) -> list[Record]:
        if self._sort is None:
            found.sort(key=lambda record: scramble(record.number))
            return found
        name, kind = self._sort
        value = _getter(name, kind)
        if name == UPDATED and self.nonce is None and not self.statement.descending:
            return found
        tie = Random(self.nonce).random if self.nonce is not None else None
        keyed = [
            ((value(record) is not None, value(record)), tie() if tie else scramble(record.number), record)
            for record in found
        ]
        keyed.sort(key=lambda one: (one[0], one[1]), reverse=self.statement.descending)
        return [record for _, _, record in keyed]

    def _property(self, name: str) -> tuple[str, str]:
        return _property(self.entity, name)


def entity_of(name: str) -> Entity:
    """Raises `Invalid`."""
    if name.lower() not in BY_LOWER_NAME:
        raise Invalid(f"Metadata not found for Entity: {name}")
    return BY_LOWER_NAME[name.lower()]


def _property(entity: Entity, name: str) -> tuple[str, str]:
    found = entity.property(name)
    if found is None:
        raise Invalid(f"Property {name} not found for Entity {entity.name}, or it is not queryable")
    return found


def _getter(name: str, kind: str) -> Callable[[Record], Any]:
    if kind == IDENTITY:
        return lambda record: record.number
    if name == UPDATED:
        return lambda record: record.updated
    if name == CREATED:
        return lambda record: record.created
    if kind == REFERENCE:
        return lambda record: record.fields.get(name, {}).get("value")
    return lambda record: record.fields.get(name)


def _test(entity: Entity, condition: Condition) -> Matches:
    name, kind = _property(entity, condition.property)
    value = _getter(name, kind)
    allowed = {IDENTITY: ("=", "IN"), BOOLEAN: ("=", "IN"), TEXT: ("=", "IN", "LIKE", *COMPARISONS)}
    if condition.operator not in allowed.get(kind, ("IN", *COMPARISONS)):
        raise Invalid(f"Operator {condition.operator} is not supported for property {name}")
    wanted = [_read(name, kind, one) for one in condition.values]
    if condition.operator == "IN":
        return lambda record: value(record) in wanted
    if condition.operator == "LIKE":
        like = re.compile(".*".join(re.escape(part) for part in str(wanted[0]).split("%")), re.IGNORECASE | re.DOTALL)
        return lambda record: like.fullmatch(value(record) or "") is not None
    compare, limit = COMPARISONS[condition.operator], wanted[0]
    return lambda record: value(record) is not None and compare(value(record), limit)


def _read(name: str, kind: str, value: str | bool) -> Any:
    """A literal as what it is compared with."""
    if (kind == BOOLEAN) != isinstance(value, bool):
        raise Invalid(f"Invalid value {value!r} for property {name}")
    if isinstance(value, bool):
        return value
    if kind == TIME:
        return _moment(name, value)
    if kind == DATE:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise Invalid(f"Invalid date {value!r} for property {name}") from None
    if kind == NUMBER:
        try:
            return Decimal(value)
        except InvalidOperation:
            raise Invalid(f"Invalid number {value!r} for property {name}") from None
    if kind == IDENTITY:
        return int(value) if value.isdigit() else None
    return value


def _moment(name: str, value: str) -> float:
    try:
        return times.parse(value)
    except ValueError:
        raise Invalid(f"Invalid date {value!r} for property {name}") from None
