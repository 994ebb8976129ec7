"""What Virtuous shows of each kind of record. virtuous.md 7 and 8, with the vendor's spelling.

The fields come under their own names, as `kinds.FIELDS` declares them, then the change times, then what is beside
them. Rows of pledges, asks, grants, segments, communications, tasks, premiums, attendees, relationships and of what
lies below a project were seen by nobody: their names follow those of the others.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sandbox.columns import columns
from sandbox.routes import Call
from sandbox.store import Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import words
from sandbox.virtuous.times import midnight, money, short_date, utc

Payload = dict[str, Any]
API = "https://api.virtuoussoftware.com/api"
AUDIT = "createDateTimeUtc=created:utc createdByUser=by.0 modifiedDateTimeUtc=updated:utc modifiedByUser=by.1"
HIDDEN = {"custom", "tags", "groups", "designations", "individual", "recurring"}
"""Fields that no plain name shows."""
DATES = {"past": "midnight", "coming": "midnight", "born": "short", "died": "short_or_empty"}
"""How a date is written, by how it is drawn."""
BESIDE = {
    "tag": f"contactsByTagUrl={API}/Contact/ByTag/{{id}}",
    "project": "photoUrl parentName=parentId:project isSubProject=parentId:is endDate:midnight",
    "contact": f"contactGiftsUrl={API}/Gift/ByContact/{{id}} preferredSalutationName preferredAddresseeName "
    "tags:tags organizationGroups=groups:groups",
    "individual": "contactId=parent.id prefix2 preMarriageName canBePrimary isSecondary canBeSecondary avatarUrl",
    "method": "canBePrimary",
    "address": "canBePrimary",
    "gift": "contactId=parent.id contactName=parent.name giftTypeFormatted=giftType giftDateFormatted=giftDate:short "
    f"amountFormatted=amount:money baseCurrencyCode=currencyCode segmentCode=segment:code giftUrl={API}/Gift/{{id}}",
    "designation": "projectCode=project:project_code externalAccountingCode=project:account projectType=project:type "
    "projectLocation=project:location display=amountDesignated:money",
    "pledge_payment": "giftId=parent.id",
    "recurring_payment": "dismissPaymentDate:midnight",
    "recurring_gift": "recurringGiftDate=startDate:midnight",
    "event": f"eventViewUrl={API}/Event/{{id}}",
    "attendee": "eventId=parent.id",
    "volunteer": "contactId=contactIndividualId:contact_of firstName=contactIndividualId:individual "
    "volunteerOpportunityId=parent.id",
    "attendance": "volunteerId=parent.id volunteerOpportunityId=parent.parent.id",
    "relationship": "contactId=parent.id",
    **dict.fromkeys(("project_note", "project_role", "project_expense"), "projectId=parent.id"),
}
BRIEF = {
    "contact": f"id name contactType contactName=name contactViewUrl={API}/Contact/{{id}}",
    "gift": "id contactId=parent.id contactIndividualId giftType giftDate:short amount:money segment:segment batch "
    f"giftUrl={API}/Gift/{{id}} currencyCode exchangeRate baseCurrencyCode=currencyCode",
}


@cache
def _declared(kind: str) -> str:
    """The words of a kind, for `columns`."""
    found = [f"{kind}Id=id" if kind in ("campaign", "communication") else "id"]
    for name, sign, rest in words(kind):
        if name == "by":
            found.append(AUDIT.replace("createdBy", "createBy") if kind == "event" else AUDIT)
        elif name not in HIDDEN:
            linked = sign == ">" and not name.endswith("Id")
            form = ":money" if sign == "%" else f":{DATES[rest]}" if rest in DATES else f":{rest}" if linked else ""
            found.append(f"{name}Id={name} {name}{form}" if linked else f"{name}{form}")
    return " ".join([*found, BESIDE.get(kind, "")])


def _written(store: Database, declared: str, record: Record) -> Payload:
    forms = {
        "utc": lambda moment: utc(moment, record.id),
        "midnight": midnight,
        "short": lambda day: None if day is None else short_date(day),
        "short_or_empty": lambda day: "" if day is None else short_date(day),
        "money": money,
        "is": lambda value: value is not None,
        "tags": store.of_all("tag"),
        "groups": store.of_all("organization_group"),
        "contact_of": store.contact_of,
        "project_code": store.of("project", "projectCode"),
        "account": store.of("project", "externalAccountingCode"),
        "type": store.of("project", "type"),
        "location": store.of("project", "location"),
        "code": store.of("segment", "code"),
        **{
            kind: store.of(kind)
            for kind in ("contact", "project", "segment", "grant", "premium", "campaign", "individual")
        },
    }
    return columns(declared, record, forms)


def shown(store: Database, record: Record) -> Payload:
    """All that the vendor shows of a record."""
    payload = _written(store, _declared(record.kind), record)
    if record.kind in MORE:
        payload |= MORE[record.kind](store, record)
    if "custom" in record.fields:
        payload["customFields"] = _custom_fields(store, record)
    return payload


def complete(call: Call, record: Record) -> Payload:
    return shown(call.store, record)


def abbreviated(call: Call, record: Record) -> Payload:
    """The abbreviated row, which looks complete: text, no change time. Most kinds have but one."""
    store = call.store
    if record.kind not in BRIEF:
        return shown(store, record)
    payload = _written(store, BRIEF[record.kind], record)
    if record.kind == "contact":
        found = {one.fields["type"]: one.fields["value"] for one in store.below(record, "method")}
        payload |= {"email": found.get("Home Email"), "phone": found.get("Home Phone")}
    return payload


def _custom_fields(store: Database, record: Record) -> Any:
    """An array; null where a gift has none. A project's is an object."""
    found = [
        {"dataType": type, "name": name, "value": value, "displayName": None}
        for type, name, value in store.custom(record)
    ]
    if record.kind == "project":
        return {each["name"]: each["value"] for each in found}
    return found or (None if record.kind == "gift" else [])


