"""How each system writes the company's people, and the people who are hard to recognise.

A hard case is a function that invents a few people and enters them in the systems; its name is the case's name.
What every system does to everybody (spelling of firms, forms of telephone numbers, initials) is in `Cast.written`.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from sandbox.names import AREA_CODES, CITIES, FIRST_NAMES, LAST_NAMES, ROLES, TIME_ZONES, telephone
from sandbox.people import SYSTEMS, Client, Known, Person

CALLED = (
    ("Robert", "Bob"),
    ("William", "Bill"),
    ("Elizabeth", "Liz"),
    ("Katherine", "Kate"),
    ("Michael", "Mike"),
    ("Margaret", "Peggy"),
    ("Alexander", "Sasha"),
    ("Theodore", "Ted"),
    ("Johannes", "Hans"),
    ("Francesca", "Fran"),
)
ACCENTED = (
    ("Zoë", "Zoe"),
    ("Renée", "Renee"),
    ("Jürgen", "Juergen"),
    ("Søren", "Soren"),
    ("Łukasz", "Lukasz"),
    ("Inés", "Ines"),
    ("Bjørn", "Bjorn"),
    ("François", "Francois"),
)
ROLE_MAILBOXES = ("info", "office", "billing", "sales", "accounts")
HOPELESS_ONE_IN = 10
"""Of the married and of those who changed firms, one in so many leaves nothing behind that would give it away."""
NOBODY = ("none@none.example", "noreply@mail.example", "n/a", "unknown")
Changes = dict[str, Any]
"""What one system has otherwise, by field of `Known`."""


class Cast:
    """The people whom the systems know: `known` by system, and `cases` by a person's number. Cases are played by people
    of clients that are known `everywhere`."""

    def __init__(self, firm: str, people: Sequence[Person], clients: Sequence[Client], random: Random) -> None:
        self.firm = firm
        self.clients = clients
        self.everywhere = [client for client in clients if client.systems == SYSTEMS]
        self.random = random
        self.known: dict[str, list[Known]] = {system: [] for system in SYSTEMS}
        self.cases: dict[int, str] = {}
        self.case = ""
        self._next = 1 + max((person.number for person in people), default=0)
        self._names = {(person.first, person.last) for person in people}

    def client(self) -> Client:
        return self.random.choice(self.everywhere)

    def last_name(self) -> str:
        return self.random.choice(LAST_NAMES)

    def person(self, client: Client | None = None, first: str = "", last: str = "", **changes: Any) -> Person:
        """Somebody new, of a name that nobody else has unless it is given whole."""
        client, random = client or self.client(), self.random
        name = (first or random.choice(FIRST_NAMES), last or self.last_name())
        while name in self._names and not (first and last):
            # There are more people than names: a second one makes it unique, sooner or later.
            name = (
                name[0] if first else f"{name[0]}-{random.choice(FIRST_NAMES)}",
                f"{name[1]}-{self.last_name()}" if first else name[1],
            )
        self._names.add(name)
        number = self._next
        self._next += 1
        address = f"{plain(name[0])}.{plain(name[1])}@{client.domain}"
        made = Person(
            number,
            *name,
            address,
            telephone(AREA_CODES, number),
            random.choice(ROLES),
            random.choice(CITIES),
            random.choice(TIME_ZONES),
            client.number,
        )
        if self.case:
            self.cases[number] = self.case
        return replace(made, **changes)

    def new_last_name(self, person: Person) -> str:
        """Another last name, with which nobody else is called like the person."""
        new = self.last_name()
        while (person.first, new) in self._names:
            new = f"{new}-{self.last_name()}"
        self._names.add((person.first, new))
        return new

    def enter(self, person: Person, **by_system: Changes | None) -> None:
        """Enter the person in every system that knows the firm; `quickbooks={"email": None}` is what that system has
        otherwise, `quickbooks=None` that it does not know the person."""
        for system in SYSTEMS if person.client is None else self.clients[person.client].systems:
            changes = by_system.get(system, {})
            if changes is not None:
                self.enter_in(system, person, **changes)

    def enter_in(self, system: str, person: Person, **changes: Any) -> None:
        self.known[system].append(replace(self.written(system, person), **changes))

    def written(self, system: str, person: Person) -> Known:
        """The person as the system writes everybody."""
        first, last, email, phone = person.first, person.last, person.email, person.phone
        title: str | None = person.title
        company = self.firm
        if person.client is not None:
            company = self.clients[person.client].known_as(system)
        shown: str | None = phone
        if system == "quickbooks":
            shown, title = _written_phone(phone, "({}) {}-{}"), None
        elif system == "copper":
            shown = _written_phone(phone, "{}-{}-{}")
            email = email.title() if person.client is not None else email
        elif system == "basecamp":
            shown = None
            if person.number % 3 == 2 and person.client is not None:
                last = f"{last[0]}."
        else:
            shown = _written_phone(phone, "+1{}{}{}")
            if person.number % 5 == 4:
                first, last = first.upper(), last.upper()
        return Known(person.number, first, last, email, shown, company, person.client, title, person.city)


def _written_phone(phone: str, form: str) -> str:
    """A North American telephone in another form; others stay as they are."""
    country, *parts = phone.split(" ")
    return form.format(*parts) if country == "+1" and len(parts) == 3 else phone


def plain(name: str) -> str:
    """A name as it stands in an address."""
    letters = unicodedata.normalize("NFKD", name.lower().replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in letters if letter.isascii() and (letter.isalnum() or letter == "-"))


def misspelt(random: Random, text: str) -> str:
    """Two neighbouring letters swapped, one left out, or one doubled; never the first."""
    places = [place for place in range(2, len(text) - 1) if text[place].isalpha() and text[place - 1].isalpha()]
    place = random.choice([place for place in places if text[place] != text[place - 1]])
    how = random.randrange(3)
    if how == 0:
        return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
    return text[:place] + (text[place + 1 :] if how == 1 else text[place] + text[place:])


def shared_role_mailbox(cast: Cast) -> None:
    """Colleagues whom two systems reach through the firm's mailbox only."""
    client = cast.client()
    mailbox = f"{cast.random.choice(ROLE_MAILBOXES)}@{client.domain}"
    for place in range(cast.random.choice((2, 3))):
        person = cast.person(client)
        phone: Changes = {"phone": None} if place == 0 else {}
        cast.enter(person, copper={"email": mailbox}, pandadoc={"email": mailbox, **phone})


