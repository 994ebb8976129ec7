"""What a fundraiser enters: the fields of new records and of edits, drawn as `kinds.FIELDS` declares."""

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.store import Fields, Record
from sandbox.virtuous.database import Database
from sandbox.virtuous.kinds import PARENTS, words
from sandbox.virtuous.times import DAY, day_of

USERS = ("Ida Larkspur", "Otto Redfern", "Vera Stonecrop")
TEXTS = (None, "", "Met at the fair.\nWrites letters.", "In memory of “Opa”", "„Später“ ☎ 日本", "Zoë “Z” O'Neil")
CONSTANTS = {"-": None, "False": False, "True": True}


def make(store: Database, random: Random, kind: str, parent: Record | None = None, **fields: object) -> Record:
    """A new record. Ids leave gaps, as others' imports use some up."""
    if random.random() < 0.2:
        store.next_id(kind)
    if parent is None and kind in PARENTS:
        parent = random.choice(store.living(PARENTS[kind]))
    return store.create(kind, {**drawn(store, random, kind), **fields}, parent)


def drawn(store: Database, random: Random, kind: str, *names: str) -> Fields:
    """The fields of a new record of a kind, or those of these names."""
    declared = [(name, SIGNS[sign], rest) for name, sign, rest in words(kind) if sign]
    return {name: draw(store, random, rest) for name, draw, rest in declared if not names or name in names}


def edited(store: Database, random: Random, kind: str) -> Fields:
    """Another value of one field."""
    return drawn(store, random, kind, random.choice([name for name, sign, _ in words(kind) if sign]))


def one_id(store: Database, random: Random, kind: str) -> Any:
    """The id of a record; None where there is none."""
    ids = list(store.kinds[kind])
    return random.choice(ids) if ids else None


def some_ids(store: Database, random: Random, kind: str) -> list[Any]:
    ids = list(store.kinds[kind])
    return random.sample(ids, min(len(ids), random.randrange(4)))


def choice(store: Database, random: Random, rest: str) -> Any:
    chosen = random.choice(rest.split("|")).replace("_", " ")
    return CONSTANTS[chosen] if chosen in CONSTANTS else int(chosen) if len(chosen) < 3 and chosen.isdigit() else chosen


def dollars(store: Database, random: Random, rest: str) -> float:
    """Now and then with cents."""
    return random.randrange(1, int(rest)) + (random.randrange(100) / 100 if random.random() < 0.3 else 0.0)


def day(first: int, last: int) -> Callable[[Database, Random], str]:
    """A day so many days from now."""
    return lambda store, random: day_of(store.now + random.randrange(first, last) * DAY)


def custom(store: Database, random: Random, entity: str) -> dict[str, str]:
    """Values of some of an entity's custom fields; they are always text."""
    values: dict[str, Callable[[Record], str]] = {
        "List": lambda one: random.choice(one.fields["options"]),
        "DateTime": lambda one: FORMS["past"](store, random),
        "Link": lambda one: f"https://pages.example/{random.randrange(1_000)}",
        "Text": lambda one: random.choice(("M", "L", "007", "1.50", "Zoë “Z” O'Neil", "")),
    }
    mine = [one for one in store.kinds["definition"].values() if one.fields["entity"] == entity]
    return {one.fields["name"]: values[one.fields["dataType"]](one) for one in mine if random.random() < 0.6}


def named(store: Database, random: Random, rest: str) -> Any:
    return FORMS[rest](store, random) if rest in FORMS else custom(store, random, rest)


SIGNS: dict[str, Callable[[Database, Random, str], Any]] = {
    "=": choice,
    ">": one_id,
    "?": lambda store, random, rest: random.random() < int(rest) / 100,
    "#": lambda store, random, rest: random.randrange(1, int(rest)),
    "$": dollars,
    "%": dollars,
    ":": named,
}
FORMS: dict[str, Callable[[Database, Random], Any]] = {
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
    "references": lambda store, random: (
        [{"source": "Shop", "id": f"c-{random.randrange(10**6)}"}] * random.randrange(2)
    ),
    "tags": lambda store, random: some_ids(store, random, "tag"),
    "groups": lambda store, random: some_ids(store, random, "organization_group"),
    "designations": lambda store, random: [drawn(store, random, "designation") for _ in range(random.randrange(3))],
    "users": lambda store, random: [random.choice(USERS), random.choice(USERS)],
}
