"""The flat tables: their rows in the order of their keys."""

from collections.abc import Iterator

from airtable_push.database import Database, Row
from airtable_push.errors import JobError
from airtable_push.mapping import Table

COLUMNS = "select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ?"
ZONED = "timestamp with time zone"


class Flat:
    """One flat table. Raises `JobError` where it is not what the mapping says."""

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._table = table
        self._relation = f"{_quoted(table.schema)}.{_quoted(table.relation)}"
        types = {row[0]: row[1] for row in database.rows(COLUMNS, [table.schema, table.relation])}
        if not types:
            raise JobError(
                f"There is no table {table.schema}.{table.relation} in the warehouse, which {table.name} shows. Make "
                "it with: python -m airtable_push flatten"
            )
        if missing := [field.column for field in table.fields if field.column not in types]:
            raise JobError(
                f"The table {table.schema}.{table.relation} has no column {', '.join(missing)}, which {table.name} "
                "shows. Make it anew with: python -m airtable_push flatten"
            )
        self._columns = ", ".join(_expression(field.column, types[field.column]) for field in table.fields)
        self._key = f"cast({_quoted(table.key.column)} as varchar)"

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Key, and the value of each field; rows without a key are left out."""
        query = (
            f"select {self._key}, {self._columns} from {self._relation} where {_quoted(self._table.key.column)} is not "
            f"null order by {self._key}{self._database.binary_order}"
        )
        return ((row[0], row[1:]) for row in self._database.sorted_rows(query))

    def of(self, keys: list[str]) -> dict[str, Row]:
        """The rows of these keys."""
        marks = ", ".join("?" * len(keys))
        query = f"select {self._key}, {self._columns} from {self._relation} where {self._key} in ({marks})"
        return {row[0]: row[1:] for row in self._database.rows(query, keys)}

    def counts(self) -> tuple[int, int]:
        """Rows, and rows without a key."""
        query = f"select count(*), count(*) - count({_quoted(self._table.key.column)}) from {self._relation}"
        rows, without = next(self._database.rows(query))
        return rows, without

    @property
    def has_pushed_key(self) -> str:
        """The SQL condition that `pushed.key` is the key of a row."""
        return (
            f"exists (select 1 from {self._relation} flat where cast(flat.{_quoted(self._table.key.column)} as "
            "varchar) = pushed.key)"
        )


def _expression(column: str, type: str) -> str:
    """An instant is read in UTC, whatever zone the session is in."""
    name = _quoted(column)
    return f"({name} at time zone 'UTC')" if type.lower() == ZONED else name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
