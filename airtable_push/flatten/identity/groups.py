"""What follows from the pairs: groups of records, each of one person, without contradictions. airtable.md E2."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from airtable_push.flatten.identity.names import contradict
from airtable_push.flatten.identity.normal import Name
from airtable_push.flatten.identity.records import MANUAL, STRONG, Pair, Sets

LARGEST_GROUP = 40
"""Records beyond which a group is not believed to be one person."""


@dataclass(frozen=True, slots=True)
class Group:
    """`pairs` are what holds it together; `doubtful` says that a contradiction was taken apart here."""

    records: tuple[str, ...]
    pairs: tuple[Pair, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    groups: tuple[Group, ...]
    reviews: tuple[Pair, ...]
    """Pairs that were not followed, because they would have joined what cannot be one."""


def group(
    names: Mapping[str, Name],
    pairs: Iterable[Pair],
    different: Collection[tuple[str, str]] = (),
    largest: int = LARGEST_GROUP,
) -> Grouped:
    """Join the records (`names` by id) along the pairs.

    A group with a contradiction in it keeps its strong pairs only, strongest first, and none that would bring the
    contradiction back. If the only contradiction is a manual `different`, the weaker pairs are kept too."""
    ordered = sorted(set(pairs), key=lambda pair: pair.order)
    apart = {frozenset(two) for two in different}
    sets = _joined(names, ordered)
    held: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in ordered:
        held[sets.top(pair.one)].append(pair)
    found: list[Group] = []
    reviews: list[Pair] = []
    for records in sets.groups():
        mine = held[sets.top(records[0])]
        by_hand = _by_hand(records, mine)

        def clash(one: str, other: str, by_hand: Mapping[str, list[str]] = by_hand) -> bool:
            if frozenset((one, other)) in apart:
                return True
            # Whom a person declared to be one has all their names.
            return all(contradict(names[mine], names[theirs]) for mine in by_hand[one] for theirs in by_hand[other])

        # Where all have one name, as firms do here, only a person's word can speak against it.
        alike = len({names[record] for record in records}) == 1
        contradictions = (
            [two for two in apart if two <= set(records)]
            if alike
            else [frozenset(two) for two in combinations(records, 2) if clash(*two)]
        )
        if not contradictions and len(records) <= largest:
            found.append(Group(tuple(records), tuple(mine)))
            continue
        kept = (
            mine
            if set(contradictions) <= apart and len(records) <= largest
            else [pair for pair in mine if pair.rule in STRONG]
        )
        parts, refused = _carefully(records, kept, clash)
        found += parts
        reviews += [
            Pair(pair.one, pair.other, pair.rule, pair.evidence, "would join what cannot be one person")
            for pair in (*refused, *(pair for pair in mine if pair not in kept))
        ]
    apart_now = {id: number for number, one in enumerate(found) for id in one.records}
    return Grouped(tuple(found), tuple(pair for pair in reviews if apart_now[pair.one] != apart_now[pair.other]))


def _joined(ids: Iterable[str], pairs: Iterable[Pair]) -> Sets:
    sets = Sets(ids)
    for pair in pairs:
        sets.join(pair.one, pair.other)
    return sets


def _by_hand(records: list[str], pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """For every record, those that a person declared to be the same, itself among them."""
    sets = _joined(records, (pair for pair in pairs if pair.rule == MANUAL))
    return {record: members for members in sets.groups() for record in members}


def _carefully(
    records: list[str], pairs: Iterable[Pair], clash: Callable[[str, str], bool]
) -> tuple[list[Group], list[Pair]]:
    """Join along the pairs in their order, but never two groups of which two members clash."""
    sets, members = Sets(records), {id: [id] for id in records}
    followed: list[Pair] = []
    refused: list[Pair] = []
    for pair in pairs:
        mine, theirs = sets.top(pair.one), sets.top(pair.other)
        if mine != theirs and any(clash(one, other) for one in members[mine] for other in members[theirs]):
            refused.append(pair)
            continue
        followed.append(pair)
        if mine != theirs:
            sets.join(mine, theirs)
            members[sets.top(mine)] = members[mine] + members[theirs]
    parts = [
        Group(tuple(part), tuple(pair for pair in followed if sets.top(pair.one) == sets.top(part[0])), doubtful=True)
        for part in sets.groups()
    ]
    return parts, refused
