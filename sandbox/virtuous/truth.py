"""What a warehouse must hold of an organisation, worked out from its store alone.

Fields land under the vendor's names in snake case. Here stands what is otherwise: what is beside them, and what has a
column though nothing in this organisation has it. Of records whose fields nobody has shown, `raw` holds what comes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from functools import cache
from typing import Any

from sandbox.columns import Form, Row, Tables, columns, text
from sandbox.draw import words
from sandbox.store import Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import BESIDE, FIELDS, IN_GIFT, MONEY_TEXTS
from sandbox.virtuous.payloads import shown
from sandbox.virtuous.routes import LISTS
from sandbox.virtuous.times import SECOND, money, short_date

AUDIT = "createDateTimeUtc=created:time createdByUser=by.0 modifiedDateTimeUtc=updated:time modifiedByUser=by.1"
PLACE = "label address1 address2 city state postal country isPrimary canBePrimary startMonth startDay endMonth endDay"
ONLY_LANDED = {
    "contact": "yearToDateGiving customCollections:none",
    "individual": "birthMonth birthDay birthYear customCollections:none approximateAge birthDateText=birthDate:short "
    "deceasedDateText=deceasedDate:short_or_empty",
    "method": "contactIndividualId=individual:text",
    "contact_address": "contactId=parent.id:text",
    "gift": "contactPassthroughId contactMembershipId mediaOutletId mediaOutlet tributeId tributeType "
    "acknowledgeeIndividualId isAcknowledgedGift acknowledgementDate acknowledgementNotes receiptSegmentId "
    "cashAccountingCode giftAskId passthroughGiftAskId checkNumber creditCardType cryptocoinType transactionHash "
    "coinSoldForCash coinAmount dateCoinWasSold coinSaleAmount tickerSymbol numberOfShares stockSoldForCash "
    "dateStockWasSold stockSaleAmount iraCustodian nonCashGiftTypeId nonCashGiftType description nonCashSoldForCash "
    "dateNonCashWasSold nonCashOriginalAmount nonCashSaleAmount",
    "gift_premium": "quantity:text",
    "recurring_gift": "recurringGiftDate=startDate",
    "planned_gift": "plannedGiftType=pkannedGiftType fulfilled:money",
    "project": "isRestrictedToGiftSpecifications isLimitedToFinancialNeed treatAsAccountsPayable "
    "financialNeedFrequency lifeToDateGiftCount lifeToDateGiversCount calendarYearToDateGiving giftSpecifications:none "
    "calendarYearToDateGiftCount calendarYearToDateGiversCount calendarYearToDateExpenseTotal",
    "campaign": "startDateTimeUtc:midnight endDateTimeUtc:midnight",
    "event": "geocodeAddress specialInstructions totalRsvps totalGifts generosityEventContacts tables:none meals:none",
    "volunteer_opportunity": "preferredNumberOfHours:text preferredDateTime totalVolunteers totalVolunteerHours "
    "currentNeed currentPriority currentPriorityName currentNeedFilledPercentage hoursFilledPercentage",
    "volunteer": "displayName primaryPhone primaryEmail totalHours timesVolunteered",
    "volunteer_attendance": "startDateTime endDateTime startDateTimeUtc:midnight endDateTimeUtc:midnight",
}
"""By kind, the columns that nothing shown has the name of, or that land otherwise."""
SEEN = """
    contact gift recurring_gift planned_gift project campaign event tag organization_group volunteer_opportunity
    volunteer contact_address recurring_gift_payment volunteer_attendance
""".split()
"""Kinds that are tables of their own, called like them."""
UNSEEN = {
    **dict.fromkeys(("pledge", "gift_ask", "task", "event_attendee"), AUDIT),
    "grant": "title grantingOrganizationId=grantingOrganization:text receivingOrganizationId ownerId status grantType "
    + AUDIT,
    **dict.fromkeys(("communication", "segment"), "name"),
    "contact_note": f"type note important isPrivate {AUDIT}",
    "premium": f"name {AUDIT}",
    "relationship": "contactId=parent.id:text",
    **dict.fromkeys(("project_note", "project_role", "project_expense"), "projectId=parent.id:text"),
}
"""All columns but `id` and `raw` of what nobody has shown the fields."""
NO_COLUMN = "custom tags groups designations contactReferences individual recurring pkannedGiftType".split()
"""Fields that have no column of their name."""


def truth(store: Database) -> Tables:
    """Every table, by name."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    forms = _forms(store)
    for kind in SEEN:
        for record in store.living(kind):
            # The payments of a recurring gift that was deleted are in no listing of their own.
            if kind != "recurring_gift_payment" or record.fields["recurring"] in store.kinds["recurring_gift"]:
                tables[kind].append({**_row(record, forms), **MORE.get(kind, lambda *_: {})(store, record)})
                _add_below(tables, record, _inside(store, record, forms))
    for kind, names in UNSEEN.items():
        for record in store.living(kind):
            raw = {name: value for name, value in shown(store, record).items() if not name.endswith("Url")}
            tables[kind].append({**_snake(columns(f"id:text {names}", record, forms)), "raw": raw})
            fields = [("custom_field", {**_snake(each), "raw": each}) for each in raw.get("customFields", ())]
            _add_below(tables, record, fields)
    return {**tables, **_lists(store)}


def _add_below(tables: Tables, record: Record, rows: Iterable[tuple[str, Row]]) -> None:
    """Rows of child tables, numbered as they come."""
    places = Counter[str]()
    for name, row in rows:
        tables[f"{record.kind}_{name}"].append({f"{record.kind}_id": str(record.id), "position": places[name], **row})
        places[name] += 1


