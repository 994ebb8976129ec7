"""The commands, what they take, and the help that teaches them."""

import argparse
from pathlib import Path

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


def parser() -> argparse.ArgumentParser:
    """The command line of all commands."""
    raw = argparse.RawDescriptionHelpFormatter
    parsed = argparse.ArgumentParser("python -m airtable_push", description=HELP, formatter_class=raw)
    commands = parsed.add_subparsers(required=True, metavar="COMMAND", dest="command")
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
    return parsed


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number above 0")
    return number
