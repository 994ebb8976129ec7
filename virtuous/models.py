"""The tables of Virtuous: every column typed and declared once (virtuous.md 3, 7 and 14).

Names are the vendor's, in snake case. Ids land as text, and so does money exactly, though some comes as text for
people. Of what nobody has shown the fields (`unseen`) the key lands, what other records have too, and the record in
`raw`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from texts import DAY, DAY_OF_TEXT, MONEY

from shared.records import adding, elements, value
from shared.tables import SELF, Child, Column, Table, columns, snake
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, NAIVE_DATETIME, RATE, STRING, UTC_WITHOUT_ZONE

CUSTOM_FIELDS, INDIVIDUALS = "customFields", "contactIndividuals"
LINKS = ("*Url",)
"""Addresses, in the API and in the application."""


def custom_fields(record: Mapping[str, Any]) -> Any:
    """The custom fields of a record as a list: some come as an object from name to value."""
    found = record.get(CUSTOM_FIELDS)
    return [{"name": name, "value": each} for name, each in found.items()] if isinstance(found, Mapping) else found


def written(field: Mapping[str, Any]) -> Any:
    """The value of a custom field: nearly always text. A list or a truth value lands as JSON writes it."""
    found = field.get("value")
    return json.dumps(found) if isinstance(found, bool | list | Mapping) else found


def in_individuals(find: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], list[Any]]:
    """What is found in each individual of a contact, with that individual's id."""

    def each(contact: Mapping[str, Any]) -> Iterator[Any]:
        for individual in elements(contact, INDIVIDUALS):
            found = find(individual) if isinstance(individual, Mapping) else None
            for one in found if isinstance(found, list) else [] if found is None else [found]:
                yield adding(one, contactIndividualId=value(individual, "id"))

    return lambda contact: list(each(contact))


def text_and_day(*names: str) -> tuple[Column, ...]:
    """Dates that come as text for people: each as the date, where it is one, and as the text."""
    return tuple(
        column
        for name in names
        for column in (Column(snake(name), DAY_OF_TEXT, name), Column(f"{snake(name)}_text", STRING, name))
    )


def either(name: str, *paths: str) -> Column:
    """A text that is found under the first of several names."""
    return Column(name, STRING, lambda record: next((record[path] for path in paths if path in record), None), paths)


FIELD = (*columns(STRING, "name displayName dataType"), Column("value", STRING, written, reads=("value",)))


def fields(table: str) -> Child:
    """The custom fields of a record, of which only the name tells them apart."""
    return Child(f"{table}_custom_field", custom_fields, FIELD, reads=(CUSTOM_FIELDS,))


def unseen(name: str, *own: Column, key: tuple[str, ...] = ("id",), custom: bool = False) -> Table:
    """The table of what nobody has shown the fields of."""
    children = (fields(name),) if custom else ()
    return Table(name, key, (*columns(STRING, "id"), *own), children, LINKS, raw_only=("*",), keep_raw=True)


def named(name: str) -> Table:
    """A reference list whose entries are no more than a name."""
    return Table(name, ("name",), columns(STRING, "name"), left_out=LINKS)


CHANGED = (*columns(UTC_WITHOUT_ZONE, "createDateTimeUtc modifiedDateTimeUtc"), *columns(STRING, "modifiedByUser"))
AUDIT = (*CHANGED, *columns(STRING, "createdByUser"))


def address(inside: str = "") -> tuple[Column, ...]:
    """The columns of an address."""
    return (
        *columns(STRING, "id label address1 address2 city state postal country", inside=inside),
        *columns(BOOLEAN, "isPrimary canBePrimary", inside=inside),
        *columns(LONG, "startMonth startDay endMonth endDay", inside=inside),
    )


