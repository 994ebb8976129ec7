"""One company for all vendors."""

from collections import Counter
from random import Random

import pytest

from sandbox.basecamp import PEOPLE, Basecamp
from sandbox.cases import HARD_CASES
from sandbox.company import SYSTEMS, Company, stranger
from sandbox.copper import Copper

NOW = 1_790_000_000.0


def test_the_same_seed_is_the_same_company() -> None:
    assert Company(3, 0.5).people == Company(3, 0.5).people
    assert Company(3).people != Company(4).people


def test_it_grows_with_its_scale_and_is_never_empty() -> None:
    assert len(Company(1).people) == 36 + 500
    assert len(Company(1, 20).people) == 720 + 10_000
    assert Company(1, 0.01).clients


def test_every_address_is_unique_and_belongs_to_nobody() -> None:
    people = Company(1, 20).people
    assert len({person.email for person in people}) == len(people)
    assert all(person.email.endswith(".example") for person in people)


def test_clients_have_names_of_their_own() -> None:
    clients = Company(1, 20).clients
    assert len({client.name for client in clients}) == len(clients)


def test_each_system_writes_the_name_of_a_client_in_its_own_way() -> None:
    assert all(len({client.known_as(system) for system in SYSTEMS}) == 4 for client in Company().clients)


def test_every_hard_case_occurs_once_in_the_smallest_company_and_ten_times_at_half_the_scale() -> None:
    for scale, least in ((0.05, 1), (0.5, 10)):
        company = Company(2, scale)
        people = {known.person: known for system in SYSTEMS for known in company.known_in(system)}
        assert set(company.cases) < set(people)
        # A case is played by one person or a few, so people are counted by the first of each round.
        rounds = Counter(case for number, case in company.cases.items() if company.cases.get(number - 1) != case)
        assert set(rounds) == {case.__name__ for case in HARD_CASES}
        assert min(rounds.values()) >= least


def test_everybody_is_known_in_every_system_that_knows_the_firm_but_for_some_of_the_hard_cases() -> None:
    company = Company(1, 0.5)
    for system in SYSTEMS:
        numbers = [known.person for known in company.known_in(system)]
        firms = {client.number for client in company.clients if system in client.systems}
        plain = [person.number for person in company.people if person.client is None or person.client in firms]
        assert numbers[: len(plain)] == plain
        assert {known.client for known in company.known_in(system)} == firms | {None}
    assert company.known_in("copper") == Company(1, 0.5).known_in("copper")


def test_people_of_the_hard_cases_have_names_and_telephones_of_their_own_unless_the_case_shares_them() -> None:
    company = Company(1, 20)
    alone = [one for one in company.known_in("copper") if company.cases.get(one.person) == "name_and_firm_only"]
    assert len({one.name for one in alone}) == len({one.email for one in alone}) == len(alone) == 400


def test_strangers_are_never_the_companys_people_nor_each_other() -> None:
    numbers = {stranger(system, record) for system in SYSTEMS for record in range(50)}
    assert len(numbers) == 200
    assert max(numbers) < 0


@pytest.mark.parametrize("make", [Copper, Basecamp])
def test_a_vendor_tells_who_its_people_and_firms_are(make: type[Copper] | type[Basecamp]) -> None:
    vendor = make(Company(1, 0.05), now=lambda: NOW)
    vendor.work(Random(1), 60)
    truth, who, firms = vendor.truth(), vendor.identities(), vendor.clients()
    landed = {(table, row["id"]) for table in ("user", "person", "lead") for row in truth.get(table, ())}
    strange = {("person", row["id"]) for row in truth["person"] if row.get("personable_type", "User") not in PEOPLE}
    assert set(who) == landed - strange
    assert len([number for number in who.values() if number >= 0]) >= 40
    assert firms
    assert set(firms) <= {(table, row["id"]) for table in ("company", "project") for row in truth.get(table, ())}
