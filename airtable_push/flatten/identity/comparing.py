"""What two records have in common, and what their names make of it.

Work grows with the records: what has one value and one name is compared once, and joined in a chain."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from airtable_push.flatten.identity.names import contradict
from airtable_push.flatten.identity.normal import Name, is_role
from airtable_push.flatten.identity.proofs import Verdict, proves
from airtable_push.flatten.identity.records import Pair, Record, Sets

MOST_NAMES_COMPARED = 40
"""Beyond which only equal names are joined."""

By = Callable[[Record], Iterable[str]]


def by_name(records: Iterable[Record]) -> dict[Name, list[Record]]:
    """The records by their names, as they are compared."""
    found: defaultdict[Name, list[Record]] = defaultdict(list)
    for record in records:
        found[record.name].append(record)
    return dict(found)


def grouped(records: Iterable[Record], values: By) -> Iterator[tuple[str, list[Record]]]:
    """The records by each of their values, where more than one has it."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for value in dict.fromkeys(values(record)):
            found[value].append(record)
    for value in sorted(found):
        if len(found[value]) > 1:
            yield value, found[value]


def by_names(
    named: dict[Name, list[Record]], rule: str, evidence: str, against: Callable[[list[Record]], str], said: str
) -> Iterator[Pair]:
    """What names prove of records with something in common. Names that are proven to be one, directly or through
    others, are joined unless two of them clash or something is `against`; then only those of exactly one name can
    be."""
    names = list(named)
    proven = Sets(map(str, range(len(names))))
    for i, j in combinations(range(len(names)), 2) if len(names) <= MOST_NAMES_COMPARED else ():
        verdict = proves(rule, names[i], names[j])
        if verdict is Verdict.JOIN:
            proven.join(str(i), str(j))
        elif verdict is Verdict.ASK:
            yield pair_of(named[names[i]][0], named[names[j]][0], rule, evidence, f"{said}, and the names do not tell")
    for part in proven.groups():
        mine = [names[int(number)] for number in part]
        group = [record for name in mine for record in named[name]]
        clash = any(contradict(one, other) for one, other in combinations(mine, 2))
        reason = f"{said}, and it fits several" if clash else against(group)
        if not reason:
            if len(mine) > 1 or proves(rule, mine[0], mine[0]) is Verdict.JOIN:
                yield from chained(group, rule, evidence)
            continue
        for one, other in combinations(mine, 2):
            if not contradict(one, other):
                yield pair_of(named[one][0], named[other][0], rule, evidence, reason)
        for name in mine:
            if proves(rule, name, name) is Verdict.JOIN:
                yield from chained(named[name], rule, evidence, against(named[name]))


def chained(group: Sequence[Record], rule: str, evidence: str, reason: str = "") -> Iterator[Pair]:
    """Pairs that tie these records to one another, as few as can be."""
    return (pair_of(one, other, rule, evidence, reason) for one, other in pairwise(group))


def pair_of(one: Record, other: Record, rule: str, evidence: str, reason: str = "") -> Pair:
    """The pair of two records; with a `reason` it is for review."""
    return Pair(min(one.id, other.id), max(one.id, other.id), rule, evidence, reason)


def clusters(records: Iterable[Record], values: By) -> list[list[Record]]:
    """The records that have some of these values, by what they have in common, directly or through others."""
    having = {record.id: record for record in records if any(True for _ in values(record))}
    if len(having) < 2:
        return [[record] for record in having.values()]
    sets = Sets(having)
    for _, group in grouped(list(having.values()), values):
        for one, other in pairwise(group):
            sets.join(one.id, other.id)
    return [[having[id] for id in ids] for ids in sets.groups()]


def own_addresses(record: Record) -> list[str]:
    """A record's addresses without those of a task."""
    return [email for email in record.emails if not is_role(email)]


def all_addresses(records: Iterable[Record]) -> set[str]:
    """The addresses of all these records, without those of a task."""
    return {email for record in records for email in own_addresses(record)}


def all_numbers(records: Iterable[Record]) -> set[str]:
    """The telephones of all these records."""
    return {number for record in records for number, _ in record.phones}


def disjoint(ones: Collection[str], others: Collection[str]) -> bool:
    """Both have some, and none in common."""
    return bool(ones) and bool(others) and not set(ones) & set(others)


def nothing_against(group: list[Record]) -> str:
    """For what has nothing that could speak against it."""
    return ""