INDIVIDUAL = (
    *columns(STRING, "id prefix prefix2 firstName middleName lastName preMarriageName suffix nickname gender passion"),
    *columns(BOOLEAN, "isPrimary canBePrimary isSecondary canBeSecondary isDeceased"),
    *columns(LONG, "birthMonth birthDay birthYear approximateAge"),
    *text_and_day("birthDate", "deceasedDate"),
    *columns(JSON, "customCollections"),
    *AUDIT,
)
ELSEWHERE = ("contactId", "contactMethods", CUSTOM_FIELDS)
METHOD = (
    *columns(STRING, "contactIndividualId id type value"),
    *columns(BOOLEAN, "isOptedIn isPrimary canBePrimary"),
    *AUDIT,
)
CONTACT = Table(
    "contact",
    ("id",),
    (
        *columns(STRING, "id contactType name informalName formalContactName alternateContactName description website"),
        *columns(STRING, "preferredSalutationName preferredAddresseeName maritalStatus mergedIntoContactId"),
        *columns(STRING, "originSegmentId originSegment giftAskType"),
        *columns(BOOLEAN, "isPrivate isArchived"),
        *columns(LONG, "anniversaryMonth anniversaryDay anniversaryYear"),
        *address(inside="address"),
        *columns(MONEY, "giftAskAmount lifeToDateGiving yearToDateGiving lastGiftAmount"),
        *text_and_day("lastGiftDate"),
        *columns(JSON, "customCollections"),
        *AUDIT,
    ),
    (
        Child("contact_individual", INDIVIDUALS, INDIVIDUAL, left_out=LINKS, raw_only=ELSEWHERE),
        Child(
            "contact_method", in_individuals(lambda found: found.get("contactMethods")), METHOD, reads=(INDIVIDUALS,)
        ),
        Child(
            "contact_individual_custom_field",
            in_individuals(custom_fields),
            (*columns(STRING, "contactIndividualId"), *FIELD),
            reads=(INDIVIDUALS,),
        ),
        Child(
            "contact_reference", "contactReferences", (*columns(STRING, "source"), Column("reference_id", STRING, "id"))
        ),
        Child("contact_tag", "tags", (Column("tag", STRING, SELF),)),
        Child("contact_organization_group", "organizationGroups", (Column("organization_group", STRING, SELF),)),
        fields("contact"),
    ),
    left_out=(*LINKS, "address.*", "isCurrentUserFollowing"),
)
PAYMENT = (
    *columns(STRING, "id"),
    *columns(DECIMAL, "expectedAmount"),
    *columns(DAY, "expectedPaymentDate dismissPaymentDate fulfillPaymentDate"),
)
GIFT = Table(
    "gift",
    ("id",),
    (
        *columns(STRING, "id transactionSource transactionId contactId contactName contactIndividualId"),
        *columns(STRING, "contactPassthroughId contactMembershipId giftType giftTypeFormatted currencyCode grant"),
        *columns(STRING, "baseCurrencyCode batch segmentId segment segmentCode mediaOutletId mediaOutlet grantId"),
        *columns(STRING, "notes tribute tributeId tributeType acknowledgeeIndividualId acknowledgementNotes"),
        *columns(STRING, "receiptSegmentId cashAccountingCode giftAskId passthroughGiftAskId checkNumber"),
        *columns(STRING, "creditCardType cryptocoinType transactionHash tickerSymbol iraCustodian"),
        *columns(STRING, "nonCashGiftTypeId nonCashGiftType description"),
        *columns(DAY, "giftDate acknowledgementDate receiptDate dateCoinWasSold dateStockWasSold dateNonCashWasSold"),
        *columns(DECIMAL, "amount coinSaleAmount numberOfShares stockSaleAmount"),
        *columns(DECIMAL, "nonCashOriginalAmount nonCashSaleAmount"),
        *columns(RATE, "exchangeRate coinAmount"),
        *columns(BOOLEAN, "isAcknowledgedGift isPrivate isTaxDeductible"),
        *columns(BOOLEAN, "coinSoldForCash stockSoldForCash nonCashSoldForCash"),
        *AUDIT,
    ),
    (
        Child(
            "gift_designation",
            "giftDesignations",
            (
                *columns(STRING, "id projectId project projectCode externalAccountingCode projectType projectLocation"),
                *columns(DECIMAL, "amountDesignated"),
            ),
            left_out=("display",),
        ),
        Child(
            "gift_premium",
            "giftPremiums",
            (*columns(STRING, "id premiumId premium"), *columns(DECIMAL, "quantity")),
            left_out=("display",),
        ),
        Child(
            "gift_pledge_payment",
            "pledgePayments",
            (
                *columns(STRING, "id"),
                *columns(DAY, "expectedPaymentDate"),
                *columns(DECIMAL, "expectedAmount actualAmount"),
            ),
            raw_only=("giftId",),
        ),
        Child("gift_recurring_gift_payment", "recurringGiftPayments", PAYMENT, raw_only=("gift",)),
        fields("gift"),
    ),
    left_out=(*LINKS, "giftDateFormatted", "amountFormatted", "receiptDateFormatted"),
)
RECURRING_GIFT = Table(
    "recurring_gift",
    ("id",),
    (
        *columns(STRING, "id transactionSource transactionId contactId frequency status segmentId segment"),
        *columns(DAY, "recurringGiftDate startDate anticipatedEndDate nextExpectedPaymentDate thankYouDate"),
        *columns(DECIMAL, "amount"),
        *columns(UTC_WITHOUT_ZONE, "cancelDateTimeUtc"),
        *columns(BOOLEAN, "automatedPayments trackPayments isPrivate"),
        *AUDIT,
    ),
    (
        Child(
            "recurring_gift_designation",
            "designations",
            (*columns(STRING, "projectId project projectCode"), *columns(DECIMAL, "amountDesignated")),
        ),
        fields("recurring_gift"),
    ),
    LINKS,
)
PLEDGE = unseen("pledge", *AUDIT, custom=True)
PLANNED_GIFT = Table(
    "planned_gift",
    ("id",),
    (
        *columns(STRING, "id contactId frequency fulfilled projectId project segmentId segment"),
        *columns(DAY, "plannedGiftDate anticipatedStartDate"),
        either("planned_gift_type", "pkannedGiftType", "plannedGiftType"),  # As the vendor spells it, and should.
        *columns(MONEY, "anticipatedAmount currentValue"),
        *columns(LONG, "numberOfOccurrences"),
        *AUDIT,
    ),
    (fields("planned_gift"),),
    LINKS,
)
GIFT_ASK = unseen("gift_ask", *AUDIT, custom=True)
GRANT = unseen(
    "grant",
    *columns(STRING, "title grantingOrganizationId receivingOrganizationId ownerId status grantType"),
    *AUDIT,
    custom=True,
)
PROJECT = Table(
    "project",
    ("id",),
    (
        *columns(STRING, "id name projectCode externalAccountingCode onlineDisplayName description parentId type"),
        *columns(STRING, "parentName inventoryStatus location financialNeedType financialNeedFrequency durationType"),
        *columns(BOOLEAN, "isSubProject isRestrictedToGiftSpecifications isLimitedToFinancialNeed isPublic isActive"),
        *columns(BOOLEAN, "isAvailableOnline isTaxDeductible treatAsAccountsPayable"),
        *columns(MONEY, "beginningBalance currentBalance financialNeedAmount lifeToDateGiving lifeToDateExpenseTotal"),
        *columns(MONEY, "calendarYearToDateGiving calendarYearToDateExpenseTotal"),
        *columns(LONG, "lifeToDateGiftCount lifeToDateGiversCount"),
        *columns(LONG, "calendarYearToDateGiftCount calendarYearToDateGiversCount"),
        *columns(DAY, "startDate endDate"),
        *columns(JSON, "giftSpecifications"),
        *AUDIT,
    ),
    (fields("project"),),
    LINKS,
)
CAMPAIGN = Table(
    "campaign",
    ("campaign_id",),
    (
        *columns(STRING, "campaignId name"),
        *columns(UTC_WITHOUT_ZONE, "startDateTimeUtc endDateTimeUtc"),
        *columns(MONEY, "givingGoal"),
        *columns(LONG, "newGiverGoal totalGiftGoal"),
        *columns(BOOLEAN, "isArchived"),
    ),
    left_out=LINKS,
)
COMMUNICATION = Table(
    "communication",
    ("id",),
    (either("id", "communicationId", "id"), *columns(STRING, "name")),  # Which of the two it is, nobody has shown.
    left_out=LINKS,
    raw_only=("*",),
    keep_raw=True,
)
SEGMENT = unseen("segment", *columns(STRING, "name"))
EVENT = Table(
    "event",
    ("id",),
    (
        *columns(STRING, "id name eventType locationName displayAddress geocodeAddress timeZone description"),
        *columns(STRING, "specialInstructions communicationId"),
        *columns(NAIVE_DATETIME, "startDateTime endDateTime"),
        *columns(BOOLEAN, "inviteOnly rsvpRequired"),
        *columns(LONG, "totalInvites totalRsvps totalAttended totalGifts"),
        *columns(MONEY, "totalGiving"),
        *columns(JSON, "generosityEventContacts tables meals"),
        *CHANGED,
        Column("created_by_user", STRING, "createByUser"),
    ),
    (fields("event"),),
    LINKS,
)
EVENT_ATTENDEE = unseen("event_attendee", *AUDIT, custom=True)
CONTACT_NOTE = unseen(
    "contact_note", *columns(STRING, "type note"), *columns(BOOLEAN, "important isPrivate"), *AUDIT, custom=True
)
TASK = unseen("task", *AUDIT)
PREMIUM = unseen("premium", *columns(STRING, "name"), *AUDIT, custom=True)
TAG = Table("tag", ("id",), columns(STRING, "id tagName tagGroupName"), left_out=LINKS)
ORGANIZATION_GROUP = Table(
    "organization_group",
    ("id",),
    columns(STRING, "id organizationId organizationName name location description"),
    left_out=LINKS,
)
GROUP_KEYS = ("Name", "Location", "Description", "OrganizationId", "OrganizationName")
ORGANIZATION_GROUP_MEMBER = Table(
    "organization_group_member",
    ("organization_group_id", "contact_id"),
    columns(STRING, "organizationGroupId contactId contactName"),
    left_out=(*LINKS, *(f"organizationGroup{key}" for key in GROUP_KEYS)),
)
VOLUNTEER_OPPORTUNITY = Table(
    "volunteer_opportunity",
    ("id",),
    (
        *columns(STRING, "id name locationName displayAddress timeZone description projectId"),
        *columns(STRING, "currentPriority currentPriorityName"),
        *columns(NAIVE_DATETIME, "startDateTime endDateTime preferredDateTime"),
        *columns(BOOLEAN, "isActive isLocalOnly"),
        *columns(LONG, "totalVolunteers"),
        *columns(DECIMAL, "preferredNumberOfHours totalVolunteerHours currentNeed"),
        *columns(DECIMAL, "currentNeedFilledPercentage hoursFilledPercentage"),
    ),
    (fields("volunteer_opportunity"),),
    LINKS,
)
VOLUNTEER = Table(
    "volunteer",
    ("volunteer_opportunity_id", "id"),
    (
        *columns(STRING, "volunteerOpportunityId id contactId contactIndividualId displayName firstName"),
        *columns(STRING, "primaryPhone primaryEmail"),
        *columns(DECIMAL, "totalHours"),
        *columns(LONG, "timesVolunteered"),
    ),
    left_out=LINKS,
)
CONTACT_TYPE = Table("contact_type", ("type",), columns(STRING, "type parentType"))
RELATIONSHIP_TYPE = Table(
    "relationship_type",
    ("relationship", "inverse_relationship"),
    columns(STRING, "relationship inverseRelationship group"),
)
NON_CASH_GIFT_TYPE = Table("non_cash_gift_type", ("id",), (*columns(STRING, "id name"), *columns(BOOLEAN, "isEnabled")))
NAMED = {
    named("contact_prefix"): "Contact/Prefixes",
    named("contact_method_type"): "ContactMethod/Types",
    named("contact_note_type"): "ContactNote/Types",
    named("event_type"): "Event/Types",
    named("project_type"): "Project/Types",
    named("project_note_type"): "ProjectNote/Types",
    named("project_role_type"): "ProjectRole/Types",
    named("task_type"): "Task/Types",
    named("communication_channel_type"): "Communication/ChannelTypes",
    named("communication_type"): "Communication/CommunicationTypes",
    named("reminder_milestone"): "Reminder/Type/Milestone",
    named("reminder_type"): "Reminder/Type/Reminder",
    named("reminder_frequency"): "Reminder/Type/ReminderFrequency",
    named("reminder_source"): "Reminder/Type/ReminderSource",
}
"""The reference lists of names, with their addresses."""
CUSTOM_FIELD_DEFINITION = Table(
    "custom_field_definition",
    ("entity", "name"),
    (*columns(STRING, "entity name displayName dataType"), *columns(JSON, "options")),
    left_out=LINKS,
)
CONTACT_ADDRESS = Table("contact_address", ("id",), (*columns(STRING, "contactId"), *address(), *AUDIT), left_out=LINKS)
RELATIONSHIP = unseen("relationship", *columns(STRING, "contactId"), key=("contact_id", "id"))
RECURRING_GIFT_PAYMENT = Table(
    "recurring_gift_payment",
    ("id",),
    (*columns(STRING, "recurringGiftId gift.id"), *PAYMENT),
    left_out=(*LINKS, "gift.*"),
)
VOLUNTEER_ATTENDANCE = Table(
    "volunteer_attendance",
    ("id",),
    (
        *columns(STRING, "id volunteerId volunteerOpportunityId timeZone"),
        *columns(DECIMAL, "hours"),
        *columns(UTC_WITHOUT_ZONE, "startDateTimeUtc endDateTimeUtc"),
        *columns(NAIVE_DATETIME, "startDateTime endDateTime"),
        *AUDIT,
    ),
    left_out=LINKS,
)
BELOW_PROJECTS = PROJECT_NOTE, PROJECT_ROLE, PROJECT_EXPENSE = tuple(
    unseen(name, *columns(STRING, "projectId")) for name in ("project_note", "project_role", "project_expense")
)

OF_PEOPLE = (CONTACT, CONTACT_NOTE, TASK, TAG, ORGANIZATION_GROUP, ORGANIZATION_GROUP_MEMBER)
OF_GIVING = (GIFT, RECURRING_GIFT, PLEDGE, PLANNED_GIFT, GIFT_ASK, GRANT, PROJECT, PREMIUM)
OF_OUTREACH = (CAMPAIGN, COMMUNICATION, SEGMENT, EVENT, EVENT_ATTENDEE, VOLUNTEER_OPPORTUNITY, VOLUNTEER)
LISTS = (CONTACT_TYPE, RELATIONSHIP_TYPE, NON_CASH_GIFT_TYPE, *NAMED, CUSTOM_FIELD_DEFINITION)
OPTIONAL = (CONTACT_ADDRESS, RELATIONSHIP, RECURRING_GIFT_PAYMENT, VOLUNTEER_ATTENDANCE, *BELOW_PROJECTS)
TABLES = (*OF_PEOPLE, *OF_GIVING, *OF_OUTREACH, *LISTS, *OPTIONAL)