def _below(store: Database, record: Record, kind: str) -> list[Payload]:
    return [shown(store, one) for one in store.below(record, kind)]


def _contact(store: Database, record: Record) -> Payload:
    address = next((one for one in store.below(record, "address") if one.fields["isPrimary"]), None)
    gifts = store.below(record, "gift")
    last = max(gifts, key=lambda one: (one.fields["giftDate"], one.id), default=None)
    return {
        "address": shown(store, address) if address else None,
        "lifeToDateGiving": money(round(sum(one.fields["amount"] for one in gifts), 2)),
        "lastGiftAmount": money(last.fields["amount"]) if last else "$0.00",
        "lastGiftDate": short_date(last.fields["giftDate"]) if last else "Unavailable",
        "contactIndividuals": _below(store, record, "individual"),
        "customCollections": [],
    }


def _individual(store: Database, record: Record) -> Payload:
    return {"contactMethods": [shown(store, one) for one in store.methods_of(record)], "customCollections": []}


def _gift(store: Database, record: Record) -> Payload:
    return {
        "giftDesignations": _below(store, record, "designation"),
        "giftPremiums": _below(store, record, "gift_premium"),
        "pledgePayments": _below(store, record, "pledge_payment"),
        "recurringGiftPayments": _below(store, record, "recurring_payment"),
    }


def _recurring_payment(store: Database, record: Record) -> Payload:
    declared = "id contactId=parent.id giftDate:midnight amount"
    return {"gift": columns(declared, record.parent, {"midnight": midnight})}


def _recurring_gift(store: Database, record: Record) -> Payload:
    """Its designations have no id."""
    forms = {"name": store.of("project"), "code": store.of("project", "projectCode")}
    declared = (
        f"projectId=project project:name projectUrl={API}/Project/{{project}} amountDesignated projectCode=project:code"
    )
    return {"designations": [columns(declared, each, forms) for each in record.fields["designations"]]}


def _project(store: Database, record: Record) -> Payload:
    """Figures that move no change time, and custom fields by name."""
    given = store.given_to(record)
    expenses = round(sum(one.fields["amount"] for one in store.below(record, "project_expense")), 2)
    return {
        "currentBalance": round(record.fields["beginningBalance"] + given - expenses, 2),
        "lifeToDateGiving": given,
        "lifeToDateExpenseTotal": expenses,
        "giftSpecifications": [],
    }


def _event(store: Database, record: Record) -> Payload:
    attendees = store.below(record, "attendee")
    came = sum(one.fields["attended"] for one in attendees)
    return {"totalInvites": len(attendees), "totalAttended": came, "totalGiving": "$0.00", "tables": [], "meals": []}


MORE: dict[str, Callable[[Database, Record], Payload]] = {
    "contact": _contact,
    "individual": _individual,
    "gift": _gift,
    "recurring_payment": _recurring_payment,
    "recurring_gift": _recurring_gift,
    "project": _project,
    "event": _event,
    "organization_group": lambda store, record: store.organization,
}
"""What no word tells of a record."""