def shared_family_mailbox(cast: Cast) -> None:
    """A couple with one name, one firm and one address, which does not look like a shared one."""
    client, last = cast.client(), cast.last_name()
    couple = [cast.person(client, last=last) for _ in range(2)]
    shared = f"{plain(last)}s{couple[0].number}@home.example"
    for person in couple:
        cast.enter(person, quickbooks={"email": shared}, copper={"email": shared.title()})


def married_name(cast: Cast) -> None:
    """Two systems know the new name, one of them the new address too."""
    person = cast.person()
    new = cast.new_last_name(person)
    domain = person.email.partition("@")[2]
    one, other = cast.random.sample(("quickbooks", "copper", "pandadoc"), 2)
    renamed = {"last": new, "email": f"{plain(person.first)}.{plain(new)}@{domain}"}
    if cast.random.randrange(HOPELESS_ONE_IN) == 0:
        cast.enter(person, **{one: {**renamed, "phone": None}})
    else:
        cast.enter(person, **{one: {"last": new}, other: renamed})


def one_name_at_two_firms(cast: Cast) -> None:
    clients = cast.random.sample(cast.everywhere, 2)
    one = cast.person(clients[0])
    for person in (one, cast.person(clients[1], one.first, one.last)):
        cast.enter(person, basecamp=None if cast.random.random() < 0.3 else {})


