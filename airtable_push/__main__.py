"""`python -m airtable_push COMMAND`: keep an Airtable base in step with flat warehouse tables."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from airtable_push import mapping, settings
from airtable_push.api import PACE, Client, told
from airtable_push.database import open_database
from airtable_push.errors import JobError, UsageError
from airtable_push.lock import alone
from airtable_push.making import make
from airtable_push.mapping import Mapping, Table
from airtable_push.plan import Wishes
from airtable_push.preview import preview
from airtable_push.progress import Progress, progress
from airtable_push.push import push
from airtable_push.reconcile import COLUMNS, Found, reconcile
from airtable_push.report import Report, text_table
from airtable_push.settings import Settings
from airtable_push.state import State
from shared.clock import Clock, SystemClock
from shared.errors import SourceError
from shared.http import Session

HELP = """\
Show warehouse tables in Airtable, for the people who work there. Only what changed is sent; what they add themselves,
fields and records, is never touched. A run that is killed or stopped is continued by the next one.

  export AIRTABLE_PUSH_TOKEN=...     a personal access token; never an option, never in a file
  export AIRTABLE_PUSH_BASE=app...   or base = "app..." in airtable_push/airtable_push.toml

the first time:
  python -m airtable_push flatten    make the flat tables from what the connectors have landed
  python -m airtable_push init       make their tables and fields in an empty base
  python -m airtable_push plan       what a push would do, and what it would cost
  python -m airtable_push push       do it

every day:
  python -m airtable_push run        flatten and push

exit codes: 0 done, 1 failed or a person is needed, 2 wrong usage, 3 stopped at a limit: the next run continues
"""
COMMANDS = {
    "flatten": (
        "make the flat tables",
        """\
Runs dbt and the matching of contacts, from the connectors' tables to the flat ones. Asks nothing of Airtable.""",
    ),
    "init": (
        "make tables and fields in the base",
        """\
Makes the tables and fields that the base lacks. What is there stays as it is; what is there and does not fit is named,
and then nothing is made. Needs the scope schema.bases:write.""",
    ),
    "plan": (
        "what a push would do",
        """\
Compares the flat tables with what was pushed and prints creates, updates, deletes and the requests they cost.
Asks nothing of Airtable and changes nothing.""",
    ),
    "push": (
        "write what changed",
        """\
Deletes first, because they make room, then parents before children, so that links exist. Ten records a request, five
requests a second. What Airtable refuses is left in airtable_push.rejected with its reason, and tried again when the row
or the base changes, else once a day. Many deletes at once wait for --confirm-deletes.""",
    ),
    "run": ("flatten and push", "Does `flatten`, then `push`. For the scheduler."),
    "reconcile": (
        "read the base back and repair it",
        """\
Reads every record of the base, which costs a request per hundred records, finds what people deleted or changed in our
fields, and pushes it again. Records and fields of their own are left alone. Worth it once a week, or after the state
was lost.""",
    ),
    "status": ("what was pushed, and what is refused", "Reads the state only; asks nothing of Airtable."),
}
REFUSALS_SHOWN = 10


