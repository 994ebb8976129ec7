"""One company for all vendors."""

from sandbox.company import Company


def test_the_same_seed_is_the_same_company() -> None:
    assert Company(3, 0.5).people == Company(3, 0.5).people
    assert Company(3).people != Company(4).people


def test_it_grows_with_its_scale_and_is_never_empty() -> None:
    assert len(Company(1).people) == 60
    assert len(Company(1, 20).people) == 1200
    assert Company(1, 0.01).clients


def test_every_address_is_unique_and_belongs_to_nobody() -> None:
    people = Company(1, 20).people
    assert len({person.email for person in people}) == len(people)
    assert all(person.email.endswith(".example") for person in people)


def test_clients_have_names_of_their_own() -> None:
    clients = Company(1, 20).clients
    assert len({client.name for client in clients}) == len(clients)


def test_names_can_be_written_in_several_ways() -> None:
    person, client = Company().people[0], Company().clients[0]
    assert len({person.spelled(style) for style in range(5)}) == 5
    assert len({client.spelled(style) for style in range(4)}) == 4
