"""What an e-mail address proves: its own person's, a shared one, one with a tag, one with a slip in it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, groupby

from airtable_push.flatten.identity.comparing import (
    MOST_NAMES_COMPARED,
    all_addresses,
    all_numbers,
    by_name,
    by_names,
    chained,
    clusters,
    disjoint,
    grouped,
    nothing_against,
    own_addresses,
    pair_of,
)
from airtable_push.flatten.identity.names import Likeness, compare, contradict, only_nearly, slips
from airtable_push.flatten.identity.normal import Name, domain_of, folded, is_role, is_whole, letters, untagged
from airtable_push.flatten.identity.proofs import Verdict, proves
from airtable_push.flatten.identity.records import (
    E_MAIL,
    MAILBOX,
    MISSPELT,
    SHARED_E_MAIL,
    SLIP,
    TAGGED_E_MAIL,
    Pair,
    Record,
)

MOST_ADDRESSES_OF_A_NAME = 40
"""Beyond which a name is too common for a slip to tell anything."""
SHORTEST_DOMAIN, SHORTEST_DOMAIN_OF_TWO_SLIPS = 8, 12
MOST_DOMAINS_OF_A_LOCAL = 20
"""Beyond which what stands before the `@` is usual."""
MOST_DOMAINS_OF_A_MAILBOX = 4
FEWEST_DIGITS = 2
"""Of a mailbox that few people have."""
LARGEST_COUNT = 19
"""Of people of one name at one firm: up to it a number counts them."""
FEWEST_PEOPLE_OF_A_DOMAIN = 3
"""From which on a domain is no slip of another."""


def by_address(records: Sequence[Record]) -> Iterator[Pair]:
    """One address is one person's, unless it is shared: then the whole name must agree. One of a crowd is nobody's."""
    for address, group in grouped(records, lambda record: record.emails):
        named = by_name(group)
        if len(named) > MOST_NAMES_COMPARED:
            continue
        own = {} if is_role(address) else _own(address, named)
        yield from chained([record for record in group if record.name in own], E_MAIL, address)
        if others := {name: named[name] for name in named if name not in own}:
            yield from by_names(others, SHARED_E_MAIL, address, partial(_several, address), "a shared address")
            for name in list(own)[:1]:
                for other in others:
                    if compare(name, other) != Likeness.OTHER:
                        yield pair_of(
                            named[name][0], named[other][0], E_MAIL, address, "another name at one's own address"
                        )


def _own(address: str, named: dict[Name, list[Record]]) -> dict[Name, list[Record]]:
    """The names at an address that are of the one person whose it is; none where it is shared.

    An address that is made of a name is that person's, and what is near to the name is a slip. Any other is shared as
    soon as two names at it clash, or are not the same first name. One with a last name only in it is a family's: two
    first names there, however near, are two of it."""
    if len(named) == 1:
        return named
    made = [name for name in named if _is_made_of(name, address)]
    if made:
        if any(_clash(one, other, named, address) for one, other in combinations(made, 2)):
            return {}
        fitting = [name for name in named if not any(_clash(name, owner, named, address) for owner in made)]
        return {name: named[name] for name in fitting if not any(contradict(name, other) for other in fitting)}
    apart = any(_clash(*two, named, address) or _two_of_a_family(*two, address) for two in combinations(named, 2))
    return {} if apart else named


def _two_of_a_family(one: Name, other: Name, address: str) -> bool:
    """Whether names that nearly agree are of two, at an address that is made of neither."""
    local, likeness = letters(address.partition("@")[0]), compare(one, other)
    if likeness == Likeness.ALIKE:
        return one.first != other.first or one.first not in local
    of_the_family = any(is_whole(name.last) and name.last in local for name in (one, other))
    return of_the_family and one.first != other.first and only_nearly(one, other)


def _clash(one: Name, other: Name, named: dict[Name, list[Record]], address: str) -> bool:
    """Whether two names at one address are of two people. Another last name may be a new one, but not together with
    another telephone, or other addresses beside."""
    likeness = compare(one, other)
    if likeness == Likeness.ALIKE and one.first == other.first:
        mine, theirs = (all_addresses(named[name]) - {address} for name in (one, other))
        return disjoint(all_numbers(named[one]), all_numbers(named[other])) or disjoint(mine, theirs)
    return likeness == Likeness.OTHER


def _is_made_of(name: Name, address: str) -> bool:
    """Whether an address is made of a person's own name, and not of the family's alone."""
    local = re.sub(r"[^a-z]", "", folded(address.partition("@")[0]))
    return bool(name.first) and local in {form for form in _usual(name) if form != name.last}


def _usual(name: Name) -> set[str]:
    """What people make mailboxes of."""
    first, last = name.first, name.last
    pairs = ((first, last), (first[:1], last), (first, last[:1]), (first[:1], last[:1]), (first, ""), ("", last))
    return {form for one, other in pairs for form in (one + other, other + one) if len(form) > 1}


def by_tagged_address(records: Sequence[Record]) -> Iterator[Pair]:
    """One address but for a +tag, and one name."""
    for address, group in grouped(records, lambda record: map(untagged, record.emails)):
        named = by_name(group)
        if any(address not in record.emails for record in group) and len(named) <= MOST_NAMES_COMPARED:
            yield from by_names(named, TAGGED_E_MAIL, address, nothing_against, "one address but for a tag")


def by_slip(records: Sequence[Record], people_of: Mapping[str, set[str]]) -> Iterator[Pair]:
    """One name, and two addresses that a slip turns into each other. `people_of` is that of `people_of_domains`."""
    of_one_name: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        if record.name.is_full and record.emails:
            of_one_name[tuple(sorted((record.name.first, record.name.last)))].append(record)
    for words, group in sorted(of_one_name.items()):
        holders: dict[str, Record] = {email: record for record in reversed(group) for email in record.emails}
        if len(holders) > MOST_ADDRESSES_OF_A_NAME:
            continue
        for one, other in combinations(sorted(holders), 2):
            first, second = holders[one], holders[other]
            if proves(SLIP, first.name, second.name) is Verdict.JOIN and _slipped(first.name, one, other):
                both = any(_has_both(group, source, one, other) for source in (first.source, second.source))
                domains = one.partition("@")[2], other.partition("@")[2]
                used = domains[0] != domains[1] and _both_used(people_of, *domains)
                reason = "one system has both addresses" if both else "both domains are in use" if used else ""
                yield pair_of(first, second, SLIP, f"{' '.join(words)}: {one}, {other}", reason)


def by_misspelt_domain(records: Sequence[Record], people_of: Mapping[str, set[str]]) -> Iterator[Pair]:
    """One mailbox at two domains that a slip turns into each other. `people_of` is that of `people_of_domains`."""
    for local, group in grouped(records, lambda record: (email.partition("@")[0] for email in record.emails)):
        at: defaultdict[str, list[Record]] = defaultdict(list)
        for record in group:
            for email in record.emails:
                if email.startswith(f"{local}@"):
                    at[email[len(local) + 1 :]].append(record)
        if is_role(local) or not 1 < len(at) <= MOST_DOMAINS_OF_A_LOCAL:
            continue
        for one, other in combinations(sorted(at), 2):
            if _is_slip_of_domain(one, other) and not _both_used(people_of, one, other):
                named = by_name((*at[one], *at[other]))
                if any(_is_made_of(name, local) or _is_unusual(local, name) for name in named):
                    own = _own(local, named)
                    mine, theirs = ([record for record in at[domain] if record.name in own] for domain in (one, other))
                    if mine and theirs:
                        yield pair_of(mine[0], theirs[0], MISSPELT, f"{local}@{one}, {local}@{other}")


def people_of_domains(records: Iterable[Record]) -> dict[str, set[str]]:
    """What stands before the `@`, by domain."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        for local, _, domain in (email.partition("@") for email in record.emails):
            found[domain].add(local)
    return found


