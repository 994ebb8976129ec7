"""The other ends of links: which record each key has, and whether links to it are still to be written."""

from collections.abc import Collection, Iterable, Mapping

from airtable_push import mapping
from airtable_push.mapping import Table
from airtable_push.state import State


class Directory:
    """The record id of each key of the tables that others link to; read when first asked for."""

    def __init__(self, state: State, by_model: Mapping[str, Table]) -> None:
        self._state = state
        self._by_model = by_model
        self._records: dict[str, dict[str, str]] = {}

    def of(self, model: str) -> dict[str, str]:
        """Record id by key."""
        if model not in self._records:
            self._records[model] = self._state.record_ids(self._by_model[model])
        return self._records[model]

    def add(self, model: str, key: str, record_id: str) -> None:
        """A record was written; tables that nobody has asked for are read with it later."""
        if model in self._records:
            self._records[model][key] = record_id

    def remove(self, model: str, key: str) -> None:
        if model in self._records:
            self._records[model].pop(key, None)


class Links:
    """What a push does to the other ends of links."""

    def __init__(self, tables: Collection[Table], mapped: mapping.Mapping, state: State, directory: Directory) -> None:
        self._tables = tables
        self._mapped = mapped
        self._state = state
        self._directory = directory
        self.unfinished = False
        """Whether another pass over the tables would find links to write."""

    def written(self, table: Table, key: str, record_id: str, unlinked: int) -> None:
        """A record was written, without so many of its links."""
        self._directory.add(table.model, key, record_id)
        # In a circle of links, the other end may be there only now.
        self.unfinished |= bool(unlinked) and self._mapped.late(table)

    def deleted(self, table: Table, keys: Iterable[str]) -> None:
        """These records of the table are there no more."""
        for key in keys:
            self._directory.remove(table.model, key)

    def lost(self, table: Table, records: Collection[str]) -> None:
        """Records that the table links to were deleted by somebody: their rows are written again, and the links after
        them."""
        for link in table.links:
            parent = self._mapped.by_model[str(link.link)]
            keys = [key for key, record in self._directory.of(parent.model).items() if record in records]
            self._state.forget(parent, keys)
            self.deleted(parent, keys)
            self.unfinished |= bool(keys) and parent in self._tables
