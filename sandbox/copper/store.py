"""The account's memory: records and their index, reference lists, links and files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sandbox.copper.index import Index
from sandbox.copper.kinds import KINDS, RECORD_KINDS
from sandbox.copper.options import Options
from sandbox.copper.records import Definition, File, Link, Record
from sandbox.order import scramble

FIRST_ID = 52_000_001
"""Every kind starts here, so an id alone names nothing."""
FIRST_ACTIVITY_ID = 3_064_000_001
FIRST_SMALL_ID = 610_001
Row = dict[str, Any]
End = tuple[str, int]
UNSET: Any = object()
SINGLE_COUNTS = {
    "person": "count_people",
    "lead": "count_leads",
    "company": "count_companies",
    "opportunity": "count_opportunities",
    "project": "count_projects",
    "task": "count_tasks",
}


class Store:
    """Records change through `add`, `change` and `delete` only. Reference lists are dictionaries by id, in the order
    in which they are served. Nothing that `silent` changes touches `date_modified`."""

    def __init__(self, now: Callable[[], float], options: Options) -> None:
        self.options = options
        self.account: Row = {}
        self.users: dict[int, Row] = {}
        self.kinds: dict[str, dict[int, Record]] = {name: {} for name in KINDS}
        self.indexes: dict[str, Index] = {name: Index() for name in KINDS}
        self.lists: dict[str, dict[int, Row]] = {
            name: {}
            for name in (
                "pipelines",
                "contact_types",
                "customer_sources",
                "loss_reasons",
                "lead_statuses",
                "custom_activity_types",
                "webhooks",
            )
        }
        self.activity_types: dict[str, list[Row]] = {"user": [], "system": []}
        self.definitions: dict[int, Definition] = {}
        self.links: dict[int, Link] = {}
        self.files: dict[int, File] = {}
        self.relations: set[frozenset[End]] = set()
        self.identities: dict[End, int] = {}
        """The company's people among the records, by kind and id, and (`clients`) its clients among the companies."""
        self.clients: dict[int, int] = {}
        self.version = 0
        self.building = False
        self._links_of: defaultdict[End, list[int]] = defaultdict(list)
        self._files_of: defaultdict[End, list[int]] = defaultdict(list)
        self._last_ids: dict[str, int] = {}
        self._tags: tuple[int, list[Row]] = (-1, [])
        self._related: tuple[int, dict[End, list[End]]] = (-1, {})
        self._on: dict[str, list[Definition]] = {}
        self._now = now

    @property
    def now(self) -> int:
        """The vendor's clock; it knows whole seconds."""
        return int(self._now())

    def next_id(self, space: str) -> int:
        first = FIRST_ACTIVITY_ID if space == "activity" else FIRST_ID if space in KINDS else FIRST_SMALL_ID
        self._last_ids[space] = self._last_ids.get(space, first - 1) + 1
        return self._last_ids[space]

    def add(
        self,
        kind: str,
        fields: Row,
        custom: dict[int, Any] | None = None,
        created: int | None = None,
        modified: int | None = None,
        happened: int = 0,
    ) -> Record:
        now = self.now
        made = now if created is None else created
        record = Record(
            kind, self.next_id(kind), made, made if modified is None else modified, fields, custom or {}, happened
        )
        self._keep(record)
        return record

    def change(
        self,
        record: Record,
        fields: Row | None = None,
        custom: dict[int, Any] | None = None,
        moves: bool = True,
        at: int | None = None,
    ) -> Record:
        """A new version with these fields and custom values; UNSET takes one away. `moves`: its change time does."""
        modified = record.modified if not moves else self.now if at is None else at
        new = replace(
            record, modified=modified, fields=_merged(record.fields, fields), custom=_merged(record.custom, custom)
        )
        self._keep(new)
        return new

    def move_activity(self, record: Record, happened: int) -> Record:
        """Activities have no change time of their own: `date_modified` is when they happened."""
        new = replace(record, modified=happened, happened=happened)
        self._keep(new)
        return new

    def delete(self, record: Record) -> None:
        """Nothing tells of it; only a deleted activity leaves a stub."""
        self.version += 1
        if record.kind == "activity":
            self._keep(replace(record, fields={"is_deleted": True}, custom={}))
            return
        end = (record.kind, record.id)
        del self.kinds[record.kind][record.id]
        self._show(record.kind, record.id, None)
        for link in [one for one in self.links.values() if end in (one.source, one.target)]:
            self.remove_link(link)
        for file in self._files_of.pop(end, []):
            del self.files[file]
        self.relations = {pair for pair in self.relations if end not in pair}

    def alive(self, kind: str, id: int | None) -> bool:
        return id in self.kinds[kind]

    def silent(self) -> None:
        """Something changed that no record's `date_modified` tells of."""
        self.version += 1
        self._on.clear()

    def catch_up(self) -> None:
        """Let searches see what is due by now."""
        now = self._now()
        for index in self.indexes.values():
            index.catch_up(now)

    def definitions_on(self, kind: str) -> list[Definition]:
        if kind not in self._on:
            self._on[kind] = [one for one in self.definitions.values() if kind in one.available_on]
        return self._on[kind]

    def custom_value(self, record: Record, definition: Definition) -> Any:
        """The value of a custom field as the record shows it: UNSET where it is not mentioned. What was never set
        is left out, null, an empty list or false."""
        if definition.data_type == "Connect":
            return [link.id for link in self.links_from(record) if link.definition == definition.id]
        value = record.custom.get(definition.id, UNSET)
        if value is not UNSET:
            return value
        way = scramble(record.id + definition.id) >> 8
        if way % 3 == 0:
            return UNSET
        if way % 3 == 2 and definition.data_type in ("MultiSelect", "Checkbox"):
            return [] if definition.data_type == "MultiSelect" else False
        return None

    def add_link(self, definition: int, source: End, target: End) -> Link:
        self.version += 1
        link = Link(self.next_id("links"), definition, source, target)
        self.links[link.id] = link
        self._links_of[source].append(link.id)
        return link

    def remove_link(self, link: Link) -> None:
        self.version += 1
        del self.links[link.id]
        self._links_of[link.source].remove(link.id)

    def links_from(self, record: Record) -> list[Link]:
        return [self.links[id] for id in self._links_of.get((record.kind, record.id), ())]

    def keep_file(self, file: File) -> None:
        self.version += 1
        if file.id not in self.files:
            self._files_of[file.owner].append(file.id)
        self.files[file.id] = file

    def files_of(self, record: Record) -> list[File]:
        return [self.files[id] for id in self._files_of.get((record.kind, record.id), ())]

    def related(self, record: Record) -> list[End]:
        """Both directions of what a record names and of what was related by hand, to whatever still exists."""
        if self._related[0] != self.version:
            found: defaultdict[End, set[End]] = defaultdict(set)
            for one, other in self._pairs():
                if one[1] in self.kinds[one[0]] and other[1] in self.kinds[other[0]]:
                    found[one].add(other)
                    found[other].add(one)
            self._related = (self.version, {end: sorted(others) for end, others in found.items()})
        return self._related[1].get((record.kind, record.id), [])

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
                row: Row = {"name": name, "count": 0}
                for kind, column in SINGLE_COUNTS.items():
                    row[column] = counts[name, kind]
                    row["count"] += counts[name, kind]
                rows.append(row)
            self._tags = (self.version, rows)
        return self._tags[1]

    def stages(self) -> Iterator[tuple[Row, Row]]:
        """Every pipeline with each of its stages, in order."""
        for pipeline in self.lists["pipelines"].values():
            for stage in pipeline["stages"]:
                yield pipeline, stage

    def hidden(self, record: Record) -> bool:
        """Whether the key's user is not shown this record."""
        share = self.options.hidden_share
        return bool(share) and scramble(record.id * 7 + len(record.kind)) / 2**32 < share

    def _pairs(self) -> Iterator[tuple[End, End]]:
        for person in self.kinds["person"].values():
            if "company_id" in person.fields:
                yield ("person", person.id), ("company", person.fields["company_id"])
        for deal in self.kinds["opportunity"].values():
            for kind, field in (("company", "company_id"), ("person", "primary_contact_id")):
                if deal.fields.get(field):
                    yield ("opportunity", deal.id), (kind, deal.fields[field])
        for kind in ("task", "project"):
            for record in self.kinds[kind].values():
                if record.fields.get("related"):
                    yield (kind, record.id), record.fields["related"]
        for pair in self.relations:
            one, other = sorted(pair)
            yield one, other

    def _keep(self, record: Record) -> None:
        self.version += 1
        self.kinds[record.kind][record.id] = record
        self._show(record.kind, record.id, record)

    def _show(self, kind: str, id: int, record: Record | None) -> None:
        lag = 0 if self.building else self.options.index_lag_seconds
        self.indexes[kind].put(id, record, self._now(), lag)


def _merged(old: dict[Any, Any], changes: dict[Any, Any] | None) -> dict[Any, Any]:
    if not changes:
        return old
    return {key: value for key, value in {**old, **changes}.items() if value is not UNSET}
