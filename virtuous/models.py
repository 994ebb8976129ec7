"""The tables of Virtuous: every column typed and declared once (virtuous.md 3, 7 and 14).

Names are the vendor's, in snake case. Ids land as text, money exactly; what is written in money text lands as a number.
Of what nobody has shown us the fields (`UNSEEN`) the key lands, what the vendor's other records have in common, and the
record as it came in `raw`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from texts import DAY, DAY_OF_TEXT, LOCAL_TIME, MONEY

from shared.records import adding, elements, value
from shared.tables import SELF, Child, Column, Table, columns, snake
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, RATE, STRING, UTC_WITHOUT_ZONE

CUSTOM_FIELDS = "customFields"
INDIVIDUALS = "contactIndividuals"
LINKS = ("*Url",)
"""Addresses in the API and in the application."""


def custom_fields(record: Mapping[str, Any]) -> Any:
    """The custom fields of a record as a list: some come as one, others as an object from name to value, others as
    `null`."""
    found = record.get(CUSTOM_FIELDS)
    return [{"name": name, "value": each} for name, each in found.items()] if isinstance(found, Mapping) else found


def written(field: Mapping[str, Any]) -> Any:
    """The value of a custom field: nearly always text. A list or a truth value lands as JSON writes it."""
    found = field.get("value")
    return json.dumps(found) if isinstance(found, bool | list | Mapping) else found


FIELD = (*columns(STRING, "name displayName dataType"), Column("value", STRING, written, reads=("value",)))


def with_custom_fields(table: str) -> Child:
    """The child table of a record's custom fields: one row a field. The name is all that tells them apart."""
    return Child(f"{table}_custom_field", custom_fields, FIELD, reads=(CUSTOM_FIELDS,))


def in_individuals(found: str) -> Any:
    """What the individuals of a contact have under a key, each with its individual's id."""

    def pick(contact: Mapping[str, Any]) -> list[Any]:
        return list(_below(contact, found))

    return pick


def _below(contact: Mapping[str, Any], key: str) -> Iterator[Any]:
    for individual in elements(contact, INDIVIDUALS):
        if isinstance(individual, Mapping):
            inner = custom_fields(individual) if key == CUSTOM_FIELDS else individual.get(key)
            for each in inner if isinstance(inner, list) else [] if inner is None else [inner]:
                yield adding(each, contactIndividualId=value(individual, "id"))


def text_and_day(name: str) -> tuple[Column, ...]:
    """A date that comes as text for people: the date where it is one, and the text."""
    return (Column(snake(name), DAY_OF_TEXT, name), Column(f"{snake(name)}_text", STRING, name))


AUDIT = (
    *columns(UTC_WITHOUT_ZONE, "createDateTimeUtc"),
    *columns(STRING, "createdByUser"),
    *columns(UTC_WITHOUT_ZONE, "modifiedDateTimeUtc"),
    *columns(STRING, "modifiedByUser"),
)
ADDRESS = (
    *columns(STRING, "id label address1 address2 city state postal country"),
    *columns(BOOLEAN, "isPrimary canBePrimary"),
    *columns(LONG, "startMonth startDay endMonth endDay"),
)

