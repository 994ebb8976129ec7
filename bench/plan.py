"""`python -m bench.plan FOLDER`: what a push of a million flat rows would do, and the memory that finding out takes.

The warehouse is a DuckDB file that `prepare` makes in another process: a million flat rows that link to ten thousand,
all of them pushed, a thousand changed since. What is printed, as JSON, is the peak before the plan (the interpreter
with all modules loaded) and after it, the seconds that it took, and the seconds for reading the same rows alone.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from airtable_push.changes import Writer
from airtable_push.database import open_database
from airtable_push.flat import Flat
from airtable_push.links import Directory
from airtable_push.manifest import of
from airtable_push.mapping import Mapping
from airtable_push.plan import Wishes
from airtable_push.preview import preview
from airtable_push.progress import Silent
from airtable_push.state import BETWEEN, SAVE, State
from bench.apart import ROOT, apart, peak_megabytes
from bench.figures import Figure
from shared.clock import SystemClock

ROWS = 1_000_000
PARENTS = 10_000
CHANGED = 1_000
BASE = "app00000000000000"
AT_ONCE = 50_000
MOST_MEGABYTES = 400


def figures() -> Iterator[Figure]:
    """Another process makes the warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        make = "import sys; from pathlib import Path; from bench.plan import prepare; prepare(Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", make, folder], cwd=ROOT, check=True)
        found = apart("bench.plan", folder)
    what, of = "of what a push to Airtable would do", f"{found['rows']:,} rows"
    beside = f"{found['changed']:,} changed; modules alone {found['before']:.0f}"
    yield Figure(f"peak MB {what}", of, round(found["peak"]), MOST_MEGABYTES, beside=beside)
    ratio, beside = found["plan_seconds"] / found["reading_seconds"], f"reading takes {found['reading_seconds']:.1f} s"
    yield Figure(f"seconds {what} / of reading", of, ratio, beside=beside)


def main() -> int:
    warehouse = str(Path(sys.argv[1]) / "flat.duckdb")
    mapping = mapped()
    before = peak_megabytes()
    database = open_database(warehouse)
    started = time.perf_counter()
    read = sum(sum(1 for _ in Flat(database, table).rows()) for table in mapping.tables)
    reading = time.perf_counter() - started
    started = time.perf_counter()
    report = preview(
        mapping,
        mapping.tables,
        database,
        State(database, BASE),
        clock=SystemClock(),
        progress=Silent(),
        wishes=Wishes(),
    )
    print(
        json.dumps(
            {
                "rows": read,
                "changed": sum(each.updated for each in report.tables),
                "requests": report.requests,
                "created": sum(each.created for each in report.tables),
                "before": before,
                "peak": peak_megabytes(),
                "reading_seconds": reading,
                "plan_seconds": time.perf_counter() - started,
            }
        )
    )
    database.close()
    return 0


def mapped() -> Mapping:
    """Two tables with the usual kinds of fields."""
    return of(
        [
            _node("clients", {"client_id": {"name": "Client ID"}, "name": {"name": "Client"}}, "client_id"),
            _node(
                "invoices",
                {
                    "invoice_id": {"name": "Invoice ID"},
                    "title": {"name": "Invoice"},
                    "balance": {"name": "Balance", "type": "currency"},
                    "due_on": {"name": "Due", "type": "date"},
                    "sent_at": {"name": "Sent", "type": "dateTime"},
                    "open": {"name": "Open", "type": "checkbox"},
                    "status": {"name": "Status", "type": "singleSelect"},
                    "client_id": {"name": "Client", "link": "clients"},
                },
                "invoice_id",
            ),
        ]
    )


def prepare(folder: Path, rows: int = ROWS, changed: int = CHANGED) -> None:
    """Make the warehouse."""
    path = folder / "flat.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create table clients as
            select printf('client-%06d', number) as client_id, printf('Client %d', number) as name
            from range({PARENTS}) as numbers(number)""")
        connection.execute(f"""
            create table invoices as
            select printf('invoice-%09d', number) as invoice_id, printf('Invoice %d', number) as title,
                (number % 100000 / 7)::decimal(38, 9) as balance,
                date '2020-01-01' + (number % 2000)::integer as due_on,
                timestamp '2020-01-01' + to_seconds(number) as sent_at, number % 3 = 0 as open,
                case number % 3 when 0 then 'Open' when 1 then 'Paid' else 'Late' end as status,
                printf('client-%06d', number % {PARENTS}) as client_id
            from range({rows}) as numbers(number)
            order by hash(number)""")
    database = open_database(str(path))
    state = State(database, BASE)
    state.create()
    directory = Directory(state, mapped().by_model)
    for table in mapped().tables:
        writer = Writer(table, directory)
        flat = Flat(database, table).rows()
        while some := list(islice(flat, AT_ONCE)):
            keys = [key for key, _ in some]
            ids = [f"rec{hashlib.md5(key.encode()).hexdigest()[:14]}" for key in keys]
            hashes = [writer.change(key, row, None).hash for key, row in some]
            columns = [BETWEEN.join(column) for column in (keys, ids, hashes)]
            database.write([(SAVE, [BASE, table.model, *columns, "2026-01-01"])])
    every = f"substr(invoice_id, 9)::bigint % {rows // changed} = 0"
    database.write([(f"update invoices set title = title || ' (new)' where {every}", [])])
    database.close()


def _node(model: str, columns: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
    return {
        "name": model,
        "schema": "main",
        "config": {"meta": {"airtable": {"name": model.title(), "key": key}}},
        "columns": {name: {"name": name, "config": {"meta": {"airtable": said}}} for name, said in columns.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
