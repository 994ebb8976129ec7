"""From rows of the warehouse to records, and from what was found to rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Any

from airtable_push.flatten.identity.firms import Firm
from airtable_push.flatten.identity.groups import Group, Grouped
from airtable_push.flatten.identity.normal import addresses_of, domain_of, is_role, name_of, phones_of, shown_name
from airtable_push.flatten.identity.records import FIRST, Pair, Record
from airtable_push.flatten.identity.tables import COLUMNS

MOST_REVIEWS = 1_000
"""More than anybody goes through: the best are kept."""


def firm_of_row(row: Sequence[Any]) -> Firm:
    """A firm of `firm_source`."""
    id, name, domain, emails, own, created = row
    domains = (domain_of(address) for address in (f"@{domain or ''}", *addresses_of(emails or "")))
    return Firm(id, name or "", next(filter(None, domains), ""), bool(own), created or "")


def record_of_row(row: Sequence[Any], country: str, firm: Callable[[str, str], str]) -> Record:
    """A person of `contact_source`; `firm` answers for the id of a firm and a name of one."""
    id, whole, first, last, suffix, emails, phones, company, firm_record, same_as, place, created = (
        value or "" for value in row
    )
    return Record(
        id,
        name_of(first, last, whole, suffix),
        addresses_of(emails),
        phones_of(phones, country, place),
        firm(firm_record, company),
        (same_as,) if same_as else (),
        created,
    )


def identity_row(record: Record, row: Sequence[Any]) -> tuple[str | None, ...]:
    """A row of `contact_identity`, of the record and the row that it was made of."""
    personal = [email for email in record.emails if not is_role(email)]
    numbers = [f"{number};ext={extension}" if extension else number for number, extension in record.phones]
    _, whole, first, last, _, emails, phones, *_ = (value or "" for value in row)
    found = (
        record.id,
        record.source,
        record.name.first,
        record.name.last,
        record.name.generation,
        next(iter(personal), ""),
        "; ".join(record.emails),
        next((email for email in record.emails if is_role(email)), ""),
        next((number for number, _ in record.phones), ""),
        "; ".join(numbers),
        record.firm,
        shown_name(first, last, whole),
        next(iter((*personal, *record.emails)), "") or _written(emails, "@"),
        next((number for number, _ in record.phones), "") or _written(phones, "0123456789"),
    )
    return tuple(value or None for value in found)


def _written(text: str, needed: str) -> str:
    """The first of several values as somebody wrote it, if it can be one at all."""
    parts = (part.strip() for part in text.split(";"))
    return next((part for part in parts if len({*part} - {"0"}) > 1 and {*part} & {*needed}), "")


def link_rows(
    found: Grouped, ids: Mapping[str, str], age: Callable[[str], tuple[str, ...]]
) -> Iterable[tuple[str | None, ...]]:
    """Every record with the pair that ties it to the rest of its group, from the oldest record on."""
    for one in found.groups:
        ties = _ties(one, age)
        for record in one.records:
            pair = ties.get(record)
            linked = None if pair is None else pair.other if pair.one == record else pair.one
            rule, evidence = (FIRST, None) if pair is None else (pair.rule, pair.evidence)
            yield record, ids[record], rule, evidence, linked, "true" if one.doubtful else "false"


def _ties(one: Group, age: Callable[[str], tuple[str, ...]]) -> dict[str, Pair]:
    """The strongest pairs that hold a group together: for each record but the oldest, the one that brought it in."""
    of_record: defaultdict[str, list[tuple[int, Pair]]] = defaultdict(list)
    for position, pair in enumerate(one.pairs):
        of_record[pair.one].append((position, pair))
        of_record[pair.other].append((position, pair))
    oldest = min(one.records, key=age)
    ties: dict[str, Pair] = {}
    reached, waiting = {oldest}, list(of_record[oldest])
    heapify(waiting)
    while len(reached) < len(one.records):
        _, pair = heappop(waiting)
        new = pair.other if pair.one in reached else pair.one
        if new not in reached:
            ties[new] = pair
            reached.add(new)
            for each in of_record[new]:
                heappush(waiting, each)
    return ties


def review_rows(
    pairs: Iterable[Pair], ids: Mapping[str, str], different: Iterable[tuple[str, str]], shown: Callable[[str], str]
) -> list[tuple[str | None, ...]]:
    """One row for two people, or two firms, by the strongest rule between their records, where nobody has decided: the
    best first, `MOST_REVIEWS` at most. `shown` says what is known of a record, for people."""
    decided = {frozenset(two) for two in different}
    found: dict[frozenset[str], Pair] = {}
    for pair in sorted(pairs, key=lambda pair: pair.order):
        if ids[pair.one] != ids[pair.other] and frozenset((pair.one, pair.other)) not in decided:
            found.setdefault(frozenset((ids[pair.one], ids[pair.other])), pair)
    rows: list[tuple[str | None, ...]] = []
    for position, pair in enumerate(islice(found.values(), MOST_REVIEWS), start=1):
        one, other = pair.one, pair.other
        decision = (f"{one}|{other}", one, other, ids[one], ids[other], pair.rule, pair.evidence, pair.reason)
        rows.append((*decision, str(position), shown(one), shown(other)))
    return rows


def shown_record(row: tuple[str | None, ...]) -> str:
    """What is known of a person, for whoever decides; `row` is of `contact_identity`."""
    known = dict(zip(COLUMNS["contact_identity"], row, strict=True))
    return _told(row[0] or "", (known["shown_name"], known["emails"] or known["shown_email"], known["shown_phone"]))


def shown_firm(firm: Firm) -> str:
    """What is known of a firm, for whoever decides."""
    return _told(firm.id, (firm.name, firm.domain))


def _told(id: str, known: Iterable[str | None]) -> str:
    source, _, rest = id.partition(":")
    return f"{' · '.join(filter(None, known)) or 'nothing is known'} ({source} {rest.partition(':')[0]})"