CONTACT = Table(
    "contact",
    key=("id",),
    columns=(
        *columns(STRING, "id contactType name informalName formalContactName alternateContactName"),
        *columns(STRING, "preferredSalutationName preferredAddresseeName description website maritalStatus"),
        *columns(BOOLEAN, "isPrivate isArchived"),
        *columns(STRING, "mergedIntoContactId"),
        *columns(LONG, "anniversaryMonth anniversaryDay anniversaryYear"),
        *columns(STRING, "id label address1 address2 city state postal country", inside="address"),
        *columns(BOOLEAN, "isPrimary canBePrimary", inside="address"),
        *columns(LONG, "startMonth startDay endMonth endDay", inside="address"),
        *columns(MONEY, "giftAskAmount"),
        *columns(STRING, "giftAskType"),
        *columns(MONEY, "lifeToDateGiving yearToDateGiving lastGiftAmount"),
        *text_and_day("lastGiftDate"),
        *columns(STRING, "originSegmentId originSegment"),
        *columns(JSON, "customCollections"),
        *AUDIT,
    ),
    children=(
        Child(
            "contact_individual",
            INDIVIDUALS,
            (
                *columns(STRING, "id prefix prefix2 firstName middleName lastName preMarriageName suffix nickname"),
                *columns(STRING, "gender passion"),
                *columns(BOOLEAN, "isPrimary canBePrimary isSecondary canBeSecondary isDeceased"),
                *columns(LONG, "birthMonth birthDay birthYear approximateAge"),
                *text_and_day("birthDate"),
                *text_and_day("deceasedDate"),
                *columns(JSON, "customCollections"),
                *AUDIT,
            ),
            raw_only=("contactId", "contactMethods", CUSTOM_FIELDS),
        ),
        Child(
            "contact_method",
            in_individuals("contactMethods"),
            (
                *columns(STRING, "contactIndividualId id type value"),
                *columns(BOOLEAN, "isOptedIn isPrimary canBePrimary"),
                *AUDIT,
            ),
            reads=(INDIVIDUALS,),
        ),
        Child(
            "contact_individual_custom_field",
            in_individuals(CUSTOM_FIELDS),
            (*columns(STRING, "contactIndividualId"), *FIELD),
            reads=(INDIVIDUALS,),
        ),
        Child(
            "contact_reference", "contactReferences", (*columns(STRING, "source"), Column("reference_id", STRING, "id"))
        ),
        Child("contact_tag", "tags", (Column("tag", STRING, SELF),)),
        Child("contact_organization_group", "organizationGroups", (Column("organization_group", STRING, SELF),)),
        with_custom_fields("contact"),
    ),
    left_out=(*LINKS, "address.*", "isCurrentUserFollowing"),
)
GIFT = Table(
    "gift",
    key=("id",),
    columns=(
        *columns(STRING, "id transactionSource transactionId contactId contactName contactIndividualId"),
        *columns(STRING, "contactPassthroughId contactMembershipId giftType giftTypeFormatted"),
        *columns(DAY, "giftDate"),
        *columns(DECIMAL, "amount"),
        *columns(STRING, "currencyCode"),
        *columns(RATE, "exchangeRate"),
        *columns(STRING, "baseCurrencyCode batch segmentId segment segmentCode mediaOutletId mediaOutlet"),
        *columns(STRING, "grantId grant notes tribute tributeId tributeType acknowledgeeIndividualId"),
        *columns(BOOLEAN, "isAcknowledgedGift"),
        *columns(DAY, "acknowledgementDate"),
        *columns(STRING, "acknowledgementNotes"),
        *columns(DAY, "receiptDate"),
        *columns(STRING, "receiptSegmentId cashAccountingCode giftAskId passthroughGiftAskId"),
        *columns(BOOLEAN, "isPrivate isTaxDeductible"),
        *columns(STRING, "checkNumber creditCardType cryptocoinType transactionHash"),
        *columns(BOOLEAN, "coinSoldForCash"),
        *columns(RATE, "coinAmount"),
        *columns(DAY, "dateCoinWasSold"),
        *columns(DECIMAL, "coinSaleAmount"),
        *columns(STRING, "tickerSymbol"),
        *columns(DECIMAL, "numberOfShares"),
        *columns(BOOLEAN, "stockSoldForCash"),
        *columns(DAY, "dateStockWasSold"),
        *columns(DECIMAL, "stockSaleAmount"),
        *columns(STRING, "iraCustodian nonCashGiftTypeId nonCashGiftType description"),
        *columns(BOOLEAN, "nonCashSoldForCash"),
        *columns(DAY, "dateNonCashWasSold"),
        *columns(DECIMAL, "nonCashOriginalAmount nonCashSaleAmount"),
        *AUDIT,
    ),
    children=(
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
        Child(
            "gift_recurring_gift_payment",
            "recurringGiftPayments",
            (
                *columns(STRING, "id"),
                *columns(DECIMAL, "expectedAmount"),
                *columns(DAY, "expectedPaymentDate dismissPaymentDate fulfillPaymentDate"),
            ),
            raw_only=("gift",),
        ),
        with_custom_fields("gift"),
    ),
    left_out=(*LINKS, "giftDateFormatted", "amountFormatted", "receiptDateFormatted"),
)
RECURRING_GIFT = Table(
    "recurring_gift",
    key=("id",),
    columns=(
        *columns(STRING, "id transactionSource transactionId contactId"),
        *columns(DAY, "recurringGiftDate startDate"),
        *columns(DECIMAL, "amount"),
        *columns(STRING, "frequency status"),
        *columns(DAY, "anticipatedEndDate nextExpectedPaymentDate thankYouDate"),
        *columns(UTC_WITHOUT_ZONE, "cancelDateTimeUtc"),
        *columns(STRING, "segmentId segment"),
        *columns(BOOLEAN, "automatedPayments trackPayments isPrivate"),
        *AUDIT,
    ),
    children=(
        Child(
            "recurring_gift_designation",
            "designations",
            (*columns(STRING, "projectId project projectCode"), *columns(DECIMAL, "amountDesignated")),
        ),
        with_custom_fields("recurring_gift"),
    ),
    left_out=LINKS,
)
PLANNED_GIFT = Table(
    "planned_gift",
    key=("id",),
    columns=(
        *columns(STRING, "id contactId"),
        *columns(DAY, "plannedGiftDate"),
        Column(
            "planned_gift_type",
            STRING,
            lambda record: record.get("pkannedGiftType", record.get("plannedGiftType")),  # Misspelt by the vendor.
            reads=("pkannedGiftType", "plannedGiftType"),
        ),
        *columns(STRING, "frequency"),
        *columns(MONEY, "anticipatedAmount"),
        *columns(DAY, "anticipatedStartDate"),
        *columns(LONG, "numberOfOccurrences"),
        *columns(MONEY, "currentValue"),
        *columns(STRING, "fulfilled projectId project segmentId segment"),
        *AUDIT,
    ),
    children=(with_custom_fields("planned_gift"),),
    left_out=LINKS,
)


