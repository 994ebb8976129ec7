"""The fundraiser at work, one change at a time. virtuous.md 6.2 and 6.3.

Contacts are archived and merged, never deleted; a reversal is another gift. Whatever is named in another record, and
every figure that is worked out, changes there without a sign.
"""

from functools import partial
from random import Random

from sandbox.changes import Change, edit, edit_at_once, purge
from sandbox.virtuous.database import Database
from sandbox.virtuous.entries import ENTRIES, make
from sandbox.virtuous.generate import new_contact, new_gift
from sandbox.virtuous.kinds import FIELDS, IN_CONTACT, IN_GIFT


def added(kind: str) -> Change:
    return Change(f"create_{kind}", lambda store, random: make(store, random, kind))


def changed(kind: str) -> Change:
    return edit(kind, partial(ENTRIES.other, kind=kind))


def archive(store: Database, random: Random) -> object:
    one = random.choice(store.living("contact"))
    return store.edit(one, {"isArchived": not one.fields["isArchived"]})


def merge(store: Database, random: Random) -> object:
    """What one contact gave is the other's from now on; the one that is left is archived, and says where it went."""
    gone, kept = random.sample(store.living("contact"), 2)
    for each in store.below(gone, "gift"):
        store.move(each, kept)
    return store.edit(gone, {"isArchived": True, "mergedIntoContactId": kept.id})


def reverse(store: Database, random: Random) -> object:
    """A reversal is a gift of its own, and the gift stays."""
    gift = random.choice(store.living("gift"))
    back = {"giftType": "Reversing Transaction", "amount": -gift.fields["amount"]}
    return store.create("gift", {**gift.fields, **back}, gift.parent)


def relabel(store: Database, random: Random) -> object:
    """A custom field gets another name: its values stay under the old one, which nobody shows any more."""
    one = random.choice(store.living("definition"))
    return store.edit(one, {"name": f"{one.fields['name'].split(' (')[0]} ({random.randrange(1_000)})"})


CONTENTS = (*IN_CONTACT, *IN_GIFT)
CREATED = [kind for kind in FIELDS if kind not in ("definition", "contact", "gift", *CONTENTS)]
DELETED = [kind for kind in CREATED if kind not in ("organization_group", "project", "segment", "campaign")]
CHANGES: dict[Change, float] = {
    Change("create_contact", new_contact): 6,
    Change("create_gift", new_gift): 12,
    Change("archive_contact", archive): 2,
    Change("merge_contacts", merge): 1,
    Change("reverse_gift", reverse): 1,
    Change("rename_definition", relabel): 0.2,
    edit_at_once("gift", lambda store, random: ENTRIES.new(store, random, "gift", "notes")): 1,
    purge("gift"): 3,
    **{changed(kind): 8 for kind in ("contact", "gift")},
    **{changed(kind): 2 for kind in CONTENTS},
    **{purge(kind): 0.5 for kind in CONTENTS},
    **{added(kind): 1 for kind in CREATED},
    **{changed(kind): 1 for kind in CREATED},
    **{purge(kind): 0.5 for kind in DELETED},
}
"""What happens, the heavier the more often. A kind that `purge` takes from keeps some."""
