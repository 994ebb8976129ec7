"""Runs dbt on the project, in a process of its own: it keeps files open and settings global until it ends.

The profile is made for each run and goes with it. A password travels in the environment only.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from airtable_push.errors import JobError
from airtable_push.flatten.options import Options, is_postgres

PROFILE = "airtable_push"
PASSWORD = "DBT_ENV_SECRET_AIRTABLE_PUSH_PASSWORD"
"""dbt keeps the value of a variable of this name out of its logs."""
THREADS = 2
POSTGRES_PORT = 5432
MOST_FAILURES = 5
"""Named in a message before it only counts."""
DBT = "from dbt.cli.main import cli; cli()"
QUIETLY = ("--quiet", "--no-use-colors", "--log-level-file", "none")


class Project:
    """One warehouse and one project, with the options as dbt's variables."""

    def __init__(self, warehouse: str, options: Options) -> None:
        self._options = options
        self._environment = {**os.environ, "DO_NOT_TRACK": "1"}
        self._target: dict[str, Any]
        if is_postgres(warehouse):
            self._target = self._postgres(warehouse)
        else:
            Path(warehouse).parent.mkdir(parents=True, exist_ok=True)
            self._target = {
                "type": "duckdb",
                "path": str(Path(warehouse).resolve()),
                "settings": {"TimeZone": "UTC"},
                "attach": [
                    {"path": place["path"], "alias": place["database"], "read_only": True}
                    for place in options.landed.values()
                ],
            }
        self._target |= {"schema": options.schema, "threads": THREADS}

    def build(self, *selection: str) -> str:
        """Seeds, models and tests of a selection; answers a sentence about what ran. Raises `JobError` that names
        what failed."""
        self._results_path.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix="airtable_push-") as folder:
            profiles = {PROFILE: {"target": "warehouse", "outputs": {"warehouse": self._target}}}
            # Every JSON text is YAML.
            (Path(folder) / "profiles.yml").write_text(json.dumps(profiles), "utf-8")
            ran = subprocess.run(
                [
                    # Without -P the current folder would be searched for modules first.
                    sys.executable,
                    "-P",
                    "-c",
                    DBT,
                    *QUIETLY,
                    "build",
                    "--indirect-selection",
                    "cautious",
                    "--project-dir",
                    str(self._options.project),
                    "--profiles-dir",
                    folder,
                    "--vars",
                    json.dumps(self._options.variables),
                    *selection,
                ],
                env=self._environment,
                cwd=self._options.project,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        results = self._results()
        if ran.returncode == 0 and results is not None:
            models = sum(one["unique_id"].startswith("model.") for one in results)
            tests = sum(one["unique_id"].startswith("test.") for one in results)
            return f"{models} tables made, {tests} tests passed"
        failed = [one for one in results or () if one["status"] in ("error", "fail")]
        if not failed:
            raise JobError(f"dbt ended early: {_last_lines(ran.stdout + ran.stderr)}")
        told = "; ".join(f"{_name(one)}: {_sentence(one.get('message'))}" for one in failed[:MOST_FAILURES])
        more = f"; and {len(failed) - MOST_FAILURES} more" if len(failed) > MOST_FAILURES else ""
        raise JobError(f"dbt could not make all flat tables. {told}{more}")

    @property
    def _results_path(self) -> Path:
        return self._options.project / "target" / "run_results.json"

    def _results(self) -> list[dict[str, Any]] | None:
        try:
            return list(json.loads(self._results_path.read_text("utf-8"))["results"])
        except (OSError, ValueError, KeyError):
            return None

    def _postgres(self, url: str) -> dict[str, Any]:
        given = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
        self._environment[PASSWORD] = str(given.get("password", ""))
        target = {
            "type": "postgres",
            "host": given.get("host", "localhost"),
            "port": int(given.get("port", POSTGRES_PORT)),
            "user": given.get("user", ""),
            "password": f"{{{{ env_var('{PASSWORD}') }}}}",
            "dbname": given.get("dbname", given.get("user", "")),
        }
        return target | ({"sslmode": given["sslmode"]} if "sslmode" in given else {})


def _name(result: dict[str, Any]) -> str:
    kind, _, name, *_ = result["unique_id"].split(".")
    return f"{kind} {name}"


def _sentence(message: str | None) -> str:
    return " ".join((message or "failed").split())


def _last_lines(output: str) -> str:
    return " ".join(output.strip().splitlines()[-6:]) or "it said nothing"
