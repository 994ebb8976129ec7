"""The tables of EveryAction (everyaction.md 4, 5 and 7).

Names are the service's, in snake case. Ids land as text, and money exactly. The columns of an export are named by the
service at run time: here are its key, and what is known of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from texts import KINDS, TIME_OF_TEXT

from shared.discovered import Field, Fields, discovered
from shared.records import text, value
from shared.tables import SELF, Child, Column, Table, columns, snake
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, STRING, UTC_DATETIME

CHANGE_TYPE_ID, CHANGE_TYPE_NAME = "ChangeTypeID", "ChangeTypeName"
SUPPRESSED = "suppress"
"""Stands in the names of the change types that mean it."""


def suppressed(row: Mapping[str, Any]) -> bool | None:
    """Whether a row's change type says that it is suppressed; `None` where it has no change type."""
    name = text(row, CHANGE_TYPE_NAME)
    return SUPPRESSED in name.lower() if name else None


def exported(name: str, key: str, *known: Column) -> Table:
    """The table of a resource type of the export jobs. `key` is the column of the files that tells its rows apart."""
    return Table(
        name,
        (snake(key),),
        (
            *columns(STRING, key),
            *known,
            *columns(STRING, CHANGE_TYPE_ID, CHANGE_TYPE_NAME),
            Column("is_suppressed", BOOLEAN, suppressed, (CHANGE_TYPE_NAME,)),
        ),
    )


def time_of_text(name: str) -> tuple[Column, ...]:
    """A time of an export, whose zone nobody says: as a time on the wall, and as it came."""
    return Column(snake(name), TIME_OF_TEXT, name), Column(f"{snake(name)}_text", STRING, name)


def listed(
    name: str,
    texts: str,
    *more: Column,
    truths: str = "",
    numbers: str = "",
    amounts: str = "",
    times: str = "",
    objects: str = "",
    **options: Any,
) -> Table:
    """A table with columns of each type; the first text is its key."""
    own = (
        *columns(STRING, texts),
        *more,
        *columns(BOOLEAN, truths),
        *columns(LONG, numbers),
        *columns(DECIMAL, amounts),
        *columns(UTC_DATETIME, times),
        *columns(JSON, objects),
    )
    return Table(name, (own[0].name,), own, **options)


def child(name: str, source: str, texts: str, *more: Column, left_out: tuple[str, ...] = ()) -> Child:
    """The table of a list in a record; the first text is its key."""
    own = (*columns(STRING, texts), *more)
    return Child(name, source, own, key=(own[0].name,), left_out=left_out)


def inner(inside: str, *names: str) -> tuple[Column, ...]:
    """Texts of an object, where their own names say enough."""
    return tuple(Column(snake(name), STRING, f"{inside}.{name}") for name in names)


VAN_ID = columns(STRING, "VanID")
EXPORTS = {
    "Contacts": exported(
        "contacts", "VanID", *columns(STRING, "FirstName LastName Phone PhoneOptInStatus"), *time_of_text("DateCreated")
    ),
    "Contributions": exported("contributions", "ContributionID", *VAN_ID),
    "ContributionAdjustments": exported("contribution_adjustments", "ContributionAdjustmentID"),
    "RecurringContributions": exported("recurring_contributions", "RecurringContributionID", *VAN_ID),
    "ContactHistory": exported("contact_history", "ContactHistoryID", *VAN_ID),
    "ContactsActivistCodes": exported("contacts_activist_codes", "ContactsActivistCodeID", *VAN_ID),
    "ContactsSurveyResponses": exported("contacts_survey_responses", "ContactsSurveyResponseID", *VAN_ID),
    "ContactsOnlineForms": exported("contacts_online_forms", "ContactsOnlineFormID", *VAN_ID),
    "ActivistCodes": exported("activist_codes_changes", "ActivistCodeID"),
    "EventTicketTransactionsGuests": exported("event_ticket_transactions_guests", "EventTicketTransactionsGuestID"),
}
"""By resource type, in the order in which they are exported."""

