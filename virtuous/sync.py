"""The streams of Virtuous: which table, which listing, which position (virtuous.md 3, 5 and 6).

Records are walked by their ids, of which none moves while it is read. What has no change times is read whole, once a
day.
"""

from dataclasses import replace

import models
from listings import Below, definitions, names
from resources import RESOURCES, Queries
from settings import connect

from shared.kinds import calm_listing
from shared.run import Run
from shared.streams import Stream
from shared.walked import Walk

BELOW_CONTACTS = (
    Below(models.CONTACT_ADDRESS, "contact", "ContactAddress/ByContact/{}", adds="contactId"),
    Below(models.RELATIONSHIP, "contact", "Relationship/ByContact/{}", adds="contactId"),
)
MEMBERS = Below(
    models.ORGANIZATION_GROUP_MEMBER,
    "organization_group",
    "OrganizationGroup/{}/contacts",
    "organizationGroupId",
    "contactId",
)
VOLUNTEERS = Below(
    models.VOLUNTEER, "volunteer_opportunity", "VolunteerOpportunity/{}/Volunteers", "volunteerOpportunityId"
)
ATTENDANCE = Below(models.VOLUNTEER_ATTENDANCE, "volunteer", "VolunteerOpportunity/{}/Volunteers/{}/Attendance")
PAYMENTS = Below(models.RECURRING_GIFT_PAYMENT, "recurring_gift", "RecurringGiftPayment/{}", adds="recurringGiftId")
BELOW_PROJECTS = (
    Below(models.PROJECT_NOTE, "project", "ProjectNote/ByProject/{}", adds="projectId"),
    Below(models.PROJECT_ROLE, "project", "ProjectRole/ByProject/{}", adds="projectId"),
    Below(models.PROJECT_EXPENSE, "project", "ProjectExpense?projectId={}", adds="projectId"),
)
HAVE_CUSTOM_FIELDS = [each.path for each in RESOURCES if each.table is not models.TASK]
HAVE_CUSTOM_FIELDS += ["ContactIndividual", "VolunteerOpportunity"]


def build(run: Run) -> list[Stream]:
    """The streams of one organization, parents before their children."""
    virtuous, calls = connect(run.access), run.calls
    added = run.values["streams"] or ()
    # What is below contacts goes through whole ones, and who wants everything at every sync wants it whole.
    brief = run.values["full_pass_days"] > 0 and not run.values["start_date"]
    has_below = {each.parent for each in BELOW_CONTACTS if each.table.name in added}
    return [
        *(
            Walk(
                run,
                each.table,
                Queries(virtuous, each),
                changed_at="modifiedDateTimeUtc",
                brief=brief and bool(each.full) and each.table.name not in has_below,
                daily=each.table is models.PROJECT,  # Its balances move without a change time.
            ).feed()
            for each in RESOURCES
        ),
        calm_listing(models.CAMPAIGN, lambda: virtuous.queried("Campaign/Query"), "campaignId"),
        calm_listing(models.COMMUNICATION, lambda: virtuous.queried("Communication/Query")),
        calm_listing(models.SEGMENT, virtuous.segments),
        calm_listing(models.TAG, lambda: virtuous.listed("Tag")),
        calm_listing(models.ORGANIZATION_GROUP, lambda: virtuous.listed("OrganizationGroup")),
        MEMBERS.daily(virtuous, calls),
        calm_listing(models.VOLUNTEER_OPPORTUNITY, lambda: virtuous.listed("VolunteerOpportunity")),
        VOLUNTEERS.daily(virtuous, calls),
        names(models.CONTACT_TYPE, virtuous, "Contact/Types"),
        names(models.RELATIONSHIP_TYPE, virtuous, "Relationship/Types"),
        names(models.NON_CASH_GIFT_TYPE, virtuous, "Gift/NonCashGiftTypes"),
        *(names(table, virtuous, path) for table, path in models.NAMED.items()),
        definitions(models.CUSTOM_FIELD_DEFINITION, virtuous, calls, HAVE_CUSTOM_FIELDS),
        *(each.each_time(virtuous, calls) for each in (*BELOW_CONTACTS, PAYMENTS)),
        *(replace(each.daily(virtuous, calls), opt_in=True) for each in (ATTENDANCE, *BELOW_PROJECTS)),
    ]