def _both_used(people_of: Mapping[str, set[str]], one: str, other: str) -> bool:
    return all(len(people_of[domain]) >= FEWEST_PEOPLE_OF_A_DOMAIN for domain in (one, other))


def _is_slip_of_domain(one: str, other: str) -> bool:
    """Whether one domain is the other, misspelt. No provider's is, and two of two countries are two."""
    shorter = min(len(one), len(other))
    countries = [domain.rpartition(".")[2] for domain in (one, other)]
    if countries[0] != countries[1] and all(len(country) == 2 for country in countries):
        return False
    if shorter < SHORTEST_DOMAIN or not (domain_of(f"@{one}") and domain_of(f"@{other}")):
        return False
    return slips(one, other, 2 if shorter >= SHORTEST_DOMAIN_OF_TWO_SLIPS else 1)


def _has_both(group: list[Record], source: str, one: str, other: str) -> bool:
    """Whether one system knows both addresses, so that neither is a slip."""
    known = {email for record in group if record.source == source for email in record.emails}
    return one in known and other in known


def _slipped(name: Name, one: str, other: str) -> bool:
    """Whether one address is the other with a slip in it: two in a long domain, or one before the `@`. There one of
    them must be the whole name, or have digits that both have, and the other have a letter less, two swapped or one
    doubled: two of one name have all else on purpose."""
    (mine, _, my_domain), (theirs, _, their_domain) = one.partition("@"), other.partition("@")
    if mine == theirs:
        return _is_slip_of_domain(my_domain, their_domain)
    if my_domain != their_domain or not slips(mine, theirs, 1):
        return False
    whole = {name.first + name.last, name.last + name.first}
    if letters(mine) not in whole:
        mine, theirs = theirs, mine
    known = sum(map(str.isdigit, mine)) >= FEWEST_DIGITS
    if not known and (letters(mine) not in whole or letters(theirs) in whole):
        return False
    return len(theirs) < len(mine) or sorted(theirs) == sorted(mine) or _undoubled(theirs) == _undoubled(mine)


def _undoubled(text: str) -> str:
    return "".join(letter for letter, _ in groupby(text))


def by_mailbox(records: Sequence[Record]) -> Iterator[Pair]:
    """One mailbox that few people have, at two domains, and one name."""

    def unusual(record: Record) -> Iterator[str]:
        return (local for email in record.emails if _is_unusual(local := email.partition("@")[0], record.name))

    for local, group in grouped(records, unusual):
        domains = {
            email.partition("@")[2] for record in group for email in record.emails if email.startswith(f"{local}@")
        }
        if 1 < len(domains) <= MOST_DOMAINS_OF_A_MAILBOX:
            yield from by_names(by_name(group), MAILBOX, f"{local}@", nothing_against, "one unusual mailbox")


def _is_unusual(local: str, name: Name) -> bool:
    """Whether few people have this mailbox: one with a number in it that does not only count those of one name. What
    has letters only is a name or a task as often."""
    if is_role(local):
        return False
    digits = "".join(filter(str.isdecimal, local))
    return bool(digits) and int(digits) > LARGEST_COUNT and len(digits) < len(letters(local))


def _several(address: str, group: list[Record]) -> str:
    """What speaks against records of one name at a shared address."""
    if len(clusters(group, lambda record: [number for number, _ in record.phones])) > 1:
        return "other phones"
    beside = clusters(group, lambda record: [email for email in own_addresses(record) if email != address])
    return "other e-mail addresses" if len(beside) > 1 else ""
