"""Which function answers a path. virtuous.md 3."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sandbox.listings import Listing, Pages, Whole, Write, bare, ignored, served
from sandbox.routes import Call, Routes
from sandbox.store import Record
from sandbox.virtuous.answers import MISSING, Taken, hidden, listed, whole
from sandbox.virtuous.entries import ENTITIES
from sandbox.virtuous.payloads import Payload, complete
from sandbox.virtuous.query import query, query_options
from sandbox.virtuous.resources import FULL, PATHS, path_of
from sandbox.web import Answer, json_answer

routes = Routes()
Rows = Callable[..., Iterable[Record]]
NAMES = """
    Contact/Prefixes contact_prefix Mr.|Ms.|Dr.
    ContactMethod/Types contact_method_type Home Email|Work Email|Home Phone|Work Phone
    ContactNote/Types contact_note_type Call|Meeting
    Event/Types event_type Dinner|Run
    Project/Types project_type Program|Capital
    ProjectNote/Types project_note_type Progress
    ProjectRole/Types project_role_type Manager|Owner
    Task/Types task_type Call|Thank you
    Communication/ChannelTypes communication_channel_type Direct Mail|Email
    Communication/CommunicationTypes communication_type Appeal|Receipt
    Reminder/Type/Milestone reminder_milestone First gift
    Reminder/Type/Reminder reminder_type Birthday|Anniversary
    Reminder/Type/ReminderFrequency reminder_frequency Yearly
    Reminder/Type/ReminderSource reminder_source Contact
"""
"""The reference lists of texts: path, table, entries. They are bare arrays."""
FRIEND = {"group": "Social", "relationship": "Friend", "inverseRelationship": "Friend"}
VEHICLE = {"id": 1, "name": "Vehicle", "isEnabled": True}
LISTS: dict[str, tuple[str, Any]] = {
    **{
        path: (table, names.split("|"))
        for path, table, names in (line.split(" ", 2) for line in NAMES.split("\n    ")[1:])
    },
    "Contact/Types": ("contact_type", [{"parentType": "Organization", "type": "Church"}]),
    "Relationship/Types": ("relationship_type", [FRIEND]),
    "Gift/NonCashGiftTypes": ("non_cash_gift_type", {"list": [VEHICLE], "total": 1}),
}
"""All reference lists by path: table and answer."""


def rows(kind: str) -> Rows:
    """All of a kind that the key may see."""
    return lambda call: [] if hidden(call, kind) else call.store.living(kind)


def below(parent: str, kind: str) -> Rows:
    """Those below the record whose id comes last; of one that is not there, none."""

    def found(call: Call, *ids: int) -> Iterable[Record]:
        record = call.store.kinds[parent].get(ids[-1])
        return [] if record is None or hidden(call, kind) else call.store.below(record, kind)

    return found


def naming(kind: str, field: str) -> Rows:
    """Those in which a field holds the id in the path."""
    return lambda call, id: [one for one in rows(kind)(call) if one.fields[field] == id]


def members(call: Call, id: int) -> list[Record]:
    """The contacts in an organisation group, each with what is told of the group."""
    group = call.store.kinds["organization_group"].get(id)
    if group is None or hidden(call, "organization_group"):
        return []
    told = {f"organizationGroup{name.capitalize()}": group.fields[name] for name in ("name", "location", "description")}
    return [
        Record(
            "member", one.id, one.created, one.updated, {"contactId": one.id, "contactName": one.fields["name"], **told}
        )
        for one in call.store.living("contact")
        if id in one.fields["groups"]
    ]


@routes("/api/OrganizationGroup/#/contacts")
def group_contacts(call: Call, id: int) -> Answer:
    def show(call: Call, one: Record) -> Payload:
        return {"organizationGroupId": id, **one.fields}

    return Listing("member", show, Taken(), write=listed, rows=members, unknown=ignored)(call, id)


@routes("/api/Segment/Search", method="POST")
def segments(call: Call) -> Answer:
    """Found by others: every page is the first one, as long as `take` says. virtuous.md 12."""
    pages = Taken(100_000, skips=call.options.segments_paged)
    return Listing("segment", complete, pages, write=listed, rows=rows("segment"), unknown=ignored)(call)


def custom_fields(call: Call, entity: str) -> Answer:
    """The definitions of one entity: they have no number, the name is the key."""
    mine = [one.fields for one in call.store.living("definition") if one.fields["entity"] == entity]
    return json_answer([{name: one[name] for name in ("dataType", "name", "options")} for one in mine])


def single(call: Call, id: int, kind: str) -> Answer:
    """One record; where it is not there, an answer without a body."""
    record = None if hidden(call, kind) else call.store.kinds[kind].get(id)
    return MISSING if record is None else json_answer(served(call, record, complete))


def listing(path: str, kind: str, found: Rows, pages: Pages = Taken(), write: Write = listed) -> None:  # noqa: B008
    routes.add(f"/api/{path}", Listing(kind, complete, pages, write=write, rows=found, unknown=ignored))


for kind in PATHS:
    path = f"/api/{path_of(kind)}"
    routes.add(f"{path}/Query", partial(query, kind=kind, full=kind not in FULL), "POST")
    if kind in FULL:
        routes.add(f"{path}/Query/{FULL[kind]}", partial(query, kind=kind, full=True), "POST")
    routes.add(f"{path}/QueryOptions", partial(query_options, kind=kind))
    routes.add(f"{path}/#", partial(single, kind=kind))
for entity in ENTITIES:
    path = "v2/Pledge" if entity == "Pledge" else entity
    routes.add(f"/api/{path}/CustomFields", partial(custom_fields, entity=entity))
for path, (_, entries) in LISTS.items():
    routes.add(f"/api/{path}", lambda call, entries=entries: json_answer(entries))
routes.add("/api/Organization", lambda call: json_answer([call.store.organization]))
routes.add("/api/Organization/Current", lambda call: json_answer(call.store.organization))
listing("Tag", "tag", rows("tag"))
listing("OrganizationGroup", "organization_group", rows("organization_group"))
listing("VolunteerOpportunity", "opportunity", rows("opportunity"))
listing("VolunteerOpportunity/#/Volunteers", "volunteer", below("opportunity", "volunteer"))
listing("VolunteerOpportunity/#/Volunteers/#/Attendance", "attendance", below("volunteer", "attendance"))
listing("ContactAddress/ByContact/#", "address", below("contact", "address"), Whole(), bare)
listing("Relationship/ByContact/#", "relationship", below("contact", "relationship"))
listing("Gift/ByContact/#", "gift", below("contact", "gift"), Taken(100))
listing("RecurringGiftPayment/#", "recurring_payment", naming("recurring_payment", "recurring"))
listing("Communication/ByCampaign/#", "communication", naming("communication", "campaign"), Taken(100))
listing("ProjectNote/ByProject/#", "project_note", below("project", "project_note"))
listing("ProjectRole/ByProject/#", "project_role", below("project", "project_role"))
listing(
    "ProjectExpense",
    "project_expense",
    lambda call: below("project", "project_expense")(call, whole(call, "projectId", 0)),
    Taken(100_000, skips=False),
)
