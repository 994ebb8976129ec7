"""What can be queried: by which path, and by which parameters. virtuous.md 3 and 4.1."""

import re
from collections.abc import Callable
from functools import partial, reduce
from typing import Any, NamedTuple

from sandbox.columns import found
from sandbox.routes import Call
from sandbox.store import Record
from sandbox.virtuous.times import moment_of

PATHS = {
    "contact": "Contact Contact_Type:List=contactType Contact_Name:String=name Merged_Into:Object=mergedIntoContactId",
    "gift": "Gift Contact_Id:Int=parent.id Contact_Archived:Boolean=parent.isArchived Amount:Decimal=amount "
    "Gift_Date:Date=giftDate Gift_Type:Lookup=giftType",
    "recurring_gift": "RecurringGift Contact_Id:Int=contactId",
    "pledge": "v2/Pledge Contact_Id:Int=contactId Amount:Decimal=amount",
    "planned_gift": "PlannedGift Contact_Id:Int=contactId",
    "gift_ask": "GiftAsk Contact_Id:Int=contact Project_Id:Int=project",
    "grant": "Grant",
    "project": "Project Active:Boolean=isActive",
    "campaign": "Campaign",
    "communication": "Communication",
    "event": "Event Event_Type:Lookup=eventType",
    "event_attendee": "EventAttendee Contact_Id:Int=contact",
    "contact_note": "ContactNote Contact_Id:Int=contact",
    "task": "Task Contact_Id:Int=contact",
    "premium": "Premium",
}
"""By kind: the path, then parameters beside those of the id and of the change time."""
FULL = {"contact": "FullContact", "gift": "FullGift"}
"""The query that shows everything, where the plain one shows less."""
MODIFIED = {
    **dict.fromkeys(("pledge", "grant"), "Last Modified DateTime UTC"),
    **dict.fromkeys(("campaign", "communication"), ""),
}
"""The parameter of the change time, where it is not called as most are."""


class Parameter(NamedTuple):
    """Something that records can be asked for by, under the name that people see. Names are case-sensitive."""

    type: str
    find: Callable[[Call, Record], Any]


def path_of(kind: str) -> str:
    return PATHS[kind].partition(" ")[0]


def modified(call: Call, kind: str) -> str:
    """The name of the parameter of the change time; nothing where there is none."""
    return "" if kind in call.options.without_modified else MODIFIED.get(kind, "Last Modified Date")


def parameters(call: Call, kind: str) -> dict[str, Parameter]:
    """Those that this organisation has, by name. That of the id is named after the resource itself."""
    path, *declared = PATHS[kind].split()
    own = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.rpartition("/")[2]) + " Id"
    every = {own: Parameter("Int", partial(_at, "id")), modified(call, kind): Parameter("Date", changed)}
    for word in declared:
        name, type, place = re.split("[:=]", word)
        every[name.replace("_", " ")] = Parameter(type, partial(_at, place))
    absent = {"", own} if kind in call.options.without_id else {""}
    return {name: parameter for name, parameter in every.items() if name not in absent}


def changed(call: Call, record: Record) -> str:
    """The day on which a record changed, somewhere."""
    moment = moment_of(record.updated, call.options.filter_hours)
    return moment if call.options.filter_by_time else moment[:10]


def _at(place: str, call: Call, record: Record) -> Any:
    return reduce(found, place.split("."), record)