def one_name_at_one_firm(cast: Cast) -> None:
    """Whoever came second has a digit in the address; the books have neither's address."""
    one = cast.person()
    local, _, domain = one.email.partition("@")
    other = cast.person(cast.clients[one.client or 0], one.first, one.last, email=f"{local}2@{domain}")
    for person in (one, other):
        cast.enter(person, quickbooks={"email": None})


def parent_and_child_with_one_phone(cast: Cast) -> None:
    parent = cast.person()
    child = cast.person(cast.clients[parent.client or 0], last=parent.last, phone=parent.phone)
    for person in (parent, child):
        cast.enter(person, quickbooks={"email": None})


def senior_and_junior(cast: Cast) -> None:
    """One name, one firm, one telephone; the suffix tells, where it is written."""
    senior = cast.person()
    domain = senior.email.partition("@")[2]
    junior = cast.person(cast.clients[senior.client or 0], senior.first, senior.last, phone=senior.phone)
    for person, suffix in ((senior, "Sr."), (junior, "Jr.")):
        address = f"{plain(person.last)}.{suffix[:-1].lower()}{senior.number}@{domain}"
        full = {"last": f"{person.last} {suffix}"}
        cast.enter(
            replace(person, email=address),
            quickbooks={**full, "email": None},
            copper=full,
            basecamp={},
            pandadoc={} if cast.random.random() < 0.5 else full,
        )


def switchboard(cast: Cast) -> None:
    """Colleagues with the firm's telephone, two of one first name; the books lack the address of one."""
    client = cast.client()
    first = cast.person(client)
    colleagues = [first, cast.person(client, first=first.first, phone=first.phone)]
    colleagues += [cast.person(client, phone=first.phone) for _ in range(cast.random.choice((2, 6)))]
    for place, person in enumerate(colleagues):
        cast.enter(person, quickbooks={"email": None} if place == 2 else {})


def changed_firm(cast: Cast) -> None:
    """One system still has the old firm and address; the mobile is the same."""
    old, new = cast.random.sample(cast.everywhere, 2)
    person = cast.person(new)
    behind = cast.random.choice(("quickbooks", "copper", "pandadoc"))
    before: Changes = {
        "email": f"{plain(person.first)}.{plain(person.last)}@{old.domain}",
        "company": old.name,
        "client": old.number,
    }
    if cast.random.randrange(HOPELESS_ONE_IN) == 0:
        before["phone"] = None
    cast.enter(person, **{behind: before})


def misspelt_name(cast: Cast) -> None:
    """Once with the right address, once with the right telephone only."""
    person = cast.person()
    wrong, elsewhere = misspelt(cast.random, person.last), misspelt(cast.random, person.last)
    cast.enter(person, quickbooks={"last": wrong}, pandadoc={"last": elsewhere, "email": None})


def misspelt_address(cast: Cast) -> None:
    """Once in the name of the person, once in that of the firm."""
    person = cast.person()
    local, _, domain = person.email.partition("@")
    cast.enter(
        person,
        pandadoc={"email": f"{misspelt(cast.random, local)}@{domain}"},
        basecamp={"email": f"{local}@{misspelt(cast.random, domain.partition('.')[0])}.example", "last": person.last},
    )


def international_phone(cast: Cast) -> None:
    """Nothing but name and telephone in two systems, each time in another form."""
    random = cast.random
    person = cast.person()
    forms: tuple[str, ...]
    if random.random() < 0.5:
        line = f"{person.number % 1000:03d}"
        area, lead = "20", "7946"
        forms = ("+44 {} {} 0{}", "0044{}{}0{}", "+44 (0){} {}-0{}", "+44.{}.{}.0{}")
    else:
        _, area, lead, line = person.phone.split(" ")
        forms = ("+1 {} {} {}", "001 {}-{}-{}", "1 ({}) {} {}", "{}/{}.{} ext. 7")
    one, two, three = (form.format(area, lead, line) for form in random.sample(forms, 3))
    bare = {"email": None, "company": None}
    cast.enter(person, quickbooks={**bare, "phone": one}, pandadoc={**bare, "phone": two}, copper={"phone": three})


