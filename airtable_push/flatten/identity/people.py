"""The rules for people, strongest first: each gives pairs of records with what shows that they are one person.

    manual            a person said so (contact_overrides.csv)
    source key        the system itself says so: a lead and the person that it became
    e-mail            one address, and no two names at it that contradict each other
    tagged e-mail     one address but for a +tag, and one name
    phone and name    one telephone and one name; short forms, initials and one slip are allowed
    slip              one name, one firm, two addresses that one slip turns into each other
    name and firm     one whole name and one firm, if nothing speaks against it

An address or telephone that several people share proves nothing by itself, whether it looks like a shared one
(`info@`) or turns out to be one (two names at it): then the whole name must agree too. Where two people of one name
cannot be told apart, nobody is joined to either, and the pairs are listed for review.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, groupby

from airtable_push.flatten.identity.names import (
    agree,
    contradict,
    fit,
    generation_differs,
    last_differs,
    one_slip,
    same_first,
    surely_same,
)
from airtable_push.flatten.identity.normal import Name, is_role, letters, untagged
from airtable_push.flatten.identity.records import (
    E_MAIL,
    MANUAL,
    NAME_AND_FIRM,
    PHONE,
    SLIP,
    SOURCE_KEY,
    TAGGED_E_MAIL,
    Found,
    Pair,
    Record,
    Sets,
)

MOST_RECORDS_OF_AN_ADDRESS = 20
MOST_NAMES_OF_A_PHONE = 5
MOST_RECORDS_OF_A_PHONE = 40
"""Of one or of five names; beyond it nobody's own: "Walk In", with the telephone of the shop."""
MOST_RECORDS_OF_A_NAME = 40
"""At one firm; beyond it the name is that of a department, or of nobody."""


def find(records: Sequence[Record], same: Iterable[tuple[str, str]] = ()) -> Found:
    """All pairs that the rules give, with those that only a person can decide. `same` are the manual ones."""
    known = {record.id: record for record in records}
    manual = [Pair(min(two), max(two), MANUAL, "contact_overrides") for two in same if known.keys() >= set(two)]
    pairs = [*manual, *_by_source_key(records, known)]
    reviews: list[Pair] = []
    for rule in (_by_address, _by_tagged_address, _by_phone, _by_slip):
        for pair in rule(records):
            (reviews if pair.reason else pairs).append(pair)
    sets = Sets(known)
    for pair in pairs:
        sets.join(pair.one, pair.other)
    for pair in _by_name_and_firm(records, sets):
        (reviews if pair.reason else pairs).append(pair)
    return Found(tuple(pairs), tuple(reviews))


def _by_source_key(records: Sequence[Record], known: dict[str, Record]) -> Iterator[Pair]:
    for record in records:
        for other in record.same_as:
            if other in known and other != record.id:
                yield _pair(record, known[other], SOURCE_KEY, other)


def _by_address(records: Sequence[Record]) -> Iterator[Pair]:
    for address, group in _grouped(records, lambda record: record.emails):
        if len(group) > MOST_RECORDS_OF_AN_ADDRESS:
            yield _pair(group[0], group[1], E_MAIL, address, f"{len(group)} records share the address")
            continue
        shared = is_role(address) or any(_two_people(one, other) for one, other in combinations(group, 2))
        for one, other in combinations(group, 2):
            if not shared or agree(one.name, other.name):
                yield _pair(one, other, E_MAIL, address)
            elif not contradict(one.name, other.name):
                yield _pair(one, other, E_MAIL, address, "a shared address, and the names do not tell")


def _two_people(one: Record, other: Record) -> bool:
    """Whether two names at one address show that it is a shared one. Another last name may be a new one, but not
    together with another telephone."""
    return contradict(one.name, other.name) or (
        last_differs(one.name, other.name)
        and _disjoint((number for number, _ in one.phones), (number for number, _ in other.phones))
    )


