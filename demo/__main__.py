"""`python -m demo`: the whole way, twice, with the real programs and simulated vendors.

Every source is synced with `fivetran debug`, the tables are flattened and pushed to Airtable; then the company works
for a day, and all of it is done again.
"""

import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import duckdb

from demo.job import Job, JobFailed
from demo.stage import ROOT, Project, Sandbox
from demo.tables import table
from deploy.connectors import connectors

SCALE = 0.05
CHANGES = 40
"""What the company does in a day, at each source."""
HOME = ROOT / "build" / "demo"
LICENCE = """\
fivetran-connector-sdk-core, which runs `fivetran debug`, is proprietary software of Fivetran, not part of this
project: using it is agreeing to its licence. It may be run on one machine to test connectors, and for nothing else.
DO_NOT_TRACK=1 is set, so the command line sends no usage statistics.
"""
COUNTED = """\
SELECT coalesce(sum(rows), 0)::BIGINT, coalesce(sum(deletes), 0)::BIGINT, coalesce(sum(requests), 0)::BIGINT,
       max(last_completed_at)::VARCHAR
FROM tester.sync_metadata WHERE last_started_at > CAST(? AS TIMESTAMPTZ)"""
CLIENTS = """\
SELECT client_name AS client, open_deals AS deals, open_deal_value::DOUBLE AS "deal value",
       open_balance::DOUBLE AS "open balance", active_projects AS projects, documents_out AS documents, sources
FROM airtable.clients ORDER BY length(sources) DESC, open_balance DESC, client_id LIMIT 3"""
PUSHED = ("created", "updated", "deleted", "rejected", "requests")
DAYS = ("first day", "next day")
LONG_AGO = "1970-01-01 00:00:00+00"


class SyncFailed(Exception):
    """`fivetran debug` ended badly; the text is all that it printed."""


class Source:
    """One connector and its warehouse."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.project = Project(name, HOME / name)
        self._finished = LONG_AGO

    def sync(self) -> tuple[int, int, int]:
        """`fivetran debug`; answers rows, deletes and requests. Raises `SyncFailed`."""
        code, output = self.project.run("debug")
        (HOME / f"{self.name}.log").write_text(output, "utf-8")
        if code:
            raise SyncFailed(f"fivetran debug {self.name} ended with {code}:\n{output}")
        _, [(rows, deletes, requests, self._finished)] = self.project.query(COUNTED, [self._finished])
        return rows, deletes, requests


def main() -> int:
    print(LICENCE)
    shutil.rmtree(HOME, ignore_errors=True)
    sources = [Source(name) for name in connectors()]
    with Sandbox(*(source.name for source in sources), "airtable", scale=SCALE) as sandbox:
        for source in sources:
            source.project.configure(sandbox[source.name].configuration() | _recent(source.name))
        job = Job(HOME, sandbox["airtable"].configuration(), {source.name: source.project for source in sources})
        try:
            synced = [_sync(sources, "everything, at the pace that each vendor allows")]
            _say("airtable_push flatten, init")
            job.flatten()
            job.run("init")
            pushed = [_push(job, "push")]
            for source in sources:
                sandbox[source.name].work(CHANGES)
            synced.append(_sync(sources, "what has changed after a day's work"))
            pushed.append(_push(job, "run"))
        except (SyncFailed, JobFailed) as failure:
            print(failure, file=sys.stderr)
            return 1
    print()
    for day, syncs, pushes in zip(DAYS, synced, pushed, strict=True):
        print(table((day, "rows", "deletes", "requests"), [(name, *counts) for name, counts in syncs.items()]))
        print()
        print(table((f"{day}: Airtable", *PUSHED), [(name, *counts) for name, counts in pushes.items()]))
        print()
    for refused in job.refused():
        print(refused)
    print("\nClients, each in one place:\n")
    print(_clients(job))
    return 0


def _recent(source: str) -> dict[str, str]:
    """EveryAction exports by jobs, one after the other, a month each: the demo waits for the last month's."""
    month_ago = datetime.now(timezone.utc).date() - timedelta(days=28)
    return {"start_date": str(month_ago)} if source == "everyaction" else {}


def _sync(sources: Sequence[Source], what: str) -> dict[str, tuple[int, ...]]:
    _say(f"fivetran debug {', '.join(source.name for source in sources)}: {what}")
    with ThreadPoolExecutor(len(sources)) as pool:
        return dict(zip((source.name for source in sources), pool.map(Source.sync, sources), strict=True))


def _push(job: Job, command: str) -> dict[str, tuple[int, ...]]:
    _say(f"airtable_push {command}")
    done = job.run(command)["tables"]
    return {each["table"]: tuple(each[name] for name in PUSHED) for each in done}


def _say(what: str) -> None:
    print(f"{what} ...", flush=True)


def _clients(job: Job) -> str:
    """Some clients, each seen in one place."""
    with duckdb.connect(str(job.warehouse), read_only=True) as connection:
        found = connection.execute(CLIENTS)
        return table([column[0] for column in found.description or ()], found.fetchall())


if __name__ == "__main__":
    sys.exit(main())
