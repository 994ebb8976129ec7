"""People who are easily taken for one another, and people who are hardly recognised: written before the rules, and
apart.

Each trap gives twenty scenes, and each scene its records, as `contact_source` has them, with who they really are. All
names, addresses and telephones are invented; the telephones are of the ranges that are kept free for films."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

SCENES = 20
SYSTEMS = ("copper", "quickbooks", "basecamp", "pandadoc")
LASTS = (
    "Abernathy Birchwood Castellan Drummond Eastbrook Fairweather Greenhalgh Hollingsworth Ingleby Jardine Kettlewell "
    "Lockridge Merriweather Northcott Oakeshott Pemberton Quillfeather Ravensdale Standish Thistlewood".split()
)
WOMEN = (
    "Martha Judith Pauline Ingrid Beatrice Harriet Rosalind Sylvia Winifred Theodora Gwendolyn Marjorie Hedwig Ottilie "
    "Philippa Cordelia Henrietta Eleanor Josephine Ursula".split()
)
MEN = (
    "Walter Conrad Ernest Gilbert Horace Leopold Mortimer Rupert Sigmund Thaddeus Ulrich Wallace Barnaby Clement "
    "Desmond Edmund Fergus Godfrey Hubert Jasper".split()
)
FIRMS = (
    "Alder Bindery|Bramble Dairy|Cobalt Freight|Dormer Roofing|Ember Kilns|Fathom Divers|Gantry Steel|Hazel Nursery|"
    "Inlet Ferries|Juniper Press|Kestrel Optics|Lantern Films|Mortar Works|Nimbus Balloons|Orchard Tools|Pewter Mugs|"
    "Quarry Stone|Rampart Doors|Saddle Makers|Timber Yard"
).split("|")


@dataclass(frozen=True)
class Trap:
    """The rows of all scenes, and the person behind each by the id of the row."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


class Scene:
    """What one scene is made of; `number` picks its names."""

    def __init__(self, name: str, number: int, trap: Trap, ids: Iterator[int]) -> None:
        self.name, self.number, self._trap, self._ids = name, number, trap, ids
        self.last, self.other_last = LASTS[number], LASTS[(number + 7) % 20]
        self.she, self.he = WOMEN[number], MEN[number]
        self.firm = FIRMS[number]
        self.domain = self.firm.lower().replace(" ", "") + ".example"

    def phone(self, line: int = 0) -> str:
        """A telephone of the scene's own."""
        return f"(312) 555-{1000 + self.number * 10 + line}"

    def mail(self, local: str, domain: str = "") -> str:
        return f"{local.lower()}@{domain or self.domain}"

    def record(
        self,
        who: str,
        system: int,
        name: str = "",
        *,
        first: str = "",
        last: str = "",
        email: str = "",
        phone: str = "",
        firm: str = "",
        country: str = "",
        table: str = "person",
    ) -> None:
        """A row of `contact_source`, and who it is."""
        id = f"{SYSTEMS[system]}:{table}:{next(self._ids)}"
        self._trap.rows.append((id, name, first, last, "", email, phone, firm, "", "", country, ""))
        self._trap.truth[id] = f"{self.name} {self.number} {who}"


APART: dict[str, Callable[[Scene], None]] = {}
"""Where the danger is to join two people."""
HIDDEN: dict[str, Callable[[Scene], None]] = {}
"""Where the danger is to miss that records are one."""


def apart(make: Callable[[Scene], None]) -> Callable[[Scene], None]:
    APART[make.__name__] = make
    return make


def hidden(make: Callable[[Scene], None]) -> Callable[[Scene], None]:
    HIDDEN[make.__name__] = make
    return make


@apart
def a_family_at_one_mailbox(scene: Scene) -> None:
    home = scene.mail(f"{scene.last}family", "home.example")
    for who in (scene.she, scene.he, "Peter"):
        for system in (0, 1):
            scene.record(who, system, f"{who} {scene.last}", email=home)


@apart
def a_couple_with_one_telephone(scene: Scene) -> None:
    for who in (scene.she, scene.he):
        for system in (0, 3):
            scene.record(who, system, f"{who} {scene.last}", phone=scene.phone())


