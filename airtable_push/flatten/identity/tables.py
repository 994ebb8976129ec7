"""Reads the records from the warehouse, writes beside them who is who.

The tables are in a schema of their own, which only this step writes: `contact_identity`, `contact_link`,
`contact_review`, `client_link`, and `registry`, from which ids are the same on the next run. All columns are text.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_push.database import Database, Statement
from airtable_push.errors import JobError
from airtable_push.flatten.identity import firms, people
from airtable_push.flatten.identity.groups import Group, Grouped, group
from airtable_push.flatten.identity.normal import Name, addresses_of, domain_of, firm_of, is_role, name_of, phones_of
from airtable_push.flatten.identity.records import FIRST, Pair, Record
from airtable_push.flatten.identity.registry import Entry, assign

NO_LARGEST = 1_000_000_000
"""A firm may have any number of records."""
BETWEEN, NULL = "chr(31)", "chr(30)"
"""What parts the values of a column in one text, and what stands for none."""
FEW_RECORDS = 10
"""Of a source, up to which it may have lost them all."""
LATEST = "9"
"""Sorts behind every instant."""
CREATED = "cast(created_at at time zone 'UTC' as text)"
CONTACT, CLIENT = "contact", "client"
COLUMNS = {
    "contact_identity": (
        "record_id",
        "source",
        "first_name",
        "last_name",
        "generation",
        "email",
        "emails",
        "role_email",
        "phone",
        "phones",
        "firm",
    ),
    "contact_link": ("record_id", "contact_id", "rule", "evidence", "linked_record_id", "needs_review"),
    "contact_review": (
        "review_id",
        "record_id",
        "other_record_id",
        "contact_id",
        "other_contact_id",
        "rule",
        "evidence",
        "reason",
    ),
    "client_link": ("record_id", "client_id", "rule", "evidence", "linked_record_id", "needs_review"),
    "registry": ("kind", "id", "founder", "number", "status", "merged_into"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found, in numbers; `unknown` are records that an override names and nobody has landed."""

    records: int
    contacts: int
    clients: int
    reviews: int
    unknown: tuple[str, ...]


def resolve(database: Database, schema: str, identity_schema: str, country: str, off: Collection[str] = ()) -> Result:
    """Read `contact_source`, `firm_source` and `contact_overrides` of `schema`, decide who is who, and write it.

    `country` (two letters) is where telephones without a country code are from. Raises `DatabaseError`, and `JobError`
    where nothing is left of a source of the last run that is not among those that are `off`."""
    place = f'"{schema}"'
    overrides = list(database.rows(f"select decision, record, other_record from {place}.contact_overrides"))
    same = [(one, other) for decision, one, other in overrides if decision == "same"]
    different = [(one, other) for decision, one, other in overrides if decision == "different"]
    database.write(list(_made(identity_schema)))
    before = _Before.read(database, identity_schema)

    known_firms = [
        _firm(row)
        for row in sorted(
            database.rows(f"select record_id, name, domain, emails, own_record, {CREATED} from {place}.firm_source")
        )
    ]
    rows = sorted(
        database.rows(
            "select record_id, full_name, first_name, last_name, suffix, emails, phones, company, firm_record, "
            f"same_as, country, {CREATED} from {place}.contact_source"
        )
    )
    _check_sources(before, {_source(firm.id) for firm in known_firms} | {_source(row[0]) for row in rows} | set(off))
    found_firms = firms.find(known_firms)
    nameless = {firm.id: Name() for firm in known_firms}
    clients = group(nameless, found_firms.pairs, largest=NO_LARGEST)
    ages = {firm.id: ("own" if firm.own else "text", firm.created or LATEST, firm.id) for firm in known_firms}
    named_clients = assign(clients.groups, ages.__getitem__, "cli", before.entries[CLIENT], before.ids[CLIENT])
    by_key = _only_client_of_a_name(known_firms, named_clients.ids)

    records = [
        _record(
            row,
            country,
            lambda firm_record, company: (
                named_clients.ids.get(firm_record) or by_key.get(firm_of(company), firm_of(company))
            ),
        )
        for row in rows
    ]
    found = people.find(records, same)
    names = {record.id: record.name for record in records}
    contacts = group(names, found.pairs, different)
    born = {record.id: (record.created or LATEST, record.id) for record in records}
    named = assign(contacts.groups, born.__getitem__, "con", before.entries[CONTACT], before.ids[CONTACT])
    reviews = _reviews((*found.reviews, *contacts.reviews), named.ids, different)

    tables: dict[str, Iterable[Sequence[Any]]] = {
        "contact_identity": map(_identity, records),
        "contact_link": _links(contacts, named.ids, born.__getitem__),
        "contact_review": reviews,
        "client_link": _links(clients, named_clients.ids, ages.__getitem__),
        "registry": [
            (kind, entry.id, entry.founder, str(entry.number), entry.status, entry.merged_into)
            for kind, entries in ((CLIENT, named_clients.entries), (CONTACT, named.entries))
            for entry in entries
        ],
    }
    database.write(
        [statement for table, rows in tables.items() for statement in _replaced(identity_schema, table, list(rows))]
    )
    unknown = {record for _, *two in overrides for record in two} - names.keys()
    return Result(len(records), len(contacts.groups), len(clients.groups), len(reviews), tuple(sorted(unknown)))