SHORT = "name mediumName shortName"
EVENT = listed(
    "event",
    "eventId name shortName description dotNetTimeZoneId districtFieldValue",
    *inner("eventType", "eventTypeId"),
    *columns(STRING, "name", inside="eventType"),
    truths="isActive isOnlyEditableByCreatingUser isPubliclyViewable",
    times="startDate endDate createdDate",
    objects="voterRegistrationBatches",
    children=(
        child("event_shift", "shifts", "eventShiftId name", *columns(UTC_DATETIME, "startTime endTime")),
        child("event_role", "roles", "roleId name", *columns(BOOLEAN, "isEventLead"), *columns(LONG, "min max goal")),
        child("event_location", "locations", "locationId name displayName", left_out=("address",)),
        child("event_code", "codes", "codeId name codeType", left_out=("*",)),
    ),
    left_out=("notes",),
)
SIGNUP = listed(
    "signup",
    "eventSignupId supporterGroupId modifiedBy",
    *inner("person", "vanId"),
    *inner("event", "eventId"),
    *inner("shift", "eventShiftId"),
    *inner("role", "roleId"),
    *inner("status", "statusId"),
    *columns(STRING, "name", inside="status"),
    *inner("location", "locationId"),
    truths="isOfflineSignup",
    times="startTimeOverride endTimeOverride dateModified",
    objects="notes",
    left_out=("person.*", "event.*", "shift.*", "role.*", "location.*"),
)
CODE = listed(
    "code",
    "codeId parentCodeId name codeType description",
    times="dateCreated dateModified",
    children=(
        child("code_supported_entity", "supportedEntities", "name", *columns(BOOLEAN, "isSearchable isApplicable")),
    ),
)
CONTENT = (
    *columns(STRING, "name subject senderDisplayName senderEmailAddress createdBy"),
    *columns(UTC_DATETIME, "dateCreated"),
    *columns(JSON, "emailMessageContentDistributions"),
)
EMAIL_MESSAGE = listed(
    "email_message",
    "foreignMessageId name createdBy",
    Column("campaign_id", STRING, "campaignID"),
    times="dateCreated dateScheduled dateModified",
    children=(Child("email_message_content", "emailMessageContent", CONTENT),),
    left_out=("emailMessageContentDistributions",),
)


def reported(name: str, key: str) -> Table:
    """A list of what people may report of themselves."""
    return listed(name, f"{key}Id {key}Name", raw_only=("*",))


