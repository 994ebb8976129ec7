"""The command line: python -m report"""

import argparse
import os
import sys
import time
from pathlib import Path

from report.health import OBJECTIVE_HOURS, Objectives
from report.page import render
from report.places import Place, local
from report.warehouse import read

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "build" / "report.html"
VARIABLE = "REPORT_WAREHOUSE"
"""Addresses, with blanks between: an address with a password has no place among the arguments."""


def main(arguments: list[str] | None = None) -> int:
    """Write the page. Exit code 1 if a warehouse could not be read, which the page says too."""
    parser = argparse.ArgumentParser(
        prog="python -m report", description="Write one HTML page about the health of every source."
    )
    parser.add_argument(
        "--warehouse",
        action="append",
        metavar="ADDRESS",
        help=(
            "postgresql://user@host/database, or a DuckDB file, also as SOURCE=FILE; may be given more than once "
            f"(default: ${VARIABLE}, else the files that `fivetran debug` or the demo has written here)"
        ),
    )
    parser.add_argument(
        "--objective",
        action="append",
        default=[],
        metavar="HOURS|NAME=HOURS",
        type=_objective,
        help=(
            f"within how many hours a stream must have been read; NAME is a source or source.stream (default: "
            f"{OBJECTIVE_HOURS:g})"
        ),
    )
    parser.add_argument("--out", type=Path, default=PAGE, help="where the page goes (default: build/report.html)")
    given = parser.parse_args(arguments)
    named = dict(given.objective)
    addresses = given.warehouse or os.environ.get(VARIABLE, "").split()
    facts = read([_place(each) for each in addresses] if addresses else local(ROOT))
    page = render(facts, Objectives(named.pop("", OBJECTIVE_HOURS), named), time.time())
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(page, "utf-8")
    for sentence in facts.missing:
        print(sentence, file=sys.stderr)
    for source in facts.sources:
        print(f"{source.name}: {source.place}")
    print(f"{len(facts.sources)} sources: {given.out}")
    return 1 if facts.missing else 0


def _place(address: str) -> Place:
    name, equals, file = address.partition("=")
    return Place(file, name) if equals and name.isidentifier() else Place(address)


def _objective(text: str) -> tuple[str, float]:
    name, _, hours = text.rpartition("=")
    value = float(hours)
    if value <= 0:
        raise ValueError
    return name, value


if __name__ == "__main__":
    sys.exit(main())