def main(
    arguments: Sequence[str] | None = None,
    *,
    clock: Clock | None = None,
    session: Session | None = None,
    environment: dict[str, str] | None = None,
) -> int:
    """Run a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        job = Job(options, clock or SystemClock(), session, dict(os.environ if environment is None else environment))
        command: Callable[[], int] = getattr(job, options.command)
        return command()
    except JobError as error:
        print(f"airtable_push {options.command}: {error}", file=sys.stderr)
        return error.exit_code
    except SourceError as error:
        print(f"airtable_push {options.command}: {told(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"airtable_push {options.command}: interrupted; the next run continues", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m airtable_push", description=HELP, formatter_class=raw)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, (short, long) in COMMANDS.items():
        command = commands.add_parser(name, help=short, description=long, formatter_class=raw)
        command.add_argument(
            "--settings", type=Path, metavar="FILE", help="a TOML file (default airtable_push/airtable_push.toml)"
        )
        command.add_argument(
            "--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another run to end (default: leave)"
        )
        if name == "flatten":
            continue
        command.add_argument(
            "--table", action="append", default=[], metavar="NAME", help="only this table; may be given several times"
        )
        command.add_argument("--json", action="store_true", help="print one line of JSON instead of a table")
        if name in ("plan", "push", "run", "reconcile"):
            command.add_argument(
                "--confirm-deletes", action="store_true", help="remove records even where they are suspiciously many"
            )
        if name in ("push", "run", "reconcile"):
            command.add_argument("--limit", type=_count, metavar="RECORDS", help="write no more than so many records")
    return parser


class Job:
    """The commands."""

    def __init__(
        self, options: argparse.Namespace, clock: Clock, session: Session | None, environment: dict[str, str]
    ) -> None:
        self._options = options
        self._clock = clock
        self._session = session
        self._settings: Settings = settings.read(environment, options.settings)
        self._progress: Progress = progress()

    def flatten(self) -> int:
        with self._alone():
            self._flatten()
        return 0

    def run(self) -> int:
        client = self._client()
        with self._alone():
            self._flatten()
            return self._push(client)

    def push(self) -> int:
        client = self._client()
        with self._alone():
            return self._push(client)

    def init(self) -> int:
        mapped, tables = self._tables()
        made = make(self._client(), tables, mapped, self._settings.marks, self._progress.say)
        self._print({"made": made}, f"{made} tables and fields made." if made else "Everything was there already.")
        return 0

    def plan(self) -> int:
        mapped, tables = self._tables()
        with self._alone():
            database = open_database(self._settings.warehouse)
            try:
                report = preview(
                    mapped,
                    tables,
                    database,
                    State(database, self._settings.base),
                    clock=self._clock,
                    progress=self._progress,
                    wishes=Wishes(self._settings.marks, self._options.confirm_deletes),
                )
            finally:
                database.close()
        seconds = report.requests * PACE.seconds / PACE.requests
        self._report(report, f"\n{report.requests:,} requests, at least {seconds:,.0f} seconds.")
        return report.exit_code

    def reconcile(self) -> int:
        client = self._client()
        mapped, tables = self._tables()
        with self._alone():
            database = open_database(self._settings.warehouse)
            try:
                found = reconcile(
                    mapped,
                    tables,
                    database,
                    State(database, self._settings.base),
                    client,
                    clock=self._clock,
                    marks=self._settings.marks,
                )
            finally:
                database.close()
            return self._push(client, found)

    def status(self) -> int:
        _, tables = self._tables()
        with self._alone():
            database = open_database(self._settings.warehouse)
            try:
                state = State(database, self._settings.base)
                rows = []
                refused: dict[str, list[dict[str, Any]]] = {}
                for table in tables:
                    rejections = state.rejections(table).values()
                    at = state.last_pushed_at(table)
                    pushed_at = f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
                    rows.append((table.name, state.count(table), len(rejections), pushed_at))
                    refused[table.name] = [
                        {"key": each.key, "type": each.type, "message": each.message, "attempts": each.attempts}
                        for each in rejections
                    ]
            finally:
                database.close()
        head = ("table", "records", "rejected", "last pushed")
        lines = [text_table(head, rows)]
        for name, each in refused.items():
            shown = each[:REFUSALS_SHOWN]
            lines += [f"{name}, {one['key']}: {one['message']} ({one['attempts']} times)" for one in shown]
            if len(each) > REFUSALS_SHOWN:
                lines.append(f"{name}: and {len(each) - REFUSALS_SHOWN:,} more, see airtable_push.rejected")
        tables_told = [dict(zip(("table", "records", "rejected", "last_pushed"), row, strict=True)) for row in rows]
        self._print({"tables": tables_told, "rejected": refused}, "\n".join(lines))
        return 0

    def _flatten(self) -> None:
        """dbt is imported only where it is run: everything else works without it."""
        importlib.import_module("airtable_push.flatten").build(
            self._settings.warehouse, self._settings.flatten, self._progress.say
        )

    def _push(self, client: Client, found: Sequence[Found] = ()) -> int:
        mapped, tables = self._tables()
        database = open_database(self._settings.warehouse)
        try:
            report = push(
                mapped,
                tables,
                database,
                State(database, self._settings.base),
                client,
                clock=self._clock,
                progress=self._progress,
                wishes=Wishes(self._settings.marks, self._options.confirm_deletes, self._options.limit),
            )
        finally:
            database.close()
        self._report(report, found=found)
        return report.exit_code

    def _tables(self) -> tuple[Mapping, list[Table]]:
        mapped = mapping.read(self._settings.manifest)
        return mapped, mapped.chosen(self._options.table)

    def _alone(self) -> Any:
        return alone(self._settings.warehouse, self._clock, self._options.wait)

    def _client(self) -> Client:
        missing = [name for name in ("base", "token") if not getattr(self._settings, name)]
        if missing:
            wanted = ", ".join(f"{settings.PREFIX}{name.upper()}" for name in missing)
            raise UsageError(f"set {wanted}; see python -m airtable_push --help")
        return Client(
            self._settings.base_url, self._settings.base, self._settings.token, clock=self._clock, session=self._session
        )

    def _report(self, report: Report, more: str = "", found: Sequence[Found] = ()) -> None:
        if self._options.json:
            told = report.as_dict()
            if found:
                told["found"] = [vars(each) for each in found]
            self._print(told, "")
            return
        if found:
            print(text_table(COLUMNS, [each.row for each in found]) + "\n")
        print(report.as_text() + more)

    def _print(self, told: dict[str, Any], text: str) -> None:
        print(json.dumps(told) if self._options.json else text)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
