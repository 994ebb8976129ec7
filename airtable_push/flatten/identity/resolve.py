"""Decides who is who, from what has landed and what the last run left."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_push.database import Database
from airtable_push.errors import JobError
from airtable_push.flatten.identity import firms, people
from airtable_push.flatten.identity.normal import firm_of
from airtable_push.flatten.identity.registry import assign
from airtable_push.flatten.identity.rows import (
    firm_of_row,
    identity_row,
    link_rows,
    record_of_row,
    review_rows,
    shown_firm,
    shown_record,
)
from airtable_push.flatten.identity.tables import (
    CLIENT,
    CONTACT,
    Before,
    contact_rows,
    firm_rows,
    made,
    overrides_of,
    replaced,
)

FEW_RECORDS = 10
"""Of a source, up to which it may have lost them all."""
LATEST = "9"
"""Sorts behind every instant."""


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
    overrides = list(overrides_of(database, schema))
    same = [(one, other) for decision, one, other in overrides if decision == "same"]
    different = [(one, other) for decision, one, other in overrides if decision == "different"]
    database.write(list(made(identity_schema)))
    before = Before.read(database, identity_schema)

    known_firms = [firm for row in sorted(firm_rows(database, schema)) if (firm := firm_of_row(row)).is_named]
    rows = sorted(contact_rows(database, schema))
    _check_sources(before, {_source(firm.id) for firm in known_firms} | {_source(row[0]) for row in rows} | set(off))
    clients = firms.decide(known_firms, same, different)
    ages = {firm.id: ("own" if firm.own else "text", firm.created or LATEST, firm.id) for firm in known_firms}
    named_clients = assign(clients.groups, ages.__getitem__, "cli", before.entries[CLIENT], before.ids[CLIENT])
    by_key = _only_client_of_a_name(known_firms, named_clients.ids)

    records = [
        record_of_row(
            row,
            country,
            lambda firm_record, company: (
                named_clients.ids.get(firm_record) or by_key.get(firm_of(company), firm_of(company))
            ),
        )
        for row in rows
    ]
    contacts = people.decide(records, same, different)
    born = {record.id: (record.created or LATEST, record.id) for record in records}
    named = assign(contacts.groups, born.__getitem__, "con", before.entries[CONTACT], before.ids[CONTACT])
    identities = {row[0]: identity_row(record, row) for record, row in zip(records, rows, strict=True)}
    reviews = review_rows(contacts.reviews, named.ids, different, lambda id: shown_record(identities[id]))
    by_id = {firm.id: firm for firm in known_firms}
    client_reviews = review_rows(clients.reviews, named_clients.ids, different, lambda id: shown_firm(by_id[id]))

    tables: dict[str, Iterable[Sequence[Any]]] = {
        "contact_identity": identities.values(),
        "contact_link": link_rows(contacts, named.ids, born.__getitem__),
        "contact_review": reviews,
        "client_review": client_reviews,
        "client_link": link_rows(clients, named_clients.ids, ages.__getitem__),
        "registry": [
            (kind, entry.id, entry.founder, str(entry.number), entry.status, entry.merged_into)
            for kind, entries in ((CLIENT, named_clients.entries), (CONTACT, named.entries))
            for entry in entries
        ],
    }
    database.write(
        [statement for table, rows in tables.items() for statement in replaced(identity_schema, table, list(rows))]
    )
    unknown = {record for _, *two in overrides for record in two} - born.keys() - by_id.keys()
    return Result(
        len(records),
        len(contacts.groups),
        len(clients.groups),
        len(reviews) + len(client_reviews),
        tuple(sorted(unknown)),
    )


def _check_sources(before: Before, there: Collection[str]) -> None:
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


def _only_client_of_a_name(known: Sequence[firms.Firm], ids: Mapping[str, str]) -> dict[str, str]:
    """The client that a name leads to, where it leads to one only."""
    found: dict[str, set[str]] = {}
    for firm in known:
        if firm.key:
            found.setdefault(firm.key, set()).add(ids[firm.id])
    return {key: min(clients) for key, clients in found.items() if len(clients) == 1}
