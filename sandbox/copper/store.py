"""The account's memory: records, reference lists, links and files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sandbox import store
from sandbox.copper.kinds import KINDS, RECORD_KINDS
from sandbox.copper.options import Options
from sandbox.order import scramble
from sandbox.store import UNSET, Key, Kind, Record

FIRST_ID = 52_000_001
"""Every kind starts here, so an id alone names nothing."""
FIRST_ACTIVITY_ID = 3_064_000_001
FIRST_SMALL_ID = 610_001
Row = dict[str, Any]
LISTS = """pipelines contact_types customer_sources loss_reasons lead_statuses custom_activity_types webhooks
    custom_field_definitions"""


class Store(store.Store[Record]):
    """Reference lists are dictionaries by id, in the order in which they are served. Nothing that `silent` changes
    touches `date_modified`. `fields` have the vendor's names and only what is set; beside them `custom` has the values
    by definition, dates as ISO text, and `related` what a task or project is about. A file hangs under its record, a
    link under its source. The change time of an activity is when it happened; a deleted one stays, with that time and
    no other field than `is_deleted`."""

    def __init__(self, now: Callable[[], float], options: Options) -> None:
        moved = {kind: "" if kind == "activity" else "edit" for kind in (*KINDS, "file", "link")}
        kinds = [Kind(kind, moved_by=verbs) for kind, verbs in moved.items()]
        super().__init__(kinds, lambda: int(now()), lambda: options.index_lag_seconds)
        self.options = options
        self.account: Row = {}
        self.users: dict[int, Row] = {}
        self.lists: dict[str, dict[int, Row]] = {name: {} for name in LISTS.split()}
        self.definitions = self.lists["custom_field_definitions"]
        self.activity_types: dict[str, list[Row]] = {"user": [], "system": []}
        self.relations: set[frozenset[Key]] = set()
        self.identities: dict[Key, int] = {}
        """The company's people among the records, by kind and id, and (`clients`) its clients among the companies."""
        self.clients: dict[int, int] = {}
        self._tags: tuple[int, list[Row]] = (-1, [])
        self._related: tuple[int, dict[Key, list[Key]]] = (-1, {})

    def next_id(self, space: str) -> int:
        first = FIRST_ACTIVITY_ID if space == "activity" else FIRST_ID if space in KINDS else FIRST_SMALL_ID
        return self.number(space, first)

    def put(self, kind: str, fields: Row, created: int | None = None, updated: int | None = None) -> Record:
        """A new record with these times."""
        made = self.now if created is None else created
        fields.setdefault("custom", {})
        return self.add(Record(kind, self.next_id(kind), made, made if updated is None else updated, fields))

    def delete(self, record: Record) -> None:
        """Nothing tells of it; only a deleted activity leaves a stub."""
        if record.kind == "activity":
            self.edit(record, {**dict.fromkeys(record.fields, UNSET), "is_deleted": True})
            return
        for link in [one for one in self.kinds["link"].values() if one.fields["target"] is record]:
            self.purge(link)
        self.relations = {pair for pair in self.relations if record.key not in pair}
        self.purge(record)

    def silent(self) -> None:
        """Something changed that no record's `date_modified` tells of."""
        self.version += 1

    def definitions_on(self, kind: str) -> list[Row]:
        return [one for one in self.definitions.values() if kind in one["available_on"]]

    def custom_value(self, record: Record, definition: Row) -> Any:
        """The value of a custom field as the record shows it: UNSET where it is not mentioned. What was never set
        is left out, null, an empty list or false."""
        id, data_type = definition["id"], definition["data_type"]
        if data_type == "Connect":
            return [link.id for link in self.below(record, "link") if link.fields["custom_field_definition_id"] == id]
        value = record.fields["custom"].get(id, UNSET)
        if value is not UNSET:
            return value
        way = scramble(record.id + id) >> 8
        if way % 3 == 0:
            return UNSET
        if way % 3 == 2 and data_type in ("MultiSelect", "Checkbox"):
            return [] if data_type == "MultiSelect" else False
        return None

    def related(self, record: Record) -> list[Key]:
        """Both directions of what a record names and of what was related by hand, to whatever still exists."""
        if self._related[0] != self.version:
            found: defaultdict[Key, set[Key]] = defaultdict(set)
            for one, other in self._pairs():
                if one[1] in self.kinds[one[0]] and other[1] in self.kinds[other[0]]:
                    found[one].add(other)
                    found[other].add(one)
            self._related = (self.version, {end: sorted(others) for end, others in found.items()})
        return self._related[1].get(record.key, [])

    def tags(self) -> list[Row]:
        """Every tag that some record has, with its counts, by name."""
        if self._tags[0] != self.version:
            counts: Counter[tuple[str, str]] = Counter(
                (tag, kind)
                for kind in RECORD_KINDS
                for record in self.kinds[kind].values()
                for tag in record.fields.get("tags", ())
            )
            rows = []
            for name in sorted({tag for tag, _ in counts}):
                of_kind = {f"count_{KINDS[kind].path}": counts[name, kind] for kind in RECORD_KINDS}
                rows.append({"name": name, "count": sum(of_kind.values()), **of_kind})
            self._tags = (self.version, rows)
        return self._tags[1]

    def stages(self) -> list[Row]:
        """The stages of all pipelines, in order."""
        return [stage for pipeline in self.lists["pipelines"].values() for stage in pipeline["stages"]]

    def hidden(self, record: Record) -> bool:
        """Whether the key's user is not shown this record."""
        share = self.options.hidden_share
        return bool(share) and scramble(record.id * 7 + len(record.kind)) / 2**32 < share

    def _pairs(self) -> Iterator[tuple[Key, Key]]:
        for kind, named, field in (
            ("person", "company", "company_id"),
            ("opportunity", "company", "company_id"),
            ("opportunity", "person", "primary_contact_id"),
        ):
            for record in self.kinds[kind].values():
                if record.fields.get(field):
                    yield record.key, (named, record.fields[field])
        for kind in ("task", "project"):
            for record in self.kinds[kind].values():
                if record.fields.get("related"):
                    yield record.key, record.fields["related"]
        for pair in self.relations:
            one, other = sorted(pair)
            yield one, other
