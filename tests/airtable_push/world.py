"""A warehouse of three flat tables, a simulated base, and the job between them, in virtual time."""

import json
import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import requests

from airtable_push.__main__ import main
from sandbox.airtable import Airtable
from sandbox.airtable.options import Options
from sandbox.airtable.tables import Record, Table
from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.transport import WsgiAdapter

ORIGIN = "https://airtable.test"
SOME_DAY = datetime(2026, 3, 1, tzinfo=UTC)
FEWEST = 4
"""Rows of a table that a day leaves."""
STATUSES = ("Open", "Won", "Lost")
COLUMNS: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "clients": {
        "client_id": ("varchar", {"name": "Client ID"}),
        "client_name": ("varchar", {"name": "Client"}),
        "balance": ("decimal(38, 9)", {"name": "Open balance", "type": "currency"}),
        "since": ("date", {"name": "Client since", "type": "date"}),
        "active": ("boolean", {"name": "Active", "type": "checkbox"}),
        "notes": ("varchar", {"name": "Notes", "type": "multilineText"}),
        "loaded_at": ("timestamp", {}),
    },
    "contacts": {
        "contact_id": ("varchar", {"name": "Contact ID"}),
        "full_name": ("varchar", {"name": "Name"}),
        "email": ("varchar", {"name": "E-mail", "type": "email"}),
        "seen_at": ("timestamptz", {"name": "Last seen", "type": "dateTime"}),
        "client_id": ("varchar", {"name": "Client", "link": "clients"}),
        "tags": ("varchar", {"name": "Tags", "type": "multipleSelects", "choices": ["a", "b", "c"]}),
    },
    "deals": {
        "deal_id": ("varchar", {"name": "Deal ID"}),
        "title": ("varchar", {"name": "Deal"}),
        "share": ("decimal(9, 4)", {"name": "Share", "type": "percent", "precision": 1}),
        "status": ("varchar", {"name": "Status", "type": "singleSelect", "choices": list(STATUSES)}),
        "client_id": ("varchar", {"name": "Client", "link": "clients"}),
        "contact_ids": ("varchar", {"name": "Contacts", "link": "contacts", "many": True}),
    },
}
MODELS = {
    "deals": {"name": "Deals", "key": "deal_id", "primary": "title"},
    "contacts": {"name": "Contacts", "key": "contact_id", "primary": "full_name"},
    "clients": {"name": "Clients", "key": "client_id", "primary": "client_name"},
}
Row = dict[str, Any]


class Killed(BaseException):
    """The process is gone."""


def manifest(
    columns: dict[str, dict[str, tuple[str, dict[str, Any]]]] = COLUMNS,
    models: dict[str, Any] = MODELS,
    schema: str = "main",
) -> dict[str, Any]:
    """What dbt would write of these models."""
    nodes = {
        f"model.flat.{model}": {
            "resource_type": "model",
            "name": model,
            "alias": model,
            "schema": schema,
            "description": f"All {model}.",
            "config": {"meta": {"airtable": said}},
            "columns": {
                name: {
                    "name": name,
                    "description": f"The {name}.",
                    "config": {"meta": {"airtable": meta} if meta else {}},
                }
                for name, (_, meta) in columns[model].items()
            },
        }
        for model, said in models.items()
    }
    nodes["model.flat.staging"] = {"resource_type": "model", "name": "staging", "config": {"meta": {}}, "columns": {}}
    nodes["test.flat.unique"] = {"resource_type": "test", "name": "unique"}
    return {"nodes": nodes}


class Adapter(WsgiAdapter):
    """Calls `before` and `after` around each request."""

    before: Callable[[requests.PreparedRequest], None] = staticmethod(lambda request: None)
    after: Callable[[requests.PreparedRequest], None] = staticmethod(lambda request: None)

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        self.before(request)
        answer = super().send(request, *arguments, **options)
        self.after(request)
        return answer


