"""Queries: conditions in groups, one order, `skip` and `take`. virtuous.md 4."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.listings import served
from sandbox.order import scramble
from sandbox.routes import Call
from sandbox.store import Record
from sandbox.virtuous.answers import Taken, failed, hidden, invalid, listed
from sandbox.virtuous.payloads import abbreviated, complete
from sandbox.virtuous.resources import modified, parameters
from sandbox.virtuous.times import named_moment
from sandbox.web import Answer, json_answer

NUMBERS = "Is LessThan LessThanOrEqual GreaterThan GreaterThanOrEqual Between"
TEXTS = "Is IsNot IsKnown IsNotKnown Contains StartsWith EndsWith In NotIn"
OPERATORS = {
    "Int": NUMBERS.split(),
    "Decimal": NUMBERS.split(),
    "Date": f"{NUMBERS} Before OnOrBefore After OnOrAfter".split(),
    "String": TEXTS.split(),
    "Lookup": f"{TEXTS} IsAnyOf IsNoneOf Matches".split(),
    "List": ["Is", "IsNot"],
    "Object": ["IsSet", "IsNotSet"],
    "Boolean": ["IsTrue", "IsFalse"],
}
"""By type of a parameter, as the options name them: without the spaces that the guide writes."""
COMPARISONS: dict[str, Callable[[Any, Any], object]] = {
    "Is": operator.eq,
    **dict.fromkeys(("LessThan", "Before"), operator.lt),
    **dict.fromkeys(("LessThanOrEqual", "OnOrBefore"), operator.le),
    **dict.fromkeys(("GreaterThan", "After"), operator.gt),
    **dict.fromkeys(("GreaterThanOrEqual", "OnOrAfter"), operator.ge),
    **dict.fromkeys(("Contains", "Matches"), operator.contains),
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}
VALUELESS = {"IsKnown": True, "IsSet": True, "IsTrue": True, "IsNotKnown": False, "IsNotSet": False, "IsFalse": False}
MANY = {"In": True, "IsAnyOf": True, "NotIn": False, "IsNoneOf": False}
Test = Callable[[Record], bool]


def query_options(call: Call, kind: str) -> Answer:
    """What the resource can be asked for, in this organisation."""
    hidden(call, kind)
    told = [
        {"parameter": name, "type": each.type, "operatorOptions": _told(OPERATORS[each.type]), "valueOptions": []}
        for name, each in parameters(call, kind).items()
    ]
    return json_answer({"options": told, "operatorOptions": _told([*COMPARISONS, *VALUELESS, *MANY])})


def _told(operators: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {"operator": each, "multipleValuesAllowed": each in MANY, "valueRequired": each not in VALUELESS}
        for each in operators
    ]


def query(call: Call, kind: str, full: bool) -> Answer:
    """One page of the records that a body asks for. One record that cannot be served costs the page."""
    try:
        body = call.body
    except ValueError:
        body = None
    if not isinstance(body, dict):
        invalid(call, "query", "The body must be an object.")
    archived = kind != "contact" or _true(body, "includeArchived")
    tests = [_group(call, kind, group) for group in _list(call, body, "groups") or [{}]]
    rows = [] if hidden(call, kind) else call.store.living(kind)
    found = [one for one in rows if (archived or not one.fields["isArchived"]) and any(test(one) for test in tests)]
    page = Taken().cut(call, _sorted(call, kind, body, found))
    failing = {"always", *(["full"] if full else []), *(["crowd"] if len(page.rows) > 1 else [])}
    if any(call.options.poison.get(one.key) in failing for one in page.rows):
        failed(call, call.options.poison_status)
    return listed(call, page, [served(call, one, complete if full else abbreviated) for one in page.rows])


def _true(body: Mapping[str, Any], name: str) -> bool:
    """Clients send texts, too."""
    return str(body.get(name)).lower() == "true"


def _list(call: Call, of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Objects under a name; leaving it out is an empty list."""
    found = of.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        invalid(call, f"query.{name}", f"{name} must be a list of objects.")
    return found


def _sorted(call: Call, kind: str, body: Mapping[str, Any], found: list[Record]) -> list[Record]:
    """In the order asked for; one that is not known is ignored, and nothing tells in which order records come then."""
    name = str(body.get("sortBy") or "")
    known = {} if kind in call.options.unsorted else {"Id": lambda one: one.id}
    known |= {"Amount": lambda one: one.fields["amount"]} if kind == "gift" else {}
    if name and name not in known and call.options.unknown_sort:
        failed(call, call.options.unknown_sort, f"{name} is not a valid sort.")
    return sorted(found, key=known.get(name, lambda one: scramble(one.id)), reverse=_true(body, "descending"))


def _group(call: Call, kind: str, group: Mapping[str, Any]) -> Test:
    """A record passes a group that has no conditions, or of which it meets all."""
    asked = [_condition(call, kind, each) for each in _list(call, group, "conditions")]
    tests = [test for test in asked if test is not None]
    return lambda record: all(test(record) for test in tests)


def _condition(call: Call, kind: str, condition: Mapping[str, Any]) -> Test | None:
    """The test of a condition; None where the vendor passes over it in silence."""
    name, operator = str(condition.get("parameter")), str(condition.get("operator"))
    parameter = parameters(call, kind).get(name)
    if parameter is None:
        if call.options.unknown_parameter:
            failed(call, call.options.unknown_parameter, f"{name} is not a valid parameter.")
        return None
    if name == modified(call, kind) and kind in call.options.deaf:
        return None
    if operator not in OPERATORS[parameter.type]:
        failed(call, call.options.unknown_operator, f"{operator} is not a valid operator for {name}.")
    values = [condition.get("value"), *([condition.get("secondaryValue")] if operator == "Between" else [])]
    if operator in MANY:
        values = condition.get("values") or values
    try:
        wanted = [] if operator in VALUELESS else [_value(call, parameter.type, value) for value in values]
    except ValueError:
        invalid(call, "query.conditions.value", f"The value is not valid for {name}.")
    return lambda record: _passes(operator, parameter.type, parameter.find(call, record), wanted)


def _value(call: Call, type: str, value: Any) -> Any:
    """A value as it is compared. Numbers come as text too. Raises `ValueError`."""
    if value is None or isinstance(value, list | dict):
        raise ValueError
    if type in ("Int", "Decimal"):
        return int(str(value)) if type == "Int" else float(str(value))
    if type == "Date":
        moment = named_moment(str(value))
        return moment if call.options.filter_by_time else moment[:10]
    return str(value).lower()


def _passes(operator: str, type: str, found: Any, wanted: list[Any]) -> bool:
    """Texts are compared whatever their capitals. What is not known passes no comparison."""
    if operator in VALUELESS:
        return (bool(found) if type == "Boolean" else found is not None) == VALUELESS[operator]
    if isinstance(found, str) and type != "Date":
        found = found.lower()
    if operator in MANY:
        return (found in wanted) == MANY[operator]
    if operator == "IsNot" or found is None:
        return operator == "IsNot" and found != wanted[0]
    return wanted[0] <= found <= wanted[1] if operator == "Between" else bool(COMPARISONS[operator](found, wanted[0]))
