"""Which function answers a path. virtuous.md 3."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sandbox.columns import columns
from sandbox.listings import Listing, Pages, Show, Whole, Write, bare, ignored, served
from sandbox.routes import Call, Routes
from sandbox.store import Record
from sandbox.virtuous.answers import MISSING, Taken, hidden, listed, whole
from sandbox.virtuous.entries import ENTITIES
from sandbox.virtuous.kinds import PARENTS
from sandbox.virtuous.payloads import complete
from sandbox.virtuous.query import query, query_options
from sandbox.virtuous.resources import FULL, PATHS, path_of
from sandbox.web import Answer, json_answer

routes = Routes()
TAKEN = Taken()
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


def below(kind: str) -> Rows:
    """Those below the record whose id comes last; of one that is not there, none."""

    def found(call: Call, *ids: int) -> Iterable[Record]:
        record = call.store.kinds[PARENTS[kind]].get(ids[-1])
        return [] if record is None or hidden(call, kind) else call.store.below(record, kind)

    return found


def naming(kind: str, field: str) -> Rows:
    """Those in which a field holds the id in the path."""
    return lambda call, id: [one for one in rows(kind)(call) if one.fields[field] == id]


IN_MEMBERS = " ".join(f"organizationGroup{name.title()}={name}" for name in "id name location description".split())
MEMBER = "contactId=id contactName=name"


def members(call: Call, id: int) -> list[Record]:
    """The contacts in an organisation group, each with what is told of the group."""
    group = call.store.kinds["organization_group"].get(id)
    if group is None or hidden(call, "organization_group"):
        return []
    told = columns(IN_MEMBERS, group)
    inside = [one for one in call.store.living("contact") if id in one.fields["groups"]]
    return [Record("member", one.id, one.created, one.updated, {**told, **columns(MEMBER, one)}) for one in inside]


@routes("/api/Segment/Search", method="POST")
def segments(call: Call) -> Answer:
    """Found by others: every page is the first one, as long as `take` says. virtuous.md 12."""
    pages = Taken(100_000, skips=call.options.segments_paged)
    return Listing("segment", complete, pages, write=listed, rows=rows("segment"), unknown=ignored)(call)


def expenses(call: Call) -> Iterable[Record]:
    return below("project_expense")(call, whole(call, "projectId", 0))


def custom_fields(call: Call, entity: str) -> Answer:
    """The definitions of one entity: they have no number, the name is the key."""
    mine = [one.fields for one in call.store.living("definition") if one.fields["entity"] == entity]
    return json_answer([{name: one[name] for name in ("dataType", "name", "options")} for one in mine])


def single(call: Call, id: int, kind: str) -> Answer:
    """One record; where it is not there, an answer without a body."""
    record = None if hidden(call, kind) else call.store.kinds[kind].get(id)
    return MISSING if record is None else json_answer(served(call, record, complete))


def listing(
    path: str, kind: str, rows: Rows, pages: Pages = TAKEN, write: Write = listed, show: Show = complete
) -> None:
    routes.add(f"/api/{path}", Listing(kind, show, pages, write=write, rows=rows, unknown=ignored))


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
listing("OrganizationGroup/#/contacts", "member", members, show=lambda call, one: one.fields)
listing("VolunteerOpportunity", "volunteer_opportunity", rows("volunteer_opportunity"))
listing("VolunteerOpportunity/#/Volunteers", "volunteer", below("volunteer"))
listing("VolunteerOpportunity/#/Volunteers/#/Attendance", "volunteer_attendance", below("volunteer_attendance"))
listing("ContactAddress/ByContact/#", "contact_address", below("contact_address"), Whole(), bare)
listing("Relationship/ByContact/#", "relationship", below("relationship"))
listing("Gift/ByContact/#", "gift", below("gift"), Taken(100))
listing("RecurringGiftPayment/#", "recurring_gift_payment", naming("recurring_gift_payment", "recurring"))
listing("Communication/ByCampaign/#", "communication", naming("communication", "campaign"), Taken(100))
listing("ProjectNote/ByProject/#", "project_note", below("project_note"))
listing("ProjectRole/ByProject/#", "project_role", below("project_role"))
listing("ProjectExpense", "project_expense", expenses, Taken(100_000, skips=False))
