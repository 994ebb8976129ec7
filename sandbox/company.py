"""The fictitious company whose people and clients appear in every vendor.

Everything is derived from `seed` and `scale`; no name, address or number belongs to anybody (`.example`
domains, 555-01xx telephone numbers, in Britain 020 7946 0xxx).
"""

from collections.abc import Mapping
from functools import cached_property
from random import Random

from sandbox.cases import Cast, play
from sandbox.deals import draw
from sandbox.names import (
    AREA_CODES,
    CITIES,
    CLIENT_KINDS,
    CLIENT_WORDS,
    FIRST_NAMES,
    LAST_NAMES,
    ROLES,
    TIME_ZONES,
    telephone,
)
from sandbox.people import SYSTEMS, Client, Known, Person, stranger

KNOWN_IN = (
    SYSTEMS,
    ("copper",),
    ("quickbooks", "copper", "pandadoc"),
    ("copper", "pandadoc"),
    SYSTEMS,
    ("copper",),
    ("copper",),
)
"""Who knows a client, in turn: of seven three have bought, one was made an offer, three have only asked."""
CASES_AT_SCALE_1 = 20
"""How often each hard case occurs; at least once in the smallest company, ten times at scale 0.5."""


class Company:
    """`employees` and `clients` grow with `scale`; at 1 there are 36 employees and 500 clients with a contact each. The
    people of the hard cases come on top: only `known_in` has them. `hostile`: some of what the vendors hold is what
    nobody would write, such as an amount of nineteen digits."""

    name = "Lanternfish & Sons"
    domain = "lanternfish.example"

    def __init__(self, seed: int = 1, scale: float = 1.0, hostile: bool = False) -> None:
        self.seed = seed
        self.scale = scale
        self.hostile = hostile
        random = Random(f"company {seed}")
        self._addresses: set[str] = set()
        count = max(9, round(36 * scale))
        self.employees = tuple(self._person(random, number, self.domain, None) for number in range(count))
        clients = []
        for index in range(max(12, round(500 * scale))):
            series, place = divmod(index, len(CLIENT_WORDS) * len(CLIENT_KINDS))
            word, kind = place % len(CLIENT_WORDS), (place + place // len(CLIENT_WORDS)) % len(CLIENT_KINDS)
            name = f"{CLIENT_WORDS[word]} {CLIENT_KINDS[kind]}" + (f" {series + 1}" if series else "")
            domain = name.lower().replace(" ", "-") + ".example"
            contact = self._person(random, count + index, domain, index)
            systems = KNOWN_IN[index % len(KNOWN_IN)]
            clients.append(Client(index, name, domain, (contact,), systems, draw(random, index, systems)))
        self.clients = tuple(clients)

    @property
    def people(self) -> tuple[Person, ...]:
        """Employees first, then the contacts of every client."""
        return self.employees + tuple(person for client in self.clients for person in client.contacts)

    def known_in(self, system: str) -> tuple[Known, ...]:
        """The people whom `system` (one of `SYSTEMS`) knows, as it writes them: employees first, then the contacts of
        the clients that it knows, then the people of the hard cases. Who was entered twice comes twice."""
        return tuple(self._cast.known[system])

    @property
    def cases(self) -> Mapping[int, str]:
        """The hard case that a person belongs to, by the person's number; the others are not in it."""
        return self._cast.cases

    @cached_property
    def _cast(self) -> Cast:
        cast = Cast(self.name, self.people, self.clients, Random(f"cases {self.seed}"))
        for person in self.people:
            cast.enter(person)
        play(cast, max(1, round(CASES_AT_SCALE_1 * self.scale)))
        return cast

    def _person(self, random: Random, number: int, domain: str, client: int | None) -> Person:
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        address = f"{first}.{last}".lower()
        if f"{address}@{domain}" in self._addresses:
            address += str(number)
        self._addresses.add(f"{address}@{domain}")
        phone = telephone(AREA_CODES, number)
        title, city, zone = random.choice(ROLES), random.choice(CITIES), random.choice(TIME_ZONES)
        return Person(number, first, last, f"{address}@{domain}", phone, title, city, zone, client)


__all__ = ["SYSTEMS", "Client", "Company", "Known", "Person", "stranger"]
