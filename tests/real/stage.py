"""What the tests with real processes share: a simulated vendor on 127.0.0.1, and a warehouse compared with its truth.

The vendor is served by this process, so that a test can revoke its tokens or count its requests; what is
tested, `fivetran`, runs in processes of its own.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from subprocess import Popen
from typing import Any

from demo.stage import Project
from sandbox.basecamp import Basecamp
from sandbox.company import Company
from sandbox.server import Server

OPTIONAL = {"event", "feed_event"}
"""Tables that are only filled where the configuration asks for them."""
BOOKKEEPING = ("_fivetran_synced", "_fivetran_deleted")
SYSTEM = {"errors", "sync_metadata"}


@contextmanager
def basecamp(scale: float, **options: Any) -> Iterator[tuple[Basecamp, str]]:
    """A simulated Basecamp and its origin."""
    vendor = Basecamp(Company(seed=1, scale=scale), now=time.time, seed=1)
    for name, value in options.items():
        setattr(vendor.options, name, value)
    with Server(vendor, port=0) as server:
        yield vendor, server.origin


def kill_at_request(vendor: Basecamp, number: int, process: Popen[str]) -> None:
    """SIGKILL the process, with all that it started, at the moment its request `number` from now arrives."""
    serve, seen = vendor.wsgi, Counter[str]()

    def counting(environ: Any, start_response: Any) -> Any:
        seen["requests"] += 1
        if seen["requests"] == number:
            os.killpg(process.pid, signal.SIGKILL)
        return serve(environ, start_response)

    vendor.wsgi = counting  # type: ignore[method-assign]


def credentials_sent(vendor: Basecamp) -> set[str]:
    """The access tokens that arrive at the vendor from now on."""
    serve, sent = vendor.wsgi, set[str]()

    def noting(environ: Any, start_response: Any) -> Any:
        sent.update(environ.get("HTTP_AUTHORIZATION", "").split()[1:])
        return serve(environ, start_response)

    vendor.wsgi = noting  # type: ignore[method-assign]
    return sent


def differences(project: Project, vendor: Basecamp) -> list[str]:
    """How the DuckDB file differs from the vendor's truth, for every table: nothing, if all is well."""
    truth = {name: rows for name, rows in vendor.truth().items() if name not in OPTIONAL}
    landed = set(tables_of(project)) - OPTIONAL - SYSTEM
    found = [f"{name}: there is no such table" for name in sorted(truth.keys() - landed)]
    found += [f"{name}: the vendor knows nothing of it" for name in sorted(landed - truth.keys())]
    for name in sorted(truth.keys() & landed):
        types = types_of(project, name)
        columns = set().union(*(row.keys() for row in truth[name])) if truth[name] else set(types)
        found += [f"{name}: the column {column} is in one of them only" for column in sorted(columns ^ set(types))]
        ours = Counter(_text(row) for row in rows_of(project, name))
        theirs = Counter(
            _text({column: _plain(value, types.get(column, "")) for column, value in row.items()})
            for row in truth[name]
        )
        found += [f"{name}: missing {row[:600]}" for row in theirs - ours]
        found += [f"{name}: extra {row[:600]}" for row in ours - theirs]
    return found


def tables_of(project: Project) -> list[str]:
    """Every table in the DuckDB file."""
    _, names = project.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'tester'")
    return [name for (name,) in names]


def types_of(project: Project, table: str) -> dict[str, str]:
    """The type of each column that is ours."""
    return {name: kind for name, kind in _declared(project, table).items() if name not in BOOKKEEPING}


def rows_of(project: Project, table: str) -> list[dict[str, Any]]:
    """The living rows of a table, with values that compare with the truth's."""
    types = types_of(project, table)
    # Python needs a further package to read a time with a zone, so times are read as text.
    picked = ", ".join(f'"{name}"::VARCHAR' if "ZONE" in kind else f'"{name}"' for name, kind in types.items())
    # A table that never had a row has no mark for deleted ones either.
    living = "WHERE NOT _fivetran_deleted" if "_fivetran_deleted" in _declared(project, table) else ""
    _, rows = project.query(f"SELECT {picked} FROM tester.{table} {living}")
    return [
        {
            name: _plain(json.loads(value) if kind == "JSON" and value is not None else value, kind)
            for (name, kind), value in zip(types.items(), row, strict=True)
        }
        for row in rows
    ]


def _declared(project: Project, table: str) -> dict[str, str]:
    _, declared = project.query(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'tester' AND table_name = ?",
        [table],
    )
    return dict(declared)


def _plain(value: Any, kind: str) -> Any:
    """One form for each value of a column of this type: instants in UTC, numbers by their amount."""
    if value is None or kind == "JSON":
        return value
    if kind.startswith("DECIMAL"):
        return format(Decimal(str(value)).normalize(), "f")
    if kind == "DOUBLE":
        return float(value)
    if "ZONE" in kind:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else f"{value} without a zone"
    return value.isoformat() if isinstance(value, date) else value


def _text(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


def written_by(folder: Path) -> dict[str, bytes]:
    """Every file below a folder that a run has left behind, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "configuration.json"
    }