LISTED = {
    "activistCodes": listed(
        "activist_code", f"activistCodeId type {SHORT} description scriptQuestion status", truths="isMultiAssign"
    ),
    "surveyQuestions": listed(
        "survey_question",
        f"surveyQuestionId type {SHORT} scriptQuestion status",
        numbers="cycle",
        children=(child("survey_question_response", "responses", f"surveyResponseId {SHORT}"),),
    ),
    "customFields": listed(
        "custom_field",
        "customFieldId customFieldParentId customFieldName customFieldGroupId customFieldGroupName "
        "customFieldGroupType customFieldTypeId",
        truths="isEditable isExportable",
        numbers="maxTextboxCharacters",
        children=(child("custom_field_value", "availableValues", "id name parentValueId"),),
    ),
    "campaigns": listed(
        "campaign",
        "campaignId name campaignDisplayName status",
        *inner("campaignType", "campaignTypeId"),
        *columns(STRING, "name", inside="campaignType"),
        objects="contents",
    ),
    "designations": listed("designation", "designationId name"),
    "financialBatches": listed(
        "financial_batch",
        "financialBatchId financialBatchNumber financialBatchName designationId bankAccountId depositNumber "
        "checkNumber",
        truths="isOpen isAutoGenerated",
        numbers="expectedContributionCount",
        amounts="expectedContributionTotalAmount",
        times="dateDeposited checkDate dateOpened dateClosed",
    ),
    "events/types": listed(
        "event_type", "eventTypeId name color", objects="defaultLocation roles statuses", raw_only=("*",)
    ),
    "locations": listed(
        "location",
        "locationId name displayName",
        *inner("address", *"addressId addressLine1 addressLine2 addressLine3 city stateOrProvince".split()),
        *inner("address", "zipOrPostalCode", "countryCode"),
        Column("latitude", DECIMAL, "address.geoLocation.lat"),
        Column("longitude", DECIMAL, "address.geoLocation.lon"),
        left_out=("address.*",),
    ),
    "supporterGroups": listed("supporter_group", "id name description"),
    "onlineActionsForms": listed(
        "online_form",
        "formTrackingId formName formType formTypeId createdByEmail modifiedByEmail eventId codeId campaignId",
        truths="isActive isConfirmedOptInEnabled",
        times="dateCreated dateModified",
        objects="designation confirmationEmailData",
        children=(
            Child(
                "online_form_activist_code",
                "activistCodes",
                (Column("activist_code_id", STRING, SELF),),
                key=("activist_code_id",),
            ),
        ),
    ),
    "scores": listed("score", "scoreId name shortName description scoreType", amounts="minValue maxValue"),
    "targets": listed("target", "targetId name type description status", raw_only=("*",)),
    "savedLists": listed("saved_list", "savedListId name description", numbers="listCount doorCount"),
    "folders": listed("folder", "folderId name"),
    "districtFields": listed(
        "district_field",
        "districtFieldId name parentFieldId",
        children=(child("district_field_value", "districtFieldValues", "id name parentId"),),
        raw_only=("*",),
    ),
    "canvassResponses/resultCodes": listed("result_code", f"resultCodeId {SHORT} resultCodeType"),
    "canvassResponses/contactTypes": listed("contact_type", "contactTypeId name channelTypeName"),
    "canvassResponses/inputTypes": listed("input_type", "inputTypeId name"),
    "notes/categories": listed("note_category", "noteCategoryId name", objects="assignableTypes"),
    "reportedRaces": reported("reported_race", "reportedRace"),
    "reportedEthnicities": reported("reported_ethnicity", "reportedEthnicity"),
    "reportedGenders": reported("reported_gender", "reportedGender"),
    "reportedSexualOrientations": reported("reported_sexual_orientation", "reportedSexualOrientation"),
    "reportedLanguagePreferences": reported("reported_language_preference", "reportedLanguagePreference"),
    "pronouns": reported("pronoun", "preferredPronoun"),
}
"""What is read whole once a day, by its address."""
MODIFIED = {"codes": CODE, "email/messages": EMAIL_MESSAGE}
"""What is sorted by its change, newest first."""
ADDED = {
    "scoreUpdates": listed(
        "score_update",
        "scoreUpdateId updateStatus",
        *inner("score", "scoreId"),
        *columns(STRING, "name", inside="score"),
        times="dateProcessed",
        objects="updateStatistics",
        raw_only=("*",),
    ),
    "printedLists": listed("printed_list", "number name listSize", raw_only=("*",)),
    "minivanExports": listed(
        "minivan_export",
        "minivanExportId name databaseMode",
        times="dateCreated",
        objects="createdBy canvassers eventSignups",
    ),
}
"""What can be asked for by the time at which it was made."""
EXPORT_JOB = listed("export_job", "export_job_id resource_type", numbers="files rows", times="changed_from changed_to")
SYNC_GAP = Table(
    "sync_gap",
    ("resource_type", "missing_from"),
    (*columns(STRING, "resource_type missing_from"), *columns(UTC_DATETIME, "missing_to")),
)
REQUESTED = "requested"
"""Stands behind the kind of a field that comes only where it is asked for."""


def kinds(fields: Iterable[Any]) -> dict[str, str]:
    """The fields of an export with their kinds, of what the service says of them."""
    named = ((text(field, "fieldName"), field) for field in fields)
    return {
        name: f"{text(field, 'fieldType')[:1].upper()} {'' if value(field, 'isCoreField') else REQUESTED}".strip()
        for name, field in named
        if name
    }


def export_of(resource: str, fields: Fields) -> Table:
    """The table of a resource type with the columns that the service names. What is called an id lands as text."""
    found = []
    for name, kind in fields.get(resource, {}).items():
        known = STRING if name.endswith(("ID", "Id")) else KINDS.get(kind[:1], STRING)
        source = name.replace(".", " ")
        found.append(Field(name, known, source))
        if known is TIME_OF_TEXT:
            found.append(Field(f"{name} text", STRING, source))
    return discovered(EXPORTS[resource], found)


def tables(fields: Fields) -> tuple[Table, ...]:
    """All tables, with the columns that the service names."""
    exports = (export_of(resource, fields) for resource in EXPORTS)
    return (*LISTED.values(), *MODIFIED.values(), *ADDED.values(), EVENT, SIGNUP, *exports, EXPORT_JOB, SYNC_GAP)


TABLES = tables({})