@apart
def a_father_and_a_son_of_one_telephone(scene: Scene) -> None:
    name = f"{scene.he} {scene.last}"
    scene.record("father", 0, f"{name} Sr.", phone=scene.phone())
    scene.record("son", 1, f"{name} Jr.", phone=scene.phone())
    scene.record("father", 2, name, phone=scene.phone())


@apart
def a_father_and_a_son_with_addresses_of_their_own(scene: Scene) -> None:
    name = f"{scene.he} {scene.last}"
    for system in (0, 1):
        scene.record("father", system, name, email=scene.mail(f"{scene.last}.sr"), firm=scene.firm)
        scene.record("son", system, name, email=scene.mail(f"{scene.last}.jr"), firm=scene.firm)


@apart
def twins(scene: Scene) -> None:
    one, other = (("Kirsten", "Kristen"), ("Jalen", "Jaylen"), ("Marian", "Marion"), ("Erick", "Ericka"))[
        scene.number % 4
    ]
    for who in (one, other):
        scene.record(who, 0, f"{who} {scene.last}", email=scene.mail(f"{who}.{scene.last}"), phone=scene.phone())
        scene.record(who, 3, f"{who} {scene.last}", email=scene.mail(f"{who}.{scene.last}"))


@apart
def staff_at_the_mailbox_of_a_task(scene: Scene) -> None:
    box = scene.mail(("info", "billing", "office", "sales")[scene.number % 4])
    for who in (f"{scene.she} {scene.last}", f"{scene.he} {scene.other_last}", f"Peter {scene.last}"):
        for system in (1, 3):
            scene.record(who, system, who, email=box, firm=scene.firm)


@apart
def staff_at_one_switchboard(scene: Scene) -> None:
    for number in range(7):
        who = f"{WOMEN[(scene.number + number) % 20]} {LASTS[(scene.number + 2 * number) % 20]}"
        scene.record(who, number % 2, who, phone=scene.phone(), firm=scene.firm)


@apart
def namesakes_at_one_firm(scene: Scene) -> None:
    for number, system in ((1, 0), (2, 1)):
        who = f"{scene.he} {scene.last}"
        scene.record(
            f"{who} {number}", system, who, email=scene.mail(f"{scene.he}.{scene.last}{number}"), firm=scene.firm
        )


@apart
def namesakes_at_two_firms(scene: Scene) -> None:
    for number, firm in enumerate((scene.firm, FIRMS[(scene.number + 3) % 20])):
        scene.record(str(number), number, f"{scene.he} {scene.last}", firm=firm)
        scene.record(str(number), 3, f"{scene.he} {scene.last}", firm=firm)


@apart
def namesakes_with_a_usual_mailbox_at_two_firms(scene: Scene) -> None:
    local = (scene.he, f"{scene.he}.{scene.last}")[scene.number % 2]
    for number, domain in enumerate(
        (scene.domain, FIRMS[(scene.number + 3) % 20].lower().replace(" ", "") + ".example")
    ):
        scene.record(str(number), number, f"{scene.he} {scene.last}", email=scene.mail(local, domain))
        scene.record(str(number), 2, f"{scene.he} {scene.last}", email=scene.mail(local, domain))


@apart
def an_assistant_who_answers_the_telephone(scene: Scene) -> None:
    for who in (f"{scene.he} {scene.last}", f"{scene.she} {scene.other_last}"):
        for system in (0, 2):
            scene.record(who, system, who, phone=scene.phone(), firm=scene.firm)


@apart
def a_telephone_that_has_passed_to_another(scene: Scene) -> None:
    scene.record("before", 0, f"{scene.he} {scene.last}", phone=scene.phone(), email=scene.mail(scene.he))
    scene.record("after", 1, f"{scene.she} {scene.other_last}", phone=scene.phone(), email=scene.mail(scene.she))


@apart
def a_mailbox_that_has_passed_to_another(scene: Scene) -> None:
    box = scene.mail("director")
    scene.record("before", 0, f"{scene.he} {scene.last}", email=box, phone=scene.phone(1))
    scene.record("after", 1, f"{scene.she} {scene.other_last}", email=box, phone=scene.phone(2))