def short_name(cast: Cast) -> None:
    """Called otherwise than the passport says, once with the right address, once with the right telephone only."""
    full, short = cast.random.choice(CALLED)
    person = cast.person(first=full)
    cast.enter(person, quickbooks={"first": short, "email": None}, basecamp={"first": short})


def chained_addresses(cast: Cast) -> None:
    """Two addresses, and a telephone as the only bridge between them."""
    person = cast.person()
    private = f"{plain(person.last)}.{person.number}@home.example"
    cast.enter(person, quickbooks={"email": private}, pandadoc={"phone": None})
    if cast.random.random() < 0.5:
        cast.enter_in("basecamp", person, email=private, company=None)


def tagged_address(cast: Cast) -> None:
    person = cast.person()
    local, _, domain = person.email.partition("@")
    cast.enter(person, quickbooks={"email": f"{local}+billing@{domain}", "phone": None})


def accented_name(cast: Cast) -> None:
    written, ascii_only = cast.random.choice(ACCENTED)
    person = cast.person(first=written)
    cast.enter(person, quickbooks={"first": ascii_only, "email": None}, copper={"first": ascii_only})


def placeholder_instead_of_address(cast: Cast) -> None:
    """Strangers at two firms, of one first name, with the same nothing in the field of the address."""
    nothing = cast.random.choice(NOBODY)
    clients = cast.random.sample(cast.everywhere, 2)
    one = cast.person(clients[0])
    for person in (one, cast.person(clients[1], first=one.first)):
        cast.enter(
            person,
            quickbooks={"email": nothing, "phone": "000-000-0000"},
            pandadoc={"email": nothing, "phone": "+1 000 000 0000"},
        )


def successor(cast: Cast) -> None:
    """Somebody new took over desk, telephone and address; two systems have not heard of it."""
    gone = cast.person()
    desk = f"desk{gone.number}@{gone.email.partition('@')[2]}"
    gone = replace(gone, email=desk)
    came = cast.person(cast.clients[gone.client or 0], phone=gone.phone, title=gone.title, email=desk)
    cast.enter(gone, basecamp=None, pandadoc=None)
    cast.enter(came, quickbooks=None, copper=None)


def entered_twice(cast: Cast) -> None:
    """One person, two records of one system, each with something that the other lacks."""
    person = cast.person()
    cast.enter(person)
    cast.enter_in("copper", person, phone=None, title=None, city=None)
    cast.enter_in("quickbooks", person, email=None)


def name_and_firm_only(cast: Cast) -> None:
    person = cast.person()
    cast.enter(person, quickbooks={"email": None, "phone": None})


def initial_and_phone(cast: Cast) -> None:
    person = cast.person()
    cast.enter(person, pandadoc={"first": f"{person.first[0]}.", "email": None})


HARD_CASES: tuple[Callable[[Cast], None], ...] = (
    shared_role_mailbox,
    shared_family_mailbox,
    married_name,
    one_name_at_two_firms,
    one_name_at_one_firm,
    parent_and_child_with_one_phone,
    senior_and_junior,
    switchboard,
    changed_firm,
    misspelt_name,
    misspelt_address,
    international_phone,
    short_name,
    chained_addresses,
    tagged_address,
    accented_name,
    placeholder_instead_of_address,
    successor,
    entered_twice,
    name_and_firm_only,
    initial_and_phone,
)


def play(cast: Cast, times: int) -> None:
    """Every hard case so many times, in turn."""
    for _ in range(times):
        for case in HARD_CASES:
            cast.case = case.__name__
            case(cast)
    cast.case = ""
