"""The warehouse: rows come out as a stream, state goes in as whole transactions.

Two kinds, with one SQL: parameters are `?`, `insert ... on conflict` is understood by both, and what differs is named
here. `open_database` picks by the address.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
from psycopg.adapt import Loader
from psycopg.types.datetime import DateLoader, TimestampLoader

from airtable_push.errors import JobError
from airtable_push.settings import shown

CHUNK = 2_000
"""Rows in memory at a time, for each stream."""
DUCKDB_MEMORY = "160MB"
"""What the engine may hold; sorts of more than that go through the disk."""
Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]


class DatabaseError(JobError):
    """The warehouse could not be read or written."""


class Database(Protocol):
    """What the job asks of a warehouse."""

    binary_order: str
    """What makes `order by` of a text follow its characters' numbers, as Python compares texts."""

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The answer, read in chunks; other queries may be sent meanwhile. Raises `DatabaseError`."""

    def sorted_rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The same for an answer that is sorted and long: several may be read at once in little memory."""

    def write(self, statements: Sequence[Statement]) -> None:
        """All of them, or none. Raises `DatabaseError`."""

    def close(self) -> None: ...


class DuckDb:
    """A DuckDB file, which this process has to itself. `create` makes one that is not there."""

    binary_order = ""

    def __init__(self, path: str, create: bool = False) -> None:
        if not create and not Path(path).exists():
            raise DatabaseError(f"There is no {path}. Make it with: python -m airtable_push flatten")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._named = partial(named, path, (duckdb.Error, OSError))
        with self._named("opened"):
            self._connection = duckdb.connect(path, config={"memory_limit": DUCKDB_MEMORY, "threads": 1})
            # Its own bar would run into what the command prints.
            self._connection.execute("set enable_progress_bar = false")

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        with self._named("read"), closing(self._connection.cursor()) as cursor:
            cursor.execute(query, list(parameters))
            yield from _chunked(cursor)

    def sorted_rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """A sort that is read from holds its memory, so it is made whole first, on the disk where it is long."""
        with self._named("read"), closing(self._connection.cursor()) as cursor:
            cursor.execute(f"create temp table sorted_rows as {query}", list(parameters))
            cursor.execute("select * from sorted_rows")
            yield from _chunked(cursor)

    def write(self, statements: Sequence[Statement]) -> None:
        with self._named("written"), closing(self._connection.cursor()) as cursor:
            cursor.execute("begin")
            try:
                for statement, parameters in statements:
                    cursor.execute(statement, list(parameters))
            except BaseException:
                cursor.execute("rollback")
                raise
            cursor.execute("commit")

    def close(self) -> None:
        self._connection.close()


def _chunked(cursor: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while chunk := cursor.fetchmany(CHUNK):
        yield from chunk


class _AsWritten(Loader):
    """What Python does not know (infinity, before Christ) comes as its text, so that it stands alone."""

    def load(self, data: Any) -> Any:
        try:
            return super().load(data)  # type: ignore[safe-super]  # that of the loader it is mixed into
        except psycopg.DataError:
            return bytes(data).decode()


class _AnyDate(_AsWritten, DateLoader):
    """A date."""


class _AnyTimestamp(_AsWritten, TimestampLoader):
    """A timestamp."""


class Postgres:
    """A PostgreSQL database. Each stream has a connection of its own, so that writing does not end it."""

    binary_order = ' collate "C"'

    def __init__(self, url: str) -> None:
        self._url = url
        self._named = partial(named, url, (psycopg.Error,))
        with self._named("opened"):
            self._connection = psycopg.connect(url)

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        with (
            self._named("read"),
            closing(psycopg.connect(self._url)) as connection,
            connection.cursor(name="airtable_push") as cursor,
        ):
            cursor.adapters.register_loader("date", _AnyDate)
            cursor.adapters.register_loader("timestamp", _AnyTimestamp)
            cursor.itersize = CHUNK
            cursor.execute(_placed(query), list(parameters))
            yield from cursor

    def sorted_rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The server sorts in memory of its own."""
        return self.rows(query, parameters)

    def write(self, statements: Sequence[Statement]) -> None:
        with self._named("written"), self._connection.transaction():
            for statement, parameters in statements:
                self._connection.execute(_placed(statement), list(parameters))
        with self._named("written"):
            self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def open_database(warehouse: str, *, create: bool = False) -> Database:
    """The database at a path or at postgresql://... Raises `DatabaseError`."""
    return Postgres(warehouse) if is_postgres(warehouse) else DuckDb(warehouse, create)


def is_postgres(warehouse: str) -> bool:
    return warehouse.startswith(("postgresql://", "postgres://"))


@contextmanager
def named(warehouse: str, errors: tuple[type[Exception], ...], what: str) -> Iterator[None]:
    """Raise `DatabaseError` for these errors: the warehouse could not be read, or whatever else was tried."""
    try:
        yield
    except errors as error:
        reason = str(error).strip().partition("\n")[0]
        raise DatabaseError(f"The warehouse {shown(warehouse)} could not be {what}: {reason}") from error


def _placed(query: str) -> Any:
    return query.replace("%", "%%").replace("?", "%s")
