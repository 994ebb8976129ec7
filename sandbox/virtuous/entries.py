"""What a fundraiser enters."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from sandbox.draw import Entries
from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.store import Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import FIELDS, PARENTS
from sandbox.virtuous.times import DAY, day_of

USERS = ("Ida Larkspur", "Otto Redfern", "Vera Stonecrop")
TEXTS = (None, "", "Met at the fair.\nWrites letters.", "In memory of “Opa”", "„Später“ ☎ 日本", "Zoë “Z” O'Neil")
ENTITIES = """
    Contact ContactIndividual ContactNote Gift GiftAsk Grant PlannedGift Premium Project RecurringGift Event
    EventAttendee VolunteerOpportunity Pledge
""".split()
"""What may have custom fields."""
Draw = Callable[[Database, Random], Any]


def make(store: Database, random: Random, kind: str, parent: Record | None = None, **fields: Any) -> Record:
    """A new record. Ids leave gaps, as others' imports use some up."""
    if random.random() < 0.2:
        store.next_id(kind)
    if parent is None and kind in PARENTS:
        parent = random.choice(store.living(PARENTS[kind]))
    return store.create(kind, {**ENTRIES.new(store, random, kind), **fields}, parent)


def some(kind: str) -> Draw:
    """The ids of up to three."""
    return lambda store, random: random.sample(
        list(store.kinds[kind]), min(len(store.kinds[kind]), random.randrange(4))
    )


def day(first: int, last: int) -> Draw:
    """A day so many days from now."""
    return lambda store, random: day_of(store.now + random.randrange(first, last) * DAY)


def custom(entity: str, store: Database, random: Random) -> dict[str, str]:
    """Values of some of an entity's custom fields; they are always text."""
    values: dict[str, Callable[[Record], str]] = {
        "List": lambda one: random.choice(one.fields["options"]),
        "DateTime": lambda one: day(-900, 0)(store, random),
        "Link": lambda one: f"https://pages.example/{random.randrange(1_000)}",
        "Text": lambda one: random.choice(("M", "L", "007", "1.50", "Zoë “Z” O'Neil", "")),
    }
    mine = [one for one in store.kinds["definition"].values() if one.fields["entity"] == entity]
    return {one.fields["name"]: values[one.fields["dataType"]](one) for one in mine if random.random() < 0.6}


ENTRIES: Entries = Entries(
    FIELDS,
    {
        "past": day(-900, 0),
        "coming": day(1, 300),
        "born": day(-25_000, -9_000),
        "died": lambda store, random: day(-900, 0)(store, random) if random.random() < 0.1 else None,
        "evening": lambda store, random: f"{day(1, 300)(store, random)}T18:00:00",
        "night": lambda store, random: f"{day(300, 301)(store, random)}T22:00:00",
        "title": lambda store, random: f"{random.choice(LAST_NAMES)} {random.randrange(1_000_000)}",
        "text": lambda store, random: random.choice(TEXTS),
        "code": lambda store, random: f"{random.randrange(100_000):05d}",
        "city": lambda store, random: random.choice(CITIES),
        "street": lambda store, random: f"{random.randrange(1, 900)} Test Way",
        "first": lambda store, random: random.choice(FIRST_NAMES),
        "last": lambda store, random: random.choice(LAST_NAMES),
        "household": lambda store, random: f"{random.choice(FIRST_NAMES)} and Max {random.choice(LAST_NAMES)}",
        "telephone": lambda store, random: f"(602) 555-{random.randrange(100, 200):04d}",
        "rate": lambda store, random: random.choice((1.0, 0.9137)),
        # A number where a shop gave one, and text otherwise.
        "transaction": lambda store, random: random.choice((random.randrange(10**9), f"ch_{random.randrange(10**12)}")),
        "references": lambda store, random: [{"source": "Shop", "id": f"c-{random.random()}"}] * random.randrange(2),
        "tags": some("tag"),
        "groups": some("organization_group"),
        "designations": lambda store, random: [ENTRIES.new(store, random, "designation")] * random.randrange(3),
        "users": lambda store, random: [random.choice(USERS), random.choice(USERS)],
        **{entity: partial(custom, entity) for entity in ENTITIES},
    },
)
