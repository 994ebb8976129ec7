"""`python -m demo`: sync the simulated Basecamp twice with the real `fivetran debug`, and show what landed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from demo.stage import ROOT, Project, Sandbox
from demo.tables import table

SCALE = 0.05
CHANGES = 60
HOME = ROOT / "build" / "demo"
LICENCE = """\
fivetran-connector-sdk-core, which runs this, is proprietary software of Fivetran, not part of this project:
using it is agreeing to its licence. It may be run on one machine to test connectors, and for nothing else.
DO_NOT_TRACK=1 is set, so the command line sends no usage statistics.
"""
SHOWN = ("project", "person", "todo", "comment", "message", "card", "document", "campfire_line", "timesheet_entry")
OPEN_TODOS = """\
SELECT project.client_company_name AS client, project.name AS project,
       count(*) AS open_todos, count(*) FILTER (WHERE todo.due_on < CAST(? AS DATE)) AS overdue
FROM tester.todo JOIN tester.project ON project.id = todo.bucket_id
WHERE NOT todo.completed AND NOT todo._fivetran_deleted AND project.client_company_name IS NOT NULL
GROUP BY ALL ORDER BY overdue DESC, open_todos DESC"""
COUNTED = """\
SELECT sum(rows)::BIGINT, sum(deletes)::BIGINT, sum(requests)::BIGINT, max(last_completed_at)::VARCHAR
FROM tester.sync_metadata WHERE last_started_at > CAST(? AS TIMESTAMPTZ)"""


def main() -> int:
    print(LICENCE)
    project = Project("basecamp", HOME / "basecamp")
    runs: list[tuple[str, int, int, int]] = []
    finished = "1970-01-01 00:00:00+00"
    with Sandbox(scale=SCALE) as sandbox:
        project.configure(sandbox.configuration())
        for label in ("everything", f"{CHANGES} changes later"):
            if runs:
                sandbox.work(CHANGES)
            print(f"fivetran debug basecamp: {label} (50 requests in 10 seconds, as Basecamp allows) ...", flush=True)
            code, output = project.run("debug")
            (HOME / "debug.log").write_text(output, "utf-8")
            if code:
                print(output, file=sys.stderr)
                return code
            _, [(rows, deletes, requests, finished)] = project.query(COUNTED, [finished])
            runs.append((label, rows, deletes, requests))
    print()
    print(table(("sync", "rows", "deletes", "requests"), runs))
    print()
    print(_landed(project))
    return 0


def _landed(project: Project) -> str:
    _, names = project.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'tester'")
    counts = []
    for name in SHOWN:
        _, [(count,)] = project.query(f"SELECT count(*) FROM tester.{name} WHERE NOT _fivetran_deleted")
        counts.append((name, count))
    head, rows = project.query(OPEN_TODOS, [datetime.now(UTC).date().isoformat()])
    shown = Path(project.warehouse).relative_to(ROOT)
    return (
        f"{table(('table', 'rows'), counts)}\n... and {len(names) - len(SHOWN)} more tables, all in {shown}\n\n"
        f"Open to-dos of clients:\n\n{table(head, rows)}"
    )


if __name__ == "__main__":
    sys.exit(main())
