"""The list of documents: filters, orders and pages. pandadoc.md 6."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from sandbox.order import Key, scramble
from sandbox.pandadoc.answers import invalid
from sandbox.pandadoc.calls import Call
from sandbox.pandadoc.parameters import METADATA, Parameters
from sandbox.pandadoc.records import UPLOADED, Document

PARAMETERS = (
    "count page order_by created_from created_to modified_from modified_to completed_from completed_to status "
    f"status__ne deleted id q tag template_id form_id folder_uuid contact_id membership_id {METADATA}"
)
DEFAULT_ORDER = "date_status_changed"
ALL_TIME = (0, 2**62)
Matches = Callable[[Document], bool]
ORDERS: dict[str, Callable[[Document], Any]] = {
    "name": lambda one: one.name.lower(),
    "date_created": lambda one: one.created,
    "date_status_changed": lambda one: one.status_changed,
    "date_of_last_action": lambda one: one.acted,
    "date_modified": lambda one: one.modified,
    "date_sent": lambda one: one.sent or 0,
    "date_completed": lambda one: one.completed or 0,
    "date_expiration": lambda one: one.expires or 0,
    "date_declined": lambda one: one.declined or 0,
    "status": lambda one: one.status,
}


def documents(call: Call) -> list[Document]:
    """The documents of the page that is asked for, as lists show them by now."""
    parameters = call.parameters
    order = parameters.choice("order_by", [*ORDERS, *(f"-{name}" for name in ORDERS)], DEFAULT_ORDER)
    created, modified = _between(parameters, "created"), _between(parameters, "modified")
    deleted = parameters.boolean("deleted")
    if deleted and not call.options.deleted_combines:
        rows = [one for one in call.store.all_shown() if one.deleted is not None]
        return call.page(_ordered(call, rows, order))
    tests = _tests(call, modified if "modified_from" in parameters or "modified_to" in parameters else None)
    by = order.lstrip("-")
    indexed = {"date_created": (call.store.by_creation, created), "date_modified": (call.store.by_change, modified)}
    if deleted or by not in indexed:
        rows = [one for one in call.store.all_shown() if (one.deleted is not None) == deleted]
        tests.append(lambda one: created[0] <= one.created < created[1])
        return call.page(_ordered(call, [one for one in rows if all(test(one) for test in tests)], order))
    index, bounds = indexed[by]
    if by == "date_modified":
        tests.append(lambda one: created[0] <= one.created < created[1])
    keys = index.keys[bisect_left(index.keys, (bounds[0],)) : bisect_left(index.keys, (bounds[1],))]
    if call.options.unstable_ties:
        keys = sorted(keys, key=lambda key: (key[0], scramble(key[2] + call.number)))
    if order[0] == "-":
        keys = keys[::-1]
    return _indexed(call, keys, tests)


def _indexed(call: Call, keys: list[Key], tests: list[Matches]) -> list[Document]:
    if not tests:
        return [one for key in call.page(keys) if (one := call.store.shown(key[2])) is not None]
    shown = (call.store.shown(key[2]) for key in keys)
    return call.page([one for one in shown if one is not None and all(test(one) for test in tests)])


def _ordered(call: Call, rows: list[Document], order: str) -> list[Document]:
    by, shift = ORDERS[order.lstrip("-")], call.number if call.options.unstable_ties else 0
    return sorted(rows, key=lambda one: (by(one), scramble(one.number + shift)), reverse=order[0] == "-")


def _between(parameters: Parameters, name: str) -> tuple[int, int]:
    """The lower bound belongs to it, the upper one does not."""
    low, high = parameters.instant(f"{name}_from"), parameters.instant(f"{name}_to")
    return (ALL_TIME[0] if low is None else low), (ALL_TIME[1] if high is None else high)


def _tests(call: Call, modified: tuple[int, int] | None) -> list[Matches]:
    """The filters that are asked for, beside the times of creation."""
    parameters, store = call.parameters, call.store
    found: list[Matches] = []
    if "template_id" in parameters and "form_id" in parameters:
        raise invalid(call.path, "non_field_errors", "Only one of template_id and form_id is allowed.")
    if modified is not None:
        undated = call.options.uploading_has_no_modified_date
        found.append(lambda one: modified[0] <= one.modified < modified[1])
        if undated:
            found.append(lambda one: one.status != UPLOADED)
    if "completed_from" in parameters or "completed_to" in parameters:
        completed = _between(parameters, "completed")
        found.append(lambda one: one.completed is not None and completed[0] <= one.completed < completed[1])
    if "status" in parameters:
        status = parameters.integer("status", most=14)
        found.append(lambda one: one.status == status)
    if "status__ne" in parameters:
        unwanted = parameters.integer("status__ne", most=14)
        found.append(lambda one: one.status != unwanted)
    for name, values in parameters.sent.items():
        if name in SIMPLE:
            found.append(_holds(SIMPLE[name], values[-1]))
        elif name.startswith(METADATA):
            found.append(_holds(_metadata(name.removeprefix(METADATA)), values[-1]))
    members = parameters.many("membership_id")
    if members:
        found.append(lambda one: one.author.membership_id in members)
    contact = parameters.text("contact_id")
    if contact is not None:
        found.append(lambda one: any(each.contact == contact for each in store.contents(one).recipients))
    if call.options.hidden_share:
        found.append(lambda one: not store.hidden(one))
    return found


SIMPLE: dict[str, Callable[[Document], Any]] = {
    "id": lambda one: (one.id,),
    "q": lambda one: f"{one.name} {one.reference}",
    "tag": lambda one: one.tags,
    "template_id": lambda one: (one.template[0],) if one.template else (),
    "form_id": lambda one: (one.form,),
    "folder_uuid": lambda one: (one.folder,),
}
"""Where the value of a parameter must be found."""


def _metadata(key: str) -> Callable[[Document], Any]:
    return lambda one: (str(one.metadata.get(key)),)


def _holds(place: Callable[[Document], Any], value: str) -> Matches:
    return lambda one: value in place(one)