def unseen(name: str, *own: Column, custom: bool = False) -> Table:
    """The table of a resource whose fields nobody has shown us: the rest of each record is in `raw`."""
    return Table(
        name,
        key=("id",),
        columns=(*columns(STRING, "id"), *own),
        children=(with_custom_fields(name),) if custom else (),
        left_out=LINKS,
        raw_only=("*",),
        keep_raw=True,
    )


PLEDGE = unseen("pledge", *AUDIT, custom=True)
GIFT_ASK = unseen("gift_ask", *AUDIT, custom=True)
GRANT = unseen(
    "grant",
    *columns(STRING, "title grantingOrganizationId receivingOrganizationId ownerId status grantType"),
    *AUDIT,
    custom=True,
)
PROJECT = Table(
    "project",
    key=("id",),
    columns=(
        *columns(STRING, "id name projectCode externalAccountingCode onlineDisplayName description"),
        *columns(STRING, "parentId parentName inventoryStatus type location"),
        *columns(BOOLEAN, "isSubProject isRestrictedToGiftSpecifications isLimitedToFinancialNeed isPublic isActive"),
        *columns(BOOLEAN, "isAvailableOnline isTaxDeductible treatAsAccountsPayable"),
        *columns(MONEY, "beginningBalance currentBalance"),
        *columns(STRING, "financialNeedType financialNeedFrequency"),
        *columns(MONEY, "financialNeedAmount"),
        *columns(DAY, "startDate endDate"),
        *columns(STRING, "durationType"),
        *columns(MONEY, "lifeToDateGiving"),
        *columns(LONG, "lifeToDateGiftCount lifeToDateGiversCount"),
        *columns(MONEY, "lifeToDateExpenseTotal calendarYearToDateGiving"),
        *columns(LONG, "calendarYearToDateGiftCount calendarYearToDateGiversCount"),
        *columns(MONEY, "calendarYearToDateExpenseTotal"),
        *columns(JSON, "giftSpecifications"),
        *AUDIT,
    ),
    children=(with_custom_fields("project"),),
    left_out=LINKS,
)
CAMPAIGN = Table(
    "campaign",
    key=("campaign_id",),
    columns=(
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
    key=("id",),
    columns=(
        Column(
            "id",
            STRING,
            lambda record: record.get("communicationId", record.get("id")),  # Which of the two it is, nobody has shown.
            reads=("communicationId", "id"),
        ),
        *columns(STRING, "name"),
    ),
    left_out=LINKS,
    raw_only=("*",),
    keep_raw=True,
)
SEGMENT = unseen("segment", *columns(STRING, "name"))
EVENT = Table(
    "event",
    key=("id",),
    columns=(
        *columns(STRING, "id name eventType locationName displayAddress geocodeAddress"),
        *columns(LOCAL_TIME, "startDateTime endDateTime"),
        *columns(STRING, "timeZone description specialInstructions"),
        *columns(BOOLEAN, "inviteOnly rsvpRequired"),
        *columns(LONG, "totalInvites totalRsvps totalAttended totalGifts"),
        *columns(MONEY, "totalGiving"),
        *columns(STRING, "communicationId"),
        *columns(JSON, "generosityEventContacts tables meals"),
        *columns(UTC_WITHOUT_ZONE, "createDateTimeUtc"),
        Column("created_by_user", STRING, "createByUser"),
        *columns(UTC_WITHOUT_ZONE, "modifiedDateTimeUtc"),
        *columns(STRING, "modifiedByUser"),
    ),
    children=(with_custom_fields("event"),),
    left_out=LINKS,
)
EVENT_ATTENDEE = unseen("event_attendee", *AUDIT, custom=True)
CONTACT_NOTE = unseen(
    "contact_note", *columns(STRING, "type note"), *columns(BOOLEAN, "important isPrivate"), *AUDIT, custom=True
)
TASK = unseen("task", *AUDIT)
PREMIUM = unseen("premium", *columns(STRING, "name"), *AUDIT, custom=True)
TAG = Table("tag", key=("id",), columns=columns(STRING, "id tagName tagGroupName"), left_out=LINKS)
ORGANIZATION_GROUP = Table(
    "organization_group",
    key=("id",),
    columns=columns(STRING, "id organizationId organizationName name location description"),
    left_out=LINKS,
)
ORGANIZATION_GROUP_MEMBER = Table(
    "organization_group_member",
    key=("organization_group_id", "contact_id"),
    columns=columns(STRING, "organizationGroupId contactId contactName"),
    left_out=(
        *LINKS,
        *"""
            organizationGroupName organizationGroupLocation organizationGroupDescription
            organizationGroupOrganizationId organizationGroupOrganizationName
        """.split(),
    ),
)
VOLUNTEER_OPPORTUNITY = Table(
    "volunteer_opportunity",
    key=("id",),
    columns=(
        *columns(STRING, "id name locationName displayAddress"),
        *columns(LOCAL_TIME, "startDateTime endDateTime preferredDateTime"),
        *columns(STRING, "timeZone description"),
        *columns(BOOLEAN, "isActive isLocalOnly"),
        *columns(DECIMAL, "preferredNumberOfHours"),
        *columns(STRING, "projectId"),
        *columns(LONG, "totalVolunteers"),
        *columns(DECIMAL, "totalVolunteerHours currentNeed"),
        *columns(STRING, "currentPriority currentPriorityName"),
        *columns(DECIMAL, "currentNeedFilledPercentage hoursFilledPercentage"),
    ),
    children=(with_custom_fields("volunteer_opportunity"),),
    left_out=LINKS,
)
VOLUNTEER = Table(
    "volunteer",
    key=("volunteer_opportunity_id", "id"),
    columns=(
        *columns(STRING, "volunteerOpportunityId id contactId contactIndividualId displayName firstName"),
        *columns(STRING, "primaryPhone primaryEmail"),
        *columns(DECIMAL, "totalHours"),
        *columns(LONG, "timesVolunteered"),
    ),
    left_out=LINKS,
)


def named(name: str) -> Table:
    """A reference list whose entries are no more than a name."""
    return Table(name, key=("name",), columns=columns(STRING, "name"), left_out=LINKS)


CONTACT_TYPE = Table("contact_type", key=("type",), columns=columns(STRING, "type parentType"))
RELATIONSHIP_TYPE = Table(
    "relationship_type",
    key=("relationship", "inverse_relationship"),
    columns=columns(STRING, "relationship inverseRelationship group"),
)
NON_CASH_GIFT_TYPE = Table(
    "non_cash_gift_type", key=("id",), columns=(*columns(STRING, "id name"), *columns(BOOLEAN, "isEnabled"))
)
NAMED = {
    "contact_prefix": "Contact/Prefixes",
    "contact_method_type": "ContactMethod/Types",
    "contact_note_type": "ContactNote/Types",
    "event_type": "Event/Types",
    "project_type": "Project/Types",
    "project_note_type": "ProjectNote/Types",
    "project_role_type": "ProjectRole/Types",
    "task_type": "Task/Types",
    "communication_channel_type": "Communication/ChannelTypes",
    "communication_type": "Communication/CommunicationTypes",
    "reminder_milestone": "Reminder/Type/Milestone",
    "reminder_type": "Reminder/Type/Reminder",
    "reminder_frequency": "Reminder/Type/ReminderFrequency",
    "reminder_source": "Reminder/Type/ReminderSource",
}
"""The reference lists of names, with their addresses."""
CUSTOM_FIELD_DEFINITION = Table(
    "custom_field_definition",
    key=("entity", "name"),
    columns=(*columns(STRING, "entity name displayName dataType"), *columns(JSON, "options")),
    left_out=LINKS,
)

CONTACT_ADDRESS = Table(
    "contact_address", key=("id",), columns=(*columns(STRING, "contactId"), *ADDRESS, *AUDIT), left_out=LINKS
)
RELATIONSHIP = replace(unseen("relationship", *columns(STRING, "contactId")), key=("contact_id", "id"))
RECURRING_GIFT_PAYMENT = Table(
    "recurring_gift_payment",
    key=("id",),
    columns=(
        *columns(STRING, "recurringGiftId id"),
        *columns(STRING, "id", inside="gift"),
        *columns(DECIMAL, "expectedAmount"),
        *columns(DAY, "expectedPaymentDate dismissPaymentDate fulfillPaymentDate"),
    ),
    left_out=(*LINKS, "gift.*"),
)
VOLUNTEER_ATTENDANCE = Table(
    "volunteer_attendance",
    key=("id",),
    columns=(
        *columns(STRING, "id volunteerId volunteerOpportunityId"),
        *columns(DECIMAL, "hours"),
        *columns(UTC_WITHOUT_ZONE, "startDateTimeUtc"),
        *columns(LOCAL_TIME, "startDateTime"),
        *columns(UTC_WITHOUT_ZONE, "endDateTimeUtc"),
        *columns(LOCAL_TIME, "endDateTime"),
        *columns(STRING, "timeZone"),
        *AUDIT,
    ),
    left_out=LINKS,
)
PROJECT_NOTE = unseen("project_note", *columns(STRING, "projectId"))
PROJECT_ROLE = unseen("project_role", *columns(STRING, "projectId"))
PROJECT_EXPENSE = unseen("project_expense", *columns(STRING, "projectId"))

WALKED = (
    CONTACT,
    GIFT,
    RECURRING_GIFT,
    PLEDGE,
    PLANNED_GIFT,
    GIFT_ASK,
    GRANT,
    PROJECT,
    EVENT,
    EVENT_ATTENDEE,
    CONTACT_NOTE,
    TASK,
    PREMIUM,
)
"""What is walked by id, in the order in which it is read."""
TABLES = (
    *WALKED,
    CAMPAIGN,
    COMMUNICATION,
    SEGMENT,
    TAG,
    ORGANIZATION_GROUP,
    ORGANIZATION_GROUP_MEMBER,
    VOLUNTEER_OPPORTUNITY,
    VOLUNTEER,
    CONTACT_TYPE,
    RELATIONSHIP_TYPE,
    NON_CASH_GIFT_TYPE,
    *map(named, NAMED),
    CUSTOM_FIELD_DEFINITION,
    CONTACT_ADDRESS,
    RELATIONSHIP,
    RECURRING_GIFT_PAYMENT,
    VOLUNTEER_ATTENDANCE,
    PROJECT_NOTE,
    PROJECT_ROLE,
    PROJECT_EXPENSE,
)
