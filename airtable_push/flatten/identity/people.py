"""The rules for people, strongest first: each gives pairs of records with what shows that they are one person.

    manual              a person said so (contact_overrides.csv)
    source key          the system itself says so: a lead and the person that it became
    e-mail              one address, and no two names at it that contradict each other
    tagged e-mail       one address but for a +tag, and one name
    shared e-mail       an address of several people, and the whole name
    phone               one telephone and one name; short forms, initials and one slip are allowed
    slip                one name, and two addresses that one slip turns into each other
    mailbox             one name, and one mailbox that few have, at two domains
    name and firm       one whole name and one firm, if nothing speaks against it

An address or telephone is shared where it looks so (`info@`) or where two names at it clash: names are counted, not
records. What fits two who cannot be one joins neither, and the pairs are listed for review. Which names prove what is
in `proofs`; work grows with the records, because what has one value and one name is compared once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations, groupby

from airtable_push.flatten.identity.comparing import (
    all_addresses,
    all_numbers,
    by_name,
    by_names,
    clusters,
    disjoint,
    grouped,
    own_addresses,
    pair_of,
)
from airtable_push.flatten.identity.groups import Grouped, Groups
from airtable_push.flatten.identity.mailboxes import (
    by_address,
    by_mailbox,
    by_misspelt_domain,
    by_slip,
    by_tagged_address,
    people_of_domains,
)
from airtable_push.flatten.identity.names import contradict, only_nearly
from airtable_push.flatten.identity.normal import Name
from airtable_push.flatten.identity.records import MANUAL, NAME_AND_FIRM, PHONE, SOURCE_KEY, Pair, Record

MOST_NAMES_OF_A_PHONE = 5
"""Beyond which it is a switchboard's."""
MOST_RECORDS_OF_A_NAME = 40
"""At one firm, without an address in common; beyond it the name is that of a department, or of nobody."""


def decide(
    records: Sequence[Record], same: Iterable[tuple[str, str]] = (), different: Collection[tuple[str, str]] = ()
) -> Grouped:
    """Who is who. `same` and `different` are what people have decided, as ids of two records."""
    records = sorted(records, key=lambda record: record.id)
    known = {record.id: record for record in records}
    groups = Groups({record.id: record.name for record in records}, contradict, different)
    groups.decided(Pair(min(two), max(two), MANUAL, "contact_overrides") for two in same if known.keys() >= set(two))
    groups.decided(_by_source_key(records, known))
    reviews: list[Pair] = []
    crowded = _crowded_phones(records)
    for rule in (by_address, by_tagged_address, partial(_by_phone, crowded=crowded)):
        _follow(groups, rule(records), reviews)
    people_of = people_of_domains(records)
    slips = partial(by_slip, people_of=people_of), partial(by_misspelt_domain, people_of=people_of)
    for weak in (*slips, by_mailbox, _by_name_and_firm):
        _follow(groups, _unless_against(known, groups, weak(records), crowded), reviews)
    return groups.found(reviews)


def _follow(groups: Groups[Name], pairs: Iterable[Pair], reviews: list[Pair]) -> None:
    """Follow the pairs of one function, rule by rule, and keep those with a reason for review."""
    found = list(pairs)
    reviews += [pair for pair in found if pair.reason]
    holding = sorted((pair for pair in found if not pair.reason), key=lambda pair: pair.order)
    for _, ruled in groupby(holding, key=lambda pair: pair.rule):
        groups.follow(ruled)


def _by_source_key(records: Sequence[Record], known: dict[str, Record]) -> Iterator[Pair]:
    for record in records:
        for other in record.same_as:
            if other in known and other != record.id:
                yield pair_of(record, known[other], SOURCE_KEY, other)


