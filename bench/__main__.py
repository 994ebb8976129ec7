"""`python -m bench [--whole] [--readme]`: the figures of the project's own code, in one table.

--whole   also what takes longer: the memory of a large account, and a push of a million rows
--readme  put the table into README.md
"""

import subprocess
import sys
from datetime import datetime, timezone

from bench import day, identity, imports, memory, metered, people, plan
from bench.apart import ROOT
from bench.figures import Figure, as_markdown, shown

SHORT = (day, metered, people, imports, identity)
WHOLE = (*SHORT, memory, plan)
PAGE = ROOT / "README.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
"""Around the table in that page."""


def main() -> int:
    found: list[Figure] = []
    for module in WHOLE if "--whole" in sys.argv else SHORT:
        print(f"{module.__name__} …", file=sys.stderr)
        found += module.figures()
    print(shown(found))
    if "--readme" in sys.argv:
        write(found)
    return 0


def write(found: list[Figure]) -> None:
    """Put the table into the README, with the day and the commit."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    said = f"On {datetime.now(timezone.utc):%Y-%m-%d}, commit {commit}:\n\n{as_markdown(found)}\n"
    PAGE.write_text(f"{before}{BEGIN}{said}{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
