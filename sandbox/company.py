"""The fictitious company whose people and clients appear in every vendor.

Everything is derived from `seed` and `scale`; no name, address or number belongs to anybody (`.example`
domains, 555-01xx telephone numbers).
"""

from dataclasses import dataclass
from random import Random

FIRST_NAMES = (
    "Ada Alma Amos Anouk Arlo Astrid Bela Bram Calla Cato Cleo Cyrus Dagny Darius Delia Edda Elio Elke Emil "
    "Enzo Esme Ezra Fenna Finn Flora Gita Greta Hana Hugo Ida Imre Ines Ivo Jana Jonas Juno Kaia Kenji Lars "
    "Leda Lena Levi Linus Lotte Luca Mabel Magnus Maeve Mika Milo Nadia Nell Nico Noor Odin Olga Otto Petra "
    "Pia Quinn Rafa Ragna Remy Rosa Rufus Saga Silas Sonja Tamsin Tariq Thea Tobias Uma Vera Viggo Wanda "
    "Willa Xenia Yara Yusuf Zelda Zora"
).split()
LAST_NAMES = (
    "Abbotsleigh Ambergate Ashgrove Barrowcliff Birchmere Blackfen Brambledon Bridgewick Caldermoor "
    "Copperfold Crosshaven Dalewright Duskwater Eastmarch Elderbrook Fairhollow Fernsby Flintlock Foxglen "
    "Galloway-Reyes Greywater Halloran-Pike Harrowgate Heathcroft Hollowell Ironbridge Jessamine Kestrelton "
    "Kirkbride Lanternby Larkspur Lindqvale Marlowe-Finch Meadowcroft Millrace Moorcock Netherby Northwold "
    "Oakhollow Orchardson Osterhout Palewater Penhallow Quillfeather Ravenscar Redfern Rookwood Rosethorn "
    "Saltmarsh Sandalwood Silverbeck Stonecrop Summerhayes Tanglewood Thistledown Tidewell Underhill "
    "Vantongeren Westerfield Whitlock Wildgoose Winterbourne Woodrush Yarrowby"
).split()
CLIENT_WORDS = (
    "Amber Basalt Cobalt Delta Ember Fjord Granite Harbor Indigo Juniper Krill Lumen Mistral Nimbus".split()
)
CLIENT_KINDS = (
    "Bakeries|Optics|Freight|Orchards|Pumps|Textiles|Clinics|Robotics|Ferries|Ceramics|Brewing|Press".split(
        "|"
    )
)
ROLES = (
    "Account Director|Accountant|Art Director|Bookkeeper|Copywriter|Data Analyst|Designer|Developer|Engineer|"
    "Operations Lead|Producer|Project Manager|Researcher|Strategist|Support Agent"
).split("|")
CITIES = "Port Ellery|Marrow Bay|Quarrytown|Saint Orin|Low Fell|Teal Harbour".split("|")
TIME_ZONES = "America/Chicago|America/New_York|Europe/Lisbon|Europe/Vienna|Asia/Tokyo|Pacific/Auckland".split(
    "|"
)


@dataclass(frozen=True, slots=True)
class Person:
    """`number` is unique in the company; `client` is the index of the client firm, or None for our own
    people."""

    number: int
    first: str
    last: str
    email: str
    phone: str
    title: str
    city: str
    time_zone: str
    client: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def spelled(self, style: int) -> str:
        """The same name as another system would write it; `style` picks one of five ways."""
        return (
            self.name,
            f"{self.last}, {self.first}",
            f"{self.first} {self.last[0]}.",
            f"{self.first.upper()} {self.last.upper()}",
            f"{self.first[0]}. {self.last}",
        )[style % 5]


@dataclass(frozen=True, slots=True)
class Client:
    """A firm that the company works for; `contacts` are its people."""

    number: int
    name: str
    domain: str
    contacts: tuple[Person, ...]

    def spelled(self, style: int) -> str:
        """The firm's name as another system would write it; `style` picks one of four ways."""
        return (self.name, f"{self.name}, Inc.", self.name.upper(), self.name.replace(" ", ""))[style % 4]


class Company:
    """`employees` and `clients` grow with `scale`; at 1 there are 36 employees and 12 clients with two
    contacts each."""

    name = "Lanternfish & Sons"
    domain = "lanternfish.example"

    def __init__(self, seed: int = 1, scale: float = 1.0) -> None:
        self.seed = seed
        self.scale = scale
        random = Random(f"company {seed}")
        self._addresses: set[str] = set()
        count = max(9, round(36 * scale))
        self.employees = tuple(self._person(random, number, self.domain, None) for number in range(count))
        number = count
        clients = []
        for index in range(max(3, round(12 * scale))):
            word, kind = CLIENT_WORDS[index % len(CLIENT_WORDS)], CLIENT_KINDS[index // 2 % len(CLIENT_KINDS)]
            series = index // (len(CLIENT_WORDS) * len(CLIENT_KINDS))
            name = f"{word} {kind}" + (f" {series + 1}" if series else "")
            domain = name.lower().replace(" ", "-") + ".example"
            contacts = tuple(self._person(random, number + offset, domain, index) for offset in range(2))
            number += len(contacts)
            clients.append(Client(index, name, domain, contacts))
        self.clients = tuple(clients)

    @property
    def people(self) -> tuple[Person, ...]:
        """Employees first, then the contacts of every client."""
        return self.employees + tuple(person for client in self.clients for person in client.contacts)

    def _person(self, random: Random, number: int, domain: str, client: int | None) -> Person:
        first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
        address = f"{first}.{last}".lower()
        if f"{address}@{domain}" in self._addresses:
            address += str(number)
        self._addresses.add(f"{address}@{domain}")
        phone = f"+1 312 555 {100 + number % 100:04d}"
        title, city, zone = random.choice(ROLES), random.choice(CITIES), random.choice(TIME_ZONES)
        return Person(number, first, last, f"{address}@{domain}", phone, title, city, zone, client)
