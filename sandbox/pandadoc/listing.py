"""The list of documents: filters, orders and pages. pandadoc.md 6."""

from collections.abc import Callable
from typing import Any

from sandbox.order import scramble
from sandbox.pandadoc.answers import invalid
from sandbox.pandadoc.calls import Call
from sandbox.pandadoc.kinds import STATUSES
from sandbox.pandadoc.parameters import METADATA, Parameters
from sandbox.store import NEVER, TRASHED, Record

PARAMETERS = (
    "count page order_by created_from created_to modified_from modified_to completed_from completed_to status "
    f"status__ne deleted id q tag template_id form_id folder_uuid contact_id membership_id {METADATA}"
)
DEFAULT_ORDER = "date_status_changed"
Matches = Callable[[Record], bool]
ORDERS: dict[str, Callable[[Record], Any]] = {
    "name": lambda one: one.fields["name"].lower(),
    "date_created": lambda one: one.created,
    "date_status_changed": lambda one: one.fields["status_changed"],
    "date_of_last_action": lambda one: one.fields["acted"],
    "date_modified": lambda one: one.updated,
    "date_sent": lambda one: one.fields.get("sent") or 0,
    "date_completed": lambda one: one.fields.get("completed") or 0,
    "date_expiration": lambda one: one.fields.get("expires") or 0,
    "date_declined": lambda one: one.fields.get("declined") or 0,
    "status": lambda one: STATUSES.index(one.fields["status"]),
}
DATES: dict[str, Callable[[Record], int | None]] = {
    "created": lambda one: one.created,
    "modified": lambda one: one.updated,
    "completed": lambda one: one.fields.get("completed"),
}
SIMPLE: dict[str, Callable[[Record], Any]] = {
    "id": lambda one: (one.id,),
    "q": lambda one: f"{one.fields['name']} {one.fields['ref_number']}",
    "tag": lambda one: one.fields["tags"],
    "template_id": lambda one: ((one.fields["template"] or {}).get("id"),),
    "form_id": lambda one: (one.fields.get("form"),),
    "folder_uuid": lambda one: (one.fields["folder"],),
}
"""Where the value of a parameter must be found."""


def documents(call: Call) -> list[Record]:
    """The documents of the page that is asked for, as lists show them by now."""
    parameters = call.parameters
    order = parameters.choice("order_by", [*ORDERS, *(f"-{name}" for name in ORDERS)], DEFAULT_ORDER)
    deleted = parameters.boolean("deleted")
    rows, tests = _ordered(call, order, deleted), _tests(call)
    if deleted and not call.options.deleted_combines:
        tests = []
    return call.page([one for one in rows if all(test(one) for test in tests)] if tests else rows)


def _ordered(call: Call, order: str, deleted: bool) -> list[Record]:
    by, shift = ORDERS[order.lstrip("-")], call.number if call.options.unstable_ties else 0

    def found() -> list[Record]:
        rows = [one for one in call.store.all_shown("document") if (one.status == TRASHED) == deleted]
        return sorted(rows, key=lambda one: (by(one), scramble(one.fields["number"] + shift)), reverse=order[0] == "-")

    kept: list[Record] = call.vendor.listings.get((order, deleted, shift), found)
    return kept


def _tests(call: Call) -> list[Matches]:
    """The filters that are asked for."""
    parameters, store = call.parameters, call.store
    found: list[Matches] = []
    if "template_id" in parameters and "form_id" in parameters:
        raise invalid(call.path, "non_field_errors", "Only one of template_id and form_id is allowed.")
    for name, date in DATES.items():
        if f"{name}_from" in parameters or f"{name}_to" in parameters:
            found.append(_between(parameters, name, date))
            if name == "modified" and call.options.uploading_has_no_modified_date:
                found.append(lambda one: one.fields["status"] != "uploaded")
    if "status" in parameters:
        status = STATUSES[parameters.integer("status", most=14)]
        found.append(lambda one: one.fields["status"] == status)
    if "status__ne" in parameters:
        unwanted = STATUSES[parameters.integer("status__ne", most=14)]
        found.append(lambda one: one.fields["status"] != unwanted)
    for name, values in parameters.sent.items():
        if name in SIMPLE:
            found.append(_holds(SIMPLE[name], values[-1]))
        elif name.startswith(METADATA):
            found.append(_holds(_metadata(name.removeprefix(METADATA)), values[-1]))
    members = parameters.many("membership_id")
    if members:
        found.append(lambda one: one.fields["author"]["membership_id"] in members)
    contact = parameters.text("contact_id")
    if contact is not None:
        found.append(lambda one: any(each.get("contact_id") == contact for each in store.contents(one).recipients))
    if call.options.hidden_share:
        found.append(lambda one: not store.hidden(one))
    return found


def _between(parameters: Parameters, name: str, date: Callable[[Record], int | None]) -> Matches:
    """The lower bound belongs to it, the upper one does not."""
    low, high = parameters.instant(f"{name}_from"), parameters.instant(f"{name}_to")
    low, high = -NEVER if low is None else low, NEVER if high is None else high
    return lambda one: (time := date(one)) is not None and low <= time < high


def _metadata(key: str) -> Callable[[Record], Any]:
    return lambda one: (str(one.fields["metadata"].get(key)),)


def _holds(place: Callable[[Record], Any], value: str) -> Matches:
    return lambda one: value in place(one)
