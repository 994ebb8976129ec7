"""How well records were matched: over all pairs of records, against who they really are."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations

Pairs = frozenset[tuple[str, str]]


def pairs(of: Mapping[str, Hashable]) -> Pairs:
    """All pairs of records that are one."""
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for record, whom in of.items():
        groups[whom].append(record)
    return frozenset(pair for group in groups.values() for pair in combinations(sorted(group), 2))


@dataclass(frozen=True)
class Grade:
    found: Pairs
    true: Pairs

    @property
    def wrong(self) -> Pairs:
        return self.found - self.true

    @property
    def missed(self) -> Pairs:
        return self.true - self.found

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / len(self.found)

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / len(self.true)

    def by_case(self, cases: Mapping[str, str]) -> str:
        """The missed pairs by the name of the hard case, out of how many."""
        missed = Counter(cases.get(one, "nobody special") for one, _ in self.missed)
        total = Counter(cases.get(one, "nobody special") for one, _ in self.true)
        return ", ".join(f"{case} {missed[case]} of {total[case]}" for case in sorted(missed)) or "none"


def grade(found: Mapping[str, Hashable], true: Mapping[str, Hashable]) -> Grade:
    return Grade(pairs(found), pairs(true))