def _by_tagged_address(records: Sequence[Record]) -> Iterator[Pair]:
    for address, group in _grouped(records, lambda record: tuple(map(untagged, record.emails))):
        if not any(address not in record.emails for record in group) or len(group) > MOST_RECORDS_OF_AN_ADDRESS:
            continue
        for one, other in combinations(group, 2):
            if not set(one.emails) & set(other.emails) and not contradict(one.name, other.name):
                reason = "" if agree(one.name, other.name) else "one address but for a tag, and the names do not tell"
                yield _pair(one, other, TAGGED_E_MAIL, address, reason)


def _by_phone(records: Sequence[Record]) -> Iterator[Pair]:
    for phone, group in _grouped(records, lambda record: tuple(number for number, _ in record.phones)):
        if len({record.name.key for record in group if record.name.is_full}) > MOST_NAMES_OF_A_PHONE:
            continue
        if len(group) > MOST_RECORDS_OF_A_PHONE:
            yield _pair(group[0], group[1], PHONE, phone, f"{len(group)} records share the phone")
            continue
        alike = {one.id: [other for other in group if other is one or fit(one.name, other.name)] for one in group}
        for one, other in combinations(group, 2):
            if _disjoint(_extensions(one, phone), _extensions(other, phone)):
                continue
            if not fit(one.name, other.name):
                if same_first(one.name, other.name) and _one_firm(one, other) and last_differs(one.name, other.name):
                    yield _pair(one, other, PHONE, phone, "one phone, first name and firm, two last names")
                continue
            yield _pair(one, other, PHONE, phone, _namesakes(one, other, alike))


def _namesakes(one: Record, other: Record, alike: dict[str, list[Record]]) -> str:
    """Why the telephone and the name do not tell who of several it is; '' if they do."""
    around = list({record.id: record for record in (*alike[one.id], *alike[other.id])}.values())
    if one.name.generation and one.name.generation == other.name.generation:
        around = [record for record in around if record.name.generation == one.name.generation]
    for mine, theirs in combinations(around, 2):
        if generation_differs(mine.name, theirs.name):
            return "senior or junior"
        if mine.source == theirs.source and _disjoint(mine.emails, theirs.emails):
            return "one system has two people of this name and phone"
        if contradict(mine.name, theirs.name) and not agree(one.name, other.name):
            return "the initial fits several"
        # Twins, or a couple.
        if (
            _disjoint(mine.emails, theirs.emails)
            and agree(mine.name, theirs.name)
            and not surely_same(mine.name, theirs.name)
        ):
            return "the names nearly agree, and the e-mail addresses do not"
    return ""


def _by_slip(records: Sequence[Record]) -> Iterator[Pair]:
    for (_, firm), group in _namesakes_of_a_firm(records):
        for one, other in combinations(group, 2):
            if generation_differs(one.name, other.name):
                continue
            for mine in one.emails:
                for theirs in other.emails:
                    if _slipped(one.name, mine, theirs):
                        both = any(_has_both(group, source, mine, theirs) for source in (one.source, other.source))
                        reason = "one system has both addresses" if both else ""
                        yield _pair(one, other, SLIP, f"{one.name.key}, {firm}: {mine}, {theirs}", reason)


def _has_both(group: list[Record], source: str, one: str, other: str) -> bool:
    """Whether one system knows both addresses, so that neither is a slip."""
    known = {email for record in group if record.source == source for email in record.emails}
    return one in known and other in known


def _slipped(name: Name, one: str, other: str) -> bool:
    """Whether one address is the other with a slip in it. Before the `@` one of them must be the whole name, and the
    other have a letter less, two swapped or one doubled: two of one name have all else on purpose."""
    (mine, _, my_domain), (theirs, _, their_domain) = one.partition("@"), other.partition("@")
    if mine == theirs:
        return one_slip(my_domain, their_domain)
    if my_domain != their_domain or not one_slip(mine, theirs, substitution=False):
        return False
    whole = {name.first + name.last, name.last + name.first}
    if letters(mine) not in whole:
        mine, theirs = theirs, mine
    return letters(mine) in whole and (len(theirs) <= len(mine) or _undoubled(theirs) == _undoubled(mine))


