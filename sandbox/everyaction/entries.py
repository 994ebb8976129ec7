"""What an organiser enters."""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.draw import Entries
from sandbox.everyaction.database import Database
from sandbox.everyaction.kinds import FIELDS, PARENTS
from sandbox.everyaction.times import DAY, HOUR, midnight
from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.store import Record

TEXTS = (
    None,
    "Met, at the fair",
    "In memory of “Opa”.\nCalls back",
    'Said "maybe"',
    "„Später“ ☎ 日本",
    "Zoë\r\nO'Neil",
)
ENTITIES = ("Contributions", "Events", "OnlineActionsForms")
FIGURES = "recipientCount openCount linksClickedCount unsubscribeCount bounceCount contributionCount".split()
Draw = Callable[[Database, Random], Any]


def make(store: Database, random: Random, kind: str, parent: Record | None = None, **fields: Any) -> Record:
    """A new record. Ids leave gaps, as others' imports use some up."""
    if random.random() < 0.2:
        store.next_id(kind)
    if parent is None and kind in PARENTS:
        parent = random.choice(list(store.kinds[PARENTS[kind]].values()))
    made = store.create(kind, {**ENTRIES.new(store, random, kind), **fields}, parent)
    if kind == "printed_list":
        made.fields["number"] = f"{made.id:05d}-{random.randrange(90_000):05d}"
    if kind == "event_signup" and parent is not None:
        for name, below in (("shift", "event_shift"), ("role", "role")):
            made.fields[name] = random.choice([one.id for one in store.below(parent, below)] or [None])
    return made


def some(kind: str) -> Draw:
    """The ids of up to three."""
    return lambda store, random: random.sample(
        list(store.kinds[kind]), min(len(store.kinds[kind]), random.randrange(4))
    )


def values(store: Database, random: Random) -> dict[int, str]:
    """Custom fields of somebody, by the id of their definition."""
    texts: dict[str, Callable[[], str]] = {
        "T": lambda: random.choice(TEXTS) or "",
        "N": lambda: str(random.randrange(900)),
        "D": lambda: f"20{random.randrange(10, 26)}-05-31T00:00:00",
        "B": lambda: random.choice(("true", "false")),
    }
    defined = [one for one in store.kinds["custom_field"].values() if random.random() < 0.6]
    return {one.id: texts[one.fields["customFieldTypeId"]]() for one in defined}


ENTRIES: Entries = Entries(
    FIELDS,
    {
        "past": lambda store, random: store.now - random.randrange(1, 600 * DAY),
        "days": lambda store, random: store.horizon + random.randrange(-200, 300) * DAY + random.randrange(24) * HOUR,
        "born": lambda store, random: midnight(store.now - random.randrange(9_000, 25_000) * DAY),
        "title": lambda store, random: f"{random.choice(LAST_NAMES)} {random.randrange(1_000_000)}",
        "short": lambda store, random: random.choice(LAST_NAMES)[:20],
        "text": lambda store, random: random.choice(TEXTS),
        "code": lambda store, random: f"{random.randrange(100_000):05d}",
        "city": lambda store, random: random.choice(CITIES),
        "street": lambda store, random: f"{random.randrange(1, 900)} Test Way",
        "first": lambda store, random: random.choice(FIRST_NAMES),
        "last": lambda store, random: random.choice(LAST_NAMES),
        "email": lambda store, random: f"{random.choice(FIRST_NAMES)}{random.randrange(10**6)}@mail.example".lower(),
        "telephone": lambda store, random: f"+1 617 555 {random.randrange(100, 200):04d}",
        "entities": lambda store, random: random.sample(ENTITIES, random.randrange(len(ENTITIES) + 1)),
        "choices": lambda store, random: [f"Choice {place}" for place in range(random.randrange(3))],
        "sent": lambda store, random: {**{name: random.randrange(900) for name in FIGURES}, "contributionTotal": 12.5},
        "values": values,
        "codes": some("code"),
        "locations": some("location"),
        "activist_codes": some("activist_code"),
    },
)