def _by_phone(records: Sequence[Record], crowded: frozenset[str]) -> Iterator[Pair]:
    for phone, group in grouped(records, lambda record: (number for number, _ in record.phones)):
        if phone in crowded:
            continue
        extensions = {
            extension for record in group for number, extension in record.phones if number == phone and extension
        }
        parts = [[record for record in group if (phone, extension) in record.phones] for extension in ("", *extensions)]
        for part in parts if len(extensions) > 1 else [group]:
            yield from by_names(by_name(part), PHONE, phone, _two_of_one_name, "one phone")


def _by_name_and_firm(records: Sequence[Record]) -> Iterator[Pair]:
    found: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.name.is_full and record.firm:
            found[record.name.key, record.firm].append(record)
    for (name, firm), group in sorted(found.items()):
        if 1 < len(group) <= MOST_RECORDS_OF_A_NAME:
            for one, other in combinations(group, 2):
                yield pair_of(one, other, NAME_AND_FIRM, f"{name}, {firm}")


def _two_of_one_name(group: list[Record]) -> str:
    """What speaks against records of one telephone and one name, short forms and slips among it."""
    by_source: defaultdict[str, list[Record]] = defaultdict(list)
    for record in group:
        by_source[record.source].append(record)
    if any(len(clusters(own, own_addresses)) > 1 for own in by_source.values()):
        return "one system has two people of this name and phone"
    named = by_name(group)
    for one, other in combinations(named, 2):
        if only_nearly(one, other) and disjoint(all_addresses(named[one]), all_addresses(named[other])):
            return "the names nearly agree, and the e-mail addresses do not"
    return ""


@dataclass(frozen=True)
class _Side:
    """What is known of a group of records that the stronger rules have joined."""

    addresses: set[str]
    numbers: set[str]
    generations: set[str]
    tables: set[str]


def _unless_against(
    known: Mapping[str, Record], groups: Groups[Name], pairs: Iterable[Pair], crowded: frozenset[str]
) -> Iterator[Pair]:
    """Pairs of a weak proof: for review where what the stronger rules have joined speaks against it."""

    @cache
    def side(top: str) -> _Side:
        group = [known[id] for id in groups.members(top)]
        generations = {record.name.generation for record in group} - {""}
        return _Side(
            all_addresses(group), all_numbers(group) - crowded, generations, {record.table for record in group}
        )

    doubted: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    waiting: list[Pair] = []
    for pair in pairs:
        mine, theirs = groups.top(pair.one), groups.top(pair.other)
        if mine == theirs:
            continue
        reason = pair.reason or _against(pair.rule, side(mine), side(theirs))
        if reason:
            yield Pair(pair.one, pair.other, pair.rule, pair.evidence, reason)
            doubted[pair.rule, pair.evidence] |= {mine, theirs}
        else:
            waiting.append(pair)
    for pair in waiting:
        # Of two of one name who are two, a third record is either.
        if {groups.top(pair.one), groups.top(pair.other)} & doubted[pair.rule, pair.evidence]:
            yield Pair(pair.one, pair.other, pair.rule, pair.evidence, "another one of this name is there")
        else:
            yield pair


def _against(rule: str, one: _Side, other: _Side) -> str:
    """What speaks against two groups of records being one person, for a proof that is weak."""
    addresses = disjoint(one.addresses, other.addresses)
    if rule == NAME_AND_FIRM and addresses:
        return "other e-mail addresses"
    if disjoint(one.numbers, other.numbers):
        return "other phones"
    if one.generations and other.generations and len(one.generations | other.generations) > 1:
        return "senior and junior"
    if one.tables & other.tables and (rule == NAME_AND_FIRM or addresses):
        return "one system has both"
    return ""


def _crowded_phones(records: Sequence[Record]) -> frozenset[str]:
    """Telephones of so many names that they say nothing about a person."""
    groups = grouped(records, lambda record: (number for number, _ in record.phones))
    return frozenset(
        phone
        for phone, group in groups
        if len({record.name.key for record in group if record.name.is_full}) > MOST_NAMES_OF_A_PHONE
    )
