"""What a warehouse must hold of an organisation, worked out from its store alone.

Fields land under the vendor's names in snake case, as `kinds.FIELDS` declares them. Here stands what is otherwise: how
each is typed, what is beside them, and what has a column though nothing in this organisation has it. Of the records
whose fields nobody has shown, `raw` holds what comes, without addresses.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from functools import cache
from typing import Any

from sandbox.columns import Form, Row, Tables, columns, text
from sandbox.store import Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import IN_GIFT, words
from sandbox.virtuous.payloads import shown
from sandbox.virtuous.routes import ENTITIES, LISTS
from sandbox.virtuous.times import SECOND, short_date

AUDIT = "createDateTimeUtc=created:time createdByUser=by.0 modifiedDateTimeUtc=updated:time modifiedByUser=by.1"
TABLES = {
    "contact": "contact preferredSalutationName preferredAddresseeName yearToDateGiving customCollections:none "
    "originSegment:segment",
    "gift": "gift contactId=parent.id:text contactName=parent.name giftTypeFormatted=giftType segment:segment "
    "baseCurrencyCode=currencyCode segmentCode=segment:code grant:grant contactPassthroughId contactMembershipId "
    "mediaOutletId mediaOutlet tributeId tributeType acknowledgeeIndividualId isAcknowledgedGift acknowledgementDate "
    "acknowledgementNotes receiptSegmentId cashAccountingCode giftAskId passthroughGiftAskId checkNumber "
    "creditCardType cryptocoinType transactionHash coinSoldForCash coinAmount dateCoinWasSold coinSaleAmount "
    "tickerSymbol numberOfShares stockSoldForCash dateStockWasSold stockSaleAmount iraCustodian nonCashGiftTypeId "
    "nonCashGiftType description nonCashSoldForCash dateNonCashWasSold nonCashOriginalAmount nonCashSaleAmount",
    "recurring_gift": "recurring_gift recurringGiftDate=startDate segment:segment",
    "planned_gift": "planned_gift plannedGiftType=pkannedGiftType fulfilled:money project:project segment:segment",
    "project": "project parentName=parentId:project isSubProject=parentId:is isRestrictedToGiftSpecifications "
    "isLimitedToFinancialNeed treatAsAccountsPayable financialNeedFrequency lifeToDateGiftCount lifeToDateGiversCount "
    "calendarYearToDateGiving calendarYearToDateGiftCount calendarYearToDateGiversCount calendarYearToDateExpenseTotal "
    "giftSpecifications:none",
    "campaign": "campaign startDateTimeUtc:midnight endDateTimeUtc:midnight",
    "event": "event geocodeAddress specialInstructions totalRsvps totalGifts generosityEventContacts tables:none "
    "meals:none",
    "tag": "tag",
    "organization_group": "organization_group",
    "opportunity": "volunteer_opportunity preferredNumberOfHours:text preferredDateTime totalVolunteers "
    "totalVolunteerHours currentNeed currentPriority currentPriorityName currentNeedFilledPercentage "
    "hoursFilledPercentage",
    "volunteer": "volunteer volunteerOpportunityId=parent.id:text contactId=contactIndividualId:contact_of displayName "
    "firstName=contactIndividualId:individual primaryPhone primaryEmail totalHours timesVolunteered",
    "address": "contact_address contactId=parent.id:text canBePrimary",
    "recurring_payment": "recurring_gift_payment recurringGiftId=recurring:text giftId=parent.id:text",
    "attendance": "volunteer_attendance volunteerId=parent.id:text volunteerOpportunityId=parent.parent.id:text "
    "startDateTimeUtc:midnight startDateTime endDateTimeUtc:midnight endDateTime",
}
"""By kind: its table, then the columns that are no fields, or land otherwise than these."""
BELOW = {
    "individual": "prefix2 preMarriageName canBePrimary isSecondary canBeSecondary birthMonth birthDay birthYear "
    "customCollections:none approximateAge birthDateText=birthDate:short deceasedDateText=deceasedDate:short_or_empty",
    "method": "contactIndividualId=individual:text canBePrimary",
    "designation": "project:project projectCode=project:project_code externalAccountingCode=project:account "
    "projectType=project:type projectLocation=project:location",
    "gift_premium": "premium:premium quantity:text",
}
"""The same of what lies in other records."""
UNSEEN = {
    "pledge": f"pledge {AUDIT}",
    "gift_ask": f"gift_ask {AUDIT}",
    "grant": "grant title grantingOrganizationId=grantingOrganization:text receivingOrganizationId ownerId status "
    f"grantType {AUDIT}",
    "communication": "communication name",
    "segment": "segment name",
    "attendee": f"event_attendee {AUDIT}",
    "note": f"contact_note type note important isPrivate {AUDIT}",
    "task": f"task {AUDIT}",
    "premium": f"premium name {AUDIT}",
    "relationship": "relationship contactId=parent.id:text",
    **{kind: f"{kind} projectId=parent.id:text" for kind in ("project_note", "project_role", "project_expense")},
}
"""By kind: its table, and all columns but `id` and `raw`."""
NAMED = """
    contact_prefix Contact/Prefixes contact_method_type ContactMethod/Types contact_note_type ContactNote/Types
    event_type Event/Types project_type Project/Types project_note_type ProjectNote/Types
    project_role_type ProjectRole/Types task_type Task/Types communication_channel_type Communication/ChannelTypes
    communication_type Communication/CommunicationTypes reminder_milestone Reminder/Type/Milestone
    reminder_type Reminder/Type/Reminder reminder_frequency Reminder/Type/ReminderFrequency
    reminder_source Reminder/Type/ReminderSource