@apart
def people_with_nothing_but_placeholders(scene: Scene) -> None:
    nothing = ("none@none.com", "n/a", "noemail@noemail.com", "unknown@unknown.com")[scene.number % 4]
    for number in range(3):
        scene.record(
            str(number),
            number,
            f"{MEN[(scene.number + number) % 20]} {scene.last}",
            email=nothing,
            phone="000-000-0000",
        )


@apart
def namesakes_who_work_for_themselves(scene: Scene) -> None:
    for number, firm in enumerate(("Self-employed", "Self Employed", "Freelance", "n/a")):
        scene.record(str(number), number, f"{scene.he} {scene.last}", firm=firm)


@apart
def a_short_form_that_fits_two_at_one_address(scene: Scene) -> None:
    box = scene.mail(f"the{scene.last}s", "home.example")
    long, other, short = (("Christopher", "Christine", "Chris"), ("Samuel", "Samantha", "Sam"))[scene.number % 2]
    for system, who in enumerate((long, other, short)):
        scene.record(who, system, f"{who} {scene.last}", email=box)


@apart
def two_in_laws_with_one_initial_and_one_telephone(scene: Scene) -> None:
    for system, who in enumerate(("Maria", "Marta", "M.")):
        scene.record(who, system, f"{who} {scene.last}", phone=scene.phone())


@apart
def a_brother_and_a_sister_of_nearly_one_name(scene: Scene) -> None:
    he, she = (("Daniel", "Daniela"), ("Louis", "Louise"), ("Christian", "Christina"), ("Paul", "Paula"))[
        scene.number % 4
    ]
    for who in (he, she):
        for system in (0, 1):
            scene.record(
                who, system, f"{who} {scene.last}", phone=scene.phone(), email=scene.mail(scene.last, "home.example")
            )


@apart
def two_tags_of_one_couple(scene: Scene) -> None:
    for who in (scene.she, scene.he):
        for system in (0, 1):
            address = scene.mail(f"{scene.last}+{who}", "home.example")
            scene.record(who, system, f"{who} {scene.last}", email=address)


@apart
def two_families_with_one_word_in_common(scene: Scene) -> None:
    for system, last in enumerate(("García López", "Martínez López")):
        scene.record(last, system, f"{last}, Juan", phone=scene.phone(), firm=scene.firm)


@hidden
def a_short_form(scene: Scene) -> None:
    long, short = (("Robert", "Bob"), ("Elizabeth", "Liz"), ("William", "Bill"), ("Katherine", "Kate"))[
        scene.number % 4
    ]
    scene.record("one", 0, f"{long} {scene.last}", phone=scene.phone())
    scene.record("one", 1, f"{short} {scene.last}", phone=scene.phone())


@hidden
def a_slip_in_the_name_at_ones_own_address(scene: Scene) -> None:
    address = scene.mail(f"{scene.she}.{scene.last}")
    scene.record("one", 0, f"{scene.she} {scene.last}", email=address)
    scene.record("one", 1, f"{scene.she[:2]}{scene.she[3:]} {scene.last}", email=address)
    scene.record("one", 2, f"{scene.she} {scene.last[0]}{scene.last[2]}{scene.last[1]}{scene.last[3:]}", email=address)


@hidden
def first_and_last_name_swapped_at_ones_own_address(scene: Scene) -> None:
    address = scene.mail(f"{scene.he}.{scene.last}")
    scene.record("one", 0, first=scene.he, last=scene.last, email=address)
    scene.record("one", 3, first=scene.last, last=scene.he, email=address)


@hidden
def a_new_last_name(scene: Scene) -> None:
    address = scene.mail(f"{scene.she}", "mailbox.example")
    scene.record("one", 0, f"{scene.she} {scene.last}", email=address)
    scene.record("one", 2, f"{scene.she} {scene.other_last}", email=address)


