"""What proves that two records stand for one person. airtable.md E2."""

from enum import Enum

from airtable_push.flatten.identity.names import Likeness, compare
from airtable_push.flatten.identity.normal import Name
from airtable_push.flatten.identity.records import MAILBOX, NAME_AND_FIRM, PHONE, SHARED_E_MAIL, SLIP, TAGGED_E_MAIL


class Verdict(Enum):
    """What follows from a thing in common and from two names."""

    JOIN = "one person"
    ASK = "a person decides"
    NOTHING = "nothing"


SAME, SHORT, INITIAL, SLIPPED = Likeness.SAME, Likeness.SHORT, Likeness.INITIAL, Likeness.SLIP
ALIKE, SWAPPED, UNKNOWN = Likeness.ALIKE, Likeness.SWAPPED, Likeness.NOTHING
JOINS = {
    TAGGED_E_MAIL: {SAME, SHORT, SLIPPED, SWAPPED},
    SHARED_E_MAIL: {SAME},
    PHONE: {SAME, SHORT, INITIAL, SLIPPED, SWAPPED},
    SLIP: {SAME, SHORT, SWAPPED},
    MAILBOX: {SAME, SHORT, SWAPPED},
    NAME_AND_FIRM: {SAME},
}
"""By what two records have in common: how alike their names must be."""
ASKS = {
    TAGGED_E_MAIL: {UNKNOWN, INITIAL, ALIKE},
    SHARED_E_MAIL: {SHORT, INITIAL, SLIPPED, SWAPPED, ALIKE},
    PHONE: {ALIKE},
    MAILBOX: {SLIPPED, INITIAL},
}
"""By what two records have in common: how alike their names must be for a person to look."""


def proves(rule: str, one: Name, other: Name) -> Verdict:
    """Whether two records are of one person that have in common what `rule` names, and these names. Nothing else joins
    people but a person's word and the system's own."""
    likeness = compare(one, other)
    if rule == SHARED_E_MAIL and likeness == SAME and one.last != other.last:
        return Verdict.ASK  # One of two last names is not the whole name.
    if likeness in JOINS[rule] and (one.is_full or other.is_full):
        return Verdict.JOIN
    return Verdict.ASK if likeness in ASKS.get(rule, ()) else Verdict.NOTHING