""".split()
"""The reference lists of names: table, path."""
ADDRESS = "label address1 address2 city state postal country isPrimary canBePrimary startMonth startDay endMonth endDay"
NO_COLUMN = {"by", "custom", "tags", "groups", "designations", "contactReferences", "individual", "recurring"}
"""Fields that have no column of their name; nor has `pkannedGiftType`, which is spelt as it should be."""


def truth(store: Database) -> Tables:
    """Every table, by name."""
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    forms = _forms(store)
    for kind, declared in TABLES.items():
        table, _, beside = declared.partition(" ")
        for record in _listed(store, kind):
            tables[table].append({**_row(kind, beside, record, forms), **MORE.get(kind, _nothing)(store, record)})
            _add_below(tables, table, record, _inside(store, record, forms))
    for kind, declared in UNSEEN.items():
        table, _, names = declared.partition(" ")
        for record in store.living(kind):
            raw = _without_addresses(shown(store, record))
            tables[table].append({**_snake(columns(f"id:text {names}", record, forms)), "raw": raw})
            fields = [("custom_field", {**_snake(each), "raw": each}) for each in raw.get("customFields", ())]
            _add_below(tables, table, record, fields)
    return {**tables, **_lists(store)}


def _listed(store: Database, kind: str) -> list[Record]:
    """The payments of a recurring gift that was deleted are in no listing of their own."""
    found, kept = store.living(kind), store.kinds["recurring_gift"]
    return [one for one in found if kind != "recurring_payment" or one.fields["recurring"] in kept]


def _add_below(tables: Tables, table: str, record: Record, rows: Iterable[tuple[str, Row]]) -> None:
    """Rows of child tables, numbered as they come."""
    places: Counter[str] = Counter()
    for name, row in rows:
        tables[f"{table}_{name}"].append({f"{table}_id": str(record.id), "position": places[name], **row})
        places[name] += 1


def _forms(store: Database) -> dict[str, Form]:
    return {
        "text": text,
        "cents": lambda amount: None if amount is None else f"{amount:.2f}",
        "money": lambda amount: None if amount is None else f"${amount:,.2f}",
        "time": lambda moment: datetime.fromtimestamp(moment / SECOND, timezone.utc).isoformat(),
        "midnight": lambda day: f"{day}T00:00:00Z",
        "short": lambda day: None if day is None else short_date(day),
        "short_or_empty": lambda day: "" if day is None else short_date(day),
        "is": lambda value: value is not None,
        "none": lambda value: [],
        "contact_of": lambda id: text(store.contact_of(id)),
        "project_code": store.of("project", "projectCode"),
        "account": store.of("project", "externalAccountingCode"),
        "type": store.of("project", "type"),
        "location": store.of("project", "location"),
        "code": store.of("segment", "code"),
        **{kind: store.of(kind) for kind in ("project", "segment", "grant", "premium", "individual")},
    }


@cache
def _columns(kind: str, beside: str) -> str:
    """The words of a kind's own columns: ids and numbers that must be exact land as text."""
    found = ["campaignId=id:text" if kind == "campaign" else "id:text"]
    for name, sign, rest in words(kind):
        if name == "by":
            found.append(AUDIT)
        elif name not in NO_COLUMN and name != "pkannedGiftType":
            linked = sign == ">" and not name.endswith("Id")
            exact = sign in (">", "$") or name.endswith("Id") or rest == "rate"
            found.append(
                f"{name}Id={name}:text"
                if linked
                else f"{name}:cents"
                if sign == "%"
                else f"{name}:text"
                if exact
                else name
            )
    return " ".join([*found, beside])


def _snake(row: Row) -> Row:
    def name(written: str) -> str:
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "_", written).lower()

    return {name(written): value for written, value in row.items()}


