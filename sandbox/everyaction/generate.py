"""An organisation's past, from the company and a seed.

At scale 1: 6,000 supporters and 9,000 contributions. The company's clients, its own people and theirs are the first of
the supporters. Most records have changed in the last 85 days, the others more than 91 days ago: no export reaches them.
"""

from random import Random

from sandbox.company import Company, Person
from sandbox.everyaction.database import Database
from sandbox.everyaction.entries import make
from sandbox.everyaction.times import DAY
from sandbox.store import Fields

PAST, UNREACHABLE, REACHABLE = 700 * DAY, 91 * DAY, 85 * DAY
FEWEST = 6
COUNTS = """
    folder 30 campaign 30 designation 20 code 800 activist_code 60 survey_question 40 survey_response 150
    custom_field 14 financial_batch 200 event_type 8 location 120 supporter_group 30 event 1200 event_shift 2400
    role 1800 contact 6000 event_signup 4000 form 60 message 400 content 600 score 12 score_update 60 target 20
    saved_list 220 printed_list 220 minivan_export 60 district_field 14 contribution 9000 adjustment 300 recurring 600
    attempt 3000 applied_code 4000 answer 2000 submission 1200 guest 300
""".split()
"""Kinds, each with how many of it there are at scale 1, in the order in which they are made."""


def generate(store: Database, company: Company, seed: int) -> None:
    """Fill the store; afterwards it goes by the clock."""
    random, now = Random(f"everyaction {seed}"), store.now
    known = [_organisation(client.name) for client in company.clients] + [_person(one) for one in company.people]
    for kind, count in zip(COUNTS[::2], map(int, COUNTS[1::2]), strict=True):
        total = max(FEWEST, round(count * company.scale))
        for place, store.at in enumerate(sorted(_moment(random, now) for _ in range(total))):
            make(store, random, kind, **(known[place] if kind == "contact" and place < len(known) else {}))
        for record in store.living(kind):
            if random.random() < 0.3:
                store.touch(record, max(record.created, _moment(random, now)))
    store.at = None


def _moment(random: Random, now: int) -> int:
    old = random.random() < 0.2
    return random.randrange(now - PAST, now - UNREACHABLE) if old else random.randrange(now - REACHABLE, now - DAY)


def _organisation(name: str) -> Fields:
    return {"mode": 2, "first": None, "middle": None, "last": None, "commonName": name, "birth": None}


def _person(one: Person) -> Fields:
    return {"first": one.first, "last": one.last, "email": one.email, "phone": one.phone, "city": one.city}
