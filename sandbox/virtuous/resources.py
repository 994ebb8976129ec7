"""What can be queried, and by which parameters. virtuous.md 3 and 4.1.

A parameter is declared once: the options that a resource tells of, and the filter that it applies, are made of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from sandbox.columns import found
from sandbox.routes import Call
from sandbox.store import Record
from sandbox.virtuous.times import moment_of

LAST_MODIFIED = "Last Modified Date"
IN_UTC = "Last Modified DateTime UTC"


@dataclass(frozen=True)
class Parameter:
    """Something that records can be asked for by, under the name that people see. Names are case-sensitive."""

    name: str
    type: str
    find: Callable[[Call, Record], Any]


@dataclass(frozen=True)
class Resource:
    """What can be queried of one kind below one path. `declared` are parameters beside those of the id and of the
    change time, name:type=field with `_` for a space; `sorts` are orders beside `Id`. `full` is the query that shows
    everything, where the plain one shows less."""

    kind: str
    path: str
    modified: str = LAST_MODIFIED
    declared: str = ""
    full: str = ""
    sorts: str = ""

    def parameters(self, call: Call) -> dict[str, Parameter]:
        """Those that this organisation has, by name. The id is named after the resource itself."""
        id = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.path.rpartition("/")[2]) + " Id"
        found = [] if self.kind in call.options.without_id else [Parameter(id, "Int", lambda call, record: record.id)]
        if self.modified and self.kind not in call.options.without_modified:
            found.append(Parameter(self.modified, "Date", changed))
        for word in self.declared.split():
            name, type, path = re.split("[:=]", word)
            found.append(Parameter(name.replace("_", " "), type, partial(_at, path)))
        return {each.name: each for each in found}

    def order(self, name: str) -> Callable[[Record], Any] | None:
        """What an order compares; None where the resource does not know it."""
        orders = dict(word.split("=") for word in f"Id=id {self.sorts}".split())
        return partial(_at, orders[name], None) if name in orders else None


def changed(call: Call, record: Record) -> str:
    """The day on which a record changed, somewhere."""
    moment = moment_of(record.updated, call.options.filter_hours)
    return moment if call.options.filter_by_time else moment[:10]


def _at(path: str, call: Call | None, record: Record) -> Any:
    """What a record has at a path."""
    return reduce(found, path.split("."), record)


OF_CONTACT = "Contact_Id:Int=contact"
RESOURCES: Mapping[str, Resource] = {
    resource.kind: resource
    for resource in (
        Resource(
            "contact",
            "Contact",
            declared="Contact_Type:List=contactType Contact_Name:String=name Is_Private:Boolean=isPrivate "
            "Merged_Into:Object=mergedIntoContactId",
            full="FullContact",
            sorts="Name=name CreatedDateTime=created",
        ),
        Resource(
            "gift",
            "Gift",
            declared="Contact_Id:Int=parent.id Contact_Archived:Boolean=parent.isArchived Amount:Decimal=amount "
            "Gift_Date:Date=giftDate Gift_Type:Lookup=giftType",
            full="FullGift",
            sorts="Amount=amount GiftDate=giftDate",
        ),
        Resource("recurring_gift", "RecurringGift", declared=OF_CONTACT),
        Resource("pledge", "v2/Pledge", IN_UTC, f"{OF_CONTACT} Amount:Decimal=amount"),
        Resource("planned_gift", "PlannedGift", declared=OF_CONTACT),
        Resource("gift_ask", "GiftAsk", declared=f"{OF_CONTACT} Project_Id:Int=project"),
        Resource("grant", "Grant", IN_UTC),
        Resource("project", "Project", declared="Active:Boolean=isActive"),
        Resource("campaign", "Campaign", "", sorts="campaignId=id"),
        Resource("communication", "Communication", ""),
        Resource("event", "Event"),
        Resource("attendee", "EventAttendee", declared=OF_CONTACT),
        Resource("note", "ContactNote", declared=OF_CONTACT),
        Resource("task", "Task", declared=OF_CONTACT),
        Resource("premium", "Premium"),
    )
}
"""By kind."""
