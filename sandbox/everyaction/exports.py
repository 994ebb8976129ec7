"""What can be exported: the resource types, their fields and their rows. everyaction.md 5.5 and 6.1.

Names of few fields are known; the others follow those of what can be read one by one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbox.columns import Form, columns, found
from sandbox.everyaction.database import Database, inactive
from sandbox.everyaction.times import utc
from sandbox.store import Record

TYPES = {
    "Contacts": "contact VanID=id:N FirstName=first:T MiddleName=middle:T LastName=last:T Suffix=suffix:T "
    "ContactMode=mode:T CommonName=commonName:T DateCreated=created:D DateModified=updated:D | Email=email:T "
    "Phone=phone:T PhoneOptInStatus=optIn:N AddressLine1=street:T City=city:T StateOrProvince=state:T "
    "ZipOrPostalCode=zip:T Employer=employer:T Occupation=occupation:T ContactSource=source:T DateOfBirth=birth:D "
    "IsDeceased=isDeceased:B LifetimeGiving=amount:M",
    "Contributions": "contribution ContributionID=id:N VanID=parent.id:N Amount=amount:M DateReceived=received:D "
    "Status=status:T PaymentType=payment:T DateCreated=created:D DateModified=updated:D DesignationID=designation:N "
    "| SourceCodeID=code:N Notes=notes:T",
    "ContributionAdjustments": "adjustment ContributionAdjustmentID=id:N ContributionID=parent.id:N "
    "AdjustmentType=type:T Amount=amount:M DatePosted=posted:D",
    "RecurringContributions": "recurring RecurringContributionID=id:N VanID=parent.id:N Amount=amount:M "
    "Frequency=frequency:T StartDate=starts:D Status=status:T | DesignationID=designation:N",
    "ContactHistory": "attempt ContactHistoryID=id:N VanID=parent.id:N ContactTypeID=contactType:N "
    "InputTypeID=inputType:N ResultID=result:N DateCanvassed=canvassed:D | CanvasserUserID=canvasser:N",
    "ContactsActivistCodes": "applied_code ContactsActivistCodeID=id:N VanID=parent.id:N ActivistCodeID=activistCode:N "
    "DateApplied=applied:D | DateModified=updated:D",
    "ContactsSurveyResponses": "answer ContactsSurveyResponseID=id:N VanID=parent.id:N SurveyQuestionID=question:N "
    "SurveyResponseID=response:N DateCanvassed=canvassed:D",
    "ContactsOnlineForms": "submission ContactsOnlineFormID=id:N VanID=parent.id:N OnlineFormID=form:N "
    "DateSubmitted=submitted:D",
    "ActivistCodes": "activist_code ActivistCodeID=id:N ActivistCodeName=name:T ActivistCodeType=type:T "
    "Status=status:T | Description=description:T",
    "EventTicketTransactionsGuests": "guest EventTicketTransactionsGuestID=id:N VanID=parent.id:N EventID=event:N "
    "TicketName=ticket:T Price=price:M GuestName=guest:T IsAttended=attended:B",
}
"""By name of the type: the kind, the fields that always come, then those that come only where they are asked for."""
CHANGE = "ChangeTypeID=change:N ChangeTypeName=changed:T"
CHANGE_TYPES = {1: "CreatedOrUpdated", 2: "Suppressed", 3: "Deleted", 4: "Archived"}
OF_INACTIVE = {"contact": 2, "activist_code": 4}
"""The change type of what is not active any more, where that is not a deletion."""
FORMS: dict[str, Form] = {
    "T": lambda value: "" if value is None else str(value),
    "N": lambda value: "" if value is None else str(value),
    "M": lambda value: "" if value is None else f"{value:.2f}",
    "B": lambda value: str(value).lower(),
    "D": lambda value: utc(value)[:-1] if isinstance(value, int) else (value or "").removesuffix("Z"),
}
"""How a value is written, by the letter of its type: nothing is an empty text, and a time has no zone."""


@dataclass(frozen=True)
class Resource:
    """One type that can be exported."""

    name: str

    @cached_property
    def kind(self) -> str:
        return TYPES[self.name].split()[0]

    @cached_property
    def words(self) -> dict[str, str]:
        """What is declared of each field, by its name."""
        every = f"{TYPES[self.name]} {CHANGE}".replace("|", "").split()[1:]
        return {re.split("[=:]", word)[0]: word for word in every}

    @cached_property
    def extra(self) -> set[str]:
        """The fields that come only where they are asked for."""
        return {word.partition("=")[0] for word in TYPES[self.name].partition("|")[2].split()}

    def customs(self, store: Database) -> dict[int, str]:
        """The custom fields that can be asked for, by id: their names."""
        mine = [one for one in store.living("custom_field") if one.fields["customFieldGroupType"] == self.name]
        return {one.id: one.fields["customFieldName"] for one in mine if one.fields["isExportable"]}

    @property
    def change_types(self) -> dict[int, str]:
        return {id: CHANGE_TYPES[id] for id in (1, OF_INACTIVE.get(self.kind, 3))}

    def values(self, record: Record, names: Iterable[str], forms: Mapping[str, Form] = FORMS) -> dict[str, Any]:
        """The values of a record, as they are written."""
        change = OF_INACTIVE.get(self.kind, 3) if inactive(record) else 1
        told = {"change": change, "changed": CHANGE_TYPES[change]}
        words = " ".join(self.words[name] for name in names)
        return columns(words, lambda name: told[name] if name in told else found(record, name), forms)

    def rows(self, store: Database, job: Mapping[str, Any]) -> list[Sequence[str]]:
        """The header, then a row for each record that a job is for, as it is now."""
        wanted, customs = set(job.get("requestedFields", ())), self.customs(store)
        names = [name for name in self.words if name not in self.extra or name in wanted]
        ids = [id for id in job.get("requestedCustomFieldIds", ()) if id in customs]
        rows: list[Sequence[str]] = [[*names, *(customs[id] for id in ids)]]
        for one in self._chosen(store, job):
            custom = (one.fields["custom"].get(id, "") for id in ids)
            rows.append([*self.values(one, names).values(), *custom])
        return rows

    def _chosen(self, store: Database, job: Mapping[str, Any]) -> list[Record]:
        """All that changed in a job's window, or what it names by ids, or both."""
        wanted = job.get("requestedIds", ())
        named = store.those(self.kind, wanted)
        changed = [] if wanted and not job["adds"] else store.changed(self.kind, job["first"], job["last"])
        kept = [one for one in changed if (job.get("includeInactive") or not inactive(one)) and one not in named]
        mode = job.get("contactMode", 3)
        return [one for one in (*kept, *named) if mode == 3 or one.fields.get("mode", mode) == mode]


RESOURCES = {name: Resource(name) for name in TYPES}
