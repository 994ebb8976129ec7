"""Which connectors a change touches.

python -m deploy.changes BEFORE AFTER CHOSEN     hands on the names as JSON; needs nothing installed

BEFORE is the commit that was deployed last, or empty; CHOSEN is empty after a push, else `all` or a connector that
somebody wants deployed as it is.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.connectors import ROOT, connectors, packed
from deploy.github import output

EVERYWHERE = ("lock.txt", "deploy/", ".github/workflows/deploy.yml", ".github/actions/prepare/")
"""What every deployment is made with."""
NOTHING = "0" * 40
"""What git says where there was no commit before."""


def touched(paths: Iterable[str], root: Path = ROOT) -> list[str]:
    """The connectors whose packages hold one of these files, or are made with one of them."""
    paths = list(paths)
    if any(_inside(path, EVERYWHERE) for path in paths):
        return list(connectors(root))
    return [
        connector
        for connector in connectors(root)
        if any(_inside(path, [f"{folder}/" for folder in packed(connector, root)]) for path in paths)
    ]


def changed(before: str, after: str, root: Path = ROOT) -> list[str]:
    """The connectors that the way from one commit to the other touches; all, where the first is not known."""
    if before in ("", NOTHING) or not _known(before, root):
        return list(connectors(root))
    listed = _git(["diff", "--name-only", "--no-renames", "-z", before, after, "--"], root)
    return touched((path for path in listed.split("\0") if path), root)


def wanted(before: str, after: str, chosen: str, root: Path = ROOT) -> list[str]:
    """What was chosen by hand, else what changed."""
    if not chosen:
        return changed(before, after, root)
    return [connector for connector in connectors(root) if chosen in ("all", connector)]


def _inside(path: str, places: Sequence[str]) -> bool:
    return any(path.startswith(place) if place.endswith("/") else path == place for place in places)


def _known(commit: str, root: Path) -> bool:
    checked = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=root, capture_output=True, check=False
    )
    return checked.returncode == 0


def _git(arguments: list[str], root: Path) -> str:
    ran = subprocess.run(["git", *arguments], cwd=root, stdout=subprocess.PIPE, check=True)
    return os.fsdecode(ran.stdout)  # names of files are bytes


if __name__ == "__main__":
    _, before, after, chosen = sys.argv
    output("connectors", json.dumps(wanted(before, after, chosen)))