@dataclass(frozen=True, slots=True)
class _Before:
    """What the last run left: ids by kind, and the id of every record by kind."""

    entries: Mapping[str, list[Entry]]
    ids: Mapping[str, dict[str, str]]

    @classmethod
    def read(cls, database: Database, schema: str) -> "_Before":
        entries: dict[str, list[Entry]] = {CONTACT: [], CLIENT: []}
        for kind, id, founder, number, status, merged_into in database.rows(
            f'select kind, id, founder, number, status, merged_into from "{schema}".registry'
        ):
            entries[kind].append(Entry(id, founder, int(number), status, merged_into))
        return cls(
            entries,
            {
                kind: dict(database.rows(f'select record_id, {kind}_id from "{schema}".{kind}_link'))
                for kind in (CONTACT, CLIENT)
            },
        )


def _check_sources(before: _Before, there: Collection[str]) -> None:
    """Not to show a base without a source because its connector syncs anew, or its file was moved."""
    had = Counter(_source(record) for ids in before.ids.values() for record in ids)
    for source, records in had.items():
        if records > FEW_RECORDS and source not in there:
            raise JobError(
                f"Nothing of {source} has landed, and {records:,} of its records had at the last run: it may be syncing"
                " anew, or be somewhere else now. The flat tables were left as they are. If it is gone for good, set "
                f"AIRTABLE_PUSH_FLATTEN_{source.upper()}=off"
            )


def _source(record_id: str) -> str:
    return record_id.partition(":")[0]


def _firm(row: Sequence[Any]) -> firms.Firm:
    id, name, domain, emails, own, created = row
    domains = (domain_of(address) for address in addresses_of(emails or ""))
    return firms.Firm(id, name or "", domain or next(filter(None, domains), ""), bool(own), created or "")


def _only_client_of_a_name(known: Sequence[firms.Firm], ids: Mapping[str, str]) -> dict[str, str]:
    """The client that a name leads to, where it leads to one only."""
    found: dict[str, set[str]] = {}
    for firm in known:
        if firm.key:
            found.setdefault(firm.key, set()).add(ids[firm.id])
    return {key: min(clients) for key, clients in found.items() if len(clients) == 1}


def _record(row: Sequence[Any], country: str, firm: Callable[[str, str], str]) -> Record:
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


def _identity(record: Record) -> tuple[str | None, ...]:
    personal = [email for email in record.emails if not is_role(email)]
    numbers = [f"{number};ext={extension}" if extension else number for number, extension in record.phones]
    shown = (
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
    )
    return tuple(value or None for value in shown)


def _links(
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
    ties: dict[str, Pair] = {}
    reached = {min(one.records, key=age)}
    waiting = list(one.pairs)
    while len(reached) < len(one.records):
        pair = next(pair for pair in waiting if (pair.one in reached) != (pair.other in reached))
        new = pair.other if pair.one in reached else pair.one
        ties[new] = pair
        reached.add(new)
        waiting = [pair for pair in waiting if not {pair.one, pair.other} <= reached]
    return ties


def _reviews(
    pairs: Iterable[Pair], ids: Mapping[str, str], different: Iterable[tuple[str, str]]
) -> list[tuple[str | None, ...]]:
    """One row for two records, by the strongest rule, if they are not joined anyway and nobody has decided."""
    decided = {frozenset(two) for two in different}
    found: dict[tuple[str, str], Pair] = {}
    for pair in sorted(pairs, key=lambda pair: pair.order):
        if ids[pair.one] != ids[pair.other] and frozenset((pair.one, pair.other)) not in decided:
            found.setdefault((pair.one, pair.other), pair)
    return [
        (f"{one}|{other}", one, other, ids[one], ids[other], pair.rule, pair.evidence, pair.reason)
        for (one, other), pair in found.items()
    ]


def _made(schema: str) -> Iterable[Statement]:
    yield f'create schema if not exists "{schema}"', ()
    for table, columns in COLUMNS.items():
        yield f'create table if not exists "{schema}".{table} ({", ".join(f"{column} text" for column in columns)})', ()


def _replaced(schema: str, table: str, rows: Sequence[Sequence[str | None]]) -> Iterable[Statement]:
    """Empty the table and fill it, with one parameter a column: DuckDB is slow to take many."""
    yield f'delete from "{schema}".{table}', ()
    if rows:
        columns = COLUMNS[table]
        apart = ", ".join(f"unnest(string_to_array(cast(? as text), {BETWEEN})) as {column}" for column in columns)
        values = ", ".join(f"nullif({column}, {NULL})" for column in columns)
        texts = [
            chr(31).join(chr(30) if value is None else _plain(value) for value in each)
            for each in zip(*rows, strict=True)
        ]
        yield f'insert into "{schema}".{table} select {values} from (select {apart}) as given', texts


def _plain(value: str) -> str:
    return value.replace(chr(30), " ").replace(chr(31), " ") if chr(30) in value or chr(31) in value else value