@hidden
def a_telephone_written_as_in_its_country(scene: Scene) -> None:
    country, local, whole = (
        ("MX", "55 1234 56{:02}", "+52 55 1234 56{:02}"),
        ("United Kingdom", "020 7946 09{:02}", "+44 20 7946 09{:02}"),
        ("Germany", "030 23125 1{:02}", "+49 30 23125 1{:02}"),
        ("UK", "020 7946 09{:02}", "0044 (0)20 7946 09{:02}"),
    )[scene.number % 4]
    scene.record("one", 0, f"{scene.he} {scene.last}", phone=local.format(scene.number), country=country)
    scene.record("one", 3, f"{scene.he} {scene.last}", phone=whole.format(scene.number))


@hidden
def a_slip_in_the_address(scene: Scene) -> None:
    right = f"{scene.she}.{scene.last}".lower()
    wrong = (right[:4] + right[5:], right[:4] + right[5] + right[4] + right[6:])[scene.number % 2]
    for system, local in ((0, right), (1, wrong)):
        scene.record("one", system, f"{scene.she} {scene.last}", email=scene.mail(local), firm=scene.firm)


@hidden
def an_unusual_mailbox_at_two_domains(scene: Scene) -> None:
    local = f"{scene.last[:4]}{scene.number + 61}{scene.she[:3]}"
    for system, domain in enumerate(("mailbox.example", scene.domain)):
        scene.record("one", system, f"{scene.she} {scene.last}", email=scene.mail(local, domain))


@hidden
def one_name_at_one_firm(scene: Scene) -> None:
    scene.record("one", 0, f"{scene.he} {scene.last}", email=scene.mail(scene.he), firm=f"{scene.firm}, Inc.")
    scene.record("one", 2, f"{scene.he} {scene.last}", firm=scene.firm)


@hidden
def a_last_name_alone(scene: Scene) -> None:
    address = scene.mail(f"{scene.he[0]}{scene.last}")
    scene.record("one", 0, f"{scene.he} {scene.last}", email=address)
    scene.record("one", 1, f"Mr. {scene.last}", email=address)
    scene.record("one", 3, first="", last=scene.last, email=address)


@hidden
def a_degree_behind_a_comma(scene: Scene) -> None:
    address = scene.mail(f"{scene.she}.{scene.last}")
    scene.record("one", 0, f"{scene.she} {scene.last}", email=address, phone=scene.phone())
    scene.record("one", 2, f"{scene.she} {scene.last}, CFP", email=address)
    scene.record("one", 3, f"Dr. {scene.she} {scene.last}", phone=scene.phone())


@hidden
def two_scripts(scene: Scene) -> None:
    address = scene.mail(f"{scene.he}", "mailbox.example")
    scene.record("one", 0, "Ivan Petrov", email=address)
    scene.record("one", 3, "Иван Петров", email=address)


@hidden
def many_records_at_one_address(scene: Scene) -> None:
    address = scene.mail(f"{scene.she}.{scene.last}")
    for number in range(25):
        scene.record("one", number % 4, f"{scene.she} {scene.last}", email=address, table="lead")


@hidden
def a_tag_in_the_address(scene: Scene) -> None:
    scene.record("one", 0, f"{scene.she} {scene.last}", email=scene.mail(f"{scene.she}.{scene.last}"))
    scene.record("one", 3, f"{scene.she} {scene.last}", email=scene.mail(f"{scene.she}.{scene.last}+billing"))


@hidden
def an_initial_at_ones_own_address(scene: Scene) -> None:
    address = scene.mail(f"{scene.he[0]}{scene.last}")
    scene.record("one", 1, f"{scene.he} {scene.last}", email=address)
    scene.record("one", 2, f"{scene.he[0]}. {scene.last}", email=address)


@hidden
def no_name_at_ones_own_address(scene: Scene) -> None:
    address = scene.mail(f"{scene.she}.{scene.last}")
    scene.record("one", 0, f"{scene.she} {scene.last}", email=address)
    scene.record("one", 3, email=address)


def trap(name: str) -> Trap:
    """The scenes of one trap."""
    made, ids = Trap(), count(1)
    make = (APART | HIDDEN)[name]
    for number in range(SCENES):
        make(Scene(name, number, made, ids))
    return made
