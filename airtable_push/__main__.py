"""`python -m airtable_push COMMAND`: keep an Airtable base in step with flat warehouse tables."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from airtable_push import manifest, settings, status
from airtable_push.answers import told
from airtable_push.api import PACE, Client
from airtable_push.commands import parser
from airtable_push.database import Database, open_database
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
from shared.transport import Session


def main(
    arguments: Sequence[str] | None = None,
    *,
    clock: Clock | None = None,
    session: Session | None = None,
    environment: dict[str, str] | None = None,
) -> int:
    """Run a command; returns the exit code."""
    options = parser().parse_args(arguments)
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
        with self._alone() as client.before_write:
            self._flatten()
            return self._push(client)

    def push(self) -> int:
        client = self._client()
        with self._alone() as client.before_write:
            return self._push(client)

    def init(self) -> int:
        mapped, tables = self._tables()
        made = make(self._client(), tables, mapped, self._settings.marks, self._progress.say)
        self._print({"made": made}, f"{made} tables and fields made." if made else "Everything was there already.")
        return 0

    def plan(self) -> int:
        mapped, tables = self._tables()
        wishes = Wishes(self._settings.marks, self._options.confirm_deletes)
        with self._alone(), self._opened() as (database, state):
            report = preview(mapped, tables, database, state, clock=self._clock, progress=self._progress, wishes=wishes)
        seconds = report.requests * PACE.seconds / PACE.requests
        self._report(report, f"\n{report.requests:,} requests, at least {seconds:,.0f} seconds.")
        return report.exit_code

    def reconcile(self) -> int:
        client = self._client()
        mapped, tables = self._tables()
        with self._alone() as client.before_write:
            with self._opened() as (database, state):
                found = reconcile(
                    mapped, tables, database, state, client, clock=self._clock, marks=self._settings.marks
                )
            return self._push(client, found)

    def status(self) -> int:
        _, tables = self._tables()
        with self._alone(), self._opened() as (_, state):
            found = status.of(tables, state)
        self._print(found.as_dict(), found.as_text())
        return 0

    def _flatten(self) -> None:
        """dbt is imported only where it is run: everything else works without it."""
        importlib.import_module("airtable_push.flatten").build(
            self._settings.warehouse, self._settings.flatten, self._progress.say
        )

    def _push(self, client: Client, found: Sequence[Found] = ()) -> int:
        mapped, tables = self._tables()
        wishes = Wishes(self._settings.marks, self._options.confirm_deletes, self._options.limit)
        with self._opened() as (database, state):
            report = push(
                mapped, tables, database, state, client, clock=self._clock, progress=self._progress, wishes=wishes
            )
        self._report(report, found=found)
        return report.exit_code

    def _tables(self) -> tuple[Mapping, list[Table]]:
        mapped = manifest.read(self._settings.manifest)
        return mapped, mapped.chosen(self._options.table)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Database, State]]:
        """The warehouse, and what it says of the base."""
        with closing(open_database(self._settings.warehouse)) as database:
            yield database, State(database, self._settings.base)

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


if __name__ == "__main__":
    sys.exit(main())