@dataclass
class World:
    """`rows` is what the flat tables hold, by model and key."""

    home: Path
    seed: int = 1
    warehouse: str = ""
    latency: float = 0.0
    options: Options = field(default_factory=Options)
    columns: dict[str, Any] = field(default_factory=lambda: COLUMNS)
    models: dict[str, Any] = field(default_factory=lambda: MODELS)
    clock: VirtualClock = field(default_factory=VirtualClock)
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.faults = Faults(self.seed, sleep=self.clock.sleep)
        self.vendor = Airtable(Company(1, 0.05), self.clock.now, self.seed, self.faults, self.options)
        self.adapter = Adapter(self.vendor.wsgi, sleep=self.clock.sleep, latency=self.latency)
        self.session = requests.Session()
        self.session.mount(ORIGIN, self.adapter)
        self.home.mkdir(parents=True, exist_ok=True)
        self.warehouse = self.warehouse or str(self.home / "flat.duckdb")
        self.manifest = self.home / "manifest.json"
        self.manifest.write_text(json.dumps(manifest(self.columns, self.models)), "utf-8")
        if self.warehouse.startswith("postgresql"):
            self._change_manifest_schema("public")
        self.rows: dict[str, dict[str, Row]] = {model: {} for model in self.columns}
        self.write()

    @property
    def environment(self) -> dict[str, str]:
        configuration = self.vendor.configuration(ORIGIN)
        return {
            **{f"AIRTABLE_PUSH_{name.upper()}": value for name, value in configuration.items()},
            "AIRTABLE_PUSH_WAREHOUSE": self.warehouse,
            "AIRTABLE_PUSH_MANIFEST": str(self.manifest),
            **self.settings,
        }

    def run(self, *arguments: str) -> int:
        """A command of the job; its exit code."""
        self.clock.advance(60)
        return main(arguments, clock=self.clock, session=self.session, environment=self.environment)

    def ready(self, clients: int = 12, contacts: int = 25, deals: int = 15) -> "World":
        """Rows, and their tables in the base."""
        self.grow("clients", clients)
        self.grow("contacts", contacts)
        self.grow("deals", deals)
        self.write()
        assert self.run("init") == 0
        return self

    def grow(self, model: str, count: int) -> None:
        """That many new rows; `write` puts them into the warehouse."""
        for _ in range(count):
            self.number = getattr(self, "number", 0) + 1
            key = f"{model[:2]}-{self.number:05d}"
            self.rows[model][key] = self.row(model, key)

    def row(self, model: str, key: str) -> Row:
        """A row of random content."""
        draw = self.random
        if model == "clients":
            return {
                "client_id": key,
                "client_name": f"Client {draw.randint(1, 999)}",
                "balance": draw.choice([None, Decimal(draw.randint(0, 10**7)) / 1000]),
                "since": draw.choice([None, date(2020, 1, 1) + timedelta(draw.randint(0, 2000))]),
                "active": draw.choice([True, False, None]),
                "notes": draw.choice([None, "", "nächste Woche\n\u2713", "x" * 50]),
                "loaded_at": (SOME_DAY + timedelta(seconds=draw.randint(0, 10**6))).replace(tzinfo=None),
            }
        if model == "contacts":
            return {
                "contact_id": key,
                "full_name": draw.choice([None, f"Ada {draw.randint(1, 999)}"]),
                "email": f"ada{draw.randint(1, 999)}@ember-optics.example",
                "seen_at": draw.choice([None, SOME_DAY + timedelta(seconds=draw.randint(0, 10**6))]),
                "client_id": draw.choice([None, *self.rows["clients"]]),
                "tags": draw.choice([None, "[]", json.dumps(draw.sample("abc", 2))]),
            }
        people = list(self.rows["contacts"])
        return {
            "deal_id": key,
            "title": f"Deal {draw.randint(1, 999)}",
            "share": draw.choice([None, Decimal(draw.randint(0, 1000)) / 1000]),
            "status": draw.choice([None, *STATUSES]),
            "client_id": draw.choice([None, *self.rows["clients"]]),
            "contact_ids": json.dumps(draw.sample(people, min(len(people), draw.randint(0, 3)))),
        }

    def edit(self, model: str, key: str, **values: Any) -> None:
        self.rows[model][key].update(values)

    def remove(self, model: str, key: str) -> None:
        """The row is gone, and so are the links to it."""
        del self.rows[model][key]
        for rows in self.rows.values():
            for row in rows.values():
                if model == "clients" and row.get("client_id") == key:
                    row["client_id"] = None
                if model == "contacts" and "contact_ids" in row:
                    row["contact_ids"] = json.dumps([one for one in json.loads(row["contact_ids"]) if one != key])

    def work(self, changes: int) -> None:
        """A day in the warehouse."""
        for _ in range(changes):
            model = self.random.choice(list(self.rows))
            keys = list(self.rows[model])
            kind = self.random.random()
            if kind < 0.25 or not keys:
                self.grow(model, 1)
            elif kind < 0.4 and len(keys) > FEWEST:
                self.remove(model, self.random.choice(keys))
            else:
                key = self.random.choice(keys)
                self.rows[model][key] = self.row(model, key)
        self.write()

    def write(self) -> None:
        """Put `rows` into the flat tables."""
        statements = []
        for model, columns in self.columns.items():
            declared = ", ".join(f'"{name}" {type}' for name, (type, _) in columns.items())
            statements.append(f"drop table if exists {model}")
            statements.append(f"create table {model} ({declared})")
            rows = list(self.rows[model].values())
            if rows:
                self.random.shuffle(rows)
                values = ", ".join("(" + ", ".join(_literal(row[name]) for name in columns) + ")" for row in rows)
                statements.append(f"insert into {model} values {values}")
        self.execute(*statements)

    def execute(self, *statements: str) -> None:
        """Run these in the warehouse, in one transaction."""
        if self.warehouse.startswith("postgresql"):
            with psycopg.connect(self.warehouse) as connection:
                connection.execute("; ".join(statements))  # type: ignore[call-overload]
            return
        with closing(duckdb.connect(self.warehouse)) as connection:
            connection.execute("; ".join(["begin", *statements, "commit"]))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the warehouse."""
        if self.warehouse.startswith("postgresql"):
            with psycopg.connect(self.warehouse) as connection:
                return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]
        with closing(duckdb.connect(self.warehouse)) as connection:
            return connection.execute(query).fetchall()

    def expected(self) -> dict[str, dict[str, Row]]:
        """What the base must hold in the fields of the mapping, by model and key; links by key."""
        return {
            model: {
                key: {
                    meta["name"]: cell
                    for name, (_, meta) in self.columns[model].items()
                    if meta and (cell := _cell(meta, row[name])) is not None
                }
                for key, row in rows.items()
            }
            for model, rows in self.rows.items()
        }

    def held(self) -> dict[str, dict[str, Row]]:
        """What the base holds in the fields of the mapping. Two records with one key are an error."""
        keys = {
            record.id: self.cell(table, record, self.key_name(model))
            for model, table in self.tables().items()
            for record in table.records.values()
        }
        found: dict[str, dict[str, Row]] = {}
        for model, table in self.tables().items():
            found[model] = {}
            for record in table.records.values():
                if record.id in self.vendor.operators.records:
                    continue
                key = keys[record.id]
                assert key not in found[model], f"{model} has {key} twice"
                found[model][key] = {
                    meta["name"]: sorted(keys[one] for one in value) if "link" in meta else value
                    for _, meta in self.columns[model].values()
                    if meta and (value := self.cell(table, record, meta["name"])) is not None
                }
        return found

    def check(self) -> None:
        """Airtable equals the flat tables."""
        assert self.held() == self.expected()

    def tables(self) -> dict[str, Table]:
        return {
            model: table
            for model in self.columns
            if (table := self.vendor.store.table(self.models[model]["name"])) is not None
        }

    def key_name(self, model: str) -> str:
        name: str = self.columns[model][self.models[model]["key"]][1]["name"]
        return name

    def cell(self, table: Table, record: Record, name: str) -> Any:
        found = table.field(name)
        return record.cells.get(found.id) if found is not None else None

    def record(self, model: str, key: str) -> Record:
        """The record of a row."""
        table = self.tables()[model]
        return next(
            record for record in table.records.values() if self.cell(table, record, self.key_name(model)) == key
        )

    def sent(self, *methods: str) -> int:
        """Requests so far, of these methods or all."""
        return sum(1 for entry in self.vendor.requests if not methods or entry.method in methods)

    def _change_manifest_schema(self, schema: str) -> None:
        self.manifest.write_text(json.dumps(manifest(self.columns, self.models, schema)), "utf-8")


def _literal(value: Any) -> str:
    """A value in SQL."""
    if value is None:
        return "null"
    return str(value) if isinstance(value, bool | int | Decimal) else "'" + str(value).replace("'", "''") + "'"


def _cell(meta: Row, value: Any) -> Any:
    """Written on its own, from airtable.md A5."""
    if value in (None, "", False) and not isinstance(value, int | Decimal) or value is False:
        return None
    if "link" in meta:
        return sorted(json.loads(value) if meta.get("many") else [value]) or None
    kind = meta.get("type")
    if kind == "multipleSelects":
        return sorted(json.loads(value)) or None
    if kind in ("currency", "percent"):
        return float(round(value, 2 if kind == "currency" else meta.get("precision", 0) + 2))
    if kind == "date":
        return value.isoformat()
    if kind == "dateTime":
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value
