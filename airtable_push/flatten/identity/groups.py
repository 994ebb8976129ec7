"""What follows from the pairs: groups of records, each of one person or firm, without contradictions. airtable.md
E2."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from airtable_push.flatten.identity.records import Pair, Sets

Known = TypeVar("Known", bound=Hashable)
CANNOT_BE_ONE = "would join what cannot be one"
BETWEEN_TWO = "fits two that cannot be one"


@dataclass(frozen=True, slots=True)
class Group:
    """`pairs` are what holds it together; `doubtful` says that a contradiction was met here."""

    records: tuple[str, ...]
    pairs: tuple[Pair, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    groups: tuple[Group, ...]
    reviews: tuple[Pair, ...]
    """Pairs that were not followed, or only suggested: a person decides."""


class Groups(Generic[Known]):
    """Records on their way to being groups: pairs are followed rule by rule, the strongest first.

    `known` is what is known of each record by its id, and `contradict` says whether what is known of two cannot be of
    one. `different` is what people have decided. The order of the pairs of one rule does not matter: what fits two
    that cannot be one joins neither."""

    def __init__(
        self,
        known: Mapping[str, Known],
        contradict: Callable[[Known, Known], bool],
        different: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._sets = Sets(known)
        alone = {each: frozenset({frozenset({each})}) for each in set(known.values())}
        self._known = {id: alone[each] for id, each in known.items()}
        self._contradict = contradict
        self._members: dict[str, list[str]] = {}
        self._apart: defaultdict[str, list[str]] = defaultdict(list)
        for one, other in different:
            if known.keys() >= {one, other}:
                self._apart[one].append(other)
                self._apart[other].append(one)
        self._followed: list[Pair] = []
        self._refused: list[Pair] = []
        self._doubtful: set[str] = set()

    def top(self, id: str) -> str:
        """The id by which the group of a record is known for now."""
        return self._sets.top(id)

    def members(self, top: str) -> list[str]:
        """The ids of the records of a group, by the id that it is known by."""
        return self._members.get(top, [top])

    def decided(self, pairs: Iterable[Pair]) -> None:
        """Join what people, or the system itself, say is one: such a record has all these names."""
        for pair in sorted(set(pairs), key=lambda pair: pair.order):
            mine, theirs = self.top(pair.one), self.top(pair.other)
            if theirs in self._kept_apart(mine):
                self._refuse(pair, CANNOT_BE_ONE)
                continue
            all_of_it = frozenset(each for unit in self._known[mine] | self._known[theirs] for each in unit)
            self._join(pair)
            self._known[self.top(pair.one)] = frozenset({all_of_it})

    def follow(self, pairs: Iterable[Pair]) -> None:
        """Join along the pairs of one rule, but never what cannot be one."""
        waiting = sorted(set(pairs), key=lambda pair: pair.order)
        for part in self._parts(waiting):
            clashes = self._clashes(part)
            if clashes:
                part = list(self._without_ties(part, clashes))
            for left in self._parts(part) if clashes else [part]:
                if clashes and self._clashes(left):
                    for pair in left:
                        self._refuse(pair, CANNOT_BE_ONE)
                else:
                    for pair in left:
                        self._join(pair)

    def found(self, reviews: Iterable[Pair]) -> Grouped:
        """The groups, and what is left for people to decide, `reviews` among it."""
        held: defaultdict[str, list[Pair]] = defaultdict(list)
        for pair in self._followed:
            held[self.top(pair.one)].append(pair)
        groups = []
        for records in self._sets.groups():
            doubtful = not self._doubtful.isdisjoint(records)
            groups.append(Group(tuple(records), tuple(held[self.top(records[0])]), doubtful))
        left = [pair for pair in (*reviews, *self._refused) if self.top(pair.one) != self.top(pair.other)]
        return Grouped(tuple(groups), tuple(left))

    def _parts(self, pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
        """The pairs, parted into those that hang together."""
        listed = [(pair, self.top(pair.one), self.top(pair.other)) for pair in pairs]
        together = Sets({top for _, *tops in listed for top in tops})
        for _, mine, theirs in listed:
            together.join(mine, theirs)
        parts: defaultdict[str, list[Pair]] = defaultdict(list)
        for pair, mine, _ in listed:
            parts[together.top(mine)].append(pair)
        yield from parts.values()

    def _clashes(self, pairs: Collection[Pair]) -> set[frozenset[str]]:
        """Of the groups that these pairs would make one, those that cannot be one, two by two."""
        tops = sorted({self.top(id) for pair in pairs for id in (pair.one, pair.other)})
        alike: defaultdict[frozenset[frozenset[Known]], list[str]] = defaultdict(list)
        for top in tops:
            alike[self._known[top]].append(top)
        found = {
            frozenset((one, other))
            for mine, theirs in combinations(alike, 2)
            if self._cannot_be_one(mine, theirs)
            for one in alike[mine]
            for other in alike[theirs]
        }
        return found | {frozenset((top, other)) for top in tops for other in self._kept_apart(top).intersection(tops)}

    def _without_ties(self, pairs: list[Pair], clashes: set[frozenset[str]]) -> Iterator[Pair]:
        """The pairs without those of a group that is tied to two that cannot be one."""
        tied: defaultdict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            mine, theirs = self.top(pair.one), self.top(pair.other)
            if frozenset((mine, theirs)) not in clashes:
                tied[mine].add(theirs)
                tied[theirs].add(mine)
        torn = {
            top for top, others in tied.items() if any(frozenset(two) in clashes for two in combinations(others, 2))
        }
        for pair in pairs:
            mine, theirs = self.top(pair.one), self.top(pair.other)
            if frozenset((mine, theirs)) in clashes:
                self._refuse(pair, CANNOT_BE_ONE)
            elif mine in torn or theirs in torn:
                self._refuse(pair, BETWEEN_TWO)
            else:
                yield pair

    def _kept_apart(self, top: str) -> set[str]:
        """The groups that people keep apart from one."""
        return {self.top(id) for id in self._apart[top]} if top in self._apart else set()

    def _refuse(self, pair: Pair, reason: str) -> None:
        self._refused.append(Pair(pair.one, pair.other, pair.rule, pair.evidence, reason))
        self._doubtful |= {pair.one, pair.other}

    def _join(self, pair: Pair) -> None:
        mine, theirs = self.top(pair.one), self.top(pair.other)
        self._followed.append(pair)
        if mine != theirs:
            known, members = self._known[mine] | self._known[theirs], self.members(mine) + self.members(theirs)
            self._sets.join(mine, theirs)
            top = self.top(mine)
            self._known[top], self._members[top] = known, members
            if apart := self._apart.pop(mine, []) + self._apart.pop(theirs, []):
                self._apart[top] = apart

    def _cannot_be_one(self, ones: frozenset[frozenset[Known]], others: frozenset[frozenset[Known]]) -> bool:
        """Whom a person declared to be one is all that is known of them."""
        return any(all(self._contradict(a, b) for a in mine for b in theirs) for mine in ones for theirs in others)