def _forms(store: Database) -> dict[str, Form]:
    return {
        **store.lookups(),
        "text": text,
        "cents": lambda amount: None if amount is None else f"{amount:.2f}",
        "money": money,
        "time": lambda moment: datetime.fromtimestamp(moment / SECOND, timezone.utc).isoformat(),
        "midnight": lambda day: f"{day}T00:00:00Z",
        "short": short_date,
        "short_or_empty": lambda day: short_date(day, ""),
        "is": lambda value: value is not None,
        "none": lambda value: [],
        "contact_of": lambda id: text(store.lookups()["contact_of"](id)),
    }


@cache
def _columns(kind: str) -> str:
    """The words of a kind's columns: ids and numbers that must be exact land as text."""
    found = ["campaignId=id:text" if kind == "campaign" else "id:text"]
    for name, sign, rest in words(FIELDS[kind]):
        if name == "by":
            found.append(AUDIT)
        elif name not in NO_COLUMN:
            exact = sign == "$" or name.endswith("Id") or rest == "rate"
            form = ":cents" if name in MONEY_TEXTS else ":text" if exact else ""
            linked = sign == ">" and not name.endswith("Id")
            found.append(f"{name}Id={name}:text {name}:{rest}" if linked else f"{name}{form}")
    beside = [f"{word}:text" if word.endswith(".id") else word for word in BESIDE.get(kind, "").split()]
    return " ".join([*found, *beside, ONLY_LANDED.get(kind, "")])


def _snake(row: Row) -> Row:
    return {_name(written): value for written, value in row.items()}


@cache
def _name(written: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_", written).lower()


def _row(record: Record, forms: dict[str, Form]) -> Row:
    return _snake(columns(_columns(record.kind), record, forms))


def _inside(store: Database, record: Record, forms: dict[str, Form]) -> Iterator[tuple[str, Row]]:
    """The rows of what lies in a record, each with its table's name behind the record's."""
    yield from (("custom_field", row) for row in _custom(store, record))
    for kind in IN_GIFT:
        yield from ((kind.removeprefix("gift_"), _row(one, forms)) for one in store.below(record, kind))
    for one in store.below(record, "individual"):
        yield "individual", _row(one, forms)
        yield from (("method", _row(method, forms)) for method in store.methods_of(one))
        for row in _custom(store, one):
            yield "individual_custom_field", {"contact_individual_id": str(one.id), **row}
    declared = "projectId=project:text project:project projectCode=project:project_code amountDesignated:text"
    for each in record.fields.get("designations", ()):
        yield "designation", _snake(columns(declared, each, forms))
    for each in record.fields.get("contactReferences", ()):
        yield "reference", {"source": each["source"], "reference_id": each["id"]}
    yield from (("tag", {"tag": tag}) for tag in forms["tags"](record.fields.get("tags", ())))
    for group in forms["groups"](record.fields.get("groups", ())):
        yield "organization_group", {"organization_group": group}


def _custom(store: Database, record: Record) -> Iterator[Row]:
    """A project tells no types."""
    for type, name, value in store.custom(record):
        told = None if record.kind == "project" else type
        yield {"name": name, "display_name": None, "data_type": told, "value": value}


def _contact(store: Database, record: Record) -> Row:
    gifts = store.gifts_of(record)
    place = columns(f"id:text {PLACE}", store.address_of(record), {"text": text})
    return {
        **_snake({f"address_{name}": value for name, value in place.items()}),
        "life_to_date_giving": f"{sum(one.fields['amount'] for one in gifts):.2f}",
        "last_gift_amount": f"{gifts[-1].fields['amount'] if gifts else 0:.2f}",
        "last_gift_date": gifts[-1].fields["giftDate"] if gifts else None,
        "last_gift_date_text": short_date(gifts[-1].fields["giftDate"]) if gifts else "Unavailable",
    }


def _project(store: Database, record: Record) -> Row:
    given, spent = store.given_to(record), store.spent_on(record)
    balance = round(record.fields["beginningBalance"] + given - spent, 2)
    return {
        "current_balance": str(balance),
        "life_to_date_giving": str(given),
        "life_to_date_expense_total": str(spent),
    }


def _event(store: Database, record: Record) -> Row:
    came = [one.fields["attended"] for one in store.below(record, "event_attendee")]
    return {"total_invites": len(came), "total_attended": sum(came), "total_giving": "0.00"}


MORE: dict[str, Callable[[Database, Record], Row]] = {
    "contact": _contact,
    "project": _project,
    "event": _event,
    "recurring_gift_payment": lambda store, record: {
        "recurring_gift_id": str(record.fields["recurring"]),
        "gift_id": str(record.parent.id),
    },
    "organization_group": lambda store, record: _snake(
        {name: str(value) for name, value in store.organization.items()}
    ),
}
"""Columns that are worked out."""


def _lists(store: Database) -> Tables:
    """Reference lists, the members of groups, and what is defined."""
    tables: dict[str, list[Row]] = {}
    for table, entries in LISTS.values():
        rows: Any = entries["list"] if isinstance(entries, dict) else entries
        tables[table] = [_snake(each) if isinstance(each, dict) else {"name": each} for each in rows]
    for row in tables["non_cash_gift_type"]:
        row["id"] = str(row["id"])
    tables["organization_group_member"] = [
        {"organization_group_id": str(id), "contact_id": str(one.id), "contact_name": one.fields["name"]}
        for one in store.living("contact")
        for id in one.fields["groups"]
    ]
    tables["custom_field_definition"] = [
        {"display_name": None, **_snake(columns("entity name dataType options", one))}
        for one in store.living("definition")
    ]
    return tables
