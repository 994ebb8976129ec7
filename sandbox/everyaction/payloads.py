"""What EveryAction shows of each kind of record. everyaction.md 7, with the vendor's spelling.

The fields come under their own names, as `kinds.FIELDS` declares them, then what is beside them. What can be expanded
is null where nobody asked for it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.columns import Form, columns
from sandbox.everyaction.answers import expanded
from sandbox.everyaction.database import Database
from sandbox.everyaction.kinds import STATUSES, id_name, shown_words
from sandbox.everyaction.times import DAY, HOUR, eastern, midnight, utc
from sandbox.routes import Call
from sandbox.store import Record

Payload = dict[str, Any]
ONLY_ASKED = ("financialProgram", "ticketCategories", "onlineForms")
"""What is not even null where nobody asked for it; empty here."""
EXPANDABLE = {
    "code": ("supportedEntities",),
    "event": ("locations", "codes", "shifts", "roles", "notes", *ONLY_ASKED),
    "message": ("emailMessageContent", "emailMessageContentDistributions"),
    "minivan_export": ("canvassers", "eventSignups"),
}
"""By kind, what `$expand` knows."""


def names(store: Database) -> dict[str, Form]:
    """Forms that write the id and the name of the record whose id is given: nothing where it is gone."""

    def of(kind: str) -> Form:
        return lambda id: next(map(brief, store.those(kind, [id])), None)

    return {kind: of(kind) for kind in ("event_type", "designation", "score", "event_shift", "role", "location")}


def shown(store: Database, record: Record) -> Payload:
    """All that the vendor shows of a record without being asked for more."""
    forms: dict[str, Form] = {
        **names(store),
        **dict.fromkeys(("id", "exact"), lambda value: value),
        "time": utc,
        "day": midnight,
        "start": eastern,
        "end": lambda moment: eastern(moment + HOUR),
    }
    more = MORE[record.kind](store, record) if record.kind in MORE else {}
    return {**columns(shown_words(record.kind), record, forms), **more}


def complete(call: Call, record: Record) -> Payload:
    """A record with what `$expand` asks for."""
    wanted = expanded(call, EXPANDABLE.get(record.kind, ()))
    more = EXPANDED[record.kind](call.store, record, wanted) if record.kind in EXPANDED else {}
    told = {name: value if name in wanted else None for name, value in more.items()}
    return {**shown(call.store, record), **told, **{name: [] for name in ONLY_ASKED if name in wanted}}


def brief(record: Record) -> Payload:
    return {id_name(record.kind): record.id, "name": record.fields["name"]}


def person(record: Record) -> Payload:
    return columns("vanId=id firstName=first lastName=last", record)


def place(store: Database, record: Record) -> Payload:
    address = columns("addressId=id addressLine1=street city stateOrProvince=state zipOrPostalCode=zip", record)
    return {**columns("locationId=id name displayName", record), "address": {**address, "countryCode": "US"}}


def tracked(record: Record) -> str:
    """The ids of forms and of messages are texts."""
    return f"{'F' if record.kind == 'form' else 'EM'}-{record.id:06d}"


def sent(record: Record) -> Payload:
    """What came of a message."""
    return {"dateSent": utc(record.created + DAY), **record.fields["sent"]}


def _signup(store: Database, record: Record) -> Payload:
    """Of what is gone, nothing."""

    status = record.fields["stage"]
    return {
        **columns("shift:event_shift role:role location=place:location", record, names(store)),
        "person": next(map(person, store.those("contact", [record.fields["person"]])), None),
        "event": brief(record.parent),
        "status": {"statusId": status, "name": STATUSES[status]},
        "notes": [],
    }


def _all(store: Database, records: Iterable[Record]) -> list[Payload]:
    return [shown(store, one) for one in records]


def _choices(record: Record) -> list[Payload] | None:
    every = enumerate(record.fields["choices"], 1)
    return [{"id": place, "name": name, "parentValueId": None} for place, name in every] or None


MORE: dict[str, Callable[[Database, Record], Payload]] = {
    "survey_question": lambda store, one: {"responses": _all(store, store.below(one, "survey_response"))},
    "custom_field": lambda store, one: {"availableValues": _choices(one)},
    "campaign": lambda store, one: {"campaignType": {"campaignTypeId": 1, "name": "Fundraising"}},
    "event_type": lambda store, one: {
        "defaultLocation": None,
        "roles": [],
        "statuses": [{"statusId": id, "name": name} for id, name in STATUSES.items()],
    },
    "location": place,
    "event_signup": _signup,
    "form": lambda store, one: {"formTrackingId": tracked(one), "activistCodes": one.fields["tags"]},
    "message": lambda store, one: {"foreignMessageId": tracked(one)},
    "score_update": lambda store, one: {"updateStatistics": {"totalRows": one.id}},
    "minivan_export": lambda store, one: {"createdBy": {"userId": 9001, "firstName": "Ida", "lastName": "Larkspur"}},
    "district_field": lambda store, one: {"districtFieldValues": [{"id": "1", "name": "First", "parentId": None}]},
}
"""What no word tells of a record."""


def _event(store: Database, record: Record, wanted: set[str]) -> Payload:
    codes = store.those("code", record.fields["tags"])
    return {
        "locations": [place(store, one) for one in store.those("location", record.fields["places"])],
        "codes": [{**brief(one), "codeType": one.fields["codeType"]} for one in codes],
        "shifts": _all(store, store.below(record, "event_shift")),
        "roles": _all(store, store.below(record, "role")),
        "notes": [],
    }


def _message(store: Database, record: Record, wanted: set[str]) -> Payload:
    def told(one: Record) -> Payload:
        distributions = [sent(one)] if "emailMessageContentDistributions" in wanted else None
        return {**shown(store, one), "emailMessageContentDistributions": distributions}

    return {"emailMessageContent": [told(one) for one in store.below(record, "content")]}


def entities(record: Record) -> list[Payload]:
    """What a code can be given to."""
    return [
        {"name": name, "isSearchable": True, "isApplicable": name != "Events"} for name in record.fields["supported"]
    ]


EXPANDED: dict[str, Callable[[Database, Record, set[str]], Payload]] = {
    "code": lambda store, one, wanted: {"supportedEntities": entities(one)},
    "event": _event,
    "message": _message,
    "minivan_export": lambda store, one, wanted: {"canvassers": [], "eventSignups": []},
}
"""What is shown only where it was asked for, and null elsewhere."""