def _row(kind: str, beside: str, record: Record, forms: dict[str, Form]) -> Row:
    return _snake(columns(_columns(kind, beside), record, forms))


def _nothing(store: Database, record: Record) -> Row:
    return {}


def _without_addresses(payload: Any) -> Any:
    return {name: value for name, value in payload.items() if not name.endswith("Url")}


def _inside(store: Database, record: Record, forms: dict[str, Form]) -> Iterator[tuple[str, Row]]:
    """The rows of what lies in a record, each with its table's name behind the record's."""
    for type, name, value in store.custom(record):
        told = None if record.kind == "project" else type
        yield "custom_field", {"name": name, "display_name": None, "data_type": told, "value": value}
    for kind in IN_GIFT:
        for one in store.below(record, kind):
            row = _row(kind, BELOW.get(kind, ""), one, forms)
            yield {"gift_premium": "premium", "recurring_payment": "recurring_gift_payment"}.get(kind, kind), row
    for one in store.below(record, "individual"):
        yield "individual", _row("individual", BELOW["individual"], one, forms)
        individual = {"contact_individual_id": str(one.id)}
        for method in store.methods_of(one):
            yield "method", _row("method", BELOW["method"], method, forms)
        for type, name, value in store.custom(one):
            row = {**individual, "name": name, "display_name": None, "data_type": type, "value": value}
            yield "individual_custom_field", row
    for each in record.fields.get("designations", ()):
        declared = "projectId=project:text project:project projectCode=project:project_code amountDesignated:text"
        yield "designation", _snake(columns(declared, each, forms))
    for each in record.fields.get("contactReferences", ()):
        yield "reference", {"source": each["source"], "reference_id": each["id"]}
    for tag in store.of_all("tag")(record.fields.get("tags")):
        yield "tag", {"tag": tag}
    for group in store.of_all("organization_group")(record.fields.get("groups")):
        yield "organization_group", {"organization_group": group}


def _contact(store: Database, record: Record) -> Row:
    gifts = sorted(store.below(record, "gift"), key=lambda one: (one.fields["giftDate"], one.id))
    primary = next((one for one in store.below(record, "address") if one.fields["isPrimary"]), None)
    return {
        **_snake(
            {f"address_{name}": value for name, value in columns(f"id:text {ADDRESS}", primary, {"text": text}).items()}
        ),
        "life_to_date_giving": f"{sum(one.fields['amount'] for one in gifts):.2f}",
        "last_gift_amount": f"{gifts[-1].fields['amount'] if gifts else 0:.2f}",
        "last_gift_date": gifts[-1].fields["giftDate"] if gifts else None,
        "last_gift_date_text": short_date(gifts[-1].fields["giftDate"]) if gifts else "Unavailable",
    }


def _project(store: Database, record: Record) -> Row:
    given = store.given_to(record)
    spent = round(sum(one.fields["amount"] for one in store.below(record, "project_expense")), 2)
    balance = round(record.fields["beginningBalance"] + given - spent, 2)
    return {
        "current_balance": str(balance),
        "life_to_date_giving": str(given),
        "life_to_date_expense_total": str(spent),
    }


def _event(store: Database, record: Record) -> Row:
    attendees = store.below(record, "attendee")
    came = sum(one.fields["attended"] for one in attendees)
    return {"total_invites": len(attendees), "total_attended": came, "total_giving": "0.00"}


def _group(store: Database, record: Record) -> Row:
    return {
        "organization_id": str(store.organization["organizationId"]),
        "organization_name": store.organization["organizationName"],
    }


MORE = {"contact": _contact, "project": _project, "event": _event, "organization_group": _group}
"""Columns that are worked out."""


def _lists(store: Database) -> Tables:
    tables = {
        table: [{"name": name} for name in LISTS[path]] for table, path in zip(NAMED[::2], NAMED[1::2], strict=True)
    }
    tables["contact_type"] = [_snake(each) for each in LISTS["Contact/Types"]]
    tables["relationship_type"] = [_snake(each) for each in LISTS["Relationship/Types"]]
    tables["non_cash_gift_type"] = [
        _snake({**each, "id": str(each["id"])}) for each in LISTS["Gift/NonCashGiftTypes"]["list"]
    ]
    tables["organization_group_member"] = [
        {"organization_group_id": str(id), "contact_id": str(one.id), "contact_name": one.fields["name"]}
        for one in store.living("contact")
        for id in one.fields["groups"]
    ]
    tables["custom_field_definition"] = [
        {
            "entity": path,
            "display_name": None,
            **_snake({name: one.fields[name] for name in ("name", "dataType", "options")}),
        }
        for path in ENTITIES
        for one in store.living("definition")
        if one.fields["entity"] == path.rpartition("/")[2]
    ]
    return tables
