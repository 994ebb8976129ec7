"""The company as four connectors would have landed it, and the job's own environment to flatten it with."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.basecamp import Basecamp
from sandbox.company import Company
from sandbox.copper import Copper
from sandbox.pandadoc import PandaDoc
from sandbox.quickbooks import QuickBooks
from sandbox.vendor import SimulatedVendor
from tests.airtable_push.flatten.landing import land_in_file, land_in_postgres
from tests.connectors import ROOT, load

JOB = ROOT / "airtable_push" / ".venv" / "bin" / "python"
PROJECT = ROOT / "airtable_push" / "flatten"
MAKE: dict[str, Callable[..., SimulatedVendor]] = {
    "quickbooks": QuickBooks,
    "copper": Copper,
    "basecamp": Basecamp,
    "pandadoc": PandaDoc,
}
NOW = 1_790_000_000.0
LEFT_BEHIND = ("__pycache__", "target", "logs", "*.py")


def wanted() -> dict[str, set[str]]:
    """The tables that the dbt project reads, by source."""
    declared = yaml.safe_load((PROJECT / "models" / "sources.yml").read_text("utf-8"))["sources"]
    return {one["name"]: {table["name"] for table in one["tables"]} for one in declared if one["name"] in MAKE}


@dataclass
class World:
    """What the simulators hold, in files below `folder`; `people` and `firms` say who each record really is."""

    company: Company
    folder: Path
    people: dict[str, int]
    firms: dict[str, int]
    schemas: dict[str, list[Mapping[str, Any]]]
    tables: dict[str, dict[str, list[dict[str, Any]]]]

    @classmethod
    def make(cls, folder: Path, scale: float, seed: int = 1) -> "World":
        company = Company(seed, scale)
        world = cls(company, folder, {}, {}, {}, {})
        reads = wanted()
        for source, make in MAKE.items():
            vendor = make(company, now=lambda: NOW)
            load(source)
            tables = vendor.truth()
            tables["sync_metadata"] = [
                {"stream": name, "last_completed_at": datetime.now(UTC).isoformat()} for name in sorted(reads[source])
            ]
            schema = sys.modules[f"{source}.connector"].schema({})
            world.schemas[source] = [table for table in schema if table["table"] in reads[source]]
            world.tables[source] = {name: tables.get(name, []) for name in reads[source]}
            for known, found in ((world.people, vendor.identities()), (world.firms, vendor.clients())):
                known.update({f"{source}:{table}:{id}": number for (table, id), number in found.items()})
            world.land(source)
        return world

    def land(self, source: str) -> Path:
        """Write a source's file anew."""
        return land_in_file(self.file(source), self.schemas[source], self.tables[source])

    def land_in_postgres(self, url: str) -> None:
        for source in MAKE:
            land_in_postgres(url, source, self.schemas[source], self.tables[source])

    def file(self, source: str) -> Path:
        return self.folder / f"{source}.db"

    @property
    def project(self) -> Path:
        """A copy of the dbt project that is this world's own."""
        copy = self.folder / "project"
        if not copy.exists():
            shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        return copy

    def flatten(self, warehouse: Path | str) -> subprocess.CompletedProcess[str]:
        """`python -m airtable_push flatten`, as a user runs it."""
        local = not str(warehouse).startswith("postgresql://")
        files = {f"AIRTABLE_PUSH_FLATTEN_{source.upper()}": str(self.file(source)) for source in MAKE if local}
        variables = {
            **os.environ,
            **files,
            "AIRTABLE_PUSH_WAREHOUSE": str(warehouse),
            "AIRTABLE_PUSH_FLATTEN_PROJECT": str(self.project),
            "DO_NOT_TRACK": "1",
        }
        return subprocess.run(
            [needed(), "-m", "airtable_push", "flatten"],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def manifest(self) -> dict[str, Any]:
        return dict(json.loads((self.project / "target" / "manifest.json").read_text("utf-8")))


def needed() -> Path:
    """The job's Python; the test is skipped where it is not installed."""
    if not JOB.exists():
        pytest.skip("the job's environment is missing: make airtable_push/.venv/installed")
    return JOB
