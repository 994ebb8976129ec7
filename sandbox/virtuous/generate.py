"""A fundraiser's past, from the company and a seed.

At scale 1: 6,000 contacts and 12,000 gifts. The company's clients and their people are the first of its contacts, and
its own people the next ones.
"""

from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Any

from sandbox.company import Company, Person
from sandbox.store import Fields, Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.entries import ENTITIES, make
from sandbox.virtuous.kinds import IN_GIFT
from sandbox.virtuous.times import DAY, SECOND

PAST = 700 * DAY
FEWEST = 6
COUNTS = """
    tag 60 organization_group 30 campaign 30 segment 200 communication 60 premium 40 project 120 contact 6000 grant 100
    recurring_gift 800 gift 12000 pledge 600 planned_gift 100 gift_ask 600 event 60 event_attendee 2000
    contact_note 3000 task 1500 volunteer_opportunity 30 volunteer 300 volunteer_attendance 600 relationship 500
    project_note 200 project_role 100 project_expense 200
""".split()
"""Kinds, each with how many of it there are at scale 1, in the order in which they are made."""
WHOLE = ("organization_group",)
"""Of these there are as many at any scale: each is asked for its members."""
DEFINITIONS: dict[str, tuple[str, list[str]]] = {
    "Shirt size": ("List", ["S", "M", "L"]),
    "Member since": ("DateTime", []),
    "Portal": ("Link", []),
    "Remarks": ("Text", []),
}


def generate(store: Database, company: Company, seed: int) -> None:
    """Fill the store; afterwards it goes by the clock."""
    random, now = Random(f"virtuous {seed}"), store.now
    start = store.at = now - PAST
    for entity in ENTITIES:
        for name, (type, options) in DEFINITIONS.items():
            store.create("definition", {"entity": entity, "name": name, "dataType": type, "options": options})
    known = [(client.contacts, client.name, "Organization") for client in company.clients]
    known += [((person,), person.name, "Household") for person in company.employees]
    for kind, count in zip(COUNTS[::2], map(int, COUNTS[1::2]), strict=True):
        total = count if kind in WHOLE else max(FEWEST, round(count * company.scale))
        for place, store.at in enumerate(sorted(_moment(random, start, now - DAY) for _ in range(total))):
            if kind == "contact" and place < len(known):
                people, name, type = known[place]
                new_contact(store, random, people, name=name, contactType=type, isArchived=False)
            else:
                {"contact": new_contact, "gift": new_gift}.get(kind, partial(make, kind=kind))(store, random)
        for record in store.living(kind):
            if random.random() < 0.3:
                store.touch(record, _moment(random, record.created, now - DAY // 2))
    store.at = None


def _moment(random: Random, first: int, last: int) -> int:
    """Some to the second, as imports come, others to the hundredth of one."""
    moment = random.randrange(first, last)
    return moment - moment % SECOND if random.random() < 0.3 else moment


def new_contact(store: Database, random: Random, people: Sequence[Person] = (), **fields: Any) -> Record:
    """With somebody in it who can be reached, and an address."""
    contact = make(store, random, "contact", **fields)
    for person in people or (None,):
        named: Fields = {"firstName": person.first, "lastName": person.last} if person else {}
        reached: Fields = {"type": "Home Email", "value": person.email} if person else {}
        one = make(store, random, "individual", contact, isPrimary=not store.below(contact, "individual"), **named)
        make(store, random, "method", contact, individual=one.id, **reached)
    make(store, random, "contact_address", contact, isPrimary=True)
    return contact


def new_gift(store: Database, random: Random) -> Record:
    """Designated to one or two projects, and now and then the payment of something promised."""
    gift = make(store, random, "gift")
    for _ in range(random.choice((1, 1, 1, 2))):
        make(store, random, "designation", gift)
    for kind in IN_GIFT[1:]:
        if random.random() < 0.1:
            make(store, random, kind, gift)
    return gift
