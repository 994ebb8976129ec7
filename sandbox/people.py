"""People and firms as they are, and as a system knows them."""

from dataclasses import dataclass

from sandbox.deals import Deal

SYSTEMS = ("quickbooks", "copper", "basecamp", "pandadoc")


def stranger(system: str, record: int) -> int:
    """The number of a person whom only one system knows: below zero, another one for every record."""
    return -(len(SYSTEMS) * record + SYSTEMS.index(system)) - 1


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


@dataclass(frozen=True, slots=True)
class Client:
    """A firm that asked the company for something; `contacts` are its people, `systems` know it and them."""

    number: int
    name: str
    domain: str
    contacts: tuple[Person, ...]
    systems: tuple[str, ...]
    deal: Deal

    def known_as(self, system: str) -> str:
        """The firm's name as the system writes it; the CRM writes it as the firm itself does."""
        if system == "basecamp":
            return self.name.upper() if self.number % 2 else self.name.replace(" ", "")
        return self.name + {"quickbooks": ", Inc.", "pandadoc": " Inc"}.get(system, "")


@dataclass(frozen=True, slots=True)
class Known:
    """One record of a person in one system, as that system has it: misspelt, outdated or incomplete.

    `person` is the number of the person who it really is; no connector is ever shown it. `company` is the firm's
    name as this system writes it, `client` the firm's index, None for our own people."""

    person: int
    first: str
    last: str
    email: str | None
    phone: str | None
    company: str | None
    client: int | None
    title: str | None
    city: str | None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"
