"""Reading the base back: what people deleted, changed or copied comes to light, and the next push repairs it.

Records without a key, and with one that neither the warehouse nor the state knows, belong to the people of the base:
they are counted and left alone.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from airtable_push import schema
from airtable_push.api import Client
from airtable_push.changes import Writer
from airtable_push.database import Database
from airtable_push.flat import Flat
from airtable_push.links import Directory
from airtable_push.mapping import Mapping, Table
from airtable_push.schema import Place
from airtable_push.state import UNKNOWN, Pushed, State
from shared.clock import Clock

COLUMNS = ("table", "records", "as pushed", "different", "missing", "adopted", "copies", "not ours")


@dataclass
class Found:
    """What the reading of one table brought to light."""

    table: str
    records: int = 0
    same: int = 0
    different: int = 0
    """Cells are not what the row says: written again by the next push."""
    missing: int = 0
    """Deleted by somebody: made again by the next push."""
    adopted: int = 0
    """There with our key, though nothing was known of them."""
    copies: int = 0
    """A second record with the same key: a person has to say which one goes."""
    foreign: int = 0

    @property
    def row(self) -> tuple[Any, ...]:
        return astuple(self)


def reconcile(
    mapping: Mapping,
    tables: Sequence[Table],
    database: Database,
    state: State,
    client: Client,
    *,
    clock: Clock,
    marks: bool,
) -> list[Found]:
    """Read the tables back and correct the state; nothing is written to Airtable."""
    state.create()
    places = schema.places(client.tables(), tables, mapping, marks)
    directory = Directory(state, mapping.by_model)
    return [
        _Reading(Flat(database, table), table, state, directory, clock).of(client, places[table.model])
        for table in tables
    ]


class _Reading:
    def __init__(self, flat: Flat, table: Table, state: State, directory: Directory, clock: Clock) -> None:
        self._flat = flat
        self._table = table
        self._state = state
        self._clock = clock
        self._writer = Writer(table, directory)
        self._records = directory.of(table.model)
        self._keys = {record: key for key, record in self._records.items()}
        self._hashes = {each.key: each.hash for each in state.pushed(table)}
        self._sent = self._hashes.keys() - self._records.keys()
        """Sent by a run that did not live to see the answer."""
        self._seen: set[str] = set()
        self._copies: dict[str, str] = {}
        self._found = Found(table.name)

    def of(self, client: Client, place: Place) -> Found:
        listed: set[str] = set()
        for page in client.records(place.id, place.fields):
            new = [record for record in page if record["id"] not in listed]
            listed |= {record["id"] for record in new}
            self._page(new, place)
        missing = [key for key in self._records if key not in self._seen]
        kept = [Pushed(key, self._copies.pop(key), UNKNOWN) for key in missing if key in self._copies]
        self._state.save(self._table, kept, [], self._clock.now())
        lost = set(missing) - {each.key for each in kept}
        self._state.forget(self._table, lost | (self._sent - self._seen))
        for key in lost:
            del self._records[key]
        for each in kept:
            self._records[each.key] = each.record_id
        self._found.records, self._found.missing = len(listed), len(lost)
        self._found.adopted, self._found.copies = self._found.adopted + len(kept), len(self._copies)
        return self._found

    def _page(self, page: list[dict[str, Any]], place: Place) -> None:
        shown = {record["id"]: record.get("fields") or {} for record in page}
        keys: dict[str, str] = {id: self._keys.get(id) or cells.get(place.key) or "" for id, cells in shown.items()}
        rows = self._flat.of(sorted({key for key in keys.values() if key})) if any(keys.values()) else {}
        changed: list[Pushed] = []
        for id, key in keys.items():
            if id not in self._keys:
                if not key or (key not in rows and key not in self._hashes):
                    self._found.foreign += 1
                    continue
                if key in self._records:
                    self._copies[key] = id
                    continue
                self._keys[id], self._records[key] = key, id
                self._found.adopted += 1
            self._seen.add(key)
            if key not in rows:
                if key in self._sent:
                    changed.append(Pushed(key, id, UNKNOWN))
                continue
            wanted = self._writer.change(key, rows[key], id)
            cells = [shown[id].get(field) for field in place.fields]
            same = wanted.problem is None and all(map(_same, wanted.cells, cells))
            self._found.same += same
            self._found.different += not same and wanted.problem is None
            hash = wanted.hash if same else UNKNOWN
            if self._hashes.get(key) != hash:
                changed.append(Pushed(key, id, hash))
        self._state.save(self._table, changed, [], self._clock.now())


def _same(wanted: Any, found: Any) -> bool:
    """An empty cell is not there; the order of links and choices is not ours."""
    if isinstance(wanted, list) and isinstance(found, list):
        return sorted(wanted) == sorted(found)
    return bool((wanted or None) == (found or None)) if not _zero(wanted, found) else wanted == found


def _zero(*values: Any) -> bool:
    """Whether one of them is the number nought, which is not empty."""
    return any(isinstance(value, int | float) and not isinstance(value, bool) and value == 0 for value in values)
