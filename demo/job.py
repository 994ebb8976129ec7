"""The real `python -m airtable_push`, in its own environment, against the simulated Airtable."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from airtable_push.flatten.options import SOURCES
from demo.stage import ROOT, Project
from sandbox.server import ENVIRONMENTS

PYTHON = ROOT / "airtable_push" / ".venv" / "bin" / "python"
PREFIX = ENVIRONMENTS["airtable"]


class JobFailed(Exception):
    """The job ended badly; the text is all that it printed."""


class Job:
    """One base and the flat tables of some connectors' warehouses; the flat tables are in `folder`.

    A connector of which no flat table is made is passed over."""

    def __init__(self, folder: Path, base: dict[str, str], projects: dict[str, Project]) -> None:
        self.warehouse = folder / "flat.duckdb"
        folder.mkdir(parents=True, exist_ok=True)
        self.warehouse.unlink(missing_ok=True)
        settings = {
            **{name.upper(): value for name, value in base.items()},
            "WAREHOUSE": str(self.warehouse),
            **{f"FLATTEN_{name.upper()}": str(projects[name].warehouse) for name in SOURCES if name in projects},
        }
        self.environment = {**os.environ, **{f"{PREFIX}{name}": value for name, value in settings.items()}}
        """What the job is run with."""

    def run(self, *arguments: str) -> dict[str, Any]:
        """`python -m airtable_push ARGUMENTS --json`; answers what it tells. Raises `JobFailed`."""
        return dict(json.loads(self._run(*arguments, "--json").splitlines()[-1]))

    def flatten(self) -> None:
        """Make the flat tables."""
        self._run("flatten")

    def refused(self) -> list[str]:
        """A sentence for each record that Airtable does not take."""
        told = self.run("status")["rejected"]
        return [f"rejected: {table} {each['key']}, {each['message']}" for table, some in told.items() for each in some]

    def _run(self, *arguments: str) -> str:
        ran = subprocess.run(
            [PYTHON, "-m", "airtable_push", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise JobFailed(f"airtable_push {arguments[0]} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
        return ran.stdout
