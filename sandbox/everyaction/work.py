"""The organisation at work, one change at a time. everyaction.md 6.1.

People are suppressed, what somebody was given is taken back, and a refund is an adjustment: none of it is a deletion.
Events, sign-ups, locations and most of what is listed can be deleted, and nothing tells.
"""

from functools import partial
from random import Random

from sandbox.changes import Change, edit, edit_at_once, purge
from sandbox.everyaction.database import Database
from sandbox.everyaction.entries import ENTRIES, make
from sandbox.everyaction.kinds import FIELDS


def added(kind: str) -> Change:
    return Change(f"create_{kind}", lambda store, random: make(store, random, kind))


def changed(kind: str) -> Change:
    return edit(kind, partial(ENTRIES.other, kind=kind))


def deactivated(kind: str) -> Change:
    """Suppressed or removed, or taken back."""

    def perform(store: Database, random: Random) -> object:
        one = random.choice(store.living(kind))
        return store.edit(one, {"inactive": not one.fields["inactive"]})

    return Change(f"deactivate_{kind}", perform)


EXPORTED = "contact contribution adjustment recurring attempt applied_code answer submission guest".split()
LISTED = [kind for kind in FIELDS if kind not in EXPORTED]
ONLY_ADDED = ("score_update", "printed_list", "minivan_export")
DELETED = [kind for kind in LISTED if kind not in (*ONLY_ADDED, "activist_code", "financial_batch", "form")]
CHANGES: dict[Change, float] = {
    **{added(kind): 3 for kind in EXPORTED},
    **{changed(kind): 5 for kind in EXPORTED},
    **{deactivated(kind): 2 for kind in ("contact", "contribution", "applied_code", "answer")},
    **{added(kind): 1 for kind in LISTED},
    **{changed(kind): 1 for kind in LISTED if kind not in ONLY_ADDED},
    **{purge(kind): 0.4 for kind in DELETED},
    edit_at_once("contribution", lambda store, random: ENTRIES.new(store, random, "contribution", "status")): 1,
}
"""What happens, the heavier the more often. A kind that `purge` takes from keeps some."""
