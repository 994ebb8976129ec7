"""What Virtuous shows of each kind of record. virtuous.md 7 and 8, with the vendor's spelling.

The fields come under their own names, as `kinds.FIELDS` declares them, then the change times, then what is beside
them. Rows of pledges, asks, grants, segments, communications, tasks, premiums, attendees, relationships and of what
lies below a project were seen by nobody: their names follow those of the others.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sandbox.columns import columns
from sandbox.draw import words
from sandbox.routes import Call
from sandbox.store import Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import BESIDE, FIELDS, IN_GIFT, MONEY_TEXTS
from sandbox.virtuous.times import midnight, money, short_date, utc

Payload = dict[str, Any]
API = "https://api.virtuoussoftware.com/api"
AUDIT = "createDateTimeUtc=created:utc createdByUser=by.0 modifiedDateTimeUtc=updated:utc modifiedByUser=by.1"
HIDDEN = {"custom", "tags", "groups", "designations", "individual", "recurring"}
"""Fields that no plain name shows."""
DATES = {"past": "midnight", "coming": "midnight", "born": "short", "died": "short_or_empty"}
"""How a date is written, by how it is drawn."""
ONLY_SHOWN = {
    "tag": f"contactsByTagUrl={API}/Contact/ByTag/{{id}}",
    "contact": f"contactGiftsUrl={API}/Gift/ByContact/{{id}} tags:tags organizationGroups=groups:groups",
    "individual": "contactId=parent.id avatarUrl",
    "gift": f"giftUrl={API}/Gift/{{id}} giftDateFormatted=giftDate:short amountFormatted=amount:money",
    "designation": "display=amountDesignated:money",
    "pledge_payment": "giftId=parent.id",
    "recurring_gift": "recurringGiftDate=startDate:midnight",
    "event_attendee": "eventId=parent.id",
    "relationship": "contactId=parent.id",
    **dict.fromkeys(("project_note", "project_role", "project_expense"), "projectId=parent.id"),
}
"""What lands in no column of its own, or otherwise than it is written."""
BRIEF = {
    "contact": f"id name contactType contactName=name contactViewUrl={API}/Contact/{{id}}",
    "gift": "id contactId=parent.id contactIndividualId giftType giftDate:short amount:money segment:segment batch "
    f"giftUrl={API}/Gift/{{id}} currencyCode exchangeRate baseCurrencyCode=currencyCode",
}


@cache
def _declared(kind: str) -> str:
    """The words of a kind, for `columns`."""
    found = [f"{kind}Id=id" if kind in ("campaign", "communication") else "id"]
    for name, sign, rest in words(FIELDS[kind]):
        if name == "by":
            found.append(AUDIT.replace("createdBy", "createBy") if kind == "event" else AUDIT)
        elif sign == ">" and not name.endswith("Id") and name not in HIDDEN:
            found.append(f"{name}Id={name} {name}:{rest}")
        elif name not in HIDDEN:
            form = "money" if name in MONEY_TEXTS else DATES.get(rest)
            found.append(f"{name}:{form}" if form else name)
    return " ".join([*found, BESIDE.get(kind, ""), ONLY_SHOWN.get(kind, "")])


def _written(store: Database, declared: str, record: Record) -> Payload:
    forms = {
        **store.lookups(),
        "utc": lambda moment: utc(moment, record.id),
        "midnight": midnight,
        "short": short_date,
        "short_or_empty": lambda day: short_date(day, ""),
        "money": money,
        "is": lambda value: value is not None,
    }
    return columns(declared, record, forms)


def shown(store: Database, record: Record) -> Payload:
    """All that the vendor shows of a record. Custom fields are an array, or null where a gift has none, or an object in
    a project."""
    payload = _written(store, _declared(record.kind), record)
    if record.kind in MORE:
        payload |= MORE[record.kind](store, record)
    if "custom" in record.fields:
        told = [dict(zip(("dataType", "name", "value"), each, strict=True)) for each in store.custom(record)]
        listed = [{**each, "displayName": None} for each in told] or (None if record.kind == "gift" else [])
        named = {each["name"]: each["value"] for each in told}
        payload["customFields"] = named if record.kind == "project" else listed
    return payload


def complete(call: Call, record: Record) -> Payload:
    return shown(call.store, record)


def abbreviated(call: Call, record: Record) -> Payload:
    """A row that looks complete: text, no change time. Most kinds have but one."""
    brief = BRIEF.get(record.kind)
    return _written(call.store, brief, record) if brief else shown(call.store, record)


def _below(store: Database, record: Record, kind: str) -> list[Payload]:
    return [shown(store, one) for one in store.below(record, kind)]


IN_GIFTS = dict(zip("giftDesignations giftPremiums pledgePayments recurringGiftPayments".split(), IN_GIFT, strict=True))
"""Under these names a gift shows what is in it."""


def _contact(store: Database, record: Record) -> Payload:
    address, gifts = store.address_of(record), store.gifts_of(record)
    return {
        "address": shown(store, address) if address else None,
        "lifeToDateGiving": money(round(sum(one.fields["amount"] for one in gifts), 2)),
        "lastGiftAmount": money(gifts[-1].fields["amount"]) if gifts else "$0.00",
        "lastGiftDate": short_date(gifts[-1].fields["giftDate"]) if gifts else "Unavailable",
        "contactIndividuals": _below(store, record, "individual"),
        "customCollections": [],
    }


def _recurring_gift(store: Database, record: Record) -> Payload:
    """Its designations have no id."""
    declared = "projectId=project project:project amountDesignated projectCode=project:project_code"
    forms = store.lookups()
    return {"designations": [columns(declared, each, forms) for each in record.fields["designations"]]}


def _project(store: Database, record: Record) -> Payload:
    """Figures that move no change time."""
    given, spent = store.given_to(record), store.spent_on(record)
    balance = round(record.fields["beginningBalance"] + given - spent, 2)
    return {
        "currentBalance": balance,
        "lifeToDateGiving": given,
        "lifeToDateExpenseTotal": spent,
        "giftSpecifications": [],
    }


def _event(store: Database, record: Record) -> Payload:
    came = [one.fields["attended"] for one in store.below(record, "event_attendee")]
    return {"totalInvites": len(came), "totalAttended": sum(came), "totalGiving": "$0.00", "tables": [], "meals": []}


MORE: dict[str, Callable[[Database, Record], Payload]] = {
    "contact": _contact,
    "individual": lambda store, record: {
        "contactMethods": [shown(store, one) for one in store.methods_of(record)],
        "customCollections": [],
    },
    "gift": lambda store, record: {name: _below(store, record, kind) for name, kind in IN_GIFTS.items()},
    "recurring_gift_payment": lambda store, record: {
        "gift": columns("id contactId=parent.id giftDate:midnight amount", record.parent, {"midnight": midnight})
    },
    "recurring_gift": _recurring_gift,
    "project": _project,
    "event": _event,
    "organization_group": lambda store, record: store.organization,
}
"""What no word tells of a record."""