def _undoubled(text: str) -> str:
    return "".join(letter for letter, _ in groupby(text))


def _by_name_and_firm(records: Sequence[Record], sets: Sets) -> Iterator[Pair]:
    """Joins what the stronger rules have left apart, unless two of those groups speak against each other."""
    members: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        members[sets.top(record.id)].append(record)
    crowded = _crowded_phones(records)
    for (name, firm), group in _namesakes_of_a_firm(records):
        tops = {sets.top(record.id): record for record in reversed(group)}
        if len(tops) < 2:
            continue
        evidence = f"{name}, {firm}"
        reasons = {
            (mine, theirs): _against(members[mine], members[theirs], crowded) for mine, theirs in combinations(tops, 2)
        }
        if not any(reasons.values()):
            first, *others = tops.values()
            for record in others:
                yield _pair(first, record, NAME_AND_FIRM, evidence)
            continue
        for (mine, theirs), reason in reasons.items():
            reason = reason or "another one of this name is there"
            yield _pair(tops[mine], tops[theirs], NAME_AND_FIRM, evidence, reason)


def _against(ones: list[Record], others: list[Record], crowded: frozenset[str]) -> str:
    """What speaks against two groups of records being one person."""
    if _disjoint(_addresses(ones), _addresses(others)):
        return "other e-mail addresses"
    if _disjoint(_numbers(ones, crowded), _numbers(others, crowded)):
        return "other phones"
    if any(generation_differs(one.name, other.name) for one in ones for other in others):
        return "senior and junior"
    if {record.table for record in ones} & {record.table for record in others}:
        return "one system has both"
    return ""


def _addresses(records: Iterable[Record]) -> set[str]:
    return {email for record in records for email in record.emails if not is_role(email)}


def _numbers(records: Iterable[Record], crowded: frozenset[str]) -> set[str]:
    return {number for record in records for number, _ in record.phones} - crowded


def _crowded_phones(records: Sequence[Record]) -> frozenset[str]:
    """Telephones of so many names that they say nothing about a person."""
    groups = _grouped(records, lambda record: tuple(number for number, _ in record.phones))
    return frozenset(
        phone
        for phone, group in groups
        if len({record.name.key for record in group if record.name.is_full}) > MOST_NAMES_OF_A_PHONE
    )


def _namesakes_of_a_firm(records: Sequence[Record]) -> Iterator[tuple[tuple[str, str], list[Record]]]:
    found: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.name.is_full and record.firm:
            found[record.name.key, record.firm].append(record)
    for key in sorted(found):
        if 1 < len(found[key]) <= MOST_RECORDS_OF_A_NAME:
            yield key, found[key]


def _grouped(
    records: Sequence[Record], values: Callable[[Record], tuple[str, ...]]
) -> Iterator[tuple[str, list[Record]]]:
    """The records by each of their values, where more than one has it."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for value in dict.fromkeys(values(record)):
            found[value].append(record)
    for value in sorted(found):
        if len(found[value]) > 1:
            yield value, found[value]


def _extensions(record: Record, phone: str) -> set[str]:
    return {extension for number, extension in record.phones if number == phone and extension}


def _one_firm(one: Record, other: Record) -> bool:
    return bool(one.firm) and one.firm == other.firm


def _disjoint(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Both have some, and none in common."""
    mine, theirs = set(ones), set(others)
    return bool(mine) and bool(theirs) and not mine & theirs


def _pair(one: Record, other: Record, rule: str, evidence: str, reason: str = "") -> Pair:
    return Pair(min(one.id, other.id), max(one.id, other.id), rule, evidence, reason)
