"""What the identity step reads in the warehouse, and the tables that it writes beside that.

They are in a schema of their own, which only this step writes: `contact_identity`, `contact_link`, `contact_review`,
`client_link`, `client_review`, and `registry`, from which ids are the same on the next run. All columns are text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from airtable_push.database import Database, Row, Statement
from airtable_push.flatten.identity.registry import Entry

BETWEEN, NULL = "chr(31)", "chr(30)"
"""What parts the values of a column in one text, and what stands for none."""
CREATED = "cast(created_at at time zone 'UTC' as text)"
CONTACT, CLIENT = "contact", "client"
LINK = "record_id {}_id rule evidence linked_record_id needs_review"
REVIEW = "review_id record_id other_record_id {0}_id other_{0}_id rule evidence reason position one other"


def _of(kind: str, columns: str) -> tuple[str, ...]:
    """The columns of a table that there is of people and of firms."""
    return tuple(columns.format(kind).split())


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
        "shown_name",
        "shown_email",
        "shown_phone",
    ),
    **{f"{kind}_link": _of(kind, LINK) for kind in (CONTACT, CLIENT)},
    **{f"{kind}_review": _of(kind, REVIEW) for kind in (CONTACT, CLIENT)},
    "registry": ("kind", "id", "founder", "number", "status", "merged_into"),
}


def overrides_of(database: Database, schema: str) -> Iterator[Row]:
    """What people have decided: same or different, and of which two records."""
    return database.rows(f'select decision, record, other_record from "{schema}".contact_overrides')


def firm_rows(database: Database, schema: str) -> Iterator[Row]:
    """All firms that have landed."""
    return database.rows(f'select record_id, name, domain, emails, own_record, {CREATED} from "{schema}".firm_source')


def contact_rows(database: Database, schema: str) -> Iterator[Row]:
    """All people that have landed."""
    return database.rows(
        "select record_id, full_name, first_name, last_name, suffix, emails, phones, company, firm_record, "
        f'same_as, country, {CREATED} from "{schema}".contact_source'
    )


@dataclass(frozen=True, slots=True)
class Before:
    """What the last run left: ids by kind, and the id of every record by kind."""

    entries: Mapping[str, list[Entry]]
    ids: Mapping[str, dict[str, str]]

    @classmethod
    def read(cls, database: Database, schema: str) -> "Before":
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


def made(schema: str) -> Iterable[Statement]:
    """Make what is not there; an earlier release may have made a table with fewer columns."""
    yield f'create schema if not exists "{schema}"', ()
    for table, columns in COLUMNS.items():
        yield f'create table if not exists "{schema}".{table} ({", ".join(f"{column} text" for column in columns)})', ()
        for column in columns:
            yield f'alter table "{schema}".{table} add column if not exists {column} text', ()


def replaced(schema: str, table: str, rows: Sequence[Sequence[str | None]]) -> Iterable[Statement]:
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
        into = f'"{schema}".{table} ({", ".join(columns)})'
        yield f"insert into {into} select {values} from (select {apart}) as given", texts


def _plain(value: str) -> str:
    return value.replace(chr(30), " ").replace(chr(31), " ") if chr(30) in value or chr(31) in value else value
