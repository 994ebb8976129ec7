"""The kinds of records: the vendor's names of their fields, and what a fundraiser enters there (`sandbox.draw`).

What stands behind `>` is shown with its name beside the id: `segment>segment` as `segmentId` and `segment`; where the
field is called an id, `contactId>contact`, it is alone.
"""

from sandbox.draw import words
from sandbox.store import Kind

LARGE = 2_147_483_640
"""Ids of gifts and of what is in them pass the largest number of 32 bits."""
MOVES = "create edit move purge"
ZONE = "timeZone=Mountain_Standard_Time"
TIMED = f"startDateTime:evening endDateTime:night {ZONE} description:text"
MONEY_TEXTS = {"giftAskAmount", "anticipatedAmount", "currentValue", "fulfilled"}
"""Amounts that are shown as text."""
FIELDS = {
    "definition": "entity name dataType options",
    "tag": "tagName:title tagGroupName=Interests|-",
    "organization_group": "name:title location:city description:text",
    "campaign": "name:title startDateTimeUtc:past endDateTimeUtc:coming givingGoal$90000 newGiverGoal#99 "
    "totalGiftGoal#999 isArchived?20",
    "segment": "name:title code:code campaign>campaign",
    "communication": "name:title campaign>campaign communicationType=Appeal|Receipt channelType=Email sendDate:past",
    "premium": "name:title description:text quantity#500 cost$30 isActive?90 custom:Premium by:users",
    "project": "name:title projectCode:code externalAccountingCode=A4100|- onlineDisplayName:text description:text "
    "parentId>project inventoryStatus=InStock type=Program|Capital location:city isPublic?80 isActive?90 "
    "isAvailableOnline?50 isTaxDeductible?90 beginningBalance$9000 financialNeedType=None|Once "
    "financialNeedAmount$5000 startDate:past endDate durationType=Ongoing custom:Project by:users",
    "contact": "contactType=Household|Household|Organization|Foundation isPrivate?5 isArchived?4 name:household "
    "informalName:first formalContactName alternateContactName description:text website=https://pages.example|- "
    "maritalStatus=Married|Single|- anniversaryMonth=4|- anniversaryDay=21|- anniversaryYear mergedIntoContactId "
    "giftAskAmount$20000 giftAskType=Monthly|Annual|- contactReferences:references originSegment>segment tags:tags "
    "groups:groups custom:Contact by:users",
    "individual": "prefix=Mr.|Ms.|Dr.|- firstName:first middleName lastName:last suffix nickname "
    "gender=Female|Male|- isPrimary birthDate:born isDeceased?4 deceasedDate:died passion:text "
    "custom:ContactIndividual by:users",
    "method": "individual type=Home_Phone|Work_Phone value:telephone isOptedIn?70 isPrimary?50 by:users",
    "contact_address": "label=Home|Work|Summer address1:street address2=Apt._4|- city:city state=AZ|OR|TX postal:code "
    "country=United_States isPrimary startMonth=1 startDay=1 endMonth=12 endDay=31 by:users",
    "gift": "transactionSource=Web_form|Shop|- transactionId:transaction contactIndividualId "
    "giftType=Cash|Check|Credit|Electronic_Funds_Transfer|Other|Stock|Non-Cash giftDate:past amount$500 batch:code "
    "segment>segment grant>grant notes:text tribute=Ada_Sample|- receiptDate:past isPrivate?5 isTaxDeductible?90 "
    "currencyCode=USD exchangeRate:rate custom:Gift by:users",
    "designation": "project>project amountDesignated$500",
    "gift_premium": "premium>premium quantity#4",
    "pledge_payment": "expectedPaymentDate:past expectedAmount$500 actualAmount$500",
    "recurring_gift_payment": "recurring>recurring_gift expectedAmount$99 expectedPaymentDate:past dismissPaymentDate "
    "fulfillPaymentDate:past",
    "recurring_gift": "transactionSource=Web_form|- transactionId:transaction contactId>contact startDate:past "
    "amount$99 frequency=Monthly|Quarterly anticipatedEndDate cancelDateTimeUtc segment>segment automatedPayments?50 "
    "trackPayments?80 isPrivate?5 status=UpToDate|Overdue nextExpectedPaymentDate:coming thankYouDate "
    "designations:designations custom:RecurringGift by:users",
    "pledge": "contactId>contact pledgeDate:past amount$9000 frequency=Monthly|Annually "
    "expectedFulfillmentDate:coming status=Active|Fulfilled custom:Pledge by:users",
    "planned_gift": "contactId>contact plannedGiftDate:past pkannedGiftType=Bequest|Trust frequency=One_Time "
    "anticipatedAmount$90000 anticipatedStartDate:coming numberOfOccurrences#9 currentValue$90000 fulfilled$900 "
    "project>project segment>segment custom:PlannedGift by:users",
    "gift_ask": "contact>contact askDate:past amount$5000 status=Open|Accepted|Declined type=Major_Gift|Annual "
    "project>project custom:GiftAsk by:users",
    "grant": "title:title grantingOrganization>contact status=Applied|Awarded|Declined grantType=Foundation "
    "amountRequested$50000 amountAwarded$50000 dueDate:coming custom:Grant by:users",
    "event": f"name:title eventType=Dinner|Run locationName:city displayAddress:street {TIMED} inviteOnly?50 "
    "rsvpRequired?50 communicationId>communication custom:Event by:users",
    "event_attendee": "contact>contact invited?90 rsvp?60 rsvpResponse?50 attended?40 custom:EventAttendee by:users",
    "contact_note": "contact>contact type=Call|Meeting note:text important?10 isPrivate?5 noteDate:past "
    "custom:ContactNote by:users",
    "task": "contact>contact taskType=Call|Thank_you description:text dueDateTime:evening isCompleted?50 by:users",
    "volunteer_opportunity": f"name:title locationName:city displayAddress:street {TIMED} isActive?90 isLocalOnly?10 "
    "preferredNumberOfHours#9 projectId>project custom:VolunteerOpportunity",
    "volunteer": "contactIndividualId>individual",
    "volunteer_attendance": f"hours$9 startDateTimeUtc:past endDateTimeUtc:past {ZONE} by:users",
    "relationship": "relatedContact>contact relationship=Friend|Board_Member",
    "project_note": "type=Progress note:text by:users",
    "project_role": "contact>contact type=Manager|Owner by:users",
    "project_expense": "amount$500 expenseDate:past description:text by:users",
}
BESIDE = {
    "contact": "preferredSalutationName preferredAddresseeName",
    "individual": "prefix2 preMarriageName canBePrimary isSecondary canBeSecondary",
    **dict.fromkeys(("method", "contact_address"), "canBePrimary"),
    "gift": "contactId=parent.id contactName=parent.name giftTypeFormatted=giftType baseCurrencyCode=currencyCode "
    "segmentCode=segment:code",
    "designation": "projectCode=project:project_code externalAccountingCode=project:account projectType=project:type "
    "projectLocation=project:location",
    "project": "parentName=parentId:project isSubProject=parentId:is",
    "volunteer": "volunteerOpportunityId=parent.id contactId=contactIndividualId:contact_of "
    "firstName=contactIndividualId:individual",
    "volunteer_attendance": "volunteerId=parent.id volunteerOpportunityId=parent.parent.id",
}
"""What is shown beside the fields: of other records, or never set here."""
IN_CONTACT = ("individual", "method", "contact_address")
IN_GIFT = ("designation", "gift_premium", "pledge_payment", "recurring_gift_payment")
PARENTS = {
    **dict.fromkeys((*IN_CONTACT, "gift", "relationship"), "contact"),
    **dict.fromkeys(IN_GIFT, "gift"),
    **dict.fromkeys(("project_note", "project_role", "project_expense"), "project"),
    "event_attendee": "event",
    "volunteer": "volunteer_opportunity",
    "volunteer_attendance": "volunteer",
}
FIRST_IDS = {"contact": 4_101, "individual": 7_001, "method": 8_001, "gift": LARGE, "designation": LARGE}


def kinds(child_edits_move_contact: bool) -> list[Kind]:
    """What a fundraiser keeps. Names of others and computed figures move no change time. virtuous.md 6.2."""
    moving = (*IN_GIFT, *(IN_CONTACT if child_edits_move_contact else ()))
    told = dict.fromkeys(moving, MOVES)
    names = {kind: " ".join(word.name for word in words(declared)) for kind, declared in FIELDS.items()}
    return [
        Kind(kind, names[kind], PARENTS.get(kind, ""), moves_parent=told.get(kind, ""), first_id=FIRST_IDS.get(kind, 1))
        for kind in FIELDS
    ]
