"""The rules for firms: which records of which systems stand for one firm.

A firm's record in the CRM is the firm. What other systems write (a customer's company name, a project's client, a
contact's company) joins it by the name without legal form and punctuation. Two records of the CRM are two firms even
if their names differ in nothing: whoever writes one of these names is then joined by the whole name, by the web
domain, or not at all.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from airtable_push.flatten.identity.normal import firm_of, whole_firm_of
from airtable_push.flatten.identity.records import FIRM_NAME, Found, Pair


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


def find(firms: Sequence[Firm]) -> Found:
    """Pairs of records of one firm, and pairs that only a person can decide."""
    groups: defaultdict[str, list[Firm]] = defaultdict(list)
    for firm in firms:
        if firm.key:
            groups[firm.key].append(firm)
    pairs: list[Pair] = []
    reviews: list[Pair] = []
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda firm: firm.id)
        own, others = [firm for firm in group if firm.own], [firm for firm in group if not firm.own]
        for firm in others:
            fitting = own if len(own) < 2 else _fitting(firm, own)
            if len(fitting) == 1:
                pairs.append(_pair(fitting[0], firm, key))
            elif own:
                reviews.append(_pair(own[0], firm, key, f"{len(own)} firms have this name"))
        if len(own) != 1:
            joined = {pair.other for pair in pairs} | {pair.one for pair in pairs}
            left = [firm for firm in others if firm.id not in joined]
            pairs += [_pair(left[0], firm, key) for firm in left[1:]]
        reviews += [_pair(own[0], firm, key, "one system has both") for firm in own[1:]]
    return Found(tuple(pairs), tuple(reviews))


def _fitting(firm: Firm, own: Sequence[Firm]) -> list[Firm]:
    """Those that have the firm's whole name, and of them, if there are several, those of its domain."""
    named = [one for one in own if whole_firm_of(one.name) == whole_firm_of(firm.name)] or list(own)
    if len(named) == 1:
        return named
    return [one for one in named if one.domain and one.domain == firm.domain]


def _pair(one: Firm, other: Firm, evidence: str, reason: str = "") -> Pair:
    return Pair(min(one.id, other.id), max(one.id, other.id), FIRM_NAME, evidence, reason)
