"""The rules for firms: which records of which systems stand for one firm.

    firm name                   one name, without legal form and punctuation, unless both web domains are known and
    differ web domain and firm name    one web domain, and names of which one begins with the other, or differs by a
    slip

A firm's record in the CRM is the firm. What other systems write (a customer's company name, a project's client, a
contact's company) joins it. Two records of the CRM are two firms even if their names differ in nothing: whoever
writes one of these names is then joined by the whole name, by the web domain, or not at all. A web domain alone joins
nobody: a person looks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from airtable_push.flatten.identity.groups import Grouped, Groups
from airtable_push.flatten.identity.names import slips
from airtable_push.flatten.identity.normal import firm_of, whole_firm_of
from airtable_push.flatten.identity.records import FIRM_DOMAIN, FIRM_NAME, MANUAL, Pair

MOST_NAMES_OF_A_DOMAIN = 5
"""Beyond which it is a provider's."""
MOST_DOMAINS_OF_A_NAME = 40
"""Beyond which a name is anybody's, and joins those of one domain only."""
SHORTEST_BEGINNING, SHORTEST_MISSPELT = 4, 6


@dataclass(frozen=True, slots=True)
class Firm:
    """One record that stands for a firm. `own`: the system keeps firms as such, so that two records are two firms."""

    id: str
    name: str
    domain: str = ""
    own: bool = False
    created: str = ""

    @property
    def key(self) -> str:
        return firm_of(self.name)

    @property
    def is_named(self) -> bool:
        """Whether it stands for a firm at all. What is only a text in other records does not where it names none:
        `Self-employed`."""
        return bool(self.key or self.own or self.created)


Sides = tuple[str, str]
"""Of a firm, what no two can have of one: its record in the CRM, and its web domain."""


def decide(
    firms: Sequence[Firm], same: Iterable[tuple[str, str]] = (), different: Iterable[tuple[str, str]] = ()
) -> Grouped:
    """Which records are of one firm. `same` and `different` are what people have decided, as ids of two records."""
    known = {firm.id: (firm.id if firm.own else "", firm.domain) for firm in firms}
    groups = Groups(known, _two_firms, different)
    groups.decided(Pair(min(two), max(two), MANUAL, "contact_overrides") for two in same if known.keys() >= set(two))
    by_name, by_domain = list(_by_name(firms)), list(_by_domain(firms))
    groups.follow(pair for pair in by_name if not pair.reason)
    groups.follow(pair for pair in by_domain if not pair.reason)
    return groups.found(pair for pair in (*by_name, *by_domain) if pair.reason)


def _two_firms(one: Sides, other: Sides) -> bool:
    return any(mine and theirs and mine != theirs for mine, theirs in zip(one, other, strict=True))


def _by_name(firms: Iterable[Firm]) -> Iterator[Pair]:
    for key, group in _grouped((firm.key, firm) for firm in firms):
        by_domain = _of_one_domain(group)
        if len(by_domain) <= MOST_DOMAINS_OF_A_NAME:
            yield from _of_one_name(key, group)
            continue
        for domain, part in by_domain.items():
            if domain:
                yield from _of_one_name(key, part)


def _of_one_name(key: str, group: Sequence[Firm]) -> Iterator[Pair]:
    own, others = [firm for firm in group if firm.own], [firm for firm in group if not firm.own]
    fitting = {firm.id: own if len(own) < 2 else _fitting(firm, own) for firm in others}
    for firm in others:
        if len(fitting[firm.id]) == 1:
            yield _pair(fitting[firm.id][0], firm, FIRM_NAME, key)
        elif own:
            yield _pair(own[0], firm, FIRM_NAME, key, f"{len(own)} firms have this name")
    alike = list(_of_one_domain(firm for firm in others if len(own) < 2 or len(fitting[firm.id]) != 1).values())
    for same in alike:
        for one, other in pairwise(same):
            yield _pair(one, other, FIRM_NAME, key)
    for one, other in combinations([same[0] for same in alike], 2):
        yield _pair(one, other, FIRM_NAME, key)
    for firm in own[1:]:
        yield _pair(own[0], firm, FIRM_NAME, key, "one system has both")


def _of_one_domain(firms: Iterable[Firm]) -> dict[str, list[Firm]]:
    found: defaultdict[str, list[Firm]] = defaultdict(list)
    for firm in firms:
        found[firm.domain].append(firm)
    return found


def _fitting(firm: Firm, own: Sequence[Firm]) -> list[Firm]:
    """Those that have the firm's whole name, and of them, if there are several, those of its domain."""
    named = [one for one in own if whole_firm_of(one.name) == whole_firm_of(firm.name)] or list(own)
    if len(named) == 1:
        return named
    return [one for one in named if one.domain and one.domain == firm.domain]


def _by_domain(firms: Iterable[Firm]) -> Iterator[Pair]:
    for domain, group in _grouped((firm.domain, firm) for firm in firms if firm.key):
        firsts = list(
            {firm.key: firm for firm in sorted(group, key=lambda firm: (firm.own, firm.id), reverse=True)}.values()
        )
        if len(firsts) <= MOST_NAMES_OF_A_DOMAIN:
            for one, other in combinations(firsts, 2):
                reason = "" if _alike(one.key, other.key) else "one web domain, and two names"
                yield _pair(one, other, FIRM_DOMAIN, domain, reason)


def _alike(one: str, other: str) -> bool:
    """Whether one name begins with the other, or a slip turns it into the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter):
        return True
    return len(shorter) >= SHORTEST_MISSPELT and slips(one, other, 1)


def _grouped(firms: Iterable[tuple[str, Firm]]) -> Iterator[tuple[str, list[Firm]]]:
    """The firms by a text that they have, where more than one has it."""
    found: defaultdict[str, list[Firm]] = defaultdict(list)
    for text, firm in firms:
        if text:
            found[text].append(firm)
    for text in sorted(found):
        if len(found[text]) > 1:
            yield text, sorted(found[text], key=lambda firm: firm.id)


def _pair(one: Firm, other: Firm, rule: str, evidence: str, reason: str = "") -> Pair:
    return Pair(min(one.id, other.id), max(one.id, other.id), rule, evidence, reason)
